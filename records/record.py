"""What a record is.

A record is one object of a scene: a plain JSON-able dict (`data`) plus named numpy arrays (`arrays`). It knows nothing
of Blender, of files on disk or of tokens. `docs/records.md` lists every field with shape and dtype.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

FORMAT = 1

# What an attribute holds per element: dtype and shape here, and the member that Blender calls it by.
# BYTE_COLOR is the four stored sRGB bytes; STRING is UTF-8 bytes with "<key>/end" (n,) int32, the end of each text.
ATTRIBUTE_TYPES: dict[str, tuple[type, tuple[int, ...], str]] = {
    "FLOAT": (np.float32, (), "value"),
    "INT": (np.int32, (), "value"),
    "BOOLEAN": (np.bool_, (), "value"),
    "INT8": (np.int8, (), "value"),
    "FLOAT_VECTOR": (np.float32, (3,), "vector"),
    "FLOAT2": (np.float32, (2,), "vector"),
    "FLOAT4": (np.float32, (4,), "vector"),
    "FLOAT_COLOR": (np.float32, (4,), "color"),
    "BYTE_COLOR": (np.uint8, (4,), "color_srgb"),
    "INT16_2D": (np.int16, (2,), "value"),
    "INT32_2D": (np.int32, (2,), "value"),
    "QUATERNION": (np.float32, (4,), "value"),
    "FLOAT4X4": (np.float32, (4, 4), "value"),
    "STRING": (np.uint8, (), "value"),
}


def array_key(name: str) -> str:
    """A name escaped for use in an array's key: a slash inside it can't be taken for a separator."""
    return name.replace("%", "%25").replace("/", "%2F")


class RecordError(ValueError):
    """An invalid record: `field` says where, `reason` says why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


@dataclass
class Record:
    """One asset. Arrays may be read-only views into a memory-mapped shard."""

    data: dict[str, Any]
    arrays: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.data["name"])

    @property
    def kind(self) -> str:
        return str(self.data["kind"])


def mesh_record(
    name: str,
    positions: np.ndarray,
    loop_starts: np.ndarray,
    corner_verts: np.ndarray,
    material_index: np.ndarray | None = None,
    materials: list[dict[str, Any] | None] | None = None,
    **data: Any,
) -> Record:
    """A record from a bare mesh: positions (V, 3) float32, loop_starts (F,) int32, corner_verts (L,) int32.

    `materials` is one material dict per slot, e.g. from `plain_material`. Further keywords go into `data`.
    """
    arrays = {
        "mesh/position": np.ascontiguousarray(positions, np.float32).reshape(-1, 3),
        "mesh/loop_start": np.ascontiguousarray(loop_starts, np.int32),
        "mesh/corner_vert": np.ascontiguousarray(corner_verts, np.int32),
    }
    if material_index is not None:
        arrays["mesh/material_index"] = np.ascontiguousarray(material_index, np.int32)
    body: dict[str, Any] = {"format": FORMAT, "kind": "mesh", "name": name, "mesh": {"name": name}}
    if materials:
        body["materials"] = materials
    body.update(data)
    return Record(body, arrays)


def plain_material(
    name: str,
    base_color: tuple[float, ...] = (0.8, 0.8, 0.8),
    roughness: float = 0.5,
    metallic: float = 0.0,
    alpha: float = 1.0,
    transmission: float = 0.0,
    emission: tuple[float, ...] = (0.0, 0.0, 0.0),
) -> dict[str, Any]:
    """A material in six plain values (linear RGB), for uses that need no node tree."""
    return {
        "name": name,
        "plain": {
            "base_color": [float(c) for c in base_color[:3]],
            "roughness": float(roughness),
            "metallic": float(metallic),
            "alpha": float(alpha),
            "transmission": float(transmission),
            "emission": [float(c) for c in emission[:3]],
        },
    }
