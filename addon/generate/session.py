"""The connection to the worker: one process, one reader thread, one queue, one timer.

Everything that touches Blender happens in `Session.tick`, on the main thread, for at most `BUDGET` seconds a turn.
Nothing here holds a datablock: what outlives a turn is plain data. The caller decides what to do with a result
(`Generation.landed`); this module knows neither panels nor operators.
"""

import itertools
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import bpy

from ...records import Record
from ...trainer.generate import client as worker_client
from ...trainer.generate.request import AnyRequest, GenerateRequest
from .. import job_list, paths, preferences, runtime
from .chore import Chore
from .preview import Preview
from .redraw import Redraw
from .suggestion import Suggestion

BUDGET = 0.005  # seconds a turn of the timer may take from the main thread
CHORE_BUDGET = 0.01  # the same for a chore, which shows no preview
BUSY_INTERVAL = 0.02
IDLE_INTERVAL = 0.5
SILENCE = 20.0  # seconds without a heartbeat after which the worker counts as stuck

_numbers = itertools.count(1)


@dataclass
class Generation:
    """One request and its results so far. `what` is a word for the panel: Generate, Vary, ..."""

    what: str
    request: GenerateRequest
    landed: Callable[["Generation"], None]
    place: Any = None  # 4x4 matrix where it appears; None: nothing to draw
    context: dict[str, Any] = field(default_factory=dict)  # plain data for `landed`
    state: str = "starting"  # starting, running, landing, done, cancelled, failed
    fraction: float = 0.0
    polygons: int = 0
    speed: float = 0.0
    phase: str = "Starting"
    asked: float = field(default_factory=time.monotonic)
    first_face: float = 0.0  # seconds from click to the first polygon here
    seconds: float = 0.0
    results: dict[int, list[Record]] = field(default_factory=dict)
    preview: Preview | None = None
    id: str = ""  # set when it starts
    tools: frozenset[str] = frozenset()  # modal operators already running at the request: it does not wait for those


def running_tools() -> frozenset[str]:
    """Modal operators at work in any window, such as a transform that follows the mouse."""
    if bpy.app.background:
        return frozenset()
    windows = bpy.context.window_manager.windows
    return frozenset(tool.bl_idname for window in windows for tool in getattr(window, "modal_operators", ()))


class Session:
    """Made once by `get`; closed when the extension is disabled."""

    def __init__(self) -> None:
        self.client: worker_client.Client | None = None
        self.generation: Generation | None = None
        self.sentence = ""  # the last message, for the panel
        self.is_error = False
        self.answers: dict[str, dict[str, Any]] = {}  # to requests other than generations, by id
        self.suggestion: Suggestion | None = None  # shown in the panel until it is applied or discarded
        self.test_id = ""  # of the last request "test"
        self.assets_asked = ""  # id of the last correction of the library's assets
        self.assets_changed = 0  # number of corrections: the panel lists the assets again after each
        self.assets_chosen: set[str] = set()  # keys of the assets that Join would join
        self.assets_first = 0  # index of the first asset that the panel shows
        self.chore: Chore | None = None
        self.landed: dict[str, Any] = {}  # the last result: when it landed, its objects' names, what is known of it
        self.on_jobs: Callable[[], None] | None = None  # called about once a second while jobs are watched
        self._looked_up: set[str] = set()
        self._jobs_until = 0.0
        self.worst_turn = 0.0  # seconds; for the bench
        self._redraw = Redraw()

    # ------------------------------------------------------------------ asking

    def warm_up(self) -> worker_client.Client:
        """Start a worker if none runs, without waiting for it."""
        if self.client is None or not self.client.alive:
            if self.client is not None:
                self.client.close()
            log = paths.worker_log()
            if log.is_file() and log.stat().st_size > 1 << 20:
                log.unlink(missing_ok=True)
            self.client = worker_client.Client(runtime.worker_python(), log)
        self._keep_time()
        return self.client

    def generate(self, generation: Generation) -> None:
        """Start it; an earlier generation that still runs is cancelled."""
        self.cancel()
        self.say("")
        generation.id = str(next(_numbers))
        generation.tools = running_tools()
        generation.request = replace(generation.request, out=str(paths.results_folder()))
        if generation.place is not None:
            generation.preview = Preview(generation.place)
            generation.preview.show()
        self.generation = generation
        self.warm_up().ask(generation.id, generation.request)
        self._keep_time()
        self.redraw(now=True)

    def ask(self, request: AnyRequest, request_id: str = "") -> str:
        """Send another request; its last event is put into `answers` under the id that is returned."""
        request_id = request_id or str(next(_numbers))
        self.warm_up().ask(request_id, request)
        return request_id

    def look_up(self, request: AnyRequest, stamp: float = 0.0) -> dict[str, Any] | None:
        """The answer to a request that panels may make at every redraw; None until it has arrived. The request is sent
        once, and again when `stamp` changes."""
        key = f"{request} {stamp}"
        if key not in self._looked_up and not bpy.app.background:
            self._looked_up.add(key)
            self.ask(request, key)
        answer = self.answers.get(key)
        return answer if answer is not None and answer["event"] == "listed" else None

    def cancel(self) -> None:
        """Cancel the running generation; the scene is as before at once."""
        generation = self.generation
        if generation is None or generation.state not in ("starting", "running", "landing"):
            return
        if self.client is not None:
            self.client.send({"do": "cancel", "id": generation.id})
        self._finish("cancelled", f"{generation.what} was canceled.")

    @property
    def busy(self) -> bool:
        return self.generation is not None and self.generation.state in ("starting", "running", "landing")

    def wait(self, timeout: float = 600.0) -> None:
        """Work until the generation has ended: for background Blender, where no timer fires."""
        end = time.monotonic() + timeout
        while self.busy and time.monotonic() < end:
            event = self.client.wait_event(0.2) if self.client else None
            if event is not None:
                self._apply(event)
            self._watch()

    def wait_answer(self, request_id: str, timeout: float = 120.0) -> None:
        """Like `wait`, for a request made with `ask`."""
        end = time.monotonic() + timeout
        while request_id not in self.answers and self.client is not None and time.monotonic() < end:
            event = self.client.wait_event(0.2)
            if event is not None:
                self._apply(event)

    def begin(self, chore: Chore) -> None:
        """Work on it in the coming turns; in background Blender at once, until it is done."""
        self.drop_chore()
        self.say("")
        self.chore = chore
        while bpy.app.background and self.chore is not None:
            self._work(1.0)
        self._keep_time()

    def drop_chore(self) -> None:
        if self.chore is not None:
            self.chore.drop()
            self.chore = None
            self._redraw.wanted = True

    def _work(self, seconds: float) -> None:
        """Work on the chore for about this many seconds."""
        chore = self.chore
        if chore is not None and chore.work(seconds):
            self._redraw.wanted = True
        if chore is not None and chore.ended and self.chore is chore:
            self.chore = None

    def keep_watching(self) -> None:
        """A panel shows something that changes by itself: keep the timer running for a while."""
        if not bpy.app.background and not bpy.app.timers.is_registered(_tick):
            self.watch_jobs()

    def watch_jobs(self) -> None:
        """A job was started or has ended: show it, and keep checking while any runs."""
        self._jobs_until = time.monotonic() + 5.0
        self._keep_time()

    # ------------------------------------------------------------------ the timer

    def tick(self) -> float | None:
        """One turn. Returns when the next is due, None when there is nothing left to watch."""
        began = time.perf_counter()
        self._redraw.turn_begins()
        try:
            if self.client is not None:
                for event in self.client.events():
                    self._apply(event)
                    if time.perf_counter() - began > BUDGET:
                        break
            self._watch()
            self._land()
            if self.chore is not None:
                self._work(CHORE_BUDGET)
            self.redraw()
            watching = self._watch_jobs()
        except Exception as error:  # Blender drops a timer that raises, and the panel would wait forever
            traceback.print_exc()
            self.chore = None
            self._finish("failed", f"Meshkiln hit an internal error: {error}. See the console for details.")
            watching = False
        self.worst_turn = max(self.worst_turn, time.perf_counter() - began)
        working = self.busy or self.chore is not None
        interval = BUSY_INTERVAL if working else IDLE_INTERVAL if self.client is not None or watching else None
        self._redraw.turn_ends(interval if self.busy else None)
        return interval

    def _watch_jobs(self) -> bool:
        """Redraw what shows jobs, about once a second while one runs; whether one does."""
        if self.busy:
            return True
        now = time.monotonic()
        if not job_list.running() and now > self._jobs_until:
            return False
        if now - self._redraw.drawn > 1.0:
            if self.on_jobs is not None:
                self.on_jobs()
            self.redraw(now=True)
        return True

    def _keep_time(self) -> None:
        if not bpy.app.background:
            if bpy.app.timers.is_registered(_tick):
                bpy.app.timers.unregister(_tick)  # it may sleep for an idle interval
            bpy.app.timers.register(_tick, first_interval=0.0, persistent=True)

    def _watch(self) -> None:
        """A worker that runs but sends nothing, not even a heartbeat, is stuck."""
        waits = self.generation is not None and self.generation.state == "landing"
        if self.busy and not waits and self.client is not None and time.monotonic() - self.client.last_word > SILENCE:
            self.client.kill()

    # ------------------------------------------------------------------ events

    def _apply(self, event: dict[str, Any]) -> None:
        kind = event["event"]
        if kind in ("hello", "alive"):
            pass
        elif kind in ("gone", "bye"):
            self._worker_ended(event)
        elif self.generation is not None and event.get("id") == self.generation.id:
            if self.busy:
                self._advance(self.generation, kind, event)
        elif kind == "result":
            Path(event["record"]).unlink(missing_ok=True)  # of a generation that was cancelled
        elif kind in ("tested", "listed", "failed"):
            self.answers[event["id"]] = event
            self._redraw.wanted = True
            if event.get("training"):
                runtime.remember_speed(runtime.worker_python(), event["training"])

    def _advance(self, generation: Generation, kind: str, event: dict[str, Any]) -> None:
        self._redraw.wanted = True
        if kind == "started":
            generation.state = "running"
            generation.phase = event.get("phase", "Thinking")
        elif kind == "polygons":
            if not generation.polygons:
                generation.first_face = time.monotonic() - generation.asked
            generation.polygons += len(event["corners"])
            if generation.preview is not None:
                generation.preview.add(event["variant"], event["corners"])
        elif kind == "taken_back":
            generation.polygons -= event["polygons"]
            if generation.preview is not None:
                generation.preview.take_back(event["variant"], event["polygons"])
        elif kind == "progress":
            for name in ("fraction", "speed", "phase"):
                if name in event:
                    setattr(generation, name, event[name])
        elif kind == "result":
            path = Path(event["record"])
            generation.results.setdefault(event["variant"], []).append(worker_client.read_record(path))
            path.unlink(missing_ok=True)
        elif kind == "done":
            generation.seconds = event.get("seconds", 0.0)
            generation.state = "landing"
            self._land()
        elif kind == "failed":
            self._finish("failed", event["sentence"])

    def _land(self) -> None:
        """Put the result into the scene as soon as no tool is running: some Blender versions crash otherwise."""
        generation = self.generation
        if generation is None or generation.state != "landing":
            return
        if running_tools() - generation.tools:
            generation.phase = "Waiting for the active tool"
            return
        self._finish("done", "")
        generation.landed(generation)

    def _worker_ended(self, event: dict[str, Any]) -> None:
        if event["event"] == "bye":
            return  # "gone" follows
        if self.client is not None:
            self.client.close()
            self.client = None
        if self.busy and self.generation is not None and self.generation.state != "landing":
            self._finish("failed", f"{event['sentence']} The scene is unchanged; Generate starts a new worker.")

    def _finish(self, state: str, sentence: str) -> None:
        generation = self.generation
        if generation is not None:
            generation.state = state
            if generation.preview is not None:
                generation.preview.hide()
                generation.preview = None
        self.say(sentence, error=state == "failed")

    # ------------------------------------------------------------------ messages

    def say(self, sentence: str, error: bool = False) -> None:
        self.sentence, self.is_error = sentence, error
        self.redraw(now=True)

    def redraw(self, now: bool = False) -> None:
        """Redraw the 3D viewports, now or as soon as drawing is cheap."""
        self._redraw.ask(now)

    def restart(self) -> None:
        """End the worker; the next request starts a new one, perhaps with another runtime."""
        self.cancel()
        self._looked_up.clear()
        if self.client is not None:
            self.client.close()
            self.client = None

    def close(self) -> None:
        """End everything: nothing of ours runs afterwards."""
        self.drop_chore()
        if bpy.app.timers.is_registered(_tick):
            bpy.app.timers.unregister(_tick)
        generation = self.generation
        if generation is not None and generation.preview is not None:
            generation.preview.hide()
        self.generation = None
        if self.client is not None:
            self.client.close()
            self.client = None


_session: Session | None = None


def get() -> Session:
    """The session of this Blender."""
    global _session
    if _session is None:
        _session = Session()
    return _session


def _tick() -> float | None:
    return None if _session is None else _session.tick()


@bpy.app.handlers.persistent
def _before_load(*_: Any) -> None:
    """Another file is being opened: cancel what was meant for this one."""
    if _session is not None:
        _session.cancel()
        _session.drop_chore()
        _session.suggestion = None


@bpy.app.handlers.persistent
def _after_load(*_: Any) -> None:
    """Settings in the window manager are new with every file: remembered values are put back."""
    for manager in bpy.data.window_managers:
        preferences.recall_paths(manager.meshkiln)


def _at_start() -> None:
    _after_load()
    if job_list.running():
        get().watch_jobs()  # one that was started before Blender was closed


def attach() -> None:
    bpy.app.handlers.load_pre.append(_before_load)
    bpy.app.handlers.load_post.append(_after_load)
    if not bpy.app.background:
        bpy.app.timers.register(_at_start, first_interval=1.0)


def detach() -> None:
    global _session
    if _before_load in bpy.app.handlers.load_pre:
        bpy.app.handlers.load_pre.remove(_before_load)
    if _after_load in bpy.app.handlers.load_post:
        bpy.app.handlers.load_post.remove(_after_load)
    if bpy.app.timers.is_registered(_at_start):
        bpy.app.timers.unregister(_at_start)
    if _session is not None:
        _session.close()
        _session = None
