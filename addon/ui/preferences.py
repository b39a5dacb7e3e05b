"""The preferences page: which Python runs the models, who the artist is, and the training settings."""

from typing import Any

import bpy
from bpy.props import BoolProperty, EnumProperty, FloatProperty, IntProperty, StringProperty

from .. import paths
from ..generate import session
from ..properties import LICENSES
from . import runtime, training


def _runtime_changed(self: Any, context: bpy.types.Context) -> None:
    """The Python has changed: end the worker; the next request starts one with the new Python."""
    session.get().restart()


class MeshkilnPreferences(bpy.types.AddonPreferences):
    bl_idname = paths.PACKAGE

    runtime: EnumProperty(
        name="Runtime",
        description="Which Python runs the models",
        items=[
            ("NUMPY", "numpy only", "Blender's own Python in a separate process; nothing to install"),
            (
                "MANAGED",
                "Managed PyTorch",
                "An environment that Meshkiln installs and manages; faster, and it can train",
            ),
            ("OWN", "A Python of your own", "A Python that has torch and numpy installed"),
        ],
        update=_runtime_changed,
    )
    own_python: StringProperty(
        name="Python",
        description="The Python program that has torch and numpy installed",
        subtype="FILE_PATH",
        update=_runtime_changed,
    )
    torch_build: EnumProperty(
        name="Build",
        description="Which PyTorch is installed",
        items=[
            ("AUTO", "As detected", "The build for the graphics card that was detected"),
            ("CUDA", "NVIDIA (CUDA)", "For NVIDIA cards: about 3 GB to download, 7 GB on disk"),
            ("ROCM", "AMD (ROCm)", "For AMD cards on Linux: about 4 GB to download, 15 GB on disk"),
            ("MPS", "Apple (Metal)", "For Apple silicon: about 80 MB to download, 400 MB on disk"),
            ("CPU", "Processor only", "For any computer: about 200 MB to download, 900 MB on disk"),
            (
                "PIP",
                "PyPI's own",
                "The build on PyPI for this system: CUDA on Linux, Metal on a Mac, processor on Windows",
            ),
        ],
    )
    author: StringProperty(name="Author", description="Who made what you export; remembered for the next time")
    license: EnumProperty(name="License", description="Under which license what you export may be used", items=LICENSES)
    paths_json: StringProperty(options={"HIDDEN"})
    remember_verdicts: BoolProperty(
        name="Remember What I Keep",
        description="Keep, Discard and Undo are remembered on this machine, and Learn uses what was kept",
        default=True,
    )

    train_dataset: StringProperty(
        name="Dataset", description="What to learn from; empty: the Library", subtype="DIR_PATH"
    )
    train_craft: EnumProperty(
        name="Craft",
        description="What to learn",
        items=[
            ("GEOMETRY", "Meshes", "The shapes of objects"),
            ("MATERIALS", "Materials", "Node trees"),
            ("MODIFIERS", "Modifiers", "Modifier stacks"),
            ("ANIMATION", "Animation", "Animations"),
        ],
    )
    train_preset: EnumProperty(
        name="Size",
        description="How large the model is; larger ones know more and need more memory and time",
        items=[
            ("tiny", "Tiny", "For a first try: takes minutes on any processor"),
            (
                "starter",
                "Starter",
                "About 10 million parameters; trains overnight on a processor, in an hour on a graphics card",
            ),
            ("small", "Small", "About 60 million; for a laptop's graphics card"),
            ("base", "Base", "About 350 million; for a desktop card with 12 GB"),
            ("large", "Large", "About 1.3 billion; for a card with 24 GB"),
        ],
        default="starter",
    )
    train_from: EnumProperty(
        name="Start From",
        description="What training starts from",
        items=[
            ("STARTER", "The starter model", "The model that came with Meshkiln; learns your style fastest"),
            ("FILE", "A model", "A model file of your own"),
            ("NOTHING", "Nothing", "A blank model; needs a large dataset"),
        ],
    )
    train_file: StringProperty(name="Model", description="The model to start from", subtype="FILE_PATH")
    train_method: EnumProperty(
        name="Method",
        description="How much of the model may change",
        items=[
            ("FULL", "Full", "The whole model: learns the most"),
            ("LORA", "LoRA", "A small adapter on top of it: needs less memory, forgets less"),
        ],
    )
    train_rank: IntProperty(name="Rank", description="How large the adapter is", default=16, min=1, max=256)
    train_minutes: FloatProperty(
        name="Minutes", description="How long to train; it can be stopped and resumed at any time", default=60, min=1
    )

    def draw(self, context: bpy.types.Context) -> None:
        for title, identifier, draw_part in (
            ("Runtime", "meshkiln_runtime", runtime.draw),
            ("Learning", "meshkiln_learning", draw_learning),
            ("Training", "meshkiln_training", training.draw),
        ):
            header, body = self.layout.panel(identifier)
            header.label(text=title)
            if body is not None:
                draw_part(self, body)


def draw_learning(chosen: Any, layout: bpy.types.UILayout) -> None:
    row = layout.row()
    row.prop(chosen, "remember_verdicts")
    row.operator("meshkiln.verdicts_forget", icon="TRASH")


CLASSES = (MeshkilnPreferences,)
