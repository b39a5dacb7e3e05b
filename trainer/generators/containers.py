"""Containers: barrels, crates, chests, pots, bottles. Turned shapes and boxes with bands."""

from collections.abc import Callable

import numpy as np

from .base import Maker, called, kind
from .outlines import arc, bow, pairs
from .parts import Part, block, box, circle, extrude, lathe, leaf, loft, prism, profile, ring, slab, tube
from .rounds import ico


@kind("barrel", "barrel:9, keg:1, wooden barrel:1", weight=2.0)
def barrel(m: Maker) -> None:
    n, h, r, bulge = m.pick(8, 10, 10, 12), m.u(0.7, 1.1), m.u(0.26, 0.4), m.u(1.14, 1.32)
    metal = m.chance(0.15)
    wood = m.slot("paint", main=True) if metal else m.slot("wood", main=True)
    hoop = m.slot("iron", "dark", "")
    if metal:
        bulge = 1.0
        m.say("metal", "oil")
    rise = [0.0, 0.2, 0.5, 0.8, 1.0] if m.chance(0.6) else [0.0, 0.33, 0.67, 1.0]

    def radius(f: float) -> float:
        return r * (1 + (bulge - 1) * (1 - (2 * f - 1) ** 2))

    inset = m.u(0.03, 0.06)
    top, rim = h - inset, r * 0.86
    if m.chance(0.55):
        _hooped(m, wood, hoop, n, h, r, radius)
        return
    side = [(radius(f), f * h) for f in rise]
    part = lathe([(r * 0.86, 0.0), *side, (rim, h), (rim, top)] if not metal else [*side, (rim, h), (rim, top)], n)
    m.add(wood, part)
    for f in m.pick((0.2, 0.8), (0.14, 0.86), (0.1, 0.35, 0.65, 0.9), (0.5,)):
        t, w = r * 0.055, h * m.u(0.04, 0.055)
        a, b = radius(f - w / h) + t, radius(f + w / h) + t
        m.add(hoop, _band(a, b, f * h - w, f * h + w, r * 0.9, n))
    if m.chance(0.15):
        m.call(f"open {m.noun}")
        m.add(m.slot("water"), prism(rim * 0.98, 0.02, n).at(z=top))


def _hooped(m: Maker, wood: int, hoop: int, n: int, h: float, r: float, radius: Callable[[float], float]) -> None:
    """The barrel in one skin, its hoops standing out of it: fewer faces, as game artists build it."""
    points: list[tuple[float, float]] = [(radius(0), 0.0)]
    rows: list[int] = []
    t, w = r * 0.05, m.u(0.035, 0.05)
    for f in m.pick((0.22, 0.78), (0.16, 0.84), (0.12, 0.36, 0.64, 0.88)):
        a, b = f - w, f + w
        points += [(radius(a), a * h), (radius(a) + t, a * h), (radius(b) + t, b * h), (radius(b), b * h)]
        rows += [wood, hoop, hoop, hoop]
    points.append((radius(1), h))
    rows.append(wood)
    if m.chance(0.6):
        points += [(r * 0.86, h), (r * 0.86, h - m.u(0.03, 0.06))]
        rows += [wood, wood]
    m.banded(points, n, rows)


def _band(low: float, high: float, z0: float, z1: float, inner: float, sides: int) -> Part:
    """A hoop around something: closed, its inner side hidden in what it holds."""
    points, rings = np.array([(inner, z0), (low, z0), (high, z1), (inner, z1)]), np.empty((4, sides, 3))
    rings[:, :, :2] = points[:, None, :1] * circle(sides)
    rings[:, :, 2] = points[:, 1:]
    return loft(rings, "loop", "loop")


@kind("crate", "crate:8, box:2, wooden crate:1", weight=2.0)
def crate(m: Maker) -> None:
    wood, trim, w = m.slot("wood", main=True), m.slot(m.pick("wood", "wood", "iron", "metal")), m.u(0.5, 1.0)
    d = w if m.chance(0.5) else w * m.u(0.7, 1.0)
    h = w if m.chance(0.5) else w * m.u(0.6, 1.2)
    t, p = w * m.u(0.08, 0.13), w * m.u(0.03, 0.05)
    if m.chance(0.3):
        _open_crate(m, wood, trim, w, d, h * 0.7)
        return
    m.add(wood, box(w - 2 * p, d - 2 * p, h - 2 * p).at(z=p))
    m.four(trim, box(t, t, h - 2 * t).at(w / 2 - t / 2, d / 2 - t / 2, t))
    for z in (0.0, h - t):
        m.add(trim, box(w, t, t).at(0, d / 2 - t / 2, z), box(w, t, t).at(0, -d / 2 + t / 2, z))
        m.both(trim, box(t, d - 2 * t, t).at(w / 2 - t / 2, 0, z))
    extra, iw, ih = m.pick("none", "cross", "bar", "planks"), w - 2 * t, h - 2 * t
    if extra == "cross":
        s = t * 0.5
        outline = [(-iw / 2, t), (-iw / 2 + s, t), (iw / 2, h - t - s), (iw / 2, h - t), (iw / 2 - s, h - t)]
        outline += [(-iw / 2, t + s)]
        bar = extrude(outline, p)
        m.add(trim, bar.at(0, -d / 2 + p / 2 + 0.002), bar.turn("z", 180).at(0, d / 2 - p / 2 - 0.002))
    elif extra == "bar":
        y = d / 2 - p / 2 - 0.002
        m.add(trim, box(t, p, ih).at(0, -y, t), box(t, p, ih).at(0, y, t))
        m.both(trim, box(p, t, ih).at(w / 2 - p / 2 - 0.002, 0, t))
    elif extra == "planks":
        for k in (-1, 1):
            m.add(trim, box(iw, p, t * 0.4).at(0, -d / 2 + p / 2 + 0.002, h / 2 + k * ih / 5))
            m.add(trim, box(iw, p, t * 0.4).at(0, d / 2 - p / 2 - 0.002, h / 2 + k * ih / 5))


def _open_crate(m: Maker, wood: int, trim: int, w: float, d: float, h: float) -> None:
    m.call(f"open {m.noun}")  # what changes the whole shape is always said: a plain crate is a closed one
    rows, t = m.n(2, 3), w * 0.06
    m.add(wood, box(w - 2 * t, d - 2 * t, t))
    m.four(trim, box(t * 1.6, t * 1.6, h).at(w / 2 - t * 1.8, d / 2 - t * 1.8, 0))
    each = h / rows
    for k in range(rows):
        z, ph = k * each + each * 0.12, each * 0.76
        m.add(wood, box(w, t, ph).at(0, d / 2 - t / 2, z), box(w, t, ph).at(0, -d / 2 + t / 2, z))
        m.both(wood, box(t, d - 2 * t, ph).at(w / 2 - t / 2, 0, z))


@kind("cardboard_box", "cardboard box:4, box:2, package:1, parcel:1")
def cardboard_box(m: Maker) -> None:
    paper, tape = m.slot("wood", "light", name="Cardboard"), m.slot("paper", name="Tape")
    w, d, h = m.u(0.35, 0.7), m.u(0.3, 0.55), m.u(0.25, 0.5)
    if m.chance(0.5, "closed"):
        m.add(paper, box(w, d, h))
        m.add(tape, box(w + 0.01, d * 0.16, 0.012).at(z=h))
        m.both(tape, box(0.012, d * 0.16, h * 0.3).at(w / 2 + 0.006, 0, h * 0.7 + 0.012))
        return
    m.call(f"open {m.noun}")
    t = 0.025
    m.add(paper, box(w, d, t), box(w, t, h - t).at(0, d / 2 - t / 2, t), box(w, t, h - t).at(0, -d / 2 + t / 2, t))
    m.both(paper, box(t, d - 2 * t, h - t).at(w / 2 - t / 2, 0, t))
    angle, flap = m.u(20, 60), box(w * 0.98, d * 0.4, t * 0.8).at(0, d * 0.2, 0)
    m.add(paper, flap.turn("x", angle - 60).at(0, d / 2, h), flap.turn("x", angle - 60).mirror(1).at(0, -d / 2, h))


@kind("chest", "chest:6, treasure chest:3, coffer:1", weight=1.8)
def chest(m: Maker) -> None:
    wood, trim = m.slot("wood", main=True), m.slot(m.pick("iron", "gold", "metal", "bronze"), main=m.chance(0.3))
    w, d, h = m.u(0.7, 1.1), m.u(0.45, 0.65), m.u(0.3, 0.45)
    lid = d * m.u(0.35, 0.5)
    m.add(wood, box(w, d, h, top=(1.0, 1.0)))
    n = m.pick(4, 6)
    vault = arc(d / 2, lid, n)
    if m.chance(0.25):
        vault = [(d / 2, 0), (d / 2, lid * 0.5), (-d / 2, lid * 0.5), (-d / 2, 0)]
    opened, e, gap = m.chance(0.3), 0.035, 0.02
    top = [profile(vault, w)]
    bands = [profile([(y * 1.07, z * 1.07) for y, z in vault], w * 0.09).at(x) for x in (-w * 0.4, w * 0.4)]
    lock = box(0.12, 0.05, 0.16).at(0, -d / 2 - 0.02, -0.07)
    if opened:
        m.call(f"open {m.noun}")
        m.add(m.slot("gold"), slab(w * 0.9, d * 0.84, 0.05, 0.1).at(z=h))
        tilt = -m.u(50, 80)
        swing = [p.at(0, -d / 2, 0).turn("x", tilt).at(0, d / 2, h + 0.01) for p in top + bands]
    else:
        m.say("closed")
        swing = [p.at(0, 0, h + gap) for p in top + bands]
        m.add(trim, lock.at(0, 0, h))
    m.add(wood, swing[0])
    m.add(trim, *swing[1:])
    m.both(trim, box(w * 0.09, d * 1.05, h * 1.0).at(w * 0.4, 0, 0.0).scale(1, 1.02, 0.98))
    m.add(trim, box(w * 0.7, e, e * 1.6).at(0, -d / 2 - 0.01, h - e * 1.6 - 0.01))


@kind("bucket", "bucket:6, pail:1", weight=1.3)
def bucket(m: Maker) -> None:
    body, iron = m.slot(m.pick("wood", "metal", "plastic"), main=True), m.slot("iron")
    h, r, n = m.u(0.28, 0.4), m.u(0.15, 0.2), m.pick(8, 10, 12)
    t, top = r * 0.12, r * m.u(1.12, 1.3)
    m.add(body, lathe([(r, 0), (top, h), (top - t, h), (r - t, t)], n))
    if m.chance(0.5):
        m.add(m.slot("water"), prism((top - t) * 0.94, 0.02, n).at(z=h * 0.75))
        m.call(f"{m.noun} of water")
    for f in (0.15, 0.8):
        a = r + (top - r) * f
        m.add(iron, _band(a + t * 0.5, a + t * 0.7, f * h - 0.015, f * h + 0.02, a - t, n))
    m.add(iron, tube(bow(top, top * 0.85, z=h * 0.94), 0.014, 4))


@kind("basket", "basket:5, wicker basket:1")
def basket(m: Maker) -> None:
    straw, dark = m.slot("straw", main=True), m.slot("wood", "")
    r, h, n = m.u(0.2, 0.32), m.u(0.2, 0.32), m.pick(8, 10, 12)
    t = r * 0.1
    m.add(straw, lathe([(r * 0.75, 0), (r * 0.95, h * 0.5), (r, h), (r - t, h), (r * 0.7, t)], n))
    m.add(dark, ring(r, t * 0.8, n, 5).at(z=h))
    if m.chance(0.6):
        m.add(dark, tube(bow(r, r * 1.1, z=h), t * 0.55, 5))
    if m.chance(0.4, "full"):
        fruit = m.slot("flesh", "red", "orange", "green")
        m.add(fruit, ico(r * 0.34, 0).at(0, r * 0.35, h * 0.72), ico(r * 0.34, 0).at(r * 0.36, -r * 0.2, h * 0.72))
        m.add(fruit, ico(r * 0.34, 0).at(-r * 0.36, -r * 0.2, h * 0.72))


@kind("bottle", "bottle:8, glass bottle:1, flask:1", weight=1.5)
def bottle(m: Maker) -> None:
    glass, cork = m.slot("glass", main=True), m.slot("wood", "light")
    h, r, n = m.u(0.22, 0.36), m.u(0.035, 0.06), m.pick(8, 10, 12)
    shoulder, neck = m.u(0.5, 0.65) * h, r * m.u(0.32, 0.45)
    curve = [(r * 0.92, 0), (r, h * 0.05), (r, shoulder), (r * 0.75, shoulder + h * 0.09), (neck, shoulder + h * 0.16)]
    curve += [(neck, h * 0.9), (neck * 1.3, h * 0.91), (neck * 1.3, h * 0.96)]
    m.add(glass, lathe(curve, n))
    if m.chance(0.7):
        m.add(cork, prism(neck * 0.8, h * 0.08, n).at(z=h * 0.96))
    if m.chance(0.5):
        m.add(m.slot("paper", name="Label"), _band(r * 1.05, r * 1.05, h * 0.18, h * 0.4, r * 0.8, n))


@kind("potion", "potion:6, potion bottle:1, elixir:1", weight=1.3)
def potion(m: Maker) -> None:
    drink, glass, cork = m.slot("gem", main=True, name="Potion"), m.slot("glass", ""), m.slot("wood")
    r, n = m.u(0.06, 0.1), m.pick(8, 10, 12)
    neck, shape = r * m.u(0.3, 0.4), m.pick("round", "cone", "square")
    if shape == "round":
        m.say("round")
        m.add(drink, lathe([(r * 0.5, 0), (r * 0.9, r * 0.35), (r, r * 0.9), (r * 0.8, r * 1.4), (neck, r * 1.75)], n))
        z = r * 1.75
    elif shape == "cone":
        m.add(drink, lathe([(r * 0.95, 0), (r, r * 0.15), (r * 0.55, r * 1.2), (neck, r * 1.8)], n))
        z = r * 1.8
    else:
        m.say("square")
        m.add(drink, slab(r * 1.7, r * 1.7, r * 1.7, r * 0.2))
        z = r * 1.7
    m.add(glass, lathe([(neck, z), (neck, z + r * 0.5), (neck * 1.4, z + r * 0.52), (neck * 1.4, z + r * 0.7)], n))
    m.add(cork, prism(neck * 0.95, r * 0.4, n, 1.15).at(z=z + r * 0.7))
    if m.chance(0.3):
        m.add(m.slot("gold"), ring(neck * 1.2, r * 0.08, n, 4).at(z=z + r * 0.12))


@kind("jar", "jar:5, cookie jar:1, glass jar:1")
def jar(m: Maker) -> None:
    body, lid = m.slot(m.pick("glass", "ceramic", "clay"), main=True), m.slot(m.pick("wood", "metal", "paint"))
    r, h, n = m.u(0.06, 0.1), m.u(0.14, 0.22), m.pick(8, 10, 12)
    m.add(body, lathe([(r * 0.85, 0), (r, h * 0.12), (r, h * 0.75), (r * 0.75, h * 0.9), (r * 0.75, h)], n))
    m.add(lid, lathe([(r * 0.86, 0), (r * 0.86, h * 0.14), (r * 0.7, h * 0.18)], n).at(z=h))
    if m.chance(0.4):
        m.add(lid, prism(r * 0.2, h * 0.1, 6).at(z=h * 1.18))


@kind("vase", "vase:6, urn:2, amphora:1")
@called("urn", "amphora", handles=True)
def vase(m: Maker, handles: bool = False) -> None:
    body = m.slot(m.pick("ceramic", "clay"), main=True)
    r, h, n = m.u(0.1, 0.2), m.u(0.3, 0.6), m.pick(8, 10, 12)
    belly, neck = m.u(0.35, 0.6), m.u(0.35, 0.55)
    rim = neck * m.u(1.15, 1.5)
    curve = [(r * 0.55, 0), (r * 0.85, h * belly * 0.5), (r, h * belly), (r * neck, h * 0.85), (r * rim, h)]
    curve += [(r * rim * 0.8, h), (r * neck * 0.75, h * 0.85), (r * 0.5, h * 0.3)]
    m.add(body, lathe(curve, n))
    if handles:
        x = r * neck
        m.both(body, tube([(x, 0, h * 0.86), (x + r * 0.5, 0, h * 0.82), (r * 0.98, 0, h * belly * 1.05)], r * 0.09, 5))
    elif m.chance(0.3, "with flowers"):
        green, petal = m.slot("leaf", "green"), m.slot("flesh", "red", "yellow", "pink", "purple")
        for k in range(3):
            stem = tube([(0, 0, h * 0.4), (r * 0.25, 0, h), (r * 0.7, 0, h * 1.35)], r * 0.06, 4)
            head = lathe([(r * 0.1, 0), (r * 0.34, r * 0.2), (0, r * 0.4)], 6).at(r * 0.7, 0, h * 1.33)
            m.add(green, stem.turn("z", k * 120 + 30))
            m.add(petal, head.turn("z", k * 120 + 30))


@kind("plant_pot", "flower pot:3, plant pot:2, potted plant:4")
@called("potted plant", planted=True)
def plant_pot(m: Maker, planted: bool = False) -> None:
    body, soil = m.slot(m.pick("clay", "ceramic"), main=True), m.slot("soil")
    r, h, n = m.u(0.12, 0.22), m.u(0.2, 0.34), m.pick(8, 10, 12)
    m.add(body, lathe(pairs("0.7,0 0.95,0.78 1.1,0.78 1.1,1 0.92,1 0.9,0.86", r, h), n))
    m.add(soil, prism(r * 0.9, 0.02, n).at(z=h * 0.88))
    if planted:
        green = m.slot("leaf", "green", "dark green", "light green")
        count, length = m.n(5, 8), m.u(1.8, 2.8) * r
        for k in range(count):
            frond = leaf(length, r * 0.7, length * m.u(0.5, 0.9), 0.0)
            m.add(green, frond.at(0, r * 0.1, h * 0.9).turn("z", 360 * k / count))


@kind("sack", "sack:4, bag:2, money bag:1, pouch:1")
def sack(m: Maker) -> None:
    cloth, rope = m.slot("cloth", "beige", "brown", main=True), m.slot("leather", "brown", "dark")
    r, h, n = m.u(0.22, 0.34), m.u(0.45, 0.75), m.pick(8, 10)
    m.add(cloth, lathe(pairs("0.8,0 1,0.18 0.95,0.5 0.6,0.75 0.28,0.84 0.5,1 0,0.94", r, h), n))
    m.add(rope, ring(r * 0.3, r * 0.07, n, 4).at(z=h * 0.84))


@kind("coffin", "coffin:5, casket:1, sarcophagus:1")
@called("sarcophagus", stuff="stone")
def coffin(m: Maker, stuff: str = "wood") -> None:
    wood, trim = m.slot(stuff, main=True), m.slot(m.pick("gold", "iron", "wood"))
    w, length, h = m.u(0.65, 0.8), m.u(1.9, 2.2), m.u(0.4, 0.5)
    outline = [(-0.28, -0.5), (0.28, -0.5), (0.5, 0.22), (0.32, 0.5), (-0.32, 0.5), (-0.5, 0.22)]

    def layer(grow: float, tall: float) -> Part:
        return extrude([(x * w * grow, y * length * (1 + (grow - 1) * 0.4)) for x, y in outline], tall).turn("x", -90)

    m.add(wood, layer(1.0, h).at(z=h / 2), layer(1.12, h * 0.12).at(z=h * 1.06), layer(0.85, h * 0.08).at(z=h * 1.16))
    z = h * 1.2
    m.add(trim, box(0.07, 0.5, 0.03).at(0, 0.35 * 0.9, z), box(0.3, 0.07, 0.035).at(0, 0.42, z))


@kind("trash_can", "trash can:3, garbage bin:1, dustbin:1")
def trash_can(m: Maker) -> None:
    body, dark = m.slot(m.pick("metal", "plastic"), main=True), m.slot("plastic", "black", "grey")
    r, h, n = m.u(0.22, 0.32), m.u(0.6, 0.9), m.pick(8, 10, 12)
    m.add(body, prism(r, h, n, 1.15))
    m.add(dark, lathe([(r * 1.22, 0), (r * 1.22, 0.05), (r * 0.8, 0.13)], n).at(z=h))
    m.add(dark, box(r * 0.6, 0.05, 0.05).at(0, 0, h + 0.13))
    for f in (0.3, 0.65):
        a = r * (1 + 0.15 * f)
        m.add(body, _band(a * 1.06, a * 1.06, f * h, f * h + 0.05, a * 0.85, n))


@kind("bag", "backpack:4, rucksack:1, school bag:1")
def backpack(m: Maker) -> None:
    cloth, strap = m.slot(m.pick("cloth", "leather"), main=True), m.slot("leather")
    w, d, h = m.u(0.3, 0.4), m.u(0.16, 0.24), m.u(0.42, 0.55)
    m.add(cloth, block(w, d, h, 0.06), block(w * 0.75, d * 0.5, h * 0.42, 0.04).at(0, -d * 0.68, h * 0.06))
    m.add(strap, block(w * 1.04, d * 1.05, h * 0.24, 0.05).at(0, -0.005, h * 0.8))
    m.both(cloth, block(0.08, d * 0.6, h * 0.35, 0.025).at(w / 2 + 0.03, 0, h * 0.08))
    path = [(w * 0.25, d / 2, h * 0.9), (w * 0.3, d / 2 + 0.09, h * 0.6), (w * 0.3, d / 2, h * 0.1)]
    m.both(strap, tube(path, 0.022, 4))
    if m.chance(0.5):
        m.add(m.slot("cloth"), prism(0.07, w * 1.1, 8).along("x").at(-w * 0.55, 0, h * 1.04 + 0.06))
