"""Long work that only the main thread may do, in small steps between which the window stays free to work in."""

import time
from collections.abc import Generator
from dataclasses import dataclass

Steps = Generator[float | None, None, None]


@dataclass
class Chore:
    """`steps` yields the fraction done so far, or None while it can only wait. It reports its own outcome; closing it
    (`GeneratorExit`) cancels it."""

    what: str
    steps: Steps
    fraction: float = 0.0
    ended: bool = False

    def work(self, seconds: float) -> bool:
        """Work for about this many seconds; returns whether anything changed that a panel shows."""
        began = time.perf_counter()
        changed = False
        while not self.ended:
            try:
                done = next(self.steps)
            except StopIteration:
                self.ended = True
                return True
            if done is None:
                return changed
            self.fraction, changed = done, True
            if time.perf_counter() - began > seconds:
                return True
        return changed

    def drop(self) -> None:
        self.ended = True
        self.steps.close()
