"""Words to vectors: synonyms lie near, unknown words are put together, the shape never changes."""

import numpy as np
import pytest
from meshkiln.trainer.text import word_table

SISTERS = [
    ("couch", "sofa"),
    ("cask", "barrel"),
    ("automobile", "car"),
    ("hut", "house"),
    ("cabinet", "cupboard"),
    ("toadstool", "mushroom"),
    ("boulder", "rock"),
    ("spruce", "pine"),
    ("lamppost", "streetlight"),
    ("tombstone", "gravestone"),
    ("goblet", "chalice"),
    ("ship", "boat"),
]
EVERYDAY = (
    "barrel chair table tree house crate sword rock fence boat car lamp bottle mushroom tower sofa cupboard".split()
)


@pytest.mark.parametrize("word, sister", SISTERS)
def test_a_synonym_is_nearer_to_its_sister_than_to_any_other_thing(word: str, sister: str) -> None:
    close = word_table.similarity(word, sister)
    others = [word_table.similarity(word, o) for o in EVERYDAY if word_table.similarity(o, sister) < 0.5]
    assert close > 0.45
    assert close > max(others) + 0.1


def test_a_prompt_is_six_vectors_of_unit_length_or_zero() -> None:
    vectors = word_table.words("Please make me a big, red wooden chair!")
    assert vectors.shape == (6, 96) and vectors.dtype == np.float32
    lengths = np.linalg.norm(vectors, axis=1)
    assert lengths[:4] == pytest.approx(1, abs=0.02)  # big red wooden chair
    assert not lengths[4:].any()


def test_unknown_words_are_put_together_from_known_pieces() -> None:
    assert word_table.similarity("treehouse", "tree") > 0.4
    assert word_table.similarity("oakbarrel", "barrel") > 0.5
    assert np.linalg.norm(word_table.words("xqzzkw")) > 0


def test_any_text_gives_vectors() -> None:
    for odd in ("", "   ", "123", "ÄÖÜ ß", "椅子", "the of", "a" * 10_000):
        found = word_table.words(odd)
        assert found.shape == (6, 96) and np.isfinite(found).all()


def test_plurals_and_capitals_mean_the_same() -> None:
    assert word_table.similarity("Barrels", "barrel") > 0.8
    assert word_table.content_words("WoodenBarrel with a Lid") == ["wooden", "barrel", "lid"]
