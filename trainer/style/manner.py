"""A finished mesh in a library's manner: its detail, bevels, slots, materials, lean and polygons.

shape = in_manner(shape, library.fingerprint, library.pool, rng)          # of `library.py`
"""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..mesh import faces
from ..mesh.bevel import beveled
from ..mesh.quads import to_quads
from ..mesh.subdivide import CREASE, subdivided
from ..mesh.triangulate import triangles
from ..mesh.weld import sides_of
from ..text import labels
from .fingerprint import Fingerprint
from .shape import Shape, areas, assembled, longest, parts, slot_areas, taken, tones
from .traits import traits

MOST_LEVELS = 2  # of subdivision
MOST_REFINED = 2500  # faces of a thing that is subdivided again
TOWARDS = 0.8  # of the way to the library's lightness, at each of SHIFTS tries
SHIFTS = 4
LEAN = 0.28  # how far, of its size, the top of a thing may go where nothing in the library is straight
SHEAR = 0.05  # how far, of its size, a thing is pushed aside that is straight but not mirrored
MIRRORED = 0.8  # of what the models make
SOFT = 0.4  # share of hard corners among the bent edges of things that are soft
BEVELED = 0.6  # share of its hard corners that a thing has beveled here, where it has any
BEVEL_WIDTH = 0.015  # of the size, where the library does not say
TASTE = 0.08  # how far a material may be preferred by chance, in sRGB: not all brown things of a library are one brown
FAMILIAR = 0.04  # how much nearer a material that is twice as common seems
SMOOTH_ANGLE = np.radians(40.0)  # an edge that bends more stays sharp on a smooth thing


def in_manner(shape: Shape, print_: Fingerprint, pool: list[dict[str, Any]], rng: np.random.Generator) -> Shape:
    """`pool`: the library's materials as {"name", plain values, "share"}, see `material_pool`."""
    shape = with_bevels(with_detail(shape, print_), print_, rng)
    shape = with_slots(shape, print_, rng)
    shape = in_its_colors(shape, print_, pool, rng)
    shape = leaning(shape, print_, rng)
    return with_polygons(shape, print_, rng)


def with_detail(shape: Shape, print_: Fingerprint) -> Shape:
    """Round parts with more segments, as often as they are twice as fine in the library."""
    for _ in range(MOST_LEVELS):
        own = traits(shape)
        gaps = [
            print_.traits[name][0] - own[name] for name in ("faces per part", "segments")
            if name in print_.traits and name in own
        ]  # fmt: skip
        if len(gaps) < 2 or min(gaps) < 0.45 or sum(gaps) < 1.4 or len(shape.starts) > MOST_REFINED:
            break
        shape = refined(shape)
    return shape


def with_bevels(shape: Shape, print_: Fingerprint, rng: np.random.Generator) -> Shape:
    """Hard parts with beveled edges, as often as the library's things have them."""
    bevels = print_.traits.get("bevels", (0.0,))[0]
    own = traits(shape)
    soft = print_.traits.get("corners", (1.0,))[0]  # where hardly any corner is hard, most of a thing's hard ones go
    wanted = max(bevels, BEVELED / 2 if soft < SOFT and own.get("corners", 0.0) > soft + 0.25 else 0.0)
    if own.get("bevels", 1.0) >= wanted or rng.random() * BEVELED > wanted:
        return shape
    size = longest(shape)
    usual = 2.0 ** print_.traits["bevel width"][0] if "bevel width" in print_.traits else BEVEL_WIDTH
    part = parts(shape)
    return assembled([_beveled(taken(shape, part == island), usual * size, size) for island in np.unique(part)])


def _beveled(piece: Shape, width: float, size: float) -> Shape:
    """A part with beveled edges, where most of them are hard and there is room."""
    angles = faces.bends(piece.positions, piece.starts, piece.corners).angles
    if not len(angles) or (angles > np.radians(30.0)).mean() <= 0.8:
        return piece
    width = min(width, 0.2 * float(np.ptp(piece.positions, axis=0).min()))
    made = beveled(piece.positions, piece.starts, piece.corners, width) if width > 1e-3 * size else None
    if made is None:
        return piece
    positions, starts, corners, old = made
    return replace(piece, positions=positions, starts=starts, corners=corners, slots=piece.slots[old])


def refined(shape: Shape) -> Shape:
    """Once subdivided; parts that are flat throughout keep their faces."""
    part = parts(shape)
    met = faces.bends(shape.positions, shape.starts, shape.corners)
    gentle = (met.angles > np.radians(5.0)) & (met.angles < CREASE)
    found, count = np.unique(part[met.first[gentle]], return_counts=True)
    round_ = np.isin(part, found[count >= 4])
    if not round_.any():
        return shape
    piece = taken(shape, round_)
    positions, starts, corners, old = subdivided(piece.positions, piece.starts, piece.corners)
    finer = replace(piece, positions=positions, starts=starts, corners=corners, slots=piece.slots[old])
    return assembled([taken(shape, ~round_), finer])


def in_its_colors(shape: Shape, print_: Fingerprint, pool: list[dict[str, Any]], rng: np.random.Generator) -> Shape:
    """With the library's materials, as light and as strong in color as one of its things is.

    A dark thing finds no place in a light palette by its nearest colors alone, so colors are shifted until what is
    picked is right."""
    taste = rng.gumbel(0, TASTE, len(pool))
    aim = {
        name: float(rng.uniform(*print_.traits[name][1:]))
        for name in ("lightness", "saturation")
        if name in print_.traits
    }
    result = with_materials(shape, pool, taste)
    if len(aim) < 2:
        return result
    lighter, stronger = 0.0, 1.0
    best = (np.inf, result)
    for _ in range(SHIFTS):
        made = traits(result)
        off = abs(aim["lightness"] - made["lightness"]) + 0.5 * abs(aim["saturation"] - made["saturation"])
        best = min(best, (off, result), key=lambda pair: pair[0])
        lighter += TOWARDS * (aim["lightness"] - made["lightness"])
        stronger *= float(np.clip((aim["saturation"] + 0.03) / (made["saturation"] + 0.03), 0.4, 2.5))
        result = with_materials(shifted(shape, lighter, float(np.clip(stronger, 0.1, 5.0))), pool, taste)
    return best[1]


def shifted(shape: Shape, lighter: float, stronger: float) -> Shape:
    """Its colors so much lighter (sRGB), and so many times as strong."""
    seen = tones(shape.materials)
    middle = (seen.max(1) + seen.min(1))[:, None] / 2
    seen = (middle + (seen - middle) * stronger + lighter).clip(0, 1)
    colored = [{**m, "base_color": linear(tone).tolist()} for m, tone in zip(shape.materials, seen)]
    return replace(shape, materials=colored)


def leaning(shape: Shape, print_: Fingerprint, rng: np.random.Generator) -> Shape:
    """Where the library's things are crooked, a thing leans, narrows and bends as a whole, gently; left stays the
    mirror of right as often as it is there."""
    own = traits(shape)
    if "straight" not in own or "straight" not in print_.traits:
        return shape
    crooked = float(np.clip((own["straight"] - print_.traits["straight"][0]) / 0.5, 0, 1))
    mirrored = rng.random() * MIRRORED < print_.traits.get("symmetric", (MIRRORED,))[0]
    if mirrored and crooked < 0.2:
        return shape
    low, high = shape.positions.min(0), shape.positions.max(0)
    size = longest(shape)
    middle = np.array([(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2]])
    p = (shape.positions - middle) / size
    strength = LEAN * crooked
    x, y, z = p[:, 0].copy(), p[:, 1].copy(), p[:, 2].copy()
    taper = 1.0 + strength * rng.uniform(-1.2, 0.8) * z
    bend = 0.5 * strength * rng.uniform(-1, 1) * z * z
    x, y = x * taper, y * taper + bend
    z = z * (1.0 + 0.5 * strength * rng.uniform(-1, 1) * y)
    if not mirrored:
        along = z if np.ptp(z) > np.ptp(y) else y
        x = x + max(SHEAR, strength * rng.uniform(0.4, 1.0)) * rng.choice((-1, 1)) * along
    return replace(shape, positions=np.stack([x, y, z], 1) * size + middle)


def with_polygons(shape: Shape, print_: Fingerprint, rng: np.random.Generator) -> Shape:
    """As many triangles among its faces as the library's things have."""
    if "triangles" not in print_.traits:
        return shape
    wanted = print_.traits["triangles"][0]
    sides = sides_of(shape.starts, shape.corners)
    if (sides == 3).mean() > wanted + 0.05:
        starts, corners, slots = to_quads(shape.positions, shape.starts, shape.corners, shape.slots)
        shape = replace(
            shape, starts=starts.astype(np.int64), corners=corners.astype(np.int64), slots=slots.astype(np.int64)
        )
        sides = sides_of(shape.starts, shape.corners)
    count, triangular = len(sides), int((sides == 3).sum())
    # A quad that is cut is two triangles: (triangular + 2 n) / (count + n) = wanted.
    cut = round((wanted * count - triangular) / max(2 - wanted, 1e-6))
    quads = np.flatnonzero(sides > 3)
    if cut <= 0 or not len(quads):
        return shape
    chosen = np.zeros(count, bool)
    chosen[rng.permutation(quads)[:cut]] = True
    return cut_faces(shape, chosen)


def cut_faces(shape: Shape, chosen: NDArray[Any]) -> Shape:
    """The faces `chosen` (F,) bool as triangles, in their places."""
    sides = sides_of(shape.starts, shape.corners)
    tris, owner = triangles(shape.positions, shape.starts, shape.corners)
    mine = chosen[owner]
    kept = ~chosen
    rows = [shape.corners[np.repeat(kept, sides)], tris[mine].ravel()]
    lengths = np.concatenate([sides[kept], np.full(int(mine.sum()), 3)])
    face = np.concatenate([np.flatnonzero(kept), owner[mine]])
    begin = np.cumsum(lengths) - lengths
    flat = np.concatenate(rows)
    order = np.argsort(face, kind="stable")
    picked = np.concatenate([np.arange(begin[i], begin[i] + lengths[i]) for i in order])
    lengths = lengths[order]
    return replace(shape, starts=np.cumsum(lengths) - lengths, corners=flat[picked], slots=shape.slots[face[order]])


def with_slots(shape: Shape, print_: Fingerprint, rng: np.random.Generator) -> Shape:
    """As many slots as the library's things have: near colours joined, or loose parts told apart."""
    if "slots" not in print_.traits:
        return shape
    _, low, high = print_.traits["slots"]
    wanted = max(1, round(float(rng.uniform(low, high))))
    area = areas(shape)
    slots = shape.slots.copy()
    seen = tones(shape.materials)
    while len(used := np.unique(slots)) > wanted:
        share = np.array([area[slots == s].sum() for s in used])
        least = used[share.argmin()]
        others = used[used != least]
        nearest = others[np.linalg.norm(seen[others] - seen[least], axis=1).argmin()]
        slots[slots == least] = nearest
    materials = list(shape.materials)
    part = parts(shape)
    while len(np.unique(slots)) < wanted:
        split = _largest_group(slots, part, area)
        if split is None:
            break
        materials.append({**materials[int(slots[split][0])], "name": f"{materials[int(slots[split][0])]['name']} 2"})
        slots[split] = len(materials) - 1
    used, slots = np.unique(slots, return_inverse=True)
    return replace(shape, slots=slots.reshape(-1), materials=[materials[i] for i in used.tolist()])


def _largest_group(slots: NDArray[Any], part: NDArray[Any], area: NDArray[Any]) -> NDArray[Any] | None:
    """The faces of the smaller parts of the slot that has the most of them; None where every slot is one part."""
    best, faces_of = 0.0, None
    for slot in np.unique(slots):
        mine = slots == slot
        parts = np.unique(part[mine])
        if len(parts) < 2:
            continue
        sizes = np.array([area[mine & (part == p)].sum() for p in parts])
        smaller = parts[sizes < 0.6 * sizes.max()]
        if len(smaller) and sizes.sum() > best:
            best, faces_of = float(sizes.sum()), mine & np.isin(part, smaller)
    return faces_of


def material_pool(things: list[Shape]) -> list[dict[str, Any]]:
    """The library's materials, those that look and are called alike joined, with the share of its surface each."""
    pool: dict[tuple[str, tuple[int, ...]], dict[str, Any]] = {}
    for thing in things:
        area = slot_areas(thing)
        share = area / max(float(area.sum()), 1e-12) / len(things)
        for material, tone, part in zip(thing.materials, tones(thing.materials), share):
            key = (str(material.get("name") or ""), tuple(np.round(tone * 12).astype(int).tolist()))
            entry = pool.setdefault(key, {**material, "share": 0.0})
            entry["share"] += float(part)
    return sorted(pool.values(), key=lambda m: -m["share"])


def with_materials(shape: Shape, pool: list[dict[str, Any]], taste: NDArray[Any] | float = 0.0) -> Shape:
    """Each slot with the material of the library that is nearest in colour; one that is called what the slot's is, or
    is made of the same stuff, is nearer. `taste` (n,) is taken off the distance of each."""
    if not pool:
        return shape
    offered, own = tones(pool), tones(shape.materials)
    common = np.log2(np.array([max(m["share"], 1e-6) for m in pool]))
    stuffs = [_stuff(str(m.get("name") or "")) for m in pool]
    chosen: set[int] = set()
    materials = list(shape.materials)
    for slot in np.argsort(-slot_areas(shape), kind="stable").tolist():
        cost = np.linalg.norm(offered - own[slot], axis=1) - FAMILIAR * common - taste
        stuff = _stuff(str(shape.materials[slot].get("name") or ""))
        cost -= [0.3 if stuff and stuff == other else 0.0 for other in stuffs]
        cost += [0.25 if i in chosen else 0.0 for i in range(len(pool))]  # what was told apart stays apart
        best = int(cost.argmin())
        chosen.add(best)
        materials[slot] = {k: v for k, v in pool[best].items() if k != "share"}
    return replace(shape, materials=materials)


def _stuff(name: str) -> str:
    """What a material's name says it is made of, or ""."""
    return next((labels.STUFFS[w] for w in labels.split_words(name) if w in labels.STUFFS), "")


def recolored(shape: Shape, word: str, pool: list[dict[str, Any]]) -> Shape:
    """Its largest slot in a colour that a word names: the library's own shade of it, else a plain one."""
    slot = int(slot_areas(shape).argmax())
    named = [m["base_color"] for m in pool if labels.color_word(m["base_color"]) == word]
    color = list(named[0]) if named else linear(np.array(PLAIN_COLORS[word])).tolist()
    materials = list(shape.materials)
    materials[slot] = {**materials[slot], "base_color": color, "name": word}
    return replace(shape, materials=materials)


def linear(value: NDArray[Any]) -> NDArray[Any]:
    """The light of an sRGB value."""
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


PLAIN_COLORS: dict[str, tuple[float, float, float]] = {  # sRGB
    "red": (0.78, 0.14, 0.14), "orange": (0.9, 0.5, 0.15), "yellow": (0.93, 0.8, 0.2), "green": (0.3, 0.62, 0.27),
    "cyan": (0.25, 0.7, 0.75), "blue": (0.2, 0.38, 0.75), "purple": (0.5, 0.28, 0.65), "pink": (0.92, 0.55, 0.68),
    "white": (0.92, 0.92, 0.92), "grey": (0.5, 0.5, 0.5), "gray": (0.5, 0.5, 0.5), "black": (0.08, 0.08, 0.08),
    "brown": (0.42, 0.27, 0.17), "beige": (0.85, 0.76, 0.6), "teal": (0.15, 0.5, 0.5), "golden": (0.85, 0.65, 0.2),
    "gold": (0.85, 0.65, 0.2),
}  # fmt: skip


def sharp_edges(shape: Shape) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """All edges (E, 2), and which of them bend by more than SMOOTH_ANGLE or belong to more or fewer than two faces."""
    met = faces.bends(shape.positions, shape.starts, shape.corners)
    sharp = ~met.shared
    sharp[met.shared] = met.angles > SMOOTH_ANGLE
    return met.edges.astype(np.int32), sharp
