"""The objects of one asset become one mesh that remembers its parts.

Each with modifiers applied, in world space, in metres; welded, without double faces, and with quads restored if the
file only has triangles. numpy only; knows records as arrays, not how assets are grouped.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ...records import Record
from ..mesh.double_faces import one_side
from ..mesh.quads import to_quads
from ..mesh.weld import clean, reversed_faces, sides_of, take, weld
from ..text import labels

MOST_FACES = 60_000  # a thing with more is a scene or a scan
REQUADDED = "triangles in the file; quads found again"
WELD = 2e-5  # of the longest side
PLAIN: dict[str, Any] = {
    "base_color": [0.8, 0.8, 0.8],
    "roughness": 0.5,
    "metallic": 0.0,
    "alpha": 1.0,
    "transmission": 0.0,
    "emission": [0.0, 0.0, 0.0],
}


class NoMesh(ValueError):
    """Nothing to learn from; the message is the reason."""


@dataclass
class Joined:
    """positions (V, 3) metres, starts (F,), corners (L,), slots (F,) into `materials`, parts (F,) into `part_names`;
    `smooth`: the share of each part's faces that are shaded smooth."""

    positions: np.ndarray
    starts: np.ndarray
    corners: np.ndarray
    slots: np.ndarray
    parts: np.ndarray
    materials: list[dict[str, Any]]
    part_names: list[str]
    notes: list[str] = field(default_factory=list)
    smooth: list[float] = field(default_factory=list)


@dataclass
class Piece:
    """One object where it stands: positions in scene units, faces wound outwards, slots into its own materials;
    `smooth`: the share of its faces that are shaded smooth."""

    name: str
    positions: np.ndarray
    starts: np.ndarray
    corners: np.ndarray
    slots: np.ndarray
    materials: list[dict[str, Any]]
    units: float
    smooth: float = 0.0


def faces_of(record: Record) -> int:
    """How many faces an object has when visible."""
    arrays = record.arrays
    return len(arrays.get("evaluated/loop_start", arrays.get("mesh/loop_start", ()))) if record.kind == "mesh" else 0


def positions_of(record: Record) -> np.ndarray:
    """(V, 3) of an object's visible mesh, in its own space."""
    arrays = record.arrays
    return np.asarray(arrays.get("evaluated/position", arrays["mesh/position"]), np.float64)


def piece(record: Record, world: np.ndarray) -> Piece:
    """An object's visible mesh at `world` (4, 4)."""
    arrays = record.arrays
    prefix = "evaluated/" if "evaluated/position" in arrays else "mesh/"
    starts = np.asarray(arrays[prefix + "loop_start"], np.int64)
    corners = np.asarray(arrays[prefix + "corner_vert"], np.int64)
    asset = record.data.get("asset") or {}
    painted = arrays.get("evaluated/material_index", arrays.get("mesh/material_index"))
    used = asset.get("materials") or record.data.get("materials") or [None]
    materials = [plain_slot(m) for m in used]
    slots = np.zeros(len(starts), np.int64) if painted is None else np.asarray(painted, np.int64)
    positions = positions_of(record) @ world[:3, :3].T + world[:3, 3]
    if np.linalg.det(world[:3, :3]) < 0:
        corners = reversed_faces(starts, corners)
    # in single precision, like Blender
    positions = positions.astype(np.float32).astype(np.float64)
    slots = np.clip(slots, 0, len(materials) - 1)
    return Piece(
        record.name,
        positions,
        starts,
        corners,
        slots,
        materials,
        float(asset.get("units") or 1.0),
        smooth_share(record),
    )


def smooth_share(record: Record) -> float:
    """Of the faces of the mesh that was modelled; 1 where none is marked as sharp, as Blender shades it."""
    sharp = record.arrays.get("mesh/attribute/sharp_face")
    return 1.0 if sharp is None or not len(sharp) else float(1.0 - np.asarray(sharp, bool).mean())


def plain_slot(material: dict[str, Any] | None) -> dict[str, Any]:
    """{"name", six plain values} of a record's material."""
    plain = {**PLAIN, **((material or {}).get("plain") or {})}
    return {"name": (material or {}).get("name") or labels.color_word(plain["base_color"]), **plain}


def quick(pieces: list[Piece]) -> Joined:
    """The pieces concatenated as they are: enough to draw, and fast."""
    return _stack(pieces, [])


def join(pieces: list[Piece]) -> Joined:
    """One clean mesh of the pieces. Raises NoMesh with the reason if there is none."""
    total = sum(len(p.starts) for p in pieces)
    if not total:
        raise NoMesh("no visible mesh with faces")
    if total > MOST_FACES:
        raise NoMesh(f"{total} faces, more than {MOST_FACES}")
    everything = np.concatenate([p.positions for p in pieces])
    if not np.isfinite(everything).all():
        raise NoMesh("positions that are not numbers")
    size = float(np.ptp(everything, axis=0).max())
    if size <= 0:
        raise NoMesh("all vertices in one place")
    triangles = all((sides_of(p.starts, p.corners) == 3).all() for p in pieces)
    notes: list[str] = [REQUADDED] if triangles else []
    cleaned = [c for c in (_clean(p, size * WELD, triangles, notes) for p in pieces) if len(c.starts)]
    if not cleaned:
        raise NoMesh("no face with an area")
    return _stack(cleaned, notes)


def _clean(p: Piece, distance: float, triangles: bool, notes: list[str]) -> Piece:
    positions, corners = weld(p.positions, p.corners, distance)
    starts, corners, sources, slots = clean(p.starts, corners, p.slots)
    if len(starts):
        keep = one_side(positions, starts, corners)
        if not keep.all():
            starts, corners, sources, slots = take(keep, starts, corners, sources, slots)
            note = "double faces, one per side; one kept"
            notes += [] if note in notes else [note]
        if triangles:
            starts, corners, slots = to_quads(positions, starts, corners, slots, p.corners[sources])
            positions, corners = weld(positions, corners, distance)
    return Piece(p.name, positions, starts, corners, slots, p.materials, p.units, p.smooth)


def _stack(pieces: list[Piece], notes: list[str]) -> Joined:
    slots: list[dict[str, Any]] = []
    columns: list[list[np.ndarray]] = [[], [], [], [], []]
    vertices = corners = 0
    for number, p in enumerate(pieces):
        place = np.array([slot_of(slots, material) for material in p.materials])
        row = (
            p.positions * p.units,
            p.starts + corners,
            p.corners + vertices,
            place[p.slots] if len(p.slots) else p.slots,
            np.full(len(p.starts), number, np.int64),
        )
        for column, part in zip(columns, row):
            column.append(part)
        vertices, corners = vertices + len(p.positions), corners + len(p.corners)
    positions, starts, corner_verts, index, parts = (np.concatenate(column) for column in columns)
    used, index = np.unique(index, return_inverse=True)
    return Joined(
        positions,
        starts.astype(np.int64),
        corner_verts.astype(np.int64),
        index.reshape(-1),
        parts,
        [slots[i] for i in used.tolist()],
        [p.name for p in pieces],
        notes,
        [p.smooth for p in pieces],
    )


def slot_of(slots: list[dict[str, Any]], material: dict[str, Any]) -> int:
    """The asset's slot for a material: one that looks the same, or a new one."""
    for i, slot in enumerate(slots):
        if all(np.allclose(slot[k], material[k], atol=2e-3) for k in PLAIN):
            return i
    taken = {s["name"] for s in slots}
    name, n = re.sub(r"\.\d{3}$", "", material["name"]), 2
    while name in taken:
        name, n = f"{material['name']} {n}", n + 1
    slots.append({**{k: material[k] for k in PLAIN}, "name": name})
    return len(slots) - 1


def parts_of(joined: Joined) -> list[Joined]:
    """A joined mesh taken apart again: one mesh per part, every face in exactly one of them."""
    out = []
    sides = sides_of(joined.starts, joined.corners)
    for number, name in enumerate(joined.part_names):
        mine = joined.parts == number
        used, corners = np.unique(joined.corners[np.repeat(mine, sides)], return_inverse=True)
        starts = np.cumsum(sides[mine]) - sides[mine]
        parts = np.zeros(len(starts), np.int64)
        out.append(
            Joined(
                joined.positions[used],
                starts,
                corners.reshape(-1),
                joined.slots[mine],
                parts,
                joined.materials,
                [name],
                smooth=joined.smooth[number : number + 1],
            )
        )
    return out
