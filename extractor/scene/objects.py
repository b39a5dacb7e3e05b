"""An object becomes the dict of a record: its transform, its parent and collections, its settings.

It knows nothing of vertices, node trees or keyframes, which have their own readers.
"""

import re
from typing import Any

import bpy
from mathutils import Matrix

from ..rna.context import Context, reference_name
from ..rna.properties import add_properties
from ..rna.rna import plain, read_struct

Path = list[str | None]

# Settings of an object that are stored in other fields, computed, part of a modifier, or UI state.
OBJECT_SKIP = frozenset((
    "data", "parent", "parent_type", "parent_vertices", "parent_bone", "use_parent_final_indices",
    "use_camera_lock_parent", "material_slots", "active_material", "active_material_index", "location",
    "rotation_quaternion", "rotation_axis_angle", "rotation_euler", "rotation_mode", "scale", "dimensions",
    "delta_location", "delta_rotation_euler", "delta_rotation_quaternion", "delta_scale", "matrix_world",
    "matrix_local", "matrix_basis", "matrix_parent_inverse", "modifiers", "shader_effects", "constraints",
    "vertex_groups", "image_user", "field", "collision", "soft_body", "particle_systems", "rigid_body",
    "rigid_body_constraint",
    "show_instancer_for_render", "show_instancer_for_viewport", "instance_type", "use_instance_vertices_rotation",
    "use_instance_faces_scale", "instance_faces_scale", "instance_collection", "pose", "active_shape_key",
    "use_shape_key_edit_mode", "light_linking", "animation_visualization", "motion_path", "selection_sets",
    "active_selection_set", "cycles", "cycles_visibility", "display", "face_maps", "grease_pencil_modifiers",
    "use_grease_pencil_lights", "proxy",
))  # fmt: skip


# Objects of other types become empties, with display settings of their own.
HOLDERS = {
    "MESH", "CURVE", "SURFACE", "FONT", "META", "ARMATURE", "LIGHT", "CAMERA", "LATTICE", "SPEAKER", "LIGHT_PROBE",
}  # fmt: skip


def read_settings(obj: bpy.types.Object, context: Context) -> dict[str, Any]:
    """How the object is shown, locked, coloured and seen by rays."""
    settings = read_struct(obj, context, skip=OBJECT_SKIP)
    if obj.type in HOLDERS:
        settings = {key: value for key, value in settings.items() if "empty" not in key}
    return settings


def read_force_field(obj: bpy.types.Object, context: Context) -> dict[str, Any] | None:
    field = obj.field
    return read_struct(field, context) if field is not None and field.type != "NONE" else None


def world_matrix(obj: bpy.types.Object, context: Context) -> Matrix:
    """Where the object is. If Blender has not evaluated it, it depends only on parents (see importers.py)."""
    if context.options.worked_out:
        return obj.matrix_world
    known: dict[int, Matrix] = context.cache.setdefault("world matrices", {})
    place = obj.as_pointer()
    if place not in known:
        known[place] = matrix = obj.matrix_basis  # set early, in case the parents form a ring
        if (parent := obj.parent) is not None:
            known[place] = matrix = world_matrix(parent, context) @ obj.matrix_parent_inverse @ matrix
    return known[place]


def read_transform(obj: bpy.types.Object, context: Context) -> dict[str, Any]:
    """Location in metres of the scene, rotation in the mode it is in, every delta, and its relation to its parent.

    "world" is the resulting matrix at the time of reading, for use without the parent.
    """
    return {
        "location": plain(obj.location),
        "rotation_mode": obj.rotation_mode,
        "rotation": plain(obj.rotation_euler),
        "rotation_quaternion": plain(obj.rotation_quaternion),
        "rotation_axis_angle": plain(obj.rotation_axis_angle),
        "scale": plain(obj.scale),
        "delta_location": plain(obj.delta_location),
        "delta_rotation": plain(obj.delta_rotation_euler),
        "delta_rotation_quaternion": plain(obj.delta_rotation_quaternion),
        "delta_scale": plain(obj.delta_scale),
        "parent_inverse": plain(obj.matrix_parent_inverse),
        "world": plain(world_matrix(obj, context)),
    }


def read_parent(obj: bpy.types.Object) -> dict[str, Any] | None:
    parent = obj.parent
    if parent is None:
        return None
    data: dict[str, Any] = {"name": reference_name(parent), "type": obj.parent_type}
    if obj.parent_type == "BONE":
        data["bone"] = obj.parent_bone
    if obj.parent_type.startswith("VERTEX"):
        data["vertices"] = list(obj.parent_vertices)
    if getattr(obj, "use_parent_final_indices", False):
        data["use_final_indices"] = True
    if obj.use_camera_lock_parent:
        data["camera_lock"] = True
    return data


def read_instance(obj: bpy.types.Object) -> dict[str, Any] | None:
    """What an object scatters: a collection, or its children over its vertices or faces."""
    if obj.instance_type == "NONE":
        return None
    data: dict[str, Any] = {"type": obj.instance_type}
    if obj.instance_collection is not None:
        data["collection"] = reference_name(obj.instance_collection)
    for name in (
        "use_instance_vertices_rotation",
        "use_instance_faces_scale",
        "instance_faces_scale",
        "show_instancer_for_render",
        "show_instancer_for_viewport",
    ):
        data[name] = plain(getattr(obj, name))
    return data


def collection_paths() -> dict[str, list[Path]]:
    """Every object's (by reference name) collections, as paths of names from the scene's root, which is [].

    A path that starts with None is not in any scene: such a collection exists to be instanced.
    """
    paths: dict[str, list[Path]] = {}
    reached: set[int] = set()

    def walk(collection: bpy.types.Collection, path: Path) -> None:
        reached.add(collection.as_pointer())
        for obj in collection.objects:
            known = paths.setdefault(reference_name(obj), [])
            if path not in known:
                known.append(path)
        for child in collection.children:
            if child is not None and reference_name(child) not in path:
                walk(child, [*path, reference_name(child)])

    for scene in bpy.data.scenes:
        walk(scene.collection, [])
    inner = {child.as_pointer() for collection in bpy.data.collections for child in collection.children}
    for only_roots in (True, False):  # a ring of collections has no root: start anywhere in it
        for collection in bpy.data.collections:
            if collection.as_pointer() not in reached and not (only_roots and collection.as_pointer() in inner):
                walk(collection, [None, reference_name(collection)])
    return {name: sorted(places, key=_path_order) for name, places in paths.items()}


def _path_order(path: Path) -> list[str]:
    return [name or "" for name in path]


def read_collection(collection: bpy.types.Collection, context: Context) -> dict[str, Any]:
    """A collection's settings that differ from a new one's."""
    data: dict[str, Any] = {}
    if collection.color_tag != "NONE":
        data["color_tag"] = collection.color_tag
    for name in ("hide_viewport", "hide_render", "hide_select"):
        if getattr(collection, name):
            data[name] = True
    if any(collection.instance_offset):
        data["instance_offset"] = plain(collection.instance_offset)
    add_properties(data, collection, context)
    return data


def label_of(name: str) -> str:
    """Words from an object's name: "SM_wooden-Chair.003" -> "wooden chair"."""
    words = re.sub(r"\.\d+$", "", name)
    words = re.sub(r"(?<=[a-zß-ÿ0-9])(?=[A-Z])", " ", words)
    words = re.sub(r"[\W_]+", " ", words)
    kept = [word for word in words.split() if not re.fullmatch(r"(?i)sm|geo|mesh|obj|lod\d*|\d+", word)]
    return " ".join(kept or words.split()).lower()


def read_source(obj: bpy.types.Object, context: Context) -> dict[str, Any]:
    """Who made it: from the caller, completed from the asset's metadata."""
    options = context.options
    source: dict[str, Any] = {"file": options.source_file, "author": options.author}
    source |= {"license": options.license, "url": options.url}
    asset = obj.asset_data
    if asset is not None:
        source["author"] = source["author"] or getattr(asset, "author", "")
        source["license"] = source["license"] or getattr(asset, "license", "")
        source["description"] = asset.description
        source["tags"] = [tag.name for tag in asset.tags]
    return {key: value for key, value in source.items() if value}
