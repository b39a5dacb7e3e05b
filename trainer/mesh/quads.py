"""Triangles back into the quads and n-gons an artist would have made.

Formats like glTF only know triangles. This pairs neighbouring triangles of one slot into convex, nearly flat quads
(best pairs first, then pairings are swapped if that saves a lone triangle), after gathering clearly flat convex caps
into n-gons. Quads and n-gons that exist are left alone; vertices never move and none is removed; edges that are
borders, seams between slots or shared by three faces stay edges. numpy and plain Python; knows nothing of Blender.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

FLAT = np.radians(30.0)  # two triangles that bend more than this are not one quad
CAP_FLAT = np.radians(1.0)  # a cap's triangles lie in one plane
CAP_TURN = np.radians(4.0)  # minimum angle at each corner of a cap
CAP_MOST = 64
SMALLEST_CORNER, WIDEST_CORNER = np.radians(15.0), np.radians(168.0)


def to_quads(
    positions: np.ndarray,
    loop_start: np.ndarray,
    corner_vert: np.ndarray,
    material_index: np.ndarray | None = None,
    corner_split: np.ndarray | None = None,
    caps: bool = True,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(loop_start (F',), corner_vert (L',), material_index (F',)), all int32, of the merged mesh.

    positions (V, 3), loop_start (F,), corner_vert (L,), material_index (F,) as in a record. `corner_split` (L,): any
    number that differs at a corner where the file split the vertex (a sharp edge or UV seam, before welding): such an
    edge becomes a diagonal only if nothing better is left.
    """
    positions = np.asarray(positions, np.float64).reshape(-1, 3)
    corner_vert = np.asarray(corner_vert, np.int64)
    loop_start = np.asarray(loop_start, np.int64)
    n = len(loop_start)
    counts = np.diff(np.append(loop_start, len(corner_vert)))
    material = np.zeros(n, np.int64) if material_index is None else np.asarray(material_index, np.int64)
    mesh = _Mesh(positions, loop_start, counts, corner_vert, material, corner_split)
    merged: dict[int, list[int]] = {}  # first face -> corners of the polygon that takes its place
    gone = np.zeros(n, bool)
    if mesh.triangles.any():
        pairs = mesh.pairs()
        if caps:
            _merge_caps(mesh, pairs, merged, gone)
        _merge_pairs(mesh, pairs, merged, gone)
    starts: list[int] = []
    verts: list[int] = []
    slots: list[int] = []
    at = 0
    for face in range(n):
        if gone[face]:
            continue
        polygon = merged.get(face)
        if polygon is None:
            polygon = corner_vert[loop_start[face] : loop_start[face] + counts[face]].tolist()
        starts.append(at)
        verts.extend(polygon)
        slots.append(material[face])
        at += len(polygon)
    return np.array(starts, np.int32), np.array(verts, np.int32), np.array(slots, np.int32)


class _Mesh:
    """The mesh with data for the merging: triangles, their normals, each vertex's edges."""

    def __init__(
        self,
        positions: np.ndarray,
        loop_start: np.ndarray,
        counts: np.ndarray,
        corner_vert: np.ndarray,
        material: np.ndarray,
        corner_split: Any,
    ) -> None:
        self.positions, self.material = positions, material
        self.triangles = counts == 3
        self.tri = np.full((len(counts), 3), -1, np.int64)
        rows = np.flatnonzero(self.triangles)
        corners = loop_start[rows, None] + np.arange(3)
        self.tri[rows] = corner_vert[corners]
        self.split = np.full((len(counts), 3), -1, np.int64)
        self.split[rows] = corner_vert[corners] if corner_split is None else np.asarray(corner_split)[corners]
        self.normal = np.zeros((len(counts), 3))
        a, b, c = (positions[self.tri[rows, k]] for k in range(3))
        cross = np.cross(b - a, c - a)
        length = np.linalg.norm(cross, axis=1, keepdims=True)
        self.area = np.zeros(len(counts))
        self.area[rows] = length[:, 0] / 2
        self.normal[rows] = cross / np.maximum(length, 1e-300)
        # Half-edges of every face, sorted by their undirected edge.
        following = np.arange(1, len(corner_vert) + 1)
        if len(loop_start):
            following[loop_start + counts - 1] = loop_start
        self.start_vert, self.end_vert = corner_vert, corner_vert[following] if len(corner_vert) else corner_vert
        self.face_of = np.repeat(np.arange(len(counts)), counts)
        low, high = np.minimum(self.start_vert, self.end_vert), np.maximum(self.start_vert, self.end_vert)
        self.key = low * max(len(positions), 1) + high
        edges, of_corner, uses = np.unique(self.key, return_inverse=True, return_counts=True)
        self.uses = uses[of_corner.reshape(-1)]
        # Edges at each vertex, and the fewest it may keep: a vertex inside a surface needs 3, one on a border 2.
        ends = np.stack([edges // max(len(positions), 1), edges % max(len(positions), 1)], axis=1)
        self.valence = np.bincount(ends.ravel(), minlength=len(positions))
        self.least = np.full(len(positions), 3)
        self.least[ends[uses == 1].ravel()] = 2
        self.apex = self._apexes()

    def _apexes(self) -> np.ndarray:
        """(V,) bool: tips of even fans (cones, poles, spoked caps), whose triangles are intended."""
        apex = np.zeros(len(self.positions), bool)
        spokes: dict[int, list[float]] = defaultdict(list)
        rims: dict[int, list[float]] = defaultdict(list)
        faces = np.bincount(self.start_vert, minlength=len(self.positions))
        rows = np.flatnonzero(self.triangles)
        at = self.positions[self.tri[rows]]
        sides = np.linalg.norm(at - np.roll(at, -1, axis=1), axis=2)  # side k: corner k to k + 1
        for k in range(3):
            for vertex, out, back, rim in zip(
                self.tri[rows, k].tolist(), sides[:, k], sides[:, k - 1], sides[:, (k + 1) % 3]
            ):
                spokes[vertex] += (out, back)
                rims[vertex].append(rim)
        for vertex, lengths in rims.items():
            if len(lengths) >= 5 and faces[vertex] == len(lengths):
                even = min(lengths) > 0.8 * max(lengths) and min(spokes[vertex]) > 0.85 * max(spokes[vertex])
                apex[vertex] = even and max(lengths) < 0.9 * max(spokes[vertex])
        return apex

    def pairs(self) -> dict[str, np.ndarray]:
        """Edges between two triangles of one slot that could be dissolved: faces a, b (N,), quad (N, 4), bend, score
        (N,)."""
        order = np.argsort(self.key, kind="stable")
        order = order[self.uses[order] == 2]
        one, two = order[0::2], order[1::2]
        a, b = self.face_of[one], self.face_of[two]
        fits = self.triangles[a] & self.triangles[b] & (a != b) & (self.material[a] == self.material[b])
        fits &= self.start_vert[one] == self.end_vert[two]  # both wind the same way
        one, two, a, b = one[fits], two[fits], a[fits], b[fits]
        p, q = self.start_vert[one], self.end_vert[one]
        corner = {}
        for name, face, vertex in (("ap", a, p), ("aq", a, q), ("bp", b, p), ("bq", b, q)):
            corner[name] = (self.tri[face] == vertex[:, None]).argmax(axis=1)
        whole = self.split[a, corner["ap"]] == self.split[b, corner["bp"]]
        whole &= self.split[a, corner["aq"]] == self.split[b, corner["bq"]]
        r = self.tri[a].sum(axis=1) - p - q  # the corner of a that is not on the edge
        s = self.tri[b].sum(axis=1) - p - q
        fits = (r != s) & (self.area[a] > 0) & (self.area[b] > 0)
        a, b, p, q, r, s, whole = (x[fits] for x in (a, b, p, q, r, s, whole))
        bend = np.arccos(np.clip((self.normal[a] * self.normal[b]).sum(axis=1), -1, 1))
        quad = np.stack([p, s, q, r], axis=1)
        return {"a": a, "b": b, "quad": quad, "bend": bend, **_shape(self, a, b, quad, bend, whole)}


def _shape(
    mesh: _Mesh, a: np.ndarray, b: np.ndarray, quad: np.ndarray, bend: np.ndarray, whole: np.ndarray
) -> dict[str, np.ndarray]:
    """score (N,), smaller is better, and `convex` (N,) of quads whose corners 0 and 2 are the ends of the diagonal."""
    at = mesh.positions[quad]
    forward = np.roll(at, -1, axis=1) - at
    backward = np.roll(at, 1, axis=1) - at
    normal = mesh.normal[a] + mesh.normal[b]
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-300)
    sine = (np.cross(forward, backward) * normal[:, None]).sum(axis=2)
    cosine = (forward * backward).sum(axis=2)
    angle = np.arctan2(sine, cosine)  # negative where the corner turns inwards
    convex = (angle > SMALLEST_CORNER).all(axis=1) & (angle < WIDEST_CORNER).all(axis=1) & (bend < FLAT)
    convex &= ~(mesh.apex[quad[:, 0]] | mesh.apex[quad[:, 2]])
    square = np.abs(angle - np.pi / 2).mean(axis=1) / (np.pi / 2)
    # Opposite sides of like length: a rectangle or a trapezium rather than a kite.
    side = np.linalg.norm(forward, axis=2)
    like = np.abs(side[:, 0] - side[:, 2]) + np.abs(side[:, 1] - side[:, 3])
    like /= np.maximum(side.sum(axis=1), 1e-300)
    # Exporters write a polygon's triangles one after the other.
    apart = np.where(np.abs(a - b) == 1, 0.0, 0.35) + np.where(whole, 0.0, 0.5)
    return {"convex": convex, "score": square + like + 0.8 * bend / FLAT + apart}


def _merge_pairs(mesh: _Mesh, pairs: dict[str, np.ndarray], merged: dict[int, list[int]], gone: np.ndarray) -> None:
    """Choose pairs so that no triangle is in two, and write them as quads."""
    partner: dict[int, int] = {}  # face -> index of its pair
    at_face: dict[int, list[int]] = defaultdict(list)
    usable = pairs["convex"] & ~gone[pairs["a"]] & ~gone[pairs["b"]]
    gathered = np.zeros(len(gone), bool)
    gathered[list(merged)] = True
    usable &= ~gathered[pairs["a"]] & ~gathered[pairs["b"]]
    chosen = np.flatnonzero(usable)
    chosen = chosen[np.argsort(pairs["score"][chosen], kind="stable")].tolist()
    a, b, quad, score = (pairs[k].tolist() for k in ("a", "b", "quad", "score"))
    for i in chosen:
        at_face[a[i]].append(i)
        at_face[b[i]].append(i)

    def free(i: int) -> bool:
        return all(mesh.valence[v] > mesh.least[v] for v in (quad[i][0], quad[i][2]))

    def take(i: int, step: int) -> None:
        if step > 0:
            partner[a[i]] = partner[b[i]] = i
        else:
            del partner[a[i]], partner[b[i]]
        for v in (quad[i][0], quad[i][2]):
            mesh.valence[v] -= step

    for i in chosen:
        if a[i] not in partner and b[i] not in partner and free(i):
            take(i, 1)

    # A lone triangle next to a pair whose other half has a lone neighbour: swap partners, two quads instead of one.
    for _ in range(3):
        changed = False
        for face in [f for f in at_face if f not in partner]:
            swap = _better(face, at_face, partner, a, b, score)
            if swap is None:
                continue
            old, first, second = swap
            take(old, -1)
            if free(first):
                take(first, 1)
                if free(second):
                    take(second, 1)
                    changed = True
                    continue
                take(first, -1)
            take(old, 1)
        if not changed:
            break
    for i in set(partner.values()):
        keep, drop = min(a[i], b[i]), max(a[i], b[i])
        merged[keep] = quad[i]
        gone[drop] = True


def _better(face: int, at_face: Any, partner: Any, a: Any, b: Any, score: Any) -> tuple[int, int, int] | None:
    """(pair to undo, two pairs to make) around a lone triangle, the cheapest, or None."""
    best, best_cost = None, 1.2  # a swap may cost at most this much in quality
    for first in at_face[face]:
        middle = b[first] if a[first] == face else a[first]
        old = partner.get(middle)
        if old is None:
            continue
        other = b[old] if a[old] == middle else a[old]
        for second in at_face[other]:
            end = b[second] if a[second] == other else a[second]
            if end == face or end in partner:
                continue
            cost = score[first] + score[second] - score[old]
            if cost < best_cost:
                best, best_cost = (old, first, second), cost
    return best


def _merge_caps(mesh: _Mesh, pairs: dict[str, np.ndarray], merged: dict[int, list[int]], gone: np.ndarray) -> None:
    """Flat convex regions of three and more triangles with every vertex a corner become one n-gon."""
    parent = list(range(len(mesh.triangles)))

    def root(f: int) -> int:
        while parent[f] != f:
            parent[f] = parent[parent[f]]
            f = parent[f]
        return f

    flat = pairs["bend"] < CAP_FLAT
    for f, g in zip(pairs["a"][flat].tolist(), pairs["b"][flat].tolist()):
        parent[root(f)] = root(g)
    regions: dict[int, list[int]] = defaultdict(list)
    for face in np.flatnonzero(mesh.triangles).tolist():
        regions[root(face)].append(face)
    for faces in regions.values():
        if not 3 <= len(faces) <= CAP_MOST - 2:
            continue
        loop = _outline(mesh, faces)
        if loop is None or len(loop) != len(faces) + 2 or not _is_cap(mesh, loop, faces[0]):
            continue
        inside = _inner_edges(mesh, faces)
        lost = np.bincount(np.array(inside).ravel(), minlength=len(mesh.valence))
        if (mesh.valence - lost < mesh.least)[loop].any():
            continue
        mesh.valence -= lost
        merged[min(faces)] = loop
        gone[[f for f in faces if f != min(faces)]] = True


def _outline(mesh: _Mesh, faces: list[int]) -> list[int] | None:
    """The one loop of vertices around a region, in its winding, or None if it has holes or touches itself."""
    edges = {(t[k], t[(k + 1) % 3]) for t in mesh.tri[faces].tolist() for k in range(3)}
    after: dict[int, int] = {}
    for u, v in edges:
        if (v, u) not in edges:
            if u in after:
                return None
            after[u] = v
    if not after:
        return None
    first = next(iter(after))
    loop, at = [first], after[first]
    while at != first:
        loop.append(at)
        if at not in after or len(loop) > len(after):
            return None
        at = after[at]
    return loop if len(loop) == len(after) else None


def _inner_edges(mesh: _Mesh, faces: list[int]) -> list[tuple[int, int]]:
    edges = {(t[k], t[(k + 1) % 3]) for t in mesh.tri[faces].tolist() for k in range(3)}
    return [(u, v) for u, v in edges if u < v and (v, u) in edges]


def _is_cap(mesh: _Mesh, loop: list[int], face: int) -> bool:
    at = mesh.positions[loop]
    into, out = at - np.roll(at, 1, axis=0), np.roll(at, -1, axis=0) - at
    turn = np.arctan2((np.cross(into, out) * mesh.normal[face]).sum(axis=1), (into * out).sum(axis=1))
    return bool((turn > CAP_TURN).all() and abs(turn.sum() - 2 * np.pi) < 0.1)
