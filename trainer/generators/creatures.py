"""Animals and simple figures in few blocks, as toy-like packs build them. Heads look to -y."""

import math

from .base import Maker, kind
from .outlines import pairs, triples
from .parts import block, box, extrude, lathe, prism, profile, ring, slab, tube
from .rounds import ball, cube_ball, dome, ico

COATS = {
    "dog": ("brown", "beige", "black", "white"), "wolf": ("grey", "black"), "fox": ("orange",),
    "cat": ("orange", "black", "grey", "white"), "pig": ("pink",), "cow": ("white", "brown"),
    "bull": ("brown", "black"),
    "sheep": ("white", "beige"), "goat": ("white", "grey"), "horse": ("brown", "black", "white"), "deer": ("brown",),
    "bear": ("brown", "black", "white"), "elephant": ("grey",), "lion": ("yellow", "orange"), "donkey": ("grey",),
}  # fmt: skip


@kind(
    "animal", "dog:4, cat:4, pig:3, cow:3, sheep:3, horse:3, fox:1, wolf:1, bear:2, deer:1, goat:1, lion:1, elephant:1"
)
def animal(m: Maker) -> None:
    noun = m.noun
    coat = m.slot("flesh", *COATS[noun], main=True)
    dark, light = m.slot("paint", "black", name="Dark"), m.slot("flesh", "pink", "beige", name="Snout")
    small = noun in ("cat", "fox", "dog", "wolf")
    length = m.u(0.45, 0.65) if small else m.u(0.9, 1.4)
    tall = noun in ("horse", "deer", "donkey", "goat")
    w = length * (m.u(0.28, 0.34) if small or tall else m.u(0.4, 0.5))
    h = length * (m.u(0.3, 0.36) if small or tall else m.u(0.42, 0.5))
    leg = length * (m.u(0.55, 0.65) if tall else m.u(0.26, 0.34) if noun not in ("pig", "elephant") else m.u(0.2, 0.28))
    b = w * 0.16
    if noun == "sheep":
        m.add(coat, cube_ball(w * 1.25, length, h * 1.25, 3, 0.7).at(0, 0, leg * 0.85))
    else:
        m.add(coat, block(w, length, h, b).at(0, 0, leg))
    r = w * (0.2 if noun == "elephant" else 0.14)
    feet = coat if noun != "sheep" else dark
    m.four(feet, box(2 * r, 2 * r, leg * 1.1).at(w / 2 - r, length / 2 - r * 1.5))
    if m.chance(0.6):
        m.four(dark, box(2.1 * r, 2.1 * r, leg * 0.18).at(w / 2 - r, length / 2 - r * 1.5))
    head = w * (m.u(0.8, 1.0) if not tall else 0.62)
    z = leg + h * (0.75 if not tall else 1.0)
    y = -length / 2 - head * 0.25
    if tall:
        neck = length * 0.42
        part = box(head * 0.7, head * 0.9, neck, shift=(0, -neck * 0.5)).at(0, -length / 2 + head * 0.5, leg + h * 0.7)
        m.add(coat, part)
        z, y = leg + h * 0.7 + neck * 0.85, -length / 2 + head * 0.35 - neck * 0.5
    face = coat if noun != "sheep" else dark
    m.add(face, block(head, head * 0.95, head * 0.9, head * 0.14).at(0, y, z))
    front = y - head * 0.47
    snout = head * (0.45 if noun != "pig" else 0.42)
    deep = head * {"pig": 0.2, "horse": 0.6, "deer": 0.5, "donkey": 0.6, "cat": 0.14, "bear": 0.3}.get(noun, 0.38)
    if noun == "elephant":
        path = [(0, front, z + head * 0.4), (0, front - head * 0.4, z), (0, front - head * 0.45, z - head * 0.8)]
        m.add(coat, tube(path, [head * 0.2, head * 0.15, head * 0.1], 6))
        tusk = [(head * 0.3, front, z + head * 0.1), (head * 0.34, front - head * 0.5, z + head * 0.02)]
        m.both(m.slot("bone"), tube(tusk, head * 0.06, 5))
    else:
        nose = light if noun in ("pig", "cow", "dog", "bear", "fox") else face
        m.add(nose, box(snout, deep, snout * 0.75).at(0, front - deep / 2 + head * 0.02, z + head * 0.08))
        m.add(dark, box(snout * 0.5, head * 0.08, snout * 0.3).at(0, front - deep, z + head * 0.24))
    m.both(dark, box(head * 0.14, head * 0.1, head * 0.16).at(head * 0.26, front, z + head * 0.52))
    _ears(m, noun, coat, head, y, z)
    back, up = length / 2, leg + h * 0.8
    if noun in ("cat", "lion", "elephant", "cow", "bull"):
        end = up + h * 0.6 if noun == "cat" else up - h * 0.6
        tail = [(0, back, up), (0, back + length * 0.18, up + h * 0.1), (0, back + length * 0.22, end)]
        m.add(coat, tube(tail, w * 0.07, 5))
    elif noun in ("dog", "fox", "wolf", "horse"):
        rise, thin = (0.35, 0.08) if noun == "dog" else (-0.3, 0.18)
        tail = [(0, back - 0.02, up - h * 0.1), (0, back + length * 0.25, up + h * rise)]
        m.add(coat, tube(tail, [w * 0.14, w * thin], 6))
    elif noun == "pig":
        m.add(coat, ring(w * 0.09, w * 0.03, 6, 4).along("y").at(0, back + w * 0.03, up))
    else:
        m.add(coat, ico(w * 0.13, 0).at(0, back + w * 0.02, up - w * 0.2))


def _ears(m: Maker, noun: str, coat: int, head: float, y: float, z: float) -> None:
    top = z + head * 0.88
    if noun in ("cat", "fox", "wolf"):
        m.both(coat, extrude(pairs("-0.16,0 0.16,0 0,0.36", head), head * 0.12).at(head * 0.3, y + head * 0.1, top))
    elif noun == "elephant":
        part = slab(head * 0.1, head * 0.9, head * 0.95, head * 0.04).turn("z", -20).at(head * 0.62, y + head * 0.2, z)
        m.both(coat, part)
    elif noun in ("bear", "lion"):
        m.both(coat, prism(head * 0.17, head * 0.12, 8).turn("x", 90).at(head * 0.36, y + head * 0.1, top))
        if noun == "lion":
            mane = m.slot("flesh", "brown", "orange", name="Mane")
            m.add(mane, prism(head * 0.85, head * 0.4, 10).turn("x", 90).at(0, y + head * 0.55, z + head * 0.45))
    elif noun in ("dog", "cow", "bull", "sheep", "goat", "pig"):
        part = box(head * 0.28, head * 0.12, head * (0.42 if noun == "dog" else 0.18))
        m.both(coat, part.at(head * 0.58, y + head * 0.1, top - head * (0.45 if noun == "dog" else 0.22)))
    else:
        m.both(coat, lathe([(head * 0.14, 0), (0, head * 0.42)], 4).at(head * 0.26, y + head * 0.2, top - head * 0.03))
    if noun in ("cow", "bull", "goat"):
        path = [(head * 0.36, y, top), (head * 0.56, y, top + head * 0.12), (head * 0.58, y, top + head * 0.36)]
        m.both(m.slot("bone"), tube(path, [head * 0.09, head * 0.07, 0.004], 5, tip=True))
    if noun == "deer":
        horn = m.slot("wood")
        path = [(head * 0.2, y, top), (head * 0.42, y, top + head * 0.5), (head * 0.3, y, top + head * 1.0)]
        m.both(horn, tube(path, head * 0.06, 5))
        m.both(horn, tube([(head * 0.4, y, top + head * 0.5), (head * 0.7, y, top + head * 0.8)], head * 0.05, 5))


FEATHERS = {
    "chicken": ("white", "brown"), "rooster": ("brown", "white"), "duck": ("yellow", "white"), "penguin": ("black",),
    "owl": ("brown", "grey"), "parrot": ("red", "green", "blue"), "bird": ("blue", "red", "brown", "black"),
}  # fmt: skip


@kind("bird", "chicken:3, duck:3, bird:3, penguin:2, owl:2, rooster:1, parrot:1", weight=0.9)
def bird(m: Maker) -> None:
    noun = m.noun
    body, beak = m.slot("flesh", *FEATHERS[noun], main=True), m.slot("flesh", "orange", "yellow", name="Beak")
    dark, belly = m.slot("paint", "black"), m.slot("flesh", "white", "beige")
    s = m.u(0.25, 0.4)
    upright = noun in ("penguin", "owl", "parrot")
    leg = s * (0.08 if upright else 0.3)
    if upright:
        m.add(body, lathe(pairs("0.22,0 0.34,0.25 0.3,0.65 0.2,0.78", s), 8).at(0, 0, leg))
        m.add(belly, cube_ball(s * 0.44, s * 0.2, s * 0.6, 2, 0.7).at(0, -s * 0.24, leg + s * 0.06))
        top, y = leg + s * 0.72, 0.0
        head = s * (0.4 if noun != "owl" else 0.5)
    else:
        m.add(body, cube_ball(s * 0.55, s * 0.85, s * 0.5, 3, 0.75).at(0, 0, leg))
        m.add(body, box(s * 0.3, s * 0.26, s * 0.3, top=(0.8, 0.2), shift=(0, s * 0.12)).at(0, s * 0.4, leg + s * 0.25))
        m.add(body, box(s * 0.24, s * 0.24, s * 0.4).at(0, -s * 0.34, leg + s * 0.3))
        top, y, head = leg + s * 0.62, -s * 0.36, s * 0.34
    m.add(body, block(head, head, head * 0.9, head * 0.2).at(0, y, top))
    if noun != "duck":
        bill = lathe([(head * 0.2, 0), (0, head * 0.42)], 4).turn("x", 90)
    else:
        bill = box(head * 0.5, head * 0.5, head * 0.14).at(0, -head * 0.22, -head * 0.07)
    m.add(beak, bill.at(0, y - head * 0.46, top + head * 0.42))
    eyes = [(belly, 0.22, 0.48), (dark, 0.1, 0.53)] if noun == "owl" else [(dark, 0.09, 0.48)]
    for slot, r, front in eyes:
        eye = prism(head * r, head * 0.06, 8).turn("x", 90)
        m.both(slot, eye.at(head * 0.25, y - head * front, top + head * 0.62))
    if upright:
        m.both(body, block(s * 0.08, s * 0.24, s * 0.55, s * 0.025).at(s * 0.36, s * 0.02, leg + s * 0.12))
    else:
        m.both(body, block(s * 0.08, s * 0.5, s * 0.28, s * 0.025).at(s * 0.3, s * 0.02, leg + s * 0.18))
    m.both(beak, box(s * 0.12, s * 0.26, s * 0.05).at(s * 0.14, -s * 0.06, 0))
    if not upright:
        m.both(beak, prism(s * 0.035, leg * 1.2, 5).at(s * 0.14, 0, s * 0.03))
    if noun in ("chicken", "rooster"):
        red = m.slot("flesh", "red")
        m.add(red, box(head * 0.16, head * 0.6, head * 0.3, top=(1, 0.6)).at(0, y, top + head * 0.88))
        m.add(red, box(head * 0.14, head * 0.12, head * 0.3).at(0, y - head * 0.52, top))


@kind("bug", "spider:2, bee:2, snail:2, ladybug:1, butterfly:2, crab:2, turtle:2", weight=0.8)
def insect(m: Maker) -> None:
    noun, s = m.noun, m.u(0.12, 0.25)
    dark = m.slot("paint", "black", name="Dark")
    body = m.slot("flesh", "yellow") if noun == "bee" else m.slot("paint", "black")
    wing = m.slot("glass", "") if noun == "bee" else m.slot("paint", main=True)
    if noun == "bee":
        m.banded(pairs("0,-1 0.4,-0.7 0.5,-0.2 0.5,0.2 0.36,0.6 0,1", s), 8, [dark, body, dark, body, body])
        part, slots = m.parts.pop()
        m.parts.append((part.turn("x", 90).at(0, 0, s * 0.6), slots))
        m.both(wing, slab(s * 0.9, s * 0.5, s * 0.06, s * 0.15).turn("y", -20).at(s * 0.6, s * 0.05, s * 1.15))
    else:
        m.add(body, prism(s * 0.12, s * 1.6, 6).turn("x", 90).at(0, s * 0.8, s * 0.6))
        m.both(wing, slab(s * 1.1, s * 0.9, s * 0.06, s * 0.3).turn("y", -25).at(s * 0.6, -s * 0.3, s * 0.85))
        m.both(wing, slab(s * 0.8, s * 0.7, s * 0.06, s * 0.25).turn("y", -25).at(s * 0.48, s * 0.45, s * 0.8))
    m.both(dark, tube([(s * 0.1, -s * 0.8, s * 0.75), (s * 0.25, -s * 1.15, s * 1.15)], s * 0.035, 4))


@insect.noun("spider")
def spider(m: Maker) -> None:
    s = m.u(0.12, 0.25)
    dark = m.slot("paint", "black", name="Dark")
    m.add(dark, ball(s * 0.5, 8, 4).at(0, s * 0.5, s * 0.35), ball(s * 0.32, 8, 3).at(0, -s * 0.2, s * 0.4))
    m.both(m.slot("glow", "red"), ico(s * 0.08, 0).at(s * 0.12, -s * 0.5, s * 0.7))
    for k in range(4):
        limb = tube([(s * 0.2, 0, s * 0.6), (s * 0.85, 0, s * 1.1), (s * 1.35, 0, 0)], s * 0.06, 5)
        m.both(dark, limb.turn("z", 45 - 30 * k).at(0, -s * 0.1, 0))


@insect.noun("ladybug", "turtle")
def ladybug(m: Maker) -> None:
    noun, s = m.noun, m.u(0.12, 0.25)
    dark, white = m.slot("paint", "black", name="Dark"), m.slot("paint", "white")
    shell = m.slot("leaf", "green", "dark green") if noun == "turtle" else m.slot("paint", "red")
    skin = m.slot("leaf", "light green") if noun == "turtle" else dark
    m.add(shell, dome(s, s * 0.75, 10, 3).at(0, 0, s * 0.2), prism(s * 1.06, s * 0.16, 10).at(0, 0, s * 0.1))
    m.add(skin, block(s * 0.5, s * 0.55, s * 0.45, s * 0.12).at(0, -s * 1.2, s * 0.2))
    m.both(dark if noun == "turtle" else white, ico(s * 0.09, 0).at(s * 0.17, -s * 1.46, s * 0.4))
    m.four(skin, box(s * 0.36, s * 0.4, s * 0.24).at(s * 0.75, s * 0.6))
    if noun == "ladybug":
        for x, y in ((0.4, -0.3), (0.5, 0.3), (0.2, 0.6)):
            m.both(dark, ico(s * 0.14, 0).at(s * x, s * y, s * 0.68))


@insect.noun("snail")
def snail(m: Maker) -> None:
    s = m.u(0.12, 0.25)
    dark = m.slot("paint", "black", name="Dark")
    body, shell = m.slot("flesh", "beige", "brown"), m.slot("flesh", "brown", "orange", "pink", main=True)
    m.add(body, profile(pairs("-1.1,0 1,0 0.6,0.25 -0.7,0.3 -0.8,0.85 -1.2,0.85", s), s * 0.5))
    m.add(shell, prism(s * 0.62, s * 0.55, 10).along("x").at(-s * 0.275, s * 0.1, s * 0.8))
    m.add(shell, prism(s * 0.36, s * 0.72, 8).along("x").at(-s * 0.36, s * 0.1, s * 0.8))
    m.both(body, prism(s * 0.05, s * 0.4, 5).at(s * 0.14, -s * 1.05, s * 0.83))
    m.both(dark, ico(s * 0.09, 0).at(s * 0.14, -s * 1.05, s * 1.2))


@insect.noun("crab")
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
def dinosaur(m: Maker) -> None:
    skin = m.slot("leaf", "green", "dark green", "light green")
    s = m.u(0.3, 0.6)
    m.add(skin, profile(pairs("-0.5,0.9 -0.4,0.6 0.5,0.5 1.9,0.15 1.9,0.25 0.6,1.15 -0.1,1.6 -0.45,1.5", s), s * 0.6))
    m.add(skin, block(s * 0.5, s * 0.95, s * 0.5, s * 0.1).at(0, -s * 0.65, s * 1.4))
    m.both(m.slot("paint", "white"), box(s * 0.06, s * 0.12, s * 0.14).at(s * 0.25, -s * 0.6, s * 1.65))
    m.both(skin, box(s * 0.26, s * 0.4, s * 0.75).at(s * 0.26, s * 0.15))
    m.both(skin, box(s * 0.3, s * 0.5, s * 0.14).at(s * 0.26, 0))
    m.both(skin, box(s * 0.12, s * 0.4, s * 0.12).at(s * 0.24, -s * 0.6, s * 0.95))
    if m.noun == "dragon" or m.chance(0.4):
        spike = m.slot("flesh", "orange", "red", "yellow", name="Spikes")
        for k in range(4):
            m.add(spike, lathe([(s * 0.1, 0), (0, s * 0.25)], 4).at(0, s * (0.1 + 0.32 * k), s * (1.42 - 0.24 * k)))
        if m.noun == "dragon":
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
    skin, dark = m.slot("paint", "purple", "red", "pink", main=True), m.slot("paint", "black")
    s = m.u(0.3, 0.6)
    m.add(skin, ball(s * 0.5, 8, 4).scale(1, 1, 1.2).at(0, 0, s * 0.35))
    bend = [(s * 0.3, 0, s * 0.5), (s * 0.7, 0, s * 0.12), (s * 1.0, 0, s * 0.06), (s * 1.15, 0, s * 0.25)]
    m.around(skin, 8, tube(bend, [s * 0.14, s * 0.11, s * 0.07, 0.004], 5, tip=True))
    m.both(dark, ico(s * 0.09, 0).at(s * 0.2, -s * 0.45, s * 0.85))


@kind("bunny", "rabbit:3, mouse:2, frog:2", weight=0.7)
def small_animal(m: Maker) -> None:
    noun, s = m.noun, m.u(0.14, 0.25)
    if noun == "frog":
        fur = m.slot("leaf", "green", "light green")
    else:
        fur = m.slot("flesh", "white", "brown", "grey", main=True)
    dark, pink = m.slot("paint", "black"), m.slot("flesh", "pink")
    m.add(fur, cube_ball(s * 1.1, s * 1.4, s * 1.0, 3, 0.75))
    m.add(fur, cube_ball(s * 0.95, s * 0.9, s * 0.85, 3, 0.7).at(0, -s * 0.75, s * 0.6))
    z, y = s * 1.35, -s * 0.7
    if noun == "rabbit":
        m.both(fur, block(s * 0.24, s * 0.14, s * 0.9, s * 0.05).turn("y", 8).at(s * 0.2, y, z))
        m.both(pink, box(s * 0.12, s * 0.06, s * 0.6).turn("y", 8).at(s * 0.21, y - s * 0.07, z + s * 0.1))
    elif noun == "mouse":
        m.both(fur, prism(s * 0.28, s * 0.1, 8).turn("x", 90).at(s * 0.42, y + s * 0.05, z + s * 0.08))
        m.add(fur, tube([(0, s * 0.6, s * 0.3), (0, s * 1.2, s * 0.15), (s * 0.2, s * 1.7, s * 0.4)], s * 0.05, 5))
    else:
        m.both(fur, ico(s * 0.24, 0).at(s * 0.28, y - s * 0.1, z - s * 0.1))
    m.both(dark, ico(s * 0.08, 0).at(s * 0.24, y - s * 0.42, s * (1.1 if noun != "frog" else 1.5)))
    m.add(pink if noun != "frog" else dark, box(s * 0.14, s * 0.1, s * 0.1).at(0, y - s * 0.48, s * 0.92))
    m.both(fur, block(s * 0.3, s * 0.5, s * 0.2, s * 0.05).at(s * 0.42, -s * 0.5))
    m.both(fur, block(s * 0.34, s * 0.7, s * 0.3, s * 0.07).at(s * 0.5, s * 0.3))
    if noun == "rabbit":
        m.add(m.slot("flesh", "white"), ico(s * 0.2, 0).at(0, s * 0.72, s * 0.3))
