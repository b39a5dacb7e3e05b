"""Small precious things and games: keys, coins, crowns, rings, scrolls, chess pieces, dice, trophies."""

import math

import numpy as np

from .base import Colors, Maker, called, kind
from .outlines import pairs, star, triples
from .parts import Array, block, box, extrude, lathe, prism, ring, row, tube
from .rounds import ball, ico


@kind("key", "key:6, golden key:1, old key:1", weight=1.2)
@called("golden key", golden=True)
def key(m: Maker, golden: bool = False) -> None:
    metal = m.slot("gold" if golden else m.pick("gold", "iron", "silver", "bronze"), main=not golden)
    h = m.u(0.1, 0.3)
    r, n, t, style = h * m.u(0.16, 0.22), m.pick(8, 10), h * 0.045, m.pick("ring", "ring", "clover")
    z = h - 2 * r
    if style == "ring":
        m.add(metal, ring(r * 0.78, r * 0.24, n, 4, t * 2).along("y").at(0, 0, z + r))
    else:
        for x, dz in ((0, 1.35), (-0.62, 0.6), (0.62, 0.6)):
            m.add(metal, ring(r * 0.42, r * 0.17, 8, 4, t * 2).along("y").at(x * r, 0, z + dz * r))
    m.add(metal, prism(t, z + r * 0.3, 6), prism(t * 1.6, t * 1.4, 6).at(0, 0, z - t))
    teeth = m.n(2, 3)
    for k in range(teeth):
        m.add(metal, box(h * m.u(0.1, 0.16), t * 1.5, t * 1.5).at(h * 0.07, 0, t * (0.4 + 2.2 * k)))


@kind("coin", "coin:6, gold coin:2, coins:2, medal:1", weight=1.2)
@called("gold coin", golden=True)
@called("medal", ribbon=True)
def coin(m: Maker, golden: bool = False, ribbon: bool = False) -> None:
    metal = m.slot("gold" if golden else m.pick("gold", "gold", "silver", "bronze"), main=not golden)
    n, r = m.pick(10, 12, 16), m.u(0.1, 0.2)
    t = r * m.u(0.15, 0.24)
    m.add(metal, lathe(pairs("0.72,-0.2 0.8,-0.5 1,-0.5 1,0.5 0.8,0.5 0.72,0.2", r, t), n).turn("x", 90).at(0, 0, r))
    if m.chance(0.6):
        sign = extrude(star(r * 0.55, r * 0.24, r), t * 0.8)
        m.add(metal, m.pick(sign, box(r * 0.3, t * 0.8, r * 0.8).at(0, 0, r * 0.6)))
    if ribbon:
        m.both(m.slot("cloth", "red", "blue"), box(r * 0.5, t * 0.4, r * 1.4).turn("y", 14).at(-r * 0.02, 0, r * 1.95))


@coin.noun("coins")
def coins(m: Maker) -> None:
    metal = m.slot(m.pick("gold", "gold", "silver", "bronze"), main=True)
    n, r = m.pick(10, 12, 16), m.u(0.1, 0.2)
    t = r * m.u(0.15, 0.24)
    m.add(metal, *[prism(r, t, n).at(m.u(-0.1, 0.1) * r, m.u(-0.1, 0.1) * r, k * t * 1.02) for k in range(m.n(3, 6))])


@kind("chess", "chess piece:2, pawn:3, chess pawn:1, rook:2, bishop:1, chess queen:1", weight=1.0)
@called("rook", upper="0.5,0.7 0.75,0.78 0.75,1 0.5,1 0.5,0.9", head=None)
@called("bishop", upper="0.38,0.58 0.62,0.62 0.4,0.68 0.5,0.8 0.25,0.95 0,1", head="bead")
@called("chess queen", upper="0.36,0.66 0.6,0.7 0.42,0.75 0.72,0.95 0.3,0.97", head="bead")
def chess(m: Maker, upper: str = "0.34,0.55 0.58,0.6 0.34,0.65", head: str | None = "ball") -> None:
    """`upper` is what stands on the foot: radii and heights."""
    slot, h, n = m.slot(m.pick("wood", "paint", "stone"), main=True), m.u(0.05, 0.1), m.pick(8, 10, 12)
    r = h * 0.26
    m.add(slot, lathe(pairs("1,0 1,0.08 0.72,0.16 " + upper, r, h), n))
    if head == "bead":
        m.add(slot, ico(r * 0.2, 0).at(0, 0, h * 0.97))
    elif head == "ball":
        m.add(slot, ball(r * 0.5, n, 4).at(0, 0, h * 0.62))


@kind("dice", "dice:4, die:1", weight=0.9)
def dice(m: Maker) -> None:
    body, dot, w = m.slot("plastic", main=True), m.slot("paint", "white", "black"), m.u(0.05, 0.1)
    m.add(body, block(w, w, w, w * 0.12))
    d, t = w * 0.085, w * 0.02
    top = m.pick([(0, 0)], [(-0.22, -0.22), (0.22, 0.22)], [(-0.24, -0.24), (0, 0), (0.24, 0.24)])
    m.add(dot, *[prism(d, t, 6).at(x * w, y * w, w) for x, y in top])
    for x, z in ((-0.22, -0.22), (0.22, -0.22), (-0.22, 0.22), (0.22, 0.22)):
        m.add(dot, prism(d, t, 6).turn("x", 90).at(x * w, -w / 2, w / 2 + z * w))
    m.add(dot, *[prism(d, t, 6).turn("y", 90).at(w / 2, y * w, w / 2 + z * w) for y, z in ((-0.2, -0.2), (0.2, 0.2))])


@kind("crown", "crown:4, king crown:1, golden crown:1", weight=1.0)
@called("golden crown", plain=True)
def crown(m: Maker, plain: bool = False) -> None:
    gold, gem = m.slot("gold" if plain else m.pick("gold", "gold", "silver"), main=not plain), m.slot("gem")
    r, points = m.u(0.09, 0.11), m.pick(5, 6, 8)
    n, h, t, flare = points * 2, m.u(0.08, 0.13), 0.012, m.u(1.05, 1.25)
    part = lathe([(r, 0), (r * flare, h), (r * flare - t, h), (r - t, 0.001)], n, 0)

    def notch(v: Array) -> Array:
        v[(v[:, 2] > h * 0.5) & (np.cos(np.arctan2(v[:, 1], v[:, 0]) * points) < 0), 2] = h * 0.5
        return v

    m.add(gold, part.bend(notch))
    m.around(gem, points, ico(r * 0.12, 0).at(r * 1.04, 0, h * 0.16))
    if m.chance(0.6):
        m.around(gold, points, ico(r * 0.11, 0).at(r * flare, 0, h * 0.96))


@kind("ring_jewel", "ring:3, golden ring:1, necklace:1, amulet:1", weight=0.8)
@called("golden ring", golden=True)
def jewel(m: Maker, golden: bool = False) -> None:
    gold = m.slot("gold" if golden else m.pick("gold", "silver"), main=not golden)
    gem, r, n = m.slot("gem", main=True), 0.01, m.pick(10, 12)
    m.add(gold, ring(r, r * 0.17, n, 5).along("y").at(0, 0, r * 1.17))
    m.add(gold, prism(r * 0.32, r * 0.22, 6, 1.3).at(0, 0, r * 2.2))
    m.add(gem, lathe([(r * 0.38, 0), (r * 0.5, r * 0.22), (r * 0.28, r * 0.42)], 6).at(0, 0, r * 2.4))


@jewel.noun("necklace", "amulet")
def necklace(m: Maker) -> None:
    gold, gem = m.slot(m.pick("gold", "silver"), main=True), m.slot("gem", main=True)
    m.add(gold, ring(0.1, 0.006, 16, 4).along("y").at(0, 0, 0.15))
    m.add(gold, prism(0.03, 0.014, 8).turn("x", 90).at(0, 0.007, 0.03))
    m.add(gem, lathe([(0.022, 0), (0.013, 0.012)], 6).turn("x", 90).at(0, -0.006, 0.03))


@kind("heart", "heart:3, star:3", weight=0.8)
def heart(m: Maker) -> None:
    slot, r = m.slot("paint", "red", "pink", main=True), m.u(0.15, 0.3)
    t, shape = r * m.u(0.35, 0.6), pairs("0,0 0.62,0.62 0.98,1.1 0.98,1.45 0.72,1.74 0.36,1.74")
    shape += pairs("0,1.45 -0.36,1.74 -0.72,1.74 -0.98,1.45 -0.98,1.1 -0.62,0.62")
    m.add(slot, extrude([(x * r, z * r) for x, z in shape], t))


@heart.noun("star")
def star_toy(m: Maker) -> None:
    slot, r = m.slot("paint", "yellow", main=True), m.u(0.15, 0.3)
    t = r * m.u(0.35, 0.6)
    outline = []
    for k in range(10):
        angle, s = math.pi / 2 + math.pi * k / 5, r * (1.0 if k % 2 == 0 else m.pick(0.45, 0.5))
        outline.append((s * math.cos(angle), r + s * math.sin(angle)))
    m.add(slot, extrude(outline, t))


@kind("drum", "drum:2, guitar:3, bell:3, horn:1, piano:2", weight=1.0)
def drum(m: Maker) -> None:
    red, skin = m.slot("paint", main=True), m.slot("paper")
    r, h, n = m.u(0.18, 0.28), m.u(0.2, 0.35), m.pick(10, 12)
    m.add(red, prism(r, h, n))
    m.add(skin, prism(r * 0.96, 0.02, n).at(0, 0, h))
    m.add(m.slot("gold"), ring(r * 1.02, r * 0.07, n, 4).at(0, 0, 0.02), ring(r * 1.02, r * 0.07, n, 4).at(0, 0, h))


@drum.noun("horn")
def horn(m: Maker) -> None:
    path = triples("0,0,0.02 0.14,0,0.05 0.26,0,0.16 0.3,0,0.32")
    m.add(m.slot(m.pick("bone", "gold"), main=True), tube(path, [0.015, 0.03, 0.045, 0.07], 8))


@drum.noun("bell")
def bell(m: Maker) -> None:
    gold, r, n = m.slot(m.pick("gold", "bronze", "iron"), main=True), m.u(0.12, 0.3), m.pick(8, 10, 12)
    m.add(gold, lathe(pairs("1,0 0.8,0.35 0.6,1.1 0.35,1.45 0.15,1.5", r), n))
    m.add(gold, ico(r * 0.22, 0).at(0, 0, -r * 0.22), ring(r * 0.16, r * 0.06, 6, 4).along("y").at(0, 0, r * 1.6))


@drum.noun("guitar")
def guitar(m: Maker) -> None:
    wood, dark, metal = m.slot("wood", main=True), m.slot("wood", "dark"), m.slot("metal")
    a = pairs("-0.12,0 0.12,0 0.19,0.08 0.19,0.18 0.12,0.28 0.15,0.38")
    a += pairs("0.1,0.46 -0.1,0.46 -0.15,0.38 -0.12,0.28 -0.19,0.18 -0.19,0.08")
    m.add(wood, extrude(a, 0.09))
    m.add(dark, prism(0.05, 0.01, 8).turn("x", 90).at(0, -0.045, 0.29), box(0.045, 0.03, 0.5).at(0, -0.04, 0.42))
    m.add(dark, box(0.08, 0.03, 0.12).at(0, -0.035, 0.92), box(0.12, 0.015, 0.03).at(0, -0.05, 0.12))
    m.both(metal, box(0.03, 0.02, 0.02).at(0.05, -0.035, 0.95), box(0.03, 0.02, 0.02).at(0.05, -0.035, 0.99))


@drum.noun("piano")
def piano(m: Maker) -> None:
    wood = m.slot("wood", "dark", main=True) if m.chance(0.6) else m.slot("paint", "black", main=True)
    white, black, w = m.slot("paint", "white"), m.slot("paint", "black"), 1.4
    m.add(wood, box(w, 0.35, 1.15).at(0, 0.2), box(w, 0.32, 0.1).at(0, -0.12, 0.62))
    m.add(wood, box(w * 1.03, 0.4, 0.05).at(0, 0.2, 1.15))
    m.both(wood, box(0.09, 0.28, 0.62).at(w / 2 - 0.05, -0.12))
    m.add(white, box(w * 0.9, 0.2, 0.03).at(0, -0.14, 0.72))
    m.add(black, *row(box(0.04, 0.12, 0.025).at(0, -0.09, 0.75), 9, x=w * 0.095))


@kind("ball_toy", "ball:4, football:1, beach ball:1, basketball:1", weight=0.8)
@called("basketball", colors=("orange",))
@called("football", colors=("white",))
def toy_ball(m: Maker, colors: Colors = ()) -> None:
    a, r = m.slot("plastic", *colors, main=True), m.u(0.1, 0.2)
    m.add(a, ico(r, 1) if m.chance(0.5) else ball(r, m.pick(8, 10, 12), m.pick(4, 5)))


@toy_ball.noun("beach ball")
def beach_ball(m: Maker) -> None:
    a, r = m.slot("plastic", main=True), m.u(0.1, 0.2)
    b, part = m.slot("plastic", "white", "yellow"), ball(r, 12, 5)
    slots = []
    for c in np.split(part.corners, np.cumsum(part.counts)[:-1]):
        x, y = part.vertices[c][:, 0].mean(), part.vertices[c][:, 1].mean()
        slots.append(a if int((math.atan2(y, x) + math.pi) / (math.pi / 3)) % 2 else b)
    m.parts.append((part, np.array(slots, np.int32)))


@kind("toy_block", "gift:3, present:3, gift box:1", weight=0.9)
def gift(m: Maker) -> None:
    paper, ribbon = m.slot("paint", main=True), m.slot("cloth")
    w, d, h = m.u(0.25, 0.5), m.u(0.25, 0.5), m.u(0.2, 0.4)
    m.add(paper, box(w, d, h * 0.8), box(w * 1.06, d * 1.06, h * 0.2).at(0, 0, h * 0.8))
    t = w * 0.14
    m.add(ribbon, box(t, d * 1.08, h * 1.02), box(w * 1.08, t, h * 1.025))
    loop = ring(w * 0.13, w * 0.045, 8, 4, t).along("y").turn("y", 50)
    m.both(ribbon, loop.at(w * 0.13, 0, h * 1.08))
    m.add(ribbon, block(t * 0.9, t * 0.9, t * 0.7, t * 0.15).at(0, 0, h))


@kind("scroll", "scroll:4, map:2, letter:1, paper scroll:1", weight=0.9)
@called("map", marked=True)
def scroll(m: Maker, marked: bool = False) -> None:
    paper, wood, w = m.slot("paper"), m.slot("wood"), m.u(0.2, 0.35)
    r = w * 0.09
    if marked or m.chance(0.5):
        m.say("open")
        length = w * m.u(1.0, 1.5)
        m.add(paper, box(w * 0.9, length, r * 0.3).at(0, 0, r * 0.7))
        for y in (-length / 2, length / 2):
            m.add(paper, prism(r, w * 0.92, 8).along("x").at(-w * 0.46, y, r))
            m.add(wood, prism(r * 0.5, w * 1.2, 6).along("x").at(-w * 0.6, y, r))
        if marked:
            red = m.slot("paint", "red")
            m.add(red, box(w * 0.12, w * 0.03, r * 0.2).turn("z", 45).at(w * 0.2, w * 0.2, r))
            m.add(red, box(w * 0.12, w * 0.03, r * 0.2).turn("z", -45).at(w * 0.2, w * 0.2, r))
    else:
        m.add(paper, prism(r * 1.6, w, 8).along("x").at(-w / 2, 0, r * 1.6))
        m.add(m.slot("cloth", "red", "blue"), prism(r * 1.75, w * 0.12, 8).along("x").at(-w * 0.06, 0, r * 1.6))


@scroll.noun("letter")
def letter(m: Maker) -> None:
    paper, w = m.slot("paper"), m.u(0.2, 0.35)
    m.add(paper, box(w, w * 0.65, w * 0.03))
    m.add(paper, extrude(pairs("-0.5,0.32 0,-0.05 0.5,0.32", w), w * 0.02).turn("x", -90).at(0, 0, w * 0.04))
    m.add(m.slot("wax", "red"), prism(w * 0.06, w * 0.03, 8).at(0, 0, w * 0.04))


@kind("sand_castle", "sandcastle:1, lighthouse toy:0.1, trophy:3", weight=0.6)
def sandcastle(m: Maker) -> None:
    sand = m.slot("straw", name="Sand")
    m.call("sandcastle")
    m.add(sand, prism(0.5, 0.18, 10, 0.85), prism(0.2, 0.4, 8, 0.85).at(0, 0, 0.15))
    m.around(sand, 4, prism(0.11, 0.32, 8, 0.85).at(0.3, 0, 0.12), 45)
    m.add(sand, lathe([(0.2, 0), (0, 0.2)], 8).at(0, 0, 0.55))
    m.around(sand, 4, lathe([(0.12, 0), (0, 0.14)], 8).at(0.3, 0, 0.44), 45)


@sandcastle.noun("trophy")
def trophy(m: Maker) -> None:
    gold, base = m.slot(m.pick("gold", "silver", "bronze"), main=True), m.slot(m.pick("wood", "stone"))
    h, n = m.u(0.25, 0.4), m.pick(8, 10, 12)
    r = h * 0.24
    m.add(base, box(r * 1.7, r * 1.7, h * 0.16, top=(0.9, 0.9)))
    m.add(gold, lathe(pairs("0.6,0.16 0.18,0.24 0.18,0.42 0.8,0.58 1,1 0.88,1 0.6,0.64", r, h), n))
    m.both(gold, tube(triples("0.92,0,0.92 1.45,0,0.88 1.35,0,0.66 0.82,0,0.6", r, 1, h), r * 0.09, 5))
