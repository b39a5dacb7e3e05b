"""The registry of codecs: `codec("geometry")` gives the one that a craft ships, by name.

A codec knows its Spec, turns its part of a record into a Sequence of steps (`encode`, `encode_record`) and makes a
Decoder that says what may follow and gives the record back. Only the codec asked for is imported.
"""

import importlib
from typing import Any

# name: (module in this package, class); a codec's class takes its options as keywords
CODECS: dict[str, tuple[str, str]] = {
    "geometry": (".geometry", "GeometryCodec"),
    "materials": (".schema", "MaterialsCodec"),
    "modifiers": (".schema", "ModifiersCodec"),
    "animation": (".schema", "AnimationCodec"),
}


def codec(name: str, **options: Any) -> Any:
    """The codec of that name. `options` are the codec's own, e.g. `codec("geometry", levels=256)`."""
    if name not in CODECS:
        raise ValueError(f"no codec named {name!r}; there are: {', '.join(CODECS)}")
    module, kind = CODECS[name]
    return getattr(importlib.import_module(module, __package__), kind)(**options)
