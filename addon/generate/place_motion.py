"""A generated animation starts from rest at the origin; this moves it to where the object is.

Knows only records: no bpy, and nothing of how the animation was made.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from ...records import Record, array_key

COLUMNS = ("co", "handle_left", "handle_right")


def moved(
    record: Record, location: Sequence[float], rotation: Sequence[float], scale: Sequence[float], stretch: float = 1.0
) -> Record:
    """The record with its object's animation moved to `location`, `rotation` (XYZ angles) and `scale`; distances are
    multiplied by `stretch`. Parented objects follow their parent and are left as they are."""
    name = str((record.data.get("animation") or {}).get("action") or "")
    action = (record.data.get("actions") or {}).get(name)
    if not action or record.data.get("parent"):
        return record
    prefix = f"action/{array_key(name)}/"
    columns = {key: record.arrays[prefix + key].copy() for key in COLUMNS}
    for curve in _curves(action):
        path, axis = curve["data_path"], int(curve["array_index"])
        first, count = curve.get("keys") or (0, 0)
        if path not in ("location", "rotation_euler", "scale"):
            continue
        times = {"location": stretch, "rotation_euler": 1.0, "scale": scale[axis]}[path]
        plus = {"location": location[axis], "rotation_euler": rotation[axis], "scale": 0.0}[path]
        for column in columns.values():
            column[first : first + count, 1] = column[first : first + count, 1] * times + plus
    return Record(record.data, {**record.arrays, **{prefix + key: column for key, column in columns.items()}})


def turns(record: Record) -> bool:
    """Whether the animation rotates its object by Euler angles."""
    actions = (record.data.get("actions") or {}).values()
    return any(curve["data_path"] == "rotation_euler" for action in actions for curve in _curves(action))


def _curves(action: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for layer in action["layers"]:
        for strip in layer["strips"]:
            for bag in strip["channelbags"]:
                yield from bag["curves"]
