"""Adapters: a low-rank correction to each matrix, trained and saved separately, to fit a model to one artist.

An adapter file is a checkpoint of kind "adapter": for each matrix NAME two tensors, NAME.a (rank, in) and NAME.b
(out, rank); the matrix becomes NAME + scale * b @ a. Its header names the base it was trained on. torch is imported
only where adapters are trained, so the numpy engine can merge them too.
"""

import os
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from . import checkpoint
from .checkpoint import CheckpointError, Info

SCALE = 2.0
SHIPPED = Path(__file__).resolve().parent.parent / "models"


def fingerprint(arrays: dict[str, np.ndarray]) -> str:
    """Identifies a base model independent of its number format: its logits matrix rounded to three bits."""
    weights = np.asarray(arrays["logits.weight"], np.float32)
    coarse = np.rint(weights / max(float(np.abs(weights).max()), 1e-9) * 4).astype(np.int8)
    return f"{zlib.crc32(coarse.tobytes()):08x}"


def apply(model: Any, rank: int) -> None:
    """Freeze a torch Transformer and give each linear layer of its blocks and head an adapter of that rank."""
    import torch
    from torch import nn

    class Adapted(nn.Linear):
        lora_a: torch.Tensor
        lora_b: torch.Tensor

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return super().forward(x) + SCALE * ((x @ self.lora_a.T) @ self.lora_b.T)

    for parameter in model.parameters():
        parameter.requires_grad_(False)
    for module in list(model.modules()):
        for name, child in list(module.named_children()):
            if type(child) is nn.Linear:
                with torch.device("meta"):
                    adapted = Adapted(child.in_features, child.out_features, bias=child.bias is not None)
                adapted.weight, adapted.bias = child.weight, child.bias
                device = child.weight.device
                adapted.lora_a = nn.Parameter(
                    torch.randn(rank, child.in_features, device=device) * child.in_features**-0.5
                )
                adapted.lora_b = nn.Parameter(torch.zeros(child.out_features, rank, device=device))
                setattr(module, name, adapted)


def adapter_arrays(tensors: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Only the adapter's tensors of a model, under their names in a file."""
    out = {}
    for name, array in tensors.items():
        if name.endswith((".lora_a", ".lora_b")):
            out[name[: -len(".lora_a")] + ".weight." + name[-1]] = array
    return out


def load_whole(path: str | os.PathLike[str]) -> tuple[Info, dict[str, np.ndarray]]:
    """A model as it is, or an adapter merged into the model that it was trained on: the one that its header names, one
    that lies beside it, or a shipped one. CheckpointError where none of these is it."""
    info = checkpoint.read_info(path)
    if info.kind == "model":
        return checkpoint.load(path)
    for base in _bases(info):
        try:
            about = checkpoint.read_info(base)
            if about.kind != "model" or about.config != info.config or about.language != info.language:
                continue
            whole, arrays = checkpoint.load(base)
            merge_arrays(arrays, whole, path)
        except CheckpointError:
            continue
        return replace(whole, path=info.path, card=info.card, metrics=info.metrics), arrays
    name = str(info.extra.get("base_file") or "") or "another model"
    raise CheckpointError(
        f"{info.path}: is an adapter for {Path(name).name}, which is not here any more; put that model beside it"
    )


def _bases(info: Info) -> list[Path]:
    named = Path(str(info.extra.get("base_file") or ""))
    beside = sorted(info.path.parent.glob("*.safetensors"))
    shipped = [SHIPPED / f"{info.craft}.safetensors"]
    return [path for path in [named, *shipped, *beside] if path.is_file() and path != info.path]


def merge_arrays(arrays: dict[str, np.ndarray], base: Info, path: str | os.PathLike[str]) -> None:
    """Add the adapter in `path` to a base model's arrays, in place."""
    info, adapter = checkpoint.load(path)
    if info.kind != "adapter":
        raise CheckpointError(f"{path}: is a whole model, not an adapter")
    if info.config != base.config or info.language != base.language:
        raise CheckpointError(f"{path}: was trained on a model of other sizes or another language than {base.path}")
    if info.extra.get("base") != fingerprint(arrays):
        raise CheckpointError(f"{path}: was trained on another model than {base.path}, though of the same sizes")
    scale = float(info.extra.get("scale", SCALE))
    for name in [n[:-2] for n in adapter if n.endswith(".a")]:
        a, b = adapter[name + ".a"], adapter.get(name + ".b")
        if name not in arrays or b is None or (b.shape[0], a.shape[1]) != arrays[name].shape or len(a) != b.shape[1]:
            raise CheckpointError(f"{path}: its correction of {name} does not fit {base.path}")
        arrays[name] += np.float32(scale) * (b @ a)
