"""Every node type of shader and geometry trees comes back as it was, with random properties and socket values."""

import json
import random

import pytest

bpy = pytest.importorskip("bpy")

from meshkiln.addon.inject.makers import new_making  # noqa: E402
from meshkiln.addon.inject.nodes.nodes import make_node_group  # noqa: E402
from meshkiln.extractor.materials.nodes import read_node_group  # noqa: E402
from meshkiln.extractor.materials.readers import new_context  # noqa: E402
from meshkiln.extractor.rna.context import TABLES  # noqa: E402
from meshkiln.records import Record  # noqa: E402
from rna_random import differences, random_value, randomize  # noqa: E402

SEED = 20
PER_TREE = 12  # node types that share one tree, so that the whole catalogue takes seconds


def node_types(tree_type):
    """Every node type that can be made in a tree of this type."""
    tree = bpy.data.node_groups.new("probe", tree_type)
    found = []
    for name in sorted(dir(bpy.types)):
        kind = getattr(bpy.types, name)
        if not (isinstance(kind, type) and issubclass(kind, bpy.types.Node)) or name.startswith("Compositor"):
            continue
        try:
            tree.nodes.new(name)
        except RuntimeError:
            continue
        tree.nodes.clear()
        found.append(name)
    bpy.data.node_groups.remove(tree)
    return found


def batches(tree_type):
    names = node_types(tree_type)
    return [names[i : i + PER_TREE] for i in range(0, len(names), PER_TREE)]


def through_json(data):
    return json.loads(json.dumps(data))


def tables(ctx):
    return {table: getattr(ctx, table) for table in TABLES if getattr(ctx, table)}


def as_record(ctx, **data):
    return Record({"format": 1, "kind": "mesh", "name": "test", **data, **through_json(tables(ctx))})


def fill(tree, names, rng):
    """Each node type once, random properties, random values in its sockets."""
    for name in names:
        node = tree.nodes.new(name)
        node.name = f"{name} ünd"
        node.location = (rng.randrange(-500, 500), rng.randrange(-500, 500))
        node.label = f"label {rng.randrange(100)}"
        node.mute, node.hide = rng.random() < 0.3, rng.random() < 0.3
        node.use_custom_color, node.color = True, (0.25, 0.5, 0.75)
        randomize(node, rng)
    for node in tree.nodes:
        for socket in (*node.inputs, *node.outputs):
            randomize_socket(socket, rng)


def randomize_socket(socket, rng):
    if socket.bl_idname == "NodeSocketVirtual" or not hasattr(socket, "default_value"):
        return
    prop = socket.bl_rna.properties["default_value"]
    if prop.type not in ("POINTER", "ENUM"):
        socket.default_value = random_value(socket, "default_value", rng)
    if not socket.is_output:
        socket.hide = rng.random() < 0.2


def group_differences(name, record):
    """Make the group of a record, read it again, say what differs and what was told to differ."""
    making = new_making()
    making.record = record
    before = record.data["node_groups"][name]
    made = make_node_group(name, before, making)
    making.finish()
    after = through_json({**read_node_group(made, new_context()), "name": name})
    return differences(before, after) + making.not_expressed


@pytest.mark.parametrize("tree_type", ["ShaderNodeTree", "GeometryNodeTree"])
def test_every_node_type_survives_the_round_trip(tree_type):
    rng = random.Random(SEED)
    found = []
    for number, names in enumerate(batches(tree_type)):
        tree = bpy.data.node_groups.new(f"tree {number}", tree_type)
        fill(tree, names, rng)
        ctx = new_context()
        read = through_json(read_node_group(tree, ctx))
        assert len(read["nodes"]) == len(names)
        record = as_record(ctx)
        record.data.setdefault("node_groups", {})[tree.name] = read
        found += group_differences(tree.name, record)
    assert found == []
