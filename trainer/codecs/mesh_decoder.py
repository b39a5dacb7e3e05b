"""The geometry codec's decoder: what may follow, and the mesh so far.

Strict (for generation): every prefix ends in a clean mesh. No vertex twice in a polygon, no two polygons on the same
vertices, no edge used twice in one direction, no polygon without area; a closed part can't end before its last gate is
shut. Not strict: anything that the encoder can produce from a real mesh. The mesh's state is kept by `mesh_books.py`.

    decoder = MeshDecoder(128, "lowest", max_faces=500)
    while not decoder.finished:
        features = decoder.features()                # before a step
        while not decoder.push(choose(decoder.allowed())): ...
        show(*decoder.new_polygons())
    record = decoder.result("barrel")

The grammar is a generator: it yields whenever it needs a token, together with a function for the mask of allowed
tokens.
"""

from collections.abc import Callable, Generator
from typing import Any

import numpy as np

from ...records import Record, mesh_record, validate
from . import words as w
from .base import CodecError
from .mesh_books import MeshBooks
from .polygon_rules import PolygonRules
from .quantize import MAX_SLOTS, to_metres

Grammar = Generator[Callable[[np.ndarray], None], int, Any]
SHAPES = (w.TRI, w.QUAD, w.SPLIT_A, w.SPLIT_B, w.NGON)
NO_FEATURES = [0] * w.FEATURES


class MeshDecoder:
    """One sample. `max_faces`: from there on only steps that close and end; closing may add a face or two per hole.
    `slots`: how many materials may be used. `max_sides`: of an n-gon, when strict (5 to 64)."""

    def __init__(
        self,
        levels: int = 128,
        order: str = "lowest",
        *,
        strict: bool = True,
        max_faces: int | None = None,
        slots: int = MAX_SLOTS,
        max_sides: int = 64,
    ) -> None:
        if not 1 <= slots <= MAX_SLOTS:
            raise CodecError(f"slots: {slots} is not between 1 and {MAX_SLOTS}")
        self.levels, self.order, self.strict = levels, order, strict
        self.max_faces = max_faces if max_faces is not None else 1 << 60
        self.slots, self.max_sides = slots, max(5, min(max_sides, w.MAX_LOOP))
        self.number, self.word = levels, levels + w.NUMBERS
        self.books = MeshBooks(levels, w.ORDERS[order])
        self.rules = PolygonRules(self.books, strict)
        self.finished = False
        self.size = 1.0
        self._closing = False
        self._features: np.ndarray | None = None
        self._mask = np.zeros(w.vocabulary(levels), bool)
        self._handed_vertices = self._handed_polygons = 0
        # the current state of the grammar
        self._mode = w.START
        self._seed: tuple[int, int] | None = None
        self._slot = -1
        self._going_on: tuple[list[int], int, int] | None = None
        self._fresh = True
        self._grammar = self._mesh_grammar()
        self._fill_mask = next(self._grammar)

    # -- the protocol ---------------------------------------------------------------------------------------------

    def features(self) -> np.ndarray:
        if self._features is None:
            self._features = np.array(self._describe(), np.int16)
        return self._features

    def allowed(self) -> np.ndarray:
        self._mask[:] = False
        if not self.finished:
            self._fill_mask(self._mask)
        return self._mask

    def push(self, token: int) -> bool:
        if self.finished:
            raise CodecError("tokens: something follows END")
        self._fresh = False
        try:
            self._fill_mask = self._grammar.send(int(token))
        except StopIteration:
            self.finished = True
            return True
        return self._fresh

    def close(self) -> None:
        """From now on allow only steps that close and end, as if `max_faces` were reached."""
        self._closing = True

    @property
    def faces(self) -> int:
        return len(self.books.polygons)

    @property
    def vertices(self) -> int:
        return len(self.books.cells)

    @property
    def part(self) -> int:
        """The number of the current part; -1 before the first."""
        return self.books.part

    @property
    def closing(self) -> bool:
        b = self.books
        return self._closing or len(b.polygons) >= self.max_faces or len(b.cells) > self.levels**3 // 4

    def new_polygons(self) -> tuple[np.ndarray, list[list[int]], list[int]]:
        """What is new since the last call: new vertices (n, 3) float32 in metres, polygons as vertex numbers counted
        over the whole mesh, their slots."""
        b = self.books
        v, p = self._handed_vertices, self._handed_polygons
        self._handed_polygons = len(b.polygons)
        if self._handed_polygons == p:
            return np.zeros((0, 3), np.float32), [], []
        self._handed_vertices = len(b.cells)
        cells = np.array(b.cells[v:], np.int32).reshape(-1, 3)
        return to_metres(cells, self.levels, self.size), b.polygons[p:], b.slots[p:]

    def result(self, name: str = "mesh", materials: list[dict[str, Any] | None] | None = None) -> Record:
        """The mesh so far as a record, validated; positions in metres, its floor at z = 0."""
        b = self.books
        positions, starts, corners, slots = self.mesh()
        low, high = (positions.min(0), positions.max(0)) if len(b.cells) else (np.zeros(3), np.zeros(3))
        record = mesh_record(
            name, positions, starts, corners, slots, materials, size=[float(s) for s in np.asarray(high - low)]
        )
        validate(record)
        return record

    def mesh(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """positions (V, 3) float32 in metres, loop_starts (F,), corner_verts (L,), material_index (F,)."""
        cells, starts, corners, slots = self.books.mesh()
        return to_metres(cells, self.levels, self.size), starts, corners, slots

    def shapes(self) -> list[np.ndarray]:
        """Of each part that has a polygon, the cells (V, 3) of its corners, as x, y, z."""
        return self.books.shapes()

    def signature(self) -> list[tuple[int, ...]]:
        """As `Quantized.signature`."""
        return self.books.signature()

    # -- the grammar: each `yield` wants a token ------------------------------------------------------------------

    def _mesh_grammar(self) -> Grammar:
        b = self.books
        octave = (yield self._numbers(32)) - self.number
        eighth = (yield self._numbers(8)) - self.number
        if not (0 <= octave < 32 and 0 <= eighth < 8):
            raise CodecError("tokens: the first step is the size, an octave and an eighth")
        self.size = w.size_of(8 * octave + eighth)
        self._mode = w.BETWEEN
        while True:
            self._fresh, self._features, self._going_on = True, None, None
            kind = (yield self._kinds) - self.word
            if kind == w.END:
                self._begun()
                return
            if w.PART_OPEN <= kind <= w.ISLAND_SLOT:
                yield from self._root(kind)
                self._fresh, self._features = True, None
                kind = (yield self._kinds) - self.word
            if kind == w.SKIP and self._seed is None and b.gate >= 0:
                count = (yield self._numbers(min(w.MAX_SKIP, b.open))) - self.number + 1
                b.skip(count)
            elif w.LOOP <= kind <= w.NGON_SLOT and (self._seed is not None or b.gate >= 0):
                yield from self._polygon(kind)
                b.next_gate()
            else:
                raise CodecError(f"tokens: word {kind} can't stand here")
            if b.gate < 0:
                self._mode = w.BETWEEN
            else:
                self._mode = w.GATE_CLOSED if b.closed else w.GATE_OPEN

    def _root(self, kind: int) -> Grammar:
        b = self.books
        if kind in (w.PART_OPEN, w.PART_CLOSED):
            b.begin_part(kind == w.PART_CLOSED)
        else:
            b.begin_island()
        if kind != w.ISLAND:
            self._slot = (yield self._slots(-1 if kind != w.ISLAND_SLOT else self._slot)) - self.number
        elif b.part < 0:
            raise CodecError("tokens: an island before the first part")
        first = yield from self._coordinates(self.rules.first_of_root, [])
        second = yield from self._coordinates(self.rules.second_of_root, [first])
        u, v = b.vertex(first), b.vertex(second)
        self._seed = (u, v)
        self._mode = w.SEED_CLOSED if b.closed else w.SEED_OPEN

    def _polygon(self, kind: int) -> Grammar:
        b, rules = self.books, self.rules
        slot = self._slot if self._seed else b.edge_slot[b.gate]
        if kind >= w.LOOP and (kind - w.LOOP) % 2:
            slot = (yield self._slots(slot)) - self.number
            kind -= 1
        gate = -1 if self._seed else b.gate
        a, last = self._seed or (b.end[gate], b.start[gate])
        if kind == w.LOOP:
            if gate < 0:
                raise CodecError("tokens: LOOP without a gate")
            outline = b.loop(gate, len(b.start) if self.closing else w.MAX_LOOP)
            if outline is None:
                raise CodecError("tokens: LOOP where the boundary is no loop")
            self._finish(outline, kind, slot)
            return
        used = 1 + (slot != (self._slot if self._seed else b.edge_slot[gate]))
        sides = 3 if kind == w.TRI else 4
        if kind == w.NGON:
            sides = (yield self._sides) - self.number + 5
            used += 1
            if sides - 5 == w.BIG_NGON:
                sides = 0
                for place in (4096, 64, 1):
                    sides += place * ((yield self._digit(sides, place)) - self.number)
                used += 3
                if sides - 5 < w.BIG_NGON:
                    raise CodecError(f"tokens: a polygon of {sides} sides encoded as a big one")
        outline = [a, last]
        keys = [b.keys[a], b.keys[last]]
        chain = b.after[gate] if gate >= 0 else -1
        fresh_only = self.closing and b.closed and gate >= 0
        while len(outline) < sides:
            if kind == w.NGON and used + 3 > w.MICRO:
                self._fresh, self._features = True, None
                self._going_on = (outline, sides, chain)
                self._slot_now = slot
                used = 0
            remaining = sides - len(outline)
            ahead = chain if gate >= 0 and chain >= 0 and b.alive[chain] == 1 else -1
            rule = rules.vertex(kind, outline, keys, remaining, ahead, gate, fresh_only)
            token = yield rule.first
            used += 1
            if token == self.word + w.NEXT:
                if ahead < 0:
                    raise CodecError("tokens: NEXT where the boundary doesn't go on")
                v = b.start[ahead]
                chain = b.after[ahead]
            elif token == self.word + w.PREV:
                back = b.backwards(gate, remaining) if gate >= 0 else None
                if back is None:
                    raise CodecError("tokens: PREV where there is no boundary before")
                outline += back
                break
            else:
                chain = -1
                y = yield rule.middle(token)
                x = yield rule.last(token, y)
                if not (token < self.levels and y < self.levels and x < self.levels):
                    raise CodecError("tokens: a coordinate was expected")
                used += 2
                v = b.vertex(b.key(token, y, x))
            outline.append(v)
            keys.append(b.keys[v])
        self._finish(outline, kind, slot)

    def _finish(self, outline: list[int], kind: int, slot: int) -> None:
        b = self.books
        if len(set(outline)) < len(outline):
            raise CodecError("tokens: a polygon has a vertex twice")
        if kind == w.SPLIT_A:
            p, q, r, s = outline
            b.place([p, q, s], slot)
            b.place([s, q, r], slot)
        elif kind == w.SPLIT_B:
            p, q, r, s = outline
            b.place([p, q, r], slot)
            b.place([p, r, s], slot)
        else:
            b.place(outline, slot)
        self._slot, self._seed = slot, None

    def _coordinates(self, rule: Callable[..., Any], keys: list[int]) -> Grammar:
        bound = rule(keys)
        z = yield bound.first
        y = yield bound.middle(z)
        x = yield bound.last(z, y)
        if not (z < self.levels and y < self.levels and x < self.levels):
            raise CodecError("tokens: a coordinate was expected")
        return self.books.key(z, y, x)

    def _begun(self) -> None:
        if not self.books.polygons:
            raise CodecError("tokens: the mesh has no polygon")

    # -- masks ----------------------------------------------------------------------------------------------------

    def _numbers(self, count: int) -> Callable[[np.ndarray], None]:
        def mask(out: np.ndarray) -> None:
            out[self.number : self.number + count] = True

        return mask

    def _slots(self, other_than: int) -> Callable[[np.ndarray], None]:
        def mask(out: np.ndarray) -> None:
            out[self.number : self.number + self.slots] = True
            if other_than >= 0:
                out[self.number + other_than] = False

        return mask

    def _sides(self, out: np.ndarray) -> None:
        if self.strict:
            out[self.number : self.number + self.max_sides - 4] = True
        else:
            big = self._most_sides() >= 2 * w.BIG_NGON
            out[self.number : self.number + w.BIG_NGON + big] = True

    def _most_sides(self) -> int:
        """With more sides than this the grid might run out of cells."""
        return min(262_143, self.levels**3 // 8)

    def _digit(self, so_far: int, place: int) -> Callable[[np.ndarray], None]:
        """A digit of a number of sides from BIG_NGON + 5 to `_most_sides`."""
        least, most = w.BIG_NGON + 5, self._most_sides()

        def mask(out: np.ndarray) -> None:
            low = max(0, -(-(least - so_far - (place - 1)) // place))
            out[self.number + low : self.number + min(63, (most - so_far) // place) + 1] = True

        return mask

    def _kinds(self, out: np.ndarray) -> None:
        b, word = self.books, self.word
        closing = self.closing
        several = self.slots > 1
        if self._seed is not None:
            out[word + w.TRI] = out[word + w.QUAD] = out[word + w.NGON] = True
            if self.faces + 2 <= self.max_faces:
                out[word + w.SPLIT_A] = out[word + w.SPLIT_B] = True
            return
        if b.gate < 0 or not b.closed:
            if b.polygons:
                out[word + w.END] = True
            if closing and b.polygons:
                return
            out[word + w.PART_OPEN] = out[word + w.PART_CLOSED] = True
            if b.part >= 0:
                out[word + w.ISLAND] = True
                out[word + w.ISLAND_SLOT] = several
            if b.gate < 0:
                return
            out[word + w.SKIP] = True
        loop = b.loop(b.gate, len(b.start) if closing else w.MAX_LOOP)
        fits = loop is not None and self.rules.complete(w.LOOP, loop, needs_area=not closing)
        if closing:  # a hole in a closed part: fill it, or first change its shape to one that no polygon has yet
            out[word + (w.LOOP if fits else w.TRI)] = True
            return
        out[word + w.LOOP] = fits
        out[word + w.LOOP_SLOT] = fits and several
        for kind in SHAPES:
            if kind in (w.SPLIT_A, w.SPLIT_B) and self.faces + 2 > self.max_faces:
                continue
            out[word + kind] = True
            out[word + kind + 1] = several

    # -- features -------------------------------------------------------------------------------------------------

    def _describe(self) -> list[int]:
        b = self.books
        row = NO_FEATURES.copy()
        row[w.MODE] = self._mode
        if self._mode in (w.START, w.BETWEEN):
            return row
        row[w.OPEN] = int(w.OPEN_BUCKETS[min(b.open, 65535)])
        cells, touched = b.cells, b.touched

        def put(at: int, v: int) -> None:
            z, y, x = cells[v]
            row[at], row[at + 1], row[at + 2] = z + 1, y + 1, x + 1

        gate = -1 if self._seed else b.gate
        if gate < 0:
            assert self._seed is not None
            a, c = self._seed
            row[w.SLOT] = self._slot + 1
        else:
            a, c = b.end[gate], b.start[gate]
            put(w.X, b.prior[gate])
            put(w.Y, b.later[gate])
            n, p = b.after[gate], b.before[gate]
            if n >= 0:
                put(w.AFTER, b.start[n])
            if p >= 0:
                put(w.BEFORE, b.end[p])
            row[w.SLOT] = b.edge_slot[gate] + 1
        put(w.A, a)
        row[w.FACES_A] = min(touched[a], w.MAX_FACES)
        if self._going_on is not None:
            outline, sides, chain = self._going_on
            last = outline[-1]
            put(w.B, last)
            put(w.X, outline[-2])
            row[w.AFTER] = row[w.AFTER + 1] = row[w.AFTER + 2] = 0
            if gate >= 0 and chain >= 0 and b.alive[chain] == 1:
                put(w.AFTER, b.start[chain])
            row[w.SLOT], row[w.MODE] = self._slot_now + 1, w.GOING_ON
            row[w.SIDES] = min(sides - len(outline), w.MAX_SIDES)
            row[w.FACES_B] = min(touched[last], w.MAX_FACES)
            return row
        put(w.B, c)
        row[w.FACES_B] = min(touched[c], w.MAX_FACES)
        if gate < 0:
            return row
        other = -1
        if n >= 0 and b.alive[n] == 1:
            other, plus, minus = b.start[n], a, c
        elif p >= 0 and b.alive[p] == 1:
            other, plus, minus = b.end[p], c, a
        if other >= 0:
            guess = [o + q - r for o, q, r in zip(cells[other], cells[plus], cells[minus])]
            if min(guess) >= 0 and max(guess) < self.levels:
                row[w.GUESS], row[w.GUESS + 1], row[w.GUESS + 2] = guess[0] + 1, guess[1] + 1, guess[2] + 1
        row[w.AROUND] = b.around(gate)
        return row
