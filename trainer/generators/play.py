"""Games, music and what one wears: bats and rackets, violins and trumpets, shirts and armor, and a few odd treats."""

import math
from collections.abc import Sequence

import numpy as np

from .base import Maker, kind
from .parts import Part, Points, block, box, cube_ball, dome, extrude, lathe, loft, prism, profile, ring, slab, tube


def plate(outline: Points, layers: Sequence[tuple[float, float]], tip: float | None = None) -> Part:
    """An outline in x and z, seen from the front, in layers of (scale, how far to the front); `tip` ends it in one
    point that far to the front, on the outline's own zero."""
    flat = np.array(outline, float)
    middle = (flat.max(0) + flat.min(0)) / 2 if tip is None else np.zeros(2)
    rings = np.empty((len(layers), len(flat), 3))
    for k, (scale, front) in enumerate(layers):
        rings[k, :, :2], rings[k, :, 2] = middle + (flat - middle) * scale, front
    part = loft(rings) if tip is None else loft(rings, "cap", "tip", [(0, 0, tip)])
    return part.turn("x", 90)


def mirrored(right: Points) -> list[tuple[float, float]]:
    """A whole outline from its right half, which goes from the bottom up; points on the axis stay single."""
    return [*right, *[(-x, z) for x, z in reversed(right) if x > 0]]


def troughs(stations: Sequence[tuple[float, Points]]) -> Part:
    """A solid along x through cross-sections (y, z) at each x, counter-clockwise seen from +x."""
    return loft(np.array([[(x, y, z) for y, z in section] for x, section in stations]))


def stick(m: Maker, slot: int, r: float, h: float, z: float = 0.0, sides: int = 8) -> None:
    """A grip with a knob at its lower end."""
    m.add(slot, lathe([(r * 1.35, 0), (r * 1.45, r), (r, r * 1.6), (r, h)], sides).at(0, 0, z))


@kind("baseball_bat", "baseball bat:4, bat:1", weight=1.0)
def baseball_bat(m: Maker) -> None:
    if m.chance(0.75):
        body = m.slot("wood", main=True)
    else:
        body = m.slot(m.pick("metal", "paint"), main=True)
    grip = m.slot("leather", "black", "brown", "red") if m.chance(0.7) else body
    mark = m.slot("paint", "red", "black", "blue", "white") if m.chance(0.5) else body
    h = m.u(0.7, 0.9)
    r, thin = h * m.u(0.048, 0.06), h * m.u(0.022, 0.026)
    bulge = m.u(0.55, 0.65)
    shape = [(thin * 1.5, 0), (thin * 1.7, 0.02), (thin, 0.045), (thin * 1.05, 0.3), (r * 0.85, bulge)]
    shape += [(r, bulge + 0.12), (r, bulge + 0.2), (r, 0.96), (r * 0.7, 1.0)]
    rows = [body, body, grip, body, body, mark, body, body]
    m.banded([(a, z * h) for a, z in shape], m.pick(8, 10), rows)
    if m.chance(0.3):
        m.say("long" if h > 0.82 else "thick" if r > h * 0.055 else "simple")


@kind("tennis_racket", "tennis racket:4, racket:2", weight=1.0)
def tennis_racket(m: Maker) -> None:
    frame = m.slot(m.pick("paint", "plastic"), "red", "blue", "black", "yellow", "green", "orange", main=True)
    if m.chance(0.2):
        frame = m.slot("wood", main=True)
    string, grip = m.slot("plastic", "white", "yellow", "beige"), m.slot("leather", "black", "brown", "dark")
    h = 0.7
    a, tall, t = h * m.u(0.17, 0.2), m.u(1.15, 1.35), h * 0.022
    top = h - a * tall
    low = top - a * tall
    m.add(frame, ring(a, t, 12, 4, t * 2.2).along("y").scale(z=tall).at(0, 0, top))
    m.both(frame, tube([(h * 0.01, 0, low - h * 0.14), (a * 0.48, 0, top - a * tall * 0.84)], t * 0.8, 4))
    m.add(frame, prism(t, low - h * 0.2, 8).at(0, 0, h * 0.1))
    stick(m, grip, t * 1.25, h * m.u(0.24, 0.3))
    for k in (-1, 0, 1):
        reach = a * tall * math.sqrt(1 - (k * 0.46) ** 2)
        m.add(string, box(h * 0.02, h * 0.02, reach * 2).at(k * a * 0.46, 0, top - reach))
    rows = m.pick(3, 4, 5)
    for k in range(rows):
        up = ((k + 0.5) / rows * 2 - 1) * 0.86
        reach = a * math.sqrt(1 - up**2)
        m.add(string, box(reach * 2, h * 0.02, h * 0.02).at(0, -h * 0.012, top + up * a * tall - h * 0.01))


@kind("bowling_pin", "bowling pin:4", weight=0.9)
def bowling_pin(m: Maker) -> None:
    white = m.slot("paint", "white", main=True)
    band = m.slot("paint", "red", "red", "red", "blue", "black")
    h = m.u(0.36, 0.42)
    belly, neck, head = m.u(0.15, 0.175), m.u(0.06, 0.07), m.u(0.085, 0.1)
    shape = [(belly * 0.55, 0), (belly * 0.9, 0.15), (belly, 0.3), (belly * 0.72, 0.48), (neck * 1.15, 0.62)]
    shape += [(neck, 0.67), (neck, 0.73), (neck * 1.06, 0.77), (head, 0.88), (head * 0.7, 0.97), (0, 1.0)]
    one = m.chance(0.35)
    rows = [white, white, white, white, band, white if not one else band, band if not one else white, white, white]
    m.banded([(r * h, z * h) for r, z in shape], m.pick(8, 10), [*rows, white])


def bow_tie(w: float, h: float, t: float) -> Part:
    return extrude([(-w, -h), (0, -h * 0.35), (w, -h), (w, h), (0, h * 0.35), (-w, h)], t)


@kind("kite", "kite:4", weight=1.0)
def kite(m: Maker) -> None:
    first = m.slot("cloth", "red", "blue", "yellow", "green", "orange", "pink", "purple", main=True)
    second = m.slot("cloth", "yellow", "white", "cyan", "orange", "red")
    wood, tail = m.slot("wood"), m.slot("cloth", "red", "white", "blue", "yellow")
    w, up, down, t = m.u(0.32, 0.42), m.u(0.25, 0.36), m.u(0.52, 0.68), 0.035
    z, n = down + m.u(0.4, 0.55), m.pick(3, 4)
    body = plate([(0, -down), (w, 0), (0, up), (-w, 0)], [(1, 0), (1, t)], t + m.u(0.05, 0.09))
    pattern = m.pick((second, first, first, second), (second, first, second, first), (first, first, second, second))
    slots = np.array([first] * 4 + [first] + list(pattern), np.int32)
    m.parts.append((body.at(0, 0, z), slots))
    m.add(wood, box(0.035, 0.05, (up + down) * 0.96).at(0, 0.015, z - down * 0.97))
    m.add(wood, box(w * 1.92, 0.05, 0.035).at(0, 0.03, z - 0.017))
    length, sway = z - down, m.u(0.05, 0.09)
    path = [(math.sin(k * math.pi / 2) * sway, 0.015, length * (1 - k / (n + 1))) for k in range(n + 1)]
    m.add(wood, tube([(0, 0.015, length + 0.05), *path, (0, 0.015, 0)][::-1], 0.018, 4))
    for k, (x, y, at) in enumerate(path[1:]):
        m.add((tail, second)[k % 2], bow_tie(0.09, 0.05, 0.055).at(x, y, at))


BRIGHT = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "cyan", "white")
KNOB = [(-0.09, 0.0), (-0.16, 0.1), (-0.1, 0.21), (0.1, 0.21), (0.16, 0.1), (0.09, 0.0)]


@kind("puzzle_piece", "puzzle piece:3, puzzle:3, jigsaw piece:1", weight=0.9)
def puzzle_piece(m: Maker) -> None:
    color = m.slot(m.pick("plastic", "paint"), *BRIGHT, main=True) if m.chance(0.9) else m.slot("wood", main=True)
    size, knob = m.u(0.3, 0.5), m.u(0.9, 1.15)
    # bottom, right, top, left: 1 a knob, -1 a hole, 0 straight
    sides = m.pick((-1, 1, 1, -1), (-1, 1, 1, 1), (-1, -1, 1, -1), (0, 1, 1, -1), (0, 1, 1, 0), (-1, 1, -1, 1))
    outline: list[tuple[float, float]] = []
    for k, side in enumerate(sides):
        edge = [(-0.5, 0.0)] + ([(x * knob, y * knob * side) for x, y in KNOB] if side else [])
        for x, out in edge:
            a, b = x, -0.5 - out
            for _ in range(k):
                a, b = -b, a
            outline.append((a * size, b * size))
    t = size * m.u(0.16, 0.26)
    m.add(color, extrude(outline, t))


@kind("trumpet", "trumpet:4", weight=1.0)
def trumpet(m: Maker) -> None:
    brass = m.slot(m.pick("gold", "gold", "gold", "bronze", "silver"), main=True)
    inside, silver = m.slot("bronze"), m.slot("silver")
    length, r, flare = m.u(0.46, 0.54), 0.012, m.u(0.058, 0.072)
    tall, wide, up = m.u(0.042, 0.052), m.u(0.11, 0.14), 0.1
    loop = ring(tall, r, 8, 5).along("y")
    m.add(brass, loop.bend(lambda v: v + np.sign(v[:, :1]) * (wide - tall, 0, 0)).at(0, 0, up - tall))
    cone = [(r * 1.1, 0), (r * 1.5, 0.5), (flare * 0.5, 0.8), (flare, 1.0), (flare * 0.85, 1.01), (0, 0.75)]
    bell = length * 0.56
    m.banded([(a, z * bell) for a, z in cone], 10, [brass, brass, brass, brass, inside])
    part, slots = m.parts[-1]
    m.parts[-1] = (part.along("x").at(0, 0, up), slots)
    back = length - bell
    m.add(brass, prism(r, back, 6).along("x").at(-back + 0.01, 0, up))
    m.add(silver, lathe([(r * 1.9, 0), (r * 1.7, 0.012), (r * 0.95, 0.04)], 8).along("x").at(-back - 0.012, 0, up))
    for k in (-1, 0, 1):
        x, h = k * 0.038, tall * 2 + 0.05
        m.add(brass, prism(0.017, h, 6).at(x, -0.004, up - tall * 2 - 0.022))
        m.add(silver, prism(0.011, 0.03, 6, 1.2).at(x, -0.004, up + 0.025))


def violin_body(w: float, h: float) -> list[tuple[float, float]]:
    half = [(0.5, 0.0), (0.85, 0.05), (1.0, 0.16), (0.97, 0.28), (0.82, 0.39), (0.6, 0.44), (0.57, 0.54)]
    half += [(0.72, 0.64), (0.82, 0.74), (0.8, 0.87), (0.62, 0.97), (0.3, 1.0)]
    return mirrored([(x * w / 2, z * h) for x, z in half])


@kind("violin", "violin:4, fiddle:1, cello:1", weight=1.0)
def violin(m: Maker) -> None:
    wood, dark = m.slot("wood", "red", "", "dark", main=True), m.slot("paint", "black", name="Ebony")
    light = m.slot("wood", "light")
    cello = m.noun == "cello"
    h = m.u(1.15, 1.3) if cello else m.u(0.56, 0.64)
    body, w, t = h * m.u(0.58, 0.62), h * m.u(0.34, 0.38), h * m.u(0.08, 0.1)
    outline = violin_body(w, body)
    m.add(wood, plate(outline, [(0.95, -t / 2), (1, -t * 0.3), (1, t * 0.3), (0.95, t / 2)]))
    neck = h * 0.045
    m.add(wood, box(neck, t * 0.45, h * 0.9 - body).at(0, -t * 0.1, body * 0.97))
    m.add(dark, box(neck * 1.15, t * 0.3, h * 0.45, top=(0.75, 1)).at(0, -t * 0.55, h * 0.42))
    m.add(dark, box(neck * 0.8, t * 0.34, body * 0.28, top=(1.6, 1)).at(0, -t * 0.55, body * 0.05))
    m.add(light, box(w * 0.26, t * 0.55, h * 0.024, top=(0.8, 0.6)).at(0, -t * 0.62, body * 0.44))
    hole = box(h * 0.02, t * 0.3, body * 0.2).turn("y", 10)
    m.both(dark, hole.at(w * 0.19, -t * 0.46, body * 0.36))
    m.add(wood, box(neck * 0.95, t * 0.6, h * 0.12).at(0, -t * 0.05, h * 0.86))
    m.add(wood, prism(t * 0.44, neck * 1.5, 8).along("x").at(-neck * 0.75, -t * 0.15, h * 0.975))
    for z in (0.885, 0.925):
        m.both(dark, box(h * 0.05, h * 0.022, h * 0.022).at(h * 0.035, -t * 0.05, h * z))
    if cello:
        m.add(m.slot("metal"), prism(h * 0.012, h * 0.13, 6).at(0, 0, -h * 0.11))
    elif m.chance(0.6):
        m.add(dark, slab(w * 0.3, t * 0.6, h * 0.045, h * 0.012).at(-w * 0.24, -t * 0.42, h * 0.012))


def boxing_glove(m: Maker) -> None:
    main = (
        m.slot("leather", "red", main=True)
        if m.chance(0.3)
        else m.slot("paint", "red", "blue", "black", "green", main=True)
    )
    cuff = m.slot("cloth", "white", "black", "yellow")
    w, h = m.u(0.15, 0.18), m.u(0.26, 0.32)
    r = w * 0.36
    side = m.pick(-1, 1)
    m.banded([(r * 1.08, 0), (r * 1.12, h * 0.12), (r * 1.12, h * 0.24), (r * 0.9, h * 0.4)], 8, [cuff, main, main])
    fist = cube_ball(w, w * 0.85, h * 0.66, 4, 0.62)
    m.add(main, fist.at(0, -w * 0.08, h * 0.36))
    m.add(
        main, cube_ball(w * 0.42, w * 0.5, h * 0.38, 2, 0.7).turn("y", side * 12).at(side * w * 0.5, -w * 0.2, h * 0.4)
    )


@kind("glove", "glove:3, gauntlet:1, boxing glove:2", weight=1.0)
def glove(m: Maker) -> None:
    if m.noun == "boxing glove":
        return boxing_glove(m)
    armed = m.noun == "gauntlet"
    main = m.slot(m.pick("steel", "iron", "metal") if armed else m.pick("cloth", "leather"), main=True)
    trim = m.slot(m.pick("gold", "leather") if armed else "cloth")
    w, t, side = m.u(0.1, 0.12), m.u(0.036, 0.044), m.pick(-1, 1)
    palm, z = w * m.u(1.0, 1.15), 0.07
    m.add(main, block(w, t, palm, t * 0.3).at(0, 0, z))
    r = w * 0.118
    for k, long in enumerate((0.72, 0.92, 1.0, 0.86)):
        reach = w * 0.95 * long + w * 0.12
        x = side * (1.5 - k) * w * 0.255
        finger = lathe([(r, 0), (r * 1.05, reach * 0.8), (r * 0.6, reach)], 6).turn("y", side * (1.5 - k) * 4)
        m.add(main, finger.at(x, 0, z + palm - w * 0.12))
        if armed:
            m.add(trim, box(r * 1.9, t * 0.9, r * 1.3).at(x, -t * 0.28, z + palm - w * 0.14))
    thumb = lathe([(r * 1.25, 0), (r * 1.2, w * 0.6), (r * 0.65, w * 0.78)], 6).turn("y", -side * 38)
    m.add(main, thumb.at(-side * w * 0.34, -t * 0.1, z + palm * 0.18))
    wide = m.u(1.15, 1.4) if armed else m.u(0.9, 1.1)
    cuff = lathe([(w * 0.5 * wide, 0), (w * 0.5 * wide, 0.02), (w * 0.42, z + 0.012)], 8)
    m.add(trim if not armed and m.chance(0.6) else main, cuff.scale(1, 0.68, 1))
    if armed:
        m.add(trim, prism(w * 0.53 * wide, 0.016, 8).scale(1, 0.68, 1).at(0, 0, -0.005))


def crescent(w: float, h: float, up: bool) -> list[tuple[float, float]]:
    """A smile, or turned over."""
    half = [(0.0, -h), (w * 0.6, -h * 0.7), (w, h * 0.4), (w * 0.55, h * 0.05), (0.0, -h * 0.15)]
    outline = [*half, *[(-x, z) for x, z in reversed(half[1:-1])]]
    return outline if up else [(-x, -z) for x, z in outline]


@kind("mask", "mask:4, theatre mask:1", weight=1.0)
def mask(m: Maker) -> None:
    stage = m.noun == "theatre mask"
    if stage:
        face = m.slot(m.pick("ceramic", "paint"), "white", main=True) if m.chance(0.6) else m.slot("gold", main=True)
    else:
        stuff = m.pick("paint", "wood", "gold", "ceramic", "bone")
        face = m.slot(stuff, *(BRIGHT if stuff == "paint" else ("", "light") if stuff == "wood" else ()), main=True)
    dark, trim = m.slot("paint", "black", name="Holes"), m.slot("paint", "red", "yellow", "white", "blue")
    h = m.u(0.24, 0.32)
    w, chin, d = h * m.u(0.33, 0.4), m.u(0.35, 0.55), h * m.u(0.16, 0.22)
    half = [(w * chin * 0.6, 0.0), (w * 0.78, h * 0.2), (w, h * 0.5), (w * 0.98, h * 0.78), (w * 0.6, h)]
    front = d * 1.0
    m.add(face, plate(mirrored(half), [(0.96, 0), (1.0, d * 0.35), (0.82, front)]))
    eye_w, eye_h, tilt = w * m.u(0.25, 0.29), h * m.u(0.065, 0.085), m.u(-14, 14)
    eye = extrude(
        [
            (-eye_w, 0),
            (-eye_w * 0.4, -eye_h),
            (eye_w * 0.4, -eye_h),
            (eye_w, 0),
            (eye_w * 0.4, eye_h),
            (-eye_w * 0.4, eye_h),
        ],
        d * 0.3,
    ).turn("y", tilt)
    m.both(dark, eye.at(w * 0.4, -front + d * 0.06, h * 0.61))
    nose = loft(box(w * 0.36, h * 0.3, 1).vertices[:4][None], "cap", "tip", [(0, -h * 0.12, d * m.u(0.5, 0.8))])
    m.add(face, nose.turn("x", 90).at(0, -front + d * 0.06, h * 0.46))
    glad = m.chance(0.5)
    mouth = crescent(w * m.u(0.46, 0.54), h * m.u(0.09, 0.11), glad)
    if stage or m.chance(0.7):
        m.add(dark, extrude(mouth, d * 0.3).at(0, -front + d * 0.06, h * 0.22))
        m.say("smiling" if glad else "sad")
    else:
        m.add(dark, box(w * 0.6, d * 0.3, h * 0.06).at(0, -front + d * 0.06, h * 0.19))
    brow = box(w * 0.5, d * 0.3, h * 0.035).turn("y", -tilt - m.u(4, 12))
    m.both(trim, brow.turn("y", tilt * 2).at(w * 0.4, -front + d * 0.03, h * 0.75))
    if not stage and m.chance(0.5):
        m.add(
            trim,
            extrude([(0, h * 0.74), (w * 0.16, h * 0.84), (0, h * 0.94), (-w * 0.16, h * 0.84)], d * 0.3).at(0, -front),
        )


@kind("shirt", "shirt:3, t shirt:3", weight=1.1)
def shirt(m: Maker) -> None:
    cloth = m.slot("cloth", main=True)
    trim = m.slot("cloth", "white", "black", "red", "yellow", "blue")
    w, h, t = m.u(0.24, 0.29), m.u(0.62, 0.72), m.u(0.13, 0.17)
    arm, drop, neck = m.u(0.2, 0.26), m.u(0.2, 0.26), m.u(0.085, 0.1)
    half = [(w * 0.96, 0.0), (w, h * 0.66), (w + arm * 0.62, h * 0.88 - drop), (w + arm, h * 0.97 - drop * 0.62)]
    half += [(w * 0.82, h * 0.95), (neck, h), (neck * 0.6, h * 0.93)]
    outline = mirrored(half)
    m.add(cloth, plate(outline, [(0.93, -t / 2), (1, -t * 0.2), (1, t * 0.2), (0.93, t / 2)]))
    if m.noun == "shirt":
        m.add(cloth, box(w * 0.2, t * 0.2, h * 0.86).at(0, -t * 0.46, h * 0.05))
        for k in range(4):
            m.add(trim, prism(0.018, 0.03, 6).turn("x", 90).at(0, -t * 0.54, h * (0.14 + k * 0.22)))
        collar = m.pick(cloth, trim)
        point = extrude([(0.004, 0), (neck * 0.75, -0.075), (neck * 1.3, 0.03), (neck * 1.05, 0.075)], t * 0.3)
        m.both(collar, point.turn("x", -8).at(0, -t * 0.42, h * 0.94))
        m.add(collar, box(neck * 2.2, t * 0.62, 0.05, top=(0.85, 0.9)).at(0, t * 0.06, h * 0.965))
        return
    m.add(trim, ring(neck * 0.95, 0.018, 8, 4).scale(1, t * 0.42 / neck, 1).turn("x", 12).at(0, 0, h * 0.965))
    style = m.pick("stripe", "print", "plain")
    if style == "stripe":
        m.say("striped")
        for z in m.pick((0.42,), (0.3, 0.48)):
            m.add(trim, box(w * 1.86, t * 1.05, h * 0.09).at(0, 0, h * z))
    elif style == "print":
        m.add(trim, slab(w * 0.9, h * 0.3, t * 0.1, w * 0.3).turn("x", 90).at(0, -t * 0.47, h * 0.55))


@kind("armor", "armor:3, chestplate:3, breastplate:2", weight=1.1)
def armor(m: Maker) -> None:
    main = m.slot(m.pick("steel", "metal", "silver", "gold", "bronze", "iron"), main=True)
    trim, dark = m.slot(m.pick("gold", "bronze", "copper")), m.slot("leather", "dark", "black", "brown")
    w, h, flat, n = m.u(0.21, 0.25), m.u(0.52, 0.62), m.u(0.6, 0.7), 10
    waist = m.u(0.68, 0.8)
    shape = [(w * 0.98, 0), (w * waist, h * 0.22), (w * 0.98, h * 0.55), (w, h * 0.74), (w * 0.72, h * 0.95)]
    shape += [(w * 0.44, h), (w * 0.47, h * 1.07), (w * 0.37, h * 1.07), (0, h * 0.9)]
    rows = [main, main, main, main, main, trim, trim, dark]
    m.banded(shape, n, rows)
    part, slots = m.parts[-1]
    m.parts[-1] = (part.scale(1, flat, 1), slots)
    m.add(trim, prism(w * (waist + 0.08), h * 0.07, n).scale(1, flat, 1).at(0, 0, h * 0.185))
    m.add(trim, prism(w * 1.05, h * 0.05, n).scale(1, flat, 1).at(0, 0, -h * 0.015))
    # a keel down the front, on the lathe's own corner
    keel = [(-r * flat * 0.85, z) for r, z in shape[1:5]] + [(-r * flat - w * 0.06, z) for r, z in shape[4:0:-1]]
    m.add(trim, profile([(y, z * (0.96 if z > h * 0.9 else 1)) for y, z in keel], w * m.u(0.14, 0.24)))
    size = w * m.u(0.42, 0.5)
    if m.noun == "breastplate":
        m.both(dark, prism(size * 0.7, w * 0.2, 8).along("x").scale(1, 0.85, 1.2).at(w * 0.8, 0, h * 0.72))
        return
    lean, x, z = m.u(20, 32), w * 0.84, h * 0.76
    m.both(main, dome(size, size * m.u(0.75, 0.95), 8, 2).turn("y", lean).at(x, 0, z))
    m.both(trim, prism(size * 1.07, size * 0.18, 8).turn("y", lean).at(x - 0.004, 0, z - 0.006))


def sling(a: float, lip: float, t: float) -> list[tuple[float, float]]:
    return [(-a, lip - t), (0, -t), (a, lip - t), (a, lip), (0, 0), (-a, lip)]


@kind("hammock", "hammock:4", weight=1.0)
def hammock(m: Maker) -> None:
    wood, rope = m.slot("wood"), m.slot("straw")
    first = m.slot("cloth", main=True)
    second = m.slot("cloth", "white", "yellow", "beige", "red") if m.chance(0.65) else first
    if second != first:
        m.say("striped")
    span, half, post = m.u(1.25, 1.45), m.u(0.36, 0.46), m.u(1.15, 1.45)
    sag, reach, t = m.u(0.38, 0.5), m.u(0.74, 0.8) * span, 0.06
    tie = post * 0.86
    low = tie - sag - 0.1
    stations = []
    for k in range(8):
        s = k / 7 * 2 - 1
        rise = (tie - 0.14 - low) * s * s
        across = half * (1 - 0.45 * s * s)
        stations.append((s * reach, [(y, z + low + rise) for y, z in sling(across, across * 0.3, t)]))
    stripes = [(first, second, first, second)[min(k, 6 - k)] for k in range(7)]
    slots = np.array([s for s in stripes for _ in range(6)] + [first, first], np.int32)
    m.parts.append((troughs(stations), slots))
    lean = m.u(0, 6)
    m.both(wood, prism(0.07, post, 6, 0.85).turn("y", lean).at(span, 0, 0))
    m.both(wood, prism(0.1, 0.05, 8).at(span + math.sin(math.radians(lean)) * tie, 0, tie - 0.03))
    if m.chance(0.6):
        m.add(wood, box(span * 2.1, 0.12, 0.09))
        m.both(wood, box(0.14, half * 2, 0.07).at(span, 0, -0.015))
    else:
        m.both(m.slot("stone"), prism(0.17, 0.12, 8, 0.75).at(span, 0, 0))
    end = (reach * 0.98, half * 0.5, tie - 0.12 + half * 0.16)
    knot = span + math.sin(math.radians(lean)) * tie
    m.four(rope, tube([end, (knot, 0, tie)], 0.03, 4))
    if m.chance(0.4):
        m.add(m.slot("cloth"), cube_ball(0.3, half * 1.1, 0.14, 2).turn("y", -24).at(reach * 0.62, 0, low + 0.17))


def bedding(m: Maker, w: float, d: float, z: float, h: float) -> None:
    """Mattress, pillow at the back and a blanket over the front half."""
    m.add(m.slot("cloth", "white", "beige"), box(w, d, h).at(0, 0, z))
    m.add(m.slot("cloth"), box(w * 1.03, d * 0.6, h * 0.8).at(0, -d * 0.2, z + h * 0.45))
    m.add(m.slot("cloth", "white"), block(w * 0.7, d * 0.2, h * 0.8, h * 0.2).at(0, d * 0.33, z + h * 0.7))


def crib(m: Maker, wood: int) -> None:
    w, d, h, t = m.u(0.6, 0.72), m.u(1.05, 1.2), m.u(0.85, 0.95), 0.06
    low, n = h * m.u(0.28, 0.36), m.pick(5, 6, 7)
    m.four(wood, box(t, t, h).at(w / 2, d / 2))
    for z in (low, h * 0.88):
        m.both(wood, box(t * 0.7, d, t).at(w / 2, 0, z))
    for y in (-d / 2, d / 2):
        m.add(wood, box(w, t * 0.6, h * 0.94 - low).at(0, y, low))
    for k in range(n):
        bar = box(0.035, 0.035, h * 0.88 - low).at(w / 2, ((k + 1) / (n + 1) - 0.5) * d, low + 0.03)
        m.both(wood, bar)
    bedding(m, w - t * 0.6, d - t * 0.6, low + 0.01, 0.1)


@kind("cradle", "cradle:4, crib:2", weight=1.0)
def cradle(m: Maker) -> None:
    wood = m.slot("wood", main=True) if m.chance(0.7) else m.slot("paint", "white", "pink", "blue", "cyan", main=True)
    if m.noun == "crib":
        return crib(m, wood)
    w, d, t = m.u(0.42, 0.5), m.u(0.75, 0.95), 0.045
    z, deep, flare = m.u(0.12, 0.16), m.u(0.26, 0.32), m.u(1.12, 1.3)
    wide = w * flare
    for y, rise in ((-d / 2, m.u(1.15, 1.3)), (d / 2, m.u(1.6, 1.9))):
        top = deep * rise
        end = wide * (1 + (flare - 1) * 0.3) / 2 + 0.02
        half = [(w / 2 + 0.02, 0), (end, deep * 1.02), (end * 0.72, top * 0.93), (end * 0.3, top)]
        m.add(wood, extrude(mirrored(half), t).at(0, y, z))
        reach = wide * 0.68
        arc = [(s * reach, (s * s) * z * 0.9) for s in (-1, -0.6, -0.2, 0.2, 0.6, 1)]
        over = [(s * reach * 0.97, (s * s) * z * 0.5 + z * 0.6) for s in (1, 0.6, 0.2, -0.2, -0.6, -1)]
        m.add(wood, extrude([*arc, *over], t * 1.5).at(0, y * 0.86, 0))
    m.add(wood, box(w, d, t).at(0, 0, z + 0.01), box(w * 0.4, d * 0.86, z).at(0, 0, z * 0.3))
    lean = math.degrees(math.atan2((wide - w) / 2, deep))
    m.both(wood, box(t, d, deep * 1.02).turn("y", lean).at(w / 2, 0, z))
    bedding(m, w * 1.02, d - t * 0.6, z + t * 0.8, deep * 0.38)


@kind("pineapple", "pineapple:4", weight=0.9)
def pineapple(m: Maker) -> None:
    skin, spots = m.slot("flesh", "yellow", main=True), m.slot("flesh", "orange")
    if m.chance(0.3):
        spots = m.slot("flesh", "brown")
    green = m.slot("leaf", "green", "dark green")
    r, h, n, rows = m.u(0.065, 0.08), m.u(0.16, 0.2), m.pick(8, 10), m.pick(5, 6)
    a = np.linspace(-1.12, 1.12, rows + 1)
    body = lathe([(r * math.cos(s) ** 0.6, h / 2 + h / 2 * math.sin(s) / math.sin(1.12)) for s in a], n)
    checks = [(skin, spots)[(row + k) % 2] for row in range(rows) for k in range(n)]
    m.parts.append((body, np.array([*checks, skin, skin], np.int32)))
    tall = m.u(0.8, 1.15) * h
    for k, (count, out, up) in enumerate(((6, 0.95, 0.5), (5, 0.6, 0.8), (3, 0.22, 1.0))):
        base = box(r * 0.5, r * 0.2, 1).vertices[:4][None]
        path = np.concatenate([base, base * (1.25, 1.25, 1) + (0, r * out * 0.55, tall * up * 0.5)])
        blade = loft(path, "cap", "tip", [(0, r * out * 1.5, tall * up)])
        m.around(green, count, blade.at(0, r * (0.26 - k * 0.08), h * 0.965), k * 30)


def half_moon(r: float, n: int = 7) -> list[tuple[float, float]]:
    """x and height of points along a half circle, its ends raised a little."""
    angles = [math.radians(172 - 164 * k / (n - 1)) for k in range(n)]
    return [(r * math.cos(s), r * math.sin(s)) for s in angles]


@kind("taco", "taco:4", weight=0.9)
def taco(m: Maker) -> None:
    shell, meat = m.slot("bread", ""), m.slot("flesh", "brown")
    green, red, cheese = m.slot("leaf", "light green", "green"), m.slot("flesh", "red"), m.slot("flesh", "yellow")
    r, b, gap = m.u(0.08, 0.1), m.u(0.014, 0.018), m.u(0.034, 0.044)
    t = r * 0.07
    moon = half_moon(r)

    def half_width(z: float) -> float:
        return b + (gap - b) * z / r

    sides = []
    for x, z in moon:
        a = half_width(z)
        outer = [(-a, z), (-b, 0), (b, 0), (a, z)]
        sides.append((x, [*outer, (a - t, z), (b - t * 0.8, t), (-b + t * 0.8, t), (-a + t, z)]))
    m.add(shell, troughs(sides))

    def filling(slot: int, y: float, thick: float, top: float, wave: float) -> None:
        stations = []
        for k, (x, z) in enumerate(half_moon(r * 0.93)):
            high = z * top + (wave if k % 2 else 0)
            # the shell is narrower further down
            low_a, a = (b + (half_width(z) - b) * f - t * 1.3 for f in (0.4, 1.0))
            low, up = ((w * (y - thick), w * (y + thick)) for w in (low_a, a))
            stations.append((x, [(low[0], z * 0.4), (low[1], z * 0.4), (up[1], high), (up[0], high)]))
        m.add(slot, troughs(stations))

    filling(meat, 0, 0.85, 1.0, 0)
    filling(green, m.pick(-0.5, 0.5), 0.36, 1.12, r * 0.1)
    for k in range(m.n(3, 5)):
        angle = math.radians(145 - k * 110 / 4)
        cube = box(r * 0.17, r * 0.17, r * 0.17).turn("y", 30).turn("z", 20 + k * 35)
        at = (math.cos(angle) * r * 0.86, (-0.3, 0.3)[k % 2] * gap, math.sin(angle) * r * 0.9)
        m.add((red, cheese)[k % 2], cube.at(*at))
