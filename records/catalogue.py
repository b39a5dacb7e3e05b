"""A dataset's files as its catalogue lists them: where each came from, who made it, whether it was read.

Knows the catalogue's tables and nothing of records.
"""

import hashlib
import json
import os
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS files (
    id INTEGER PRIMARY KEY, path TEXT UNIQUE NOT NULL, sha256 TEXT, bytes INTEGER, state TEXT NOT NULL, reason TEXT,
    author TEXT, license TEXT, url TEXT, seconds REAL, warnings TEXT, options TEXT, changed REAL NOT NULL);
CREATE INDEX IF NOT EXISTS files_by_content ON files (sha256);
CREATE TABLE IF NOT EXISTS shards (
    name TEXT PRIMARY KEY, bytes INTEGER NOT NULL, crc INTEGER, settled INTEGER NOT NULL DEFAULT 1);
CREATE TABLE IF NOT EXISTS pending (name TEXT PRIMARY KEY, since REAL NOT NULL);
CREATE TABLE IF NOT EXISTS records (
    id INTEGER PRIMARY KEY AUTOINCREMENT, file INTEGER REFERENCES files (id), name TEXT, kind TEXT, label TEXT,
    shard TEXT NOT NULL, row INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS records_by_file ON records (file);
CREATE INDEX IF NOT EXISTS records_by_shard ON records (shard);
PRAGMA user_version = 3;
"""
# What turns an older catalogue into the next. Shards written before version 3 have no checksum, unless they were not
# yet known to be on disk.
MIGRATIONS = {
    1: "ALTER TABLE shards ADD COLUMN crc INTEGER; PRAGMA user_version = 2;",
    2: """ALTER TABLE shards ADD COLUMN settled INTEGER NOT NULL DEFAULT 1;
        UPDATE shards SET settled = 0 WHERE crc IS NOT NULL;
        CREATE TABLE IF NOT EXISTS pending (name TEXT PRIMARY KEY, since REAL NOT NULL); PRAGMA user_version = 3;""",
}
VERSION = 3


class DatasetError(RuntimeError):
    """The folder is not a dataset or cannot be read; the message is a sentence."""


@dataclass
class SourceFile:
    """A file as the catalogue knows it. `state` is done, skipped or failed; `reason` says why it is not done."""

    path: str
    sha256: str | None = None
    bytes: int | None = None
    state: str = "done"
    reason: str | None = None
    author: str | None = None
    license: str | None = None
    url: str | None = None
    seconds: float | None = None
    warnings: list[str] = field(default_factory=list)
    options: str | None = None
    id: int | None = None


FILE_COLUMNS = "path, sha256, bytes, state, reason, author, license, url, seconds, warnings, options"


def hash_file(path: str | os.PathLike[str]) -> str:
    """The SHA-256 of a file's content."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def stored_name(path: str) -> str | bytes:
    """A path as SQLite can store it: text, or bytes if the name is not valid Unicode."""
    try:
        path.encode()
        return path
    except UnicodeEncodeError:
        return os.fsencode(path) if os.name == "posix" else path.encode("utf-8", "surrogatepass")


def readable(text: str | None) -> str | None:
    """Text for people: bytes that are not valid Unicode are escaped."""
    return None if text is None else text.encode("utf-8", "backslashreplace").decode()


def file_of(row: Sequence[Any]) -> SourceFile:
    values = list(row)
    if isinstance(values[0], bytes):
        values[0] = os.fsdecode(values[0]) if os.name == "posix" else values[0].decode("utf-8", "surrogatepass")
    values[9] = json.loads(values[9]) if values[9] else []
    return SourceFile(*values)


def put_file(database: sqlite3.Connection, source: SourceFile) -> int:
    warnings = json.dumps(source.warnings) if source.warnings else None
    values: tuple[Any, ...] = (stored_name(source.path), source.sha256, source.bytes, source.state)
    values += (readable(source.reason), readable(source.author), readable(source.license), readable(source.url))
    values += (source.seconds, warnings, source.options)
    old = database.execute("SELECT id FROM files WHERE path = ?", values[:1]).fetchone()
    if old:
        database.execute("DELETE FROM records WHERE file = ?", old)
        columns = ", ".join(f"{name.strip()} = ?" for name in FILE_COLUMNS.split(","))
        database.execute(f"UPDATE files SET {columns}, changed = ? WHERE id = ?", (*values, time.time(), old[0]))
        return int(old[0])
    marks = ", ".join("?" * (len(values) + 1))
    cursor = database.execute(f"INSERT INTO files ({FILE_COLUMNS}, changed) VALUES ({marks})", (*values, time.time()))
    return int(cursor.lastrowid or 0)
