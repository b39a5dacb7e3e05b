"""When to redraw the 3D viewports: at once on request, else more or less often depending on what a redraw costs."""

import time

import bpy

EVERY = 0.1  # seconds, if drawing is cheap; if not, drawing gets a tenth of the time
SLOWEST = 1.0


class Redraw:
    """Call `turn_begins` and `turn_ends` around each turn of a timer: how late a turn starts tells how long drawing
    took."""

    def __init__(self) -> None:
        self.wanted = False  # something visible has changed
        self.drawn = 0.0  # when the last redraw was requested
        self._due = 0.0  # when the next turn should start
        self._due_for = 0.0  # the last redraw that was measured
        self._takes = 0.0  # seconds that a redraw takes, as measured

    def turn_begins(self) -> None:
        """The delay of this turn after a redraw is about what the redraw took."""
        if self._due and self.drawn > self._due_for:
            late = max(0.0, time.perf_counter() - self._due)
            self._takes += 0.3 * (late - self._takes)
            self._due_for = self.drawn

    def turn_ends(self, interval: float | None) -> None:
        """The next turn is due in `interval` seconds; None if a delay would say nothing about drawing."""
        self._due = time.perf_counter() + interval if interval is not None else 0.0

    def ask(self, now: bool = False) -> None:
        """Redraw if something has changed and enough time has passed, or if `now`."""
        if bpy.app.background or not (now or self.wanted):
            return
        moment = time.monotonic()
        if not now and moment - self.drawn < min(SLOWEST, max(EVERY, 9 * self._takes)):
            return
        self.drawn, self.wanted = moment, False
        for window in bpy.context.window_manager.windows:
            for area in window.screen.areas:
                if area.type == "VIEW_3D":
                    for region in area.regions:
                        if region.type in ("WINDOW", "UI"):
                            region.tag_redraw()
                elif area.type == "PREFERENCES":
                    area.tag_redraw()
