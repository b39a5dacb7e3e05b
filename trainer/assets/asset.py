"""From extracted records to assets as an artist sees them: the only way from a file to what is learned.

    for asset in assets_of(records): ...              # the records of one file
    for found in read_dataset(Path("my-dataset")): ...   # all files, with the artist's corrections

Grouping decides which objects form one asset, joining makes its mesh, corrections let the artist overrule both.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ...records import Record
from ...records.dataset import Dataset
from ..text import labels
from . import joining
from .corrections import Correction, Corrections
from .grouping import WHOLE, Thing, things_of


@dataclass
class Asset:
    """One mesh with all that is known of it. slots (F,) index `materials` (arguments of `plain_material`), parts (F,)
    index `part_names`; `smooth`: share of each part's faces that are shaded smooth; `origin`: where the object's own
    lies in the bounding box (0..1); `modifiers`: of its largest object. One that cannot be learned from has no faces,
    and says why in `reasons`."""

    name: str
    label: str
    positions: np.ndarray
    starts: np.ndarray
    corners: np.ndarray
    slots: np.ndarray
    materials: list[dict[str, Any]]
    path: str = ""
    source: str = ""
    folders: list[str] = field(default_factory=list)
    license: str = ""
    author: str = ""
    url: str = ""
    style: str = "other"
    quality: float = 1.0
    reasons: list[str] = field(default_factory=list)
    family: str = ""
    split: str = "train"
    weight: float = 0.0
    steps: int = 0
    key: str = ""
    how: str = ""
    parts: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    part_names: list[str] = field(default_factory=list)
    smooth: list[float] = field(default_factory=list)
    origin: tuple[float, ...] = (0.5, 0.5, 0.0)
    notes: list[str] = field(default_factory=list)
    modifiers: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Outline:
    """An asset before its mesh is made: cheap to list. `key` stays the same when the file is extracted again."""

    key: str
    thing: Thing
    records: list[Record]
    excluded: bool = False

    @property
    def faces(self) -> int:
        return sum(joining.faces_of(self.records[m.record]) for m in self.thing.members)

    @property
    def part_names(self) -> list[str]:
        return [self.records[m.record].name for m in self.thing.members]

    def pieces(self) -> list[joining.Piece]:
        return [joining.piece(self.records[m.record], m.world) for m in self.thing.members]


def outlines_of(records: Iterable[Record], corrections: Corrections | None = None, path: str = "") -> list[Outline]:
    """The assets in the records of one file, with the artist's corrections; excluded ones are marked. `path`: the
    file's, if the records do not have it."""
    kept = list(records)
    path = path or next((str(s["file"]) for r in kept if (s := r.data.get("source") or {}).get("file")), "")
    things = things_of(kept, path)
    outlines = [Outline(key_of(path, thing.name), thing, kept) for thing in things]
    return outlines if corrections is None else _corrected(outlines, corrections)


def key_of(path: str, name: str) -> str:
    """An asset's key in corrections: its file, and its name in the file."""
    return f"{path}#{name}"


def _corrected(outlines: list[Outline], corrections: Corrections) -> list[Outline]:
    parted: list[Outline] = []
    for outline in outlines:
        parted += _split(outline) if corrections.of(outline.key).split else [outline]
    by_key = {outline.key: outline for outline in parted}
    gone: set[str] = set()
    for outline in parted:
        for other in corrections.of(outline.key).join:
            joined = by_key.get(other)
            if joined is not None and joined is not outline and other not in gone and outline.key not in gone:
                outline.thing.members += joined.thing.members
                outline.thing.how = "joined by hand"
                gone.add(other)
    for outline in parted:
        correction: Correction = corrections.of(outline.key)
        outline.excluded = correction.exclude
        if correction.label:
            outline.thing.label = correction.label
    return [outline for outline in parted if outline.key not in gone]


def _split(outline: Outline) -> list[Outline]:
    """Each object as an asset of its own."""
    out: list[Outline] = []
    taken: dict[str, int] = {}
    for member in outline.thing.members:
        name = outline.records[member.record].name
        taken[name] = taken.get(name, 0) + 1
        unique = name if taken[name] == 1 else f"{name} {taken[name]}"
        label = labels.normalise(name) or outline.thing.label
        thing = Thing(f"{outline.thing.name}/{unique}", label, [member], "split by hand")
        out.append(Outline(f"{outline.key}/{unique}", thing, outline.records))
    return out


def assets_of(records: Iterable[Record], corrections: Corrections | None = None) -> Iterator[Asset]:
    """The assets in the records of one file."""
    for outline in outlines_of(records, corrections):
        yield asset_of(outline)


def asset_of(outline: Outline) -> Asset:
    """The asset with its mesh joined, in metres, Z up."""
    thing, first = outline.thing, outline.records[outline.thing.members[0].record]
    source = first.data.get("source") or {}
    about = first.data.get("asset") or {}
    file = Path(str(source.get("file") or ""))
    pack = str(about.get("pack") or "")
    mark = about.get("mark") or {}
    author = str(source.get("author") or mark.get("author") or "")
    style = "generated" if "generated" in first.data else labels.style_of(pack) if pack else "mine"
    empty = np.zeros(0, np.int64)
    asset = Asset(
        thing.name if thing.name != WHOLE else file.stem or first.name,
        thing.label, np.zeros((0, 3)), empty, empty, empty, [],
        path=str(file) if str(file) != "." else "",
        source=pack or author or file.parent.name,
        folders=[*about.get("folders", []), *thing.tags] or list(file.parent.parts[-3:]),
        license=str(source.get("license") or mark.get("license") or ""),
        author=author, url=str(source.get("url") or ""), style=style, key=outline.key, how=thing.how,
    )  # fmt: skip
    if outline.excluded:
        asset.reasons.append("left out by hand")
        return asset
    try:
        joined = joining.join(outline.pieces())
    except joining.NoMesh as reason:
        asset.reasons.append(str(reason))
        return asset
    asset.positions, asset.starts, asset.corners = joined.positions, joined.starts, joined.corners
    asset.slots, asset.materials, asset.notes = joined.slots, joined.materials, joined.notes
    largest = max(thing.members, key=lambda m: joining.faces_of(outline.records[m.record]))
    asset.modifiers = list(outline.records[largest.record].data.get("modifiers") or [])
    asset.parts, asset.part_names, asset.smooth = joined.parts, joined.part_names, joined.smooth
    low, high = joined.positions.min(0), joined.positions.max(0)
    own = np.asarray(thing.members[0].world)[:3, 3] * float((first.data.get("asset") or {}).get("units") or 1.0)
    asset.origin = tuple(((own - low) / np.maximum(high - low, 1e-9)).clip(-1, 2).round(4).tolist())
    return asset


def files_of(dataset: Dataset) -> Iterator[tuple[str, list[int]]]:
    """(path, indices of its records) of every file; a record without a file is a group of its own."""
    of: dict[str, list[int]] = {}
    for row in dataset.rows():
        path = row["path"]
        of.setdefault(path if path else f"\0{row['index']}", []).append(row["index"])
    for path, indices in of.items():
        yield ("" if path.startswith("\0") else path), indices


def read_dataset(path: Path) -> Iterator[Asset]:
    """Assets of a Dataset. A file without assets yields one without faces, with the reason."""
    corrections = Corrections.read(path)
    with Dataset(path, create=False) as dataset:
        dataset.verify()
        for file, indices in files_of(dataset):
            records = [dataset[i] for i in indices]
            outlines = outlines_of(records, corrections, file)
            for outline in outlines:
                yield asset_of(outline)
            if not outlines and any(record.kind == "mesh" for record in records):
                yield _nothing(file, "no visible mesh with faces")


def _nothing(file: str, reason: str) -> Asset:
    empty = np.zeros(0, np.int64)
    asset = Asset(Path(file).stem, "", np.zeros((0, 3)), empty, empty, empty, [], path=file, key=key_of(file, WHOLE))
    asset.reasons.append(reason)
    return asset
