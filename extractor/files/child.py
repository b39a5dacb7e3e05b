"""One Blender that reads one file after another, so that a file that crashes it takes nothing else down.

Runs as `python child.py` with the bpy module, or as `blender -b --factory-startup --disable-autoexec --python
child.py`. Requests come as lines of JSON on stdin, answers go as lines that start with MARK on stdout; what Blender
itself prints goes to stderr. When stdin closes the parent is gone, and this process ends. Batch.py is the other end.

    {"file": {...SourceFile...}, "format": "obj", "dataset": "...", "options": {...}}
        ->  {"read": True, ...} when Blender is done with the file, then {"stored": PATH, "records": 3, ...}
            {"evaluating": PATH} before, if modifiers have to run: they are then to blame for a crash

Blender lets other threads run while it opens a file, so records are written meanwhile: "stored" may come after the next
request. {"do": "settle"} is answered when everything is stored.
"""

import errno
import gc
import importlib
import json
import os
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

MARK = "\x1emeshkiln "


def main() -> None:
    from ...jobs import processes

    processes.die_with_parent()
    channel = os.dup(1)
    os.dup2(2, 1)  # from here on nothing else can write between our answers
    requests: queue.Queue[dict[str, Any] | None] = queue.Queue()
    threading.Thread(target=_listen, args=(requests,), daemon=True).start()

    import bpy

    from ..scene import scene  # noqa: F401 (a broken installation shows here once, not with every file)
    from . import importers

    importers.start_empty()
    # Records have no reference cycles, and everything loaded so far stays: garbage collection would find next to
    # nothing.
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
    sys.setswitchinterval(0.0005)  # the writer must not keep Blender waiting; the usual 5 ms are half a small file
    _answer(channel, {"ready": bpy.app.version_string, "pid": os.getpid()})
    # At most one file waits to be written, so that memory holds no more than two.
    written: queue.Queue[Callable[[], dict[str, Any]]] = queue.Queue(maxsize=1)
    threading.Thread(target=_write, args=(written, channel), daemon=True).start()
    while (request := requests.get()) is not None:
        if request.get("do") == "settle":
            written.join()
        answer = handle(request, lambda message: _answer(channel, message))
        then = answer.pop("then", None)
        if then is not None:
            written.join()  # one is written at a time, and its answer comes before this one's
        _answer(channel, answer)
        if then is not None:
            written.put(then)
    # Blender's own cleanup can crash on what a hostile file leaves, and there is nothing left to save.
    os._exit(0)


def _write(waiting: queue.Queue[Any], channel: int) -> None:
    while True:
        _answer(channel, _guarded(waiting.get()))
        waiting.task_done()


def _listen(requests: queue.Queue[Any]) -> None:
    for line in sys.stdin:
        requests.put(json.loads(line))
    os._exit(0)


def _answer(channel: int, message: dict[str, Any]) -> None:
    left = memoryview(f"\n{MARK}{json.dumps(message)}\n".encode())
    while left:
        left = left[os.write(channel, left) :]


def handle(request: dict[str, Any], tell: Callable[[dict[str, Any]], None] | None = None) -> dict[str, Any]:
    """Do one request; the answer always has either "error" or the result. `tell` sends a message before it."""
    return _guarded(lambda: _handler(request.get("do", "extract"))(request | {"tell": tell} if tell else request))


def _guarded(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    from .importers import CannotOpen

    started = time.perf_counter()
    try:
        answer = work()
    except CannotOpen as error:
        answer = {"error": str(error)}
    except OSError as error:
        traceback.print_exc()
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        answer = {"error": f"cannot be stored ({error.strerror or error})", "disk": full}
    except MemoryError:
        answer = {"error": "not enough memory for it"}
    except Exception as error:  # one bad file must not affect the others; the traceback is for the log
        traceback.print_exc()
        lines = str(error).strip().splitlines()
        answer = {"error": f"{type(error).__name__}: {lines[0] if lines else 'no message'}", "ours": True}
    sys.stderr.flush()
    return {"seconds": time.perf_counter() - started, **answer}


def _extract(request: dict[str, Any]) -> dict[str, Any]:
    from ...records import RecordError, validate
    from ...records.dataset import SourceFile
    from ..rna.context import Options
    from ..scene.scene import extract_objects
    from .importers import open_file

    source = SourceFile(**request["file"])
    started = time.perf_counter()
    options = Options(**request["options"])
    allowed = request.get("allowed")
    opened = open_file(Path(source.path), request["format"], not options.apply_modifiers, allowed)
    left_out = list(opened.left_out)
    until_open = time.perf_counter() - started
    tell = request.get("tell")
    warn = (lambda: tell({"evaluating": source.path})) if tell else None
    options = replace(options, worked_out=opened.worked_out, unread_images=opened.unread_images)
    extracted = extract_objects(opened.objects, options, warn, left_out)
    seconds = time.perf_counter() - started

    def store() -> dict[str, Any]:
        records = []
        warnings = left_out
        if not options.evaluate and "evaluate" in request["options"]:
            warnings.append("its modifiers crash Blender or take too long: read without running them")
        for record in extracted:
            try:
                validate(record)
            except RecordError as error:
                warnings.append(f"{record.name}: left out: {error}")
                continue
            warnings.extend(f"{record.name}: {note}" for note in record.data.get("notes", ()))
            records.append(record)
        _label(records, request.get("label", ""))
        for record in records if request.get("pack") else ():
            record.data.setdefault("asset", {}).update(request["pack"])
        source.warnings = warnings[:100]
        source.seconds = seconds
        # The parent merges and syncs all shards at the end; waiting for the disk now would cost more than opening the
        # file did.
        ids = _dataset(request["dataset"]).append(records, source, once=True, durable=False)
        kept = bool(ids) or not records
        return {"records": len(ids), "warnings": len(warnings), "kept": kept}

    def stored() -> dict[str, Any]:
        return {**_guarded(store), "stored": source.path}

    return {"read": True, "opened": until_open, "then": stored}


@lru_cache(maxsize=1)
def _dataset(path: str) -> Any:
    """The dataset of this run; opening it for every file would cost as much as reading a small one."""
    from ...records.dataset import Dataset

    return Dataset(path, create=False)


def _label(records: list[Any], label: str) -> None:
    """Objects of files from the internet are called Cube.001; the file's own name tells more."""
    meshes = [record for record in records if record.kind == "mesh"]
    for record in records:
        if label and (not record.data.get("label") or meshes == [record]):
            record.data["label"] = label


def _open(request: dict[str, Any]) -> dict[str, Any]:
    """Only open the file: what `scripts/bench_dataset.py` measures extraction against."""
    from .importers import open_file

    return {"objects": len(open_file(Path(request["file"]["path"]), request["format"]).objects)}


def _settle(request: dict[str, Any]) -> dict[str, Any]:
    """Sent only for its answer, which comes after everything is written."""
    return {"settled": True}


def _handler(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """The function for a request: "extract" by default, or "module:function" of this package."""
    module, _, function = name.partition(":")
    if not function:
        return {"extract": _extract, "open": _open, "settle": _settle}[name]
    result: Callable[[dict[str, Any]], dict[str, Any]] = getattr(
        importlib.import_module(f"meshkiln.{module}"), function
    )
    return result


def _load_package() -> None:
    """Make `meshkiln` importable by path: Blender's own Python has nothing installed, and the folder can have any
    name."""
    import importlib.util

    root = Path(__file__).resolve().parents[2]
    front = root / "__init__.py"
    spec = importlib.util.spec_from_file_location("meshkiln", front, submodule_search_locations=[str(root)])
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["meshkiln"] = module
    spec.loader.exec_module(module)


if __name__ == "__main__":
    _load_package()
    from meshkiln.extractor.files import child

    child.main()
