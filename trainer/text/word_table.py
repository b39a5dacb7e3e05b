"""Words to vectors: a static table, read with numpy alone.

Knows how a prompt is split into content words and how to get each word's vector. Knows nothing of models, labels or
records. The table (trainer/models/words.safetensors, written by research/distil_text.py) holds whole words and word
tails ("##light"); a word that is not in it is composed of the longest known pieces.
"""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

import numpy as np

WORDS = 6  # word positions of a prompt
DIMENSIONS = 96
LONGEST = 20  # letters of the longest piece to look up
TABLE = Path(__file__).resolve().parent.parent / "models" / "words.safetensors"

# Words that say nothing about the object. Sizes, colours, materials and counts are kept.
STOP_WORDS = frozenset(
    """a an the of with without and or in on at by for from to into onto over under near as is are was be being it its
    this that these those some any very really quite just please make me create generate model models mesh asset object
    thing my your our i we you can could would should want need give show 3d render like kind sort type style game
    ready polygon poly low lowpoly has have having made out up off there which who that s""".split()
)


class WordTable:
    """vectors int8 (N, 96) with one scale a row; `index` maps a word or "##tail" to its row."""

    def __init__(self, path: Path = TABLE) -> None:
        from ...records.tensors import open_tensors

        tensors = open_tensors(path)
        self.vectors = np.asarray(tensors["vectors"])
        self.scales = np.asarray(tensors["scales"], np.float32)
        names = np.asarray(tensors["vocabulary"]).tobytes().decode("ascii").split("\n")
        self.index = {name: row for row, name in enumerate(names)}
        self.names = names

    def row(self, row: int) -> np.ndarray:
        result: np.ndarray = self.vectors[row].astype(np.float32) * self.scales[row]
        return result

    def vector(self, word: str) -> np.ndarray:
        """Unit vector (96,) float32 of one lower-case word; zeros if no piece of it is known."""
        row = self.index.get(word)
        if row is not None:
            return self.row(row)
        for singular in _singulars(word):
            if singular in self.index:
                return self.row(self.index[singular])
        total = np.zeros(DIMENSIONS, np.float32)
        for piece in self.pieces(word):
            total += self.row(self.index[piece]) * len(piece.removeprefix("##"))
        length = float(np.linalg.norm(total))
        return total / length if length > 1e-6 else total

    def pieces(self, word: str) -> list[str]:
        """The longest known pieces from the left. A tail of four letters or more that is itself a word counts as
        that word ("oak-table", "treehouse"): compounds of nouns are the usual unknown here."""
        out: list[str] = []
        start = 0
        while start < len(word):
            for end in range(min(len(word), start + LONGEST), start, -1):
                part = word[start:end]
                whole = part in self.index and (start == 0 or len(part) >= 4)
                if whole or (start and "##" + part in self.index):
                    out.append(part if whole else "##" + part)
                    start = end
                    break
            else:
                start += 1  # a character that no word of the table has
        return out


def _singulars(word: str) -> list[str]:
    if word.endswith("ies"):
        return [word[:-3] + "y"]
    if word.endswith("ves"):
        return [word[:-3] + "f", word[:-3] + "fe"]
    if word.endswith("es"):
        return [word[:-1], word[:-2]]
    return [word[:-1]] if word.endswith("s") and len(word) > 3 else []


@lru_cache(maxsize=65536)
def singular(word: str) -> str:
    """ "potions" -> "potion"; a word as it is where no singular is known that means the same ("glass", "lens")."""
    known = table().index
    for other in _singulars(word):
        if other in known and (word not in known or float(_vector(word) @ _vector(other)) > 0.5):
            return other
    return word


@lru_cache(maxsize=1)
def table() -> WordTable:
    return WordTable()


def content_words(text: str) -> list[str]:
    """Lower-case words in order, without stop words and duplicates. If there are only stop words, all of them."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain).lower()
    every = [w[:60] for w in dict.fromkeys(re.findall("[a-z]+", plain[:2000]))]
    kept = [w for w in every if w not in STOP_WORDS and (len(w) > 1)]
    return kept or every


@lru_cache(maxsize=65536)
def _vector(word: str) -> np.ndarray:
    vector = table().vector(word)
    vector.flags.writeable = False
    return vector


def words(text: str, count: int = WORDS) -> np.ndarray:
    """(count, 96) float32: one unit vector per content word, zeros for unused rows."""
    out = np.zeros((count, DIMENSIONS), np.float32)
    for at, word in enumerate(content_words(text)[:count]):
        out[at] = _vector(word)
    return out


def phrase(text: str) -> np.ndarray:
    """One unit vector (96,) for a whole text, for comparing and searching. The last word, in English usually the noun,
    counts double."""
    words = content_words(text)[:WORDS]
    total = np.zeros(DIMENSIONS, np.float32)
    for at, word in enumerate(words):
        total += _vector(word) * (2.0 if at == len(words) - 1 else 1.0)
    length = float(np.linalg.norm(total))
    return total / length if length > 1e-6 else total


def similarity(a: str, b: str) -> float:
    """Cosine of two texts, -1..1."""
    return float(phrase(a) @ phrase(b))


def alike(a: str, b: str) -> bool:
    """Whether two texts name the same kind of object: a shared noun, or nouns with nearly the same meaning."""
    words, other = content_words(a), content_words(b)
    if not words or not other:
        return False
    if words[-1] in other or other[-1] in words:
        return True
    return similarity(words[-1], other[-1]) > 0.75


def nearest(text: str, among: list[str] | None = None, count: int = 10) -> list[tuple[str, float]]:
    """The texts of `among` (all whole words of the table if not given) that are nearest in meaning, best first."""
    wanted = phrase(text)
    if among is None:
        known = table()
        among = [n for n in known.names if not n.startswith("##")]
        rows = np.array([known.index[n] for n in among])
        scores = (known.vectors[rows].astype(np.float32) * known.scales[rows, None]) @ wanted
    else:
        scores = np.array([phrase(a) @ wanted for a in among], np.float32)
    order = np.argsort(-scores, kind="stable")[:count]
    return [(among[i], float(scores[i])) for i in order]
