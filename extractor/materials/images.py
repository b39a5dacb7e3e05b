"""Images in a record: where the picture is and how Blender should read it.

A picture that is packed into the file comes along as its file's bytes, in the array "image/<name>" uint8, unless it is
larger than the options allow. Others are stored by path only.
"""

import os
from typing import Any

import bpy
import numpy as np

from ...records import array_key
from ..rna.context import Context, reference_name
from ..rna.rna import read_struct


def read_image(image: Any, ctx: Context) -> dict[str, Any]:
    """name, filepath (absolute), source, colorspace, alpha_mode, packed, tiles, properties."""
    path = absolute(image)
    read: dict[str, Any] = {
        "name": reference_name(image),
        "filepath": path,
        "source": image.source,
        "colorspace": image.colorspace_settings.name or "sRGB",  # what Blender does with one it doesn't know
        "alpha_mode": image.alpha_mode,
        "packed": image.packed_file is not None or len(image.packed_files) > 0,
        "properties": read_struct(image, ctx),
    }
    if image.source == "TILED":
        read["tiles"] = [{"number": tile.number, "label": tile.label} for tile in image.tiles]
    if read["packed"]:
        data = image.packed_file.data if image.packed_file is not None and image.source != "TILED" else b""
        if data and len(data) <= ctx.options.pack_limit:
            ctx.arrays[f"image/{array_key(read['name'])}"] = np.frombuffer(data, np.uint8)
        else:
            ctx.note(f"image {image.name}: its pixels are packed in the file and were not copied")
    elif path and image.source in ("FILE", "MOVIE") and not os.path.exists(path):
        ctx.note(f"image {image.name}: {path} is missing")
    return read


def absolute(image: Any) -> str:
    """The image's absolute path; "" for none."""
    if not image.filepath:
        return ""
    path: str = bpy.path.abspath(image.filepath, library=image.library)
    return os.path.normpath(path) if not path.startswith("//") else path
