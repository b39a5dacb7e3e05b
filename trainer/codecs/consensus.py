"""How different two answers of a schema craft are (materials, modifiers, animation), and which of several is the
consensus: the one with the least mean distance to the others. A single sample may be an outlier.

Knows items; knows nothing of models.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...records import Record
from .items import Item
from .language import to_srgb
from .materials import plain_of_items
from .motion import rest

FRAMES = 25  # points at which two curves are compared
# Number of samples to choose an answer from; an animation is short, so more of them cost little.
CANDIDATES = {"materials": 8, "modifiers": 8, "animation": 32}


def agreed(codec: Any, craft: str, records: Sequence[Record]) -> Record:
    """The consensus among a model's samples, given as records of that craft."""
    answers = [codec.read(type(codec).part(record), codec.type_names)[0] for record in records]
    return records[consensus(craft, answers)]


def consensus(craft: str, answers: Sequence[list[Item]]) -> int:
    """Index of the answer with the smallest mean distance to the others."""
    distance = DISTANCES[craft]
    total = [sum(distance(other, one) for other in answers if other is not one) for one in answers]
    return int(np.argmin(total))


def of_materials(real: list[Item], made: list[Item]) -> float:
    return value_error(plain_of_items(real), plain_of_items(made)) + 0.3 * (1 - f1(types(real), types(made)))


def of_stacks(real: list[Item], made: list[Item]) -> float:
    return float([i.type for i in real] != [i.type for i in made]) + 0.2 * parameter_error(real, made)


def of_motions(real: list[Item], made: list[Item]) -> float:
    by_type = {item.type: item for item in made}
    return sum(curve_error(item, by_type.get(item.type)) for item in real) + 0.2 * (1 - f1(types(real), types(made)))


DISTANCES = {"materials": of_materials, "modifiers": of_stacks, "animation": of_motions}


def types(items: list[Item]) -> Counter[str]:
    return Counter(item.type for item in items)


def f1(real: Counter[Any], made: Counter[Any]) -> float:
    """Overlap of two multisets: 1 if equal, also if both are empty."""
    both = sum((real & made).values())
    total = sum(real.values()) + sum(made.values())
    return 1.0 if not total else 2 * both / total


def value_error(a: dict[str, Any], b: dict[str, Any]) -> float:
    """Mean difference of five plain values, the colour in sRGB."""
    colour = float(np.mean([abs(to_srgb(x) - to_srgb(y)) for x, y in zip(a["base_color"], b["base_color"])]))
    others = [abs(float(a[key]) - float(b[key])) for key in ("roughness", "metallic", "alpha", "transmission")]
    return float(np.mean([colour, *others]))


def parameter_error(real: list[Item], made: list[Item]) -> float:
    """Mean over the values of either: 1 for a value that only one has, or that differs and is not a number; for numbers
    their difference relative to the larger. A missing modifier counts as all its values."""
    errors: list[float] = []
    left = list(made)
    for item in real:
        other = next((one for one in left if one.type == item.type), None)
        if other is not None:
            left.remove(other)
        names = set(item.values) | set(other.values if other else ())
        errors += [_difference(item.values.get(k), other.values.get(k) if other else None) for k in names] or [
            0.0 if other else 1.0
        ]
    errors += [1.0] * len(left)
    return float(np.mean(errors)) if errors else 0.0


def _difference(a: Any, b: Any) -> float:
    if a is None or b is None:
        return 1.0
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        return float(np.mean([_difference(x, y) for x, y in zip(a, b)]))
    if isinstance(a, bool | str) or isinstance(b, bool | str | list):
        return float(a != b)
    return float(min(1.0, abs(a - b) / max(abs(a), abs(b), 1e-9)))


def curve_error(real: Item, made: Item | None) -> float:
    """Root mean square difference over the real curve's frames, relative to its range (with a small minimum). A missing
    curve means no motion. At most 2, so that one outlier does not hide the rest."""
    frames, values = keys(real)
    at = np.linspace(frames[0], frames[-1], FRAMES)
    there = np.interp(at, frames, values)
    if made is None:
        here = np.full(FRAMES, rest(real.type))
    else:
        other, heights = keys(made)
        here = np.interp(at, other, heights)
    reach = max(float(np.ptp(values)), 0.05 * max(float(np.abs(values).max()), 1.0))
    return min(2.0, float(np.sqrt(((there - here) ** 2).mean())) / reach)


def keys(item: Item) -> tuple[NDArray[Any], NDArray[Any]]:
    gaps = np.array([0] + [row[0] for row in item.rows[1:]], float)
    return float(item.values.get("start", 1)) + np.cumsum(gaps), np.array([row[1] for row in item.rows], float)
