"""Writes what Blender can express into trainer/schemas/schema-X.Y.json, read from its own RNA.

    python scripts/dump_schema.py [--python OTHER_PYTHON]... [--out FOLDER]

Runs in any Python that can import bpy, and once more in every `--python` that is named. The schema codec builds its
grammar from these files: which node, modifier and channel types exist, with which fields, ranges, enums and defaults.
Kept out: pointers to other datablocks, strings, and whatever the interface never writes.
"""

import argparse
import json
import math
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ANSWERED = {"BOOLEAN": "bool", "INT": "int", "FLOAT": "float", "ENUM": "enum"}
# UI properties that every node or modifier has and that do not change its result.
NODE_MANNERS = {"show_options", "show_preview", "show_texture", "hide", "mute", "select", "use_custom_color", "width"}
NODE_MANNERS |= {"height", "location", "location_absolute", "color", "color_tag", "warning_propagation", "dimensions"}
NODE_MANNERS |= {"active_index", "active_item", "active_input_index", "show_uv"}
MODIFIER_MANNERS = {"show_expanded", "is_active", "use_pin_to_last", "show_group_selector", "show_manage_panel"}
MODIFIER_MANNERS |= {"is_override_data", "name", "type", "use_apply_on_spline", "execution_time"}


def number(value: float) -> float | int | None:
    """JSON has no infinity; practically unlimited bounds become None."""
    if not math.isfinite(value) or abs(value) >= 1e30:
        return None
    return int(value) if float(value).is_integer() else float(f"{value:.6g}")


def default_of(prop):
    if prop.type == "ENUM":
        return prop.default
    if getattr(prop, "is_array", False):
        return [number(v) if prop.type == "FLOAT" else v for v in prop.default_array]
    return number(prop.default) if prop.type == "FLOAT" else prop.default


def field_of(prop) -> dict | None:
    """One writable property as the codec needs it, or None if it is not numeric."""
    if prop.is_readonly or prop.type not in ANSWERED or (prop.type == "ENUM" and prop.is_enum_flag):
        return None
    field = {"id": prop.identifier, "type": ANSWERED[prop.type], "default": default_of(prop)}
    if prop.type == "ENUM":
        field["items"] = [item.identifier for item in prop.enum_items_static] or [i.identifier for i in prop.enum_items]
        if not field["items"]:
            return None
    if prop.type in ("INT", "FLOAT"):
        for bound, value in (
            ("min", prop.hard_min),
            ("max", prop.hard_max),
            ("soft_min", prop.soft_min),
            ("soft_max", prop.soft_max),
        ):
            if (plain := number(value)) is not None:
                field[bound] = plain
        field["subtype"] = prop.subtype
    if getattr(prop, "is_array", False) and prop.array_length:
        field["size"] = prop.array_length
        if len(prop.array_dimensions) > 1 and prop.array_dimensions[1]:
            return None
    return field


def own_fields(rna, manners: set[str]) -> list[dict]:
    fields = [field_of(p) for p in rna.properties if p.identifier not in manners and not p.identifier.startswith("bl_")]
    return [f for f in fields if f]


def instance_defaults(thing, fields: list[dict]) -> None:
    """A new instance has the true defaults; RNA reports 0 for many."""
    for field in fields:
        value = getattr(thing, field["id"], None)
        if value is None:
            continue
        if field.get("size"):
            field["default"] = [number(v) if field["type"] == "float" else v for v in value]
        elif field["type"] == "enum":
            if value in field["items"]:
                field["default"] = value
        else:
            field["default"] = number(value) if field["type"] == "float" else value


def socket_field(socket) -> dict:
    """An input: its value where it has one, and what may be linked to it."""
    field = {"id": socket.identifier, "name": socket.name, "socket": socket.type, "type": "none"}
    prop = socket.bl_rna.properties.get("default_value")
    if prop is not None and (plain := field_of(prop)):
        plain.pop("id")
        field |= plain
        value = socket.default_value
        if field.get("size"):
            field["default"] = [number(v) for v in value]
        elif field["type"] == "enum":
            field["default"] = value
        else:
            field["default"] = number(value) if field["type"] == "float" else value
    if not socket.enabled:
        field["enabled"] = False
    return field


def shader_nodes(bpy) -> dict:
    tree = bpy.data.materials.new("schema").node_tree or bpy.data.node_groups.new("schema", "ShaderNodeTree")
    tree = bpy.data.node_groups.new("schema", "ShaderNodeTree") if tree is None else tree
    names = sorted(n for n in dir(bpy.types) if n.startswith("ShaderNode") or n in ("NodeReroute",))
    base = {p.identifier for p in bpy.types.Node.bl_rna.properties}
    types = {}
    for name in names:
        try:
            node = tree.nodes.new(name)
        except RuntimeError:
            continue  # an abstract base, or a node of another kind of tree
        if node.bl_idname != name:
            tree.nodes.remove(node)
            continue
        fields = own_fields(node.bl_rna, base | NODE_MANNERS)
        instance_defaults(node, fields)
        entry = {"label": node.bl_label, "props": fields}
        entry["inputs"] = [socket_field(s) for s in node.inputs if s.identifier != "__extend__"]
        entry["outputs"] = [{"id": s.identifier, "name": s.name, "socket": s.type} for s in node.outputs]
        if getattr(node, "color_ramp", None) is not None:
            entry["ramp"] = True
        types[name] = entry
        tree.nodes.remove(node)
    return types


def modifiers(bpy) -> dict:
    mesh = bpy.data.objects.new("schema", bpy.data.meshes.new("schema"))
    bpy.context.scene.collection.objects.link(mesh)
    types = {}
    for item in bpy.types.Modifier.bl_rna.properties["type"].enum_items:
        try:
            modifier = mesh.modifiers.new(item.identifier, item.identifier)
        except (RuntimeError, TypeError):
            continue
        if modifier is None:
            continue  # for another kind of object (grease pencil)
        fields = own_fields(modifier.bl_rna, MODIFIER_MANNERS)
        instance_defaults(modifier, fields)
        needs = [
            p.identifier
            for p in modifier.bl_rna.properties
            if p.type == "POINTER"
            and not p.is_readonly
            and p.fixed_type.identifier in ("Object", "Collection", "NodeTree")
        ]
        types[item.identifier] = {"label": item.name, "props": fields, "points_at": needs}
        mesh.modifiers.clear()
    return types


def channels(bpy) -> dict:
    """The channels of an object's F-curves, and the interpolation of keyframes."""
    paths = {}
    for name in ("location", "rotation_euler", "rotation_quaternion", "scale"):
        prop = bpy.types.Object.bl_rna.properties[name]
        paths[name] = {
            "size": prop.array_length,
            "subtype": prop.subtype,
            "default": [number(v) for v in prop.default_array],
        }
    key = bpy.types.Keyframe.bl_rna.properties

    def items(prop) -> list[str]:
        return [i.identifier for i in prop.enum_items]

    return {
        "paths": paths,
        "interpolation": items(key["interpolation"]),
        "easing": items(key["easing"]),
        "handles": items(key["handle_left_type"]),
        "extrapolation": items(bpy.types.FCurve.bl_rna.properties["extrapolation"]),
    }


def dump(out: Path) -> Path:
    import bpy

    bpy.ops.wm.read_factory_settings(use_empty=True)
    material = bpy.data.materials.new("schema")
    fields = [f for f in own_fields(bpy.types.Material.bl_rna, set()) if f["id"] in MATERIAL]
    instance_defaults(material, fields)
    schema = {
        "format": 1,
        "blender": bpy.app.version_string,
        "material": {"props": fields},
        "nodes": shader_nodes(bpy),
        "modifiers": modifiers(bpy),
        "animation": channels(bpy),
    }
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"schema-{bpy.app.version[0]}.{bpy.app.version[1]}.json"
    path.write_text(
        json.dumps(schema, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n", encoding="utf-8"
    )
    counted = {part: len(schema[part]) for part in ("nodes", "modifiers")}
    print(f"{path.name}: {counted['nodes']} nodes, {counted['modifiers']} modifiers, {path.stat().st_size // 1000} KB")
    return path


# The properties of a material datablock that affect its look.
MATERIAL = {
    "diffuse_color", "roughness", "metallic", "specular_intensity", "blend_method", "surface_render_method",
    "use_backface_culling", "use_raytrace_refraction", "use_screen_refraction", "displacement_method", "thickness_mode",
    "use_transparent_shadow", "alpha_threshold", "show_transparent_back", "pass_index",
}  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", action="append", default=[], help="another Python with bpy to dump as well")
    parser.add_argument("--out", type=Path, default=ROOT / "trainer" / "schemas")
    args = parser.parse_args()
    dump(args.out)
    for python in args.python:
        subprocess.run([python, __file__, "--out", str(args.out)], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
