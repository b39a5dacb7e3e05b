"""Materials by family: wood, metal, stone, paint, leaves, glass ... with the words that name their colour and stuff.

Colours are written as sRGB (as one reads them off a picture) and handed out linear, as Blender keeps them.
"""

import random
from typing import Any

from ...records import plain_material

# the colour words an artist uses, sRGB 0..255
PAINT = {
    "red": (196, 48, 43),
    "orange": (226, 122, 41),
    "yellow": (240, 196, 60),
    "green": (78, 148, 68),
    "blue": (52, 104, 180),
    "purple": (124, 72, 160),
    "pink": (230, 130, 160),
    "white": (235, 233, 228),
    "grey": (135, 138, 142),
    "black": (42, 42, 46),
    "brown": (120, 78, 48),
    "cyan": (70, 180, 196),
    "teal": (44, 128, 126),
    "beige": (214, 194, 158),
}
# ruff: noqa: E501  (a table reads best with one material a line)
# family: (material word, roughness, metallic, transmission, {colour word: sRGB})
FAMILIES: dict[str, tuple[str, float, float, float, dict[str, tuple[int, int, int]]]] = {
    "wood": (
        "wooden", 0.75, 0.0, 0.0,
        {"": (150, 100, 58), "dark": (92, 58, 36), "light": (196, 150, 96), "grey": (128, 116, 104), "red": (134, 66, 42)},
    ),
    "metal": (
        "metal", 0.38, 1.0, 0.0,
        {"": (168, 172, 178), "dark": (84, 88, 96), "light": (208, 212, 216)},
    ),
    "iron": ("iron", 0.55, 0.9, 0.0, {"dark": (66, 68, 74), "": (98, 100, 106)}),
    "steel": ("steel", 0.3, 1.0, 0.0, {"": (190, 196, 204)}),
    "gold": ("golden", 0.28, 1.0, 0.0, {"": (228, 176, 62)}),
    "silver": ("silver", 0.25, 1.0, 0.0, {"": (206, 208, 212)}),
    "bronze": ("bronze", 0.4, 1.0, 0.0, {"": (158, 106, 58)}),
    "copper": ("copper", 0.35, 1.0, 0.0, {"": (186, 104, 70)}),
    "stone": (
        "stone", 0.9, 0.0, 0.0,
        {"grey": (138, 138, 140), "dark": (92, 93, 98), "light": (182, 180, 174), "brown": (138, 118, 98)},
    ),
    "brick": ("brick", 0.9, 0.0, 0.0, {"red": (160, 80, 60), "brown": (140, 96, 70), "grey": (140, 136, 130)}),
    "plaster": ("plaster", 0.85, 0.0, 0.0, {"white": (228, 222, 208), "beige": (216, 196, 160), "": (206, 188, 160)}),
    "paint": ("painted", 0.5, 0.0, 0.0, PAINT),
    "plastic": ("plastic", 0.4, 0.0, 0.0, PAINT),
    "cloth": ("fabric", 0.9, 0.0, 0.0, PAINT),
    "leather": ("leather", 0.6, 0.0, 0.0, {"brown": (122, 74, 44), "dark": (70, 46, 34), "black": (44, 40, 40), "red": (140, 48, 40)}),
    "leaf": (
        "", 0.8, 0.0, 0.0,
        {"green": (84, 146, 62), "dark green": (48, 104, 56), "light green": (136, 180, 76), "autumn": (206, 120, 48)},
    ),
    "bark": ("", 0.9, 0.0, 0.0, {"": (112, 78, 54), "dark": (84, 60, 46), "birch": (206, 198, 186)}),
    "glass": ("glass", 0.06, 0.0, 0.92, {"": (220, 236, 240), "green": (104, 168, 112), "blue": (110, 170, 214), "brown": (150, 98, 50)}),
    "ceramic": ("ceramic", 0.25, 0.0, 0.0, {"white": (238, 236, 230), "blue": (72, 118, 172), "red": (182, 70, 54), "green": (96, 150, 110), "": (206, 150, 108)}),
    "clay": ("clay", 0.8, 0.0, 0.0, {"": (180, 104, 70), "brown": (142, 92, 62)}),
    "rubber": ("rubber", 0.85, 0.0, 0.0, {"black": (38, 38, 40)}),
    "roof": ("tiled", 0.8, 0.0, 0.0, {"red": (172, 74, 54), "blue": (66, 94, 140), "brown": (118, 76, 54), "grey": (96, 100, 108), "green": (74, 118, 84)}),
    "straw": ("straw", 0.95, 0.0, 0.0, {"": (214, 176, 96)}),
    "paper": ("paper", 0.9, 0.0, 0.0, {"": (236, 226, 200)}),
    "wax": ("", 0.6, 0.0, 0.0, {"white": (240, 232, 212), "red": (186, 54, 50), "": (232, 214, 170)}),
    "concrete": ("concrete", 0.9, 0.0, 0.0, {"": (160, 160, 158)}),
    "snow": ("snow", 0.7, 0.0, 0.0, {"white": (240, 244, 250)}),
    "water": ("water", 0.1, 0.0, 0.0, {"blue": (76, 146, 196)}),
    "gem": (
        "crystal", 0.12, 0.0, 0.5,
        {"red": (214, 40, 70), "blue": (60, 120, 230), "green": (50, 190, 110), "purple": (160, 80, 220), "pink": (240, 120, 190), "cyan": (90, 210, 230), "yellow": (246, 206, 70)},
    ),
    "flesh": ("", 0.6, 0.0, 0.0, PAINT),  # fruit, cheese, bread: named by colour only
    "bread": ("", 0.85, 0.0, 0.0, {"": (206, 148, 84), "dark": (158, 100, 54)}),
    "bone": ("bone", 0.7, 0.0, 0.0, {"": (228, 218, 192)}),
    "soil": ("", 1.0, 0.0, 0.0, {"": (94, 66, 46)}),
}  # fmt: skip
GLOW = {
    "flame": (255, 150, 40),
    "light": (255, 232, 170),
    "screen": (90, 170, 220),
    "red": (255, 60, 40),
    "green": (80, 255, 120),
}


def linear(srgb: float) -> float:
    return srgb / 12.92 if srgb <= 0.04045 else ((srgb + 0.055) / 1.055) ** 2.4


def choose(rng: random.Random, family: str, colors: tuple[str, ...] = ()) -> tuple[dict[str, Any], list[str]]:
    """A material (as in a record) and its words, colour first. "glow" takes its colours from GLOW."""
    if family == "glow":
        word = rng.choice(colors or tuple(GLOW))
        color = tuple(linear(c / 255) for c in GLOW[word])
        return plain_material(word.capitalize(), color, 0.5, emission=color), []
    stuff, roughness, metallic, transmission, choices = FAMILIES[family]
    word = rng.choice(colors or tuple(choices))
    light = rng.uniform(0.9, 1.1)
    color = tuple(linear(min(255.0, c * light * rng.uniform(0.96, 1.04)) / 255) for c in choices[word])
    material = plain_material(
        "".join(w.capitalize() for w in [*word.split(), family]),
        color,
        min(1.0, roughness * rng.uniform(0.85, 1.15)),
        metallic,
        transmission=transmission,
        alpha=1.0,
    )
    return material, [w for w in (*word.split(), stuff) if w]
