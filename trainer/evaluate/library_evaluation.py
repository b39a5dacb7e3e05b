"""How well a style stands for its library, beside the starter: `meshkiln evaluate --library SET [--style NAME]`.

Things are asked for as an artist would, through the same service as Generate: the library's own nouns, and everyday
ones that it does not have. What each number means stands in docs/evaluation.md.
"""

import argparse
import json
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...jobs.progress import Reporter
from ...records import Record
from ..assets.asset import Asset
from ..data.set_folder import HEAD, Assets, SetError
from ..generate.choosing import soundness
from ..generate.command import find_models
from ..generate.listener import Quiet
from ..generate.reference_shapes import shipped_table
from ..generate.request import GenerateRequest, RequestError
from ..generate.service import Service
from ..mesh import picture, shape_descriptor
from ..style import folder as styles
from ..style.fingerprint import Fingerprint, differences, distance, fingerprint
from ..style.folder import StyleError
from ..style.gather import gather
from ..style.memory import Memory
from ..style.remake import near_copy
from ..style.shape import Shape, of_record
from ..style.traits import colors, traits

ASKED = 16  # prompts of each group
SEEDS = 8  # of one noun that the library has several things of
COPY = 0.8  # share of vertices in the same place from which a thing is a copy
SOUND = -0.35  # of `soundness`: what is better has few open edges and no flat or crowded faces
EVERYDAY = (
    "chair", "table", "lamp", "bottle", "house", "tree", "sword", "barrel", "car", "bed", "mug", "bench", "crate",
    "guitar", "ladder", "bucket", "boat", "fence", "clock", "sofa", "shield", "mushroom", "rocket", "tent", "hammer",
    "desk", "candle", "airplane", "helmet", "bridge",
)  # fmt: skip


@dataclass
class Made:
    """What came of one request."""

    prompt: str
    record: Record
    seconds: float


@dataclass
class Figures:
    numbers: dict[str, float] = field(default_factory=dict)
    made: list[Made] = field(default_factory=list)
    apart: list[tuple[str, float]] = field(default_factory=list)


def read_library(path: Path) -> Memory:
    """The things of a dataset, a set or a style. SetError with a sentence for what is none of them."""
    if (path / styles.ABOUT).is_file():
        return Memory.read(path / styles.MEMORY)
    if (path / HEAD).is_file():
        return Memory.of_assets(_of_set(path))
    if (path / "catalogue.sqlite").is_file():
        return Memory.of_assets(gather([path]).assets)
    raise SetError(f"{path}: is no dataset, no set and no style")


def _of_set(path: Path) -> list[Asset]:
    assets = Assets(path)
    out = []
    for i, about in enumerate(assets.about):
        positions, starts, corners, slots = assets.mesh(i)
        known = {name: about[name] for name in ("family", "path", "license", "author", "url") if about.get(name)}
        out.append(Asset(about["name"], about["label"], positions, starts, corners, slots, about["materials"], **known))
    return out


def run_library(args: argparse.Namespace) -> int:
    reporter = Reporter()
    try:
        library = read_library(args.library)
        if not len(library):
            raise SetError(f"{args.library}: holds no thing")
        style = styles.find_style(args.style) if args.style else None
    except (SetError, StyleError, ValueError) as error:
        reporter.failed(str(error))
        print(f"meshkiln evaluate: {error}", file=sys.stderr)
        return 2
    own, everyday = prompts(library, args.samples)
    results = {}
    for name, named in (("starter", None), *([("style", str(style.folder))] if style else [])):
        reporter.phase(f"Asking the {name}")
        try:
            results[name] = measure(library, named, own, everyday, args, reporter)
        except RequestError as error:
            reporter.failed(str(error))
            print(f"meshkiln evaluate: {error}", file=sys.stderr)
            return 2
    if style:
        start = results["starter"].numbers["fingerprint distance"]
        results["style"].numbers["fingerprint distance, starter = 1"] = results["style"].numbers[
            "fingerprint distance"
        ] / max(start, 1e-9)
        trained = style.about.get("trained") or {}
        for craft, about in trained.items():
            results["style"].numbers[f"held-out bits of {craft}, starter = 1"] = float(about["bits"])
        results["style"].numbers["named by fingerprint"] = named_right(library, style, results["style"], everyday)
    out: Path = args.out or Path(f"library-{args.library.resolve().name}")
    out.mkdir(parents=True, exist_ok=True)
    for name, result in results.items():
        shown = [m.record for m in result.made]
        picture.draw_sheet(shown, out / f"{name}.png", [m.prompt for m in result.made], columns=8, size=160)
    numbers = {name: {k: round(v, 4) for k, v in result.numbers.items()} for name, result in results.items()}
    keys = list(dict.fromkeys(key for each in numbers.values() for key in each))
    for key in keys:
        print(f"{key:48}" + "".join(f"{numbers[name].get(key, float('nan')):>12.3f}" for name in results))
    print(f"pictures: {out}")
    reporter.done(out=str(out))
    if args.json:
        line = {"library": str(args.library), "things": len(library), "kinds": len(library.kinds()), **numbers}
        apart = {name: dict(result.apart[:8]) for name, result in results.items()}
        print(json.dumps(line | {"own": own, "everyday": everyday, "most different": apart}))
    return 0


def prompts(library: Memory, count: int) -> tuple[list[str], list[str]]:
    """(nouns that the library has things of, everyday nouns that it has not)."""
    kinds = [noun for noun in library.kinds() if len(noun) > 2]
    step = max(1, len(kinds) / count)
    own = [kinds[int(i * step)] for i in range(min(count, len(kinds)))]
    return own, [noun for noun in EVERYDAY if not library.called(noun)][:count]


def measure(
    library: Memory,
    style: str | None,
    own: list[str],
    everyday: list[str],
    args: argparse.Namespace,
    reporter: Reporter,
) -> Figures:
    """All numbers of one side: with a style (its folder), or without one."""
    figures = Figures()
    service = Service()
    models = {craft: str(path) for craft, path in find_models([]).items()}

    def make(prompt: str, seed: int) -> Made:
        request = GenerateRequest(
            prompt=prompt, crafts=("geometry", "materials"), models=models, seed=seed, style=style,
            best_of=args.best_of, engine=args.engine,
        )  # fmt: skip
        began = time.perf_counter()
        records, _ = service.make(request, Quiet())
        return Made(prompt, records[0], time.perf_counter() - began)

    made_own = []
    for number, noun in enumerate(own):
        made_own.append(make(noun, args.seed))
        reporter.progress((number + 1) / (len(own) + len(everyday) + SEEDS), noun)
    made_everyday = []
    for number, noun in enumerate(everyday):
        made_everyday.append(make(noun, args.seed))
        reporter.progress((len(own) + number + 1) / (len(own) + len(everyday) + SEEDS), noun)
    figures.made = made_own + made_everyday
    figures.numbers |= hits(library, made_own)
    figures.numbers |= spread(library, lambda noun: [make(noun, args.seed + i) for i in range(SEEDS)])
    usual = print_of([library.thing(i).shape for i in range(len(library))])
    there = print_of([of_record(m.record) for m in made_everyday])
    figures.numbers["fingerprint distance"] = distance(usual, there)
    figures.apart = differences(usual, there)
    figures.numbers["sound"] = float(np.mean([soundness(m.record) > SOUND for m in figures.made]))
    figures.numbers["seconds, own nouns"] = float(np.median([m.seconds for m in made_own]))
    figures.numbers["seconds, everyday nouns"] = float(np.median([m.seconds for m in made_everyday]))
    return figures


def print_of(shapes: list[Shape]) -> Fingerprint:
    return fingerprint([(traits(shape), colors(shape)) for shape in shapes])


def hits(library: Memory, made: list[Made]) -> dict[str, float]:
    """Whether the thing that looks most like what was made, among the library's and the bundled ones, is the library's
    of that noun; how far it is; how many are copies."""
    own = (np.asarray(library.arrays["points"]).astype(np.float32) + 0.5) / 256
    table = shipped_table()
    right, far, copies = [], [], []
    for each in made:
        points = shape_descriptor.points(each.record)
        if not len(points):
            right.append(False)
            continue
        to_own = shape_descriptor.apart(points[: own.shape[1]], own)
        bundled = min(table.distances(points)) if table is not None else np.inf
        nearest = int(to_own.argmin())
        named = library.called(each.prompt)
        right.append(to_own[nearest] < bundled and nearest in named)
        far.append(float(np.sqrt(to_own[named].min())) if named else np.nan)
        copies.append(any(near_copy(of_record(each.record), library.thing(i).shape) >= COPY for i in named))
    return {
        "own nouns nearest to the library's thing": float(np.mean(right)),
        "distance to the nearest of that noun": float(np.nanmean(far)),
        "near-copies": float(np.mean(copies)),
    }


def spread(library: Memory, make: Any) -> dict[str, float]:
    """Of the noun with the most things: how many of them SEEDS results are nearest to, and how far results are apart
    compared with the things."""
    noun = next((noun for noun in library.kinds() if len(library.called(noun)) >= 3), None)
    if noun is None:
        return {}
    numbers = library.called(noun)
    own = (np.asarray(library.arrays["points"])[numbers].astype(np.float32) + 0.5) / 256
    points = [shape_descriptor.points(m.record)[: own.shape[1]] for m in make(noun)]
    points = [each for each in points if len(each)]
    met = {int(shape_descriptor.apart(each, own).argmin()) for each in points}
    between = _mean_apart(np.stack(points)) / max(_mean_apart(own), 1e-9)
    return {
        "things of one noun": float(len(numbers)),
        "of them met by 8 seeds": float(len(met)),
        "spread, the library's = 1": between,
    }


def _mean_apart(clouds: NDArray[Any]) -> float:
    """Mean distance between point clouds (N, P, 3)."""
    apart = [np.sqrt(shape_descriptor.apart(clouds[i], clouds[i + 1 :])).mean() for i in range(len(clouds) - 1)]
    return float(np.mean(apart))


def named_right(library: Memory, style: styles.Style, figures: Figures, everyday: list[str]) -> float:
    """Share of single everyday things whose nearest library, by fingerprint, is this one."""
    there = styles.styles_in([style.folder.parent])
    prints = {s.name: Fingerprint.from_dict(s.about.get("fingerprint") or {}) for s in there}
    right = []
    for each in figures.made:
        if each.prompt in everyday:
            alone = print_of([of_record(each.record)])
            right.append(min(prints, key=lambda name: distance(prints[name], alone)) == style.name)
    return float(np.mean(right)) if right else 0.0
