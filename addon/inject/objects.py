"""The dict of a record becomes an object: where it stands, what it belongs to, which collections hold it.

It knows nothing of vertices, node trees or keyframes.
"""

from typing import Any

import bpy
from mathutils import Matrix

from ...records import Record
from .properties import write_properties
from .rna.context import Making
from .rna.rna import write_struct


def write_transform(obj: bpy.types.Object, transform: dict[str, Any]) -> None:
    """Every field is optional; what is missing stays as a new object has it."""
    obj.rotation_mode = transform.get("rotation_mode", "XYZ")
    for field, member in (
        ("location", "location"),
        ("rotation", "rotation_euler"),
        ("rotation_quaternion", "rotation_quaternion"),
        ("rotation_axis_angle", "rotation_axis_angle"),
        ("scale", "scale"),
        ("delta_location", "delta_location"),
        ("delta_rotation", "delta_rotation_euler"),
        ("delta_rotation_quaternion", "delta_rotation_quaternion"),
        ("delta_scale", "delta_scale"),
    ):
        if field in transform:
            setattr(obj, member, transform[field])


def write_settings(obj: bpy.types.Object, settings: dict[str, Any], making: Making) -> None:
    """How the object is shown, locked, coloured and seen by rays."""
    write_struct(lambda: obj, settings, making, "object")


def write_force_field(obj: bpy.types.Object, field: dict[str, Any], making: Making) -> None:
    """A force field, whose type says which of its settings count."""
    if obj.field is None:  # an object has none until this operator gives it one
        with bpy.context.temp_override(object=obj, active_object=obj):
            bpy.ops.object.forcefield_toggle()
    obj.field.type = field.get("type", "NONE")
    write_struct(lambda: obj.field, field, making, "force field")


def write_parent(obj: bpy.types.Object, record: Record, making: Making) -> None:
    """Parent `obj` if its parent was made too; else leave it where it was in the world."""
    parent, transform = record.data.get("parent"), record.data.get("transform") or {}
    if not parent:
        if "parent_inverse" in transform:
            obj.matrix_parent_inverse = Matrix(transform["parent_inverse"])
        return
    holder = making.find("OBJECT", parent["name"])
    if holder is None:
        making.cannot(f"its parent {parent['name']!r} is not among the records; it has no parent now")
        if "world" in transform:
            obj.matrix_world = Matrix(transform["world"])
        return
    above = holder
    while above is not None:
        if above == obj:
            making.cannot(f"its parent {parent['name']!r} is also its child: parents in a ring; it has no parent now")
            return
        above = above.parent
    obj.parent = holder
    obj.parent_type = parent.get("type", "OBJECT")
    if "bone" in parent:
        obj.parent_bone = parent["bone"]
    if "vertices" in parent:
        obj.parent_vertices = parent["vertices"]
    if "camera_lock" in parent:
        obj.use_camera_lock_parent = parent["camera_lock"]
    if "parent_inverse" in transform:
        obj.matrix_parent_inverse = Matrix(transform["parent_inverse"])


def write_instance(obj: bpy.types.Object, instance: dict[str, Any], making: Making) -> None:
    obj.instance_type = instance["type"]
    if "collection" in instance:
        collection = making.find("COLLECTION", instance["collection"])
        if collection is None:
            making.cannot(f"the collection {instance['collection']!r} that it instances is not among the records")
        obj.instance_collection = collection
    for name, value in instance.items():
        if name not in ("type", "collection"):
            setattr(obj, name, value)


def write_collections(
    obj: bpy.types.Object, record: Record, root: bpy.types.Collection, making: Making, flat: bool = False
) -> None:
    """Link `obj` into its collections below `root`, made where missing. With `flat`, into `root` itself."""
    paths: list[Any] = record.data.get("collections", [[]])
    if flat:
        paths = [[]]
    for path in paths:
        outside = bool(path) and path[0] is None
        holder = None if outside else root
        for name in path[1:] if outside else path:
            child = making.find("COLLECTION", name)
            if child is None:
                child = making.new("COLLECTION", name)
                _write_collection(child, (record.data.get("collection_settings") or {}).get(name) or {}, making)
            if holder is not None and making.first_time("child", holder.name_full, child.name_full):
                try:
                    holder.children.link(child)
                except RuntimeError:
                    making.cannot(f"collection {name!r} holds the one that holds it")
            holder = child
        if holder is not None and making.first_time("object", holder.name_full, obj.name_full):
            holder.objects.link(obj)


def _write_collection(collection: bpy.types.Collection, settings: dict[str, Any], making: Making) -> None:
    for name in ("color_tag", "hide_viewport", "hide_render", "hide_select", "instance_offset"):
        if name in settings:
            setattr(collection, name, settings[name])
    write_properties(collection, settings, making)
