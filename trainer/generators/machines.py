"""Machines that dig, push and lift: excavators, bulldozers, forklifts, cranes, and gears. Fronts look to -y."""

import math

import numpy as np

from .base import Maker, kind
from .outlines import pairs
from .parts import Part, box, loft, prism, profile, ring, slab, tube
from .vehicles import wheel_part

Point = tuple[float, float]


def beam(a: Point, b: Point, w: float, h: float, end: float | None = None) -> Part:
    """A bar `w` wide along x from a to b (y and z), `h` high at a and `end` high at b."""
    y, z = b[0] - a[0], b[1] - a[1]
    step = np.array([y, z]) / math.hypot(y, z)
    up, rings = np.array([-step[1], step[0]]), np.zeros((2, 4, 3))
    for k, (at, high) in enumerate(((a, h), (b, h if end is None else end))):
        rings[k, :, 1:] = np.array(at) + np.array([-0.5, 0.5, 0.5, -0.5])[:, None] * high * up
        rings[k, :, 0] = np.array([-0.5, -0.5, 0.5, 0.5]) * w
    return loft(rings)


def bent_plate(r: float, thick: float, width: float, start: float, stop: float, n: int) -> Part:
    """A bent plate about the x axis, outer radius r, from angle to angle (degrees; 0 is the back, 90 is up)."""
    rings, radii = np.zeros((n + 1, 4, 3)), np.array([r - thick, r - thick, r, r])
    for k in range(n + 1):
        a = math.radians(start + (stop - start) * k / n)
        rings[k, :, 0] = np.array([-0.5, 0.5, 0.5, -0.5]) * width
        rings[k, :, 1], rings[k, :, 2] = radii * math.cos(a), radii * math.sin(a)
    return loft(rings)


def tracks(m: Maker, dark: int, metal: int, x: float, length: float, h: float, width: float) -> None:
    """A pair of crawler tracks in the middle of +-x with three rollers each."""
    half = length / 2
    m.both(dark, profile(pairs("-0.85,0 0.85,0 1,0.35 1,0.65 0.85,1 -0.85,1 -1,0.65 -1,0.35", half, h), width).at(x))
    for k in (-1, 0, 1):
        # one roller through both tracks, for few faces
        m.add(metal, wheel_part(h * 0.33, 2 * x + width + 0.14, 8).at(0, k * half * 0.62, h * 0.5))


def bucket(m: Maker, steel: int, w: float, r: float, y: float, z: float) -> None:
    """A digging bucket open to the back, its hinge at the upper front."""
    angles = [math.radians(100 + 190 * k / 4) for k in range(5)]
    m.add(steel, bent_plate(r, r * 0.22, w, 100, 290, 4).at(0, y, z))
    cheek = profile([(r * 0.94 * math.cos(a), r * 0.94 * math.sin(a)) for a in angles], 0.14)
    m.add(steel, *[cheek.at(x, y, z) for x in (w / 2 - 0.05, 0.05 - w / 2)])
    for k in (-1, 0, 1):
        tooth = beam((0, -r * 0.9), (r * 0.75, -r * 0.72), 0.14, 0.18, 0.12)
        m.add(steel, tooth.at(k * (w / 2 - 0.13), y, z))


@kind("excavator", "excavator:4, digger:2")
def excavator(m: Maker) -> None:
    paint = m.slot("paint", "yellow", "orange", "yellow", "red", main=True)
    dark, metal, glass = m.slot("rubber"), m.slot("metal", "dark"), m.slot("glass", "blue")
    h, length, w = m.u(0.65, 0.8), m.u(2.7, 3.2), m.u(1.9, 2.2)
    tracks(m, dark, metal, w / 2 - 0.05, length, h, 0.5)
    m.add(metal, box(w - 0.4, 1.3, 0.4).at(0, 0, h * 0.4), prism(0.65, h * 0.6, 8).at(0, 0.1, h * 0.55))
    z, rear = h * 1.1, m.u(1.5, 1.8)
    m.add(paint, box(w, rear + 1.0, 0.3).at(0, (rear - 1.0) / 2, z))
    side = [(0.25, z + 0.28), (rear, z + 0.28), (rear, z + 0.9), (rear - 0.2, z + 1.1), (0.25, z + 1.1)]
    m.add(paint, profile(side, w * 0.97))
    side = [(rear - 0.4, z - 0.1), (rear + 0.2, z - 0.1), (rear + 0.25, z + 0.8), (rear - 0.4, z + 0.8)]
    m.add(metal, profile(side, w * 1.03))
    cab, tall = w * 0.42, m.u(1.55, 1.8)
    x = w / 2 - cab / 2 + 0.02
    m.add(paint, box(cab, 1.3, 0.5).at(x, -0.42, z + 0.26), box(cab + 0.06, 1.25, 0.14).at(x, -0.3, z + tall + 0.2))
    side = [(-1.03, z + 0.7), (0.2, z + 0.7), (0.2, z + tall + 0.25), (-0.8, z + tall + 0.25)]
    m.add(glass, profile(side, cab * 0.92).at(x))
    m.add(paint, box(cab * 0.98, 0.16, tall - 0.1).at(x, 0.2, z + 0.28))
    _arm(m, paint, metal, w, z)


def _arm(m: Maker, paint: int, metal: int, w: float, z: float) -> None:
    reach, up, x = m.u(3.2, 3.9), m.u(1.9, 2.3), -w * 0.14
    knee, wrist, foot = (-reach * 0.58, z + up), (-reach, z + up * 0.82), (-reach - m.u(0.1, 0.5), 0.95)
    n = len(m.parts)
    m.add(paint, beam((-0.6, z + 0.35), knee, 0.3, 0.4, 0.5))
    m.add(paint, beam((knee[0] + 0.16, knee[1] - 0.02), wrist, 0.29, 0.48, 0.3))
    m.add(paint, beam((wrist[0] + 0.1, wrist[1] + 0.4), foot, 0.22, 0.42, 0.26))
    m.add(metal, wheel_part(0.19, 0.38, 8).at(0, *wrist))
    middle = ((knee[0] - 0.6) / 2, (knee[1] + z + 0.35) / 2)
    m.add(metal, beam((-0.98, z + 0.25), (middle[0] - 0.15, middle[1]), 0.15, 0.16))
    bucket(m, metal, m.u(0.7, 0.9), 0.5, foot[0] + 0.28, 0.5)
    m.parts[n:] = [(part.at(x), slot) for part, slot in m.parts[n:]]


@kind("forklift", "forklift:1")
def forklift(m: Maker) -> None:
    paint = m.slot("paint", "yellow", "orange", "red", "yellow", "blue", main=True)
    dark, metal, tyre = m.slot("plastic", "black"), m.slot("metal", "dark"), m.slot("rubber")
    w, rear, mast = m.u(0.95, 1.15), m.u(0.85, 1.05), m.u(1.95, 2.4)
    m.add(paint, box(w, rear + 0.65, 0.4).at(0, (rear - 0.65) / 2, 0.22), box(w * 0.96, 0.22, 0.4).at(0, -0.56, 0.6))
    side = [(0.3, 0.3), (rear + 0.15, 0.3), (rear + 0.15, 0.75), (rear - 0.05, 1.0), (0.3, 1.0)]
    m.add(paint, profile(side, w * 1.05))
    m.add(dark, box(0.5, 0.45, 0.14).at(0, 0.12, 0.6), box(0.48, 0.13, 0.5).at(0, 0.33, 0.68))
    roof = m.u(1.85, 2.0)
    for y, lean in ((-0.55, 0.2), (rear - 0.2, -0.15)):
        m.both(metal, beam((y, 0.7), (y + lean, roof), 0.08, 0.08).at(w / 2 - 0.07))
    m.add(metal, box(w * 1.02, rear - 0.0, 0.08).at(0, (rear - 0.75) / 2 + 0.02, roof - 0.02))
    m.add(dark, beam((-0.5, 0.8), (-0.28, 1.05), 0.07, 0.07), prism(0.17, 0.07, 6).turn("x", -40).at(0, -0.27, 1.03))
    _mast(m, metal, mast)
    hub = m.slot("metal")
    for y, r in ((-0.42, 0.29), (rear - 0.25, 0.25)):
        m.both(tyre, wheel_part(r, 0.2, 10).at(w / 2 - 0.05, y, r))
        m.add(hub, wheel_part(r * 0.5, w + 0.16, 6).at(0, y, r))


def _mast(m: Maker, metal: int, high: float) -> None:
    lift = m.u(0.05, 0.5)
    m.both(metal, box(0.12, 0.16, high - 0.08).at(0.3, -0.78, 0.08))
    m.add(metal, *[box(0.62, 0.1, 0.12).at(0, -0.78, z) for z in (high * 0.5, high - 0.16)])
    m.add(metal, box(0.3, 0.3, 0.14).at(0, -0.68, 0.3), prism(0.06, high * 0.8, 6).at(0, -0.76, 0.3))
    m.add(metal, box(0.9, 0.08, 0.42).at(0, -0.89, lift + 0.1))
    fork, length = m.slot("metal", "", "light"), m.u(0.85, 1.05)
    m.both(fork, box(0.13, 0.08, 0.52).at(0.25, -0.95, lift))
    m.both(fork, box(0.13, length, 0.075).at(0.25, -0.93 - length / 2, lift - 0.02))
    if m.chance(0.35, "with a box"):
        wood = m.slot("wood")
        m.add(wood, box(0.8, 0.75, 0.1).at(0, -1.42, lift + 0.04), box(0.72, 0.68, 0.6).at(0, -1.42, lift + 0.12))


@kind("crane", "crane:4, tower crane:2, construction crane:1")
def crane(m: Maker) -> None:
    paint = m.slot("paint", "yellow", "orange", "red", "yellow", "white", main=True)
    metal, stone, floors, w = m.slot("metal", "dark"), m.slot("concrete"), 3, m.u(1.4, 1.7)
    step, z, bar = m.u(1.35, 1.75) * w, 0.4, 0.3
    high = z + floors * step
    m.add(stone, slab(w * 2.2, w * 2.2, 0.5, 0.3))
    m.four(paint, box(bar, bar, high - z).at(w / 2 - bar / 2, w / 2 - bar / 2, z))
    run, tilt = math.hypot(step, w - bar), math.degrees(math.atan2(w - bar, step))
    for k in range(floors):
        slat = box(0.26, 0.22, run).at(0, 0, -run / 2).turn("y", tilt if k % 2 else -tilt)
        m.around(paint, 4, slat.at(0, 0.03 + bar / 2 - w / 2, z + (k + 0.5) * step))
    m.add(metal, box(w * 1.25, w * 1.25, 0.4).at(0, 0, high - 0.1))
    _jib(m, paint, metal, stone, w, high + 0.25)


def _jib(m: Maker, paint: int, metal: int, stone: int, w: float, z: float) -> None:
    reach, rear, top, n = m.u(8.0, 10.0), m.u(2.8, 3.6), m.u(1.4, 1.9), m.pick(3, 4)
    m.add(paint, beam((rear, z + 0.2), (-reach, z + 0.2), w * 0.5, 0.36))
    # four struts that meet in a point over the mast, from which the ties hang
    peak = (0.0, z + top)
    m.add(paint, box(w * 0.5, w * 0.8, top, top=(0.5, 0.35)).at(0, 0, z + 0.02))
    m.add(metal, beam((0.2, peak[1] - 0.1), (rear - 0.4, z + 0.25), 0.26, 0.26))
    far = -reach * 0.92
    for k in range(n):
        a, b = (far * (k + 0.3) / n, far * (k + 1) / n)
        tops = [(peak[1] - 0.1) + (z + 0.3 - peak[1]) * y / far for y in (a, b)]
        m.add(metal, beam((a, z + 0.2), (b, tops[1]) if k < n - 1 else (a, tops[0]), 0.24, 0.24))
    m.add(metal, beam((0, peak[1] - 0.12), (far, z + 0.3), 0.27, 0.27))
    m.add(stone, box(w * 0.8, 0.9, 1.1).at(0, rear - 0.5, z - 0.55))
    cab = m.slot("glass", "blue")
    m.add(paint, box(0.9, 1.0, 0.9).at(w * 0.25 + 0.4, -w * 0.3, z - 0.28))
    m.add(cab, box(0.75, 1.07, 0.5).at(w * 0.25 + 0.45, -w * 0.3 - 0.02, z))
    trolley, drop = -reach * m.u(0.55, 0.9), m.u(1.5, 3.0)
    m.add(metal, box(w * 0.6, 0.7, 0.35).at(0, trolley, z - 0.2), box(0.26, 0.26, drop).at(0, trolley, z - drop))
    m.add(metal, box(0.55, 0.45, 0.5).at(0, trolley, z - drop - 0.3))
    hook = [(0.0, 0.4), (0.0, 0.0), (0.3, -0.2), (0.3, -0.5), (-0.05, -0.65), (-0.35, -0.45)]
    m.add(metal, tube([(x, trolley, z - drop - 0.3 + v) for x, v in hook], 0.16, 4))


@kind("bulldozer", "bulldozer:1")
def bulldozer(m: Maker) -> None:
    paint = m.slot("paint", "yellow", "orange", "yellow", "red", main=True)
    dark, metal, glass = m.slot("rubber"), m.slot("metal", ""), m.slot("glass", "blue")
    h, length, w = m.u(0.8, 0.95), m.u(2.5, 3.0), m.u(1.05, 1.25)
    x, half = w / 2 + 0.26, length / 2
    tracks(m, dark, metal, x, length, h, 0.48)
    nose, top = -half * 0.92, h + m.u(0.45, 0.6)
    side = [(nose, h * 0.45), (half * 0.9, h * 0.45), (half * 0.9, h + 0.3), (0, top), (nose, top - 0.12)]
    m.add(paint, profile(side, w))
    m.add(metal, box(w * 0.8, 0.12, (top - h * 0.5) * 0.7).at(0, nose - 0.01, h * 0.65))
    cab, roof = half * m.u(0.72, 0.85), top + m.u(0.75, 0.9)
    m.add(paint, box(w * 1.1, cab + 0.1, 0.3).at(0, cab / 2, h + 0.2))
    m.add(paint, box(w * 1.2, cab + 0.3, 0.13).at(0, cab / 2, roof - 0.02))
    m.add(glass, box(w * 0.95, cab * 0.94, roof - h - 0.4).at(0, cab / 2, h + 0.41))
    m.both(paint, *[box(0.11, 0.11, roof - h - 0.4).at(w * 0.48, y, h + 0.41) for y in (0.04, cab - 0.04)])
    m.add(dark, prism(0.09, 0.6, 6).at(w * 0.2, nose * 0.55, top - 0.15))
    _blade(m, paint, metal, x, nose, m.u(0.85, 1.05))


def _blade(m: Maker, paint: int, metal: int, x: float, nose: float, r: float) -> None:
    y, width = nose - m.u(0.45, 0.6), 2 * x + m.u(0.6, 0.8)
    m.add(metal, bent_plate(r, 0.12, width, -48, 42, 4).at(0, y - r, r * 0.8))
    m.add(paint, bent_plate(r + 0.1, 0.13, width * 0.94, -36, 34, 3).at(0, y - r, r * 0.8))
    m.both(paint, beam((0.2, 0.45), (y, r * 0.62), 0.13, 0.18).at(x + 0.34))
    m.both(metal, beam((nose + 0.4, 1.0), (y + 0.02, r * 1.05), 0.12, 0.12).at(0.3))


@kind("gear", "gear:4, cog:2, cogwheel:1")
def gear(m: Maker) -> None:
    metal = m.slot(m.pick("metal", "bronze", "iron", "steel", "gold"), main=True)
    r, teeth, thick = m.u(0.25, 0.45), m.n(7, 10), m.u(0.3, 0.5)
    root, bore, slim, collar = m.u(0.74, 0.8), m.u(0.26, 0.36), m.u(0.5, 0.62), m.chance(0.5)
    share = np.tile([-slim * 0.36, slim * 0.36, slim * 0.62, 1 - slim * 0.62], teeth)
    a = (np.arange(4 * teeth) // 4 + share) * 2 * math.pi / teeth + math.pi / 2
    radius, hole = np.tile([1.0, 1.0, root, root], teeth), bore * (1.25 if collar else 1.0)
    outer, inner = np.stack([np.cos(a), np.sin(a)], 1) * radius[:, None], np.stack([np.cos(a), np.sin(a)], 1) * hole
    half, rings = thick / 2, np.zeros((4, 4 * teeth, 3))
    for k, (outline, y) in enumerate(((outer, -half), (inner, -half), (inner, half), (outer, half))):
        rings[k, :, ::2], rings[k, :, 1] = outline, y
    m.add(metal, loft(rings * r, "loop", "loop").at(0, 0, r))
    if collar:
        rim = m.slot(m.pick("metal", "bronze", "iron"))
        m.add(rim, ring(r * bore * 1.2, r * bore * 0.36, 10, 4, r * thick * 1.4).along("y").at(0, 0, r))
