"""Generate: ask the worker for an asset, and land what it made at the 3D cursor in one undo step.

Two operators share the options. `meshkiln.generate` asks and returns at once (in background Blender, or with
`wait`, it works until the result is there). `meshkiln.land` is what the timer calls with the result; it is the one
with an undo step and the one that the last-operator panel shows, so changing an option there asks anew and the new
result takes the old one's place.
"""

import random
from collections import OrderedDict
from typing import Any, ClassVar

import bpy
from bpy.props import BoolProperty, StringProperty
from mathutils import Matrix

from ...records import Record
from ...trainer.generate.request import GenerateRequest, RequestError
from .. import models, properties, styles, verdicts
from ..generate import landing, session

KEPT = 12  # results kept for the last-operator panel

# Results by token, newest last: what `begin` put into the generation's context, and "variants": {index: [Record]}.
_results: OrderedDict[str, dict[str, Any]] = OrderedDict()


class PromptAndOptions(properties.Options):
    """What `generate` and `land` have in common."""

    prompt: StringProperty(name="Prompt", description="What to make, in a few words")

    def chosen_options(self) -> dict[str, Any]:
        return properties.options_of(self)

    def draw(self: Any, context: bpy.types.Context) -> None:
        layout = self.layout
        layout.use_property_split = True
        layout.use_property_decorate = False
        shown = "prompt seed faces size length style closeness variants tries temperature guidance"
        for name in shown.split():
            layout.prop(self, name)


class MESHKILN_OT_generate(PromptAndOptions, bpy.types.Operator):
    """Make an asset from the prompt. It grows in the viewport, which stays free to work in; Cancel stops it"""

    bl_idname = "meshkiln.generate"
    bl_label = "Generate"
    bl_options: ClassVar[set[str]] = set()

    wait: BoolProperty(
        name="Wait",
        description="Return only when the result is in the scene (always so in background Blender)",
        default=False,
        options={"SKIP_SAVE"},
    )

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if context.mode not in ("OBJECT", "EDIT_MESH", "SCULPT", "PAINT_TEXTURE", "PAINT_VERTEX", "PAINT_WEIGHT"):
            cls.poll_message_set("Generate works in Object Mode")
            return False
        if models.serving("geometry") is None:
            cls.poll_message_set("There is no model for meshes. Import one in the Models panel")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        settings = context.window_manager.meshkiln
        given = self.properties.is_property_set
        prompt = self.prompt if given("prompt") else settings.prompt
        if not prompt.strip():
            self.report({"ERROR"}, "Type a prompt first, such as barrel")
            return {"CANCELLED"}
        options = {
            name: getattr(self if given(name) else settings, name) for name in properties.OPTION_NAMES if name != "make"
        }
        options["make"] = sorted(self.make if given("make") else settings.make)
        if settings.new_seed and not given("seed"):
            options["seed"] = settings.seed = random.randrange(2**31)
        try:
            begin(context, prompt.strip(), options)
        except RequestError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        if self.wait or bpy.app.background:
            talk = session.get()
            talk.wait()
            if talk.is_error:
                self.report({"ERROR"}, talk.sentence)
                return {"CANCELLED"}
        return {"FINISHED"}


def begin(
    context: bpy.types.Context,
    prompt: str,
    options: dict[str, Any],
    *,
    replaces: str = "",
    place: Matrix | None = None,
    what: str = "Generate",
    extra: dict[str, Any] | None = None,
    grows: dict[str, Any] | None = None,
) -> None:
    """Ask for an asset, at the 3D cursor or at `place`. Raises RequestError where the options are wrong.

    `replaces` is the token of a landed result that the new one follows; `extra` are fields of the request (a record to
    vary or complete); `grows` says of which object the result has the given faces (`landing.grow`).
    """
    place = landing.cursor_place(context) if place is None else place
    generation = session.Generation(
        what=what,
        request=request_of(prompt, options, extra or {}),
        landed=landed,
        place=place,
        context={
            "prompt": prompt,
            "options": options,
            "replaces": replaces,
            "scene": context.scene.name,
            "place": [value for row in place for value in row],
            "what": what,
            "extra": extra,
            "grows": grows,
        },
    )
    session.get().generate(generation)


def request_of(prompt: str, options: dict[str, Any], extra: dict[str, Any]) -> GenerateRequest:
    """The request for these options; 0 and empty mean that the model decides."""
    model = options["model"]
    chosen = models.serving("geometry", "" if model == "AUTO" else model)
    wanted = {"MESH": "geometry", "MATERIALS": "materials", "MODIFIERS": "modifiers", "ANIMATION": "animation"}
    crafts = ["geometry"] + [wanted[m] for m in options["make"] if m != "MESH" and models.serving(wanted[m])]
    return GenerateRequest(
        prompt=prompt,
        crafts=tuple(crafts),
        models={c: str(m.path) for c in crafts if (m := chosen if c == "geometry" else models.serving(c))},
        variants=options["variants"],
        best_of=options["tries"],
        seed=options["seed"],
        faces=options["faces"] or None,
        size=options["size"] or None,
        frames=options["length"] or None,
        style=styles.asked(options["style"]),
        closeness=options["closeness"],
        temperature=options["temperature"],
        guidance=options["guidance"],
        engine=options["engine"].lower(),
        **extra,
    )


def landed(generation: session.Generation) -> None:
    """A result has come: keep it, and call the operator that puts it into the scene."""
    if not generation.results:
        session.get().say("Nothing usable was generated. Try other words or another seed.", error=True)
        return
    context = generation.context
    token = remember(context, generation.results)
    options = {**context["options"], "make": set(context["options"]["make"])}
    with landing.window_context(context["scene"]):
        if context["replaces"] and _last_token() == context["replaces"] and bpy.ops.ed.undo.poll():
            bpy.ops.ed.undo()
        try:
            bpy.ops.meshkiln.land("EXEC_DEFAULT", True, prompt=context["prompt"], result=token, **options)
        except RuntimeError as error:  # the operator's own report
            text = str(error).removeprefix("Error: ").strip()
            if "Traceback" in text:  # a mistake of ours; Blender has printed all of it
                text = "The result could not be put into the scene; see the console."
            session.get().say(text, error=True)


def origin_of(variants: dict[int, list[Record]]) -> str:
    """ ", after SM_Barrel_02": of which own thing the results were made, if they were."""
    names = [
        str(name) for records in variants.values() for r in records if (name := (r.data.get("made") or {}).get("from"))
    ]
    return f", after {', '.join(dict.fromkeys(names))}" if names else ""


def remember(context: dict[str, Any], variants: dict[int, list[Record]]) -> str:
    token = f"{random.getrandbits(48):012x}"
    _results[token] = {**context, "variants": variants}
    while len(_results) > KEPT:
        _results.popitem(last=False)
    return token


def _last_token() -> str:
    """The token of the result that was landed by the very last operator, if it was that."""
    operators = bpy.context.window_manager.operators
    last = operators[-1] if len(operators) else None
    return getattr(last, "result", "") if last is not None and last.bl_idname == "MESHKILN_OT_land" else ""


class MESHKILN_OT_land(PromptAndOptions, bpy.types.Operator):
    """Put a generated asset at the 3D cursor"""

    bl_idname = "meshkiln.land"
    bl_label = "Generate (Meshkiln)"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    result: StringProperty(name="Result", description="Which result", options={"HIDDEN", "SKIP_SAVE"})

    def execute(self, context: bpy.types.Context) -> set[str]:
        from ..inject import InjectError

        kept = _results.get(self.result)
        if kept is None:
            self.report({"WARNING"}, "This result is no longer kept; press Generate again")
            return {"CANCELLED"}
        if (self.prompt, self.chosen_options()) != (kept["prompt"], kept["options"]):
            place = Matrix([kept["place"][i : i + 4] for i in range(0, 16, 4)])
            same = {name: kept[name] for name in ("what", "extra", "grows")}
            try:
                begin(context, self.prompt, self.chosen_options(), replaces=self.result, place=place, **same)
            except RequestError as error:
                self.report({"ERROR"}, str(error))
            return {"CANCELLED"}  # the old result stays until the new one comes
        try:
            seed = kept["options"]["seed"]
            if kept["grows"]:
                objects = [landing.grow(context, kept["prompt"], kept["variants"][0][0], kept["grows"], seed)]
            else:
                objects = landing.land(context, kept["prompt"], kept["variants"], kept["place"], seed, self.result)
            verdicts.landed(objects)
        except (ValueError, InjectError) as error:
            self.report({"ERROR"}, f"What was made cannot be put into this scene: {error}")
            return {"CANCELLED"}
        faces = sum(len(o.data.polygons) for o in objects if o.type == "MESH")
        count = f" in {len(objects)} objects" if len(objects) > 1 else ""
        session.get().say(f"{kept['prompt']}: {faces} faces{count}{origin_of(kept['variants'])}")
        return {"FINISHED"}


class MESHKILN_OT_cancel(bpy.types.Operator):
    """Stop generating; the scene stays as it was"""

    bl_idname = "meshkiln.cancel"
    bl_label = "Cancel"
    bl_options: ClassVar[set[str]] = set()

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not session.get().busy:
            cls.poll_message_set("Nothing is being generated")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        session.get().cancel()
        return {"FINISHED"}


class MESHKILN_OT_roll_seed(bpy.types.Operator):
    """Pick another random seed"""

    bl_idname = "meshkiln.roll_seed"
    bl_label = "Roll the Dice"
    bl_options: ClassVar[set[str]] = set()

    def execute(self, context: bpy.types.Context) -> set[str]:
        context.window_manager.meshkiln.seed = random.randrange(2**31)
        return {"FINISHED"}


class MESHKILN_OT_keep_variant(bpy.types.Operator):
    """Keep the active object and remove the other variants made with it"""

    bl_idname = "meshkiln.keep_variant"
    bl_label = "Keep This Variant"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if context.object is None or not context.object.meshkiln.variant_set:
            cls.poll_message_set("Select one of several variants first")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        for other in landing.variants_of(context, context.object):
            if other != context.object:
                verdicts.note("discard", verdicts.known_of(other))
        verdicts.keep(context.object)
        removed = landing.keep_variant(context, context.object)
        self.report({"INFO"}, f"Kept {context.object.name}, removed {removed}")
        return {"FINISHED"}


class MESHKILN_OT_discard_variant(bpy.types.Operator):
    """Remove the active object; the other variants stay"""

    bl_idname = "meshkiln.discard_variant"
    bl_label = "Discard This Variant"
    bl_options = {"REGISTER", "UNDO"}

    poll = MESHKILN_OT_keep_variant.poll

    def execute(self, context: bpy.types.Context) -> set[str]:
        verdicts.note("discard", verdicts.known_of(context.object))
        landing.discard_variant(context, context.object)
        return {"FINISHED"}


CLASSES = (
    MESHKILN_OT_generate,
    MESHKILN_OT_land,
    MESHKILN_OT_cancel,
    MESHKILN_OT_roll_seed,
    MESHKILN_OT_keep_variant,
    MESHKILN_OT_discard_variant,
)
