"""From raw meshes to a good training set: labels, quality, duplicates, families, split, weights.

Reads Datasets as assets (see trainer/assets); `build` writes a set folder that `geometry_set.py` reads.
Every asset that is left out or gets a lower weight has a reason in words.
"""

import hashlib
import json
import math
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ..assets.asset import Asset, read_dataset
from ..assets.corrections import CorrectionError
from ..assets.nouns import FRAGMENTS, VAGUE, asked_for, noun_of
from ..codecs import codec
from ..codecs.base import CodecError
from ..mesh import faces
from ..text import labels
from .set_folder import ARRAYS, FORMAT, LINES, SetError, begin, seal

MAX_FACES = 800
MAX_STEPS = 900
HELDOUT_PERCENT = 7
FEWEST_HELD_OUT, MOST_OF_FEW = 0.15, 12  # of few families so large a share is held out, up to so many
# pieces of kits and terrain that come by the dozen, and things that are hard to tell in few polygons
TILES = frozenset(
    "tile hex river coast road terrain path slope floor wall corner platform ramp rail rails track".split()
)
FIGURES = frozenset(
    "male female man woman skeleton knight character hair hairstyle head body arm animal hand leg".split()
)


def read(path: Path) -> Iterator[Asset]:
    """Assets of a Dataset."""
    if not (path / "catalogue.sqlite").exists():
        raise SetError(f"{path}: is not a dataset; make one with `meshkiln extract FILES --out {path}`")
    try:
        yield from read_dataset(path)
    except CorrectionError as error:
        raise SetError(str(error)) from error


# Cleaning one asset


def tidy_slots(asset: Asset, most: int = 8) -> None:
    """Slots that look alike become one, the largest comes first, and there are at most `most`: shades of one palette do
    not distinguish parts."""
    materials = asset.materials or [{"name": "Material", "base_color": [0.8, 0.8, 0.8]}]
    slots = np.clip(asset.slots, 0, len(materials) - 1)
    areas = np.linalg.norm(faces.face_normals(asset.positions, asset.starts, asset.corners), axis=1) + 1e-12
    share = np.bincount(slots, areas, len(materials)) / areas.sum()
    colors = np.array([list(m.get("base_color") or (0.8, 0.8, 0.8))[:3] for m in materials], float)
    look = np.concatenate(
        [
            np.clip(colors, 0, 1) ** (1 / 2.2),
            [
                [0.3 * m.get("metallic", 0), 0.5 * m.get("transmission", 0), 0.5 * (m.get("alpha", 1) < 0.9)]
                for m in materials
            ],
            [[min(1.0, sum(m.get("emission") or [0]))] for m in materials],
        ],
        axis=1,
    )
    used = [s for s in np.argsort(-share, kind="stable") if share[s] > 0]
    kept: list[int] = []
    into: dict[int, int] = {}
    for slot in used:
        distance = [float(np.linalg.norm(look[slot] - look[k])) for k in kept]
        if kept and (min(distance) < 0.11 or len(kept) >= most or (share[slot] < 0.003 and min(distance) < 0.3)):
            into[int(slot)] = int(np.argmin(distance))
        else:
            into[int(slot)] = len(kept)
            kept.append(int(slot))
    asset.slots = np.array([into[int(s)] for s in slots])
    fields = ("name", "base_color", "roughness", "metallic", "alpha", "transmission", "emission")
    asset.materials = [{k: materials[k2][k] for k in fields if k in materials[k2]} for k2 in kept]


def judge(asset: Asset, geometry: Any, max_faces: int = MAX_FACES) -> bool:
    """Set quality (0..1) and reasons; False if the asset can't be learned from at all."""
    words = set(asset.label.split())
    faces = len(asset.starts)

    def less(factor: float, reason: str) -> None:
        asset.quality *= factor
        asset.reasons.append(reason)

    if faces > max_faces:
        asset.reasons.append(f"{faces} faces are more than {max_faces}")
        return False
    if faces < 4:
        asset.reasons.append("fewer than four faces")
        return False
    try:
        sequence = geometry.encode(asset.positions, asset.starts, asset.corners, asset.slots)
    except CodecError as error:
        asset.reasons.append(str(error))
        return False
    asset.steps = sequence.steps
    if sequence.steps > MAX_STEPS:
        asset.reasons.append(f"{sequence.steps} steps are more than {MAX_STEPS}")
        return False
    lost = sum(sequence.notes.values()) / faces
    if lost > 0.35:
        asset.reasons.append("more than a third of its faces are smaller than the grid")
        return False
    if lost > 0.02:
        less(1 - 1.5 * min(lost, 0.5), "some faces are smaller than the grid")
    extent = np.ptp(asset.positions[asset.corners], axis=0)
    if extent.min() < 0.004 * extent.max():
        less(0.3, "flat")
    if faces < 8:
        less(0.5, "very few faces")
    if not asset.label or words <= VAGUE or len(asset.label) < 3:
        less(0.15, "its name says nothing")
    if words & TILES:
        less(0.35, "a part of a kit or of terrain")
    if words & FIGURES:
        less(0.4, "a figure or a part of one")
    if words & FRAGMENTS and len(words) <= 3:
        less(0.5, "a fragment")
    sides = np.diff(np.append(asset.starts, len(asset.corners)))
    if (sides == 3).mean() > 0.95 and faces > 60:
        less(0.8, "triangles only")
    if asset.path.endswith(".blend") and asset.style == "other" and not words & asked_for():
        less(0.25, "its name suggests a scene rather than an object")
    return True


# Duplicates and families


def shape_key(asset: Asset, levels: int) -> str:
    """Equal for meshes with the same vertices on a coarse grid, regardless of size, order and colours."""
    used = asset.positions[np.unique(asset.corners)]
    low, high = used.min(0), used.max(0)
    cells = np.unique(np.round((used - low) / max(float((high - low).max()), 1e-9) * levels).astype(np.int16), axis=0)
    return hashlib.sha1(cells.tobytes() + str(len(asset.starts) if levels > 16 else 0).encode()).hexdigest()


def families(assets: list[Asset]) -> None:
    """Name each asset's family: variants of one name within a pack, joined across packs where shapes are near-equal."""
    parent: dict[str, str] = {}

    def find(key: str) -> str:
        parent.setdefault(key, key)
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for asset in assets:
        asset.family = f"{asset.source}/{labels.stem(asset.label)}"
        near = f"shape {shape_key(asset, 10)}"
        a, b = sorted((find(asset.family), find(near)), key=lambda k: (k.startswith("shape "), k))
        parent[b] = a
    for asset in assets:
        asset.family = find(asset.family)


def weigh(assets: list[Asset]) -> None:
    """Sampling weights: quality, less for large families and frequent nouns, more for what people ask for."""
    asked = asked_for()
    crowd = Counter(a.family for a in assets)
    nouns = Counter(noun_of(a.label) for a in assets)
    for asset in assets:
        weight = asset.quality / crowd[asset.family] ** 0.5 / nouns[noun_of(asset.label)] ** 0.25
        if noun_of(asset.label) in asked:
            weight *= 1.6
        asset.weight = round(float(weight), 5)


def split(assets: list[Asset], percent: float = HELDOUT_PERCENT) -> None:
    """Whole families are held out, chosen by a hash of their name, so that the choice never changes. Assets of low
    quality are left out of the test: it should only ask for good assets."""
    draws = {a.family: int(hashlib.sha1(a.family.encode()).hexdigest()[:8], 16) % 1000 for a in assets}
    limit = percent * 10
    if len(draws) >= 5 and percent > 0:  # small sets too should have something to be tested on
        # a score of one or two families would be chance
        fit = sorted({a.family: draws[a.family] for a in assets if a.quality >= 0.5 or a is assets[0]}.values())
        limit = max(limit, 1 + fit[min(len(fit) - 1, math.ceil(FEWEST_HELD_OUT * len(fit)) - 1, MOST_OF_FEW - 1)])
    for asset in assets:
        if draws[asset.family] < limit:
            asset.split = "heldout" if asset.quality >= 0.5 else "unused"


def judged(sources: list[Path], max_faces: int = MAX_FACES) -> Iterator[tuple[Asset, bool]]:
    """Every asset of the sources, cleaned, and whether it can be learned from; its `reasons` say why not."""
    geometry = codec("geometry")
    seen: dict[str, str] = {}
    for source in sources:
        for asset in read(source):
            good = bool(len(asset.starts))
            if good:
                tidy_slots(asset)
                good = judge(asset, geometry, max_faces)
            if good:
                key = shape_key(asset, 48)
                if key in seen:
                    asset.reasons.append(f"the same shape as {seen[key]}")
                    good = False
                seen.setdefault(key, asset.name)
            yield asset, good


def build(
    sources: list[Path],
    out: Path,
    max_faces: int = MAX_FACES,
    heldout: float = HELDOUT_PERCENT,
    say: Any = print,
) -> dict[str, Any]:
    """Curate and write a set; returns its head (the content of set.json)."""
    begin(out)
    assets: list[Asset] = []
    left_out: Counter[str] = Counter()
    dropped: list[dict[str, Any]] = []
    total = 0
    for asset, good in judged(sources, max_faces):
        total += 1
        if total % 500 == 0:
            say(f"{total} assets checked")
        if good:
            assets.append(asset)
            continue
        reason = asset.reasons[-1]
        left_out[_kind_of_reason(reason)] += 1
        dropped.append({"path": asset.path, "name": asset.name, "key": asset.key, "reason": reason})
    families(assets)
    weigh(assets)
    split(assets, heldout)
    head = {
        "format": FORMAT,
        "assets": len(assets),
        "read": total,
        "left_out": dict(left_out.most_common()),
        "heldout": sum(a.split == "heldout" for a in assets),
        "families": len({a.family for a in assets}),
        "faces": int(sum(len(a.starts) for a in assets)),
        "licenses": dict(Counter(a.license or "unknown" for a in assets).most_common()),
        "styles": dict(Counter(a.style for a in assets).most_common()),
        "sources": dict(Counter(a.source for a in assets).most_common()),
        "max_faces": max_faces,
    }
    _write(out, assets, head, dropped)
    return head


def _kind_of_reason(reason: str) -> str:
    if reason.startswith("the same shape"):
        return "a double"
    if " steps are" in reason or "faces are more" in reason or "faces, more than" in reason:
        return "too many faces"
    return reason if ":" not in reason else reason.split(":")[0] + " could not be told"


def _write(out: Path, assets: list[Asset], head: dict[str, Any], dropped: list[dict[str, Any]]) -> None:
    from ...records.tensors import write_tensors

    low = np.array([a.positions.min(0) for a in assets], np.float32).reshape(-1, 3)
    high = np.array([a.positions.max(0) for a in assets], np.float32).reshape(-1, 3)
    step = np.maximum((high - low) / 65535, 1e-12).astype(np.float32)
    if assets:

        def offsets(sizes: list[int]) -> np.ndarray:
            return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)

        positions = [
            np.clip(np.rint((a.positions - l) / s), 0, 65535).astype(np.uint16) for a, l, s in zip(assets, low, step)
        ]
        arrays = {
            "position": np.concatenate(positions),
            "low": low,
            "step": step,
            "sides": np.concatenate([np.diff(np.append(a.starts, len(a.corners))) for a in assets]).astype(np.int16),
            "corner": np.concatenate([a.corners for a in assets]).astype(np.uint16),
            "slot": np.concatenate([a.slots for a in assets]).astype(np.uint8),
            "vertex_offset": offsets([len(a.positions) for a in assets]),
            "face_offset": offsets([len(a.starts) for a in assets]),
            "corner_offset": offsets([len(a.corners) for a in assets]),
        }
        write_tensors(out / ARRAYS, arrays, {"format": FORMAT})
    lines = [json.dumps(_line(a), ensure_ascii=False) for a in assets]
    _put(out / LINES, "\n".join(lines) + "\n" if lines else "")
    _put(out / "left_out.jsonl", "".join(json.dumps(d, ensure_ascii=False) + "\n" for d in dropped))
    seal(out, head)  # last: a set without its head is not valid


def _line(asset: Asset) -> dict[str, Any]:
    colors = np.array([m.get("base_color", (0.8, 0.8, 0.8)) for m in asset.materials], float)[:, :3]
    areas = np.linalg.norm(faces.face_normals(asset.positions, asset.starts, asset.corners), axis=1)
    share = np.bincount(asset.slots, areas, len(asset.materials)) / max(float(areas.sum()), 1e-12)
    tones, stuffs = labels.slot_words([m.get("name", "") for m in asset.materials], colors, share)
    return {
        "name": asset.name, "label": asset.label, "noun": noun_of(asset.label), "colors": tones, "stuffs": stuffs,
        "themes": labels.theme_words([asset.source, *asset.folders]), "style": asset.style, "family": asset.family,
        "split": asset.split, "weight": asset.weight, "quality": round(asset.quality, 3), "reasons": asset.reasons,
        "faces": len(asset.starts), "steps": asset.steps,
        "size": [round(float(x), 5) for x in np.ptp(asset.positions, axis=0)],
        "materials": asset.materials, "path": asset.path, "source": asset.source, "license": asset.license,
        "author": asset.author, "url": asset.url, "key": asset.key, "how": asset.how, "parts": len(asset.part_names),
    }  # fmt: skip


def _put(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    with open(part, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)
