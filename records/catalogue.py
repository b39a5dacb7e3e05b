"""A dataset's files as its catalogue knows them: where each came from, whose it is, what became of it.

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
CREATE TABLE IF NOT EXISTS shards (name TEXT PRIMARY KEY, bytes INTEGER NOT NULL, crc INTEGER);
CREATE TABLE IF NOT EXISTS records (
    id INTEGER PRIMARY KEY AUTOINCREMENT, file INTEGER REFERENCES files (id), name TEXT, kind TEXT, label TEXT,
    shard TEXT NOT NULL, row INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS records_by_file ON records (file);
CREATE INDEX IF NOT EXISTS records_by_shard ON records (shard);
PRAGMA user_version = 2;
"""


@dataclass
class SourceFile:
    """A file as the catalogue knows it. `state` is done, skipped or failed; `reason` says why not done."""

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


def hash_file(path: str | os.PathLike) -> str:
    """The SHA-256 of a file's content."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def file_of(row: Sequence[Any]) -> SourceFile:
    values = list(row)
    values[9] = json.loads(values[9]) if values[9] else []
    return SourceFile(*values)


def put_file(database: sqlite3.Connection, source: SourceFile) -> int:
    values: tuple = (
        source.path,
        source.sha256,
        source.bytes,
        source.state,
        source.reason,
        source.author,
        source.license,
    )
    values += (source.url, source.seconds, json.dumps(source.warnings) if source.warnings else None, source.options)
    old = database.execute("SELECT id FROM files WHERE path = ?", (source.path,)).fetchone()
    if old:
        database.execute("DELETE FROM records WHERE file = ?", old)
        columns = ", ".join(f"{name.strip()} = ?" for name in FILE_COLUMNS.split(","))
        database.execute(f"UPDATE files SET {columns}, changed = ? WHERE id = ?", (*values, time.time(), old[0]))
        return int(old[0])
    marks = ", ".join("?" * (len(values) + 1))
    cursor = database.execute(f"INSERT INTO files ({FILE_COLUMNS}, changed) VALUES ({marks})", (*values, time.time()))
    return int(cursor.lastrowid or 0)
