"""Objects with everything a mesh can hold go out of Blender and come back the same."""

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from meshkiln.addon.inject import InjectError, inject  # noqa: E402
from meshkiln.extractor.compare import compare  # noqa: E402
from meshkiln.extractor.rna.context import Options  # noqa: E402
from meshkiln.extractor.scene.scene import extract_objects, extract_scene  # noqa: E402
from meshkiln.records import ATTRIBUTE_TYPES, Record, from_plain, mesh_record, plain_material  # noqa: E402

POSITIONS = [(0, 0, 0), (1, 0, 0), (2, 0.5, 0), (1, 1, 0), (0, 1, 0), (3, 3, 3), (4, 4, 4), (9, 9, 9)]
FACES = [(0, 1, 3, 4), (1, 2, 3)]
LOOSE_EDGES = [(5, 6)]  # vertex 7 is loose
TYPES = [item.identifier for item in bpy.types.Attribute.bl_rna.properties["data_type"].enum_items]
COUNTS = {"POINT": 8, "EDGE": 7, "FACE": 2, "CORNER": 7}


def make(name: str = "Thing") -> "bpy.types.Object":
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(POSITIONS, LOOSE_EDGES, FACES)
    obj = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(obj)
    return obj


def there_and_back(records: list[Record] | None = None) -> list[Record]:
    """Extract all, empty the file, inject, and assert that extraction gives the same again."""
    before = extract_scene() if records is None else records
    bpy.ops.wm.read_factory_settings(use_empty=True)
    injected = inject(before, trust=True)
    assert injected.not_expressed == []
    compared = compare(before, extract_scene())
    assert compared.differences == []
    assert compared.geometry_equal and compared.values == compared.equal
    return before


def random_values(kind: str, count: int) -> np.ndarray:
    dtype, shape, _ = ATTRIBUTE_TYPES[kind]
    random = np.random.default_rng(len(kind) * 1000 + count)
    if kind == "QUATERNION" or np.dtype(dtype).kind == "f":
        return random.standard_normal((count, *shape)).astype(np.float32)
    if dtype is np.bool_:
        return random.random(count) < 0.5
    limits = np.iinfo(dtype)
    return random.integers(limits.min, limits.max, (count, *shape), dtype, endpoint=True)


@pytest.mark.parametrize("domain", COUNTS)
@pytest.mark.parametrize("kind", TYPES)
def test_every_attribute_type_on_every_domain(kind, domain):
    obj = make()
    count = COUNTS[domain]
    arrays = {}
    if kind == "STRING":
        layer = obj.data.attributes.new("größe/x", kind, domain)
        for index, item in enumerate(layer.data):
            item.value = f"ü{index}".encode() * index
    else:
        values = random_values(kind, count)
        record = extract_objects([obj])[0]
        arrays["mesh/attribute/x"] = values
        listed = {"name": "größe/x", "domain": domain, "type": kind, "key": "mesh/attribute/x"}
        record.data["mesh"]["attributes"].append(listed)
        record.arrays.update(arrays)
        bpy.data.objects.remove(obj)
        inject([record])
    before = there_and_back()
    entry = next(e for e in before[0].data["mesh"]["attributes"] if e["name"] == "größe/x")
    assert (entry["domain"], entry["type"], entry["key"]) == (domain, kind, "mesh/attribute/größe%2Fx")
    if kind not in ("STRING", "QUATERNION"):
        assert np.array_equal(before[0].arrays[entry["key"]], values)


def test_numbers_that_are_none_and_huge_ones_stay():
    obj = make()
    wild = np.array([np.nan, np.inf, -np.inf, 3e38, 1e-45, -0.0, 1, 2], np.float32)
    layer = obj.data.attributes.new("wild", "FLOAT", "POINT")
    layer.data.foreach_set("value", wild)
    obj.data.attributes["position"].data.foreach_set("vector", np.repeat(wild, 3))
    records = there_and_back()
    assert records[0].arrays["mesh/attribute/wild"].tobytes() == wild.tobytes()


def test_uv_maps_colours_and_which_is_active():
    obj = make()
    for name in ("first", "second", "third"):
        layer = obj.data.uv_layers.new(name=name)
        layer.data.foreach_set("uv", np.random.default_rng(1).random(14).astype(np.float32))
    obj.data.uv_layers.active = obj.data.uv_layers["second"]
    obj.data.uv_layers["third"].active_render = True
    for name, kind, domain in (("bytes", "BYTE_COLOR", "CORNER"), ("floats", "FLOAT_COLOR", "POINT")):
        obj.data.color_attributes.new(name, kind, domain)
    obj.data.color_attributes.active_color = obj.data.color_attributes["floats"]
    obj.data.color_attributes.render_color_index = 0
    data = there_and_back()[0].data["mesh"]
    assert data["uv"] == {"active": "second", "render": "third"}
    assert data["color"]["active"] == "floats"


def test_every_byte_colour_survives():
    mesh = bpy.data.meshes.new("m")
    mesh.vertices.add(256)
    bpy.context.scene.collection.objects.link(bpy.data.objects.new("o", mesh))
    layer = mesh.attributes.new("c", "BYTE_COLOR", "POINT")
    layer.data.foreach_set("color_srgb", np.repeat(np.arange(256, dtype=np.float32) / 255, 4))
    records = there_and_back()
    assert np.array_equal(
        records[0].arrays["mesh/attribute/c"], np.repeat(np.arange(256, dtype=np.uint8), 4).reshape(-1, 4)
    )


def test_edges_creases_seams_and_normals():
    obj = make()
    mesh = obj.data
    mesh.edges[2].use_seam = True
    mesh.edges[3].use_edge_sharp = True
    mesh.polygons[1].use_smooth = True
    for name, domain in (("crease_edge", "EDGE"), ("bevel_weight_edge", "EDGE"), ("crease_vert", "POINT")):
        layer = mesh.attributes.new(name, "FLOAT", domain)
        layer.data.foreach_set("value", np.linspace(0, 1, len(layer.data), dtype=np.float32))
    names = {e["name"] for e in there_and_back()[0].data["mesh"]["attributes"]}
    assert {"uv_seam", "sharp_edge", "crease_edge", "bevel_weight_edge", "crease_vert"} <= names


def test_custom_normals():
    obj = make()
    for polygon in obj.data.polygons:
        polygon.use_smooth = True
    normals = np.random.default_rng(3).standard_normal((7, 3)).astype(np.float32)
    normals[:, 2] += 3
    obj.data.normals_split_custom_set(normals / np.linalg.norm(normals, axis=1, keepdims=True))
    before = extract_scene()
    bpy.ops.wm.read_factory_settings(use_empty=True)
    inject(before)
    after = extract_scene()[0].arrays["mesh/corner_normal"]
    assert np.allclose(before[0].arrays["mesh/corner_normal"], after, atol=1e-3)
    if "mesh/attribute/custom_normal" in before[0].arrays:  # stored as an attribute from 4.5 on: exact
        assert compare(before, extract_scene()).differences == []


def test_vertex_groups_with_exact_weights():
    obj = make()
    random = np.random.default_rng(5)
    for name in ("höhe", "b", "empty", "c/d"):
        group = obj.vertex_groups.new(name=name)
        if name != "empty":
            for vertex in random.permutation(8)[:5]:
                group.add([int(vertex)], float(random.random()), "REPLACE")
    obj.vertex_groups["b"].add([0], 0.0, "REPLACE")
    obj.vertex_groups["b"].lock_weight = True
    records = there_and_back()
    assert records[0].data["mesh"]["vertex_groups"][1] == {"name": "b", "lock_weight": True}


def test_shape_keys():
    obj = make()
    obj.vertex_groups.new(name="mask")
    random = np.random.default_rng(7)
    for index, name in enumerate(("Basis", "up", "dön/x")):
        key = obj.shape_key_add(name=name, from_mix=False)
        key.data.foreach_set("co", random.standard_normal(24).astype(np.float32))
        key.slider_min, key.slider_max = -2.0 - index, 0.5 + index
        key.value = -1.25 * index
        key.interpolation = "KEY_CARDINAL"
    keys = obj.data.shape_keys
    keys.key_blocks[1].mute, keys.key_blocks[1].vertex_group = True, "mask"
    keys.key_blocks[2].relative_key = keys.key_blocks[1]
    keys.use_relative, keys.eval_time = False, 12.5
    there_and_back()


def test_objects_that_share_a_mesh_share_it_again():
    one, two = make("one"), make("two")
    two.data = one.data
    one.data.materials.append(bpy.data.materials.new("shared"))
    two.location, two.color = (1.1, 2.2, 3.3), (0.1, 0.2, 0.3, 0.4)
    there_and_back()
    assert bpy.data.objects["one"].data == bpy.data.objects["two"].data
    assert len(bpy.data.materials) == 1


def test_material_slots_of_the_object_and_empty_ones():
    one, two = make("one"), make("two")
    two.data = one.data
    for name in ("a", None, "b"):
        one.data.materials.append(bpy.data.materials.new(name) if name else None)
    two.material_slots[2].link = "OBJECT"
    two.material_slots[2].material = bpy.data.materials.new("own")
    one.data.polygons[1].material_index = 2
    there_and_back()
    assert two is not None and bpy.data.objects["one"].material_slots[2].material.name == "b"


def test_transforms_parents_collections_instances():
    outer, inner = bpy.data.collections.new("outer"), bpy.data.collections.new("ïnner")
    kept = bpy.data.collections.new("only for instancing")
    bpy.context.scene.collection.children.link(outer)
    outer.children.link(inner)
    inner.color_tag, inner.hide_render, kept.instance_offset = "COLOR_03", True, (1, 2, 3)
    parent, child, far = make("parent"), make("child"), make("far")
    inner.objects.link(child)
    kept.objects.link(far)
    bpy.context.scene.collection.objects.unlink(far)
    parent.rotation_mode, parent.rotation_quaternion = "QUATERNION", (0.5, 0.5, -0.5, 0.5)
    parent.delta_location, parent.delta_scale = (0.1, 0.2, 0.3), (1, 2, 3)
    child.parent, child.parent_type, child.parent_vertices = parent, "VERTEX_3", (0, 1, 2)
    child.rotation_mode, child.rotation_axis_angle = "AXIS_ANGLE", (0.25, 0.6, 0.8, 0.0)
    child.matrix_parent_inverse = parent.matrix_world.inverted()
    child.lock_location, child.hide_render, child.display_type = (True, False, True), True, "WIRE"
    empty = bpy.data.objects.new("instancer", None)
    bpy.context.scene.collection.objects.link(empty)
    empty.instance_type, empty.instance_collection = "COLLECTION", kept
    records = {record.name: record.data for record in there_and_back()}
    assert records["child"]["collections"] == [[], ["outer", "ïnner"]]
    assert records["far"]["collections"] == [[None, "only for instancing"]]
    assert bpy.data.objects["instancer"].instance_collection.name == "only for instancing"


def test_custom_properties_with_limits():
    obj = make()
    obj["whole"], obj["part"], obj["text"], obj["yes"] = 7, 0.1, "größer", True
    obj["list"], obj["ints"], obj["flags"] = [0.5, 1.5], [1, 2, 3], [True, False]
    obj["single"] = np.array([0.1, 0.2], np.float32)
    obj["group"] = {"inner": {"deep": 3}, "text": "x"}
    obj["groups"] = [{"a": 1}, {"a": 2}]
    obj["other"] = obj.data
    obj.data["of the mesh"] = 3.5
    obj.id_properties_ui("part").update(min=-1.0, max=2.0, description="how much", subtype="FACTOR")
    before = there_and_back()
    assert before[0].data["custom_limits"]["part"]["description"] == "how much"


def test_an_armature_with_pose_and_a_mesh_on_it():
    armature = bpy.data.armatures.new("rig")
    rig = bpy.data.objects.new("rig", armature)
    bpy.context.scene.collection.objects.link(rig)
    bpy.context.view_layer.objects.active = rig
    bpy.ops.object.mode_set(mode="EDIT")
    for index, name in enumerate(("hip", "knee", "foot")):
        bone = armature.edit_bones.new(name)
        bone.head, bone.tail, bone.roll = (0.1, index, 0.2), (0.3, index + 1, 0.2), 0.3 * index
        if index:
            bone.parent, bone.use_connect = armature.edit_bones[index - 1], index == 2
    bpy.ops.object.mode_set(mode="OBJECT")
    armature.bones["knee"].use_deform, armature.bones["knee"].bbone_segments = False, 4
    armature.bones["knee"]["custom"] = 3
    armature.display_type = "BBONE"
    legs = armature.collections.new("legs")
    armature.collections.new("left", parent=legs).assign(armature.bones["foot"])
    pose = rig.pose.bones["knee"]
    pose.rotation_mode, pose.rotation_euler, pose.lock_scale = "ZYX", (0.1, 0.2, 0.3), (True, False, True)
    pose.ik_min_x, pose.use_ik_limit_x, pose.color.palette = -0.5, True, "THEME04"
    shape = make("shape")
    pose.custom_shape = shape
    constraint = pose.constraints.new("COPY_ROTATION")
    constraint.target, constraint.subtarget, constraint.influence = rig, "hip", 0.25
    body = make("body")
    body.parent, body.parent_type, body.parent_bone = rig, "BONE", "foot"
    body.modifiers.new("Armature", "ARMATURE").object = rig
    bpy.context.view_layer.update()
    there_and_back()
    assert bpy.data.objects["rig"].mode == "OBJECT"


def test_lights_cameras_lattices_and_pictures():
    for kind in ("POINT", "SUN", "SPOT", "AREA"):
        light = bpy.data.lights.new(kind, kind)
        light.energy, light.color = 12.5, (0.1, 0.2, 0.3)
        bpy.context.scene.collection.objects.link(bpy.data.objects.new(kind, light))
    camera = bpy.data.cameras.new("cam")
    camera.lens, camera.sensor_fit, camera.dof.use_dof = 31.5, "VERTICAL", True
    lattice = bpy.data.lattices.new("lat")
    lattice.points_u, lattice.points_w = 3, 4
    lattice.points[5].co_deform = (1, 2, 3)
    picture = bpy.data.objects.new("picture", None)
    picture.empty_display_type = "IMAGE"
    picture.data = bpy.data.images.new("pic", 4, 4)
    probe = bpy.data.lightprobes.new("probe", "SPHERE")
    for held in (camera, lattice, probe, bpy.data.speakers.new("sound")):
        bpy.context.scene.collection.objects.link(bpy.data.objects.new(held.name, held))
    bpy.context.scene.collection.objects.link(picture)
    there_and_back()


def test_empty_meshes_and_meshes_of_loose_parts():
    for name, positions, edges in (
        ("none", [], []),
        ("points", [(1, 2, 3)], []),
        ("edge", [(0, 0, 0), (1, 1, 1)], [(0, 1)]),
    ):
        mesh = bpy.data.meshes.new(name)
        mesh.from_pydata(positions, edges, [])
        bpy.context.scene.collection.objects.link(bpy.data.objects.new(name, mesh))
    there_and_back()


def test_a_mesh_in_edit_mode_is_read_as_it_is_being_edited():
    obj = make()
    obj.data.uv_layers.new(name="map")
    expected = extract_objects([obj])[0]
    bpy.context.view_layer.objects.active = obj
    bpy.ops.object.mode_set(mode="EDIT")
    record = extract_objects([obj])[0]
    assert obj.mode == "EDIT"
    bpy.ops.object.mode_set(mode="OBJECT")
    assert compare([expected], [record]).differences == []


def test_curves_texts_and_metaballs_become_meshes():
    curve = bpy.data.curves.new("path", "CURVE")
    curve.bevel_depth, curve.dimensions = 0.1, "3D"
    spline = curve.splines.new("BEZIER")
    spline.bezier_points.add(2)
    for index, point in enumerate(spline.bezier_points):
        point.co = (index, index**2, 0)
    text = bpy.data.curves.new("words", "FONT")
    text.body = "Ab"
    ball = bpy.data.metaballs.new("ball")
    ball.elements.new()
    for held in (curve, text, ball):
        bpy.context.scene.collection.objects.link(bpy.data.objects.new(held.name, held))
    bpy.context.view_layer.update()
    records = {record.name: record for record in extract_scene()}
    assert {name: record.data["mesh"]["was"] for name, record in records.items()} == {
        "path": "CURVE",
        "words": "FONT",
        "ball": "META",
    }
    assert all(len(record.arrays["mesh/loop_start"]) for record in records.values())
    there_and_back()


def test_apply_modifiers_reads_what_is_seen():
    obj = make()
    obj.modifiers.new("Array", "ARRAY").count = 3
    record = extract_objects([obj], Options(apply_modifiers=True))[0]
    assert len(record.arrays["mesh/position"]) == 24 and record.data["modifiers"] == []


def test_all_or_nothing():
    kept = bpy.data.meshes.new("kept")
    make()
    good = extract_scene()[0]
    before = {
        home: len(getattr(bpy.data, home)) for home in ("objects", "meshes", "materials", "collections", "images")
    }
    bad = mesh_record("bad", np.zeros((3, 3)), np.array([0]), np.array([0, 1, 2]))
    bad.data["transform"] = {"rotation_quaternion": [1, 2, 3, 4]}
    bad.data["collections"] = [["new one"]]
    bad.data["materials"] = [plain_material("m")]
    bad.data["instance"] = {"type": "NO SUCH TYPE"}
    with pytest.raises(InjectError) as caught:
        inject([good, bad])
    assert (caught.value.record, caught.value.field) == ("bad", "instance")
    assert {home: len(getattr(bpy.data, home)) for home in before} == before
    assert kept.name == "kept"


def test_names_that_exist_are_left_alone():
    obj = make("Thing")
    child = make("Child")
    child.parent = obj
    records = extract_scene()
    injected = inject(records, location=(0, 0, 5), keep_collections=False)
    names = {made.name for made in injected.objects}
    assert names == {"Thing.001", "Child.001"}
    made = bpy.data.objects["Child.001"]
    assert made.parent.name == "Thing.001" and made.parent.location.z == 5
    assert child.parent == obj and obj.location.z == 0


def test_the_plain_form_becomes_a_scene():
    plain = {
        "name": "box",
        "mesh": {"vertices": [[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], "faces": [[0, 1, 2, 3]]},
        "modifiers": [{"type": "MIRROR", "use_axis": [False, True, False]}],
        "materials": [{"name": "red", "type": "PBR", "base_color": [1, 0, 0], "roughness": 0.25, "metallic": 1}],
        "transforms": {"location": [1, 2, 3], "rotation": [0, 0, 1], "scale": [1, 1, 2]},
    }
    box = inject(from_plain({"objects": [plain]})).objects[0]
    assert tuple(box.location) == (1, 2, 3) and len(box.data.edges) == 4
    assert list(box.modifiers[0].use_axis) == [False, True, False]
    assert box.data.materials[0].node_tree.nodes["Principled BSDF"].inputs["Metallic"].default_value == 1
    assert not box.data.polygons[0].use_smooth


def test_parents_in_a_ring_stand_free():
    records = from_plain({"objects": [{"name": "a", "parent": "b"}, {"name": "b", "parent": "a"}]})
    injected = inject(records)
    assert any("ring" in sentence for sentence in injected.not_expressed)


def test_what_comes_in_a_record_must_be_sound():
    record = mesh_record("bad", np.zeros((3, 3)), np.array([0]), np.array([0, 1, 7]))
    with pytest.raises(ValueError, match="points at 7"):
        inject([record])
    assert len(bpy.data.objects) == 0
