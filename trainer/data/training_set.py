"""The training set of a craft, whichever it is."""

from pathlib import Path
from typing import Any

from .geometry_set import GeometrySet
from .schema_set import SchemaSet


def training_set(path: str | Path | None, craft: str = "geometry", **options: Any) -> Any:
    """The training set of a craft over the set folder `path`, or over generators alone (None)."""
    if craft == "geometry":
        return GeometrySet(path, **options)
    return SchemaSet(path, craft, **options)
