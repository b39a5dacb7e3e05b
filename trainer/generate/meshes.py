"""What the worker does when it is asked: the crafts one after another, from a request to records.

Knows requests, conditions and the generation loop; knows nothing of pipes (a `listener` hears what happens) and
nothing of Blender. The command line uses it without any worker.

A request: prompt, crafts (["geometry", "materials", ...]), models {craft: path}, variants, seed, and where said
faces, size (metres), style, temperature, guidance, top_p, best_of (how many are made for each variant, fewer of what
has many faces; those that score best stay, the first ones are shown while they grow), engine ("auto", "numpy",
"torch"). `record` is the path of a record to dress (crafts without geometry), to vary (`vary`: the share of its faces
that is kept) or to complete
(`vary` 1.0: all of it is kept exactly and more is added, in its own coordinates, of which `metres` is the unit, within
`frame`, the box of the whole thing, or to the usual size of such a thing).

A listener offers: check() (raises when nobody wants the answer any more), polygon(variant, corners, slot),
take_back(variant, polygons) (the last ones are made again), flush(), emit(event, **body), and the numbers polygons,
speed, first_face, started.
"""

import math
import time
from collections import OrderedDict
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from ...records import Record
from ...records.modifier_budget import affordable
from ..codecs.motion import fitted
from ..mesh.coplanar import lifted
from ..mesh.symmetry_faults import ragged
from ..text import conditions
from . import choosing, decoding, reference_shapes
from .client import read_record, write_record
from .complete import Growth, shade
from .consensus import CANDIDATES, agreed

AGAIN = 1.35  # faces that are made for one that stays, where parts are made again
USUAL_STYLE = conditions.REGULAR  # the plainest: what a small model builds most cleanly
LOADED = 6  # models kept in memory, the least recently used leave first
TELL_EVERY = 0.1  # seconds between two "progress" events
MOST_AT_ONCE = 32  # samples in one run
IDEAS = 3  # of what a thing usually is, shared out among the samples of one wish
DEFAULT_FACES = 600  # from there on a mesh that was not told how large it may be only closes what is open
EXPECTED_FACES = 220  # what the progress bar expects of a mesh that was not told


class Listener(Protocol):
    """Who hears what happens; see the head of this module."""

    polygons: int
    first_face: float | None
    started: float

    @property
    def speed(self) -> float: ...
    def check(self) -> None: ...
    def polygon(self, variant: int, corners: list[list[float]], slot: int = 0) -> None: ...
    def take_back(self, variant: int, polygons: int) -> None: ...
    def flush(self) -> None: ...
    def emit(self, event: str, **body: Any) -> None: ...


class Quiet:
    """A listener that hears nothing."""

    polygons, first_face, started, speed = 0, None, 0.0, 0.0

    def check(self) -> None:
        pass

    def polygon(self, variant: int, corners: list[list[float]], slot: int = 0) -> None:
        pass

    def take_back(self, variant: int, polygons: int) -> None:
        pass

    def flush(self) -> None:
        pass

    def emit(self, event: str, **body: Any) -> None:
        pass


class Service:
    """Holds the loaded models between requests."""

    def __init__(self) -> None:
        self._models: OrderedDict[tuple[str, str, float], decoding.Model] = OrderedDict()

    # ------------------------------------------------------------------ requests

    def do_generate(self, request: dict[str, Any], listener: Listener) -> None:
        """Answer a request with events; each record goes into a file of its own below `out`."""
        made, engine = self.make(request, listener)
        out = Path(request["out"])
        out.mkdir(parents=True, exist_ok=True)
        for variant, records in made.items():
            for number, record in enumerate(records):
                path = out / f"{request['id']}-{variant}-{number}.safetensors"
                write_record(path, record)
                listener.emit("result", variant=variant, record=str(path))
        listener.emit(
            "done",
            seconds=time.perf_counter() - listener.started,
            polygons=listener.polygons,
            polygons_per_second=listener.speed,
            first_face_seconds=listener.first_face,
            engine=engine,
        )

    def do_load(self, request: dict[str, Any], listener: Listener) -> None:
        """Have models in memory before they are asked for."""
        for path in request.get("models", {}).values():
            listener.check()
            self.model(path, request.get("engine", "auto"))
        listener.emit("listed")

    def do_presets(self, request: dict[str, Any], listener: Listener) -> None:
        """What each size of model costs: "memory" in words, and "seconds" for one pass over `dataset` where a `speed`
        (of "test") and a dataset are named, whose "examples" are counted too."""
        from ..codecs import codec
        from ..model.presets import PRESETS
        from ..train.training_speed import Size, pass_seconds, size_of

        size = size_of(Path(request["dataset"]), request["craft"]) if request.get("dataset") else Size()
        speed = float(request.get("speed") or 0.0)
        told = {}
        for name, preset in PRESETS.items():
            seconds = pass_seconds(size, name, speed) if speed and size.examples else None
            told[name] = {"memory": _costs(preset, preset.config(codec("geometry").spec)), "seconds": seconds}
        listener.emit("listed", presets=told, examples=size.examples)

    def do_test(self, request: dict[str, Any], listener: Listener) -> None:
        """Say which device does the arithmetic and how fast it is, by a measurement of seconds; with PyTorch also the
        speed of training, in operations a second."""
        import importlib.util

        if importlib.util.find_spec("torch") is not None:
            from ..train.training_speed import training_speed

            speed = training_speed()
            sentence = _measure_torch()
            listener.emit("tested", sentence=f"{sentence}, {speed / 1e9:,.0f} in training", training=speed)
        else:
            listener.emit("tested", sentence=_measure_numpy(), training=0.0)

    # ------------------------------------------------------------------ making

    def make(self, request: dict[str, Any], listener: Listener) -> tuple[dict[int, list[Record]], str]:
        """({variant: [records]}, the engine's name): geometry first if it is among the crafts, then what dresses it."""
        crafts = list(request.get("crafts") or ["geometry"])
        engine = "numpy"
        if "geometry" in crafts:
            meshes, engine = self._meshes(request, listener)
        else:
            meshes = [read_record(Path(request["record"]))]
            listener.emit("started", variants=1, phase="Thinking")
        for craft in ("materials", "modifiers", "animation"):
            if craft not in crafts:
                continue
            model = self.model(request["models"][craft], request.get("engine", "auto"))
            engine = model.engine.name
            for number, mesh in enumerate(meshes):
                meshes[number] = self._dress(mesh, craft, model, request, listener, (number + 1) / len(meshes))
        return {i: [mesh] for i, mesh in enumerate(meshes)}, engine

    def _meshes(self, request: dict[str, Any], listener: Listener) -> tuple[list[Record], str]:
        listener.emit("started", variants=int(request.get("variants") or 1), phase="Loading the model")
        model = self.model(request["models"]["geometry"], request.get("engine", "auto"))
        listener.emit("progress", phase="Thinking", fraction=0.0)
        given = read_record(Path(request["record"])) if request.get("record") else None
        wish = self._wish(request, given)
        share = float(request.get("vary", 0.3))
        growth: Growth | None = None
        if given is not None and share >= 1.0:
            growth = Growth(given, _usual(request, wish), request.get("frame"), float(request.get("metres") or 1.0))
            wish = growth.condition(wish)
        variants = max(1, int(request.get("variants") or 1))
        ideas = [wish]
        if given is None:  # what is usual differs; nobody should depend on one idea of it that the model knows badly
            ideas += [self._wish(request, None, idea) for idea in range(1, IDEAS)]
        expected = round(sum(idea.faces or EXPECTED_FACES for idea in ideas) / len(ideas))
        again = given is None and wish.style == conditions.REGULAR  # torn parts are made again, which takes its time
        worth = choosing.candidates(int(request.get("best_of") or 1), round(expected * (AGAIN if again else 1)))
        tries = min(worth, max(1, MOST_AT_ONCE // variants))
        wishes = [ideas[i // variants % len(ideas)] for i in range(variants * tries)]
        asked = [wish.arrays("geometry") for wish in wishes]
        limits = [int(wish.faces * 1.25) + 8 if wish.faces else DEFAULT_FACES for wish in wishes]
        start = {"given": growth.start(model.codec)} if growth else {}
        run = decoding.Run(
            model,
            np.stack([words for words, _ in asked]),
            np.stack([attributes for _, attributes in asked]),
            variants * tries,
            int(request.get("seed") or 0),
            float(request.get("guidance") or 1.0),
            [{"max_faces": n} | start for n in limits],
            max(limits) * 4 + 64,
        )
        run.sampling = (float(request.get("temperature", 0.5)), float(request.get("top_p") or 0.95), 0.0)
        if again:
            run.unwanted = partial(ragged, on_purpose=choosing.meant_so(wish).crooked > 0)
        if given is not None and growth is None:
            run.force(self._beginning(model, given, share))
        wanted = float(request.get("size") or 0.0)
        self._follow(run, listener, variants, expected, wanted, growth)
        name = str(request.get("prompt") or "mesh")
        if growth is not None:
            records = [growth.record(decoder, name) for decoder in run.decoders]
        else:
            records = [_scaled(decoder.result(name), _scale(decoder, wanted)) for decoder in run.decoders]
        made = [i for i, record in enumerate(records) if len(record.arrays["mesh/loop_start"])]
        records, wishes = [records[i] for i in made], [wishes[i] for i in made]
        ended, nats = [run.ended[i] for i in made], [run.nats[i] for i in made]
        if not records:
            raise ValueError("The model had nothing to say to this. Try other words, or another seed.")
        if tries > 1:
            records = [records[i] for i in choosing.best(records, wishes=wishes, ended=ended, nats=nats)[:variants]]
        if growth is None:
            records = [lifted(record) for record in records]
        for record in records:
            if "mesh/attribute/sharp_face" not in record.arrays:
                # Flat faces: what the model learned from is low-poly work, which smooth shading would smear.
                shade(record, np.ones(len(record.arrays["mesh/loop_start"]), bool))
            record.data["label"] = name
        return records, model.engine.name

    def _wish(self, request: dict[str, Any], given: Record | None, idea: int = 0) -> conditions.Condition:
        """What is asked for; `idea`: another one of what such a thing usually is."""
        wish = conditions.of_record(given) if given is not None else conditions.Condition()
        style = request.get("style")
        if style and style not in conditions.STYLES:
            raise ValueError(f"No style is called {style!r}; there are: {', '.join(conditions.STYLES)}.")
        said = {k: request[k] for k in ("faces", "size", "style") if request.get(k)}
        wish.text = str(request.get("prompt") or wish.text)
        table = reference_shapes.known()
        if table is not None:
            wish.text = table.heard(wish.text)
        if given is None:  # what the person leaves open is as usual for such a thing, not the average of everything
            wish = replace(wish, **_usual(request, wish, idea))
        return replace(wish, **said)

    def _beginning(self, model: decoding.Model, given: Record, share: float) -> np.ndarray:
        """The first steps of a mesh that exists, without the last, which says that it has ended."""
        tokens = model.codec.encode_record(given).tokens[:-1]
        return tokens[: max(1, round(len(tokens) * min(1.0, share)))]

    def _follow(
        self, run: decoding.Run, listener: Listener, shown: int, expected: int, wanted: float, growth: Growth | None
    ) -> None:
        """Drive the run, and tell of every polygon of the first `shown` samples at once. `expected` faces each,
        `wanted` metres; `growth` has coordinates of its own."""
        vertices: list[list[list[float]]] = [[] for _ in run.decoders]
        told = 0.0
        expected *= shown
        for event in run.events():
            listener.check()
            if event["event"] == "again" and event["variant"] < shown:
                del vertices[event["variant"]][event["vertices"] :]
                listener.take_back(event["variant"], event["polygons"])
            if event["event"] == "polygons" and event["variant"] < shown:
                new, polygons, slots = event["polygons"]
                known = vertices[event["variant"]]
                decoder = run.decoders[event["variant"]]
                if growth is not None:
                    new = np.asarray(new) * (growth.longest / decoder.size) + growth.foot
                else:
                    new = np.asarray(new) * _scale(decoder, wanted)
                known += [[round(float(c), 5) for c in point] for point in new]
                for polygon, slot in zip(polygons, slots):
                    listener.polygon(event["variant"], [known[i] for i in polygon], int(slot))
            now = time.perf_counter()
            if now - told > TELL_EVERY:
                told = now
                # An honest guess: as far as expected at a steady pace, then ever slower towards the end.
                share = listener.polygons / max(1, expected)
                listener.emit("progress", fraction=1.0 - math.exp(-1.6 * share), speed=listener.speed)
        listener.flush()

    def _dress(
        self,
        mesh: Record,
        craft: str,
        model: decoding.Model,
        request: dict[str, Any],
        listener: Listener,
        share: float,
    ) -> Record:
        """The record with what this craft adds: materials for its slots, a modifier stack, or an animation."""
        slots = 1
        if craft == "materials" and "mesh/material_index" in mesh.arrays and len(mesh.arrays["mesh/material_index"]):
            slots = int(mesh.arrays["mesh/material_index"].max()) + 1
        data, arrays = dict(mesh.data), dict(mesh.arrays)
        materials: list[Any] = []
        for slot in range(slots):
            listener.emit("progress", phase=craft.capitalize(), fraction=share * (slot + 1) / (slots + 1))
            wish = conditions.of_record(mesh, craft, slot if craft == "materials" else None)
            wish.text = str(request.get("prompt") or wish.text)
            words, attributes = wish.arrays(craft)
            result = decoding.generate(
                model,
                words,
                attributes,
                variants=CANDIDATES[craft],
                seed=int(request.get("seed") or 0) + slot,
                temperature=float(request.get("temperature", 0.5)),
                guidance=float(request.get("guidance") or 1.0),
                max_steps=256,
                result={"name": f"{request.get('prompt') or mesh.name}" + (f" {slot + 1}" if slots > 1 else "")},
                should_cancel=lambda: _unwanted(listener),
            )
            made = agreed(model.codec, craft, result.records)
            materials += made.data.get("materials") or []
            if craft == "modifiers":
                side = max(mesh.data.get("size") or [1.0])
                faces = len(mesh.arrays["mesh/loop_start"])
                data["modifiers"] = affordable(made.data.get("modifiers") or [], faces, side)
            elif craft == "animation":
                size = conditions.longest_side(mesh)
                made = fitted(made, size, request.get("frames"), request.get("way") or ())
                data["animation"] = made.data.get("animation")
                data["actions"] = made.data.get("actions") or {}
            arrays.update(made.arrays)
        if craft == "materials":
            data["materials"] = materials
        return Record(data, arrays)

    def model(self, path: str, engine: str) -> decoding.Model:
        """The model of that file, loaded once and again when the file has changed."""
        key = (str(path), engine, Path(path).stat().st_mtime)
        if key not in self._models:
            self._models[key] = decoding.load_model(path, engine)
            while len(self._models) > LOADED:
                self._models.popitem(last=False)
        self._models.move_to_end(key)
        return self._models[key]


def _unwanted(listener: Listener) -> bool:
    listener.check()  # it raises where nobody wants the answer any more
    return False


def _usual(request: dict[str, Any], wish: conditions.Condition, idea: int = 0) -> dict[str, Any]:
    """What is known of a thing of this name; {} where there is nothing."""
    table = reference_shapes.known()
    seed, style = int(request.get("seed") or 0), request.get("style") or USUAL_STYLE
    return table.usual(wish.text, (seed, idea), style) if table is not None else {}


def _scale(decoder: Any, wanted: float) -> float:
    """The model says early how large it makes a thing; the person's word counts more."""
    return wanted / decoder.size if wanted and decoder.size else 1.0


def _scaled(record: Record, scale: float) -> Record:
    if scale == 1.0:
        return record
    data, arrays = dict(record.data), dict(record.arrays)
    arrays["mesh/position"] = (arrays["mesh/position"] * np.float32(scale)).astype(np.float32)
    if "size" in data:
        data["size"] = [side * scale for side in data["size"]]
    return Record(data, arrays)


def _costs(preset: Any, config: Any) -> str:
    from ..model.config import parameter_count
    from ..model.presets import processor_bytes, training_bytes

    memory = training_bytes(config, min(preset.positions, 8192), preset.checkpointing)
    gpu, processor = memory / 1e9, processor_bytes(memory) / 1e9
    size = f"{parameter_count(config) / 1e6:.0f} million numbers"
    return f"{size}, to train about {gpu:.1f} GB of a GPU's memory or {processor:.0f} GB without one"


def _measure_numpy() -> str:
    import os

    matrix, vector = np.random.default_rng(0).random((2048, 2048), np.float32), np.ones(2048, np.float32)
    return (
        f"numpy on {os.cpu_count()} processor cores: {_gigaflops(lambda: matrix @ vector, 2 * 2048 * 2048):.1f} GFLOP/s"
    )


def _measure_torch() -> str:
    import torch

    mps = hasattr(torch.backends, "mps") and torch.backends.mps.is_available()
    device = "cuda" if torch.cuda.is_available() else "mps" if mps else "cpu"
    size = 4096 if device != "cpu" else 1024
    kind = torch.bfloat16 if device == "cuda" else torch.float32
    a = torch.ones(size, size, dtype=kind, device=device)

    def product() -> None:
        (a @ a).sum().item()

    speed = _gigaflops(product, 2 * size**3)
    where = torch.cuda.get_device_name(0) if device == "cuda" else "Apple GPU" if mps else "the processor"
    memory = ""
    if device == "cuda":
        free, whole = torch.cuda.mem_get_info()
        memory = f", {free / 1e9:.1f} of {whole / 1e9:.1f} GB free"
    return f"PyTorch {torch.__version__} on {where}{memory}: {speed:,.0f} GFLOP/s"


def _gigaflops(work: Any, operations: int) -> float:
    work()
    began = time.perf_counter()
    count = 0
    while time.perf_counter() - began < 0.4:
        work()
        count += 1
    return count * operations / (time.perf_counter() - began) / 1e9
