"""What all codecs share: the Spec that a checkpoint carries, and the Sequence that a model learns from.

Knows nothing of any craft. A Decoder is whatever offers the methods of `Decoder` below.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol, TypeVar

import numpy as np


class CodecError(ValueError):
    """Something that a codec cannot encode; the message is a sentence for a person."""


@dataclass(frozen=True)
class Spec:
    """The shape of a codec's language.

    `vocab` micro-tokens are shared by all `micro` positions of a step; `features[k]` is the cardinality of the k-th
    categorical input known before a step; `condition` that of each attribute a sample can be conditioned on. `options`
    are the keywords that create the same codec again.
    """

    name: str
    version: int
    vocab: int
    micro: int
    features: tuple[int, ...] = ()
    condition: tuple[int, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self).items()}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Spec":
        known: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in data.items() if k in cls.__dataclass_fields__
        }
        return cls(**known)

    @property
    def hash(self) -> str:
        """Twelve letters that change whenever the language changes."""
        text = json.dumps(self.to_dict(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


@dataclass
class Sequence:
    """One asset as steps: tokens (T, M) int16, -1 where a step needs no more; features (T, K) int16.

    `features[t]` is what a decoder knows before step t. `notes` counts what was left out, by reason.
    """

    tokens: np.ndarray
    features: np.ndarray
    notes: dict[str, int] = field(default_factory=dict)

    @property
    def steps(self) -> int:
        return len(self.tokens)

    @property
    def micro_tokens(self) -> int:
        return int((self.tokens >= 0).sum())


class Decoder(Protocol):
    """The grammar and streaming state of one sample."""

    finished: bool

    def features(self) -> np.ndarray:
        """(K,) int16: what is known before the current step."""
        ...

    def allowed(self) -> np.ndarray:
        """(V,) bool: which micro-tokens may come next; at least one. The array is reused: copy it to keep it."""
        ...

    def push(self, token: int) -> bool:
        """Accept a micro-token. True if it completes a step."""
        ...

    def result(self, *args: Any, **kwargs: Any) -> Any:
        """The record so far."""
        ...


AnyDecoder = TypeVar("AnyDecoder", bound=Decoder)


def replay(decoder: AnyDecoder, tokens: np.ndarray) -> AnyDecoder:
    """Feed whole steps (T, M) to a decoder and return it."""
    for step in np.asarray(tokens):
        for token in step:
            if token < 0:
                break
            decoder.push(int(token))
    return decoder
