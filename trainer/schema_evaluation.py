"""Measures a materials, modifiers or animation model on held-out examples, beside two baselines.

The baselines answer without a model: the most frequent answer there is, and the answer of the training example whose
words and mesh are nearest. Knows items and conditions; what a craft means to Blender it does not know.
"""

import argparse
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from ..progress import Reporter
from . import metrics, text
from .codecs.items import Item
from .codecs.materials import plain_of_items
from .conditions import Condition

MOST_KNOWN = 4000
FRAMES = 25  # places at which two curves are compared

ABOUT = {
    "bits per example": ("bits to tell a held-out example", False),
    "node F1": ("types of nodes", True),
    "link F1": ("links, by the types and sockets at both ends", True),
    "value error": ("mean difference of colour, roughness, metallic, alpha, transmission", False),
    "exact stack": ("stacks with the same modifiers in the same order", True),
    "type F1": ("types of modifiers", True),
    "parameter error": ("difference of numbers, as a share of the larger one", False),
    "location error": ("difference of location curves, as a share of how far the real one moves", False),
    "rotation error": ("the same for rotation", False),
    "scale error": ("the same for scale", False),
    "channel F1": ("which channels move", True),
}


def evaluate_craft(path: Path, craft: str, args: argparse.Namespace, reporter: Reporter) -> dict[str, Any]:
    """{"craft", "numbers", "intervals", "about"}: the model's numbers, then each baseline's as "NAME (baseline)"."""
    from . import evaluation
    from .craftset import CraftSet
    from .generation import generate, load_model

    samples = CraftSet(args.data, craft, generated=False)
    model = load_model(path, args.engine)
    rng = np.random.default_rng(args.seed)
    chosen = np.asarray(samples.heldout)
    if not len(chosen):
        raise ValueError(f"{args.data}: it has no held-out examples of {craft}, so there is nothing to compare with")
    chosen = chosen[np.sort(rng.permutation(len(chosen))[: args.samples])]
    truth = [samples.example(int(i), np.random.default_rng(0))[:2] for i in chosen]
    known = _known(samples, rng)
    reporter.phase(f"Sampling from {path.name}")
    answers: dict[str, list[list[Item]]] = {"": [], "most frequent": [], "nearest": []}
    frequent = most_frequent([items for items, _ in known])
    words = np.stack([text.phrase(wish.text) for _, wish in known])
    for number, (_, wish) in enumerate(truth):
        condition, attributes = wish.arrays(craft)
        # One answer for each question: the likeliest, not a lucky one.
        made = generate(model, condition, attributes, seed=args.seed, temperature=0.0, max_steps=256)
        answers[""].append(samples.codec.read(type(samples.codec).part(made.records[0]), samples.codec.spoken)[0])
        answers["most frequent"].append(frequent)
        answers["nearest"].append(known[nearest(wish, craft, known, words)][0])
        reporter.progress((number + 1) / len(truth), f"{number + 1} of {len(truth)}: {wish.text}")
    judge = {"materials": judge_materials, "modifiers": judge_modifiers, "animation": judge_animation}[craft]
    numbers: dict[str, float] = {}
    intervals: dict[str, tuple[float, float]] = {}
    for name, given in answers.items():
        found: dict[str, float] = judge([items for items, _ in truth], given)
        for key, value in found.items():
            told = f"{key} ({name})" if name else key
            numbers[told] = value
            if key == "exact stack":
                intervals[told] = metrics.interval(round(value * len(truth)), len(truth))
    numbers["examples"] = float(len(truth))
    reporter.phase("Scoring held-out examples")
    numbers["bits per example"] = evaluation.bits_per_mesh(str(path), samples)["bits per mesh"]
    return {"craft": craft, "numbers": numbers, "intervals": intervals, "about": ABOUT}


def _known(samples: Any, rng: np.random.Generator) -> list[tuple[list[Item], Condition]]:
    learned = np.setdiff1d(np.flatnonzero(samples.weights[: samples.real] > 0), samples.heldout)
    learned = learned[np.sort(rng.permutation(len(learned))[:MOST_KNOWN])]
    return [samples.example(int(i), np.random.default_rng(0))[:2] for i in learned]


def most_frequent(answers: Sequence[list[Item]]) -> list[Item]:
    count = Counter(json.dumps([asdict(item) for item in items], sort_keys=True) for items in answers)
    top = count.most_common(1)[0][0]
    return next(items for items in answers if json.dumps([asdict(item) for item in items], sort_keys=True) == top)


def nearest(wish: Condition, craft: str, known: Sequence[tuple[list[Item], Condition]], words: np.ndarray) -> int:
    """The known example with the nearest words; among near ones that whose mesh is most alike."""
    likeness = words @ text.phrase(wish.text)
    candidates = np.argsort(-likeness, kind="stable")[:12]
    asked = wish.attributes(craft)

    def score(i: int) -> float:
        return float(likeness[i]) + 0.3 * float((known[i][1].attributes(craft) == asked).mean())

    return int(max(candidates.tolist(), key=score))


def f1(real: Counter, made: Counter) -> float:
    """1 for two equal multisets, also for two empty ones."""
    both = sum((real & made).values())
    total = sum(real.values()) + sum(made.values())
    return 1.0 if not total else 2 * both / total


def judge_materials(real: Sequence[list[Item]], made: Sequence[list[Item]]) -> dict[str, float]:
    def types(items: list[Item]) -> Counter:
        return Counter(item.type for item in items if item.type != "MATERIAL")

    def links(items: list[Item]) -> Counter:
        return Counter(
            (items[origin].type, output, item.type, into)
            for item in items
            for into, (origin, output) in item.links.items()
        )

    errors = [value_error(plain_of_items(a), plain_of_items(b)) for a, b in zip(real, made)]
    return {
        "node F1": _mean(lambda a, b: f1(types(a), types(b)), real, made),
        "link F1": _mean(lambda a, b: f1(links(a), links(b)), real, made),
        "value error": float(np.mean(errors)),
    }


def value_error(a: dict[str, Any], b: dict[str, Any]) -> float:
    """Mean difference of five plain values, the colour as people see it (sRGB)."""
    from .codecs.language import to_srgb

    colour = float(np.mean([abs(to_srgb(x) - to_srgb(y)) for x, y in zip(a["base_color"], b["base_color"])]))
    others = [abs(float(a[key]) - float(b[key])) for key in ("roughness", "metallic", "alpha", "transmission")]
    return float(np.mean([colour, *others]))


def judge_modifiers(real: Sequence[list[Item]], made: Sequence[list[Item]]) -> dict[str, float]:
    def types(items: list[Item]) -> list[str]:
        return [item.type for item in items]

    return {
        "exact stack": float(np.mean([types(a) == types(b) for a, b in zip(real, made)])),
        "type F1": _mean(lambda a, b: f1(Counter(types(a)), Counter(types(b))), real, made),
        "parameter error": _mean(parameter_error, real, made),
    }


def parameter_error(real: list[Item], made: list[Item]) -> float:
    """Over the values that either says: 1 for one that only one of them says or that is no number and differs; for
    numbers their difference as a share of the larger. A modifier that is missing counts as all its values."""
    errors: list[float] = []
    left = list(made)
    for item in real:
        other = next((one for one in left if one.type == item.type), None)
        if other is not None:
            left.remove(other)
        said = set(item.values) | set(other.values if other else ())
        errors += [_difference(item.values.get(k), other.values.get(k) if other else None) for k in said] or [
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
    return min(1.0, abs(a - b) / max(abs(a), abs(b), 1e-9))


def judge_animation(real: Sequence[list[Item]], made: Sequence[list[Item]]) -> dict[str, float]:
    found: dict[str, list[float]] = {"location": [], "rotation": [], "scale": []}
    for a, b in zip(real, made):
        for item in a:
            group = item.type.split("_")[0].split(".")[0]
            other = next((one for one in b if one.type == item.type), None)
            found[group].append(curve_error(item, other))
    numbers = {f"{group} error": float(np.mean(errors)) for group, errors in found.items() if errors}

    def types(items: list[Item]) -> Counter:
        return Counter(item.type for item in items)

    return numbers | {"channel F1": _mean(lambda a, b: f1(types(a), types(b)), real, made)}


def curve_error(real: Item, made: Item | None) -> float:
    """Root mean square difference over the real curve's frames, as a share of how far it moves (at least a little);
    a curve that is missing stays at its first value. At most 2, so that one runaway does not hide the rest."""
    frames, values = keys(real)
    at = np.linspace(frames[0], frames[-1], FRAMES)
    there = np.interp(at, frames, values)
    if made is None:
        here = np.full(FRAMES, values[0])
    else:
        other, heights = keys(made)
        here = np.interp(at, other, heights)
    reach = max(float(np.ptp(values)), 0.05 * max(float(np.abs(values).max()), 1.0))
    return min(2.0, float(np.sqrt(((there - here) ** 2).mean())) / reach)


def keys(item: Item) -> tuple[np.ndarray, np.ndarray]:
    gaps = np.array([0] + [row[0] for row in item.rows[1:]], float)
    return float(item.values.get("start", 1)) + np.cumsum(gaps), np.array([row[1] for row in item.rows], float)


def _mean(score: Callable[[list[Item], list[Item]], float], real: Sequence[Any], made: Sequence[Any]) -> float:
    return float(np.mean([score(a, b) for a, b in zip(real, made)]))
