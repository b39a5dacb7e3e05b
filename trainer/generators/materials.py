"""Materials by words: what "red", "shiny wooden" or "frosted glass" mean in a Principled shader's values.

`material(rng)` gives (material as in a record, label). Plain ones come from the palette; some are small node trees
(wood grain, rust, stone, marble, clouded glass), in the notation of docs/records.md, for words that want a pattern.
"""

import random
from typing import Any

from ...records import plain_material
from .palette import FAMILIES, GLOW, PAINT, linear

# word: what it does to roughness (and more) of whatever it describes
SURFACES: dict[str, dict[str, float]] = {
    "shiny": {"roughness": 0.12}, "polished": {"roughness": 0.1}, "glossy": {"roughness": 0.08},
    "matte": {"roughness": 0.95}, "rough": {"roughness": 0.92}, "smooth": {"roughness": 0.25},
    "dull": {"roughness": 0.85}, "satin": {"roughness": 0.4},
}  # fmt: skip
STUFF_WORDS = {
    "wood": ("wooden", "wood", "oak", "timber"), "metal": ("metal", "metallic", "steel", "aluminium"),
    "iron": ("iron", "wrought iron"), "gold": ("gold", "golden"), "silver": ("silver",), "bronze": ("bronze", "brass"),
    "copper": ("copper",), "stone": ("stone", "rock", "granite"), "brick": ("brick", "bricks"),
    "plaster": ("plaster", "stucco"), "paint": ("painted", "paint", "lacquer", ""), "plastic": ("plastic",),
    "cloth": ("fabric", "cloth", "cotton", "velvet"), "leather": ("leather",),
    "leaf": ("leaves", "leaf", "foliage", "grass"),
    "bark": ("bark",), "glass": ("glass", "transparent glass", "crystal clear"), "ceramic": ("ceramic", "porcelain"),
    "clay": ("clay", "terracotta"), "rubber": ("rubber",), "roof": ("roof tiles", "tiled"), "straw": ("straw", "hay"),
    "paper": ("paper", "parchment"), "wax": ("wax",), "concrete": ("concrete", "cement"), "snow": ("snow", "ice"),
    "water": ("water",), "gem": ("crystal", "gem", "ruby"), "bone": ("bone", "ivory"),
    "soil": ("soil", "dirt", "earth"),
    "bread": ("bread",),
}  # fmt: skip


def shade(rng: random.Random, color: tuple[int, int, int]) -> list[float]:
    light = rng.uniform(0.88, 1.12)
    return [linear(min(255.0, c * light * rng.uniform(0.95, 1.05)) / 255) for c in color]


def material(rng: random.Random) -> tuple[dict[str, Any], str]:
    """One material and the words for it, each draw another."""
    roll = rng.random()
    if roll < 0.06:
        word = rng.choice(list(GLOW))
        color = shade(rng, GLOW[word])
        noun = {"flame": "fire", "light": "warm light", "screen": "screen", "red": "red light", "green": "green light"}[
            word
        ]
        label = f"{rng.choice(('glowing', 'emissive', 'neon', ''))} {noun}".strip()
        return plain_material(label, tuple(color), 0.5, emission=tuple(color)), label
    if roll < 0.24:
        return patterned(rng)
    family = rng.choice(list(FAMILIES))
    if rng.random() < 0.25:
        family = rng.choice(("paint", "wood", "metal", "glass", "plastic", "stone"))
    word, roughness, metallic, transmission, colors = FAMILIES[family]
    tone = rng.choice(list(colors))
    color = shade(rng, colors[tone])
    words = [tone] if tone else []
    # colour words go with anything: a blue wooden chair is blue
    if not words and rng.random() < 0.35:
        tone = rng.choice(list(PAINT))
        color = shade(rng, PAINT[tone])
        words = [tone]
    roughness = min(1.0, roughness * rng.uniform(0.88, 1.12))
    if rng.random() < 0.25:
        surface = rng.choice(list(SURFACES))
        roughness = SURFACES[surface]["roughness"] * rng.uniform(0.9, 1.05)
        words.insert(0, surface)
    stuff = rng.choice(STUFF_WORDS.get(family, (word,)))
    if family == "paint" and rng.random() < 0.5:
        stuff = ""
    if family == "gem" and stuff == "ruby":
        color, words = shade(rng, (214, 40, 70)), [w for w in words if w in SURFACES]
    label = " ".join([*words, *([stuff] if stuff else [])]) or "grey"
    made = plain_material(label, tuple(color), min(1.0, roughness), metallic, transmission=transmission)
    return made, label


def node(type_: str, name: str, inputs: dict[str, Any] | None = None, **properties: Any) -> dict[str, Any]:
    listed = [{"id": key, "value": value} for key, value in (inputs or {}).items()]
    return {
        "type": type_,
        "name": name,
        "location": [0.0, 0.0],
        "properties": properties,
        "inputs": listed,
        "outputs": [],
    }


def patterned(rng: random.Random) -> tuple[dict[str, Any], str]:
    """A small tree: a texture through a colour ramp into a Principled shader."""
    word, dark, light, rough, metallic, texture = rng.choice(
        (
            ("wood grain", (92, 58, 36), (168, 118, 70), 0.65, 0.0, "wave"),
            ("oak planks", (120, 82, 48), (190, 146, 94), 0.6, 0.0, "wave"),
            ("rusty metal", (96, 50, 28), (150, 142, 136), 0.7, 0.7, "noise"),
            ("marble", (226, 224, 220), (120, 120, 126), 0.2, 0.0, "noise"),
            ("mossy stone", (88, 112, 60), (130, 130, 128), 0.95, 0.0, "noise"),
            ("weathered stone", (100, 98, 96), (160, 156, 150), 0.92, 0.0, "voronoi"),
            ("lava", (40, 24, 22), (255, 110, 20), 0.8, 0.0, "noise"),
            ("grass", (56, 96, 40), (110, 160, 60), 0.9, 0.0, "noise"),
            ("sand", (198, 168, 116), (226, 202, 152), 0.95, 0.0, "noise"),
            ("leopard skin", (60, 40, 24), (214, 164, 92), 0.8, 0.0, "voronoi"),
        )
    )
    scale = rng.uniform(2, 12)
    low, high = shade(rng, dark) + [1.0], shade(rng, light) + [1.0]
    if texture == "wave":
        first = node("ShaderNodeTexWave", "Wave", {"Scale": scale, "Distortion": rng.uniform(2, 9), "Detail": 3.0})
        out = "Fac"
    elif texture == "voronoi":
        first, out = node("ShaderNodeTexVoronoi", "Voronoi", {"Scale": scale}), "Distance"
    else:
        first, out = node("ShaderNodeTexNoise", "Noise", {"Scale": scale, "Detail": rng.uniform(2, 8)}), "Fac"
    ramp = node("ShaderNodeValToRGB", "Ramp")
    start = rng.uniform(0.25, 0.45)
    ramp["properties"]["color_ramp"] = {
        "interpolation": rng.choice(("LINEAR", "LINEAR", "EASE")),
        "elements": [{"position": start, "color": low}, {"position": start + rng.uniform(0.15, 0.4), "color": high}],
    }
    values: dict[str, Any] = {"Roughness": min(1.0, rough * rng.uniform(0.9, 1.1)), "Metallic": metallic}
    if word == "lava":
        values["Emission Strength"] = rng.uniform(1.0, 4.0)
    shader = node("ShaderNodeBsdfPrincipled", "Principled", values)
    end = node("ShaderNodeOutputMaterial", "Output")
    end["properties"]["is_active_output"] = True
    links = [["Wave" if texture == "wave" else "Voronoi" if texture == "voronoi" else "Noise", out, "Ramp", "Fac"]]
    links += [["Ramp", "Color", "Principled", "Base Color"], ["Principled", "BSDF", "Output", "Surface"]]
    if word == "lava":
        links.append(["Ramp", "Color", "Principled", "Emission Color"])
    if rng.random() < 0.4:
        bump = node("ShaderNodeBump", "Bump", {"Strength": rng.uniform(0.1, 0.5)})
        links += [[links[0][0], out, "Bump", "Height"], ["Bump", "Normal", "Principled", "Normal"]]
        nodes = [first, ramp, bump, shader, end]
    else:
        nodes = [first, ramp, shader, end]
    color = [(a + b) / 2 for a, b in zip(low[:3], high[:3])]
    made = plain_material(word, tuple(color), values["Roughness"], metallic)
    made["tree"] = {"nodes": nodes, "links": links}
    return made, word
