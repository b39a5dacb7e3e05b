"""An armature: its bones at rest, their collections, and the pose of the object that uses it.

Bones at rest are in armature space, so that their place does not depend on their parents. It knows nothing of
keyframes.
"""

from typing import Any

import bpy

from ..rna.context import Context, reference_name
from ..rna.properties import add_properties
from ..rna.rna import plain, read_struct
from .modifiers import read_constraints

# Stored in other fields, computed, or UI state.
BONE_SKIP = (
    "parent", "children", "collections", "name", "use_connect", "color", "hide", "select", "select_head",
    "select_tail", "bbone_custom_handle_start", "bbone_custom_handle_end",
)  # fmt: skip
POSE_SKIP = (
    "constraints", "name", "motion_path", "bone", "parent", "child", "matrix", "matrix_basis", "matrix_channel",
    "color", "select", "custom_shape", "custom_shape_transform", "bbone_custom_handle_start", "bbone_custom_handle_end",
)  # fmt: skip
IK_LIMITS = ("ik_min_x", "ik_max_x", "ik_min_y", "ik_max_y", "ik_min_z", "ik_max_z")
FULL_TURN = 3.1415927  # what Blender itself allows
ARMATURE_SKIP = ("bones", "edit_bones", "collections", "collections_all")


def read_armature(armature: bpy.types.Armature, context: Context) -> dict[str, Any]:
    """{name, settings, bones: [{name, parent, head, tail, roll, ...}], collections: [{name, parent, bones}]}"""
    data: dict[str, Any] = {
        "name": reference_name(armature),
        "settings": read_struct(armature, context, skip=ARMATURE_SKIP),
    }
    add_properties(data, armature, context)
    data["bones"] = [_read_bone(bone, context) for bone in armature.bones]
    data["collections"] = [
        {
            "name": collection.name,
            "parent": collection.parent.name if collection.parent else None,
            "visible": collection.is_visible,
            "solo": getattr(collection, "is_solo", False),
            "bones": [bone.name for bone in collection.bones],
        }
        for collection in armature.collections_all
    ]
    return data


def _read_bone(bone: bpy.types.Bone, context: Context) -> dict[str, Any]:
    _, roll = bone.AxisRollFromMatrix(bone.matrix_local.to_3x3())
    data: dict[str, Any] = {
        "name": bone.name,
        "parent": bone.parent.name if bone.parent else None,
        "connected": bone.use_connect,
        "head": plain(bone.head_local),
        "tail": plain(bone.tail_local),
        "roll": plain(roll),
        "settings": read_struct(bone, context, skip=BONE_SKIP),
        "hide": bone.hide,
    }
    _add_color(data, bone.color)
    for field in ("bbone_custom_handle_start", "bbone_custom_handle_end"):
        handle = getattr(bone, field)
        if handle is not None:
            data[field] = handle.name
    add_properties(data, bone, context)
    return data


def read_pose(pose: bpy.types.Pose, context: Context) -> list[dict[str, Any]]:
    """One entry per bone, in the bones' order: channels, locks, IK limits, custom shape, constraints."""
    return [_read_pose_bone(bone, context) for bone in pose.bones]


def _read_pose_bone(bone: bpy.types.PoseBone, context: Context) -> dict[str, Any]:
    settings = read_struct(bone, context, skip=POSE_SKIP)
    for name in IK_LIMITS:  # old files hold degrees here, which count as a full turn
        settings[name] = min(max(settings[name], -FULL_TURN), FULL_TURN)
    data: dict[str, Any] = {"name": bone.name, "settings": settings}
    if bone.custom_shape is not None:
        data["custom_shape"] = reference_name(bone.custom_shape)
        if bone.custom_shape_transform is not None:
            data["custom_shape_transform"] = bone.custom_shape_transform.name
    constraints = read_constraints(bone, context)
    if constraints:
        data["constraints"] = constraints
    _add_color(data, bone.color)
    add_properties(data, bone, context)
    return data


def _add_color(data: dict[str, Any], color: Any) -> None:
    if color.palette == "DEFAULT":
        return
    data["color"] = {"palette": color.palette}
    if color.palette == "CUSTOM":
        data["color"] |= {key: plain(getattr(color.custom, key)) for key in ("normal", "select", "active")}
