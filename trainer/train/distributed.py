"""Several processes for one training run, started by torchrun. With one process every function is a no-op.

Each process takes every world-th micro-batch of a step; gradients are averaged (DDP; FSDP2 shards the larger models),
and because each process divides its loss by the step's total number of targets, times the number of processes, the
average is the gradient of a single process.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

SHARD_ABOVE = 200_000_000  # from this many parameters on, weights and optimiser state are split among the processes


@dataclass(frozen=True)
class World:
    rank: int = 0
    size: int = 1
    local: int = 0

    @property
    def chief(self) -> bool:
        return self.rank == 0


def join(device: str) -> World:
    """Connect to the other processes, if torchrun started any."""
    size = int(os.environ.get("WORLD_SIZE", "1"))
    if size == 1:
        return World()
    rank, local = int(os.environ["RANK"]), int(os.environ.get("LOCAL_RANK", "0"))
    if device.startswith("cuda"):
        torch.cuda.set_device(local)
    if not torch.distributed.is_initialized():
        torch.distributed.init_process_group(
            "nccl" if device.startswith("cuda") else "gloo", rank=rank, world_size=size
        )
    return World(rank, size, local)


def meet(world: World) -> None:
    """Wait for the others. A process that exits right after its last exchange would shut down the interpreter under
    threads that still use the tensors, which aborts."""
    if world.size > 1:
        torch.distributed.barrier()


def leave() -> None:
    if torch.distributed.is_available() and torch.distributed.is_initialized():
        torch.distributed.destroy_process_group()


def spread(model: nn.Module, world: World, device: torch.device, shard: bool | None = None) -> nn.Module:
    """The model to call in training: as it is, wrapped in DDP, or sharded in place by FSDP2."""
    if world.size == 1:
        return model
    parameters = sum(p.numel() for p in model.parameters())
    if shard if shard is not None else parameters > SHARD_ABOVE:
        from torch.distributed.fsdp import fully_shard

        for block in model.blocks:  # type: ignore[union-attr]
            fully_shard(block)
        fully_shard(model)
        return model
    from torch.nn.parallel import DistributedDataParallel

    return DistributedDataParallel(
        model, device_ids=[device.index] if device.type == "cuda" else None, gradient_as_bucket_view=True
    )


def agree(values: list[float], world: World, device: torch.device) -> list[float]:
    """The sum over all processes of each number."""
    if world.size == 1:
        return values
    sums = torch.tensor(values, dtype=torch.float64, device=device)
    torch.distributed.all_reduce(sums)
    return sums.tolist()


def hold_back(model: Any, world: World, last: bool) -> Any:
    """A context for one micro-batch's backward pass: gradients are exchanged only after the last one of a step."""
    import contextlib

    if world.size == 1:
        return contextlib.nullcontext()
    if hasattr(model, "no_sync"):
        return contextlib.nullcontext() if last else model.no_sync()
    model.set_requires_gradient_sync(last)
    return contextlib.nullcontext()


def whole(tensor: Tensor) -> Tensor:
    """A sharded tensor gathered (every process must call this); others as they are."""
    assemble: Callable[[], Tensor] | None = getattr(tensor, "full_tensor", None)
    return assemble() if assemble else tensor
