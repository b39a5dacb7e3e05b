"""What every kind of generated object is made with: a `Maker` that draws measures, places parts and chooses words.

A kind is a function of one Maker, called `m` everywhere, registered by `@kind("chair", "chair:6, seat:1")`. It gets a
fresh Maker, adds parts to material slots and says which adjectives fit. Sizes are metres; z is up, the front looks to
-y, things stand on z = 0. Usual names: w, d, h for width, depth and height; r a radius, t a thickness, n how many.
"""

import inspect
import random
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import numpy as np

from ...records import Record, mesh_record
from . import palette
from .outlines import Vector
from .parts import Array, Part, join, lathe

Draw = Callable[["Maker"], None]
Colors = tuple[str, ...]


class Maker:
    """Draws from one random stream. `slots` are materials in the order they were first asked for."""

    def __init__(self, kind: "Kind", rng: random.Random) -> None:
        self.kind = kind
        self.rng = rng
        self.parts: list[tuple[Part, int | Array]] = []  # a part and its slot, or one slot a face
        self.slots: list[dict[str, Any]] = []
        self.noun = kind.name(rng)
        self.shape_words: list[str] = []
        self.color_words: list[str] = []
        self.tags: list[str] = []

    # -- chance ------------------------------------------------------------------------------------------------

    def u(self, low: float, high: float) -> float:
        return low + (high - low) * self.rng.random()

    def n(self, low: int, high: int) -> int:
        return self.rng.randint(low, high)

    def chance(self, p: float, *words: str) -> bool:
        """True in `p` of all cases; `words` are said of this one then."""
        hit = self.rng.random() < p
        if hit:
            self.say(*words)
        return hit

    def pick(self, *options: Any) -> Any:
        return options[int(self.rng.random() * len(options))]

    def numbers(self) -> np.random.Generator:
        """A numpy stream, for parts that want many numbers at once."""
        return np.random.default_rng(self.rng.getrandbits(48))

    # -- words -------------------------------------------------------------------------------------------------

    def say(self, *words: str, when: bool = True) -> None:
        """Adjectives that describe the shape of this one: "tall", "round", "broken"."""
        self.shape_words.extend(words if when else ())

    def call(self, noun: str) -> None:
        """A better noun than the kind's own ("bunk bed")."""
        self.noun = noun

    # -- materials ---------------------------------------------------------------------------------------------

    def slot(self, family: str, *colors: str, main: bool = False, name: str | None = None) -> int:
        """A slot of a material family ("wood", "metal", "paint", "leaf" ...; see palette.py) in one of `colors`
        (any that the family has if none is given). `main`: its colour and material may appear in the label."""
        material, words = palette.choose(self.rng, family, colors)
        if name:
            material["name"] = name
        if main:
            self.color_words.extend(w for w in words if w not in self.color_words)
        self.tags.extend(words)
        self.slots.append(material)
        return len(self.slots) - 1

    def either(self, p: float, family: str, other: str) -> int:
        """A slot of the first family in `p` of all cases, else of the other; the label may say its colour."""
        return self.slot(family if self.chance(p) else other, main=True)

    # -- parts -------------------------------------------------------------------------------------------------

    def add(self, slot: int, *parts: Part) -> None:
        self.parts.extend((p, slot) for p in parts)

    def both(self, slot: int, *parts: Part) -> None:
        """The part and its mirror image in x."""
        for p in parts:
            self.parts += [(p, slot), (p.mirror(0), slot)]

    def four(self, slot: int, *parts: Part) -> None:
        """The part and its mirror images in x and y."""
        for p in parts:
            q = p.mirror(0)
            self.parts += [(p, slot), (q, slot), (q.mirror(1), slot), (p.mirror(1), slot)]

    def around(self, slot: int, count: int, part: Part, start: float = 0.0) -> None:
        """`count` copies turned about z."""
        for k in range(count):
            self.parts.append((part.turn("z", start + 360.0 * k / count), slot))

    def banded(
        self, profile: Sequence[tuple[float, float]], sides: int, rows: Sequence[int], at: Vector = (0, 0, 0)
    ) -> None:
        """A lathe whose rows of faces have slots of their own, the last of `rows` also for the upper end."""
        part = lathe(profile, sides).at(*at)
        # loft writes the quads row by row, then what closes the start, then what closes the end
        quads = rows[1 if profile[0][0] == 0 else 0 : len(rows) - (profile[-1][0] == 0)]
        slots = np.repeat(quads, sides)
        left = len(part.counts) - len(slots)
        first = sides if profile[0][0] == 0 else 1
        slots = np.concatenate([slots, np.full(first, rows[0]), np.full(left - first, rows[-1])])
        self.parts.append((part, slots.astype(np.int32)))

    # -- the result ----------------------------------------------------------------------------------------------

    def label(self) -> str:
        """The noun, in about half of all cases with some of the adjectives that are true of this one."""
        words: list[str] = []
        after = ""
        roll = self.rng.random()
        if roll < 0.55:
            if self.shape_words and self.rng.random() < 0.7:
                shape = self.rng.choice(self.shape_words)
                if shape.startswith(("with ", "on ")):
                    after = shape
                else:
                    words.append(shape)
            if self.color_words and self.rng.random() < 0.75:
                count = 1 if self.rng.random() < 0.5 else 2
                words += self.color_words[:count] if self.rng.random() < 0.6 else self.color_words[-1:]
        words += [w for w in self.noun.split() if w not in words]
        return " ".join([*words, after] if after else words)

    def record(self, name: str) -> Record:
        if not self.parts:
            raise KindsError("it places no parts")
        whole = join(thickened([p for p, _ in self.parts]))
        slots = np.concatenate([np.broadcast_to(np.asarray(s, np.int32), len(p.counts)) for p, s in self.parts])
        used, slots = np.unique(slots, return_inverse=True)
        # no two alike, even of kinds whose measures are fixed; x and y together, so that what is round stays round
        wide, tall = self.u(0.94, 1.06), self.u(0.93, 1.07)
        v = whole.vertices * (wide, wide, tall)
        low, high = v.min(0), v.max(0)
        v = v - ((low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2])
        starts = np.cumsum(whole.counts) - whole.counts
        return mesh_record(
            name,
            v,
            starts,
            whole.corners,
            slots,
            [self.slots[s] for s in used],
            label=self.label(),
            size=[float(x) for x in high - low],
            source={"file": None, "author": "Meshkiln generators", "license": "CC0-1.0", "url": None},
            generated={
                "kind": self.kind.key,
                "group": self.kind.group,
                "noun": self.noun,
                "tags": sorted({*self.shape_words, *self.tags}),
                "closed": whole.closed,
            },
        )


def thickened(parts: list[Part]) -> list[Part]:
    """Solids thinner than two cells and a quarter of the 128-level grid are made as thick as that, about their middle:
    otherwise a grid that holds a whole ship would swallow its flag, and a window half sunk into its wall would fall
    into the wall's plane and flicker."""
    low = np.min([p.vertices.min(0) for p in parts], axis=0)
    high = np.max([p.vertices.max(0) for p in parts], axis=0)
    least = 2.25 * float((high - low).max()) / 126
    out = []
    for part in parts:
        near, far = part.vertices.min(0), part.vertices.max(0)
        extent = far - near
        if part.closed and (extent < least).any():
            grow = np.where(extent < least, least / np.maximum(extent, 1e-9), 1.0)
            middle = (near + far) / 2
            part = Part(middle + (part.vertices - middle) * grow, part.counts, part.corners, part.closed)
        out.append(part)
    return out


class KindsError(ValueError):
    """What is wrong with a kind, or with a folder of kinds, in sentences for a person."""


class Kind:
    """One kind of object. `names`: "noun:weight" choices, the first of them is what it is called by default.

    `make` draws it; a noun that looks different has a function of its own, given by `@chair.noun("stool")` below the
    function `chair`, or is drawn by the same function with other arguments, given by `@called("bar stool", high=True)`.
    """

    def __init__(self, key: str, names: str, group: str, make: Draw, weight: float) -> None:
        self.key, self.group, self.weight = key, group, weight
        self.sent: tuple[Any, ...] = (_known, (key,))  # how another process finds it: a function and its arguments
        pairs = [n.strip().rpartition(":") for n in names.split(",")]
        self.nouns = [p[0] for p in pairs]
        try:
            self.odds = np.cumsum([float(p[2]) for p in pairs]).tolist()
        except ValueError:
            raise KindsError(f'the names "{names}" of "{key}" are not written as "noun:weight, noun:weight"') from None
        self._make, self._of_noun = make, self._variants(make)

    def __reduce__(self) -> tuple[Any, ...]:
        return self.sent

    def name(self, rng: random.Random) -> str:
        return rng.choices(self.nouns, cum_weights=self.odds)[0]

    def make(self, m: Maker) -> None:
        self._of_noun.get(m.noun, self._make)(m)

    def noun(self, *nouns: str) -> Callable[[Draw], Draw]:
        """`@tower.noun("watchtower")`: the function below draws what is called so, in place of the kind's own."""
        self._check(nouns)

        def register(make: Draw) -> Draw:
            self._of_noun |= dict.fromkeys(nouns, make) | self._variants(make)
            return make

        return register

    def _variants(self, make: Draw) -> dict[str, Draw]:
        given: dict[str, dict[str, Any]] = getattr(make, "called", {})
        self._check(given)
        for noun, arguments in given.items():
            for unknown in arguments.keys() - inspect.signature(make).parameters.keys():
                raise KindsError(f'"{noun}" is drawn with "{unknown}", which its function does not take')
        return {noun: partial(make, **arguments) for noun, arguments in given.items()}

    def _check(self, nouns: Iterable[str]) -> None:
        for noun in nouns:
            if noun not in self.nouns:
                names = ", ".join(self.nouns)
                raise KindsError(f'the kind "{self.key}" is never called "{noun}"; its names: {names}')


def called(*nouns: str, **given: Any) -> Callable[[Draw], Draw]:
    """`@called("coffee table", low=True)`, between `@kind` and its function: what is called so is drawn with these
    arguments, everything else with their defaults."""

    def note(make: Draw) -> Draw:
        vars(make).setdefault("called", {}).update(dict.fromkeys(nouns, given))
        return make

    return note


KINDS: dict[str, Kind] = {}


def _known(key: str) -> Kind:
    return KINDS[key]


def kind(key: str, names: str = "", weight: float = 1.0) -> Callable[[Draw], Kind]:
    """Register a kind and put it in place of the function. `names`: "sofa:5, settee:1"; its module names the group."""

    def register(make: Draw) -> Kind:
        if key in KINDS:
            raise KindsError(f'there is already a kind "{key}" (in {KINDS[key].group}); give this one another key')
        group = make.__module__.rpartition(".")[2]
        KINDS[key] = Kind(key, names or f"{key.replace('_', ' ')}:1", group, make, weight)
        return KINDS[key]

    return register


def generate(key: str, seed: int) -> Record:
    """One asset of a kind; the same for the same seed."""
    found = KINDS[key]
    maker = Maker(found, random.Random(f"{key}/{seed}"))
    found.make(maker)
    return maker.record(f"{key}_{seed}")
