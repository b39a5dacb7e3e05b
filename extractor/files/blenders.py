"""Finds a Blender and runs one as a worker: start it, send requests, watch its time and memory, end it.

Knows processes and the protocol of child.py, and nothing of the requests. Needs no bpy itself: a worker is either this
Python with the bpy module, or a Blender executable.
"""

import importlib.util
import json
import os
import queue
import re
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from ...jobs import scratch
from ...jobs.processes import ISOLATED, end_tree, explain_exit, new_group, resident_bytes

CHILD = Path(__file__).with_name("child.py")
MARK = "\x1emeshkiln "
POLL = 0.1  # seconds between two checks of a worker's memory; it can grow by a few hundred MB meanwhile
START_LIMIT = 120.0  # seconds that a Blender may take to start from a cold disk


class NoBlender(RuntimeError):
    """There is no Blender, or it does not start."""


class Failure(RuntimeError):
    """A request without an answer; the message is a sentence.

    `inherited` is True when an earlier file may be to blame: Blender can crash while it frees the file before
    (old fluid simulations do), and may have leaked memory. Another try in a fresh worker tells.
    """

    def __init__(self, sentence: str, inherited: bool = False) -> None:
        super().__init__(sentence)
        self.inherited = inherited


@dataclass(frozen=True)
class Blender:
    """How a worker is started; `name` for people."""

    argv: tuple[str, ...]
    name: str


def find_blender(given: str | os.PathLike[str] | None = None) -> Blender:
    """The Blender to use: the one given, MESHKILN_BLENDER, this Python's bpy module, or `blender` on the PATH."""
    for path, where in ((given, "--blender"), (os.environ.get("MESHKILN_BLENDER"), "MESHKILN_BLENDER")):
        if path:
            executable = shutil.which(os.fspath(path))
            if executable is None:
                raise NoBlender(f"{where}: {path} is not a program that can be started")
            return _executable(executable)
    if importlib.util.find_spec("bpy") is not None:
        return Blender((sys.executable, *ISOLATED, str(CHILD)), "the bpy module")
    executable = shutil.which("blender")
    if executable:
        return _executable(executable)
    raise NoBlender("no Blender found: name one with --blender or MESHKILN_BLENDER, or `pip install bpy`")


def _executable(path: str) -> Blender:
    flags = ("-b", "--factory-startup", "--disable-autoexec", "--python-exit-code", "3", "--python", str(CHILD))
    return Blender((path, *flags), path)


class Worker:
    """One running Blender. `ask` sends a request and waits; after a Failure the worker is dead: start another."""

    def __init__(self, blender: Blender, memory: int | None = None) -> None:
        self.blender = blender
        self.memory = memory  # bytes
        self.scratch = scratch.make("blender")  # its preferences: an empty folder
        self.log: IO[bytes] = open(self.scratch / "log.txt", "w+b", buffering=0)
        environment = {**os.environ, "BLENDER_USER_RESOURCES": str(self.scratch), "PYTHONUNBUFFERED": "1"}
        environment |= {"TMPDIR": str(self.scratch), "TEMP": str(self.scratch), "PYTHONNOUSERSITE": "1"}
        try:
            pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": self.log}
            self.process = subprocess.Popen(blender.argv, cwd=self.scratch, env=environment, **pipes, **new_group())
        except OSError as error:
            self._remove()
            raise NoBlender(f"{blender.name} cannot be started: {error.strerror or error}") from error
        self.answers: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self.asked = 0
        threading.Thread(target=self._listen, daemon=True).start()
        try:
            self.version = str(self.wait(START_LIMIT)["ready"])
        except Failure as error:
            tail = [line.strip()[:200] for line in self.log_lines()[-1:]]
            self._remove()
            raise NoBlender(f"{blender.name} does not start: it {error}. {' '.join(tail)}".strip()) from error

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            text = line.decode("utf-8", "replace")
            if text.startswith(MARK):
                self.answers.put(json.loads(text[len(MARK) :]))
        self.answers.put(None)

    def ask(self, request: dict[str, Any], timeout: float, stop: threading.Event | None = None) -> dict[str, Any]:
        """The answer to `request`; Failure if it takes too long or too much memory, or on `stop`."""
        self.send(request)
        return self.wait(timeout, stop)

    def send(self, request: dict[str, Any]) -> None:
        """Send a request; `wait` for its answer before the next."""
        self.asked += 1
        self.log.seek(0)
        self.log.truncate()  # output for other files explains nothing here
        try:
            assert self.process.stdin is not None
            self.process.stdin.write(json.dumps(request).encode() + b"\n")
            self.process.stdin.flush()
        except OSError:
            raise Failure("Blender ended before it was asked", inherited=True) from None

    def wait(self, timeout: float, stop: threading.Event | None = None) -> dict[str, Any]:
        end = time.monotonic() + timeout
        while True:
            try:
                answer = self.answers.get(timeout=POLL)
            except queue.Empty:
                if stop is not None and stop.is_set():
                    self.kill()
                    raise Failure("was interrupted") from None
                if time.monotonic() > end:
                    self.kill()
                    raise Failure(f"took longer than {timeout:g} s (--timeout)") from None
                if self.memory and resident_bytes(self.process.pid) > self.memory:
                    self.kill()
                    sentence = f"needs more than {self.memory / 2**30:g} GB of memory (--memory)"
                    raise Failure(sentence, inherited=self.asked > 1) from None
                continue
            if answer is None:
                code = self.process.wait()
                self.kill()
                raise Failure(f"Blender {self._explain(code)}", inherited=self.asked > 1)
            return answer

    def log_lines(self) -> list[str]:
        """The last lines that Blender printed for this request."""
        self.log.seek(0, os.SEEK_END)
        self.log.seek(max(0, self.log.tell() - 4000))
        return self.log.read().decode("utf-8", "replace").strip().splitlines()[-20:]

    def _explain(self, code: int) -> str:
        log = "\n".join(self.log_lines())
        if re.search(r"Malloc returns null|Calloc returns null|bad_alloc|out of memory", log, re.IGNORECASE):
            return "ran out of memory and ended"
        return explain_exit(code)

    def heavy(self) -> bool:
        """Whether its memory has grown so much that a fresh one is better."""
        limit = self.memory // 2 if self.memory else 2 << 30
        return self.asked >= 500 or (self.asked % 10 == 0 and resident_bytes(self.process.pid) > limit)

    def kill(self) -> None:
        end_tree(self.process.pid)
        self.process.wait()

    def close(self) -> None:
        """End it, asking first if it still listens."""
        if self.process.poll() is None:
            try:
                assert self.process.stdin is not None
                self.process.stdin.close()
                self.process.wait(timeout=5)
            except (OSError, subprocess.TimeoutExpired):
                self.kill()
        end_tree(self.process.pid)
        self._remove()

    def _remove(self) -> None:
        self.log.close()
        for pipe in (self.process.stdin, self.process.stdout) if hasattr(self, "process") else ():
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue  # unsent data has no reader any more
        shutil.rmtree(self.scratch, ignore_errors=True)
