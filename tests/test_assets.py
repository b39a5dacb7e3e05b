"""From a file to the assets that its author means: what is one thing, what it is called, and what its mesh is."""

import json
import math
import os
from pathlib import Path

import bpy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from meshkiln.extractor.files.batch import extract_files
from meshkiln.extractor.files.importers import open_file
from meshkiln.extractor.rna.context import Options
from meshkiln.extractor.scene.scene import extract_objects
from meshkiln.records import mesh_record, validate
from meshkiln.trainer.assets import joining
from meshkiln.trainer.assets.asset import Asset, assets_of, read_dataset
from meshkiln.trainer.assets.corrections import CorrectionError, Corrections
from meshkiln.trainer.assets.library import Library
from meshkiln.trainer.data import curate
from meshkiln.trainer.mesh.weld import reversed_faces, weld


def box(name: str, size=(1.0, 1.0, 1.0), at=(0.0, 0.0, 0.0), collection=None, parent=None):
    """A box object with quads that look outwards, centred at `at`."""
    x, y, z = (s / 2 for s in size)
    corners = [(sx * x, sy * y, sz * z) for sz in (-1, 1) for sy in (-1, 1) for sx in (-1, 1)]
    faces = [(0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5)]
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(corners, [], faces)
    obj = bpy.data.objects.new(name, mesh)
    obj.location = at
    obj.parent = parent
    (collection or bpy.context.scene.collection).objects.link(obj)
    return obj


def new_collection(name: str, inside=None):
    made = bpy.data.collections.new(name)
    (inside or bpy.context.scene.collection).children.link(made)
    return made


def assets(file: str = "scene.blend") -> list[Asset]:
    """The assets of the open file, as if it had been saved as `file`."""
    bpy.context.view_layer.update()
    records = extract_objects(bpy.data.objects, Options(source_file=f"/work/{file}", evaluate=True))
    for record in records:
        validate(record)
    return list(assets_of(records))


def extent(asset: Asset) -> list[float]:
    return [round(float(x), 4) for x in np.ptp(asset.positions, axis=0)]


def volume(asset: Asset) -> float:
    """Positive where faces look outwards."""
    total = 0.0
    for face in np.split(asset.corners, asset.starts[1:]):
        a = asset.positions[face[0]]
        for b, c in zip(face[1:-1], face[2:]):
            total += float(np.dot(a, np.cross(asset.positions[b], asset.positions[c]))) / 6
    return total


# What its mesh is


def test_an_object_that_is_scaled_is_learned_scaled() -> None:
    box("Cube").scale = (2, 1, 1)
    (asset,) = assets("crate.blend")
    assert extent(asset) == [2, 1, 1] and asset.label == "crate"


def test_half_a_mesh_with_a_mirror_is_a_whole_thing_and_keeps_its_stack() -> None:
    obj = box("Chair", at=(0.0, 0, 0))
    obj.data.transform(__import__("mathutils").Matrix.Translation((0.5, 0, 0)))
    obj.modifiers.new("Mirror", "MIRROR")
    obj.modifiers.new("Smooth", "SUBSURF")
    (asset,) = assets()
    assert extent(asset) == [2, 1, 1]
    assert len(asset.starts) < 24, "a subdivision is not worked out"
    records = extract_objects([obj], Options(evaluate=True))
    assert [m["type"] for m in records[0].data["modifiers"]] == ["MIRROR", "SUBSURF"]
    assert np.ptp(records[0].arrays["mesh/position"][:, 0]) == 1, "what is injected stays what the artist edits"
    assert len(bpy.data.scenes) == 1 and len(bpy.data.objects) == 1, "nothing is left behind"


def test_an_array_is_worked_out() -> None:
    array = box("Fence").modifiers.new("Array", "ARRAY")
    array.count = 4
    (asset,) = assets()
    assert extent(asset) == [4, 1, 1] and len(asset.starts) >= 18


def test_what_is_hidden_for_rendering_cuts_without_being_part() -> None:
    wall = box("Wall", (4, 0.2, 3))
    cutter = box("Cutter", (1, 1, 2))
    cutter.display_type = "WIRE"
    cutter.hide_render = True
    boolean = wall.modifiers.new("Door", "BOOLEAN")
    boolean.object = cutter
    hidden = box("Reference", (9, 9, 9))
    hidden.hide_viewport = True
    (asset,) = assets()
    assert extent(asset) == [4, 0.2, 3] and len(asset.starts) > 6 and asset.part_names == ["Wall"]


def test_units_become_metres() -> None:
    bpy.context.scene.unit_settings.scale_length = 0.01
    box("Mug", (8, 8, 10))
    (asset,) = assets()
    assert extent(asset) == [0.08, 0.08, 0.1]


def test_a_mirrored_object_still_looks_outwards() -> None:
    box("Boot", (1, 2, 3)).scale = (-1, 1, 1)
    (asset,) = assets()
    assert volume(asset) == pytest.approx(6, rel=1e-4)


def test_text_and_curves_are_shapes_too() -> None:
    text = bpy.data.curves.new("Sign", "FONT")
    text.body, text.extrude = "A", 0.1
    bpy.context.scene.collection.objects.link(bpy.data.objects.new("Sign", text))
    curve = bpy.data.curves.new("Rope", "CURVE")
    curve.dimensions, curve.bevel_depth = "3D", 0.1
    spline = curve.splines.new("POLY")
    spline.points.add(1)
    spline.points[1].co = (0, 0, 2, 1)
    rope = bpy.data.objects.new("Rope", curve)
    rope.location = (9, 0, 0)
    bpy.context.scene.collection.objects.link(rope)
    found = {asset.label: asset for asset in assets()}
    assert set(found) == {"sign", "rope"} and all(len(a.starts) > 3 for a in found.values())


def test_shape_keys_show_as_they_are_set() -> None:
    obj = box("Blob")
    obj.shape_key_add(name="Basis")
    key = obj.shape_key_add(name="Tall")
    for point in key.data:
        point.co.z *= 3
    key.value = 1.0
    (asset,) = assets()
    assert extent(asset) == [1, 1, 3]


def test_a_palette_becomes_plain_slots_while_the_tree_is_kept() -> None:
    image = bpy.data.images.new("palette", 2, 1)
    image.pixels[:] = [1, 0, 0, 1, 0, 0, 1, 1]
    material = bpy.data.materials.new("Palette")
    material.use_nodes = True
    texture = material.node_tree.nodes.new("ShaderNodeTexImage")
    texture.image = image
    shader = next(n for n in material.node_tree.nodes if n.type == "BSDF_PRINCIPLED")
    material.node_tree.links.new(texture.outputs["Color"], shader.inputs["Base Color"])
    obj = box("Barrel")
    obj.data.materials.append(material)
    layer = obj.data.uv_layers.new(name="UV")
    layer.uv.foreach_set("vector", np.repeat([[0.25, 0.5], [0.75, 0.5]], 12, axis=0).ravel())
    (asset,) = assets()
    assert sorted(m["name"] for m in asset.materials) == ["bright blue", "bright red"] and set(asset.slots) == {0, 1}
    (record,) = extract_objects([obj], Options(evaluate=True))
    assert record.data["materials"][0]["tree"] and record.data["materials"][0]["name"] == "Palette"


def test_the_triangles_of_a_glb_become_quads(tmp_path: Path) -> None:
    box("Cube")
    bpy.ops.export_scene.gltf(filepath=str(tmp_path / "small_crate.glb"))
    extract_files([tmp_path], tmp_path / "data")
    (asset,) = read_dataset(tmp_path / "data")
    assert len(asset.starts) == 6 and len(asset.positions) == 8 and asset.label == "small crate"


def test_a_model_file_that_holds_several_things_apart_gives_several(tmp_path: Path) -> None:
    box("Chair")
    box("Lamp", (0.2, 0.2, 2), (6, 0, 0))
    bpy.ops.export_scene.gltf(filepath=str(tmp_path / "bits.glb"))
    box("Wheel", (0.2, 0.2, 0.2), (9, 0, 0))
    bpy.ops.export_scene.gltf(filepath=str(tmp_path / "cart.glb"))
    extract_files([tmp_path], tmp_path / "data")
    found = {asset.label: len(asset.part_names) for asset in read_dataset(tmp_path / "data")}
    assert found == {"chair": 1, "lamp": 1, "cart": 3}


# What is one thing


def test_a_house_of_thirty_cubes_in_a_collection_is_one_house() -> None:
    house = new_collection("House")
    for i in range(30):
        box("Cube", at=(i % 6 * 1.0, i // 6 * 1.0, 0), collection=house)
    box("Cube", at=(90, 0, 0))
    box("Tree", at=(40, 0, 0))
    found = {asset.label: asset for asset in assets("town.blend")}
    assert set(found) == {"house", "tree", "town"}
    assert len(found["house"].part_names) == 30 and found["house"].how == "a collection"
    assert np.bincount(found["house"].parts).tolist() == [6] * 30


def test_thirty_cubes_that_stand_together_in_a_file_are_one_thing() -> None:
    for i in range(30):
        box("Cube", at=(i % 6 * 1.0, i // 6 * 1.0, 0))
    (asset,) = assets("my_tower.blend")
    assert len(asset.part_names) == 30 and asset.label == "my tower"


def test_things_that_stand_apart_are_several() -> None:
    box("Chair", at=(0, 0, 0.5))
    box("Lamp", at=(5, 0, 0.5))
    box("Ground", (50, 50, 0.01))
    assert {a.label for a in assets()} >= {"chair", "lamp"}
    assert all(len(a.part_names) == 1 for a in assets())


def test_a_table_on_its_legs_is_one_table() -> None:
    box("Cube", (2, 1, 0.05), (0, 0, 0.75))
    for x in (-0.9, 0.9):
        for y in (-0.4, 0.4):
            box("Cube", (0.05, 0.05, 0.75), (x, y, 0.36))
    (asset,) = assets("table.blend")
    assert len(asset.part_names) == 5 and asset.label == "table"


def test_what_is_marked_as_an_asset_is_the_asset() -> None:
    box("Oak", at=(0, 0, 0)).asset_mark()
    well = new_collection("Well")
    box("Cube", collection=well, at=(5, 0, 0))
    box("Cube", collection=well, at=(5, 0, 1))
    well.asset_mark()
    box("Backdrop", (30, 1, 30), (0, 20, 0))
    found = {asset.label: asset for asset in assets()}
    assert set(found) == {"oak", "well"} and len(found["well"].part_names) == 2


def test_a_collection_that_is_instanced_is_one_asset_however_often() -> None:
    pine = bpy.data.collections.new("Pine")
    pine.instance_offset = (0, 0, 3)
    box("Trunk", (0.2, 0.2, 2), (0, 0, 0), pine)
    box("Cube", (1, 1, 1), (0, 0, 1.2), pine)
    for i in range(5):
        empty = bpy.data.objects.new(f"Pine.{i:03}", None)
        empty.instance_type, empty.instance_collection = "COLLECTION", pine
        empty.location = (i * 5, 0, 0)
        bpy.context.scene.collection.objects.link(empty)
    (asset,) = assets("forest.blend")
    assert asset.label == "pine" and len(asset.part_names) == 2
    assert asset.positions[:, 2].min() == pytest.approx(-4)


def test_instances_among_other_objects_are_parts_of_them() -> None:
    wheel = bpy.data.collections.new("Wheel")
    box("Cylinder", (0.5, 0.2, 0.5), (0, 0, 0), wheel)
    box("Cart", (3, 1, 1))
    for x in (-1, 1):
        empty = bpy.data.objects.new("Wheel", None)
        empty.instance_type, empty.instance_collection = "COLLECTION", wheel
        empty.location = (x, 0.55, -0.5)
        bpy.context.scene.collection.objects.link(empty)
    found = {asset.label: asset for asset in assets()}
    assert len(found["cart"].part_names) == 3 and len(found["wheel"].part_names) == 1


def test_an_empty_called_cart_with_children_is_a_cart() -> None:
    cart = bpy.data.objects.new("Cart", None)
    cart.location = (3, 0, 0)
    bpy.context.scene.collection.objects.link(cart)
    for i in range(3):
        box("Cube", at=(i * 4.0, 0, 0), parent=cart)
    box("Barn", (4, 4, 4), (40, 0, 0))
    found = {asset.label: asset for asset in assets()}
    assert set(found) == {"cart", "barn"} and found["cart"].how == "a parent with its children"
    assert len(found["cart"].part_names) == 3 and found["cart"].positions[:, 0].min() == pytest.approx(2.5)


def test_a_child_stands_where_its_parent_turns_it() -> None:
    root = box("Door", (1, 0.1, 2))
    root.rotation_euler = (0, 0, math.pi / 2)
    root.scale = (2, 2, 2)
    box("Cube", (0.1, 0.1, 0.1), (1, 0, 0), parent=root)
    (asset,) = assets("door.blend")
    high = asset.positions.max(0)
    assert high[1] == pytest.approx(2.1, abs=1e-4)


def test_names_of_programs_give_way_to_any_that_says_something() -> None:
    box("Cube.001")
    assert [a.label for a in assets("Old_Well.blend")] == ["old well"]
    box("Cube.002", at=(9, 0, 0)).name = "Bucket"
    assert "bucket" in {a.label for a in assets("untitled.blend")}


def test_a_file_reads_the_same_whether_blender_worked_it_out_or_not(tmp_path: Path) -> None:
    obj = box("Gate")
    obj.scale = (1, 2, 1)
    obj.modifiers.new("Array", "ARRAY").count = 3
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "gate.blend"))
    meshes = []
    for as_stored in (False, True):
        opened = open_file(tmp_path / "gate.blend", "blend", as_stored=as_stored)
        options = Options(evaluate=True, worked_out=opened.worked_out)
        (asset,) = assets_of(extract_objects(opened.objects, options))
        meshes.append(asset.positions)
    assert np.array_equal(*meshes) and np.ptp(meshes[0][:, 0]) == 3


def test_a_stack_that_ends_blender_costs_its_shape_only(tmp_path: Path, monkeypatch) -> None:
    from meshkiln.extractor.files import batch

    obj = box("Rock")
    obj.modifiers.new("Array", "ARRAY").count = 2
    group = bpy.data.node_groups.new("Slow", "GeometryNodeTree")
    group.interface.new_socket("Geometry", in_out="INPUT", socket_type="NodeSocketGeometry")
    group.interface.new_socket("Geometry", in_out="OUTPUT", socket_type="NodeSocketGeometry")
    start, end = group.nodes.new("NodeGroupInput"), group.nodes.new("NodeGroupOutput")
    previous = start.outputs[0]
    for _ in range(9):
        subdivide = group.nodes.new("GeometryNodeSubdivideMesh")
        subdivide.inputs["Level"].default_value = 6
        group.links.new(previous, subdivide.inputs[0])
        previous = subdivide.outputs[0]
    group.links.new(previous, end.inputs[0])
    modifier = obj.modifiers.new("Slow", "NODES")
    modifier.node_group = group
    bpy.data.libraries.write(str(tmp_path / "rock.blend"), {bpy.context.scene})
    bpy.data.batch_remove(list(bpy.data.objects))  # else this Blender works it out next
    monkeypatch.setattr(batch, "EVALUATING", 5.0)
    summary = extract_files([tmp_path / "rock.blend"], tmp_path / "data", batch.Limits(timeout=60, memory=3))
    assert summary.done == 1 and summary.failed == 0
    (asset,) = read_dataset(tmp_path / "data")
    assert len(asset.starts) == 6


# The artist's word


@pytest.fixture
def street(tmp_path: Path) -> Path:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    house = new_collection("House")
    box("Cube", (4, 4, 3), collection=house)
    box("Cube", (4.4, 4.4, 0.5), (0, 0, 1.7), collection=house)
    box("Lamp", (0.3, 0.3, 4), (10, 0, 0))
    box("Oak", (1, 1, 5), (20, 0, 0))
    (tmp_path / "files").mkdir()
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "files" / "street.blend"))
    extract_files([tmp_path / "files"], tmp_path / "data")
    return tmp_path / "data"


def learned(dataset: Path) -> dict[str, int]:
    """Label -> parts of what `build` would keep, before doubles are looked for."""
    return {a.label: len(a.part_names) for a in read_dataset(dataset) if len(a.starts)}


def test_corrections_are_obeyed_and_outlive_reading_again(street: Path, tmp_path: Path) -> None:
    assert learned(street) == {"house": 2, "lamp": 1, "oak": 1}
    library = Library(street)
    library.edit(exclude=["#Lamp"], rename={"street.blend#Oak": "big oak tree"})
    assert [(r.label, r.excluded) for r in library.rows()] == [
        ("house", False), ("lamp", True), ("big oak tree", False),
    ]  # fmt: skip
    assert learned(street) == {"house": 2, "big oak tree": 1}
    extract_files([tmp_path / "files"], street, retry=True)
    (tmp_path / "files" / "street.blend").touch()
    assert learned(street) == {"house": 2, "big oak tree": 1}
    head = curate.build([street], tmp_path / "set", say=lambda text: None)
    assert head["left_out"] == {"left out by hand": 1} and head["assets"] == 2
    library.edit(reset=["#Lamp", "#Oak"])
    assert learned(street) == {"house": 2, "lamp": 1, "oak": 1}
    library.close()


def test_assets_are_joined_and_split(street: Path) -> None:
    library = Library(street)
    library.edit(join=[["#Lamp", "#Oak"]], split=["#House"])
    found = {r.key.rsplit("#", 1)[1]: r for r in library.rows()}
    assert set(found) == {"House/Cube", "House/Cube.001", "Lamp"}
    assert found["Lamp"].parts == ("Lamp", "Oak") and found["Lamp"].how == "joined by hand"
    library.edit(rename={"House/Cube.001": "roof"})
    assert "roof" in learned(street)
    library.edit(reset=["#House", "#Lamp"])
    assert learned(street) == {"house": 2, "lamp": 1, "oak": 1}
    library.close()


def test_a_correction_that_cannot_be_changes_nothing(street: Path) -> None:
    library = Library(street)
    for wrong in ({"exclude": ["#Moon"]}, {"join": [["#Lamp"]]}, {"rename": {"#Lamp": "  "}}):
        with pytest.raises(CorrectionError):
            library.edit(**wrong)
    assert not (street / "assets.json").exists()
    (street / "assets.json").write_text("[]")
    with pytest.raises(CorrectionError, match="format"):
        Corrections.read(street)
    library.close()


def test_thumbnails_show_the_thing_on_nothing(street: Path) -> None:
    library = Library(street)
    image = library.thumbnail("#House", 64)
    assert image.shape == (64, 64, 4) and image.dtype == np.uint8
    assert 0.1 < (image[..., 3] > 0).mean() < 0.9 and image[0, 0, 3] == 0
    library.close()


def test_the_commands_show_and_edit(street: Path, tmp_path: Path, capsys) -> None:
    import argparse

    from meshkiln.trainer.data import command

    parser = argparse.ArgumentParser()
    command.add_arguments(parser)

    def run(*words: object) -> str:
        assert command.run(parser.parse_args([str(w) for w in words])) == 0
        return capsys.readouterr().out

    run("edit", street, "--exclude", "#Lamp")
    said = json.loads(run("show", street, "--json", "--html", tmp_path / "page.html", "--out", tmp_path / "sheet.png"))
    lines = {line["label"]: line for line in said["assets"]}
    assert said["kept"] == 2 and lines["lamp"]["why"] == "left out by hand" and lines["house"]["parts"] == 2
    page = (tmp_path / "page.html").read_text()
    assert "data:image/png" in page and "http" not in page and "<script" not in page and "left out by hand" in page
    assert (tmp_path / "sheet.png").read_bytes()[:4] == b"\x89PNG"
    assert "house" in run("show", street)
    assert command.run(parser.parse_args(["edit", str(street), "--exclude", "#Moon"])) == 1
    assert "no asset" in capsys.readouterr().err


# Meshes


@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3), st.sampled_from([1, 2, -1])), min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_joining_parts_and_taking_them_apart_keeps_every_face(places) -> None:
    corners = np.array([0, 2, 3, 1, 4, 5, 7, 6, 0, 1, 5, 4, 2, 6, 7, 3, 0, 4, 6, 2, 1, 3, 7, 5])
    positions = [(x, y, z) for z in (0, 1) for y in (0, 1) for x in (0, 1)]
    pieces = []
    for i, (x, y, scale) in enumerate(places):
        record = mesh_record(f"part {i}", np.array(positions), np.arange(0, 24, 4), corners)
        world = np.diag([float(scale), 1.0, 1.0, 1.0])
        world[:2, 3] = x, y
        pieces.append(joining.piece(record, world))
    joined = joining.join(pieces)
    parts = joining.parts_of(joined)
    assert sum(len(p.starts) for p in parts) == len(joined.starts) == 6 * len(places)
    assert [p.part_names for p in parts] == [[f"part {i}"] for i in range(len(places))]
    for part, piece in zip(parts, pieces):
        assert np.allclose(np.ptp(part.positions, axis=0), np.ptp(piece.positions, axis=0), atol=1e-3)
        assert part.corners.max() == len(part.positions) - 1


def test_turning_faces_twice_is_nothing_and_welding_keeps_the_shape() -> None:
    starts, corners = np.array([0, 3, 7]), np.array([0, 1, 2, 3, 4, 5, 6, 0, 2, 4])
    assert np.array_equal(reversed_faces(starts, reversed_faces(starts, corners)), corners)
    assert reversed_faces(starts, corners)[:3].tolist() == [2, 1, 0]
    positions, welded = weld(np.array([[0.0, 0, 0], [1, 0, 0], [0, 0, 1e-9], [5, 5, 5]]), np.array([0, 1, 2]), 1e-4)
    assert len(positions) == 2 and welded.tolist() == [0, 1, 0]


# From Blender's own window


def test_a_mesh_that_is_being_edited_is_worked_out_too() -> None:
    obj = box("Chair")
    obj.modifiers.new("Array", "ARRAY").count = 3
    bpy.context.view_layer.objects.active = obj
    bpy.ops.object.mode_set(mode="EDIT")
    (asset,) = assets()
    assert extent(asset) == [3, 1, 1] and obj.mode == "EDIT"
    bpy.ops.object.mode_set(mode="OBJECT")


def test_what_the_artist_calls_an_export_is_what_it_is_learned_as() -> None:
    box("Cube")
    bpy.context.view_layer.update()
    (asset,) = assets_of(extract_objects(bpy.data.objects, Options(label="treasure chest", evaluate=True)))
    assert asset.label == "treasure chest"


def test_records_of_an_older_version_are_assets_too() -> None:
    box("Cube", at=(0, 0, 0)).scale = (2, 1, 1)
    box("Cube", at=(1.5, 0, 0))
    bpy.context.view_layer.update()
    records = extract_objects(bpy.data.objects, Options(source_file="/work/bench.blend"))
    for record in records:
        del record.data["asset"]
    (asset,) = assets_of(records)
    assert extent(asset) == [3, 1, 1] and asset.label == "bench"


# Real files

CORPUS = Path(os.environ.get("MESHKILN_CORPUS") or Path(__file__).resolve().parents[2] / "shared" / "corpus") / "blend"


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here (MESHKILN_CORPUS)")
def test_real_files_become_the_things_that_people_see_in_them(tmp_path: Path) -> None:
    """What was judged by eye: houses of many objects are one, forests are several, tables keep their legs."""
    summary = extract_files([CORPUS], tmp_path / "data")
    assert summary.failed == 0
    of: dict[str, list[str]] = {}
    for asset in read_dataset(tmp_path / "data"):
        if len(asset.starts):
            file = Path(asset.path)
            of.setdefault(f"{file.parent.name}/{file.name}", []).append(asset.label)
    for whole in ("eepydevlukas/house", "eepydevlukas/cupboard", "quaternius/Rifle", "quaternius/Dragon",
                  "free-blender-models/drawer", "sketchbook/car", "sketchbook/airplane", "raylib/robot",
                  "godot-demo-projects/mob", "free-blender-models/security_camera"):  # fmt: skip
        assert len(of[f"{whole}.blend"]) == 1, (whole, of[f"{whole}.blend"])
    assert of["seblague-portals/Forest.blend"].count("tree") >= 5
    assert {"tree", "bush", "grass", "large rock"} <= set(of["proton-scatter/source.blend"])
    assert {"crystal", "portal", "rock pile", "pillar"} <= set(of["blenvy/common.blend"])
    assert {"watermelon", "container", "magic teapot"} <= set(of["blenvy/materials.blend"])
    labels = [label for some in of.values() for label in some]
    assert not [label for label in labels if set(label.split()) <= {"cube", "cylinder", "plane"}][6:]
