"""Evaluation of the schema crafts, on answers whose worth is known."""

from collections import Counter

import pytest

pytest.importorskip("scipy")

from meshkiln.trainer.codecs.items import Item
from meshkiln.trainer.evaluate import schema_evaluation as evaluation
from meshkiln.trainer.text.word_table import alike

GOLD = [Item("MATERIAL"), Item("ShaderNodeBsdfPrincipled", {"in/Metallic": 1.0, "in/Base Color": [1.0, 0.7, 0.2, 1.0]})]
PAINT = [Item("MATERIAL"), Item("ShaderNodeBsdfPrincipled", {"in/Base Color": [0.8, 0.0, 0.0, 1.0]})]
BEVEL = Item("BEVEL", {"prop/width": 0.1, "prop/segments": 2})
RISE = Item("location.2", {"start": 1}, rows=[[0, 0.0, "LINEAR"], [20, 2.0, "LINEAR"]])
FALL = Item("location.2", {"start": 1}, rows=[[0, 2.0, "LINEAR"], [20, 0.0, "LINEAR"]])


def test_the_right_answer_scores_best_in_every_craft():
    right = evaluation.judge_materials([GOLD], [GOLD])
    assert right == {"node F1": 1, "link F1": 1, "value error": 0}
    assert evaluation.judge_materials([GOLD], [PAINT])["value error"] > 0.2
    assert evaluation.judge_modifiers([[BEVEL]], [[BEVEL]])["exact stack"] == 1
    assert evaluation.judge_animation([[RISE]], [[RISE]])["location error"] == 0


def test_a_missing_modifier_counts():
    found = evaluation.judge_modifiers([[BEVEL, Item("MIRROR")]], [[BEVEL]])
    assert found["exact stack"] == 0 and found["type F1"] == pytest.approx(2 / 3) and found["parameter error"] > 0


def test_two_empty_stacks_agree():
    assert evaluation.judge_modifiers([[]], [[]]) == {"exact stack": 1, "type F1": 1, "parameter error": 0}


def test_a_curve_the_wrong_way_round_is_worse_than_none():
    assert evaluation.curve_error(RISE, FALL) > evaluation.curve_error(RISE, None) > 0


def test_the_most_frequent_answer_is_found():
    assert evaluation.most_frequent([[BEVEL], [], [BEVEL]]) == [BEVEL]


def test_f1_of_multisets():
    assert evaluation.f1(Counter("aab"), Counter("ab")) == pytest.approx(0.8)


@pytest.mark.parametrize(("a", "b"), [("red barrel", "barrel"), ("sofa", "couch"), ("old wooden chair", "chair")])
def test_labels_that_name_the_same_thing(a, b):
    assert alike(a, b)


@pytest.mark.parametrize(("a", "b"), [("barrel", "chair"), ("sword", "house"), ("tree", "car")])
def test_labels_that_name_different_things(a, b):
    assert not alike(a, b)
