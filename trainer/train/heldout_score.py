"""The score of a model: bits to encode assets that were never trained on, whole and with their condition given.

Bits are summed over all of an asset's tokens, so models of any size compare, and with lossless codecs also models of
different codecs. Knows packing; the model comes in as a function.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..codecs.base import CodecError
from ..data.packing import Document, Samples, collate, draw, pack_all
from ..model.config import ModelConfig

ROWS = 4  # rows scored at once


class HeldOut:
    """Assets `chosen` of a training set, packed once. Assets that the codec refuses or that do not fit a row are not
    scored; `notes` lists them."""

    def __init__(self, samples: Samples, config: ModelConfig, chosen: Sequence[int], row: int) -> None:
        self.notes: list[str] = []
        documents: list[Document] = []
        indices: list[int] = []
        for index in chosen:
            try:
                documents.append(draw(samples, int(index), 0))
                indices.append(int(index))
            except CodecError as error:
                self.notes.append(f"held-out asset {index} is not scored: {error}")
        rows, left_out = pack_all(documents, row, config.prefix)
        if left_out:
            self.notes.append(f"{len(left_out)} held-out assets are longer than {row} positions and not scored")
        number = {id(document): index for document, index in zip(documents, indices)}
        self.packs: list[dict[str, Tensor]] = []
        self.scored: list[int] = []  # the assets, in the order in which they lie in the packs
        self.steps = self.tokens = 0
        for at in range(0, len(rows), ROWS):
            some = rows[at : at + ROWS]
            self.packs.append({k: torch.from_numpy(v) for k, v in collate(config, some, row).items()})
            for document in (document for row_ in some for document in row_.documents):
                self.scored.append(number[id(document)])
                self.steps += document.steps
                self.tokens += int((document.tokens >= 0).sum())

    def __len__(self) -> int:
        return len(self.scored)

    @torch.no_grad()
    def bits(self, nats: Callable[[dict[str, Any]], Tensor]) -> np.ndarray:
        """Bits of each asset in `scored`, float64. `nats(pack)` returns the nats of each of a pack's targets."""
        out = []
        for pack in self.packs:
            owner = pack["owner"]
            per_asset = torch.bincount(owner, nats(pack).double().cpu(), minlength=int(owner.max()) + 1)
            out.append(per_asset.numpy() / math.log(2))
        return np.concatenate(out) if out else np.zeros(0)

    def score(self, nats: Callable[[dict[str, Any]], Tensor]) -> dict[str, Any]:
        total = float(self.bits(nats).sum())
        return {
            "bits_per_mesh": total / max(1, len(self)),
            "bits_per_step": total / max(1, self.steps),
            "bits_per_token": total / max(1, self.tokens),
            "heldout": len(self),
        }
