"""What one record gathers while it is being read: the options and the datablocks it refers to.

A record is self-contained, so each node group, action, image, texture or material that an object refers to is
embedded in it once, under its name. Reading the same datablock for the next record costs nothing: all contexts
of one extraction share a cache. Nothing here knows how any of these things are read: that is what `readers` is for,
which `extractor/materials/readers.py` fills.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

# The tables a record embeds, by the id_type of what lies in them: data[table][name] = what the reader returned.
# `used_materials` are those that something other than a slot points at (a Set Material node); slots keep theirs inline.
TABLE_OF = {
    "NODETREE": "node_groups",
    "ACTION": "actions",
    "IMAGE": "images",
    "TEXTURE": "textures",
    "MATERIAL": "used_materials",
    "PARTICLE": "others",
}
TABLES = tuple(TABLE_OF.values())


@dataclass(frozen=True)
class Options:
    """How to read. `source_file`, `author`, `license`, `url` and `label` go into the record as they are.

    `worked_out` says whether Blender has evaluated world matrices; else they are computed from the parents. With
    `evaluate` a record also keeps its mesh after modifiers and textures (see scene/evaluated.py).
    """

    apply_modifiers: bool = False
    bake_palette: bool = False
    worked_out: bool = True
    evaluate: bool = False
    unread_images: tuple[str, ...] = ()  # full names of images whose pixels must not be read
    pack_limit: int = 4 << 20  # bytes; larger packed pictures are left out
    source_file: str = ""
    author: str = ""
    license: str = ""
    url: str = ""
    label: str = ""


@dataclass
class Context:
    """Passed to every reader. Fill the tables through `embed`, put arrays in `arrays`, tell the user in `notes`.

    `readers` says how a datablock of each id_type of TABLE_OF is read; what has no reader is only named.
    """

    readers: "Mapping[str, Reader]"
    options: Options = field(default_factory=Options)
    node_groups: dict[str, Any] = field(default_factory=dict)
    actions: dict[str, Any] = field(default_factory=dict)
    images: dict[str, Any] = field(default_factory=dict)
    textures: dict[str, Any] = field(default_factory=dict)
    used_materials: dict[str, Any] = field(default_factory=dict)
    others: dict[str, Any] = field(default_factory=dict)
    arrays: dict[str, NDArray[Any]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    cache: dict[Any, Any] = field(default_factory=dict)

    def next(self) -> "Context":
        """An empty context for the next record, with the same options and cache."""
        return Context(self.readers, options=self.options, cache=self.cache)

    def note(self, sentence: str) -> None:
        """Add a note for the user about this record, once."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def embed(self, table: str, datablock: Any, read: "Reader") -> str:
        """Embed `datablock` in `table` (one of TABLES) and return the name it has there.

        `read(datablock, context)` runs once per extraction; what it embeds itself (a nested group, an image)
        comes along. A datablock that is reached again while it is being read is only named.
        """
        key = reference_name(datablock)
        if key in getattr(self, table):
            return key
        identity = (table, datablock.as_pointer())
        if identity not in self.cache:
            inner = self.next()
            self.cache[identity] = inner
            getattr(inner, table)[key] = None  # reached again while being read: store the name only
            getattr(inner, table)[key] = read(datablock, inner)
        self.absorb(self.cache[identity])
        return key

    def absorb(self, other: "Context") -> None:
        """Take over everything that `other` gathered."""
        for table in TABLES:
            mine = getattr(self, table)
            for name, value in getattr(other, table).items():
                if value is not None or name not in mine:
                    mine[name] = value
        self.arrays.update(other.arrays)
        for sentence in other.notes:
            self.note(sentence)


Reader = Callable[[Any, Context], Any]


def reference_name(datablock: Any) -> str:
    """The name by which a record refers to a datablock: unique within one file, libraries included."""
    return str(datablock.name if datablock.library is None else datablock.name_full)
