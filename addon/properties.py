"""What the artist can set: the options of a generation, and what the panels remember.

`Options` is defined once and used three times: by the panel (remembered in the window manager, so undo leaves it
alone), by `bpy.ops.meshkiln.generate` and by the last-operator panel.
"""

from typing import Any

import bpy
from bpy.props import (
    BoolProperty,
    CollectionProperty,
    EnumProperty,
    FloatProperty,
    IntProperty,
    PointerProperty,
    StringProperty,
)

from ..trainer.generate.request import LIMITS, LONGEST_PROMPT, LoadRequest
from . import models, preferences, styles
from .generate import session

LICENSES = [
    ("own", "My own work", "You made it yourself"),
    ("CC0-1.0", "CC0", "Public domain"),
    ("CC-BY-4.0", "CC BY", "Free to use with the author's name"),
    ("CC-BY-SA-4.0", "CC BY-SA", "Free to use with the author's name, shared under the same license"),
    ("unknown", "Unknown", "Not known; for private training only"),
]

SOURCES = [
    ("SCENE", "This File", "Everything in the open scene"),
    ("COLLECTION", "Collection", "The active collection and those in it"),
    ("FOLDERS", "Folders", "The folders and files of the Collect panel"),
    ("ASSETS", "Asset Libraries", "The asset libraries of Blender's preferences"),
    ("DATASET", "Dataset", "The Library dataset, as What Will Be Learned shows it"),
]


def _model_items(self: Any, context: bpy.types.Context) -> list[tuple[str, str, str]]:
    return models.enum_items("geometry")


def _style_items(self: Any, context: bpy.types.Context, typed: str) -> list[str]:
    known = [style.name for style in styles.styles()] + list(styles.BUNDLED)
    return [name for name in known if typed.lower() in name.lower()]


def _warm_up(self: Any, context: bpy.types.Context) -> None:
    """Typing a prompt is the first sign that a worker will be needed: start it and load the model meanwhile."""
    if self.prompt and not bpy.app.background:
        talk = session.get()
        model = models.serving("geometry", "" if self.model == "AUTO" else self.model)
        if talk.client is None and model is not None:
            talk.ask(LoadRequest({"geometry": str(model.path)}, self.engine.lower()))


class Options:
    """The options of one generation."""

    make: EnumProperty(
        name="Make",
        description="What to generate; parts without a model are left out",
        items=[
            ("MESH", "Mesh", "The shape, face by face"),
            ("MATERIALS", "Materials", "Materials for its slots"),
            ("MODIFIERS", "Modifiers", "A modifier stack that suits it"),
            ("ANIMATION", "Animation", "An animation that suits it"),
        ],
        options={"ENUM_FLAG"},
        default={"MESH", "MATERIALS"},
    )
    style: StringProperty(
        name="Style",
        description="Whose work it should look like: a style learned from yours, or a bundled one; empty: any",
        search=_style_items,
    )
    closeness: FloatProperty(
        name="Closeness",
        description="How near to your own things: 0 only in their spirit, 1 like one of them",
        default=0.5,
        min=LIMITS["closeness"].least,
        max=LIMITS["closeness"].most,
        subtype="FACTOR",
    )
    faces: IntProperty(
        name="Faces",
        description="About how many faces it should have; 0: the model decides",
        default=0,
        min=0,
        max=int(LIMITS["faces"].most),
        soft_max=2000,
    )
    size: FloatProperty(
        name="Size",
        description="Length of its longest side; 0: the usual size of such objects",
        subtype="DISTANCE",
        default=0.0,
        min=0.0,
        max=LIMITS["size"].most,
        soft_max=20.0,
    )
    length: IntProperty(
        name="Length",
        description="Frames of the animation, or of one cycle; 0: the model decides",
        default=0,
        min=0,
        max=int(LIMITS["frames"].most),
        soft_max=250,
    )
    seed: IntProperty(
        name="Seed",
        description="The same seed, prompt and model give the same result",
        default=0,
        min=0,
        max=int(LIMITS["seed"].most),
    )
    variants: IntProperty(
        name="Variants",
        description="How many to make at once; they are placed in a row to choose from",
        default=1,
        min=1,
        max=int(LIMITS["variants"].most),
        soft_max=8,
    )
    tries: IntProperty(
        name="Best Of",
        description="How many to generate for each one that is kept, fewer if it has many faces. The best one is kept",
        default=12,
        min=1,
        max=16,
    )
    temperature: FloatProperty(
        name="Temperature",
        description="Low: safe, typical results. High: more variety and more mistakes",
        default=0.5,
        min=0.0,
        max=LIMITS["temperature"].most,
    )
    guidance: FloatProperty(
        name="Guidance",
        description="How strictly it follows the prompt; 1: as learned. Above 1 it takes twice the time",
        default=1.0,
        min=0.0,
        max=LIMITS["guidance"].most,
    )
    engine: EnumProperty(
        name="Engine",
        description="What runs the model",
        items=[
            ("AUTO", "Automatic", "PyTorch if it is installed, else numpy"),
            ("NUMPY", "numpy", "Comes with Blender"),
            ("TORCH", "PyTorch", "Uses the runtime chosen in the preferences"),
        ],
    )
    model: EnumProperty(
        name="Model",
        description="Which model makes the mesh",
        items=_model_items,
    )


OPTION_NAMES = tuple(Options.__annotations__)


def _remember_paths(self: Any, context: bpy.types.Context) -> None:
    preferences.remember_paths(bpy.context.window_manager.meshkiln)


class MeshkilnPath(bpy.types.PropertyGroup):
    """One folder or file to learn from."""

    path: StringProperty(name="Path", description="A folder or a file to learn from", subtype="FILE_PATH")
    license: EnumProperty(
        name="License",
        description="Under which license these files may be used",
        items=LICENSES,
        default="own",
        update=_remember_paths,
    )
    author: StringProperty(name="Author", description="Who made these files", update=_remember_paths)
    count: IntProperty(name="Files", description="How many files it holds; -1: not counted yet", default=-1)
    state: StringProperty(name="State", description="Whether they could be read")


class MeshkilnSettings(Options, bpy.types.PropertyGroup):
    """What the panels remember while Blender runs."""

    prompt: StringProperty(
        name="Prompt",
        description="What to make, in a few words: barrel, wooden chair, small tower",
        maxlen=LONGEST_PROMPT,
        update=_warm_up,
        options={"TEXTEDIT_UPDATE"},
    )
    new_seed: BoolProperty(
        name="New Seed Every Time",
        description="Pick a new random seed before each Generate, so that each result differs",
        default=True,
    )
    mark_asset: BoolProperty(
        name="Mark as Asset",
        description="Add the result to the asset browser, with a preview",
        default=False,
    )
    to_cursor: BoolProperty(
        name="To the 3D Cursor",
        description="A suggested animation moves the object to the 3D cursor, and back if it returns",
        default=False,
    )
    export_what: EnumProperty(
        name="What",
        description="Which objects go into the dataset",
        items=[
            ("SELECTION", "Selection", "The selected objects"),
            ("COLLECTION", "Collection", "The active collection and those in it"),
            ("SCENE", "Scene", "All objects of this scene"),
        ],
    )
    export_label: StringProperty(
        name="Label", description="What they are, in a few words; empty: each object's own name"
    )
    learn_source: EnumProperty(name="Learn From", description="What to learn from", items=SOURCES)
    learn_name: StringProperty(name="Name", description="What the style is called; empty: as the file or folder")
    learn_minutes: FloatProperty(
        name="Minutes",
        description="How long the weights may learn (needs PyTorch); 0: remember only, which takes seconds",
        default=10.0,
        min=0.0,
        soft_max=60.0,
    )
    paths: CollectionProperty(name="Places", description="Folders and files to learn from", type=MeshkilnPath)
    active_path: IntProperty(name="Active", description="The chosen row")
    show_errors: BoolProperty(name="Problems", description="Show what could not be read, and why", default=False)


class MeshkilnObject(bpy.types.PropertyGroup):
    """How an object was generated."""

    prompt: StringProperty(name="Prompt", description="The words that this object was made from")
    variant_set: StringProperty(name="Variants", description="Objects made together share this")
    seed: IntProperty(name="Seed", description="The seed that this object was made with")
    style: StringProperty(name="Style", description="The learned style that this object was made in")
    made_from: StringProperty(name="From", description="Which thing of the library this object was made from")


CLASSES = (MeshkilnPath, MeshkilnSettings, MeshkilnObject)


def attach() -> None:
    bpy.types.WindowManager.meshkiln = PointerProperty(type=MeshkilnSettings, name="Meshkiln")
    bpy.types.Object.meshkiln = PointerProperty(type=MeshkilnObject, name="Meshkiln")


def detach() -> None:
    del bpy.types.Object.meshkiln
    del bpy.types.WindowManager.meshkiln


def options_of(holder: Any) -> dict[str, Any]:
    """The options as plain values, sets as sorted lists."""
    values = {name: getattr(holder, name) for name in OPTION_NAMES}
    values["make"] = sorted(values["make"])
    return values
