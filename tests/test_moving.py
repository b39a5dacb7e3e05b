"""A generated movement goes on from where an object stands, how it is turned and how large it is."""

import numpy as np
import pytest
from meshkiln.addon.generate.place_motion import moved, turns
from meshkiln.records import Record
from meshkiln.trainer.codecs.consensus import curve_error
from meshkiln.trainer.codecs.items import Item
from meshkiln.trainer.codecs.motion import fitted, from_rest, motion_of_items, span, varied
from meshkiln.trainer.evaluate.schema_evaluation import as_long_and_far
from meshkiln.trainer.text.conditions import longest_side

CURVES = [
    Item("location.2", {"start": 1}, rows=[[0, 0.0, "BEZIER"], [12, 0.5, "BEZIER"]]),
    Item("rotation_euler.0", {"start": 1}, rows=[[0, 0.0, "LINEAR"], [24, 6.0, "LINEAR"]]),
    Item("scale.1", {"start": 1}, rows=[[0, 1.0, "LINEAR"], [24, 1.5, "LINEAR"]]),
]


def record(**data) -> Record:
    said, arrays = motion_of_items(CURVES, "hop")
    return Record({"kind": "empty", "name": "hop", **said, **data}, arrays)


def values(found: Record, column: str = "co") -> dict[str, list[float]]:
    action = found.data["actions"]["hop"]
    curves = action["layers"][0]["strips"][0]["channelbags"][0]["curves"]
    co = found.arrays[f"action/hop/{column}"]
    return {c["data_path"]: co[c["keys"][0] : sum(c["keys"]), 1].tolist() for c in curves}


def test_a_movement_is_carried_to_where_a_thing_stands():
    before = record()
    after = moved(before, (5, 6, 7), (0.1, 0.2, 0.3), (2, 3, 4), stretch=10)
    for column in ("co", "handle_left", "handle_right"):
        found = values(after, column)
        assert found["location"] == pytest.approx([7, 12])
        assert found["rotation_euler"] == pytest.approx([0.1, 6.1])
        assert found["scale"] == pytest.approx([3, 4.5])
    assert values(before)["location"] == [0.0, 0.5]  # the suggestion itself stays as it was
    assert np.array_equal(after.arrays["action/hop/co"][:, 0], before.arrays["action/hop/co"][:, 0])


def test_what_has_a_parent_or_does_not_move_stays_as_it_is():
    child = record(parent={"name": "cart"})
    assert moved(child, (5, 6, 7), (0, 0, 0), (1, 1, 1)) is child
    still = Record({"kind": "empty", "name": "still", "animation": None}, {})
    assert moved(still, (5, 6, 7), (0, 0, 0), (1, 1, 1)) is still


def test_only_what_turns_needs_euler_angles():
    assert turns(record())
    said, arrays = motion_of_items(CURVES[:1], "rise")
    assert not turns(Record({"kind": "empty", "name": "rise", **said}, arrays))


def test_where_an_object_stood_is_not_part_of_how_it_moves():
    told = from_rest(
        [
            Item("location.0", {}, rows=[[0, 40.0, "LINEAR"], [9, 42.0, "LINEAR"]]),
            Item("scale.0", {}, rows=[[0, 2.0, "LINEAR"], [9, 3.0, "LINEAR"]]),
            Item("rotation_euler.1", {}, rows=[[0, -0.5, "LINEAR"], [9, 0.5, "LINEAR"]]),
        ]
    )
    assert [[row[1] for row in item.rows] for item in told] == [[0, 2], [1, 1.5], [-0.5, 0.5]]


def test_ways_are_told_in_sizes_of_what_moves():
    (told,) = from_rest([Item("location.0", {}, rows=[[0, 40.0, "LINEAR"], [9, 44.0, "LINEAR"]])], 8.0)
    assert [row[1] for row in told.rows] == [0.0, 0.5]
    before = record()
    after = fitted(before, 0.1)
    for column in ("co", "handle_left", "handle_right"):
        assert values(after, column)["location"] == pytest.approx([0.0, 0.05])
        assert values(after, column)["rotation_euler"] == values(before, column)["rotation_euler"]
    assert values(before)["location"] == [0.0, 0.5]


def keys(found: Record) -> dict[str, list[list[float]]]:
    action = found.data["actions"]["hop"]
    co = found.arrays["action/hop/co"]
    return {
        f"{c['data_path']}.{c['array_index']}": co[c["keys"][0] : sum(c["keys"])].tolist()
        for c in action["layers"][0]["strips"][0]["channelbags"][0]["curves"]
    }


def test_a_movement_takes_as_long_and_goes_as_far_as_is_said():
    before = record()
    assert span(CURVES) == (24, (0.0, 0.0, 0.5))
    found = keys(fitted(before, 2.0, frames=48, way=(3.0, 0.0, -4.0)))
    assert found["location.2"] == [[1, 0], [25, -4]]  # half of the whole, as it was
    assert found["location.0"] == [[1, 0], [49, 3]] and "location.1" not in found
    assert found["rotation_euler.0"] == [[1, 0], [49, 6]] and found["scale.1"] == [[1, 1], [49, 1.5]]
    there_and_back = [Item("location.0", {"start": 1}, rows=[[0, 0.0, "SINE"], [6, -1.0, "SINE"], [6, 0.0, "SINE"]])]
    said, arrays = motion_of_items(there_and_back, "hop")
    found = keys(fitted(Record({"kind": "empty", "name": "hop", **said}, arrays), 1.0, way=(5.0, 0.0, 0.0)))
    assert [value for _, value in found["location.0"]] == [0, 5, 0]
    level = keys(fitted(Record({"kind": "empty", "name": "hop", **said}, arrays), 2.0, way=(0.0, 3.0, 0.0)))
    assert [value for _, value in level["location.0"]] == [0, -2, 0]  # off its place and back, as such a thing does
    assert [value for _, value in level["location.1"]] == [0, 3] and "location.2" not in level
    fall = [Item("location.2", {"start": 1}, rows=[[0, 2.0, "QUAD"], [9, 0.0, "QUAD"]])]  # told from where it ends
    said, arrays = motion_of_items(fall, "hop")
    down = keys(fitted(Record({"kind": "empty", "name": "hop", **said}, arrays), 1.0, way=(0.0, 0.0, -6.0)))
    assert [value for _, value in down["location.2"]] == [0, -6]
    assert "location" not in "".join(keys(fitted(before, 2.0, way=(0.0, 0.0, 0.0))))  # it went up and stayed there


@pytest.mark.parametrize("frames", [1, 2, 3, 7, 1000])
def test_no_two_keyframes_share_a_frame_however_short_it_is(frames):
    steps = Item("location.0", {"start": 1}, rows=[[0, 0.0, "LINEAR"]] + [[2, float(k), "LINEAR"] for k in range(5)])
    said, arrays = motion_of_items([steps], "hop")
    at = [frame for frame, _ in keys(fitted(Record({"name": "hop", **said}, arrays), 1.0, frames))["location.0"]]
    assert all(b - a >= 1 for a, b in zip(at, at[1:])) and at[-1] == 1 + max(frames, len(steps.rows) - 1)


def test_what_does_not_move_has_nothing_to_fit():
    still = Record({"kind": "empty", "name": "still", "animation": None}, {})
    assert fitted(still, 2.0, 48, (1.0, 0.0, 0.0)) is still


def test_how_large_a_thing_is_is_said_in_its_own_unit():
    positions = np.array([[0, 0, 0], [1, 2, 3]], np.float32)
    # `size` is in metres; where a unit of the scene is a centimetre, ways are told in centimetres like the mesh.
    thing = Record({"size": [0.02, 0.02, 0.03], "transform": {"scale": [4, -2, 1]}}, {"mesh/position": positions})
    assert longest_side(thing) == 4
    assert longest_side(Record({}, {"mesh/position": positions})) == 3
    assert (
        longest_side(Record({"kind": "empty"}, {})) == longest_side(Record({}, {"mesh/position": positions[:1]})) == 1
    )


def test_a_varied_movement_is_the_same_movement():
    items = [
        Item("location.0", {"start": 1}, rows=[[0, 0.0, "LINEAR"], [10, 2.0, "LINEAR"], [10, 0.0, "LINEAR"]]),
        Item("scale.2", {"start": 1}, rows=[[0, 1.0, "LINEAR"], [20, 1.5, "LINEAR"]]),
    ]
    sides = set()
    for seed in range(12):
        way, grow = varied(items, np.random.default_rng(seed))
        assert way.rows[0] == [0, 0.0, "LINEAR"] and way.rows[2][1] == 0 and grow.rows[0][1] == 1
        assert abs(way.rows[1][1]) / 2 == pytest.approx((grow.rows[1][1] - 1) / 0.5)
        assert grow.rows[1][0] == pytest.approx(2 * way.rows[1][0], abs=2)
        sides.add(way.rows[1][1] > 0)
    assert sides == {True, False}, "half of them are seen in a mirror"


def test_an_answer_that_is_told_how_long_and_how_far_errs_by_its_shape_alone():
    real = [Item("location.0", {"start": 1}, rows=[[0, 0.0, "LINEAR"], [20, 2.0, "LINEAR"]])]
    made = [Item("location.0", {"start": 1}, rows=[[0, 0.0, "LINEAR"], [5, -1.0, "LINEAR"]])]
    assert curve_error(real[0], made[0]) > 1
    assert curve_error(real[0], as_long_and_far(made, real)[0]) == pytest.approx(0)
    nowhere = as_long_and_far([], real)  # it says nothing of this axis: a straight line
    assert [item.type for item in nowhere] == ["location.0"] and curve_error(real[0], nowhere[0]) == pytest.approx(0)
