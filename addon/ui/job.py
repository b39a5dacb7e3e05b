"""A job in a panel: its bar while it runs, its sentence afterwards."""

from typing import Any

import bpy

from ... import jobs
from ...jobs.progress import format_seconds
from .. import job_list
from ..generate import session
from .sentences import wrapped


def draw_job(layout: bpy.types.UILayout, state: dict[str, Any]) -> None:
    """A job's bar with its Stop button while it runs, its sentence afterwards."""
    if state["status"] not in jobs.ACTIVE:
        bad = state["status"] in ("failed", "lost")
        wrapped(layout, job_list.sentence(state), icon="ERROR" if bad else "NONE", alert=bad, width=80)
        return
    session.get().keep_watching()  # also where another Blender started it
    row = layout.row(align=True)
    text = job_list.sentence(state)
    if state.get("eta"):
        text += f"  ({format_seconds(state['eta'])})"
    row.progress(factor=state.get("progress") or 0.0, text=text[:90])
    row.operator("meshkiln.job_stop", text="", icon="CANCEL").folder = state["folder"]
