"""The records of one file as a scene: what is visible, where it is, which objects belong together.

Knows parents, collections and their instances; grouping objects into assets is done in `grouping.py`.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...records import Record
from ..text import labels
from . import places
from .joining import faces_of, positions_of
from .nouns import HELPERS, MUTE

DEEPEST = 4  # collections instanced within instanced collections


@dataclass(frozen=True)
class Member:
    """An object of an asset: its record, and its world matrix, (4, 4) rows."""

    record: int
    world: np.ndarray


@dataclass
class Unit:
    """Objects that are never separated: an object, a parent with its children, an instance of a collection."""

    name: str
    members: list[Member]
    boxes: np.ndarray  # (members, 2, 3)
    collections: frozenset[str]
    path: tuple[str, ...]
    instance_of: str = ""  # the collection of which it is just an instance
    tree: bool = False


class Content:
    """The records of one file: which are visible, where, and which belong together."""

    def __init__(self, records: list[Record], path: str) -> None:
        self.records = records
        self.file = Path(path)
        self.by_name = {record.name: i for i, record in enumerate(records)}
        self.faces = [faces_of(record) for record in records]
        self.children: dict[int, list[int]] = defaultdict(list)
        self.parents: list[int | None] = []
        for i, record in enumerate(records):
            parent = self.by_name.get((record.data.get("parent") or {}).get("name", ""))
            self.parents.append(parent if parent != i else None)
            if parent is not None and parent != i:
                self.children[parent].append(i)
        self.worlds = places.worlds(records, self.parents)
        self.inside: dict[str, list[int]] = defaultdict(list)
        for i, record in enumerate(records):
            for name in {name for p in record.data.get("collections") or [] for name in p if name}:
                self.inside[name].append(i)
        file_label = next(
            (r.data["asset"]["file_label"] for r in records if (r.data.get("asset") or {}).get("file_label")), ""
        )
        stem = labels.normalise(self.file.name)
        self.file_label = labels.normalise(file_label) if file_label else stem if set(stem.split()) - MUTE else ""

    # What can be part of an asset

    def solid(self, i: int) -> bool:
        """Whether record i is visible geometry: it has faces and is no helper of an engine or renderer."""
        record = self.records[i]
        settings = record.data.get("settings") or {}
        if not self.faces[i] or settings.get("hide_render") or settings.get("display_type") in ("BOUNDS", "WIRE"):
            return False
        return not set(labels.split_words(record.name)) & HELPERS

    def scene_of(self, i: int) -> str | None:
        """The scene in which an object is visible, None if it is hidden everywhere."""
        data = self.records[i].data
        asset = data.get("asset") or {}
        if "scene" in asset:
            return None if asset["scene"] is None else str(asset["scene"])
        settings = data.get("settings") or {}  # a record from another program, or from an older version
        paths = data.get("collections") or [[]]
        hidden = settings.get("hide_viewport") or all(p[:1] == [None] for p in paths)
        return None if hidden else ""

    def members(self, i: int, world: np.ndarray | None = None, depth: int = 0) -> Iterator[Member]:
        """Object i, or everything that it instances, with world matrices."""
        place = self.worlds[i] if world is None else world
        if self.solid(i):
            yield Member(i, place)
        instance = self.records[i].data.get("instance") or {}
        if instance.get("collection") and depth < DEEPEST:
            yield from self.instanced(instance["collection"], place, depth + 1)

    def instanced(self, collection: str, place: np.ndarray, depth: int = 0) -> Iterator[Member]:
        """Everything in a collection, with its origin at `place`."""
        inner = self.inside.get(collection, [])
        settings = [(self.records[i].data.get("collection_settings") or {}).get(collection) for i in inner[:1]]
        offset = np.eye(4)
        offset[:3, 3] = [-x for x in ((settings[0] if settings else None) or {}).get("instance_offset", (0, 0, 0))]
        for i in inner:
            if not (self.records[i].data.get("settings") or {}).get("hide_viewport"):
                yield from self.members(i, place @ offset @ self.worlds[i], depth)

    def box(self, member: Member) -> np.ndarray:
        points = positions_of(self.records[member.record])
        if len(points) > 2000:  # the corners of its own box are enough
            low, high = points.min(0), points.max(0)
            if np.allclose(member.world[:3, :3], np.diag(np.diag(member.world[:3, :3]))):
                points = np.stack([low, high])
        points = np.nan_to_num(points @ member.world[:3, :3].T + member.world[:3, 3], posinf=0, neginf=0)
        return np.stack([points.min(0), points.max(0)])

    def unit(self, name: str, members: list[Member], instance_of: str = "", tree: bool = False) -> Unit:
        paths = self.records[members[0].record if not instance_of else self.by_name[name]].data.get("collections") or []
        own = next((tuple(x for x in p if x) for p in paths), ())
        names = frozenset(x for p in paths for x in p if x)
        return Unit(name, members, np.stack([self.box(m) for m in members]), names, own, instance_of, tree)

    def tree(self, i: int) -> Iterator[int]:
        """An object and all its children."""
        waiting, seen = [i], set()
        while waiting:
            at = waiting.pop()
            if at not in seen:
                seen.add(at)
                yield at
                waiting += self.children.get(at, [])
