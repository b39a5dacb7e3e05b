"""A file may pull in what lies below the folders that were given, and nothing else of the machine."""

import base64
import json
import subprocess
import sys

import numpy as np
import pytest
from meshkiln.extractor.files.outside import EMPTY_PICTURE, is_inside, pulled_in
from meshkiln.records.dataset import Dataset

bpy = pytest.importorskip("bpy")

SECRET = b"\x89PNG the artist's own picture, not to be passed on " * 20


@pytest.fixture
def place(tmp_path):
    """(the folder that is given, a folder beside it that is not)."""
    (tmp_path / "given").mkdir()
    private = tmp_path / "private"
    private.mkdir()
    return tmp_path / "given", private


def extract(folder, *more):
    out = folder.parent / f"dataset{len(list(folder.parent.glob('dataset*')))}"
    words = ["extract", str(folder), "--out", str(out), "--json", *map(str, more)]
    done = subprocess.run([sys.executable, "-m", "meshkiln", *words], capture_output=True, text=True, check=False)
    with Dataset(out, create=False) as dataset:
        return json.loads(done.stdout.splitlines()[-1]), list(dataset), list(dataset.files()), out


def stored(out) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file())


def triangle(image_uri, buffer_uri=None) -> dict:
    data = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], np.float32).tobytes()
    return {
        "asset": {"version": "2.0"},
        "buffers": [{"byteLength": len(data), "uri": buffer_uri or "data:;base64," + base64.b64encode(data).decode()}],
        "bufferViews": [{"buffer": 0, "byteLength": len(data)}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3", "min": [0, 0, 0], "max": [1, 1, 0]}
        ],
        "images": [{"uri": image_uri}],
        "textures": [{"source": 0}],
        "materials": [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "material": 0}]}],
        "nodes": [{"mesh": 0, "name": "thing"}],
        "scenes": [{"nodes": [0]}],
        "scene": 0,
    }


def test_a_gltf_brings_no_picture_from_elsewhere_however_it_is_written(place):
    given, private = place
    secret = private / "secret.png"
    secret.write_bytes(SECRET)
    uris = ["../private/secret.png", "..%2Fprivate%2Fsecret.png", str(secret), f"file://{secret}"]
    for number, uri in enumerate(uris):
        (given / f"{number}.gltf").write_text(json.dumps(triangle(uri)))
    said, records, files, out = extract(given)
    assert said["done"] == len(uris) == sum(record.kind == "mesh" for record in records)
    assert SECRET[:40] not in stored(out)
    for file in files:
        assert any("lies outside" in warning for warning in file.warnings), file.path


def test_a_gltf_that_needs_a_buffer_from_elsewhere_is_refused_and_read_where_that_is_named(place):
    given, private = place
    (private / "secret.bin").write_bytes(np.zeros(9, np.float32).tobytes())
    (given / "a.gltf").write_text(json.dumps(triangle(EMPTY_PICTURE, "../private/secret.bin")))
    said, records, files, _ = extract(given)
    assert said["failed"] == 1 and not records
    assert "../private/secret.bin" in said["errors"][0]["reason"] and "--also" in said["errors"][0]["reason"]
    said, records, *_ = extract(given, "--also", private)
    assert said["done"] == 1 and records


def test_a_link_inside_the_folder_that_leads_out_is_outside(place):
    given, private = place
    (private / "m.mtl").write_text("newmtl a\nmap_Kd ../private/secret.png\n")
    (given / "m.mtl").symlink_to(private / "m.mtl")
    (given / "a.obj").write_text("mtllib m.mtl\nv 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n")
    assert not is_inside(given / "m.mtl", [given])
    assert pulled_in(given / "a.obj", "obj", [given]).needed == ["m.mtl"]
    said, *_ = extract(given)
    assert said["failed"] == 1


@pytest.mark.parametrize("form", ["usda", "usdc"])
def test_a_usd_layer_brings_no_layer_from_elsewhere(place, form):
    given, private = place
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.ops.mesh.primitive_cube_add()
    bpy.context.object.name = "Secret"
    bpy.ops.wm.usd_export(filepath=str(private / "secret.usda"))
    text = '#usda 1.0\ndef "a" (prepend references = @../private/secret.usda@</root>) {}\n'
    if form == "usda":
        (given / "a.usda").write_text(text)
    else:  # names of a binary layer are packed; what refers to a file is found among them
        crate = private / "crate.usdc"
        bpy.data.objects["Secret"].name = "thing"
        bpy.ops.wm.usd_export(filepath=str(crate))
        assert not pulled_in(crate, "usd", [private]).needed
        image = bpy.data.images.new("p", 2, 2)
        image.filepath_raw, image.file_format = str(private / "secret.png"), "PNG"
        image.save()
        material = bpy.data.materials.new("M")
        material.use_nodes = True
        node = material.node_tree.nodes.new("ShaderNodeTexImage")
        node.image = image
        shader = next(n for n in material.node_tree.nodes if n.type == "BSDF_PRINCIPLED")
        material.node_tree.links.new(node.outputs["Color"], shader.inputs["Base Color"])
        bpy.data.objects["thing"].data.materials.append(material)
        bpy.ops.wm.usd_export(filepath=str(given / "a.usdc"), export_textures_mode="KEEP", relative_paths=True)
        assert "../private/secret.png" in pulled_in(given / "a.usdc", "usd", [given]).pictures
        return
    said, records, *_ = extract(given)
    assert said["failed"] == 1 and not records and "secret.usda" in said["errors"][0]["reason"]


def test_a_blend_brings_neither_a_library_nor_a_picture_from_elsewhere(place):
    given, private = place
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.ops.mesh.primitive_cube_add()
    bpy.context.object.name = "Secret"
    bpy.ops.wm.save_as_mainfile(filepath=str(private / "library.blend"))
    bpy.ops.wm.read_factory_settings(use_empty=True)
    with bpy.data.libraries.load(str(private / "library.blend"), link=True) as (there, here):
        here.objects = list(there.objects)
    bpy.context.scene.collection.objects.link(bpy.data.objects["Secret"])
    bpy.ops.mesh.primitive_uv_sphere_add()
    bpy.context.object.name = "Mine"
    bpy.ops.wm.save_as_mainfile(filepath=str(given / "a.blend"))
    said, records, files, _ = extract(given)
    assert said["done"] == 1 and [record.name for record in records] == ["Mine"]
    assert any("library.blend" in warning and "left out" in warning for warning in files[0].warnings)
    _, records, *_ = extract(given, "--also", private)
    assert len(records) == 2


@pytest.mark.skipif(not hasattr(bpy.types, "GeometryNodeImportOBJ"), reason="this Blender has no Import nodes")
@pytest.mark.parametrize("more", [(), ("--apply-modifiers",)], ids=["as stored", "applied"])
def test_an_import_node_brings_no_shape_from_elsewhere(place, more):
    given, private = place
    for folder, side in ((private, 77), (given, 5)):
        (folder / "shape.obj").write_text(f"v 0 0 0\nv {side} 0 0\nv 0 {side} 0\nf 1 2 3\n")
    bpy.ops.wm.read_factory_settings(use_empty=True)
    for name, path in (("Theirs", str(private / "shape.obj")), ("Mine", "//shape.obj")):
        tree = bpy.data.node_groups.new(name, "GeometryNodeTree")
        tree.interface.new_socket("Geometry", in_out="OUTPUT", socket_type="NodeSocketGeometry")
        steps = [tree.nodes.new(kind) for kind in (
            "GeometryNodeImportOBJ", "GeometryNodeRealizeInstances", "NodeGroupOutput")]  # fmt: skip
        steps[0].inputs["Path"].default_value = path
        for before, after in zip(steps, steps[1:]):
            tree.links.new(before.outputs[0], after.inputs[0])
        bpy.ops.mesh.primitive_cube_add()
        bpy.context.object.name = name
        bpy.context.object.modifiers.new("Nodes", "NODES").node_group = tree
    bpy.ops.wm.save_as_mainfile(filepath=str(given / "a.blend"))
    _, records, files, _ = extract(given, *more)
    longest = {}
    for record in records:
        places = [array for key, array in record.arrays.items() if key.endswith("/position")]
        longest[record.data["source"]["file"], record.name] = max((float(p.max()) for p in places if len(p)), default=0)
    assert sorted(size for (file, _), size in longest.items() if file.endswith("a.blend")) == pytest.approx(
        sorted([5.0, 0.0 if more else 1.0])
    )
    (file,) = [file for file in files if file.path.endswith("a.blend")]
    assert [w for w in file.warnings if "muted" in w and "Theirs" in w] and "Mine" not in str(file.warnings)


def test_one_object_without_a_mesh_costs_itself_alone(place):
    given, _ = place
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.ops.mesh.primitive_cube_add()
    for make in (bpy.ops.object.text_add, bpy.ops.curve.primitive_bezier_curve_add, bpy.ops.object.metaball_add):
        make()
    text = next(o for o in bpy.data.objects if o.type == "FONT")
    text.data.body = ""
    curve = next(o for o in bpy.data.objects if o.type == "CURVE")
    curve.data.splines.clear()
    bpy.ops.wm.save_as_mainfile(filepath=str(given / "a.blend"))
    said, records, *_ = extract(given)
    assert said["done"] == 1 and len(records) == 4
    assert any(r.kind == "mesh" and r.name == "Cube" for r in records)


def test_one_object_that_cannot_be_read_costs_itself_alone(monkeypatch):
    from meshkiln.extractor.scene import scene

    for name in ("A", "B", "C"):
        bpy.context.scene.collection.objects.link(bpy.data.objects.new(name, bpy.data.meshes.new(name)))
    usual = scene.read_object

    def faulty(obj, context):
        if obj.name == "B":
            raise AttributeError("no such thing")
        return usual(obj, context)

    monkeypatch.setattr(scene, "read_object", faulty)
    left_out: list[str] = []
    records = scene.extract_objects(list(bpy.data.objects), None, left_out=left_out)
    assert sorted(r.name for r in records) == ["A", "C"] and left_out == ["B: left out: AttributeError: no such thing"]
