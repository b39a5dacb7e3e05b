"""Files that a command is asked to write: checked before any work begins."""

import os
from collections.abc import Sequence
from pathlib import Path


class OutputError(ValueError):
    """Why a file cannot be written, as a sentence that begins with its path."""


def check_output(path: Path, force: bool, endings: Sequence[str] = ()) -> None:
    """Raise OutputError unless `path` can be written: one of `endings` (any if empty), in an existing folder, and not
    existing itself unless `force`. Nothing is created."""
    if endings and path.suffix.lower() not in endings:
        ending = path.suffix or "no ending"
        raise OutputError(f"{path}: {ending} is not a format that can be written ({', '.join(endings)})")
    folder = path.absolute().parent
    try:
        if not folder.is_dir():
            raise OutputError(f"{path}: the folder {folder} does not exist")
        if path.is_dir():
            raise OutputError(f"{path}: is a folder")
        there = path.exists()
    except OSError as error:  # a name that is too long, a folder that may not be read
        raise OutputError(f"{path}: {error.strerror or error}") from None
    if not os.access(folder, os.W_OK):
        raise OutputError(f"{path}: the folder cannot be written to")
    if there and not force:
        raise OutputError(f"{path}: already exists; --force replaces it")
