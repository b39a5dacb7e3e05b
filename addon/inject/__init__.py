"""Records become real datablocks, all of them or none.

    injected = inject(records)                      # into the scene's own collection
    injected = inject(records, trust=True)          # my own file: drivers run as they are
    injected.objects, injected.not_expressed

Names that exist are not overwritten: Blender numbers the newcomer, and references between records follow it.
Nothing that comes in a record is ever executed. If any part fails, everything made so far is removed and
InjectError says which record and field it was. It changes bpy.data and, of the scene, only which objects it holds;
undo steps are up to the caller.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import bpy

from ...records import Record, validate
from .animation import apply_animation
from .armatures import make_armature, write_bones, write_pose
from .kinds import dress_data, make_data
from .limits import within_limits
from .makers import new_making
from .mesh import make_mesh, write_shape_keys, write_skin, write_vertex_groups
from .modifiers import make_constraints, make_modifiers
from .nodes.nodes import make_material
from .objects import write_collections, write_force_field, write_instance, write_parent, write_settings, write_transform
from .properties import write_properties
from .rna.context import InjectError, Making

__all__ = ["InjectError", "Injected", "inject"]


@dataclass
class Injected:
    """What was made, in the records' order, and a sentence for each thing that differs from its record: this Blender
    can't express it, or it would take too long to evaluate."""

    objects: list[bpy.types.Object]
    not_expressed: list[str] = field(default_factory=list)


def inject(
    records: Iterable[Record],
    *,
    collection: bpy.types.Collection | None = None,
    trust: bool = False,
    reuse_materials: bool = False,
    location: Sequence[float] | None = None,
    keep_collections: bool = True,
) -> Injected:
    """Make the objects of `records` under `collection` (the scene's root by default).

    Without `trust` they are held within the limits of `limits/`: InjectError where there are too many things to make,
    and what would take too long to evaluate is switched off. With it everything is as the records say.

    `location` is where their common origin goes: it moves what has no parent among them. `keep_collections=False`
    puts every object into `collection` itself instead of rebuilding the collections it came from.
    """
    records = list(records)
    for record in records:
        validate(record)
    sentences: list[str] = []
    if not trust:
        records, sentences = within_limits(records)
    making = new_making(trust=trust, reuse_materials=reuse_materials)
    root = collection or bpy.context.scene.collection
    try:
        objects = _make_all(records, root, making, keep_collections)
        if location is not None:
            _move(objects, location)
    except BaseException:
        making.undo()
        raise
    return Injected(objects, sentences + making.not_expressed)


def _make_all(
    records: list[Record], root: bpy.types.Collection, making: Making, keep_collections: bool
) -> list[bpy.types.Object]:
    objects: list[bpy.types.Object] = []
    holders = Counter(_data_name(record) for record in records)
    fresh: set[tuple[str, str]] = set()  # data that still lacks what only one object may add to it
    for record in records:
        making.record = record
        with making.at(_part(record)):
            data = _make_data(record, making, shared=holders[_data_name(record)] > 1)
        is_picture = data is not None and data.id_type == "IMAGE"
        obj = making.new("OBJECT", record.name, None if is_picture else data)
        if is_picture:
            obj.empty_display_type = "IMAGE"
            obj.data = data
        objects.append(obj)
        with making.at("collections"):
            write_collections(obj, record, root, making, flat=not keep_collections)
    for record, obj in zip(records, objects):
        making.record = record
        held = (obj.data.id_type, obj.data.name_full) if obj.data is not None else ("", "")
        is_first = held not in fresh
        fresh.add(held)
        _shape(obj, record, making, is_first)
    for step in (_dress, _hang, _animate):
        for record, obj in zip(records, objects):
            making.record = record
            step(obj, record, making)
    making.finish()
    _keep_unused(objects, making)
    return objects


def _keep_unused(objects: list[bpy.types.Object], making: Making) -> None:
    """What is in no scene and has no users would be lost at the next save."""
    for obj in objects:
        if not obj.users:
            obj.use_fake_user = True
    for collection in making.made("COLLECTION"):
        if not collection.users:
            collection.use_fake_user = True


def _part(record: Record) -> str:
    """The name of the field that describes the object's data."""
    return record.kind if record.kind in ("mesh", "armature") else "data"


def _data_name(record: Record) -> tuple[str, str, str]:
    held = record.data.get(_part(record)) or {}
    return str((record.data.get("source") or {}).get("file")), record.kind, str(held.get("name") or record.name)


def _make_data(record: Record, making: Making, shared: bool) -> bpy.types.ID | None:
    if record.kind not in ("mesh", "armature"):
        return make_data(record, making)
    maker = make_mesh if record.kind == "mesh" else make_armature
    if not shared:
        return maker(record, making)
    digest = hashlib.blake2b(digest_size=16)
    for key in sorted(record.arrays):
        if key.startswith(("mesh/", "armature/")):
            digest.update(key.encode())
            digest.update(record.arrays[key].tobytes())
    content = [record.data.get(_part(record)), digest.hexdigest()]
    return making.share(record.kind.upper(), _data_name(record)[2], content, lambda: maker(record, making))


def _shape(obj: bpy.types.Object, record: Record, making: Making, is_first: bool) -> None:
    """All that others may refer to: groups, shape keys, bones, material slots."""
    data: dict[str, Any] = record.data
    mesh = data.get("mesh") or {}
    if is_first and mesh.get("vertex_groups"):
        with making.at("mesh.vertex_groups"):
            write_vertex_groups(obj, mesh["vertex_groups"], record.arrays)
    if is_first and mesh.get("shape_keys"):
        with making.at("mesh.shape_keys"):
            write_shape_keys(obj, mesh["shape_keys"], record.arrays, making)
    if is_first and data.get("armature"):
        with making.at("armature"):
            write_bones(obj, data["armature"], making)
    if data.get("materials") and hasattr(obj.data, "materials"):
        with making.at("materials"):
            _give_materials(obj, record, making)
    with making.at("transform"):
        write_transform(obj, data.get("transform") or {})


def _dress(obj: bpy.types.Object, record: Record, making: Making) -> None:
    """All that refers to other objects."""
    data: dict[str, Any] = record.data
    with making.at("settings"):
        write_settings(obj, data.get("settings") or {}, making)
    if data.get("instance"):
        with making.at("instance"):
            write_instance(obj, data["instance"], making)
    if data.get("modifiers"):
        with making.at("modifiers"):
            make_modifiers(obj, data["modifiers"], making)
    if "mesh/skin/radius" in record.arrays:
        with making.at("mesh.skin"):
            write_skin(obj, record.arrays)
    if data.get("constraints"):
        with making.at("constraints"):
            make_constraints(obj, data["constraints"], making)
    if data.get("pose") and obj.pose is not None:
        with making.at("pose"):
            write_pose(obj, data["pose"], making)
    if data.get("force_field"):
        with making.at("force_field"):
            write_force_field(obj, data["force_field"], making)
    with making.at("data"):
        dress_data(obj, record, making)
    write_properties(obj, data, making)


def _hang(obj: bpy.types.Object, record: Record, making: Making) -> None:
    with making.at("parent"):
        write_parent(obj, record, making)


def _animate(obj: bpy.types.Object, record: Record, making: Making) -> None:
    if record.data.get("animation"):
        with making.at("animation"):
            apply_animation(obj, record.data["animation"], making)
    for part in ("mesh", "armature"):
        held = record.data.get(part) or {}
        if held.get("animation") and obj.data.animation_data is None:
            with making.at(f"{part}.animation"):
                apply_animation(obj.data, held["animation"], making)
    keys = (record.data.get("mesh") or {}).get("shape_keys") or {}
    if keys.get("animation") and obj.data.shape_keys.animation_data is None:
        with making.at("mesh.shape_keys.animation"):
            apply_animation(obj.data.shape_keys, keys["animation"], making)


def _give_materials(obj: bpy.types.Object, record: Record, making: Making) -> None:
    """Fill the slots. A slot linked to the object rather than to its data leaves the data's own slot alone."""
    links = record.data.get("material_links") or []
    for index, data in enumerate(record.data["materials"]):
        with making.at(str(index)):
            material = None if data is None else make_material(data, making)
        on_object = index < len(links) and links[index] == "OBJECT"
        if index >= len(obj.data.materials):
            obj.data.materials.append(None if on_object else material)
        elif not on_object and obj.data.materials[index] is None:
            obj.data.materials[index] = material
        if on_object:
            obj.material_slots[index].link = "OBJECT"
            obj.material_slots[index].material = material


def _move(objects: list[bpy.types.Object], location: Sequence[float]) -> None:
    for obj in objects:
        if obj.parent is None:
            obj.location = [a + b for a, b in zip(obj.location, location)]
