"""Which objects of a scene stand together, by the boxes around them, and which one is the ground they stand on.

Boxes are (N, 2, 3): lowest and highest corner in the world. numpy only; knows nothing of records or names.
"""

from collections.abc import Iterable

import numpy as np

GAP = 0.06  # of the smaller box: a handle that floats a little before its door belongs to it


def clusters(boxes: np.ndarray, together: Iterable[Iterable[int]] = (), gap: float = GAP) -> list[list[int]]:
    """Boxes that touch, directly or over others, in the order of their first; `together` belong together anyway."""
    parent = list(range(len(boxes)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    def unite(i: int, j: int) -> None:
        a, b = sorted((root(i), root(j)))
        parent[b] = a

    for group in together:
        members = list(group)
        for other in members[1:]:
            unite(members[0], other)
    sizes = size_of(boxes)
    for i in range(len(boxes) - 1):
        apart = np.maximum(boxes[i + 1 :, 0] - boxes[i, 1], boxes[i, 0] - boxes[i + 1 :, 1])
        distance = np.linalg.norm(np.maximum(apart, 0), axis=1)
        near = distance <= gap * np.minimum(sizes[i], sizes[i + 1 :]) + 0.01 * np.maximum(sizes[i], sizes[i + 1 :])
        for j in np.flatnonzero(near).tolist():
            unite(i, i + 1 + j)
    groups: dict[int, list[int]] = {}
    for i in range(len(boxes)):
        groups.setdefault(root(i), []).append(i)
    return list(groups.values())


def size_of(boxes: np.ndarray) -> np.ndarray:
    """(N,) longest sides."""
    return np.asarray((boxes[..., 1, :] - boxes[..., 0, :]).max(-1))


def around(boxes: np.ndarray) -> np.ndarray:
    """(2, 3) the box around all."""
    return np.stack([boxes[:, 0].min(0), boxes[:, 1].max(0)])


def distance(one: np.ndarray, other: np.ndarray) -> float:
    """Between two boxes; 0 where they touch."""
    return float(np.linalg.norm(np.maximum(np.maximum(other[0] - one[1], one[0] - other[1]), 0)))


def grounds(boxes: np.ndarray) -> np.ndarray:
    """(N,) bool: floors and terrain that the others stand on.

    Much wider than what stands on them, flat, and under nearly all of it: a table's top is above its legs.
    """
    is_ground = np.zeros(len(boxes), bool)
    if len(boxes) < 2:
        return is_ground
    flat_sides = (boxes[:, 1] - boxes[:, 0])[:, :2]
    wide, narrow = flat_sides.max(1), flat_sides.min(1)
    tall = boxes[:, 1, 2] - boxes[:, 0, 2]
    middle = boxes.mean(1)
    for i in np.argsort(-wide)[:6].tolist():
        rest = ~is_ground
        rest[i] = False
        if not rest.any() or wide[i] <= 0:
            continue
        inside = ((middle[rest, :2] >= boxes[i, 0, :2]) & (middle[rest, :2] <= boxes[i, 1, :2])).all(1)
        if inside.mean() < 0.8:
            continue
        others = boxes[rest]
        whole = around(others)
        spread = float((whole[1] - whole[0])[:2].max())
        flat = tall[i] < 0.2 * wide[i] and narrow[i] > 0.3 * wide[i]
        flat = flat and (tall[i] < 0.02 * wide[i] or rest.sum() > 2)
        if not flat or (middle[rest, 2] > middle[i, 2]).mean() < 0.8:
            continue
        several = wide[i] > 2.5 * np.median(wide[rest]) and len(clusters(others)) > 1
        is_ground[i] = wide[i] > 1.5 * spread or several
    return is_ground
