"""Land and what is left on it: volcanoes, islands, ruins."""

import math

import numpy as np

from .base import Maker, called, kind
from .parts import Array, Part, box, lathe, loft, prism, profile, tube
from .rounds import ico


@kind("volcano", "volcano:1")
def volcano(m: Maker) -> None:
    rock = m.slot("stone", "dark", "brown", "grey", main=True)
    low = m.slot(m.pick("stone", "soil")) if m.chance(0.5) else m.slot("leaf", "green", "dark green")
    lava, n, r = m.slot("glow", "flame"), m.pick(8, 10, 12), m.u(5.0, 7.0)
    h, rim, waist = r * m.u(0.8, 1.15), m.u(0.24, 0.34), m.u(0.56, 0.66)
    flank = [(1.0, 0.0), (waist + 0.14, 0.2), (waist * 0.8, 0.5), (rim + 0.03, 0.92), (rim - 0.02, 1.0)]
    points = [(r * a, h * b) for a, b in flank]
    inside = [(r * (rim - 0.07), h * 0.98), (r * (rim - 0.12), h * 0.88)]
    m.banded([*points, *inside], n, [low, rock, rock, rock, rock, lava])
    m.add(lava, prism(r * (rim - 0.08), h * 0.06, n, 0.9).at(z=h * 0.87))
    step, streams = 360 / n, m.pick((0, 2, -3), (0, 3, -2), (0, 2, 5), (1, -2, 4))
    for k, place in enumerate(streams[: m.n(2, 3)]):
        _stream(m, lava, points, n, 3 if k else 4, r * m.u(0.075, 0.1), place * step)
    if m.chance(0.35, "with smoke"):
        smoke = m.slot("snow", name="Smoke")
        for x, z, s in ((0.0, 0.85, 0.19), (0.1, 1.08, 0.23), (-0.07, 1.28, 0.28)):
            m.add(smoke, ico(r * s, 0).at(r * x, 0, h * z))


def _stream(
    m: Maker, lava: int, points: list[tuple[float, float]], sides: int, rows: int, half: float, turn: float
) -> None:
    """A strip of lava down the flank, from the rim along the middle of one of its flat sides."""
    flat, chosen, t = math.cos(math.pi / sides), points[::-1][:rows], half * 0.7
    last, end = chosen[-2], chosen[-1]
    chosen[-1] = ((last[0] + end[0]) / 2, (last[1] + end[1]) / 2)
    outer = [(-a * flat - t * 0.6, b + t * 0.5) for a, b in chosen]
    inner = [(-a * flat + t, b - t) for a, b in chosen]
    m.add(lava, profile([*outer, *inner[::-1]], half * 2, 0.8).turn("z", turn))


def frond(length: float, width: float, lift: float, droop: float) -> Part:
    """A folded solid leaf along +y: narrow at the stalk, widest before its middle, ending in a point."""
    fold, rings = width * 0.28, np.empty((2, 3, 3))
    for ring, (f, half, z) in zip(rings, ((0.0, 0.17, 0.0), (0.5, 0.5, lift))):
        x, y = width * half, f * length
        ring[:] = (0, y, z + fold * 0.3), (-x, y, z - fold), (x, y, z - fold)
    return loft(rings[:, ::-1], "cap", "tip", [(0, length, lift - droop)])


@kind("island", "island:4, tropical island:2, small island:1", weight=1.2)
@called("tropical island", rocks=False)
@called("small island", small=True)
def island(m: Maker, rocks: bool = True, small: bool = False) -> None:
    sand, water, green = m.slot("plaster", "beige", ""), m.slot("water"), m.slot("leaf", "green", "light green")
    n, r = m.pick(8, 10), m.u(2.4, 3.4)
    if small:
        r = 2.1
    wet = r * m.u(1.25, 1.4)
    m.add(water, prism(wet, 0.2, n))
    m.add(sand, lathe([(r * 1.05, 0.04), (r * 0.98, 0.32), (r * 0.74, 0.55), (r * 0.4, 0.62)], n))
    g, rise = r * m.u(0.58, 0.7), r * m.u(0.16, 0.3)
    m.add(green, lathe([(g, 0.36), (g * 0.92, 0.5 + rise * 0.5), (g * 0.5, 0.5 + rise)], n))
    top = 0.5 + rise
    if rocks and m.chance(0.3):
        stone, s = m.slot("stone"), r * m.u(0.35, 0.5)
        m.add(stone, prism(s, s * 1.7, 6, 0.45).at(-g * 0.15, 0, top - 0.15))
        m.add(stone, prism(s * 0.6, s * 0.9, 5, 0.5).at(g * 0.35, -g * 0.1, top - 0.15))
        m.add(m.slot("leaf", "dark green", "green"), ico(r * 0.16, 0).at(-g * 0.4, -g * 0.45, top - 0.1))
        return
    m.say("with a palm tree")
    side = m.pick(-1, 1)
    _palm(m, -side * g * 0.25, g * 0.1, top - 0.15, r * m.u(1.1, 1.4), side)
    if m.chance(0.35):
        _palm(m, -side * g * 0.3, g * 0.0, top - 0.15, r * 0.8, -side, small=True)
    if m.chance(0.6):
        s = r * m.u(0.12, 0.18)
        m.add(m.slot("stone"), prism(s, s * 1.2, 6, 0.6).at(side * r * 0.78, -r * 0.35, 0.3))


def _palm(m: Maker, x: float, y: float, z: float, h: float, side: int, small: bool = False) -> None:
    bark, leafy = m.slot("bark", ""), m.slot("leaf", "green", "dark green")
    lean, t = side * h * m.u(0.2, 0.35), h * 0.055
    path = [(x + lean * f * f, y, z + h * f) for f in (0, 0.4, 0.75, 1.0)]
    m.add(bark, tube(path, [t * 1.4, t * 1.1, t, t * 0.9], 6))
    count, length = 5 if small else m.n(5, 7), h * m.u(0.46, 0.56)
    part, start = frond(length, length * 0.34, length * 0.16, length * m.u(0.45, 0.6)), m.u(0, 60)
    m.add(leafy, *[part.turn("z", start + 360 * k / count).at(x + lean, y, z + h) for k in range(count)])
    if small:
        return
    nut = m.slot("wood", "dark")
    for a in (-0.6, 2.0):
        curve = [(0, 0), (t * 1.1, t * 1.1), (0, t * 2.2)]
        m.add(nut, lathe(curve, 5).at(x + lean + t * 1.3 * math.cos(a), y + t * 1.3 * math.sin(a), z + h - t * 2.6))


@kind("ruin", "ruin:3, ruins:3, ancient ruins:1")
def ruin(m: Maker) -> None:
    stone = m.slot("stone", "light", "grey", "brown", main=True)
    other = m.slot("stone", "grey", "light", "brown") if m.chance(0.5) else stone
    n, r, h = m.n(3, 4), m.u(0.26, 0.32), m.u(2.4, 3.2)
    gap, d = m.u(1.25, 1.5), m.u(2.0, 2.8)
    w = gap * (n - 1)
    m.add(other, box(w + 1.9, d + 1.9, 0.25), box(w + 1.3, d + 1.3, 0.25).at(z=0.23))
    z, first = 0.46, m.pick(0, n - 2)
    for k in range(n):
        x, whole = (k - (n - 1) / 2) * gap, first <= k <= first + 1
        _column(m, stone, x, d / 2, z, r, h if whole else h * m.u(0.3, 0.75), whole)
        if m.chance(0.75) or k in (0, n - 1):
            _column(m, stone, x, -d / 2, z, r, h * m.pick(0.15, 0.25, 0.4, 0.6), False)
    x = (first + 0.5 - (n - 1) / 2) * gap
    m.add(stone, box(gap + r * 3.4, r * 2.6, 0.4).at(x, d / 2, z + h - 0.02))
    if m.chance(0.5):
        m.add(other, box(gap * 0.7, r * 2.2, 0.35, (0.6, 1), (-gap * 0.1, 0)).at(x - gap * 0.1, d / 2, z + h + 0.36))
    if m.chance(0.6):
        fallen = prism(r * 0.9, m.u(0.9, 1.4), 8).along("x").turn("z", m.u(-35, 35))
        m.add(stone, fallen.at(m.u(-0.4, 0.0) * gap, 0, z + r * 0.8))
    if m.chance(0.5):
        m.add(other, box(0.5, 0.4, 0.35).turn("z", 25).at(w * 0.3, -d * 0.12, z - 0.02))
    if m.chance(0.4):
        moss = m.slot("leaf", "green", "dark green")
        m.add(moss, ico(0.3, 0).at(-w / 2 - 0.2, -d * 0.1, z - 0.15), ico(0.24, 0).at(w * 0.4, d * 0.3, z - 0.1))


def _column(m: Maker, slot: int, x: float, y: float, z: float, r: float, h: float, whole: bool) -> None:
    """A column on a square foot; the broken one ends in a slope, the whole one in a square head."""
    m.add(slot, box(r * 2.7, r * 2.7, 0.2).at(x, y, z))
    shaft = prism(r, h, 8, 0.88 if whole else 0.95)
    if whole:
        m.add(slot, shaft.at(x, y, z), box(r * 2.5, r * 2.5, 0.2).at(x, y, z + h - 0.2))
        return
    slope, turn = m.u(0.5, 0.9), math.radians(m.u(0, 360))

    def broken(v: Array) -> Array:
        along = v[:, 0] * math.cos(turn) + v[:, 1] * math.sin(turn)
        v[:, 2] += (v[:, 2] > h / 2) * along * slope
        return v

    m.add(slot, shaft.bend(broken).at(x, y, z))
