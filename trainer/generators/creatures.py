"""Animals and simple figures in few blocks, as toy-like packs build them. Heads look to -y."""

import math
from dataclasses import dataclass

from . import traits
from .base import Colors, Maker, called, kind
from .outlines import pairs, triples
from .parts import Part, block, box, extrude, lathe, prism, profile, slab, tube
from .rounds import ball, cube_ball, dome, ico
from .traits import BROAD, GRAZER, HANGING, HEAVY, LOW, POINTED, ROUNDED, SIDEWAYS, SMALL, UPRIGHT, Beast, Build, Trait


@kind(
    "animal", "dog:4, cat:4, pig:3, cow:3, sheep:3, horse:3, fox:1, wolf:1, bear:2, deer:1, goat:1, lion:1, elephant:1"
)
@called("cat", fur=("orange", "black", "grey", "white"), deep=0.14, pale=False, ears=POINTED, tail=traits.raised)
@called("fox", fur=("orange",), ears=POINTED, tail=traits.thick)
@called("wolf", fur=("grey", "black"), pale=False, ears=POINTED, tail=traits.thick)
@called("pig", fur=("pink",), build=LOW, deep=0.2, wide=0.42, ears=SIDEWAYS, tail=traits.curled)
@called("cow", fur=("white", "brown"), build=HEAVY, ears=SIDEWAYS, crest=traits.horns, tail=traits.thin)
@called("sheep", fur=("white", "beige"), build=HEAVY, woolly=True, ears=SIDEWAYS, tail=traits.stub)
@called("bear", fur=("brown", "black", "white"), build=HEAVY, deep=0.3, ears=ROUNDED, tail=traits.stub)
@called("lion", fur=("yellow", "orange"), build=HEAVY, pale=False, ears=ROUNDED, crest=traits.mane, tail=traits.thin)
@called("elephant", fur=("grey",), build=LOW, trunk=True, ears=BROAD, tail=traits.thin)
@called("horse", fur=("brown", "black", "white"), build=GRAZER, deep=0.6, pale=False, ears=UPRIGHT, tail=traits.thick)
@called("goat", fur=("white", "grey"), build=GRAZER, pale=False, ears=SIDEWAYS, crest=traits.horns, tail=traits.stub)
@called(
    "deer", fur=("brown",), build=GRAZER, deep=0.5, pale=False, ears=UPRIGHT, crest=traits.antlers, tail=traits.stub
)
def dog(
    m: Maker, fur: Colors = ("brown", "beige", "black", "white"), build: Build = SMALL,
    deep: float = 0.38, wide: float = 0.45, pale: bool = True, woolly: bool = False, trunk: bool = False,
    ears: Part = HANGING, crest: Trait | None = None, tail: Trait = traits.wagging,
) -> None:  # fmt: skip
    """`deep`, `wide`: the snout in heads; `pale`: it has a colour of its own; `trunk`: it is one, with tusks."""
    coat = m.slot("flesh", *fur, main=True)
    dark, light = m.slot("paint", "black", name="Dark"), m.slot("flesh", "pink", "beige", name="Snout")
    length = m.u(*build.long)
    w, h, leg = length * m.u(*build.wide), length * m.u(*build.high), length * m.u(*build.legs)
    fleece = cube_ball(w * 1.25, length, h * 1.25, 3, 0.7).at(0, 0, leg * 0.85)
    m.add(coat, fleece if woolly else block(w, length, h, w * 0.16).at(0, 0, leg))
    r, face = w * (0.2 if trunk else 0.14), dark if woolly else coat
    m.four(face, box(2 * r, 2 * r, leg * 1.1).at(w / 2 - r, length / 2 - r * 1.5))
    if m.chance(0.6):
        m.four(dark, box(2.1 * r, 2.1 * r, leg * 0.18).at(w / 2 - r, length / 2 - r * 1.5))
    head = w * (0.62 if build.necked else m.u(0.8, 1.0))
    y, z = -length / 2 - head * 0.25, leg + h * 0.75
    if build.necked:
        neck = length * 0.42
        part = box(head * 0.7, head * 0.9, neck, shift=(0, -neck * 0.5))
        m.add(coat, part.at(0, -length / 2 + head * 0.5, leg + h * 0.7))
        z, y = leg + h * 0.7 + neck * 0.85, -length / 2 + head * 0.35 - neck * 0.5
    m.add(face, block(head, head * 0.95, head * 0.9, head * 0.14).at(0, y, z))
    front = y - head * 0.47
    if trunk:
        path = [(0, front, z + head * 0.4), (0, front - head * 0.4, z), (0, front - head * 0.45, z - head * 0.8)]
        m.add(coat, tube(path, [head * 0.2, head * 0.15, head * 0.1], 6))
        tusk = [(head * 0.3, front, z + head * 0.1), (head * 0.34, front - head * 0.5, z + head * 0.02)]
        m.both(m.slot("bone"), tube(tusk, head * 0.06, 5))
    else:
        deep, wide = head * deep, head * wide
        snout = box(wide, deep, wide * 0.75).at(0, front - deep / 2 + head * 0.02, z + head * 0.08)
        m.add(light if pale and not woolly else face, snout)
        m.add(dark, box(wide * 0.5, head * 0.08, wide * 0.3).at(0, front - deep, z + head * 0.24))
    m.both(dark, box(head * 0.14, head * 0.1, head * 0.16).at(head * 0.26, front, z + head * 0.52))
    beast = Beast(coat, head, y, z, length, w, h, leg + h * 0.8)
    m.both(coat, beast.on_head(ears))
    if crest:
        crest(m, beast)
    tail(m, beast)


@dataclass
class Bird:
    body: int
    beak: int
    dark: int
    belly: int
    s: float

    def head(self, m: Maker, head: float, y: float, z: float, bill: Part) -> None:
        m.add(self.body, block(head, head, head * 0.9, head * 0.2).at(0, y, z))
        m.add(self.beak, bill.at(0, y - head * 0.46, z + head * 0.42))

    def eyes(self, m: Maker, slot: int, head: float, y: float, z: float, r: float, front: float) -> None:
        m.both(slot, prism(head * r, head * 0.06, 8).turn("x", 90).at(head * 0.25, y - head * front, z + head * 0.62))


def _bird(m: Maker, feathers: Colors) -> Bird:
    body, beak = m.slot("flesh", *feathers, main=True), m.slot("flesh", "orange", "yellow", name="Beak")
    return Bird(body, beak, m.slot("paint", "black"), m.slot("flesh", "white", "beige"), m.u(0.25, 0.4))


def _pointed(head: float) -> Part:
    return lathe([(head * 0.2, 0), (0, head * 0.42)], 4).turn("x", 90)


@kind("bird", "chicken:3, duck:3, bird:3, penguin:2, owl:2, rooster:1, parrot:1", weight=0.9)
@called("rooster", feathers=("brown", "white"))
@called("duck", feathers=("yellow", "white"), comb=False, flat=True)
@called("bird", feathers=("blue", "red", "brown", "black"), comb=False)
def chicken(m: Maker, feathers: Colors = ("white", "brown"), comb: bool = True, flat: bool = False) -> None:
    """`flat`: with a duck's bill."""
    b = _bird(m, feathers)
    s, leg = b.s, b.s * 0.3
    m.add(b.body, cube_ball(s * 0.55, s * 0.85, s * 0.5, 3, 0.75).at(0, 0, leg))
    m.add(b.body, box(s * 0.3, s * 0.26, s * 0.3, top=(0.8, 0.2), shift=(0, s * 0.12)).at(0, s * 0.4, leg + s * 0.25))
    m.add(b.body, box(s * 0.24, s * 0.24, s * 0.4).at(0, -s * 0.34, leg + s * 0.3))
    top, y, head = leg + s * 0.62, -s * 0.36, s * 0.34
    bill = box(head * 0.5, head * 0.5, head * 0.14).at(0, -head * 0.22, -head * 0.07) if flat else _pointed(head)
    b.head(m, head, y, top, bill)
    b.eyes(m, b.dark, head, y, top, 0.09, 0.48)
    m.both(b.body, block(s * 0.08, s * 0.5, s * 0.28, s * 0.025).at(s * 0.3, s * 0.02, leg + s * 0.18))
    m.both(b.beak, box(s * 0.12, s * 0.26, s * 0.05).at(s * 0.14, -s * 0.06, 0))
    m.both(b.beak, prism(s * 0.035, leg * 1.2, 5).at(s * 0.14, 0, s * 0.03))
    if comb:
        red = m.slot("flesh", "red")
        m.add(red, box(head * 0.16, head * 0.6, head * 0.3, top=(1, 0.6)).at(0, y, top + head * 0.88))
        m.add(red, box(head * 0.14, head * 0.12, head * 0.3).at(0, y - head * 0.52, top))


@chicken.noun("parrot")
@called("penguin", feathers=("black",))
@called("owl", feathers=("brown", "grey"), big=0.5, ringed=True)
def parrot(m: Maker, feathers: Colors = ("red", "green", "blue"), big: float = 0.4, ringed: bool = False) -> None:
    """It sits upright. `big`: its head; `ringed`: its eyes."""
    b = _bird(m, feathers)
    s, leg, head = b.s, b.s * 0.08, b.s * big
    m.add(b.body, lathe(pairs("0.22,0 0.34,0.25 0.3,0.65 0.2,0.78", s), 8).at(0, 0, leg))
    m.add(b.belly, cube_ball(s * 0.44, s * 0.2, s * 0.6, 2, 0.7).at(0, -s * 0.24, leg + s * 0.06))
    b.head(m, head, 0.0, leg + s * 0.72, _pointed(head))
    for slot, r, front in [(b.belly, 0.22, 0.48), (b.dark, 0.1, 0.53)] if ringed else [(b.dark, 0.09, 0.48)]:
        b.eyes(m, slot, head, 0.0, leg + s * 0.72, r, front)
    m.both(b.body, block(s * 0.08, s * 0.24, s * 0.55, s * 0.025).at(s * 0.36, s * 0.02, leg + s * 0.12))
    m.both(b.beak, box(s * 0.12, s * 0.26, s * 0.05).at(s * 0.14, -s * 0.06, 0))


@kind("bug", "spider:2, bee:2, snail:2, ladybug:1, butterfly:2, crab:2, turtle:2", weight=0.8)
def spider(m: Maker) -> None:
    s, dark = m.u(0.12, 0.25), m.slot("paint", "black", name="Dark")
    m.add(dark, ball(s * 0.5, 8, 4).at(0, s * 0.5, s * 0.35), ball(s * 0.32, 8, 3).at(0, -s * 0.2, s * 0.4))
    m.both(m.slot("glow", "red"), ico(s * 0.08, 0).at(s * 0.12, -s * 0.5, s * 0.7))
    for k in range(4):
        limb = tube([(s * 0.2, 0, s * 0.6), (s * 0.85, 0, s * 1.1), (s * 1.35, 0, 0)], s * 0.06, 5)
        m.both(dark, limb.turn("z", 45 - 30 * k).at(0, -s * 0.1, 0))


def _feelers(m: Maker, dark: int, s: float) -> None:
    m.both(dark, tube(triples("0.1,-0.8,0.75 0.25,-1.15,1.15", s), s * 0.035, 4))


@spider.noun("bee")
def bee(m: Maker) -> None:
    s = m.u(0.12, 0.25)
    dark, body, wing = m.slot("paint", "black", name="Dark"), m.slot("flesh", "yellow"), m.slot("glass", "")
    m.banded(pairs("0,-1 0.4,-0.7 0.5,-0.2 0.5,0.2 0.36,0.6 0,1", s), 8, [dark, body, dark, body, body])
    part, slots = m.parts.pop()
    m.parts.append((part.turn("x", 90).at(0, 0, s * 0.6), slots))
    m.both(wing, slab(s * 0.9, s * 0.5, s * 0.06, s * 0.15).turn("y", -20).at(s * 0.6, s * 0.05, s * 1.15))
    _feelers(m, dark, s)


@spider.noun("butterfly")
def butterfly(m: Maker) -> None:
    s = m.u(0.12, 0.25)
    dark, body, wing = m.slot("paint", "black", name="Dark"), m.slot("paint", "black"), m.slot("paint", main=True)
    m.add(body, prism(s * 0.12, s * 1.6, 6).turn("x", 90).at(0, s * 0.8, s * 0.6))
    m.both(wing, slab(s * 1.1, s * 0.9, s * 0.06, s * 0.3).turn("y", -25).at(s * 0.6, -s * 0.3, s * 0.85))
    m.both(wing, slab(s * 0.8, s * 0.7, s * 0.06, s * 0.25).turn("y", -25).at(s * 0.48, s * 0.45, s * 0.8))
    _feelers(m, dark, s)


def _shelled(m: Maker, s: float, shell: int, skin: int, eye: int) -> None:
    """A dome on four feet, a head before it."""
    m.add(shell, dome(s, s * 0.75, 10, 3).at(0, 0, s * 0.2), prism(s * 1.06, s * 0.16, 10).at(0, 0, s * 0.1))
    m.add(skin, block(s * 0.5, s * 0.55, s * 0.45, s * 0.12).at(0, -s * 1.2, s * 0.2))
    m.both(eye, ico(s * 0.09, 0).at(s * 0.17, -s * 1.46, s * 0.4))
    m.four(skin, box(s * 0.36, s * 0.4, s * 0.24).at(s * 0.75, s * 0.6))


@spider.noun("turtle")
def turtle(m: Maker) -> None:
    s, dark, _ = m.u(0.12, 0.25), m.slot("paint", "black", name="Dark"), m.slot("paint", "white")
    _shelled(m, s, m.slot("leaf", "green", "dark green"), m.slot("leaf", "light green"), dark)


@spider.noun("ladybug")
def ladybug(m: Maker) -> None:
    s, dark, white = m.u(0.12, 0.25), m.slot("paint", "black", name="Dark"), m.slot("paint", "white")
    _shelled(m, s, m.slot("paint", "red"), dark, white)
    m.both(dark, *[ico(s * 0.14, 0).at(s * x, s * y, s * 0.68) for x, y in ((0.4, -0.3), (0.5, 0.3), (0.2, 0.6))])


@spider.noun("snail")
def snail(m: Maker) -> None:
    s, dark = m.u(0.12, 0.25), m.slot("paint", "black", name="Dark")
    body, shell = m.slot("flesh", "beige", "brown"), m.slot("flesh", "brown", "orange", "pink", main=True)
    m.add(body, profile(pairs("-1.1,0 1,0 0.6,0.25 -0.7,0.3 -0.8,0.85 -1.2,0.85", s), s * 0.5))
    m.add(shell, prism(s * 0.62, s * 0.55, 10).along("x").at(-s * 0.275, s * 0.1, s * 0.8))
    m.add(shell, prism(s * 0.36, s * 0.72, 8).along("x").at(-s * 0.36, s * 0.1, s * 0.8))
    m.both(body, prism(s * 0.05, s * 0.4, 5).at(s * 0.14, -s * 1.05, s * 0.83))
    m.both(dark, ico(s * 0.09, 0).at(s * 0.14, -s * 1.05, s * 1.2))


@spider.noun("crab")
def crab(m: Maker) -> None:
    s = m.u(0.12, 0.25)
    dark, red = m.slot("paint", "black", name="Dark"), m.slot("flesh", "red", "orange", main=True)
    m.add(red, cube_ball(s * 1.7, s * 1.2, s * 0.7, 3, 0.7).at(0, 0, s * 0.35))
    for k in range(3):
        m.both(red, tube(triples("0.6,0,0.6 1.15,0,0.7 1.4,0,0", s), s * 0.08, 5).turn("z", 25 - 25 * k))
    m.both(red, tube([(s * 0.6, -s * 0.3, s * 0.6), (s * 1.1, -s * 0.7, s * 0.8)], s * 0.1, 5))
    m.both(red, block(s * 0.4, s * 0.6, s * 0.4, s * 0.1).at(s * 1.05, -s * 1.0, s * 0.65))
    m.both(dark, prism(s * 0.05, s * 0.25, 5).at(s * 0.25, -s * 0.45, s * 0.9))
    m.both(dark, ico(s * 0.09, 0).at(s * 0.25, -s * 0.45, s * 1.1))


@kind("snake", "snake:2, worm:1, octopus:1, dinosaur:2, dragon:1", weight=0.6)
@called("dragon", winged=True)
def dinosaur(m: Maker, winged: bool = False) -> None:
    skin, s = m.slot("leaf", "green", "dark green", "light green"), m.u(0.3, 0.6)
    m.add(skin, profile(pairs("-0.5,0.9 -0.4,0.6 0.5,0.5 1.9,0.15 1.9,0.25 0.6,1.15 -0.1,1.6 -0.45,1.5", s), s * 0.6))
    m.add(skin, block(s * 0.5, s * 0.95, s * 0.5, s * 0.1).at(0, -s * 0.65, s * 1.4))
    m.both(m.slot("paint", "white"), box(s * 0.06, s * 0.12, s * 0.14).at(s * 0.25, -s * 0.6, s * 1.65))
    m.both(skin, box(s * 0.26, s * 0.4, s * 0.75).at(s * 0.26, s * 0.15))
    m.both(skin, box(s * 0.3, s * 0.5, s * 0.14).at(s * 0.26, 0))
    m.both(skin, box(s * 0.12, s * 0.4, s * 0.12).at(s * 0.24, -s * 0.6, s * 0.95))
    if winged or m.chance(0.4):
        spike = m.slot("flesh", "orange", "red", "yellow", name="Spikes")
        for k in range(4):
            m.add(spike, lathe([(s * 0.1, 0), (0, s * 0.25)], 4).at(0, s * (0.1 + 0.32 * k), s * (1.42 - 0.24 * k)))
        if winged:
            outline = [(0, 0), (s * 1.2, s * 0.5), (s * 1.4, s * 1.1), (s * 0.6, s * 0.8), (0, s * 0.5)]
            m.both(spike, extrude(outline, s * 0.08).at(s * 0.25, s * 0.2, s * 1.1))


@dinosaur.noun("snake", "worm")
def snake(m: Maker) -> None:
    skin, dark = m.slot("leaf", "green", "dark green", "light green"), m.slot("paint", "black")
    s = m.u(0.3, 0.6)
    path = [(s * 0.45 * math.sin(k * 1.3), s * (0.5 * k - 1.5), s * 0.12) for k in range(7)]
    path[0] = (0.0, -s * 1.7, s * 0.35)
    m.add(skin, tube(path[::-1], [0.004, s * 0.07, s * 0.1, s * 0.12, s * 0.12, s * 0.11, s * 0.11][: len(path)], 6))
    m.add(skin, block(s * 0.34, s * 0.45, s * 0.24, s * 0.06).at(0, -s * 1.85, s * 0.26))
    m.both(dark, ico(s * 0.05, 0).at(s * 0.12, -s * 2.05, s * 0.42))


@dinosaur.noun("octopus")
def octopus(m: Maker) -> None:
    skin, dark, s = m.slot("paint", "purple", "red", "pink", main=True), m.slot("paint", "black"), m.u(0.3, 0.6)
    m.add(skin, ball(s * 0.5, 8, 4).scale(1, 1, 1.2).at(0, 0, s * 0.35))
    bend = [(s * 0.3, 0, s * 0.5), (s * 0.7, 0, s * 0.12), (s * 1.0, 0, s * 0.06), (s * 1.15, 0, s * 0.25)]
    m.around(skin, 8, tube(bend, [s * 0.14, s * 0.11, s * 0.07, 0.004], 5, tip=True))
    m.both(dark, ico(s * 0.09, 0).at(s * 0.2, -s * 0.45, s * 0.85))


def _crouched(m: Maker, s: float, fur: int) -> tuple[int, int, float, float]:
    """A body and a head on it. Gives what is dark and what is pink, and where the ears stand (y, z)."""
    dark, pink = m.slot("paint", "black"), m.slot("flesh", "pink")
    m.add(fur, cube_ball(s * 1.1, s * 1.4, s * 1.0, 3, 0.75))
    m.add(fur, cube_ball(s * 0.95, s * 0.9, s * 0.85, 3, 0.7).at(0, -s * 0.75, s * 0.6))
    return dark, pink, -s * 0.7, s * 1.35


def _face_and_paws(m: Maker, s: float, fur: int, dark: int, nose: int, eyes: float = 1.1) -> None:
    m.both(dark, ico(s * 0.08, 0).at(s * 0.24, -s * 0.7 - s * 0.42, s * eyes))
    m.add(nose, box(s * 0.14, s * 0.1, s * 0.1).at(0, -s * 0.7 - s * 0.48, s * 0.92))
    m.both(fur, block(s * 0.3, s * 0.5, s * 0.2, s * 0.05).at(s * 0.42, -s * 0.5))
    m.both(fur, block(s * 0.34, s * 0.7, s * 0.3, s * 0.07).at(s * 0.5, s * 0.3))


@kind("bunny", "rabbit:3, mouse:2, frog:2", weight=0.7)
def rabbit(m: Maker) -> None:
    s, fur = m.u(0.14, 0.25), m.slot("flesh", "white", "brown", "grey", main=True)
    dark, pink, y, z = _crouched(m, s, fur)
    m.both(fur, block(s * 0.24, s * 0.14, s * 0.9, s * 0.05).turn("y", 8).at(s * 0.2, y, z))
    m.both(pink, box(s * 0.12, s * 0.06, s * 0.6).turn("y", 8).at(s * 0.21, y - s * 0.07, z + s * 0.1))
    _face_and_paws(m, s, fur, dark, pink)
    m.add(m.slot("flesh", "white"), ico(s * 0.2, 0).at(0, s * 0.72, s * 0.3))


@rabbit.noun("mouse")
def mouse(m: Maker) -> None:
    s, fur = m.u(0.14, 0.25), m.slot("flesh", "white", "brown", "grey", main=True)
    dark, pink, y, z = _crouched(m, s, fur)
    m.both(fur, prism(s * 0.28, s * 0.1, 8).turn("x", 90).at(s * 0.42, y + s * 0.05, z + s * 0.08))
    m.add(fur, tube(triples("0,0.6,0.3 0,1.2,0.15 0.2,1.7,0.4", s), s * 0.05, 5))
    _face_and_paws(m, s, fur, dark, pink)


@rabbit.noun("frog")
def frog(m: Maker) -> None:
    s, fur = m.u(0.14, 0.25), m.slot("leaf", "green", "light green")
    dark, _, y, z = _crouched(m, s, fur)
    m.both(fur, ico(s * 0.24, 0).at(s * 0.28, y - s * 0.1, z - s * 0.1))
    _face_and_paws(m, s, fur, dark, dark, 1.5)
