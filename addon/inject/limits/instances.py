"""Collections in collections in collections: what would scatter too many objects is hidden.

An empty that instances a collection counts as many objects as that collection shows, those that it instances in turn
included. Knows records by their collections and names alone.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from ....records import Record
from .animated import mute_shown

INSTANCES = 1_000_000
DEEPEST = 60  # instances in instances


def hide_instances(records: Sequence[Record], sentences: list[str]) -> list[Record]:
    """The records, those that would scatter more than INSTANCES objects hidden in the viewport and in renders."""
    if not any(record.data.get("instance") for record in records):
        return list(records)
    members: dict[Any, list[int]] = defaultdict(list)
    children: dict[Any, list[int]] = defaultdict(list)
    for number, record in enumerate(records):
        file = _file(record)
        for path in record.data.get("collections") or ():
            for name in path:
                if name is not None and (not members[file, name] or members[file, name][-1] != number):
                    members[file, name].append(number)
        parent = (record.data.get("parent") or {}).get("name")
        if parent is not None:
            children[file, parent].append(number)
    hidden: dict[int, float] = {}
    counted: dict[Any, float] = {}
    depth = 0

    def shown(collection: Any) -> float:
        """Objects that an instance of it shows; one that holds itself shows nothing of itself."""
        nonlocal depth
        if collection not in counted:
            counted[collection] = 0.0
            total = 0.0
            depth += 1
            for number in members.get(collection, ()):
                total = added(number, total) if depth < DEEPEST else math.inf
            depth -= 1
            counted[collection] = total
        return counted[collection]

    def added(number: int, total: float) -> float:
        """`total` with what this object shows, or without where that is too much."""
        if number in hidden:
            return total
        more = scattered(number)
        if more and total + more > INSTANCES:
            hidden[number] = more
            return total
        return total + more + 1

    def scattered(number: int) -> float:
        record = records[number]
        instance = record.data.get("instance") or {}
        if instance.get("type") == "COLLECTION":
            return shown((_file(record), instance.get("collection")))
        key = {"VERTS": "mesh/position", "FACES": "mesh/loop_start"}.get(instance.get("type", ""))
        if key is None:
            return 0.0
        below = children.get((_file(record), record.name), ())
        return len(record.arrays.get(key, ())) * sum(1 + scattered_below(child) for child in below)

    def scattered_below(number: int) -> float:
        """A child's own instances; children of a ring of parents are counted once."""
        nonlocal depth
        mark = ("object", number)
        if mark not in counted:
            counted[mark] = 0.0
            depth += 1
            counted[mark] = scattered(number) if depth < DEEPEST else math.inf
            depth -= 1
        return counted[mark]

    total = 0.0
    for number in range(len(records)):
        total = added(number, total)
    for number, more in sorted(hidden.items()):
        many = f"{more:,.0f}" if more < 1e15 else "no end of"
        sentences.append(f"{records[number].name}: it would show {many} instances: it is hidden")
    return [
        mute_shown(_hidden(record), sentences) if number in hidden else record for number, record in enumerate(records)
    ]


def _file(record: Record) -> Any:
    return (record.data.get("source") or {}).get("file")


def _hidden(record: Record) -> Record:
    settings = {**(record.data.get("settings") or {}), "hide_viewport": True, "hide_render": True}
    return Record({**record.data, "settings": settings}, record.arrays)
