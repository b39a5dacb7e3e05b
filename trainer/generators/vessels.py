"""What sails and flies: boats, ships, planes, rockets. Bows and noses look to -y."""

import math

import numpy as np

from .base import Maker, called, kind
from .outlines import pairs
from .parts import Array, Part, block, box, extrude, join, lathe, loft, prism, profile, ring, row, steps, tube
from .vehicles import wheel_part


def breadth(ys: Array, stern: float, bow: float) -> Array:
    """Half of a boat's width from the bow (0) to the stern (1), as a share of its widest."""
    front = np.sin(np.clip(ys / 0.55, bow, 1) * math.pi / 2) ** 0.75
    return np.where(ys < 0.55, front, 1 - (1 - stern) * np.clip((ys - 0.55) / 0.45, 0, 1) ** 1.5)


def hull(length: float, w: float, h: float, stern: float, stations: int = 6, sheer: float = 0.25) -> Part:
    """A ship's body, bow to -y: U-shaped sections of six points."""
    ys = np.linspace(0, 1, stations)
    sections = []
    for y, wide in zip(ys, breadth(ys, stern, 0.02)):
        a, keel, rim = (
            w / 2 * max(wide, 0.05),
            h * 0.35 * max(0.0, 1 - y * 4) ** 1.5,
            h + sheer * h * ((y - 0.5) * 2) ** 2,
        )
        knee = keel + (rim - keel) * 0.45
        half = [(a * 0.45, keel), (a * 0.9, knee), (a, rim)]
        sections.append(
            [(x, (y - 0.5) * length, z) for x, z in [(-a * 0.45, keel), *half, (-a, rim), (-a * 0.9, knee)]]
        )
    return loft(np.array(sections)[:, ::-1])


def open_hull(length: float, w: float, h: float, stern: float, wall: float) -> Part:
    """A rowing boat: an outer and an inner shell that meet in the rim. Closed."""
    ys = np.linspace(0, 1, 6)
    sections = []
    for y, wide in zip(ys, breadth(ys, stern, 0.0)):
        a, rim = w / 2 * max(wide, 0.1), h * (1 + 0.35 * ((y - 0.45) * 1.8) ** 2)
        keel = h * 0.4 * max(0.0, 1 - y * 4) ** 1.5
        inner, floor = max(a - wall, a * 0.25), min(keel + wall * 1.4, rim - wall)
        right = [(a * 0.5, keel), (a, keel + (rim - keel) * 0.6), (a * 1.04, rim), (inner, rim), (inner * 0.5, floor)]
        shape = [(-a * 0.5, keel), *right, *[(-x, z) for x, z in right[:0:-1]]]
        sections.append([(x, (y - 0.5) * length, z) for x, z in shape])
    return loft(np.array(sections)[:, ::-1])


@kind("boat", "boat:8, rowboat:3, rowing boat:1, canoe:1, dinghy:1", weight=2.0)
@called("canoe", canoe=True)
def boat(m: Maker, canoe: bool = False) -> None:
    wood = m.either(0.7, "wood", "paint")
    inside = m.slot("wood") if m.chance(0.6) else wood
    length, h = m.u(2.4, 3.8), m.u(0.45, 0.65)
    w = length * m.u(0.3, 0.42)
    if canoe:
        w = length * 0.24
    wall = 0.09
    stern = 0.25 if canoe else m.u(0.55, 0.85)
    m.add(wood, open_hull(length, w, h, stern, wall))
    if not canoe:  # the board that closes the stern: the hull's two shells alone leave it open like a chute
        a, rim = w / 2 * stern, h * 1.34
        half = [(a * 0.47, 0.03), (a * 0.96, rim * 0.6), (a, rim)]
        m.add(inside, extrude(half + [(-x, z) for x, z in half[::-1]], wall).at(0, length / 2))
    for k in range(m.n(2, 3)):
        m.add(inside, box(w * (0.7, 0.78, 0.7 * stern**0.5)[k], 0.2, 0.07).at(0, (k - 0.6) * length * 0.24, h * 0.66))
    if m.chance(0.6):
        m.call(f"{m.noun} with oars")
        blade = box(0.4, 0.16, 0.04).turn("y", 18).at(1.25, 0, -0.42)
        oar = join([tube([(0, 0, 0), (1.1, 0, -0.35)], 0.035, 6), blade])
        m.both(m.slot("wood", "light"), oar.at(w * 0.36, length * 0.02, h * 1.12))


@kind("sailboat", "sailboat:5, boat:2, sailing boat:1, yacht:1")
def sailboat(m: Maker) -> None:
    body, sail, wood = m.either(0.5, "wood", "paint"), m.slot("cloth", "white", "beige", "red"), m.slot("wood")
    length, h = m.u(3.0, 4.5), m.u(0.6, 0.8)
    w = length * m.u(0.3, 0.38)
    m.add(body, hull(length, w, h, m.u(0.6, 0.85)))
    m.add(wood, box(w * 0.6, length * 0.3, 0.25).at(0, length * 0.12, h))
    mast = length * m.u(0.95, 1.2)
    m.add(wood, prism(0.06, mast, 6).at(0, -length * 0.05, h * 0.9))
    boom = length * 0.42
    m.add(wood, prism(0.045, boom, 6).along("y").at(0, -length * 0.05, h + 0.42))
    m.add(sail, profile([(0, 0), (boom * 0.95, 0), (0, mast * 0.82)], 0.05).at(0, -length * 0.05 + 0.08, h + 0.5))
    if m.chance(0.7):
        side = [(0, 0), (0, mast * 0.62), (-length * 0.36, -0.3)]
        m.add(sail, profile(side, 0.05).at(0, -length * 0.05 - 0.1, h + 0.55))


@kind("ship", "ship:6, pirate ship:2, sailing ship:1, galleon:1", weight=1.2)
def ship(m: Maker) -> None:
    wood, dark = m.slot("wood", main=True), m.slot("wood", "dark")
    sail, length, h = m.slot("cloth", "white", "beige", "red", "black"), m.u(7, 10), m.u(1.4, 1.9)
    w = length * m.u(0.26, 0.32)
    m.add(wood, hull(length, w, h, 0.8, 7, 0.4))
    m.add(wood, box(w * 0.84, length * 0.2, h * 0.65, top=(0.92, 1)).at(0, length * 0.38, h * 1.05))
    m.add(dark, box(w * 0.9, length * 0.23, 0.14).at(0, length * 0.38, h * 1.7))
    m.add(dark, tube([(0, -length * 0.42, h * 1.1), (0, -length * 0.62, h * 1.6)], 0.1, 6))
    masts = m.pick((-0.05,), (-0.2, 0.15), (-0.24, 0.06))
    for k, f in enumerate(masts):
        tall, y = length * (0.7 - 0.06 * k), f * length
        m.add(dark, prism(0.13, tall, 6, 0.7).at(0, y, h * 0.9))
        for z, wide in ((0.3, 1.0), (0.66, 0.76)):
            s, sh = w * 1.35 * wide, tall * 0.27
            m.add(dark, prism(0.07, s * 1.08, 6).along("x").at(-s * 0.54, y - 0.1, h + tall * z + sh))
            bulge = [(0, 0), (-0.1, 0), (-0.34, sh * 0.4), (-0.1, sh), (0, sh), (-0.2, sh * 0.45)]
            m.add(sail, profile(bulge[::-1], s).at(0, y - 0.06, h + tall * z))
    if m.chance(0.7):
        cloth = m.slot("cloth", "red", "black", "blue")
        m.add(cloth, box(0.05, 0.8, 0.45).at(0, masts[0] * length + 0.45, h * 0.9 + length * 0.66))
    if m.chance(0.6):
        gun = prism(0.13, 0.5, 6).along("x").at(w * 0.36, -0.6 * length * 0.14, h * 0.62)
        m.both(m.slot("iron"), *steps(gun, 3, y=length * 0.14))


@kind("raft", "raft:4, wooden raft:1", weight=0.7)
def raft(m: Maker) -> None:
    wood, rope = m.slot("bark", main=True), m.slot("straw", name="Rope")
    n, r, length = m.n(5, 7), m.u(0.11, 0.15), m.u(1.8, 2.6)
    for k in range(n):
        m.add(wood, prism(r, length * m.u(0.9, 1.05), 6).along("y").at((k - (n - 1) / 2) * 2 * r, -length / 2, r))
    m.add(rope, *[box(2 * r * n, 0.1, 0.08).at(0, y * length, 2 * r - 0.02) for y in (-0.35, 0.35)])
    if m.chance(0.5):
        m.add(m.slot("wood"), prism(0.05, 1.9, 6).at(0, 0, 2 * r))
        m.add(m.slot("cloth", "white", "beige"), box(1.1, 0.05, 1.0).at(0, -0.08, 2 * r + 0.75))


@kind("plane", "airplane:4, plane:4, aircraft:2, propeller plane:1", weight=1.2)
def plane(m: Maker) -> None:
    paint, wing, glass = m.slot("paint", main=True), m.slot("paint"), m.slot("glass", "blue")
    dark, length, r, n = m.slot("metal", "dark"), m.u(4.5, 6.5), m.u(0.45, 0.65), m.pick(8, 10)
    z = r * 1.8
    body = lathe(pairs("0.35,0 0.8,0.05 1,0.2 1,0.5 0.35,0.97 0.2,1", r, length), n).along("y").at(0, -length / 2, z)
    m.add(paint, body)
    span, chord, sweep, high = length * m.u(0.95, 1.15), length * m.u(0.16, 0.22), m.u(0.0, 0.5), m.chance(0.3)
    t = 0.13
    for k in range(2 if m.chance(0.25) else 1):
        wz = z + (r * 0.7 if high else -r * 0.35) + k * r * 2.1 * (-1 if high else 1)
        m.both(wing, box(t, chord, span / 2, top=(0.8, 0.55), shift=(0, sweep)).turn("y", 90).at(0, -length * 0.12, wz))
        if k:
            m.say("biplane")
            for y in (-0.16, -0.06):
                part = box(0.06, 0.06, r * 2.1).at(span * 0.33, y * length, min(wz, wz - r * 2.1) if not high else wz)
                m.both(dark, part)
    tail = box(0.1, chord * 0.62, span * 0.17, top=(0.8, 0.6), shift=(0, 0.15)).turn("y", 90)
    m.both(wing, tail.at(0, length * 0.42, z + r * 0.1))
    m.add(wing, box(0.1, chord * 0.75, r * 1.7, top=(0.8, 0.55), shift=(0, 0.25)).at(0, length * 0.4, z + r * 0.2))
    m.add(glass, profile(pairs("-0.2,0 0.04,0 0,0.75 -0.12,0.75", length, r), r * 1.1, 0.7).at(0, 0, z + r * 0.62))
    m.add(dark, lathe([(r * 0.34, 0), (0, r * 0.55)], 6).turn("x", 90).at(0, -length / 2, z))
    blade = box(0.16, 0.05, r * 2.6).at(0, 0, -r * 1.3)
    m.add(dark, *[blade.turn("y", 90 * k + 20).at(0, -length / 2 - 0.08, z) for k in range(m.pick(1, 2))])
    m.both(m.slot("rubber"), wheel_part(r * 0.34, 0.16, 8).at(r * 1.1, -length * 0.14, r * 0.34))
    m.both(dark, box(0.08, 0.08, z - r * 0.9).at(r * 0.98, -length * 0.14, r * 0.3))


@kind("rocket", "rocket:7, spaceship:2, space rocket:1", weight=1.2)
def rocket(m: Maker) -> None:
    body = m.slot("paint", "white", "grey", "red", "yellow", "blue", main=True)
    fin, glass = m.slot("paint", "red", "blue", "orange", main=True), m.slot("glass", "blue")
    metal, r, h, n = m.slot("metal", "dark"), m.u(0.5, 0.8), m.u(3.0, 4.6), m.pick(8, 10, 12)
    foot, belly = m.u(0.35, 0.6), m.u(1.0, 1.2)
    curve = [(r * 0.75, foot), (r * belly, foot + h * 0.3), (r * belly * 0.98, foot + h * 0.55)]
    curve += [(r * 0.62, foot + h * 0.8), (0, foot + h)]
    m.banded(curve, n, [body, body, body, fin])
    m.add(metal, lathe([(r * 0.62, 0), (r * 0.42, 0.3), (r * 0.42, 0.36)], n).at(0, 0, foot - 0.34))
    fins = m.pick(3, 4)
    flat = extrude([(0, 0), (r * 1.05, -foot * 0.9), (r * 1.05, h * 0.12), (0, h * 0.36)], 0.14)
    m.around(fin, fins, flat.at(r * 0.7, 0, foot), 45 if fins == 4 else 30)
    y = r * belly * math.cos(math.pi / n)
    m.add(metal, ring(r * 0.34, r * 0.08, 8, 4).along("y").at(0, -y, foot + h * 0.46))
    m.add(glass, prism(r * 0.3, 0.16, 8).along("y").at(0, -y - 0.06, foot + h * 0.46))
    if m.chance(0.5, "flying"):
        m.add(m.slot("glow", "flame"), lathe([(r * 0.5, 0), (r * 0.3, -0.4), (0, -1.0)][::-1], 8).at(0, 0, foot - 0.36))


@kind("ufo", "ufo:2, flying saucer:2, spaceship:1", weight=0.6)
def ufo(m: Maker) -> None:
    metal, glass, glow = m.slot("metal", main=True), m.slot("glass", "green", "blue"), m.slot("glow", "green", "light")
    r, n = m.u(1.2, 1.8), m.pick(10, 12, 16)
    m.add(metal, lathe(pairs("0.35,0 0.9,0.18 1,0.28 0.5,0.46 0.4,0.48", r), n))
    m.add(glass, lathe([(r * 0.42, r * 0.46), (r * 0.38, r * 0.68), (r * 0.2, r * 0.84), (0, r * 0.88)], n))
    m.around(glow, n // 2, block(r * 0.12, r * 0.12, r * 0.1, r * 0.02).at(r * 0.75, 0, r * 0.3))
    if m.chance(0.5):
        m.around(metal, 3, tube([(r * 0.4, 0, 0.1), (r * 0.75, 0, -r * 0.4)], 0.05, 5))


@kind("helicopter", "helicopter:3, chopper:1", weight=0.7)
def helicopter(m: Maker) -> None:
    paint, glass, dark = m.slot("paint", main=True), m.slot("glass", "blue"), m.slot("metal", "dark")
    length, r = m.u(1.9, 2.4), m.u(0.65, 0.8)
    z = r + 0.5
    side = [(-length * 0.5, z - r * 0.3), (-length * 0.2, z - r * 0.8), (length * 0.4, z - r * 0.8)]
    side += [(length * 0.5, z + r * 0.2), (length * 0.2, z + r * 0.8), (-length * 0.2, z + r * 0.8)]
    m.add(paint, profile(side, r * 1.7, 0.75))
    outline = [(-length * 0.5, z - r * 0.2), (-length * 0.22, z - r * 0.2), (-length * 0.2, z + r * 0.72)]
    outline += [(-length * 0.24, z + r * 0.74)]
    m.add(glass, profile(outline, r * 1.76, 0.8))
    m.add(paint, tube([(0, length * 0.4, z + r * 0.3), (0, length * 1.5, z + r * 0.6)], [r * 0.34, r * 0.14], 6))
    m.add(paint, box(0.09, 0.34, 0.7, top=(1, 0.6), shift=(0, 0.18)).at(0, length * 1.42, z + r * 0.55))
    m.add(dark, prism(0.08, 0.4, 6).at(0, 0, z + r * 0.8))
    span = length * 1.9
    m.add(dark, *[box(span, 0.2, 0.05).turn("z", 90 * k + 25).at(0, 0, z + r * 0.8 + 0.36) for k in range(2)])
    m.add(dark, box(0.05, 0.1, 0.8).at(0.1, length * 1.48, z + r * 0.5))
    m.both(dark, box(0.1, length * 1.0, 0.09).at(r * 0.8, 0, 0))
    m.both(dark, *row(box(0.08, 0.08, z - r * 0.7).at(r * 0.75, 0, 0.05), 2, y=0.7))
