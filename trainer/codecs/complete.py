"""A decoder that starts with given faces, and leaves all their open edges for the model to continue from.

The walk of a finished mesh marks each edge without a neighbour as boundary; a mesh that is to be completed must not.
So the given faces are encoded first, part by part, wherever a gate leads to one of them. Gates that lead to none wait
until the part's last given face is encoded, and are then left to the model. For given faces the grammar allows a single
token each time, so the sampling loop needs no special case and does not run the model.
"""

import heapq
from collections import deque
from typing import Any

import numpy as np

from . import words as w
from .base import CodecError
from .mesh_decoder import MeshDecoder
from .quantize import Quantized


class CompletingDecoder(MeshDecoder):
    """`given`: the canonical mesh of the faces to start with, on the grid of the complete mesh.

    `new_polygons` leaves the given faces out; `given` holds their numbers among `books.polygons`. It ends only after
    all of them are encoded and something was added.
    """

    def __init__(self, levels: int, order: str, *, given: Quantized, **options: Any) -> None:
        if order != "lowest":
            raise CodecError(f"order: a mesh can only be completed from the lowest gate on, not {order!r}")
        super().__init__(levels, order, **options)
        keys = (given.cells[:, 0].astype(np.int64) * levels + given.cells[:, 1]) * levels + given.cells[:, 2]
        corners = keys[given.corners].tolist()
        bounds = given.starts.tolist()
        self.given: set[int] = set()
        self._outlines = [corners[s:e] for s, e in zip(bounds[:-1], bounds[1:])]
        self._given_slots = given.slots.tolist()
        self._todo = _by_part(self._outlines, given.parts.tolist())  # polygons of each part, the first part last
        self._here: dict[int, None] = {}  # those of the current part that are not encoded yet, in order
        self._at_edge: dict[tuple[int, int], int] = {}
        self._root_of = -1  # the polygon whose first edge has just been encoded
        self._waiting: list[int] = []  # gates that lead to nothing given
        self._dictated: deque[int] = deque([*_size_words(given.size, self.number)])
        self._prepared = True

    def features(self) -> np.ndarray:
        self._prepare()
        return super().features()

    def allowed(self) -> np.ndarray:
        self._prepare()
        if self._dictated:
            self._mask[:] = False
            self._mask[self._dictated[0]] = True
            return self._mask
        allowed = super().allowed()
        end = self.word + w.END
        if allowed[end] and (self._todo or self.faces == len(self.given)):
            allowed[end] = False
            if not allowed.any():  # it has reached its maximum number of faces
                allowed[end] = True
        return allowed

    def push(self, token: int) -> bool:
        if self._dictated:
            self._dictated.popleft()
        complete = super().push(token)
        if complete and not self._dictated:
            self._prepared = False
        return complete

    def new_polygons(self) -> tuple[np.ndarray, list[list[int]], list[int]]:
        first, known = self._handed_polygons, self._handed_vertices
        vertices, polygons, slots = super().new_polygons()
        new = [i for i in range(len(polygons)) if first + i not in self.given]
        if not new:
            self._handed_vertices = known  # they are returned with the first new polygon
            return vertices[:0], [], []
        return vertices, [polygons[i] for i in new], [slots[i] for i in new]

    # -- encoding the given faces -------------------------------------------------------------------------------------

    def _prepare(self) -> None:
        """Between two steps: decide which one must follow, if one must."""
        if self._prepared or self.finished:
            return
        self._prepared = True
        b = self.books
        if self._going_on is not None:
            return  # in the middle of a polygon
        if self._root_of >= 0:
            polygon, self._root_of = self._root_of, -1
            keys = [b.keys[v] for v in self._seed or ()]
            self._dictate(polygon, keys, gate=-1)
            return
        if self._here:
            while b.gate >= 0:
                edge = (b.keys[b.end[b.gate]], b.keys[b.start[b.gate]])
                polygon = self._at_edge.get(edge, -1)
                if polygon in self._here:
                    self._dictate(polygon, list(edge), b.gate)
                    return
                self._waiting.append(b.gate)
                b.next_gate()
            self._dictate_root(new_part=False)
            return
        self._release()
        if b.gate < 0 and self._seed is None and self._todo:
            self._dictate_root(new_part=True)

    def _release(self) -> None:
        """All given faces of this part are encoded: its open gates are left to the model."""
        b = self.books
        if not self._waiting:
            return
        if b.gate >= 0:
            self._waiting.append(b.gate)
        for gate in self._waiting:
            if b.alive[gate] == 1:
                p, q = b.keys[b.start[gate]], b.keys[b.end[gate]]
                heapq.heappush(b.queue, (min(p, q), max(p, q), gate))
        self._waiting.clear()
        b.open = len({entry[2] for entry in b.queue if b.alive[entry[2]] == 1})
        b.next_gate()
        self._changed_gate()

    def _changed_gate(self) -> None:
        b = self.books
        self._features = None
        self._mode = w.BETWEEN if b.gate < 0 else w.GATE_CLOSED if b.closed else w.GATE_OPEN

    def _dictate_root(self, new_part: bool) -> None:
        """The first edge of a given polygon, where no gate leads to it."""
        slot_before = self._slot
        if new_part:
            polygons = self._todo.pop()
            self._here = dict.fromkeys(polygons)
            edges = [(edge, p) for p in polygons for edge in _edges(self._outlines[p])]
            self._at_edge = dict(edges)
            # If every edge can have one neighbour, the part is to be closed: the model makes the rest of it.
            closed = len(self._at_edge) == len(edges)
            word = w.PART_CLOSED if closed else w.PART_OPEN
        polygon = next(iter(self._here))
        slot = self._given_slots[polygon]
        if not new_part:
            word = w.ISLAND if slot == slot_before else w.ISLAND_SLOT
        words = [self.word + word]
        words += [self.number + slot] if word != w.ISLAND else []
        for key in self._outlines[polygon][:2]:
            words += self._cell(key)
        self._dictated.extend(words)
        self._root_of = polygon
        self._changed_gate()

    def _dictate(self, polygon: int, edge: list[int], gate: int) -> None:
        """The polygon that runs along this directed edge (two keys), spelt as the walk would spell it."""
        b = self.books
        del self._here[polygon]
        self.given.add(len(b.polygons))
        outline, slot = self._outlines[polygon], self._given_slots[polygon]
        at = next(i for i in range(len(outline)) if [outline[i - 1], outline[i]] == edge)
        turned = outline[at - 1 :] + outline[: at - 1] if at else [outline[-1], *outline[:-1]]
        sides = len(turned)
        before = self._slot if gate < 0 else b.edge_slot[gate]
        slot_words = [self.number + slot] if slot != before else []
        extra = int(slot != before)
        loop = b.loop(gate, w.MAX_LOOP) if gate >= 0 else None
        if loop is not None and [b.keys[v] for v in loop] == turned:
            words = [self.word + w.LOOP + extra, *slot_words]
        else:
            kind = w.TRI if sides == 3 else w.QUAD if sides == 4 else w.NGON
            words = [self.word + kind + extra, *slot_words]
            if sides > 4:
                words += [self.number + min(sides - 5, w.BIG_NGON)]
            if sides - 5 >= w.BIG_NGON:
                words += [self.number + sides // place % 64 for place in (4096, 64, 1)]
            words += self._rest(turned, gate)
        self._dictated.extend(words)
        self._features = None

    def _rest(self, outline: list[int], gate: int) -> list[int]:
        """The vertices after the first two: along the boundary where they lie on it, else by their cells."""
        b = self.books
        words: list[int] = []
        chain = b.after[gate] if gate >= 0 else -1
        for place in range(2, len(outline)):
            remaining = len(outline) - place
            ahead = chain if gate >= 0 and chain >= 0 and b.alive[chain] == 1 else -1
            if ahead >= 0 and b.keys[b.start[ahead]] == outline[place]:
                words.append(self.word + w.NEXT)
                chain = b.after[ahead]
                continue
            back = b.backwards(gate, remaining) if gate >= 0 else None
            if back is not None and [b.keys[v] for v in back] == outline[place:]:
                return [*words, self.word + w.PREV]
            words += self._cell(outline[place])
            chain = -1
        return words

    def _cell(self, key: int) -> list[int]:
        row, x = divmod(key, self.levels)
        return [*divmod(row, self.levels), x]


def _edges(outline: list[int]) -> list[tuple[int, int]]:
    return list(zip(outline, [*outline[1:], outline[0]]))


def _by_part(outlines: list[list[int]], parts: list[int]) -> list[list[int]]:
    """Polygons of each part; the parts that are closed come last, so that they are taken first."""
    by_part: dict[int, list[int]] = {}
    for polygon, part in enumerate(parts):
        by_part.setdefault(part, []).append(polygon)
    whole: list[Any] = []
    broken: list[Any] = []
    for polygons in by_part.values():
        edges = {edge for p in polygons for edge in _edges(outlines[p])}
        (whole if all((v, u) in edges for u, v in edges) else broken).append(polygons)
    return [*broken[::-1], *whole[::-1]]


def _size_words(size: float, number: int) -> tuple[int, int]:
    octave, eighth = divmod(w.size_bin(size), 8)
    return number + octave, number + eighth
