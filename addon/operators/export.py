"""Export this scene into a dataset, and the reverse: a record's JSON dropped into the window."""

import json
from pathlib import Path
from typing import Any, ClassVar

import bpy
from bpy.props import CollectionProperty, EnumProperty, StringProperty

from .. import exporting, paths, preferences, properties
from ..generate import chore, landing, session

NAMED = 5  # most differences of an imported record that are listed one by one


class MESHKILN_OT_export(bpy.types.Operator):
    """Put objects of this scene into a Meshkiln dataset to learn from"""

    bl_idname = "meshkiln.export"
    bl_label = "Meshkiln Dataset"
    bl_options: ClassVar[set[str]] = set()

    what: EnumProperty(
        name="What",
        description="Which objects go into the dataset",
        items=[
            ("SELECTION", "Selection", "The selected objects"),
            ("COLLECTION", "Collection", "The active collection and those in it"),
            ("SCENE", "Scene", "All objects of this scene"),
        ],
    )
    directory: StringProperty(
        name="Dataset", description="The dataset's folder; empty: the Library", subtype="DIR_PATH"
    )
    label: StringProperty(name="Label", description="What they are, in a few words; empty: each object's own name")
    author: StringProperty(name="Author", description="Who made them; empty: as remembered in the preferences")
    license: EnumProperty(name="License", description="Under which license they may be used", items=properties.LICENSES)

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        self.directory = str(paths.datasets_folder() / "Library")
        chosen = preferences.get()
        if chosen is not None:
            self.author, self.license = chosen.author, chosen.license
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if session.get().chore is not None:
            cls.poll_message_set("An export is already running; wait, or cancel it")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        from ...extractor.rna.context import Options

        chosen = preferences.get()
        given = self.properties.is_property_set
        author = self.author if given("author") or chosen is None else chosen.author
        license = self.license if given("license") or chosen is None else chosen.license
        if chosen is not None:
            chosen.author, chosen.license = author, license
        objects = wanted_objects(context, self.what)
        if not objects:
            self.report({"ERROR"}, f"There is nothing to learn from in the {self.what.lower()}: it has no objects")
            return {"CANCELLED"}
        folder = Path(bpy.path.abspath(self.directory)) if self.directory else paths.datasets_folder() / "Library"
        options = Options(
            source_file=bpy.data.filepath, author=author, license=license, label=self.label, evaluate=True
        )
        talk = session.get()
        talk.begin(chore.Chore("Export", exporting.steps(objects, folder, options)))
        if bpy.app.background:
            self.report({"ERROR" if talk.is_error else "INFO"}, talk.sentence)
            return {"CANCELLED" if talk.is_error else "FINISHED"}
        return {"FINISHED"}


class MESHKILN_OT_export_cancel(bpy.types.Operator):
    """Stop exporting; the dataset stays as it was"""

    bl_idname = "meshkiln.export_cancel"
    bl_label = "Cancel Export"
    bl_options: ClassVar[set[str]] = set()

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if session.get().chore is None:
            cls.poll_message_set("Nothing is being exported")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        session.get().drop_chore()
        session.get().say("Export was canceled; the dataset is unchanged.")
        return {"FINISHED"}


def wanted_objects(context: bpy.types.Context, what: str) -> list[bpy.types.Object]:
    if what == "SELECTION":
        return list(context.selected_objects)
    if what == "COLLECTION":
        return list(context.collection.all_objects)
    return list(context.scene.objects)


class MESHKILN_OT_import_record(bpy.types.Operator):
    """Put the objects of a record's JSON file into the scene, at the 3D cursor"""

    bl_idname = "meshkiln.import_record"
    bl_label = "Meshkiln Record (.json)"
    bl_options = {"REGISTER", "UNDO"}

    filepath: StringProperty(name="File", description="A JSON file that holds records", subtype="FILE_PATH")
    directory: StringProperty(subtype="DIR_PATH", options={"SKIP_SAVE", "HIDDEN"})
    files: CollectionProperty(type=bpy.types.OperatorFileListElement, options={"SKIP_SAVE", "HIDDEN"})
    filter_glob: StringProperty(default="*.json", options={"HIDDEN"})

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        if self.directory and self.files:
            return self.execute(context)
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def execute(self, context: bpy.types.Context) -> set[str]:
        from ...records import from_plain
        from ..inject import InjectError, inject

        names = [Path(self.directory) / f.name for f in self.files if f.name] if self.directory else []
        made: list[Any] = []
        sentences: list[str] = []
        for path in names or [Path(self.filepath)]:
            try:
                records = from_plain(json.loads(path.read_text(encoding="utf-8")))
                injected = inject(records, location=context.scene.cursor.location)
                made += injected.objects
                sentences += injected.not_expressed
            except (OSError, ValueError, KeyError, TypeError, InjectError) as error:
                self.report({"ERROR"}, f"{path.name}: {error}")
                return {"CANCELLED"}
        landing.select(context, made, made[0] if made else None)
        for sentence in sentences[:NAMED]:
            self.report({"WARNING"}, sentence)
        more = f"; {len(sentences)} differences from the file" if sentences else ""
        self.report({"INFO"}, f"{'1 object' if len(made) == 1 else f'{len(made)} objects'} imported{more}")
        return {"FINISHED"}


class MESHKILN_FH_record(bpy.types.FileHandler):
    bl_idname = "MESHKILN_FH_record"
    bl_label = "Meshkiln record"
    bl_import_operator = "meshkiln.import_record"
    bl_file_extensions = ".json"

    @classmethod
    def poll_drop(cls, context: bpy.types.Context) -> bool:
        return context.area is not None and context.area.type == "VIEW_3D"


CLASSES = (MESHKILN_OT_export, MESHKILN_OT_export_cancel, MESHKILN_OT_import_record, MESHKILN_FH_record)


def _export_entry(self: Any, context: bpy.types.Context) -> None:
    self.layout.operator("meshkiln.export", text="Meshkiln dataset")


def _import_entry(self: Any, context: bpy.types.Context) -> None:
    self.layout.operator("meshkiln.import_record")


def attach() -> None:
    bpy.types.TOPBAR_MT_file_export.append(_export_entry)
    bpy.types.TOPBAR_MT_file_import.append(_import_entry)


def detach() -> None:
    bpy.types.TOPBAR_MT_file_export.remove(_export_entry)
    bpy.types.TOPBAR_MT_file_import.remove(_import_entry)
