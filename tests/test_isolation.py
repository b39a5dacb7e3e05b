"""No Python of ours imports what lies in the current folder or beside an artist's file."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from meshkiln import jobs
from meshkiln.jobs.processes import meshkiln_command, python_module
from meshkiln.records import mesh_record
from meshkiln.records.dataset import Dataset
from meshkiln.trainer.generate.client import Client, own_python

needs_blender = pytest.mark.skipif(
    subprocess.run([sys.executable, "-c", "import bpy"], capture_output=True, check=False).returncode != 0,
    reason="needs the bpy module",
)
# Modules that our processes import, of the standard library and of packages.
IMPORTED = (
    "argparse", "json", "queue", "tempfile", "threading", "sqlite3", "hashlib", "zlib", "struct", "random", "logging",
    "importlib_metadata", "numpy", "torch", "bpy", "mathutils", "safetensors", "usercustomize", "sitecustomize",
    "meshkiln",
)  # fmt: skip


@pytest.fixture
def hostile(tmp_path, monkeypatch) -> Path:
    """The current folder, full of modules that leave a mark when they are run."""
    folder = tmp_path / "downloads"
    folder.mkdir()
    for name in IMPORTED:
        (folder / f"{name}.py").write_text(f"open({str(tmp_path / 'mark')!r}, 'a').write({name!r} + ' ')\n")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return folder


def unharmed(folder: Path) -> bool:
    mark = folder.parent / "mark"
    return not mark.exists() or not mark.read_text()


@needs_blender
def test_reading_and_writing_files_runs_nothing_that_lies_beside_them(hostile):
    (hostile / "cube.obj").write_text("v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nf 1 2 3 4\n")
    out = hostile.parent / "dataset"
    for words in (
        ["extract", "cube.obj", "--out", str(out)],
        ["inject", str(out), "--out", str(hostile.parent / "back.blend")],
        ["roundtrip", "cube.obj"],
    ):
        done = subprocess.run(meshkiln_command(*words), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    assert unharmed(hostile)


def test_tokens_and_data_sets_run_nothing_that_lies_beside_them(hostile):
    plane = [[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]]
    with Dataset(hostile.parent / "ds") as dataset:
        dataset.append([mesh_record("plane", plane, [0], [0, 1, 2, 3])])
    for words in (["dataset", "build", "../ds", "--out", "../set"], ["tokens", "../ds", "--craft", "geometry"]):
        subprocess.run(meshkiln_command(*words), capture_output=True, text=True, check=False)
    assert unharmed(hostile)


def test_a_job_and_its_supervisor_run_nothing_of_the_current_folder(hostile):
    folder = hostile.parent / "job"
    jobs.start(folder, python_module("__main__", "presets", "--json"))
    end = time.monotonic() + 60
    while jobs.read(folder)["status"] in jobs.ACTIVE and time.monotonic() < end:
        time.sleep(0.05)
    assert jobs.read(folder)["status"] == "done", jobs.read_log(folder)
    assert json.loads(jobs.read_log(folder)[-1])
    assert unharmed(hostile)


def test_the_worker_runs_nothing_of_the_current_folder(hostile):
    client = Client(own_python(), hostile.parent / "log" / "worker.txt")
    try:
        assert client.wait_event(60)["event"] == "hello"
    finally:
        client.close(5)
    assert unharmed(hostile)


def test_a_child_writes_utf8_whatever_the_locale_is(tmp_path):
    code = {"LC_ALL": "C", "LANG": "C", "PYTHONIOENCODING": "latin-1", "PATH": os.environ["PATH"]}
    done = subprocess.run(
        meshkiln_command("extract", "椅子.blend", "--out", str(tmp_path)), capture_output=True, env=code
    )
    assert "椅子" in done.stderr.decode("utf-8")
