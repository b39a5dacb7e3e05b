"""The generic part of writing: a dict as `extractor/rna/rna.py` reads it becomes a struct's properties again.

    write_struct(lambda: obj.modifiers["Bevel"], read["properties"], making, "modifier Bevel")

Properties depend on each other (an enum decides what another may be; a setter changes its neighbours), and no table
knows all such dependencies. So: write what differs, compare, write what still differs, until nothing differs or nothing
changes any more. What then still differs is reported through `making.cannot`. A value that is already there is not
touched.

Structs are passed as functions that find them: Blender may move a struct in memory when something else is written,
and a pointer to a datablock that doesn't exist yet is written later. Only what the reader would read is ever
written, so a record can't reach anything else (scripts, caches, paths to programs).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ....extractor.rna.rna import Property, properties, read_property
from .. import compat
from .collections import resize, settle
from .context import Making
from .references import describe, resolve

ROUNDS = 6

Finder = Callable[[], Any]


@dataclass
class Round:
    """The differences found in one pass over a struct."""

    wrote: int = 0
    failures: dict[str, str] = field(default_factory=dict)  # dotted property -> why it isn't as it should be
    absent: dict[str, str] = field(default_factory=dict)  # dotted property -> the datablock that is missing


def write_struct(find: Finder, values: Mapping[str, Any], making: Making, where: str = "", quiet: bool = False) -> None:
    """Write `values` into what `find()` returns; `where` names it in sentences. `quiet` leaves reporting to a later
    call."""
    last = _write_rounds(find, values, making)
    if quiet:
        return
    if last.absent:
        # Setting a pointer may reset its neighbours, so everything is compared again when all datablocks exist.
        making.later(lambda: _tell(_write_rounds(find, values, making), values, making, where, final=True))
    _tell(last, values, making, where, final=False)


def _tell(last: Round, values: Mapping[str, Any], making: Making, where: str, final: bool) -> None:
    for path, reason in last.failures.items():
        making.cannot(f"{where} {path} {reason}".strip())
    if final:
        for path, target in last.absent.items():
            making.cannot(f"{where} {path} points at {target}, which is not among what was injected".strip())


def _write_rounds(find: Finder, values: Mapping[str, Any], making: Making) -> Round:
    before: dict[str, str] | None = None
    last = Round()
    for _ in range(ROUNDS):
        last = Round()
        _write_once(find, values, making, "", last)
        if not last.wrote or (last.failures and last.failures == before):
            break
        before = dict(last.failures)
    return last


def _write_once(find: Finder, values: Mapping[str, Any], making: Making, prefix: str, this: Round) -> None:
    struct = find()
    values = compat.properties_for(struct, values)
    known = properties(struct)
    wrote_before = this.wrote
    for key in values.keys() - {prop.id for prop in known}:
        if not compat.may_be_dropped(struct, key, values[key]):
            this.failures[prefix + key] = "is unknown to this version of Blender"
    for prop in known:
        if prop.id in values:
            try:
                _write_property(find, prop, values[prop.id], making, prefix, this)
            except (TypeError, ValueError, AttributeError, RuntimeError, OverflowError, ReferenceError) as error:
                this.failures[prefix + prop.id] = f"can't be {_brief(values[prop.id])}: {_first_line(error)}"
    if this.wrote != wrote_before:
        settle(find())


def _write_property(find: Finder, prop: Property, value: Any, making: Making, prefix: str, this: Round) -> None:
    path = prefix + prop.id
    if prop.kind == "struct":
        if getattr(find(), prop.id) is None:
            if value is not None:
                this.failures[path] = "doesn't exist here"
        elif value is not None:
            _write_once(lambda: getattr(find(), prop.id), value, making, path + ".", this)
        return
    if prop.kind == "items":
        this.wrote += resize(find(), prop.id, value)
        count = len(getattr(find(), prop.id))
        if count != len(value):
            this.failures[path] = f"has {count} entries instead of {len(value)}"
        for place, entry in enumerate(value[:count]):

            def item(place: int = place) -> Any:
                return getattr(find(), prop.id)[place]

            _write_once(item, entry, making, f"{path}[{place}].", this)
        return
    struct = find()
    target: Any = None
    if prop.kind in ("id", "named") and value is not None:
        target = resolve(value, making) if prop.kind == "id" else compat.find_named(struct, prop.id, value["named"])
        if target is None:
            this.absent[path] = describe(value)
            return
    if _agrees(struct, prop, value, target):
        return
    if prop.kind in ("id", "named"):
        setattr(struct, prop.id, target)
    else:
        compat.assign(struct, prop.id, set(value) if prop.kind == "flags" else value)
    this.wrote += 1
    if not _agrees(find(), prop, value, target):
        this.failures[path] = f"can't be {_brief(value)}: Blender makes it {_brief(_now(find(), prop))}"


def _agrees(struct: Any, prop: Property, value: Any, target: Any) -> bool:
    if prop.kind == "id":
        return bool(getattr(struct, prop.id) == target)
    return bool(_now(struct, prop) == compat.value_for(struct, prop.id, value))


def _now(struct: Any, prop: Property) -> Any:
    return read_property(struct, prop, None)


def _brief(value: Any) -> str:
    text = describe(value) if isinstance(value, dict) else repr(value)
    return text if len(text) < 80 else text[:77] + "..."


def _first_line(error: Exception) -> str:
    text = str(error)
    return text.splitlines()[0] if text else type(error).__name__
