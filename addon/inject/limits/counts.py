"""How many things records may hold: more is refused before a datablock is made."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ....records import Record
from ..rna.context import InjectError

# Of all records together; equal ones count once, as they are made once.
MOST = {
    "objects": 100_000,
    "modifiers": 200_000,
    "constraints": 200_000,
    "materials": 10_000,
    "node groups": 10_000,
    "nodes": 500_000,
    "node group sockets": 200_000,
    "images": 10_000,
    "textures": 10_000,
    "particle settings": 10_000,
    "actions": 50_000,
    "animation curves": 500_000,
    "bones": 200_000,
    "collections": 10_000,
    "pixels of generated images": 1 << 28,
}
DEEPEST_COLLECTION = 60
DEEPEST_PARENT = 1000
DEEPEST_VALUE = 150
LONGEST_TEXT = 1 << 20  # characters

# Table of a record -> what its entries are called here.
NAMES = {
    "node_groups": "node groups",
    "images": "images",
    "textures": "textures",
    "used_materials": "materials",
    "actions": "actions",
    "others": "particle settings",
}
_COUNTED = re.compile(r"^Socket_(\d+)$")


def check_counts(records: Sequence[Record]) -> None:
    """InjectError where the records hold more than MOST, or something longer or deeper than may be."""
    counts = dict.fromkeys(MOST, 0)
    seen: set[Any] = set()
    walked: set[int] = set()
    for record in records:
        for kind, count in _count(record, seen, walked):
            counts[kind] += count
            if counts[kind] > MOST[kind]:
                raise InjectError(record.name, kind, f"more than {MOST[kind]:,} {kind} are not made from records")
    _check_parents(records)


def _count(record: Record, seen: set[Any], walked: set[int]) -> Iterator[tuple[str, int]]:
    """(kind, how many) of what this record adds to those before it. `seen` knows what was counted already."""
    data: dict[str, Any] = record.data
    file = (data.get("source") or {}).get("file")

    def is_new(*what: Any) -> bool:
        if what in seen:
            return False
        seen.add(what)
        return True

    yield "objects", 1
    for table, kind in NAMES.items():
        if len(data.get(table) or ()) > MOST[kind]:  # their names differ: no need to look at what they stand for
            yield kind, len(data[table])
    _check_values(record, walked)
    yield "modifiers", len(data.get("modifiers") or ())
    yield "constraints", len(data.get("constraints") or ())
    for bone in data.get("pose") or ():
        yield "constraints", len(bone.get("constraints") or ())
    yield "bones", len((data.get("armature") or {}).get("bones") or ())
    for path in data.get("collections") or ():
        if len(path) > DEEPEST_COLLECTION:
            raise InjectError(
                record.name, "collections", f"collections are nested {len(path)} deep; {DEEPEST_COLLECTION} is the most"
            )
        yield "collections", sum(1 for name in path if name is not None and is_new("collection", file, name))
    for material in data.get("materials") or ():
        if material and is_new("materials", material.get("name"), _digest(material)):
            yield "materials", 1
            yield from _count_tree(material.get("tree"))
    yield from _count_tree((data.get("data") or {}).get("tree"))
    for table, kind in NAMES.items():
        for name, entry in (data.get(table) or {}).items():
            if not isinstance(entry, Mapping) or not is_new(kind, name, _digest(entry)):
                continue
            yield kind, 1
            if table == "node_groups":
                yield from _count_tree(entry)
            elif table == "used_materials":
                yield from _count_tree(entry.get("tree"))
            elif table == "images" and entry.get("source") == "GENERATED":
                properties = entry.get("properties") or {}
                sides = (properties.get("generated_width", 1), properties.get("generated_height", 1))
                yield "pixels of generated images", int(sides[0]) * int(sides[1])
            elif table == "actions":
                yield "animation curves", sum(len(bag["curves"]) for bag in channelbags(entry))


def _count_tree(tree: Any) -> Iterator[tuple[str, int]]:
    if not isinstance(tree, Mapping):
        return
    yield "nodes", len(tree.get("nodes") or ())
    interface = tree.get("interface") or ()
    numbers = [int(match[1]) for e in interface if (match := _COUNTED.match(str(e.get("id", ""))))]
    # To give a socket its number, all below it are made too.
    yield "node group sockets", max([len(interface), *(n for n in numbers if n <= 2000)])


def channelbags(action: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """What holds the curves of an action, in every layer and strip."""
    for layer in action.get("layers") or ():
        for strip in layer["strips"]:
            yield from strip["channelbags"]


def _digest(value: Any) -> bytes:
    text = json.dumps(value, sort_keys=True, default=str)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _check_values(record: Record, walked: set[int]) -> None:
    """Depth and texts. What several records share is walked once."""
    waiting: list[tuple[Any, int]] = [(record.data, 0)]
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, str):
            if len(value) > LONGEST_TEXT:
                reason = f"a text of {len(value):,} characters; {LONGEST_TEXT:,} is the most"
                raise InjectError(record.name[:80], "texts", reason)
        elif isinstance(value, dict | list):
            if depth > DEEPEST_VALUE:
                raise InjectError(record.name[:80], "values", f"values are nested more than {DEEPEST_VALUE} deep")
            if id(value) in walked:
                continue
            walked.add(id(value))
            waiting.extend((part, depth + 1) for part in (value.values() if isinstance(value, dict) else value))
            if isinstance(value, dict):
                waiting.extend((key, depth) for key in value)


def _check_parents(records: Sequence[Record]) -> None:
    """Blender evaluates a chain of parents recursively."""
    objects: dict[Any, Any] = {}
    for record in records:
        file = (record.data.get("source") or {}).get("file")
        objects[file, record.name] = (file, (record.data.get("parent") or {}).get("name"))
        bones = {bone["name"]: bone.get("parent") for bone in (record.data.get("armature") or {}).get("bones") or ()}
        if (depth := _longest_chain(bones)) > DEEPEST_PARENT:
            raise InjectError(record.name, "armature", f"a chain of {depth:,} bones; {DEEPEST_PARENT:,} is the most")
    if (depth := _longest_chain(objects)) > DEEPEST_PARENT:
        reason = f"a chain of {depth:,} parents; {DEEPEST_PARENT:,} is the most"
        raise InjectError(records[0].name, "parent", reason)


def _longest_chain(parents: Mapping[Any, Any]) -> int:
    """The longest chain of parents; a ring ends where it closes."""
    depths: dict[Any, int] = {}
    for start in parents:
        chain, at = [], start
        while at in parents and at not in depths:
            depths[at] = 0
            chain.append(at)
            at = parents[at]
        depth = depths.get(at, 0)
        for name in reversed(chain):
            depth = depths[name] = depth + 1
    return max(depths.values(), default=0)
