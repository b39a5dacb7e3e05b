"""Bevels for parts with hard edges: every corner of every face moves inwards, a strip takes the place of each edge and
a small face that of each vertex. numpy alone."""

import numpy as np
from numpy.typing import NDArray

from .faces import edges as edges_of
from .weld import sides_of

NARROWEST = np.radians(20.0)  # a face's corner that is as pointed cannot move inwards far enough


def beveled(
    positions: NDArray[np.float64], starts: NDArray[np.int64], corners: NDArray[np.int64], width: float
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]] | None:
    """(positions, starts, corners, old face whose slot each new one has); None for a mesh that is not closed, whose
    faces turn both ways along an edge, or that is too small for bevels of that width."""
    sides = sides_of(starts, corners)
    last = np.arange(len(corners)) - 1
    last[starts] = np.append(starts[1:], len(corners)) - 1
    after = np.empty(len(corners), np.int64)
    after[last] = np.arange(len(corners))
    here = positions[corners]
    forward, back = here[after] - here, here[last] - here
    long = np.linalg.norm(forward, axis=1)
    if not len(corners) or long.min() < 2.5 * width:
        return None
    forward, back = forward / long[:, None], back / long[last][:, None]
    sine = np.linalg.norm(np.cross(forward, back), axis=1)
    if sine.min() < np.sin(NARROWEST):
        return None
    around = edges_of(starts, corners)
    _, of_corner, users = np.unique(around, axis=0, return_inverse=True, return_counts=True)
    of_corner = of_corner.reshape(-1)
    if (users != 2).any():
        return None
    order = np.argsort(of_corner, kind="stable").reshape(-1, 2)  # the two corners at which each edge begins
    a, b = order[:, 0], order[:, 1]
    if (corners[a] != corners[after[b]]).any():  # both faces go along it the same way
        return None
    moved = here + width * (forward + back) / sine[:, None]
    face = np.repeat(np.arange(len(starts)), sides)
    strips = np.stack([after[a], a, after[b], b], 1)
    twin = np.empty(len(corners), np.int64)
    twin[a], twin[b] = b, a
    turn = after[twin]  # the next corner about the same vertex
    caps = _rounds(turn, corners)
    if caps is None:
        return None
    rows = [np.arange(len(corners)), strips.ravel(), *map(np.asarray, caps)]
    lengths = np.concatenate([sides, np.full(len(strips), 4), [len(cap) for cap in caps]]).astype(np.int64)
    old = np.concatenate([np.arange(len(starts)), face[a], [face[cap[0]] for cap in caps]]).astype(np.int64)
    return moved, np.cumsum(lengths) - lengths, np.concatenate(rows).astype(np.int64), old


def _rounds(turn: NDArray[np.int64], corners: NDArray[np.int64]) -> list[list[int]] | None:
    """The corners about each vertex in their order; None where they do not close to one round for each vertex."""
    seen = np.zeros(len(turn), bool)
    out: list[list[int]] = []
    for corner in range(len(turn)):
        if seen[corner]:
            continue
        round_, at = [], corner
        while not seen[at]:
            seen[at] = True
            round_.append(at)
            at = int(turn[at])
        if at != corner or len(round_) < 3:
            return None
        out.append(round_[::-1])
    return out if len(out) == len(np.unique(corners)) else None
