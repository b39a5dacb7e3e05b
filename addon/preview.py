"""Faces in the viewport before they are a mesh: drawn over the scene, not in it.

Because nothing is made in bpy.data until the result is whole, cancelling needs no cleaning up, undo has nothing to
trip over, and a crash of the worker leaves the scene as it was. Knows polygons by their corners and nothing else.

Batches of `CHUNK` polygons are sent to the GPU once; only the last, growing one is made anew.
"""

from typing import Any

import numpy as np

CHUNK = 256
LIGHT = np.array([0.35, -0.55, 0.76], np.float32)
CLAY = np.array([0.86, 0.55, 0.33], np.float32)  # fired clay, so that nobody takes it for the finished thing
EDGE = (0.10, 0.06, 0.04, 1.0)


def shaded_triangles(polygons: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Polygons (C, 3) each -> triangle corners (3T, 3), their colours (3T, 4) and edge ends (2E, 3), float32."""
    corners, colours, edges = [], [], []
    for polygon in polygons:
        first, rest = polygon[0], polygon[1:]
        count = len(rest) - 1
        following = np.roll(polygon, -1, axis=0)
        normal = np.cross(polygon, following).sum(axis=0)  # Newell's: right for concave ones too
        length = float(np.linalg.norm(normal))
        light = abs(float(normal @ LIGHT)) / length if length > 0 else 0.5
        triangles = np.empty((count, 3, 3), np.float32)
        triangles[:, 0] = first
        triangles[:, 1] = rest[:-1]
        triangles[:, 2] = rest[1:]
        colour = np.append(CLAY * (0.35 + 0.65 * light), 1.0).astype(np.float32)
        corners.append(triangles.reshape(-1, 3))
        colours.append(np.repeat(colour[None], 3 * count, axis=0))
        edges.append(np.stack([polygon, following], axis=1).reshape(-1, 3))
    if not corners:
        empty = np.zeros((0, 3), np.float32)
        return empty, np.zeros((0, 4), np.float32), empty
    return np.concatenate(corners), np.concatenate(colours), np.concatenate(edges)


class Variant:
    """The growing preview of one variant."""

    def __init__(self) -> None:
        self.low = np.full(3, np.inf)
        self.high = np.full(3, -np.inf)
        self.count = 0
        self._growing: list[np.ndarray] = []
        self._batches: list[tuple[Any, Any]] = []  # finished chunks
        self._last: tuple[Any, Any] | None = None

    def add(self, corners: list[list[list[float]]]) -> None:
        for polygon in corners:
            points = np.asarray(polygon, np.float32)
            if len(points) < 3:
                continue
            self.low = np.minimum(self.low, points.min(axis=0))
            self.high = np.maximum(self.high, points.max(axis=0))
            self._growing.append(points)
            self.count += 1
        self._last = None

    @property
    def extent(self) -> float:
        return float((self.high - self.low).max()) if self.count else 0.0

    def batches(self) -> list[tuple[Any, Any]]:
        """(triangles, edges) batches for the GPU; call while drawing only."""
        while len(self._growing) >= CHUNK:
            self._batches.append(_batch(self._growing[:CHUNK]))
            del self._growing[:CHUNK]
            self._last = None
        if self._growing and self._last is None:
            self._last = _batch(self._growing)
        return self._batches + ([self._last] if self._last else [])


def _batch(polygons: list[np.ndarray]) -> tuple[Any, Any]:
    import gpu
    from gpu_extras.batch import batch_for_shader

    corners, colours, edges = shaded_triangles(polygons)
    faces = batch_for_shader(gpu.shader.from_builtin("SMOOTH_COLOR"), "TRIS", {"pos": corners, "color": colours})
    lines = batch_for_shader(gpu.shader.from_builtin("UNIFORM_COLOR"), "LINES", {"pos": edges})
    return faces, lines


class Preview:
    """All variants of one generation, in a row at a place. Lives as long as its draw handler."""

    def __init__(self, place: Any) -> None:
        """`place` is a 4x4 matrix (mathutils); what grows stands on its origin."""
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
