"""Additions to a mesh record, each by its own model: materials for its slots, a modifier stack, or an animation."""

from typing import Any

from ...records import Record
from ...records.modifier_budget import affordable
from ..codecs.consensus import CANDIDATES, agreed
from ..codecs.motion import fitted
from ..text import conditions
from . import decoding
from .listener import Listener
from .request import GenerateRequest

LONGEST = 256  # steps


def with_extra(
    mesh: Record, craft: str, model: decoding.Model, request: GenerateRequest, listener: Listener, share: float
) -> Record:
    """The record with what `craft` adds. `share`: the progress when this is done."""
    data, arrays = dict(mesh.data), dict(mesh.arrays)
    slots = _slots(mesh) if craft == "materials" else 1
    materials: list[Any] = []
    for slot in range(slots):
        listener.emit("progress", phase=craft.capitalize(), fraction=share * (slot + 1) / (slots + 1))
        made = _sample(mesh, craft, model, request, listener, slot, slots)
        if craft == "materials":
            materials += made.data.get("materials") or []
        elif craft == "modifiers":
            longest = max(mesh.data.get("size") or [1.0])
            faces = len(mesh.arrays["mesh/loop_start"])
            data["modifiers"] = affordable(made.data.get("modifiers") or [], faces, longest)
        else:
            made = fitted(made, conditions.longest_side(mesh), request.frames, request.target or ())
            data["animation"] = made.data.get("animation")
            data["actions"] = made.data.get("actions") or {}
        arrays.update(made.arrays)
    if craft == "materials":
        data["materials"] = materials
    return Record(data, arrays)


def _sample(
    mesh: Record, craft: str, model: decoding.Model, request: GenerateRequest, listener: Listener, slot: int, slots: int
) -> Record:
    """The answer for one slot that several samples agree on most."""

    def cancelled() -> bool:
        listener.check()  # it raises
        return False

    wish = conditions.of_record(mesh, craft, slot if craft == "materials" else None)
    wish.text = request.prompt or wish.text
    words, attributes = wish.arrays(craft)
    samples = decoding.generate(
        model,
        words,
        attributes,
        variants=CANDIDATES[craft],
        seed=request.seed + slot,
        temperature=request.temperature,
        guidance=request.guidance,
        max_steps=LONGEST,
        result={"name": (request.prompt or mesh.name) + (f" {slot + 1}" if slots > 1 else "")},
        should_cancel=cancelled,
    )
    return agreed(model.codec, craft, samples.records)


def _slots(mesh: Record) -> int:
    indices = mesh.arrays.get("mesh/material_index", ())
    return int(max(indices)) + 1 if len(indices) else 1
