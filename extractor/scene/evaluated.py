"""What an object looks like when the file is opened: its shape after modifiers, its colours after textures.

A record keeps the mesh an artist edits, and its modifiers. Learning needs the result: a mirrored half is a whole
object. So a record also has arrays under "evaluated/" and the section "asset" (docs/records.md). Both are computed from
the rest of the file: comparing and injecting ignore them.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import bpy
import numpy as np

from ...records import Record, mesh_record
from ...records.modifier_budget import estimate
from ..materials.paint import Paints
from ..materials.palette import bake, is_painted
from ..materials.plain import plain_of
from ..rna.context import Context
from .mesh import read_topology

# Modifiers that refine, pose or simulate: the mesh before them is what was modelled.
NOT_SHAPE = frozenset((
    "SUBSURF", "MULTIRES", "ARMATURE", "CLOTH", "SOFT_BODY", "FLUID", "PARTICLE_SYSTEM", "PARTICLE_INSTANCE", "OCEAN",
    "EXPLODE", "DYNAMIC_PAINT", "COLLISION", "REMESH", "MESH_SEQUENCE_CACHE", "MESH_CACHE",
))  # fmt: skip
MOST_FACES = 60_000  # more is a scan or a scattered scene, which is not learned from
SECONDS = 20.0  # for all objects of one file
SHAPES = frozenset(("MESH", "CURVE", "SURFACE", "FONT", "META"))


@contextmanager
def worked_out(obj: bpy.types.Object, frame: int) -> Iterator[bpy.types.Object]:
    """A copy of the object, reduced to its shape and evaluated in a temporary scene: nothing else is evaluated, and
    nothing of it stays."""
    scene = bpy.data.scenes.new("Meshkiln")
    copy = obj.copy()
    try:
        scene.frame_current = frame
        for modifier in list(copy.modifiers):
            if modifier.type in NOT_SHAPE:
                copy.modifiers.remove(modifier)
        copy.hide_viewport = False
        scene.collection.objects.link(copy)
        layer = scene.view_layers[0]
        layer.update()
        yield copy.evaluated_get(layer.depsgraph)
    finally:
        bpy.data.objects.remove(copy)
        bpy.data.scenes.remove(scene)


def read_asset(obj: bpy.types.Object, record: Record, context: Context) -> None:
    """Put "evaluated/..." into the record's arrays and "asset" into its data, as far as they apply."""
    about = _place(obj, context)
    helper = obj.hide_render or obj.display_type in ("BOUNDS", "WIRE")  # cutters and guides for other objects
    if context.options.evaluate and record.kind == "mesh" and obj.type in SHAPES and not helper:
        shaped = None
        if not context.options.apply_modifiers and _is_shaped(obj):
            shaped = _work_out(obj, record, context)
        if shaped is not None:
            for key in ("position", "loop_start", "corner_vert", "material_index"):
                record.arrays[f"evaluated/{key}"] = shaped.arrays[f"mesh/{key}"]
            if len(shaped.data.get("materials", ())) > len(record.data.get("materials") or ()):
                about["materials"] = [m and {"name": m["name"], "plain": m["plain"]} for m in shaped.data["materials"]]
            _paint(obj, shaped, record, about, context, None)
        elif not context.options.bake_palette:
            held = obj.data.as_pointer() if obj.type == "MESH" else None
            _paint(obj, record, record, about, context, held)
    record.data["asset"] = about


# Where it is


def _place(obj: bpy.types.Object, context: Context) -> dict[str, Any]:
    """{scene: in which it is to be seen or null, units: metres per unit if not 1, mark, marked_collections}"""
    place: dict[str, Any] = {"scene": None}
    if context.options.label:
        place["file_label"] = context.options.label
    scenes = context.cache.get("scenes")
    if scenes is None:
        scenes = context.cache["scenes"] = [(s, list(s.view_layers)) for s in bpy.data.scenes]
    for scene, layers in scenes:
        if any(obj.visible_get(view_layer=layer) for layer in layers):
            place["scene"] = scene.name
            units = scene.unit_settings.scale_length
            break
    else:
        units = bpy.context.scene.unit_settings.scale_length
    if abs(units - 1) > 1e-6:
        place["units"] = float(f"{units:.6g}")
    if obj.asset_data is not None and obj.library is None:  # linked data is an asset of its own file
        place["mark"] = _mark(obj.asset_data)
    marked = context.cache.get("marked collections")
    if marked is None:
        local = [c for c in bpy.data.collections if c.asset_data is not None and c.library is None]
        marked = context.cache["marked collections"] = {c.name: (c, _mark(c.asset_data)) for c in local}
    if marked:
        inside = {name: mark for name, (c, mark) in marked.items() if obj.name in c.all_objects}
        if inside:
            place["marked_collections"] = inside
    return place


def _mark(asset: Any) -> dict[str, Any]:
    """What the Asset Browser shows: {description, tags, catalog, author, license}, where filled in."""
    mark = {
        "description": asset.description,
        "tags": [tag.name for tag in asset.tags],
        "catalog": getattr(asset, "catalog_simple_name", ""),
        "author": getattr(asset, "author", ""),
        "license": getattr(asset, "license", ""),
    }
    return {key: value for key, value in mark.items() if value}


# Its shape


def _is_shaped(obj: bpy.types.Object) -> bool:
    """Whether the visible mesh differs from the edited one."""
    if any(m.show_viewport and m.type not in NOT_SHAPE for m in obj.modifiers):
        return True
    data = obj.data
    if obj.type == "MESH":
        keys = data.shape_keys
        return keys is not None and any(k.value and not k.mute for k in keys.key_blocks[1:])
    if obj.type in ("CURVE", "FONT"):
        return data.bevel_object is not None or data.taper_object is not None
    return False


def _work_out(obj: bpy.types.Object, record: Record, context: Context) -> Record | None:
    """The shape as a bare mesh with its UV maps and colours, or None if it equals the record's own or is too large."""
    faces = len(record.arrays["mesh/loop_start"])
    stack = [
        {"type": m.type, "properties": {k: getattr(m, k) for k in ("count", "segments", "steps") if hasattr(m, k)}}
        for m in obj.modifiers
        if m.show_viewport and m.type not in NOT_SHAPE and m.type != "NODES"
    ]
    if max(faces, estimate(stack, faces)) > 2 * MOST_FACES:
        context.note(f"its modifiers make some {estimate(stack, faces):.0f} faces; their result was not computed")
        return None
    if context.cache.get("evaluating", 0.0) > SECONDS:
        context.note(f"evaluating modifiers took {SECONDS:.0f} s in this file; the rest was not evaluated")
        return None
    tell = context.cache.pop("before evaluating", None)
    if tell is not None:
        tell()
    began = time.perf_counter()
    try:
        with worked_out(obj, bpy.context.scene.frame_current) as shown:
            mesh = shown.to_mesh()
            try:
                if mesh is None or not 0 < len(mesh.polygons) <= MOST_FACES:
                    return None
                return _bare(mesh, _materials(obj, mesh, record))
            finally:
                shown.to_mesh_clear()
    except RuntimeError as error:
        context.note(f"its modifiers could not be evaluated: {error}")
        return None
    finally:
        context.cache["evaluating"] = context.cache.get("evaluating", 0.0) + time.perf_counter() - began


def _materials(obj: bpy.types.Object, mesh: bpy.types.Mesh, record: Record) -> list[dict[str, Any] | None]:
    """One per slot of the mesh: the object's own, and those that geometry nodes put there."""
    own: list[dict[str, Any] | None] = list(record.data.get("materials") or [])
    more = list(mesh.materials)[len(own) :] if any(m.type == "NODES" for m in obj.modifiers) else []
    return own + [{"name": m.name, "plain": plain_of(m)} if m is not None else None for m in more]


def _bare(mesh: bpy.types.Mesh, materials: list[dict[str, Any] | None]) -> Record:
    """A Blender mesh as a record that `bake` can read: geometry, slots, UV maps and colours."""
    arrays: dict[str, np.ndarray] = {}
    read_topology(mesh, arrays)
    starts = arrays["mesh/loop_start"]
    index = arrays.get("mesh/material_index", np.zeros(len(starts), np.int32))
    made = mesh_record(mesh.name, arrays["mesh/position"], starts, arrays["mesh/corner_vert"], index, materials)
    attributes: list[dict[str, Any]] = []
    for layer in mesh.uv_layers:
        values = np.empty(len(mesh.loops) * 2, np.float32)
        layer.uv.foreach_get("vector", values)
        made.arrays[f"mesh/attribute/{layer.name}"] = values.reshape(-1, 2)
        attributes.append({"name": layer.name, "domain": "CORNER", "type": "FLOAT2"})
        if layer.active_render:
            made.data["mesh"]["uv"] = {"render": layer.name}
    for layer in mesh.color_attributes:
        values = np.empty(len(layer.data) * 4, np.float32)
        layer.data.foreach_get("color", values)
        made.arrays[f"mesh/attribute/{layer.name}"] = values.reshape(-1, 4)
        attributes.append({"name": layer.name, "domain": layer.domain, "type": "FLOAT_COLOR"})
    made.data["mesh"]["attributes"] = attributes
    return made


# Its colours


def _paint(
    obj: bpy.types.Object, mesh: Record, record: Record, about: dict[str, Any], context: Context, held: int | None
) -> None:
    """If a texture or colour attribute paints it, each face's plain material. `held`: the mesh, which objects may
    share, to be baked once."""
    slots = obj.material_slots
    corners = mesh.arrays["mesh/corner_vert"]
    if not len(corners) or not 0 <= int(corners.min()) <= int(corners.max()) < len(mesh.arrays["mesh/position"]):
        return  # `validate` will report what is wrong with it
    paints = Paints(obj, context.cache.setdefault("painted images", {}))
    identity = ("painted", held, tuple(s.material.as_pointer() if s.material else 0 for s in slots))
    painted = context.cache.get(identity) if held is not None else None
    if painted is None:
        painted = (None, None)
        if is_painted(mesh, paints):
            baked = bake(mesh, paints)
            painted = (baked.arrays["mesh/material_index"], baked.data["materials"])
        if held is not None:
            context.cache[identity] = painted
    index, materials = painted
    if index is not None:
        record.arrays["evaluated/material_index"] = index
        about["materials"] = materials
