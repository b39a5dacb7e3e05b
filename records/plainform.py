"""The plain JSON form of records: what a person writes by hand, or another program writes.

    {"objects": [{"name", "mesh": {"vertices", "faces", "normals"}, "modifiers": [{"type": "MIRROR", ...}],
      "materials": [{"name", "type": "PBR", "base_color", "roughness", "metallic"}],
      "transforms": {"location", "rotation", "scale"}}]}

It holds less than a record; what it holds survives a round trip unchanged. Use it as `records.from_plain` and
`records.to_plain`.
"""

import json
import math
import reprlib
from pathlib import Path
from typing import Any

import numpy as np

from .record import FORMAT, Record, RecordError, array_key, plain_material
from .validate import validate

COLOURS = ("base_color", "emission")
VALUES = ("roughness", "metallic", "alpha", "transmission")
LARGEST = float(np.finfo(np.float32).max)
MOST_SLOTS = 32_767  # Blender keeps a face's material slot in 16 bits


class PlainFileError(ValueError):
    """A file that holds no records in the plain form: `reason` says why, the message has the path before it."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.reason = reason


def read_plain(path: Path) -> list[Record]:
    """The records of a JSON file in the plain form; PlainFileError for a file that is none or cannot be read."""
    try:
        return from_plain(json.loads(path.read_text(encoding="utf-8-sig")))
    except OSError as error:
        raise PlainFileError(path, f"cannot be read ({error.strerror or error})") from error
    except RecordError as error:
        raise PlainFileError(path, str(error)) from error
    except RecursionError as error:
        raise PlainFileError(path, "is nested too deeply") from error
    except ValueError as error:
        raise PlainFileError(path, f"is not a JSON file ({error})") from error


def from_plain(obj: Any) -> list[Record]:
    """Records from the plain form; RecordError names the field, as in "objects[0].mesh.faces[3]".

    Faces are lists of three or more vertex indices. `normals` are per vertex or per corner (faces in order).
    Rotations are XYZ Euler angles in radians, or a quaternion where four numbers are given. Optional beyond the
    form: "label", "parent", mesh "edges" (loose ones), "material_indices" (per face), "smooth" (all or per face),
    "uv_maps" {name: [[u, v] per corner]}; material "alpha", "transmission", "emission".
    """
    if not isinstance(obj, dict) or not isinstance(obj.get("objects"), list):
        raise RecordError("objects", "must be a list of objects")
    records = [_object(entry, f"objects[{index}]") for index, entry in enumerate(obj["objects"])]
    for index, record in enumerate(records):
        try:
            validate(record)
        except RecordError as error:
            raise RecordError(f"objects[{index}].{error.field}", error.reason) from None
    return records


def to_plain(records: list[Record]) -> dict[str, Any]:
    """The plain form of `records`; what it can't express (node trees, keyframes, weights) is left out."""
    return {"objects": [_plain_object(record) for record in records]}


# --- reading


def _object(entry: Any, where: str) -> Record:
    if not isinstance(entry, dict):
        raise RecordError(where, f"must be an object, is {type(entry).__name__}")
    name = _name(entry.get("name", "Object"), f"{where}.name")
    arrays: dict[str, np.ndarray] = {}
    data: dict[str, Any] = {"format": FORMAT, "kind": "empty", "name": name}
    if entry.get("label") is not None:
        data["label"] = _text(entry["label"], f"{where}.label")
    if entry.get("parent") is not None:
        data["parent"] = {"name": _name(entry["parent"], f"{where}.parent"), "type": "OBJECT"}
    data["transform"] = _transform(entry.get("transforms", entry.get("transform")), f"{where}.transforms")
    if entry.get("mesh") is not None:
        data["kind"] = "mesh"
        data["mesh"] = _mesh(entry["mesh"], arrays, f"{where}.mesh")
        data["mesh"]["name"] = name
    materials = _list(entry.get("materials"), f"{where}.materials")
    data["materials"] = [_material(m, f"{where}.materials[{i}]") for i, m in enumerate(materials)]
    modifiers = _list(entry.get("modifiers"), f"{where}.modifiers")
    data["modifiers"] = [_modifier(m, f"{where}.modifiers[{i}]") for i, m in enumerate(modifiers)]
    return Record(data, arrays)


def _list(value: Any, where: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise RecordError(where, f"must be a list, is {type(value).__name__}")
    return value


def _text(value: Any, where: str) -> str:
    """The value, if it is text that can be written as UTF-8."""
    if not isinstance(value, str):
        raise RecordError(where, f"must be text, is {type(value).__name__}")
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise RecordError(where, f"contains a character that is not valid text: {reprlib.repr(value)}")
    return value


def _name(value: Any, where: str) -> str:
    if not _text(value, where):
        raise RecordError(where, "must be text that is not empty")
    return str(value)


def _numbers(value: Any, count: int, where: str) -> list[float]:
    """The value as a list of so many floats; all must fit a float32."""
    wanted = f"must be {count} numbers" if count > 1 else "must be a number"
    if not isinstance(value, list) or len(value) != count:
        raise RecordError(where, f"{wanted}, is {reprlib.repr(value)}")
    for number in value:
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise RecordError(where, f"{wanted}, holds {reprlib.repr(number)}")
        if not -LARGEST <= number <= LARGEST:  # false for NaN, and works for integers of any length
            raise RecordError(where, f"holds {reprlib.repr(number)}; numbers must be finite and fit a float32")
    return [float(number) for number in value]


def _value(value: Any, where: str) -> Any:
    """Any JSON value whose numbers are finite and fit 64 bits, and whose texts can be written."""
    if isinstance(value, str):
        return _text(value, where)
    if isinstance(value, list):
        return [_value(entry, f"{where}[{index}]") for index, entry in enumerate(value)]
    if isinstance(value, dict):
        return {_text(key, where): _value(entry, f"{where}.{_text(key, where)}") for key, entry in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        raise RecordError(where, f"holds {value!r}; numbers must be finite")
    if isinstance(value, int) and not -(1 << 63) <= value < 1 << 63:
        raise RecordError(where, f"holds {reprlib.repr(value)}; whole numbers must fit 64 bits")
    return value


def _transform(entry: Any, where: str) -> dict[str, Any]:
    if entry is None:
        return {}
    if not isinstance(entry, dict):
        raise RecordError(where, f"must be an object, is {type(entry).__name__}")
    transform: dict[str, Any] = {}
    for key in ("location", "scale"):
        if key in entry:
            transform[key] = _numbers(entry[key], 3, f"{where}.{key}")
    rotation = entry.get("rotation")
    if isinstance(rotation, list) and len(rotation) == 4:
        transform["rotation_mode"] = "QUATERNION"
        transform["rotation_quaternion"] = _numbers(rotation, 4, f"{where}.rotation")
    elif rotation is not None:
        transform["rotation"] = _numbers(rotation, 3, f"{where}.rotation")
    return transform


def _mesh(entry: Any, arrays: dict[str, np.ndarray], where: str) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise RecordError(where, f"must be an object, is {type(entry).__name__}")
    mesh: dict[str, Any] = {"attributes": []}
    positions = _table(entry.get("vertices", []), 3, f"{where}.vertices")
    starts, corners = _faces(entry.get("faces", []), len(positions), f"{where}.faces")
    arrays["mesh/position"], arrays["mesh/loop_start"], arrays["mesh/corner_vert"] = positions, starts, corners
    if entry.get("edges"):
        edges = _edges(entry["edges"], len(positions), f"{where}.edges")
        arrays["mesh/edges"] = _all_edges(edges, starts, corners)
    if entry.get("normals"):
        normals = _table(entry["normals"], 3, f"{where}.normals")
        if len(normals) not in (len(positions), len(corners)):
            counts = f"{len(positions)} vertices or {len(corners)} corners"
            raise RecordError(f"{where}.normals", f"there are {len(normals)}; there must be one for each of {counts}")
        mesh["normals"] = "vertex" if len(normals) == len(positions) else "corner"
        arrays["mesh/corner_normal"] = normals[corners] if mesh["normals"] == "vertex" else normals
    if entry.get("material_indices"):
        slots = _column(entry["material_indices"], len(starts), MOST_SLOTS, f"{where}.material_indices")
        arrays["mesh/material_index"] = slots
    _smooth(entry.get("smooth", False), len(starts), mesh, arrays, where)
    uv_maps = entry.get("uv_maps") or {}
    if not isinstance(uv_maps, dict):
        raise RecordError(f"{where}.uv_maps", f"must be an object, is {type(uv_maps).__name__}")
    for name, uv in uv_maps.items():
        key = f"mesh/attribute/{array_key(_name(name, f'{where}.uv_maps'))}"
        arrays[key] = _table(uv, 2, f"{where}.uv_maps.{name}")
        mesh["attributes"].append({"name": name, "domain": "CORNER", "type": "FLOAT2", "key": key})
    return mesh


def _smooth(value: Any, faces: int, mesh: dict[str, Any], arrays: dict[str, np.ndarray], where: str) -> None:
    """Faces in Blender are smooth unless marked sharp; in the plain form they are flat unless marked smooth."""
    if isinstance(value, list):
        sharp = _column(value, faces, 1, f"{where}.smooth") == 0
    else:
        sharp = np.full(faces, not value)
    if sharp.any():
        arrays["mesh/attribute/sharp_face"] = sharp
        entry = {"name": "sharp_face", "domain": "FACE", "type": "BOOLEAN", "key": "mesh/attribute/sharp_face"}
        mesh["attributes"].append(entry)


def _table(rows: Any, width: int, where: str) -> np.ndarray:
    """(n, width) float32 from a list of lists; the error names the first row that is wrong."""
    if not isinstance(rows, list):
        raise RecordError(where, f"must be a list, is {type(rows).__name__}")
    if not rows:
        return np.zeros((0, width), np.float32)
    try:
        table = np.asarray(rows, np.float64)
    except (ValueError, TypeError, OverflowError):
        table = np.zeros(0)
    if table.shape != (len(rows), width):
        for index, row in enumerate(rows):
            _numbers(row, width, f"{where}[{index}]")
    with np.errstate(over="ignore"):
        single = table.astype(np.float32)
    if not np.isfinite(single).all():
        row = int(np.flatnonzero(~np.isfinite(single).all(axis=1))[0])
        raise RecordError(f"{where}[{row}]", f"holds {rows[row]}; numbers must be finite and fit a float32")
    return single


def _column(values: Any, count: int, most: int, where: str) -> np.ndarray:
    """(count,) int32, each from 0 to `most`."""
    if not isinstance(values, list) or len(values) != count:
        raise RecordError(where, f"must be a list with one entry for each of {count} faces")
    for index, value in enumerate(values):
        if not isinstance(value, int) or not 0 <= value <= most:
            raise RecordError(f"{where}[{index}]", f"must be a whole number from 0 to {most}, is {reprlib.repr(value)}")
    return np.asarray(values, np.int32)


def _edges(edges: Any, vertices: int, where: str) -> np.ndarray:
    """(n, 2) int32."""
    if not isinstance(edges, list):
        raise RecordError(where, f"must be a list, is {type(edges).__name__}")
    for index, edge in enumerate(edges):
        if not isinstance(edge, list) or len(edge) != 2:
            raise RecordError(f"{where}[{index}]", f"must be two vertices, is {reprlib.repr(edge)}")
        _check_vertices(edge, vertices, f"{where}[{index}]")
    return np.asarray(edges, np.int32).reshape(-1, 2)


def _check_vertices(indices: list[Any], vertices: int, where: str) -> None:
    for vertex in indices:
        if isinstance(vertex, bool) or not isinstance(vertex, int) or not 0 <= vertex < vertices:
            raise RecordError(where, f"points at {reprlib.repr(vertex)}, but there are {vertices} vertices")
    if len(set(indices)) != len(indices):
        raise RecordError(where, "has the same vertex twice")


def _faces(faces: Any, vertices: int, where: str) -> tuple[np.ndarray, np.ndarray]:
    if not isinstance(faces, list):
        raise RecordError(where, f"must be a list, is {type(faces).__name__}")
    for index, face in enumerate(faces):
        if not isinstance(face, list) or len(face) < 3:
            raise RecordError(f"{where}[{index}]", "must be a list of three or more vertices")
        _check_vertices(face, vertices, f"{where}[{index}]")
    starts = np.cumsum([0, *(len(face) for face in faces)], dtype=np.int32)[:-1]
    return starts, np.asarray([vertex for face in faces for vertex in face], np.int32)


def _all_edges(loose: np.ndarray, starts: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """The faces' own edges and the loose ones, each once."""
    following = np.arange(1, len(corners) + 1)
    if len(starts):
        following[np.append(starts[1:], len(corners)) - 1] = starts
    sides = np.stack([corners, corners[following] if len(corners) else corners], 1)
    return np.unique(np.sort(np.concatenate([sides, loose]), axis=1), axis=0).astype(np.int32)


def _material(entry: Any, where: str) -> dict[str, Any] | None:
    if entry is None:
        return None
    if not isinstance(entry, dict):
        raise RecordError(where, f"must be a material, is {type(entry).__name__}")
    if entry.get("type", "PBR") != "PBR":
        raise RecordError(f"{where}.type", f"{reprlib.repr(entry['type'])} is unknown; the plain form knows PBR")
    name = _name(entry.get("name", "Material"), f"{where}.name")
    values: dict[str, Any] = {}
    for key in COLOURS:
        if key in entry:
            colour = entry[key]
            wide = isinstance(colour, list) and len(colour) == 4
            values[key] = _numbers(colour, 4 if wide else 3, f"{where}.{key}")
            if wide and key == "base_color" and "alpha" not in entry:
                values["alpha"] = values[key][3]
    for key in VALUES:
        if key in entry:
            values[key] = _numbers([entry[key]], 1, f"{where}.{key}")[0]
    return plain_material(name, **values)


def _modifier(entry: Any, where: str) -> dict[str, Any]:
    if not isinstance(entry, dict) or not isinstance(entry.get("type"), str):
        raise RecordError(where, "must have a type such as 'MIRROR'")
    kind = _name(entry["type"], f"{where}.type")
    name = _name(entry["name"], f"{where}.name") if entry.get("name") else kind.title()
    properties = _value({key: value for key, value in entry.items() if key not in ("type", "name")}, where)
    return {"type": kind, "name": name, "properties": properties}


# --- writing


def _plain_object(record: Record) -> dict[str, Any]:
    data = record.data
    plain: dict[str, Any] = {"name": record.name}
    if data.get("label"):
        plain["label"] = data["label"]
    if data.get("parent"):
        plain["parent"] = data["parent"]["name"]
    if record.kind == "mesh":
        plain["mesh"] = _plain_mesh(record)
    plain["modifiers"] = [
        {"type": modifier["type"], "name": modifier.get("name", ""), **(modifier.get("properties") or {})}
        for modifier in data.get("modifiers") or []
    ]
    plain["materials"] = [_plain_material(material) for material in data.get("materials") or []]
    transform = data.get("transform") or {}
    quaternion = transform.get("rotation_mode") == "QUATERNION"
    plain["transforms"] = {
        "location": list(transform.get("location", (0.0, 0.0, 0.0))),
        "rotation": list(
            transform.get("rotation_quaternion", (1.0, 0.0, 0.0, 0.0))
            if quaternion
            else transform.get("rotation", (0.0, 0.0, 0.0))
        ),
        "scale": list(transform.get("scale", (1.0, 1.0, 1.0))),
    }
    return plain


def _plain_mesh(record: Record) -> dict[str, Any]:
    arrays = record.arrays
    starts, corners = arrays["mesh/loop_start"], arrays["mesh/corner_vert"]
    mesh: dict[str, Any] = {"vertices": _short(arrays["mesh/position"])}
    mesh["faces"] = [face.tolist() for face in np.split(corners, starts[1:])] if len(starts) else []
    if "mesh/edges" in arrays:
        loose = _loose(arrays["mesh/edges"], starts, corners)
        if len(loose):
            mesh["edges"] = loose.tolist()
    normals = arrays.get("mesh/corner_normal")
    if normals is not None:
        if (record.data.get("mesh") or {}).get("normals") == "vertex":
            per_vertex = np.zeros_like(arrays["mesh/position"])
            per_vertex[corners] = normals
            normals = per_vertex
        mesh["normals"] = _short(normals)
    material_index = arrays.get("mesh/material_index")
    if material_index is not None and material_index.any():
        mesh["material_indices"] = material_index.tolist()
    sharp = np.zeros(len(starts), bool)
    for entry in (record.data.get("mesh") or {}).get("attributes") or []:
        if entry["name"] == "sharp_face" and entry["domain"] == "FACE":
            sharp = np.asarray(arrays[entry["key"]], bool)
        if entry["domain"] == "CORNER" and entry["type"] == "FLOAT2":
            mesh.setdefault("uv_maps", {})[entry["name"]] = _short(arrays[entry["key"]])
    if not sharp.all():
        mesh["smooth"] = True if not sharp.any() else (~sharp).astype(int).tolist()
    return mesh


def _loose(edges: np.ndarray, starts: np.ndarray, corners: np.ndarray) -> np.ndarray:
    sides = _all_edges(np.zeros((0, 2), np.int32), starts, corners).astype(np.int64)
    ordered = np.sort(edges, axis=1).astype(np.int64)
    return edges[~np.isin(ordered[:, 0] << 32 | ordered[:, 1], sides[:, 0] << 32 | sides[:, 1])]


def _plain_material(material: dict[str, Any] | None) -> dict[str, Any] | None:
    if material is None:
        return None
    plain = {**plain_material("")["plain"], **(material.get("plain") or {})}
    entry = {"name": material["name"], "type": "PBR", "base_color": plain["base_color"]}
    entry |= {"roughness": plain["roughness"], "metallic": plain["metallic"]}
    if plain["alpha"] != 1.0:
        entry["alpha"] = plain["alpha"]
    if plain["transmission"]:
        entry["transmission"] = plain["transmission"]
    if any(plain["emission"]):
        entry["emission"] = plain["emission"]
    return entry


def _short(values: np.ndarray) -> list[Any]:
    """Nested lists of the shortest decimals that are the same float32."""
    return values.astype(str).astype(np.float64).tolist() if values.size else []
