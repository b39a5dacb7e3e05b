"""Training: from a set of samples to a checkpoint, within a given number of minutes or steps.

`train(Settings(...), samples)` handles batches, schedule, score and saving; the training set provides the samples. In
the run's folder:

    state.safetensors    weights, their mean, optimiser and counters: the same command goes on from here
    best.safetensors     the checkpoint with the best held-out score; last.safetensors: the latest
    point-STEP.safetensors  with `points`: the weights themselves, not their mean, at each score
    metrics.jsonl        a line of numbers every few steps

The data of a step depends only on (seed, step), so with `steps` a run that was killed and resumed ends with bitwise the
same weights as an uninterrupted one (on CPU). With `minutes` the schedule follows the clock, which is not reproducible.
"""

import contextlib
import json
import math
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ...jobs.progress import Reporter
from ..data.loading import Clock, Steps, batches, workers_for
from ..data.packing import Packer, Samples
from ..model import checkpoint, lora
from ..model.attention import keep_apart
from ..model.checkpoint import CheckpointError
from ..model.config import asked_more
from ..model.presets import preset
from ..model.transformer import Transformer
from . import devices, distributed, run_state
from .averaging import Average
from .heldout_score import HeldOut
from .optimizer import Optimizer, schedule
from .run_state import TrainingError

REPORT_SECONDS = 1.0
TUNING_RATE, ADAPTER_RATE = 0.07, 0.2  # of the preset's rate, for what goes on from a model (docs/experiments.md)
KEPT = ("step", "seconds", "best", "stale", "scored", "metrics")  # the counters that a run goes on with


@dataclass
class Settings:
    """The settings of a run. None: as the preset or the device suggests."""

    out: str
    craft: str = "geometry"
    preset: str = "starter"
    minutes: float | None = None
    steps: int | None = None
    start: str | None = None  # a checkpoint to start from
    lora: int = 0
    device: str | None = None
    seed: int = 0
    positions: int | None = None  # backbone positions in an optimiser step
    row: int | None = None
    rate: float | None = None
    micro_rows: int | None = None  # rows per forward pass
    workers: int | None = None
    matrices: str = "muon"
    compile: bool | None = None
    bf16: bool | None = None
    evaluations: int = 12  # held-out scores, spread evenly over the run
    heldout: int = 256  # number of assets for the score
    patience: int = 0  # end the run after this many scores without improvement; 0: never
    points: bool = False  # also keep the weights at each evaluation, to average over runs
    save_seconds: float = 60.0
    shard: bool | None = None
    store: str = "f16"
    clip: float = 1.0
    card: dict[str, Any] = field(default_factory=dict)

    def identity(self) -> dict[str, Any]:
        """What must be equal for a run to be continued."""
        same = ("craft", "preset", "start", "lora", "seed", "positions", "row", "rate", "matrices")
        return {name: getattr(self, name) for name in same}


def train(settings: Settings, samples: Samples, reporter: Reporter | None = None) -> dict[str, Any]:
    """Train, or continue training. Returns {"steps", "seconds", "bits_per_mesh", "best", "last", ...}.

    Raises TrainingError, CheckpointError or ValueError with a sentence.
    """
    run = Run(settings, samples, reporter or Reporter(quiet=True))
    try:
        return run.go()
    finally:
        distributed.leave()


class Run:
    """One training run in this process (of possibly several)."""

    def __init__(self, settings: Settings, samples: Samples, reporter: Reporter) -> None:
        s = self.settings = settings
        if not s.minutes and not s.steps:
            raise TrainingError("training needs a limit: set minutes or steps")
        self.samples, self.reporter = samples, reporter
        self.device, self.world = devices.find(s.device)
        self.out = Path(s.out)
        self.preset = preset(s.preset)
        self.row = s.row or self.preset.row
        rows = max(1, round((s.positions or self.preset.positions) / self.row))
        per_rank = max(1, rows // self.world.size)
        self.micro_rows = min(s.micro_rows or per_rank, per_rank)
        self.rows = math.ceil(rows / (self.micro_rows * self.world.size)) * self.micro_rows * self.world.size
        self.bf16 = s.bf16 if s.bf16 is not None else devices.fast_bf16(self.device)
        self.step, self.seconds, self.best, self.stale = 0, 0.0, math.inf, 0
        self.scored = -1
        self.saved = 0  # the last saved step
        self.metrics: dict[str, Any] = {}
        # Only steps are reproducible: a run with both limits follows them.
        self.clock: Steps | Clock = Steps(s.steps) if s.steps else Clock()
        if self.world.chief:
            run_state.make_room(self.out)

    def _long(self) -> bool:
        s = self.settings
        return s.preset != "tiny" and ((s.minutes or 0) >= 5 or (s.steps or 0) >= 400)

    # Building

    def build(self) -> None:
        s = self.settings
        torch.manual_seed(s.seed)
        arrays = None
        if s.start:
            info, arrays = lora.load_whole(s.start)
            if checkpoint.language_hash(self.samples.spec) != info.language:
                raise CheckpointError(f"{s.start}: was trained with another language than the training set's codec")
            self.config, arrays = asked_more(info.config, arrays, tuple(self.samples.spec.condition))
        else:
            self.config = self.preset.config(self.samples.spec)
        model = Transformer(self.config)
        if arrays is not None:
            model.load_state_dict({name: torch.from_numpy(array) for name, array in arrays.items()})
        self.base = lora.fingerprint({"logits.weight": model.logits.weight.detach().numpy()}) if s.lora else ""
        if s.lora:
            if not s.start:
                raise TrainingError("an adapter needs a model to adapt: give its checkpoint with --from")
            lora.apply(model, s.lora)
        model.to(self.device)
        model.checkpointing = self.preset.checkpointing
        if s.compile if s.compile is not None else devices.compiling_pays(self.device, self._long()):
            model.compile_parts(dynamic_targets=self.device.type != "cuda")
        self.plain = model
        self.resumed = self._read_state()
        if self.resumed:
            model.load_state_dict(_under("model/", self.resumed))
        self.model = distributed.spread(model, self.world, self.device, s.shard)
        sharded = any(hasattr(p, "placements") for p in model.parameters())
        self.optimizer = Optimizer(
            self.plain, s.rate or self.preset.rate * self._share_of_rate(), "adamw" if sharded else s.matrices
        )
        if self.resumed:
            self.optimizer.restore(_under("optimizer/", self.resumed))
        self.average = Average(self.plain)
        if self.resumed:
            self.average.restore(_under("average/", self.resumed))
        self.resumed = None

    def _share_of_rate(self) -> float:
        """A model that has learned is led on gently: at the full rate it forgets before it learns."""
        return 1.0 if not self.settings.start else ADAPTER_RATE if self.settings.lora else TUNING_RATE

    def packer(self) -> Packer:
        fixed = self.fixed if self.device.type == "cuda" else None
        return Packer(
            self.samples,
            self.config,
            self.settings.seed,
            self.rows,
            self.row,
            self.micro_rows,
            fixed,
            self.clock,
        )

    def measure(self) -> None:
        """The largest number of micro-tokens and documents in a micro-batch, for fixed shapes."""
        self.fixed = None
        rows = Packer(self.samples, self.config, self.settings.seed, 8, self.row, 8).rows_of(0)
        documents = [d for row in rows for d in row.documents]
        used = sum(int((d.tokens >= 0).sum()) for d in documents)
        positions = self.micro_rows * self.row
        share = min(self.config.micro, 1.08 * used / (8 * self.row) + 0.1)
        targets = 128 * math.ceil(share * positions / 128)
        self.fixed = (targets, 16 * math.ceil((1.5 * len(documents) / 8 + 2) * self.micro_rows / 16))

    # The loop

    def go(self) -> dict[str, Any]:
        self.reporter.phase("Preparing")
        self.build()
        if self.world.chief:
            run_state.trim_metrics(self.out, self.step)
        self.reporter.phase("Packing held-out assets")
        self.pack_heldout()
        self.measure()
        parameters = sum(p.numel() for p in self.plain.parameters() if p.requires_grad)
        self.reporter.log(
            f"{parameters / 1e6:.1f}M parameters on {self.device}, {self.rows} rows of {self.row} positions a step, "
            f"{self.micro_rows} at once" + (f"; continuing from step {self.step}" if self.step else "")
        )
        self.reporter.phase("Training")
        outcome = "done"
        while outcome == "done" and not self._over():
            try:
                outcome = self._steps()
            except (torch.OutOfMemoryError, RuntimeError) as error:
                if not devices.is_out_of_memory(error) or self.world.size > 1:
                    raise
                self._make_smaller()
        self._evaluate()
        self._save(final=True)
        distributed.meet(self.world)
        result = self._result() | {"ended": outcome}
        if outcome == "cancelled":
            self.reporter.stopped(**result)
        else:
            self.reporter.done(**result)
        return result

    def _steps(self) -> str:
        """Steps until the limit ("done"), no progress ("early") or a cancel ("cancelled")."""
        s = self.settings
        workers = workers_for(self.device) if s.workers is None else s.workers
        stream = batches(self.packer(), self.step, self.device, workers, self.world.rank, self.world.size)
        began, before = time.monotonic(), self.seconds
        saved = reported = began
        waited, window, tokens = 0.0, [], 0
        first = True
        progress = self._progress()
        for parts in stream:
            self.model.train()
            loss, targets = self.learn(parts, progress)
            window.append((loss, targets))
            tokens += self.rows * self.row
            self.step += 1
            now = time.monotonic()
            self.seconds = before + now - began
            if first:  # compile time does not count as speed
                reported, tokens, first = now, 0, False
            elif now - reported >= REPORT_SECONDS or self.step == s.steps:
                self._report(window, tokens / (now - reported), waited)
                reported, waited, tokens, window = now, 0.0, 0, []
            stop = float(self.reporter.cancelled)
            progress, stop, due = self._agree(self._progress(), stop, float(now - saved > s.save_seconds))
            if isinstance(self.clock, Clock):
                self.clock.value.value = progress
            if stop:
                return "cancelled"
            if self._evaluation_due(progress):
                self._evaluate()
                due = 1.0
                if s.patience and self.stale >= s.patience:
                    return "early"
            if due:
                self._save()
                saved = time.monotonic()
            self.seconds = before + time.monotonic() - began
            if progress >= 1.0:
                return "done"
        return "done"

    def _agree(self, *values: float) -> list[float]:
        """The chief's values, for all processes."""
        if self.world.size == 1:
            return list(values)
        mine = [v if self.world.chief else 0.0 for v in values]
        return distributed.agree(mine, self.world, self.device)

    def learn(self, parts: list[dict[str, torch.Tensor]], progress: float) -> tuple[torch.Tensor, float]:
        """One optimiser step over this process's micro-batches: (sum of nats on the device, targets)."""
        mine = float(sum(int((part["targets"] >= 0).sum()) for part in parts))
        targets = distributed.agree([mine], self.world, self.device)[0]
        total = torch.zeros((), device=self.device)
        for i, part in enumerate(parts):
            with distributed.hold_back(self.model, self.world, i == len(parts) - 1):
                nats = self.nats(part).sum()
                (nats * (self.world.size / targets)).backward()
            total += nats.detach()
        parameters = [p for p in self.plain.parameters() if p.grad is not None]
        torch.nn.utils.clip_grad_norm_(parameters, self.settings.clip)
        self.optimizer.step(schedule(progress))
        self.average.add(self.step + 1)
        return total, mine

    def nats(self, part: dict[str, torch.Tensor]) -> torch.Tensor:
        attend = keep_apart(part["document"].numpy(), self.device)
        on_device = {
            name: tensor.to(self.device, non_blocking=True)
            for name, tensor in part.items()
            if name not in ("document", "owner")
        }
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.bf16):
            result: torch.Tensor = self.model(on_device, attend)
            return result

    def _make_smaller(self) -> None:
        self.optimizer.clear()
        if self.device.type == "cuda":
            torch.cuda.empty_cache()
        if self.micro_rows > 1:
            half = self.micro_rows // 2
            while self.rows % half:
                half -= 1
            self.micro_rows = half
            self.reporter.log(f"Out of memory: continuing with {half} rows at once; the steps stay the same")
        elif not self.plain.checkpointing:
            self.plain.checkpointing = True
            self.reporter.log("Out of memory: continuing with activation checkpointing, which is slower")
        else:
            raise TrainingError(
                f"{self.device} has too little memory for the preset {self.settings.preset}; choose a smaller one"
            )
        self.measure()

    # The score

    def pack_heldout(self) -> None:
        chosen = np.asarray(self.samples.heldout, np.int64)
        if len(chosen) > self.settings.heldout:
            chosen = chosen[np.linspace(0, len(chosen) - 1, self.settings.heldout).astype(np.int64)]
        self.heldout = HeldOut(self.samples, self.config, chosen.tolist(), self.row)
        for note in self.heldout.notes:
            self.reporter.log(note)

    def _evaluation_due(self, progress: float) -> bool:
        number = int(progress * self.settings.evaluations)
        if number <= self.scored:
            return False
        first, self.scored = self.scored < 0, number
        return not first

    def _evaluate(self) -> None:
        if self.settings.points and self.step:
            self.write(self.out / f"point-{self.step:06}.safetensors", mean=False)
        if not len(self.heldout):
            return
        self.model.eval()
        with self.average.shown():
            self.metrics = self.heldout.score(self.nats)
        per_mesh = self.metrics["bits_per_mesh"]
        if not math.isfinite(per_mesh):
            raise self._diverged(f"the held-out score is {per_mesh}")
        self._metric(step=self.step, seconds=round(self.seconds, 1), **self.metrics)
        self.reporter.log(
            f"step {self.step}, {self.seconds / 60:.1f} min: held-out {per_mesh:.0f} bits per mesh, "
            f"{self.metrics['bits_per_step']:.2f} per step"
        )
        if per_mesh < self.best:
            self.best, self.stale = per_mesh, 0
            self.write(self.out / "best.safetensors")
        else:
            self.stale += 1

    def _diverged(self, what: str) -> TrainingError:
        """Non-finite weights must not replace those saved before."""
        saved = f"step {self.saved} is saved" if self.saved else "nothing was saved yet"
        return TrainingError(
            f"{self.out}: {what} at step {self.step}, which is not a finite number; {saved} and untouched. "
            "Continue with a lower --rate, and check the data with `meshkiln dataset check`"
        )

    # Reporting

    def _progress(self) -> float:
        s = self.settings
        by_steps = self.step / s.steps if s.steps else 0.0
        return max(by_steps, self.seconds / (60 * s.minutes) if s.minutes else 0.0)

    def _over(self) -> bool:
        return self._agree(self._progress())[0] >= 1.0

    def _report(self, window: list[tuple[torch.Tensor, float]], speed: float, waited: float) -> None:
        nats = sum(float(loss) for loss, _ in window)
        bits = nats / math.log(2) / max(1.0, sum(n for _, n in window))
        if not math.isfinite(bits):
            raise self._diverged(f"the loss is {bits}")
        self._metric(
            step=self.step,
            seconds=round(self.seconds, 1),
            bits_per_token_train=bits,
            positions_per_second=round(speed),
            rate=self.optimizer.rate * schedule(self._progress()),
        )
        score = f", held-out {self.metrics['bits_per_mesh']:.0f} bits per mesh" if self.metrics else ""
        self.reporter.progress(self._progress(), f"step {self.step}: {bits:.3f} bits per token{score}")

    def _metric(self, **numbers: Any) -> None:
        if not self.world.chief:
            return
        self.reporter.metric(**numbers)
        if self.reporter.folder is None or Path(self.reporter.folder).resolve() != self.out.resolve():
            with open(self.out / "metrics.jsonl", "a", encoding="utf-8") as file:
                file.write(json.dumps({"time": round(time.time(), 3), **numbers}) + "\n")

    def _result(self) -> dict[str, Any]:
        return {
            "steps": self.step,
            "seconds": round(self.seconds, 1),
            **self.metrics,
            "best_bits_per_mesh": None if math.isinf(self.best) else self.best,
            "best": str(self.out / "best.safetensors") if not math.isinf(self.best) else None,
            "last": str(self.out / "last.safetensors"),
        }

    # Saving

    def write(self, path: Path, mean: bool = True) -> None:
        """A checkpoint of the averaged or current weights (every process takes part, the chief writes)."""
        with self.average.shown() if mean else contextlib.nullcontext():
            arrays = _arrays(self.plain.state_dict())
            arrays = {name: array.copy() for name, array in arrays.items()}  # on a processor they would change back
        if not self.world.chief:
            return
        s = self.settings
        kind, extra = "model", {}
        if s.lora:
            arrays, kind = lora.adapter_arrays(arrays), "adapter"
            extra = {"rank": s.lora, "scale": lora.SCALE, "base": self.base}
            extra["base_file"] = str(Path(s.start or "").absolute())
        card = {"seed": s.seed, "steps": self.step, "minutes": round(self.seconds / 60, 2), **s.card}
        with run_state.saving(path):
            checkpoint.save(
                path,
                arrays,
                self.config,
                self.samples.spec,
                craft=s.craft,
                preset=s.preset,
                card=card,
                metrics=self.metrics,
                store=s.store,
                kind=kind,
                extra=extra,
            )

    def _save(self, final: bool = False) -> None:
        kinds = {"model": self.plain.state_dict(), "optimizer": self.optimizer.state(), "average": self.average.state()}
        tensors = {f"{kind}/{name}": array for kind, held in kinds.items() for name, array in _arrays(held).items()}
        if final:
            self.write(self.out / "last.safetensors")
        if self.world.chief:
            kept = {name: getattr(self, name) for name in KEPT}
            kept["language"] = checkpoint.language_hash(self.samples.spec)
            kept["best"] = None if math.isinf(self.best) else self.best
            run_state.write_state(self.out, tensors, self.settings.identity(), self.config, kept)
            self.saved = self.step

    def _read_state(self) -> dict[str, np.ndarray] | None:
        state = run_state.read_state(self.out, self.settings.identity(), self.config)
        if state is None:
            return None
        kept, tensors = state
        if kept.get("language", "") not in ("", checkpoint.language_hash(self.samples.spec)):
            raise TrainingError(f"{self.out}: contains a run with another language of the codec; use another folder")
        for name in KEPT:
            setattr(self, name, kept[name])
        self.best = math.inf if self.best is None else self.best
        self.saved = self.step
        return tensors


def _arrays(tensors: dict[str, torch.Tensor]) -> dict[str, np.ndarray]:
    """Gathered, in fp32; on a processor they share the tensors' memory."""
    return {name: distributed.whole(tensor).detach().float().cpu().numpy() for name, tensor in tensors.items()}


def _under(prefix: str, tensors: dict[str, np.ndarray]) -> dict[str, torch.Tensor]:
    return {n[len(prefix) :]: torch.from_numpy(a) for n, a in tensors.items() if n.startswith(prefix)}
