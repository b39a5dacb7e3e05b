"""The language of a schema craft: types, their fields, and how a field's value is encoded in tokens.

A value token is one of 256. Numbers keep this promise (`Field.bound`; tests check it):
  factor   [0, 1] in 255 steps                                       error <= 0.002
  colour   sRGB-encoded, 255 steps a channel, above 1 is cut to 1    error <= 0.002 in sRGB
  angle    [-8 pi, 8 pi] in 65,535 steps                             error <= 0.0004
  whole    -32,768 to 32,767, two tokens (one where the range fits)  exact
  wide     sign and logarithm from 1e-6 to 1e6, two tokens           error <= 0.05 % of the value
It knows schema files and nothing of steps, models or Blender.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

LEVELS = 256
WIDE_LOW, WIDE_HIGH = 1e-6, 1e6
WIDE_STEPS = 32767
TURN = 8 * math.pi


def to_srgb(linear: float) -> float:
    linear = min(max(linear, 0.0), 1.0)
    return linear * 12.92 if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055


def to_linear(srgb: float) -> float:
    return srgb / 12.92 if srgb <= 0.04045 else ((srgb + 0.055) / 1.055) ** 2.4


def single(number: float) -> float:
    """The shortest decimal with the same single-precision value, which is what Blender stores."""
    return float(str(np.float32(number)))


def pair(number: int) -> list[int]:
    return [number >> 8, number & 255]


@dataclass(frozen=True)
class Field:
    """A property or socket of a type. `way` is how its numbers are encoded; `size` how many there are (0: one)."""

    name: str
    way: str  # bool, enum, byte, whole, factor, colour, angle, wide, none (only a link)
    default: Any = None
    size: int = 0
    items: tuple[str, ...] = ()
    low: int = 0  # of a byte
    high: int = 0
    socket: str = ""  # the kind of link it accepts, "" for none
    least: float = -math.inf  # the range to which Blender clamps a number
    most: float = math.inf

    @property
    def tokens_each(self) -> int:
        return {"whole": 2, "angle": 2, "wide": 2, "none": 0}.get(self.way, 1)

    @property
    def tokens(self) -> int:
        return self.tokens_each * max(self.size, 1)

    def allowed(self, position: int) -> int:
        """How many of the 256 value tokens may stand at this position, counted from 0."""
        if self.way == "bool":
            return 2
        if self.way == "enum":
            return len(self.items)
        if self.way == "byte":
            return self.high - self.low + 1
        return LEVELS

    def bound(self, value: float) -> float:
        """The largest error of a number within range after encoding."""
        if self.way == "factor":
            return 0.5 / 255 + 1e-7
        if self.way == "colour":
            slope = max(abs(to_linear(min(to_srgb(value) + d, 1.0)) - value) for d in (-0.5 / 255, 0.5 / 255))
            return slope + 1e-6
        if self.way == "angle":
            return TURN / 65535 + 1e-7
        if self.way == "wide":
            return abs(value) * 5e-4 + WIDE_LOW
        return 0.0

    def encode(self, value: Any) -> list[int]:
        """The value tokens of a value, each 0 to 255. A value outside the range is clamped."""
        values = list(value) if self.size else [value]
        return [token for v in values for token in self._encode_one(v)]

    def _encode_one(self, v: Any) -> list[int]:
        if self.way == "bool":
            return [int(bool(v))]
        if self.way == "enum":
            return [self.items.index(v)]
        if self.way == "byte":
            return [min(max(int(v), self.low), self.high) - self.low]
        if self.way == "whole":
            return pair(min(max(int(v), -32768), 32767) + 32768)
        v = float(v)
        if not math.isfinite(v):
            v = 0.0
        if self.way == "factor":
            return [round(min(max(v, 0.0), 1.0) * 255)]
        if self.way == "colour":
            return [round(to_srgb(v) * 255)]
        if self.way == "angle":
            return pair(round((min(max(v, -TURN), TURN) + TURN) / (2 * TURN) * 65535 - 0.5 + 1e-9))
        if abs(v) < WIDE_LOW:
            return pair(32768)
        step = math.log(min(abs(v), WIDE_HIGH) / WIDE_LOW) / math.log(WIDE_HIGH / WIDE_LOW)
        size = 1 + round(step * (WIDE_STEPS - 1))
        return pair(32768 + size if v > 0 else 32768 - size)

    def decode(self, tokens: list[int]) -> Any:
        """The value of these tokens: the inverse of `encode`."""
        each = self.tokens_each
        values = [self._decode_one(tokens[i : i + each]) for i in range(0, len(tokens), each)]
        if self.way == "whole":
            values = [int(min(max(v, self.least), self.most)) for v in values]
        elif self.way in ("factor", "colour", "angle", "wide"):
            values = [single(min(max(v, self.least), self.most)) for v in values]
        return values if self.size else values[0]

    def _decode_one(self, t: list[int]) -> Any:
        if self.way == "bool":
            return bool(t[0])
        if self.way == "enum":
            return self.items[t[0]]
        if self.way == "byte":
            return self.low + t[0]
        if self.way == "factor":
            return t[0] / 255
        if self.way == "colour":
            return to_linear(t[0] / 255)
        number = (t[0] << 8) + t[1]
        if self.way == "whole":
            return number - 32768
        if self.way == "angle":
            # Half a step off, so that 0 is exact and the ends are not.
            return (number - 32767) / 65535 * (2 * TURN)
        size = abs(number - 32768)
        if size == 0:
            return 0.0
        magnitude = WIDE_LOW * (WIDE_HIGH / WIDE_LOW) ** ((min(size, WIDE_STEPS) - 1) / (WIDE_STEPS - 1))
        return magnitude if number > 32768 else -magnitude

    def is_default(self, value: Any) -> bool:
        """Whether this can be left out because it decodes to the default."""
        if self.default is None:
            return False
        if self.way in ("bool", "enum", "byte", "whole"):
            return list(value) == list(self.default) if self.size else value == self.default
        return self.encode(value) == self.encode(self.default)


@dataclass(frozen=True)
class Type:
    """A node, a modifier or a channel: its fields, the outputs others may link to, and its repeatable row if any."""

    name: str
    fields: tuple[Field, ...]
    outputs: tuple[tuple[str, str], ...] = ()  # (identifier, socket kind)
    row: tuple[Field, ...] = ()
    min_rows: int = 0

    def field(self, name: str) -> int:
        for index, field in enumerate(self.fields):
            if field.name == name:
                return index
        return -1

    @property
    def row_tokens(self) -> int:
        return sum(field.tokens for field in self.row)


@dataclass(frozen=True)
class Language:
    """All types of one craft. `last`, if not empty, names a type that is required before the end."""

    types: tuple[Type, ...]
    last: str = ""

    def index(self, name: str) -> int:
        for index, type in enumerate(self.types):
            if type.name == name:
                return index
        return -1

    @property
    def most_fields(self) -> int:
        return max(len(type.fields) for type in self.types)


def links(output: str, accepts: str) -> bool:
    """Whether Blender draws a link from one kind of socket to another without a red line."""
    if not accepts or "STRING" in (output, accepts):
        return output == accepts != ""
    return (output == "SHADER") == (accepts == "SHADER")


def field_from_schema(entry: dict[str, Any], prefix: str = "") -> Field | None:
    """A Field from a property or an input socket in a schema file; None if it cannot be encoded."""
    name = prefix + entry["id"]
    socket = entry.get("socket", "")
    kind = entry["type"]
    size = int(entry.get("size", 0))
    default = entry.get("default")
    if kind == "none" or size > 4 or (kind in ("int", "bool") and size > 4):
        return Field(name, "none", socket=socket) if socket else None
    common = {"default": default, "size": size, "socket": socket}
    common |= {name: entry[key] for name, key in (("least", "min"), ("most", "max")) if entry.get(key) is not None}
    if kind == "bool":
        return Field(name, "bool", **common)
    if kind == "enum":
        items = tuple(entry["items"])
        return Field(name, "enum", items=items, **common) if len(items) <= LEVELS else None
    low, high = entry.get("soft_min"), entry.get("soft_max")
    if kind == "int":
        hard_low, hard_high = entry.get("min"), entry.get("max")
        if hard_low is not None and hard_high is not None and hard_high - hard_low < LEVELS:
            return Field(name, "byte", low=int(hard_low), high=int(hard_high), **common)
        return Field(name, "whole", **common)
    subtype = entry.get("subtype", "NONE")
    if subtype in ("COLOR", "COLOR_GAMMA"):
        return Field(name, "colour", **common)
    if subtype in ("ANGLE", "EULER"):
        # Limits are rounded in the schema: 1.5708 is above pi / 2.
        for limit, inward in (("least", 1e-5), ("most", -1e-5)):
            if common.get(limit):
                common[limit] += inward
        return Field(name, "angle", **common)
    if entry.get("min") == 0 and entry.get("max") == 1 or (subtype == "FACTOR" and (low, high) == (0, 1)):
        return Field(name, "factor", **common)
    return Field(name, "wide", **common)
