"""Things that could stand in an artist's library: made from one of its own where it has one of that name, else by the
model and then put in the library's manner.

Knows requests, styles and records. Own things need no model and no torch.
"""

import zlib
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...records import Record
from ..mesh import shape_descriptor
from ..style.asked import Asked, asked
from ..style.library import Library
from ..style.manner import in_manner, recolored, sharp_edges
from ..style.memory import Own
from ..style.remake import Change, near_copy, remade
from ..style.shape import Shape, longest, of_record, record_of, slot_areas, taken
from .complete import shade
from .listener import Listener
from .request import GenerateRequest

TRIES = 8  # other versions of a thing that are tried until one is no copy and still what it is called
COPY = 0.7  # share of vertices in the same place from which a thing is a copy
FREE = 0.15  # closeness below which own things are no start
COPIES_ALLOWED = 0.9  # closeness from which a copy is what is wanted
GOLDEN = 0.6180339887  # successive seeds take things far apart, and all of them in the end
MORE = 1.35  # how much more is varied at each try


def own_things(request: GenerateRequest, library: Library) -> list[int]:
    """Numbers of the library's things that the prompt names, if they are to be the start of what is made."""
    if request.record is not None or request.closeness < FREE:
        return []
    return library.memory.called(request.prompt)


def from_own(request: GenerateRequest, library: Library, numbers: list[int], listener: Listener) -> list[Record]:
    """A record for each variant, each from another of the things `numbers` as far as there are, the next for the next
    seed."""
    things = [library.memory.thing(i) for i in numbers]
    table = np.asarray(library.memory.arrays["points"])
    records = []
    for variant in range(request.variants):
        listener.check()
        turn = int((request.seed + variant) * GOLDEN % 1.0 * len(things))
        own, sisters = things[turn], things[:turn] + things[turn + 1 :]
        rng = _random(request, variant, 0)
        shape = _another(own, sisters, numbers, table, library, request, rng)
        if request.size:
            shape = replace(shape, positions=shape.positions * (request.size / longest(shape)))
        made = {"from": own.about["name"], "label": own.label, "style": library.style.name}
        record = finished(
            shape, request.prompt or own.label, library, made, shape.origin, float(np.mean(shape.smooth or 0))
        )
        records.append(record)
        _show(record, variant, listener)
    return records


def _another(
    own: Own, sisters: list[Own], numbers: list[int], table: NDArray[Any], library: Library, request: GenerateRequest,
    rng: np.random.Generator,
) -> Shape:  # fmt: skip
    """A version of `own` that is no copy of any of its kind, and nearer to its kind than to any other thing of the
    library; the least like a copy where none is both."""
    wish = asked(request.prompt, own.label)
    amount = 2.0 * (1.0 - request.closeness)
    kept = _without(own, wish)
    best: tuple[float, Shape] | None = None
    for _ in range(TRIES):
        shape = remade(kept, sisters, Change(rng, amount, wish.stretch))
        if wish.color:
            shape = recolored(shape, wish.color, library.pool)
        copied = max(near_copy(shape, each.shape) for each in [own, *sisters])
        astray = not _of_its_kind(shape, numbers, table)
        if request.closeness >= COPIES_ALLOWED or (copied < COPY and not astray):
            return shape
        if best is None or copied + 2 * astray < best[0]:
            best = copied + 2 * astray, shape
        amount = amount * MORE if not astray else amount / MORE
    assert best is not None
    return best[1]


def _without(own: Own, wish: Asked) -> Own:
    """The thing without the parts that the prompt does not want, as far as their names say which they are."""
    names = [str(name).lower() for name in own.about.get("part_names") or []]
    gone = [i for i, name in enumerate(names) if any(word in name for word in wish.without)]
    keep = ~np.isin(own.parts, gone)
    if not gone or not keep.any():
        return own
    return Own(taken(own.shape, keep), own.parts[keep], own.about)


def _of_its_kind(shape: Shape, numbers: list[int], table: NDArray[Any]) -> bool:
    """Whether the library's thing that looks most like it is one of those that it was made from."""
    points = shape_descriptor.points(record_of(shape, "", ""))
    if not len(points):
        return False
    others = (table.astype(np.float32) + 0.5) / 256
    return int(shape_descriptor.apart(points[: others.shape[1]], others).argmin()) in numbers


def styled(record: Record, library: Library, request: GenerateRequest, variant: int) -> Record:
    """A record that the models made, in the library's manner."""
    rng = _random(request, variant, 1)
    shape = in_manner(of_record(record), library.fingerprint, library.pool, rng)
    wish = asked(request.prompt)
    if wish.color:
        shape = recolored(shape, wish.color, library.pool)
    if not request.size:
        shape = replace(shape, positions=shape.positions * 2.0 ** float(library.habits.get("scale") or 0.0))
    smooth = float(rng.random() < library.fingerprint.traits.get("smooth", (0.0,))[0])
    height = library.fingerprint.traits.get("origin", (0.0,))[0]
    new = finished(shape, record.name, library, {"style": library.style.name}, (0.5, 0.5, height), smooth)
    return Record({**record.data, **new.data, "label": record.data.get("label", record.name)}, {
        **{key: array for key, array in record.arrays.items() if not key.startswith("mesh/")}, **new.arrays
    })  # fmt: skip


def finished(
    shape: Shape, prompt: str, library: Library, made: dict[str, Any], origin: tuple[float, ...], smooth: float
) -> Record:
    """The record of a shape: shaded, named and with its origin as the artist would have it, standing on the floor.
    `smooth`: share of its faces; `origin` in the bounding box, 0..1."""
    low, high = shape.positions.min(0), shape.positions.max(0)
    foot = np.array([(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2]])
    own = low + np.asarray(origin if len(origin) == 3 else (0.5, 0.5, 0.0)).clip(0, 1) * (high - low)
    record = record_of(replace(shape, positions=shape.positions - own), prompt, prompt)
    record.data["materials"] = [own_material(material, library) for material in record.data["materials"]]
    record.data["made"] = {**made, "name": named(prompt, library.habits.get("names") or {})}
    record.data["transform"] = {"location": (own - foot).tolist()}
    if smooth < 0.5:
        shade(record, np.ones(len(shape.starts), bool))
        return record
    # Smooth faces, and edges that bend more than a little sharp: what Blender calls Shade Auto Smooth.
    shade(record, np.zeros(len(shape.starts), bool))
    edges, sharp = sharp_edges(shape)
    record.arrays |= {"mesh/edges": edges, "mesh/attribute/sharp_edge": sharp}
    entry = {"name": "sharp_edge", "domain": "EDGE", "type": "BOOLEAN", "key": "mesh/attribute/sharp_edge"}
    record.data["mesh"]["attributes"].append(entry)
    return record


def own_material(material: dict[str, Any], library: Library) -> dict[str, Any]:
    """The artist's own material of that name with its node tree, if it still looks like this one."""
    whole = library.materials.get(str(material["name"]))
    if whole is None:
        return material
    near = np.allclose(
        (whole.get("plain") or {}).get("base_color", (9, 9, 9)), material["plain"]["base_color"], atol=0.02
    )
    return whole if near else material


def own_extra(mesh: Record, craft: str, library: Library, request: GenerateRequest) -> Record | None:
    """The mesh with what the library's thing of that name has: its materials, or its modifiers. None where there is
    no such thing, or it has none."""
    numbers = library.memory.called(request.prompt or str(mesh.data.get("label") or mesh.name))
    if not numbers or craft not in ("materials", "modifiers"):
        return None
    own = library.memory.thing(numbers[request.seed % len(numbers)])
    if craft == "modifiers":
        stack = own.about.get("modifiers") or []
        return Record({**mesh.data, "modifiers": stack}, mesh.arrays) if stack else None
    slots = np.asarray(mesh.arrays.get("mesh/material_index", np.zeros(len(mesh.arrays["mesh/loop_start"]), np.int32)))
    ranks, order = (np.argsort(-slot_areas(each), kind="stable").tolist() for each in (own.shape, of_record(mesh)))
    materials = record_of(own.shape, "", "").data["materials"]
    chosen = [materials[ranks[min(order.index(slot), len(ranks) - 1)]] for slot in range(int(slots.max(initial=0)) + 1)]
    return Record({**mesh.data, "materials": [own_material(each, library) for each in chosen]}, mesh.arrays)


def named(prompt: str, habit: dict[str, str]) -> str:
    """A name as the artist would write it: "SM_Old_Barrel"."""
    words = prompt.split()
    case = habit.get("case", "")
    words = [w.title() if case == "title" else w.upper() if case == "upper" else w for w in words]
    join = habit.get("join", " ")
    prefix = habit.get("prefix", "")
    return join.join([prefix, *words] if prefix else words)[:63]


def _random(request: GenerateRequest, variant: int, use: int) -> np.random.Generator:
    """Another stream for each prompt: else all things of one seed would lean the same way."""
    return np.random.default_rng([request.seed, variant, use, zlib.crc32(request.prompt.encode("utf-8"))])


def _show(record: Record, variant: int, listener: Listener) -> None:
    """All of its polygons, at once."""
    arrays = record.arrays
    positions = np.round(arrays["mesh/position"].astype(float), 5).tolist()
    corners = arrays["mesh/corner_vert"].tolist()
    ends = [*arrays["mesh/loop_start"].tolist(), len(corners)]
    slots = arrays["mesh/material_index"].tolist()
    for face, (first, last) in enumerate(zip(ends[:-1], ends[1:])):
        listener.polygon(variant, [positions[v] for v in corners[first:last]], slots[face])
    listener.flush()
