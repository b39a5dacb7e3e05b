"""Clean parts: boxes, prisms, turned and swept shapes, roofs, rocks. Each is a handful of vertices and polygons.

Knows shapes in metres, z up, standing on z = 0 and centred on x and y unless said otherwise. Knows nothing of slots,
colours or names. Everything solid is a *loft*: rings of equally many points joined by quads, closed by n-gons or
by fans of triangles; faces are wound counter-clockwise seen from outside.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .outlines import Points, Vector

Array = NDArray[Any]
TAU = 2 * math.pi


@dataclass
class Part:
    """vertices (V, 3) float64; counts (F,) sides of each polygon; corners (L,) vertex indices, one after the other."""

    vertices: Array
    counts: Array
    corners: Array
    closed: bool = True

    def at(self, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> "Part":
        return Part(self.vertices + (x, y, z), self.counts, self.corners, self.closed)

    def scale(self, x: float = 1.0, y: float = 1.0, z: float = 1.0) -> "Part":
        scaled = Part(self.vertices * (x, y, z), self.counts, self.corners, self.closed)
        return scaled.flip() if x * y * z < 0 else scaled

    def turn(self, axis: str, degrees: float) -> "Part":
        """Turn about an axis through the origin, by the right-hand rule."""
        a, b = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
        c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        v = self.vertices.copy()
        v[:, a] = self.vertices[:, a] * c - self.vertices[:, b] * s
        v[:, b] = self.vertices[:, a] * s + self.vertices[:, b] * c
        return Part(v, self.counts, self.corners, self.closed)

    def along(self, axis: str) -> "Part":
        """Lay what stands along z along x or y instead."""
        return self.turn("y", 90) if axis == "x" else self.turn("x", -90) if axis == "y" else self

    def mirror(self, axis: int = 0) -> "Part":
        sign = [1.0, 1.0, 1.0]
        sign[axis] = -1.0
        return self.scale(*sign)

    def flip(self) -> "Part":
        """The same polygons seen from the other side; each keeps its first corner."""
        starts = np.cumsum(self.counts) - self.counts
        within = np.arange(len(self.corners)) - np.repeat(starts, self.counts)
        back = np.repeat(starts, self.counts) + (-within) % np.repeat(self.counts, self.counts)
        return Part(self.vertices, self.counts, self.corners[back], self.closed)

    def bend(self, change: Callable[[Array], Array]) -> "Part":
        """`change(vertices (V, 3)) -> (V, 3)`: the same polygons over moved vertices."""
        return Part(change(self.vertices.copy()), self.counts, self.corners, self.closed)


def join(parts: list[Part]) -> Part:
    offset = np.cumsum([0] + [len(p.vertices) for p in parts[:-1]])
    return Part(
        np.concatenate([p.vertices for p in parts]),
        np.concatenate([p.counts for p in parts]),
        np.concatenate([p.corners + o for p, o in zip(parts, offset)]),
        all(p.closed for p in parts),
    )


def steps(part: Part, count: int, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> list[Part]:
    """Copies of a part, the first where it is, each (x, y, z) further than the one before."""
    return [part.at(x * k, y * k, z * k) for k in range(count)]


def row(part: Part, count: int, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> list[Part]:
    """The same with the part's own place in the middle."""
    middle = (count - 1) / 2
    return [part.at(x * (k - middle), y * (k - middle), z * (k - middle)) for k in range(count)]


@lru_cache(maxsize=4096)
def _topology(rings: int, sides: int, start: str, end: str) -> tuple[Array, Array]:
    """start and end are "cap" (an n-gon), "tip" (that ring is one point), "open", or both "loop" (last joins first)."""
    polygons: list[list[int]] = []
    first = 1 if start == "tip" else 0
    body = rings - (start == "tip") - (end == "tip")

    def index(ring: int, side: int) -> int:
        return first + (ring % body) * sides + side % sides

    for ring in range(body if start == "loop" else body - 1):
        for s in range(sides):
            polygons.append([index(ring, s), index(ring, s + 1), index(ring + 1, s + 1), index(ring + 1, s)])
    if start == "cap":
        polygons.append([index(0, -s) for s in range(sides)])
    if start == "tip":
        polygons += [[0, index(0, s + 1), index(0, s)] for s in range(sides)]
    if end == "cap":
        polygons.append([index(body - 1, s) for s in range(sides)])
    if end == "tip":
        tip = first + body * sides
        polygons += [[index(body - 1, s), index(body - 1, s + 1), tip] for s in range(sides)]
    return np.array([len(p) for p in polygons]), np.array([v for p in polygons for v in p])


def loft(rings: Array, start: str = "cap", end: str = "cap", tips: Sequence[Sequence[float]] = ()) -> Part:
    """rings (R, N, 3), counter-clockwise seen from the end; `tips` holds the points where start or end is "tip"."""
    count, sides = rings.shape[:2]
    pieces = [rings.reshape(-1, 3)]
    points = [np.asarray(t, float).reshape(1, 3) for t in tips]
    if start == "tip":
        pieces.insert(0, points.pop(0))
        count += 1
    if end == "tip":
        pieces.append(points.pop(0))
        count += 1
    counts, corners = _topology(count, sides, start, end)
    vertices = np.concatenate(pieces) if len(pieces) > 1 else pieces[0]
    return Part(vertices, counts, corners, closed="open" not in (start, end))


@lru_cache(maxsize=256)
def circle(sides: int, turned: float = 0.5) -> Array:
    """(sides, 2) unit circle; `turned` in steps: 0.5 puts flat sides, 0 puts corners on the axes."""
    a = (np.arange(sides) + turned) * TAU / sides
    return np.stack([np.cos(a), np.sin(a)], 1)


@lru_cache(maxsize=16)
def _square() -> Array:
    return np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]])


def box(
    w: float, d: float, h: float, top: tuple[float, float] = (1.0, 1.0), shift: tuple[float, float] = (0.0, 0.0)
) -> Part:
    """w along x, d along y, h up. The top face may be scaled (`top`) and moved (`shift`, metres)."""
    q = _square()
    rings = np.empty((2, 4, 3))
    rings[0, :, :2] = q * (w, d)
    rings[1, :, :2] = q * (w * top[0], d * top[1]) + shift
    rings[0, :, 2], rings[1, :, 2] = 0.0, h
    return loft(rings)


def block(w: float, d: float, h: float, bevel: float) -> Part:
    """A box with all twelve edges cut at 45 degrees (26 faces)."""
    b = min(bevel, w / 2.2, d / 2.2, h / 2.2)
    flat = _chamfered(w, d, b)
    inner = _chamfered_points(w - 2 * b, d - 2 * b)
    rings = np.empty((4, 8, 3))
    rings[0, :, :2] = rings[3, :, :2] = inner
    rings[1, :, :2] = rings[2, :, :2] = flat
    rings[:, :, 2] = np.array([0, b, h - b, h])[:, None]
    return _merge_block(rings)


def _chamfered(w: float, d: float, b: float) -> Array:
    x, y = w / 2, d / 2
    right = [[x - b, -y], [x, -y + b], [x, y - b], [x - b, y]]
    return np.array([[-x + b, -y], *right, [-x + b, y], [-x, y - b], [-x, -y + b]])


def _chamfered_points(w: float, d: float) -> Array:
    x, y = w / 2, d / 2
    return np.array([[-x, -y], [x, -y], [x, -y], [x, y], [x, y], [-x, y], [-x, y], [-x, -y]])


_BLOCK = [
    # the ring of eight side faces
    *[[8 - 4 + s, 4 + (s + 1) % 8, 12 + (s + 1) % 8, 12 + s] for s in range(8)],
    [0, 3, 2, 1],
    [20, 21, 22, 23],
    # lower and upper slopes: quads over the long sides, triangles over the corners
    *[[k, (k + 1) % 4, 4 + 2 * k + 1, 4 + 2 * k] for k in range(4)],
    *[[k, 4 + (2 * k) % 8, 4 + (2 * k - 1) % 8] for k in range(4)],
    *[[12 + 2 * k, 12 + 2 * k + 1, 20 + (k + 1) % 4, 20 + k] for k in range(4)],
    *[[20 + k, 12 + (2 * k - 1) % 8, 12 + (2 * k) % 8] for k in range(4)],
]
_BLOCK_COUNTS = np.array([len(p) for p in _BLOCK])
_BLOCK_CORNERS = np.array([v for p in _BLOCK for v in p])


def _merge_block(rings: Array) -> Part:
    small = [0, 1, 3, 5]
    return Part(np.concatenate([rings[0, small], rings[1], rings[2], rings[3, small]]), _BLOCK_COUNTS, _BLOCK_CORNERS)


def tray(floor: tuple[float, float], rim: tuple[float, float], h: float, thick: float, shift: float = 0.0) -> Part:
    """An open box with walls `thick` metres strong: width and depth at the floor and at the rim, which is moved by
    `shift` along y."""
    q = _square()
    rings = np.zeros((4, 4, 3))
    for k, (size, cut, z) in enumerate(((floor, 0, 0), (rim, 0, h), (rim, thick, h), (floor, thick, thick))):
        rings[k, :, :2] = q * (size[0] - 2 * cut, size[1] - 2 * cut)
        rings[k, :, 1] += shift * (k in (1, 2))
        rings[k, :, 2] = z
    return loft(rings)


def basin(outline: Points, w: float, d: float, levels: Sequence[tuple[float, float, float]]) -> Part:
    """An outline of 1 by 1 through `levels` of (scale, wall, z): first up the outside, then down the inside, which is
    `wall` metres nearer to the middle."""
    flat = np.array(outline)
    rings = np.empty((len(levels), len(flat), 3))
    for k, (grow, wall, z) in enumerate(levels):
        rings[k, :, :2] = flat * (w * grow - 2 * wall, d * grow - 2 * wall)
        rings[k, :, 2] = z
    return loft(rings)


def slab(w: float, d: float, h: float, cut: float) -> Part:
    """A box whose four upright edges are cut off: an octagon-footed prism."""
    outline = _chamfered(w, d, min(cut, w / 2.2, d / 2.2))
    rings = np.empty((2, 8, 3))
    rings[:, :, :2] = outline
    rings[0, :, 2], rings[1, :, 2] = 0.0, h
    return loft(rings)


def prism(r: float, h: float, sides: int = 8, top: float = 1.0, turned: float = 0.5) -> Part:
    """A cylinder or cone with n-gon ends; `top` scales the upper end, 0 makes it a tip."""
    return lathe([(r, 0.0), (r * top, h)], sides, turned)


def lathe(profile: Points, sides: int = 8, turned: float = 0.5) -> Part:
    """Turn (radius, z) pairs about z. A first or last radius of 0 becomes a tip, others are closed by an n-gon.

    Going up outside and down again inside makes a hollow thing (a cup) with a floor."""
    rim = list(profile)
    tips: list[tuple[float, float, float]] = []
    start = end = "cap"
    if rim[0][0] == 0:
        start = "tip"
        tips.append((0.0, 0.0, rim.pop(0)[1]))
    if rim[-1][0] == 0:
        end = "tip"
        tips.append((0.0, 0.0, rim.pop()[1]))
    radius_z = np.array(rim, float)
    rings = np.empty((len(rim), sides, 3))
    rings[:, :, :2] = radius_z[:, None, :1] * circle(sides, turned)
    rings[:, :, 2] = radius_z[:, 1:]
    return loft(rings, start, end, tips)


def ring(major: float, minor: float, sides: int = 12, section: int = 6, height: float | None = None) -> Part:
    """A torus lying flat, its middle at z = 0; `height` squashes or stretches its section."""
    section_xy = circle(section)
    tall = minor if height is None else height / 2
    r = major + section_xy[:, 0] * minor
    rings = np.empty((section, sides, 3))
    rings[:, :, :2] = r[:, None, None] * circle(sides)
    rings[:, :, 2] = section_xy[:, 1:] * tall
    return loft(rings, "loop", "loop")


def tube(
    path: Sequence[Sequence[float]],
    radius: float | Sequence[float],
    sides: int = 6,
    tip: bool = False,
    flat: float = 1.0,
) -> Part:
    """A rod swept along points, capped by n-gons; `radius` may differ at each point; `tip` ends it in a point;
    `flat` squashes the section across the bend."""
    points = np.asarray(path, float)
    step = np.diff(points, axis=0)
    step /= np.linalg.norm(step, axis=1, keepdims=True)
    tangent = np.concatenate([step[:1], step[1:] + step[:-1], step[-1:]])
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    across = np.array([1.0, 0.0, 0.0]) if abs(tangent[:, 0]).max() < 0.9 else np.array([0.0, 1.0, 0.0])
    u = across - tangent * (tangent @ across)[:, None]
    u /= np.linalg.norm(u, axis=1, keepdims=True)
    v = np.cross(tangent, u)
    r = np.broadcast_to(np.asarray(radius, float), (len(points),))[:, None, None]
    c = circle(sides)
    rings = points[:, None] + r * (c[None, :, :1] * u[:, None] + flat * c[None, :, 1:] * v[:, None])
    if tip:
        return loft(rings[:-1], "cap", "tip", [points[-1]])
    return loft(rings)


def extrude(outline: Points, depth: float) -> Part:
    """An outline in x and z (counter-clockwise seen from the front, -y) made `depth` thick along y, centred on it."""
    rings = np.empty((2, len(outline), 3))
    rings[:, :, ::2] = np.array(outline, float)[::-1]  # seen from the end (+y) the order must turn around
    rings[0, :, 1], rings[1, :, 1] = -depth / 2, depth / 2
    return loft(rings)


def profile(outline: Points, width: float, top: float = 1.0) -> Part:
    """A side view in y and z (counter-clockwise seen from +x) made `width` wide along x, centred; with `top` below 1
    the higher points come nearer to the middle, as car cabins do."""
    flat = np.array(outline, float)
    low, high = flat[:, 1].min(), flat[:, 1].max()
    half = width / 2 * (1 + (top - 1) * (flat[:, 1] - low) / max(high - low, 1e-9))
    rings = np.empty((2, len(flat), 3))
    rings[0, :, 1:] = rings[1, :, 1:] = flat
    rings[0, :, 0], rings[1, :, 0] = -half, half
    return loft(rings)


def pyramid(w: float, d: float, tip: Vector) -> Part:
    """A foot on z = 0 and a tip anywhere above it."""
    return loft(box(w, d, 1).vertices[:4][None], "cap", "tip", [tip])


def gable(w: float, d: float, h: float, hip: float = 0.0) -> Part:
    """A saddle roof with its ridge along y; `hip` (0..1) shortens the ridge at both ends, 1 makes a pyramid."""
    x, y, r = w / 2, d / 2, d / 2 * (1 - hip)
    if hip >= 0.999:
        return pyramid(w, d, (0, 0, h))
    v = np.array([(-x, -y, 0), (x, -y, 0), (x, y, 0), (-x, y, 0), (0, -r, h), (0, r, h)], float)
    polygons = [[0, 3, 2, 1], [0, 1, 4], [1, 2, 5, 4], [2, 3, 5], [3, 0, 4, 5]]
    return Part(v, np.array([4, 3, 4, 3, 4]), np.array([i for p in polygons for i in p]))


def roof_sheet(w: float, d: float, h: float, thick: float) -> Part:
    """The two slopes of a saddle roof as one bent plate `thick` metres strong, ridge along y, lower rims at z = 0."""
    x, t = w / 2, thick
    outline = [(-x, 0), (0, h), (x, 0), (x, t), (0, h + t), (-x, t)]
    return extrude([(a, b) for a, b in outline], d)


def leaf(length: float, width: float, lift: float, droop: float) -> Part:
    """A frond lying along +y, folded along its middle: rises by `lift`, falls by `droop`. Four quads and two
    triangles, open."""
    y = np.array([0, 0.35, 0.75, 1.0]) * length
    z = np.array([0, lift, lift * 0.7 - droop * 0.3, lift * 0.3 - droop])
    half = np.array([0.18, 1.0, 0.75]) * width / 2
    fold = width * 0.16
    v = [(0, y[i], z[i]) for i in range(3)] + [(-half[i], y[i], z[i] - fold) for i in range(3)]
    v += [(half[i], y[i], z[i] - fold) for i in range(3)] + [(0, y[3], z[3])]
    polygons = [[0, 1, 4, 3], [1, 2, 5, 4], [6, 7, 1, 0], [7, 8, 2, 1], [2, 9, 5], [8, 9, 2]]
    counts = np.array([len(p) for p in polygons])
    return Part(np.array(v, float), counts, np.array([i for p in polygons for i in p]), closed=False).flip()
