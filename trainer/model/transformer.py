"""The transformer: one decoder-only backbone with a pass per step, and a small head for the micro-tokens of the step.

    condition --> prefix --+
    features[t], tokens[t-1] --> x_t --> N x (attention, gated MLP) --> h_t
    h_t + the step's tokens so far --> 2 x gated MLP --> the next micro-token

It knows nothing of meshes, of words or of files: a batch is integers that say which table rows to add up
(`packing.py` makes them), and a craft is defined by its codec. Norms have no weights (the next matrix would absorb
them), so every parameter is a matrix that the numpy engine can use as stored.
"""

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from .config import ModelConfig

EPSILON = 1e-6
ROTARY_BASE = 10000.0

# attend(q, k, v) -> mixed values; all (..., heads, head_dim). The caller decides the masking.
Attend = Callable[[Tensor, Tensor, Tensor], Tensor]


def norm(x: Tensor) -> Tensor:
    if x.device.type == "cpu" and x.dtype == torch.float32 and not torch.is_grad_enabled():
        # Decoding: small operators; PyTorch's own takes four times as long for a single row.
        return x * (x * x).sum(-1, keepdim=True).mul_(1 / x.shape[-1]).add_(EPSILON).rsqrt_()
    return F.rms_norm(x, x.shape[-1:], eps=EPSILON)


def rotary_angles(positions: Tensor, head_dim: int) -> tuple[Tensor, Tensor]:
    """Cosines and sines (positions, 1, head_dim / 2) float32."""
    rates = ROTARY_BASE ** (-torch.arange(0, head_dim, 2, dtype=torch.float32, device=positions.device) / head_dim)
    angles = positions.float()[:, None, None] * rates
    return angles.cos(), angles.sin()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotate each pair (i, i + half) of the last axis by its position's angle."""
    a, b = x.chunk(2, dim=-1)
    cos, sin = cos.to(x.dtype), sin.to(x.dtype)
    return torch.cat((a * cos - b * sin, b * cos + a * sin), dim=-1)


def add_rows(table: Tensor, rows: Tensor) -> Tensor:
    """Sum of table rows: rows (..., n) -> (..., width). The last row of the table is 'nothing' and is not trained."""
    if table.is_cuda:  # one gather that the compiler fuses with its sum
        return F.embedding(rows, table, padding_idx=table.shape[0] - 1).sum(-2)
    flat = F.embedding_bag(rows.reshape(-1, rows.shape[-1]), table, mode="sum", padding_idx=table.shape[0] - 1)
    return flat.view(*rows.shape[:-1], table.shape[1])


class GatedMLP(nn.Module):
    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.gate_up = nn.Linear(width, 2 * hidden, bias=False)
        self.down = nn.Linear(hidden, width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        gate, up = self.gate_up(x).chunk(2, dim=-1)
        result: Tensor = self.down(F.silu(gate) * up)
        return result


class Block(nn.Module):
    def __init__(self, width: int, heads: int, hidden: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width, bias=False)
        self.mlp = GatedMLP(width, hidden)
        self.compiled: dict[str, Any] = {}

    def heads_of(self, x: Tensor, cos: Tensor, sin: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Queries, keys (both of unit length a component, and turned) and values, each (..., heads, head_dim)."""
        q, k, v = self.qkv(norm(x)).view(*x.shape[:-1], 3, self.heads, -1).unbind(-3)
        return rotate(norm(q), cos, sin), rotate(norm(k), cos, sin), v

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, attend: Attend) -> Tensor:
        if self.compiled and torch.is_grad_enabled():
            result: Tensor = self.compiled["finish"](self, x, attend(*self.compiled["heads_of"](self, x, cos, sin)))
            return result
        return self.finish(x, attend(*self.heads_of(x, cos, sin)))

    def finish(self, x: Tensor, mixed: Tensor) -> Tensor:
        x = x + self.out(mixed.flatten(-2))
        result: Tensor = x + self.mlp(norm(x))
        return result


class Transformer(nn.Module):
    """`forward(batch, attend)` gives the loss in nats of each micro-token of a packed batch."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        c = self.config = config
        self.inputs = nn.Embedding(c.input_rows, c.width, padding_idx=c.nothing)
        self.word = nn.Linear(c.word_width, c.width)
        self.attributes = nn.Embedding(max(1, sum(c.condition)), c.width)
        self.prefix = nn.Parameter(torch.zeros(c.prefix, c.width))
        self.blocks = nn.ModuleList(Block(c.width, c.heads, c.hidden) for _ in range(c.layers))
        self.head_in = nn.Linear(c.width, c.head_width, bias=False)
        self.head_inputs = nn.Embedding(c.head_rows, c.head_width, padding_idx=c.head_nothing)
        self.head_blocks = nn.ModuleList(GatedMLP(c.head_width, c.head_hidden) for _ in range(c.head_blocks))
        self.logits = nn.Linear(c.head_width, c.vocab, bias=False)
        self.attributes.weight.requires_grad_(bool(c.condition))
        self.checkpointing = False
        self.compiled: dict[str, Any] = {}
        self.initialise()

    def compile_parts(self, dynamic_targets: bool) -> None:
        """Compile what lies between the attentions, for training. Attention itself stays outside: which documents it
        keeps apart changes with every batch, and a graph that contained them would be recompiled each time."""
        parts = {"heads_of": torch.compile(Block.heads_of), "finish": torch.compile(Block.finish)}
        for block in self.blocks:
            assert isinstance(block, Block)
            block.compiled = parts
        self.compiled = {"spell_loss": torch.compile(Transformer.spell_loss, dynamic=dynamic_targets or None)}

    @torch.no_grad()
    def initialise(self) -> None:
        """Every block starts as the identity; tables and the rest are small random numbers."""
        for name, parameter in self.named_parameters():
            if name.endswith(("out.weight", "down.weight", "word.bias")):
                parameter.zero_()
            elif name.startswith(("inputs", "attributes", "prefix", "head_inputs")):
                parameter.normal_(0.0, 0.1)
            elif name == "logits.weight":
                parameter.normal_(0.0, 0.02)
            else:
                parameter.normal_(0.0, parameter.shape[1] ** -0.5)
        self.inputs.weight[-1].zero_()
        self.head_inputs.weight[-1].zero_()

    def condition(self, words: Tensor, attributes: Tensor) -> Tensor:
        """The prefix (n, words + 1, width) from word vectors (n, words, word_width) and attributes (n, A)."""
        mean = words.mean(1, keepdim=True)
        projected = self.word(torch.cat((words, mean), dim=1)) + self.prefix
        if not self.config.condition:
            result: Tensor = projected
            return result
        offsets = [sum(self.config.condition[:i]) for i in range(len(self.config.condition))]
        rows = attributes + torch.tensor(offsets, device=attributes.device)
        traits = self.attributes(rows).sum(1)
        return torch.cat((projected[:, :-1], projected[:, -1:] + traits[:, None].to(projected.dtype)), dim=1)

    def backbone(self, x: Tensor, cos: Tensor, sin: Tensor, attend: Attend) -> Tensor:
        x = norm(x)
        for block in self.blocks:
            if self.checkpointing and self.training:
                x = checkpoint(block, x, cos, sin, attend, use_reentrant=False)
            else:
                x = block(x, cos, sin, attend)
        result: Tensor = self.head_in(norm(x))
        return result

    def spell(self, x: Tensor) -> Tensor:
        """Logits (..., vocab) for head inputs (..., head_width): the step's h plus its tokens so far."""
        for block in self.head_blocks:
            x = x + block(norm(x))
        result: Tensor = self.logits(norm(x))
        return result

    def forward(self, batch: dict[str, Any], attend: Attend) -> Tensor:
        """Nats of every target, float32 (U,), 0 where the target is -1. `packing.collate` says what a batch holds."""
        x = add_rows(self.inputs.weight, batch["inputs"])  # (B, L, width)
        prefix = self.condition(batch["words"], batch["attributes"]).flatten(0, 1)
        prefix = torch.cat((torch.zeros_like(prefix[:1]), prefix))
        x = x + F.embedding(batch["prefix"], prefix).to(x.dtype)
        cos, sin = rotary_angles(torch.arange(x.shape[1], device=x.device), self.config.head_dim)
        h = self.backbone(x, cos, sin, attend)
        inputs = add_rows(self.head_inputs.weight, batch["head_rows"])
        x = h.flatten(0, 1)[batch["source"]] + inputs.to(h.dtype)
        if self.compiled and torch.is_grad_enabled():
            result: Tensor = self.compiled["spell_loss"](self, x, batch["targets"])
            return result
        return self.spell_loss(x, batch["targets"])

    def spell_loss(self, x: Tensor, targets: Tensor) -> Tensor:
        return F.cross_entropy(self.spell(x).float(), targets, ignore_index=-1, reduction="none")
