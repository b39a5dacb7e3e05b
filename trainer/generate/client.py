"""The worker's client: starts the process, sends requests, queues its events.

Knows frames, pipes and processes; knows nothing of Blender, models or tokens. Standard library only, plus
numpy through the record files. The owner of a `Client` polls `events()`; nothing here calls back from a thread.

A frame is a 4-byte little-endian length and that many bytes of UTF-8 JSON (an object). Requests have "do", events
have "event" (`worker.py` lists them). Arrays never travel in frames: a finished record is a file (`read_record`).
"""

import json
import os
import queue
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from ...jobs.processes import explain_exit, meshkiln_command
from ...records import Record, tensors
from .request import AnyRequest

PROTOCOL = 2  # increase when requests or events change
LARGEST_FRAME = 64 << 20  # bytes of an event
LARGEST_REQUEST = 1 << 20
_LENGTH = struct.Struct("<I")


def quiet_process_flags() -> dict[str, Any]:
    """Popen arguments that keep a console window from flashing up on Windows."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.BELOW_NORMAL_PRIORITY_CLASS}
    return {}


class FrameError(ValueError):
    """A frame without a valid message; later frames can still be read."""


class PipeError(ValueError):
    """The pipe is out of sync; nothing further can be read."""


def write_frame(pipe: BinaryIO, message: dict[str, Any]) -> None:
    text = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
    body = text.encode("utf-8", "backslashreplace")  # half a surrogate pair becomes a JSON escape: \ud800
    pipe.write(_LENGTH.pack(len(body)) + body)
    pipe.flush()


def read_frame(pipe: BinaryIO, largest: int = LARGEST_FRAME) -> dict[str, Any] | None:
    """The next message; None at the end of the pipe. Raises FrameError or PipeError, with a sentence."""
    head = _up_to(pipe, _LENGTH.size)
    if not head:
        return None
    length = _LENGTH.unpack(head)[0] if len(head) == _LENGTH.size else 0
    if length > largest:
        raise PipeError(f"a frame of {length:,} bytes; something other than Meshkiln is writing into the pipe")
    body = _up_to(pipe, length)
    if len(head) < _LENGTH.size or len(body) < length:
        raise PipeError("the pipe ended in the middle of a frame")
    try:
        message = json.loads(body)
    except RecursionError:
        raise FrameError("a frame holds JSON that is nested too deeply") from None
    except ValueError as error:
        raise FrameError(f"a frame holds no JSON ({error})") from None
    if not isinstance(message, dict):
        raise FrameError("a frame holds JSON, but not an object")
    return message


def _up_to(pipe: BinaryIO, count: int) -> bytes:
    """`count` bytes; fewer only at the end of the pipe."""
    parts = []
    while count and (part := pipe.read(count)):
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def write_record(path: Path, record: Record) -> None:
    """One record in one safetensors file: arrays as they are, the dict as the header's metadata."""
    tensors.write_tensors(path, record.arrays, {"record": json.dumps(record.data)})


def read_record(path: Path) -> Record:
    """The record of `write_record`; its arrays are copies, so the file may be deleted."""
    meta, _ = tensors.read_header(path)
    with tensors.open_tensors(path) as stored:
        arrays = {name: stored[name].copy() for name in stored}
    return Record(json.loads(meta["record"]), arrays)


class Client:
    """One worker process and its reader thread. Made by `start`; usable until an event "gone"."""

    def __init__(self, python: str, log_path: Path, words: tuple[str, ...] = ()) -> None:
        log_path.parent.mkdir(parents=True, exist_ok=True)
        self.log_path = log_path
        self.started = time.monotonic()
        self.last_word = self.started
        self._events: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._closing = False
        with open(log_path, "ab") as log:
            self._process = subprocess.Popen(
                meshkiln_command("worker", *words, python=python),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=log_path.parent,
                **quiet_process_flags(),
            )
        assert self._process.stdin is not None and self._process.stdout is not None  # both are pipes
        self._to: Any = self._process.stdin
        self._from: Any = self._process.stdout
        self._reader = threading.Thread(target=self._read, name="meshkiln-reader", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, request_id: str, request: AnyRequest) -> bool:
        """Send a request; its events carry `request_id`. False if the process is gone."""
        return self.send({"do": request.do, "id": request_id, **request.to_dict()})

    def send(self, message: dict[str, Any]) -> bool:
        """Send a message; False if the process is gone (its "gone" event says why)."""
        if self._closing:
            return False
        try:
            write_frame(self._to, message)
            return True
        except (OSError, ValueError):  # the pipe's other end is closed
            return False

    def events(self) -> Iterator[dict[str, Any]]:
        """Events received so far, without waiting. The caller may stop between two events and lose none."""
        while True:
            try:
                yield self._events.get_nowait()
            except queue.Empty:
                return

    def wait_event(self, timeout: float) -> dict[str, Any] | None:
        """Wait for the next event: for the command line and background Blender only."""
        try:
            return self._events.get(timeout=timeout)
        except queue.Empty:
            return None

    def close(self, patience: float = 0.5) -> None:
        """End the process: first by closing its input, then by force. Returns when it is gone."""
        self._closing = True
        try:
            self._to.close()
        except OSError:
            pass  # already broken: the process is dead, as intended
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(1.0)
        self._from.close()

    def kill(self) -> None:
        """End the process at once: it is stuck."""
        self._process.kill()

    def _read(self) -> None:
        reason = None
        try:
            while (message := read_frame(self._from)) is not None:
                if message.get("event") == "hello" and message.get("protocol") != PROTOCOL:
                    reason = "The worker is another version of Meshkiln. Restart Blender to finish the update."
                    self._process.kill()
                    break
                self.last_word = time.monotonic()
                self._events.put(message)
        except PipeError as error:
            reason = str(error) if self.alive else None  # it died in the middle of a frame: its exit code says more
            self._process.kill()
        except (OSError, FrameError) as error:
            reason = str(error)
            self._process.kill()
        code = self._process.wait()
        if not self._closing:
            self._events.put({"event": "gone", "code": code, "sentence": reason or exit_sentence(code)})


def exit_sentence(code: int) -> str:
    """What the worker's exit means, for a person."""
    advice = " Try fewer variants or a smaller model." if code in (-9, 137) else " Its log says more."
    return f"The worker {explain_exit(code)}." + (advice if code else "")


def own_python() -> str:
    """The executable of the running Python: inside Blender the one it ships."""
    if os.path.basename(sys.executable).lower().startswith(("python", "pypy")):
        return sys.executable
    # sys.executable is the embedding program: look where Python itself would be installed.
    for folder, name in (("bin", f"python{sys.version_info.major}.{sys.version_info.minor}"), ("bin", "python.exe")):
        candidate = Path(sys.prefix) / folder / name
        if candidate.is_file():
            return str(candidate)
    return sys.executable
