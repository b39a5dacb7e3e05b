"""Many records in two files: `NAME.safetensors` holds their arrays, `NAME.jsonl` their dicts, one per line.

Knows records and the two files, and nothing of the catalogue that points into them. Arrays of one key, dtype and
row shape lie behind each other in one tensor ("ragged"): record r's part of tensor g is rows start..start+count.
The tensors `index` (N, 3) int64 = (g, start, count) and `first` (R+1,) int64 say which lines of `index` are
record r's; the header's metadata `groups` is a JSON list of [key, is_scalar], one per tensor g. So a whole dataset can
be read tensor by tensor, and one record costs a few slices of mapped memory.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from .record import Record, RecordError
from .tensors import TensorError, open_tensors, write_tensors, write_whole

FORMAT = "meshkiln shard 1"


@dataclass
class Origins:
    """Which file each record of a shard came from: `of[r]` is a place in `files` (what is known of each), or -1."""

    files: list[dict[str, Any]] = field(default_factory=list)
    of: list[int] = field(default_factory=list)


class StoredRecord(Record):
    """A record of a shard: its arrays are views into the mapped file, its dict is parsed when first asked for."""

    def __init__(self, raw: bytes, arrays: dict[str, np.ndarray]) -> None:
        self.raw = raw
        self.arrays = arrays

    def __getattr__(self, name: str) -> Any:
        # Called only for what is not set yet; most code that reads arrays never needs the dict.
        if name == "data" and "raw" in self.__dict__:
            try:
                self.data = json.loads(self.raw)
            except (ValueError, RecursionError) as error:
                raise RecordError("data", f"is damaged ({error}); `meshkiln dataset check` tells more") from error
            return self.data
        raise AttributeError(name)


def encode_data(record: Record) -> bytes:
    """The line of JSON for a record's dict. Pure ASCII, so that names that are not valid Unicode survive too."""
    try:
        return _encode(record.data).encode("ascii")
    except (TypeError, ValueError, RecursionError) as error:
        raise RecordError("data", f"cannot be written as JSON ({error})") from error


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    raise TypeError(f"a {type(value).__name__} is not allowed in a record's dict")


# A dict that contains itself ends in a RecursionError; checking for that at every step would cost a third of the time.
_encode = json.JSONEncoder(separators=(",", ":"), default=_plain, check_circular=False).encode


def write_shard(
    array_file: Path,
    dict_file: Path,
    records: Iterable[tuple[bytes, Mapping[str, np.ndarray]]],
    origins: Origins | None = None,
) -> list[tuple[int, int]]:
    """Write (encoded dict, arrays) pairs; the (offset, length) of each dict in `dict_file`. `origins` say which file
    each record came from, so that a lost catalogue can be made again.

    The caller gives the files their final names and syncs them to disk.
    """
    groups: dict[tuple[str, str, tuple[int, ...], bool], int] = {}
    parts: list[list[np.ndarray]] = []
    rows: list[int] = []
    index: list[tuple[int, int, int]] = []
    first = [0]
    places: list[tuple[int, int]] = []
    lines: list[bytes] = []
    offset = 0
    for raw, arrays in records:
        for key, value in arrays.items():
            array = np.asarray(value)
            if array.dtype.kind not in "fiub":
                raise RecordError(f"arrays/{key}", f"the dtype {array.dtype} cannot be stored")
            scalar = array.ndim == 0
            array = array.reshape(1) if scalar else array
            group = groups.setdefault((key, array.dtype.str, array.shape[1:], scalar), len(groups))
            if group == len(parts):
                parts.append([])
                rows.append(0)
            parts[group].append(array)
            index.append((group, rows[group], len(array)))
            rows[group] += len(array)
        first.append(len(index))
        places.append((offset, len(raw)))
        lines.append(raw + b"\n")
        offset += len(raw) + 1
    tensors = {f"{g}/{key}": np.concatenate(parts[g]) for (key, _, _, _), g in groups.items()}
    tensors["index"] = np.asarray(index, np.int64).reshape(-1, 3)
    tensors["first"] = np.asarray(first, np.int64)
    named = json.dumps([[key, scalar] for key, _, _, scalar in groups])
    write_whole(dict_file, lines, sync=False)
    metadata = {"format": FORMAT, "groups": named}
    if origins is not None:
        metadata["origins"] = json.dumps([origins.files, origins.of])
    write_tensors(array_file, tensors, metadata, sync=False)
    return places


class Shard:
    """An open shard. What it returns stays valid after it is closed or its file is deleted."""

    def __init__(self, array_file: Path, dict_file: Path) -> None:
        tensors = open_tensors(array_file)
        if tensors.metadata.get("format") != FORMAT:
            raise TensorError(array_file, f"is not a shard of this format ({FORMAT!r})")
        try:
            groups = json.loads(tensors.metadata["groups"])
            index, first = tensors["index"], tensors["first"]
            arrays = [tensors[f"{g}/{key}"] for g, (key, _) in enumerate(groups)]
        except (KeyError, ValueError, TypeError) as error:
            raise TensorError(array_file, f"the index is incomplete ({error})") from error
        lengths = np.array([len(a) if a.ndim else -1 for a in arrays], np.int64)
        _check_index(array_file, index, first, lengths)
        self.path = array_file
        self.origins = _origins(tensors.metadata.get("origins", ""), len(first) - 1)
        self.groups = [(str(key), bool(scalar), array) for (key, scalar), array in zip(groups, arrays)]
        self.index = index.tolist()
        self.first = first.tolist()
        self.dicts = dict_file.read_bytes()

    def __len__(self) -> int:
        return len(self.first) - 1

    def arrays(self, row: int) -> dict[str, np.ndarray]:
        """The arrays of record `row`: read-only views."""
        views = {}
        for group, start, count in self.index[self.first[row] : self.first[row + 1]]:
            key, scalar, array = self.groups[group]
            views[key] = (
                array[start : start + count].reshape(array.shape[1:]) if scalar else array[start : start + count]
            )
        return views

    def record(self, row: int, offset: int, length: int) -> StoredRecord:
        """Record `row`, whose dict lies at `offset` of the dict file."""
        return StoredRecord(self.dicts[offset : offset + length], self.arrays(row))

    def all(self) -> Iterator[tuple[bytes, dict[str, np.ndarray]]]:
        """Every (encoded dict, arrays) of the shard, in order."""
        for row, raw in zip(range(len(self)), self.dicts.split(b"\n")):
            yield raw, self.arrays(row)


def _origins(text: str, records: int) -> Origins:
    """What the header says of the files; empty if it is of an older version or garbled."""
    try:
        files, of = json.loads(text)
        if len(of) == records and all(isinstance(n, int) and -1 <= n < len(files) for n in of):
            return Origins([dict(file) for file in files], of)
    except (ValueError, TypeError, RecursionError):
        pass
    return Origins([], [-1] * records)


def _check_index(path: Path, index: np.ndarray, first: np.ndarray, lengths: np.ndarray) -> None:
    good = index.ndim == 2 and index.shape[1] == 3 and index.dtype == np.int64
    good = good and first.ndim == 1 and len(first) > 0 and first.dtype == np.int64 and not (lengths < 0).any()
    good = good and first[0] == 0 and first[-1] == len(index) and bool((np.diff(first) >= 0).all())
    if good and len(index):
        group, start, count = index.T
        good = bool((group >= 0).all() and (group < len(lengths)).all() and (start >= 0).all() and (count >= 0).all())
        good = good and bool((start <= lengths[group] - count).all())
    if not good:
        raise TensorError(path, "the index points outside the arrays")
