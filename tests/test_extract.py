"""Extraction and injection from the command line: files in, a dataset, files out again."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from meshkiln.extractor.files.blenders import NoBlender, find_blender
from meshkiln.extractor.files.files import Origins, blend_version, find_files, words_of, wrong_with
from meshkiln.records.dataset import Dataset

bpy_missing = subprocess.run([sys.executable, "-c", "import bpy"], capture_output=True, check=False).returncode
needs_blender = pytest.mark.skipif(bpy_missing != 0, reason="needs the bpy module")

CHAIR = """mtllib chair.mtl
o Chair
v 0 0 0
v 1 0 0
v 1 1 0
v 0 1 0
v 0 0 1
usemtl Red
f 1 2 3 4
usemtl Blue
f 1 2 5
"""
MATERIALS = "newmtl Red\nKd 1 0 0\nnewmtl Blue\nKd 0 0 1\n"


def meshkiln(*arguments, **more):
    argv = [sys.executable, "-m", "meshkiln", *map(str, arguments)]
    return subprocess.run(argv, capture_output=True, text=True, timeout=120, check=False, **more)


def summary(done):
    return json.loads(done.stdout.strip().splitlines()[-1])


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    (folder / "Wooden_Chair2.obj").write_text(CHAIR)
    (folder / "chair.mtl").write_text(MATERIALS)
    (folder / "sub").mkdir()
    (folder / "sub" / "tür.obj").write_text(CHAIR.replace("o Chair", "o Tür").replace("v 0 0 1", "v 0 0 2"))
    (folder / "sub" / "same.obj").write_text(CHAIR)
    (folder / "notes.txt").write_text("not a model")
    (folder / ".hidden.obj").write_text(CHAIR)
    (folder / "manifest.jsonl").write_text('{"path": "sub/tür.obj", "license": "CC-BY-4.0", "author": "Ada"}\nnoise\n')
    return folder


def test_files_are_found_once_in_order(models):
    found = list(find_files([models, models / "sub" / "same.obj", models / "notes.txt"]))
    names = [file.path.name for file in found]
    assert names == ["Wooden_Chair2.obj", "same.obj", "tür.obj", "notes.txt"]
    assert found[-1].format is None and "not a format that can be read" in wrong_with(found[-1].path)


def test_whose_a_file_is_stands_beside_it(tmp_path, models):
    assert Origins().of(models / "sub" / "tür.obj").author == "Ada"
    (tmp_path / "LICENSE.txt").write_text("CC0 1.0 Universal")
    assert Origins().of(tmp_path / "pack" / "a.obj").license == "CC0-1.0"
    assert Origins("Bob", "MIT").of(tmp_path / "a.obj").license == "MIT"


@pytest.mark.parametrize(
    "name, label",
    [("Bed_Twin2", "bed twin"), ("barrel large.001", "barrel large"), ("TreePack", "tree pack"), ("x", "")],
)
def test_a_file_name_becomes_a_label(name, label):
    assert words_of(Path(f"/a/{name}.blend")) == label


@pytest.mark.parametrize(
    "head, version",
    [(b"BLENDER-v402REND", (4, 2)), (b"BLENDER_V279", (2, 79)), (b"BLENDER17-01v0502", (5, 2)), (b"PK", None)],
)
def test_the_version_that_saved_a_file(tmp_path, head, version):
    (tmp_path / "a.blend").write_bytes(head)
    assert blend_version(tmp_path / "a.blend") == version


def test_without_a_blender_there_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.delenv("MESHKILN_BLENDER", raising=False)
    with pytest.raises(NoBlender, match="not a program that can be started"):
        find_blender(tmp_path / "blender")
    monkeypatch.setenv("MESHKILN_BLENDER", str(tmp_path / "missing"))
    with pytest.raises(NoBlender, match="MESHKILN_BLENDER"):
        find_blender()
    done = meshkiln("extract", __file__, "--out", tmp_path / "ds", "--blender", tmp_path / "no-blender")
    assert done.returncode == 2 and "no-blender" in done.stderr and "Traceback" not in done.stderr


@needs_blender
def test_models_become_records_and_a_second_run_does_only_what_is_left(models, tmp_path):
    ds = tmp_path / "ds"
    done = meshkiln("extract", models, "--out", ds, "--json", "--jobs", 2)
    said = summary(done)
    assert done.returncode == 0, done.stderr
    assert (said["files"], said["done"], said["skipped"], said["failed"], said["records"]) == (3, 2, 1, 0, 2)
    dataset = Dataset(ds, create=False)
    assert {file.state for file in dataset.files()} == {"done", "skipped"}
    assert [file.reason for file in dataset.files("skipped")][0].startswith("same content as")
    by_label = {record.data["label"]: record for record in dataset}
    assert "tür" in by_label
    tuer = by_label["tür"]
    assert tuer.data["source"]["license"] == "CC-BY-4.0" and tuer.data["source"]["file"].endswith("tür.obj")
    assert len(tuer.arrays["mesh/loop_start"]) == 2 and tuer.arrays["mesh/position"].shape == (5, 3)
    assert [material["name"] for material in tuer.data["materials"]] == ["Red", "Blue"]

    (models / "sub" / "new.obj").write_text(CHAIR.replace("v 1 1 0", "v 2 2 0"))
    try:
        said = summary(meshkiln("extract", models, "--out", ds, "--json"))
        assert (said["files"], said["done"], said["skipped"], said["failed"]) == (4, 1, 3, 0)
        # a file that changed is read again, and replaces what it was
        (models / "sub" / "new.obj").write_text(CHAIR.replace("v 1 1 0", "v 3 3 0"))
        said = summary(meshkiln("extract", models, "--out", ds, "--json"))
        assert said["done"] == 1 and len(Dataset(ds)) == 3
    finally:
        (models / "sub" / "new.obj").unlink()


@needs_blender
def test_a_dataset_is_injected_with_names_transforms_parents_and_collections(tmp_path):
    script = Path(__file__).with_name("blend_files.py")
    subprocess.run([sys.executable, script, "good", tmp_path / "a.blend"], check=True, capture_output=True)
    assert meshkiln("extract", tmp_path / "a.blend", "--out", tmp_path / "one").returncode == 0
    done = meshkiln("inject", tmp_path / "one", "--out", tmp_path / "out.blend", "--json")
    assert done.returncode == 0, done.stderr
    assert summary(done)["objects"] == 3 and summary(done)["not_expressed"] == []
    assert meshkiln("extract", tmp_path / "out.blend", "--out", tmp_path / "two").returncode == 0
    before, after = ({r.name: r for r in Dataset(tmp_path / name)} for name in ("one", "two"))
    assert set(before) == set(after) == {"Stuhl", "Bein.001", "Leer"}
    for name, record in before.items():
        for key in ("transform", "parent", "collections", "kind"):
            assert record.data[key] == after[name].data[key], (name, key)
        for key, array in record.arrays.items():
            assert np.array_equal(array, after[name].arrays[key]), (name, key)
    for ending in (".glb", ".obj"):
        out = tmp_path / f"out{ending}"
        done = meshkiln("inject", tmp_path / "one", "--out", out, "--only", "Stuhl", "--json")
        assert done.returncode == 0 and summary(done)["objects"] == 1 and out.stat().st_size > 100


@needs_blender
def test_plain_json_is_injected(tmp_path):
    vertices = [[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]]
    material = {"name": "Red", "type": "PBR", "base_color": [1, 0, 0, 1], "roughness": 0.3, "metallic": 0}
    thing = {
        "name": "Plate",
        "mesh": {"vertices": vertices, "faces": [[0, 1, 2, 3]]},
        "modifiers": [{"type": "MIRROR"}],
        "materials": [material],
        "transforms": {"location": [1, 2, 3], "rotation": [0, 0, 0], "scale": [1, 1, 1]},
    }
    (tmp_path / "plate.json").write_text(json.dumps({"objects": [thing]}))
    done = meshkiln("inject", tmp_path / "plate.json", "--out", tmp_path / "plate.obj", "--json")
    assert done.returncode == 0, done.stderr
    assert summary(done)["objects"] == 1
    text = (tmp_path / "plate.obj").read_text()
    assert sum(line.startswith("v ") for line in text.splitlines()) == 6  # mirrored


def test_what_cannot_be_injected_is_a_sentence(tmp_path):
    Dataset(tmp_path / "empty").close()
    for source, out, sentence in (
        (tmp_path / "missing.json", "a.blend", "does not exist"),
        (tmp_path, "a.blend", "no dataset here"),
        (tmp_path / "empty", "a.docx", "not a format that can be written"),
        (tmp_path / "empty", "no/such/a.blend", "does not exist"),
    ):
        done = meshkiln("inject", source, "--out", tmp_path / out)
        assert done.returncode == 2 and sentence in done.stderr and "Traceback" not in done.stderr


def children_of(marker):
    """Processes whose environment or arguments name `marker`."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if b"child.py" in path.read_bytes() and marker in path.with_name("environ").read_bytes().decode(
                errors="replace"
            ):
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


@needs_blender
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_ctrl_c_and_kill_9_lose_at_most_the_file_in_hand(tmp_path, how):
    # So many that it can't be over before the signal comes.
    files_given = 200
    folder = tmp_path / "in"
    folder.mkdir()
    for n in range(files_given):
        (folder / f"{n:04}.obj").write_text(CHAIR.replace("v 0 0 1", f"v 0 0 {n + 1}"))
    ds = tmp_path / "ds"
    argv = [sys.executable, "-m", "meshkiln", "extract", str(folder), "--out", str(ds), "--json"]
    marker = f"MESHKILN_TEST={tmp_path.name}"
    environment = {**os.environ, "MESHKILN_TEST": tmp_path.name}
    process = subprocess.Popen(
        argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True, env=environment,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # tests run in the background ignore Ctrl-C
    )  # fmt: skip
    end = time.monotonic() + 60
    while not (ds / "catalogue.sqlite").exists() or Dataset(ds).counts()["done"] < 3:
        assert time.monotonic() < end and process.poll() is None
        time.sleep(0.02)
    assert children_of(marker)
    os.killpg(process.pid, how)  # a worker has a group of its own: it must find out by itself
    out, _ = process.communicate(timeout=20)
    assert process.returncode in (130, -9)
    while children_of(marker):
        assert time.monotonic() < end, "a worker outlived its parent"
        time.sleep(0.05)
    before = Dataset(ds).counts()
    assert before["failed"] == 0 and before["records"] == before["done"] < files_given
    if how == signal.SIGINT:
        assert json.loads(out.splitlines()[-1])["interrupted"] is True
    said = summary(meshkiln("extract", folder, "--out", ds, "--json"))
    assert said["done"] == files_given - before["done"] and said["skipped"] == before["done"] and said["failed"] == 0
    assert len(Dataset(ds)) == files_given


@needs_blender
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("victim", ["worker", "all"])
def test_killed_between_reading_and_storing_a_file_is_read_again_and_stored_once(tmp_path, victim):
    folder = tmp_path / "in"
    folder.mkdir()
    for n in range(6):
        (folder / f"{n}.obj").write_text(CHAIR.replace("v 0 0 1", f"v 0 0 {n + 1}"))
    ds = tmp_path / "ds"
    Dataset(ds).close()
    marker = f"MESHKILN_TEST={tmp_path.name}"
    # Whoever holds the catalogue's only write lock keeps a worker between reading and storing.
    lock = sqlite3.connect(ds / "catalogue.sqlite", isolation_level=None)
    argv = [sys.executable, "-m", "meshkiln", "extract", str(folder), "--out", str(ds), "--json"]
    environment = {**os.environ, "MESHKILN_TEST": tmp_path.name}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    process = subprocess.Popen(argv, start_new_session=True, env=environment, **pipes)
    end = time.monotonic() + 60
    while not children_of(marker):  # the parent has tidied the dataset up by now
        assert time.monotonic() < end and process.poll() is None
        time.sleep(0.02)
    lock.execute("BEGIN IMMEDIATE")
    time.sleep(2.0)  # long enough to read a file of five faces, and to wait for the lock with it
    before = Dataset(ds).counts()
    (worker,) = children_of(marker)
    os.kill(worker if victim == "worker" else process.pid, signal.SIGKILL)
    while worker in children_of(marker):
        assert time.monotonic() < end
        time.sleep(0.02)
    lock.execute("ROLLBACK")
    lock.close()
    out, _ = process.communicate(timeout=60)
    if victim == "worker":
        said = json.loads(out.splitlines()[-1])
        assert (said["done"], said["failed"], said["records"]) == (6, 0, 6)
    else:
        said = summary(meshkiln("extract", folder, "--out", ds, "--json"))
        assert (said["done"], said["skipped"]) == (6 - before["done"], before["done"]) and before["done"] < 6
    dataset = Dataset(ds)
    assert dataset.counts() == {"done": 6, "skipped": 0, "failed": 0, "records": 6}
    assert len({record.arrays["mesh/position"].tobytes() for record in dataset}) == 6
    dataset.clean(age=0.0)
    assert not list((ds / "shards").glob("*.part"))
