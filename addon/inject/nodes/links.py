"""Links between the nodes of a tree, after its nodes exist and have their properties.

Sockets are found by the names the record gives them (`extractor/rna/sockets.py`), through `compat.py` where another
Blender calls them differently. It knows nothing of what sockets hold.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ....extractor.rna.sockets import node_names
from .. import compat
from ..rna.context import Making

REROUTE_ROUNDS = 8  # a chain of reroutes learns what it carries link by link

Ends = tuple[str, str, str, str]


def sockets_of(node: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """(inputs, outputs) of a node by their names in the record."""
    names = node_names(node)
    inputs = {names[s.identifier]: s for s in node.inputs if s.identifier in names}
    outputs = {names[s.identifier]: s for s in node.outputs if s.identifier in names}
    return inputs, outputs


def make_links(
    tree: Any, links: Sequence[Sequence[Any]], entries: Mapping[str, Mapping[str, Any]], making: Making, where: str
) -> None:
    """`entries` are the record's nodes that were made, by the names they have in the tree."""
    off = {
        (name, side, s["id"])
        for name, e in entries.items()
        for side in SIDES
        for s in e.get(side) or []
        if s.get("off")
    }
    waiting = [line for line in links if line[0] in entries and line[2] in entries]
    for _ in range(REROUTE_ROUNDS):
        ends = [_make_link(tree, line, entries, off, making, where) for line in waiting]
        # A reroute that learns what it carries drops the links it had: those are made again.
        there = {
            (k.from_node.name, k.from_socket.identifier, k.to_node.name, k.to_socket.identifier) for k in tree.links
        }
        waiting = [
            line
            for line, end in zip(waiting, ends)
            if end is not None and end not in there and _is_reroute(line, entries)
        ]
        if not waiting:
            return
    for line in waiting:
        making.cannot(f"{where}: there can be no link from {line[0]} to {line[2]}")


SIDES = ("outputs", "inputs")


def _is_reroute(line: Sequence[Any], entries: Mapping[str, Mapping[str, Any]]) -> bool:
    return "NodeReroute" in (entries[line[0]]["type"], entries[line[2]]["type"])


def _make_link(
    tree: Any,
    line: Sequence[Any],
    entries: Mapping[str, Mapping[str, Any]],
    off: set[tuple[str, str, str]],
    making: Making,
    where: str,
) -> Ends | None:
    """What it connects, by Blender's own identifiers; None where a socket is missing (told)."""
    from_node, from_name, to_node, to_name = line[:4]
    sockets = []
    for node, name, side, available in (
        (from_node, from_name, "outputs", sockets_of(tree.nodes[from_node])[1]),
        (to_node, to_name, "inputs", sockets_of(tree.nodes[to_node])[0]),
    ):
        here = compat.socket_name(entries[node]["type"], name, available, in_use=(node, side, name) not in off)
        if here is None:
            making.cannot(f"{where}: a link ends at socket {node}.{name}, which this version of Blender lacks")
            return None
        sockets.append(available[here])
    output, entry = sockets
    ends = (from_node, output.identifier, to_node, entry.identifier)
    link = tree.links.new(entry, output)
    if len(line) > 4 and line[4].get("muted"):
        link.is_muted = True
    return ends
