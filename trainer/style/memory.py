"""A library's things as they are, to build from: meshes, measures and materials, in one safetensors file. numpy alone.

Memory.of_assets(assets).write(path)
memory = Memory.read(path)
memory.called("old barrel")        # numbers of the things of that name, the best first; empty where there is none
memory.thing(0)                    # Own: its mesh and all that is known of it
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...records import Record, plain_material
from ...records.tensors import TensorError, open_tensors, read_header, write_tensors
from ..assets.asset import Asset
from ..assets.nouns import noun_of
from ..mesh import shape_descriptor
from ..text import word_table
from .shape import Shape, of_asset, record_of
from .whole import alone

FORMAT = "meshkiln-memory 1"
MOST_FACES = 20_000  # of a thing that is kept
MOST_THINGS = 20_000
LARGEST_HEADER = 64 << 20
SAME = 0.75  # similarity from which two nouns name the same kind of thing
CONDITIONS = frozenset("broken damaged cracked ruined destroyed burnt unfinished open opened half cut empty".split())
FIELDS = ("name", "label", "noun", "family", "path", "license", "author", "url", "part_names", "smooth", "origin")


class MemoryDamaged(ValueError):
    """A memory that cannot be read; the message is a sentence."""


@dataclass
class Own:
    """One thing of the library. `parts` (F,) index `part_names`."""

    shape: Shape
    parts: NDArray[Any]
    about: dict[str, Any]

    @property
    def label(self) -> str:
        return str(self.about["label"])

    def record(self, name: str) -> Record:
        return record_of(self.shape, name, self.label)


class Memory:
    """`about[i]` is what is known of thing i; `points` (N, 256, 3) uint8 on it."""

    def __init__(self, about: list[dict[str, Any]], arrays: dict[str, NDArray[Any]]) -> None:
        self.about, self.arrays = about, arrays
        nouns = sorted({str(a["noun"]) for a in about})
        self._vectors = {noun: word_table.phrase(noun) for noun in nouns}

    def __len__(self) -> int:
        return len(self.about)

    @staticmethod
    def of_assets(assets: Iterable[Asset]) -> "Memory":
        """Of assets that have a mesh; those with more than MOST_FACES are left out."""
        about: list[dict[str, Any]] = []
        columns: dict[str, list[NDArray[Any]]] = {n: [] for n in ("position", "sides", "corner", "slot", "part")}
        points = []
        for asset in assets:
            if not 0 < len(asset.starts) <= MOST_FACES or len(about) >= MOST_THINGS:
                continue
            record = record_of(of_asset(asset), asset.name, asset.label)
            seen = shape_descriptor.points(record)
            if not len(seen):
                continue
            known = {name: getattr(asset, name) for name in FIELDS if hasattr(asset, name)}
            stack = [modifier for modifier in asset.modifiers if alone(modifier)]
            about.append(known | {"noun": noun_of(asset.label), "materials": asset.materials, "modifiers": stack})
            columns["position"].append(np.asarray(asset.positions, np.float32))
            columns["sides"].append(np.diff(np.append(asset.starts, len(asset.corners))).astype(np.int32))
            columns["corner"].append(np.asarray(asset.corners, np.int32))
            columns["slot"].append(np.asarray(asset.slots, np.uint8))
            parts = asset.parts if len(asset.parts) == len(asset.starts) else np.zeros(len(asset.starts))
            columns["part"].append(np.asarray(parts, np.int32))
            points.append((seen[: shape_descriptor.POINTS] * 256).clip(0, 255).astype(np.uint8))
        arrays: dict[str, NDArray[Any]] = {}
        if about:
            arrays = {name: np.concatenate(rows) for name, rows in columns.items()}
            for name, rows in (
                ("vertex", columns["position"]),
                ("face", columns["sides"]),
                ("loop", columns["corner"]),
            ):
                arrays[f"{name}_offset"] = np.cumsum([0, *map(len, rows)]).astype(np.int64)
            arrays["points"] = np.stack(points)
        return Memory(about, arrays)

    def write(self, path: Path) -> None:
        text = json.dumps(self.about, ensure_ascii=False)
        write_tensors(path, self.arrays, {"format": FORMAT, "things": text})

    @staticmethod
    def read(path: Path) -> "Memory":
        """MemoryDamaged, with a sentence, for a file that is none or does not fit itself."""
        try:
            metadata, _ = read_header(path, LARGEST_HEADER)
            if metadata.get("format") != FORMAT:
                raise MemoryDamaged(f"{path}: is no memory of a style that this version reads")
            about = json.loads(metadata["things"])
            arrays: dict[str, NDArray[Any]] = {}
            if about:
                file = open_tensors(path)  # copied: Windows keeps a mapped file from being replaced
                arrays = {name: np.array(array) for name, array in file.items()}
                file.close()
            memory = Memory(about, arrays)
            memory._check()
        except (TensorError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            if isinstance(error, MemoryDamaged):
                raise
            raise MemoryDamaged(f"{path}: is damaged ({error}); learn the style again") from error
        return memory

    def _check(self) -> None:
        """A stranger's file must not lead outside its own arrays."""
        if not self.about:
            return
        a, count = self.arrays, len(self.about)
        if not np.isfinite(a["position"]).all():
            raise ValueError("positions that are not numbers")
        for name, of in (("vertex", "position"), ("face", "sides"), ("loop", "corner")):
            offsets = a[f"{name}_offset"]
            if (
                len(offsets) != count + 1
                or offsets[0] != 0
                or (np.diff(offsets) < 0).any()
                or offsets[-1] != len(a[of])
            ):
                raise ValueError(f"{name} offsets do not fit")
        if len(a["slot"]) != len(a["sides"]) or len(a["part"]) != len(a["sides"]) or (a["sides"] < 3).any():
            raise ValueError("faces do not fit")
        for about in self.about:
            if not all(isinstance(about[name], str) for name in ("name", "label", "noun")):
                raise ValueError("names that are no text")
            for material in about["materials"]:
                plain_material(**material)
            for name in ("smooth", "origin", "part_names", "modifiers"):
                if not isinstance(about.get(name, []), list):
                    raise ValueError(f"{name} is no list")
            if not all(isinstance(each, int | float) for name in ("smooth", "origin") for each in about.get(name, [])):
                raise ValueError("shares that are no numbers")
        for i in range(count):
            corners, vertices = self._part("loop", "corner", i), self._part("vertex", "position", i)
            fits = self._part("face", "sides", i).sum() == len(corners) and len(vertices) and len(corners)
            if not fits or corners.min() < 0 or corners.max() >= len(vertices):
                raise ValueError(f"the mesh of {self.about[i]['name']} does not fit")

    def _part(self, offset: str, name: str, i: int) -> NDArray[Any]:
        first, last = self.arrays[f"{offset}_offset"][i : i + 2]
        part: NDArray[Any] = self.arrays[name][first:last]
        return part

    def thing(self, i: int) -> Own:
        about = self.about[i]
        sides = self._part("face", "sides", i).astype(np.int64)
        materials = [dict(m) for m in about["materials"]] or [{"name": "Material"}]
        shape = Shape(
            self._part("vertex", "position", i).astype(np.float64),
            np.cumsum(sides) - sides,
            self._part("loop", "corner", i).astype(np.int64),
            self._part("face", "slot", i).astype(np.int64).clip(0, len(materials) - 1),
            materials,
            tuple(float(s) for s in about.get("smooth") or ()),
            tuple(float(x) for x in about.get("origin") or ()),
        )
        return Own(shape, self._part("face", "part", i).astype(np.int64), about)

    def kinds(self) -> dict[str, int]:
        """How many things there are of each noun, the most first."""
        counts: dict[str, int] = {}
        for a in self.about:
            counts[str(a["noun"])] = counts.get(str(a["noun"]), 0) + 1
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def called(self, prompt: str) -> list[int]:
        """Numbers of the things that the prompt names: those whose labels share most of its words. A thing of the very
        noun wins over one that means nearly the same."""
        asked = [word_table.singular(word) for word in word_table.content_words(head(prompt))]
        if not asked:
            return []
        labels = [[word_table.singular(word) for word in word_table.content_words(a["label"])] for a in self.about]
        exact = [i for i, words in enumerate(labels) if asked[-1] in words and _same_thing(asked, words)]
        if not exact:
            wanted = word_table.phrase(asked[-1])
            near = {noun for noun, vector in self._vectors.items() if float(vector @ wanted) > SAME}
            exact = [i for i, a in enumerate(self.about) if a["noun"] in near]
        # "broken cone" is not what is meant by "cone" where there is a whole one.
        sound = [i for i in exact if not CONDITIONS & set(labels[i]) - set(asked)]
        shared = {i: len(set(asked) & set(labels[i])) for i in sound or exact}
        most = max(shared.values(), default=0)
        return [i for i in shared if shared[i] == most]


def _same_thing(asked: list[str], words: list[str]) -> bool:
    """Whether the noun that is asked for is what the label names: "chair" in "old chair", not in "chair leg"."""
    return asked[-1] in (word_table.singular(noun_of(" ".join(words))), words[-1])


def head(prompt: str) -> str:
    """The words up to what the thing has, lacks or stands on: "barrel" of "barrel with gold hoops"."""
    first = re.split(r"\b(?:with|without|made|in|on|that|and|for)\b|,", prompt.lower())[0]
    return first if first.strip() else prompt
