"""Inside a real Blender window: mistakes of a newcomer, and interruptions by a busy artist.

Prints a line for each thing tried; ends with an exception at the first that goes wrong. Run by tests/test_windows.py.
"""

import json
import sys
from pathlib import Path

import bpy
import uidrive as ui

MODULE = "bl_ext.user_default.meshkiln"


def part(name):
    return sys.modules[f"{MODULE}.{name}"]


def refused(operator, **arguments):
    """What an operator says when it refuses."""
    try:
        done = operator(**arguments)
    except RuntimeError as error:
        return str(error).strip()
    raise AssertionError(f"{operator} should refuse {arguments}, but: {done}")


def main():
    scratch = Path(sys.argv[1])
    talk = part("addon.generate.session").get()
    settings = bpy.context.window_manager.meshkiln
    settings.make = {"MESH"}
    settings.tries = 1
    panel = yield from ui.sidebar("Meshkiln", width=330)

    def idle():
        return not talk.busy and talk.chore is None

    print("empty prompt:", refused(bpy.ops.meshkiln.generate, prompt=""))
    print("keep without variants:", refused(bpy.ops.meshkiln.keep_variant))
    print("cancel without anything:", refused(bpy.ops.meshkiln.cancel))
    print("cancel export without any:", refused(bpy.ops.meshkiln.export_cancel))
    print("extract without places:", refused(bpy.ops.meshkiln.extract))
    print("training without PyTorch:", refused(bpy.ops.meshkiln.train))

    for prompt in ("Fäßchen aus Eiche 樽 🛢", "x" * 300, "'; DROP TABLE barrels; --"):
        bpy.ops.meshkiln.generate(prompt=prompt, faces=40)
        yield from ui.wait_until(idle, 120, "a result")
        assert not talk.is_error, talk.sentence
        print("landed:", bpy.context.object.name)
    bpy.ops.meshkiln.generate(prompt="barrel", faces=30, size=1e6, temperature=2.0, seed=2**31 - 1)
    yield from ui.wait_until(idle, 120, "a result")
    print("a thousand kilometres:", talk.sentence, [round(d) for d in bpy.context.object.dimensions])
    bpy.ops.meshkiln.generate(prompt="barrel", faces=3, size=1e-6, style="no such style")
    yield from ui.wait_until(idle, 120, "a sentence")
    print("no such style:", talk.sentence)
    assert talk.is_error

    bpy.ops.meshkiln.generate(prompt="barrel", faces=30, variants=3)
    yield from ui.wait_until(idle, 120, "variants")
    variants = [o for o in bpy.data.objects if o.meshkiln.variant_set]
    assert len(variants) >= 2, talk.sentence
    bpy.ops.meshkiln.discard_variant()
    bpy.ops.meshkiln.keep_variant()
    print("kept:", bpy.context.object.name)

    # A suggested movement goes to the cursor, in as many frames as was said.
    bpy.ops.mesh.primitive_cube_add(size=1, location=(1, 0, 0))
    crate = bpy.context.object
    crate.meshkiln.prompt = "slide"
    bpy.context.scene.cursor.location = (1, -4, 0)
    settings.length = 30
    yield 0.3
    yield from ui.click(prop="to_cursor")
    assert settings.to_cursor
    bpy.ops.meshkiln.suggest(craft="animation")
    yield from ui.wait_until(idle, 120, "a movement")
    assert talk.suggestion is not None, talk.sentence
    yield from ui.screenshot("to-cursor.png")
    yield from ui.click(operator="meshkiln.apply_suggestion")
    yield from ui.wait_until(lambda: talk.suggestion is None, 20, "the movement on the object")
    ways = []
    for frame in range(1, 32):
        bpy.context.scene.frame_set(frame)
        ways.append(round(crate.location.y, 3))
    print("to the cursor:", ways[0], min(ways), ways[-1])
    assert ways[0] == 0 and abs(min(ways) + 4) < 0.4, ways
    bpy.context.scene.frame_set(1)
    settings.length, settings.to_cursor = 0, False
    bpy.context.scene.cursor.location = (0, 0, 0)

    # Complete, from three faces selected in Edit Mode, and one undo step back.
    bpy.ops.mesh.primitive_cylinder_add(vertices=10)
    tube = bpy.context.object
    tube.name = "barrel"
    name = tube.name
    for polygon in tube.data.polygons:
        polygon.select = polygon.index in (0, 1, 2)
    bpy.ops.ed.undo_push(message="a tube")
    bpy.ops.object.mode_set(mode="EDIT")
    bpy.ops.meshkiln.complete()
    yield from ui.wait_until(idle, 120, "the rest")
    assert not talk.is_error, talk.sentence
    print("completed:", talk.sentence)
    assert bpy.data.objects[name].hide_get() and bpy.context.object.name != name
    yield from ui.screenshot("completed.png")
    with part("addon.generate.landing").window_context():
        bpy.ops.ed.undo()
    yield 0.2
    assert not bpy.data.objects[name].hide_get(), "one undo step brings the original back"

    # A large scene goes into a dataset while the window stays alive.
    for number in range(150):
        obj = bpy.data.objects.new(f"copy {number}", bpy.data.objects[name].data)
        bpy.context.scene.collection.objects.link(obj)
    bpy.context.view_layer.update()
    bpy.ops.meshkiln.export(what="SCENE", directory=str(scratch / "späces and ümlauts"))
    assert talk.chore is not None, "it should go in slices"
    print("a second export:", refused(bpy.ops.meshkiln.export, what="SCENE"))
    bpy.ops.meshkiln.export_cancel()
    assert not (scratch / "späces and ümlauts").exists()
    bpy.ops.meshkiln.export(what="SCENE", directory=str(scratch / "späces and ümlauts"))
    yield from ui.wait_until(idle, 120, "the export")
    print("exported:", talk.sentence)
    assert not talk.is_error
    (scratch / "in the way").write_text("a file")
    bpy.ops.meshkiln.export(what="SCENE", directory=str(scratch / "in the way"))
    yield from ui.wait_until(idle, 120, "the export")
    print("into a file:", talk.sentence)
    assert talk.is_error

    for text in ("{", '{"objects": 3}', json.dumps({"objects": [{"name": "a", "mesh": {"vertices": [[0, 0]]}}]})):
        (scratch / "bad.json").write_text(text)
        print("bad record:", refused(bpy.ops.meshkiln.import_record, filepath=str(scratch / "bad.json")))
    (scratch / "bad.safetensors").write_bytes(b"\xff" * 64)
    print("bad model:", refused(bpy.ops.meshkiln.model_import, filepath=str(scratch / "bad.safetensors")))
    print("no model:", refused(bpy.ops.meshkiln.model_import, filepath=str(scratch / "none.safetensors")))

    # Reloading scripts and a new file in the middle of a generation.
    bpy.ops.meshkiln.generate(prompt="barrel", faces=2000, variants=4)
    yield from ui.wait_until(lambda: talk.generation.polygons > 0 or not talk.busy, 120, "a face")
    bpy.ops.script.reload()
    yield 1.0
    print("scripts reloaded in the middle: the extension is", MODULE in bpy.context.preferences.addons)
    bpy.ops.wm.read_homefile(use_factory_startup=False)
    yield 1.0
    panel = yield from ui.sidebar("Meshkiln", width=330)
    yield from ui.screenshot("after.png", reg=panel)
    print("all is well", flush=True)
