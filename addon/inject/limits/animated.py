"""Costly settings that are animated: the costliest keyframe counts; what cannot be known in advance is switched off."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from ....records import Record, array_key
from .counts import channelbags

_ANIMATED = re.compile(r'^modifiers\["(.+)"\]\.(\w+)$')
_SHOWN = re.compile(r"(^|\.)(show_viewport|show_render|hide_viewport|hide_render)$")
COSTLY = frozenset({
    "levels", "render_levels", "subsurf_levels", "count", "fit_length", "segments", "steps", "render_steps",
    "iterations", "voxel_size", "octree_depth", "resolution", "viewport_resolution", "repeat_x", "repeat_y",
    "resolution_max",
})  # fmt: skip


def mute_untold(record: Record, sentences: list[str]) -> Record:
    """The record without drivers, F-modifiers and baked samples on costly settings."""
    return _muted(record, _is_untold, "what it would cost cannot be known in advance", sentences)


def mute_shown(record: Record, sentences: list[str]) -> Record:
    """The record with nothing that could show again what was hidden."""

    def shows(curve: Mapping[str, Any]) -> bool:
        return bool(_SHOWN.search(curve["data_path"]))

    return _muted(record, shows, "what it would show takes too long to evaluate", sentences)


def peaks_of(record: Record) -> dict[tuple[str, str], float]:
    """(modifier's name, property) -> its costliest keyframe in any action of the record."""
    peaks: dict[tuple[str, str], float] = {}
    for name, action in (record.data.get("actions") or {}).items():
        rows = record.arrays.get(f"action/{array_key(name)}/co")
        for bag in channelbags(action):
            for curve in bag["curves"]:
                match = _ANIMATED.match(curve["data_path"])
                keys = curve.get("keys")
                if not match or match[2] not in COSTLY or rows is None or not isinstance(keys, list) or not keys[1]:
                    continue
                values = rows[keys[0] : keys[0] + keys[1], 1]
                costliest = float(values.min() if match[2] == "voxel_size" else values.max())
                held = peaks.get((match[1], match[2]), costliest)
                peaks[match[1], match[2]] = (min if match[2] == "voxel_size" else max)(held, costliest)
    return peaks


def _is_untold(curve: Mapping[str, Any]) -> bool:
    """Whether it sets a costly property to a value only Blender can compute: by a driver, F-modifiers or baked
    samples."""
    match = _ANIMATED.match(curve["data_path"])
    loose = "driver" in curve or bool(curve.get("modifiers")) or bool(curve.get("samples"))
    return match is not None and match[2] in COSTLY and loose


def _muted(record: Record, is_bad: Callable[[Mapping[str, Any]], bool], reason: str, sentences: list[str]) -> Record:
    """The record with such curves and drivers off, in its own animation and in the actions it embeds."""
    off: list[str] = []

    def bounded(curves: Any) -> list[Any]:
        kept = []
        for curve in curves or ():
            bad = not curve.get("mute") and is_bad(curve)
            if bad:
                off.append(curve["data_path"])
            kept.append({**curve, "mute": True} if bad else curve)
        return kept

    data = dict(record.data)
    moved = data.get("animation") or {}
    if moved.get("drivers"):
        data["animation"] = {**moved, "drivers": bounded(moved["drivers"])}
    if data.get("actions"):
        data["actions"] = {name: _with_curves(action, bounded) for name, action in data["actions"].items()}
    sentences += [f"{record.name}: what animates {path} is off: {reason}" for path in dict.fromkeys(off)]
    return Record(data, record.arrays) if off else record


def _with_curves(action: Any, bounded: Callable[[Any], list[Any]]) -> dict[str, Any]:
    layers = []
    for layer in action.get("layers") or ():
        strips = []
        for strip in layer["strips"]:
            bags = [{**bag, "curves": bounded(bag["curves"])} for bag in strip["channelbags"]]
            strips.append({**strip, "channelbags": bags})
        layers.append({**layer, "strips": strips})
    return {**action, "layers": layers}
