"""What one Blender says, another understands: the same few sentences go into whichever Blender runs the test."""

import pytest

bpy = pytest.importorskip("bpy")

from meshkiln.addon.inject.makers import new_making  # noqa: E402
from meshkiln.addon.inject.modifiers import make_modifiers  # noqa: E402
from meshkiln.addon.inject.nodes.nodes import make_material, make_node_group  # noqa: E402
from meshkiln.records import Record  # noqa: E402


def making():
    made = new_making()
    made.record = Record({"name": "test"})
    return made


def group_of(node):
    """A geometry node group with one node in it, made here; (node, what could not be said)"""
    now = making()
    group = make_node_group("group", {"type": "GeometryNodeTree", "nodes": [{"name": "n", **node}], "links": []}, now)
    return group.nodes["n"] if "n" in group.nodes else None, now.not_expressed


def chosen(node, prop, socket):
    """A choice as this Blender holds it, in capitals."""
    value = getattr(node, prop) if prop in node.bl_rna.properties else node.inputs[socket].default_value
    return value.upper().replace(" ", "_")


@pytest.mark.parametrize(
    "said",
    [
        {"properties": {"mode": "LENGTH"}},  # as Blender up to 4.5 says it
        {"inputs": [{"id": "Mode", "value": "Length"}]},  # as Blender from 5.0 on does
    ],
)
def test_a_choice_is_understood_as_property_and_as_menu(said):
    node, told = group_of({"type": "GeometryNodeResampleCurve", **said})
    assert chosen(node, "mode", "Mode") == "LENGTH"
    assert told == []


@pytest.mark.parametrize(
    "said",
    [
        {"properties": {"quad_method": "FIXED_ALTERNATE"}},
        {"inputs": [{"id": "Quad Method", "value": "Fixed Alternate"}]},
    ],
)
def test_a_choice_of_two_words_is_understood(said):
    node, told = group_of({"type": "GeometryNodeTriangulate", **said})
    assert chosen(node, "quad_method", "Quad Method") in ("FIXED_ALTERNATE",)
    assert told == []


@pytest.mark.parametrize("name", ["Min", "Min_002"])
def test_a_typed_socket_is_found_under_either_name(name):
    node, told = group_of(
        {"type": "FunctionNodeRandomValue", "properties": {"data_type": "INT"}, "inputs": [{"id": name, "value": 5}]}
    )
    minimum = next(s for s in node.inputs if s.name == "Min" and s.enabled)
    assert minimum.default_value == 5
    assert told == []


def test_old_colour_nodes_become_what_there_is():
    tree = {
        "nodes": [
            {"type": "ShaderNodeCombineRGB", "name": "c", "inputs": [{"id": "G", "value": 0.25}]},
            {"type": "ShaderNodeBsdfDiffuse", "name": "d"},
            {"type": "ShaderNodeOutputMaterial", "name": "o"},
        ],
        "links": [["c", "Image", "d", "Color"], ["d", "BSDF", "o", "Surface"]],
    }
    now = making()
    nodes = make_material({"name": "old", "tree": tree}, now).node_tree.nodes
    assert nodes["c"].inputs[1].default_value == 0.25
    assert nodes["d"].inputs["Color"].is_linked
    assert now.not_expressed == []


@pytest.mark.parametrize("solver", ["FAST", "FLOAT"])
def test_the_quick_boolean_solver_has_two_names(solver):
    obj = bpy.data.objects.new("o", bpy.data.meshes.new("o"))
    now = making()
    make_modifiers(obj, [{"type": "BOOLEAN", "name": "b", "properties": {"solver": solver}}], now)
    assert obj.modifiers["b"].solver in ("FAST", "FLOAT")
    assert now.not_expressed == []


def test_what_makes_no_difference_is_not_complained_about():
    now = making()
    tree = {"nodes": [{"type": "ShaderNodeBsdfPrincipled", "name": "p", "inputs": [{"id": "Nonsense", "value": 0.0}]}]}
    make_material({"name": "m", "tree": tree, "properties": {"shadow_method": "HASHED"}}, now)
    assert now.not_expressed == []
    tree["nodes"][0]["inputs"][0]["value"] = 0.5
    make_material({"name": "m", "tree": tree}, now)
    assert len(now.not_expressed) == 1
