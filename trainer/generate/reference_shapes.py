"""What is known of things by their names: looks and measures of the assets that the models learned from, each with its
label (trainer/models/known.safetensors, written by scripts/build_known.py).

Two questions are answered from it: does a mesh look like what it is called, and how large and how detailed is a thing
of this name usually. Knows words and records; knows nothing of models. numpy alone.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ...records import Record
from ..mesh import shape_descriptor
from ..mesh.symmetry_faults import crooked, lopsided
from ..text import conditions, word_table

TABLE = Path(__file__).resolve().parent.parent / "models" / "known.safetensors"
NEAR = 48  # known things that a coarse look leaves for the distance of points
SHARP = 0.001  # how much further a known thing may be than the nearest one and still say what a mesh looks like
SISTERS = 0.6  # a word that means so nearly the same stands for one that was never heard
FACTS = ("faces", "quads", "symmetric", "size", "slots", "style", "width", "depth")  # and then how Uneven


class Uneven(NamedTuple):
    """How crooked a thing is, how lopsided from side to side and from front to back (`torn.py`), and how much of it is
    in pieces (`shape_descriptor.loose`); as it stands, what may be of a thing that nothing is known of."""

    crooked: float = 1.0
    sideways: float = 1.0
    frontwards: float = 1.0
    loose: float = 0.0


def facts_of(record: Record, seen: np.ndarray) -> list[float]:
    """FACTS of a record as numbers, `seen` points on it; -1 for a style that it does not say."""
    wish = conditions.of_record(record)
    style = conditions.STYLES.index(wish.style) if wish.style else -1
    uneven = Uneven()
    if wish.style == conditions.REGULAR:  # of artists' work it would say little
        uneven = Uneven(crooked(record), *lopsided(record), shape_descriptor.loose(seen))
    return [
        float(wish.faces or 0),
        float(wish.quads or 0),
        float(bool(wish.symmetric)),
        float(wish.size or 0),
        float(wish.slots or 0),
        float(style),
        *(float(wish.summary.get(name, 0)) for name in conditions.PROPORTIONS),
        *uneven,
    ]


class Known:
    """`facts` (N, 12) and `words` (N, 96) of every known thing; of the first K `rows` (K, D) along `axes`, the
    directions in which shapes differ most, and `points` (K, P, 3) uint8 on their surfaces."""

    def __init__(self, path: Path = TABLE) -> None:
        from ...records.tensors import open_tensors

        tensors = open_tensors(path)
        self.axes = np.asarray(tensors["axes"], np.float32)
        self.middle = np.asarray(tensors["middle"], np.float32)
        scales = np.asarray(tensors["scales"], np.float32)
        self.rows = np.asarray(tensors["rows"]).astype(np.float32) * scales[:, None]
        self.points = np.asarray(tensors["points"])
        self.facts = np.asarray(tensors["facts"], np.float32)
        self.labels = np.asarray(tensors["labels"]).tobytes().decode("utf-8").split("\n")
        told = {label: word_table.phrase(label) for label in set(self.labels)}
        self.words = np.stack([told[label] for label in self.labels])
        self.meant: dict[str, np.ndarray] = {}
        self.vocabulary = frozenset(word for label in self.labels for word in label.split())

    def agreement(self, seen: np.ndarray, prompt: str) -> float:
        """-1..1: how near in meaning to `prompt` the labels are of the known things that points on a mesh (P, 3) are
        nearest to; -1 for no points."""
        if not len(seen):
            return -1.0
        nearest, apart = self._nearest(seen)
        weight = np.exp((apart.min() - apart) / SHARP)
        return float(self._meant(prompt)[nearest] @ weight / weight.sum())

    def heard(self, prompt: str) -> str:
        """The prompt with every word that no known label has replaced by its nearest sister among those that they do
        ("hut" by "house"), if there is one that means nearly the same."""
        said = []
        for word in word_table.content_words(prompt):
            if word not in self.vocabulary:
                near = self.words @ word_table.phrase(word)
                if near.max() > SISTERS:
                    word = self.labels[int(near.argmax())].split()[-1]
            said.append(word)
        return " ".join(said) or prompt

    def nearest(self, seen: np.ndarray) -> str:
        """The label of the known thing that points on a mesh (P, 3) are nearest to."""
        nearest, apart = self._nearest(seen)
        return self.labels[int(nearest[apart.argmin()])]

    def _nearest(self, seen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(indices of NEAR known things, how far each is): a coarse look at all of them, then points."""
        rough = np.linalg.norm(self.rows - self.axes @ (shape_descriptor.shape(seen) - self.middle), axis=1)
        near = np.argpartition(rough, NEAR)[:NEAR]
        others = (self.points[near].astype(np.float32) + 0.5) / 256
        return near, shape_descriptor.apart(seen[: others.shape[1]], others)

    def _meant(self, prompt: str) -> np.ndarray:
        """(N,) how near each label is to a prompt: half for what the words mean, half for naming the same thing."""
        if prompt not in self.meant:
            same = {label: word_table.alike(prompt, label) for label in set(self.labels)}
            self.meant.clear()  # asked of several samples in a row
            self.meant[prompt] = (self.words @ word_table.phrase(prompt) + [same[label] for label in self.labels]) / 2
        return self.meant[prompt]

    def usual(self, prompt: str, seed: int | tuple[int, ...] = 0, style: str | None = None) -> dict[str, Any]:
        """How a thing of this name usually is: the measures of one known asset whose label is near, another for each
        seed. Empty where nothing known is called anything like it. `style` looks among that library's first."""
        candidates = self._called(prompt, style)
        if not len(candidates):
            return {}
        chosen = self.facts[candidates[np.random.default_rng(seed).integers(len(candidates))]]
        said = dict(zip(FACTS, chosen.tolist()))
        return {
            "faces": int(said["faces"]),
            "quads": said["quads"],
            "symmetric": bool(said["symmetric"]),
            "size": said["size"],
            "slots": int(said["slots"]),
            "style": conditions.STYLES[int(said["style"])] if said["style"] >= 0 else None,
            "summary": {name: int(said[name]) for name in conditions.PROPORTIONS},
        }

    def meant_so(self, prompt: str) -> Uneven:
        """How uneven a thing of this name may be on purpose, in the regular style."""
        facts = self.facts[self._called(prompt, conditions.REGULAR)]
        facts = facts[facts[:, FACTS.index("style")] == conditions.STYLES.index(conditions.REGULAR)]
        return Uneven(*facts[:, len(FACTS) :].max(0).tolist()) if len(facts) else Uneven()

    def _called(self, prompt: str, style: str | None) -> np.ndarray:
        """Indices of known things that are called nearly so, of that style where there are some; none where nothing is
        called anything like it."""
        near = self.words @ word_table.phrase(prompt)
        if style in conditions.STYLES:
            near = near + 0.15 * (self.facts[:, FACTS.index("style")] == conditions.STYLES.index(style))
        best = float(near.max())
        return np.flatnonzero(near > best - 0.08) if best >= 0.45 else np.zeros(0, np.int64)


@lru_cache(maxsize=1)
def known() -> Known | None:
    """The shipped table, or None where there is none."""
    return Known() if TABLE.exists() else None
