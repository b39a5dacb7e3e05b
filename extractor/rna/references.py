"""How a record points at a datablock, and which datablocks come along with it.

Objects and collections are only named: they have records of their own. What an asset can't do without (node
groups, images, textures, materials, actions, particle settings) is embedded in the record's tables, by the readers
of the context.
"""

from typing import Any

from . import exceptions
from .context import TABLE_OF, Context, reference_name


def refer(datablock: Any, ctx: Context | None) -> dict[str, str] | None:
    """{"id": id_type, "name": name in the record}; embeds what must come along unless `ctx` is None."""
    kind = datablock.id_type
    if kind in exceptions.NEVER_TAKEN:
        return None
    if kind == "IMAGE" and datablock.source == "VIEWER":  # Blender's own render result, in every file another
        return None
    if getattr(datablock, "bl_idname", "") == "NodeTreeUndefined":  # of a missing add-on: it is empty
        if ctx is not None:
            ctx.note(f"node tree {datablock.name!r} belongs to an add-on that is not installed, and was left out")
        return None
    read = ctx.readers.get(kind) if ctx is not None else None
    if ctx is None or read is None:
        return {"id": kind, "name": reference_name(datablock)}
    return {"id": kind, "name": ctx.embed(TABLE_OF[kind], datablock, read)}
