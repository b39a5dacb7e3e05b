"""Names to labels: one normaliser for file names, object names and prompts, and other texts of a record.

Knows naming habits of asset packs and the words for colours and materials. Knows nothing of vectors or models.
"""

import re
from collections.abc import Iterable, Sequence

import numpy as np

# Words of files, packs and tools that say nothing about the object
NOISE = frozenset(
    """obj gltf glb fbx blend blends blender mesh model models prop props environment pack kit mega standard free
    lowpoly low poly vol part parts untitled copy final new test demo export exports exported version ver updated
    texture textures textured material default object collection scene group empty geometry geo
    bits addons assets asset sources files kaykit kenney kenny quaternius patreon cc0 d g r l xl
    modular without with base color ingredient food sm sk mdl""".split()
)
# Words that distinguish variants of one object: names that differ only in these are one family
VARIANTS = frozenset(
    """small medium large big tiny huge tall short long wide narrow thin thick high low half quarter full double triple
    single simple basic detailed decorated plain broken cracked damaged open opened closed empty filled lit unlit
    old dark light red orange yellow green blue purple pink white grey gray black brown gold golden silver bronze
    left right top bottom front back side center middle corner inner outer end straight curve curved diagonal
    round square flat upper lower stack stacked cut chopped cooked common alt variant type
    one two three four five six""".split()
)
ENDINGS = frozenset("able ible ment ness less ship ward wise tion sion ings".split())
COLOR_WORDS = frozenset(
    "red orange yellow green blue purple pink white grey black brown cyan teal beige golden".split()
)
# folder or pack word: the theme as an artist would call it
THEMES = {
    "furniture": "furniture", "nature": "nature", "dungeon": "dungeon", "medieval": "medieval", "space": "space",
    "scifi": "scifi", "sci": "scifi", "city": "city", "halloween": "halloween", "restaurant": "restaurant",
    "kitchen": "kitchen", "vehicles": "vehicle", "vehicle": "vehicle", "cars": "vehicle", "weapons": "weapon",
    "pirate": "pirate", "castle": "castle", "graveyard": "graveyard", "train": "train", "farm": "farm",
    "western": "western", "fantasy": "fantasy", "holiday": "holiday", "sushi": "food", "survival": "survival",
    "town": "town", "suburban": "town", "characters": "character", "animals": "animal", "trees": "tree",
    "platformer": "platformer", "racing": "racing", "market": "shop", "spaceship": "space", "rpg": "fantasy",
}  # fmt: skip
# a word in a slot's name: the material
STUFFS = {
    "wood": "wooden", "wooden": "wooden", "plank": "wooden", "bark": "wooden", "metal": "metal", "iron": "metal",
    "steel": "metal", "gold": "golden", "stone": "stone", "rock": "stone", "brick": "brick", "bricks": "brick",
    "glass": "glass", "leaf": "leafy", "leaves": "leafy", "cloth": "fabric", "fabric": "fabric", "carpet": "fabric",
    "leather": "leather", "snow": "snowy", "straw": "straw", "concrete": "concrete", "marble": "marble",
}  # fmt: skip
# Excluded from every generated label, so that tests can check whether unseen synonyms are understood
UNHEARD = frozenset({"couch", "cask", "automobile", "hut", "cabinet"})


def split_words(name: str) -> list[str]:
    """Lower-case words of a file or object name: cut at signs, digits and camelCase; a pack's name after a dash
    ("Tree2-TreePack") is left out."""
    name = re.sub(r"\.(obj|glb|gltf|fbx|blend|json|dae|stl|ply)$", "", name, flags=re.I)
    name = re.sub(r"\.\d{3,}$", "", name)
    name = re.sub(r"-[A-Z][A-Za-z_ ]*Pack\w*$", "", name)
    name = re.sub(r"[-_ ][A-Z]?[a-z]+[-_ ]?[Pp]ack$", "", name)
    name = re.sub(r"glTF|GLTF", " ", name)
    name = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return re.findall("[a-z]+", name.lower())


def normalise(name: str) -> str:
    """`building_windmill_blue_02.obj` -> "building windmill blue". Never empty unless the name has no letters."""
    every = split_words(name)
    kept = [w for w in every if len(w) > 1 and w not in NOISE]
    kept = [piece for w in kept for piece in _split_compound(w)]
    kept = [w for w in kept if len(w) > 1 and w not in NOISE] or every
    return " ".join(dict.fromkeys(kept))


def _split_compound(word: str) -> list[str]:
    """ "kitchentable" -> kitchen, table: only if the table of words doesn't know the whole but both halves, and the
    second is no ending ("stackable")."""
    from .word_table import table

    known = table().index
    if word in known or len(word) < 8:
        return [word]
    for cut in range(len(word) - 4, 3, -1):
        if word[:cut] in known and word[cut:] in known and word[cut:] not in ENDINGS:
            return [word[:cut], word[cut:]]
    return [word]


def stem(label: str) -> str:
    """A label without the words that only distinguish variants: the name of its family."""
    kept = [w for w in label.split() if w not in VARIANTS]
    return " ".join(kept or label.split())


def theme_words(folders: Sequence[str]) -> list[str]:
    """Themes in the names of the folders or the pack, without duplicates."""
    words = [w for folder in folders for w in split_words(folder)]
    return list(dict.fromkeys(THEMES[w] for w in words if w in THEMES))


def style_of(source: str) -> str:
    """The library whose style an asset has; "other" if it has no style of its own."""
    for library in ("kaykit", "kenney", "quaternius", "generated"):
        if source.startswith(library):
            return library
    return "other"


def srgb(linear: np.ndarray) -> np.ndarray:
    """Linear light as it is seen: sRGB, 0..1."""
    value = np.clip(linear, 0, 1)
    return np.where(value <= 0.0031308, value * 12.92, 1.055 * value ** (1 / 2.4) - 0.055)


def color_word(linear: Iterable[float]) -> str:
    """The plain word for a linear RGB colour."""
    r, g, b = srgb(np.array(list(linear)[:3], float)).tolist()
    high, low = max(r, g, b), min(r, g, b)
    chroma = high - low
    if chroma < 0.09 or (high > 0.25 and chroma / high < 0.16):
        return "black" if high < 0.28 else "grey" if high < 0.8 else "white"
    if high < 0.2:
        return "black"
    hue = (
        ((g - b) / chroma) % 6 if high == r else (b - r) / chroma + 2 if high == g else (r - g) / chroma + 4
    ) * 60  # fmt: skip
    saturation = chroma / high
    if 10 <= hue < 48 and (high < 0.62 or saturation < 0.45):
        return "beige" if high > 0.75 and saturation < 0.45 else "brown"
    for limit, word in ((14, "red"), (42, "orange"), (66, "yellow"), (165, "green"), (200, "cyan"), (258, "blue")):
        if hue < limit:
            return word
    if hue < 300:
        return "purple"
    return "pink" if hue < 345 and high > 0.6 else "red"


def slot_words(names: Sequence[str], colors: np.ndarray, areas: np.ndarray) -> tuple[list[str], list[str]]:
    """(colour words, material words) of an asset, larger slots first. colors (S, 3) linear, areas (S,) shares."""
    order = np.argsort(-np.asarray(areas), kind="stable")
    tones: list[str] = []
    stuffs: list[str] = []
    for slot in order:
        if areas[slot] < 0.2:
            continue
        tones.append(color_word(colors[slot]))
        stuffs += [STUFFS[w] for w in split_words(names[slot]) if w in STUFFS]
    return list(dict.fromkeys(tones)), list(dict.fromkeys(stuffs))
