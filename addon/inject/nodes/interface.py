"""A node group's interface: its sockets and panels, with the identifiers the record gives them.

Blender numbers sockets with a running counter. To give one the number it had, sockets are made in the order of their
numbers, gaps are filled with sockets that are removed at once, and only then is everything put in its place.
"""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from ....extractor.rna.sockets import HIGHEST
from ..rna.context import Making
from ..rna.rna import write_struct

_COUNTED = re.compile(r"^Socket_(\d+)$")


def make_interface(tree: Any, entries: Sequence[Mapping[str, Any]], making: Making, where: str) -> None:
    """Sockets and panels, named and in place, without their properties."""
    interface = tree.interface
    interface.clear()
    made: dict[int, Any] = {}
    counter = 0
    for place, entry in sorted(_sockets(entries), key=lambda pair: _number(pair[1])):
        wanted = _number(entry)
        while counter < wanted <= HIGHEST:
            interface.remove(interface.new_socket("", in_out="INPUT", socket_type="NodeSocketFloat"))
            counter += 1
        kind = (entry.get("properties") or {}).get("socket_type") or entry.get("socket_type") or "NodeSocketFloat"
        try:
            made[place] = interface.new_socket(entry["name"], in_out=entry["in_out"], socket_type=kind)
        except TypeError:
            making.cannot(f"{where}: input {entry['name']} is a {kind}, which this version of Blender lacks")
            continue
        counter += 1
    for place, entry in enumerate(entries):
        if entry["item"] == "panel":
            made[place] = interface.new_panel(entry["name"])
    # Twice: Blender keeps sockets above panels, so a panel can be placed only when its sockets have left the root.
    for _ in range(2):
        filled: dict[Any, int] = {}
        for place, entry in enumerate(entries):
            if place not in made:
                continue
            panel = made.get(entry["panel"]) if entry.get("panel") is not None else None
            position = filled.get(entry.get("panel"), 0)
            interface.move_to_parent(made[place], panel, position)
            filled[entry.get("panel")] = position + 1


def write_interface(
    tree: Any, entries: Sequence[Mapping[str, Any]], making: Making, where: str, quiet: bool = False
) -> None:
    """The properties of what `make_interface` made: types, defaults, ranges, subtypes."""
    items = [item for item in tree.interface.items_tree]
    if len(items) != len(entries):
        entries = [entry for entry in entries if any(_means(entry, item) for item in items)]
    for place, (item, entry) in enumerate(zip(items, entries)):
        if item.name != entry["name"]:
            continue
        write_struct(
            partial(_item, tree, place),
            entry.get("properties") or {},
            making,
            f"{where}, {entry['item']} {entry['name']}",
            quiet=quiet,
        )


def _item(tree: Any, place: int) -> Any:
    return tree.interface.items_tree[place]


def _means(entry: Mapping[str, Any], item: Any) -> bool:
    return bool(entry["item"] == item.item_type.lower() and entry["name"] == item.name)


def _sockets(entries: Sequence[Mapping[str, Any]]) -> list[tuple[int, Mapping[str, Any]]]:
    return [(place, entry) for place, entry in enumerate(entries) if entry["item"] == "socket"]


def _number(entry: Mapping[str, Any]) -> int:
    counted = _COUNTED.match(str(entry.get("id", "")))
    return int(counted.group(1)) if counted else HIGHEST + 1
