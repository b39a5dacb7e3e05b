"""What people carry: suitcases, handbags, watches, glasses, scissors, pencils, torches, batteries."""

import math
from collections.abc import Callable, Sequence

from .base import Maker, called, kind
from .outlines import bow, triples
from .parts import Part, block, box, extrude, lathe, prism, ring, slab, tube
from .rounds import ball, cube_ball

Move = Callable[[Part], Part]


def turned(m: Maker, points: Sequence[tuple[float, float]], sides: int, rows: Sequence[int], move: Move) -> None:
    """`m.banded`, moved."""
    m.banded(points, sides, rows)
    part, slots = m.parts.pop()
    m.parts.append((move(part), slots))


def forward(x: float, y: float, z: float) -> Move:
    """What stands along z lies along -y and starts at the point."""
    return lambda p: p.turn("x", 90).at(x, y, z)


def dial(m: Maker, r: float, move: Move, ticks: bool = True) -> None:
    """A white clock face towards -y: its middle is the origin, its back lies at y = 0."""
    white, black, t = m.slot("paint", "white"), m.slot("paint", "black"), r * 0.12
    m.add(white, move(prism(r, t, 12).turn("x", 90)))
    hour = m.u(20, 100)
    for length, angle in ((0.52, hour), (0.76, -m.u(10, 100))):
        hand = box(r * 0.13, t, r * length).at(0, -t * 1.3, 0).turn("y", angle)
        m.add(black, move(hand.at(0, -t * 0.4 * (angle == hour), 0)))
    m.add(black, move(prism(r * 0.13, t * 2.4, 6).turn("x", 90)))
    if ticks:
        m.add(black, *[move(box(r * 0.1, t, r * 0.2).at(0, -t * 0.8, r * 0.74).turn("y", 90 * k)) for k in range(4)])


@kind("scissors", "scissors:4", weight=1.0)
def scissors(m: Maker) -> None:
    grip = m.slot("plastic", "red", "orange", "blue", "black", "green", main=True) if m.chance(0.8) else m.slot("metal")
    steel, h = m.slot("steel"), m.u(0.16, 0.26)
    t, w, open_ = h * m.u(0.035, 0.045), h * m.u(0.07, 0.09), m.u(13, 24)
    major, minor, up = h * m.u(0.095, 0.115), h * 0.034, h * m.u(0.52, 0.6)
    blade = [(-w * 0.5, -w * 0.6), (w * 0.5, -w * 0.6), (w * 0.5, up * 0.5), (w * 0.28, up), (-w * 0.5, up * 0.72)]
    below = h * m.u(0.3, 0.36)
    # the ring hangs outside its shank, so that the two stay apart
    out = -major * 0.65
    shank = [(-w * 0.5, -w * 0.3), (out - w * 0.4, -below), (out + w * 0.6, -below), (w * 0.5, -w * 0.3)]
    parts = [(steel, extrude(blade, t * 1.1)), (grip, extrude(shank, t * 1.5))]
    parts += [(grip, ring(major, minor * 1.3, 8, 4, t * 2.4).along("y").scale(0.9, 1, 1.12).at(out, 0, -below - major))]
    for slot, part in parts:
        p = part.turn("y", open_).at(0, -t / 2, 0)
        m.add(slot, p, p.turn("z", 180))
    m.add(m.slot("metal", "dark"), prism(w * 0.36, t * 4, 8).turn("x", 90).at(0, t * 2, 0))


@kind("pencil", "pencil:4, crayon:1", weight=1.0)
def pencil(m: Maker) -> None:
    paint = m.slot("paint", "yellow", "yellow", "red", "green", "blue", "orange", "black", main=True)
    wood = m.slot("wood", "light", name="PencilWood")
    lead = paint if m.chance(0.2) else m.slot("paint", "black", name="Lead")
    h = m.u(0.12, 0.18)
    r = h * m.u(0.045, 0.07)
    cone = r * m.u(2.2, 3.0)
    point = [(r, h - cone), (r * 0.34, h - cone * 0.34), (0, h)]
    if m.chance(0.75):
        band, rubber = m.slot(m.pick("metal", "gold")), m.slot("paint", "pink", name="Eraser")
        a, b = r * 1.6, r * 2.9
        low = [(r * 0.8, 0), (r * 0.98, r * 0.25), (r * 0.98, a), (r * 1.1, a), (r * 1.1, b), (r, b)]
        m.banded([*low, *point], 6, [rubber, rubber, band, band, band, paint, wood, lead])
    else:
        m.banded([(r, 0), *point], 6, [paint, wood, lead])


@pencil.noun("crayon")
def crayon(m: Maker) -> None:
    color = m.pick("red", "orange", "yellow", "green", "blue", "purple", "pink")
    wax, wrap = m.slot("paint", color, main=True, name="Wax"), m.slot("paint", "black", "white", color)
    h = m.u(0.08, 0.1)
    r = h * m.u(0.07, 0.1)
    rim, top = r * 1.14, h * 0.78
    points = [(r, 0), (r, h * 0.04), (rim, h * 0.04), (rim, h * 0.12), (rim, h * 0.16), (rim, top * 0.86)]
    points += [(rim, top * 0.92), (rim, top), (r, top), (r, h * 0.83), (r * 0.5, h * 0.87), (r * 0.32, h)]
    m.banded(points, 8, [wax, wax, wax, wrap, wax, wrap, wax, wax, wax, wax, wax])


def bag_handle(m: Maker, slot: int, w: float, h: float, z: float, r: float) -> None:
    m.add(slot, tube([(-w / 2, 0, z - r), (-w * 0.42, 0, z + h), (w * 0.42, 0, z + h), (w / 2, 0, z - r)], r, 4))


@kind("suitcase", "suitcase:4, briefcase:2, luggage:1", weight=1.1)
def suitcase(m: Maker) -> None:
    (trolley if m.chance(0.3) else _case)(m)


@suitcase.noun("briefcase")
def briefcase(m: Maker) -> None:
    _case(m, slim=True)


def _case(m: Maker, slim: bool = False) -> None:
    body = m.slot("leather", main=True) if slim or m.chance(0.6) else m.slot("cloth", "blue", "red", "green", main=True)
    trim, metal = m.slot("leather", "dark", "black"), m.slot(m.pick("gold", "metal"))
    w = m.u(0.4, 0.46) if slim else m.u(0.5, 0.65)
    h, d = w * m.u(0.66, 0.74), w * (m.u(0.2, 0.25) if slim else m.u(0.28, 0.36))
    m.add(body, block(w, d, h, w * 0.03))
    bag_handle(m, trim, w * m.u(0.24, 0.3), h * 0.14, h, w * 0.022)
    m.add(trim, box(w * 1.02, w * 0.04, h * 1.02).at(0, 0, -w * 0.008))
    if slim:
        m.add(trim, box(w * 0.94, d * 1.06, w * 0.03).at(0, 0, h * 0.64))
        m.both(metal, box(w * 0.09, w * 0.05, h * 0.16).at(w * 0.26, -d * 0.5, h * 0.58))
        return
    m.say(*(["old"] if m.chance(0.5) else []))
    m.both(trim, box(w * 0.09, d * 1.08, h * 1.03).at(w * 0.27, 0, 0))
    m.both(metal, box(w * 0.12, w * 0.05, h * 0.14).at(w * 0.27, -d * 0.55, h * 0.62))
    for z in (0.0, 1.0):
        m.both(trim, box(w * 0.12, d * 1.05, h * 0.16).at(w * 0.455, 0, z * h * 0.86 - 0.012 * w * (1 - 2 * z)))


@suitcase.noun("luggage")
def trolley(m: Maker) -> None:
    """The hard case on wheels that travellers pull."""
    body = m.slot("plastic", "red", "blue", "teal", "black", "yellow", "pink", "grey", "orange", main=True)
    dark, metal, w, h = m.slot("plastic", "black"), m.slot("metal"), m.u(0.36, 0.46), m.u(0.52, 0.68)
    d, z = w * m.u(0.5, 0.62), h * 0.07
    m.add(body, block(w, d, h, d * 0.2).at(0, 0, z))
    m.add(body, *[box(w * 0.09, d * 1.06, h * 0.76).at(w * x, 0, z + h * 0.12) for x in (-0.28, 0.0, 0.28)])
    m.four(dark, prism(z * 0.75, w * 0.08, 8).along("x").at(w * 0.3, d * 0.3, z * 0.75))
    m.four(dark, box(w * 0.06, d * 0.12, z * 0.9).at(w * 0.34, d * 0.3, z * 0.6))
    bag_handle(m, metal, w * 0.5, h * m.u(0.3, 0.42), z + h, w * 0.03)
    m.parts[-1] = (m.parts[-1][0].at(0, d * 0.24, 0), metal)
    m.add(dark, box(w * 0.46, w * 0.1, w * 0.09).at(0, d * 0.24, m.parts[-1][0].vertices[:, 2].max() - w * 0.08))


def purse_body(m: Maker) -> None:
    """A round pouch with a metal mouth and two balls that click shut."""
    cloth, gold = m.slot(m.pick("cloth", "leather"), main=True), m.slot(m.pick("gold", "silver"))
    w = m.u(0.13, 0.2)
    h, d = w * m.u(0.75, 0.9), w * m.u(0.34, 0.45)
    m.add(cloth, cube_ball(w, d, h, 3, 0.65))
    m.add(gold, slab(w * 0.7, d * 0.42, h * 0.12, d * 0.12).at(0, 0, h * 0.93))
    m.both(gold, ball(w * 0.065, 6, 3).at(w * 0.05, 0, h * 1.02))
    if m.chance(0.6):
        m.add(gold, tube(bow(-w * 0.32, w * m.u(0.35, 0.6), 6, h * 0.98), w * 0.022, 4))


@kind("purse", "handbag:3, purse:3", weight=1.0)
def purse(m: Maker) -> None:
    (purse_body if m.chance(0.5) else handbag)(m)


@purse.noun("handbag")
def handbag(m: Maker) -> None:
    stuff = ("leather",) if m.chance(0.5) else ("cloth", "red", "pink", "purple", "teal")
    skin, gold, w = m.slot(*stuff, main=True), m.slot(m.pick("gold", "gold", "silver")), m.u(0.26, 0.36)
    h, d, narrow = w * m.u(0.6, 0.78), w * m.u(0.34, 0.44), m.u(0.72, 0.9)
    m.add(skin, box(w, d, h, top=(narrow, 0.5)))
    strap = m.slot("leather", "dark", "black") if m.chance(0.4) else skin
    # the flap lies over the front, which leans back
    lean, deep = -math.degrees(math.atan2(d * 0.25, h)), h * m.u(0.42, 0.55)
    a, b = w * narrow * 0.53, w * (narrow + 0.12) * 0.5
    flap = [(-b * 0.6, -deep), (b * 0.6, -deep), (b, -deep * 0.7), (a, h * 0.03), (-a, h * 0.03), (-b, -deep * 0.7)]
    m.add(strap, extrude(flap, w * 0.04).turn("x", lean).at(0, -d * 0.25, h))
    m.add(strap, box(w * narrow * 1.04, d * 0.56, w * 0.04).at(0, 0, h * 0.985))
    clasp = box(w * 0.11, w * 0.05, w * 0.1).at(0, -w * 0.03, -deep * 0.97).turn("x", lean).at(0, -d * 0.25, h)
    m.add(gold, clasp)
    grip = tube(bow(-w * narrow * 0.31, h * m.u(0.45, 0.75), 6, h), w * 0.026, 4)
    if m.chance(0.4):
        m.add(strap, grip.at(0, -d * 0.14), grip.at(0, d * 0.14))
    else:
        m.add(strap, grip)
    m.both(gold, box(w * 0.06, d * 0.42, w * 0.07).at(w * narrow * 0.31, 0, h))


@kind("lightbulb", "lightbulb:3, light bulb:3, bulb:1", weight=1.0)
def lightbulb(m: Maker) -> None:
    lit = m.chance(0.6)
    glass = m.slot("glow", "light") if lit else m.slot("glass", "") if m.chance(0.5) else m.slot("paint", "yellow")
    metal, dark, h = m.slot("metal", m.pick("", "light")), m.slot("plastic", "black"), m.u(0.1, 0.14)
    r, b, low, n = h * m.u(0.26, 0.32), h * m.u(0.12, 0.14), h * 0.3, m.pick(8, 10)
    screw = [(b * 0.4, 0), (b * 0.9, h * 0.06)]
    for k in range(3):
        z = h * (0.06 + 0.07 * k)
        screw += [(b * 1.08, z + h * 0.035), (b * 0.9, z + h * 0.07)]
    m.banded(screw, n, [dark, *[metal] * 6])
    mid = h - r
    points = [(b, low - h * 0.05), (b * 1.05, low), (r * 0.72, mid - r * 0.72), (r, mid - r * 0.1)]
    points += [(r * 0.9, mid + r * 0.45), (r * 0.55, mid + r * 0.84), (0, h)]
    m.add(glass, lathe(points, n))
    m.say("glowing", when=lit)


@kind("flashlight", "flashlight:4", weight=1.0)
def flashlight(m: Maker) -> None:
    body = m.slot("metal", "dark", "", main=True) if m.chance(0.3) else m.slot("plastic", main=True)
    dark = m.slot("rubber")
    light = m.slot("glow", "light") if m.chance(0.7) else m.slot("glass", "")
    length = m.u(0.18, 0.28)
    r = length * m.u(0.075, 0.1)
    wide, n = r * m.u(1.6, 2.0), m.pick(8, 10)
    points = [(r * 0.8, 0), (r, 0.03), (r, 0.12), (r * 1.1, 0.12), (r * 1.1, 0.2), (r, 0.2), (r, 0.64)]
    points += [(wide, 0.8), (wide, 0.93), (wide * 1.1, 0.93), (wide * 1.1, 1.0), (wide * 0.88, 1.0), (wide * 0.8, 0.95)]
    rows = [dark, dark, dark, dark, dark, body, body, body, dark, dark, dark, light]
    turned(m, [(a, z * length) for a, z in points], n, rows, forward(0, length / 2, wide * 1.1))
    z = wide * 1.1 + r * 0.8
    m.add(m.slot("paint", "red", "white", "yellow"), box(r * 0.8, length * 0.12, r * 0.5).at(0, -length * 0.04, z))
    if m.chance(0.4):
        loop = ring(r * 0.6, r * 0.22, 6, 4).along("x")
        m.add(dark, loop.at(0, length / 2 + r * 0.5, wide * 1.1))


@kind("watch", "watch:3, wrist watch:2, pocket watch:1", weight=1.0)
def wrist_watch(m: Maker) -> None:
    colors = ("red", "blue", "black", "green", "orange", "white")
    strap = m.slot(*((m.pick("leather", "metal", "gold"),) if m.chance(0.5) else ("cloth", *colors)), main=True)
    metal, r = m.slot(m.pick("gold", "steel", "silver")), m.u(0.018, 0.022)
    loop, wide = r * m.u(1.6, 1.85), r * m.u(1.05, 1.3)
    # corners of the four-sided section lie at 0.707 of what ring() is told
    m.add(strap, ring(loop, r * 0.15, 14, 4, wide * 1.414).along("x").scale(1, 0.86, 1))
    lean = -m.u(12, 35)

    def put(p: Part) -> Part:
        return p.at(0, -loop * 0.9, 0).turn("x", lean)

    m.add(strap, put(box(wide * 1.04, r * 0.3, r * 2.6).at(0, r * 0.12, -r * 1.3)))
    if m.chance(0.3):
        plastic = m.slot("plastic", "black", "grey", "white")
        m.add(plastic, put(block(r * 2, r * 0.44, r * 1.9, r * 0.16).at(z=-r * 0.95)))
        m.add(m.slot("glow", "screen", "green"), put(box(r * 1.5, r * 0.14, r * 1.2).at(0, -r * 0.2, -r * 0.6)))
        return
    m.add(metal, put(prism(r, r * 0.4, 12).turn("x", 90).at(0, r * 0.12, 0)))
    m.add(metal, put(box(r * 0.3, r * 0.22, r * 0.24).at(r * 1.05, -r * 0.1, -r * 0.12)))
    dial(m, r * 0.82, lambda p: put(p.at(0, -r * 0.22, 0)), ticks=False)


@wrist_watch.noun("pocket watch")
def pocket_watch(m: Maker) -> None:
    gold, r = m.slot(m.pick("gold", "gold", "silver", "bronze"), main=True), m.u(0.022, 0.028)
    t = r * m.u(0.32, 0.42)
    m.add(gold, lathe([(r * 0.8, 0), (r, t * 0.3), (r, t), (r * 0.9, t * 1.15)], 12).turn("x", 90))
    dial(m, r * 0.8, lambda p: p.at(0, -t * 1.06, 0))
    m.add(gold, prism(r * 0.16, r * 0.3, 6, 1.3).at(0, -t * 0.5, r * 0.95))
    m.add(gold, ring(r * 0.28, r * 0.09, 8, 4).along("y").at(0, -t * 0.5, r * 1.42))
    m.say("round")


@kind("glasses", "glasses:3, eyeglasses:2, sunglasses:2", weight=1.0)
@called("sunglasses", dark=True)
def glasses(m: Maker, dark: bool = False) -> None:
    frame = m.slot("plastic", *(("black", "black", "red", "white") if dark else ()), main=True)
    lens = m.slot("paint", "black", name="DarkLens") if dark else m.slot("glass", "", "blue")
    w = m.u(0.13, 0.15)
    r = w * m.u(0.215, 0.24)
    flat = 1.0 if m.chance(0.5) else m.u(0.7, 0.8)
    m.say("round", when=flat == 1.0)
    n, t = (10 if flat == 1.0 else 8), w * 0.036
    x, z = w * 0.5 - r * 0.86, r * flat
    m.both(frame, ring(r, t * 0.8, n, 4, t * 1.5).along("y").scale(1, 1, flat).at(x, 0, z))
    m.both(lens, prism(r, t * 0.6, n).turn("x", 90).scale(1, 1, flat).at(x, t * 0.3, z))
    gap = max((x - r) * 2, 0) + t * 1.6
    m.add(frame, box(gap, t * 0.9, t * 0.9).at(0, 0, z * 1.25))
    deep, side, high = w * m.u(0.85, 1.0), x + r, z * 1.3
    m.both(frame, tube(triples("1,0,1 1,0.74,1 1,1,0.35", side, deep, high), t * 0.62, 4))
    m.both(frame, box(t * 1.8, t * 1.5, t * 1.6).at(side - t * 0.2, t * 0.1, high - t * 0.8))


@kind("battery", "battery:4", weight=1.0)
def battery(m: Maker) -> None:
    metal, low = m.slot("metal", "", "light"), m.slot("plastic", "black", "black", "green", "blue", "red", main=True)
    top, h = m.slot(m.pick("copper", "gold", "bronze")), m.u(0.05, 0.065)
    r, n, cut = h * m.u(0.16, 0.28), m.pick(8, 12), h * m.u(0.55, 0.7)
    if m.chance(0.3):
        low, top = top, low
    rim = [(r * 0.9, 0), (r, h * 0.02), (r, cut), (r, h * 0.9), (r * 0.86, h * 0.93), (r * 0.36, h * 0.93)]
    m.banded([*rim, (r * 0.36, h)], n, [metal, low, top, top, metal, metal])
    mark, a, b = m.slot("paint", "white"), r * 0.36, r * 0.13
    plus = [(-b, -a), (b, -a), (b, -b), (a, -b), (a, b), (b, b), (b, a), (-b, a), (-b, b), (-a, b), (-a, -b), (-b, -b)]
    m.add(mark, extrude(plus, r * 0.2).at(0, -r * 0.97 * math.cos(math.pi / n), (cut + h * 0.9) / 2))
    if m.chance(0.6):
        m.add(mark, box(a * 2, r * 0.2, b * 2).at(0, -r * 0.97 * math.cos(math.pi / n), cut * 0.3))


@kind("compass", "compass:4", weight=1.0)
def compass(m: Maker) -> None:
    case = m.slot(m.pick("gold", "gold", "bronze", "wood", "silver"), main=True)
    white, red, dark = m.slot("paint", "white"), m.slot("paint", "red"), m.slot("paint", "black", "blue")
    r = m.u(0.035, 0.05)
    t, n = r * m.u(0.26, 0.36), 12
    m.banded([(r * 0.88, 0), (r, t * 0.25), (r, t), (r * 0.84, t), (r * 0.84, t * 0.6)], n, [case] * 3 + [white])
    m.add(white, prism(r * 0.86, t * 0.3, n).at(0, 0, t * 0.46))
    spin = m.u(-60, 60)
    tip = [(-r * 0.15, 0), (r * 0.15, 0), (0, r * 0.68)]
    for slot, angle in ((red, 0.0), (dark, 180.0)):
        m.add(slot, extrude(tip, r * 0.08).turn("x", -90).at(0, 0, t * 0.86).turn("z", spin + angle))
    m.add(case, prism(r * 0.1, t * 0.5, 6).at(0, 0, t * 0.7))
    m.add(dark, *[box(r * 0.07, r * 0.14, r * 0.06).at(0, r * 0.74, t * 0.73).turn("z", 90 * k) for k in range(4)])
    if m.chance(0.5):
        lean = -m.u(5, 25)
        lid = lathe([(r * 0.9, 0), (r, t * 0.2), (r, t * 0.45), (r * 0.85, t * 0.45), (r * 0.8, t * 0.3)], n)
        m.add(case, lid.turn("x", 90).at(0, 0, r).turn("x", lean).at(0, r * 1.0, t * 0.7))
        m.add(case, prism(r * 0.12, r * 0.5, 6).along("x").at(-r * 0.25, r * 1.0, t * 0.7))
    else:
        m.add(case, prism(r * 0.13, r * 0.3, 6).along("y").at(0, r * 0.92, t * 0.5))
        m.add(case, ring(r * 0.2, r * 0.07, 8, 4).at(0, r * 1.34, t * 0.5))
