"""Plants, rocks and what lies about outdoors."""

import math

import numpy as np

from .base import Maker, called, kind
from .outlines import arc, pairs
from .parts import Part, block, box, extrude, lathe, prism, row, slab, tube
from .plants import crown
from .rounds import ball, cube_ball, dome, ico, rough


@kind("rock", "rock:8, stone:2, boulder:2", weight=2.0)
def rock(m: Maker) -> None:
    stone, count = m.slot("stone", main=True), m.pick(1, 1, 1, 2, 3)
    if count > 1:
        m.call(m.pick("rocks", "rocks", "stones", "boulders"))
    for k in range(count):
        r, numbers = m.u(0.35, 0.9) * (1 if k == 0 else 0.55), m.numbers()
        style = m.pick("ico", "facet", "quads")
        if style == "ico":
            part = rough(ico(r, 1 if m.chance(0.6) else 0), numbers, 0.16)
        elif style == "quads":
            part = rough(cube_ball(2 * r, 2 * r, 2 * r, 2, 0.5), numbers, 0.14)
        else:
            sides = m.pick(5, 6, 7)
            part = rough(lathe(pairs("0.8,0 1,0.5 0.75,1.1 0.35,1.4", r), sides), numbers, 0.14)
        part = part.scale(m.u(0.8, 1.35), m.u(0.8, 1.2), m.u(0.55, 1.0))
        if style == "facet":  # it lies on a flat side
            part.vertices[:, 2] = np.maximum(part.vertices[:, 2] - r * 0.22, 0.0)
        a, piece = 2.2 * k, part.turn("z", m.u(0, 360))
        m.add(stone, piece.at(0 if k == 0 else r * 2.2 * math.cos(a), 0 if k == 0 else r * 2.2 * math.sin(a)))
    m.chance(0.12, "mossy")


@kind("cliff", "cliff:2, mountain:4, hill:2", weight=0.8)
@called("hill", low=True)
@called("mountain", peak=True)
def mountain(m: Maker, low: bool = False, peak: bool = False) -> None:
    stone = m.slot("leaf", "green", "light green") if low else m.slot("stone", main=True)
    n, r = m.pick(6, 7, 8), m.u(3, 6)
    h, numbers = r * (m.u(0.4, 0.6) if low else m.u(0.9, 1.5)), m.numbers()
    part = lathe(pairs("1,0 0.75,0.3 0.42,0.65 0.2,0.86 0,1", r, h), n)
    v = part.vertices.copy()
    jitter = numbers.uniform(0.82, 1.18, len(v))
    v[:, :2] *= np.where(v[:, 2:] > -1, jitter[:, None], 1)
    inner = (v[:, 2] > 0) & (v[:, 2] < h)
    v[inner, 2] *= numbers.uniform(0.88, 1.12, int(inner.sum()))
    part = Part(v, part.counts, part.corners)
    if peak and m.chance(0.6):
        m.say("snowy")
        snow = m.slot("snow")
        m.add(stone, part)
        m.parts[-1] = (part, np.array([stone] * (2 * n) + [snow] * n + [stone] + [snow] * n, np.int32))
    else:
        m.add(stone, part)


@kind("campfire", "campfire:5, fire:2, bonfire:1", weight=1.0)
def campfire(m: Maker) -> None:
    bark, stone, flame = m.slot("bark"), m.slot("stone"), m.slot("glow", "flame")
    r, n, numbers = m.u(0.4, 0.55), m.n(6, 8), m.numbers()
    for k in range(n):
        m.add(stone, rough(ico(r * 0.24, 0), numbers, 0.15).scale(1, 1, 0.75).at(r, 0, 0).turn("z", 360 * k / n))
    logs, h = m.n(3, 5), r * m.u(1.1, 1.5)
    for k in range(logs):
        m.add(bark, tube([(r * 0.65, 0, 0.04), (-r * 0.12, 0, h)], r * 0.12, 6).turn("z", 360 * k / logs + 15))
    if m.chance(0.75, "burning"):
        m.add(flame, lathe([(r * 0.25, 0.02), (r * 0.38, h * 0.35), (0, h * 1.35)], 6))


@kind("crystal", "crystal:5, crystals:2, gem crystal:1", weight=1.3)
def crystal(m: Maker) -> None:
    gem, n, count, h = m.slot("gem", main=True), m.pick(5, 6), m.pick(1, 3, 4, 5), m.u(0.5, 1.1)
    for k in range(count):
        s = 1.0 if k == 0 else m.u(0.4, 0.7)
        r = h * 0.17 * s
        part = lathe([(r * 0.75, 0), (r, h * s * 0.65), (0, h * s)], n)
        if k:
            part = part.turn("y", m.u(18, 34)).at(h * 0.12, 0, 0).turn("z", 360 * k / (count - 1) + m.u(-15, 15))
        m.add(gem, part)
    if m.chance(0.5):
        m.add(m.slot("stone"), rough(prism(h * 0.34, h * 0.14, 7, 0.75), m.numbers(), 0.1).at(0, 0, -h * 0.05))


@kind("gem", "gem:4, diamond:3, jewel:1, gemstone:1", weight=1.2)
def gem(m: Maker) -> None:
    slot, r, n = m.slot("gem", main=True), m.u(0.1, 0.2), m.pick(6, 8, 8)
    m.add(slot, lathe([(0, 0), (r, r * m.u(0.9, 1.2)), (r * m.u(0.55, 0.7), r * m.u(1.4, 1.6))], n))


@kind("gravestone", "gravestone:5, tombstone:2, grave:3, headstone:1", weight=1.3)
@called("grave", mound=True)
def gravestone(m: Maker, mound: bool = False) -> None:
    stone, w, h, t = m.slot("stone", main=True), m.u(0.5, 0.75), m.u(0.65, 1.05), m.u(0.12, 0.2)
    a, style = w / 2, m.pick("round", "round", "cross", "square", "point")
    if style == "cross":
        m.say("cross")
        c = w * 0.22
        m.add(stone, box(c, t, h * 1.15), box(a - c / 2, t, c).at(-(a + c / 2) / 2, 0, h * 0.72))
        m.add(stone, box(a - c / 2, t, c).at((a + c / 2) / 2, 0, h * 0.72))
    else:
        if style == "square":
            top = [(a, h), (-a, h)]
        elif style == "point":
            top = [(a, h * 0.75), (0, h), (-a, h * 0.75)]
        else:
            top = arc(a, a, z=h * 0.68)
        m.add(stone, extrude([(-a, 0), (a, 0), *top], t))
        if m.chance(0.5):
            dark = m.slot("stone", "dark")
            m.add(dark, box(w * 0.09, t * 1.2, h * 0.34).at(0, 0, h * 0.42))
            m.add(dark, box(w * 0.36, t * 1.2, w * 0.09).at(0, 0, h * 0.6))
    m.add(stone, box(w * 1.3, t * 2, h * 0.14))
    if mound or m.chance(0.25):
        m.add(m.slot("soil"), box(w * 1.1, 1.3, 0.12, top=(0.8, 0.9)).at(0, -0.75))


@kind("snowman", "snowman:1", weight=0.8)
def snowman(m: Maker) -> None:
    snow, orange, dark, wood = m.slot("snow"), m.slot("flesh", "orange"), m.slot("paint", "black"), m.slot("bark", "")
    r, n, z = m.u(0.38, 0.5), m.pick(8, 10), 0.0
    sizes = (1.0, 0.72, 0.52)
    for s in sizes:
        m.add(snow, ball(r * s, n, 4).at(0, 0, z))
        z += r * s * 1.7
    head = z - r * 0.52 * 1.7
    m.add(orange, lathe([(r * 0.1, 0), (0, r * 0.5)], 6).turn("x", 90).at(0, -r * 0.46, head + r * 0.5))
    m.both(dark, box(r * 0.13, r * 0.1, r * 0.13).at(r * 0.18, -r * 0.47, head + r * 0.64))
    m.both(wood, tube([(r * 0.6, 0, r * 2.4), (r * 1.3, 0, r * 2.8)], r * 0.05, 5))
    if m.chance(0.7):
        m.add(dark, lathe(pairs("0.55,0 0.55,0.06 0.36,0.06 0.34,0.5", r), n).at(0, 0, head + r * 0.95))


@kind("hay", "hay bale:3, haystack:2, hay:1", weight=0.7)
def hay(m: Maker) -> None:
    straw, rope = m.slot("straw", main=True), m.slot("wood", "")
    if m.chance(0.5, "round"):
        r, length = m.u(0.5, 0.7), m.u(0.9, 1.2)
        m.add(straw, prism(r, length, 12).along("x").at(-length / 2, 0, r))
        m.both(rope, prism(r * 1.03, 0.06, 12).along("x").at(length * 0.25, 0, r))
    else:
        w, d, h = m.u(0.9, 1.2), m.u(0.5, 0.6), m.u(0.45, 0.55)
        m.add(straw, block(w, d, h, 0.05))
        m.both(rope, slab(0.05, d * 1.03, h * 1.02, 0.01).at(w * 0.24, 0, 0))


@hay.noun("haystack")
def haystack(m: Maker) -> None:
    straw, _, r = m.slot("straw", main=True), m.slot("wood", ""), m.u(0.7, 1.0)
    m.add(straw, rough(dome(r, r * m.u(1.0, 1.4), 8, 3), m.numbers(), 0.06))


@kind("cloud", "cloud:1", weight=0.7)
def cloud(m: Maker) -> None:
    white, n = m.slot("snow", name="Cloud"), m.n(2, 4)
    for k in range(n):
        x = k - (n - 1) / 2
        r = (0.7 - 0.12 * abs(x)) * m.u(0.8, 1.05)
        part = crown(m, r, "ico" if n < 4 else "small").scale(1, 0.8, 0.75).at(x * 0.75, m.u(-0.1, 0.1), m.u(0.0, 0.15))
        m.add(white, part)


@kind("ice", "icicle:1, ice:2, stalagmite:2, spikes:2", weight=0.5)
@called("stalagmite", stuff="stone")
def ice(m: Maker, stuff: str = "glass") -> None:
    slot = m.slot(stuff, main=True)
    for k in range(m.n(3, 6)):
        part = lathe(pairs("0.18,0 0.09,0.55 0,1", m.u(0.5, 1.0)), m.pick(5, 6))
        a, d = 2.4 * k, 0.12 * math.sqrt(k) * 1.6
        m.add(slot, part.at(d * math.cos(a), d * math.sin(a)))


@ice.noun("spikes")
def spikes(m: Maker) -> None:
    metal, n = m.slot("metal", main=True), m.n(3, 6)
    m.add(metal, *row(lathe(pairs("0.18,0 0.09,0.55 0,1", 0.6), 4), n, x=0.26))
    m.add(m.slot("wood"), box(n * 0.26 + 0.1, 0.36, 0.08).at(0, 0, -0.06))


@kind("bones", "bone:3, skull:3", weight=0.8)
def bones(m: Maker) -> None:
    bone, length, r = m.slot("bone", main=True), m.u(0.25, 0.4), m.u(0.02, 0.03)
    m.add(bone, prism(r, length, 6).along("x").at(-length / 2, 0, r * 1.6))
    m.both(bone, *[ico(r * 1.5, 0).at(length / 2, y, r * 0.1) for y in (-r * 1.1, r * 1.1)])


@bones.noun("skull")
def skull(m: Maker) -> None:
    bone, dark, r = m.slot("bone", main=True), m.slot("paint", "black", name="Dark"), m.u(0.1, 0.14)
    m.add(bone, cube_ball(r * 1.8, r * 2.1, r * 1.7, 3, 0.75).at(0, 0, r * 0.55))
    m.add(bone, block(r * 1.1, r * 0.9, r * 0.7, r * 0.14).at(0, -r * 0.5, 0))
    m.both(dark, block(r * 0.46, r * 0.2, r * 0.44, r * 0.1).at(r * 0.4, -r * 0.97, r * 1.05))
    m.add(dark, box(r * 0.2, r * 0.1, r * 0.24, top=(0.3, 1)).at(0, -r * 1.0, r * 0.72))
