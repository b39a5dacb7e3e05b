"""Animation is written back: actions with slots and curves, NLA tracks, drivers. The forms: extractor/rna/animation.py.

`apply_animation` gives one datablock what moves it; `make_action` makes an action once for all that share it. Blender
before 4.4 has no slots: each slot becomes an action of its own. A driver that needs Python goes in muted unless the
injection is trusted. Curves and keyframes themselves are written by `curves.py`.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

import bpy

from ...extractor.rna.animation import BLENDING
from ...records import array_key
from .curves import write_curve, write_modifiers
from .expressions import is_simple
from .properties import write_properties
from .rna.context import Making
from .rna.references import resolve
from .rna.rna import write_struct

FAR = 1_000_000  # strips are made out here, where none is in the way, and then moved into place


def apply_animation(datablock: Any, data: Mapping[str, Any] | None, making: Making) -> None:
    """Give `datablock` the animation that `read_animation` saw. What this Blender can't express goes to
    `making.cannot`."""
    if not data:
        return
    moved = datablock.animation_data or datablock.animation_data_create()
    if moved is None:
        making.cannot(f"{datablock.name} can't be animated here")
        return
    with making.at("nla"):
        for number, track in enumerate(data.get("nla") or []):
            _make_track(moved, number, track, datablock, making)
    if data.get("action"):
        with making.at(f"action {data['action']}"):
            _assign(moved, data["action"], data.get("slot"), datablock, making)
    for key in BLENDING:
        if key in data and getattr(moved, key) != data[key]:
            setattr(moved, key, data[key])
    with making.at("drivers"):
        for driver in data.get("drivers") or []:
            _make_driver(moved, driver, datablock, making)


# --- actions


def make_action(name: str, data: Mapping[str, Any], making: Making, slot: str | None = None) -> Any:
    """The action `data` of the record at hand, made once however often it is asked for.

    `slot` only matters where Blender has no slots: whose curves it then holds (None: the first slot's).
    """
    assert making.record is not None
    prefix = f"action/{array_key(name)}/"
    arrays = {key[len(prefix) :]: array for key, array in making.record.arrays.items() if key.startswith(prefix)}
    layered = hasattr(bpy.types.Action, "slots") or "slots" in bpy.types.Action.bl_rna.properties
    known_as = name if layered or slot is None else f"{name}/{slot}"
    content = [data, {key: array.tobytes().hex() for key, array in arrays.items()}]

    def make() -> Any:
        action = making.new("ACTION", name, known_as=known_as)
        with making.at(f"action {name}"):
            if layered:
                _write_layers(action, data, arrays, making)
            else:
                _write_flat(action, data, slot, arrays, making)
            _write_frames(action, data)
            write_properties(action, dict(data), making)
        return action

    return making.share("ACTION", known_as, content, make)


def _write_frames(action: Any, data: Mapping[str, Any]) -> None:
    for key in ("frame_start", "frame_end", "frame_start"):  # each limits the other, so set the first again
        setattr(action, key, data.get(key, 0.0))
    action.use_frame_range = data.get("use_frame_range", False)
    action.use_cyclic = data.get("use_cyclic", False)
    for marker in data.get("markers") or []:
        action.pose_markers.new(marker["name"]).frame = marker["frame"]


def _write_layers(action: Any, data: Mapping[str, Any], arrays: Mapping[str, Any], making: Making) -> None:
    slots = {}
    for slot in data.get("slots") or []:
        slots[slot["identifier"]] = _new_slot(action, slot["id_type"], slot["name"], making)
    for number, layer in enumerate(data.get("layers") or []):
        bags = [bag for strip in layer["strips"] for bag in strip["channelbags"]]
        if number or len(layer["strips"]) > 1:
            making.cannot("more than one layer or strip in an action")
            break
        if not slots and not any(bag["curves"] for bag in bags):
            break
        made = action.layers.new(layer["name"])
        for strip in layer["strips"]:
            keyframes = made.strips.new(type=strip["type"])
            for bag in strip["channelbags"]:
                identifier = bag.get("slot")
                if identifier not in slots:  # from a Blender without slots: one for all
                    slots[identifier] = _new_slot(action, data.get("id_root", "OBJECT"), "Slot", making)
                _write_channels(keyframes.channelbag(slots[identifier], ensure=True), bag, arrays, making)


def _new_slot(action: Any, id_type: str, name: str, making: Making) -> Any:
    try:
        return action.slots.new(id_type, name or "Slot")
    except (TypeError, ValueError) as error:
        making.cannot(f"a slot for {id_type}: {error}")
        return action.slots.new("OBJECT", name or "Slot")


def _write_flat(
    action: Any, data: Mapping[str, Any], slot: str | None, arrays: Mapping[str, Any], making: Making
) -> None:
    """An action as Blender had it before slots."""
    bags = [b for layer in data.get("layers") or [] for strip in layer["strips"] for b in strip["channelbags"]]
    chosen = [bag for bag in bags if slot is None or bag.get("slot") in (slot, None)][:1]
    kinds = {s["identifier"]: s["id_type"] for s in data.get("slots") or []}
    for bag in chosen:
        kind = data.get("id_root") or kinds.get(bag.get("slot"), "OBJECT")
        if kind in action.bl_rna.properties["id_root"].enum_items.keys():
            action.id_root = kind
        _write_channels(action, bag, arrays, making)


def _write_channels(owner: Any, bag: Mapping[str, Any], arrays: Mapping[str, Any], making: Making) -> None:
    """Groups, then curves in order, into a channelbag (or an action that has none)."""
    for number, group in enumerate(bag.get("groups") or []):
        owner.groups.new(group["name"])
        values = {key: value for key, value in group.items() if key != "name"}
        write_struct(partial(_item, owner.groups, number), values, making, f"group {group['name']}")
    for data in bag["curves"]:
        try:
            curve = owner.fcurves.new(data["data_path"], index=data["array_index"])
        except RuntimeError as error:  # old files may hold two curves for one property
            making.cannot(f"curve {data['data_path']}[{data['array_index']}]: {error}")
            continue
        write_curve(curve, data, arrays, making)
        group = owner.groups.get(data["group"]) if data.get("group") is not None else None
        if group is not None:
            curve.group = group


def _item(collection: Any, number: int) -> Any:
    return collection[number]


def _assign(moved: Any, name: str, slot: str | None, datablock: Any, making: Making) -> None:
    action = _find_action(name, slot, making)
    if action is None:
        making.cannot("the record names this action but does not hold it")
        return
    try:
        moved.action = action
    except (TypeError, RuntimeError) as error:
        making.cannot(f"can't move {datablock.id_type.lower()} {datablock.name}: {error}")
        return
    if moved.action != action:  # before slots, an action of another kind of datablock is refused silently
        making.cannot(f"is not for a {datablock.id_type.lower()} here")
        return
    _set_slot(moved, action, slot, making)


def _find_action(name: str, slot: str | None, making: Making) -> Any | None:
    data = (making.record.data.get("actions") or {}).get(name) if making.record else None
    return making.find("ACTION", name) if data is None else make_action(name, data, making, slot)


def _set_slot(user: Any, action: Any, slot: str | None, making: Making) -> None:
    """Choose the slot by identifier; `user` is animation data or an NLA strip."""
    if not hasattr(user, "action_slot"):
        return
    chosen = None
    if slot is not None:
        chosen = next((s for s in action.slots if s.identifier == slot), None)
        chosen = chosen or next((s for s in action.slots if s.name_display == slot[2:]), None)
    elif len(action.slots) == 1 and action.slots[0].name_display == "Slot":
        chosen = action.slots[0]  # from a Blender without slots
    if slot is not None and chosen is None:
        making.cannot(f"slot {slot!r} is not in the action")
        return
    try:
        user.action_slot = chosen
    except (TypeError, RuntimeError) as error:
        making.cannot(f"slot {slot!r}: {error}")


# --- NLA


def _make_track(moved: Any, number: int, data: Mapping[str, Any], datablock: Any, making: Making) -> None:
    tracks = moved.nla_tracks
    track = tracks.new(prev=tracks[number - 1]) if number else tracks.new()
    track.name = data["name"]
    for strip in _flattened(data["strips"], making):
        _make_strip(moved, number, strip, datablock, making)
    for key in ("mute", "lock"):
        setattr(tracks[number], key, data[key])
    if data.get("is_solo"):
        tracks[number].is_solo = True


def _flattened(strips: list[dict[str, Any]], making: Making) -> list[dict[str, Any]]:
    """Only strips with actions can be made from outside the NLA editor: what meta strips hold takes their place."""
    kept = []
    for strip in strips:
        if strip["type"] == "META":
            making.cannot(f"meta strip {strip['name']!r}; the strips inside take its place")
            kept += _flattened(strip.get("strips") or [], making)
        elif strip["type"] != "CLIP" or not strip.get("action"):
            making.cannot(f"{strip['type'].lower()} strip {strip['name']!r}")
        else:
            kept.append(strip)
    return kept


def _make_strip(moved: Any, number: int, data: Mapping[str, Any], datablock: Any, making: Making) -> None:
    action = _find_action(data["action"], data.get("slot"), making)
    if action is None:
        making.cannot(f"strip {data['name']!r}: the record does not hold its action {data['action']!r}")
        return
    strips = moved.nla_tracks[number].strips
    start = FAR + int(max((strip.frame_end for strip in strips), default=0.0))
    try:
        strip = strips.new(data["name"], start, action)
    except (RuntimeError, TypeError) as error:
        making.cannot(f"strip {data['name']!r}: {error}")
        return
    index = len(strips) - 1

    def find() -> Any:
        return moved.nla_tracks[number].strips[index]

    strip.name = data["name"]
    _set_slot(strip, action, data.get("slot"), making)
    where = f"strip {data['name']}"
    values = dict(data["properties"])
    # The action's part first, for it moves the strip's ends; then the ends as they were; then what depends on them.
    first = ("use_sync_length", "use_auto_blend", "action_frame_start", "action_frame_end", "scale", "repeat")
    for key in first:
        if key in values and hasattr(strip, key):
            setattr(find(), key, values[key])
    for key in ("frame_end_raw", "frame_start_raw", "frame_end_raw"):
        if key in values:
            setattr(find(), key, values[key])
    write_struct(find, values, making, where)
    for strip_curve in data.get("curves") or []:
        curve = find().fcurves.find(strip_curve["data_path"])
        if curve is None:
            making.cannot(f"{where}: its curve of {strip_curve['data_path']}")
        else:
            write_curve(curve, strip_curve, {}, making)
    write_modifiers(find().modifiers, data.get("modifiers") or [], making, where)


# --- drivers


def _make_driver(moved: Any, data: Mapping[str, Any], datablock: Any, making: Making) -> None:
    where = f"{data['data_path']}[{data['array_index']}]"
    try:
        curve = moved.drivers.new(data["data_path"], index=data["array_index"])
    except RuntimeError as error:
        making.cannot(f"driver {where}: {error}")
        return
    wanted, driver = data["driver"], curve.driver
    names = [variable["name"] for variable in wanted["variables"]]
    scripted = wanted["type"] == "SCRIPTED"
    harmless = is_simple(wanted["expression"], names) and not wanted["use_self"]
    curve.mute = True  # so that it is not evaluated while incomplete
    driver.type = wanted["type"]
    driver.use_self = wanted["use_self"]
    if harmless or scripted or making.trust:
        driver.expression = wanted["expression"]
    elif wanted["expression"] != driver.expression:
        making.cannot(f"driver {where} has an expression that it does not use and that needs Python: left out")
    for variable in wanted["variables"]:
        made = driver.variables.new()
        made.name = variable["name"]
        made.type = variable["type"]
        for number, target in enumerate(variable["targets"]):
            if number < len(made.targets):
                _aim(made.targets[number], target, f"driver {where} variable {variable['name']}", datablock, making)
    write_curve(curve, {**data, "mute": True}, {}, making)
    if scripted and not making.trust and not (harmless and driver.is_simple_expression):
        making.cannot(f"driver {where} needs Python ({wanted['expression']!r}): it is muted; --trust leaves it on")
    else:
        curve.mute = data["mute"]


def _aim(target: Any, data: Mapping[str, Any], where: str, datablock: Any, making: Making) -> None:
    """Point a variable's target at its datablock, then set which part of it is used."""
    values = {key: value for key, value in data.items() if key != "id"}
    id_type = values.pop("id_type", None)
    if id_type is not None and target.id_type != id_type:
        target.id_type = id_type
    write_struct(lambda: target, values, making, where)

    def point() -> None:
        aimed_at = _find_target(data.get("id"), datablock, making)
        if aimed_at is None:
            name = data["id"].get("name")
            making.cannot(f"{where}: {data['id'].get('id', '').lower()} {name!r} is not among what was injected")
            return
        target.id = aimed_at
        if target.data_path != data.get("data_path", target.data_path):
            target.data_path = data["data_path"]

    if data.get("id") is not None:
        making.later(point)


def _find_target(data: Mapping[str, Any] | None, datablock: Any, making: Making) -> Any | None:
    if data is None or data.get("self"):
        return datablock if data else None
    if data.get("of"):
        owner = _find_target(data["of"], datablock, making)
        return getattr(owner, "shape_keys" if data["id"] == "KEY" else "node_tree", None)
    if data["id"] == "SCENE":
        return making.find("SCENE", data["name"]) or bpy.data.scenes.get(data["name"]) or bpy.context.scene
    return resolve(data, making)
