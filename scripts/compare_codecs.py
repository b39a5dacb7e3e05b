"""Which way of telling a mesh learns best? Train every design for the same time on the same meshes and compare.

    python scripts/compare_codecs.py MESHES [--minutes 3] [--preset starter] [--device cuda] [--designs ...]

MESHES is a folder made by `scripts/read_corpus.py`. A design is a codec's name, with options after a colon
("geometry:order=lowest"); "geometry:blind=1" is the walk without its features. All designs see the same quantized
meshes (slots, parts and size included, no words), the same split by family and the same augmentation; the feature that
tells how many faces are left is blanked, so the bits are those of the whole mesh and comparable between designs. Every
held-out mesh is scored whole. Prints a table and writes it to OUT/table.md and OUT/table.json.
"""

import argparse
import importlib.util
import json
import re
import sys
import time
import zlib
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
DESIGNS = [
    "geometry:order=fifo",
    "geometry:order=lifo",
    "geometry:order=lowest",
    "geometry:blind=1",
    "polygons",
    "flat",
]


def load_package() -> None:
    """Make `import meshkiln` work from a plain checkout."""
    if importlib.util.find_spec("meshkiln") is None:
        spec = importlib.util.spec_from_file_location(
            "meshkiln", ROOT / "__init__.py", submodule_search_locations=[str(ROOT)]
        )
        assert spec is not None and spec.loader is not None
        package = importlib.util.module_from_spec(spec)
        sys.modules["meshkiln"] = package
        spec.loader.exec_module(package)


class Meshes:
    """The folder of `read_corpus.py`: mesh i as (positions, loop_starts, corner_verts, material_index)."""

    def __init__(self, folder: Path) -> None:
        from meshkiln.tensors import open_tensors

        self.arrays = {k: np.asarray(v) for k, v in open_tensors(folder / "meshes.safetensors").items()}
        text = (folder / "meshes.jsonl").read_text(encoding="utf-8")
        self.about = [json.loads(line) for line in text.splitlines()]

    def __len__(self) -> int:
        return len(self.about)

    def __getitem__(self, i: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        a = self.arrays
        v, f, c = (slice(*a[f"{name}_offset"][i : i + 2]) for name in ("vert", "face", "corner"))
        positions = a["position"][v].astype(np.float32) * a["step"][i].astype(np.float32)
        return positions, a["loop_start"][f], a["corner_vert"][c], a["material_index"][f]

    def heldout(self, i: int) -> bool:
        """One family in twenty: names that differ only in numbers, colours' letters and the like stay together."""
        family = re.sub(r"[^a-z]+", "", self.about[i]["label"].lower())[:8]
        return zlib.crc32(family.encode()) % 20 == 0


def augmented(positions: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, bool]:
    """Quarter turns, a mirror, other proportions. Returns the positions and whether they were mirrored."""
    p = positions * random.uniform(0.8, 1.25, 3).astype(np.float32)
    for _ in range(int(random.integers(4))):
        p = np.stack([-p[:, 1], p[:, 0], p[:, 2]], axis=1)
    mirrored = bool(random.integers(2))
    if mirrored:
        p[:, 0] *= -1
    return p, mirrored


def turned(loop_starts: np.ndarray, corner_verts: np.ndarray) -> np.ndarray:
    """Corners with every polygon's winding reversed, as a mirrored mesh needs."""
    ends = np.append(loop_starts[1:], len(corner_verts))
    sizes = ends - loop_starts
    which = np.repeat(np.arange(len(sizes)), sizes)
    return corner_verts[loop_starts[which] + ends[which] - 1 - np.arange(len(corner_verts))]


class Samples:
    """What `trainer/packing.py` asks of a training set, for one design."""

    def __init__(self, meshes: Meshes, chosen: list[int], coder: Any, blind: bool) -> None:
        self.meshes, self.chosen, self.coder, self.blind = meshes, chosen, coder, blind
        self.spec = coder.spec
        out = np.array([meshes.heldout(i) for i in chosen])
        self.heldout = np.flatnonzero(out)
        self.is_heldout = out
        self.weights = (~out).astype(np.float64)

    def tell(self, index: int, random: np.random.Generator | None) -> Any:
        positions, starts, corners, slots = self.meshes[self.chosen[index]]
        if random is not None:
            positions, mirrored = augmented(positions, random)
            corners = turned(starts, corners) if mirrored else corners
        sequence = self.coder.encode(positions, starts, corners, slots)
        if self.spec.name == "geometry":
            from meshkiln.trainer.codecs import words

            sequence.features[:, words.LEFT] = 0
            if self.blind:
                sequence.features[:] = 0
        return sequence

    def sample(self, index: int, seed: int) -> tuple[Any, np.ndarray, np.ndarray]:
        random = None if self.is_heldout[index] else np.random.default_rng(seed)
        return self.tell(index, random), np.zeros((6, 96), np.float32), np.zeros(0, np.int64)


def design(text: str) -> tuple[Any, bool]:
    """A codec from "name:option=value,...", and whether its features are to be hidden."""
    from meshkiln.trainer.codecs import codec

    name, _, rest = text.partition(":")
    options: dict[str, Any] = dict(part.split("=", 1) for part in rest.split(",") if part)
    blind = bool(int(options.pop("blind", 0)))
    if "levels" in options:
        options["levels"] = int(options["levels"])
    return codec(name, **options), blind


def measure(coder: Any, meshes: Meshes, seconds: float) -> dict[str, float]:
    """Over the whole corpus: steps and micro-tokens a triangle, accepted; on a sample: speeds, lossless."""
    from meshkiln.trainer.codecs.base import CodecError
    from meshkiln.trainer.codecs.quantize import quantize

    quantized, refused = [], 0
    for i in range(len(meshes)):
        try:
            quantized.append(quantize(*meshes[i], levels=coder.levels))
        except CodecError:
            refused += 1
    coder.encode_quantized(quantized[0])
    began = time.perf_counter()
    told = [coder.encode_quantized(q) for q in quantized]
    took = time.perf_counter() - began
    triangles = sum(q.triangles for q in quantized)
    order = np.random.default_rng(0).permutation(len(quantized))
    began, polygons, lossless, tried = time.perf_counter(), 0, 0, 0
    for i in order:
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
        if time.perf_counter() - began > seconds:
            break
    return {
        "accepted": len(quantized) / (len(quantized) + refused),
        "lossless": lossless / tried,
        "steps_per_triangle": sum(s.steps for s in told) / triangles,
        "tokens_per_triangle": sum(s.micro_tokens for s in told) / triangles,
        "encoded_polygons_per_second": sum(q.faces for q in quantized) / took,
        "decoded_polygons_per_second": polygons / (time.perf_counter() - began),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("meshes", type=Path)
    parser.add_argument("--out", type=Path, default=Path("out/compare-codecs"))
    parser.add_argument("--designs", nargs="+", default=DESIGNS)
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--steps", type=int, help="optimiser steps for each instead of minutes, on a busy machine")
    parser.add_argument("--preset", default="starter")
    parser.add_argument("--device")
    parser.add_argument("--positions", type=int, help="backbone positions in an optimiser step")
    parser.add_argument("--max-faces", type=int, default=250, help="leave out larger meshes: flat ones grow long")
    parser.add_argument("--workers", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--measure", type=float, default=20.0, help="seconds to decode for; 0 leaves the counts out")
    args = parser.parse_args()
    load_package()
    from meshkiln.trainer.codecs.quantize import quantize
    from meshkiln.trainer.training import Settings, train

    meshes = Meshes(args.meshes)
    # n-gons are long when told flat: count corners, so that the longest flat stream is bounded
    arrays = meshes.arrays
    faces, corners = np.diff(arrays["face_offset"]), np.diff(arrays["corner_offset"])
    small = np.flatnonzero((faces <= args.max_faces) & (corners <= 4.2 * args.max_faces)).tolist()
    rows = []
    for text in args.designs:
        coder, blind = design(text)
        row: dict[str, Any] = {"design": text}
        if args.measure > 0:
            row |= measure(coder, meshes, args.measure)
        samples = Samples(meshes, small, coder, blind)
        longest = max(samples.tell(i, None).steps for i in range(len(small)))
        length = -(-(longest + 8) // 128) * 128
        if args.minutes > 0 or args.steps:
            settings = Settings(
                out=str(args.out / re.sub(r"\W+", "-", text)),
                preset=args.preset,
                minutes=None if args.steps else args.minutes,
                steps=args.steps,
                device=args.device,
                positions=args.positions,
                row=length,
                seed=args.seed,
                workers=args.workers,
                evaluations=4,
                heldout=1024,
            )
            done = train(settings, samples)
            triangles = sum(quantize(*meshes[small[i]], levels=coder.levels).triangles for i in samples.heldout)
            row |= {
                "bits_per_mesh": done["best_bits_per_mesh"],
                "bits_per_triangle": done["best_bits_per_mesh"] * len(samples.heldout) / triangles,
                "optimiser_steps": done["steps"],
                "heldout": done["heldout"],
                "row": length,
            }
        rows.append(row)
        print(json.dumps(row), flush=True)
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "table.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    table = as_table(rows)
    (args.out / "table.md").write_text(table, encoding="utf-8")
    print("\n" + table)
    return 0


def as_table(rows: list[dict[str, Any]]) -> str:
    columns = {
        "design": "{}",
        "bits_per_mesh": "{:.0f}",
        "bits_per_triangle": "{:.2f}",
        "optimiser_steps": "{}",
        "steps_per_triangle": "{:.3f}",
        "tokens_per_triangle": "{:.2f}",
        "encoded_polygons_per_second": "{:,.0f}",
        "decoded_polygons_per_second": "{:,.0f}",
        "accepted": "{:.1%}",
        "lossless": "{:.1%}",
    }
    shown = {name: form for name, form in columns.items() if all(name in row for row in rows)}
    lines = ["| " + " | ".join(name.replace("_", " ") for name in shown) + " |", "|" + "---|" * len(shown)]
    lines += ["| " + " | ".join(form.format(row[name]) for name, form in shown.items()) + " |" for row in rows]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
