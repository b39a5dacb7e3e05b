"""A weighted mean of a run's weights over time, later ones counting more: this is what is scored and saved.

The weights of single steps scatter around a minimum of the loss; their mean is closer to it (`docs/experiments.md` has
by how much). Knows parameters; knows nothing of data or files.
"""

import contextlib
from collections.abc import Iterator

import torch
from torch import Tensor, nn

from .optimizer import like

GROWTH = 3  # the weights after step n count n ** GROWTH times: half of the mean is the last sixth of a run


class Average:
    """The mean of a model's trainable parameters."""

    def __init__(self, model: nn.Module) -> None:
        named = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
        self.names = [name for name, _ in named]
        self.weights = [p.detach() for _, p in named]
        self.mean = [p.clone() for p in self.weights]

    @torch.no_grad()
    def add(self, step: int) -> None:
        """Add the current weights, after step `step`, counted from 1."""
        torch._foreach_lerp_(self.mean, self.weights, (GROWTH + 1) / (step + GROWTH))

    @contextlib.contextmanager
    def shown(self, values: list[Tensor] | None = None) -> Iterator[None]:
        """Within the block the model has the mean, or `values`, as its weights; afterwards its own again."""
        own = [p.clone() for p in self.weights]
        self._put(self.mean if values is None else values)
        try:
            yield
        finally:
            self._put(own)

    @torch.no_grad()
    def _put(self, values: list[Tensor]) -> None:
        for p, value in zip(self.weights, values):
            p.copy_(value)

    def state(self) -> dict[str, Tensor]:
        return dict(zip(self.names, self.mean))

    def restore(self, state: dict[str, Tensor]) -> None:
        """Restore `state`; a run saved without a mean starts one at its current weights."""
        if state:
            self.mean = [like(state[name], p) for name, p in zip(self.names, self.weights)]
