"""Modifier stacks and constraints: type, name, every writable property, pointers by name.

    [{"type": "MIRROR", "name": "Mirror", "properties": {...}}]

A geometry nodes modifier also has "inputs": {socket: {"value", "attribute"?}} and "outputs": {socket: {"attribute"}},
sockets named as `sockets.py` names the group's. "attribute" is set if the input takes an attribute or the output writes
one.
"""

from typing import Any

from ..rna.context import Context
from ..rna.references import refer
from ..rna.rna import plain, read_struct
from ..rna.sockets import group_names


def read_modifiers(obj: Any, ctx: Context) -> list[dict[str, Any]]:
    return [read_modifier(modifier, ctx) for modifier in obj.modifiers]


# Data of modifiers that RNA doesn't expose: property that reveals it -> what it is.
HIDDEN = {
    "MULTIRES": ("total_levels", "sculpted detail"),
    "MESH_DEFORM": ("is_bound", "binding"),
    "SURFACE_DEFORM": ("is_bound", "binding"),
    "LAPLACIANDEFORM": ("is_bind", "binding"),
    "CORRECTIVE_SMOOTH": ("is_bind", "binding"),
}


def read_modifier(modifier: Any, ctx: Context) -> dict[str, Any]:
    if modifier.type in HIDDEN and getattr(modifier, HIDDEN[modifier.type][0]):
        ctx.note(f"modifier {modifier.name}: its {HIDDEN[modifier.type][1]} can't be read and was left behind")
    read: dict[str, Any] = {
        "type": modifier.type,
        "name": modifier.name,
        "properties": read_struct(modifier, ctx),
    }
    if modifier.type == "NODES" and modifier.node_group is not None:
        read["inputs"], read["outputs"] = read_node_inputs(modifier, ctx)
    return read


def read_constraints(owner: Any, ctx: Context) -> list[dict[str, Any]]:
    """Of an object or a pose bone."""
    return [
        {"type": constraint.type, "name": constraint.name, "properties": read_struct(constraint, ctx)}
        for constraint in owner.constraints
    ]


def read_node_inputs(modifier: Any, ctx: Context | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """(inputs, outputs) of a geometry nodes modifier."""
    names = group_names(modifier.node_group)
    inputs: dict[str, Any] = {}
    outputs: dict[str, Any] = {}
    for item in modifier.node_group.interface.items_tree:
        if item.item_type != "SOCKET":
            continue
        side = inputs if item.in_out == "INPUT" else outputs
        reader = _read_5_2 if hasattr(modifier, "properties") else _read_id_properties
        entry = reader(modifier, item, ctx)
        if entry:
            side[names[item.identifier]] = entry
    return inputs, outputs


def _read_5_2(modifier: Any, item: Any, ctx: Context | None) -> dict[str, Any]:
    side = modifier.properties.inputs if item.in_out == "INPUT" else modifier.properties.outputs
    slot = getattr(side, item.identifier, None)
    if slot is None:
        return {}
    if item.in_out == "OUTPUT":
        return {"attribute": slot.attribute_name} if slot.attribute_name else {}
    entry: dict[str, Any] = {}
    if hasattr(slot, "value"):
        entry["value"] = _value(slot.value, ctx)
    if getattr(slot, "type", "VALUE") != "VALUE":
        entry["use"] = slot.type
    for key, field in (("attribute", "attribute_name"), ("layer", "layer_name")):
        if getattr(slot, field, ""):
            entry[key] = getattr(slot, field)
    return entry


def _read_id_properties(modifier: Any, item: Any, ctx: Context | None) -> dict[str, Any]:
    key = item.identifier
    if item.in_out == "OUTPUT":
        name = modifier.get(f"{key}_attribute_name", "")
        return {"attribute": name} if name else {}
    entry: dict[str, Any] = {}
    if key in modifier.keys():
        entry["value"] = (
            _menu_name(modifier, key) if item.socket_type == "NodeSocketMenu" else _value(modifier[key], ctx)
        )
    if modifier.get(f"{key}_use_attribute", False):
        entry["use"] = "ATTRIBUTE"
    if modifier.get(f"{key}_attribute_name", ""):
        entry["attribute"] = modifier[f"{key}_attribute_name"]
    return entry


def menu_items(modifier: Any, key: str) -> dict[int, str]:
    """Number -> name of what a menu input offers (up to 5.1, where the modifier stores the number)."""
    offered = modifier.id_properties_ui(key).as_dict().get("items") or []
    return {int(item[4]) if len(item) > 4 else place: item[0] for place, item in enumerate(offered)}


def _menu_name(modifier: Any, key: str) -> str:
    return menu_items(modifier, key).get(int(modifier[key]), "")


def _value(value: Any, ctx: Context | None) -> Any:
    if hasattr(value, "id_type"):
        return refer(value, ctx)
    return plain(value)
