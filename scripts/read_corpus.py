"""Read a folder of models and .blend files into one small file of meshes, for training and for looking at.

    python scripts/read_corpus.py CORPUS --out DIR [--jobs 2] [--only TEXT] [--limit N]

Every file becomes one asset (`read_asset.py` says how). DIR gets meshes.safetensors (see `pack`), meshes.jsonl (one
line an asset) and a README of what is there. Where CORPUS/manifest.jsonl exists, labels and licences come from it.
Files are opened in child processes that may crash or hang without harm; a file that fails costs one line.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

READER = Path(__file__).resolve().with_name("read_asset.py")
MODELS = (".obj", ".glb", ".gltf", ".ply", ".stl", ".fbx")
STEPS = 65535  # positions are stored in steps of (longest side / STEPS)
SECONDS_PER_FILE = 60
CRASHED = {"ok": False, "reason": "Blender crashed over this file"}


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
            [sys.executable, str(READER)],
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
    from read_asset import load_package

    load_package()
    from meshkiln.records.tensors import write_tensors

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
    raise SystemExit(main())
