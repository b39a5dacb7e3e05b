"""What the schema crafts learn from: marks of a mesh, movements of bones, and the answer that several agree on."""

import numpy as np
import pytest
from meshkiln.records import Record, array_key, mesh_record
from meshkiln.trainer.codecs import codec, consensus
from meshkiln.trainer.codecs.bones import LONGEST, axes, movements
from meshkiln.trainer.codecs.items import Item, encode_items
from meshkiln.trainer.codecs.motion import INTERPOLATIONS
from meshkiln.trainer.data import schema_set
from meshkiln.trainer.text import conditions

CUBE = np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], float)
SIDES = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]


def box(positions: np.ndarray, sides: list[tuple[int, ...]] = SIDES) -> Record:
    return mesh_record("box", positions, np.arange(len(sides)) * 4, np.array(sides).ravel())


def test_half_a_box_open_at_its_middle_waits_for_a_mirror():
    right = box((CUBE + (1, 0, 0)), SIDES[1:])  # from x = 0 to 2, without the side at x = 0
    assert conditions.marks(right)["half"] == 2
    assert conditions.marks(box(CUBE))["half"] == 1  # closed
    assert conditions.marks(box(CUBE, SIDES[1:]))["half"] == 1  # open, but not at the middle


def test_marks_say_what_an_author_did():
    record = box(CUBE)
    assert conditions.marks(record) == {"half": 1, "smooth": 3, "grouped": 1, "creased": 1, "curved": 1}
    record.arrays["mesh/attribute/sharp_face"] = np.array([1, 0, 0, 0, 0, 0], bool)
    record.arrays["mesh/attribute/crease_edge"] = np.array([0.0, 0.5])
    record.data["mesh"]["vertex_groups"] = [{"name": "Arm"}]
    record.data["mesh"]["was"] = "CURVE"
    assert conditions.marks(record) == {"half": 1, "smooth": 2, "grouped": 2, "creased": 2, "curved": 2}


def test_only_modifiers_are_told_of_marks():
    wish = conditions.of_record(box(CUBE), "modifiers")
    assert len(wish.attributes("modifiers")) == len(conditions.cardinalities("modifiers"))
    assert all(a < n for a, n in zip(wish.attributes("modifiers"), conditions.cardinalities("modifiers")))
    assert "half" not in conditions.of_record(box(CUBE), "materials").summary


def armature(path: str, values: list[np.ndarray], frames: np.ndarray) -> Record:
    """An armature with one bone, "Leg", that moves along `values` (one array an axis)."""
    curves, co = [], []
    for axis, column in enumerate(values):
        curves.append(
            {
                "data_path": f'pose.bones["Leg"].{path}',
                "array_index": axis,
                "keys": [len(co) * len(frames), len(frames)],
            }
        )
        co.append(np.stack([frames, column], 1))
    action = {"slots": [], "layers": [{"strips": [{"type": "KEYFRAME", "channelbags": [{"curves": curves}]}]}]}
    prefix = f"action/{array_key('Walk')}/"
    ways = np.full(len(values) * len(frames), INTERPOLATIONS.index("LINEAR"), np.uint8)
    data = {"kind": "armature", "name": "rig", "actions": {"Walk": action}}
    return Record(data, {prefix + "co": np.concatenate(co).astype(np.float32), prefix + "interpolation": ways})


def test_a_bone_that_turns_is_told_in_euler_angles_and_few_keys():
    frames = np.arange(1, 62, dtype=float)
    angle = np.linspace(0, 4 * np.pi, 61)  # two turns: the angles must not jump
    turning = [np.cos(angle / 2), np.zeros(61), np.zeros(61), np.sin(angle / 2)]
    ((action, bone, items),) = movements(armature("rotation_quaternion", turning, frames))
    assert (action, bone, [item.type for item in items]) == ("Walk", "Leg", ["rotation_euler.2"])
    rows = items[0].rows
    assert len(rows) <= LONGEST
    assert rows[-1][1] == pytest.approx(4 * np.pi, abs=1e-3)
    assert sum(row[0] for row in rows) == 60
    speaker = codec("animation")
    assert encode_items(speaker.tokens, items).steps > 0


def test_a_bone_at_rest_says_nothing():
    frames = np.arange(1, 9, dtype=float)
    assert list(movements(armature("location", [np.full(8, 0.3)] * 3, frames))) == []


def test_thinning_keeps_the_shape():
    frames = np.arange(1, 81, dtype=float)
    wave = np.sin(frames / 12)
    ((_, _, items),) = movements(armature("location", [wave, wave * 0, wave * 0], frames))
    rows = items[0].rows
    again = np.interp(frames, 1 + np.cumsum([row[0] for row in rows]), [row[1] for row in rows])
    assert np.abs(again - (wave - wave[0])).max() < 0.06 * np.ptp(wave)


def test_an_object_without_modifiers_is_no_example():
    record = box(CUBE)
    assert schema_set.parts_of(record) == []
    record.data["modifiers"] = [{"type": "BEVEL", "name": "Bevel", "properties": {}}]
    assert [part[0] for part in schema_set.parts_of(record)] == ["modifiers"]


def test_names_that_programs_give_say_nothing():
    assert schema_set.telling("material") == "" and schema_set.telling("armature action") == ""
    assert schema_set.telling("dark wood material") == "dark wood"


def test_the_central_answer_is_not_the_odd_one_out():
    bevel, mirror = [Item("BEVEL", {"prop/width": 0.1})], [Item("MIRROR")]
    assert consensus.consensus("modifiers", [mirror, bevel, bevel, bevel]) == 1
    principled = "ShaderNodeBsdfPrincipled"
    greys = [[Item("MATERIAL"), Item(principled, {"in/Base Color": [v, v, v, 1.0]})] for v in (0.0, 0.21, 0.25, 1.0)]
    assert consensus.consensus("materials", greys) in (1, 2)


def test_generated_stacks_prepare_their_mesh():
    import random

    rng = random.Random(1)
    assert schema_set.prepared(["MIRROR"], rng)["half"] == 2
    assert schema_set.prepared(["SUBSURF"], rng)["smooth"] == 3
    assert schema_set.prepared(["ARRAY"], rng) == {"half": 1, "smooth": 1, "grouped": 1, "creased": 1, "curved": 1}


def test_ways_of_bones_are_told_in_sizes_of_their_armature():
    frames = np.arange(1, 9, dtype=float)
    small = armature("location", [frames * 0.2, frames * 0, frames * 0.005], frames)
    ((_, _, items),) = movements(small)
    large = armature("location", [frames * 2.0, frames * 0, frames * 0.005], frames)
    large.data["armature"] = {
        "bones": [
            {"name": "Leg", "head": [0, 0, 0], "tail": [0, 3, 0]},
            {"name": "Foot", "head": [0, 3, 0], "tail": [0, 9, 10]},
        ]
    }
    ((_, _, alike),) = movements(large)
    assert [item.type for item in items] == ["location.0", "location.2"]
    assert [item.type for item in alike] == ["location.0", "location.2"]
    assert items[0].rows == alike[0].rows and items[1].rows != alike[1].rows


def test_up_is_up_for_every_rig():
    frames = np.arange(1, 9, dtype=float)
    along = armature("location", [frames * 0, 5 + frames, frames * 0], frames)  # along the bone, not from its rest
    for tail, way in (([0, 1, 0], "location.1"), ([0, 0, 1], "location.2"), ([0, -1, 0], "location.1")):
        along.data["armature"] = {"bones": [{"name": "Leg", "head": [0, 0, 0], "tail": tail, "roll": 0.7}]}
        ((_, _, items),) = movements(along)
        assert [item.type for item in items] == [way]
        assert items[0].rows[0][1] == 0 and items[0].rows[-1][1] == pytest.approx(7 * (1, -1)[tail == [0, -1, 0]])


@pytest.mark.parametrize(
    ("along", "roll", "x"),
    [
        ((0, 1, 0), 0.5, (0.8776, 0, -0.4794)),
        ((0, 0, 1), 0.0, (1, 0, 0)),
        ((0, -1, 0), 0.0, (-1, 0, 0)),
        ((1, 0, 0), 0.0, (0, -1, 0)),
    ],
)
def test_the_axes_of_a_bone_are_blenders(along, roll, x):
    found = axes({"head": [1, 2, 3], "tail": list(np.array([1, 2, 3]) + 2 * np.array(along)), "roll": roll})
    assert np.allclose(found[:, 1], along) and np.allclose(found[:, 0], x, atol=1e-4)
    assert np.allclose(found.T @ found, np.eye(3)) and np.linalg.det(found) == pytest.approx(1)
