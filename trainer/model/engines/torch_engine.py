"""The engine for PyTorch: the same sessions as the numpy engine, on CUDA, ROCm, MPS or CPU.

On CUDA one step is two recorded graphs (backbone, head) over buffers that never move, because at these sizes launching
a kernel costs more than running it; finished samples stay in the batch and are ignored. Elsewhere the same functions
run uncaptured, and finished samples are removed. On a processor PyTorch's operators take about twice numpy's time at
these sizes (`scripts/bench_model.py`), so there the numpy engine's sessions run over the same memory, unless `own`
selects PyTorch's. Weights are bf16 on CUDA and float32 elsewhere unless `dtype` says otherwise.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ..config import ModelConfig
from ..transformer import Block, Transformer, norm, rotary_angles
from .numpy_engine import NumpyEngine, NumpySession

FIRST_ROOM = 256


class TorchEngine:
    name = "torch"

    def __init__(
        self,
        config: ModelConfig,
        arrays: dict[str, np.ndarray],
        device: str | None = None,
        dtype: torch.dtype | None = None,
        graphs: bool | None = None,
        own: bool = False,
    ) -> None:
        self.config = config
        mps = hasattr(torch.backends, "mps") and torch.backends.mps.is_available()
        self.device = torch.device(device or ("cuda" if torch.cuda.is_available() else "mps" if mps else "cpu"))
        self.dtype = dtype or (torch.bfloat16 if self.device.type == "cuda" else torch.float32)
        self.graphs = self.device.type == "cuda" if graphs is None else graphs
        with torch.device("meta"):
            self.model = Transformer(config)
        weights = {name: torch.from_numpy(array).to(self.device, self.dtype) for name, array in arrays.items()}
        self.model.load_state_dict(weights, assign=True)
        self.model.eval().requires_grad_(False)
        self.recorded: dict[tuple[int, int], Recorded] = {}
        self.numpy: NumpyEngine | None = None
        if self.device.type == "cpu" and self.dtype == torch.float32 and not own and not self.graphs:
            self.numpy = NumpyEngine(config, {name: tensor.numpy() for name, tensor in weights.items()})

    def start(self, words: np.ndarray, attributes: np.ndarray, guidance: float = 1.0) -> "TorchSession | NumpySession":
        """Start B samples: words (B, 6, 96) float32, attributes (B, A) int; see the numpy engine."""
        if self.numpy is not None:
            return self.numpy.start(words, attributes, guidance)
        return TorchSession(self, words, attributes, guidance)


class TorchSession:
    """B samples that take their steps together. Sessions of one engine must not be interleaved on CUDA."""

    @torch.inference_mode()
    def __init__(self, engine: TorchEngine, words: np.ndarray, attributes: np.ndarray, guidance: float) -> None:
        c = self.config = engine.config
        self.engine, self.guidance, self.samples = engine, float(guidance), len(words)
        self.led = self.guidance != 1.0
        words, attributes = np.asarray(words, np.float32), np.asarray(attributes, np.int64)
        if self.led:
            words = np.concatenate([words, np.zeros_like(words)])
            attributes = np.concatenate([attributes, np.zeros_like(attributes)])
        self.rows = len(words)
        self.caches: list[tuple[Tensor, Tensor]] = []
        self.live = np.arange(self.samples)  # the batch row of each sample
        self.length, self.micro = 0, 0
        self.position = np.full(self.rows, c.prefix)  # of each row's next step: forgotten positions do not count
        self.forgotten: Tensor | None = None  # (rows, positions): where a row has forgotten
        self.head_rows = np.full((self.samples, c.micro), c.head_nothing, np.int64)
        self.h = torch.zeros(self.rows, c.head_width, device=engine.device, dtype=engine.dtype)
        prefix = engine.model.condition(
            torch.from_numpy(words).to(engine.device, engine.dtype), torch.from_numpy(attributes).to(engine.device)
        )
        self._room(FIRST_ROOM)
        cos, sin = rotary_angles(torch.arange(c.prefix, device=engine.device), c.head_dim)
        self._blocks(norm(prefix), cos, sin, self._attend_all)
        self.length = c.prefix

    # One pass of the backbone

    def _room(self, room: int) -> None:
        c, e = self.config, self.engine
        if e.graphs:
            self.record = e.recorded.get((self.rows, room)) or Recorded(e, self.rows, room)
            e.recorded[self.rows, room] = self.record
            caches = self.record.caches
        else:
            shape = (self.rows, c.heads, room, c.head_dim)
            caches = [
                (torch.empty(shape, device=e.device, dtype=e.dtype), torch.empty(shape, device=e.device, dtype=e.dtype))
                for _ in range(c.layers)
            ]
        if self.forgotten is not None:
            self.forgotten = F.pad(self.forgotten, (0, room - self.forgotten.shape[1]))
        if self.length:
            for new, old in zip(caches, self.caches):
                for a, b in zip(new, old):
                    a[:, :, : self.length] = b[:, :, : self.length]
        self.caches, self.room = caches, room

    def _blocks(self, x: Tensor, cos: Tensor, sin: Tensor, attend: Callable[..., Any]) -> Tensor:
        for layer, block in enumerate(self.engine.model.blocks):
            x = block(x, cos, sin, partial(attend, layer))
        return x

    def _attend_all(self, layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """q, k, v (rows, T, heads, head_dim), the T positions from `length` on."""
        keys, values = self.caches[layer]
        end = self.length + q.shape[1]
        keys[:, :, self.length : end] = k.transpose(1, 2)
        values[:, :, self.length : end] = v.transpose(1, 2)
        known = None if self.forgotten is None else ~self.forgotten[:, None, None, :end]
        out = F.scaled_dot_product_attention(
            q.transpose(1, 2), keys[:, :, :end], values[:, :, :end], known, is_causal=q.shape[1] > 1
        )
        return out.transpose(1, 2)

    @torch.inference_mode()
    def advance(self, features: np.ndarray, previous: np.ndarray | None = None) -> None:
        c, e = self.config, self.engine
        if self.length == self.room:
            self._room(2 * self.room)
        input_rows = np.full((self.samples, len(c.features) + c.micro), c.nothing, np.int64)
        input_rows[:, : len(c.features)] = c.feature_rows(np.asarray(features).reshape(self.samples, -1))
        if previous is not None:
            input_rows[:, len(c.features) :] = c.step_rows(np.asarray(previous).reshape(self.samples, c.micro))
        inputs = np.full((self.rows, input_rows.shape[1]), c.nothing, np.int64)
        inputs[self.live] = input_rows
        if self.led:
            inputs[self.live + self.rows // 2] = input_rows
        if e.graphs:
            self.record.advance(inputs, self.length, self.position, self.forgotten)
        else:
            x = F.embedding(torch.from_numpy(inputs).to(e.device), e.model.inputs.weight).sum(-2)
            cos, sin = rotary_angles(torch.from_numpy(self.position).to(e.device), c.head_dim)
            x = self._blocks(norm(x[:, None]), cos[:, None], sin[:, None], self._attend_all)
            self.h = e.model.head_in(norm(x[:, 0]))
        self.length += 1
        self.position += 1
        self.micro = 0
        self.head_rows.fill(c.head_nothing)

    # The head

    @torch.inference_mode()
    def logits(self, active: np.ndarray | None = None) -> np.ndarray:
        c, e = self.config, self.engine
        chosen = np.arange(self.samples) if active is None else np.asarray(active, np.int64)
        rows = self.live[chosen]
        head_rows = self.head_rows[chosen].copy()
        head_rows[:, -1] = c.micro * c.vocab + self.micro
        if e.graphs:
            every = np.full((self.rows, c.micro), c.head_nothing, np.int64)
            every[rows] = head_rows
            if self.led:
                every[rows + self.rows // 2] = head_rows
            out = self.record.logits(every)
            led, free = out[rows], out[rows + self.rows // 2] if self.led else None
        else:
            both = np.concatenate([rows, rows + self.rows // 2]) if self.led else rows
            head_rows = np.concatenate([head_rows, head_rows]) if self.led else head_rows
            inputs = F.embedding(torch.from_numpy(head_rows).to(e.device), e.model.head_inputs.weight).sum(-2)
            h = self.h if len(both) == self.rows else self.h[torch.from_numpy(both).to(e.device)]
            out = e.model.spell(h + inputs).float().cpu().numpy()
            led, free = (out[: len(rows)], out[len(rows) :]) if self.led else (out, None)
        result: np.ndarray = led if free is None else free + np.float32(self.guidance) * (led - free)
        return result

    def say(self, tokens: np.ndarray, active: np.ndarray | None = None) -> None:
        rows = np.arange(self.samples) if active is None else np.asarray(active, np.int64)
        if self.micro + 1 < self.config.micro:
            self.head_rows[rows, self.micro] = np.asarray(tokens, np.int64) + self.micro * self.config.vocab
        self.micro += 1

    @torch.inference_mode()
    def keep(self, samples: np.ndarray) -> None:
        samples = np.asarray(samples, np.int64)
        self.head_rows = self.head_rows[samples]
        self.live = self.live[samples]
        self.samples = len(samples)
        if self.engine.graphs:
            return
        rows = np.concatenate([self.live, self.live + self.rows // 2]) if self.led else self.live
        index = torch.from_numpy(rows).to(self.engine.device)
        self.caches = [(keys[index], values[index]) for keys, values in self.caches]
        self.h, self.rows, self.live = self.h[index], len(rows), np.arange(self.samples)
        self.position = self.position[rows]
        self.forgotten = None if self.forgotten is None else self.forgotten[index]

    @torch.inference_mode()
    def forget(self, sample: int, steps: int) -> None:
        """Undo a sample's last steps; it continues from the one before, the others from where they are."""
        if self.forgotten is None:
            self.forgotten = torch.zeros(self.rows, self.room, dtype=torch.bool, device=self.engine.device)
        for row in range(int(self.live[sample]), self.rows, self.rows // 2 if self.led else self.rows):
            known = torch.nonzero(~self.forgotten[row, : self.length]).ravel()
            self.forgotten[row, known[len(known) - steps :]] = True
            self.position[row] -= steps


class Recorded:
    """CUDA graphs of one step for a number of rows and cache length, with the buffers that they use."""

    @torch.inference_mode()
    def __init__(self, engine: TorchEngine, rows: int, room: int) -> None:
        c, self.engine = engine.config, engine
        device, dtype = engine.device, engine.dtype
        self.cos, self.sin = rotary_angles(torch.arange(room, device=device), c.head_dim)
        self.places = torch.arange(room, device=device)
        self.at = torch.zeros(1, dtype=torch.int64, device=device)
        self.position = torch.zeros(rows, dtype=torch.int64, device=device)
        self.forgotten = torch.zeros(rows, room, dtype=torch.bool, device=device)
        self.inputs = torch.full((rows, len(c.features) + c.micro), c.nothing, dtype=torch.int64, device=device)
        self.head_rows = torch.full((rows, c.micro), c.head_nothing, dtype=torch.int64, device=device)
        shape = (rows, c.heads, room, c.head_dim)
        self.caches = [
            (torch.zeros(shape, device=device, dtype=dtype), torch.zeros(shape, device=device, dtype=dtype))
            for _ in range(c.layers)
        ]
        self.h = torch.zeros(rows, c.head_width, device=device, dtype=dtype)
        self.out = torch.zeros(rows, c.vocab, device=device)
        self.backbone, self.head = self._record(self._backbone), self._record(self._head)

    def _record(self, work: Callable[[], None]) -> "torch.cuda.CUDAGraph":
        aside = torch.cuda.Stream()
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):
            for _ in range(2):
                work()
        torch.cuda.current_stream().wait_stream(aside)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            work()
        return graph

    def _backbone(self) -> None:
        model = self.engine.model
        cos, sin = self.cos[self.position][:, None], self.sin[self.position][:, None]
        mask = ((self.places <= self.at) & ~self.forgotten)[:, None, None]
        x = norm(F.embedding(self.inputs, model.inputs.weight).sum(-2)[:, None])

        def attend(keys: Tensor, values: Tensor, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
            keys.index_copy_(2, self.at, k.transpose(1, 2))
            values.index_copy_(2, self.at, v.transpose(1, 2))
            out = F.scaled_dot_product_attention(q.transpose(1, 2), keys, values, attn_mask=mask)
            return out.transpose(1, 2)

        for block, (keys, values) in zip(model.blocks, self.caches):
            assert isinstance(block, Block)
            x = block(x, cos, sin, partial(attend, keys, values))
        self.h.copy_(model.head_in(norm(x[:, 0])))

    def _head(self) -> None:
        model = self.engine.model
        inputs = F.embedding(self.head_rows, model.head_inputs.weight).sum(-2)
        self.out.copy_(model.spell(self.h + inputs))

    def advance(self, inputs: np.ndarray, at: int, position: np.ndarray, forgotten: Tensor | None) -> None:
        self.inputs.copy_(torch.from_numpy(inputs))
        self.at.fill_(at)
        self.position.copy_(torch.from_numpy(position))
        if forgotten is None:
            self.forgotten.zero_()
        else:
            self.forgotten.copy_(forgotten)
        self.backbone.replay()

    def logits(self, head_rows: np.ndarray) -> np.ndarray:
        self.head_rows.copy_(torch.from_numpy(head_rows))
        self.head.replay()
        return self.out.cpu().numpy()
