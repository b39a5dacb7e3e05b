"""What one injection makes: every datablock it created, old names to new datablocks, and what could not be expressed.

`Making` is passed to every maker. It owns the promise "all or nothing": whatever was created through `new` is
removed by `undo`. It knows nothing of meshes, node trees or actions: how a datablock that a record embeds is made
is listed in `makers`, which `addon/inject/makers.py` fills.

Order of an injection: 1. meshes, armatures and objects exist (so `find("OBJECT", name)` answers); 2. materials,
modifiers, constraints; 3. parents, animation and what was deferred with `later`.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import bpy

from ....records import Record

# Where bpy.data keeps each kind of datablock. Names on the left are `ID.id_type`.
HOMES = {
    "ACTION": "actions",
    "ARMATURE": "armatures",
    "BRUSH": "brushes",
    "CAMERA": "cameras",
    "COLLECTION": "collections",
    "CURVE": "curves",
    "CURVES": "hair_curves",
    "FONT": "fonts",
    "GREASEPENCIL": "grease_pencils",
    "IMAGE": "images",
    "KEY": "shape_keys",
    "LATTICE": "lattices",
    "LIGHT": "lights",
    "LIGHT_PROBE": "lightprobes",
    "MATERIAL": "materials",
    "MESH": "meshes",
    "META": "metaballs",
    "NODETREE": "node_groups",
    "OBJECT": "objects",
    "PARTICLE": "particles",
    "POINTCLOUD": "pointclouds",
    "SCENE": "scenes",
    "SOUND": "sounds",
    "SPEAKER": "speakers",
    "TEXT": "texts",
    "TEXTURE": "textures",
    "VOLUME": "volumes",
    "WORLD": "worlds",
}


class InjectError(RuntimeError):
    """Nothing was made: `record` names the record, `field` the part of it, `reason` says why."""

    def __init__(self, record: str, field: str, reason: str) -> None:
        super().__init__(f"{record}: {field}: {reason}")
        self.record = record
        self.field = field
        self.reason = reason


class Making:
    """One injection in progress. `makers`: id_type -> how such a datablock is made from what the record embeds."""

    def __init__(self, makers: "Mapping[str, Maker]", trust: bool = False, reuse_materials: bool = False) -> None:
        self.makers = makers
        self.trust = trust  # drivers whose expression needs Python are not muted
        self.reuse_materials = reuse_materials
        self.not_expressed: list[str] = []
        self._sentences: set[str] = set()
        self.record: Record | None = None  # the record being made now: its tables are in record.data
        self._path: list[str] = []
        self._created: list[tuple[str, Any]] = []
        self._by_name: dict[tuple[str, str, str], Any] = {}
        self._shared: dict[tuple[str, str, str], Any] = {}
        self._made_of: dict[tuple[str, int], tuple[Any, Any]] = {}
        self._asked: set[tuple[str, ...]] = set()
        self._later: list[tuple[Record | None, tuple[str, ...], Callable[[], None]]] = []

    # --- where we are, for errors and sentences

    @contextmanager
    def at(self, field: str) -> Iterator[None]:
        """`with making.at("modifiers"):` — an error inside is reported with this field."""
        self._path.append(field)
        try:
            yield
        except InjectError:
            raise
        except Exception as error:
            name = self.record.name if self.record else "?"
            raise InjectError(name, ".".join(self._path), _reason(error)) from error
        finally:
            self._path.pop()

    def cannot(self, what: str) -> None:
        """This Blender can't express `what`: one sentence part, e.g. "modifier type GREASE_PENCIL_TIME is unknown"."""
        name = self.record.name if self.record else "?"
        sentence = f"{name}: {'.'.join(self._path)}: {what}" if self._path else f"{name}: {what}"
        if sentence not in self._sentences:
            self._sentences.add(sentence)
            self.not_expressed.append(sentence)

    # --- creating and undoing

    def new(self, id_type: str, name: str, *args: Any, known_as: str | None = None, **kwargs: Any) -> Any:
        """bpy.data.<home>.new(name, ...), remembered for `undo` and, as `known_as` or `name`, for `find`."""
        made = getattr(bpy.data, HOMES[id_type]).new(name, *args, **kwargs)
        self.created(made)
        self.know(id_type, known_as if known_as is not None else name, made)
        return made

    def created(self, datablock: Any) -> None:
        """Remember a datablock that was made some other way, so that `undo` removes it."""
        self._created.append((datablock.id_type, datablock))

    def made(self, id_type: str) -> list[Any]:
        """What was created of this type, in order."""
        return [datablock for kind, datablock in self._created if kind == id_type]

    def undo(self) -> None:
        """Remove everything that was created."""
        self._later.clear()
        alive = [made for _, made in self._created if _is_alive(made)]
        if alive:
            bpy.data.batch_remove(alive)
        self._created.clear()
        self._by_name.clear()
        self._shared.clear()

    # --- finding by the name the record uses

    def know(self, id_type: str, name: str, datablock: Any) -> None:
        """Within this record's source file, `name` means `datablock`."""
        self._by_name[(self._scope(), id_type, name)] = datablock

    def find(self, id_type: str, name: str) -> Any | None:
        """The datablock that the current record means by `name`, or None if this injection made no such thing."""
        return self._by_name.get((self._scope(), id_type, name))

    def share(self, id_type: str, name: str, content: Any, make: Callable[[], Any]) -> Any:
        """Make a datablock once for all records that embed an equal one (same name, same content).

        `content` is anything JSON can say (with the arrays' bytes, hashed by the caller, where there are any).
        `make()` creates it through `new`.
        """
        text = json.dumps(content, sort_keys=True, default=str)
        key = (id_type, name, hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest())
        made = self._shared.get(key)
        if made is None:
            made = self._shared[key] = make()
        self.know(id_type, name, made)
        return made

    def remember(self, data: Any, made: Any) -> Any:
        """`made` was made of this very dict; returns `made`."""
        self._made_of[(self._scope(), id(data))] = (data, made)
        return made

    def recall(self, data: Any) -> Any | None:
        """What was made of this very dict, if it was."""
        return self._made_of.get((self._scope(), id(data)), (None, None))[1]

    def first_time(self, *what: str) -> bool:
        """Whether this is asked for the first time: quicker than looking through a long collection."""
        if what in self._asked:
            return False
        self._asked.add(what)
        return True

    # --- what must wait until everything exists

    def later(self, act: Callable[[], None]) -> None:
        """Run `act` when every record's datablocks exist; `record` and the field are then as they are now."""
        self._later.append((self.record, tuple(self._path), act))

    def finish(self) -> None:
        """Run what was deferred, in order; it may defer more."""
        while self._later:
            record, path, act = self._later.pop(0)
            self.record, kept = record, self._path
            self._path = list(path[:-1])
            with self.at(path[-1] if path else "record"):
                act()
            self._path = kept

    def _scope(self) -> str:
        if self.record is None:
            return ""
        return str((self.record.data.get("source") or {}).get("file") or "")


# (name in the record, the entry in the record's table, the injection) -> the datablock
Maker = Callable[[str, Any, Making], Any]


def _reason(error: Exception) -> str:
    """An exception's message, for a person who sees only the record."""
    if isinstance(error, KeyError):
        return f"there is no {error}"
    if isinstance(error, TypeError | AttributeError | IndexError | ValueError):
        return f"does not have the form described in docs/records.md ({error})"
    return str(error) or type(error).__name__


def _is_alive(datablock: Any) -> bool:
    try:
        return bool(datablock.name is not None)
    except ReferenceError:
        return False
