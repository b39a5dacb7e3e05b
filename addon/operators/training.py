"""Training: start a run as a job, and use what it learned. Stopping and resuming work as for any job."""

from pathlib import Path
from typing import Any, ClassVar

import bpy
from bpy.props import StringProperty

from ... import jobs
from ...jobs.processes import python_module
from .. import job_list, models, paths, preferences, runtime
from ..generate import session
from .models import adopt


class MESHKILN_OT_train(bpy.types.Operator):
    """Train on the dataset. Runs in the background and continues when Blender is closed; runs are queued"""

    bl_idname = "meshkiln.train"
    bl_label = "Start Training"
    bl_options: ClassVar[set[str]] = set()

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        chosen = preferences.get()
        if chosen is None:
            cls.poll_message_set("Meshkiln is not installed as an extension")
            return False
        if runtime.training_python() is None:
            cls.poll_message_set("Training needs PyTorch: install it, or choose a Python that has it, above")
            return False
        if dataset_of(chosen) is None:
            cls.poll_message_set("There is no dataset yet: extract files, or export this scene, in the sidebar")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        chosen = preferences.get()
        folder = job_list.new_folder("train", chosen.train_craft.lower())
        craft = chosen.train_craft.lower()
        words = [craft, "--dataset", str(dataset_of(chosen)), "--out", str(folder / "run")]
        words += ["--preset", chosen.train_preset, "--minutes", str(chosen.train_minutes)]
        start = start_from(chosen, craft)
        words += ["--from", str(start)] if start else []
        words += ["--lora", str(chosen.train_rank)] if start and chosen.train_method == "LORA" else []
        try:
            jobs.start(
                folder,
                python_module("trainer.learn.prepare_and_train", *words, python=runtime.training_python()),
                name=f"{craft.capitalize()}, {chosen.train_preset}, {chosen.train_minutes:g} min",
                queue=job_list.folder("train") / ".queue",
            )
        except (jobs.JobError, OSError) as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        job_list.forget()
        session.get().watch_jobs()
        return {"FINISHED"}


def dataset_of(chosen: Any) -> Path | None:
    """The dataset's folder, if it is one."""
    library = paths.datasets_folder() / "Library"
    folder = Path(bpy.path.abspath(chosen.train_dataset)) if chosen.train_dataset else library
    return folder if (folder / "catalogue.sqlite").is_file() else None


def start_from(chosen: Any, craft: str) -> Path | None:
    if chosen.train_from == "NOTHING":
        return None
    if chosen.train_from == "FILE":
        file = Path(bpy.path.abspath(chosen.train_file))
        return file if file.is_file() else None
    shipped = [m for m in models.models(craft) if m.shipped]
    return shipped[0].path if shipped else None


def best_of(folder: Path) -> Path | None:
    """The checkpoint that a run has to offer now: the best, else the last."""
    for name in ("best.safetensors", "last.safetensors"):
        if (folder / "run" / name).is_file():
            return folder / "run" / name
    return None


class MESHKILN_OT_use_model(bpy.types.Operator):
    """Let Generate use what this run has learned so far"""

    bl_idname = "meshkiln.use_model"
    bl_label = "Use This Model"
    bl_options: ClassVar[set[str]] = set()

    folder: StringProperty(name="Folder", description="The run's folder", subtype="DIR_PATH", options={"SKIP_SAVE"})

    def execute(self, context: bpy.types.Context) -> set[str]:
        folder = Path(self.folder)
        best = best_of(folder)
        if best is None:
            self.report({"ERROR"}, "This run has saved nothing yet; the first checkpoint takes a few minutes")
            return {"CANCELLED"}
        try:
            stamp, _, craft = folder.name.rpartition("-")
            target = adopt(best, f"my {craft} {stamp}.safetensors")
        except OSError as error:
            self.report({"ERROR"}, f"{best.name}: {error.strerror or error}")
            return {"CANCELLED"}
        self.report({"INFO"}, f"{target.stem} is used from now on")
        return {"FINISHED"}


CLASSES = (MESHKILN_OT_train, MESHKILN_OT_use_model)
