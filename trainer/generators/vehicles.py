"""Vehicles: cars, carts, boats, planes, rockets, trains. Fronts look to -y."""

from .base import Colors, Maker, called, kind
from .outlines import arc, pairs, triples
from .parts import Part, block, box, extrude, lathe, prism, profile, ring, row, slab, tray, tube


def wheel_part(r: float, width: float, sides: int) -> Part:
    """A plain tyre lying along x, centred."""
    return prism(r, width, sides).along("x").at(-width / 2)


def wheels(m: Maker, r: float, width: float, x: float, ys: list[float], sides: int = 10) -> None:
    tyre, hub = m.slot("rubber"), m.slot("metal")
    for y in ys:
        m.both(tyre, wheel_part(r, width, sides).at(x, y, r))
        m.both(hub, prism(r * 0.5, width * 0.2, sides).along("x").at(x + width / 2 - 0.005, y, r))


# where a cabin begins and ends at its foot, ends and begins at its roof (shares of half a car), how much higher it is
CABINS = {
    "sedan": (-0.42, 0.62, 0.38, -0.12, 0.0),
    "hatchback": (-0.42, 0.93, 0.8, -0.12, 0.0),
    "van": (-0.72, 0.99, 0.96, -0.45, 0.3),
    "pickup": (-0.42, 0.2, 0.12, -0.14, 0.0),
    "sports": (-0.3, 0.7, 0.3, -0.02, -0.1),
}


def car_body(m: Maker, paint: int, glass: int, w: float, length: float, style: str) -> float:
    """Body and cabin; gives the height of the wheels' middle over which it hangs."""
    r = m.u(0.3, 0.36)
    low, waist, half = r * 0.75, m.u(0.78, 0.9), length / 2
    nose, tail = m.u(0.05, 0.2), m.u(0.0, 0.15)
    body = [(-half, low), (half, low), (half, waist - tail * 0.5), (half * 0.5, waist), (-half * 0.45, waist)]
    body += [(-half, waist - nose)]
    m.add(paint, profile(body, w))
    roof = waist + m.u(0.48, 0.6)
    if style == "pickup":
        t = 0.09
        m.both(paint, box(t, half * 0.72, 0.24).at(w / 2 - t / 2, half * 0.62, waist - tail * 0.2))
        m.add(paint, box(w - 2 * t, t, 0.24).at(0, half * 0.94, waist - tail * 0.2))
    front, back, rear_top, front_top, higher = CABINS[style]
    foot, roof = waist - (0.02 if style == "sports" else 0), roof + higher
    y0, y1 = front_top * half, rear_top * half
    m.add(glass, profile([(front * half, foot), (back * half, foot), (y1, roof), (y0, roof)], w * 0.9, 0.84))
    m.add(paint, box(w * 0.78, y1 - y0 + 0.06, 0.06).at(0, (y0 + y1) / 2, roof))
    return r


def _car(m: Maker, style: str = "", colors: Colors = (), told: bool = True) -> None:
    """`style` is one of CABINS, or drawn; `told`: its colour may be said."""
    drawn = m.pick("sedan", "hatchback", "sports")
    style, paint, glass = style or drawn, m.slot("paint", *colors, main=told), m.slot("glass", "blue", "")
    w, length = m.u(1.55, 1.85), m.u(3.3, 4.3)
    r, half = car_body(m, paint, glass, w, length, style), length / 2
    wheels(m, r, 0.22, w / 2 - 0.04, [-half * 0.6, half * 0.6], m.pick(8, 10, 12))
    light, back, dark = m.slot("glow", "light"), m.slot("glow", "red"), m.slot("plastic", "black")
    m.both(light, box(0.26, 0.06, 0.14).at(w / 2 - 0.25, -half, 0.5))
    m.both(back, box(0.24, 0.06, 0.14).at(w / 2 - 0.22, half, 0.55))
    m.add(dark, box(w * 0.98, 0.14, 0.14).at(0, -half - 0.02, 0.26), box(w * 0.98, 0.14, 0.14).at(0, half + 0.02, 0.26))
    if style == "sports" and m.chance(0.7):
        m.add(paint, box(w * 0.9, 0.22, 0.05).at(0, half - 0.15, 1.02))
        m.both(dark, box(0.07, 0.1, 0.2).at(w * 0.33, half - 0.15, 0.82))


@kind("car", "car:8, sedan:2, hatchback:1, pickup:1, van:2, sports car:1, taxi:1, police car:1", weight=2.2)
@called("sedan", style="sedan")
@called("hatchback", style="hatchback")
@called("pickup", style="pickup")
@called("van", style="van")
@called("sports car", style="sports")
def car(m: Maker, style: str = "") -> None:
    _car(m, style)


@car.noun("taxi")
def taxi(m: Maker) -> None:
    _car(m, "sedan", ("yellow",), told=False)
    m.add(m.slot("paint", "white"), box(0.5, 0.2, 0.14).at(0, 0.1, 1.44))


@car.noun("police car")
def police_car(m: Maker) -> None:
    _car(m, "sedan", ("white", "blue", "black"))
    m.add(m.slot("glow", "red"), box(0.35, 0.2, 0.12).at(-0.19, 0.1, 1.44))
    m.add(m.slot("paint", "blue"), box(0.35, 0.2, 0.12).at(0.19, 0.1, 1.44))


@kind("truck", "truck:7, lorry:2, cargo truck:1, delivery truck:1", weight=1.3)
def truck(m: Maker) -> None:
    paint, load = m.slot("paint", main=True), m.slot(m.pick("paint", "metal", "wood"))
    glass, dark = m.slot("glass", "blue"), m.slot("metal", "dark")
    w, cab, bed, r = m.u(1.8, 2.2), m.u(1.3, 1.7), m.u(2.6, 3.8), m.u(0.4, 0.5)
    length = cab + bed
    front, base = -length / 2, r * 1.1
    m.add(dark, box(w * 0.7, length, 0.2).at(0, 0, base))
    h = m.u(1.3, 1.7)
    side = [(front, base), (front + cab, base), (front + cab, base + h), (front + cab * 0.3, base + h)]
    side += [(front, base + h * 0.5)]
    m.add(paint, profile(side, w))
    pane = [(front - 0.05, base + h * 0.58), (front + cab * 0.2, base + h * 0.97)]
    pane += [(front + cab * 0.27, base + h * 0.93), (front + cab * 0.01, base + h * 0.56)]
    m.add(glass, profile(pane, w * 0.86))
    m.both(glass, box(0.05, cab * 0.42, h * 0.34).at(w / 2, front + cab * 0.58, base + h * 0.54))
    y, style = front + cab + bed / 2 + 0.06, m.pick("box", "open", "tank", "dump")
    if style == "box":
        m.add(load, box(w * 1.04, bed - 0.1, h * m.u(1.05, 1.35)).at(0, y, base + 0.2))
    elif style == "tank":
        m.call("tanker truck")
        rr = w * 0.46
        curve = [(rr * 0.7, 0), (rr, 0.15), (rr, bed - 0.25), (rr * 0.7, bed - 0.1)]
        m.add(load, lathe(curve, 10).along("y").at(0, y - bed / 2 + 0.05, base + 0.2 + rr))
    else:
        t, high = 0.1, m.u(0.35, 0.6) if style == "open" else h * 0.7
        m.add(load, box(w, bed - 0.1, t).at(0, y, base + 0.2))
        m.both(load, box(t, bed - 0.1, high).at(w / 2 - t / 2, y, base + 0.2 + t))
        m.add(load, box(w - 2 * t, t, high).at(0, y + bed / 2 - 0.1, base + 0.2 + t))
        m.add(load, box(w - 2 * t, t, high).at(0, y - bed / 2 + 0.1, base + 0.2 + t))
    twin = [] if m.chance(0.5) else [length / 2 - r * 3.5]
    wheels(m, r, 0.3, w / 2 - 0.12, [front + cab * 0.45, *twin, length / 2 - r * 1.3])
    m.both(m.slot("glow", "light"), box(0.24, 0.06, 0.16).at(w / 2 - 0.3, front, base + 0.15))
    m.add(dark, box(w, 0.16, 0.2).at(0, front - 0.03, base - 0.12))


@kind("bus", "bus:6, school bus:1, coach:1", weight=1.0)
@called("school bus", colors=("yellow",))
def bus(m: Maker, colors: Colors = ()) -> None:
    paint = m.slot("paint", *colors, main=True)
    glass, dark = m.slot("glass", "blue", ""), m.slot("plastic", "black")
    w, length, h, r = m.u(2.0, 2.4), m.u(5.5, 7.5), m.u(1.9, 2.3), m.u(0.4, 0.48)
    base, half = r * 0.8, length / 2
    side = [(-half, base), (half, base), (half, base + h), (-half * 0.96, base + h), (-half, base + h * 0.8)]
    m.add(paint, profile(side, w))
    n = m.n(4, 6)
    part = box(0.06, length * 0.86 / n * 0.8, h * 0.34).at(w / 2, 0, base + h * 0.5)
    m.both(glass, *row(part, n, y=length * 0.86 / n))
    m.add(glass, box(w * 0.86, 0.06, h * 0.38).at(0, -half, base + h * 0.42))
    m.add(glass, box(w * 0.8, 0.06, h * 0.3).at(0, half, base + h * 0.52))
    m.add(m.slot("paint"), box(w + 0.04, length * 0.98, 0.12).at(0, 0, base + h * 0.3))
    if m.chance(0.4, "double decker"):
        m.add(paint, box(w, length * 0.98, h * 0.8).at(0, 0.02, base + h))
        m.both(glass, box(0.06, length * 0.86, h * 0.34).at(w / 2, 0, base + h * 1.3))
    wheels(m, r, 0.28, w / 2 - 0.1, [-half * 0.66, half * 0.62])
    m.both(m.slot("glow", "light"), box(0.26, 0.06, 0.18).at(w / 2 - 0.32, -half, base + 0.2))
    m.add(dark, box(w, 0.14, 0.18).at(0, -half - 0.02, base - 0.08), box(w, 0.14, 0.18).at(0, half + 0.02, base - 0.08))


@kind("train", "train:4, locomotive:3, steam train:1", weight=1.4)
def train(m: Maker) -> None:
    paint, dark, gold = m.slot("paint", "red", "green", "blue", "black", main=True), m.slot("iron"), m.slot("gold")
    w, length, r = m.u(1.3, 1.6), m.u(3.2, 4.2), m.u(0.34, 0.44)
    base = r * 1.25
    m.add(dark, box(w, length, 0.2).at(0, 0, base))
    br, z, boiler = w * 0.4, base + 0.2 + w * 0.38, length * 0.6
    m.add(paint, prism(br, boiler, 10).along("y").at(0, -length / 2 + 0.1, z))
    m.add(dark, prism(br * 1.05, 0.14, 10).along("y").at(0, -length / 2, z))
    m.add(gold, *[prism(br * 1.06, 0.1, 10).along("y").at(0, -length / 2 + boiler * f, z) for f in (0.35, 0.7)])
    cab = length - boiler - 0.1
    y = length / 2 - cab / 2
    m.add(paint, box(w, cab, w * 0.95).at(0, y, base + 0.2))
    m.both(m.slot("glass", "blue"), box(0.05, cab * 0.6, w * 0.34).at(w / 2, y, base + w * 0.72))
    m.add(dark, box(w * 1.15, cab * 1.15, 0.12).at(0, y, base + 0.2 + w * 0.95))
    m.add(dark, lathe([(0.14, 0), (0.14, 0.4), (0.27, 0.62), (0.27, 0.72)], 8).at(0, -length / 2 + 0.45, z + br * 0.92))
    m.add(gold, lathe([(0.2, 0), (0.18, 0.18), (0, 0.3)], 8).at(0, -length / 2 + boiler * 0.58, z + br * 0.92))
    m.add(dark, box(w, 0.5, 0.45, top=(1, 0.2), shift=(0, 0.2)).at(0, -length / 2 - 0.15, 0.08))
    tyre = m.slot("iron", "dark")
    m.both(tyre, *[wheel_part(r, 0.14, 10).at(w / 2 - 0.05, f * length, r) for f in (-0.32, 0.0, 0.32)])
    m.both(m.slot("metal"), box(0.06, length * 0.7, 0.08).at(w / 2 + 0.05, 0, r - 0.04))


@kind("train_wagon", "train wagon:3, railway wagon:1, minecart:3, wagon:1", weight=0.9)
@called("minecart", small=True)
def train_wagon(m: Maker, small: bool = False) -> None:
    body, dark = m.slot(m.pick("wood", "metal", "paint"), main=True), m.slot("iron", "dark")
    if small:
        w, length, h = m.u(0.8, 1.0), m.u(1.1, 1.5), m.u(0.55, 0.75)
    else:
        w, length, h = m.u(1.4, 1.7), m.u(3.0, 4.0), m.u(0.7, 1.4)
    r = m.u(0.16, 0.2) if small else m.u(0.28, 0.36)
    base, t = r * 1.4, 0.09
    m.add(dark, box(w * 0.9, length * 1.06, 0.12).at(0, 0, base))
    flare = m.u(1.1, 1.3) if small else 1.0
    m.add(body, tray((w, length), (w * flare, length * flare), h, t).at(0, 0, base + 0.12))
    if not small:
        m.both(dark, *row(box(0.06, 0.1, h).at(w / 2 + 0.02, 0, base + 0.12), 4, y=length * 0.3))
    if m.chance(0.4, "full"):
        ore = m.slot("stone" if m.chance(0.6) else "gold")
        m.add(ore, block(w * flare * 0.86, length * flare * 0.86, h * 0.3, h * 0.13).at(0, 0, base + h * 0.82))
    m.both(dark, *[wheel_part(r, 0.12, 8).at(w / 2 - 0.02, y * length, r) for y in (-0.3, 0.3)])


@kind("cart", "cart:4, wagon:3, wooden cart:2, hand cart:1", weight=1.2)
@called("wagon", wagon=True)
def cart(m: Maker, wagon: bool = False) -> None:
    """Two wheels and shafts, or the four of a `wagon`."""
    wood, iron = m.slot("wood", main=True), m.slot("wood", "dark")
    w, length, h, r = m.u(0.9, 1.2), m.u(1.4, 2.2), m.u(0.35, 0.5), m.u(0.36, 0.5)
    base, flare = r * 1.05, m.u(1.0, 1.15)
    m.add(wood, tray((w, length), (w * flare, length * flare), h, 0.07).at(0, 0, base))
    n = m.pick(8, 10, 12)
    for y in (-0.32, 0.34) if wagon else (0.05,):
        spoked(m, wood, iron, r if not wagon or y > 0 else r * 0.85, 0.1, n, w / 2 + 0.14, y * length)
        part = prism(0.05, w + 0.3, 6).along("x").at(-w / 2 - 0.15, y * length, r if not wagon or y > 0 else r * 0.85)
        m.add(iron, part)
    if wagon:
        m.add(wood, tube([(0, -length / 2, base), (0, -length * 0.85, base * 0.7)], 0.05, 5))
        if m.chance(0.5, "covered"):
            m.add(m.slot("cloth", "white", "beige"), extrude(arc(w * 0.56, w * 0.75), length * 0.96).at(0, 0, base + h))
    else:
        m.both(wood, tube([(w * 0.4, -length * 0.3, base + 0.04), (w * 0.36, -length * 0.95, base * 0.95)], 0.045, 5))
    if m.chance(0.4, "with hay"):
        m.add(m.slot("straw"), block(w * 0.86, length * 0.86, h * 0.6, 0.12).at(0, 0, base + h * 0.55))


def spoked(m: Maker, wood: int, rim: int, r: float, width: float, n: int, x: float, y: float) -> None:
    """A pair of spoked wheels at +-x."""
    tyre = ring(r * 0.9, r * 0.1, n, 4, width).along("x").at(0, 0, r)
    hub = prism(r * 0.18, width * 1.5, 6).along("x").at(-width * 0.75, 0, r)
    m.both(rim, tyre.at(x, y, 0))
    m.both(wood, hub.at(x, y, 0))
    for k in range(3):
        m.both(wood, box(width * 0.5, r * 0.1, r * 1.75).at(0, 0, -r * 0.875).turn("x", 60 * k).at(x, y, r))


@kind("wheel", "wheel:5, wooden wheel:2, tire:1, cart wheel:1")
def wheel(m: Maker) -> None:
    size = _wheel_size(m)
    (_tyre if m.chance(0.5) else _spoked_wheel)(m, *size)


@wheel.noun("tire")
def tire(m: Maker) -> None:
    _tyre(m, *_wheel_size(m))


@wheel.noun("wooden wheel", "cart wheel")
def wooden_wheel(m: Maker) -> None:
    _spoked_wheel(m, *_wheel_size(m))


def _wheel_size(m: Maker) -> tuple[float, float, int]:
    return m.u(0.3, 0.5), m.u(0.08, 0.22), m.pick(10, 12, 16)


def _tyre(m: Maker, r: float, width: float, n: int) -> None:
    tyre, hub = m.slot("rubber"), m.slot("metal", main=True)
    width *= 1.3
    m.add(tyre, lathe(pairs("0.6,0 0.92,0 1,0.15 1,0.85 0.92,1 0.6,1", r, width), n).along("y").at(0, -width / 2, r))
    m.add(hub, prism(r * 0.56, width * 1.06, n).along("y").at(0, -width * 0.53, r))
    m.add(hub, prism(r * 0.2, width * 1.2, 6).along("y").at(0, -width * 0.6, r))


def _spoked_wheel(m: Maker, r: float, width: float, n: int) -> None:
    wood, iron = m.slot("wood", main=True), m.slot(m.pick("iron", "wood"))
    m.add(iron, ring(r * 0.9, r * 0.1, n, 4, width).along("y").at(0, 0, r))
    m.add(wood, prism(r * 0.2, width * 1.5, 8).along("y").at(0, -width * 0.75, r))
    spokes = m.pick(3, 4)
    for k in range(spokes):
        m.add(wood, box(r * 0.1, width * 0.5, r * 1.75).at(0, 0, -r * 0.875).turn("y", 180 * k / spokes).at(0, 0, r))


@kind("tank", "tank:3, army tank:1", weight=0.8)
def tank(m: Maker) -> None:
    paint, dark, metal = m.slot("paint", "green", "beige", "grey", main=True), m.slot("rubber"), m.slot("metal", "dark")
    w, length, h = m.u(1.7, 2.1), m.u(3.0, 3.8), m.u(0.6, 0.75)
    half, tw = length / 2, 0.42
    m.both(dark, profile(pairs("-0.8,0 0.8,0 1,0.5 0.85,1 -0.85,1 -1,0.5", half, h), tw).at(w / 2))
    m.both(metal, *row(prism(h * 0.32, 0.08, 8).along("x").at(w / 2 + tw / 2 - 0.01, 0, h * 0.42), 4, y=length * 0.21))
    m.add(paint, profile(pairs("-0.8,0.4 0.85,0.4 0.9,1.2 -0.45,1.3 -0.95,0.8", half, h), w - tw))
    m.add(paint, prism(w * 0.42, h * 0.7, 8, 0.8).at(0, 0.1, h * 1.25))
    m.add(metal, prism(0.11, length * 0.52, 8).turn("x", 87).at(0, -w * 0.26, h * 1.55))
    m.add(metal, prism(0.15, 0.3, 8).turn("x", 87).at(0, -w * 0.26 - length * 0.5, h * 1.6))
    m.add(paint, slab(0.5, 0.5, 0.1, 0.12).at(0.1, 0.2, h * 1.95))


@kind("tractor", "tractor:3", weight=0.7)
def tractor(m: Maker) -> None:
    paint, dark = m.slot("paint", "red", "green", "blue", "yellow", main=True), m.slot("metal", "dark")
    glass = m.slot("glass", "")
    big, small, w, nose = m.u(0.62, 0.75), m.u(0.34, 0.42), m.u(0.7, 0.85), m.u(1.2, 1.5)
    m.add(paint, block(w, nose, 0.62, 0.08).at(0, -nose / 2, 0.55), box(w * 1.1, 0.9, 0.5).at(0, 0.4, 0.5))
    post = box(0.08, 0.08, 0.95)
    m.both(dark, post.at(w * 0.52, 0.06, 1.0), post.at(w * 0.52, 0.76, 1.0))
    m.add(paint, box(w * 1.3, 1.0, 0.09).at(0, 0.41, 1.95))
    m.add(glass, box(w * 0.9, 0.03, 0.8).at(0, 0.04, 1.06))
    m.add(dark, prism(0.06, 0.7, 6).at(w * 0.25, -nose * 0.6, 1.1), box(0.4, 0.35, 0.3).at(0, 0.5, 1.0))
    tyre, hub = m.slot("rubber"), m.slot("paint", "yellow", "white", "red")
    for r, width, y in ((big, 0.36, 0.5), (small, 0.24, -nose * 0.72)):
        m.both(tyre, wheel_part(r, width, 10).at(w / 2 + width / 2 + 0.04, y, r))
        m.both(hub, prism(r * 0.5, 0.06, 10).along("x").at(w / 2 + width + 0.03, y, r))


@kind("sled", "sled:2, sleigh:2", weight=0.5)
@called("sleigh", seat=True)
def sled(m: Maker, seat: bool = False) -> None:
    wood, runner = m.slot(m.pick("wood", "paint"), main=True), m.slot(m.pick("metal", "wood", "gold"))
    w, length = m.u(0.5, 0.7), m.u(1.0, 1.5)
    m.both(runner, tube(triples("0.5,0.5,0.03 0.5,-0.4,0.03 0.5,-0.58,0.12 0.5,-0.6,0.3", w, length, 1), 0.03, 5))
    m.both(runner, *[box(0.05, 0.05, 0.22).at(w / 2, y * length, 0.04) for y in (-0.25, 0.3)])
    n = m.n(3, 5)
    m.add(wood, *row(box(w / n * 0.85, length, 0.04).at(z=0.26), n, x=w / n))
    if seat:
        m.add(wood, box(w, 0.06, 0.5, shift=(0, 0.1)).at(0, length * 0.42, 0.3))
        m.add(m.slot("cloth", "red", "green"), block(w * 0.9, 0.36, 0.16, 0.04).at(0, length * 0.2, 0.3))
