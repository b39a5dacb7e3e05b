"""Learn: the artist's own work becomes a style, in a job beside Blender; and what can be done with a style."""

from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import bpy
from bpy.props import EnumProperty, FloatProperty, StringProperty

from ... import jobs
from ...jobs.processes import meshkiln_command
from ...trainer.style import folder as style_folder
from ...trainer.style.folder import StyleError
from .. import exporting, job_list, paths, preferences, runtime, styles, verdicts
from ..generate import chore, session
from ..generate.chore import Steps
from ..properties import SOURCES
from .export import wanted_objects


class MESHKILN_OT_learn(bpy.types.Operator):
    """Learn a style from your own work: Generate then makes things that could stand among yours. It runs beside Blender
    and goes on when Blender is closed; nothing leaves this machine"""

    bl_idname = "meshkiln.learn"
    bl_label = "Learn from My Work"
    bl_options: ClassVar[set[str]] = set()

    source: EnumProperty(name="From", description="What to learn from", items=SOURCES)
    name: StringProperty(name="Name", description="What the style is called; empty: as the file or folder")
    minutes: FloatProperty(
        name="Minutes",
        description="How long the weights may learn (needs PyTorch); 0: remember only, which takes seconds",
        default=10.0,
        min=0.0,
        soft_max=60.0,
    )
    folder: StringProperty(
        name="Folder", description="A folder or a file to learn from instead", subtype="DIR_PATH", options={"SKIP_SAVE"}
    )

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if job_list.running("learn"):
            cls.poll_message_set("Meshkiln is learning already; wait, or stop it")
            return False
        if session.get().chore is not None:
            cls.poll_message_set("Meshkiln is reading objects; wait, or cancel it")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        settings = context.window_manager.meshkiln
        given = self.properties.is_property_set
        source = self.source if given("source") else settings.learn_source
        minutes = self.minutes if given("minutes") else settings.learn_minutes
        name = (self.name if given("name") else settings.learn_name).strip()
        try:
            name = style_folder.check_name(name or usual_name(context, source, self.folder))
        except StyleError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        if self.folder or source not in ("SCENE", "COLLECTION"):
            places = [bpy.path.abspath(self.folder)] if self.folder else places_of(context, source)
            if not places:
                self.report({"ERROR"}, nothing_there(source))
                return {"CANCELLED"}
            return self._started(places, name, minutes)
        objects = wanted_objects(context, source)
        if not any(obj.type in ("MESH", "CURVE", "SURFACE", "FONT", "META") for obj in objects):
            self.report({"ERROR"}, "There is nothing to learn from: no object here has a shape")
            return {"CANCELLED"}
        work = job_list.new_folder("learn", name)
        steps = scene_steps(objects, work, name, minutes)
        session.get().begin(chore.Chore("Learn", steps))
        return {"FINISHED"}

    def _started(self, places: list[str], name: str, minutes: float) -> set[str]:
        try:
            start(job_list.new_folder("learn", name), places, name, minutes)
        except (jobs.JobError, OSError) as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        return {"FINISHED"}


def scene_steps(objects: list[bpy.types.Object], work: Path, name: str, minutes: float) -> Steps:
    """Read the objects into a dataset in the job's folder, in turns of the timer; then start the job."""
    from ...extractor.rna.context import Options

    chosen = preferences.get()
    author = chosen.author if chosen is not None else ""
    options = Options(source_file=bpy.data.filepath, author=author, license="own", evaluate=True)
    dataset = work / "scene"
    yield from exporting.steps(objects, dataset, options)
    if not (dataset / "catalogue.sqlite").is_file():
        return  # the panel says why
    session.get().say("")
    start(work, [str(dataset)], name, minutes)


def start(work: Path, places: list[str], name: str, minutes: float) -> None:
    """The job: `meshkiln learn`. Raises JobError or OSError."""
    python = runtime.training_python()
    kept = verdicts.kept_dataset(name)
    words = [
        *places,
        *([str(kept)] if kept else []),
        "--name",
        name,
        "--minutes",
        f"{minutes:g}" if python else "0",
        "--json",
    ]
    words += ["--styles", str(styles.own_folder())]
    words += ["--blender", bpy.app.binary_path] if bpy.app.binary_path else []
    argv = meshkiln_command("learn", *words, python=python)
    jobs.start(work, argv, name=f"Learn {name}", queue=job_list.folder("learn") / ".queue")
    job_list.forget()
    session.get().watch_jobs()


def usual_name(context: bpy.types.Context, source: str, folder: str) -> str:
    """After what it is learned from."""
    if folder:
        name = Path(bpy.path.abspath(folder)).stem
    elif source == "COLLECTION":
        name = context.collection.name
    elif source == "FOLDERS" and len(context.window_manager.meshkiln.paths):
        name = Path(context.window_manager.meshkiln.paths[0].path).stem
    elif source == "SCENE" and bpy.data.filepath:
        name = Path(bpy.data.filepath).stem
    else:
        name = "My Style"
    return "".join(c if c.isalnum() or c in " _-." else " " for c in name).strip(" .") or "My Style"


def places_of(context: bpy.types.Context, source: str) -> list[str]:
    if source == "FOLDERS":
        return [row.path for row in context.window_manager.meshkiln.paths if Path(row.path).exists()]
    if source == "ASSETS":
        libraries = context.preferences.filepaths.asset_libraries
        return [p for library in libraries if Path(p := bpy.path.abspath(library.path)).is_dir()]
    library = paths.datasets_folder() / "Library"
    return [str(library)] if (library / "catalogue.sqlite").is_file() else []


def nothing_there(source: str) -> str:
    return {
        "FOLDERS": "There are no folders yet: add some in the Collect panel",
        "ASSETS": "Blender's preferences list no asset library that is there (Preferences > File Paths)",
        "DATASET": "The Library is empty: extract files in Collect, or add objects in Export This Scene",
    }[source]


class OnStyle:
    """An operator on one style, by its name."""

    bl_options: ClassVar[set[str]] = set()
    style: StringProperty(name="Style", description="The style's name", options={"SKIP_SAVE"})

    def work(self, context: bpy.types.Context, style: style_folder.Style) -> None:
        raise NotImplementedError

    def execute(self: Any, context: bpy.types.Context) -> set[str]:
        try:
            style = styles.named(self.style)
            if style is None:
                raise StyleError(f"{self.style}: this style is no longer there")
            self.work(context, style)
        except (StyleError, jobs.JobError, OSError) as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        styles.forget()
        session.get().redraw(now=True)
        return {"FINISHED"}


class MESHKILN_OT_style_use(OnStyle, bpy.types.Operator):
    """Generate in this style, or no longer"""

    bl_idname = "meshkiln.style_use"
    bl_label = "Use This Style"

    def work(self, context: bpy.types.Context, style: style_folder.Style) -> None:
        settings = context.window_manager.meshkiln
        settings.style = "" if settings.style == style.name else style.name


class MESHKILN_OT_style_refresh(OnStyle, bpy.types.Operator):
    """Learn it again from where it came from: only what is new or changed is read"""

    bl_idname = "meshkiln.style_refresh"
    bl_label = "Refresh"

    def work(self, context: bpy.types.Context, style: style_folder.Style) -> None:
        places = [p for p in style.about.get("sources") or [] if Path(p).exists()]
        if not places:
            raise StyleError(f"{style.name}: what it was learned from is no longer there")
        minutes = context.window_manager.meshkiln.learn_minutes
        start(job_list.new_folder("learn", style.name), places, style.name, minutes)


class MESHKILN_OT_style_rename(OnStyle, bpy.types.Operator):
    """Give this style another name"""

    bl_idname = "meshkiln.style_rename"
    bl_label = "Rename Style"

    new_name: StringProperty(name="Name", description="The new name")

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        self.new_name = self.style
        return set(context.window_manager.invoke_props_dialog(self))

    def draw(self, context: bpy.types.Context) -> None:
        self.layout.prop(self, "new_name")

    def work(self, context: bpy.types.Context, style: style_folder.Style) -> None:
        style_folder.rename(style, self.new_name)
        settings = context.window_manager.meshkiln
        if settings.style == style.name:
            settings.style = self.new_name.strip()


class MESHKILN_OT_style_remove(OnStyle, bpy.types.Operator):
    """Remove this style. The files that it was learned from stay"""

    bl_idname = "meshkiln.style_remove"
    bl_label = "Remove Style"

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        return set(context.window_manager.invoke_confirm(self, event))

    def work(self, context: bpy.types.Context, style: style_folder.Style) -> None:
        style_folder.remove(style)
        settings = context.window_manager.meshkiln
        if settings.style == style.name:
            settings.style = ""


class MESHKILN_OT_style_export(OnStyle, bpy.types.Operator):
    """Write this style into one file, for another machine"""

    bl_idname = "meshkiln.style_export"
    bl_label = "Export Style"

    filepath: StringProperty(name="File", description="The file to write", subtype="FILE_PATH")
    filter_glob: StringProperty(default=f"*{style_folder.ENDING}", options={"HIDDEN"})

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        self.filepath = self.style + style_folder.ENDING
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def work(self, context: bpy.types.Context, style: style_folder.Style) -> None:
        out = Path(bpy.path.abspath(self.filepath))
        style_folder.export(style, out if out.suffix else out.with_suffix(style_folder.ENDING))


class MESHKILN_OT_verdicts_forget(bpy.types.Operator):
    """Delete what was remembered of keeping and throwing away"""

    bl_idname = "meshkiln.verdicts_forget"
    bl_label = "Forget Verdicts"
    bl_options: ClassVar[set[str]] = set()

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        return set(context.window_manager.invoke_confirm(self, event))

    def execute(self, context: bpy.types.Context) -> set[str]:
        self.report({"INFO"}, f"{verdicts.forget()} verdicts were deleted")
        return {"FINISHED"}


class MESHKILN_OT_style_import(bpy.types.Operator):
    """Take in a style from a file that was exported on another machine"""

    bl_idname = "meshkiln.style_import"
    bl_label = "Import Style"
    bl_options: ClassVar[set[str]] = set()

    filepath: StringProperty(name="File", description="The exported style", subtype="FILE_PATH")
    filter_glob: StringProperty(default=f"*{style_folder.ENDING}", options={"HIDDEN"})

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def execute(self, context: bpy.types.Context) -> set[str]:
        try:
            style = style_folder.import_style(Path(bpy.path.abspath(self.filepath)), styles.own_folder())
        except (StyleError, OSError) as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        styles.forget()
        context.window_manager.meshkiln.style = style.name
        self.report({"INFO"}, f"{style.name} can be chosen as a style")
        return {"FINISHED"}


def take_into_use(met: set[str]) -> None:
    """A style that was learned since the last look serves from now on. `met`: the folders of jobs that ended before."""
    for state in job_list.all_of("learn"):
        if state["status"] != "done" or state["folder"] in met:
            continue
        met.add(state["folder"])
        result = state.get("result") or {}
        styles.forget()
        name = str(result.get("style") or "")
        if name and styles.named(name) is not None:
            bpy.context.window_manager.meshkiln.style = name
            session.get().say(str(result.get("sentence") or f"{name} is learned."))


CLASSES = (
    MESHKILN_OT_learn,
    MESHKILN_OT_style_use,
    MESHKILN_OT_style_refresh,
    MESHKILN_OT_style_rename,
    MESHKILN_OT_style_remove,
    MESHKILN_OT_style_export,
    MESHKILN_OT_style_import,
    MESHKILN_OT_verdicts_forget,
)


def attach() -> None:
    ended = {state["folder"] for state in job_list.all_of("learn") if state["status"] == "done"}
    session.get().on_jobs = partial(take_into_use, ended)


def detach() -> None:
    session.get().on_jobs = None
