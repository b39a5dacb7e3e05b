"""Predicts how long training takes on this computer, from a measured speed and a dataset's size.

The speed is that of real optimiser steps of a small model on random assets, as operations per second; other sizes are
assumed to reach the same. Larger models are more efficient, so the estimate is usually pessimistic.
"""

import math
import time
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from ...records.dataset import Dataset
from ..codecs import codec
from ..model.config import WORD_WIDTH, WORDS
from ..model.presets import preset, training_flops

SECONDS = 3.0
WARM_UP = 1  # steps before the clock starts
MOST_FACES = 800  # assets with more are left out of a training set, as in `meshkiln dataset build`


class _Assets:
    """Random sequences of typical length: the content does not matter for the speed."""

    def __init__(self) -> None:
        self.spec = codec("geometry").spec
        self.weights, self.heldout = np.ones(64), np.zeros(0, np.int64)

    def sample(self, index: int, seed: int) -> tuple[Any, np.ndarray, np.ndarray]:
        random = np.random.default_rng([index, seed])
        steps = int(random.integers(40, 200))
        tokens = random.integers(0, self.spec.vocab, (steps, self.spec.micro)).astype(np.int16)
        tokens[:, 7:] = -1  # a step uses six or seven of eight
        features = np.stack([random.integers(0, n, steps) for n in self.spec.features], 1).astype(np.int16)
        words = random.standard_normal((WORDS, WORD_WIDTH)).astype(np.float32)
        return SimpleNamespace(tokens=tokens, features=features), words, np.zeros(0, np.int64)


def patient_threads() -> None:
    """Idle threads spin for 1 ms before they sleep: an artist's machine does other things too, and a thread that spins
    on keeps the one that it waits for from running. Sleeping at once costs a quarter of the speed where nothing else
    runs. Torch reads this when it is loaded."""
    import os

    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("GOMP_SPINCOUNT", "20000")


def training_speed(device: str | None = None, seconds: float = SECONDS) -> float:
    """Operations a second (`presets.training_flops`) of training on this device; needs torch, takes a few seconds."""
    import os

    patient_threads()
    import torch

    from ...jobs import scratch
    from ...jobs.progress import Reporter
    from ..data.loading import batches
    from . import devices
    from .loop import Run, Settings

    torch.set_num_threads(os.cpu_count() or 1)  # a worker starts with fewer
    where, _ = devices.find(device)
    name, row, rows = ("small", 1024, 8) if where.type == "cuda" else ("tiny", 512, 1)
    with scratch.folder("speed") as out:
        settings = Settings(
            str(out), preset=name, steps=1 << 30, device=device, positions=rows * row, row=row, workers=0, compile=False
        )
        run = Run(settings, _Assets(), Reporter(quiet=True))
        run.build()
        run.measure()
        began, positions = math.inf, 0
        for number, parts in enumerate(batches(run.packer(), 0, run.device, 0)):
            if number == WARM_UP:
                began = time.perf_counter()
            loss, _ = run.learn(parts, 0.5)
            float(loss)  # waits for the device
            positions += rows * row if number >= WARM_UP else 0
            if time.perf_counter() - began > seconds:
                return positions * training_flops(run.config) / (time.perf_counter() - began)
    raise RuntimeError("the loader ended")


@dataclass
class Size:
    """What training would use of a dataset: the number of examples, and their total number of steps."""

    examples: int = 0
    steps: int = 0


def size_of(dataset: Path, craft: str) -> Size:
    """Estimated from the records; assets left out for reasons other than size are not known yet."""
    size = Size()
    for record in Dataset(dataset):
        for steps in _steps(record, craft):
            size.examples += 1
            size.steps += steps
    return size


def _steps(record: Any, craft: str) -> list[int]:
    if craft == "geometry":
        faces = len(record.arrays.get("mesh/loop_start", ()))
        return [faces] if 0 < faces <= MOST_FACES else []
    if craft == "materials":
        trees = [(m or {}).get("tree") or {} for m in record.data.get("materials") or []]
        return [len(tree["nodes"]) + 1 for tree in trees if tree.get("nodes")]
    if craft == "modifiers":
        return [len(record.data["modifiers"]) + 1] if record.data.get("modifiers") else []
    return []  # only the codec knows how many steps an animation takes


def pass_seconds(size: Size, name: str, speed: float) -> float:
    """Seconds of one pass over all examples for a model of this preset."""
    config = preset(name).config(codec("geometry").spec)
    positions = size.steps + size.examples * config.prefix
    return positions * training_flops(config) / speed
