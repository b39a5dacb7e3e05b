"""What one rests in and eats there: hammocks, cradles, pineapples, tacos."""

import math
from collections.abc import Sequence

import numpy as np

from .base import Maker, kind
from .outlines import Points, mirrored
from .parts import Part, block, box, extrude, lathe, loft, prism, tube
from .rounds import cube_ball


def troughs(stations: Sequence[tuple[float, Points]]) -> Part:
    """A solid along x through cross-sections (y, z) at each x, counter-clockwise seen from +x."""
    return loft(np.array([[(x, y, z) for y, z in section] for x, section in stations]))


def sling(a: float, lip: float, t: float) -> list[tuple[float, float]]:
    return [(-a, lip - t), (0, -t), (a, lip - t), (a, lip), (0, 0), (-a, lip)]


@kind("hammock", "hammock:4", weight=1.0)
def hammock(m: Maker) -> None:
    wood, rope, first = m.slot("wood"), m.slot("straw"), m.slot("cloth", main=True)
    second = m.slot("cloth", "white", "yellow", "beige", "red") if m.chance(0.65) else first
    m.say("striped", when=second != first)
    span, half, post = m.u(1.25, 1.45), m.u(0.36, 0.46), m.u(1.15, 1.45)
    sag, reach, t, tie = m.u(0.38, 0.5), m.u(0.74, 0.8) * span, 0.06, post * 0.86
    low = tie - sag - 0.1
    stations = []
    for k in range(8):
        s = k / 7 * 2 - 1
        rise, across = (tie - 0.14 - low) * s * s, half * (1 - 0.45 * s * s)
        stations.append((s * reach, [(y, z + low + rise) for y, z in sling(across, across * 0.3, t)]))
    stripes = [(first, second, first, second)[min(k, 6 - k)] for k in range(7)]
    slots = np.array([s for s in stripes for _ in range(6)] + [first, first], np.int32)
    m.parts.append((troughs(stations), slots))
    lean = m.u(0, 6)
    m.both(wood, prism(0.07, post, 6, 0.85).turn("y", lean).at(span, 0, 0))
    m.both(wood, prism(0.1, 0.05, 8).at(span + math.sin(math.radians(lean)) * tie, 0, tie - 0.03))
    if m.chance(0.6):
        m.add(wood, box(span * 2.1, 0.12, 0.09))
        m.both(wood, box(0.14, half * 2, 0.07).at(span, 0, -0.015))
    else:
        m.both(m.slot("stone"), prism(0.17, 0.12, 8, 0.75).at(span, 0, 0))
    end = (reach * 0.98, half * 0.5, tie - 0.12 + half * 0.16)
    knot = span + math.sin(math.radians(lean)) * tie
    m.four(rope, tube([end, (knot, 0, tie)], 0.03, 4))
    if m.chance(0.4):
        m.add(m.slot("cloth"), cube_ball(0.3, half * 1.1, 0.14, 2).turn("y", -24).at(reach * 0.62, 0, low + 0.17))


def bedding(m: Maker, w: float, d: float, z: float, h: float) -> None:
    """Mattress, pillow at the back and a blanket over the front half."""
    m.add(m.slot("cloth", "white", "beige"), box(w, d, h).at(0, 0, z))
    m.add(m.slot("cloth"), box(w * 1.03, d * 0.6, h * 0.8).at(0, -d * 0.2, z + h * 0.45))
    m.add(m.slot("cloth", "white"), block(w * 0.7, d * 0.2, h * 0.8, h * 0.2).at(0, d * 0.33, z + h * 0.7))


@kind("cradle", "cradle:4, crib:2", weight=1.0)
def cradle(m: Maker) -> None:
    wood = m.slot("wood", main=True) if m.chance(0.7) else m.slot("paint", "white", "pink", "blue", "cyan", main=True)
    w, d, t = m.u(0.42, 0.5), m.u(0.75, 0.95), 0.045
    z, deep, flare = m.u(0.12, 0.16), m.u(0.26, 0.32), m.u(1.12, 1.3)
    wide = w * flare
    for y, rise in ((-d / 2, m.u(1.15, 1.3)), (d / 2, m.u(1.6, 1.9))):
        top, end = deep * rise, wide * (1 + (flare - 1) * 0.3) / 2 + 0.02
        half = [(w / 2 + 0.02, 0), (end, deep * 1.02), (end * 0.72, top * 0.93), (end * 0.3, top)]
        m.add(wood, extrude(mirrored(half), t).at(0, y, z))
        reach = wide * 0.68
        arc = [(s * reach, (s * s) * z * 0.9) for s in (-1, -0.6, -0.2, 0.2, 0.6, 1)]
        over = [(s * reach * 0.97, (s * s) * z * 0.5 + z * 0.6) for s in (1, 0.6, 0.2, -0.2, -0.6, -1)]
        m.add(wood, extrude([*arc, *over], t * 1.5).at(0, y * 0.86, 0))
    m.add(wood, box(w, d, t).at(0, 0, z + 0.01), box(w * 0.4, d * 0.86, z).at(0, 0, z * 0.3))
    lean = math.degrees(math.atan2((wide - w) / 2, deep))
    m.both(wood, box(t, d, deep * 1.02).turn("y", lean).at(w / 2, 0, z))
    bedding(m, w * 1.02, d - t * 0.6, z + t * 0.8, deep * 0.38)


@cradle.noun("crib")
def crib(m: Maker) -> None:
    wood = m.slot("wood", main=True) if m.chance(0.7) else m.slot("paint", "white", "pink", "blue", "cyan", main=True)
    w, d, h, t = m.u(0.6, 0.72), m.u(1.05, 1.2), m.u(0.85, 0.95), 0.06
    low, n = h * m.u(0.28, 0.36), m.pick(5, 6, 7)
    m.four(wood, box(t, t, h).at(w / 2, d / 2))
    m.both(wood, *[box(t * 0.7, d, t).at(w / 2, 0, z) for z in (low, h * 0.88)])
    m.add(wood, *[box(w, t * 0.6, h * 0.94 - low).at(0, y, low) for y in (-d / 2, d / 2)])
    for k in range(n):
        m.both(wood, box(0.035, 0.035, h * 0.88 - low).at(w / 2, ((k + 1) / (n + 1) - 0.5) * d, low + 0.03))
    bedding(m, w - t * 0.6, d - t * 0.6, low + 0.01, 0.1)


@kind("pineapple", "pineapple:4", weight=0.9)
def pineapple(m: Maker) -> None:
    skin, spots = m.slot("flesh", "yellow", main=True), m.slot("flesh", "orange")
    if m.chance(0.3):
        spots = m.slot("flesh", "brown")
    green = m.slot("leaf", "green", "dark green")
    r, h, n, rows = m.u(0.065, 0.08), m.u(0.16, 0.2), m.pick(8, 10), m.pick(5, 6)
    a = np.linspace(-1.12, 1.12, rows + 1)
    body = lathe([(r * math.cos(s) ** 0.6, h / 2 + h / 2 * math.sin(s) / math.sin(1.12)) for s in a], n)
    checks = [(skin, spots)[(row + k) % 2] for row in range(rows) for k in range(n)]
    m.parts.append((body, np.array([*checks, skin, skin], np.int32)))
    tall = m.u(0.8, 1.15) * h
    for k, (count, out, up) in enumerate(((6, 0.95, 0.5), (5, 0.6, 0.8), (3, 0.22, 1.0))):
        base = box(r * 0.5, r * 0.2, 1).vertices[:4][None]
        path = np.concatenate([base, base * (1.25, 1.25, 1) + (0, r * out * 0.55, tall * up * 0.5)])
        blade = loft(path, "cap", "tip", [(0, r * out * 1.5, tall * up)])
        m.around(green, count, blade.at(0, r * (0.26 - k * 0.08), h * 0.965), k * 30)


def half_moon(r: float, n: int = 7) -> list[tuple[float, float]]:
    """x and height of points along a half circle, its ends raised a little."""
    angles = [math.radians(172 - 164 * k / (n - 1)) for k in range(n)]
    return [(r * math.cos(s), r * math.sin(s)) for s in angles]


@kind("taco", "taco:4", weight=0.9)
def taco(m: Maker) -> None:
    shell, meat = m.slot("bread", ""), m.slot("flesh", "brown")
    green, red, cheese = m.slot("leaf", "light green", "green"), m.slot("flesh", "red"), m.slot("flesh", "yellow")
    r, b, gap = m.u(0.08, 0.1), m.u(0.014, 0.018), m.u(0.034, 0.044)
    t, moon = r * 0.07, half_moon(r)

    def half_width(z: float) -> float:
        return b + (gap - b) * z / r

    sides = []
    for x, z in moon:
        a = half_width(z)
        outer = [(-a, z), (-b, 0), (b, 0), (a, z)]
        sides.append((x, [*outer, (a - t, z), (b - t * 0.8, t), (-b + t * 0.8, t), (-a + t, z)]))
    m.add(shell, troughs(sides))

    def filling(slot: int, y: float, thick: float, top: float, wave: float) -> None:
        stations = []
        for k, (x, z) in enumerate(half_moon(r * 0.93)):
            high = z * top + (wave if k % 2 else 0)
            # the shell is narrower further down
            low_a, a = (b + (half_width(z) - b) * f - t * 1.3 for f in (0.4, 1.0))
            low, up = ((w * (y - thick), w * (y + thick)) for w in (low_a, a))
            stations.append((x, [(low[0], z * 0.4), (low[1], z * 0.4), (up[1], high), (up[0], high)]))
        m.add(slot, troughs(stations))

    filling(meat, 0, 0.85, 1.0, 0)
    filling(green, m.pick(-0.5, 0.5), 0.36, 1.12, r * 0.1)
    for k in range(m.n(3, 5)):
        angle = math.radians(145 - k * 110 / 4)
        cube = box(r * 0.17, r * 0.17, r * 0.17).turn("y", 30).turn("z", 20 + k * 35)
        at = (math.cos(angle) * r * 0.86, (-0.3, 0.3)[k % 2] * gap, math.sin(angle) * r * 0.9)
        m.add((red, cheese)[k % 2], cube.at(*at))
