"""Do colours and materials follow words? Fifty prompts, each with the result that a person expects.

    python scripts/check_words.py MATERIALS_CHECKPOINT [--seeds 2] [--guidance 1.5]

Prints each prompt that failed and the share with the expected result. numpy only.
"""

from meshkiln.jobs import threads  # noqa: F401  # isort: skip  (before anything that loads numpy)

import argparse
import colorsys
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from meshkiln.trainer.codecs.language import to_srgb
from meshkiln.trainer.generate.decoding import generate, load_model
from meshkiln.trainer.text.conditions import Condition

Plain = dict[str, Any]


def hsv(plain: Plain) -> tuple[float, float, float]:
    h, s, v = colorsys.rgb_to_hsv(*(to_srgb(c) for c in plain["base_color"]))
    return h * 360, s, v


def hue(low: float, high: float, least: float = 0.3) -> Callable[[Plain], bool]:
    """A colour between two hues in degrees (through 0 where low > high), not too pale and not too dark."""

    def fits(plain: Plain) -> bool:
        h, s, v = hsv(plain)
        return s >= least and v > 0.15 and (low <= h <= high if low <= high else h >= low or h <= high)

    return fits


def metal(plain: Plain) -> bool:
    return plain["metallic"] > 0.6


def matt(plain: Plain) -> bool:
    return plain["metallic"] < 0.4 and plain["roughness"] > 0.45


def glass(plain: Plain) -> bool:
    return (plain["transmission"] > 0.4 or plain["alpha"] < 0.7) and plain["roughness"] < 0.4


def wood(plain: Plain) -> bool:
    return matt(plain) and hue(8, 50)(plain)


def dark(plain: Plain) -> bool:
    return hsv(plain)[2] < 0.45


def pale(plain: Plain) -> bool:
    return hsv(plain)[2] > 0.75 and hsv(plain)[1] < 0.25


def grey(plain: Plain) -> bool:
    return hsv(plain)[1] < 0.25


def shiny(plain: Plain) -> bool:
    return plain["roughness"] < 0.45


def both(*checks: Callable[[Plain], bool]) -> Callable[[Plain], bool]:
    return lambda plain: all(check(plain) for check in checks)


RED, ORANGE, YELLOW, GREEN, BLUE = hue(335, 18), hue(12, 45), hue(38, 68), hue(70, 165), hue(185, 255)
PURPLE, PINK, BROWN = hue(255, 315), hue(295, 20, 0.15), hue(5, 50)
PROMPTS: list[tuple[str, Callable[[Plain], bool]]] = [
    ("red", RED),
    ("green", GREEN),
    ("blue", BLUE),
    ("yellow", YELLOW),
    ("orange", ORANGE),
    ("purple", PURPLE),
    ("pink", PINK),
    ("brown", BROWN),
    ("black", dark),
    ("white", pale),
    ("grey", grey),
    ("red paint", RED),
    ("green plastic", both(GREEN, lambda p: p["metallic"] < 0.4)),
    ("blue car paint", BLUE),
    ("wooden", wood),
    ("wood", wood),
    ("dark wood", both(dark, matt)),
    ("oak table", wood),
    ("wooden barrel", wood),
    ("metal", metal),
    ("steel", metal),
    ("iron", metal),
    ("gold", both(metal, hue(30, 60))),
    ("silver", both(metal, grey)),
    ("copper", both(metal, hue(5, 40))),
    ("bronze", both(metal, hue(15, 55))),
    ("chrome", both(metal, shiny)),
    ("rusty iron", BROWN),
    ("metal sword", metal),
    ("glass", glass),
    ("glass bottle", glass),
    ("window glass", glass),
    ("green glass", both(glass, GREEN)),
    ("stone", both(matt, hue(0, 360, 0.0))),
    ("rock", matt),
    ("concrete", both(matt, grey)),
    ("brick", both(matt, hue(350, 40))),
    ("leaves", GREEN),
    ("grass", GREEN),
    ("snow", pale),
    ("water", hue(170, 255, 0.15)),
    ("rubber", both(matt, dark)),
    ("leather", both(matt, hue(0, 50))),
    ("red apple", RED),
    ("golden coin", both(metal, hue(30, 60))),
    ("fabric", matt),
    ("red cushion", both(RED, matt)),
    ("bark", both(matt, BROWN)),
    ("blue ceramic", BLUE),
    ("sand", hue(25, 60, 0.15)),
]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--temperature", type=float, default=0.4)
    parser.add_argument("--guidance", type=float, default=1.5)
    args = parser.parse_args()
    model = load_model(args.checkpoint, "numpy")
    good = total = 0
    for prompt, expected in PROMPTS:
        words, attributes = Condition(prompt).arrays("materials")
        for seed in range(args.seeds):
            result = generate(
                model, words, attributes, seed=seed, temperature=args.temperature, guidance=args.guidance, max_steps=128
            )
            plain = result.records[0].data["materials"][0]["plain"]
            total += 1
            good += expected(plain)
            if not expected(plain):
                values = {k: [round(c, 2) for c in v] if isinstance(v, list) else round(v, 2) for k, v in plain.items()}
                print(f"not as expected: {prompt}, seed {seed}: {values}")
    print(f"{good} of {total} ({good / total:.0%}) gave the expected result")
    return 0


if __name__ == "__main__":
    sys.exit(main())
