"""A backbone step per polygon, lowest first, and no walk: the head spells all vertices of each.

The design of hierarchical mesh models, made to keep n-gons, parts and slots; M = 14 and no features. A step is a word
(shape, whether the slot changes, whether a part begins), the slot, the sides of an n-gon, then z y x of each vertex; an
n-gon goes on in further steps. `soup.py` says what its grammar leaves to luck.
"""

import numpy as np

from ...trainer.codecs import words as w
from ...trainer.codecs.base import CodecError
from ...trainer.codecs.quantize import Quantized
from ...trainer.codecs.speed import fast
from .soup import Ask, SoupCodec, SoupDecoder

MICRO = 14
END = 0  # then 1 + 4 * shape + 2 * (the slot changes) + (a part begins)
TRI, QUAD, NGON = range(3)


@fast
def _tell(
    cells: np.ndarray,
    starts: np.ndarray,
    corners: np.ndarray,
    slots: np.ndarray,
    parts: np.ndarray,
    levels: int,
    size: int,
) -> np.ndarray:
    number, word = levels, levels + 64
    polygons = slots.shape[0]
    steps = 2
    for p in range(polygons):
        n = starts[p + 1] - starts[p]
        steps += 1 if n < 5 else n // 3 + 2
    out = np.full((steps, 14), -1, np.int16)
    out[0, 0], out[0, 1] = number + size // 8, number + size % 8
    t = 1
    slot, part = -1, 0
    for p in range(polygons):
        n = starts[p + 1] - starts[p]
        shape = min(n - 3, 2)
        changed = slots[p] != slot
        out[t, 0] = word + 1 + 4 * shape + 2 * changed + (parts[p] != part)
        m = 1
        if changed:
            out[t, m] = number + slots[p]
            m += 1
        slot, part = slots[p], parts[p]
        if shape == 2:
            if n - 5 < 63:
                out[t, m] = number + n - 5
                m += 1
            else:
                out[t, m] = number + 63
                out[t, m + 1], out[t, m + 2], out[t, m + 3] = (
                    number + (n >> 12),
                    number + (n >> 6) % 64,
                    number + n % 64,
                )
                m += 4
        for c in range(starts[p], starts[p + 1]):
            if m + 3 > 14:
                t += 1
                m = 0
            for axis in range(3):
                out[t, m + axis] = cells[corners[c], axis]
            m += 3
        t += 1
    out[t, 0] = word
    return out[: t + 1]


class PolygonsDecoder(SoupDecoder):
    word_count = 13

    def _kinds(self, out: np.ndarray) -> None:
        out[self.word] = bool(self.polygons)
        if len(self.polygons) >= self.max_faces:
            return
        for shape in (TRI, QUAD, NGON):
            for changed in (False, True):
                if changed if self.slot >= 0 and self.slots < 2 else (self.slot < 0 and not changed):
                    continue
                at = self.word + 1 + 4 * shape + 2 * changed
                out[at] = True
                out[at + 1] = bool(self.polygons)

    def _talk(self) -> Ask:
        yield from self._size()
        most = min(63, self.max_sides - 4, self.levels - 8)
        while True:
            self._fresh = True
            kind = (yield self._kinds) - self.word
            if kind == END:
                return
            if not 0 < kind < self.word_count:
                raise CodecError("tokens: a polygon was expected")
            shape, changed, begins = (kind - 1) // 4, (kind - 1) // 2 % 2, (kind - 1) % 2
            self.part += begins
            spoken = 1 + changed
            slot = self.slot
            if changed:
                slot = (yield self._numbers(self.slots, self.slot)) - self.number
            sides = shape + 3
            if shape == NGON:
                sides = (yield self._numbers(max(1, most))) - self.number + 5
                spoken += 1
                if sides == 68:
                    sides = 0
                    for _ in range(3):
                        sides = 64 * sides + (yield self._numbers(64)) - self.number
                    spoken += 3
            keys: list[int] = []
            while len(keys) < sides:
                if spoken + 3 > MICRO:
                    self._fresh = True
                    spoken = 0
                z = yield self._z
                yield from self._rest_of_vertex(z, keys)
                spoken += 3
            self.add(keys, slot)


class PolygonsCodec(SoupCodec):
    name, micro, word_count, Decoder = "polygons", MICRO, 13, PolygonsDecoder

    def tell(self, q: Quantized) -> np.ndarray:
        result: np.ndarray = _tell(q.cells, q.starts, q.corners, q.slots, q.parts, q.levels, w.size_bin(q.size))
        return result
