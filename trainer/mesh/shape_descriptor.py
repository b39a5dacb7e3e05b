"""The overall shape of a mesh: points on its surface, their distribution in its bounding cube, distances between
shapes.

Size and location do not matter; orientation does. Knows records; knows nothing of words. numpy only.
"""

import numpy as np

from ...records import Record
from .triangulate import triangles

CELLS = 10  # cells per side of the bounding cube
GAP = 24  # cells per side: parts farther apart than a cell or two do not touch
SPECK = 0.005  # fewer points than this are ignored
POINTS = 256  # number of points for comparing shapes


def points(record: Record, count: int = 4096) -> np.ndarray:
    """(count, 3) float32 in 0..1, spread evenly over its surface, in random order: standing on the floor of its
    bounding cube and as large as it; (0, 3) for a mesh without area."""
    positions = np.asarray(record.arrays["mesh/position"], np.float64)
    faces, _ = triangles(
        positions, np.asarray(record.arrays["mesh/loop_start"]), np.asarray(record.arrays["mesh/corner_vert"])
    )
    nothing = np.zeros((0, 3), np.float32)
    if not len(faces):
        return nothing
    a, b, c = (positions[faces[:, i]] for i in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    if not area.sum() > 0:
        return nothing
    rng = np.random.default_rng(0)
    chosen = np.searchsorted(np.cumsum(area), rng.random(count) * area.sum(), side="right").clip(0, len(area) - 1)
    u, v = rng.random((2, count, 1))
    u, v = np.where(u + v > 1, 1 - u, u), np.where(u + v > 1, 1 - v, v)
    sample = a[chosen] + u * (b - a)[chosen] + v * (c - a)[chosen]
    low, high = sample.min(0), sample.max(0)
    middle = np.array([(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2]])
    result: np.ndarray = ((sample - middle) / max(float((high - low).max()), 1e-12) + (0.5, 0.5, 0.0)).astype(
        np.float32
    )
    return result


def shape(sample: np.ndarray) -> np.ndarray:
    """(CELLS³,) float32 of unit length: the share of points in each cell, blurred so that similar shapes have similar
    vectors; zeros without points."""
    grid = np.zeros((CELLS,) * 3)
    if not len(sample):
        return np.zeros(CELLS**3, np.float32)
    cell = np.clip((sample * CELLS).astype(int), 0, CELLS - 1)
    np.add.at(grid, tuple(cell.T), 1.0)
    soft = np.sqrt(grid)
    for axis in range(3):
        padded = np.pad(soft, [(1, 1) if i == axis else (0, 0) for i in range(3)])
        before, after = np.take(padded, range(CELLS), axis), np.take(padded, range(2, CELLS + 2), axis)
        soft = 0.5 * soft + 0.25 * (before + after)
    flat = soft.ravel()
    result: np.ndarray = (flat / np.linalg.norm(flat)).astype(np.float32)
    return result


def apart(sample: np.ndarray, others: np.ndarray) -> np.ndarray:
    """(N,) Chamfer distance of points (P, 3) to each of others (N, P, 3): mean squared distance to the nearest point,
    both ways, added."""
    count, each = others.shape[:2]
    flat = others.reshape(-1, 3)
    square = (sample**2).sum(1)[:, None] + (flat**2).sum(1) - 2 * (sample @ flat.T)
    square = square.reshape(len(sample), count, each)
    result: np.ndarray = np.maximum(square.min(2), 0).mean(0) + np.maximum(square.min(0), 0).mean(1)
    return result


def loose(sample: np.ndarray) -> float:
    """Share of the points that lie on pieces which do not touch the largest one; 1 for no points."""
    if not len(sample):
        return 1.0
    side = GAP + 2  # a border of empty cells, so that no neighbour is outside
    order = np.array([side * side, side, 1])
    cell = (np.clip((sample * GAP).astype(np.int64), 0, GAP - 1) + 1) @ order
    full = np.unique(cell)
    around = (np.indices((3, 3, 3)).reshape(3, -1).T - 1) @ order
    piece = np.zeros(side**3, np.int64)
    piece[full] = full
    while True:  # each cell takes the greatest number among its neighbours, until nothing changes
        greatest = piece[full[:, None] + around].max(1)
        if (greatest == piece[full]).all():
            break
        piece[full] = greatest
        piece[full] = piece[piece[full]]
    counts = np.unique(piece[cell], return_counts=True)[1] / len(sample)
    return float(counts[counts >= SPECK].sum() - counts.max())
