"""The things of a library, from its datasets, and why others are left out. numpy alone."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ..assets import joining
from ..assets.asset import Asset, read_dataset
from ..data.curate import shape_key, tidy_slots
from ..mesh.triangulate import triangles
from .memory import MOST_FACES

TRIANGLES_ONLY = (".glb", ".gltf", ".stl", ".ply", ".abc")  # formats that know nothing else, or seldom hold it


@dataclass
class Gathered:
    """`left_out`: {reason: how many}."""

    assets: list[Asset] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    read: int = 0


def gather(datasets: Iterable[Path], say: Callable[[int], None] = lambda count: None) -> Gathered:
    """The assets of the datasets; those without a mesh, with too many faces or of a shape that was met are left out."""
    gathered = Gathered()
    seen: set[str] = set()
    for dataset in datasets:
        for asset in read_dataset(dataset):
            gathered.read += 1
            say(gathered.read)
            reason = ""
            if not len(asset.starts):
                reason = _plain(asset.reasons[-1] if asset.reasons else "no mesh")
            elif len(asset.starts) > MOST_FACES:
                reason = "too many faces"
            elif (key := shape_key(asset, 48)) in seen:
                reason = "a double"
            else:
                seen.add(key)
                tidy_slots(asset)
                if joining.REQUADDED in asset.notes and Path(asset.path).suffix.lower() not in TRIANGLES_ONLY:
                    cut(asset)
                gathered.assets.append(asset)
            if reason:
                gathered.left_out[reason] += 1
    return gathered


def cut(asset: Asset) -> None:
    """All of its faces as triangles: what was joined to quads for learning is kept as its artist left it."""
    tris, owner = triangles(asset.positions, asset.starts, asset.corners)
    order = np.argsort(owner, kind="stable")
    asset.corners = tris[order].reshape(-1)
    asset.starts = 3 * np.arange(len(order))
    asset.slots, asset.parts = asset.slots[owner[order]], asset.parts[owner[order]]


def _plain(reason: str) -> str:
    return "too many faces" if "faces, more than" in reason else reason
