"""Round parts: balls, domes, cushions, and what makes them rough."""

import math
from functools import lru_cache

import numpy as np

from .parts import Array, Part, lathe


def ball(r: float, sides: int = 8, rows: int = 5) -> Part:
    """A sphere of quads with fans at the poles, standing on z = 0. `rows` counts the rings between the poles."""
    a = (np.arange(rows) + 1) * math.pi / (rows + 1)
    points = [(0.0, 0.0), *[(r * math.sin(t), r - r * math.cos(t)) for t in a], (0.0, 2 * r)]
    return lathe(points, sides)


def dome(r: float, h: float, sides: int = 8, rows: int = 3, tip: bool = True) -> Part:
    """Half an egg on a flat foot; without `tip` it ends in an n-gon."""
    a = np.arange(rows) * (math.pi / 2) / (rows if tip else rows - 0.35)
    points = [(r * math.cos(t), h * math.sin(t)) for t in a]
    return lathe([*points, (0.0, h)] if tip else points, sides)


@lru_cache(maxsize=8)
def _ico(level: int) -> tuple[Array, Array]:
    g = (1 + 5**0.5) / 2
    v: list[tuple[float, float, float]] = [(-1, g, 0), (1, g, 0), (-1, -g, 0), (1, -g, 0), (0, -1, g), (0, 1, g)]
    v += [(0, -1, -g), (0, 1, -g), (g, 0, -1), (g, 0, 1), (-g, 0, -1), (-g, 0, 1)]
    f = [(0, 11, 5), (0, 5, 1), (0, 1, 7), (0, 7, 10), (0, 10, 11), (1, 5, 9), (5, 11, 4), (11, 10, 2), (10, 7, 6)]
    f += [(7, 1, 8), (3, 9, 4), (3, 4, 2), (3, 2, 6), (3, 6, 8), (3, 8, 9), (4, 9, 5), (2, 4, 11), (6, 2, 10)]
    f += [(8, 6, 7), (9, 8, 1)]
    points = [np.array(p) / np.linalg.norm(p) for p in v]
    for _ in range(level):
        cut: dict[tuple[int, int], int] = {}
        finer = []

        def half(a: int, b: int) -> int:
            key = (min(a, b), max(a, b))
            if key not in cut:  # noqa: B023
                cut[key] = len(points)  # noqa: B023
                m = points[a] + points[b]
                points.append(m / np.linalg.norm(m))
            return cut[key]  # noqa: B023

        for a, b, c in f:
            ab, bc, ca = half(a, b), half(b, c), half(c, a)
            finer += [(a, ab, ca), (b, bc, ab), (c, ca, bc), (ab, bc, ca)]
        f = finer
    return np.array(points), np.array(f)


def ico(r: float, level: int = 1) -> Part:
    """An icosphere standing on z = 0: 20 triangles at level 0, 80 at level 1."""
    points, faces = _ico(level)
    return Part(points * r + (0, 0, r), np.full(len(faces), 3), faces.reshape(-1))


def cube_ball(w: float, d: float, h: float, cuts: int = 2, round_: float = 0.6) -> Part:
    """A cushion: a box of quads blown up towards an ellipsoid; `round_` 0 is the box, 1 the ellipsoid."""
    points, corners = _cube_grid(cuts)
    unit = points / np.linalg.norm(points, axis=1, keepdims=True)
    shape = points * (1 - round_) + unit * round_
    shape = shape / shape.max(0)
    vertices = shape * (w / 2, d / 2, h / 2) + (0, 0, h / 2)
    return Part(vertices, np.full(len(corners) // 4, 4), corners)


@lru_cache(maxsize=8)
def _cube_grid(cuts: int) -> tuple[Array, Array]:
    index: dict[tuple[int, int, int], int] = {}
    corners: list[int] = []
    for axis in range(3):
        for side in (0, cuts):
            for a in range(cuts):
                for b in range(cuts):
                    square = [(a, b), (a + 1, b), (a + 1, b + 1), (a, b + 1)]
                    for s, t in square if side else square[::-1]:
                        key = [0, 0, 0]
                        key[axis], key[(axis + 1) % 3], key[(axis + 2) % 3] = side, s, t
                        corners.append(index.setdefault((key[0], key[1], key[2]), len(index)))
    points = np.array(list(index), float) / cuts * 2 - 1
    return points, np.array(corners)


def rough(part: Part, numbers: np.random.Generator, amount: float, mirrored: bool = False) -> Part:
    """Every vertex pushed in or out a little from the part's middle; `mirrored`: on the left as on the right."""
    middle = part.vertices.mean(0)
    v = part.vertices - middle
    push = numbers.uniform(1 - amount, 1 + amount, (len(v), 1))
    if mirrored:
        twins = np.unique(np.round(np.column_stack([np.abs(v[:, 0]), v[:, 1:]]), 6), axis=0, return_inverse=True)[1]
        push = push[twins.reshape(-1)]
    return Part(middle + v * push, part.counts, part.corners)
