"""The mean of what a run's weights have been, late ones counting more: what is scored and kept of a run.

Every step leaves the weights somewhere on the slope of the valley that they wander in; the middle is lower than any
place on the slope (`docs/experiments.md` has by how much). Knows parameters; knows nothing of data or files.
"""

import contextlib
from collections.abc import Iterator

import torch
from torch import Tensor, nn

from .optimizer import like

GROWTH = 3  # the weights after step n count n ** GROWTH times: half of the mean is the last sixth of a run


class Average:
    """Of a model's trainable parameters."""

    def __init__(self, model: nn.Module) -> None:
        named = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
        self.names = [name for name, _ in named]
        self.weights = [p.detach() for _, p in named]
        self.mean = [p.clone() for p in self.weights]

    @torch.no_grad()
    def add(self, step: int) -> None:
        """The weights as they are after that step, of which the first is 1."""
        torch._foreach_lerp_(self.mean, self.weights, (GROWTH + 1) / (step + GROWTH))

    @contextlib.contextmanager
    def shown(self) -> Iterator[None]:
        """The model has the mean for weights; afterwards its own again."""
        own = [p.clone() for p in self.weights]
        self._put(self.mean)
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
        """What `state` said; a run that was saved without a mean begins one where it stands."""
        if state:
            self.mean = [like(state[name], p) for name, p in zip(self.names, self.weights)]
