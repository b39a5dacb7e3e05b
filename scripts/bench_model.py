"""How fast the model is, all ratios from one run: training against a plain loop, decoding against memory, variants
against one, torch against numpy; on a GPU also the share of its peak and a Hugging Face generation of the same size.

    python scripts/bench_model.py [--corpus DATASET]    # what this machine can do, in about five minutes
    python scripts/bench_model.py --only decode        # codec, train, decode, gpu

Compared runs alternate, so that other load slows both sides. If a number has a target, its line says whether it was
reached. DATASET, from `meshkiln extract`, is what the codec is measured on.
"""

import argparse
import importlib.util
import json
import os
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

# As many threads as the worker uses for decoding; training uses all cores.
os.environ.setdefault("OMP_NUM_THREADS", str(max(1, min(4, (os.cpu_count() or 2) // 2))))
os.environ.setdefault("OPENBLAS_NUM_THREADS", os.environ["OMP_NUM_THREADS"])

import numpy as np  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
if "meshkiln" not in sys.modules:
    _spec = importlib.util.spec_from_file_location(
        "meshkiln", ROOT / "__init__.py", submodule_search_locations=[str(ROOT)]
    )
    _package = importlib.util.module_from_spec(_spec)
    sys.modules["meshkiln"] = _package
    _spec.loader.exec_module(_package)

from meshkiln.trainer.codecs import codec  # noqa: E402
from meshkiln.trainer.data import packing  # noqa: E402
from meshkiln.trainer.model import config, presets  # noqa: E402
from meshkiln.trainer.model.engines.numpy_engine import NumpyEngine  # noqa: E402

HOPPER_PEAK = 989e12  # dense bf16, from the datasheet


class Assets:
    """Random sequences with the lengths of real ones (median about 130 steps, a long tail) and micro-tokens."""

    def __init__(self, longest: int = 900) -> None:
        from dataclasses import replace

        self.spec = replace(codec("geometry").spec, condition=(21, 8, 3, 34, 16, 10))
        self.weights, self.heldout, self.longest = np.ones(1000), np.arange(16), longest

    def sample(self, index: int, seed: int) -> tuple[Any, np.ndarray, np.ndarray]:
        random = np.random.default_rng([index, seed])
        steps = int(np.clip(np.exp(random.normal(4.9, 0.8)), 8, self.longest))
        tokens = random.integers(0, self.spec.vocab, (steps, self.spec.micro))
        used = random.choice([1, 2, 4, 7, 8], size=steps, p=[0.1, 0.25, 0.35, 0.25, 0.05])
        tokens[np.arange(self.spec.micro) >= used[:, None]] = -1
        features = np.stack([random.integers(0, n, steps) for n in self.spec.features], 1)
        attributes = np.array([random.integers(0, n) for n in self.spec.condition])
        words = random.standard_normal((config.WORDS, config.WORD_WIDTH)).astype(np.float32)
        return SimpleNamespace(tokens=tokens.astype(np.int16), features=features.astype(np.int16)), words, attributes


class Ours:
    """The real training step, data loading included."""

    def __init__(self, device: str, name: str, rows: int, row: int, **kwargs: Any) -> None:
        import tempfile

        from meshkiln.jobs.progress import Reporter
        from meshkiln.trainer.data.loading import batches, workers_for
        from meshkiln.trainer.train.loop import Run, Settings

        with tempfile.TemporaryDirectory() as out:
            settings = Settings(out, preset=name, steps=1 << 30, device=device, positions=rows * row, row=row, **kwargs)
            self.run = Run(settings, Assets(), Reporter(quiet=True))
            self.run.build()
        self.run.measure()
        self.stream = batches(self.run.packer(), 0, self.run.device, workers_for(self.run.device))
        self.device, self.targets, self.positions = self.run.device, 0, 0

    def step(self) -> int:
        parts = next(self.stream)
        self.run.learn(parts, 0.5)
        useful = sum(int((p["document"] >= 0).sum()) for p in parts)
        self.positions += useful
        self.targets += sum(int((p["targets"] >= 0).sum()) for p in parts)
        return useful

    def flops(self, positions: float) -> float:
        return presets.training_flops(self.run.config, self.targets / self.positions, 130.0) * positions


class Plain:
    """The same model in a straightforward loop: a padded row for each asset, every micro-position computed, nothing
    compiled, AdamW."""

    def __init__(self, device: str, name: str, meshes: int, bf16: bool) -> None:
        import torch
        from meshkiln.trainer.model.transformer import Transformer

        self.assets, self.meshes, self.bf16, self.device = Assets(), meshes, bf16, torch.device(device)
        self.sizes = presets.preset(name).config(self.assets.spec)
        self.model = Transformer(self.sizes).to(device)
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=1e-3)
        self.number = 0

    def step(self) -> int:
        import torch
        from meshkiln.trainer.model.attention import by_mask

        documents = [packing.draw(self.assets, i, self.number) for i in range(self.meshes)]
        longest = max(d.steps for d in documents) + self.sizes.prefix
        for d in documents:
            d.tokens = np.where(d.tokens < 0, 0, d.tokens)  # padding of the head is computed too
        batch = packing.collate(self.sizes, [packing.Row(0, [d]) for d in documents], longest)
        tensors = {k: torch.from_numpy(v).to(self.device) for k, v in batch.items()}
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.bf16):
            loss = self.model(tensors, by_mask(tensors["document"])).mean()
        loss.backward()
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.number += 1
        return sum(d.steps + self.sizes.prefix for d in documents)


def in_turns(loops: dict[str, Any], seconds: float, turn: float = 5.0) -> dict[str, float]:
    """Useful backbone positions a second of each loop, after two steps to warm up."""
    for loop in loops.values():
        loop.step(), loop.step()
    done, spent = dict.fromkeys(loops, 0), dict.fromkeys(loops, 0.0)
    while min(spent.values()) < seconds:
        for name, loop in loops.items():
            _wait(loop.device)
            began = time.perf_counter()
            while time.perf_counter() - began < turn:
                done[name] += loop.step()
                _wait(loop.device)
            spent[name] += time.perf_counter() - began
    return {name: done[name] / spent[name] for name in loops}


def _wait(device: Any) -> None:
    import torch

    if device.type == "cuda":
        torch.cuda.synchronize()


def bench_decode(engine: Any, samples: int, steps: int, micro: int = 5, guidance: float = 1.0) -> dict[str, float]:
    """Steps a second of all samples together, from random weights, sampling and grammar left out."""
    c = engine.config
    random = np.random.default_rng(0)
    words = random.standard_normal((samples, c.words, c.word_width)).astype(np.float32)
    attributes = np.zeros((samples, len(c.condition)), np.int64)
    features = np.stack([random.integers(0, n, (steps, samples)) for n in c.features], -1)
    tokens = random.integers(0, c.vocab, (steps, samples, c.micro))
    tokens[:, :, micro:] = -1
    session = engine.start(words, attributes, guidance)
    began = time.perf_counter()
    for step in range(steps):
        session.advance(features[step], tokens[step - 1] if step else None)
        for j in range(micro):
            session.logits()
            session.say(tokens[step, :, j])
    spent = time.perf_counter() - began
    return {"seconds": spent / steps, "steps": samples * steps / spent}


def memory_bandwidth(megabytes: int = 256) -> float:
    """Bytes a second that matrix-vector products reach on a matrix too large for any cache: the best of several."""
    matrix = np.ones((megabytes * 256, 1024), np.float32)
    vector, out = np.ones(1024, np.float32), np.empty(len(matrix), np.float32)
    best = 0.0
    for _ in range(6):
        began = time.perf_counter()
        np.dot(matrix, vector, out=out)
        best = max(best, matrix.nbytes / (time.perf_counter() - began))
    return best


def random_arrays(sizes: config.ModelConfig) -> dict[str, np.ndarray]:
    random = np.random.default_rng(0)
    return {
        name: (random.standard_normal(shape, np.float32) * np.float32(shape[-1] ** -0.5))
        for name, shape in config.shapes(sizes).items()
    }


def codec_report(corpus: Path | None) -> dict[str, Any]:
    """What the shipped codec does with every mesh of the corpus."""
    from compare_codecs import every_mesh, measure

    if corpus is None:
        return {}
    totals = measure(codec("geometry"), every_mesh(corpus), 1e9)
    return {name: value for name, value in totals.items() if name != "lossless_of"}


def decode_report(corpus: Path | None) -> dict[str, Any]:
    """The best of several runs of each: what the computer can do without interruption for half a second."""
    sizes = presets.preset("starter").config(Assets().spec)
    arrays = random_arrays(sizes)
    engine = NumpyEngine(sizes, arrays)
    ways: dict[str, tuple[Any, int, float]] = {
        "one": (engine, 1, 1.0),
        "four": (engine, 4, 1.0),
        "led": (engine, 1, 2.0),
    }
    if importlib.util.find_spec("torch") is not None:
        from meshkiln.trainer.model.engines.torch_engine import TorchEngine

        ways["torch"] = (TorchEngine(sizes, arrays, "cpu"), 1, 1.0)
    seconds = dict.fromkeys(ways, float("inf"))
    bandwidth = 0.0
    for turn in range(6):
        for name, (one, samples, guidance) in ways.items():
            took = bench_decode(one, samples, 20 if turn == 0 else 150, guidance=guidance)["seconds"]
            seconds[name] = min(seconds[name], took) if turn else seconds[name]
        bandwidth = max(bandwidth, memory_bandwidth())
    report = {
        "steps_per_second": 1 / seconds["one"],
        "steps_per_second_guided": 1 / seconds["led"],
        "polygons_per_second": written(engine),
        "memory_bandwidth_gb": bandwidth / 1e9,
        "share_of_bandwidth": sum(presets.decode_bytes(sizes, 5)) / seconds["one"] / bandwidth,
        "four_variants_cost": seconds["four"] / seconds["one"],
    }
    if "torch" in seconds:
        report["torch_cpu_to_numpy"] = seconds["one"] / seconds["torch"]
    return report


def written(engine: NumpyEngine) -> float:
    """Polygons a second of one mesh with grammar and sampling, by an untrained model: the best of five."""
    from meshkiln.trainer.generate.decoding import Model, generate

    sizes = engine.config
    model = Model(None, codec("geometry"), engine)  # type: ignore[arg-type]  # only its sizes are asked for
    model.info = SimpleNamespace(config=sizes)  # type: ignore[assignment]
    words, attributes = np.zeros((sizes.words, sizes.word_width), np.float32), np.zeros(len(sizes.condition), np.int64)
    speeds = []
    for seed in range(5):
        made = generate(model, words, attributes, seed=seed, decoder={"max_faces": 150}, max_steps=200)
        speeds.append(made.stats["polygons_per_second"])
    return max(speeds)


def train_report(corpus: Path | None) -> dict[str, Any]:
    import torch
    from meshkiln.trainer.train.devices import fast_bf16

    torch.set_num_threads(os.cpu_count() or 1)
    ours = Ours("cpu", "starter", 4, 1024, compile=True)
    loops = {"ours": ours, "plain": Plain("cpu", "starter", 16, False)}
    if fast_bf16(torch.device("cpu")):  # a processor without bf16 units takes minutes for a step
        loops["bf16"] = Plain("cpu", "starter", 16, True)
    speed = in_turns(loops, 30.0)
    report = {
        "positions_per_second": speed["ours"],
        "tflops": ours.flops(speed["ours"]) / 1e12,
        "plain_positions_per_second": speed["plain"],
        "to_plain": speed["ours"] / speed["plain"],
    }
    return report | ({"to_plain_bf16": speed["ours"] / speed["bf16"]} if "bf16" in speed else {})


def gpu_report(corpus: Path | None) -> dict[str, Any]:
    from meshkiln.trainer.model.engines.torch_engine import TorchEngine

    report: dict[str, Any] = {}
    for name, rows, row, at_once in (("starter", 32, 2048, 32), ("base", 16, 4096, 8)):
        ours = Ours("cuda", name, rows, row, micro_rows=at_once)
        speed = in_turns({"ours": ours}, 20.0)["ours"]
        report[f"{name}_positions_per_second"] = speed
        report[f"{name}_share_of_peak"] = ours.flops(speed) / HOPPER_PEAK
    for name in ("starter", "base"):
        sizes = presets.preset(name).config(Assets().spec)
        engine = TorchEngine(sizes, random_arrays(sizes), "cuda")
        for samples in (1, 4, 16):
            bench_decode(engine, samples, 20)
            report[f"{name}_steps_per_second_{samples}"] = bench_decode(engine, samples, 240)["steps"]
        if importlib.util.find_spec("transformers") is not None:
            mine = report[f"{name}_steps_per_second_1"] * 5
            report[f"{name}_tokens_to_hugging_face"] = mine / hugging_face(sizes)
    return report


def hugging_face(sizes: config.ModelConfig) -> float:
    """Tokens a second of `generate` with a decoder of the same width and depth, batch 1."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    llama = LlamaConfig(
        vocab_size=1024,
        hidden_size=sizes.width,
        intermediate_size=sizes.hidden,
        num_hidden_layers=sizes.layers,
        num_attention_heads=sizes.heads,
        num_key_value_heads=sizes.heads,
        max_position_embeddings=2048,
    )
    model = LlamaForCausalLM(llama).to("cuda", torch.bfloat16).eval()
    prompt = torch.ones(1, 8, dtype=torch.int64, device="cuda")
    options = {"do_sample": True, "use_cache": True, "pad_token_id": 0, "eos_token_id": None}
    model.generate(prompt, max_new_tokens=16, **options)
    began = time.perf_counter()
    model.generate(prompt, min_new_tokens=256, max_new_tokens=256, **options)
    return 256 / (time.perf_counter() - began)


# Targets: at least, or at most, depending on the sign.
REACH = {
    "codec accepted": (">=", 1.0),
    "codec lossless": (">=", 1.0),
    "codec steps_per_triangle": ("<=", 0.7),
    "codec encoded_polygons_per_second": (">=", 200_000),
    "train to_plain": (">=", 1.5),
    "decode polygons_per_second": (">=", 200),
    "decode share_of_bandwidth": (">=", 0.6),
    "decode four_variants_cost": ("<=", 2.0),
    "decode torch_cpu_to_numpy": (">=", 1.0),
    "gpu base_share_of_peak": (">=", 0.45),
    "gpu starter_tokens_to_hugging_face": (">=", 5.0),
    "gpu base_tokens_to_hugging_face": (">=", 5.0),
}


def line_of(part: str, key: str, value: float) -> str:
    line = f"{part:7} {key:32} {value:14,.3f}"
    if f"{part} {key}" not in REACH:
        return line
    sign, wanted = REACH[f"{part} {key}"]
    reached = value >= wanted if sign == ">=" else value <= wanted
    return f"{line}   {sign} {wanted:,}: {'reached' if reached else 'NOT reached'}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, help="a dataset of all meshes; without it the codec is left out")
    parser.add_argument("--only", choices=("codec", "train", "decode", "gpu"))
    parser.add_argument("--json", action="store_true", help="print JSON on the last line")
    args = parser.parse_args()
    parts: dict[str, Any] = {"codec": codec_report, "decode": decode_report, "train": train_report}
    if importlib.util.find_spec("torch") is not None:
        import torch

        if torch.cuda.is_available():
            parts["gpu"] = gpu_report
    report: dict[str, Any] = {}
    for name, part in parts.items():
        if args.only in (None, name):
            report[name] = part(args.corpus)
            for key, value in report[name].items():
                print(line_of(name, key, value), flush=True)
    if args.json:
        print(json.dumps(report))
    return 0


if __name__ == "__main__":
    sys.exit(main())
