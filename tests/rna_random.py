"""Random values for whatever RNA lets one write: what the round-trip tests set before they read.

Values are drawn from a seeded generator within the soft range, so a failure can be repeated.
"""

import random
from typing import Any

from meshkiln.extractor.rna.rna import properties, short

# Setting these to random values asks Blender for work or memory rather than for another value, or resets the rest.
CALM = {
    "use_spray_particles", "use_foam_particles", "use_bubble_particles", "use_tracer_particles", "use_flip_particles",
    "sndparticle_combined_export", "use_fluid_history", "resolution_max", "resolution_divisions", "cache_directory",
    "count", "use_bake", "levels", "render_levels", "sculpt_levels", "subdivisions", "resolution", "spatial_size",
    "repeat_x", "repeat_y", "octree_depth", "point_count", "branches", "viewport_resolution", "hair_step",
    "rendered_child_count",
}  # fmt: skip


def randomize(struct: Any, rng: random.Random, depth: int = 0, skip: frozenset[str] = frozenset()) -> None:
    """Set every writable property of a struct, and of what it owns, to something other than it had."""
    for prop in properties(struct):
        if prop.id in CALM or prop.id in skip:
            continue
        if prop.kind == "struct" and depth < 4 and getattr(struct, prop.id) is not None:
            randomize(getattr(struct, prop.id), rng, depth + 1)
        elif prop.kind == "items" and depth < 4:
            _grow(struct, prop.id, rng)
            for item in getattr(struct, prop.id):
                randomize(item, rng, depth + 1)
        elif prop.kind in ("value", "float", "array", "flags"):
            before = getattr(struct, prop.id)
            try:
                setattr(struct, prop.id, random_value(struct, prop.id, rng))
                if prop.kind == "value" and getattr(struct, prop.id) == "":
                    setattr(struct, prop.id, before)  # a menu that doesn't offer this now
            except (AttributeError, TypeError, ValueError, RuntimeError):
                continue  # not editable in the present state: it keeps what it has
    if struct.bl_rna.identifier == "CurveMapping":  # a clipping box that is none is no curve
        struct.clip_min_x, struct.clip_min_y, struct.clip_max_x, struct.clip_max_y = -0.5, -0.25, 1.5, 1.25
    if struct.bl_rna.identifier in ("CurveMapping", "CurveProfile"):
        struct.update()


def random_value(struct: Any, name: str, rng: random.Random) -> Any:
    prop = struct.bl_rna.properties[name]
    if prop.type == "ENUM":
        items = [item.identifier for item in prop.enum_items]
        if prop.is_enum_flag:
            return {item for item in items if rng.random() < 0.5}
        return rng.choice(items) if items else getattr(struct, name)
    if prop.type == "STRING":
        return f"näme {rng.randrange(1000)}"
    if struct.bl_rna.identifier == "CurveMapPoint":  # points outside the clipping box are moved into it
        return [short(rng.random()), short(rng.random())]
    if prop.is_array:
        shape = [n for n in prop.array_dimensions if n]
        return _array(prop, shape, rng)
    return _number(prop, rng)


def _array(prop: Any, shape: list[int], rng: random.Random) -> Any:
    if len(shape) > 1:
        return [_array(prop, shape[1:], rng) for _ in range(shape[0])]
    return [_number(prop, rng) for _ in range(shape[0])]


def _number(prop: Any, rng: random.Random) -> Any:
    if prop.type == "BOOLEAN":
        return rng.random() < 0.5
    low, high = max(prop.soft_min, -100.0), min(prop.soft_max, 100.0)
    low, high = max(low, prop.hard_min), min(max(high, low), prop.hard_max)
    if prop.type == "INT":
        return rng.randint(int(low), max(int(low), min(int(high), int(low) + 8)))
    return short(rng.uniform(low, high))


def _grow(struct: Any, name: str, rng: random.Random) -> None:
    """One or two entries more, where entries can be added."""
    kind = struct.bl_rna.properties[name].srna
    functions = kind.functions if kind is not None else {}
    for _ in range(rng.randint(1, 2)):
        collection = getattr(struct, name)
        function = next((functions[f] for f in ("new", "add") if f in functions), None)
        if function is None:
            return
        arguments: dict[str, Any] = {}
        for parameter in function.parameters:
            if parameter.is_output:
                continue
            if parameter.type == "ENUM":
                offered = [i.identifier for i in parameter.enum_items]
                arguments[parameter.identifier] = rng.choice([i for i in offered if i in USUAL] or offered)
            elif parameter.type == "STRING":
                arguments[parameter.identifier] = f"item {rng.randrange(1000)}"
            else:
                arguments[parameter.identifier] = rng.random()
        try:
            getattr(collection, function.identifier)(**arguments)
        except RuntimeError:
            continue  # this node takes no such socket


USUAL = {"FLOAT", "INT", "VECTOR", "RGBA", "BOOLEAN"}


def differences(before: Any, after: Any, path: str = "") -> list[str]:
    """Every place where two JSON values differ."""
    if isinstance(before, dict) and isinstance(after, dict):
        keys = [*before, *(k for k in after if k not in before)]
        return [
            line
            for key in keys
            for line in differences(before.get(key, "nothing"), after.get(key, "nothing"), f"{path}.{key}")
        ]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        named = before and all(isinstance(entry, dict) and "name" in entry for entry in before)
        names = [entry["name"] if named else place for place, entry in enumerate(before)]
        return [line for n, a, b in zip(names, before, after) for line in differences(a, b, f"{path}[{n}]")]
    return [] if before == after else [f"{path}: {before!r} became {after!r}"]
