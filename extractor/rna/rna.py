"""The generic part of reading: every writable property of a Blender struct becomes a JSON-able value.

Knows RNA and nothing of single types; special cases are in `exceptions.py`. Values:

- bool, int, str as they are; float32 as the shortest decimal that gives the same float32 back, so records are
  readable and exact; vectors and matrices as (nested) lists; flag enums as sorted lists.
- a datablock as {"id": its id_type, "name": its name in the record} (see `references.py`), None where empty.
- an owned struct (colour ramp, curve mapping) as a dict, a collection of structs (ramp elements) as a list of dicts.
- something pointed at inside another datablock (a shape key) as {"named": its name}.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

import bpy
import numpy as np
from mathutils import Color, Euler, Matrix, Quaternion, Vector

from . import exceptions
from .context import Context
from .references import refer


class Property(NamedTuple):
    """One property worth reading. `kind`: value, float, array, flags, id, named, struct, items."""

    id: str
    kind: str
    target: str = ""  # RNA type pointed at, for named / struct / items


class _Shortest(dict[float, float]):
    """float32 -> the double with the fewest digits that is the same float32. Most values of a file repeat."""

    def __missing__(self, number: float) -> float:
        single = np.float32(number)
        if single != number:  # a double that float32 can't hold (custom properties): left as it is
            return float(number)
        text = float(str(single))
        short = text if np.float32(text) == single else float(number)
        if number:  # zeros are not cached: as dict keys, -0.0 equals 0.0
            if len(self) > 1 << 16:
                self.clear()
            self[number] = short
        return short


_shortest = _Shortest()


def short(number: float) -> float:
    """The double with the fewest digits that is the same float32."""
    return number and _shortest[number]  # zeros stay what they are, with their sign


_AS_THEY_ARE = frozenset({str, int, bool, type(None)})
_ROWS_OF_FLOATS = frozenset({Vector, Color, Euler, Quaternion})
_ARRAY = bpy.types.bpy_prop_array  # looking up a type there costs more than reading a value


def plain(value: Any) -> Any:
    """A Blender value (vector, matrix, colour, array, set) in JSON form."""
    kind = value.__class__
    if kind is float:
        return value and _shortest[value]
    if kind in _AS_THEY_ARE:
        return value
    if kind in _ROWS_OF_FLOATS:
        return [number and _shortest[number] for number in value]
    if kind is _ARRAY:
        parts = value[:]  # a tuple at once; going through it part by part costs five times as much
        if parts and parts[0].__class__ is float:
            return [number and _shortest[number] for number in parts]
        return [plain(part) for part in parts]
    if kind is Matrix:
        return [[number and _shortest[number] for number in row] for row in value]
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, bool | int | str):
        return value
    return [plain(part) for part in value]


def properties(struct: Any) -> tuple[Property, ...]:
    """What is read of this struct, in RNA order."""
    return _properties(struct.bl_rna.identifier) or _scan(struct.bl_rna)


def read_struct(struct: Any, ctx: Context | None, skip: Iterable[str] = ()) -> dict[str, Any]:
    """Every property of `struct` that is worth keeping; `skip` names further ones to leave out."""
    kind, skipped = struct.__class__, frozenset(skip)
    plan = _plans.get((kind, skipped))
    if plan is None:
        if len(_plans) > 4096:  # types may be unregistered when another file is opened
            _plans.clear()
        plan = _plans[kind, skipped] = _make_plan(struct, skipped)
    read = dict(zip(plan.ids, plan.get(struct)))
    for name in plan.floats:
        if number := read[name]:
            read[name] = _shortest[number]
    for prop in plan.others:
        if (value := read[prop.id]) is not None:
            read[prop.id] = _json_value(value, prop, ctx)
    for name in plan.enums:
        # One whose stored number no item has (from another version) reads as "": then it means the default, or nothing
        # if its items are dynamic.
        if read[name] == "":
            read[name] = struct.bl_rna.properties[name].default
            if not read[name]:
                del read[name]
    return read


class _Plan(NamedTuple):
    """How a type of struct is read: all properties in one call, then conversion of those not yet in JSON form."""

    ids: tuple[str, ...]
    get: Callable[[Any], Iterable[Any]]
    floats: tuple[str, ...]
    others: tuple[Property, ...]
    enums: tuple[str, ...]


_plans: dict[tuple[type, frozenset[str]], _Plan] = {}


def _make_plan(struct: Any, skipped: frozenset[str]) -> _Plan:
    chosen = tuple(prop for prop in properties(struct) if prop.id not in skipped)
    types = {prop.id: struct.bl_rna.properties[prop.id].type for prop in chosen}
    ids = tuple(types)
    return _Plan(
        ids,
        getter(ids),
        tuple(prop.id for prop in chosen if prop.kind == "float"),
        # A string may be bytes, in which case it is not yet text.
        tuple(p for p in chosen if p.kind not in ("value", "float") or types[p.id] == "STRING"),
        tuple(prop.id for prop in chosen if prop.kind == "value" and types[prop.id] == "ENUM"),
    )


def getter(names: Sequence[str]) -> Callable[[Any], Iterable[Any]]:
    """A function that gets these attributes of something in one call, as a tuple."""
    if len(names) > 1:
        return attrgetter(*names)
    if not names:
        return lambda struct: ()
    only = attrgetter(names[0])
    return lambda struct: (only(struct),)


def read_property(struct: Any, prop: Property, ctx: Context | None) -> Any:
    """One value. With `ctx` None (the writer comparing), datablocks are named but not embedded."""
    return _json_value(getattr(struct, prop.id), prop, ctx)


def _json_value(value: Any, prop: Property, ctx: Context | None) -> Any:
    """A property's value in JSON form."""
    kind = prop.kind
    if kind == "float":
        return short(value)
    if kind == "value":
        return value if not isinstance(value, bytes) else value.decode("utf-8", "replace")
    if kind in ("array", "flags"):
        return plain(value)
    if value is None:
        return None
    if kind == "id":
        return refer(value, ctx)
    if kind == "named":
        return {"named": getattr(value, exceptions.NAMED_BY.get(prop.target, "name"))}
    if kind == "struct":
        silent = exceptions.SAYS_NOTHING.get(prop.target)
        if silent is not None and getattr(value, silent[0]) == silent[1]:
            return None
        return read_struct(value, ctx)
    return [read_struct(item, ctx) for item in value]


def lineage(rna: Any) -> list[str]:
    """The RNA identifiers of a type and all it derives from, nearest first."""
    names = []
    while rna is not None:
        names.append(rna.identifier)
        rna = rna.base
    return names


@lru_cache(maxsize=2048)
def _properties(identifier: str) -> tuple[Property, ...]:
    kind = getattr(bpy.types, identifier, None)
    return _scan(kind.bl_rna) if kind is not None else ()


def _scan(rna: Any) -> tuple[Property, ...]:
    names = lineage(rna)
    skipped = frozenset().union(*(exceptions.SKIPPED.get(name, frozenset()) for name in names))
    taken = frozenset().union(*(exceptions.TAKEN_THOUGH_READONLY.get(name, frozenset()) for name in names))
    properties = []
    for prop in rna.properties:
        if prop.identifier in skipped or prop.identifier.startswith(exceptions.SKIPPED_PREFIXES):
            continue
        described = _describe(prop, prop.identifier in taken)
        if described is not None:
            properties.append(described)
    first = {name: place for place, name in enumerate(exceptions.FIRST)}
    return tuple(sorted(properties, key=lambda p: first.get(p.id, len(first))))


def _describe(prop: Any, taken: bool) -> Property | None:
    kind = prop.type
    if kind in ("POINTER", "COLLECTION"):
        target = prop.fixed_type
        is_id = "ID" in lineage(target)
        if kind == "COLLECTION":
            return None if is_id else Property(prop.identifier, "items", target.identifier)
        if is_id:
            return None if prop.is_readonly else Property(prop.identifier, "id", target.identifier)
        return Property(prop.identifier, "struct" if prop.is_readonly else "named", target.identifier)
    if prop.is_readonly and not taken:
        return None
    if kind == "ENUM":
        return Property(prop.identifier, "flags" if prop.is_enum_flag else "value")
    if kind in ("BOOLEAN", "INT", "FLOAT") and prop.is_array:
        return Property(prop.identifier, "array")
    return Property(prop.identifier, "float" if kind == "FLOAT" else "value")
