"""An object's action as items and back: a channel each, its keyframes as rows.

Encoded: location (for the unit see `from_rest`), rotation and scale curves, frames rounded to integers, values,
interpolation, extrapolation, whether a curve repeats. Left out: other curves (bones, materials), handles (flat after
decoding), drivers, NLA; counted in notes.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ...records import Record, array_key
from .items import Item

# The numbers that a record's action arrays use (docs/records.md).
INTERPOLATIONS = (
    "CONSTANT", "LINEAR", "BEZIER", "BACK", "BOUNCE", "CIRC", "CUBIC", "ELASTIC", "EXPO", "QUAD", "QUART", "QUINT",
    "SINE",
)  # fmt: skip
AUTO_CLAMPED = 4
SLOT = "OBSlot"


def items_of_motion(record: Record, channel_types: set[str]) -> tuple[list[Item], dict[str, int]]:
    """(items, notes) of the action that a record's object plays."""
    animation = record.data.get("animation") or {}
    name, slot = str(animation.get("action") or ""), animation.get("slot")
    notes: dict[str, int] = {}
    for key in ("nla", "drivers"):
        if animation.get(key):
            notes[key] = len(animation[key])
    action = (record.data.get("actions") or {}).get(name)
    if not action:
        return [], notes
    prefix = f"action/{array_key(name)}/"
    items: list[Item] = []
    for curve in curves_of(action, slot):
        kind = f"{curve['data_path']}.{curve['array_index']}"
        first, count = curve.get("keys") or (0, 0)
        if kind not in channel_types or not count or any(item.type == kind for item in items):
            notes["other curves"] = notes.get("other curves", 0) + 1
            continue
        co = record.arrays[prefix + "co"][first : first + count]
        ways = record.arrays[prefix + "interpolation"][first : first + count]
        frames = np.rint(co[:, 0]).astype(int)
        items.append(Item(kind, _about(curve, int(frames[0])), rows=_rows(frames, co[:, 1], ways)))
    return sorted(items, key=lambda item: item.type), notes


ONES = ("scale.0", "scale.1", "scale.2", "rotation_quaternion.0")


def rest(channel: str) -> float:
    """The value of a channel at rest."""
    return float(channel in ONES)


def from_rest(items: list[Item], size: float = 1.0) -> list[Item]:
    """The same motion starting at the origin with scale 1, with distances in units of the object's longest side, so
    that it does not depend on the object's place and size."""
    out = []
    for item in items:
        path = item.type.rsplit(".", 1)[0]
        first = float(item.rows[0][1])
        if path == "location":
            rows = [[gap, (value - first) / size, way] for gap, value, way in item.rows]
        elif path == "scale" and abs(first) > 1e-6:
            rows = [[gap, value / first, way] for gap, value, way in item.rows]
        else:
            rows = item.rows
        out.append(replace(item, rows=rows))
    return out


def span(items: list[Item]) -> tuple[int, tuple[float, float, float]]:
    """How many frames an animation takes, and how far it goes along x, y and z at its furthest point from the start, in
    the animation's own unit."""
    frames, way = 0, [0.0, 0.0, 0.0]
    for item in items:
        path, axis = item.type.rsplit(".", 1)
        frames = max(frames, sum(int(row[0]) for row in item.rows[1:]))
        if path == "location" and item.rows:
            way[int(axis)] = _furthest(item)
    return frames, (way[0], way[1], way[2])


def _furthest(item: Item) -> float:
    return max((float(row[1] - item.rows[0][1]) for row in item.rows), key=abs)


MIRRORED = ("location.0", "rotation_euler.1", "rotation_euler.2")


def varied(items: list[Item], rng: np.random.Generator) -> list[Item]:
    """The same motion faster or slower, wider or narrower, and half of the time mirrored (x to -x): otherwise a few
    hundred animations are soon memorized."""
    pace, swing = np.exp(rng.uniform(-0.35, 0.35, 2))
    mirror = rng.random() < 0.5
    out = []
    for item in items:
        still = rest(item.type)
        reach = -swing if mirror and item.type in MIRRORED else swing
        rows = [
            [max(1, round(gap * pace)) if number else gap, still + (value - still) * reach, way]
            for number, (gap, value, way) in enumerate(item.rows)
        ]
        if "quaternion" in item.type:  # a quaternion's four values belong together
            rows = [[new[0], *row[1:]] for new, row in zip(rows, item.rows)]
        out.append(replace(item, rows=rows))
    return out


def fitted(record: Record, size: float, frames: int | None = None, way: Sequence[float] = ()) -> Record:
    """An animation in units of the object's size, fitted to one of size `size`."""
    actions = record.data.get("actions") or {}
    if not actions:
        return record
    (name,) = actions
    channels = {f"{curve['data_path']}.{curve['array_index']}" for curve in curves_of(actions[name], None)}
    items, _ = items_of_motion(record, channels)
    data, arrays = motion_of_items(fitted_items(items, size, frames, way), name)
    return Record({**record.data, **data}, {**record.arrays, **arrays})


def fitted_items(items: list[Item], size: float, frames: int | None = None, way: Sequence[float] = ()) -> list[Item]:
    """Distances times `size`. If given, it takes exactly `frames` frames and goes exactly as far as `way` along x, y
    and z: there, or there and back, as before. On an axis without distance it still leaves and returns if it did
    before: a jump on level ground."""
    long, _ = span(items)
    if frames and long:
        items = [_paced(item, frames / long) for item in items]
    wanted = {f"location.{axis}": far for axis, far in enumerate(way)}
    going = [_going(item, size, wanted.get(item.type)) if item.type.startswith("location") else item for item in items]
    out = [item for item in going if item is not None]
    for channel in {name for name in wanted if wanted[name]} - {item.type for item in out}:  # a straight line
        rows = [[0, 0.0, "BEZIER"], [frames or long or 24, wanted[channel], "BEZIER"]]
        out.append(Item(channel, {"start": 1}, rows=rows))
    return sorted(out, key=lambda item: item.type)


def _going(item: Item, size: float, wanted: float | None) -> Item | None:
    """A location channel `size` times as far, or exactly as far as requested; None if it no longer moves."""
    begin, times = 0.0, size
    if wanted is not None:
        begin, end = item.rows[0][1], item.rows[-1][1]
        furthest = _furthest(item)
        stays_there = abs(end - begin) > abs(furthest) / 2
        goes = end - begin if stays_there else furthest
        if abs(goes) < 1e-6 or (stays_there and not wanted):
            return None
        times = wanted / goes if wanted else size
    return replace(item, rows=[[gap, (value - begin) * times, ease] for gap, value, ease in item.rows])


def _paced(item: Item, pace: float) -> Item:
    at = np.rint(np.cumsum([row[0] for row in item.rows]) * pace).astype(int)
    gaps = np.diff(at, prepend=at[0])
    return replace(item, rows=[[int(gap), *row[1:]] for gap, row in zip(gaps, item.rows)])


def curves_of(action: dict[str, Any], slot: str | None) -> list[dict[str, Any]]:
    """The curves of one slot (all of them, if the action has no slots)."""
    bags = [b for layer in action["layers"] for strip in layer["strips"] for b in strip["channelbags"]]
    return [curve for bag in bags if slot is None or bag.get("slot") in (None, slot) for curve in bag["curves"]]


def _about(curve: dict[str, Any], start: int) -> dict[str, Any]:
    cycles = any(modifier["type"] == "CYCLES" for modifier in curve.get("modifiers") or [])
    return {"start": start, "extrapolation": curve.get("extrapolation", "CONSTANT"), "cycles": cycles}


def _rows(frames: np.ndarray, values: np.ndarray, ways: np.ndarray) -> list[list[Any]]:
    """[frames since the last, value, interpolation]; 64 keys at most; more are reduced evenly."""
    chosen = np.unique(np.linspace(0, len(frames) - 1, min(len(frames), 64)).round().astype(int))
    gaps = np.diff(frames[chosen], prepend=frames[chosen[0]])
    return [[int(gap), float(values[i]), INTERPOLATIONS[int(ways[i])]] for gap, i in zip(gaps, chosen)]


def motion_of_items(items: list[Item], name: str) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """(data, arrays) for a record: one action with one slot."""
    curves: list[dict[str, Any]] = []
    keys: list[np.ndarray] = []
    ways: list[int] = []
    for item in items:
        path, axis = item.type.rsplit(".", 1)
        if not item.rows or any(c["data_path"] == path and c["array_index"] == int(axis) for c in curves):
            continue
        start = float(item.values.get("start", 1))
        # Two keyframes can't share a frame: the first is at the start, each later one at least a frame on.
        gaps = [0] + [max(int(row[0]), 1) for row in item.rows[1:]]
        frames = start + np.cumsum(gaps)
        curve = {
            "data_path": path,
            "array_index": int(axis),
            "extrapolation": item.values.get("extrapolation", "CONSTANT"),
            "keys": [len(ways), len(item.rows)],
        }
        if item.values.get("cycles"):
            curve["modifiers"] = [{"type": "CYCLES", "properties": {}}]
        curves.append(curve)
        keys.append(np.stack([frames, [row[1] for row in item.rows]], axis=1))
        ways += [INTERPOLATIONS.index(row[2]) for row in item.rows]
    if not curves:
        return {"animation": None}, {}
    co = np.concatenate(keys).astype(np.float32)
    # Auto handles, as Blender would lay them at a turning point: flat, a third of the way to the neighbour.
    reach = np.concatenate([np.gradient(k[:, 0]) / 3 if len(k) > 1 else np.ones(1) for k in keys])
    left, right = co.copy(), co.copy()
    left[:, 0] -= reach
    right[:, 0] += reach
    action = {
        "use_frame_range": False,
        "use_cyclic": False,
        "frame_start": 0.0,
        "frame_end": 0.0,
        "slots": [{"identifier": SLOT, "name": "Slot", "id_type": "OBJECT"}],
        "layers": [
            {"name": "Layer", "strips": [{"type": "KEYFRAME", "channelbags": [{"slot": SLOT, "curves": curves}]}]}
        ],
    }
    count = len(ways)
    columns = {
        "co": co,
        "handle_left": left,
        "handle_right": right,
        "back": np.full(count, 1.70158, np.float32),
        "amplitude": np.zeros(count, np.float32),
        "period": np.zeros(count, np.float32),
        "interpolation": np.array(ways, np.uint8),
        "easing": np.zeros(count, np.uint8),
        "type": np.zeros(count, np.uint8),
        "handle_left_type": np.full(count, AUTO_CLAMPED, np.uint8),
        "handle_right_type": np.full(count, AUTO_CLAMPED, np.uint8),
    }
    prefix = f"action/{array_key(name)}/"
    data = {"animation": {"action": name, "slot": SLOT}, "actions": {name: action}}
    return data, {prefix + key: column for key, column in columns.items()}
