"""Things of a household: lamps, kitchen and bath, screens, books and boxes that hum."""

from .base import Maker, called, kind
from .outlines import bow, pairs
from .parts import basin, block, box, extrude, lathe, prism, ring, row, slab, tube
from .rounds import dome


@kind("tv", "tv:4, television:3, flat screen tv:1, monitor:2, computer screen:1", weight=1.2)
@called("flat screen tv", "monitor", "computer screen", flat=True)
def tv(m: Maker, flat: bool = False) -> None:
    case = m.slot("plastic", "black", "grey", "white")
    screen = m.slot("glow", "screen") if m.chance(0.3) else m.slot("paint", "black", name="Screen")
    if m.chance(0.3) and not flat:
        m.say("old", "retro")
        wood, w, h, d = m.slot("wood"), m.u(0.5, 0.7), m.u(0.4, 0.5), m.u(0.35, 0.45)
        m.add(wood, block(w, d, h, 0.03).at(0, 0, 0.1))
        m.add(screen, block(w * 0.62, 0.05, h * 0.7, 0.02).at(-w * 0.12, -d / 2, 0.1 + h * 0.15))
        m.add(case, *[prism(0.03, 0.05, 8).turn("x", 90).at(w * 0.34, -d / 2, 0.1 + h * z) for z in (0.62, 0.38)])
        m.four(wood, box(0.035, 0.035, 0.1, top=(1.5, 1.5)).at(w * 0.38, d * 0.32))
        m.both(m.slot("metal"), prism(0.01, 0.4, 5).turn("y", 30).at(0.02, 0, 0.1 + h))
        return
    w = m.u(0.5, 1.2)
    h, t = w * m.u(0.55, 0.62), w * 0.06
    z = h * m.u(0.1, 0.22)
    m.add(case, box(w, t, h).at(0, 0, z), box(w * 0.12, t * 0.8, z + h * 0.2).at(0, t * 0.6, 0))
    m.add(case, slab(w * 0.42, w * 0.24, t * 0.35, w * 0.04))
    m.add(screen, box(w * 0.94, t * 0.3, h * 0.88).at(0, -t * 0.55, z + h * 0.07))


@kind("computer", "computer:4, laptop:3, desktop computer:1", weight=1.1)
def computer(m: Maker) -> None:
    case, dark = m.slot("plastic", "grey", "black", "white"), m.slot("plastic", "black")
    screen, w = m.slot("glow", "screen"), m.u(0.45, 0.6)
    h = w * 0.62
    m.add(case, box(w, 0.04, h).at(0, 0.05, 0.1), box(0.06, 0.04, 0.16).at(0, 0.09))
    m.add(case, slab(0.22, 0.16, 0.02, 0.03).at(0, 0.07))
    m.add(screen, box(w * 0.92, 0.015, h * 0.86).at(0, 0.025, 0.1 + h * 0.07))
    m.add(case, box(w * 0.85, 0.15, 0.025, top=(1, 0.9)).at(-0.02, -0.22, 0))
    m.add(dark, box(w * 0.78, 0.1, 0.01).at(-0.02, -0.22, 0.025), block(0.06, 0.1, 0.03, 0.012).at(w * 0.52, -0.22, 0))
    if m.chance(0.6):
        m.add(case, box(0.18, 0.4, 0.4).at(w * 0.5 + 0.18, 0.08))
        m.add(dark, box(0.12, 0.02, 0.05).at(w * 0.5 + 0.18, -0.125, 0.3))


@computer.noun("laptop")
def laptop(m: Maker) -> None:
    case, dark = m.slot("plastic", "grey", "black", "white"), m.slot("plastic", "black")
    screen, w, d, t = m.slot("glow", "screen"), m.u(0.3, 0.38), m.u(0.2, 0.26), 0.016
    m.add(case, slab(w, d, t, 0.015))
    m.add(dark, box(w * 0.86, d * 0.45, 0.005).at(0, d * 0.16, t), box(w * 0.28, d * 0.26, 0.004).at(0, -d * 0.28, t))
    lean = -m.u(5, 25)
    m.add(case, box(w, t, d).turn("x", lean).at(0, d / 2, t))
    m.add(screen, box(w * 0.92, t * 0.4, d * 0.86).at(0, -t * 0.6, d * 0.07).turn("x", lean).at(0, d / 2, t))


@kind("fridge", "fridge:4, refrigerator:4, freezer:1", weight=1.2)
def fridge(m: Maker) -> None:
    if m.chance(0.7):
        body = m.slot("paint", "white", "grey", "red", "cyan", "beige", main=True)
    else:
        body = m.slot("metal", main=True)
    metal, w, d, h = m.slot("metal", "dark"), m.u(0.6, 0.8), m.u(0.55, 0.7), m.u(1.5, 1.9)
    m.add(metal, box(w * 0.94, d * 0.9, 0.06))
    cut = h * m.u(0.6, 0.72) if m.chance(0.5) else h * m.u(0.3, 0.4)
    m.add(body, box(w, d - 0.06, h - 0.06).at(0, 0.03, 0.06))
    m.add(body, block(w, 0.08, cut - 0.08, 0.02).at(0, -d / 2 + 0.02, 0.07))
    m.add(body, block(w, 0.08, h - cut - 0.02, 0.02).at(0, -d / 2 + 0.02, cut + 0.01))
    side = m.pick(-1, 1)
    m.add(metal, box(0.035, 0.05, cut * 0.4).at(side * w * 0.4, -d / 2 - 0.04, cut * 0.5))
    m.add(metal, box(0.035, 0.05, (h - cut) * 0.4).at(side * w * 0.4, -d / 2 - 0.04, cut + (h - cut) * 0.12))


@kind("stove", "stove:4, oven:3, cooker:1", weight=1.1)
def stove(m: Maker) -> None:
    body = m.slot("paint", "white", "grey", "black", "red", main=True) if m.chance(0.7) else m.slot("metal", main=True)
    dark, metal, glass = m.slot("iron", "dark"), m.slot("metal", "light"), m.slot("glass", "brown")
    w, d, h = m.u(0.6, 0.8), m.u(0.58, 0.68), m.u(0.85, 0.95)
    m.add(body, box(w, d, h), box(w, 0.06, m.u(0.1, 0.25)).at(0, d / 2 - 0.03, h))
    m.add(dark, box(w * 0.96, d * 0.86, 0.02).at(0, -0.03, h))
    for x in (-0.24, 0.24):
        m.add(metal, *[prism(w * 0.15, 0.02, 8).at(x * w, y * d, h + 0.02) for y in (-0.24, 0.18)])
    m.add(dark, box(w * 0.86, 0.04, h * 0.6).at(0, -d / 2, h * 0.14))
    m.add(glass, box(w * 0.6, 0.03, h * 0.3).at(0, -d / 2 - 0.02, h * 0.28))
    m.add(metal, box(w * 0.7, 0.05, 0.035).at(0, -d / 2 - 0.04, h * 0.68))
    m.add(dark, *row(prism(0.025, 0.035, 6).turn("x", 90).at(0, -d / 2, h * 0.87), 4, x=w * 0.2))


@kind("sink", "sink:4, kitchen sink:1, wash basin:1", weight=1.0)
def sink(m: Maker) -> None:
    white, metal = m.slot("ceramic", "white"), m.slot("metal", main=True)
    w, d, h = m.u(0.5, 0.8), m.u(0.45, 0.55), m.u(0.8, 0.9)
    if m.chance(0.5):
        m.add(m.slot(m.pick("wood", "paint"), main=True), box(w, d, h - 0.06))
        m.both(m.slot("wood", "light"), box(w * 0.44, 0.03, h * 0.7).at(w * 0.235, -d / 2, 0.06))
    else:
        m.add(white, prism(0.1, h - 0.1, 8, 0.8).at(0, 0.04))
    rim, t, square = 0.16, 0.05, pairs("-0.5,-0.5 0.5,-0.5 0.5,0.5 -0.5,0.5")
    levels = [(0.75, 0, h - rim - 0.02), (1.04, 0, h), (1.04, t, h), (0.75, t, h - rim + 0.03)]
    m.add(white, basin(square, w, d, levels))
    path = [(0, d * 0.45, h), (0, d * 0.45, h + 0.2), (0, d * 0.2, h + 0.24), (0, d * 0.12, h + 0.16)]
    m.add(metal, tube(path, 0.02, 6))
    m.both(metal, prism(0.025, 0.06, 6).at(w * 0.16, d * 0.45, h))


@kind("toilet", "toilet:4, wc:1", weight=1.0)
def toilet(m: Maker) -> None:
    white = m.slot("ceramic", "white")
    lid = m.slot("plastic", "white", "black", "blue", "pink") if m.chance(0.5) else m.slot("wood")
    metal, n = m.slot("metal"), m.pick(8, 10, 12)
    m.add(white, lathe([(0.15, 0), (0.12, 0.12), (0.2, 0.36), (0.21, 0.4)], n).scale(1, 1.25, 1).at(0, -0.06))
    if m.chance(0.4):
        m.add(lid, lathe([(0.22, 0), (0.22, 0.035), (0.13, 0.035), (0.13, 0.0)], n).scale(1, 1.25, 1).at(0, -0.06, 0.4))
    else:
        m.add(lid, prism(0.22, 0.04, n).scale(1, 1.25, 1).at(0, -0.06, 0.4))
    m.add(white, block(0.42, 0.18, 0.36, 0.03).at(0, 0.29, 0.38), box(0.46, 0.21, 0.04).at(0, 0.29, 0.74))
    m.add(white, box(0.22, 0.2, 0.38).at(0, 0.2, 0.0))
    m.add(metal, prism(0.025, 0.02, 8).at(0, 0.29, 0.78))


@kind("bathtub", "bathtub:4, bath:1, bath tub:1", weight=1.0)
def bathtub(m: Maker) -> None:
    white, metal = m.slot("ceramic", "white", "blue", main=m.chance(0.3)), m.slot(m.pick("metal", "gold"))
    water = m.slot("water")
    w, length, h, t = m.u(0.7, 0.85), m.u(1.45, 1.8), m.u(0.5, 0.62), 0.07
    outline = pairs("-0.5,-0.32 -0.3,-0.5 0.3,-0.5 0.5,-0.32 0.5,0.32 0.3,0.5 -0.3,0.5 -0.5,0.32")
    levels = [(0.78, 0, 0.1), (0.95, 0, 0.1 + h * 0.5), (1.0, 0, h), (1.0, t, h), (0.74, t, 0.1 + t)]
    m.add(white, basin(outline, w, length, levels))
    m.four(metal, block(0.1, 0.1, 0.12, 0.02).at(w * 0.28, length * 0.32))
    m.add(metal, tube([(0, length * 0.47, h), (0, length * 0.47, h + 0.16), (0, length * 0.36, h + 0.18)], 0.025, 6))
    if m.chance(0.5, "full"):
        m.add(water, slab(w * 0.8, length * 0.84, 0.02, 0.12).at(0, 0, h * 0.72))


@kind("book", "book:6, books:2, spell book:1, open book:1", weight=1.2)
@called("books", many=True)
@called("spell book", spells=True)
def book(m: Maker, many: bool = False, spells: bool = False) -> None:
    cover = m.slot("leather" if spells else m.pick("cloth", "leather"), main=True)
    paper = m.slot("paper")
    count = m.n(2, 4) if many else 1
    z = 0.0
    for k in range(count):
        if k:
            cover = m.slot("cloth")
        w, d, t = m.u(0.14, 0.19), m.u(0.2, 0.26), m.u(0.035, 0.06)
        c = t * 0.14
        turn = 0 if count == 1 else m.u(-15, 15)
        m.add(cover, box(w, d, c).turn("z", turn).at(0, 0, z), box(w, d, c).turn("z", turn).at(0, 0, z + t - c))
        m.add(cover, box(c, d, t - 2 * c).at(-w / 2 + c / 2).turn("z", turn).at(0, 0, z + c))
        m.add(paper, box(w * 0.9, d * 0.94, t - 2 * c).turn("z", turn).at(0, 0, z + c))
        if spells:
            gold = m.slot("gold")
            m.add(gold, prism(w * 0.2, c, 8).at(0, 0, z + t))
            for x, y in ((-1, -1), (-1, 1), (1, -1), (1, 1)):
                m.add(gold, box(w * 0.16, w * 0.16, c).at(x * w * 0.42, y * d * 0.44, z + t))
        z += t


@book.noun("open book")
def open_book(m: Maker) -> None:
    cover, paper = m.slot(m.pick("cloth", "leather"), main=True), m.slot("paper")
    w, d, t = m.u(0.14, 0.18), m.u(0.2, 0.26), 0.012
    m.both(cover, box(w, d, t * 0.6).at(w / 2))
    m.both(paper, box(w * 0.94, d * 0.94, t * 2, top=(0.96, 1), shift=(-w * 0.01, 0)).at(w * 0.48, 0, t * 0.6))


@kind("clock", "clock:3, wall clock:1, grandfather clock:2, hourglass:2, alarm clock:1", weight=1.0)
@called("grandfather clock", case=True)
@called("alarm clock", bells=True)
def clock(m: Maker, case: bool = False, bells: bool = False) -> None:
    body, face = m.slot(m.pick("wood", "paint", "gold"), main=True), m.slot("paint", "white")
    dark, r = m.slot("paint", "black"), m.u(0.12, 0.2)
    y, z = -0.03, r
    if case:
        r, h = 0.16, m.u(1.6, 2.0)
        m.add(body, box(0.5, 0.3, 0.4), box(0.36, 0.24, h - 0.9).at(0, 0, 0.4), box(0.5, 0.3, 0.5).at(0, 0, h - 0.5))
        m.add(body, extrude([(-0.27, 0), (0.27, 0), (0, 0.2)], 0.32).at(0, 0, h))
        gold = m.slot("gold")
        m.add(gold, prism(0.07, 0.03, 8).turn("x", 90).at(0, -0.12, 0.75), box(0.02, 0.02, 0.45).at(0, -0.13, 0.75))
        y, z = -0.15, h - 0.25
    else:
        m.add(body, prism(r * 1.15, 0.07, 12).turn("x", 90).at(0, 0.04, z))
    m.add(face, prism(r, 0.02, 12).turn("x", 90).at(0, y, z))
    m.add(dark, box(r * 0.08, 0.012, r * 0.72).at(0, y - 0.025, z))
    m.add(dark, box(r * 0.08, 0.012, r * 0.5).turn("y", m.pick(60, 90, 120)).at(0, y - 0.03, z))
    if bells:
        metal = m.slot("metal")
        m.both(metal, dome(r * 0.4, r * 0.3, 8, 2).turn("y", 30).at(r * 0.6, 0, z + r * 0.95))
        m.both(metal, box(r * 0.16, r * 0.16, r * 0.3).turn("y", -25).at(r * 0.6, 0, -r * 0.16))


@clock.noun("hourglass")
def hourglass(m: Maker) -> None:
    body = m.slot(m.pick("wood", "paint", "gold"), main=True)
    sand, glass, r, h = m.slot("straw", name="Sand"), m.slot("glass", ""), 0.06, 0.2
    m.add(body, prism(r * 1.3, 0.015, 8), prism(r * 1.3, 0.015, 8).at(0, 0, h))
    m.add(glass, lathe([(r, 0.015), (r * 0.9, h * 0.3), (r * 0.15, h * 0.53), (r * 0.9, h * 0.77), (r, h)], 8))
    m.add(sand, lathe([(r * 0.8, 0), (0, h * 0.25)], 8).at(0, 0, 0.016))
    m.around(body, 3, prism(0.008, h - 0.015, 6).at(r * 1.15, 0, 0.015))


@kind("microwave", "microwave:2, toaster:3, washing machine:2, radio:2", weight=0.9)
def radio(m: Maker) -> None:
    body, dark, metal = m.either(0.6, "paint", "metal"), m.slot("plastic", "black"), m.slot("metal")
    m.add(body, block(0.34, 0.12, 0.2, 0.025))
    m.both(dark, prism(0.065, 0.02, 10).turn("x", 90).at(0.09, -0.06, 0.09))
    m.add(metal, box(0.12, 0.02, 0.03).at(0, -0.06, 0.165), prism(0.006, 0.26, 5).turn("y", 30).at(0.12, 0, 0.19))
    m.add(dark, box(0.2, 0.025, 0.02).at(0, 0, 0.24), box(0.02, 0.025, 0.05).at(0.1, 0, 0.195))
    m.add(dark, box(0.02, 0.025, 0.05).at(-0.1, 0, 0.195))


@radio.noun("microwave")
def microwave(m: Maker) -> None:
    body, dark, metal = m.either(0.6, "paint", "metal"), m.slot("plastic", "black"), m.slot("metal")
    m.add(body, block(0.5, 0.36, 0.28, 0.015))
    m.add(dark, box(0.32, 0.03, 0.2).at(-0.07, -0.18, 0.04), box(0.09, 0.03, 0.2).at(0.18, -0.18, 0.04))
    m.add(metal, box(0.02, 0.03, 0.18).at(0.11, -0.2, 0.05))


@radio.noun("toaster")
def toaster(m: Maker) -> None:
    body, dark = m.either(0.6, "paint", "metal"), m.slot("plastic", "black")
    m.add(body, block(0.3, 0.18, 0.2, 0.03).at(0, 0, 0.02), box(0.28, 0.16, 0.02))
    m.add(dark, box(0.22, 0.03, 0.012).at(0, 0.035, 0.218), box(0.22, 0.03, 0.012).at(0, -0.035, 0.218))
    m.add(dark, box(0.03, 0.03, 0.03).at(0.16, 0, 0.13))
    if m.chance(0.5, "with toast"):
        m.add(m.slot("bread"), box(0.18, 0.022, 0.1).at(0, 0.035, 0.2), box(0.18, 0.022, 0.1).at(0, -0.035, 0.2))


@radio.noun("washing machine")
def washing_machine(m: Maker) -> None:
    body, dark, metal = m.either(0.6, "paint", "metal"), m.slot("plastic", "black"), m.slot("metal")
    m.add(body, box(0.6, 0.58, 0.85))
    m.add(metal, ring(0.19, 0.035, 12, 4).along("y").at(0, -0.3, 0.4))
    m.add(m.slot("glass", "blue"), prism(0.16, 0.05, 12).turn("x", 90).at(0, -0.28, 0.4))
    m.add(dark, box(0.16, 0.02, 0.07).at(-0.18, -0.29, 0.74), prism(0.04, 0.03, 8).turn("x", 90).at(0.15, -0.29, 0.775))


@kind("camera", "camera:2, phone:2, headphones:1", weight=0.7)
def camera(m: Maker) -> None:
    dark, metal = m.slot("plastic", main=True), m.slot("metal")
    w, d, h = 0.14, 0.06, 0.09
    m.add(dark, block(w, d, h, 0.01))
    m.add(metal, box(w * 0.35, d * 0.8, h * 0.2, top=(0.7, 0.8)).at(0, 0, h), prism(0.01, 0.012, 8).at(w * 0.34, 0, h))
    curve = [(0.036, 0), (0.036, 0.05), (0.028, 0.05), (0.026, 0.04)]
    m.add(m.slot("plastic", "black"), lathe(curve, 10).turn("x", 90).at(0, -d / 2, h * 0.48))


@camera.noun("phone")
def phone(m: Maker) -> None:
    dark, _ = m.slot("plastic", main=True), m.slot("metal")
    m.add(dark, slab(0.075, 0.01, 0.15, 0.002))
    m.add(m.slot("glow", "screen"), box(0.066, 0.003, 0.13).at(0, -0.006, 0.01))


@camera.noun("headphones")
def headphones(m: Maker) -> None:
    dark, metal = m.slot("plastic", main=True), m.slot("metal")
    m.add(dark, tube(bow(0.09, 0.1, 8, 0.05), 0.011, 5))
    m.both(metal, prism(0.045, 0.035, 8).along("x").at(0.07, 0, 0.045))


@kind("curtain", "curtain:2, towel:1, shower:1, radiator:1", weight=0.4)
@called("towel", short=True)
def curtain(m: Maker, short: bool = False) -> None:
    cloth, metal = m.slot("cloth", main=True), m.slot("metal")
    w, h = m.u(1.0, 1.6), 0.6 if short else m.u(1.2, 2.0)
    m.add(metal, prism(0.025, w * 1.15, 6).along("x").at(-w * 0.575, 0, h))
    n = 5
    for k in range(n):
        m.both(cloth, box(w * 0.08, 0.09, h * 0.97, top=(0.9, 0.9)).at(w * (0.5 - 0.075 * k) - 0.03, k % 2 * 0.03, 0.0))


@curtain.noun("radiator")
def radiator(m: Maker) -> None:
    metal, n = m.slot("metal"), m.n(6, 9)
    m.add(metal, *row(block(0.06, 0.12, 0.6, 0.015).at(z=0.08), n, x=0.09))
    m.add(metal, box(n * 0.09, 0.04, 0.05).at(0, 0, 0.16), box(n * 0.09, 0.04, 0.05).at(0, 0, 0.52))


@curtain.noun("shower")
def shower(m: Maker) -> None:
    metal = m.slot("metal")
    m.add(m.slot("ceramic", "white"), slab(0.8, 0.8, 0.1, 0.08))
    m.add(metal, tube([(0, 0.36, 0.1), (0, 0.36, 2.0), (0, 0.05, 2.05)], 0.02, 6))
    m.add(metal, prism(0.1, 0.05, 10, 0.6).at(0, 0.05, 1.98))
    m.add(m.slot("glass", ""), box(0.02, 0.8, 1.8).at(-0.39, 0, 0.1), box(0.8, 0.02, 1.8).at(0, 0.39, 0.1))
