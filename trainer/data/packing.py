"""Packing: several assets to a row, so that the backbone does not compute padding.

A row is `length` backbone positions; an asset takes its prefix and one position per step, and never sees its neighbours
(`attention.py`). What a batch holds is a pure function of (seed, number of the batch), so a run that was killed draws
exactly the same after resuming. numpy only: this runs in loader processes.

The protocol that a training set follows (`trainset.py` is the real one; tests have one in memory):

    set.sample(index, seed) -> (Sequence(tokens (T, M), features (T, K)), words (6, 96) float32, attributes (A,) int)
    set.weights     float array: how often each index is drawn; 0 for held-out ones
    set.mix(progress)   optional: such weights at a point 0..1 of the training
    set.heldout     int array of indices never trained on
    set.spec        the codec's Spec
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from ..codecs.base import CodecError
from ..model.config import ModelConfig

MAX_REFUSED = 100  # consecutive samples refused by the codec before the set itself is considered at fault


class Samples(Protocol):
    weights: np.ndarray
    heldout: np.ndarray
    spec: Any

    def sample(self, index: int, seed: int) -> tuple[Any, np.ndarray, np.ndarray]: ...


@dataclass
class Document:
    """One asset, ready to be laid into a row: `tokens` (T, M), `features` (T, K), its condition."""

    tokens: np.ndarray
    features: np.ndarray
    words: np.ndarray
    attributes: np.ndarray

    @property
    def steps(self) -> int:
        return len(self.tokens)

    def first(self, steps: int) -> "Document":
        return Document(self.tokens[:steps], self.features[:steps], self.words, self.attributes)


@dataclass
class Row:
    """Documents side by side. `room` counts the positions still free."""

    room: int
    documents: list[Document] = field(default_factory=list)


def draw(samples: Samples, index: int, seed: int) -> Document:
    sequence, words, attributes = samples.sample(int(index), int(seed))
    return Document(np.asarray(sequence.tokens), np.asarray(sequence.features), words, np.asarray(attributes))


def pack(documents: Iterable[Document], rows: int, length: int, prefix: int, waste: float = 0.02) -> list[Row]:
    """Fill `rows` rows from an endless stream of documents, each into the row it fits best.

    A document that fits nowhere is cut to its first steps in the emptiest row, so long assets are drawn as often as
    their weight says; packing ends when less than `waste` of all positions is free.
    """
    out = [Row(length) for _ in range(rows)]
    least = prefix + min(32, length - prefix)
    for document in documents:
        need = prefix + document.steps
        fitting = [row for row in out if row.room >= need]
        if fitting:
            row = min(fitting, key=lambda r: r.room)
        else:
            row = max(out, key=lambda r: r.room)
            need = row.room
            if need < least:
                break
            document = document.first(need - prefix)
        row.documents.append(document)
        row.room -= need
        if sum(r.room for r in out) <= waste * rows * length:
            break
    return out


def pack_all(documents: Iterable[Document], length: int, prefix: int) -> tuple[list[Row], list[int]]:
    """Put each document once, whole, into as few rows as first fit finds. Returns the rows and the number of each
    document that is longer than a row and was left out."""
    rows: list[Row] = []
    left_out: list[int] = []
    for number, document in enumerate(documents):
        need = prefix + document.steps
        if need > length:
            left_out.append(number)
            continue
        row = next((r for r in rows if r.room >= need), None)
        if row is None:
            row = Row(length)
            rows.append(row)
        row.documents.append(document)
        row.room -= need
    return rows, left_out


def collate(
    config: ModelConfig, rows: list[Row], length: int, targets: int | None = None, documents: int | None = None
) -> dict[str, np.ndarray]:
    """One batch of B rows, as arrays:

    inputs (B, L, K+M) int32   rows of the input table to add up at each position
    prefix (B, L) int32        which prefix vector to add, counted from 1 through all documents; 0 for none
    document (B, L) int32      number of the document a position belongs to, -1 for free positions
    words (D, 6, 96) float32, attributes (D, A) int64
    source (U,) int64          flat position whose h spells this micro-token
    head_rows (U, M) int32     rows of the head's table to add up: the micro-position's and the earlier tokens'
    targets (U,) int64         the micro-token; -1 where unused
    owner (U,) int32           document of each target

    `targets` and `documents` fix U and D (shapes that never change let a GPU keep its compiled graph); targets and
    documents beyond that are not learned from.
    """
    c = config
    total = sum(len(row.documents) for row in rows)
    inputs = np.full((len(rows), length, len(c.features) + c.micro), c.nothing, np.int32)
    prefix = np.zeros((len(rows), length), np.int32)
    owner = np.full((len(rows), length), -1, np.int32)
    words = np.zeros((documents or max(total, 1), c.words, c.word_width), np.float32)
    attributes = np.zeros((documents or max(total, 1), len(c.condition)), np.int64)
    tokens, places, owners = [], [], []
    number = 0
    for r, row in enumerate(rows):
        at = 0
        for document in row.documents:
            if number == len(words):
                break
            start, end = at + c.prefix, at + c.prefix + document.steps
            prefix[r, at:start] = 1 + number * c.prefix + np.arange(c.prefix)
            owner[r, at:end] = number
            inputs[r, start:end, : len(c.features)] = c.feature_rows(document.features)
            inputs[r, start + 1 : end, len(c.features) :] = c.step_rows(document.tokens[:-1])
            words[number], attributes[number] = document.words, document.attributes[: len(c.condition)]
            tokens.append(document.tokens)
            places.append(np.arange(r * length + start, r * length + end))
            owners.append(np.full(document.steps, number, np.int32))
            at, number = end, number + 1
    spelled = spell_out(c, np.concatenate(tokens), np.concatenate(places), np.concatenate(owners))
    source, head_rows, target, belongs = spelled
    if targets is not None:
        fill = targets - len(target)
        source, head_rows, target, belongs = (a[:targets] for a in (source, head_rows, target, belongs))
        if fill > 0:
            source = np.pad(source, (0, fill))
            head_rows = np.pad(head_rows, ((0, fill), (0, 0)), constant_values=c.head_nothing)
            target = np.pad(target, (0, fill), constant_values=-1)
            belongs = np.pad(belongs, (0, fill), constant_values=-1)
    return {
        "inputs": inputs,
        "prefix": prefix,
        "document": owner,
        "words": words,
        "attributes": attributes,
        "source": source,
        "head_rows": head_rows,
        "targets": target,
        "owner": belongs,
    }


def spell_out(
    c: ModelConfig, tokens: np.ndarray, places: np.ndarray, owners: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The head's part of a batch, a row per used micro-token: source, head_rows, targets, owner. tokens (T, M)."""
    step, micro = np.nonzero(tokens >= 0)
    target = tokens[step, micro].astype(np.int64)
    rows = np.where(tokens < 0, c.head_nothing, tokens + np.arange(c.micro) * c.vocab).astype(np.int32)
    head_rows = np.where(np.arange(c.micro) < micro[:, None], rows[step], c.head_nothing).astype(np.int32)
    head_rows[:, -1] = c.micro * c.vocab + micro  # the last place never holds an earlier token: it names the position
    return places[step].astype(np.int64), head_rows, target, owners[step].astype(np.int32)


class Packer:
    """Batch number -> its micro-batches. Picklable; returns the same arrays in any process."""

    def __init__(
        self,
        samples: Samples,
        config: ModelConfig,
        seed: int,
        rows: int,
        length: int,
        micro_rows: int,
        fixed: tuple[int, int] | None = None,
        progress: Callable[[int], float] | None = None,
    ) -> None:
        self.samples, self.config, self.seed = samples, config, seed
        self.rows, self.length, self.micro_rows, self.fixed = rows, length, micro_rows, fixed
        self.progress = progress
        self.chances(0)

    def __len__(self) -> int:
        return 1 << 40

    def chances(self, number: int) -> np.ndarray:
        """Running total of each index's chance to be drawn in batch `number`."""
        mix = getattr(self.samples, "mix", None)
        weights = self.samples.weights if mix is None or self.progress is None else mix(self.progress(number))
        weights = np.array(weights, np.float64)
        weights[np.asarray(self.samples.heldout, np.int64)] = 0.0
        if not weights.sum() > 0:
            raise ValueError("training set: no sample has a weight above zero, so there is nothing to learn from")
        return np.cumsum(weights / weights.sum())

    def stream(self, number: int) -> Iterable[Document]:
        random = np.random.default_rng([self.seed, number])
        chances = self.chances(number)
        refused = 0
        while True:
            index = int(np.searchsorted(chances, random.random(), side="right"))
            try:
                yield draw(self.samples, min(index, len(chances) - 1), int(random.integers(1 << 62)))
                refused = 0
            except CodecError:  # augmentation may leave nothing of a very small asset
                refused += 1
                if refused == MAX_REFUSED:
                    raise

    def rows_of(self, number: int) -> list[Row]:
        return pack(self.stream(number), self.rows, self.length, self.config.prefix)

    def __getitem__(self, number: int) -> list[dict[str, np.ndarray]]:
        rows = self.rows_of(number)
        parts = [rows[i : i + self.micro_rows] for i in range(0, len(rows), self.micro_rows)]
        sizes = self.fixed or (None, None)
        return [collate(self.config, part, self.length, *sizes) for part in parts if part[0].documents]
