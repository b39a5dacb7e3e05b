"""Machines that carry, dig and lift: motorcycles, diggers, cranes, submarines, balloons. Fronts look to -y."""

import math

import numpy as np

from .base import Maker, kind
from .parts import Part, box, cube_ball, lathe, loft, prism, profile, ring, slab, tube
from .vehicles import wheel_part

Point = tuple[float, float]


def beam(a: Point, b: Point, w: float, h: float, end: float | None = None) -> Part:
    """A bar `w` wide along x from a to b (y and z), `h` high at a and `end` high at b."""
    y, z = b[0] - a[0], b[1] - a[1]
    step = np.array([y, z]) / math.hypot(y, z)
    up = np.array([-step[1], step[0]])
    rings = np.zeros((2, 4, 3))
    for k, (at, high) in enumerate(((a, h), (b, h if end is None else end))):
        rings[k, :, 1:] = np.array(at) + np.array([-0.5, 0.5, 0.5, -0.5])[:, None] * high * up
        rings[k, :, 0] = np.array([-0.5, -0.5, 0.5, 0.5]) * w
    return loft(rings)


def arc(r: float, thick: float, width: float, start: float, stop: float, n: int) -> Part:
    """A bent plate about the x axis, outer radius r, from angle to angle (degrees; 0 is the back, 90 is up)."""
    rings = np.zeros((n + 1, 4, 3))
    radii = np.array([r - thick, r - thick, r, r])
    for k in range(n + 1):
        a = math.radians(start + (stop - start) * k / n)
        rings[k, :, 0] = np.array([-0.5, 0.5, 0.5, -0.5]) * width
        rings[k, :, 1], rings[k, :, 2] = radii * math.cos(a), radii * math.sin(a)
    return loft(rings)


def tray(floor: Point, rim: Point, h: float, thick: float, shift: float = 0.0) -> Part:
    """An open box: width and depth at the floor and at the rim, which is moved by `shift` along y."""
    q = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]])
    rings = np.zeros((4, 4, 3))
    for k, (size, cut, z) in enumerate(((floor, 0, 0), (rim, 0, h), (rim, thick, h), (floor, thick, thick))):
        rings[k, :, :2] = q * (size[0] - 2 * cut, size[1] - 2 * cut)
        rings[k, :, 1] += shift * (k in (1, 2))
        rings[k, :, 2] = z
    return loft(rings)


def tracks(m: Maker, dark: int, metal: int, x: float, length: float, h: float, width: float) -> None:
    """A pair of crawler tracks in the middle of +-x with three rollers each."""
    half = length / 2
    side = [
        (-half * 0.85, 0),
        (half * 0.85, 0),
        (half, h * 0.35),
        (half, h * 0.65),
        (half * 0.85, h),
        (-half * 0.85, h),
        (-half, h * 0.65),
        (-half, h * 0.35),
    ]
    m.both(dark, profile(side, width).at(x))
    for k in (-1, 0, 1):
        # one roller through both tracks, for few faces
        m.add(metal, wheel_part(h * 0.33, 2 * x + width + 0.14, 8).at(0, k * half * 0.62, h * 0.5))


@kind("motorcycle", "motorcycle:6, motorbike:3")
def motorcycle(m: Maker) -> None:
    paint, dark = m.slot("paint", "red", "blue", "black", "orange", "green", "white", main=True), m.slot("rubber")
    metal = m.slot("metal", "", "light")
    r, base, n = m.u(0.3, 0.35), m.u(1.3, 1.5), m.pick(10, 12)
    front, rear, tyre = -base / 2, base / 2, m.u(0.13, 0.17)
    for y in (front, rear):
        m.add(dark, wheel_part(r, tyre, n).at(0, y, r))
        m.add(metal, wheel_part(r * 0.58, tyre + 0.07, 8).at(0, y, r))
    head, high = front + m.u(0.26, 0.34), m.u(0.9, 0.98)
    m.both(metal, beam((front, r), (head, high), 0.06, 0.065).at(tyre / 2 + 0.06))
    m.add(paint, arc(r + 0.07, 0.05, tyre + 0.05, 55, 150, 3).at(0, front, r))
    m.add(paint, arc(r + 0.07, 0.05, tyre + 0.05, 15, 120, 3).at(0, rear, r))
    grip = m.u(0.3, 0.36)
    bar = [(-grip, head + 0.16), (-grip * 0.55, head), (grip * 0.55, head), (grip, head + 0.16)]
    m.add(metal, tube([(x, y, high + 0.02) for x, y in bar], 0.027, 5))
    m.both(dark, box(0.16, 0.075, 0.075).at(grip, head + 0.16, high - 0.015))
    m.add(metal, prism(0.115, 0.2, 8, 0.8).along("y").at(0, head - 0.2, high - 0.12))
    m.add(m.slot("glow", "light"), prism(0.09, 0.05, 8).along("y").at(0, head - 0.225, high - 0.12))
    _motor_body(m, paint, dark, metal, (head, high), (rear, r), tyre)


def _motor_body(m: Maker, paint: int, dark: int, metal: int, head: Point, rear: Point, tyre: float) -> None:
    y, top = head
    axle, r = rear
    seat = r * 2 + 0.1
    hump = [(y - 0.06, top - 0.2), (0.16, seat), (0.16, seat + 0.1), (-0.1, top + 0.02), (y + 0.06, top - 0.02)]
    m.add(paint, profile(hump, 0.3, 0.7))
    tail = m.u(0.06, 0.16)
    m.add(
        dark,
        profile([(0.08, seat - 0.03), (axle + 0.02, seat), (axle + 0.2, seat + tail), (0.12, seat + 0.09)], 0.27, 0.85),
    )
    m.add(dark, box(0.22, 0.5, 0.3).at(0, -0.06, r * 0.6), box(0.15, 0.5, seat - r).at(0, 0.0, r))
    m.add(metal, wheel_part(0.15, 0.32, 8).at(0, 0.06, r * 1.02), box(0.27, 0.2, 0.2).at(0, -0.12, r * 1.3))
    m.add(dark, beam((y, top - 0.12), (-0.26, r * 0.8), 0.09, 0.09))
    m.both(dark, beam((0.1, r * 1.05), (axle, r), 0.06, 0.08).at(tyre / 2 + 0.06))
    m.both(metal, beam((-0.1, r * 0.75), (axle + 0.18, r * 0.95), 0.09, 0.08, 0.12).at(tyre / 2 + 0.115))
    m.add(m.slot("glow", "red"), box(0.14, 0.06, 0.07).at(0, axle + 0.19, seat + tail * 0.35))
    if m.chance(0.35):
        m.add(m.slot("glass", "blue"), box(0.3, 0.045, 0.3, top=(0.7, 1), shift=(0, 0.1)).at(0, y - 0.06, top - 0.04))


@kind("wheelbarrow", "wheelbarrow:1")
def wheelbarrow(m: Maker) -> None:
    body, wood = m.slot(m.pick("paint", "metal", "paint"), main=True), m.slot(m.pick("wood", "metal"))
    r, back, n = m.u(0.17, 0.22), m.u(0.78, 0.92), m.pick(8, 10, 12)
    axle, high = -0.62, r + m.u(0.28, 0.36)
    slope = (high - r) / (back - axle)

    def rail(y: float) -> tuple[float, float, float]:
        f = (y - axle) / (back - axle)
        return (0.1 + 0.18 * f, y, r + slope * (y - axle))

    m.both(wood, tube([rail(axle - 0.06), rail(back)], 0.034, 4))
    dark = m.slot("rubber")
    m.both(dark, tube([rail(back - 0.16), rail(back + 0.05)], 0.048, 6))
    m.add(dark, wheel_part(r, 0.1, n).at(0, axle, r))
    m.add(m.slot("metal"), wheel_part(r * 0.45, 0.15, 8).at(0, axle, r), wheel_part(0.025, 0.26, 6).at(0, axle, r))
    x, y, z = rail(0.34)
    m.both(
        wood, tube([(x, y, z + 0.02), (x + 0.03, y + 0.05, 0.025)], 0.034, 4), box(0.1, 0.14, 0.05).at(x + 0.03, 0.39)
    )
    m.add(wood, box(2 * x, 0.05, 0.05).at(0, y + 0.03, z * 0.42))
    lean = math.degrees(math.atan(slope))
    w, deep = m.u(0.34, 0.4), m.u(0.24, 0.32)
    wide = m.u(1.5, 1.75)
    pan = tray((w, 0.56), (w * wide, 1.0), deep, 0.035, -0.1).turn("x", lean).at(0, 0.06, rail(0.06)[2] + 0.015)
    m.add(body, pan)
    if m.chance(0.35):
        m.say("full")
        heap = cube_ball(w * wide * 0.84, 0.78, deep * 0.9, 2, 0.7).at(0, -0.07, deep * 0.4)
        m.add(m.slot(m.pick("soil", "straw", "stone")), heap.turn("x", lean).at(0, 0.06, rail(0.06)[2] + 0.015))


def bucket(m: Maker, steel: int, w: float, r: float, y: float, z: float) -> None:
    """A digging bucket open to the back, its hinge at the upper front."""
    angles = [math.radians(100 + 190 * k / 4) for k in range(5)]
    m.add(steel, arc(r, r * 0.22, w, 100, 290, 4).at(0, y, z))
    cheek = profile([(r * 0.94 * math.cos(a), r * 0.94 * math.sin(a)) for a in angles], 0.14)
    for x in (w / 2 - 0.05, 0.05 - w / 2):
        m.add(steel, cheek.at(x, y, z))
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
    m.add(
        paint,
        profile(
            [(0.25, z + 0.28), (rear, z + 0.28), (rear, z + 0.9), (rear - 0.2, z + 1.1), (0.25, z + 1.1)], w * 0.97
        ),
    )
    m.add(
        metal,
        profile(
            [(rear - 0.4, z - 0.1), (rear + 0.2, z - 0.1), (rear + 0.25, z + 0.8), (rear - 0.4, z + 0.8)], w * 1.03
        ),
    )
    cab, tall = w * 0.42, m.u(1.55, 1.8)
    x = w / 2 - cab / 2 + 0.02
    m.add(paint, box(cab, 1.3, 0.5).at(x, -0.42, z + 0.26), box(cab + 0.06, 1.25, 0.14).at(x, -0.3, z + tall + 0.2))
    m.add(
        glass,
        profile([(-1.03, z + 0.7), (0.2, z + 0.7), (0.2, z + tall + 0.25), (-0.8, z + tall + 0.25)], cab * 0.92).at(x),
    )
    m.add(paint, box(cab * 0.98, 0.16, tall - 0.1).at(x, 0.2, z + 0.28))
    _arm(m, paint, metal, w, z)


def _arm(m: Maker, paint: int, metal: int, w: float, z: float) -> None:
    reach, up = m.u(3.2, 3.9), m.u(1.9, 2.3)
    x = -w * 0.14
    knee, wrist, foot = (-reach * 0.58, z + up), (-reach, z + up * 0.82), (-reach - m.u(0.1, 0.5), 0.95)
    n = len(m.parts)
    m.add(
        paint,
        beam((-0.6, z + 0.35), knee, 0.3, 0.4, 0.5),
        beam((knee[0] + 0.16, knee[1] - 0.02), wrist, 0.29, 0.48, 0.3),
    )
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
    m.add(
        paint,
        profile([(0.3, 0.3), (rear + 0.15, 0.3), (rear + 0.15, 0.75), (rear - 0.05, 1.0), (0.3, 1.0)], w * 1.05),
    )
    m.add(dark, box(0.5, 0.45, 0.14).at(0, 0.12, 0.6), box(0.48, 0.13, 0.5).at(0, 0.33, 0.68))
    roof = m.u(1.85, 2.0)
    for y, lean in ((-0.55, 0.2), (rear - 0.2, -0.15)):
        m.both(metal, beam((y, 0.7), (y + lean, roof), 0.08, 0.08).at(w / 2 - 0.07))
    m.add(metal, box(w * 1.02, rear - 0.0, 0.08).at(0, (rear - 0.75) / 2 + 0.02, roof - 0.02))
    m.add(dark, beam((-0.5, 0.8), (-0.28, 1.05), 0.07, 0.07))
    m.add(dark, prism(0.17, 0.07, 6).turn("x", -40).at(0, -0.27, 1.03))
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
    m.both(
        fork,
        box(0.13, 0.08, 0.52).at(0.25, -0.95, lift),
        box(0.13, length, 0.075).at(0.25, -0.93 - length / 2, lift - 0.02),
    )
    if m.chance(0.35):
        m.say("with a box")
        m.add(
            m.slot("wood"),
            box(0.8, 0.75, 0.1).at(0, -1.42, lift + 0.04),
            box(0.72, 0.68, 0.6).at(0, -1.42, lift + 0.12),
        )


@kind("crane", "crane:4, tower crane:2, construction crane:1")
def crane(m: Maker) -> None:
    paint = m.slot("paint", "yellow", "orange", "red", "yellow", "white", main=True)
    metal, stone = m.slot("metal", "dark"), m.slot("concrete")
    floors, w = 3, m.u(1.4, 1.7)
    step = m.u(1.35, 1.75) * w
    z, bar = 0.4, 0.3
    high = z + floors * step
    m.add(stone, slab(w * 2.2, w * 2.2, 0.5, 0.3))
    m.four(paint, box(bar, bar, high - z).at(w / 2 - bar / 2, w / 2 - bar / 2, z))
    run = math.hypot(step, w - bar)
    tilt = math.degrees(math.atan2(w - bar, step))
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
        m.add(
            metal,
            beam((a, z + 0.2), (b, tops[1]), 0.24, 0.24) if k < n - 1 else beam((a, z + 0.2), (a, tops[0]), 0.24, 0.24),
        )
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
    m.add(
        paint,
        profile([(nose, h * 0.45), (half * 0.9, h * 0.45), (half * 0.9, h + 0.3), (0, top), (nose, top - 0.12)], w),
    )
    m.add(metal, box(w * 0.8, 0.12, (top - h * 0.5) * 0.7).at(0, nose - 0.01, h * 0.65))
    cab, roof = half * m.u(0.72, 0.85), top + m.u(0.75, 0.9)
    m.add(
        paint,
        box(w * 1.1, cab + 0.1, 0.3).at(0, cab / 2, h + 0.2),
        box(w * 1.2, cab + 0.3, 0.13).at(0, cab / 2, roof - 0.02),
    )
    m.add(glass, box(w * 0.95, cab * 0.94, roof - h - 0.4).at(0, cab / 2, h + 0.41))
    for y in (0.04, cab - 0.04):
        m.both(paint, box(0.11, 0.11, roof - h - 0.4).at(w * 0.48, y, h + 0.41))
    m.add(dark, prism(0.09, 0.6, 6).at(w * 0.2, nose * 0.55, top - 0.15))
    _blade(m, paint, metal, x, nose, m.u(0.85, 1.05))


def _blade(m: Maker, paint: int, metal: int, x: float, nose: float, r: float) -> None:
    y, width = nose - m.u(0.45, 0.6), 2 * x + m.u(0.6, 0.8)
    m.add(metal, arc(r, 0.12, width, -48, 42, 4).at(0, y - r, r * 0.8))
    m.add(paint, arc(r + 0.1, 0.13, width * 0.94, -36, 34, 3).at(0, y - r, r * 0.8))
    m.both(paint, beam((0.2, 0.45), (y, r * 0.62), 0.13, 0.18).at(x + 0.34))
    m.both(metal, beam((nose + 0.4, 1.0), (y + 0.02, r * 1.05), 0.12, 0.12).at(0.3))


@kind("submarine", "submarine:1")
def submarine(m: Maker) -> None:
    paint, trim = m.slot("paint", "yellow", "grey", "blue", "yellow", "red", main=True), m.slot("metal", "dark")
    length, n = m.u(6.5, 8.5), m.pick(8, 10)
    r = length * m.u(0.12, 0.155)
    half = length / 2
    hull = [(0.35, 0.0), (0.75, 0.05), (1.0, 0.18), (1.0, 0.62), (0.6, 0.86), (0.2, 1.0)]
    m.add(paint, lathe([(a * r, b * length) for a, b in hull], n).along("y").at(0, -half, r))
    tower, y = r * m.u(0.75, 0.95), -length * m.u(0.06, 0.14)
    m.add(paint, prism(r * 0.5, tower + r * 0.2, 8, 0.86).scale(1, 2.0, 1).at(0, y, r * 1.8))
    top = r * 2 + tower
    m.add(trim, prism(r * 0.47, r * 0.14, 8).scale(1, 2.0, 1).at(0, y, top - r * 0.04))
    scope = top + r * m.u(0.5, 0.8)
    m.add(trim, tube([(0, y, top), (0, y, scope), (0, y - r * 0.4, scope)], r * 0.1, 6))
    if m.chance(0.6):
        m.add(paint, box(r * 2.1, r * 0.5, r * 0.14).at(0, y - r * 0.2, r * 2 + tower * 0.5))
    metal, glass = m.slot("gold" if m.chance(0.4) else "metal"), m.slot("glass", "blue")
    side = r * math.cos(math.pi / n)
    for k in range(m.pick(2, 3)):
        at = -length * 0.24 + k * length * 0.15
        m.add(metal, wheel_part(r * 0.3, 2 * side + r * 0.12, 8).at(0, at, r))
        m.add(glass, wheel_part(r * 0.21, 2 * side + r * 0.26, 8).at(0, at, r))
    tail, span = half - length * 0.13, r * m.u(1.9, 2.2)
    m.add(
        trim,
        box(span, length * 0.09, r * 0.16).at(0, tail, r * 0.92),
        box(r * 0.15, length * 0.1, span).at(0, tail, r - span / 2),
    )
    m.add(metal, prism(r * 0.22, r * 0.3, 6, 0.5).along("y").at(0, half - 0.02, r))
    for k in range(2):
        m.add(
            metal, box(r * 0.32, r * 0.16, r * 1.3).at(0, 0, -r * 0.65).turn("y", 45 + 90 * k).at(0, half + r * 0.12, r)
        )


@kind("hot_air_balloon", "hot air balloon:4, balloon:2")
def hot_air_balloon(m: Maker) -> None:
    if m.noun == "balloon":
        _toy_balloon(m)
        return
    first, second = m.pick(
        ("red", "white"), ("blue", "yellow"), ("orange", "white"), ("green", "yellow"), ("red", "yellow")
    )
    one, two = m.slot("cloth", first, main=True), m.slot("cloth", second, main=True)
    wicker, rope = m.slot("straw"), m.slot("wood", "dark")
    r, n, tall = m.u(3.0, 3.8), m.pick(8, 10, 12), m.u(1.0, 1.12)
    w, high, foot = m.u(1.6, 2.0), m.u(1.2, 1.5), m.u(2.6, 3.2)
    shape = [(0.26, 0), (0.62, 0.42), (0.92, 0.9), (1.0, 1.3), (0.86, 1.75), (0.52, 2.08), (0, 2.2)]
    bag = lathe([(a * r, b * r * tall) for a, b in shape], n).at(0, 0, foot)
    stripes = np.where(np.arange(n) % 2, one, two)
    if m.chance(0.3):
        rows = np.repeat([one, one, two, one, two], n)
    else:
        m.say("striped")
        rows = np.tile(stripes, 5)
    last = np.full(n, one) if m.shape_words == [] else stripes
    m.parts.append((bag, np.concatenate([rows, [rope], last]).astype(np.int32)))
    m.add(wicker, tray((w * 0.88, w * 0.88), (w, w), high, 0.24))
    m.add(rope, tray((w * 1.1, w * 1.1), (w * 1.1, w * 1.1), 0.26, 0.34).at(0, 0, high - 0.12))
    near, far = w / 2 - 0.1, r * 0.26 * 0.66
    m.four(rope, tube([(near, near, high - 0.1), (far, far, foot + 0.15)], 0.15, 4))
    m.add(rope, box(2 * far + 0.2, 0.25, 0.25).at(0, 0, foot - 0.45), prism(0.3, 0.5, 6).at(0, 0, foot - 0.5))
    m.add(m.slot("glow", "flame"), lathe([(0.24, 0), (0.32, 0.3), (0, 1.0)], 6).at(0, 0, foot - 0.05))


def _toy_balloon(m: Maker) -> None:
    rubber = m.slot("plastic", "red", "blue", "yellow", "green", "pink", "orange", "purple", main=True)
    r, long, n = m.u(0.14, 0.17), m.u(0.34, 0.5), m.pick(8, 10)
    shape = [(0.12, 0), (0.55, 0.35), (0.9, 0.85), (1.0, 1.35), (0.85, 1.85), (0.5, 2.2), (0, 2.36)]
    m.add(rubber, lathe([(a * r, b * r) for a, b in shape], n).at(0, 0, long))
    m.add(rubber, prism(r * 0.26, r * 0.26, 6, 0.35).at(0, 0, long - r * 0.2))
    bend = m.u(0.1, 0.25) * r
    path = [(0, 0, long - r * 0.1), (bend, 0, long * 0.66), (-bend, 0, long * 0.33), (0, 0, 0)]
    m.add(m.slot("cloth", "white", "grey"), tube(path[::-1], 0.011, 4))


@kind("carriage", "carriage:4, coach wagon:1")
def carriage(m: Maker) -> None:
    paint = m.slot("paint", "white", "red", "blue", "purple", "pink", "green", main=True)
    trim, wood = m.slot("gold" if m.chance(0.65) else "wood"), m.slot("wood", "dark")
    glass, spokes = m.slot("glass", "blue", ""), m.chance(0.6)
    w, half, r = m.u(1.2, 1.4), m.u(0.85, 1.0), m.u(0.5, 0.58)
    z, tall = r - 0.03, m.u(1.25, 1.45)
    side = [(0.48, 0), (0.84, 0.15), (1.0, 0.48), (1.0, 0.74), (0.86, 1)]
    side += [(-y, v) for y, v in side[::-1]]
    m.add(paint, profile([(y * half, z + v * tall) for y, v in side], w))
    top, crown = z + tall, m.u(0.22, 0.32)
    m.add(trim, box(w * 1.1, half * 2.0, crown, top=(0.5, 0.55)).at(0, 0, top - 0.03))
    m.add(trim, lathe([(0.1, 0), (0.17, 0.16), (0, 0.36)], 4 if spokes else 6).at(0, 0, top + crown - 0.06))
    m.add(glass, box(w + 0.08, half * 1.62, tall * 0.3).at(0, 0, z + tall * 0.55))
    m.add(trim, box(w + 0.14, half * 0.74, tall * 0.84).at(0, 0, z + tall * 0.1))
    m.add(glass, box(w + 0.2, half * 0.52, tall * 0.27).at(0, 0, z + tall * 0.57))
    if not spokes:
        m.add(paint, box(w + 0.2, half * 0.52, tall * 0.32).at(0, 0, z + tall * 0.17))
    _running_gear(m, wood, trim, w, half, r, z, spokes)


def _running_gear(m: Maker, wood: int, trim: int, w: float, half: float, r: float, z: float, spokes: bool) -> None:
    small, front, rear, x = r * 0.8, -half * 1.2, half * 0.95, w / 2 + 0.16
    m.add(wood, beam((front - 0.12, small), (rear + 0.1, r), 0.2, 0.14))
    m.add(
        wood,
        box(w * 0.8, half * 0.5, 0.15).at(0, -half * 1.12, z + 0.3),
        box(0.3, 0.2, z + 0.32 - small).at(0, front, small),
    )
    if not spokes:
        m.add(
            wood,
            box(w * 0.72, 0.1, 0.4).at(0, -half * 1.02, z + 0.4),
            beam((front, small), (front - 0.9, small), 0.1, 0.1),
        )
    for size, y in ((small, front), (r, rear)):
        m.add(wood, box(2 * x + 0.24, 0.14, 0.14).at(0, y, size - 0.07))
        if not spokes:
            m.both(wood, wheel_part(size, 0.12, 10).at(x, y, size))
            m.both(trim, wheel_part(size * 0.78, 0.17, 10).at(x, y, size))
            continue
        # a triangle for a section: the tread is flat and the wheel has few faces
        m.both(trim, ring(size * 0.9, size * 0.15, 8, 3, 0.16).along("x").at(x, y, size))
        for k in range(2):
            spoke = box(0.08, 0.1, size * 1.76).at(0, 0, -size * 0.88)
            m.both(wood, spoke.turn("x", 90 * k + 22.5).at(x, y, size))


@kind("gear", "gear:4, cog:2, cogwheel:1")
def gear(m: Maker) -> None:
    metal = m.slot(m.pick("metal", "bronze", "iron", "steel", "gold"), main=True)
    r, teeth, thick = m.u(0.25, 0.45), m.n(7, 10), m.u(0.3, 0.5)
    root, bore, slim = m.u(0.74, 0.8), m.u(0.26, 0.36), m.u(0.5, 0.62)
    collar = m.chance(0.5)
    share = np.tile([-slim * 0.36, slim * 0.36, slim * 0.62, 1 - slim * 0.62], teeth)
    a = (np.arange(4 * teeth) // 4 + share) * 2 * math.pi / teeth + math.pi / 2
    radius = np.tile([1.0, 1.0, root, root], teeth)
    hole = bore * (1.25 if collar else 1.0)
    outer, inner = np.stack([np.cos(a), np.sin(a)], 1) * radius[:, None], np.stack([np.cos(a), np.sin(a)], 1) * hole
    half = thick / 2
    rings = np.zeros((4, 4 * teeth, 3))
    for k, (outline, y) in enumerate(((outer, -half), (inner, -half), (inner, half), (outer, half))):
        rings[k, :, ::2], rings[k, :, 1] = outline, y
    m.add(metal, loft(rings * r, "loop", "loop").at(0, 0, r))
    if collar:
        rim = m.slot(m.pick("metal", "bronze", "iron"))
        m.add(rim, ring(r * bore * 1.2, r * bore * 0.36, 10, 4, r * thick * 1.4).along("y").at(0, 0, r))
