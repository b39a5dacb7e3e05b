"""Catmull-Clark subdivision with sharp creases: round parts get twice the segments, flat ones stay flat. numpy."""

import numpy as np
from numpy.typing import NDArray

from .faces import bends
from .weld import sides_of

CREASE = np.radians(48.0)  # an edge that bends more stays a crease


def subdivided(
    positions: NDArray[np.float64], starts: NDArray[np.int64], corners: NDArray[np.int64], crease: float = CREASE
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """(positions, starts, corners, old face of each new one): every face of n corners becomes n quads. Borders, edges
    that bend more than `crease` and edges of more than two faces keep their line; vertices where three or more such
    edges meet stay where they are."""
    count = len(positions)
    sides = sides_of(starts, corners)
    face = np.repeat(np.arange(len(starts)), sides)
    met = bends(positions, starts, corners)
    edge, of_corner = met.edges, met.of_corner
    middle = np.add.reduceat(positions[corners], starts, axis=0) / sides[:, None]
    halves = positions[edge].mean(1)
    sharp = ~met.shared
    sharp[met.shared] = met.angles > crease
    points = halves.copy()
    soft = met.angles <= crease
    beside = (middle[met.first[soft]] + middle[met.second[soft]]) / 4
    points[~sharp] = halves[~sharp] / 2 + beside
    moved = _vertices(positions, corners, face, middle, edge, halves, sharp, count)
    new = np.concatenate([moved, points, middle])
    last = np.arange(len(corners)) - 1
    last[starts] = np.append(starts[1:], len(corners)) - 1
    quads = np.stack([corners, count + of_corner, count + len(edge) + face, count + of_corner[last]], 1)
    return new, 4 * np.arange(len(corners)), quads.reshape(-1), face


def _vertices(
    positions: NDArray[np.float64], corners: NDArray[np.int64], face: NDArray[np.int64], middle: NDArray[np.float64],
    edge: NDArray[np.int64], halves: NDArray[np.float64], sharp: NDArray[np.bool_], count: int,
) -> NDArray[np.float64]:  # fmt: skip
    """Where the old vertices go."""
    degree = np.maximum(np.bincount(edge.ravel(), minlength=count), 1)
    faces_at = np.maximum(np.bincount(corners, minlength=count), 1)
    from_faces = np.stack([np.bincount(corners, middle[face, i], count) for i in range(3)], 1) / faces_at[:, None]
    ends = edge.ravel()
    twice = np.repeat(halves, 2, axis=0)
    from_edges = np.stack([np.bincount(ends, twice[:, i], count) for i in range(3)], 1) / degree[:, None]
    valence = faces_at[:, None]
    smooth: NDArray[np.float64] = (from_faces + 2 * from_edges + (valence - 3) * positions) / valence
    creases = edge[sharp]
    crossing = np.bincount(creases.ravel(), minlength=count)
    others = np.zeros((count, 3))
    for a, b in ((0, 1), (1, 0)):
        for i in range(3):
            others[:, i] += np.bincount(creases[:, a], positions[creases[:, b], i], count)
    along = 0.75 * positions + 0.125 * others
    smooth[crossing == 2] = along[crossing == 2]
    smooth[(crossing == 1) | (crossing > 2)] = positions[(crossing == 1) | (crossing > 2)]
    return smooth
