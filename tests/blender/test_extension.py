"""The extension as a whole: it comes and goes without a trace, draws its panels, documents what it offers."""

import gc
import threading

import pytest
from loaded import module_name, part


class Recorder:
    """Stands where a UILayout would, so that a panel can be drawn without a window. Any call is fine; names count."""

    def __init__(self, heard):
        self.heard = heard

    def __getattr__(self, name):
        def call(*args, **kwargs):
            self.heard.append((name, args, kwargs))
            if name == "panel":
                return Recorder(self.heard), Recorder(self.heard)
            return Recorder(self.heard)

        return call


def operators():
    import bpy

    return [getattr(bpy.ops.meshkiln, name) for name in dir(bpy.ops.meshkiln)]


def draw(panel, context):
    """Draw a panel class on a recorder; what it asked for."""
    import types

    heard = []
    fake = types.SimpleNamespace(layout=Recorder(heard))
    for name in dir(panel):
        if name.startswith("draw_") and callable(getattr(panel, name)):
            setattr(fake, name, types.MethodType(getattr(panel, name), fake))
    panel.draw(fake, context)
    return heard


def panels():
    ui = part("addon.ui")
    import bpy

    return [cls for cls in ui.CLASSES if issubclass(cls, bpy.types.Panel)]


def test_every_panel_draws_with_and_without_an_object(scene):
    import bpy

    for _ in range(2):
        for panel in panels():
            assert draw(panel, bpy.context), panel.__name__
        bpy.ops.mesh.primitive_cube_add()


def test_every_operator_has_a_tooltip_and_documented_properties(extension):
    import bpy

    found = operators()
    assert len(found) >= 25
    for operator in found:
        rna = operator.get_rna_type()
        assert rna.description and len(rna.description) > 10, rna.identifier
        for prop in rna.properties:
            if prop.identifier != "rna_type" and not prop.is_hidden:
                assert prop.description or prop.identifier in ("directory", "filter_glob"), (
                    f"{rna.identifier}.{prop.identifier}"
                )
    for cls in (bpy.types.WindowManager.bl_rna, bpy.types.Object.bl_rna):
        assert "meshkiln" in cls.properties


def test_every_setting_has_a_tooltip(extension):
    import bpy

    for group in (bpy.context.window_manager.meshkiln, bpy.context.preferences.addons[module_name()].preferences):
        for prop in group.bl_rna.properties:
            if prop.identifier not in ("rna_type", "name", "bl_idname") and not prop.is_hidden:
                assert prop.description, prop.identifier


def test_the_preferences_page_draws(extension):
    import bpy

    chosen = bpy.context.preferences.addons[module_name()].preferences

    class Page:
        """The preferences with a recorder for a layout."""

        def __init__(self, heard):
            self.layout = Recorder(heard)

        def __getattr__(self, name):
            return getattr(chosen, name)

    draw = part("addon.ui.preferences").MeshkilnPreferences.draw
    for runtime in ("NUMPY", "MANAGED", "OWN"):
        chosen.runtime = runtime
        heard = []
        draw(Page(heard), bpy.context)
        assert any(args and args[0] == "meshkiln.train" for _, args, _ in heard)
    chosen.runtime = "NUMPY"


def test_ten_times_on_and_off_leaves_nothing(extension):
    import addon_utils
    import bpy

    module = module_name()

    def traces():
        gc.collect()
        return {
            "classes": sorted(n for n in dir(bpy.types) if "MESHKILN" in n or n.startswith("Meshkiln")),
            "handlers": [h.__module__ for h in bpy.app.handlers.load_pre if "meshkiln" in h.__module__],
            "export": sum("meshkiln" in f.__module__ for f in bpy.types.TOPBAR_MT_file_export._dyn_ui_initialize()),
            "properties": hasattr(bpy.types.WindowManager, "meshkiln") + hasattr(bpy.types.Object, "meshkiln"),
            "threads": sorted(t.name for t in threading.enumerate() if "meshkiln" in t.name),
            "timers": bpy.app.timers.is_registered(part("addon.generate.session")._tick),
        }

    part("addon.generate.session").get().warm_up()
    process = part("addon.generate.session").get().client
    addon_utils.disable(module, default_set=True)
    assert not process.alive
    off = traces()
    assert off["classes"] == [] and off["handlers"] == [] and off["properties"] == 0 and off["threads"] == []
    for _ in range(10):
        addon_utils.enable(module, default_set=True)
        part("addon.generate.session").get()
        addon_utils.disable(module, default_set=True)
        assert traces() == off
    addon_utils.enable(module, default_set=True)


def test_buttons_that_cannot_work_say_why(scene):
    import bpy

    context = bpy.context
    for name in ("vary", "complete", "keep_variant", "apply_suggestion", "cancel", "extract", "runtime_remove"):
        assert not getattr(bpy.ops.meshkiln, name).poll(), name
        with pytest.raises(RuntimeError) as refused:
            getattr(bpy.ops.meshkiln, name)()
        assert len(str(refused.value)) > 30
    assert context.object is None
