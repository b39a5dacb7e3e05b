"""What one wears: gloves, masks, shirts, breastplates."""

from .base import Maker, called, kind
from .outlines import mirrored, pairs
from .parts import block, box, extrude, lathe, prism, profile, pyramid, ring, slab, steps
from .play import BRIGHT, plate
from .rounds import cube_ball, dome


@kind("glove", "glove:3, gauntlet:1, boxing glove:2", weight=1.0)
@called("gauntlet", armed=True)
def glove(m: Maker, armed: bool = False) -> None:
    main = m.slot(m.pick("steel", "iron", "metal") if armed else m.pick("cloth", "leather"), main=True)
    trim = m.slot(m.pick("gold", "leather") if armed else "cloth")
    w, t, side = m.u(0.1, 0.12), m.u(0.036, 0.044), m.pick(-1, 1)
    palm, z = w * m.u(1.0, 1.15), 0.07
    m.add(main, block(w, t, palm, t * 0.3).at(0, 0, z))
    r = w * 0.118
    for k, long in enumerate((0.72, 0.92, 1.0, 0.86)):
        reach, x = w * 0.95 * long + w * 0.12, side * (1.5 - k) * w * 0.255
        finger = lathe([(r, 0), (r * 1.05, reach * 0.8), (r * 0.6, reach)], 6).turn("y", side * (1.5 - k) * 4)
        m.add(main, finger.at(x, 0, z + palm - w * 0.12))
        if armed:
            m.add(trim, box(r * 1.9, t * 0.9, r * 1.3).at(x, -t * 0.28, z + palm - w * 0.14))
    thumb = lathe([(r * 1.25, 0), (r * 1.2, w * 0.6), (r * 0.65, w * 0.78)], 6).turn("y", -side * 38)
    m.add(main, thumb.at(-side * w * 0.34, -t * 0.1, z + palm * 0.18))
    wide = m.u(1.15, 1.4) if armed else m.u(0.9, 1.1)
    cuff = lathe([(w * 0.5 * wide, 0), (w * 0.5 * wide, 0.02), (w * 0.42, z + 0.012)], 8)
    m.add(trim if not armed and m.chance(0.6) else main, cuff.scale(1, 0.68, 1))
    if armed:
        m.add(trim, prism(w * 0.53 * wide, 0.016, 8).scale(1, 0.68, 1).at(0, 0, -0.005))


@glove.noun("boxing glove")
def boxing_glove(m: Maker) -> None:
    red = m.chance(0.3)
    main = m.slot("leather", "red", main=True) if red else m.slot("paint", "red", "blue", "black", "green", main=True)
    cuff, w, h = m.slot("cloth", "white", "black", "yellow"), m.u(0.15, 0.18), m.u(0.26, 0.32)
    r, side = w * 0.36, m.pick(-1, 1)
    m.banded([(r * 1.08, 0), (r * 1.12, h * 0.12), (r * 1.12, h * 0.24), (r * 0.9, h * 0.4)], 8, [cuff, main, main])
    fist = cube_ball(w, w * 0.85, h * 0.66, 4, 0.62)
    m.add(main, fist.at(0, -w * 0.08, h * 0.36))
    part = cube_ball(w * 0.42, w * 0.5, h * 0.38, 2, 0.7).turn("y", side * 12).at(side * w * 0.5, -w * 0.2, h * 0.4)
    m.add(main, part)


def crescent(w: float, h: float, up: bool) -> list[tuple[float, float]]:
    """A smile, or turned over."""
    half = [(0.0, -h), (w * 0.6, -h * 0.7), (w, h * 0.4), (w * 0.55, h * 0.05), (0.0, -h * 0.15)]
    outline = [*half, *[(-x, z) for x, z in reversed(half[1:-1])]]
    return outline if up else [(-x, -z) for x, z in outline]


@kind("mask", "mask:4, theatre mask:1", weight=1.0)
@called("theatre mask", stage=True)
def mask(m: Maker, stage: bool = False) -> None:
    if stage:
        face = m.slot(m.pick("ceramic", "paint"), "white", main=True) if m.chance(0.6) else m.slot("gold", main=True)
    else:
        stuff = m.pick("paint", "wood", "gold", "ceramic", "bone")
        face = m.slot(stuff, *(BRIGHT if stuff == "paint" else ("", "light") if stuff == "wood" else ()), main=True)
    dark, trim = m.slot("paint", "black", name="Holes"), m.slot("paint", "red", "yellow", "white", "blue")
    h = m.u(0.24, 0.32)
    w, chin, d = h * m.u(0.33, 0.4), m.u(0.35, 0.55), h * m.u(0.16, 0.22)
    half = [(w * chin * 0.6, 0.0), (w * 0.78, h * 0.2), (w, h * 0.5), (w * 0.98, h * 0.78), (w * 0.6, h)]
    front = d * 1.0
    m.add(face, plate(mirrored(half), [(0.96, 0), (1.0, d * 0.35), (0.82, front)]))
    eye_w, eye_h, tilt = w * m.u(0.25, 0.29), h * m.u(0.065, 0.085), m.u(-14, 14)
    eye = extrude(pairs("-1,0 -0.4,-1 0.4,-1 1,0 0.4,1 -0.4,1", eye_w, eye_h), d * 0.3).turn("y", tilt)
    m.both(dark, eye.at(w * 0.4, -front + d * 0.06, h * 0.61))
    nose = pyramid(w * 0.36, h * 0.3, (0, -h * 0.12, d * m.u(0.5, 0.8)))
    m.add(face, nose.turn("x", 90).at(0, -front + d * 0.06, h * 0.46))
    glad = m.chance(0.5)
    mouth = crescent(w * m.u(0.46, 0.54), h * m.u(0.09, 0.11), glad)
    if stage or m.chance(0.7):
        m.add(dark, extrude(mouth, d * 0.3).at(0, -front + d * 0.06, h * 0.22))
        m.say("smiling" if glad else "sad")
    else:
        m.add(dark, box(w * 0.6, d * 0.3, h * 0.06).at(0, -front + d * 0.06, h * 0.19))
    brow = box(w * 0.5, d * 0.3, h * 0.035).turn("y", -tilt - m.u(4, 12))
    m.both(trim, brow.turn("y", tilt * 2).at(w * 0.4, -front + d * 0.03, h * 0.75))
    if not stage and m.chance(0.5):
        m.add(trim, extrude(pairs("0,0.74 0.16,0.84 0,0.94 -0.16,0.84", w, h), d * 0.3).at(0, -front))


@kind("shirt", "shirt:3, t shirt:3", weight=1.1)
@called("shirt", buttoned=True)
def shirt(m: Maker, buttoned: bool = False) -> None:
    """With a collar and buttons, or without."""
    cloth, trim = m.slot("cloth", main=True), m.slot("cloth", "white", "black", "red", "yellow", "blue")
    w, h, t = m.u(0.24, 0.29), m.u(0.62, 0.72), m.u(0.13, 0.17)
    arm, drop, neck = m.u(0.2, 0.26), m.u(0.2, 0.26), m.u(0.085, 0.1)
    half = [(w * 0.96, 0.0), (w, h * 0.66), (w + arm * 0.62, h * 0.88 - drop), (w + arm, h * 0.97 - drop * 0.62)]
    half += [(w * 0.82, h * 0.95), (neck, h), (neck * 0.6, h * 0.93)]
    m.add(cloth, plate(mirrored(half), [(0.93, -t / 2), (1, -t * 0.2), (1, t * 0.2), (0.93, t / 2)]))
    if buttoned:
        m.add(cloth, box(w * 0.2, t * 0.2, h * 0.86).at(0, -t * 0.46, h * 0.05))
        m.add(trim, *steps(prism(0.018, 0.03, 6).turn("x", 90).at(0, -t * 0.54, h * 0.14), 4, z=h * 0.22))
        collar = m.pick(cloth, trim)
        point = extrude([(0.004, 0), (neck * 0.75, -0.075), (neck * 1.3, 0.03), (neck * 1.05, 0.075)], t * 0.3)
        m.both(collar, point.turn("x", -8).at(0, -t * 0.42, h * 0.94))
        m.add(collar, box(neck * 2.2, t * 0.62, 0.05, top=(0.85, 0.9)).at(0, t * 0.06, h * 0.965))
        return
    m.add(trim, ring(neck * 0.95, 0.018, 8, 4).scale(1, t * 0.42 / neck, 1).turn("x", 12).at(0, 0, h * 0.965))
    style = m.pick("stripe", "print", "plain")
    if style == "stripe":
        m.say("striped")
        m.add(trim, *[box(w * 1.86, t * 1.05, h * 0.09).at(0, 0, h * z) for z in m.pick((0.42,), (0.3, 0.48))])
    elif style == "print":
        m.add(trim, slab(w * 0.9, h * 0.3, t * 0.1, w * 0.3).turn("x", 90).at(0, -t * 0.47, h * 0.55))


@kind("armor", "armor:3, chestplate:3, breastplate:2", weight=1.1)
@called("breastplate", sleeveless=True)
def armor(m: Maker, sleeveless: bool = False) -> None:
    main = m.slot(m.pick("steel", "metal", "silver", "gold", "bronze", "iron"), main=True)
    trim, dark = m.slot(m.pick("gold", "bronze", "copper")), m.slot("leather", "dark", "black", "brown")
    w, h, flat, n = m.u(0.21, 0.25), m.u(0.52, 0.62), m.u(0.6, 0.7), 10
    waist = m.u(0.68, 0.8)
    shape = [(w * 0.98, 0), (w * waist, h * 0.22), (w * 0.98, h * 0.55), (w, h * 0.74), (w * 0.72, h * 0.95)]
    shape += [(w * 0.44, h), (w * 0.47, h * 1.07), (w * 0.37, h * 1.07), (0, h * 0.9)]
    rows = [main, main, main, main, main, trim, trim, dark]
    m.banded(shape, n, rows)
    part, slots = m.parts[-1]
    m.parts[-1] = (part.scale(1, flat, 1), slots)
    m.add(trim, prism(w * (waist + 0.08), h * 0.07, n).scale(1, flat, 1).at(0, 0, h * 0.185))
    m.add(trim, prism(w * 1.05, h * 0.05, n).scale(1, flat, 1).at(0, 0, -h * 0.015))
    # a keel down the front, on the lathe's own corner
    keel = [(-r * flat * 0.85, z) for r, z in shape[1:5]] + [(-r * flat - w * 0.06, z) for r, z in shape[4:0:-1]]
    m.add(trim, profile([(y, z * (0.96 if z > h * 0.9 else 1)) for y, z in keel], w * m.u(0.14, 0.24)))
    size = w * m.u(0.42, 0.5)
    if sleeveless:
        m.both(dark, prism(size * 0.7, w * 0.2, 8).along("x").scale(1, 0.85, 1.2).at(w * 0.8, 0, h * 0.72))
        return
    lean, x, z = m.u(20, 32), w * 0.84, h * 0.76
    m.both(main, dome(size, size * m.u(0.75, 0.95), 8, 2).turn("y", lean).at(x, 0, z))
    m.both(trim, prism(size * 1.07, size * 0.18, 8).turn("y", lean).at(x - 0.004, 0, z - 0.006))
