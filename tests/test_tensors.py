"""Named arrays in a file: what is written comes back, and what is broken is refused with a sentence."""

import json

import numpy as np
import pytest
from meshkiln.records.tensors import TensorError, open_tensors, read_header, write_tensors

ARRAYS = {
    "f64": np.linspace(0, 1, 5),
    "f32": np.arange(12, dtype=np.float32).reshape(4, 3),
    "f16": np.array([1.5, -2, np.inf], np.float16),
    "i64": np.array([-(2**60), 2**60]),
    "i32": np.arange(7, dtype=np.int32),
    "u16": np.array([0, 65535], np.uint16),
    "i8": np.array([[-128], [127]], np.int8),
    "u8": np.arange(3, dtype=np.uint8),
    "bool": np.array([True, False, True]),
    "empty": np.zeros((0, 3), np.float32),
    "scalar": np.full((), 3.5, np.float32),
    "Ünï/名前": np.ones(2, np.uint32),
}


def test_what_is_written_is_read_back(tmp_path):
    path = tmp_path / "a.safetensors"
    write_tensors(path, ARRAYS, {"who": "tést"})
    tensors = open_tensors(path)
    assert tensors.metadata == {"who": "tést"}
    assert set(tensors) == set(ARRAYS)
    for name, array in ARRAYS.items():
        assert tensors[name].dtype == array.dtype and tensors[name].shape == array.shape
        assert np.array_equal(tensors[name], array)
        assert not tensors[name].flags.writeable and tensors[name].flags.aligned
    assert [p.name for p in tmp_path.iterdir()] == ["a.safetensors"]


def test_arrays_outlive_the_file_object(tmp_path):
    path = tmp_path / "a.safetensors"
    write_tensors(path, ARRAYS)
    with open_tensors(path) as tensors:
        kept = tensors["f32"]
    del tensors
    assert kept.sum() == ARRAYS["f32"].sum()


def test_the_reference_package_reads_ours_and_we_read_its(tmp_path):
    safetensors = pytest.importorskip("safetensors.numpy")
    ours, its = tmp_path / "ours", tmp_path / "its"
    write_tensors(ours, ARRAYS, {"k": "v"})
    loaded = safetensors.load_file(ours)
    safetensors.save_file(ARRAYS, its, {"k": "v"})
    tensors = open_tensors(its)
    for name, array in ARRAYS.items():
        assert np.array_equal(loaded[name], array) and np.array_equal(tensors[name], array)


def test_bf16_is_rounded_to_nearest_and_read_as_f32(tmp_path):
    path = tmp_path / "b.safetensors"
    values = np.array([1.0, 1.00390625, 1.01171875, -3.3e38, 1e-40, np.inf, np.nan, 0.1], np.float32)
    write_tensors(path, {"w": values}, bf16=["w"])
    read = open_tensors(path)["w"]
    assert read.dtype == np.float32 and np.isnan(read[6]) and np.isinf(read[5])
    assert read[0] == 1 and read[1] == 1.0 and read[2] == np.float32(1.015625)
    assert np.allclose(read[[3, 7]], values[[3, 7]], rtol=2**-8)


def test_bf16_agrees_with_torch(tmp_path):
    torch = pytest.importorskip("torch")
    values = np.random.default_rng(0).normal(size=1000).astype(np.float32)
    write_tensors(tmp_path / "b", {"w": values}, bf16=["w"])
    assert np.array_equal(open_tensors(tmp_path / "b")["w"], torch.tensor(values).bfloat16().float().numpy())


def test_an_unwritable_array_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.safetensors"
    write_tensors(path, {"x": np.ones(2)})
    with pytest.raises(TensorError, match="'y' has the dtype"):
        write_tensors(path, {"y": np.array(["text"])})
    assert "x" in open_tensors(path)


def _file(tmp_path, header, body=b"", length=None):
    head = header if isinstance(header, bytes) else json.dumps(header).encode()
    path = tmp_path / "bad.safetensors"
    path.write_bytes((len(head) if length is None else length).to_bytes(8, "little") + head + body)
    return path


def _entry(dtype="F32", shape=(1,), offsets=(0, 4)):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": list(offsets)}


@pytest.mark.parametrize(
    "header, body, reason",
    [
        ({"a": _entry(offsets=(0, 8), shape=(2,))}, b"1234", "outside the file"),
        ({"a": _entry(shape=(2**40, 2**40))}, b"1234", "larger than any memory"),
        ({"a": _entry(shape=(3,))}, b"1234", "bytes, the offsets say 4"),
        ({"a": _entry(shape=(0, 2**62), offsets=(0, 0))}, b"", "larger than any memory"),
        ({"a": _entry(), "b": _entry(offsets=(2, 6))}, b"123456", "overlaps"),
        ({"a": _entry(), "b": _entry(offsets=(8, 12))}, b"1" * 12, "hole"),
        ({"a": _entry()}, b"12345678", "belong to no array"),
        ({"a": _entry(dtype="F31")}, b"1234", "'F31'"),
        ({"a": _entry(shape=(-1,))}, b"1234", "not a list of sizes"),
        ({"a": _entry(shape=(True,))}, b"1234", "not a list of sizes"),
        ({"a": _entry(offsets=(4, 0))}, b"1234", "outside"),
        ({"a": [1]}, b"", "must have dtype"),
        ({"__metadata__": {"a": 1}}, b"", "strings"),
        (b'{"a":1,"a":1}', b"", "twice"),
        (b"[1]", b"", "not a JSON object"),
        (b"{", b"", "not valid JSON"),
        (b"{" + b'"a":[' * 60000, b"", "not valid JSON"),
        (b'{"\xff":1}', b"", "not valid JSON"),
    ],
)
def test_a_lying_header_is_refused(tmp_path, header, body, reason):
    path = _file(tmp_path, header, body)
    with pytest.raises(TensorError, match=reason) as caught:
        read_header(path)
    assert "bad.safetensors" in str(caught.value)


def test_short_and_huge_files_are_refused(tmp_path):
    path = tmp_path / "short"
    path.write_bytes(b"123")
    with pytest.raises(TensorError, match="too few"):
        open_tensors(path)
    with pytest.raises(TensorError, match="announces"):
        open_tensors(_file(tmp_path, b"{}", length=2**63))
    with pytest.raises(TensorError, match="truncated"):
        open_tensors(_file(tmp_path, b"{}", length=5000))
    with pytest.raises(TensorError, match="cannot be read"):
        open_tensors(tmp_path / "missing")


def test_every_truncation_is_refused(tmp_path):
    path = tmp_path / "a"
    write_tensors(path, {"x": np.arange(6, dtype=np.int16), "y": np.ones(3)})
    whole = path.read_bytes()
    for cut in range(len(whole)):
        path.write_bytes(whole[:cut])
        with pytest.raises(TensorError):
            open_tensors(path)
