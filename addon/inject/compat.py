"""What Blender 4.2 to 5.2 call differently, in one place and both ways.

A record uses the names of the Blender it came from. Here they are translated to those of the running Blender, by asking
it (`hasattr`, its enums, its registered types) rather than by version number. Callers report what has no translation,
one sentence each.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import bpy
from mathutils import Matrix

# --- properties -----------------------------------------------------------------------------------------------

# (RNA type, property) -> other names it has had; the first that exists is used.
RENAMED: dict[tuple[str, str], tuple[str, ...]] = {
    ("Material", "use_screen_refraction"): ("use_raytrace_refraction",),
    ("NodeTree", "is_type_point_cloud"): ("is_type_pointcloud",),
    ("NodeTree", "is_type_pointcloud"): ("is_type_point_cloud",),
    ("Modifier", "layer_filter"): ("tree_node_filter",),
    ("Modifier", "tree_node_filter"): ("layer_filter",),
    ("ShaderNodeTexSky", "dust_density"): ("aerosol_density",),
    ("ShaderNodeTexSky", "aerosol_density"): ("dust_density",),
    ("GreasePencilTextureModifier", "vertex_group_name"): ("vertex_group_name",),
}

# (RNA type, property, value) -> values to try in its place, in order.
REPLACED_VALUES: dict[tuple[str, str, Any], tuple[Any, ...]] = {
    ("BooleanModifier", "solver", "FAST"): ("FLOAT",),
    ("BooleanModifier", "solver", "FLOAT"): ("FAST",),
    ("BooleanModifier", "solver", "MANIFOLD"): ("EXACT",),
    ("ShaderNodeTexSky", "sky_type", "NISHITA"): ("MULTIPLE_SCATTERING",),
    ("ShaderNodeTexSky", "sky_type", "MULTIPLE_SCATTERING"): ("NISHITA",),
    ("ShaderNodeTexSky", "sky_type", "SINGLE_SCATTERING"): ("NISHITA",),
}

# Properties that only some versions have and whose absence changes nothing an artist sees: (RNA type, property).
WITHOUT_LOSS = {
    ("Material", "shadow_method"),
    ("Material", "use_thickness_from_shadow"),
    ("CyclesMaterialSettings", "homogeneous_volume"),
    ("NodeTree", "default_group_node_width"),
    ("NodeTree", "node_tool_idname"),
    ("Light", "contact_shadow_distance"),
    ("Light", "contact_shadow_bias"),
    ("Light", "contact_shadow_thickness"),
    ("Light", "shadow_buffer_bias"),
    ("NodeReroute", "socket_idname"),
    ("NodesModifier", "show_manage_panel"),
    ("NodesModifier", "bake_target"),
    ("SubsurfModifier", "adaptive_space"),
    ("SubsurfModifier", "adaptive_object_edge_length"),
    ("SubsurfModifier", "adaptive_pixel_size"),
    ("BevelModifier", "vertex_weight"),
    ("BevelModifier", "edge_weight"),
    ("Modifier", "use_pin_to_last"),
    ("ActionConstraint", "action_slot"),
    ("ShaderNodeNormalMap", "convention"),
    ("ShaderNodeVolumeScatter", "phase"),
}


# Defaults of properties that older versions lack: at these values nothing is lost either.
UNTOUCHED: dict[tuple[str, str], Any] = {
    ("Object", "shadow_terminator_geometry_offset"): 0.1,
    ("Object", "parent_bone_head_tail_factor"): 1.0,
    ("Object", "visible_raycast"): True,
    ("Mesh", "radial_symmetry"): [1, 1, 1],
    ("Camera", "central_cylindrical_range_u_min"): -3.1415927,
    ("Camera", "central_cylindrical_range_u_max"): 3.1415927,
    ("Camera", "central_cylindrical_range_v_min"): -1.0,
    ("Camera", "central_cylindrical_range_v_max"): 1.0,
    ("Camera", "central_cylindrical_radius"): 1.0,
    ("Camera", "composition_guide_color"): [0.5, 0.5, 0.5, 1.0],
    ("Light", "temperature"): 6500.0,
    ("Light", "normalize"): True,
    ("Bone", "display_type"): "ARMATURE_DEFINED",
    ("MaterialGPencilStyle", "placement_mode"): "RADIUS",
    ("MaterialGPencilStyle", "placement_radius_spacing"): 100.0,
    ("MaterialGPencilStyle", "placement_density"): 10.0,
    ("MaterialGPencilStyle", "random_noise_scale"): 1.0,
    ("NodeTreeInterfaceSocket", "structure_type"): "AUTO",
}


# (RNA type, property or socket that later versions added) -> the value with which they behave like earlier versions.
NEUTRAL: dict[tuple[str, str], Any] = {
    ("FunctionNodeInputVector", "vector_dimensions"): 3,
    ("FunctionNodeValueToString", "data_type"): "FLOAT",
    ("GeometryNodeBoundBox", "Use Radius"): True,
    ("GeometryNodeCaptureAttribute", "Selection"): True,
    ("GeometryNodeCurveToMesh", "Scale"): 1.0,
    ("GeometryNodeFillCurve", "Fill Rule"): "Even-Odd",
    ("GeometryNodeInputNormal", "legacy_corner_normals"): True,
    ("GeometryNodeMeshToCurve", "mode"): "EDGES",
    ("GeometryNodeSubdivisionSurface", "Limit Surface"): True,
    ("GeometryNodeSubdivisionSurface", "Quality"): 3,
    ("GeometryNodeToolSetSelection", "selection_type"): "BOOLEAN",
    ("GeometryNodeUVUnwrap", "Iterations"): 10,
    ("GeometryNodeUVPackIslands", "Method"): "Bounding Box",
    ("GeometryNodeUVPackIslands", "Top Right"): [1.0, 1.0],
    ("NodeTreeInterfaceItem", "dimensions"): 3,
    ("ShaderNodeBsdfGlass", "Thin Film IOR"): 1.33,
    ("ShaderNodeBsdfMetallic", "Thin Film IOR"): 1.33,
    ("ShaderNodeBump", "Filter Width"): 0.1,
    ("ShaderNodeNormalMap", "base"): "DISPLACED",
}


def is_neutral(type_name: str, key: str, value: Any) -> bool:
    """Whether a Blender without this property or socket gives the same result."""
    return says_nothing(value) or ((type_name, key) in NEUTRAL and NEUTRAL[(type_name, key)] == value)


def says_nothing(value: Any) -> bool:
    """Whether a value that can't be set equals having nothing: off, none, zero, empty."""
    if isinstance(value, list):
        return all(says_nothing(part) for part in value)
    return not value or value == "NONE"


@lru_cache(maxsize=2048)
def _property_names(identifier: str) -> frozenset[str]:
    kind = getattr(bpy.types, identifier, None)
    return frozenset(kind.bl_rna.properties.keys()) if kind is not None else frozenset()


def properties_for(struct: Any, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """`values` under the names that this Blender has for them."""
    known = _property_names(struct.bl_rna.identifier) or frozenset(struct.bl_rna.properties.keys())
    if known.issuperset(values):
        return values
    names = _lineage(struct.bl_rna)
    renamed: dict[str, Any] = {}
    for key, value in values.items():
        if key not in known:
            others = [o for name in names for o in RENAMED.get((name, key), ())]
            key = next((o for o in others if o in known), key)
        renamed.setdefault(key, value)
    return renamed


def may_be_dropped(struct: Any, key: str, value: Any) -> bool:
    """Whether nothing is lost when this Blender can't hold `key`."""
    names = _lineage(struct.bl_rna)
    if says_nothing(value) or any((name, key) in WITHOUT_LOSS for name in names):
        return True
    return any((name, key) in UNTOUCHED and UNTOUCHED[name, key] == value for name in names)


def value_for(struct: Any, key: str, value: Any) -> Any:
    """`value` in this Blender's terms."""
    if isinstance(value, list):
        return _axes_for(struct.bl_rna.properties[key], value)
    if not isinstance(value, str):
        return value
    others = REPLACED_VALUES.get((struct.bl_rna.identifier, key, value))
    if not others:
        return value
    offered = struct.bl_rna.properties[key].enum_items.keys()
    return value if value in offered else next((o for o in others if o in offered), value)


def _axes_for(prop: Any, value: list[Any]) -> list[Any]:
    """Axes were a set of letters before they were three switches (Mesh Cache), or the other way round."""
    if prop.type == "BOOLEAN" and getattr(prop, "array_length", 0) == 3 and all(isinstance(v, str) for v in value):
        return [axis in value for axis in "XYZ"]
    if prop.type == "ENUM" and prop.is_enum_flag and value and all(isinstance(v, bool) for v in value):
        return [axis for axis, on in zip("XYZ", value) if on]
    return value


def assign(struct: Any, key: str, value: Any) -> None:
    """Set a property that is no pointer, by its own way where it has one."""
    setter = SETTERS.get((struct.bl_rna.identifier, key))
    if setter is not None:
        setter(struct, value)
    elif isinstance(value, list) and value and isinstance(value[0], list):
        setattr(struct, key, Matrix(value))  # nested lists would be taken for columns
    else:
        value = value_for(struct, key, value)
        prop = struct.bl_rna.properties[key]
        setattr(struct, key, set(value) if prop.type == "ENUM" and prop.is_enum_flag else value)
        if prop.type == "STRING" and "vertex_group" in key and value and getattr(struct, key) != value:
            _name_absent_group(struct, key, value)


def _name_absent_group(struct: Any, key: str, name: str) -> None:
    """A modifier may name a vertex group that its object no longer has; Blender accepts only names that exist."""
    groups = getattr(struct.id_data, "vertex_groups", None)
    if groups is None or name in groups:
        return
    group = groups.new(name=name)
    setattr(struct, key, name)
    groups.remove(group)


def _hook_vertices(modifier: Any, indices: list[int]) -> None:
    modifier.vertex_indices_set(indices)


SETTERS: dict[tuple[str, str], Callable[[Any, Any], None]] = {
    ("HookModifier", "vertex_indices"): _hook_vertices,
}


def find_named(struct: Any, key: str, name: str) -> Any | None:
    """What a pointer to something inside another datablock means by `name`; None if it isn't there."""
    target = struct.bl_rna.properties[key].fixed_type.identifier
    if target == "ActionSlot":
        action = getattr(struct, "action", None)
        slots = getattr(action, "slots", ()) if action is not None else ()
        return next((slot for slot in slots if slot.identifier == name), None)
    if target == "ShapeKey":
        keys = getattr(getattr(struct.id_data, "data", None), "shape_keys", None)
        return keys.key_blocks.get(name) if keys is not None else None
    if target == "ParticleSystem":
        owner = getattr(struct, "object", None) or struct.id_data
        systems = getattr(owner, "particle_systems", None)
        return systems.get(name) if systems is not None else None
    return None


# --- nodes ----------------------------------------------------------------------------------------------------

# Types that some versions lack -> the type to use there. Sockets and properties are matched by name afterwards.
# The first that the tree takes is used.
REPLACED_NODES: dict[str, tuple[str, ...]] = {
    "ShaderNodeBsdfGlossy": ("ShaderNodeBsdfAnisotropic",),
    "ShaderNodeBsdfAnisotropic": ("ShaderNodeBsdfGlossy",),
    "ShaderNodeSeparateRGB": ("ShaderNodeSeparateColor", "FunctionNodeSeparateColor"),
    "ShaderNodeCombineRGB": ("ShaderNodeCombineColor", "FunctionNodeCombineColor"),
    "ShaderNodeSeparateHSV": ("ShaderNodeSeparateColor",),
    "ShaderNodeCombineHSV": ("ShaderNodeCombineColor",),
    "ShaderNodeBsdfHair": ("ShaderNodeBsdfHairPrincipled",),
    "GeometryNodeClosureInput": ("NodeClosureInput",),
    "GeometryNodeClosureOutput": ("NodeClosureOutput",),
    "GeometryNodeEvaluateClosure": ("NodeEvaluateClosure",),
    "GeometryNodeCombineBundle": ("NodeCombineBundle",),
    "GeometryNodeSeparateBundle": ("NodeSeparateBundle",),
}

# What a replacement must be set to, to give the same result.
REPLACED_WITH: dict[str, dict[str, Any]] = {
    "ShaderNodeSeparateHSV": {"mode": "HSV"},
    "ShaderNodeCombineHSV": {"mode": "HSV"},
}

# (recorded type, recorded socket) -> socket here, for replaced nodes and for identifiers that changed.
RENAMED_SOCKETS: dict[tuple[str, str], tuple[str, ...]] = {
    ("ShaderNodeSeparateRGB", "Image"): ("Color",),
    ("ShaderNodeSeparateRGB", "R"): ("Red",),
    ("ShaderNodeSeparateRGB", "G"): ("Green",),
    ("ShaderNodeSeparateRGB", "B"): ("Blue",),
    ("ShaderNodeCombineRGB", "Image"): ("Color",),
    ("ShaderNodeCombineRGB", "R"): ("Red",),
    ("ShaderNodeCombineRGB", "G"): ("Green",),
    ("ShaderNodeCombineRGB", "B"): ("Blue",),
    ("ShaderNodeSeparateHSV", "H"): ("Red",),
    ("ShaderNodeSeparateHSV", "S"): ("Green",),
    ("ShaderNodeSeparateHSV", "V"): ("Blue",),
    ("ShaderNodeCombineHSV", "H"): ("Red",),
    ("ShaderNodeCombineHSV", "S"): ("Green",),
    ("ShaderNodeCombineHSV", "V"): ("Blue",),
}


def node_types(recorded_type: str) -> list[str]:
    """The node types to try for `recorded_type`, best first; empty where this Blender has nothing like it."""
    names = []
    for name in (recorded_type, *REPLACED_NODES.get(recorded_type, ())):
        kind = getattr(bpy.types, name, None)
        if kind is not None and issubclass(kind, bpy.types.Node):
            names.append(name)
    return names


def socket_name(recorded_type: str, name: str, available: Mapping[str, Any], in_use: bool = True) -> str | None:
    """Which of the `available` sockets is meant by `name`, or None. `in_use`: it worked in the tree it came from."""
    if name in available and (not in_use or getattr(available[name], "enabled", True)):
        return name
    if recorded_type == "NodeReroute":  # it has one on each side, which old files number
        return next(iter(available), None)
    for other in RENAMED_SOCKETS.get((recorded_type, name), ()):
        if other in available:
            return other
    # 5.2 dropped the endings that told sockets of several types apart (Min_001 -> Min, A_INT -> A), which only one
    # of them uses at a time: the others' values mean nothing.
    if in_use:
        stem = name.rsplit("_", 1)[0]
        if stem in available and name not in available:
            return stem
        typed = [o for o in available if o.rsplit("_", 1)[0] == name and getattr(available[o], "enabled", True)]
        if typed:
            return typed[0]
    return name if name in available else None


# --- choices that were properties and became menu sockets (5.0) -------------------------------------------------

PROPERTY_OF_SOCKET: dict[tuple[str, str], str] = {
    ("GeometryNodeRaycast", "Interpolation"): "mapping",
    ("GeometryNodeSampleGrid", "Interpolation"): "interpolation_mode",
    ("GeometryNodeStringToCurves", "Pivot Point"): "pivot_mode",
}

# Enum identifiers whose name in a menu is not the identifier itself in title case.
MENU_NAMES: dict[str, tuple[str, ...]] = {
    "VOXEL_AMOUNT": ("Amount",),
    "VOXEL_SIZE": ("Size",),
    "NEAREST": ("Nearest", "Nearest Neighbor"),
    "BEZIER": ("Bézier",),
    "NGONS": ("N-gons",),
    "DENSITY_RANDOM": ("Random",),
    "DENSITY_GRID": ("Grid",),
    "PRESERVE_CORNERS": ("Keep Corners",),
    "PRESERVE_CORNERS_AND_JUNCTIONS": ("Keep Corners, Junctions",),
    "PRESERVE_CORNERS_JUNCTIONS_AND_CONCAVE": ("Keep Corners, Junctions, Concave",),
    "PRESERVE_BOUNDARIES": ("Keep Boundaries",),
    "SMOOTH_ALL": ("All",),
}


def socket_for_property(node: Any, key: str) -> str | None:
    """The identifier of the input that took over a property this node no longer has."""
    for (kind, socket), name in PROPERTY_OF_SOCKET.items():
        if kind == node.bl_idname and name == key:
            return next((s.identifier for s in node.inputs if s.identifier == socket), None)
    return next((s.identifier for s in node.inputs if _letters(s.identifier) == _letters(key)), None)


def property_for_socket(node: Any, name: str) -> str | None:
    """The property that does here what an input does elsewhere."""
    known = PROPERTY_OF_SOCKET.get((node.bl_idname, name))
    if known is not None and known in node.bl_rna.properties:
        return known
    return next((p.identifier for p in node.bl_rna.properties if _letters(p.identifier) == _letters(name)), None)


def menu_names(value: Any) -> list[Any]:
    """What an enum's value may be called in a menu, likeliest first."""
    if not isinstance(value, str):
        return [value]
    return [*MENU_NAMES.get(value, ()), value.replace("_", " ").title(), value.replace("_", " ").capitalize(), value]


def enum_value(node: Any, key: str, value: Any) -> Any:
    """The enum identifier of a menu's entry."""
    prop = node.bl_rna.properties[key]
    if prop.type != "ENUM":
        return value
    return next((item.identifier for item in prop.enum_items if item.name == value), value)


def _letters(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())


def _lineage(rna: Any) -> list[str]:
    names = []
    while rna is not None:
        names.append(rna.identifier)
        rna = rna.base
    return names
