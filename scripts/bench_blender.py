"""How fast meshes are read from Blender and written back, relative to the fastest that Blender itself can do.

    python scripts/bench_blender.py [--faces 500000] [--json]

Runs in any Python that has the bpy module. Every time is the best of several runs in this one process. What is read and
written is a grid of quads with a UV map, a byte colour per corner, a float per vertex, material indices, smooth flags
and seams. The raw paths touch the same arrays through the fastest call that Blender offers for each.
"""

import argparse
import importlib.util
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bpy
import numpy as np

ROOT = Path(__file__).resolve().parent.parent


def load_package() -> None:
    if importlib.util.find_spec("meshkiln") is None:
        front = ROOT / "__init__.py"
        spec = importlib.util.spec_from_file_location("meshkiln", front, submodule_search_locations=[str(ROOT)])
        module = importlib.util.module_from_spec(spec)
        sys.modules["meshkiln"] = module
        spec.loader.exec_module(module)


def best(acts: dict[str, Callable[[], Any]], runs: int, before: Callable[[], Any] = lambda: None) -> dict[str, float]:
    """Seconds of the fastest of `runs` of each action, alternating, so that other load affects all equally."""
    times: dict[str, list[float]] = {name: [] for name in acts}
    for _ in range(runs):
        for name, act in acts.items():
            before()  # not timed
            started = time.perf_counter()
            act()
            times[name].append(time.perf_counter() - started)
    return {name: min(taken) for name, taken in times.items()}


def make_grid(faces: int) -> bpy.types.Object:
    """A wavy square grid with the data of a textured model."""
    side = max(1, round(faces**0.5))
    x, y = np.meshgrid(np.arange(side + 1), np.arange(side + 1), indexing="ij")
    positions = np.stack([x, y, np.sin(x * 0.1) * np.cos(y * 0.1)], -1).reshape(-1, 3).astype(np.float32)
    index = np.arange((side + 1) ** 2, dtype=np.int32).reshape(side + 1, side + 1)
    corners = np.stack([index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]], -1).reshape(-1)
    mesh = bpy.data.meshes.new("grid")
    mesh.vertices.add(len(positions))
    mesh.attributes["position"].data.foreach_set("vector", positions.reshape(-1))
    mesh.loops.add(len(corners))
    mesh.polygons.add(len(corners) // 4)
    mesh.polygons.foreach_set("loop_start", np.arange(0, len(corners), 4, dtype=np.int32))
    mesh.attributes[".corner_vert"].data.foreach_set("value", corners)
    mesh.update(calc_edges=True)
    random = np.random.default_rng(0)
    for name, kind, domain, member, width in LAYERS:
        layer = mesh.attributes.new(name, kind, domain)
        values = random.random(len(layer.data) * width)
        values = values < 0.5 if kind == "BOOLEAN" else (values * 4).astype(np.int32) if kind == "INT" else values
        layer.data.foreach_set(member, values.astype(DTYPES[kind]))
    obj = bpy.data.objects.new("grid", mesh)
    bpy.context.scene.collection.objects.link(obj)
    return obj


LAYERS = [
    ("UVMap", "FLOAT2", "CORNER", "vector", 2),
    ("Color", "BYTE_COLOR", "CORNER", "color_srgb", 4),
    ("height", "FLOAT", "POINT", "value", 1),
    ("material_index", "INT", "FACE", "value", 1),
    ("sharp_face", "BOOLEAN", "FACE", "value", 1),
    ("uv_seam", "BOOLEAN", "EDGE", "value", 1),
]
DTYPES = {"FLOAT2": np.float32, "BYTE_COLOR": np.float32, "FLOAT": np.float32, "INT": np.int32, "BOOLEAN": np.bool_}


def read_raw(mesh: bpy.types.Mesh) -> dict[str, np.ndarray]:
    """The same arrays in the most direct way: one call per array, no record."""
    arrays = {}
    topology = [("position", "vector", 3, np.float32), (".edge_verts", "value", 2, np.int32)]
    topology += [(".corner_vert", "value", 1, np.int32), (".corner_edge", "value", 1, np.int32)]
    layers = [(name, member, width, DTYPES[kind]) for name, kind, _, member, width in LAYERS]
    for name, member, width, dtype in topology + layers:
        data = mesh.attributes[name].data
        arrays[name] = np.empty(len(data) * width, dtype)
        data.foreach_get(member, arrays[name])
    arrays["loop_start"] = np.empty(len(mesh.polygons), np.int32)
    mesh.polygons.foreach_get("loop_start", arrays["loop_start"])
    return arrays


def write_raw(arrays: dict[str, np.ndarray]) -> bpy.types.Mesh:
    mesh = bpy.data.meshes.new("raw")
    mesh.vertices.add(len(arrays["position"]) // 3)
    mesh.edges.add(len(arrays[".edge_verts"]) // 2)
    mesh.loops.add(len(arrays[".corner_vert"]))
    mesh.polygons.add(len(arrays["loop_start"]))
    mesh.polygons.foreach_set("loop_start", arrays["loop_start"])
    mesh.attributes["position"].data.foreach_set("vector", arrays["position"])
    for name in (".edge_verts", ".corner_vert", ".corner_edge"):
        mesh.attributes[name].data.foreach_set("value", arrays[name])
    for name, kind, domain, member, _ in LAYERS:
        layer = mesh.attributes.get(name) or mesh.attributes.new(name, kind, domain)
        layer.data.foreach_set(member, arrays[name])
    return mesh


def forget() -> None:
    """Remove what the last run made."""
    bpy.data.batch_remove([mesh for mesh in bpy.data.meshes if mesh.name != "grid"])
    bpy.data.batch_remove([obj for obj in bpy.data.objects if obj.name != "grid"])


def measure(faces: int) -> dict[str, float]:
    from meshkiln.addon.inject import inject
    from meshkiln.extractor.scene.scene import extract_objects

    bpy.ops.wm.read_factory_settings(use_empty=True)
    obj = make_grid(faces)
    mesh = obj.data
    raw = read_raw(mesh)
    record = extract_objects([obj])[0]
    vertices, quads = raw["position"].reshape(-1, 3), raw[".corner_vert"].reshape(-1, 4)

    def from_pydata() -> None:
        bpy.data.meshes.new("plain").from_pydata(vertices, [], quads)

    seconds = best({"read, raw": lambda: read_raw(mesh), "read, record": lambda: extract_objects([obj])}, 12)
    seconds |= best({"inject, raw": lambda: write_raw(raw), "inject, record": lambda: inject([record])}, 12, forget)
    seconds |= best({"from_pydata": from_pydata}, 2, forget)
    forget()
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "grid.obj")
        bpy.ops.wm.obj_export(filepath=path, export_selected_objects=False, export_materials=False)
        seconds |= best({"wm.obj_import": lambda: bpy.ops.wm.obj_import(filepath=path)}, 2, forget)
    return seconds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--faces", type=int, default=500_000)
    parser.add_argument("--json", action="store_true", help="print the numbers as JSON on the last line")
    args = parser.parse_args()
    load_package()
    seconds = measure(args.faces)
    ratios = {
        "reading / raw": seconds["read, record"] / seconds["read, raw"],
        "injecting / raw": seconds["inject, record"] / seconds["inject, raw"],
        "from_pydata / injecting": seconds["from_pydata"] / seconds["inject, record"],
        "wm.obj_import / injecting": seconds["wm.obj_import"] / seconds["inject, record"],
    }
    print(f"Blender {bpy.app.version_string}, {args.faces} faces")
    for name, value in seconds.items():
        print(f"  {name:18} {value * 1000:9.1f} ms")
    for name, value in ratios.items():
        print(f"  {name:28} {value:6.2f}")
    if args.json:
        print(
            json.dumps({"blender": bpy.app.version_string, "faces": args.faces, "seconds": seconds, "ratios": ratios})
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
