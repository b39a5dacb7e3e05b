"""A training curve as a small picture: numpy in, an icon out. Knows numbers and pixels, not where they come from."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

SIZE = 256
BACK = np.array([0.11, 0.11, 0.11, 1.0], np.float32)
GRID = np.array([0.20, 0.20, 0.20, 1.0], np.float32)
COLOURS = (np.array([0.55, 0.55, 0.55, 1.0], np.float32), np.array([0.95, 0.55, 0.25, 1.0], np.float32))


def draw(curves: list[list[tuple[float, float]]]) -> NDArray[Any]:
    """Curves of (x, y) points as RGBA pixels (SIZE, SIZE, 4) float32, lowest row first; later curves on top."""
    image = np.tile(BACK, (SIZE, SIZE, 1))
    image[:: SIZE // 4] = GRID
    image[:, :: SIZE // 4] = GRID
    points = np.array([p for curve in curves for p in curve if np.isfinite(p).all()], np.float64)
    if len(points) < 2:
        return image
    low = points.min(axis=0)
    # Loss falls steeply at first: values above the 98th percentile are cut off.
    high = np.array([points[:, 0].max(), np.percentile(points[:, 1], 98)])
    span = np.maximum(high - low, 1e-9)
    for curve, colour in zip(curves, COLOURS):
        line = np.array([p for p in curve if np.isfinite(p).all()], np.float64)
        if len(line) < 2:
            continue
        places = (line - low) / span * (SIZE - 17) + 8
        columns = np.arange(int(places[0, 0]), int(places[-1, 0]) + 1)
        heights = np.interp(columns, places[:, 0], places[:, 1])
        _stroke(image, columns, heights, colour)
    return image


def _stroke(image: NDArray[Any], columns: NDArray[Any], heights: NDArray[Any], colour: NDArray[Any]) -> None:
    """A line three pixels thick, without gaps where it is steep."""
    following = np.append(heights[1:], heights[-1:])
    for column, first, second in zip(columns, heights, following):
        low, high = sorted((first, second))
        bottom, top = int(max(0, low - 1)), int(min(SIZE, high + 2))
        if 0 <= column < SIZE and bottom < top:
            image[bottom:top, max(0, column - 1) : column + 2] = colour


class Icons:
    """The pictures as icons for panels; a picture is redrawn only when its numbers have changed."""

    def __init__(self) -> None:
        self._previews: Any = None
        self._drawn: dict[str, Any] = {}

    def icon(self, name: str, stamp: Any, curves: list[list[tuple[float, float]]]) -> int:
        import bpy.utils.previews

        if self._previews is None:
            self._previews = bpy.utils.previews.new()
        preview = self._previews.get(name)
        if preview is None:
            preview = self._previews.new(name)
        if self._drawn.get(name) != stamp:
            self._drawn[name] = stamp
            pixels = draw(curves).ravel()
            preview.image_size = (SIZE, SIZE)
            preview.image_pixels_float.foreach_set(pixels)
            preview.icon_size = (SIZE, SIZE)
            preview.icon_pixels_float.foreach_set(pixels)
        return int(preview.icon_id)

    def picture(self, path: str, stamp: Any) -> int:
        """A picture file as an icon."""
        import bpy.utils.previews

        if self._previews is None:
            self._previews = bpy.utils.previews.new()
        name = f"{path} {stamp}"
        if name not in self._previews:
            self._previews.load(name, path, "IMAGE")
        return int(self._previews[name].icon_id)

    def close(self) -> None:
        if self._previews is not None:
            import bpy.utils.previews

            bpy.utils.previews.remove(self._previews)
        self._previews = None
        self._drawn.clear()


icons = Icons()


def attach() -> None:
    """Nothing to prepare; the pictures are made when a panel is drawn."""


def detach() -> None:
    icons.close()
