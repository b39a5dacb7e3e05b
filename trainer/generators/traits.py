"""Builds of four-legged animals, and the ears, horns and tails that tell them apart. Heads look to -y."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from .base import Maker
from .outlines import pairs, triples
from .parts import Part, box, extrude, lathe, prism, ring, slab, tube
from .rounds import ico


@dataclass
class Build:
    """How long it is, its width, height and legs as shares of that, each from and to."""

    long: tuple[float, float]
    wide: tuple[float, float]
    high: tuple[float, float]
    legs: tuple[float, float]
    necked: bool = False


SMALL = Build((0.45, 0.65), (0.28, 0.34), (0.3, 0.36), (0.26, 0.34))
GRAZER = Build((0.9, 1.4), (0.28, 0.34), (0.3, 0.36), (0.55, 0.65), necked=True)
HEAVY = Build((0.9, 1.4), (0.4, 0.5), (0.42, 0.5), (0.26, 0.34))
LOW = Build((0.9, 1.4), (0.4, 0.5), (0.42, 0.5), (0.2, 0.28))


# Ears as wide as the head is, whose foot is the origin; each is placed with its mirror image.
POINTED = extrude(pairs("-0.16,0 0.16,0 0,0.36"), 0.12).at(0.3, 0.1, 0.88)
ROUNDED = prism(0.17, 0.12, 8).turn("x", 90).at(0.36, 0.1, 0.88)
SIDEWAYS, HANGING = box(0.28, 0.12, 0.18).at(0.58, 0.1, 0.66), box(0.28, 0.12, 0.42).at(0.58, 0.1, 0.43)
UPRIGHT = lathe([(0.14, 0), (0, 0.42)], 4).at(0.26, 0.2, 0.85)
BROAD = slab(0.1, 0.9, 0.95, 0.04).turn("z", -20).at(0.62, 0.2)


@dataclass
class Beast:
    """Its coat; the head's size and where that begins; the trunk's length, width, height, and where a tail begins."""

    coat: int
    head: float
    y: float
    z: float
    length: float
    w: float
    h: float
    up: float

    def on_head(self, part: Part) -> Part:
        return part.scale(self.head, self.head, self.head).at(0, self.y, self.z)


Trait = Callable[[Maker, Beast], None]


def mane(m: Maker, b: Beast) -> None:
    part = prism(b.head * 0.85, b.head * 0.4, 10).turn("x", 90).at(0, b.y + b.head * 0.55, b.z + b.head * 0.45)
    m.add(m.slot("flesh", "brown", "orange", name="Mane"), part)


def horns(m: Maker, b: Beast) -> None:
    part = tube(triples("0.36,0,0.88 0.56,0,1 0.58,0,1.24"), [0.09, 0.07, 0.01], 5, tip=True)
    m.both(m.slot("bone"), b.on_head(part))


def antlers(m: Maker, b: Beast) -> None:
    first, second = (
        tube(triples("0.2,0,0.88 0.42,0,1.38 0.3,0,1.88"), 0.06, 5),
        tube(triples("0.4,0,1.38 0.7,0,1.68"), 0.05, 5),
    )
    m.both(m.slot("wood"), b.on_head(first), b.on_head(second))


def thin(m: Maker, b: Beast, end: float = -0.6) -> None:
    """A tail that ends so many heights of the trunk above where it begins."""
    path = triples("0,0.5,0 0,0.68,0 0,0.72,0", b.length)
    m.add(b.coat, tube([(x, y, b.up + b.h * z) for (x, y, _), z in zip(path, (0, 0.1, end))], b.w * 0.07, 5))


def thick(m: Maker, b: Beast, rise: float = -0.3, end: float = 0.18) -> None:
    """A tail that rises by so many heights and is so many widths of the trunk thick at its end."""
    path = [(0, b.length / 2 - 0.02, b.up - b.h * 0.1), (0, b.length * 0.75, b.up + b.h * rise)]
    m.add(b.coat, tube(path, [b.w * 0.14, b.w * end], 6))


raised, wagging = partial(thin, end=0.6), partial(thick, rise=0.35, end=0.08)


def curled(m: Maker, b: Beast) -> None:
    m.add(b.coat, ring(b.w * 0.09, b.w * 0.03, 6, 4).along("y").at(0, b.length / 2 + b.w * 0.03, b.up))


def stub(m: Maker, b: Beast) -> None:
    m.add(b.coat, ico(b.w * 0.13, 0).at(0, b.length / 2 + b.w * 0.02, b.up - b.w * 0.2))
