"""Damaged .blend, .glb and .obj files: each costs one sentence, none costs another file, a traceback or a hang.

A share runs each time; `-m slow` runs 2,000 of each format. A failing mutant is written again by its seed.
"""

import json
import random
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest

from .mutate import mutant

pytest.importorskip("bpy")

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 5  # seconds that one file may take
FORMATS = ("blend", "glb", "obj")


@pytest.fixture(scope="module")
def originals(tmp_path_factory) -> dict[str, bytes]:
    """A small file of each format with what real files hold: materials, images, several objects."""
    import bpy

    folder = tmp_path_factory.mktemp("originals")
    bpy.ops.wm.read_factory_settings(use_empty=True)
    for index, make in enumerate((bpy.ops.mesh.primitive_cube_add, bpy.ops.mesh.primitive_uv_sphere_add)):
        make(location=(3 * index, 0, 0))
        obj = bpy.context.object
        material = bpy.data.materials.new(f"Paint {index}")
        obj.data.materials.append(material)
        obj.modifiers.new("Mirror", "MIRROR")
    image = bpy.data.images.new("Palette", 4, 4)
    image.pack()
    bpy.ops.wm.save_as_mainfile(filepath=str(folder / "a.blend"), compress=False)
    bpy.ops.export_scene.gltf(filepath=str(folder / "a.glb"))
    bpy.ops.wm.obj_export(filepath=str(folder / "a.obj"), export_materials=False)
    return {kind: (folder / f"a.{kind}").read_bytes() for kind in FORMATS}


def extract(folder: Path, out: Path, timeout: float) -> tuple[subprocess.CompletedProcess, dict]:
    argv = [
        sys.executable,
        "-m",
        "meshkiln",
        "extract",
        str(folder),
        "--out",
        str(out),
        "--json",
        "--timeout",
        str(LIMIT),
    ]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=timeout, check=False, errors="replace")
    return done, json.loads(done.stdout.strip().splitlines()[-1])


def check(kind: str, original: bytes, seeds: range, folder: Path, timeout: float) -> None:
    places = folder / kind
    places.mkdir()
    for seed in seeds:
        (places / f"{seed}.{kind}").write_bytes(mutant(original, seed ^ zlib.crc32(kind.encode())))
    (places / f"whole.{kind}").write_bytes(original)
    bystander = folder / "bystander.txt"
    bystander.write_text("not ours")
    done, said = extract(places, folder / "dataset", timeout)
    count = len(seeds) + 1
    assert "Traceback" not in done.stderr and done.returncode in (0, 1)
    assert said["files"] == said["done"] + said["skipped"] + said["failed"] == count
    assert all(error["reason"] and "\n" not in error["reason"] for error in said["errors"])
    told = {Path(error["path"]).name for error in said["errors"]}
    assert len(said["errors"]) == said["failed"] or len(told) >= 100  # a summary names each that failed
    assert f"whole.{kind}" not in told, "a good file was lost to its neighbours"
    assert bystander.read_text() == "not ours"

    from meshkiln.records import validate
    from meshkiln.records.dataset import Dataset

    with Dataset(folder / "dataset", create=False) as dataset:
        for record in dataset:
            validate(record)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_share_of_damaged_files_costs_a_sentence_each(kind, originals, tmp_path):
    check(kind, originals[kind], range(25), tmp_path, 170)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", FORMATS)
def test_two_thousand_damaged_files_cost_a_sentence_each(kind, originals, tmp_path):
    check(kind, originals[kind], range(1000, 3000), tmp_path, 3500)


def test_mutants_are_the_same_for_the_same_seed_and_mostly_differ_from_the_original():
    original = random.Random(0).randbytes(2000)
    made = [mutant(original, seed) for seed in range(100)]
    assert made == [mutant(original, seed) for seed in range(100)]
    assert np.mean([m != original for m in made]) > 0.9
