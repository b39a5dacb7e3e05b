"""The loaded extension's modules, by short names: part("addon.generate.session")."""

import importlib
from functools import lru_cache
from pathlib import Path

INSTALLED = "bl_ext.user_default.meshkiln"
FROM_SOURCE = "bl_ext.meshkiln_test.meshkiln"


@lru_cache
def module_name() -> str:
    """Asked once: a test that disables the extension must not be taken for a Blender without it."""
    import bpy

    return INSTALLED if INSTALLED in bpy.context.preferences.addons else FROM_SOURCE


def write_random_model(path: Path, craft: str) -> None:
    import numpy as np

    codec = part("trainer.codecs").codec(craft)
    config = part("trainer.model.presets").preset("tiny").config(codec.spec)
    rng = np.random.default_rng(1)
    shapes = part("trainer.model.config").shapes(config)
    arrays = {name: rng.normal(0, 0.02, shape).astype(np.float32) for name, shape in shapes.items()}
    part("trainer.model.checkpoint").save(path, arrays, config, codec.spec, craft=craft, preset="tiny")


def part(name: str):
    """A module of the loaded extension, such as part("addon.generate.session")."""
    return importlib.import_module(f"{module_name()}.{name}")
