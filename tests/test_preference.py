"""The preference stage: pairs are told as they were said, and learning from them makes the better one likelier."""

import math

import numpy as np
import pytest

pytest.importorskip("torch")

import torch
from meshkiln.trainer.codecs import codec
from meshkiln.trainer.data.packing import Document
from meshkiln.trainer.generate.decoding import Model
from meshkiln.trainer.generators import generate
from meshkiln.trainer.learn import preference
from meshkiln.trainer.model.presets import preset
from meshkiln.trainer.text.conditions import Condition, cardinalities


@pytest.fixture(scope="module")
def config():
    from dataclasses import replace

    return preset("tiny").config(replace(codec("geometry").spec, condition=cardinalities("geometry")))


def told(kind: str, seed: int) -> Document:
    record = generate(kind, seed)
    a = record.arrays
    sequence = codec("geometry").encode(
        a["mesh/position"].astype(float), a["mesh/loop_start"], a["mesh/corner_vert"], a["mesh/material_index"]
    )
    return Document(sequence.tokens, sequence.features, *Condition(kind).arrays("geometry"))


@pytest.fixture(scope="module")
def chosen():
    return [preference.Pair("crate", told("crate", s), told("barrel", s), 1.0) for s in range(3)]


def weights(config) -> dict[str, np.ndarray]:
    from meshkiln.trainer.model.transformer import Transformer

    torch.manual_seed(0)
    return {name: tensor.numpy() for name, tensor in Transformer(config).state_dict().items()}


@pytest.mark.parametrize("way", ["pairs", "best"])
def test_it_learns_what_is_preferred(config, chosen, way):
    tuner = preference.Tuner(config, weights(config), way, 1e-3, 1024)
    before = tuner.measured(chosen)
    result = tuner.tune(chosen, 6, 3, 0, lambda share, words: None)
    after = tuner.measured(chosen)
    assert (after[:, 0] < before[:, 0]).all(), "the better ones have become likelier"
    if way == "pairs":
        assert result["ranked right"] > 0.9
        assert ((before[:, 0] - after[:, 0]) > (before[:, 1] - after[:, 1])).all()
    else:
        assert math.isnan(result["ranked right"])


def test_documents_packed_together_cost_what_they_cost_alone(config, chosen):
    tuner = preference.Tuner(config, weights(config), "best", 1e-3, 1024)
    documents = [pair.better for pair in chosen] + [chosen[0].worse]
    with torch.no_grad():
        together = tuner.nats(documents)
        alone = torch.cat([tuner.nats([d]) for d in documents])
    assert torch.allclose(together, alone, rtol=1e-3)


def test_what_was_said_is_replayed(config):
    document = told("crate", 4)
    model = Model(None, codec("geometry"), None)  # type: ignore[arg-type]
    again = preference.document(model, document.tokens, {}, document.words, document.attributes)
    assert np.array_equal(again.features, document.features)


def test_an_unknown_way_is_refused(config):
    with pytest.raises(ValueError, match="best and pairs"):
        preference.Tuner(config, weights(config), "worst", 1e-3, 64)


def test_a_warning_ends_where_the_sample_has_gone_astray():
    calm, lost = [1.0] * 60, [1.0] * 20 + [6.0] * 40
    assert preference.led_astray(calm, calm) == 60
    told = preference.led_astray(lost, calm)
    assert 20 < told <= 20 + 12, "what led there is told, the stray faces after it are not"
    assert preference.led_astray([9.0] * 5, [1.0] * 5) >= 5


def test_what_was_learned_before_is_learned_beside(config, chosen):
    from meshkiln.trainer.data.training_set import training_set

    samples = training_set(None)
    alone = preference.Tuner(config, weights(config), "pairs", 1e-3, 1024)
    beside = preference.Tuner(config, weights(config), "pairs", 1e-3, 1024, samples)
    with torch.no_grad():
        before = float(beside.training_loss(7))
    for tuner in (alone, beside):
        tuner.tune(chosen, 4, 2, 0, lambda share, words: None)
    with torch.no_grad():
        beside.network, kept = alone.network, float(beside.training_loss(7))
        forgotten = float(beside.training_loss(7))
    assert kept < before and kept < forgotten
