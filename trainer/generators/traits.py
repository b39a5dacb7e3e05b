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


@dataclass
class Beast:
    """Its coat; the head's size, where that stands and ends; the trunk's length, width, height; a tail's foot."""

    coat: int
    head: float
    y: float
    z: float
    top: float
    length: float
    w: float
    h: float
    up: float

    def pair(self, m: Maker, ear: Part, x: float, y: float, z: float) -> None:
        m.both(self.coat, ear.at(self.head * x, self.y + self.head * y, z))


Trait = Callable[[Maker, Beast], None]


def pointed(m: Maker, b: Beast) -> None:
    b.pair(m, extrude(pairs("-0.16,0 0.16,0 0,0.36", b.head), b.head * 0.12), 0.3, 0.1, b.top)


def rounded(m: Maker, b: Beast) -> None:
    b.pair(m, prism(b.head * 0.17, b.head * 0.12, 8).turn("x", 90), 0.36, 0.1, b.top)


def sideways(m: Maker, b: Beast, tall: float = 0.18, drop: float = 0.22) -> None:
    b.pair(m, box(b.head * 0.28, b.head * 0.12, b.head * tall), 0.58, 0.1, b.top - b.head * drop)


def upright(m: Maker, b: Beast) -> None:
    b.pair(m, lathe([(b.head * 0.14, 0), (0, b.head * 0.42)], 4), 0.26, 0.2, b.top - b.head * 0.03)


def broad(m: Maker, b: Beast) -> None:
    b.pair(m, slab(b.head * 0.1, b.head * 0.9, b.head * 0.95, b.head * 0.04).turn("z", -20), 0.62, 0.2, b.z)


def maned(m: Maker, b: Beast) -> None:
    rounded(m, b)
    part = prism(b.head * 0.85, b.head * 0.4, 10).turn("x", 90).at(0, b.y + b.head * 0.55, b.z + b.head * 0.45)
    m.add(m.slot("flesh", "brown", "orange", name="Mane"), part)


def horned(m: Maker, b: Beast) -> None:
    sideways(m, b)
    part = tube(triples("0.36,0,0 0.56,0,0.12 0.58,0,0.36", b.head), [b.head * 0.09, b.head * 0.07, 0.004], 5, tip=True)
    m.both(m.slot("bone"), part.at(0, b.y, b.top))


def antlered(m: Maker, b: Beast) -> None:
    upright(m, b)
    first, second = triples("0.2,0,0 0.42,0,0.5 0.3,0,1", b.head), triples("0.4,0,0.5 0.7,0,0.8", b.head)
    m.both(
        m.slot("wood"),
        tube(first, b.head * 0.06, 5).at(0, b.y, b.top),
        tube(second, b.head * 0.05, 5).at(0, b.y, b.top),
    )


def thin(m: Maker, b: Beast, end: float = -0.6) -> None:
    tail = triples("0,0.5,0 0,0.68,0 0,0.72,0", b.length)
    m.add(b.coat, tube([(x, y, b.up + b.h * z) for (x, y, _), z in zip(tail, (0, 0.1, end))], b.w * 0.07, 5))


def thick(m: Maker, b: Beast, rise: float = -0.3, end: float = 0.18) -> None:
    tail = [(0, b.length / 2 - 0.02, b.up - b.h * 0.1), (0, b.length * 0.75, b.up + b.h * rise)]
    m.add(b.coat, tube(tail, [b.w * 0.14, b.w * end], 6))


hanging = partial(sideways, tall=0.42, drop=0.45)
raised, wagging = partial(thin, end=0.6), partial(thick, rise=0.35, end=0.08)


def curled(m: Maker, b: Beast) -> None:
    m.add(b.coat, ring(b.w * 0.09, b.w * 0.03, 6, 4).along("y").at(0, b.length / 2 + b.w * 0.03, b.up))


def stub(m: Maker, b: Beast) -> None:
    m.add(b.coat, ico(b.w * 0.13, 0).at(0, b.length / 2 + b.w * 0.02, b.up - b.w * 0.2))
