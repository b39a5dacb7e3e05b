"""Games and music: bats, rackets, kites, puzzles, trumpets, violins."""

import math
from collections.abc import Sequence

import numpy as np

from .base import Maker, called, kind
from .outlines import Points, mirrored
from .parts import Part, box, extrude, lathe, loft, prism, ring, slab, tube


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


def stick(m: Maker, slot: int, r: float, h: float, z: float = 0.0, sides: int = 8) -> None:
    """A grip with a knob at its lower end."""
    m.add(slot, lathe([(r * 1.35, 0), (r * 1.45, r), (r, r * 1.6), (r, h)], sides).at(0, 0, z))


@kind("baseball_bat", "baseball bat:4, bat:1", weight=1.0)
def baseball_bat(m: Maker) -> None:
    body = m.slot("wood", main=True) if m.chance(0.75) else m.slot(m.pick("metal", "paint"), main=True)
    grip = m.slot("leather", "black", "brown", "red") if m.chance(0.7) else body
    mark = m.slot("paint", "red", "black", "blue", "white") if m.chance(0.5) else body
    h = m.u(0.7, 0.9)
    r, thin, bulge = h * m.u(0.048, 0.06), h * m.u(0.022, 0.026), m.u(0.55, 0.65)
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
    white, band = m.slot("paint", "white", main=True), m.slot("paint", "red", "red", "red", "blue", "black")
    h, belly, neck, head = m.u(0.36, 0.42), m.u(0.15, 0.175), m.u(0.06, 0.07), m.u(0.085, 0.1)
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
@called("cello", cello=True)
def violin(m: Maker, cello: bool = False) -> None:
    wood, dark = m.slot("wood", "red", "", "dark", main=True), m.slot("paint", "black", name="Ebony")
    light = m.slot("wood", "light")
    h = m.u(1.15, 1.3) if cello else m.u(0.56, 0.64)
    body, w, t = h * m.u(0.58, 0.62), h * m.u(0.34, 0.38), h * m.u(0.08, 0.1)
    m.add(wood, plate(violin_body(w, body), [(0.95, -t / 2), (1, -t * 0.3), (1, t * 0.3), (0.95, t / 2)]))
    neck = h * 0.045
    m.add(wood, box(neck, t * 0.45, h * 0.9 - body).at(0, -t * 0.1, body * 0.97))
    m.add(dark, box(neck * 1.15, t * 0.3, h * 0.45, top=(0.75, 1)).at(0, -t * 0.55, h * 0.42))
    m.add(dark, box(neck * 0.8, t * 0.34, body * 0.28, top=(1.6, 1)).at(0, -t * 0.55, body * 0.05))
    m.add(light, box(w * 0.26, t * 0.55, h * 0.024, top=(0.8, 0.6)).at(0, -t * 0.62, body * 0.44))
    hole = box(h * 0.02, t * 0.3, body * 0.2).turn("y", 10)
    m.both(dark, hole.at(w * 0.19, -t * 0.46, body * 0.36))
    m.add(wood, box(neck * 0.95, t * 0.6, h * 0.12).at(0, -t * 0.05, h * 0.86))
    m.add(wood, prism(t * 0.44, neck * 1.5, 8).along("x").at(-neck * 0.75, -t * 0.15, h * 0.975))
    m.both(dark, *[box(h * 0.05, h * 0.022, h * 0.022).at(h * 0.035, -t * 0.05, h * z) for z in (0.885, 0.925)])
    if cello:
        m.add(m.slot("metal"), prism(h * 0.012, h * 0.13, 6).at(0, 0, -h * 0.11))
    elif m.chance(0.6):
        m.add(dark, slab(w * 0.3, t * 0.6, h * 0.045, h * 0.012).at(-w * 0.24, -t * 0.42, h * 0.012))
