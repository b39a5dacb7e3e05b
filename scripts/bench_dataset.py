"""How fast a dataset is read, and what batch extraction costs compared with just opening the files. Prints ratios.

    python scripts/bench_dataset.py [PATH...] [--blender EXE] [--write]

PATH are files or folders to extract (default: the corpus beside the repository, or MESHKILN_CORPUS). Opening and
extracting are done by the same Blender, alternately, and the fastest of several rounds counts, in wall time and in
processor time (which is not affected by other load). `--write` puts the numbers into docs/performance.md.
"""

import argparse
import os
import platform
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent

from meshkiln.extractor.files.batch import Limits, extract_files  # noqa: E402
from meshkiln.extractor.files.blenders import Failure, Worker, find_blender  # noqa: E402
from meshkiln.extractor.files.files import find_files, wrong_with  # noqa: E402
from meshkiln.records import mesh_record, plain_material  # noqa: E402
from meshkiln.records.dataset import Dataset  # noqa: E402

HEADING = "## Datasets and batch extraction"


def corpus() -> Path:
    return Path(os.environ.get("MESHKILN_CORPUS") or ROOT.parent / "shared" / "corpus")


def some_record(faces: int, seed: int):
    rng = np.random.default_rng(seed)
    positions = rng.random((faces, 3), np.float32)
    corners = rng.integers(0, faces, faces * 4).astype(np.int32)
    record = mesh_record(f"thing {seed}", positions, np.arange(0, faces * 4, 4), corners, np.zeros(faces, np.int32))
    record.arrays["mesh/attribute/UVMap"] = rng.random((faces * 4, 2), np.float32)
    record.data |= {"label": "thing", "materials": [plain_material("red")], "transform": {"location": [0.0, 0.0, 0.0]}}
    return record


def read_speed(folder: Path, faces: int, count: int) -> tuple[float, float]:
    """GB/s of copying every array of `count` records out of a dataset, and records per second."""
    with Dataset(folder) as dataset:
        for start in range(0, count, 500):
            dataset.append([some_record(faces, seed) for seed in range(start, min(count, start + 500))])
    best, size = 1e9, 0
    buffer = np.empty(faces * 64 + 64, np.uint8)
    for _ in range(4):
        with Dataset(folder, create=False) as dataset:
            started = time.perf_counter()
            size = 0
            for record in dataset:
                for array in record.arrays.values():
                    flat = array.reshape(-1).view(np.uint8)
                    buffer[: len(flat)] = flat
                    size += len(flat)
            best = min(best, time.perf_counter() - started)
    return size / best / 1e9, count / best


def cpu() -> float:
    """Processor seconds of finished child processes."""
    times = os.times()
    return times.children_user + times.children_system


def open_all(files: list, blender) -> tuple[float, float]:
    """Wall and processor seconds of a Blender that opens the files and does nothing with them."""
    before, started = cpu(), time.perf_counter()
    worker = Worker(blender)
    for file in files:
        request = {"do": "open", "file": {"path": str(file.path)}, "format": file.format}
        try:
            worker.ask(request, 300)
        except Failure:
            worker.close()
            worker = Worker(blender)
    worker.close()
    return time.perf_counter() - started, cpu() - before


def extract_all(paths: list, blender_path: str | None, jobs: int) -> tuple[float, float]:
    folder = tempfile.mkdtemp(prefix="meshkiln-bench-")
    before, started = cpu(), time.perf_counter()
    try:
        extract_files(paths, folder, Limits(jobs=jobs), blender=blender_path)
        return time.perf_counter() - started, cpu() - before
    finally:
        shutil.rmtree(folder)


def best(rounds: list[tuple[float, float]]) -> tuple[float, float]:
    return min(wall for wall, _ in rounds), min(busy for _, busy in rounds)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="*")
    parser.add_argument("--blender")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--write", action="store_true", help="put the numbers into docs/performance.md")
    args = parser.parse_args()
    lines = []

    def say(line: str) -> None:
        print(line, flush=True)
        lines.append(line)

    for faces in (250, 1000, 4000):
        folder = tempfile.mkdtemp(prefix="meshkiln-bench-")
        try:
            speed, rate = read_speed(Path(folder), faces, args.records)
        finally:
            shutil.rmtree(folder)
        say(f"- reading {args.records} records of {faces} faces from cache: {speed:.2f} GB/s, {rate:,.0f} records/s")
    blender = find_blender(args.blender)
    paths = args.paths or [corpus() / "blend"]
    files = [file for file in find_files(paths) if wrong_with(file.path) is None]
    if not files:
        say("- no files to extract")
    else:
        opened, one, two = [], [], []
        for _ in range(args.rounds):
            opened.append(open_all(files, blender))
            one.append(extract_all(paths, args.blender, 1))
            two.append(extract_all(paths, args.blender, 2))
        (wall, busy), (wall1, busy1), (wall2, _) = best(opened), best(one), best(two)
        say(f"- {len(files)} files, {blender.name}: opening takes {wall:.2f} s ({busy:.2f} s of processor time)")
        say(f"- extracting with one job: {wall1:.2f} s ({busy1:.2f} s of processor time)")
        say(f"- extracting / opening: {wall1 / wall:.2f} in wall time, {busy1 / busy:.2f} in processor time")
        say(f"- two jobs: {wall2:.2f} s, {wall1 / wall2:.2f} times as fast as one")
    if args.write:
        write(lines)
    return 0


def write(lines: list[str]) -> None:
    path = ROOT / "docs" / "performance.md"
    text = path.read_text(encoding="utf-8") if path.exists() else "# Performance\n"
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, numpy {np.__version__}"
    if hasattr(os, "getloadavg"):
        machine += f", load {os.getloadavg()[1]:.0f}"  # on a busy computer only processor times are meaningful
    section = f"{HEADING}\n\nBy `scripts/bench_dataset.py` ({machine}):\n\n" + "\n".join(lines) + "\n"
    pattern = re.compile(re.escape(HEADING) + r".*?(?=\n## |\Z)", re.DOTALL)
    text = pattern.sub(lambda _: section, text) if HEADING in text else text.rstrip() + "\n\n" + section
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
