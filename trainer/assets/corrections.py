"""The artist's corrections to the assets of a dataset: excluded, renamed, joined, split.

Kept in assets.json beside the dataset, by an asset's key (its file, and its name in the file), so that extracting again
does not change them. `meshkiln dataset build` applies them.

    {"format": 1, "assets": {"/ada/street.blend#House": {"label": "cottage", "join": ["/ada/street.blend#Roof"]}}}
"""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FILE = "assets.json"


class CorrectionError(ValueError):
    """An invalid correction; the message is a sentence for a person."""


@dataclass
class Correction:
    """The correction of one asset. `label` "" keeps the detected name; `join` are keys of assets that become part of
    it."""

    exclude: bool = False
    label: str = ""
    join: list[str] = field(default_factory=list)
    split: bool = False


@dataclass
class Corrections:
    """All corrections of a dataset. Nothing changes on disk until `write`."""

    by_key: dict[str, Correction] = field(default_factory=dict)

    @classmethod
    def read(cls, dataset: Path) -> "Corrections":
        """The corrections stored with a dataset; none if there is no file."""
        file = dataset / FILE
        if not file.exists():
            return cls()
        try:
            stored = json.loads(file.read_text(encoding="utf-8"))
            if not isinstance(stored, dict) or stored.get("format") != 1:
                raise CorrectionError(f"{file}: its format is not 1, the only one this version reads")
            return cls({str(key): _correction(entry) for key, entry in stored["assets"].items()})
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            if isinstance(error, CorrectionError):
                raise
            raise CorrectionError(f"{file}: is not a list of corrections ({error})") from error

    def write(self, dataset: Path) -> None:
        """Store them with the dataset, atomically."""
        kept = {key: _short(correction) for key, correction in sorted(self.by_key.items()) if _short(correction)}
        file = dataset / FILE
        part = file.with_name(FILE + ".part")
        part.write_text(json.dumps({"format": 1, "assets": kept}, indent=1, ensure_ascii=False), encoding="utf-8")
        os.replace(part, file)

    def of(self, key: str) -> Correction:
        """The correction of an asset, or an empty one."""
        return self.by_key.get(key) or Correction()

    def _change(self, key: str) -> Correction:
        return self.by_key.setdefault(key, Correction())

    def exclude(self, keys: Sequence[str]) -> None:
        """Leave these out."""
        for key in keys:
            self._change(key).exclude = True

    def rename(self, key: str, label: str) -> None:
        """Set an asset's label for training."""
        words = " ".join(label.split())
        if not words:
            raise CorrectionError("a label needs at least one word")
        self._change(key).label = words

    def join(self, keys: Sequence[str]) -> None:
        """Make all of these one asset, under the key of the first."""
        if len(set(keys)) < 2:
            raise CorrectionError("joining takes at least two different assets")
        if len({key.rsplit("#", 1)[0] for key in keys}) > 1:
            raise CorrectionError("only assets of one file can be joined: others have no common scene")
        first = self._change(keys[0])
        first.join += [key for key in keys[1:] if key != keys[0] and key not in first.join]

    def split(self, keys: Sequence[str]) -> None:
        """Make every object of these assets an asset of its own."""
        for key in keys:
            self._change(key).split = True

    def reset(self, keys: Sequence[str]) -> None:
        """Remove the corrections of these assets, and of what they were split into."""
        for key in list(self.by_key):
            if any(key == k or key.startswith(k + "/") for k in keys):
                del self.by_key[key]


def _correction(entry: dict[str, Any]) -> Correction:
    return Correction(
        bool(entry.get("exclude", False)),
        str(entry.get("label", "")),
        [str(key) for key in entry.get("join", [])],
        bool(entry.get("split", False)),
    )


def _short(correction: Correction) -> dict[str, Any]:
    return {key: value for key, value in asdict(correction).items() if value}
