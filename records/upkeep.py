"""Maintains a dataset's folder: removes leftovers of crashes, merges small shards, rebuilds a lost catalogue. Nothing
is removed that the catalogue does not list as written by this program."""

import os
import sqlite3
import time
from collections.abc import Iterable
from contextlib import AbstractContextManager, suppress
from dataclasses import fields
from pathlib import Path
from typing import Any, Protocol

from .catalogue import SourceFile, put_file, readable
from .record import RecordError
from .shards import Origins, Shard, StoredRecord
from .tensors import TensorError, sync_file, sync_folder

ENDINGS = (".jsonl", ".safetensors")
SMALL_SHARD = 8 << 20  # `compact` joins shards below this size ...
FULL_SHARD = 64 << 20  # ... until they have this one


class Shards(Protocol):
    """What upkeep needs of a dataset; `Dataset` says what each does."""

    shards: Path
    notes: list[str]

    def clean(self) -> int: ...
    def database(self) -> AbstractContextManager[sqlite3.Connection]: ...
    def writing(self) -> AbstractContextManager[sqlite3.Connection]: ...
    def shard(self, name: str) -> Shard: ...
    def reserve(self) -> str: ...
    def release(self, name: str) -> None: ...
    def write_parts(
        self, name: str, encoded: Iterable[tuple[bytes, Any]], origins: Origins | None
    ) -> list[tuple[int, int]]: ...
    def publish(self, database: sqlite3.Connection, name: str, durable: bool) -> None: ...
    def checksum(self, name: str) -> int: ...
    def let_go(self, names: Iterable[str]) -> None: ...


def clean(dataset: Shards, age: float) -> int:
    """See `Dataset.clean`. Names without an owner (`since` 0) were discarded by us; others may still be written."""
    with dataset.writing() as database:
        forget_unsettled(dataset, database)
        database.execute(
            "INSERT OR REPLACE INTO pending (name, since) "
            "SELECT name, 0 FROM shards WHERE name NOT IN (SELECT shard FROM records)"
        )
        database.execute("DELETE FROM shards WHERE name NOT IN (SELECT shard FROM records)")
        pending = database.execute("SELECT name, since FROM pending").fetchall()
        removed = 0
        for name, since in pending:
            if since and time.time() - since < age:
                continue
            # A complete shard without rows may be all that is left of an older catalogue's records: it stays.
            endings = [f"{ending}.part" for ending in ENDINGS] + (list(ENDINGS) if not since else [])
            left = False
            for ending in endings:
                gone = _remove(dataset.shards / f"{name}{ending}")
                removed += gone is True
                left |= gone is None
            if not left:
                database.execute("DELETE FROM pending WHERE name = ?", (name,))
    return removed


def _remove(path: Path) -> bool | None:
    """Whether a file existed and was removed; None if it can't be removed yet. Anything but a plain file is not
    ours."""
    if path.is_symlink() or not path.is_file():
        return False
    try:
        path.unlink()
        return True
    except PermissionError:
        return None  # Windows: it is still being read; the next run removes it


def forget_unsettled(dataset: Shards, database: sqlite3.Connection) -> None:
    """Shards that were not synced may not have survived a power cut: their files are read again."""
    for name, crc in database.execute("SELECT name, crc FROM shards WHERE NOT settled").fetchall():
        try:
            whole = dataset.checksum(name) == crc
        except OSError:
            whole = False
        if not whole:
            forget_shard(database, name)


def forget_shard(database: sqlite3.Connection, name: str) -> None:
    """Drop a shard's records, and the files they came from, so that those are read again."""
    database.execute("DELETE FROM files WHERE id IN (SELECT file FROM records WHERE shard = ?)", (name,))
    database.execute("DELETE FROM records WHERE shard = ?", (name,))


def compact(dataset: Shards) -> int:
    with dataset.database() as database:
        query = "SELECT name, bytes FROM shards WHERE bytes < ? OR NOT settled ORDER BY name"
        small = database.execute(query, (SMALL_SHARD,)).fetchall()
    batches: list[list[str]] = [[]]
    size = 0
    for name, number in small:
        if size + number > FULL_SHARD:
            batches.append([])
            size = 0
        batches[-1].append(name)
        size += number
    gone = sum(_join(dataset, batch) for batch in batches if len(batch) > 1)
    _settle(dataset)
    dataset.clean()
    return gone


def _settle(dataset: Shards) -> None:
    """Sync the shards that were written without waiting for the disk."""
    with dataset.writing() as database:
        for (name,) in database.execute("SELECT name FROM shards WHERE NOT settled").fetchall():
            for ending in ENDINGS:
                sync_file(dataset.shards / f"{name}{ending}")
            sync_folder(dataset.shards)
            database.execute("UPDATE shards SET settled = 1 WHERE name = ?", (name,))


def _join(dataset: Shards, names: list[str]) -> int:
    marks = ",".join("?" * len(names))
    query = f"SELECT id, shard, row, offset, length FROM records WHERE shard IN ({marks}) ORDER BY id"
    with dataset.database() as database:
        before = database.execute(query, names).fetchall()
    stored: list[StoredRecord] = []
    origins = Origins()
    places: dict[str, int] = {}
    for _, shard, row, offset, length in before:
        held = dataset.shard(shard)
        stored.append(held.record(row, offset, length))
        of = held.origins.of[row]
        if of < 0:
            origins.of.append(-1)
            continue
        path = str(held.origins.files[of].get("path"))
        if path not in places:
            places[path] = len(origins.files)
            origins.files.append(held.origins.files[of])
        origins.of.append(places[path])
    name = dataset.reserve()
    try:
        written = dataset.write_parts(name, ((record.raw, record.arrays) for record in stored), origins)
        with dataset.writing() as database:
            if database.execute(query, names).fetchall() != before:
                return 0  # these have changed in the meantime; the next run gets them
            if before:
                dataset.publish(database, name, durable=True)
            update = "UPDATE records SET shard = ?, row = ?, offset = ?, length = ? WHERE id = ?"
            moved = [(name, row, *place, old[0]) for row, (old, place) in enumerate(zip(before, written))]
            database.executemany(update, moved)
            database.execute(f"DELETE FROM shards WHERE name IN ({marks})", names)
            discarded = [(old_name,) for old_name in names]
            database.executemany("INSERT OR REPLACE INTO pending (name, since) VALUES (?, 0)", discarded)
    finally:
        dataset.release(name)
    dataset.let_go(names)
    return len(names) - 1


def rebuild(dataset: Shards) -> int:
    """Make the rows of a new catalogue from the existing shards; returns how many records. If a file is in several
    shards, the newest counts. What can't be read is left in place and noted."""
    count = 0
    with dataset.writing() as database:
        shards = [path for path in dataset.shards.glob("*.safetensors") if path.is_file() and not path.is_symlink()]
        for path in sorted(shards, key=lambda path: (path.stat().st_mtime_ns, path.name)):
            try:
                shard = Shard(path, path.with_suffix(".jsonl"))
                count += _adopt(dataset, database, path.stem, shard)
            except (TensorError, RecordError, OSError) as error:
                dataset.notes.append(f"{path.name}: left in place, since it cannot be read ({error})")
    return count


def _adopt(dataset: Shards, database: sqlite3.Connection, name: str, shard: Shard) -> int:
    """Rows for one shard's records, and for the files they came from."""
    known = {field.name for field in fields(SourceFile)} - {"id"}
    ids: dict[int, int] = {}
    rows: list[tuple[Any, ...]] = []
    by_path: dict[str, int] = {}
    offset = 0
    for row, raw in zip(range(len(shard)), shard.dicts.split(b"\n")):
        data = StoredRecord(raw, {}).data
        of = shard.origins.of[row]
        if of >= 0 and of not in ids:
            about = {key: value for key, value in shard.origins.files[of].items() if key in known}
            with suppress(TypeError):
                ids[of] = put_file(database, SourceFile(**about))
        file = ids.get(of)
        source = data.get("source")
        if file is None and isinstance(source, dict) and isinstance(source.get("file"), str):  # an older shard
            path = source["file"]
            if path not in by_path:
                author, licence, url = (source.get(key) for key in ("author", "license", "url"))
                by_path[path] = put_file(database, SourceFile(path, author=author, license=licence, url=url))
            file = by_path[path]
        named_row = [readable(v) if isinstance(v := data.get(key), str) else None for key in ("name", "kind", "label")]
        rows.append((file, *named_row, name, row, offset, len(raw)))
        offset += len(raw) + 1
    columns = "(file, name, kind, label, shard, row, offset, length)"
    database.executemany(f"INSERT INTO records {columns} VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    size = sum(os.path.getsize(dataset.shards / f"{name}{ending}") for ending in ENDINGS)
    query = "INSERT OR REPLACE INTO shards (name, bytes, crc, settled) VALUES (?, ?, ?, 1)"
    database.execute(query, (name, size, dataset.checksum(name)))
    return len(rows)
