"""Makes `import meshkiln` work in any interpreter that has bpy, and gives every test an empty Blender file.

The checkout's folder need not be called meshkiln and need not be installed: it is loaded by its path then.
"""

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def _load_package() -> None:
    if importlib.util.find_spec("meshkiln") is not None:
        return
    spec = importlib.util.spec_from_file_location(
        "meshkiln", ROOT / "__init__.py", submodule_search_locations=[str(ROOT)]
    )
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["meshkiln"] = module
    spec.loader.exec_module(module)


_load_package()


@pytest.fixture(autouse=True)
def empty_file(request: pytest.FixtureRequest) -> None:
    """Where a test's module has imported bpy, it starts with an empty file."""
    if "bpy" in sys.modules and hasattr(request.module, "bpy"):
        sys.modules["bpy"].ops.wm.read_factory_settings(use_empty=True)
