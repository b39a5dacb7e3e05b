"""Lamps, lanterns, torches and candles: a stand, something that glows, and what shades it."""

import math
from dataclasses import dataclass

from .base import Maker, called, kind
from .outlines import pairs
from .parts import box, lathe, prism, ring, tube
from .rounds import ball, ico


@kind("lamp", "lamp:6, table lamp:2, floor lamp:2, desk lamp:1, bedside lamp:1", weight=1.6)
@called("floor lamp", floor=True)
@called("table lamp", "bedside lamp", floor=False)
def lamp(m: Maker, floor: bool | None = None) -> None:
    stand, shade = m.slot(m.pick("wood", "metal", "ceramic", "gold")), m.slot("cloth", main=True)
    floor = m.chance(0.3) if floor is None else floor
    n = m.pick(8, 10, 12)
    h = m.u(1.3, 1.7) if floor else m.u(0.35, 0.6)
    m.say("tall", when=floor)
    r = h * (m.u(0.13, 0.18) if floor else m.u(0.26, 0.38))
    sh = r * m.u(0.9, 1.3) if floor else h * m.u(0.35, 0.45)
    top, foot, pole, z = m.u(0.55, 0.9), r * m.u(0.6, 0.75), r * 0.1, h - sh
    if floor or m.chance(0.5):
        m.add(stand, lathe([(foot, 0), (foot, h * 0.03), (pole, h * 0.06), (pole, z + sh * 0.3)], n))
    else:
        curve = [(foot * 0.7, 0), (foot * 0.95, z * 0.35), (foot * 0.6, z * 0.75), (pole * 1.6, z * 0.9)]
        curve += [(pole * 1.6, z + sh * 0.2)]
        m.add(stand, lathe(curve, n))
    t = r * 0.06
    if m.chance(0.5):
        m.add(shade, lathe([(r, 0), (r * top, sh), (r * top - t, sh), (r - t, 0.001)], n).at(0, 0, z))
        m.add(m.slot("glow", "light"), ico(r * 0.26, 0).at(0, 0, z + sh * 0.2))
    else:
        m.add(shade, prism(r, sh, n, top).at(0, 0, z))


@lamp.noun("desk lamp")
def desk_lamp(m: Maker) -> None:
    n, metal = m.pick(8, 10, 12), m.slot("paint", main=True)
    m.add(metal, prism(0.09, 0.025, n), tube([(0, 0, 0.02), (0, 0.1, 0.22), (0, -0.02, 0.4)], 0.012, 6))
    m.add(metal, lathe([(0.075, 0), (0.035, 0.1), (0.03, 0.13)], n).turn("x", -35).at(0, -0.1, 0.33))
    m.add(m.slot("glow", "light"), ico(0.028, 0).at(0, -0.08, 0.33))


@kind("ceiling_lamp", "ceiling lamp:2, chandelier:3, hanging lamp:1", weight=0.8)
def ceiling_lamp(m: Maker) -> None:
    metal, glow = m.slot(m.pick("gold", "iron", "metal"), main=True), m.slot("glow", "light", "flame")
    drop, n = m.u(0.3, 0.7), m.pick(8, 10)
    m.add(metal, prism(0.08, 0.03, n).at(0, 0, drop + 0.3), prism(0.016, drop, 6).at(0, 0, 0.3))
    r = m.u(0.16, 0.26)
    m.add(m.slot("paint", main=True), lathe([(r, 0), (r * 0.35, r * 0.8), (r * 0.2, r * 0.95)], n).at(0, 0, 0.1))
    m.add(glow, ball(r * 0.36, 8, 3).at(0, 0, 0.02))


@ceiling_lamp.noun("chandelier")
def chandelier(m: Maker) -> None:
    metal, glow = m.slot(m.pick("gold", "iron", "metal"), main=True), m.slot("glow", "light", "flame")
    drop, n = m.u(0.3, 0.7), m.pick(8, 10)
    m.add(metal, prism(0.08, 0.03, n).at(0, 0, drop + 0.3), prism(0.016, drop, 6).at(0, 0, 0.3))
    r, arms = m.u(0.3, 0.45), m.pick(4, 5, 6)
    m.add(metal, lathe([(0, 0.02), (0.06, 0.1), (0.03, 0.22), (0.05, 0.34)], 8))
    m.around(metal, arms, tube([(0.03, 0, 0.14), (r * 0.6, 0, 0.05), (r, 0, 0.14)], 0.016, 5))
    m.around(metal, arms, prism(0.045, 0.02, 6, 1.2).at(r, 0, 0.14))
    m.around(m.slot("wax", "white"), arms, prism(0.024, 0.1, 6).at(r, 0, 0.16))
    m.around(glow, arms, lathe([(0.015, 0), (0.022, 0.025), (0, 0.07)], 5).at(r, 0, 0.26))


@kind("streetlight", "streetlight:5, street lamp:4, lamp post:3", weight=1.2)
def streetlight(m: Maker) -> None:
    pole, glow = m.slot(m.pick("iron", "metal"), main=True), m.slot("glow", "light")
    h, n = m.u(3.0, 4.5), m.pick(6, 8)
    r = h * m.u(0.016, 0.024)
    m.add(pole, lathe([(r * 3, 0), (r * 3, h * 0.03), (r * 1.6, h * 0.08), (r, h * 0.12), (r * 0.85, h)], n))
    style = m.pick("lantern", "arm", "double", "globe")
    if style == "lantern":
        w = h * 0.07
        m.add(glow, prism(w * 0.7, w * 1.6, 6, 1.4).at(0, 0, h))
        m.add(pole, prism(w * 1.3, w * 0.9, 6, 0.1).at(0, 0, h + w * 1.6))
        m.add(pole, prism(w * 0.8, w * 0.2, 6).at(0, 0, h - w * 0.2))
    elif style == "globe":
        m.add(glow, ball(h * 0.06, 8, 4).at(0, 0, h))
    else:
        reach = h * m.u(0.18, 0.26)
        arm = tube([(0, 0, h * 0.97), (reach * 0.5, 0, h * 1.04), (reach, 0, h * 1.02)], r * 0.8, 6)
        head = box(reach * 0.5, h * 0.05, h * 0.03, top=(0.8, 0.7)).at(reach * 1.05, 0, h * 1.01)
        bulb = box(reach * 0.4, h * 0.04, h * 0.012).at(reach * 1.05, 0, h * 1.01 - h * 0.012)
        if style == "double":
            m.say("double")
            m.both(pole, arm, head)
            m.both(glow, bulb)
        else:
            m.add(pole, arm, head)
            m.add(glow, bulb)


@kind("lantern", "lantern:7, oil lantern:1, hanging lantern:1", weight=1.3)
def lantern(m: Maker) -> None:
    metal, glow = m.slot(m.pick("iron", "gold", "bronze", "wood", "paint"), main=True), m.slot("glow", "light", "flame")
    n, r, h = m.pick(4, 6, 8), m.u(0.08, 0.12), m.u(0.18, 0.28)
    m.add(metal, lathe([(r * 1.15, 0), (r * 1.15, h * 0.1), (r, h * 0.14)], n))
    m.add(metal, lathe([(r * 1.15, 0), (r * 1.05, h * 0.1), (r * 0.4, h * 0.32), (r * 0.3, h * 0.42)], n).at(0, 0, h))
    m.add(glow, prism(r * 0.62, h * 0.72, n).at(0, 0, h * 0.14))
    m.around(metal, n, prism(r * 0.1, h * 0.88, 4).at(r * 0.95, 0, h * 0.12), 180 / n)
    if m.chance(0.8):
        m.add(metal, ring(r * 0.4, r * 0.08, 8, 4).along("y").at(0, 0, h * 1.42 + r * 0.3))


@kind("torch", "torch:6, wall torch:1, burning torch:1", weight=1.2)
@called("wall torch", on_wall=True)
def torch(m: Maker, on_wall: bool = False) -> None:
    wood, iron, flame = m.slot("wood"), m.slot(m.pick("iron", "straw")), m.slot("glow", "flame")
    h = m.u(0.4, 0.6)
    r, n = h * 0.05, m.pick(6, 8)
    m.add(wood, prism(r * 0.75, h, n, 1.4))
    m.add(iron, lathe(pairs("1.2,0 1.9,0.14 1.9,0.18 1.2,0.18", r, h), n).at(0, 0, h * 0.86))
    part = lathe([(r * 1.2, 0), (r * 1.8, h * 0.12), (r * 1.0, h * 0.28), (0, h * m.u(0.4, 0.55))], n).at(0, 0, h)
    m.add(flame, part)
    if on_wall:
        m.add(iron, box(r * 3, r * 1.2, h * 0.3).at(0, r * 2.4, h * 0.4))
        m.add(iron, box(r * 1.2, r * 2.4, r * 1.2).at(0, r * 1.2, h * 0.5))


@dataclass
class Wax:
    """What candles of one kind share: slots (no flame where they are not lit) and sides."""

    wax: int
    flame: int | None
    n: int

    def place(self, m: Maker, x: float, y: float, z: float, r: float, h: float) -> None:
        m.add(self.wax, prism(r, h, self.n, m.u(0.92, 1)).at(x, y, z))
        if self.flame is not None:
            m.add(self.flame, lathe([(r * 0.3, 0), (r * 0.45, r * 0.7), (0, r * 2)], 6).at(x, y, z + h))


def _wax(m: Maker) -> Wax:
    wax, flame, lit = m.slot("wax", main=True), m.slot("glow", "flame"), m.chance(0.8, "lit")
    if not lit:
        m.call(f"unlit {m.noun}")
    return Wax(wax, flame if lit else None, m.pick(6, 8, 10))


def _holder(m: Maker) -> int:
    return m.slot(m.pick("gold", "iron", "silver"))


@kind("candle", "candle:6, candles:2, candlestick:2, candelabra:1", weight=1.2)
@called("candles", count=3)
def candle(m: Maker, count: int = 1) -> None:
    wax = _wax(m)
    plate = _holder(m) if m.chance(0.3) else None
    for k in range(count):
        r, h = m.u(0.02, 0.035), m.u(0.08, 0.2)
        x, y = (0, 0) if count == 1 else (0.075 * math.cos(2.1 * k), 0.075 * math.sin(2.1 * k))
        z = 0.0
        if plate is not None and count == 1:
            m.add(plate, lathe(pairs("1.6,0 2.2,0.5 2,0.6", r), 10))
            z = r * 0.6
        wax.place(m, x, y, z, r, h)


@candle.noun("candlestick")
def candlestick(m: Maker) -> None:
    wax, stand, r, h = _wax(m), _holder(m), m.u(0.02, 0.035), m.u(0.08, 0.2)
    m.add(stand, lathe(pairs("2.4,0 2.2,0.5 0.5,1 0.5,4 1.5,4.6 1.5,5", r), 8))
    wax.place(m, 0, 0, r * 5, r, h)


@candle.noun("candelabra")
def candelabra(m: Maker) -> None:
    wax, stand = _wax(m), _holder(m)
    m.add(stand, lathe([(0.07, 0), (0.06, 0.02), (0.015, 0.05), (0.015, 0.3)], 8))
    m.both(stand, tube([(0, 0, 0.18), (0.12, 0, 0.18), (0.14, 0, 0.28)], 0.012, 5))
    m.both(stand, prism(0.03, 0.015, 8).at(0.14, 0, 0.28))
    for x in (-0.14, 0.0, 0.14):
        wax.place(m, x, 0, 0.295, 0.018, 0.1)
