"""What a record points at by name becomes a datablock: one made by this injection, or made now from the record.

Objects, collections and materials of slots are made by others; here come node groups, images, textures, particle
settings and materials that only a node uses. Things that exist in the file but weren't injected are never taken
because of an equal name.
"""

from collections.abc import Mapping
from typing import Any

import bpy

from ....extractor.rna.context import TABLE_OF
from .context import Making


def resolve(reference: Mapping[str, Any] | None, making: Making) -> Any | None:
    """The datablock meant by {"id": type, "name": name}; None if it isn't there (yet)."""
    if reference is None:
        return None
    kind, name = reference["id"], reference["name"]
    known = making.find(kind, name)
    if known is not None:
        return known
    if kind == "FONT":  # Blender's own font needs no record
        return next((f for f in bpy.data.fonts if f.filepath == "<builtin>" and f.name == name), None)
    data = entry(kind, name, making)
    make = making.makers.get(kind)
    return make(name, data, making) if data is not None and make is not None else None


def entry(kind: str, name: str, making: Making) -> Any | None:
    """The current record's entry for a datablock."""
    if making.record is None:
        return None
    data = (making.record.data.get(TABLE_OF.get(kind, "")) or {}).get(name)
    if kind == "PARTICLE" and data is not None:
        return data if data.get("id") == kind else None
    return data


def describe(value: Any) -> str:
    """A reference in words."""
    if isinstance(value, Mapping) and "name" in value and "id" in value:
        return f"{str(value['id']).lower()} {value['name']!r}"
    if isinstance(value, Mapping) and "named" in value:
        return repr(value["named"])
    return repr(value)


def content(data: Any, making: Making) -> Any:
    """`data` together with all that it refers to, for deciding whether two records mean the same thing."""
    seen: dict[str, Any] = {}

    def gather(value: Any) -> None:
        if isinstance(value, Mapping):
            if isinstance(value.get("id"), str) and isinstance(value.get("name"), str) and value["id"] in TABLE_OF:
                key = f"{value['id']} {value['name']}"
                if key not in seen:
                    seen[key] = entry(value["id"], value["name"], making)
                    gather(seen[key])
            for part in value.values():
                gather(part)
        elif isinstance(value, list):
            for part in value:
                gather(part)

    gather(data)
    return [data, seen]
