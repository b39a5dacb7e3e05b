"""The panel that most people will use: a prompt, a button, and progress."""

from typing import Any

import bpy

from .. import models, styles
from ..generate import session
from .sentences import wrapped


class View3DPanel:
    """Where our panels live."""

    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "Meshkiln"


class MESHKILN_PT_generate(View3DPanel, bpy.types.Panel):
    bl_label = "Generate"
    bl_idname = "MESHKILN_PT_generate"
    bl_order = 0

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        settings = context.window_manager.meshkiln
        talk = session.get()
        row = layout.row()
        row.scale_y = 1.2
        row.prop(settings, "prompt", text="", icon="GREASEPENCIL", placeholder="What to make: barrel")
        if talk.busy:
            draw_progress(layout, talk.generation)
        else:
            row = layout.row()
            row.scale_y = 1.5
            row.operator("meshkiln.generate", icon="MESH_ICOSPHERE")
        if models.serving("geometry") is None:
            wrapped(layout, "There is no model for meshes yet. Import or train one.", icon="INFO")
        draw_sentence(layout, talk)
        draw_variants(layout, context)


def draw_progress(layout: bpy.types.UILayout, generation: Any) -> None:
    """The progress bar in the button's place, with Cancel beside it."""
    row = layout.row(align=True)
    row.scale_y = 1.5
    if generation.polygons:
        text = bpy.app.translations.pgettext_iface("{:,} faces").format(generation.polygons)
        if generation.speed:
            text += "  " + bpy.app.translations.pgettext_iface("{:.0f}/s").format(generation.speed)
    else:
        text = bpy.app.translations.pgettext_iface(generation.phase)
    row.progress(factor=max(0.0, min(1.0, generation.fraction)), text=text)
    row.operator("meshkiln.cancel", text="", icon="CANCEL")


def draw_sentence(layout: bpy.types.UILayout, talk: Any) -> None:
    if talk.sentence:
        row = layout.row()
        if talk.generation is not None and talk.generation.state == "done":
            row.operator("view3d.view_selected", text="", icon="ZOOM_SELECTED").use_all_regions = False
        wrapped(row, talk.sentence, icon="ERROR" if talk.is_error else "INFO", alert=talk.is_error)


def draw_variants(layout: bpy.types.UILayout, context: bpy.types.Context) -> None:
    obj = context.object
    if obj is None or not obj.meshkiln.variant_set:
        return
    box = layout.box()
    box.label(text="Variants", icon="PRESET")
    row = box.row(align=True)
    row.operator("meshkiln.keep_variant", text="Keep", icon="CHECKMARK")
    row.operator("meshkiln.discard_variant", text="Discard", icon="TRASH")


class MESHKILN_PT_options(View3DPanel, bpy.types.Panel):
    bl_label = "Options"
    bl_idname = "MESHKILN_PT_options"
    bl_parent_id = "MESHKILN_PT_generate"

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        settings = context.window_manager.meshkiln
        row = layout.row(align=True)
        for item, craft in zip(("MATERIALS", "MODIFIERS", "ANIMATION"), models.CRAFTS[1:]):
            part = row.row(align=True)
            part.enabled = models.serving(craft) is not None
            part.prop_enum(settings, "make", item)
        layout.use_property_split = True
        layout.use_property_decorate = False
        column = layout.column()
        column.prop(settings, "style")
        part = column.column()
        part.enabled = styles.named(settings.style) is not None
        part.prop(settings, "closeness", slider=True)
        column.prop(settings, "faces", text="Faces (0: any)")
        column.prop(settings, "size", text="Size (0: any)")
        part = column.column()
        part.enabled = models.serving("animation") is not None
        part.prop(settings, "length", text="Length (0: any)")
        column.prop(settings, "variants")
        row = column.row(align=True)
        row.prop(settings, "seed")
        row.operator("meshkiln.roll_seed", text="", icon="FILE_REFRESH")
        column.prop(settings, "new_seed")
        column.prop(settings, "mark_asset")


class MESHKILN_PT_advanced(View3DPanel, bpy.types.Panel):
    bl_label = "Advanced"
    bl_idname = "MESHKILN_PT_advanced"
    bl_parent_id = "MESHKILN_PT_generate"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        settings = context.window_manager.meshkiln
        layout.use_property_split = True
        layout.use_property_decorate = False
        column = layout.column()
        column.prop(settings, "tries")
        column.prop(settings, "temperature")
        column.prop(settings, "guidance")
        column.prop(settings, "engine")
        column.prop(settings, "model")


class MESHKILN_PT_selected(View3DPanel, bpy.types.Panel):
    bl_label = "Selected Object"
    bl_idname = "MESHKILN_PT_selected"
    bl_order = 1

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        talk = session.get()
        if talk.suggestion is not None:
            self.draw_suggestion(layout, talk.suggestion)
            return
        grid = layout.column(align=True)
        for craft, text, icon in (
            ("materials", "Suggest Material", "MATERIAL"),
            ("modifiers", "Suggest Modifiers", "MODIFIER"),
            ("animation", "Suggest Animation", "ACTION"),
        ):
            row = grid.row()
            row.enabled = models.serving(craft) is not None and not talk.busy
            row.operator("meshkiln.suggest", text=text, icon=icon).craft = craft
        row.prop(context.window_manager.meshkiln, "to_cursor", text="", icon="PIVOT_CURSOR")  # beside the animation
        row = layout.row(align=True)
        row.operator("meshkiln.vary", icon="MOD_ARRAY")
        row.operator("meshkiln.complete", icon="MOD_BUILD")
        missing = [craft for craft in models.CRAFTS[1:] if models.serving(craft) is None]
        if missing:
            wrapped(layout, "No model yet for: " + ", ".join(missing) + ".", icon="INFO")

    def draw_suggestion(self, layout: bpy.types.UILayout, pending: Any) -> None:
        box = layout.box()
        box.label(text=f"For {pending.name}:", translate=False)
        for line in pending.lines:
            wrapped(box, line)
        row = box.row(align=True)
        row.operator("meshkiln.apply_suggestion", text="Apply", icon="CHECKMARK")
        row.operator("meshkiln.discard_suggestion", text="Discard", icon="X")


CLASSES = (MESHKILN_PT_generate, MESHKILN_PT_options, MESHKILN_PT_advanced, MESHKILN_PT_selected)
