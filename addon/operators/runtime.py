"""The runtime: install PyTorch as a job, remove it, and test what is chosen."""

import shutil
from typing import ClassVar

import bpy
from bpy.props import BoolProperty

from ... import jobs
from ...jobs.processes import python_module
from ...trainer.generate.client import own_python
from ...trainer.generate.request import TestRequest
from .. import job_list, paths, preferences, runtime
from ..generate import session


class MESHKILN_OT_runtime_install(bpy.types.Operator):
    """Install PyTorch into a folder of Meshkiln's own, never into Blender's Python. Run again to repair it"""

    bl_idname = "meshkiln.runtime_install"
    bl_label = "Install PyTorch"
    bl_options: ClassVar[set[str]] = set()

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not bpy.app.online_access:
            cls.poll_message_set("Allow Online Access first: Preferences, System, Network")
            return False
        if job_list.running("runtime"):
            cls.poll_message_set("It is already being installed")
            return False
        return True

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        wanted = context.window_manager.invoke_props_dialog(self, width=420, confirm_text="Download and Install")
        return set(wanted)

    def draw(self, context: bpy.types.Context) -> None:
        build = chosen_build()
        column = self.layout.column()
        column.label(text=f"PyTorch for: {build.title}")
        column.label(text=f"Download: about {build.download}, on disk: about {build.disk}")
        column.label(text=str(paths.runtime_folder()), icon="FILE_FOLDER", translate=False)

    def execute(self, context: bpy.types.Context) -> set[str]:
        build = chosen_build()
        folder = job_list.new_folder("runtime", build.name)
        arguments = ["--folder", str(paths.runtime_folder()), "--base", own_python()]
        if build.index:
            trusted = paths.user_folder() / "trusted.json"
            arguments += ["--torch", build.torch, "--torch-index", build.index, "--trusted", str(trusted)]
        try:
            jobs.start(folder, python_module("addon.runtime_install", *arguments), name=f"PyTorch for {build.title}")
        except (jobs.JobError, OSError) as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        job_list.forget()
        session.get().watch_jobs()
        return {"FINISHED"}


def chosen_build() -> runtime.Build:
    chosen = preferences.get()
    if chosen is None or chosen.torch_build == "AUTO":
        return runtime.detected()
    return runtime.BUILDS[chosen.torch_build]


class MESHKILN_OT_runtime_remove(bpy.types.Operator):
    """Remove the installed PyTorch and free its space on disk"""

    bl_idname = "meshkiln.runtime_remove"
    bl_label = "Remove PyTorch"
    bl_options: ClassVar[set[str]] = set()

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if job_list.running():
            cls.poll_message_set("It is in use; stop what runs in it first")
            return False
        if not runtime.managed_python().is_file():
            cls.poll_message_set("It is not installed")
            return False
        return True

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        return set(context.window_manager.invoke_confirm(self, event))

    def execute(self, context: bpy.types.Context) -> set[str]:
        session.get().restart()
        try:
            shutil.rmtree(paths.runtime_folder())
        except OSError as error:
            self.report({"ERROR"}, f"Not everything could be removed: {error}")
            return {"CANCELLED"}
        return {"FINISHED"}


class MESHKILN_OT_runtime_test(bpy.types.Operator):
    """Start the chosen runtime and measure it"""

    bl_idname = "meshkiln.runtime_test"
    bl_label = "Test"
    bl_options: ClassVar[set[str]] = set()

    wait: BoolProperty(name="Wait", description="Return only when it has been measured", options={"SKIP_SAVE"})

    def execute(self, context: bpy.types.Context) -> set[str]:
        talk = session.get()
        talk.restart()
        talk.test_id = talk.ask(TestRequest())
        if self.wait or bpy.app.background:
            talk.wait_answer(talk.test_id)
            self.report({"INFO"}, talk.answers.get(talk.test_id, {}).get("sentence", "No answer"))
        return {"FINISHED"}


CLASSES = (MESHKILN_OT_runtime_install, MESHKILN_OT_runtime_remove, MESHKILN_OT_runtime_test)
