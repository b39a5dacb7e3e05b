"""One F-curve is written: its settings, keyframes or baked samples, and modifiers.

Keyframes are written in bulk and as they were: handles are not recalculated. Knows curves and modifiers of curves;
whether they belong to an action, a driver or an NLA strip is for the caller.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...extractor.rna.animation import COLUMNS, CURVE_VALUES
from .rna.context import Making
from .rna.rna import write_struct

FAR = 1_000_000.0
# Columns of numbers that stand for enum items; a Blender that lacks an item gets the first instead.
ENUMS = ("interpolation", "easing", "type", "handle_left_type", "handle_right_type")


def write_curve(curve: Any, data: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]], making: Making) -> None:
    """All of a curve but its group. `arrays` holds the action's columns; without, keyframes stand in `data`."""
    where = f"curve {data['data_path']}[{data['array_index']}]"
    for key in CURVE_VALUES:
        if key in data and getattr(curve, key) != data[key]:
            try:
                setattr(curve, key, data[key])
            except TypeError as error:
                making.cannot(f"{where}: {error}")
    if "color" in data:
        curve.color = data["color"]
    keys = _columns(data.get("keys"), arrays)
    _write_keys(curve, keys, making, where)
    samples = data.get("samples")
    if samples is not None:
        rows = np.asarray(arrays["samples"][samples[0] : samples[0] + samples[1]] if "samples" in arrays else samples)
        _write_samples(curve, rows.astype(np.float32).reshape(-1, 2), making, where)
    write_modifiers(curve.modifiers, data.get("modifiers") or [], making, where)


def _columns(keys: Any, arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    if not keys:
        return {}
    if isinstance(keys, Mapping):
        return {name: np.asarray(keys[name], COLUMNS[name][0]) for name in COLUMNS if name in keys}
    first, count = keys
    return {name: arrays[name][first : first + count] for name in COLUMNS if name in arrays} if count else {}


def _write_keys(curve: Any, columns: Mapping[str, NDArray[Any]], making: Making, where: str) -> None:
    points = curve.keyframe_points
    points.clear()
    count = len(columns["co"]) if "co" in columns else 0
    if not count:
        return
    points.add(count)
    for name, values in columns.items():
        dtype = COLUMNS[name][0]
        if name in ENUMS:
            known = {item.value for item in points[0].bl_rna.properties[name].enum_items}
            values = np.asarray(values, np.int32)
            strange = ~np.isin(values, list(known))
            if strange.any():
                making.cannot(f"{where}: {int(strange.sum())} keyframes of a {name} that is unknown here")
                values = np.where(strange, min(known), values).astype(np.int32)
        else:
            values = np.ascontiguousarray(values, dtype)
        points.foreach_set(name, np.ascontiguousarray(values).ravel())


def _write_samples(curve: Any, rows: NDArray[Any], making: Making, where: str) -> None:
    """Baked curves have one sample a frame; Blender makes them from keyframes, so those come first."""
    if not len(rows):
        return
    start, end = int(rows[0, 0]), int(rows[-1, 0])
    if end - start + 1 != len(rows):
        making.cannot(f"{where}: samples that are not one per frame")
        return
    curve.keyframe_points.clear()
    curve.keyframe_points.add(1)
    curve.convert_to_samples(start, end + 1)
    points = curve.sampled_points
    if len(points) > len(rows):
        curve.convert_to_keyframes(start, end)
        curve.convert_to_samples(start, end)
        points = curve.sampled_points
    if len(points) != len(rows):
        making.cannot(f"{where}: Blender makes {len(points)} samples of {len(rows)}")
        return
    points.foreach_set("co", rows.ravel())


def write_modifiers(modifiers: Any, stack: Sequence[Mapping[str, Any]], making: Making, where: str) -> None:
    """A stack of F-modifiers, in order, in the place of those that a new curve may come with."""
    if not hasattr(modifiers, "new"):  # those of an NLA strip
        if stack:
            making.cannot(
                f"{where}: F-modifiers {', '.join(one['type'] for one in stack)}: only the NLA editor makes those"
            )
        return
    for modifier in list(modifiers):
        modifiers.remove(modifier)
    for one in stack:
        what = f"{where} F-modifier {one['type']}"
        try:
            made = modifiers.new(one["type"])
        except (TypeError, RuntimeError, ValueError) as error:
            making.cannot(f"{what}: {error}")
            continue
        if made is None:  # Cycles behind another
            making.cannot(f"{what} can't stand here in the stack")
            continue
        _write_modifier(modifiers, len(modifiers) - 1, one, making, what)


def _write_modifier(modifiers: Any, number: int, data: Mapping[str, Any], making: Making, where: str) -> None:
    points = data.get("points") or []
    if data["type"] == "ENVELOPE":
        control = modifiers[number].control_points
        while len(control):
            control.remove(control[0])
        for frame, _, _ in points:
            control.add(frame)
        if len(control) == len(points):
            # In bulk: setting one alone makes Blender take the point for a modifier, and it may crash over that.
            for place, name in enumerate(("frame", "min", "max")):
                control.foreach_set(name, [point[place] for point in points])
        else:
            making.cannot(f"{where}: control points at equal frames")
    values = data["properties"]
    ends = {"frame_start": -FAR, "frame_end": FAR}
    for key, value in (*ends.items(), *((k, values[k]) for k in ("blend_in", "blend_out", *ends) if k in values)):
        setattr(modifiers[number], key, value)  # blends are clamped to the current range when they are set
    write_struct(lambda: modifiers[number], values, making, where)
