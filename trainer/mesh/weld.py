"""Cleans meshes from files: one vertex per location, no duplicate faces.

Functions over flat arrays: positions (V, 3), starts (F,) first corner of each face, corners (L,) vertex of each.
Knows nothing of materials, records or Blender.
"""

import numpy as np


def sides_of(starts: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """(F,) how many corners each face has."""
    return np.diff(np.append(starts, len(corners)))


def reversed_faces(starts: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """(L,) the corners with every face wound the other way round: a mirrored object's faces would point inwards."""
    sides = sides_of(starts, corners)
    within = np.arange(len(corners)) - np.repeat(starts, sides)
    out = corners.copy()
    out[np.repeat(starts + sides - 1, sides) - within] = corners
    return out


def weld(positions: np.ndarray, corners: np.ndarray, distance: float) -> tuple[np.ndarray, np.ndarray]:
    """(positions, corners): vertices in one cell of side `distance` are merged, unused ones removed."""
    used, corners = np.unique(corners, return_inverse=True)
    positions = positions[used]
    cell = np.round(positions / max(distance, 1e-12)).astype(np.int64)
    _, first, inverse = np.unique(cell, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first)  # keep the order of the file
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return positions[first[order]], rank[inverse.reshape(-1)][corners.reshape(-1)]


def clean(
    starts: np.ndarray, corners: np.ndarray, index: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(starts, corners, old rows (L',), index) without repeated corners, faces of under three corners, faces that
    touch themselves and faces that are written twice. `index` is one number per face."""
    ends = np.append(starts[1:], len(corners))
    polygons, kept, sources, seen = [], [], [], set()
    verts_of = corners.tolist()
    for face, (s, e) in enumerate(zip(starts.tolist(), ends.tolist())):
        rows = [i for i in range(s, e) if verts_of[i] != verts_of[i + 1 if i + 1 < e else s]]
        verts = [verts_of[i] for i in rows]
        if len(verts) < 3 or len(set(verts)) < len(verts):
            continue
        low = verts.index(min(verts))
        turned = tuple(verts[low:] + verts[:low])
        if turned in seen:
            continue
        seen.add(turned)
        polygons.append(verts)
        sources.extend(rows)
        kept.append(face)
    sides = np.array([len(p) for p in polygons], np.int64)
    new_corners = np.array([v for p in polygons for v in p], np.int64)
    return np.cumsum(sides) - sides, new_corners, np.array(sources, np.int64), index[np.array(kept, np.int64)]


def take(
    keep: np.ndarray, starts: np.ndarray, corners: np.ndarray, sources: np.ndarray, index: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(starts, corners, old rows, index) of only the faces that `keep` (F,) says."""
    sides = sides_of(starts, corners)
    rows = np.repeat(keep, sides)
    return np.cumsum(sides[keep]) - sides[keep], corners[rows], sources[rows], index[keep]
