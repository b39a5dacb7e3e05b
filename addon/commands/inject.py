"""`meshkiln inject DATASET|FILE.json --out OUT.blend|.glb|.obj`: the command line's side of injection.

A child Blender does the work (inject_file.py), so this needs no bpy and survives a crash caused by the file.
"""

import argparse
import json
import math
import sys
import time
from pathlib import Path

from ...extractor.files.blenders import Failure, NoBlender, Worker, find_blender
from ...jobs.outputs import OutputError, check_output
from ...jobs.progress import Reporter

ENDINGS = (".blend", ".glb", ".gltf", ".obj", ".ply", ".stl", ".fbx", ".usd", ".usda", ".usdc", ".usdz")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="DATASET|FILE.json", help="dataset folder, or records as plain JSON")
    parser.add_argument("--out", required=True, metavar="OUT", help=f"file to write ({' '.join(ENDINGS)})")
    parser.add_argument("--force", action="store_true", help="replace OUT if it already exists")
    parser.add_argument("--only", metavar="NAME", help="only the objects, or the file, of this name")
    parser.add_argument("--trust", action="store_true", help="the file is my own: run every driver, apply no limits")
    parser.add_argument("--timeout", type=float, default=900.0, metavar="S", help="time limit in seconds (default 900)")
    parser.add_argument("--memory", type=float, default=8.0, metavar="GB", help="memory limit (default 8)")
    parser.add_argument("--blender", metavar="EXE", help="Blender to use (else MESHKILN_BLENDER, the bpy module, PATH)")
    parser.add_argument("--json", action="store_true", help="print a JSON summary as the last line")


def run(args: argparse.Namespace) -> int:
    started = time.monotonic()
    report = Reporter()
    source, out = Path(args.source).absolute(), Path(args.out).absolute()
    wrong = wrong_with(source, out, args.force, args.timeout)
    if wrong:
        return _fail(report, wrong, 2)
    report.phase("injecting")
    request = {"do": "addon.commands.inject_file:inject_to_file", "source": str(source), "out": str(out)}
    request |= {"only": args.only, "trust": args.trust}
    try:
        worker = Worker(find_blender(args.blender), memory=int(args.memory * 2**30))
        try:
            answer = worker.ask(request, args.timeout)
            if answer.get("ours"):
                for line in worker.log_lines():
                    report.log("    " + line)
        finally:
            worker.close()
    except NoBlender as error:
        return _fail(report, str(error), 2)
    except Failure as error:
        return _fail(report, f"{source.name}: {error}", 1)
    if "error" in answer:
        return _fail(report, answer["error"], 2 if answer.get("nothing") else 1)
    result = {"objects": answer["objects"], "seconds": round(time.monotonic() - started, 3)}
    result["not_expressed"] = answer["not_expressed"]
    report.done(**result)
    if args.json:
        print(json.dumps(result, ensure_ascii=False))
        return 0
    for sentence in answer["not_expressed"]:
        print(f"  not expressed: {sentence}")
    count = answer["objects"]
    print(f"{out}: {'1 object' if count == 1 else f'{count} objects'}")
    return 0


def _fail(report: Reporter, sentence: str, code: int) -> int:
    report.failed(sentence)
    print(f"meshkiln inject: {sentence}", file=sys.stderr)
    return code


def wrong_with(source: Path, out: Path, force: bool, timeout: float) -> str | None:
    """What is wrong with the arguments, checked before any Blender starts; "" if nothing."""
    if not (math.isfinite(timeout) and timeout > 0):
        return f"--timeout: must be a number above 0, is {timeout}"
    try:
        check_output(out, force, ENDINGS)
    except OutputError as error:
        return str(error)
    if source.is_dir() and not (source / "catalogue.sqlite").exists():
        return f"{source}: no dataset here (catalogue.sqlite is missing)"
    return None if source.exists() else f"{source}: does not exist"
