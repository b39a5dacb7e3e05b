"""Which of several samples is the one to show: built well, whole, and like what was asked for. numpy alone.

Likeness is looked up (`known.py`): a sample whose nearest known shapes carry words near the prompt's is what was asked
for. Knows records; knows nothing of models or sampling.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from ..records import Record
from . import conditions, looks
from .known import known

STRETCH = 12  # steps
LOST = 0.8  # what twice as many nats a step cost


def bare(record: Record) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """positions (V, 3) float64, loop starts (F,), corner vertices (L,)."""
    a = record.arrays
    return (
        np.asarray(a["mesh/position"], np.float64), np.asarray(a["mesh/loop_start"]), np.asarray(a["mesh/corner_vert"]),
    )  # fmt: skip


def soundness(record: Record, ended: bool = True) -> float:
    """0 for a mesh that a modeller would keep, less for what is wrong: holes, flat or crowded faces, no end."""
    positions, starts, corners = bare(record)
    if len(starts) < 3:
        return -4.0
    ends = np.append(starts[1:], len(corners))
    following = np.arange(len(corners)) + 1
    following[ends - 1] = starts
    edges = np.sort(np.stack([corners, corners[following]], axis=1), axis=1)
    _, users = np.unique(edges, axis=0, return_counts=True)
    normal = np.add.reduceat(np.cross(positions[corners], positions[corners[following]]), starts, axis=0)
    scale = max(float(np.ptp(positions, axis=0).max()), 1e-12)
    flat = float((np.linalg.norm(normal, axis=1) < 1e-6 * scale * scale).mean())
    crowded, open_ = float((users > 2).mean()), float((users == 1).mean())
    return -(2.0 * flat + 2.0 * crowded + 0.5 * open_ + (0.0 if ended else 1.0))


def lost(nats: Sequence[float]) -> float:
    """Nats a step in the worst stretch of STRETCH steps: where a model has lost its way, among stray faces, nothing
    that follows is likely any more."""
    if len(nats) < STRETCH:
        return sum(nats) / max(len(nats), 1)
    return float(np.convolve(nats, np.full(STRETCH, 1 / STRETCH), "valid").max())


def score(
    record: Record,
    prompt: str = "",
    faces: int | None = None,
    ended: bool = True,
    proportions: Mapping[str, int] | None = None,
    nats: Sequence[float] = (),
) -> float:
    """Higher is better. `faces` and `proportions` (`conditions.py`): what was asked for. Stray faces that stick out of
    a thing show in its proportions, others in `nats`, what each step surprised the model by."""
    total = soundness(record, ended) - LOST * math.log2(1 + lost(nats))
    table = known()
    if prompt and table is not None:
        total += 2.0 * table.agreement(looks.points(record), prompt)
    if faces:
        total -= 0.2 * abs(float(np.log2(max(len(record.arrays["mesh/loop_start"]), 1) / faces)))
    if proportions:
        positions, _, corners = bare(record)
        made = conditions.proportions(positions[corners])
        total -= 0.2 * sum(abs(made.get(name, 0) - asked) for name, asked in proportions.items() if asked)
    return total


def best(
    records: Sequence[Record],
    prompt: str = "",
    faces: int | None = None,
    ended: Sequence[bool] = (),
    proportions: Mapping[str, int] | None = None,
    nats: Sequence[Sequence[float]] = (),
) -> list[int]:
    """Indices of the records, the best first."""
    said, told = list(ended) or [True] * len(records), list(nats) or [()] * len(records)
    scores = [score(r, prompt, faces, said[i], proportions, told[i]) for i, r in enumerate(records)]
    return sorted(range(len(records)), key=lambda i: -scores[i])
