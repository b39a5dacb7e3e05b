"""Meshkiln: the package's entry point.

Blender calls `register` and `unregister`; nothing else happens here. Importing this package
needs neither bpy nor torch, so the command line and child processes share it.
"""

import re
from pathlib import Path

# The manifest is the only place with the version; Blender reads it there too.
_MANIFEST = Path(__file__).with_name("blender_manifest.toml").read_text(encoding="utf-8")
__version__ = re.findall(r'^version = "(.+)"', _MANIFEST, re.MULTILINE)[0]


def register() -> None:
    from . import addon

    addon.register()


def unregister() -> None:
    from . import addon

    addon.unregister()
