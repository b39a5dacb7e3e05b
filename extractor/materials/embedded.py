"""Drops what a record embeds but no longer refers to, with its arrays.

For code that removes a part of a record, as `palette.bake` removes node trees. Knows how references are written ({"id":
type, "name": name}, and "action": name) and in which table each kind lies; nothing of Blender.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ...records import Record, array_key
from ..rna.context import TABLE_OF, TABLES

ARRAYS_OF = {"actions": "action/{}/", "images": "image/{}"}  # prefix of the arrays of a table's entry


def prune(record: Record) -> Record:
    """The record without orphans in its tables. The input stays as it is."""
    data = record.data
    used: set[tuple[str, str]] = set()
    waiting = list(_references({key: value for key, value in data.items() if key not in TABLES}))
    while waiting:
        table, name = reference = waiting.pop()
        if reference not in used and name in (data.get(table) or {}):
            used.add(reference)
            waiting += _references(data[table][name])
    kept = {key: value for key, value in data.items() if key not in TABLES}
    dropped: list[str] = []
    for table in TABLES:
        entries = data.get(table) or {}
        left = {name: value for name, value in entries.items() if (table, name) in used}
        if left:
            kept[table] = left
        if table in ARRAYS_OF:
            dropped += [ARRAYS_OF[table].format(array_key(name)) for name in entries if name not in left]
    arrays = {
        key: array
        for key, array in record.arrays.items()
        if not any(key == gone or (gone.endswith("/") and key.startswith(gone)) for gone in dropped)
    }
    return replace(record, data=kept, arrays=arrays)


def _references(value: Any) -> Iterator[tuple[str, str]]:
    """(table, name) of everything that `value` refers to, at any depth."""
    if isinstance(value, dict):
        kind, name = value.get("id"), value.get("name")
        if isinstance(kind, str) and isinstance(name, str) and kind in TABLE_OF:
            yield TABLE_OF[kind], name
        if isinstance(value.get("action"), str):
            yield "actions", value["action"]
        for part in value.values():
            yield from _references(part)
    elif isinstance(value, list):
        for part in value:
            yield from _references(part)
