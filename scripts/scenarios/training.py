"""Inside a real Blender window: a training run that outlives the Blender that started it.

    start PYTHON    export a small scene, start training from the preferences page with PYTHON, and kill this Blender
                    with SIGKILL, once there is a curve (or after two minutes)
    again           the next Blender: it finds the run, shows its curve, stops it, resumes it and uses its model

Both are run one after the other, with the same user folder, by tests/test_windows.py.
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


def run():
    watch = part("addon.job_list")
    watch.forget()
    return watch.latest("train")


def lines(state):
    return len(part("jobs").read_metrics(state["folder"]))


def page():
    """The preferences page, and the region its buttons are in."""
    win = yield from ui.addon_preferences("meshkiln", size=(1000, 1180))
    area = ui.area("PREFERENCES", win)
    yield 1.5
    return win, ui.region("WINDOW", area)


def press_at_right(operator, reg, win):
    """Click a small button near the right edge: the driver's own search would look at the whole page for it."""
    for y in range(reg.y + reg.height - 10, reg.y, -9):
        for x in (reg.x + reg.width - 34, reg.x + reg.width - 22):
            yield from ui.move(x, y, win)
            got = ui.hovered(reg, win)
            if got is not None and got[0] == "operator" and got[1].startswith(f"bpy.ops.{operator}("):
                yield from ui.press(x, y, win=win)
                return
    raise ui.UIError(f"no button for {operator} at the right edge")


def start(python):
    bpy.ops.object.select_all(action="SELECT")
    bpy.ops.object.delete()
    for i in range(12):
        bpy.ops.mesh.primitive_cylinder_add(vertices=5 + i, radius=0.3 + 0.05 * i, depth=1 + 0.1 * i)
        bpy.context.object.name = f"barrel {i}"
        bpy.ops.mesh.primitive_cone_add(vertices=5 + i, radius1=0.3 + 0.05 * i, depth=1 + 0.1 * i)
        bpy.context.object.name = f"hat {i}"
    bpy.ops.meshkiln.export(what="SCENE")
    talk = part("addon.generate.session").get()
    yield from ui.wait_until(lambda: talk.chore is None, 60, "the export")
    chosen = bpy.context.preferences.addons[MODULE].preferences
    chosen.own_python, chosen.runtime = python, "OWN"
    chosen.train_preset, chosen.train_from, chosen.train_minutes = "tiny", "NOTHING", 30
    bpy.ops.wm.save_userpref()
    win, reg = yield from page()
    yield from ui.screenshot("training-0-before.png", win=win)
    yield from ui.click(operator="meshkiln.train", reg=reg, win=win)
    state = run()
    assert state is not None, "the click started nothing"
    end = time.monotonic() + 120
    yield from ui.wait_until(
        lambda: run()["phase"] and (lines(run()) > 4 or time.monotonic() > end), 300, "a run that runs"
    )
    yield from ui.screenshot("training-1-running.png", win=win)
    print(f"killed with {lines(run())} lines of numbers written", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)


def again():
    state = run()
    assert state is not None and state["status"] == "running", state
    before = lines(state)
    win, reg = yield from page()
    yield from ui.wait_until(lambda: lines(run()) > max(before, 3), 900, "more numbers: the run goes on")
    print(f"found again: {state['name']}, {before} lines of numbers, then {lines(run())}", flush=True)
    yield from ui.screenshot("training-2-found.png", win=win)

    folder = state["folder"]
    yield from press_at_right("meshkiln.job_stop", reg, win)
    yield from ui.wait_until(lambda: run()["status"] not in part("jobs").ACTIVE, 60, "the end")
    assert run()["status"] == "cancelled", run()
    assert os.path.isfile(os.path.join(folder, "run", "last.safetensors")), "Stop and Keep kept nothing"
    yield 1.5
    yield from ui.screenshot("training-3-stopped.png", win=win)

    kept = lines(run())
    yield from ui.click(operator="meshkiln.job_resume", reg=reg, win=win)
    yield from ui.wait_until(lambda: run()["status"] == "running" and lines(run()) > kept, 600, "more numbers")
    steps = [n["step"] for n in part("jobs").read_metrics(folder) if "step" in n]
    assert steps[-1] > steps[kept - 1], "it began anew"

    yield from ui.click(operator="meshkiln.use_model", reg=reg, win=win)
    serving = part("addon.models").serving("geometry")
    assert serving is not None and not serving.shipped, serving
    yield from ui.screenshot("training-4-in-use.png", win=win)
    yield from press_at_right("meshkiln.job_stop", reg, win)
    yield from ui.wait_until(lambda: run()["status"] not in part("jobs").ACTIVE, 60, "the end")
    print(f"in use: {serving.title}; all is well", flush=True)


def main():
    words = sys.argv[1:]
    yield from start(words[1]) if words[0] == "start" else again()
