"""What people look and speak through, and work at a desk with: telescopes, microphones, keyboards, drills."""

from .base import Maker, kind
from .belongings import forward, turned
from .outlines import pairs
from .parts import Part, block, box, lathe, prism, profile, slab, steps, tube


@kind("microphone", "microphone:4, mic:1", weight=1.0)
def microphone(m: Maker) -> None:
    grille = m.slot("metal", m.pick("", "dark", "light"))
    body, h = m.slot("plastic", "black", "black", "grey", "red", "blue", main=True), m.u(0.2, 0.26)
    r, n = h * m.u(0.13, 0.16), m.pick(8, 10)
    low = r * m.u(0.45, 0.6)
    head = [(r * 0.8, 0), (r, r * 0.55), (r * 0.95, r * 1.2), (r * 0.6, r * 1.75), (0, r * 1.95)]
    neck, stand = h - r * 2.1, m.chance(0.5)
    lean = m.u(20, 50) if stand else 0.0
    pole = h * (m.u(0.5, 0.8) if m.chance(0.5) else m.u(1.5, 2.1))

    def put(p: Part) -> Part:
        return p.at(0, 0, -neck * 0.6).turn("x", lean).at(0, 0, pole) if stand else p

    m.add(body, put(lathe([(low * 0.9, 0), (low, h * 0.03), (r * 0.72, neck)], n)))
    m.add(grille, put(lathe(head, n).at(0, 0, neck + r * 0.1)))
    m.add(body if m.chance(0.5) else m.slot("gold"), put(prism(r * 1.06, r * 0.36, n).at(0, 0, neck - r * 0.12)))
    if not stand:
        m.add(grille, box(low * 0.6, low * 0.5, h * 0.1).at(0, -low, neck * 0.66))
        return
    metal = m.slot("metal", "dark", "")
    m.say("tall", when=pole > h)
    base = h * (0.5 if pole > h else 0.36)
    m.add(metal, lathe([(base, 0), (base, h * 0.06), (base * 0.3, h * 0.14)], 10))
    m.add(metal, prism(max(low * 0.5, pole * 0.016), pole, 6), prism(low * 1.3, r * 2, 6).along("x").at(-r, 0, pole))


@kind("keyboard", "keyboard:4, computer keyboard:2", weight=1.0)
def keyboard(m: Maker) -> None:
    dark = m.chance(0.5)
    case = m.slot("plastic", *(("black", "grey", "red") if dark else ("white", "beige", "grey")), main=True)
    keys = m.slot("plastic", *(("white", "beige") if dark else ("black", "black", "blue")))
    accent = m.slot("plastic", "red", "orange", "blue", "cyan") if m.chance(0.5) else keys
    columns, w = m.n(7, 8), m.u(0.36, 0.46)
    pitch = (w * 0.93) / columns
    deep = pitch * m.u(0.74, 0.9)
    d, h, tall, gap = deep * 4.4, w * m.u(0.04, 0.06), w * 0.036, w * 0.02
    rise = m.u(2, 6)

    def key(slot: int, x: float, row: int, units: float) -> None:
        y = (1.5 - row) * deep
        m.add(slot, box(pitch * units - gap, deep - gap, tall * 1.5, top=(0.88, 0.8)).at(x, y, h - tall * 0.5))

    m.add(case, slab(w, d, h, w * 0.025))
    for row in range(3):
        for k in range(columns):
            x = (k - (columns - 1) / 2) * pitch
            key(accent if (row, k) in ((0, 0), (2, columns - 1)) else keys, x, row, 1)
    side = (columns - 4) / 2
    for k in (-1, 1):
        key(keys, k * (columns - side) / 2 * pitch, 3, side)
    key(keys, 0, 3, columns - side * 2)
    m.parts = [(p.turn("x", rise), s) for p, s in m.parts]


@kind("printer", "printer:4", weight=0.9)
def printer(m: Maker) -> None:
    case, dark = m.slot("plastic", "white", "grey", "black", "beige", main=True), m.slot("plastic", "black", "grey")
    paper, w, d, h = m.slot("paint", "white", name="Paper"), m.u(0.4, 0.5), m.u(0.3, 0.38), m.u(0.17, 0.26)
    m.add(case, block(w, d, h, h * 0.12))
    m.add(dark, box(w * 0.7, d * 0.1, h * 0.24).at(0, -d * 0.47, h * 0.24))
    # the tray with the printed sheet comes out of the dark slot
    m.add(case, box(w * 0.66, d * 0.42, h * 0.07).turn("x", 5).at(0, -d * 0.62, h * 0.22))
    m.add(paper, box(w * 0.5, d * 0.4, h * 0.06).turn("x", 5).at(0, -d * 0.62, h * 0.285))
    lean, back = -m.u(14, 28), d * 0.3
    if m.chance(0.7):
        tall = h * m.u(0.8, 1.1)
        m.add(case, box(w * 0.72, h * 0.1, tall).turn("x", lean).at(0, back, h * 0.86))
        m.add(paper, box(w * 0.56, h * 0.09, tall * 1.2).turn("x", lean).at(0, back - h * 0.1, h * 0.86))
    else:
        m.add(case, block(w * 0.92, d * 0.8, h * 0.22, h * 0.06).at(0, d * 0.06, h * 0.92))
        m.add(dark, box(w * 0.86, d * 0.8, h * 0.08).at(0, d * 0.04, h * 0.88))
    screen = m.slot("glow", "screen", "green")
    m.add(dark, box(w * 0.3, d * 0.04, h * 0.26).at(w * 0.28, -d * 0.5, h * 0.58))
    m.add(screen, box(w * 0.13, d * 0.03, h * 0.14).at(w * 0.23, -d * 0.52, h * 0.64))
    m.add(m.slot("paint", "red", "green"), prism(h * 0.055, d * 0.05, 6).turn("x", 90).at(w * 0.37, -d * 0.5, h * 0.71))


@kind("telescope", "telescope:4, spyglass:1", weight=1.0)
def telescope(m: Maker) -> None:
    brass, glass = m.slot(m.pick("gold", "bronze", "metal")), m.slot("glass", "blue", "")
    body = m.slot("paint", "white", "blue", "red", "black") if m.chance(0.7) else brass
    legs, h, length = m.slot(m.pick("wood", "metal"), main=True), m.u(0.85, 1.1), m.u(0.85, 1.05)
    r = length * m.u(0.07, 0.09)
    points = [(r * 0.5, 0), (r * 0.5, 0.1), (r * 0.34, 0.1), (r * 0.34, 0.2), (r * 0.72, 0.24), (r * 0.72, 0.62)]
    points += [(r, 0.68), (r, 0.92), (r * 1.2, 0.92), (r * 1.2, 1.0), (r * 0.95, 1.0), (r * 0.95, 0.95)]
    rows = [brass, brass, brass, brass, body, brass, body, brass, brass, brass, glass]
    lift = m.u(18, 38)
    outline = [(a, z * length) for a, z in points]
    turned(m, outline, 10, rows, lambda p: p.at(0, 0, -length * 0.52).turn("x", 90 - lift).at(0, 0, h))
    m.add(brass, prism(r * 0.5, r * 2.0, 6).at(0, 0, h - r * 2.3), prism(r * 1.1, r * 0.8, 6).at(0, 0, h - r * 2.6))
    spread, top = h * m.u(0.3, 0.4), h - r * 2.2
    m.around(legs, 3, tube([(0, r * 0.6, top), (0, spread, 0)], [r * 0.46, r * 0.4], 4), 180.0)


@telescope.noun("spyglass")
def spyglass(m: Maker) -> None:
    brass, glass = m.slot(m.pick("gold", "bronze", "metal")), m.slot("glass", "blue", "")
    body, length = m.slot(m.pick("leather", "wood"), main=True), m.u(0.35, 0.5)
    r = length * m.u(0.08, 0.1)
    spy = [(r * 0.75, 0), (r * 0.75, 0.06), (r * 0.6, 0.06), (r * 0.6, 0.32), (r * 0.8, 0.32), (r * 0.8, 0.58)]
    spy += [(r, 0.58), (r, 0.92), (r * 1.12, 0.92), (r * 1.12, 1.0), (r * 0.9, 1.0), (r * 0.9, 0.96)]
    rows = [brass, brass, brass, brass, body, brass, brass, body, brass, brass, brass]
    turned(m, [(a, z * length) for a, z in spy], 8, rows, forward(0, length / 2, r * 1.12))
    m.add(glass, prism(r * 0.95, length * 0.04, 8).turn("x", 90).at(0, -length * 0.44, r * 1.12))


@kind("microscope", "microscope:4", weight=0.9)
def microscope(m: Maker) -> None:
    body = m.slot(m.pick("paint", "plastic"), "white", "grey", "black", "blue", "beige", main=True)
    dark, steel, h = m.slot("metal", "dark"), m.slot("steel"), m.u(0.32, 0.4)
    w = h * m.u(0.2, 0.26)
    m.add(body, slab(w * 1.9, h * 0.62, h * 0.1, h * 0.1).at(0, -h * 0.02))
    lean = m.u(10, 28)
    # a C from the back of the foot to the tube
    back = pairs("0.14,0.08 0.27,0.08 0.31,0.3 0.28,0.52 0.16,0.7 0.02,0.7 0.02,0.56 0.1,0.54 0.18,0.42 0.19,0.28")
    m.add(body, profile([(y * h, z * h) for y, z in back], w * 0.6))
    m.add(dark, box(w * 1.5, h * 0.36, h * 0.055).at(0, -h * 0.02, h * 0.28))
    m.add(m.slot("glass", "blue", "green"), box(w * 0.5, h * 0.1, h * 0.03).at(0, -h * 0.06, h * 0.325))
    m.add(dark, prism(w * 0.3, h * 0.12, 8).at(0, -h * 0.06, h * 0.08))

    def tilt(p: Part) -> Part:
        return p.at(0, 0, -0.6 * h).turn("x", -lean).at(0, 0, h * 0.6)

    points = pairs("0.16,0.4 0.24,0.44 0.24,0.5 0.38,0.52 0.38,0.8 0.26,0.8 0.26,0.93 0.36,0.93 0.36,1")
    rows = [steel, steel, dark, body, body, steel, dark, dark]
    turned(m, [(a * w, z * h) for a, z in points], 8, rows, tilt)
    m.both(dark, prism(w * 0.3, w * 0.4, 8).along("x").at(w * 0.26, h * 0.24, h * 0.34))


@kind("drill", "drill:3, power drill:2", weight=1.0)
def drill(m: Maker) -> None:
    body = m.slot("plastic", "yellow", "green", "red", "blue", "orange", "teal", main=True)
    dark, steel, s = m.slot("rubber"), m.slot("steel"), m.u(0.2, 0.25)
    h, r, n = s * m.u(0.76, 0.9), s * m.u(0.18, 0.21), 8
    points = [(r * 0.75, 0), (r, 0.08), (r, 0.62), (r * 0.82, 0.74), (r * 0.62, 0.74), (r * 0.62, 0.9), (r * 0.34, 1.0)]
    points = [(a, z * s) for a, z in points]
    turned(m, points, n, [dark, body, body, dark, dark, dark], forward(0, s * 0.4, h))
    bit = s * m.u(0.35, 0.5)
    m.add(steel, lathe(pairs("0.2,0 0.2,0.75 0,1", r, bit), 6).turn("x", 90).at(0, -s * 0.57, h))
    m.add(steel, *steps(prism(r * 0.3, bit * 0.1, 6).turn("x", 104).at(0, -s * 0.63, h), 2, y=-bit * 0.26))
    a, b = s * 0.11, s * m.u(0.06, 0.12)
    # the grip leans back a little towards the battery
    hold = [(b - a, r * 0.9), (b + a, r * 0.9), (a, h - r * 0.4), (-a * 1.2, h - r * 0.4)]
    m.add(body, profile(hold, r * 1.0))
    m.add(dark, block(r * 2.0, s * 0.52, r * 1.1, r * 0.25).at(0, b, 0))
    m.add(dark, box(r * 0.5, s * 0.09, r * 0.8).at(0, -s * 0.12, h - r * 1.7))
