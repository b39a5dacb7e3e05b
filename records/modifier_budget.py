"""Keeps a generated modifier stack within what a computer can evaluate: a model sets "levels" without knowing the cost.

Values are lowered, starting from the last modifier that multiplies faces, until the estimate of faces is below MOST. A
person who wants more raises them by hand.
"""

from typing import Any

MOST = 100_000  # faces after the whole stack
REPEATS = 20  # smoothing passes
FINEST = 64  # voxels along the longest side
LONGEST = 8  # modifiers in a stack
USELESS = frozenset({"VOLUME_TO_MESH"})  # a mesh has none
Stack = list[dict[str, Any]]


def affordable(stack: Stack, faces: int, size: float) -> Stack:
    """The stack with values that keep it below MOST faces. `faces` and `size` (longest side) of its mesh."""
    useful = [modifier for modifier in stack if modifier["type"] not in USELESS][:LONGEST]
    out = [{**modifier, "properties": _bounded(modifier, size, i == 0)} for i, modifier in enumerate(useful)]
    while estimate(out, faces) > MOST:
        lowered = next((modifier for modifier in reversed(out) if _lower(modifier)), None)
        if lowered is None:
            out.remove(max(out, key=_factor))
    return out


def estimate(stack: Stack, faces: int) -> float:
    """Estimated faces of a mesh with `faces` faces after the stack."""
    count = float(max(faces, 1))
    for modifier in stack:
        count = 6.0 * FINEST**2 if modifier["type"] == "REMESH" else count * _factor(modifier)
    return count


def _bounded(modifier: dict[str, Any], size: float, first: bool) -> dict[str, Any]:
    """Its properties, with those clamped that cost time or memory by themselves. The size of the incoming mesh is known
    only for the first modifier."""
    p = dict(modifier.get("properties") or {})
    kind = modifier["type"]
    if kind == "ARRAY" and p.get("fit_type", "FIXED_COUNT") != "FIXED_COUNT":
        p["fit_type"] = "FIXED_COUNT"  # fits a length, which may be any number
    elif kind == "REMESH":
        p["octree_depth"] = min(int(p.get("octree_depth", 4)), 6)
        p["voxel_size"] = max(float(p.get("voxel_size", 0.1)), size / FINEST, 1e-6)
        if not first and p.get("mode", "VOXEL") == "VOXEL":
            p["mode"] = "SHARP"  # its cells are fractions of the box, not metres
    elif kind == "OCEAN":
        p |= {key: min(int(p.get(key, 7)), 7) for key in ("resolution", "viewport_resolution")}
        p |= {key: min(int(p.get(key, 1)), 2) for key in ("repeat_x", "repeat_y")}
    elif kind == "SUBSURF":
        p.pop("use_adaptive_subdivision", None)
    elif kind == "SHRINKWRAP":
        p["subsurf_levels"] = 0
    if kind != "SCREW" and "iterations" in p:
        p["iterations"] = min(int(p["iterations"]), REPEATS)
    return p


# type: (the property that multiplies faces, Blender's default, the least it may be)
MULTIPLIERS = {
    "SUBSURF": ("levels", 1, 0),
    "ARRAY": ("count", 2, 1),
    "BEVEL": ("segments", 1, 1),
    "SCREW": ("steps", 16, 3),
}
FACTORS = {
    "MIRROR": 2.0,
    "SOLIDIFY": 2.5,
    "WIREFRAME": 8.0,
    "SKIN": 8.0,
    "TRIANGULATE": 2.0,
    "OCEAN": 1.0,
    "BUILD": 1.0,
}


def _factor(modifier: dict[str, Any]) -> float:
    kind, p = modifier["type"], modifier["properties"]
    if kind not in MULTIPLIERS:
        axes = sum(map(bool, p.get("use_axis") or [True])) if kind == "MIRROR" else 1
        return FACTORS.get(kind, 1.0) ** axes
    key, default, _ = MULTIPLIERS[kind]
    value = int(p.get(key, default))
    if kind == "SUBSURF":
        return 4.0 ** max(value, int(p.get("render_levels", 2)))
    if kind == "BEVEL":
        return 3.0 + 2.0 * value
    if kind == "SCREW":
        return float(max(value, int(p.get("render_steps", 16))) * max(1, int(p.get("iterations", 1))))
    return float(max(value, 1))


def _lower(modifier: dict[str, Any]) -> bool:
    """Lower the multiplying value by one level or by half; False if it is at its minimum."""
    kind, p = modifier["type"], modifier["properties"]
    if kind not in MULTIPLIERS:
        return False
    key, default, least = MULTIPLIERS[kind]
    value = int(p.get(key, default))
    if kind == "SUBSURF":
        highest = max(value, int(p.get("render_levels", 2)))
        if highest <= least:
            return False
        p["levels"], p["render_levels"] = min(value, highest - 1), highest - 1
        return True
    highest = max(value, int(p.get("render_steps", 16))) if kind == "SCREW" else value
    if kind == "SCREW" and int(p.get("iterations", 1)) > 1:
        p["iterations"] = 1
        return True
    if highest <= least:
        return False
    p[key] = max(least, highest // 2)
    if kind == "SCREW":
        p["render_steps"] = p[key]
    return True
