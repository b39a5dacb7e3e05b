"""Records become a file: injected into an empty scene, then saved or exported. Runs inside a child Blender.

Knows datasets, `inject` and Blender's exporters. A dataset of one file gives that file's scene back; with several,
each file's objects are in a collection named after the file, since their names may be the same.
"""

from pathlib import Path
from typing import Any

import bpy

from ...extractor.files.importers import call, operator
from ...records import Record, RecordError
from ...records.dataset import Dataset
from ...records.plainform import PlainFileError, read_plain
from ..inject import InjectError, inject

# file ending -> operators that write it, best first; arguments that this version lacks are dropped
EXPORTERS: dict[str, tuple[tuple[str, dict[str, Any]], ...]] = {
    ".glb": (("export_scene.gltf", {"export_format": "GLB"}),),
    ".gltf": (("export_scene.gltf", {"export_format": "GLTF_SEPARATE"}),),
    ".obj": (("wm.obj_export", {"export_selected_objects": False, "apply_modifiers": True}),),
    ".ply": (("wm.ply_export", {"export_selected_objects": False}),),
    ".stl": (("wm.stl_export", {"export_selected_objects": False}),),
    ".fbx": (("wm.fbx_export", {}), ("export_scene.fbx", {"use_selection": False})),
    ".usd": (("wm.usd_export", {"selected_objects_only": False}),),
    ".usda": (("wm.usd_export", {"selected_objects_only": False}),),
    ".usdc": (("wm.usd_export", {"selected_objects_only": False}),),
    ".usdz": (("wm.usd_export", {"selected_objects_only": False}),),
}


class NothingToInject(RuntimeError):
    """There is no such record; the message is a sentence."""


def inject_to_file(request: dict[str, Any]) -> dict[str, Any]:
    """{"source", "out", "only", "trust"} -> {"objects", "not_expressed"}: what a child does for `meshkiln inject`."""
    try:
        groups = read_groups(Path(request["source"]), request.get("only"))
    except (NothingToInject, PlainFileError, RecordError) as error:
        return {"error": str(error), "nothing": True}
    out = Path(request["out"])
    scene = bpy.context.scene
    count = 0
    not_expressed: list[str] = []
    for title, records in groups:
        collection = scene.collection
        if len(groups) > 1:
            collection = bpy.data.collections.new(title)
            scene.collection.children.link(collection)
        try:
            injected = inject(records, collection=collection, trust=bool(request.get("trust")))
        except InjectError as error:
            return {"error": str(error)}
        count += len(injected.objects)
        not_expressed += injected.not_expressed
    not_expressed += write_file(out, [record for _, records in groups for record in records])
    return {"objects": count, "not_expressed": not_expressed}


def read_groups(source: Path, only: str | None) -> list[tuple[str, list[Record]]]:
    """The records of a dataset folder or a .json file, as (title, records) per file they came from."""
    groups: dict[str, list[Record]] = {}
    if source.is_dir():
        with Dataset(source, create=False) as dataset:
            dataset.verify()
            for row in dataset.rows():
                path = row["path"] or ""
                if only is None or only in (row["name"], path, Path(path).name, Path(path).stem):
                    groups.setdefault(path, []).append(dataset[row["index"]])
    else:
        for record in read_plain(source):
            if only is None or record.name == only:
                groups.setdefault(str(source), []).append(record)
    if not groups:
        raise NothingToInject(f"{source}: holds no record" + (f" named {only!r}" if only else ""))
    return [(Path(path).stem or "collected", records) for path, records in groups.items()]


def write_file(out: Path, records: list[Record]) -> list[str]:
    """Save or export everything in the file; returns sentences for what `out`'s format cannot store."""
    ending = out.suffix.lower()
    if ending == ".blend":
        bpy.context.preferences.filepaths.save_version = 0  # an older OUT.blend is replaced, not kept as .blend1
        bpy.ops.wm.save_as_mainfile(filepath=str(out), check_existing=False, copy=True)
        return []
    bpy.context.view_layer.update()
    for name, wishes in EXPORTERS[ending]:
        exporter = operator(name)
        if exporter is None:
            continue
        if name == "export_scene.gltf":
            # Modifiers are applied unless that would cost the shape keys.
            keys = any((record.data.get("mesh") or {}).get("shape_keys") for record in records)
            wishes = wishes | {"export_apply": not keys}
        result = call(exporter, out, wishes)
        if "FINISHED" not in result or not out.exists():
            raise RuntimeError(f"the exporter for {ending} failed")
        return _lost_in(ending, records)
    raise RuntimeError(f"this Blender ({bpy.app.version_string}) has no exporter for {ending}")


def _lost_in(ending: str, records: list[Record]) -> list[str]:
    lost = []
    for record in records:
        if record.data.get("modifiers"):
            lost.append(f"{record.name}: modifiers: {ending} cannot store them; the mesh is written with them applied")
        if record.kind not in ("mesh", "armature") and ending in (".obj", ".ply", ".stl"):
            lost.append(f"{record.name}: {ending} holds meshes only; this is a {record.kind}")
        if (record.data.get("animation") or record.data.get("constraints")) and ending in (".obj", ".ply", ".stl"):
            lost.append(f"{record.name}: {ending} cannot store animation or constraints")
    return lost
