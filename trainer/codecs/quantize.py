"""From a mesh in floats to the canonical mesh on a grid: the only lossy part of a geometry codec.

Knows nothing of tokens. The output does not depend on the order of vertices and polygons in the input (except polygons
that tie in every comparison): vertices sorted by part, then z, y, x; polygons rotated to their lowest vertex and
sorted.

The grid: the longest side spans levels - 2 cells; x and y are centred on the cell levels / 2, so that symmetric meshes
stay symmetric on the grid; the floor is z = 0.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .base import CodecError
from .speed import fast

MAX_SLOTS = 32
NOTES = ("loose vertices", "degenerate polygons", "polygons that repeat a vertex", "duplicate polygons", "slots folded")


@dataclass
class Quantized:
    """A canonical mesh: cells (V, 3) int32 in the order z, y, x; polygon p is corners[starts[p]:starts[p + 1]].

    starts (F + 1,) int32, corners (L,) int32 into cells, slots (F,) int32 below 32, parts (F,) int32 counted from 0.
    Inside a part no two vertices share a cell; parts share no vertex. `size` is the longest side in metres.
    """

    cells: np.ndarray
    starts: np.ndarray
    corners: np.ndarray
    slots: np.ndarray
    parts: np.ndarray
    levels: int
    size: float
    notes: dict[str, int] = field(default_factory=dict)

    @property
    def faces(self) -> int:
        return len(self.slots)

    @property
    def triangles(self) -> int:
        return len(self.corners) - 2 * len(self.slots)

    def positions(self) -> np.ndarray:
        """(V, 3) float32 in metres, x y z, centred on the origin with its floor at 0."""
        return to_metres(self.cells, self.levels, self.size)

    def signature(self) -> list[tuple[int, ...]]:
        """Every polygon as (part, slot, its cells from the lowest on): two meshes are the same if these are equal."""
        keys = (self.cells[:, 0].astype(np.int64) * self.levels + self.cells[:, 1]) * self.levels + self.cells[:, 2]
        keys = keys[self.corners].tolist()
        out = []
        for p, (s, e) in enumerate(zip(self.starts[:-1].tolist(), self.starts[1:].tolist())):
            cycle = keys[s:e]
            at = cycle.index(min(cycle))
            out.append((int(self.parts[p]), int(self.slots[p]), *cycle[at:], *cycle[:at]))
        return sorted(out)


def check_levels(levels: int) -> None:
    """CodecError unless `levels` is a valid number of cells along the longest side."""
    if levels % 2 or not 8 <= levels <= 1024:
        raise CodecError(f"levels: {levels} is not an even number from 8 to 1024")


def to_metres(cells: np.ndarray, levels: int, size: float) -> np.ndarray:
    """Cells (n, 3) z, y, x to positions (n, 3) float32 x, y, z in metres."""
    grid = np.asarray(cells)[:, ::-1].astype(np.float64)
    grid[:, :2] -= levels // 2
    return (grid * (size / (levels - 2))).astype(np.float32)


def quantize(
    positions: np.ndarray,
    loop_starts: np.ndarray,
    corner_verts: np.ndarray,
    material_index: np.ndarray | None = None,
    *,
    levels: int = 128,
    size: float | None = None,
    stitch: bool = True,
    frame: tuple[Any, Any] | None = None,
) -> Quantized:
    """The canonical mesh of positions (V, 3), loop_starts (F,), corner_verts (L,), material_index (F,).

    `size` is the longest side in metres if positions are in some other unit. `stitch` joins open edges that coincide
    exactly (importers split vertices at sharp edges and texture seams); closed parts that touch stay separate. `frame`:
    the lowest and highest corner (x, y, z) of the box that fills the grid, for a mesh to be completed; without it, the
    mesh's own box.
    """
    check_levels(levels)
    positions = np.ascontiguousarray(positions, np.float32).reshape(-1, 3) + np.float32(0.0)  # no negative zeros
    corners = np.ascontiguousarray(corner_verts, np.int32)
    starts = np.empty(len(loop_starts) + 1, np.int32)
    starts[:-1], starts[-1] = loop_starts, len(corners)
    if not len(loop_starts):
        raise CodecError("mesh: it has no faces, so there is nothing to encode")
    if material_index is None:
        slots = np.zeros(len(loop_starts), np.int32)
    else:
        slots = np.ascontiguousarray(material_index, np.int32)
    if corners.min() < 0 or corners.max() >= len(positions) or starts[0] != 0 or (np.diff(starts) < 0).any():
        raise CodecError("mesh: corner_verts or loop_starts point outside the mesh")
    used = positions[corners]
    low, high = used.min(0).astype(np.float64), used.max(0).astype(np.float64)
    if frame is not None:
        box_low, box_high = (np.asarray(corner, np.float64) for corner in frame)
        slack = 1e-6 * float((box_high - box_low).max())
        if (low < box_low - slack).any() or (high > box_high + slack).any():
            raise CodecError("frame: the mesh does not fit into it")
        low, high = box_low, box_high
    longest = float((high - low).max())
    if not np.isfinite(longest):
        raise CodecError("mesh: a position is not a number; repair the mesh first")
    if not longest > 0:
        raise CodecError("mesh: all vertices lie in one point")
    notes = {}
    folded = int((slots >= MAX_SLOTS).sum())
    if folded or slots.min() < 0:
        slots = np.clip(slots, 0, MAX_SLOTS - 1)
    cells, starts, corners, slots, parts, counts = _canonical(
        positions, positions.view(np.int32), starts, corners, slots, low, high, longest, levels, stitch
    )
    counts[4] = folded
    notes = {name: int(n) for name, n in zip(NOTES, counts) if n}
    if not len(slots):
        raise CodecError(f"mesh: every face is smaller than a cell of the grid ({levels} levels); nothing is left")
    return Quantized(cells, starts, corners, slots, parts, levels, float(longest if size is None else size), notes)


@fast
def _find(parent: np.ndarray, v: int) -> int:
    while parent[v] != v:
        parent[v] = parent[parent[v]]
        v = parent[v]
    return v


@fast
def _mix(key: int) -> int:
    """Spread a key below 2**51 over the low bits; simple enough not to overflow 64 bits."""
    h = (key & 0xFFFFF) * 0x9E3779B1 + (key >> 20) * 0x45D9F3B
    return (h ^ (h >> 17)) >> 3


@fast
def _table_size(n: int) -> int:
    size = 16
    while size < 2 * n:
        size *= 2
    return size


@fast
def _edge_slot(table: np.ndarray, keys: np.ndarray, key: int) -> int:
    """Where `key` is in an open-addressed table of indices into `keys`, or the free place where it would be."""
    mask = table.shape[0] - 1
    at = _mix(key) & mask
    while table[at] >= 0 and keys[table[at]] != key:
        at = (at + 1) & mask
    return int(at)


@fast
def _stitch(bits: np.ndarray, starts: np.ndarray, corners: np.ndarray, parent: np.ndarray) -> None:
    """Join vertices across open edges that coincide exactly, by uniting them in `parent`."""
    n = bits.shape[0]
    table = np.full(_table_size(n), -1, np.int32)
    mask = table.shape[0] - 1
    place = np.empty(n, np.int32)
    places = 0
    for v in range(n):
        x, y, z = np.int64(bits[v, 0]), np.int64(bits[v, 1]), np.int64(bits[v, 2])
        at = _mix(((x & 0xFFFFFFFF) * 31 + (y & 0xFFFFFFFF) * 17 + (z & 0xFFFFFFFF) * 7) & 0x3FFFFFFFFFFFF) & mask
        while table[at] >= 0:
            w = table[at]
            if bits[w, 0] == bits[v, 0] and bits[w, 1] == bits[v, 1] and bits[w, 2] == bits[v, 2]:
                break
            at = (at + 1) & mask
        if table[at] < 0:
            table[at] = v
            places += 1
        place[v] = table[at]
    if places == n:
        return
    total = corners.shape[0]
    keys = np.empty(total, np.int64)
    ends = np.empty(total, np.int32)
    for p in range(starts.shape[0] - 1):
        for c in range(starts[p], starts[p + 1]):
            d = c + 1 if c + 1 < starts[p + 1] else starts[p]
            keys[c] = np.int64(place[corners[c]]) * n + place[corners[d]]
            ends[c] = corners[d]
    edges = np.full(_table_size(total), -1, np.int32)
    uses = np.zeros(total, np.int32)
    for c in range(total):
        at = _edge_slot(edges, keys, keys[c])
        if edges[at] < 0:
            edges[at] = c
        uses[edges[at]] += 1
    for c in range(total):
        u, v = corners[c], ends[c]
        if uses[c] != 1 or place[u] == place[v]:
            continue
        d = edges[_edge_slot(edges, keys, np.int64(place[v]) * n + place[u])]
        if d >= 0 and uses[d] == 1:
            parent[_find(parent, corners[d])] = _find(parent, v)
            parent[_find(parent, ends[d])] = _find(parent, u)


@fast
def _join_polygons(starts: np.ndarray, corners: np.ndarray, parent: np.ndarray) -> None:
    for p in range(starts.shape[0] - 1):
        if starts[p + 1] > starts[p]:
            first = _find(parent, corners[starts[p]])
            for c in range(starts[p] + 1, starts[p + 1]):
                parent[_find(parent, corners[c])] = first


@fast
def _same_set(corners: np.ndarray, a: int, b: int, n: int) -> bool:
    for i in range(n):
        found = False
        for j in range(n):
            if corners[a + i] == corners[b + j]:
                found = True
                break
        if not found:
            return False
    return True


@fast
def _weld(cells: np.ndarray, parent: np.ndarray, corners: np.ndarray, levels: int) -> tuple[np.ndarray, np.ndarray]:
    """Unite vertices of one part that share a cell. Returns a vertex number per corner and the vertex's cell key."""
    n = parent.shape[0]
    cube = levels * levels * levels
    table = np.full(_table_size(n), -1, np.int32)
    keys = np.empty(n, np.int64)
    number = np.full(n, -1, np.int32)
    count = 0
    out = np.empty(corners.shape[0], np.int32)
    for c in range(corners.shape[0]):
        v = corners[c]
        if number[v] < 0:
            keys[count] = np.int64(_find(parent, v)) * cube + cells[v]
            at = _edge_slot(table, keys[: count + 1], keys[count])
            if table[at] < 0:
                table[at] = count
                count += 1
            number[v] = table[at]
        out[c] = number[v]
    for i in range(count):
        keys[i] = keys[i] % cube
    return out, keys[:count]


@fast
def _clean(
    starts: np.ndarray, corners: np.ndarray, slots: np.ndarray, vertices: int, counts: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Drop invalid polygons: too few corners, a vertex twice, the same vertices as an earlier one."""
    polygons = starts.shape[0] - 1
    table = np.full(_table_size(polygons), -1, np.int32)
    mask = table.shape[0] - 1
    new_starts = np.zeros(polygons + 1, np.int32)
    new_corners = np.empty(corners.shape[0], np.int32)
    new_slots = np.empty(polygons, np.int32)
    hashes = np.empty(polygons, np.int64)
    seen = np.full(vertices, -1, np.int32)
    kept = 0
    for p in range(polygons):
        begin = new_starts[kept]
        end = begin
        for c in range(starts[p], starts[p + 1]):
            if end == begin or corners[c] != new_corners[end - 1]:
                new_corners[end] = corners[c]
                end += 1
        if end - begin > 1 and new_corners[end - 1] == new_corners[begin]:
            end -= 1
        n = end - begin
        if n < 3:
            counts[1] += 1
            continue
        twice = False
        total = np.int64(0)
        for c in range(begin, end):
            v = new_corners[c]
            if seen[v] == p:
                twice = True
                break
            seen[v] = p
            total += (np.int64(v) * 2654435761 + 12345) & 0x7FFFFFFF
        if twice:
            counts[2] += 1
            continue
        hashes[kept] = total
        at = _mix(total) & mask
        same = False
        while table[at] >= 0:
            q = table[at]
            if hashes[q] == total and new_starts[q + 1] - new_starts[q] == n:
                if _same_set(new_corners, new_starts[q], begin, n):
                    same = True
                    break
            at = (at + 1) & mask
        if same:
            counts[3] += 1
            continue
        table[at] = kept
        new_slots[kept] = slots[p]
        kept += 1
        new_starts[kept] = end
    return new_starts[: kept + 1], new_corners[: new_starts[kept]], new_slots[:kept]


@fast
def _sorted_mesh(
    starts: np.ndarray, corners: np.ndarray, slots: np.ndarray, keys: np.ndarray, levels: int
) -> tuple[np.ndarray, ...]:
    """Renumber: parts by their lowest vertex, vertices by part and key, polygons by their three first vertices."""
    vertices, polygons = keys.shape[0], slots.shape[0]
    parent = np.arange(vertices).astype(np.int32)
    _join_polygons(starts, corners, parent)
    cube = np.int64(levels) * levels * levels
    used = np.zeros(vertices, np.bool_)
    for c in range(corners.shape[0]):
        used[corners[c]] = True
    # a part's place: its lowest vertex, then its highest, then the order of the input
    low = np.full(vertices, cube, np.int64)
    high = np.full(vertices, -1, np.int64)
    for v in range(vertices):
        if used[v]:
            r = _find(parent, v)
            low[r] = min(low[r], keys[v])
            high[r] = max(high[r], keys[v])
    roots = np.empty(vertices, np.int32)
    parts = 0
    for v in range(vertices):
        if used[v] and parent[v] == v:
            roots[parts] = v
            parts += 1
    rank = np.zeros(vertices, np.int64)
    part_keys = np.empty(parts, np.int64)
    for i in range(parts):
        part_keys[i] = low[roots[i]] * cube + high[roots[i]]
    order = np.argsort(part_keys, kind="mergesort")
    for i in range(parts):
        rank[roots[order[i]]] = i
    full = np.empty(vertices, np.int64)
    kept = 0
    for v in range(vertices):
        if used[v]:
            full[kept] = rank[_find(parent, v)] * cube + keys[v]
            kept += 1
    which = np.argsort(full[:kept], kind="mergesort")
    names = np.empty(kept, np.int32)
    kept = 0
    for v in range(vertices):
        if used[v]:
            names[kept] = v
            kept += 1
    number = np.empty(vertices, np.int32)
    cells = np.empty((kept, 3), np.int32)
    for i in range(kept):
        v = names[which[i]]
        number[v] = i
        cells[i, 0] = keys[v] // (levels * levels)
        cells[i, 1] = keys[v] // levels % levels
        cells[i, 2] = keys[v] % levels
    firsts = np.empty(polygons, np.int32)
    sort_keys = np.empty(polygons, np.int64)
    for p in range(polygons):
        first = starts[p]
        for c in range(starts[p], starts[p + 1]):
            if number[corners[c]] < number[corners[first]]:
                first = c
        firsts[p] = first
        n = starts[p + 1] - starts[p]
        v0 = number[corners[first]]
        v1 = number[corners[starts[p] + (first - starts[p] + 1) % n]]
        v2 = number[corners[starts[p] + (first - starts[p] + 2) % n]]
        if kept < 2097152:
            sort_keys[p] = (np.int64(v0) << 42) | (np.int64(v1) << 21) | v2
        else:
            sort_keys[p] = np.int64(v0) * kept + v1
    order = np.argsort(sort_keys, kind="mergesort")
    new_starts = np.zeros(polygons + 1, np.int32)
    new_corners = np.empty(corners.shape[0], np.int32)
    new_slots = np.empty(polygons, np.int32)
    new_parts = np.empty(polygons, np.int32)
    at = 0
    for i in range(polygons):
        p = order[i]
        n = starts[p + 1] - starts[p]
        for k in range(n):
            new_corners[at + k] = number[corners[starts[p] + (firsts[p] - starts[p] + k) % n]]
        new_slots[i] = slots[p]
        new_parts[i] = rank[_find(parent, corners[starts[p]])]
        at += n
        new_starts[i + 1] = at
    return cells, new_starts, new_corners, new_slots, new_parts


@fast
def _canonical(
    positions: np.ndarray,
    bits: np.ndarray,
    starts: np.ndarray,
    corners: np.ndarray,
    slots: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    longest: float,
    levels: int,
    stitch: bool,
) -> tuple[np.ndarray, ...]:
    counts = np.zeros(5, np.int64)
    vertices = positions.shape[0]
    scale = (levels - 2) / longest
    middle_x, middle_y = (low[0] + high[0]) * 0.5, (low[1] + high[1]) * 0.5
    half = levels // 2
    keys = np.zeros(vertices, np.int64)
    seen = np.zeros(vertices, np.bool_)
    for c in range(corners.shape[0]):
        seen[corners[c]] = True
    for v in range(vertices):
        if not seen[v]:
            counts[0] += 1
            continue
        x, y = (positions[v, 0] - middle_x) * scale, (positions[v, 1] - middle_y) * scale
        cx = half + (int(x + 0.5) if x >= 0 else -int(0.5 - x))
        cy = half + (int(y + 0.5) if y >= 0 else -int(0.5 - y))
        cz = int((positions[v, 2] - low[2]) * scale + 0.5)
        keys[v] = (np.int64(cz) * levels + cy) * levels + cx
    parent = np.arange(vertices).astype(np.int32)
    if stitch:
        _stitch(bits, starts, corners, parent)
    _join_polygons(starts, corners, parent)
    welded, cell_keys = _weld(keys, parent, corners, levels)
    starts, corners, slots = _clean(starts, welded, slots, cell_keys.shape[0], counts)
    cells, starts, corners, slots, parts = _sorted_mesh(starts, corners, slots, cell_keys, levels)
    return cells, starts, corners, slots, parts, counts
