"""A set folder as written by `meshkiln dataset build`: the curated meshes, and data about each."""

import json
import zlib
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from ...records import Record, mesh_record, plain_material
from ...records.tensors import open_tensors, write_whole

ARRAYS = "meshes.safetensors"
LINES = "assets.jsonl"
HEAD = "set.json"
FORMAT = "meshkiln-set 1"


class SetError(ValueError):
    """A set that cannot be read or made; the message is a sentence for a person."""


def begin(folder: Path) -> None:
    """Start writing a set: the folder is not a valid set until it is sealed."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / HEAD).unlink(missing_ok=True)


def seal(folder: Path, head: dict[str, Any]) -> None:
    """Write the head, last and atomically, with size and checksum of all other files: without it a folder is not a
    set."""
    files = sorted(path for path in folder.iterdir() if path.name.endswith((".safetensors", ".jsonl")))
    sums = {path.name: [path.stat().st_size, _sum(path)] for path in files}
    text = json.dumps(head | {"files": sums}, indent=1, ensure_ascii=False)
    write_whole(folder / HEAD, [text.encode("utf-8", "backslashreplace")])


def read_head(folder: Path) -> dict[str, Any]:
    """The head of a set, after checking that its files are unchanged. Sets of older versions have no checksums."""
    path = folder / HEAD
    if not path.exists():
        raise SetError(f"{folder}: no set here; make one with `meshkiln dataset build DATASET --out {folder}`")
    try:
        head = json.loads(path.read_text(encoding="utf-8"))
        sums = dict(head.get("files") or {})
    except (ValueError, AttributeError, TypeError) as error:
        raise SetError(f"{path}: is damaged ({error}); build the set again") from error
    for name, (size, crc) in sums.items():
        part = folder / Path(name).name
        if not part.is_file() or part.stat().st_size != size or _sum(part) != crc:
            raise SetError(f"{part}: is cut short or damaged; build the set again")
    return dict(head)


def _sum(path: Path) -> int:
    crc = 0
    with open(path, "rb") as file:
        while piece := file.read(1 << 22):
            crc = zlib.crc32(piece, crc)
    return crc


class Assets:
    """The curated meshes of a set folder, memory-mapped. `about[i]` describes asset i."""

    def __init__(self, folder: Path) -> None:
        self.head = read_head(folder)
        if self.head.get("format") != FORMAT:
            raise SetError(f"{folder / HEAD}: its format is {self.head.get('format')!r}, this version reads {FORMAT!r}")
        self.about: list[dict[str, Any]] = [
            json.loads(line) for line in (folder / LINES).read_text(encoding="utf-8").splitlines() if line
        ]
        self.arrays = {k: np.asarray(v) for k, v in open_tensors(folder / ARRAYS).items()} if self.about else {}
        bounds = [self.arrays[k] for k in ("low", "step") if k in self.arrays]
        if not all(np.isfinite(values).all() for values in bounds):
            raise SetError(f"{folder}: some of its positions are not finite numbers; build the set again")
        if self.about:  # stored as signed, means 0 .. 65,535
            self.arrays["position"] = self.arrays["position"].view(np.uint16)

    def __len__(self) -> int:
        return len(self.about)

    def mesh(self, i: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """positions (V, 3) float64 metres, loop starts (F,), corner vertices (L,), slots (F,)."""
        a = self.arrays
        v0, v1 = a["vertex_offset"][i : i + 2]
        f0, f1 = a["face_offset"][i : i + 2]
        c0, c1 = a["corner_offset"][i : i + 2]
        sides = a["sides"][f0:f1].astype(np.int64)
        positions = a["low"][i].astype(np.float64) + a["position"][v0:v1] * a["step"][i].astype(np.float64)
        return (
            positions,
            np.cumsum(sides) - sides,
            a["corner"][c0:c1].astype(np.int64),
            a["slot"][f0:f1].astype(np.int64),
        )

    def record(self, i: int) -> Record:
        about = self.about[i]
        positions, starts, corners, slots = self.mesh(i)
        materials: list[dict[str, Any] | None] = [plain_material(**{k: m[k] for k in m}) for m in about["materials"]]
        source = {k: about.get(k) for k in ("license", "author", "url")} | {"file": about.get("path")}
        return mesh_record(
            about["name"], positions, starts, corners, slots, materials,
            label=about["label"], style=about["style"], source=source, size=about["size"],
        )  # fmt: skip


def learned_from(about: list[dict[str, Any]]) -> dict[str, Any]:
    """Numbers of assets by licence and by source, and the line that each licence other than CC0 asks for."""
    credits = {
        f"{a.get('source') or a.get('author')} ({a.get('author') or 'unknown'}, {a['license']})"
        for a in about
        if a.get("license") and not str(a["license"]).startswith("CC0")
    }
    return {
        "assets": len(about),
        "licenses": dict(Counter(a.get("license") or "unknown" for a in about).most_common()),
        "sources": dict(Counter(a.get("source") or "unknown" for a in about).most_common()),
        "credits": sorted(credits),
    }
