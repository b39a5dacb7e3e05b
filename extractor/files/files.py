"""Which files can be read, what they really are, and who owns them. Looks at names and first bytes; needs no Blender.

A file is judged by its content before any Blender sees it: most problems of files from the internet (empty, cut off, a
web page or an archive under a wrong name) are found without opening them.
"""

import json
import os
import re
import stat
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# file ending: format name for importers.py
FORMATS = {
    ".blend": "blend",
    ".glb": "gltf",
    ".gltf": "gltf",
    ".obj": "obj",
    ".fbx": "fbx",
    ".ply": "ply",
    ".stl": "stl",
    ".usd": "usd",
    ".usda": "usd",
    ".usdc": "usd",
    ".usdz": "usd",
    ".abc": "abc",
}

_LOOKS_LIKE = (
    (b"PK\x03\x04", "a zip archive"),
    (b"Rar!", "a rar archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"<!DOCTYPE", "a web page"),
    (b"<html", "a web page"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"version https://git-lfs", "a Git LFS pointer; the file itself was not downloaded"),
    (b"\x1f\x8b", "gzip"),
)


LARGEST_LICENCE = 1 << 20
LARGEST_MANIFEST = 1 << 28


@dataclass(frozen=True)
class Found:
    """A file to read: `path` absolute, `format` one of FORMATS' values, or None if the ending is unknown."""

    path: Path
    format: str | None


def find_files(paths: Iterable[str | os.PathLike[str]]) -> Iterator[Found]:
    """All readable files in `paths` (folders are walked, hidden ones skipped), each once, sorted by name."""
    seen: set[Path] = set()
    for given in paths:
        given = Path(given).absolute()
        for path in _walk(given) if given.is_dir() else [given]:
            if path not in seen:
                seen.add(path)
                yield Found(path, FORMATS.get(path.suffix.lower()))


def _walk(folder: Path) -> Iterator[Path]:
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and Path(name).suffix.lower() in FORMATS:
                yield Path(here, name)


def wrong_with(path: Path) -> str | None:
    """Why a file cannot be what its name says, as a sentence; None when it looks right."""
    kind = FORMATS.get(path.suffix.lower())
    if kind is None:
        return f"{path.suffix or 'a name without ending'} is not a format that can be read ({', '.join(FORMATS)})"
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            return f"is {_kind_of_file(about.st_mode)}, not a file"
        size = about.st_size
        with open(path, "rb") as file:
            head = file.read(4096)
            reason = _wrong_content(kind, path.suffix.lower(), head, size)
    except OSError as error:
        return f"cannot be read ({error.strerror or error})"
    return reason


def _kind_of_file(mode: int) -> str:
    kinds = {stat.S_ISDIR: "a folder", stat.S_ISFIFO: "a pipe", stat.S_ISSOCK: "a socket"}
    return next((name for is_one, name in kinds.items() if is_one(mode)), "a device")


def is_regular(path: Path, most: int) -> bool:
    """Whether this is a plain file of at most `most` bytes: opening a pipe would wait forever."""
    try:
        about = path.stat()
    except (OSError, ValueError):
        return False
    return stat.S_ISREG(about.st_mode) and about.st_size <= most


def _wrong_content(kind: str, ending: str, head: bytes, size: int) -> str | None:
    if size == 0:
        return "is empty (0 bytes)"
    if kind == "blend":
        return _wrong_blend(head)
    if kind == "gltf" and ending == ".glb":
        if head[:4] != b"glTF" or len(head) < 12:
            return _not_a("glTF binary file", head)
        announced = struct.unpack("<I", head[8:12])[0]
        return f"is cut off: it should have {announced} bytes and has {size}" if announced > size else None
    if kind == "gltf":
        return None if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" else _not_a("glTF file", head)
    if kind == "fbx":
        binary = head.startswith(b"Kaydara FBX Binary")
        return None if binary or b"FBX" in head[:200] else _not_a("FBX file", head)
    if kind == "ply":
        return None if head.startswith(b"ply") else _not_a("PLY file", head)
    if kind == "stl":
        return _wrong_stl(head, size)
    if kind == "usd":
        known = (b"PXR-USDC", b"#usda", b"PK\x03\x04")
        return None if head.startswith(known) else _not_a("USD file", head)
    if kind == "abc":
        return None if head.startswith((b"Ogawa", b"\x89HDF")) else _not_a("Alembic file", head)
    return _not_a("OBJ file", head) if b"\0" in head or _known_as(head) else None


def _wrong_blend(head: bytes) -> str | None:
    if head.startswith(b"\x28\xb5\x2f\xfd"):  # zstd, since 3.0; Blender looks inside
        return None
    try:
        plain = _unpacked(head)
    except zlib.error:
        return "is damaged: it cannot be decompressed"
    return None if plain.startswith(b"BLENDER") else _not_a("Blender file", plain)


def _unpacked(head: bytes) -> bytes:
    """The first bytes behind gzip, which Blender used until 3.0."""
    return zlib.decompressobj(31).decompress(head, 32) if head.startswith(b"\x1f\x8b") else head


def blend_version(path: Path) -> tuple[int, int] | None:
    """The Blender that saved a file: (4, 2); None if its first bytes do not tell (zstd)."""
    try:
        with open(path, "rb") as file:
            head = _unpacked(file.read(4096))
    except (OSError, zlib.error):
        return None
    # until 4.x "BLENDER-v402", from 5.0 "BLENDER17-01v0500"
    version = re.match(rb"BLENDER(?:[-_][vV](\d)(\d\d)|\d\d[-_]\d\d[vV](\d\d)(\d\d))", head)
    if version is None:
        return None
    numbers = [int(part) for part in version.groups() if part is not None]
    return numbers[0], numbers[1]


def _wrong_stl(head: bytes, size: int) -> str | None:
    if len(head) >= 84:
        triangles = struct.unpack("<I", head[80:84])[0]
        if size == 84 + 50 * triangles:
            return None
        if not head.lstrip().startswith(b"solid"):
            wanted = 84 + 50 * triangles
            return f"is cut off: {triangles} triangles need {wanted} bytes, it has {size}" if wanted > size else None
    return None if head.lstrip().startswith(b"solid") else _not_a("STL file", head)


def _known_as(head: bytes) -> str | None:
    return next((name for magic, name in _LOOKS_LIKE if head.lstrip()[: len(magic)].lower() == magic.lower()), None)


def _not_a(what: str, head: bytes) -> str:
    known = _known_as(head)
    article = "an" if what[0] in "AEFO" else "a"  # an FBX file
    return f"not {article} {what} (starts with {head[:4]!r}{': ' + known if known else ''})"


def words_of(path: Path) -> str:
    """A label from a file's name: 'Bed_Twin2.glb' -> 'bed twin'."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", path.stem)
    words = re.split(r"[\W_\d]+", spaced.lower())
    return " ".join(word for word in words if len(word) > 1)


@dataclass(frozen=True)
class Origin:
    """Who owns a file, and from a manifest its label (`file_label` if its author gave it), its pack and its folders.
    Empty if unknown."""

    author: str = ""
    license: str = ""
    url: str = ""
    label: str = ""
    file_label: str = ""
    pack: str = ""
    folders: tuple[str, ...] = ()


_LICENCES = (
    ("CC0-1.0", ("cc0", "creative commons zero", "public domain")),
    ("CC-BY-SA-4.0", ("attribution-sharealike 4", "cc-by-sa-4", "cc by-sa 4")),
    ("CC-BY-NC-4.0", ("attribution-noncommercial 4", "cc-by-nc-4", "cc by-nc 4")),
    ("CC-BY-4.0", ("attribution 4.0", "cc-by-4", "cc by 4")),
    ("CC-BY-3.0", ("attribution 3.0", "cc-by-3", "cc by 3")),
    ("MIT", ("permission is hereby granted, free of charge", "mit license")),
    ("Apache-2.0", ("apache license",)),
    ("GPL-3.0", ("gnu general public license",)),
)


class Origins:
    """Finds a file's licence: in a manifest.jsonl above it (lines with path, license, author), else in a LICENSE."""

    def __init__(self, author: str = "", license: str = "") -> None:
        self.given = Origin(author, license)
        self._manifests: dict[Path, dict[str, dict[str, Any]]] = {}
        self._licences: dict[Path, str] = {}

    def of(self, path: Path) -> Origin:
        entry: dict[str, Any] = {}
        for folder in list(path.parents)[:5]:
            entry = self._manifest(folder).get(path.relative_to(folder).as_posix(), {})
            if entry:
                break
        beside = next(filter(None, map(self._beside, list(path.parents)[:3])), "")
        licence = entry.get("license") or entry.get("licence") or beside
        url = entry.get("url") or entry.get("source_repo") or ""
        label = str(entry.get("label") or entry.get("name") or "")
        author = self.given.author or str(entry.get("author") or "")
        folders = tuple(str(entry.get("origin_path") or "").split("/")[:-1])
        pack = str(entry.get("source") or entry.get("pack") or "")
        return Origin(
            author, self.given.license or str(licence), str(url), label, str(entry.get("label") or ""), pack, folders
        )

    def _manifest(self, folder: Path) -> dict[str, dict[str, Any]]:
        if folder not in self._manifests:
            self._manifests[folder] = _read_manifest(folder / "manifest.jsonl")
        return self._manifests[folder]

    def _beside(self, folder: Path) -> str:
        if folder not in self._licences:
            license_name = ""
            for name in ("LICENSE", "LICENSE.txt", "LICENSE.md", "License.txt", "LICENCE", "license.txt", "COPYING"):
                if not is_regular(folder / name, LARGEST_LICENCE):
                    continue
                try:
                    text = " ".join((folder / name).read_text(errors="replace")[:4000].lower().split())
                except OSError:
                    continue
                license_name = next((licence for licence, signs in _LICENCES if any(s in text for s in signs)), name)
                break
            self._licences[folder] = license_name
        return self._licences[folder]


def _read_manifest(path: Path) -> dict[str, dict[str, Any]]:
    """{path: entry} of the lines that give author or licence; a manifest.jsonl with another purpose has none."""
    entries: dict[str, dict[str, Any]] = {}
    if not is_regular(path, LARGEST_MANIFEST):
        return entries
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            for line in file:
                try:
                    entry = json.loads(line)
                except ValueError:
                    continue
                if isinstance(entry, dict) and isinstance(entry.get("path"), str):
                    entries[entry["path"]] = entry
    except OSError:
        return {}
    return entries
