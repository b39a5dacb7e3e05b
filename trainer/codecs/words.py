"""The words of the geometry language: which micro-token means what, and what is known before a step.

Constants and small tables only; `walk.py` writes the language, `mesh_decoder.py` reads it.

    0 .. levels-1        a coordinate (z, then y, then x)
    levels + n           the number n, 0 to 63: a slot, a count - 1, the size, sides - 5
    levels + 64 + word   one of the words below
"""

import numpy as np

NUMBERS = 64
MICRO = 8
MAX_LOOP = 64  # the longest boundary loop that LOOP can fill
MAX_SKIP = 64

WORDS = (
    "NEXT",  # the vertex after, along the open boundary
    "PREV",  # this vertex and all that remain lie on the boundary before the gate, in order: the polygon is complete
    "END",
    "PART_OPEN",  # slot, then two vertices: the first edge of the first polygon of a new part
    "PART_CLOSED",  # the same, in a part where every edge will have a neighbour
    "ISLAND",  # a new patch in the same part: two vertices. Gates that are still open are boundary
    "ISLAND_SLOT",
    "SKIP",  # a count: so many gates are boundary
    "LOOP",  # one polygon fills the boundary loop through the gate
    "LOOP_SLOT",
    "TRI",
    "TRI_SLOT",
    "QUAD",
    "QUAD_SLOT",
    "SPLIT_A",  # two triangles a b d, b c d encoded as the quad a b c d
    "SPLIT_A_SLOT",
    "SPLIT_B",  # two triangles a b c, a c d encoded as the quad a b c d
    "SPLIT_B_SLOT",
    "NGON",  # sides - 5 (63: three digits of base 64 follow), then vertices, over as many steps as it takes
    "NGON_SLOT",
)
NEXT, PREV, END, PART_OPEN, PART_CLOSED, ISLAND, ISLAND_SLOT, SKIP, LOOP, LOOP_SLOT = range(10)
TRI, TRI_SLOT, QUAD, QUAD_SLOT, SPLIT_A, SPLIT_A_SLOT, SPLIT_B, SPLIT_B_SLOT, NGON, NGON_SLOT = range(10, 20)
BIG_NGON = NUMBERS - 1

FIFO, LIFO, LOWEST = range(3)
ORDERS = {"fifo": FIFO, "lifo": LIFO, "lowest": LOWEST}

# Where each feature begins. Coordinates (z, y, x) and counts are stored + 1: 0 is "none".
# The gate is the directed edge a -> b that wants a polygon; its neighbour polygon runs ... x b a y ...
A, B, X, Y, AFTER, BEFORE, GUESS = 0, 3, 6, 9, 12, 15, 18
# UNUSED is always 0. It was the number of faces left, which made meshes worse (docs/experiments.md); the column stays,
# so that models that were trained with it still load.
SLOT, MODE, OPEN, UNUSED, SIDES, FACES_A, FACES_B, AROUND = range(21, 29)
FEATURES = 29
START, BETWEEN, GATE_CLOSED, GATE_OPEN, SEED_CLOSED, SEED_OPEN, GOING_ON = range(7)
MAX_SIDES, MAX_FACES, MAX_AROUND = 32, 8, 8


def vocabulary(levels: int) -> int:
    return levels + NUMBERS + len(WORDS)


def cardinalities(levels: int) -> tuple[int, ...]:
    return (levels + 1,) * 21 + (33, 7, 24, 64, MAX_SIDES + 1, MAX_FACES + 1, MAX_FACES + 1, MAX_AROUND + 1)


def _buckets(exact: int, per_octave: int, last: int) -> np.ndarray:
    """Bucket of every count up to 65,535: exact below, then so many buckets an octave."""
    n = np.arange(65536)
    wide = exact + np.floor(per_octave * np.log2(np.maximum(n, exact) / exact)).astype(np.int64)
    result: np.ndarray = np.minimum(np.where(n <= exact, n, wide), last).astype(np.int16)
    return result


OPEN_BUCKETS = _buckets(8, 2, 23)


def size_bin(size: float) -> int:
    """Eighths of an octave of the longest side in metres, from 2**-16 to 2**16, as 0 .. 255."""
    return int(np.clip(np.rint(8 * np.log2(max(size, 1e-9))) + 128, 0, 255))


def size_of(bin: int) -> float:
    return float(2.0 ** ((bin - 128) / 8))
