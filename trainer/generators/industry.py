"""Yards, workshops, streets and stations: pallets, containers, machines, panels, planets."""

import math

from .base import Colors, Maker, called, kind
from .outlines import arc, pairs
from .parts import block, box, extrude, gable, lathe, prism, profile, ring, row, steps, tube
from .rounds import ball, cube_ball, dome, ico, rough


@kind("pallet", "pallet:3, wooden pallet:1, planks:2, wooden plank:1, lumber:1", weight=0.8)
def pallet(m: Maker) -> None:
    wood, w, d, n = m.slot("wood", main=True), m.u(0.9, 1.1), m.u(1.1, 1.3), m.n(5, 7)
    m.add(wood, *row(box(w, d / n * 0.72, 0.03).at(z=0.12), n, y=d / n))
    m.add(wood, *[box(0.09, d, 0.09).at(x, 0, 0.03) for x in (-w / 2 + 0.05, 0.0, w / 2 - 0.05)])
    m.add(wood, *[box(w, 0.1, 0.03).at(0, y) for y in (-d / 2 + 0.06, 0.0, d / 2 - 0.06)])


@pallet.noun("planks", "lumber", "wooden plank")
@called("wooden plank", single=True)
def planks(m: Maker, single: bool = False) -> None:
    wood, length, w, t = m.slot("wood", main=True), m.u(1.2, 2.0), m.u(0.16, 0.24), m.u(0.04, 0.07)
    rows, layers = (1, 1) if single else (m.n(2, 3), m.n(1, 3))
    for layer in range(layers):
        for k in range(rows):
            m.add(wood, box(w, length * m.u(0.94, 1), t).at((k - (rows - 1) / 2) * w * 1.12, 0, layer * t * 1.05))


@kind("shipping", "shipping container:3, cargo container:2, container:2, dumpster:2, locker:1, safe:2", weight=0.9)
def container(m: Maker) -> None:
    paint, dark = m.slot("paint", main=True), m.slot("metal", "dark")
    length, w, h = m.u(3.5, 6.0), m.u(1.8, 2.3), m.u(1.9, 2.4)
    m.add(paint, box(w * 0.95, length * 0.98, h * 0.94).at(0, 0, h * 0.03))
    t = 0.13
    m.four(dark if m.chance(0.4) else paint, box(t, t, h).at(w / 2 - t / 2, length / 2 - t / 2))
    for z in (0.0, h - t):
        m.both(paint, box(t, length - 2 * t, t).at(w / 2 - t / 2, 0, z))
        m.add(paint, box(w - 2 * t, t, t).at(0, length / 2 - t / 2, z))
        m.add(paint, box(w - 2 * t, t, t).at(0, -length / 2 + t / 2, z))
    ribs = m.n(4, 7)
    m.both(paint, *row(box(0.09, length / ribs * 0.45, h - 2 * t).at(w * 0.475, 0, t), ribs, y=length / (ribs + 0.5)))
    m.both(dark, box(0.07, 0.09, h * 0.8).at(w * 0.12, -length / 2 - 0.01, h * 0.1))


@container.noun("safe")
def safe(m: Maker) -> None:
    paint, dark, w, h = m.slot("metal", main=True), m.slot("metal", "dark"), m.u(0.5, 0.7), m.u(0.5, 0.8)
    m.add(paint, block(w, w, h, 0.03).at(0, 0, 0.05), block(w * 0.8, 0.08, h * 0.8, 0.02).at(0, -w / 2, 0.05 + h * 0.1))
    m.add(dark, prism(0.08, 0.06, 10).turn("x", 90).at(-w * 0.12, -w / 2 - 0.03, h * 0.6))
    m.add(dark, box(0.05, 0.06, 0.2).at(w * 0.2, -w / 2 - 0.05, h * 0.45))
    m.four(dark, box(0.08, 0.08, 0.06).at(w * 0.4, w * 0.4))


@container.noun("dumpster")
def dumpster(m: Maker) -> None:
    paint, dark = m.slot("paint", main=True), m.slot("metal", "dark")
    w, d, h = 1.8, 1.1, 1.1
    m.add(paint, box(w * 0.9, d * 0.85, h, top=(1.1, 1.15)).at(0, 0, 0.12))
    m.both(dark, box(w * 0.49, d * 1.04, 0.06).turn("x", -6).at(w * 0.25, 0, h + 0.14))
    m.both(dark, box(0.1, d * 0.6, 0.12).at(w * 0.54, 0, h * 0.6))
    m.four(dark, prism(0.08, 0.08, 8).along("x").at(w * 0.34, d * 0.34, 0.08))


@container.noun("locker")
def locker(m: Maker) -> None:
    paint, dark, w, h = m.slot("paint", main=True), m.slot("metal", "dark"), 0.45, m.u(1.6, 1.9)
    m.add(paint, box(w, 0.45, h), box(w * 0.9, 0.03, h * 0.94).at(0, -0.23, h * 0.03))
    m.add(dark, *steps(box(w * 0.5, 0.02, 0.03).at(0, -0.25, h * 0.86), 3, z=-0.07))
    m.add(dark, box(0.03, 0.04, 0.16).at(w * 0.3, -0.255, h * 0.5))


@kind("barrier", "road barrier:2, barrier:2, traffic barrier:1, barricade:1, bollard:1, sandbags:1", weight=0.8)
def barrier(m: Maker) -> None:
    a, b, w = m.slot("paint", "red", "orange", "yellow"), m.slot("paint", "white", "black"), m.u(1.2, 2.0)
    if m.chance(0.4):
        stone = m.slot("concrete")
        m.add(stone, profile(pairs("-0.3,0 0.3,0 0.28,0.12 0.12,0.35 0.09,0.85 -0.09,0.85 -0.12,0.35 -0.28,0.12"), w))
        return
    m.both(b, box(0.07, 0.07, 1.0).at(w * 0.42), box(0.08, 0.5, 0.07).at(w * 0.42))
    for z in (0.5, 0.82):
        n = m.pick(5, 7)
        for k in range(n):
            m.add(a if k % 2 == 0 else b, box(w / n, 0.05, 0.18).at((k - (n - 1) / 2) * w / n, -0.06, z))


@barrier.noun("bollard")
def bollard(m: Maker) -> None:
    a, b = m.slot("paint", "red", "orange", "yellow"), m.slot("paint", "white", "black")
    m.banded(pairs("0.12,0 0.12,0.6 0.12,0.75 0.12,0.9 0.08,1", 1, m.u(0.7, 1.0)), 8, [b, a, b, a])


@barrier.noun("sandbags")
def sandbags(m: Maker) -> None:
    bag = m.slot("cloth", "beige", "brown")
    for layer in range(3):
        m.add(bag, *row(cube_ball(0.5, 0.28, 0.2, 2, 0.5).at(z=layer * 0.18), 4 - layer, x=0.5))


@kind("counter", "kitchen counter:3, counter:2, bar counter:1, workbench:2, vending machine:2", weight=0.9)
def counter(m: Maker) -> None:
    body, top, knob = m.either(0.6, "wood", "paint"), m.slot(m.pick("stone", "wood")), m.slot("metal")
    w, d, h = m.u(0.8, 1.8), m.u(0.55, 0.7), m.u(0.85, 0.95)
    m.add(body, box(w * 0.96, d * 0.85, 0.1).at(0, 0.03), box(w, d, h - 0.15).at(0, 0, 0.1))
    m.add(top, box(w + 0.06, d + 0.06, 0.05).at(0, 0, h - 0.05))
    n = max(1, round(w / 0.5))
    each = w / n
    for k in range(n):
        x = (k - (n - 1) / 2) * each
        m.add(body, box(each * 0.88, 0.03, h * 0.52).at(x, -d / 2 - 0.01, 0.13))
        m.add(body, box(each * 0.88, 0.03, h * 0.16).at(x, -d / 2 - 0.01, h * 0.72))
        m.add(knob, box(each * 0.3, 0.035, 0.03).at(x, -d / 2 - 0.03, h * 0.79))
        m.add(knob, box(0.03, 0.035, 0.12).at(x + each * 0.32, -d / 2 - 0.03, h * 0.5))


@counter.noun("vending machine")
def vending_machine(m: Maker) -> None:
    body = m.either(0.6, "wood", "paint")
    h, w, glass, dark = m.u(1.7, 1.9), 0.9, m.slot("glass", "blue"), m.slot("plastic", "black")
    m.add(body, block(w, 0.75, h, 0.03))
    m.add(glass, box(w * 0.6, 0.04, h * 0.62).at(-w * 0.13, -0.375, h * 0.28))
    goods = [m.slot("paint") for _ in range(3)]
    for k in range(3):
        m.add(goods[k], box(w * 0.52, 0.03, h * 0.1).at(-w * 0.13, -0.395, h * (0.36 + 0.18 * k)))
    m.add(dark, box(w * 0.5, 0.04, h * 0.1).at(-w * 0.13, -0.375, h * 0.1))
    m.add(dark, box(w * 0.16, 0.04, h * 0.2).at(w * 0.34, -0.375, h * 0.5))


@counter.noun("workbench")
def workbench(m: Maker) -> None:
    body, w, d, h = m.either(0.6, "wood", "paint"), m.u(0.8, 1.8), m.u(0.55, 0.7), m.u(0.85, 0.95)
    m.four(body, box(0.1, 0.1, h - 0.07).at(w / 2 - 0.08, d / 2 - 0.08))
    m.add(body, box(w, d, 0.07).at(0, 0, h - 0.07), box(w - 0.2, d - 0.16, 0.04).at(0, 0, h * 0.25))
    iron = m.slot("iron")
    m.add(iron, block(0.16, 0.22, 0.12, 0.02).at(w * 0.32, -d * 0.4, h))
    m.add(iron, box(0.04, 0.3, 0.04).at(w * 0.32, -d * 0.6, h + 0.04))
    m.add(body, box(w, 0.04, 0.4).at(0, d / 2 - 0.02, h))


@kind("console", "console:2, control panel:2, arcade machine:2, lever:2, button:1, speaker:2, atm:1", weight=0.9)
def console(m: Maker) -> None:
    body, dark = m.slot(m.pick("metal", "paint"), main=True), m.slot("plastic", "black")
    glow, w, h = m.slot("glow", "screen", "green"), m.u(0.6, 0.9), m.u(0.9, 1.1)
    outline = [(-0.35, 0), (0.35, 0), (0.35, h + 0.4), (0.2, h + 0.4), (0.05, h), (-0.42, h * 0.82), (-0.35, h * 0.65)]
    m.add(body, profile(outline, w))
    m.add(glow, box(w * 0.7, 0.03, 0.3).turn("x", -20).at(0, 0.08, h + 0.04))
    for k in range(3):
        paint = m.slot("paint", "red", "green", "yellow")
        m.add(paint, box(0.08, 0.08, 0.03).turn("x", 21).at((k - 1) * w * 0.25, -0.2, h * 0.9))
    m.add(dark, box(w * 0.8, 0.03, h * 0.3).at(0, -0.35, h * 0.2))


@console.noun("button")
def button(m: Maker) -> None:
    body, _ = (
        m.slot(m.pick("metal", "paint"), main=True),
        (m.slot("plastic", "black"), m.slot("glow", "screen", "green")),
    )
    m.add(body, prism(0.3, 0.1, 12, 0.9))
    m.add(m.slot("paint", "red", "green", "blue", main=True), prism(0.2, 0.1, 12, 0.92).at(0, 0, 0.1))


@console.noun("speaker")
def speaker(m: Maker) -> None:
    body, dark = m.slot(m.pick("metal", "paint"), main=True), m.slot("plastic", "black")
    w, h = m.u(0.3, 0.5), m.u(0.55, 1.0)
    m.add(body, block(w, w * 0.8, h, 0.02))
    m.add(dark, prism(w * 0.36, 0.04, 10).turn("x", 90).at(0, -w * 0.4, h * 0.33))
    m.add(dark, prism(w * 0.18, 0.04, 10).turn("x", 90).at(0, -w * 0.4, h * 0.75))
    m.add(body, prism(w * 0.14, 0.05, 8).turn("x", 90).at(0, -w * 0.42, h * 0.33))


@console.noun("lever")
def lever(m: Maker) -> None:
    body, dark = m.slot(m.pick("metal", "paint"), main=True), m.slot("plastic", "black")
    m.add(body, block(0.35, 0.5, 0.14, 0.03))
    m.add(dark, box(0.07, 0.34, 0.03).at(0, 0, 0.14))
    tilt = math.radians(m.u(-30, 30))
    m.add(dark, tube([(0, 0, 0.1), (0, -0.5 * math.sin(tilt), 0.1 + 0.5 * math.cos(tilt))], 0.03, 6))
    m.add(m.slot("paint", "red"), ball(0.07, 8, 4).at(0, -0.55 * math.sin(tilt), 0.04 + 0.55 * math.cos(tilt)))


@console.noun("arcade machine", "atm")
def arcade_machine(m: Maker) -> None:
    body, dark = m.slot(m.pick("metal", "paint"), main=True), m.slot("plastic", "black")
    glow, w = m.slot("glow", "screen", "green"), m.u(0.6, 0.9)
    m.add(body, profile(pairs("-0.35,0 0.35,0 0.35,1.8 -0.25,1.8 -0.3,1.5 -0.1,1.35 -0.1,1 -0.42,0.88 -0.35,0.75"), w))
    m.add(glow, box(w * 0.84, 0.03, 0.32).turn("x", -3).at(0, -0.11, 1.02))
    m.add(m.slot("paint"), box(w * 0.9, 0.04, 0.22).at(0, -0.28, 1.54))
    m.add(dark, box(0.04, 0.04, 0.12).at(-w * 0.22, -0.26, 0.95), box(0.2, 0.1, 0.03).at(w * 0.18, -0.26, 0.95))


@kind("planet", "planet:3, asteroid:3, meteor:2, moon:2, globe:2", weight=0.8)
def planet(m: Maker) -> None:
    land, r = _sphere(m)
    if m.chance(0.6, "with rings"):
        m.add(land, ring(r * 1.65, r * 0.3, 12, 4, r * 0.07).turn("x", 18).at(0, 0, r))
    else:
        for k in range(4):
            a, part = 1.7 * k, rough(ico(r * 0.36, 0), m.numbers(), 0.1)
            m.add(land, part.at(r * 0.72 * math.cos(a), r * 0.72 * math.sin(a), r * (0.4 + 0.28 * k)))


def _sphere(m: Maker) -> tuple[int, float]:
    """All sea. Gives the slot of the land, and its radius."""
    sea = m.slot("paint", "blue", "orange", "purple", "red", "cyan", main=True)
    land, r = m.slot("paint", "green", "beige", "yellow", "white"), m.u(0.6, 1.2)
    m.add(sea, ico(r, 1) if m.chance(0.6) else ball(r, 10, 5))
    return land, r


@planet.noun("globe")
def globe(m: Maker) -> None:
    (_, r), wood = _sphere(m), m.slot("wood")
    m.add(wood, prism(r * 0.5, r * 0.14, 10).at(0, 0, -r * 0.35), prism(r * 0.08, r * 0.3, 6).at(0, 0, -r * 0.24))
    m.add(wood, ring(r * 1.08, r * 0.06, 12, 4).along("y").at(0, 0, r))


@planet.noun("asteroid", "meteor", "moon")
@called("moon", moon=True)
@called("meteor", burning=True)
def asteroid(m: Maker, moon: bool = False, burning: bool = False) -> None:
    stone, r = m.slot("stone", main=True), m.u(0.6, 1.5)
    body = rough(ico(r, 1), m.numbers(), 0.03 if moon else 0.16).scale(1 if moon else m.u(0.8, 1.3))
    m.add(stone, body)
    if burning:
        m.add(m.slot("glow", "flame"), lathe([(r * 0.8, 0), (r * 0.5, r * 1.4), (0, r * 2.8)], 8).at(0, 0, r * 1.0))


@kind(
    "module",
    "space station:1, space base:2, dome:2, greenhouse:2, hangar:1, factory:2, silo:2, water tower:2",
    weight=0.9,
)
def space_base(m: Maker) -> None:
    wall, dark = m.slot(m.pick("metal", "paint", "concrete"), main=True), m.slot("metal", "dark")
    glass, r, n = m.slot("glass", "blue", ""), m.u(1.4, 2.2), m.pick(8, 10, 12)
    m.add(wall, prism(r, r * 0.35, n), lathe([(r * 0.96, 0), (r * 0.9, r * 0.3)], n).at(0, 0, r * 0.35))
    m.add(glass if m.chance(0.5) else wall, dome(r * 0.88, r * 0.8, n, 3).at(0, 0, r * 0.65))
    arms = m.pick(1, 2, 4)
    for k in range(arms):
        m.add(wall, prism(r * 0.32, r * 1.5, 8).turn("x", 90).turn("z", 360 / arms * k).at(0, 0, r * 0.34))
        piece = prism(r * 0.36, 0.14, 8).turn("x", 90).at(0, -r * 1.4, 0).turn("z", 360 / arms * k).at(0, 0, r * 0.34)
        m.add(dark, piece)
    if m.chance(0.6):
        m.add(dark, prism(0.05, r * 0.7, 6).at(0, 0, r * 1.4))
        m.add(m.slot("glow", "red"), ico(0.09, 0).at(0, 0, r * 2.05))


@space_base.noun("silo")
def silo(m: Maker) -> None:
    wall, dark = m.slot(m.pick("metal", "paint", "concrete"), main=True), m.slot("metal", "dark")
    r, n = m.u(1.4, 2.2), m.pick(8, 10, 12)
    h = r * m.u(1.8, 2.8)
    m.add(wall, prism(r, h, n), dome(r, r * 0.7, n, 3).at(0, 0, h))
    for f in (0.3, 0.65, 0.97):
        m.add(dark, lathe([(r * 0.9, 0), (r * 1.05, 0), (r * 1.05, 0.14), (r * 0.9, 0.14)], n).at(0, 0, h * f))


@space_base.noun("water tower")
def water_tower(m: Maker) -> None:
    wall, dark = m.slot(m.pick("metal", "paint", "concrete"), main=True), m.slot("metal", "dark")
    r, n, h = m.u(1.4, 2.2), m.pick(8, 10, 12), m.u(3.0, 4.5)
    m.four(dark, box(0.18, 0.18, h, shift=(-r * 0.1, -r * 0.1)).at(r * 0.7, r * 0.7))
    m.add(wall, prism(r, r * 1.2, n).at(0, 0, h), prism(r * 1.12, r * 0.6, n, 0).at(0, 0, h + r * 1.2))
    m.add(dark, box(r * 1.5, r * 1.5, 0.12).at(0, 0, h - 0.12), prism(0.12, h, 6))


@space_base.noun("factory")
def factory(m: Maker) -> None:
    wall, dark = m.slot(m.pick("metal", "paint", "concrete"), main=True), m.slot("metal", "dark")
    glass, w, d, h = m.slot("glass", "blue", ""), m.u(4, 6), m.u(3, 4.5), m.u(1.8, 2.4)
    m.add(wall, box(w, d, h))
    teeth, roof = m.n(2, 4), m.slot("roof")
    m.add(roof, *steps(profile([(0, 0), (d / teeth, 0), (d / teeth, 0.9)], w).at(0, -d / 2, h), teeth, y=d / teeth))
    m.add(m.slot("brick"), *steps(prism(0.36, h * 1.5, 8, 0.8).at(w * 0.3, d * 0.25, h), m.n(1, 2), x=-w * 0.5))
    m.add(dark, box(1.2, 0.12, 1.3).at(0, -d / 2))
    m.both(glass, box(0.8, 0.1, 0.6).at(w * 0.32, -d / 2, 0.8))


@space_base.noun("greenhouse", "hangar")
@called("hangar", glazed=False)
def greenhouse(m: Maker, glazed: bool = True) -> None:
    wall, dark = m.slot(m.pick("metal", "paint", "concrete"), main=True), m.slot("metal", "dark")
    glass, w, d = m.slot("glass", "blue", ""), m.u(2.4, 4), m.u(3, 5)
    vault = arc(w / 2, w * 0.55, 8)
    m.add(glass if glazed else wall, extrude(vault, d))
    for k in range(4):
        m.add(dark, extrude([(x * 1.05, z * 1.05) for x, z in vault], 0.14).at(0, (k / 3 - 0.5) * d))
    m.add(m.slot("wood") if glazed else dark, box(0.9, 0.14, 1.3).at(0, -d / 2 - 0.04))


@kind("bamboo", "bamboo:2, corn:1, wheat:1, sugarcane:1", weight=0.5)
def bamboo(m: Maker) -> None:
    stem, green = m.slot("leaf", "light green", "green"), m.slot("leaf", "green", "dark green")
    for k in range(m.n(2, 5)):
        h, r, a, d = m.u(1.0, 2.2), m.u(0.05, 0.08), 2.4 * k, 0.16 * math.sqrt(k)
        x, y, joints = d * math.cos(a), d * math.sin(a), m.n(3, 4)
        for j in range(joints):
            z = j * h / joints
            m.add(stem, prism(r, h / joints * 0.94, 6).at(x, y, z))
            m.add(green, prism(r * 1.18, h / joints * 0.07, 6).at(x, y, z + h / joints * 0.94))


@bamboo.noun("corn", "wheat")
def corn(m: Maker) -> None:
    stem, ear = m.slot("leaf", "light green", "green"), m.slot("flesh", "yellow", "orange")
    for k in range(m.n(3, 5)):
        h, a, d = m.u(0.7, 1.0), 2.4 * k, 0.1 * math.sqrt(k)
        x, y = d * math.cos(a), d * math.sin(a)
        m.add(stem, prism(0.012, h, 5).at(x, y))
        m.add(ear, lathe([(0, 0), (0.035, 0.05), (0.03, 0.16), (0, 0.22)], 6).at(x, y, h - 0.04))


GREENS = ("dark green", "green")


@kind("onion", "onion:1, potato:2, lemon:2, cucumber:1, eggplant:1, pepper:1, avocado:1, strawberry:2", weight=0.7)
@called("potato", shape="0,0 0.7,0.2 0.85,1 0.7,2 0,2.3", colors=("brown", "beige"), lying=True, top="")
@called("lemon", shape="0,0 0.3,0.2 0.9,0.8 0.9,1.5 0.3,2.1 0,2.3", colors=("yellow",), lying=True, top="")
@called("cucumber", shape="0,0 0.5,0.3 0.55,2.5 0.45,4.2 0,4.5", colors=GREENS, lying=True, top="")
@called("eggplant", shape="0,0 0.8,0.4 0.9,1.3 0.5,2.6 0.35,3.2", colors=("purple",), top="calyx")
@called(
    "pepper", shape="0,0 0.6,0.1 0.8,0.8 1,1.6 0.6,2 0,1.9", colors=("red", "green", "yellow"), top="calyx", told=True
)
@called("avocado", shape="0,0 0.85,0.3 1,0.9 0.6,1.9 0,2.3", colors=GREENS, top="")
@called("strawberry", shape="0,0 0.5,0.5 0.85,1.2 0.6,1.6 0,1.6", colors=("red",), top="calyx")
def onion(
    m: Maker, shape: str = "0,0 0.8,0.3 1,0.8 0.5,1.5 0.14,1.9", colors: Colors = ("beige", "purple"),
    top: str = "stalk", lying: bool = False, told: bool = False,
) -> None:  # fmt: skip
    """`shape`: a turned outline in radii; `told`: its colour may be said."""
    r = m.u(0.03, 0.05)
    skin, green = m.slot("leaf" if colors == GREENS else "flesh", *colors, main=told), m.slot("leaf", "green")
    outline = pairs(shape, r)
    part = lathe(outline, m.pick(6, 8))
    m.add(skin, part.along("x") if lying else part)
    h = outline[-1][1]
    if top == "calyx":
        m.add(green, lathe([(r * 0.6, 0), (r * 0.2, r * 0.2), (r * 0.12, r * 0.5)], 6).at(0, 0, h - r * 0.05))
    elif top == "stalk":
        m.add(green, prism(r * 0.12, r * 0.4, 5, 0.5).at(0, 0, h))


@kind("pizza_oven", "garage:2, gas pump:2, bus stop:2, phone booth:2", weight=0.7)
def garage(m: Maker) -> None:
    paint = m.slot("paint", main=True)
    m.call("garage")
    w, d, h = m.u(3.2, 4.2), m.u(3.5, 5.0), m.u(2.3, 2.7)
    roof, door = m.slot("roof"), m.slot("paint", "white", "grey", "brown")
    m.add(paint, box(w, d, h))
    m.add(roof, gable(w + 0.4, d + 0.4, m.u(0.7, 1.2)).at(0, 0, h))
    m.add(door, *steps(box(w * 0.74, 0.1, h * 0.19).at(0, -d / 2, 0.04), 4, z=h * 0.2))


@garage.noun("gas pump")
def gas_pump(m: Maker) -> None:
    paint, dark = m.slot("paint", main=True), m.slot("metal", "dark")
    m.add(dark, box(0.9, 0.6, 0.12))
    m.add(paint, block(0.6, 0.4, 1.5, 0.04).at(0, 0, 0.12))
    m.add(m.slot("glow", "screen"), box(0.4, 0.03, 0.25).at(0, -0.2, 1.2))
    m.add(m.slot("paint", "white"), block(0.66, 0.44, 0.22, 0.03).at(0, 0, 1.62))
    m.add(dark, tube([(0.3, 0, 0.5), (0.55, 0, 0.3), (0.5, 0, 1.0), (0.32, 0, 1.05)], 0.03, 5))
    m.add(dark, block(0.08, 0.2, 0.2, 0.02).at(0.34, 0, 0.98))


@garage.noun("bus stop")
def bus_stop(m: Maker) -> None:
    paint, dark, glass = m.slot("paint", main=True), m.slot("metal", "dark"), m.slot("glass", "blue", "")
    w = m.u(2.0, 2.8)
    m.four(dark, box(0.08, 0.08, 2.1).at(w / 2 - 0.05, 0.5))
    m.add(paint, box(w + 0.2, 1.3, 0.1).at(0, 0, 2.1))
    m.add(glass, box(w - 0.2, 0.04, 1.6).at(0, 0.5, 0.3))
    m.add(m.slot("wood"), box(w * 0.7, 0.4, 0.06).at(0, 0.25, 0.45))
    m.both(dark, box(0.06, 0.3, 0.45).at(w * 0.3, 0.25))


@garage.noun("phone booth")
def phone_booth(m: Maker) -> None:
    glass, red = m.slot("glass", "blue", ""), m.slot("paint", "red", "blue")
    m.add(red, box(0.95, 0.95, 0.15), box(0.95, 0.95, 0.25).at(0, 0, 2.0), gable(0.95, 0.95, 0.2, 1).at(0, 0, 2.25))
    m.four(red, box(0.12, 0.12, 1.9).at(0.41, 0.41, 0.12))
    m.add(glass, box(0.74, 0.04, 1.8).at(0, -0.4, 0.17), box(0.74, 0.04, 1.8).at(0, 0.4, 0.17))
    m.both(glass, box(0.04, 0.74, 1.8).at(0.4, 0, 0.17))
    m.add(red, *[box(0.74, 0.07, 0.06).at(0, -0.41, z) for z in (0.7, 1.2, 1.65)])
