"""Buildings and what belongs to them: houses, towers, walls, fences, gates, stairs, bridges, wells, tents."""

import math

from .base import Maker, called, kind
from .outlines import pairs
from .parts import box, extrude, gable, lathe, prism, profile, roof_sheet, row


def wall_stuff(m: Maker) -> int:
    return m.slot(m.pick("plaster", "plaster", "wood", "stone", "brick", "paint"), main=True)


def window(
    m: Maker, frame: int, glass: int, x: float, y: float, z: float, w: float, h: float, turn: float = 0.0
) -> None:
    """A framed pane on a wall that faces -y before it is turned about z."""
    e = w * 0.14
    m.add(frame, box(w + 2 * e, 0.14, h + 2 * e).at(x, y, z - e).turn("z", turn))
    m.add(glass, box(w, 0.06, h).at(x, y - 0.08, z).turn("z", turn))


def door_leaf(m: Maker, frame: int, wood: int, x: float, y: float, w: float, h: float) -> None:
    e = w * 0.12
    m.add(frame, box(w + 2 * e, 0.14, h + e).at(x, y, 0))
    m.add(wood, box(w, 0.08, h).at(x, y - 0.09, 0))


@kind("house", "house:8, home:1, cottage:2, building:1", weight=2.2)
@called("cottage", low=True)
def house(m: Maker, low: bool = False) -> None:
    wall, roof = wall_stuff(m), m.slot(m.pick("roof", "roof", "straw", "wood"), main=m.chance(0.4))
    trim, glass, door = m.slot("wood"), m.slot("glass", "blue", ""), m.slot(m.pick("wood", "paint"))
    w, d, floors = m.u(3.6, 5.5), m.u(4.0, 6.5), m.pick(1, 1, 1, 2)
    if low:
        floors = 1
    h = floors * m.u(2.3, 2.8)
    m.say("tall", "big", when=floors == 2)
    rise, over = m.u(1.2, 2.4), m.u(0.25, 0.5)
    ridge_x = m.chance(0.4)  # the ridge runs across the front, or away from it
    m.add(wall, box(w, d, h))
    _roof(m, wall, roof, w, d, h, rise, over, ridge_x)
    dx, dw, dh = m.pick(0.0, 0.0, w * 0.22, -w * 0.22), m.u(0.85, 1.05), m.u(1.8, 2.05)
    door_leaf(m, trim, door, dx, -d / 2, dw, dh)
    ww, wh = m.u(0.6, 0.9), m.u(0.7, 1.0)
    for floor in range(floors):
        z = 1.0 + floor * h / floors
        free = [x for x in (-w * 0.31, 0.0, w * 0.31) if floor or abs(x - dx) > 0.75 * dw + ww / 2]
        if floor and m.chance(0.5):
            free = [-w * 0.28, w * 0.28]
        for x in free:
            window(m, trim, glass, x, -d / 2, z, ww, wh)
        if m.chance(0.6) or floor == 0:
            m.both(trim, box(0.14, ww * 1.28, wh * 1.2).at(w / 2, 0, z - 0.1 * wh))
            m.both(glass, box(0.06, ww, wh).at(w / 2 + 0.08, 0, z))
    if m.chance(0.65):
        stone = m.slot(m.pick("brick", "stone"))
        x, y, top = m.pick(-1, 1) * w * 0.25, d * m.u(0.1, 0.3), h + rise + m.u(0.3, 0.7)
        m.add(stone, box(0.6, 0.6, top - h).at(x, y, h), box(0.76, 0.76, 0.16).at(x, y, top))
    if m.chance(0.35):
        m.add(m.slot("stone"), box(w + 0.25, d + 0.25, 0.3))
    if m.chance(0.3):
        m.add(m.slot("stone"), box(dw * 1.5, 0.5, 0.16).at(dx, -d / 2 - 0.3, 0))
    if m.chance(0.3):
        m.four(trim, box(0.24, 0.24, h).at(w / 2, d / 2))


def _roof(m: Maker, wall: int, roof: int, w: float, d: float, h: float, rise: float, over: float, across: bool) -> None:
    style = m.pick("sheet", "sheet", "solid", "hip")
    if across:
        w, d = d, w
    turn = 90 if across else 0
    if style == "sheet":
        k = rise / (w / 2)
        m.add(wall, gable(w, d, rise).turn("z", turn).at(0, 0, h))
        part = roof_sheet(w + 2 * over, d + 2 * over, rise + k * over, 0.22).turn("z", turn)
        m.add(roof, part.at(0, 0, h - k * over + 0.02))
    else:
        hip = m.u(0.35, 0.7) if style == "hip" else 0.0
        m.add(roof, gable(w + 2 * over, d + 2 * over, rise, hip).turn("z", turn).at(0, 0, h))


@kind("cabin", "cabin:4, wooden house:2, log cabin:2, shack:1, shed:2")
@called("log cabin", of_logs=True)
def cabin(m: Maker, of_logs: bool = False) -> None:
    wood, roof, dark = m.slot("wood", main=True), m.slot(m.pick("straw", "wood", "roof")), m.slot("wood", "dark")
    w, d, h = m.u(2.6, 3.6), m.u(3.0, 4.2), m.u(1.9, 2.3)
    rise, over, logs = m.u(1.0, 1.7), m.u(0.3, 0.45), m.n(5, 7)
    r = h / logs / 2
    if of_logs:
        for k in range(logs):
            z = r + 2 * r * k
            m.both(wood, prism(r, d + 0.5, 6).along("y").at(w / 2, -d / 2 - 0.25, z))
            m.add(wood, prism(r, w + 0.5, 6).along("x").at(-w / 2 - 0.25, d / 2, z))
            m.add(wood, prism(r, w + 0.5, 6).along("x").at(-w / 2 - 0.25, -d / 2, z))
    else:
        m.add(wood, box(w, d, h))
        m.four(dark, box(0.22, 0.22, h).at(w / 2, d / 2))
    m.add(wood, gable(w, d, rise).at(0, 0, h))
    steep = rise / (w / 2)
    m.add(roof, roof_sheet(w + 2 * over, d + 2 * over, rise + steep * over, 0.2).at(0, 0, h - steep * over + 0.02))
    m.add(dark, box(0.95, 0.3, 1.75).at(0, -d / 2, 0))
    if m.chance(0.6):
        glass = m.slot("glass", "blue")
        for x in (-w * 0.33, w * 0.33):
            window(m, dark, glass, x, -d / 2 - 0.09, 1.0, 0.5, 0.55)
    if m.chance(0.4):
        m.add(m.slot("stone"), box(0.5, 0.5, rise + 0.4).at(w * 0.25, d * 0.2, h))


@kind("tower", "tower:7, watchtower:2, castle tower:2, turret:1", weight=1.6)
def tower(m: Maker) -> None:
    stone, roof, wood = m.slot(m.pick("stone", "stone", "brick"), main=True), m.slot("roof"), m.slot("wood")
    dark = m.slot("paint", "black", name="Dark")
    r, h, n, turned = m.u(1.2, 1.9), m.u(4.5, 8.0), m.pick(8, 10, 12, 4), 0.5
    if n == 4:
        m.say("square")
        r *= 1.2
    else:
        m.say("round")
    taper = m.u(0.82, 1.0)
    m.add(stone, prism(r, h, n, taper, turned))
    if m.chance(0.5):
        m.add(stone, prism(r * 1.15, h * 0.07, n, 0.96, turned))
    top, head = r * taper, h * m.u(0.08, 0.13)
    wide = top * m.u(1.15, 1.28)
    curve = [(top, 0), (wide, head * 0.5), (wide, head), (wide * 0.82, head), (wide * 0.82, head * 0.6)]
    m.add(stone, lathe(curve, n, turned).at(z=h))
    z = h + head
    if m.chance(0.5, "with battlements"):
        count = 8 if n == 4 else n // 2 if n > 8 else n
        edge, merlon = wide * math.cos(math.pi / n), box(wide * 0.34, wide * 0.2, head * 0.6)
        if n == 4:
            for k in range(4):
                for x in (-0.55, 0.0, 0.55):
                    m.add(stone, merlon.at(x * edge * 1.4, edge - wide * 0.1, z).turn("z", 90 * k))
        else:
            m.around(stone, count, merlon.at(0, edge - wide * 0.1, z), 0 if n % 4 == 0 else 18)
    else:
        m.say("with roof")
        m.add(stone, prism(wide * 0.8, head * 1.1, n, 1.0, turned).at(z=z - head * 0.4))
        m.add(roof, prism(wide * 1.1, h * m.u(0.26, 0.42), n, 0.0, turned).at(z=z + head * 0.7))
        if m.chance(0.4):
            pole = z + head * 0.7 + h * 0.3
            m.add(wood, prism(0.06, 1.2, 6).at(z=pole))
            m.add(m.slot("cloth"), box(0.9, 0.06, 0.45).at(0.5, 0, pole + 0.7))
    depth = r * math.cos(math.pi / n)
    m.add(wood, extrude(pairs("-0.45,0 0.45,0 0.45,1.3 0.25,1.65 -0.25,1.65 -0.45,1.3"), 0.3).at(0, -depth, 0))
    for k in range(m.n(1, 3)):
        f = 0.45 + 0.17 * k
        m.add(dark, box(0.26, 0.22, 0.75).at(0, -depth * (1 - (1 - taper) * f), h * f).turn("z", (k * 90) % 360))


@tower.noun("watchtower")
def watchtower(m: Maker) -> None:
    wood, dark, roof = m.slot("wood", main=True), m.slot("wood", "dark"), m.slot(m.pick("straw", "roof", "wood"))
    w, h, lean = m.u(1.5, 2.2), m.u(3.2, 5.0), m.u(0.0, 0.25)
    m.four(dark, box(0.22, 0.22, h, shift=(-lean, -lean)).at(w / 2 + lean, w / 2 + lean))
    m.add(wood, box(w + 0.6, w + 0.6, 0.18).at(z=h))
    for z in (h * 0.3, h * 0.65):
        s = w + 2 * lean * (1 - z / h)
        m.add(dark, box(s, 0.14, 0.16).at(0, -s / 2, z), box(s, 0.14, 0.16).at(0, s / 2, z))
        m.both(dark, box(0.14, s, 0.16).at(s / 2, 0, z))
    rail, z, e = m.u(0.6, 0.9), h + 0.18, w / 2 + 0.22
    m.add(wood, box(2 * e, 0.1, rail).at(0, e, z), box(2 * e, 0.1, rail).at(0, -e, z))
    m.both(wood, box(0.1, 2 * e - 0.1, rail).at(e, 0, z))
    m.four(dark, box(0.16, 0.16, 1.9).at(e - 0.05, e - 0.05, z))
    m.add(roof, gable(2 * e + 0.6, 2 * e + 0.6, m.u(0.8, 1.4), m.pick(0, 1)).at(z=z + 1.9))
    if m.chance(0.6):
        ladder_parts(m, dark, 0.55, h + 0.1, -w / 2 - lean - 0.3)


def ladder_parts(m: Maker, slot: int, w: float, h: float, y: float) -> None:
    m.both(slot, box(0.08, 0.1, h).at(w / 2, y))
    n = max(3, round(h / 0.5))
    m.add(slot, *[box(w - 0.08, 0.06, 0.07).at(0, y, (k + 0.6) * h / n) for k in range(n)])


@kind("castle_wall", "castle wall:4, stone wall:2, wall:3, rampart:1")
def castle_wall(m: Maker) -> None:
    stone = m.slot(m.pick("stone", "stone", "brick"), main=True)
    w, d, h = m.u(3.5, 5.5), m.u(0.8, 1.2), m.u(2.2, 3.4)
    m.add(stone, box(w, d, h))
    if m.chance(0.5):
        m.add(stone, box(w, d + 0.35, h * 0.14, top=(1, 0.85)))
    n, t = m.n(3, 5), d * 0.3
    m.add(stone, box(w, d + 0.24, 0.3).at(z=h))
    each, tall = w / n, m.u(0.45, 0.7)
    m.add(stone, *row(box(each * 0.55, t, tall).at(0, -d / 2 + t / 2 - 0.1, h + 0.3), n, x=each))
    if m.chance(0.35, "with gate"):
        wood, iron = m.slot("wood", "dark", ""), m.slot("iron")
        m.add(wood, extrude([(-0.7, 0), (0.7, 0), (0.7, 1.4), (0.4, 1.9), (-0.4, 1.9), (-0.7, 1.4)], d + 0.12))
        m.add(iron, *[box(1.44, d + 0.2, 0.12).at(z=z) for z in (0.5, 1.2)])
    elif m.chance(0.5):
        for _ in range(m.n(2, 5)):
            x, z = m.u(-0.4, 0.4) * w, m.u(0.2, 0.75) * h
            m.add(stone, box(m.u(0.45, 0.7), d + 0.12, 0.3).at(x, 0, z))


@kind("castle", "castle:6, fortress:1, stone castle:1", weight=1.4)
def castle(m: Maker) -> None:
    stone, roof = m.slot("stone", main=True), m.slot("roof")
    wood, dark = m.slot("wood", "dark"), m.slot("paint", "black", name="Dark")
    w, d, h, r = m.u(7, 10), m.u(7, 9), m.u(2.8, 3.8), m.u(1.0, 1.4)
    th, n, capped = h * m.u(1.35, 1.7), 8, m.chance(0.6)
    m.four(stone, prism(r, th, n).at(w / 2, d / 2))
    if capped:
        m.four(stone, prism(r * 1.2, 0.5, n).at(w / 2, d / 2, th))
        m.four(roof, prism(r * 1.3, r * 2.0, n, 0).at(w / 2, d / 2, th + 0.5))
    else:
        m.four(stone, lathe(pairs("1,0 1.22,0.35 1.22,0.9 0.95,0.9 0.95,0.5", r, 1), n).at(w / 2, d / 2, th))
    t = 0.8
    m.add(stone, box(w - r, t, h).at(0, d / 2), box(w - r, t, h).at(0, -d / 2))
    m.both(stone, box(t, d - r, h).at(w / 2))
    m.add(stone, *row(box(0.7, t * 1.1, 0.55).at(0, -d / 2, h), 5, x=(w - 2 * r) / 5.2))
    kw, kh = w * m.u(0.34, 0.45), th * m.u(1.0, 1.35)
    m.add(stone, box(kw, kw, kh).at(0, d * 0.12), box(kw * 1.12, kw * 1.12, 0.4).at(0, d * 0.12, kh))
    if m.chance(0.6):
        m.add(roof, gable(kw * 1.1, kw * 1.1, kw * 0.7, 1).at(0, d * 0.12, kh + 0.4))
    else:
        for x, y in ((-1, -1), (-1, 1), (1, -1), (1, 1)):
            m.add(stone, box(kw * 0.26, kw * 0.26, 0.6).at(x * kw * 0.42, y * kw * 0.42 + d * 0.12, kh + 0.4))
    m.add(wood, extrude(pairs("-0.8,0 0.8,0 0.8,1.5 0.45,2.1 -0.45,2.1 -0.8,1.5"), t * 1.25).at(0, -d / 2))
    m.both(dark, box(0.35, 0.2, 0.8).at(kw * 0.22, d * 0.12 - kw / 2, kh * 0.72))


@kind("windmill", "windmill:6, mill:1", weight=1.4)
def windmill(m: Maker) -> None:
    body = m.slot(m.pick("plaster", "stone", "brick", "wood"), main=True)
    roof, wood, cloth = m.slot("roof"), m.slot("wood"), m.slot("cloth", "white", "beige", "red")
    r, h, n, taper = m.u(1.4, 2.0), m.u(4.0, 5.5), m.pick(6, 8, 10), m.u(0.58, 0.75)
    m.add(body, prism(r, h, n, taper))
    top = r * taper
    m.add(roof, prism(top * 1.18, top * m.u(1.0, 1.5), n, 0).at(z=h))
    hub_z, y = h * 0.93, -top * 1.1
    m.add(wood, prism(0.16, 0.7, 8).along("y").at(0, y - 0.45, hub_z))
    length = h * m.u(0.48, 0.6)
    sail = [box(0.16, 0.14, length), box(0.56, 0.1, length * 0.74).at(0.29, -0.03, length * 0.24)]
    turned = m.pick(0, 45)
    for k in range(4):
        m.add(wood, sail[0].turn("y", 90 * k + turned).at(0, y - 0.35, hub_z))
        m.add(cloth, sail[1].turn("y", 90 * k + turned).at(0, y - 0.35, hub_z))
    depth = r * math.cos(math.pi / n)
    m.add(wood, box(0.9, 0.35, 1.7).at(0, -depth * 0.97, 0))
    m.add(m.slot("glass", "blue"), box(0.5, 0.3, 0.6).at(0, -(r + (top - r) * 0.5) * math.cos(math.pi / n), h * 0.48))


@kind("lighthouse", "lighthouse:1", weight=0.7)
def lighthouse(m: Maker) -> None:
    white, red = m.slot("paint", "white"), m.slot("paint", "red", "blue", main=True)
    glow, dark = m.slot("glow", "light"), m.slot("iron")
    r, h, n = m.u(1.1, 1.5), m.u(5, 7.5), m.pick(8, 10, 12)
    bands, taper = m.pick(3, 5), m.u(0.6, 0.72)
    pts = [(r * (1 - (1 - taper) * k / bands), h * k / bands) for k in range(bands + 1)]
    m.banded(pts, n, [white if k % 2 else red for k in range(bands)])
    t = r * taper
    m.add(dark, prism(t * 1.35, 0.2, n).at(z=h))
    m.add(glow, prism(t * 0.7, 1.0, n).at(z=h + 0.2))
    m.add(red, prism(t * 0.95, 0.8, n, 0).at(z=h + 1.2))
    m.around(dark, 8, box(0.09, 0.09, 0.55).at(t * 1.25, 0, h + 0.2))
    m.add(m.slot("wood"), box(0.8, 0.3, 1.5).at(0, -r * 0.95, 0))


@kind("skyscraper", "skyscraper:3, apartment building:1, office building:2, building:3", weight=1.2)
def skyscraper(m: Maker) -> None:
    wall = m.slot(m.pick("paint", "concrete", "brick"), main=True)
    glass, door, roof = m.slot("glass", "blue", ""), m.slot("glass", "", "green"), m.slot("concrete")
    floors = m.n(2, 6)
    m.say("tall", when=floors > 3)
    w, d, each, ground = m.u(4, 6), m.u(4, 6), m.u(1.2, 1.6), m.u(1.6, 2.0)
    h = ground + floors * each
    m.add(wall, box(w, d, h))
    m.add(roof, box(w + 0.3, d + 0.3, 0.3).at(z=h))
    columns, style = m.n(2, 3), m.pick("windows", "bands")
    for f in range(floors):
        z = ground + f * each + each * 0.25
        if style == "bands":
            m.add(glass, box(w * 0.86, d + 0.12, each * 0.5).at(z=z), box(w + 0.12, d * 0.86, each * 0.5).at(z=z))
        else:
            for c in range(columns):
                x = (c - (columns - 1) / 2) * w / (columns + 0.2)
                m.add(glass, box(w / columns * 0.5, d + 0.12, each * 0.55).at(x, 0, z))
                if f < 4:
                    m.add(glass, box(w + 0.12, d / columns * 0.5, each * 0.55).at(0, x * d / w, z))
    m.add(door, box(1.2, 0.2, 1.3).at(0, -d / 2))
    if m.chance(0.5):
        cloth = m.slot("cloth")
        m.add(cloth, profile([(0, 0), (0.6, -0.25), (0, 0.12)][::-1], w * 0.6).turn("z", 180).at(0, -d / 2, 1.55))
    if m.chance(0.6):
        m.add(roof, box(w * 0.3, d * 0.25, 0.7).at(w * 0.2, d * 0.15, h + 0.3))
    if m.chance(0.3):
        m.add(m.slot("metal"), prism(0.08, 2.0, 6).at(-w * 0.25, 0, h + 0.3))


@kind("shop", "shop:3, store:2, market stall:3, stall:2")
def shop(m: Maker) -> None:
    wood, a = m.slot("wood"), m.slot("cloth", "red", "blue", "green", "orange", main=True)
    b, w, d, h = m.slot("cloth", "white", "beige"), m.u(2.0, 3.0), m.u(1.2, 1.8), m.u(2.0, 2.4)
    wall, w, d, h = wall_stuff(m), w * 1.6, d * 1.8, h * 1.25
    m.add(wall, box(w, d, h), box(w + 0.2, d + 0.2, 0.25).at(z=h))
    m.add(m.slot("glass", "blue"), box(w * 0.45, 0.12, 1.1).at(w * 0.2, -d / 2, 0.7))
    door_leaf(m, wood, m.slot("paint"), -w * 0.27, -d / 2, 0.9, 1.9)
    m.add(m.slot("paint"), box(w * 0.6, 0.14, 0.5).at(0, -d / 2 - 0.05, h - 0.1))
    _awning(m, a, b, w, 0.9, 20, -d / 2 - 0.9 / 2 + 0.05, 2.2)


@shop.noun("market stall", "stall")
def stall(m: Maker) -> None:
    wood, a = m.slot("wood"), m.slot("cloth", "red", "blue", "green", "orange", main=True)
    b, w, d, h = m.slot("cloth", "white", "beige"), m.u(2.0, 3.0), m.u(1.2, 1.8), m.u(2.0, 2.4)
    m.four(wood, box(0.12, 0.12, h).at(w / 2 - 0.1, d / 2 - 0.1))
    m.add(wood, box(w, d * 0.7, 0.1).at(0, -d * 0.15, 0.85), box(w * 0.94, 0.08, 0.7).at(0, -d * 0.45, 0.12))
    for k in range(m.n(1, 3)):
        flesh = m.slot("flesh", "red", "orange", "green", "yellow")
        m.add(flesh, box(0.45, 0.4, 0.18).at((k - 1) * 0.6, -d * 0.15, 0.95))
    _awning(m, a, b, w, d + 0.5, 12, -0.1, h + 0.1)


def _awning(m: Maker, a: int, b: int, w: float, deep: float, slope: float, y: float, z: float) -> None:
    """Stripes of two colours over the width."""
    n = m.pick(5, 7)
    part = box(w / n, deep, 0.09).turn("x", slope)
    for k in range(n):
        m.add(b if k % 2 else a, part.at((k - (n - 1) / 2) * (w / n), y, z))


@kind("tent", "tent:6, camping tent:1", weight=1.2)
def tent(m: Maker) -> None:
    cloth, dark, wood = m.slot("cloth", main=True), m.slot("cloth", "black", "brown"), m.slot("wood")
    if m.chance(0.4, "round"):
        r, h, n = m.u(1.2, 1.8), m.u(1.3, 1.9), m.pick(8, 10)
        m.add(cloth, prism(r, h * 0.55, n, 0.96), prism(r * 1.08, h * 0.75, n, 0).at(z=h * 0.55))
        m.add(wood, prism(0.05, 0.4, 6).at(z=h * 1.24))
        m.add(dark, extrude([(-0.35, 0), (0.35, 0), (0, h * 0.52)], 0.2).at(0, -r * math.cos(math.pi / n)))
        return
    w, d, h = m.u(1.8, 2.6), m.u(2.2, 3.2), m.u(1.3, 1.9)
    m.add(cloth, gable(w, d, h))
    m.add(dark, extrude([(-w * 0.22, 0), (w * 0.22, 0), (0, h * 0.75)], 0.06).at(0, -d / 2 - 0.03))
    if m.chance(0.6):
        m.add(wood, box(0.1, 0.1, h + 0.25).at(0, -d / 2 - 0.1), box(0.1, 0.1, h + 0.25).at(0, d / 2 + 0.1))
    if m.chance(0.5):
        m.four(wood, box(0.08, 0.08, 0.25, shift=(0.06, 0)).at(w / 2 + 0.25, d / 2 - 0.3))


@kind("well", "well:5, water well:2, stone well:1", weight=1.2)
def well(m: Maker) -> None:
    stone, wood = m.slot(m.pick("stone", "brick"), main=True), m.slot("wood")
    roof, r, h, n = m.slot(m.pick("roof", "wood", "straw")), m.u(0.7, 0.95), m.u(0.65, 0.9), m.pick(8, 10, 12)
    m.add(stone, lathe([(r, 0), (r, h), (r * 0.75, h), (r * 0.75, 0.15)], n))
    m.add(m.slot("water"), prism(r * 0.74, 0.03, n).at(z=h * 0.6))
    top = m.u(1.9, 2.3)
    m.both(wood, box(0.14, 0.14, top - h * 0.5).at(r * 0.86, 0, h * 0.5))
    m.add(wood, prism(0.07, r * 2.1, 6).along("x").at(-r * 1.05, 0, top * 0.78))
    m.add(roof, gable(2.6 * r, 2.0 * r, r * 0.9).turn("z", 90).at(0, 0, top))
    m.add(wood, prism(0.17, 0.28, 8, 1.2).at(0, 0, h + 0.12), box(0.035, 0.035, top * 0.78 - h - 0.4).at(0, 0, h + 0.4))


@kind("temple", "temple:3, shrine:2, gazebo:2, pavilion:1")
def temple(m: Maker) -> None:
    stone, roof, n = m.slot(m.pick("stone", "plaster", "wood"), main=True), m.slot("roof"), m.n(3, 5)
    w, d, h, r = n * m.u(0.8, 1.0), m.u(3.0, 4.2), m.u(2.0, 2.6), 0.2
    m.add(stone, *[box(w + 0.8 - 0.4 * k, d + 0.8 - 0.4 * k, 0.2).at(z=0.2 * k) for k in range(2)])
    for k in range(n):
        x = (k - (n - 1) / 2) * (w - 0.5) / (n - 1)
        m.add(stone, prism(r, h, 8, 0.85).at(x, -d / 2 + 0.3, 0.4), prism(r, h, 8, 0.85).at(x, d / 2 - 0.3, 0.4))
    m.both(stone, prism(r, h, 8, 0.85).at(w / 2 - 0.25, 0, 0.4))
    if m.chance(0.6):
        m.add(stone, box(w * 0.6, d * 0.6, h).at(z=0.4))
    m.add(stone, box(w + 0.2, d + 0.2, 0.25).at(z=0.4 + h))
    m.add(roof, gable(w + 0.5, d + 0.5, m.u(0.6, 1.0)).at(z=0.65 + h))


@temple.noun("gazebo", "pavilion")
def gazebo(m: Maker) -> None:
    stone, roof = m.slot(m.pick("stone", "plaster", "wood"), main=True), m.slot("roof")
    r, h = m.u(1.4, 1.9), m.u(2.1, 2.5)
    m.add(stone, prism(r * 1.12, 0.18, 8))
    m.around(stone, 8 if m.chance(0.4) else 4, box(0.14, 0.14, h).at(r * 0.9, 0, 0.18), 22.5)
    m.add(roof, prism(r * 1.2, m.u(0.8, 1.3), 8, 0).at(z=h + 0.18))
