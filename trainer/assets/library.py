"""The assets of a dataset, to view and to correct: used by panels, pages and commands. numpy only.

    library = Library(Path("my-dataset"))
    for row in library.rows(first=0, count=50): row.key, row.label, row.faces, row.parts, row.excluded, row.how
    library.thumbnail(row.key, 128)             # (128, 128, 4) uint8, transparent background, row 0 at the top
    library.edit(exclude=[key], rename={key: "oak tree"}, join=[[first, second]], split=[key], reset=[key])

Listing reads a file's records only when its rows are asked for. `edit` writes assets.json beside the dataset (see
`corrections.py`), which the next `meshkiln dataset build` applies; later rows show it. Keys may be given in full or by
any ending that only one asset has: "street.blend#House".
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ...records import Record, mesh_record, plain_material
from ...records.dataset import Dataset
from ..mesh import picture
from . import joining
from .asset import Outline, files_of, outlines_of
from .corrections import CorrectionError, Corrections

MOST_DRAWN = 100_000  # faces; drawing more takes long
COARSE = 3_000  # from here on one sample per pixel is enough


@dataclass(frozen=True)
class Row:
    """One asset. `how` says why its objects form one asset; `label` is what it is learned as."""

    key: str
    label: str
    path: str
    faces: int
    parts: tuple[str, ...]
    how: str
    excluded: bool


class Library:
    """The assets of the dataset at `path`, read file by file on demand."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.dataset = Dataset(path, create=False)
        self.corrections = Corrections.read(path)
        self._files = list(files_of(self.dataset))
        self._number = {path: number for number, (path, _) in enumerate(self._files)}
        self._known: dict[int, list[Outline]] = {}

    def close(self) -> None:
        self.dataset.close()

    def _outlines(self, number: int) -> list[Outline]:
        if number not in self._known:
            path, indices = self._files[number]
            self._known[number] = outlines_of([self.dataset[i] for i in indices], self.corrections, path)
        return self._known[number]

    def outlines(self) -> Iterator[Outline]:
        for number in range(len(self._files)):
            yield from self._outlines(number)

    def rows(self, first: int = 0, count: int | None = None) -> list[Row]:
        """Assets `first` to `first + count` of the dataset (all the rest without `count`)."""
        rows: list[Row] = []
        for number, outline in enumerate(self.outlines()):
            if count is not None and number >= first + count:
                break
            if number >= first:
                rows.append(row_of(outline))
        return rows

    def find(self, key: str) -> Outline:
        """The asset of a key, or the only one whose key ends like this."""
        number = self._number.get(key.rpartition("#")[0])
        for outline in self._outlines(number) if number is not None else ():
            if outline.key == key:
                return outline
        matches = [outline for outline in self.outlines() if outline.key.endswith(key)]
        if len(matches) == 1:
            return matches[0]
        if matches:
            some = ", ".join(o.key for o in matches[:3])
            raise CorrectionError(
                f"{key}: {len(matches)} assets have keys that end so ({some} ...); give more of the key"
            )
        raise CorrectionError(f"{key}: no asset of {self.path} has this key; `meshkiln dataset show` lists them")

    def thumbnail(self, key: str, size: int = 128) -> np.ndarray:
        """(size, size, 4) uint8 RGBA, row 0 at the top; transparent background; fully transparent if nothing can be
        drawn."""
        return drawn(self.find(key), size)

    def edit(
        self,
        exclude: Sequence[str] = (),
        rename: Mapping[str, str] | None = None,
        join: Sequence[Sequence[str]] = (),
        split: Sequence[str] = (),
        reset: Sequence[str] = (),
    ) -> None:
        """Correct assets and save the corrections. Raises CorrectionError, with nothing changed, if one is invalid."""
        changed = Corrections.read(self.path)
        changed.reset([self._known_key(key, changed) for key in reset])
        changed.exclude([self.find(key).key for key in exclude])
        for key, label in (rename or {}).items():
            changed.rename(self.find(key).key, label)
        for keys in join:
            changed.join([self.find(key).key for key in keys])
        changed.split([self.find(key).key for key in split])
        changed.write(self.path)
        self.corrections = changed
        self._known.clear()

    def _known_key(self, key: str, changed: Corrections) -> str:
        """A key with a correction: joined or split assets no longer have a row."""
        keys = {k for k in changed.by_key} | {k for c in changed.by_key.values() for k in c.join}
        matches = [k for k in keys if k == key] or [k for k in keys if k.endswith(key)]
        return matches[0] if len(matches) == 1 else self.find(key).key


def row_of(outline: Outline) -> Row:
    path = outline.key.rsplit("#", 1)[0]
    names = tuple(outline.part_names)
    return Row(outline.key, outline.thing.label, path, outline.faces, names, outline.thing.how, outline.excluded)


def drawn(outline: Outline, size: int) -> np.ndarray:
    """(size, size, 4) uint8 of an asset as it is in its file, before its mesh is cleaned."""
    image = np.zeros((size, size, 4), np.uint8)
    if not 0 < outline.faces <= MOST_DRAWN:
        return image
    joined = joining.quick(outline.pieces())
    if not np.isfinite(joined.positions).all():
        return image
    smooth = 1 if outline.faces > COARSE else 2
    return with_alpha(picture.picture(record_of(outline.thing.label, joined), size, smooth=smooth))


def with_alpha(image: np.ndarray) -> np.ndarray:
    """The picture without its background."""
    back = np.round(np.array(picture.BACKGROUND) * 255)
    alpha = np.where(np.abs(image.astype(float) - back).max(-1) <= 1, 0, 255)
    return np.concatenate([image, alpha[..., None].astype(np.uint8)], axis=-1)


def record_of(label: str, mesh: Any) -> Record:
    """A record that can be drawn, from anything with positions, starts, corners, slots and materials."""
    materials: list[dict[str, Any] | None] = [plain_material(**material) for material in mesh.materials]
    return mesh_record(label or "asset", mesh.positions, mesh.starts, mesh.corners, mesh.slots, materials, label=label)
