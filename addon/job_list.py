"""Jobs as the panels see them: the states in the job folders, read at most once a second.

A job belongs to its folder, not to this Blender: one that was started before Blender was closed is found again here.
Knows the kinds of job by the folder they lie in (`runs_folder()/KIND/NAME`) and nothing of what they do.
"""

import time
from pathlib import Path
from typing import Any

from .. import jobs
from . import paths

READ_EVERY = 1.0
KINDS = ("extract", "learn", "train", "runtime")


class Watch:
    """The states last read, and when."""

    def __init__(self) -> None:
        self.states: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
        self.metrics: dict[str, tuple[float, list[dict[str, Any]]]] = {}
        self.read_at = -10.0

    def look(self) -> dict[str, list[dict[str, Any]]]:
        if time.monotonic() - self.read_at >= READ_EVERY:
            self.states = {kind: jobs.list_jobs(folder(kind)) for kind in KINDS}
            self.read_at = time.monotonic()
        return self.states


_watch = Watch()


def folder(kind: str) -> Path:
    made = paths.runs_folder() / kind
    made.mkdir(parents=True, exist_ok=True)
    return made


def all_of(kind: str) -> list[dict[str, Any]]:
    """Every job of a kind, oldest first."""
    return _watch.look()[kind]


def latest(kind: str) -> dict[str, Any] | None:
    states = all_of(kind)
    return states[-1] if states else None


def running(kind: str | None = None) -> bool:
    """Whether a job (of a kind) runs or waits for its turn."""
    states = _watch.look()
    return any(s["status"] in jobs.ACTIVE for k in ([kind] if kind else KINDS) for s in states[k])


def metrics(state: dict[str, Any]) -> list[dict[str, Any]]:
    """The numbers a job has noted so far; read again when the file has grown."""
    path = Path(state["folder"]) / "metrics.jsonl"
    try:
        changed = path.stat().st_mtime
    except OSError:
        return []
    known = _watch.metrics.get(state["folder"])
    if known is None or known[0] != changed:
        known = (changed, jobs.read_metrics(state["folder"]))
        _watch.metrics[state["folder"]] = known
    return known[1]


def forget() -> None:
    """Read again at the next call: a job was started or ended by us."""
    _watch.read_at = -10.0


def new_folder(kind: str, name: str) -> Path:
    """A folder for a new job, named after its start and its subject."""
    plain = "".join(c if c.isalnum() else "-" for c in name).strip("-") or kind
    stamp = time.strftime("%Y%m%d-%H%M%S")
    made = folder(kind) / f"{stamp}-{plain}"
    number = 2
    while made.exists():
        made = folder(kind) / f"{stamp}-{plain}-{number}"
        number += 1
    return made


def sentence(state: dict[str, Any]) -> str:
    """How a job stands, in words."""
    status = state["status"]
    if status == "failed":
        return state.get("error") or "It failed; see the log."
    if status == "lost":
        return "It was interrupted (killed, or the computer was switched off). Resume continues it."
    if status == "cancelled":
        return "Stopped; the work so far is kept."
    if status == "done":
        return "Finished."
    if status == "queued":
        return "Waiting for its turn."
    if state.get("cancelling"):
        return "Saving before it stops."
    parts = [state.get("phase") or status.capitalize()]
    if state.get("message"):
        parts.append(str(state["message"]))
    return ": ".join(parts)
