"""`meshkiln dataset check DATASET [--repair]`: check every record, report what is damaged, read its files again if
possible."""

import argparse
import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from ...jobs.processes import meshkiln_command
from ...records.catalogue import readable
from ...records.check import check, set_aside
from ...records.dataset import Dataset, hash_file


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--repair", action="store_true", help="set damaged shards aside and read their files again")
    parser.add_argument("--json", action="store_true", help="print what was found and repaired as one line of JSON")


def run(args: argparse.Namespace) -> int:
    """0 if all is well (or was repaired), 1 if something is damaged."""
    with Dataset(args.dataset, create=False) as dataset:
        notes = list(dataset.notes)
        report = check(dataset)
        wanted = {file.path: file.sha256 for file in dataset.files() if file.path in report.files}
        if args.repair and report.damaged:
            set_aside(dataset, report)
    there = [path for path, sha256 in wanted.items() if _is_same(path, sha256)]
    again = read_again(args.dataset, there) if args.repair and there else 0
    lost = sorted(set(report.files) - set(there))
    if args.json:
        print(json.dumps(asdict(report) | {"notes": notes, "read_again": again, "lost": lost}))
    else:
        for note in notes:
            print(note)
        for name, reason in report.damaged.items():
            print(f"shard {name} is damaged: {reason}")
        for path in report.files:
            print(f"  {readable(path)}: {'can be read again' if path in there else 'is gone or has changed'}")
        if report.unknown:
            print(f"left alone, since the catalogue does not list them: {', '.join(report.unknown[:20])}")
        if report.odd:
            print(f"non-finite numbers: {', '.join(report.odd[:20])}")
        if report.unsummed:
            print(f"{report.unsummed} shards are of an older version and have no checksum")
        mended = f"; {again} files read again, {len(lost)} lost" if args.repair and report.damaged else ""
        summary = f"{report.records} records in {report.shards} shards, {len(report.damaged)} damaged"
        print(f"{args.dataset}: {summary}{mended}")
    return 1 if report.damaged and not (args.repair and again == len(report.files)) else 0


def _is_same(path: str, sha256: str | None) -> bool:
    try:
        return sha256 is not None and hash_file(path) == sha256
    except OSError:
        return False


def read_again(dataset: Path, paths: list[str]) -> int:
    """Extract these files again; returns how many were read."""
    child = subprocess.run(
        meshkiln_command("extract", *paths, "--out", str(dataset.absolute()), "--json"),
        stdout=subprocess.PIPE, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    try:
        return int(json.loads(child.stdout.strip().splitlines()[-1])["done"])
    except (ValueError, IndexError, KeyError):
        print(f"meshkiln dataset check: {len(paths)} files could not be read again", file=sys.stderr)
        return 0
