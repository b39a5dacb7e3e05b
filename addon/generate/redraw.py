"""When the 3D viewports are drawn again: at once where somebody asked, else as often as drawing is cheap."""

import time

import bpy

EVERY = 0.1  # seconds, where drawing is cheap; where it is not, drawing gets a tenth of the time
SLOWEST = 1.0


class Redraw:
    """Call `turn_begins` and `turn_ends` around each turn of a timer: how late a turn comes tells what drawing took."""

    def __init__(self) -> None:
        self.wanted = False  # something to be seen has changed
        self.drawn = 0.0  # when the last one was asked for
        self._due = 0.0  # when the next turn should come
        self._due_for = 0.0  # the last redraw that was measured
        self._takes = 0.0  # seconds that a redraw was seen to take

    def turn_begins(self) -> None:
        """How late this turn is after a redraw is about what the redraw took."""
        if self._due and self.drawn > self._due_for:
            late = max(0.0, time.perf_counter() - self._due)
            self._takes += 0.3 * (late - self._takes)
            self._due_for = self.drawn

    def turn_ends(self, interval: float | None) -> None:
        """The next turn is due in so many seconds; None where its being late would say nothing of drawing."""
        self._due = time.perf_counter() + interval if interval is not None else 0.0

    def ask(self, now: bool = False) -> None:
        """Draw if something has changed and it is time, or `now`."""
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
