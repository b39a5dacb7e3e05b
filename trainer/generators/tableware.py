"""Cups, plates, pots and pans: what food is cooked and served in. Turned shapes, hollow where they hold something."""

from .base import Maker, called, kind
from .outlines import bow, pairs, triples
from .parts import block, box, lathe, prism, ring, row, slab, tube
from .rounds import dome, ico


@kind("cup", "cup:5, mug:5, coffee mug:2, coffee cup:1, tea cup:1", weight=1.5)
@called("cup", narrow=True)
@called("tea cup", narrow=True, saucer=True)
def cup(m: Maker, narrow: bool = False, saucer: bool = False) -> None:
    body, r, h, n = m.either(0.7, "ceramic", "paint"), m.u(0.035, 0.05), m.u(0.07, 0.12), m.pick(8, 10, 12)
    low = m.u(0.65, 0.8) if narrow else m.u(0.88, 1.0)
    t = r * 0.14
    m.add(body, lathe([(r * low, 0), (r * (low + 1) / 2, h * 0.4), (r, h), (r - t, h), (r * low - t, t)], n))
    side = r * 0.93
    path = [(side, 0, h * 0.8), (side + r * 0.6, 0, h * 0.76), (side + r * 0.68, 0, h * 0.45)]
    path += [(side * 0.96, 0, h * 0.26)]
    m.add(body, tube(path, r * 0.12, 5))
    if m.chance(0.55, "full"):
        m.add(m.slot("flesh", "brown", name="Coffee"), prism(r - t * 1.05, h * 0.02, n).at(0, 0, h * 0.82))
    if saucer:
        m.add(body, lathe([(r * 0.8, -h * 0.12), (r * 1.7, -h * 0.02), (r * 1.7, 0.0), (r * 0.7, -h * 0.04)], n))


@kind("goblet", "goblet:4, chalice:2, wine glass:3, glass:1", weight=1.0)
@called("wine glass", "glass", glass=True)
def goblet(m: Maker, glass: bool = False) -> None:
    body = m.slot("glass" if glass else m.pick("gold", "silver", "wood", "bronze"), main=True)
    r, h, n = m.u(0.035, 0.05), m.u(0.13, 0.2), m.pick(8, 10, 12)
    stem = r * 0.16
    curve = [(r * 0.8, 0), (r * 0.75, h * 0.04), (stem, h * 0.1), (stem, h * 0.45), (r * 0.7, h * 0.56), (r, h * 0.75)]
    curve += [(r * 0.9, h), (r * 0.8, h), (r * 0.86, h * 0.75), (r * 0.5, h * 0.6)]
    m.add(body, lathe(curve, n))
    if not glass and m.chance(0.5):
        m.around(m.slot("gem"), 4, ico(r * 0.14, 0).at(r * 0.98, 0, h * 0.72))
    if m.chance(0.4):
        m.add(m.slot("flesh", "red", name="Wine"), prism(r * 0.84, h * 0.015, n).at(0, 0, h * 0.8))


@kind("plate", "plate:6, dish:1, dinner plate:1", weight=1.1)
def plate(m: Maker) -> None:
    body, r, h, n = m.slot("ceramic", main=True), m.u(0.1, 0.15), m.u(0.015, 0.03), m.pick(10, 12, 16)
    m.add(body, lathe([(r * 0.6, 0), (r, h), (r * 0.97, h * 1.25), (r * 0.62, h * 0.45)], n))
    if m.chance(0.25, "with food"):
        m.add(m.slot("flesh", "brown", "red"), block(r * 0.7, r * 0.5, h * 1.4, h * 0.4).at(-r * 0.1, 0, h * 0.4))
        green = m.slot("leaf", "green")
        m.add(green, ico(r * 0.16, 0).at(r * 0.34, r * 0.2, h * 0.3), ico(r * 0.14, 0).at(r * 0.36, -r * 0.14, h * 0.3))


@kind("bowl", "bowl:6, soup bowl:1, bowl of soup:1", weight=1.2)
@called("bowl of soup", full=True)
def bowl(m: Maker, full: bool = False) -> None:
    body, r, n = m.slot(m.pick("ceramic", "wood", "clay"), main=True), m.u(0.08, 0.14), m.pick(8, 10, 12)
    h, t = r * m.u(0.5, 0.75), r * 0.1
    curve = [(r * 0.5, 0), (r * 0.55, h * 0.12), (r * 0.9, h * 0.6), (r, h), (r - t, h), (r * 0.9 - t, h * 0.6)]
    curve += [(r * 0.45, h * 0.22)]
    m.add(body, lathe(curve, n))
    if full or m.chance(0.3):
        m.add(m.slot("flesh", "orange", "red", "brown", name="Soup"), prism(r * 0.88, h * 0.03, n).at(0, 0, h * 0.75))
        m.say("full")


@kind("pot", "pot:4, cooking pot:3, cauldron:4, soup pot:1", weight=1.2)
def pot(m: Maker) -> None:
    body = m.slot(m.pick("iron", "metal", "copper"), main=True)
    n, r, h = m.pick(8, 10, 12), m.u(0.11, 0.17), m.u(0.11, 0.2)
    t = r * 0.1
    m.add(body, lathe([(r * 0.92, 0), (r, h * 0.1), (r, h), (r - t, h), (r - t, h * 0.15)], n))
    m.both(body, tube(triples("0.95,-0.25,0.75 1.35,-0.2,0.78 1.35,0.2,0.78 0.95,0.25,0.75", r, r, h), r * 0.08, 5))
    if m.chance(0.5, "with lid"):
        lid = m.slot("metal")
        m.add(lid, lathe([(r * 1.06, 0), (r * 1.06, h * 0.06), (r * 0.5, h * 0.16)], n).at(0, 0, h))
        m.add(lid, block(r * 0.3, r * 0.3, h * 0.14, r * 0.05).at(0, 0, h * 1.16))


@pot.noun("cauldron")
def cauldron(m: Maker) -> None:
    body, n, r = m.slot("iron", main=True), m.pick(8, 10, 12), m.u(0.25, 0.4)
    curve = [(r * 0.45, 0.05), (r * 0.9, r * 0.45), (r, r * 0.85), (r * 0.78, r * 1.35), (r * 0.9, r * 1.5)]
    curve += [(r * 0.72, r * 1.5), (r * 0.66, r * 1.3), (r * 0.8, r * 0.85)]
    m.add(body, lathe(curve, n))
    m.around(body, 3, prism(r * 0.1, r * 0.4, 6).at(r * 0.55, 0, -r * 0.12), 30)
    m.add(m.slot("gem", "green", "purple", name="Brew"), prism(r * 0.72, 0.015, n).at(0, 0, r * 1.2))
    m.both(body, ring(r * 0.16, r * 0.045, 6, 4).along("x").at(r * 1.0, 0, r * 1.2))


@kind("pan", "frying pan:4, pan:4, skillet:1", weight=1.1)
def pan(m: Maker) -> None:
    iron, grip = m.slot(m.pick("iron", "metal", "copper"), main=True), m.slot(m.pick("wood", "plastic"))
    r, n = m.u(0.11, 0.16), m.pick(10, 12, 16)
    h, t = r * m.u(0.25, 0.4), r * 0.08
    m.add(iron, lathe([(r * 0.82, 0), (r, h), (r - t, h), (r * 0.8, t)], n))
    length = r * m.u(1.2, 1.7)
    m.add(grip, box(r * 0.17, length, r * 0.13).turn("x", 6).at(0, -r * 0.95 - length / 2, h * 0.7))
    if m.chance(0.3, "with egg"):
        m.add(m.slot("paint", "white"), prism(r * 0.5, t * 0.5, 8).at(0, 0, t))
        m.add(m.slot("flesh", "yellow", "orange"), dome(r * 0.2, r * 0.14, 8, 2).at(0, 0, t * 1.5))


@kind("kettle", "teapot:3, kettle:3, jug:2, pitcher:2, watering can:2", weight=1.1)
@called("kettle", over=True)
def teapot(m: Maker, over: bool = False) -> None:
    """Its handle at the back, or over the lid."""
    body, r, n, h = _spouted(m)
    lid = m.slot(m.pick("metal", "gold", "wood"))
    m.add(body, lathe([(r * 0.52, 0), (r * 0.3, r * 0.16)], n).at(0, 0, h))
    m.add(lid, ico(r * 0.13, 0).at(0, 0, h + r * 0.14))
    if over:
        m.add(m.slot("wood"), tube(bow(r * 0.75, r * 0.8, z=h * 0.85), r * 0.08, 5))
    else:
        m.add(body, tube(triples("0.8,0,0.85 1.45,0,0.8 1.45,0,0.35 0.95,0,0.25", r, 1, h), r * 0.1, 5))


def _pourer(m: Maker, low: float, high: float) -> tuple[int, float, int, float]:
    """What it is made of, its radius, how many sides it has and its height, of so many radii."""
    body = m.slot(m.pick("metal", "ceramic", "copper", "paint"), main=True)
    r, n = m.u(0.08, 0.12), m.pick(8, 10, 12)
    return body, r, n, r * m.u(low, high)


def _spouted(m: Maker) -> tuple[int, float, int, float]:
    body, r, n, h = _pourer(m, 1.2, 1.6)
    m.add(body, lathe([(r * 0.85, 0), (r, h * 0.35), (r * 0.9, h * 0.75), (r * 0.5, h)], n))
    m.add(body, tube(triples("-0.85,0,0.35 -1.35,0,0.6 -1.7,0,1.05", r, 1, h), [r * 0.24, r * 0.17, r * 0.13], 6))
    return body, r, n, h


@teapot.noun("watering can")
def watering_can(m: Maker) -> None:
    body, r, _, h = _spouted(m)
    m.add(body, prism(r * 0.2, r * 0.16, 8, 1.6).turn("y", -40).at(-r * 1.7, 0, h * 1.05))
    m.add(body, tube(triples("0.85,0,0.3 1.4,0,0.5 1.2,0,1.1 0.4,0,1.15", r, 1, h), r * 0.09, 5))


@teapot.noun("jug", "pitcher")
def jug(m: Maker) -> None:
    body, r, n, h = _pourer(m, 2.2, 2.8)
    m.add(body, lathe(pairs("0.75,0 1,0.25 0.9,0.6 0.6,0.82 0.75,1 0.62,1 0.5,0.8", r, h), n))
    m.add(body, tube(triples("0.6,0,0.92 1.25,0,0.85 1.2,0,0.5 0.88,0,0.36", r, 1, h), r * 0.1, 5))
    m.add(body, box(r * 0.4, r * 0.5, r * 0.16, top=(1, 1.2)).at(-r * 0.75, 0, h - r * 0.16))


@kind("can", "soda can:3, can:2, tin can:1, drink:1", weight=0.8)
def can(m: Maker) -> None:
    paint, metal = m.slot("paint", main=True), m.slot("metal", "light", "")
    r, h, n = m.u(0.03, 0.038), m.u(0.1, 0.13), m.pick(8, 10, 12)
    m.banded(pairs("0.8,0 1,0.06 1,0.92 0.82,1 0.74,1 0.72,0.97", r, h), n, [metal, paint, metal, metal, metal])


@kind("cutlery", "fork:2, spoon:2, ladle:1, spatula:1", weight=0.7)
def fork(m: Maker) -> None:
    metal, w, t, h = _handle(m)
    m.add(metal, box(w * 2.6, t * 1.4, h * 0.14, top=(1, 1)).at(0, 0, h * 0.62))
    m.add(metal, *row(box(w * 0.5, t * 1.2, h * 0.2, top=(0.6, 0.8)).at(z=h * 0.76), 3, x=w * 1.05))


def _handle(m: Maker) -> tuple[int, float, float, float]:
    """Of the whole height h; gives its slot, w, t and h. What is eaten or cooked with begins at 0.62 h."""
    metal, h = m.slot(m.pick("silver", "wood", "metal"), main=True), m.u(0.17, 0.25)
    t, w = h * 0.022, h * 0.05
    m.add(metal, box(w, t * 1.4, h * 0.62, top=(0.7, 1)))
    return metal, w, t, h


@fork.noun("spatula")
def spatula(m: Maker) -> None:
    metal, w, t, h = _handle(m)
    m.add(metal, box(w * 3, t, h * 0.3).at(0, 0, h * 0.62))


@fork.noun("spoon", "ladle")
@called("ladle", big=1.5)
def spoon(m: Maker, big: float = 1.0) -> None:
    metal, w, _, h = _handle(m)
    curve = [(0, 0), (w * 0.9 * big, w * 0.4), (w * 1.25 * big, w), (w * 1.05 * big, w), (w * 0.6, w * 0.6)]
    m.add(metal, lathe(curve, 8).scale(1, 1.4, 1).turn("x", 90).at(0, w * 0.5, h * 0.62 + w * 1.5 * big))


@kind("crate_food", "cutting board:2, tray:2", weight=0.5)
@called("tray", rim=True)
def board(m: Maker, rim: bool = False) -> None:
    wood, w, d, t = m.slot("wood", main=True), m.u(0.3, 0.45), m.u(0.2, 0.28), m.u(0.015, 0.025)
    m.add(wood, slab(w, d, t, d * 0.12))
    if rim:
        m.both(wood, box(t, d * 0.94, t * 2).at(w / 2 - t / 2, 0, t))
        m.add(wood, box(w * 0.9, t, t * 2).at(0, d / 2 - t / 2, t), box(w * 0.9, t, t * 2).at(0, -d / 2 + t / 2, t))
    else:
        m.add(wood, box(w * 0.3, d * 0.2, t).at(w * 0.63, 0, 0))
