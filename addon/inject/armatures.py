"""Bones and poses. Blender makes bones only in edit mode, so this is the one maker that needs operators."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import bpy

from ...records import Record
from .modifiers import make_constraints
from .properties import write_properties
from .rna.context import Making
from .rna.rna import write_struct


def make_armature(record: Record, making: Making) -> bpy.types.Armature:
    """The armature datablock, still without bones: `write_bones` needs the object first."""
    data = record.data.get("armature") or {}
    return making.new("ARMATURE", data.get("name") or record.name)


def write_bones(obj: bpy.types.Object, data: dict[str, Any], making: Making) -> None:
    """Bones at rest and their collections."""
    armature, bones = obj.data, data.get("bones") or []
    with _edit_mode(obj):
        for bone in bones:
            made = armature.edit_bones.new(bone["name"])
            made.head, made.tail, made.roll = bone["head"], bone["tail"], bone.get("roll", 0.0)
        for bone in bones:
            if bone.get("parent"):
                made = armature.edit_bones[bone["name"]]
                made.parent = armature.edit_bones.get(bone["parent"])
                made.use_connect = bone.get("connected", False)
    for bone in bones:
        made = armature.bones.get(bone["name"])
        if made is None:
            making.cannot(f"bone {bone['name']!r}: Blender keeps no bone without length")
            continue
        with making.at(f"bones[{bone['name']}]"):
            write_struct(_finder(armature.bones, bone["name"]), bone.get("settings") or {}, making)
            made.hide = bone.get("hide", False)
            for field in ("bbone_custom_handle_start", "bbone_custom_handle_end"):
                if field in bone:
                    setattr(made, field, armature.bones.get(bone[field]))
            _write_color(made.color, bone.get("color"))
            write_properties(made, bone, making)
    with making.at("collections"):
        _write_collections(armature, data.get("collections") or [])
    write_struct(lambda: armature, data.get("settings") or {}, making)
    write_properties(armature, data, making)


def write_pose(obj: bpy.types.Object, pose: list[dict[str, Any]], making: Making) -> None:
    for bone in pose:
        made = obj.pose.bones.get(bone["name"])
        if made is None:
            making.cannot(f"there is no bone {bone['name']!r} to pose")
            continue
        with making.at(f"pose[{bone['name']}]"):
            write_struct(_finder(obj.pose.bones, bone["name"]), bone.get("settings") or {}, making)
            if bone.get("custom_shape"):
                made.custom_shape = making.find("OBJECT", bone["custom_shape"])
                if made.custom_shape is None:
                    making.cannot(f"its shape {bone['custom_shape']!r} is not among the records")
                if bone.get("custom_shape_transform"):
                    made.custom_shape_transform = obj.pose.bones.get(bone["custom_shape_transform"])
            if bone.get("constraints"):
                make_constraints(made, bone["constraints"], making)
            _write_color(made.color, bone.get("color"))
            write_properties(made, bone, making)


def _finder(bones: Any, name: str) -> Callable[[], Any]:
    return lambda: bones[name]


def _write_collections(armature: bpy.types.Armature, collections: list[dict[str, Any]]) -> None:
    for collection in collections:
        parent = armature.collections_all.get(collection["parent"]) if collection.get("parent") else None
        made = armature.collections.new(collection["name"], parent=parent)
        for name in collection.get("bones") or []:
            bone = armature.bones.get(name)
            if bone is not None:
                made.assign(bone)
        made.is_visible = collection.get("visible", True)
        if collection.get("solo"):
            made.is_solo = True


def _write_color(color: Any, data: dict[str, Any] | None) -> None:
    if not data:
        return
    color.palette = data["palette"]
    for key in ("normal", "select", "active"):
        if key in data:
            setattr(color.custom, key, data[key])


@contextmanager
def _edit_mode(obj: bpy.types.Object) -> Iterator[None]:
    """Edit mode on `obj`, with everything as it was afterwards: what is active, what is selected, its mode."""
    layer = bpy.context.view_layer
    was_active, was_selected = layer.objects.active, [o for o in layer.objects if o.select_get()]
    was_mode = was_active.mode if was_active is not None else "OBJECT"
    if was_mode != "OBJECT":
        bpy.ops.object.mode_set(mode="OBJECT")
    borrowed = obj.name not in layer.objects
    root = bpy.context.scene.collection
    if borrowed:
        root.objects.link(obj)
    was_hidden, obj.hide_viewport = obj.hide_viewport, False
    layer.update()
    layer.objects.active = obj
    bpy.ops.object.mode_set(mode="EDIT")
    try:
        yield
    finally:
        bpy.ops.object.mode_set(mode="OBJECT")
        obj.hide_viewport = was_hidden
        if borrowed:
            root.objects.unlink(obj)
        for other in list(layer.objects):
            other.select_set(other in was_selected)
        layer.objects.active = was_active
        if was_mode != "OBJECT":
            bpy.ops.object.mode_set(mode=was_mode)
