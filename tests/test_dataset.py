"""A dataset: what is appended comes back, whoever else writes or dies meanwhile."""

import os
import pickle
import signal
import sqlite3
import subprocess
import sys
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from meshkiln.records import Record, RecordError, mesh_record
from meshkiln.records.dataset import Dataset, DatasetError, SourceFile, hash_file


def triangle(name, n=1, **data):
    positions = np.random.default_rng(n).normal(size=(3 * n, 3)).astype(np.float32)
    starts = np.arange(0, 3 * n, 3, dtype=np.int32)
    return mesh_record(name, positions, starts, np.arange(3 * n, dtype=np.int32), **data)


def same(a, b):
    assert a.data == b.data and list(a.arrays) == list(b.arrays)
    for key, array in a.arrays.items():
        assert array.dtype == b.arrays[key].dtype and array.shape == b.arrays[key].shape
        assert array.tobytes() == b.arrays[key].tobytes()


def test_records_come_back_as_they_went_in(tmp_path):
    written = [
        triangle("tri", 1, label="chair", properties={"π": [1.5, float("inf")], "bad\udc80name": None}),
        Record({"name": "empty", "kind": "empty", "size": np.float32(2.5)}, {}),
        triangle("big", 50),
        Record({"name": "odd", "kind": "mesh"}, {"a": np.zeros((0, 3), np.float32), "b": np.full((), 7, np.int64)}),
        Record({"name": "odd2", "kind": "mesh"}, {"a": np.ones((2, 2)), "mesh/attribute/ü%2Fx": np.ones(3, bool)}),
    ]
    ds = Dataset(tmp_path / "ds")
    ds.append(written[:2], tmp_path / "one.blend")
    ds.append(written[2:])
    assert len(ds) == 5 and ds[-1].name == "odd2" and [r.name for r in ds[1:3]] == ["empty", "big"]
    written[1].data["size"] = 2.5
    for record, read in zip(written, Dataset(tmp_path / "ds", create=False)):
        same(record, read)
    with pytest.raises(IndexError):
        ds[5]
    assert [row["label"] for row in ds.rows(kind="mesh")] == ["chair", None, None, None]
    assert [row["index"] for row in ds.rows(path=str(tmp_path / "one.blend"))] == [0, 1]


keys = st.text(min_size=1, max_size=8)
dtypes = st.sampled_from([np.float32, np.float64, np.int32, np.int64, np.uint8, np.bool_, np.int16])
arrays = dtypes.flatmap(lambda t: hnp.arrays(t, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.dictionaries(keys, arrays, max_size=4), max_size=4))
def test_any_arrays_survive(tmp_path_factory, bundles):
    records = [Record({"name": str(i), "kind": "x"}, bundle) for i, bundle in enumerate(bundles)]
    with Dataset(tmp_path_factory.mktemp("ds")) as ds:
        ds.append(records[:2])
        ds.append(records[2:])
        ds.compact()
        for record, read in zip(records, ds):
            same(record, read)
        assert len(ds) == len(records)


def test_what_cannot_be_stored_is_refused_and_leaves_nothing(tmp_path):
    ds = Dataset(tmp_path)
    with pytest.raises(RecordError, match="arrays/x: the dtype"):
        ds.append([triangle("a"), Record({"name": "b"}, {"x": np.array(["text"])})])
    with pytest.raises(RecordError, match="data: cannot be written as JSON"):
        ds.append([Record({"name": "b", "what": object()}, {})])
    assert len(ds) == 0 and not list(ds.shards.iterdir())


def test_files_and_what_became_of_them(tmp_path):
    path = tmp_path / "chair.blend"
    path.write_bytes(b"x")
    ds = Dataset(tmp_path / "ds")
    first = SourceFile(str(path), hash_file(path), 1, author="Ada", license="CC0", warnings=["image missing"])
    ds.append([triangle("a"), triangle("b")], first)
    ds.mark("broken.blend", "failed", "not a Blender file")
    assert ds.counts() == {"done": 1, "skipped": 0, "failed": 1, "records": 2}
    assert ds.file(path).warnings == ["image missing"] and ds.done_with_content(first.sha256).path == str(path)
    assert [f.reason for f in ds.files("failed")] == ["not a Blender file"]
    # the same content elsewhere is one; the same path again replaces
    ds.append([triangle("c")], SourceFile("copy.blend", first.sha256, 1), once=True)
    assert ds.file("copy.blend").state == "skipped" and str(path) in ds.file("copy.blend").reason and len(ds) == 2
    ds.append([triangle("new")], SourceFile(str(path), "other"))
    assert [r.name for r in ds] == ["new"] and ds.rows()[0]["license"] is None
    with pytest.raises(DatasetError, match="none of"):
        ds.mark("x", "lost", "?")


def test_small_shards_are_joined_and_readers_find_them(tmp_path):
    ds, reader = Dataset(tmp_path), Dataset(tmp_path)
    for n in range(1, 12):
        ds.append([triangle(f"r{n}", n)], f"f{n}.blend")
    assert len(reader) == 11
    kept = reader[3]
    ds.append([triangle("again")], "f3.blend")
    assert ds.compact() == 11 and len(list(ds.shards.iterdir())) == 2
    assert reader[0].name == "r1"  # its index was of the time before
    assert kept.arrays["mesh/position"].shape == (12, 3)
    assert [r.name for r in ds] == [f"r{n}" for n in range(1, 12) if n != 3] + ["again"]
    assert ds.compact() == 0


def test_what_a_power_cut_tore_is_noticed_and_read_again(tmp_path):
    ds = Dataset(tmp_path)
    for name in ("whole", "torn"):
        ds.append([triangle(name)], SourceFile(name, name), durable=False)
    torn = sorted(ds.shards.glob("*.safetensors"))[1]
    torn.write_bytes(bytes(torn.stat().st_size))
    ds.clean()
    assert [r.name for r in ds] == ["whole"] and ds.file("torn") is None and ds.file("whole").state == "done"
    ds.append([triangle("torn")], SourceFile("torn", "torn"), durable=False)
    ds.compact()
    for path in ds.shards.iterdir():
        path.touch()
    ds.clean()
    assert [r.name for r in ds] == ["whole", "torn"]


def test_no_dataset_and_damaged_ones_are_sentences(tmp_path):
    with pytest.raises(DatasetError, match="no dataset here"):
        Dataset(tmp_path, create=False)
    (tmp_path / "file").write_text("")
    with pytest.raises(DatasetError, match="is a file"):
        Dataset(tmp_path / "file")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "catalogue.sqlite").write_bytes(b"no database at all" * 100)
    with pytest.raises(DatasetError, match="damaged"):
        Dataset(tmp_path / "bad")
    ds = Dataset(tmp_path / "gone")
    ds.append([triangle("a")])
    for path in ds.shards.glob("*.safetensors"):
        path.unlink()
    with pytest.raises(DatasetError, match="is missing"):
        Dataset(tmp_path / "gone")[0]
    newer = Dataset(tmp_path / "newer")
    newer.close()
    sqlite3.connect(tmp_path / "newer" / "catalogue.sqlite").execute("PRAGMA user_version = 9")
    with pytest.raises(DatasetError, match="newer"):
        Dataset(tmp_path / "newer")


def test_it_travels_to_another_process(tmp_path):
    Dataset(tmp_path).append([triangle("a")])
    assert pickle.loads(pickle.dumps(Dataset(tmp_path)))[0].name == "a"


WRITER = """
import sys, numpy as np
from meshkiln.records.dataset import Dataset, SourceFile
from meshkiln.records import mesh_record
ds = Dataset(sys.argv[1])
for n in range(int(sys.argv[3])):
    records = [mesh_record(f"{sys.argv[2]}.{n}.{i}", np.full((4000, 3), n, "f"), [0], [0, 1, 2]) for i in range(3)]
    ds.append(records, SourceFile(f"{sys.argv[2]}.{n}", f"hash {n}"))
    print(n, flush=True)
"""


def writer(folder, name, count):
    argv = [sys.executable, "-c", WRITER, str(folder), name, str(count)]
    return subprocess.Popen(argv, stdout=subprocess.PIPE)


def test_several_processes_append_at_once(tmp_path):
    children = [writer(tmp_path, name, 25) for name in "abc"]
    assert [child.wait() for child in children] == [0, 0, 0]
    ds = Dataset(tmp_path, create=False)
    assert len(ds) == 225 and len({r.name for r in ds}) == 225 and ds.counts()["done"] == 75
    for child in children:
        child.stdout.close()


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
def test_kill_9_never_leaves_half_a_file(tmp_path):
    ds = Dataset(tmp_path)
    for round_ in range(8):
        child = writer(tmp_path, f"w{round_}", 100000)
        child.stdout.readline()
        time.sleep(0.003 * round_)
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        assert len(ds) % 3 == 0
    for record in ds:
        assert (record.arrays["mesh/position"] == int(record.name.split(".")[1])).all()
    ds.clean(age=0)
    assert not list(ds.shards.glob("*.part")), "what a killed writer left unfinished"
    ds.verify()
