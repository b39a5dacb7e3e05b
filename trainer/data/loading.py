"""Batches ahead of time: loader processes draw, augment, encode and pack while the device computes.

Batch n is the same for any number of processes, so a run continues where it stopped.
"""

import itertools
import multiprocessing
import os
import sys
from collections.abc import Iterator
from typing import Any

import torch

from .packing import Packer


class Steps:
    """Progress of a run limited by steps: known for every batch in advance."""

    def __init__(self, steps: int) -> None:
        self.steps = steps

    def __call__(self, number: int) -> float:
        return min(1.0, number / self.steps)


class Clock:
    """Progress of a run limited by minutes: set by the training process, shared with all loaders."""

    def __init__(self) -> None:
        self.value = context().Value("d", 0.0)

    def __call__(self, number: int) -> float:
        return float(self.value.value)


def context() -> Any:
    """A forked loader shares the training set's memory; on Windows and macOS it is started from scratch."""
    return multiprocessing.get_context("fork" if sys.platform.startswith("linux") else "spawn")


class Numbers(torch.utils.data.Sampler[Any]):
    """n, n + 1, n + 2, ... endlessly."""

    def __init__(self, start: int) -> None:
        self.start = start

    def __iter__(self) -> Iterator[int]:
        return itertools.count(self.start)


class Shared:
    """A Packer for torch's loader: batch number -> list of dicts of arrays (this process's micro-batches)."""

    def __init__(self, packer: Packer, rank: int, world: int) -> None:
        self.packer, self.rank, self.world = packer, rank, world

    def __getitem__(self, number: int) -> list[dict[str, Any]]:
        return self.packer[number][self.rank :: self.world]


def workers_for(device: torch.device) -> int:
    """Number of loader processes: enough to keep a GPU busy; one if the CPU trains."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(14, cores - 2)) if device.type != "cpu" else 1


def batches(
    packer: Packer, start: int, device: torch.device, workers: int, rank: int = 0, world: int = 1
) -> Iterator[list[dict[str, torch.Tensor]]]:
    """An endless iterator over the batches from number `start` on, as CPU tensors (pinned for CUDA)."""
    options: dict[str, Any] = {}
    if workers:
        options = {"prefetch_factor": 4, "multiprocessing_context": context(), "persistent_workers": True}
    loader: Any = torch.utils.data.DataLoader(
        Shared(packer, rank, world),  # type: ignore[arg-type]
        batch_size=None,
        sampler=Numbers(start),
        num_workers=workers,
        pin_memory=device.type == "cuda",
        **options,
    )
    return iter(loader)
