"""People, robots and what is shaped like them, in few blocks. Faces look to -y."""

from dataclasses import dataclass

from .base import Maker, called, kind
from .outlines import pairs
from .parts import block, box, extrude, lathe, prism
from .rounds import ball, ico


@dataclass
class Figure:
    """Slots; the width, how high the hip is, the trunk's height, the head's and where it begins."""

    shirt: int
    hair: int
    w: float
    leg: float
    torso: float
    head: float
    top: float


def _figure(
    m: Maker, skin: int, shirt: int, trousers: int, high: tuple[float, float] = (1.6, 1.85),
    shares: tuple[float, float] = (0.42, 0.2), skirt: float = 0.0,
) -> Figure:  # fmt: skip
    """Legs and head are these `shares` of the height; `skirt` is how often it wears one. The head is still bare."""
    dark = m.slot("paint", "black", name="Dark")
    hair, h = m.slot("flesh", "brown", "black", "yellow", "orange", name="Hair"), m.u(*high)
    leg, torso, head, w = h * shares[0], h * 0.34, h * shares[1], h * m.u(0.2, 0.25)
    m.both(trousers, box(w * 0.42, w * 0.5, leg).at(w * 0.25))
    m.both(dark, box(w * 0.46, w * 0.78, h * 0.05).at(w * 0.25, -w * 0.12))
    if skirt and m.chance(skirt):
        m.add(shirt, box(w * 1.7, w * 1.3, leg * 0.6, top=(0.6, 0.5)).at(0, 0, leg * 0.5))
    m.add(shirt, box(w * 0.95, w * 0.58, torso, top=(1.15, 1.05)).at(0, 0, leg))
    m.both(shirt, box(w * 0.34, w * 0.42, torso * 0.85).at(w * 0.78, 0, leg + torso * 0.15))
    m.both(skin, box(w * 0.3, w * 0.36, torso * 0.2).at(w * 0.78, 0, leg - torso * 0.05))
    z = leg + torso
    m.add(skin, prism(w * 0.2, h * 0.03, 6).at(0, 0, z))
    m.add(skin, block(head * 0.85, head * 0.85, head, head * 0.14).at(0, 0, z + h * 0.025))
    top = z + h * 0.025
    m.both(dark, box(head * 0.12, head * 0.1, head * 0.14).at(head * 0.2, -head * 0.42, top + head * 0.5))
    return Figure(shirt, hair, w, leg, torso, head, top)


def _dressed(m: Maker) -> tuple[int, int, int]:
    """Skin, shirt and trousers."""
    skin, shirt = m.slot("flesh", "beige", "brown", name="Skin"), m.slot("cloth", main=True)
    return skin, shirt, m.slot("cloth", "blue", "brown", "black", "grey")


@kind("figure", "man:2, woman:2, person:2, knight:2, character:1, snowy gnome:1, skeleton:1", weight=0.7)
@called("woman", skirt=0.6, long=(1.1, 0.0))
def person(m: Maker, skirt: float = 0.0, long: tuple[float, float] = (0.5, 0.45)) -> None:
    """`long`: how far the hair falls, and where it ends, in heads."""
    f = _figure(m, *_dressed(m), skirt=skirt)
    head = f.head
    m.add(f.hair, block(head * 0.95, head * 0.9, head * 0.35, head * 0.1).at(0, head * 0.05, f.top + head * 0.75))
    m.add(f.hair, box(head * 0.93, head * 0.2, head * long[0]).at(0, head * 0.4, f.top + head * long[1]))


@person.noun("skeleton")
def skeleton(m: Maker) -> None:
    bone = m.slot("bone")
    _figure(m, bone, bone, bone)


@person.noun("knight")
def knight(m: Maker) -> None:
    f = _figure(m, m.slot("flesh", "beige", "brown", name="Skin"), m.slot("metal"), m.slot("metal", "dark"))
    w, torso, head = f.w, f.torso, f.head
    m.add(f.shirt, block(head, head, head * 0.7, head * 0.16).at(0, 0, f.top + head * 0.42))
    m.add(m.slot("steel"), box(w * 0.1, w * 0.06, torso * 1.4).at(-w * 0.8, -w * 0.4, f.leg))
    shield = extrude(pairs("-0.3,1 -0.3,0.4 0,0 0.3,0.4 0.3,1", w, torso), w * 0.1)
    m.add(m.slot("cloth", "red", "blue"), shield.at(w * 0.95, -w * 0.35, f.leg))


@person.noun("snowy gnome")
def gnome(m: Maker) -> None:
    m.call("gnome")
    f = _figure(m, *_dressed(m), high=(0.5, 0.8), shares=(0.2, 0.32))
    head, top = f.head, f.top
    m.add(m.slot("cloth", "red", "blue", "green"), prism(head * 0.62, head * 1.3, 8, 0).at(0, 0, top + head * 0.8))
    beard = box(head * 0.7, head * 0.2, head * 0.6, top=(1.2, 1))
    m.add(m.slot("snow"), beard.at(0, -head * 0.45, top - head * 0.3))


@kind("target", "target:3, archery target:1, dummy:1, training dummy:1, scarecrow:2", weight=0.9)
@called("scarecrow", hat=True)
def dummy(m: Maker, hat: bool = False) -> None:
    wood, straw, cloth = m.slot("wood"), m.slot("straw"), m.slot("cloth", main=True)
    m.add(wood, box(0.1, 0.1, 1.7), box(1.2, 0.09, 0.09).at(0, 0, 1.15))
    m.add(cloth, block(0.45, 0.26, 0.6, 0.06).at(0, 0, 0.75))
    m.add(straw, ball(0.17, 8, 4).at(0, 0, 1.38))
    m.both(cloth, block(0.4, 0.16, 0.16, 0.03).at(0.36, 0, 1.11))
    m.both(straw, lathe([(0.05, 0), (0.1, 0.14)], 6).along("x").at(0.55, 0, 1.19))
    if hat:
        m.add(m.slot("straw"), lathe([(0.32, 0), (0.32, 0.03), (0.16, 0.05), (0.1, 0.24)], 8).at(0, 0, 1.66))


@dummy.noun("target", "archery target")
def target(m: Maker) -> None:
    wood, red, white = m.slot("wood"), m.slot("paint", "red"), m.slot("paint", "white")
    r, z = m.u(0.35, 0.5), 0.75
    for k, s in enumerate((white, red, white, red)):
        m.add(s, prism(r * (1 - 0.25 * k), 0.06 + 0.02 * k, 12).turn("x", 90).at(0, 0.03 + 0.01 * k, z))
    m.both(wood, box(0.07, 0.07, z + r, shift=(-r * 0.4, 0.1)).at(r * 0.8, 0.06))
    m.add(wood, box(0.07, 0.07, z + r, shift=(0, -0.4)).at(0, 0.55))


@kind("robot", "robot:3", weight=0.9)
def robot(m: Maker) -> None:
    body, dark = m.slot(m.pick("metal", "paint"), main=True), m.slot("metal", "dark")
    glow, w, h, leg = m.slot("glow", "green", "screen", "red"), m.u(0.4, 0.55), m.u(0.45, 0.6), m.u(0.3, 0.45)
    m.both(dark, box(w * 0.24, w * 0.26, leg).at(w * 0.26))
    m.both(body, block(w * 0.36, w * 0.55, w * 0.2, 0.03).at(w * 0.26, -w * 0.08))
    m.add(body, block(w, w * 0.7, h, 0.05).at(0, 0, leg))
    m.add(dark, prism(w * 0.14, 0.08, 8).at(0, 0, leg + h))
    head, z = w * m.u(0.65, 0.85), leg + h + 0.08
    m.add(body, block(head, head * 0.85, head * 0.75, 0.04).at(0, 0, z))
    m.both(glow, prism(head * 0.13, 0.05, 8).turn("x", 90).at(head * 0.22, -head * 0.4, z + head * 0.45))
    m.add(dark, box(head * 0.5, 0.04, head * 0.08).at(0, -head * 0.42, z + head * 0.16))
    m.both(dark, ball(w * 0.14, 8, 3).at(w * 0.56, 0, leg + h * 0.7))
    m.both(dark, prism(w * 0.1, h * 0.6, 6).at(w * 0.6, 0, leg + h * 0.16))
    m.both(body, block(w * 0.24, w * 0.28, w * 0.24, 0.03).at(w * 0.6, 0, leg + h * 0.16 - w * 0.2))
    if m.chance(0.7):
        m.add(dark, prism(0.015, 0.16, 6).at(0, 0, z + head * 0.75))
        m.add(glow, ico(0.035, 0).at(0, 0, z + head * 0.75 + 0.14))
