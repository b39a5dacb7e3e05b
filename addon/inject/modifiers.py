"""Modifier stacks and constraints from what `extractor/scene/modifiers.py` reads.

    make_modifiers(obj, record.data["modifiers"], making)
    make_constraints(obj_or_pose_bone, record.data["constraints"], making)

Pointers to what doesn't exist yet are written when everything does (`making.later`), so the order of records doesn't
matter.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import bpy

from ...extractor.rna.sockets import group_names
from ...extractor.scene.modifiers import menu_items, read_node_inputs
from .rna.context import Making
from .rna.references import describe, resolve
from .rna.rna import write_struct


def make_modifiers(obj: Any, stack: Sequence[Mapping[str, Any]], making: Making) -> None:
    made: list[str] = []
    first = len(obj.modifiers)
    for entry in stack:
        modifier = make_modifier(obj, entry, making, made)
        if modifier is not None:
            made.append(modifier.name)
    # A fluid makes particle systems of its own, at the end of the stack.
    for place, name in enumerate(made, first):
        now = obj.modifiers.find(name)
        if now > place:
            try:
                obj.modifiers.move(now, place)
            except RuntimeError as error:
                making.cannot(f"modifier {name} can't be number {place + 1} in the stack: {str(error).strip()}")


def make_modifier(obj: Any, data: Mapping[str, Any], making: Making, made: Sequence[str] = ()) -> Any | None:
    """One modifier at the end of the stack; `made` names those that are not to be taken for it."""
    kind, name = data["type"], data.get("name") or data["type"].replace("_", " ").title()
    modifier = obj.modifiers.get(name) if kind == "PARTICLE_SYSTEM" and name not in made else None
    if modifier is None:
        try:
            modifier = obj.modifiers.new(name, kind)
        except (TypeError, RuntimeError):
            modifier = None
    if modifier is None:
        making.cannot(f"modifier {name} is a {kind}, which this Blender can't put on {obj.type.lower()} objects")
        return None
    actual = modifier.name
    where = f"modifier {name}"

    def find() -> Any:
        return obj.modifiers[actual]

    properties = data.get("properties")
    if properties is None:  # the plain form has the properties beside the type
        properties = {k: v for k, v in data.items() if k not in ("type", "name", "inputs", "outputs")}
    default_settings = _set_aside_settings(modifier, making)
    write_struct(find, properties, making, where)
    if default_settings is not None and default_settings.users == 0:
        bpy.data.particles.remove(default_settings)
    if data.get("inputs") or data.get("outputs"):
        making.later(lambda: _write_node_inputs(find, data, making, where))
    return find()


def _set_aside_settings(modifier: Any, making: Making) -> Any | None:
    """A new particle system brings settings of its own, whose name the record's own may want."""
    if modifier.type != "PARTICLE_SYSTEM":
        return None
    settings = modifier.particle_system.settings
    settings.name = f"{modifier.name} default"
    making.created(settings)
    return settings


def make_constraints(owner: Any, stack: Sequence[Mapping[str, Any]], making: Making) -> None:
    """`owner` is an object or a pose bone."""
    for entry in stack:
        name = entry.get("name") or entry["type"].replace("_", " ").title()
        try:
            constraint = owner.constraints.new(entry["type"])
        except (TypeError, RuntimeError):
            making.cannot(f"constraint {name} is a {entry['type']}, which this version of Blender lacks")
            continue
        constraint.name = name

        def find(place: int = len(owner.constraints) - 1) -> Any:
            return owner.constraints[place]

        write_struct(find, entry.get("properties") or {}, making, f"constraint {name}")


def _write_node_inputs(find: Any, data: Mapping[str, Any], making: Making, where: str) -> None:
    """Values, attribute names and attribute switches of a geometry nodes modifier."""
    modifier = find()
    group = modifier.node_group
    if group is None:
        return
    items = {name: identifier for identifier, name in group_names(group).items()}
    write = _write_5_2 if hasattr(modifier, "properties") else _write_id_properties
    kinds = {i.identifier: i for i in group.interface.items_tree if i.item_type == "SOCKET"}
    for side in ("inputs", "outputs"):
        for name, entry in (data.get(side) or {}).items():
            if name not in items or (kinds[items[name]].in_out == "INPUT") != (side == "inputs"):
                making.cannot(f"{where}: the node group has no {side[:-1]} {name} here")
                continue
            value = entry.get("value")
            if isinstance(value, Mapping):
                target = resolve(value, making)
                if target is None:
                    making.cannot(f"{where}: {name} points at {describe(value)}, which was not injected")
                    continue
                entry = {**entry, "value": target}
            try:
                write(find(), kinds[items[name]], entry)
            except (TypeError, ValueError, AttributeError, KeyError, OverflowError) as error:
                making.cannot(f"{where}: {name} can't be {value!r}: {str(error).splitlines()[0]}")
    modifier = find()
    modifier.show_viewport = modifier.show_viewport  # tells Blender that inputs changed
    _check(modifier, data, making, where)


def _check(modifier: Any, data: Mapping[str, Any], making: Making, where: str) -> None:
    inputs, _ = read_node_inputs(modifier, None)
    for name, entry in (data.get("inputs") or {}).items():
        now, wanted = inputs.get(name, {}).get("value"), entry.get("value")
        if name in inputs and now != wanted and not isinstance(wanted, Mapping):
            making.cannot(f"{where}: {name} can't be {wanted!r}: Blender makes it {now!r}")


def _write_5_2(modifier: Any, item: Any, data: Mapping[str, Any]) -> None:
    side = modifier.properties.inputs if item.in_out == "INPUT" else modifier.properties.outputs
    slot = getattr(side, item.identifier)
    if item.in_out == "OUTPUT":
        slot.attribute_name = data.get("attribute", "")
        return
    if "value" in data and hasattr(slot, "value") and data["value"] != "":
        slot.value = data["value"]
    for key, field in (("attribute", "attribute_name"), ("layer", "layer_name")):
        if data.get(key) and hasattr(slot, field):
            setattr(slot, field, data[key])
    if data.get("use"):
        slot.type = data["use"]


def _write_id_properties(modifier: Any, item: Any, data: Mapping[str, Any]) -> None:
    key = item.identifier
    if item.in_out == "OUTPUT":
        modifier[f"{key}_attribute_name"] = data.get("attribute", "")
        return
    if "value" in data and data["value"] is not None:
        value = data["value"]
        if item.socket_type == "NodeSocketMenu" and isinstance(value, str):
            numbers = {name: number for number, name in menu_items(modifier, key).items()}
            if value in numbers:
                modifier[key] = numbers[value]
        else:
            modifier[key] = _as_stored(modifier.get(key), value)
    if data.get("use") == "ATTRIBUTE":
        modifier[f"{key}_use_attribute"] = True
    if data.get("attribute"):
        modifier[f"{key}_attribute_name"] = data["attribute"]


def _as_stored(now: Any, value: Any) -> Any:
    """The value in the type the property has: an ID property takes whatever type it is given."""
    if isinstance(now, bool):
        return bool(value)
    if isinstance(now, float) and isinstance(value, int | float):
        return float(value)
    if isinstance(now, int) and isinstance(value, float):
        return int(value)
    return value
