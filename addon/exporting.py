"""Objects of the scene on their way into a dataset, one after another, so that the window stays free to work in.

Reading an object needs Blender and happens in turns of the timer; writing needs only the records and happens in a
thread. Between two turns the artist may do anything, so objects are identified by their session uids.
"""

import threading
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

import bpy

from .generate import session
from .generate.chore import Steps

NAMED = 5  # objects mentioned by name in the sentence at the end


def steps(objects: list[bpy.types.Object], folder: Path, options: Any) -> Steps:
    """Read all, then write all or nothing. Yields the fraction done after each object; the panel shows how it ended."""
    uids = [(obj.session_uid, obj.name) for obj in objects]
    file = bpy.data.filepath or f"unsaved scene {time.strftime('%Y-%m-%d %H:%M:%S')}"
    return _steps(uids, file, folder, options)


def _steps(uids: list[tuple[int, str]], file: str, folder: Path, options: Any) -> Steps:
    from ..extractor.materials.readers import new_context
    from ..extractor.scene.objects import collection_paths
    from ..extractor.scene.scene import read_object
    from ..records.dataset import Dataset, SourceFile

    context = new_context(options)

    def begin_anew(*_: Any) -> None:
        """After undo, other datablocks may be at the memory addresses that the cache uses as keys."""
        context.cache.clear()
        context.cache["collection paths"] = collection_paths()

    begin_anew()
    records: list[Any] = []
    skipped: list[str] = []
    handlers = (bpy.app.handlers.undo_post, bpy.app.handlers.redo_post)
    for handler in handlers:
        handler.append(begin_anew)
    try:
        for number, (uid, name) in enumerate(uids):
            obj = _object_of(uid, name)
            if obj is None:
                skipped.append(f"{name} (no longer there)")
            else:
                try:
                    obj.update_from_editmode()
                    records.append(read_object(obj, context.next()))
                except Exception as error:  # one bad object is reported; the export goes on
                    traceback.print_exc()
                    skipped.append(f"{name} ({error})")
            yield 0.9 * (number + 1) / len(uids)
    finally:
        for handler in handlers:
            handler.remove(begin_anew)
    failed: list[str] = []

    def write() -> None:
        try:
            source = SourceFile(file, state="done", author=options.author, license=options.license)
            Dataset(folder).append(records, source)
        except (ValueError, OSError, RuntimeError) as error:
            failed.append(str(error))

    writer = threading.Thread(target=write, name="meshkiln-export")
    writer.start()
    while writer.is_alive():
        if bpy.app.background:
            writer.join()
        yield None
    talk = session.get()
    if failed:
        talk.say(f"Nothing was exported: {failed[0]}", error=True)
    else:
        talk.say(summary(records, skipped, folder.name), error=not records)


def _object_of(uid: int, name: str) -> bpy.types.Object | None:
    obj = bpy.data.objects.get(name)
    if obj is not None and obj.session_uid == uid:
        return obj
    return next((o for o in bpy.data.objects if o.session_uid == uid), None)  # it was renamed


def summary(records: list[Any], skipped: list[str], where: str) -> str:
    """What went in and what did not, in a sentence or two."""
    kinds = Counter(record.kind.replace("_", " ") for record in records)
    counts = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
    text = f"{len(records)} objects went into {where} ({counts})." if records else f"Nothing went into {where}."
    bare = [record.name for record in records if record.data.get("was") and record.kind == "empty"]
    for what, names in (("Skipped", skipped), ("Only the transform is kept of", bare)):
        if names:
            more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
            text += f" {what}: {', '.join(names[:NAMED])}{more}."
    return text
