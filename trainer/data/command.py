"""`meshkiln dataset build DATASET... --out SET` and `meshkiln dataset show SET`: curated training sets.

Knows arguments and printing; what makes a good set, `curate.py` knows.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np

from ...jobs.outputs import OutputError, check_output


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    build = verbs.add_parser("build", help="curate datasets into a training set")
    build.add_argument("datasets", nargs="+", type=Path, help="datasets from `meshkiln extract`, or folders of meshes")
    build.add_argument("--parameters", nargs="+", type=Path, default=[], metavar="DATASET",
                       help="datasets that teach materials, modifiers and animation only")  # fmt: skip
    build.add_argument("--out", type=Path, required=True, help="folder of the set")
    build.add_argument("--max-faces", type=int, default=800, help="leave out meshes with more polygons")
    build.add_argument("--heldout", type=float, default=7.0, help="percentage of families held out for testing")
    build.add_argument("--force", action="store_true", help="replace a set that is already there")
    build.add_argument("--json", action="store_true", help="print the summary as one line of JSON")
    show = verbs.add_parser("show", help="print what a set holds and draw a sample")
    show.add_argument("set", type=Path)
    show.add_argument("--sheet", type=Path, help="where to draw the contact sheet (default: SET/sheet.png)")
    show.add_argument("--force", action="store_true", help="replace the file of --sheet")
    show.add_argument("--count", type=int, default=96, help="pictures on the sheet")
    show.add_argument("--generated", action="store_true", help="draw the generators' objects instead of the assets")
    show.add_argument("--seed", type=int, default=0)
    show.add_argument("--json", action="store_true")


def run(args: argparse.Namespace) -> int:
    from .geometry_set import SetError

    try:
        return _build(args) if args.verb == "build" else _show(args)
    except SetError as error:
        print(f"meshkiln dataset: {error}", file=sys.stderr)
        return 1


def _build(args: argparse.Namespace) -> int:
    from ...jobs.progress import Reporter
    from . import curate, schema_set

    if args.max_faces < 1 or not 0.0 <= args.heldout < 100.0:
        print("meshkiln dataset: --max-faces must be at least 1, --heldout from 0 to below 100", file=sys.stderr)
        return 2
    if (args.out / "set.json").exists() and not args.force:
        print(f"meshkiln dataset: {args.out}: holds a set already; --force replaces it", file=sys.stderr)
        return 2
    reporter = Reporter()
    reporter.phase("Curating")
    say = (lambda text: None) if args.json else print
    head = curate.build(args.datasets, args.out, args.max_faces, args.heldout, say)
    reporter.phase("Materials, modifiers and animation")
    head["crafts"] = schema_set.build([*args.datasets, *args.parameters], args.out)
    reporter.done(assets=head["assets"])
    if args.json:
        print(json.dumps(head))
        return 0
    print(f"{args.out}: {head['assets']} assets of {head['read']} read, {head['heldout']} of them held out")
    for reason, count in head["left_out"].items():
        print(f"  {count:6} left out: {reason}")
    for craft, count in head["crafts"].items():
        print(f"  {count:6} examples of {craft}")
    return 0


def _histogram(title: str, values: list[float], edges: list[float]) -> None:
    print(f"\n{title}")
    counts, _ = np.histogram(values, [*edges, np.inf])
    for low, high, count in zip(edges, [*edges[1:], None], counts):
        span = f"{low:g}-{high:g}" if high is not None else f"{low:g}+"
        print(f"  {span:>12} {count:6} {'#' * int(np.ceil(count / max(counts.max(), 1) * 40))}")


def _show(args: argparse.Namespace) -> int:
    if args.count < 1 or args.seed < 0:
        print("meshkiln dataset: --count must be at least 1, --seed at least 0", file=sys.stderr)
        return 2
    if args.sheet:
        try:
            check_output(args.sheet, args.force, (".png",))
        except OutputError as error:
            print(f"meshkiln dataset: {error}", file=sys.stderr)
            return 2
    from ..mesh import picture
    from .geometry_set import TrainSet

    set_ = TrainSet(args.set)
    assert set_.assets is not None
    about, head = set_.assets.about, set_.assets.head
    if args.json:
        print(json.dumps(head))
    else:
        print(f"{args.set}: {len(about)} assets in {head['families']} families, {head['faces']} polygons")
        for name in ("styles", "licenses", "left_out"):
            print(f"{name.replace('_', ' '):10} " + ", ".join(f"{k} {v}" for k, v in head[name].items()))
        _histogram("polygons", [a["faces"] for a in about], [4, 16, 32, 64, 128, 256, 512])
        _histogram("longest side in metres", [max(a["size"]) for a in about], [0, 0.1, 0.3, 1, 3, 10, 30])
        _histogram("material slots", [len(a["materials"]) for a in about], [1, 2, 3, 4, 5, 6, 8])
        _histogram("quality", [a["quality"] for a in about], [0, 0.2, 0.4, 0.6, 0.8, 0.99])
        nouns: dict[str, float] = {}
        for a in about:
            nouns[a["noun"]] = nouns.get(a["noun"], 0) + a["weight"]
        print("\nmost drawn: " + ", ".join(sorted(nouns, key=lambda k: -nouns[k])[:40]))
    rng = np.random.default_rng(args.seed)
    if args.generated:
        chosen = rng.integers(set_.real, len(set_), args.count)
    else:
        weights = set_.mix(1.0)[: set_.real]
        count = min(args.count, int((weights > 0).sum()))
        chosen = rng.choice(set_.real, count, replace=False, p=weights / weights.sum()) if count else np.zeros(0, int)
    records = [set_.record(int(i), int(rng.integers(1 << 31))) for i in chosen]
    sheet = args.sheet or args.set / "sheet.png"
    labels = [f"{r.data['label']} {len(r.arrays['mesh/loop_start'])}" for r in records]
    picture.draw_sheet(records, sheet, labels, columns=12, size=112)
    if not args.json:
        print(f"\ndrawn: {sheet}")
    return 0
