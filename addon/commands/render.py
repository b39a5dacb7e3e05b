"""A picture of a .blend: everything in view, plain light, Cycles with few samples (it needs no graphics card).

main(["scene.blend", "picture.png"])        starts a child Blender, which calls `picture`
"""

import argparse
import math
import sys
from pathlib import Path
from typing import Any

SAMPLES = 24
SIDE = 640


def main(argv: list[str]) -> int:
    from ...extractor.files.blenders import Failure, NoBlender, Worker, find_blender

    parser = argparse.ArgumentParser(prog="render")
    parser.add_argument("scene", type=Path)
    parser.add_argument("picture", type=Path)
    parser.add_argument("--blender")
    args = parser.parse_args(argv)
    request = {
        "do": "addon.commands.render:picture",
        "scene": str(args.scene.absolute()),
        "out": str(args.picture.absolute()),
    }
    try:
        worker = Worker(find_blender(args.blender))
        try:
            answer = worker.ask(request, 600.0)
        finally:
            worker.close()
    except (NoBlender, Failure) as error:
        print(error, file=sys.stderr)
        return 1
    if "error" in answer:
        print(answer["error"], file=sys.stderr)
        return 1
    return 0


def picture(request: dict[str, Any]) -> dict[str, Any]:
    """In the child: open the scene, look at all meshes from the front right, render."""
    import bpy
    from mathutils import Matrix, Vector

    bpy.ops.wm.open_mainfile(filepath=request["scene"], use_scripts=False)
    scene = bpy.context.scene
    bpy.context.view_layer.update()
    meshes = [o for o in scene.objects if o.type == "MESH" and not o.hide_render]
    corners = [o.matrix_world @ Vector(c) for o in meshes for c in o.bound_box]
    if not corners:
        return {"error": f"{request['scene']}: nothing in it is visible"}
    low = Vector(map(min, zip(*corners)))
    high = Vector(map(max, zip(*corners)))
    radius = max((high - low).length / 2, 1e-3)
    camera = bpy.data.objects.new("Camera", bpy.data.cameras.new("Camera"))
    scene.collection.objects.link(camera)
    look = Vector((-0.65, 1.0, -0.5)).normalized()
    camera.data.angle = math.radians(40)
    camera.data.clip_end = radius * 20
    away = radius / math.sin(camera.data.angle / 2) * 1.05
    turn = look.to_track_quat("-Z", "Y").to_matrix().to_4x4()
    camera.matrix_world = Matrix.Translation((low + high) / 2 - look * away) @ turn
    sun = bpy.data.objects.new("Sun", bpy.data.lights.new("Sun", "SUN"))
    sun.data.energy, sun.data.angle = 3.0, 0.2
    sun.rotation_euler = (math.radians(50), math.radians(-15), math.radians(35))
    scene.collection.objects.link(sun)
    world = scene.world or bpy.data.worlds.new("World")
    scene.world = world
    world.use_nodes = True
    background = next((n for n in world.node_tree.nodes if n.type == "BACKGROUND"), None)
    if background is not None:
        background.inputs[0].default_value = (0.75, 0.8, 0.9, 1.0)
        background.inputs[1].default_value = 0.8
    scene.camera = camera
    scene.render.engine = "CYCLES"
    scene.cycles.samples = SAMPLES
    scene.cycles.use_denoising = False
    scene.render.resolution_x = scene.render.resolution_y = SIDE
    scene.render.resolution_percentage = 100
    scene.render.image_settings.file_format = "PNG"
    scene.render.filepath = request["out"]
    bpy.ops.render.render(write_still=True)
    return {"picture": request["out"]}
