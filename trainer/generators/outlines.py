"""Points to make parts from: outlines of two numbers, paths of three. Each is a list, so they add up."""

import math
from collections.abc import Sequence
from functools import lru_cache

Points = Sequence[tuple[float, float]]
Vector = tuple[float, float, float]


@lru_cache(maxsize=4096)
def _numbers(text: str) -> list[list[float]]:
    return [[float(n) for n in point.split(",")] for point in text.split()]


def pairs(text: str, x: float = 1.0, y: float | None = None) -> list[tuple[float, float]]:
    """Points written as SVG writes them, "0.8,0 1,0.4 0.9,1", times x and y; without y times x in both."""
    y = x if y is None else y
    return [(a * x, b * y) for a, b in _numbers(text)]


def triples(text: str, x: float = 1.0, y: float | None = None, z: float | None = None) -> list[Vector]:
    """A path in space, "0,0,1 0,0.5,1", times x, y and z; with x alone times x throughout."""
    y, z = x if y is None else y, x if z is None else z
    return [(a * x, b * y, c * z) for a, b, c in _numbers(text)]


def arc(w: float, h: float, steps: int = 6, z: float = 0.0) -> list[tuple[float, float]]:
    """Half an ellipse from (w, z) over (0, z + h) to (-w, z): a vault, an arched top."""
    turn = [math.pi * k / steps for k in range(steps + 1)]
    return [(math.cos(a) * w, math.sin(a) * h + z) for a in turn]


def bow(w: float, h: float, steps: int = 6, z: float = 0.0) -> list[Vector]:
    """The same as a path in the front plane, for a handle."""
    return [(x, 0.0, up) for x, up in arc(w, h, steps, z)]


def mirrored(right: Points) -> list[tuple[float, float]]:
    """A whole outline from its right half, which goes from the bottom up; points on the axis stay single."""
    return [*right, *[(-x, z) for x, z in reversed(right) if x > 0]]


def star(outer: float, inner: float, z: float) -> list[tuple[float, float]]:
    """Five points around (0, z), the first one up."""
    turn = [(math.pi / 2 + math.pi * k / 5, inner if k % 2 else outer) for k in range(10)]
    return [(s * math.cos(a), z + s * math.sin(a)) for a, s in turn]
