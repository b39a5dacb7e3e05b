"""Polygons to triangles that lie inside them: fans for convex polygons, ear clipping for concave ones."""

import numpy as np

LARGEST = 128


def triangles(positions: np.ndarray, starts: np.ndarray, corners: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(T, 3) vertex indices and (T,) polygon of each. Convex polygons become fans, concave ones are ear-clipped, unless
    they have more than LARGEST corners, which would take long."""
    ends = np.append(starts[1:], len(corners))
    sides = ends - starts
    tris, owner = [], []
    for n in np.unique(sides):
        if n < 3:
            continue
        faces = np.flatnonzero(sides == n)
        loops = corners[starts[faces][:, None] + np.arange(n)]
        if 4 < n <= LARGEST:
            hollow = _hollow(positions[loops])
            for f, loop in zip(faces[hollow], loops[hollow]):
                cut = _ears(positions[loop])
                tris.append(loop[cut])
                owner.append(np.full(len(cut), f))
            faces, loops = faces[~hollow], loops[~hollow]
        for k in range(1, n - 1):
            tris.append(loops[:, [0, k, k + 1]])
            owner.append(faces)
    if not tris:
        return np.zeros((0, 3), np.int64), np.zeros(0, np.int64)
    return np.concatenate(tris), np.concatenate(owner)


def _normals(points: np.ndarray) -> np.ndarray:
    """Newell normals (F, 3) of polygons (F, n, 3), not of unit length."""
    result: np.ndarray = np.cross(points, np.roll(points, -1, axis=1)).sum(1)
    return result


def _hollow(points: np.ndarray) -> np.ndarray:
    before, after = np.roll(points, 1, axis=1), np.roll(points, -1, axis=1)
    turn = np.cross(points - before, after - points)
    normal = _normals(points)[:, None]
    result: np.ndarray = (np.einsum("fnk,fnk->fn", turn, np.broadcast_to(normal, turn.shape)) < -1e-12).any(1)
    return result


def _ears(points: np.ndarray) -> np.ndarray:
    normal = _normals(points[None])[0]
    drop = int(np.abs(normal).argmax())
    flat = np.delete(points, drop, axis=1) * (1 if (normal[drop] > 0) != (drop == 1) else -1) ** np.array([0, 1])
    ring, out = list(range(len(points))), []

    def area(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
        (ax, ay), (bx, by), (cx, cy) = a.T, b.T, c.T
        result: np.ndarray = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        return result

    while len(ring) > 3:
        now = np.array(ring)
        a, b, c = flat[np.roll(now, 1)], flat[now], flat[np.roll(now, -1)]
        for i in np.flatnonzero(area(a, b, c) > 0).tolist():
            p = flat[np.delete(now, [i - 1, i, (i + 1) % len(ring)])]
            inside = (area(a[i], b[i], p) >= 0) & (area(b[i], c[i], p) >= 0) & (area(c[i], a[i], p) >= 0)
            if not inside.any():
                break
        else:
            i = 0  # self-intersecting: any cut is as good as another
        out.append((ring[i - 1], ring[i], ring[(i + 1) % len(ring)]))
        del ring[i]
    return np.array([*out, tuple(ring)])
