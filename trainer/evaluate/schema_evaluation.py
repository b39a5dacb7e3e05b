"""Measures a materials, modifiers or animation model on held-out examples, next to two baselines.

The baselines answer without a model: the most frequent answer there is, and the answer of the training example whose
words and mesh are nearest. Knows items and conditions, nothing of Blender.
"""

import argparse
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...jobs.progress import Reporter
from ..codecs.consensus import CANDIDATES, consensus, curve_error, f1, parameter_error, types, value_error
from ..codecs.items import Item, ItemDecoder, encode_items
from ..codecs.materials import plain_of_items
from ..codecs.motion import fitted_items, span
from ..text import word_table
from ..text.conditions import Condition
from . import metrics

MOST_EXAMPLES = 4000  # number of training examples that the baselines choose from
TEMPERATURE = 0.7

ABOUT = {
    "bits per example": ("bits to encode a held-out example", False),
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
    from ..data.schema_set import SchemaSet
    from ..generate.decoding import generate, load_model
    from . import evaluation

    samples = SchemaSet(args.data, craft, generated=False)
    model = load_model(path, args.engine)
    rng = np.random.default_rng(args.seed)
    chosen = np.asarray(samples.heldout)
    if not len(chosen):
        raise ValueError(f"{args.data}: it has no held-out examples of {craft}, so there is nothing to measure on")
    chosen = chosen[np.sort(rng.permutation(len(chosen))[: args.samples])]
    truth = [_example(samples, int(i)) for i in chosen]
    learned = _learned(samples, rng)
    reporter.phase(f"Sampling from {path.name}")
    answers: dict[str, list[list[Item]]] = {"": [], "most frequent": [], "nearest": []}
    frequent = most_frequent([items for items, _ in learned])
    words = np.stack([word_table.phrase(wish.text) for _, wish in learned])
    for number, (items, wish) in enumerate(truth):
        condition, attributes = wish.arrays(craft)
        # As in the extension: one answer, the consensus of several samples.
        made = generate(
            model,
            condition,
            attributes,
            variants=CANDIDATES[craft],
            seed=args.seed,
            temperature=TEMPERATURE,
            max_steps=256,
        )
        candidates = [
            samples.codec.read(type(samples.codec).part(record), samples.codec.type_names)[0] for record in made.records
        ]
        answer = candidates[consensus(craft, candidates)]
        answers[""].append(answer)
        if craft == "animation":
            answers.setdefault("length and target given", []).append(as_long_and_far(answer, items))
        answers["most frequent"].append(frequent)
        answers["nearest"].append(learned[nearest(wish, craft, learned, words)][0])
        reporter.progress((number + 1) / len(truth), f"{number + 1} of {len(truth)}: {wish.text}")
    judge = {"materials": judge_materials, "modifiers": judge_modifiers, "animation": judge_animation}[craft]
    numbers: dict[str, float] = {}
    intervals: dict[str, tuple[float, float]] = {}
    for name, given in answers.items():
        scores: dict[str, float] = judge([items for items, _ in truth], given)
        for key, value in scores.items():
            title = f"{key} ({name})" if name else key
            numbers[title] = value
            if key == "exact stack":
                intervals[title] = metrics.interval(round(value * len(truth)), len(truth))
    numbers["examples"] = float(len(truth))
    reporter.phase("Scoring held-out examples")
    numbers["bits per example"] = float(np.mean(list(evaluation.bits_by_asset(str(path), samples).values())))
    return {"craft": craft, "numbers": numbers, "intervals": intervals, "about": ABOUT}


def as_long_and_far(made: list[Item], real: list[Item]) -> list[Item]:
    """The answer, fitted to the real animation's length and distance, which an artist may also set."""
    frames, target = span(real)
    return fitted_items(made, 1.0, frames, target)


def _learned(samples: Any, rng: np.random.Generator) -> list[tuple[list[Item], Condition]]:
    learned = np.setdiff1d(np.flatnonzero(samples.weights[: samples.real] > 0), samples.heldout)
    learned = learned[np.sort(rng.permutation(len(learned))[:MOST_EXAMPLES])]
    return [_example(samples, int(i)) for i in learned]


def _example(samples: Any, index: int) -> tuple[list[Item], Condition]:
    """An example as its codec encodes it (without default values), and its condition."""
    items, wish, _ = samples.example(index, np.random.default_rng(0))
    reader = ItemDecoder(samples.codec.tokens)
    for step in encode_items(samples.codec.tokens, items).tokens:
        for token in step[step >= 0]:
            reader.push(int(token))
    return reader.items, wish


def most_frequent(answers: Sequence[list[Item]]) -> list[Item]:
    """The answer given most often among those with the types that are given most often."""
    top = _first(Counter(json.dumps([item.type for item in items]) for items in answers))
    answers = [items for items in answers if json.dumps([item.type for item in items]) == top]
    texts = [json.dumps([asdict(item) for item in items], sort_keys=True) for items in answers]
    return answers[texts.index(_first(Counter(texts)))]


def _first(count: Counter[str]) -> str:
    return str(count.most_common(1)[0][0])


def nearest(wish: Condition, craft: str, examples: Sequence[tuple[list[Item], Condition]], words: NDArray[Any]) -> int:
    """Index of the example with the most similar words; among the most similar ones that with the most similar mesh."""
    likeness = words @ word_table.phrase(wish.text)
    candidates = np.argsort(-likeness, kind="stable")[:12]
    attributes = wish.attributes(craft)

    def score(i: int) -> float:
        return float(likeness[i]) + 0.3 * float((examples[i][1].attributes(craft) == attributes).mean())

    return int(max(candidates.tolist(), key=score))


def judge_materials(real: Sequence[list[Item]], made: Sequence[list[Item]]) -> dict[str, float]:
    def nodes(items: list[Item]) -> Counter[str]:
        return Counter(item.type for item in items if item.type != "MATERIAL")

    def links(items: list[Item]) -> Counter[tuple[str, ...]]:
        return Counter(
            (items[origin].type, output, item.type, into)
            for item in items
            for into, (origin, output) in item.links.items()
        )

    errors = [value_error(plain_of_items(a), plain_of_items(b)) for a, b in zip(real, made)]
    return {
        "node F1": _mean(lambda a, b: f1(nodes(a), nodes(b)), real, made),
        "link F1": _mean(lambda a, b: f1(links(a), links(b)), real, made),
        "value error": float(np.mean(errors)),
    }


def judge_modifiers(real: Sequence[list[Item]], made: Sequence[list[Item]]) -> dict[str, float]:
    def order(items: list[Item]) -> list[str]:
        return [item.type for item in items]

    return {
        "exact stack": float(np.mean([order(a) == order(b) for a, b in zip(real, made)])),
        "type F1": _mean(lambda a, b: f1(types(a), types(b)), real, made),
        "parameter error": _mean(parameter_error, real, made),
    }


def judge_animation(real: Sequence[list[Item]], made: Sequence[list[Item]]) -> dict[str, float]:
    by_group: dict[str, list[float]] = {"location": [], "rotation": [], "scale": []}
    for a, b in zip(real, made):
        for item in a:
            group = item.type.split("_")[0].split(".")[0]
            other = next((one for one in b if one.type == item.type), None)
            by_group[group].append(curve_error(item, other))
    numbers = {f"{group} error": float(np.mean(errors)) for group, errors in by_group.items() if errors}
    return numbers | {"channel F1": _mean(lambda a, b: f1(types(a), types(b)), real, made)}


def _mean(score: Callable[[list[Item], list[Item]], float], real: Sequence[Any], made: Sequence[Any]) -> float:
    return float(np.mean([score(a, b) for a, b in zip(real, made)]))
