"""Parts that are mirrored but for a few corners: seen, and made again."""

import numpy as np
import pytest
from meshkiln.addon.generate import preview
from meshkiln.records import mesh_record
from meshkiln.trainer.codecs import codec
from meshkiln.trainer.codecs.base import replay
from meshkiln.trainer.generate import choosing, decoding, reference_shapes
from meshkiln.trainer.generators import generate
from meshkiln.trainer.generators.parts import Part, join, lathe
from meshkiln.trainer.generators.rounds import ico, rough
from meshkiln.trainer.mesh.symmetry_faults import adrift, crooked, lopsided, ragged, torn
from meshkiln.trainer.model import checkpoint, presets
from meshkiln.trainer.model.engines.numpy_engine import NumpyEngine
from meshkiln.trainer.text.conditions import Condition
from test_engines import weights

SHADE = lathe([(1.0, 0), (0.6, 1.2), (0.5, 1.2), (0.9, 0.0)], 9)


def record(*parts: Part):
    whole = join(list(parts))
    return mesh_record("thing", whole.vertices, np.cumsum(whole.counts) - whole.counts, whole.corners)


def dented(part: Part, corner: int = 11, by=(0.3, 0.1, 0.2)) -> Part:
    vertices = part.vertices.copy()
    vertices[corner] += by
    return Part(vertices, part.counts, part.corners, part.closed)


def test_one_corner_out_of_place_is_a_tear():
    foot = lathe([(0.5, -1), (0.2, -0.2)], 8)
    assert torn(record(foot, SHADE)) == 0
    assert 0.5 < torn(record(foot, dented(SHADE))) < 1
    assert torn(record(foot, dented(SHADE).turn("z", 17))) > 0.5
    assert torn(record(foot, SHADE.turn("z", 17))) == 0


def test_a_leg_that_is_not_like_the_others_is_a_tear():
    leg, pointed = lathe([(0.1, 0), (0.12, 1)], 4), lathe([(0.1, 0), (0.12, 0.9), (0, 1)], 4)
    legs = [leg.turn("z", 13 * k).at(k) for k in range(3)]
    assert torn(record(*legs)) == 0 and torn(record(Part(np.zeros((0, 3)), *np.zeros((2, 0), int)))) == 0
    assert 0.1 < torn(record(*legs, pointed.at(3))) and torn(record(legs[0], pointed.scale(1, 1, 0.5).at(3))) == 0


def test_points_without_stakes_are_adrift_and_not_the_ones_to_show():
    rail, point = lathe([(0.1, 0), (0.1, 4)], 4).turn("y", 90), lathe([(0.2, 0), (0, 0.4)], 4)
    fence = [record(rail, *(point.at(k, 0, z) for k in range(4))) for z in (0.1, 1.0)]
    assert [adrift(one) for one in fence] == [0, 1.0] and adrift(record(rail)) == 0
    assert choosing.best(fence[::-1], wishes=[Condition(style="generated")] * 2) == [1, 0]


def test_what_is_crooked_on_purpose_is_not_torn():
    crooked = dented(SHADE)
    assert torn(record(crooked)) == 1
    assert torn(record(crooked, crooked.at(4))) == 0
    assert torn(record(crooked, crooked.mirror().at(0, 4))) == 0
    assert torn(record(rough(ico(1.0, 1), np.random.default_rng(1), 0.2))) == 0  # hardly any corner has an image


def test_what_has_no_mirror_at_all_is_crooked():
    blob = rough(ico(1.0, 1), np.random.default_rng(1), 0.2)
    assert crooked(record(SHADE)) == 0 and crooked(record(blob)) == 1 and crooked(record(dented(SHADE))) == 1
    assert crooked(record(blob, blob.at(4))) == 0
    shapes = [SHADE.vertices * 40, blob.vertices * 40]
    assert not ragged(shapes) and ragged(shapes, on_purpose=False) and not ragged(shapes[:1], on_purpose=False)


def test_what_is_missing_on_one_side_makes_the_whole_lopsided():
    seat, cushion = lathe([(2.9, 0), (2.9, 0.4)], 4), lathe([(0.8, 0), (0.8, 0.5)], 4)
    cushions = [cushion.at(2 * k, 0, 0.4) for k in (-1, 0, 1)]
    assert lopsided(record(seat, *cushions)) == (0, 0) == lopsided(record(seat))
    assert lopsided(record(seat, *cushions[:2])) == pytest.approx((1 / 3, 0)), "a row is the same from behind"
    assert lopsided(record(seat, *cushions[:2], cushion.scale(1, 1, 0.5).at(2, 0, 0.4)))[0] == pytest.approx(0.5)


def test_what_may_be_uneven_is_known_by_its_name():
    usual = reference_shapes.shipped_table().usual_unevenness
    for even in ("sofa", "barrel", "castle", "couch", "fence"):
        assert usual(even)[:2] == (0, 0), even
    assert usual("castle").loose > 0.15 and usual("barrel").loose == 0
    assert usual("bridge")[2] == 0 < usual("sofa")[2]
    assert usual("rock")[0] == 1 and usual("palm tree")[1] > 0.5 and usual("house")[1] > 0.3


def test_a_sofa_without_a_cushion_is_not_the_one_to_show():
    seat, cushion = lathe([(2.9, 0), (2.9, 0.4)], 4), lathe([(0.8, 0), (0.8, 0.5)], 4)
    cushions = [cushion.at(2 * k, 0, 0.4) for k in (-1, 0, 1)]
    whole, lacking = record(seat, *cushions), record(seat, *cushions[:2])
    wishes = [Condition(text="qwrtzk", style="generated"), Condition(text="sofa", style="generated")]
    odd, even = ([choosing.score(one, wish) for one in (whole, lacking)] for wish in wishes)
    assert even[0] - even[1] > odd[0] - odd[1] + 0.9


KINDS = "barrel boat bush cactus cannon car chair fence house lamp rocket shield table tree".split()


@pytest.mark.parametrize("kind", KINDS)
def test_the_generators_things_are_whole(kind):
    c = codec("geometry", levels=128)
    for seed in range(3):
        told = replay(c.decoder(), c.encode_record(generate(kind, seed)).tokens)
        assert torn(told.result()) < 0.02
        shapes = told.shapes()
        assert sum(map(len, shapes)) == told.vertices
        assert sum(ragged(shapes, i) for i in range(len(shapes))) <= len(shapes) // 20


def test_a_torn_sample_is_not_the_one_to_show():
    whole, broken = record(SHADE), record(dented(SHADE))
    ours, theirs = ([Condition(style=style)] * 2 for style in ("generated", "kenney"))
    assert choosing.best([broken, whole], wishes=ours) == [1, 0]
    a, b = (choosing.score(one, theirs[0]) for one in (broken, whole))
    assert a == b, "artists have reasons"


def test_the_last_part_is_judged_beside_the_others():
    whole, broken = SHADE.vertices * 40, dented(SHADE).vertices * 40
    assert ragged([whole, broken]) and not ragged([broken, whole]) and not ragged([broken, broken + 9])


def made(unwanted):
    c = codec("geometry", levels=16)
    config = presets.preset("tiny").config(c.spec)
    arrays = weights(config)
    info = checkpoint.Info("here", "model", "geometry", c.spec.to_dict(), "", config, "tiny")
    model = decoding.Model(info, c, NumpyEngine(config, arrays))
    words = np.zeros((config.words, config.word_width), np.float32)
    attributes = np.zeros(len(config.condition), np.int64)
    run = decoding.Run(model, words, attributes, 3, 3, 1.0, {"max_faces": 40}, 300)
    run.unwanted = unwanted
    events = list(run.events())
    return c, run.result(), events


def test_parts_are_made_again_until_the_spare_steps_are_gone():
    c, plain, events = made(None)
    assert not any(event["event"] == "again" for event in events)
    _, kept, _ = made(lambda shapes: False)
    assert all(np.array_equal(a, b) for a, b in zip(plain.tokens, kept.tokens))
    asked = []

    def never(shapes):
        asked.append(len(shapes))
        return True

    _, result, events = made(never)
    back = [event for event in events if event["event"] == "again"]
    assert back and len(back) == len(asked)
    assert not all(np.array_equal(a, b) for a, b in zip(plain.tokens, result.tokens))
    for variant in range(3):
        # What was heard of it, less what was taken back, is what came of it.
        vertices, polygons = 0, 0
        for event in events:
            if event["variant"] == variant and event["event"] == "polygons":
                vertices += len(event["polygons"][0])
                polygons += len(event["polygons"][1])
            elif event["variant"] == variant and event["event"] == "again":
                assert event["vertices"] <= vertices
                vertices = event["vertices"]
                polygons -= event["polygons"]
        told = replay(c.decoder(max_faces=40), result.tokens[variant])
        assert told.vertices == vertices or not result.ended[variant]
        assert told.faces == polygons
        positions = told.result().arrays["mesh/position"]
        assert np.array_equal(positions, result.records[variant].arrays["mesh/position"])
        assert len(result.nats[variant]) == len(result.tokens[variant])


def test_the_preview_takes_back_what_is_made_again(monkeypatch):
    sent = []
    monkeypatch.setattr(preview, "_batch", lambda polygons: sent.append(len(polygons)) or (len(polygons), None))
    triangle = [[0.0, 0, 0], [1, 0, 0], [0, 1, 0]]
    shown = preview.Preview(None)
    shown.add(0, [triangle] * (preview.CHUNK + 10))
    variant = shown.variants[0]
    assert [n for n, _ in variant.batches()] == [preview.CHUNK, 10]
    shown.take_back(0, 20)
    assert variant.count == preview.CHUNK - 10
    assert [n for n, _ in variant.batches()] == [preview.CHUNK - 10]
    shown.add(0, [triangle] * 11)
    assert [n for n, _ in variant.batches()] == [preview.CHUNK, 1]
    before = len(sent)
    assert [n for n, _ in variant.batches()] == [preview.CHUNK, 1]
    assert len(sent) == before, "what stays is not sent again"
    shown.take_back(0, 10**6)
    shown.take_back(5, 1)
    assert variant.batches() == [] and not variant.count
