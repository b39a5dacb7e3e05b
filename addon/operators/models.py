"""Models: import one from a file, remove one, open their folder."""

import shutil
from pathlib import Path
from typing import ClassVar

import bpy
from bpy.props import StringProperty

from .. import models, paths
from .jobs import open_folder


class MESHKILN_OT_model_import(bpy.types.Operator):
    """Copy a model file (.safetensors) into Meshkiln's models"""

    bl_idname = "meshkiln.model_import"
    bl_label = "Import Model"
    bl_options: ClassVar[set[str]] = set()

    filepath: StringProperty(name="File", description="A Meshkiln model", subtype="FILE_PATH")
    filter_glob: StringProperty(default="*.safetensors", options={"HIDDEN"})

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def execute(self, context: bpy.types.Context) -> set[str]:
        source = Path(bpy.path.abspath(self.filepath))
        if not source.is_file():
            self.report({"ERROR"}, f"{source.name}: there is no such file")
            return {"CANCELLED"}
        model = models.read_model(source, source.stat().st_size)
        if model.problem or model.craft not in models.CRAFTS:
            self.report({"ERROR"}, model.problem or f"{source.name}: this is not a Meshkiln model")
            return {"CANCELLED"}
        try:
            target = adopt(source, source.name)
        except OSError as error:
            self.report({"ERROR"}, f"{source.name}: {error.strerror or error}")
            return {"CANCELLED"}
        self.report({"INFO"}, f"{target.stem} is now used for {model.craft}")
        return {"FINISHED"}


def adopt(source: Path, name: str) -> Path:
    """Copy a model into the user's models, completely or not at all; a name that is taken gets a number."""
    target = paths.models_folder() / name
    number = 2
    while target.exists():
        target = paths.models_folder() / f"{Path(name).stem}-{number}{Path(name).suffix}"
        number += 1
    half = target.with_suffix(".part")
    shutil.copyfile(source, half)
    half.replace(target)
    models.forget()
    return target


class MESHKILN_OT_model_remove(bpy.types.Operator):
    """Remove this model's file; the model that came with Meshkiln is used again"""

    bl_idname = "meshkiln.model_remove"
    bl_label = "Remove Model"
    bl_options: ClassVar[set[str]] = set()

    path: StringProperty(name="Model", description="The model's file", subtype="FILE_PATH", options={"SKIP_SAVE"})

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        return set(context.window_manager.invoke_confirm(self, event))

    def execute(self, context: bpy.types.Context) -> set[str]:
        path = Path(self.path)
        if path.parent != paths.models_folder():
            self.report({"ERROR"}, "Only models of your own can be removed here")
            return {"CANCELLED"}
        try:
            path.unlink()
        except OSError as error:
            self.report({"ERROR"}, f"{path.name}: {error.strerror or error}")
            return {"CANCELLED"}
        models.forget()
        return {"FINISHED"}


class MESHKILN_OT_models_open(bpy.types.Operator):
    """Show the folder with your models in the file browser of your system"""

    bl_idname = "meshkiln.models_open"
    bl_label = "Open Folder"
    bl_options: ClassVar[set[str]] = set()

    def execute(self, context: bpy.types.Context) -> set[str]:
        open_folder(paths.models_folder())
        return {"FINISHED"}


CLASSES = (MESHKILN_OT_model_import, MESHKILN_OT_model_remove, MESHKILN_OT_models_open)
