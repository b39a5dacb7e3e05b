"""Training sets of the schema crafts: materials, modifiers, animation.

A set folder may hold CRAFT.jsonl, one line an example: its label, what its mesh looks like, and its items (the parts as
the codec reads them). Indices 0 .. R-1 are those; the last index draws a new one from this repository's own parameter
generators, which a model's card must declare. Same protocol as `trainset.GeometrySet`.
"""

import hashlib
import json
import random
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from ...records import Record
from ..assets.asset import files_of, outlines_of
from ..assets.corrections import Corrections
from ..codecs import codec
from ..codecs.base import CodecError
from ..codecs.bones import movements
from ..codecs.items import Item, encode_items
from ..codecs.motion import from_rest, varied
from ..text import conditions, labels
from .set_folder import Assets, SetError, learned_from

CRAFTS = ("materials", "modifiers", "animation")
LONGEST = 220  # steps; longer examples are left out
# Default names from programs
MUTE = frozenset(
    """material mat mtl action armature default untitled standard texture textures atlas palette main shader slot
    colormap color colour object cube plane cylinder sphere circle mesh obj root motion anim animation bone""".split()
)


class SchemaSet:
    """`kinds_of(craft)` generators follow the examples; `heldout` are examples of held-out families."""

    def __init__(self, path: str | Path | None, craft: str, generated: bool = True, begun: bool = False) -> None:
        if craft not in CRAFTS:
            raise SetError(f"{craft}: unknown craft; there are geometry, {', '.join(CRAFTS)}")
        self.craft, self.begun = craft, begun
        self.codec = codec(craft)
        self.spec = replace(self.codec.spec, condition=conditions.cardinalities(craft))
        self.examples: list[dict[str, Any]] = []
        if path is not None:
            lines = Path(path) / f"{craft}.jsonl"
            if not Path(path).is_dir():
                raise SetError(f"{path}: no set here; make one with `meshkiln dataset build DATASET --out {path}`")
            if lines.exists():
                self.examples = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines() if line]
        self.assets = None
        self.of_assets: list[tuple[int, int]] = []
        if craft == "materials" and path is not None and (Path(path) / "set.json").exists():
            # the curated meshes teach which colour belongs where: one example per slot
            self.assets = Assets(Path(path))
            self.of_assets = [(i, s) for i, a in enumerate(self.assets.about) for s in range(len(a["materials"]))]
        self.real = len(self.examples) + len(self.of_assets)
        self.generated = generated
        if not self.real and not generated:
            raise SetError(f"{path}: there are no examples of {craft} and generators are off")
        splits = [e["split"] for e in self.examples]
        weights = [float(e["weight"]) for e in self.examples]
        for i, _ in self.of_assets:
            about = self.assets.about[i]  # type: ignore[union-attr]
            splits.append(about["split"])
            weights.append(about["weight"] / len(about["materials"]))
        if self.examples and self.of_assets:  # authors' own trees count as much as all the plain colours together
            parts = np.array(weights)
            cut = len(self.examples)
            for part in (parts[:cut], parts[cut:]):
                part /= max(part.sum(), 1e-12)
            weights = parts.tolist()
        self.heldout = np.array([i for i, s in enumerate(splits) if s == "heldout"], np.int64)
        self._real_weights = np.array([w if s == "train" else 0.0 for w, s in zip(weights, splits)], np.float64)
        self.weights = self.mix(1.0)

    def __len__(self) -> int:
        return self.real + int(self.generated)

    def card(self) -> dict[str, Any]:
        """What a model that learns from this must declare, as `GeometrySet.card`."""
        about = [e for e in self.examples if e["split"] == "train"]
        if self.assets:
            about = about + [a for a in self.assets.about if a["split"] == "train"]
        shares = (
            {p: round(float(self.mix(float(p))[-1]), 3) for p in ("0", "0.33", "0.67", "1")} if self.generated else {}
        )
        return learned_from(about) | {"examples": self.real - len(self.heldout), "generated_share": shares}

    def mix(self, progress: float) -> np.ndarray:
        first = 0.5 if self.begun else 0.8
        share = float(np.interp(progress, (0.0, 0.6, 1.0), (first, 0.5, 0.5))) if self.generated else 0.0
        total = self._real_weights.sum()
        if total <= 0:
            share = 1.0
        real = self._real_weights * ((1 - share) / total) if total > 0 else self._real_weights
        return np.concatenate([real, [share]]) if self.generated else real

    def sample(self, index: int, seed: int) -> tuple[Any, np.ndarray, np.ndarray]:
        """(Sequence, words, attributes), the same for the same numbers."""
        rng = np.random.default_rng([seed % (1 << 62), index])
        items, wish, exact = self.example(index, rng)
        sequence = encode_items(self.codec.tokens, items)
        return (sequence, *(wish.arrays(self.craft) if exact else conditions.soften(wish, rng, self.craft)))

    def example(self, index: int, rng: np.random.Generator) -> tuple[list[Item], conditions.Condition, bool]:
        """(items, condition, whether it is held out) before any condition is dropped."""
        if index >= self.real:
            return (*make_example(self.craft, random.Random(int(rng.integers(1 << 60))), self.codec), False)
        if index < len(self.examples):
            line = self.examples[index]
            items = [
                Item(i["type"], i["values"], {k: (l[0], l[1]) for k, l in i["links"].items()}, i["rows"])
                for i in line["items"]
            ]
            exact = line["split"] == "heldout"
            wish = conditions.Condition(line["label"], **line["wish"])
            own = telling(line.get("name_label") or "")
            if own:  # its author's name for it is what a person would ask for
                wish.text = joined(own, line["label"]) if exact or rng.random() < 0.6 else own
            if self.craft == "animation":
                wish.summary = wish.summary | {"moved": 1 + bool(line.get("bone"))}
                items = items if exact else varied(items, rng)
            return items, wish, exact
        asset, slot = self.of_assets[index - len(self.examples)]
        about = self.assets.about[asset]  # type: ignore[union-attr]
        material = about["materials"][slot]
        items = self.codec.read({"plain": {k: v for k, v in material.items() if k != "name"}}, self.codec.type_names)[0]
        exact = about["split"] == "heldout"
        wish = conditions.of_record(self.assets.record(asset), "materials", slot)  # type: ignore[union-attr]
        own = telling(labels.normalise(material.get("name") or ""))
        if own and (exact or rng.random() < 0.6):
            wish.text = joined(own, about["label"])
        elif not exact:
            wish.text = with_color(about["label"], material, slot, rng)
        return items, wish, exact


def telling(name: str) -> str:
    """The meaningful words of a material's or an action's name: not "material", "action", "mat c"."""
    return " ".join(word for word in name.split() if word not in MUTE and len(word) > 2)


def joined(first: str, label: str) -> str:
    return " ".join(dict.fromkeys([*first.split(), *label.split()]))


def with_color(label: str, material: dict[str, Any], slot: int, rng: np.random.Generator) -> str:
    """The label, sometimes with the word for the first slot's colour or material: "red" describes most of the
    object."""
    if slot or rng.random() < 0.5:
        return label
    words = [labels.color_word(material.get("base_color", (0.8, 0.8, 0.8)))]
    words += [labels.STUFFS[w] for w in labels.split_words(material.get("name", "")) if w in labels.STUFFS]
    chosen = [w for w in words[: 1 + int(rng.random() < 0.5)] if w not in label.split()]
    return " ".join([*chosen, label])


# From this repository's own generators


def make_example(craft: str, rng: random.Random, speaker: Any) -> tuple[list[Item], conditions.Condition]:
    """A new example of a craft: its items and its condition."""
    from ..generators import KINDS, generate
    from ..generators.animations import motion
    from ..generators.materials import material
    from ..generators.modifiers import stack

    if craft == "animation":
        channels, label = motion(rng)
        items = [
            Item(c["type"], {k: c[k] for k in ("start", "extrapolation", "cycles")}, rows=c["rows"]) for c in channels
        ]
        if rng.random() < 0.6:
            record = generate(rng.choice(list(KINDS)), rng.getrandbits(40))
            wish = conditions.of_record(record, craft)
            noun = record.data["generated"]["noun"]
            wish.text = f"{label} {noun}" if rng.random() < 0.5 else f"{noun} {label}"
            wish.style = None
            return items, wish
        return items, conditions.Condition(label, summary={"moved": 1})
    if craft == "materials" and rng.random() < 0.5:
        made, label = material(rng)
        return speaker.read(made, speaker.type_names)[0], conditions.Condition(label)
    record = generate(rng.choice(list(KINDS)), rng.getrandbits(40))
    if craft == "materials":
        slot = rng.randrange(len(record.data["materials"]))
        made = record.data["materials"][slot]
        wish = conditions.of_record(record, craft, slot)
        return speaker.read(made, speaker.type_names)[0], wish
    modifiers, words = stack(record, rng)
    wish = conditions.of_record(record, craft)
    wish.text = " ".join([*words, wish.text])
    wish.summary |= prepared([modifier["type"] for modifier in modifiers], rng)
    return speaker.read(modifiers, speaker.type_names)[0], wish


def prepared(types: list[str], rng: random.Random) -> dict[str, int]:
    """The marks of a mesh prepared for these modifiers (a generated mesh has none yet)."""
    smooth = "SUBSURF" in types or ("BEVEL" in types and rng.random() < 0.5)
    return {
        "half": 1 + ("MIRROR" in types),
        "smooth": 3 if smooth else 1,
        "grouped": 1,
        "creased": 1 + ("SUBSURF" in types and rng.random() < 0.3),
        "curved": 1,
    }


# From datasets of authors' files


def build(sources: list[Path], out: Path, heldout: float = 12.0) -> dict[str, int]:
    """Write CRAFT.jsonl for every craft that a Dataset among `sources` has examples of; returns the counts."""
    from ...records.dataset import Dataset

    examples: dict[str, list[dict[str, Any]]] = {craft: [] for craft in CRAFTS}
    speakers = {craft: codec(craft) for craft in CRAFTS}
    seen: set[str] = set()
    for source in sources:
        if not (source / "catalogue.sqlite").exists():
            continue
        corrections = Corrections.read(source)
        with Dataset(source, create=False) as dataset:
            dataset.verify()
            for path, indices in files_of(dataset):
                records = [dataset[i] for i in indices]
                things = outlines_of(records, corrections, path)
                called = {m.record: o.thing.label for o in things for m in o.thing.members}
                left_out = {m.record for o in things if o.excluded for m in o.thing.members}
                for number, record in enumerate(records):
                    if number in left_out:
                        continue
                    for craft, part, slot, name, weight in parts_of(record):
                        thing = called.get(number, "")
                        line = example_of(record, craft, part, slot, name, speakers[craft], thing)
                        if line is None:
                            continue
                        line["weight"] = weight
                        key = craft + json.dumps([line["items"], line["label"]], sort_keys=True)
                        if key not in seen:
                            seen.add(key)
                            examples[craft].append(line)
    counts = {}
    for craft, lines in examples.items():
        crowd = Counter(json.dumps(line["items"], sort_keys=True) for line in lines)
        alike = Counter(line.get("bone", False) for line in lines)
        for line in lines:
            line["weight"] = round(line["weight"] / crowd[json.dumps(line["items"], sort_keys=True)] ** 0.5, 4)
            draw = int(hashlib.sha1(line["family"].encode()).hexdigest()[:8], 16) % 1000
            share = heldout if alike[line.get("bone", False)] > 200 else 2 * heldout  # few, but enough to test on
            line["split"] = "heldout" if draw < share * 10 else "train"
        counts[craft] = len(lines)
        if lines:
            text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
            (out / f"{craft}.jsonl").write_text(text, encoding="utf-8")
    return counts


def parts_of(record: Record) -> list[tuple[str, Any, int | None, str, float]]:
    """(craft, part, slot, a name of its own, weight) of everything in a record that a schema craft can learn from."""
    out: list[tuple[str, Any, int | None, str, float]] = []
    file = Path(str((record.data.get("source") or {}).get("file") or ""))
    imported = file.suffix.lower() not in (
        "",
        ".blend",
    )  # node trees are the importer's; only slot colours are used
    for slot, material in enumerate(() if imported else record.data.get("materials") or []):
        if material and (material.get("tree") or material.get("plain")):
            out.append(("materials", material, slot, str(material.get("name") or ""), 1.0))
    if record.kind == "mesh" and record.data.get("modifiers"):  # an object without modifiers teaches nothing
        out.append(("modifiers", record.data["modifiers"], None, "", 1.0))
    if (record.data.get("animation") or {}).get("action"):
        out.append(("animation", record, None, str(record.data["animation"]["action"]), 1.0))
    if record.kind == "armature":
        bones = list(movements(record))
        several = Counter(action for action, _, _ in bones)
        # an action of many bones weighs more than that of one object, but less than as many objects
        out += [("animation", items, None, f"{a} {bone}", 1.0 / several[a] ** 0.5) for a, bone, items in bones]
    return out


def example_of(
    record: Record, craft: str, part: Any, slot: int | None, name: str, speaker: Any, thing: str = ""
) -> dict[str, Any] | None:
    """One line of CRAFT.jsonl, or None if the part cannot be used. `thing`: the label of the asset that the object is
    part of, used if its own name says nothing."""
    bone = craft == "animation" and isinstance(part, list)  # its animation has been read already
    items, notes = (part, {}) if bone else speaker.read(part, speaker.type_names)
    if craft == "animation" and not bone:
        items = from_rest(items, conditions.longest_side(record))
    if (craft != "modifiers" and not items) or (craft == "modifiers" and notes and not items):
        return None
    try:
        if encode_items(speaker.tokens, items).steps > LONGEST:
            return None
    except CodecError:
        return None
    source = record.data.get("source") or {}
    file = Path(str(source.get("file") or ""))
    own = labels.normalise(str(record.data.get("label") or record.name))
    stem = labels.normalise(file.name)
    label = own if own and not set(own.split()) <= MUTE else thing or stem or own
    wish: dict[str, Any] = {}
    if record.kind == "mesh" and len(record.arrays.get("mesh/loop_start", ())):
        condition = conditions.of_record(record, craft, slot)
        wish = {k: v for k, v in asdict(condition).items() if k not in ("text", "style") and v is not None}
    return {
        "label": label, "name_label": labels.normalise(name) if name else "",
        "family": f"{file.parent.name}/{labels.stem(stem)}",
        "items": [asdict(i) for i in items], "wish": wish, "source": file.parent.name,
        "path": str(file), "author": source.get("author") or "", "license": source.get("license") or "",
        "split": "train", "weight": 1.0, **({"bone": True} if bone else {}),
    }  # fmt: skip
