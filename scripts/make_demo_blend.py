"""Builds scripts/demo.blend, the small scene that the demo reads: run with a Python that has bpy.

A still life with one of each thing that a record must carry: n-gons, UV maps, a colour attribute, a vertex group, a
shape key, node materials, a modifier stack, an animated lid with a driver, a parent, collections, custom properties.
"""

import math
import sys
from pathlib import Path

import bpy

import bmesh  # isort: skip  (exists only once bpy was imported)

OUT = Path(__file__).resolve().parent / "demo.blend"


def material(name, color, roughness=0.5, metallic=0.0):
    made = bpy.data.materials.new(name)
    made.use_nodes = True
    shader = next(n for n in made.node_tree.nodes if n.type == "BSDF_PRINCIPLED")
    shader.inputs["Base Color"].default_value = (*color, 1)
    shader.inputs["Roughness"].default_value = roughness
    shader.inputs["Metallic"].default_value = metallic
    made.diffuse_color = (*color, 1)
    return made, shader


def wood():
    made, shader = material("Oak", (0.35, 0.17, 0.07), 0.6)
    tree = made.node_tree
    noise, ramp = tree.nodes.new("ShaderNodeTexNoise"), tree.nodes.new("ShaderNodeValToRGB")
    noise.inputs["Scale"].default_value, noise.location = 14, (-700, 200)
    ramp.location = (-450, 200)
    ramp.color_ramp.elements[0].color = (0.2, 0.08, 0.03, 1)
    ramp.color_ramp.elements[1].color = (0.5, 0.27, 0.11, 1)
    tree.links.new(noise.outputs["Fac" if "Fac" in noise.outputs else "Factor"], ramp.inputs[0])
    tree.links.new(ramp.outputs["Color"], shader.inputs["Base Color"])
    return made


def thing(name, build, collection, materials=()):
    mesh = bpy.data.meshes.new(name)
    shape = bmesh.new()
    build(shape)
    shape.to_mesh(mesh)
    shape.free()
    for one in materials:
        mesh.materials.append(one)
    made = bpy.data.objects.new(name, mesh)
    collection.objects.link(made)
    return made


def box(low, high):
    def build(shape):
        bmesh.ops.create_cube(shape, size=1)
        for vert in shape.verts:
            vert.co = [lo + (c + 0.5) * (hi - lo) for lo, hi, c in zip(low, high, vert.co)]

    return build


def lathe(profile, sides=12):
    def build(shape):
        rings = [
            [
                shape.verts.new((r * math.cos(a), r * math.sin(a), z))
                for a in (2 * math.pi * i / sides for i in range(sides))
            ]
            for r, z in profile
        ]
        for lower, upper in zip(rings, rings[1:]):
            for i in range(sides):
                shape.faces.new((lower[i], lower[(i + 1) % sides], upper[(i + 1) % sides], upper[i]))
        shape.faces.new(rings[0][::-1])

    return build


def main() -> int:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    furniture, crockery = bpy.data.collections.new("Furniture"), bpy.data.collections.new("Crockery")
    for collection in (furniture, crockery):
        scene.collection.children.link(collection)
    oak, (blue, _), (steel, _) = (
        wood(),
        material("Blue glaze", (0.03, 0.12, 0.5), 0.15),
        material("Steel", (0.6, 0.6, 0.62), 0.3, 1),
    )

    top = thing("Table top", box((-0.7, -0.45, 0.7), (0.7, 0.45, 0.76)), furniture, [oak])
    top["maker"] = "Meshkiln"
    bevel = top.modifiers.new("Round edges", "BEVEL")
    bevel.width, bevel.segments = 0.02, 2
    leg = thing("Leg", box((0.55, 0.3, 0), (0.63, 0.38, 0.7)), furniture, [oak])
    leg.parent = top
    mirror = leg.modifiers.new("Four of them", "MIRROR")
    mirror.use_axis = (True, True, False)

    pot = thing(
        "Pot", lathe([(0.1, 0), (0.18, 0.06), (0.2, 0.16), (0.14, 0.26), (0.15, 0.28)]), crockery, [blue, steel]
    )
    pot.location, pot.parent = (-0.15, 0, 0.76), top
    for polygon in pot.data.polygons:
        polygon.use_smooth = len(polygon.vertices) == 4
        polygon.material_index = int(polygon.index >= 36)
    uv = pot.data.uv_layers.new(name="Unwrapped")
    for loop in pot.data.loops:
        x, y, z = pot.data.vertices[loop.vertex_index].co
        uv.data[loop.index].uv = (math.atan2(y, x) / (2 * math.pi) + 0.5, z / 0.28)
    paint = pot.data.color_attributes.new("Glaze", "BYTE_COLOR", "POINT")
    for index, vert in enumerate(pot.data.vertices):
        paint.data[index].color = (vert.co.z / 0.28, 0.3, 0.6, 1)
    rim = pot.vertex_groups.new(name="Rim")
    rim.add([v.index for v in pot.data.vertices if v.co.z > 0.25], 0.75, "REPLACE")
    thick = pot.modifiers.new("Wall", "SOLIDIFY")
    thick.thickness, thick.vertex_group = 0.012, "Rim"
    pot.modifiers.new("Smooth", "SUBSURF").levels = 2
    pot.shape_key_add(name="Basis")
    wide = pot.shape_key_add(name="Wide")
    for point in wide.data:
        point.co = (point.co.x * 1.2, point.co.y * 1.2, point.co.z)

    lid = thing("Lid", lathe([(0.02, 0.36), (0.03, 0.33), (0.02, 0.31), (0.15, 0.28)][::-1]), crockery, [steel])
    lid.parent = pot
    lid.keyframe_insert("location", frame=1)
    lid.location.z = 0.15
    lid.keyframe_insert("location", frame=20)
    lid.location.z = 0
    lid.keyframe_insert("location", frame=40)
    driver = wide.driver_add("value").driver
    driver.type = "AVERAGE"
    variable = driver.variables.new()
    variable.type, variable.targets[0].id, variable.targets[0].transform_type = "TRANSFORMS", lid, "LOC_Z"
    scene.frame_set(1)
    bpy.ops.wm.save_as_mainfile(filepath=str(OUT), compress=True)
    print(f"{OUT.name}: {OUT.stat().st_size // 1000} KB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
