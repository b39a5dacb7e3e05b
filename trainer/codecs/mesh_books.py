"""A decoder's state of a growing mesh: vertices, edges, open gates and their boundary loops.

The counterpart of `walk.py`, in plain Python lists, for one growing mesh. Knows no tokens and forbids nothing; it
answers the grammar's queries. A gate is identified by the directed edge that opened it: edge e runs b -> a, and its
gate is the directed edge a -> b that still needs a polygon.
"""

import heapq
from collections import deque
from typing import Any

import numpy as np

from . import words as w

ALIVE, SHUT, DEAD = 1, 0, 2


class MeshBooks:
    """`cells[v]` is (z, y, x); `polygons` are lists of vertices, `slots` and `parts` run beside them."""

    def __init__(self, levels: int, order: int) -> None:
        self.levels, self.order = levels, order
        self.cells: list[tuple[int, int, int]] = []
        self.touched: list[int] = []
        self.polygons: list[list[int]] = []
        self.slots: list[int] = []
        self.parts: list[int] = []
        self.part = -1
        self.closed = False
        self.keys: list[int] = []  # of vertices: (z * levels + y) * levels + x
        self.rows: dict[int, set[int]] = {}  # z * levels + y -> keys of vertices there, in any part
        self.planes = [0] * levels  # number of keys in each z
        self.polygon_sets: set[frozenset[int]] = set()  # the keys of each polygon's vertices, all parts
        self.part_sets: set[frozenset[int]] = set()  # the same, this part
        self.at: dict[int, int] = {}  # key -> vertex, this part
        self.edge_at: dict[tuple[int, int], int] = {}  # directed edge -> its number
        self.start: list[int] = []  # b, of edge b -> a
        self.end: list[int] = []  # a
        self.prior: list[int] = []  # the vertex before b in the polygon
        self.later: list[int] = []  # the vertex after a
        self.edge_slot: list[int] = []
        self.alive: list[int] = []
        self.after: list[int] = []
        self.before: list[int] = []
        self.queue: Any = deque() if order == w.FIFO else []  # of gates, or of (key, key, gate) as a heap
        self.open = 0
        self.gate = -1

    def key(self, z: int, y: int, x: int) -> int:
        return (z * self.levels + y) * self.levels + x

    def vertex(self, key: int) -> int:
        """The vertex in that cell of this part, created if needed."""
        v = self.at.get(key)
        if v is None:
            v = self.at[key] = len(self.cells)
            row, x = divmod(key, self.levels)
            z, y = divmod(row, self.levels)
            self.cells.append((z, y, x))
            self.keys.append(key)
            self.touched.append(0)
            keys = self.rows.setdefault(row, set())
            if key not in keys:
                keys.add(key)
                self.planes[z] += 1
        return v

    def begin_part(self, closed: bool) -> None:
        self.part += 1
        self.closed = closed
        self.at.clear()
        self.edge_at.clear()
        self.part_sets.clear()
        self.begin_island()

    def begin_island(self) -> None:
        """Gates that are still open become boundary for good."""
        if self.open:
            if self.gate >= 0:
                self.alive[self.gate] = DEAD
            for entry in self.queue:
                e = entry[2] if self.order == w.LOWEST else entry
                if self.alive[e] == ALIVE:
                    self.alive[e] = DEAD
        self.queue.clear()
        self.open = 0
        self.gate = -1

    def next_gate(self) -> None:
        """Make `gate` the next open one, -1 if there is none."""
        queue, alive = self.queue, self.alive
        while queue:
            if self.order == w.FIFO:
                e = queue.popleft()
            elif self.order == w.LIFO:
                e = queue.pop()
            else:
                e = heapq.heappop(queue)[2]
            if alive[e] == ALIVE:
                self.gate = e
                return
        self.gate = -1

    def skip(self, count: int) -> None:
        """The gate and the next ones, `count` in all, are boundary."""
        for _ in range(count):
            if self.gate < 0:
                return
            self.alive[self.gate] = DEAD
            self.open -= 1
            self.next_gate()

    def place(self, polygon: list[int], slot: int) -> None:
        """Add a polygon: glue matching edges, open new ones, relink the loops. It starts with the gate's edge."""
        n = len(polygon)
        edge_at, alive, after, before = self.edge_at, self.alive, self.after, self.before
        glued: list[int] = []  # per edge: the gate it shuts, -1 if it opens one, -2 if neither
        made: list[int] = []
        for i in range(n):
            u, v = polygon[i], polygon[i + 1 - n]
            self.touched[u] += 1
            made.append(-1)
            if (u, v) in edge_at:
                glued.append(-2)
                continue
            e = len(self.start)
            edge_at[u, v] = e
            made[i] = e
            self.start.append(u)
            self.end.append(v)
            self.prior.append(polygon[i - 1])
            self.later.append(polygon[i + 2 - n])
            self.edge_slot.append(slot)
            after.append(-1)
            before.append(-1)
            d = edge_at.get((v, u), -1)
            if d < 0:
                glued.append(-1)
                alive.append(ALIVE)
                self.open += 1
                if self.order == w.LOWEST:
                    p, q = self.keys[u], self.keys[v]
                    heapq.heappush(self.queue, (min(p, q), max(p, q), e))
                else:
                    self.queue.append(e)
            else:
                alive.append(SHUT)
                if alive[d] == ALIVE:
                    glued.append(d)
                    alive[d] = SHUT
                    self.open -= 1
                else:
                    glued.append(-2)
        for c in range(n):
            i, o = glued[c - 1], glued[c]
            if i >= 0 and o >= 0:
                if after[i] == o:
                    continue
                g, h = before[o], after[i]
            elif i >= 0:
                g, h = (made[c] if o == -1 else -1), after[i]
            elif o >= 0:
                g, h = before[o], (made[c - 1] if i == -1 else -1)
            elif i == -1 and o == -1:
                g, h = made[c], made[c - 1]
            else:
                continue
            if g >= 0:
                after[g] = h
            if h >= 0:
                before[h] = g
        self.polygons.append(polygon)
        self.slots.append(slot)
        self.parts.append(self.part)
        keys = frozenset([self.keys[v] for v in polygon])
        self.polygon_sets.add(keys)
        self.part_sets.add(keys)

    def edge_free(self, u: int, v: int) -> bool:
        """May a polygon use the edge u -> v: none does yet, and v -> u, if used, is an open gate?"""
        edge_at = self.edge_at
        if (u, v) in edge_at:
            return False
        d = edge_at.get((v, u))
        return d is None or self.alive[d] == ALIVE

    def touches(self, u: int, v: int) -> bool:
        """Is there an edge between two vertices, in either direction?"""
        return (u, v) in self.edge_at or (v, u) in self.edge_at

    def loop(self, gate: int, most: int) -> list[int] | None:
        """The boundary loop through a gate as vertices a, b, ...; where it touches itself, the shortest way round.
        None if it isn't open all the way or is longer than `most` gates."""
        alive, after, start = self.alive, self.after, self.start
        a = self.end[gate]
        cycle = [a]
        where = {a: 0}
        g = gate
        for _ in range(most):
            if g < 0 or alive[g] != ALIVE:
                return None
            v = start[g]
            if v == a:
                return cycle
            cut = where.get(v)
            if cut is not None:
                for u in cycle[cut:]:
                    del where[u]
                del cycle[cut:]
            where[v] = len(cycle)
            cycle.append(v)
            g = after[g]
        return None

    def around(self, gate: int) -> int:
        """Length of the loop through a gate: exact below MAX_AROUND, 0 if it isn't a loop of open gates."""
        g = gate
        for n in range(1, w.MAX_AROUND):
            g = self.after[g]
            if g < 0 or self.alive[g] != ALIVE:
                return 0
            if g == gate:
                return n
        return w.MAX_AROUND

    def backwards(self, gate: int, count: int) -> list[int] | None:
        """The `count` vertices on the boundary before the gate, in the order in which a polygon meets them."""
        out: list[int] = []
        g = gate
        for _ in range(count):
            g = self.before[g]
            if g < 0 or self.alive[g] != ALIVE:
                return None
            out.append(self.end[g])
        return out[::-1]

    def mesh(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """cells (V, 3), loop_starts (F,), corner_verts (L,), slots (F,), without unused vertices, such as those of an
        incomplete polygon."""
        lengths = np.array([len(polygon) for polygon in self.polygons], np.int32)
        starts = (np.cumsum(lengths) - lengths).astype(np.int32)
        corners = np.fromiter((v for polygon in self.polygons for v in polygon), np.int32, int(lengths.sum()))
        used = np.zeros(len(self.cells), bool)
        used[corners] = True
        cells = np.array(self.cells, np.int32).reshape(-1, 3)[used]
        return cells, starts, (np.cumsum(used) - 1)[corners].astype(np.int32), np.array(self.slots, np.int32)

    def shapes(self) -> list[np.ndarray]:
        """Of each part that has a polygon, the cells (V, 3) of its corners, as x, y, z."""
        corners: dict[int, set[int]] = {}
        for part, polygon in zip(self.parts, self.polygons):
            corners.setdefault(part, set()).update(polygon)
        return [np.array([self.cells[v][::-1] for v in sorted(own)], np.float64) for own in corners.values()]

    def signature(self) -> list[tuple[int, ...]]:
        """As `Quantized.signature`."""
        out = []
        for polygon, slot, part in zip(self.polygons, self.slots, self.parts):
            cycle = [self.keys[v] for v in polygon]
            at = cycle.index(min(cycle))
            out.append((part, slot, *cycle[at:], *cycle[:at]))
        return sorted(out)
