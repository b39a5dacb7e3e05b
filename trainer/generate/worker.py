"""The worker: one process that holds the loaded model and answers over its pipes.

Knows frames, cancelling, heartbeats and how to end; `service.py` handles the requests. It reads requests from standard
input and writes events to what was standard output; anything that a library prints goes to the log.

Requests ("do"), each with an "id" (text) that its events repeat:
  generate, load, presets, test   with the fields of their dataclass in `request.py`
  cancel     the request of that id ends with the event "cancelled", within a step
  quit       ends the process; so does the end of the input
Events ("event"):
  hello      protocol, version, pid, python, numpy, engines
  alive      every second
  started    id, variants, phase
  polygons   id, variant, corners [[[x, y, z], ...], ...] in metres, slots [int, ...]
  taken_back id, variant, polygons: this many of the last ones are made again
  progress   id, fraction, speed (polygons per second), phase
  result     id, variant, record (path)
  done       id, seconds, polygons, polygons_per_second, first_face_seconds, engine
  listed     id, and the answer; ends load and presets
  tested     id, sentence, training (operations per second); ends test
  cancelled  id
  failed     id ("" if the message had no readable one), sentence
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
from typing import TYPE_CHECKING, Any, BinaryIO

from ...jobs import threads  # noqa: F401  before anything that loads numpy

# isort: split
from ... import __version__
from .client import LARGEST_REQUEST, PROTOCOL, FrameError, PipeError, read_frame, write_frame
from .request import REQUESTS, AnyRequest, Limit, RequestError, number, one_of, text

if TYPE_CHECKING:
    from .service import Service

HEARTBEAT = 1.0
FLUSH = 0.03  # polygons are collected this long (s) into one event
LONGEST_ID = 10_000  # characters; the panels' ids contain their whole request


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--idle-minutes", type=float, default=15.0, help="exit after this long without a request")


def run(args: argparse.Namespace) -> int:
    try:
        number("--idle-minutes", args.idle_minutes, Limit(0.0, 1e5))
    except RequestError as error:
        print(f"meshkiln worker: {error}", file=sys.stderr)
        return 2
    if hasattr(os, "nice"):
        os.nice(5)  # the artist's viewport comes first
    requests, events = _take_pipes()
    return Worker(requests, events, args.idle_minutes * 60).serve()


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Our two pipes; from now on anything printed goes into the log (standard error)."""
    requests = os.fdopen(os.dup(0), "rb")
    events = os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(2, 1)
    os.close(null)
    sys.stdout = sys.stderr
    return requests, events


class Cancelled(Exception):
    """The result is no longer wanted."""


class Worker:
    """Serves until its input ends, it is told to quit, or no request arrives for `idle_seconds`."""

    def __init__(self, requests: BinaryIO, events: BinaryIO, idle_seconds: float) -> None:
        self._requests = requests
        self._events = events
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._queue: queue.SimpleQueue[tuple[str, AnyRequest] | None] = queue.SimpleQueue()  # None: quit
        self._waiting: set[str] = set()  # ids of requests that are queued or being answered
        self._cancelled: set[str] = set()
        self._ended = threading.Event()
        self._service: Service | None = None

    def serve(self) -> int:
        threading.Thread(target=self._listen, name="requests", daemon=True).start()
        self.emit(event="hello", protocol=PROTOCOL, version=__version__, pid=os.getpid(), **_versions())
        threading.Thread(target=self._beat, name="heartbeat", daemon=True).start()
        while not self._ended.is_set():
            try:
                asked = self._queue.get(timeout=self._idle_seconds)
            except queue.Empty:
                self.emit(event="bye", reason="idle")
                break
            if asked is None:
                self.emit(event="bye", reason="asked")
                break
            self._answer(*asked)
        return 0

    def emit(self, **event: Any) -> None:
        """Send one event. If the other end is closed, the process ends."""
        try:
            with self._lock:
                write_frame(self._events, event)
        except OSError:
            os._exit(0)

    def cancelled(self, request_id: str) -> bool:
        return self._ended.is_set() or request_id in self._cancelled

    def _answer(self, request_id: str, request: AnyRequest) -> None:
        try:
            if self.cancelled(request_id):
                raise Cancelled
            if self._service is None:
                from .service import Service

                self._service = Service()
            self._service.answer(request, request_id, Channel(self, request_id))
        except Cancelled:
            self.emit(event="cancelled", id=request_id)
        except Exception as error:  # one request must not end the worker; the log gets the traceback
            traceback.print_exc()
            sys.stderr.flush()
            self.emit(event="failed", id=request_id, sentence=_sentence(error))
        finally:
            self._waiting.discard(request_id)
            self._cancelled.discard(request_id)

    def _listen(self) -> None:
        """Read requests until the pipe ends; whatever happens here, the process ends after it."""
        try:
            while self._take_message():
                pass
        except PipeError as error:
            self.emit(event="failed", id="", sentence=str(error))
        except OSError:
            traceback.print_exc()
        finally:
            self._ended.set()
            self._queue.put(None)
            time.sleep(1.0)  # a step may finish; after that nothing waits for it
            os._exit(0)

    def _take_message(self) -> bool:
        """Queue the next request, or report what is wrong with it; False at the end of the pipe."""
        request_id = ""
        try:
            message = read_frame(self._requests, LARGEST_REQUEST)
            if message is None:
                return False
            do, request_id, rest = opened(message)
            if do == "quit":
                self._queue.put(None)
            elif do == "cancel":
                if request_id in self._waiting:
                    self._cancelled.add(request_id)
            else:
                request = REQUESTS[do].from_dict(rest)
                self._waiting.add(request_id)
                self._queue.put((request_id, request))
        except (FrameError, RequestError) as error:
            self.emit(event="failed", id=request_id, sentence=str(error))
        return True

    def _beat(self) -> None:
        while not self._ended.wait(HEARTBEAT):
            self.emit(event="alive")


def opened(message: dict[str, Any]) -> tuple[str, str, dict[str, Any]]:
    """("do", "id", the other fields) of a message; RequestError if one of the two is invalid."""
    rest = dict(message)
    request_id = text("id", rest.pop("id", ""), LONGEST_ID)
    do = one_of("do", rest.pop("do", None), (*REQUESTS, "cancel", "quit"))
    return do, request_id, rest


class Channel:
    """The listener of one request: sends its events, and knows whether it is still wanted."""

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
        """Raise `Cancelled` if the result is no longer wanted; call it every step."""
        if self._worker.cancelled(self._id):
            raise Cancelled

    def polygon(self, variant: int, corners: list[list[float]], slot: int = 0) -> None:
        """One finished polygon; the first is sent at once, later ones are collected."""
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
    """An error as a sentence for the panel: our own already are, others get their type in front."""
    text = str(error).strip().splitlines()[0] if str(error).strip() else ""
    if isinstance(error, MemoryError):
        return "Not enough memory. Try fewer variants, fewer faces or a smaller model."
    if isinstance(error, (ValueError, OSError)) and text:
        return text
    return f"{type(error).__name__}: {text}" if text else f"The worker failed with {type(error).__name__}."
