"""One file -> one asset: what each reading process of `read_corpus.py` does.

The file's visible mesh objects are joined in world space (Z up, metres), palette textures become plain slots, split
vertices are welded, and triangles turned back into quads where the file only has triangles. Run as a program it reads
one JSON line {"file", "entry", "out"} after another, writes the mesh to "out" and answers with a JSON line.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import sys
import traceback
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
MOST_FACES = 60000  # a file with more is a scene or a scan, not an asset


def load_package() -> None:
    """Make `import meshkiln` work from a plain checkout, under any Python."""
    if "meshkiln" in sys.modules or importlib.util.find_spec("meshkiln"):
        return
    spec = importlib.util.spec_from_file_location(
        "meshkiln", ROOT / "__init__.py", submodule_search_locations=[str(ROOT)]
    )
    assert spec and spec.loader
    sys.modules["meshkiln"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules["meshkiln"])


def open_file(path: Path) -> None:
    import bpy

    if path.suffix == ".blend":
        bpy.ops.wm.open_mainfile(filepath=str(path), use_scripts=False, load_ui=False)
        return
    bpy.ops.wm.read_factory_settings(use_empty=True)
    match path.suffix:
        case ".obj":
            bpy.ops.wm.obj_import(filepath=str(path))
        case ".glb" | ".gltf":
            bpy.ops.import_scene.gltf(filepath=str(path))
        case ".ply":
            bpy.ops.wm.ply_import(filepath=str(path))
        case ".stl":
            bpy.ops.wm.stl_import(filepath=str(path))
        case ".fbx":
            bpy.ops.import_scene.fbx(filepath=str(path))


def asset_objects(entry: dict[str, Any]) -> list[Any]:
    """The mesh objects that make up the asset: visible ones, without what importers add."""
    import bpy

    chosen = []
    blend = entry["path"].endswith(".blend")
    for obj in bpy.context.view_layer.objects:
        if obj.type not in (("MESH", "CURVE", "SURFACE", "FONT", "META") if blend else ("MESH",)):
            continue
        if any(c.name.startswith("glTF_not_exported") for c in obj.users_collection):
            continue
        if entry.get("importer_icosphere") and obj.name.startswith("Icosphere"):
            continue
        if blend and (obj.hide_render or not obj.visible_get() or obj.display_type in ("BOUNDS", "WIRE")):
            continue
        chosen.append(obj)
    return chosen


def rest_shape(obj: Any) -> None:
    """Show the mesh as it was modelled: no subdivision to come, no pose, no simulation."""
    for modifier in obj.modifiers:
        if modifier.type in _NOT_SHAPE:
            modifier.show_viewport = False


_NOT_SHAPE = {
    "SUBSURF", "MULTIRES", "ARMATURE", "CLOTH", "SOFT_BODY", "FLUID", "PARTICLE_SYSTEM", "PARTICLE_INSTANCE", "OCEAN",
    "EXPLODE", "DYNAMIC_PAINT", "COLLISION", "REMESH", "MESH_SEQUENCE_CACHE", "MESH_CACHE",
}  # fmt: skip


def read_object(obj: Any, images: dict[str, Any]) -> tuple[Any, np.ndarray] | None:
    """(baked record in world space, number per corner of the vertex before welding), or None without faces."""
    import bpy
    from meshkiln.extractor.materials import paint, palette
    from meshkiln.extractor.materials.plain import plain_of
    from meshkiln.records import mesh_record

    rest_shape(obj)
    evaluated = obj.evaluated_get(bpy.context.evaluated_depsgraph_get())
    mesh = evaluated.to_mesh()
    try:
        if mesh is None or not len(mesh.polygons):
            return None
        positions = np.empty(len(mesh.vertices) * 3, np.float32)
        mesh.vertices.foreach_get("co", positions)
        corners = np.empty(len(mesh.loops), np.int32)
        mesh.loops.foreach_get("vertex_index", corners)
        starts = np.empty(len(mesh.polygons), np.int32)
        mesh.polygons.foreach_get("loop_start", starts)
        index = np.empty(len(mesh.polygons), np.int32)
        mesh.polygons.foreach_get("material_index", index)
        world = np.array(obj.matrix_world, np.float64)
        positions = positions.reshape(-1, 3) @ world[:3, :3].T + world[:3, 3]
        if np.linalg.det(world[:3, :3]) < 0:
            corners = _reversed(starts, corners)
        used = [slot.material for slot in obj.material_slots]
        materials = [{"name": m.name, "plain": plain_of(m)} if m else None for m in used]
        record = mesh_record(obj.name, positions, starts, corners, index, materials)
        record.data["mesh"]["attributes"] = attributes = []
        for layer in mesh.uv_layers:
            values = np.empty(len(mesh.loops) * 2, np.float32)
            layer.uv.foreach_get("vector", values)
            values = values.reshape(-1, 2)
            if np.linalg.det(world[:3, :3]) < 0:
                values = values[_reversed(starts, np.arange(len(values)))]
            record.arrays[f"mesh/attribute/{layer.name}"] = values
            attributes.append({"name": layer.name, "domain": "CORNER", "type": "FLOAT2"})
            if layer.active_render:
                record.data["mesh"]["uv"] = {"render": layer.name}
        for layer in mesh.color_attributes:
            values = np.empty(len(layer.data) * 4, np.float32)
            layer.data.foreach_get("color", values)
            record.arrays[f"mesh/attribute/{layer.name}"] = values.reshape(-1, 4)
            attributes.append({"name": layer.name, "domain": layer.domain, "type": "FLOAT_COLOR"})
        return palette.bake(record, paint.Paints(evaluated, images)), corners.astype(np.int64)
    finally:
        evaluated.to_mesh_clear()


def _reversed(starts: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """Turn every face's winding round (a mirrored object's faces would look inwards)."""
    ends = np.append(starts[1:], len(corners))
    out = corners.copy()
    counts = ends - starts
    face = np.repeat(np.arange(len(starts)), counts)
    within = np.arange(len(corners)) - starts[face]
    out[starts[face] + counts[face] - 1 - within] = corners
    return out


def weld(positions: np.ndarray, corners: np.ndarray, distance: float) -> tuple[np.ndarray, np.ndarray]:
    """Vertices of one object that lie in the same place become one; unused ones go. (positions, corners)."""
    used, corners = np.unique(corners, return_inverse=True)
    positions = positions[used]
    cell = np.round(positions / max(distance, 1e-12)).astype(np.int64)
    _, first, inverse = np.unique(cell, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first)  # keep the order of the file
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return positions[first[order]], rank[inverse.reshape(-1)][corners.reshape(-1)]


def clean(starts: np.ndarray, corners: np.ndarray, *per_face: np.ndarray) -> list[np.ndarray]:
    """Drop repeated corners, faces of under three and faces written twice. (starts, corners, old rows, *per_face)."""
    ends = np.append(starts[1:], len(corners))
    polygons, kept, sources, seen = [], [], [], set()
    for face, (s, e) in enumerate(zip(starts.tolist(), ends.tolist())):
        rows = [i for i in range(s, e) if corners[i] != corners[i + 1 if i + 1 < e else s]]
        verts = corners[rows].tolist()
        if len(verts) < 3 or len(set(verts)) < len(verts):
            continue
        low = verts.index(min(verts))
        turned = tuple(verts[low:] + verts[:low])
        if turned in seen:
            continue
        seen.add(turned)
        polygons.append(verts)
        sources.extend(rows)
        kept.append(face)
    counts = np.array([len(p) for p in polygons], np.int64)
    new_starts = np.concatenate([[0], np.cumsum(counts)[:-1]]) if len(counts) else np.zeros(0, np.int64)
    new_corners = np.array([v for p in polygons for v in p], np.int64)
    return [new_starts, new_corners, np.array(sources, np.int64), *(x[kept] for x in per_face)]


def take(
    keep: np.ndarray, starts: np.ndarray, corners: np.ndarray, sources: np.ndarray, index: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Only the faces that `keep` (F,) says: (starts, corners, old rows, index)."""
    counts = np.diff(np.append(starts, len(corners)))
    rows = np.repeat(keep, counts)
    return np.cumsum(counts[keep]) - counts[keep], corners[rows], sources[rows], index[keep]


def read_asset(path: Path, entry: dict[str, Any]) -> dict[str, Any]:
    """{"position", "loop_start", "corner_vert", "material_index", "slots", "note", ...} of one file."""
    import bpy
    from meshkiln.trainer.mesh.double_faces import one_side
    from meshkiln.trainer.mesh.quads import to_quads

    open_file(path)
    objects = asset_objects(entry)
    images: dict[str, Any] = {}
    records = [r for r in (read_object(o, images) for o in objects) if r is not None]
    if not records:
        raise ValueError("no visible mesh with faces")
    total = sum(len(r.arrays["mesh/loop_start"]) for r, _ in records)
    if total > MOST_FACES:
        raise ValueError(f"{total} faces, more than {MOST_FACES}")
    everything = np.concatenate([r.arrays["mesh/position"] for r, _ in records])
    if not np.isfinite(everything).all():
        raise ValueError("positions that are not numbers")
    size = float(np.ptp(everything, axis=0).max())
    if size <= 0:
        raise ValueError("all vertices in one place")
    metres = bpy.context.scene.unit_settings.scale_length if path.suffix == ".blend" else 1.0

    slots: list[dict[str, Any]] = []
    parts: dict[str, list[np.ndarray]] = {k: [] for k in ("position", "loop_start", "corner_vert", "material_index")}
    notes: list[str] = []
    triangles_only = all((np.diff(np.append(r.arrays["mesh/loop_start"], len(c))) == 3).all() for r, c in records)
    n_verts = n_corners = 0
    for record, split in records:
        notes += [n for n in record.data.get("notes", []) if n not in notes]
        starts = record.arrays["mesh/loop_start"].astype(np.int64)
        positions, corners = weld(record.arrays["mesh/position"], record.arrays["mesh/corner_vert"], size * 2e-5)
        index = record.arrays["mesh/material_index"].astype(np.int64)
        starts, corners, sources, index = clean(starts, corners, index)
        if not len(starts):
            continue
        keep = one_side(positions, starts, corners)
        if not keep.all():
            starts, corners, sources, index = take(keep, starts, corners, sources, index)
            notes += [n for n in ("faces written from both sides; one kept",) if n not in notes]
        if triangles_only:
            starts, corners, index = to_quads(positions, starts, corners, index, split[sources])
            positions, corners = weld(positions, corners, size * 2e-5)
        place = np.array([slot_of(slots, m) for m in record.data["materials"]])
        parts["position"].append(positions * metres)
        parts["loop_start"].append(starts + n_corners)
        parts["corner_vert"].append(corners + n_verts)
        parts["material_index"].append(place[index])
        n_verts += len(positions)
        n_corners += len(corners)
    if not n_corners:
        raise ValueError("no face with an area")
    joined = {k: np.concatenate(v) for k, v in parts.items()}
    used, joined["material_index"] = np.unique(joined["material_index"], return_inverse=True)
    if triangles_only:
        notes.append("triangles in the file; quads found again")
    return {
        **joined,
        "slots": [slots[i] for i in used],
        "note": "; ".join(notes),
        "objects": len(records),
    }


def slot_of(slots: list[dict[str, Any]], material: dict[str, Any]) -> int:
    """The asset's slot for a material: an equal one (same look) or a new one."""
    plain = material["plain"]
    for i, slot in enumerate(slots):
        if all(np.allclose(slot[k], plain[k], atol=2e-3) for k in plain):
            return i
    taken = {s["name"] for s in slots}
    name, n = re.sub(r"\.\d{3}$", "", material["name"]), 2
    while name in taken:
        name, n = f"{material['name']} {n}", n + 1
    slots.append({"name": name, **plain})
    return len(slots) - 1


def main() -> int:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # importers print to stdout; the answers have it for themselves
    if hasattr(os, "nice"):
        os.nice(5)
    load_package()
    import bpy  # noqa: F401

    for line in sys.stdin:
        task = json.loads(line)
        try:
            asset = read_asset(Path(task["file"]), task["entry"])
            arrays = {k: asset.pop(k) for k in ("position", "loop_start", "corner_vert", "material_index")}
            np.savez(task["out"], **arrays)
            answer = {"ok": True, **asset}
        except Exception as error:  # one file's failure is one line; what is our own mistake is in the log
            traceback.print_exc()
            answer = {"ok": False, "reason": str(error).strip().splitlines()[-1] if str(error).strip() else repr(error)}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
