"""`meshkiln presets`: what each size of model costs, to know before training."""

import argparse
import json
from typing import Any

from ..codecs import codec
from ..model import presets
from ..model.config import parameter_count
from ..text import conditions

# bf16 operations per second in training, and bytes per second read in decoding, on two typical machines
DEVICES = {"2 CPU cores": (0.25e12, 15e9), "24 GB GPU": (60e12, 700e9)}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one line of JSON per preset")


def run(args: argparse.Namespace) -> int:
    rows = [describe(preset) for preset in presets.PRESETS.values()]
    if args.json:
        for row in rows:
            print(json.dumps(row))
        return 0
    head = f"{'preset':8} {'parameters':>10} {'GB to train':>11} {'to run':>7}"
    print(f"{head} {'assets learned / h':>22}  {'polygons / s':>12}")
    for row in rows:
        training = " / ".join(f"{value:.1f}" for value in row["training_gb"].values())
        memory = f"{training:>11} {row['inference_gb']:4.1f} GB"
        speed = f"{_both(row['assets_per_hour']):>22}  {_both(row['polygons_per_second']):>12}"
        print(f"{row['name']:8} {row['parameters'] / 1e6:9.1f}M {memory} {speed}   {row['for']}")
    print(
        f"Pairs are for {' / '.join(DEVICES)}: estimates for assets of 200 polygons; `scripts/bench_model.py` measures."
    )
    return 0


def _both(values: dict[str, float]) -> str:
    return " / ".join(f"{value:,.0f}" for value in values.values())


def describe(preset: presets.Preset) -> dict[str, Any]:
    """Numbers of a preset for the geometry craft: memory in GB, speeds by device."""
    from dataclasses import replace

    spec = replace(codec("geometry").spec, condition=conditions.cardinalities("geometry"))
    config = preset.config(spec)
    at_once = min(preset.positions, 8192)
    training = presets.training_bytes(config, at_once, preset.checkpointing)
    step = presets.training_flops(config)
    backbone, head = presets.decode_bytes(config)
    big = backbone > 200e6
    return {
        "name": preset.name,
        "for": preset.what,
        "parameters": parameter_count(config),
        "width": config.width,
        "layers": config.layers,
        "training_gb": {d: takes / 1e9 for d, takes in zip(DEVICES, (presets.processor_bytes(training), training))},
        "inference_gb": presets.inference_bytes(config, item=2 if big else 4) / 1e9,
        "assets_per_hour": {d: 3600 * flops / (step * 207) for d, (flops, _) in DEVICES.items()},
        "polygons_per_second": {d: min(900.0, speed / (backbone + head)) for d, (_, speed) in DEVICES.items()},
    }
