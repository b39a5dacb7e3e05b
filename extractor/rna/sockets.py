"""What sockets are called in a record: names that another Blender, or the same one tomorrow, can find again.

Blender numbers the sockets of groups and of nodes with item lists by a running counter that also remembers deleted
ones. Making such a tree anew can't always repeat those numbers, so both the reader and the writer call sockets by
the names given here:

- a group's sockets keep "Socket_N" (the writer can repeat these); older "Input_N" / "Output_N" and numbers beyond
  `HIGHEST` get the next free "Socket_N".
- a node's item sockets ("Item_7") are counted anew by where they first appear: "Item_0", "Item_1", ...
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from operator import attrgetter
from typing import Any

HIGHEST = 2000  # the writer counts up to a number by making and removing sockets

_COUNTED = re.compile(r"^Socket_(\d+)$")
_ITEM = re.compile(r"^(.*_)(\d+)$")
# The very first item that such a node was given has no number.
_FIRST_ITEM = {
    ("GeometryNodeCaptureAttribute", "Value"): "Value_",
    ("GeometryNodeCaptureAttribute", "Attribute"): "Attribute_",
}
_GROUP_ENDS = ("NodeGroupInput", "NodeGroupOutput")


def group_names(tree: Any) -> dict[str, str]:
    """Identifier of each interface socket of a node group -> its name in the record."""
    return name_group_sockets(item.identifier for item in tree.interface.items_tree if item.item_type == "SOCKET")


def name_group_sockets(identifiers: Iterable[str]) -> dict[str, str]:
    identifiers = list(identifiers)
    names: dict[str, str] = {}
    for identifier in identifiers:
        counted = _COUNTED.match(identifier)
        if counted and int(counted.group(1)) <= HIGHEST:
            names[identifier] = identifier
    free = max((int(name.split("_")[1]) for name in names), default=-1) + 1
    for identifier in identifiers:
        if identifier not in names:
            names[identifier] = f"Socket_{free}"
            free += 1
    return names


def has_items(node: Any) -> bool:
    """Whether a node's sockets come from lists the artist edits (zones, switches, captures)."""
    return _has_items(type(node))  # type: ignore[arg-type]


@lru_cache(maxsize=4096)
def _has_items(kind: Any) -> bool:
    return any(
        prop.identifier == "paired_output" or (prop.type == "COLLECTION" and prop.identifier.endswith("items"))
        for prop in kind.bl_rna.properties
    )


_described = attrgetter("bl_idname", "identifier")


def node_names(node: Any) -> dict[str, str]:
    """Identifier of each socket of a node -> its name in the record. Virtual sockets have none."""
    sockets = [_described(s) for side in (node.inputs, node.outputs) for s in side]
    identifiers = [i for kind, i in sockets if kind != "NodeSocketVirtual" and not i.startswith("__extend__")]
    if node.bl_idname in _GROUP_ENDS or hasattr(node, "node_tree"):
        # A group whose library is missing leaves sockets that cannot be recreated.
        tree = group_of(node)
        known = group_names(tree) if tree is not None else {}
        return {i: known[i] for i in identifiers if i in known}
    if not has_items(node):
        return {i: i for i in identifiers}
    names: dict[str, str] = {}
    counts: dict[str, int] = {}
    for identifier in identifiers:
        if identifier in names:
            continue
        item = _ITEM.match(identifier)
        stem = item.group(1) if item else _FIRST_ITEM.get((node.bl_idname, identifier))
        if stem:
            names[identifier] = f"{stem}{counts.get(stem, 0)}"
            counts[stem] = counts.get(stem, 0) + 1
        else:
            names[identifier] = identifier
    return names


def group_of(node: Any) -> Any | None:
    """The tree whose interface gives this node its sockets, if any."""
    if node.bl_idname in _GROUP_ENDS:
        return node.id_data
    tree = getattr(node, "node_tree", None)
    return tree if tree is not None and hasattr(tree, "interface") else None
