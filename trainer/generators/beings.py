"""Beings of tales and toys: ghosts, teddies, zombies, wizards, aliens, monsters. Heads look to -y."""

from .base import Maker, kind
from .beasts import disc, forward_box
from .outlines import pairs, triples
from .parts import Array, block, box, lathe, prism, slab, tube
from .rounds import cube_ball, ico


def _dyed(m: Maker, *colors: str, name: str | None = None) -> int:
    """Cloth of one colour, which the label may say, but not that it is fabric."""
    color = m.pick(*colors)
    m.color_words.append(color)
    return m.slot("cloth", color, name=name)


@kind("ghost", "ghost:5, spirit:1", weight=0.9)
def ghost(m: Maker) -> None:
    white, dark = _dyed(m, "white", "white", "white", "cyan"), m.slot("paint", "black", name="Eyes")
    sides, r, h = 2 * m.n(5, 7), m.u(0.32, 0.42), m.u(0.9, 1.25)
    notch, flare = h * m.u(0.12, 0.2), m.u(1.0, 1.3)
    rows = [(0, notch * 1.2), (r * flare, 0), (r * 1.03, h * 0.35), (r, h * 0.66), (r * 0.72, h * 0.9), (0, h)]

    def notched(v: Array) -> Array:
        v[1 : 1 + sides : 2, 2] += notch
        return v

    m.add(white, lathe(rows, sides).bend(notched))
    eye, z, t = r * m.u(0.15, 0.22), h * m.u(0.66, 0.72), r * 0.4
    m.both(dark, disc(eye, t).scale(1, 1, 1.45).at(r * 0.36, -r * 0.8, z))
    if m.chance(0.6):
        m.add(dark, disc(eye * 0.9, t).scale(1.1, 1, m.pick(1.5, 0.7)).at(0, -r * 0.86, z - eye * 2.6))
    arm = [(r * 0.8, 0, h * 0.5), (r * 1.2, -r * 0.25, h * 0.5), (r * 1.4, -r * 0.45, h * m.u(0.4, 0.62))]
    if m.chance(0.75):
        m.both(white, tube(arm, [r * 0.24, r * 0.2, r * 0.08], 6))


@kind("teddy", "teddy bear:4, teddy:2, plush bear:1", weight=0.8)
def teddy(m: Maker) -> None:
    fur = _dyed(m, "brown", "brown", "beige", "pink", "white")
    pale, dark = m.slot("cloth", "beige", "white", name="Pads"), m.slot("paint", "black", name="Eyes")
    s, big = m.u(0.25, 0.45), m.u(0.62, 0.74)
    m.add(fur, cube_ball(s * 0.72, s * 0.6, s * 0.78, 2, 0.7))
    m.add(pale, disc(s * 0.22, s * 0.14).at(0, -s * 0.27, s * 0.36))
    a, z = s * big, s * 0.66
    m.add(fur, cube_ball(a * 1.08, a * 0.92, a * 0.95, 2, 0.7).at(0, -s * 0.02, z))
    m.add(pale, disc(a * 0.27, a * 0.32).scale(1, 1, 0.8).at(0, -a * 0.5, z + a * 0.3))
    m.add(dark, box(a * 0.2, a * 0.1, a * 0.12, top=(1.2, 1)).at(0, -a * 0.64, z + a * 0.34))
    m.both(dark, box(a * 0.12, a * 0.16, a * 0.15).at(a * 0.22, -a * 0.4, z + a * 0.54))
    m.both(fur, disc(a * 0.24, a * 0.2).at(a * 0.4, 0, z + a * 0.86))
    m.both(pale, disc(a * 0.14, a * 0.12, 6).at(a * 0.4, -a * 0.06, z + a * 0.86))
    limb = lathe([(s * 0.11, 0), (s * 0.16, s * 0.1), (s * 0.18, s * 0.36), (s * 0.12, s * 0.46)], 6)
    m.both(fur, limb.turn("x", 90).turn("z", 18).at(s * 0.26, -s * 0.1, s * 0.17))
    m.both(pale, disc(s * 0.1, s * 0.08, 6).turn("z", 18).at(s * 0.4, -s * 0.535, s * 0.17))
    m.both(fur, tube(triples("0.24,0,0.6 0.46,-0.16,0.42 0.46,-0.3,0.3", s), [s * 0.11, s * 0.12, s * 0.09], 6))
    if m.chance(0.5):
        bow = m.slot("cloth", "red", "blue", "green", name="Bow")
        m.both(bow, box(s * 0.1, s * 0.1, s * 0.2, top=(1.6, 1.5)).turn("y", 90).at(s * 0.01, -s * 0.33, s * 0.66))


def _person(m: Maker, skin: int, shirt: int, trousers: int, shoes: int, h: float) -> tuple[float, float, float, float]:
    """Legs, trunk and head, no arms, no eyes. Gives the width, the heights of hip and shoulder, the head's size."""
    leg, torso, head, w = h * 0.42, h * 0.34, h * 0.21, h * m.u(0.21, 0.25)
    m.both(trousers, box(w * 0.42, w * 0.5, leg).at(w * 0.25))
    m.both(shoes, box(w * 0.46, w * 0.76, h * 0.055).at(w * 0.25, -w * 0.12))
    m.add(shirt, box(w * 0.98, w * 0.56, torso, top=(1.15, 1.05)).at(0, 0, leg - h * 0.01))
    m.add(skin, prism(w * 0.2, h * 0.06, 6).at(0, 0, leg + torso - h * 0.03))
    m.add(skin, block(head * 0.9, head * 0.85, head, head * 0.14).at(0, 0, leg + torso + h * 0.015))
    return w, leg, leg + torso, head


@kind("zombie", "zombie:4", weight=0.8)
def zombie(m: Maker) -> None:
    skin = m.slot("flesh", "green", name="Skin")
    shirt, trousers = m.slot("cloth", name="Shirt"), m.slot("cloth", "blue", "brown", "grey", name="Trousers")
    dark, eye = m.slot("paint", "black", name="Dark"), m.slot(*m.pick(("paint", "white"), ("glow", "red")), name="Eyes")
    h = m.u(1.6, 1.85)
    w, hip, up, head = _person(m, skin, shirt, trousers, skin, h)
    m.both(skin, box(w * 0.45, w * 0.54, h * m.u(0.1, 0.2)).at(w * 0.25))
    a, arm, z, drop = w * 0.34, h * m.u(0.3, 0.37), up - w * 0.22, m.u(-4, 8)
    x = w * 0.72
    m.both(shirt, forward_box(a * 1.15, a * 1.2, arm * 0.5).turn("x", drop).at(x, w * 0.22, z))
    m.both(skin, forward_box(a * 0.9, a * 0.9, arm, (0.85, 0.85)).turn("x", drop).at(x, w * 0.1, z))
    hand = forward_box(a * 0.95, a * 0.55, a * 1.1).at(0, -arm + a * 0.1, 0).turn("x", drop)
    m.both(skin, hand.at(x, w * 0.1, z))
    top = up + h * 0.015
    m.both(eye, box(head * 0.2, head * 0.1, head * 0.16).at(head * 0.2, -head * 0.42, top + head * 0.52))
    m.both(dark, box(head * 0.09, head * 0.1, head * 0.09).at(head * 0.2, -head * 0.46, top + head * 0.55))
    m.add(dark, box(head * 0.46, head * 0.1, head * 0.14).at(0, -head * 0.41, top + head * 0.2))
    tooth = box(head * 0.12, head * 0.1, head * 0.09).at(head * 0.08, -head * 0.44, top + head * 0.27)
    m.add(eye if m.chance(0.3) else m.slot("bone"), tooth)
    if m.chance(0.7):
        m.add(dark, box(head * 0.94, head * 0.9, head * 0.16, top=(0.85, 0.85)).at(0, head * 0.02, top + head * 0.88))
    m.add(skin, box(w * 0.26, w * 0.1, h * 0.07).at(-w * 0.24, -w * 0.26, hip + h * 0.06))


@kind("soldier", "soldier:3", weight=0.7)
def soldier(m: Maker) -> None:
    cloth = _dyed(m, "green", "green", "beige", "brown", "grey", name="Uniform")
    skin, dark = m.slot("flesh", "beige", "brown", name="Skin"), m.slot("leather", "black", "dark", name="Gear")
    helm = m.slot("paint", "green", "grey", "brown", name="Helmet") if m.chance(0.4) else cloth
    h = m.u(1.65, 1.85)
    w, hip, up, head = _person(m, skin, cloth, cloth, dark, h)
    m.both(dark, box(w * 0.46, w * 0.56, h * 0.1).at(w * 0.25, 0, h * 0.04))
    m.add(dark, box(w * 1.05, w * 0.66, h * 0.04).at(0, 0, hip + h * 0.02))
    m.add(dark, box(w * 0.8, w * 0.4, h * 0.22, top=(0.9, 0.8)).at(0, w * 0.44, hip + h * 0.09))
    top = up + h * 0.015
    m.both(dark, box(head * 0.12, head * 0.1, head * 0.14).at(head * 0.2, -head * 0.42, top + head * 0.4))
    r = head * 0.6
    m.add(helm, lathe(pairs("1.16,0 1,0.12 0.9,0.36 0.5,0.56", r, head), 8).at(0, 0, top + head * 0.58))
    m.both(cloth, box(w * 0.34, w * 0.42, h * 0.2).at(w * 0.75, 0, up - h * 0.21))
    z, reach = up - h * 0.18, h * 0.16
    if m.chance(0.7, "with a rifle"):
        inward = forward_box(w * 0.3, w * 0.32, reach).turn("z", -25)
        m.both(cloth, inward.at(w * 0.74, w * 0.05, z))
        m.both(skin, box(w * 0.3, w * 0.3, w * 0.3).at(w * 0.46, -reach * 0.95, z - w * 0.15))
        wood, steel, y = m.slot("wood"), m.slot("metal", "dark"), -reach * 1.1
        m.add(wood, box(w * 0.15, w * 0.16, h * 0.26, top=(0.7, 0.8)).at(0, 0, -h * 0.2).turn("y", 62).at(0, y, z))
        m.add(steel, box(w * 0.12, w * 0.13, h * 0.36).turn("y", 62).at(0, y, z))
        return
    m.both(cloth, box(w * 0.3, w * 0.36, h * 0.16).at(w * 0.76, 0, up - h * 0.33))
    m.both(skin, box(w * 0.28, w * 0.32, h * 0.07).at(w * 0.76, 0, up - h * 0.38))


@kind("wizard", "wizard:3, mage:1", weight=0.8)
def wizard(m: Maker) -> None:
    robe = _dyed(m, "blue", "purple", "red", "green", "grey", name="Robe")
    skin, dark = m.slot("flesh", "beige", "brown", name="Skin"), m.slot("paint", "black", name="Eyes")
    hair, belt = m.slot("flesh", "white", "grey", name="Beard"), m.slot(*m.pick(("gold",), ("leather", "brown")))
    h = m.u(1.2, 1.4)
    r = h * m.u(0.26, 0.32)
    m.add(robe, lathe([(r, 0), (r * 0.62, h * 0.45), (r * 0.6, h * 0.78), (r * 0.3, h)], 8))
    m.add(belt, prism(r * 0.68, h * 0.05, 8).at(0, 0, h * 0.47))
    a, z = h * 0.26, h * 0.95
    m.add(skin, block(a * 0.95, a * 0.9, a, a * 0.16).at(0, 0, z))
    m.both(dark, box(a * 0.12, a * 0.1, a * 0.14).at(a * 0.2, -a * 0.45, z + a * 0.48))
    m.add(skin, box(a * 0.2, a * 0.2, a * 0.22, top=(0.6, 0.6)).at(0, -a * 0.48, z + a * 0.32))
    long = a * m.u(1.1, 1.7)
    m.add(hair, box(a * 0.3, a * 0.2, long, top=(2.9, 2.0), shift=(0, a * 0.14)).at(0, -a * 0.62, z + a * 0.32 - long))
    tall, brim = a * m.u(1.4, 2.0), a * m.u(0.85, 1.05)
    m.add(robe, prism(brim, a * 0.12, 8).at(0, 0, z + a * 0.8))
    tip = a * m.u(0, 0.5)
    path = [(0, 0, z + a * 0.85), (0, tip * 0.2, z + a * 0.85 + tall * 0.55), (0, tip, z + a * 0.85 + tall)]
    m.add(robe, tube(path, [a * 0.6, a * 0.3, 0.0], 8, tip=True))
    m.add(belt, prism(a * 0.62, a * 0.16, 8, top=0.9).at(0, 0, z + a * 0.9))
    m.both(robe, tube(triples("0.45,0,0.84 0.95,-0.2,0.68 1.05,-0.75,0.6", r, r, h), [r * 0.22, r * 0.24, r * 0.32], 6))
    m.both(skin, box(r * 0.32, r * 0.34, r * 0.34).at(r * 1.06, -r * 0.88, h * 0.58 - r * 0.15))
    wood, y, rod = m.slot("wood"), -r * 0.92, h * m.u(1.15, 1.35)
    m.add(wood, prism(h * 0.026, rod, 6).at(r * 1.06, y, 0))
    orb = m.slot("gem") if m.chance(0.6) else m.slot("glow", "light", "screen", "green")
    m.add(orb, ico(h * 0.07, 0).at(r * 1.06, y, rod - h * 0.02))


@kind("alien", "alien:4", weight=0.9)
def alien(m: Maker) -> None:
    skin = m.slot("flesh", "green", "green", "grey", "cyan", "purple", main=True)
    dark, h = m.slot("plastic", "black", name="Eyes"), m.u(0.65, 0.85)
    a = h * m.u(0.6, 0.75)
    m.add(skin, lathe(pairs("0.1,0.38 0.14,0.46 0.12,0.8 0.16,0.9 0.05,1.02", h), 6))
    m.both(skin, tube(triples("0.08,0,0.46 0.12,-0.02,0.22 0.11,0,0", h), [h * 0.065, h * 0.05, h * 0.045], 5))
    m.both(skin, box(h * 0.11, h * 0.2, h * 0.05, top=(0.8, 0.8)).at(h * 0.11, -h * 0.05))
    hand = h * m.u(0.3, 0.45)
    arm = [(h * 0.1, 0, h * 0.88), (h * 0.26, 0, h * 0.66), (h * 0.3, -h * 0.12, hand)]
    m.both(skin, tube(arm, [h * 0.05, h * 0.042, h * 0.04], 5))
    m.both(skin, box(h * 0.1, h * 0.1, h * 0.14, top=(0.8, 0.8)).at(h * 0.3, -h * 0.13, hand - h * 0.11))
    z = h * 0.93
    m.add(skin, lathe(pairs("0.1,0 0.3,0.2 0.5,0.55 0.42,0.85 0.2,1.02", a), 8).scale(1, 0.9).at(0, 0, z))
    eye = cube_ball(a * 0.3, a * 0.16, a * 0.42, 2, 0.9).at(0, 0, -a * 0.21).turn("y", 28)
    m.both(dark, eye.turn("x", 14).turn("z", 18).at(a * 0.2, -a * 0.36, z + a * 0.46))
    m.add(dark, box(a * 0.16, a * 0.1, a * 0.04).at(0, -a * 0.24, z + a * 0.14))
    if m.chance(0.5):
        m.both(skin, tube([(a * 0.12, 0, z + a * 0.95), (a * 0.24, 0, z + a * 1.32)], a * 0.035, 4))
        tip = m.slot("glow", "green", "red", "light") if m.chance(0.4) else skin
        m.both(tip, lathe(pairs("0,0 0.09,0.08 0,0.16", a), 4).at(a * 0.24, 0, z + a * 1.26))


@kind("monster", "monster:3", weight=0.9)
def monster(m: Maker) -> None:
    body = m.slot("flesh", "purple", "blue", "green", "red", "orange", "teal", main=True)
    white, dark, bone = m.slot("paint", "white", name="White"), m.slot("paint", "black", name="Dark"), m.slot("bone")
    s, leg = m.u(0.6, 1.1), m.u(0.12, 0.22)
    w, h, d, z = s * m.u(0.9, 1.1), s * m.u(0.85, 1.15), s * 0.8, s * leg
    m.add(body, cube_ball(w, d, h, 3, 0.6).at(0, 0, z))
    m.both(body, prism(s * 0.13, z + h * 0.2, 6).at(w * 0.24))
    m.both(body, box(s * 0.3, s * 0.42, s * 0.15, top=(0.8, 0.8)).at(w * 0.25, -s * 0.08))
    one = m.chance(0.5)
    m.say("with one eye" if one else "with two eyes")
    r, up, face = s * (m.u(0.2, 0.25) if one else m.u(0.13, 0.16)), z + h * 0.66, -d * 0.46
    for slot, k, out in ((white, 1.0, 0.0), (dark, 0.5, 0.07)):
        eye = disc(r * k, s * 0.12).at(0, face - s * out * 0.6, up)
        if one:
            m.add(slot, eye)
        else:
            m.both(slot, eye.at(w * 0.19))
    mouth, low = w * m.u(0.5, 0.62), z + h * 0.26
    m.add(dark, slab(mouth, h * 0.16, s * 0.14, h * 0.05).turn("x", 90).at(0, face + s * 0.08, low + h * 0.06))
    tooth = lathe([(s * 0.06, 0), (0, -s * 0.11)], 4).flip()
    m.both(bone, tooth.at(mouth * 0.34, face - s * 0.05, low + h * 0.14))
    if m.chance(0.6):
        m.both(bone, tooth.at(mouth * 0.12, face - s * 0.05, low + h * 0.14))
    top = z + h * 0.86
    horn = [(w * 0.26, 0, top), (w * 0.42, 0, top + s * 0.16), (w * 0.42, 0, top + s * m.u(0.28, 0.45))]
    m.both(bone, tube(horn, [s * 0.1, s * 0.075, 0.0], 6, tip=True))
    arm = [(w * 0.42, 0, z + h * 0.5), (w * 0.62, -s * 0.08, z + h * 0.36)]
    arm += [(w * 0.62, -s * 0.2, z + h * m.u(0.15, 0.5))]
    m.both(body, tube(arm, [s * 0.1, s * 0.09, s * 0.11], 6))
