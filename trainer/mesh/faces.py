"""Computed from a mesh's polygons: normals, edges, islands, mirror symmetry. Pure functions over arrays."""

from typing import NamedTuple

import numpy as np

from ...records import Record


def bare(record: Record) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """positions (V, 3) float64, loop starts (F,), corner vertices (L,)."""
    a = record.arrays
    return (
        np.asarray(a["mesh/position"], np.float64), np.asarray(a["mesh/loop_start"]), np.asarray(a["mesh/corner_vert"]),
    )  # fmt: skip


def face_normals(positions: np.ndarray, starts: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """(F, 3) normals, each as long as its polygon is large (square metres)."""
    p = positions[corners].astype(np.float64)
    first = np.repeat(p[starts], np.diff(np.append(starts, len(corners))), axis=0)
    after = np.roll(p, -1, axis=0)
    ends = np.append(starts[1:], len(corners)) - 1
    after[ends] = p[starts]
    return np.add.reduceat(np.cross(p - first, after - first), starts, axis=0) / 2


def is_symmetric(positions: np.ndarray, levels: int = 64) -> bool:
    """Whether the vertices mirror in x about the middle of the bounding box, to within a cell or so."""
    if not len(positions):
        return False
    low, high = positions.min(0), positions.max(0)
    cell = max(float((high - low).max()) / levels, 1e-9)
    centred = positions - (low + high) / 2
    here = np.unique(np.round(centred / cell).astype(np.int64), axis=0)
    there = np.unique(np.round(centred * (-1, 1, 1) / cell).astype(np.int64), axis=0)
    near = {tuple(r) for r in here.tolist()}
    hits = sum(any((x + d, y, z) in near for d in (0, -1, 1)) for x, y, z in there.tolist())
    return hits >= 0.95 * len(there)


def edges(starts: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """(corners, 2): the edge that begins at each corner of each polygon, its lower vertex first."""
    after = np.arange(1, len(corners) + 1)
    after[np.append(starts[1:], len(corners)) - 1] = starts
    return np.sort(np.stack([corners, corners[after]], 1), axis=1)


def islands(vertices: int, edges: np.ndarray) -> np.ndarray:
    """(vertices,): for each vertex the first vertex of its connected part."""
    label = np.arange(vertices)
    while True:
        low = np.minimum(label[edges[:, 0]], label[edges[:, 1]])
        before = label.copy()
        np.minimum.at(label, edges[:, 0], low)
        np.minimum.at(label, edges[:, 1], low)
        label = label[label]
        if np.array_equal(before, label):
            result: np.ndarray = label
            return result


class Bends(NamedTuple):
    """`edges` (E, 2), how many faces use each, `users` (E,), and which edge begins at each corner, `of_corner` (L,).
    Of those that two faces share, `shared` (E,) bool, in their order: both faces, and the angle between them."""

    edges: np.ndarray
    users: np.ndarray
    of_corner: np.ndarray
    shared: np.ndarray
    first: np.ndarray
    second: np.ndarray
    angles: np.ndarray


def bends(positions: np.ndarray, starts: np.ndarray, corners: np.ndarray) -> Bends:
    """How faces meet along their edges."""
    around, of_corner, users = np.unique(edges(starts, corners), axis=0, return_inverse=True, return_counts=True)
    of_corner = of_corner.reshape(-1)
    shared = users == 2
    face = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(corners))))
    order = np.argsort(of_corner, kind="stable")
    at = (np.cumsum(users) - users)[shared]
    first, second = face[order[at]], face[order[at + 1]]
    normals = face_normals(positions, starts, corners)
    unit = normals / np.maximum(np.linalg.norm(normals, axis=1), 1e-12)[:, None]
    angles = np.arccos((unit[first] * unit[second]).sum(1).clip(-1, 1))
    return Bends(around, users, of_corner, shared, first, second, angles)
