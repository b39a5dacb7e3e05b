"""Materials and node groups: every node, property, socket value and link, as a dict that can be built again.

    {"type", "properties", "interface": [...], "nodes": [...], "links": [...]}

- node: type, name, location (within its frame), width, height, properties; and, only where they differ from what a
  new node has: label, parent (frame's name), mute, hide, colour...; pair (name of the zone's end);
  inputs / outputs: [{"id", "value", "hide"...}] with ids as `sockets.py` gives them.
- link: [from node, from socket, to node, to socket] and a fifth element {"muted": true} where it is muted; in the order
  of the nodes and sockets they lead to, and into one multi-input socket as Blender evaluates them.
- interface: [{"item": "socket" | "panel", "name", "panel": place of the panel it is in, ...}]

It reads one datablock at a time and knows nothing of objects.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

import bpy

from ..rna.animation import read_animation
from ..rna.context import Context, reference_name
from ..rna.exceptions import OUTPUTS_HOLD_VALUES, PAIR_CRASHES, WITHOUT_SIZE
from ..rna.properties import add_properties
from ..rna.references import refer
from ..rna.rna import getter, plain, read_struct
from ..rna.sockets import group_names, node_names
from .plain import plain_of

# Node's own properties that are written only where they differ from a new node's.
SPARSE = (
    "label", "mute", "hide", "use_custom_color", "color", "show_options", "show_preview", "show_texture",
    "warning_propagation",
)  # fmt: skip
_DATABLOCK = bpy.types.ID  # looking up a type there costs more than reading a value
SOCKET_FLAGS = ("hide", "show_expanded", "pin_gizmo")


def read_material(material: Any, ctx: Context) -> dict[str, Any]:
    """name, properties, use_nodes, tree (where there is one) and plain."""
    read: dict[str, Any] = {
        "name": reference_name(material),
        "properties": read_struct(material, ctx, skip=("grease_pencil",) if not material.is_grease_pencil else ()),
        "use_nodes": bool(material.node_tree is not None and uses_nodes(material)),
        "plain": plain_of(material),
    }
    if material.node_tree is not None:
        read["tree"] = read_tree(material.node_tree, ctx)
    add_properties(read, material, ctx)
    animation = read_animation(material, ctx)
    if animation:
        read["animation"] = animation
    return read


def uses_nodes(material: Any) -> bool:
    """From 5.0 on every material does, and `use_nodes` is deprecated."""
    return bpy.app.version >= (5, 0) or bool(material.use_nodes)


def read_node_group(tree: Any, ctx: Context) -> dict[str, Any]:
    return {"name": reference_name(tree), **read_tree(tree, ctx)}


def read_tree(tree: Any, ctx: Context) -> dict[str, Any]:
    read: dict[str, Any] = {"type": tree.bl_idname, "properties": read_struct(tree, ctx)}
    if len(tree.interface.items_tree):
        read["interface"] = read_interface(tree, ctx)
    known = [(node, node.name, node_names(node)) for node in tree.nodes if _is_known(node, ctx)]
    read["nodes"] = [read_node(node, names, ctx) for node, _, names in known]
    read["links"] = _read_links(tree, {name: names for _, name, names in known}) if len(tree.links) else []
    animation = read_animation(tree, ctx)
    if animation:
        read["animation"] = animation
    return read


def _is_known(node: Any, ctx: Context) -> bool:
    """Nodes of old versions and of missing add-ons have a name and nothing else."""
    if node.bl_idname != "NodeUndefined":
        return True
    ctx.note(f"node {node.name} of {node.id_data.name} is of a type that Blender doesn't know, and was left out")
    return False


class _NodePlan(NamedTuple):
    """What every node of a type has, besides what RNA lists as its own."""

    get: Callable[[Any], Iterable[Any]]  # name, location, width, height, parent, and those of SPARSE that it has
    sparse: tuple[tuple[str, Any], ...]  # with what a new node has there
    pairs: bool


@lru_cache(maxsize=4096)
def _node_plan(kind: Any) -> _NodePlan:
    own = kind.bl_rna.properties
    sparse = tuple((key, _default(kind, key)) for key in SPARSE if key in own)
    get = getter(("name", "location", "width", "height", "parent", *(key for key, _ in sparse)))
    return _NodePlan(get, sparse, "paired_output" in own)


def read_node(node: Any, names: dict[str, str], ctx: Context) -> dict[str, Any]:
    kind = node.bl_idname
    plan = _node_plan(node.__class__)
    name, location, width, height, parent, *sparse = plan.get(node)
    read: dict[str, Any] = {"type": kind, "name": name, "location": plain(location)}
    if kind not in WITHOUT_SIZE:
        read["width"] = plain(width)
        read["height"] = plain(height)
    if parent is not None:
        read["parent"] = parent.name
    for (key, usual), value in zip(plan.sparse, sparse):
        if value != usual and (value := plain(value)) != usual:
            read[key] = value
    if plan.pairs and (bpy.app.version[:2], kind) not in PAIR_CRASHES and (pair := node.paired_output) is not None:
        read["pair"] = pair.name
    if kind == "ShaderNodeScript" and (node.script or node.filepath):
        ctx.note(f"node {name}: the script of a Script node is a program and was left out")
    read["properties"] = read_struct(node, ctx)
    read["inputs"] = _read_sockets(node.inputs, names, True, ctx)
    read["outputs"] = _read_sockets(node.outputs, names, kind in OUTPUTS_HOLD_VALUES, ctx)
    return read


def default_of(struct: Any, key: str) -> Any:
    """What RNA says a new struct has here, as JSON says it."""
    return _default(type(struct), key)  # type: ignore[arg-type]


@lru_cache(maxsize=4096)
def _default(kind: Any, key: str) -> Any:
    prop = kind.bl_rna.properties[key]
    return plain(prop.default_array) if getattr(prop, "is_array", False) else plain(prop.default)


class _SocketPlan(NamedTuple):
    """How all sockets of a type are read."""

    get: Callable[[Any], Iterable[Any]]  # identifier, enabled, its flags, and its value if it has one
    usual: list[Any]  # what the flags of a new socket are
    flags: tuple[str, ...]
    has_value: bool


_socket_plans: dict[type, _SocketPlan] = {}


def _socket_plan(socket: Any) -> _SocketPlan:
    has_value = hasattr(socket, "default_value")
    flags = tuple(flag for flag in SOCKET_FLAGS if hasattr(socket, flag))
    get = getter(("identifier", "enabled", *flags, *(("default_value",) if has_value else ())))
    return _SocketPlan(get, [default_of(socket, flag) for flag in flags], flags, has_value)


def _read_sockets(sockets: Any, names: dict[str, str], with_values: bool, ctx: Context) -> list[dict[str, Any]]:
    all_read = []
    for socket in sockets.values():
        plan = _socket_plans.get(socket.__class__)
        if plan is None:
            if len(_socket_plans) > 4096:
                _socket_plans.clear()
            plan = _socket_plans[socket.__class__] = _socket_plan(socket)
        identifier, enabled, *flags = plan.get(socket)
        if identifier not in names:
            continue
        read: dict[str, Any] = {"id": names[identifier]}
        if plan.has_value:
            value = flags.pop()
            if with_values:
                read["value"] = refer(value, ctx) if isinstance(value, _DATABLOCK) else plain(value)
        if flags != plan.usual:
            read.update((flag, now) for flag, now, usual in zip(plan.flags, flags, plan.usual) if now != usual)
        if not enabled:
            read["off"] = True  # not in use with the node's current settings; its value is kept anyway
        all_read.append(read)
    return all_read


def socket_value(socket: Any, ctx: Context | None) -> Any:
    """A socket's own value; a datablock is {"id", "name"}."""
    value = socket.default_value
    if isinstance(value, _DATABLOCK):
        return refer(value, ctx)
    return plain(value)


_link_ends = attrgetter("from_node", "from_socket", "to_node", "to_socket", "is_muted")


def _read_links(tree: Any, names: dict[str, dict[str, str]]) -> list[list[Any]]:
    """In the order of what they lead to; into one multi-input socket in the order Blender evaluates them."""
    nodes = {name: place for place, name in enumerate(tree.nodes.keys())}
    sockets: dict[str, dict[str, int]] = {}
    read = []
    for link in tree.links:
        start, out, end, into, muted = _link_ends(link)
        if start is None or out is None or end is None or into is None:
            continue
        start, name = start.name, end.name
        if start not in names or name not in names:
            continue
        if name not in sockets:
            sockets[name] = {s.identifier: place for place, s in enumerate(end.inputs)}
        identifier = into.identifier
        a, b = names[start].get(out.identifier), names[name].get(identifier)
        if a is None or b is None:
            continue  # a link to a virtual socket leads nowhere
        order = link.multi_input_sort_id if into.is_multi_input else 0
        line: list[Any] = [start, a, name, b]
        if muted:
            line.append({"muted": True})
        read.append(((nodes[name], sockets[name][identifier], order), line))
    return [line for _, line in sorted(read, key=lambda pair: pair[0])]


def read_interface(tree: Any, ctx: Context) -> list[dict[str, Any]]:
    """A group's sockets and panels in the order they are shown."""
    names = group_names(tree)
    items = list(tree.interface.items_tree)
    places = {item.index: place for place, item in enumerate(items)}
    read = []
    for item in items:
        inside = item.parent.index if item.parent is not None else -1
        entry: dict[str, Any] = {
            "item": item.item_type.lower(),
            "name": item.name,
            "panel": places.get(inside) if inside >= 0 else None,
        }
        if item.item_type == "SOCKET":
            entry |= {"id": names[item.identifier], "in_out": item.in_out}
        entry["properties"] = read_struct(item, ctx, skip=("name",))
        read.append(entry)
    return read
