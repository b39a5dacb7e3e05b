"""What an asset is and how it lies on disk: records, their plain JSON form, shards, datasets. numpy only.

`from meshkiln.records import Record` is the entry point for records in memory; for records on disk see `tensors` (one
file of arrays), `shards` (many records in two files) and `dataset` (a folder with a catalogue).
"""

from .plainform import from_plain, to_plain
from .record import ATTRIBUTE_TYPES, FORMAT, Record, RecordError, array_key, mesh_record, plain_material
from .validate import not_finite, validate

__all__ = [
    "ATTRIBUTE_TYPES",
    "FORMAT",
    "Record",
    "RecordError",
    "array_key",
    "from_plain",
    "mesh_record",
    "not_finite",
    "plain_material",
    "to_plain",
    "validate",
]
