"""Read a folder of models and .blend files into one small file of meshes, for training and for looking at.

    python scripts/read_corpus.py CORPUS --out DIR [--jobs 2] [--only TEXT] [--limit N]

Every file becomes one asset: its visible mesh objects joined in world space (Z up, metres), palette textures turned
into plain slots, split vertices welded, triangles turned back into quads where the file only has triangles.
DIR gets meshes.safetensors (see `pack`), meshes.jsonl (one line an asset) and a README of what is there.
Where CORPUS/manifest.jsonl exists, labels and licences come from it. Files are opened in child processes that may
crash or hang without harm; a file that fails costs one line.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import queue
import re
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
MODELS = (".obj", ".glb", ".gltf", ".ply", ".stl", ".fbx")
STEPS = 65535  # positions are stored in steps of (longest side / STEPS)
MOST_FACES = 60000  # a file with more is a scene or a scan, not an asset
SECONDS_PER_FILE = 60
CRASHED = {"ok": False, "reason": "Blender crashed over this file"}


def load_package() -> None:
    """Make `import meshkiln` work from a plain checkout, under any Python."""
    if "meshkiln" in sys.modules or importlib.util.find_spec("meshkiln"):
        return
    spec = importlib.util.spec_from_file_location(
        "meshkiln", ROOT / "__init__.py", submodule_search_locations=[str(ROOT)]
    )
    assert spec and spec.loader
    sys.modules["meshkiln"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules["meshkiln"])


# --- in the child: one file -> one asset


def open_file(path: Path) -> None:
    import bpy

    if path.suffix == ".blend":
        bpy.ops.wm.open_mainfile(filepath=str(path), use_scripts=False, load_ui=False)
        return
    bpy.ops.wm.read_factory_settings(use_empty=True)
    match path.suffix:
        case ".obj":
            bpy.ops.wm.obj_import(filepath=str(path))
        case ".glb" | ".gltf":
            bpy.ops.import_scene.gltf(filepath=str(path))
        case ".ply":
            bpy.ops.wm.ply_import(filepath=str(path))
        case ".stl":
            bpy.ops.wm.stl_import(filepath=str(path))
        case ".fbx":
            bpy.ops.import_scene.fbx(filepath=str(path))


def asset_objects(entry: dict[str, Any]) -> list[Any]:
    """The mesh objects that make up the asset: visible ones, without what importers add."""
    import bpy

    chosen = []
    blend = entry["path"].endswith(".blend")
    for obj in bpy.context.view_layer.objects:
        if obj.type not in (("MESH", "CURVE", "SURFACE", "FONT", "META") if blend else ("MESH",)):
            continue
        if any(c.name.startswith("glTF_not_exported") for c in obj.users_collection):
            continue
        if entry.get("importer_icosphere") and obj.name.startswith("Icosphere"):
            continue
        if blend and (obj.hide_render or not obj.visible_get() or obj.display_type in ("BOUNDS", "WIRE")):
            continue
        chosen.append(obj)
    return chosen


def rest_shape(obj: Any) -> None:
    """Show the mesh as it was modelled: no subdivision to come, no pose, no simulation."""
    for modifier in obj.modifiers:
        if modifier.type in _NOT_SHAPE:
            modifier.show_viewport = False


_NOT_SHAPE = {
    "SUBSURF", "MULTIRES", "ARMATURE", "CLOTH", "SOFT_BODY", "FLUID", "PARTICLE_SYSTEM", "PARTICLE_INSTANCE", "OCEAN",
    "EXPLODE", "DYNAMIC_PAINT", "COLLISION", "REMESH", "MESH_SEQUENCE_CACHE", "MESH_CACHE",
}  # fmt: skip


def read_object(obj: Any, images: dict[str, Any]) -> tuple[Any, np.ndarray] | None:
    """(baked record in world space, number per corner of the vertex before welding), or None without faces."""
    import bpy
    from meshkiln.extractor import paint, palette
    from meshkiln.extractor.plain import plain_of
    from meshkiln.records import mesh_record

    rest_shape(obj)
    evaluated = obj.evaluated_get(bpy.context.evaluated_depsgraph_get())
    mesh = evaluated.to_mesh()
    try:
        if mesh is None or not len(mesh.polygons):
            return None
        positions = np.empty(len(mesh.vertices) * 3, np.float32)
        mesh.vertices.foreach_get("co", positions)
        corners = np.empty(len(mesh.loops), np.int32)
        mesh.loops.foreach_get("vertex_index", corners)
        starts = np.empty(len(mesh.polygons), np.int32)
        mesh.polygons.foreach_get("loop_start", starts)
        index = np.empty(len(mesh.polygons), np.int32)
        mesh.polygons.foreach_get("material_index", index)
        world = np.array(obj.matrix_world, np.float64)
        positions = positions.reshape(-1, 3) @ world[:3, :3].T + world[:3, 3]
        if np.linalg.det(world[:3, :3]) < 0:
            corners = _reversed(starts, corners)
        used = [slot.material for slot in obj.material_slots]
        materials = [{"name": m.name, "plain": plain_of(m)} if m else None for m in used]
        record = mesh_record(obj.name, positions, starts, corners, index, materials)
        record.data["mesh"]["attributes"] = attributes = []
        for layer in mesh.uv_layers:
            values = np.empty(len(mesh.loops) * 2, np.float32)
            layer.uv.foreach_get("vector", values)
            values = values.reshape(-1, 2)
            if np.linalg.det(world[:3, :3]) < 0:
                values = values[_reversed(starts, np.arange(len(values)))]
            record.arrays[f"mesh/attribute/{layer.name}"] = values
            attributes.append({"name": layer.name, "domain": "CORNER", "type": "FLOAT2"})
            if layer.active_render:
                record.data["mesh"]["uv"] = {"render": layer.name}
        for layer in mesh.color_attributes:
            values = np.empty(len(layer.data) * 4, np.float32)
            layer.data.foreach_get("color", values)
            record.arrays[f"mesh/attribute/{layer.name}"] = values.reshape(-1, 4)
            attributes.append({"name": layer.name, "domain": layer.domain, "type": "FLOAT_COLOR"})
        return palette.bake(record, paint.Paints(evaluated, images)), corners.astype(np.int64)
    finally:
        evaluated.to_mesh_clear()


def _reversed(starts: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """Turn every face's winding round (a mirrored object's faces would look inwards)."""
    ends = np.append(starts[1:], len(corners))
    out = corners.copy()
    counts = ends - starts
    face = np.repeat(np.arange(len(starts)), counts)
    within = np.arange(len(corners)) - starts[face]
    out[starts[face] + counts[face] - 1 - within] = corners
    return out


def weld(positions: np.ndarray, corners: np.ndarray, distance: float) -> tuple[np.ndarray, np.ndarray]:
    """Vertices of one object that lie in the same place become one; unused ones go. (positions, corners)."""
    used, corners = np.unique(corners, return_inverse=True)
    positions = positions[used]
    cell = np.round(positions / max(distance, 1e-12)).astype(np.int64)
    _, first, inverse = np.unique(cell, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first)  # keep the order of the file
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return positions[first[order]], rank[inverse.reshape(-1)][corners.reshape(-1)]


def clean(starts: np.ndarray, corners: np.ndarray, *per_face: np.ndarray) -> list[np.ndarray]:
    """Drop repeated corners, faces of under three and faces written twice. (starts, corners, old rows, *per_face)."""
    ends = np.append(starts[1:], len(corners))
    polygons, kept, sources, seen = [], [], [], set()
    for face, (s, e) in enumerate(zip(starts.tolist(), ends.tolist())):
        rows = [i for i in range(s, e) if corners[i] != corners[i + 1 if i + 1 < e else s]]
        verts = corners[rows].tolist()
        if len(verts) < 3 or len(set(verts)) < len(verts):
            continue
        low = verts.index(min(verts))
        turned = tuple(verts[low:] + verts[:low])
        if turned in seen:
            continue
        seen.add(turned)
        polygons.append(verts)
        sources.extend(rows)
        kept.append(face)
    counts = np.array([len(p) for p in polygons], np.int64)
    new_starts = np.concatenate([[0], np.cumsum(counts)[:-1]]) if len(counts) else np.zeros(0, np.int64)
    new_corners = np.array([v for p in polygons for v in p], np.int64)
    return [new_starts, new_corners, np.array(sources, np.int64), *(x[kept] for x in per_face)]


def take(
    keep: np.ndarray, starts: np.ndarray, corners: np.ndarray, sources: np.ndarray, index: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Only the faces that `keep` (F,) says: (starts, corners, old rows, index)."""
    counts = np.diff(np.append(starts, len(corners)))
    rows = np.repeat(keep, counts)
    return np.cumsum(counts[keep]) - counts[keep], corners[rows], sources[rows], index[keep]


def read_asset(path: Path, entry: dict[str, Any]) -> dict[str, Any]:
    """{"position", "loop_start", "corner_vert", "material_index", "slots", "note", ...} of one file."""
    import bpy
    from meshkiln.trainer.quads import to_quads
    from meshkiln.trainer.sides import one_side

    open_file(path)
    objects = asset_objects(entry)
    images: dict[str, Any] = {}
    records = [r for r in (read_object(o, images) for o in objects) if r is not None]
    if not records:
        raise ValueError("no visible mesh with faces")
    total = sum(len(r.arrays["mesh/loop_start"]) for r, _ in records)
    if total > MOST_FACES:
        raise ValueError(f"{total} faces, more than {MOST_FACES}")
    everything = np.concatenate([r.arrays["mesh/position"] for r, _ in records])
    if not np.isfinite(everything).all():
        raise ValueError("positions that are not numbers")
    size = float(np.ptp(everything, axis=0).max())
    if size <= 0:
        raise ValueError("all vertices in one place")
    metres = bpy.context.scene.unit_settings.scale_length if path.suffix == ".blend" else 1.0

    slots: list[dict[str, Any]] = []
    parts: dict[str, list[np.ndarray]] = {k: [] for k in ("position", "loop_start", "corner_vert", "material_index")}
    notes: list[str] = []
    triangles_only = all((np.diff(np.append(r.arrays["mesh/loop_start"], len(c))) == 3).all() for r, c in records)
    n_verts = n_corners = 0
    for record, split in records:
        notes += [n for n in record.data.get("notes", []) if n not in notes]
        starts = record.arrays["mesh/loop_start"].astype(np.int64)
        positions, corners = weld(record.arrays["mesh/position"], record.arrays["mesh/corner_vert"], size * 2e-5)
        index = record.arrays["mesh/material_index"].astype(np.int64)
        starts, corners, sources, index = clean(starts, corners, index)
        if not len(starts):
            continue
        keep = one_side(positions, starts, corners)
        if not keep.all():
            starts, corners, sources, index = take(keep, starts, corners, sources, index)
            notes += [n for n in ("faces written from both sides; one kept",) if n not in notes]
        if triangles_only:
            starts, corners, index = to_quads(positions, starts, corners, index, split[sources])
            positions, corners = weld(positions, corners, size * 2e-5)
        place = np.array([slot_of(slots, m) for m in record.data["materials"]])
        parts["position"].append(positions * metres)
        parts["loop_start"].append(starts + n_corners)
        parts["corner_vert"].append(corners + n_verts)
        parts["material_index"].append(place[index])
        n_verts += len(positions)
        n_corners += len(corners)
    if not n_corners:
        raise ValueError("no face with an area")
    joined = {k: np.concatenate(v) for k, v in parts.items()}
    used, joined["material_index"] = np.unique(joined["material_index"], return_inverse=True)
    if triangles_only:
        notes.append("triangles in the file; quads found again")
    return {
        **joined,
        "slots": [slots[i] for i in used],
        "note": "; ".join(notes),
        "objects": len(records),
    }


def slot_of(slots: list[dict[str, Any]], material: dict[str, Any]) -> int:
    """The asset's slot for a material: an equal one (same look) or a new one."""
    plain = material["plain"]
    for i, slot in enumerate(slots):
        if all(np.allclose(slot[k], plain[k], atol=2e-3) for k in plain):
            return i
    taken = {s["name"] for s in slots}
    name, n = re.sub(r"\.\d{3}$", "", material["name"]), 2
    while name in taken:
        name, n = f"{material['name']} {n}", n + 1
    slots.append({"name": name, **plain})
    return len(slots) - 1


def child() -> None:
    """Read one JSON line {"file", "entry", "out"} after another; answer each with a JSON line."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # importers print to stdout; the answers have it for themselves
    if hasattr(os, "nice"):
        os.nice(5)
    load_package()
    import bpy  # noqa: F401

    for line in sys.stdin:
        task = json.loads(line)
        try:
            asset = read_asset(Path(task["file"]), task["entry"])
            arrays = {k: asset.pop(k) for k in ("position", "loop_start", "corner_vert", "material_index")}
            np.savez(task["out"], **arrays)
            answer = {"ok": True, **asset}
        except Exception as error:  # one file's failure is one line; what is our own mistake is in the log
            traceback.print_exc()
            answer = {"ok": False, "reason": str(error).strip().splitlines()[-1] if str(error).strip() else repr(error)}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


# --- in the parent


class Child:
    """One reading process, started again when it dies or takes too long over a file."""

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        self.process: subprocess.Popen | None = None
        self.lines: queue.Queue[str] = queue.Queue()

    def ask(self, task: dict[str, Any]) -> dict[str, Any]:
        if self.process is None or self.process.poll() is not None:
            self._start()
        assert self.process and self.process.stdin
        self.process.stdin.write(json.dumps(task) + "\n")
        self.process.stdin.flush()
        try:
            line = self.lines.get(timeout=SECONDS_PER_FILE)
        except queue.Empty:
            self.stop()
            return {"ok": False, "reason": f"took longer than {SECONDS_PER_FILE} s"}
        if not line:
            self.stop()
            return CRASHED
        return json.loads(line)

    def _start(self) -> None:
        self.lines = lines = queue.Queue()
        log = open(self.scratch / f"child-{id(self)}.log", "ab")  # noqa: SIM115 (the child holds it)
        process = subprocess.Popen(
            [sys.executable, str(Path(__file__).resolve()), "--child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            encoding="utf-8",
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
        log.close()

        def read() -> None:
            assert process.stdout
            for line in process.stdout:
                lines.put(line)
            lines.put("")

        threading.Thread(target=read, daemon=True).start()
        self.process = process

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


def entries_of(corpus: Path) -> list[dict[str, Any]]:
    """What there is to read: the manifest's lines, else every file with a known ending."""
    manifest = corpus / "manifest.jsonl"
    if manifest.exists():
        lines = [json.loads(line) for line in manifest.read_text(encoding="utf-8").splitlines() if line.strip()]
        return [e for e in lines if e["path"].endswith((*MODELS, ".blend"))]
    files = sorted(p for p in corpus.rglob("*") if p.suffix.lower() in (*MODELS, ".blend"))
    return [{"path": p.relative_to(corpus).as_posix(), "name": words(p.stem), "source": p.parent.name} for p in files]


def words(text: str) -> str:
    """ "Bed_Twin2" -> "bed twin 2"."""
    text = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])", " ", text)
    return " ".join(re.split(r"[^0-9a-z]+", text.lower())).strip()


def read_all(
    corpus: Path, entries: list[dict[str, Any]], jobs: int, scratch: Path
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """(entry, answer) for each, in the order of `entries`."""
    waiting: queue.Queue[int] = queue.Queue()
    for i in range(len(entries)):
        waiting.put(i)
    answers: list[dict[str, Any] | None] = [None] * len(entries)
    began = time.monotonic()

    def work() -> None:
        reader = Child(scratch)
        while True:
            try:
                i = waiting.get_nowait()
            except queue.Empty:
                break
            entry = entries[i]
            needed = {k: entry[k] for k in ("path", "importer_icosphere") if k in entry}
            task = {"file": str(corpus / entry["path"]), "entry": needed, "out": str(scratch / f"{i}.npz")}
            answers[i] = reader.ask(task)
            if answers[i] == CRASHED:  # it may have been the file before: once more in a fresh process
                answers[i] = reader.ask(task)
            done = sum(a is not None for a in answers)
            if done % 50 == 0 or done == len(entries):
                print(f"\r{done}/{len(entries)} files, {time.monotonic() - began:.0f} s", end="", flush=True)
        reader.stop()

    threads = [threading.Thread(target=work) for _ in range(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print()
    return [(e, a or {"ok": False, "reason": "not read"}) for e, a in zip(entries, answers)]


def pack(assets: list[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Ragged meshes in flat arrays. For asset i, with o = *_offset: vertices o[i]:o[i+1] and so on.

    position (sum V, 3) uint16: metres = bbox_min[i] + position * step[i]; loop_start (sum F,) and corner_vert
    (sum L,) int32 count from 0 within each asset; material_index (sum F,) uint8.
    """
    lows = np.array([a["position"].min(axis=0) for a in assets], np.float32).reshape(-1, 3)
    step = np.array([np.ptp(a["position"], axis=0).max() / STEPS for a in assets], np.float32)

    def offsets(key: str) -> np.ndarray:
        return np.concatenate([[0], np.cumsum([len(a[key]) for a in assets])]).astype(np.int32)

    quantized = [
        np.clip(np.round((a["position"] - low) / s), 0, STEPS).astype(np.uint16)
        for a, low, s in zip(assets, lows, step)
    ]
    return {
        "position": np.concatenate(quantized),
        "bbox_min": lows,
        "step": step,
        "vert_offset": offsets("position"),
        "loop_start": np.concatenate([a["loop_start"] for a in assets]).astype(np.int32),
        "material_index": np.concatenate([a["material_index"] for a in assets]).astype(np.uint8),
        "face_offset": offsets("loop_start"),
        "corner_vert": np.concatenate([a["corner_vert"] for a in assets]).astype(np.int32),
        "corner_offset": offsets("corner_vert"),
    }


def describe(entry: dict[str, Any], answer: dict[str, Any], arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    """One line of meshes.jsonl."""
    counts = np.diff(np.append(arrays["loop_start"], len(arrays["corner_vert"])))
    size = np.ptp(arrays["position"], axis=0)
    folders = [words(p) for p in Path(entry.get("origin_path", entry["path"])).parts[:-1]]
    return {
        "path": entry["path"],
        "name": Path(entry["path"]).stem,
        "label": entry.get("name", ""),
        "source": entry.get("source", ""),
        "folders": [f for f in folders if f],
        "license": entry.get("license", ""),
        "author": entry.get("author", ""),
        "url": entry.get("source_repo", ""),
        "vertices": int(len(arrays["position"])),
        "faces": int(len(counts)),
        "triangles": int((counts == 3).sum()),
        "quads": int((counts == 4).sum()),
        "ngons": int((counts > 4).sum()),
        "objects": answer["objects"],
        "size": [round(float(x), 5) for x in size],
        "slots": [{k: _rounded(v) for k, v in s.items()} for s in answer["slots"]],
        "note": answer["note"],
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, list):
        return [round(float(v), 5) for v in value]
    return round(value, 5) if isinstance(value, float) else value


README = """{count} assets from {files} files ({seconds:.0f} s).

meshes.safetensors  (uint16 positions, int32 topology, uint8 slots)
    position (V, 3) u16   metres = bbox_min[i] + position[vert_offset[i]:vert_offset[i+1]] * step[i]
    loop_start (F,) i32   rows face_offset[i]:face_offset[i+1]; counts from 0 within the asset; a face ends at the next
    corner_vert (L,) i32  rows corner_offset[i]:corner_offset[i+1]; counts from 0 within the asset
    material_index (F,) u8  rows face_offset[i]:face_offset[i+1]; into the asset's "slots"
meshes.jsonl  line i belongs to asset i: path, name, label, source, folders, license, author, url, vertices, faces,
    triangles, quads, ngons, objects, size (x, y, z in metres), slots (name, base_color linear RGB, roughness, metallic,
    alpha, transmission, emission), note
failed.jsonl  files that gave no asset, and why

Z up. Parts of one file are one asset; vertices in one place are one vertex within each object. Palettes are slots.

{table}
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path, help="folder of models, with or without manifest.jsonl")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    parser.add_argument("--jobs", type=int, default=2, help="reading processes")
    parser.add_argument("--only", default="", help="only paths that contain this text")
    parser.add_argument("--limit", type=int, default=0, help="stop after so many files")
    options = parser.parse_args()
    load_package()
    from meshkiln.tensors import write_tensors

    if not options.corpus.is_dir():
        print(f"{options.corpus}: no such folder", file=sys.stderr)
        return 2
    entries = [e for e in entries_of(options.corpus) if options.only in e["path"]]
    entries = entries[: options.limit or None]
    options.out.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="meshkiln-corpus-") as scratch_name:
        scratch = Path(scratch_name)
        results = read_all(options.corpus, entries, options.jobs, scratch)
        assets, lines, failed = [], [], []
        for i, (entry, answer) in enumerate(results):
            if not answer["ok"]:
                failed.append({"path": entry["path"], "reason": answer["reason"]})
                continue
            with np.load(scratch / f"{i}.npz") as stored:
                arrays = dict(stored)
            assets.append(arrays)
            lines.append(describe(entry, answer, arrays))
    for name, rows in (("meshes.jsonl", lines), ("failed.jsonl", failed)):
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (options.out / name).write_text(text, encoding="utf-8")
    if not assets:
        print(f"nothing could be read; see {options.out / 'failed.jsonl'}", file=sys.stderr)
        return 2
    write_tensors(options.out / "meshes.safetensors", pack(assets), {"format": "meshkiln corpus meshes 1"})
    table = Counter()
    for line in lines:
        for key in ("faces", "triangles", "quads", "ngons"):
            table[line["source"], key] += line[key]
        table[line["source"], "assets"] += 1
        table[line["source"], "slots"] += len(line["slots"])
    rows = [f"{'source':32} assets   faces    tris   quads  ngons  slots/asset"]
    for source in sorted({line["source"] for line in lines}):
        n = table[source, "assets"]
        rows.append(
            f"{source:32} {n:6} {table[source, 'faces']:7} {table[source, 'triangles']:7} {table[source, 'quads']:7} "
            f"{table[source, 'ngons']:6} {table[source, 'slots'] / n:6.1f}"
        )
    seconds = time.monotonic() - began
    text = README.format(count=len(lines), files=len(entries), seconds=seconds, table="\n".join(rows))
    (options.out / "README").write_text(text, encoding="utf-8")
    print(f"{len(lines)} assets, {len(failed)} files without one, {seconds:.0f} s -> {options.out}")
    return 0


if __name__ == "__main__":
    if sys.argv[1:] == ["--child"]:
        child()
    else:
        raise SystemExit(main())
