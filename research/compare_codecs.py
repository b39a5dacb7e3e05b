"""Which way of telling a mesh learns best? Every design gets the same processor time, on the same assets, in turns.

    python research/compare_codecs.py SET [--corpus DATASET] [--minutes 8] [--preset compact] [--designs ...]
    meshkiln evaluate OUT/geometry.safetensors --peer OUT/flat.safetensors --data SET

SET is from `meshkiln dataset build`; its curated assets are learned from, its held-out families are scored, words and
measures are told to every design alike. A design is a codec's name, with options after a colon
("geometry:order=fifo"). All of them learn from and are scored on the assets that each can tell within one row, whole;
which share that is stands in the table. Backbones are widened until the models have as many parameters as the largest.

The clock is the processor time of this process, all threads and the drawing of samples counted; designs take turns of
some seconds. So other work on the machine slows all of them alike. On a GPU the clock is the wall's.

DATASET, from `meshkiln extract`, is every mesh there is: it tells what is accepted, lossless, and how long.
Prints a table and writes it to OUT/table.md and OUT/table.json; a checkpoint for each design lies beside them.
"""

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # threads that wait must not count as work

import argparse  # noqa: E402
import importlib.util  # noqa: E402
import json  # noqa: E402
import re  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable  # noqa: E402
from dataclasses import replace  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import numpy as np  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
if importlib.util.find_spec("meshkiln") is None:
    _spec = importlib.util.spec_from_file_location(
        "meshkiln", ROOT / "__init__.py", submodule_search_locations=[str(ROOT)]
    )
    assert _spec is not None and _spec.loader is not None
    _package = importlib.util.module_from_spec(_spec)
    sys.modules["meshkiln"] = _package
    _spec.loader.exec_module(_package)

from meshkiln.research.codecs import codec  # noqa: E402
from meshkiln.trainer.assets.asset import read_dataset  # noqa: E402
from meshkiln.trainer.codecs.base import CodecError  # noqa: E402
from meshkiln.trainer.codecs.quantize import quantize  # noqa: E402
from meshkiln.trainer.data.geometry_set import GeometrySet  # noqa: E402
from meshkiln.trainer.model import presets  # noqa: E402
from meshkiln.trainer.model.config import WORDS, parameter_count  # noqa: E402

DESIGNS = ["geometry", "polygons", "flat"]
WARM = 1  # steps before the clock starts: what the first one sets up is not learning


class Told(GeometrySet):
    """The curated assets of a set in a design's words. `only`: the assets that all designs can tell."""

    def __init__(self, path: Path, coder: Any) -> None:
        super().__init__(path, generated=False)
        self.speak(coder)

    def only(self, fits: np.ndarray) -> None:
        self._real_weights = np.where(fits, self._real_weights, 0.0)
        self.heldout: np.ndarray = self.heldout[fits[self.heldout]]
        self.weights = self.mix(1.0)


class Learner:
    """One design in training: a run that goes on for as long as it is told to."""

    def __init__(self, samples: Told, preset: presets.Preset, granted: float, args: argparse.Namespace) -> None:
        from meshkiln.jobs.progress import Reporter
        from meshkiln.trainer.data.loading import batches, workers_for
        from meshkiln.trainer.train.loop import Run, Settings

        settings = Settings(
            str(args.out), preset=preset.name, steps=1 << 30, seed=args.seed, heldout=1 << 30,
            device=args.device, positions=args.positions, row=args.row,
            compile=False,  # compiling anew for another shape would be on one design's clock and not on another's
        )  # fmt: skip
        self.run = Run(settings, samples, Reporter(quiet=True))
        self.run.preset = preset
        self.run.build()
        self.run.measure()
        self.run.pack_heldout()
        device = self.run.device
        # Beside a CPU samples are drawn in this process, so that drawing them is on the clock too.
        self.stream = batches(self.run.packer(), 0, device, 0 if device.type == "cpu" else workers_for(device))
        self.clock: Callable[[], float] = time.process_time if device.type == "cpu" else _gpu_clock
        self.granted, self.spent, self.wall, self.positions = granted, 0.0, 0.0, 0

    def learn(self, seconds: float) -> None:
        """So much more of the time that was granted."""
        until = min(self.granted, self.spent + seconds)
        while self.spent < until:
            began, wall = self.clock(), time.perf_counter()
            self.run.model.train()
            parts = next(self.stream)
            self.run.learn(parts, self.spent / self.granted)
            self.run.step += 1
            self.positions += sum(int((part["document"] >= 0).sum()) for part in parts)
            if self.run.step > WARM:
                self.spent += self.clock() - began
                self.wall += time.perf_counter() - wall

    def bits(self) -> dict[int, float]:
        """Bits of each held-out asset."""
        self.run.model.eval()
        heldout = self.run.heldout
        with self.run.average.shown():
            return dict(zip(heldout.scored, heldout.bits(self.run.nats).tolist()))


def _gpu_clock() -> float:
    import torch

    torch.cuda.synchronize()
    return time.perf_counter()


def design(text: str) -> Any:
    """A codec from "name:option=value,..."."""
    name, _, rest = text.partition(":")
    options: dict[str, Any] = dict(part.split("=", 1) for part in rest.split(",") if part)
    if "levels" in options:
        options["levels"] = int(options["levels"])
    return codec(name, **options)


def alike_in_size(name: str, specs: list[Any]) -> list[presets.Preset]:
    """The preset for each Spec, its MLPs widened until the model has as many parameters as the largest."""
    own = presets.preset(name)
    most = max(parameter_count(own.config(spec)) for spec in specs)
    out = []
    for spec in specs:
        short = most - parameter_count(own.config(spec))
        out.append(replace(own, hidden=own.hidden + 16 * round(short / (16 * 3 * own.width * own.layers))))
    return out


def every_mesh(dataset: Path) -> list[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]:
    """The assets of a dataset as (positions, loop_starts, corner_verts, material_index)."""
    return [(a.positions, a.starts, a.corners, a.slots) for a in read_dataset(dataset) if len(a.starts)]


def measure(coder: Any, meshes: list[Any], seconds: float) -> dict[str, float]:
    """Of all meshes: share accepted, steps and micro-tokens a triangle. Of as many as `seconds` of decoding allow:
    share lossless. Speeds in processor time."""
    quantized = []
    for mesh in meshes:
        try:
            quantized.append(quantize(*mesh, levels=coder.levels))
        except CodecError:
            continue
    coder.encode_quantized(quantized[0])
    began = time.process_time()
    told = [coder.encode_quantized(q) for q in quantized]
    took = time.process_time() - began
    triangles = sum(q.triangles for q in quantized)
    began, polygons, lossless, tried = time.process_time(), 0, 0, 0
    for i in np.random.default_rng(0).permutation(len(quantized)):
        decoder = coder.decoder(strict=False)
        for step in told[i].tokens.tolist():
            decoder.features()
            for token in step:
                if token < 0:
                    break
                decoder.allowed()
                decoder.push(token)
        polygons += quantized[i].faces
        tried += 1
        lossless += decoder.finished and decoder.signature() == quantized[i].signature()
        if time.process_time() - began > seconds:
            break
    return {
        "accepted": len(quantized) / len(meshes),
        "lossless": lossless / tried,
        "lossless_of": tried,
        "steps_per_triangle": sum(s.steps for s in told) / triangles,
        "tokens_per_triangle": sum(s.micro_tokens for s in told) / triangles,
        "encoded_polygons_per_second": sum(q.faces for q in quantized) / took,
        "decoded_polygons_per_second": polygons / (time.process_time() - began),
    }


def train(texts: list[str], args: argparse.Namespace) -> list[dict[str, Any]]:
    """A line for each design: what the held-out assets cost it after the same time."""
    sets = [Told(args.set, design(text)) for text in texts]
    assets = sets[0].assets
    assert assets is not None
    levels = {samples.codec.levels for samples in sets}
    if len(levels) > 1:
        sys.exit("compare_codecs: bits compare between designs on one grid only; give all the same levels")
    quantized = [quantize(*assets.mesh(i), levels=max(levels)) for i in range(len(assets))]
    lengths = [np.array([samples.codec.encode_quantized(q).steps for q in quantized]) for samples in sets]
    room = args.row - (WORDS + 1)  # a position for each word and one for what was measured
    fits = np.all([length <= room for length in lengths], axis=0)
    rows: list[dict[str, Any]] = []
    for text, samples, length in zip(texts, sets, lengths):
        rows.append({"design": text, "fits_a_row": float((length <= room).mean())})
        samples.only(fits)
    sizes = alike_in_size(args.preset, [samples.spec for samples in sets])
    learners = [Learner(samples, size, 60 * args.minutes, args) for samples, size in zip(sets, sizes)]
    began = time.perf_counter()
    while any(learner.spent < learner.granted for learner in learners):
        for learner in learners:
            learner.learn(args.turn)
        done = ", ".join(f"{text} {learner.spent:.0f} s" for text, learner in zip(texts, learners))
        print(f"{(time.perf_counter() - began) / 60:.1f} min: {done}", file=sys.stderr, flush=True)
    scores = [learner.bits() for learner in learners]
    triangles = sum(quantized[i].triangles for i in scores[0])
    for text, learner, row, bits in zip(texts, learners, rows, scores):
        assert set(bits) == set(scores[0]), "designs were scored on different assets"
        run, total = learner.run, sum(bits.values())
        run.metrics = {"bits_per_mesh": total / len(bits), "heldout": len(bits)}
        run.seconds = learner.wall
        path = args.out / (re.sub(r"\W+", "-", text) + ".safetensors")
        run.write(path)
        against = np.array([bits[i] / scores[0][i] for i in bits])
        row |= {
            "bits_per_mesh": total / len(bits),
            "bits_per_triangle": total / triangles,
            "cheaper_than_first": float((against < 1).mean()),
            "heldout": len(bits),
            "parameters_m": parameter_count(run.config) / 1e6,
            "optimiser_steps": run.step,
            "positions": learner.positions,
            "processor_minutes": learner.spent / 60,
            "wall_minutes": learner.wall / 60,
            "checkpoint": str(path),
        }
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", type=Path)
    parser.add_argument("--corpus", type=Path, help="a dataset of all meshes: what is accepted, and how long")
    parser.add_argument("--out", type=Path, default=Path("out/compare-codecs"))
    parser.add_argument("--designs", nargs="+", default=DESIGNS, help="the first is what the others are held against")
    parser.add_argument("--minutes", type=float, default=8.0, help="processor minutes for each; 0: no training")
    parser.add_argument("--turn", type=float, default=10.0, help="seconds that a design trains before the next does")
    parser.add_argument("--preset", default="compact")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--row", type=int, default=4096, help="longest asset that is told, in backbone positions")
    parser.add_argument("--positions", type=int, default=4096, help="backbone positions in an optimiser step")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--decode", type=float, default=20.0, help="seconds for which each design decodes the corpus")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    rows = train(args.designs, args) if args.minutes > 0 else [{"design": text} for text in args.designs]
    if args.corpus:
        meshes = every_mesh(args.corpus)
        for row in rows:
            row |= measure(design(row["design"]), meshes, args.decode)
    (args.out / "table.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    table = as_table(rows)
    (args.out / "table.md").write_text(table, encoding="utf-8")
    print(table)
    return 0


COLUMNS = {
    "design": "{}",
    "bits_per_mesh": "{:.0f}",
    "bits_per_triangle": "{:.2f}",
    "cheaper_than_first": "{:.0%}",
    "parameters_m": "{:.2f}",
    "optimiser_steps": "{}",
    "processor_minutes": "{:.1f}",
    "wall_minutes": "{:.1f}",
    "fits_a_row": "{:.1%}",
    "steps_per_triangle": "{:.3f}",
    "tokens_per_triangle": "{:.2f}",
    "accepted": "{:.1%}",
    "lossless": "{:.1%}",
    "encoded_polygons_per_second": "{:,.0f}",
    "decoded_polygons_per_second": "{:,.0f}",
}


def as_table(rows: list[dict[str, Any]]) -> str:
    """Designs side by side, a line for each number."""
    lines = ["| | " + " | ".join(row["design"] for row in rows) + " |", "|" + "---|" * (1 + len(rows))]
    for name, form in COLUMNS.items():
        if name != "design" and all(name in row for row in rows):
            lines.append(f"| {name.replace('_', ' ')} | " + " | ".join(form.format(row[name]) for row in rows) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
