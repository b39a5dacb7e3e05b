"""Game props: coins, keys, signs, flags, ladders, ropes, music, toys and other small things."""

from .base import Maker, called, kind
from .outlines import pairs, triples
from .parts import block, box, extrude, lathe, leaf, prism, profile, ring, slab, tube
from .rounds import cube_ball, dome, ico


@kind("ladder", "ladder:6, wooden ladder:1, step ladder:1", weight=1.1)
def ladder(m: Maker) -> None:
    slot, w, h, t = m.either(0.75, "wood", "metal"), m.u(0.4, 0.55), m.u(1.8, 3.2), m.u(0.05, 0.08)
    n = max(4, round(h / m.u(0.32, 0.42)))
    m.both(slot, box(t, t * 1.1, h).at(w / 2))
    round_ = m.chance(0.4)
    for k in range(n):
        z = (k + 0.5) * h / n
        if round_:
            m.add(slot, prism(t * 0.42, w - t, 6).along("x").at(-(w - t) / 2, 0, z))
        else:
            m.add(slot, box(w - t, t * 0.6, t * 0.7).at(0, 0, z))


@ladder.noun("step ladder")
def step_ladder(m: Maker) -> None:
    slot, w, h, t = m.either(0.75, "wood", "metal"), m.u(0.4, 0.55), m.u(1.8, 3.2), m.u(0.05, 0.08)
    h *= 0.6
    lean, n = h * 0.22, 4
    m.both(slot, box(t, t, h, shift=(0, lean)).at(w / 2, -lean), box(t, t, h, shift=(0, -lean)).at(w / 2, lean))
    for k in range(n):
        f = (k + 1) / n
        m.add(slot, box(w, t * 2.2, t * 0.6).at(0, -lean * (1 - f) * 1.0, h * f - t * 0.6))


@kind("rope", "rope:2, chain:2, anchor:3", weight=0.8)
def rope(m: Maker) -> None:
    straw, r = m.slot("straw", name="Rope"), m.u(0.15, 0.22)
    m.add(straw, *[ring(r * m.u(0.96, 1.0), r * 0.17, 12, 5).at(0, 0, r * (0.17 + 0.3 * k)) for k in range(m.n(2, 4))])


@rope.noun("anchor")
def anchor(m: Maker) -> None:
    iron, h = m.slot("iron", main=True), m.u(0.8, 1.4)
    r = h * 0.04
    m.add(iron, prism(r, h * 0.84, 8), ring(h * 0.07, r * 0.6, 8, 4).along("y").at(0, 0, h * 0.92))
    m.add(iron, box(h * 0.46, r * 1.6, r * 1.6).at(0, 0, h * 0.7))
    m.both(iron, tube(triples("0,0,0 0.2,0,0.03 0.34,0,0.14 0.38,0,0.26", h), r * 0.9, 6))
    m.both(iron, extrude([(h * 0.3, h * 0.22), (h * 0.46, h * 0.22), (h * 0.38, h * 0.36)], r * 1.6))


@rope.noun("chain")
def chain(m: Maker) -> None:
    metal, n = m.slot("metal", main=True), m.n(4, 7)
    for k in range(n):
        part = ring(0.04, 0.013, 8, 4).scale(1, 1.45, 1).turn("x", 90).turn("z", 90 * (k % 2))
        m.add(metal, part.at(0, 0, 0.06 + 0.088 * k))


@kind("umbrella", "umbrella:3, parasol:2", weight=0.9)
@called("parasol", big=True)
def umbrella(m: Maker, big: bool = False) -> None:
    cloth, wood = m.slot("cloth", main=True), m.slot(m.pick("wood", "metal"))
    r, h, n = (1.1, 2.1, 8) if big else (m.u(0.45, 0.6), m.u(0.75, 0.9), 8)
    m.add(wood, prism(r * 0.035, h, 6))
    m.add(cloth, lathe([(r, 0), (r * 0.6, r * 0.28), (0, r * 0.46)], n).at(0, 0, h - r * 0.36))
    if big:
        m.add(m.slot("stone"), prism(0.25, 0.12, 8))
    else:
        m.add(wood, tube([(0, 0, 0.01), (0.04, 0, -0.06), (0.1, 0, -0.06), (0.12, 0, 0.0)], r * 0.035, 5))


@kind("satellite", "satellite:2, radar dish:1, antenna:2, solar panel:2, wind turbine:2", weight=0.9)
def radar_dish(m: Maker) -> None:
    metal, dark, h = _mast(m)
    m.add(metal, lathe([(0.12, 0), (0.6, 0.28), (0.57, 0.31), (0.1, 0.08)], 12).turn("x", 50).at(0, -0.05, h))
    m.add(dark, prism(0.025, 0.5, 6).turn("x", 50).at(0, -0.1, h + 0.05))


def _mast(m: Maker) -> tuple[int, int, float]:
    metal, dark, h = m.slot("metal", main=True), m.slot("metal", "dark"), m.u(0.8, 1.6)
    m.add(metal, prism(0.07, h, 8), prism(0.25, 0.1, 8, 0.8))
    return metal, dark, h


@radar_dish.noun("antenna")
def antenna(m: Maker) -> None:
    _, dark, h = _mast(m)
    m.add(dark, *[box(0.6 - 0.14 * k, 0.03, 0.03).at(0, 0, h * (0.65 + 0.12 * k)) for k in range(3)])
    m.add(m.slot("glow", "red"), ico(0.06, 0).at(0, 0, h))


@radar_dish.noun("wind turbine")
def wind_turbine(m: Maker) -> None:
    dark, white, h = m.slot("metal", "dark"), m.slot("paint", "white"), m.u(4, 6)
    m.add(white, prism(h * 0.035, h, 8, 0.6), box(0.3, 0.7, 0.3).at(0, 0, h - 0.1))
    m.add(dark, lathe([(0.16, 0), (0, 0.22)], 8).turn("x", 90).at(0, -0.35, h + 0.05))
    for k in range(3):
        m.add(white, box(0.24, 0.06, h * 0.42, top=(0.3, 1)).turn("y", 120 * k + 15).at(0, -0.4, h + 0.05))


@radar_dish.noun("solar panel")
def solar_panel(m: Maker) -> None:
    metal, blue = m.slot("metal", main=True), m.slot("paint", "blue", name="SolarPanel")
    m.both(metal, box(0.08, 0.08, 0.9).at(0.5, 0.25), box(0.08, 0.08, 0.4).at(0.5, -0.35))
    m.add(metal, box(1.5, 1.0, 0.06).turn("x", 38).at(0, -0.05, 0.68))
    m.add(blue, *[box(0.44, 0.9, 0.04).turn("x", 38).at(x, -0.05 - 0.03, 0.68 + 0.045) for x in (-0.48, 0.0, 0.48)])


@radar_dish.noun("satellite")
def satellite(m: Maker) -> None:
    metal, blue, gold = m.slot("metal", main=True), m.slot("paint", "blue", name="SolarPanel"), m.slot("gold")
    m.add(gold, block(0.5, 0.5, 0.7, 0.04))
    m.both(blue, box(1.2, 0.03, 0.5).at(0.95, 0, 0.1))
    m.both(metal, box(0.12, 0.06, 0.06).at(0.3, 0, 0.32))
    m.add(metal, lathe([(0.1, 0), (0.35, 0.16), (0.33, 0.18), (0.08, 0.05)], 10).at(0, 0, 0.7))
    m.add(metal, prism(0.02, 0.3, 6).at(0, 0, 0.72))


@kind("cage", "cage:3, bird cage:1, trap:1", weight=0.7)
def cage(m: Maker) -> None:
    metal, r, h, n = m.slot(m.pick("iron", "gold", "metal"), main=True), m.u(0.25, 0.6), m.u(0.5, 1.1), 8
    m.add(metal, prism(r * 1.05, h * 0.06, n), prism(r * 1.05, h * 0.06, n).at(0, 0, h * 0.9))
    m.around(metal, n, prism(r * 0.05, h * 0.84, 4).at(r * 0.9, 0, h * 0.06))
    m.add(metal, lathe([(r * 1.0, 0), (r * 0.5, h * 0.2), (r * 0.1, h * 0.26)], n).at(0, 0, h * 0.96))
    m.add(metal, ring(r * 0.15, r * 0.04, 8, 4).along("y").at(0, 0, h * 1.27))


@kind("skateboard", "skateboard:2, bicycle:2, scooter:1, surfboard:1", weight=0.9)
def bicycle(m: Maker) -> None:
    paint, dark, metal = _two_wheels(m, 0.3)
    for bar in (
        "0,-0.5,0.3 0,-0.36,0.88", "0,-0.38,0.76 0,0.08,0.3", "0,0.08,0.3 0,0.2,0.82",
        "0,-0.38,0.74 0,0.17,0.7", "0,0.5,0.3 0,0.08,0.3", "0,0.5,0.3 0,0.18,0.68",
    ):  # fmt: skip
        m.add(paint, tube(triples(bar), 0.028, 5))
    m.add(dark, block(0.14, 0.26, 0.07, 0.02).at(0, 0.2, 0.82))
    m.add(metal, prism(0.02, 0.5, 6).along("x").at(-0.25, -0.36, 0.9))
    m.add(metal, prism(0.08, 0.05, 8).along("x").at(-0.025, 0.08, 0.3))


def _two_wheels(m: Maker, r: float) -> tuple[int, int, int]:
    paint, dark, metal = m.slot("paint", main=True), m.slot("rubber"), m.slot("metal")
    for y in (-0.5, 0.5):
        m.add(dark, ring(r * 0.92, r * 0.1, 12, 4, 0.05).along("x").at(0, y, r))
        m.add(metal, prism(0.04, 0.1, 6).along("x").at(-0.05, y, r))
        m.add(metal, *[box(0.02, 0.02, r * 1.7).at(0, 0, -r * 0.85).turn("x", 60 * k).at(0, y, r) for k in range(3)])
    return paint, dark, metal


@bicycle.noun("scooter")
def scooter(m: Maker) -> None:
    paint, dark, _ = _two_wheels(m, 0.12)
    m.add(paint, box(0.14, 1.0, 0.05).at(0, 0.05, 0.12), tube([(0, -0.5, 0.12), (0, -0.42, 0.95)], 0.03, 6))
    m.add(dark, prism(0.025, 0.4, 6).along("x").at(-0.2, -0.42, 0.95))


@bicycle.noun("surfboard")
def surfboard(m: Maker) -> None:
    paint = m.slot("paint", main=True)
    a = pairs("-0.2,0.5 -0.26,0 -0.2,-0.6 0,-1 0.2,-0.6 0.26,0 0.2,0.5 0.1,0.8 -0.1,0.8")
    m.add(paint, extrude([(x, z + 1.0) for x, z in reversed([(-x, -z) for x, z in a])][::-1], 0.07).scale(-1, 1, 1))
    m.add(m.slot("paint"), box(0.09, 0.09, 1.2).at(0, 0, 0.4))


@bicycle.noun("skateboard")
def skateboard(m: Maker) -> None:
    paint, dark, metal = m.slot("paint", main=True), m.slot("rubber"), m.slot("metal")
    side = pairs("-0.42,0.17 -0.3,0.11 0.3,0.11 0.42,0.17 0.42,0.2 0.29,0.14 -0.29,0.14 -0.42,0.2")
    m.add(paint, profile(side, 0.22))
    for y in (-0.24, 0.24):
        m.add(metal, box(0.14, 0.06, 0.05).at(0, y, 0.06))
        m.both(dark, prism(0.05, 0.05, 8).along("x").at(0.07, y, 0.05))


@kind("fan", "fan:2, ventilator:1, barbecue:1, grill:1, generator:1", weight=0.6)
def generator(m: Maker) -> None:
    metal, dark = m.slot(m.pick("metal", "paint"), main=True), m.slot("plastic", "black")
    m.add(metal, block(0.9, 0.5, 0.5, 0.04).at(0, 0, 0.15))
    m.four(dark, box(0.08, 0.08, 0.15).at(0.36, 0.18))
    m.add(dark, prism(0.14, 0.06, 8).turn("x", 90).at(-0.2, -0.24, 0.42), box(0.25, 0.05, 0.2).at(0.22, -0.26, 0.3))
    m.add(dark, prism(0.05, 0.3, 6).at(0.3, 0.1, 0.65))


@generator.noun("fan", "ventilator")
def fan(m: Maker) -> None:
    metal, dark = m.slot(m.pick("metal", "paint"), main=True), m.slot("plastic", "black")
    m.add(metal, prism(0.16, 0.03, 10), prism(0.025, 0.4, 6).at(0, 0, 0.03))
    m.add(dark, ring(0.2, 0.015, 12, 4).along("y").at(0, -0.08, 0.5))
    m.add(dark, prism(0.05, 0.16, 8).turn("x", 90).at(0, 0.04, 0.5))
    for k in range(m.pick(3, 4)):
        m.add(metal, box(0.09, 0.02, 0.15, top=(1.3, 1)).at(0, 0, 0.03).turn("y", 120 * k).at(0, -0.09, 0.5))


@generator.noun("barbecue", "grill")
def barbecue(m: Maker) -> None:
    metal, dark = m.slot(m.pick("metal", "paint"), main=True), m.slot("plastic", "black")
    m.add(metal, dome(0.3, 0.22, 10, 3).turn("x", 180).at(0, 0, 0.8), dome(0.3, 0.24, 10, 3).at(0, 0, 0.84))
    m.around(dark, 3, box(0.04, 0.04, 0.66, shift=(-0.1, 0)).at(0.28, 0, 0))
    m.add(dark, box(0.16, 0.04, 0.04).at(0, 0, 1.09), prism(0.31, 0.03, 10).at(0, 0, 0.81))


@kind("leaf_pile", "leaf:1, feather:1, shell:1", weight=0.3)
@called("feather", stuff="paint", broad=0.3)
def one_leaf(m: Maker, stuff: str = "leaf", broad: float = 0.6) -> None:
    slot, length = m.slot(stuff, main=True), m.u(0.1, 0.2)
    m.add(slot, leaf(length, length * broad, length * 0.08, 0.0))
    m.add(m.slot("bark"), slab(length * 0.04, length * 0.4, length * 0.03, 0.001).at(0, -length * 0.2))


@one_leaf.noun("shell")
def shell(m: Maker) -> None:
    slot, length = m.slot("paint", main=True), m.u(0.1, 0.2)
    m.add(slot, cube_ball(length, length * 0.8, length * 0.4, 3, 0.8))
