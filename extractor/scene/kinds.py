"""Object data that is neither mesh nor armature: lights, cameras, lattices, speakers, probes.

Settings are read generically through RNA; a lattice adds its points. It knows nothing of the object's transform.
"""

from typing import Any

import bpy
import numpy as np

from ..materials.nodes import read_tree
from ..rna.animation import read_animation
from ..rna.context import Context, reference_name
from ..rna.properties import add_properties
from ..rna.references import refer
from ..rna.rna import read_struct
from .mesh import read_vertex_groups

KEPT_KINDS = {"LIGHT", "CAMERA", "LATTICE", "SPEAKER", "LIGHT_PROBE"}
# Programs, or computed from other settings, or shown on screen only.
DATA_SKIP = (
    "points", "use_nodes", "cycles", "cycles_custom", "angle", "angle_x", "angle_y", "custom_shader", "custom_filepath",
    "custom_mode", "custom_bytecode", "custom_bytecode_hash", "sound",
)  # fmt: skip


def read_data(obj: bpy.types.Object, context: Context) -> dict[str, Any]:
    """{name, settings, tree?, animation?, ...} of `obj.data`, which is of one of KEPT_KINDS."""
    held = obj.data
    data: dict[str, Any] = {"name": reference_name(held)}
    data["settings"] = read_struct(held, context, skip=DATA_SKIP)
    add_properties(data, held, context)
    tree = getattr(held, "node_tree", None)
    if tree is not None and getattr(held, "use_nodes", True):
        data["tree"] = read_tree(tree, context)
    if obj.type == "LATTICE":
        points = np.empty(len(held.points) * 3, np.float32)
        held.points.foreach_get("co_deform", points)
        context.arrays["lattice/position"] = points.reshape(-1, 3)
        if len(obj.vertex_groups):
            data["vertex_groups"] = read_vertex_groups(held.points, obj, context, "lattice/vertex_group/")
    animation = read_animation(held, context)
    if animation:
        data["animation"] = animation
    return data


def read_empty(obj: bpy.types.Object, context: Context) -> dict[str, Any] | None:
    """The picture of an image empty."""
    return {"image": refer(obj.data, context)} if obj.data is not None else None
