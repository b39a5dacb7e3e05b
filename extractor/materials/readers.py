"""How each kind of datablock embedded in a record is read: the one place where all these readers are listed."""

from typing import Any

from ..rna.animation import read_action
from ..rna.context import Context, Options, Reader
from ..rna.rna import read_struct
from .images import read_image
from .nodes import read_material, read_node_group


def new_context(options: Options | None = None) -> Context:
    """An empty context with readers for everything that a record can embed."""
    return Context(READERS, options or Options())


def _read_texture(texture: Any, ctx: Context) -> dict[str, Any]:
    return read_struct(texture, ctx)


def _read_particle_settings(settings: Any, ctx: Context) -> dict[str, Any]:
    properties = read_struct(settings, ctx)
    for name in [name for name in properties if name.startswith("force_field")]:
        if (properties[name] or {}).get("type", "NONE") == "NONE":  # the same as having none
            del properties[name]
    return {"id": settings.id_type, "properties": properties}


# id_type -> reader
READERS: dict[str, Reader] = {
    "NODETREE": read_node_group,
    "ACTION": read_action,
    "IMAGE": read_image,
    "TEXTURE": _read_texture,
    "MATERIAL": read_material,
    "PARTICLE": _read_particle_settings,
}
