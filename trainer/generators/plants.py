"""Trees, bushes, flowers and other things that grow."""

import math

from .base import Colors, Maker, called, kind
from .outlines import pairs, triples
from .parts import Part, block, extrude, join, lathe, leaf, prism, pyramid, tube
from .rounds import ball, cube_ball, dome, ico, rough


def crown(m: Maker, r: float, style: str) -> Part:
    numbers = m.numbers()
    if style == "ico":
        return rough(ico(r, 1), numbers, 0.08, mirrored=True)
    if style == "small":
        return rough(ico(r, 0), numbers, 0.1, mirrored=True)
    if style == "quads":
        return rough(cube_ball(2 * r, 2 * r, 2 * r * 0.9, 2, 0.75), numbers, 0.07, mirrored=True)
    return ball(r, m.pick(6, 8), 3)


@kind("tree", "tree:8, oak tree:1, leafy tree:1, oak:1", weight=2.2)
def tree(m: Maker) -> None:
    bark, green, h, n = m.slot("bark"), m.slot("leaf", main=True), m.u(1.2, 2.4), m.pick(5, 6, 8)
    r = h * m.u(0.07, 0.12)
    if m.chance(0.4):
        m.add(bark, lathe([(r * 1.6, 0), (r, h * 0.18), (r * 0.75, h)], n))
    else:
        m.add(bark, prism(r * 1.15, h, n, m.u(0.6, 0.85)))
    big, style = h * m.u(0.4, 0.65), m.pick("ico", "ico", "quads", "ball")
    first = crown(m, big, style).scale(1, 1, m.u(0.8, 1.15))
    shape, top = m.pick("one", "one", "three", "stack", "two"), h * 0.82
    if shape == "one":
        m.add(green, first.at(0, 0, top))
        m.chance(0.3, "round")
    elif shape == "two":
        m.add(green, first.at(0, 0, top), crown(m, big * 0.62, "small").at(big * 0.7, 0, top * 0.86))
    elif shape == "stack":
        m.say("tall")
        for k in range(3):
            s = big * (1 - 0.24 * k)
            m.add(green, crown(m, s, "small").scale(1, 1, 0.8).at(0, 0, top + big * 0.62 * k - big * 0.2))
    else:
        for k in range(3):
            a, s = math.tau * (k + m.u(0, 0.3)) / 3, big * m.u(0.6, 0.8)
            piece = crown(m, s, "small")
            m.add(green, piece.at(big * 0.5 * math.cos(a), big * 0.5 * math.sin(a), top + m.u(-0.1, 0.25) * big))
        m.add(green, crown(m, big * 0.7, "small").at(0, 0, top + big * 0.5))
    if m.chance(0.35):
        path = [(0, 0, h * 0.5), (r * 2.4, 0, h * 0.72), (big * 0.6, 0, h * 0.95)]
        m.add(bark, tube(path, [r * 0.5, r * 0.4, r * 0.25], 5))
    if m.chance(0.15):
        fruit = m.slot("flesh", "red", "orange")
        m.call("apple tree")
        for k in range(4):
            a = math.tau * k / 4 + 0.4
            part = ico(big * 0.12, 0).at(big * 0.85 * math.cos(a), big * 0.85 * math.sin(a), top + big * m.u(0.3, 0.9))
            m.add(fruit, part)


@kind("pine", "pine tree:5, pine:3, fir tree:2, christmas tree:1, spruce:1", weight=1.8)
@called("christmas tree", hung=True)
def pine(m: Maker, hung: bool = False) -> None:
    bark, green = m.slot("bark", "", "dark"), m.slot("leaf", "dark green", "green", main=True)
    snow, h, n = m.chance(0.12), m.u(2.0, 3.8), m.pick(5, 6, 7, 8)
    r, trunk = h * m.u(0.14, 0.23), h * m.u(0.12, 0.2)
    m.add(bark, prism(h * m.u(0.03, 0.045), trunk * 1.4, m.pick(5, 6), 0.85))
    layers = m.n(2, 4)
    each = (h - trunk) / (layers * 0.62 + 0.38)
    white = m.slot("snow") if snow else 0
    m.say("snowy", when=snow)
    for k in range(layers):
        s, z = r * (1 - 0.8 * k / (layers + 0.6)), trunk + k * each * 0.62
        top = 0.0 if k == layers - 1 else m.u(0.0, 0.2)
        m.add(green, prism(s, each, n, top).turn("z", 25 * k).at(0, 0, z))
        if snow:
            m.add(white, prism(s * 0.52, each * 0.52, n, 0).turn("z", 25 * k).at(0, 0, z + each * 0.52))
    if hung:
        ornament = m.slot("paint", "red", "yellow", "blue")
        for k in range(6):
            a, f = math.tau * k / 6, 0.25 + 0.1 * k
            s = r * (1.02 - f * 0.85)
            m.add(ornament, ico(r * 0.1, 0).at(s * math.cos(a), s * math.sin(a), trunk + f * (h - trunk) * 0.85))
        m.add(m.slot("gold"), ico(r * 0.17, 0).at(0, 0, h * 0.98))


@kind("palm", "palm tree:5, palm:3, coconut palm:1", weight=1.5)
def palm(m: Maker) -> None:
    bark, green = m.slot("bark", ""), m.slot("leaf", "green", "light green", main=True)
    h, lean = m.u(2.2, 3.6), m.u(0.0, 0.7)
    r = h * 0.045
    path = [(lean * f * f, 0, h * f) for f in (0, 0.25, 0.5, 0.75, 1.0)]
    m.add(bark, tube(path, [r * 1.5, r * 1.15, r, r * 0.9, r * 0.85], 6))
    count, length = m.n(5, 8), h * m.u(0.36, 0.48)
    for k in range(count):
        frond = leaf(length, length * 0.3, length * 0.2, length * m.u(0.3, 0.5))
        m.add(green, frond.at(0, r * 0.5, 0).turn("z", 360 * k / count + m.u(-6, 6)).at(lean, 0, h))
    if m.chance(0.6):
        nut = m.slot("wood", "dark")
        for k in range(m.n(2, 3)):
            a = 2.1 * k
            m.add(nut, ico(r * 0.9, 0).at(lean + r * 1.5 * math.cos(a), r * 1.5 * math.sin(a), h - r * 2))


@kind("dead_tree", "dead tree:4, bare tree:1, spooky tree:1", weight=1.0)
def dead_tree(m: Maker) -> None:
    bark, h = m.slot("bark", "dark", "", main=True), m.u(1.6, 2.8)
    r, bend = h * m.u(0.05, 0.08), m.u(-0.15, 0.15) * h
    m.add(bark, tube(triples("0,0,0 0.4,0,0.35 1,0,0.7 1.2,0,1", bend, 1, h), [r * 1.4, r, r * 0.7, 0.01], 6, tip=True))
    for k in range(m.n(3, 5)):
        f = 0.35 + 0.13 * k
        x, out, up = bend * f, h * m.u(0.2, 0.34), h * m.u(0.12, 0.28)
        limb = tube([(0, 0, 0), (out * 0.5, 0, up * 0.35), (out, 0, up)], [r * 0.5, r * 0.36, 0.01], 5, tip=True)
        m.add(bark, limb.turn("z", k * 140 + m.u(-20, 20)).at(x, 0, h * f))


@kind("bush", "bush:7, shrub:2, hedge:1", weight=1.4)
def bush(m: Maker) -> None:
    green, r = m.slot("leaf", main=True), m.u(0.35, 0.65)
    # even clumps, the same on both sides: dents and turns of each its own read as damage
    around, tall = m.pick(6, 8), m.u(0.75, 1.0)

    def clump(s: float) -> Part:
        outline = [(0.78, 0.0), (1.0, 0.5), (0.86, 1.05), (0.46, 1.42), (0.0, 1.55)]
        return lathe([(s * x, s * tall * z) for x, z in outline], around)

    m.add(green, clump(r))
    if m.chance(0.7):
        m.both(green, clump(r * m.u(0.6, 0.8)).at(r * m.u(0.65, 0.85)))
    if m.chance(0.45):
        m.add(green, clump(r * m.u(0.55, 0.7)).at(0, -r * m.u(0.65, 0.8)))
    if m.chance(0.35):
        berry = m.slot("flesh", "red", "blue", "yellow", "pink", main=True)
        m.say(m.pick("flowering", "with berries"))
        count = m.n(4, 6)
        for k in range(count):
            a = math.tau * (k + 0.5) / count
            part = ico(r * 0.12, 0).at(r * 0.74 * math.cos(a), r * 0.74 * math.sin(a), r * tall * m.pick(0.65, 0.9))
            m.add(berry, part)


@bush.noun("hedge")
def hedge(m: Maker) -> None:
    green, _ = m.slot("leaf", main=True), m.u(0.35, 0.65)
    m.add(green, block(m.u(1.2, 2.0), m.u(0.45, 0.6), m.u(0.7, 1.1), 0.1))


@kind("mushroom", "mushroom:8, toadstool:1, mushrooms:1", weight=1.7)
@called("mushrooms", pair=True)
def mushroom(m: Maker, pair: bool = False) -> None:
    stem, cap = m.slot("paper", name="Stem"), m.slot("flesh", "red", "brown", "orange", "purple", "blue", main=True)
    dots = m.slot("paint", "white") if m.chance(0.55) else None
    count = 2 if pair or m.chance(0.15) else 1
    for k in range(count):
        s = 1.0 if k == 0 else m.u(0.5, 0.7)
        h, r, n = m.u(0.14, 0.3) * s, m.u(0.1, 0.2) * s, m.pick(6, 8, 10)
        t = r * m.u(0.28, 0.42)
        x = 0 if k == 0 else r * 2.6
        m.add(stem, lathe([(t * 1.3, 0), (t, h * 0.4), (t * 0.9, h)], max(6, n - 2)).at(x))
        style = m.pick("dome", "dome", "cone", "flat")
        ch = r * {"dome": m.u(0.7, 1.0), "cone": m.u(1.1, 1.5), "flat": m.u(0.35, 0.5)}[style]
        points = [(r * 0.5, 0.0), (r * 0.96, -ch * 0.06), (r, ch * 0.14)]
        points += [(0, ch)] if style == "cone" else [(r * 0.8, ch * 0.58), (r * 0.42, ch * 0.9), (0, ch)]
        m.add(cap, lathe(points, n).at(x, 0, h * 0.9))
        if dots is not None:
            for j in range(m.n(3, 5)):
                a = math.tau * j / 4.3
                # on the middle of the cap's broad ring, and as steep as that ring is
                out, z, run = (r * 0.88, ch * 0.36, r * 0.2) if style != "cone" else (r * 0.55, ch * 0.5, r)
                out *= math.cos(math.pi / n) ** 0.5
                steep = math.degrees(math.atan2(ch * (0.44 if style != "cone" else 0.86), run))
                part = prism(r * 0.13, r * 0.07, 5).turn("y", steep).turn("z", math.degrees(a))
                m.add(dots, part.at(x + out * math.cos(a), out * math.sin(a), h * 0.9 + z))


BLOOMS = ("red", "yellow", "pink", "purple", "blue", "orange")


@kind("flower", "flower:6, daisy:1, tulip:2, sunflower:2, rose:1", weight=1.3)
@called("daisy", colors=("white",))
@called("sunflower", colors=("yellow",), sun=True)
def flower(m: Maker, colors: Colors = BLOOMS, sun: bool = False) -> None:
    petal, h, head = _stem(m, colors, 2.4 if sun else 1)
    heart = m.slot("flesh", "brown" if sun else m.pick("yellow", "orange", "white"))
    n = 10 if sun else m.n(5, 8)
    tilt = m.pick(0, 0, 30)
    one = extrude(pairs("0.25,-0.12 0.8,-0.28 1.15,0 0.8,0.28 0.25,0.12", head), head * 0.12).turn("x", -90)
    petals = join([one.turn("z", 360 * k / n) for k in range(n)])
    face = 60 if sun else tilt
    m.add(petal, petals.turn("x", face).at(0, 0, h))
    m.add(heart, dome(head * 0.38, head * 0.25, 8, 2).at(0, 0, head * 0.04).turn("x", face).at(0, 0, h))


def _stem(m: Maker, colors: Colors, tall: float = 1) -> tuple[int, float, float]:
    """With leaves. Gives the slot of the petals, the height and how large the head becomes."""
    green, petal = m.slot("leaf", "green", "light green"), m.slot("flesh", *colors, main=True)
    h = m.u(0.3, 0.55) * tall
    m.add(green, tube([(0, 0, 0), (h * 0.03, 0, h * 0.5), (0, 0, h)], h * 0.035, 5))
    for side in (1, -1) if m.chance(0.7) else (1,):
        m.add(green, leaf(h * 0.34, h * 0.14, h * 0.12, 0.0).turn("z", -90 * side).at(0, 0, h * m.u(0.12, 0.35)))
    return petal, h, h * m.u(0.16, 0.24)


@flower.noun("tulip", "rose")
@called("rose", colors=("red", "pink"), middle=1.3)
def tulip(m: Maker, colors: Colors = BLOOMS, middle: float = 0.9) -> None:
    petal, h, head = _stem(m, colors)
    cup = pairs("0,0 0.5,0.25 0.62,0.9 0.45,1.4", head)
    m.add(petal, lathe([*cup, (0, middle * head)], 6).at(0, 0, h))


@kind("grass", "grass:5, reeds:1, grass tuft:1", weight=0.9)
def grass(m: Maker) -> None:
    green, n, h = m.slot("leaf", "green", "light green", "dark green", main=True), m.n(5, 9), m.u(0.2, 0.5)
    for k in range(n):
        tall, w = h * m.u(0.6, 1.0), h * 0.11
        blade = tube(triples("0,0,0 0.1,0,0.5 0.32,0,1", tall), [w, w * 0.7, 0.002], 3, tip=True, flat=0.35)
        m.add(green, blade.turn("z", 360 * k / n + m.u(-15, 15)).at(m.u(-0.06, 0.06), m.u(-0.06, 0.06)))


@kind("cactus", "cactus:7, desert cactus:1", weight=1.5)
def cactus(m: Maker) -> None:
    green = m.slot("leaf", "green", "dark green", main=True)
    if m.chance(0.25):
        m.call("round cactus")  # nobody sees a cactus in a ball who was not told of one
        m.add(green, ball(m.u(0.25, 0.4), 8, 3))
    else:
        h, n = m.u(0.9, 1.8), m.pick(6, 8)
        r = h * m.u(0.09, 0.13)
        m.add(green, lathe([(r * 0.9, 0), (r, h * 0.3), (r * 0.95, h * 0.88), (r * 0.6, h * 0.97), (0, h)], n))
        for side in m.pick((1,), (1, -1), (1, -1)):
            z, out, up = h * m.u(0.3, 0.55), r * m.u(2.4, 3.2), h * m.u(0.2, 0.34)
            path = [(r * 0.6, 0, z), (out * 0.85, 0, z), (out, 0, z + r * 0.5), (out, 0, z + up)]
            arm = tube([*path, (out, 0, z + up + r * 0.35)], [r * 0.6] * 4 + [r * 0.36], 6)
            m.add(green, arm if side > 0 else arm.mirror(0))
    if m.chance(0.35):
        flower_slot = m.slot("flesh", "pink", "red", "yellow")
        top = max(p.vertices[:, 2].max() for p, _ in m.parts)
        m.add(flower_slot, lathe([(0.03, 0), (0.08, 0.06), (0, 0.09)], 6).at(0, 0, top - 0.02))
    if m.chance(0.3):
        m.call("potted cactus")
        low = m.slot("clay", main=False)
        m.add(low, lathe([(0.18, -0.28), (0.26, -0.06), (0.3, -0.06), (0.3, 0.04), (0.2, 0.04)], 8))


@kind("stump", "tree stump:4, stump:4", weight=1.0)
def stump(m: Maker) -> None:
    bark, wood = m.slot("bark"), m.slot("wood", "light", "")
    r, h, n = m.u(0.25, 0.45), m.u(0.25, 0.5), m.pick(6, 8, 10)
    m.add(bark, lathe([(r * 1.25, 0), (r, h * 0.35), (r * 0.95, h)], n))
    m.add(wood, prism(r * 0.85, h * 0.06, n).at(0, 0, h))
    for k in range(m.n(0, 4)):
        root = tube([(r * 0.7, 0, h * 0.3), (r * 1.5, 0, 0.03)], [r * 0.25, r * 0.1], 5)
        m.add(bark, root.turn("z", 95 * k + 20))


@kind("log", "log:6, tree log:1, logs:2, firewood:1, tree trunk:1", weight=1.1)
@called("logs", "firewood", many=True)
def log(m: Maker, many: bool = False) -> None:
    bark, wood = m.slot("bark", main=False), m.slot("wood", "light", "")
    r, length, n = m.u(0.12, 0.25), m.u(0.8, 1.6), m.pick(6, 8, 10)
    one = [prism(r, length, n).along("y").at(0, -length / 2, r)]
    one += [prism(r * 0.8, length * 1.02, n).along("y").at(0, -length * 0.51, r)]
    places = pairs("-2.05,0 0,0 2.05,0 -1.02,1.75 1.02,1.75 0,3.5", r)[: m.pick(3, 6) if many else 1]
    if many and len(places) == 3:
        places = [(-r * 1.02, 0.0), (r * 1.02, 0.0), (0.0, r * 1.75)]
    for x, z in places:
        m.add(bark, one[0].at(x, 0, z))
        m.add(wood, one[1].at(x, 0, z))
    if not many and m.chance(0.5):
        m.add(bark, prism(r * 0.35, r * 1.2, 6, 0.8).turn("y", 30).at(0, length * 0.12, r * 1.6))


@kind("lily", "water lily:1, lily pad:2", weight=0.4)
def lily(m: Maker) -> None:
    green, r, n = m.slot("leaf", "green", "dark green"), m.u(0.25, 0.4), 10
    outline = [
        (r * math.cos(a), r * math.sin(a)) for a in [0.35 + k * (math.tau - 0.7) / (n - 1) for k in range(n)]
    ] + [(r * 0.15, 0.0)]
    m.add(green, extrude(outline, r * 0.08).turn("x", -90).at(0, 0, r * 0.04))
    petal = m.slot("flesh", "pink", "white", main=True)
    m.around(petal, 6, pyramid(r * 0.16, r * 0.08, (0, 0, r * 0.42)).turn("y", 48).at(r * 0.05, 0, r * 0.06))
