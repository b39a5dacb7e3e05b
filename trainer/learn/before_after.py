"""Pictures of what a style changes: the same prompts without it and with it. numpy alone."""

from ..evaluate.library_evaluation import prompts
from ..generate.command import find_models
from ..generate.listener import Quiet
from ..generate.request import GenerateRequest
from ..generate.service import Service
from ..style import folder as styles
from ..style.library import Library
from .remember import draw

EACH = 4  # of the library's own nouns, and of others
TRIES = 4


def draw_before_and_after(style: styles.Style, others: bool) -> None:
    """after.png in the style's folder; with `others` also everyday things, and before.png: seconds a thing."""
    own, everyday = prompts(Library.open(style).memory, EACH)
    asked = [*own, *(everyday if others else [])]
    service = Service()
    models = {craft: str(path) for craft, path in find_models([]).items()}
    crafts = tuple(craft for craft in ("geometry", "materials") if craft in models)
    if "geometry" not in models:
        return
    for name, given in ((styles.PICTURES[2], str(style.folder)), *([(styles.PICTURES[1], None)] if others else [])):
        requests = [GenerateRequest(prompt, crafts, models, style=given, best_of=TRIES) for prompt in asked]
        draw([service.make(request, Quiet())[0][0] for request in requests], style.folder / name)
