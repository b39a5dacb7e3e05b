"""Objects of the open file become records: the one place where all readers are used.

    records = extract_objects(bpy.context.selected_objects, Options(author="..."))
    records = extract_scene(None, Options())      # everything in the file

Neither changes the scene. Every record stands alone: it embeds the node groups, actions and images it refers to;
other objects are referred to by name.
"""

import math
import traceback
from collections.abc import Callable, Iterable
from typing import Any

import bpy

from ...records import FORMAT, Record
from ..materials.nodes import read_material
from ..materials.paint import Paints
from ..materials.palette import bake
from ..materials.readers import new_context
from ..rna.animation import read_animation
from ..rna.context import TABLES, Context, Options, reference_name
from ..rna.properties import add_properties
from .armatures import read_armature, read_pose
from .evaluated import read_asset
from .kinds import KEPT_KINDS, read_data, read_empty
from .mesh import read_bare_mesh, read_mesh
from .modifiers import read_constraints, read_modifiers
from .objects import (
    collection_paths,
    label_of,
    read_collection,
    read_force_field,
    read_instance,
    read_parent,
    read_settings,
    read_source,
    read_transform,
    world_matrix,
)

BECOME_MESHES = {"CURVE", "SURFACE", "FONT", "META"}


def extract_scene(scene: bpy.types.Scene | None = None, options: Options | None = None) -> list[Record]:
    """Every object of `scene`, or of the whole file, including those that only exist to be instanced."""
    return extract_objects(bpy.data.objects if scene is None else scene.objects, options)


def extract_objects(
    objects: Iterable[bpy.types.Object],
    options: Options | None = None,
    before_evaluating: Callable[[], None] | None = None,
    left_out: list[str] | None = None,
) -> list[Record]:
    """One record per object, in the order given. What a record lacks is listed in record.data["notes"].

    `before_evaluating` is called before the first modifier runs: that may take any amount of time. An object that can't
    be read is left out: a sentence about it is added to `left_out`; without such a list its error is raised.
    """
    context = new_context(options)
    context.cache["before evaluating"] = before_evaluating
    context.cache["collection paths"] = collection_paths()
    context.cache["painted images"] = dict.fromkeys(context.options.unread_images)
    records: list[Record] = []
    try:
        for obj in list(objects):
            try:
                records.append(read_object(obj, context.next()))
            except Exception as error:
                if left_out is None or isinstance(error, MemoryError):
                    raise
                traceback.print_exc()  # a bug of ours: for the log
                left_out.append(f"{obj.name}: left out: {type(error).__name__}: {error}")
        return records
    finally:
        context.cache.clear()  # break the reference cycle with its contexts, so that memory is freed at once


def read_object(obj: bpy.types.Object, context: Context) -> Record:
    """One object's record. `context` is fresh (`Context.next`) but for its cache."""
    if getattr(obj, "is_missing", False):
        context.note(f"it is linked from {obj.library.filepath if obj.library else 'a library'}, which is missing")
    data: dict[str, Any] = {
        "format": FORMAT,
        "kind": obj.type.lower(),
        "name": reference_name(obj),
        "label": context.options.label or label_of(obj.name),
        "source": read_source(obj, context),
        "blender": ".".join(str(part) for part in bpy.app.version),
        "transform": read_transform(obj, context),
        "parent": read_parent(obj),
        "settings": read_settings(obj, context),
    }
    _read_collections(data, context)
    _put(data, "instance", read_instance(obj))
    _put(data, "force_field", read_force_field(obj, context))
    _read_what_it_holds(obj, data, context)
    if data["kind"] == "mesh" and len(obj.material_slots):
        _read_materials(obj, data, context)
    data["modifiers"] = [] if context.options.apply_modifiers else read_modifiers(obj, context)
    data["constraints"] = read_constraints(obj, context)
    _put(data, "animation", read_animation(obj, context))
    add_properties(data, obj, context)
    data["size"] = _size(obj, context)
    for table in TABLES:
        _put(data, table, getattr(context, table))
    record = Record(data, context.arrays)
    if context.options.bake_palette and record.kind == "mesh":
        record = bake(record, Paints(obj, context.cache.setdefault("painted images", {})))
    read_asset(obj, record, context)
    _put(record.data, "notes", [*context.notes, *record.data.get("notes", ())])
    return record


def _put(data: dict[str, Any], key: str, value: Any) -> None:
    if value:
        data[key] = value


def _read_what_it_holds(obj: bpy.types.Object, data: dict[str, Any], context: Context) -> None:
    if obj.type in BECOME_MESHES or (obj.type == "MESH" and context.options.apply_modifiers):
        mesh = _read_as_mesh(obj, context)
        if mesh is None:
            data["kind"], data["was"] = "empty", obj.type
            context.note(f"Blender makes no mesh of this {obj.type.lower()}: only its transform is kept")
        else:
            data["kind"], data["mesh"] = "mesh", mesh
    elif obj.type == "MESH":
        data["mesh"] = read_mesh(obj.data, obj, context)
    elif obj.type == "ARMATURE":
        data["armature"] = read_armature(obj.data, context)
        data["pose"] = read_pose(obj.pose, context)
    elif obj.type == "EMPTY":
        _put(data, "data", read_empty(obj, context))
    elif obj.type in KEPT_KINDS:
        data["data"] = read_data(obj, context)
    else:
        data["kind"], data["was"] = "empty", obj.type
        context.note(f"what the {obj.type.lower()} {obj.data.name!r} holds is not read: only its transform is kept")


def _read_as_mesh(obj: bpy.types.Object, context: Context) -> dict[str, Any] | None:
    """What Blender itself would make of the object as a mesh; with `apply_modifiers`, with modifiers applied. None if
    it has no surface, such as an empty text."""
    applied = context.options.apply_modifiers
    if applied or obj.type == "META":  # metaballs have a surface only as a whole family
        graph = bpy.context.evaluated_depsgraph_get()
        shown = obj.evaluated_get(graph)
        mesh = shown.to_mesh(preserve_all_data_layers=True, depsgraph=graph)
    else:
        shown, mesh = obj, obj.to_mesh()
    if mesh is None:
        return None
    try:
        data = read_bare_mesh(mesh, obj if obj.type == "MESH" else None, context)
    finally:
        shown.to_mesh_clear()
    data["name"] = reference_name(obj.data) if not applied or not len(obj.modifiers) else reference_name(obj)
    if obj.type != "MESH":
        data["was"] = obj.type
        if len(obj.modifiers) and not applied:
            context.note(f"the {obj.type.lower()} became a mesh; its modifiers now work on that")
    return data


def _read_materials(obj: bpy.types.Object, data: dict[str, Any], context: Context) -> None:
    slots = obj.material_slots
    cache = context.cache
    materials: list[dict[str, Any] | None] = []
    for slot in slots:
        material = slot.material
        if material is None:
            materials.append(None)
            continue
        identity = ("material", material.as_pointer())
        if identity not in cache:
            inner = context.next()
            cache[identity] = (read_material(material, inner), inner)
        read, inner = cache[identity]
        context.absorb(inner)
        materials.append(read)
    data["materials"] = materials
    if any(slot.link == "OBJECT" for slot in slots):
        data["material_links"] = [slot.link for slot in slots]


def _read_collections(data: dict[str, Any], context: Context) -> None:
    cache = context.cache
    if "collection paths" not in cache:
        cache["collection paths"] = collection_paths()
    if "collection settings" not in cache:
        cache["collection settings"] = {reference_name(c): read_collection(c, context) for c in bpy.data.collections}
    data["collections"] = cache["collection paths"].get(data["name"], [])
    named = {name for path in data["collections"] for name in path if name}
    by_name = cache["collection settings"]
    _put(data, "collection_settings", {name: by_name[name] for name in sorted(named) if by_name.get(name)})


def _size(obj: bpy.types.Object, context: Context) -> list[float]:
    """Metres along the object's own axes, its scale applied."""
    positions = context.arrays.get("mesh/position")
    if positions is None or not len(positions):
        return [0.0, 0.0, 0.0]
    metres = bpy.context.scene.unit_settings.scale_length
    columns = (positions[:, axis] for axis in range(3))  # a column at a time is many times faster than axis=0
    extents = [float(column.max()) - float(column.min()) for column in columns]
    size = [extent * abs(scale) * metres for extent, scale in zip(extents, world_matrix(obj, context).to_scale())]
    if all(map(math.isfinite, size)):
        return size
    context.note("some of its positions are not finite numbers")
    return [0.0, 0.0, 0.0]
