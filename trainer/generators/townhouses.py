"""What stands in a town for everybody: schools, hospitals, banks and town halls, billboards."""

from collections.abc import Callable
from dataclasses import dataclass

from .base import Maker, called, kind
from .landmarks import clock, plus
from .parts import box, extrude, gable, prism, roof_sheet, row
from .rounds import dome


def flag(m: Maker, x: float, y: float, z: float, h: float, t: float) -> None:
    m.add(m.slot("metal"), prism(t * 0.55, h, 6).at(x, y, z))
    m.add(m.slot("cloth", "red", "blue", "green"), box(h * 0.5, t * 0.7, h * 0.32).at(x + h * 0.25, y, z + h * 0.64))


def windows(m: Maker, glass: int, xs: list[float], y: float, z: float, w: float, h: float) -> None:
    m.add(glass, *[box(w, 0.5, h).at(x, y, z) for x in xs])


@kind("school", "school:4, school building:1")
def school(m: Maker) -> None:
    wall = m.slot(*m.pick(("brick",), ("brick", "red"), ("plaster",), ("paint", "yellow", "red", "beige")), main=True)
    trim, roof = m.slot("paint", "white"), m.slot("roof")
    glass, door = m.slot("glass", "blue"), m.slot(m.pick("wood", "paint"))
    w, d, each, floors = m.u(9, 12), m.u(4.0, 5.0), m.u(1.9, 2.2), m.pick(1, 2, 2)
    h = floors * each + 0.3
    m.add(wall, box(w, d, h))
    if m.chance(0.6):
        m.add(roof, gable(d + 0.7, w + 0.7, m.u(1.0, 1.5), m.pick(0.0, 0.3)).turn("z", 90).at(z=h - 0.03))
    else:
        m.add(trim, box(w + 0.4, d + 0.4, 0.35).at(z=h - 0.05))
    mw, md, mh = w * m.u(0.25, 0.3), 1.2, h + m.u(0.3, 0.9)
    rise, front = mw * 0.4, -d / 2 - md
    outline = [(-mw / 2, 0), (mw / 2, 0), (mw / 2, mh), (0, mh + rise), (-mw / 2, mh)]
    m.add(wall, extrude(outline, d * 0.5 + md).at(0, -d * 0.25 - md / 2))
    k = rise / (mw / 2)
    m.add(roof, roof_sheet(mw + 0.5, d * 0.5 + md + 0.5, rise + k * 0.25, 0.28).at(0, front / 2 - 0.05, mh - k * 0.25))
    m.add(trim, box(1.9, 0.4, 1.9).at(0, front))
    m.both(door, box(0.66, 0.4, 1.6).at(0.39, front - 0.16))
    m.add(m.slot("concrete"), box(2.8, 1.2, 0.24).at(0, front - 0.5))
    clock(m, 0, front, mh - 0.1, mw * 0.22, 0.22)
    free = (w - mw) / 2
    xs = [s * (mw / 2 + free * f) for f in ((0.28, 0.72) if floors > 1 else (0.2, 0.5, 0.8)) for s in (-1, 1)]
    for f in range(floors):
        windows(m, glass, xs, -d / 2, 0.75 + each * f, free * 0.2, each * 0.5)
        m.add(glass, box(w + 0.4, d * 0.5, each * 0.5).at(0, 0, 0.75 + each * f))
    if m.chance(0.5):
        s, z = mw * 0.42, mh + rise
        m.add(trim, box(s, s, 1.7).at(0, front / 2, z - 0.7))
        m.add(m.slot("paint", "black", name="Dark"), box(s * 0.5, s + 0.3, 0.55).at(0, front / 2, z + 0.2))
        m.add(roof, gable(s * 1.4, s * 1.4, s * 0.9, 1).at(0, front / 2, z + 0.98))
    else:
        flag(m, m.pick(-1, 1) * w * 0.33, -d * 0.25, h - 0.3, 3.4, 0.22)


@kind("hospital", "hospital:4, clinic:1")
@called("clinic", small=True)
def hospital(m: Maker, small: bool = False) -> None:
    wall = m.slot(*m.pick(("paint", "white"), ("plaster", "white"), ("paint", "white", "beige")), main=True)
    red, white = m.slot("paint", "red"), m.slot("paint", "white", name="Panel")
    grey, glass = m.slot("concrete"), m.slot("glass", "blue")
    floors = 1 if small else m.n(2, 4)
    w, d, each = m.u(6.5, 8.5), m.u(4.5, 5.5), m.u(1.7, 2.0)
    h, f = floors * each + 0.6, -d / 2
    m.add(wall, box(w, d, h))
    m.add(grey, box(w + 0.36, d + 0.36, 0.4).at(z=h - 0.06))
    tower, th = w * m.u(0.32, 0.4), h + m.u(1.0, 1.6)
    if small:
        th += 0.5
    m.add(wall, box(tower, d * 0.5 + 0.6, th).at(0, -d * 0.25 - 0.3))
    m.add(grey, box(tower + 0.36, d * 0.5 + 0.96, 0.3).at(0, -d * 0.25 - 0.3, th - 0.05))
    front, s = f - 0.6, min(tower * 0.8, th - 2.9)
    z = th - s - 0.25
    m.add(white, box(s, 0.36, s).at(0, front - 0.02, z))
    m.add(red, plus(s * 0.8, s * 0.8, s * 0.27, 0.36).at(0, front - 0.2, z + s * 0.1))
    m.both(glass, box(tower * 0.36, 0.4, 1.7).at(tower * 0.2, front))
    m.add(red, box(tower * 1.3, 1.5, 0.3).at(0, front - 0.6, 1.85))
    m.both(grey, box(0.22, 0.22, 1.9).at(tower * 0.55, front - 1.15))
    free, style = (w - tower) / 2, m.pick("single", "band")
    for k in range(floors):
        z = 0.75 + each * k
        if style == "band":
            m.both(glass, box(free * 0.78, 0.4, each * 0.5).at(tower / 2 + free * 0.5, f, z))
        else:
            m.both(glass, *[box(free * 0.3, 0.4, each * 0.5).at(tower / 2 + free * g, f, z) for g in (0.28, 0.72)])
        m.add(glass, box(w + 0.36, d * 0.6, each * 0.5).at(0, d * 0.1, z))
    if m.chance(0.35) and floors > 1:
        m.add(grey, prism(1.25, 0.3, 8).at(w * 0.3, d * 0.22, h + 0.3))
        m.add(red, plus(1.5, 1.5, 0.45, 0.3).turn("x", 90).at(w * 0.3, d * 0.22 + 0.75, h + 0.6))


@kind("billboard", "billboard:4, advertising board:1")
def billboard(m: Maker) -> None:
    metal, frame = m.slot("metal", "dark", ""), m.slot("metal", "", "dark")
    back = m.slot("paint", "white", "yellow", "blue", "red", "green", "orange", "cyan", main=True)
    a, b = m.slot("paint", "red", "orange", "yellow", "black"), m.slot("paint", "white", "blue", "pink", "green")
    w, h, leg = m.u(4.4, 5.6), m.u(2.2, 2.7), m.u(1.8, 2.8)
    if m.chance(0.35):
        m.add(metal, prism(0.24, leg + h * 0.6, 8).at(0, 0.26), prism(0.5, 0.2, 8).at(0, 0.26))
    else:
        legs = m.pick(2, 2, 3)
        m.add(metal, *row(box(0.26, 0.26, leg + h * 0.8).at(0, 0.22), legs, x=w * (0.62 if legs == 2 else 0.38)))
    m.add(frame, box(w + 0.36, 0.26, h + 0.36).at(0, 0, leg - 0.18))
    m.add(back, box(w, 0.26, h).at(0, -0.08, leg))
    _poster(m, a, b, w, h, leg, -0.2)
    if m.chance(0.6):
        m.add(metal, box(w * 0.95, 0.7, 0.12).at(0, -0.4, leg - 0.3))
    if m.chance(0.6):
        glow = m.slot("glow", "light")
        for k in range(3):
            x, z = (k - 1) * w * 0.32, leg + h + 0.12
            m.add(metal, box(0.12, 0.75, 0.12).at(x, -0.3, z))
            m.add(glow, box(0.36, 0.3, 0.18, (0.7, 0.7)).at(x, -0.62, z - 0.1))


def _poster(m: Maker, a: int, b: int, w: float, h: float, z: float, y: float) -> None:
    """What is advertised: a disc or a bottle at one side, lines of text at the other."""
    side = m.pick(-1, 1)
    x, style = side * w * 0.27, m.pick("disc", "bottle", "band")
    if style == "disc":
        m.add(a, prism(h * 0.34, 0.2, 12).along("y").at(x, y - 0.1, z + h * 0.5))
        m.add(b, prism(h * 0.18, 0.2, 8).along("y").at(x, y - 0.17, z + h * 0.5))
    elif style == "bottle":
        t = h * 0.15
        right = [(t, 0), (t, h * 0.42), (t * 0.45, h * 0.56), (t * 0.45, h * 0.76)]
        m.add(a, extrude([*right, *[(-p, q) for p, q in right[::-1]]], 0.2).at(x, y, z + h * 0.12))
        m.add(b, box(t * 2.2, 0.2, h * 0.2).at(x, y - 0.08, z + h * 0.22))
    else:
        m.add(a, box(w * 0.36, 0.2, h * 0.66).at(x, y, z + h * 0.17))
        m.add(b, extrude([(-h * 0.2, 0), (h * 0.2, 0), (0, h * 0.36)], 0.2).at(x, y - 0.08, z + h * 0.3))
    for k, (long, tall) in enumerate(((0.42, 0.18), (0.34, 0.1), (0.38, 0.1))[: m.n(2, 3)]):
        m.add(b if k else a, box(w * long, 0.2, h * tall).at(-side * w * 0.22, y, z + h * (0.62 - 0.23 * k)))


@dataclass
class Portico:
    """A public building: its slots, its width, how high its roof begins, how far that rises, where the front is."""

    wall: int
    light: int
    roof: int
    w: float
    z: float
    rise: float
    front: float


def _medal(m: Maker, p: Portico) -> None:
    m.add(m.slot("gold"), prism(p.rise * 0.36, 0.5, 10).along("y").at(0, p.front - 0.45, p.z + p.rise * 0.4))


def _banners(m: Maker, p: Portico) -> None:
    banner = box(p.w * 0.1, 0.2, 1.9).at(p.w * 0.2, p.front, p.z - 2.35)
    m.both(m.slot("cloth", "red", "blue", "purple"), banner)


def _cupola(m: Maker, p: Portico) -> None:
    r = p.w * 0.2
    m.add(p.wall, prism(r, p.rise + 0.9, 10).at(0, 0, p.z))
    m.add(p.roof, dome(r * 1.08, r * 0.95, 10, 3).at(0, 0, p.z + p.rise + 0.88))
    m.add(m.slot("gold"), prism(0.16, 0.9, 6, 0.3).at(0, 0, p.z + p.rise + 0.8 + r * 0.95))


def _clock_tower(m: Maker, p: Portico) -> None:
    s, tall, z = p.w * 0.26, p.rise + m.u(1.6, 2.2), p.z
    m.add(p.wall, box(s, s, tall).at(0, -0.4, z))
    m.add(p.light, box(s * 1.15, s * 1.15, 0.26).at(0, -0.4, z + tall - 0.05))
    m.add(p.roof, gable(s * 1.25, s * 1.25, s * m.u(0.7, 1.1), 1).at(0, -0.4, z + tall + 0.2))
    clock(m, 0, -0.4 - s / 2, z + tall - s * 0.48, s * 0.36, 0.22)


@kind("bank", "bank:3, town hall:2, courthouse:1, museum:2", weight=1.2)
@called("town hall", sign=_clock_tower)
@called("courthouse", sign=_cupola)
@called("museum", sign=_banners)
def bank(m: Maker, sign: Callable[[Maker, Portico], None] = _medal) -> None:
    """Steps, columns and a pediment, and a `sign` that tells one public building from the other."""
    wall = m.slot(*m.pick(("stone", "light", "grey"), ("plaster",), ("paint", "white", "beige")), main=True)
    light = m.slot("plaster", "white") if m.chance(0.5) else m.slot("stone", "light")
    roof = m.slot("roof") if m.chance(0.5) else m.slot("concrete")
    door, glass, n = m.slot("wood", "dark", ""), m.slot("glass", "blue"), m.pick(4, 4, 6)
    w, d, h, r = m.u(6.0, 7.5), m.u(4.4, 5.6), m.u(3.0, 3.6), m.u(0.27, 0.33)
    if n == 6:
        r *= 0.85
    m.add(light, *[box(w + 1.2 - 0.3 * k, d + 3.0 - 0.6 * k, 0.26).at(0, -1.0, 0.22 * k) for k in range(3)])
    z, front = 0.66, -d / 2 - 1.3
    m.add(wall, box(w, d, h + 0.1).at(0, 0, z))
    for k in range(n):
        x = (k - (n - 1) / 2) * (w - 3 * r) / (n - 1)
        m.add(light, prism(r, h, 8 if n == 4 else 6, 0.85).at(x, front + r * 1.4, z))
        m.add(light, box(r * 2.5, r * 2.5, 0.22).at(x, front + r * 1.4, z + h - 0.2))
    m.add(light, box(w + 0.2, d + 1.5, 0.5).at(0, -0.65, z + h))
    top, rise = z + h + 0.5, w * m.u(0.2, 0.27)
    long, steep = d + 1.7, rise / (w / 2)
    m.add(light, gable(w + 0.1, long, rise).at(0, -0.65, top - 0.02))
    m.add(roof, roof_sheet(w + 0.7, long + 0.5, rise + steep * 0.3, 0.28).at(0, -0.65, top - steep * 0.3))
    sign(m, Portico(wall, light, roof, w, top, rise, front))
    m.add(door, box(1.3, 0.4, h * 0.66).at(0, -d / 2, z))
    m.both(glass, box(w * 0.13, 0.4, h * 0.45).at(w * 0.3, -d / 2, z + h * 0.25))
    m.add(glass, *row(box(w + 0.36, d * 0.15, h * 0.5).at(z=z + h * 0.22), 3, y=d * 0.3))
