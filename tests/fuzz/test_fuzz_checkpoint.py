"""Damaged models and shards: the right values or a sentence, at once; never another exception or much memory."""

import time

import numpy as np
import pytest
from meshkiln.records import mesh_record
from meshkiln.records.shards import encode_data, write_shard
from meshkiln.records.tensors import TensorError, open_tensors
from meshkiln.trainer.codecs import codec
from meshkiln.trainer.model import checkpoint
from meshkiln.trainer.model.config import shapes
from meshkiln.trainer.model.presets import preset

from .mutate import mutant


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> bytes:
    spec = codec("modifiers").spec
    config = preset("tiny").config(spec)
    rng = np.random.default_rng(0)
    arrays = {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes(config).items()}
    path = tmp_path_factory.mktemp("model") / "a.safetensors"
    checkpoint.save(path, arrays, config, spec, craft="modifiers", preset="tiny", store="int8")
    return path.read_bytes()


def header_and_tail(data: bytes) -> tuple[bytes, bytes]:
    """Most faults should hit the header, which is a thousandth of the file."""
    end = 8 + int.from_bytes(data[:8], "little")
    return data[:end], data[end:]


def check(model: bytes, seeds: range, folder) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(model)
    _, whole = checkpoint.load(path)
    head, tail = header_and_tail(model)
    refused = 0
    for seed in seeds:
        path.write_bytes(mutant(model, seed) if seed % 4 == 0 else mutant(head, seed) + tail)
        began = time.process_time()
        try:
            _, arrays = checkpoint.load(path)
        except checkpoint.CheckpointError as error:
            refused += 1
            assert "model.safetensors" in str(error) and len(str(error)) < 4000
        else:  # what was hit does not say what the weights are
            assert all(np.array_equal(arrays[name], whole[name]) for name in whole)
        assert time.process_time() - began < 0.5, f"seed {seed}"
    assert refused > 0.8 * len(seeds)


def test_a_share_of_damaged_models_costs_a_sentence_each(model, tmp_path):
    check(model, range(150), tmp_path)


@pytest.mark.slow
def test_two_thousand_damaged_models_cost_a_sentence_each(model, tmp_path):
    check(model, range(1000, 3000), tmp_path)


def check_tensors(seeds: range, folder) -> None:
    records = [mesh_record(f"r{i}", np.eye(3), [0], [0, 1, 2], materials=[None]) for i in range(5)]
    shard = folder / "shard.safetensors"
    write_shard(shard, folder / "shard.jsonl", [(encode_data(record), record.arrays) for record in records])
    original = shard.read_bytes()
    path = folder / "mutant.safetensors"
    for seed in seeds:
        path.write_bytes(mutant(original, seed))
        try:
            with open_tensors(path) as file:
                arrays = {name: np.array(file[name]) for name in file}
        except TensorError as error:
            assert "mutant.safetensors" in str(error)
        else:
            assert sum(array.nbytes for array in arrays.values()) <= len(original) * 4


def test_a_share_of_damaged_shards_costs_a_sentence_each(tmp_path):
    check_tensors(range(150), tmp_path)


@pytest.mark.slow
def test_two_thousand_damaged_shards_cost_a_sentence_each(tmp_path):
    check_tensors(range(1000, 3000), tmp_path)
