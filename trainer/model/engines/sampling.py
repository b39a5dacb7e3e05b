"""From logits to tokens: temperature, top-p, min-p, under the grammar's mask. numpy; the same for every engine.

Random numbers between 0 and 1 are passed in, one per row, so that a variant's choices depend only on its own seed.
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

    Temperature 0 takes the likeliest. The likeliest token is always kept, for any top_p and min_p.
    """
    return np.array(
        [_one(*row, temperature, top_p, min_p) for row in zip(logits, allowed, chance)], np.int64
    )  # fmt: skip


def _one(logits: np.ndarray, allowed: np.ndarray, chance: float, temperature: float, top_p: float, min_p: float) -> int:
    """Row by row, and only over allowed tokens: a numpy call costs more than two hundred numbers."""
    tokens = np.flatnonzero(allowed)
    scores = logits[tokens]
    if temperature <= 0.0:
        return int(tokens[scores.argmax()])
    weights = np.exp((scores - scores.max()) / np.float32(temperature)).astype(np.float64)
    if top_p >= 1.0 and min_p <= 0.0:
        return int(tokens[_inverse(weights.cumsum(), chance)])
    order = np.argsort(-weights, kind="stable")
    ranked = weights[order]
    total = ranked.cumsum()
    # Both rules keep a prefix of the ranking, at least its first token.
    count = int(np.searchsorted(total - ranked, top_p * total[-1]))
    if min_p > 0.0:
        count = min(count, int(np.searchsorted(-ranked, -min_p * ranked[0], side="right")))
    return int(tokens[order[_inverse(total[: max(1, count)], chance)]])


def _inverse(total: np.ndarray, chance: float) -> int:
    """The first index whose cumulative sum exceeds chance * total."""
    return min(int(np.searchsorted(total, chance * total[-1], side="right")), len(total) - 1)


def surprise(logits: np.ndarray, allowed: np.ndarray, tokens: np.ndarray) -> np.ndarray:
    """(n,) nats of the tokens taken, at temperature 1 among those allowed."""
    masked = np.where(allowed, logits, -np.inf)
    top = masked.max(1)
    result: np.ndarray = np.log(np.exp(masked - top[:, None]).sum(1)) + top - masked[np.arange(len(masked)), tokens]
    return result
