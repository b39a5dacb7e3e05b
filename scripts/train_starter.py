"""From a corpus to the four models that the extension ships, in one command that can be stopped and started again.

    python scripts/train_starter.py CORPUS --minutes 120 [--preset starter] [--device cuda] [--out runs/starter]

CORPUS is any folder of .blend and model files (../shared/corpus is one). The steps are those of every artist: extract
the files into a dataset, build a set of it, train each craft for its share of the time; then the last checkpoints are
copied to trainer/models/. Finished steps are not repeated; training continues where it stopped. Each checkpoint's card
says what it learned from.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Geometry is the hard one; the others learn small languages.
SHARES = {"geometry": 0.8, "materials": 0.09, "modifiers": 0.05, "animation": 0.06}
SMALLER = {"starter": "compact"}  # the other crafts need less than geometry's preset, if there is something smaller
# The last state ships, not the one with the best held-out score: that score knows real work only, of which there is
# little for some crafts, and stopped them after a minute, before they had learned what their words mean.
SHIPPED = "last.safetensors"
STORE = {"geometry": "f16"}  # the others as int8: the extension holds four models


def corpus_folder(given: Path | None) -> Path:
    for folder in (given, os.environ.get("MESHKILN_CORPUS"), ROOT.parent / "shared" / "corpus"):
        if folder and Path(folder).is_dir():
            return Path(folder)
    sys.exit("train_starter: give the corpus folder, or set MESHKILN_CORPUS")


def run(*words: object) -> None:
    print("$", *words, flush=True)
    done = subprocess.run([str(w) for w in words], cwd=ROOT)
    if done.returncode:
        sys.exit(f"train_starter: {' '.join(map(str, words[:5]))} ... ended with {done.returncode}")


def meshkiln(*words: object) -> None:
    run(sys.executable, "-m", "meshkiln", *words)


def prepare(corpus: Path, out: Path) -> Path:
    """The curated set, made from CORPUS unless it is there."""
    dataset, curated = out / "dataset", out / "set"
    if not (curated / "set.json").exists():
        meshkiln("extract", corpus, "--out", dataset, "--jobs", max(1, (os.cpu_count() or 1) // 2))
        meshkiln("dataset", "build", dataset, "--out", curated)
    return curated


def shipped(out: Path, craft: str) -> Path:
    return out / craft / SHIPPED


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", nargs="?", type=Path)
    parser.add_argument("--minutes", type=float, default=120, help="for all four crafts together, without preparing")
    parser.add_argument("--out", type=Path, default=ROOT / "runs" / "starter")
    parser.add_argument("--preset", default="starter", help="of the geometry model")
    parser.add_argument(
        "--from", dest="start", type=Path, help="folder of earlier models to begin with: CRAFT.safetensors"
    )
    parser.add_argument("--device")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--crafts", nargs="+", default=list(SHARES), choices=list(SHARES))
    parser.add_argument("--set", type=Path, help="a curated set to use instead of making one")
    parser.add_argument("--no-install", action="store_true", help="leave trainer/models/ as it is")
    args = parser.parse_args()
    began = time.monotonic()
    args.out.mkdir(parents=True, exist_ok=True)
    curated = args.set or prepare(corpus_folder(args.corpus), args.out)
    total = sum(SHARES[c] for c in args.crafts)
    for craft in args.crafts:
        preset = args.preset if craft == "geometry" else SMALLER.get(args.preset, args.preset)
        more: list[object] = ["--device", args.device] if args.device else []
        if args.start and (args.start / f"{craft}.safetensors").exists():
            more += ["--from", args.start / f"{craft}.safetensors", "--basics"]  # see docs/experiments.md
        minutes = round(args.minutes * SHARES[craft] / total, 2)
        meshkiln("train", craft, "--data", curated, "--out", args.out / craft, "--preset", preset,
                 "--minutes", minutes, "--seed", args.seed, "--store", STORE.get(craft, "int8"), *more)  # fmt: skip
        if not args.no_install:
            shutil.copyfile(shipped(args.out, craft), ROOT / "trainer" / "models" / f"{craft}.safetensors")
    summary = {craft: str(shipped(args.out, craft)) for craft in args.crafts}
    print(json.dumps({"models": summary, "set": str(curated), "minutes": round((time.monotonic() - began) / 60, 1)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
