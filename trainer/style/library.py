"""A learned style, open: its things, what is usual for them, and its materials. numpy alone.

library = Library.open(style)                 # read once, kept while the file is the same
library.memory, library.fingerprint, library.pool, library.habits
"""

import json
import os
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from .fingerprint import Fingerprint
from .folder import MATERIALS, Style, read_style
from .manner import material_pool
from .memory import Memory
from .whole import alone


@dataclass
class Library:
    """`habits`: how the library's things differ from what is usual for their names: {"scale": log2 of the size,
    "detail": log2 of the faces}, 0 where nothing is known."""

    style: Style
    memory: Memory
    fingerprint: Fingerprint

    @staticmethod
    def open(style: Style) -> "Library":
        return _opened(str(style.folder), os.stat(style.memory).st_mtime_ns)

    @property
    def habits(self) -> dict[str, Any]:
        return self.fingerprint.habits

    @cached_property
    def materials(self) -> dict[str, dict[str, Any]]:
        """The artist's materials with their node trees, by name."""
        path = self.style.folder / MATERIALS
        try:
            found = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        except (ValueError, RecursionError):
            return {}
        named = found.items() if isinstance(found, dict) else ()
        return {name: material for name, material in named if isinstance(material, dict) and alone(material)}

    @cached_property
    def pool(self) -> list[dict[str, Any]]:
        return material_pool([self.memory.thing(i).shape for i in range(len(self.memory))])


@lru_cache(maxsize=4)
def _opened(folder: str, changed: int) -> Library:
    style = read_style(Path(folder))
    print_ = Fingerprint.from_dict(style.about.get("fingerprint") or {})
    return Library(style, Memory.read(style.memory), print_)
