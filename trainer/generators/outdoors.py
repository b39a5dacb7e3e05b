"""What stands outdoors: signs, flags, playgrounds, gardens, birdhouses."""

from .base import Maker, called, kind
from .outlines import pairs
from .parts import block, box, extrude, lathe, prism, profile, slab, tube
from .rounds import ball, ico


@kind("sign", "sign:5, wooden sign:2, signpost:3, direction sign:1", weight=1.2)
@called("signpost", "direction sign", pointing=True)
def sign(m: Maker, pointing: bool = False) -> None:
    wood = m.slot("wood", main=True)
    board = m.slot("wood") if m.chance(0.5) else wood
    h, t = m.u(1.1, 1.8), m.u(0.07, 0.1)
    m.add(wood, box(t, t, h, top=m.pick((1, 1), (0.6, 0.6))))
    if pointing or m.chance(0.3):
        for k in range(m.n(1, 3)):
            w, bh = m.u(0.5, 0.75), m.u(0.16, 0.22)
            a = [(-w * 0.35, 0), (w * 0.5, 0), (w * 0.68, bh / 2), (w * 0.5, bh), (-w * 0.35, bh)]
            part = extrude(a, t * 0.5).at(0, -t * 0.7, h * 0.93 - bh - k * (bh + 0.07))
            m.add(board, part.mirror(0) if (k % 2) ^ m.chance(0.2) else part)
    else:
        w, bh = m.u(0.6, 0.9), m.u(0.32, 0.5)
        m.add(board, box(w, t * 0.5, bh).at(0, -t * 0.7, h - bh - 0.05))
        if m.chance(0.5):
            dark = m.slot("wood", "dark")
            for k in range(2):
                m.add(dark, box(w * m.u(0.5, 0.75), t * 0.2, bh * 0.1).at(0, -t, h - bh * (0.42 + 0.32 * k)))
        if m.chance(0.4):
            m.both(wood, box(t * 0.9, t * 0.7, bh * 1.1).at(w * 0.46, -t * 0.66, h - bh * 1.05 - 0.05))


@kind("road_sign", "stop sign:2, traffic sign:2, road sign:2, traffic light:3, traffic cone:3", weight=1.1)
@called("stop sign", stop=True)
def road_sign(m: Maker, stop: bool = False) -> None:
    metal, white, h = m.slot("metal"), m.slot("paint", "white"), m.u(2.0, 2.6)
    m.add(metal, prism(0.05, h, 8))
    red = m.slot("paint", "red") if stop else m.slot("paint", "red", "blue", "yellow", main=True)
    r, n = m.u(0.3, 0.4), 8 if stop else m.pick(3, 12, 4)
    turned = 0.5 if n != 3 else 0.25
    m.add(white, prism(r, 0.04, n, 1.0, turned).turn("x", 90).at(0, -0.05, h))
    m.add(red, prism(r * 0.88, 0.03, n, 1.0, turned).turn("x", 90).at(0, -0.09, h))
    m.add(white, box(r * 1.0, 0.02, r * 0.24).at(0, -0.13, h - r * 0.12))


@road_sign.noun("traffic cone")
def traffic_cone(m: Maker) -> None:
    white, orange, h, n = m.slot("paint", "white"), m.slot("paint", "orange"), m.u(0.5, 0.75), m.pick(8, 10, 12)
    r = h * 0.24
    m.add(orange, box(r * 2.6, r * 2.6, h * 0.06))
    m.banded([(r, h * 0.06), (r * 0.72, h * 0.35), (r * 0.5, h * 0.6), (r * 0.2, h)], n, [orange, white, orange])


@road_sign.noun("traffic light")
def traffic_light(m: Maker) -> None:
    metal, h = m.slot("metal"), m.u(2.0, 2.6)
    m.add(metal, prism(0.05, h, 8))
    m.add(m.slot("plastic", "black", "yellow"), block(0.32, 0.24, 0.85, 0.03).at(0, -0.02, h * 0.68))
    for k, c in enumerate(("green", "yellow", "red")):
        paint = m.slot("paint", c, name=f"{c.capitalize()}Light")
        m.add(paint, prism(0.1, 0.05, 8).turn("x", 90).at(0, -0.14, h * 0.68 + 0.16 + 0.27 * k))


@kind("flag", "flag:6, banner:4, pennant:1", weight=1.2)
@called("pennant", pointed=True)
def flag(m: Maker, pointed: bool = False) -> None:
    cloth, wood, h = m.slot("cloth", main=True), m.slot(m.pick("wood", "metal", "gold")), m.u(1.6, 2.8)
    r = h * 0.018
    m.add(wood, prism(r, h, 6), ico(r * 1.8, 0).at(0, 0, h - r))
    w, bh = h * m.u(0.35, 0.5), h * m.u(0.22, 0.32)
    if pointed or m.chance(0.25):
        m.add(cloth, extrude([(0, 0), (w, bh / 2), (0, bh)], r * 0.8).at(r, 0, h * 0.97 - bh))
    else:
        sag = bh * 0.1
        top = [(w, bh), (w * 0.66, bh - sag), (w * 0.33, bh + sag), (0, bh)]
        m.add(cloth, extrude([*pairs("0,0 0.33,1 0.66,-1 1,0", w, sag), *top], r * 0.8).at(r, 0, h * 0.96 - bh))
    if m.chance(0.4):
        m.add(m.slot("stone"), prism(r * 5, r * 3, 8, 0.8).at(0, 0, -r))


@flag.noun("banner")
def banner(m: Maker) -> None:
    cloth, wood, h = m.slot("cloth", main=True), m.slot(m.pick("wood", "metal", "gold")), m.u(1.6, 2.8)
    r = h * 0.018
    m.add(wood, prism(r, h, 6), ico(r * 1.8, 0).at(0, 0, h - r))
    w, bh = h * m.u(0.24, 0.34), h * m.u(0.45, 0.6)
    m.add(wood, prism(r * 0.8, w * 1.2, 6).along("x").at(-w * 0.6, -r * 1.5, h * 0.92))
    a, tail = w / 2, m.pick([(0, bh * 0.16)], [], [(0, -bh * 0.14)])
    m.add(cloth, extrude([(-a, 0), *tail, (a, 0), (a, bh), (-a, bh)], r * 0.7).at(0, -r * 1.5, h * 0.92 - bh))
    if m.chance(0.5):
        outline = [(0, -w * 0.26), (w * 0.2, 0), (0, w * 0.26), (-w * 0.2, 0)]
        m.add(m.slot("gold"), extrude(outline, r * 0.9).at(0, -r * 1.7, h * 0.92 - bh * 0.45))


@kind("swing", "swing:1, seesaw:1, slide:1, mailbox:4, fire hydrant:3", weight=1.0)
def swing(m: Maker) -> None:
    paint, metal = m.slot("paint", main=True), m.slot("metal")
    m.both(paint, box(0.09, 0.09, 2.0, shift=(0, 0.5)).at(0.9, -0.5))
    m.both(paint, box(0.09, 0.09, 2.0, shift=(0, -0.5)).at(0.9, 0.5))
    m.add(paint, box(1.95, 0.1, 0.1).at(0, 0, 2.0))
    m.both(metal, box(0.03, 0.03, 1.5).at(0.25, 0, 0.5))
    m.add(m.slot("wood"), box(0.6, 0.25, 0.05).at(0, 0, 0.46))


@swing.noun("mailbox")
def mailbox(m: Maker) -> None:
    paint, metal, wood = m.slot("paint", main=True), m.slot("metal"), m.slot("wood")
    m.add(wood, box(0.1, 0.1, 1.0))
    m.add(paint, extrude(pairs("-0.14,0 0.14,0 0.14,0.16 0.1,0.25 0,0.29 -0.1,0.25 -0.14,0.16"), 0.45).at(0, 0, 1.0))
    m.add(metal, box(0.06, 0.02, 0.03).at(0, -0.235, 1.14))
    red = m.slot("paint", "red")
    m.add(red, box(0.02, 0.04, 0.2).at(0.15, -0.05, 1.12), box(0.02, 0.12, 0.08).at(0.15, -0.01, 1.28))


@swing.noun("fire hydrant")
def fire_hydrant(m: Maker) -> None:
    paint, metal, n = m.slot("paint", main=True), m.slot("metal"), m.pick(8, 10)
    curve = pairs("0.19,0 0.19,0.06 0.14,0.08 0.13,0.5 0.17,0.52 0.17,0.57 0.12,0.68 0.05,0.72 0.05,0.77")
    m.add(paint, lathe(curve, n))
    m.both(metal, prism(0.07, 0.1, 8).along("x").at(0.11, 0, 0.38))
    m.add(metal, prism(0.08, 0.1, 8).turn("x", 90).at(0, -0.11, 0.32))


@swing.noun("slide")
def slide(m: Maker) -> None:
    paint, metal = m.slot("paint", main=True), m.slot("metal")
    m.both(metal, box(0.06, 0.06, 1.4).at(0.25, 0.6))
    m.add(metal, *[box(0.5, 0.05, 0.05).at(0, 0.6, 0.3 * (k + 1) - 0.1) for k in range(4)])
    m.add(paint, profile([(-0.9, 0), (0.6, 1.3), (0.6, 1.38), (-0.9, 0.08)], 0.5))
    m.both(paint, profile([(-0.9, 0.05), (0.6, 1.35), (0.6, 1.55), (-0.9, 0.25)], 0.05).at(0.27))


@swing.noun("seesaw")
def seesaw(m: Maker) -> None:
    paint, metal = m.slot("paint", main=True), m.slot("metal")
    m.add(metal, profile([(-0.25, 0), (0.25, 0), (0.05, 0.5), (-0.05, 0.5)], 0.3).turn("z", 90))
    m.add(paint, box(2.2, 0.25, 0.07).turn("y", 12).at(0, 0, 0.5))
    m.both(metal, box(0.05, 0.2, 0.22).at(0.75, 0, 0.5))


@kind("totem", "totem:1, statue:2, cross:1, birdhouse:2, beehive:2", weight=0.8)
def statue(m: Maker) -> None:
    stone = m.slot("stone", main=True)
    m.add(stone, box(0.7, 0.7, 0.15), box(0.55, 0.55, 0.5).at(0, 0, 0.15), box(0.65, 0.65, 0.1).at(0, 0, 0.65))
    m.both(stone, box(0.15, 0.16, 0.5).at(0.11, 0, 0.75))
    m.add(stone, box(0.42, 0.24, 0.48, top=(1.15, 1.1)).at(0, 0, 1.22), ball(0.13, 8, 4).at(0, 0, 1.76))
    m.both(stone, tube([(0.24, 0, 1.64), (0.34, 0, 1.4), (0.22, -0.14, 1.3)], 0.065, 6))


@statue.noun("birdhouse")
def birdhouse(m: Maker) -> None:
    paint, roof = m.either(0.5, "paint", "wood"), m.slot("roof")
    dark, wood = m.slot("paint", "black"), m.slot("wood")
    m.add(wood, box(0.07, 0.07, 1.2))
    m.add(paint, extrude([(-0.14, 0), (0.14, 0), (0.14, 0.24), (0, 0.38), (-0.14, 0.24)], 0.28).at(0, 0, 1.2))
    m.both(roof, box(0.26, 0.36, 0.035).turn("y", 45).at(0.09, 0, 1.53))
    m.add(dark, prism(0.05, 0.02, 8).turn("x", 90).at(0, -0.135, 1.4))
    m.add(wood, prism(0.012, 0.08, 5).turn("x", 90).at(0, -0.14, 1.3))


@statue.noun("beehive")
def beehive(m: Maker) -> None:
    straw, dark, r = m.slot("straw"), m.slot("paint", "black"), 0.35
    for k, s in enumerate((0.9, 1.0, 0.9, 0.68, 0.4)):
        m.add(straw, lathe([(r * s * 0.86, 0), (r * s, 0.075), (r * s * 0.86, 0.15)], 10).at(0, 0, 0.15 * k))
    m.add(dark, prism(0.07, 0.03, 8).turn("x", 90).at(0, -r * 0.93, 0.2))


@statue.noun("cross")
def cross(m: Maker) -> None:
    slot, h, t = m.slot(m.pick("wood", "stone", "gold"), main=True), m.u(0.8, 1.6), 0.14
    m.add(slot, box(t, t, h), box(h * 0.2, t, t).at(-(h * 0.1 + t / 2), 0, h * 0.66))
    m.add(slot, box(h * 0.2, t, t).at(h * 0.1 + t / 2, 0, h * 0.66), box(t * 2.4, t * 2.4, t))


@statue.noun("totem")
def totem(m: Maker) -> None:
    wood = m.slot("wood")
    for k in range(3):
        face, z = m.slot("paint"), 0.6 * k
        m.add(wood if k % 2 else face, prism(0.3 - 0.02 * k, 0.58, 8).at(0, 0, z))
        m.both(m.slot("paint", "white"), block(0.1, 0.06, 0.1, 0.015).at(0.1, -0.27, z + 0.33))
        m.add(m.slot("paint", "red", "black"), box(0.24, 0.06, 0.08).at(0, -0.27, z + 0.12))
    m.both(m.slot("paint"), box(0.6, 0.08, 0.3, top=(0.5, 1)).at(0.5, 0, 1.35))


@kind("flower_bed", "garden bed:2, planter:2, vegetable patch:1", weight=0.6)
@called("vegetable patch", cabbages=True)
def garden(m: Maker, cabbages: bool = False) -> None:
    wood, soil = m.slot(m.pick("wood", "stone", "brick"), main=True), m.slot("soil")
    green = m.slot("leaf", "green", "light green")
    w, d, h, t = m.u(0.9, 1.8), m.u(0.5, 0.9), m.u(0.2, 0.4), 0.07
    m.add(wood, box(w, t, h).at(0, d / 2 - t / 2), box(w, t, h).at(0, -d / 2 + t / 2))
    m.both(wood, box(t, d - 2 * t, h).at(w / 2 - t / 2))
    m.add(soil, box(w - 2 * t, d - 2 * t, h * 0.8))
    n, bloom = m.n(2, 4), m.slot("flesh", "red", "yellow", "pink", "purple", "orange", main=True)
    for k in range(n):
        x = (k - (n - 1) / 2) * (w - 0.2) / n
        if cabbages:
            m.add(green, ico(0.14, 0).at(x, 0, h * 0.7))
        else:
            m.add(green, prism(0.018, 0.24, 5).at(x, 0, h * 0.8))
            m.add(bloom, slab(0.14, 0.14, 0.08, 0.04).at(x, 0, h * 0.8 + 0.22))
