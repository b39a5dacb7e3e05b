"""Food and what it is served in: fruit, bread, burgers, cups, plates, pots."""

import numpy as np

from .base import Colors, Maker, called, kind
from .outlines import arc, pairs, triples
from .parts import Array, Part, block, box, circle, extrude, lathe, leaf, loft, prism, profile, ring, row, tube
from .rounds import ball, cube_ball, dome, ico

ROUND = "0,0.08 0.6,0 1,0.7 0.95,1.25 0.5,1.65 0,1.45"


@kind("apple", "apple:5, pear:2, orange:1, tomato:2, peach:1, cherry:1", weight=1.2)
@called("pear", colors=("green", "yellow"), shape="0,0 0.8,0.2 1,0.8 0.6,1.6 0.35,2.2 0,2.4")
@called("orange", colors=("orange",), told=False, top="")
@called("tomato", colors=("red",), told=False, top="calyx")
@called("peach", colors=("orange", "pink"), told=False)
def apple(
    m: Maker, colors: Colors = ("red", "green", "yellow"), shape: str = ROUND, told: bool = True, top: str = "stalk"
) -> None:
    """`shape`: a turned outline in radii; `told`: its colour may be said."""
    skin, stem, green = m.slot("flesh", *colors, main=told), m.slot("bark", ""), m.slot("leaf", "green")
    r, n = m.u(0.035, 0.05), m.pick(6, 8, 10)
    outline = pairs(shape, r)
    m.add(skin, lathe(outline, n))
    h = outline[-1][1]
    if top == "calyx":
        m.add(green, lathe([(r * 0.5, 0), (0, r * 0.14)], 5).at(0, 0, h + r * 0.06))
    elif top == "stalk":
        m.add(stem, prism(r * 0.07, r * 0.45, 5).at(0, 0, h))
        if m.chance(0.7):
            m.add(green, leaf(r * 0.8, r * 0.45, r * 0.2, 0.0).turn("z", -90).at(0, 0, h + r * 0.25))


@apple.noun("cherry")
def cherry(m: Maker) -> None:
    skin, stem, green, r = m.slot("flesh", "red"), m.slot("bark", ""), m.slot("leaf", "green"), m.u(0.035, 0.05)
    m.both(skin, ball(r * 0.6, 8, 3).at(r * 0.7))
    m.both(stem, tube([(r * 0.7, 0, r * 1.1), (r * 0.3, 0, r * 2.2), (0, 0, r * 2.6)], r * 0.06, 4))
    m.add(green, leaf(r, r * 0.5, r * 0.2, 0).at(0, 0, r * 2.6))


@kind("carrot", "carrot:5, radish:1, turnip:1, parsnip:1", weight=1.0)
@called("parsnip", color="beige")
@called("radish", color="red", long=False)
@called("turnip", color="purple", long=False)
def carrot(m: Maker, color: str = "orange", long: bool = True) -> None:
    root, green, h = m.slot("flesh", color), m.slot("leaf", "green", "light green"), m.u(0.15, 0.22)
    r, n = h * (m.u(0.14, 0.2) if long else 0.36), m.pick(6, 8)
    if long:
        pts = [(0, 0), (r * 0.5, h * 0.35), (r, h * 0.88), (r * 0.6, h), (0, h * 1.0 - 0.001)]
    else:
        pts = [(0, 0), (r * 0.3, h * 0.25), (r, h * 0.6), (r * 0.8, h * 0.9), (0, h)]
    m.add(root, lathe(pts, n))
    for k in range(m.n(3, 5)):
        frond = tube(triples("0,0,0 0.08,0,0.24 0.22,0,0.44", h), [r * 0.16, r * 0.3, 0.001], 4, tip=True)
        m.add(green, frond.turn("z", 77 * k).at(0, 0, h * 0.97))


@kind("pumpkin", "pumpkin:6, halloween pumpkin:2", weight=1.2)
@called("halloween pumpkin", carved=True)
def pumpkin(m: Maker, carved: bool = False) -> None:
    skin = m.slot("flesh", "orange", "yellow") if m.chance(0.85) else m.slot("paint", "white", main=True)
    stem = m.slot("bark", "") if m.chance(0.5) else m.slot("leaf", "dark green")
    r, ribs = m.u(0.2, 0.35), m.pick(6, 8)
    h = r * m.u(1.1, 1.5)
    part = lathe(pairs("0,0.06 0.6,0 1,0.35 0.95,0.7 0.5,1 0,0.92", r, h), ribs * 2, 0)

    def ribbed(v: Array) -> Array:
        a = np.arctan2(v[:, 1], v[:, 0])
        v[:, :2] *= (0.94 + 0.07 * np.cos(a * ribs))[:, None]
        return v

    m.add(skin, part.bend(ribbed))
    m.add(stem, tube(triples("0,0,0.88 0.04,0,1.1 0.2,0,1.22", r, 1, h), [r * 0.16, r * 0.11, r * 0.1], 6))
    if carved:
        m.say("carved")
        glow, y = m.slot("glow", "flame"), -r * 0.98
        eye = extrude([(-r * 0.16, 0), (r * 0.16, 0), (0, r * 0.3)], r * 0.3)
        m.both(glow, eye.at(r * 0.34, y * 0.92, h * 0.55))
        outline = pairs("-0.5,0.42 -0.25,0.24 0.25,0.24 0.5,0.42 0.2,0.34 -0.2,0.34", r, h)
        m.add(glow, extrude(outline, r * 0.3).at(0, y * 0.94))


@kind("bread", "bread:5, loaf of bread:2, baguette:1, bun:1, loaf:1", weight=1.0)
@called("baguette", slim=True)
def bread(m: Maker, slim: bool = False) -> None:
    crust = m.slot("bread")
    length = m.u(0.4, 0.55) if slim else m.u(0.2, 0.3)
    w = length * (0.17 if slim else m.u(0.42, 0.52))
    h = w * m.u(0.7, 0.9)
    m.add(crust, cube_ball(length, w, h, 3, 0.55))
    m.add(m.slot("bread", ""), *row(box(w * 0.12, w * 0.55, h * 0.1).turn("z", 25).at(z=h * 0.95), 3, x=length * 0.24))


@bread.noun("bun")
def bun(m: Maker) -> None:
    m.add(m.slot("bread"), lathe(pairs("0.85,0 1,0.3 0.85,0.7 0.45,1 0,1.08", m.u(0.05, 0.07)), 10))


@kind("cake", "cake:5, birthday cake:2, slice of cake:1, cupcake:2, muffin:1, pie:1", weight=1.1)
@called("birthday cake", candles=True)
def cake(m: Maker, candles: bool = False) -> None:
    sponge, icing = m.slot("bread"), m.slot("flesh", "pink", "white", "brown", "cyan", "yellow", main=True)
    red = m.slot("flesh", "red")
    n, r, h, tiers = m.pick(10, 12, 16), m.u(0.12, 0.16), m.u(0.07, 0.11), m.n(1, 3)
    z = 0.0
    for k in range(tiers):
        wide = 1 - 0.27 * k
        curve = [(r * wide, z), (r * wide, z + h * 0.62), (r * wide * 1.03, z + h * 0.62), (r * wide * 1.03, z + h)]
        m.banded(curve, n, [sponge, icing, icing])
        z += h
    top = r * (1 - 0.27 * (tiers - 1))
    if candles or m.chance(0.3):
        candle, flame, c = m.slot("wax"), m.slot("glow", "flame"), m.n(3, 6)
        m.around(candle, c, prism(r * 0.05, h * 0.6, 6).at(top * 0.6, 0, z))
        m.around(flame, c, lathe(pairs("0.035,0 0.05,0.08 0,0.24", r, h), 5).at(top * 0.6, 0, z + h * 0.62))
    else:
        m.around(red, m.n(4, 6), ico(r * 0.1, 0).at(top * 0.72, 0, z))
    m.add(m.slot("ceramic", "white"), prism(r * 1.25, h * 0.1, n).at(0, 0, -h * 0.1))


@cake.noun("cupcake", "muffin")
@called("muffin", iced=False)
def cupcake(m: Maker, iced: bool = True) -> None:
    sponge, icing = m.slot("bread"), m.slot("flesh", "pink", "white", "brown", "cyan", "yellow", main=True)
    red, r = m.slot("flesh", "red"), m.u(0.03, 0.045)
    m.add(m.slot("paper") if m.chance(0.5) else m.slot("paint"), prism(r * 0.75, r * 1.1, 10, 1.3))
    if iced:
        m.add(icing, lathe(pairs("1.1,0 1.1,0.3 0.7,0.6 0.72,0.75 0,1.3", r), 10).at(0, 0, r * 1.05))
        m.add(red, ico(r * 0.24, 0).at(0, 0, r * 2.2))
    else:
        m.add(sponge, dome(r * 1.2, r * 0.9, 10, 3).at(0, 0, r * 1.05))


@cake.noun("pie")
def pie(m: Maker) -> None:
    sponge, red = m.slot("bread"), m.slot("flesh", "red")
    n, r, h = m.pick(10, 12, 16), m.u(0.12, 0.16), m.u(0.07, 0.11)
    m.add(sponge, lathe([(r * 0.8, 0), (r, h * 0.5), (r * 0.9, h * 0.5), (r * 0.85, h * 0.4)], n))
    m.add(red, prism(r * 0.86, h * 0.1, n).at(0, 0, h * 0.36))
    for k in range(-1, 2):
        m.add(sponge, box(r * 0.14, r * 1.6, h * 0.1).at(k * r * 0.5, 0, h * 0.46))
        m.add(sponge, box(r * 1.6, r * 0.14, h * 0.1).at(0, k * r * 0.5, h * 0.5))


@cake.noun("slice of cake")
def slice_of_cake(m: Maker) -> None:
    sponge, icing = m.slot("bread"), m.slot("flesh", "pink", "white", "brown", "cyan", "yellow", main=True)
    red, r, h = m.slot("flesh", "red"), m.u(0.12, 0.16), m.u(0.07, 0.11)
    a = [(0, -r), (r * 0.45, r * 0.4), (-r * 0.45, r * 0.4)]

    def layer(t: float) -> Part:
        return extrude(a, t).turn("x", -90)

    for k, s in enumerate((sponge, icing, sponge, icing)):
        t = h * (0.42 if s == sponge else 0.12)
        m.add(s, layer(t).at(0, 0, h * (0.21, 0.48, 0.75, 1.02)[k]))
    m.add(red, ico(r * 0.16, 0).at(0, 0, h * 1.06))


@kind("pizza", "pizza:4, pizza slice:2, slice of pizza:1", weight=1.0)
def pizza_slice(m: Maker) -> None:
    crust, cheese = m.slot("bread"), m.slot("flesh", "yellow", name="Cheese")
    meat, r, t = m.slot("flesh", "red", name="Salami"), m.u(0.14, 0.18), 0.012
    wide = r * 0.55
    m.add(cheese, extrude([(0, -r), (wide, r * 0.6), (-wide, r * 0.6)], t * 1.5).turn("x", -90).at(0, 0, t))
    m.add(crust, prism(t * 1.6, wide * 2.3, 6).along("x").at(-wide * 1.15, r * 0.64, t))
    for x, y in ((0.0, -0.2), (-0.28, 0.3), (0.28, 0.32)):
        m.add(meat, prism(r * 0.15, t * 0.6, 6).at(x * r, y * r, t * 1.7))


@pizza_slice.noun("pizza")
def pizza(m: Maker) -> None:
    crust, cheese = m.slot("bread"), m.slot("flesh", "yellow", name="Cheese")
    meat, r, t, n = m.slot("flesh", "red", name="Salami"), m.u(0.14, 0.18), 0.012, m.pick(12, 16)
    m.add(crust, lathe([(r, 0), (r * 1.03, t * 1.2), (r * 0.94, t * 2), (r * 0.86, t)], n))
    m.add(cheese, prism(r * 0.87, t * 0.5, n).at(0, 0, t))
    m.add(meat, *[prism(r * 0.13, t * 0.5, 6).at(r * 0.55, 0, t * 1.5).turn("z", 58 * k) for k in range(m.n(5, 7))])
    m.add(meat, prism(r * 0.13, t * 0.5, 6).at(0, 0, t * 1.5))
    if m.chance(0.5):
        m.around(m.slot("leaf", "green"), 4, box(r * 0.12, r * 0.08, t * 0.7).at(r * 0.3, 0, t * 1.5), 30)


@kind("burger", "burger:5, hamburger:3, cheeseburger:1, sandwich:2, hot dog:2", weight=1.1)
@called("cheeseburger", cheese=True)
def burger(m: Maker, cheese: bool = False) -> None:
    bun, meat, salad = m.slot("bread"), m.slot("flesh", "brown", name="Meat"), m.slot("leaf", "green", "light green")
    r, n = m.u(0.055, 0.07), m.pick(10, 12)
    z = r * 0.38
    m.add(bun, lathe([(r * 0.85, 0), (r, r * 0.12), (r, z)], n))
    m.add(meat, lathe([(r * 1.0, 0), (r * 1.08, r * 0.12), (r * 1.0, r * 0.28)], n).at(0, 0, z))
    z += r * 0.28
    if cheese or m.chance(0.6):
        m.add(m.slot("flesh", "yellow", name="Cheese"), box(r * 1.75, r * 1.75, r * 0.07).turn("z", 20).at(0, 0, z))
        z += r * 0.07
    if m.chance(0.7):
        m.add(m.slot("flesh", "red", name="Tomato"), prism(r * 0.92, r * 0.12, n).at(0, 0, z))
        z += r * 0.12
    m.add(salad, prism(r * 1.12, r * 0.1, 8).at(0, 0, z))
    z += r * 0.1
    m.add(bun, lathe(pairs("1,0 1.02,0.18 0.8,0.5 0.4,0.68 0,0.72", r), n).at(0, 0, z))


@burger.noun("hot dog")
def hot_dog(m: Maker) -> None:
    bun, r, red = m.slot("bread"), m.u(0.055, 0.07), m.slot("flesh", "red", name="Sausage")
    length = r * 3
    m.both(bun, cube_ball(r * 0.55, length, r * 0.9, 3, 0.6).at(r * 0.38))
    m.add(red, cube_ball(r * 0.55, length * 1.15, r * 0.55, 3, 0.7).at(0, 0, r * 0.5))
    m.add(m.slot("flesh", "yellow", name="Mustard"), box(r * 0.1, length * 0.8, r * 0.08).at(0, 0, r * 1.02))


@burger.noun("sandwich")
def sandwich(m: Maker) -> None:
    bun, meat, salad = m.slot("bread"), m.slot("flesh", "brown", name="Meat"), m.slot("leaf", "green", "light green")
    r = m.u(0.055, 0.07)
    a = [(-r, -r * 0.6), (r, -r * 0.6), (0, r * 0.9)]
    z = 0.0
    for s, t, grow in (
        (bun, 0.3, 1.0),
        (salad, 0.1, 1.1),
        (m.slot("flesh", "yellow", name="Cheese"), 0.08, 1.04),
        (meat, 0.12, 1.02),
        (bun, 0.3, 1.0),
    ):
        m.add(s, extrude([(x * grow, y * grow) for x, y in a], t * r).turn("x", -90).at(0, 0, z + t * r / 2))
        z += t * r


@kind("donut", "donut:4, doughnut:1, cookie:2", weight=0.9)
def donut(m: Maker) -> None:
    dough, icing = m.slot("bread"), m.slot("flesh", "pink", "brown", "white", "cyan", main=True)
    r, n = m.u(0.035, 0.05), m.pick(10, 12)
    m.add(dough, ring(r, r * 0.48, n, 6).at(0, 0, r * 0.42))
    m.add(icing, ring(r, r * 0.46, n, 6, r * 0.5).at(0, 0, r * 0.66))
    if m.chance(0.6, "with sprinkles"):
        bits = [m.slot("flesh", c) for c in ("yellow", "cyan", "red")]
        for k in range(9):
            m.add(bits[k % 3], box(r * 0.2, r * 0.07, r * 0.06).turn("z", 70 * k).at(r, 0, r * 0.9).turn("z", 40 * k))


@donut.noun("cookie")
def cookie(m: Maker) -> None:
    dough, r = m.slot("bread"), m.u(0.035, 0.05)
    m.add(dough, lathe([(r * 0.9, 0), (r, r * 0.14), (r * 0.85, r * 0.28)], 10))
    chip = m.slot("flesh", "brown", name="Chocolate")
    for k in range(m.n(4, 6)):
        part = block(r * 0.2, r * 0.2, r * 0.14, r * 0.03).at(r * (0.55 if k else 0), 0, r * 0.24).turn("z", 75 * k)
        m.add(chip, part)


@kind("cheese", "cheese:4, cheese wheel:1, cheese slice:1, wedge of cheese:1", weight=0.9)
def cheese(m: Maker) -> None:
    yellow, rind = m.slot("flesh", "yellow", "orange"), m.slot("flesh", "red", "orange", "beige")
    r, h = m.u(0.07, 0.12), m.u(0.05, 0.09)
    m.add(yellow, extrude([(0, -r), (r * 0.75, r * 0.6), (-r * 0.75, r * 0.6)], h).turn("x", -90).at(0, 0, h / 2))
    m.add(rind, box(r * 1.52, r * 0.1, h * 1.02).at(0, r * 0.65, 0))
    if m.chance(0.7):
        hole = m.slot("flesh", "orange", "brown")
        for x, y in ((0.0, -0.1), (0.3, 0.35), (-0.28, 0.3)):
            m.add(hole, prism(r * 0.1, h * 0.03, 6).at(x * r, y * r, h))


@cheese.noun("cheese wheel")
def cheese_wheel(m: Maker) -> None:
    yellow, rind = m.slot("flesh", "yellow", "orange"), m.slot("flesh", "red", "orange", "beige")
    m.banded(pairs("1,0 1,1 0.92,1", m.u(0.07, 0.12), m.u(0.05, 0.09)), 12, [rind, yellow])


@kind("meat", "steak:2, meat:2, chicken leg:2, ham:1, sausage:1", weight=0.9)
def meat(m: Maker) -> None:
    flesh, bone, r = m.slot("flesh", "brown", "red", name="Meat"), m.slot("bone"), m.u(0.06, 0.09)
    m.add(flesh, lathe(pairs("0,0 0.7,0.25 0.8,0.9 0.4,1.7 0,1.9", r), 8))
    m.add(bone, prism(r * 0.15, r * 0.7, 6).at(0, 0, r * 1.75), ico(r * 0.2, 0).at(r * 0.14, 0, r * 2.3))
    m.add(bone, ico(r * 0.2, 0).at(-r * 0.14, 0, r * 2.3))


@meat.noun("steak")
def steak(m: Maker) -> None:
    flesh, bone, r = m.slot("flesh", "brown", "red", name="Meat"), m.slot("bone"), m.u(0.06, 0.09)
    a = pairs("-1,-0.3 -0.4,-0.75 0.6,-0.6 1,0 0.6,0.6 -0.5,0.55", r)
    m.add(flesh, extrude(a, r * 0.35).turn("x", -90).at(0, 0, r * 0.18))
    m.add(bone, prism(r * 0.18, r * 0.4, 6).at(-r * 0.3, 0, 0))


@meat.noun("sausage")
def sausage(m: Maker) -> None:
    flesh, _, r = m.slot("flesh", "brown", "red", name="Meat"), m.slot("bone"), m.u(0.06, 0.09)
    m.add(flesh, cube_ball(r * 2.6, r * 0.7, r * 0.7, 3, 0.7))


@kind("banana", "banana:2", weight=0.7)
def banana(m: Maker) -> None:
    skin, dark, length, n = m.slot("flesh", "yellow"), m.slot("bark", "dark"), m.u(0.15, 0.2), m.n(1, 3)
    r, path = length * 0.1, triples("0,-0.5,0.22 0,-0.25,0.06 0,0,0 0,0.25,0.06 0,0.5,0.22", length)
    m.add(skin, *row(tube(path, [r * 0.4, r * 0.9, r, r * 0.9, r * 0.35], 6).at(z=r), n, x=r * 1.8))
    m.add(dark, box(r * (0.7 + 1.8 * (n - 1)), r * 0.6, r * 0.9).at(0, length * 0.5, length * 0.22 + r * 0.7))


@kind("watermelon", "watermelon:2, melon:1", weight=0.6)
def watermelon(m: Maker) -> None:
    rind, flesh, r = m.slot("leaf", "dark green", "green"), m.slot("flesh", "red", "pink"), m.u(0.12, 0.16)
    if m.chance(0.5, "slice of"):
        m.add(rind, extrude(arc(r, -r, z=r)[::-1], r * 0.3))
        m.add(flesh, extrude(arc(r * 0.86, -r * 0.86, z=r)[::-1], r * 0.32).at(0, 0, 0.002))
    else:
        m.add(rind, cube_ball(r * 2.2, r * 1.7, r * 1.7, 3, 0.85))


EGG = "0,0 0.65,0.2 1,0.85 0.8,1.7 0.4,2.3 0,2.5"


@kind("egg", "egg:3, easter egg:1", weight=0.7)
def egg(m: Maker) -> None:
    m.add(m.slot("bone", ""), lathe(pairs(EGG, m.u(0.022, 0.03)), m.pick(8, 10)))


@egg.noun("easter egg")
def easter_egg(m: Maker) -> None:
    slot, points, n = m.slot("paint", main=True), pairs(EGG, m.u(0.022, 0.03)), m.pick(8, 10)
    band = m.slot("paint")
    m.banded(points, n, [slot, band, slot, band, slot])


@kind("ice_cream", "ice cream:3, ice cream cone:2, popsicle:1, lollipop:1", weight=0.8)
def ice_cream(m: Maker) -> None:
    cone, scoop = m.slot("bread"), m.slot("flesh", "pink", "white", "brown", "cyan", "green", main=True)
    r = m.u(0.03, 0.04)
    m.add(cone, lathe([(0, 0), (r * 0.95, r * 3)], 8))
    m.add(scoop, ball(r * 1.05, 8, 4).at(0, 0, r * 2.5))
    if m.chance(0.5):
        m.add(m.slot("flesh"), ball(r * 0.9, 8, 4).at(0, 0, r * 4.0))


@ice_cream.noun("popsicle", "lollipop")
@called("lollipop", disc=True)
def popsicle(m: Maker, disc: bool = False) -> None:
    scoop, r = m.slot("flesh", "pink", "white", "brown", "cyan", "green", main=True), m.u(0.03, 0.04)
    m.add(m.slot("wood", "light"), prism(r * 0.12, r * 2, 6))
    flat, long = prism(r, r * 0.4, 12).along("y").at(0, -r * 0.2, r), block(r * 1.3, r * 0.5, r * 2.2, r * 0.2)
    m.add(scoop, (flat if disc else long).at(0, 0, r * 1.7))


@kind("fish", "fish:3, salmon:1", weight=0.8)
def fish(m: Maker) -> None:
    skin, fin = m.slot("paint", "blue", "orange", "grey", "red", "yellow", main=True), m.slot("paint")
    length = m.u(0.25, 0.45)
    h = length * m.u(0.3, 0.45)
    w = h * 0.5
    ys = [(0.1, 0.45), (0.35, 1.0), (0.6, 0.85), (0.88, 0.28)]
    rings, c = np.zeros((len(ys), 6, 3)), circle(6, 0.5)
    for k, (f, s) in enumerate(ys):
        rings[k] = np.stack([c[:, 0] * w / 2 * s, np.full(6, (f - 0.5) * length), c[:, 1] * h / 2 * s], 1)[::-1]
    m.add(skin, loft(rings, "tip", "cap", [(0, -length / 2, 0)]))
    m.add(fin, profile(pairs("0.36,0 0.58,0.42 0.5,0 0.58,-0.42", length, h)[::-1], w * 0.16))
    m.add(fin, profile([(-length * 0.1, h * 0.42), (length * 0.2, h * 0.36), (length * 0.16, h * 0.7)], w * 0.16))
    m.both(m.slot("paint", "black"), box(w * 0.2, w * 0.3, w * 0.3).at(w * 0.3, -length * 0.32, h * 0.06))
