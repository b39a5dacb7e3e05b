"""The panels around learning: Collect, Export this scene, Models."""

from pathlib import Path
from typing import Any

import bpy

from ... import jobs
from .. import job_list, models, preferences, properties
from ..generate import session
from .generate import View3DPanel
from .job import draw_job
from .sentences import wrapped

SHORT = {identifier: name for identifier, name, _ in properties.LICENSES}


class MESHKILN_UL_paths(bpy.types.UIList):
    """Folders and files to learn from."""

    bl_idname = "MESHKILN_UL_paths"

    def draw_item(
        self,
        context: bpy.types.Context,
        layout: bpy.types.UILayout,
        data: Any,
        item: Any,
        icon: int,
        active_data: Any,
        active_property: str,
    ) -> None:
        split = layout.split(factor=0.55)
        path = Path(item.path)
        split.label(text=path.name or item.path, icon="FILE" if path.suffix else "FILE_FOLDER", translate=False)
        row = split.row()
        if item.state:
            row.label(text=item.state)
        else:
            row.label(text=f"{item.count}" if item.count >= 0 else "?", translate=False)
        row.label(text=SHORT.get(item.license, ""), translate=False)


class MESHKILN_PT_collect(View3DPanel, bpy.types.Panel):
    bl_label = "Collect"
    bl_idname = "MESHKILN_PT_collect"
    bl_options = {"DEFAULT_CLOSED"}
    bl_order = 3

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        settings = context.window_manager.meshkiln
        if not settings.paths:
            wrapped(layout, "Folders and files to learn from. Nothing leaves this computer.")
        row = layout.row()
        row.template_list("MESHKILN_UL_paths", "", settings, "paths", settings, "active_path", rows=3)
        column = row.column(align=True)
        column.operator("meshkiln.path_add", text="", icon="ADD")
        column.operator("meshkiln.path_remove", text="", icon="REMOVE")
        if settings.paths and settings.active_path < len(settings.paths):
            item = settings.paths[settings.active_path]
            column = layout.column(align=True)
            column.prop(item, "license", text="")
            column.prop(item, "author", text="", placeholder="Author")
        row = layout.row(align=True)
        row.operator("meshkiln.scan", icon="VIEWZOOM")
        row.operator("meshkiln.extract", icon="IMPORT")
        for state in job_list.all_of("extract")[-3:]:
            self.draw_extraction(layout, settings, state)

    def draw_extraction(self, layout: bpy.types.UILayout, settings: Any, state: dict[str, Any]) -> None:
        if state["status"] in jobs.ACTIVE or state["status"] in ("failed", "lost"):
            draw_job(layout, state)
        result = state.get("result") or {}
        if result:
            text = f"{result.get('done', 0)} of {result.get('files', 0)} files, {result.get('records', 0)} objects"
            row = layout.row()
            row.label(text=text, icon="CHECKMARK", translate=False)
            row.operator("meshkiln.job_log", text="", icon="TEXT").folder = state["folder"]
            errors = result.get("errors") or []
            if errors:
                shown = settings.show_errors
                arrow = "DOWNARROW_HLT" if shown else "RIGHTARROW"
                layout.prop(settings, "show_errors", text=f"{len(errors)} could not be read", icon=arrow, emboss=False)
                for error in errors[:12] if shown else []:
                    wrapped(layout, f"{Path(error['path']).name}: {error['reason']}", icon="DOT")
        if state["status"] in ("failed", "lost", "cancelled"):
            row = layout.row(align=True)
            row.operator("meshkiln.job_resume", icon="PLAY").folder = state["folder"]
            row.operator("meshkiln.job_log", text="", icon="TEXT").folder = state["folder"]
            row.operator("meshkiln.job_forget", text="", icon="TRASH").folder = state["folder"]


class MESHKILN_PT_export(View3DPanel, bpy.types.Panel):
    bl_label = "Export This Scene"
    bl_idname = "MESHKILN_PT_export"
    bl_options = {"DEFAULT_CLOSED"}
    bl_order = 4

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        settings = context.window_manager.meshkiln
        layout.row().prop(settings, "export_what", expand=True)
        layout.use_property_split = True
        layout.use_property_decorate = False
        column = layout.column()
        column.prop(settings, "export_label")
        chosen = preferences.get()
        if chosen is not None:
            column.prop(chosen, "author")
            column.prop(chosen, "license")
        chore = session.get().chore
        if chore is not None:
            row = layout.row(align=True)
            row.progress(factor=chore.fraction, text=f"{chore.fraction:.0%}")
            row.operator("meshkiln.export_cancel", text="", icon="CANCEL")
            return
        layout.operator_context = "EXEC_DEFAULT"
        button = layout.operator("meshkiln.export", text="Add to the Library", icon="EXPORT")
        button.what = settings.export_what
        button.label = settings.export_label


class MESHKILN_PT_models(View3DPanel, bpy.types.Panel):
    bl_label = "Models"
    bl_idname = "MESHKILN_PT_models"
    bl_options = {"DEFAULT_CLOSED"}
    bl_order = 6

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        for craft, title in zip(models.CRAFTS, ("Mesh", "Materials", "Modifiers", "Animation")):
            serving = models.serving(craft)
            box = layout.box()
            row = box.row()
            row.label(text=title, icon="CHECKMARK" if serving else "BLANK1")
            if serving is None:
                row.label(text="No model yet")
            for model in models.models(craft):
                self.draw_model(box, model, model is serving or model == serving)
        for model in models.models("unknown"):
            wrapped(layout, model.problem, icon="ERROR", alert=True)
        row = layout.row(align=True)
        row.operator("meshkiln.model_import", icon="IMPORT")
        row.operator("meshkiln.models_open", text="", icon="FILE_FOLDER")

    def draw_model(self, layout: bpy.types.UILayout, model: models.Model, serving: bool) -> None:
        row = layout.row()
        row.active = serving
        row.label(text=f"{model.title}, {models.readable_size(model.size)}", translate=False)
        if not model.shipped:
            row.operator("meshkiln.model_remove", text="", icon="TRASH", emboss=False).path = str(model.path)
        wrapped(layout, models.learned_from(model))


CLASSES = (MESHKILN_UL_paths, MESHKILN_PT_collect, MESHKILN_PT_export, MESHKILN_PT_models)
