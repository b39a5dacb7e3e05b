"""Attention over short packed assets on a CPU: grouped by length, plain matrix products, custom gradient.

PyTorch's flash attention for CPU spends most of its time on bookkeeping at these sizes (a hundred steps, 64 numbers a
head). Here assets are sorted by length, those within a quarter of each other are padded to one batch, and each batch is
three matrix products forward and four backward. Assets longer than `LONG` are faster with flash attention.
`docs/archive/performance-1.md` has the measurement.
"""

from typing import Any

import torch
from torch import Tensor

LONG = 224  # from here on flash attention is faster
SLACK = 0.8  # the shortest asset of a batch has at least this share of the longest one's length
LARGEST = 1 << 23  # scores that one batch may hold for each head


class Groups:
    """Positions of the assets. `groups`: index tensors (n, T) into the flattened positions; padding points at `end`."""

    def __init__(self, lengths: list[int]) -> None:
        self.end = sum(lengths)
        starts = [0]
        for length in lengths[:-1]:
            starts.append(starts[-1] + length)
        order = sorted(range(len(lengths)), key=lambda i: -lengths[i])
        self.groups: list[Tensor] = []
        self.masks: list[Tensor] = []
        while order:
            longest = lengths[order[0]]
            count = 1
            while (
                count < len(order)
                and lengths[order[count]] >= SLACK * longest
                and (count + 1) * longest * longest <= LARGEST
            ):
                count += 1
            index = torch.full((count, longest), self.end)
            for row, i in enumerate(order[:count]):
                index[row, : lengths[i]] = torch.arange(starts[i], starts[i] + lengths[i])
            self.groups.append(index)
            self.masks.append(torch.full((longest, longest), -torch.inf).triu(1))
            order = order[count:]


class GroupedAttention(torch.autograd.Function):
    """(N, heads, head_dim) queries, keys and values -> mixed values, each asset causal within itself."""

    @staticmethod
    def forward(ctx: Any, q: Tensor, k: Tensor, v: Tensor, groups: Groups) -> Tensor:
        out = v.new_empty(groups.end + 1, *v.shape[1:])
        scale = q.shape[-1] ** -0.5
        kept = []
        q, k, v = (_with_padding(x) for x in (q, k, v))
        for index, mask in zip(groups.groups, groups.masks):
            a, b, c = (_take(x, index) for x in (q, k, v))
            weights = torch.softmax(torch.bmm(a, b.mT).mul_(scale).add_(mask), -1)
            _put(out, index, torch.bmm(weights, c))
            kept += [a, b, c, weights]
        ctx.save_for_backward(*kept)
        ctx.groups = groups
        return out[:-1]

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor, Tensor, None]:
        kept = ctx.saved_tensors
        given = _with_padding(grads[0])
        into = [torch.empty_like(given) for _ in range(3)]
        for number, index in enumerate(ctx.groups.groups):
            a, b, c, weights = kept[4 * number : 4 * number + 4]
            d = _take(given, index)
            scores = torch._softmax_backward_data(torch.bmm(d, c.mT), weights, -1, weights.dtype)
            scores.mul_(a.shape[-1] ** -0.5)
            gradients = (torch.bmm(scores, b), torch.bmm(scores.mT, a), torch.bmm(weights.mT, d))
            for target, gradient in zip(into, gradients):
                _put(target, index, gradient)
        return into[0][:-1], into[1][:-1], into[2][:-1], None


def _with_padding(x: Tensor) -> Tensor:
    """x and a last row of zeros, which padding points at."""
    return torch.nn.functional.pad(x, (0, 0, 0, 0, 0, 1))


def _take(x: Tensor, index: Tensor) -> Tensor:
    """(N + 1, heads, D) -> (n * heads, T, D)"""
    rows = x.index_select(0, index.flatten()).view(*index.shape, *x.shape[1:])
    return rows.transpose(1, 2).reshape(-1, index.shape[1], x.shape[-1])


def _put(x: Tensor, index: Tensor, values: Tensor) -> None:
    """The inverse of `_take`; padding is written to the last row, which is never read."""
    values = values.view(index.shape[0], -1, *values.shape[1:]).transpose(1, 2)
    x.index_copy_(0, index.flatten(), values.reshape(-1, *x.shape[1:]))
