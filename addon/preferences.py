"""What is kept in the preferences, for other modules. Knows neither the page that shows it nor what it means."""

import json
from typing import Any

import bpy

from . import paths


def get() -> Any:
    """The preferences, or None where we run without being an installed extension."""
    addon = bpy.context.preferences.addons.get(paths.PACKAGE)
    return addon.preferences if addon else None


def remember_paths(settings: Any) -> None:
    """Keep the list of folders, which would end with Blender."""
    chosen = get()
    if chosen is not None:
        chosen.paths_json = json.dumps([[row.path, row.license, row.author] for row in settings.paths])


def recall_paths(settings: Any) -> None:
    """Fill the list of folders from the preferences, if it is empty."""
    chosen = get()
    if chosen is None or len(settings.paths) or not chosen.paths_json:
        return
    for path, license, author in json.loads(chosen.paths_json):
        row = settings.paths.add()
        row.path, row.license, row.author = path, license, author
