"""Long work that is started, watched, cancelled and resumed. Standard library only.

A job is a folder. `start(folder, argv)` runs a command as a detached process that outlives its parent (closing or
crashing Blender never ends it). Beside it runs a small supervisor that keeps the heartbeat, waits for the job's turn
in a queue, ends it when it is cancelled and reports in a sentence how it ended. This module knows nothing of the work.

    state.json     what `read(folder)` returns, always complete (replaced atomically)
    metrics.jsonl  one line of numbers per `Reporter.metric`
    log.txt        everything that the command printed
    cancel         exists when it was asked to stop
    process.json, heartbeat   the supervisor's own

The command itself reports through `Reporter`: in a job to the folder, in a terminal as a progress bar.
Resume = the same command again: every long command continues from its own files.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .processes import explain_exit, is_alive, python_module, start_detached, start_token
from .progress import JOB_VARIABLE, Bar, read_json, replace_json

ACTIVE = ("queued", "running")
HEARTBEAT = 2.0  # seconds between two signs of life
STALE = 30.0  # seconds without one after which a living process is called stalled


class JobError(RuntimeError):
    """A job that cannot be started, read or resumed, in a sentence."""


def start(
    folder: str | os.PathLike[str],
    argv: Sequence[str],
    *,
    name: str | None = None,
    queue: str | os.PathLike[str] | None = None,
    cwd: str | os.PathLike[str] | None = None,
    env: Mapping[str, str] | None = None,
    grace: float = 20.0,
) -> dict[str, Any]:
    """Start `argv` as a job in `folder` and return its state at once. It runs in `cwd`, else in `folder` itself: paths
    in `argv` must be absolute.

    Jobs that name the same `queue` folder run one after another. `env` is added to the environment. A cancelled
    command gets `grace` seconds to save and end by itself (`Reporter.cancelled`).
    """
    folder = Path(folder).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / "state.json").exists() and read(folder)["status"] in ACTIVE:
        raise JobError(f"{folder}: this job is already running; cancel it first, or use another folder")
    old = read_json(folder / "state.json") or {}
    state = {
        "name": name or folder.name,
        "argv": [str(word) for word in argv],
        "cwd": str(Path(cwd).absolute()) if cwd else str(folder),
        "env": dict(env or {}),
        "queue": str(Path(queue).absolute()) if queue else None,
        "grace": grace,
        "attempt": int(old.get("attempt", 0)) + 1,
        "created": time.time(),
        **_fresh("queued"),
    }
    (folder / "cancel").unlink(missing_ok=True)
    (folder / "process.json").unlink(missing_ok=True)
    replace_json(folder / "state.json", state)
    (folder / "heartbeat").touch()
    # Two steps, so that the supervisor is no child of ours to reap: the first process starts it and exits.
    done = subprocess.run(
        python_module("jobs.job", "launch", str(folder)),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        cwd=folder,
        check=False,
    )
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or ["no message"]
        replace_json(folder / "state.json", state | {"status": "failed", "error": lines[-1], "ended": time.time()})
        raise JobError(f"{folder}: could not start the process: {lines[-1]}")
    return read(folder)


def _fresh(status: str) -> dict[str, Any]:
    empty = dict.fromkeys(("phase", "progress", "message", "eta", "started", "ended", "result", "error", "exit"))
    return {**empty, "status": status}


def resume(folder: str | os.PathLike[str]) -> dict[str, Any]:
    """Run a job that stopped (cancelled, failed, lost) once more, with the same command in the same folder."""
    state = read(folder)
    keys = ("name", "queue", "cwd", "env", "grace")
    return start(folder, state["argv"], **{key: state[key] for key in keys})


def read(folder: str | os.PathLike[str]) -> dict[str, Any]:
    """The state of a job: status, phase, progress 0..1 or None, message, eta in seconds, result, error, ...

    status: queued, running, done, failed, cancelled, or lost (its process ended without a report: killed, or the
    computer was switched off; `resume` continues it). `stalled` is True when it runs without a heartbeat.
    """
    folder = Path(folder)
    state = read_json(folder / "state.json")
    if state is None:
        raise JobError(f"{folder}: no job here (state.json is missing or not readable)")
    state["folder"] = str(folder)
    try:
        beat = (folder / "heartbeat").stat().st_mtime
    except OSError:
        beat = 0.0
    state["heartbeat"] = beat
    state["stalled"] = False
    state["cancelling"] = False
    if state.get("status") in ACTIVE:
        silence = time.time() - beat
        process = read_json(folder / "process.json")
        if process is None:  # the supervisor has not started yet, or never did
            alive = silence < STALE
        else:
            alive = is_alive(process.get("pid"), process.get("token"))
            alive = alive or is_alive(process.get("child"), process.get("child_token"))
        if not alive:
            # It may have ended between the two reads.
            latest = read_json(folder / "state.json") or state
            if latest.get("status") in ACTIVE:
                state |= {"status": "lost", "eta": None}
                state["error"] = (
                    "the process ended without a report (killed, or the computer was switched off); resume continues it"
                )
            else:
                state |= latest
        else:
            state["stalled"] = silence > STALE
            state["cancelling"] = (folder / "cancel").exists()
    return state


def read_log(folder: str | os.PathLike[str], lines: int = 40) -> list[str]:
    """The last lines that a job printed."""
    try:
        with open(Path(folder) / "log.txt", "rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - 400 * lines))
            return file.read().decode("utf-8", "replace").splitlines()[-lines:]
    except OSError:
        return []


def cancel(folder: str | os.PathLike[str]) -> None:
    """Ask a job to stop. It saves and exits by itself, or is killed after its grace time."""
    if read(folder)["status"] in ACTIVE:
        (Path(folder) / "cancel").touch()


def list_jobs(root: str | os.PathLike[str]) -> list[dict[str, Any]]:
    """The states of all jobs directly below `root`, oldest first."""
    states = []
    for path in sorted(Path(root).glob("*/state.json")):
        try:
            states.append(read(path.parent))
        except JobError:
            continue  # a folder that is being removed
    return sorted(states, key=lambda state: state.get("created") or 0)


def watch(folder: str | os.PathLike[str], *, stream: Any = None) -> dict[str, Any]:
    """Show a job as a progress bar until it ends; returns its last state. Ctrl-C leaves it running."""
    bar = Bar(stream)
    try:
        while True:
            state = read(folder)
            if state["status"] not in ACTIVE:
                bar.close(state.get("error") or f"{state['name']}: {state['status']}")
                return state
            bar.show(state["phase"] or state["status"], state["progress"], state["message"] or "", state["eta"])
            time.sleep(0.25)
    except KeyboardInterrupt:
        bar.close(f"{folder}: keeps running")
        return read(folder)


# The supervisor: everything below runs in the detached process.


def _launch(folder: Path) -> int:
    with open(folder / "log.txt", "ab") as log:
        start_detached(python_module("jobs.job", "supervise", str(folder)), cwd=str(folder), env=os.environ, output=log)
    return 0


class _Ticket:
    """A place in a queue: a file per waiting job, oldest first. Anyone may remove the ticket of a dead owner.

    Tickets only tell who is next, since an older one can appear late; the lock file decides whose turn it is.
    """

    def __init__(self, queue: Path) -> None:
        queue.mkdir(parents=True, exist_ok=True)
        self.path = queue / f"{time.time_ns():020d}-{os.getpid()}.json"
        self.lock = queue / "running.lock"
        self.me = {"pid": os.getpid(), "token": start_token(os.getpid())}
        self.turn = False
        replace_json(self.path, self.me)

    def ahead(self) -> int:
        count = 0
        for path in sorted(self.path.parent.glob("*.json")):
            if path.name >= self.path.name:
                break
            owner = read_json(path)
            if owner is not None and is_alive(owner.get("pid"), owner.get("token")):
                count += 1
            elif owner is not None:
                path.unlink(missing_ok=True)
        return count

    def take(self) -> bool:
        """Try to take the turn."""
        owner = read_json(self.lock)
        if owner is not None and not is_alive(owner.get("pid"), owner.get("token")):
            self.lock.unlink(missing_ok=True)
        try:
            with open(self.lock, "x", encoding="utf-8") as file:
                json.dump(self.me, file)
        except FileExistsError:
            return False
        self.turn = True
        return True

    def drop(self) -> None:
        self.path.unlink(missing_ok=True)
        if self.turn:
            self.lock.unlink(missing_ok=True)


def _supervise(folder: Path) -> int:
    state = read_json(folder / "state.json")
    if state is None:
        print(f"{folder}: state.json is missing", file=sys.stderr)
        return 1
    me = {"pid": os.getpid(), "token": start_token(os.getpid())}
    replace_json(folder / "process.json", me)
    ticket = _Ticket(Path(state["queue"])) if state["queue"] else None
    try:
        while ticket is not None and ((ahead := ticket.ahead()) or not ticket.take()):
            (folder / "heartbeat").touch()
            if (folder / "cancel").exists():
                return _finish(folder, state, "cancelled", None)
            replace_json(folder / "state.json", state | {"message": f"waiting for {max(1, ahead)} other job(s)"})
            time.sleep(0.5)
        return _run(folder, state, me)
    except Exception as error:
        _finish(folder, state, "failed", f"could not run: {error}")
        raise  # the traceback is for the log
    finally:
        if ticket is not None:
            ticket.drop()


def _run(folder: Path, state: dict[str, Any], me: dict[str, Any]) -> int:
    state |= _fresh("running") | {"started": time.time()}
    replace_json(folder / "state.json", state)
    print(f"--- attempt {state['attempt']}: {' '.join(state['argv'][-6:])}", flush=True)
    environment = os.environ | state["env"] | {JOB_VARIABLE: str(folder), "PYTHONUNBUFFERED": "1"}
    try:
        child = subprocess.Popen(state["argv"], cwd=state["cwd"], env=environment, stdin=subprocess.DEVNULL)
    except OSError as error:
        return _finish(folder, state, "failed", f"could not start {state['argv'][0]}: {error.strerror or error}")
    replace_json(folder / "process.json", me | {"child": child.pid, "child_token": start_token(child.pid)})
    asked: float | None = None
    terminated = False
    while True:
        try:
            code = child.wait(timeout=min(HEARTBEAT, 0.5))
            break
        except subprocess.TimeoutExpired:
            (folder / "heartbeat").touch()
        if asked is None and (folder / "cancel").exists():
            asked = time.monotonic()
        if asked is not None and time.monotonic() - asked > state["grace"]:
            if terminated:
                child.kill()
            else:
                child.terminate()
                terminated = True
                asked = time.monotonic() - max(0.0, state["grace"] - 5)
    latest = read_json(folder / "state.json") or state
    latest["exit"] = code
    if latest["status"] not in ACTIVE:  # the command has reported its own outcome
        replace_json(folder / "state.json", latest | {"eta": None, "ended": latest.get("ended") or time.time()})
        return 0
    if asked is not None:
        return _finish(folder, latest, "cancelled", None)
    if code == 0:
        return _finish(folder, latest, "done", None)
    lines = [line for line in read_log(folder, 10) if line.strip() and not line.startswith("--- attempt")]
    tail = f": {lines[-1].strip()[:300]}" if lines else ""
    return _finish(folder, latest, "failed", f"the process {explain_exit(code)}{tail}")


def _finish(folder: Path, state: dict[str, Any], status: str, error: str | None) -> int:
    replace_json(folder / "state.json", state | {"status": status, "error": error, "eta": None, "ended": time.time()})
    return 0


def main(argv: list[str]) -> int:
    """`launch FOLDER`, `supervise FOLDER` (internal); `watch|cancel|resume FOLDER`, `list ROOT` for a terminal."""
    if len(argv) != 2:
        print("usage: watch|cancel|resume FOLDER, or list ROOT", file=sys.stderr)
        return 2
    verb, folder = argv[0], Path(argv[1])
    try:
        if verb == "launch":
            return _launch(folder)
        if verb == "supervise":
            return _supervise(folder)
        if verb == "list":
            for state in list_jobs(folder):
                share = "" if state["progress"] is None else f" {state['progress']:.0%}"
                print(f"{state['status']:10}{share:5} {state['name']}  {state['error'] or state['message'] or ''}")
            return 0
        if verb == "watch":
            return 0 if watch(folder)["status"] == "done" else 1
        if verb in ("cancel", "resume"):
            (cancel if verb == "cancel" else resume)(folder)
            return 0
    except JobError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"no such verb: {verb}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
