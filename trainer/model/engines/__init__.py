"""Two ways to run the same checkpoint: numpy (included in every Blender) and torch. For usage see `numpy_engine`."""

import importlib.util
from typing import Any

import numpy as np

from ..config import ModelConfig

ENGINES = ("auto", "numpy", "torch")


def make_engine(name: str, config: ModelConfig, arrays: dict[str, np.ndarray], device: str | None = None) -> Any:
    """An engine over a checkpoint's arrays. "auto": torch if there is a GPU (or a device is named), else numpy."""
    if name not in ENGINES:
        raise ValueError(f"there is no engine named {name!r}; there are: {', '.join(ENGINES)}")
    if name == "torch" or (name == "auto" and (device not in (None, "cpu") or _gpu())):
        if importlib.util.find_spec("torch") is None:
            raise ValueError("the torch engine needs PyTorch, which is not installed here; use the numpy engine")
        from .torch_engine import TorchEngine

        return TorchEngine(config, arrays, device)
    from .numpy_engine import NumpyEngine

    return NumpyEngine(config, arrays)


def _gpu() -> bool:
    """Whether PyTorch is installed and finds a GPU."""
    if importlib.util.find_spec("torch") is None:
        return False
    import torch

    return torch.cuda.is_available() or (hasattr(torch.backends, "mps") and torch.backends.mps.is_available())
