"""Which objects of a file make up one thing, as its author means it, and what the thing is called.

In this order: what is marked as an asset; collections that are instanced; collections named like a thing; parents with
their children; what stands together; a file that holds one thing; an object. Knows records as data and boxes; nothing
of meshes beyond their extent.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ...records import Record
from ..text import labels
from . import touching
from .joining import faces_of, positions_of
from .nouns import HELPERS, MUTE, names_thing, said_by, says_more

WHOLE = "all"  # the name of the thing that a whole file is
DEEPEST = 4  # collections instanced within instanced collections
MOST_MEMBERS = 4000


@dataclass(frozen=True)
class Member:
    """An object of a thing: which record, and where it stands, (4, 4) rows."""

    record: int
    world: np.ndarray


@dataclass
class Thing:
    """`name` is unique within its file; `how` says why these objects are one thing."""

    name: str
    label: str
    members: list[Member]
    how: str
    tags: list[str] = field(default_factory=list)


@dataclass
class Unit:
    """Objects that are never parted: an object, a parent with its children, an instance of a collection."""

    name: str
    members: list[Member]
    boxes: np.ndarray  # (members, 2, 3)
    collections: frozenset[str]
    path: tuple[str, ...]
    instance_of: str = ""  # of which collection it is nothing but an instance
    tree: bool = False


class Grouping:
    """The records of one file, and the things among them."""

    def __init__(self, records: list[Record], path: str) -> None:
        self.records = records
        self.file = Path(path)
        self.by_name = {record.name: i for i, record in enumerate(records)}
        self.worlds = [_world(record) for record in records]
        self.faces = [faces_of(record) for record in records]
        self.children: dict[int, list[int]] = defaultdict(list)
        self.parents: list[int | None] = []
        for i, record in enumerate(records):
            parent = self.by_name.get((record.data.get("parent") or {}).get("name", ""))
            self.parents.append(parent if parent != i else None)
            if parent is not None and parent != i:
                self.children[parent].append(i)
        self.inside: dict[str, list[int]] = defaultdict(list)
        for i, record in enumerate(records):
            for name in {name for p in record.data.get("collections") or [] for name in p if name}:
                self.inside[name].append(i)
        told = next(
            (r.data["asset"]["file_label"] for r in records if (r.data.get("asset") or {}).get("file_label")), ""
        )
        stem = labels.normalise(self.file.name)
        self.file_label = labels.normalise(told) if told else stem if set(stem.split()) - MUTE else ""

    # What can be part of a thing

    def solid(self, i: int) -> bool:
        """Whether record i is something to look at: faces, and no helper of engine or renderer."""
        record = self.records[i]
        settings = record.data.get("settings") or {}
        if not self.faces[i] or settings.get("hide_render") or settings.get("display_type") in ("BOUNDS", "WIRE"):
            return False
        return not set(labels.split_words(record.name)) & HELPERS

    def scene_of(self, i: int) -> str | None:
        """The scene in which an object is to be seen, None where it is hidden everywhere."""
        data = self.records[i].data
        asset = data.get("asset") or {}
        if "scene" in asset:
            return None if asset["scene"] is None else str(asset["scene"])
        settings = data.get("settings") or {}  # a record of another program, or read by an older version
        paths = data.get("collections") or [[]]
        hidden = settings.get("hide_viewport") or all(p[:1] == [None] for p in paths)
        return None if hidden else ""

    def members(self, i: int, world: np.ndarray | None = None, depth: int = 0) -> Iterator[Member]:
        """Object i, or all that it instances, where it stands."""
        place = self.worlds[i] if world is None else world
        if self.solid(i):
            yield Member(i, place)
        instance = self.records[i].data.get("instance") or {}
        if instance.get("collection") and depth < DEEPEST:
            yield from self.instanced(instance["collection"], place, depth + 1)

    def instanced(self, collection: str, place: np.ndarray, depth: int = 0) -> Iterator[Member]:
        """All of a collection, its origin put at `place`."""
        inner = self.inside.get(collection, [])
        settings = [(self.records[i].data.get("collection_settings") or {}).get(collection) for i in inner[:1]]
        offset = np.eye(4)
        offset[:3, 3] = [-x for x in ((settings[0] if settings else None) or {}).get("instance_offset", (0, 0, 0))]
        for i in inner:
            if not (self.records[i].data.get("settings") or {}).get("hide_viewport"):
                yield from self.members(i, place @ offset @ self.worlds[i], depth)

    def box(self, member: Member) -> np.ndarray:
        points = positions_of(self.records[member.record])
        if len(points) > 2000:  # corners of its own box will do
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

    # The order of the rules

    def things(self) -> list[Thing]:
        """Every thing of the file, its name unique."""
        found = self._marked() or (self._of_model() if self.file.suffix.lower() != ".blend" else self._of_scenes())
        taken: set[str] = set()
        for thing in found:
            name, n = thing.name, 2
            while name in taken:
                name, n = f"{thing.name} {n}", n + 1
            thing.name = name
            taken.add(name)
        return found

    def _marked(self) -> list[Thing]:
        """What the Asset Browser knows; what else the file holds is there for these."""
        found = []
        collections: dict[str, dict[str, Any]] = {}
        for record in self.records:
            collections |= (record.data.get("asset") or {}).get("marked_collections") or {}
        for name, mark in collections.items():
            members = list(self.instanced(name, np.eye(4)))
            found.append(self._thing(name, members, "a collection marked as an asset", mark.get("tags", [])))
        for i, record in enumerate(self.records):
            mark = (record.data.get("asset") or {}).get("mark")
            if mark is None:
                continue
            members = [m for j in self._tree(i) for m in self.members(j)]
            found.append(self._thing(record.name, members, "an object marked as an asset", mark.get("tags", [])))
        return [thing for thing in found if thing.members]

    def _thing(self, name: str, members: list[Member], how: str, tags: list[str] | None = None) -> Thing:
        label = said_by(name) or self.file_label or labels.normalise(name) or "object"
        return Thing(name, label, members[:MOST_MEMBERS], how, tags or [])

    def _tree(self, i: int) -> Iterator[int]:
        """An object and all that hangs on it."""
        waiting, seen = [i], set()
        while waiting:
            at = waiting.pop()
            if at not in seen:
                seen.add(at)
                yield at
                waiting += self.children.get(at, [])

    def _of_model(self) -> list[Thing]:
        """A model file is one thing, unless it holds several that are named like things and stand apart."""
        units = [self.unit(r.name, m) for i, r in enumerate(self.records) if (m := list(self.members(i)))]
        if not units:
            return []
        if 1 < len(units) <= 200 and not names_thing(self.file_label):
            boxes = np.stack([touching.around(u.boxes) for u in units])
            apart = [[units[i] for i in c] for c in touching.clusters(boxes, gap=0.25)]
            said = [self._named(c) for c in apart]
            if len(apart) > 1 and len(set(said)) == len(said) and all(map(names_thing, said)):
                return [self._cluster(c, "an object that stands apart") for c in apart]
        members = [m for u in units for m in u.members]
        own = said_by(units[0].name) if len(units) == 1 else ""
        label = self.file_label or own or labels.normalise(self.file.name) or "object"
        return [Thing(WHOLE, label, members[:MOST_MEMBERS], "a file that holds one thing")]

    def _of_scenes(self) -> list[Thing]:
        scenes: dict[str, list[int]] = defaultdict(list)
        for i in range(len(self.records)):
            scene = self.scene_of(i)
            if scene is not None:
                scenes[scene].append(i)
        found: list[Thing] = []
        instanced: dict[str, None] = {}
        used: set[int] = set()
        for i in (i for shown in scenes.values() for i in shown):
            collection = (self.records[i].data.get("instance") or {}).get("collection")
            if collection and i not in used:
                instanced.setdefault(collection)
        for name in instanced:
            members = list(self.instanced(name, np.eye(4)))
            if members:
                found.append(self._thing(name, members, "a collection that is instanced"))
                used |= {m.record for m in members}
        for shown in scenes.values():
            units = self._units([i for i in shown if i not in used])
            found += self._of_units(units, alone=not found and len(scenes) == 1)
        # Nameless cards behind and under the rest are no things, unless there is nothing else.
        found = [t for t in found if sum(self.faces[m.record] for m in t.members) > 3 or said_by(t.name)] or found
        if len(found) == 1 and found[0].how not in ("a collection", "a collection that is instanced"):
            thing = found[0]
            thing.label = self.file_label or thing.label
            thing.name = WHOLE
        return found

    def _units(self, shown: list[int]) -> list[Unit]:
        """Parent trees, each from its topmost shown or holding object; lone objects are trees of one."""
        among = set(shown)
        units: list[Unit] = []
        done: set[int] = set()
        for i in shown:
            top = i
            for _ in range(64):
                above = self.parents[top]
                if above is None:
                    break
                top = above
            if top not in done:
                done.add(top)
                units += self._of_tree(top, among)
        return units

    def _of_tree(self, top: int, among: set[int]) -> list[Unit]:
        tree = [j for j in self._tree(top) if j in among]
        members = [m for j in tree for m in self.members(j)]
        if not members:
            return []
        record = self.records[top]
        collection = (record.data.get("instance") or {}).get("collection")
        if collection and len(tree) == 1:
            return [self.unit(record.name, members, instance_of=collection)]
        below = self.children.get(top, [])
        if len(below) > 1 and not self.solid(top) and not said_by(record.name):
            # an empty that only holds: the import's root, or an artist's handle for everything
            inner = [u for child in below for u in self._of_tree(child, among)]
            boxes = np.stack([touching.around(u.boxes) for u in inner])
            if len(touching.clusters(boxes)) > 1 and record.kind == "empty":
                return inner
        return [self.unit(record.name, members, tree=len(members) > 1)]

    # Units to things

    def _of_units(self, units: list[Unit], alone: bool) -> list[Thing]:
        """The things of one scene."""
        if not units:
            return []
        boxes = np.stack([touching.around(u.boxes) for u in units])
        ground = touching.grounds(boxes)
        standing = [u for u, g in zip(units, ground) if not g]
        found = [self._cluster([u], "the ground that others stand on") for u, g in zip(units, ground) if g]
        found = [t for t in found if sum(self.faces[m.record] for m in t.members) > 4]
        named: list[tuple[str, list[Unit]]] = []
        loose = standing
        for name in self._thing_collections(standing):
            inner = [u for u in loose if name in u.collections]
            if inner:
                named.append((name, inner))
                loose = [u for u in loose if name not in u.collections]
        if len(named) == 1 and loose and alone:  # a piece in a collection of its own beside the rest of it
            everything = np.concatenate([u.boxes for u in standing])
            if len(touching.clusters(everything)) == 1:
                named, loose = [], standing
        things = [self._thing(name, _members(inner), "a collection") for name, inner in named]
        for cluster in self._stand_together(loose):
            if all(u.instance_of for u in cluster):
                continue  # built of instances: the collections are the things
            things.append(self._cluster(cluster, ""))
        return things + found

    def _thing_collections(self, units: list[Unit]) -> list[str]:
        """Collections whose name and content speak of one thing, outer ones before what is in them."""
        content: dict[str, list[Unit]] = defaultdict(list)
        depth: dict[str, int] = {}
        for unit in units:
            for d, name in enumerate(unit.path):
                content[name].append(unit)
                depth[name] = min(d, depth.get(name, d))
        found: list[str] = []
        for name in sorted(content, key=lambda n: depth[n]):
            if any(f in unit.path for f in found for unit in content[name]):
                continue
            label = said_by(name)
            if not says_more(label):
                continue
            inner = content[name]
            below = {n for u in inner for n in u.path[u.path.index(name) + 1 :] if said_by(n)}
            boxes = np.concatenate([u.boxes for u in inner])
            owners = [i for i, u in enumerate(inner) for _ in u.members]
            together = [[k for k, o in enumerate(owners) if o == i] for i in range(len(inner))]
            one = len(touching.clusters(boxes, together)) == 1
            nameless = sum(
                not said_by(u.name) or set(said_by(u.name).split()) & set(label.split()) != set() for u in inner
            )
            if sum(map(names_thing, below)) > 1:
                continue
            several = {said_by(u.name) for u in inner if names_thing(said_by(u.name))} - {label}
            if (nameless and not _is_plural(label)) or (one and (len(several) < 2 or names_thing(label))):
                found.append(name)
        return found

    def _stand_together(self, units: list[Unit]) -> list[list[Unit]]:
        """Units that touch; crumbs join what they lie beside; what is named like things is parted again."""
        if not units:
            return []
        boxes = np.concatenate([u.boxes for u in units])
        owners = np.repeat(np.arange(len(units)), [len(u.members) for u in units])
        together = [np.flatnonzero(owners == i).tolist() for i in range(len(units))]
        # Nameless objects in a file that is called after a thing are its pieces, also where they stand a little apart.
        pieces = names_thing(self.file_label) and not any(says_more(said_by(u.name)) for u in units)
        gap = 0.5 if pieces else touching.GAP
        groups = [sorted({int(owners[k]) for k in c}) for c in touching.clusters(boxes, together, gap)]
        whole = [touching.around(np.concatenate([units[i].boxes for i in g])) for g in groups]
        sizes = touching.size_of(np.stack(whole))
        joined: dict[int, list[int]] = {}
        for n in np.argsort(-sizes, kind="stable").tolist():
            crumb = not any(says_more(said_by(units[i].name)) for i in groups[n])
            near = [(touching.distance(whole[k], whole[n]), k) for k in joined if crumb and sizes[n] < 0.35 * sizes[k]]
            near = [(d, k) for d, k in near if d < 0.5 * sizes[k]]
            if near:
                joined[min(near)[1]] += groups[n]
            else:
                joined[n] = list(groups[n])
        found = []
        for n in sorted(joined, key=lambda n: groups[n][0]):
            found += self._part([units[i] for i in sorted(joined[n])])
        return found

    def _part(self, cluster: list[Unit]) -> list[list[Unit]]:
        """Things that touch but are called so: a chair at a table, in a file that is not called after one of them."""
        said = {u.name: said_by(u.name) for u in cluster}
        things = [u for u in cluster if names_thing(said[u.name])]
        if len(things) == len(cluster) > 1 and len(set(said.values())) == 1:
            return [[u] for u in things]  # three boxes in a heap
        if len({said[u.name] for u in things}) < 2 or names_thing(self.file_label):
            return [cluster]
        if len(things) < 0.6 * len(cluster):
            return [cluster]
        rest = [u for u in cluster if not names_thing(said[u.name])]
        return [*([u] for u in things), *([rest] if rest else [])]

    def _named(self, cluster: list[Unit]) -> str:
        """The best label among the units: of the largest that says something that is no piece."""
        for unit in sorted(cluster, key=lambda u: -float(touching.size_of(touching.around(u.boxes)))):
            members = sorted(unit.members, key=lambda m: -self.faces[m.record])
            for name in (unit.name, *(self.records[m.record].name for m in members[:3])):
                label = said_by(name)
                if says_more(label):
                    return label
        return ""

    def _cluster(self, cluster: list[Unit], how: str) -> Thing:
        first = max(cluster, key=lambda u: float(touching.size_of(touching.around(u.boxes))))
        label = self._named(cluster) or self.file_label or labels.normalise(first.name) or "object"
        told = "a parent with its children" if first.tree and len(cluster) == 1 else "an object"
        told = how or (told if len(cluster) == 1 else "objects that stand together")
        return Thing(first.name, label, _members(cluster)[:MOST_MEMBERS], told)


def _members(units: list[Unit]) -> list[Member]:
    return [m for unit in units for m in unit.members]


def _is_plural(label: str) -> bool:
    """ "trees" holds several; "house" is one."""
    last = label.split()[-1]
    return last.endswith("s") and not last.endswith("ss") and last not in ("stairs", "glasses", "scissors", "pants")


def _world(record: Record) -> np.ndarray:
    transform = record.data.get("transform") or {}
    if transform.get("world") is not None:
        return np.asarray(transform["world"], np.float64)
    return np.eye(4)
