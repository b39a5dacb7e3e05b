"""A real window under stress: many cycles, a killed worker, redo, another file, disabling in the middle.

Run by `shot` (a driver of real Blender windows) with the extension installed; exits with 1 at the first failure:

    shot 5.2 --install dist/meshkiln-VERSION.zip tests/blender/window_stress.py -- [CYCLES]
"""

import os
import signal
import sys
import time

import bpy
import uidrive as ui

MODULE = "bl_ext.user_default.meshkiln"


def part(name):
    return sys.modules[f"{MODULE}.{name}"]


def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def names():
    return sorted(o.name for o in bpy.data.objects)


def undo():
    with part("addon.generate.landing").window_context():
        if bpy.ops.ed.undo.poll():
            bpy.ops.ed.undo()


def main():
    words = sys.argv[1:]
    cycles = int(words[0]) if words else 50
    talk = part("addon.generate.session").get()
    settings = bpy.context.window_manager.meshkiln
    settings.faces, settings.size, settings.make = 16, 1.0, {"MESH"}
    settings.prompt = "barrel"
    yield from ui.sidebar("Meshkiln", width=320)
    before = names()

    bpy.ops.meshkiln.generate()
    assert talk.busy, "it should return at once"
    yield from ui.wait_until(lambda: not talk.busy, 60, "a result")
    assert not talk.is_error, talk.sentence
    assert names() == sorted([*before, "barrel"]), names()

    # The last-operator panel: another seed replaces the result, in one undo step.
    last = bpy.context.window_manager.operators[-1]
    assert last.bl_idname == "MESHKILN_OT_land", last.bl_idname
    first = [tuple(v.co) for v in bpy.data.objects["barrel"].data.vertices]
    generate = part("addon.operators.generate")
    kept = generate._results[generate._last_token()]
    options = kept["options"] | {"seed": kept["options"]["seed"] + 1}
    generate.begin(bpy.context, kept["prompt"], options, replaces=generate._last_token())
    yield from ui.wait_until(lambda: not talk.busy, 60, "the second result")
    assert names() == sorted([*before, "barrel"]), names()
    assert [tuple(v.co) for v in bpy.data.objects["barrel"].data.vertices] != first, "another seed, another mesh"
    undo()
    yield 0.1
    assert names() == before, names()

    # The worker is killed in the middle.
    settings.faces, settings.variants = 3000, 8
    bpy.ops.meshkiln.generate()
    yield from ui.wait_until(lambda: talk.generation.polygons > 0, 60, "a first face")
    os.kill(talk.client.pid, signal.SIGKILL)
    began = time.monotonic()
    yield from ui.wait_until(lambda: not talk.busy, 5, "the sentence")
    print(f"told of the kill after {time.monotonic() - began:.2f} s: {talk.sentence}")
    assert talk.is_error and "killed" in talk.sentence and names() == before
    yield from ui.screenshot("killed.png")

    settings.faces, settings.variants = 16, 1
    memory = []
    for number in range(cycles):
        bpy.ops.meshkiln.generate()
        if number % 3 == 0:
            yield 0.05 * (number % 7)
            bpy.ops.meshkiln.cancel()
        elif number % 3 == 1:
            yield from ui.wait_until(lambda: not talk.busy, 60, "a result")
            undo()
        else:
            yield from ui.wait_until(lambda: talk.generation.polygons > 0 or not talk.busy, 60, "a face")
            undo()  # while it runs
            yield from ui.wait_until(lambda: not talk.busy, 60, "a result")
            undo()
        yield 0.05
        assert not talk.is_error, talk.sentence
        memory.append(resident())
    pid = talk.client.pid
    print(f"{cycles} cycles; memory {memory[len(memory) // 3]:.0f} -> {memory[-1]:.0f} MB")
    assert memory[-1] - memory[len(memory) // 3] < 40, memory
    assert len(bpy.data.objects) <= len(before) + 1, names()

    # Another file in the middle, then disabling in the middle.
    bpy.ops.meshkiln.generate()
    yield 0.1
    bpy.ops.wm.read_homefile(use_factory_startup=True)
    yield 0.5
    assert part("addon.generate.session").get().generation.state == "cancelled"
    settings = bpy.context.window_manager.meshkiln
    settings.faces, settings.variants = 3000, 8
    bpy.ops.meshkiln.generate(prompt="barrel")
    yield 0.3
    import addon_utils

    addon_utils.disable(MODULE, default_set=True)
    yield 0.5
    assert not os.path.exists(f"/proc/{pid}"), "the worker outlived the extension"
    assert not any("meshkiln" in f.__module__ for f in bpy.app.handlers.load_pre)
    print("all is well")
