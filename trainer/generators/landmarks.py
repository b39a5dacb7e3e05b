"""Buildings one knows by their outline: churches, barns, pyramids, mosques, doghouses."""

import math

from .base import Maker, called, kind
from .outlines import pairs
from .parts import Part, box, extrude, gable, lathe, prism, profile, roof_sheet, row


def shell(m: Maker, wall: int, roof: int, w: float, d: float, h: float, rise: float, over: float, thick: float) -> None:
    """Walls with gables at the front and back, in one piece, under a bent plate."""
    steep = rise / (w / 2)
    m.add(wall, extrude([(-w / 2, 0), (w / 2, 0), (w / 2, h), (0, h + rise), (-w / 2, h)], d))
    sheet = roof_sheet(w + 2 * over, d + 2 * over, rise + steep * over, thick)
    m.add(roof, sheet.at(0, 0, h - steep * over - thick * 0.2))


def arch(w: float, h: float, depth: float, pointed: bool = False) -> Part:
    """An upright plate with an arched top: a door or a window, centred on y = 0."""
    x, s = w / 2, h - w * (0.75 if pointed else 0.5)
    top = [(0.0, h)] if pointed else [(x * 0.55, h), (-x * 0.55, h)]
    shoulder = s + (h - s) * 0.6
    return extrude([(-x, 0), (x, 0), (x, s), (x * 0.86, shoulder), *top, (-x * 0.86, shoulder), (-x, s)], depth)


def plus(w: float, h: float, t: float, depth: float, bar: float = 0.5) -> Part:
    """A cross `w` wide and `h` tall with arms `t` strong; `bar` is how high up the arms lie."""
    x, s, low = w / 2, t / 2, h * bar - t / 2
    up = low + t
    right = [(s, 0), (s, low), (x, low), (x, up), (s, up), (s, h)]
    return extrude([*right, *[(-a, b) for a, b in right[::-1]]], depth)


def bar(a: tuple[float, float], b: tuple[float, float], t: float, depth: float) -> Part:
    """A straight batten in the front plane from a to b (x, z)."""
    dx, dz = b[0] - a[0], b[1] - a[1]
    long = math.hypot(dx, dz)
    part = box(long, depth, t).at(0, 0, -t / 2).turn("y", -math.degrees(math.atan2(dz, dx)))
    return part.at((a[0] + b[0]) / 2, 0, (a[1] + b[1]) / 2)


def clock(m: Maker, x: float, y: float, z: float, r: float, t: float) -> None:
    """A dial facing the front, its middle at z, with two hands."""
    dark = m.slot("paint", "black", name="Hands")
    m.add(m.slot("paint", "white", name="Dial"), prism(r, t * 2, 8).along("y").at(x, y - t, z))
    m.add(dark, bar((0, -0.05 * r), (0, 0.75 * r), r * 0.2, t).at(x, y - t * 1.2, z))
    m.add(dark, bar((-0.05 * r, 0), (0.55 * r, 0), r * 0.2, t).at(x, y - t * 1.35, z))


@kind("church", "church:5, chapel:2", weight=1.4)
@called("chapel", small=True)
def church(m: Maker, small: bool = False) -> None:
    wall = m.slot(*m.pick(("plaster", "white"), ("stone",), ("paint", "white"), ("brick",)), main=True)
    roof, wood, glass = m.slot("roof"), m.slot("wood"), m.slot("glass", "blue", "")
    m.say("small", when=small)
    w, d, h = m.u(3.6, 4.6), m.u(5.0, 7.0), m.u(2.6, 3.4)
    if small:
        d *= 0.8
    rise = w * m.u(0.5, 0.7)
    shell(m, wall, roof, w, d, h, rise, 0.3, 0.26)
    pointed = m.chance(0.6)
    rows = 2 if small else 3
    part = arch(d * 0.11, h * 0.55, w + 0.3, pointed).turn("z", 90).at(0, 0 if small else 0.3, h * 0.25)
    m.add(glass, *row(part, rows, y=d / (rows + 0.3)))
    if small and m.chance(0.6):
        _bell_turret(m, wall, roof, -d / 2 + 0.8, h + rise, pointed)
        front = -d / 2
    else:
        front = _church_tower(m, wall, roof, glass, -d / 2, (h + rise) * m.u(1.1, 1.35), w * m.u(0.44, 0.52), pointed)
    m.add(wood, arch(1.2, 1.9, 0.36, pointed).at(0, front))
    m.add(m.slot("stone"), box(1.8, 0.9, 0.22).at(0, front - 0.3))
    if small and front == -d / 2:
        m.add(glass, prism(0.45, 0.36, 8).along("y").at(0, front - 0.18, h + rise * 0.25))


def _church_tower(m: Maker, wall: int, roof: int, glass: int, y: float, h: float, s: float, pointed: bool) -> float:
    """The tower before the nave; returns where its front is."""
    mid = y - s * 0.2
    m.add(wall, box(s, s, h).at(0, mid))
    if m.chance(0.5):
        m.add(wall, box(s * 1.12, s * 1.12, 0.26).at(0, mid, h * 0.72))
    for k in range(2):
        hole = arch(s * 0.34, s * 0.62, s + 0.3, pointed)
        m.add(glass, hole.turn("z", 90 * k).at(0, mid, h * 0.79 if h * 0.79 + s * 0.62 < h - 0.1 else h - s * 0.75))
    tall, sides = s * m.u(1.3, 2.0), m.pick(4, 4, 8)
    r = s * (0.82 if sides == 4 else 0.64)
    m.add(roof, prism(r, tall, sides, 0.0).at(0, mid, h - 0.02))
    top = h + tall - 0.35
    m.add(m.slot("gold"), plus(0.9, 1.5, 0.26, 0.26, 0.64).at(0, mid, top))
    if m.chance(0.3):
        clock(m, 0, mid - s / 2, h * 0.62, s * 0.24, 0.2)
    return mid - s / 2


def _bell_turret(m: Maker, wall: int, roof: int, y: float, z: float, pointed: bool) -> None:
    s = m.u(0.9, 1.1)
    m.add(wall, box(s, s, 1.6).at(0, y, z - 0.6))
    m.add(m.slot("paint", "black", name="Dark"), arch(s * 0.45, 0.7, s + 0.25, pointed).at(0, y, z + 0.2))
    m.add(roof, prism(s * 0.9, s * 1.2, 4, 0.0).at(0, y, z + 0.98))
    m.add(m.slot("gold"), plus(0.62, 1.0, 0.18, 0.18, 0.62).at(0, y, z + 0.8 + s * 1.2))


def _gambrel(w: float, h: float, rise: float) -> list[tuple[float, float]]:
    """The five upper points of a barn's front, from the right eave to the left one."""
    return [(w / 2, h), (w * 0.33, h + rise * 0.62), (0, h + rise), (-w * 0.33, h + rise * 0.62), (-w / 2, h)]


@kind("barn", "barn:5, farmhouse:1", weight=1.3)
@called("farmhouse", farm=True)
def barn(m: Maker, farm: bool = False) -> None:
    wall = m.slot("paint", "white", "beige", "yellow", main=True) if farm else _barn_red(m)
    trim, roof = m.slot("paint", "white"), m.slot("roof", "grey", "grey", "brown", *(["red"] if farm else []))
    w, d, h = m.u(4.4, 5.4), m.u(5.0, 7.5), m.u(2.4, 3.0)
    rise = w * m.u(0.48, 0.6)
    m.add(wall, extrude([(-w / 2, 0), (w / 2, 0), *_gambrel(w, h, rise)], d))
    inner = [(a, b - 0.05) for a, b in _gambrel(w * 1.1, h - rise * 0.17, rise * 1.17)]
    outer = [(a, b + 0.02) for a, b in _gambrel(w * 1.19, h - rise * 0.17, rise * 1.3)]
    m.add(roof, extrude([*outer, *inner[::-1]], d + 0.7))
    f = -d / 2
    m.four(trim, box(0.34, 0.34, h - 0.1).at(w / 2 - 0.07, d / 2 - 0.07))
    if farm:
        _farm_front(m, trim, roof, w, d, h)
    else:
        _barn_doors(m, wall, trim, f, w * m.u(0.42, 0.5), h * m.u(0.75, 0.85))
        _hay_door(m, wall, trim, f, h * 1.05, w)
        glass = m.slot("glass", "blue")
        for k in range(2):
            y = (k - 0.5) * d * 0.45
            m.add(trim, box(w + 0.2, 1.0, 0.9).at(0, y, h * 0.35))
            m.add(glass, box(w + 0.45, 0.7, 0.6).at(0, y, h * 0.35 + 0.15))
    if m.chance(0.3):
        m.add(wall, box(0.9, 0.9, 1.1).at(0, 0, h + rise - 0.2))
        m.add(roof, gable(1.3, 1.3, 0.7, 1).at(0, 0, h + rise + 0.9))


def _barn_red(m: Maker) -> int:
    return m.slot("wood", "red", main=True) if m.chance(0.15) else m.slot("paint", "red", main=True)


def _barn_doors(m: Maker, wall: int, trim: int, y: float, w: float, h: float) -> None:
    """White frame, red leaf, a white cross over each half (or one over all)."""
    m.add(trim, box(w + 0.4, 0.3, h + 0.2).at(0, y))
    m.add(wall, box(w, 0.3, h).at(0, y - 0.12, 0.04))
    halves = [(-w / 2, 0.0), (0.0, w / 2)] if m.chance(0.6) else [(-w / 2, w / 2)]
    for a, b in halves:
        a, b, low, top = a + 0.06, b - 0.06, 0.16, h - 0.06
        m.add(trim, bar((a, low), (b, top), 0.2, 0.2).at(0, y - 0.26))
        m.add(trim, bar((a, top), (b, low), 0.2, 0.2).at(0, y - 0.29))
    if len(halves) == 2:
        m.add(trim, box(0.2, 0.24, h).at(0, y - 0.24, 0.06))


def _hay_door(m: Maker, wall: int, trim: int, y: float, z: float, w: float) -> None:
    s = w * 0.2
    m.add(trim, box(s + 0.36, 0.3, s + 0.36).at(0, y, z - 0.18))
    if m.chance(0.5):
        m.add(m.slot("wood", "dark"), box(s, 0.3, s).at(0, y - 0.12, z))
        return
    m.add(wall, box(s, 0.3, s).at(0, y - 0.12, z))
    m.add(trim, bar((-s / 2, z), (s / 2, z + s), 0.18, 0.2).at(0, y - 0.24))


def _farm_front(m: Maker, trim: int, roof: int, w: float, d: float, h: float) -> None:
    """A porch on posts before a door, windows above and at the sides."""
    y, wood, glass = -d / 2, m.slot("wood"), m.slot("glass", "blue")
    m.add(wood, box(w * 0.96, 1.6, 0.25).at(0, y - 0.75))
    m.both(trim, box(0.2, 0.2, h * 0.82).at(w * 0.43, y - 1.35, 0.2))
    m.both(trim, box(0.2, 0.2, h * 0.82).at(w * 0.16, y - 1.35, 0.2))
    m.add(roof, profile([(-1.8, 0), (0.1, 0.55), (0.1, 0.8), (-1.8, 0.25)], w * 1.04).at(0, y, h * 0.85))
    m.add(m.slot("paint", "red", "green", "blue"), box(1.0, 0.34, 1.9).at(0, y, 0.2))
    m.both(glass, box(0.8, 0.34, 0.8).at(w * 0.3, y, 0.95))
    m.add(trim, box(1.2, 0.3, 1.2).at(0, y, h + 0.45))
    m.add(glass, box(0.8, 0.5, 0.8).at(0, y, h + 0.65), *row(box(w + 0.36, 0.8, 0.8).at(z=0.95), 2, y=d * 0.5))


@kind("pyramid", "pyramid:5, egyptian pyramid:2")
@called("egyptian pyramid", steps=False)
def pyramid(m: Maker, steps: bool = True) -> None:
    sandy = m.chance(0.7)
    stone = m.slot("plaster", "beige", "", name="SandStone") if sandy else m.slot("stone", "brown", "light", main=True)
    dark, w = m.slot("paint", "black", name="Doorway"), m.u(8.0, 11.0)
    h = w * m.u(0.55, 0.72)
    if steps and m.chance(0.5):
        m.say("stepped")
        front = _steps_up(m, stone, dark, w, h)
    else:
        front = _smooth_pyramid(m, stone, w, h)
    if front is None:
        return
    dw, dh, frame, deep = w * m.u(0.09, 0.13), h * 0.2, m.slot("stone", "brown", "light"), w * 0.16
    m.add(frame, box(dw * 1.9, deep, dh * 1.3, (0.85, 1)).at(0, front + deep * 0.42))
    m.add(dark, box(dw, deep, dh, (0.85, 1)).at(0, front + deep * 0.42 - w * 0.02))


def _smooth_pyramid(m: Maker, stone: int, w: float, h: float) -> float:
    r, rows, cap = w * math.sqrt(0.5), m.n(3, 5), stone
    if m.chance(0.4, "with golden top"):
        cap = m.slot("gold")
    points = [(r * (1 - k / (rows + 1)), h * k / (rows + 1)) for k in range(rows + 1)]
    m.banded([*points, (0.0, h)], 4, [*[stone] * rows, cap])
    if m.chance(0.4):
        m.add(stone, box(w * 1.08, w * 1.08, h * 0.035))
    return -w / 2


def _steps_up(m: Maker, stone: int, dark: int, w: float, h: float) -> float | None:
    tiers = m.n(4, 6)
    each, temple = h / tiers, m.chance(0.45)
    for k in range(tiers - temple):
        s = w * (1 - k / (tiers + 0.4))
        m.add(stone, box(s, s, each * 1.02, (0.96, 0.96)).at(z=each * k))
    if not temple:
        return -w / 2
    top, z = w * (1 - (tiers - 1) / (tiers + 0.4)), each * (tiers - 1)
    s = top * 1.0
    m.add(stone, box(s, s, each * 1.2).at(z=z), box(s * 1.2, s * 1.2, each * 0.3).at(z=z + each * 1.2))
    m.add(dark, box(s * 0.36, s + w * 0.04, each * 0.8).at(z=z))
    stairs, run, e = m.slot("stone", "light", "brown"), w / 2 / (tiers + 0.4), w * 0.03
    slope = [(-w / 2 - run - e, 0), (0, 0), (0, z + e), (-top / 2 - run, z + e)]
    m.add(stairs, profile(slope, w * 0.2))
    return None


@kind("mosque", "mosque:1")
def mosque(m: Maker) -> None:
    wall = m.slot(*m.pick(("plaster", "white", "beige"), ("paint", "white", "beige"), ("stone", "light")))
    cap = m.slot(*m.pick(("gold",), ("paint", "blue", "teal", "green", "cyan"), ("paint", "blue", "teal")), main=True)
    gold, dark = m.slot("gold"), m.slot("wood", "dark", "")
    w, d, h = m.u(5.0, 6.5), m.u(4.6, 6.0), m.u(2.4, 3.2)
    m.add(wall, box(w, d, h), box(w + 0.4, d + 0.4, 0.3).at(z=h - 0.05))
    r = min(w, d) * m.u(0.32, 0.38)
    m.add(wall, prism(r * 1.02, 0.9, 8).at(z=h))
    _onion(m, cap, gold, r * 1.06, h + 0.85, 10 if m.chance(0.5) else 8)
    m.add(wall, box(w * 0.4, 0.9, h * 1.08).at(0, -d / 2 - 0.1))
    m.add(dark, arch(w * 0.23, h * 0.78, 0.5, True).at(0, -d / 2 - 0.48))
    glass = m.slot("glass", "blue")
    m.both(glass, arch(w * 0.1, h * 0.5, 0.4, True).at(w * 0.34, -d / 2, h * 0.25))
    m.add(glass, *row(arch(d * 0.12, h * 0.5, w + 0.36, True).turn("z", 90).at(z=h * 0.25), 2, y=d * 0.45))
    tall, s = (h + r * 2) * m.u(1.15, 1.4), m.u(0.42, 0.52)
    y = m.pick(-1, 1) * (d / 2 - s * 0.4)
    sides = (1, -1) if m.chance(0.7) else (1,)
    for side in sides:
        _minaret(m, wall, cap, side * (w / 2 + s * 0.5), y, s, tall)
    m.say("with two minarets" if len(sides) == 2 else "with a minaret")


def _onion(m: Maker, cap: int, gold: int, r: float, z: float, sides: int) -> None:
    h = r * m.u(1.15, 1.4)
    m.add(cap, lathe([*pairs("0.94,0 1.06,0.22 0.96,0.5 0.6,0.78 0.2,0.94", r, h), (0, h * 1.1)], sides).at(z=z))
    m.add(gold, prism(0.14, 0.9, 6, 0.4).at(z=z + h), lathe([(0, 0), (0.26, 0.22), (0, 0.44)], 6).at(z=z + h + 0.2))


def _minaret(m: Maker, wall: int, cap: int, x: float, y: float, s: float, h: float) -> None:
    sides = 6
    m.add(wall, prism(s, h * 0.72, sides, 0.8).at(x, y), prism(s * 1.0, h * 0.05, sides, 1.3).at(x, y, h * 0.68))
    m.add(wall, prism(s * 0.66, h * 0.14, sides).at(x, y, h * 0.72))
    m.add(cap, prism(s * 0.92, h * 0.17, sides, 0.0).at(x, y, h * 0.855))


@kind("doghouse", "doghouse:3, dog house:2, kennel:2")
def doghouse(m: Maker) -> None:
    wall = m.slot(*m.pick(("wood",), ("wood", "", "light"), ("paint", "red", "blue", "white", "yellow")), main=True)
    roof = m.slot(*m.pick(("roof",), ("paint", "red", "blue", "green"), ("wood", "dark")))
    trim, dark = m.slot("wood", "light", "dark"), m.slot("paint", "black", name="Dark")
    w, d, h = m.u(0.75, 0.95), m.u(0.85, 1.15), m.u(0.5, 0.62)
    rise, floor = w * m.u(0.36, 0.52), 0.0
    if m.chance(0.6):
        floor = 0.06
        m.add(trim, box(w + 0.1, d + 0.1, 0.08))
    shell(m, wall, roof, w, d, h + floor, rise, m.u(0.07, 0.11), 0.055)
    dw, dh = w * m.u(0.46, 0.54), h * m.u(0.82, 0.95)
    m.add(trim, arch(dw + 0.12, dh + 0.06, 0.06).at(0, -d / 2, floor))
    m.add(dark, arch(dw, dh, 0.06).at(0, -d / 2 - 0.025, floor + 0.01))
    if m.chance(0.6):
        _bone(m, m.slot("bone"), -d / 2 - 0.02, floor + dh + 0.06 + (h + rise - dh) * 0.3, w * 0.2)
    if m.chance(0.4):
        x, y, bowl = m.pick(-1, 1) * w * 0.3, -d / 2 - 0.26, m.slot("paint", "red", "blue", "yellow")
        m.add(trim, box(w + 0.3, 0.62, 0.045).at(0, y + 0.04, 0.0))
        m.add(bowl, lathe([(0.15, 0), (0.12, 0.09), (0.09, 0.09), (0.08, 0.04)], 8).at(x, y - 0.04, 0.04))


def _bone(m: Maker, slot: int, y: float, z: float, half: float) -> None:
    """A name plate in the shape of a bone."""
    right = pairs("0.7,-0.5 0.8,-1.3 1,-1 0.95,0 1,1 0.8,1.3 0.7,0.5", half, half * 0.28)
    m.add(slot, extrude([*right, *[(-a, -b) for a, b in right]], 0.07).at(0, y, z))
