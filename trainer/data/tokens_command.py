"""`meshkiln tokens PATH... --craft geometry --json`: how many tokens a codec needs for each asset, and whether it is
lossless.

PATH is any file that extraction reads, a dataset's folder, or a JSON file of records in their plain form. Files are
read by `meshkiln extract` in a child process, into a temporary dataset; this module knows no Blender.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ...jobs import scratch
from ...jobs.processes import explain_exit, meshkiln_command
from ...records import Record
from ...records.dataset import Dataset, DatasetError
from ...records.plainform import PlainFileError, read_plain
from ..codecs import codec
from ..codecs.base import CodecError, replay

CRAFTS = ("geometry", "materials", "modifiers", "animation")

# What a craft encodes: an asset without it has no line.
TOLD: dict[str, Callable[[Record], Any]] = {
    "geometry": lambda record: record.kind == "mesh",
    "materials": lambda record: any(record.data.get("materials") or []),
    "modifiers": lambda record: bool(record.data.get("modifiers")),
    "animation": lambda record: bool(record.data.get("animation")),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", metavar="PATH", help="files, folders, datasets, or JSON files of records")
    parser.add_argument("--craft", default="geometry", choices=CRAFTS)
    parser.add_argument("--levels", type=int, default=128, help="geometry: cells along the longest side (to 1024)")
    parser.add_argument("--order", default=None, choices=("fifo", "lifo", "lowest"), help="geometry: the walk's order")
    parser.add_argument("--blender", metavar="EXE", help="Blender to read the files with")
    parser.add_argument("--json", action="store_true", help="print one JSON object per line")


def run(args: argparse.Namespace) -> int:
    options: dict[str, Any] = {}
    if args.craft == "geometry":
        options = {"levels": args.levels} | ({"order": args.order} if args.order else {})
    try:
        coder = codec(args.craft, **options)
    except ValueError as error:
        print(f"meshkiln tokens: {error}", file=sys.stderr)
        return 2
    encoded = 0
    totals = {"triangles": 0, "steps": 0, "micro_tokens": 0}
    for line in lines(args.paths, args.craft, coder, args.blender):
        if "error" not in line:
            encoded += 1
            for name in totals:
                totals[name] += line[name]
        print(json.dumps(line, ensure_ascii=False) if args.json else sentence(line), flush=True)
    if not args.json and encoded > 1:
        share = f", {totals['steps'] / totals['triangles']:.3f} a triangle" if totals["triangles"] else ""
        print(f"{encoded} assets: {totals['steps']:,} steps{share}, {totals['micro_tokens']:,} micro-tokens")
    return 0 if encoded else 2


def lines(paths: list[str], craft: str, coder: Any, blender: str | None = None) -> Iterator[dict[str, Any]]:
    """A line for each asset that has what the craft encodes, and for each file that can't be read."""
    files = []
    for path in map(Path, paths):
        if path.is_dir() and (path / "catalogue.sqlite").exists():
            try:
                with Dataset(path, create=False) as dataset:
                    yield from (line(record, craft, coder) for record in dataset if TOLD[craft](record))
            except DatasetError as error:
                yield {"name": path.name, "error": str(error)}
        elif path.suffix.lower() == ".json":
            yield from _of_json(path, craft, coder)
        else:
            files.append(str(path))
    if files:
        yield from _of_files(files, craft, coder, blender)


def line(record: Record, craft: str, coder: Any, **more: Any) -> dict[str, Any]:
    """{"name", "faces", "triangles", "steps", "micro_tokens", "lossless"} of one record, or {"name", "error"}.

    `faces` and `triangles` are those of the encoded mesh: on the grid, without faces that have no area there.
    """
    try:
        if craft == "geometry":
            quantized = coder.quantize_record(record)
            sequence = coder.encode_quantized(quantized)
            decoder = replay(coder.decoder(strict=False), sequence.tokens)
            lossless = decoder.finished and decoder.signature() == quantized.signature()
            faces, triangles = quantized.faces, quantized.triangles
        else:
            sequence = coder.encode_record(record)
            decoder = replay(coder.decoder(max_items=1 << 20), sequence.tokens)
            again = coder.encode_record(decoder.result(record.name))
            lossless = np.array_equal(again.tokens, sequence.tokens)
            starts, corners = (record.arrays.get(f"mesh/{k}", ()) for k in ("loop_start", "corner_vert"))
            faces, triangles = len(starts), max(0, len(corners) - 2 * len(starts))
    except CodecError as error:
        return {"name": record.name, "error": str(error), **more}
    out = {
        "name": record.name,
        "faces": faces,
        "triangles": triangles,
        "steps": sequence.steps,
        "micro_tokens": sequence.micro_tokens,
        "lossless": bool(lossless),
        **more,
    }
    if sequence.notes:
        out["notes"] = sequence.notes
    return out


def sentence(line: dict[str, Any]) -> str:
    if "error" in line:
        return f"{line['name']}: {line['error']}"
    loss = "" if line["lossless"] else "; NOT LOSSLESS"
    return f"{line['name']}: {line['faces']} faces in {line['steps']} steps, {line['micro_tokens']} micro-tokens{loss}"


def _of_json(path: Path, craft: str, coder: Any) -> Iterator[dict[str, Any]]:
    try:
        records = read_plain(path)
    except PlainFileError as error:
        yield {"name": path.name, "error": error.reason}
        return
    yield from (line(record, craft, coder) for record in records if TOLD[craft](record))


def _of_files(files: list[str], craft: str, coder: Any, blender: str | None) -> Iterator[dict[str, Any]]:
    with scratch.folder("tokens") as folder:
        words = [*files, "--out", str(folder), "--json", *(["--blender", blender] if blender else [])]
        child = subprocess.run(meshkiln_command("extract", *words), capture_output=True, text=True, encoding="utf-8")
        try:
            with Dataset(folder, create=False) as dataset:
                seen = dataset.files()
                for source in seen:
                    name = Path(source.path).name
                    if source.state != "done":
                        yield {"name": name, "error": source.reason or f"could not be read ({source.state})"}
                        continue
                    count = 0
                    for row in dataset.rows(path=source.path):
                        record = dataset[row["index"]]
                        if TOLD[craft](record):
                            count += 1
                            yield line(record, craft, coder, file=name)
                    if not count:
                        yield {"name": name, "error": f"there is nothing in it that the craft {craft} encodes"}
        except DatasetError:
            seen = []
        if not seen:
            reason = (child.stderr.strip().splitlines() or [f"extraction {explain_exit(child.returncode)}"])[-1]
            for path in files:
                yield {"name": Path(path).name, "error": reason}
