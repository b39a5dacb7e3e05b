"""Flat coordinates, the plain way of the published mesh transformers, made to keep quads, n-gons, parts and slots.

Every token is a step of the backbone (M = 1, no features): the size; then for each polygon, lowest first, a PART where
a new part begins, the slot where it changes, z y x of each vertex, STOP; at last END. A baseline: `soup.py` says what
its grammar leaves to luck.
"""

from collections.abc import Callable

import numpy as np

from ...trainer.codecs import words as w
from ...trainer.codecs.base import CodecError
from ...trainer.codecs.quantize import Quantized
from ...trainer.codecs.speed import fast
from .soup import Ask, SoupCodec, SoupDecoder

END, PART, STOP = range(3)


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
    out = np.empty(3 + 3 * corners.shape[0] + 3 * polygons, np.int16)
    out[0], out[1] = number + size // 8, number + size % 8
    t = 2
    slot, part = -1, 0
    for p in range(polygons):
        if parts[p] != part:
            out[t] = word + 1
            t += 1
            part = parts[p]
        if slots[p] != slot:
            out[t] = number + slots[p]
            t += 1
            slot = slots[p]
        for c in range(starts[p], starts[p + 1]):
            for axis in range(3):
                out[t + axis] = cells[corners[c], axis]
            t += 3
        out[t] = word + 2
        t += 1
    out[t] = word
    return out[: t + 1]


class FlatDecoder(SoupDecoder):
    word_count = 3

    def _start(self, said_part: bool, said_slot: bool) -> Callable[[np.ndarray], None]:
        def mask(out: np.ndarray) -> None:
            more = len(self.polygons) < self.max_faces or said_part or said_slot
            if self.polygons and not said_part and not said_slot:
                out[self.word + END] = True
                out[self.word + PART] = more
            if more and not said_slot:
                out[self.number : self.number + self.slots] = True
                if self.slot >= 0:
                    out[self.number + self.slot] = False
            if more and (said_slot or self.slot >= 0):
                self._z(out)

        return mask

    def _more(self, sides: int) -> Callable[[np.ndarray], None]:
        def mask(out: np.ndarray) -> None:
            if sides >= 3:
                out[self.word + STOP] = True
            if sides < min(self.max_sides, self.levels - 2):
                self._z(out)

        return mask

    def push(self, token: int) -> bool:
        super().push(token)
        return True  # every token is a step

    def _talk(self) -> Ask:
        yield from self._size()
        while True:
            slot, said_part, said_slot = self.slot, False, False
            token = yield self._start(False, False)
            if token == self.word + END:
                return
            if token == self.word + PART:
                self.part += 1
                said_part = True
                token = yield self._start(True, False)
            if self.number <= token < self.word:
                slot, said_slot = token - self.number, True
                token = yield self._start(said_part, said_slot)
            if slot < 0:
                raise CodecError("tokens: the first polygon says no slot")
            keys: list[int] = []
            while token != self.word + STOP:
                yield from self._rest_of_vertex(token, keys)
                token = yield self._more(len(keys))
            if len(keys) < 3:
                raise CodecError("tokens: a polygon of fewer than 3 vertices")
            self.add(keys, slot)


class FlatCodec(SoupCodec):
    name, micro, word_count, Decoder = "flat", 1, 3, FlatDecoder

    def tell(self, q: Quantized) -> np.ndarray:
        tokens = _tell(q.cells, q.starts, q.corners, q.slots, q.parts, q.levels, w.size_bin(q.size))
        result: np.ndarray = tokens[:, None]
        return result
