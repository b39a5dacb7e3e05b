"""Records: what is refused and with which words, and the plain JSON form."""

import json

import numpy as np
import pytest
from meshkiln.records import (
    Record,
    RecordError,
    from_plain,
    mesh_record,
    not_finite,
    plain_material,
    to_plain,
    validate,
)


def quad() -> Record:
    positions = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], np.float32)
    return mesh_record("quad", positions, np.array([0]), np.array([0, 1, 2, 3]), np.array([0]), [plain_material("red")])


def refused(record: Record) -> RecordError:
    with pytest.raises(RecordError) as caught:
        validate(record)
    return caught.value


def test_a_sound_record_passes():
    validate(quad())


@pytest.mark.parametrize(
    "key, value, reason",
    [
        ("mesh/position", np.zeros((4, 3)), "float32"),
        ("mesh/position", np.zeros((4, 2), np.float32), "float32 of shape (n, 3)"),
        ("mesh/corner_vert", np.array([0, 1, 2, 9], np.int32), "points at 9, but there are 4 vertices"),
        ("mesh/corner_vert", np.array([0, 1, 2, -1], np.int32), "points at -1"),
        ("mesh/loop_start", np.array([1], np.int32), "must start at corner 0"),
        ("mesh/loop_start", np.array([0, 2], np.int32), "at least 3"),
        ("mesh/loop_start", np.array([0, 9], np.int32), "corners"),
        ("mesh/material_index", np.array([0, 0], np.int32), "must have 1 entries, has 2"),
        ("mesh/material_index", np.array([-3], np.int32), "points at -3"),
        ("mesh/edges", np.array([[0, 7]], np.int32), "points at 7"),
        ("mesh/corner_normal", np.zeros((3, 3), np.float32), "must have 4 entries"),
    ],
)
def test_a_wrong_array_is_refused_with_its_field(key, value, reason):
    record = quad()
    record.arrays[key] = value
    error = refused(record)
    assert error.field == key
    assert reason in error.reason


def test_corners_without_a_face_are_refused():
    record = quad()
    record.arrays["mesh/loop_start"] = np.zeros(0, np.int32)
    assert refused(record).reason == "there are 4 corners but no face"


@pytest.mark.parametrize(
    "change, field",
    [
        ({"name": ""}, "name"),
        ({"name": 7}, "name"),
        ({"kind": None}, "kind"),
        ({"format": 99}, "format"),
        ({"transform": {"location": [1, 2]}}, "transform.location"),
        ({"transform": {"scale": [1, 2, "x"]}}, "transform.scale"),
        ({"transform": {"rotation_mode": "UP"}}, "transform.rotation_mode"),
        ({"transform": {"parent_inverse": [[1, 0, 0, 0]]}}, "transform.parent_inverse"),
        ({"materials": [{"name": "m", "plain": {"roughness": "rough"}}]}, "materials[0].plain.roughness"),
        ({"materials": [{"plain": {}}]}, "materials[0]"),
        ({"modifiers": [{"name": "x"}]}, "modifiers[0].type"),
        ({"modifiers": {"type": "MIRROR"}}, "modifiers"),
        ({"parent": {"type": "OBJECT"}}, "parent"),
    ],
)
def test_a_wrong_dict_is_refused_with_its_field(change, field):
    record = quad()
    record.data.update(change)
    assert refused(record).field == field


@pytest.mark.parametrize(
    "entry, field",
    [
        ({"type": "FLOAT", "domain": "POINT", "key": "a"}, "mesh.attributes[0].name"),
        ({"name": "a", "type": "DOUBLE", "domain": "POINT", "key": "a"}, "mesh.attributes[0].type"),
        ({"name": "a", "type": "FLOAT", "domain": "ROOM", "key": "a"}, "mesh.attributes[0].domain"),
        ({"name": "a", "type": "FLOAT", "domain": "EDGE", "key": "a"}, "mesh.attributes[0].domain"),
        ({"name": "a", "type": "FLOAT", "domain": "FACE", "key": "a"}, "a"),
        ({"name": "a", "type": "FLOAT", "domain": "POINT", "key": "gone"}, "gone"),
    ],
)
def test_a_wrong_attribute_is_refused(entry, field):
    record = quad()
    record.arrays["a"] = np.zeros(4, np.float32)
    record.data["mesh"]["attributes"] = [entry]
    assert refused(record).field == field


def test_bones_must_follow_their_parents():
    bones = [{"name": "hand", "parent": "arm", "head": [0, 0, 0], "tail": [0, 0, 1]}]
    error = refused(Record({"name": "rig", "kind": "armature", "armature": {"bones": bones}}))
    assert error.field == "armature.bones[0].parent"


def test_numbers_that_are_none_pass_but_are_told():
    record = quad()
    record.arrays["mesh/position"][0, 0] = np.nan
    validate(record)
    assert not_finite(record) == ["mesh/position: 1 of 12 numbers are NaN or infinite"]


CUBE = {
    "name": "Würfel/1",
    "label": "cube",
    "mesh": {
        "vertices": [[0, 0, 0], [1, 0, 0], [1, 1, 0.1], [0, 1, 0], [5, 5, 5]],
        "faces": [[0, 1, 2], [0, 2, 3]],
        "edges": [[3, 4]],
        "normals": [[0, 0, 1], [0, 0, 1], [0, 0, 1], [0, 0, 1], [0, 0, 0]],
        "material_indices": [0, 1],
        "uv_maps": {"UVMap": [[0, 0], [1, 0], [1, 1], [0, 0], [1, 1], [0, 1]]},
        "smooth": True,
    },
    "modifiers": [{"type": "MIRROR", "name": "Mirror", "use_axis": [True, False, False]}],
    "materials": [
        {"name": "red", "type": "PBR", "base_color": [1, 0, 0], "roughness": 0.25, "metallic": 0},
        {"name": "glass", "type": "PBR", "base_color": [1, 1, 1], "roughness": 0, "metallic": 0, "alpha": 0.5},
    ],
    "transforms": {"location": [1, 2, 3], "rotation": [0, 0, 1.5], "scale": [1, 1, 2]},
}


def test_the_plain_form_comes_back_as_it_was():
    plain = {"objects": [CUBE, {"name": "nothing"}]}
    records = from_plain(json.loads(json.dumps(plain)))
    back = json.loads(json.dumps(to_plain(records)))
    assert back["objects"][0] == CUBE
    assert to_plain(from_plain(back)) == back
    assert [record.kind for record in records] == ["mesh", "empty"]
    assert len(records[0].arrays["mesh/edges"]) == 6


@pytest.mark.parametrize(
    "change, field",
    [
        ({"name": ""}, "objects[0].name"),
        ({"mesh": []}, "objects[0].mesh"),
        ({"mesh": {"vertices": [[0, 0]]}}, "objects[0].mesh.vertices[0]"),
        ({"mesh": {"vertices": [[0, 0, 0], [0, "x", 0]]}}, "objects[0].mesh.vertices[1]"),
        ({"mesh": {"vertices": [[0, 0, 1e300]]}}, "objects[0].mesh.vertices[0]"),
        ({"mesh": {"vertices": [[0, 0, float("nan")]]}}, "objects[0].mesh.vertices[0]"),
        ({"mesh": {"vertices": [[0, 0, 0]] * 3, "faces": [[0, 1]]}}, "objects[0].mesh.faces[0]"),
        ({"mesh": {"vertices": [[0, 0, 0]] * 3, "faces": [[0, 1, 3]]}}, "objects[0].mesh.faces[0]"),
        ({"mesh": {"vertices": [[0, 0, 0]] * 3, "faces": [[0, 1, 1]]}}, "objects[0].mesh.faces[0]"),
        (
            {"mesh": {"vertices": [[0, 0, 0]] * 3, "faces": [[0, 1, 2]], "normals": [[0, 0, 1]]}},
            "objects[0].mesh.normals",
        ),
        ({"mesh": {"vertices": [[0, 0, 0]] * 2, "edges": [[0, 9]]}}, "objects[0].mesh.edges[0]"),
        ({"materials": [{"name": "m", "type": "TOON"}]}, "objects[0].materials[0].type"),
        ({"materials": [{"name": "m", "base_color": [1, 2]}]}, "objects[0].materials[0].base_color"),
        ({"modifiers": [{"axis": 1}]}, "objects[0].modifiers[0]"),
        ({"transforms": {"location": "here"}}, "objects[0].transforms.location"),
    ],
)
def test_a_wrong_plain_form_is_refused_with_its_field(change, field):
    with pytest.raises(RecordError) as caught:
        from_plain({"objects": [{"name": "a", **change}]})
    assert caught.value.field == field


def test_what_is_no_plain_form_is_refused():
    for wrong in (None, [], {}, {"objects": {}}, {"objects": [3]}):
        with pytest.raises(RecordError):
            from_plain(wrong)
