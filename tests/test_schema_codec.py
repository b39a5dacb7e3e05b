"""The schema codec: whatever its grammar allows is a record that can be, and numbers come back within their bounds."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from meshkiln.records import plain_material, validate
from meshkiln.trainer.codecs import codec
from meshkiln.trainer.codecs.base import CodecError, replay
from meshkiln.trainer.codecs.items import END, MICRO, STOP
from meshkiln.trainer.codecs.language import TURN, WIDE_HIGH, Field

CRAFTS = ("materials", "modifiers", "animation")


def dream(craft: str, seed: int, max_items: int = 10):
    """A sample from random logits under the grammar."""
    rng = np.random.default_rng(seed)
    decoder = codec(craft).decoder(max_items=max_items)
    for _ in range(100_000):
        decoder.features()
        allowed = np.flatnonzero(decoder.allowed())
        assert len(allowed), "the grammar left no way on"
        decoder.push(int(rng.choice(allowed)))
        if decoder.finished:
            return decoder
    raise AssertionError("it never ends")


@pytest.mark.parametrize("craft", CRAFTS)
def test_random_logits_give_records_that_can_be(craft):
    for seed in range(60):
        validate(dream(craft, seed).result("dream"))


@pytest.mark.parametrize("craft", CRAFTS)
def test_what_was_dreamt_is_told_the_same_way_again(craft):
    language = codec(craft)
    for seed in range(40):
        record = dream(craft, seed).result("dream")
        once = language.encode_record(record)
        again = language.encode_record(replay(language.decoder(max_items=99), once.tokens).result("dream"))
        assert np.array_equal(once.tokens, again.tokens)


@pytest.mark.parametrize("craft", CRAFTS)
def test_features_before_each_step_are_what_a_decoder_knows(craft):
    language = codec(craft)
    sequence = language.encode_record(dream(craft, 7).result("dream"))
    decoder = language.decoder(max_items=99)
    for features, tokens in zip(sequence.features, sequence.tokens):
        assert np.array_equal(decoder.features(), features)
        for token in tokens[tokens >= 0]:
            decoder.push(int(token))
    assert decoder.finished
    assert all(0 <= f.min() and f.max() < n for f, n in zip(sequence.features.T, language.spec.features))


def test_a_plain_material_comes_back():
    language = codec("materials")
    said = plain_material("gold", (1.0, 0.7, 0.2), roughness=0.25, metallic=1.0)
    back = replay(language.decoder(), language.encode_part(said).tokens).result("gold").data["materials"][0]
    assert back["plain"]["metallic"] == 1.0
    assert back["plain"]["base_color"] == pytest.approx([1.0, 0.7, 0.2], abs=0.01)
    assert [node["type"] for node in back["tree"]["nodes"]] == ["ShaderNodeBsdfPrincipled", "ShaderNodeOutputMaterial"]


def test_a_stack_comes_back():
    language = codec("modifiers")
    stack = [
        {"type": "MIRROR", "name": "Mirror", "properties": {"use_axis": [True, False, True], "merge_threshold": 0.01}},
        {"type": "BEVEL", "name": "Bevel", "properties": {"width": 0.05, "segments": 3, "limit_method": "ANGLE"}},
        {"type": "BEVEL", "name": "Again", "properties": {"segments": 700}},
    ]
    back = replay(language.decoder(), language.encode_part(stack).tokens).result("x").data["modifiers"]
    assert [m["type"] for m in back] == ["MIRROR", "BEVEL", "BEVEL"]
    assert back[0]["properties"]["use_axis"] == [True, False, True]
    assert back[1]["properties"]["width"] == pytest.approx(0.05, rel=5e-4)
    assert back[1]["properties"]["segments"] == 3 and back[2]["properties"]["segments"] == 700


def test_only_what_differs_from_the_default_is_said():
    language = codec("modifiers")
    sequence = language.encode_part([{"type": "BEVEL", "properties": {"width": 0.1, "segments": 1, "affect": "EDGES"}}])
    assert sequence.steps == 2 and sequence.tokens[0, 1] == STOP and sequence.tokens[1, 0] == END


def test_steps_never_outgrow_their_room():
    for craft in CRAFTS:
        sequence = codec(craft).encode_record(dream(craft, 3, max_items=20).result("dream"))
        assert sequence.tokens.shape[1] == MICRO


def test_a_token_out_of_place_is_refused():
    decoder = codec("materials").decoder()
    with pytest.raises(CodecError):
        decoder.push(STOP)


def test_another_schema_is_refused():
    with pytest.raises(CodecError, match="schema changed"):
        codec("materials", schema="0" * 12)


@settings(max_examples=300, deadline=None)
@given(
    way=st.sampled_from(["factor", "colour", "angle", "wide"]),
    value=st.floats(-1e6, 1e6, allow_nan=False),
)
def test_numbers_keep_within_their_bound(way, value):
    field = Field("x", way)
    low, high = {"factor": (0, 1), "colour": (0, 1), "angle": (-TURN, TURN * 0.9999)}.get(way, (-WIDE_HIGH, WIDE_HIGH))
    value = low + math.fmod(abs(value), 1000) / 1000 * (high - low) if way != "wide" else value
    tokens = field.encode(value)
    assert all(0 <= token < 256 for token in tokens)
    assert abs(field.decode(tokens) - value) <= field.bound(value)
    assert field.encode(field.decode(tokens)) == tokens


@given(st.integers(-32768, 32767))
def test_whole_numbers_are_exact(value):
    field = Field("x", "whole")
    assert field.decode(field.encode(value)) == value
