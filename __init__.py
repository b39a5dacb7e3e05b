"""Meshkiln: the front door.

Blender calls `register` and `unregister`; nothing else happens here. Importing this package
needs neither bpy nor torch, so the command line and child processes share it.
"""

__version__ = "0.1.0"


def register() -> None:
    from . import addon

    addon.register()


def unregister() -> None:
    from . import addon

    addon.unregister()
