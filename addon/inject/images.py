"""Images by reference: a datablock that points at the file, whether it is there or not.

Nothing is loaded from disk here; Blender does that when it first needs the pixels. A picture that was packed is packed
again if the record has its bytes.
"""

import os
from collections.abc import Mapping
from typing import Any

from ...records import array_key
from .rna.context import Making
from .rna.references import content
from .rna.rna import write_struct


def make_image(name: str, data: Mapping[str, Any], making: Making) -> Any:
    def make() -> Any:
        properties = data.get("properties") or {}
        image = making.new(
            "IMAGE",
            data.get("name") or name,
            max(1, min(int(properties.get("generated_width", 1)), 65536)),
            max(1, min(int(properties.get("generated_height", 1)), 65536)),
            known_as=name,
        )
        source = data.get("source", "FILE")
        write_struct(lambda: image, {k: v for k, v in properties.items()}, making, f"image {name}")
        if source != "GENERATED":
            image.source = source
            image.filepath = data.get("filepath", "")
        if source == "TILED":
            _write_tiles(image, data.get("tiles") or [])
        for key, value in (("alpha_mode", data.get("alpha_mode")), ("colorspace", data.get("colorspace"))):
            _set(image, key, value, name, making)
        if data.get("packed") and not _pack(image, name, making) and not os.path.exists(data.get("filepath", "")):
            making.cannot(f"image {name} was packed into its file and its pixels are not in the record")
        return image

    return making.share("IMAGE", name, content(data, making), make)


def _pack(image: Any, name: str, making: Making) -> bool:
    arrays = making.record.arrays if making.record else {}
    pixels = arrays.get(f"image/{array_key(name)}")
    if pixels is None or not len(pixels) or image.source == "TILED":
        return False
    image.pack(data=pixels.tobytes(), data_len=len(pixels))
    return True


def _set(image: Any, key: str, value: Any, name: str, making: Making) -> None:
    if value is None:
        return
    owner, attribute = (image.colorspace_settings, "name") if key == "colorspace" else (image, key)
    try:
        if getattr(owner, attribute) != value:
            setattr(owner, attribute, value)
    except TypeError:
        making.cannot(f"image {name}: {key} {value} is unknown to this version of Blender")


def _write_tiles(image: Any, tiles: list[Mapping[str, Any]]) -> None:
    for tile in tiles[:1000]:
        number = int(tile["number"])
        made = image.tiles.get(number)
        if made is None:
            made = image.tiles.new(tile_number=number)
        if tile.get("label"):
            made.label = tile["label"]
    wanted = {int(tile["number"]) for tile in tiles}
    for number in [t.number for t in image.tiles if wanted and t.number not in wanted]:
        image.tiles.remove(image.tiles.get(number))
