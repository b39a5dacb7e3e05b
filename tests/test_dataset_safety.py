"""A dataset deletes nothing that it did not make, loses nothing that it acknowledged, and says what is damaged."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from meshkiln.records import mesh_record
from meshkiln.records.dataset import Dataset, DatasetError, SourceFile


def thing(name="thing", height=1.0):
    return mesh_record(name, np.array([[0, 0, 0], [1, 0, 0], [0, 1, height]]), [0], [0, 1, 2])


def filled(path, count=3) -> Dataset:
    dataset = Dataset(path)
    for n in range(count):
        about = {"sha256": f"{n:064}", "author": "Ada", "license": "CC0-1.0"}
        dataset.append([thing(f"thing {n}", n)], SourceFile(f"/files/{n}.blend", **about))
    return dataset


def test_what_others_put_into_the_folder_stays(tmp_path):
    dataset = filled(tmp_path / "ds")
    names = ("notes.txt", "0000-99999999.safetensors", "mine.jsonl", ".hidden.tmp", "work.part", "a.safetensors.part")
    for name in names:
        (dataset.shards / name).write_text("precious")
        os.utime(dataset.shards / name, (0, 0))
    dataset.clean(age=0)
    dataset.compact()
    assert all((dataset.shards / name).read_text() == "precious" for name in names)


def test_a_link_in_place_of_the_shards_costs_no_file_behind_it(tmp_path):
    dataset = filled(tmp_path / "ds")
    dataset.close()
    elsewhere = tmp_path / "elsewhere"
    shutil.move(tmp_path / "ds" / "shards", elsewhere)
    (elsewhere / "letter.txt").write_text("precious")
    (tmp_path / "ds" / "shards").symlink_to(elsewhere, target_is_directory=True)
    again = Dataset(tmp_path / "ds")
    again.compact()
    again.clean(age=0)
    assert (elsewhere / "letter.txt").read_text() == "precious" and len(again) == 3


def test_a_lost_catalogue_is_made_again_from_the_shards(tmp_path):
    dataset = filled(tmp_path / "ds")
    dataset.compact()
    dataset.append([thing("last")], "/files/last.blend")
    dataset.close()
    (tmp_path / "ds" / "catalogue.sqlite").unlink()
    again = Dataset(tmp_path / "ds", create=False)
    assert len(again) == 4 and "made again" in again.notes[0]
    assert sorted(record.name for record in again) == ["last", "thing 0", "thing 1", "thing 2"]
    file = again.file("/files/1.blend")
    assert file is not None and (file.sha256, file.author, file.license, file.state) == (
        f"{1:064}",
        "Ada",
        "CC0-1.0",
        "done",
    )
    again.compact()
    assert len(again) == 4


def test_a_restored_older_catalogue_costs_no_shard(tmp_path):
    dataset = filled(tmp_path / "ds", 1)
    dataset.close()
    shutil.copy(tmp_path / "ds" / "catalogue.sqlite", tmp_path / "older")
    with Dataset(tmp_path / "ds") as newer:
        for n in range(3):
            newer.append([thing(f"later {n}")], f"/files/later{n}.blend")
    before = {path.name: path.read_bytes() for path in dataset.shards.iterdir()}
    shutil.copy(tmp_path / "older", tmp_path / "ds" / "catalogue.sqlite")
    again = Dataset(tmp_path / "ds")
    again.clean(age=0)
    again.compact()
    left = {path.name: path.read_bytes() for path in dataset.shards.iterdir()}
    assert all(left.get(name) == data for name, data in before.items())


def test_names_are_unique_though_the_clock_stands_still(tmp_path, monkeypatch):
    monkeypatch.setattr(time, "time_ns", lambda: 1_700_000_000_000_000_000)
    dataset = Dataset(tmp_path / "ds")
    for n in range(60):
        dataset.append([thing(f"thing {n}")], f"{n}.blend")
    assert len(dataset) == 60 and len({record.name for record in dataset}) == 60


@pytest.mark.parametrize("where", ["arrays", "dicts"])
@pytest.mark.parametrize("seed", range(4))
def test_a_flipped_bit_is_named_before_anything_learns_from_it(tmp_path, where, seed):
    dataset = filled(tmp_path / "ds")
    dataset.compact()
    dataset.close()
    path = next(dataset.shards.glob("*.safetensors" if where == "arrays" else "*.jsonl"))
    data = bytearray(path.read_bytes())
    data[random.Random(seed).randrange(len(data))] ^= 1 << seed
    path.write_bytes(data)
    with pytest.raises(DatasetError, match="damaged.*dataset check"):
        Dataset(tmp_path / "ds").verify()
    for verb, more in (("build", ["--out", str(tmp_path / "set")]), ("check", [])):
        words = [sys.executable, "-m", "meshkiln", "dataset", verb, str(tmp_path / "ds"), *more]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert done.returncode == 1 and "Traceback" not in done.stderr
        assert "damaged" in done.stderr + done.stdout


def test_a_truncated_shard_is_a_sentence(tmp_path):
    dataset = filled(tmp_path / "ds", 1)
    dataset.close()
    path = next(dataset.shards.glob("*.safetensors"))
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(DatasetError, match="dataset check"):
        list(Dataset(tmp_path / "ds"))


def test_check_moves_what_is_damaged_aside_and_forgets_its_files(tmp_path):
    dataset = filled(tmp_path / "ds")
    dataset.close()
    path = sorted(dataset.shards.glob("*.safetensors"))[0]
    path.write_bytes(path.read_bytes()[:-4] + b"!!!!")
    words = [sys.executable, "-m", "meshkiln", "dataset", "check", str(tmp_path / "ds"), "--repair", "--json"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    again = Dataset(tmp_path / "ds")
    again.verify()
    assert len(again) == 2 and len(list((tmp_path / "ds" / "damaged").iterdir())) == 2
    assert again.file("/files/0.blend") is None


WRITE = """
import sys
import numpy as np
from meshkiln.records import mesh_record
from meshkiln.records.dataset import Dataset
dataset = Dataset(sys.argv[1])
for n in range(100000):
    name = f"{sys.argv[2]} {n}"
    dataset.append([mesh_record(name, np.eye(3) * n, [0], [0, 1, 2])], name)
    print(name, flush=True)
    if n % 7 == 6:
        dataset.compact()
"""


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
def test_kill_9_loses_nothing_that_was_acknowledged(tmp_path):
    rng = random.Random(1)
    told: set[str] = set()
    (tmp_path / "ds" / "shards").mkdir(parents=True)
    (tmp_path / "ds" / "shards" / "notes.txt").write_text("precious")
    for round_ in range(6):
        argv = [sys.executable, "-c", WRITE, str(tmp_path / "ds"), f"round {round_}"]
        child = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
        first = child.stdout.readline()
        time.sleep(rng.random() * 0.4)
        child.send_signal(signal.SIGKILL)
        told |= {line.strip() for line in [first, *child.stdout.readlines()] if line.endswith("\n")}
        child.wait()
        child.stdout.close()
    dataset = Dataset(tmp_path / "ds")
    dataset.clean(age=0)
    dataset.verify()
    assert told <= {record.name for record in dataset}
    assert (dataset.shards / "notes.txt").read_text() == "precious"
    assert not list(dataset.shards.glob("*.part"))


def test_a_dataset_of_an_older_version_is_taken_over(tmp_path):
    dataset = filled(tmp_path / "ds")
    with dataset.writing() as database:  # as version 2 left it
        database.execute("ALTER TABLE shards DROP COLUMN settled")
        database.execute("UPDATE shards SET crc = NULL")
        database.execute("DROP TABLE pending")
        database.execute("PRAGMA user_version = 2")
    dataset.close()
    again = Dataset(tmp_path / "ds")
    again.verify()
    again.append([thing("new")], "new.blend")
    assert len(again) == 4


def test_a_name_that_is_no_unicode_is_kept(tmp_path):
    name = os.fsdecode(b"/files/caf\xe9.blend")
    dataset = Dataset(tmp_path / "ds")
    dataset.append([thing()], SourceFile(name, author="a\udc80b"))
    assert dataset.file(name).path == name and Path(name) == Path(dataset.files()[0].path)
    assert dataset.rows()[0]["path"] == name


CUBE = "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 {}\nf 1 2 3 4\n"
needs_blender = pytest.mark.skipif(
    subprocess.run([sys.executable, "-c", "import bpy"], capture_output=True, check=False).returncode != 0,
    reason="needs the bpy module",
)


def extract(folder, out, **more):
    words = [sys.executable, "-m", "meshkiln", "extract", str(folder), "--out", str(out), "--json"]
    return subprocess.run(words, capture_output=True, timeout=120, check=False, **more)


@needs_blender
@pytest.mark.skipif(os.name != "posix", reason="names are text on Windows")
def test_one_name_that_is_no_unicode_costs_no_other_file(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for n in range(4):
        (folder / f"{n}.obj").write_text(CUBE.format(n))
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.obj")).write_text(CUBE.format(9))
    Path(os.fsdecode(os.fsencode(folder) + b"/z\xff.blend")).write_bytes(b"nothing")
    line = '{"path": "0.obj", "author": "a\\udc80b", "label": "\\ud800", "license": "CC0"}\n'
    (folder / "manifest.jsonl").write_text(line)
    done = extract(folder, tmp_path / "ds")
    said = json.loads(done.stdout.splitlines()[-1])
    assert done.returncode == 0 and b"Traceback" not in done.stderr
    assert (said["files"], said["done"], said["failed"]) == (6, 5, 1)
    assert len(Dataset(tmp_path / "ds")) == 5


@needs_blender
@pytest.mark.skipif(os.name != "posix", reason="pipes with names")
def test_what_is_no_plain_file_is_told_and_not_waited_for(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.obj").write_text(CUBE.format(0))
    os.mkfifo(folder / "pipe.blend")
    (folder / "device.glb").symlink_to("/dev/zero")
    (folder / "link.obj").symlink_to(folder / "pipe.blend")
    os.mkfifo(folder / "LICENSE")
    os.mkfifo(folder / "manifest.jsonl")
    done = extract(folder, tmp_path / "ds")
    said = json.loads(done.stdout.splitlines()[-1])
    assert (said["files"], said["done"], said["failed"]) == (4, 1, 3)
    assert all("not a file" in error["reason"] for error in said["errors"])


@needs_blender
@pytest.mark.skipif(os.name != "posix", reason="limits of POSIX")
def test_a_full_disk_is_a_sentence_and_an_exit_code(tmp_path):
    import resource

    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.obj").write_text(CUBE.format(0))
    many = "".join(f"v {n} {n % 7} {n % 3}\n" for n in range(30000)) + "".join(
        f"f {n} {n + 1} {n + 2}\n" for n in range(1, 29990)
    )
    (folder / "b.obj").write_text(many)

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))

    done = extract(folder, tmp_path / "ds", preexec_fn=small)
    assert done.returncode == 1 and b"Traceback" not in done.stderr and b"meshkiln extract: " in done.stderr
    again = extract(folder, tmp_path / "ds")
    assert again.returncode == 0 and len(Dataset(tmp_path / "ds")) == 2


@pytest.mark.parametrize("fault", ["cut", "flip", "lost", "head"])
def test_a_set_that_is_cut_short_or_damaged_trains_nothing(tmp_path, fault):
    from meshkiln.trainer.data.set_folder import ARRAYS, HEAD, SetError
    from meshkiln.trainer.data.training_set import training_set
    from meshkiln.trainer.generators import generate

    with Dataset(tmp_path / "ds") as dataset:
        for seed in range(6):
            dataset.append([generate("barrel", seed)], f"{seed}.blend")
    words = [sys.executable, "-m", "meshkiln", "dataset", "build", str(tmp_path / "ds"), "--out", str(tmp_path / "set")]
    subprocess.run(words, check=True, capture_output=True)
    folder = tmp_path / "set"
    training_set(folder)
    path = folder / (HEAD if fault == "head" else "assets.jsonl" if not (folder / ARRAYS).exists() else ARRAYS)
    data = path.read_bytes()
    if fault == "lost":
        path.unlink()
    else:
        path.write_bytes(data[: len(data) // 2] if fault in ("cut", "head") else data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(SetError, match="damaged|cut short"):
        training_set(folder)
