"""The edge walk: a canonical mesh as steps, each the polygon at one gate.

A gate is the open side of an edge: the directed edge a -> b where polygon ... b -> a ... has no neighbour yet. Gates
are linked into boundary loops; a polygon glues gates shut and opens new ones. The decoder keeps the same state
(`mesh_books.py`), from the tokens instead of from the finished mesh.

A gate is named by the corner of the polygon that opened it. One source, compiled if numba is installed.
"""

import numpy as np

from . import words as w
from .speed import fast

# plain numbers: numba treats module globals as constants
A, B, X, Y, AFTER, BEFORE, GUESS = w.A, w.B, w.X, w.Y, w.AFTER, w.BEFORE, w.GUESS
SLOT, MODE, OPEN, SIDES, FACES_A, FACES_B, AROUND = (
    w.SLOT, w.MODE, w.OPEN, w.SIDES, w.FACES_A, w.FACES_B, w.AROUND,
)  # fmt: skip
NUMBERS, MICRO, FEATURES, MAX_LOOP, MAX_SKIP = w.NUMBERS, w.MICRO, w.FEATURES, w.MAX_LOOP, w.MAX_SKIP
NEXT, PREV, END, PART_OPEN, PART_CLOSED = w.NEXT, w.PREV, w.END, w.PART_OPEN, w.PART_CLOSED
ISLAND, SKIP, LOOP, TRI, QUAD, SPLIT_A, SPLIT_B, NGON = (
    w.ISLAND, w.SKIP, w.LOOP, w.TRI, w.QUAD, w.SPLIT_A, w.SPLIT_B, w.NGON,
)  # fmt: skip
BIG_NGON, FIFO, LIFO = w.BIG_NGON, w.FIFO, w.LIFO
START, BETWEEN, GATE_CLOSED, SEED_CLOSED, GOING_ON = w.START, w.BETWEEN, w.GATE_CLOSED, w.SEED_CLOSED, w.GOING_ON
MAX_SIDES, MAX_FACES, MAX_AROUND = w.MAX_SIDES, w.MAX_FACES, w.MAX_AROUND

SHUT, ALIVE, DEAD = 0, 1, 2
HEAD, TAIL, COUNT = 0, 1, 2  # of the queue: where to pop, where to push, how many gates are alive


@fast
def _neighbours(
    starts: np.ndarray, corners: np.ndarray, parts: np.ndarray, vertices: int, n_parts: int
) -> tuple[np.ndarray, ...]:
    """Connectivity of edges: per corner its successor and predecessor, the first corner with the same directed edge and
    with the opposite one (or -1); the corners leaving each vertex in polygon order; which parts are closed."""
    total = corners.shape[0]
    succ = np.empty(total, np.int32)
    pred = np.empty(total, np.int32)
    poly = np.empty(total, np.int32)
    first = np.zeros(vertices + 1, np.int32)
    for p in range(starts.shape[0] - 1):
        s, e = starts[p], starts[p + 1]
        for c in range(s, e):
            succ[c] = c + 1 if c + 1 < e else s
            pred[c] = c - 1 if c > s else e - 1
            poly[c] = p
            first[corners[c] + 1] += 1
    for v in range(vertices):
        first[v + 1] += first[v]
    leaving = np.empty(total, np.int32)
    fill = first[:vertices].copy()
    for c in range(total):
        v = corners[c]
        leaving[fill[v]] = c
        fill[v] += 1
    same = np.empty(total, np.int32)
    opposite = np.full(total, -1, np.int32)
    closed = np.ones(n_parts, np.bool_)
    for c in range(total):
        u, v = corners[c], corners[succ[c]]
        for i in range(first[u], first[u + 1]):
            if corners[succ[leaving[i]]] == v:
                same[c] = leaving[i]
                break
        for i in range(first[v], first[v + 1]):
            if corners[succ[leaving[i]]] == u:
                opposite[c] = leaving[i]
                break
        if same[c] != c or opposite[c] < 0:
            closed[parts[poly[c]]] = False
    return succ, pred, poly, first, leaving, same, opposite, closed


@fast
def _push(
    gate: int, queue: np.ndarray, keys: np.ndarray, state: np.ndarray, order: int, corners: np.ndarray, succ: np.ndarray
) -> None:
    tail = state[TAIL]
    state[TAIL] += 1
    state[COUNT] += 1
    if order == FIFO or order == LIFO:
        queue[tail] = gate
        return
    u, v = np.int64(corners[gate]), np.int64(corners[succ[gate]])
    key = (min(u, v) << 32) | max(u, v)
    while tail > 0:
        up = (tail - 1) // 2
        if keys[up] <= key:
            break
        keys[tail], queue[tail] = keys[up], queue[up]
        tail = up
    keys[tail], queue[tail] = key, gate


@fast
def _pop(queue: np.ndarray, keys: np.ndarray, state: np.ndarray, order: int, alive: np.ndarray) -> int:
    """The next gate that is still open, or -1."""
    while state[TAIL] > state[HEAD]:
        if order == FIFO:
            gate = queue[state[HEAD]]
            state[HEAD] += 1
        elif order == LIFO:
            state[TAIL] -= 1
            gate = queue[state[TAIL]]
        else:
            gate = queue[0]
            state[TAIL] -= 1
            n = state[TAIL]
            key, last = keys[n], queue[n]
            at = 0
            while 2 * at + 1 < n:
                down = 2 * at + 1
                if down + 1 < n and keys[down + 1] < keys[down]:
                    down += 1
                if key <= keys[down]:
                    break
                keys[at], queue[at] = keys[down], queue[down]
                at = down
            keys[at], queue[at] = key, last
        if alive[gate] == ALIVE:
            return int(gate)
    return -1


@fast
def _link(g: int, h: int, after: np.ndarray, before: np.ndarray) -> None:
    if g >= 0:
        after[g] = h
    if h >= 0:
        before[h] = g


@fast
def _place(
    c0: int,
    n: int,
    corners: np.ndarray,
    succ: np.ndarray,
    pred: np.ndarray,
    same: np.ndarray,
    opposite: np.ndarray,
    owner: np.ndarray,
    alive: np.ndarray,
    after: np.ndarray,
    before: np.ndarray,
    glued: np.ndarray,
    touched: np.ndarray,
    queue: np.ndarray,
    keys: np.ndarray,
    state: np.ndarray,
    order: int,
) -> None:
    """Add the polygon of n corners from c0 on: glue matching edges, open new ones, relink the loops."""
    c = c0
    for _ in range(n):
        touched[corners[c]] += 1
        glued[c] = -2  # its edge is in use already: neither glued nor opened
        if owner[same[c]] < 0:
            owner[same[c]] = c
            d = owner[opposite[c]] if opposite[c] >= 0 else -1
            if d < 0:
                glued[c] = -1  # opened
                alive[c] = ALIVE
                after[c] = -1
                before[c] = -1
                _push(c, queue, keys, state, order, corners, succ)
            elif alive[d] == ALIVE:
                glued[c] = d
                alive[d] = SHUT
                state[COUNT] -= 1
        c = succ[c]
    for _ in range(n):
        i, o = glued[pred[c]], glued[c]
        if i >= 0 and o >= 0:
            if after[i] != o:
                _link(before[o], after[i], after, before)
        elif i >= 0:
            _link(c if o == -1 else -1, after[i], after, before)
        elif o >= 0:
            _link(before[o], pred[c] if i == -1 else -1, after, before)
        elif i == -1 and o == -1:
            _link(c, pred[c], after, before)
        c = succ[c]


@fast
def _around(gate: int, alive: np.ndarray, after: np.ndarray) -> int:
    """Length of the boundary loop through a gate: exact below MAX_AROUND, 0 if it isn't a loop of open gates."""
    g = gate
    for n in range(1, MAX_AROUND):
        g = after[g]
        if g < 0 or alive[g] != ALIVE:
            return 0
        if g == gate:
            return n
    return MAX_AROUND


@fast
def _is_loop(
    c0: int, n: int, corners: np.ndarray, succ: np.ndarray, gate: int, alive: np.ndarray, after: np.ndarray
) -> bool:
    """Is this polygon the loop that LOOP at this gate would fill? Where a boundary touches itself, the shortest way."""
    if n > MAX_LOOP:
        return False
    cycle = np.empty(MAX_LOOP + 1, np.int32)
    a = corners[succ[gate]]
    cycle[0] = a
    length = 1
    g = gate
    for _ in range(MAX_LOOP):
        if g < 0 or alive[g] != ALIVE:
            return False
        v = corners[g]
        if v == a:
            break
        for i in range(length):
            if cycle[i] == v:
                length = i
                break
        cycle[length] = v
        length += 1
        g = after[g]
    else:
        return False
    if length != n:
        return False
    c = c0
    for i in range(n):
        if corners[c] != cycle[i]:
            return False
        c = succ[c]
    return True


@fast
def _coordinates(row: np.ndarray, at: int, cells: np.ndarray, v: int) -> None:
    row[at] = cells[v, 0] + 1
    row[at + 1] = cells[v, 1] + 1
    row[at + 2] = cells[v, 2] + 1


@fast
def _describe_gate(
    row: np.ndarray,
    gate: int,
    closed: bool,
    levels: int,
    cells: np.ndarray,
    corners: np.ndarray,
    succ: np.ndarray,
    pred: np.ndarray,
    poly: np.ndarray,
    slots: np.ndarray,
    alive: np.ndarray,
    after: np.ndarray,
    before: np.ndarray,
    touched: np.ndarray,
) -> None:
    """Features of a gate; counts that don't depend on it are filled in by the caller."""
    a, b = corners[succ[gate]], corners[gate]
    _coordinates(row, A, cells, a)
    _coordinates(row, B, cells, b)
    _coordinates(row, X, cells, corners[pred[gate]])
    _coordinates(row, Y, cells, corners[succ[succ[gate]]])
    n, p = after[gate], before[gate]
    if n >= 0:
        _coordinates(row, AFTER, cells, corners[n])
    if p >= 0:
        _coordinates(row, BEFORE, cells, corners[succ[p]])
    other = -1
    if n >= 0 and alive[n] == ALIVE:  # the parallelogram over the gate and its neighbour on the boundary
        other, plus, minus = corners[n], a, b
    elif p >= 0 and alive[p] == ALIVE:
        other, plus, minus = corners[succ[p]], b, a
    if other >= 0:
        z = cells[other, 0] + cells[plus, 0] - cells[minus, 0]
        y = cells[other, 1] + cells[plus, 1] - cells[minus, 1]
        x = cells[other, 2] + cells[plus, 2] - cells[minus, 2]
        if 0 <= z < levels and 0 <= y < levels and 0 <= x < levels:
            row[GUESS], row[GUESS + 1], row[GUESS + 2] = z + 1, y + 1, x + 1
    row[SLOT] = slots[poly[gate]] + 1
    row[MODE] = GATE_CLOSED if closed else GATE_CLOSED + 1
    row[FACES_A] = min(touched[a], MAX_FACES)
    row[FACES_B] = min(touched[b], MAX_FACES)
    row[AROUND] = _around(gate, alive, after)


@fast
def _unplaced(
    u: int,
    v: int,
    first: np.ndarray,
    leaving: np.ndarray,
    corners: np.ndarray,
    succ: np.ndarray,
    poly: np.ndarray,
    placed: np.ndarray,
) -> int:
    """The lowest polygon not yet placed that runs u -> v: its corner at u, or -1."""
    for i in range(first[u], first[u + 1]):
        c = leaving[i]
        if corners[succ[c]] == v and not placed[poly[c]]:
            return int(c)
    return -1


@fast
def _normal(cells: np.ndarray, a: int, b: int, c: int) -> tuple[float, float, float]:
    uz, uy, ux = cells[b, 0] - cells[a, 0], cells[b, 1] - cells[a, 1], cells[b, 2] - cells[a, 2]
    vz, vy, vx = cells[c, 0] - cells[a, 0], cells[c, 1] - cells[a, 1], cells[c, 2] - cells[a, 2]
    return float(uy * vz - uz * vy), float(uz * vx - ux * vz), float(ux * vy - uy * vx)


@fast
def _flatness(cells: np.ndarray, n: tuple[float, float, float], a: int, b: int, c: int) -> float:
    """Cosine between the normal n and that of the triangle a b c; -2 where there is none."""
    m = _normal(cells, a, b, c)
    size = (n[0] * n[0] + n[1] * n[1] + n[2] * n[2]) * (m[0] * m[0] + m[1] * m[1] + m[2] * m[2])
    if size <= 0:
        return -2.0
    return float((n[0] * m[0] + n[1] * m[1] + n[2] * m[2]) / np.sqrt(size))


@fast
def _second_triangle(
    c0: int,
    cells: np.ndarray,
    starts: np.ndarray,
    corners: np.ndarray,
    succ: np.ndarray,
    poly: np.ndarray,
    slots: np.ndarray,
    first: np.ndarray,
    leaving: np.ndarray,
    same: np.ndarray,
    owner: np.ndarray,
    placed: np.ndarray,
) -> int:
    """For the triangle from c0 on: the corner, in another triangle, of the edge that the two share; or -1.
    The flattest pair wins. The answer's edge is opposite either succ[c0] (SPLIT_A) or succ[succ[c0]] (SPLIT_B)."""
    p = poly[c0]
    best, corner = -3.0, -1
    e = c0
    normal = _normal(cells, corners[c0], corners[succ[c0]], corners[succ[succ[c0]]])
    for _ in range(2):
        e = succ[e]
        if owner[same[e]] >= 0:
            continue
        f = _unplaced(corners[succ[e]], corners[e], first, leaving, corners, succ, poly, placed)
        if f < 0:
            continue
        q = poly[f]
        tip = corners[succ[succ[f]]]
        if q == p or starts[q + 1] - starts[q] != 3 or slots[q] != slots[p] or owner[same[f]] >= 0:
            continue
        if tip == corners[succ[succ[e]]]:
            continue
        flat = _flatness(cells, normal, corners[f], corners[succ[f]], tip)
        if flat > best:
            best, corner = flat, f
    return corner


@fast
def _grow(array: np.ndarray, fill: int) -> np.ndarray:
    out = np.full((array.shape[0] * 2, array.shape[1]), fill, np.int16)
    out[: array.shape[0]] = array
    return out


@fast
def walk(
    cells: np.ndarray,
    starts: np.ndarray,
    corners: np.ndarray,
    slots: np.ndarray,
    parts: np.ndarray,
    levels: int,
    order: int,
    size: int,
    open_buckets: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """The whole mesh as (tokens (T, MICRO) int16, features (T, FEATURES) int16). `size` is the size's bin."""
    polygons, total, vertices = slots.shape[0], corners.shape[0], cells.shape[0]
    n_parts = parts[polygons - 1] + 1
    succ, pred, poly, first, leaving, same, opposite, closed = _neighbours(starts, corners, parts, vertices, n_parts)
    owner = np.full(total, -1, np.int32)
    alive = np.zeros(total, np.int8)
    after = np.full(total, -1, np.int32)
    before = np.full(total, -1, np.int32)
    glued = np.full(total, -2, np.int32)
    touched = np.zeros(vertices, np.int32)
    placed = np.zeros(polygons, np.bool_)
    queue = np.empty(total + 1, np.int32)
    keys = np.empty(total + 1 if order > LIFO else 1, np.int64)
    state = np.zeros(3, np.int64)
    longest = 4
    for p in range(polygons):
        longest = max(longest, starts[p + 1] - starts[p])
    outline = np.empty(longest, np.int32)
    number, word = levels, levels + NUMBERS

    tokens = np.full((polygons + 16, MICRO), -1, np.int16)
    features = np.zeros((polygons + 16, FEATURES), np.int16)
    t = 0
    features[0, MODE] = START
    tokens[0, 0], tokens[0, 1] = number + size // 8, number + size % 8
    t = 1
    part, last_slot = -1, -1
    waiting = False  # features[t] already describes the gate at which the next root comes
    for root in range(polygons):
        if placed[root]:
            continue
        # a root: its first edge
        if t + 4 >= tokens.shape[0]:
            tokens, features = _grow(tokens, -1), _grow(features, 0)
        if not waiting:
            features[t, MODE] = BETWEEN
        waiting = False
        slot = slots[root]
        m = 1
        if parts[root] != part:
            part = parts[root]
            tokens[t, 0] = word + (PART_CLOSED if closed[part] else PART_OPEN)
            tokens[t, 1] = number + slot
            m = 2
        elif slot == last_slot:
            tokens[t, 0] = word + ISLAND
        else:
            tokens[t, 0] = word + ISLAND + 1
            tokens[t, 1] = number + slot
            m = 2
        for k in range(2):
            for axis in range(3):
                tokens[t, m + 3 * k + axis] = cells[corners[starts[root] + k], axis]
        t += 1
        last_slot = slot
        state[HEAD], state[TAIL], state[COUNT] = 0, 0, 0
        gate, c0 = -1, starts[root]
        run, run_start = 0, 0
        while True:
            if t + 4 >= tokens.shape[0]:
                tokens, features = _grow(tokens, -1), _grow(features, 0)
            if c0 < 0:  # the next gate, and the polygon behind it
                gate = _pop(queue, keys, state, order, alive)
                if gate < 0:
                    break
                c0 = _unplaced(corners[succ[gate]], corners[gate], first, leaving, corners, succ, poly, placed)
                if c0 < 0:
                    if run == MAX_SKIP:
                        tokens[t, 0], tokens[t, 1] = word + SKIP, number + run - 1
                        t += 1
                        run = 0
                    elif run == 0:
                        run_start = t
                    if run == 0:
                        _describe_gate(features[t], gate, False, levels, cells, corners, succ, pred, poly, slots, alive,
                                       after, before, touched)  # fmt: skip
                        features[t, OPEN] = open_buckets[min(state[COUNT], 65535)]
                    alive[gate] = DEAD
                    state[COUNT] -= 1
                    run += 1
                    continue
                if run:
                    tokens[t, 0], tokens[t, 1] = word + SKIP, number + run - 1
                    t += 1
                    run = 0
            p = poly[c0]
            n = starts[p + 1] - starts[p]
            slot = slots[p]
            row = features[t]
            if gate >= 0:
                _describe_gate(row, gate, closed[part], levels, cells, corners, succ, pred, poly, slots, alive, after,
                               before, touched)  # fmt: skip
                last_slot = slots[poly[gate]]
            else:
                _coordinates(row, A, cells, corners[c0])
                _coordinates(row, B, cells, corners[succ[c0]])
                row[SLOT] = slot + 1
                row[MODE] = SEED_CLOSED if closed[part] else SEED_CLOSED + 1
                row[FACES_A] = min(touched[corners[c0]], MAX_FACES)
                row[FACES_B] = min(touched[corners[succ[c0]]], MAX_FACES)
            row[OPEN] = open_buckets[min(state[COUNT], 65535)]
            changed = 1 if slot != last_slot else 0
            # the kind of step, and the vertices after a and b
            second = -1
            remaining = 0
            if gate >= 0 and _is_loop(c0, n, corners, succ, gate, alive, after):
                kind = LOOP
            else:
                c = succ[succ[c0]]
                remaining = n - 2
                for i in range(remaining):
                    outline[i] = corners[c]
                    c = succ[c]
                kind = TRI
                if n == 3:
                    second = _second_triangle(c0, cells, starts, corners, succ, poly, slots, first, leaving, same,
                                              owner, placed)  # fmt: skip
                    if second >= 0:
                        remaining = 2
                        tip = corners[succ[succ[second]]]
                        if corners[succ[second]] == corners[succ[c0]]:
                            kind = SPLIT_A
                            outline[1] = outline[0]
                            outline[0] = tip
                        else:
                            kind = SPLIT_B
                            outline[1] = tip
                elif n == 4:
                    kind = QUAD
                elif n > 4:
                    kind = NGON
            tokens[t, 0] = word + kind + changed
            m = 1
            if changed:
                tokens[t, 1] = number + slot
                m = 2
            if kind == NGON:
                if n - 5 < BIG_NGON:
                    tokens[t, m] = number + n - 5
                    m += 1
                else:
                    tokens[t, m] = number + BIG_NGON
                    tokens[t, m + 1] = number + (n >> 12)
                    tokens[t, m + 2] = number + (n >> 6) % 64
                    tokens[t, m + 3] = number + n % 64
                    m += 4
            chain = after[gate] if gate >= 0 else -1
            following = gate >= 0
            i = 0
            while i < remaining:
                if kind == NGON and m + 3 > MICRO:  # no room for a vertex: the polygon continues in another step
                    t += 1
                    if t + 4 >= tokens.shape[0]:
                        tokens, features = _grow(tokens, -1), _grow(features, 0)
                    row, old = features[t], features[t - 1]
                    last = outline[i - 1] if i > 0 else corners[succ[c0]]
                    prior = corners[c0] if i == 0 else (outline[i - 2] if i > 1 else corners[succ[c0]])
                    for axis in range(3):
                        row[A + axis] = old[A + axis]
                        row[Y + axis] = old[Y + axis]
                        row[BEFORE + axis] = old[BEFORE + axis]
                    _coordinates(row, B, cells, last)
                    _coordinates(row, X, cells, prior)
                    if following and chain >= 0 and alive[chain] == ALIVE:
                        _coordinates(row, AFTER, cells, corners[chain])
                    row[SLOT], row[MODE], row[OPEN] = slot + 1, GOING_ON, old[OPEN]
                    row[SIDES] = min(remaining - i, MAX_SIDES)
                    row[FACES_A] = old[FACES_A]
                    row[FACES_B] = min(touched[last], MAX_FACES)
                    m = 0
                if following and chain >= 0 and alive[chain] == ALIVE and corners[chain] == outline[i]:
                    tokens[t, m] = word + NEXT
                    chain = after[chain]
                    m += 1
                    i += 1
                    continue
                following = False
                if gate >= 0:
                    g = before[gate]
                    j = remaining - 1
                    while j >= i and g >= 0 and alive[g] == ALIVE and corners[succ[g]] == outline[j]:
                        g = before[g]
                        j -= 1
                    if j < i:
                        tokens[t, m] = word + PREV
                        break
                for axis in range(3):
                    tokens[t, m + axis] = cells[outline[i], axis]
                m += 3
                i += 1
            t += 1
            placed[p] = True
            last_slot = slot
            _place(c0, n, corners, succ, pred, same, opposite, owner, alive, after, before, glued, touched, queue, keys,
                   state, order)  # fmt: skip
            if second >= 0:
                placed[poly[second]] = True
                _place(second, 3, corners, succ, pred, same, opposite, owner, alive, after, before, glued, touched,
                       queue, keys, state, order)  # fmt: skip
            c0 = -1
        if run:  # only boundary is left: the next root, or the end, implies that
            tokens[run_start : t + 1] = -1
            features[run_start + 1 : t + 1] = 0
            t = run_start
            waiting = True
    if not waiting:
        features[t, MODE] = BETWEEN
    tokens[t, 0] = word + END
    return tokens[: t + 1], features[: t + 1]
