"""Parts of buildings and what stands about in towns: fences, gates, doors, stairs, bridges, pillars, fountains."""

import math

import numpy as np

from .base import Maker, called, kind
from .outlines import arc
from .parts import Array, block, box, extrude, lathe, loft, prism, profile, ring, row, slab, steps
from .rounds import dome


@kind("fence", "fence:7, wooden fence:1, picket fence:1, railing:1", weight=1.5)
@called("picket fence", picket=True)
def fence(m: Maker, picket: bool = False) -> None:
    drawn = m.pick("picket", "rails", "iron", "boards")
    style = "picket" if picket else drawn
    family = ("iron",) if style == "iron" else ("wood",) if m.chance(0.7) else ("paint", "white")
    slot, w, h = m.slot(*family, main=True), m.u(1.8, 2.8), m.u(0.75, 1.25)
    if style == "rails":
        posts, t = m.n(2, 3), m.u(0.1, 0.14)
        for k in range(posts):
            m.add(slot, box(t, t, h, top=m.pick((1, 1), (0.7, 0.7))).at((k - (posts - 1) / 2) * (w - t) / (posts - 1)))
        m.add(slot, *steps(box(w, t * 0.45, t * 0.9).at(0, -t * 0.3, h * 0.35), m.n(2, 3), z=h * 0.24))
        return
    t = 0.09 if style != "iron" else 0.07
    n = m.n(5, 8 if style != "iron" else 7)
    each = w / n
    wide = each * (0.9 if style == "boards" else m.u(0.5, 0.65)) if style != "iron" else t
    for k in range(n):
        x, tall = (k - (n - 1) / 2) * each, h * (m.u(0.93, 1.0) if style == "boards" else 1.0)
        if style == "picket":
            a = wide / 2
            m.add(slot, extrude([(-a, 0), (a, 0), (a, tall - a), (0, tall), (-a, tall - a)], t * 0.5).at(x))
        elif style == "iron":
            m.add(slot, box(t, t, tall).at(x), lathe([(t * 1.1, 0), (0, t * 2.6)], 4).at(x, 0, tall))
        else:
            m.add(slot, box(wide, t * 0.5, tall).at(x))
    for f in (0.22, 0.7):
        part = box(w, t * (0.6 if style == "iron" else 0.5), t * 0.9).at(0, t * 0.5 if style != "iron" else 0, h * f)
        m.add(slot, part)
    if style == "iron":
        m.both(slot, box(0.13, 0.13, h * 1.1).at(w / 2 + 0.05))


@kind("gate", "gate:5, wooden gate:1, iron gate:1")
@called("iron gate", iron=True)
def gate(m: Maker, iron: bool = False) -> None:
    stone = m.slot(m.pick("stone", "brick", "wood"), main=True)
    leaf = m.slot("iron" if iron else m.pick("wood", "iron"), main=True)
    w, h, t = m.u(2.0, 3.0), m.u(1.9, 2.8), m.u(0.35, 0.5)
    m.both(stone, box(t, t, h).at(w / 2 + t / 2), box(t * 1.3, t * 1.3, 0.14).at(w / 2 + t / 2, 0, h))
    if m.chance(0.5):
        m.both(stone, lathe([(t * 0.4, 0), (t * 0.5, t * 0.3), (0, t * 0.8)], 6).at(w / 2 + t / 2, 0, h + 0.14))
    else:
        m.add(stone, box(w + 2.6 * t, t, 0.3).at(0, 0, h + 0.14))
    n, lh = m.n(3, 5), h * m.u(0.75, 0.9)
    each = (w / 2 - 0.06) / n
    for k in range(n):
        tall = lh * (0.85 + 0.15 * (1 - k / n))
        m.both(leaf, box(each * m.pick(0.85, 0.4), 0.09, tall).at((k + 0.6) * each, 0, 0.1))
    m.both(leaf, *[box(w / 2 - 0.06, 0.07, 0.12).at(w / 4, -0.07, h * f) for f in (0.25, 0.65)])


@kind("door", "door:7, wooden door:1, doorway:1", weight=1.2)
def door(m: Maker) -> None:
    wood = m.either(0.7, "wood", "paint")
    frame, metal = m.slot(m.pick("wood", "stone")), m.slot(m.pick("iron", "gold", "metal"))
    w, h, t, e = m.u(0.85, 1.1), m.u(1.95, 2.2), 0.07, m.u(0.09, 0.14)
    if m.chance(0.35, "arched"):
        a, b = w / 2, w / 2 + e
        inner, outer = arc(a, a, z=h - a), arc(b, b, z=h - a)
        m.add(wood, extrude([(-a, 0), (a, 0), *inner], t))
        _arch_frame(m, frame, [(a, 0), *inner, (-a, 0)], [(b, 0), *outer, (-b, 0)], t * 2.2)
    else:
        m.add(wood, box(w, t, h))
        m.both(frame, box(e, t * 2.2, h).at(w / 2 + e / 2))
        m.add(frame, box(w + 2 * e, t * 2.2, e).at(z=h))
        if m.chance(0.5):
            m.both(wood, *[box(w * 0.32, t + 0.05, h * 0.34).at(w * 0.22, 0, z) for z in (h * 0.1, h * 0.55)])
    if m.chance(0.45):
        m.add(metal, *[box(w * 0.96, t + 0.05, 0.09).at(0, 0, h * f) for f in (0.2, 0.72)])
    m.add(metal, block(0.08, t + 0.16, 0.08, 0.02).at(w * 0.38, 0, h * 0.46))


def _arch_frame(
    m: Maker, slot: int, inner: list[tuple[float, float]], outer: list[tuple[float, float]], depth: float
) -> None:
    """A bent bar between two outlines in x and z: rings of four corners along the bend."""
    rings = np.zeros((len(inner), 4, 3))
    for k, (i, o) in enumerate(zip(inner, outer)):
        rings[k] = [(x, y, z) for y, ends in ((-depth / 2, (i, o)), (depth / 2, (o, i))) for x, z in ends]
    m.add(slot, loft(rings))


@kind("window", "window:6, window frame:1")
def window_kind(m: Maker) -> None:
    frame, glass = m.either(0.6, "wood", "paint"), m.slot("glass", "blue", "")
    w, h, t, e = m.u(0.7, 1.3), m.u(0.8, 1.5), m.u(0.08, 0.12), m.u(0.07, 0.1)
    m.add(frame, box(w, t, e), box(w, t, e).at(z=h - e))
    m.both(frame, box(e, t, h - 2 * e).at(w / 2 - e / 2, 0, e))
    m.add(glass, box(w - 2 * e, t * 0.3, h - 2 * e).at(z=e))
    b = e * 0.6
    if m.chance(0.8):
        m.add(frame, box(b, t * 0.7, h - 2 * e).at(z=e))
    if m.chance(0.7):
        m.add(frame, box(w - 2 * e, t * 0.66, b).at(z=h * m.u(0.45, 0.6)))
    if m.chance(0.5):
        m.add(frame, box(w + 0.16, t * 2, 0.06).at(0, -t * 0.5, -0.06))
    if m.chance(0.4, "with shutters"):
        shutter = m.slot("paint", main=True)
        m.both(shutter, box(w * 0.45, t * 0.5, h).at(w * 0.74))
        m.both(shutter, *[box(w * 0.32, t * 0.8, h * 0.32).at(w * 0.74, 0, h * z) for z in (0.12, 0.55)])


@kind("stairs", "stairs:6, steps:1, staircase:2", weight=1.2)
def stairs(m: Maker) -> None:
    slot = m.slot(m.pick("stone", "wood", "concrete", "brick"), main=True)
    n, w, rise, run = m.n(4, 8), m.u(0.9, 1.8), m.u(0.17, 0.25), m.u(0.26, 0.36)
    if m.chance(0.5):
        outline = [(0.0, 0.0), (n * run, 0.0), (n * run, n * rise)]
        for k in range(n - 1, -1, -1):
            outline.append((k * run, (k + 1) * rise))
            if k:
                outline.append((k * run, k * rise))
        m.add(slot, *[box(w, run, (k + 1) * rise).at(0, (k + 0.5) * run) for k in range(n)])
    else:
        t = rise * 0.4
        m.add(slot, *[box(w, run * 1.1, t).at(0, (k + 0.5) * run, (k + 1) * rise - t) for k in range(n)])
        side = [(0, 0), (run, 0), (n * run, (n - 1) * rise - 0.05), (n * run, n * rise), (0, rise * 0.9)]
        m.both(m.slot("wood"), profile(side, 0.08).at(w / 2 + 0.03))
    if m.chance(0.4, "with railing"):
        rail = m.slot(m.pick("wood", "metal"))
        m.both(rail, *[box(0.06, 0.06, 0.8).at(w / 2 - 0.05, (k + 0.5) * run, (k + 1) * rise) for k in range(0, n, 2)])
        tail = [(0, 0), (0.0, 0.08), (n * run, n * rise + 0.08), (n * run, n * rise)][::-1]
        m.both(rail, profile(tail, 0.07).at(w / 2 - 0.05, 0, 0.85 + rise * 0.3))


@kind("bridge", "bridge:6, stone bridge:1, wooden bridge:1", weight=1.2)
def bridge(m: Maker) -> None:
    (wooden_bridge if m.chance(0.5) else stone_bridge)(m)


@bridge.noun("wooden bridge")
def wooden_bridge(m: Maker) -> None:
    slot, length, w = m.slot("wood", main=True), m.u(3.5, 6.0), m.u(1.3, 2.2)
    rise, t, planks = m.u(0.3, 0.8), m.u(0.15, 0.3), m.n(8, 12)
    for k in range(planks):
        f = (k + 0.5) / planks * 2 - 1
        slope = math.degrees(math.atan(-2 * rise * f / (length / 2)))
        plank = box(w, length / planks * 0.95, t * 0.5).turn("x", slope)
        m.add(slot, plank.at(0, f * length / 2, rise * (1 - f * f)))
    dark = m.slot("wood", "dark")
    for f in (-0.9, 0.0, 0.9):
        m.both(dark, box(0.14, 0.14, 0.95).at(w / 2 - 0.05, f * length / 2, rise * (1 - f * f) - 0.1))
    rail = [(f * length / 2, rise * (1 - f * f) + 0.72) for f in (-0.95, -0.5, 0, 0.5, 0.95)]
    m.both(dark, profile(rail + [(y, z + 0.12) for y, z in reversed(rail)], 0.1).at(w / 2 - 0.05))


@bridge.noun("stone bridge")
def stone_bridge(m: Maker) -> None:
    slot, length, w = m.slot(m.pick("stone", "brick"), main=True), m.u(3.5, 6.0), m.u(1.3, 2.2)
    n, rise, t = 8, m.u(0.3, 0.8), m.u(0.15, 0.3)
    upper = [(-length / 2 + length * k / n, 0.7 + rise * (1 - (2 * k / n - 1) ** 2)) for k in range(n + 1)]
    span = length * 0.32
    lower = arc(span, min(rise + 0.35, span))[::-1]
    m.add(slot, profile([(-length / 2, 0.0), *lower, (length / 2, 0.0), *reversed(upper)], w))
    m.both(slot, profile(upper + [(y, z + 0.4) for y, z in reversed(upper)], t).at(w / 2 - t / 2))


@kind("arch", "arch:5, archway:2, stone arch:1")
def arch(m: Maker) -> None:
    slot = m.slot(m.pick("stone", "brick"), main=True)
    w, h, t, d = m.u(1.2, 2.2), m.u(1.4, 2.4), m.u(0.3, 0.5), m.u(0.4, 0.8)
    n, a, b = m.pick(6, 8), w / 2, w / 2 + t
    inner, outer = arc(a, a, n, h), arc(b, b, n, h)
    _arch_frame(m, slot, [(a, 0.0), *inner, (-a, 0.0)], [(b, 0.0), *outer, (-b, 0.0)], d)
    m.both(slot, box(t * 1.35, d * 1.2, 0.25).at(a + t / 2))
    if m.chance(0.6):
        m.both(slot, box(t * 1.25, d * 1.15, 0.16).at(a + t / 2, 0, h - 0.08))
    if m.chance(0.5):
        m.add(slot, box(t * 0.7, d * 1.15, t * 1.2, top=(1.35, 1)).at(0, 0, h + a - 0.03))


@kind("pillar", "pillar:5, column:4, stone pillar:1", weight=1.2)
def pillar(m: Maker) -> None:
    slot = m.slot(m.pick("stone", "stone", "plaster"), main=True)
    r, h, n = m.u(0.2, 0.34), m.u(1.8, 3.2), m.pick(4, 8, 8, 10, 12)
    wide, e, square = r * m.u(1.3, 1.6), h * m.u(0.05, 0.09), m.chance(0.6)
    base = box(2 * wide, 2 * wide, e) if square else prism(wide * 1.1, e, n)
    m.add(slot, base, base.at(z=h - e))
    taper, broken = m.u(0.82, 1.0), m.chance(0.2)
    if m.chance(0.6):
        m.add(slot, prism(r * 1.25, e * 0.7, n).at(z=e), prism(r * taper, e * 0.7, n, 1.3).at(z=h - 1.7 * e))
    m.add(slot, prism(r, h - 2 * e, n, taper).at(z=e))
    if broken:
        m.parts = [p for p in m.parts if p[0].vertices[:, 2].max() < h * 0.6 or p[0].vertices[:, 2].min() < e * 1.5]
        m.say("broken")
        m.parts[-1] = (m.parts[-1][0].bend(lambda v: _snap(v, h * 0.6)), slot)


def _snap(v: Array, h: float) -> Array:
    top = v[:, 2] > h * 0.8
    v[top, 2] = h + v[top, 0] * 0.7 + v[top, 1] * 0.3
    return v


@kind("pedestal", "pedestal:4, statue base:1, altar:2, obelisk:2, monument:1")
@called("altar", covered=True)
def pedestal(m: Maker, covered: bool = False) -> None:
    slot, w, n, z = _stepped(m)
    r, h = w * 0.72, m.u(0.5, 1.0)
    m.add(slot, prism(r * 0.85, h, n, m.u(0.85, 1)).at(z=z), prism(r * 1.05, 0.12, n).at(z=z + h))
    if covered:
        m.add(m.slot("cloth", "red", "purple"), box(w * 0.6, w * 1.5, 0.03).at(z=z + h + 0.12))


def _stepped(m: Maker) -> tuple[int, float, int, float]:
    """One to three steps. Gives their slot, the width and sides of what stands on them, and their height."""
    slot = m.slot("stone", main=True)
    w, n, count, z = m.u(0.6, 1.1), m.pick(4, 4, 8), m.n(1, 3), 0.0
    for k in range(count):
        t = m.u(0.1, 0.16)
        m.add(slot, prism(w * 0.72 * (1 + 0.2 * (count - k)), t, n).at(z=z))
        z += t
    return slot, w, n, z


@pedestal.noun("obelisk", "monument")
def obelisk(m: Maker) -> None:
    slot, w, n, z = _stepped(m)
    r, h = w * 0.72 * 0.75, m.u(2.0, 3.2)
    m.add(slot, prism(r, h, n, 0.65).at(z=z), prism(r * 0.65, h * 0.12, n, 0).at(z=z + h))


@kind("chimney", "chimney:2, fireplace:4", weight=0.8)
def fireplace(m: Maker) -> None:
    stone, dark = m.slot(m.pick("brick", "stone"), main=True), m.slot("soil", name="Soot")
    w, h, d = m.u(1.2, 1.7), m.u(1.0, 1.3), m.u(0.5, 0.7)
    t = w * 0.2
    m.both(stone, box(t, d, h).at(w / 2 - t / 2))
    m.add(stone, box(w - 2 * t, d, h * 0.32).at(z=h * 0.68), box(w * 1.12, d * 1.15, 0.1).at(z=h))
    m.add(stone, box(w * 1.1, d * 1.4, 0.1).at(0, -d * 0.2, -0.1))
    m.add(dark, box(w - 2 * t, d * 0.2, h * 0.68).at(0, d * 0.4))
    tall = m.u(0.8, 1.6)
    m.add(stone, box(w * 0.7, d * 0.8, tall, top=(0.75, 0.9)).at(0, d * 0.08, h + 0.1))
    wood = m.slot("bark")
    m.add(wood, prism(0.07, w * 0.45, 6).along("x").at(-w * 0.225, -d * 0.05, 0.07))
    m.add(wood, prism(0.07, w * 0.45, 6).along("x").at(-w * 0.225, d * 0.12, 0.07))
    m.add(m.slot("glow", "flame"), lathe([(0.1, 0), (0.17, 0.1), (0, 0.42)], 6).at(0, 0.03, 0.12))


@kind("fountain", "fountain:1", weight=0.8)
def fountain(m: Maker) -> None:
    stone, water = m.slot("stone", main=True), m.slot("water")
    r, n, h = m.u(1.2, 1.8), m.pick(8, 10, 12), m.u(0.4, 0.6)
    m.add(stone, lathe([(r * 1.05, 0), (r, h), (r * 0.86, h), (r * 0.84, 0.12)], n))
    m.add(water, prism(r * 0.85, 0.03, n).at(z=h * 0.7))
    c = m.u(1.1, 1.6)
    curve = [(r * 0.2, 0.1), (r * 0.12, c * 0.5), (r * 0.14, c), (r * 0.45, c + 0.2), (r * 0.36, c + 0.2)]
    curve += [(r * 0.1, c + 0.08)]
    m.add(stone, lathe(curve, n))
    m.add(water, prism(r * 0.34, 0.03, n).at(z=c + 0.14))
    m.add(stone, lathe([(r * 0.1, 0), (r * 0.07, 0.3), (0, 0.45)], 8).at(z=c + 0.12))


@kind("igloo", "igloo:1", weight=0.5)
def igloo(m: Maker) -> None:
    snow, dark = m.slot("snow", main=True), m.slot("paint", "black", name="Dark")
    r, n = m.u(1.3, 1.8), m.pick(10, 12)
    m.add(snow, dome(r, r * m.u(0.75, 0.95), n, 3), extrude(arc(0.55, 0.825), 1.0).at(0, -r * 0.95))
    m.add(dark, extrude(arc(0.36, 0.576), 0.1).at(0, -r * 0.95 - 0.52))


@kind("platform", "platform:2, dock:2, pier:2, scaffold:2", weight=0.8)
@called("scaffold", tall=True)
def dock(m: Maker, tall: bool = False) -> None:
    wood, dark = m.slot("wood", main=True), m.slot("wood", "dark")
    w, length, h = m.u(1.4, 2.2), m.u(2.5, 4.0), m.u(0.6, 1.1)
    if tall:
        h = m.u(1.8, 2.6)
    n = m.n(6, 9)
    m.add(wood, *row(box(w, length / n * 0.86, 0.1).at(z=h), n, y=length / n))
    for y in (-0.42, 0.42) if length < 3.2 else (-0.42, 0.0, 0.42):
        m.both(dark, prism(0.11, h + m.u(0.0, 0.5), 6).at(w / 2 - 0.12, y * length))
    m.both(dark, box(0.1, length * 0.96, 0.14).at(w / 2 - 0.25, 0, h - 0.14))
    if tall:
        m.add(dark, box(w, 0.08, 0.1).at(0, -0.42 * length, h * 0.4), box(w, 0.08, 0.1).at(0, 0.42 * length, h * 0.4))


@kind("block", "cube:2, block:2", weight=0.6)
@called("cube", even=True)
def cube(m: Maker, even: bool = False) -> None:
    slot, w = m.slot(m.pick("stone", "paint", "wood", "metal", "brick"), main=True), m.u(0.5, 1.2)
    d, h = (w, w) if even or m.chance(0.4) else (w * m.u(0.5, 1), w * m.u(0.4, 1))
    m.add(slot, box(w, d, h) if m.chance(0.5) else block(w, d, h, w * m.u(0.04, 0.1)))


@kind("pipe", "pipe:4, tube:1", weight=0.6)
def pipe(m: Maker) -> None:
    metal = m.slot(m.pick("metal", "paint", "copper", "iron"), main=True)
    r, length, n, upright = m.u(0.15, 0.3), m.u(0.8, 1.6), m.pick(8, 10, 12), m.chance(0.5)
    pts = [(r, 0), (r * 1.25, 0), (r * 1.25, 0.12), (r, 0.12), (r, length), (r * 1.25, length)]
    pts += [(r * 1.25, length + 0.12), (r * 0.8, length + 0.12), (r * 0.8, length * 0.2)]
    part = lathe(pts[1:], n)
    m.add(metal, part if upright else part.along("y").at(0, 0, r * 1.25))
    if m.chance(0.3):
        if upright:
            m.add(metal, ring(r * 1.15, r * 0.14, n, 4).at(z=length * 0.5))
        else:
            m.add(metal, ring(r * 1.15, r * 0.14, n, 4).along("y").at(0, length * 0.5, r * 1.25))


@kind("tile", "floor tile:2, floor:1, tile:1, road:1", weight=0.5)
def tile(m: Maker) -> None:
    a, b = m.slot(m.pick("stone", "wood", "ceramic", "brick"), main=True), m.slot(m.pick("stone", "wood"))
    w, t, n = m.u(1.0, 2.0), m.u(0.08, 0.15), m.n(2, 3)
    m.add(b, box(w, w, t * 0.6))
    for i in range(n):
        for j in range(n):
            each = w / n
            part = slab(each * 0.92, each * 0.92, t * 0.6, each * 0.08)
            m.add(a, part.at((i - (n - 1) / 2) * each, (j - (n - 1) / 2) * each, t * 0.6))
