"""The traits of one thing that tell one artist's hand from another's, as numbers. numpy alone; functions over arrays.

thing = Shape(positions, starts, corners, slots, materials, smooth=(1.0,))
traits(thing)       # {"faces": 7.2, "triangles": 0.9, ...}; a trait that the thing cannot show is left out
colors(thing)       # (n, 4): sRGB of each slot and the share of the surface that it covers
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..mesh import faces
from ..mesh.weld import sides_of, weld
from .shape import Shape, areas, tones

SOFT = (np.radians(3.0), np.radians(62.0))  # an edge that bends so much belongs to something round ...
HARD = np.radians(62.0)  # ... and one that bends more is a corner
BEVEL = (np.radians(20.0), np.radians(70.0))  # how far a bevel's face turns away from both faces beside it
NARROW = 0.12  # of a thing's size: a bevel's face is no wider
SYMMETRY_VERTICES = 3000  # of larger meshes symmetry is not asked

# name: (what an artist calls it, how to write a value of it)
TRAITS: dict[str, tuple[str, str]] = {
    "faces": ("faces per object", "power"),
    "faces per part": ("faces per loose part", "power"),
    "edge length": ("median edge, share of the longest side", "power%"),
    "triangles": ("triangles", "%"),
    "quads": ("quads", "%"),
    "ngons": ("n-gons", "%"),
    "segments": ("segments of round things", "power"),
    "corners": ("hard corners among bent edges", "%"),
    "bevels": ("hard corners that are beveled", "%"),
    "bevel width": ("bevel width, share of the longest side", "power%"),
    "straight": ("surface that faces along an axis", "%"),
    "chunky": ("volume to surface (1: a ball)", "number"),
    "symmetric": ("mirrored left to right", "%"),
    "smooth": ("faces shaded smooth", "%"),
    "slots": ("material slots", "number"),
    "size": ("longest side in meters", "power"),
    "saturation": ("saturation of colors", "%"),
    "lightness": ("lightness of colors", "%"),
    "roughness": ("roughness", "%"),
    "metallic": ("metal", "%"),
    "origin": ("height of the origin (0: at the foot)", "number"),
}


def traits(thing: Shape) -> dict[str, float]:
    positions, starts, corners = thing.positions, thing.starts, thing.corners
    if not len(starts):
        return {}
    sides = sides_of(starts, corners)
    used = positions[corners]
    extent = used.max(0) - used.min(0)
    size = max(float(extent.max()), 1e-9)
    normals = faces.face_normals(positions, starts, corners)
    area = np.linalg.norm(normals, axis=1)
    unit = normals / np.maximum(area, 1e-12)[:, None]
    share = area / max(float(area.sum()), 1e-12)
    around = faces.edges(starts, corners)
    edges = np.unique(around, axis=0)
    label = faces.islands(len(positions), around)
    parts = len(np.unique(label[corners]))
    lengths = np.linalg.norm(positions[edges[:, 0]] - positions[edges[:, 1]], axis=1)
    out = {
        "faces": float(np.log2(len(starts))),
        "faces per part": float(np.log2(len(starts) / parts)),
        "edge length": float(np.log2(max(float(np.median(lengths)) / size, 1e-6))),
        "triangles": float((sides == 3).mean()),
        "quads": float((sides == 4).mean()),
        "ngons": float((sides > 4).mean()),
        "straight": float(share[np.abs(unit).max(1) > 0.995].sum()),
        "chunky": _chunky(positions, starts, corners, normals, label, area),
        "slots": float(len(np.unique(thing.slots))) if len(thing.slots) else 1.0,
        "size": float(np.log2(size)),
    }
    if len(positions) <= SYMMETRY_VERTICES:
        out["symmetric"] = float(faces.is_symmetric(positions[np.unique(corners)]))
    if thing.smooth:
        out["smooth"] = float(np.mean(thing.smooth))
    if thing.origin:
        out["origin"] = float(thing.origin[2])
    return out | _bends(positions, starts, corners, sides, size) | _materials(thing, share)


def _chunky(
    positions: NDArray[Any], starts: NDArray[Any], corners: NDArray[Any], normals: NDArray[Any],
    label: NDArray[Any], area: NDArray[Any],
) -> float:  # fmt: skip
    """Volume against surface of the parts, each as much as its surface: 1 for a ball, 0 for a sheet."""
    part = label[corners[starts]]
    _, part = np.unique(part, return_inverse=True)
    part = part.reshape(-1)
    surface = np.bincount(part, area)
    middle = np.stack([np.bincount(part, positions[corners[starts], i] * area) for i in range(3)], 1)
    middle = middle / np.maximum(surface, 1e-12)[:, None]
    reach = ((positions[corners[starts]] - middle[part]) * normals).sum(1)
    volume = np.abs(np.bincount(part, reach)) / 3
    round_ = (36 * np.pi) ** (1 / 3) * volume ** (2 / 3) / np.maximum(surface, 1e-12)
    return float((round_.clip(0, 1) * surface).sum() / max(float(surface.sum()), 1e-12))


def _bends(
    positions: NDArray[Any], starts: NDArray[Any], corners: NDArray[Any], sides: NDArray[Any], size: float
) -> dict[str, float]:  # fmt: skip
    """How round things are divided, and how corners are treated, from the angles between faces that meet."""
    welded, corners = weld(positions, corners, 1e-5 * size)  # what was split for shading meets again
    met = faces.bends(welded, starts, corners)
    if not len(met.angles):
        return {}
    bend, edge = met.angles, met.edges[met.shared]
    length = np.linalg.norm(welded[edge[:, 0]] - welded[edge[:, 1]], axis=1)
    soft = (bend > SOFT[0]) & (bend < SOFT[1]) & (length > 0)
    hard = bend >= HARD
    out: dict[str, float] = {}
    if soft.any():
        values, weights = bend[soft], length[soft]
        rank = np.argsort(values)
        middle = values[rank][np.searchsorted(np.cumsum(weights[rank]), weights.sum() / 2)]
        out["segments"] = float(np.log2(2 * np.pi / middle))
    bent = float(length[soft | hard].sum())
    if bent > 0:
        out["corners"] = float(length[hard].sum()) / bent
    width, along = _bevels(welded, starts, corners, sides, met, length, size)
    corner = float(length[hard].sum())
    if corner + along.sum() > 0:
        out["bevels"] = float(along.sum() / (along.sum() + corner))
        if along.sum() > 0:
            out["bevel width"] = float(np.log2(max(float(np.average(width, weights=along)) / size, 1e-5)))
    return out


def _bevels(
    positions: NDArray[Any], starts: NDArray[Any], corners: NDArray[Any], sides: NDArray[Any], met: faces.Bends,
    length: NDArray[Any], size: float,
) -> tuple[NDArray[Any], NDArray[Any]]:  # fmt: skip
    """(width, length) of the faces that are bevels: narrow quads that turn by about the same at both long edges into
    faces much wider than they are."""
    quad = sides == 4
    if not quad.any():
        return np.zeros(0), np.zeros(0)
    rows = corners[starts[quad][:, None] + np.arange(4)]
    p = positions[rows]
    step = np.linalg.norm(np.roll(p, -1, 1) - p, axis=2)  # (Q, 4)
    first, second = (step[:, 0] + step[:, 2]) / 2, (step[:, 1] + step[:, 3]) / 2
    width, along = np.minimum(first, second), np.maximum(first, second)
    widths = np.full(len(starts), np.inf)
    widths[quad] = width
    turning = np.zeros(len(starts))
    bend = met.angles
    for one, other in ((met.first, met.second), (met.second, met.first)):
        turn = (bend > BEVEL[0]) & (bend < BEVEL[1]) & (widths[one] * 2.5 < widths[other].clip(0, 1e30))
        turn &= length > widths[one] * 1.2
        np.add.at(turning, one[turn], 1)
    found = quad & (turning == 2) & (widths < NARROW * size)
    inside = found[quad]
    return width[inside], along[inside]


def _materials(thing: Shape, share: NDArray[Any]) -> dict[str, float]:
    if not thing.materials:
        return {}
    seen = colors(thing, share)
    high, low, weight = seen[:, :3].max(1), seen[:, :3].min(1), seen[:, 3]
    weight = weight / max(float(weight.sum()), 1e-12)
    values = {
        name: np.array([float(m.get(name, plain)) for m in thing.materials])
        for name, plain in (("roughness", 0.5), ("metallic", 0.0))
    }
    return {
        "saturation": float((weight * (high - low) / np.maximum(high, 1e-6)).sum()),
        "lightness": float((weight * (high + low) / 2).sum()),
        **{name: float((weight * value[: len(weight)]).sum()) for name, value in values.items()},
    }


def colors(thing: Shape, share: NDArray[Any] | None = None) -> NDArray[Any]:
    """(slots, 4): sRGB of each material and the share of the surface that it covers."""
    if share is None:
        share = areas(thing)
        share = share / max(float(share.sum()), 1e-12)
    count = len(thing.materials)
    covered = np.bincount(np.clip(thing.slots, 0, max(count - 1, 0)), share, count)[:count]
    return np.concatenate([tones(thing.materials), covered[:, None]], axis=1)
