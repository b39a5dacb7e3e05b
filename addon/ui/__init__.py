"""Panels and lists: each module exports its CLASSES. Panels read plain state and change nothing."""

from . import assets, generate, learn, library, preferences

CLASSES = (*preferences.CLASSES, *generate.CLASSES, *learn.CLASSES, *library.CLASSES, *assets.CLASSES)
