"""Parts that would be symmetric except for a few corners: a lampshade with a torn rim, a gun with a dented barrel.

Handmade parts are symmetric or clearly not; a *nearly* symmetric part is a fault. So is a part that fills the same
space as another but differs: one chair leg that ends in a point. A part that is repeated (two crooked arms) is
intended. numpy only; knows records.

In most objects every part is symmetric, and so is the whole: a sofa, but not a palm. With the usual values of an object
(`reference_shapes.py`) one sees what is missing on one side, and what is so torn that nothing of it is symmetric any
more.

    torn(record)            the share of its area in such parts
    crooked(record)         the share of its area in parts without any symmetry, intended or not
    lopsided(record)        the share of its parts without a counterpart on the other side of the whole
    adrift(record)          the share of its parts that touch no other, such as fence tips without their stakes
    ragged(shapes)          whether the last part is torn, by the corners of all parts
"""

from collections.abc import Callable

import numpy as np

from ...records import Record
from .coplanar import PLACES
from .faces import bare, edges, face_normals, islands

SAME = 1.6  # cells: corners this near are equal
APART = 2.5  # cells: parts whose boxes are farther apart do not touch
NEARLY = 0.4  # share of a part's corners that may lack a mirror image; more means it is not meant to be symmetric
FEWEST = 6  # corners
ROOM = 6  # cells: smaller parts are too coarse on the grid
MOST = 600  # largest number of corners of a checked part: mirroring compares all pairs
_HALF = 0.5**0.5
PLANES = np.array([(1, 0, 0), (0, 1, 0), (0, 0, 1), (_HALF, _HALF, 0), (_HALF, -_HALF, 0)])


def torn(record: Record) -> float:
    return _share(record, ragged)


def crooked(record: Record) -> float:
    return _share(record, lambda shapes, i: not _has_a_like(shapes, i) and _lonely_corners(shapes[i]) > 0)


def lopsided(record: Record) -> tuple[float, float]:
    """From left to right, and from front to back."""
    shapes, area = _parts(record)
    if len(shapes) < 2:
        return 0.0, 0.0
    low, high = _boxes(shapes)
    middles, rooms = (low + high) / 2, high - low
    other = np.abs(rooms[:, None] - rooms).max(-1)
    across = []
    for axis in (0, 1):
        least = 1.0
        for middle in ((low.min(0) + high.max(0)) / 2, np.median(middles, axis=0), middles[area.argmax()]):
            images = middles.copy()
            images[:, axis] = 2 * middle[axis] - images[:, axis]
            away = np.abs(images[:, None] - middles).max(-1)
            least = min(least, float((np.maximum(away, other).min(1) > APART).mean()))
        across.append(least)
    return across[0], across[1]


def adrift(record: Record) -> float:
    shapes, _ = _parts(record)
    if len(shapes) < 2:
        return 0.0
    low, high = _boxes(shapes)
    near = ((low[:, None] <= high + APART) & (high[:, None] >= low - APART)).all(-1)
    return float((near.sum(1) == 1).mean())


def _share(record: Record, such: Callable[[list[np.ndarray], int], bool]) -> float:
    """The share of a record's area in such parts."""
    shapes, area = _parts(record)
    faulty = [such(shapes, i) for i in range(len(shapes))]
    return float(area[faulty].sum() / max(float(area.sum()), 1e-12))


def _boxes(shapes: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The lowest and the highest corner (N, 3) of each part's box."""
    return np.array([shape.min(0) for shape in shapes]), np.array([shape.max(0) for shape in shapes])


def _parts(record: Record) -> tuple[list[np.ndarray], np.ndarray]:
    """The corners (V, 3) of each part, in places, and the area of each."""
    positions, starts, corners = bare(record)
    if not len(starts):
        return [], np.zeros(0)
    places = positions * (PLACES / max(float(np.ptp(positions[corners], axis=0).max()), 1e-12))
    part = islands(len(positions), edges(starts, corners))
    area = np.bincount(part[corners[starts]], np.linalg.norm(face_normals(positions, starts, corners), axis=1))
    used = np.unique(corners)
    used = used[np.argsort(part[used], kind="stable")]
    names, first = np.unique(part[used], return_index=True)
    return [places[own] for own in np.split(used, first[1:])], area[names]


def ragged(shapes: list[np.ndarray], i: int = -1, on_purpose: bool = True) -> bool:
    """For parts given as corners (V, 3) in cells: whether one of them, by default the last, is torn. `on_purpose`:
    whether such an object may be crooked all over."""
    if _has_a_like(shapes, i):
        return False
    others = [shape for k, shape in enumerate(shapes) if k != i % len(shapes)]
    nearly = NEARLY if on_purpose else 1.0
    return any(_stands_for(shapes[i], other) for other in others) or 0 < _lonely_corners(shapes[i]) <= nearly


def _has_a_like(shapes: list[np.ndarray], i: int) -> bool:
    return any(_repeats(shapes[i], other) for k, other in enumerate(shapes) if k != i % len(shapes))


def _lonely_corners(shape: np.ndarray) -> float:
    """The share of its corners without an image in the best mirror plane; 0 if that cannot be decided."""
    if not FEWEST <= len(shape) <= MOST:
        return 0.0
    least = 1.0
    for middle in ((shape.min(0) + shape.max(0)) / 2, np.median(shape, axis=0), shape.mean(0)):
        centred = shape - middle
        normals = np.vstack([PLANES, _through(centred)])
        images = centred - 2 * (centred @ normals.T).T[:, :, None] * normals[:, None]
        least = min(least, *_lonely(images, centred))
        if least == 0:
            break
    return float(least)


def _through(centred: np.ndarray) -> np.ndarray:
    """(1, 3): across the vertical plane through the farthest corner, as for a rotated prism."""
    x, y, _ = centred[np.argmax((centred[:, :2] ** 2).sum(1))]
    return np.array([(-y, x, 0)]) / max(float(np.hypot(x, y)), 1e-12)


def _repeats(shape: np.ndarray, other: np.ndarray) -> bool:
    """Whether the other is the same shape elsewhere, rotated or mirrored."""
    if len(shape) != len(other):
        return False
    here, there = (np.sort(np.linalg.norm(s - s.mean(0), axis=1)) for s in (shape, other))
    return bool(np.abs(here - there).max() <= SAME)


def _stands_for(shape: np.ndarray, other: np.ndarray) -> bool:
    """Whether it fills the same space, like two legs of a stool."""
    room = np.ptp(shape, axis=0)
    return bool(room.max() >= ROOM and np.abs(room - np.ptp(other, axis=0)).max() <= SAME)


def _lonely(shapes: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Of shapes (N, V, 3), the share of each one's corners that match none of the others'."""
    apart = (shapes**2).sum(-1)[..., None] + (other**2).sum(-1) - 2 * shapes @ other.T
    return np.asarray((apart.min(-1) > SAME * SAME).mean(-1))
