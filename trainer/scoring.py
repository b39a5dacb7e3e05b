"""Which of several samples is the one to show: built well, whole, and like what was asked for. numpy alone.

Likeness is looked up (`known.py`): a sample whose nearest known shapes carry words near the prompt's is what was asked
for. Knows records; knows nothing of models or sampling.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from ..records import Record
from . import conditions
from .known import known
from .picture import triangles

CELLS = 10  # a side of the box that a shape is looked at in


def bare(record: Record) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """positions (V, 3) float64, loop starts (F,), corner vertices (L,)."""
    a = record.arrays
    return (
        np.asarray(a["mesh/position"], np.float64), np.asarray(a["mesh/loop_start"]), np.asarray(a["mesh/corner_vert"]),
    )  # fmt: skip


def shape(record: Record, points: int = 4096) -> np.ndarray:
    """(CELLS³,) float32 of unit length: how much of its surface lies in each cell of its bounding cube, softened so
    that near shapes are near. Standing on the floor, as large as the cube; zeros for an empty mesh."""
    positions = np.asarray(record.arrays["mesh/position"], np.float64)
    faces, _ = triangles(
        positions, np.asarray(record.arrays["mesh/loop_start"]), np.asarray(record.arrays["mesh/corner_vert"])
    )
    if not len(faces):
        return np.zeros(CELLS**3, np.float32)
    a, b, c = (positions[faces[:, i]] for i in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    if not area.sum() > 0:
        return np.zeros(CELLS**3, np.float32)
    rng = np.random.default_rng(0)
    chosen = np.searchsorted(np.cumsum(area), rng.random(points) * area.sum(), side="right").clip(0, len(area) - 1)
    u, v = rng.random((2, points, 1))
    u, v = np.where(u + v > 1, 1 - u, u), np.where(u + v > 1, 1 - v, v)
    sample = a[chosen] + u * (b - a)[chosen] + v * (c - a)[chosen]
    low, high = sample.min(0), sample.max(0)
    middle = np.array([(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2]])
    unit = (sample - middle) / max(float((high - low).max()), 1e-12) + (0.5, 0.5, 0.0)
    cell = np.clip((unit * CELLS).astype(int), 0, CELLS - 1)
    grid = np.zeros((CELLS,) * 3)
    np.add.at(grid, tuple(cell.T), 1.0)
    soft = np.sqrt(grid)
    for axis in range(3):
        padded = np.pad(soft, [(1, 1) if i == axis else (0, 0) for i in range(3)])
        before, after = np.take(padded, range(CELLS), axis), np.take(padded, range(2, CELLS + 2), axis)
        soft = 0.5 * soft + 0.25 * (before + after)
    flat = soft.ravel()
    return (flat / np.linalg.norm(flat)).astype(np.float32)


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
        total += 2.0 * table.agreement(shape(record), prompt)
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
) -> list[int]:
    """Indices of the records, the best first."""
    said = list(ended) or [True] * len(records)
    return sorted(range(len(records)), key=lambda i: -score(records[i], prompt, faces, said[i], proportions))
