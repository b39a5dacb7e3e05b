"""What is known of things by their names: a table of coarse shapes and measures of the assets that the models learned
from, each with its label (trainer/models/known.safetensors, written by scripts/build_known.py).

Two questions are answered from it: does a mesh look like what it is called, and how large and how detailed is a thing
of this name usually. Knows words and records; knows nothing of models. numpy alone.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from ..records import Record
from . import conditions, text

TABLE = Path(__file__).resolve().parent / "models" / "known.safetensors"
NEIGHBOURS = 8
SISTERS = 0.6  # a word that means so nearly the same stands for one that was never heard
FACTS = ("faces", "quads", "symmetric", "size", "slots", "style", "width", "depth")


def facts_of(record: Record) -> list[float]:
    """FACTS of a record as numbers; -1 for a style that it does not say."""
    wish = conditions.of_record(record)
    style = conditions.STYLES.index(wish.style) if wish.style else -1
    return [
        float(wish.faces or 0),
        float(wish.quads or 0),
        float(bool(wish.symmetric)),
        float(wish.size or 0),
        float(wish.slots or 0),
        float(style),
        *(float(wish.summary.get(name, 0)) for name in conditions.PROPORTIONS),
    ]


class Known:
    """`axes` (D, cells) the directions in which shapes differ most, `rows` (N, D), `facts` (N, 8), `words` (N, 96)."""

    def __init__(self, path: Path = TABLE) -> None:
        from ..tensors import open_tensors

        tensors = open_tensors(path)
        self.axes = np.asarray(tensors["axes"], np.float32)
        self.middle = np.asarray(tensors["middle"], np.float32)
        scales = np.asarray(tensors["scales"], np.float32)
        self.rows = np.asarray(tensors["rows"]).astype(np.float32) * scales[:, None]
        self.facts = np.asarray(tensors["facts"], np.float32)
        self.labels = np.asarray(tensors["labels"]).tobytes().decode("utf-8").split("\n")
        self.words = np.stack([text.phrase(label) for label in self.labels])
        self.vocabulary = frozenset(word for label in self.labels for word in label.split())

    def agreement(self, seen: np.ndarray, prompt: str) -> float:
        """-1..1: how near in meaning to `prompt` the labels are of the known shapes nearest to `seen` (cells,)."""
        distance = self._apart(seen)
        nearest = np.argpartition(distance, NEIGHBOURS)[:NEIGHBOURS]
        weight = 1.0 / (distance[nearest] + 0.02)
        return float((self.words[nearest] @ text.phrase(prompt)) @ weight / weight.sum())

    def heard(self, prompt: str) -> str:
        """The prompt with every word that no known label has replaced by its nearest sister among those that they do
        ("hut" by "house"), if there is one that means nearly the same."""
        said = []
        for word in text.content_words(prompt):
            if word not in self.vocabulary:
                near = self.words @ text.phrase(word)
                if near.max() > SISTERS:
                    word = self.labels[int(near.argmax())].split()[-1]
            said.append(word)
        return " ".join(said) or prompt

    def nearest(self, seen: np.ndarray) -> str:
        """The label of the known shape nearest to `seen` (cells,)."""
        return self.labels[int(self._apart(seen).argmin())]

    def _apart(self, seen: np.ndarray) -> np.ndarray:
        """(N,) distance of every known shape to `seen`."""
        return np.asarray(np.linalg.norm(self.rows - self.axes @ (seen - self.middle), axis=1))

    def usual(self, prompt: str, seed: int = 0, style: str | None = None) -> dict[str, Any]:
        """How a thing of this name usually is: the measures of one known asset whose label is near, another for each
        seed. Empty where nothing known is called anything like it. `style` looks among that library's first."""
        near = self.words @ text.phrase(prompt)
        if style in conditions.STYLES:
            near = near + 0.15 * (self.facts[:, 5] == conditions.STYLES.index(style))
        best = float(near.max())
        if best < 0.45:
            return {}
        candidates = np.flatnonzero(near > best - 0.08)
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


@lru_cache(maxsize=1)
def known() -> Known | None:
    """The shipped table, or None where there is none."""
    return Known() if TABLE.exists() else None
