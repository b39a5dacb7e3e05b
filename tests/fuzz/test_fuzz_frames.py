"""Hostile bytes and messages on the worker's pipe: each costs an error event, and the worker goes on."""

import io
import json
import random
import struct
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from meshkiln.jobs.processes import meshkiln_command
from meshkiln.trainer.generate.client import (
    LARGEST_REQUEST,
    FrameError,
    PipeError,
    read_frame,
    write_frame,
)
from meshkiln.trainer.generate.listener import Quiet
from meshkiln.trainer.generate.request import REQUESTS, LoadRequest, RequestError
from meshkiln.trainer.generate.service import Service
from meshkiln.trainer.generate.worker import opened

VALUES: list[Any] = [
    None, True, 0, -1, 7, 2**63, 10**400, 0.5, float("nan"), float("inf"), -1e308, "", "generate", "\ud800", "\0",
    "x" * 3000, [], [[]], [1, 2, 3], {}, {"geometry": "/nowhere"}, {"geometry": 3}, ["geometry"], ["music"],
]  # fmt: skip
FIELDS = [
    "prompt", "crafts", "models", "variants", "best_of", "seed", "faces", "size", "style", "frames", "target",
    "temperature", "guidance", "engine", "record", "keep", "complete", "out", "dataset", "speed", "craft", "folders",
]  # fmt: skip


def framed(body: bytes) -> bytes:
    return struct.pack("<I", len(body)) + body


def hostile_message(rng: random.Random) -> Any:
    """A JSON value: mostly an object that is nearly a request, with wrong fields and wrong types."""
    if rng.random() < 0.2:
        return rng.choice(VALUES)
    message = {"do": rng.choice([*REQUESTS, "cancel", "dance", "__init__", "answer", None, 3, []]), "id": "1"}
    for _ in range(rng.randint(0, 5)):
        message[rng.choice([*FIELDS, "id", "do", "\ud800", ""])] = rng.choice(VALUES)
    return message


def hostile_body(rng: random.Random) -> bytes:
    """A frame's body: JSON, or JSON with bytes changed, or no JSON at all."""
    body = json.dumps(hostile_message(rng)).encode()
    way = rng.random()
    if way < 0.6:
        return body
    if way < 0.7:
        return body[: rng.randint(0, len(body))]
    if way < 0.8:
        return rng.randbytes(rng.randint(0, 60))
    if way < 0.85:
        return b"[" * rng.randint(1, 90_000)
    if way < 0.9:
        return b'{"a":' * rng.randint(1, 50_000)
    changed = bytearray(body)
    for _ in range(rng.randint(1, 4)):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def outcome(body: bytes) -> str:
    """What the worker makes of a frame: "request", "control", or an error's sentence. Anything else fails the test."""
    pipe = io.BytesIO(framed(body) + framed(b'{"do":"test"}'))
    try:
        message = read_frame(pipe, LARGEST_REQUEST)
        assert message is not None
        do, _, rest = opened(message)
        if do in REQUESTS:
            REQUESTS[do].from_dict(rest)
        said = "request" if do in REQUESTS else "control"
    except (FrameError, RequestError) as error:
        said = str(error)
        assert said and said.encode() and len(said) < 700
    assert read_frame(pipe) == {"do": "test"}, "the next frame is read as if nothing had been"
    return said


def test_hostile_frames_cost_a_sentence_each() -> None:
    sentences = [outcome(hostile_body(random.Random(seed))) for seed in range(400)]
    wrong = [said for said in sentences if said not in ("request", "control")]
    assert 200 < len(wrong) < 400
    for part in ("JSON, but not an object", "no JSON", "nested too deeply", "has no option", "do: there is no"):
        assert any(part in said for said in wrong), part


@pytest.mark.slow
def test_many_more_hostile_frames_cost_a_sentence_each() -> None:
    for seed in range(400, 2400):
        outcome(hostile_body(random.Random(seed)))


def test_what_cannot_be_followed_by_anything_is_said_to_be_the_end() -> None:
    for stream in (b"\xff\xff\xff\xff", b"GET / HTTP/1.1\r\n", framed(b'{"do"')[:-2], b"\1"):
        with pytest.raises(PipeError):
            read_frame(io.BytesIO(stream), LARGEST_REQUEST)
    assert read_frame(io.BytesIO(b"")) is None


def test_half_a_surrogate_pair_travels() -> None:
    pipe = io.BytesIO()
    write_frame(pipe, {"event": "failed", "sentence": "\ud800 Fäßchen"})
    pipe.seek(0)
    assert read_frame(pipe) == {"event": "failed", "sentence": "\ud800 Fäßchen"}


def test_the_service_answers_a_valid_request_for_what_is_not_there_with_an_exception_of_ours() -> None:
    with pytest.raises((ValueError, OSError), match="nowhere"):
        Service().answer(LoadRequest({"geometry": "/nowhere"}), "1", Quiet())


class RealWorker:
    """A worker process whose pipes the test holds."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "log"
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                meshkiln_command("worker", "--idle-minutes", "5"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        assert self.process.stdin is not None and self.process.stdout is not None
        self.to, self.come = self.process.stdin, self.process.stdout

    def send(self, stream: bytes) -> None:
        self.to.write(stream)
        self.to.flush()

    def event(self) -> dict[str, Any]:
        """The next event that is no heartbeat. The test's own timeout ends waiting for ever."""
        while True:
            event = read_frame(self.come)
            assert event is not None, "the worker has ended"
            if event["event"] not in ("alive", "hello"):
                return event

    def end(self) -> tuple[list[str], int]:
        """(the last events' kinds, exit code) after its input was closed."""
        self.to.close()
        kinds = []
        while (event := read_frame(self.come)) is not None:
            kinds.append(event["event"])
        return kinds, self.process.wait(10)


@pytest.fixture
def worker(tmp_path: Path):
    worker = RealWorker(tmp_path)
    yield worker
    worker.process.kill()
    worker.process.wait()
    for pipe in (worker.to, worker.come):
        try:
            pipe.close()
        except BrokenPipeError:
            pass


def test_a_list_does_not_deafen_the_worker(worker: RealWorker) -> None:
    for body in (b"[]", b"3", b"null", b'"generate"', b"\xff\xfe", b"[" * 5000, b"{", b"{}", b'{"do": ["cancel"]}'):
        worker.send(framed(body))
        event = worker.event()
        assert event["event"] == "failed" and event["sentence"], (body, event)
    worker.send(framed(b'{"do":"load","id":"7"}'))
    assert worker.event() == {"event": "listed", "id": "7"}
    kinds, code = worker.end()
    assert code == 0, kinds
    assert worker.log.read_text(encoding="utf-8") == ""


def test_dozens_of_hostile_frames_leave_it_working(worker: RealWorker) -> None:
    rng = random.Random(11)
    for number in range(60):
        body = hostile_body(rng)
        if outcome(body) in ("request", "control"):
            continue
        worker.send(framed(body) + framed(json.dumps({"do": "load", "id": f"after {number}"}).encode()))
        assert worker.event()["event"] == "failed"
        assert worker.event() == {"event": "listed", "id": f"after {number}"}
    assert worker.end()[1] == 0


def test_a_wrong_request_fails_under_its_own_id(worker: RealWorker) -> None:
    worker.send(framed(b'{"do":"generate","id":"9","prompt":"barrel","temperature":NaN,"models":{"geometry":"x"}}'))
    event = worker.event()
    assert (event["event"], event["id"]) == ("failed", "9") and "temperature" in event["sentence"]


@pytest.mark.parametrize("stream", [b"\xff\xff\xff\xff", struct.pack("<I", 100) + b'{"do"', b"\1", b""])
def test_the_end_of_its_input_ends_it_whatever_came_last(worker: RealWorker, stream: bytes) -> None:
    if stream:
        worker.send(stream)
    began = time.monotonic()
    kinds, code = worker.end()
    assert code == 0 and time.monotonic() - began < 10.0
    assert ("failed" in kinds) == bool(stream), kinds
