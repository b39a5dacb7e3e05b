"""Animals with an outline of their own: giraffes, zebras, monkeys, crocodiles, whales. Heads look to -y."""

from collections.abc import Sequence

import numpy as np

from .base import Maker, called, kind
from .outlines import pairs, triples
from .parts import Part, block, box, circle, extrude, lathe, loft, prism, profile, slab, steps, tube
from .rounds import cube_ball

Point = tuple[float, float]


def _hull(stations: Sequence[tuple[float, float, float, float]], s: float = 1.0) -> Part:
    """A body along y: (y, z of its middle, half its width, half its height) from the tail to the nose, times s."""
    c = circle(10)
    rings = [[(w * x, y, z + h * u) for x, u in c] for y, z, w, h in stations]
    return loft(np.array(rings) * s)


def _bellied(m: Maker, back: int, belly: int, part: Part) -> None:
    """A hull whose four lower sides have a colour of their own."""
    rows = (len(part.counts) - 2) // 10
    slots = np.tile([back] * 5 + [belly] * 4 + [back], rows)
    m.parts.append((part, np.concatenate([slots, [back, back]]).astype(np.int32)))


def forward_box(w: float, tall: float, length: float, top: Point = (1.0, 1.0), rise: float = 0.0) -> Part:
    """A box that reaches from y = 0 to the front, its middle at z = 0; `top` scales the far end, `rise` lifts it."""
    return box(w, tall, length, top, (0.0, rise)).turn("x", 90)


def disc(r: float, t: float, sides: int = 8) -> Part:
    """A disc that looks to the front, half of its thickness before y = 0."""
    return prism(r, t, sides).turn("x", 90).at(0, t / 2, 0)


def _side_disc(r: float, t: float, sides: int = 6) -> Part:
    return prism(r, t, sides).along("x").at(-t / 2, 0, 0)


def _plate(outline: Sequence[Point], t: float) -> Part:
    """A lying plate; the outline in x and y, counter-clockwise seen from above."""
    return extrude(outline, t).turn("x", -90)


def _legs(m: Maker, coat: int, hoof: int, x: float, y: float, leg: float, r: float) -> None:
    m.four(coat, box(1.7 * r, 1.7 * r, leg * 1.15, top=(1.25, 1.35)).at(x, y))
    m.four(hoof, box(2 * r, 2 * r, leg * 0.14).at(x, y))


@kind("giraffe", "giraffe:3", weight=0.5)
def giraffe(m: Maker) -> None:
    coat = m.slot("flesh", "yellow", "orange", "beige", main=True)
    spot, dark = m.slot("flesh", "brown", name="Spots"), m.slot("paint", "black", name="Dark")
    leg, neck, body = m.u(1.2, 1.5), m.u(1.7, 2.2), m.u(1.4, 1.7)
    w, h = m.u(0.68, 0.8), m.u(0.75, 0.88)
    m.add(coat, slab(w, h, body, w * 0.2).turn("x", 90).at(0, body / 2, leg + h / 2))
    _legs(m, coat, spot, w * 0.33, body * 0.4, leg, w * 0.13)
    lean, n = neck * m.u(0.18, 0.32), w * 0.56
    y, z = -body / 2 + n * 0.7, leg + h * 0.4
    m.add(coat, box(n, n * 1.3, neck, top=(0.72, 0.55), shift=(0, -lean)).at(0, y, z))
    top, front = z + neck, y - lean
    m.add(coat, box(n * 0.9, n, n * 0.72).at(0, front - n * 0.1, top - n * 0.2))
    m.add(coat, forward_box(n * 0.7, n * 0.54, n, (0.8, 0.8), -n * 0.08).at(0, front - n * 0.4, top + n * 0.05))
    m.add(spot, box(n * 0.62, n * 0.3, n * 0.5).at(0, front - n * 1.4, top - n * 0.28))
    m.both(dark, _side_disc(n * 0.12, n * 0.16).at(n * 0.44, front - n * 0.25, top + n * 0.25))
    m.both(coat, prism(n * 0.09, n * 0.45, 5).at(n * 0.24, front, top + n * 0.42))
    m.both(spot, box(n * 0.24, n * 0.24, n * 0.22).at(n * 0.24, front, top + n * 0.82))
    m.both(coat, box(n * 0.45, n * 0.16, n * 0.26, top=(0.6, 1)).at(n * 0.58, front + n * 0.16, top + n * 0.2))
    m.add(spot, tube([(0, body * 0.47, leg + h * 0.85), (0, body * 0.6, leg + h * 0.1)], [n * 0.08, n * 0.12], 5))
    t = w * 0.1
    for py, pz, a, b in (
        (-0.28, 0.58, 0.24, 0.3),
        (0.04, 0.52, 0.22, 0.36),
        (0.32, 0.58, 0.2, 0.28),
        (-0.12, 0.3, 0.16, 0.18),
    ):
        m.both(spot, box(t, a * body, b * h, top=(1, 0.75)).at(w / 2 - t * 0.3, py * body, leg + h * (pz - b / 2)))
    m.add(spot, box(w * 0.4, body * 0.24, t).at(0, body * 0.16, leg + h - t * 0.7))
    for k, far in enumerate((0.34, 0.56, 0.77)):
        # each reaches through the neck and stands out at the sides, two of them at the front as well
        deep, tall = n * (1.3 - 0.6 * far), neck * 0.12
        patch = box(n * (1 - 0.28 * far) * 1.07, deep * 0.6, tall, top=(0.95, 0.8), shift=(0, -lean * 0.12))
        m.add(spot, patch.at(0, y - lean * far + deep * (-0.25, 0.1, -0.25)[k], z + neck * far))


@kind("camel", "camel:3", weight=0.5)
def camel(m: Maker) -> None:
    coat = m.slot("flesh", "beige", "beige", "brown", main=True)
    hair, dark, s = m.slot("flesh", "brown", name="Hair"), m.slot("paint", "black", name="Dark"), m.u(1.3, 1.6)
    w, h, leg = s * m.u(0.36, 0.42), s * m.u(0.38, 0.44), s * m.u(0.6, 0.72)
    m.add(coat, block(w, s, h, w * 0.2).at(0, 0, leg))
    _legs(m, coat, hair, w * 0.32, s * 0.39, leg, w * 0.14)
    two, z = m.chance(0.5), leg + h * 0.85
    r = s * (0.23 if two else 0.32)
    hump = lathe([(r, 0), (r * 0.85, r * 0.6), (r * 0.5, r * 1.15), (r * 0.2, r * 1.4)], 8).scale(0.75)
    m.add(coat, *(hump.at(0, y, z) for y in ((-s * 0.22, s * 0.24) if two else (0.0,))))
    m.say(*(("with two humps",) if two else ("with one hump",)))
    tall, y = s * m.u(0.5, 0.62), -s * 0.42
    neck = [(0, y, leg + h * 0.5), (0, y - s * 0.28, leg + h * 0.42), (0, y - s * 0.42, leg + h * 0.75)]
    m.add(coat, tube([*neck, (0, y - s * 0.4, leg + h * 0.5 + tall)], [w * 0.36, w * 0.34, w * 0.26, w * 0.22], 8))
    a, top = w * 0.6, leg + h * 0.5 + tall
    m.add(coat, box(a * 0.9, a, a * 0.8, top=(0.85, 0.9)).at(0, y - s * 0.42, top - a * 0.25))
    m.add(coat, forward_box(a * 0.7, a * 0.55, a * 0.75, (0.85, 0.8), -a * 0.08).at(0, y - s * 0.42 - a * 0.4, top))
    m.both(dark, _side_disc(a * 0.12, a * 0.16).at(a * 0.44, y - s * 0.42 - a * 0.2, top + a * 0.25))
    part = box(a * 0.26, a * 0.16, a * 0.34, top=(0.5, 0.8)).at(a * 0.34, y - s * 0.42 + a * 0.25, top + a * 0.48)
    m.both(coat, part)
    m.add(hair, tube([(0, s * 0.46, leg + h * 0.8), (0, s * 0.58, leg + h * 0.15)], [w * 0.06, w * 0.1], 5))
    if m.chance(0.4, "with a saddle"):
        cloth = m.slot("cloth", "red", "blue", "purple", name="Saddle")
        part = slab(w * 1.06, h * 1.04, s * (0.14 if two else 0.46), w * 0.2).turn("x", 90)
        m.add(cloth, part.at(0, s * (0.08 if two else 0.23), leg + h * 0.53))


def _equine(m: Maker, coat: int, mane: int, hoof: int) -> tuple[float, ...]:
    """A horse. Gives its length, width, height, leg, the head's width, front and top."""
    s = m.u(1.2, 1.5)
    w, h, leg = s * m.u(0.32, 0.37), s * m.u(0.34, 0.38), s * m.u(0.5, 0.6)
    m.add(coat, slab(w, h, s, w * 0.24).turn("x", 90).at(0, s / 2, leg + h / 2))
    _legs(m, coat, hoof, w * 0.32, s * 0.4, leg, w * 0.15)
    up, n, y = leg + h, s * m.u(0.42, 0.5), -s * 0.5
    neck = [(y + s * 0.02, up - h * 0.55), (y + s * 0.26, up - h * 0.06), (y - s * 0.04, up + n)]
    neck += [(y - s * 0.22, up + n - s * 0.1)]
    m.add(coat, profile(neck, w * 0.62, top=0.8))
    a = w * 0.62
    m.add(coat, box(a * 0.94, a * 1.15, a * 1.05, top=(0.85, 0.9)).at(0, y - s * 0.13, up + n - a * 0.85))
    part = forward_box(a * 0.8, a * 0.8, s * 0.24, (0.75, 0.7), -a * 0.28)
    m.add(coat, part.at(0, y - s * 0.14 - a * 0.45, up + n - a * 0.4))
    top = up + n + a * 0.1
    m.both(coat, box(a * 0.26, a * 0.22, a * 0.5, top=(0.3, 0.4)).at(a * 0.3, y - s * 0.1, top))
    crest = [(y + s * 0.2, up - h * 0.1), (y + s * 0.36, up), (y + s * 0.1, up + n), (y - s * 0.08, up + n + a * 0.4)]
    m.add(mane, profile([*crest, (y - s * 0.16, up + n + a * 0.4), (y - s * 0.16, up + n - a * 0.1)], a * 0.42))
    part = box(a * 0.42, a * 0.3, a * 0.7, top=(1, 1.6), shift=(0, a * 0.2))
    m.add(mane, part.at(0, y - s * 0.2 - a * 0.4, up + n - a * 0.3))
    tail = [(0, s * 0.47, up - h * 0.12), (0, s * 0.64, up - h * 0.1), (0, s * 0.74, leg * 0.6)]
    m.add(mane, tube(tail, [w * 0.12, w * 0.2, w * 0.1], 6))
    front, eyes = y - s * 0.14 - a * 0.4, m.slot("paint", "black", name="Eyes")
    m.both(eyes, _side_disc(a * 0.12, a * 0.16).at(a * 0.46, front + a * 0.1, up + n - a * 0.2))
    return s, w, h, leg, a, front, top


@kind("zebra", "zebra:3", weight=0.5)
def zebra(m: Maker) -> None:
    white, black = m.slot("flesh", "white"), m.slot("flesh", "black", name="Stripes")
    s, w, h, leg, *_ = _equine(m, white, black, black)
    count = m.n(4, 5)
    t = s * 0.92 / (2 * count)
    for k in range(count):
        band = slab(w * 1.05, h * 1.05, t, w * 0.25).turn("x", 90)
        m.add(black, band.at(0, -s * 0.44 + t * (2 * k + 1.2), leg + h / 2))
    m.four(black, box(w * 0.31, w * 0.32, leg * 0.15, top=(1.08, 1.1)).at(w * 0.32, s * 0.4, leg * 0.5))
    for k in range(2):
        z, y = leg + h * (1.25 + 0.42 * k), -s * (0.5 + 0.07 * k)
        m.add(black, box(w * (0.63 - 0.05 * k), s * 0.25, h * 0.17).turn("x", -30).at(0, y + s * 0.03, z))


@kind("unicorn", "unicorn:3", weight=0.5)
def unicorn(m: Maker) -> None:
    white, mane = m.slot("flesh", "white"), m.slot("flesh", "pink", "purple", "cyan", "blue", name="Mane", main=True)
    gold = m.slot("gold")
    _, w, _, _, a, front, top = _equine(m, white, mane, m.pick(gold, mane))
    horn = a * m.u(1.5, 2.0)
    m.add(gold, lathe(pairs("0.22,0 0.16,0.4 0,1", a, horn), 6).turn("x", 28).at(0, front + a * 0.1, top - a * 0.15))


@kind("monkey", "monkey:4, ape:1, gorilla:1", weight=0.7)
@called("ape", tailed=False)
def monkey(m: Maker, tailed: bool = True) -> None:
    fur = m.slot("flesh", "brown", "brown", "orange", "black", main=True)
    skin, dark, s = m.slot("flesh", "beige", name="Face"), m.slot("paint", "black", name="Eyes"), m.u(0.5, 0.75)
    m.add(fur, lathe([(s * 0.2, 0), (s * 0.28, s * 0.14), (s * 0.24, s * 0.4), (s * 0.14, s * 0.6)], 8))
    m.add(skin, slab(s * 0.3, s * 0.34, s * 0.16, s * 0.08).turn("x", 90).at(0, -s * 0.13, s * 0.27))
    a, z = s * m.u(0.44, 0.52), s * 0.54
    m.add(fur, cube_ball(a, a * 0.9, a * 0.92, 2, 0.65).at(0, 0, z))
    m.add(skin, slab(a * 0.74, a * 0.36, a * 0.2, a * 0.12).turn("x", 90).at(0, -a * 0.3, z + a * 0.62))
    m.add(skin, slab(a * 0.62, a * 0.4, a * 0.36, a * 0.12).turn("x", 90).at(0, -a * 0.28, z + a * 0.28))
    m.both(dark, box(a * 0.13, a * 0.06, a * 0.17).at(a * 0.19, -a * 0.51, z + a * 0.53))
    m.add(dark, box(a * 0.36, a * 0.06, a * 0.06).at(0, -a * 0.64, z + a * 0.2))
    m.both(fur, disc(a * 0.25, a * 0.16).at(a * 0.56, a * 0.02, z + a * 0.5))
    m.both(skin, disc(a * 0.15, a * 0.12, 6).at(a * 0.57, -a * 0.06, z + a * 0.5))
    m.both(fur, tube(triples("0.16,0,0.5 0.38,-0.06,0.3 0.32,-0.36,0.2", s), [s * 0.08, s * 0.07, s * 0.06], 5))
    m.both(skin, box(s * 0.13, s * 0.14, s * 0.12).at(s * 0.31, -s * 0.4, s * 0.13))
    m.both(fur, tube([(s * 0.16, 0, s * 0.1), (s * 0.28, -s * 0.4, s * 0.12)], [s * 0.12, s * 0.09], 6))
    m.both(skin, box(s * 0.15, s * 0.13, s * 0.22).at(s * 0.29, -s * 0.44, 0))
    if tailed:
        way = m.pick(-s, -s, s)
        tail = triples("0,0.2,0.08 0.4,0.4,0.1 0.62,0.3,0.4 0.56,0.2,0.62 0.42,0.18,0.56", way, s, s)
        m.add(fur, tube(tail, s * 0.045, 5))


@monkey.noun("gorilla")
def gorilla(m: Maker) -> None:
    fur = m.slot("flesh", "black", "grey", "brown", main=True)
    skin, dark = m.slot("flesh", "grey", "brown", name="Face"), m.slot("paint", "black", name="Eyes")
    s = m.u(1.0, 1.3)
    w = s * m.u(0.56, 0.66)
    trunk = [(-0.42, 0.46), (0.3, 0.24), (0.44, 0.3), (0.42, 0.55), (-0.12, 0.98), (-0.4, 0.92)]
    m.add(fur, profile([(y * s, z * s) for y, z in trunk], w, top=0.85))
    m.both(fur, box(s * 0.2, s * 0.24, s * 0.66, top=(1.4, 1.4)).at(w * 0.56, -s * 0.32, s * 0.22))
    m.both(fur, block(s * 0.25, s * 0.3, s * 0.34, s * 0.06).at(w * 0.58, -s * 0.36, 0))
    m.both(fur, box(s * 0.24, s * 0.3, s * 0.42, top=(1, 1.2)).at(w * 0.36, s * 0.26, 0))
    m.both(skin, block(s * 0.26, s * 0.36, s * 0.1, s * 0.03).at(w * 0.36, s * 0.16, 0))
    a, y, z = s * 0.36, -s * 0.5, s * 0.76
    m.add(fur, box(a, a * 0.95, a * 1.15, top=(0.6, 0.6), shift=(0, a * 0.1)).at(0, y, z))
    m.add(skin, block(a * 0.84, a * 0.5, a * 0.5, a * 0.12).at(0, y - a * 0.4, z + a * 0.02))
    m.add(skin, box(a * 0.84, a * 0.3, a * 0.34, top=(0.9, 0.7)).at(0, y - a * 0.36, z + a * 0.46))
    m.add(fur, block(a * 0.94, a * 0.3, a * 0.18, a * 0.05).at(0, y - a * 0.4, z + a * 0.68))
    m.both(dark, box(a * 0.13, a * 0.1, a * 0.13).at(a * 0.2, y - a * 0.5, z + a * 0.53))
    m.add(dark, box(a * 0.5, a * 0.06, a * 0.07).at(0, y - a * 0.65, z + a * 0.14))


@kind("crocodile", "crocodile:4, alligator:2", weight=0.6)
@called("alligator", broad=0.9)
def crocodile(m: Maker, broad: float = 0.62) -> None:
    """`broad`: its snout before, as a share of what it is behind."""
    skin, belly = m.slot("leaf", "green", "dark green", main=True), m.slot("flesh", "beige", "yellow", name="Belly")
    dark, white = m.slot("paint", "black", name="Eyes"), m.slot("bone", name="Teeth")
    s, tail, w = m.u(2.0, 3.2), m.u(0.5, 0.62), m.u(0.1, 0.125)
    stations = [(tail, 0.05, 0.012, 0.03), (0.3, 0.08, w * 0.5, 0.05), (0.1, 0.1, w, 0.07), (-0.18, 0.1, w, 0.075)]
    stations += [(-0.34, 0.11, w * 0.62, 0.06)]
    _bellied(m, skin, belly, _hull(stations, s))
    h, jaw, y, z = s * w * 1.35, s * (m.u(0.22, 0.27)), -s * 0.33, s * 0.115
    m.add(skin, box(h, s * 0.14, s * 0.11, top=(0.85, 0.9)).at(0, y, s * 0.065))
    lift = m.u(0, 22)
    upper = forward_box(h * 0.94, s * 0.055, jaw, (broad, 0.7)).turn("x", -lift)
    m.add(skin, upper.at(0, y - s * 0.04, z + s * 0.025))
    m.add(belly, forward_box(h * 0.86, s * 0.045, jaw * 0.95, (broad, 0.7)).at(0, y - s * 0.04, z - s * 0.03))
    tooth = lathe([(s * 0.012, 0), (0, -s * 0.034)], 4).flip()
    for k in range(3):
        far = 0.4 + 0.26 * k
        x = h * 0.46 * (1 - (1 - broad) * far) * 0.96
        m.both(white, tooth.at(x, -jaw * far, -s * 0.018).turn("x", -lift).at(0, y - s * 0.04, z + s * 0.025))
    m.both(skin, box(s * 0.045, s * 0.06, s * 0.05, top=(0.8, 0.7)).at(h * 0.27, y - s * 0.02, z + s * 0.045))
    m.both(dark, box(s * 0.02, s * 0.03, s * 0.024).at(h * 0.27 + s * 0.018, y - s * 0.025, z + s * 0.062))
    m.four(skin, box(s * 0.085, s * 0.08, s * 0.115, shift=(-s * 0.03, 0)).at(s * (w + 0.02), s * 0.16))
    m.four(skin, box(s * 0.1, s * 0.11, s * 0.025).at(s * (w + 0.025), s * 0.17))
    for k in range(4):
        scale = box(s * 0.05, s * 0.08, s * 0.045, top=(0.4, 0.3), shift=(0, s * 0.015))
        m.add(skin, scale.scale(1.3).at(0, s * (-0.2 + 0.13 * k), s * (0.155 - 0.016 * max(0, k - 1))))


def _flipper(length: float, chord: float, t: float) -> Part:
    """A fin that reaches out along x and swept to the back."""
    return _plate(pairs("0,-0.5 0.6,-0.1 1,0.7 0.5,0.6 0,0.5", length, chord), t)


@kind("whale", "whale:3, blue whale:1", weight=0.7)
@called("blue whale", blue=True)
def whale(m: Maker, blue: bool = False) -> None:
    back = m.slot("flesh", "blue") if blue else m.slot("flesh", "blue", "blue", "grey", "cyan", main=True)
    belly, dark = m.slot("flesh", "white", "beige", name="Belly"), m.slot("paint", "black", name="Eyes")
    s, fat = m.u(5, 9), m.u(0.19, 0.21) if blue else m.u(0.22, 0.27)
    lift = m.u(0.06, 0.16)
    stations = [
        (0.46, fat + lift, 0.035, 0.03), (0.3, fat + lift * 0.45, 0.09, 0.08), (0.08, fat, fat * 0.8, fat * 0.85),
        (-0.18, fat, fat, fat), (-0.4, fat * 1.02, fat * 0.92, fat * 0.88), (-0.5, fat * 1.05, fat * 0.6, fat * 0.55),
    ]  # fmt: skip
    _bellied(m, back, belly, _hull(stations, s))
    fluke = _flipper(s * 0.2, s * 0.14, s * 0.03).turn("z", 12).turn("y", -14)
    m.both(back, fluke.at(-s * 0.01, s * 0.47, s * (fat + lift)))
    m.both(back, _flipper(s * 0.2, s * 0.13, s * 0.03).turn("y", 22).at(s * fat * 0.78, -s * 0.2, s * fat * 0.62))
    m.both(dark, _side_disc(s * 0.026, s * 0.03).at(s * fat * 0.9, -s * 0.34, s * fat * 1.1))
    if m.chance(0.5):
        fin = [(0.12, 0.0), (0.26, 0.0), (0.27, 0.06)]
        m.add(back, profile([(y * s, z * s) for y, z in fin], s * 0.03).at(0, 0, s * (fat * 1.35 + lift * 0.1)))
    else:
        water, top = m.slot("water"), s * fat * 1.9
        m.add(water, prism(s * 0.022, s * 0.14, 6).at(0, -s * 0.16, top))
        path = [(0, -s * 0.16, top + s * 0.12), (s * 0.06, -s * 0.16, top + s * 0.19)]
        path += [(s * 0.11, -s * 0.16, top + s * 0.12)]
        m.both(water, tube(path, [s * 0.022, s * 0.025, s * 0.018], 5))


@kind("dolphin", "dolphin:4", weight=0.6)
def dolphin(m: Maker) -> None:
    back = m.slot("flesh", "grey", "blue", "cyan", main=True)
    belly, dark = m.slot("flesh", "white", name="Belly"), m.slot("paint", "black", name="Eyes")
    s, arch, fat = m.u(1.8, 2.6), m.u(0.06, 0.16), m.u(0.12, 0.14)

    def mid(y: float) -> float:
        return fat + arch * (1 - (y / 0.4) ** 2)

    shape = [(0.44, 0.022, 0.022), (0.26, 0.06, 0.07), (0.06, 0.92 * fat, fat), (-0.14, fat, 1.05 * fat)]
    shape += [(-0.3, 0.8 * fat, 0.85 * fat), (-0.37, 0.5 * fat, 0.5 * fat)]
    _bellied(m, back, belly, _hull([(y, mid(y), w, h) for y, w, h in shape], s))
    beak = _hull([(-0.33, mid(-0.37) - 0.016, 0.05, 0.036), (-0.48, mid(-0.37) - 0.06, 0.022, 0.02)], s)
    _bellied(m, back, belly, beak)
    fluke = _flipper(s * 0.17, s * 0.11, s * 0.022).turn("z", 14).turn("y", 6)
    m.both(back, fluke.turn("x", -20).at(-s * 0.01, s * 0.45, s * (mid(0.44) + 0.004)))
    part = _flipper(s * 0.17, s * 0.09, s * 0.022).turn("y", 34)
    m.both(back, part.at(s * fat * 0.6, -s * 0.16, s * (mid(-0.16) - fat * 0.5)))
    fin = [(-0.05, -0.04), (0.12, -0.04), (0.15, 0.13), (0.1, 0.12)]
    m.add(back, profile([(y * s, z * s) for y, z in fin], s * 0.028, top=0.7).at(0, 0, s * (mid(0.03) + fat * 0.9)))
    m.both(dark, _side_disc(s * 0.015, s * 0.025).at(s * fat * 0.68, -s * 0.31, s * (mid(-0.3) + fat * 0.16)))


@kind("shark", "shark:4", weight=0.7)
def shark(m: Maker) -> None:
    back = m.slot("flesh", "grey", "blue", "grey", main=True)
    belly, dark = m.slot("flesh", "white", name="Belly"), m.slot("paint", "black", name="Dark")
    s, fat = m.u(2.5, 4.0), m.u(0.11, 0.135)
    z = fat + 0.06
    stations = [(0.4, z + 0.02, 0.015, 0.03), (0.24, z + 0.01, 0.05, 0.06), (0.0, z, 0.9 * fat, fat)]
    stations += [(-0.2, z, fat, 1.05 * fat), (-0.36, z + 0.015, 0.8 * fat, 0.75 * fat)]
    stations += [(-0.5, z + 0.03, 0.22 * fat, 0.2 * fat)]
    _bellied(m, back, belly, _hull(stations, s))

    def fin(*outline: Point, w: float = 0.03) -> Part:
        return profile([(y * s, v * s) for y, v in outline], s * w, top=0.7)

    tall = m.u(0.17, 0.22)
    m.add(back, fin((-0.13, -0.04), (0.08, -0.04), (0.1, tall), (0.06, tall)).at(0, 0, s * (z + fat * 0.9)))
    m.add(back, fin((0.36, -0.02), (0.43, -0.02), (0.56, 0.2), (0.51, 0.2)).at(0, 0, s * (z + 0.02)))
    m.add(back, fin((0.37, 0.05), (0.44, -0.12), (0.5, -0.12), (0.44, 0.045), w=0.024).at(0, 0, s * (z + 0.01)))
    part = _flipper(s * 0.22, s * 0.11, s * 0.025).turn("y", 24).at(s * fat * 0.6, -s * 0.12, s * (z - fat * 0.45))
    m.both(back, part)
    m.both(dark, _side_disc(s * 0.016, s * 0.025).at(s * fat * 0.62, -s * 0.385, s * (z + 0.035)))
    part = box(s * 0.03, s * 0.02, s * fat * 0.75).turn("x", -12).at(s * fat * 0.86, -s * 0.17, s * (z - fat * 0.28))
    m.both(dark, *steps(part, 3, y=-s * 0.045))
    m.add(dark, box(s * fat * 1.12, s * 0.1, s * 0.03, top=(1.1, 1.0)).at(0, -s * 0.38, s * (z - fat * 0.34)))
    part = lathe([(s * 0.02, 0), (0, -s * 0.045)], 4).flip().at(s * fat * 0.2, -s * 0.43, s * (z - fat * 0.16))
    m.both(belly, *steps(part, 2, x=s * fat * 0.32))
