"""What a library's things have in common, in words that an artist knows: shown, compared, aimed at.

print = fingerprint([(traits(thing), colors(thing)) for thing in things])
distance(print, other)          # 0: the same hand; about 1: two libraries that have little in common
print.to_dict(), Fingerprint.from_dict(...)
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .traits import TRAITS

# How much a trait's middle differs between libraries by different authors (standard deviation over 24 of them).
SPREAD: dict[str, float] = {
    "faces": 1.25, "faces per part": 1.1, "edge length": 0.9, "triangles": 0.12, "quads": 0.12, "ngons": 0.06,
    "segments": 0.5, "corners": 0.2, "bevels": 0.13, "bevel width": 0.9, "straight": 0.24, "chunky": 0.14,
    "symmetric": 0.2, "smooth": 0.4, "slots": 1.5, "size": 1.5, "saturation": 0.2, "lightness": 0.1,
    "roughness": 0.24, "metallic": 0.2, "origin": 0.2,
}  # fmt: skip
MOST = 2.0  # spreads: two libraries are not further apart than this in one trait
SHARES = ("triangles", "quads", "ngons", "symmetric", "smooth", "corners", "bevels")  # their mean says more than
# their median, which is mostly 0 or 1
PALETTE = 12  # colours
NEAR_COLOR = 0.1  # of colours that are one
PALETTE_SPREAD = 0.22  # how far palettes of different libraries are apart
PALETTE_WEIGHT = 2.0  # as much as so many traits


@dataclass
class Fingerprint:
    """`traits`: {name: (middle, low, high)} where low and high hold half of the things; `palette` (n, 4): sRGB and
    share of the surface; `count`: of things."""

    traits: dict[str, tuple[float, float, float]]
    palette: NDArray[Any]
    count: int = 0
    habits: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        return {
            "traits": {name: [round(v, 4) for v in values] for name, values in self.traits.items()},
            "palette": np.round(self.palette, 4).tolist(),
            "count": self.count,
            "habits": self.habits,
        }

    @staticmethod
    def from_dict(data: dict[str, Any]) -> "Fingerprint":
        """Of what `to_dict` gave; what is not a known trait or not finite is left out."""
        traits = {}
        for name, values in dict(data.get("traits") or {}).items():
            if name in TRAITS and len(values) == 3 and all(math.isfinite(float(v)) for v in values):
                traits[name] = (float(values[0]), float(values[1]), float(values[2]))
        palette = np.asarray(data.get("palette") or np.zeros((0, 4)), float).reshape(-1, 4)
        return Fingerprint(traits, np.nan_to_num(palette), int(data.get("count") or 0), dict(data.get("habits") or {}))

    def sentences(self) -> list[str]:
        """A line for each trait, in an artist's words."""
        return [
            f"{words}: {written(middle, how)} ({written(low, how)} to {written(high, how)})"
            for name, (words, how) in TRAITS.items()
            if name in self.traits
            for middle, low, high in [self.traits[name]]
        ]


def written(value: float, how: str) -> str:
    """A trait's value as an artist reads it."""
    if how == "power":
        return f"{2**value:.3g}"
    if how == "power%":
        return f"{100 * 2**value:.1f} %"
    return f"{100 * value:.0f} %" if how == "%" else f"{value:.2g}"


def fingerprint(things: Sequence[tuple[dict[str, float], NDArray[Any]]]) -> Fingerprint:
    """Of things given as (traits, colors)."""
    traits: dict[str, tuple[float, float, float]] = {}
    for name in TRAITS:
        values = np.array([each[name] for each, _ in things if name in each and math.isfinite(each[name])])
        if len(values):
            low, middle, high = np.percentile(values, (25, 50, 75))
            traits[name] = (float(values.mean() if name in SHARES else middle), float(low), float(high))
    tones = [tone for _, tone in things if len(tone)]
    return Fingerprint(traits, palette(np.concatenate(tones)) if tones else np.zeros((0, 4)), len(things))


def palette(tones: NDArray[Any]) -> NDArray[Any]:
    """(at most PALETTE, 4) of colours with shares: near ones joined, the most used first."""
    tones = tones[tones[:, 3] > 0]
    rest = tones[np.argsort(-tones[:, 3], kind="stable")]
    out: list[NDArray[Any]] = []
    while len(rest) and len(out) < 4 * PALETTE:
        near = np.linalg.norm(rest[:, :3] - rest[0, :3], axis=1) < NEAR_COLOR
        weight = rest[near, 3]
        out.append(np.append((rest[near, :3] * weight[:, None]).sum(0) / weight.sum(), weight.sum()))
        rest = rest[~near]
    out.sort(key=lambda row: -row[3])
    result = np.array(out[:PALETTE]).reshape(-1, 4)
    result[:, 3] /= max(float(result[:, 3].sum()), 1e-12)
    return result


def palettes_apart(a: NDArray[Any], b: NDArray[Any]) -> float:
    """How far colours must go, on average, to become the other palette's: nearest ones, both ways."""
    if not len(a) or not len(b):
        return 0.0
    apart = np.linalg.norm(a[:, None, :3] - b[None, :, :3], axis=2)
    return float((apart.min(1) * a[:, 3]).sum() + (apart.min(0) * b[:, 3]).sum()) / 2


def distance(a: Fingerprint, b: Fingerprint) -> float:
    """Root of the mean square over all traits that both show, each in its SPREAD, and the palettes."""
    squares = [
        min(MOST, abs(a.traits[name][0] - b.traits[name][0]) / SPREAD[name]) ** 2
        for name in TRAITS
        if name in a.traits and name in b.traits
    ]
    colors = min(MOST, palettes_apart(a.palette, b.palette) / PALETTE_SPREAD) ** 2
    return math.sqrt((sum(squares) + PALETTE_WEIGHT * colors) / (len(squares) + PALETTE_WEIGHT))


def differences(a: Fingerprint, b: Fingerprint) -> list[tuple[str, float]]:
    """(trait, how many SPREADs apart), the most different first."""
    apart = {
        name: (b.traits[name][0] - a.traits[name][0]) / SPREAD[name]
        for name in TRAITS
        if name in a.traits and name in b.traits
    }
    apart["palette"] = palettes_apart(a.palette, b.palette) / PALETTE_SPREAD
    return sorted(apart.items(), key=lambda item: -abs(item[1]))
