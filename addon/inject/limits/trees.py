"""Node trees: how many nodes they are with all groups opened, and about how many elements a geometry tree makes.

A group that holds ten of another that holds ten of another is ten nodes to store and a thousand to work out, for
Blender already when a node is given its group. `empty_groups` leaves those group nodes empty with which a tree becomes
too large. `elements_of` follows the geometry through a
tree along its links, with what is typed into the sockets (or given to the group); a number that the tree works out
itself counts as one.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ....records import Record

NODES = 200_000  # of one tree with all groups opened
LOOKS = 200_000  # nodes looked at to estimate one modifier
DEEPEST = 60  # groups in groups
TOO_MUCH = 1e30
Groups = Mapping[str, Any]


def group_of(node: Mapping[str, Any]) -> str | None:
    """The name of the group that a node stands for."""
    reference = (node.get("properties") or {}).get("node_tree")
    return reference.get("name") if isinstance(reference, Mapping) else None


# --- how many nodes


def empty_groups(record: Record, sentences: list[str]) -> Record:
    """The record with those group nodes left without a group that make a tree more than NODES large."""
    groups: Groups = record.data.get("node_groups") or {}
    if not groups:
        return record
    sizes: dict[str, float] = {}

    def size_of(name: str | None, depth: int) -> float:
        if name is None or name not in groups:
            return 0.0
        if depth > DEEPEST:
            return TOO_MUCH
        if name not in sizes:
            sizes[name] = 0.0  # one that holds itself: Blender refuses that
            sizes[name] = opened(groups[name], depth)[0]
        return sizes[name]

    def opened(tree: Mapping[str, Any], depth: int) -> tuple[float, set[int]]:
        """(nodes with all groups opened, places of the nodes to leave empty)"""
        nodes = tree.get("nodes") or ()
        total, off = float(len(nodes)), set()
        for place, node in enumerate(nodes):
            more = size_of(group_of(node), depth + 1)
            if more and total + more > NODES:
                off.add(place)
            else:
                total += more
        return total, off

    def bounded(tree: Any, where: str) -> Any:
        off = opened(tree, 0)[1] if isinstance(tree, Mapping) else None
        if not off:
            return tree
        count = "1 group node is" if len(off) == 1 else f"{len(off)} group nodes are"
        sentences.append(f"{record.name}: {where}: {count} left empty: with all groups opened it has too many nodes")
        empty = {tree["nodes"][place]["name"] for place in off}
        nodes = [_emptied(node) if place in off else node for place, node in enumerate(tree["nodes"])]
        links = [link for link in tree.get("links") or () if link[0] not in empty and link[2] not in empty]
        return {**tree, "nodes": nodes, "links": links}

    for name in groups:
        size_of(name, 0)
    data = dict(record.data)
    data["node_groups"] = {name: bounded(tree, f"node group {name}") for name, tree in groups.items()}
    if data.get("materials"):
        data["materials"] = [_with_tree(material, bounded) for material in data["materials"]]
    if data.get("used_materials"):
        data["used_materials"] = {name: _with_tree(m, bounded) for name, m in data["used_materials"].items()}
    if (data.get("data") or {}).get("tree"):
        data["data"] = {**data["data"], "tree": bounded(data["data"]["tree"], record.kind)}
    return Record(data, record.arrays)


def _emptied(node: Mapping[str, Any]) -> dict[str, Any]:
    return {**node, "properties": {**node["properties"], "node_tree": None}, "inputs": [], "outputs": []}


def _with_tree(material: Any, bounded: Any) -> Any:
    if not material or not material.get("tree"):
        return material
    tree = bounded(material["tree"], f"material {material.get('name')}")
    return material if tree is material["tree"] else {**material, "tree": tree}


# --- how many elements

Inputs = Mapping[str, Any]
Value = Callable[..., float]  # (node, names of sockets) -> the number in the first of them that is there


def elements_of(name: str | None, groups: Groups, given: float, inputs: Inputs) -> tuple[float, float]:
    """(elements that a group makes of a geometry of `given`, the most that it handles on the way).

    `inputs` are the values given to the group's sockets.
    """
    estimate = _Estimate(groups)
    made = estimate.group(name, given, inputs, 0)
    return (TOO_MUCH, TOO_MUCH) if estimate.looks > LOOKS else (made, estimate.most)


class _Estimate:
    """One estimate in progress."""

    def __init__(self, groups: Groups) -> None:
        self.groups = groups
        self.looks = 0
        self.most = 0.0

    def group(self, name: str | None, given: float, inputs: Inputs, depth: int) -> float:
        tree = self.groups.get(name or "")
        if not isinstance(tree, Mapping) or depth > DEEPEST:
            return given if tree is None else TOO_MUCH
        nodes = {node["name"]: node for node in tree.get("nodes") or ()}
        defaults = {
            entry["id"]: (entry.get("properties") or {}).get("default_value")
            for entry in tree.get("interface") or ()
            if "id" in entry
        }
        links: dict[str, list[Sequence[Any]]] = {}
        for link in tree.get("links") or ():
            if link[0] in nodes and link[2] in nodes and not (len(link) > 4 and link[4].get("muted")):
                links.setdefault(link[2], []).append(link)
        known: dict[str, float] = {}
        arguments = {**defaults, **{key: value for key, value in inputs.items() if value is not None}}

        def value(node: Mapping[str, Any], *names: str) -> float:
            """The number in the first of these sockets that is there; 1 where the tree works it out."""
            for link in links.get(node["name"], ()):
                if link[3] in names:
                    return self.typed(nodes[link[0]], link[1], arguments)
            for socket in node.get("inputs") or ():
                if socket["id"] in names and not socket.get("off"):
                    return _number(socket.get("value"))
            return 1.0

        def order() -> list[str]:
            """Nodes after those that feed them; without recursion, for a tree may be long."""
            done: dict[str, bool] = {}
            out = []
            for start in nodes:
                waiting = [start]
                while waiting:
                    at = waiting[-1]
                    if at in done:
                        waiting.pop()
                        if not done[at]:
                            done[at] = True
                            out.append(at)
                        continue
                    done[at] = False
                    waiting += [link[0] for link in links.get(at, ()) if link[0] not in done]
            return out

        made = given
        for at in order():
            node = nodes[at]
            self.looks += 1
            if self.looks > LOOKS:
                return TOO_MUCH
            coming = [known.get(link[0], 0.0) for link in links.get(at, ())]
            kind = node["type"]
            if kind == "NodeGroupInput":
                count = given
            elif kind == "NodeGroupOutput":
                count = made = max(coming, default=0.0)
            elif node.get("mute"):
                count = max(coming, default=0.0)
            elif kind == "GeometryNodeGroup":
                passed = {socket["id"]: value(node, socket["id"]) for socket in node.get("inputs") or ()}
                count = self.group(group_of(node), max(coming, default=0.0), passed, depth + 1)
            elif kind == "GeometryNodeRepeatOutput":
                count = self.repeated(node, nodes, known, coming, value)
            else:
                count = _made_by(kind, node, coming, [link[3] for link in links.get(at, ())], value)
            known[at] = min(count, TOO_MUCH)
            self.most = max(self.most, known[at])
        return min(made, TOO_MUCH)

    def typed(self, source: Mapping[str, Any], socket: str, arguments: Inputs) -> float:
        """The number that a node gives, where it was typed in."""
        if source["type"] == "NodeGroupInput":
            return _number(arguments.get(socket))
        if source["type"] == "ShaderNodeValue":
            return _number(next((s.get("value") for s in source.get("outputs") or ()), 1))
        if source["type"] == "FunctionNodeInputInt":
            return _number((source.get("properties") or {}).get("integer", 1))
        return 1.0

    def repeated(
        self,
        node: Mapping[str, Any],
        nodes: Mapping[str, Any],
        known: Mapping[str, float],
        coming: Sequence[float],
        value: Value,
    ) -> float:
        """What a repeat zone makes: what it does once, so many times."""
        out = max(coming, default=0.0)
        start = next((n for n in nodes.values() if n.get("pair") == node["name"]), None)
        times = value(start, "Iterations") if start is not None else 1.0
        if times * len(nodes) > 10 * LOOKS:
            return TOO_MUCH
        into = known.get(start["name"], 0.0) if start is not None else 0.0
        if into <= 0:
            return out * max(times, 1.0)
        factor = out / into
        return into * math.exp(min(times * math.log(factor), 60.0)) if factor > 1.0 else out


def _number(value: Any) -> float:
    """A count as a number; of a vector the largest part."""
    if isinstance(value, list | tuple):
        return max((_number(part) for part in value), default=1.0)
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        return 1.0
    return max(-1e12, min(1e12, float(value)))


# Primitives: the sockets whose numbers multiply to the elements they make. A name with "/" is any of several.
MAKERS: dict[str, tuple[str, ...]] = {
    "GeometryNodeMeshGrid": ("Vertices X", "Vertices Y"),
    "GeometryNodeMeshUVSphere": ("Segments", "Rings"),
    "GeometryNodeMeshLine": ("Count",),
    "GeometryNodeMeshCircle": ("Vertices",),
    "GeometryNodePoints": ("Count",),
    "GeometryNodeCurvePrimitiveCircle": ("Resolution",),
    "GeometryNodeCurvePrimitiveBezierSegment": ("Resolution",),
    "GeometryNodeCurveQuadraticBezier": ("Resolution",),
    "GeometryNodeCurveSpiral": ("Resolution", "Rotations"),
    "GeometryNodeCurveStar": ("Points",),
}
# Nodes that make so many of each element that comes in.
TIMES: dict[str, str] = {"GeometryNodeDuplicateElements": "Amount"}
SUBDIVIDERS = ("GeometryNodeSubdivideMesh", "GeometryNodeSubdivisionSurface")
VOXELS = ("GeometryNodeMeshToVolume", "GeometryNodePointsToVolume", "GeometryNodeVolumeToMesh")
SUMS = ("GeometryNodeJoinGeometry", "GeometryNodeMeshBoolean", "GeometryNodeGeometryToInstance")


def _made_by(kind: str, node: Mapping[str, Any], coming: Sequence[float], into: Sequence[str], value: Value) -> float:
    """Elements that a node makes; `coming` is what arrives over each link, `into` at which socket."""
    most = max(coming, default=0.0)
    if kind in MAKERS:
        return _product(max(value(node, name), 1.0) for name in MAKERS[kind])
    if kind == "GeometryNodeMeshCube":
        a, b, c = (max(value(node, f"Vertices {axis}"), 2.0) for axis in "XYZ")
        return 2 * (a * b + b * c + c * a)
    if kind in ("GeometryNodeMeshCylinder", "GeometryNodeMeshCone"):
        rings = max(value(node, "Side Segments"), 1.0) + max(value(node, "Fill Segments"), 1.0)
        return max(value(node, "Vertices"), 3.0) * rings
    if kind == "GeometryNodeMeshIcoSphere":
        return 20 * math.pow(4.0, min(max(value(node, "Subdivisions") - 1, 0), 20))
    if kind == "GeometryNodeVolumeCube":
        return _product(max(value(node, f"Resolution {axis}"), 1.0) for axis in "XYZ")
    if kind in SUBDIVIDERS:
        return most * math.pow(4.0, min(max(value(node, "Level"), 0), 11))
    if kind in TIMES:
        return most * max(value(node, TIMES[kind]), 1.0)
    if kind == "GeometryNodeInstanceOnPoints":
        parts = [max([c for c, name in zip(coming, into) if name == socket], default=1.0) for socket in (
            "Points", "Instance")]  # fmt: skip
        return _product(max(part, 1.0) for part in parts)
    if kind == "GeometryNodeResampleCurve":
        return max(most, value(node, "Count"))
    if kind in VOXELS:
        return max(most, max(value(node, "Voxel Amount"), 1.0) ** 3)
    if kind in SUMS:
        return sum(coming)
    return most


def _product(parts: Iterable[float]) -> float:
    return min(float(math.prod(parts)), TOO_MUCH)
