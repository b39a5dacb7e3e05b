"""The preference stage: a geometry model samples, the samples are ranked, and it learns to make the better ones.

    python scripts/prefer.py CHECKPOINT --out BETTER.safetensors [--data SET] [--way best|pairs]

Prompts are names of objects: half are generated kinds, everyday ones first, half are artists' labels. `meshkiln
evaluate --peer` and the contact sheet decide whether the result is better; it is kept only if both agree.
"""

from meshkiln.jobs import threads  # noqa: F401  # isort: skip  (before anything that loads numpy)

import argparse
import os
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from meshkiln.jobs.progress import Reporter
from meshkiln.trainer.data.geometry_set import EVERYDAY
from meshkiln.trainer.data.training_set import training_set
from meshkiln.trainer.generate.decoding import load_model
from meshkiln.trainer.generate.reference_shapes import FACTS, shipped_table
from meshkiln.trainer.generators import KINDS, generate
from meshkiln.trainer.learn import preference
from meshkiln.trainer.model import checkpoint
from meshkiln.trainer.text.conditions import STYLES

ROW = 1024
SHARE = 16  # prompts per process at a time


def labels(count: int, seed: int) -> list[tuple[str, str | None]]:
    """(label, style): half are generated kinds, drawn by how everyday they are, half are artists' labels."""
    rng = np.random.default_rng(seed)
    table = shipped_table()
    assert table is not None
    styles, generated = table.facts[:, FACTS.index("style")], STYLES.index("generated")
    theirs = sorted({label for label, style in zip(table.labels, styles) if style != generated})
    real = [(str(label), None) for label in rng.choice(theirs, size=count // 2)]
    kinds = list(KINDS.values())
    weights = np.array([kind.weight for kind in kinds]) ** EVERYDAY
    chosen = rng.choice(len(kinds), size=count - len(real), p=weights / weights.sum())
    made = [generate(kinds[k].key, int(rng.integers(1 << 40))).data["generated"]["noun"] for k in chosen]
    return [*real, *((str(noun), "generated") for noun in made)]


def sample(checkpoint: Path, prompts: list[tuple[str, str | None]], args: argparse.Namespace, seed: int) -> list[Any]:
    """The pairs of some prompts, in a process of its own."""
    model = load_model(checkpoint, "numpy")
    longest = ROW - model.info.config.prefix
    return preference.pairs(model, prompts, args.each, seed, longest, args.temperature, lambda share, text: None)


def sample_all(args: argparse.Namespace, reporter: Reporter) -> list[Any]:
    """The pairs of all prompts; the result does not depend on the number of processes."""
    prompts, pairs, done = labels(args.prompts, args.seed), {}, 0
    with ProcessPoolExecutor(args.jobs, mp_context=get_context("spawn")) as pool:
        parts = {
            pool.submit(sample, args.checkpoint, prompts[at : at + SHARE], args, args.seed + at): at
            for at in range(0, len(prompts), SHARE)
        }
        for part in as_completed(parts):
            pairs[parts[part]] = part.result()
            done += 1
            reporter.progress(done / len(parts), f"{done * SHARE} prompts asked")
    return [pair for at in sorted(pairs) for pair in pairs[at]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--data", type=Path, help="a set folder; training on it continues, to avoid forgetting")
    parser.add_argument("--way", choices=("best", "pairs"), default="pairs")
    parser.add_argument("--prompts", type=int, default=200)
    parser.add_argument("--each", type=int, default=8, help="samples of each prompt")
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--batch", type=int, default=8, help="pairs per step")
    parser.add_argument("--rate", type=float, default=2e-5)
    parser.add_argument("--temperature", type=float, default=0.7)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--store", default="f16")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes that sample")
    args = parser.parse_args()
    reporter = Reporter()
    reporter.phase("Sampling")
    sampled = sample_all(args, reporter)
    if not sampled:
        sys.exit("prefer: no prompt gave a sample that came to its end; train the model longer first")
    reporter.phase(f"Learning from {len(sampled)} pairs")
    info, arrays = checkpoint.load(args.checkpoint)
    samples = training_set(args.data, begun=True) if args.data else None
    tuner = preference.Tuner(info.config, arrays, args.way, args.rate, ROW, samples)
    result = tuner.tune(sampled, args.steps, args.batch, args.seed, reporter.progress)
    learned = {
        "way": args.way,
        "pairs": len(sampled),
        "each": args.each,
        "steps": args.steps,
        "from": str(args.checkpoint.name),
    }
    card = {**info.card, "preference": learned}
    checkpoint.save(
        args.out, tuner.arrays(), info.config, info.spec, craft="geometry", preset=info.preset, card=card,
        metrics=info.metrics, store=args.store,
    )  # fmt: skip
    apart = float(np.mean([pair.apart for pair in sampled]))
    reporter.done(checkpoint=str(args.out), pairs=len(sampled), apart=apart, **result)
    right = f", {result['ranked right']:.0%} of them ranked right" if args.way == "pairs" else ""
    print(f"{args.out}: {len(sampled)} pairs {apart:.2f} apart in score{right}, loss {result['loss']:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
