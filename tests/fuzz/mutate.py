"""Damaged copies of bytes, the same ones for the same seed: what disks, downloads and strangers do to files."""

import random
import re
import struct

NUMBERS = (0, 1, -1, 127, 255, 32767, 65535, 2**31 - 1, -(2**31), 2**32 - 1)
WORDS = (b"nan", b"inf", b"-inf", b"1e400", b"-1", b"0", b"99999999999999999999", b"null", b"[]", b"{}", b'""', b"\xff")


def mutant(original: bytes, seed: int) -> bytes:
    """One damaged copy; one to four faults of random kinds."""
    rng = random.Random(seed)
    data = bytearray(original)
    for _ in range(rng.choice((1, 1, 1, 2, 2, 4))):
        if not data:
            break
        rng.choice(FAULTS)(data, rng)
    return bytes(data)


def _flip(data: bytearray, rng: random.Random) -> None:
    for _ in range(rng.choice((1, 1, 4, 32))):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def _cut(data: bytearray, rng: random.Random) -> None:
    del data[rng.randrange(len(data)) :]


def _drop(data: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(data))
    del data[at : at + rng.choice((1, 4, 64, 1024))]


def _repeat(data: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(data))
    piece = bytes(data[at : at + rng.choice((1, 16, 256))])
    data[at:at] = piece * rng.choice((1, 2, 50))


def _swap(data: bytearray, rng: random.Random) -> None:
    length = rng.choice((1, 4, 64))
    a, b = rng.randrange(len(data)), rng.randrange(len(data))
    first, second = bytes(data[a : a + length]), bytes(data[b : b + length])
    if abs(a - b) >= length and len(first) == len(second) == length:
        data[a : a + length], data[b : b + length] = second, first


def _number(data: bytearray, rng: random.Random) -> None:
    """An extreme binary number over four bytes."""
    at = rng.randrange(len(data)) & ~3
    data[at : at + 4] = struct.pack("<q", rng.choice(NUMBERS))[:4]


def _word(data: bytearray, rng: random.Random) -> None:
    """An extreme number or value where a text file has a number."""
    found = list(re.finditer(rb"-?\d+(\.\d+)?", bytes(data)))
    if found:
        chosen = rng.choice(found)
        data[chosen.start() : chosen.end()] = rng.choice(WORDS)


def _noise(data: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(data))
    data[at : at + 16] = rng.randbytes(16)


FAULTS = (_flip, _flip, _cut, _drop, _repeat, _swap, _number, _word, _word, _noise)
