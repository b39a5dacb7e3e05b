"""Other ways to tell a mesh in tokens, compared with the one that ships (docs/experiments.md)."""

from typing import Any

from ...trainer.codecs import codec as shipped_codec
from .flat import FlatCodec
from .polygons import PolygonsCodec

COMPARED = {"polygons": PolygonsCodec, "flat": FlatCodec}


def codec(name: str, **options: Any) -> Any:
    """The codec of that name: one of those compared here, else one that ships."""
    return COMPARED[name](**options) if name in COMPARED else shipped_codec(name, **options)
