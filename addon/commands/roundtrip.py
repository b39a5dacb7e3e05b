"""`meshkiln roundtrip PATH...`: checks on files that nothing changes between extracting and injecting.

One child Blender reads a file and writes its records down; a second injects these into an empty file and saves that; a
third, which has never seen either, opens the result, extracts again and compares with what was written down. This side
needs no bpy: it only sends requests, and survives crashes caused by a file.
"""

import argparse
import json
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...extractor.files.blenders import Blender, Failure, NoBlender, Worker, find_blender
from ...extractor.files.files import find_files, wrong_with
from ...jobs import scratch
from ...jobs.progress import Reporter

STEPS = ("read", "make", "check")  # functions of addon/commands/roundtrip_steps.py


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", metavar="PATH", help=".blend and model files, or folders of them")
    parser.add_argument(
        "--timeout", type=float, default=300.0, metavar="S", help="time limit for each step, in seconds"
    )
    parser.add_argument("--memory", type=float, default=8.0, metavar="GB", help="memory limit for one file")
    parser.add_argument("--blender", metavar="EXE", help="Blender to use (else MESHKILN_BLENDER, the bpy module, PATH)")
    parser.add_argument("--apply-modifiers", action="store_true", help="read meshes with modifiers applied")
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="copy files that come back changed to FOLDER, with what came back"
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON on the last line")


def run(args: argparse.Namespace) -> int:
    report = Reporter()
    wanted = [(file.path, file.format) for file in find_files(args.paths) if file.format]
    try:
        three = Three(find_blender(args.blender), args.timeout, int(args.memory * 2**30), args.keep)
    except NoBlender as error:
        print(f"meshkiln roundtrip: {error}", file=sys.stderr)
        return 2
    files = []
    try:
        for index, (path, kind) in enumerate(wanted):
            report.progress(index / len(wanted), path.name)
            files.append(three.try_file(path, kind, {"apply_modifiers": args.apply_modifiers}))
            report.log(_sentence(files[-1], 0 if args.json else 20))
    except KeyboardInterrupt:
        report.log("interrupted")
    finally:
        three.close()
    tried = [file for file in files if "error" not in file]
    result = {
        "files": files,
        "values": sum(file["values"] for file in tried),
        "equal": sum(file["equal"] for file in tried),
    }
    report.done(files=len(files), values=result["values"], equal=result["equal"])
    if args.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        share = 100.0 * result["equal"] / result["values"] if result["values"] else 0.0
        print(
            f"{len(tried)} of {len(files)} files: {result['equal']} of {result['values']} values agree ({share:.3f}%)"
        )
    return 0 if tried else 2


@dataclass
class Three:
    """Three Blenders; each is started when first needed and restarted after a crash."""

    blender: Blender
    timeout: float
    memory: int
    keep: Path | None = None  # where to copy what comes back changed
    workers: dict[str, Worker] = field(default_factory=dict)

    def try_file(self, path: Path, kind: str, options: dict[str, Any]) -> dict[str, Any]:
        """{"path", "values", "equal", "geometry_equal", "differences", "not_expressed"}, with "error" if it failed."""
        outcome: dict[str, Any] = {
            "path": str(path),
            "values": 0,
            "equal": 0,
            "geometry_equal": False,
            "differences": [],
        }
        if wrong := wrong_with(path):
            return {**outcome, "error": wrong, "differences": [f"read: {wrong}"]}
        with scratch.folder("roundtrip") as folder:
            request = {"path": str(path), "format": kind, "folder": str(folder), "options": options}
            try:
                return self._steps(outcome, request)
            finally:
                if self.keep is not None and not (outcome["geometry_equal"] and outcome["equal"] == outcome["values"]):
                    self._keep(path, folder / "back.blend")

    def _keep(self, path: Path, back: Path) -> None:
        assert self.keep is not None
        self.keep.mkdir(parents=True, exist_ok=True)
        for file, name in ((path, path.name), (back, f"{path.stem}-back.blend")):
            if file.exists():
                shutil.copyfile(file, self.keep / name)

    def _steps(self, outcome: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
        """The three steps in order; returns `outcome` with their answers added."""
        for step in STEPS:
            answer = self._ask(step, request)
            if "error" in answer and step == "make" and Path(request["folder"], "back.blend").exists():
                outcome["not_expressed"] = [f"after saving, {answer['error']}"]
                continue  # Blender crashed afterwards, but the file was saved
            if "error" in answer:
                return outcome | {"error": answer["error"], "differences": [f"{step}: {answer['error']}"]}
            outcome.update({key: value for key, value in answer.items() if key != "seconds"})
        return outcome

    def _ask(self, step: str, request: dict[str, Any]) -> dict[str, Any]:
        for attempt in (1, 2):
            worker = self.workers.get(step)
            if worker is None or worker.heavy():
                self._end(step)
                worker = self.workers[step] = Worker(self.blender, self.memory)
            try:
                answer = worker.ask({"do": f"addon.commands.roundtrip_steps:{step}", **request}, self.timeout)
            except Failure as error:
                self._end(step)
                if error.inherited and attempt == 1:
                    continue  # the previous file may have left it broken
                return {"error": str(error)}
            if answer.get("ours"):
                print("\n".join(worker.log_lines()), file=sys.stderr)
            return answer
        raise AssertionError("unreachable")

    def _end(self, step: str) -> None:
        worker = self.workers.pop(step, None)
        if worker is not None:
            worker.close()

    def close(self) -> None:
        for step in STEPS:
            self._end(step)


def _sentence(file: dict[str, Any], most: int) -> str:
    if "error" in file:
        return f"{file['path']}: {file['error']}"
    geometry = "" if file["geometry_equal"] else "; GEOMETRY DIFFERS"
    lines = [f"{file['path']}: {file['equal']} of {file['values']} values agree{geometry}"]
    lines += [f"    {difference}" for difference in file["differences"][:most]]
    if len(file["differences"]) > most:
        lines.append(f"    ... and {len(file['differences']) - most} more")
    return "\n".join(lines)
