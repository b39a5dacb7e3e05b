"""Which of several samples is the one to show: built well, whole, and like what was asked for. numpy alone.

Likeness is looked up (`known.py`): a sample whose nearest known shapes carry words near the prompt's is what was asked
for. Knows records; knows nothing of models or sampling.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..records import Record
from . import conditions, looks
from .known import known

STRETCH = 12  # steps
CALM = 2.0  # nats a step: of a thing whose calmest sample has more, every sample is a surprise
LOST = 0.8  # what every doubling of its nats, beyond the calmest sample's, costs
SPREAD = 0.5  # doublings that say nothing
AGREEMENT = 3.0  # what it is worth to look like what was asked for


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
) -> float:
    """Higher is better. `faces` and `proportions` (`conditions.py`): what was asked for. Stray faces that stick out of
    a thing show in its proportions."""
    total = soundness(record, ended)
    table = known()
    if prompt and table is not None:
        total += AGREEMENT * table.agreement(looks.points(record), prompt)
    if faces:
        total -= 0.2 * abs(float(np.log2(max(len(record.arrays["mesh/loop_start"]), 1) / faces)))
    if proportions:
        positions, _, corners = bare(record)
        made = conditions.proportions(positions[corners])
        total -= 0.2 * sum(abs(made.get(name, 0) - asked) for name, asked in proportions.items() if asked)
    return total


def scores(
    records: Sequence[Record],
    prompt: str = "",
    faces: int | None = None,
    ended: Sequence[bool] = (),
    proportions: Mapping[str, int] | None = None,
    nats: Sequence[Sequence[float]] = (),
) -> list[float]:
    """Of samples of one wish. `nats`: what each step of each surprised the model by. Where one sample of a thing is
    calm, one that is not has gone astray; some things are surprising throughout."""
    said = list(ended) or [True] * len(records)
    far = [lost(one) for one in nats] or [0.0] * len(records)
    calmest = min(far, default=0.0)
    found = []
    for record, end, away in zip(records, said, far):
        astray = max(0.0, math.log2((1 + away) / (1 + calmest)) - SPREAD) if calmest < CALM else 0.0
        found.append(score(record, prompt, faces, end, proportions) - LOST * astray)
    return found


def best(records: Sequence[Record], **wish: Any) -> list[int]:
    """Indices of the records by their `scores`, the best first; `wish` is as there."""
    found = scores(records, **wish)
    return sorted(range(len(records)), key=lambda i: -found[i])
