"""Assets as a page or a sheet of pictures, with their labels and the reasons why some are left out.

Knows how to describe and draw assets, not where they come from. The page needs no other file and runs no script.
"""

import base64
import html
import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from ...records import Record
from ..assets.library import record_of
from ..mesh import picture
from . import curate
from .set_folder import Assets


@dataclass
class Shown:
    """One asset; `why` is the reason if it is left out, or what lowers its weight if it is kept."""

    key: str
    label: str
    path: str
    faces: int
    parts: int
    how: str
    kept: bool
    why: str
    record: Record | None = None

    def line(self) -> dict[str, Any]:
        """Everything except the picture, as JSON values."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "record"}


def of_dataset(path: Path) -> Iterator[Shown]:
    """What `meshkiln dataset build` would take from a dataset now."""
    for asset, good in curate.judged([path]):
        why = "; ".join(asset.reasons if good else asset.reasons[-1:])
        record = record_of(asset.label, asset) if len(asset.starts) else None
        yield Shown(
            asset.key, asset.label, asset.path, len(asset.starts), len(asset.part_names), asset.how, good, why, record
        )


def of_set(path: Path) -> Iterator[Shown]:
    """What a set contains, and what was left out of it (without pictures)."""
    assets = Assets(path)
    for i, about in enumerate(assets.about):
        yield Shown(
            about.get("key", about["path"]), about["label"], about["path"], about["faces"], about.get("parts", 1),
            about.get("how", ""), True, "; ".join(about["reasons"]), assets.record(i),
        )  # fmt: skip
    left_out = path / "left_out.jsonl"
    for line in left_out.read_text(encoding="utf-8").splitlines() if left_out.exists() else ():
        entry = json.loads(line)
        yield Shown(entry.get("key", entry["path"]), entry["name"], entry["path"], 0, 0, "", False, entry["reason"])


def short_key(key: str) -> str:
    """Without the folders: "street.blend#House"."""
    file, _, name = key.rpartition("#")
    return f"{Path(file).name}#{name}" if file else key


def text_line(shown: Shown) -> str:
    parts = f"{shown.parts} parts" if shown.parts != 1 else "1 part"
    state = "kept" if shown.kept else "left out"
    end = f": {shown.why}" if shown.why else ""
    return f"{shown.label[:28]:28} {shown.faces:6} faces {parts:>9}  {short_key(shown.key)}  {state}{end}"


def sheet(shown: list[Shown], path: Path, columns: int = 12, size: int = 112) -> None:
    """A PNG of the assets that can be drawn."""
    drawn = [s for s in shown if s.record is not None]
    images = [picture.picture(s.record, size) for s in drawn if s.record is not None]
    words = [f"{'' if s.kept else 'x '}{s.label} {s.faces}" for s in drawn]
    picture.sheet(images, words, columns).save(path)


STYLE = """body{font:14px/1.4 sans-serif;margin:2em;color:#222}h1{font-size:1.4em}
main{display:grid;grid-template-columns:repeat(auto-fill,minmax(190px,1fr));gap:14px}
figure{margin:0;padding:8px;border:1px solid #ddd;border-radius:6px;overflow-wrap:anywhere}
figure.out{background:#f6eeee;color:#777}img{width:100%;display:block}b{font-size:1.1em}small{color:#777}
code{font-size:11px;user-select:all}"""


def page(title: str, shown: list[Shown], size: int = 160) -> str:
    """The whole page as HTML, pictures inside."""
    kept = sum(s.kept for s in shown)
    cards = "".join(_card(s, size) for s in shown)
    return (
        f"<!doctype html><html lang='en'><meta charset='utf-8'><title>{html.escape(title)}</title>"
        f"<style>{STYLE}</style><h1>{html.escape(title)}</h1>"
        f"<p>{kept} assets will be learned from, {len(shown) - kept} are left out. To change that: "
        "<code>meshkiln dataset edit DATASET --rename KEY LABEL --exclude KEY --join KEY KEY --split KEY</code></p>"
        f"<main>{cards}</main></html>\n"
    )


def _card(s: Shown, size: int) -> str:
    image = ""
    if s.record is not None:
        data = base64.b64encode(picture.png(picture.picture(s.record, size))).decode()
        image = f"<img alt='' src='data:image/png;base64,{data}'>"
    state = "" if s.kept else "<br>left out"
    why = f"<br><small>{html.escape(s.why)}</small>" if s.why else ""
    return (
        f"<figure class='{'in' if s.kept else 'out'}' title='{html.escape(s.path, quote=True)}'>{image}"
        f"<figcaption><b>{html.escape(s.label)}</b><br>{s.faces} faces, {s.parts} parts{state}{why}"
        f"<br><small>{html.escape(s.how)}</small><br><code>{html.escape(short_key(s.key))}</code></figcaption></figure>"
    )
