"""What this computer offers for training: which device, whether bf16 and compiling pay off, how out-of-memory errors
look."""

import shutil

import torch

from . import distributed
from .distributed import World


def find(asked: str | None) -> tuple[torch.device, World]:
    """The device to train on and the processes to train with; a sentence if there is no such device."""
    mps = hasattr(torch.backends, "mps") and torch.backends.mps.is_available()
    name = asked or ("cuda" if torch.cuda.is_available() else "mps" if mps else "cpu")
    try:
        torch.empty(1, device=name)
    except (RuntimeError, AssertionError) as error:
        raise ValueError(f"there is no device {name!r} here ({str(error).splitlines()[0]})") from error
    world = distributed.join(name)
    if name == "cuda":
        torch.backends.cuda.matmul.allow_tf32 = True
        name = f"cuda:{world.local}"
    return torch.device(name), world


def fast_bf16(device: torch.device) -> bool:
    """Whether the device multiplies bf16 matrices faster than float32 ones."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    if device.type == "cpu":
        checks = (getattr(torch.cpu, name, None) for name in ("_is_avx512_bf16_supported", "_is_amx_tile_supported"))
        return any(ask is not None and ask() for ask in checks)
    return False


def compiling_pays(device: torch.device, long: bool) -> bool:
    """Compiling takes about half a minute and then saves a third: on CPUs for long runs, if there is a compiler."""
    if device.type == "cuda":
        return True
    compiler = shutil.which("g++") or shutil.which("clang++") or shutil.which("cl")
    return device.type == "cpu" and long and bool(compiler)


def is_out_of_memory(error: BaseException) -> bool:
    text = str(error).lower()
    return isinstance(error, torch.OutOfMemoryError) or "out of memory" in text or "can't allocate memory" in text
