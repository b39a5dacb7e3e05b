"""The languages of the three schema crafts, built from a Blender's own description (trainer/schemas/).

Types and fields come from the schema; the tables here list what is left out, and why. `materials.py`, `modifiers.py`
and `motion.py` turn parts of a record into items and back; the grammar is in `items.py`.

    codec = MaterialsCodec()
    sequence = codec.encode_part(record.data["materials"][0])
    decoder = codec.decoder(max_items=24)              ... push tokens ...
    record = decoder.result("red paint")               an empty with that one material
"""

import functools
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ...records import FORMAT, Record
from .base import CodecError, Sequence, Spec
from .items import Item, ItemDecoder, Tokens, encode_items
from .language import Field, Language, Type, field_from_schema
from .materials import items_of_material, material_of_items
from .modifiers import items_of_stack, stack_of_items
from .motion import items_of_motion, motion_of_items

SCHEMAS = Path(__file__).resolve().parent.parent / "schemas"
REFERENCE = "5.0"  # the Blender whose names the models use; injection translates for the others

# Nodes that need a datablock or script that no model can generate, or output nodes of other kinds of trees.
NOT_SPOKEN = {
    "ShaderNodeGroup", "ShaderNodeScript", "ShaderNodeTexImage", "ShaderNodeTexEnvironment", "ShaderNodeTexIES",
    "ShaderNodeOutputWorld", "ShaderNodeOutputLight", "ShaderNodeOutputLineStyle", "ShaderNodeOutputAOV",
    "ShaderNodeUVAlongStroke", "ShaderNodeBackground",
}  # fmt: skip
# Modifiers that depend on a simulation, a cache or another file.
NOT_STACKED = {
    "CLOTH", "COLLISION", "DYNAMIC_PAINT", "FLUID", "MESH_CACHE", "MESH_SEQUENCE_CACHE", "MULTIRES", "PARTICLE_SYSTEM",
    "SOFT_BODY", "SURFACE",
}  # fmt: skip
# Nodes whose value is stored in their output.
SPOKEN_BY_OUTPUT = {
    "ShaderNodeRGB": [Field("out/Color", "colour", [0.5, 0.5, 0.5, 1.0], size=4)],
    "ShaderNodeValue": [Field("out/Value", "wide", 0.5)],
}
# Settings of a material that change renders; the rest is for the viewport or older versions.
LOOK = {
    "surface_render_method", "displacement_method", "use_backface_culling", "use_raytrace_refraction", "thickness_mode",
}  # fmt: skip
RAMPS = ("EASE", "CARDINAL", "LINEAR", "B_SPLINE", "CONSTANT")
# UI settings that every modifier has, unrelated to the mesh.
SHOWN = {"show_viewport", "show_render", "show_in_editmode", "show_on_cage"}


@functools.cache
def schema(version: str = REFERENCE) -> dict[str, Any]:
    result: dict[str, Any] = json.loads((SCHEMAS / f"schema-{version}.json").read_text(encoding="utf-8"))
    return result


def schema_hash(version: str = REFERENCE) -> str:
    return hashlib.sha256((SCHEMAS / f"schema-{version}.json").read_bytes()).hexdigest()[:12]


def _fields(
    entries: list[dict[str, Any]], prefix: str, without: frozenset[str] | set[str] = frozenset()
) -> list[Field]:
    made = [field_from_schema(entry, prefix) for entry in entries if entry["id"] not in without]
    return [field for field in made if field is not None]


def _offered(node: str, field: Field) -> Field:
    """Without enum items that RNA lists but shader trees do not offer; they come last, so no other one is
    renumbered."""
    if (node, field.name) == ("ShaderNodeMix", "prop/data_type"):
        return replace(field, items=tuple(item for item in field.items if item != "ROTATION"))
    return field


@functools.cache
def materials_language() -> Language:
    """MATERIAL has what belongs to the whole material; then nodes, each after those it takes its inputs from."""
    described = schema()
    look = [entry for entry in described["material"]["props"] if entry["id"] in LOOK]
    types = [Type("MATERIAL", tuple(_fields(look, "prop/")))]
    for name, node in sorted(described["nodes"].items()):
        if name in NOT_SPOKEN:
            continue
        row: tuple[Field, ...] = ()
        own = SPOKEN_BY_OUTPUT.get(name, [])
        if node.get("ramp"):
            row = (Field("position", "factor"), Field("color", "colour", size=4))
            own = [Field("ramp/interpolation", "enum", "LINEAR", items=RAMPS)]
        without = {"is_active_output"}
        material_fields = [_offered(name, field) for field in _fields(node["props"], "prop/", without)]
        fields = tuple(own + material_fields + _fields(node["inputs"], "in/"))
        outputs = tuple((output["id"], output["socket"]) for output in node["outputs"])
        types.append(Type(name, fields, outputs, row, min_rows=len(row) and 1))
    return Language(tuple(types), last="ShaderNodeOutputMaterial")


@functools.cache
def modifiers_language() -> Language:
    described = schema()["modifiers"]
    kinds = [(name, kind) for name, kind in sorted(described.items()) if name not in NOT_STACKED]
    return Language(tuple(Type(name, tuple(_fields(kind["props"], "prop/", SHOWN))) for name, kind in kinds))


@functools.cache
def animation_language() -> Language:
    """A type per channel (location.0: along x); a row per keyframe: frames since the last, value, interpolation."""
    described = schema()["animation"]
    ways = {"location": "wide", "rotation_euler": "angle", "rotation_quaternion": "wide", "scale": "wide"}
    fields = (
        Field("start", "whole", default=1),
        Field("extrapolation", "enum", default="CONSTANT", items=tuple(described["extrapolation"])),
        Field("cycles", "bool", default=False),
    )
    types = []
    for path, entry in sorted(described["paths"].items()):
        row = (
            Field("frames", "byte", low=0, high=255),
            Field("value", ways[path]),
            Field("interpolation", "enum", items=tuple(described["interpolation"])),
        )
        types += [Type(f"{path}.{axis}", fields, row=row, min_rows=1) for axis in range(entry["size"])]
    return Language(tuple(types))


class SchemaCodec:
    """One craft: `part` gets its part of a record, `read` turns it into items, `write` turns items into a record's
    data."""

    name: str
    version = 1
    part: Callable[[Record], Any]
    make_language: Callable[[], Language]
    read: Callable[[Any, set[str]], tuple[list[Item], dict[str, int]]]
    write: Callable[[list[Item], str], tuple[dict[str, Any], dict[str, np.ndarray]]]

    def __init__(self, schema: str | None = None) -> None:
        """`schema`: the hash of the schema that a checkpoint was trained with; another one is refused."""
        if schema is not None and schema != schema_hash():
            raise CodecError(f"the {self.name} schema changed since this was trained ({schema}, now {schema_hash()})")
        self.language = type(self).make_language()
        self.tokens = Tokens(self.language)
        self.spec: Spec = self.tokens.spec(self.name, type(self).version, (), {"schema": schema_hash()})
        self.type_names = {type.name for type in self.language.types}

    def encode_part(self, part: Any) -> Sequence:
        items, notes = type(self).read(part, self.type_names)
        sequence = encode_items(self.tokens, items)
        sequence.notes |= notes
        return sequence

    def encode_record(self, record: Record) -> Sequence:
        return self.encode_part(type(self).part(record))

    def decoder(self, max_items: int = 32, **_: Any) -> "PartDecoder":
        return PartDecoder(self, max_items)


class PartDecoder(ItemDecoder):
    """The grammar of items, with a record as the result."""

    def __init__(self, codec: SchemaCodec, max_items: int) -> None:
        super().__init__(codec.tokens, max_items)
        self.codec = codec

    def result(self, name: str = "generated", **data: Any) -> Record:
        """An empty that carries what was generated: `materials`, `modifiers`, or `animation` with its `actions`."""
        items = self.items if self.finished or self._kind is None else self.items[:-1]
        made, arrays = type(self.codec).write(items, name)
        return Record({"format": FORMAT, "kind": "empty", "name": name, **data, **made}, arrays)


class MaterialsCodec(SchemaCodec):
    """A record's first material."""

    name = "materials"
    part = staticmethod(lambda record: (record.data.get("materials") or [{}])[0] or {})
    make_language = staticmethod(materials_language)
    read = staticmethod(items_of_material)
    write: Any = staticmethod(lambda items, name: ({"materials": [material_of_items(items, name)]}, {}))


class ModifiersCodec(SchemaCodec):
    """A record's modifier stack."""

    name = "modifiers"
    part = staticmethod(lambda record: record.data.get("modifiers") or [])
    make_language = staticmethod(modifiers_language)
    read = staticmethod(items_of_stack)
    write: Any = staticmethod(lambda items, name: ({"modifiers": stack_of_items(items)}, {}))


class AnimationCodec(SchemaCodec):
    """The animation of a record's object."""

    name = "animation"
    version = 2  # distances are in units of the moving object's size
    part = staticmethod(lambda record: record)
    make_language = staticmethod(animation_language)
    read = staticmethod(items_of_motion)
    write = staticmethod(motion_of_items)
