"""What carries people and loads on its own: motorcycles, wheelbarrows, submarines, balloons, carriages."""

import math

import numpy as np

from .base import Maker, kind
from .machines import Point, beam, bent_plate
from .parts import box, lathe, prism, profile, ring, tray, tube
from .rounds import cube_ball
from .vehicles import wheel_part


@kind("motorcycle", "motorcycle:6, motorbike:3")
def motorcycle(m: Maker) -> None:
    paint, dark = m.slot("paint", "red", "blue", "black", "orange", "green", "white", main=True), m.slot("rubber")
    metal, r, base, n = m.slot("metal", "", "light"), m.u(0.3, 0.35), m.u(1.3, 1.5), m.pick(10, 12)
    front, rear, tyre = -base / 2, base / 2, m.u(0.13, 0.17)
    for y in (front, rear):
        m.add(dark, wheel_part(r, tyre, n).at(0, y, r))
        m.add(metal, wheel_part(r * 0.58, tyre + 0.07, 8).at(0, y, r))
    head, high = front + m.u(0.26, 0.34), m.u(0.9, 0.98)
    m.both(metal, beam((front, r), (head, high), 0.06, 0.065).at(tyre / 2 + 0.06))
    m.add(paint, bent_plate(r + 0.07, 0.05, tyre + 0.05, 55, 150, 3).at(0, front, r))
    m.add(paint, bent_plate(r + 0.07, 0.05, tyre + 0.05, 15, 120, 3).at(0, rear, r))
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
    side = [(0.08, seat - 0.03), (axle + 0.02, seat), (axle + 0.2, seat + tail), (0.12, seat + 0.09)]
    m.add(dark, profile(side, 0.27, 0.85))
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
    m.both(wood, tube([(x, y, z + 0.02), (x + 0.03, y + 0.05, 0.025)], 0.034, 4))
    m.both(wood, box(0.1, 0.14, 0.05).at(x + 0.03, 0.39))
    m.add(wood, box(2 * x, 0.05, 0.05).at(0, y + 0.03, z * 0.42))
    lean, w, deep, wide = math.degrees(math.atan(slope)), m.u(0.34, 0.4), m.u(0.24, 0.32), m.u(1.5, 1.75)
    pan = tray((w, 0.56), (w * wide, 1.0), deep, 0.035, -0.1).turn("x", lean).at(0, 0.06, rail(0.06)[2] + 0.015)
    m.add(body, pan)
    if m.chance(0.35, "full"):
        heap = cube_ball(w * wide * 0.84, 0.78, deep * 0.9, 2, 0.7).at(0, -0.07, deep * 0.4)
        m.add(m.slot(m.pick("soil", "straw", "stone")), heap.turn("x", lean).at(0, 0.06, rail(0.06)[2] + 0.015))


@kind("submarine", "submarine:1")
def submarine(m: Maker) -> None:
    paint, trim = m.slot("paint", "yellow", "grey", "blue", "yellow", "red", main=True), m.slot("metal", "dark")
    length, n = m.u(6.5, 8.5), m.pick(8, 10)
    r, half = length * m.u(0.12, 0.155), length / 2
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
    m.add(trim, box(span, length * 0.09, r * 0.16).at(0, tail, r * 0.92))
    m.add(trim, box(r * 0.15, length * 0.1, span).at(0, tail, r - span / 2))
    m.add(metal, prism(r * 0.22, r * 0.3, 6, 0.5).along("y").at(0, half - 0.02, r))
    for k in range(2):
        part = box(r * 0.32, r * 0.16, r * 1.3).at(0, 0, -r * 0.65).turn("y", 45 + 90 * k).at(0, half + r * 0.12, r)
        m.add(metal, part)


@kind("hot_air_balloon", "hot air balloon:4, balloon:2")
def hot_air_balloon(m: Maker) -> None:
    first, second = m.pick(
        *(c.split() for c in ("red white", "blue yellow", "orange white", "green yellow", "red yellow"))
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


@hot_air_balloon.noun("balloon")
def toy_balloon(m: Maker) -> None:
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
    m.add(wood, box(w * 0.8, half * 0.5, 0.15).at(0, -half * 1.12, z + 0.3))
    m.add(wood, box(0.3, 0.2, z + 0.32 - small).at(0, front, small))
    if not spokes:
        m.add(wood, box(w * 0.72, 0.1, 0.4).at(0, -half * 1.02, z + 0.4))
        m.add(wood, beam((front, small), (front - 0.9, small), 0.1, 0.1))
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
