"""World matrices of a file's objects, (4, 4) rows, from their records. numpy only."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...records import Record


def worlds(records: Sequence[Record], parents: Sequence[int | None]) -> list[np.ndarray]:
    """Each record's world matrix: as evaluated by Blender, else computed from its parents."""
    known: dict[int, np.ndarray] = {}
    for i in range(len(records)):
        chain: list[int] = []
        at: int | None = i
        while at is not None and at not in known and at not in chain:  # a ring of parents ends where it began
            chain.append(at)
            at = parents[at]
        for j in reversed(chain):
            transform = records[j].data.get("transform") or {}
            parent = parents[j]
            if transform.get("world") is not None:
                known[j] = np.asarray(transform["world"], np.float64)
            elif parent is None or parent not in known:
                known[j] = local(transform)
            else:
                inverse = transform.get("parent_inverse")
                held = np.eye(4) if inverse is None else np.asarray(inverse, np.float64)
                known[j] = known[parent] @ held @ local(transform)
    return [known[i] for i in range(len(records))]


def local(transform: dict[str, Any]) -> np.ndarray:
    """A transform's location, XYZ rotation or quaternion, and scale, as one matrix."""
    out = np.eye(4)
    if transform.get("rotation_mode") == "QUATERNION":
        turn = _of_quaternion(transform.get("rotation_quaternion", (1, 0, 0, 0)))
    else:
        turn = _of_euler(transform.get("rotation", (0, 0, 0)))
    out[:3, :3] = turn * np.asarray(transform.get("scale", (1, 1, 1)), np.float64)
    out[:3, 3] = transform.get("location", (0, 0, 0))
    return out


def _of_euler(angles: Sequence[float]) -> np.ndarray:
    (sx, cx), (sy, cy), (sz, cz) = ((math.sin(a), math.cos(a)) for a in angles)
    x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    return np.asarray(z @ y @ x)


def _of_quaternion(q: Sequence[float]) -> np.ndarray:
    w, x, y, z = np.asarray(q, np.float64) / max(float(np.linalg.norm(q)), 1e-12)
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )
