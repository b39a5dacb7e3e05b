"""What the artist kept and threw away, remembered on this machine alone: one line a verdict, and what was kept as it
was then, edits and all, in a dataset that *Learn* adds to the style.

Off by one checkbox in the preferences; *Forget Verdicts* deletes all of it.
"""

import json
import time
from pathlib import Path
from typing import Any

import bpy

from . import paths, preferences
from .generate import session

UNDONE_WITHIN = 60.0  # seconds after landing in which undoing is a verdict
KEPT = "Kept "  # the dataset of a style's kept things is called so, and like the style


def wanted() -> bool:
    chosen = preferences.get()
    return bool(chosen is None or chosen.remember_verdicts)


def file() -> Path:
    return paths.user_folder("verdicts") / "verdicts.jsonl"


def kept_dataset(style: str) -> Path | None:
    """The dataset of what was kept in a style, if there is one."""
    folder = paths.user_folder("verdicts") / (KEPT + style)
    return folder if style and (folder / "catalogue.sqlite").is_file() else None


def note(verdict: str, known: dict[str, Any]) -> None:
    """Append a verdict: "keep", "discard" or "undo"."""
    if not wanted():
        return
    line = {"time": round(time.time(), 1), "verdict": verdict, **known}
    with open(file(), "a", encoding="utf-8") as out:
        out.write(json.dumps(line, ensure_ascii=False) + "\n")


def known_of(obj: bpy.types.Object) -> dict[str, Any]:
    """What an object remembers of its making."""
    own = obj.meshkiln
    return {"prompt": own.prompt, "seed": own.seed, "style": own.style, "from": own.made_from}


def keep(obj: bpy.types.Object) -> None:
    """The object as it is now joins what its style learns from."""
    if not wanted() or not obj.meshkiln.prompt:
        return
    note("keep", known_of(obj))
    style = obj.meshkiln.style
    if not style:
        return
    from ..extractor.materials.readers import new_context
    from ..extractor.rna.context import Options
    from ..extractor.scene.scene import read_object
    from ..records.dataset import Dataset, SourceFile

    label = obj.meshkiln.prompt
    record = read_object(obj, new_context(Options(author="", license="own", label=label, evaluate=True)))
    source = SourceFile(f"{label} {obj.meshkiln.seed} {time.time():.0f}", state="done", license="own")
    with Dataset(paths.user_folder("verdicts") / (KEPT + style)) as dataset:
        dataset.append([record], source)


def landed(objects: list[bpy.types.Object]) -> None:
    """A result has come down; if it is undone soon, that is a verdict."""
    names = [obj.name for obj in objects]
    session.get().landed = {"at": time.monotonic(), "names": names, "known": known_of(objects[0])} if objects else {}


@bpy.app.handlers.persistent
def _undone(*_: Any) -> None:
    last = session.get().landed
    if not last or time.monotonic() - last["at"] > UNDONE_WITHIN:
        return
    if not any(name in bpy.data.objects for name in last["names"]):
        note("undo", last["known"])
        session.get().landed = {}


def forget() -> int:
    """Delete all that was remembered; how many verdicts it was."""
    import shutil

    folder = paths.user_folder("verdicts")
    count = len(file().read_text(encoding="utf-8").splitlines()) if file().is_file() else 0
    file().unlink(missing_ok=True)
    for dataset in folder.glob(f"{KEPT}*"):
        if (dataset / "catalogue.sqlite").is_file() and not dataset.is_symlink():
            shutil.rmtree(dataset)
    return count


def attach() -> None:
    bpy.app.handlers.undo_post.append(_undone)


def detach() -> None:
    if _undone in bpy.app.handlers.undo_post:
        bpy.app.handlers.undo_post.remove(_undone)
