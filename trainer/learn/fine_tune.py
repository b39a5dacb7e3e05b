"""A model learns one library, in minutes: how far to go is measured on families that are held out in turn, and only
what measures better is kept. Needs torch.

For each fold a short run is scored every few steps, at several ways between the starter's weights and the run's; the
number of steps and the way that are best over all folds are then used once with the whole library. What goes too far
shows in the guard: generated things of all kinds, which the starter knows.
"""

import math
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ...jobs.progress import Reporter
from ..data import curate, schema_set
from ..data.set_folder import begin
from ..data.training_set import training_set
from ..generate.command import find_models
from ..model import checkpoint
from ..text import conditions
from ..train.heldout_score import HeldOut
from ..train.loop import Run, Settings
from ..train.training_speed import patient_threads
from .folds import Folded, families

CRAFTS = ("geometry", "materials", "modifiers", "animation")
RATE = {"geometry": 2e-4}  # peak; the others:
SMALL_RATE = 4e-4
STEPS, SCORES = 60, 6  # of a fold's run, and how often it is scored
WAYS = (0.5, 0.75, 1.0)  # from the starter's weights (0) to the run's mean (1)
GUARD = 48  # generated things
LOST = 1.25  # the guard's bits may grow by so much
BETTER = 0.99  # of the starter's held-out bits; what is no better is not kept
FEWEST_FAMILIES = 4
FEWEST_EXAMPLES = 12  # of another craft than geometry
SECONDS_A_STEP = 1.5  # until one was timed
GEOMETRY_SHARE = 0.8  # of the time


@dataclass
class Scores:
    """bits[(step, way)] and guard bits of one fold's run, as shares of the starter's."""

    bits: dict[tuple[int, float], float] = field(default_factory=dict)
    guard: dict[tuple[int, float], float] = field(default_factory=dict)
    heldout: int = 0


class Inner(Reporter):
    """A run inside of a longer job: its progress is a part of the job's, its end is not the job's."""

    def __init__(self, outer: Reporter, part: str) -> None:
        super().__init__(quiet=True)
        self.folder, self.outer, self.part = None, outer, part

    @property
    def cancelled(self) -> bool:
        return self.outer.cancelled

    def progress(self, fraction: float | None, text: str = "") -> None:
        self.outer.progress(fraction, f"{self.part}, {text}")

    def phase(self, text: str) -> None:
        """The job's phases are told by who runs it."""

    def log(self, text: str) -> None:
        """Only the outcome is told."""

    def done(self, **result: Any) -> None:
        """The job goes on."""

    def stopped(self, **result: Any) -> None:
        """The job says so itself."""

    def failed(self, sentence: str, **result: Any) -> None:
        """The exception says so."""


class Tuning(Run):
    """A run from a finished model, scored at several ways between it and the run; ends after `last` steps, or at
    `until` (time.monotonic)."""

    samples: Folded

    def __init__(self, settings: Settings, samples: Folded, reporter: Reporter, last: int, until: float) -> None:
        super().__init__(settings, samples, reporter)
        self.last, self.until = last, until
        self.scores = Scores()
        self.guard: HeldOut | None = None

    def build(self) -> None:
        super().build()
        if self.samples.craft == "geometry":
            self._own_style()
        self.start = [weight.clone() for weight in self.average.weights]
        self.average.mean = [weight.clone() for weight in self.start]

    @torch.no_grad()
    def _own_style(self) -> None:
        """The library's style begins as the mean of those that were trained."""
        before = list(conditions.CRAFTS["geometry"]).index("style")
        row = sum(self.config.condition[:before]) + 1
        weight = self.plain.attributes.weight
        own = row + conditions.STYLES.index(conditions.OWN_STYLE)
        weight[own] = weight[row : row + conditions.STYLES.index(conditions.OWN_STYLE)].mean(0)

    def pack_heldout(self) -> None:
        super().pack_heldout()
        self.model.eval()
        generated = self.samples.generated
        chosen = (
            generated[np.linspace(0, len(generated) - 1, min(GUARD, len(generated))).astype(int)]
            if len(generated)
            else []
        )
        self.guard = HeldOut(self.samples, self.config, [int(i) for i in chosen], self.row)
        self.scores.heldout = len(self.heldout)
        self.first = (self._bits(self.heldout), self._bits(self.guard))

    def _bits(self, heldout: HeldOut | None) -> float:
        return float(heldout.score(self.nats)["bits_per_mesh"]) if heldout is not None and len(heldout) else math.nan

    def _evaluate(self) -> None:
        if not len(self.heldout):
            return
        self.model.eval()
        for way in WAYS:
            with self.at(way):
                self.scores.bits[self.step, way] = self._bits(self.heldout) / self.first[0]
                self.scores.guard[self.step, way] = self._bits(self.guard) / self.first[1]

    def at(self, way: float) -> AbstractContextManager[None]:
        """The model has weights that lie `way` from the start to the run's mean; afterwards its own again."""
        return self.average.shown([torch.lerp(a, b, way) for a, b in zip(self.start, self.average.mean)])

    def _progress(self) -> float:
        return 1.0 if self.step >= self.last or time.monotonic() > self.until else super()._progress()

    def _save(self, final: bool = False) -> None:
        """A fold's run leaves nothing behind."""


def fine_tune(
    datasets: Sequence[Path], making: Path, work: Path, minutes: float, start: Path | None, seed: int, report: Reporter
) -> tuple[dict[str, Any], list[str]]:
    """Write CRAFT.safetensors into `making` for each craft that measures better than what it began with. Returns
    ({craft: numbers}, sentences about what was not kept)."""
    patient_threads()
    began = time.monotonic()
    report.phase("Preparing the data")
    set_ = work / "set"
    begin(set_)
    schema_set.build(list(datasets), set_)
    curate.build(list(datasets), set_, heldout=0.0, say=lambda text: report.progress(None, text))
    models = find_models([start] if start else [])
    trained: dict[str, Any] = {}
    notes: list[str] = []
    chosen = [craft for craft in CRAFTS if craft in models and _enough(set_, craft)]
    shares = {craft: GEOMETRY_SHARE if craft == "geometry" and len(chosen) > 1 else 1.0 for craft in chosen}
    for craft in chosen:
        left = 60 * minutes - (time.monotonic() - began)
        if report.cancelled:
            break
        until = time.monotonic() + max(5.0, left * shares[craft])
        numbers = tune(craft, set_, models[craft], making, work, until, seed, report)
        if "model" in numbers:
            trained[craft] = numbers
        else:
            notes.append(f"{craft}: {numbers['why']}; the starter goes on serving")
    return trained, notes


def _enough(set_: Path, craft: str) -> bool:
    try:
        base = training_set(set_, craft)
    except ValueError:
        return False
    return families(base) >= (FEWEST_FAMILIES if craft == "geometry" else FEWEST_EXAMPLES)


def tune(
    craft: str, set_: Path, start: Path, making: Path, work: Path, until: float, seed: int, report: Reporter
) -> dict[str, Any]:
    """{"model", "bits" (share of the starter's on held-out families), "guard", "steps", "way", "folds", "seconds"}, or
    {"why"} where nothing was better."""
    began = time.monotonic()
    count = families(training_set(set_, craft))
    folds = min(4, count) if until - began > 240 else 2
    scored: list[Scores] = []
    per_step = SECONDS_A_STEP
    report.phase(f"Measuring on held-out families ({craft})")
    for fold in range(folds):
        # the last run needs as long as one fold's
        share = (until - time.monotonic()) / (folds - fold + 1)
        if share < 10 * per_step:
            break
        last = min(STEPS, int(share / per_step))
        run = _run(craft, set_, start, work, seed, Inner(report, f"{craft}, part {fold + 1} of {folds}"), last,
                   time.monotonic() + share, fold, folds)  # fmt: skip
        run.go()
        if report.cancelled:
            return {"why": "was stopped"}
        per_step = max(0.05, run.seconds / max(run.step, 1))
        if len(run.heldout):
            scored.append(run.scores)
    best = choose(scored)
    if best is None:
        return {"why": "no held-out family became cheaper to tell" if scored else "there was no time to measure"}
    steps, way, bits, guard = best
    steps = max(5, round(steps * (folds / (folds - 1)) ** 0.5))
    report.phase(f"Learning ({craft})")
    run = _run(craft, set_, start, work, seed, Inner(report, craft), steps, until + 30, -1, 1)
    run.go()
    if report.cancelled:
        return {"why": "was stopped"}
    with run.at(way):
        arrays = {n: t.detach().float().cpu().numpy().copy() for n, t in run.plain.state_dict().items()}
    numbers = {
        "model": f"{craft}.safetensors", "bits": round(bits, 4), "guard": round(guard, 4), "steps": run.step,
        "way": way,
        "folds": len(scored), "families": count, "from": str(checkpoint.read_info(start).path.name),
        "seconds": round(time.monotonic() - began, 1),
    }  # fmt: skip
    info = checkpoint.read_info(start)
    checkpoint.save(
        making / f"{craft}.safetensors", arrays, run.config, run.samples.spec, craft=craft, preset=info.preset,
        card={**training_set(set_, craft).card(), "began as": dict(info.card), "style": numbers},
        metrics={"bits_of_starter": bits},
    )  # fmt: skip
    return numbers


def choose(scored: Sequence[Scores]) -> tuple[int, float, float, float] | None:
    """(steps, way, bits, guard) with the fewest bits over the folds, each fold counting with its held-out things, among
    those that the guard allows and that are better on the whole; None where there is none."""
    if not scored:
        return None
    keys = set.intersection(*(set(each.bits) for each in scored))
    weights = np.array([each.heldout for each in scored], float)
    found = []
    for key in keys:
        bits = float(np.average([each.bits[key] for each in scored], weights=weights))
        guards = [each.guard[key] for each in scored if math.isfinite(each.guard[key])]
        guard = float(np.mean(guards)) if guards else 1.0
        if bits < BETTER and guard < LOST:
            found.append((bits, key, guard))
    if not found:
        return None
    bits, (steps, way), guard = min(found)
    return steps, way, bits, guard


def _run(
    craft: str, set_: Path, start: Path, work: Path, seed: int, reporter: Reporter, last: int, until: float, fold: int,
    folds: int,
) -> Tuning:  # fmt: skip
    samples = Folded(training_set(set_, craft), fold, folds)
    settings = Settings(
        out=str(work / f"run-{craft}"),
        craft=craft,
        preset=checkpoint.read_info(start).preset or "starter",
        steps=STEPS,
        start=str(start),
        rate=RATE.get(craft, SMALL_RATE),
        seed=seed,
        evaluations=SCORES,
        workers=0,
        compile=False,
    )
    return Tuning(settings, samples, reporter, last, until)
