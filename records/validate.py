"""What a record may hold: shapes, dtypes and indices are checked, so that what passes can be injected without harm."""

from typing import Any

import numpy as np

from .record import ATTRIBUTE_TYPES, FORMAT, Record, RecordError

DOMAINS = {"POINT": "vertices", "EDGE": "edges", "FACE": "faces", "CORNER": "corners"}
ROTATION_MODES = ("QUATERNION", "XYZ", "XZY", "YXZ", "YZX", "ZXY", "ZYX", "AXIS_ANGLE")
TRANSFORM_LENGTHS = {
    "location": 3,
    "rotation": 3,
    "rotation_quaternion": 4,
    "rotation_axis_angle": 4,
    "scale": 3,
    "delta_location": 3,
    "delta_rotation": 3,
    "delta_rotation_quaternion": 4,
    "delta_scale": 3,
}
# Lists and dicts of the record, and what their entries must be.
SHAPES: dict[str, tuple[type, type]] = {
    "modifiers": (list, dict),
    "constraints": (list, dict),
    "pose": (list, dict),
    "collections": (list, list),
    "node_groups": (dict, dict),
    "actions": (dict, dict),
    "images": (dict, dict),
    "textures": (dict, dict),
    "used_materials": (dict, dict),
    "others": (dict, dict),
    "collection_settings": (dict, dict),
    "source": (dict, object),
    "settings": (dict, object),
    "instance": (dict, object),
    "force_field": (dict, object),
    "custom": (dict, object),
    "custom_limits": (dict, dict),
    "mesh": (dict, object),
    "armature": (dict, object),
    "data": (dict, object),
    "animation": (dict, object),
    "material_links": (list, str),
    "asset": (dict, object),
    "notes": (list, str),
}


def validate(record: Record) -> None:
    """Raise RecordError naming the first invalid field, and why.

    Shapes, dtypes and indices are verified: what passes can be injected without harm. Numbers may be NaN or infinite
    (see `not_finite`), since real files hold such numbers too. It costs a few passes over the index arrays.
    """
    data, arrays = record.data, record.arrays
    if not isinstance(data, dict):
        raise RecordError("data", f"must be a dict, is {type(data).__name__}")
    for key in ("name", "kind"):
        if not isinstance(data.get(key), str) or not data[key]:
            raise RecordError(key, "must be text that is not empty")
    if isinstance(data.get("format"), int) and data["format"] > FORMAT:
        raise RecordError("format", f"{data['format']} is newer than this program's {FORMAT}; update Meshkiln")
    for key, array in arrays.items():
        if not isinstance(array, np.ndarray):
            raise RecordError(key, f"must be a numpy array, is {type(array).__name__}")
    for key, (outer, inner) in SHAPES.items():
        _check_shape(data.get(key), key, outer, inner)
    _check_transform(data.get("transform"))
    _check_materials(data.get("materials"))
    for path in data.get("collections") or []:
        if not _is_text(path[1:]) or not (path[:1] == [None] or _is_text(path[:1])):
            raise RecordError("collections", f"{path!r} is not a path of names; only the first may be null")
        if path == [None]:
            raise RecordError("collections", "a path that is in no scene needs a name after null")
    parent = data.get("parent")
    if parent is not None and not (isinstance(parent, dict) and isinstance(parent.get("name"), str)):
        raise RecordError("parent", "must be null or have the name of the parent")
    for index, modifier in enumerate(data.get("modifiers") or []):
        if not isinstance(modifier.get("type"), str):
            raise RecordError(f"modifiers[{index}].type", "must be text such as 'MIRROR'")
    if data["kind"] == "mesh":
        _check_mesh(data.get("mesh"), arrays)
    elif data["kind"] == "armature":
        _check_bones(data.get("armature"))


def _is_text(values: list[Any]) -> bool:
    return all(isinstance(value, str) for value in values)


def not_finite(record: Record) -> list[str]:
    """A sentence for each float array that holds NaN or infinity."""
    sentences = []
    for key, array in record.arrays.items():
        if array.dtype.kind == "f" and array.size and not np.isfinite(array).all():
            wrong = int(np.count_nonzero(~np.isfinite(array)))
            sentences.append(f"{key}: {wrong} of {array.size} numbers are NaN or infinite")
    return sentences


def _check_shape(value: Any, key: str, outer: Any, inner: Any) -> None:
    if value is None:
        return
    if not isinstance(value, outer):
        raise RecordError(key, f"must be a {outer.__name__}, is {type(value).__name__}")
    for name in value if outer is dict else range(len(value)):
        entry = value[name]
        if not isinstance(entry, inner):
            raise RecordError(f"{key}[{name!r}]", f"must be a {inner.__name__}, is {type(entry).__name__}")


def _check_transform(transform: Any) -> None:
    if transform is None:
        return
    if not isinstance(transform, dict):
        raise RecordError("transform", f"must be a dict, is {type(transform).__name__}")
    for key, length in TRANSFORM_LENGTHS.items():
        if key in transform:
            numbers(transform[key], length, f"transform.{key}")
    for key in ("parent_inverse", "world"):
        matrix = transform.get(key)
        if matrix is not None:
            if not isinstance(matrix, list) or len(matrix) != 4:
                raise RecordError(f"transform.{key}", "must be four rows of four numbers")
            for row in matrix:
                numbers(row, 4, f"transform.{key}")
    mode = transform.get("rotation_mode", "XYZ")
    if mode not in ROTATION_MODES:
        raise RecordError("transform.rotation_mode", f"{mode!r} is none of {', '.join(ROTATION_MODES)}")


def numbers(value: Any, length: int, field: str) -> list[float]:
    """`value` as a list of `length` floats, or a RecordError about `field`."""
    if not isinstance(value, list | tuple) or len(value) != length:
        raise RecordError(field, f"must be {length} numbers")
    for number in value:
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise RecordError(field, f"must be {length} numbers, holds {number!r}")
    return [float(number) for number in value]


def _check_materials(materials: Any) -> None:
    if materials is None:
        return
    if not isinstance(materials, list):
        raise RecordError("materials", "must be a list with one entry per slot")
    for index, material in enumerate(materials):
        where = f"materials[{index}]"
        if material is None:
            continue
        if not isinstance(material, dict) or not isinstance(material.get("name"), str):
            raise RecordError(where, "must be null or a material with a name")
        plain = material.get("plain")
        if plain is None:
            continue
        if not isinstance(plain, dict):
            raise RecordError(f"{where}.plain", "must be a dict")
        for key in ("base_color", "emission"):
            if key in plain:
                numbers(plain[key], 3, f"{where}.plain.{key}")
        for key in ("roughness", "metallic", "alpha", "transmission"):
            if key in plain and (isinstance(plain[key], bool) or not isinstance(plain[key], int | float)):
                raise RecordError(f"{where}.plain.{key}", f"must be a number, is {plain[key]!r}")


def _check_mesh(mesh: Any, arrays: dict[str, np.ndarray]) -> None:
    mesh = mesh or {}
    if not isinstance(mesh.get("name", ""), str):
        raise RecordError("mesh.name", "must be text")
    positions = _array(arrays, "mesh/position", np.float32, (3,))
    starts = _array(arrays, "mesh/loop_start", np.int32)
    corners = _array(arrays, "mesh/corner_vert", np.int32)
    _check_faces(starts, corners, "mesh/")
    _in_range(corners, len(positions), "mesh/corner_vert", "vertices")
    counts = {"POINT": len(positions), "FACE": len(starts), "CORNER": len(corners)}
    if "mesh/edges" in arrays:
        edges = _array(arrays, "mesh/edges", np.int32, (2,))
        counts["EDGE"] = len(edges)
        _in_range(edges, len(positions), "mesh/edges", "vertices")
        if "mesh/corner_edge" in arrays:
            corner_edge = _array(arrays, "mesh/corner_edge", np.int32, count=len(corners))
            _in_range(corner_edge, len(edges), "mesh/corner_edge", "edges")
    if "mesh/material_index" in arrays:
        index = _array(arrays, "mesh/material_index", np.int32, count=len(starts))
        _in_range(index, 32768, "mesh/material_index", "possible slots")
    if "mesh/corner_normal" in arrays:
        _array(arrays, "mesh/corner_normal", np.float32, (3,), len(corners))
    _check_attributes(mesh.get("attributes"), arrays, counts)
    _check_groups(mesh.get("vertex_groups"), arrays, len(positions))
    _check_shape_keys(mesh.get("shape_keys"), arrays, len(positions))
    _check_evaluated(arrays, len(starts))
    for key, dtype, shape in (("radius", np.float32, (2,)), ("root", np.bool_, ()), ("loose", np.bool_, ())):
        if "mesh/skin/radius" in arrays:
            _array(arrays, f"mesh/skin/{key}", dtype, shape, len(positions))


def _check_evaluated(arrays: dict[str, np.ndarray], faces: int) -> None:
    """The mesh as the modifiers leave it, and the slots as textures paint them: see docs/records.md."""
    if "evaluated/position" in arrays:
        positions = _array(arrays, "evaluated/position", np.float32, (3,))
        starts = _array(arrays, "evaluated/loop_start", np.int32)
        corners = _array(arrays, "evaluated/corner_vert", np.int32)
        _check_faces(starts, corners, "evaluated/")
        _in_range(corners, len(positions), "evaluated/corner_vert", "vertices")
        faces = len(starts)
    if "evaluated/material_index" in arrays:
        index = _array(arrays, "evaluated/material_index", np.int32, count=faces)
        _in_range(index, 32768, "evaluated/material_index", "possible slots")


def _check_faces(starts: np.ndarray, corners: np.ndarray, prefix: str) -> None:
    if len(starts):
        if starts[0] != 0:
            raise RecordError(f"{prefix}loop_start", f"the first face must start at corner 0, not {int(starts[0])}")
        sizes = np.diff(starts, append=np.int32(len(corners)))
        if sizes.min() < 3:
            face = int(sizes.argmin())
            reason = f"face {face} has {int(sizes[face])} corners; a face has at least 3"
            raise RecordError(f"{prefix}loop_start", reason)
    elif len(corners):
        raise RecordError(f"{prefix}corner_vert", f"there are {len(corners)} corners but no face")


def _check_attributes(attributes: Any, arrays: dict[str, np.ndarray], counts: dict[str, int]) -> None:
    _check_shape(attributes, "mesh.attributes", list, dict)
    for index, entry in enumerate(attributes or []):
        where = f"mesh.attributes[{index}]"
        if not isinstance(entry.get("name"), str):
            raise RecordError(f"{where}.name", "must be text")
        if not isinstance(entry.get("type"), str) or entry["type"] not in ATTRIBUTE_TYPES:
            raise RecordError(f"{where}.type", f"{entry.get('type')!r} is none of {', '.join(ATTRIBUTE_TYPES)}")
        if not isinstance(entry.get("domain"), str) or entry["domain"] not in DOMAINS:
            raise RecordError(f"{where}.domain", f"{entry.get('domain')!r} is none of {', '.join(DOMAINS)}")
        if entry["domain"] not in counts:
            raise RecordError(f"{where}.domain", "is EDGE, but the record has no edges")
        dtype, shape, _ = ATTRIBUTE_TYPES[entry["type"]]
        key, count = entry.get("key"), counts[entry["domain"]]
        if not isinstance(key, str):
            raise RecordError(f"{where}.key", "must name an array")
        if entry["type"] == "STRING":
            texts = _array(arrays, key, np.uint8)
            ends = _array(arrays, f"{key}/end", np.int32, count=count)
            if count and (ends[0] < 0 or (np.diff(ends) < 0).any() or ends[-1] > len(texts)):
                raise RecordError(f"{key}/end", f"must rise from 0 to {len(texts)}")
        else:
            _array(arrays, key, dtype, shape, count)


def _check_groups(
    groups: Any, arrays: dict[str, np.ndarray], vertices: int, prefix: str = "mesh/vertex_group/"
) -> None:
    _check_shape(groups, "mesh.vertex_groups", list, dict)
    if not groups or prefix + "vertex" not in arrays:
        return
    vertex = _array(arrays, prefix + "vertex", np.int32)
    _in_range(vertex, vertices, prefix + "vertex", "vertices")
    _in_range(_array(arrays, prefix + "group", np.int32, count=len(vertex)), len(groups), prefix + "group", "groups")
    _array(arrays, prefix + "weight", np.float32, count=len(vertex))
    if len(vertex) and (np.diff(vertex) < 0).any():
        raise RecordError(prefix + "vertex", "must be in rising order")


def _check_shape_keys(keys: Any, arrays: dict[str, np.ndarray], vertices: int) -> None:
    if not keys:
        return
    if not isinstance(keys, dict) or not isinstance(keys.get("blocks"), list):
        raise RecordError("mesh.shape_keys", "must have a list of blocks")
    _check_shape(keys["blocks"], "mesh.shape_keys.blocks", list, dict)
    for index, block in enumerate(keys["blocks"]):
        if not isinstance(block.get("name"), str):
            raise RecordError(f"mesh.shape_keys.blocks[{index}].name", "must be text")
        _array(arrays, f"mesh/shape_key/{index}", np.float32, (3,), vertices)
        relative = block.get("relative", 0)
        if not isinstance(relative, int) or not 0 <= relative < len(keys["blocks"]):
            raise RecordError(f"mesh.shape_keys.blocks[{index}].relative", "points at no block")


def _check_bones(armature: Any) -> None:
    _check_shape((armature or {}).get("bones"), "armature.bones", list, dict)
    names: set[str] = set()
    for index, bone in enumerate((armature or {}).get("bones") or []):
        where = f"armature.bones[{index}]"
        if not isinstance(bone.get("name"), str):
            raise RecordError(f"{where}.name", "must be text")
        parent = bone.get("parent")
        if parent is not None and not (isinstance(parent, str) and parent in names):
            raise RecordError(f"{where}.parent", f"{parent!r} is not a bone that comes before it")
        names.add(bone["name"])
        numbers(bone.get("head"), 3, f"{where}.head")
        numbers(bone.get("tail"), 3, f"{where}.tail")


def _array(
    arrays: dict[str, np.ndarray], key: str, dtype: type, shape: tuple[int, ...] = (), count: int | None = None
) -> np.ndarray:
    if key not in arrays:
        raise RecordError(key, "is missing")
    array = arrays[key]
    if array.dtype != dtype or array.shape[1:] != shape or array.ndim != 1 + len(shape):
        wanted = f"{np.dtype(dtype)} of shape ({'n' if count is None else count}{''.join(f', {n}' for n in shape)})"
        raise RecordError(key, f"must be {wanted}, is {array.dtype} of shape {array.shape}")
    if count is not None and len(array) != count:
        raise RecordError(key, f"must have {count} entries, has {len(array)}")
    return array


def _in_range(indices: np.ndarray, count: int, key: str, what: str) -> None:
    if not indices.size:
        return
    low, high = int(indices.min()), int(indices.max())
    if low < 0 or high >= count:
        raise RecordError(key, f"points at {low if low < 0 else high}, but there are {count} {what}")
