"""How each datablock is made that a record embeds: the one place where all of these makers meet."""

from typing import Any

from .animation import make_action
from .images import make_image
from .nodes.nodes import make_material, make_node_group
from .rna.context import Maker, Making
from .rna.references import content
from .rna.rna import write_struct


def new_making(trust: bool = False, reuse_materials: bool = False) -> Making:
    """An injection that has made nothing yet and can make everything that a record embeds."""
    return Making(MAKERS, trust=trust, reuse_materials=reuse_materials)


def _make_used_material(name: str, data: Any, making: Making) -> Any:
    return make_material(data, making, known_as=name)


def _make_texture(name: str, data: Any, making: Making) -> Any:
    def make() -> Any:
        texture = making.new("TEXTURE", name, data.get("type", "IMAGE"))
        write_struct(lambda: texture, data, making, f"texture {name}")
        return texture

    return making.share("TEXTURE", name, content(data, making), make)


def _make_particle_settings(name: str, data: Any, making: Making) -> Any:
    def make() -> Any:
        settings = making.new("PARTICLE", name)
        write_struct(lambda: settings, data["properties"], making, f"particle {name}")
        return settings

    return making.share("PARTICLE", name, content(data, making), make)


# id_type -> maker
MAKERS: dict[str, Maker] = {
    "NODETREE": make_node_group,
    "ACTION": make_action,
    "IMAGE": make_image,
    "TEXTURE": _make_texture,
    "MATERIAL": _make_used_material,
    "PARTICLE": _make_particle_settings,
}
