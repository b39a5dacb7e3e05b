"""How a generated asset is placed in the scene: at the 3D cursor, named after its prompt, and selected unless something
else is being edited. It never changes the mode, and touches nothing that is being edited.

Changes the scene and nothing else; the caller owns the undo step. Knows records and bpy, not the worker.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import bmesh
import bpy
import numpy as np
from mathutils import Matrix
from numpy.typing import NDArray

from ...records import Record
from .place_motion import moved


def cursor_place(context: bpy.types.Context) -> Matrix:
    """Where results are placed: at the 3D cursor, upright even if the cursor is rotated, metres in the scene's
    units."""
    scale = context.scene.unit_settings.scale_length or 1.0
    return Matrix.Translation(context.scene.cursor.location) @ Matrix.Scale(1.0 / scale, 4)


@contextmanager
def window_context(scene_name: str = "") -> Iterator[None]:
    """A context for operators called from a timer, where Blender offers no window."""
    if bpy.app.background or not bpy.context.window_manager.windows:
        yield
        return
    windows = list(bpy.context.window_manager.windows)
    window = next((w for w in windows if w.scene.name == scene_name), windows[0])
    override: dict[str, Any] = {"window": window}
    area = next((a for a in window.screen.areas if a.type == "VIEW_3D"), None)
    if area is not None:
        override["area"] = area
        override["region"] = next(r for r in area.regions if r.type == "WINDOW")
    with bpy.context.temp_override(**override):
        yield


def land(
    context: bpy.types.Context,
    prompt: str,
    variants: dict[int, list[Record]],
    place: list[float],
    seed: int,
    variant_set: str = "",
) -> list[bpy.types.Object]:
    """Make the objects, all of them or none."""
    from ..inject import inject

    matrix = Matrix([place[i : i + 4] for i in range(0, 16, 4)])
    step = 1.3 * max((_extent(records) for records in variants.values()), default=0.0)
    objects: list[bpy.types.Object] = []
    made: list[list[bpy.types.Object]] = []
    collection = context.collection or context.scene.collection
    for index, (_, records) in enumerate(sorted(variants.items())):
        foot = _foot(records)
        named = [_named(record, prompt, foot, first=i == 0) for i, record in enumerate(records)]
        here = matrix @ Matrix.Translation((index * step, 0, 0))
        stretch = here.to_scale()
        named = [moved(record, here.translation, (0, 0, 0), stretch, stretch.x) for record in named]
        injected = inject(named, collection=collection, keep_collections=False, reuse_materials=True)
        for obj in injected.objects:
            if obj.parent is None:
                obj.matrix_basis = here @ obj.matrix_basis
        about = records[0].data.get("made") or {}
        for obj in injected.objects:
            obj.meshkiln.style, obj.meshkiln.made_from = str(about.get("style") or ""), str(about.get("from") or "")
        made.append(injected.objects)
        objects += injected.objects
    for obj in objects:
        obj.meshkiln.prompt = prompt
        obj.meshkiln.seed = seed
        if len(made) > 1:
            obj.meshkiln.variant_set = variant_set
    select(context, objects, made[0][0])
    if context.window_manager.meshkiln.mark_asset:
        for group in made:
            mark_asset(group[0], prompt)
    return objects


def grow(context: bpy.types.Context, prompt: str, record: Record, given: dict[str, Any], seed: int) -> bpy.types.Object:
    """A copy of an object that keeps the given faces, with all that they have, and gets what `record` has beyond them.

    `given`: the object's session uid, how many vertices and polygons its mesh had, the polygons that are kept and their
    vertices, which are the record's first. The original stays as it was, hidden unless it is being edited.
    """
    original = next((o for o in bpy.data.objects if o.session_uid == given["uid"]), None)
    mesh = original.data if original is not None else None
    if (
        original is None
        or not isinstance(mesh, bpy.types.Mesh)
        or [len(mesh.vertices), len(mesh.polygons)] != given["counts"]
    ):
        raise ValueError("the object has changed in the meantime; press Complete again")
    obj = original.copy()
    obj.data = mesh.copy()
    for collection in original.users_collection:
        collection.objects.link(obj)
    _add_faces(obj.data, record, given)
    obj.meshkiln.prompt, obj.meshkiln.seed = prompt, seed
    select(context, [obj], obj)
    if original.mode == "OBJECT":
        original.hide_set(True)
        original.hide_render = True
    if context.window_manager.meshkiln.mark_asset:
        mark_asset(obj, prompt)
    return obj


def _add_faces(mesh: bpy.types.Mesh, record: Record, given: dict[str, Any]) -> None:
    arrays = record.arrays
    known, kept = len(given["vertices"]), set(given["faces"])
    flat = arrays["mesh/attribute/sharp_face"]
    bounds = [*arrays["mesh/loop_start"].tolist(), len(arrays["mesh/corner_vert"])]
    edit = bmesh.new()
    try:
        edit.from_mesh(mesh)
        edit.verts.ensure_lookup_table()
        vertices = [edit.verts[i] for i in given["vertices"]]
        bmesh.ops.delete(edit, geom=[face for face in edit.faces if face.index not in kept], context="FACES")
        vertices += [edit.verts.new(point) for point in arrays["mesh/position"][known:].tolist()]
        for number in range(len(kept), len(bounds) - 1):
            corners = arrays["mesh/corner_vert"][bounds[number] : bounds[number + 1]].tolist()
            try:
                face = edit.faces.new([vertices[i] for i in corners])
            except ValueError:
                continue  # a given face repeats: two of its vertices are closer than the model can tell apart
            face.material_index = min(int(arrays["mesh/material_index"][number]), max(0, len(mesh.materials) - 1))
            face.smooth = not flat[number]
        edit.to_mesh(mesh)
    finally:
        edit.free()
    mesh.update()


def _named(record: Record, prompt: str, foot: NDArray[Any], first: bool) -> Record:
    """The record under the prompt's name (parts keep their own), standing on its origin, or on the floor below an
    origin that a style has given it."""
    arrays = record.arrays
    data = record.data
    made = data.get("made") or {}
    if "mesh/position" in arrays and not data.get("parent"):
        if "name" in made:
            data = {**data, "transform": {**(data.get("transform") or {}), "location": (-foot).tolist()}}
        else:
            arrays = {**arrays, "mesh/position": (arrays["mesh/position"] - foot).astype(np.float32)}
    if first:
        name = str(made.get("name") or prompt)
        data = {**data, "name": name, "label": prompt}
        if data.get("mesh"):
            data["mesh"] = {**data["mesh"], "name": name}
    return Record(data, arrays)


def _foot(records: list[Record]) -> NDArray[Any]:
    """Where an asset touches the ground: the middle of its footprint, at its lowest point."""
    low, high = _bounds([r.arrays["mesh/position"] for r in records if "mesh/position" in r.arrays])
    return np.array([(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2]], np.float32)


def _extent(records: list[Record]) -> float:
    low, high = _bounds([r.arrays["mesh/position"] for r in records if "mesh/position" in r.arrays])
    return float((high - low).max())


def _bounds(clouds: list[NDArray[Any]]) -> tuple[NDArray[Any], NDArray[Any]]:
    points = np.concatenate([c for c in clouds if len(c)] or [np.zeros((1, 3), np.float32)])
    return points.min(axis=0), points.max(axis=0)


def select(context: bpy.types.Context, objects: list[bpy.types.Object], active: bpy.types.Object | None) -> None:
    """Select only these; outside Object Mode the selection is left alone."""
    if context.mode != "OBJECT":
        return
    context.view_layer.update()  # until then it does not list objects that were just linked
    for obj in context.view_layer.objects:
        obj.select_set(False)
    for obj in objects:
        if obj.name in context.view_layer.objects:
            obj.select_set(True)
    if active is not None and active.name in context.view_layer.objects:
        context.view_layer.objects.active = active


def mark_asset(obj: bpy.types.Object, prompt: str) -> None:
    obj.asset_mark()
    obj.asset_data.description = f"Generated by Meshkiln from: {prompt}"
    for word in prompt.split():
        obj.asset_data.tags.new(word, skip_if_exists=True)
    if not bpy.app.background:
        obj.asset_generate_preview()


def variants_of(context: bpy.types.Context, obj: bpy.types.Object) -> list[bpy.types.Object]:
    wanted = obj.meshkiln.variant_set
    return [o for o in context.scene.objects if wanted and o.meshkiln.variant_set == wanted]


def keep_variant(context: bpy.types.Context, obj: bpy.types.Object) -> int:
    """Remove the others; the kept one goes where the first stood. How many were removed."""
    group = variants_of(context, obj)
    others = [o for o in group if o != obj]
    obj.location.x = min((o.location.x for o in group), default=obj.location.x)
    obj.meshkiln.variant_set = ""
    for other in others:
        remove(other)
    select(context, [obj], obj)
    return len(others)


def discard_variant(context: bpy.types.Context, obj: bpy.types.Object) -> None:
    rest = [o for o in variants_of(context, obj) if o != obj]
    remove(obj)
    if len(rest) == 1:
        rest[0].meshkiln.variant_set = ""
    if rest:
        select(context, [rest[0]], rest[0])


def remove(obj: bpy.types.Object) -> None:
    """Remove an object, and its mesh if nothing else uses it."""
    data = obj.data
    bpy.data.objects.remove(obj)
    if isinstance(data, bpy.types.Mesh) and data.users == 0:
        bpy.data.meshes.remove(data)


def words_of_name(name: str) -> str:
    """Barrel_old.003 -> barrel old."""
    stem = name.rsplit(".", 1)[0] if name[-3:].isdigit() else name
    return " ".join("".join(c if c.isalpha() else " " for c in stem).split()).lower() or "thing"
