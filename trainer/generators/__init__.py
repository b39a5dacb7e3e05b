"""Procedurally made assets in the manner of low-poly game art: `generate(kind, seed)` gives a Record, the same one each
time; `KINDS` lists what there is. Each module holds the kinds of one world; `parts.py` has the shapes, `palette.py` the
materials, `base.py` the Maker that puts them together.
"""

from . import (
    buildings,
    containers,
    creatures,
    figures,
    food,
    furniture,
    household,
    industry,
    lights,
    nature,
    outdoors,
    plants,
    props,
    structures,
    tableware,
    tools,
    treasure,
    vehicles,
    vessels,
    weapons,
)
from .base import KINDS, Kind, Maker, generate, keys

WORLDS = (
    buildings,
    containers,
    creatures,
    figures,
    food,
    furniture,
    household,
    industry,
    lights,
    nature,
    outdoors,
    plants,
    props,
    structures,
    tableware,
    tools,
    treasure,
    vehicles,
    vessels,
    weapons,
)

__all__ = ["KINDS", "WORLDS", "Kind", "Maker", "generate", "keys"]
