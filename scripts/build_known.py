"""Writes the table of known things: looks, measures and labels, as trainer/models/known.safetensors.

    python scripts/build_known.py SET [--each 16] [--looks 3]

`SET` is a training set; its real assets that are not held out go in once, each generated kind `--each` times, the first
`--looks` of them with their looks, of everyday kinds more: a chest shall not look like a box because only three chests
are known. Were there more of all of them, what artists made would be lost among them.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
from meshkiln.tensors import write_tensors
from meshkiln.trainer import looks
from meshkiln.trainer.known import TABLE, facts_of
from meshkiln.trainer.trainset import EVERYDAY, TrainSet

AXES = 48


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("set", type=Path)
    parser.add_argument("--each", type=int, default=16)
    parser.add_argument("--looks", type=int, default=3)
    parser.add_argument("--out", type=Path, default=TABLE)
    args = parser.parse_args()
    samples = TrainSet(args.set)
    learned = np.setdiff1d(np.flatnonzero(samples.weights[: samples.real] > 0), samples.heldout)
    everyday = [max(1.0, kind.weight**EVERYDAY) for kind in samples.kinds]
    drawn = [(k, seed) for seed in range(args.each) for k in range(len(everyday))]
    drawn.sort(key=lambda one: one[1] >= args.looks * everyday[one[0]])  # those with looks come first
    wanted = [(int(i), 0) for i in learned] + [(samples.real + k, seed) for k, seed in drawn]
    seen_of = len(learned) + sum(seed < args.looks * everyday[k] for k, seed in drawn)
    rows, labels, facts, points = [], [], [], []
    for number, (index, seed) in enumerate(wanted):
        record = samples.record(index, seed)
        seen = looks.points(record)
        label = " ".join(str(record.data.get("label", record.name)).split())
        if len(seen) and label:
            if number < seen_of:
                rows.append(looks.shape(seen))
                points.append((seen[: looks.POINTS] * 256).clip(0, 255).astype(np.uint8))
            labels.append(label)
            facts.append(facts_of(record))
    shapes = np.array(rows)
    middle = shapes.mean(0)
    _, _, axes = np.linalg.svd(shapes - middle, full_matrices=False)
    seen = (shapes - middle) @ axes[:AXES].T
    scales = np.abs(seen).max(1) / 127
    arrays = {
        "axes": axes[:AXES].astype(np.float16),
        "middle": middle.astype(np.float16),
        "rows": np.rint(seen / scales[:, None]).astype(np.int8),
        "scales": scales.astype(np.float32),
        "points": np.array(points),
        "facts": np.array(facts, np.float32),
        "labels": np.frombuffer("\n".join(labels).encode(), np.uint8),
    }
    write_tensors(args.out, arrays, {"what": "shapes and measures of known assets, with their labels"})
    size = args.out.stat().st_size // 1000
    print(f"{args.out.name}: {len(labels)} assets, {len(rows)} of them with looks, {size} KB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
