"""`meshkiln extract PATH... --out DATASET`: the command line's side of batch extraction."""

import argparse
import json
import sys

from ...jobs.progress import Reporter, format_seconds
from ...records.dataset import DatasetError
from .batch import DEFAULT_MEMORY, DEFAULT_TIMEOUT, Limits, Reading, Summary, extract_files
from .blenders import NoBlender
from .files import FORMATS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", metavar="PATH", help=f"files or folders ({' '.join(FORMATS)})")
    parser.add_argument("--out", required=True, metavar="DATASET", help="folder of the dataset; created, or added to")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="Blenders to run at once (default 1)")
    parser.add_argument("--timeout", type=float, default=DEFAULT_TIMEOUT, metavar="S", help="time limit for one file")
    parser.add_argument("--memory", type=float, default=DEFAULT_MEMORY, metavar="GB", help="memory limit for one file")
    parser.add_argument("--apply-modifiers", action="store_true", help="read meshes with modifiers applied")
    parser.add_argument("--bake-palette", action="store_true", help="colours of palette textures as plain materials")
    parser.add_argument("--author", default="", help="author of the files, if no manifest says it")
    parser.add_argument("--licence", "--license", default="", help="licence of the files, if no manifest says it")
    parser.add_argument("--also", action="append", default=[], metavar="FOLDER", help="pictures, buffers and linked "
                        "libraries may be here too; else only below PATH")  # fmt: skip
    parser.add_argument("--retry", action="store_true", help="try again files that failed before")
    parser.add_argument("--blender", metavar="EXE", help="Blender to use (else MESHKILN_BLENDER, the bpy module, PATH)")
    parser.add_argument("--json", action="store_true", help="print a JSON summary as the last line")


def run(args: argparse.Namespace) -> int:
    report = Reporter()
    limits = Limits(max(1, args.jobs), args.timeout, args.memory)
    reading = Reading(args.apply_modifiers, args.bake_palette)
    more = {"author": args.author, "licence": args.licence, "blender": args.blender, "retry": args.retry}
    more["also"] = args.also
    try:
        summary = extract_files(args.paths, args.out, limits, reading, report=report, **more)
    except (NoBlender, DatasetError) as error:
        report.failed(str(error))
        print(f"meshkiln extract: {error}", file=sys.stderr)
        return 2 if isinstance(error, NoBlender) else 1
    read = summary.done + summary.skipped
    if summary.interrupted:
        report.stopped(**summary.as_dict())
    elif not read:
        report.failed(sentence(summary))
    else:
        report.done(**summary.as_dict())
    if args.json:
        print(json.dumps(summary.as_dict(), ensure_ascii=False))
    else:
        print(sentence(summary))
    if summary.interrupted:
        return 130
    if summary.done + summary.skipped + summary.failed != summary.files:
        print(f"meshkiln extract: only {read + summary.failed} of {summary.files} files were reported", file=sys.stderr)
        return 1
    return 0 if read else 2


def sentence(summary: Summary) -> str:
    """'3 files: 2 done, 0 skipped, 1 failed; 12 records in 4 s'."""
    if not summary.files:
        return "no readable file here"
    counts = f"{summary.done} done, {summary.skipped} skipped, {summary.failed} failed"
    end = " (interrupted; run it again for the rest)" if summary.interrupted else ""
    seconds = format_seconds(summary.seconds)
    return f"{summary.files} files: {counts}; {summary.records} records in {seconds}{end}"
