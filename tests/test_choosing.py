"""Which sample is shown first: sound ones before broken ones, and those that look like what was asked for."""

import numpy as np
import pytest
from meshkiln.records import mesh_record
from meshkiln.trainer.generate import choosing, reference_shapes
from meshkiln.trainer.generators import KINDS, generate
from meshkiln.trainer.mesh import shape_descriptor
from meshkiln.trainer.text import conditions

CORNERS = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], float)
SIDES = [[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]]


def box(sides=SIDES, scale=1.0):
    return mesh_record("box", CORNERS * scale, np.arange(len(sides)) * 4, np.concatenate(sides))


def test_a_whole_box_is_better_than_one_with_a_hole_or_a_face_too_many():
    assert choosing.soundness(box()) == 0
    assert choosing.soundness(box(SIDES[:5])) < 0
    assert choosing.soundness(box([*SIDES, SIDES[0][::-1]])) < 0
    assert choosing.soundness(box(), ended=False) < choosing.soundness(box())


def test_size_and_place_do_not_change_a_shape():
    seen, far = shape_descriptor.points(box()), shape_descriptor.points(box(scale=40.0))
    assert shape_descriptor.shape(seen) @ shape_descriptor.shape(far) == pytest.approx(1, abs=1e-5)
    assert shape_descriptor.apart(seen[:256], far[None, :256]) == pytest.approx(0, abs=1e-5)


def test_distance_of_looks_is_that_of_nearest_points():
    rng = np.random.default_rng(0)
    one, others = rng.random((50, 3), np.float32), rng.random((3, 40, 3), np.float32)
    for other, found in zip(others, shape_descriptor.apart(one, others)):
        square = ((one[:, None] - other[None]) ** 2).sum(-1)
        assert found == pytest.approx(square.min(1).mean() + square.min(0).mean(), abs=1e-5)


def test_an_empty_mesh_comes_last():
    empty = mesh_record("nothing", np.zeros((0, 3)), np.zeros(0, int), np.zeros(0, int))
    assert choosing.best([empty, box()]) == [1, 0]


@pytest.mark.skipif(reference_shapes.shipped_table() is None, reason="no table of known shapes is shipped")
@pytest.mark.parametrize(("kind", "other"), [("barrel", "chair"), ("sword", "house"), ("pine", "crate")])
def test_what_was_asked_for_scores_higher(kind, other):
    wish = conditions.Condition(kind)
    asked = np.mean([choosing.score(generate(kind, seed), wish) for seed in (101, 102)])
    wrong = np.mean([choosing.score(generate(other, seed), wish) for seed in (101, 102)])
    assert asked > wrong


@pytest.mark.skipif(reference_shapes.shipped_table() is None, reason="no table of known things is shipped")
def test_things_are_usually_as_large_as_their_names_say():
    table = reference_shapes.shipped_table()
    mugs = [table.usual("mug", seed)["size"] for seed in range(8)]
    houses = [table.usual("house", seed)["size"] for seed in range(8)]
    assert max(mugs) < min(houses)
    assert table.usual("xqzzy") == {} or isinstance(table.usual("xqzzy")["faces"], int)


@pytest.mark.skipif(reference_shapes.shipped_table() is None, reason="no table of known things is shipped")
def test_the_same_seed_asks_for_the_same_thing():
    table = reference_shapes.shipped_table()
    assert table.usual("chair", 3) == table.usual("chair", 3)
    assert len({table.usual("chair", seed)["faces"] for seed in range(12)}) > 2


def test_what_generated_kinds_are_called_is_known_by_that_name():
    names = {noun for kind in KINDS.values() for noun in kind.nouns}
    table = reference_shapes.shipped_table()
    assert table is not None
    unknown = names - set(table.labels)
    assert len(unknown) < 0.01 * len(names), f"known.safetensors is older than the generators: {sorted(unknown)}"


def test_a_hot_dog_is_no_dog():
    table = reference_shapes.shipped_table()
    assert table is not None
    dogs = {int(faces) for faces, label in zip(table.facts[:, 0], table.labels) if label == "dog"}
    assert {table.usual("dog", seed)["faces"] for seed in range(12)} <= dogs


@pytest.mark.parametrize(
    ("prompt", "heard"), [("red automobile", "red car"), ("hut", "house"), ("cask", "barrel"), ("chair", "chair")]
)
def test_a_word_never_heard_is_heard_as_its_sister(prompt: str, heard: str) -> None:
    table = reference_shapes.shipped_table()
    assert table is not None and table.in_known_words(prompt) == heard


def test_what_means_nothing_stays_as_it_is() -> None:
    table = reference_shapes.shipped_table()
    assert table is not None and table.in_known_words("qzxv") == "qzxv" and table.in_known_words("") == ""


def test_what_sticks_out_of_a_thing_shows_in_its_proportions():
    asked = conditions.Condition(summary=conditions.of_record(generate("bed", 3)).summary)
    long = generate("bed", 3)
    long.arrays["mesh/position"][:4, 2] += 6.0
    assert choosing.score(generate("bed", 3), asked) > choosing.score(long, asked) + 0.5


def test_where_a_model_lost_its_way_counts_against_a_sample():
    calm, lost = [1.0] * 40, [0.5] * 20 + [6.0] * 14 + [0.5] * 6
    assert choosing.worst_stretch([]) == 0 and choosing.worst_stretch([2.0, 4.0]) == 3
    assert choosing.worst_stretch(calm) == pytest.approx(1) and choosing.worst_stretch(lost) == pytest.approx(6)
    assert choosing.best([box(), box()], nats=[lost, calm]) == [1, 0]
    a, b = choosing.scores([box(), box()], nats=[[9.0] * 20, [3.0] * 20])
    assert a == b, "some things are surprising throughout"


def test_each_sample_is_measured_by_its_own_wish():
    few, many = conditions.Condition(faces=6), conditions.Condition(faces=60)
    a, b = choosing.scores([box(), box()], wishes=[few, many])
    assert a > b
    calm, lost = [1.0] * 40, [0.5] * 20 + [4.0] * 20
    # A wish that nothing calm comes of is judged by what came of the others.
    scores = choosing.scores([box(), box(), box()], [few, few, many], nats=[calm, lost, lost])
    assert scores[0] - scores[1] == pytest.approx(scores[0] - 0.2 * np.log2(10) - scores[2], abs=1e-6)


def boxes(*at):
    corners = np.concatenate([CORNERS + place for place in at])
    sides = [[v + 8 * i for v in side] for i in range(len(at)) for side in SIDES]
    return mesh_record("boxes", corners, np.arange(len(sides)) * 4, np.concatenate(sides))


def test_parts_in_the_air_are_seen():
    assert shape_descriptor.loose(shape_descriptor.points(box())) == 0
    assert shape_descriptor.loose(shape_descriptor.points(boxes((0, 0, 0), (1, 0, 0), (0, 0, 1.01)))) == 0, "they touch"
    assert shape_descriptor.loose(shape_descriptor.points(boxes((0, 0, 0), (0, 1, 0), (3, 0, 0)))) == pytest.approx(
        1 / 3, abs=0.03
    )
    assert shape_descriptor.loose(np.zeros((0, 3), np.float32)) == 1
    assert choosing.best([boxes((0, 0, 0), (3, 0, 0)), boxes((0, 0, 0), (1, 0, 0))]) == [1, 0]
    a, b = choosing.scores([boxes((0, 0, 0), (3, 0, 0)), boxes((0, 0, 0), (3, 0, 0))])
    assert a == b, "some things are in pieces"


def test_what_has_many_faces_is_tried_less_often():
    assert (
        choosing.candidates(12, 100) == 12 and choosing.candidates(12, 300) == 5 and choosing.candidates(12, 5000) == 4
    )
    assert choosing.candidates(2, 5000) == 2 and choosing.candidates(0, 50) == 1 and choosing.candidates(6, None) == 6


def test_rich_detail_is_not_astray():
    plain, rich, stray = [1.0] * 40, [3.0] * 40, [1.0] * 26 + [3.0] * 14
    a, b, c = choosing.scores([box(), box(), box()], nats=[plain, rich, stray])
    assert a == b > c
