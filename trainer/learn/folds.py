"""A library as a training set for fine-tuning: whole families held out in turn, generated things mixed in so that
nothing is forgotten. Things come as they are or made anew, so that what is learned is the hand and not
the thing. numpy alone.

    samples = Folded(training_set(path), fold=0, folds=4)     # the families of fold 0 are held out
    samples = Folded(training_set(path))                       # nothing is
"""

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..codecs.base import CodecError
from ..data.curate import MAX_STEPS
from ..data.geometry_set import GeometrySet, mirrored, text_about
from ..data.schema_set import SchemaSet
from ..style.memory import Own
from ..style.remake import Change, remade
from ..style.traits import Shape
from ..text import conditions

REPLAY = 0.4  # share of generated draws
REMADE = 0.7  # share of draws of the library's things that are made anew


class Folded:
    """The protocol of a training set (`packing.Samples`) over one craft's set."""

    def __init__(self, base: GeometrySet | SchemaSet, fold: int = -1, folds: int = 1, replay: float = REPLAY) -> None:
        self.base, self.spec, self.craft = base, base.spec, base.craft
        lines = lines_of(base)
        order = sorted({family_of(line) for line in lines}, key=lambda f: hashlib.sha1(f.encode()).hexdigest())
        held = set(order[fold::folds]) if fold >= 0 else set()
        for line in lines:
            line["split"] = "heldout" if family_of(line) in held else "train"
            if "style" in line:
                line["style"] = conditions.OWN_STYLE
        crowd = {family: sum(family_of(line) == family for line in lines) for family in order}
        real = np.array([0.0 if family_of(line) in held else crowd[family_of(line)] ** -0.5 for line in lines])
        self.heldout = np.flatnonzero([family_of(line) in held for line in lines])
        generated = _generators(base)
        self.generated = len(lines) + np.flatnonzero(generated)
        share = replay if len(generated) else 0.0
        parts = [real / max(float(real.sum()), 1e-12) * (1 - share), generated * share]
        self.weights: NDArray[Any] = np.concatenate(parts)

    def __len__(self) -> int:
        return len(self.weights)

    def sample(self, index: int, seed: int) -> tuple[Any, NDArray[Any], NDArray[Any]]:
        if isinstance(self.base, GeometrySet) and index < self.base.real and self.weights[index] > 0:
            rng = np.random.default_rng([seed % (1 << 62), index, 1])
            if rng.random() < REMADE:
                return self._remade(self.base, index, rng)
        return self.base.sample(index, seed)

    def _remade(
        self, base: GeometrySet, index: int, rng: np.random.Generator
    ) -> tuple[Any, NDArray[Any], NDArray[Any]]:
        assert base.assets is not None
        about = base.assets.about[index]
        positions, starts, corners, slots = base.assets.mesh(index)
        own = Own(Shape(positions, starts, corners, slots, about["materials"]), np.zeros(len(starts), int), about)
        shape = remade(own, [], Change(rng, rng.uniform(0.5, 1.5)))
        positions, starts, corners = shape.positions * np.exp(rng.normal(0, 0.05)), shape.starts, shape.corners
        if rng.random() < 0.5:
            positions, starts, corners = mirrored(positions, starts, corners)
        try:
            sequence = base.codec.encode(positions, starts, corners, shape.slots)
        except CodecError:
            return base.sample(index, int(rng.integers(1 << 48)))
        if sequence.steps > MAX_STEPS:
            return base.sample(index, int(rng.integers(1 << 48)))
        wish = conditions.measure(positions, starts, corners, len(about["materials"]))
        wish.text, wish.style = text_about(about, rng), conditions.OWN_STYLE
        return (sequence, *conditions.soften(wish, rng, nouns=[about["noun"]]))


def lines_of(base: GeometrySet | SchemaSet) -> list[dict[str, Any]]:
    """What is known of each thing of a set, by its index."""
    about = base.assets.about if base.assets else []
    if isinstance(base, GeometrySet):
        return about
    return [*base.examples, *(about[i] for i, _ in base.of_assets)]


def family_of(line: dict[str, Any]) -> str:
    return str(line.get("family") or line.get("label") or line.get("name"))


def families(base: GeometrySet | SchemaSet) -> int:
    return len({family_of(line) for line in lines_of(base)})


def _generators(base: GeometrySet | SchemaSet) -> NDArray[Any]:
    """How often each generator is drawn, 1 in all."""
    weights = base.kind_weights if isinstance(base, GeometrySet) else np.ones(int(base.generated))
    result: NDArray[Any] = weights / max(float(weights.sum()), 1e-12)
    return result
