"""For models with every face written twice, once for each side: keeps one of them.

Some exporters do this so that nothing is see-through from behind; to a modeller it is a mesh in which every edge has
four faces. Knows polygons as arrays; nothing of materials or Blender.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np


def one_side(positions: np.ndarray, loop_start: np.ndarray, corner_vert: np.ndarray) -> np.ndarray:
    """(F,) bool: which faces to keep so that no two have the same vertices.

    Of two sides, the one with the winding of its neighbours is kept; a part that is doubled entirely keeps the side
    that points outwards. positions (V, 3), loop_start (F,), corner_vert (L,).
    """
    corners = np.asarray(corner_vert).tolist()
    starts = [*np.asarray(loop_start).tolist(), len(corners)]
    loops = [corners[s:e] for s, e in zip(starts, starts[1:])]
    sides: dict[frozenset[int], list[int]] = defaultdict(list)
    for face, loop in enumerate(loops):
        sides[frozenset(loop)].append(face)
    keep = np.ones(len(loops), bool)
    if len(sides) == len(loops):
        return keep
    keep[:] = False
    groups = list(sides.values())
    chosen: list[int | None] = [g[0] if len(g) == 1 else None for g in groups]
    at_edge: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, group in enumerate(groups):
        for u, v in _edges(loops[group[0]]):
            at_edge[min(u, v), max(u, v)].append(number)

    def spread(reached: list[int]) -> list[int]:
        """Choose sides for the neighbours, and theirs, so that shared edges run both ways; returns all faces
        reached."""
        for number in reached:
            face = chosen[number]
            assert face is not None
            for u, v in _edges(loops[face]):
                around = at_edge[min(u, v), max(u, v)]
                other = next((o for o in around if o != number), number)
                if len(around) != 2 or chosen[other] is not None:
                    continue
                fitting = [f for f in groups[other] if (v, u) in _edges(loops[f])]
                chosen[other] = (fitting or groups[other])[0]
                reached.append(other)
        return reached

    spread([n for n, face in enumerate(chosen) if face is not None])
    for number, group in enumerate(groups):
        if chosen[number] is not None:
            continue
        chosen[number] = group[0]
        piece = spread([number])
        if _volume(np.asarray(positions, float), [loops[chosen[n] or 0] for n in piece]) < 0:
            for n in piece:
                others = [f for f in groups[n] if f != chosen[n] and _is_reverse(loops[f], loops[chosen[n] or 0])]
                chosen[n] = others[0] if others else chosen[n]
    keep[[face for face in chosen if face is not None]] = True
    return keep


def _edges(loop: list[int]) -> list[tuple[int, int]]:
    return list(zip(loop, loop[1:] + loop[:1]))


def _is_reverse(loop: list[int], other: list[int]) -> bool:
    return (loop[1], loop[0]) in _edges(other)


def _volume(positions: np.ndarray, loops: list[list[int]]) -> float:
    """Six times the signed volume about the middle: positive if the faces point outwards."""
    middle = positions[sorted({v for loop in loops for v in loop})].mean(axis=0)
    total = 0.0
    for loop in loops:
        at = positions[loop] - middle
        total += float(np.einsum("ij,ij->", np.cross(at[1:-1], at[2:]), np.broadcast_to(at[0], (len(loop) - 2, 3))))
    return total
