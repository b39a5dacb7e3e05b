"""The five sizes of model, and what each costs in memory and time. Numbers only; no torch."""

from dataclasses import dataclass
from typing import Any

from .config import ModelConfig, parameter_count


@dataclass(frozen=True)
class Preset:
    """Sizes of the transformer, and settings to train it."""

    name: str
    what: str
    width: int
    layers: int
    heads: int
    hidden: int
    head_width: int
    head_hidden: int
    head_blocks: int = 2
    positions: int = 8192  # backbone positions in one optimiser step
    row: int = 1024  # positions in one packed row: the longest asset that is trained on whole
    rate: float = 3e-3  # peak learning rate
    checkpointing: bool = False

    def config(self, spec: Any) -> ModelConfig:
        """A model of this size for a codec's Spec (`vocab`, `micro`, `features`, `condition`)."""
        return ModelConfig(
            vocab=spec.vocab,
            micro=spec.micro,
            features=tuple(spec.features),
            condition=tuple(spec.condition),
            width=self.width,
            layers=self.layers,
            heads=self.heads,
            hidden=self.hidden,
            head_width=self.head_width,
            head_hidden=self.head_hidden,
            head_blocks=self.head_blocks,
        )


PRESETS: dict[str, Preset] = {
    p.name: p
    for p in (
        Preset("tiny", "tests and first tries", 80, 3, 5, 224, 80, 160, positions=2048, rate=5e-3),
        Preset("compact", "materials, modifiers and animation", 192, 4, 3, 512, 128, 256, positions=2048, rate=4e-3),
        Preset(
            "starter",
            "ships with the extension; trains and runs on two CPU cores",
            320,
            5,
            5,
            832,
            224,
            448,
            positions=4096,
        ),
        Preset("small", "a laptop GPU", 640, 12, 10, 1728, 320, 640, positions=32768, row=2048, rate=2e-3),
        Preset("base", "a desktop GPU", 1152, 21, 9, 3072, 512, 1024, positions=65536, row=4096, rate=1e-3),
        Preset("large", "a 24 GB card", 2048, 24, 16, 5504, 768, 1536, 2, 131072, 4096, rate=6e-4, checkpointing=True),
    )
}


def preset(name: str) -> Preset:
    if name not in PRESETS:
        raise ValueError(f"there is no preset named {name!r}; there are: {', '.join(PRESETS)}")
    return PRESETS[name]


def training_bytes(config: ModelConfig, positions: int, checkpointing: bool = False) -> int:
    """Memory to train with: fp32 weights, their mean, gradients and two moments, and bf16 activations of `positions` at
    once.

    A block keeps about 10 vectors of `width` and 3 of `hidden` for each position; the head keeps its own for each
    of about six micro-tokens.
    """
    weights = 20 * parameter_count(config)
    block = 2 * (10 * config.width + 3 * config.hidden)
    layers = 1 + 2 * config.width * config.layers / block if checkpointing else config.layers
    head = 6 * config.head_blocks * 2 * (3 * config.head_width + 3 * config.head_hidden) + 6 * 6 * config.vocab
    return int(weights + positions * (block * layers + head))


def processor_bytes(training: float) -> float:
    """Total memory of training on a processor: adds libraries, compiled code and heap fragmentation, because batches
    vary in size. Measured on tiny, compact and starter (2.2, 3.2 and 5.1 GB); larger ones were not tried."""
    return 2.1e9 + 5 * training


def inference_bytes(config: ModelConfig, steps: int = 2048, item: int = 4, rows: int = 2) -> int:
    """Weights at `item` bytes each plus the key-value cache of `rows` sequences of `steps` steps."""
    cache = 2 * config.layers * config.width * (steps + config.prefix) * item * rows
    return parameter_count(config) * item + cache


def training_flops(config: ModelConfig, micro_tokens: float = 6.5, context: float = 512.0) -> float:
    """Floating-point operations of one backbone position in training: forward, and twice that for backward."""
    c = config
    backbone = c.layers * (4 * c.width * c.width + 3 * c.width * c.hidden) + c.width * c.head_width
    head = c.head_blocks * 3 * c.head_width * c.head_hidden + c.vocab * c.head_width
    attention = c.layers * 2 * c.width * context / 2
    return 6.0 * (backbone + micro_tokens * head + attention)


def decode_bytes(config: ModelConfig, micro_tokens: float = 6.5, item: int = 4) -> tuple[float, float]:
    """Weight bytes that one step of decoding reads: (backbone, head over all its micro-tokens)."""
    c = config
    backbone = c.layers * (4 * c.width * c.width + 3 * c.width * c.hidden) + c.width * c.head_width
    head = c.head_blocks * 3 * c.head_width * c.head_hidden + c.vocab * c.head_width
    return float(item * backbone), float(item * head * micro_tokens)
