"""Furniture: what stands in rooms. Each kind draws its own measures; nothing here knows labels or files."""

from .base import Maker, called, kind
from .parts import Part, block, box, extrude, lathe, prism, row, slab, steps
from .rounds import cube_ball


def leg(m: Maker, r: float, h: float, style: str) -> Part:
    if style == "square":
        return box(2 * r, 2 * r, h)
    if style == "tapered":
        return box(1.3 * r, 1.3 * r, h, top=(1.6, 1.6))
    return prism(r, h, m.pick(6, 8))


@kind("chair", "chair:8, seat:1, dining chair:1", weight=2.0)
def chair(m: Maker) -> None:
    wood = m.either(0.7, "wood", "paint")
    w, d, seat_h, t = m.u(0.4, 0.52), m.u(0.4, 0.5), m.u(0.42, 0.5), m.u(0.035, 0.06)
    r, style = m.u(0.02, 0.032), m.pick("square", "square", "tapered", "round")
    m.four(wood, leg(m, r, seat_h, style).at(w / 2 - r * 1.4, d / 2 - r * 1.4))
    m.add(wood, (slab(w, d, t, 0.05) if m.chance(0.3) else box(w, d, t)).at(z=seat_h))
    top = seat_h + t
    if m.chance(0.3, "cushioned"):
        m.add(m.slot("cloth", main=True), cube_ball(w * 0.88, d * 0.86, 0.06, 2, 0.35).at(z=top))
    back = m.u(0.38, 0.62)
    m.say("tall", when=back > 0.54)
    lean = m.u(0.0, 0.05)
    post, y = box(2 * r, 2 * r, back, shift=(0, lean)), d / 2 - r * 1.4
    m.both(wood, post.at(w / 2 - r * 1.4, y, top))
    kind_of_back, inner = m.pick("board", "slats", "bars", "board"), w - 4.8 * r
    if kind_of_back == "board":
        h = back * m.u(0.4, 0.62)
        m.add(wood, box(inner, r * 1.2, h, shift=(0, lean * 0.5)).at(0, y + lean * 0.5, top + back - h - 0.01))
    elif kind_of_back == "slats":
        n = m.n(2, 4)
        for k in range(n):
            f = (k + 0.6) / n
            m.add(wood, box(inner, r * 1.1, back / n * 0.5).at(0, y + lean * f, top + back * (k + 0.45) / n))
    else:
        m.add(wood, box(inner, r * 1.6, 0.07).at(0, y + lean, top + back - 0.08))
        n = m.n(2, 4)
        m.add(wood, *row(box(r, r, back - 0.08, shift=(0, lean)).at(0, y, top), n, x=inner / (n + 0.3)))
    if m.chance(0.35):
        m.both(wood, box(r * 1.3, d - 4 * r, r * 1.3).at(w / 2 - r * 1.4, 0, seat_h * 0.4))
    if m.chance(0.2, "with arms"):
        arm = top + back * 0.38
        m.both(wood, box(r * 1.8, d * 0.9, r * 1.4).at(w / 2 - r, -d * 0.02, arm))
        m.both(wood, box(r * 1.4, r * 1.4, arm - top).at(w / 2 - r, -d * 0.4, top))


@kind("stool", "stool:6, bar stool:1, wooden stool:1", weight=1.3)
def stool(m: Maker) -> None:
    wood, h, r, t = m.either(0.7, "wood", "paint"), m.u(0.35, 0.75), m.u(0.16, 0.22), m.u(0.04, 0.07)
    m.say("tall", when=h > 0.6)
    legs, spread, size, top = m.pick(3, 4, 4), m.u(1.0, 1.35), m.u(0.02, 0.03), r * 0.66
    part = box(2 * size, 2 * size, h, shift=(-(spread - 1) * top, 0)).at(top * spread, 0)
    m.around(wood, legs, part, 45 if legs == 4 else 90)
    if m.chance(0.7, "round"):
        seat = m.slot("leather", main=True) if m.chance(0.3) else wood
        m.add(seat, prism(r, t, m.pick(8, 10, 12), m.u(0.9, 1.0)).at(z=h))
    else:
        m.add(wood, block(2 * r, 2 * r, t, 0.012).at(z=h))
    if m.chance(0.4):
        m.add(wood, prism(top * (spread * 0.6 + 0.4), size * 1.3, 8).at(z=h * 0.35))


@kind("table", "table:8, dining table:1, coffee table:1", weight=2.0)
@called("coffee table", low=True)
def table(m: Maker, low: bool = False) -> None:
    wood = m.either(0.7, "wood", "paint")
    h = m.u(0.36, 0.46) if low else m.u(0.68, 0.8)
    t, r = m.u(0.035, 0.07), m.u(0.03, 0.05)
    if m.chance(0.3, "round"):
        radius, n = m.u(0.45, 0.75), m.pick(10, 12, 16)
        m.add(wood, prism(radius, t, n).at(z=h - t))
        if m.chance(0.6):
            foot = radius * m.u(0.5, 0.62)
            m.add(wood, lathe([(foot, 0), (foot, 0.04), (r * 1.3, 0.09), (r, h * 0.5), (r * 1.5, h - t)], 8))
        else:
            m.around(wood, 4, leg(m, r, h - t, "square").at(radius * 0.62), 45)
        return
    w, d = m.u(0.9, 2.0), m.u(0.65, 1.0)
    m.say("long", when=w > 1.6)
    if m.chance(0.12, "square"):
        w = d
    top = block(w, d, t, 0.012) if m.chance(0.25) else slab(w, d, t, 0.06) if m.chance(0.2) else box(w, d, t)
    m.add(wood, top.at(z=h - t))
    style, x, y = m.pick("square", "tapered", "round", "trestle", "panel"), w / 2 - r * 2, d / 2 - r * 2
    if style == "trestle":
        m.both(wood, box(r * 1.8, d * 0.7, r * 1.6).at(x * 0.85))
        m.both(wood, box(r * 1.5, d * 0.22, h - t - r * 3).at(x * 0.85, 0, r * 1.6))
        m.both(wood, box(r * 1.8, d * 0.6, r * 1.4).at(x * 0.85, 0, h - t - r * 1.4))
        m.add(wood, box(x * 1.7 - r * 1.5, r, r * 2).at(z=h * 0.4))
    elif style == "panel":
        m.both(wood, box(r * 1.4, d * 0.8, h - t).at(x))
        m.add(wood, box(2 * x - r * 1.4, r, h * 0.4).at(0, y * 0.3, h * 0.4))
    else:
        m.four(wood, leg(m, r, h - t, style).at(x, y))
        if m.chance(0.5):
            a = h - t - 0.08
            m.both(wood, box(r * 0.8, 2 * y - 2 * r, 0.08).at(x, 0, a))
            m.add(wood, box(2 * x - 2 * r, r * 0.8, 0.08).at(0, y, a), box(2 * x - 2 * r, r * 0.8, 0.08).at(0, -y, a))


@kind("desk", "desk:5, writing desk:1, office desk:1")
def desk(m: Maker) -> None:
    wood, knob = m.either(0.7, "wood", "paint"), m.slot("metal")
    w, d, h, t = m.u(1.1, 1.7), m.u(0.55, 0.8), m.u(0.7, 0.78), m.u(0.03, 0.05)
    m.add(wood, box(w, d, t).at(z=h - t))
    side, n, gap = w * m.u(0.26, 0.34), m.n(2, 4), 0.02
    x = w / 2 - side / 2 - 0.02
    m.add(wood, box(side, d - 0.06, h - t - 0.04).at(x, 0, 0.04))
    each = (h - t - 0.1) / n
    front = m.slot("wood", "light") if m.chance(0.4) else wood
    xs = [x]
    if m.chance(0.3):
        xs.append(-x)
        m.add(wood, box(side, d - 0.06, h - t - 0.04).at(-x, 0, 0.04))
    else:
        m.add(wood, box(0.05, d - 0.06, h - t).at(-w / 2 + 0.05))
    for px in xs:
        for k in range(n):
            z = 0.08 + k * each
            m.add(front, box(side - 0.05, 0.025, each - gap).at(px, -d / 2 + 0.02, z))
            m.add(knob, box(side * 0.3, 0.025, 0.025).at(px, -d / 2 - 0.004, z + each / 2 - 0.02))
    m.add(wood, box(w - side - 0.1, 0.025, h * 0.4).at(-side / 2 if len(xs) == 1 else 0, d / 2 - 0.06, h * 0.45))


@kind("bed", "bed:7, double bed:1, single bed:1", weight=1.5)
@called("double bed", double=True)
@called("single bed", double=False)
def bed(m: Maker, double: bool | None = None) -> None:
    wood, sheet, cover = m.either(0.7, "wood", "paint"), m.slot("cloth", "white", "beige"), m.slot("cloth", main=True)
    double = m.chance(0.4) if double is None else double
    w = m.u(1.4, 1.8) if double else m.u(0.85, 1.1)
    m.say("double", when=double)
    length, base, t = m.u(1.95, 2.15), m.u(0.12, 0.26), m.u(0.08, 0.14)
    m.add(wood, box(w, length, t).at(z=base))
    r, head, foot = m.u(0.04, 0.06), m.u(0.75, 1.15), base + t + m.u(0.0, 0.3)
    x, y = w / 2 - r, length / 2 + r
    m.both(wood, box(2 * r, 2 * r, head).at(x, y), box(2 * r, 2 * r, foot).at(x, -y))
    m.add(wood, box(w - 4 * r, r * 1.2, head * 0.55).at(0, y, head * 0.4))
    if foot > base + t + 0.1:
        m.add(wood, box(w - 4 * r, r * 1.2, foot - base - 0.04).at(0, -y, base))
    top, mattress = base + t, m.u(0.16, 0.24)
    m.add(sheet, block(w - 0.06, length - 0.06, mattress, 0.04).at(z=top))
    fold = length * m.u(0.55, 0.7)
    m.add(cover, block(w + 0.02, fold, mattress * 0.75, 0.035).at(0, -(length - fold) / 2 + 0.01, top + mattress * 0.4))
    pillow = cube_ball(min(0.62, w * 0.42 if double else w * 0.62), 0.36, 0.15, 2, 0.45)
    z = top + mattress
    if double:
        m.both(sheet, pillow.at(w * 0.235, length / 2 - 0.28, z))
    else:
        m.add(sheet, pillow.at(0, length / 2 - 0.28, z))


@kind("sofa", "sofa:7, settee:1, loveseat:1", weight=1.5)
@called("loveseat", pair=True)
def sofa(m: Maker, pair: bool = False) -> None:
    cloth, seats = m.either(0.3, "leather", "cloth"), m.pick(2, 2, 3, 3, 4)
    if pair:
        seats = 2
    m.say("long", when=seats > 2)
    _seat(m, cloth, seats, m.u(0.5, 0.62))


@kind("armchair", "armchair:6, lounge chair:1, easy chair:1")
def armchair(m: Maker) -> None:
    cloth = m.either(0.35, "leather", "cloth")
    _seat(m, cloth, 1, m.u(0.58, 0.72))


def _seat(m: Maker, cloth: int, seats: int, each: float) -> None:
    d, seat_h, arm, back = m.u(0.78, 0.95), m.u(0.36, 0.44), m.u(0.12, 0.2), m.u(0.72, 0.92)
    arm_h, foot, b, inner = seat_h + m.u(0.12, 0.24), m.u(0.05, 0.12), m.u(0.02, 0.05), seats * each
    w = inner + 2 * arm
    m.add(cloth, block(inner, d * 0.96, seat_h * 0.55 - foot, b).at(0, 0, foot))
    m.both(cloth, block(arm, d, arm_h - foot, b).at(w / 2 - arm / 2, 0, foot))
    thick = m.u(0.16, 0.24)
    m.add(cloth, block(inner, thick, back - foot, b).at(0, d / 2 - thick / 2, foot))
    seat_color = m.slot("cloth") if m.chance(0.3) else cloth
    cushion = block(each - 0.02, d - thick - 0.02, seat_h * 0.45, b)
    pad = block(each - 0.03, 0.13, (back - seat_h) * 0.9, b * 0.9)
    for k in range(seats):
        x = (k - (seats - 1) / 2) * each
        m.add(seat_color, cushion.at(x, -thick / 2 - 0.01, seat_h * 0.55))
        if thick < 0.21:
            m.add(seat_color, pad.at(x, d / 2 - thick - 0.07, seat_h))
    m.four(m.slot("wood", "dark", ""), box(0.06, 0.06, foot).at(w / 2 - 0.08, d / 2 - 0.08))


@kind("bench", "bench:7, park bench:1, wooden bench:1")
def bench(m: Maker) -> None:
    wood = m.either(0.7, "wood", "paint")
    frame = m.slot("iron") if m.chance(0.35) else m.slot("stone", main=True) if m.chance(0.2) else wood
    w, d, h = m.u(1.1, 1.8), m.u(0.36, 0.5), m.u(0.4, 0.48)
    n, t = m.n(1, 4), m.u(0.04, 0.07)
    m.add(wood, *row(box(w, d / n - (0.03 if n > 1 else 0), t).at(z=h - t), n, y=d / n))
    m.both(frame, box(m.u(0.06, 0.1), d * 0.9, h - t).at(w / 2 - 0.15))
    if m.chance(0.55):
        back = m.u(0.32, 0.45)
        m.both(frame, box(0.06, 0.05, back + 0.02, shift=(0, 0.08)).at(w / 2 - 0.15, d / 2 - 0.03, h - 0.02))
        rows = m.n(1, 3)
        for k in range(rows):
            z = h + back * (k + 0.6) / (rows + 0.2)
            m.add(wood, box(w, 0.04, back / rows * 0.55).at(0, d / 2 - 0.07 + 0.08 * (z - h) / back, z))
    elif m.chance(0.3):
        m.add(wood, box(w - 0.4, 0.06, 0.08).at(z=h * 0.35))


@kind("bookshelf", "bookshelf:5, bookcase:3, shelf:3", weight=1.3)
def bookshelf(m: Maker) -> None:
    wood = m.either(0.7, "wood", "paint")
    w, h, d, t = m.u(0.7, 1.3), m.u(1.1, 2.1), m.u(0.26, 0.4), m.u(0.035, 0.05)
    m.say("tall", when=h > 1.8)
    rows = max(2, round(h / m.u(0.36, 0.5)))
    m.both(wood, box(t, d, h).at(w / 2 - t / 2))
    m.add(wood, box(w - 2 * t, t * 0.7, h).at(0, d / 2 - t * 0.35))
    inner, depth, gap = w - 2 * t, d - t * 0.7, (h - t) / rows
    m.add(wood, *steps(box(inner, depth, t).at(0, -t * 0.35), rows + 1, z=gap))
    if m.chance(0.6, "with books"):
        colors = [m.slot("cloth") for _ in range(m.n(2, 4))]
        budget = 26
        for k in range(rows):
            x = -inner / 2 + 0.02
            while budget and x < inner / 2 - 0.12:
                b = m.u(0.045, 0.1)
                if m.chance(0.72):
                    color, tall = m.pick(*colors), (gap - t) * m.u(0.6, 0.88)
                    m.add(color, box(b, depth * 0.7, tall).at(x + b / 2, 0, k * gap + t))
                    budget -= 1
                    x += b + 0.006
                else:
                    x += m.u(0.1, 0.25)
        return
    m.say("empty")


@kind("cupboard", "cupboard:5, sideboard:1, kitchen cupboard:1")
def cupboard(m: Maker) -> None:
    _doors(m, m.u(0.8, 1.5), m.u(0.75, 1.0), m.u(0.4, 0.55), m.pick(2, 2, 3))


@kind("wardrobe", "wardrobe:6, closet:2, armoire:1")
def wardrobe(m: Maker) -> None:
    _doors(m, m.u(0.9, 1.4), m.u(1.8, 2.2), m.u(0.5, 0.65), 2)


def _doors(m: Maker, w: float, h: float, d: float, doors: int) -> None:
    wood = m.either(0.7, "wood", "paint")
    front = m.slot("wood") if m.chance(0.35) else wood
    knob, foot = m.slot(m.pick("metal", "gold", "iron")), m.u(0.05, 0.12)
    if m.chance(0.5):
        m.four(wood, box(0.07, 0.07, foot).at(w / 2 - 0.05, d / 2 - 0.05))
    else:
        m.add(wood, box(w - 0.06, d - 0.06, foot))
    m.add(wood, box(w, d, h - foot).at(z=foot))
    if m.chance(0.6):
        m.add(wood, box(w + 0.08, d + 0.06, 0.05).at(z=h))
    drawers, low = m.chance(0.35), foot + 0.05
    if drawers:
        dh, each = m.u(0.18, 0.24), (w - 0.08) / 2
        for x in (-each / 2, each / 2):
            m.add(front, box(each - 0.02, 0.03, dh - 0.03).at(x, -d / 2 - 0.01, low))
            m.add(knob, box(0.12, 0.03, 0.03).at(x, -d / 2 - 0.035, low + dh / 2 - 0.03))
        low += dh
    each, dh = (w - 0.08) / doors, h - low - 0.05
    for k in range(doors):
        x = (k - (doors - 1) / 2) * each
        m.add(front, box(each - 0.025, 0.03, dh).at(x, -d / 2 - 0.01, low))
        if h < 1.2:
            m.add(wood, box(each * 0.6, 0.025, dh * 0.6).at(x, -d / 2 - 0.03, low + dh * 0.2))
        side = 1 if k < doors / 2 else -1
        m.add(knob, box(0.035, 0.04, 0.14).at(x + side * (each / 2 - 0.07), -d / 2 - 0.04, low + dh * 0.45))


@kind("dresser", "dresser:4, chest of drawers:2, drawer:2, nightstand:2")
@called("nightstand", small=True)
def dresser(m: Maker, small: bool = False) -> None:
    wood, knob = m.either(0.7, "wood", "paint"), m.slot(m.pick("metal", "gold", "iron"))
    if small:
        w, h, d, rows = m.u(0.4, 0.55), m.u(0.5, 0.65), m.u(0.35, 0.45), m.n(1, 2)
    else:
        w, h, d, rows = m.u(0.8, 1.2), m.u(0.75, 1.1), m.u(0.42, 0.55), m.n(3, 4)
    foot = m.u(0.05, 0.15)
    m.four(wood, box(0.05, 0.05, foot, top=(1.5, 1.5)).at(w / 2 - 0.06, d / 2 - 0.06))
    m.add(wood, box(w, d, h - foot).at(z=foot), box(w + 0.05, d + 0.04, 0.04).at(z=h))
    front = m.slot("wood") if m.chance(0.35) else wood
    each = (h - foot - 0.04) / rows
    columns = 2 if w > 1.0 and m.chance(0.5) else 1
    cw = (w - 0.06) / columns
    for k in range(rows):
        for c in range(columns):
            x, z = (c - (columns - 1) / 2) * cw, foot + 0.03 + k * each
            m.add(front, box(cw - 0.03, 0.03, each - 0.035).at(x, -d / 2 - 0.01, z))
            at = (-d / 2 - 0.035, z + each / 2 - 0.03)
            if columns == 1:
                m.both(knob, box(0.035, 0.035, 0.035).at(cw * 0.22, *at))
            else:
                m.add(knob, box(0.1, 0.035, 0.03).at(x, *at))


@kind("throne", "throne:4, royal chair:1")
def throne(m: Maker) -> None:
    body = m.slot(m.pick("stone", "gold", "wood"), main=True)
    trim, cloth = m.slot("gold"), m.slot("cloth", "red", "purple", "blue")
    w, d, seat, h = m.u(0.8, 1.0), m.u(0.7, 0.85), m.u(0.45, 0.55), m.u(1.5, 2.0)
    m.add(body, box(w, d, seat), box(w + 0.3, d + 0.3, 0.12).at(z=-0.12))
    m.add(cloth, cube_ball(w * 0.62, d * 0.7, 0.1, 2, 0.3).at(0, -0.04, seat))
    a = w / 2
    outline = [(-a, 0), (a, 0), (a, h - seat - 0.25), (0, h - seat), (-a, h - seat - 0.25)]
    m.add(body, extrude(outline, 0.16).at(0, d / 2 - 0.08, seat))
    m.add(cloth, box(w * 0.6, 0.05, (h - seat) * 0.62).at(0, d / 2 - 0.17, seat + 0.1))
    m.both(body, box(0.15, d - 0.18, 0.3).at(a - 0.08, -0.08, seat))
    m.both(trim, block(0.14, 0.14, 0.14, 0.03).at(a - 0.08, -d / 2 + 0.1, seat + 0.3))
    m.both(trim, lathe([(0.07, 0), (0.09, 0.08), (0, 0.2)], 6).at(a - 0.06, d / 2 - 0.08, h - 0.25))
    m.add(trim, lathe([(0.06, 0), (0.09, 0.07), (0, 0.18)], 6).at(0, d / 2 - 0.08, h - 0.03))


@kind("rug", "rug:4, carpet:3")
def rug(m: Maker) -> None:
    cloth, border, t = m.slot("cloth", main=True), m.slot("cloth"), 0.035
    if m.chance(0.35, "round"):
        r, n = m.u(0.7, 1.2), m.pick(12, 16)
        m.add(border, prism(r, t, n))
        m.add(cloth, prism(r * m.u(0.7, 0.85), t, n).at(z=t))
        return
    w, d, edge = m.u(1.2, 2.4), m.u(0.9, 1.6), m.u(0.08, 0.2)
    m.add(border, box(w, d, t))
    m.add(cloth, box(w - 2 * edge, d - 2 * edge, t).at(z=t))
    if m.chance(0.5):
        m.both(cloth, *[box(0.09, 0.045, t).at(w / 2 + 0.045, y * d) for y in (-0.4, -0.2, 0.0, 0.2, 0.4)])
    if m.chance(0.4):
        m.add(border, box(w * 0.4, d * 0.3, t).at(z=2 * t))


@kind("picture_frame", "picture frame:3, painting:2, mirror:2")
@called("mirror", mirror=True)
def picture_frame(m: Maker, mirror: bool = False) -> None:
    frame = m.slot(m.pick("wood", "gold", "paint"), main=True)
    inside = m.slot("silver", name="Mirror") if mirror else m.slot("paper")
    w, h, t, e = m.u(0.4, 1.0), m.u(0.4, 1.1), m.u(0.04, 0.06), m.u(0.05, 0.1)
    m.add(frame, box(w, t, e), box(w, t, e).at(z=h - e))
    m.both(frame, box(e, t, h - 2 * e).at(w / 2 - e / 2, 0, e))
    m.add(inside, box(w - 2 * e, t * 0.5, h - 2 * e).at(0, t * 0.2, e))
    if not mirror:
        iw, ih, y = w - 2 * e, h - 2 * e, -t * 0.06
        m.add(m.slot("paint", "blue", "cyan"), box(iw * 0.8, t * 0.12, ih * 0.42).at(0, y, e + ih * 0.46))
        m.add(m.slot("paint", "green"), box(iw * 0.8, t * 0.12, ih * 0.3).at(0, y, e + ih * 0.14))
