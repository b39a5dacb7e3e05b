"""`meshkiln evaluate CHECKPOINT --data SET`: numbers, a contact sheet and an HTML report of a model on held-out assets.

Two models side by side with `--peer`. docs/evaluation.md explains the numbers.
"""

import argparse
import html
import json
import sys
import time
from pathlib import Path
from typing import Any

from ...jobs import threads  # noqa: F401  before anything that loads numpy
from ...jobs.outputs import check_output
from ...jobs.progress import Reporter
from ..generate.request import LIMITS, Limit, number

# metric: (what it measures, whether more is better; None if neither)
GEOMETRY: dict[str, tuple[str, bool | None]] = {
    "bits per mesh": ("bits to encode a held-out asset", False),
    "cov": ("held-out assets that some sample is nearest to", True),
    "mmd": ("distance from held-out assets to the nearest sample", False),
    "1-nna": ("nearest neighbours of the same set; 0.5 is best", False),
    "jsd": ("divergence of the space they fill", False),
    "agreement": ("samples whose nearest real asset carries the label", True),
    "agreement of what real scores": ("the same, as a share of what held-out assets score", True),
    "closer than real to each other": ("samples nearer to a learned asset than those are to each other", False),
    "sound": ("samples without stacked, crowded or flat faces", True),
    "repeated faces": ("samples with a repeated face", False),
    "quad share": ("faces with four sides", None),
    "open edges": ("edges with one face", None),
    "faces": ("median faces", None),
    "polygons per second": ("speed of sampling", True),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("checkpoint", type=Path, nargs="?", help="the model to measure; not with --library")
    parser.add_argument("--data", type=Path, help="a set made by `meshkiln dataset build`")
    parser.add_argument("--library", type=Path, metavar="SET", help="measure how a style stands for this library (a "
                        "dataset, a set or a style's folder), beside the starter")  # fmt: skip
    parser.add_argument("--style", metavar="NAME", help="with --library: the style that was learned from it")
    parser.add_argument("--peer", type=Path, help="another checkpoint of the same craft, for comparison")
    parser.add_argument("--bits", action="store_true", help="only score held-out assets: no sampling, no report")
    parser.add_argument("--samples", type=int, default=100, help="held-out assets to sample for (default 100)")
    parser.add_argument("--most-faces", type=int, help="only held-out assets with at most so many faces")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--temperature", type=float, default=0.8)
    parser.add_argument("--top-p", type=float, default=0.95)
    parser.add_argument("--best-of", type=int, default=1, help="candidates that each sample is chosen from")
    parser.add_argument("--guidance", type=float, default=1.0)
    parser.add_argument("--engine", choices=("auto", "numpy", "torch"), default="auto")
    parser.add_argument("--out", type=Path, help="folder for report.html and sheet.png (default: by the checkpoint)")
    parser.add_argument("--force", action="store_true", help="replace an existing report")
    parser.add_argument("--json", action="store_true", help="print the result as JSON on the last line")


def check_arguments(args: argparse.Namespace) -> None:
    """RequestError for an invalid number, before any work."""
    number("--samples", args.samples, Limit(1, 1_000_000, whole=True))
    number("--seed", args.seed, LIMITS["seed"])
    number("--temperature", args.temperature, LIMITS["temperature"])
    number("--top-p", args.top_p, Limit(0.0, 1.0))
    number("--best-of", args.best_of, LIMITS["best_of"])
    number("--guidance", args.guidance, LIMITS["guidance"])
    if args.most_faces is not None:
        number("--most-faces", args.most_faces, LIMITS["faces"])


def run(args: argparse.Namespace) -> int:
    from ..data.set_folder import SetError
    from ..model.checkpoint import CheckpointError

    if args.library:
        from .library_evaluation import ASKED, run_library

        args.samples = min(args.samples, ASKED)
        return run_library(args)
    if not args.checkpoint or not args.data:
        print("meshkiln evaluate: name a CHECKPOINT and --data SET, or --library SET", file=sys.stderr)
        return 2
    reporter = Reporter()
    if args.bits:
        return run_bits(args, reporter)
    out = args.out or args.checkpoint.with_suffix("")
    try:
        check_arguments(args)
        paths = [args.checkpoint, *([args.peer] if args.peer else [])]
        crafts = {craft_of(path) for path in paths}
        if len(crafts) > 1:
            raise ValueError(f"{paths[1]}: is for {craft_of(paths[1])}, not {craft_of(paths[0])}; they do not compare")
        if out.exists():
            check_output(out / "report.html", args.force)
        results = [evaluate(path, args, reporter) for path in paths]
    except (CheckpointError, SetError, ValueError) as error:
        reporter.failed(str(error))
        print(f"meshkiln evaluate: {error}", file=sys.stderr)
        return 2
    if "bits" in results[0]:  # one may be able to score assets that the other cannot: compare on those that both can
        both = set.intersection(*(set(each["bits"]) for each in results))
        for each in results:
            each["numbers"] |= bits_of(each["bits"], both)
    names = [path.stem for path in paths]
    if len(set(names)) < len(names):  # two runs' best.safetensors
        names = ["-".join(path.with_suffix("").parts[-2:]) for path in paths]
    out.mkdir(parents=True, exist_ok=True)
    if "samples" in results[0]:
        draw_sheets(results, names, out)
    (out / "report.html").write_text(report(results, names), encoding="utf-8")
    for line in table(results, names):
        print(line)
    print(f"report: {out / 'report.html'}")
    plain = [{key: each[key] for key in ("craft", "numbers", "intervals")} for each in results]
    reporter.done(report=str(out / "report.html"))
    if args.json:
        print(json.dumps({**plain[0], **({"peer": plain[1]} if args.peer else {})}))
    return 0


def run_bits(args: argparse.Namespace, reporter: Reporter) -> int:
    """The score alone: mean bits per held-out asset, and with --json those of each by its file."""
    from ..data.set_folder import SetError
    from ..data.training_set import training_set
    from ..model.checkpoint import CheckpointError
    from . import evaluation

    reporter.phase("Scoring held-out assets")
    try:
        if craft_of(args.checkpoint) != "geometry":
            raise ValueError(f"{args.checkpoint}: --bits scores models of geometry")
        samples = training_set(args.data, generated=False)
        bits = evaluation.bits_by_asset(str(args.checkpoint), samples)
    except (CheckpointError, SetError, ValueError, OSError) as error:
        reporter.failed(str(error))
        print(f"meshkiln evaluate: {error}", file=sys.stderr)
        return 2
    numbers = bits_of(bits, set(bits))
    reporter.done(**{key.replace(" ", "_"): value for key, value in numbers.items()})
    if args.json:
        each = {samples.assets.about[i]["path"]: round(value, 2) for i, value in bits.items()}
        print(json.dumps({"craft": "geometry", "numbers": numbers, "bits": each}))
    else:
        print(f"{numbers['bits per mesh']:.1f} bits per mesh, of {len(bits)} held-out assets")
    return 0


def evaluate(path: Path, args: argparse.Namespace, reporter: Reporter) -> dict[str, Any]:
    """{"craft", "numbers", "intervals", "about"} and for geometry "bits", "samples" and "heldout"."""
    craft = craft_of(path)
    if craft == "geometry":
        return evaluate_geometry(path, args, reporter)
    from .schema_evaluation import evaluate_craft

    return evaluate_craft(path, craft, args, reporter)


def craft_of(path: Path) -> str:
    """The craft of a checkpoint, by its codec; there are several codecs for geometry."""
    from ..model.checkpoint import read_info

    name = str(read_info(path).spec["name"])
    return name if name in ("materials", "modifiers", "animation") else "geometry"


def evaluate_geometry(path: Path, args: argparse.Namespace, reporter: Reporter) -> dict[str, Any]:
    from ..data.training_set import training_set
    from ..generate.decoding import load_model
    from . import evaluation

    samples = training_set(args.data, generated=False)
    model = load_model(path, args.engine)
    samples.speak(model.codec)  # a peer may have another codec
    reporter.phase(f"Sampling from {path.name}")
    heldout, learned = evaluation.from_set(samples, args.samples, args.seed, args.most_faces)
    sampling = {"temperature": args.temperature, "top_p": args.top_p, "guidance": args.guidance}
    began = time.perf_counter()
    made = evaluation.draw(model, heldout, args.seed, sampling, reporter.progress, args.best_of)
    seconds = time.perf_counter() - began
    reporter.phase("Comparing with real assets")
    results = evaluation.judge(heldout, made, learned, args.seed)
    polygons = sum(len(record.arrays["mesh/loop_start"]) for record in made)
    results.numbers["polygons per second"] = polygons / seconds
    reporter.phase("Scoring held-out assets")
    bits = evaluation.bits_by_asset(str(path), samples)
    return {
        "craft": "geometry",
        "numbers": results.numbers | bits_of(bits, set(bits)),
        "intervals": results.intervals,
        "bits": bits,
        "samples": made,
        "heldout": heldout,
        "about": GEOMETRY,
    }


def bits_of(bits: dict[int, float], scored: set[int]) -> dict[str, float]:
    """Mean bits of the assets `scored`, and how many they are."""
    return {"bits per mesh": sum(bits[i] for i in scored) / max(len(scored), 1), "scored": float(len(scored))}


def draw_sheets(results: list[dict[str, Any]], names: list[str], out: Path) -> None:
    """One picture per model: held-out assets, each next to the sample for its condition."""
    from ..mesh.picture import draw_sheet

    for result, name in zip(results, names):
        records, labels = [], []
        for asset, sample in list(zip(result["heldout"], result["samples"]))[:48]:
            records += [asset.record, sample]
            labels += [f"real: {asset.label}", asset.label]
        draw_sheet(records, out / f"sheet-{name}.png", labels=labels, columns=12)


def table(results: list[dict[str, Any]], names: list[str]) -> list[str]:
    lines = [f"{'':32}" + "".join(f"{name:>22}" for name in names)]
    for key in results[0]["numbers"]:
        row = f"{key:32}"
        for result in results:
            value = result["numbers"].get(key)
            cell = "-" if value is None else f"{value:.4g}"
            if key in result["intervals"]:
                low, high = result["intervals"][key]
                cell += f" ({low:.2f}-{high:.2f})"
            row += f"{cell:>22}"
        if len(results) > 1:
            row += f"   {verdict(results, key)}"
        lines.append(row)
    return lines


def verdict(results: list[dict[str, Any]], key: str) -> str:
    """Whether the first model is better than the second by this metric."""
    more = results[0]["about"].get(key, ("", None))[1]
    a, b = (result["numbers"].get(key) for result in results)
    if more is None or a is None or b is None:
        return ""
    if key in results[0]["intervals"]:
        (low, high), (low_b, high_b) = (result["intervals"][key] for result in results)
        if low <= high_b and low_b <= high:
            return "no clear difference"
    return "equal" if a == b else "better" if (a > b) == more else "worse"


def report(results: list[dict[str, Any]], names: list[str]) -> str:
    rows = []
    for key in results[0]["numbers"]:
        cells = []
        for result in results:
            value = result["numbers"].get(key)
            cell = "" if value is None else f"{value:.4g}"
            if key in result["intervals"]:
                low, high = result["intervals"][key]
                cell += f" <small>{low:.2f} to {high:.2f}</small>"
            cells.append(f"<td>{cell}</td>")
        meaning = results[0]["about"].get(key, ("", None))[0]
        last = f"<td>{verdict(results, key)}</td>" if len(results) > 1 else ""
        rows.append(f"<tr><th>{html.escape(key)}</th>{''.join(cells)}{last}<td>{html.escape(meaning)}</td></tr>")
    pictures = "".join(
        f"<h2>{html.escape(name)}</h2><img src='sheet-{html.escape(name)}.png' alt='contact sheet'>"
        for result, name in zip(results, names)
        if "samples" in result
    )
    heads = "".join(f"<th>{html.escape(name)}</th>" for name in names)
    title = f"Evaluation: {html.escape(results[0]['craft'])}"
    return (
        "<!doctype html><meta charset='utf-8'><title>Meshkiln: evaluation</title>"
        "<style>body{font:15px sans-serif;margin:2em}th{text-align:left;padding-right:1em}td{padding-right:1em}"
        "small{color:#777}img{max-width:100%}</style>"
        f"<h1>{title}</h1><table><tr><th></th>{heads}</tr>{''.join(rows)}</table>"
        f"<p>Ranges are 80&nbsp;% Bayesian intervals.</p>{pictures}"
    )
