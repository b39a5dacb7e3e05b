"""A thing's mesh as styles see it: what is measured, varied and put into a manner, and how parts of it are taken and
put together. numpy alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...records import Record, mesh_record, plain_material
from ..assets.asset import Asset
from ..assets.joining import smooth_share
from ..mesh import faces
from ..mesh.weld import sides_of
from ..text import labels


@dataclass
class Shape:
    """positions (V, 3) metres, starts (F,), corners (L,), slots (F,) into `materials` (plain values); `smooth`: share
    of each part's faces shaded smooth; `origin`: in the bounding box, 0..1."""

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
    low, high = positions.min(0), positions.max(0)
    origin = tuple((-low / np.maximum(high - low, 1e-9)).clip(-1, 2).tolist())
    smooth = (smooth_share(record),)
    return Shape(positions, starts.astype(np.int64), corners.astype(np.int64), slots, materials, smooth, origin)


def record_of(shape: Shape, name: str, label: str) -> Record:
    """A mesh record of a shape, with plain materials."""
    materials: list[dict[str, Any] | None] = [plain_material(**material) for material in shape.materials]
    size = np.ptp(shape.positions, axis=0).tolist() if len(shape.positions) else [0.0, 0.0, 0.0]
    return mesh_record(
        name, shape.positions, shape.starts, shape.corners, shape.slots, materials, label=label, size=size
    )


def longest(shape: Shape) -> float:
    """Of the sides of its bounding box; never 0."""
    return max(float(np.ptp(shape.positions, axis=0).max()), 1e-9)


def parts(shape: Shape) -> NDArray[Any]:
    """(F,) the loose part that each face belongs to."""
    label = faces.islands(len(shape.positions), faces.edges(shape.starts, shape.corners))
    result: NDArray[Any] = label[shape.corners[shape.starts]]
    return result


def areas(shape: Shape) -> NDArray[Any]:
    """(F,) square metres."""
    result: NDArray[Any] = np.linalg.norm(faces.face_normals(shape.positions, shape.starts, shape.corners), axis=1)
    return result


def slot_areas(shape: Shape) -> NDArray[Any]:
    """Square metres of each material."""
    count = max(len(shape.materials), int(shape.slots.max(initial=0)) + 1)
    return np.bincount(shape.slots, areas(shape), count)


def tones(materials: Sequence[dict[str, Any]]) -> NDArray[Any]:
    """(n, 3) sRGB of materials."""
    linear = [list(m.get("base_color") or (0.8, 0.8, 0.8))[:3] for m in materials]
    return labels.srgb(np.array(linear, float).reshape(-1, 3))


def taken(shape: Shape, keep: NDArray[Any]) -> Shape:
    """Only the faces that `keep` (F,) bool says, and the vertices that they use."""
    sides = sides_of(shape.starts, shape.corners)
    used, corners = np.unique(shape.corners[np.repeat(keep, sides)], return_inverse=True)
    sides = sides[keep]
    return replace(
        shape,
        positions=shape.positions[used],
        starts=np.cumsum(sides) - sides,
        corners=corners.reshape(-1),
        slots=shape.slots[keep],
    )


def assembled(pieces: Sequence[Shape]) -> Shape:
    """The pieces as one mesh, with the materials of the first."""
    before = np.cumsum([0, *(len(piece.positions) for piece in pieces[:-1])])
    sides = np.concatenate([sides_of(piece.starts, piece.corners) for piece in pieces])
    return replace(
        pieces[0],
        positions=np.concatenate([piece.positions for piece in pieces]),
        starts=np.cumsum(sides) - sides,
        corners=np.concatenate([piece.corners + count for piece, count in zip(pieces, before)]),
        slots=np.concatenate([piece.slots for piece in pieces]),
    )
