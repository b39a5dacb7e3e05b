"""Many files become a dataset: each is read in a child Blender, so that no file can affect another.

    summary = extract_files([path, ...], "dataset", Limits(jobs=2, timeout=300), report=Reporter())

Decides what is left to do, hands the files to workers, and writes the outcome of each into the catalogue. It knows
nothing of what is in a file. A worker that crashes, hangs or uses too much memory is ended and replaced; its file is
marked failed with the reason. A second run reads only what is new, changed or was interrupted.
"""

import json
import os
import queue
import threading
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ...jobs.progress import Reporter
from ...records.catalogue import readable
from ...records.dataset import Dataset, DatasetError, SourceFile, hash_file
from .blenders import Blender, Failure, NoBlender, Worker, find_blender
from .files import Found, Origin, Origins, find_files, words_of, wrong_with

DEFAULT_TIMEOUT = 300.0
DEFAULT_MEMORY = 8.0
EVALUATING = 60.0  # seconds that a file's modifiers may take; after that it is read without running them


@dataclass(frozen=True)
class Limits:
    """How many children at once, and limits per file: `timeout` in seconds, `memory` in GB."""

    jobs: int = 1
    timeout: float = DEFAULT_TIMEOUT
    memory: float = DEFAULT_MEMORY


@dataclass
class Summary:
    """The outcome. done + skipped + failed = files, unless `interrupted`."""

    files: int = 0
    done: int = 0
    skipped: int = 0
    failed: int = 0
    records: int = 0
    seconds: float = 0.0
    errors: list[dict[str, str]] = field(default_factory=list)
    interrupted: bool = False

    def as_dict(self) -> dict[str, Any]:
        values = asdict(self)
        if not values.pop("interrupted"):
            return values
        return values | {"interrupted": True}


def pack_of(origin: Origin) -> dict[str, Any]:
    """A manifest's entries other than author and licence, for the "asset" section of the file's records."""
    entries = {"file_label": origin.file_label, "pack": origin.pack, "folders": list(origin.folders)}
    return {key: value for key, value in entries.items() if value}


@dataclass(frozen=True)
class Reading:
    """How files are read; it is part of what makes a file 'already done'."""

    apply_modifiers: bool = False
    bake_palette: bool = False

    @property
    def key(self) -> str:
        options = {name: True for name, on in asdict(self).items() if on}
        return json.dumps(options | {"evaluated": True}, sort_keys=True)  # older records lack that


def extract_files(
    paths: Iterable[str | os.PathLike[str]],
    dataset: str | os.PathLike[str],
    limits: Limits = Limits(),  # noqa: B008 (frozen)
    reading: Reading = Reading(),  # noqa: B008 (frozen)
    *,
    author: str = "",
    licence: str = "",
    blender: str | os.PathLike[str] | None = None,
    retry: bool = False,
    report: Reporter | None = None,
    also: Iterable[str | os.PathLike[str]] = (),
) -> Summary:
    """Read all files below `paths` into the dataset. Raises NoBlender when no Blender is available.

    What a file refers to (pictures, buffers, linked libraries) is followed only below `paths` and the folders `also`.
    """
    batch = _Batch(Dataset(dataset), limits, reading, Origins(author, licence), retry, report or Reporter(quiet=True))
    batch.allowed += [os.fspath(folder) for folder in also]
    try:
        return batch.run(list(paths), blender)
    finally:
        batch.dataset.close()


class _Batch:
    def __init__(
        self, dataset: Dataset, limits: Limits, reading: Reading, origins: Origins, retry: bool, report: Reporter
    ) -> None:
        self.dataset = dataset
        self.limits = limits
        self.reading = reading
        self.origins = origins
        self.retry = retry
        self.report = report
        self.summary = Summary()
        self.ended = 0
        self.stop = threading.Event()
        self.lock = threading.Lock()
        self.todo: queue.Queue[Found] = queue.Queue()
        self.broken: Exception | None = None
        self.again: set[str] = set()  # files that were read but not stored when their worker died
        self.allowed: list[str] = []  # references of a file are followed below these folders
        self.unevaluated: set[str] = set()  # files whose modifiers crashed a worker: read without running them
        # Stored in the catalogue for a file that exceeded its limits: with other limits it gets another try.
        self.limited = f"{reading.key} {limits.timeout:g} s {limits.memory:g} GB"

    def run(self, paths: list[str | os.PathLike[str]], blender_path: str | os.PathLike[str] | None) -> Summary:
        started = time.monotonic()
        self.report.phase("looking")
        files = list(find_files(paths))
        self.allowed += [str(place if place.is_dir() else place.parent) for place in map(Path, paths)]
        self.allowed = [os.path.abspath(folder) for folder in self.allowed]
        self.summary.files = len(files)
        self.dataset.clean()
        self.report.phase("reading")
        for file in files:
            self.todo.put(file)
        blender: Blender | None = None
        if files:
            blender = find_blender(blender_path)
        try:
            if blender is not None:
                self._work(blender, len(files))
        except KeyboardInterrupt:
            self.stop.set()
            self.summary.interrupted = True
        if self.broken is not None:
            raise self.broken
        if self.summary.done:
            self.report.phase("joining shards")
            self.dataset.compact()
        self.summary.errors.sort(key=lambda error: error["path"])
        self.summary.seconds = round(time.monotonic() - started, 3)
        return self.summary

    def _work(self, blender: Blender, count: int) -> None:
        threads = [threading.Thread(target=self._drive, args=(blender,)) for _ in range(min(self.limits.jobs, count))]
        for thread in threads:
            thread.start()
        try:
            while any(thread.is_alive() for thread in threads):
                if self.report.cancelled and not self.stop.is_set():
                    self.stop.set()
                    self.summary.interrupted = True
                for thread in threads:
                    thread.join(0.05 / len(threads))
        finally:
            self.stop.set()  # after Ctrl-C: a driver ends its worker quickly
            for thread in threads:
                thread.join()

    def _drive(self, blender: Blender) -> None:
        """One thread per worker: it only waits, so threads are enough."""
        worker: Worker | None = None
        ahead: list[tuple[Found, SourceFile]] = []  # the next file, looked up while the worker is busy
        unsure: list[tuple[Found, SourceFile]] = []  # read, but not yet reported as stored
        try:
            while not self.stop.is_set():
                job = ahead.pop() if ahead else self._next()
                if job is None:
                    if unsure and worker is not None:
                        worker = self._settle(worker, unsure)
                        continue  # what a dead worker did not store is to be read again
                    return
                for _ in range(3):
                    if worker is None:
                        worker = Worker(blender, int(self.limits.memory * 2**30))
                    outcome = self._read(worker, *job, ahead, unsure)
                    if outcome != "read":
                        worker.close()
                        worker = None
                        self._look_after(unsure)
                    elif worker.heavy() and (worker := self._settle(worker, unsure)) is not None:
                        worker.close()
                        worker = None
                    if outcome != "again":
                        break
        except (NoBlender, DatasetError, OSError) as error:  # without a Blender or disk space, nothing can go on
            self.broken = error
            self.stop.set()
        finally:
            if worker is not None:
                if unsure:
                    worker = self._settle(worker, unsure)
                if worker is not None:
                    worker.close()

    def _settle(self, worker: Worker, unsure: list[tuple[Found, SourceFile]]) -> Worker | None:
        """Wait until everything is stored. None if the worker died meanwhile."""
        try:
            worker.send({"do": "settle"})
            while "settled" not in (answer := worker.wait(self.limits.timeout)):
                self._hear(worker, answer, unsure)
            return worker
        except Failure:
            worker.close()
            self._look_after(unsure)
            return None

    def _look_after(self, unsure: list[tuple[Found, SourceFile]]) -> None:
        """A worker died before it could report a file as stored: the catalogue tells whether it is."""
        while unsure:
            file, source = unsure.pop()
            known = self.dataset.file(source.path)
            same = known is not None and (known.sha256, known.options) == (source.sha256, source.options)
            if known is not None and same and known.state != "failed":
                records = len(self.dataset.rows(path=source.path))
                self._count(known.state, source.path, known.reason, records)
            elif source.path not in self.again:
                self.again.add(source.path)
                self.todo.put(file)
            else:
                source.state, source.reason = "failed", "Blender ended twice while its records were being stored"
                source.options = self.limited
                self._end(source, 0)

    def _hear(self, worker: Worker, answer: dict[str, Any], unsure: list[tuple[Found, SourceFile]]) -> None:
        """The worker reports the outcome of a file that it read before."""
        _, source = unsure.pop(0)
        if "error" in answer:
            self._fail(worker, source, answer)
        else:
            self._count("done" if answer["kept"] else "skipped", source.path, None, answer["records"])

    def _fail(self, worker: Worker, source: SourceFile, answer: dict[str, Any]) -> None:
        if answer.get("disk"):
            raise DatasetError(
                f"{self.dataset.path}: {answer['error']}; what was read is kept; run it again for the rest"
            )
        source.state, source.reason, source.seconds = "failed", answer["error"], answer["seconds"]
        if answer.get("ours"):
            source.options = None  # a bug of ours, perhaps fixed in the next run
            for line in worker.log_lines():
                self.report.log("    " + line)
        self._end(source, 0)

    def _next(self) -> tuple[Found, SourceFile] | None:
        """The next file that is left to read; None when there is no more."""
        while not self.stop.is_set():
            try:
                file = self.todo.get_nowait()
            except queue.Empty:
                return None
            source = self._decide(file)
            if source is not None:
                return file, source
        return None

    def _decide(self, file: Found) -> SourceFile | None:
        """The file's future entry in the catalogue, or None when there is nothing left to do for it."""
        path = str(file.path)
        self.report.progress(self.ended / max(1, self.summary.files), readable(file.path.name) or "")
        if file.path.exists() and not file.path.is_file():
            self._end(SourceFile(path, state="failed", reason=wrong_with(file.path) or "is not a file"), 0)
            return None
        try:
            digest, size = hash_file(path), file.path.stat().st_size
        except OSError as error:
            self._end(SourceFile(path, state="failed", reason=f"cannot be read ({error.strerror or error})"), 0)
            return None
        known = self.dataset.file(path)
        if known is not None and known.sha256 == digest:
            if known.state == "done" and known.options == self.reading.key:
                self._count("skipped", path, None)
                return None
            settled = known.options in (self.reading.key, self.limited)
            if known.state == "failed" and settled and not self.retry:
                self._count("failed", path, known.reason)
                return None
        origin = self.origins.of(file.path)
        source = SourceFile(path, digest, size, "done", None, origin.author, origin.license, origin.url)
        source.options = self.reading.key
        wrong = wrong_with(file.path)
        if wrong:
            source.state, source.reason = "failed", wrong
            self._end(source, 0)
            return None
        twin = self.dataset.done_with_content(digest)
        if twin is not None and twin.path != path and twin.options == self.reading.key:
            source.state, source.reason = "skipped", f"same content as {twin.path}"
            self._end(source, 0)
            return None
        return source

    def _read(
        self,
        worker: Worker,
        file: Found,
        source: SourceFile,
        ahead: list[tuple[Found, SourceFile]],
        unsure: list[tuple[Found, SourceFile]],
    ) -> str:
        """Have a worker read the file: "read", "dead" (the worker died), or "again" (it died because of an earlier
        file)."""
        origin = self.origins.of(file.path)
        options = asdict(self.reading) | {"source_file": source.path}
        options |= {"author": origin.author, "license": origin.license, "url": origin.url}
        options["evaluate"] = source.path not in self.unevaluated
        request = {
            "file": {key: value for key, value in asdict(source).items() if key != "id"},
            "format": file.format,
            "dataset": str(self.dataset.path.absolute()),
            "options": options,
            "label": origin.label or words_of(file.path),
            "pack": pack_of(origin),
            "allowed": self.allowed,
        }
        started = time.monotonic()
        evaluating = False
        try:
            worker.send(request)
            if not ahead:
                ahead += filter(None, [self._next()])
            limit = self.limits.timeout
            while (answer := worker.wait(limit, self.stop)).keys() & {"stored", "evaluating"}:
                if "evaluating" in answer:
                    evaluating, limit = True, min(limit, EVALUATING)
                else:
                    self._hear(worker, answer, unsure)
        except Failure as failure:
            if self.stop.is_set():
                return "dead"  # we ended it; the file is read next time
            if evaluating and source.path not in self.unevaluated:
                self.unevaluated.add(source.path)
                return "again"
            if failure.inherited:
                return "again"
            source.state, source.reason = "failed", str(failure)
            source.seconds, source.options = time.monotonic() - started, self.limited
            self._end(source, 0)
            return "dead"
        if "error" in answer:
            self._fail(worker, source, answer)
        else:
            unsure.append((file, source))
        return "read"

    def _end(self, source: SourceFile, records: int) -> None:
        self.dataset.append([], source)
        self._count(source.state, source.path, source.reason, records)

    def _count(self, state: str, path: str, reason: str | None, records: int = 0) -> None:
        with self.lock:
            setattr(self.summary, state, getattr(self.summary, state) + 1)
            self.summary.records += records
            self.ended += 1
            if state == "failed":
                self.summary.errors.append({"path": path, "reason": reason or "the reason is unknown"})
                self.report.log(f"{readable(Path(path).name)}: {reason}; failed")
            self.report.progress(
                self.ended / self.summary.files, f"{self.ended}/{self.summary.files} {readable(Path(path).name)}"
            )
