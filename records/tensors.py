"""Named arrays in one file: the safetensors format, on numpy alone.

Knows the file format and nothing of what the arrays mean. Reading is lazy: a file is memory-mapped, and
an array is a read-only view into it that lives as long as somebody holds it. The header is checked
against the size of the file (offsets, overlap, dtype, shape) before any memory is taken for its content,
so a hostile or truncated file only gives an error message. Writing is a temporary file, fsync and rename.

bfloat16 has no numpy dtype: it is read as float32 and written on request (`bf16=`).
"""

import json
import math
import mmap
import os
import tempfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

# A header is names and shapes: parsing a larger one could take minutes and gigabytes. The shards of the largest
# datasets here have some hundred arrays and 60 KB of header.
MAX_HEADER = 16 << 20
MAX_ARRAYS = 50_000

DTYPES: dict[str, np.dtype] = {
    "F64": np.dtype("<f8"),
    "F32": np.dtype("<f4"),
    "F16": np.dtype("<f2"),
    "BF16": np.dtype("<u2"),  # the upper half of a float32; widened when read
    "I64": np.dtype("<i8"),
    "U64": np.dtype("<u8"),
    "I32": np.dtype("<i4"),
    "U32": np.dtype("<u4"),
    "I16": np.dtype("<i2"),
    "U16": np.dtype("<u2"),
    "I8": np.dtype("i1"),
    "U8": np.dtype("u1"),
    "BOOL": np.dtype("?"),
}
_CODES = {dtype: code for code, dtype in DTYPES.items() if code != "BF16"}


class TensorError(ValueError):
    """A file that is not valid safetensors; the message names the file and the reason."""

    def __init__(self, path: str | os.PathLike[str], reason: str) -> None:
        super().__init__(f"{os.fspath(path)}: {reason}")
        self.path = os.fspath(path)
        self.reason = reason


@dataclass(frozen=True)
class TensorInfo:
    """One array's place: `code` as the format writes it, `start` in bytes from the start of the file."""

    code: str
    shape: tuple[int, ...]
    start: int
    size: int


def read_header(
    path: str | os.PathLike[str], most_bytes: int = MAX_HEADER, most_arrays: int = MAX_ARRAYS
) -> tuple[dict[str, str], dict[str, TensorInfo]]:
    """(metadata, {name: TensorInfo}) of a file, checked; reads the header only, and no larger one than `most_bytes`."""
    try:
        with open(path, "rb") as file:
            return _read_header(path, file, os.fstat(file.fileno()).st_size, most_bytes, most_arrays)
    except OSError as error:
        raise TensorError(path, f"cannot be read ({error.strerror or error})") from error


def _read_header(
    path: str | os.PathLike[str], file: Any, file_size: int, most_bytes: int = MAX_HEADER, most_arrays: int = MAX_ARRAYS
) -> tuple[dict[str, str], dict[str, TensorInfo]]:
    if file_size < 8:
        raise TensorError(path, f"not a safetensors file: {file_size} bytes are too few for a header")
    length = int.from_bytes(file.read(8), "little")
    if length > most_bytes:
        raise TensorError(path, f"announces a header of {length} bytes; the limit is {most_bytes}")
    if 8 + length > file_size:
        raise TensorError(path, f"truncated: the header needs {length} bytes, the file has {file_size - 8} left")
    raw = file.read(length)
    if len(raw) != length or raw[:1] != b"{":
        raise TensorError(path, "not a safetensors file: the header is not a JSON object")
    if raw.count(b"{") > most_arrays + 10_000:  # one per array, and some in the metadata
        raise TensorError(path, f"announces more than {most_arrays} arrays")
    try:
        header = json.loads(raw.decode("utf-8"), object_pairs_hook=_no_duplicates)
    except (ValueError, RecursionError) as error:
        raise TensorError(path, f"the header is not valid JSON ({error})") from error
    metadata = header.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(v, str) for v in metadata.values()):
        raise TensorError(path, "__metadata__ must map names to strings")
    base = 8 + length
    infos = {name: _read_info(path, name, entry, base, file_size) for name, entry in header.items()}
    end = base
    for name, info in sorted(infos.items(), key=lambda item: (item[1].start, item[1].size)):
        if info.start != end:
            what = "overlaps the array before it" if info.start < end else "leaves a hole before it"
            raise TensorError(path, f"array {name!r} {what}")
        end += info.size
    if end != file_size:
        raise TensorError(path, f"{file_size - end} bytes at the end belong to no array")
    return metadata, infos


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a name appears twice")
    return result


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _read_info(path: str | os.PathLike[str], name: str, entry: Any, base: int, file_size: int) -> TensorInfo:
    if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "data_offsets"}:
        raise TensorError(path, f"array {name!r} must have dtype, shape and data_offsets, and nothing else")
    code, shape, offsets = entry["dtype"], entry["shape"], entry["data_offsets"]
    if not isinstance(code, str) or code not in DTYPES:
        raise TensorError(path, f"array {name!r} has the dtype {code!r}, which is unknown")
    if not isinstance(shape, list) or len(shape) > 32 or not all(_is_count(n) for n in shape):
        raise TensorError(path, f"array {name!r} has the shape {str(shape)[:80]}, which is not a list of sizes")
    if not isinstance(offsets, list) or len(offsets) != 2 or not all(_is_count(n) for n in offsets):
        raise TensorError(path, f"array {name!r} has no pair of offsets")
    first, last = offsets
    if first > last or base + last > file_size:
        raise TensorError(path, f"array {name!r} reaches outside the file (truncated?)")
    itemsize = DTYPES[code].itemsize
    if math.prod(n for n in shape if n) * itemsize >= 2**62:  # numpy cannot represent such a shape
        raise TensorError(path, f"array {name!r} has the shape {str(shape)[:80]}, which is larger than any memory")
    size = math.prod(shape) * itemsize
    if size != last - first:
        raise TensorError(
            path, f"array {name!r}: shape {shape} of {code} is {size} bytes, the offsets say {last - first}"
        )
    return TensorInfo(code, tuple(shape), base + first, last - first)


class TensorFile(Mapping[str, np.ndarray]):
    """The arrays of one file, read when asked for. `metadata` is a dict of str."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        try:
            with open(path, "rb") as file:
                size = os.fstat(file.fileno()).st_size
                self.metadata, self.infos = _read_header(path, file, size)
                self._map: mmap.mmap | None = mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ)
        except OSError as error:
            raise TensorError(path, f"cannot be read ({error.strerror or error})") from error

    def __getitem__(self, name: str) -> np.ndarray:
        """A read-only view of the file (bfloat16: a float32 array of its own)."""
        info = self.infos[name]
        if self._map is None:
            raise TensorError(self.path, "was closed")
        dtype = DTYPES[info.code]
        flat = np.frombuffer(self._map, dtype, info.size // dtype.itemsize, info.start)
        if info.code == "BF16":
            flat = (flat.astype("<u4") << np.uint32(16)).view("<f4")
        return flat.reshape(info.shape)

    def stored_bytes(self, name: str) -> memoryview:
        """The bytes of an array as stored."""
        info = self.infos[name]
        if self._map is None:
            raise TensorError(self.path, "was closed")
        return memoryview(self._map)[info.start : info.start + info.size]

    def __iter__(self) -> Iterator[str]:
        return iter(self.infos)

    def __len__(self) -> int:
        return len(self.infos)

    def close(self) -> None:
        """Close the file. Arrays already taken stay valid and keep it open."""
        self._map = None

    def __enter__(self) -> "TensorFile":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()


def open_tensors(path: str | os.PathLike[str]) -> TensorFile:
    """A lazy, memory-mapped dict of the arrays in `path`; TensorError if it is not such a file."""
    return TensorFile(path)


def _to_bf16(array: np.ndarray) -> np.ndarray:
    """The nearest bfloat16 (ties to even) of each float, as its 16 bits."""
    bits = np.ascontiguousarray(array, "<f4").view("<u4")
    rounded = ((bits.astype(np.uint64) + 0x7FFF + ((bits >> np.uint32(16)) & np.uint32(1))) >> np.uint64(16)).astype(
        "<u2"
    )
    return np.where(np.isnan(array), np.uint16(0x7FC0), rounded).astype("<u2")


def write_tensors(
    path: str | os.PathLike[str],
    arrays: Mapping[str, np.ndarray],
    metadata: Mapping[str, str] | None = None,
    bf16: Collection[str] = (),
    sync: bool = True,
) -> None:
    """Write `arrays` to `path` atomically: afterwards it is complete, or as it was before.

    Names in `bf16` are written as bfloat16. Wide types come first, so that every view is aligned. With
    `sync=False` the file is just written: for a file that the caller renames once it is complete (`sync_file`).
    """
    items: list[tuple[str, str, np.ndarray]] = []
    for name, array in arrays.items():
        if name == "__metadata__":
            raise TensorError(path, "an array cannot be named '__metadata__'")
        array = np.asarray(array)
        if name in bf16:
            items.append((name, "BF16", _to_bf16(array)))
            continue
        dtype = array.dtype.newbyteorder("<") if array.dtype.itemsize > 1 else array.dtype
        if dtype not in _CODES:
            raise TensorError(path, f"array {name!r} has the dtype {array.dtype}, which this format cannot hold")
        items.append((name, _CODES[dtype], np.asarray(array, dtype, order="C")))
    items.sort(key=lambda item: (-item[2].dtype.itemsize, item[0]))
    header: dict[str, Any] = {}
    if metadata:
        if not all(isinstance(k, str) and isinstance(v, str) for k, v in metadata.items()):
            raise TensorError(path, "metadata must map strings to strings")
        header["__metadata__"] = dict(metadata)
    offset = 0
    for name, code, array in items:
        header[name] = {"dtype": code, "shape": list(array.shape), "data_offsets": [offset, offset + array.nbytes]}
        offset += array.nbytes
    head = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    head += b" " * (-len(head) % 8)
    if len(head) > MAX_HEADER:
        raise TensorError(path, f"{len(items)} arrays need a header of {len(head)} bytes; write fewer to one file")

    def parts() -> Iterator[Any]:
        yield len(head).to_bytes(8, "little") + head
        for _, _, array in items:
            if array.nbytes:
                yield array.reshape(-1).view(np.uint8).data

    write_whole(path, parts(), sync)


def write_whole(path: str | os.PathLike[str], parts: Any, sync: bool = True) -> None:
    """Write chunks of bytes so that `path` is complete or absent, also after a power cut.

    With `sync=False` the file is just written: for a file that the caller renames once it is complete.
    """
    path = Path(path)
    if not sync:  # the caller's name for it is temporary already
        with open(path, "wb") as file:
            file.writelines(parts)
        return
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name[:80]}.", suffix=f".{os.getpid()}.tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        if os.name == "posix":
            os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except BaseException:
        if os.path.exists(temporary):
            os.unlink(temporary)
        raise
    sync_folder(path.parent)


def _umask() -> int:
    # The only portable way to read it is to set it; mkstemp's 0600 would hide files from the artist's other users.
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def sync_file(path: Path) -> None:
    """Sync a file's content to disk."""
    with open(path, "r+b") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Sync renames in `folder` to disk (Windows does so by itself)."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
