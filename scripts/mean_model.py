"""The mean of models that were trained on from one another: often better than any of them (docs/experiments.md).

    python scripts/mean_model.py OUT MODEL [MODEL ...] [--store int8]

A MODEL may be FILE=WEIGHT to count WEIGHT times. OUT's card is that of the last MODEL and says what it is the mean of.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np
from meshkiln.trainer.model import checkpoint


def weighed(text: str) -> tuple[str, float]:
    path, _, weight = text.partition("=")
    return path, float(weight or 1.0)


def mean(models: list[tuple[str, float]]) -> tuple[checkpoint.Info, dict[str, np.ndarray]]:
    """The last model's description, with all source models in its card (means count as their sources), and the weighted
    mean of their tensors.

    Raises ValueError for models that are not of one size and language."""
    total = sum(weight for _, weight in models)
    summed: dict[str, np.ndarray] = {}
    parts: list[dict[str, Any]] = []
    first = None
    for path, weight in models:
        info, arrays = checkpoint.load(path)
        first = first or info
        if (info.language, info.config) != (first.language, first.config):
            raise ValueError(f"{path}: is of another size or language than {models[0][0]}")
        for name, array in arrays.items():
            share = np.asarray(array, np.float32) * np.float32(weight / total)
            summed[name] = summed[name] + share if name in summed else share
        about = {key: info.card[key] for key in ("seed", "steps", "minutes") if key in info.card}
        for part in info.card.get("mean_of", [{"share": 1.0, **about}]):
            parts.append(part | {"share": round(part["share"] * weight / total, 4)})
    info.card["mean_of"] = parts
    return info, summed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("models", nargs="+", type=weighed, metavar="MODEL")
    parser.add_argument("--store", default="int8", choices=checkpoint.STORES)
    args = parser.parse_args()
    try:
        info, arrays = mean(args.models)
    except ValueError as error:
        sys.exit(f"mean_model: {error}")
    checkpoint.save(
        args.out, arrays, info.config, info.spec, craft=info.craft, preset=info.preset, card=info.card, store=args.store
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
