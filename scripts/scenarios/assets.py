"""Inside a real Blender window: a scene goes into the library, and the panel What Will Be Learned is opened and
used."""

import sys

import bpy
import uidrive as ui

MODULE = "bl_ext.user_default.meshkiln"


def part(name):
    return sys.modules[f"{MODULE}.{name}"]


def main():
    for obj in list(bpy.data.objects):
        bpy.data.objects.remove(obj)
    for number, (name, make) in enumerate(
        (
            ("Oak Table", bpy.ops.mesh.primitive_cube_add),
            ("Stone Well", bpy.ops.mesh.primitive_cylinder_add),
            ("Traffic Cone", bpy.ops.mesh.primitive_cone_add),
        )
    ):
        make(location=(9 * number, 0, 0))
        bpy.context.object.name = name
    bpy.ops.meshkiln.export(what="SCENE", author="Me", license="own")
    talk = part("addon.generate.session").get()
    yield from ui.wait_until(lambda: talk.chore is None, 60, "the export")
    others = [getattr(bpy.types, f"MESHKILN_PT_{name}") for name in ("learn", "collect", "export", "models")]
    kind = bpy.types.MESHKILN_PT_assets
    for panel in (*others, kind):  # room for the panel that is looked at, which is to be open
        bpy.utils.unregister_class(panel)
    kind.bl_options = set()
    bpy.utils.register_class(kind)
    panel = yield from ui.sidebar("Meshkiln", width=330)
    yield from ui.wait_until(lambda: any(k.startswith("AssetsRequest") for k in talk.answers), 60, "the list")
    yield 1.0
    yield from ui.click(operator="meshkiln.asset_exclude")
    yield from ui.wait_until(lambda: talk.assets_changed == 1 and talk.assets_asked in talk.answers, 60, "the change")
    answer = talk.answers[talk.assets_asked]
    assert answer["event"] == "listed" and sum(asset["excluded"] for asset in answer["assets"]) == 1, answer
    yield 1.5
    yield from ui.screenshot("assets.png", reg=panel)
    for panel in others:
        bpy.utils.register_class(panel)
    print("assets: well")
