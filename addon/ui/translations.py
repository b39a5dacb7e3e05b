"""Registers what the panels say in other languages (`phrases/`) with Blender.

Blender looks phrases up by their English text: names of operators in the context "Operator", everything else in the
default one; a phrase without a row stays English.
"""

import bpy

from .. import paths
from .phrases import labels, learn, operators, sentences, tips_generate, tips_library, tips_training
from .phrases.rows import Rows

LOCALES = ("de_DE", "ja_JP", "zh_HANS", "fr_FR", "es")
OPERATORS: Rows = operators.ROWS | learn.OPERATORS
PHRASES: Rows = labels.ROWS | sentences.ROWS | tips_generate.ROWS | tips_library.ROWS | tips_training.ROWS | learn.ROWS


def table() -> dict[str, dict[tuple[str, str], str]]:
    """As `bpy.app.translations.register` takes it."""
    phrases: dict[str, dict[tuple[str, str], str]] = {locale: {} for locale in LOCALES}
    for context, rows in (("*", PHRASES), ("Operator", OPERATORS)):
        for english, row in rows.items():
            for locale, text in zip(LOCALES, row, strict=True):
                phrases[locale][(context, english)] = text
    return phrases


def attach() -> None:
    bpy.app.translations.register(paths.PACKAGE, table())


def detach() -> None:
    bpy.app.translations.unregister(paths.PACKAGE)
