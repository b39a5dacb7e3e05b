"""Training: it learns, it survives, it says what is wrong, and several processes do what one does."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from craft import CountingCodec, CountingSet  # noqa: E402
from meshkiln.jobs.progress import Reporter  # noqa: E402
from meshkiln.records.tensors import open_tensors  # noqa: E402
from meshkiln.trainer.generate import decoding  # noqa: E402
from meshkiln.trainer.model import checkpoint, lora  # noqa: E402
from meshkiln.trainer.model.engines.numpy_engine import NumpyEngine  # noqa: E402
from meshkiln.trainer.train import devices, loop, optimizer, run_state  # noqa: E402
from meshkiln.trainer.train.loop import Settings, TrainingError, train  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def settings(out, **changes) -> Settings:
    usual = {
        "craft": "counting", "preset": "tiny", "device": "cpu", "workers": 0, "positions": 512, "row": 128,
        "steps": 6, "evaluations": 2, "compile": False, "bf16": False, "rate": 0.01,
    }  # fmt: skip
    return Settings(str(out), **(usual | changes))


def state(folder) -> dict[str, np.ndarray]:
    with open_tensors(Path(folder) / "state.safetensors") as file:
        return {name: np.array(file[name]) for name in file}


def same(a, b) -> bool:
    a, b = state(a), state(b)
    return set(a) == set(b) and all(np.array_equal(a[name], b[name]) for name in a)


class Impatient(Reporter):
    """Asks for an end after so many steps."""

    def __init__(self, steps):
        super().__init__(quiet=True)
        self.left = steps

    @property
    def cancelled(self):
        self.left -= 1
        return self.left == 0


def test_a_tiny_model_learns_to_count_as_it_is_told(tmp_path):
    samples = CountingSet(heldout=())
    result = train(settings(tmp_path, steps=60, positions=256, store="f32", evaluations=1), samples)
    info, arrays = checkpoint.load(result["last"])
    assert info.craft == "counting" and info.card["steps"] == 60
    model = decoding.Model(info, CountingCodec(), NumpyEngine(info.config, arrays))
    right = 0
    for index in range(12):
        _, words, attributes = samples.sample(index, 0)
        made = decoding.generate(model, words, attributes, temperature=0.0)
        right += made.records[0] == samples.numbers(index)
    assert right >= 11


def test_a_run_that_was_stopped_ends_bit_by_bit_like_one_that_was_not(tmp_path):
    whole = train(settings(tmp_path / "whole"), CountingSet())
    stopped = train(settings(tmp_path / "parts"), CountingSet(), Impatient(3))
    assert stopped["ended"] == "cancelled" and stopped["steps"] == 3
    resumed = train(settings(tmp_path / "parts"), CountingSet())
    assert resumed["steps"] == 6 and resumed["bits_per_mesh"] == whole["bits_per_mesh"]
    assert same(tmp_path / "whole", tmp_path / "parts")
    steps = [json.loads(line)["step"] for line in (tmp_path / "parts" / "metrics.jsonl").read_text().splitlines()]
    assert steps == sorted(steps)


def test_the_score_counts_every_mesh_and_the_best_is_kept(tmp_path):
    result = train(settings(tmp_path, steps=30), CountingSet(heldout=(4, 11)))
    assert result["heldout"] == 2 and result["best_bits_per_mesh"] <= result["bits_per_mesh"] + 1e-9
    info = checkpoint.read_info(result["best"])
    assert info.metrics["bits_per_mesh"] == result["best_bits_per_mesh"]
    lines = [json.loads(line) for line in (tmp_path / "metrics.jsonl").read_text().splitlines()]
    scores = [line["bits_per_mesh"] for line in lines if "bits_per_mesh" in line]
    assert len(scores) >= 3 and min(scores) == result["best_bits_per_mesh"]


def test_what_is_kept_is_the_mean_of_the_weights_and_what_goes_on_are_the_weights(tmp_path):
    result = train(settings(tmp_path, store="f32"), CountingSet())
    _, kept = checkpoint.load(result["last"])
    saved = state(tmp_path)
    matrices = [name for name in kept if name.endswith("qkv.weight")]
    assert matrices
    for name in matrices:
        assert np.array_equal(kept[name], saved[f"average/{name}"])
        assert not np.array_equal(kept[name], saved[f"model/{name}"])


def test_the_weights_at_each_score_are_kept_for_a_mean_of_them(tmp_path):
    train(settings(tmp_path, points=True, store="f32"), CountingSet())
    points = sorted(tmp_path.glob("point-*.safetensors"))
    assert [path.name for path in points] == ["point-000003.safetensors", "point-000006.safetensors"]
    info, now = checkpoint.load(points[-1])
    own = {name.removeprefix("model/"): array for name, array in state(tmp_path).items() if name.startswith("model/")}
    assert info.card["steps"] == 6 and all(np.array_equal(now[name], own[name]) for name in own)


@pytest.mark.parametrize("quick", [True, False])
def test_matrices_are_made_orthogonal_in_what_the_device_is_quick_at(monkeypatch, quick):
    monkeypatch.setattr(devices, "fast_bf16", lambda device: quick)
    turned = optimizer.orthogonal(torch.randn(3, 48, 20, generator=torch.Generator().manual_seed(0)))
    assert turned.dtype == (torch.bfloat16 if quick else torch.float32)
    values = torch.linalg.svdvals(turned.float())
    assert 0.5 < values.min() and values.max() < 1.3


def test_micro_batches_and_loader_processes_change_nothing_but_rounding(tmp_path):
    plain = {"steps": 3, "matrices": "adamw"}
    train(settings(tmp_path / "whole", **plain), CountingSet())
    train(settings(tmp_path / "loaded", workers=1, **plain), CountingSet())
    train(settings(tmp_path / "parts", micro_rows=1, **plain), CountingSet())
    assert same(tmp_path / "whole", tmp_path / "loaded")
    a, b = state(tmp_path / "whole"), state(tmp_path / "parts")
    for name in a:
        if name.endswith("exp_avg"):  # the gradients of three steps
            assert np.allclose(a[name], b[name], rtol=0.02, atol=0.02 * np.abs(a[name]).max() + 1e-9), name


def test_too_little_memory_halves_what_goes_through_at_once(tmp_path, monkeypatch):
    usual = loop.Run.nats

    def greedy(self, part):
        if self.model.training and part["inputs"].shape[0] > 1:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return usual(self, part)

    monkeypatch.setattr(loop.Run, "nats", greedy)
    said = []
    reporter = Reporter(quiet=True)
    monkeypatch.setattr(reporter, "log", said.append)
    result = train(settings(tmp_path, steps=3), CountingSet(heldout=()), reporter)
    assert result["steps"] == 3
    assert [line for line in said if "Out of memory" in line] == [
        "Out of memory: continuing with 2 rows at once; the steps stay the same",
        "Out of memory: continuing with 1 rows at once; the steps stay the same",
    ]


def test_activation_checkpointing_changes_no_gradient(tmp_path):
    run = loop.Run(settings(tmp_path), CountingSet(), Reporter(quiet=True))
    run.build()
    grown = []
    for checkpointing in (False, True):
        run.plain.checkpointing = checkpointing
        run.plain.train()
        run.optimizer.clear()
        part = {k: torch.from_numpy(v) for k, v in run.packer()[0][0].items()}
        run.nats(part).sum().backward()
        grown.append({name: p.grad.clone() for name, p in run.plain.named_parameters() if p.grad is not None})
    assert all(torch.allclose(grown[0][name], grown[1][name], atol=1e-5) for name in grown[0])


def test_an_adapter_trains_alone_and_merges_into_its_own_base_only(tmp_path):
    base = train(settings(tmp_path / "base", store="f32"), CountingSet())["last"]
    other = train(settings(tmp_path / "other", seed=5, store="f32"), CountingSet())["last"]
    tuned = train(settings(tmp_path / "tuned", start=base, lora=4, steps=12, store="f32"), CountingSet())["last"]
    info, arrays = checkpoint.load(base)
    assert checkpoint.read_info(tuned).kind == "adapter" and os.path.getsize(tuned) < os.path.getsize(base) / 3
    before = {name: array.copy() for name, array in arrays.items()}
    lora.merge_arrays(arrays, info, tuned)
    changed = {name for name in arrays if not np.array_equal(arrays[name], before[name])}
    assert "blocks.0.qkv.weight" in changed and "inputs.weight" not in changed
    trained = state(tmp_path / "tuned")
    assert np.array_equal(trained["model/blocks.0.qkv.weight"], before["blocks.0.qkv.weight"])
    correction = lora.SCALE * trained["average/blocks.0.qkv.lora_b"] @ trained["average/blocks.0.qkv.lora_a"]
    assert np.allclose(arrays["blocks.0.qkv.weight"], before["blocks.0.qkv.weight"] + correction, atol=1e-5)
    info, arrays = checkpoint.load(other)
    with pytest.raises(checkpoint.CheckpointError, match="another model"):
        lora.merge_arrays(arrays, info, tuned)


def test_an_adapter_is_loaded_with_the_base_that_it_names_or_that_lies_beside_it(tmp_path):
    base = train(settings(tmp_path / "base", store="f32"), CountingSet())["last"]
    tuned = train(settings(tmp_path / "tuned", start=base, lora=4, steps=12, store="f32"), CountingSet())["last"]
    info, whole = lora.load_whole(tuned)
    before = checkpoint.load(base)[1]
    assert info.kind == "model" and not np.array_equal(whole["blocks.0.qkv.weight"], before["blocks.0.qkv.weight"])
    away = tmp_path / "elsewhere"
    away.mkdir()
    os.rename(base, away / "base.safetensors")
    with pytest.raises(checkpoint.CheckpointError, match="last.safetensors, which is not here any more"):
        lora.load_whole(tuned)
    os.rename(tuned, away / "tuned.safetensors")
    again = lora.load_whole(away / "tuned.safetensors")[1]
    assert all(np.array_equal(again[name], whole[name]) for name in whole)


def test_what_goes_on_from_a_model_does_so_gently(tmp_path):
    base = train(settings(tmp_path / "base", rate=None), CountingSet())["last"]
    runs = [loop.Run(settings(tmp_path / str(n), rate=None, start=start), CountingSet(), Reporter(quiet=True))
            for n, start in enumerate((None, base))]  # fmt: skip
    for run in runs:
        run.build()
    assert runs[1].optimizer.rate < 0.2 * runs[0].optimizer.rate


def test_a_run_ends_early_when_nothing_gets_better(tmp_path):
    result = train(settings(tmp_path, steps=60, evaluations=60, patience=2, rate=1e-9), CountingSet())
    assert result["ended"] == "early" and result["steps"] < 60


def test_what_cannot_work_is_said_at_once(tmp_path):
    with pytest.raises(TrainingError, match="set minutes or steps"):
        train(settings(tmp_path, steps=None), CountingSet())
    with pytest.raises(ValueError, match="no device 'cuda:77'"):
        train(settings(tmp_path, device="cuda:77"), CountingSet())
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(TrainingError, match="cannot be written to"):
        train(settings(tmp_path / "file" / "run"), CountingSet())
    with pytest.raises(TrainingError, match="an adapter needs a model"):
        train(settings(tmp_path / "l", lora=4), CountingSet())
    train(settings(tmp_path / "run", steps=2), CountingSet())
    with pytest.raises(TrainingError, match="contains a run with another seed"):
        train(settings(tmp_path / "run", steps=2, seed=9), CountingSet())
    empty = CountingSet(heldout=range(12))
    with pytest.raises(ValueError, match="nothing to learn from"):
        train(settings(tmp_path / "none"), empty)


def test_a_full_disk_costs_a_sentence_and_no_earlier_checkpoint(tmp_path, monkeypatch):
    train(settings(tmp_path, steps=4), CountingSet(), Impatient(2))
    before = (tmp_path / "state.safetensors").read_bytes()

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(run_state, "write_tensors", full)
    with pytest.raises(TrainingError, match="No space left on device.*untouched"):
        train(settings(tmp_path, steps=4), CountingSet())
    assert (tmp_path / "state.safetensors").read_bytes() == before


def test_what_a_disk_really_refuses_leaves_what_was_there(tmp_path):
    resource = pytest.importorskip("resource")
    train(settings(tmp_path, steps=4), CountingSet(), Impatient(2))
    before = {path.name: path.read_bytes() for path in tmp_path.glob("*.safetensors")}
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before["state.safetensors"]) // 2, usual[1]))
    try:
        with pytest.raises(TrainingError, match="could not be saved.*untouched"):
            train(settings(tmp_path, steps=4), CountingSet())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    left = {path.name: path.read_bytes() for path in tmp_path.glob("*.safetensors*")}
    assert left["state.safetensors"] == before["state.safetensors"]
    assert not [name for name in left if not name.endswith(".safetensors")], "half a file was left behind"
    assert train(settings(tmp_path, steps=4), CountingSet())["steps"] == 4


RUN = """
import sys
sys.path[:0] = [{tests!r}]
import conftest, torch
torch.set_num_threads(1)
from craft import CountingSet
from meshkiln.jobs.progress import Reporter
from meshkiln.trainer.train.loop import Settings, train
train(Settings({out!r}, **{options!r}), CountingSet(), Reporter(quiet=True))
"""


def child(out, **changes) -> list[str]:
    options = dict(vars(settings(out, **changes)))
    options.pop("out")
    return [sys.executable, "-c", RUN.format(tests=str(ROOT / "tests"), out=str(out), options=options)]


@pytest.mark.slow
def test_kill_dash_nine_costs_nothing(tmp_path):
    subprocess.run(child(tmp_path / "whole", steps=60), check=True)
    saved, killed = tmp_path / "killed" / "state.safetensors", 0
    for _ in range(3):
        before = saved.stat().st_mtime_ns if saved.exists() else None
        process = subprocess.Popen(child(tmp_path / "killed", steps=60, save_seconds=0.05))
        while process.poll() is None and (saved.stat().st_mtime_ns if saved.exists() else None) == before:
            time.sleep(0.01)
        process.kill()
        killed += process.wait() != 0
    assert killed, "every run was over before it could be killed"
    subprocess.run(child(tmp_path / "killed", steps=60, save_seconds=0.05), check=True)
    assert same(tmp_path / "whole", tmp_path / "killed")


@pytest.mark.slow
@pytest.mark.parametrize("shard", [False, True])
def test_two_processes_find_the_gradients_of_one(tmp_path, shard):
    options = {"steps": 3, "matrices": "adamw", "micro_rows": 1, "shard": shard}
    subprocess.run(child(tmp_path / "one", **options), check=True)
    port = str(29500 + os.getpid() % 1000)
    together = []
    for rank in range(2):
        rendezvous = {"WORLD_SIZE": "2", "RANK": str(rank), "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port}
        together.append(subprocess.Popen(child(tmp_path / "two", **options), env=os.environ | rendezvous))
    assert [process.wait(timeout=300) for process in together] == [0, 0]
    one, two = state(tmp_path / "one"), state(tmp_path / "two")
    assert set(one) == set(two)
    for name in one:
        if name.endswith("exp_avg"):  # three steps of gradients
            assert np.allclose(one[name], two[name], atol=1e-5), name


@pytest.mark.slow
def test_the_verb_trains_and_says_what_it_did(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "meshkiln", "train", "geometry", "--data", str(tmp_path / "none"),
         "--out", str(tmp_path / "run"), "--preset", "tiny", "--steps", "2"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert done.stderr.strip().splitlines()[-1].startswith("meshkiln train: ")
