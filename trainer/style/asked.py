"""What a prompt asks of a thing that is already there: measures, a colour, parts to leave out.

asked("tall red barrel without a lid")      # Asked(stretch=(1, 1, 1.3), color="red", without=("lid",))
"""

import re
from dataclasses import dataclass

from ..text import word_table
from .manner import PLAIN_COLORS

# word: factors along x, y and z
STRETCHES: dict[str, tuple[float, float, float]] = {
    "tall": (1, 1, 1.3), "taller": (1, 1, 1.3), "high": (1, 1, 1.3), "short": (1, 1, 0.77), "shorter": (1, 1, 0.77),
    "low": (1, 1, 0.77), "flat": (1, 1, 0.7), "wide": (1.3, 1, 1), "wider": (1.3, 1, 1), "broad": (1.3, 1, 1),
    "narrow": (0.77, 1, 1), "narrower": (0.77, 1, 1), "deep": (1, 1.3, 1), "long": (1.3, 1.3, 1),
    "longer": (1.3, 1.3, 1),
    "thin": (0.8, 0.8, 1), "slim": (0.8, 0.8, 1), "slender": (0.8, 0.8, 1.1), "thick": (1.25, 1.25, 1),
    "fat": (1.25, 1.25, 1), "chunky": (1.25, 1.25, 0.95), "stocky": (1.15, 1.15, 0.85),
    "big": (1.4, 1.4, 1.4), "large": (1.4, 1.4, 1.4), "huge": (2, 2, 2), "giant": (2.5, 2.5, 2.5),
    "small": (0.7, 0.7, 0.7), "little": (0.7, 0.7, 0.7), "tiny": (0.4, 0.4, 0.4), "miniature": (0.4, 0.4, 0.4),
}  # fmt: skip
VERY = 1.6  # power of a factor after "very"


@dataclass(frozen=True)
class Asked:
    """`without`: words of parts, in the singular."""

    stretch: tuple[float, float, float] = (1.0, 1.0, 1.0)
    color: str = ""
    without: tuple[str, ...] = ()


def asked(prompt: str, label: str = "") -> Asked:
    """What the prompt asks for beyond what `label` says already: a thing called "tall lamp" is as tall as it is."""
    words = re.findall("[a-z]+", prompt.lower())
    known = set(label.split())
    head = words[: next((i for i, w in enumerate(words) if w in ("with", "without", "no")), len(words))]
    stretch = [1.0, 1.0, 1.0]
    color = ""
    for at, word in enumerate(head):
        if word in known:
            continue
        if word in STRETCHES:
            power = VERY if at and head[at - 1] == "very" else 1.0
            stretch = [a * b**power for a, b in zip(stretch, STRETCHES[word])]
        if word in PLAIN_COLORS:
            color = color or {"gray": "grey", "gold": "golden"}.get(word, word)
    without = []
    for found in re.finditer(r"\b(?:without|no) ((?:an? |any |the )?[a-z]+)", prompt.lower()):
        without.append(word_table.singular(found.group(1).split()[-1]))
    return Asked((stretch[0], stretch[1], stretch[2]), color, tuple(without))
