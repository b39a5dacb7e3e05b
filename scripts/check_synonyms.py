"""Does the model understand words that no label has? Five held-out words, each with a synonym from the labels.

    python scripts/check_synonyms.py GEOMETRY_CHECKPOINT [--seeds 8]

A sample agrees if the reference shape nearest to it has the synonym's name. Printed for the word, and for the synonym
itself. numpy only.
"""

from meshkiln.jobs import threads  # noqa: F401  # isort: skip  (before anything that loads numpy)

import argparse
import json
import sys
from pathlib import Path

from meshkiln.trainer.generate.listener import Quiet
from meshkiln.trainer.generate.reference_shapes import shipped_table
from meshkiln.trainer.generate.request import GenerateRequest
from meshkiln.trainer.generate.service import Service
from meshkiln.trainer.mesh import shape_descriptor
from meshkiln.trainer.text.word_table import alike

SISTERS = {"couch": "sofa", "cask": "barrel", "automobile": "car", "hut": "house", "cabinet": "cupboard"}


def agreeing(service: Service, checkpoint: Path, word: str, sister: str, seeds: int, best_of: int) -> int:
    table = shipped_table()
    assert table is not None
    count = 0
    for seed in range(seeds):
        models = {"geometry": str(checkpoint)}
        request = GenerateRequest(prompt=word, models=models, seed=seed, best_of=best_of, engine="numpy")
        made, _ = service.make(request, Quiet())
        count += alike(table.nearest(shape_descriptor.points(made[0])), sister)
    return count


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--best-of", type=int, default=12)
    args = parser.parse_args()
    service = Service()
    results = {}
    for word, sister in SISTERS.items():
        own, hers = (
            agreeing(service, args.checkpoint, asked, sister, args.seeds, args.best_of) for asked in (word, sister)
        )
        results[word] = own
        print(f"{word:12} {own} of {args.seeds} like a {sister} ({sister} itself: {hers})", flush=True)
    share = sum(results.values()) / (args.seeds * len(results))
    print(f"{share:.0%} agree with their synonym")
    print(json.dumps({"agreement": share, "words": results, "seeds": args.seeds}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
