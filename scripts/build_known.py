"""Writes the table of reference shapes: descriptors, measures and labels, as trainer/models/known.safetensors.

    python scripts/build_known.py SET [--each 16] [--looks 3]

`SET` is a training set; its real assets that are not held out go in once, each generated kind `--each` times, the first
`--looks` of them with shape descriptors, more for everyday kinds: otherwise a chest may count as a box because only
three chests are known. With more of every kind, artists' work would be outnumbered. Kinds with many names (a dog is one
of thirteen animals) continue until every name has occurred, so that a request for a dog does not match a hot dog.
"""

import argparse
import math
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from meshkiln.records.tensors import write_tensors
from meshkiln.trainer.data.geometry_set import EVERYDAY
from meshkiln.trainer.data.training_set import training_set
from meshkiln.trainer.generate.reference_shapes import TABLE, facts_of
from meshkiln.trainer.mesh import shape_descriptor

AXES = 48
NAMED = 3  # how often each name of a kind is the whole label of an entry, the first time with its descriptor
MOST = 400  # number of draws in which a kind's rarest name is searched


def draws(samples: Any, index: int, each: int, shown: int) -> tuple[list[int], list[int]]:
    """Seeds of a kind to store with descriptors, and without."""
    nouns = samples.kinds[index - samples.real].nouns
    met: Counter[str] = Counter()
    with_looks, without = [], []
    for seed in range(MOST):
        if seed >= each and all(met[noun] >= NAMED for noun in nouns):
            break
        label = samples.record(index, seed).data["label"]
        wanted = label in nouns and met[label] < NAMED
        if seed < shown or (wanted and not met[label]):
            with_looks.append(seed)
        elif seed < each or wanted:
            without.append(seed)
        met[label] += 1
    return with_looks, without


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("set", type=Path)
    parser.add_argument("--each", type=int, default=16)
    parser.add_argument("--looks", type=int, default=3)
    parser.add_argument("--out", type=Path, default=TABLE)
    args = parser.parse_args()
    samples = training_set(args.set)
    learned = np.setdiff1d(np.flatnonzero(samples.weights[: samples.real] > 0), samples.heldout)
    wanted, others = [(int(i), 0) for i in learned], []
    for index, kind in enumerate(samples.kinds, samples.real):
        shown = math.ceil(args.looks * max(1.0, kind.weight**EVERYDAY))
        with_looks, without = draws(samples, index, args.each, min(args.each, shown))
        wanted += [(index, seed) for seed in with_looks]
        others += [(index, seed) for seed in without]
    seen_of = len(wanted)
    wanted += others
    rows, labels, facts, points = [], [], [], []
    for number, (index, seed) in enumerate(wanted):
        record = samples.record(index, seed)
        seen = shape_descriptor.points(record)
        label = " ".join(str(record.data.get("label", record.name)).split())
        if len(seen) and label:
            if number < seen_of:
                rows.append(shape_descriptor.shape(seen))
                points.append((seen[: shape_descriptor.POINTS] * 256).clip(0, 255).astype(np.uint8))
            labels.append(label)
            facts.append(facts_of(record, seen))
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
