"""Custom properties are written back, with their limits. For the forms see extractor/rna/properties.py."""

from typing import Any

import numpy as np

from .rna.context import Making

ARRAYS = {"f": np.float32, "d": np.float64, "i": np.int32}


def write_properties(owner: Any, data: dict[str, Any], making: Making) -> None:
    """`data` is whatever holds "custom" and "custom_limits"; nothing happens where they are missing."""
    for key, value in (data.get("custom") or {}).items():
        try:
            owner[key] = _value(value, making)
        except (TypeError, ValueError, OverflowError, KeyError) as error:
            making.cannot(f"custom property {key!r}: {error}")
    for key, limits in (data.get("custom_limits") or {}).items():
        if key not in owner:
            continue
        try:
            owner.id_properties_ui(key).update(**limits)
        except (TypeError, ValueError) as error:
            making.cannot(f"limits of custom property {key!r}: {error}")


def _value(value: Any, making: Making) -> Any:
    if not isinstance(value, dict):
        return value
    if "array" in value:  # a buffer, because its type tells whether the numbers are float32, float64 or int
        if value.get("of") == "b":
            return [bool(number) for number in value["array"]]
        return np.array(value["array"], ARRAYS.get(value.get("of", "d"), np.float64))
    if "group" in value:
        return {key: _value(inner, making) for key, inner in value["group"].items()}
    if "groups" in value:
        return [_value(inner, making) for inner in value["groups"]]
    if "bytes" in value:
        return bytes.fromhex(value["bytes"])
    if "id" in value:
        datablock = making.find(value["id"], value["name"])
        if datablock is None:
            making.cannot(f"{value['id'].lower()} {value['name']!r} is not among the records")
        return datablock
    return value
