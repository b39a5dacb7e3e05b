"""Files from the internet are hostile: each bad one costs one clear line, and the others are unharmed."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from meshkiln.extractor.files.files import wrong_with
from meshkiln.records.dataset import Dataset

bpy_missing = subprocess.run([sys.executable, "-c", "import bpy"], capture_output=True, check=False).returncode
needs_blender = pytest.mark.skipif(bpy_missing != 0, reason="needs the bpy module")
MAKER = Path(__file__).with_name("blend_files.py")


def extract(*arguments):
    argv = [sys.executable, "-m", "meshkiln", "extract", *map(str, arguments), "--json"]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=170, check=False)
    return done, json.loads(done.stdout.strip().splitlines()[-1])


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    marker = folder / "written-by-a-script"
    inside = folder / "in"
    inside.mkdir()
    subprocess.run([sys.executable, MAKER, "all", inside, marker], check=True, capture_output=True, timeout=120)
    marker.unlink(missing_ok=True)
    return inside, marker


@needs_blender
def test_every_bad_file_costs_one_line_and_the_good_ones_are_read(files, tmp_path):
    folder, marker = files
    limits = ("--timeout", 4, "--apply-modifiers")
    done, said = extract(folder, "--out", tmp_path / "ds", *limits)
    reasons = {Path(error["path"]).name: error["reason"] for error in said["errors"]}
    assert done.returncode == 0 and "Traceback" not in done.stderr
    assert said["done"] + said["skipped"] + said["failed"] == said["files"] == 12
    assert reasons.pop("zero.blend") == "is empty (0 bytes)"
    assert reasons.pop("zip.blend").startswith("not a Blender file (starts with b'PK")
    assert reasons.pop("endless.blend").startswith("took longer than 4 s")
    for name in ("half.blend", "nearly.blend", "header.blend", "noise.blend"):
        assert reasons.pop(name).startswith("Blender cannot open it:"), name
    assert not reasons
    assert not marker.exists(), "a script of evil.blend has run"

    dataset = Dataset(tmp_path / "ds", create=False)
    states = {Path(file.path).name: file.state for file in dataset.files()}
    assert sorted([states["a good.blend"], states["copy.blend"]]) == ["done", "skipped"]
    assert states["椅子 Ünï.blend"] == states["evil.blend"] == states["strange.blend"] == "done"
    strange = next(record for record in dataset if record.name == "Strange")
    values = strange.arrays["mesh/position"].ravel()[:4]
    assert np.isnan(values[0]) and values[1] == np.inf and values[2] == -np.inf and values[3] == np.float32(3e38)

    # the second run has nothing left to do, and says the same again
    again, told = extract(folder, "--out", tmp_path / "ds", *limits)
    assert again.returncode == 0 and told["failed"] == 7 and told["done"] == 0 and told["seconds"] < 2
    assert told["errors"] == said["errors"]


@needs_blender
@pytest.mark.slow
def test_one_that_eats_memory_is_ended_and_the_next_is_read(files, tmp_path):
    folder, _ = files
    paths = (folder.parent / "greedy.blend", folder / "a good.blend")
    done, said = extract(*paths, "--out", tmp_path / "ds", "--memory", 1, "--apply-modifiers")
    assert done.returncode == 0 and said["done"] == 1 and said["failed"] == 1
    assert "memory" in said["errors"][0]["reason"]
    # as it is stored it is a small mesh: what would eat the memory is only computed where it is asked for
    done, said = extract(paths[0], "--out", tmp_path / "as stored", "--memory", 1)
    assert done.returncode == 0 and said["done"] == 1


@needs_blender
def test_the_trap_is_armed(files):
    """The same file in a Blender that allows scripts does write: the test above proves something."""
    folder, marker = files
    path = str(folder / "evil.blend")
    code = f"import bpy; bpy.ops.wm.open_mainfile(filepath={path!r}, use_scripts=True); bpy.context.view_layer.update()"
    subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, timeout=60)
    assert marker.exists()
    marker.unlink()


@needs_blender
def test_an_injected_record_runs_nothing(files, tmp_path):
    folder, marker = files
    extract(folder / "evil.blend", "--out", tmp_path / "ds")
    argv = [sys.executable, "-m", "meshkiln", "inject", tmp_path / "ds", "--out", tmp_path / "out.blend", "--json"]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0 and not marker.exists()
    code = (
        f"import bpy; bpy.ops.wm.open_mainfile(filepath={str(tmp_path / 'out.blend')!r}, use_scripts=True); "
        "bpy.context.view_layer.update(); assert not bpy.data.texts"
    )
    subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=60)
    assert not marker.exists(), "a driver of the record has run"


@needs_blender
def test_where_nothing_can_be_read_the_exit_code_is_2(files, tmp_path):
    folder, _ = files
    done, said = extract(folder / "zero.blend", folder / "missing.blend", "--out", tmp_path / "ds")
    assert done.returncode == 2 and said["failed"] == 2 and said["files"] == 2
    assert "No such file" in said["errors"][0]["reason"] + said["errors"][1]["reason"]
    (tmp_path / "nothing").mkdir()
    done, said = extract(tmp_path / "nothing", "--out", tmp_path / "ds2")
    assert done.returncode == 2 and said["files"] == 0


@pytest.mark.parametrize(
    "name, content, sentence",
    [
        ("a.glb", b"glTF\x02\0\0\0\xff\0\0\0", "is cut off: it should have 255 bytes and has 12"),
        ("a.glb", b"<!DOCTYPE html><html>", "not a glTF binary file (starts with b'<!DO': a web page)"),
        ("a.stl", b"\0" * 80 + b"\x0a\0\0\0" + b"\0" * 50, "is cut off: 10 triangles need 584 bytes, it has 134"),
        ("a.obj", b"PK\x03\x04", "not an OBJ file (starts with b'PK\\x03\\x04': a zip archive)"),
        ("a.ply", b"solid", "not a PLY file (starts with b'soli')"),
        ("a.fbx", b"\x89PNG....", "not an FBX file (starts with b'\\x89PNG': a PNG picture)"),
        ("a.usdc", b"what", "not a USD file (starts with b'what')"),
        ("a.abc", b"def", "not an Alembic file (starts with b'def')"),
        ("a.blend", b"\x1f\x8bxx", "is damaged: it cannot be decompressed"),
        ("a.blend", b"version https://git-lfs.github.com/spec/v1", "a Git LFS pointer"),
        ("a.dwg", b"x", ".dwg is not a format that can be read"),
    ],
)
def test_what_is_wrong_is_said_before_a_blender_sees_it(tmp_path, name, content, sentence):
    (tmp_path / name).write_bytes(content)
    assert sentence in wrong_with(tmp_path / name)
