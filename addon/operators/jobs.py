"""What can be done with any job, whatever it does: stop, resume, read its log, forget it."""

import os
import shutil
from pathlib import Path
from typing import Any, ClassVar

import bpy
from bpy.props import StringProperty

from ... import jobs
from .. import job_list, paths
from ..generate import session


class OnJob:
    """An operator on one job, by its folder. Only folders below our own runs are touched."""

    bl_options: ClassVar[set[str]] = set()
    folder: StringProperty(name="Folder", description="The job's folder", subtype="DIR_PATH", options={"SKIP_SAVE"})

    def job(self) -> Path:
        folder = Path(self.folder).resolve()
        if paths.runs_folder().resolve() not in folder.parents:
            raise jobs.JobError(f"{folder}: is not one of Meshkiln's jobs")
        return folder

    def work(self, folder: Path) -> None:
        raise NotImplementedError

    def execute(self: Any, context: bpy.types.Context) -> set[str]:
        try:
            self.work(self.job())
        except (jobs.JobError, OSError) as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        job_list.forget()
        session.get().watch_jobs()
        return {"FINISHED"}


class MESHKILN_OT_job_stop(OnJob, bpy.types.Operator):
    """Ask it to stop; it saves what it has first"""

    bl_idname = "meshkiln.job_stop"
    bl_label = "Stop and Keep"

    def work(self, folder: Path) -> None:
        jobs.cancel(folder)


class MESHKILN_OT_job_resume(OnJob, bpy.types.Operator):
    """Continue where it stopped"""

    bl_idname = "meshkiln.job_resume"
    bl_label = "Resume"

    def work(self, folder: Path) -> None:
        jobs.resume(folder)


class MESHKILN_OT_job_forget(OnJob, bpy.types.Operator):
    """Remove this finished job and its files. Datasets and models in use stay"""

    bl_idname = "meshkiln.job_forget"
    bl_label = "Remove"

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        return set(context.window_manager.invoke_confirm(self, event))

    def work(self, folder: Path) -> None:
        if jobs.read(folder)["status"] in jobs.ACTIVE:
            raise jobs.JobError("It is still running; stop it first")
        shutil.rmtree(folder)


class MESHKILN_OT_job_log(OnJob, bpy.types.Operator):
    """Show its output in a text editor"""

    bl_idname = "meshkiln.job_log"
    bl_label = "Show Log"

    def work(self, folder: Path) -> None:
        show_text(f"Log of {folder.name}", "\n".join(jobs.read_log(folder, 400)))


class MESHKILN_OT_worker_log(bpy.types.Operator):
    """Show the worker's output in a text editor"""

    bl_idname = "meshkiln.worker_log"
    bl_label = "Show the Worker's Log"
    bl_options: ClassVar[set[str]] = set()

    def execute(self, context: bpy.types.Context) -> set[str]:
        log = paths.worker_log()
        text = log.read_text(encoding="utf-8", errors="replace") if log.is_file() else ""
        show_text("Log of the Meshkiln worker", text[-20000:] or "Nothing was printed.")
        return {"FINISHED"}


def show_text(title: str, text: str) -> None:
    """A window with a text editor on it."""
    block = bpy.data.texts.get(title) or bpy.data.texts.new(title)
    block.use_fake_user = False
    block.from_string(text)
    if bpy.app.background:
        print(text)
        return
    bpy.ops.wm.window_new()
    window = bpy.context.window_manager.windows[-1]
    area = window.screen.areas[0]
    area.type = "TEXT_EDITOR"
    area.spaces.active.text = block
    area.spaces.active.top = max(0, len(block.lines) - 30)


def open_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    bpy.ops.wm.path_open(filepath=os.fspath(folder))


CLASSES = (
    MESHKILN_OT_job_stop,
    MESHKILN_OT_job_resume,
    MESHKILN_OT_job_forget,
    MESHKILN_OT_job_log,
    MESHKILN_OT_worker_log,
)
