"""Inside a real Blender window: how long the main thread is blocked while something is generated, and how soon the
first face appears.

Prints one line of JSON after "BENCH": gaps between the turns of a 5 ms timer (milliseconds), idle and generating, and
the seconds from a click to the first face, with no worker yet (cold) and with one (warm). Run by scripts/bench_ui.py.
"""

import json
import sys
import time

import bpy
import uidrive as ui

MODULE = "bl_ext.user_default.meshkiln"
SECONDS = 6.0
gaps: list[float] = []
state = {"last": 0.0, "on": False}


def tick():
    now = time.perf_counter()
    if state["on"]:
        gaps.append((now - state["last"]) * 1000)
    state["last"] = now
    return 0.005


def measured(gaps):
    ordered = sorted(gaps)
    return {
        "turns": len(ordered),
        "median": round(ordered[len(ordered) // 2], 1),
        "p99": round(ordered[int(len(ordered) * 0.99)], 1),
        "worst": round(ordered[-1], 1),
    }


def main():
    prompt = sys.argv[1] if len(sys.argv) > 1 else "barrel"
    talk = sys.modules[f"{MODULE}.addon.generate.session"].get()
    settings = bpy.context.window_manager.meshkiln
    settings.make = {"MESH"}
    yield from ui.sidebar("Meshkiln", width=320)
    yield from ui.click(prop="prompt")
    yield from ui.type_text(prompt)
    yield from ui.key("Return")
    talk.restart()
    yield 1.0
    numbers = {}
    for name in ("cold", "warm"):
        yield from ui.click(operator="meshkiln.generate")
        yield from ui.wait_until(
            lambda: talk.generation and talk.generation.polygons,
            60,
            "a first face",
        )
        yield from ui.wait_until(lambda: not talk.busy, 120, "the result")
        done = talk.generation
        numbers[name] = {"first_face": round(done.first_face, 2), "seconds": round(time.monotonic() - done.asked, 2)}
        numbers[name] |= {"faces": done.polygons, "sentence": talk.sentence}
        yield 0.5
    bpy.app.timers.register(tick)
    state.update(on=True, last=time.perf_counter())
    yield SECONDS
    numbers["idle"] = measured(gaps)
    gaps.clear()
    settings.variants = 4
    settings.faces = 600
    talk.worst_turn = 0.0
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        state["on"] = False
        bpy.ops.meshkiln.generate()
        yield 0.05
        state["last"] = time.perf_counter()
        state["on"] = True
        # The last turn, which lands the result, is measured apart: it makes the datablocks and an undo step.
        while talk.busy and time.monotonic() < end:
            yield 0.02
    state["on"] = False
    numbers["generating"] = measured(gaps[:-1])
    numbers["our_worst_turn"] = round(talk.worst_turn * 1000, 1)
    talk.cancel()
    bpy.app.timers.unregister(tick)
    print("BENCH " + json.dumps(numbers), flush=True)
