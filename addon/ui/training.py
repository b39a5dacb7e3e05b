"""Training's part of the preferences page: settings and cost of a run, and the existing runs with their curves."""

import time
from pathlib import Path
from typing import Any

import bpy

from ... import jobs
from ...jobs.progress import format_seconds
from ...trainer.generate.request import PresetsRequest
from .. import job_list, runtime
from ..generate import session
from ..operators.training import best_of, dataset_of
from . import curve
from .job import draw_job
from .sentences import wrapped

RUNS_SHOWN = 4


def draw(chosen: Any, layout: bpy.types.UILayout) -> None:
    layout.use_property_split = True
    layout.use_property_decorate = False
    column = layout.column()
    column.prop(chosen, "train_dataset", placeholder="Library")
    column.prop(chosen, "train_craft")
    column.prop(chosen, "train_preset")
    draw_costs(chosen, column)
    column.prop(chosen, "train_from")
    if chosen.train_from == "FILE":
        column.prop(chosen, "train_file")
    if chosen.train_from != "NOTHING":
        column.row().prop(chosen, "train_method", expand=True)
        if chosen.train_method == "LORA":
            column.prop(chosen, "train_rank")
    column.prop(chosen, "train_minutes")
    row = layout.row()
    row.scale_y = 1.4
    row.operator("meshkiln.train", icon="PLAY")
    if runtime.training_python() is None:
        wrapped(layout, "Training needs PyTorch: see Runtime above.", icon="INFO", width=90)
    for state in reversed(job_list.all_of("train")[-RUNS_SHOWN:]):
        draw_run(layout.box(), state)


def draw_costs(chosen: Any, layout: bpy.types.UILayout) -> None:
    """What this size of model is estimated to take: memory, and how many passes over the dataset fit into the chosen
    minutes."""
    dataset = dataset_of(chosen)
    speed = runtime.training_speed()
    asked = PresetsRequest(chosen.train_craft.lower(), str(dataset) if dataset else None, speed)
    answer = session.get().look_up(asked, stamp=changed_at(dataset))
    if answer is None:
        return
    costs = answer["presets"][chosen.train_preset]
    layout.label(text=costs["memory"], icon="INFO", translate=False)
    if dataset is None:
        return
    if not speed and runtime.training_python() is not None:
        wrapped(layout, "Press Test above to predict the time too.", icon="BLANK1", width=90)
    elif costs["seconds"]:
        passes = chosen.train_minutes * 60 / costs["seconds"]
        text = bpy.app.translations.pgettext_iface(
            "One pass over all {:,} examples takes about {:s} here; {:g} minutes are about {:s} passes"
        )
        number = f"{passes:,.0f}" if passes >= 10 else f"{passes:.1f}"
        text = text.format(answer["examples"], format_seconds(costs["seconds"]), chosen.train_minutes, number)
        layout.label(text=text, icon="TIME", translate=False)


def changed_at(dataset: Path | None) -> float:
    try:
        return (dataset / "catalogue.sqlite").stat().st_mtime if dataset else 0.0
    except OSError:
        return 0.0


def draw_run(layout: bpy.types.UILayout, state: dict[str, Any]) -> None:
    """One training run: its state, its curve, its buttons."""
    row = layout.row()
    row.label(text=state["name"], icon="TIME" if state["status"] in jobs.ACTIVE else "FILE_TICK", translate=False)
    row.label(text=time.strftime("%d %b %H:%M", time.localtime(state["created"])), translate=False)
    draw_job(layout, state)
    numbers = job_list.metrics(state)
    loss = series(numbers, "bits_per_token_train")
    held_out = series(numbers, "bits_per_token")
    score = series(numbers, "bits_per_mesh")
    if len(loss) + len(held_out) > 1:
        split = layout.split(factor=0.45)
        split.template_icon(curve.icons.icon(state["folder"], len(numbers), [loss, held_out]), scale=8.0)
        column = split.column()
        if loss:
            column.label(text=f"Loss {loss[-1][1]:.3f} bits per token (grey)", translate=False)
        if held_out:
            column.label(text=f"Held out {held_out[-1][1]:.3f} (orange)", translate=False)
        if score:
            best = min(y for _, y in score)
            column.label(text=f"Held out {score[-1][1]:.0f} bits per mesh, best {best:.0f}", translate=False)
        sample = newest_sample(Path(state["folder"]))
        if sample is not None:
            column.template_icon(curve.icons.picture(str(sample), sample.stat().st_mtime), scale=5.0)
    row = layout.row(align=True)
    if state["status"] not in jobs.ACTIVE and state["status"] != "done":
        row.operator("meshkiln.job_resume", icon="PLAY").folder = state["folder"]
    if best_of(Path(state["folder"])) is not None:
        row.operator("meshkiln.use_model", icon="CHECKMARK").folder = state["folder"]
    row.operator("meshkiln.job_log", text="Log", icon="TEXT").folder = state["folder"]
    if state["status"] not in jobs.ACTIVE:
        row.operator("meshkiln.job_forget", text="", icon="TRASH").folder = state["folder"]


def series(numbers: list[dict[str, Any]], name: str) -> list[tuple[float, float]]:
    """(step, value) wherever this metric was written."""
    return [(float(n.get("step", i)), float(n[name])) for i, n in enumerate(numbers) if _is_number(n.get(name))]


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def newest_sample(folder: Path) -> Path | None:
    pictures = sorted(folder.glob("run/samples/*.png"), key=lambda p: p.stat().st_mtime)
    return pictures[-1] if pictures else None
