"""Which vertex may come next in a polygon: the detailed rules of the geometry grammar.

Masks for a vertex's three coordinates (z, then y, then x) and for the short words NEXT and PREV. Existing vertices are
checked one by one, but only those in the current row (z, y); everything else is free, except the cells on the lines
where a triangle would have no area. A free cell always remains, so no prefix is a dead end.
"""

import functools
from collections.abc import Callable

import numpy as np

from . import words as w
from .mesh_books import MeshBooks

Mask = Callable[[np.ndarray], None]
# A polygon whose last vertex is p has the area vector C + p x d, where C and d depend on the others only: (C, d).
Area = tuple[int, int, int, int, int, int]


class PolygonRules:
    def __init__(self, books: MeshBooks, strict: bool) -> None:
        self.books, self.strict = books, strict

    def first_of_root(self, keys: list[int]) -> "VertexRule":
        return VertexRule(self, keys, list, lambda key: True)

    def second_of_root(self, keys: list[int]) -> "VertexRule":
        b = self.books

        def fits(key: int) -> bool:
            u, v = b.at.get(keys[0]), b.at.get(key)
            return u is None or v is None or not self._careful() or (b.edge_free(u, v) and not b.touches(u, v))

        return VertexRule(self, keys, list, fits)

    def _careful(self) -> bool:
        """Must every directed edge be used once?"""
        return self.strict or self.books.closed

    def complete(self, kind: int, outline: list[int], needs_area: bool | None = None) -> bool:
        """May this polygon (or the two triangles of a SPLIT) be added? Edges that are gates are known to be free."""
        b = self.books
        if len(set(outline)) < len(outline):
            return False
        needs_area = self.strict if needs_area is None else needs_area and self.strict
        if kind in (w.SPLIT_A, w.SPLIT_B):
            p, q, r, s = outline
            pieces = [[p, q, s], [q, r, s]] if kind == w.SPLIT_A else [[p, q, r], [p, r, s]]
            u, v = (q, s) if kind == w.SPLIT_A else (p, r)
            if (u, v) in b.edge_at or (v, u) in b.edge_at:
                return False
        else:
            pieces = [outline]
        for piece in pieces:
            keys = [b.keys[v] for v in piece]
            if self._known(keys, any_part=kind != w.LOOP) or (
                needs_area and not _has_area([b.cells[v] for v in piece])
            ):
                return False
        return True

    def _known(self, keys: list[int], any_part: bool = True) -> bool:
        """Is there a polygon on these vertices already? When strict, also one of another part."""
        return frozenset(keys) in (self.books.polygon_sets if self.strict and any_part else self.books.part_sets)

    def vertex(
        self, kind: int, outline: list[int], keys: list[int], remaining: int, ahead: int, gate: int, fresh_only: bool
    ) -> "VertexRule":
        """The rule for the next of `remaining` vertices after `outline`, whose keys are `keys`."""
        b = self.books
        careful = self._careful()
        first, last = outline[0], outline[-1]
        final = remaining == 1

        def areas() -> list[Area]:
            cells = b.cells
            if not self.strict:
                return []
            if kind in (w.TRI, w.SPLIT_B):
                return [_area(cells[first], cells[last])]
            if kind == w.SPLIT_A:
                middle = cells[outline[1]]
                return [_area(cells[first], middle), _area(middle, cells[last])] if final else []
            return [_area(*[cells[v] for v in outline])] if final else []

        def fits(key: int) -> bool:
            """May an existing vertex (of this part or, when strict, only a cell where another part has one) be next?"""
            v = b.at.get(key)
            if v is not None:
                if fresh_only:
                    return False
                if careful:
                    if not b.edge_free(last, v) or (final and not b.edge_free(v, first)):
                        return False
                    if kind == w.SPLIT_B and not final and b.touches(first, v):
                        return False
                    if kind == w.SPLIT_A and final and b.touches(outline[1], v):
                        return False
                elif kind == w.SPLIT_B and not final and b.touches(first, v):
                    return False
                elif kind == w.SPLIT_A and final and b.touches(outline[1], v):
                    return False
            elif not self.strict:
                return True
            if kind == w.SPLIT_B:
                return not self._known([keys[0], keys[-1], key])
            if kind == w.SPLIT_A and final:
                return not self._known([keys[0], keys[1], key]) and not self._known([keys[1], keys[2], key])
            return not final or kind == w.SPLIT_A or not self._known([*keys, key])

        def shortcuts() -> tuple[bool, bool]:
            following = ahead >= 0 and self._next_fits(kind, outline, b.start[ahead], final)
            back = b.backwards(gate, remaining)
            if back is None or back[0] == last:
                return following, False
            whole = outline + back
            joins = len(set(whole)) == len(whole) and (not careful or b.edge_free(last, back[0]))
            return following, joins and self.complete(kind, whole)

        return VertexRule(self, keys, areas, fits, shortcuts if gate >= 0 and not fresh_only else None)

    def _next_fits(self, kind: int, outline: list[int], v: int, final: bool) -> bool:
        b = self.books
        if v in outline:
            return False
        if final:
            return (not self._careful() or b.edge_free(v, outline[0])) and self.complete(kind, [*outline, v])
        if kind == w.SPLIT_B:
            if b.touches(outline[0], v) or self._known([b.keys[outline[0]], b.keys[outline[1]], b.keys[v]]):
                return False
            return not self.strict or _has_area([b.cells[outline[0]], b.cells[outline[1]], b.cells[v]])
        return True


class VertexRule:
    """Masks for one vertex. `keys` are those of the polygon so far: they can't come again. Costly masks are computed on
    demand, so that decoding known-good tokens costs nothing."""

    def __init__(
        self,
        rules: PolygonRules,
        keys: list[int],
        areas: Callable[[], list[Area]],
        fits: Callable[[int], bool],
        shortcuts: Callable[[], tuple[bool, bool]] | None = None,
    ) -> None:
        self.books, self.keys, self.make_areas, self.fits, self.shortcuts = rules.books, keys, areas, fits, shortcuts

    @functools.cached_property
    def areas(self) -> list[Area]:
        return self.make_areas()

    def first(self, out: np.ndarray) -> None:
        levels = self.books.levels
        out[: levels - 1] = True
        full = levels * (levels - 4)
        if len(self.books.cells) >= full:
            for z, count in enumerate(self.books.planes):
                if count >= full and not any(self._row_has_room(z, y) for y in range(1, levels)):
                    out[z] = False
        if self.shortcuts is not None:
            word = levels + w.NUMBERS
            out[word + w.NEXT], out[word + w.PREV] = self.shortcuts()

    def middle(self, z: int) -> Mask:
        def mask(out: np.ndarray) -> None:
            levels, rows = self.books.levels, self.books.rows
            out[1:levels] = True
            for cz, cy, cx, dz, dy, dx in self.areas:  # a line along x: its whole row has no area
                if dz == 0 and dy == 0 and cx == 0 and cy + z * dx == 0 and cz % dx == 0:
                    y = cz // dx
                    if 0 < y < levels:
                        out[y] = False
            if self.books.planes[z] >= levels - 4:
                for y in range(1, levels):
                    if len(rows.get(z * levels + y, ())) >= levels - 6 and not self._row_has_room(z, y):
                        out[y] = False

        return mask

    def last(self, z: int, y: int) -> Mask:
        def mask(out: np.ndarray) -> None:
            self._row(z, y, out)

        return mask

    def _row_has_room(self, z: int, y: int) -> bool:
        out = np.zeros(self.books.levels, bool)
        self._row(z, y, out)
        return bool(out.any())

    def _row(self, z: int, y: int, out: np.ndarray) -> None:
        levels = self.books.levels
        out[1:levels] = True
        base = (z * levels + y) * levels
        for cz, cy, cx, dz, dy, dx in self.areas:
            if cx + y * dz - z * dy:
                continue
            py, pz = cy + z * dx, cz - y * dx  # the vector's y and z are py - x dz and pz + x dy
            if dz:
                x, rest = divmod(py, dz)
                if rest == 0 and 0 <= x < levels and pz + x * dy == 0:
                    out[x] = False
            elif dy:
                x, rest = divmod(-pz, dy)
                if rest == 0 and 0 <= x < levels and py == 0:
                    out[x] = False
            elif py == 0 and pz == 0:
                out[:levels] = False
        fits = self.fits
        for key in self.books.rows.get(z * levels + y, ()):
            if not fits(key):
                out[key - base] = False
        for key in self.keys:
            if base <= key < base + levels:
                out[key - base] = False


def _cross(p: tuple[int, int, int], q: tuple[int, int, int]) -> tuple[int, int, int]:
    """p x q of (z, y, x) triples, again as (z, y, x)."""
    pz, py, px = p
    qz, qy, qx = q
    return px * qy - py * qx, pz * qx - px * qz, py * qz - pz * qy


def _area(*cells: tuple[int, int, int]) -> Area:
    """(C, d), each as z, y, x, of the polygon of these cells and one more, wanted, vertex."""
    cz = cy = cx = 0
    for p, q in zip(cells, cells[1:]):
        z, y, x = _cross(p, q)
        cz, cy, cx = cz + z, cy + y, cx + x
    first, last = cells[0], cells[-1]
    return cz, cy, cx, first[0] - last[0], first[1] - last[1], first[2] - last[2]


def _has_area(cells: list[tuple[int, int, int]]) -> bool:
    cz, cy, cx, dz, dy, dx = _area(*cells[:-1])
    z, y, x = _cross(cells[-1], (dz, dy, dx))
    return bool(cz + z or cy + y or cx + x)
