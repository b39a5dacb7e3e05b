"""The panel that shows what will be learned from the library, with pictures."""

from typing import Any

import bpy

from .. import paths
from ..generate import session
from ..operators import assets
from . import curve
from .generate import View3DPanel
from .sentences import wrapped


class MESHKILN_PT_assets(View3DPanel, bpy.types.Panel):
    bl_label = "What Will Be Learned"
    bl_idname = "MESHKILN_PT_assets"
    bl_options = {"DEFAULT_CLOSED"}
    bl_order = 5

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        catalogue = paths.datasets_folder() / "Library" / "catalogue.sqlite"
        if not catalogue.exists():
            wrapped(layout, "The library is empty. Use Collect or Export This Scene to fill it.")
            return
        talk = session.get()
        failed = talk.answers.get(talk.assets_asked)
        if failed is not None and failed["event"] == "failed":
            wrapped(layout, str(failed["sentence"]), icon="ERROR", alert=True)
        stamp = catalogue.stat().st_mtime + talk.assets_changed
        answer = talk.look_up(assets.request(first=talk.assets_first), stamp)
        if answer is None:
            layout.label(text="Reading the library", icon="TIME")
            talk.keep_watching()
            return
        for asset in answer["assets"]:
            self.draw_asset(layout, asset, asset["key"] in talk.assets_chosen)
        row = layout.row(align=True)
        first, shown, total = talk.assets_first, len(answer["assets"]), answer["total"]
        row.label(text=f"{first + 1} - {first + shown} / {total}" if shown else f"0 / {total}", translate=False)
        row.operator("meshkiln.asset_page", text="", icon="TRIA_LEFT").step = -1
        row.operator("meshkiln.asset_page", text="", icon="TRIA_RIGHT").step = 1
        layout.operator("meshkiln.asset_join", icon="LINKED")

    def draw_asset(self, layout: bpy.types.UILayout, asset: dict[str, Any], chosen: bool) -> None:
        row = layout.box().row()
        row.template_icon(curve.icons.picture(asset["picture"], asset["faces"]), scale=3.0)
        column = row.column(align=True)
        texts = column.column(align=True)
        texts.active = not asset["excluded"]
        texts.label(text=asset["label"] or "?", translate=False)
        translated = bpy.app.translations.pgettext_iface
        faces = translated("1 face") if asset["faces"] == 1 else translated("{:,} faces").format(asset["faces"])
        parts = translated("1 part") if asset["parts"] == 1 else translated("{:,} parts").format(asset["parts"])
        texts.label(text=f"{faces}, {parts}", translate=False)
        buttons = column.row(align=True)
        out = buttons.operator("meshkiln.asset_exclude", text="", icon="ADD" if asset["excluded"] else "X")
        out.key, out.action = asset["key"], "reset" if asset["excluded"] else "exclude"
        name = buttons.operator("meshkiln.asset_rename", text="", icon="GREASEPENCIL")
        name.key, name.label = asset["key"], asset["label"]
        if asset["parts"] > 1:
            buttons.operator("meshkiln.asset_split", text="", icon="UNLINKED").key = asset["key"]
        icon = "CHECKBOX_HLT" if chosen else "CHECKBOX_DEHLT"
        buttons.operator("meshkiln.asset_choose", text="", icon=icon, emboss=False).key = asset["key"]


CLASSES = (MESHKILN_PT_assets,)
