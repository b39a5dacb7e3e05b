"""How fast the mind is, all ratios from one run: training against a plain loop, decoding against memory, variants
against one, torch against numpy; on a GPU also the share of its peak and a Hugging Face generation of the same size.

    python scripts/bench_model.py                  # what this machine can do, in about three minutes
    python scripts/bench_model.py --only decode    # train, decode, gpu
"""

import argparse
import importlib.util
import json
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
if "meshkiln" not in sys.modules:
    _spec = importlib.util.spec_from_file_location(
        "meshkiln", ROOT / "__init__.py", submodule_search_locations=[str(ROOT)]
    )
    _package = importlib.util.module_from_spec(_spec)
    sys.modules["meshkiln"] = _package
    _spec.loader.exec_module(_package)

from meshkiln.trainer import config, packing, presets  # noqa: E402
from meshkiln.trainer.codecs import codec  # noqa: E402
from meshkiln.trainer.engines.numpy_engine import NumpyEngine  # noqa: E402

HOPPER_PEAK = 989e12  # dense bf16, by the datasheet


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
        words = random.standard_normal((6, 96)).astype(np.float32)
        return SimpleNamespace(tokens=tokens.astype(np.int16), features=features.astype(np.int16)), words, attributes


def bench_training(device: str, name: str, seconds: float, rows: int, row: int, **kwargs: Any) -> dict[str, float]:
    """Useful backbone positions a second of the real training step, data loading included."""
    import tempfile

    from meshkiln.progress import Reporter
    from meshkiln.trainer.training import Run, Settings

    with tempfile.TemporaryDirectory() as out:
        settings = Settings(
            out, preset=name, steps=1 << 30, device=device, positions=rows * row, row=row, save_seconds=1e9, **kwargs
        )
        run = Run(settings, Assets(), Reporter(quiet=True))
        run.build()
        run.measure()
        from meshkiln.trainer.loading import batches, workers_for

        stream = batches(run.packer(), 0, run.device, workers_for(run.device))
        useful = targets = 0
        began = None
        for number, parts in enumerate(stream):
            if number == 3:
                _wait(run.device)
                began, useful, targets = time.perf_counter(), 0, 0
            run.learn(parts, 0.5)
            useful += sum(int((p["document"] >= 0).sum()) for p in parts)
            targets += sum(int((p["targets"] >= 0).sum()) for p in parts)
            if began is not None and time.perf_counter() - began > seconds:
                break
        _wait(run.device)
        spent = time.perf_counter() - began
        flops = presets.training_flops(run.config, targets / useful, 130.0)
        return {"positions": useful / spent, "flops": flops * useful / spent, "micro": targets / useful}


def bench_plain(device: str, name: str, seconds: float, meshes: int, bf16: bool) -> float:
    """The same model in a loop as one writes it first: a padded row for each asset, every micro-position computed,
    nothing compiled, AdamW. Useful positions a second."""
    import torch
    from meshkiln.trainer.attention import by_mask
    from meshkiln.trainer.model import Transformer

    assets = Assets()
    sizes = presets.preset(name).config(assets.spec)
    model = Transformer(sizes).to(device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    number, useful, began = 0, 0, None
    while began is None or time.perf_counter() - began < seconds:
        documents = [packing.draw(assets, i, number) for i in range(meshes)]
        longest = max(d.steps for d in documents) + sizes.prefix
        for d in documents:
            d.tokens = np.where(d.tokens < 0, 0, d.tokens)  # padding of the head is computed too
        batch = packing.collate(sizes, [packing.Row(0, [d]) for d in documents], longest)
        tensors = {k: torch.from_numpy(v).to(device) for k, v in batch.items()}
        with torch.autocast(torch.device(device).type, torch.bfloat16, enabled=bf16):
            loss = model(tensors, by_mask(tensors["document"])).mean()
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        number += 1
        useful += sum(d.steps + sizes.prefix for d in documents)
        if number == 2:
            _wait(torch.device(device))
            began, useful = time.perf_counter(), 0
    _wait(torch.device(device))
    return useful / (time.perf_counter() - began)


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


def decode_report() -> dict[str, Any]:
    sizes = presets.preset("starter").config(Assets().spec)
    arrays = random_arrays(sizes)
    numpy_engine = NumpyEngine(sizes, arrays)
    bench_decode(numpy_engine, 1, 20)
    one = min((bench_decode(numpy_engine, 1, 150) for _ in range(3)), key=lambda r: r["seconds"])
    four = min((bench_decode(numpy_engine, 4, 150) for _ in range(3)), key=lambda r: r["seconds"])
    guided = bench_decode(numpy_engine, 1, 150, guidance=2.0)
    bandwidth = memory_bandwidth()
    backbone, head = presets.decode_bytes(sizes, 5)
    report = {
        "polygons_per_second": one["steps"],
        "polygons_per_second_guided": guided["steps"],
        "memory_bandwidth_gb": bandwidth / 1e9,
        "share_of_bandwidth": (backbone + head) * one["steps"] / bandwidth,
        "four_variants_cost": four["seconds"] / one["seconds"],
    }
    if importlib.util.find_spec("torch") is not None:
        from meshkiln.trainer.engines.torch_engine import TorchEngine

        torch_engine = TorchEngine(sizes, arrays, "cpu")
        bench_decode(torch_engine, 1, 20)
        torch_one = min((bench_decode(torch_engine, 1, 150) for _ in range(3)), key=lambda r: r["seconds"])
        report["torch_cpu_to_numpy"] = torch_one["steps"] / one["steps"]
    return report


def train_report() -> dict[str, Any]:
    ours = bench_training("cpu", "starter", 40.0, 8, 1024, compile=True)
    plain = bench_plain("cpu", "starter", 25.0, 16, False)
    plain_bf16 = bench_plain("cpu", "starter", 25.0, 16, True)
    return {
        "positions_per_second": ours["positions"],
        "tflops": ours["flops"] / 1e12,
        "plain_positions_per_second": plain,
        "to_plain": ours["positions"] / plain,
        "to_plain_bf16": ours["positions"] / plain_bf16,
    }


def gpu_report() -> dict[str, Any]:
    from meshkiln.trainer.engines.torch_engine import TorchEngine

    report: dict[str, Any] = {}
    for name, rows, row, at_once in (("starter", 32, 2048, 32), ("base", 16, 4096, 8)):
        found = bench_training("cuda", name, 20.0, rows, row, micro_rows=at_once)
        report[f"{name}_positions_per_second"] = found["positions"]
        report[f"{name}_share_of_peak"] = found["flops"] / HOPPER_PEAK
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


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=("train", "decode", "gpu"))
    parser.add_argument("--json", action="store_true", help="one line of JSON at the end")
    args = parser.parse_args()
    parts: dict[str, Any] = {"decode": decode_report, "train": train_report}
    if importlib.util.find_spec("torch") is not None:
        import torch

        if torch.cuda.is_available():
            parts["gpu"] = gpu_report
    report: dict[str, Any] = {}
    for name, part in parts.items():
        if args.only in (None, name):
            report[name] = part()
            for key, value in report[name].items():
                print(f"{name:7} {key:32} {value:,.3f}", flush=True)
    if args.json:
        print(json.dumps(report))
    return 0


if __name__ == "__main__":
    sys.exit(main())
