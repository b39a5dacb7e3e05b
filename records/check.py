"""Checks a dataset for damage, and sets damaged shards aside so that their files can be read again."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from .catalogue import DatasetError
from .dataset import ENDINGS, Dataset
from .record import RecordError
from .upkeep import forget_shard
from .validate import not_finite, validate


@dataclass
class Report:
    """What was found. `damaged`: shard -> why; `files`: paths that the damaged records came from; `unknown`: files in
    the folder that the catalogue does not list, which are left alone; `odd`: records with non-finite numbers."""

    shards: int = 0
    records: int = 0
    unsummed: int = 0
    damaged: dict[str, str] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)


def check(dataset: Dataset) -> Report:
    """Read everything: checksums first, then each record."""
    report = Report()
    with dataset.database() as database:
        shards = database.execute("SELECT name, crc FROM shards ORDER BY name").fetchall()
        query = "SELECT id, shard, row, offset, length FROM records ORDER BY id"
        rows = database.execute(query).fetchall()
        pending = {name for (name,) in database.execute("SELECT name FROM pending")}
    report.shards, report.records = len(shards), len(rows)
    for name, crc in shards:
        report.unsummed += crc is None
        try:
            if crc is not None and dataset.checksum(name) != crc:
                report.damaged[name] = "its checksum does not match"
        except OSError as error:
            report.damaged[name] = f"it cannot be read ({error.strerror or error})"
    for _, shard, row, offset, length in rows:
        if shard in report.damaged:
            continue
        try:
            record = dataset.shard(shard).record(row, offset, length)
            validate(record)
            if not_finite(record):
                report.odd.append(record.name)
        except (DatasetError, RecordError, OSError, IndexError) as error:
            report.damaged[shard] = str(error)
    names = {name for name, _ in shards} | pending
    known = {f"{name}{ending}{part}" for name in names for ending in ENDINGS for part in ("", ".part")}
    if dataset.shards.is_dir():
        report.unknown = sorted(path.name for path in dataset.shards.iterdir() if path.name not in known)
    if report.damaged:
        marks = ",".join("?" * len(report.damaged))
        query = f"SELECT DISTINCT file FROM records WHERE shard IN ({marks})"
        with dataset.database() as database:
            ids = {row[0] for row in database.execute(query, list(report.damaged))}
        report.files = [file.path for file in dataset.files() if file.id in ids]
    return report


def set_aside(dataset: Dataset, report: Report) -> Path:
    """Move damaged shards into DATASET/damaged and forget their files, so that the next extraction reads them again."""
    aside = dataset.path / "damaged"
    aside.mkdir(exist_ok=True)
    dataset.let_go(report.damaged)
    with dataset.writing() as database:
        for name in report.damaged:
            forget_shard(database, name)
            database.execute("DELETE FROM shards WHERE name = ?", (name,))
            for ending in ENDINGS:
                path = dataset.shards / f"{name}{ending}"
                if path.exists():
                    os.replace(path, aside / path.name)
    return aside
