"""Hashes of what comes from an index whose hashes are not known beforehand: trusted the first time, checked ever after.

The file is {index: {file name: sha256}}. It outlives the environment, so that removing PyTorch does not forget it.
"""

from pathlib import Path
from typing import Any

from ..jobs.progress import read_json, replace_json
from .runtime_pip import InstallError


def check_trusted(file: Path | None, index: str, packages: list[dict[str, Any]]) -> None:
    """InstallError where a wheel of the same name was another file before; else it is remembered."""
    if file is None:
        return
    known: dict[str, dict[str, str]] = read_json(file) or {}
    seen = dict(known.get(index) or {})
    for package in packages:
        name, digest = Path(package["file"]).name, package["hashes"][0]
        if seen.setdefault(name, digest) != digest:
            raise InstallError(
                f"{name} is not the file that this index gave before: nothing was installed. If PyTorch's own site "
                f"says that it was replaced, delete {file} and try again."
            )
    if seen != known.get(index):
        replace_json(file, {**known, index: seen})
