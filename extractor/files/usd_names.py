"""The names in a USD file, text, binary or packed: among them are the paths of everything it refers to.

Binary layers ("crate" files) keep every name in one compressed table, and only that is read here. Standard library
only. Other files have no names.
"""

import re
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

MOST = 64 << 20  # most bytes of text or names that are searched


class Unreadable(ValueError):
    """A layer whose names can't be read; the message is the second half of a sentence."""


def names_in(path: Path) -> Iterator[str]:
    """Every name that may be a path. Raises Unreadable for a layer that hides them."""
    with open(path, "rb") as file:
        head = file.read(8)
    if head.startswith(b"PK\x03\x04"):
        try:
            with zipfile.ZipFile(path) as package:
                for entry in package.infolist():
                    if entry.filename.lower().endswith((".usd", ".usda", ".usdc")):
                        if entry.file_size > MOST:
                            raise Unreadable("holds a layer that is too large to search")
                        yield from _names(package.read(entry))
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
            raise Unreadable(f"is a package that cannot be opened ({error})") from error
        return
    if path.stat().st_size > MOST and head.startswith(b"#usda"):
        raise Unreadable("is a text layer that is too large to search")
    yield from _names(path.read_bytes())


def _names(data: bytes) -> Iterator[str]:
    if data.startswith(b"PXR-USDC"):
        yield from _tokens(data)
    elif data.startswith(b"#usda"):
        yield from re.findall(r"@{1,3}([^@\n]+)@{1,3}", data.decode("utf-8", "replace"))


def _tokens(data: bytes) -> list[str]:
    """The table of names of a crate file: header with the place of the contents, contents, section TOKENS."""
    try:
        contents = struct.unpack_from("<q", data, 16)[0]
        for index in range(min(64, struct.unpack_from("<q", data, contents)[0])):
            name, start, _ = struct.unpack_from("<16sqq", data, contents + 8 + 32 * index)
            if name.rstrip(b"\0") == b"TOKENS":
                _, size, packed = struct.unpack_from("<QQQ", data, start)
                if size > MOST:
                    raise Unreadable("has too many names to search")
                return _unpacked(data[start + 24 : start + 24 + packed], size).decode("utf-8", "replace").split("\0")
    except (struct.error, IndexError, ValueError) as error:
        raise Unreadable("is a binary layer whose names cannot be read") from error
    raise Unreadable("is a binary layer without a table of names")


def _unpacked(data: bytes, size: int) -> bytes:
    """One LZ4 block behind a byte that counts pieces (0: just one)."""
    if data[0] == 0:
        return _lz4(data[1:], size)
    out, at = b"", 1
    for _ in range(data[0]):
        length = struct.unpack_from("<i", data, at)[0]
        out += _lz4(data[at + 4 : at + 4 + length], size - len(out))
        at += 4 + length
    return out


def _lz4(data: bytes, most: int) -> bytes:
    out = bytearray()
    at = 0
    while at < len(data):
        token = data[at]
        at += 1
        literals, at = _length(data, at, token >> 4)
        out += data[at : at + literals]
        at += literals
        if at >= len(data):
            break
        distance = data[at] | data[at + 1] << 8
        at += 2
        copied, at = _length(data, at, token & 15)
        copied += 4
        if not 0 < distance <= len(out) or len(out) + copied > most + 64:
            raise ValueError("not an LZ4 block")
        for _ in range(copied // distance + 1):  # source and target of the copy may overlap
            piece = out[len(out) - distance :][: min(copied, distance)]
            out += piece
            copied -= len(piece)
            if not copied:
                break
    return bytes(out)


def _length(data: bytes, at: int, first: int) -> tuple[int, int]:
    total = first
    if first == 15:
        while True:
            more = data[at]
            at += 1
            total += more
            if more != 255:
                break
    return total, at
