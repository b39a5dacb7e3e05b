"""Two lists of records, value by value: what agrees and what differs. It knows nothing of Blender.

Every leaf of the dict is a value, every array is one; floats must be the same number, arrays the same bytes. Ignored:
where a record came from, and what Blender computes from the rest.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..records import Record

# Where it came from, and what follows from other fields.
LEFT_OUT = {"format", "label", "source", "blender", "notes", "size", "was", "asset"}
LEFT_OUT_DEEPER = {("transform", "world"), ("mesh", "was")}
# Blender keeps bones relative to their parents: converting back costs the last bits of a float.
BONE_TOLERANCE = 1e-5
BONE_FIELDS = {"head", "tail", "roll"}
ORDERED = {"modifiers", "constraints", "blocks", "vertex_groups"}  # lists whose order counts
NORMAL_TOLERANCE = 1e-3
MOST_TOLD = 200


@dataclass
class Comparison:
    """`values` were compared, `equal` agree; `differences` lists the others (the first 200)."""

    values: int = 0
    equal: int = 0
    geometry_equal: bool = True
    differences: list[str] = field(default_factory=list)

    def add(self, path: str, ours: Any, theirs: Any, same: bool, geometry: bool = False) -> None:
        self.values += 1
        self.equal += same
        if not same:
            self.geometry_equal &= not geometry
            if len(self.differences) < MOST_TOLD:
                self.differences.append(f"{path}: {_brief(ours)} became {_brief(theirs)}")


ABSENT = object()


def compare(before: Sequence[Record], after: Sequence[Record]) -> Comparison:
    """Records are matched by name; one that is missing counts all its values as different."""
    comparison = Comparison()
    others = {record.name: record for record in after}
    for record in before:
        other = others.pop(record.name, None)
        _compare_record(record, other, comparison)
    for record in others.values():
        comparison.add(record.name, ABSENT, record.kind, False)
    return comparison


def _compare_record(record: Record, other: Record | None, comparison: Comparison) -> None:
    ours = dict(_leaves(_own_data(record)))
    theirs = dict(_leaves(_own_data(other))) if other else {}
    for path in [*ours, *(path for path in theirs if path not in ours)]:
        a, b = ours.get(path, ABSENT), theirs.get(path, ABSENT)
        geometry = path[0] == "mesh" and path[1:2] in (("attributes",), ("vertex_groups",), ("uv",), ("color",))
        comparison.add(f"{record.name}: {'.'.join(map(str, path))}", a, b, _same(path, a, b), geometry)
    arrays, other_arrays = record.arrays, other.arrays if other else {}
    for key in [*arrays, *(key for key in other_arrays if key not in arrays)]:
        if key == "mesh/corner_normal" and "mesh/attribute/custom_normal" in arrays:
            continue  # computed from that attribute
        if key.startswith("evaluated/"):
            continue  # computed by modifiers and textures from the rest
        a, b = arrays.get(key), other_arrays.get(key)
        if key == "mesh/corner_normal" and a is not None and b is not None and a.shape == b.shape:
            # before 4.5 only these can be read, and Blender packs what it is given
            b = a if np.allclose(a, b, rtol=0.0, atol=NORMAL_TOLERANCE) else b
        same = a is not None and b is not None and _same_array(a, b)
        comparison.add(f"{record.name}: {key}", _shape(a), _shape(b, a), same, key.startswith("mesh/"))


def _own_data(record: Record) -> dict[str, Any]:
    data = {key: value for key, value in record.data.items() if key not in LEFT_OUT}
    for outer, inner in LEFT_OUT_DEEPER:
        if isinstance(data.get(outer), dict):
            data[outer] = {key: value for key, value in data[outer].items() if key != inner}
    return data


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every value with its path. Named items of a list are matched by name: their order does not count, except for
    modifiers and constraints."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
        if not value and path:
            yield path, {}
    elif isinstance(value, list) and value and path[-1] == "links":
        yield from _links(value, path)
    elif isinstance(value, list) and value and not _is_vector(value):
        names = [_name(inner) for inner in value] if path[-1] not in ORDERED else [None]
        named = None not in names and len(set(names)) == len(names)
        for index, inner in enumerate(value):
            yield from _leaves(inner, (*path, names[index] if named else index))
    elif value is not None:
        yield path, value


def _links(links: list[Any], path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """A node tree's links by their target; the order counts only among links to the same socket."""
    seen: dict[tuple[Any, ...], int] = {}
    for link in links:
        end = tuple(link[2:4])
        seen[end] = seen.get(end, -1) + 1
        yield (*path, *end, seen[end]), link


def _is_vector(value: list[Any]) -> bool:
    return all(isinstance(part, int | float | str) or part is None for part in value)


def _name(value: Any) -> Any:
    if not isinstance(value, dict):
        return None
    name = value.get("name", value.get("id"))
    return name if isinstance(name, str) else None


def _same(path: tuple[Any, ...], a: Any, b: Any) -> bool:
    if a is ABSENT or b is ABSENT:
        return False
    if "bones" in path and path[-1] in BONE_FIELDS:
        return bool(np.allclose(a, b, rtol=BONE_TOLERANCE, atol=BONE_TOLERANCE, equal_nan=True))
    if isinstance(a, float) and isinstance(b, float):
        return a == b or (a != a and b != b)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(_same((), x, y) for x, y in zip(a, b))
    return type(a) is type(b) and bool(a == b) or (a == b and not isinstance(a, bool) and not isinstance(b, bool))


def _same_array(a: np.ndarray, b: np.ndarray) -> bool:
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


def _shape(array: np.ndarray | None, other: np.ndarray | None = None) -> Any:
    if array is None:
        return ABSENT
    if other is not None and array.shape == other.shape and array.dtype == other.dtype:
        different = np.flatnonzero((array != other).reshape(-1))
        return f"{len(different)} of {array.size} numbers different"
    return f"{array.dtype}{list(array.shape)}"


def _brief(value: Any) -> str:
    if value is ABSENT:
        return "nothing"
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 90 else text[:87] + "..."
