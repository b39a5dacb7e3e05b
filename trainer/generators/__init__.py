"""Procedurally made assets in the manner of low-poly game art: `generate(key, seed)` gives a Record, the same one each
time; `KINDS` lists what there is, by key, in a fixed order.

Each module of this folder that says `@kind` above a function adds to `KINDS`, so a new file is all that a new world of
kinds needs. `parts.py` and `rounds.py` have the shapes, `outlines.py` lists of points for them, `palette.py` the
materials, `base.py` the Maker that puts them together; `folder.py` loads kinds from a folder of the user's.
"""

import importlib
import pkgutil

from .base import KINDS, Kind, KindsError, Maker, called, generate, kind

# By name, which after the imports among them settles the order of KINDS: a seed picks a kind by its place.
for _module in sorted(found.name for found in pkgutil.iter_modules(__path__)):
    importlib.import_module(f"{__name__}.{_module}")

from .folder import load_folder  # noqa: E402

__all__ = ["KINDS", "Kind", "KindsError", "Maker", "called", "generate", "kind", "load_folder"]
