"""Handles each kind of request for the worker; the command line uses it directly, without a worker.

Holds the loaded models. Knows nothing of pipes or Blender: a listener receives the progress.
"""

import re
import time
from collections import OrderedDict
from pathlib import Path

from ...records import Record
from ..style.folder import Style
from ..style.library import Library
from . import decoding, device_speed
from .client import read_record, write_record
from .in_style import from_own, own_extra, own_things, styled
from .listener import Listener
from .mesh_extras import with_extra
from .meshes import learned_style, make_meshes
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
        """(a record for each variant, the engine's name): meshes first, then what is added to them."""
        style = learned_style(request.style)
        library = Library.open(style) if style else None
        own = own_things(request, library) if library and "geometry" in request.crafts else []
        engine, crafts = "numpy", request.crafts
        if library and own:
            listener.emit("started", variants=request.variants, phase="Building")
            records = from_own(request, library, own, listener)
            crafts = tuple(craft for craft in crafts if craft != "materials")  # it has the artist's
        elif "geometry" in request.crafts:
            listener.emit("started", variants=request.variants, phase="Loading the model")
            # What the library knows nothing of, the starter knows better than a model that learned the library.
            known = library is not None and (request.record is not None or library.memory.called(request.prompt))
            model = self.model(self.path(request, style if known else None, "geometry"), request.engine)
            engine = model.engine.name
            listener.emit("progress", phase="Thinking", fraction=0.0)
            records = make_meshes(request, model, listener, library.habits if library else None)
        else:
            assert request.record is not None  # a request without geometry has one
            records = [read_record(Path(request.record))]
            listener.emit("started", variants=1, phase="Thinking")
        for craft in CRAFTS[1:]:
            if craft not in crafts:
                continue
            if library and "geometry" not in crafts and (extra := own_extra(records[0], craft, library, request)):
                records = [extra]
                continue
            model = self.model(self.path(request, style, craft), request.engine)
            engine = model.engine.name
            for number, record in enumerate(records):
                share = (number + 1) / len(records)
                records[number] = with_extra(record, craft, model, request, listener, share)
        if library and not own and "geometry" in request.crafts and request.record is None:
            records = [styled(record, library, request, variant) for variant, record in enumerate(records)]
        return records, engine

    @staticmethod
    def path(request: GenerateRequest, style: Style | None, craft: str) -> str:
        """The style's own model of a craft, if it has one."""
        own = style.model(craft) if style else None
        return str(own) if own else request.models[craft]

    def model(self, path: str, engine: str) -> decoding.Model:
        """The model of that file, loaded once and again when the file has changed."""
        key = (path, engine, Path(path).stat().st_mtime)
        if key not in self._models:
            self._models[key] = decoding.load_model(path, engine)
            while len(self._models) > LOADED:
                self._models.popitem(last=False)
        self._models.move_to_end(key)
        return self._models[key]
