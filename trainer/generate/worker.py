"""The worker: one process that holds the loaded model and answers over its pipes.

Knows frames, cancelling, heartbeats and how to end; what a generation is, `generation.py` knows. It reads requests
from standard input and writes events to what was standard output; anything that a library prints goes to the log.

Requests ("do"):
  generate   id, craft, and the options of `_Request`; answered by started, polygons*, taken_back*, progress*,
             result*, done
  cancel     id; the generation ends with the event "cancelled", within a step
  models     folders; answered by "models"
  test       engine; measures; answered by "tested"
  quit       ends the process; so does the end of the input
Events ("event"):
  hello      protocol, version, python, numpy, engines
  alive      every second, whatever happens
  started    id, model, engine, variants
  polygons   id, variant, corners [[[x, y, z], ...], ...] in metres, slots [int, ...]
  taken_back id, variant, polygons: so many of the last ones, which are made again
  progress   id, fraction, polygons, speed (polygons a second), phase
  result     id, variant, record (path), note
  done       id, seconds, polygons_per_second, first_face_seconds, polygons, engine
  cancelled  id
  failed     id, sentence
  bye        reason; the process ends after it
"""

import argparse
import os
import platform
import queue
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any, BinaryIO

from ...jobs import threads  # noqa: F401  before anything that loads numpy

# isort: split
from ... import __version__
from .client import PROTOCOL, read_frame, write_frame

HEARTBEAT = 1.0
FLUSH = 0.03  # polygons are gathered this long (s) into one event


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--idle-minutes", type=float, default=15.0, help="end after so long without a request")


def run(args: argparse.Namespace) -> int:
    if hasattr(os, "nice"):
        os.nice(5)  # the artist's viewport comes first
    requests, events = _take_pipes()
    return Worker(requests, events, args.idle_minutes * 60).serve()


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Our two pipes; whoever prints from now on prints into the log (standard error)."""
    requests = os.fdopen(os.dup(0), "rb")
    events = os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(2, 1)
    os.close(null)
    sys.stdout = sys.stderr
    return requests, events


class Cancelled(Exception):
    """The one who asked no longer wants it."""


class Worker:
    """Serves until its input ends, it is told to quit, or nobody asks for `idle_seconds`."""

    def __init__(self, requests: BinaryIO, events: BinaryIO, idle_seconds: float) -> None:
        self._requests = requests
        self._events = events
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._queue: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._cancelled: set[str] = set()
        self._ended = threading.Event()
        self._service: Any = None

    def serve(self) -> int:
        threading.Thread(target=self._listen, name="requests", daemon=True).start()
        self.emit(event="hello", protocol=PROTOCOL, version=__version__, pid=os.getpid(), **_versions())
        threading.Thread(target=self._beat, name="heartbeat", daemon=True).start()
        while not self._ended.is_set():
            try:
                request = self._queue.get(timeout=self._idle_seconds)
            except queue.Empty:
                self.emit(event="bye", reason="idle")
                break
            if request["do"] == "quit":
                self.emit(event="bye", reason="asked")
                break
            self._answer(request)
        return 0

    def emit(self, **event: Any) -> None:
        """Send one event. With nobody at the other end there is nothing left to do: the process ends."""
        try:
            with self._lock:
                write_frame(self._events, event)
        except OSError:
            os._exit(0)

    def cancelled(self, request_id: str) -> bool:
        return self._ended.is_set() or request_id in self._cancelled

    def _answer(self, request: dict[str, Any]) -> None:
        request_id = str(request.get("id", ""))
        try:
            if self.cancelled(request_id):
                raise Cancelled
            if self._service is None:
                from .service import Service

                self._service = Service()
            answer = getattr(self._service, "do_" + str(request["do"]), None)
            if answer is None:
                raise ValueError(f"the worker knows no request {request['do']!r}")
            answer(request, Channel(self, request_id))
        except Cancelled:
            self.emit(event="cancelled", id=request_id)
        except Exception as error:  # one request must not take the others with it; the log gets the whole story
            traceback.print_exc()
            sys.stderr.flush()
            self.emit(event="failed", id=request_id, sentence=_sentence(error))
        finally:
            self._cancelled.discard(request_id)

    def _listen(self) -> None:
        try:
            while (request := read_frame(self._requests)) is not None:
                if request.get("do") == "cancel":
                    self._cancelled.add(str(request.get("id", "")))
                else:
                    self._queue.put(request)
        except (OSError, ValueError):
            traceback.print_exc()
        self._ended.set()
        self._queue.put({"do": "quit"})
        time.sleep(1.0)  # a step in hand may finish; then nobody waits any more
        os._exit(0)

    def _beat(self) -> None:
        while not self._ended.wait(HEARTBEAT):
            self.emit(event="alive")


class Channel:
    """What one request may say: its events, gathered polygons, and whether it is still wanted."""

    def __init__(self, worker: Worker, request_id: str) -> None:
        self._worker = worker
        self._id = request_id
        self._gathered: dict[int, tuple[list[Any], list[int]]] = {}
        self._flushed = 0.0
        self.started = time.perf_counter()
        self.first_face: float | None = None
        self.polygons = 0

    def emit(self, event: str, **body: Any) -> None:
        self._worker.emit(event=event, id=self._id, **body)

    def check(self) -> None:
        """Raise `Cancelled` where the asker has gone; call it every step."""
        if self._worker.cancelled(self._id):
            raise Cancelled

    def polygon(self, variant: int, corners: list[list[float]], slot: int = 0) -> None:
        """One finished polygon; it leaves at once if it is the first, else gathered with its neighbours."""
        now = time.perf_counter()
        if self.first_face is None:
            self.first_face = now - self.started
        self.polygons += 1
        listed = self._gathered.setdefault(variant, ([], []))
        listed[0].append(corners)
        listed[1].append(slot)
        if now - self._flushed > FLUSH:
            self.flush()

    def take_back(self, variant: int, polygons: int) -> None:
        """The last polygons of a variant are to be made again."""
        self.flush()
        self.polygons -= polygons
        self.emit("taken_back", variant=variant, polygons=polygons)

    def flush(self) -> None:
        for variant, (corners, slots) in self._gathered.items():
            self.emit("polygons", variant=variant, corners=corners, slots=slots)
        self._gathered.clear()
        self._flushed = time.perf_counter()

    @property
    def speed(self) -> float:
        """Polygons a second since the first."""
        if self.first_face is None or self.polygons < 2:
            return 0.0
        return (self.polygons - 1) / max(time.perf_counter() - self.started - self.first_face, 1e-6)


def _versions() -> dict[str, Any]:
    import importlib.util

    import numpy

    engines = ["numpy"]
    if importlib.util.find_spec("torch") is not None:
        engines.append("torch")
    return {"python": platform.python_version(), "numpy": numpy.__version__, "engines": engines}


def _sentence(error: Exception) -> str:
    """An error as a sentence for the panel: our own carry one, others get their kind in front."""
    text = str(error).strip().splitlines()[0] if str(error).strip() else ""
    if isinstance(error, MemoryError):
        return "Not enough memory. Try fewer variants, fewer faces or a smaller model."
    if isinstance(error, (ValueError, OSError)) and text:
        return text
    return f"{type(error).__name__}: {text}" if text else f"The worker failed with {type(error).__name__}."


def record_path(folder: str, request_id: str, variant: int) -> Path:
    return Path(folder) / f"{request_id}-{variant}.safetensors"
