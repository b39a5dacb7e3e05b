"""Meshes from words: samples many, shows the first ones while they grow, and keeps the best.

Knows requests, conditions and the sampling loop; neither pipes nor Blender.
"""

import math
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...records import Record
from ..mesh.coplanar import lifted
from ..mesh.symmetry_faults import ragged
from ..style.folder import Style, StyleError, find_style
from ..text import conditions
from . import choosing, decoding, reference_shapes
from .client import read_record
from .complete import CompletedMesh, shade
from .listener import Listener
from .request import GenerateRequest, RequestError

TOP_P = 0.95
REMADE = 1.35  # faces generated per face kept, if parts are made again
DEFAULT_STYLE = conditions.REGULAR  # the plainest: a small model builds it most cleanly
PROGRESS_EVERY = 0.1  # seconds between two "progress" events
MOST_AT_ONCE = 32  # samples in one run
REFERENCES = 3  # reference shapes that fill in what a request leaves open, shared out among its samples
FEWEST_FACES, MOST_FACES = 24, 400  # between these a library's habits may move the number of faces
LEAST_DETAIL = -0.3  # octaves by which they may lower it
DEFAULT_FACES = 600  # a mesh without a number of faces only closes its holes from here on
EXPECTED_FACES = 220  # what the progress bar expects of a mesh without a number of faces


def make_meshes(
    request: GenerateRequest, model: decoding.Model, listener: Listener, habits: dict[str, Any] | None = None
) -> list[Record]:
    """`request.variants` mesh records, the best first; `habits` of a learned style say how it differs from what is
    usual. Raises ValueError where the model makes nothing."""
    given = read_record(Path(request.record)) if request.record else None
    wish = wish_of(request, given, habits=habits)
    completed: CompletedMesh | None = None
    if given is not None and request.complete is not None:
        frame, metres = request.complete.frame, request.complete.metres
        completed = CompletedMesh(given, usual(request, wish), frame, metres)
        wish = completed.condition(wish)
    variants = request.variants
    alternatives = [wish]
    if given is None:  # a result must not depend on one reference shape that the model may know badly
        alternatives += [wish_of(request, None, number, habits) for number in range(1, REFERENCES)]
    expected = round(sum(each.faces or EXPECTED_FACES for each in alternatives) / len(alternatives))
    remakes = given is None and wish.style == conditions.REGULAR
    tries = choosing.candidates(request.best_of, round(expected * (REMADE if remakes else 1)))
    tries = min(tries, max(1, MOST_AT_ONCE // variants))
    wishes = [alternatives[i // variants % len(alternatives)] for i in range(variants * tries)]
    arrays = [wish.arrays("geometry") for wish in wishes]
    limits = [int(wish.faces * 1.25) + 8 if wish.faces else DEFAULT_FACES for wish in wishes]
    start = {"given": completed.start(model.codec)} if completed else {}
    run = decoding.Run(
        model,
        np.stack([words for words, _ in arrays]),
        np.stack([attributes for _, attributes in arrays]),
        variants * tries,
        request.seed,
        request.guidance,
        [{"max_faces": n} | start for n in limits],
        max(limits) * 4 + 64,
    )
    run.sampling = (request.temperature, TOP_P, 0.0)
    if remakes:
        run.unwanted = partial(ragged, on_purpose=choosing.usual_unevenness(wish).crooked > 0)
    if given is not None and request.keep is not None:
        run.force(first_steps(model, given, request.keep))
    _show_progress(run, listener, variants, expected, request.size, completed)
    name = request.prompt or "mesh"
    if completed is not None:
        records = [completed.record(decoder, name) for decoder in run.decoders]
    else:
        records = [_scaled(decoder.result(name), _scale(decoder, request.size)) for decoder in run.decoders]
    made = [i for i, record in enumerate(records) if len(record.arrays["mesh/loop_start"])]
    if not made:
        raise ValueError("The model made nothing from this. Try other words, or another seed.")
    records, wishes = [records[i] for i in made], [wishes[i] for i in made]
    if tries > 1:
        ended, nats = [run.ended[i] for i in made], [run.nats[i] for i in made]
        records = [records[i] for i in choosing.best(records, wishes=wishes, ended=ended, nats=nats)[:variants]]
    if completed is None:
        records = [lifted(record) for record in records]
    for record in records:
        if "mesh/attribute/sharp_face" not in record.arrays:
            # Flat shading: the training data is low-poly, which smooth shading would blur.
            shade(record, np.ones(len(record.arrays["mesh/loop_start"]), bool))
        record.data["label"] = name
    return records


def learned_style(style: str | None) -> Style | None:
    """The learned style that is asked for; None for none and for those that the models know by themselves. RequestError
    for one that is not there."""
    if not style or style in conditions.STYLES:
        return None
    try:
        return find_style(style)
    except StyleError as error:
        raise RequestError(f"style: {error}") from error


def wish_of(
    request: GenerateRequest, given: Record | None, reference: int = 0, habits: dict[str, Any] | None = None
) -> conditions.Condition:
    """The model's condition. What the request leaves open is as usual for such a thing, not the average of all things;
    `reference`: another choice of what is usual."""
    wish = conditions.of_record(given) if given is not None else conditions.Condition()
    wish.text = request.prompt or wish.text
    table = reference_shapes.shipped_table()
    if table is not None:
        wish.text = table.in_known_words(wish.text)
    if given is None:
        wish = replace(wish, **usual(request, wish, reference))
        if habits and wish.faces:  # with far fewer faces than usual the model leaves parts out
            detail = max(LEAST_DETAIL, float(habits.get("detail") or 0.0))
            wish.faces = int(np.clip(wish.faces * 2.0**detail, FEWEST_FACES, MOST_FACES))
    asked = {name: getattr(request, name) for name in ("faces", "size", "style")}
    if asked["style"] not in conditions.STYLES:  # a learned one, which no model's condition knows
        asked.pop("style")
    return replace(wish, **{name: value for name, value in asked.items() if value})


def usual(request: GenerateRequest, wish: conditions.Condition, reference: int = 0) -> dict[str, Any]:
    """The measures of a reference shape of this name; {} where there is none."""
    table = reference_shapes.shipped_table()
    if table is None:
        return {}
    return table.usual(
        wish.text, (request.seed, reference), request.style if request.style in conditions.STYLES else DEFAULT_STYLE
    )


def first_steps(model: decoding.Model, given: Record, share: float) -> NDArray[Any]:
    """(T, M) the first `share` of a mesh's steps, at least one, without the last, which is the end."""
    tokens: NDArray[Any] = model.codec.encode_record(given).tokens[:-1]
    return tokens[: max(1, round(len(tokens) * share))]


def _show_progress(
    run: decoding.Run,
    listener: Listener,
    shown: int,
    expected: int,
    size: float | None,
    completed: CompletedMesh | None,
) -> None:
    """Drive the run to its end, and show each polygon of the first `shown` samples at once. `expected`: faces of each;
    `size`: longest side in metres. A completed mesh is shown in the given mesh's coordinates."""
    vertices: list[list[list[float]]] = [[] for _ in run.decoders]
    emitted = 0.0
    expected *= shown
    for event in run.events():
        listener.check()
        if event["event"] == "again" and event["variant"] < shown:
            del vertices[event["variant"]][event["vertices"] :]
            listener.take_back(event["variant"], event["polygons"])
        if event["event"] == "polygons" and event["variant"] < shown:
            new, polygons, slots = event["polygons"]
            placed = vertices[event["variant"]]
            decoder = run.decoders[event["variant"]]
            if completed is not None:
                new = np.asarray(new) * (completed.longest / decoder.size) + completed.foot
            else:
                new = np.asarray(new) * _scale(decoder, size)
            placed += [[round(float(c), 5) for c in point] for point in new]
            for polygon, slot in zip(polygons, slots):
                listener.polygon(event["variant"], [placed[i] for i in polygon], int(slot))
        now = time.perf_counter()
        if now - emitted > PROGRESS_EVERY:
            emitted = now
            # Linear up to the expected number, then ever slower, since the end is unknown.
            share = listener.polygons / max(1, expected)
            listener.emit("progress", fraction=1.0 - math.exp(-1.6 * share), speed=listener.speed)
    listener.flush()


def _scale(decoder: Any, size: float | None) -> float:
    """The model decides early how large an object is; a size in the request has priority."""
    return size / decoder.size if size and decoder.size else 1.0


def _scaled(record: Record, scale: float) -> Record:
    if scale == 1.0:
        return record
    data, arrays = dict(record.data), dict(record.arrays)
    arrays["mesh/position"] = (arrays["mesh/position"] * np.float32(scale)).astype(np.float32)
    if "size" in data:
        data["size"] = [side * scale for side in data["size"]]
    return Record(data, arrays)
