"""How long work reports its progress: a `Reporter` for the command, a `Bar` for a terminal, the job folder's small
files.

Knows the folder's file names and nothing of processes. Standard library only.
"""

import contextlib
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

JOB_VARIABLE = "MESHKILN_JOB"  # set for a command that runs as a job: its folder
WRITE_EVERY = 0.25  # seconds between two writes of the state; a watcher needs no more
LINE_EVERY = 10.0  # seconds between two lines if there is no terminal


def replace_json(path: Path, value: Any) -> None:
    """Replace a small JSON file atomically: a reader sees the old one or the new one."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    # A new name that cannot be guessed: a symlink planted under a known name could redirect the write.
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        for attempt in range(20):
            try:
                os.replace(temporary, path)
                return
            except PermissionError:  # Windows, while a reader has it open
                if attempt == 19:
                    raise
                time.sleep(0.01 * (attempt + 1))
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def read_json(path: Path) -> dict[str, Any] | None:
    """A small JSON file, or None if it is missing or not an object."""
    for attempt in range(5):
        try:
            value = json.loads(path.read_text(encoding="utf-8"))
            return value if isinstance(value, dict) else None
        except FileNotFoundError:
            return None
        except (PermissionError, ValueError):  # Windows, while it is being replaced
            if attempt == 4:
                return None
            time.sleep(0.02)
    return None


def read_metrics(folder: str | os.PathLike[str]) -> list[dict[str, Any]]:
    """All complete lines of a job's metrics.jsonl."""
    metrics = []
    try:
        with open(Path(folder) / "metrics.jsonl", encoding="utf-8", errors="replace") as file:
            for line in file:
                if line.endswith("\n"):
                    metrics.append(json.loads(line))
    except FileNotFoundError:
        return []
    return metrics


def format_seconds(seconds: float) -> str:
    """'7 s', '1:05', '2:03:20'."""
    whole = int(round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


class Bar:
    """A progress bar on a terminal; a line now and then if the output is a file."""

    def __init__(self, stream: Any = None) -> None:
        self.stream = sys.stderr if stream is None else stream
        self.live = bool(getattr(self.stream, "isatty", lambda: False)())
        self.width = 0
        self.last_line = 0.0
        self.last_phase: str | None = None

    def _write(self, text: str) -> None:
        try:
            self.stream.write(text)
        except UnicodeEncodeError:
            coding = getattr(self.stream, "encoding", None) or "ascii"
            self.stream.write(text.encode(coding, "replace").decode(coding))
        self.stream.flush()

    def show(self, phase: str, fraction: float | None, text: str = "", eta: float | None = None) -> None:
        share = "" if fraction is None else f" {fraction:4.0%}"
        left = "" if eta is None else f"  {format_seconds(eta)} left"
        if not self.live:
            now = time.monotonic()
            if phase != self.last_phase or now - self.last_line > LINE_EVERY:
                self._write(f"{phase}{share} {text}{left}".rstrip() + "\n")
                self.last_line, self.last_phase = now, phase
            return
        gauge = "" if fraction is None else " [" + ("#" * round(24 * fraction)).ljust(24, ".") + "]"
        try:
            columns = os.get_terminal_size(self.stream.fileno()).columns
        except (OSError, AttributeError, ValueError):
            columns = 80
        line = f"{phase}{gauge}{share}{left}  {text}"[: max(20, columns - 1)]
        self._write("\r" + line.ljust(self.width))
        self.width = len(line)

    def close(self, text: str | None = None) -> None:
        """End the line; `text` is the last message."""
        if self.live and self.width:
            self._write("\r" + " " * self.width + "\r")
        self.width = 0
        if text:
            self._write(text + "\n")


class Reporter:
    """Progress and outcome of a long command. In a job they go to the job's folder, in a terminal to a bar on stderr.

    `Reporter()` finds the job's folder by itself (environment); `Reporter(folder)` reports to that one. Ends with
    exactly one of `done`, `failed` or `stopped`; for a command that returns without, the exit code decides.
    """

    def __init__(self, folder: str | os.PathLike[str] | None = None, *, quiet: bool = False) -> None:
        given = folder or os.environ.get(JOB_VARIABLE)
        self.folder = Path(given) if given else None
        if self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
        self.bar = None if quiet or self.folder is not None else Bar()
        self._state: dict[str, Any] = {"phase": None, "progress": None, "message": None, "eta": None}
        self._phase_start = time.monotonic()
        self._first_fraction: float | None = None
        self._written = 0.0
        self._looked = 0.0
        self._cancelled = False

    def phase(self, text: str) -> None:
        """A new part of the work begins; progress and the estimate start over."""
        self._phase_start = time.monotonic()
        self._first_fraction = None
        self._state.update(phase=text, progress=None, message=None, eta=None)
        self._publish(force=True)
        if self.folder is not None:
            print(text, flush=True)

    def progress(self, fraction: float | None, text: str = "") -> None:
        """`fraction` 0..1 of the current phase, or None if unknown; `text` says what is being done."""
        now = time.monotonic()
        if fraction is not None:
            fraction = min(1.0, max(0.0, float(fraction)))
            if self._first_fraction is None:  # progress from before a resume does not count as speed
                self._first_fraction, self._phase_start = fraction, now
            gained = fraction - self._first_fraction
            spent = now - self._phase_start
            self._state["eta"] = spent * (1 - fraction) / gained if gained > 0 and spent > 0.5 else None
        self._state.update(progress=fraction, message=text)
        self._publish(force=fraction == 1.0)

    def metric(self, **numbers: float | int | str | None) -> None:
        """Append numbers to metrics.jsonl (with the time); nothing happens outside a job."""
        if self.folder is not None:
            with open(self.folder / "metrics.jsonl", "a", encoding="utf-8") as file:
                file.write(json.dumps({"time": round(time.time(), 3), **numbers}, default=float) + "\n")

    @property
    def cancelled(self) -> bool:
        """Whether this job was asked to stop: if so, save, call `stopped`, and return."""
        now = time.monotonic()
        if self.folder is not None and not self._cancelled and now - self._looked > 0.2:
            self._looked = now
            self._cancelled = (self.folder / "cancel").exists()
        return self._cancelled

    def log(self, text: str) -> None:
        """A line for people: into the job's log, or above the bar."""
        if self.bar is not None:
            self.bar.close(text)
        elif self.folder is not None:
            print(text, flush=True)

    def done(self, **result: Any) -> None:
        """The work is finished, with this `result`."""
        self._end("done", result=result, progress=1.0)

    def failed(self, sentence: str) -> None:
        """The work cannot be finished, and why."""
        self._end("failed", error=sentence)

    def stopped(self, **result: Any) -> None:
        """The work was cancelled and has been saved."""
        self._end("cancelled", result=result)

    def _end(self, status: str, **more: Any) -> None:
        self._state.update(more, status=status, eta=None, ended=time.time())
        self._publish(force=True)
        if self.bar is not None:
            self.bar.close()

    def _publish(self, force: bool = False) -> None:
        now = time.monotonic()
        if not force and now - self._written < WRITE_EVERY:
            return
        self._written = now
        if self.folder is not None:
            path = self.folder / "state.json"
            before = read_json(path) or {"status": "running", "name": self.folder.name, "started": time.time()}
            replace_json(path, before | self._state)
        elif self.bar is not None and "status" not in self._state:
            state = self._state
            self.bar.show(state["phase"] or "", state["progress"], state["message"] or "", state["eta"])
