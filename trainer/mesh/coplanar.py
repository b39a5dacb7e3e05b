"""Faces of two parts in the same plane, which would cause z-fighting: the smaller part's are lifted a little.

Coordinates are quantized, so a thin window or label may end up in the plane of the surface below it. numpy only; knows
records.

    lifted(record)          the record, or a copy with such faces some quarters of a grid cell higher
"""

from dataclasses import replace

import numpy as np

from ...records import Record
from .faces import bare, edges, face_normals, islands

PLACES = 126.0  # along the longest side
LIFT = 0.25  # places
SAME = 0.04  # places: planes this near are one
LAYERS = 4  # of faces on each other: crossing sails do not count


def lifted(record: Record) -> Record:
    lay, starts, corners = bare(record)
    if len(starts) < 2:
        return record
    positions = lay.copy()
    place = float(np.ptp(positions[corners], axis=0).max()) / PLACES
    ends = np.append(starts[1:], len(corners))
    for _ in range(LAYERS):
        faces = flickering(positions, starts, corners)
        if not faces:
            break
        up = face_normals(positions, starts, corners)[faces]
        for face, normal in zip(faces, up / np.linalg.norm(up, axis=1, keepdims=True)):
            positions[np.unique(corners[starts[face] : ends[face]])] += normal * LIFT * place
    if np.array_equal(lay, positions):
        return record
    return replace(record, arrays=dict(record.arrays) | {"mesh/position": positions.astype(np.float32)})


def flickering(positions: np.ndarray, starts: np.ndarray, corners: np.ndarray) -> list[int]:
    """The faces to lift: those with the same direction and plane as a larger part's, overlapping it."""
    place = max(float(np.ptp(positions[corners], axis=0).max()), 1e-12) / PLACES
    doubled = face_normals(positions, starts, corners)
    areas = np.maximum(np.linalg.norm(doubled, axis=1), 1e-30)
    normals = doubled / areas[:, None]
    ends = np.append(starts[1:], len(corners))
    part = islands(len(positions), edges(starts, corners))[corners[starts]]
    weight = np.bincount(part, areas)[part]
    depth = (normals * positions[corners[starts]]).sum(1) / place
    planes = np.round(np.column_stack([normals * 200, depth / SAME])).astype(np.int64)
    _, plane, count = np.unique(planes, axis=0, return_inverse=True, return_counts=True)
    flickering_faces = []
    for shared in np.flatnonzero(count > 1):
        faces = np.flatnonzero(plane.ravel() == shared)
        if normals[faces[0], 2] < -0.99 or len(np.unique(part[faces])) < 2:
            continue  # faces that point down are on the ground
        flat = _directions(normals[faces[0]])
        outlines = [positions[corners[starts[face] : ends[face]]] @ flat for face in faces]
        for face, mine in zip(faces, outlines):
            for other, its in zip(faces, outlines):
                below = part[face] != part[other] and (weight[face], face) < (weight[other], other)
                if below and _overlap(mine, its, place / 2):
                    flickering_faces.append(int(face))
                    break
    return flickering_faces


def _directions(normal: np.ndarray) -> np.ndarray:
    """(3, 2): two directions in the plane."""
    first = np.cross(normal, np.eye(3)[np.abs(normal).argmin()])
    first /= np.linalg.norm(first)
    return np.column_stack([first, np.cross(normal, first)])


def _overlap(a: np.ndarray, b: np.ndarray, margin: float) -> bool:
    if (a.min(0) > b.max(0) - margin).any() or (b.min(0) > a.max(0) - margin).any():
        return False
    return bool(_inside(_spread(a), b).any() or _inside(_spread(b), a).any())


def _spread(outline: np.ndarray) -> np.ndarray:
    """Points on a face: its middle, and halfway and nearly all the way to its corners and edge midpoints."""
    middle = outline.mean(0)
    rays = np.vstack([outline, (outline + np.roll(outline, -1, axis=0)) / 2]) - middle
    return np.vstack([middle, middle + 0.5 * rays, middle + 0.95 * rays])


def _inside(points: np.ndarray, outline: np.ndarray) -> np.ndarray:
    """Which points (P, 2) lie in the polygon: a ray from each crosses its sides an odd number of times."""
    a, b = outline, np.roll(outline, -1, axis=0)
    x, y = points[:, :1], points[:, 1:]
    rise = np.where(a[:, 1] == b[:, 1], 1e-30, b[:, 1] - a[:, 1])
    crosses = ((a[:, 1] > y) != (b[:, 1] > y)) & (x < (b[:, 0] - a[:, 0]) * (y - a[:, 1]) / rise + a[:, 0])
    return np.asarray(crosses.sum(1) % 2 == 1)
