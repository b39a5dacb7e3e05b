"""For the selected object: suggest a material, modifiers or an animation; vary it; complete it.

A suggestion waits in the panel until it is applied (one undo step) or discarded. Vary lands like any generated mesh,
beside the object; Complete makes a copy that keeps the given faces and has the rest, with the original hidden.
"""

from pathlib import Path
from typing import Any, ClassVar

import bpy
import numpy as np
from bpy.props import BoolProperty, EnumProperty, FloatProperty
from mathutils import Matrix, Vector
from numpy.typing import NDArray

from ...records import Record, mesh_record
from ...trainer.generate.client import write_record
from ...trainer.generate.request import GenerateRequest, RequestError
from .. import models, paths, properties, styles
from ..generate import landing, session, suggestion
from . import generate

WORDS = {"materials": "material", "modifiers": "modifiers", "animation": "animation"}


def mesh_poll(cls: Any, context: bpy.types.Context, craft: str) -> bool:
    if context.object is None or context.object.type != "MESH":
        cls.poll_message_set("Select a mesh object first")
        return False
    if not len(context.object.data.polygons) and context.mode != "EDIT_MESH":
        cls.poll_message_set("The selected mesh has no faces")
        return False
    if models.serving(craft) is None:
        cls.poll_message_set(f"There is no model for {craft} yet. Import or train one")
        return False
    if session.get().busy:
        cls.poll_message_set("A generation is running; cancel it first")
        return False
    return True


def record_of(obj: bpy.types.Object) -> Record:
    from ...extractor.rna.context import Options
    from ...extractor.scene.scene import extract_objects

    return extract_objects([obj], Options())[0]


def record_file(record: Record) -> str:
    path = paths.results_folder() / f"given-{id(record):x}.safetensors"
    write_record(path, record)
    return str(path)


def words_of(obj: bpy.types.Object, record: Record) -> str:
    return obj.meshkiln.prompt or str(record.data.get("label") or obj.name)


class MESHKILN_OT_suggest(bpy.types.Operator):
    """Suggest something for the selected object; it is shown first and added when you apply it"""

    bl_idname = "meshkiln.suggest"
    bl_label = "Suggest"
    bl_options: ClassVar[set[str]] = set()

    craft: EnumProperty(
        name="Craft",
        description="What to suggest",
        items=[
            ("materials", "Material", "Materials for its slots"),
            ("modifiers", "Modifiers", "A modifier stack"),
            ("animation", "Animation", "An animation"),
        ],
    )
    wait: BoolProperty(
        name="Wait",
        description="Return only when it is there (always so in background Blender)",
        options={"SKIP_SAVE"},
    )

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if context.object is None or context.object.type != "MESH":
            cls.poll_message_set("Select a mesh object first")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        model = models.serving(self.craft)
        if model is None:
            self.report({"ERROR"}, f"There is no model for {self.craft} yet. Import or train one")
            return {"CANCELLED"}
        talk = session.get()
        obj = context.object
        if not len(obj.data.polygons):
            self.report({"ERROR"}, f"{obj.name} has no faces to make suggestions for")
            return {"CANCELLED"}
        talk.suggestion = None
        obj.update_from_editmode()
        record = record_of(obj)
        settings = context.window_manager.meshkiln
        if settings.new_seed:
            bpy.ops.meshkiln.roll_seed()
        target: tuple[float, ...] | None = None
        if settings.to_cursor:
            target = tuple(suggestion.way_to(obj, context.scene.cursor.location))
        try:
            request = GenerateRequest(
                prompt=words_of(obj, record),
                crafts=(self.craft,),
                models={self.craft: str(model.path)},
                record=record_file(record),
                frames=settings.length or None,
                target=target,
                seed=settings.seed,
                style=styles.asked(settings.style),
                temperature=settings.temperature,
                engine=settings.engine.lower(),
            )
        except RequestError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        talk.generate(
            session.Generation(
                what=f"Suggest {WORDS[self.craft]}",
                request=request,
                landed=suggested,
                context={"craft": self.craft, "uid": obj.session_uid, "name": obj.name},
            )
        )
        if self.wait or bpy.app.background:
            talk.wait()
            if talk.is_error:
                self.report({"ERROR"}, talk.sentence)
                return {"CANCELLED"}
        return {"FINISHED"}


def suggested(generation: session.Generation) -> None:
    context = generation.context
    record = generation.results[0][0]
    lines = suggestion.describe(context["craft"], record)
    talk = session.get()
    assert generation.request.record is not None  # a suggestion is for an object
    Path(generation.request.record).unlink(missing_ok=True)
    if not lines:
        talk.say("No usable suggestion was generated. Try again.")
        return
    talk.suggestion = suggestion.Suggestion(context["craft"], context["uid"], context["name"], record, lines)
    talk.redraw(now=True)


class MESHKILN_OT_apply_suggestion(bpy.types.Operator):
    """Add the suggestion to the object"""

    bl_idname = "meshkiln.apply_suggestion"
    bl_label = "Apply Suggestion"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if session.get().suggestion is None:
            cls.poll_message_set("There is no suggestion")
            return False
        if context.mode != "OBJECT":
            cls.poll_message_set("Go to Object Mode first")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        from ..inject import InjectError

        talk = session.get()
        pending = talk.suggestion
        if pending is None:
            return {"CANCELLED"}
        obj = pending.find()
        if obj is None:
            talk.suggestion = None
            self.report({"ERROR"}, f"{pending.name} is no longer in this file")
            return {"CANCELLED"}
        try:
            suggestion.apply(pending, obj)
        except (InjectError, ValueError) as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        talk.suggestion = None
        talk.say(f"{pending.name} has its {WORDS[pending.craft]}.")
        return {"FINISHED"}


class MESHKILN_OT_discard_suggestion(bpy.types.Operator):
    """Discard the suggestion"""

    bl_idname = "meshkiln.discard_suggestion"
    bl_label = "Discard Suggestion"
    bl_options: ClassVar[set[str]] = set()

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if session.get().suggestion is None:
            cls.poll_message_set("There is no suggestion")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        session.get().suggestion = None
        return {"FINISHED"}


class MESHKILN_OT_vary(bpy.types.Operator):
    """Make something like the selected object: its first faces are kept, the rest is generated anew"""

    bl_idname = "meshkiln.vary"
    bl_label = "Vary"
    bl_options: ClassVar[set[str]] = set()

    keep: FloatProperty(
        name="Keep",
        description="How much of the object is kept",
        subtype="FACTOR",
        default=0.3,
        min=0.0,
        max=0.95,
    )

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return mesh_poll(cls, context, "geometry")

    def execute(self, context: bpy.types.Context) -> set[str]:
        obj = context.object
        obj.update_from_editmode()
        record = record_of(obj)
        extent = max(obj.dimensions) or 1.0
        place = Matrix.Translation(obj.matrix_world.translation + Vector((1.3 * extent, 0.0, 0.0)))
        return ask(self, context, record, place, "Vary", {"keep": self.keep}, extent)


class MESHKILN_OT_complete(bpy.types.Operator):
    """Keep the selected faces (all of them in Object Mode) and add the rest. The original is kept, hidden"""

    bl_idname = "meshkiln.complete"
    bl_label = "Complete"
    bl_options: ClassVar[set[str]] = set()

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return mesh_poll(cls, context, "geometry")

    def execute(self, context: bpy.types.Context) -> set[str]:
        obj = context.object
        obj.update_from_editmode()
        chosen = chosen_faces(obj.data, only_selected=context.mode == "EDIT_MESH")
        if not chosen.any():
            self.report({"ERROR"}, f"{obj.name} has no faces to continue from")
            return {"CANCELLED"}
        record, vertices = part_of(obj, chosen)
        unit = context.scene.unit_settings.scale_length or 1.0
        metres = abs(unit * sum(obj.matrix_world.to_scale()) / 3) or 1.0
        frame = None
        if not chosen.all():  # the new part should not be larger than the old one
            corners = np.array([corner[:] for corner in obj.bound_box])
            frame = (tuple(corners.min(axis=0).tolist()), tuple(corners.max(axis=0).tolist()))
        completion = {"metres": metres, "frame": frame}
        grows = {
            "uid": obj.session_uid,
            "counts": [len(obj.data.vertices), len(obj.data.polygons)],
            "vertices": vertices.tolist(),
            "faces": np.flatnonzero(chosen).tolist(),
        }
        return ask(self, context, record, obj.matrix_world.copy(), "Complete", {"complete": completion}, 0.0, grows)


def ask(
    operator: bpy.types.Operator,
    context: bpy.types.Context,
    record: Record,
    place: Matrix,
    what: str,
    fields: dict[str, Any],
    size: float,
    grows: dict[str, Any] | None = None,
) -> set[str]:
    """Ask for a mesh that begins with the faces of this record of the active object; what the operator returns.
    `fields`: of the request, how it begins."""
    settings = context.window_manager.meshkiln
    if settings.new_seed:
        bpy.ops.meshkiln.roll_seed()
    options = properties.options_of(settings) | {"make": ["MESH"], "faces": 0, "size": size, "style": ""}
    options["tries"] = 1
    if grows is not None:
        options["variants"] = 1
    extra = {"record": record_file(record), **fields}
    prompt = words_of(context.object, record)
    try:
        generate.begin(context, prompt, options, place=place, what=what, extra=extra, grows=grows)
    except RequestError as error:
        operator.report({"ERROR"}, str(error))
        return {"CANCELLED"}
    return {"FINISHED"}


def chosen_faces(mesh: bpy.types.Mesh, only_selected: bool) -> NDArray[Any]:
    """(F,) bool: the selected faces; all where none is selected."""
    chosen = np.ones(len(mesh.polygons), bool)
    if only_selected:
        mesh.polygons.foreach_get("select", chosen)
    return chosen if chosen.any() else np.ones(len(mesh.polygons), bool)


def part_of(obj: bpy.types.Object, chosen: NDArray[Any]) -> tuple[Record, NDArray[Any]]:
    """These faces as a record of their own, and which of the mesh's vertices are its vertices."""
    mesh = obj.data
    count, corners = len(mesh.polygons), len(mesh.loops)
    positions = np.empty(len(mesh.vertices) * 3, np.float32)
    mesh.vertices.foreach_get("co", positions)
    totals, slots, smooth = np.empty(count, np.int32), np.empty(count, np.int32), np.empty(count, bool)
    mesh.polygons.foreach_get("loop_total", totals)
    mesh.polygons.foreach_get("material_index", slots)
    mesh.polygons.foreach_get("use_smooth", smooth)
    vertices = np.empty(corners, np.int32)
    mesh.loops.foreach_get("vertex_index", vertices)
    used, corner_verts = np.unique(vertices[np.repeat(chosen, totals)], return_inverse=True)
    lengths = totals[chosen]
    record = mesh_record(
        obj.name,
        positions.reshape(-1, 3)[used],
        np.cumsum(lengths) - lengths,
        corner_verts.astype(np.int32).reshape(-1),
        slots[chosen],
        label=landing.words_of_name(obj.name),
    )
    record.arrays["mesh/attribute/sharp_face"] = ~smooth[chosen]
    return record, used


CLASSES = (
    MESHKILN_OT_suggest,
    MESHKILN_OT_apply_suggestion,
    MESHKILN_OT_discard_suggestion,
    MESHKILN_OT_vary,
    MESHKILN_OT_complete,
)
