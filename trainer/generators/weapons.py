"""Weapons and armour: upright along z, flat sides to the front, as game packs keep them."""

import math

import numpy as np

from .base import Maker, called, kind
from .outlines import pairs
from .parts import Part, block, box, extrude, lathe, loft, prism, profile, ring, slab, steps, tube
from .rounds import ball, dome, ico
from .tools import axe_head


def blade_part(w: float, length: float, thick: float, tip: float) -> Part:
    """A double-edged blade with a ridge: a diamond section that narrows to a point."""
    rings = np.zeros((3, 4, 3))
    for k, (f, grow) in enumerate(((0.0, 1.0), (0.5, 0.96), (1 - tip, 0.86))):
        a = w / 2 * grow
        rings[k] = [(-a, 0, f * length), (0, -thick / 2, f * length), (a, 0, f * length), (0, thick / 2, f * length)]
    return loft(rings, "cap", "tip", [(0, 0, length)])


@kind("sword", "sword:9, longsword:1, blade:1, short sword:1, broadsword:1", weight=2.0)
@called("short sword", short=True)
def sword(m: Maker, short: bool = False) -> None:
    steel = m.slot(m.pick("steel", "steel", "metal", "gold", "iron"), main=True)
    guard, grip = m.slot(m.pick("gold", "iron", "bronze", "metal")), m.slot(m.pick("leather", "wood"))
    length = m.u(0.65, 1.05)
    if short:
        length = m.u(0.45, 0.55)
    elif length > 0.95:
        m.say("long")
    w, t, gh = length * m.u(0.07, 0.12), length * m.u(0.03, 0.045), length * m.u(0.2, 0.27)
    m.add(grip, prism(t * 0.75, gh, 6))
    curve = [(t * 0.6, 0), (t * 1.2, t * 0.8), (t * 0.7, t * 1.8)]
    m.add(guard, m.pick(ico(t * 1.2, 0), lathe(curve, 6), block(t * 2, t * 1.6, t * 1.8, t * 0.3)).at(0, 0, -t * 1.6))
    wide, style = w * m.u(2.0, 3.2), m.pick("straight", "straight", "curved", "block")
    if style == "straight":
        m.add(guard, box(wide, t * 1.5, t * 1.3).at(0, 0, gh))
    elif style == "curved":
        a = wide / 2
        outline = pairs("-1,1.6 -0.5,0 0.5,0 1,1.6 0.9,2.6 0.45,1.4 -0.45,1.4 -0.9,2.6", a, t)
        m.add(guard, extrude(outline, t * 1.4).at(0, 0, gh))
    else:
        m.add(guard, slab(wide * 0.8, t * 2, t * 1.6, t * 0.6).at(0, 0, gh))
    z = gh + t * 1.2
    if m.chance(0.7):
        m.add(steel, blade_part(w, length, t, m.u(0.1, 0.2)).at(0, 0, z))
    else:
        a = w / 2
        m.add(steel, extrude(pairs("-1,0 1,0 1,0.86 0,1 -1,0.86", a, length), t * 0.7).at(0, 0, z))


@kind("curved_sword", "scimitar:2, katana:2, cutlass:1, sabre:1, curved sword:2", weight=0.8)
@called("katana", slim=True)
def curved_sword(m: Maker, slim: bool = False) -> None:
    steel, guard, grip = m.slot("steel", main=True), m.slot(m.pick("gold", "iron")), m.slot("leather")
    length, bend = m.u(0.65, 0.9), m.u(0.1, 0.22)
    w, t, n = length * m.u(0.07, 0.1), length * 0.035, 5
    left, right = [], []
    for k in range(n):
        f = k / (n - 1)
        x = bend * length * f * f
        half = w / 2 * (0.7 if slim else 0.8 + 0.5 * math.sin(math.pi * min(1, f * 1.1))) * (1 if k < n - 1 else 0.6)
        left.append((x - half, f * length * 0.9))
        right.append((x + half, f * length * 0.9))
    outline = [*right, (bend * length * 1.2, length), *reversed(left)]
    gh = length * 0.25
    m.add(steel, extrude(outline, t).at(0, 0, gh + t))
    m.add(grip, prism(t * 0.8, gh, 6))
    m.add(guard, prism(w * 1.0, t * 0.9, 8).at(0, 0, gh) if slim else box(w * 2.2, t * 2, t * 1.2).at(0, 0, gh))
    m.add(guard, prism(t * 1.1, t * 1.2, 6).at(0, 0, -t))


@kind("dagger", "dagger:4, knife:3, kitchen knife:1")
def dagger(m: Maker) -> None:
    steel, grip, length, w, t, gh = _hilt(m)
    guard = m.slot(m.pick("gold", "iron"))
    m.add(grip, prism(t * 0.9, gh, 6))
    m.add(guard, box(w * 2, t * 2, t * 1.6).at(0, 0, gh), ico(t * 1.3, 0).at(0, 0, -t * 1.6))
    m.add(steel, blade_part(w, length, t * 1.2, 0.25).at(0, 0, gh + t * 1.4))


def _hilt(m: Maker) -> tuple[int, int, float, float, float, float]:
    """Slots of blade and grip; length, width and thickness of the blade, length of the grip."""
    steel, grip = m.slot("steel", main=True), m.slot(m.pick("wood", "leather", "plastic"))
    length = m.u(0.18, 0.3)
    return steel, grip, length, length * m.u(0.14, 0.22), length * 0.06, length * m.u(0.42, 0.55)


@dagger.noun("knife", "kitchen knife")
def knife(m: Maker) -> None:
    steel, grip, length, w, t, gh = _hilt(m)
    m.add(grip, block(w * 0.7, t * 1.6, gh, t * 0.3))
    m.add(steel, extrude(pairs("-0.4,0 0.6,0 0.6,0.6 -0.4,1", w, length), t * 0.8).at(0, 0, gh))


@kind("mace", "mace:3, club:2, morningstar:1", weight=0.8)
def mace(m: Maker) -> None:
    wood, iron, h = m.slot("wood"), m.slot(m.pick("iron", "steel", "gold"), main=True), m.u(0.5, 0.8)
    r = h * 0.035
    m.add(wood, prism(r, h, 6))
    big = h * m.u(0.12, 0.16)
    z = h + big * 0.5
    m.add(iron, ball(big, 8, 3).at(0, 0, z - big))
    spike = lathe([(big * 0.25, 0), (0, big * 0.75)], 4).along("x").at(big * 0.85, 0, 0)
    m.around(iron, 6, spike.at(0, 0, z))
    m.add(iron, lathe([(big * 0.25, 0), (0, big * 0.75)], 4).at(0, 0, z + big * 0.9))


@mace.noun("club")
def club(m: Maker) -> None:
    wood, iron, h = m.slot("wood"), m.slot(m.pick("iron", "steel", "gold"), main=True), m.u(0.5, 0.8)
    r = h * 0.035
    m.add(wood, lathe(pairs("0.9,0 1,0.3 2.4,0.85 1.8,1", r, h), 8))
    m.around(iron, 4, lathe([(r * 0.5, 0), (0, r * 1.6)], 4).along("x").at(r * 2.0, 0, h * 0.8))


@kind("spear", "spear:4, lance:1, halberd:2, trident:2, pitchfork:2", weight=1.1)
@called("halberd", axe=True)
def spear(m: Maker, axe: bool = False) -> None:
    wood, steel, h = m.slot("wood"), m.slot(m.pick("steel", "iron", "gold", "bronze"), main=True), m.u(1.4, 1.9)
    r = h * 0.017
    m.add(wood, prism(r, h, 6))
    m.add(steel, blade_part(h * m.u(0.05, 0.075), h * m.u(0.15, 0.22), r * 2.4, 0.6).at(0, 0, h))
    m.add(steel, prism(r * 1.5, h * 0.05, 6).at(0, 0, h - h * 0.045))
    if axe:
        m.add(steel, axe_head(h * 0.13, h * 0.16, r * 2.6).at(r, 0, h * 0.92))
        m.add(steel, lathe([(r * 1.2, 0), (0, h * 0.08)], 4).along("x").mirror(0).at(-r, 0, h * 0.92))
    elif m.chance(0.5):
        m.add(m.slot("cloth", "red", "blue"), prism(r * 1.8, h * 0.05, 6).at(0, 0, h * 0.87))


@spear.noun("trident", "pitchfork")
def trident(m: Maker) -> None:
    wood, steel, h = m.slot("wood"), m.slot(m.pick("steel", "iron", "gold", "bronze"), main=True), m.u(1.4, 1.9)
    r = h * 0.017
    m.add(wood, prism(r, h, 6))
    w, prong = h * m.u(0.1, 0.14), h * 0.18
    m.add(steel, box(2 * w, r * 2, r * 2).at(0, 0, h), prism(r * 1.4, prong * 0.3, 6).at(0, 0, h - prong * 0.2))
    for x in (-w + r, 0, w - r):
        m.add(steel, lathe([(r * 0.9, 0), (r * 0.9, prong * 0.7), (0, prong)], 4).at(x, 0, h + r * 2))


@kind("shield", "shield:8, round shield:2, knight shield:1, wooden shield:1", weight=1.6)
@called("wooden shield", wooden=True)
@called("round shield", round_=True)
def shield(m: Maker, wooden: bool = False, round_: bool = False) -> None:
    face = m.slot("wood" if wooden or m.chance(0.5) else m.pick("paint", "metal"), main=True)
    rim = m.slot(m.pick("iron", "gold", "metal", "bronze"))
    style = "round" if round_ else m.pick("round", "heater", "heater", "tower")
    t = 0.05
    if style == "round":
        m.say("round")
        r, n = m.u(0.32, 0.45), m.pick(10, 12, 16)
        m.add(face, lathe(pairs("0.95,0 0.95,0.6 0.5,1.6 0,1.9", r, t), n).turn("x", 90).at(0, 0, r))
        m.add(rim, ring(r, t * 0.6, n, 4).along("y").at(0, -t * 0.2, r))
        m.add(rim, dome(r * 0.28, t * 1.5, 8, 2).turn("x", 90).at(0, -t * 1.5, r))
        return
    w, h = m.u(0.5, 0.65), m.u(0.65, 0.85)
    a = w / 2
    if style == "heater":
        outline = [(-a, h), (-a, h * 0.5), (-a * 0.62, h * 0.2), (0, 0), (a * 0.62, h * 0.2), (a, h * 0.5), (a, h)]
    else:
        m.say("tall")
        h *= 1.3
        outline = [(-a, h), (-a, h * 0.06), (0, 0), (a, h * 0.06), (a, h), (0, h * 1.05)]
    m.add(rim, extrude(outline, t))
    middle = (0, h * 0.52)
    m.add(face, extrude([(x * 0.84, middle[1] + (z - middle[1]) * 0.86) for x, z in outline], t).at(0, -t * 0.5))
    sign, other, y = m.pick("cross", "boss", "bar", "none"), m.slot(m.pick("paint", "gold")), -t * 1.02
    if sign == "cross":
        m.add(other, box(w * 0.13, t * 0.6, h * 0.62).at(0, y, h * 0.24))
        m.add(other, box(w * 0.56, t * 0.5, h * 0.1).at(0, y, h * 0.56))
    elif sign == "boss":
        m.add(rim, dome(w * 0.2, t * 2, 8, 2).turn("x", 90).at(0, y, h * 0.55))
    elif sign == "bar":
        m.add(other, box(w * 0.2, t * 0.6, h * 0.66).at(0, y, h * 0.22))


@kind("bow", "bow:5, longbow:1, bow and arrow:1", weight=1.1)
@called("bow and arrow", arrow=True)
def bow(m: Maker, arrow: bool = False) -> None:
    wood, string, grip = m.slot("wood", main=True), m.slot("cloth", "white", "beige"), m.slot("leather")
    h, deep = m.u(0.9, 1.3), m.u(0.18, 0.3)
    r = h * 0.018
    bend = [(0.06, 0.0), *[(deep * (1 - (2 * f - 1) ** 2), f) for f in (0.1, 0.28, 0.5, 0.72, 0.9)], (0.06, 1.0)]
    m.add(wood, tube([(x, 0, f * h) for x, f in bend], [r * 0.6, r * 0.8, r, r * 1.1, r, r * 0.8, r * 0.6], 6))
    m.add(string, tube([(0.06, 0, r), (0.06, 0, h - r)], r * 0.4, 4))
    m.add(grip, prism(r * 1.6, h * 0.12, 6).at(deep, 0, h * 0.44))
    if arrow or m.chance(0.2):
        m.add(wood, prism(r * 0.5, h * 0.6, 5).along("x").at(0.06, 0, h / 2))
        m.add(m.slot("steel"), lathe([(r * 1.4, 0), (0, h * 0.06)], 4).along("x").at(0.06 + h * 0.6, 0, h / 2))


@kind("crossbow", "crossbow:1", weight=0.6)
def crossbow(m: Maker) -> None:
    wood, iron, string = m.slot("wood", main=True), m.slot("iron"), m.slot("cloth", "beige")
    length, span = m.u(0.6, 0.8), m.u(0.55, 0.8)
    m.add(wood, profile(pairs("-0.5,0 0.5,-0.06 0.5,0.06 0.1,0.05 -0.5,0.05", length, 1), 0.06))
    y = -length * 0.45
    path = [(-span / 2, y + 0.16, 0.06), (-span * 0.3, y + 0.04, 0.06), (0, y, 0.06), (span * 0.3, y + 0.04, 0.06)]
    path += [(span / 2, y + 0.16, 0.06)]
    m.add(iron, tube(path, [0.014, 0.02, 0.026, 0.02, 0.014], 4))
    m.both(string, tube([(span / 2 - 0.01, y + 0.16, 0.065), (0, length * 0.08, 0.065)], 0.01, 4))
    m.add(iron, box(0.03, 0.1, 0.04).at(0, 0.12, -0.05))
    m.add(iron, lathe([(0.012, 0), (0.012, 0.4), (0, 0.46)], 4).turn("x", 90).at(0, 0.05, 0.075))


@kind("arrow", "arrow:1", weight=0.6)
def arrow(m: Maker) -> None:
    wood, steel = m.slot("wood", main=True), m.slot("steel")
    feather, h = m.slot("cloth", "white", "red", "blue", "green", main=True), m.u(0.6, 0.8)
    r = h * 0.018
    m.add(wood, prism(r, h, 6))
    m.add(steel, lathe([(r * 2.6, 0), (0, h * 0.13)], 4).at(0, 0, h))
    fin = extrude([(0, 0), (h * 0.06, -h * 0.02), (h * 0.06, h * 0.12), (0, h * 0.16)], r * 0.7)
    m.around(feather, 3, fin.at(r * 0.8, 0, h * 0.04))


@kind("staff", "staff:3, wizard staff:2, magic wand:2, wand:1, scepter:1", weight=1.0)
@called("magic wand", "wand", "scepter", short=True)
def staff(m: Maker, short: bool = False) -> None:
    wood, gem = m.slot(m.pick("wood", "gold"), main=True), m.slot("gem", main=True)
    trim = m.slot(m.pick("gold", "iron"))
    h = m.u(0.35, 0.55) if short else m.u(1.2, 1.6)
    r = h * (0.03 if short else 0.02)
    m.add(wood, prism(r, h, 6, 1.15))
    big = h * (0.09 if short else m.u(0.05, 0.07))
    m.add(trim, prism(r * 1.7, big * 0.6, 6).at(0, 0, h - big * 0.2))
    shape = m.pick("ball", "crystal", "claw")
    if shape == "ball":
        m.add(gem, ico(big, 1).at(0, 0, h + big * 0.3))
    else:
        m.add(gem, lathe([(0, 0), (big * 0.8, big * 0.9), (0, big * 2.6)], 6).at(0, 0, h + big * 0.2))
    if shape != "crystal":
        for k in range(3):
            path = [(r, 0, h), (big * 1.35, 0, h + big * 0.9), (big * 0.9, 0, h + big * 2.1)]
            m.add(wood if shape == "claw" else trim, tube(path, [r * 0.8, r * 0.6, r * 0.3], 5).turn("z", 120 * k))


@kind("gun", "pistol:3, gun:2, blaster:2, rifle:2", weight=1.0)
@called("rifle", long=True)
@called("blaster", glowing=True)
def gun(m: Maker, long: bool = False, glowing: bool = False) -> None:
    metal, grip = m.slot(m.pick("metal", "iron", "paint"), main=True), m.slot(m.pick("wood", "plastic"))
    length = m.u(0.22, 0.3)
    h, t, barrel = length * 0.22, length * 0.13, length * (1.9 if long else 1.0)
    m.add(metal, block(t, barrel * 0.62, h, t * 0.15).at(0, barrel * 0.05, length * 0.55))
    m.add(metal, prism(t * 0.36, barrel * 0.5, 8).along("y").at(0, -barrel * 0.72, length * 0.55 + h * 0.62))
    m.add(grip, profile(pairs("0,0 0.2,0 0.1,0.58 -0.1,0.58", length), t * 0.9).at(0, barrel * 0.2, 0))
    m.add(metal, box(t * 0.3, length * 0.05, length * 0.14).at(0, barrel * 0.2 - length * 0.2, length * 0.43))
    if long:
        side = [(0, 0), (length * 0.7, -length * 0.2), (length * 0.7, length * 0.1), (0, h)]
        m.add(grip, profile(side, t * 0.9).at(0, barrel * 0.34, length * 0.55))
    if glowing:
        glow = m.slot("glow", "green", "red", "screen")
        part = ring(t * 0.5, t * 0.16, 8, 4).along("y").at(0, -barrel * 0.34, length * 0.55 + h * 0.62)
        m.add(glow, *steps(part, 3, y=-barrel * 0.12))


@kind("cannon", "cannon:5, pirate cannon:1", weight=1.4)
def cannon(m: Maker) -> None:
    iron, wood = m.slot(m.pick("iron", "bronze"), main=True), m.slot("wood")
    length, r, n = m.u(1.1, 1.6), m.u(0.16, 0.22), m.pick(8, 8, 10)
    wr = r * m.u(1.2, 1.6)
    z = wr + r * 1.4
    tilt = m.pick(90, 90, 82)  # whatever lies straight is told in half the words
    curve = [(0, -r * 0.9), (r * 0.5, -r * 0.5), (r, 0), (r * 0.95, length * 0.3), (r * 0.72, length * 0.85)]
    curve += [(r * 0.92, length * 0.88), (r * 0.92, length), (r * 0.5, length), (r * 0.5, length * 0.8)]
    barrel = lathe(curve, n)
    m.add(iron, barrel.at(0, 0, -length * 0.35).turn("x", tilt).at(0, 0, z))
    side = pairs("-0.3,0 0.55,0 0.55,0.6 0.05,1.9 -0.3,1.9", length, r)
    m.both(wood, profile(side, r * 0.4).at(r * 1.3, 0, wr * 0.75))
    m.add(wood, box(r * 2.3, r * 0.8, r * 0.5).at(0, length * 0.35, wr * 0.8))
    axle = m.slot("iron")
    for y in (-length * 0.15, length * 0.4):
        rr = wr if y < 0 else wr * 0.75
        m.both(wood, prism(rr, r * 0.45, 10).along("x").at(r * 1.6, y, rr))
        m.both(axle, prism(rr * 0.3, r * 0.2, 6).along("x").at(r * 2.0, y, rr))


@kind("bomb", "bomb:5, grenade:1", weight=1.0)
def bomb(m: Maker) -> None:
    body, rope = m.slot("paint", "black", "red", "grey", main=True), m.slot("straw", name="Fuse")
    flame, r = m.slot("glow", "flame"), m.u(0.12, 0.2)
    m.add(body, ball(r, m.pick(8, 10, 12), m.pick(4, 5)))
    m.add(m.slot("iron"), prism(r * 0.3, r * 0.26, 8).at(0, 0, r * 1.93))
    m.add(rope, tube([(0, 0, r * 2.1), (r * 0.1, 0, r * 2.5), (r * 0.4, 0, r * 2.75)], r * 0.07, 5))
    if m.chance(0.6, "lit"):
        m.add(flame, ico(r * 0.16, 0).at(r * 0.46, 0, r * 2.65))


@kind("helmet", "helmet:5, knight helmet:1, viking helmet:2", weight=1.0)
@called("viking helmet", viking=True)
def helmet(m: Maker, viking: bool = False) -> None:
    steel = m.slot(m.pick("steel", "iron", "gold", "bronze"), main=True)
    trim, r, n = m.slot(m.pick("gold", "iron", "leather")), m.u(0.14, 0.17), m.pick(8, 10, 12)
    h = r * m.u(1.1, 1.4)
    deep = 0.03 if viking else r * m.u(0.6, 1.2)
    m.add(steel, prism(r, deep, n), dome(r, h * (0.85 if viking else 0.75), n, 3).at(z=deep))
    m.add(trim, ring(r * 1.02, r * 0.08, n, 4).at(z=deep * (0.5 if viking else 1.0)))
    if viking:
        bone = m.slot("bone")
        path = [(r * 0.8, 0, deep + r * 0.3), (r * 1.6, 0, deep + r * 0.45), (r * 1.95, 0, deep + r * 1.2)]
        m.both(bone, tube(path, [r * 0.24, r * 0.18, 0.01], 6, tip=True))
        m.add(trim, box(r * 0.2, r * 0.12, r * 0.6).at(0, -r, -r * 0.3))
    else:
        m.add(m.slot("paint", "black", name="Visor"), box(r * 1.5, r * 0.3, r * 0.2).at(0, -r * 0.9, deep * 0.75))
        if m.chance(0.5):
            side = [(-r * 0.5, 0), (r * 1.1, -r * 0.3), (r * 0.9, r * 0.5), (0, r * 0.6)]
            m.add(m.slot("cloth", "red", "blue", "purple"), profile(side, r * 0.2).at(0, 0, deep + h * 0.7))
