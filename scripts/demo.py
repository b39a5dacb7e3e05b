"""Shows Meshkiln at work: `python3 scripts/demo.py ["PROMPT"]`. Standard library only; makes its own `.venv`.

First a round trip: a small .blend is read, written into a new file, and both are rendered. Then generation: the bundled
starter model makes an asset from the prompt, saves it as .blend and renders it.
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

from workshop import ROOT, Missing, say, workshop

SAMPLE = ROOT / "scripts" / "demo.blend"


def meshkiln(python: Path, *arguments: str) -> dict:
    """Run a verb with --json; its progress goes to the screen, its last line is returned."""
    command = [str(python), "-m", "meshkiln", *arguments, "--json"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    if done.returncode or not lines:
        print(done.stdout, file=sys.stderr)
        raise Missing(f"`meshkiln {' '.join(arguments)}` failed with exit code {done.returncode}.")
    return json.loads(lines[-1])


def photograph(python: Path, files: list[Path], out: Path) -> None:
    command = [str(python), str(ROOT / "scripts" / "photo.py"), *map(str, files), "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Missing(f"The picture failed:\n{done.stderr[-2000:]}")


def there_and_back(python: Path, sample: Path, out: Path) -> None:
    """Extract, report, inject into a new file, and show before and after side by side."""
    dataset, copy, picture = out / "dataset", out / f"{sample.stem}-again.blend", out / "before-after.png"
    say(f"reading {sample.name}")
    seen = meshkiln(python, "extract", str(sample), "--out", str(dataset))
    summary = f"{seen['records']} records in {seen['seconds']:.1f} s"
    say(f"saw {summary if seen['records'] else 'nothing new: it is already in the dataset'}")
    say("injecting them into a new file")
    made = meshkiln(python, "inject", str(dataset), "--out", str(copy), "--trust", "--force")
    say(
        f"made {made['objects']} objects in {made['seconds']:.1f} s"
        + "".join(f"\n  not expressed: {n}" for n in made["not_expressed"])
    )
    law = meshkiln(python, "roundtrip", str(sample))
    say(f"compared value by value: {law['equal']} of {law['values']} agree")
    photograph(python, [sample, copy], picture)
    say(f"before and after: {picture}")


def generate(python: Path, prompt: str, out: Path, more: list[str]) -> None:
    """From words to a .blend and a picture of it."""
    name = "".join(c if c.isalnum() else "-" for c in prompt).strip("-") or "asset"
    blend, picture = out / f"{name}.blend", out / f"{name}.png"
    say(f'generating "{prompt}" with the bundled starter model')
    began = time.monotonic()
    made = meshkiln(python, "generate", prompt, "--out", str(blend), "--force", *more)
    whole = time.monotonic() - began
    for thing in made["objects"]:
        materials = ", ".join(m if isinstance(m, str) else m.get("name", "?") for m in thing["materials"]) or "none"
        say(f"{thing['name']}: {thing['faces']} faces, {thing['quads']} of them quads; materials: {materials}")
    say(
        f"first face after {made['first_face_seconds']:.2f} s, {made['polygons_per_second']:.0f} polygons per second, "
        f"{made['seconds']:.1f} s in the {made['engine']} engine, {whole:.1f} s including starting Blender and saving"
    )
    photograph(python, [blend], picture)
    say(f"saved {blend}\n           picture {picture}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("prompt", nargs="?", default="a wooden barrel", help="what to make, in a few words")
    parser.add_argument("--file", type=Path, default=SAMPLE, help="a .blend to read and write back")
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "demo", help="output folder")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    python = workshop()
    args.out.mkdir(parents=True, exist_ok=True)
    there_and_back(python, args.file.resolve(), args.out.resolve())
    generate(python, args.prompt, args.out.resolve(), ["--seed", str(args.seed)])
    return 0


if __name__ == "__main__":
    sys.exit(main())
