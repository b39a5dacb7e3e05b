"""How a record points at a datablock, and which datablocks come along with it.

Objects and collections are only named: they have records of their own. What an asset can't do without (node
groups, images, textures, materials, actions, particle settings) is embedded in the record's tables.
"""

from typing import Any

from . import exceptions
from .context import Context, reference_name


def refer(datablock: Any, ctx: Context | None) -> dict[str, str] | None:
    """{"id": id_type, "name": name in the record}; embeds what must come along unless `ctx` is None."""
    kind = datablock.id_type
    if kind in exceptions.NEVER_TAKEN:
        return None
    if kind == "IMAGE" and datablock.source == "VIEWER":  # Blender's own render result, in every file another
        return None
    if getattr(datablock, "bl_idname", "") == "NodeTreeUndefined":  # of an add-on that isn't here: it says nothing
        if ctx is not None:
            ctx.note(f"node tree {datablock.name!r} belongs to an add-on that is not there, and was left out")
        return None
    if ctx is None:
        return {"id": kind, "name": reference_name(datablock)}
    if kind == "NODETREE":
        from ..materials.nodes import read_node_group

        return {"id": kind, "name": ctx.embed("node_groups", datablock, read_node_group)}
    if kind == "IMAGE":
        from ..materials.images import read_image

        return {"id": kind, "name": ctx.embed("images", datablock, read_image)}
    if kind == "TEXTURE":
        return {"id": kind, "name": ctx.embed("textures", datablock, _read_struct)}
    if kind == "MATERIAL":
        from ..materials.nodes import read_material

        return {"id": kind, "name": ctx.embed("used_materials", datablock, read_material)}
    if kind == "ACTION":
        from .animation import read_action

        return {"id": kind, "name": ctx.embed("actions", datablock, read_action)}
    if kind == "PARTICLE":
        return {"id": kind, "name": ctx.embed("others", datablock, _read_other)}
    return {"id": kind, "name": reference_name(datablock)}


def _read_struct(datablock: Any, ctx: Context) -> dict[str, Any]:
    from .rna import read_struct

    return read_struct(datablock, ctx)


def _read_other(datablock: Any, ctx: Context) -> dict[str, Any]:
    properties = _read_struct(datablock, ctx)
    for name in [name for name in properties if name.startswith("force_field")]:
        if (properties[name] or {}).get("type", "NONE") == "NONE":  # the same as having none
            del properties[name]
    return {"id": datablock.id_type, "properties": properties}
