"""A mesh datablock becomes arrays: geometry, every attribute, vertex groups, shape keys.

Everything is read in bulk through attributes, never a vertex at a time (vertex groups excepted: Blender has no
other way). It knows nothing of objects' transforms or materials. The names and shapes are in docs/records.md.
"""

from typing import Any

import bpy
import numpy as np

from ...records import ATTRIBUTE_TYPES, array_key
from ..rna.animation import read_animation
from ..rna.context import Context, reference_name
from ..rna.properties import add_properties
from ..rna.rna import read_struct, short

# Attributes that were renamed; the record uses the newer name.
NEWER_NAMES = {".uv_seam": "uv_seam"}

# Stored elsewhere in the record, or UI state rather than part of the asset.
TOPOLOGY = {"position", ".edge_verts", ".corner_vert", ".corner_edge", "material_index"}
MESH_SKIP = (
    "vertices", "edges", "loops", "polygons", "vertex_normals", "polygon_normals", "corner_normals", "loop_triangles",
    "loop_triangle_polygons", "texture_mesh", "texco_mesh", "uv_layers", "uv_layer_clone", "uv_layer_clone_index",
    "uv_layer_stencil", "uv_layer_stencil_index", "vertex_colors", "skin_vertices", "attributes", "color_attributes",
    "use_paint_bone_selection", "use_paint_mask", "use_paint_mask_vertex", "cycles", "auto_texspace", "shape_keys",
    "sculpt_vertex_colors", "vertex_layers_float", "face_maps",
)  # fmt: skip
CACHEFUL = 1 << 16
SCREEN_STATE = (".select_", ".vs.", ".es.", ".uv_select_")


def read_mesh(mesh: bpy.types.Mesh, obj: bpy.types.Object | None, context: Context) -> dict[str, Any]:
    """The "mesh" part of a record; its arrays go into `context.arrays`, read once even if several objects share it.

    `obj` is whose vertex groups and shape keys these are (None for a bare mesh). Arrays are float32, int32, bool,
    ... owned by the record.
    """
    identity = ("mesh", mesh.as_pointer())
    if identity not in context.cache:
        inner = context.next()
        if mesh.is_editmode and obj is not None:  # in Edit Mode a mesh has no attributes: read a copy
            obj.update_from_editmode()
            data = read_bare_mesh(obj.to_mesh(), obj, inner)
            obj.to_mesh_clear()
            data["name"] = reference_name(mesh)
            if mesh.shape_keys:
                data["shape_keys"] = read_shape_keys(mesh.shape_keys, inner.arrays, inner)
        else:
            data = read_bare_mesh(mesh, obj, inner)
        context.cache[identity] = (data, inner)
    data, inner = context.cache[identity]
    context.absorb(inner)
    result: dict[str, Any] = data
    return result


def read_bare_mesh(mesh: bpy.types.Mesh, obj: bpy.types.Object | None, context: Context) -> dict[str, Any]:
    """As `read_mesh`, but never from the cache: for meshes that live only while they are read."""
    arrays = context.arrays
    read_topology(mesh, arrays)
    data: dict[str, Any] = {
        "name": reference_name(mesh),
        "attributes": read_attributes(mesh, arrays, "mesh/attribute/"),
    }
    uv_maps = mesh.uv_layers
    if len(uv_maps):
        render = next((layer.name for layer in uv_maps if layer.active_render), uv_maps[0].name)
        data["uv"] = {"active": uv_maps.active.name if uv_maps.active else uv_maps[0].name, "render": render}
    colors = mesh.color_attributes
    if len(colors):
        active = colors.active_color
        index = colors.render_color_index
        data["color"] = {
            "active": active.name if active else None,
            "default": colors[index].name if 0 <= index < len(colors) else None,
        }
    if mesh.has_custom_normals:
        normals = np.empty(len(mesh.loops) * 3, np.float32)
        mesh.corner_normals.foreach_get("vector", normals)
        arrays["mesh/corner_normal"] = normals.reshape(-1, 3)
    if obj is not None and len(obj.vertex_groups):
        data["vertex_groups"] = read_vertex_groups(mesh.vertices, obj, context)
    if mesh.shape_keys:
        data["shape_keys"] = read_shape_keys(mesh.shape_keys, arrays, context)
    if mesh.skin_vertices:
        _read_skin(mesh, arrays)
    settings = read_struct(mesh, context, skip=MESH_SKIP)
    if settings.get("use_auto_texspace"):  # then the rest of it is computed
        settings.pop("texspace_location", None)
        settings.pop("texspace_size", None)
    data["settings"] = settings
    add_properties(data, mesh, context)
    animation = read_animation(mesh, context)
    if animation:
        data["animation"] = animation
    return data


def read_topology(mesh: bpy.types.Mesh, arrays: dict[str, np.ndarray]) -> None:
    """Positions, edges, faces, corners and material indices, in Blender's own order."""
    verts, edges, faces, corners = len(mesh.vertices), len(mesh.edges), len(mesh.polygons), len(mesh.loops)
    attributes = mesh.attributes
    arrays["mesh/position"] = _values(attributes.get("position"), "vector", (verts, 3), np.float32)
    arrays["mesh/edges"] = _values(attributes.get(".edge_verts"), "value", (edges, 2), np.int32)
    arrays["mesh/corner_vert"] = _values(attributes.get(".corner_vert"), "value", (corners,), np.int32)
    arrays["mesh/corner_edge"] = _values(attributes.get(".corner_edge"), "value", (corners,), np.int32)
    starts = np.empty(faces, np.int32)
    mesh.polygons.foreach_get("loop_start", starts)
    arrays["mesh/loop_start"] = starts
    material_index = attributes.get("material_index")
    if material_index is not None and material_index.domain == "FACE" and material_index.data_type == "INT":
        arrays["mesh/material_index"] = _values(material_index, "value", (faces,), np.int32)


def read_attributes(owner: Any, arrays: dict[str, np.ndarray], prefix: str) -> list[dict[str, Any]]:
    """Every attribute of a mesh, point cloud or hair that is not topology: [{name, domain, type, key}]."""
    listed = []
    for attribute in owner.attributes:
        name, kind = attribute.name, attribute.data_type
        if name in TOPOLOGY or name.startswith(SCREEN_STATE) or kind not in ATTRIBUTE_TYPES:
            continue
        name = NEWER_NAMES.get(name, name)
        key = prefix + array_key(name)
        count = len(attribute.data)
        dtype, shape, member = ATTRIBUTE_TYPES[kind]
        if kind == "STRING":
            texts = [item.value for item in attribute.data]
            texts = [text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text for text in texts]
            arrays[key] = np.frombuffer(b"".join(texts), np.uint8)
            arrays[key + "/end"] = np.cumsum([len(text) for text in texts], dtype=np.int32)
        elif kind == "BYTE_COLOR":  # as stored: sRGB bytes, which color_srgb gives as n/255
            arrays[key] = _bytes(_values(attribute, member, (count, 4), np.float32))
        else:
            arrays[key] = _values(attribute, member, (count, *shape), dtype)
        listed.append({"name": name, "domain": attribute.domain, "type": kind, "key": key})
    return listed


def read_vertex_groups(
    points: Any, obj: bpy.types.Object, context: Context, prefix: str = "mesh/vertex_group/"
) -> list[dict[str, Any]]:
    """Weights as three equal-length arrays (vertex, group, weight), ordered by vertex, then by group.

    `points` are a mesh's vertices or a lattice's points.
    """
    count = len(obj.vertex_groups)
    weights = [(i, g.group, g.weight) for i, point in enumerate(points) for g in point.groups]
    table = np.array(weights, np.float64).reshape(-1, 3)
    vertex, group = table[:, 0].astype(np.int32), table[:, 1].astype(np.int64)
    known = (group >= 0) & (group < count)
    if not known.all():
        context.note(f"{obj.name}: {int((~known).sum())} weights of vertex groups that do not exist were left out")
        vertex, group, table = vertex[known], group[known], table[known]
    order = np.lexsort((group, vertex))
    twice = np.zeros(len(order), bool)  # Blender uses only the first weight of a vertex in a group
    twice[1:] = (np.diff(vertex[order]) == 0) & (np.diff(group[order]) == 0)
    order = order[~twice]
    context.arrays[prefix + "vertex"] = vertex[order]
    context.arrays[prefix + "group"] = group[order].astype(np.int32)
    context.arrays[prefix + "weight"] = table[order, 2].astype(np.float32)
    return [
        {"name": name, "lock_weight": group.lock_weight}
        for name, group in zip(_each_once([group.name for group in obj.vertex_groups]), obj.vertex_groups)
    ]


def _each_once(names: list[str]) -> list[str]:
    """Old files may hold groups of the same name; they are numbered as Blender would, so that they can be recreated."""
    once: list[str] = []
    for name in names:
        stem, number, unique = name.rsplit(".", 1)[0] if name[-4:-3] == "." else name, 1, name
        while unique in once:
            unique, number = f"{stem}.{number:03}", number + 1
        once.append(unique)
    return once


def read_shape_keys(keys: bpy.types.Key, arrays: dict[str, np.ndarray], context: Context) -> dict[str, Any]:
    """Shape keys: block i's positions are "mesh/shape_key/<i>" (V, 3) float32."""
    blocks = []
    for index, block in enumerate(keys.key_blocks):
        positions = np.empty(len(block.data) * 3, np.float32)
        block.data.foreach_get("co", positions)
        arrays[f"mesh/shape_key/{index}"] = positions.reshape(-1, 3)
        relative = next((i for i, other in enumerate(keys.key_blocks) if other == block.relative_key), 0)
        blocks.append(
            {
                "name": block.name,
                "relative": relative,
                "value": short(block.value),
                "slider_min": short(block.slider_min),
                "slider_max": short(block.slider_max),
                "mute": block.mute,
                "lock": block.lock_shape,
                "vertex_group": block.vertex_group,
                "interpolation": block.interpolation,
            }
        )
    data = {"name": keys.name, "use_relative": keys.use_relative, "eval_time": short(keys.eval_time), "blocks": blocks}
    add_properties(data, keys, context)
    animation = read_animation(keys, context)
    if animation:
        data["animation"] = animation
    return data


def _read_skin(mesh: bpy.types.Mesh, arrays: dict[str, np.ndarray]) -> None:
    layer = mesh.skin_vertices[0].data
    radius, root, loose = np.empty(len(layer) * 2, np.float32), np.empty(len(layer), bool), np.empty(len(layer), bool)
    layer.foreach_get("radius", radius)
    layer.foreach_get("use_root", root)
    layer.foreach_get("use_loose", loose)
    arrays["mesh/skin/radius"], arrays["mesh/skin/root"], arrays["mesh/skin/loose"] = radius.reshape(-1, 2), root, loose


def _bytes(colors: np.ndarray) -> np.ndarray:
    """n/255 as float32 back to n, a cacheful at a time: several times faster than all at once."""
    flat, out = colors.reshape(-1), np.empty(colors.size, np.uint8)
    for start in range(0, flat.size, CACHEFUL):
        part = flat[start : start + CACHEFUL] * np.float32(255.0)
        part += np.float32(0.5)
        out[start : start + CACHEFUL] = part
    return out.reshape(colors.shape)


def _values(attribute: Any, member: str, shape: tuple[int, ...], dtype: Any) -> np.ndarray:
    values = np.empty(shape, dtype) if attribute is not None else np.zeros(shape, dtype)
    if attribute is not None and values.size:
        attribute.data.foreach_get(member, values.reshape(-1))
    return values
