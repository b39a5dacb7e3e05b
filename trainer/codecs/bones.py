"""The animation of an armature's bones as items: each animated bone of each action is an example of motion.

A bone that swings teaches a lamp to swing. Locations are relative to their start, in units of the armature's size and
along its axes, so that up is up for every rig; rotations are about the bone's own axes, as for an object. Quaternions
become Euler angles, curves are reduced to the keyframes that carry their shape, and static channels are left out.
"""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from ...records import Record, array_key
from .items import Item
from .motion import INTERPOLATIONS, curves_of

BONE = re.compile(r'pose\.bones\["(.+)"\]\.(location|rotation_euler|rotation_quaternion|scale)$')
LONGEST = 12  # keyframes of a channel
NEAR = 0.03  # tolerance of the reduction, as a share of the curve's range
STILL = {"location": 1e-3, "rotation_euler": 0.01, "scale": 1e-3}  # a channel with less motion is left out


def extent(record: Record) -> float:
    """The longest side of an armature at rest; 1 where it has no bones."""
    bones = (record.data.get("armature") or {}).get("bones") or []
    ends = np.array([bone[end] for bone in bones for end in ("head", "tail")], float)
    return (float(np.ptp(ends, axis=0).max()) if len(ends) else 0.0) or 1.0


def axes(bone: dict[str, Any]) -> np.ndarray:
    """(3, 3) the axes of a bone at rest as columns, in its armature's space: y along it, then its roll, as Blender has
    them."""
    along = np.array(bone["tail"], float) - np.array(bone["head"], float)
    length = float(np.linalg.norm(along))
    if length < 1e-9:
        return np.eye(3)
    x, y, z = along / length
    if 1 + y > 1e-6:  # the shortest turn from the y axis
        tilt = 1 + y
        upright = np.array([[1 - x * x / tilt, x, -x * z / tilt], [-x, y, -z], [-x * z / tilt, z, 1 - z * z / tilt]])
    else:  # straight back
        upright = np.diag([-1.0, -1.0, 1.0])
    sin, cos = np.sin(bone.get("roll", 0.0)), np.cos(bone.get("roll", 0.0))
    result: np.ndarray = upright @ np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]])
    return result


def movements(record: Record) -> Iterator[tuple[str, str, list[Item]]]:
    """(action, bone, items) of every animated bone in an armature's actions."""
    size = extent(record)
    resting = {bone["name"]: axes(bone) for bone in (record.data.get("armature") or {}).get("bones") or []}
    for name, action in (record.data.get("actions") or {}).items():
        prefix = f"action/{array_key(name)}/"
        if prefix + "co" not in record.arrays:
            continue
        co, ways = record.arrays[prefix + "co"], record.arrays[prefix + "interpolation"]
        channels: dict[str, dict[str, dict[int, Any]]] = {}
        for curve in curves_of(action, None):
            match = BONE.match(curve["data_path"])
            first, count = curve.get("keys") or (0, 0)
            if match and count:
                keys = co[first : first + count].astype(np.float64)
                keys[:, 1] /= size if match[2] == "location" else 1.0
                way = INTERPOLATIONS[int(np.bincount(ways[first : first + count]).argmax())]
                bone, path = match.groups()
                channels.setdefault(bone, {}).setdefault(path, {})[int(curve["array_index"])] = (keys, way)
        for bone, paths in channels.items():
            if "rotation_quaternion" in paths:
                turned = _turned(paths.pop("rotation_quaternion"))
                paths.setdefault("rotation_euler", turned)
            if "location" in paths:
                paths["location"] = _ways(paths["location"], resting.get(bone, np.eye(3)))
            items = [
                Item(f"{path}.{axis}", {"start": 1, "extrapolation": "CONSTANT", "cycles": False}, rows=_rows(*curve))
                for path, curves in paths.items()
                for axis, curve in curves.items()
                if np.ptp(curve[0][:, 1]) > STILL[path]
            ]
            if items:
                yield name, bone, sorted(items, key=lambda item: item.type)


def _ways(curves: dict[int, Any], resting: np.ndarray) -> dict[int, Any]:
    """Curves of a bone's location along its own axes as three along the armature's, relative to their start."""
    frames, own, way = _together(curves, (0.0, 0.0, 0.0))
    ways = resting @ (own - own[:, :1])
    return {axis: (np.stack([frames, values], 1), way) for axis, values in enumerate(ways)}


def _together(curves: dict[int, Any], rest: tuple[float, ...]) -> tuple[np.ndarray, np.ndarray, str]:
    """(frames of any of them, values (len(rest), frames) of all at these frames, interpolation)."""
    frames = np.unique(np.concatenate([keys[:, 0] for keys, _ in curves.values()]))
    values = [
        np.interp(frames, *curves[i][0].T) if i in curves else np.full(len(frames), still)
        for i, still in enumerate(rest)
    ]
    return frames, np.stack(values), next(iter(curves.values()))[1]


def _turned(curves: dict[int, Any]) -> dict[int, Any]:
    """Four curves of a quaternion as three of XYZ Euler angles without jumps of 360 degrees."""
    frames, (w, x, y, z), way = _together(curves, (1.0, 0.0, 0.0, 0.0))
    length = np.sqrt(w * w + x * x + y * y + z * z)
    w, x, y, z = (part / np.maximum(length, 1e-9) for part in (w, x, y, z))
    angles = np.stack(
        [
            np.arctan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y)),
            np.arcsin(np.clip(2 * (w * y - z * x), -1, 1)),
            np.arctan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z)),
        ]
    )
    return {axis: (np.stack([frames, np.unwrap(angle)], 1), way) for axis, angle in enumerate(angles)}


def _rows(keys: np.ndarray, way: str) -> list[list[Any]]:
    """[frames since the last, value, interpolation] of the keyframes that carry the curve's shape."""
    frames = np.rint(keys[:, 0]).astype(int)
    frames, first = np.unique(frames, return_index=True)
    values = keys[first, 1]
    chosen = {0, len(frames) - 1}
    limit = NEAR * float(np.ptp(values))
    while len(chosen) < min(LONGEST, len(frames)):  # where the straight line between the chosen ones is farthest off
        order = sorted(chosen)
        off = np.abs(values - np.interp(frames, frames[order], values[order]))
        worst = int(off.argmax())
        if off[worst] <= limit:
            break
        chosen.add(worst)
    order = sorted(chosen)
    gaps = np.diff(frames[order], prepend=frames[order[0]])
    return [[int(gap), round(float(values[i]), 5), way] for gap, i in zip(gaps, order)]
