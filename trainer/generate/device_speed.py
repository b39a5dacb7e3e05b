"""Which device runs the model and how fast, and what each size of model costs on it."""

import importlib.util
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from .request import PresetsRequest

MEASURED_SECONDS = 0.4


def measure() -> tuple[str, float]:
    """(a sentence about the device, operations per second in training; 0.0 without PyTorch). Takes seconds."""
    if importlib.util.find_spec("torch") is None:
        return measure_numpy(), 0.0
    from ..train.training_speed import training_speed

    speed = training_speed()
    return f"{measure_torch()}, {speed / 1e9:,.0f} in training", speed


def measure_numpy() -> str:
    matrix, vector = np.random.default_rng(0).random((2048, 2048), np.float32), np.ones(2048, np.float32)
    speed = _gigaflops(lambda: matrix @ vector, 2 * 2048 * 2048)
    return f"numpy on {os.cpu_count()} processor cores: {speed:.1f} GFLOP/s"


def measure_torch() -> str:
    import torch

    mps = hasattr(torch.backends, "mps") and torch.backends.mps.is_available()
    device = "cuda" if torch.cuda.is_available() else "mps" if mps else "cpu"
    size = 4096 if device != "cpu" else 1024
    kind = torch.bfloat16 if device == "cuda" else torch.float32
    a = torch.ones(size, size, dtype=kind, device=device)

    def product() -> None:
        (a @ a).sum().item()

    speed = _gigaflops(product, 2 * size**3)
    where = torch.cuda.get_device_name(0) if device == "cuda" else "Apple GPU" if mps else "the processor"
    memory = ""
    if device == "cuda":
        free, total = torch.cuda.mem_get_info()
        memory = f", {free / 1e9:.1f} of {total / 1e9:.1f} GB free"
    return f"PyTorch {torch.__version__} on {where}{memory}: {speed:,.0f} GFLOP/s"


def _gigaflops(work: Callable[[], Any], operations: int) -> float:
    work()  # loading at first use does not count
    began = time.perf_counter()
    count = 0
    while time.perf_counter() - began < MEASURED_SECONDS:
        work()
        count += 1
    return count * operations / (time.perf_counter() - began) / 1e9


def preset_costs(request: PresetsRequest) -> tuple[dict[str, dict[str, Any]], int]:
    """({preset: {"memory": a sentence, "seconds": of one pass over the dataset, None if unknown}}, number of examples
    in the dataset)."""
    from ..codecs import codec
    from ..model.presets import PRESETS
    from ..train.training_speed import Size, pass_seconds, size_of

    size = size_of(Path(request.dataset), request.craft) if request.dataset else Size()
    costs: dict[str, dict[str, Any]] = {}
    for name, preset in PRESETS.items():
        seconds = pass_seconds(size, name, request.speed) if request.speed and size.examples else None
        costs[name] = {"memory": _memory(preset, preset.config(codec("geometry").spec)), "seconds": seconds}
    return costs, size.examples


def _memory(preset: Any, config: Any) -> str:
    from ..model.config import parameter_count
    from ..model.presets import processor_bytes, training_bytes

    memory = training_bytes(config, min(preset.positions, 8192), preset.checkpointing)
    gpu, processor = memory / 1e9, processor_bytes(memory) / 1e9
    parameters = f"{parameter_count(config) / 1e6:.0f} million parameters"
    return f"{parameters}, training needs about {gpu:.1f} GB of GPU memory, or {processor:.0f} GB without a GPU"
