"""Folders for what is needed only while a process runs, in the system's temporary folder: private, and gone with it.

A process that is killed leaves its folder behind; the next one of ours that starts removes it. An owner file in each
folder says who made it; nothing is removed that lacks it, belongs to another user or is a link.
"""

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .processes import is_alive, start_token
from .progress import read_json

PREFIX = "meshkiln-"
OWNER = ".owner.json"
_swept = False


def make(what: str) -> Path:
    """A new folder that only this user can enter; `what` is a word in its name. The caller removes it (`remove`)."""
    global _swept
    if not _swept:
        _swept = True
        sweep()
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{what}-"))
    owner = {"pid": os.getpid(), "token": start_token(os.getpid())}
    (folder / OWNER).write_text(json.dumps(owner), encoding="utf-8")
    return folder


def remove(folder: Path) -> None:
    """Remove a folder made here. What can't be removed yet (an open file on Windows) is left to a later start."""
    shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def folder(what: str) -> Iterator[Path]:
    """A folder for as long as the block runs."""
    made = make(what)
    try:
        yield made
    finally:
        remove(made)


def sweep() -> int:
    """Remove our folders whose process is gone; returns how many."""
    removed = 0
    with os.scandir(tempfile.gettempdir()) as entries:
        for entry in entries:
            if not entry.name.startswith(PREFIX) or not entry.is_dir(follow_symlinks=False):
                continue
            if hasattr(os, "getuid") and entry.stat(follow_symlinks=False).st_uid != os.getuid():
                continue
            owner_file = Path(entry.path) / OWNER
            owner = None if owner_file.is_symlink() else read_json(owner_file)
            if owner is None or is_alive(owner.get("pid"), owner.get("token")):
                continue
            shutil.rmtree(entry.path, ignore_errors=True)
            removed += 1
    return removed
