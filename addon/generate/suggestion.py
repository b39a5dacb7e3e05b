"""A suggestion for an object that is not applied yet: as text for the panel, and onto the object when applied.

Knows records and how injection makes their parts; knows neither the worker nor panels.
"""

from dataclasses import dataclass, field
from typing import Any

import bpy
import numpy as np
from mathutils import Vector

from ...records import Record, array_key
from .place_motion import moved, turns

LINES = 14


@dataclass
class Suggestion:
    """One suggestion. The object is known by its session uid, which undo and renaming leave alone."""

    craft: str
    uid: int
    name: str
    record: Record
    lines: list[str] = field(default_factory=list)

    def find(self) -> bpy.types.Object | None:
        return next((o for o in bpy.data.objects if o.session_uid == self.uid), None)


def way_to(obj: bpy.types.Object, place: Vector) -> list[float]:
    """How far an animation goes along each of its own axes to bring the object to a point in the scene."""
    around = obj.matrix_world @ obj.matrix_basis.inverted_safe()  # of its parent, a bone too
    way = around.inverted_safe() @ place - obj.matrix_basis.translation
    near = 0.01 * max(way.length, 1e-6)  # a target at about the same height may be a little off
    return [float(far) if abs(far) > near else 0.0 for far in way]


def describe(craft: str, record: Record) -> list[str]:
    """What would be added, a line each."""
    teller = {"materials": _materials, "modifiers": _modifiers, "animation": _animation}[craft]
    lines = teller(record)
    return lines[:LINES] + ([f"and {len(lines) - LINES} more"] if len(lines) > LINES else [])


def _materials(record: Record) -> list[str]:
    lines = []
    for slot, material in enumerate(record.data.get("materials") or []):
        if not material:
            continue
        plain = material.get("plain") or {}
        text = f"Slot {slot + 1}: {material.get('name', 'material')}"
        if plain.get("base_color"):
            text += " #" + "".join(f"{_byte(c):02x}" for c in plain["base_color"][:3])
        if plain.get("metallic", 0) > 0.5:
            text += ", metal"
        if plain.get("transmission", 0) > 0.5:
            text += ", glass"
        nodes = len((material.get("tree") or {}).get("nodes") or [])
        lines.append(text + (f", {nodes} nodes" if nodes else ""))
    return lines


def _byte(linear: float) -> int:
    value = max(0.0, min(1.0, float(linear)))
    return round(255 * (12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055))


def _modifiers(record: Record) -> list[str]:
    lines = []
    for modifier in record.data.get("modifiers") or []:
        kind = modifier["type"].replace("_", " ").title()
        values = [f"{k.replace('_', ' ')} {_short(v)}" for k, v in (modifier.get("properties") or {}).items()]
        lines.append(f"{kind}: {', '.join(values[:3])}" if values else kind)
    return lines


def _short(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, list):
        return " ".join(_short(v) for v in value[:3])
    return str(value)


def _animation(record: Record) -> list[str]:
    lines = []
    for name, action in (record.data.get("actions") or {}).items():
        frames = record.arrays[f"action/{array_key(name)}/co"][:, 0]
        lines.append(f"{name}, {round(float(np.ptp(frames)))} frames")
        for curve in _curves(action):
            axes = "WXYZ" if curve["data_path"] == "rotation_quaternion" else "XYZ"
            lines.append(f"{curve['data_path'].split('_')[0].capitalize()} {axes[curve['array_index']]}")
    return lines


def _curves(part: Any) -> list[dict[str, Any]]:
    """All f-curves somewhere in an action's dict, whatever layers and slots they lie in."""
    if isinstance(part, dict):
        own = [part] if "data_path" in part else []
        return own + [c for value in part.values() for c in _curves(value)]
    if isinstance(part, list):
        return [c for value in part for c in _curves(value)]
    return []


def apply(suggestion: Suggestion, obj: bpy.types.Object) -> list[str]:
    """Put it onto the object, all or nothing; returns sentences for what this Blender can't express."""
    from ..inject.makers import new_making

    making = new_making(reuse_materials=True)
    making.record = suggestion.record
    before = [m.name for m in obj.modifiers]
    try:
        {"materials": _apply_materials, "modifiers": _apply_modifiers, "animation": _apply_animation}[suggestion.craft](
            suggestion.record, obj, making
        )
        making.finish()
    except BaseException:
        for modifier in [m for m in obj.modifiers if m.name not in before]:
            obj.modifiers.remove(modifier)
        making.undo()
        raise
    return making.not_expressed


def _apply_materials(record: Record, obj: bpy.types.Object, making: Any) -> None:
    from ..inject.nodes.nodes import make_material

    made = [make_material(m, making) if m else None for m in record.data.get("materials") or []]
    while len(obj.material_slots) < len(made):
        obj.data.materials.append(None)
    for slot, material in enumerate(made):
        if material is not None:
            obj.material_slots[slot].material = material


def _apply_modifiers(record: Record, obj: bpy.types.Object, making: Any) -> None:
    from ..inject.modifiers import make_modifiers

    make_modifiers(obj, record.data.get("modifiers") or [], making)


def _apply_animation(record: Record, obj: bpy.types.Object, making: Any) -> None:
    from ..inject.animation import apply_animation

    if not record.data.get("animation"):
        return
    # The animation starts from the object's own location, rotation and scale, in its parent's space if it has one.
    alone = Record({**record.data, "parent": None}, record.arrays)
    making.record = moved(alone, obj.location, obj.matrix_basis.to_euler("XYZ"), obj.scale)
    apply_animation(obj, record.data["animation"], making)
    if turns(record):
        obj.rotation_mode = "XYZ"
