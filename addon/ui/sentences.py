"""Sentences wrapped over several lines: Blender's labels do not wrap."""

import unicodedata

import bpy


def wrapped(layout: bpy.types.UILayout, text: str, icon: str = "NONE", alert: bool = False, width: int = 0) -> None:
    """A sentence, translated, over as many lines as the region's width (or `width` letters) needs."""
    text = bpy.app.translations.pgettext_iface(text)
    if not width:
        region = bpy.context.region
        scale = bpy.context.preferences.system.ui_scale or 1.0
        width = int((region.width / scale if region else 260) / 6.6) - 6
    column = layout.column(align=True)
    column.alert = alert
    column.scale_y = 0.8
    lines = broken(text, max(18, width))
    for i, part in enumerate(lines):
        if icon == "NONE":
            column.label(text=part, translate=False)
        else:
            column.label(text=part, icon=icon if i == 0 else "BLANK1", translate=False)


def broken(text: str, width: int) -> list[str]:
    """Lines of at most `width` letters; one that Chinese or Japanese script writes counts for two."""
    lines, line = [], ""
    for word in text.split():
        if line and _width(line) + _width(word) + 1 > width:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
        while _width(line) > width:
            cut = len(line)
            while _width(line[:cut]) > width:
                cut -= 1
            lines.append(line[:cut])
            line = line[cut:]
    return [*lines, line]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
