"""Locations for the nodes of a tree that gives none: columns from the outputs leftwards, rows in order."""

from typing import Any

COLUMN, ROW_GAP = 220.0, 40.0
HEADER, SOCKET = 60.0, 22.0


def lay_out(tree: Any) -> None:
    depths: dict[str, int] = {node.name: 0 for node in tree.nodes}
    feeds: dict[str, set[str]] = {node.name: set() for node in tree.nodes}
    for link in tree.links:
        feeds[link.to_node.name].add(link.from_node.name)
    for _ in range(len(depths)):  # a tree without cycles settles in at most this many rounds
        changed = False
        for name, sources in feeds.items():
            for source in sources:
                if depths[source] < depths[name] + 1 <= len(depths):
                    depths[source] = depths[name] + 1
                    changed = True
        if not changed:
            break
    tops: dict[int, float] = {}
    for node in tree.nodes:
        if node.parent is not None or node.bl_idname == "NodeFrame":
            continue
        column = depths[node.name]
        top = tops.get(column, 0.0)
        node.location = (-column * (COLUMN + 60.0), top)
        rows = sum(1 for s in (*node.inputs, *node.outputs) if s.enabled and not s.hide)
        tops[column] = top - HEADER - rows * SOCKET - ROW_GAP
