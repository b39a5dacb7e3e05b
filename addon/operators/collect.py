"""Collect: which folders and files to learn from, how many files they hold, and reading them as a job."""

import os
import queue
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import bpy
from bpy.props import CollectionProperty, EnumProperty, StringProperty

from ... import jobs
from ...jobs.processes import meshkiln_command
from .. import job_list, paths, preferences, properties
from ..generate import session

READABLE = (".blend", ".glb", ".gltf", ".obj", ".fbx", ".ply", ".stl", ".usd", ".usda", ".usdc", ".usdz", ".abc")


class MESHKILN_OT_path_add(bpy.types.Operator):
    """Choose a folder, or files, to learn from"""

    bl_idname = "meshkiln.path_add"
    bl_label = "Add Folder or Files"
    bl_options: ClassVar[set[str]] = set()

    directory: StringProperty(name="Folder", description="The chosen folder", subtype="DIR_PATH")
    files: CollectionProperty(name="Files", type=bpy.types.OperatorFileListElement, options={"SKIP_SAVE", "HIDDEN"})
    license: EnumProperty(
        name="License", description="Under which license these files may be used", items=properties.LICENSES
    )
    author: StringProperty(name="Author", description="Who made these files")

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def execute(self, context: bpy.types.Context) -> set[str]:
        settings = context.window_manager.meshkiln
        names = [f.name for f in self.files if f.name]
        chosen = [os.path.join(self.directory, name) for name in names] or [self.directory]
        known = {os.path.normcase(p.path) for p in settings.paths}
        for path in chosen:
            path = os.path.normpath(bpy.path.abspath(path))
            if os.path.normcase(path) in known:
                continue
            row = settings.paths.add()
            row.path, row.license, row.author = path, self.license, self.author
        settings.active_path = len(settings.paths) - 1
        preferences.remember_paths(settings)
        bpy.ops.meshkiln.scan()
        return {"FINISHED"}


class MESHKILN_OT_path_remove(bpy.types.Operator):
    """Remove this row from the list; the files are not touched"""

    bl_idname = "meshkiln.path_remove"
    bl_label = "Remove from List"
    bl_options: ClassVar[set[str]] = set()

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not context.window_manager.meshkiln.paths:
            cls.poll_message_set("The list is empty")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        settings = context.window_manager.meshkiln
        settings.paths.remove(settings.active_path)
        settings.active_path = max(0, min(settings.active_path, len(settings.paths) - 1))
        preferences.remember_paths(settings)
        return {"FINISHED"}


class MESHKILN_OT_scan(bpy.types.Operator):
    """Count the files that can be read in each place"""

    bl_idname = "meshkiln.scan"
    bl_label = "Scan"
    bl_options: ClassVar[set[str]] = set()

    poll = MESHKILN_OT_path_remove.poll

    def execute(self, context: bpy.types.Context) -> set[str]:
        settings = context.window_manager.meshkiln
        places = [row.path for row in settings.paths]
        for row in settings.paths:
            row.count, row.state = -1, "Counting"
        counts: queue.SimpleQueue[tuple[str, int]] = queue.SimpleQueue()
        counter = threading.Thread(target=_count_all, args=(places, counts), name="meshkiln-scan", daemon=True)
        counter.start()
        if bpy.app.background:
            counter.join()
            _take_counts(counts, len(places), [0])
        else:
            seen = [0]
            bpy.app.timers.register(lambda: _take_counts(counts, len(places), seen), first_interval=0.1)
        return {"FINISHED"}


def _count_all(places: list[str], counts: "queue.SimpleQueue[tuple[str, int]]") -> None:
    """In a thread: touches files only, never Blender."""
    for place in places:
        counts.put((place, sum(1 for _ in readable_files(place))))


def readable_files(place: str) -> Iterator[str]:
    if os.path.isfile(place):
        if place.lower().endswith(READABLE):
            yield place
        return
    for folder, _, names in os.walk(place):
        for name in names:
            if name.lower().endswith(READABLE):
                yield os.path.join(folder, name)


def _take_counts(counts: "queue.SimpleQueue[tuple[str, int]]", wanted: int, seen: list[int]) -> float | None:
    settings = bpy.context.window_manager.meshkiln
    while not counts.empty():
        place, count = counts.get()
        seen[0] += 1
        for row in settings.paths:
            if row.path == place:
                row.count = count
                row.state = "" if os.path.exists(place) else "Not found"
    session.get().redraw(now=True)
    return None if seen[0] >= wanted else 0.2


class MESHKILN_OT_extract(bpy.types.Operator):
    """Read all listed files into the dataset. Runs in the background and continues when Blender is closed"""

    bl_idname = "meshkiln.extract"
    bl_label = "Extract"
    bl_options: ClassVar[set[str]] = set()

    dataset: StringProperty(name="Dataset", description="Its name; empty: Library", options={"SKIP_SAVE"})

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not context.window_manager.meshkiln.paths:
            cls.poll_message_set("Add a folder or files first")
            return False
        if job_list.running("extract"):
            cls.poll_message_set("Files are already being read")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        settings = context.window_manager.meshkiln
        out = paths.datasets_folder() / (self.dataset or "Library")
        queue_folder = job_list.folder("extract") / ".queue"
        groups: dict[tuple[str, str], list[str]] = {}
        for row in settings.paths:
            groups.setdefault((row.license, row.author), []).append(row.path)
        try:
            for (license, author), places in groups.items():
                folder = job_list.new_folder("extract", Path(places[0]).name)
                argv = meshkiln_command("extract", *places, "--out", str(out), "--license", license, "--json")
                argv += ["--author", author] if author else []
                argv += ["--blender", bpy.app.binary_path] if bpy.app.binary_path else []
                jobs.start(folder, argv, name=f"Extract {Path(places[0]).name}", queue=queue_folder)
        except (jobs.JobError, OSError) as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        job_list.forget()
        session.get().watch_jobs()
        return {"FINISHED"}


CLASSES = (MESHKILN_OT_path_add, MESHKILN_OT_path_remove, MESHKILN_OT_scan, MESHKILN_OT_extract)
