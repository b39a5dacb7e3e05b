"""Nothing that is no number, and nothing damaged, replaces or continues what was good."""

import json
import time

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from craft import CountingSet  # noqa: E402
from meshkiln.records.tensors import open_tensors, read_header  # noqa: E402
from meshkiln.trainer.model import checkpoint  # noqa: E402
from meshkiln.trainer.train import loop  # noqa: E402
from meshkiln.trainer.train.loop import TrainingError, train  # noqa: E402
from test_training import Impatient, one_thread, settings  # noqa: E402, F401


def flip(path, fraction: float) -> None:
    """One bit of the weights, so far into the file."""
    data = bytearray(path.read_bytes())
    header = 8 + int.from_bytes(data[:8], "little")
    data[header + int((len(data) - header) * fraction)] ^= 0x40
    path.write_bytes(data)


@pytest.mark.parametrize("fraction", [0.01, 0.4, 0.99])
def test_a_damaged_training_state_is_not_continued(tmp_path, fraction):
    train(settings(tmp_path, steps=4), CountingSet(), Impatient(2))
    best = tmp_path / "best.safetensors"
    best.write_bytes(b"the last good model")
    flip(tmp_path / "state.safetensors", fraction)
    with pytest.raises(TrainingError, match="cannot continue from it.*damaged.*best.safetensors"):
        train(settings(tmp_path, steps=4), CountingSet())
    assert best.read_bytes() == b"the last good model"


def test_a_state_of_an_older_version_without_checksums_is_continued(tmp_path):
    train(settings(tmp_path, steps=4), CountingSet(), Impatient(2))
    path = tmp_path / "state.safetensors"
    with open_tensors(path) as file:
        head = json.loads(file.metadata["training"])
        tensors = {name: np.array(file[name]) for name in file}
    del head["sums"]
    loop.run_state.write_tensors(path, tensors, {"training": json.dumps(head)})
    assert train(settings(tmp_path, steps=4), CountingSet())["steps"] == 4


@pytest.mark.parametrize("where", ["score", "weights"])
def test_what_is_no_number_never_replaces_a_good_model(tmp_path, monkeypatch, where):
    train(settings(tmp_path, steps=4, save_seconds=0.0), CountingSet(), Impatient(3))
    kept = {path.name: path.read_bytes() for path in tmp_path.glob("*.safetensors")}
    usual = loop.Run.learn

    def diverging(self, parts, progress):
        done = usual(self, parts, progress)
        with torch.no_grad():
            self.plain.logits.weight[0, 0] = float("nan")
        return done

    if where == "weights":
        monkeypatch.setattr(loop.Run, "learn", diverging)
    else:
        monkeypatch.setattr(
            loop.HeldOut, "score", lambda self, nats: {"bits_per_mesh": float("nan"), "bits_per_step": 0}
        )
    with pytest.raises(TrainingError, match="not a finite number|not finite numbers"):
        train(settings(tmp_path, steps=8, save_seconds=0.0), CountingSet())
    for name in ("best.safetensors", "last.safetensors"):
        if name in kept:
            assert (tmp_path / name).read_bytes() == kept[name]
    with open_tensors(tmp_path / "state.safetensors") as file:
        assert all(np.isfinite(file[name]).all() for name in file)


def test_a_checkpoint_with_a_flipped_bit_is_refused_by_name(tmp_path):
    good = train(settings(tmp_path, steps=2), CountingSet())["last"]
    checkpoint.load(good)
    flip(tmp_path / "last.safetensors", 0.5)
    with pytest.raises(checkpoint.CheckpointError, match="damaged"):
        checkpoint.load(good)


def one_array(shape: bytes) -> bytes:
    return b'{"a":{"dtype":"F32","shape":[' + shape + b'],"data_offsets":[0,0]}}'


def many_arrays(count: int) -> bytes:
    entries = (b'"%d":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}' % i for i in range(count))
    return b"{" + b",".join(entries) + b"}"


def nested(depth: int) -> bytes:
    return b'{"a":' + b"[" * depth + b"]" * depth + b"}"


HEADERS = {
    "1.7 million empty arrays": many_arrays(1_700_000),
    "fifty thousand empty arrays": many_arrays(50_000),
    "deep nesting": nested(3_000_000),
    "nesting within the limit": nested(1_000_000),
    "one name half a million times": b"{" + b",".join([b'"a":{}'] * 500_000) + b"}",
    "a number of a million digits": one_array(b"9" * 1_000_000),
    "a shape without end": one_array(b"0," * 1_000_000 + b"0"),
}


@pytest.mark.parametrize("kind", HEADERS)
def test_a_header_that_would_cost_minutes_is_refused_at_once(tmp_path, kind):
    path = tmp_path / "hostile.safetensors"
    header = HEADERS[kind]
    path.write_bytes(len(header).to_bytes(8, "little") + header)
    began = time.process_time()
    with pytest.raises(checkpoint.CheckpointError, match="hostile.safetensors"):
        checkpoint.read_info(path)
    assert time.process_time() - began < 0.1


def test_a_file_that_names_itself_a_hundred_thousand_times_is_refused_at_once(tmp_path):
    good = train(settings(tmp_path, steps=2), CountingSet())["last"]
    metadata, _ = read_header(good)
    header = json.loads(metadata["meshkiln"])
    header["files"] = [tmp_path.joinpath("last.safetensors").name] * 100_000
    with open_tensors(good) as file:
        arrays = {name: np.array(file[name]) for name in file}
    loop.run_state.write_tensors(tmp_path / "many.safetensors", arrays, {"meshkiln": json.dumps(header)})
    began = time.process_time()
    with pytest.raises(checkpoint.CheckpointError, match="100000 files"):
        checkpoint.read_info(tmp_path / "many.safetensors")
    assert time.process_time() - began < 0.1
