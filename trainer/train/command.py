"""`meshkiln train CRAFT --data SET --out RUN ...`: a training run as a command, in a terminal or as a job.

The same command again continues where the run stopped. Knows arguments and messages; `loop.py` does the work.
"""

import argparse
import importlib.util
import json
import os
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...jobs.progress import JOB_VARIABLE, Reporter
from ..data.kinds_option import add_kinds_option, load_kinds
from ..model.presets import PRESETS

CRAFTS = ("geometry", "materials", "modifiers", "animation")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("craft", choices=CRAFTS)
    add_kinds_option(parser)
    parser.add_argument("--data", required=True, help="a training set, from `meshkiln dataset build`")
    parser.add_argument("--out", required=True, help="the run's folder; an earlier run in it is continued")
    parser.add_argument("--preset", default="starter", choices=list(PRESETS))
    parser.add_argument("--minutes", type=float, help="how long it may take; the schedule adapts to it")
    parser.add_argument("--steps", type=int, help="how many optimiser steps it may take")
    parser.add_argument("--from", dest="start", metavar="CHECKPOINT", help="start from this model")
    parser.add_argument("--basics", action="store_true", help="with --from: still start with generated objects")
    parser.add_argument(
        "--lora", type=int, default=0, metavar="RANK", help="train an adapter of this rank (needs --from)"
    )
    parser.add_argument("--device", help="cpu, cuda, cuda:1, mps; default: the best available")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rate", type=float, help="peak learning rate")
    parser.add_argument("--positions", type=int, help="asset steps per optimiser step")
    parser.add_argument("--patience", type=int, default=0, help="stop after this many scores without improvement")
    parser.add_argument("--points", action="store_true", help="also keep the weights at each score, for averaging")
    parser.add_argument("--workers", type=int, help="processes that prepare data")
    parser.add_argument("--store", default="f16", choices=("f16", "f32", "int8"), help="how checkpoints hold weights")
    parser.add_argument("--tensorboard", action="store_true", help="also write TensorBoard files into the run's folder")
    parser.add_argument("--wandb", metavar="PROJECT", help="also report to Weights & Biases")
    parser.add_argument("--json", action="store_true", help="print the result as JSON on the last line")


def run(args: argparse.Namespace) -> int:
    if not args.minutes and not args.steps:
        return _refuse("set a limit: --minutes M or --steps N")
    if importlib.util.find_spec("torch") is None:
        return _refuse("training needs PyTorch; install it with `pip install torch`, or from the add-on's preferences")
    try:
        report = Listeners(args)
    except (OSError, ValueError) as error:
        return _refuse(str(error))
    try:
        result = _train(args, report)
    except Exception as error:  # in any case the run's folder must record how it ended
        if not isinstance(error, (ValueError, OSError)):
            traceback.print_exc()  # not a refusal: the log gets the whole traceback
        sentence = str(error).strip() or type(error).__name__
        report.failed(sentence.splitlines()[0])
        return _refuse(sentence)
    finally:
        report.close()
    if args.json and int(os.environ.get("RANK", "0")) == 0:
        print(json.dumps(result))
    return 0


def _train(args: argparse.Namespace, report: Reporter) -> dict[str, Any]:
    from .training_speed import patient_threads

    patient_threads()
    from .loop import Settings, train

    load_kinds(args.kinds)
    samples = training_set(args.data, args.craft, begun=bool(args.start) and not args.basics)
    settings = Settings(
        out=args.out,
        craft=args.craft,
        preset=args.preset,
        minutes=args.minutes,
        steps=args.steps,
        start=args.start,
        lora=args.lora,
        device=args.device,
        seed=args.seed,
        rate=args.rate,
        positions=args.positions,
        patience=args.patience,
        points=args.points,
        workers=args.workers,
        store=args.store,
        card=getattr(samples, "card", lambda: {"data": str(args.data)})(),
    )
    return train(settings, samples, report)


def training_set(path: str, craft: str, begun: bool) -> Any:
    from ..data.training_set import training_set

    return training_set(path, craft, begun=begun)


def _refuse(sentence: str) -> int:
    print(f"meshkiln train: {sentence}", file=sys.stderr)
    return 1


class Listeners(Reporter):
    """The job's folder (the run's own unless this is a job), a bar in a terminal, and the other requested trackers."""

    def __init__(self, args: argparse.Namespace) -> None:
        chief = int(os.environ.get("RANK", "0")) == 0
        super().__init__(os.environ.get(JOB_VARIABLE) or args.out, quiet=True)
        self.terminal = Reporter(quiet=False) if chief and JOB_VARIABLE not in os.environ else None
        if not chief:
            self.folder = None
        self.board: Any = None
        self.weights: Any = None
        if args.tensorboard and chief:
            self.board = _tensorboard(Path(args.out) / "tensorboard")
        if args.wandb and chief:
            if importlib.util.find_spec("wandb") is None:
                raise ValueError("--wandb needs the package wandb; install it with `pip install wandb`")
            import wandb

            self.weights = wandb.init(project=args.wandb, config=vars(args), dir=args.out)

    def phase(self, text: str) -> None:
        super().phase(text)
        if self.terminal is not None:
            self.terminal.phase(text)

    def progress(self, fraction: float | None, text: str = "") -> None:
        super().progress(fraction, text)
        if self.terminal is not None:
            self.terminal.progress(fraction, text)

    def log(self, text: str) -> None:
        if self.terminal is not None and self.folder is not None:
            self.terminal.log(text)
            with open(Path(self.folder) / "log.txt", "a", encoding="utf-8") as file:
                file.write(text + "\n")
        else:
            super().log(text)

    def metric(self, **numbers: float | int | str | None) -> None:
        super().metric(**numbers)
        step = int(numbers.get("step") or 0)
        values: Mapping[str, Any] = {k: v for k, v in numbers.items() if isinstance(v, (int, float)) and k != "step"}
        if self.board is not None:
            for name, value in values.items():
                self.board.add_scalar(name, value, step)
        if self.weights is not None:
            self.weights.log(dict(values), step=step)

    def close(self) -> None:
        if self.terminal is not None and self.terminal.bar is not None:
            self.terminal.bar.close()
        if self.board is not None:
            self.board.close()
        if self.weights is not None:
            self.weights.finish()


def _tensorboard(folder: Path) -> Any:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        raise ValueError(
            "--tensorboard needs the package tensorboard; install it with `pip install tensorboard`"
        ) from None
    return SummaryWriter(str(folder))
