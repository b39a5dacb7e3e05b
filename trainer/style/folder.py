"""Styles as folders: found by name, renamed, removed, carried to another machine as one file. Standard library only;
Blender imports this.

    styles/NAME/style.json             what it is: see `Style`
    styles/NAME/memory.safetensors     the library's things (see `memory.py`)
    styles/NAME/materials.json         its materials with their node trees, as far as they stand alone
    styles/NAME/geometry.safetensors   a model that was trained on them, if one was; so for the other crafts
    styles/NAME/*.png                  pictures

A style is there whole or not at all: it is made in a folder beside and put in place by renaming.
"""

import contextlib
import json
import os
import re
import shutil
import stat
import sys
import time
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FORMAT = "meshkiln-style 1"
ABOUT = "style.json"
MEMORY = "memory.safetensors"
CRAFTS = ("geometry", "materials", "modifiers", "animation")
PICTURES = ("library.png", "before.png", "after.png")
MATERIALS = "materials.json"
FILES = (ABOUT, MEMORY, MATERIALS, *(f"{craft}.safetensors" for craft in CRAFTS), *PICTURES)
ENDING = ".meshkiln-style"
LARGEST_ABOUT = 16 << 20
LARGEST = 4 << 30  # bytes of all files of a style that comes from elsewhere
VARIABLE = "MESHKILN_STYLES"


class StyleError(ValueError):
    """Why a style cannot be had; the message is a sentence."""


@dataclass(frozen=True)
class Style:
    """One style on disk. `about` has: name, assets, kinds {noun: count}, left_out {reason: count}, trained
    {craft: numbers}, sources [path], licenses, credits, fingerprint, updated (Unix seconds), files."""

    folder: Path
    about: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.about.get("name") or self.folder.name)

    @property
    def memory(self) -> Path:
        return self.folder / MEMORY

    def model(self, craft: str) -> Path | None:
        """The model that was trained on the library, if one was."""
        path = self.folder / f"{craft}.safetensors"
        return path if craft in (self.about.get("trained") or {}) and path.is_file() else None

    @property
    def picture(self) -> Path | None:
        path = self.folder / PICTURES[0]
        return path if path.is_file() else None


def default_folder() -> Path:
    """Where the command line keeps styles, unless MESHKILN_STYLES names a folder."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named.split(os.pathsep)[0])
    home = os.environ.get("MESHKILN_HOME")
    if home:
        return Path(home) / "styles"
    if sys.platform == "win32":
        base = Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "meshkiln" / "styles"


def read_style(folder: Path) -> Style:
    """StyleError, with a sentence, for a folder that holds none."""
    path = folder / ABOUT
    try:
        if not path.is_file() or path.stat().st_size > LARGEST_ABOUT:
            raise StyleError(f"{folder}: no style lies here")
        about = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(about, dict) or about.get("format") != FORMAT:
            raise StyleError(f"{path}: is of another version; learn the style again")
        if not isinstance(about.get("trained") or {}, dict) or not isinstance(about.get("kinds") or {}, dict):
            raise StyleError(f"{path}: is damaged; learn the style again")
    except (ValueError, OSError, RecursionError) as error:
        if isinstance(error, StyleError):
            raise
        raise StyleError(f"{path}: cannot be read ({error}); learn the style again") from error
    return Style(folder, about)


def styles_in(folders: Iterable[Path]) -> list[Style]:
    """The styles in these folders, by name; of two of one name that of the first folder."""
    found: dict[str, Style] = {}
    for folder in folders:
        _recover(folder)
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if not path.name.startswith(".") and (path / ABOUT).is_file():
                with contextlib.suppress(StyleError):
                    style = read_style(path)
                    found.setdefault(style.name, style)
    return sorted(found.values(), key=lambda s: s.name.lower())


def find_style(name: str, folders: Iterable[Path] = ()) -> Style:
    """The style of that name, or that lies in that folder. StyleError names those that there are."""
    path = Path(name)
    if os.sep in name and (path / ABOUT).is_file():
        return read_style(path)
    there = styles_in(folders or [default_folder()])
    for style in there:
        if style.name.lower() == name.strip().lower():
            return style
    names = ", ".join(s.name for s in there)
    learned = f"there are: {names}" if names else "none was learned yet; `meshkiln learn FILES --name NAME` makes one"
    raise StyleError(f"there is no style {name!r}; {learned}")


def check_name(name: str) -> str:
    """The name, if it can be a folder's on every system."""
    name = name.strip()
    if not re.fullmatch(r"\w[\w .\-]{0,62}", name) or name.endswith("."):
        raise StyleError(f"{name!r}: a style's name has letters, digits, spaces, - and _, at most 63")
    if name.split(".")[0].upper() in {
        "CON",
        "PRN",
        "AUX",
        "NUL",
        *(f"{a}{n}" for a in ("COM", "LPT") for n in "123456789"),
    }:
        raise StyleError(f"{name!r}: is a name that Windows keeps for itself")
    return name


def begin(folder: Path, name: str) -> Path:
    """An empty folder in `folder` to make the style in; what an earlier try left there goes."""
    making = folder / f".{check_name(name)}.making"
    _remove_own(making)
    making.mkdir(parents=True)
    return making


def publish(making: Path, about: dict[str, Any]) -> Style:
    """Put the style that lies in `making` (see `begin`) in place of the one of its name."""
    name = check_name(str(about["name"]))
    files = {
        p.name: [p.stat().st_size, _sum(p)] for p in sorted(making.iterdir()) if p.name in FILES and p.name != ABOUT
    }
    text = json.dumps({**about, "format": FORMAT, "files": files}, ensure_ascii=False, indent=1)
    with open(making / ABOUT, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    place, old = making.parent / name, making.parent / f".{name}.old"
    _remove_own(old)
    if place.exists():
        os.rename(place, old)
    os.rename(making, place)
    _remove_own(old)
    return read_style(place)


def _recover(folder: Path) -> None:
    """A process that was killed while it put a style in place left the old one beside it."""
    for old in folder.glob(".*.old") if folder.is_dir() else ():
        place = folder / old.name[1 : -len(".old")]
        if not place.exists() and (old / ABOUT).is_file():
            with contextlib.suppress(OSError):
                os.rename(old, place)


def rename(style: Style, name: str) -> Style:
    name = check_name(name)
    place = style.folder.parent / name
    if place.exists():
        raise StyleError(f"{name}: there is a style of this name already")
    os.rename(style.folder, place)
    about = {**style.about, "name": name}
    part = place / (ABOUT + ".part")
    part.write_text(json.dumps(about, ensure_ascii=False, indent=1), encoding="utf-8")
    os.replace(part, place / ABOUT)
    return read_style(place)


def remove(style: Style) -> None:
    """Its files and its folder go; what somebody else put there stays, and the folder with it."""
    _remove_own(style.folder)
    _remove_own(style.folder.parent / f".{style.name}.work")


def _remove_own(folder: Path) -> None:
    """Remove the files of a style that lie in a folder, and the folder if nothing else lies there."""
    if folder.is_symlink() or not folder.is_dir():
        return
    if folder.name.startswith(".") and folder.name.endswith(".work"):
        shutil.rmtree(folder, ignore_errors=True)  # made by this program alone, under a hidden name of its own
        return
    for path in folder.iterdir():
        if path.name in FILES or path.name.endswith(".part"):
            path.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        folder.rmdir()


def check(style: Style) -> None:
    """StyleError names the file of the style that is damaged."""
    for name, (size, crc) in dict(style.about.get("files") or {}).items():
        path = style.folder / Path(name).name
        if not path.is_file() or path.stat().st_size != size or _sum(path) != crc:
            raise StyleError(f"{path}: is damaged or not there; learn the style again, or import it again")


def export(style: Style, out: Path) -> Path:
    """The whole style as one file."""
    check(style)
    part = out.with_name(out.name + ".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in FILES:
            if (style.folder / name).is_file():
                archive.write(style.folder / name, name)
    os.replace(part, out)
    return out


def import_style(file: Path, folder: Path, name: str = "") -> Style:
    """A style from one file into `folder`, under its own name or another. Only files that a style has are unpacked, no
    more of them than their sizes say, and only if all are as they were exported."""
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError) as error:
        raise StyleError(f"{file}: is no exported style ({error})") from error
    with archive:
        entries = {entry.filename: entry for entry in archive.infolist()}
        if ABOUT not in entries or entries[ABOUT].file_size > LARGEST_ABOUT:
            raise StyleError(f"{file}: is no exported style")
        strange = [n for n in entries if n not in FILES or stat.S_ISLNK(entries[n].external_attr >> 16)]
        if strange:
            raise StyleError(f"{file}: holds what no style has ({strange[0][:60]!r}); not imported")
        if sum(entry.file_size for entry in entries.values()) > LARGEST:
            raise StyleError(f"{file}: is larger than a style can be; not imported")
        try:
            about = json.loads(archive.read(ABOUT))
            own = check_name(name or str(about["name"]))
        except (ValueError, KeyError, TypeError, RecursionError, zipfile.BadZipFile) as error:
            if isinstance(error, StyleError):
                raise
            raise StyleError(f"{file}: is damaged ({error}); not imported") from error
        if (folder / own).exists():
            raise StyleError(f"{own}: there is a style of this name already; import it under another")
        making = begin(folder, own)
        try:
            for entry in entries.values():
                _unpack(archive, entry, making / entry.filename)
            style = Style(making, about)
            check(style)
        except (zipfile.BadZipFile, zlib.error, EOFError, StyleError, TypeError, ValueError) as error:
            _remove_own(making)
            raise StyleError(f"{file}: is damaged ({error}); not imported") from error
        return publish(making, {**about, "name": own, "imported": time.time()})


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> None:
    """At most as many bytes as the entry says that it has."""
    left = entry.file_size
    with archive.open(entry) as packed, open(path, "wb") as file:
        while left > 0 and (piece := packed.read(min(left, 1 << 20))):
            file.write(piece)
            left -= len(piece)


def _sum(path: Path) -> int:
    crc = 0
    with open(path, "rb") as file:
        while piece := file.read(1 << 22):
            crc = zlib.crc32(piece, crc)
    return crc
