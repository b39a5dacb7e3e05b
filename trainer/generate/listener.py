"""Receives the progress of a generation: the worker's channel, the terminal's bar, or nothing."""

from typing import Any, Protocol


class Listener(Protocol):
    """Called from the thread that generates. `polygons` counts those shown so far, `speed` is polygons a second since
    the first, `first_face` the seconds until the first one (None before), `started` a `time.perf_counter`."""

    polygons: int
    first_face: float | None
    started: float

    @property
    def speed(self) -> float: ...

    def check(self) -> None:
        """Raise an exception if the result is no longer wanted; called every step."""

    def polygon(self, variant: int, corners: list[list[float]], slot: int = 0) -> None:
        """A finished polygon: its corners in metres and its material slot."""

    def take_back(self, variant: int, polygons: int) -> None:
        """The last `polygons` of a variant are made again."""

    def flush(self) -> None:
        """Show what was buffered."""

    def emit(self, event: str, **body: Any) -> None:
        """Anything else, as `worker.py` lists it."""


class Quiet:
    """A listener that ignores everything."""

    polygons: int = 0
    first_face: float | None = None
    started: float = 0.0
    speed: float = 0.0

    def check(self) -> None:
        pass

    def polygon(self, variant: int, corners: list[list[float]], slot: int = 0) -> None:
        pass

    def take_back(self, variant: int, polygons: int) -> None:
        pass

    def flush(self) -> None:
        pass

    def emit(self, event: str, **body: Any) -> None:
        pass
