"""Custom properties: what an artist or an add-on stored in addition to Blender's own.

Numbers, texts and flags stay as they are; everything else is a dict whose key tells its form: {"array": [...], "of":
"d" | "f" | "i" | "b"}, {"group": {...}}, {"groups": [{...}]}, {"id": ..., "name": ...}, {"bytes": hex}. It knows
nothing of who owns them.
"""

from typing import Any

from .context import Context
from .references import refer

# Properties that add-ons register keep their values among the custom ones before 5.0; those of Blender's own renderer
# are not the artist's.
NOT_CUSTOM = {"_RNA_UI", "cycles", "cycles_visibility", "cycles_curves"}
LIMITS_SAID = ("min", "max", "soft_min", "soft_max", "step", "precision", "default", "description", "subtype", "items")


def read_properties(owner: Any, context: Context) -> dict[str, Any]:
    """{name: value} of any datablock or bone; {} where there are none."""
    if not owner.keys():
        return {}
    registered = owner.bl_rna.properties
    custom = {key: value for key, value in owner.items() if key not in NOT_CUSTOM and key not in registered}
    return _group(custom, context)


def read_property_limits(owner: Any, properties: dict[str, Any]) -> dict[str, Any]:
    """{name: {min, max, default, description, ...}} of those that can have limits."""
    limits = {}
    for key, value in properties.items():
        if isinstance(value, dict) and "array" not in value:
            continue
        try:
            settings = owner.id_properties_ui(key).as_dict()
        except TypeError:  # this type of property has no such data
            continue
        kept = {}
        for name in LIMITS_SAID:
            limit = settings.get(name)
            if limit is not None and limit != "":
                kept[name] = list(limit) if isinstance(limit, tuple | list) else limit
        if kept:
            limits[key] = kept
    return limits


def add_properties(data: dict[str, Any], owner: Any, context: Context) -> None:
    """Put `owner`'s custom properties into `data` as "custom" and "custom_limits", where there are any."""
    custom = read_properties(owner, context)
    if custom:
        data["custom"] = custom
        limits = read_property_limits(owner, custom)
        if limits:
            data["custom_limits"] = limits


def _says_nothing(value: Any) -> bool:
    """None, and an empty list of groups, which Blender can't create."""
    return value is None or (isinstance(value, list) and not value)


def _group(group: Any, context: Context) -> dict[str, Any]:
    read = {key: _value(value, context) for key, value in group.items() if not _says_nothing(value)}
    return {key: value for key, value in read.items() if value is not None}


def _value(value: Any, context: Context) -> Any:
    if isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if hasattr(value, "id_type"):
        return refer(value, context)
    if hasattr(value, "typecode"):
        return {"array": list(value), "of": value.typecode}
    if hasattr(value, "to_dict"):
        return {"group": _group(value, context)}
    return {"groups": [_value(inner, context) for inner in value]}
