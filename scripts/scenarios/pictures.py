"""Inside a real Blender window: the pictures of the docs, taken while the mouse does what a newcomer would do."""

import os
import sys
from pathlib import Path

import bpy
import uidrive as ui

MODULE = "bl_ext.user_default.meshkiln"


def part(name):
    return sys.modules[f"{MODULE}.{name}"]


def look_from_front():
    """A quiet view: no cube, the camera's and the light's symbols out of the picture, near the origin."""
    for obj in list(bpy.data.objects):
        bpy.data.objects.remove(obj)
    view = ui.area("VIEW_3D").spaces.active.region_3d
    view.view_distance = 3.2
    view.view_location = (0.4, 0.0, 0.4)


def main():
    words = sys.argv[1:]
    prompt = words[0] if words else "barrel"
    talk = part("addon.generate.session").get()
    settings = bpy.context.window_manager.meshkiln
    panel = yield from ui.sidebar("Meshkiln", width=330)
    look_from_front()
    yield from ui.click(prop="prompt")
    yield from ui.type_text(prompt)
    yield from ui.key("Return")
    settings.new_seed, settings.seed, settings.faces, settings.size = False, 4, 100, 1.0
    yield 0.4
    yield from ui.screenshot("panel.png", reg=panel)

    yield from ui.click(operator="meshkiln.generate")
    yield from ui.wait_until(lambda: talk.generation and talk.generation.polygons > 25, 60, "faces")
    talk.redraw(now=True)
    yield 0.1
    yield from ui.screenshot("growing.png")
    yield from ui.wait_until(lambda: not talk.busy, 120, "the result")
    print("landed:", talk.sentence, "first face", round(talk.generation.first_face, 2))
    yield 0.4
    yield from ui.screenshot("landed.png")

    look_from_front()
    settings.variants = 4
    yield from ui.click(operator="meshkiln.generate")
    yield from ui.wait_until(lambda: not talk.busy, 240, "the variants")
    made = [o for o in bpy.data.objects if o.meshkiln.variant_set]
    if made:
        view = ui.area("VIEW_3D").spaces.active.region_3d
        middle = sum(o.location.x for o in made) / len(made)
        view.view_location = (middle + 0.4, 0, max(o.dimensions.z for o in made) / 2)
        view.view_distance = 1.6 * max(1.0, max(o.location.x for o in made))
    yield 0.4
    yield from ui.screenshot("variants.png")

    win = yield from ui.addon_preferences("meshkiln", size=(1000, 1000))
    yield 1.5
    yield from ui.screenshot("preferences.png", win=win)
    print("written to", Path(os.environ.get("UIDRIVE_OUT", ".")))
