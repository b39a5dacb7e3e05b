"""The three steps of a round trip, each run in a Blender of its own (see addon/commands/roundtrip.py).

{"folder"} holds what one step passes to the next: dataset, clock.json, back.blend.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import bpy

from ...extractor.compare import compare
from ...extractor.files.importers import open_blend, open_file, start_empty
from ...extractor.rna.context import Options
from ...extractor.scene.scene import extract_objects, extract_scene
from ...records.dataset import Dataset
from ..inject import inject

# The scene is not part of an object, but its current frame decides where animated objects are.
CLOCK = ("frame_start", "frame_end", "frame_current")
RATE = ("fps", "fps_base")


def read(request: dict[str, Any]) -> dict[str, Any]:
    """Write down the records of {"path", "format"}."""
    folder = Path(request["folder"])
    options = Options(**{"pack_limit": 1 << 40, **request.get("options", {})})
    opened = open_file(Path(request["path"]), request["format"], as_stored=not options.apply_modifiers)
    records = extract_objects(opened.objects, replace(options, worked_out=opened.worked_out))
    with Dataset(folder / "dataset") as dataset:
        dataset.append(records, request["path"])
    scene = opened.scene
    clock = {name: getattr(scene, name) for name in CLOCK}
    rate = {name: getattr(scene.render, name) for name in RATE}
    (folder / "clock.json").write_text(json.dumps([clock, rate]), encoding="utf-8")
    return {"records": len(records)}


def make(request: dict[str, Any]) -> dict[str, Any]:
    """Inject what was written down into an empty file."""
    folder = Path(request["folder"])
    start_empty()
    clock, rate = json.loads((folder / "clock.json").read_text(encoding="utf-8"))
    scene = bpy.context.scene
    for name, value in rate.items():
        setattr(scene.render, name, value)
    for name, value in clock.items():
        setattr(scene, name, value)
    with Dataset(folder / "dataset", create=False) as dataset:
        injected = inject(list(dataset), trust=True)
    bpy.ops.wm.save_as_mainfile(filepath=str(folder / "back.blend"), check_existing=False, compress=False)
    return {"not_expressed": injected.not_expressed}


def check(request: dict[str, Any]) -> dict[str, Any]:
    """Open the file that was made, extract it and compare with what was written down."""
    folder = Path(request["folder"])
    with Dataset(folder / "dataset", create=False) as dataset:
        open_blend(folder / "back.blend")
        compared = compare(list(dataset), extract_scene())
    return {
        "values": compared.values,
        "equal": compared.equal,
        "geometry_equal": compared.geometry_equal,
        "differences": compared.differences,
    }
