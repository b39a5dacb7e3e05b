"""`meshkiln evaluate CHECKPOINT --data SET`: numbers, a contact sheet and an HTML report of a model on held-out assets.

Two models side by side with `--peer`. What the numbers mean stands in docs/evaluation.md.
"""

import argparse
import html
import json
import sys
import time
from pathlib import Path
from typing import Any

from ...jobs import threads  # noqa: F401  before anything that loads numpy
from ...jobs.progress import Reporter

# metric: (what it says, whether more is better; None where neither is)
GEOMETRY = {
    "bits per mesh": ("bits to tell a held-out asset", False),
    "cov": ("held-out assets that some sample is nearest to", True),
    "mmd": ("distance from held-out assets to the nearest sample", False),
    "1-nna": ("nearest neighbours of the same set; 0.5 is best", False),
    "jsd": ("divergence of the space they fill", False),
    "agreement": ("samples whose nearest real asset carries the label", True),
    "agreement of what real scores": ("the same, as a share of what held-out assets score", True),
    "closer than real to each other": ("samples nearer to a known asset than known assets are to each other", False),
    "sound": ("samples without stacked, crowded or flat faces", True),
    "repeated faces": ("samples with a face told twice", False),
    "quad share": ("faces with four sides", None),
    "open edges": ("edges with one face", None),
    "faces": ("median faces", None),
    "polygons per second": ("speed of sampling", True),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--data", type=Path, required=True, help="a set made by `meshkiln dataset build`")
    parser.add_argument("--peer", type=Path, help="another checkpoint of the same craft, for comparison")
    parser.add_argument("--bits", action="store_true", help="only score held-out assets: no sampling, no report")
    parser.add_argument("--samples", type=int, default=100, help="held-out assets to ask for (default 100)")
    parser.add_argument("--most-faces", type=int, help="ask only for held-out assets with at most so many faces")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--temperature", type=float, default=0.8)
    parser.add_argument("--top-p", type=float, default=0.95)
    parser.add_argument("--best-of", type=int, default=1, help="candidates that each sample is chosen from")
    parser.add_argument("--guidance", type=float, default=1.0)
    parser.add_argument("--engine", choices=("auto", "numpy", "torch"), default="auto")
    parser.add_argument("--out", type=Path, help="folder for report.html and sheet.png (default: by the checkpoint)")
    parser.add_argument("--json", action="store_true", help="the last line is JSON")


def run(args: argparse.Namespace) -> int:
    from ..data.set_folder import SetError
    from ..model.checkpoint import CheckpointError

    reporter = Reporter()
    if args.bits:
        return run_bits(args, reporter)
    try:
        paths = [args.checkpoint, *([args.peer] if args.peer else [])]
        crafts = {craft_of(path) for path in paths}
        if len(crafts) > 1:
            raise ValueError(f"{paths[1]}: knows {craft_of(paths[1])}, not {craft_of(paths[0])}; they do not compare")
        found = [evaluate(path, args, reporter) for path in paths]
    except (CheckpointError, SetError, ValueError, OSError) as error:
        reporter.failed(str(error))
        print(f"meshkiln evaluate: {error}", file=sys.stderr)
        return 2
    if "bits" in found[0]:  # one may be able to score assets that the other cannot: compare on what both can
        both = set.intersection(*(set(one["bits"]) for one in found))
        for one in found:
            one["numbers"] |= bits_of(one["bits"], both)
    out = args.out or args.checkpoint.with_suffix("")
    out.mkdir(parents=True, exist_ok=True)
    names = [path.stem for path in paths]
    if len(set(names)) < len(names):  # two runs' best.safetensors
        names = ["-".join(path.with_suffix("").parts[-2:]) for path in paths]
    if "samples" in found[0]:
        draw_sheets(found, names, out)
    (out / "report.html").write_text(report(found, names), encoding="utf-8")
    for line in table(found, names):
        print(line)
    print(f"report: {out / 'report.html'}")
    plain = [{key: one[key] for key in ("craft", "numbers", "intervals")} for one in found]
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
    """{"craft", "numbers", "intervals"} and for geometry "samples" and "asked"."""
    craft = craft_of(path)
    if craft == "geometry":
        return evaluate_geometry(path, args, reporter)
    from .schema_evaluation import evaluate_craft

    return evaluate_craft(path, craft, args, reporter)


def craft_of(path: Path) -> str:
    """What a checkpoint knows, by the codec it speaks; shapes can be told in several ways."""
    from ..model.checkpoint import read_info

    name = str(read_info(path).spec["name"])
    return name if name in ("materials", "modifiers", "animation") else "geometry"


def evaluate_geometry(path: Path, args: argparse.Namespace, reporter: Reporter) -> dict[str, Any]:
    from ..data.training_set import training_set
    from ..generate.decoding import load_model
    from . import evaluation

    samples = training_set(args.data, generated=False)
    model = load_model(path, args.engine)
    samples.speak(model.codec)  # a peer may tell meshes in another way
    reporter.phase(f"Sampling from {path.name}")
    asked, known = evaluation.from_set(samples, args.samples, args.seed, args.most_faces)
    sampling = {"temperature": args.temperature, "top_p": args.top_p, "guidance": args.guidance}
    began = time.perf_counter()
    made = evaluation.draw(model, asked, args.seed, sampling, reporter.progress, args.best_of)
    seconds = time.perf_counter() - began
    reporter.phase("Comparing with real assets")
    found = evaluation.judge(asked, made, known, args.seed)
    polygons = sum(len(record.arrays["mesh/loop_start"]) for record in made)
    found.numbers["polygons per second"] = polygons / seconds
    reporter.phase("Scoring held-out assets")
    bits = evaluation.bits_by_asset(str(path), samples)
    return {
        "craft": "geometry",
        "numbers": found.numbers | bits_of(bits, set(bits)),
        "intervals": found.intervals,
        "bits": bits,
        "samples": made,
        "asked": asked,
        "about": GEOMETRY,
    }


def bits_of(bits: dict[int, float], scored: set[int]) -> dict[str, float]:
    """Mean bits of the assets `scored`, and how many they are."""
    return {"bits per mesh": sum(bits[i] for i in scored) / max(len(scored), 1), "scored": float(len(scored))}


def draw_sheets(found: list[dict[str, Any]], names: list[str], out: Path) -> None:
    """One picture a model: the first held-out asset's label, what is real, what was made, and so on."""
    from ..mesh.picture import draw_sheet

    for one, name in zip(found, names):
        records, labels = [], []
        for asked, sample in list(zip(one["asked"], one["samples"]))[:48]:
            records += [asked.record, sample]
            labels += [f"real: {asked.label}", asked.label]
        draw_sheet(records, out / f"sheet-{name}.png", labels=labels, columns=12)


def table(found: list[dict[str, Any]], names: list[str]) -> list[str]:
    lines = [f"{'':32}" + "".join(f"{name:>22}" for name in names)]
    for key in found[0]["numbers"]:
        row = f"{key:32}"
        for one in found:
            value = one["numbers"].get(key)
            told = "-" if value is None else f"{value:.4g}"
            if key in one["intervals"]:
                low, high = one["intervals"][key]
                told += f" ({low:.2f}-{high:.2f})"
            row += f"{told:>22}"
        if len(found) > 1:
            row += f"   {verdict(found, key)}"
        lines.append(row)
    return lines


def verdict(found: list[dict[str, Any]], key: str) -> str:
    """What a metric says of the first model beside the second."""
    more = found[0]["about"].get(key, ("", None))[1]
    a, b = (one["numbers"].get(key) for one in found)
    if more is None or a is None or b is None:
        return ""
    if key in found[0]["intervals"]:
        (low, high), (low_b, high_b) = (one["intervals"][key] for one in found)
        if low <= high_b and low_b <= high:
            return "no clear difference"
    return "equal" if a == b else "better" if (a > b) == more else "worse"


def report(found: list[dict[str, Any]], names: list[str]) -> str:
    rows = []
    for key in found[0]["numbers"]:
        cells = []
        for one in found:
            value = one["numbers"].get(key)
            told = "" if value is None else f"{value:.4g}"
            if key in one["intervals"]:
                low, high = one["intervals"][key]
                told += f" <small>{low:.2f} to {high:.2f}</small>"
            cells.append(f"<td>{told}</td>")
        said = found[0]["about"].get(key, ("", None))[0]
        last = f"<td>{verdict(found, key)}</td>" if len(found) > 1 else ""
        rows.append(f"<tr><th>{html.escape(key)}</th>{''.join(cells)}{last}<td>{html.escape(said)}</td></tr>")
    pictures = "".join(
        f"<h2>{html.escape(name)}</h2><img src='sheet-{html.escape(name)}.png' alt='contact sheet'>"
        for one, name in zip(found, names)
        if "samples" in one
    )
    heads = "".join(f"<th>{html.escape(name)}</th>" for name in names)
    return (
        "<!doctype html><meta charset='utf-8'><title>Meshkiln: evaluation</title>"
        "<style>body{font:15px sans-serif;margin:2em}th{text-align:left;padding-right:1em}td{padding-right:1em}"
        "small{color:#777}img{max-width:100%}</style>"
        f"<h1>Evaluation: {html.escape(found[0]['craft'])}</h1><table><tr><th></th>{heads}</tr>{''.join(rows)}</table>"
        f"<p>Ranges are 80&nbsp;% Bayesian intervals.</p>{pictures}"
    )
