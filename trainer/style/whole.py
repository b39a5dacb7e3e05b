"""What of an artist's files can be used again as it is: materials with their node trees, as far as they stand
alone. numpy alone.

    materials = whole_materials([dataset])      # {name: material of a record}
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ...records.dataset import Dataset

MOST = 500  # materials of a library
LARGEST = 64 << 10  # characters of one, as JSON
DEEP = 40


def whole_materials(datasets: Iterable[Path]) -> dict[str, dict[str, Any]]:
    """The materials with a node tree that need no image, no node group and no object."""
    out: dict[str, dict[str, Any]] = {}
    for path in datasets:
        with Dataset(path, create=False) as dataset:
            for record in dataset:
                for material in record.data.get("materials") or []:
                    name = (material or {}).get("name")
                    if name and name not in out and material.get("tree") and len(out) < MOST and alone(material):
                        if len(json.dumps(material)) <= LARGEST:
                            out[name] = material
    return out


def alone(value: Any, depth: int = 0) -> bool:
    """Whether nothing in it points at a datablock: {"id": its kind, "name": its name}."""
    if depth > DEEP:
        return False
    if isinstance(value, dict):
        if isinstance(value.get("id"), str) and "name" in value:
            return False
        return all(alone(each, depth + 1) for each in value.values())
    return all(alone(each, depth + 1) for each in value) if isinstance(value, list) else True
