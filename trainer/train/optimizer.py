"""How weights move: Muon for the matrices of the blocks, AdamW for tables, prefix and logits, one schedule for both.

Muon follows the momentum of a matrix made orthogonal (five Newton-Schulz iterations), so that every direction that the
gradient has ever favoured gets the same length of step; scaled to the size of an AdamW update it shares its learning
rate. `docs/archive/performance-1.md` has what it gained. State is plain tensors by parameter name, for safetensors.
"""

import math
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

from . import devices

DECAY = 0.05
MATRICES = ("qkv.weight", "out.weight", "gate_up.weight", "down.weight", "head_in.weight")
# Matrices that are several in one: each part is made orthogonal by itself.
PARTS = {"qkv.weight": 3, "gate_up.weight": 2}


def schedule(progress: float, warm: float = 0.02, hold: float = 0.35) -> float:
    """Share of the peak learning rate at `progress` 0..1 of the run: up, level, straight down to nothing."""
    if progress < warm:
        return max(progress, 1e-3) / warm
    if progress < hold:
        return 1.0
    return max(0.0, 1.0 - progress) / (1.0 - hold)


def orthogonal(matrices: Tensor, iterations: int = 5) -> Tensor:
    """The nearest thing to an orthogonal matrix for each of (n, rows, columns): singular values near 1. In bf16 where
    the device is quick at it; a processor that is not would spend most of a training step here."""
    x = matrices.to(torch.bfloat16 if devices.fast_bf16(matrices.device) else torch.float32)
    tall = x.shape[-2] > x.shape[-1]
    if tall:
        x = x.mT
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(iterations):
        gram = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(gram, gram, gram, beta=-4.7750, alpha=2.0315), x, beta=3.4445)
    return x.mT if tall else x


class Muon(torch.optim.Optimizer):
    def __init__(self, named: Iterable[tuple[str, nn.Parameter]], lr: float, momentum: float = 0.95) -> None:
        named = list(named)
        super().__init__([p for _, p in named], {"lr": lr})
        self.momentum = momentum
        self.parts = {p: next((n for end, n in PARTS.items() if name.endswith(end)), 1) for name, p in named}

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]  # nobody hands a closure
        for group in self.param_groups:
            waiting: dict[tuple[int, int, torch.device], list[tuple[nn.Parameter, Tensor]]] = {}
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(p)
                state["momentum"].lerp_(p.grad, 1 - self.momentum)
                update = p.grad.lerp(state["momentum"], self.momentum)
                p.mul_(1 - group["lr"] * DECAY)
                rows = p.shape[0] // self.parts[p]
                for i in range(self.parts[p]):
                    place = slice(i * rows, (i + 1) * rows)
                    waiting.setdefault((rows, p.shape[1], p.device), []).append((p[place], update[place]))
            for (rows, columns, _), alike in waiting.items():
                size = 0.2 * math.sqrt(max(rows, columns))  # the root mean square of an AdamW update
                for (p, _), turned in zip(alike, orthogonal(torch.stack([u for _, u in alike]))):
                    p.add_(turned.to(p.dtype), alpha=-group["lr"] * size)


class Optimizer:
    """The two together, over a model's trainable parameters. `matrices`: "muon" or "adamw"."""

    def __init__(self, model: nn.Module, rate: float, matrices: str = "muon") -> None:
        named = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
        self.names: dict[Tensor, str] = {p: n for n, p in named}
        self.rate = rate
        muon = [(n, p) for n, p in named if matrices == "muon" and n.endswith(MATRICES)]
        taken = {n for n, _ in muon}
        decayed = [p for n, p in named if n not in taken and n.endswith(MATRICES)]
        rest = [p for n, p in named if n not in taken and not n.endswith(MATRICES)]
        groups = [{"params": ps, "weight_decay": w} for ps, w in ((decayed, DECAY), (rest, 0.0)) if ps]
        fused = all(p.device.type in ("cuda", "cpu") for _, p in named)
        self.parts: list[torch.optim.Optimizer] = []
        if groups:
            self.parts.append(torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98), eps=1e-10, fused=fused))
        if muon:
            self.parts.append(Muon(muon, rate))

    def step(self, share: float) -> None:
        """One step at `share` of the peak rate; gradients are cleared."""
        for part in self.parts:
            for group in part.param_groups:
                group["lr"] = self.rate * share
            part.step()
            part.zero_grad(set_to_none=True)

    def clear(self) -> None:
        for part in self.parts:
            part.zero_grad(set_to_none=True)

    def state(self) -> dict[str, Tensor]:
        """Every tensor of the state by "parameter name/key"."""
        out: dict[str, Tensor] = {}
        for part in self.parts:
            for p, held in part.state.items():
                out.update({f"{self.names[p]}/{key}": value for key, value in held.items()})
        return out

    def restore(self, state: dict[str, Tensor]) -> None:
        by_name = {n: p for p, n in self.names.items()}
        owner = {id(p): part for part in self.parts for g in part.param_groups for p in g["params"]}
        for name, value in state.items():
            parameter, key = name.rsplit("/", 1)
            p = by_name[parameter]
            if key == "step":  # AdamW counts on the parameter's device when fused
                value = value.to(p.device, torch.float32).reshape(())
            else:
                value = like(value, p)
            owner[id(p)].state[p][key] = value


def like(value: Tensor, parameter: Any) -> Tensor:
    """`value` (whole) laid out as `parameter` is: on its device, and sharded if it is."""
    value = value.to(parameter.device, parameter.dtype)
    if hasattr(parameter, "placements"):
        from torch.distributed.tensor import distribute_tensor

        return distribute_tensor(value, parameter.device_mesh, parameter.placements)
    return value.contiguous()
