"""Colours as numbers and as words: sRGB, linear, a perceptual space, and a short English name.

Works on plain arrays; knows nothing of Blender, materials or images.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

# A name and its sRGB colour (0-255). Several anchors may share a name.
_NAMED = (
    ("black", (10, 10, 10)),
    ("charcoal", (42, 42, 44)),
    ("dark grey", (78, 78, 80)),
    ("grey", (128, 128, 128)),
    ("light grey", (182, 182, 182)),
    ("silver", (208, 212, 216)),
    ("white", (246, 246, 246)),
    ("slate", (84, 98, 114)),
    ("blue grey", (128, 146, 164)),
    ("dark slate", (44, 52, 66)),
    ("warm grey", (146, 138, 128)),
    ("dark stone", (92, 86, 78)),
    ("cream", (248, 240, 214)),
    ("ivory", (250, 246, 232)),
    ("beige", (226, 206, 172)),
    ("sand", (214, 188, 134)),
    ("skin", (238, 190, 158)),
    ("tan", (196, 158, 112)),
    ("wood brown", (150, 102, 60)),
    ("light wood", (188, 138, 88)),
    ("brown", (112, 70, 40)),
    ("dark brown", (66, 42, 28)),
    ("red brown", (128, 58, 40)),
    ("rust", (172, 82, 44)),
    ("terracotta", (204, 108, 78)),
    ("brick", (168, 74, 62)),
    ("maroon", (92, 22, 30)),
    ("dark red", (140, 22, 24)),
    ("red", (212, 34, 34)),
    ("bright red", (255, 24, 20)),
    ("coral", (244, 122, 100)),
    ("salmon", (240, 154, 140)),
    ("orange", (240, 134, 28)),
    ("dark orange", (204, 98, 20)),
    ("peach", (250, 200, 160)),
    ("amber", (250, 178, 40)),
    ("gold", (212, 166, 56)),
    ("yellow", (250, 222, 44)),
    ("light yellow", (250, 240, 140)),
    ("mustard", (190, 150, 34)),
    ("olive", (116, 114, 40)),
    ("dark olive", (70, 72, 34)),
    ("lime", (170, 220, 50)),
    ("bright green", (50, 226, 60)),
    ("green", (52, 158, 62)),
    ("grass green", (108, 172, 64)),
    ("leaf green", (74, 130, 52)),
    ("dark green", (24, 84, 38)),
    ("pine green", (28, 62, 46)),
    ("light green", (160, 220, 140)),
    ("sage", (150, 172, 138)),
    ("mint", (150, 230, 190)),
    ("teal", (24, 128, 124)),
    ("dark teal", (18, 72, 76)),
    ("turquoise", (54, 200, 190)),
    ("cyan", (60, 220, 240)),
    ("light blue", (150, 200, 240)),
    ("sky blue", (96, 172, 238)),
    ("ice blue", (206, 232, 246)),
    ("steel blue", (74, 120, 166)),
    ("blue", (36, 92, 206)),
    ("bright blue", (20, 40, 250)),
    ("dark blue", (22, 40, 112)),
    ("navy", (16, 24, 60)),
    ("indigo", (62, 40, 140)),
    ("violet", (130, 70, 200)),
    ("purple", (126, 44, 140)),
    ("dark purple", (62, 24, 76)),
    ("lavender", (190, 170, 230)),
    ("mauve", (150, 108, 140)),
    ("magenta", (222, 40, 190)),
    ("pink", (244, 140, 180)),
    ("light pink", (250, 200, 214)),
    ("hot pink", (240, 50, 130)),
    ("crimson", (180, 20, 62)),
)


def srgb_to_linear(values: NDArray[Any]) -> NDArray[Any]:
    """Display values 0..1 of any shape to linear light; float32."""
    v = np.asarray(values, np.float32)
    return np.where(v <= 0.04045, v / 12.92, ((np.maximum(v, 0) + 0.055) / 1.055) ** 2.4).astype(np.float32)


def linear_to_srgb(values: NDArray[Any]) -> NDArray[Any]:
    """Linear light to display values 0..1 of any shape; float32."""
    v = np.asarray(values, np.float32)
    return np.where(v <= 0.0031308, v * 12.92, 1.055 * np.maximum(v, 0) ** (1 / 2.4) - 0.055).astype(np.float32)


def oklab(linear_rgb: NDArray[Any]) -> NDArray[Any]:
    """Linear RGB (..., 3) to Oklab (..., 3): equal distances look equally different; about 0.02 is just visible."""
    rgb = np.clip(np.asarray(linear_rgb, np.float32), 0, None)
    to_cones = np.array(
        [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ],
        np.float32,
    )
    to_lab = np.array(
        [
            [0.2104542553, 0.7936177850, -0.0040720468],
            [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ],
        np.float32,
    )
    lab: NDArray[Any] = np.cbrt(rgb @ to_cones.T) @ to_lab.T
    return lab


_NAMES = tuple(name for name, _ in _NAMED)
_ANCHORS = oklab(srgb_to_linear(np.array([rgb for _, rgb in _NAMED], np.float32) / 255))


def colour_name(linear_rgb: Sequence[float] | NDArray[Any]) -> str:
    """The everyday name of a linear RGB colour, e.g. "dark red", "wood brown"."""
    lab = oklab(np.asarray(linear_rgb, np.float32)[:3])
    return _NAMES[int(np.argmin(((_ANCHORS - lab) ** 2).sum(-1)))]
