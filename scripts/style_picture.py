"""The picture of docs/styles.md: things of a library, what was made for its own nouns, and for others.

    python scripts/style_picture.py FOLDER [--out docs/images/style.png]

FOLDER holds model or .blend files of one library. Nothing is picked: kinds in the order of their number, seed 0.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from meshkiln.trainer.evaluate.library_evaluation import prompts, read_library
from meshkiln.trainer.generate.command import find_models
from meshkiln.trainer.generate.listener import Quiet
from meshkiln.trainer.generate.request import GenerateRequest
from meshkiln.trainer.generate.service import Service
from meshkiln.trainer.mesh import picture

ROW = 8  # things


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=Path("docs/images/style.png"))
    parser.add_argument("--minutes", default="0", help="how long the weights may learn")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        words = [
            "learn",
            str(args.folder),
            "--name",
            "Library",
            "--minutes",
            args.minutes,
            "--styles",
            scratch,
            "--json",
        ]
        done = subprocess.run([sys.executable, "-m", "meshkiln", *words], check=True, stdout=subprocess.PIPE, text=True)
        folder = Path(json.loads(done.stdout.strip().splitlines()[-1])["folder"])
        library = read_library(folder)
        own, everyday = prompts(library, ROW)
        service = Service()
        models = {craft: str(path) for craft, path in find_models([]).items()}
        shown, labels = [], []
        for noun in own[:ROW]:
            thing = library.thing(library.called(noun)[0])
            shown.append(thing.record(thing.label))
            labels.append(f"yours: {thing.label}")
        for noun in [*own[:ROW], *everyday[:ROW]]:
            request = GenerateRequest(noun, ("geometry", "materials"), models, best_of=12, style=str(folder))
            shown.append(service.make(request, Quiet())[0][0])
            labels.append(noun)
    picture.draw_sheet(shown, args.out, labels, columns=ROW, size=150)
    return 0


if __name__ == "__main__":
    sys.exit(main())
