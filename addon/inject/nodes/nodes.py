"""Materials and node groups from what `extractor/materials/nodes.py` reads, or from six plain values.

    material = make_material(record.data["materials"][0], making)
    group = make_node_group("Scatter", record.data["node_groups"]["Scatter"], making)

A tree may hold less than the reader writes: nodes need a type and a name, everything else has defaults, and nodes
without a location are laid out. The order matters: interface, nodes, pairs of zones, properties (they decide which
sockets there are), frames and places, links, then the sockets' values (a menu learns its entries through links). Script
nodes come in without their script.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import bpy

from ....extractor.materials.nodes import SOCKET_FLAGS, SPARSE, default_of, read_material, socket_value, uses_nodes
from ....extractor.materials.readers import new_context
from .. import compat
from ..animation import apply_animation
from ..properties import write_properties
from ..rna.context import Making
from ..rna.references import content, describe, resolve
from ..rna.rna import write_struct
from .interface import make_interface, write_interface
from .layout import lay_out
from .links import make_links, sockets_of


def make_material(data: Mapping[str, Any], making: Making, known_as: str | None = None) -> Any:
    """A material; records that say the same thing share one. With `making.reuse_materials`, one in the file does."""
    name = data.get("name") or "Material"
    known = known_as or name
    made = making.recall(data)  # records of one extraction hold the very same dict
    if made is not None:
        making.know("MATERIAL", known, made)
        return made

    def make() -> Any:
        existing = _equal_existing(data, making) if making.reuse_materials else None
        if existing is not None:
            making.know("MATERIAL", known, existing)
            return existing
        material = making.new("MATERIAL", name, known_as=known)
        _fill_material(material, data, making)
        if data.get("animation"):
            making.later(lambda: apply_animation(material, data["animation"], making))
        return material

    return making.remember(data, making.share("MATERIAL", known, content(data, making), make))


def make_node_group(name: str, data: Mapping[str, Any], making: Making) -> Any:
    """A node group with everything in it; nested groups come from the record's own table."""

    def make() -> Any:
        kind = data.get("type", "GeometryNodeTree")
        group = making.new("NODETREE", data.get("name") or name, kind, known_as=name)
        write_tree(group, data, making, f"node group {name}")
        write_properties(group, dict(data), making)
        return group

    return making.share("NODETREE", name, content(data, making), make)


def _fill_material(material: Any, data: Mapping[str, Any], making: Making) -> None:
    where = f"material {data.get('name')}"
    plain, tree = data.get("plain"), data.get("tree")
    bare = tree is None and data.get("use_nodes") is False and material.node_tree is None  # up to 4.5: no nodes at all
    if tree is not None or (plain is not None and not bare):
        if material.node_tree is None:
            material.use_nodes = True
        if tree is not None:
            write_tree(material.node_tree, tree, making, where)
        else:
            _write_plain(material, plain or {})
    properties = dict(data.get("properties") or {})
    if properties.get("grease_pencil") is not None and not material.is_grease_pencil:
        bpy.data.materials.create_gpencil_data(material)
    write_struct(lambda: material, properties, making, where)
    write_properties(material, dict(data), making)
    if tree is not None and data.get("use_nodes") is False:
        _turn_nodes_off(material, data, making)


def _turn_nodes_off(material: Any, data: Mapping[str, Any], making: Making) -> None:
    if bpy.app.version < (5, 0):
        material.use_nodes = False
    if uses_nodes(material):
        making.cannot(f"material {data.get('name')} doesn't use its nodes, which this version of Blender always does")


def _write_plain(material: Any, plain: Mapping[str, Any]) -> None:
    """A Principled shader with these values, and the same colour in the solid viewport."""
    tree = material.node_tree
    tree.nodes.clear()
    shader = tree.nodes.new("ShaderNodeBsdfPrincipled")
    output = tree.nodes.new("ShaderNodeOutputMaterial")
    shader.location, output.location = (0.0, 300.0), (300.0, 300.0)
    tree.links.new(output.inputs["Surface"], shader.outputs["BSDF"])
    colour = [float(c) for c in plain.get("base_color", (0.8, 0.8, 0.8))][:3]
    alpha = float(plain.get("alpha", 1.0))
    glow = [float(c) for c in plain.get("emission", (0.0, 0.0, 0.0))][:3]
    strength = max(1.0, *glow) if any(glow) else 0.0
    values = {
        "Base Color": (*colour, 1.0),
        "Roughness": float(plain.get("roughness", 0.5)),
        "Metallic": float(plain.get("metallic", 0.0)),
        "Alpha": alpha,
        "Transmission Weight": float(plain.get("transmission", 0.0)),
        "Emission Color": (*(c / strength for c in glow), 1.0) if strength else (1.0, 1.0, 1.0, 1.0),
        "Emission Strength": strength,
    }
    for key, value in values.items():
        shader.inputs[key].default_value = value
    material.diffuse_color = (*colour, alpha)
    material.roughness = values["Roughness"]
    material.metallic = values["Metallic"]
    if alpha < 1.0 and hasattr(material, "surface_render_method"):
        material.surface_render_method = "BLENDED"


def _equal_existing(data: Mapping[str, Any], making: Making) -> Any | None:
    """An equal material already in the file, whatever number its name ends in."""
    stem = re.sub(r"\.\d{3,}$", "", data.get("name") or "")
    wanted = _comparable(data, (making.record.data if making.record else {}))
    for material in bpy.data.materials:
        if re.sub(r"\.\d{3,}$", "", material.name) != stem:
            continue
        ctx = new_context()
        there = read_material(material, ctx)
        if "tree" not in data:
            if there["plain"] == data.get("plain"):
                return material
        elif _comparable(there, {"node_groups": ctx.node_groups, "images": ctx.images}) == wanted:
            return material
    return None


def _comparable(data: Mapping[str, Any], tables: Mapping[str, Any]) -> Any:
    used: dict[str, Any] = {}

    def gather(value: Any) -> None:
        if isinstance(value, Mapping):
            for kind, table in (("NODETREE", "node_groups"), ("IMAGE", "images")):
                if value.get("id") == kind and value.get("name") not in used:
                    used[value["name"]] = (tables.get(table) or {}).get(value["name"])
                    gather(used[value["name"]])
            for part in value.values():
                gather(part)
        elif isinstance(value, list):
            for part in value:
                gather(part)

    gather(data)
    return {k: v for k, v in data.items() if k != "name"}, used


# --- trees


def write_tree(tree: Any, data: Mapping[str, Any], making: Making, where: str) -> None:
    """Replace what is in `tree` by `data`."""
    tree.nodes.clear()
    write_struct(lambda: tree, data.get("properties") or {}, making, where)
    interface = data.get("interface") or []
    make_interface(tree, interface, making, where)
    write_interface(tree, interface, making, where, quiet=True)
    made = _make_nodes(tree, data.get("nodes") or [], making, where)
    entries = [(made[e["name"]], e) for e in data.get("nodes") or [] if e["name"] in made]
    for name, entry in entries:
        if entry.get("pair") in made:
            tree.nodes[name].pair_with_output(tree.nodes[made[entry["pair"]]])
    for name, entry in entries:
        _write_node_properties(tree, name, entry, making, where, quiet=entry["type"] == "NodeReroute")
    _write_places(tree, entries, made)
    make_links(tree, _links_here(data.get("links") or [], made), dict(entries), making, where)
    for name, entry in entries:
        if entry["type"] == "NodeReroute":  # links decide its type
            _write_node_properties(tree, name, entry, making, where)
        _write_sockets(tree, name, entry, making, f"{where}, node {entry['name']}")
        _write_former_properties(tree, name, entry, making, f"{where}, node {entry['name']}")
    _choose_outputs(tree, entries)
    write_interface(tree, interface, making, where)
    if entries and not any("location" in entry for _, entry in entries):
        lay_out(tree)
    if data.get("animation"):
        making.later(lambda: apply_animation(tree, data["animation"], making))


def _links_here(links: list[list[Any]], made: Mapping[str, str]) -> list[list[Any]]:
    """Links between nodes that were made, by the names these have here."""
    return [[made[k[0]], k[1], made[k[2]], *k[3:]] for k in links if k[0] in made and k[2] in made]


def _make_nodes(tree: Any, entries: list[Mapping[str, Any]], making: Making, where: str) -> dict[str, str]:
    """Name in the record -> name here."""
    made = {}
    for entry in entries:
        node, reason = _new_node(tree, entry["type"])
        if node is None:
            making.cannot(f"{where}: node {entry['name']} is a {entry['type']}, {reason}")
            continue
        node.name = entry["name"]
        made[entry["name"]] = node.name
    return made


def _new_node(tree: Any, recorded_type: str) -> tuple[Any | None, str]:
    """(node, "") or (None, why not)"""
    reason = "which this version of Blender lacks"
    for kind in compat.node_types(recorded_type):
        try:
            return tree.nodes.new(kind), ""
        except RuntimeError as error:
            reason = str(error).strip().splitlines()[0].removeprefix("Error: ")
    return None, reason


def _write_node_properties(
    tree: Any, name: str, entry: Mapping[str, Any], making: Making, where: str, quiet: bool = False
) -> None:
    values = dict(entry.get("properties") or {})
    values.pop("is_active_output", None)  # setting it for one node clears it for another: see _choose_outputs
    node = tree.nodes[name]
    if node.bl_idname != entry["type"]:
        values |= compat.REPLACED_WITH.get(entry["type"], {})
    values = {key: value for key, value in values.items() if not _became_socket(node, key)}
    write_struct(lambda: tree.nodes[name], values, making, f"{where}, node {entry['name']}", quiet)


def _became_socket(node: Any, key: str) -> bool:
    return key not in node.bl_rna.properties and compat.socket_for_property(node, key) is not None


def _choose_outputs(tree: Any, entries: list[tuple[str, Mapping[str, Any]]]) -> None:
    """Which of several output nodes counts."""
    for name, entry in entries:
        if (entry.get("properties") or {}).get("is_active_output") and not tree.nodes[name].is_active_output:
            tree.nodes[name].is_active_output = True
    for name, entry in entries:
        if (entry.get("properties") or {}).get("is_active_output") is False and tree.nodes[name].is_active_output:
            tree.nodes[name].is_active_output = False


def _write_places(tree: Any, entries: list[tuple[str, Mapping[str, Any]]], made: Mapping[str, str]) -> None:
    """Frames first: a node's location is within its frame."""
    depth = {name: 0 for name, _ in entries}
    parents = {name: made.get(entry.get("parent", "")) for name, entry in entries}
    for name, parent in parents.items():
        if parent is not None:
            tree.nodes[name].parent = tree.nodes[parent]
        while parent is not None and depth[name] <= len(entries):
            depth[name] += 1
            parent = parents.get(parent)
    for name, entry in sorted(entries, key=lambda pair: depth[pair[0]]):
        node = tree.nodes[name]
        for key in ("width", "height", "location"):
            if key in entry:
                setattr(node, key, entry[key])
        for key in SPARSE:
            if hasattr(node, key) and (key in entry or key != "label"):
                value = entry.get(key, default_of(node, key))
                if getattr(node, key) != value:
                    setattr(node, key, value)


def _write_sockets(tree: Any, name: str, entry: Mapping[str, Any], making: Making, where: str) -> None:
    for key, side in zip(("inputs", "outputs"), sockets_of(tree.nodes[name])):
        places = {socket.identifier: place for place, socket in enumerate(getattr(tree.nodes[name], key))}
        identifiers = {known: socket.identifier for known, socket in side.items()}
        for socket_data in entry.get(key) or []:
            here = compat.socket_name(entry["type"], socket_data["id"], side, in_use=not socket_data.get("off"))
            if here is None:
                _write_without_socket(tree.nodes[name], socket_data, making, where)
                continue

            # looked up again each time: writing one socket may move the others in memory
            def find(place: int = places[identifiers[here]]) -> Any:
                return getattr(tree.nodes[name], key)[place]  # noqa: B023

            for flag in SOCKET_FLAGS:
                socket = find()
                wanted = socket_data.get(flag, default_of(socket, flag)) if hasattr(socket, flag) else None
                if wanted is not None and getattr(socket, flag) != wanted:
                    setattr(socket, flag, wanted)
            if hasattr(find(), "default_value") and "value" in socket_data:
                _write_value(find, socket_data, making, where)


def _write_without_socket(node: Any, socket_data: Mapping[str, Any], making: Making, where: str) -> None:
    """An input of the record may be a property here; or nothing is lost without it."""
    if socket_data.get("off") or compat.is_neutral(node.bl_idname, socket_data["id"], socket_data.get("value")):
        return
    key = compat.property_for_socket(node, socket_data["id"])
    if key is None:
        making.cannot(f"{where} has no socket {socket_data['id']} here")
        return
    write_struct(lambda: node, {key: compat.enum_value(node, key, socket_data["value"])}, making, where)


def _write_former_properties(tree: Any, name: str, entry: Mapping[str, Any], making: Making, where: str) -> None:
    """Properties that are menu sockets here."""
    node = tree.nodes[name]
    for key, value in (entry.get("properties") or {}).items():
        if not _became_socket(node, key):
            continue
        identifier = compat.socket_for_property(node, key)
        place = next(i for i, s in enumerate(node.inputs) if s.identifier == identifier)

        def find(place: int = place) -> Any:
            return tree.nodes[name].inputs[place]

        names = compat.menu_names(value) if find().type == "MENU" else [value]
        if find().type == "MENU":
            names = [n for n in names if _takes(find(), n)][:1]
        if names:
            _write_value(find, {"id": identifier, "value": names[0]}, making, where)
        else:
            making.cannot(f"{where}: {identifier} can't be {value!r}")


def _takes(socket: Any, value: Any) -> bool:
    try:
        socket.default_value = value
    except TypeError:
        return False
    return True


def _write_value(find: Any, socket_data: Mapping[str, Any], making: Making, where: str) -> None:
    socket = find()
    value = socket_data["value"]
    if isinstance(value, dict) or socket.bl_rna.properties["default_value"].type == "POINTER":

        def put(final: bool) -> bool:
            target = resolve(value, making)
            if value is not None and target is None:
                if final:
                    making.cannot(
                        f"{where}: input {socket_data['id']} points at {describe(value)}, which was not injected"
                    )
                return False
            if find().default_value != target:
                find().default_value = target
            return True

        if not put(final=False):
            making.later(lambda: _run(put))
        return
    if socket_value(socket, None) == value or (value == "" and socket.type == "MENU"):
        return
    try:
        socket.default_value = value
    except (TypeError, ValueError, OverflowError) as error:
        if socket_data.get("off"):
            return  # of another type here, and not in use there
        making.cannot(f"{where}: socket {socket_data['id']} can't be {value!r}: {str(error).splitlines()[0]}")
        return
    now = socket_value(find(), None)
    if now != value:
        making.cannot(f"{where}: socket {socket_data['id']} can't be {value!r}: Blender makes it {now!r}")


def _run(put: Callable[..., bool]) -> None:
    put(final=True)
