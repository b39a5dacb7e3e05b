"""A mesh keeps its colours without its texture: faces painted through a palette become plain material slots.

`bake(record, paints)` looks up the colour under every face (image through UV, or a colour attribute), gathers
near-equal colours, and returns the record with a new `mesh/material_index` and materials that only have "plain"
values. It knows arrays, not Blender: `paints(slot, material)` says how a slot is painted. Inside Blender that is
`paint.Paints(obj, images)`: `record = palette.bake(record, Paints(obj, cache))`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...records import Record, plain_material
from .colours import colour_name, oklab, srgb_to_linear
from .embedded import prune

MAX_SLOTS = 32
TOLERANCE = 0.055  # Oklab distance below which two colours of one texture share a slot
HUE = 1.5  # a shade of one colour is nearer to it than another hue: palettes are often strips from dark to light
SMALL = 0.04  # a colour with less of the surface than this joins another from up to twice as far
PICTURE_SPREAD = 0.09  # a face whose samples lie further apart than this shows a picture, not a palette cell
_MANY = 400  # distinct colours beyond which nearly equal ones are binned before clustering

PLAIN_DEFAULTS: dict[str, Any] = {
    "base_color": [0.8, 0.8, 0.8],
    "roughness": 0.5,
    "metallic": 0.0,
    "alpha": 1.0,
    "transmission": 0.0,
    "emission": [0.0, 0.0, 0.0],
}


@dataclass(frozen=True)
class Paint:
    """How one slot gets its colour.

    image: (H, W, 1 to 4) float32, row 0 at the bottom, or None; linear, or sRGB where `display` says so: only what is
    looked up is converted, which of a large picture is little. factor: linear RGB it is multiplied by.
    uv: name of the UV map ("" = the render-active one). matrix: (2, 3) applied to UVs. extension: Blender's word for
    what lies outside 0..1 (REPEAT, EXTEND, CLIP, MIRROR). attribute: name of a colour attribute that is multiplied in
    ("" = the active one), None = none.
    """

    image: NDArray[Any] | None = None
    factor: tuple[float, float, float] = (1.0, 1.0, 1.0)
    uv: str = ""
    matrix: NDArray[Any] | None = None
    extension: str = "REPEAT"
    attribute: str | None = None
    image_name: str = ""
    display: bool = False
    emissive: bool = False  # the same picture lights the emission, which then takes the face's colour


@dataclass
class _Faces:
    """Per face of the record: first corner, corner count, area, middle and corners."""

    start: NDArray[Any]
    count: NDArray[Any]
    area: NDArray[Any]
    corner_vert: NDArray[Any]
    notes: list[str] = field(default_factory=list)


def bake(
    record: Record,
    paints: Callable[[int, dict[str, Any] | None], Paint | None],
    max_slots: int = MAX_SLOTS,
    tolerance: float = TOLERANCE,
) -> Record:
    """The record with plain materials only. The input is left as it is; arrays not touched are shared.

    Slots that no texture paints keep their names and exact values; painted faces get slots named by colour words.
    What could not be determined exactly is listed in `data["notes"]`; images, node groups and actions that only the old
    materials used are dropped.
    """
    if record.kind != "mesh" or "mesh/loop_start" not in record.arrays:
        return record
    faces = _faces(record.arrays)
    materials = list(record.data.get("materials") or [])
    n = len(faces.start)
    index = np.clip(record.arrays.get("mesh/material_index", np.zeros(n, np.int32)), 0, max(len(materials) - 1, 0))

    # One row per candidate colour: values (plain), name, the faces it covers.
    colours = np.zeros((n, 3), np.float32)
    painted = np.zeros(n, bool)
    plains: list[dict[str, Any]] = []
    names: list[str] = []
    emissive: set[int] = set()
    for slot in range(max(len(materials), 1)):
        material = materials[slot] if slot < len(materials) else None
        plain = {**PLAIN_DEFAULTS, **((material or {}).get("plain") or {})}
        plains.append(plain)
        names.append((material or {}).get("name") or colour_name(plain["base_color"]))
        chosen = np.flatnonzero(index == slot)
        colours[chosen] = plain["base_color"][:3]
        if not len(chosen):
            continue
        paint = paints(slot, material)
        if paint is None or (paint.image is None and paint.attribute is None):
            if not _is_blank(plain) or not _varied_colour(record):
                continue
            paint = Paint(attribute="")
        face_colours = _painted_colours(record, faces, chosen, paint)
        if face_colours is not None:
            colours[chosen], painted[chosen] = face_colours, True
            if paint.emissive:
                emissive.add(slot)

    new_index, new_materials = _gather(
        colours, painted, index, faces.area, plains, names, emissive, max_slots, tolerance
    )
    arrays = dict(record.arrays)
    arrays["mesh/material_index"] = new_index
    data = {**record.data, "materials": new_materials}
    notes = [*faces.notes, *getattr(paints, "notes", ())]
    if notes:
        data["notes"] = [*data.get("notes", []), *notes]
    return prune(replace(record, data=data, arrays=arrays))


def is_painted(record: Record, paints: Callable[[int, dict[str, Any] | None], Paint | None]) -> bool:
    """Whether anything but the slots' own values colours a face: a picture, or colours that the mesh has."""
    materials = list(record.data.get("materials") or [None])
    used = np.unique(np.clip(record.arrays.get("mesh/material_index", np.zeros(1, np.int32)), 0, len(materials) - 1))
    varied: bool | None = None
    for slot in used.tolist():
        material = materials[slot]
        paint = paints(slot, material)
        if paint is not None and (paint.image is not None or paint.attribute is not None):
            return True
        if _is_blank({**PLAIN_DEFAULTS, **((material or {}).get("plain") or {})}):
            varied = _varied_colour(record) if varied is None else varied
            if varied:
                return True
    return False


def _faces(arrays: dict[str, NDArray[Any]]) -> _Faces:
    start = np.asarray(arrays["mesh/loop_start"], np.int64)
    verts = np.asarray(arrays["mesh/corner_vert"], np.int64)
    count = np.diff(np.append(start, len(verts)))
    if not len(start):
        return _Faces(start, count, np.zeros(0, np.float32), verts)
    at = np.asarray(arrays["mesh/position"], np.float64)[verts]
    following = np.arange(1, len(verts) + 1)
    following[start + count - 1] = start
    origin = np.repeat(at[start], count, axis=0)  # relative, so that far-away meshes keep their precision
    normal = np.add.reduceat(np.cross(at - origin, at[following] - origin), start, axis=0)
    area = np.linalg.norm(normal, axis=1) / 2
    return _Faces(start, count, np.maximum(np.nan_to_num(area), 1e-12).astype(np.float32), verts)


def _is_blank(plain: dict[str, Any]) -> bool:
    """White or Blender's default grey: the colour comes from the mesh."""
    r, g, b = plain["base_color"][:3]
    return bool(max(r, g, b) - min(r, g, b) < 1e-3 and r > 0.78)


def _colour_attribute(record: Record, name: str) -> tuple[NDArray[Any], str] | None:
    """(values (N, 3) linear, domain) of a colour attribute; "" takes the active one."""
    mesh = record.data.get("mesh") or {}
    wanted = name
    if not wanted:
        active = mesh.get("color")
        wanted = (active.get("default") or active.get("active") or "") if isinstance(active, dict) else active or ""
    for attribute in mesh.get("attributes") or []:
        if attribute.get("type") not in ("FLOAT_COLOR", "BYTE_COLOR"):
            continue
        if wanted and attribute["name"] != wanted:
            continue
        values = record.arrays.get(attribute.get("key") or f"mesh/attribute/{attribute['name']}")
        if values is None:
            continue
        values = np.asarray(values).reshape(-1, 4)
        linear = srgb_to_linear(values[:, :3] / 255.0) if values.dtype == np.uint8 else values[:, :3]
        return np.nan_to_num(np.asarray(linear, np.float32)), attribute.get("domain", "POINT")
    return None


def _varied_colour(record: Record) -> bool:
    attribute = _colour_attribute(record, "")
    if attribute is None or not len(attribute[0]):
        return False
    return bool(np.ptp(attribute[0], axis=0).max() > 0.02 or attribute[0].max() < 0.95)


def _uv(record: Record, name: str) -> NDArray[Any] | None:
    """(L, 2) of the named UV map, else of the render-active one, else of the first."""
    mesh = record.data.get("mesh") or {}
    active = mesh.get("uv")
    if isinstance(active, dict):
        active = active.get("render") or active.get("active")
    maps = [a for a in mesh.get("attributes") or [] if a.get("type") == "FLOAT2" and a.get("domain") == "CORNER"]
    for wanted in (name, active, maps[0]["name"] if maps else None):
        for attribute in maps:
            if attribute["name"] == wanted:
                values = record.arrays.get(attribute.get("key") or f"mesh/attribute/{wanted}")
                if values is not None:
                    return np.asarray(values, np.float32).reshape(-1, 2)
    return None


def _painted_colours(record: Record, faces: _Faces, chosen: NDArray[Any], paint: Paint) -> NDArray[Any] | None:
    """(len(chosen), 3) linear colours of the faces under a paint, or None where the paint finds nothing."""
    uv = None
    image = paint.image
    if image is not None:
        uv = _uv(record, paint.uv)
        if uv is None:
            faces.notes.append(f"{paint.image_name or 'texture'}: the mesh has no UV map to look it up through")
    attribute = _colour_attribute(record, paint.attribute) if paint.attribute is not None else None
    if uv is None and attribute is None:
        return None
    if uv is not None and paint.matrix is not None:
        uv = uv @ np.asarray(paint.matrix, np.float32)[:, :2].T + np.asarray(paint.matrix, np.float32)[:, 2]

    result = np.empty((len(chosen), 3), np.float32)
    spread = np.zeros(len(chosen), np.float32)
    counts = faces.count[chosen]
    for count in np.unique(counts):
        rows = np.flatnonzero(counts == count)
        corners = faces.start[chosen[rows], None] + _spaced(int(count))
        for part in np.array_split(np.arange(len(rows)), max(1, len(rows) // 20000)):
            samples = np.ones((len(part), 2 * corners.shape[1] + 1, 3), np.float32)
            if uv is not None and image is not None:
                texels = sample_image(image, _inside(uv[corners[part]]), paint.extension)
                samples *= srgb_to_linear(texels) if paint.display else texels
            if attribute is not None:
                values, domain = attribute
                if domain == "CORNER":
                    own = values[corners[part]]
                elif domain == "FACE":
                    own = np.repeat(values[chosen[rows[part]], None], corners.shape[1], axis=1)
                else:
                    own = values[faces.corner_vert[corners[part]]]
                samples *= _inside(own)
            result[rows[part]], spread[rows[part]] = _middle(samples)
    if uv is not None and (pictures := float((spread > PICTURE_SPREAD).mean())) > 0.5:
        faces.notes.append(
            f"{paint.image_name or 'texture'}: a picture rather than a palette ({pictures:.0%} of its faces show many "
            "colours); each face took its mean colour"
        )
    return result * np.asarray(paint.factor, np.float32)


def _spaced(count: int, most: int = 12) -> NDArray[Any]:
    return np.arange(count) if count <= most else np.linspace(0, count - 1, most).astype(np.int64)


def _inside(corner_values: NDArray[Any]) -> NDArray[Any]:
    """(F, C, D) at corners -> (F, 2C+1, D): the middle, near each corner, and half-way to each corner.

    A neighbouring palette cell may begin exactly at a corner, so corners are not sampled.
    """
    middle = corner_values.mean(axis=1, keepdims=True)
    away = corner_values - middle
    return np.concatenate([middle, middle + 0.85 * away, middle + 0.45 * away], axis=1)


def _middle(samples: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """(F, S, 3) linear -> the most typical sample (F, 3), the mean where it is a picture, and the spread (F,)."""
    lab = oklab(samples)
    distance = np.linalg.norm(lab[:, :, None] - lab[:, None], axis=-1).sum(axis=2)
    best = distance.argmin(axis=1)
    rows = np.arange(len(samples))
    spread = distance[rows, best] / max(samples.shape[1] - 1, 1)
    typical = samples[rows, best]
    return np.where((spread > PICTURE_SPREAD)[:, None], samples.mean(axis=1), typical), spread


def sample_image(image: NDArray[Any], uv: NDArray[Any], extension: str = "REPEAT") -> NDArray[Any]:
    """Nearest texel (..., 3), or (..., 1) of a grey one, of `image` (H, W, C) at `uv` (..., 2); row 0 is the bottom."""
    height, width = image.shape[:2]
    uv = np.nan_to_num(uv, nan=0.0, posinf=0.0, neginf=0.0)
    if extension == "REPEAT":
        uv = uv - np.floor(uv)
    elif extension == "MIRROR":
        uv = 1 - np.abs((uv / 2 - np.floor(uv / 2)) * 2 - 1)
    x = np.clip((uv[..., 0] * width).astype(np.int64), 0, width - 1)
    y = np.clip((uv[..., 1] * height).astype(np.int64), 0, height - 1)
    colour = image[y, x, : 3 if image.shape[2] >= 3 else 1]
    if extension == "CLIP":
        inside = np.asarray(((uv >= 0) & (uv <= 1)).all(axis=-1))
        colour = np.where(inside[..., None], colour, 0)
    return colour


def _gather(
    colours: NDArray[Any],
    painted: NDArray[Any],
    index: NDArray[Any],
    area: NDArray[Any],
    plains: list[dict[str, Any]],
    names: list[str],
    emissive: set[int],
    max_slots: int,
    tolerance: float,
) -> tuple[NDArray[Any], list[dict[str, Any]]]:
    """Distinct (slot, colour) pairs -> at most max_slots materials, and each face's material."""
    if not len(colours):
        unused = [plain_material(n, **_values(p, p["base_color"])) for n, p in zip(names, plains)]
        return index.astype(np.int32), unused[:max_slots]
    keys = np.concatenate([colours, index[:, None], painted[:, None]], axis=1).astype(np.float32)
    step = 1e-4
    while True:
        binned = np.concatenate([np.round(oklab(keys[:, :3]) / step), keys[:, 3:]], axis=1)
        _, first, of_face = np.unique(binned, axis=0, return_index=True, return_inverse=True)
        of_face = of_face.reshape(-1)
        if len(first) <= _MANY or step > 1:
            break
        step *= 3
    weight = np.bincount(of_face, area, len(first)).astype(np.float64)
    colour = np.stack([np.bincount(of_face, area * colours[:, c], len(first)) / weight for c in range(3)], axis=1)
    exact = ~painted[first]
    colour[exact] = colours[first][exact]
    slot = index[first]

    lab = oklab(colour.astype(np.float32)) * [1.0, HUE, HUE]
    look = np.concatenate([lab, np.array([_surface(plains[s]) for s in slot])], axis=1)
    group = _cluster(look, weight, exact, max_slots, tolerance)
    groups = np.unique(group)
    materials = []
    order = sorted(groups, key=lambda g: first[group == g].min())  # slots in the order faces meet them
    for g in order:
        members = np.flatnonzero(group == g)
        heavy = members[weight[members].argmax()]
        rgb = colour[heavy]
        if weight[heavy] < 0.5 * weight[members].sum() and not exact[heavy]:
            rgb = np.average(colour[members], axis=0, weights=weight[members])
        plain = plains[slot[heavy]]
        values = _values(plain, plain["base_color"] if exact[heavy] else rgb)
        if slot[heavy] in emissive:
            values["emission"] = tuple(float(v) for v in rgb)
        name = names[slot[heavy]] if exact[heavy] else colour_name(rgb)
        materials.append(plain_material(name, **values))
    _unlike(materials)
    place = np.empty(int(group.max()) + 1, np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return place[group][of_face], materials


def _values(plain: dict[str, Any], rgb: Any) -> dict[str, Any]:
    return {
        **{k: float(plain[k]) for k in ("roughness", "metallic", "alpha", "transmission")},
        "base_color": tuple(float(c) for c in rgb[:3]),
        "emission": tuple(float(c) for c in plain["emission"][:3]),
    }


def _surface(plain: dict[str, Any]) -> list[float]:
    """How different two surfaces look beside their colour, on the scale of Oklab distances."""
    return [
        0.2 * plain["roughness"],
        0.3 * plain["metallic"],
        0.5 * plain["alpha"],
        0.5 * plain["transmission"],
        *(0.3 * min(c, 2.0) for c in plain["emission"][:3]),
    ]


def _cluster(
    look: NDArray[Any], weight: NDArray[Any], exact: NDArray[Any], most: int, tolerance: float
) -> NDArray[Any]:
    """Merge the nearest two until all lie apart and there are at most `most`; a group number per row.

    Rows that are exact (no texture) join others only when they are the same, or when there are too many.
    """
    n = len(look)
    group = np.arange(n)
    look, weight, exact = look.copy(), weight.copy(), exact.copy()
    # A pair with an exact row is held apart by this factor, so that it merges only when (nearly) identical.
    held = np.where(exact[:, None] | exact[None], tolerance / 2e-3, 1.0)
    small = SMALL * weight.sum()

    def apart(a: int) -> NDArray[Any]:
        """From one row to all. Steps of a gradient are many and small: a small one counts as nearer."""
        ease = np.where(held[a] > 1, 0.0, 1 - np.minimum(np.minimum(weight, weight[a]) / small, 1))
        return np.asarray(np.linalg.norm(look - look[a], axis=-1) * held[a] / (1 + ease))

    distance = np.stack([apart(a) for a in range(n)])
    np.fill_diagonal(distance, np.inf)
    alive = n
    while alive > 1:
        a, b = np.unravel_index(distance.argmin(), distance.shape)
        if distance[a, b] > tolerance and alive <= most:
            break
        if not np.isfinite(distance[a, b]):
            break
        if weight[a] < weight[b]:
            a, b = b, a
        total = weight[a] + weight[b]
        look[a] = (look[a] * weight[a] + look[b] * weight[b]) / total
        weight[a] = total
        group[group == b] = a
        row = apart(int(a))
        dead = ~np.isfinite(distance[a])
        dead[a] = dead[b] = True
        row[dead] = np.inf
        distance[a] = distance[:, a] = row
        distance[b] = distance[:, b] = np.inf
        alive -= 1
    return np.asarray(np.unique(group, return_inverse=True)[1].reshape(-1))


def _unlike(materials: list[dict[str, Any]]) -> None:
    """Two slots never share a name: the second "red" is "red 2"."""
    seen: dict[str, int] = {}
    for material in materials:
        name = material["name"]
        seen[name] = seen.get(name, 0) + 1
        if seen[name] > 1:
            material["name"] = f"{name} {seen[name]}"
