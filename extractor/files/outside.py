"""What a file pulls in from elsewhere, and whether it may: only from below allowed folders.

A model file from the internet can name any file on this computer as its texture or geometry, and a dataset may be
shared. `allowed` are the folders given to read (for a single file, the one it is in). Standard library only; references
that only Blender can list are handled in `importers.py`.
"""

import base64
import json
import os
import re
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from . import usd_names

LARGEST_JSON = 256 << 20
LARGEST_TEXT = 64 << 20
PICTURES = (".png", ".jpg", ".jpeg", ".exr", ".hdr", ".tif", ".tiff", ".tga", ".bmp")


def _empty_picture() -> str:
    """One clear pixel as a data URI: replaces a picture that is left out."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 6, 0, 0, 0))
    png = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0\0\0\0\0")) + chunk(b"IEND", b"")
    return "data:image/png;base64," + base64.b64encode(png).decode()


EMPTY_PICTURE = _empty_picture()


@dataclass
class Pulled:
    """References of a file to the outside: `needed` are parts without which it can't be read, `pictures` can be left
    out. Paths as the file writes them."""

    needed: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.needed or self.pictures)


def is_inside(path: str | os.PathLike[str], allowed: Sequence[str | os.PathLike[str]]) -> bool:
    """Whether a file is below one of the folders, with symlinks resolved. A file that does not exist is harmless."""
    real = os.path.realpath(path)
    for folder in allowed:
        root = os.path.realpath(folder)
        if real == root or real.startswith(root.rstrip(os.sep) + os.sep):
            return True
    return False


def pulled_in(path: Path, kind: str, allowed: Sequence[str | os.PathLike[str]]) -> Pulled:
    """What a .gltf, .glb, .obj or text .usd names that lies outside `allowed`; nothing for other
    formats."""
    if kind == "gltf":
        return _of_gltf(read_gltf(path)[0], path.parent, allowed)
    if kind == "obj":
        return _of_obj(path, allowed)
    if kind == "usd":
        return _of_usd(path, allowed)
    return Pulled()


# glTF


def read_gltf(path: Path) -> tuple[dict[str, Any], bytes]:
    """(the JSON part, all that follows it in a .glb); an empty dict if the importer will refuse it."""
    with open(path, "rb") as file:
        head = file.read(20)
        if head[:4] == b"glTF" and len(head) == 20:
            length = struct.unpack("<I", head[12:16])[0]
            if length > LARGEST_JSON:
                return {}, b""
            text, rest = file.read(length), file.read()
        else:
            text, rest = head + file.read(LARGEST_JSON), b""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return {}, b""
    return (document if isinstance(document, dict) else {}), rest


def _entries(document: dict[str, Any], name: str) -> list[dict[str, Any]]:
    entries = document.get(name)
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []


def _of_gltf(document: dict[str, Any], folder: Path, allowed: Sequence[str | os.PathLike[str]]) -> Pulled:
    def outside(name: str) -> list[str]:
        uris = [entry["uri"] for entry in _entries(document, name) if isinstance(entry.get("uri"), str)]
        return [uri for uri in uris if not _uri_is_inside(uri, folder, allowed)]

    return Pulled(needed=outside("buffers"), pictures=outside("images"))


def _uri_is_inside(uri: str, folder: Path, allowed: Sequence[str | os.PathLike[str]]) -> bool:
    if uri[:5].lower() == "data:":
        return True
    plain = unquote(uri)
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+:", plain) or plain.startswith(("\\\\", "//")):
        return False  # another scheme, a drive, a share
    return is_inside(folder / plain.replace("\\", "/"), allowed)


def without_pictures(path: Path, pulled: Pulled, out: Path) -> Path:
    """A copy of a .gltf or .glb in `out` without the pictures in `pulled`; allowed references become absolute paths."""
    document, rest = read_gltf(path)
    for name in ("buffers", "images"):
        for entry in _entries(document, name):
            uri = entry.get("uri")
            if not isinstance(uri, str) or uri[:5].lower() == "data:":
                continue
            entry["uri"] = EMPTY_PICTURE if uri in pulled.pictures else str((path.parent / unquote(uri)).absolute())
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    copy = out / path.name
    if path.suffix.lower() == ".glb":
        head = struct.pack("<4sII", b"glTF", 2, 20 + len(text) + len(rest)) + struct.pack("<I4s", len(text), b"JSON")
        copy.write_bytes(head + text + rest)
    else:
        copy.write_bytes(text)
    return copy


# Text formats


def _text(path: Path) -> str:
    with open(path, "rb") as file:
        return file.read(LARGEST_TEXT).decode("utf-8", "replace")


def _of_obj(path: Path, allowed: Sequence[str | os.PathLike[str]]) -> Pulled:
    """Material libraries, which are needed, and their pictures."""
    pulled = Pulled()
    for line in re.findall(r"^[ \t]*mtllib[ \t]+(.+?)[ \t\r]*$", _text(path), re.MULTILINE):
        library = path.parent / line.replace("\\", "/")
        if not is_inside(library, allowed):
            pulled.needed.append(line)
        elif library.is_file():
            options = r"(?:-\w+(?:[ \t]+-?[\d.]+)*[ \t]+)*"
            maps = re.findall(rf"^[ \t]*(?:map_\w+|bump|disp|decal|refl|norm)[ \t]+{options}(.+?)[ \t\r]*$",
                              _text(library), re.MULTILINE | re.IGNORECASE)  # fmt: skip
            pulled.pictures += [m for m in maps if not is_inside(library.parent / m.replace("\\", "/"), allowed)]
    return pulled


def _of_usd(path: Path, allowed: Sequence[str | os.PathLike[str]]) -> Pulled:
    """Layers and pictures outside. Of a layer's many names only those of existing files count as paths."""
    pulled = Pulled()
    try:
        for name in usd_names.names_in(path):
            plain = unquote(name.removeprefix("file://"))
            leads = len(plain) < 4096 and "\0" not in plain and os.path.isfile(path.parent / plain)
            if leads and not is_inside(path.parent / plain, allowed):
                (pulled.pictures if plain.lower().endswith(PICTURES) else pulled.needed).append(name)
    except usd_names.Unreadable as reason:
        pulled.needed.append(f"unknown references, since it {reason}")
    return pulled
