"""`meshkiln learn PATH... --name NAME [--minutes M]`: an artist's files become a style that Generate can use.

At once (numpy alone): the files are read, their things become the style's memory. With `--minutes` and PyTorch the
weights learn, too, and are kept where they measure better. The style is put in place when it is whole; run again under
the same name, only what is new or changed is read.
"""

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from ...jobs.processes import meshkiln_command
from ...jobs.progress import JOB_VARIABLE, Reporter
from ..generate.request import Limit, RequestError, number
from ..style import folder as styles
from ..style.folder import StyleError

DATASET = "catalogue.sqlite"


class LearnError(RuntimeError):
    """Why nothing can be learned, in a sentence."""


class Stopped(Exception):
    """Somebody asked the job to stop."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", metavar="PATH", help="your .blend and model files, folders, or datasets")
    parser.add_argument("--name", help="what the style is called (default: the first folder's name)")
    parser.add_argument("--minutes", type=float, default=10.0, metavar="M", help="how long the weights may learn; 0: "
                        "only remember, which needs no PyTorch (default 10)")  # fmt: skip
    parser.add_argument("--refresh", metavar="NAME", help="learn a style again from the paths that it came from")
    parser.add_argument("--list", action="store_true", help="the styles that there are")
    parser.add_argument("--remove", metavar="NAME", help="take a style away")
    parser.add_argument("--rename", nargs=2, metavar=("NAME", "NEW"))
    parser.add_argument("--export", nargs=2, metavar=("NAME", "FILE"), help="a style as one file")
    parser.add_argument("--import", dest="import_file", type=Path, metavar="FILE", help="a style from such a file")
    parser.add_argument("--styles", type=Path, metavar="FOLDER", help="where styles lie (default: MESHKILN_STYLES, "
                        "else the user's own folder)")  # fmt: skip
    parser.add_argument("--author", default="", help="author of the files, where no manifest says it")
    parser.add_argument("--licence", "--license", default="", help="licence of the files, where no manifest says it")
    parser.add_argument("--blender", metavar="EXE", help="Blender to read the files with")
    parser.add_argument("--model", type=Path, help="the model to begin with (default: the shipped one)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="the result as the last line, for programs")


def run(args: argparse.Namespace) -> int:
    report = Reporter()
    try:
        result = act(args, report)
    except Stopped:
        report.stopped()
        print("meshkiln learn: was stopped; what was read is kept for the next time", file=sys.stderr)
        return 130
    except (LearnError, StyleError, RequestError, ValueError) as error:
        report.failed(str(error))
        print(f"meshkiln learn: {error}", file=sys.stderr)
        return 2 if isinstance(error, RequestError) else 1
    if args.json:
        print(json.dumps(result, ensure_ascii=False))
    return 0


def act(args: argparse.Namespace, report: Reporter) -> dict[str, Any]:
    place = args.styles or styles.default_folder()
    if args.list:
        there = styles.styles_in([place])
        for style in there if not args.json else ():
            print(f"{style.name}: {style.about.get('assets')} things of {len(style.about.get('kinds') or {})} kinds")
        return {"styles": [brief(style) for style in there]}
    if args.remove:
        style = styles.find_style(args.remove, [place])
        styles.remove(style)
        return {"removed": style.name}
    if args.rename:
        return {"style": styles.rename(styles.find_style(args.rename[0], [place]), args.rename[1]).name}
    if args.export:
        out = styles.export(styles.find_style(args.export[0], [place]), Path(args.export[1]))
        return {"file": str(out)}
    if args.import_file:
        return {"style": styles.import_style(args.import_file, place, args.name or "").name}
    return learn(args, place, report)


def brief(style: styles.Style) -> dict[str, Any]:
    about = style.about
    return {
        "style": style.name, "assets": about.get("assets"), "kinds": len(about.get("kinds") or {}),
        "trained": sorted(about.get("trained") or {}), "folder": str(style.folder),
    }  # fmt: skip


def learn(args: argparse.Namespace, place: Path, report: Reporter) -> dict[str, Any]:
    began = time.monotonic()
    number("--minutes", args.minutes, Limit(0.0, 1e5))
    paths, name = [Path(p) for p in args.paths], args.name
    if args.refresh:
        old = styles.find_style(args.refresh, [place])
        paths, name = paths or [Path(p) for p in old.about.get("sources") or []], old.name
    if not paths:
        raise LearnError("say what to learn from: files, folders or datasets")
    for path in paths:
        if not path.exists():
            raise LearnError(f"{path}: there is no such file or folder")
    name = styles.check_name(name or (paths[0] if paths[0].is_dir() else paths[0].absolute().parent).absolute().name)
    work = place / f".{name}.work"
    work.mkdir(parents=True, exist_ok=True)
    report.phase("Reading files")
    datasets, unread = read_files(paths, work / "dataset", args, report)

    from ..style.gather import gather
    from .before_after import draw_before_and_after
    from .remember import remember, summary

    report.phase("Finding things")
    gathered = gather(datasets, lambda count: report.progress(None, f"{count} looked at"))
    if unread:
        gathered.left_out["files that could not be read"] += unread
    if not gathered.assets:
        reasons = ", ".join(f"{reason}: {count}" for reason, count in gathered.left_out.most_common())
        raise LearnError(f"nothing in these files can be learned from{f' ({reasons})' if reasons else ''}")
    making = styles.begin(place, name)
    about = remember(gathered, datasets, making)
    sources = [str(p.absolute()) for p in paths]
    about |= {"name": name, "sources": sources, "updated": time.time(), "trained": {}}
    notes: list[str] = []
    remembered = time.monotonic() - began
    if args.minutes > 0:
        if importlib.util.find_spec("torch") is None:
            notes.append("PyTorch is not installed, so only the library's things were remembered")
        else:
            from .fine_tune import fine_tune

            minutes = max(0.1, args.minutes - remembered / 60)
            trained, more = fine_tune(datasets, making, work, minutes, args.model, args.seed, report)
            about["trained"] = trained
            notes += more
    about["notes"] = notes
    if report.cancelled:
        raise Stopped
    style = styles.publish(making, about)
    report.phase("Comparing")
    draw_before_and_after(style, others=args.minutes > 0)
    result = {
        "style": style.name,
        "assets": about["assets"],
        "kinds": len(about["kinds"]),
        "left_out": about["left_out"],
        "trained": about["trained"],
        "notes": notes,
        "remembered_seconds": round(remembered, 2),
        "seconds": round(time.monotonic() - began, 2),
        "folder": str(style.folder),
    }
    report.done(**{k: v for k, v in result.items() if k not in ("trained", "notes")}, sentence=sentence(result))
    if not args.json:
        for line in summary(about["fingerprint"]):
            print(f"  {line}")
        for reason, count in about["left_out"].items():
            print(f"  left out: {count}, {reason}")
        for note in notes:
            print(note)
        print(sentence(result))
    return result


def sentence(result: dict[str, Any]) -> str:
    """What to expect, in one sentence."""
    trained = "; its weights learned, too" if result["trained"] else ""
    return (
        f"{result['style']}: {result['assets']} things of {result['kinds']} kinds{trained}. Ask for one of them and "
        "you get a new one made from it; anything else comes in this library's polygons, materials and colors."
    )


def read_files(paths: list[Path], dataset: Path, args: argparse.Namespace, report: Reporter) -> tuple[list[Path], int]:
    """The datasets among the paths with one of all files among them, and how many files could not be read."""
    ready = [path for path in paths if (path / DATASET).is_file()]
    files = [path for path in paths if path not in ready]
    unread = 0
    if files:
        words = ["extract", *map(str, files), "--out", str(dataset), "--json"]
        for option in ("author", "licence", "blender"):
            if getattr(args, option):
                words += [f"--{option}", getattr(args, option)]
        environment = {k: v for k, v in os.environ.items() if k != JOB_VARIABLE}
        pipe = subprocess.PIPE
        text: dict[str, Any] = {"text": True, "encoding": "utf-8", "errors": "replace"}
        reading = subprocess.Popen(meshkiln_command(*words), stdout=pipe, stderr=pipe, env=environment, **text)
        while True:
            try:
                printed, complaints = reading.communicate(timeout=0.5)
                break
            except subprocess.TimeoutExpired:
                if report.cancelled:
                    reading.terminate()
                    reading.communicate()
                    raise Stopped from None
        if reading.returncode and not (dataset / DATASET).is_file():
            lines = [line for line in complaints.strip().splitlines() if line.strip()]
            raise LearnError(lines[-1].removeprefix("meshkiln extract: ") if lines else "the files could not be read")
        unread = int(json.loads(printed.strip().splitlines()[-1])["failed"]) if printed.strip() else 0
    return ready + ([dataset] if files else []), unread
