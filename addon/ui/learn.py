"""The Learn panel: one button, what it is doing, and the styles that there are, with pictures."""

from typing import Any

import bpy

from ... import jobs
from ...trainer.style.folder import Style
from .. import job_list, runtime, styles
from . import curve
from .generate import View3DPanel
from .job import draw_job
from .sentences import wrapped

REASONS = 4  # why things were left out, told in the panel
KINDS = 8  # nouns told of a style
FILE_NAMES = ("library.png", "after.png")


class MESHKILN_PT_learn(View3DPanel, bpy.types.Panel):
    bl_label = "Learn"
    bl_idname = "MESHKILN_PT_learn"
    bl_order = 2

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        settings = context.window_manager.meshkiln
        layout.prop(settings, "learn_source", text="")
        row = layout.row()
        row.scale_y = 1.5
        row.operator("meshkiln.learn", icon="OUTLINER_OB_LIGHT")
        column = layout.column()
        column.use_property_split = True
        column.use_property_decorate = False
        column.prop(settings, "learn_name", placeholder="As the file")
        part = column.column()
        part.enabled = runtime.training_python() is not None
        part.prop(settings, "learn_minutes")
        if runtime.training_python() is None:
            wrapped(layout, "Without PyTorch your things are remembered, in seconds. With it the weights learn, too.",
                    icon="INFO")  # fmt: skip
        for state in job_list.all_of("learn")[-1:]:
            self.draw_job(layout, state)
        chosen = settings.style
        for style in styles.styles():
            self.draw_style(layout, style, style.name == chosen)
        layout.operator("meshkiln.style_import", icon="IMPORT")

    def draw_job(self, layout: bpy.types.UILayout, state: dict[str, Any]) -> None:
        if state["status"] == "done":
            for reason, count in list(((state.get("result") or {}).get("left_out") or {}).items())[:REASONS]:
                wrapped(layout, f"Left out: {count}, {reason}")
            return
        draw_job(layout, state)
        if state["status"] not in jobs.ACTIVE:
            row = layout.row(align=True)
            row.operator("meshkiln.job_resume", icon="PLAY").folder = state["folder"]
            row.operator("meshkiln.job_log", text="", icon="TEXT").folder = state["folder"]
            row.operator("meshkiln.job_forget", text="", icon="TRASH").folder = state["folder"]

    def draw_style(self, layout: bpy.types.UILayout, style: Style, chosen: bool) -> None:
        box = layout.box()
        row = box.row(align=True)
        icon = "RADIOBUT_ON" if chosen else "RADIOBUT_OFF"
        row.operator("meshkiln.style_use", text=style.name, icon=icon, emboss=False, translate=False).style = style.name
        if style.folder.parent == styles.own_folder():
            row.operator("meshkiln.style_refresh", text="", icon="FILE_REFRESH", emboss=False).style = style.name
            row.operator("meshkiln.style_rename", text="", icon="GREASEPENCIL", emboss=False).style = style.name
        row.operator("meshkiln.style_export", text="", icon="EXPORT", emboss=False).style = style.name
        if style.folder.parent == styles.own_folder():
            row.operator("meshkiln.style_remove", text="", icon="TRASH", emboss=False).style = style.name
        if not chosen:
            return
        for name in FILE_NAMES:
            picture = style.folder / name
            if picture.is_file():
                box.template_icon(curve.icons.picture(str(picture), picture.stat().st_mtime), scale=7.0)
        about = style.about
        kinds = list(about.get("kinds") or {})
        text = bpy.app.translations.pgettext_iface("{:d} things of {:d} kinds")
        wrapped(box, text.format(int(about.get("assets") or 0), len(kinds)))
        wrapped(box, ", ".join(kinds[:KINDS]) + (" ..." if len(kinds) > KINDS else ""))
        for craft, numbers in (about.get("trained") or {}).items():
            share = float(numbers.get("bits") or 1.0)
            wrapped(box, f"{craft}: {100 * (1 - share):.0f} % better on things that it had not seen")


CLASSES = (MESHKILN_PT_learn,)
