"""Collections of structs (ramp elements, curve points, items of a zone): giving them the length a record asks for.

Blender has no common way to add an entry; but every collection that can grow has a `new` or `add` whose parameters
RNA describes, and what they ask for is in the entry to be written. The entries' own properties are written afterwards
by `rna.py`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

MOST = 10_000  # no artist makes longer ones, and a record may come from anywhere


def resize(owner: Any, name: str, entries: Sequence[Mapping[str, Any]]) -> int:
    """Bring `owner.<name>` to len(entries), as far as Blender lets us. Returns how many were added or removed."""
    collection = getattr(owner, name)
    kind = owner.bl_rna.properties[name].srna
    changed = 0
    if kind is None or len(entries) > MOST:
        return 0
    functions = kind.functions
    add = next((f for f in ("new", "add") if f in functions), None)
    while add and len(collection) < len(entries):
        _add(collection, functions[add], entries[len(collection)])
        collection = getattr(owner, name)
        changed += 1
    while "remove" in functions and len(collection) > len(entries):
        before = len(collection)
        collection.remove(collection[before - 1])
        collection = getattr(owner, name)
        if len(collection) == before:
            break
        changed += 1
    return changed


def settle(struct: Any) -> None:
    """Curves must be told that their points changed, or they keep evaluating the old ones."""
    if struct.bl_rna.identifier in ("CurveMapping", "CurveProfile"):
        struct.update()


def _add(collection: Any, function: Any, entry: Mapping[str, Any]) -> None:
    arguments: dict[str, Any] = {}
    location = entry.get("location") or (0.5, 0.5)
    for parameter in function.parameters:
        key = parameter.identifier
        if parameter.is_output:
            continue
        if key in ("position", "x") and "location" in entry:
            arguments[key] = location[0]
        elif key in ("value", "y") and "location" in entry:
            arguments[key] = location[1]
        elif key == "socket_type":
            arguments[key] = _socket_type(parameter, entry)
        elif key in entry:
            arguments[key] = entry[key]
    getattr(collection, function.identifier)(**arguments)


# What attribute types are called where sockets are meant.
_AS_SOCKET = {
    "FLOAT_VECTOR": "VECTOR", "FLOAT_COLOR": "RGBA", "BYTE_COLOR": "RGBA", "INT8": "INT", "FLOAT2": "VECTOR",
    "QUATERNION": "ROTATION", "FLOAT4X4": "MATRIX",
}  # fmt: skip


def _socket_type(parameter: Any, entry: Mapping[str, Any]) -> str:
    asked = str(entry.get("socket_type") or entry.get("data_type") or "FLOAT")
    asked = _AS_SOCKET.get(asked, asked)
    return asked if asked in parameter.enum_items else "FLOAT"
