"""Whole materials and node groups: links, frames, zones, nested groups, menus; things written by hand or by malice."""

import json

import pytest

bpy = pytest.importorskip("bpy")

from meshkiln.addon.inject.makers import new_making  # noqa: E402
from meshkiln.addon.inject.nodes.nodes import make_material, make_node_group  # noqa: E402
from meshkiln.extractor.materials.nodes import read_material, read_node_group  # noqa: E402
from meshkiln.extractor.materials.readers import new_context  # noqa: E402
from meshkiln.extractor.rna.context import TABLES  # noqa: E402
from meshkiln.records import Record, plain_material  # noqa: E402
from rna_random import differences  # noqa: E402


def material(name="paint"):
    made = bpy.data.materials.new(name)
    if made.node_tree is None:
        made.use_nodes = True
    return made


def read(datablock, reader=read_material):
    """(what is said, the record that embeds what it refers to)"""
    ctx = new_context()
    said = json.loads(json.dumps(reader(datablock, ctx)))
    tables = {table: json.loads(json.dumps(getattr(ctx, table))) for table in TABLES if getattr(ctx, table)}
    return said, Record({"format": 1, "kind": "mesh", "name": "test", **tables}, ctx.arrays)


def made_again(said, record, make=make_material, **options):
    making = new_making(**options)
    making.record = record
    made = make(said, making) if make is make_material else make(said["name"], said, making)
    making.finish()
    return made, making


def assert_survives(datablock, reader=read_material, make=make_material):
    said, record = read(datablock, reader)
    for group in bpy.data.node_groups:
        group.name = "taken " + group.name
    made, making = made_again(said, record, make)
    again, record_again = read(made, reader)
    assert differences({**said, "name": ""}, {**again, "name": ""}) == []
    for table in TABLES:
        assert differences(record.data.get(table), record_again.data.get(table)) == []
    assert making.not_expressed == []


def test_a_material_with_ramp_curves_frames_and_an_image_survives():
    paint = material()
    tree = paint.node_tree
    shader = tree.nodes["Principled BSDF"]
    outer, inner = tree.nodes.new("NodeFrame"), tree.nodes.new("NodeFrame")
    outer.name, inner.name, outer.label = "outer", "inner", "look here"
    inner.parent = outer
    outer.location, inner.location = (-700, 100), (40, -60)
    ramp = tree.nodes.new("ShaderNodeValToRGB")
    ramp.parent = inner
    ramp.location = (10, -20)
    ramp.color_ramp.elements.new(0.3).color = (0.1, 0.7, 0.2, 0.9)
    ramp.color_ramp.interpolation = "EASE"
    curves = tree.nodes.new("ShaderNodeRGBCurve")
    curves.mapping.curves[3].points.new(0.25, 0.75).handle_type = "VECTOR"
    curves.mapping.update()
    image = bpy.data.images.new("wood", 4, 4)
    image.source, image.filepath = "FILE", "/nowhere/wöod.png"
    image.colorspace_settings.name = "Non-Color"
    picture = tree.nodes.new("ShaderNodeTexImage")
    picture.image, picture.extension, picture.image_user.frame_duration = image, "CLIP", 7
    tree.links.new(ramp.inputs["Fac"], picture.outputs["Alpha"])
    tree.links.new(curves.inputs["Color"], ramp.outputs["Color"])
    muted = tree.links.new(shader.inputs["Base Color"], curves.outputs["Color"])
    muted.is_muted = True
    shader.inputs["Roughness"].default_value = 0.123
    shader.inputs["Roughness"].hide = True
    paint.diffuse_color = (0.1, 0.2, 0.3, 0.4)
    paint["price"] = 12.5
    said, record = read(paint)
    assert record.data["images"]["wood"]["filepath"].endswith("wöod.png")
    made, _ = made_again(said, record)
    copy = made.node_tree.nodes["Image Texture"].image
    assert copy != image and copy.colorspace_settings.name == "Non-Color" and copy.filepath == image.filepath
    again, _ = read(made)
    found = differences({**said, "name": ""}, {**again, "name": ""})
    assert [line for line in found if "image.name" not in line] == []


def test_nested_groups_panels_and_gaps_in_the_numbers_survive():
    inner = bpy.data.node_groups.new("inner", "ShaderNodeTree")
    panel = inner.interface.new_panel("Panel")
    for number in range(6):
        inner.interface.new_socket(f"S{number}", in_out="INPUT", socket_type="NodeSocketFloat")
    for item in [i for i in inner.interface.items_tree if i.name in ("S1", "S4")]:
        inner.interface.remove(item)
    inside = inner.interface.new_socket("inside", in_out="INPUT", socket_type="NodeSocketColor", parent=panel)
    inside.default_value = (0.5, 0.25, 0.125, 1.0)
    limits = next(i for i in inner.interface.items_tree if i.name == "S2")
    limits.min_value, limits.max_value, limits.default_value, limits.description = -3, 4, 0.7, "how much"
    inner.interface.new_socket("out", in_out="OUTPUT", socket_type="NodeSocketShader")
    start, end = inner.nodes.new("NodeGroupInput"), inner.nodes.new("NodeGroupOutput")
    glow = inner.nodes.new("ShaderNodeEmission")
    inner.links.new(glow.inputs["Strength"], start.outputs["S5"])
    inner.links.new(glow.inputs["Color"], start.outputs["inside"])
    inner.links.new(end.inputs["out"], glow.outputs[0])
    paint = material()
    group = paint.node_tree.nodes.new("ShaderNodeGroup")
    group.node_tree = inner
    group.inputs["S5"].default_value = 9.0
    paint.node_tree.links.new(paint.node_tree.nodes["Material Output"].inputs["Surface"], group.outputs["out"])
    assert_survives(paint)


def test_zones_menus_and_the_order_of_joined_geometry_survive():
    tree = bpy.data.node_groups.new("scatter", "GeometryNodeTree")
    tree.interface.new_socket("Geometry", in_out="OUTPUT", socket_type="NodeSocketGeometry")
    menu = tree.interface.new_socket("Kind", in_out="INPUT", socket_type="NodeSocketMenu")
    nodes, links = tree.nodes, tree.links
    begin, end = nodes.new("GeometryNodeRepeatInput"), nodes.new("GeometryNodeRepeatOutput")
    begin.name, end.name = "begin", "end"
    begin.pair_with_output(end)
    end.repeat_items.new("FLOAT", "gone")
    end.repeat_items.new("VECTOR", "drift")
    end.repeat_items.remove(end.repeat_items[1])
    start, finish, switch = (
        nodes.new("NodeGroupInput"), nodes.new("NodeGroupOutput"), nodes.new("GeometryNodeMenuSwitch"),
    )  # fmt: skip
    switch.enum_items.new("third")
    switch.enum_items[0].name = "first"
    join = nodes.new("GeometryNodeJoinGeometry")
    cubes = [nodes.new("GeometryNodeMeshCube") for _ in range(3)]
    for cube in (cubes[1], cubes[0], cubes[2]):
        links.new(join.inputs[0], cube.outputs[0])
    links.new(begin.inputs[1], join.outputs[0])
    links.new(end.inputs[0], begin.outputs[1] if begin.outputs[0].name == "Iteration" else begin.outputs[0])
    links.new(finish.inputs[0], end.outputs[0])
    links.new(switch.inputs["Menu"], start.outputs["Kind"])
    menu.default_value = "third"
    end_sockets = [s.identifier for s in end.inputs]
    assert "Item_2" in end_sockets  # Blender's own number; the record counts anew
    assert_survives(tree, read_node_group, make_node_group)
    copy = next(g for g in bpy.data.node_groups if g.name == "scatter")
    assert [k.from_node.name for k in copy.nodes[join.name].inputs[0].links] == [
        k.from_node.name for k in join.inputs[0].links
    ]
    assert next(i for i in copy.interface.items_tree if i.name == "Kind").default_value == "third"


def test_a_link_to_a_socket_that_is_not_in_use_stays_where_it_was():
    tree = bpy.data.node_groups.new("compare", "GeometryNodeTree")
    compare, value = tree.nodes.new("FunctionNodeCompare"), tree.nodes.new("ShaderNodeValue")
    tree.links.new(compare.inputs[0], value.outputs[0])
    tree.links.new(compare.inputs[1], value.outputs[0])
    compare.data_type = "INT"
    assert_survives(tree, read_node_group, make_node_group)


def test_plain_values_become_a_principled_shader_and_come_back():
    said = plain_material("red", (0.8, 0.1, 0.05), 0.25, 1.0, 0.5, 0.125, (2.0, 1.0, 0.0))
    made, making = made_again(said, Record({"name": "test"}))
    assert read_material(made, new_context())["plain"] == said["plain"]
    assert making.not_expressed == []


@pytest.mark.parametrize(
    ("shader", "expected"),
    [
        ("ShaderNodeBsdfGlass", {"transmission": 1.0}),
        ("ShaderNodeBsdfGlossy", {"metallic": 1.0}),
        ("ShaderNodeBsdfDiffuse", {"roughness": 1.0}),
        ("ShaderNodeEmission", {"emission": [0.5, 0.25, 0.125]}),
    ],
)
def test_other_shaders_have_plain_values_too(shader, expected):
    paint = material()
    tree = paint.node_tree
    node = tree.nodes.new(shader)
    node.inputs["Color"].default_value = (0.5, 0.25, 0.125, 1.0)
    tree.links.new(tree.nodes["Material Output"].inputs["Surface"], node.outputs[0])
    plain = read_material(paint, new_context())["plain"]
    assert plain["base_color"] == [0.5, 0.25, 0.125]
    assert {key: plain[key] for key in expected} == expected


def test_a_lean_tree_is_enough_and_is_laid_out():
    tree = {
        "nodes": [
            {"type": "ShaderNodeOutputMaterial", "name": "out"},
            {"type": "ShaderNodeBsdfPrincipled", "name": "bsdf", "inputs": [{"id": "Roughness", "value": 0.125}]},
            {"type": "ShaderNodeTexNoise", "name": "noise", "properties": {"noise_dimensions": "2D"}},
        ],
        "links": [["bsdf", "BSDF", "out", "Surface"], ["noise", "Color", "bsdf", "Base Color"]],
    }
    made, making = made_again({"name": "lean", "tree": tree}, Record({"name": "test"}))
    nodes = made.node_tree.nodes
    assert making.not_expressed == []
    assert nodes["noise"].location.x < nodes["bsdf"].location.x < nodes["out"].location.x
    assert nodes["bsdf"].inputs["Roughness"].default_value == 0.125
    assert nodes["bsdf"].inputs["Metallic"].default_value == 0.0
    assert nodes["noise"].noise_dimensions == "2D"


def test_equal_materials_are_made_once_and_reused_when_asked():
    paint = material("paint")
    paint.node_tree.nodes["Principled BSDF"].inputs["Roughness"].default_value = 0.1
    said, record = read(paint)
    assert made_again(said, record, reuse_materials=True)[0] == paint
    other = json.loads(json.dumps(said))
    shader = next(node for node in other["tree"]["nodes"] if node["name"] == "Principled BSDF")
    next(socket for socket in shader["inputs"] if socket["id"] == "Roughness")["value"] = 0.2
    fresh, _ = made_again(other, record, reuse_materials=True)
    assert fresh != paint
    making = new_making()
    making.record = record
    assert make_material(said, making) == make_material(said, making) != paint


def test_a_script_node_comes_without_its_script():
    text = bpy.data.texts.new("evil.osl")
    paint = material()
    node = paint.node_tree.nodes.new("ShaderNodeScript")
    node.script = text
    said, record = read(paint)
    assert "evil" not in json.dumps(said)
    entry = next(n for n in said["tree"]["nodes"] if n["type"] == "ShaderNodeScript")
    entry["properties"] |= {"script": {"id": "TEXT", "name": "evil.osl"}, "filepath": "/evil.osl", "mode": "EXTERNAL"}
    made, making = made_again(said, record, trust=True)
    node = next(n for n in made.node_tree.nodes if n.bl_idname == "ShaderNodeScript")
    assert node.script is None and node.filepath == ""
    assert any("script" in sentence for sentence in making.not_expressed)


def test_what_this_blender_lacks_is_told_and_the_rest_is_made():
    said = {
        "name": "future",
        "tree": {
            "nodes": [
                {"type": "ShaderNodeTomorrow", "name": "x"},
                {"type": "ShaderNodeOutputMaterial", "name": "out", "properties": {"warp": 3}},
                {"type": "ShaderNodeBsdfDiffuse", "name": "d", "inputs": [{"id": "Sparkle", "value": 2.0}]},
            ],
            "links": [["d", "BSDF", "out", "Surface"], ["x", "BSDF", "out", "Volume"]],
        },
    }
    made, making = made_again(said, Record({"name": "test"}))
    assert sorted(n.name for n in made.node_tree.nodes) == ["d", "out"]
    assert len(made.node_tree.links) == 1
    assert len(making.not_expressed) == 3
