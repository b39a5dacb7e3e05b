"""Which models there are: the files in the model folders, described by their headers.

Reads headers only (a few kilobytes), remembers them by path and time of change, and looks at the folders at most
every two seconds, because panels ask at every redraw. Knows nothing of what a model does.
"""

import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..records import tensors
from . import paths

CRAFTS = ("geometry", "materials", "modifiers", "animation")
_LOOK_AGAIN = 2.0


@dataclass(frozen=True)
class Model:
    """One checkpoint on disk. `card` describes what it learned from."""

    path: Path
    craft: str
    title: str
    size: int
    shipped: bool
    card: dict[str, Any] = field(default_factory=dict, hash=False, compare=False)
    problem: str = ""


class Shelf:
    """The models found, and the memory of what was read."""

    def __init__(self) -> None:
        self.models: list[Model] = []
        self._read: dict[tuple[str, int, int], Model] = {}
        self._looked = 0.0
        self._folders: tuple[str, ...] = ()

    def look(self, folders: list[Path]) -> list[Model]:
        names = tuple(map(str, folders))
        if names == self._folders and time.monotonic() - self._looked < _LOOK_AGAIN:
            return self.models
        models = []
        for folder in folders:
            for file in sorted(folder.glob("*.safetensors")) if folder.is_dir() else ():
                status = file.stat()
                key = (str(file), status.st_mtime_ns, status.st_size)
                model = self._read.get(key) or read_model(file, status.st_size)
                self._read[key] = model
                if model.craft:
                    models.append(model)
        self.models, self._looked, self._folders = models, time.monotonic(), names
        return models

    def forget(self) -> None:
        self._looked = 0.0


_shelf = Shelf()
_items: dict[str, list[tuple[str, str, str]]] = {}  # Blender needs the strings of an enum to stay alive


def read_model(path: Path, size: int) -> Model:
    """A model from its checkpoint's header; craft is "" if the file is no checkpoint, and `problem` is set if it is
    broken."""
    shipped = path.parent == paths.SHIPPED_MODELS
    try:
        meta, _ = tensors.read_header(path)
    except (ValueError, OSError) as error:
        return Model(path, "unknown", path.stem, size, shipped, problem=str(error))
    header = _header(meta)
    return Model(path, str(header.get("craft", "")), title_of(path, header), size, shipped, header.get("card") or {})


def _header(meta: dict[str, str]) -> dict[str, Any]:
    """The checkpoint's header: JSON in one entry, or entry by entry."""
    header: dict[str, Any] = {}
    for name, text in meta.items():
        try:
            header[name] = json.loads(text)
        except ValueError:
            header[name] = text
    inner = header.get("meshkiln")
    return {**header, **inner} if isinstance(inner, dict) else header


def title_of(path: Path, header: dict[str, Any]) -> str:
    if header.get("title"):
        return str(header["title"])
    return "Starter" if path.parent == paths.SHIPPED_MODELS else path.stem.replace("_", " ").replace("-", " ")


def models(craft: str | None = None) -> list[Model]:
    every = _shelf.look(paths.model_folders())
    return [m for m in every if craft is None or m.craft == craft]


def forget() -> None:
    """Look again at the next call: a file was added or removed."""
    _shelf.forget()


def serving(craft: str, chosen: str = "") -> Model | None:
    """The model that a craft uses: the chosen one by file name, else the artist's newest, else the shipped one."""
    usable = [m for m in models(craft) if not m.problem]
    for model in usable:
        if chosen and str(model.path) == chosen:
            return model
    own = [m for m in usable if not m.shipped]
    if own:
        return max(own, key=lambda m: m.path.stat().st_mtime)
    return usable[0] if usable else None


def enum_items(craft: str) -> list[tuple[str, str, str]]:
    items = [("AUTO", "Automatic", "Your own newest model, else the one that came with Meshkiln")]
    items += [(str(m.path), m.title, learned_from(m)) for m in models(craft) if not m.problem]
    _items[craft] = items
    return items


def learned_from(model: Model) -> str:
    """One line about what a model learned from."""
    card = model.card
    parts = []
    if card.get("assets"):
        parts.append(f"{card['assets']} assets")
    licenses = card.get("licenses") or card.get("licences")
    if licenses:
        parts.append(", ".join(map(str, licenses)))
    return "Learned from " + ", ".join(parts) if parts else "Does not say what it learned from"


def readable_size(size: float) -> str:
    for unit in ("B", "KB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            return f"{size:.0f} {unit}" if unit in ("B", "KB") else f"{size:.1f} {unit}"
        size /= 1000
    return ""
