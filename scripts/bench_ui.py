"""Measure the extension in a real Blender window: gaps between turns of the main thread, seconds to the first face.

    python scripts/bench_ui.py [--shot ../shared/real-blender/shot] [--versions 4.3 5.2] [--prompt barrel]

Builds the extension, installs it into a fresh profile and operates it with the mouse. Prints a table and, with --json,
a line of JSON. The numbers while generating and idle come from the same run.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from build_extension import ROOT, build

SHOT = ROOT.parent / "shared" / "real-blender" / "shot"
SCENARIO = Path(__file__).resolve().parent / "scenarios" / "bench.py"


def measure(shot: Path, version: str, archive: Path, prompt: str) -> dict:
    with tempfile.TemporaryDirectory() as out:
        words = [shot, version, "--out", out, "--install", archive, SCENARIO, "--", prompt]
        done = subprocess.run([str(w) for w in words], capture_output=True, text=True, check=False)
    for line in done.stdout.splitlines():
        if line.startswith("BENCH "):
            return json.loads(line[6:])
    raise SystemExit(f"Blender {version} did not finish the scenario:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shot", type=Path, default=SHOT, help="the program that drives real Blender windows")
    parser.add_argument("--versions", nargs="+", default=["4.3", "5.2"])
    parser.add_argument("--prompt", default="barrel")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    results = {}
    with tempfile.TemporaryDirectory() as dist:
        archive = build(Path(dist))
        for version in args.versions:
            results[version] = measured = measure(args.shot, version, archive, args.prompt)
            cold, warm = measured["cold"], measured["warm"]
            print(f"Blender {version}: first face {cold['first_face']} s cold, {warm['first_face']} s warm;", end=" ")
            print(f"whole {cold['seconds']} and {warm['seconds']} s for {cold['faces']} and {warm['faces']} faces")
            for name in ("idle", "generating"):
                gap = measured[name]
                print(f"  {name:10} turns of the main thread: median {gap['median']} ms, ", end="")
                print(f"99% within {gap['p99']} ms, worst {gap['worst']} ms")
            print(f"  our own longest turn: {measured['our_worst_turn']} ms")
    if args.json:
        print(json.dumps(results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
