"""The runtime's part of the preferences page: which Python, and whether PyTorch is installed, installing or failed."""

import os
from typing import Any

import bpy

from ... import jobs
from .. import job_list, runtime
from ..generate import session
from .job import draw_job
from .sentences import wrapped


def draw(chosen: Any, layout: bpy.types.UILayout) -> None:
    layout.row().prop(chosen, "runtime", expand=True)
    if chosen.runtime == "NUMPY":
        wrapped(layout, "Nothing to install: Generate works. Training needs PyTorch.", icon="INFO", width=90)
    elif chosen.runtime == "OWN":
        layout.prop(chosen, "own_python")
        if chosen.own_python and not os.path.isfile(chosen.own_python):
            wrapped(layout, "There is no program at this path.", icon="ERROR", alert=True, width=90)
    else:
        draw_managed(chosen, layout)
    talk = session.get()
    row = layout.row()
    row.operator("meshkiln.runtime_test", icon="PLAY")
    answer = talk.answers.get(talk.test_id)
    if answer is not None:
        failed = answer["event"] == "failed"
        wrapped(layout, answer["sentence"], icon="ERROR" if failed else "CHECKMARK", alert=failed, width=90)
    elif talk.test_id and talk.client is not None:
        wrapped(layout, "Measuring: this takes a few seconds.", icon="TIME", width=90)
    row.operator("meshkiln.worker_log", text="", icon="TEXT")


def draw_managed(chosen: Any, layout: bpy.types.UILayout) -> None:
    ready = runtime.managed_is_ready()
    build = runtime.detected()
    layout.prop(chosen, "torch_build")
    wrapped(layout, f"Detected: {build.title}.", width=90)
    state = job_list.latest("runtime")
    if state is not None and state["status"] in jobs.ACTIVE:
        draw_job(layout, state)
        return
    if state is not None and state["status"] in ("failed", "lost"):
        row = layout.row()
        wrapped(row, job_list.sentence(state), icon="ERROR", alert=True, width=80)
        row.operator("meshkiln.job_log", text="", icon="TEXT").folder = state["folder"]
    row = layout.row()
    text = "Repair" if ready else "Retry" if state is not None and state["status"] != "done" else "Install PyTorch"
    row.operator("meshkiln.runtime_install", text=text, icon="IMPORT")
    if runtime.managed_python().is_file():
        row.operator("meshkiln.runtime_remove", text="Remove", icon="TRASH")
    if not ready and not bpy.app.online_access:
        wrapped(layout, "Installing needs online access (Preferences, System, Network).", icon="INTERNET", width=90)
