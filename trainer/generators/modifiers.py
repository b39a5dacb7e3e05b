"""Modifier stacks that suit an object: what an artist would put on a chair, a fence, a car, a rock.

Written as in a record ({"type", "name", "properties"}); only values that differ from Blender's defaults are said.
The rules look at the kind, the group, the size and whether the mesh is closed; few of them, and often none at all.
"""

import math
import random
from typing import Any

from ...records import Record

HARD = frozenset(
    """furniture containers buildings structures vehicles tools weapons household lights props outdoors industry
    treasure""".split()
)
SOFT = frozenset(
    """sofa armchair rug sack bag pouch bread donut
    ice_cream rock bush tree mushroom pumpkin apple snowman cloud""".split()
)
MIRRORED = frozenset("vehicles vessels creatures figures".split())
MIRRORED_KINDS = frozenset(
    "sword axe shield chair robot helmet plane rocket boat ship sofa bed throne castle lamp anvil".split()
)
REPEATED = frozenset("fence castle_wall stairs ladder rope tile bridge pipe crate barrel train_wagon pillar".split())
THIN = frozenset("flag leaf_pile curtain rug tent umbrella grass palm lily plant_pot cardboard_box scroll".split())
TITLES = {
    "BEVEL": "Bevel", "SUBSURF": "Subdivision", "MIRROR": "Mirror", "ARRAY": "Array", "SOLIDIFY": "Solidify",
    "WEIGHTED_NORMAL": "WeightedNormal", "DECIMATE": "Decimate", "DISPLACE": "Displace", "TRIANGULATE": "Triangulate",
    "SIMPLE_DEFORM": "SimpleDeform", "EDGE_SPLIT": "EdgeSplit", "SMOOTH": "Smooth", "CAST": "Cast", "SCREW": "Screw",
    "WELD": "Weld", "REMESH": "Remesh", "WIREFRAME": "Wireframe", "BUILD": "Build", "WAVE": "Wave",
}  # fmt: skip
# a word in a prompt asks for a modifier whatever the object
ASKED: dict[str, str] = {
    "smooth": "SUBSURF", "rounded": "SUBSURF", "bevelled": "BEVEL", "thick": "SOLIDIFY", "mirrored": "MIRROR",
    "repeated": "ARRAY", "row": "ARRAY", "twisted": "SIMPLE_DEFORM", "bent": "SIMPLE_DEFORM", "wireframe": "WIREFRAME",
    "lowpoly": "DECIMATE", "melted": "REMESH", "wavy": "WAVE", "bumpy": "DISPLACE",
}  # fmt: skip


def modifier(type_: str, **properties: Any) -> dict[str, Any]:
    return {"type": type_, "name": TITLES[type_], "properties": properties}


def make(type_: str, rng: random.Random, size: float, kind: str = "") -> dict[str, Any]:
    """One modifier with values that fit an object whose longest side is `size` metres."""
    if type_ == "BEVEL":
        width = size * rng.choice((0.004, 0.006, 0.01, 0.015))
        return modifier("BEVEL", width=round(width, 4), segments=rng.choice((1, 2, 2, 3)), limit_method="ANGLE",
                        angle_limit=math.radians(30))  # fmt: skip
    if type_ == "SUBSURF":
        levels = rng.choice((1, 1, 2))
        return modifier("SUBSURF", levels=levels, render_levels=max(2, levels))
    if type_ == "MIRROR":
        axis = [True, rng.random() < 0.1, False]
        return modifier("MIRROR", use_axis=axis, use_clip=rng.random() < 0.7)
    if type_ == "ARRAY":
        way = [1.0, 0.0, 0.0] if kind != "stairs" else [0.0, 1.0, 1.0]
        if kind in ("rope", "ladder", "pillar", "crate", "barrel") and rng.random() < 0.5:
            way = [0.0, 0.0, 1.0]
        return modifier("ARRAY", count=rng.randint(3, 8), relative_offset_displace=way)
    if type_ == "SOLIDIFY":
        return modifier(
            "SOLIDIFY", thickness=round(size * rng.choice((0.01, 0.02, 0.03)), 4), offset=rng.choice((-1.0, 0.0))
        )
    if type_ == "DECIMATE":
        return modifier("DECIMATE", ratio=rng.choice((0.3, 0.5, 0.7)))
    if type_ == "DISPLACE":
        return modifier("DISPLACE", strength=round(size * rng.uniform(0.02, 0.08), 3))
    if type_ == "SIMPLE_DEFORM":
        return modifier("SIMPLE_DEFORM", deform_method=rng.choice(("TWIST", "BEND", "TAPER")), deform_axis="Z",
                        angle=math.radians(rng.choice((45, 60, 90))))  # fmt: skip
    if type_ == "REMESH":
        return modifier("REMESH", voxel_size=round(size * 0.05, 3))
    if type_ == "WIREFRAME":
        return modifier("WIREFRAME", thickness=round(size * 0.015, 3))
    if type_ == "WAVE":
        return modifier("WAVE", height=round(size * 0.05, 3), width=round(size * 0.3, 3))
    if type_ == "WEIGHTED_NORMAL":
        return modifier("WEIGHTED_NORMAL", keep_sharp=True)
    return modifier(type_)


def stack(record: Record, rng: random.Random) -> tuple[list[dict[str, Any]], list[str]]:
    """(modifiers, words that ask for them) for a generated record."""
    about = record.data["generated"]
    kind, group = about["kind"], about["group"]
    size = max(record.data["size"])
    if rng.random() < 0.2:
        word = rng.choice(list(ASKED))
        return [make(ASKED[word], rng, size, kind)], [word]
    out: list[dict[str, Any]] = []
    if kind in MIRRORED_KINDS or group in MIRRORED:
        if rng.random() < 0.7:
            out.append(make("MIRROR", rng, size, kind))
    elif kind in REPEATED and rng.random() < 0.7:
        out.append(make("ARRAY", rng, size, kind))
    if kind in THIN and rng.random() < 0.8:
        out.append(make("SOLIDIFY", rng, size, kind))
    elif kind in SOFT or group in ("food", "nature", "plants", "tableware"):
        if rng.random() < 0.75:
            out.append(make("SUBSURF", rng, size, kind))
    elif group in HARD and rng.random() < 0.75:
        out.append(make("BEVEL", rng, size, kind))
        if rng.random() < 0.4:
            out.append(make("WEIGHTED_NORMAL", rng, size, kind))
    return out, []
