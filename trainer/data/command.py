"""`meshkiln dataset build | show | edit | check`: datasets become curated training sets, which can be viewed and
corrected.

Knows arguments and printing; curating is done in `curate.py`.
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ...jobs.outputs import OutputError, check_output
from . import check_command
from .kinds_option import add_kinds_option, load_kinds

if TYPE_CHECKING:
    from .gallery import Shown


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    build = verbs.add_parser("build", help="curate datasets into a training set")
    build.add_argument("datasets", nargs="+", type=Path, help="datasets from `meshkiln extract`")
    build.add_argument("--parameters", nargs="+", type=Path, default=[], metavar="DATASET",
                       help="datasets that teach materials, modifiers and animation only")  # fmt: skip
    build.add_argument("--out", type=Path, required=True, help="folder of the set")
    build.add_argument("--max-faces", type=int, default=800, help="leave out meshes with more polygons")
    build.add_argument("--heldout", type=float, default=7.0, help="percentage of families held out for testing")
    add_kinds_option(build)
    build.add_argument("--force", action="store_true", help="replace a set that is already there")
    build.add_argument("--json", action="store_true", help="print the summary as one line of JSON")
    show = verbs.add_parser("show", help="what a dataset will teach, or what a set contains, with pictures")
    show.add_argument("set", type=Path, metavar="DATASET|SET")
    show.add_argument("--html", type=Path, help="write a page of all assets with pictures, labels and reasons")
    show.add_argument("--out", "--sheet", dest="sheet", type=Path, metavar="PNG",
                      help="where to draw the contact sheet (a set's default: SET/sheet.png)")  # fmt: skip
    show.add_argument("--force", action="store_true", help="replace the files of --out and --html")
    show.add_argument("--count", type=int, default=96, help="assets listed and drawn on the sheet (0: all)")
    show.add_argument("--generated", action="store_true", help="draw the generators' objects instead of the assets")
    add_kinds_option(show)
    show.add_argument("--seed", type=int, default=0)
    show.add_argument("--json", action="store_true", help="print every asset as one line of JSON")
    edit = verbs.add_parser("edit", help="correct the assets of a dataset; `build` applies it")
    edit.add_argument("dataset", type=Path)
    edit.add_argument("--exclude", nargs="+", default=[], metavar="KEY", help="leave these out")
    edit.add_argument(
        "--rename", nargs=2, action="append", default=[], metavar=("KEY", "LABEL"), help="learn it as LABEL"
    )
    edit.add_argument("--join", nargs="+", action="append", default=[], metavar="KEY", help="make these one asset")
    edit.add_argument("--split", nargs="+", default=[], metavar="KEY", help="make each object of these an asset")
    edit.add_argument("--reset", nargs="+", default=[], metavar="KEY", help="remove the corrections of these")
    edit.add_argument("--json", action="store_true", help="print all corrections of the dataset as one line of JSON")
    check_command.add_arguments(verbs.add_parser("check", help="check a dataset for damage, and repair it"))


def run(args: argparse.Namespace) -> int:
    from ...records.dataset import DatasetError
    from ..assets.corrections import CorrectionError
    from .set_folder import SetError

    try:
        load_kinds(getattr(args, "kinds", None))
    except ValueError as error:
        print(f"meshkiln dataset: {error}", file=sys.stderr)
        return 1
    verbs = {"build": _build, "show": _show, "edit": _edit, "check": check_command.run}
    try:
        return verbs[args.verb](args)
    except (SetError, CorrectionError, DatasetError) as error:
        print(f"meshkiln dataset: {error}", file=sys.stderr)
        return 1


def _build(args: argparse.Namespace) -> int:
    from ...jobs.progress import Reporter
    from . import curate, schema_set
    from .set_folder import begin

    if args.max_faces < 1 or not 0.0 <= args.heldout < 100.0:
        print("meshkiln dataset: --max-faces must be at least 1, --heldout from 0 to below 100", file=sys.stderr)
        return 2
    if (args.out / "set.json").exists() and not args.force:
        print(f"meshkiln dataset: {args.out}: already contains a set; --force replaces it", file=sys.stderr)
        return 2
    reporter = Reporter()
    say = (lambda text: None) if args.json else print
    begin(args.out)
    reporter.phase("Materials, modifiers and animation")
    crafts = schema_set.build([*args.datasets, *args.parameters], args.out)
    reporter.phase("Curating")
    head = curate.build(args.datasets, args.out, args.max_faces, args.heldout, say)  # last: it seals the folder
    head["crafts"] = crafts
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


def _edit(args: argparse.Namespace) -> int:
    from ..assets.library import Library

    library = Library(args.dataset)
    try:
        library.edit(args.exclude, dict(args.rename), args.join, args.split, args.reset)
        corrections = {key: asdict(correction) for key, correction in library.corrections.by_key.items()}
    finally:
        library.close()
    if args.json:
        print(json.dumps(corrections, ensure_ascii=False))
        return 0
    print(f"{args.dataset}: {len(corrections)} assets corrected; `meshkiln dataset build` applies that")
    return 0


def _show(args: argparse.Namespace) -> int:
    if args.count < 0 or args.seed < 0:
        print("meshkiln dataset: --count and --seed must be at least 0", file=sys.stderr)
        return 2
    try:
        for path, ending in ((args.sheet, ".png"), (args.html, ".html")):
            if path:
                check_output(path, args.force, (ending,))
    except OutputError as error:
        print(f"meshkiln dataset: {error}", file=sys.stderr)
        return 2
    if (args.set / "catalogue.sqlite").exists():
        return _show_dataset(args)
    return _show_set(args)


def _show_dataset(args: argparse.Namespace) -> int:
    """The assets that `build` would take from it, and why others are left out."""
    from . import gallery

    shown = list(gallery.of_dataset(args.set))
    kept = sum(s.kept for s in shown)
    if args.json:
        print(json.dumps({"kept": kept, "assets": [s.line() for s in shown]}, ensure_ascii=False))
    else:
        print(f"{args.set}: {kept} of {len(shown)} assets will be learned from")
        for s in shown[: args.count or None]:
            print(gallery.text_line(s))
        if args.count and len(shown) > args.count:
            print(f"... and {len(shown) - args.count} more (--count 0 lists all)")
    _pictures(args, shown)
    return 0


def _pictures(args: argparse.Namespace, shown: "list[Shown]") -> None:
    from . import gallery

    if args.html:
        args.html.write_text(gallery.page(f"Assets of {args.set.name}", shown), encoding="utf-8")
        _print(args, f"page: {args.html}")
    if args.sheet and (args.set / "catalogue.sqlite").exists():
        gallery.sheet(shown[: args.count or None], args.sheet)
        _print(args, f"drawn: {args.sheet}")


def _print(args: argparse.Namespace, text: str) -> None:
    if not args.json:
        print(text)


def _show_set(args: argparse.Namespace) -> int:
    from ..mesh import picture
    from . import gallery
    from .training_set import training_set

    set_ = training_set(args.set)
    assert set_.assets is not None
    about, head = set_.assets.about, set_.assets.head
    shown = list(gallery.of_set(args.set)) if args.json or args.html else []
    if args.json:
        print(json.dumps(head | {"listed": [s.line() for s in shown]}, ensure_ascii=False))
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
        count = min(args.count or len(weights), int((weights > 0).sum()))
        chosen = rng.choice(set_.real, count, replace=False, p=weights / weights.sum()) if count else np.zeros(0, int)
    records = [set_.record(int(i), int(rng.integers(1 << 31))) for i in chosen]
    sheet = args.sheet or args.set / "sheet.png"
    labels = [f"{r.data['label']} {len(r.arrays['mesh/loop_start'])}" for r in records]
    picture.draw_sheet(records, sheet, labels, columns=12, size=112)
    _print(args, f"\ndrawn: {sheet}")
    _pictures(args, shown)
    return 0
