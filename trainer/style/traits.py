"""The traits of one thing that tell one artist's hand from another's, as numbers. numpy alone; functions over arrays.

thing = Shape(positions, starts, corners, slots, materials, smooth=(1.0,))
traits(thing)       # {"faces": 7.2, "triangles": 0.9, ...}; a trait that the thing cannot show is left out
colors(thing)       # (n, 4): sRGB of each slot and the share of the surface that it covers
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...records import Record
from ..assets.asset import Asset
from ..mesh import faces
from ..mesh.weld import weld

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


@dataclass
class Shape:
    """A thing's mesh: positions (V, 3) metres, starts (F,), corners (L,), slots (F,) into `materials` (plain values);
    `smooth`: share of each part's faces shaded smooth; `origin`: in the bounding box, 0..1."""

    positions: NDArray[Any]
    starts: NDArray[Any]
    corners: NDArray[Any]
    slots: NDArray[Any]
    materials: list[dict[str, Any]] = field(default_factory=list)
    smooth: tuple[float, ...] = ()
    origin: tuple[float, ...] = ()


def of_asset(asset: Asset) -> Shape:
    return Shape(
        asset.positions, asset.starts, asset.corners, asset.slots, asset.materials, tuple(asset.smooth), asset.origin
    )


def of_record(record: Record) -> Shape:
    """Of a mesh record; its plain materials count."""
    positions, starts, corners = faces.bare(record)
    slots = np.asarray(record.arrays.get("mesh/material_index", np.zeros(len(starts))), np.int64)
    materials = [
        {"name": (m or {}).get("name") or "Material", **((m or {}).get("plain") or {"base_color": [0.8, 0.8, 0.8]})}
        for m in record.data.get("materials") or [None]
    ]
    slots = slots.clip(0, len(materials) - 1)
    sharp = record.arrays.get("mesh/attribute/sharp_face")
    smooth = 1.0 if sharp is None or not len(sharp) else 1.0 - float(np.asarray(sharp, bool).mean())
    low, high = positions.min(0), positions.max(0)
    origin = tuple((-low / np.maximum(high - low, 1e-9)).clip(-1, 2).tolist())
    return Shape(positions, starts.astype(np.int64), corners.astype(np.int64), slots, materials, (smooth,), origin)


def traits(thing: Shape) -> dict[str, float]:
    positions, starts, corners = thing.positions, thing.starts, thing.corners
    if not len(starts):
        return {}
    sides = np.diff(np.append(starts, len(corners)))
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
    return out | _bends(positions, starts, corners, sides, unit, size) | _materials(thing, share)


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
    positions: NDArray[Any], starts: NDArray[Any], corners: NDArray[Any], sides: NDArray[Any], unit: NDArray[Any],
    size: float,
) -> dict[str, float]:  # fmt: skip
    """How round things are divided, and how corners are treated, from the angles between faces that meet."""
    welded, corners = weld(positions, corners, 1e-5 * size)  # what was split for shading meets again
    around = faces.edges(starts, corners)
    face = np.repeat(np.arange(len(starts)), sides)
    order = np.lexsort((around[:, 1], around[:, 0]))
    near, owner = around[order], face[order]
    same = (near[1:] == near[:-1]).all(1)
    pairs = np.flatnonzero(same)
    if not len(pairs):
        return {}
    a, b = owner[pairs], owner[pairs + 1]
    edge = near[pairs]
    length = np.linalg.norm(welded[edge[:, 0]] - welded[edge[:, 1]], axis=1)
    bend = np.arccos((unit[a] * unit[b]).sum(1).clip(-1, 1))
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
    width, along = _bevels(welded, starts, corners, sides, a, b, edge, bend, length, size)
    corner = float(length[hard].sum())
    if corner + along.sum() > 0:
        out["bevels"] = float(along.sum() / (along.sum() + corner))
        if along.sum() > 0:
            out["bevel width"] = float(np.log2(max(float(np.average(width, weights=along)) / size, 1e-5)))
    return out


def _bevels(
    positions: NDArray[Any], starts: NDArray[Any], corners: NDArray[Any], sides: NDArray[Any], a: NDArray[Any],
    b: NDArray[Any], edge: NDArray[Any], bend: NDArray[Any], length: NDArray[Any], size: float,
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
    for one, other in ((a, b), (b, a)):
        turn = (bend > BEVEL[0]) & (bend < BEVEL[1]) & (widths[one] * 2.5 < widths[other].clip(0, 1e30))
        turn &= length > widths[one] * 1.2
        np.add.at(turning, one[turn], 1)
    found = quad & (turning == 2) & (widths < NARROW * size)
    inside = found[quad]
    return width[inside], along[inside]


def _materials(thing: Shape, share: NDArray[Any]) -> dict[str, float]:
    if not thing.materials:
        return {}
    tones = colors(thing, share)
    high, low, weight = tones[:, :3].max(1), tones[:, :3].min(1), tones[:, 3]
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
        share = np.linalg.norm(faces.face_normals(thing.positions, thing.starts, thing.corners), axis=1)
        share = share / max(float(share.sum()), 1e-12)
    count = len(thing.materials)
    linear = np.array([list(m.get("base_color") or (0.8,) * 3)[:3] for m in thing.materials], float).reshape(-1, 3)
    covered = np.bincount(np.clip(thing.slots, 0, max(count - 1, 0)), share, count)[:count]
    return np.concatenate([srgb(linear), covered[:, None]], axis=1)


def srgb(linear: NDArray[Any]) -> NDArray[Any]:
    value = np.clip(linear, 0, 1)
    return np.where(value <= 0.0031308, value * 12.92, 1.055 * value ** (1 / 2.4) - 0.055)


def linear(value: NDArray[Any]) -> NDArray[Any]:
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
