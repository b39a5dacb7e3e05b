"""Object data that is neither mesh nor armature: lights, cameras, lattices, speakers, probes."""

from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

from ...records import Record
from .animation import apply_animation
from .mesh import write_vertex_groups
from .nodes.nodes import write_tree
from .properties import write_properties
from .rna.context import HOMES, Making
from .rna.references import resolve
from .rna.rna import write_struct

# record kind -> (id_type, further arguments of bpy.data.<home>.new)
KINDS = {
    "camera": "CAMERA",
    "lattice": "LATTICE",
    "light": "LIGHT",
    "light_probe": "LIGHT_PROBE",
    "speaker": "SPEAKER",
}


def make_data(record: Record, making: Making) -> bpy.types.ID | None:
    """The datablock that an object of this kind holds; None for an empty or what can't be made."""
    kind, data = record.kind, record.data.get("data") or {}
    if kind == "empty":
        return resolve(data["image"], making) if data.get("image") else None
    if kind not in KINDS:
        making.cannot(f"what a {kind.replace('_', ' ')} holds is not kept; an empty stands in its place")
        return None
    settings = data.get("settings") or {}
    return making.share(
        KINDS[kind], data.get("name") or record.name, data, lambda: _make(record, data, settings, making)
    )


def _make(record: Record, data: dict[str, Any], settings: dict[str, Any], making: Making) -> bpy.types.ID:
    id_type, name = KINDS[record.kind], data.get("name") or record.name
    if id_type == "LIGHT":
        made = making.new(id_type, name, settings.get("type", "POINT"))
    elif id_type == "LIGHT_PROBE":
        made = making.new(id_type, name, settings.get("type", "SPHERE"))
    else:
        made = making.new(id_type, name)
    if id_type == "LATTICE":
        _write_lattice(made, settings, record.arrays)
    write_struct(lambda: getattr(bpy.data, HOMES[id_type])[made.name], settings, making)
    write_properties(made, data, making)
    return made


def dress_data(obj: bpy.types.Object, record: Record, making: Making) -> None:
    """What must wait until every object exists: a light's nodes, animation, a lattice's weights."""
    data = record.data.get("data") or {}
    if data.get("vertex_groups"):
        write_vertex_groups(obj, data["vertex_groups"], record.arrays, "lattice/vertex_group/")
    if data.get("tree"):
        obj.data.use_nodes = True
        write_tree(obj.data.node_tree, data["tree"], making, f"{record.kind} {obj.data.name}")
    if data.get("animation"):
        with making.at("animation"):
            apply_animation(obj.data, data["animation"], making)


def _write_lattice(lattice: bpy.types.Lattice, settings: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> None:
    for axis in "uvw":  # the number of points first: changing it moves them
        setattr(lattice, f"points_{axis}", settings.get(f"points_{axis}", 2))
    positions = arrays.get("lattice/position")
    if positions is not None and len(positions) == len(lattice.points):
        lattice.points.foreach_set("co_deform", np.ascontiguousarray(positions, np.float32).reshape(-1))
