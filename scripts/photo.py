"""Renders of .blend files, always with the same light and view; needs bpy.

    python scripts/photo.py A.blend [B.blend ...] --out PICTURE.png [--size 480]

Several files stand side by side in one picture.
"""

import argparse
import math
import sys
from pathlib import Path

import bpy
import numpy as np


def bounds() -> tuple[np.ndarray, np.ndarray]:
    """Corners of the box around every visible mesh, with its modifiers."""
    graph = bpy.context.evaluated_depsgraph_get()
    low, high = np.full(3, np.inf), np.full(3, -np.inf)
    for instance in graph.object_instances:
        if instance.object.type != "MESH" or not instance.show_self:
            continue
        mesh = instance.object.data
        if not len(mesh.vertices):
            continue
        co = np.empty(len(mesh.vertices) * 3, np.float32)
        mesh.vertices.foreach_get("co", co)
        matrix = np.array(instance.matrix_world)
        world = co.reshape(-1, 3) @ matrix[:3, :3].T + matrix[:3, 3]
        low, high = np.minimum(low, world.min(0)), np.maximum(high, world.max(0))
    if not np.isfinite(low).all():
        low, high = -np.ones(3), np.ones(3)
    return low, high


def aim(low: np.ndarray, high: np.ndarray) -> None:
    """A camera that sees the whole box from the front left and above."""
    centre, radius = (low + high) / 2, max(float(np.linalg.norm(high - low)) / 2, 1e-4)
    lens = bpy.data.cameras.new("Photo camera")
    lens.lens = 60
    camera = bpy.data.objects.new("Photo camera", lens)
    yaw, pitch = math.radians(-32), math.radians(24)
    away = np.array([math.sin(yaw) * math.cos(pitch), -math.cos(yaw) * math.cos(pitch), math.sin(pitch)])
    camera.location = centre + away * radius * 3.75
    camera.rotation_euler = (math.pi / 2 - pitch, 0, yaw)
    lens.clip_start, lens.clip_end = radius / 100, radius * 100
    bpy.context.scene.collection.objects.link(camera)
    bpy.context.scene.camera = camera


def light_and_camera(size: int) -> None:
    """A soft key light from the left, a fill from the sky, a floor, and a camera that sees all of it."""
    scene = bpy.context.scene
    for thing in [o for o in scene.objects if o.type in ("LIGHT", "CAMERA")]:
        thing.hide_render = True
    low, high = bounds()
    centre, radius = (low + high) / 2, max(float(np.linalg.norm(high - low)) / 2, 1e-4)
    sun = bpy.data.lights.new("Photo sun", "SUN")
    sun.energy, sun.angle = 3.2, math.radians(12)
    lamp = bpy.data.objects.new("Photo sun", sun)
    lamp.rotation_euler = (math.radians(48), math.radians(8), math.radians(-38))
    scene.collection.objects.link(lamp)
    floor = bpy.data.meshes.new("Photo floor")
    reach = radius * 40
    floor.from_pydata(
        [(-reach, -reach, 0), (reach, -reach, 0), (reach, reach, 0), (-reach, reach, 0)], [], [(0, 1, 2, 3)]
    )
    ground = bpy.data.objects.new("Photo floor", floor)
    ground.location = (centre[0], centre[1], low[2] - radius * 0.002)
    scene.collection.objects.link(ground)
    paint = bpy.data.materials.new("Photo floor")
    paint.use_nodes = True
    paint.node_tree.nodes["Principled BSDF"].inputs["Base Color"].default_value = (0.62, 0.62, 0.6, 1)
    paint.node_tree.nodes["Principled BSDF"].inputs["Roughness"].default_value = 0.9
    floor.materials.append(paint)
    world = bpy.data.worlds.new("Photo sky")
    world.use_nodes = True
    world.node_tree.nodes["Background"].inputs[0].default_value = (0.75, 0.82, 0.9, 1)
    world.node_tree.nodes["Background"].inputs[1].default_value = 0.7
    scene.world = world
    aim(low, high)
    render = scene.render
    render.engine = "CYCLES"
    scene.cycles.samples, scene.cycles.use_denoising = 24, True
    scene.cycles.device = "CPU"
    render.resolution_x = render.resolution_y = size
    render.resolution_percentage = 100
    scene.view_settings.view_transform = "Standard"


def photograph(path: Path, size: int) -> None:
    """Render the open scene into a PNG."""
    light_and_camera(size)
    bpy.context.scene.render.filepath = str(path)
    bpy.context.scene.render.image_settings.file_format = "PNG"
    bpy.ops.render.render(write_still=True)


def side_by_side(pictures: list[Path], out: Path) -> None:
    from PIL import Image

    opened = [Image.open(picture).convert("RGB") for picture in pictures]
    sheet = Image.new(
        "RGB", (sum(p.width for p in opened) + 8 * (len(opened) - 1), max(p.height for p in opened)), "white"
    )
    x = 0
    for picture in opened:
        sheet.paste(picture, (x, 0))
        x += picture.width + 8
    sheet.save(out)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--size", type=int, default=480)
    args = parser.parse_args()
    args.out.parent.mkdir(parents=True, exist_ok=True)
    pictures = []
    for number, file in enumerate(args.files):
        bpy.ops.wm.open_mainfile(filepath=str(file.resolve()), use_scripts=False)
        picture = args.out.resolve().with_name(f"{args.out.stem}-{number}.png")
        photograph(picture, args.size)
        pictures.append(picture)
    if len(pictures) == 1:
        pictures[0].replace(args.out)
    else:
        side_by_side(pictures, args.out)
        for picture in pictures:
            picture.unlink()
    print(f"picture: {args.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
