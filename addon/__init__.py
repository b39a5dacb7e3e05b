"""The Blender side: panels, operators, preferences, and injection into bpy.data.

One list of classes, one loop to register it, one to unregister. Importing this package alone imports nothing of
Blender, because the command line's verbs live in it too.
"""

from typing import Any


def _parts() -> tuple[list[Any], list[Any]]:
    """(modules with attach and detach, classes to register)."""
    from . import operators, properties, ui, verdicts
    from .commands import blender_cli
    from .generate import session
    from .operators import export, learn
    from .ui import curve, translations

    classes = [*properties.CLASSES, *operators.CLASSES, *ui.CLASSES]
    return [properties, session, export, learn, verdicts, curve, translations, blender_cli], classes


def register() -> None:
    import bpy

    modules, classes = _parts()
    for cls in classes:
        bpy.utils.register_class(cls)
    for module in modules:
        module.attach()


def unregister() -> None:
    import bpy

    modules, classes = _parts()
    for module in reversed(modules):
        module.detach()
    for cls in reversed(classes):
        bpy.utils.unregister_class(cls)
