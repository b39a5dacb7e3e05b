"""The mean of a run's weights, and of models."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from meshkiln.trainer.codecs import codec  # noqa: E402
from meshkiln.trainer.model import checkpoint, presets  # noqa: E402
from meshkiln.trainer.model.config import shapes  # noqa: E402
from meshkiln.trainer.train.averaging import GROWTH, Average  # noqa: E402

SCRIPT = Path(__file__).resolve().parents[1] / "scripts" / "mean_model.py"


def line() -> torch.nn.Linear:
    torch.manual_seed(0)
    return torch.nn.Linear(3, 2)


def walk(model: torch.nn.Module, seed: int) -> None:
    torch.manual_seed(seed)
    with torch.no_grad():
        for p in model.parameters():
            p.add_(torch.randn_like(p))


def test_the_mean_is_that_of_all_steps_late_ones_counting_more():
    model = line()
    average, seen = Average(model), []
    for step in range(1, 41):
        walk(model, step)
        average.add(step)
        seen.append(model.weight.detach().clone())
    # Weights n (n + 1) ... (n + GROWTH - 1) are what the running mean comes to; n ** GROWTH for large n.
    shares = [float(torch.prod(torch.arange(n, n + GROWTH, dtype=torch.float64))) for n in range(1, 41)]
    expected = sum(share * w.double() for share, w in zip(shares, seen)) / sum(shares)
    assert torch.allclose(average.state()["weight"].double(), expected, atol=1e-5)


def test_it_is_shown_and_put_away_again_even_after_an_error():
    model = line()
    average = Average(model)
    walk(model, 1)
    average.add(1)
    walk(model, 2)
    own = model.weight.detach().clone()
    with pytest.raises(RuntimeError), average.shown():
        assert torch.equal(model.weight, average.state()["weight"])
        assert not torch.equal(model.weight, own)
        raise RuntimeError
    assert torch.equal(model.weight, own)


def test_one_that_was_put_down_goes_on_as_if_it_had_not_been():
    model, other = line(), line()
    average = Average(model)
    for step in (1, 2, 3, 4):
        walk(model, step)
        average.add(step)
        if step == 2:
            other.load_state_dict(model.state_dict())
            again = Average(other)
            again.restore({name: value.clone() for name, value in average.state().items()})
        elif step > 2:
            walk(other, step)
            again.add(step)
    assert torch.equal(again.state()["weight"], average.state()["weight"])


def test_what_does_not_learn_has_no_mean_and_a_run_without_one_begins_where_it_stands():
    model = line()
    model.bias.requires_grad_(False)
    average = Average(model)
    assert list(average.state()) == ["weight"]
    average.restore({})
    assert torch.equal(average.state()["weight"], model.weight)


def model_file(path: Path, value: float, craft: str = "animation") -> Path:
    spec = codec(craft).spec
    config = presets.preset("tiny").config(spec)
    arrays = {name: np.full(shape, value, np.float32) for name, shape in shapes(config).items()}
    return checkpoint.save(path, arrays, config, spec, craft=craft, card={"seed": int(value), "steps": 9}, store="f32")


def mean_model(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, SCRIPT, *map(str, words)], capture_output=True, text=True)


def test_the_mean_of_models_counts_each_as_often_as_it_is_told(tmp_path):
    one, other = model_file(tmp_path / "1.safetensors", 1), model_file(tmp_path / "5.safetensors", 5)
    done = mean_model(tmp_path / "m.safetensors", one, f"{other}=3", "--store", "f32")
    assert done.returncode == 0, done.stderr
    info, arrays = checkpoint.load(tmp_path / "m.safetensors")
    assert all(np.allclose(array, 4) for array in arrays.values())
    assert info.card["mean_of"] == [
        {"share": 0.25, "seed": 1, "steps": 9}, {"share": 0.75, "seed": 5, "steps": 9},
    ]  # fmt: skip
    done = mean_model(tmp_path / "again.safetensors", tmp_path / "m.safetensors", one)
    assert done.returncode == 0, done.stderr
    again = checkpoint.read_info(tmp_path / "again.safetensors").card["mean_of"]
    assert [(part["share"], part["seed"]) for part in again] == [(0.125, 1), (0.375, 5), (0.5, 1)]


def test_models_of_two_languages_have_no_mean(tmp_path):
    one, other = model_file(tmp_path / "1.safetensors", 1), model_file(tmp_path / "2.safetensors", 2, "modifiers")
    done = mean_model(tmp_path / "m.safetensors", one, other)
    assert done.returncode and "another size or language" in done.stderr
    assert not (tmp_path / "m.safetensors").exists()
