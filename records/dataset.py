"""A dataset: a folder of records, with a catalogue of where each came from and the state of every file.

    catalogue.sqlite     files seen (hash, licence, state, reason) and where each record lies
    shards/NAME.safetensors, shards/NAME.jsonl     the records (see shards.py)

Knows nothing of Blender. Reading is lazy and memory-mapped. Appending is crash-safe: the catalogue is the truth, and
it points to a shard only after that shard is complete on disk. A shard's name is in the catalogue before its files
exist, so leftovers of a crash are known by name: `clean` removes those, and never anything that this program did not
write. A lost catalogue is rebuilt from the shards, which say where their records came from. Several processes may read
and append at once (SQLite's write-ahead log; a shard has one writer).
"""

import os
import sqlite3
import threading
import time
import uuid
import zlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, overload

from . import upkeep
from .catalogue import (
    FILE_COLUMNS,
    MIGRATIONS,
    SCHEMA,
    VERSION,
    DatasetError,
    SourceFile,
    file_of,
    hash_file,
    put_file,
    readable,
    stored_name,
)
from .record import Record
from .shards import Origins, Shard, StoredRecord, encode_data, write_shard
from .tensors import TensorError, sync_file, sync_folder

STATES = ("done", "skipped", "failed")
OPEN_SHARDS = 128  # each open one holds a file descriptor
ENDINGS = (".jsonl", ".safetensors")
LEFT_ALONE = 3600.0  # seconds after which an unfinished shard counts as left by a crash


class Dataset(Sequence[Record]):
    """The records of a folder, in the order they were added: `len(ds)`, `ds[i]`, iteration, `ds.append(...)`."""

    def __init__(self, path: str | os.PathLike[str], create: bool = True) -> None:
        self.path = Path(path)
        self.shards = self.path / "shards"
        self.notes: list[str] = []  # what was repaired on opening, in sentences
        lost = not (self.path / "catalogue.sqlite").exists() and any(self.shards.glob("*.safetensors"))
        if not lost and not (self.path / "catalogue.sqlite").exists():
            if not create:
                raise DatasetError(f"{self.path}: no dataset here (catalogue.sqlite is missing)")
            if self.path.exists() and not self.path.is_dir():
                raise DatasetError(f"{self.path}: is a file; a dataset is a folder")
            self.shards.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._owner = 0
        self._index: list[tuple[int, str, int, int, int]] | None = None
        self._version = -1
        self._open: OrderedDict[str, Shard] = OrderedDict()
        with self.database() as database:
            database.execute("SELECT count(*) FROM files").fetchone()
        if lost:
            count = upkeep.rebuild(self)
            self.notes.append(f"{self.path}: the catalogue was missing; made again from the shards, {count} records")

    def __reduce__(self) -> Any:
        return (Dataset, (self.path, False))  # another process opens the folder again

    def __repr__(self) -> str:
        return f"Dataset({str(self.path)!r})"

    # The catalogue

    @contextmanager
    def database(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            if self._connection is None or self._owner != os.getpid():  # SQLite must not be carried through a fork
                self._connection, self._owner = self._connect(), os.getpid()
            try:
                yield self._connection
            except sqlite3.DatabaseError as error:
                raise DatasetError(f"{self.path}: the catalogue cannot be used ({error})") from error

    def _connect(self) -> sqlite3.Connection:
        path = self.path / "catalogue.sqlite"
        writable = os.access(self.path, os.W_OK)
        # A dataset on a read-only disk has no room for SQLite's lock files, and needs none.
        target = str(path) if writable else f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        try:
            database = sqlite3.connect(
                target, timeout=60, isolation_level=None, check_same_thread=False, uri=not writable
            )
            if writable:
                database.execute("PRAGMA journal_mode = WAL").fetchone()
                database.execute("PRAGMA synchronous = NORMAL")
                version = database.execute("PRAGMA user_version").fetchone()[0]
                if version > VERSION:
                    raise DatasetError(f"{self.path}: was made by a newer Meshkiln (catalogue version {version})")
                for older in range(max(1, version), VERSION) if version else ():
                    database.executescript(f"BEGIN IMMEDIATE; {MIGRATIONS[older]} COMMIT;")
                if version == 0:
                    database.executescript("BEGIN IMMEDIATE;" + SCHEMA + "COMMIT;")
        except sqlite3.DatabaseError as error:
            raise DatasetError(f"{path}: is no catalogue, or a damaged one ({error})") from error
        return database

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction. It holds the only write lock of the folder: shard files get their final names inside."""
        with self.database() as database:
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
            except BaseException:
                database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")
            self._index = None

    def files(self, state: str | None = None) -> list[SourceFile]:
        """Every file, in the order first seen; `state` narrows it to done, skipped or failed."""
        query = f"SELECT {FILE_COLUMNS}, id FROM files WHERE ? IS NULL OR state = ? ORDER BY id"
        with self.database() as database:
            return [file_of(row) for row in database.execute(query, (state, state))]

    def file(self, path: str | os.PathLike[str]) -> SourceFile | None:
        """The catalogue's entry for the file at `path`."""
        query = f"SELECT {FILE_COLUMNS}, id FROM files WHERE path = ?"
        with self.database() as database:
            row = database.execute(query, (stored_name(os.fspath(path)),)).fetchone()
        return file_of(row) if row else None

    def done_with_content(self, sha256: str) -> SourceFile | None:
        """The file of this content that is already done, whatever its path."""
        query = f"SELECT {FILE_COLUMNS}, id FROM files WHERE sha256 = ? AND state = 'done' ORDER BY id LIMIT 1"
        with self.database() as database:
            row = database.execute(query, (sha256,)).fetchone()
        return file_of(row) if row else None

    def counts(self) -> dict[str, int]:
        """How many files are done, skipped, failed, and how many records there are."""
        with self.database() as database:
            states = dict(database.execute("SELECT state, count(*) FROM files GROUP BY state").fetchall())
            records = database.execute("SELECT count(*) FROM records").fetchone()[0]
        return {state: states.get(state, 0) for state in STATES} | {"records": records}

    def rows(self, **equal: Any) -> list[dict[str, Any]]:
        """The catalogue's entry for each record, without reading it: index, name, kind, label, path, license, author.

        Keywords narrow it: `ds.rows(kind="mesh", path="chair.blend")`. `index` is i of `ds[i]`.
        """
        query = (
            "SELECT records.id, records.name, kind, label, path, license, author FROM records "
            "LEFT JOIN files ON files.id = records.file ORDER BY records.id"
        )
        with self.database() as database:
            entries = database.execute(query).fetchall()
        names = ("id", "name", "kind", "label", "path", "license", "author")
        rows = [dict(zip(names, row), index=i) for i, row in enumerate(entries)]
        for row in rows:
            if isinstance(row["path"], bytes):
                row["path"] = os.fsdecode(row["path"])
        return [row for row in rows if all(row[key] == value for key, value in equal.items())]

    # Reading

    def refresh(self) -> None:
        """Pick up what other processes have added since."""
        with self.database() as database:
            version = database.execute("PRAGMA data_version").fetchone()[0]
            if self._index is None or version != self._version:
                query = "SELECT id, shard, row, offset, length FROM records ORDER BY id"
                self._index = database.execute(query).fetchall()
                self._version = version

    def __len__(self) -> int:
        self.refresh()
        return len(self._index or ())

    @overload
    def __getitem__(self, i: int) -> Record: ...
    @overload
    def __getitem__(self, i: slice) -> list[Record]: ...
    def __getitem__(self, i: int | slice) -> Record | list[Record]:
        if self._index is None:
            self.refresh()
        if isinstance(i, slice):
            return [self[n] for n in range(*i.indices(len(self._index or ())))]
        for attempt in range(3):
            assert self._index is not None
            try:
                _, shard, row, offset, length = self._index[i]
            except IndexError:
                if attempt or len(self) <= i or i < -len(self):
                    raise IndexError(f"{self.path}: no record {i}, there are {len(self)}") from None
                continue
            try:
                return self.shard(shard).record(row, offset, length)
            except FileNotFoundError as error:
                # Another process may just have merged this shard with others; the catalogue says where it is now.
                if attempt == 2:
                    raise DatasetError(f"{self.path}: shard {shard} is missing; the folder is damaged") from error
                self._index = None
                self.refresh()
        raise AssertionError("unreachable")

    def __iter__(self) -> Iterator[Record]:
        for i in range(len(self)):
            yield self[i]

    def shard(self, name: str) -> Shard:
        with self._lock:
            shard = self._open.get(name)
            if shard is None:
                if not (self.shards / f"{name}.safetensors").exists():
                    raise FileNotFoundError(name)
                try:
                    shard = Shard(self.shards / f"{name}.safetensors", self.shards / f"{name}.jsonl")
                except TensorError as error:
                    raise DatasetError(f"{error}; `meshkiln dataset check {self.path}` tells more") from error
                self._open[name] = shard
                while len(self._open) > OPEN_SHARDS:
                    self._open.popitem(last=False)
            else:
                self._open.move_to_end(name)
            return shard

    # Writing

    def append(
        self,
        records: Iterable[Record],
        file: SourceFile | str | os.PathLike[str] | None = None,
        *,
        once: bool = False,
        durable: bool = True,
    ) -> list[int]:
        """Add records, all of them or none, and say which file they came from; their ids in the catalogue.

        A file that was there before under this path is replaced, with its records. With `once`, content that is already
        done under another path is only recorded as skipped. For a file without records: `append([], file)`. Without
        `durable` nothing waits for the disk: a power cut before the next `compact` may lose the records, which `clean`
        then detects by checksum, and drops the file so that it is read again.
        """
        source = SourceFile(os.fspath(file)) if isinstance(file, str | os.PathLike) else file
        if source is not None and source.state not in STATES:
            raise DatasetError(f"{source.path}: the state {source.state!r} is none of {', '.join(STATES)}")
        kept = list(records)
        encoded = [(encode_data(record), record.arrays) for record in kept]
        name = self.reserve() if kept else ""
        try:
            origins = Origins([asdict(source)] if source else [], [0 if source else -1] * len(kept))
            places = self.write_parts(name, encoded, origins) if kept else []
            with self.writing() as database:
                if once and source is not None and source.sha256 and kept:
                    query = "SELECT path FROM files WHERE sha256 = ? AND state = 'done' AND path != ?"
                    twin = database.execute(query, (source.sha256, stored_name(source.path))).fetchone()
                    if twin:
                        source = SourceFile(
                            source.path, source.sha256, source.bytes, "skipped", f"same content as {twin[0]}"
                        )
                        kept, places = [], []
                identity = put_file(database, source) if source is not None else None
                if kept:
                    self.publish(database, name, durable)
                columns = "(file, name, kind, label, shard, row, offset, length)"
                query = f"INSERT INTO records {columns} VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
                ids = []
                for row, (record, place) in enumerate(zip(kept, places)):
                    named = (_text(record.data.get(key)) for key in ("name", "kind", "label"))
                    ids.append(database.execute(query, (identity, *named, name, row, *place)).lastrowid or 0)
                return ids
        finally:
            if name:
                self.release(name)

    def mark(self, path: str | os.PathLike[str], state: str, reason: str, **more: Any) -> None:
        """Record that a file is skipped or failed, and why."""
        self.append([], SourceFile(os.fspath(path), state=state, reason=reason, **more))

    def reserve(self) -> str:
        """A unique name for a new shard; it is in the catalogue before a file has it."""
        name = f"{time.time_ns():016x}-{uuid.uuid4().hex[:16]}"
        with self.database() as database:
            database.execute("INSERT INTO pending (name, since) VALUES (?, ?)", (name, time.time()))
        return name

    def release(self, name: str) -> None:
        """Nothing more is written under `name`: unfinished files are removed, and a shard that was not published."""
        for ending in ENDINGS:
            (self.shards / f"{name}{ending}.part").unlink(missing_ok=True)
        with self.database() as database:
            database.execute("DELETE FROM pending WHERE name = ?", (name,))

    def write_parts(
        self, name: str, encoded: Iterable[tuple[bytes, Any]], origins: Origins | None
    ) -> list[tuple[int, int]]:
        self.shards.mkdir(exist_ok=True)
        arrays, dicts = self.shards / f"{name}.safetensors.part", self.shards / f"{name}.jsonl.part"
        return write_shard(arrays, dicts, encoded, origins)

    def publish(self, database: sqlite3.Connection, name: str, durable: bool) -> None:
        """Give a shard's files their final names, in the transaction that writes its rows."""
        size, crc = 0, self.checksum(name, ".part")
        for ending in ENDINGS:
            part = self.shards / f"{name}{ending}.part"
            size += part.stat().st_size
            if durable:
                sync_file(part)
            os.replace(part, self.shards / f"{name}{ending}")
        if durable:
            sync_folder(self.shards)
        query = "INSERT INTO shards (name, bytes, crc, settled) VALUES (?, ?, ?, ?)"
        database.execute(query, (name, size, crc, int(durable)))

    def checksum(self, name: str, more: str = "") -> int:
        """CRC-32 of a shard's two files."""
        crc = 0
        for ending in ENDINGS:
            with open(self.shards / f"{name}{ending}{more}", "rb") as file:
                while piece := file.read(1 << 22):
                    crc = zlib.crc32(piece, crc)
        return crc

    def verify(self) -> None:
        """Raise DatasetError naming the first shard that is not what was written, before anything learns from it."""
        with self.database() as database:
            shards = database.execute("SELECT name, crc FROM shards WHERE crc IS NOT NULL").fetchall()
        for name, crc in shards:
            try:
                whole = self.checksum(name) == crc
            except OSError as error:
                raise DatasetError(f"{self.path}: shard {name} cannot be read ({error.strerror or error})") from error
            if not whole:
                raise DatasetError(
                    f"{self.path}: shard {name} is damaged (its checksum does not match); "
                    f"`meshkiln dataset check --repair {self.path}` repairs what can be repaired"
                )

    # Keeping it tidy (records/upkeep.py)

    def clean(self, age: float = LEFT_ALONE) -> int:
        """Remove what this program wrote and crashes left unfinished for `age` seconds; returns how many files."""
        return upkeep.clean(self, age)

    def compact(self) -> int:
        """Merge small shards into large ones (one per file is many); returns how many shards were removed. Safe at any
        time."""
        return upkeep.compact(self)

    def let_go(self, names: Iterable[str]) -> None:
        """Close shards; records that were read stay valid."""
        with self._lock:
            for name in names:
                self._open.pop(name, None)

    def close(self) -> None:
        """Close the catalogue and all shards; records already read stay valid."""
        with self._lock:
            if self._connection is not None and self._owner == os.getpid():
                self._connection.close()
            self._connection = None
            self._open.clear()

    def __enter__(self) -> "Dataset":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()


def _text(value: Any) -> Any:
    return readable(value) if isinstance(value, str) else value


__all__ = ["Dataset", "DatasetError", "SourceFile", "StoredRecord", "hash_file"]
