"""Arrays become a mesh datablock, in bulk: no vertex is touched one at a time (weights of vertex groups excepted).

It knows nothing of objects' transforms or materials.
"""

from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

from ...records import ATTRIBUTE_TYPES, Record
from .properties import write_properties
from .rna.context import Making
from .rna.rna import write_struct

# Newer attribute names and what Blender before 5.0 calls them.
OLDER_NAMES = {"uv_seam": ".uv_seam"} if bpy.app.version < (5, 0, 0) else {}


def make_mesh(record: Record, making: Making) -> bpy.types.Mesh:
    """The mesh datablock of `record`, without what only an object can hold (vertex groups, shape keys)."""
    arrays, data = record.arrays, record.data.get("mesh") or {}
    mesh = making.new("MESH", data.get("name") or record.name)
    write_topology(mesh, arrays)
    with making.at("attributes"):
        write_attributes(mesh, data.get("attributes") or [], arrays, making)
    if "mesh/edges" not in arrays:
        mesh.update(calc_edges=True, calc_edges_loose=True)
    _write_normals(mesh, record)
    _choose_layers(mesh, data)
    write_struct(lambda: mesh, data.get("settings") or {}, making, "mesh")
    write_properties(mesh, data, making)
    return mesh


def write_topology(mesh: bpy.types.Mesh, arrays: dict[str, NDArray[Any]]) -> None:
    """Vertices, edges, corners and faces of an empty mesh; edges only if the record has them."""
    positions, starts, corners = arrays["mesh/position"], arrays["mesh/loop_start"], arrays["mesh/corner_vert"]
    edges, corner_edges = arrays.get("mesh/edges"), arrays.get("mesh/corner_edge")
    attributes = mesh.attributes
    if not len(positions):
        return
    mesh.vertices.add(len(positions))
    attributes["position"].data.foreach_set("vector", _flat(positions, np.float32))
    if edges is not None and len(edges):
        mesh.edges.add(len(edges))
        attributes[".edge_verts"].data.foreach_set("value", _flat(edges, np.int32))
    if len(starts):
        mesh.loops.add(len(corners))
        mesh.polygons.add(len(starts))
        mesh.polygons.foreach_set("loop_start", _flat(starts, np.int32))
        attributes[".corner_vert"].data.foreach_set("value", _flat(corners, np.int32))
        if edges is not None and corner_edges is not None:
            attributes[".corner_edge"].data.foreach_set("value", _flat(corner_edges, np.int32))
        elif edges is not None:
            mesh.update(calc_edges=True)
    material_index = arrays.get("mesh/material_index")
    if material_index is not None and len(starts):
        layer = attributes.new("material_index", "INT", "FACE")
        layer.data.foreach_set("value", _flat(material_index, np.int32))


def write_attributes(owner: Any, listed: list[dict[str, Any]], arrays: dict[str, NDArray[Any]], making: Making) -> None:
    """Attributes of a mesh, point cloud or hair, in the record's order."""
    known = {item.identifier for item in bpy.types.Attribute.bl_rna.properties["data_type"].enum_items}
    for entry in listed:
        name = OLDER_NAMES.get(entry["name"], entry["name"])
        if entry["type"] not in known and name == "custom_normal" and "mesh/corner_normal" in arrays:
            continue  # said by those
        if entry["type"] not in known:
            making.cannot(f"attribute {name!r} of type {entry['type']} is unknown to this Blender")
            continue
        values = arrays[entry["key"]]
        dtype, _, member = ATTRIBUTE_TYPES[entry["type"]]
        layer = owner.attributes.get(name)
        if layer is None or layer.domain != entry["domain"] or layer.data_type != entry["type"]:
            layer = owner.attributes.new(name, entry["type"], entry["domain"])
        if layer is None or layer.name != name:
            making.cannot(f"attribute {name!r} can't have this name in this Blender")
            if layer is None:
                continue
        if not len(layer.data):
            continue
        if entry["type"] == "STRING":
            raw, start = values.tobytes(), 0
            for item, end in zip(layer.data, arrays[entry["key"] + "/end"].tolist()):
                item.value = raw[start:end]
                start = end
        elif entry["type"] == "BYTE_COLOR":
            layer.data.foreach_set(member, np.divide(_flat(values, np.uint8), 255.0, dtype=np.float32))
        else:
            layer.data.foreach_set(member, _flat(values, dtype))


def write_vertex_groups(
    obj: bpy.types.Object,
    groups: list[dict[str, Any]],
    arrays: dict[str, NDArray[Any]],
    prefix: str = "mesh/vertex_group/",
) -> None:
    """Groups with their weights. Blender's bulk call gives all vertices of a group one weight, so that comes first."""
    for group in groups:
        made = obj.vertex_groups.new(name=group["name"])
        made.lock_weight = bool(group.get("lock_weight"))
    vertex = arrays.get(prefix + "vertex")
    if vertex is None or not len(vertex):
        return
    index_of, weight = arrays[prefix + "group"], np.ascontiguousarray(arrays[prefix + "weight"], np.float32)
    for index, made in enumerate(obj.vertex_groups):
        made.add(vertex[index_of == index].tolist(), 1.0, "REPLACE")
    starts = np.flatnonzero(np.r_[True, vertex[1:] != vertex[:-1]])
    ends = np.r_[starts[1:], len(vertex)]
    points = obj.data.points if obj.type == "LATTICE" else obj.data.vertices
    for index, start, end in zip(vertex[starts].tolist(), starts.tolist(), ends.tolist()):
        points[index].groups.foreach_set("weight", weight[start:end])


def write_shape_keys(
    obj: bpy.types.Object, keys: dict[str, Any], arrays: dict[str, NDArray[Any]], making: Making
) -> None:
    """Shape keys in order; references between them by index."""
    for index, block in enumerate(keys["blocks"]):
        made = obj.shape_key_add(name=block["name"], from_mix=False)
        made.data.foreach_set("co", _flat(arrays[f"mesh/shape_key/{index}"], np.float32))
    made_keys = obj.data.shape_keys
    for index, block in enumerate(keys["blocks"]):
        made = made_keys.key_blocks[index]
        # the ends of the range limit each other and the value: widest first
        made.slider_min, made.slider_max = -10.0, 10.0
        made.value = block.get("value", 0.0)
        made.slider_min, made.slider_max = block.get("slider_min", 0.0), block.get("slider_max", 1.0)
        made.mute, made.lock_shape = block.get("mute", False), block.get("lock", False)
        made.interpolation = block.get("interpolation", "KEY_LINEAR")
        made.vertex_group = block.get("vertex_group", "")
        made.relative_key = made_keys.key_blocks[block.get("relative", 0)]
    made_keys.name = keys.get("name") or made_keys.name
    made_keys.use_relative, made_keys.eval_time = keys.get("use_relative", True), keys.get("eval_time", 0.0)
    write_properties(made_keys, keys, making)


def write_skin(obj: bpy.types.Object, arrays: dict[str, NDArray[Any]]) -> None:
    """Radii and roots of a Skin modifier; only such a modifier makes Blender keep them."""
    extra = None if obj.data.skin_vertices else obj.modifiers.new("Skin", "SKIN")
    layer = obj.data.skin_vertices[0].data
    layer.foreach_set("radius", _flat(arrays["mesh/skin/radius"], np.float32))
    layer.foreach_set("use_root", _flat(arrays["mesh/skin/root"], bool))
    layer.foreach_set("use_loose", _flat(arrays["mesh/skin/loose"], bool))
    if extra is not None:
        obj.modifiers.remove(extra)


def _write_normals(mesh: bpy.types.Mesh, record: Record) -> None:
    """Custom normals where they aren't there already as an attribute."""
    normals = record.arrays.get("mesh/corner_normal")
    if normals is None or mesh.attributes.get("custom_normal") is not None or len(mesh.loops) != len(normals):
        return
    mesh.normals_split_custom_set(normals)
    if "blender" not in record.data:
        return
    # Blender marks more edges as sharp, in case the normals need them; those that were read did without.
    added = mesh.attributes.get("sharp_edge")
    sharp = record.arrays.get("mesh/attribute/sharp_edge")
    if added is not None and sharp is not None:
        added.data.foreach_set("value", _flat(sharp, bool))
    elif added is not None:
        mesh.attributes.remove(added)


def _choose_layers(mesh: bpy.types.Mesh, data: dict[str, Any]) -> None:
    uv, color = data.get("uv") or {}, data.get("color") or {}
    for layer in mesh.uv_layers:
        if layer.name == uv.get("active"):
            mesh.uv_layers.active = layer
        if layer.name == uv.get("render"):
            layer.active_render = True
    colors = mesh.color_attributes
    for index, layer in enumerate(colors):
        if layer.name == color.get("active"):
            colors.active_color = layer
        if layer.name == color.get("default"):
            colors.render_color_index = index


def _flat(values: NDArray[Any], dtype: Any) -> NDArray[Any]:
    return np.ascontiguousarray(values, dtype).reshape(-1)
