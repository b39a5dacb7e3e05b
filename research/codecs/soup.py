"""What the two plainer geometry codecs share: polygons told one by one, each with all its vertices.

Their grammar only sees to it that a polygon has no vertex twice and that everything ends; polygons that repeat another
one's vertices are dropped when the record is made, and counted in `dropped`. Built to measure the edge walk against, in
`research/compare_codecs.py`, and to train peers of the same size.
"""

from collections.abc import Callable, Generator
from typing import Any

import numpy as np

from ...records import Record, mesh_record, validate
from ...trainer.codecs import words as w
from ...trainer.codecs.base import CodecError, Sequence, Spec
from ...trainer.codecs.quantize import MAX_SLOTS, Quantized, quantize, to_metres

Ask = Generator[Callable[[np.ndarray], None], int, Any]


class SoupCodec:
    """Options and the ways in; a language gives `tell` and `Decoder`."""

    name = ""
    micro = 1
    word_count = 0
    Decoder: Any = None

    def __init__(self, levels: int = 128) -> None:
        self.levels = levels
        vocabulary = levels + w.NUMBERS + self.word_count
        self.spec = Spec(self.name, 1, vocabulary, self.micro, (), options={"levels": levels})

    def tell(self, q: Quantized) -> np.ndarray:
        raise NotImplementedError

    def encode(
        self,
        positions: np.ndarray,
        loop_starts: np.ndarray,
        corner_verts: np.ndarray,
        material_index: np.ndarray | None = None,
        *,
        size: float | None = None,
        stitch: bool = True,
    ) -> Sequence:
        return self.encode_quantized(
            quantize(positions, loop_starts, corner_verts, material_index, levels=self.levels, size=size, stitch=stitch)
        )

    def encode_quantized(self, q: Quantized) -> Sequence:
        tokens = self.tell(q)
        return Sequence(tokens, np.zeros((len(tokens), 0), np.int16), q.notes)

    def decoder(self, **options: Any) -> Any:
        return self.Decoder(self.levels, **options)


class SoupDecoder:
    """`max_faces`: from there on only END. `strict` bounds the sides of an n-gon."""

    word_count = 0

    def __init__(
        self,
        levels: int = 128,
        *,
        max_faces: int | None = None,
        slots: int = MAX_SLOTS,
        max_sides: int = 64,
        strict: bool = True,
    ) -> None:
        self.levels, self.slots = levels, slots
        self.number, self.word = levels, levels + w.NUMBERS
        self.max_faces = max_faces if max_faces is not None else 1 << 60
        self.max_sides = max_sides if strict else 262_143
        self.finished = False
        self.size = 1.0
        self.polygons: list[list[int]] = []  # as keys of cells
        self.polygon_slots: list[int] = []
        self.parts: list[int] = []
        self.part = 0
        self.slot = -1
        self.dropped = 0
        self._handed = 0
        self._vertices: dict[tuple[int, int], int] = {}
        self._cells: list[tuple[int, int, int]] = []
        self._kept: list[tuple[list[int], int]] = []
        self._sets: set[frozenset[int]] = set()
        self._mask = np.zeros(levels + w.NUMBERS + self.word_count, bool)
        self._fresh = True
        self._grammar = self._talk()
        self._ask = next(self._grammar)

    def _talk(self) -> Ask:
        raise NotImplementedError
        yield

    def features(self) -> np.ndarray:
        return np.zeros(0, np.int16)

    def allowed(self) -> np.ndarray:
        self._mask[:] = False
        if not self.finished:
            self._ask(self._mask)
        return self._mask

    def push(self, token: int) -> bool:
        if self.finished:
            raise CodecError("tokens: something follows END")
        self._fresh = False
        try:
            self._ask = self._grammar.send(int(token))
        except StopIteration:
            self.finished = True
            return True
        return self._fresh

    def close(self) -> None:
        self.max_faces = 0

    @property
    def faces(self) -> int:
        return len(self._kept)

    def add(self, keys: list[int], slot: int) -> None:
        self.polygons.append(keys)
        self.polygon_slots.append(slot)
        self.parts.append(self.part)
        self.slot = slot
        polygon = []
        for key in keys:
            v = self._vertices.setdefault((self.part, key), len(self._vertices))
            if v == len(self._cells):
                row, x = divmod(key, self.levels)
                self._cells.append((row // self.levels, row % self.levels, x))
            polygon.append(v)
        known = frozenset(polygon)
        if known in self._sets:
            self.dropped += 1
            return
        self._sets.add(known)
        self._kept.append((polygon, slot))

    def signature(self) -> list[tuple[int, ...]]:
        out = []
        for keys, slot, part in zip(self.polygons, self.polygon_slots, self.parts):
            at = keys.index(min(keys))
            out.append((part, slot, *keys[at:], *keys[:at]))
        return sorted(out)

    def new_polygons(self) -> tuple[np.ndarray, list[list[int]], list[int]]:
        """As `MeshDecoder.new_polygons`."""
        v, p = getattr(self, "_handed_vertices", 0), self._handed
        self._handed_vertices, self._handed = len(self._cells), len(self._kept)
        cells = np.array(self._cells[v:], np.int32).reshape(-1, 3)
        new = self._kept[p:]
        return to_metres(cells, self.levels, self.size), [polygon for polygon, _ in new], [s for _, s in new]

    def mesh(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        lengths = np.array([len(polygon) for polygon, _ in self._kept], np.int32)
        corners = np.array([v for polygon, _ in self._kept for v in polygon], np.int32)
        cells = np.array(self._cells, np.int32).reshape(-1, 3)
        starts = (np.cumsum(lengths) - lengths).astype(np.int32)
        return to_metres(cells, self.levels, self.size), starts, corners, np.array([s for _, s in self._kept], np.int32)

    def result(self, name: str = "mesh", materials: list[dict[str, Any] | None] | None = None) -> Record:
        positions, starts, corners, slots = self.mesh()
        size = np.ptp(positions, axis=0) if len(positions) else np.zeros(3)
        record = mesh_record(name, positions, starts, corners, slots, materials, size=[float(s) for s in size])
        validate(record)
        return record

    # -- what both grammars say ------------------------------------------------------------------------------------

    def _numbers(self, count: int, other_than: int = -1) -> Callable[[np.ndarray], None]:
        def mask(out: np.ndarray) -> None:
            out[self.number : self.number + count] = True
            if other_than >= 0:
                out[self.number + other_than] = False

        return mask

    def _size(self) -> Ask:
        octave = (yield self._numbers(32)) - self.number
        eighth = (yield self._numbers(8)) - self.number
        self.size = w.size_of(8 * octave + eighth)

    def _z(self, out: np.ndarray) -> None:
        out[: self.levels - 1] = True

    def _y(self, out: np.ndarray) -> None:
        out[1 : self.levels] = True

    def _x(self, row: int, keys: list[int]) -> Callable[[np.ndarray], None]:
        def mask(out: np.ndarray) -> None:
            out[1 : self.levels] = True
            for key in keys:
                if key // self.levels == row:
                    out[key % self.levels] = False

        return mask

    def _rest_of_vertex(self, z: int, keys: list[int]) -> Ask:
        """y and x of a vertex whose z has been said; its key goes to the end of `keys`."""
        y = yield self._y
        x = yield self._x(z * self.levels + y, keys)
        if not (z < self.levels and y < self.levels and x < self.levels):
            raise CodecError("tokens: a coordinate was expected")
        key = (z * self.levels + y) * self.levels + x
        if key in keys:
            raise CodecError("tokens: a polygon has a vertex twice")
        keys.append(key)
