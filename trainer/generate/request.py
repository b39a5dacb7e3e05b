"""The requests of generation, one dataclass per kind. The panel, the command line and the worker all use these, so a
wrong value is found where it is entered, with the same message. Standard library only: Blender imports this.

    request = GenerateRequest(prompt="barrel", models={"geometry": "geometry.safetensors"}, seed=7)
    GenerateRequest.from_dict(request.to_dict()) == request

Every instance is valid: making one from wrong values raises RequestError, a sentence that begins with the name of the
field. None means that the model decides.
"""

import reprlib
from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, ClassVar, NamedTuple, Self

CRAFTS = ("geometry", "materials", "modifiers", "animation")
ENGINES = ("auto", "numpy", "torch")
LONGEST_PROMPT = 1000  # characters; a model reads six words of it
LONGEST_PATH = 4096


class Limit(NamedTuple):
    """The smallest and largest allowed number."""

    least: float
    most: float
    whole: bool = False


LIMITS = {
    "variants": Limit(1, 16, whole=True),
    "best_of": Limit(1, 64, whole=True),
    "seed": Limit(0, 2**31 - 1, whole=True),
    "faces": Limit(1, 100_000, whole=True),
    "size": Limit(1e-6, 1e6),
    "frames": Limit(1, 10_000, whole=True),
    "temperature": Limit(0.0, 2.0),
    "guidance": Limit(0.0, 5.0),
    "keep": Limit(0.0, 1.0),
    "closeness": Limit(0.0, 1.0),
    "metres": Limit(1e-9, 1e9),
    "speed": Limit(0.0, 1e24),
    "coordinate": Limit(-1e9, 1e9),
}


class RequestError(ValueError):
    """What is wrong with a request, as a sentence."""


def number(name: str, value: Any, limit: Limit | None = None) -> float:
    """The value, if it is a finite number within `limit` (that of `name` unless given)."""
    limit = LIMITS[name] if limit is None else limit
    kind = "a whole number" if limit.whole else "a number"
    allowed = (int,) if limit.whole else (int, float)
    # NaN fails every comparison; integers of any length compare without conversion.
    if isinstance(value, bool) or not isinstance(value, allowed) or not limit.least <= value <= limit.most:
        span = f"{limit.least:,} to {limit.most:,}" if limit.whole else f"{limit.least:g} to {limit.most:g}"
        raise RequestError(f"{name}: must be {kind} from {span}, is {reprlib.repr(value)}")
    return value if limit.whole else float(value)


def text(name: str, value: Any, longest: int) -> str:
    """The value, if it is text that can be written as UTF-8 and is no longer than `longest` characters."""
    if not isinstance(value, str):
        raise RequestError(f"{name}: must be text, is {reprlib.repr(value)}")
    if len(value) > longest:
        raise RequestError(f"{name}: has {len(value):,} characters; at most {longest:,} are allowed")
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise RequestError(f"{name}: contains a character that is not valid text: {reprlib.repr(value)}")
    return value


def one_of(name: str, value: Any, choices: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in choices:
        raise RequestError(f"{name}: there is no {reprlib.repr(value)}; there are: {', '.join(choices)}")
    return value


def numbers(name: str, value: Any, count: int) -> tuple[float, ...]:
    """`count` coordinates, in a list or a tuple."""
    if not isinstance(value, list | tuple) or len(value) != count:
        raise RequestError(f"{name}: must be {count} numbers, is {reprlib.repr(value)}")
    return tuple(number(name, each, LIMITS["coordinate"]) for each in value)


def model_paths(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise RequestError(f"models: must name a file for each craft, is {reprlib.repr(value)}")
    return {one_of("models", craft, CRAFTS): text("models", path, LONGEST_PATH) for craft, path in value.items()}


class Request:
    """What all requests have in common: they travel as JSON objects under the name `do`."""

    do: ClassVar[str]

    @classmethod
    def from_dict(cls, values: Any) -> Self:
        """The request of `to_dict`; RequestError for fields that it does not have."""
        if not isinstance(values, dict):
            raise RequestError(f"{cls.do}: must be a JSON object, is {reprlib.repr(values)}")
        entries = fields(cls)  # type: ignore[arg-type]
        names = [entry.name for entry in entries]
        for entry in entries:
            if entry.default is MISSING and entry.default_factory is MISSING and entry.name not in values:
                raise RequestError(f"{cls.do}: {entry.name} is missing")
        for name in values:
            if name not in names:
                raise RequestError(f"{cls.do}: has no option {reprlib.repr(name)}; there are: {', '.join(names)}")
        return cls(**values)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; None values are left out."""
        values = {entry.name: getattr(self, entry.name) for entry in fields(self)}  # type: ignore[arg-type]
        plain = {name: value.to_dict() if isinstance(value, Request) else value for name, value in values.items()}
        return {name: value for name, value in plain.items() if value is not None}

    def _check(self, **checks: Callable[[str, Any], Any]) -> None:
        """Replace each field by the result of its check; None is kept if it is the default."""
        defaults = {entry.name: entry.default for entry in fields(self)}  # type: ignore[arg-type]
        for name, check in checks.items():
            value = getattr(self, name)
            if value is not None or defaults[name] is not None:
                object.__setattr__(self, name, check(name, value))


def _path(name: str, value: Any) -> str:
    return text(name, value, LONGEST_PATH)


def _engine(name: str, value: Any) -> str:
    return one_of(name, value, ENGINES)


def _models(name: str, value: Any) -> dict[str, str]:
    return model_paths(value)


def _crafts(name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not value:
        raise RequestError(f"{name}: must list at least one of {', '.join(CRAFTS)}, is {reprlib.repr(value)}")
    for craft in value:
        one_of(name, craft, CRAFTS)
    return tuple(craft for craft in CRAFTS if craft in value)


def _frame(name: str, value: Any) -> tuple[tuple[float, ...], ...]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise RequestError(f"{name}: must be the lowest and the highest corner, is {reprlib.repr(value)}")
    return tuple(numbers(name, corner, 3) for corner in value)


def _target(name: str, value: Any) -> tuple[float, ...]:
    return numbers(name, value, 3)


def _completion(name: str, value: Any) -> "Completion":
    return value if isinstance(value, Completion) else Completion.from_dict(value)


@dataclass(frozen=True)
class Completion(Request):
    """All given faces are kept exactly, in their own coordinates, and more are added. `metres`: the length of a unit of
    these coordinates; `frame`: lowest and highest corner of the box that the whole object may fill, or None for the
    usual size of such an object."""

    do: ClassVar[str] = "complete"
    metres: float = 1.0
    frame: tuple[tuple[float, ...], ...] | None = None

    def __post_init__(self) -> None:
        self._check(metres=number, frame=_frame)


@dataclass(frozen=True)
class GenerateRequest(Request):
    """Meshes from words, and additions to them.

    `crafts`: which of CRAFTS to make, each by its file in `models`. Without geometry, `record` (the path of a record
    file) is the mesh that gets materials, modifiers or an animation; with geometry, it is the mesh of which a share
    `keep` of the faces is kept and the rest generated anew, or that `complete` completes.

    `best_of`: how many samples each variant is chosen from (fewer of what has many faces). `size`: longest side in
    metres. `style`: the name or the folder of a learned style, or one of the styles that the models know; `closeness`:
    how near to the library's own things the result may be, 0 to 1. `frames`: how long a movement takes; `target`: how
    far it goes along each axis. `out`: the folder into which the worker writes the records.
    """

    do: ClassVar[str] = "generate"
    prompt: str = ""
    crafts: tuple[str, ...] = ("geometry",)
    models: dict[str, str] = field(default_factory=dict)
    variants: int = 1
    best_of: int = 1
    seed: int = 0
    faces: int | None = None
    size: float | None = None
    style: str | None = None
    closeness: float = 0.5
    frames: int | None = None
    target: tuple[float, ...] | None = None
    temperature: float = 0.5
    guidance: float = 1.0
    engine: str = "auto"
    record: str | None = None
    keep: float | None = None
    complete: Completion | None = None
    out: str | None = None

    def __post_init__(self) -> None:
        self._check(
            prompt=lambda name, value: text(name, value, LONGEST_PROMPT),
            style=lambda name, value: text(name, value, LONGEST_PROMPT),
            crafts=_crafts,
            models=_models,
            engine=_engine,
            record=_path,
            out=_path,
            target=_target,
            complete=_completion,
            **{name: number for name in ("variants", "best_of", "seed", "faces", "size", "frames")},
            **{name: number for name in ("temperature", "guidance", "keep", "closeness")},
        )
        if not self.prompt.strip() and self.record is None:
            raise RequestError("prompt: is empty; say what to make")
        for craft in self.crafts:
            if craft not in self.models:
                raise RequestError(f"models: there is none for {craft}; train one, or give one")
        beginnings = [name for name in ("keep", "complete") if getattr(self, name) is not None]
        if "geometry" not in self.crafts:
            if self.record is None:
                raise RequestError("record: is missing; without geometry there must be a mesh to work on")
            if beginnings:
                raise RequestError(f"{beginnings[0]}: is only for geometry")
        elif self.record is None and beginnings:
            raise RequestError(f"{beginnings[0]}: needs a record to begin with")
        elif self.record is not None and len(beginnings) != 1:
            raise RequestError("record: give either keep or complete with it")


@dataclass(frozen=True)
class LoadRequest(Request):
    """Load models into memory before they are needed."""

    do: ClassVar[str] = "load"
    models: dict[str, str] = field(default_factory=dict)
    engine: str = "auto"

    def __post_init__(self) -> None:
        self._check(models=_models, engine=_engine)


@dataclass(frozen=True)
class PresetsRequest(Request):
    """What each size of model costs. With `dataset` (a folder) and `speed` (operations a second, as a TestRequest
    measures them), also how long one pass over its examples of `craft` takes."""

    do: ClassVar[str] = "presets"
    craft: str = "geometry"
    dataset: str | None = None
    speed: float = 0.0

    def __post_init__(self) -> None:
        self._check(craft=lambda name, value: one_of(name, value, CRAFTS), dataset=_path, speed=number)


@dataclass(frozen=True)
class TestRequest(Request):
    """Measure which device runs the model, and how fast."""

    __test__: ClassVar[bool] = False  # not a test class, despite its name
    do: ClassVar[str] = "test"


@dataclass(frozen=True)
class AssetsRequest(Request):
    """What will be learned from a dataset: `count` of its assets from `first` on, with pictures in the folder
    `pictures`. With an `action` the assets `keys` are corrected first; `label` is for "rename"."""

    do: ClassVar[str] = "assets"
    dataset: str
    pictures: str = ""
    first: int = 0
    count: int = 200
    action: str = ""
    keys: tuple[str, ...] = ()
    label: str = ""

    def __post_init__(self) -> None:
        self._check(
            dataset=_path,
            pictures=_path,
            first=lambda name, value: int(number(name, value, Limit(0, 1e9, whole=True))),
            count=lambda name, value: int(number(name, value, Limit(1, 10_000, whole=True))),
            action=lambda name, value: one_of(name, value, ACTIONS),
            keys=_keys,
            label=lambda name, value: text(name, value, LONGEST_PROMPT),
        )


ACTIONS = ("", "exclude", "rename", "join", "split", "reset")


def _keys(name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or len(value) > 10_000:
        raise RequestError(f"{name}: must list assets, is {reprlib.repr(value)}")
    return tuple(text(name, key, 2 * LONGEST_PATH) for key in value)


AnyRequest = GenerateRequest | LoadRequest | PresetsRequest | AssetsRequest | TestRequest
REQUESTS: dict[str, type[AnyRequest]] = {
    kind.do: kind for kind in (GenerateRequest, LoadRequest, PresetsRequest, AssetsRequest, TestRequest)
}
