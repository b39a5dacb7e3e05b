"""`meshkiln generate "PROMPT" --out X.blend`: words in, a file out.

Knows options, files and output. `service.py` generates; `meshkiln inject` writes a .blend or .glb in its own process,
because this one has no Blender.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...jobs import threads  # noqa: F401  before anything that loads numpy

# isort: split

import numpy as np

from ...jobs.outputs import check_output
from ...jobs.processes import meshkiln_command, python_module
from ...jobs.progress import Bar
from ...records import Record, to_plain
from ...records.dataset import Dataset
from ...records.plainform import read_plain
from .client import write_record
from .meshes import learned_style
from .request import CRAFTS, ENGINES, LIMITS, Completion, GenerateRequest, one_of
from .service import Service

# What `meshkiln inject` writes, and plain JSON.
ENDINGS = (
    ".json", ".blend", ".glb", ".gltf", ".obj", ".ply", ".stl", ".fbx", ".usd", ".usda", ".usdc", ".usdz",
)  # fmt: skip
SHIPPED = Path(__file__).resolve().parent.parent / "models"


class CommandError(RuntimeError):
    """Why the command failed, in a sentence."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("prompt", help="what to make, in a few words")
    parser.add_argument("--out", required=True, type=Path, help="file to write: .blend, .glb, .obj, .json, ...")
    parser.add_argument("--force", action="store_true", help="replace existing files")
    most = int(LIMITS["variants"].most)
    parser.add_argument("--variants", type=int, default=1, metavar="N", help=f"how many (up to {most}), in a row")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="the same seed gives the same result")
    parser.add_argument(
        "--crafts", default="auto", help=f"comma-separated: {', '.join(CRAFTS)} (default: all that have models)"
    )
    parser.add_argument(
        "--style", metavar="NAME", help="a style that `meshkiln learn` made: as if it were of your library"
    )
    parser.add_argument("--closer", dest="closeness", action="store_const", const=0.8, default=0.5,
                        help="nearer to your own things")  # fmt: skip
    parser.add_argument("--freer", dest="closeness", action="store_const", const=0.1, help="only in their spirit")
    parser.add_argument("--closeness", type=float, metavar="C", help="the same in numbers: 1 a copy, 0 only the manner")
    parser.add_argument("--faces", type=int, metavar="N", help="about how many faces")
    parser.add_argument("--size", type=float, metavar="M", help="longest side in metres")
    parser.add_argument("--temperature", type=float, default=0.5, metavar="T")
    parser.add_argument("--guidance", type=float, default=1.0, metavar="G")
    parser.add_argument("--best-of", type=int, default=12, metavar="N", help="make N for each and keep the best one")
    parser.add_argument("--complete", type=Path, metavar="MESH", help="a mesh file whose faces are kept and completed")
    parser.add_argument("--render", type=Path, metavar="X.png", help="also render a picture of it")
    parser.add_argument("--engine", choices=ENGINES, default="auto")
    parser.add_argument("--model", type=Path, action="append", default=[], help="a model file; repeat for each craft")
    parser.add_argument("--blender", metavar="EXE", help="Blender to write the file with")
    parser.add_argument("--json", action="store_true", help="print a JSON summary as the last line")


def run(args: argparse.Namespace) -> int:
    began = time.monotonic()
    listener = TerminalListener()
    try:
        request = request_of(args)
        with tempfile.TemporaryDirectory(prefix="meshkiln-") as scratch:
            if args.complete:
                given = Path(scratch) / "given.safetensors"
                write_record(given, read_mesh(args.complete, Path(scratch)))
                request = replace(request, record=str(given), complete=Completion())
            made, engine = Service().make(request, listener)
            listener.bar.close()
            records = in_a_row(made, request.prompt)
            write(records, args.out, Path(scratch), args.blender)
            if args.render:
                render(records, args.out, args.render.absolute(), Path(scratch), args.blender)
    except (CommandError, ValueError) as error:
        listener.bar.close()
        print(f"meshkiln generate: {error}", file=sys.stderr)
        return 2
    result: dict[str, Any] = {
        "objects": [describe(record) for record in records],
        "engine": engine,
        "polygons_per_second": round(listener.speed, 1),
        "first_face_seconds": round(listener.first_face or 0.0, 3),
        "seconds": round(time.monotonic() - began, 3),
    }
    if args.json:
        print(json.dumps(result, ensure_ascii=False))
        return 0
    for thing in result["objects"]:
        print(f"{thing['name']}: {thing['faces']} faces, {thing['quads']} quads, {len(thing['materials'])} materials")
    print(f"{args.out}: {result['seconds']:.1f} s, {result['polygons_per_second']:.0f} polygons/s, engine {engine}")
    return 0


class TerminalListener:
    """Shows a progress bar on the terminal."""

    def __init__(self) -> None:
        self.bar = Bar()
        self.started = time.perf_counter()
        self.first_face: float | None = None
        self.last_face = 0.0
        self.polygons = 0
        self.phase = "Generating"

    def check(self) -> None:
        """Only Ctrl-C cancels a command."""

    def polygon(self, variant: int, corners: list[list[float]], slot: int = 0) -> None:
        self.last_face = time.perf_counter() - self.started
        if self.first_face is None:
            self.first_face = self.last_face
        self.polygons += 1

    def take_back(self, variant: int, polygons: int) -> None:
        self.polygons -= polygons

    def flush(self) -> None:
        """Nothing is buffered."""

    def emit(self, event: str, **body: Any) -> None:
        self.phase = body.get("phase", self.phase)
        self.bar.show(self.phase, body.get("fraction"), f"{self.polygons} faces" if self.polygons else "")

    @property
    def speed(self) -> float:
        if self.first_face is None or self.polygons < 2:
            return 0.0
        return (self.polygons - 1) / max(self.last_face - self.first_face, 1e-6)


def find_models(given: list[Path]) -> dict[str, Path]:
    """{craft: file}: those given, then those in the folders of MESHKILN_MODELS, then those that came with Meshkiln."""
    from ..model.checkpoint import CheckpointError, read_info

    models: dict[str, Path] = {}
    for path in given:
        models[read_info(path).craft] = path
    folders = [Path(f) for f in os.environ.get("MESHKILN_MODELS", "").split(os.pathsep) if f] + [SHIPPED]
    for folder in folders:
        newest_first = sorted(folder.glob("*.safetensors"), key=lambda p: p.stat().st_mtime, reverse=True)
        for path in newest_first:
            try:
                info = read_info(path)
            except CheckpointError:
                continue  # the words' table and half-copied files lie there too
            if info.craft in CRAFTS:
                models.setdefault(info.craft, path)
    return models


def request_of(args: argparse.Namespace) -> GenerateRequest:
    """The request for these arguments. All errors in them are found here, before any work."""
    check_output(args.out, args.force, ENDINGS)
    if args.render:
        check_output(args.render, args.force, (".png",))
        if args.render.absolute() == args.out.absolute():
            raise CommandError("--render: names the same file as --out")
    if args.complete and not args.complete.is_file():
        raise CommandError(f"{args.complete}: does not exist")
    if args.blender and shutil.which(args.blender) is None:
        raise CommandError(f"--blender: {args.blender} is no program that can be started")
    learned_style(args.style)
    models = find_models(args.model)
    if args.crafts == "auto":
        crafts = ["geometry", "materials"] if "materials" in models else ["geometry"]
    else:
        crafts = [one_of("--crafts", craft.strip(), CRAFTS) for craft in args.crafts.split(",")]
        if "geometry" not in crafts:
            raise CommandError("--crafts: must have geometry among them; what has a mesh is made in Blender's panel")
    names = ("variants", "seed", "style", "faces", "size", "temperature", "guidance", "best_of", "engine", "closeness")
    return GenerateRequest(
        prompt=args.prompt.strip(),
        crafts=tuple(crafts),
        models={craft: str(models[craft]) for craft in crafts if craft in models},
        **{name: getattr(args, name) for name in names},
    )


def read_mesh(path: Path, scratch: Path) -> Record:
    """The first mesh of any readable file; plain JSON directly, others through `meshkiln extract`."""
    if path.suffix.lower() == ".json":
        records = read_plain(path)
    else:
        folder = scratch / "given"
        child("extract", str(path), "--out", str(folder), "--json")
        records = list(Dataset(folder, create=False))
    for record in records:
        if record.kind == "mesh" and len(record.arrays.get("mesh/loop_start", ())):
            return Record(dict(record.data), {k: np.array(v) for k, v in record.arrays.items()})
    raise CommandError(f"{path}: there is no mesh in it to complete")


def in_a_row(made: list[Record], prompt: str) -> list[Record]:
    """The variants side by side along x, named after the prompt."""
    widest = max((max(record.data.get("size") or [1.0]) for record in made), default=1.0)
    row = []
    for variant, record in enumerate(made):
        own = str((record.data.get("made") or {}).get("name") or prompt)
        name = f"{own} {variant + 1}" if variant else own
        data = {**record.data, "name": name, "mesh": {**record.data.get("mesh", {}), "name": name}}
        if variant:
            transform = data.get("transform") or {}
            x, y, z = transform.get("location") or (0.0, 0.0, 0.0)
            data["transform"] = {**transform, "location": [x + 1.3 * widest * variant, y, z]}
        row.append(Record(data, record.arrays))
    return row


def write(records: list[Record], out: Path, scratch: Path, blender: str | None) -> None:
    if out.suffix.lower() == ".json":
        half = out.with_name(f".{out.name}.part")
        half.write_text(json.dumps(to_plain(records), ensure_ascii=False), encoding="utf-8")
        half.replace(out)
        return
    folder = scratch / f"made-{out.suffix[1:]}"
    with Dataset(folder) as dataset:
        dataset.append(records)
    child("inject", str(folder), "--out", str(out), "--force", "--json", *(["--blender", blender] if blender else []))


def render(records: list[Record], out: Path, picture: Path, scratch: Path, blender: str | None) -> None:
    """A picture of the .blend, rendered by Blender in another process."""
    scene = out
    if out.suffix.lower() != ".blend":
        scene = scratch / "scene.blend"
        write(records, scene, scratch, blender)
    words = python_module(
        "addon.commands.render", str(scene), str(picture), *(["--blender", blender] if blender else [])
    )
    _run(words)


def child(verb: str, *words: str) -> None:
    _run(meshkiln_command(verb, *words))


def _run(words: list[str]) -> None:
    done = subprocess.run(words, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False)
    if done.returncode:
        lines = [line for line in done.stderr.strip().splitlines() if line.strip()]
        raise CommandError(lines[-1].removeprefix("meshkiln ") if lines else f"{words[-1]}: failed without a message")


def describe(record: Record) -> dict[str, Any]:
    starts = np.asarray(record.arrays.get("mesh/loop_start", np.zeros(0, np.int32)))
    sides = np.diff(np.append(starts, len(record.arrays.get("mesh/corner_vert", ()))))
    return {
        "name": record.name,
        "faces": len(starts),
        "quads": int((sides == 4).sum()),
        "materials": [m["name"] for m in record.data.get("materials") or [] if m],
        "modifiers": [m["type"] for m in record.data.get("modifiers") or []],
        **({"made": record.data["made"]} if "made" in record.data else {}),
    }
