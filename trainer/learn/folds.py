"""A library as a training set for fine-tuning: whole families held out in turn, generated things mixed in so that
nothing is forgotten. numpy alone.

    samples = Folded(training_set(path), fold=0, folds=4)     # the families of fold 0 are held out
    samples = Folded(training_set(path))                       # nothing is
"""

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..data.geometry_set import GeometrySet
from ..data.schema_set import SchemaSet
from ..text import conditions

REPLAY = 0.4  # share of generated draws


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
        return self.base.sample(index, seed)


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
