"""What a model learns from: curated assets and generators behind one `sample(index, seed)`.

A set is a folder written by `meshkiln dataset build` (see `curate.py`); indices 0 .. R-1 are its assets, followed by
one index for every kind of generated object, each draw of which is a new one. Deterministic in (index, seed), numpy
only, cheap to copy into loader processes. `mix(progress)` says how often each index should be drawn at a point of
training.

    set = training_set("out/set")                                 # or training_set(None): generators alone
    sequence, words, attributes = set.sample(index, seed)
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ...records import Record
from ..codecs import codec
from ..text import conditions
from .set_folder import Assets, SetError, learned_from

# Share of draws that are generated, at the given points of training: real work is more than half of the last third.
POINTS = (0.0, 0.1, 0.62, 1.0)
GENERATED = (0.9, 0.85, 0.49, 0.42)
EVERYDAY = 2.0  # exponent of the generators' weights: everyday kinds should be seen often


class GeometrySet:
    """`weights` (N,) is the mix at the end of training; `heldout` are indices of curated assets that no mix ever draws;
    `spec` is the codec's, with the craft's attribute sizes as its condition. `begun`: for a model that continues
    training and has already learned from generated objects."""

    def __init__(
        self,
        path: str | Path | None,
        levels: int = 128,
        generated: bool = True,
        max_faces: int = 800,
        begun: bool = False,
    ) -> None:
        from ..generators import KINDS

        self.craft, self.max_faces, self.begun = "geometry", max_faces, begun
        self.speak(codec("geometry", levels=levels))
        self.assets = Assets(Path(path)) if path is not None else None
        self.kinds = list(KINDS.values()) if generated else []
        self.real = len(self.assets) if self.assets else 0
        if not self.real and not self.kinds:
            raise SetError(f"{path}: the set has no assets and generators are off, so there is nothing to learn from")
        about = self.assets.about if self.assets else []
        self.heldout = np.array([i for i, a in enumerate(about) if a["split"] == "heldout"], np.int64)
        self._real_weights = np.array([a["weight"] if a["split"] == "train" else 0.0 for a in about], np.float64)
        self.kind_weights = np.array([k.weight for k in self.kinds], np.float64) ** EVERYDAY
        self.weights = self.mix(1.0)

    def __len__(self) -> int:
        return self.real + len(self.kinds)

    def speak(self, coder: Any) -> None:
        """Encode the samples with another geometry codec, as a peer's checkpoint needs."""
        self.codec = coder
        self.spec = replace(coder.spec, condition=conditions.cardinalities("geometry"))

    def generated_share(self, progress: float) -> float:
        """Share of draws that are generated: they first teach what a clean part is (see docs/experiments.md)."""
        if not self.kinds:
            return 0.0
        if not self._real_weights.sum() > 0:
            return 1.0
        if self.begun:
            return GENERATED[-1]  # it already knows what a clean part is
        return float(np.interp(progress, POINTS, GENERATED))

    def mix(self, progress: float) -> np.ndarray:
        """(N,) weights that sum to 1 at `progress` 0 .. 1 of training."""
        share = self.generated_share(progress)
        parts = []
        for weights, part in ((self._real_weights, 1 - share), (self.kind_weights, share)):
            total = weights.sum()
            parts.append(weights * (part / total) if total > 0 else np.zeros(len(weights)))
        return np.concatenate(parts)

    def card(self) -> dict[str, Any]:
        """What a model that learns from this must declare: authors, licences, how much was generated."""
        about = [a for a in self.assets.about if a["split"] == "train"] if self.assets else []
        return learned_from(about) | {
            "kinds_generated": len(self.kinds),
            "generated_share": {p: round(self.generated_share(float(p)), 3) for p in ("0", "0.33", "0.67", "1")},
        }

    def record(self, index: int, seed: int = 0) -> Record:
        """The asset as a record, before any augmentation."""
        if index < self.real:
            assert self.assets is not None
            return self.assets.record(index)
        from ..generators import generate

        return generate(self.kinds[index - self.real].key, seed)

    def sample(self, index: int, seed: int) -> tuple[Any, np.ndarray, np.ndarray]:
        """(Sequence, words (6, 96) float32, attributes (A,) int64). Held-out assets are not augmented and have a
        complete condition."""
        rng = np.random.default_rng([seed % (1 << 62), index])
        if index < self.real:
            return self._real(index, rng)
        record = self.record(index, int(rng.integers(1 << 48)))
        a = record.arrays
        positions = a["mesh/position"].astype(np.float64)
        starts, corners = a["mesh/loop_start"].astype(np.int64), a["mesh/corner_vert"].astype(np.int64)
        slots = a["mesh/material_index"]
        if rng.random() < 0.25:
            positions, starts, corners = mirrored(positions, starts, corners)
        wish = conditions.measure(positions, starts, corners, len(record.data["materials"]))
        wish.text, wish.style = record.data["label"], "generated"
        nouns = record.data["generated"]["noun"].split()
        sequence = self.codec.encode(positions, starts, corners, slots)
        return (sequence, *conditions.soften(wish, rng, nouns=nouns))

    def _real(self, index: int, rng: np.random.Generator) -> tuple[Any, np.ndarray, np.ndarray]:
        assert self.assets is not None
        positions, starts, corners, slots = self.assets.mesh(index)
        about = self.assets.about[index]
        exact = about["split"] == "heldout"
        text = about["label"] if exact else text_about(about, rng)
        if not exact:
            positions = positions * np.exp(rng.uniform(-0.14, 0.14, 3)) * np.exp(rng.normal(0, 0.05))
            if rng.random() < 0.5:
                positions, starts, corners = mirrored(positions, starts, corners)
            if rng.random() < 0.03:  # rarely: which way an object faces is part of what it is
                positions = positions[:, [1, 0, 2]] * rng.choice([(1, -1, 1), (-1, 1, 1)])
        sequence = self.codec.encode(positions, starts, corners, slots)
        wish = conditions.measure(positions, starts, corners, len(about["materials"]))
        wish.text, wish.style = text, about["style"]
        return (sequence, *(wish.arrays() if exact else conditions.soften(wish, rng, nouns=[about["noun"]])))


def mirrored(
    positions: np.ndarray, starts: np.ndarray, corners: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The mesh mirrored (x to -x), its faces flipped so that they still point outwards."""
    sides = np.diff(np.append(starts, len(corners)))
    within = np.arange(len(corners)) - np.repeat(starts, sides)
    back = np.repeat(starts, sides) + (-within) % np.repeat(sides, sides)
    return positions * (-1.0, 1.0, 1.0), starts, corners[back]


def text_about(about: dict[str, Any], rng: np.random.Generator) -> str:
    """One of the ways to name a curated asset: its label, sometimes preceded by its colour, material or theme,
    sometimes only its noun."""
    label = about["label"].split()
    roll = rng.random()
    if roll < 0.12 and len(label) > 1:
        return str(about["noun"])
    extra: list[str] = []
    if roll > 0.55:
        choices = [*about["colors"][:1], *about["stuffs"][:1]]
        if choices:
            extra.append(str(rng.choice(choices)))
    if roll > 0.85 and about["themes"]:
        extra.append(str(rng.choice(about["themes"])))
    return " ".join([w for w in extra if w not in label] + label)
