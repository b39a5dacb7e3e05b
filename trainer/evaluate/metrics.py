"""Numbers that say how close generated assets are to real ones. Knows point clouds and meshes, no models, no files.

Set metrics follow PointFlow's definitions on surface samples: coverage, minimum matching distance, 1-nearest-neighbour
accuracy and the Jensen-Shannon divergence of occupied space, all with the Chamfer distance of 2,048 points.
Surface sampling and watertightness come from trimesh, intervals and neighbours from scipy.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.stats import beta

from ...records import Record
from ..mesh import faces
from ..mesh.triangulate import triangles

POINTS = 2048
GRID = 28  # PointFlow's resolution of occupied space


def surface(record: Record, seed: int = 0, points: int = POINTS) -> NDArray[Any]:
    """(points, 3) float32 on the surface, centred and scaled so that the longest side of the box is 2."""
    import trimesh

    vertices = np.asarray(record.arrays["mesh/position"], np.float64)
    faces, _ = triangles(vertices, record.arrays["mesh/loop_start"], record.arrays["mesh/corner_vert"])
    mesh = trimesh.Trimesh(vertices, faces, process=False, validate=False)
    if mesh.area <= 0:
        sample = np.repeat(vertices[:1] if len(vertices) else np.zeros((1, 3)), points, axis=0)
    else:
        sample, _ = trimesh.sample.sample_surface(mesh, points, seed=seed)
    low, high = vertices.min(0, initial=np.inf), vertices.max(0, initial=-np.inf)
    if not len(vertices):
        low, high = np.zeros(3), np.zeros(3)
    longest = max(float((high - low).max()), 1e-9)
    return np.asarray((sample - (low + high) / 2) * (2 / longest), np.float32)


class Clouds:
    """Point clouds with their search trees, so that many distances share the trees."""

    def __init__(self, clouds: Sequence[NDArray[Any]]) -> None:
        self.clouds = list(clouds)
        self.trees = [cKDTree(cloud) for cloud in self.clouds]

    def __len__(self) -> int:
        return len(self.clouds)

    def some(self, chosen: Sequence[int]) -> "Clouds":
        out = Clouds([])
        out.clouds, out.trees = [self.clouds[i] for i in chosen], [self.trees[i] for i in chosen]
        return out


def chamfer(a: Clouds, b: Clouds) -> NDArray[Any]:
    """(len(a), len(b)) Chamfer distances: mean squared distance to the nearest point, both ways, added."""
    same = a is b
    out = np.zeros((len(a), len(b)))
    for i in range(len(a)):
        for j in range(i + 1 if same else 0, len(b)):
            there, _ = b.trees[j].query(a.clouds[i])
            back, _ = a.trees[i].query(b.clouds[j])
            out[i, j] = (there**2).mean() + (back**2).mean()
            if same:
                out[j, i] = out[i, j]
    return out


def coverage(between: NDArray[Any]) -> float:
    """Share of real assets (columns) that are the nearest one of some sample (rows)."""
    return float(len(set(between.argmin(axis=1).tolist())) / between.shape[1])


def minimum_matching_distance(between: NDArray[Any]) -> float:
    """Mean distance from each real asset to its nearest sample."""
    return float(between.min(axis=0).mean())


def one_nna(samples: NDArray[Any], between: NDArray[Any], real: NDArray[Any]) -> float:
    """Share of assets whose nearest other asset is of their own set; 0.5 where the two sets cannot be told apart."""
    distances = np.block([[samples, between], [between.T, real]]).copy()
    np.fill_diagonal(distances, np.inf)
    is_sample = np.arange(len(distances)) < len(samples)
    return float((is_sample[distances.argmin(axis=1)] == is_sample).mean())


def occupied(clouds: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """(GRID³,) share of all points in each cell of the box from -1 to 1."""
    points = np.concatenate(clouds)
    cell = np.clip(((points + 1) * (GRID / 2)).astype(int), 0, GRID - 1)
    count = np.bincount((cell[:, 0] * GRID + cell[:, 1]) * GRID + cell[:, 2], minlength=GRID**3)
    return np.asarray(count / count.sum())


def jensen_shannon(p: NDArray[Any], q: NDArray[Any]) -> float:
    """In bits: 0 for equal distributions, 1 for disjoint ones."""
    middle = (p + q) / 2

    def divergence(a: NDArray[Any]) -> float:
        there = a > 0
        return float((a[there] * np.log2(a[there] / middle[there])).sum())

    return (divergence(p) + divergence(q)) / 2


def interval(successes: int, trials: int, share: float = 0.8) -> tuple[float, float]:
    """The central `share` of a rate's posterior under a flat prior: a Beta interval."""
    edge = (1 - share) / 2
    low, high = beta.ppf([edge, 1 - edge], successes + 1, trials - successes + 1)
    return float(low), float(high)


@dataclass(frozen=True)
class Build:
    """Build quality of a mesh: what a modeller checks before keeping it."""

    polygons: int
    quads: float  # share of polygons with four corners
    open_edges: float  # share of edges with one polygon
    crowded_edges: float  # share of edges with three or more
    repeated: int  # polygons with the corners (by place) of another one
    flat: float  # share of polygons without area
    parts: int

    @property
    def broken(self) -> bool:
        return self.repeated > 0 or self.crowded_edges > 0.02 or self.flat > 0.05


def build(record: Record) -> Build:
    positions = np.asarray(record.arrays["mesh/position"], np.float64)
    starts, corners = record.arrays["mesh/loop_start"], record.arrays["mesh/corner_vert"]
    count = len(starts)
    if not count:
        return Build(0, 0.0, 0.0, 0.0, 0, 0.0, 0)
    ends = np.append(starts[1:], len(corners))
    sides = ends - starts
    edges = faces.edges(starts, corners)
    _, users = np.unique(edges, axis=0, return_counts=True)
    _, place = np.unique(np.round(positions, 6), axis=0, return_inverse=True)
    place = place.reshape(-1)
    seen: set[tuple[int, ...]] = set()
    repeated = 0
    for start, end in zip(starts.tolist(), ends.tolist()):
        key = tuple(sorted(place[corners[start:end]].tolist()))
        repeated += key in seen
        seen.add(key)
    twice_area = 2 * np.linalg.norm(faces.face_normals(positions, starts, corners), axis=1)
    scale = max(float(np.ptp(positions, axis=0).max()), 1e-12)
    flat = twice_area < 1e-7 * scale * scale
    return Build(
        polygons=count,
        quads=float((sides == 4).mean()),
        open_edges=float((users == 1).mean()),
        crowded_edges=float((users > 2).mean()),
        repeated=repeated,
        flat=float(flat.mean()),
        parts=parts(len(positions), edges),
    )


def parts(vertices: int, edges: NDArray[Any]) -> int:
    """How many connected pieces the used vertices form."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    used = np.unique(edges)
    graph = coo_matrix((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(vertices, vertices))
    _, label = connected_components(graph, directed=False)
    return len(np.unique(label[used]))
