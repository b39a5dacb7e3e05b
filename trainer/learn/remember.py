"""A library becomes a style's memory: its things, what is usual for them, its pictures. numpy alone, seconds.

about = remember(gathered, datasets, folder)       # writes memory, materials and a picture; what style.json says
"""

import json
import math
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from ...records import Record
from ..assets.asset import Asset
from ..assets.nouns import noun_of
from ..data.set_folder import learned_from
from ..generate.reference_shapes import shipped_table
from ..mesh import picture
from ..style import folder as styles
from ..style.fingerprint import Fingerprint, fingerprint
from ..style.gather import Gathered
from ..style.memory import Memory
from ..style.shape import of_asset
from ..style.traits import colors, traits
from ..style.whole import whole_materials

PICTURE = 128  # pixels a thing
SHOWN = 16  # things
FEWEST_KNOWN = 4  # things with a name that the bundled table knows, from which habits of scale and detail are told
MOST_HABIT = 3.0  # octaves


def remember(gathered: Gathered, datasets: list[Path], making: Path) -> dict[str, Any]:
    """Write memory, materials and a picture of the library into the folder `making`; what style.json says of it."""
    assets = gathered.assets
    memory = Memory.of_assets(assets)
    memory.write(making / styles.MEMORY)
    whole = whole_materials(datasets)
    (making / styles.MATERIALS).write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
    things = [of_asset(asset) for asset in assets]
    print_ = fingerprint([(traits(thing), colors(thing)) for thing in things])
    print_.habits = habits(assets) | {"names": naming([a.name for a in assets])}
    shown = _spread(assets, SHOWN)
    draw([memory.thing(i).record("") for i in shown], making / styles.PICTURES[0])
    about = [{"license": a.license, "author": a.author, "source": a.source} for a in assets]
    return {
        "assets": len(assets),
        "read": gathered.read,
        "kinds": memory.kinds(),
        "left_out": dict(gathered.left_out.most_common()),
        "fingerprint": print_.to_dict(),
        "learned_from": learned_from(about),
    }


def _spread(assets: list[Asset], count: int) -> list[int]:
    """Numbers of assets for a picture: of as many kinds as there are, those of middle size first."""
    by_noun: dict[str, list[int]] = {}
    for i, asset in enumerate(assets):
        by_noun.setdefault(noun_of(asset.label), []).append(i)
    turn = sorted(by_noun.values(), key=lambda group: (-len(group), group[0]))
    out: list[int] = []
    for depth in range(max(map(len, turn), default=0)):
        out += [group[depth] for group in turn if depth < len(group)]
    return out[:count]


def habits(assets: list[Asset]) -> dict[str, Any]:
    """How the library's things differ from what is usual for their names: {"scale", "detail"}, each log2 of a ratio;
    0 where too few have a name that is known."""
    table = shipped_table()
    scale: list[float] = []
    detail: list[float] = []
    for asset in assets if table is not None else ():
        assert table is not None
        usual = [table.usual(noun_of(asset.label), seed) for seed in range(3)]
        usual = [each for each in usual if each and each["size"] > 0 and each["faces"] > 0]
        if usual:
            size = float(np.ptp(asset.positions, axis=0).max())
            scale.append(float(np.log2(size) - np.median([np.log2(each["size"]) for each in usual])))
            detail.append(float(np.log2(len(asset.starts)) - np.median([np.log2(each["faces"]) for each in usual])))
    if len(scale) < FEWEST_KNOWN:
        return {"scale": 0.0, "detail": 0.0}
    middle = [float(np.clip(np.median(values), -MOST_HABIT, MOST_HABIT)) for values in (scale, detail)]
    # A world in real sizes differs from the table's by chance; only another unit or a toy's scale is a habit.
    return {"scale": middle[0] if abs(middle[0]) > 1.0 else 0.0, "detail": middle[1]}


def naming(names: list[str]) -> dict[str, str]:
    """How the artist writes names: {"prefix", "join", "case"}, where most names agree."""
    if not names:
        return {}
    prefixes = Counter(name.split("_")[0] for name in names if "_" in name)
    prefix, count = prefixes.most_common(1)[0] if prefixes else ("", 0)
    joins = Counter(sign for name in names for sign in "_- " if sign in name.strip("_- "))
    join = joins.most_common(1)[0][0] if joins else " "
    cases = Counter(_case(name) for name in names)
    out = {"join": join, "case": cases.most_common(1)[0][0]}
    return out | ({"prefix": prefix} if count > 0.7 * len(names) and len(prefix) <= 4 else {})


def _case(name: str) -> str:
    letters = [word for word in name.replace("-", "_").replace(" ", "_").split("_") if word and word[0].isalpha()]
    if not letters:
        return "lower"
    if all(word.islower() for word in letters):
        return "lower"
    return "upper" if all(word.isupper() and len(word) > 1 for word in letters) else "title"


def draw(records: list[Record], path: Path) -> None:
    """A PNG of the records in rows, about as wide as high; nothing where there are none."""
    if not records:
        return
    columns = math.ceil(len(records) ** 0.5)
    pictures = [picture.picture(record, PICTURE) for record in records]
    blank = np.full_like(pictures[0], round(picture.BACKGROUND[0] * 255))
    pictures += [blank] * (-len(pictures) % columns)
    rows = [np.concatenate(pictures[i : i + columns], axis=1) for i in range(0, len(pictures), columns)]
    path.write_bytes(picture.png(np.concatenate(rows, axis=0)))


def summary(print_: dict[str, Any]) -> list[str]:
    """What is typical for a library, as sentences."""
    return Fingerprint.from_dict(print_).sentences()
