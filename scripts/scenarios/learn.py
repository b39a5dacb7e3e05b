"""Inside a real Blender window: the open scene becomes a style by one click, and Generate builds in it at once."""

import bpy
import uidrive as ui


def furnish():
    """A few things of two kinds, as an artist would have them."""
    for obj in list(bpy.data.objects):
        bpy.data.objects.remove(obj)
    painted = bpy.data.materials.new("Painted Wood")
    painted.use_nodes = True
    painted.node_tree.nodes["Principled BSDF"].inputs["Base Color"].default_value = (0.6, 0.1, 0.05, 1)
    for number in range(3):
        bpy.ops.mesh.primitive_cylinder_add(vertices=10, depth=1.2 + 0.3 * number, location=(3 * number, 0, 0))
        bpy.context.object.name = f"SM_Potion_{number + 1:02}"
        bpy.context.object.data.materials.append(painted)
        bpy.ops.mesh.primitive_cube_add(size=1.0 + 0.2 * number, location=(3 * number, 4, 0))
        bpy.context.object.name = f"SM_Chest_{number + 1:02}"
        bpy.context.object.scale = (1.5, 1.0, 0.8 + 0.2 * number)
        bpy.context.object.data.materials.append(painted)


def main():
    furnish()
    settings = bpy.context.window_manager.meshkiln
    settings.learn_name = "Alchemy"
    settings.learn_minutes = 0.0
    others = [
        getattr(bpy.types, f"MESHKILN_PT_{name}") for name in ("assets", "collect", "export", "models", "selected")
    ]
    for panel in others:  # room for the panel that is looked at
        bpy.utils.unregister_class(panel)
    panel = yield from ui.sidebar("Meshkiln", width=330)
    yield 1.0
    yield from ui.click(operator="meshkiln.learn")
    yield from ui.wait_until(lambda: settings.style == "Alchemy", 120, "the style")
    yield 2.0
    yield from ui.screenshot("learn.png", reg=panel)
    settings.prompt = "potion"
    settings.new_seed = False
    settings.seed = 3
    before = set(bpy.data.objects)
    yield from ui.click(operator="meshkiln.generate")
    yield from ui.wait_until(lambda: len(set(bpy.data.objects) - before) == 1, 60, "the potion")
    made = (set(bpy.data.objects) - before).pop()
    sources = [o for o in bpy.data.objects if o.name.startswith("SM_Potion_0")]
    assert made.name.startswith("SM_Potion"), made.name
    assert [slot.material.name for slot in made.material_slots] == ["Painted Wood"], "the artist's own material"
    assert len(made.data.polygons) == len(sources[0].data.polygons), "made from one of the potions"
    assert min(abs(made.dimensions.z / o.dimensions.z - 1) for o in sources) > 0.001, "but none of them again"
    low = min((made.matrix_world @ v.co).z for v in made.data.vertices)
    assert abs(low - bpy.context.scene.cursor.location.z) < 0.01, "it stands on the floor"
    print("faces", len(made.data.polygons), "in", made.name)
    yield from ui.screenshot("learned.png")
    for panel in others:
        bpy.utils.register_class(panel)
    print("learn: well")
