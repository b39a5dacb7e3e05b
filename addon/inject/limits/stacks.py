"""Modifiers that would make too many faces, particles or voxels of an object are off, in the viewport or in renders."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ....records import Record
from ....records.modifier_budget import estimate
from .animated import mute_shown, mute_untold, peaks_of
from .trees import elements_of

FACES = 10_000_000  # of one object after its modifiers
ALL_FACES = 40_000_000  # of all objects together
PASSES = 2_000_000_000  # faces times iterations
Modifier = Mapping[str, Any]


@dataclass(frozen=True)
class Shape:
    """What a mesh is estimated to be: faces, longest side and area, in its own units."""

    faces: float
    size: float
    area: float

    def times(self, count: float, size: float | None = None) -> "Shape":
        return Shape(self.faces * count, self.size if size is None else size, self.area * count)


Cost = tuple[Shape, float]  # after a modifier, and what it takes on the way, in faces' worth


def mute_stacks(records: Sequence[Record], sentences: list[str]) -> list[Record]:
    """The records with costly modifiers off. Earlier records have the first claim on what all may have together."""
    left = {False: float(ALL_FACES), True: float(ALL_FACES)}
    return [_mute_stack(record, left, sentences) if record.data.get("modifiers") else record for record in records]


def _mute_stack(record: Record, left: dict[bool, float], sentences: list[str]) -> Record:
    base = _shape(record)
    record = mute_untold(record, sentences)
    stack = [dict(modifier) for modifier in record.data["modifiers"]]
    peaks = peaks_of(record)
    muted = False
    for render in (False, True):
        shape = base
        shown = "show_render" if render else "show_viewport"
        for modifier in stack:
            settings = _settings(modifier, peaks)
            if settings.get(shown) is False:
                continue
            after, cost = _worked_out(settings, record, shape, render)
            most = max(after.faces, cost)
            if most > max(min(FACES, left[render]), shape.faces):
                _put(modifier, shown, False)
                muted = True
                where = "in renders" if render else "in the viewport"
                name = modifier.get("name") or modifier["type"].replace("_", " ").title()
                sentences.append(
                    f"{record.name}: modifier {name} would have {_rounded(most)} elements to evaluate: "
                    f"it is off {where}"
                )
            else:
                shape = after
        left[render] -= shape.faces if shape.faces > base.faces else 0.0
    record = Record({**record.data, "modifiers": stack}, record.arrays)
    return mute_shown(record, sentences) if muted else record


def _rounded(number: float) -> str:
    return f"{number:,.0f}" if number < 1e15 else f"{number:.0e}"


def _shape(record: Record) -> Shape:
    """The mesh as it is; loose edges and points count for half a face."""
    positions = record.arrays.get("mesh/position")
    if positions is None or not len(positions):
        return Shape(1.0, 1.0, 1.0)
    counts = [len(record.arrays.get(key, ())) for key in ("mesh/loop_start", "mesh/edges")]
    sides = np.ptp(positions.astype(np.float64), axis=0)
    longest = float(sides.max()) if np.isfinite(sides).all() else 1e6
    return Shape(float(max(counts[0], counts[1] / 2, len(positions) / 2, 1)), longest, 6.0 * longest**2)


def _settings(modifier: Modifier, peaks: Mapping[tuple[str, str], float]) -> dict[str, Any]:
    """Type, inputs and properties in one; those that are animated are at their costliest."""
    settings = {**modifier, **(modifier.get("properties") or {})}
    for (name, key), value in peaks.items():
        if name == modifier.get("name"):
            now = _number(settings, key, value)
            settings[key] = min(now, value) if key == "voxel_size" else max(now, value)
    return settings


def _put(modifier: dict[str, Any], key: str, value: Any) -> None:
    if isinstance(modifier.get("properties"), Mapping):
        modifier["properties"] = {**modifier["properties"], key: value}
    else:
        modifier[key] = value


def _number(settings: Mapping[str, Any], key: str, default: float) -> float:
    value = settings.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        return default
    return max(-1e12, min(1e12, float(value)))


def _length(settings: Mapping[str, Any], key: str) -> float:
    value = settings.get(key)
    if not isinstance(value, list | tuple) or not all(isinstance(v, int | float) for v in value):
        return 0.0
    return float(max((abs(v) for v in value), default=0.0))


def _worked_out(settings: Mapping[str, Any], record: Record, shape: Shape, render: bool) -> Cost:
    kind = settings["type"]
    if kind in COSTS:
        return COSTS[kind](settings, record, shape, render)
    cost = 0.0
    if "iterations" in settings and shape.faces * _number(settings, "iterations", 1) > PASSES:
        cost = shape.faces * _number(settings, "iterations", 1)
    if kind == "SHRINKWRAP":
        cost = shape.faces * 4.0 ** min(_number(settings, "subsurf_levels", 0), 10)
    size, area = shape.size, shape.area
    if kind in ("DISPLACE", "SOLIDIFY"):
        size += 2 * abs(_number(settings, "strength" if kind == "DISPLACE" else "thickness", 1.0))
        area = max(2 * area, 6.0 * size * size)
    if kind == "MIRROR":
        size, area = 2 * size, 2 * area
    return Shape(shape.faces * estimate([{"type": kind, "properties": settings}], 1), size, area), cost


def _subsurf(settings: Mapping[str, Any], record: Record, shape: Shape, render: bool) -> Cost:
    levels = _number(settings, "render_levels", 2) if render else _number(settings, "levels", 1)
    return replace(shape, faces=shape.faces * 4.0 ** min(max(levels, 0), 11)), 0.0


def _array(settings: Mapping[str, Any], record: Record, shape: Shape, render: bool) -> Cost:
    step = 0.0
    if settings.get("use_relative_offset", True):
        step += shape.size * (_length(settings, "relative_offset_displace") or 1.0)
    if settings.get("use_constant_offset", False):
        step += _length(settings, "constant_offset_displace") or 1.0
    count = max(_number(settings, "count", 2), 1)
    if settings.get("fit_type", "FIXED_COUNT") == "FIT_LENGTH":
        count = abs(_number(settings, "fit_length", 0)) / step + 1 if step > 1e-6 else 1
    return shape.times(count, shape.size + step * count), 0.0


def _bevel(settings: Mapping[str, Any], record: Record, shape: Shape, render: bool) -> Cost:
    segments = max(min(_number(settings, "segments", 1), 1000), 1)
    corners = segments * segments if segments > 2 else 0.0
    return replace(shape, faces=shape.faces * (3 + 2 * segments + corners)), 0.0


def _screw(settings: Mapping[str, Any], record: Record, shape: Shape, render: bool) -> Cost:
    turns = max(_number(settings, "iterations", 1), 1)
    steps = max(_number(settings, "render_steps" if render else "steps", 16), 1)
    size = 2 * shape.size + abs(_number(settings, "screw_offset", 0)) * turns
    return Shape(shape.faces * steps * turns, size, 6.0 * size * size), 0.0


def _remesh(settings: Mapping[str, Any], record: Record, shape: Shape, render: bool) -> Cost:
    if settings.get("mode", "VOXEL") == "VOXEL":
        cells = shape.area / max(_number(settings, "voxel_size", 0.1), 1e-7) ** 2
    else:
        cells = 6.0 * 4.0 ** min(max(_number(settings, "octree_depth", 4), 0), 20)
    return replace(shape, faces=cells), 0.0


def _ocean(settings: Mapping[str, Any], record: Record, shape: Shape, render: bool) -> Cost:
    side = max(_number(settings, "resolution" if render else "viewport_resolution", 7), 1) ** 2
    cells = side * side
    if settings.get("geometry_mode", "GENERATE") == "GENERATE":
        tiles = max(_number(settings, "repeat_x", 1), 1) * max(_number(settings, "repeat_y", 1), 1)
        return replace(shape, faces=cells * tiles), cells
    return shape, cells


def _particles(settings: Mapping[str, Any], record: Record, shape: Shape, render: bool) -> Cost:
    system = settings.get("particle_system")
    reference = system.get("settings") if isinstance(system, Mapping) else None
    name = reference.get("name") if isinstance(reference, Mapping) else None
    particles = ((record.data.get("others") or {}).get(name) or {}).get("properties") or {}
    count = max(_number(particles, "count", 1000), 0)
    if particles.get("child_type", "NONE") != "NONE":
        key = "rendered_child_count" if render else "child_percent"
        count *= 1 + max(_number(particles, key, 100 if render else 10), 0)
    if particles.get("type") == "HAIR":
        count *= 2.0 ** min(max(_number(particles, "render_step" if render else "display_step", 2), 0), 10)
    return shape, count


def _fluid(settings: Mapping[str, Any], record: Record, shape: Shape, render: bool) -> Cost:
    domain = settings.get("domain_settings")
    side = _number(domain, "resolution_max", 32) if isinstance(domain, Mapping) else 0.0
    return shape, max(side, 0.0) ** 3


def _nodes(settings: Mapping[str, Any], record: Record, shape: Shape, render: bool) -> Cost:
    reference = settings.get("node_group")
    name = reference.get("name") if isinstance(reference, Mapping) else None
    given = {key: entry.get("value") for key, entry in (settings.get("inputs") or {}).items()}
    made, passed = elements_of(name, record.data.get("node_groups") or {}, shape.faces, given)
    return replace(shape, faces=made), passed


COSTS: dict[str, Callable[[Mapping[str, Any], Record, Shape, bool], Cost]] = {
    "SUBSURF": _subsurf,
    "ARRAY": _array,
    "BEVEL": _bevel,
    "SCREW": _screw,
    "REMESH": _remesh,
    "OCEAN": _ocean,
    "PARTICLE_SYSTEM": _particles,
    "FLUID": _fluid,
    "NODES": _nodes,
}
