"""Makes the .blend files that the tests of extraction read, with a real Blender.

    python blend_files.py all FOLDER MARKER      python blend_files.py good FILE

MARKER is the path of a file that the scripts in evil.blend would write if anything let them run.
"""

import sys
import zipfile
from pathlib import Path

import bpy
import numpy as np


def empty():
    bpy.ops.wm.read_factory_settings(use_empty=True)


def add(name, data=None, parent=None, collection=None):
    obj = bpy.data.objects.new(name, data)
    (collection or bpy.context.scene.collection).objects.link(obj)
    obj.parent = parent
    return obj


def grid(name, side, offset=0.0):
    """A square of side x side quads."""
    n = side + 1
    xy = np.stack(np.meshgrid(np.arange(n), np.arange(n), indexing="ij"), -1).reshape(-1, 2)
    verts = np.concatenate([xy, np.zeros((n * n, 1))], 1) + offset
    corner = (np.arange(side)[:, None] * n + np.arange(side)).ravel()
    faces = np.stack([corner, corner + n, corner + n + 1, corner + 1], 1)
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(verts.tolist(), [], faces.tolist())
    return mesh


def save_untouched(path):
    """Save without evaluating anything: Blender's own save would work through the modifiers first."""
    bpy.data.libraries.write(str(path), {bpy.context.scene})
    bpy.data.batch_remove(list(bpy.data.objects))  # so will the next operator


def save(path):
    bpy.ops.wm.save_as_mainfile(filepath=str(path), check_existing=False)


def good(path, name="Stuhl"):
    empty()
    legs = bpy.data.collections.new("Beine")
    bpy.context.scene.collection.children.link(legs)
    seat = add(name, grid("seat", 4))
    seat.location = (1, 2, 3)
    material = bpy.data.materials.new("Holz")
    material.diffuse_color = (0.5, 0.25, 0.1, 1)
    seat.data.materials.append(material)
    leg = add("Bein.001", grid("leg", 2), seat, legs)
    leg.rotation_euler = (0.1, 0.2, 0.3)
    add("Leer", None, leg, legs)
    save(path)


def strange_coordinates(path):
    empty()
    mesh = grid("strange", 3)
    values = np.zeros(len(mesh.vertices) * 3, np.float32)
    values[:4] = (np.nan, np.inf, -np.inf, 3e38)
    mesh.vertices.foreach_set("co", values)
    add("Strange", mesh)
    save(path)


def evil(path, marker):
    """A text that registers itself and a driver: each writes the marker when it may run."""
    empty()
    code = f"open({str(marker)!r}, 'w').write('ran')"
    text = bpy.data.texts.new("evil.py")
    text.write(code + "\n")
    text.use_module = True
    obj = add("Evil", grid("evil", 1))
    driver = obj.driver_add("location", 0).driver
    driver.type = "SCRIPTED"
    driver.expression = f"{code} and 1 or 2"
    curve = bpy.data.curves.new("words", "FONT")
    add("Text", curve)
    bpy.app.driver_namespace["open"] = open
    save(path)


def endless(path):
    """Smoothing that takes hours, and little memory."""
    empty()
    obj = add("Endless", grid("endless", 300))
    for _ in range(20):
        modifier = obj.modifiers.new("Smooth", "SMOOTH")
        modifier.iterations = 30000
    save_untouched(path)


def greedy(path):
    """A subdivision that needs tens of gigabytes."""
    empty()
    obj = add("Greedy", grid("greedy", 12))
    modifier = obj.modifiers.new("Subdivision", "SUBSURF")
    modifier.levels = modifier.render_levels = 11
    save_untouched(path)


def main(folder, marker):
    folder = Path(folder)
    good(folder / "a good.blend")
    good(folder / "椅子 Ünï.blend", "椅子")
    strange_coordinates(folder / "strange.blend")
    evil(folder / "evil.blend", marker)
    endless(folder / "endless.blend")
    greedy(folder.parent / "greedy.blend")
    whole = (folder / "a good.blend").read_bytes()
    (folder / "copy.blend").write_bytes(whole)
    (folder / "half.blend").write_bytes(whole[: len(whole) // 2])
    (folder / "nearly.blend").write_bytes(whole[:-100])
    (folder / "header.blend").write_bytes(whole[:12])
    (folder / "zero.blend").write_bytes(b"")
    with zipfile.ZipFile(folder / "zip.blend", "w") as archive:
        archive.writestr("chair.blend", whole)
    noise = np.random.default_rng(0).integers(0, 256, len(whole) // 2, np.uint8).tobytes()
    (folder / "noise.blend").write_bytes(whole[: len(whole) // 2] + noise)


if __name__ == "__main__":
    {"all": main, "good": good}[sys.argv[1]](*sys.argv[2:])
