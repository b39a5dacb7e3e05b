"""Learn in Blender: the open scene becomes a style, Generate builds in it, and what is kept is remembered."""

import json
import time

import pytest
from loaded import part


def potions(bpy, count=3):
    for number in range(count):
        bpy.ops.mesh.primitive_cylinder_add(vertices=9, depth=1.0 + 0.4 * number, location=(3 * number, 0, 0))
        bpy.context.object.name = f"Potion_{number}"
        bpy.context.object.scale = (1.0, 1.0, 1.0 + 0.2 * number)


def ended(kind="learn"):
    jobs = part("addon.job_list")
    until = time.monotonic() + 120
    while time.monotonic() < until:
        jobs.forget()
        state = jobs.latest(kind)
        if state is not None and state["status"] not in ("queued", "starting", "running"):
            assert state["status"] == "done", state
            return state
        time.sleep(0.2)
    raise AssertionError("the job does not end")


@pytest.fixture
def learned(scene):
    import bpy

    potions(bpy)
    assert bpy.ops.meshkiln.learn(source="SCENE", name="Brews", minutes=0.0) == {"FINISHED"}
    ended()
    styles = part("addon.styles")
    styles.forget()
    yield styles.named("Brews")
    style = styles.named("Brews")
    if style is not None:
        bpy.ops.meshkiln.style_remove("EXEC_DEFAULT", style="Brews")


def test_the_open_scene_becomes_a_style_that_generate_builds_in(learned):
    import bpy

    assert learned.about["assets"] == 3 and learned.about["kinds"] == {"potion": 3}
    bpy.ops.meshkiln.generate(prompt="potion", style="Brews", seed=1, wait=True)
    made = bpy.context.object
    assert made.meshkiln.style == "Brews" and made.meshkiln.made_from.startswith("Potion_")
    assert len(made.data.polygons) == 11 and made.name.startswith("Potion")
    assert "after Potion_" in part("addon.generate.session").get().sentence


def test_a_learned_style_serves_once_its_job_is_seen(learned):
    import bpy

    operators = part("addon.operators.learn")
    bpy.context.window_manager.meshkiln.style = ""
    operators.take_into_use(set())
    assert bpy.context.window_manager.meshkiln.style == "Brews"
    bpy.context.window_manager.meshkiln.style = ""
    met = {state["folder"] for state in part("addon.job_list").all_of("learn")}
    operators.take_into_use(met)
    assert bpy.context.window_manager.meshkiln.style == "", "what ended before is not taken up again"


def test_styles_are_renamed_carried_and_removed(learned, tmp_path):
    import bpy

    styles = part("addon.styles")
    bpy.ops.meshkiln.style_export("EXEC_DEFAULT", style="Brews", filepath=str(tmp_path / "brews"))
    assert (tmp_path / "brews.meshkiln-style").is_file()
    bpy.ops.meshkiln.style_rename("EXEC_DEFAULT", style="Brews", new_name="Old Brews")
    assert styles.named("Old Brews") is not None
    bpy.ops.meshkiln.style_import("EXEC_DEFAULT", filepath=str(tmp_path / "brews.meshkiln-style"))
    styles.forget()
    assert {s.name for s in styles.styles()} >= {"Brews", "Old Brews"}
    bpy.ops.meshkiln.style_remove("EXEC_DEFAULT", style="Old Brews")
    assert styles.named("Old Brews") is None


def test_what_is_kept_and_thrown_away_is_remembered_and_can_be_forgotten(learned):
    import bpy

    verdicts = part("addon.verdicts")
    verdicts.forget()
    bpy.ops.meshkiln.generate(prompt="potion", style="Brews", seed=2, variants=3, wait=True)
    bpy.ops.meshkiln.keep_variant()
    lines = [json.loads(line) for line in verdicts.file().read_text(encoding="utf-8").splitlines()]
    assert sorted(line["verdict"] for line in lines) == ["discard", "discard", "keep"]
    assert {line["style"] for line in lines} == {"Brews"} and {line["prompt"] for line in lines} == {"potion"}
    kept = verdicts.kept_dataset("Brews")
    assert kept is not None and len(part("records.dataset").Dataset(kept)) == 1
    bpy.ops.meshkiln.verdicts_forget("EXEC_DEFAULT")
    assert not verdicts.file().exists() and verdicts.kept_dataset("Brews") is None
    preferences = part("addon.preferences").get()
    if preferences is not None:
        preferences.remember_verdicts = False
        verdicts.note("keep", {})
        preferences.remember_verdicts = True
        assert not verdicts.file().exists()


def test_a_scene_without_shapes_and_a_bad_name_are_sentences(scene):
    import bpy

    bpy.ops.object.light_add(type="POINT")
    with pytest.raises(RuntimeError, match="no object here has a shape"):
        bpy.ops.meshkiln.learn(source="SCENE", name="Nothing", minutes=0.0)
    with pytest.raises(RuntimeError, match="a style's name has"):
        bpy.ops.meshkiln.learn(source="SCENE", name="../up", minutes=0.0)
