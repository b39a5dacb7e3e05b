"""Runs inside a Blender, with or without a window, or under the bpy module: the same tests in all three.

An installed extension is used as it is; else it is loaded from this checkout as Blender loads any extension (module
`bl_ext.meshkiln_test.meshkiln`). It gets a home folder of its own and models whose weights are chance.
"""

import os
import sys
import tempfile
from pathlib import Path

import pytest
from loaded import FROM_SOURCE, module_name, part, write_random_model

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("home with späces")
    os.environ["MESHKILN_HOME"] = str(folder)
    return folder


@pytest.fixture(scope="session")
def extension(home):
    """Enable the extension; its package. It stays until the session ends."""
    import bpy  # isort: skip  (addon_utils can be imported only after it)
    import addon_utils

    name = module_name()
    if name == FROM_SOURCE:
        repository = Path(tempfile.mkdtemp())
        os.symlink(ROOT, repository / "meshkiln")
        repos = bpy.context.preferences.extensions.repos
        repos.new(name="Meshkiln test", module="meshkiln_test", custom_directory=str(repository))
        problems = []
        addon_utils.enable(name, default_set=True, handle_error=problems.append)
        if problems:
            raise problems[0]
    (home / "models").mkdir(exist_ok=True)
    for craft in ("geometry", "materials", "modifiers", "animation"):
        write_random_model(home / "models" / f"{craft}.safetensors", craft)
    part("addon.models").forget()
    yield sys.modules[name]
    addon_utils.disable(name, default_set=True)


@pytest.fixture
def scene(extension):
    """A fresh scene, with the extension on and nothing running."""
    import bpy

    part("addon.generate.session").get().cancel()
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    settings = bpy.context.window_manager.meshkiln
    settings.new_seed = False
    settings.engine, settings.tries = "NUMPY", 1
    yield bpy.context.scene
    part("addon.generate.session").get().cancel()
