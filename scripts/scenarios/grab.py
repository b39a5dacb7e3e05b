"""Inside a real Blender window: the user edits and grabs while a result arrives; nothing is lost or changed."""

import sys

import bpy
import uidrive as ui

MODULE = "bl_ext.user_default.meshkiln"


def part(name):
    return sys.modules[f"{MODULE}.{name}"]


def main():
    talk = part("addon.generate.session").get()
    settings = bpy.context.window_manager.meshkiln
    cube = bpy.data.objects["Cube"]
    yield from ui.sidebar("Meshkiln", width=330)
    settings.prompt, settings.new_seed, settings.seed, settings.faces = "barrel", False, 1, 40
    yield from ui.click(operator="meshkiln.generate")
    area = ui.area("VIEW_3D")
    region = ui.region("WINDOW", area)
    x, y = region.x + region.width // 3, region.y + region.height // 2
    yield from ui.move(x, y)
    yield from ui.key("Tab")
    yield from ui.wait_until(lambda: cube.mode == "EDIT", 10, "Edit Mode")
    yield from ui.key("G")
    yield from ui.move(x + 30, y + 10)
    session = part("addon.generate.session")
    grabs = bool(session.running_tools())
    yield from ui.wait_until(lambda: talk.generation.state in ("landing", "done", "failed"), 120, "the result")
    for step in range(12):  # the mouse goes on; the result is there and waits
        yield from ui.move(x + 30 + 4 * step, y + 10 + 2 * step)
    print("grabs", grabs, "state while grabbing", talk.generation.state, "mode", cube.mode)
    waited = talk.generation.state == "landing"
    yield from ui.press(x + 80, y + 40)
    yield from ui.wait_until(lambda: talk.generation.state == "done", 30, "the landing")
    yield 0.5
    assert grabs and waited, "it did not wait for the grab"
    assert cube.mode == "EDIT" and bpy.context.view_layer.objects.active == cube and not talk.is_error, talk.sentence
    assert "barrel" in bpy.data.objects and not bpy.data.objects["barrel"].select_get()
    yield from ui.key("Tab")
    yield from ui.wait_until(lambda: cube.mode == "OBJECT", 10, "Object Mode")
    middle = sum(v.co.x for v in cube.data.vertices) / len(cube.data.vertices)
    away = sum(abs(c) for c in sum((v.co for v in cube.data.vertices), cube.data.vertices[0].co * 0)) / 8
    print("moved by", round(away, 3), round(middle, 3))
    assert away > 0.01, "the grab was lost"
    yield from ui.key("Z", ctrl=True)
    yield 0.5
    print("grab: well")
