"""What will be learned from the library: leaving assets out, renaming, joining and splitting them."""

import bpy
from bpy.props import IntProperty, StringProperty

from ...trainer.generate.request import LONGEST_PROMPT, AssetsRequest
from .. import paths
from ..generate import session

PAGE = 12  # assets shown at once


def request(action: str = "", keys: tuple[str, ...] = (), label: str = "", first: int = 0) -> AssetsRequest:
    """A request about the library that Collect and Export fill."""
    return AssetsRequest(
        str(paths.datasets_folder() / "Library"), str(paths.user_folder("pictures")), first, PAGE, action, keys, label
    )


def correct(operator: bpy.types.Operator, action: str, keys: tuple[str, ...], label: str = "") -> set[str]:
    """Have the worker save the correction; the panel then lists the assets again."""
    talk = session.get()
    talk.assets_asked = talk.ask(request(action, keys, label))
    talk.assets_changed += 1
    talk.assets_chosen.difference_update(keys)
    if bpy.app.background:
        talk.wait_answer(talk.assets_asked)
        answer = talk.answers.get(talk.assets_asked) or {}
        if answer.get("event") != "listed":
            operator.report({"ERROR"}, str(answer.get("sentence", "The library could not be changed")))
            return {"CANCELLED"}
    return {"FINISHED"}


class MESHKILN_OT_asset_exclude(bpy.types.Operator):
    """Leave this asset out of training, or include it again"""

    bl_idname = "meshkiln.asset_exclude"
    bl_label = "Leave Out"

    key: StringProperty(name="Asset", description="The asset's file and its name in the file", options={"SKIP_SAVE"})
    action: StringProperty(name="Action", description="exclude, or reset to include it again", default="exclude")

    def execute(self, context: bpy.types.Context) -> set[str]:
        return correct(self, self.action, (self.key,))


class MESHKILN_OT_asset_rename(bpy.types.Operator):
    """Change the words that this asset is learned as"""

    bl_idname = "meshkiln.asset_rename"
    bl_label = "Rename"

    key: StringProperty(name="Asset", description="The asset's file and its name in the file", options={"SKIP_SAVE"})
    label: StringProperty(name="Name", description="What it is, such as: oak tree", maxlen=LONGEST_PROMPT)

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        result: set[str] = context.window_manager.invoke_props_dialog(self)
        return result

    def execute(self, context: bpy.types.Context) -> set[str]:
        if not self.label.strip():
            self.report({"ERROR"}, "An asset needs a name")
            return {"CANCELLED"}
        return correct(self, "rename", (self.key,), self.label.strip())


class MESHKILN_OT_asset_split(bpy.types.Operator):
    """Learn each object of this asset as an asset of its own"""

    bl_idname = "meshkiln.asset_split"
    bl_label = "Split"

    key: StringProperty(name="Asset", description="The asset's file and its name in the file", options={"SKIP_SAVE"})

    def execute(self, context: bpy.types.Context) -> set[str]:
        return correct(self, "split", (self.key,))


class MESHKILN_OT_asset_choose(bpy.types.Operator):
    """Choose this asset for joining, or undo that"""

    bl_idname = "meshkiln.asset_choose"
    bl_label = "Choose"

    key: StringProperty(name="Asset", description="The asset's file and its name in the file", options={"SKIP_SAVE"})

    def execute(self, context: bpy.types.Context) -> set[str]:
        session.get().assets_chosen ^= {self.key}
        return {"FINISHED"}


class MESHKILN_OT_asset_join(bpy.types.Operator):
    """Learn the chosen assets of one file as one asset"""

    bl_idname = "meshkiln.asset_join"
    bl_label = "Join Chosen"

    keys: StringProperty(name="Assets", description="One per line; empty: the chosen assets", default="")

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if bpy.app.background or len(session.get().assets_chosen) > 1:
            return True
        cls.poll_message_set("Choose at least two assets of one file")
        return False

    def execute(self, context: bpy.types.Context) -> set[str]:
        keys = tuple(self.keys.splitlines()) or tuple(sorted(session.get().assets_chosen))
        return correct(self, "join", keys)


class MESHKILN_OT_asset_page(bpy.types.Operator):
    """Show other assets of the library"""

    bl_idname = "meshkiln.asset_page"
    bl_label = "Change Page"

    step: IntProperty(name="Pages", description="Pages to move forward, or back if negative", default=1)

    def execute(self, context: bpy.types.Context) -> set[str]:
        talk = session.get()
        talk.assets_first = max(0, talk.assets_first + self.step * PAGE)
        return {"FINISHED"}


CLASSES = (
    MESHKILN_OT_asset_exclude,
    MESHKILN_OT_asset_rename,
    MESHKILN_OT_asset_split,
    MESHKILN_OT_asset_choose,
    MESHKILN_OT_asset_join,
    MESHKILN_OT_asset_page,
)
