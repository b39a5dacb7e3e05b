"""The sizes of a model: the dataclass stored in a checkpoint's header.

Knows how categorical inputs map to rows of the two lookup tables, because packing, both engines and the
transformer must agree on that. Knows nothing of torch and nothing of any codec beyond its cardinalities.
"""

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import numpy as np

WORDS = 6
WORD_WIDTH = 96


class ConfigError(ValueError):
    """An invalid configuration; the message is a sentence for a person."""


@dataclass(frozen=True)
class ModelConfig:
    """Cardinalities from the codec's Spec, then the sizes of the transformer.

    The backbone takes one pass per step; its input is a sum of rows of one table: a row per feature value, a row
    per (micro-position, token) of the previous step, and a last row of zeros for "nothing here". The head writes
    the step's micro-tokens one by one; its table has a row per (micro-position, token), a row per micro-position,
    and again a last row of zeros.
    """

    vocab: int
    micro: int
    features: tuple[int, ...] = ()
    condition: tuple[int, ...] = ()
    words: int = WORDS
    word_width: int = WORD_WIDTH
    width: int = 384
    layers: int = 6
    heads: int = 6
    hidden: int = 1024
    head_width: int = 256
    head_hidden: int = 512
    head_blocks: int = 2

    def __post_init__(self) -> None:
        for name in ("features", "condition"):
            object.__setattr__(self, name, tuple(int(n) for n in getattr(self, name)))
        apart = ("features", "condition", "head_blocks")
        if not isinstance(self.head_blocks, int):
            raise ConfigError("model configuration: head_blocks must be a whole number")
        numbers = [getattr(self, f.name) for f in fields(self) if f.name not in apart]
        if any(not isinstance(n, int) or not 0 < n < 1 << 24 for n in numbers):
            raise ConfigError("model configuration: every size must be a whole number between 1 and 16 million")
        if self.layers > 512 or self.micro > 256 or len(self.features) + len(self.condition) > 4096:
            raise ConfigError("model configuration: too many layers, micro-tokens or features")
        if not 0 <= self.head_blocks <= 64 or any(not 0 < n < 1 << 24 for n in self.features + self.condition):
            raise ConfigError("model configuration: cardinalities must be positive and head_blocks at most 64")
        if self.width % self.heads or self.head_dim % 2:
            raise ConfigError(f"model configuration: width {self.width} must be an even multiple of heads {self.heads}")

    @property
    def head_dim(self) -> int:
        return self.width // self.heads

    @property
    def prefix(self) -> int:
        """Positions before the first step: one per word and one for the attributes."""
        return self.words + 1

    @property
    def nothing(self) -> int:
        """The row of zeros in the input table."""
        return sum(self.features) + self.micro * self.vocab

    @property
    def input_rows(self) -> int:
        return self.nothing + 1

    @property
    def head_nothing(self) -> int:
        """The row of zeros in the head's table."""
        return self.micro * self.vocab + self.micro

    @property
    def head_rows(self) -> int:
        return self.head_nothing + 1

    def feature_rows(self, features: np.ndarray) -> np.ndarray:
        """Rows (..., K) int64 of the input table for feature values (..., K); a negative value is nothing."""
        offsets = np.concatenate([[0], np.cumsum(self.features)[:-1]]).astype(np.int64) if self.features else 0
        features = np.asarray(features)
        return np.where(features < 0, self.nothing, features + offsets)

    def step_rows(self, tokens: np.ndarray) -> np.ndarray:
        """Rows (..., M) int64 of the input table for a previous step's tokens (..., M); -1 is nothing."""
        tokens = np.asarray(tokens)
        offsets = sum(self.features) + np.arange(self.micro, dtype=np.int64) * self.vocab
        return np.where(tokens < 0, self.nothing, tokens + offsets)

    def to_dict(self) -> dict[str, Any]:
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "ModelConfig":
        known = {f.name for f in fields(cls)}
        strange = set(data) - known
        if strange:
            raise ConfigError(f"model configuration: unknown entries {', '.join(sorted(strange))}")
        try:
            return cls(**data)
        except TypeError as error:
            raise ConfigError(f"model configuration: {error}") from None


def asked_more(
    config: ModelConfig, arrays: dict[str, np.ndarray], condition: tuple[int, ...]
) -> tuple[ModelConfig, dict[str, np.ndarray]]:
    """The model, extended by the attributes that `condition` has beyond its own; untrained, they have no effect."""
    more = condition[len(config.condition) :]
    if condition[: len(config.condition)] != config.condition or not more or not config.condition:
        return config, arrays
    table = np.pad(arrays["attributes.weight"], ((0, sum(more)), (0, 0)))
    return replace(config, condition=condition), {**arrays, "attributes.weight": table}


def shapes(config: ModelConfig) -> dict[str, tuple[int, ...]]:
    """Every tensor of a model by its name in the checkpoint, with its shape."""
    c = config
    out: dict[str, tuple[int, ...]] = {
        "inputs.weight": (c.input_rows, c.width),
        "word.weight": (c.width, c.word_width),
        "word.bias": (c.width,),
        "attributes.weight": (max(1, sum(c.condition)), c.width),
        "prefix": (c.prefix, c.width),
    }
    for i in range(c.layers):
        out[f"blocks.{i}.qkv.weight"] = (3 * c.width, c.width)
        out[f"blocks.{i}.out.weight"] = (c.width, c.width)
        out[f"blocks.{i}.mlp.gate_up.weight"] = (2 * c.hidden, c.width)
        out[f"blocks.{i}.mlp.down.weight"] = (c.width, c.hidden)
    out["head_in.weight"] = (c.head_width, c.width)
    out["head_inputs.weight"] = (c.head_rows, c.head_width)
    for i in range(c.head_blocks):
        out[f"head_blocks.{i}.gate_up.weight"] = (2 * c.head_hidden, c.head_width)
        out[f"head_blocks.{i}.down.weight"] = (c.head_width, c.head_hidden)
    out["logits.weight"] = (c.vocab, c.head_width)
    return out


def parameter_count(config: ModelConfig) -> int:
    return sum(int(np.prod(shape)) for shape in shapes(config).values())
