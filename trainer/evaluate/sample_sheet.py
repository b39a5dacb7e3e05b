"""A picture of what a model in training currently makes: a few samples of the most frequent labels.

    main([RUN])      draws RUN/samples/NUMBER.png from RUN's best checkpoint; `prepare_and_train.py` starts it

Runs in a process of its own at low priority, on numpy, so that training is hardly slowed down. Geometry only.
"""

from ...jobs import threads  # noqa: F401  before anything that loads numpy

# isort: split

import argparse
import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..generate import decoding
from ..mesh.picture import picture, png
from ..text import conditions

SIDE = 128
FACES = 80


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="samples")
    parser.add_argument("run", type=Path)
    args = parser.parse_args(argv)
    if hasattr(os, "nice"):
        os.nice(15)
    checkpoints = [args.run / name for name in ("best.safetensors", "last.safetensors")]
    checkpoint = next((path for path in checkpoints if path.is_file()), None)
    if checkpoint is None:
        print(f"{args.run}: nothing has been saved yet", file=sys.stderr)
        return 1
    out = args.run / "samples"
    out.mkdir(exist_ok=True)
    number = len(list(out.glob("*.png")))
    half = out / f".{number:04}.part"
    half.write_bytes(png(draw(checkpoint, words(args.run / "data" / "assets.jsonl"))))
    half.replace(out / f"{number:04}.png")
    return 0


def words(assets: Path, count: int = 4) -> list[str]:
    """The most frequent labels in a training set's list of assets."""
    labels: Counter[str] = Counter()
    with open(assets, encoding="utf-8") as lines:
        for line in lines:
            labels[str(json.loads(line).get("label") or "")] += 1
    labels.pop("", None)
    common = [label for label, _ in labels.most_common(count)]
    return (common * count)[:count] or ["box"] * count


def draw(checkpoint: Path, prompts: list[str]) -> NDArray[Any]:
    """Four pictures in a square (2 SIDE, 2 SIDE, 3) uint8."""
    model = decoding.load_model(checkpoint, "numpy")
    tiles = []
    for seed, prompt in enumerate(prompts):
        vectors, attributes = conditions.Condition(text=prompt, faces=FACES).arrays("geometry")
        limits = {"max_faces": 2 * FACES}
        made = decoding.generate(
            model,
            vectors,
            attributes,
            seed=seed,
            temperature=0.6,
            max_steps=8 * FACES,
            decoder=limits,
        )
        tiles.append(picture(made.records[0], SIDE))
    return np.concatenate([np.concatenate(tiles[:2], axis=1), np.concatenate(tiles[2:4], axis=1)])
