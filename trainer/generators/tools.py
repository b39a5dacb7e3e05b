"""Weapons and tools: upright along z, flat sides to the front, as game packs keep them."""

import numpy as np

from .base import Colors, Maker, called, kind
from .outlines import pairs
from .parts import Part, block, box, extrude, lathe, loft, prism, pyramid, ring, row, slab, tube
from .rounds import cube_ball


def axe_head(w: float, h: float, thick: float) -> Part:
    """A wedge to +x: thick at the eye, thin at the flaring edge. The edge is bent."""
    rings = np.zeros((3, 4, 3))
    for k, (x, half, t) in enumerate(((0.0, 0.3, 1.0), (0.55, 0.5, 0.6), (1.0, 1.0, 0.12))):
        a, b = h / 2 * half, thick / 2 * t
        rings[k] = [(x * w, -b, -a), (x * w, b, -a), (x * w, b, a), (x * w, -b, a)]
    return loft(rings)


@kind("axe", "axe:8, hatchet:1, battle axe:2, woodcutter axe:1", weight=1.6)
@called("hatchet", short=True)
@called("battle axe", double=True)
def axe(m: Maker, short: bool = False, double: bool = False) -> None:
    wood, steel, h = m.slot("wood"), m.slot(m.pick("steel", "iron", "metal", "gold"), main=True), m.u(0.5, 0.95)
    if short:
        h = m.u(0.35, 0.45)
    r = h * m.u(0.026, 0.036)
    m.add(wood, prism(r, h, 6))
    hw, hh, t, z = h * m.u(0.22, 0.3), h * m.u(0.24, 0.36), r * 2.6, h * 0.86
    m.add(steel, axe_head(hw, hh, t).at(r * 0.6, 0, z))
    if double or m.chance(0.25):
        m.say("double")
        m.add(steel, axe_head(hw, hh, t).at(r * 0.6, 0, z).mirror(0))
    else:
        m.add(steel, box(r * 2.6, t, hh * 0.32).at(-r * 1.4, 0, z - hh * 0.16))
    m.add(steel, prism(r * 1.5, hh * 0.34, 6).at(0, 0, z - hh * 0.17))
    if m.chance(0.5):
        m.add(m.slot("leather"), prism(r * 1.25, h * 0.2, 6).at(0, 0, h * 0.06))


@kind("hammer", "hammer:6, warhammer:2, mallet:2, sledgehammer:1", weight=1.4)
@called("hammer", styles=("block", "cylinder", "claw"))
@called("mallet", wooden=True)
def hammer(m: Maker, styles: Colors = ("block", "cylinder"), wooden: bool = False) -> None:
    wood = m.slot("wood")
    head = m.slot("wood" if wooden else m.pick("metal", "iron", "stone", "steel"), main=True)
    h = m.u(0.35, 0.9)
    r = h * m.u(0.03, 0.045)
    m.add(wood, prism(r, h, 6))
    w, t = h * m.u(0.3, 0.48), h * m.u(0.13, 0.2)
    z, style = h - t * 0.6, m.pick(*styles)
    if style == "block":
        m.add(head, block(w, t, t, t * 0.14).at(0, 0, z))
        if m.chance(0.5):
            band = box(w * 0.14, t * 1.14, t * 1.14).at(w * 0.36, 0, z - t * 0.07)
            m.both(m.slot(m.pick("gold", "iron", "steel")), band)
    elif style == "cylinder":
        m.add(head, prism(t * 0.55, w, 8).along("x").at(-w / 2, 0, z + t * 0.5))
        m.both(head, prism(t * 0.66, w * 0.22, 8).along("x").at(w * 0.32, 0, z + t * 0.5))
    else:
        m.add(head, prism(t * 0.32, w * 0.5, 8).along("x").at(0, 0, z + t * 0.4))
        m.add(head, prism(t * 0.42, w * 0.14, 8).along("x").at(w * 0.42, 0, z + t * 0.4))
        outline = [(0, -t * 0.2), (0, t * 0.3), (-w * 0.25, t * 0.2), (-w * 0.45, -t * 0.25), (-w * 0.25, -t * 0.05)]
        m.add(head, extrude(outline, t * 0.5).at(0.01, 0, z + t * 0.4))
    if m.chance(0.4):
        m.add(m.slot("leather"), prism(r * 1.3, h * 0.22, 6).at(0, 0, h * 0.05))


@kind("pickaxe", "pickaxe:6, pick:1", weight=1.2)
def pickaxe(m: Maker) -> None:
    wood, steel, h = m.slot("wood"), m.slot(m.pick("iron", "steel", "stone", "gold"), main=True), m.u(0.6, 0.9)
    r = h * m.u(0.03, 0.04)
    m.add(wood, prism(r, h, 6))
    w, drop, z, t = h * m.u(0.36, 0.46), h * m.u(0.1, 0.18), h * 0.9, r * 2.2
    outline = [(-w, z - drop), (-w * 0.5, z - drop * 0.1), (0, z + t * 0.1), (w * 0.5, z - drop * 0.1), (w, z - drop)]
    outline += [(w * 0.5, z + t * 0.9), (0, z + t * 1.3), (-w * 0.5, z + t * 0.9)]
    m.add(steel, extrude(outline, t * 0.8), box(r * 3.2, t * 1.25, t * 1.9).at(0, 0, z - t * 0.3))


@kind("shovel", "shovel:6, spade:2", weight=1.1)
@called("spade", square=True)
def shovel(m: Maker, square: bool = False) -> None:
    wood, steel, h = m.slot("wood"), m.slot(m.pick("steel", "iron", "metal"), main=True), m.u(0.8, 1.2)
    r, bh, bw = h * 0.02, h * m.u(0.24, 0.32), h * m.u(0.16, 0.22)
    a = bw / 2
    blade = [(-a, bh), (-a, bh * 0.4), (-a * 0.6, bh * 0.1), (0, 0), (a * 0.6, bh * 0.1), (a, bh * 0.4), (a, bh)]
    if square:
        blade = [(-a, bh), (-a, 0), (a, 0), (a, bh)]
    m.add(steel, extrude(blade, r * 1.2), lathe([(r * 1.6, 0), (r * 1.25, bh * 0.35)], 6).at(0, 0, bh * 0.75))
    m.add(wood, prism(r, h - bh, 6).at(0, 0, bh))
    if m.chance(0.6):
        m.add(wood, box(h * 0.14, r * 1.8, r * 1.8).at(0, 0, h))


@kind("broom", "broom:5, broomstick:1", weight=0.9)
def broom(m: Maker) -> None:
    wood, straw, rope = m.slot("wood", main=True), m.slot("straw"), m.slot("cloth", "red", "brown", "blue")
    h = m.u(1.0, 1.4)
    r, b = h * 0.018, h * m.u(0.24, 0.3)
    m.add(straw, lathe([(h * 0.1, 0), (h * 0.085, b * 0.5), (r * 1.8, b)], 8).scale(1, 0.6, 1))
    m.add(rope, prism(r * 2.2, h * 0.03, 8).at(0, 0, b * 0.93))
    m.add(wood, prism(r, h - b, 6).at(0, 0, b))


@kind("rake", "rake:2, hoe:2, scythe:2, mop:1", weight=0.8)
def rake(m: Maker) -> None:
    iron, h, r = _shaft(m)
    m.add(iron, box(h * 0.32, r * 1.8, r * 1.8).at(0, 0, h))
    m.add(iron, *row(box(r * 1.1, r * 1.1, h * 0.09).at(z=h - h * 0.09), 5, x=h * 0.07))


def _shaft(m: Maker) -> tuple[int, float, float]:
    """A long wooden one. Gives the slot of what it ends in, its height and radius."""
    wood, iron, h = m.slot("wood"), m.slot("iron", main=True), m.u(1.0, 1.4)
    m.add(wood, prism(h * 0.018, h, 6))
    return iron, h, h * 0.018


@rake.noun("hoe")
def hoe(m: Maker) -> None:
    iron, h, r = _shaft(m)
    m.add(iron, box(h * 0.14, r * 0.9, h * 0.13).at(0, -h * 0.1, h * 0.9))
    m.add(iron, box(r * 1.6, h * 0.11, r * 1.6).at(0, -h * 0.05, h))


@rake.noun("mop")
def mop(m: Maker) -> None:
    _, h, r = _shaft(m)
    curve = [(h * 0.14, 0), (h * 0.12, h * 0.1), (r * 2, h * 0.18)]
    m.add(m.slot("cloth", "white", "grey", "blue"), lathe(curve, 8).at(0, 0, -h * 0.14))


@rake.noun("scythe")
def scythe(m: Maker) -> None:
    wood, iron, h = m.slot("wood"), m.slot("iron", main=True), m.u(1.0, 1.4)
    r = h * 0.018
    m.add(wood, tube([(0, 0, 0), (0.05, 0, h * 0.5), (0, 0, h)], r, 6))
    m.add(wood, box(h * 0.12, r * 1.8, r * 1.8).at(h * 0.07, 0, h * 0.5))
    n = 5
    top = [(h * 0.55 * k / n, -h * 0.16 * (k / n) ** 1.8) for k in range(n + 1)]
    low = [(x, z - h * 0.07 * (1 - (k / n) ** 2)) for k, (x, z) in enumerate(top)][:-1]
    m.add(iron, extrude([*low, *reversed(top)], r * 1.2).at(0, 0, h * 0.98))


@kind("saw", "saw:3, hand saw:1", weight=0.7)
def saw(m: Maker) -> None:
    wood, steel = m.slot(m.pick("wood", "plastic"), main=True), m.slot("steel")
    w, t, n = m.u(0.45, 0.6), 0.018, 8
    h = w * m.u(0.2, 0.26)
    teeth: list[tuple[float, float]] = []
    for k in range(n):
        teeth += [(k / n * w, 0.0), ((k + 0.5) / n * w, -h * 0.18)]
    m.add(steel, extrude([*teeth, (w, 0.0), (w, h * 0.45), (0.0, h)], t))
    m.add(wood, block(w * 0.26, t * 3, h * 1.1, t).at(-w * 0.1, 0, -h * 0.1))


@kind("wrench", "wrench:3, spanner:1, screwdriver:2", weight=0.7)
def wrench(m: Maker) -> None:
    steel, h = m.slot("metal", main=True), m.u(0.2, 0.32)
    w, t = h * 0.12, h * 0.07
    m.add(steel, box(w, t, h * 0.7).at(0, 0, h * 0.12))
    jaw = pairs("-0.2,0 0.2,0 0.24,0.12 0.22,0.3 0.09,0.34 0.09,0.16 -0.09,0.16 -0.09,0.34 -0.22,0.3 -0.24,0.12")
    m.add(steel, extrude([(x * h, z * h) for x, z in jaw], t * 1.2).at(0, 0, h * 0.74))
    m.add(steel, ring(h * 0.1, h * 0.045, 8, 4, t * 1.2).along("y").at(0, 0, h * 0.08))


@wrench.noun("screwdriver")
def screwdriver(m: Maker) -> None:
    steel, h, grip = m.slot("metal", main=True), m.u(0.2, 0.32), m.slot("plastic", main=True)
    m.add(grip, lathe([(h * 0.06, 0), (h * 0.08, h * 0.1), (h * 0.06, h * 0.35), (h * 0.07, h * 0.42)], 8))
    m.add(steel, prism(h * 0.028, h * 0.5, 6).at(0, 0, h * 0.42), box(h * 0.08, h * 0.025, h * 0.08).at(0, 0, h * 0.92))


@kind("anvil", "anvil:5, blacksmith anvil:1", weight=1.1)
def anvil(m: Maker) -> None:
    iron = m.slot(m.pick("iron", "metal", "stone"), main=True)
    w, d, h = m.u(0.5, 0.7), m.u(0.2, 0.28), m.u(0.3, 0.42)
    m.add(iron, box(w * 0.62, d * 1.25, h * 0.2), box(w * 0.5, d, h * 0.14, top=(0.7, 0.7)).at(z=h * 0.2))
    m.add(iron, box(w * 0.36, d * 0.7, h * 0.3).at(z=h * 0.34))
    m.add(iron, box(w * 0.5, d * 0.8, h * 0.1, top=(1.3, 1.25)).at(z=h * 0.64))
    m.add(iron, box(w * 0.66, d, h * 0.26).at(z=h * 0.74))
    horn = pyramid(d * 0.9, h * 0.24, (0, h * 0.05, w * m.u(0.35, 0.5)))
    m.add(iron, horn.turn("y", 90).turn("x", 90).at(w * 0.33, 0, h * 0.88))
    if m.chance(0.5, "on a stump"):
        m.add(m.slot("bark"), prism(w * 0.38, h * 1.1, 8).at(0, 0, -h * 1.1))


@kind("boot", "boot:3, boots:2, shoe:2", weight=0.9)
@called("boots", pair=True)
@called("shoe", low=True)
def boot(m: Maker, pair: bool = False, low: bool = False) -> None:
    leather, sole = m.either(0.7, "leather", "cloth"), m.slot("rubber")
    length, w = m.u(0.24, 0.3), m.u(0.1, 0.12)
    h, t = length * (0.4 if low else m.u(0.9, 1.3)), length * 0.09
    shaft = slab(w * 0.95, length * 0.46, h, w * 0.25).at(0, length * 0.24, t)
    foot = block(w, length * 0.62, length * 0.3, w * 0.25).at(0, -length * 0.19, t)
    base = slab(w * 1.08, length * 1.04, t, w * 0.3)
    cuff = slab(w * 1.1, length * 0.54, h * 0.16, w * 0.28).at(0, length * 0.24, t + h * 0.86)
    put = m.both if pair else m.add
    shift = w * 0.8 if pair else 0
    put(leather, shaft.at(shift), foot.at(shift))
    put(sole, base.at(shift))
    if not low:
        put(m.slot("cloth"), cuff.at(shift))


@kind("hat", "hat:3, wizard hat:2, top hat:2, witch hat:1, cowboy hat:1", weight=1.0)
@called("top hat", tall=True)
@called("cowboy hat", bent=True)
def hat(m: Maker, tall: bool = False, bent: bool = False) -> None:
    """`bent`: its brim, up at the sides."""
    cloth, band = m.slot("cloth", main=True), m.slot("cloth", "red", "yellow", "black", "white")
    r, n = m.u(0.12, 0.16), m.pick(8, 10, 12)
    brim, t, h = r * m.u(1.6, 2.2), r * 0.12, r * (m.u(1.5, 2.0) if tall else m.u(0.8, 1.2))
    flare = 1.05 if tall else m.u(0.75, 0.95)
    part = lathe([(brim, 0), (brim, t), (r, t), (r * flare, h)], n)
    if bent:
        aside = abs(part.vertices[:, 0])
        part.vertices[:, 2] += (aside > r * 1.1) * aside * 0.35
    m.add(cloth, part)
    m.add(band, prism(r * 1.05, h * 0.2, n).at(z=t))


@hat.noun("wizard hat", "witch hat")
def wizard_hat(m: Maker) -> None:
    cloth, band = m.slot("cloth", main=True), m.slot("cloth", "red", "yellow", "black", "white")
    r, n = m.u(0.12, 0.16), m.pick(8, 10, 12)
    brim, t, h = r * m.u(1.6, 2.2), r * 0.12, r * m.u(2.4, 3.4)
    part = lathe([(brim, 0), (brim, t), (r, t * 1.6), (r * 0.45, h * 0.6), (0, h)], n)
    if m.chance(0.5):  # its tip hangs back
        part.vertices[:, 1] += (part.vertices[:, 2] / h) ** 3 * r
    m.add(cloth, part)
    m.add(band, prism(r * 1.06, r * 0.3, n, 0.94).at(z=t * 1.6))


@kind("pouch", "cushion:2, pillow:3", weight=0.6)
def pillow(m: Maker) -> None:
    cloth, w = m.slot("cloth", main=True), m.u(0.4, 0.7)
    m.add(cloth, cube_ball(w, w * m.u(0.6, 1.0), w * m.u(0.25, 0.4), m.pick(2, 3), m.u(0.4, 0.6)))
