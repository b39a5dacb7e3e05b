"""Handles each kind of request for the worker; the command line uses it directly, without a worker.

Holds the loaded models. Knows nothing of pipes or Blender: a listener receives the progress.
"""

import re
import time
from collections import OrderedDict
from pathlib import Path

from ...records import Record
from . import decoding, device_speed
from .client import read_record, write_record
from .listener import Listener
from .mesh_extras import with_extra
from .meshes import check_style, make_meshes
from .request import (
    CRAFTS,
    AnyRequest,
    AssetsRequest,
    GenerateRequest,
    LoadRequest,
    PresetsRequest,
    RequestError,
    TestRequest,
)

LOADED = 6  # models kept in memory; the least recently used goes first


class Service:
    """Keeps loaded models between requests."""

    def __init__(self) -> None:
        self._models: OrderedDict[tuple[str, str, float], decoding.Model] = OrderedDict()

    def answer(self, request: AnyRequest, request_id: str, listener: Listener) -> None:
        """Handle a request; results go to the listener as events. Raises exceptions with a sentence."""
        match request:
            case GenerateRequest():
                self._generate(request, request_id, listener)
            case LoadRequest():
                for path in request.models.values():
                    listener.check()
                    self.model(path, request.engine)
                listener.emit("listed")
            case PresetsRequest():
                presets, examples = device_speed.preset_costs(request)
                listener.emit("listed", presets=presets, examples=examples)
            case AssetsRequest():
                from .asset_list import listed  # most workers never list assets

                listener.emit("listed", **listed(request))
            case TestRequest():
                sentence, speed = device_speed.measure()
                listener.emit("tested", sentence=sentence, training=speed)

    def _generate(self, request: GenerateRequest, request_id: str, listener: Listener) -> None:
        if not request.out:
            raise RequestError("out: is missing; give a folder for the records")
        out = Path(request.out)
        made, engine = self.make(request, listener)
        out.mkdir(parents=True, exist_ok=True)
        for variant, record in enumerate(made):
            path = out / f"{re.sub(r'[^0-9A-Za-z-]', '_', request_id)}-{variant}.safetensors"
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

    def make(self, request: GenerateRequest, listener: Listener) -> tuple[list[Record], str]:
        """(a record for each variant, the engine's name): meshes first, then the additions."""
        check_style(request.style)
        engine = "numpy"
        if "geometry" in request.crafts:
            listener.emit("started", variants=request.variants, phase="Loading the model")
            model = self.model(request.models["geometry"], request.engine)
            engine = model.engine.name
            listener.emit("progress", phase="Thinking", fraction=0.0)
            records = make_meshes(request, model, listener)
        else:
            assert request.record is not None  # a request without geometry has one
            records = [read_record(Path(request.record))]
            listener.emit("started", variants=1, phase="Thinking")
        for craft in CRAFTS[1:]:
            if craft not in request.crafts:
                continue
            model = self.model(request.models[craft], request.engine)
            engine = model.engine.name
            for number, record in enumerate(records):
                share = (number + 1) / len(records)
                records[number] = with_extra(record, craft, model, request, listener, share)
        return records, engine

    def model(self, path: str, engine: str) -> decoding.Model:
        """The model of that file, loaded once and again when the file has changed."""
        key = (path, engine, Path(path).stat().st_mtime)
        if key not in self._models:
            self._models[key] = decoding.load_model(path, engine)
            while len(self._models) > LOADED:
                self._models.popitem(last=False)
        self._models.move_to_end(key)
        return self._models[key]
