"""A mesh keeps its colours when its palette texture goes."""

import numpy as np
import pytest
from meshkiln.extractor.materials.colours import colour_name, linear_to_srgb, srgb_to_linear
from meshkiln.extractor.materials.palette import Paint, bake, sample_image
from meshkiln.records import Record, mesh_record, plain_material

RED, GREEN, BLUE = (0.65, 0.02, 0.02), (0.03, 0.34, 0.05), (0.02, 0.1, 0.6)


def palette_image(colours, cell=4):
    image = np.ones((cell, cell * len(colours), 4), np.float32)
    for i, colour in enumerate(colours):
        image[:, i * cell : (i + 1) * cell, :3] = colour
    return image


def quads(n, uv_of_face=None, **kwargs) -> Record:
    """n separate quads in a row; `uv_of_face(i)` gives (4, 2) UVs."""
    square = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], np.float32)
    positions = np.concatenate([square + [2 * i, 0, 0] for i in range(n)])
    record = mesh_record("row", positions, np.arange(n) * 4, np.arange(4 * n), **kwargs)
    if uv_of_face is not None:
        record.data["mesh"]["attributes"] = [
            {"name": "UVMap", "domain": "CORNER", "type": "FLOAT2", "key": "mesh/attribute/UVMap"}
        ]
        record.arrays["mesh/attribute/UVMap"] = np.concatenate([uv_of_face(i) for i in range(n)]).astype(np.float32)
    return record


def in_cell(i, cells, inset=0.1):
    low, high = (i + inset) / cells, (i + 1 - inset) / cells
    return np.array([[low, 0.2], [high, 0.2], [high, 0.8], [low, 0.8]])


def test_each_face_gets_the_colour_its_uvs_point_at():
    image = palette_image([RED, GREEN, BLUE])
    record = quads(6, lambda i: in_cell(i % 3, 3), materials=[plain_material("palette", roughness=0.7)])
    baked = bake(record, lambda slot, material: Paint(image=image))
    assert baked.arrays["mesh/material_index"].tolist() == [0, 1, 2, 0, 1, 2]
    assert [m["name"] for m in baked.data["materials"]] == ["red", "green", "blue"]
    for material, colour in zip(baked.data["materials"], (RED, GREEN, BLUE)):
        assert material["plain"]["base_color"] == pytest.approx(colour, abs=1e-5)
        assert material["plain"]["roughness"] == pytest.approx(0.7)
        assert set(material) == {"name", "plain"}
    assert "mesh/material_index" not in record.arrays, "the record that went in stays as it was"


def test_a_grey_picture_in_display_values_gives_greys_in_linear_light():
    picture = np.full((4, 8, 1), 0.2, np.float32)
    picture[:, 4:] = 0.7
    record = quads(2, lambda i: in_cell(i, 2), materials=[plain_material("grey")])
    baked = bake(record, lambda slot, material: Paint(image=picture, display=True))
    for material, shown in zip(baked.data["materials"], (0.2, 0.7)):
        assert material["plain"]["base_color"] == pytest.approx(srgb_to_linear(np.full(3, shown)), abs=1e-5)


def test_uvs_on_cell_borders_and_on_a_single_point_take_the_cell_inside():
    image = palette_image([RED, GREEN, BLUE])
    exact = quads(3, lambda i: in_cell(i, 3, inset=0.0), materials=[plain_material("p")])
    assert bake(exact, lambda s, m: Paint(image=image)).arrays["mesh/material_index"].tolist() == [0, 1, 2]
    point = quads(3, lambda i: np.full((4, 2), (i + 0.5) / 3), materials=[plain_material("p")])
    assert bake(point, lambda s, m: Paint(image=image)).arrays["mesh/material_index"].tolist() == [0, 1, 2]


def test_a_face_over_two_cells_takes_the_one_it_mostly_lies_in():
    image = palette_image([RED, GREEN])
    record = quads(1, lambda i: np.array([[0.42, 0.1], [0.95, 0.1], [0.95, 0.9], [0.42, 0.9]]), materials=[None])
    baked = bake(record, lambda s, m: Paint(image=image))
    assert baked.data["materials"][0]["plain"]["base_color"] == pytest.approx(GREEN, abs=1e-5)


def test_uvs_outside_wrap_mirror_extend_or_clip():
    image = palette_image([RED, GREEN])
    uv = np.array([1.25, 0.5])
    assert sample_image(image, uv, "REPEAT") == pytest.approx(RED)
    assert sample_image(image, uv, "MIRROR") == pytest.approx(GREEN)
    assert sample_image(image, uv, "EXTEND") == pytest.approx(GREEN)
    assert sample_image(image, uv, "CLIP") == pytest.approx((0, 0, 0))
    assert np.isfinite(sample_image(image, np.array([np.nan, np.inf]))).all()


def test_the_factor_multiplies_and_equal_colours_of_two_materials_become_one_slot():
    grey = palette_image([(0.5, 0.5, 0.5)])
    record = quads(
        3,
        lambda i: in_cell(0, 1),
        material_index=np.array([0, 1, 2]),
        materials=[plain_material("leaf"), plain_material("leaf twin"), plain_material("wood", (0.3, 0.2, 0.1))],
    )
    paints = [Paint(image=grey, factor=(0.2, 1.0, 0.2)), Paint(image=grey, factor=(0.2, 1.0, 0.2)), None]
    baked = bake(record, lambda slot, m: paints[slot])
    assert baked.arrays["mesh/material_index"].tolist() == [0, 0, 1]
    assert baked.data["materials"][0]["plain"]["base_color"] == pytest.approx((0.1, 0.5, 0.1), abs=1e-5)
    assert baked.data["materials"][1] == plain_material("wood", (0.3, 0.2, 0.1)), "unpainted slots stay exactly"


def test_glass_and_paint_of_one_colour_stay_two_slots():
    image = palette_image([RED])
    record = quads(
        2,
        lambda i: in_cell(0, 1),
        material_index=np.array([0, 1]),
        materials=[plain_material("solid"), plain_material("glass", alpha=0.3, transmission=1.0)],
    )
    baked = bake(record, lambda s, m: Paint(image=image))
    assert [m["name"] for m in baked.data["materials"]] == ["red", "red 2"]
    assert [m["plain"]["alpha"] for m in baked.data["materials"]] == pytest.approx([1.0, 0.3])


def test_what_only_the_old_materials_used_is_dropped_and_nothing_else():
    group = {"type": "GeometryNodeTree", "nodes": [{"value": {"id": "IMAGE", "name": "heights"}}]}
    record = quads(1, materials=[{**plain_material("old"), "tree": {"nodes": [{"id": "IMAGE", "name": "palette"}]}}])
    record.data["modifiers"] = [{"node_group": {"id": "NODETREE", "name": "Scatter"}}]
    record.data["animation"] = {"action": "Turn"}
    record.data["node_groups"] = {"Scatter": group, "Shader": {}}
    record.data["images"] = {"heights": {}, "palette": {}}
    record.data["actions"] = {"Turn": {}, "Glow": {}}
    for key in ("image/heights", "image/palette", "action/Turn/co", "action/Glow/co"):
        record.arrays[key] = np.zeros(1, np.uint8)
    baked = bake(record, lambda s, m: None)
    assert [list(baked.data[t]) for t in ("node_groups", "images", "actions")] == [["Scatter"], ["heights"], ["Turn"]]
    assert {"image/heights", "action/Turn/co"} == {k for k in baked.arrays if not k.startswith("mesh/")}


def test_never_more_than_32_slots_and_a_picture_says_that_it_is_one():
    noise = np.random.default_rng(0).random((64, 64, 4), np.float32)
    record = quads(300, lambda i: in_cell(i, 300) * [1, 1], materials=[plain_material("photo")])
    baked = bake(record, lambda s, m: Paint(image=noise, image_name="photo.png"))
    assert len(baked.data["materials"]) <= 32
    assert baked.arrays["mesh/material_index"].max() == len(baked.data["materials"]) - 1
    wide = quads(4, lambda i: np.array([[0, 0], [1, 0], [1, 1], [0, 1]]), materials=[plain_material("photo")])
    told = bake(wide, lambda s, m: Paint(image=noise, image_name="photo.png"))
    assert "photo.png: a picture" in told.data["notes"][0]


def test_vertex_colours_count_where_they_are_the_only_colour():
    record = quads(2, materials=[plain_material("white", (1, 1, 1))])
    record.data["mesh"]["attributes"] = [
        {"name": "Col", "domain": "CORNER", "type": "FLOAT_COLOR", "key": "mesh/attribute/Col"}
    ]
    record.arrays["mesh/attribute/Col"] = np.repeat(np.array([(*RED, 1), (*BLUE, 1)], np.float32), 4, axis=0)
    baked = bake(record, lambda s, m: None)
    assert [m["name"] for m in baked.data["materials"]] == ["red", "blue"]
    own = quads(2, materials=[plain_material("wood", (0.3, 0.2, 0.1))])
    own.data["mesh"]["attributes"] = record.data["mesh"]["attributes"]
    own.arrays["mesh/attribute/Col"] = record.arrays["mesh/attribute/Col"]
    assert [m["name"] for m in bake(own, lambda s, m: None).data["materials"]] == ["wood"]


def test_meshes_without_faces_uvs_or_materials_are_survived():
    empty = mesh_record("dots", np.zeros((3, 3)), np.zeros(0), np.zeros(0), materials=[plain_material("m")])
    assert len(bake(empty, lambda s, m: Paint(image=palette_image([RED]))).data["materials"]) == 1
    bare = quads(2)
    baked = bake(bare, lambda s, m: Paint(image=palette_image([RED]), image_name="p.png"))
    assert len(baked.data["materials"]) == 1
    assert "no UV map" in baked.data["notes"][0]


@pytest.mark.parametrize(
    ("srgb", "name"),
    [
        ((140, 20, 20), "dark red"),
        ((150, 100, 60), "wood brown"),
        ((250, 250, 250), "white"),
        ((20, 40, 110), "dark blue"),
    ],
)
def test_colours_have_everyday_names(srgb, name):
    linear = srgb_to_linear(np.array(srgb) / 255)
    assert colour_name(linear) == name
    assert linear_to_srgb(linear) == pytest.approx(np.array(srgb) / 255, abs=1e-5)


def test_in_blender_a_packed_palette_is_baked_on_extraction():
    bpy = pytest.importorskip("bpy")
    from meshkiln.extractor.rna.context import Options
    from meshkiln.extractor.scene.scene import extract_objects

    bpy.ops.wm.read_factory_settings(use_empty=True)
    srgb = [(0.8, 0.1, 0.1), (0.1, 0.2, 0.7)]
    image = bpy.data.images.new("palette", 8, 4)
    pixels = np.ones((4, 8, 4), np.float32)
    pixels[:, :4, :3], pixels[:, 4:, :3] = srgb
    image.pixels.foreach_set(pixels.ravel())
    image.pack()
    material = bpy.data.materials.new("painted")
    material.use_nodes = True
    shader = next(n for n in material.node_tree.nodes if n.type == "BSDF_PRINCIPLED")
    shader.inputs["Roughness"].default_value = 0.25
    texture = material.node_tree.nodes.new("ShaderNodeTexImage")
    texture.image = image
    mix = material.node_tree.nodes.new("ShaderNodeMix")
    mix.data_type, mix.blend_type = "RGBA", "MULTIPLY"
    mix.inputs[0].default_value = 1.0
    mix.inputs[7].default_value = (0.5, 0.5, 0.5, 1)
    material.node_tree.links.new(texture.outputs["Color"], mix.inputs[6])
    material.node_tree.links.new(mix.outputs[2], shader.inputs["Base Color"])
    mesh = bpy.data.meshes.new("two")
    mesh.from_pydata([(x, y, 0) for y in (0, 1) for x in (0, 1, 2)], [], [(0, 1, 4, 3), (1, 2, 5, 4)])
    layer = mesh.uv_layers.new(name="UVMap")
    layer.uv.foreach_set("vector", np.concatenate([in_cell(0, 2), in_cell(1, 2)]).astype(np.float32).ravel())
    mesh.materials.append(material)
    obj = bpy.data.objects.new("Two", mesh)
    bpy.context.scene.collection.objects.link(obj)
    (record,) = extract_objects([obj], Options(bake_palette=True))
    assert record.arrays["mesh/material_index"].tolist() == [0, 1]
    for material, colour in zip(record.data["materials"], srgb):
        assert set(material) == {"name", "plain"}
        assert material["plain"]["base_color"] == pytest.approx(srgb_to_linear(np.array(colour)) / 2, abs=0.01)
        assert material["plain"]["roughness"] == pytest.approx(0.25)
    assert "images" not in record.data
    (kept,) = extract_objects([obj], Options())
    assert len(kept.data["materials"]) == 1
