"""A stranger's records may be anything: what would take the machine down is refused or off; one's own come in whole."""

import subprocess
import sys
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

bpy = pytest.importorskip("bpy")

from meshkiln.addon.inject import InjectError, inject  # noqa: E402
from meshkiln.addon.inject.limits import within_limits  # noqa: E402
from meshkiln.addon.inject.limits.stacks import ALL_FACES, FACES  # noqa: E402
from meshkiln.records import Record, mesh_record, validate  # noqa: E402
from meshkiln.records.dataset import Dataset  # noqa: E402

CUBE = np.array([[x, y, z] for x in (0, 2) for y in (0, 2) for z in (0, 2)], np.float32)
SIDES = np.array([0, 1, 3, 2, 4, 6, 7, 5, 0, 4, 5, 1, 2, 3, 7, 6, 0, 2, 6, 4, 1, 5, 7, 3], np.int32)


def cube(name="Cube", **data):
    record = mesh_record(name, CUBE, np.arange(0, 24, 4, dtype=np.int32), SIDES)
    record.data.update(data)
    return record


def modifier(kind, name=None, **properties):
    return {"type": kind, "name": name or kind.title(), "properties": properties}


def muted(*stack, **data):
    """(viewport, render) that is off of each modifier of a cube, in Blender, and the sentences."""
    injected = inject([cube(modifiers=list(stack), **data)])
    found = injected.objects[0].modifiers
    return [(not m.show_viewport, not m.show_render) for m in found], injected.not_expressed


@pytest.mark.parametrize(
    "costly",
    [
        modifier("REMESH", mode="VOXEL", voxel_size=0.0001),
        modifier("REMESH", mode="SHARP", octree_depth=12),
        modifier("ARRAY", count=1_000_000, fit_type="FIXED_COUNT") | {"name": "Array"},
        modifier("ARRAY", fit_type="FIT_LENGTH", fit_length=1e7, relative_offset_displace=[0.001, 0, 0]),
        modifier("SUBSURF", levels=11, render_levels=11),
        modifier("SCREW", steps=10_000, render_steps=10_000, iterations=10_000),
        modifier("OCEAN", resolution=1024, viewport_resolution=1024, geometry_mode="GENERATE"),
    ],
    ids=lambda m: f"{m['type']} {list(m['properties'].values())[0]}",
)
def test_a_modifier_that_would_take_the_machine_down_is_off_and_named(costly):
    started = time.monotonic()
    base = [modifier("SUBSURF", "Smooth", levels=2, render_levels=2)]
    off, sentences = muted(*base, costly)
    bpy.context.view_layer.update()
    assert off == [(False, False), (True, True)]
    assert any(costly["name"] in sentence and "off" in sentence for sentence in sentences)
    assert time.monotonic() - started < 20


def test_its_values_are_kept_so_that_a_person_can_turn_it_on():
    inject([cube(modifiers=[modifier("REMESH", voxel_size=0.0002)])])
    assert bpy.data.objects["Cube"].modifiers[0].voxel_size == pytest.approx(0.0002)


def test_what_is_too_much_in_renders_only_stays_on_in_the_viewport():
    assert muted(modifier("SUBSURF", levels=1, render_levels=11))[0] == [(False, True)]


def test_ordinary_stacks_come_in_as_they_are():
    stack = [
        modifier("MIRROR"),
        modifier("ARRAY", count=50),
        modifier("BEVEL", segments=4),
        modifier("SUBSURF", levels=3, render_levels=4),
        modifier("REMESH", voxel_size=0.05),
        modifier("SOLIDIFY"),
    ]
    off, sentences = muted(*stack)
    bpy.data.objects["Cube"].modifiers.clear()  # before anything works it out, which takes seconds
    assert off == [(False, False)] * 6 and sentences == []


def test_ones_own_records_come_in_whole():
    record = cube(modifiers=[modifier("SUBSURF", levels=11, render_levels=11)])
    made = inject([record], trust=True)
    found = made.objects[0].modifiers[0]
    assert (found.levels, found.show_viewport, found.show_render, made.not_expressed) == (11, True, True, [])


def test_many_objects_share_what_there_is():
    """Each is bearable alone, all together are not."""
    stack = [modifier("SUBSURF", levels=10, render_levels=10)]  # 6.3 million faces
    bounded, sentences = within_limits([cube(f"Cube {i}", modifiers=stack) for i in range(20)])
    on = [r for r in bounded if r.data["modifiers"][0]["properties"].get("show_viewport", True)]
    assert 0 < len(on) * 6 * 4**10 <= ALL_FACES and len(sentences) == 2 * (20 - len(on))


def test_an_array_that_keyframes_make_long_is_off_and_stays_off():
    curves = [
        {"data_path": 'modifiers["Array"].count', "array_index": 0, "keys": [0, 2]},
        {"data_path": 'modifiers["Array"].show_viewport', "array_index": 0, "keys": [2, 1]},
    ]
    action = {
        "slots": [{"identifier": "OBCube", "name": "Cube", "id_type": "OBJECT"}],
        "layers": [
            {"name": "Layer", "strips": [{"type": "KEYFRAME", "channelbags": [{"slot": "OBCube", "curves": curves}]}]}
        ],
    }
    record = cube(
        modifiers=[modifier("ARRAY", count=2)],
        actions={"Grow": action},
        animation={"action": "Grow", "slot": "OBCube"},
    )
    record.arrays["action/Grow/co"] = np.array([[1, 2], [20, 1e7], [1, 1]], np.float32)
    injected = inject([record])
    bpy.context.scene.frame_set(1)
    assert not injected.objects[0].modifiers["Array"].show_viewport
    assert any("animates" in sentence for sentence in injected.not_expressed)


def test_a_driver_on_a_costly_setting_is_off():
    driver = {
        "data_path": 'modifiers["Array"].count',
        "array_index": 0,
        "mute": False,
        "driver": {"type": "SCRIPTED", "expression": "1000000 * 10", "use_self": False, "variables": []},
    }
    injected = inject([cube(modifiers=[modifier("ARRAY")], animation={"drivers": [driver]})])
    assert injected.objects[0].animation_data.drivers[0].mute
    assert any("count" in sentence for sentence in injected.not_expressed)


# --- node trees


def socket(number, kind="NodeSocketGeometry", side="INPUT"):
    return {
        "item": "socket", "name": f"S{number}", "panel": None, "id": f"Socket_{number}", "in_out": side,
        "properties": {"socket_type": kind},
    }  # fmt: skip


def group_node(name, group):
    return {"type": "GeometryNodeGroup", "name": name, "properties": {"node_tree": {"id": "NODETREE", "name": group}}}


def nested(levels, each):
    """Groups in groups: each holds `each` of the next, in a row."""
    groups = {}
    interface = [socket(0, side="OUTPUT"), socket(1)]
    for level in range(levels):
        inner = f"G{level + 1}"
        nodes = [{"type": "NodeGroupInput", "name": "In"}, {"type": "NodeGroupOutput", "name": "Out"}]
        names = [f"N{i}" for i in range(each)]
        if level == levels - 1:
            nodes += [{"type": "GeometryNodeSetPosition", "name": name} for name in names]
            ends = ("Geometry", "Geometry")
        else:
            nodes += [group_node(name, inner) for name in names]
            ends = ("Socket_0", "Socket_1")
        links = [["In", "Socket_1", names[0], ends[1]]]
        links += [[a, ends[0], b, ends[1]] for a, b in zip(names, names[1:])]
        links += [[names[-1], ends[0], "Out", "Socket_0"]]
        groups[f"G{level}"] = {
            "type": "GeometryNodeTree", "name": f"G{level}", "interface": interface, "nodes": nodes, "links": links,
        }  # fmt: skip
    return groups


def nodes_modifier(group="G0", **inputs):
    return modifier("NODES", node_group={"id": "NODETREE", "name": group}) | {"inputs": inputs}


def test_ten_groups_in_each_of_ten_levels_are_left_empty_where_they_become_too_many():
    started = time.monotonic()
    injected = inject([cube(modifiers=[nodes_modifier()], node_groups=nested(10, 10))])
    bpy.context.evaluated_depsgraph_get().update()
    assert time.monotonic() - started < 60
    assert any("group nodes are left empty" in sentence for sentence in injected.not_expressed)
    held = [getattr(node, "node_tree", None) for node in bpy.data.node_groups["G0"].nodes]
    assert sum(tree is not None for tree in held) == 1


def test_a_few_groups_in_groups_are_left_alone():
    injected = inject([cube(modifiers=[nodes_modifier()], node_groups=nested(3, 10))])
    assert injected.not_expressed == [] and injected.objects[0].modifiers[0].show_viewport


@pytest.mark.parametrize("as_input", [False, True], ids=["typed in", "given to the modifier"])
def test_a_node_tree_that_makes_billions_of_vertices_is_off(as_input):
    grid = {
        "type": "GeometryNodeMeshGrid",
        "name": "Grid",
        "inputs": [{"id": "Vertices X", "value": 100_000}, {"id": "Vertices Y", "value": 100_000}],
    }
    links = [["Grid", "Mesh", "Out", "Socket_0"]]
    interface = [socket(0, side="OUTPUT"), socket(1)]
    given_to = {}
    if as_input:
        grid["inputs"] = [{"id": "Vertices Y", "value": 100}]
        interface.append(socket(2, "NodeSocketInt"))
        links.append(["In", "Socket_2", "Grid", "Vertices X"])
        given_to = {"Socket_2": {"value": 1_000_000_000}}
    nodes = [{"type": "NodeGroupInput", "name": "In"}, {"type": "NodeGroupOutput", "name": "Out"}, grid]
    tree = {"type": "GeometryNodeTree", "name": "G", "interface": interface, "nodes": nodes, "links": links}
    injected = inject([cube(modifiers=[nodes_modifier("G", **given_to)], node_groups={"G": tree})])
    assert not injected.objects[0].modifiers[0].show_viewport and injected.not_expressed


def test_a_repeat_zone_that_doubles_a_hundred_times_is_off():
    nodes = [
        {"type": "NodeGroupInput", "name": "In"},
        {"type": "NodeGroupOutput", "name": "Out"},
        {"type": "GeometryNodeRepeatInput", "name": "Begin", "pair": "End", "inputs": [
            {"id": "Iterations", "value": 100}]},
        {"type": "GeometryNodeSubdivideMesh", "name": "Finer", "inputs": [{"id": "Level", "value": 1}]},
        {"type": "GeometryNodeRepeatOutput", "name": "End"},
    ]  # fmt: skip
    links = [
        ["In", "Socket_1", "Begin", "Item_0"],
        ["Begin", "Item_0", "Finer", "Mesh"],
        ["Finer", "Mesh", "End", "Item_0"],
        ["End", "Item_0", "Out", "Socket_0"],
    ]
    interface = [socket(0, side="OUTPUT"), socket(1)]
    tree = {"type": "GeometryNodeTree", "name": "G", "interface": interface, "nodes": nodes, "links": links}
    record = cube(modifiers=[nodes_modifier("G")], node_groups={"G": tree})
    assert within_limits([record])[0][0].data["modifiers"][0]["properties"]["show_viewport"] is False


# --- instances


def test_collections_in_collections_that_would_show_billions_are_hidden():
    records = [cube("Leaf", collections=[["C0"]])]
    for level in range(10):
        for number in range(10):
            name = f"Empty {level} {number}"
            data = {"format": 1, "kind": "empty", "name": name, "collections": [[f"C{level + 1}"]]}
            data["instance"] = {"type": "COLLECTION", "collection": f"C{level}"}
            records.append(Record(data))
    started = time.monotonic()
    injected = inject(records)
    bpy.context.view_layer.update()
    graph = bpy.context.evaluated_depsgraph_get()
    assert sum(1 for _ in graph.object_instances) < 3_000_000
    assert time.monotonic() - started < 60
    assert any("instances" in sentence for sentence in injected.not_expressed)
    hidden = [obj for obj in injected.objects if obj.hide_viewport]
    assert hidden and not bpy.data.objects["Empty 0 0"].hide_viewport
    inject([r for r in records if "Empty 0" in r.name or r.name == "Leaf"])  # a few are left alone


def test_a_collection_that_shows_itself_ends():
    data = {"format": 1, "kind": "empty", "name": "Ring", "collections": [["C"]]}
    data["instance"] = {"type": "COLLECTION", "collection": "C"}
    assert within_limits([Record(data)])[1] == []


# --- counts


def refused(records):
    started = time.monotonic()
    before = len(bpy.data.objects)
    with pytest.raises(InjectError) as error:
        inject(records)
    assert len(bpy.data.objects) == before and time.monotonic() - started < 20
    return str(error.value)


def test_twenty_thousand_materials_are_refused():
    plain = {"base_color": [1, 1, 1]}
    materials = [{"name": f"M{i}", "plain": plain} for i in range(20_000)]
    assert "more than 10,000 materials" in refused([cube(materials=materials)])


def test_equal_materials_of_many_records_count_once():
    material = {"name": "Wood", "plain": {"base_color": [1, 1, 1]}}
    records = [cube(f"Cube {i}", materials=[dict(material)]) for i in range(12_000)]
    assert within_limits(records)[1] == []


def test_a_hundred_thousand_tiny_node_groups_are_refused():
    groups = {f"G{i}": {"type": "GeometryNodeTree", "nodes": [], "links": []} for i in range(100_000)}
    assert "more than 10,000 node groups" in refused([cube(node_groups=groups)])


def test_sockets_with_high_numbers_in_many_groups_are_refused():
    tree = {"type": "GeometryNodeTree", "interface": [socket(2000)], "nodes": [], "links": []}
    groups = {f"G{i}": tree | {"name": f"G{i}"} for i in range(5_000)}
    assert "node group sockets" in refused([cube(node_groups=groups)])


def test_collections_nested_without_end_are_refused():
    assert "nested 5000 deep" in refused([cube(collections=[[f"C{i}" for i in range(5000)]])])


def test_a_chain_of_parents_without_end_is_refused():
    records = [cube(f"Cube {i}", parent={"name": f"Cube {i + 1}", "type": "OBJECT"}) for i in range(3000)]
    assert "3,000 parents" in refused(records)


def test_texts_without_end_are_refused():
    assert "a text of" in refused([cube(label="x" * 5_000_000)])
    assert "a text of" in refused([cube(custom={"x" * 5_000_000: 1})])


def test_values_nested_without_end_are_refused():
    deep = 1
    for _ in range(400):
        deep = {"group": {"a": deep}}
    assert "nested more than" in refused([cube(custom={"deep": deep})])


def test_a_generated_image_of_billions_of_pixels_is_refused():
    sides = {"generated_width": 65536, "generated_height": 65536}
    image = {"name": "Big", "source": "GENERATED", "properties": sides}
    assert "pixels" in refused([cube(images={"Big": image})])


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.builds(
            lambda kind, values: {"type": kind, "properties": values},
            st.sampled_from(["SUBSURF", "ARRAY", "BEVEL", "SCREW", "REMESH", "MIRROR", "OCEAN", "NODES", "SMOOTH"]),
            st.dictionaries(
                st.sampled_from(["levels", "count", "segments", "steps", "voxel_size", "iterations", "show_viewport"]),
                st.one_of(st.integers(-(10**12), 10**12), st.floats(), st.booleans(), st.text(max_size=3), st.none()),
            ),
        ),
        max_size=12,
    )
)
def test_whatever_a_stack_says_it_is_judged(stack):
    record = cube(modifiers=stack)
    validate(record)
    bounded, sentences = within_limits([record])
    assert [m["type"] for m in bounded[0].data["modifiers"]] == [m["type"] for m in stack]
    off = sum(
        b["properties"].get(key) is False and m["properties"].get(key) is not False
        for b, m in zip(bounded[0].data["modifiers"], stack)
        for key in ("show_viewport", "show_render")
    )
    assert off == len([s for s in sentences if " is off " in s])
    assert FACES < ALL_FACES


# --- the command


def command(*words, timeout=170):
    argv = [sys.executable, "-m", "meshkiln", "inject", *map(str, words)]
    return subprocess.run(argv, capture_output=True, text=True, timeout=timeout, check=False)


def worked_out_by_itself(node, name, count, *others):
    """A cube whose node tree works out one of its own counts, by multiplying: no estimate sees that."""
    times = {
        "type": "ShaderNodeMath", "name": "Times", "properties": {"operation": "MULTIPLY"},
        "inputs": [{"id": "Value", "value": float(count)}, {"id": "Value_001", "value": 1.0}],
    }  # fmt: skip
    nodes = [{"type": "NodeGroupInput", "name": "In"}, {"type": "NodeGroupOutput", "name": "Out"}, times, node, *others]
    links = [["Times", "Value", node["name"], name]]
    if others:
        links += [["In", "Socket_1", "Begin", "Item_0"], ["Begin", "Item_0", "Move", "Geometry"]]
        links += [["Move", "Geometry", "End", "Item_0"], ["End", "Item_0", "Out", "Socket_0"]]
    else:
        links += [[node["name"], "Mesh", "Out", "Socket_0"]]
    interface = [socket(0, side="OUTPUT"), socket(1)]
    tree = {"type": "GeometryNodeTree", "name": "G", "interface": interface, "nodes": nodes, "links": links}
    return cube(modifiers=[nodes_modifier("G")], node_groups={"G": tree})


def large():
    grid = {"type": "GeometryNodeMeshGrid", "name": "Grid", "inputs": [{"id": "Vertices Y", "value": 10_000}]}
    return worked_out_by_itself(grid, "Vertices X", 20_000)


def slow():
    begin = {"type": "GeometryNodeRepeatInput", "name": "Begin", "pair": "End"}
    others = [{"type": "GeometryNodeSetPosition", "name": "Move"}, {"type": "GeometryNodeRepeatOutput", "name": "End"}]
    return worked_out_by_itself(begin, "Iterations", 1_000_000_000, *others)


@pytest.mark.parametrize(
    ("record", "limits", "sentence"),
    [
        (large, ("--memory", 1, "--timeout", 150), "needs more than 1 GB of memory"),
        (slow, ("--memory", 64, "--timeout", 3), "took longer than 3 s"),
    ],
    ids=["memory", "time"],
)
def test_the_command_ends_a_blender_that_takes_too_much_and_says_so(tmp_path, record, limits, sentence):
    assert within_limits([record()])[1] == []  # nothing else holds it
    with Dataset(tmp_path / "ds") as dataset:
        dataset.append([record()], "strange.blend")
    done = command(tmp_path / "ds", "--out", tmp_path / "out.obj", *limits)
    assert done.returncode == 1 and sentence in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "out.obj").exists()


def test_the_command_says_what_was_refused(tmp_path):
    with Dataset(tmp_path / "ds") as dataset:
        dataset.append([cube(collections=[[f"C{i}" for i in range(5000)]])], "strange.blend")
    done = command(tmp_path / "ds", "--out", tmp_path / "out.blend")
    assert done.returncode == 1 and "nested 5000 deep" in done.stderr and "Traceback" not in done.stderr
