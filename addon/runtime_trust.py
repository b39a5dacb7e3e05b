"""Hashes of wheels from an index whose hashes are not known in advance: trusted the first time, checked from then on.

The file is {index: {file name: sha256}}. It outlives the environment, so that removing PyTorch does not forget it.
"""

from pathlib import Path
from typing import Any

from ..jobs.progress import read_json, replace_json
from .runtime_pip import InstallError


def check_trusted(file: Path | None, index: str, packages: list[dict[str, Any]]) -> None:
    """InstallError if a wheel of the same name was another file before; else its hash is stored."""
    if file is None:
        return
    known: dict[str, dict[str, str]] = read_json(file) or {}
    seen = dict(known.get(index) or {})
    for package in packages:
        name, digest = Path(package["file"]).name, package["hashes"][0]
        if seen.setdefault(name, digest) != digest:
            raise InstallError(
                f"{name} differs from the file that this index served before: nothing was installed. If PyTorch's site "
                f"says that it was replaced, delete {file} and try again."
            )
    if seen != known.get(index):
        replace_json(file, {**known, index: seen})
