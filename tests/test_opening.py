"""A file is read as it is stored: the same records come of it, and nothing in it has to be computed first."""

import pytest

bpy = pytest.importorskip("bpy")

import numpy as np  # noqa: E402
from blend_files import add, empty, grid, save  # noqa: E402
from meshkiln.extractor.files.importers import open_file  # noqa: E402
from meshkiln.extractor.rna.context import Options  # noqa: E402
from meshkiln.extractor.scene.scene import extract_objects  # noqa: E402


@pytest.fixture
def path(tmp_path):
    return tmp_path / "file.blend"


def records(path, as_stored):
    opened = open_file(path, "blend", as_stored)
    assert opened.scene.name == "Scene"
    read = extract_objects(opened.objects, Options(worked_out=opened.worked_out))
    return opened, {record.name: record for record in read}


def some_scene():
    empty()
    bpy.context.scene.unit_settings.scale_length = 0.5
    hidden = bpy.data.collections.new("hidden")
    bpy.context.scene.collection.children.link(hidden)
    base = add("base", grid("base", 2))
    base.location, base.rotation_euler, base.scale = (1, 2, 3), (0.3, 0.2, 0.1), (1, 2, 0.5)
    base.modifiers.new("finer", "SUBSURF").levels = 2
    bpy.context.view_layer.update()
    leaf = add("leaf", grid("leaf", 1), base)
    leaf.delta_location, leaf.delta_rotation_euler, leaf.rotation_mode = (0, 0, 1), (0, 0, 1), "QUATERNION"
    leaf.rotation_quaternion = (0.8, 0.6, 0, 0)
    leaf.matrix_parent_inverse = base.matrix_world.inverted()
    far = add("far", grid("far", 1), leaf, hidden)
    far.location = (7, 0, 0)
    text = bpy.data.curves.new("text", "FONT")
    text.body = "kiln"
    add("text", text)
    return base, leaf, far, hidden


def test_both_ways_give_the_same_records(path):
    some_scene()
    save(path)
    (ours, stored), (theirs, computed) = records(path, True), records(path, False)
    assert not ours.worked_out and theirs.worked_out
    assert set(stored) == set(computed) == {"base", "leaf", "far", "text"}
    for name, record in computed.items():
        world = stored[name].data["transform"].pop("world")
        assert np.allclose(world, record.data["transform"].pop("world"), atol=1e-5)
        assert np.allclose(stored[name].data.pop("size"), record.data.pop("size"), atol=1e-5)
        assert stored[name].data == record.data
        assert stored[name].arrays.keys() == record.arrays.keys()
        assert all(np.array_equal(array, record.arrays[key]) for key, array in stored[name].arrays.items())


def test_what_no_view_shows_still_has_its_place(path):
    _, _, _, hidden = some_scene()
    bpy.context.view_layer.update()
    place = np.array(bpy.data.objects["far"].matrix_world)
    bpy.context.view_layer.layer_collection.children[hidden.name].exclude = True
    save(path)
    assert np.allclose(records(path, True)[1]["far"].data["transform"]["world"], place, atol=1e-5)


def drive(base, leaf, far):
    base.driver_add("location", 0).driver.expression = "frame"


def drive_a_shader(base, leaf, far):
    material = bpy.data.materials.new("driven")
    material.use_nodes = True
    material.node_tree.nodes[0].inputs[0].driver_add("default_value", 0)
    base.data.materials.append(material)


def animate(base, leaf, far):
    leaf.keyframe_insert("scale", frame=1)


def constrain(base, leaf, far):
    far.constraints.new("COPY_LOCATION").target = base


def hang_on_vertices(base, leaf, far):
    leaf.parent_type = "VERTEX"


def ride_on_a_path(base, leaf, far):
    path = bpy.data.curves.new("path", "CURVE")
    path.splines.new("BEZIER").bezier_points.add(2)
    path.use_path = True
    far.parent = add("path", path)


@pytest.mark.parametrize(
    "change", [drive, drive_a_shader, animate, constrain, hang_on_vertices, ride_on_a_path], ids=lambda f: f.__name__
)
def test_where_values_follow_others_blender_works_them_out(path, change):
    base, leaf, far, _ = some_scene()
    change(base, leaf, far)
    save(path)
    assert records(path, True)[0].worked_out


def test_no_handler_and_no_scene_is_left_behind(path):
    some_scene()
    save(path)
    before = list(bpy.app.handlers.load_post)
    open_file(path, "blend", as_stored=True)
    assert len(bpy.data.scenes) == 2  # the file's, and the empty one that the window shows
    assert list(bpy.app.handlers.load_post) == before
    open_file(path, "blend")
    assert len(bpy.data.scenes) == 1
