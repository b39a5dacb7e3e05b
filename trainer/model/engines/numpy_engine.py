"""The engine that needs nothing but numpy: it decodes a checkpoint step by step inside any Blender.

Knows the transformer's arithmetic and memory layout; knows nothing of codecs, sampling or files. Decoding one asset
reads every weight once per step, so it matters that each matrix is stored row by row (out, in) and multiplied by
`dot(W, x)`, and that nothing is allocated in between. For several rows at once a matrix is multiplied in parts small
enough to be used in place: larger ones are first copied by numpy's BLAS, which costs more than reading them.

    session = NumpyEngine(config, arrays).start(words, attributes, guidance=2.0)
    session.advance(features, previous)          a pass of the backbone for each of B samples
    logits = session.logits()                    (B, V) for the next micro-token
    session.say(tokens)                          and so on, until the step is complete
"""

from typing import Any

import numpy as np

from ..config import ModelConfig

EPSILON = 1e-6
ROTARY_BASE = 10000.0
SMALL = 1_000_000  # multiplications of a product that OpenBLAS does without copying
FIRST_ROOM = 256  # initial positions of the key-value cache; it doubles when full


class NumpyEngine:
    """Holds the weights (float32, about 4 bytes a parameter). Any number of sessions may run, one after another."""

    name = "numpy"

    def __init__(self, config: ModelConfig, arrays: dict[str, np.ndarray]) -> None:
        self.config = config

        def matrix(name: str) -> np.ndarray:
            return np.ascontiguousarray(arrays[name], np.float32)

        self.inputs = matrix("inputs.weight")
        self.word, self.word_bias = matrix("word.weight"), matrix("word.bias")
        self.attributes, self.prefix = matrix("attributes.weight"), matrix("prefix")
        scale = np.float32(config.head_dim**-0.5)
        self.blocks = [
            (
                matrix(f"blocks.{i}.qkv.weight"),
                matrix(f"blocks.{i}.out.weight"),
                matrix(f"blocks.{i}.mlp.gate_up.weight"),
                matrix(f"blocks.{i}.mlp.down.weight"),
            )
            for i in range(config.layers)
        ]
        self.scale = scale
        self.head_in = matrix("head_in.weight")
        self.head_inputs = matrix("head_inputs.weight")
        self.head_blocks = [
            (matrix(f"head_blocks.{i}.gate_up.weight"), matrix(f"head_blocks.{i}.down.weight"))
            for i in range(config.head_blocks)
        ]
        self.out = matrix("logits.weight")

    def start(self, words: np.ndarray, attributes: np.ndarray, guidance: float = 1.0) -> "NumpySession":
        """Start B samples: words (B, 6, 96) float32, attributes (B, A) int. With guidance other than 1, each sample is
        also run without its condition, at twice the cost."""
        return NumpySession(self, words, attributes, guidance)

    def prefix_rows(self, words: np.ndarray, attributes: np.ndarray) -> np.ndarray:
        """(n, words + 1, width): what the transformer's `condition` gives."""
        words = np.asarray(words, np.float32)
        rows = np.concatenate([words, words.mean(1, keepdims=True, dtype=np.float32)], 1) @ self.word.T
        rows += self.word_bias + self.prefix
        if self.config.condition:
            offsets = np.concatenate([[0], np.cumsum(self.config.condition)[:-1]])
            rows[:, -1] += self.attributes[np.asarray(attributes, np.int64) + offsets].sum(1)
        result: np.ndarray = rows
        return result


class NumpySession:
    """B samples that take their steps together. Not thread-safe."""

    def __init__(self, engine: NumpyEngine, words: np.ndarray, attributes: np.ndarray, guidance: float) -> None:
        c = self.config = engine.config
        self.engine, self.guidance = engine, float(guidance)
        self.samples = len(words)
        if self.guidance != 1.0:  # the second half of the rows gets no condition
            words = np.concatenate([words, np.zeros_like(words)])
            attributes = np.concatenate([attributes, np.zeros_like(attributes)])
        self.keys = np.empty((c.layers, len(words), c.heads, FIRST_ROOM, c.head_dim), np.float32)
        self.values = np.empty_like(self.keys)
        self.rates = ROTARY_BASE ** (-np.arange(0, c.head_dim, 2, dtype=np.float32) / np.float32(c.head_dim))
        self.length = 0
        self.position = np.zeros(len(words), np.int32)  # per row: forgotten positions do not count
        self.hidden: np.ndarray | None = None  # (rows, positions): -inf where a row has forgotten
        self._allot(len(words))
        prefix = engine.prefix_rows(words, attributes)
        with np.errstate(over="ignore", under="ignore"):
            for i in range(c.prefix):
                np.copyto(self.x, prefix[:, i])
                self._pass()

    def _allot(self, rows: int) -> None:
        """Buffers for this many rows, so that a step allocates almost nothing."""
        c = self.config
        self.rows = rows
        self.x = np.empty((rows, c.width), np.float32)
        self.y = np.empty((rows, c.width), np.float32)
        self.qkv = np.empty((rows, 3 * c.width), np.float32)
        self.gate_up = np.empty((rows, 2 * c.hidden), np.float32)
        self.h = np.zeros((rows, c.head_width), np.float32)
        self.z = np.empty((rows, c.head_width), np.float32)
        self.z2 = np.empty((rows, c.head_width), np.float32)
        self.head_gate_up = np.empty((rows, 2 * c.head_hidden), np.float32)
        self.out = np.empty((rows, c.vocab), np.float32)
        self.micro = 0

    def advance(self, features: np.ndarray, previous: np.ndarray | None = None) -> None:
        """One pass of the backbone: features (B, K) known before the step, previous (B, M) the last step's tokens
        (-1 unused; None before the first step). After it `logits` is for the step's first micro-token."""
        c = self.config
        rows = c.feature_rows(np.asarray(features).reshape(self.samples, len(c.features)))
        if previous is not None:
            rows = np.concatenate([rows, c.step_rows(np.asarray(previous).reshape(self.samples, c.micro))], 1)
        table = self.engine.inputs
        np.sum(table[rows], axis=1, out=self.x[: self.samples])
        if self.rows > self.samples:
            self.x[self.samples :] = self.x[: self.samples]
        with np.errstate(over="ignore", under="ignore"):
            self._pass()
            _norm(self.x, self.y)
            _apply(self.engine.head_in, self.y, self.h)
        self.micro = 0

    def _pass(self) -> None:
        """x through every block at position `length`; keys and values are added to the cache."""
        c, at = self.config, self.length
        if at == self.keys.shape[3]:
            self.keys, self.values = _doubled(self.keys, 3), _doubled(self.values, 3)
            if self.hidden is not None:
                self.hidden = _doubled(self.hidden, 1)
        angles = self.position[:, None, None, None].astype(np.float32) * self.rates
        cos, sin = np.cos(angles), np.sin(angles)
        x, y, qkv, half = self.x, self.y, self.qkv, c.head_dim // 2
        both = qkv.reshape(self.rows, 3, c.heads, c.head_dim)[:, :2]
        value = qkv.reshape(self.rows, 3, c.heads, c.head_dim)[:, 2]
        turned = np.empty((self.rows, 2, c.heads, c.head_dim), np.float32)
        mixed = y.reshape(self.rows, c.heads, 1, c.head_dim)
        _norm(x, x)
        for layer, (w_qkv, w_out, w_gate_up, w_down) in enumerate(self.engine.blocks):
            _norm(x, y)
            _apply(w_qkv, y, qkv)
            square = np.einsum("...i,...i->...", both, both)
            both *= (1.0 / np.sqrt(square / np.float32(c.head_dim) + np.float32(EPSILON)))[..., None]
            a, b = both[..., :half], both[..., half:]
            turned[..., :half] = a * cos - b * sin
            turned[..., half:] = b * cos + a * sin
            self.keys[layer, :, :, at] = turned[:, 1]
            self.values[layer, :, :, at] = value
            query = turned[:, 0] * self.engine.scale
            scores = np.matmul(self.keys[layer, :, :, : at + 1], query[..., None])[..., 0]
            if self.hidden is not None:
                scores += self.hidden[:, None, : at + 1]
            scores -= scores.max(-1, keepdims=True)
            np.exp(scores, out=scores)
            scores /= scores.sum(-1, keepdims=True)
            np.matmul(scores[:, :, None], self.values[layer, :, :, : at + 1], out=mixed)
            _apply(w_out, y, qkv[:, : c.width])
            x += qkv[:, : c.width]
            _norm(x, y)
            _gated(w_gate_up, w_down, y, self.gate_up, y)
            x += y
        self.length += 1
        self.position += 1

    def logits(self, active: np.ndarray | None = None) -> np.ndarray:
        """Logits (n, V) float32 of the next micro-token for samples `active` (indices; all of them by default)."""
        c = self.config
        if active is None or len(active) == self.samples:
            rows: Any = slice(None)
            n = self.rows
        else:
            rows = np.asarray(active, np.int64)
            rows = np.concatenate([rows, rows + self.samples]) if self.rows > self.samples else rows
            n = len(rows)
        z, y, out = self.z[:n], self.z2[:n], self.out[:n]
        np.add(self.h[rows], self.engine.head_inputs[c.micro * c.vocab + self.micro], out=z)
        with np.errstate(over="ignore", under="ignore"):
            for gate_up, down in self.engine.head_blocks:
                _norm(z, y)
                _gated(gate_up, down, y, self.head_gate_up[:n], y)
                z += y
            _norm(z, y)
            _apply(self.engine.out, y, out)
        if self.rows == self.samples:
            return out
        led, free = out[: n // 2], out[n // 2 :]
        return free + np.float32(self.guidance) * (led - free)

    def say(self, tokens: np.ndarray, active: np.ndarray | None = None) -> None:
        """Set the micro-token that each of the `active` samples took; `logits` then gives the next one."""
        rows = np.arange(self.samples) if active is None else np.asarray(active, np.int64)
        inputs = self.engine.head_inputs[np.asarray(tokens, np.int64) + self.micro * self.config.vocab]
        self.h[rows] += inputs
        if self.rows > self.samples:
            self.h[rows + self.samples] += inputs
        self.micro += 1

    def keep(self, samples: np.ndarray) -> None:
        """Continue with these samples only (indices), between two steps."""
        samples = np.asarray(samples, np.int64)
        rows = np.concatenate([samples, samples + self.samples]) if self.rows > self.samples else samples
        self.keys, self.values = np.ascontiguousarray(self.keys[:, rows]), np.ascontiguousarray(self.values[:, rows])
        self.position = self.position[rows]
        self.hidden = None if self.hidden is None else self.hidden[rows]
        self.samples = len(samples)
        self._allot(len(rows))

    def forget(self, sample: int, steps: int) -> None:
        """Undo a sample's last steps; it continues from the one before, the others from where they are."""
        if self.hidden is None:
            self.hidden = np.zeros((self.rows, self.keys.shape[3]), np.float32)
        for row in range(sample, self.rows, self.samples):
            known = np.flatnonzero(self.hidden[row, : self.length] == 0)
            self.hidden[row, known[len(known) - steps :]] = -np.inf
            self.position[row] -= steps


def _doubled(cache: np.ndarray, axis: int) -> np.ndarray:
    return np.concatenate([cache, np.zeros_like(cache)], axis)


def _norm(x: np.ndarray, out: np.ndarray) -> None:
    for row, into in zip(x, out):
        np.multiply(row, np.float32((float(row.dot(row)) / len(row) + EPSILON) ** -0.5), out=into)


def _apply(matrix: np.ndarray, x: np.ndarray, out: np.ndarray) -> None:
    """out (n, rows of matrix) = x (n, columns of matrix) @ matrix.T"""
    if len(x) == 1:
        np.dot(matrix, x[0], out=out[0])
        return
    columns = np.ascontiguousarray(x.T)
    several = max(1, SMALL // columns.size)
    for at in range(0, len(matrix), several):
        out[:, at : at + several] = (matrix[at : at + several] @ columns).T


def _gated(gate_up: np.ndarray, down: np.ndarray, x: np.ndarray, room: np.ndarray, out: np.ndarray) -> None:
    """out = down @ (silu(gate) * up); `room` (n, 2 * hidden) is scratch; `out` may be `x`."""
    _apply(gate_up, x, room)
    half = room.shape[1] // 2
    gate, up = room[:, :half], room[:, half:]
    up *= gate
    np.negative(gate, out=gate)
    np.exp(gate, out=gate)
    gate += np.float32(1.0)
    np.divide(up, gate, out=gate)
    _apply(down, gate, out)
