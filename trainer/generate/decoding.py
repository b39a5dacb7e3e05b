"""The sampling loop: an engine gives logits, a codec's decoder says which tokens are allowed, and each finished polygon
is reported as an event at once.

Runs B variants in parallel until each has ended. Knows nothing of prompts (`conditions.py` makes `words` and
`attributes`), of pipes or of files other than the checkpoint it loads.

    model = load_model("starter.safetensors")                       # Model: info, codec, engine
    result = generate(model, words, attributes, variants=4, seed=7, on_event=print)
    result.records[0], result.stats["polygons_per_second"]

Events, given to `on_event` as they happen, from the caller's own thread:
    {"event": "polygons", "variant": 0, "polygons": (...)}          what `decoder.new_polygons()` gave, unless nothing
    {"event": "step", "variant": 0, "steps": 12}                    after each step of other crafts
    {"event": "again", "variant": 0, "vertices": 40, "polygons": 9}  40 vertices stay; the last 9 polygons are made
    again {"event": "finished", "variant": 0, "steps": 120, "ended": True}  `ended` False: cut off by `max_steps`
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..codecs import codec as find_codec
from ..codecs.base import replay
from ..model import checkpoint, lora
from ..model.checkpoint import CheckpointError, Info
from ..model.engines import make_engine
from ..model.engines.sampling import choose, surprise

REMADE_STEPS = 120  # total number of steps that a variant may take back because a part was rejected
# Whether a mesh's last part should be made again, given the corners (V, 3) of each part.
Unwanted = Callable[[list[NDArray[Any]]], bool]


class Cancelled(Exception):
    """`should_cancel` returned True."""


@dataclass
class Model:
    """A loaded checkpoint: its header, its codec, and an engine that holds its weights."""

    info: Info
    codec: Any
    engine: Any


@dataclass
class Part:
    """The part that a variant is making: its number and its first step."""

    number: int = -1
    began: int = 0


@dataclass
class Result:
    """`records[i]` is variant i's record (None if the decoder has none); `tokens[i]` (T, M) int16 its steps; `ended[i]`
    whether it reached its end; `nats[i]` how unlikely each step was (-log of its probability)."""

    records: list[Any]
    tokens: list[NDArray[Any]]
    ended: list[bool]
    nats: list[list[float]]
    stats: dict[str, Any] = field(default_factory=dict)


def load_model(path: str | Path, engine: str = "auto", device: str | None = None) -> Model:
    """Open a checkpoint and find its codec, of the same version. An adapter is merged into its base.

    Raises CheckpointError with a sentence.
    """
    codec = codec_of(checkpoint.read_info(path))
    info, arrays = lora.load_whole(path)
    return Model(info, codec, make_engine(engine, info.config, arrays, device))


def codec_of(info: Info) -> Any:
    """The codec that a checkpoint names, if its vocabulary still matches."""
    name = info.spec.get("name", "")
    try:
        codec = find_codec(name, **info.spec.get("options", {}))
    except (ValueError, TypeError) as error:
        raise CheckpointError(f"{info.path}: needs the codec {name!r}, which this version lacks ({error})") from error
    if checkpoint.language_hash(codec.spec) != info.language:
        raise CheckpointError(
            f"{info.path}: has another version of the codec {name!r} than this Meshkiln; train it again or update"
        )
    return codec


def generate(
    model: Model,
    words: NDArray[Any],
    attributes: NDArray[Any],
    *,
    variants: int = 1,
    seed: int = 0,
    temperature: float = 0.8,
    top_p: float = 0.95,
    min_p: float = 0.0,
    guidance: float = 1.0,
    max_steps: int = 2000,
    decoder: dict[str, Any] | list[dict[str, Any]] | None = None,
    first: NDArray[Any] | None = None,
    result: dict[str, Any] | None = None,
    on_event: Callable[[dict[str, Any]], None] | None = None,
    should_cancel: Callable[[], bool] | None = None,
) -> Result:
    """Sample `variants` assets for one condition, words (6, 96) float32 and attributes (A,) int, or for as many
    conditions as there are variants, words (variants, 6, 96) and attributes (variants, A).

    `decoder` (one, or one for each variant) and `result` are keywords for `codec.decoder(...)` and
    `decoder.result(...)`; `first` (T, M) are steps to start with (to complete a given asset). The same seed, engine and
    number of variants give the same records. Raises `Cancelled` when `should_cancel` says so.
    """
    run = Run(model, words, attributes, variants, seed, guidance, decoder or {}, max_steps)
    run.sampling = (temperature, top_p, min_p)
    if first is not None:
        run.force(np.asarray(first))
    for event in run.events():
        if on_event is not None:
            on_event(event)
        if should_cancel is not None and should_cancel():
            raise Cancelled
    return run.result(**(result or {}))


class Run:
    """B variants being generated. `events()` drives them; `result()` is their current state. `unwanted` decides which
    parts of a mesh are made again."""

    def __init__(
        self,
        model: Model,
        words: NDArray[Any],
        attributes: NDArray[Any],
        variants: int,
        seed: int,
        guidance: float,
        decoder: dict[str, Any] | list[dict[str, Any]],
        max_steps: int,
    ) -> None:
        self.model, self.max_steps = model, max_steps
        self.sampling = (1.0, 1.0, 0.0)
        self.unwanted: Unwanted | None = None
        self.options = decoder if isinstance(decoder, list) else [decoder] * variants
        self.decoders = [model.codec.decoder(**options) for options in self.options]
        self.parts = [Part() for _ in range(variants)]
        self.remakes_left = [REMADE_STEPS] * variants
        self.chances = [np.random.default_rng([seed, variant]) for variant in range(variants)]
        self.steps: list[list[NDArray[Any]]] = [[] for _ in range(variants)]
        self.ended = [False] * variants
        self.nats: list[list[float]] = [[] for _ in range(variants)]
        self.forced = np.zeros((0, model.info.config.micro), np.int16)
        self.started = time.perf_counter()
        self.first_at: float | None = None
        self.polygons = 0
        words = np.asarray(words, np.float32)
        # Earlier models have fewer attributes: the first ones.
        attributes = np.asarray(attributes, np.int64)[..., : len(model.info.config.condition)]
        self.session = model.engine.start(
            np.broadcast_to(words, (variants, *words.shape[-2:])),
            np.broadcast_to(attributes, (variants, *attributes.shape[-1:])),
            guidance,
        )

    def force(self, tokens: NDArray[Any]) -> None:
        """Start every variant with these steps (T, M), -1 where unused; the last one must not be the end."""
        self.forced = tokens

    def events(self) -> Iterator[dict[str, Any]]:
        live = [i for i, decoder in enumerate(self.decoders) if not decoder.finished]
        previous: NDArray[Any] | None = None
        for number in range(self.max_steps):
            if not live:
                break
            features = np.stack([np.asarray(self.decoders[i].features()) for i in live])
            self.session.advance(features, previous)
            forced = self.forced[number] if number < len(self.forced) else None
            previous = self._sample_step(live, forced)
            done = []
            for place, variant in enumerate(live):
                self.steps[variant].append(previous[place].astype(np.int16))
                yield from self._new_events(variant)
                before = self.decoders[variant]
                if back := self._take_back(variant):
                    self.session.forget(place, back)
                    previous[place] = self.steps[variant][-1]
                    stays = self.decoders[variant]
                    gone = before.faces - stays.faces
                    self.polygons -= gone
                    yield {"event": "again", "variant": variant, "vertices": stays.vertices, "polygons": gone}
                    continue
                if self.decoders[variant].finished:
                    self.ended[variant] = True
                    done.append(place)
                    steps = len(self.steps[variant])
                    yield {"event": "finished", "variant": variant, "steps": steps, "ended": True}
            if done:
                stay = np.array([place for place in range(len(live)) if place not in done], np.int64)
                live = [live[place] for place in stay]
                if live:
                    previous = previous[stay]
                    self.session.keep(stay)
        for variant in live:
            yield {"event": "finished", "variant": variant, "steps": len(self.steps[variant]), "ended": False}

    def _take_back(self, variant: int) -> int:
        """Take back the part that the last step ended, if it is unwanted; returns the number of steps."""
        decoder, part, steps = self.decoders[variant], self.parts[variant], self.steps[variant]
        if self.unwanted is None or not hasattr(decoder, "shapes"):
            return 0
        if decoder.part == part.number and not decoder.finished:
            return 0
        self.parts[variant] = Part(decoder.part, len(steps) - 1)
        back = len(steps) - part.began
        if part.began < max(1, len(self.forced)) or back > self.remakes_left[variant]:
            return 0
        shapes = decoder.shapes()
        if not shapes or not self.unwanted(shapes):
            return 0
        self.remakes_left[variant] -= back
        del steps[part.began :], self.nats[variant][part.began :]
        fresh = self.decoders[variant] = self.model.codec.decoder(**self.options[variant])
        replay(fresh, np.array(steps))
        fresh.new_polygons()  # they were reported before
        self.parts[variant] = Part(fresh.part + 1, part.began)
        return back

    def _sample_step(self, live: list[int], forced: NDArray[Any] | None) -> NDArray[Any]:
        """Micro-tokens (B, M) of one step for the live variants, -1 where unused. If only one token is allowed, the
        model is not run."""
        step = np.full((len(live), self.model.info.config.micro), -1, np.int64)
        for variant in live:
            self.nats[variant].append(0.0)
        active = np.arange(len(live))
        for micro in range(step.shape[1]):
            if forced is not None:
                tokens = np.full(len(active), int(forced[micro]))
            else:
                tokens = self._choose(live, active)
            step[active, micro] = tokens
            going = [not self.decoders[live[place]].push(int(token)) for place, token in zip(active, tokens)]
            if not any(going):
                break
            # All active samples receive their token; finished ones need none.
            self.session.say(tokens, active)
            active = active[np.array(going)]
        return step

    def _choose(self, live: list[int], active: NDArray[Any]) -> NDArray[Any]:
        allowed = np.stack([self.decoders[live[place]].allowed() for place in active])
        open_ = allowed.sum(-1) > 1
        tokens: NDArray[Any] = allowed.argmax(-1)
        if open_.any():
            chance = np.array([self.chances[live[place]].random() for place in active[open_]])
            logits = self.session.logits(active[open_])
            tokens[open_] = choose(logits, allowed[open_], chance, *self.sampling)
            for place, nats in zip(active[open_], surprise(logits, allowed[open_], tokens[open_])):
                self.nats[live[place]][-1] += float(nats)
        return tokens

    def _new_events(self, variant: int) -> Iterator[dict[str, Any]]:
        decoder = self.decoders[variant]
        if not hasattr(decoder, "new_polygons"):
            yield {"event": "step", "variant": variant, "steps": len(self.steps[variant])}
            return
        polygons = decoder.new_polygons()
        count = len(polygons[1]) if isinstance(polygons, tuple) else len(polygons)
        if count:
            self.polygons += count
            if self.first_at is None:
                self.first_at = time.perf_counter()
            yield {"event": "polygons", "variant": variant, "polygons": polygons}

    def result(self, **options: Any) -> Result:
        seconds = time.perf_counter() - self.started
        width = self.model.info.config.micro
        tokens = [np.array(steps, np.int16).reshape(-1, width) for steps in self.steps]
        stats = {
            "engine": self.model.engine.name,
            "seconds": seconds,
            "steps": sum(len(t) for t in tokens),
            "micro_tokens": int(sum((t >= 0).sum() for t in tokens)),
            "polygons": self.polygons,
            "polygons_per_second": self.polygons / max(seconds, 1e-9),
            "first_face_seconds": None if self.first_at is None else self.first_at - self.started,
        }
        records = [decoder.result(**options) for decoder in self.decoders]
        return Result(records, tokens, list(self.ended), self.nats, stats)
