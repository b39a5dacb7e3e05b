"""The styles that there are, for the panels, which ask at every redraw: looked for at most every two seconds."""

import time
from pathlib import Path

from ..trainer.style import folder
from ..trainer.style.folder import Style
from . import paths

_LOOK_AGAIN = 2.0
# What the bundled models know by name beside what was learned
BUNDLED = ("kaykit", "kenney", "quaternius")


class Shelf:
    """The styles found, and when."""

    def __init__(self) -> None:
        self.styles: list[Style] = []
        self.looked = -_LOOK_AGAIN

    def look(self) -> list[Style]:
        if time.monotonic() - self.looked >= _LOOK_AGAIN:
            self.styles = folder.styles_in(folders())
            self.looked = time.monotonic()
        return self.styles


_shelf = Shelf()


def own_folder() -> Path:
    """Where styles that are learned here lie."""
    return paths.user_folder("styles")


def folders() -> list[Path]:
    """Where styles are looked for: Blender's own folder, then the command line's."""
    return [own_folder(), folder.default_folder()]


def styles() -> list[Style]:
    return _shelf.look()


def forget() -> None:
    """Look again at the next question."""
    _shelf.looked = -_LOOK_AGAIN


def named(name: str) -> Style | None:
    return next((style for style in styles() if style.name.lower() == name.strip().lower()), None)


def asked(name: str) -> str | None:
    """What a request says for a style's name: the folder of a learned one, else the name; None for none."""
    style = named(name) if name.strip() else None
    return str(style.folder) if style else name.strip() or None
