"""After training: a model learns from its own samples which of them are better.

Several samples of a prompt are ranked by the automatic score (`choosing.py`). "best" goes on training on the best of
them (rejection fine-tuning); "pairs" makes the best more likely than the worst, relative to the model before
(direct preference optimisation), while the best ones stay as likely as they were. Batches of the training set are mixed
in, so that nothing is forgotten. Needs torch.
"""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from ..data.packing import Document, Packer, collate, pack_all
from ..generate import choosing
from ..generate.decoding import Model, generate
from ..generate.reference_shapes import shipped_table
from ..model.attention import keep_apart
from ..model.transformer import Transformer
from ..text.conditions import Condition
from ..train import devices

AT_ONCE = 4  # prompts sampled at the same time
ASTRAY = 1.5  # a sample whose worst stretch is so many times as unlikely as another's has gone astray
BETA = 0.1  # of direct preference optimisation: how steeply a difference in likelihood counts
KEEP = 0.3  # weight of the better sample's own likelihood
MIXED_IN = 4  # rows of the training set in a step
Say = Callable[[float, str], None]


@dataclass
class Pair:
    """The best and the worst of several samples of one prompt, and the difference of their scores."""

    prompt: str
    better: Document
    worse: Document
    apart: float


def pairs(
    model: Model,
    prompts: Sequence[tuple[str, str | None]],
    each: int,
    seed: int,
    longest: int,
    temperature: float,
    say: Say,
) -> list[Pair]:
    """A pair for each prompt (words, style) whose best sample ended by itself within `longest` steps."""
    table = shipped_table()
    assert table is not None
    out = []
    for at in range(0, len(prompts), AT_ONCE):
        some = list(prompts[at : at + AT_ONCE])
        wishes = [Condition(text=p, **table.usual(p, seed + at + i, style)) for i, (p, style) in enumerate(some)]
        arrays = [wish.arrays("geometry") for wish in wishes]
        words = np.repeat([words for words, _ in arrays], each, axis=0)
        attributes = np.repeat([attributes for _, attributes in arrays], each, axis=0)
        faces = [wish.faces or 200 for wish in wishes for _ in range(each)]
        limits = [{"max_faces": int(n * 1.25) + 8} for n in faces]
        made = generate(
            model, words, attributes, variants=len(words), seed=seed + at, decoder=limits, temperature=temperature,
            max_steps=longest,
        )  # fmt: skip
        for number, ((prompt, _), wish) in enumerate(zip(some, wishes)):
            first = number * each
            own = slice(first, first + each)
            scores = choosing.scores(made.records[own], [wish] * each, made.ended[own], made.nats[own])
            best, worst = first + int(np.argmax(scores)), first + int(np.argmin(scores))
            apart = max(scores) - min(scores)
            if made.ended[best] and apart > 0:
                better, worse = (
                    document(model, made.tokens[i], limits[i], words[i], attributes[i]) for i in (best, worst)
                )
                out.append(Pair(prompt, better, worse.first(led_astray(made.nats[worst], made.nats[best])), apart))
        say(
            min(1.0, (at + AT_ONCE) / len(prompts)),
            f"sampled {len(made.records)} for {', '.join(prompt for prompt, _ in some)}",
        )
    return out


def led_astray(nats: Sequence[float], better: Sequence[float]) -> int:
    """How many of the worse sample's steps to learn from: those that led it astray, but not the stray faces that
    follow, which are unlikely anyway; all of them where it is about as likely as `better`, the better sample's nats."""
    worst = choosing.worst_stretch(nats)
    if worst < ASTRAY * choosing.worst_stretch(better):
        return len(nats)
    return int((choosing.stretches(nats) > worst / 2).argmax()) + choosing.STRETCH


def document(
    model: Model, tokens: NDArray[Any], limits: dict[str, Any], words: NDArray[Any], attributes: NDArray[Any]
) -> Document:
    """A sample as a training document: its tokens, and the decoder's features before each step."""
    decoder = model.codec.decoder(**limits)
    features = []
    for step in tokens:
        features.append(np.asarray(decoder.features()))
        for token in step[step >= 0]:
            decoder.push(int(token))
    return Document(np.asarray(tokens), np.stack(features), words, attributes)


class Tuner:
    """A checkpoint's network, its loss on pairs, and an optimiser. `samples`: a training set to mix in."""

    def __init__(
        self, config: Any, arrays: dict[str, NDArray[Any]], way: str, rate: float, row: int, samples: Any = None
    ) -> None:
        if way not in ("best", "pairs"):
            raise ValueError(f"there is no way {way!r} to learn from samples; there are best and pairs")
        self.config, self.way, self.row = config, way, row
        self.network = Transformer(config)
        self.network.load_state_dict({name: torch.from_numpy(np.array(array)) for name, array in arrays.items()})
        learning = [p for p in self.network.parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(learning, lr=rate, betas=(0.9, 0.98), weight_decay=0.0)
        self.rate = rate
        self.mixed_in: Packer | None = None
        if samples:
            self.mixed_in = Packer(samples, config, 0, MIXED_IN, row, MIXED_IN, None, lambda number: 1.0)
        self.bf16 = devices.fast_bf16(torch.device("cpu"))

    def nats(self, documents: Sequence[Document]) -> torch.Tensor:
        """(len(documents),) nats of each."""
        rows, left_out = pack_all(documents, self.row, self.config.prefix)
        assert not left_out
        place = {id(d): i for i, d in enumerate(documents)}
        laid = [place[id(d)] for row in rows for d in row.documents]
        part = collate(self.config, rows, self.row)
        total = torch.zeros(len(documents)).index_add(0, torch.from_numpy(part["owner"]).long(), self.each(part))
        order = torch.empty(len(documents), dtype=torch.long)
        order[torch.tensor(laid)] = torch.arange(len(documents))
        return total[order]

    def each(self, part: dict[str, NDArray[Any]]) -> torch.Tensor:
        """Nats of every micro-token of a batch."""
        attend = keep_apart(part["document"], torch.device("cpu"))
        read = {name: torch.from_numpy(array) for name, array in part.items() if name not in ("document", "owner")}
        nats: torch.Tensor = self.network(read, attend)
        return nats

    def training_loss(self, number: int) -> torch.Tensor:
        """Nats a micro-token of batch `number` of the training set."""
        assert self.mixed_in is not None
        with torch.autocast("cpu", torch.bfloat16, enabled=self.bf16):
            parts = [self.each(part) for part in self.mixed_in[number]]
        return torch.cat(parts).mean()

    def measured(self, chosen: Sequence[Pair]) -> torch.Tensor:
        """(pairs, 2) nats of better and worse under the network as it is now."""
        with torch.no_grad():
            return torch.stack([self.nats([pair.better, pair.worse]) for pair in chosen])

    def step(self, chosen: Sequence[Pair], before: torch.Tensor, share: float, number: int) -> tuple[float, float]:
        """Optimiser step `number` at `share` of the rate: (loss, share of pairs that the network ranks right)."""
        documents = [
            d for pair in chosen for d in ((pair.better, pair.worse) if self.way == "pairs" else (pair.better,))
        ]
        nats = self.nats(documents)
        if self.way == "pairs":
            better, worse = nats[0::2], nats[1::2]
            gained = (before[:, 0] - better) - (before[:, 1] - worse)
            lengths = torch.tensor([int((pair.better.tokens >= 0).sum()) for pair in chosen])
            loss = (-F.logsigmoid(BETA * gained) + KEEP * better / lengths).mean()
            right = float((gained > 0).float().mean())
        else:
            loss = nats.sum() / sum(int((pair.better.tokens >= 0).sum()) for pair in chosen)
            right = math.nan
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate * share
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        if self.mixed_in is not None:
            self.training_loss(number).backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        return float(loss.detach()), right

    def tune(self, chosen: Sequence[Pair], steps: int, batch: int, seed: int, say: Say) -> dict[str, float]:
        before = self.measured(chosen) if self.way == "pairs" else torch.zeros(len(chosen), 2)
        rng = np.random.default_rng(seed)
        began, losses, ranked = time.monotonic(), [], []
        order: list[int] = []
        for number in range(steps):
            while len(order) < batch:
                order += rng.permutation(len(chosen)).tolist()
            now, order = order[:batch], order[batch:]
            share = min(1.0, (number + 1) / (0.1 * steps)) * (1 - number / steps)
            loss, right = self.step([chosen[i] for i in now], before[now], share, number)
            losses.append(loss)
            ranked.append(right)
            say((number + 1) / steps, f"step {number + 1}: loss {loss:.3f}")
        tail = max(1, steps // 5)
        return {
            "loss": float(np.mean(losses[-tail:])),
            "ranked right": float(np.mean(ranked[-tail:])),
            "seconds": time.monotonic() - began,
        }

    def arrays(self) -> dict[str, NDArray[Any]]:
        return {name: tensor.detach().float().numpy() for name, tensor in self.network.state_dict().items()}
