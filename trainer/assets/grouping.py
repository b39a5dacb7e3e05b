"""Which objects of a file form one asset as its author sees it, and what it is called.

In this order: what is marked as an asset; collections that are instanced; collections named like an object; parents
with their children; touching objects; a file that holds one asset; a single object. Knows a scene's content and names.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np

from ...records import Record
from ..text import labels
from . import touching
from .content import Content, Member, Unit
from .nouns import label_in, names_thing, says_more

WHOLE = "all"  # the name of an asset that is a whole file
MOST_MEMBERS = 4000  # of one asset; instances of instances grow without bound
DEEPEST_TREE = 16  # empties parented to empties
MODELS = frozenset((".obj", ".glb", ".gltf", ".fbx", ".ply", ".stl", ".usd", ".usda", ".usdc", ".usdz", ".abc"))


@dataclass
class Thing:
    """`name` is unique within its file; `how` says why these objects form one asset."""

    name: str
    label: str
    members: list[Member]
    how: str
    tags: list[str] = field(default_factory=list)


# The order of the rules


def things_of(records: list[Record], path: str) -> list[Thing]:
    """Every asset of a file, with a unique name."""
    c = Content(records, path)
    if not any(record.data.get("transform") for record in c.records):
        things = _placeless(c)
    else:
        model = c.file.suffix.lower() in MODELS
        things = _marked(c) or (_of_model(c) if model else _of_scenes(c))
    taken: set[str] = set()
    for thing in things:
        name, n = thing.name, 2
        while name in taken:
            name, n = f"{thing.name} {n}", n + 1
        thing.name = name
        taken.add(name)
    return things


def _placeless(c: Content) -> list[Thing]:
    """Meshes all left at the origin, as programs write them: they overlap by accident."""
    return [
        Thing(r.name, label_in(r.data.get("label") or r.name) or c.file_label or "object", [m], "an object")
        for i, r in enumerate(c.records)
        if c.scene_of(i) is not None
        for m in c.members(i)
    ]


def _marked(c: Content) -> list[Thing]:
    """Data marked as assets; everything else in the file only supports these."""
    things = []
    collections: dict[str, dict[str, Any]] = {}
    for record in c.records:
        collections |= (record.data.get("asset") or {}).get("marked_collections") or {}
    for name, mark in collections.items():
        members = list(islice(c.instanced(name, np.eye(4)), MOST_MEMBERS))
        things.append(_thing(c, name, members, "a collection marked as an asset", mark.get("tags", [])))
    for i, record in enumerate(c.records):
        own: dict[str, Any] | None = (record.data.get("asset") or {}).get("mark")
        if own is None:
            continue
        members = list(islice((m for j in c.tree(i) for m in c.members(j)), MOST_MEMBERS))
        things.append(_thing(c, record.name, members, "an object marked as an asset", own.get("tags", [])))
    return [thing for thing in things if thing.members]


def _thing(c: Content, name: str, members: list[Member], how: str, tags: list[str] | None = None) -> Thing:
    label = label_in(name) or c.file_label or labels.normalise(name) or "object"
    return Thing(name, label, members[:MOST_MEMBERS], how, tags or [])


def _of_model(c: Content) -> list[Thing]:
    """A model file is one asset, unless it holds several objects with telling names that are apart."""
    units = [c.unit(r.name, m) for i, r in enumerate(c.records) if (m := list(islice(c.members(i), MOST_MEMBERS)))]
    if not units:
        return []
    if 1 < len(units) <= 200 and not names_thing(c.file_label):
        boxes = np.stack([touching.around(u.boxes) for u in units])
        apart = [[units[i] for i in cluster] for cluster in touching.clusters(boxes, gap=0.25)]
        names = [_named(c, cluster) for cluster in apart]
        if len(apart) > 1 and len(set(names)) == len(names) and all(map(names_thing, names)):
            return [_cluster(c, cluster, "an object apart from the others") for cluster in apart]
    members = [m for u in units for m in u.members]
    own = label_in(units[0].name) if len(units) == 1 else ""
    label = c.file_label or own or labels.normalise(c.file.name) or "object"
    return [Thing(WHOLE, label, members[:MOST_MEMBERS], "a file that holds one asset")]


def _of_scenes(c: Content) -> list[Thing]:
    scenes: dict[str, list[int]] = defaultdict(list)
    for i in range(len(c.records)):
        scene = c.scene_of(i)
        if scene is not None:
            scenes[scene].append(i)
    things: list[Thing] = []
    instanced: dict[str, None] = {}
    used: set[int] = set()
    for i in (i for shown in scenes.values() for i in shown):
        collection = (c.records[i].data.get("instance") or {}).get("collection")
        if collection and i not in used:
            instanced.setdefault(collection)
    for name in instanced:
        members = list(islice(c.instanced(name, np.eye(4)), MOST_MEMBERS))
        if members:
            things.append(_thing(c, name, members, "a collection that is instanced"))
            used |= {m.record for m in members}
    for shown in scenes.values():
        units = _units(c, [i for i in shown if i not in used])
        things += _of_units(c, units, alone=not things and len(scenes) == 1)
    # Unnamed planes behind or under the rest are not assets, unless there is nothing else.
    things = [t for t in things if sum(c.faces[m.record] for m in t.members) > 3 or label_in(t.name)] or things
    if len(things) == 1 and things[0].how not in ("a collection", "a collection that is instanced"):
        thing = things[0]
        thing.label = c.file_label or thing.label
        thing.name = WHOLE
    return things


def _units(c: Content, shown: list[int]) -> list[Unit]:
    """Parent trees, each from its topmost shown or holding object; lone objects are trees of one."""
    among = set(shown)
    units: list[Unit] = []
    done: set[int] = set()
    for i in shown:
        top = i
        for _ in range(64):
            above = c.parents[top]
            if above is None:
                break
            top = above
        if top not in done:
            done.add(top)
            units += _of_tree(c, top, among)
    return units


def _of_tree(c: Content, top: int, among: set[int], depth: int = 0) -> list[Unit]:
    tree = [j for j in c.tree(top) if j in among]
    members = list(islice((m for j in tree for m in c.members(j)), MOST_MEMBERS))
    if not members:
        return []
    record = c.records[top]
    collection = (record.data.get("instance") or {}).get("collection")
    if collection and len(tree) == 1:
        return [c.unit(record.name, members, instance_of=collection)]
    below = c.children.get(top, [])
    if len(below) > 1 and depth < DEEPEST_TREE and not c.solid(top) and not label_in(record.name):
        # an empty that only groups: the importer's root, or a handle for everything
        inner = [u for child in below for u in _of_tree(c, child, among, depth + 1)]
        boxes = np.stack([touching.around(u.boxes) for u in inner])
        if len(touching.clusters(boxes)) > 1 and record.kind == "empty":
            return inner
    return [c.unit(record.name, members, tree=len(members) > 1)]


# From units to assets


def _of_units(c: Content, units: list[Unit], alone: bool) -> list[Thing]:
    """The assets of one scene."""
    if not units:
        return []
    boxes = np.stack([touching.around(u.boxes) for u in units])
    ground = touching.grounds(boxes)
    standing = [u for u, g in zip(units, ground) if not g]
    grouped = [_cluster(c, [u], "the ground under the others") for u, g in zip(units, ground) if g]
    grouped = [t for t in grouped if sum(c.faces[m.record] for m in t.members) > 4]
    named: list[tuple[str, list[Unit]]] = []
    loose = standing
    for name in _thing_collections(c, standing):
        inner = [u for u in loose if name in u.collections]
        if inner:
            named.append((name, inner))
            loose = [u for u in loose if name not in u.collections]
    if len(named) == 1 and loose and alone:  # a part in its own collection next to the rest
        everything = np.concatenate([u.boxes for u in standing])
        if len(touching.clusters(everything)) == 1:
            named, loose = [], standing
    things = [_thing(c, name, _members(inner), "a collection") for name, inner in named]
    for cluster in _stand_together(c, loose):
        if all(u.instance_of for u in cluster):
            continue  # built of instances: the collections are the assets
        things.append(_cluster(c, cluster, ""))
    return things + grouped


def _thing_collections(c: Content, units: list[Unit]) -> list[str]:
    """Collections whose name and content suggest one asset, outer ones first."""
    content: dict[str, list[Unit]] = defaultdict(list)
    depth: dict[str, int] = {}
    for unit in units:
        for d, name in enumerate(unit.path):
            content[name].append(unit)
            depth[name] = min(d, depth.get(name, d))
    names: list[str] = []
    for name in sorted(content, key=lambda n: depth[n]):
        if any(f in unit.path for f in names for unit in content[name]):
            continue
        label = label_in(name)
        if not says_more(label):
            continue
        inner = content[name]
        below = {n for u in inner for n in u.path[u.path.index(name) + 1 :] if label_in(n)}
        boxes = np.concatenate([u.boxes for u in inner])
        one = len(touching.clusters(boxes, _rows(inner))) == 1
        words_of = [set(label_in(u.name).split()) for u in inner]
        nameless = sum(not words or words & set(label.split()) != set() for words in words_of)
        if sum(map(names_thing, below)) > 1:
            continue
        several = {label_in(u.name) for u in inner if names_thing(label_in(u.name))} - {label}
        if (nameless and not _is_plural(label)) or (one and (len(several) < 2 or names_thing(label))):
            names.append(name)
    return names


def _stand_together(c: Content, units: list[Unit]) -> list[list[Unit]]:
    """Units that touch; tiny ones join their neighbours; those with telling names are separated again."""
    if not units:
        return []
    boxes = np.concatenate([u.boxes for u in units])
    owners = np.repeat(np.arange(len(units)), [len(u.members) for u in units])
    together = _rows(units)
    # Unnamed objects in a file named after an object are its parts, even if a little apart.
    pieces = names_thing(c.file_label) and not any(says_more(label_in(u.name)) for u in units)
    gap = 0.5 if pieces else touching.GAP
    groups = [sorted({int(owners[k]) for k in cluster}) for cluster in touching.clusters(boxes, together, gap)]
    whole = [touching.around(np.concatenate([units[i].boxes for i in g])) for g in groups]
    sizes = touching.size_of(np.stack(whole))
    joined: dict[int, list[int]] = {}
    for n in np.argsort(-sizes, kind="stable").tolist():
        crumb = not any(says_more(label_in(units[i].name)) for i in groups[n])
        near = [(touching.distance(whole[k], whole[n]), k) for k in joined if crumb and sizes[n] < 0.35 * sizes[k]]
        near = [(d, k) for d, k in near if d < 0.5 * sizes[k]]
        if near:
            joined[min(near)[1]] += groups[n]
        else:
            joined[n] = list(groups[n])
    parted = []
    for n in sorted(joined, key=lambda n: groups[n][0]):
        parted += _part(c, [units[i] for i in sorted(joined[n])])
    return parted


def _part(c: Content, cluster: list[Unit]) -> list[list[Unit]]:
    """Objects that touch but have telling names: a chair at a table, in a file not named after either."""
    labels_of = {u.name: label_in(u.name) for u in cluster}
    things = [u for u in cluster if names_thing(labels_of[u.name])]
    if len(things) == len(cluster) > 1 and len(set(labels_of.values())) == 1:
        return [[u] for u in things]  # three boxes in a heap
    if len({labels_of[u.name] for u in things}) < 2 or names_thing(c.file_label):
        return [cluster]
    if len(things) < 0.6 * len(cluster):
        return [cluster]
    rest = [u for u in cluster if not names_thing(labels_of[u.name])]
    return [*([u] for u in things), *([rest] if rest else [])]


def _named(c: Content, cluster: list[Unit]) -> str:
    """The best label among the units: that of the largest whose name is not just a part's."""
    for unit in sorted(cluster, key=lambda u: -float(touching.size_of(touching.around(u.boxes)))):
        members = sorted(unit.members, key=lambda m: -c.faces[m.record])
        for name in (unit.name, *(c.records[m.record].name for m in members[:3])):
            label = label_in(name)
            if says_more(label):
                return label
    return ""


def _cluster(c: Content, cluster: list[Unit], how: str) -> Thing:
    first = max(cluster, key=lambda u: float(touching.size_of(touching.around(u.boxes))))
    label = _named(c, cluster) or c.file_label or labels.normalise(first.name) or "object"
    reason = "a parent with its children" if first.tree and len(cluster) == 1 else "an object"
    reason = how or (reason if len(cluster) == 1 else "objects that touch")
    return Thing(first.name, label, _members(cluster)[:MOST_MEMBERS], reason)


def _rows(units: list[Unit]) -> list[range]:
    """Which rows of the concatenated boxes belong to each unit."""
    ends = np.cumsum([len(u.members) for u in units]).tolist()
    return [range(end - len(u.members), end) for u, end in zip(units, ends)]


def _members(units: list[Unit]) -> list[Member]:
    return [m for unit in units for m in unit.members]


def _is_plural(label: str) -> bool:
    """ "trees" means several; "house" means one."""
    last = label.split()[-1]
    return last.endswith("s") and not last.endswith("ss") and last not in ("stairs", "glasses", "scissors", "pants")
