"""What is seen: each module exports its CLASSES. Panels read plain state and change nothing."""

from . import generate, library, preferences

CLASSES = (*preferences.CLASSES, *generate.CLASSES, *library.CLASSES)
