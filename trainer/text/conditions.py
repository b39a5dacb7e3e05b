"""The input of a model: a text and some measurable wishes, as word vectors and small integers.

`Condition` is the form for people (and training samples); `arrays(craft)` is what the transformer reads. An attribute
of 0 always means "not given". Knows records; knows nothing of codecs, models or files.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ...records import Record
from ..mesh.faces import edges, face_normals, is_symmetric, islands
from . import word_table as table

STYLES = ("generated", "kaykit", "kenney", "quaternius", "other", "mine")
OWN_STYLE = "mine"  # the style that an artist's own library is told with
REGULAR = "generated"  # the style whose parts are mirrored or are not; artists have reasons for what is nearly so
FACES = (8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 4096, 8192)
QUADS = (0.05, 0.25, 0.5, 0.75, 0.9, 0.98)
SHARES = (0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9)
ASPECTS = (0.12, 0.25, 0.5, 0.75, 1.0 / 0.99, 1.35, 2.0, 4.0, 8.0)
SLOTS = 8

# name: how many values it can have, with 0 for "not given"
ATTRIBUTES: dict[str, int] = {
    "faces": len(FACES) + 2,
    "quads": len(QUADS) + 2,
    "symmetric": 3,
    "size": 34,
    "style": 16,
    "slots": SLOTS + 2,
}
PROPORTIONS: dict[str, int] = {
    "width": len(ASPECTS) + 2,  # x to z
    "depth": len(ASPECTS) + 2,  # y to z
}
SUMMARY: dict[str, int] = {
    **PROPORTIONS,
    "up": len(SHARES) + 2,  # share of the area that looks up
    "upright": len(SHARES) + 2,  # share that looks sideways
    "aligned": len(SHARES) + 2,  # share that looks along an axis
    "parts": 10,
    "closed": 3,
}
MARKS: dict[str, int] = {  # for modifiers: how the mesh was prepared for them
    "half": 3,  # its open border is in a plane with nothing on the other side: made for a mirror
    "smooth": 4,  # none, some or all of its faces
    "grouped": 3,  # it has vertex groups, as for an armature
    "creased": 3,  # edges are creased, sharp or weighted
    "curved": 3,  # it was a curve, a text or a surface
}
SLOT: dict[str, int] = {  # for materials: which slot of the mesh is wanted
    "slot": SLOTS + 2,
    "area": len(SHARES) + 2,
    "height": len(SHARES) + 2,
    "round": len(SHARES) + 2,
}
MOVED: dict[str, int] = {  # for animation: a bone may be named like a whole object but moves much less
    "moved": 3,  # an object, a bone
}
CRAFTS: dict[str, dict[str, int]] = {
    "geometry": {**ATTRIBUTES, **PROPORTIONS},
    "materials": {**ATTRIBUTES, **SUMMARY, **SLOT},
    "modifiers": {**ATTRIBUTES, **SUMMARY, **MARKS},
    "animation": {**ATTRIBUTES, **SUMMARY, **MOVED},
}


def cardinalities(craft: str) -> tuple[int, ...]:
    """Sizes of a craft's attributes in the order of `Condition.arrays`: the `condition` of its Spec."""
    return tuple(CRAFTS[craft].values())


def bucket(value: float, edges: tuple[float, ...]) -> int:
    """1 .. len(edges) + 1."""
    return 1 + int(np.searchsorted(edges, value, side="right"))


@dataclass
class Condition:
    """Wishes; None means "any". `size` is the longest side in metres, `quads` a share, `summary` comes from
    `proportions`, or from `summarise` (and `describe_slot` for materials)."""

    text: str = ""
    faces: int | None = None
    quads: float | None = None
    symmetric: bool | None = None
    size: float | None = None
    style: str | None = None
    slots: int | None = None
    summary: dict[str, int] = field(default_factory=dict)

    def attributes(self, craft: str = "geometry") -> np.ndarray:
        """(A,) int64."""
        if self.style is not None and self.style not in STYLES:
            raise ValueError(f"style: {self.style!r} is none of {', '.join(STYLES)}")
        values = {
            "faces": 0 if self.faces is None else bucket(self.faces, FACES),
            "quads": 0 if self.quads is None else bucket(self.quads, QUADS),
            "symmetric": 0 if self.symmetric is None else 1 + bool(self.symmetric),
            # half octaves from 1 cm to 650 m
            "size": 0
            if self.size is None
            else 1 + int(np.clip(round(2 * math.log2(max(self.size, 1e-6) / 0.01)), 0, 32)),
            "style": 0 if self.style is None else 1 + STYLES.index(self.style),
            "slots": 0 if self.slots is None else 1 + min(self.slots, SLOTS),
            **self.summary,
        }
        return np.array([values.get(name, 0) for name in CRAFTS[craft]], np.int64)

    def arrays(self, craft: str = "geometry") -> tuple[np.ndarray, np.ndarray]:
        """(words (6, 96) float32, attributes (A,) int64)."""
        return table.words(self.text), self.attributes(craft)

    def with_text(self, text: str) -> "Condition":
        return replace(self, text=text)


def nothing(craft: str = "geometry") -> tuple[np.ndarray, np.ndarray]:
    """The empty condition, for guidance."""
    return np.zeros((table.WORDS, table.DIMENSIONS), np.float32), np.zeros(len(CRAFTS[craft]), np.int64)


def measure(positions: np.ndarray, starts: np.ndarray, corners: np.ndarray, slots: int) -> Condition:
    """All measures of a condition, computed from a mesh. positions (V, 3), starts (F,), corners (L,)."""
    sides = np.diff(np.append(starts, len(corners)))
    used = positions[corners]
    return Condition(
        faces=len(starts),
        quads=float((sides == 4).mean()) if len(sides) else 0.0,
        symmetric=is_symmetric(positions[np.unique(corners)]),
        size=float((used.max(0) - used.min(0)).max()) if len(used) else 0.0,
        slots=slots,
        summary=proportions(used),
    )


def longest_side(record: Record) -> float:
    """A mesh's size with its scale applied, in its own unit; 1 if it has no extent."""
    positions = np.asarray(record.arrays.get("mesh/position", ()), np.float64).reshape(-1, 3)
    if not len(positions):
        return 1.0
    scale = np.abs((record.data.get("transform") or {}).get("scale") or (1.0, 1.0, 1.0))
    longest = float((np.ptp(positions, axis=0) * scale).max())
    return longest if math.isfinite(longest) and longest > 0 else 1.0


def proportions(used: np.ndarray) -> dict[str, int]:
    """PROPORTIONS of a mesh whose corners lie at `used` (L, 3)."""
    if not len(used):
        return {}
    extent = np.maximum(used.max(0) - used.min(0), 1e-6)
    return {"width": bucket(extent[0] / extent[2], ASPECTS), "depth": bucket(extent[1] / extent[2], ASPECTS)}


def summarise(positions: np.ndarray, starts: np.ndarray, corners: np.ndarray) -> dict[str, int]:
    """SUMMARY of a mesh: its proportions, the directions of its area, how many parts, closed or not."""
    normals = face_normals(positions, starts, corners)
    area = np.maximum(np.linalg.norm(normals, axis=1), 1e-12)
    unit = np.abs(normals / area[:, None])
    share = area / area.sum()
    sides = np.diff(np.append(starts, len(corners)))
    around = edges(starts, corners)
    count = np.unique(around, axis=0, return_counts=True)[1]
    parts = len(np.unique(islands(len(positions), around)[corners]))
    return {
        **proportions(positions[corners]),
        "up": bucket(float(share[normals[:, 2] / area > 0.7].sum()), SHARES),
        "upright": bucket(float(share[unit[:, 2] < 0.3].sum()), SHARES),
        "aligned": bucket(float(share[unit.max(1) > 0.99].sum()), SHARES),
        "parts": 1 + min(8, int(np.log2(max(parts, 1)))),
        "closed": 1 + int((count == 2).all() and len(sides) > 3),
    }


def describe_slot(
    positions: np.ndarray, starts: np.ndarray, corners: np.ndarray, slots: np.ndarray, slot: int
) -> dict[str, int]:
    """SLOT: the faces of one material slot (slots (F,))."""
    normals = face_normals(positions, starts, corners)
    area = np.maximum(np.linalg.norm(normals, axis=1), 1e-12)
    mine = slots == slot
    if not mine.any():
        return {"slot": 1 + min(slot, SLOTS)}
    middle = np.add.reduceat(positions[corners][:, 2], starts) / np.diff(np.append(starts, len(corners)))
    low, high = float(positions[corners][:, 2].min()), float(positions[corners][:, 2].max())
    tall = float((middle[mine] * area[mine]).sum() / area[mine].sum())
    unit = np.abs(normals[mine] / area[mine, None])
    return {
        "slot": 1 + min(slot, SLOTS),
        "area": bucket(float(area[mine].sum() / area.sum()), SHARES),
        "height": bucket((tall - low) / max(high - low, 1e-9), SHARES),
        "round": bucket(1 - float((unit.max(1) > 0.99).mean()), SHARES),
    }


def marks(record: Record) -> dict[str, int]:
    """MARKS of a mesh record."""
    a = record.arrays
    flat = np.asarray(a["mesh/attribute/sharp_face"], bool) if "mesh/attribute/sharp_face" in a else None
    smooth = 1.0 if flat is None or not len(flat) else float(1 - flat.mean())
    edges = ("mesh/attribute/crease_edge", "mesh/attribute/bevel_weight_edge", "mesh/attribute/sharp_edge")
    return {
        "half": 1 + _is_half(
            np.asarray(a["mesh/position"], np.float64), np.asarray(a["mesh/loop_start"], np.int64),
            np.asarray(a["mesh/corner_vert"], np.int64),
        ),
        "smooth": 1 + (0 if smooth < 0.02 else 2 if smooth > 0.98 else 1),
        "grouped": 1 + bool(record.data["mesh"].get("vertex_groups")),
        "creased": 1 + any(key in a and bool(np.asarray(a[key]).any()) for key in edges),
        "curved": 1 + bool(record.data["mesh"].get("was")),
    }  # fmt: skip


def _is_half(positions: np.ndarray, starts: np.ndarray, corners: np.ndarray) -> bool:
    """Whether the mesh is on one side of its own x, y or z plane and is open there."""
    if not len(starts):
        return False
    pairs, users = np.unique(edges(starts, corners), axis=0, return_counts=True)
    border = positions[pairs[users == 1]]  # (E, 2, 3)
    if not len(border):
        return False
    used = positions[corners]
    near = 1e-3 * max(float((used.max(0) - used.min(0)).max()), 1e-9)
    on_plane = (np.abs(border) < near).all(axis=1).sum(axis=0) >= 2
    one_side = (used.min(0) > -near) | (used.max(0) < near)
    return bool((on_plane & one_side).any())


def of_record(record: Record, craft: str = "geometry", slot: int | None = None) -> Condition:
    """The condition that describes a mesh record: its label and all its measures."""
    a = record.arrays
    positions = np.asarray(a["mesh/position"], np.float64)
    starts, corners = np.asarray(a["mesh/loop_start"], np.int64), np.asarray(a["mesh/corner_vert"], np.int64)
    condition = measure(positions, starts, corners, max(1, len(record.data.get("materials") or [])))
    condition.text = str(record.data.get("label") or record.name)
    condition.style = record.data.get("style") or ("generated" if "generated" in record.data else None)
    if craft != "geometry":
        condition.summary = summarise(positions, starts, corners)
    if craft == "modifiers":
        condition.summary |= marks(record)
    if craft == "animation":
        condition.summary["moved"] = 1
    if craft == "materials" and slot is not None:
        slots = np.asarray(a.get("mesh/material_index", np.zeros(len(starts))), np.int64)
        condition.summary |= describe_slot(positions, starts, corners, slots, slot)
    return condition


def soften(
    condition: Condition, rng: np.random.Generator, craft: str = "geometry", nouns: Sequence[str] = ()
) -> tuple[np.ndarray, np.ndarray]:
    """The arrays of a training sample: some words and wishes dropped, so that a model can do without them. `nouns` are
    never dropped (the last word, if none are given).

    One sample in ten is empty (for guidance), a third has only words. Sometimes a word is replaced by one of similar
    meaning, so that unseen words are understood through their synonyms.
    """
    roll = rng.random()
    if roll < 0.1:
        return nothing(craft)
    words = table.content_words(condition.text)
    if len(words) > 1:
        kept = set(nouns) & set(words) or {words[-1]}
        words = [w for w in words if w in kept or rng.random() > 0.12]
        if rng.random() < 0.12:
            rng.shuffle(words)
    vectors = table.words(" ".join(words))
    for row in vectors:
        if row.any() and rng.random() < 0.3:
            row += rng.normal(0, rng.uniform(0.02, 0.075), len(row)).astype(np.float32)  # up to 0.7 of its length
            row /= np.linalg.norm(row)
    attributes = condition.attributes(craft)
    # After the wishes come facts about a given mesh, rarely dropped.
    summary = len(attributes) if craft == "geometry" else len(ATTRIBUTES)
    keep = np.ones(len(attributes), bool)
    keep[:summary] = roll > 0.45 if craft == "geometry" else roll > 0.2
    keep[:summary] &= rng.random(summary) < 0.6
    keep[summary:] = rng.random(len(attributes) - summary) < 0.9
    keep |= np.array([name in MOVED for name in CRAFTS[craft]])  # always known
    return vectors, np.where(keep, attributes, 0)


def wishes(data: dict[str, Any]) -> Condition:
    """A Condition from plain JSON, as passed by commands and the worker; unknown keys are refused."""
    known = {k: v for k, v in data.items() if v is not None}
    extra = set(known) - {"text", "faces", "quads", "symmetric", "size", "style", "slots", "summary"}
    if extra:
        raise ValueError(f"condition: unknown: {', '.join(sorted(extra))}")
    return Condition(**known)
