"""Reference shapes: labels, shape descriptors and measures of assets that the models learned from
(trainer/models/known.safetensors, written by scripts/build_known.py).

The table answers two questions: does a mesh look like what it is called, and how large and detailed is a thing of this
name usually? Knows words and records; knows nothing of models. numpy alone.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...records import Record
from ..mesh import shape_descriptor
from ..mesh.symmetry_faults import crooked, lopsided
from ..text import conditions, word_table

TABLE = Path(__file__).resolve().parent.parent / "models" / "known.safetensors"
NEAR = 48  # reference shapes that the coarse search leaves for the distance of points
SHARP = 0.001  # how much farther than the nearest one a reference shape may be and still count
SYNONYM = 0.6  # minimum similarity for a word of the table to replace one that is not in it
FACTS = ("faces", "quads", "symmetric", "size", "slots", "style", "width", "depth")  # Unevenness follows


class Unevenness(NamedTuple):
    """How crooked an object is, how lopsided from side to side and from front to back (`symmetry_faults.py`), and how
    much of it is detached (`shape_descriptor.loose`). The defaults allow anything but loose parts."""

    crooked: float = 1.0
    sideways: float = 1.0
    frontwards: float = 1.0
    loose: float = 0.0


def facts_of(record: Record, points: NDArray[Any]) -> list[float]:
    """FACTS and Unevenness of a record, `points` (P, 3) on its surface; a style of -1 is unknown."""
    wish = conditions.of_record(record)
    style = conditions.STYLES.index(wish.style) if wish.style else -1
    uneven = Unevenness()
    if wish.style == conditions.REGULAR:  # artists' work is seldom exactly symmetric
        uneven = Unevenness(crooked(record), *lopsided(record), shape_descriptor.loose(points))
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


class ReferenceShapes:
    """`facts` (N, 12) and `words` (N, 96) of every entry; of the first K also `rows` (K, D), their descriptors along
    `axes`, the directions in which shapes differ most, and `points` (K, P, 3) uint8 on their surfaces."""

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
        vectors = {label: word_table.phrase(label) for label in set(self.labels)}
        self.words = np.stack([vectors[label] for label in self.labels])
        self._likeness: tuple[str, NDArray[Any]] | None = None  # for the last prompt, which is used for several samples
        self.vocabulary = frozenset(word for label in self.labels for word in label.split())

    def agreement(self, points: NDArray[Any], prompt: str) -> float:
        """-1..1: how similar to `prompt` the labels of the reference shapes are that points on a mesh (P, 3) are
        nearest to; -1 for no points."""
        if not len(points):
            return -1.0
        nearest, apart = self._nearest(points)
        weight = np.exp((apart.min() - apart) / SHARP)
        return float(self._likeness_of_labels(prompt)[nearest] @ weight / weight.sum())

    def in_known_words(self, prompt: str) -> str:
        """The prompt with every word that no label has replaced by the most similar word of a label ("hut" by "house"),
        if there is one that means nearly the same."""
        words = []
        for word in word_table.content_words(prompt):
            if word not in self.vocabulary:
                near = self.words @ word_table.phrase(word)
                if near.max() > SYNONYM:
                    word = self.labels[int(near.argmax())].split()[-1]
            words.append(word)
        return " ".join(words) or prompt

    def nearest(self, points: NDArray[Any]) -> str:
        """The label of the reference shape that points on a mesh (P, 3) are nearest to."""
        nearest, apart = self._nearest(points)
        return self.labels[int(nearest[apart.argmin()])]

    def distances(self, points: NDArray[Any]) -> NDArray[Any]:
        """(NEAR,) how far points on a mesh (P, 3) are from the reference shapes that are nearest to them."""
        return self._nearest(points)[1]

    def _nearest(self, points: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """(indices of NEAR reference shapes, how far each is): by descriptors among all, then by points."""
        rough = np.linalg.norm(self.rows - self.axes @ (shape_descriptor.shape(points) - self.middle), axis=1)
        near = np.argpartition(rough, NEAR)[:NEAR]
        others = (self.points[near].astype(np.float32) + 0.5) / 256
        return near, shape_descriptor.apart(points[: others.shape[1]], others)

    def _likeness_of_labels(self, prompt: str) -> NDArray[Any]:
        """(N,) similarity of each label to a prompt: half for the meaning of the words, half for naming the same
        object."""
        if self._likeness is None or self._likeness[0] != prompt:
            same = {label: word_table.alike(prompt, label) for label in set(self.labels)}
            likeness = (self.words @ word_table.phrase(prompt) + [same[label] for label in self.labels]) / 2
            self._likeness = prompt, likeness
        return self._likeness[1]

    def usual(self, prompt: str, seed: int | tuple[int, ...] = 0, style: str | None = None) -> dict[str, Any]:
        """Usual measures of an object of this name: those of one entry with a similar label, another for each seed.
        Empty if no label is similar. Entries of `style` come first."""
        candidates = self._similar(prompt, style)
        if not len(candidates):
            return {}
        chosen = self.facts[candidates[np.random.default_rng(seed).integers(len(candidates))]]
        facts = dict(zip(FACTS, chosen.tolist()))
        return {
            "faces": int(facts["faces"]),
            "quads": facts["quads"],
            "symmetric": bool(facts["symmetric"]),
            "size": facts["size"],
            "slots": int(facts["slots"]),
            "style": conditions.STYLES[int(facts["style"])] if facts["style"] >= 0 else None,
            "summary": {name: int(facts[name]) for name in conditions.PROPORTIONS},
        }

    def usual_unevenness(self, prompt: str) -> Unevenness:
        """The largest unevenness of objects of this name in the regular style: up to this is no fault."""
        facts = self.facts[self._similar(prompt, conditions.REGULAR)]
        facts = facts[facts[:, FACTS.index("style")] == conditions.STYLES.index(conditions.REGULAR)]
        return Unevenness(*facts[:, len(FACTS) :].max(0).tolist()) if len(facts) else Unevenness()

    def _similar(self, prompt: str, style: str | None) -> NDArray[Any]:
        """Indices of the entries with the most similar labels, those of that style first; empty if no label is
        similar."""
        near = self.words @ word_table.phrase(prompt)
        if style in conditions.STYLES:
            near = near + 0.15 * (self.facts[:, FACTS.index("style")] == conditions.STYLES.index(style))
        best = float(near.max())
        return np.flatnonzero(near > best - 0.08) if best >= 0.45 else np.zeros(0, np.int64)


@lru_cache(maxsize=1)
def shipped_table() -> ReferenceShapes | None:
    """The shipped table, read once; None if there is none."""
    return ReferenceShapes() if TABLE.exists() else None
