"""Faces in the viewport before they are a mesh: drawn over the scene, not in it.

Because nothing is made in bpy.data until the result is complete, cancelling needs no cleanup, undo is not disturbed,
and a crash of the worker leaves the scene as it was. Knows polygons by their corners and nothing else.

Each polygon is shaded once, when it arrives. Batches of `CHUNK` polygons are sent to the GPU once; only the last,
growing one is rebuilt when it is drawn.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

CHUNK = 256
LIGHT = (0.35, -0.55, 0.76)
CLAY = np.array([0.86, 0.55, 0.33], np.float32)  # a clay color, so that nobody mistakes it for the finished mesh
EDGE = (0.10, 0.06, 0.04, 1.0)


Shaded = tuple[NDArray[Any], NDArray[Any], NDArray[Any]]  # triangle corners (3T, 3), colours (3T, 4), edge ends (2E, 3)


def shaded(polygon: NDArray[Any]) -> Shaded:
    """A polygon (C, 3) as float32 triangles with their colours, and its outline."""
    rest = polygon[1:]
    count = len(rest) - 1
    following = np.concatenate([rest, polygon[:1]])
    x, y, z = polygon.T
    u, v, w = following.T
    normal = (y @ w - z @ v, z @ u - x @ w, x @ v - y @ u)  # Newell's method: correct for concave polygons too
    length = math.sqrt(normal[0] ** 2 + normal[1] ** 2 + normal[2] ** 2)
    light = abs(normal[0] * LIGHT[0] + normal[1] * LIGHT[1] + normal[2] * LIGHT[2]) / length if length > 0 else 0.5
    triangles = np.empty((count, 3, 3), np.float32)
    triangles[:, 0] = polygon[0]
    triangles[:, 1] = rest[:-1]
    triangles[:, 2] = rest[1:]
    colours = np.ones((3 * count, 4), np.float32)
    colours[:, :3] = CLAY * (0.35 + 0.65 * light)
    edges = np.empty((len(polygon), 2, 3), np.float32)
    edges[:, 0], edges[:, 1] = polygon, following
    return triangles.reshape(-1, 3), colours, edges.reshape(-1, 3)


class Variant:
    """The growing preview of one variant."""

    def __init__(self) -> None:
        self.low = np.full(3, np.inf)
        self.high = np.full(3, -np.inf)
        self._shaded: list[Shaded] = []
        self._batches: list[tuple[Any, Any]] = []  # finished chunks
        self._last: tuple[Any, Any] | None = None

    def add(self, corners: list[list[list[float]]]) -> None:
        for polygon in corners:
            points = np.asarray(polygon, np.float32)
            if len(points) < 3:
                continue
            self.low = np.minimum(self.low, points.min(axis=0))
            self.high = np.maximum(self.high, points.max(axis=0))
            self._shaded.append(shaded(points))
        self._last = None

    def take_back(self, polygons: int) -> None:
        """Drop the last `polygons` of them; the worker sends others in their place."""
        del self._shaded[max(0, self.count - polygons) :]
        del self._batches[self.count // CHUNK :]
        self._last = None

    @property
    def count(self) -> int:
        return len(self._shaded)

    @property
    def extent(self) -> float:
        return float((self.high - self.low).max()) if self.count else 0.0

    def batches(self) -> list[tuple[Any, Any]]:
        """(triangles, edges) batches for the GPU; call while drawing only."""
        while (at := len(self._batches) * CHUNK) + CHUNK <= self.count:
            self._batches.append(_batch(self._shaded[at : at + CHUNK]))
            self._last = None
        if at < self.count and self._last is None:
            self._last = _batch(self._shaded[at:])
        return self._batches + ([self._last] if self._last else [])


def _batch(polygons: list[Shaded]) -> tuple[Any, Any]:
    import gpu
    from gpu_extras.batch import batch_for_shader

    corners, colours, edges = (np.concatenate(parts) for parts in zip(*polygons))
    faces = batch_for_shader(gpu.shader.from_builtin("SMOOTH_COLOR"), "TRIS", {"pos": corners, "color": colours})
    lines = batch_for_shader(gpu.shader.from_builtin("UNIFORM_COLOR"), "LINES", {"pos": edges})
    return faces, lines


class Preview:
    """All variants of one generation, in a row. Lives as long as its draw handler."""

    def __init__(self, place: Any) -> None:
        """`place` is a 4x4 matrix (mathutils); its origin is where the meshes stand."""
        self.place = place
        self.variants: dict[int, Variant] = {}
        self._handler: Any = None

    def show(self) -> None:
        import bpy

        if not bpy.app.background and self._handler is None:
            self._handler = bpy.types.SpaceView3D.draw_handler_add(self._draw, (), "WINDOW", "POST_VIEW")

    def hide(self) -> None:
        import bpy

        if self._handler is not None:
            bpy.types.SpaceView3D.draw_handler_remove(self._handler, "WINDOW")
            self._handler = None

    def add(self, variant: int, corners: list[list[list[float]]]) -> None:
        self.variants.setdefault(variant, Variant()).add(corners)

    def take_back(self, variant: int, polygons: int) -> None:
        if variant in self.variants:
            self.variants[variant].take_back(polygons)

    @property
    def step(self) -> float:
        """Distance between neighbours in the row."""
        return 1.3 * max((v.extent for v in self.variants.values()), default=0.0)

    def _draw(self) -> None:
        import gpu
        from mathutils import Matrix, Vector

        faces_shader = gpu.shader.from_builtin("SMOOTH_COLOR")
        lines_shader = gpu.shader.from_builtin("UNIFORM_COLOR")
        gpu.state.depth_test_set("LESS_EQUAL")
        gpu.state.depth_mask_set(True)
        step = self.step
        for index, variant in sorted(self.variants.items()):
            if not variant.count:
                continue
            offset = Vector((index * step, 0.0, 0.0))
            with gpu.matrix.push_pop():
                gpu.matrix.multiply_matrix(self.place @ Matrix.Translation(offset))
                for faces, lines in variant.batches():
                    faces.draw(faces_shader)
                    lines_shader.uniform_float("color", EDGE)
                    lines.draw(lines_shader)
        gpu.state.depth_test_set("NONE")
        gpu.state.depth_mask_set(False)
