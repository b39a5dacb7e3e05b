"""A new thing from one that an artist made: its measures and parts varied, never its faces' way of meeting.

Axes are stretched, and what lies along them is spaced anew; round bodies get another profile; wheels and pipes stay
round; sisters with the same topology are mixed; what repeats is counted anew. Nothing here can tear a mesh.

    shape = remade(own, sisters, Change(rng, amount=1.0, stretch=(1, 1, 1.3)))
    near_copy(shape, own.shape)         # share of vertices that are where one of the other's is
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..mesh import faces
from .memory import Own
from .shape import Shape, assembled, taken

AXIS = 0.10  # standard deviation of the logarithm of an axis' factor, at amount 1
SPACING = 0.16  # ... and of that of each fifth along an axis
PROFILE = 0.12  # ... and of a round body's radius at each of its heights
MOST = 1.35  # an axis is stretched by no more without being asked
KNOTS = 5
ROUND = 0.04  # of its radius: a round part's outline is as exact as this
MOST_ISLANDS = 200  # of a thing in which repeated parts are looked for
ASKED = 1000  # vertices that are compared with all of another thing
COPY = 0.01  # of the size: vertices nearer than this are the same place


@dataclass
class Change:
    """How a thing is varied: `amount` 0 is not at all, 1 is as usual. `stretch`: factors that were asked for."""

    rng: np.random.Generator
    amount: float = 1.0
    stretch: tuple[float, float, float] = (1.0, 1.0, 1.0)


def remade(own: Own, sisters: list[Own], change: Change) -> Shape:
    """Another thing of its kind. `sisters`: other things of the same name in the library."""
    positions = _mixed(own.shape, sisters, change)
    shape = replace(own.shape, positions=positions, materials=_materials(own.shape, sisters, change))
    shape = recounted(shape, change)
    positions = shape.positions
    low, high = positions.min(0), positions.max(0)
    middle = np.array([(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2]])
    placed = positions - middle
    if change.amount > 0 or change.stretch != (1.0, 1.0, 1.0):
        placed = _warped(placed, shape, _factors(placed, own, sisters, change), change)
    middle[2] = own.shape.positions[:, 2].min() - placed[:, 2].min()  # it stands where that stood
    return replace(shape, positions=placed + middle)


def _mixed(shape: Shape, sisters: list[Own], change: Change) -> NDArray[Any]:
    """Its vertices, or those between it and a sister of the same topology."""
    alike = [s.shape for s in sisters if _same_topology(s.shape, shape)]
    if not alike or change.amount <= 0 or change.rng.random() < 0.4:
        return shape.positions
    other = alike[change.rng.integers(len(alike))]
    share = change.rng.uniform(0.25, 0.6) * min(1.0, change.amount)
    return shape.positions * (1 - share) + other.positions * share


def _materials(shape: Shape, sisters: list[Own], change: Change) -> list[dict[str, Any]]:
    """Its materials, or those of a sister with as many: where an artist painted one kind of thing in several colours,
    any of them will do."""
    others = [s.shape.materials for s in sisters if len(s.shape.materials) == len(shape.materials)]
    if not others or change.amount <= 0 or change.rng.random() < 0.6:
        return shape.materials
    return others[change.rng.integers(len(others))]


def recounted(shape: Shape, change: Change) -> Shape:
    """With one more or one less of what repeats along an axis at even distances: shelves, rungs, planks."""
    if change.amount <= 0 or change.rng.random() < 0.4:
        return shape
    label = faces.islands(len(shape.positions), faces.edges(shape.starts, shape.corners))
    rows = _rows(shape, label)
    if not rows:
        return shape
    axis, islands, middles, size = rows[change.rng.integers(len(rows))]
    count = len(islands) + (1 if len(islands) < 4 or change.rng.random() < 0.5 else -1)
    gap, new_gap = (middles[-1] - middles[0]) / (len(islands) - 1), (middles[-1] - middles[0]) / (count - 1)
    squeeze = new_gap / gap if size > 0.6 * gap else 1.0  # what touches its neighbour goes on touching it
    of_face = label[shape.corners[shape.starts]]
    rest = ~np.isin(of_face, islands)
    pieces = [taken(shape, rest)] if rest.any() else []
    first = taken(shape, of_face == islands[0])
    for number in range(count):
        positions = first.positions.copy()
        positions[:, axis] = (positions[:, axis] - middles[0]) * squeeze + middles[0] + number * new_gap
        pieces.append(replace(first, positions=positions))
    return assembled(pieces)


def _rows(shape: Shape, label: NDArray[Any]) -> list[tuple[int, NDArray[Any], NDArray[Any], float]]:
    """(axis, islands, their middles along it, how long each is along it) of parts that are alike, three or more, in a
    line along an axis, at even distances."""
    islands = np.unique(label[np.unique(shape.corners)])
    if not 3 <= len(islands) <= MOST_ISLANDS:
        return []
    boxes = []
    for island in islands:
        points = shape.positions[label == island]
        boxes.append((points.min(0), points.max(0), len(points)))
    low, high = (np.array([box[i] for box in boxes]) for i in (0, 1))
    middles, sizes = (low + high) / 2, high - low
    near = 0.02 * max(float(np.ptp(shape.positions, axis=0).max()), 1e-12)
    rows, taken = [], set()
    for i in range(len(islands)):
        alike = [
            k for k in range(len(islands))
            if boxes[k][2] == boxes[i][2] and np.abs(sizes[k] - sizes[i]).max() < near and k not in taken
        ]  # fmt: skip
        for axis in range(3):
            others = [k for k in range(3) if k != axis]
            line = [k for k in alike if np.abs(middles[k][others] - middles[i][others]).max() < near]
            line.sort(key=lambda k: middles[k][axis])
            if len(line) >= 3:
                gaps = np.diff(middles[line, axis])
                if gaps.min() > near and np.ptp(gaps) < 0.1 * gaps.mean():
                    rows.append((axis, islands[line], middles[line, axis], float(sizes[i][axis])))
                    taken |= set(line)
                    break
    return rows


def _same_topology(a: Shape, b: Shape) -> bool:
    return (
        len(a.positions) == len(b.positions)
        and np.array_equal(a.starts, b.starts)
        and np.array_equal(a.corners, b.corners)
    )


def _factors(placed: NDArray[Any], own: Own, sisters: list[Own], change: Change) -> NDArray[Any]:
    """(3,) what each axis is stretched by: towards a sister's proportions, or a little at random, and as asked for."""
    extent = np.maximum(np.ptp(placed, axis=0), 1e-9)
    wander = change.rng.normal(0, AXIS * change.amount, 3)
    if sisters and change.amount > 0:
        other = np.maximum(np.ptp(sisters[change.rng.integers(len(sisters))].shape.positions, axis=0), 1e-9)
        towards = np.log(other / extent)
        towards -= towards.mean()
        wander += change.rng.uniform(0, 0.7) * min(1.0, change.amount) * towards.clip(-0.4, 0.4)
    if abs(extent[0] / extent[1] - 1) < ROUND:  # what is as wide as deep stays so
        wander[:2] = wander[:2].mean()
    factors: NDArray[Any] = np.exp(wander).clip(1 / MOST, MOST) * np.asarray(change.stretch)
    return factors


def _warped(placed: NDArray[Any], shape: Shape, factors: NDArray[Any], change: Change) -> NDArray[Any]:
    """The vertices in their new places: the foot stays on the floor, the middle where it is."""
    label = faces.islands(len(placed), faces.edges(shape.starts, shape.corners))
    used = np.unique(shape.corners)
    extent = np.maximum(np.ptp(placed[used], axis=0), 1e-9)
    if abs(extent[0] / extent[1] - 1) < 2 * ROUND:
        if _round_about(placed[used], 2):
            return _new_profile(placed, extent, factors, change)
        if any(_is_core(placed[label == island], extent) for island in np.unique(label[used])):
            return _spread(placed, extent, factors, change)
    out = np.stack([_spaced(placed[:, i], extent[i], factors[i], i < 2, change) for i in range(3)], 1)
    for island in np.unique(label[used]):
        inside = label == island
        axis = next((i for i in range(3) if _round_about(placed[inside], i)), None)
        if axis is not None:
            out[inside] = _kept_round(placed[inside], out[inside], axis)
    return out


def _is_core(points: NDArray[Any], extent: NDArray[Any]) -> bool:
    """A round part about the middle that takes most of the room: a table's top, a cake."""
    size = np.ptp(points[:, :2], axis=0)
    middle = (points[:, :2].min(0) + points[:, :2].max(0)) / 2
    return bool(size.min() > 0.6 * extent[0] and np.abs(middle).max() < ROUND * extent[0]) and _round_about(points, 2)


def _spread(placed: NDArray[Any], extent: NDArray[Any], factors: NDArray[Any], change: Change) -> NDArray[Any]:
    """What stands around one vertical axis: every distance from it under one rising map, so that what lies inside of
    something else stays there."""
    radius = np.maximum(np.linalg.norm(placed[:, :2], axis=1), 1e-12)
    factor = float(np.sqrt(factors[0] * factors[1]))
    moved = _spaced(radius, 2 * float(radius.max()), factor, True, change) / radius
    vertical = _spaced(placed[:, 2], extent[2], factors[2], False, change)
    return np.stack([placed[:, 0] * moved, placed[:, 1] * moved, vertical], 1)


def _spaced(values: NDArray[Any], extent: float, factor: float, mirrored: bool, change: Change) -> NDArray[Any]:
    """Coordinates along one axis under a rising map: what is level stays level, and left stays the mirror of right."""
    steps = np.exp(change.rng.normal(0, SPACING * change.amount, KNOTS)).clip(0.6, 1.6)
    heights = np.concatenate([[0.0], np.cumsum(steps) / steps.sum()])
    at = np.linspace(0, 1, KNOTS + 1)
    if mirrored:
        half = extent / 2
        result: NDArray[Any] = np.sign(values) * np.interp(np.abs(values) / half, at, heights) * half * factor
        return result
    return np.asarray(np.interp(values / extent, at, heights) * extent * factor)


def _new_profile(placed: NDArray[Any], extent: NDArray[Any], factors: NDArray[Any], change: Change) -> NDArray[Any]:
    """A body that is round about the vertical: other radii at each height, other heights."""
    height = placed[:, 2] / extent[2]
    swell = np.exp(change.rng.normal(0, PROFILE * change.amount, KNOTS + 1)).clip(0.7, 1.4)
    at = np.linspace(0, 1, KNOTS + 1)
    fine = np.linspace(0, 1, 41)
    smooth = np.convolve(np.pad(np.interp(fine, at, swell), 4, mode="edge"), np.full(9, 1 / 9), "valid")
    radius = np.interp(height, fine, smooth) * float(np.sqrt(factors[0] * factors[1]))
    vertical = _spaced(placed[:, 2], extent[2], factors[2], False, change)
    return np.stack([placed[:, 0] * radius, placed[:, 1] * radius, vertical], 1)


def _round_about(points: NDArray[Any], axis: int) -> bool:
    """Whether points are a body turned about the axis through the middle of their box: an outer ring of at least six
    that goes all the way round."""
    if len(points) < 12:
        return False
    others = [i for i in range(3) if i != axis]
    flat = points[:, others]
    low, high = flat.min(0), flat.max(0)
    size = high - low
    if size.min() <= 0 or abs(size[0] / size[1] - 1) > 2 * ROUND:
        return False
    offset = flat - (low + high) / 2
    radius = np.linalg.norm(offset, axis=1)
    ring = radius > radius.max() * (1 - ROUND)
    if ring.sum() < 6 or radius.max() > size.max() * (0.5 + 2 * ROUND):  # a square's corners are further out
        return False
    angles = np.sort(np.arctan2(offset[ring, 1], offset[ring, 0]))
    gaps = np.diff(np.append(angles, angles[0] + 2 * np.pi))
    return bool(gaps.max() < np.radians(75))


def _kept_round(before: NDArray[Any], after: NDArray[Any], axis: int) -> NDArray[Any]:
    """A round part where the map took it, with one factor for both directions across its axis."""
    low, high = before.min(0), before.max(0)
    new_low, new_high = after.min(0), after.max(0)
    others = [i for i in range(3) if i != axis]
    factor = np.ones(3)
    stretched = (new_high - new_low)[others] / np.maximum((high - low)[others], 1e-12)
    factor[others] = stretched[-1] if axis != 2 else np.sqrt(stretched.prod())  # a wheel stays on the ground
    factor[axis] = (new_high - new_low)[axis] / max(float((high - low)[axis]), 1e-12)
    result: NDArray[Any] = (before - (low + high) / 2) * factor + (new_low + new_high) / 2
    return result


def near_copy(shape: Shape, other: Shape) -> float:
    """The share of its vertices that lie on one of the other's (within 1 % of the size), both centred and scaled to
    their longest sides. Of many vertices every so many are asked."""
    a, b = _normalised(shape), _normalised(other)
    a = a[:: max(1, len(a) // ASKED)]
    square = (a**2).sum(1)[:, None] + (b**2).sum(1) - 2 * a @ b.T
    return float((square.min(1) < COPY**2).mean())


def _normalised(shape: Shape) -> NDArray[Any]:
    points = shape.positions[np.unique(shape.corners)]
    low, high = points.min(0), points.max(0)
    result: NDArray[Any] = (points - (low + high) / 2) / max(float((high - low).max()), 1e-12)
    return result
