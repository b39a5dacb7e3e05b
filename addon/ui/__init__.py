"""Panels and lists: each module exports its CLASSES. Panels read plain state and change nothing."""

from . import assets, generate, library, preferences

CLASSES = (*preferences.CLASSES, *generate.CLASSES, *library.CLASSES, *assets.CLASSES)
