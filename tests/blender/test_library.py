"""Learning from one's own: export, the way back by JSON, collecting, models."""

import json
import time

import pytest
from loaded import part, write_random_model


def test_export_and_inject_again(scene, tmp_path):
    import bpy

    bpy.ops.mesh.primitive_cube_add()
    bpy.ops.object.light_add(type="POINT")
    bpy.ops.meshkiln.export(what="SCENE", directory=str(tmp_path / "Mine"), author="Me", license="CC0-1.0", label="box")
    dataset = part("records.dataset").Dataset(tmp_path / "Mine")
    assert sorted((r.name, r.kind) for r in dataset) == [("Cube", "mesh"), ("Point", "light")]
    record = next(r for r in dataset if r.kind == "mesh")
    assert record.data["label"] == "box" and record.data["source"]["author"] == "Me"
    said = part("addon.generate.session").get().sentence
    assert "2 objects" in said and "1 mesh" in said and "1 light" in said
    preferences = part("addon.preferences").get()
    assert preferences.author == "Me" and preferences.license == "CC0-1.0"


def test_exporting_nothing_is_a_sentence(scene, tmp_path):
    import bpy

    with pytest.raises(RuntimeError, match="nothing to learn from"):
        bpy.ops.meshkiln.export(what="SELECTION", directory=str(tmp_path / "Mine"))


def test_an_export_goes_in_slices_and_survives_what_happens_between_them(scene, tmp_path):
    import bpy

    made = []
    for number in range(4):
        bpy.ops.mesh.primitive_cube_add()
        bpy.context.object.name = f"box {number}"
        made.append(bpy.context.object)
    exporting = part("addon.exporting")
    options = part("extractor.rna.context").Options(author="Me", license="CC0-1.0")
    talk = part("addon.generate.session").get()
    steps = exporting.steps(made, tmp_path / "Slices", options)
    assert 0 < next(steps) < next(steps) < 1
    handlers = len(bpy.app.handlers.undo_post)
    bpy.data.objects.remove(made[3])
    for _ in steps:
        pass
    assert len(bpy.app.handlers.undo_post) == handlers - 1
    assert sorted(r.name for r in part("records.dataset").Dataset(tmp_path / "Slices")) == ["box 0", "box 1", "box 2"]
    assert "3 objects" in talk.sentence and "box 3 (no longer there)" in talk.sentence

    steps = exporting.steps(made[:3], tmp_path / "Dropped", options)
    next(steps)
    steps.close()
    assert len(bpy.app.handlers.undo_post) == handlers - 1 and not (tmp_path / "Dropped").exists()


def test_a_folder_that_cannot_be_written_is_a_sentence(scene, tmp_path):
    import bpy

    bpy.ops.mesh.primitive_cube_add()
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RuntimeError, match="Nothing was exported"):
        bpy.ops.meshkiln.export(what="SCENE", directory=str(tmp_path / "file"))


def test_a_record_as_json_comes_in_at_the_cursor(scene, tmp_path):
    import bpy

    mesh = {"vertices": [[0, 0, 0], [1, 0, 0], [0, 1, 0]], "faces": [[0, 1, 2]]}
    (tmp_path / "leaf.json").write_text(json.dumps({"objects": [{"name": "leaf", "mesh": mesh}]}))
    scene.cursor.location = (0, 0, 2)
    bpy.ops.meshkiln.import_record(filepath=str(tmp_path / "leaf.json"))
    assert bpy.context.object.name == "leaf" and bpy.context.object.location.z == 2
    (tmp_path / "bad.json").write_text('{"objects": [{"name": 3}]}')
    with pytest.raises(RuntimeError, match=r"bad\.json"):
        bpy.ops.meshkiln.import_record(filepath=str(tmp_path / "bad.json"))


def test_collect_counts_remembers_and_extracts(scene, tmp_path):
    import bpy

    folder = tmp_path / "my files"
    folder.mkdir()
    bpy.ops.mesh.primitive_cube_add()
    bpy.ops.wm.save_as_mainfile(filepath=str(folder / "würfel.blend"), copy=True)
    (folder / "broken.blend").write_bytes(b"PK")
    settings = bpy.context.window_manager.meshkiln
    settings.paths.clear()
    bpy.ops.meshkiln.path_add(directory=str(folder), license="CC0-1.0")
    assert [(r.count, r.license) for r in settings.paths] == [(2, "CC0-1.0")]
    assert "my files" in part("addon.preferences").get().paths_json
    assert bpy.ops.meshkiln.extract(dataset="Test") == {"FINISHED"}
    watch = part("addon.job_list")
    end = time.monotonic() + 120
    while watch.running("extract") and time.monotonic() < end:
        time.sleep(0.3)
    watch.forget()
    state = watch.latest("extract")
    assert state["status"] == "done", state
    assert state["result"]["done"] == 1 and state["result"]["failed"] == 1
    assert "broken.blend" in state["result"]["errors"][0]["path"]
    bpy.ops.meshkiln.job_forget(folder=state["folder"])
    watch.forget()
    assert watch.latest("extract") is None
    bpy.ops.meshkiln.path_remove()
    assert not settings.paths


def test_models_come_and_go(scene, tmp_path):
    import bpy

    catalogue = part("addon.models")
    write_random_model(tmp_path / "my style.safetensors", "geometry")
    bpy.ops.meshkiln.model_import(filepath=str(tmp_path / "my style.safetensors"))
    mine = [m for m in catalogue.models("geometry") if m.title == "my style"]
    assert len(mine) == 1 and catalogue.serving("geometry") == mine[0]
    bpy.ops.meshkiln.model_remove(path=str(mine[0].path))
    assert not [m for m in catalogue.models("geometry") if m.title == "my style"]
    (tmp_path / "words.safetensors").write_bytes(b"nonsense")
    with pytest.raises(RuntimeError, match=r"words\.safetensors"):
        bpy.ops.meshkiln.model_import(filepath=str(tmp_path / "words.safetensors"))
    with pytest.raises(RuntimeError, match="your own"):
        bpy.ops.meshkiln.model_remove(path=str(tmp_path / "words.safetensors"))


def test_what_will_be_learned_is_listed_and_corrected(scene):
    import bpy

    for number, name in enumerate(("Oak Tree", "Stone Well")):
        bpy.ops.mesh.primitive_cube_add(location=(9 * number, 0, 0))
        bpy.context.object.name = name
    bpy.ops.meshkiln.export(what="SCENE", author="Me", license="own")
    operators, talk = part("addon.operators.assets"), part("addon.generate.session").get()

    def listed():
        asked = talk.ask(operators.request())
        talk.wait_answer(asked)
        return {asset["label"]: asset for asset in talk.answers[asked]["assets"]}

    assets = listed()
    assert {"oak tree", "stone well"} <= set(assets)
    with open(assets["oak tree"]["picture"], "rb") as picture:
        assert picture.read(4) == b"\x89PNG"
    bpy.ops.meshkiln.asset_rename(key=assets["oak tree"]["key"], label="birch")
    bpy.ops.meshkiln.asset_exclude(key=assets["stone well"]["key"])
    after = listed()
    assert "birch" in after and after["stone well"]["excluded"]
    bpy.ops.meshkiln.asset_exclude(key=assets["stone well"]["key"], action="reset")
    assert not listed()["stone well"]["excluded"]
    bpy.ops.meshkiln.asset_join(keys="\n".join(asset["key"] for asset in listed().values()))
    joined = listed()
    assert len(joined) == 1 and next(iter(joined.values()))["parts"] == 2
    with pytest.raises(RuntimeError, match="no asset"):
        bpy.ops.meshkiln.asset_split(key="nowhere.blend#Nothing")
