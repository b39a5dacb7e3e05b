"""From logits to tokens: temperature, top-p, min-p, under the grammar's mask. numpy; the same for every engine.

The chance comes in as numbers between 0 and 1, one a row, so that a variant's choices depend on its own seed alone.
"""

import numpy as np


def choose(
    logits: np.ndarray,
    allowed: np.ndarray,
    chance: np.ndarray,
    temperature: float = 1.0,
    top_p: float = 1.0,
    min_p: float = 0.0,
) -> np.ndarray:
    """Tokens (n,) int64 for logits (n, V) float32, allowed (n, V) bool with one True a row, chance (n,) in [0, 1).

    Temperature 0 takes the likeliest. The likeliest token always stays, whatever top_p and min_p say.
    """
    logits = np.where(allowed, logits, -np.inf)
    if temperature <= 0.0:
        return logits.argmax(-1)
    weights = np.exp((logits - logits.max(-1, keepdims=True)) / np.float32(temperature))
    if top_p >= 1.0 and min_p <= 0.0:
        total = np.cumsum(weights, -1, dtype=np.float64)
        return _inverse(total, chance, allowed.shape[1] - 1 - allowed[:, ::-1].argmax(-1))
    order = np.argsort(-weights, axis=-1, kind="stable")
    ranked = np.take_along_axis(weights, order, -1).astype(np.float64)
    total = np.cumsum(ranked, -1)
    keep = (total - ranked < top_p * total[:, -1:]) & (ranked >= min_p * ranked[:, :1]) & (ranked > 0)
    keep[:, 0] = True
    count = keep.sum(-1)  # both rules keep a prefix of the ranking
    place = _inverse(np.minimum(total, np.take_along_axis(total, count[:, None] - 1, -1)), chance, count - 1)
    return np.take_along_axis(order, place[:, None], -1)[:, 0]


def _inverse(total: np.ndarray, chance: np.ndarray, last: np.ndarray) -> np.ndarray:
    """The first place whose running total exceeds chance * total."""
    aim = chance * total[:, -1]
    return np.minimum((total <= aim[:, None]).sum(-1), last)
