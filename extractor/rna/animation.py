"""Animation becomes plain data: actions with their slots and curves, NLA tracks, drivers.

`read_animation` answers for one datablock; the actions it names are embedded once in the record's table
(`read_action`). Keyframes of actions are arrays, bit for bit; the few keyframes of drivers and NLA strips stand as
lists where they are. docs/records.md says what each field is. Nothing here changes the scene.

An action's keyframes, all curves in a row (K of them), `NAME` being the action's name as `array_key` writes it:

    action/NAME/co, handle_left, handle_right   (K, 2) float32   frame and value
    action/NAME/back, amplitude, period         (K,)   float32
    action/NAME/interpolation, easing, type, handle_left_type, handle_right_type   (K,) uint8, see the tables below
    action/NAME/samples                         (S, 2) float32   baked curves, frame and value
"""

from operator import attrgetter
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

from ...records import array_key
from .context import Context, reference_name
from .properties import read_properties
from .rna import read_struct

# Column -> (dtype, numbers per keyframe), and for enums the words behind the numbers.
COLUMNS: dict[str, tuple[type, int]] = {
    "co": (np.float32, 2),
    "handle_left": (np.float32, 2),
    "handle_right": (np.float32, 2),
    "back": (np.float32, 1),
    "amplitude": (np.float32, 1),
    "period": (np.float32, 1),
    "interpolation": (np.uint8, 1),
    "easing": (np.uint8, 1),
    "type": (np.uint8, 1),
    "handle_left_type": (np.uint8, 1),
    "handle_right_type": (np.uint8, 1),
}
# Types that Blender fills without converting: it stores enums as ints.
RAW: dict[Any, Any] = {np.float32: np.float32, np.uint8: np.int32}
INTERPOLATIONS = (
    "CONSTANT", "LINEAR", "BEZIER", "BACK", "BOUNCE", "CIRC", "CUBIC", "ELASTIC", "EXPO", "QUAD", "QUART", "QUINT",
    "SINE",
)  # fmt: skip
EASINGS = ("AUTO", "EASE_IN", "EASE_OUT", "EASE_IN_OUT")
KEY_TYPES = ("KEYFRAME", "EXTREME", "BREAKDOWN", "JITTER", "MOVING_HOLD", "GENERATED")
HANDLES = ("FREE", "AUTO", "VECTOR", "ALIGNED", "AUTO_CLAMPED")

CURVE_VALUES = ("extrapolation", "color_mode", "mute", "lock", "hide", "auto_smoothing")
CURVE_READ = ("data_path", "array_index", *CURVE_VALUES)
_curve_values = attrgetter(*CURVE_READ)
BLENDING = ("action_blend_type", "action_extrapolation", "action_influence", "use_nla")
# Properties that this file reads itself, or that only the UI needs.
GROUP_SKIP = ("name", "channels", "select", "show_expanded", "show_expanded_graph")
MODIFIER_SKIP = ("type", "active", "show_expanded", "control_points")
STRIP_SKIP = (
    "name", "type", "action", "action_slot", "action_slot_handle", "last_slot_identifier", "action_suitable_slots",
    "fcurves", "modifiers", "strips", "active", "select", "frame_start", "frame_end", "frame_start_ui", "frame_end_ui",
)  # fmt: skip
TARGET_SKIP = ("id", "is_fallback_used")


def read_animation(datablock: Any, ctx: Context) -> dict[str, Any] | None:
    """What moves `datablock`, or None: {"action", "slot", "nla": [...], "drivers": [...], blending}.

    Empty parts are left out. The actions it names are then in `ctx.actions`, their keyframes in `ctx.arrays`.
    """
    moved = getattr(datablock, "animation_data", None)
    if moved is None:
        return None
    action, slot = _assigned(moved)
    data: dict[str, Any] = {}
    if action is not None:
        data["action"] = ctx.embed("actions", action, read_action)
        data["slot"] = slot
    blending = {key: getattr(moved, key) for key in BLENDING}
    tracks = [_read_track(track, ctx) for track in moved.nla_tracks]
    if tracks:
        data["nla"] = tracks
    drivers = [_read_driver(curve, datablock, ctx) for curve in moved.drivers]
    if drivers:
        data["drivers"] = drivers
    usual = {"action_blend_type": "REPLACE", "action_extrapolation": "HOLD", "action_influence": 1.0, "use_nla": True}
    if not data and blending == usual:
        return None
    return {**data, **blending}


def _assigned(moved: Any) -> tuple[Any, str | None]:
    """(action, slot identifier); while an NLA strip is being tweaked, those that it temporarily replaces."""
    if moved.use_tweak_mode:
        action = moved.action_tweak_storage
        handle = getattr(moved, "action_slot_handle_tweak_storage", 0)
        slot = next((s for s in getattr(action, "slots", ()) if s.handle == handle), None)
    else:
        action, slot = moved.action, getattr(moved, "action_slot", None)
    return action, slot.identifier if slot is not None else None


# --- actions


def read_action(action: Any, ctx: Context) -> dict[str, Any]:
    """One action. Before Blender 4.4 it is one layer, one strip, one channelbag without a slot."""
    data: dict[str, Any] = {
        "use_frame_range": action.use_frame_range,
        "use_cyclic": action.use_cyclic,
        "frame_start": action.frame_start,
        "frame_end": action.frame_end,
    }
    # Cameras bound to these markers are left out: setting one on an action crashes Blender.
    markers = [{"name": m.name, "frame": m.frame} for m in action.pose_markers]
    if markers:
        data["markers"] = markers
    custom = read_properties(action, ctx)
    if custom:
        data["custom"] = custom
    keys = _Keys()
    if hasattr(action, "slots"):
        data["slots"] = [
            {"identifier": s.identifier, "name": s.name_display, "id_type": s.target_id_type} for s in action.slots
        ]
        data["layers"] = [
            {
                "name": layer.name,
                "strips": [
                    {"type": strip.type, "channelbags": [_read_channels(bag, keys, ctx) for bag in strip.channelbags]}
                    for strip in layer.strips
                ],
            }
            for layer in action.layers
        ]
    else:
        data["id_root"] = action.id_root
        channels = _read_channels(action, keys, ctx)
        data["slots"] = []
        data["layers"] = [{"name": "Layer", "strips": [{"type": "KEYFRAME", "channelbags": [channels]}]}]
    ctx.arrays.update(keys.arrays(f"action/{array_key(reference_name(action))}/"))
    return data


def _read_channels(owner: Any, keys: "_Keys", ctx: Context) -> dict[str, Any]:
    """Groups and curves of a channelbag, or of an action that has none yet."""
    slot = getattr(owner, "slot", None)
    data: dict[str, Any] = {"slot": slot.identifier if slot is not None else None}
    if len(owner.groups):
        data["groups"] = [{"name": g.name, **read_struct(g, ctx, GROUP_SKIP)} for g in owner.groups]
        for group in data["groups"]:
            if group.get("color_set") != "CUSTOM":
                group.pop("colors", None)  # then they come from the theme
    data["curves"] = [_read_curve(curve, keys, ctx) for curve in owner.fcurves]
    return data


class _Keys:
    """Gathers the keyframes of many curves, so that an action has a dozen arrays whatever the number of curves."""

    def __init__(self) -> None:
        self.columns = {name: np.empty(0, RAW[dtype]) for name, (dtype, _) in COLUMNS.items()}
        self.samples: list[NDArray[Any]] = []
        self.count = self.sampled = 0

    def add(self, points: Any) -> list[int]:
        """[first, count] of these keyframes among all."""
        first, count = self.count, len(points)
        self.count += count
        for name, (_, width) in COLUMNS.items():
            column = self.columns[name]
            if len(column) < self.count * width:  # room for twice as many, so that allocations are rare
                grown = np.empty(self.count * width * 2, column.dtype)
                grown[: first * width] = column[: first * width]
                column = self.columns[name] = grown
            points.foreach_get(name, column[first * width : self.count * width])
        return [first, count]

    def add_samples(self, points: Any) -> list[int]:
        self.samples.append(read_samples(points))
        self.sampled += len(points)
        return [self.sampled - len(points), len(points)]

    def arrays(self, prefix: str) -> dict[str, NDArray[Any]]:
        out: dict[str, NDArray[Any]] = {}
        for name, (dtype, width) in COLUMNS.items() if self.count else ():
            flat: NDArray[Any] = self.columns[name][: self.count * width].astype(dtype)
            out[prefix + name] = flat.reshape(-1, width) if width > 1 else flat
        if self.sampled:
            out[prefix + "samples"] = np.concatenate(self.samples)
        return out


def read_keys(points: Any) -> dict[str, NDArray[Any]]:
    """Columns of a curve's keyframe points."""
    columns: dict[str, NDArray[Any]] = {}
    for name, (dtype, width) in COLUMNS.items():
        flat = np.empty(len(points) * width, RAW[dtype])
        points.foreach_get(name, flat)
        columns[name] = (flat.reshape(-1, width) if width > 1 else flat).astype(dtype)
    return columns


def read_samples(points: Any) -> NDArray[Any]:
    flat = np.empty(len(points) * 2, np.float32)
    points.foreach_get("co", flat)
    return flat.reshape(-1, 2)


def _read_curve(curve: Any, keys: _Keys | None, ctx: Context) -> dict[str, Any]:
    """One F-curve. With `keys` its keyframes go there and "keys" says [first, count]; without, they are lists in it."""
    data: dict[str, Any] = dict(zip(CURVE_READ, _curve_values(curve)))
    if data["color_mode"] == "CUSTOM":
        data["color"] = list(curve.color)
    if (group := curve.group) is not None:
        data["group"] = group.name
    if len(curve.modifiers):
        data["modifiers"] = [_read_modifier(modifier, ctx) for modifier in curve.modifiers]
    if keys is not None:
        data["keys"] = keys.add(curve.keyframe_points)
        if len(curve.sampled_points):
            data["samples"] = keys.add_samples(curve.sampled_points)
    else:
        if len(curve.keyframe_points):
            data["keys"] = {name: v.tolist() for name, v in read_keys(curve.keyframe_points).items()}
        if len(curve.sampled_points):
            data["samples"] = read_samples(curve.sampled_points).tolist()
    return data


def _read_modifier(modifier: Any, ctx: Context) -> dict[str, Any]:
    data = {"type": modifier.type, "properties": read_struct(modifier, ctx, MODIFIER_SKIP)}
    if modifier.type == "ENVELOPE":
        data["points"] = [[p.frame, p.min, p.max] for p in modifier.control_points]
    return data


# --- NLA


def _read_track(track: Any, ctx: Context) -> dict[str, Any]:
    return {
        "name": track.name,
        "mute": track.mute,
        "lock": track.lock,
        "is_solo": track.is_solo,
        "strips": [_read_strip(strip, ctx) for strip in track.strips],
    }


def _read_strip(strip: Any, ctx: Context) -> dict[str, Any]:
    data: dict[str, Any] = {"name": strip.name, "type": strip.type, "properties": read_struct(strip, ctx, STRIP_SKIP)}
    if strip.action is not None:
        data["action"] = ctx.embed("actions", strip.action, read_action)
        slot = getattr(strip, "action_slot", None)
        data["slot"] = slot.identifier if slot is not None else None
    if len(strip.fcurves):
        data["curves"] = [_read_curve(curve, None, ctx) for curve in strip.fcurves]
    if len(strip.modifiers):
        data["modifiers"] = [_read_modifier(modifier, ctx) for modifier in strip.modifiers]
    if len(strip.strips):
        data["strips"] = [_read_strip(child, ctx) for child in strip.strips]
    return data


# --- drivers


def _read_driver(curve: Any, datablock: Any, ctx: Context) -> dict[str, Any]:
    driver = curve.driver
    return {
        **_read_curve(curve, None, ctx),
        "driver": {
            "type": driver.type,
            "expression": driver.expression,
            "use_self": driver.use_self,
            "variables": [
                {
                    "name": variable.name,
                    "type": variable.type,
                    "targets": [
                        {"id": _read_target(target.id, datablock, ctx), **read_struct(target, ctx, TARGET_SKIP)}
                        for target in variable.targets
                    ],
                }
                for variable in driver.variables
            ],
        },
    }


def _read_target(target: Any, datablock: Any, ctx: Context) -> dict[str, Any] | None:
    """The target of a driver: {"id", "name"}, {"self": true}, or with "of" where it lives inside another datablock."""
    if target is None:
        return None
    if target == datablock:
        return {"self": True}
    data: dict[str, Any] = {"id": target.id_type, "name": reference_name(target)}
    owner = _owner(target, ctx)
    if owner is not None:
        data["of"] = {"self": True} if owner == datablock else {"id": owner.id_type, "name": reference_name(owner)}
    return data


def _owner(target: Any, ctx: Context) -> Any | None:
    """The datablock that shape keys or an embedded node tree belong to."""
    if target.id_type == "KEY":
        return target.user
    if not target.is_embedded_data:
        return None
    owners = ctx.cache.get("owners of node trees")
    if owners is None:
        homes = (bpy.data.materials, bpy.data.worlds, bpy.data.lights, bpy.data.scenes)
        having = [owner for home in homes for owner in home if getattr(owner, "node_tree", None) is not None]
        owners = ctx.cache["owners of node trees"] = {owner.node_tree.as_pointer(): owner for owner in having}
    return owners.get(target.as_pointer())
