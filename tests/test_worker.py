"""The worker and its telephone, with a real model whose weights are chance: it must serve, stop, crash and restart."""

import importlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from meshkiln.__main__ import VERBS, main
from meshkiln.addon.commands import inject
from meshkiln.jobs.processes import is_alive, meshkiln_command
from meshkiln.records import Record, validate
from meshkiln.trainer.codecs import codec
from meshkiln.trainer.generate import command, meshes
from meshkiln.trainer.generate.client import (
    PROTOCOL,
    Client,
    PipeError,
    exit_sentence,
    own_python,
    read_frame,
    read_record,
    write_frame,
    write_record,
)
from meshkiln.trainer.generate.listener import Quiet
from meshkiln.trainer.generate.request import GenerateRequest
from meshkiln.trainer.generate.service import Service
from meshkiln.trainer.model import checkpoint
from meshkiln.trainer.model.config import shapes
from meshkiln.trainer.model.presets import preset


def random_model(path: Path, craft: str = "geometry") -> Path:
    spec = codec(craft).spec
    config = preset("tiny").config(spec)
    rng = np.random.default_rng(1)
    arrays = {name: rng.normal(0, 0.02, shape).astype(np.float32) for name, shape in shapes(config).items()}
    return checkpoint.save(path, arrays, config, spec, craft=craft, preset="tiny")


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Path:
    return random_model(tmp_path_factory.mktemp("models") / "geometry.safetensors")


@pytest.fixture
def client(tmp_path):
    client = Client(own_python(), tmp_path / "logs" / "worker.log")
    yield client
    if client.alive:
        client.close()


def request(model: Path, out: Path, **more):
    base = {"do": "generate", "id": "1", "prompt": "barrel", "crafts": ["geometry"], "engine": "numpy", "seed": 3}
    return base | {"models": {"geometry": str(model)}, "faces": 12, "out": str(out)} | more


def events_until(client: Client, *ends: str, seconds: float = 60.0):
    events = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        event = client.wait_event(1.0)
        if event is None:
            continue
        events.append(event)
        if event["event"] in ends:
            return events
    raise AssertionError(f"none of {ends} in {seconds} s; came: {[e['event'] for e in events]}")


def test_a_frame_comes_back_as_it_was_and_a_cut_one_is_told_of(tmp_path):
    path = tmp_path / "frames"
    with open(path, "wb") as pipe:
        write_frame(pipe, {"do": "generate", "prompt": "Fäßchen 樽"})
        write_frame(pipe, {"do": "quit"})
    whole = path.read_bytes()
    with open(path, "rb") as pipe:
        assert read_frame(pipe) == {"do": "generate", "prompt": "Fäßchen 樽"}
        assert read_frame(pipe) == {"do": "quit"}
        assert read_frame(pipe) is None
    path.write_bytes(whole[:-3])
    with open(path, "rb") as pipe:
        read_frame(pipe)
        with pytest.raises(PipeError, match="middle of a frame"):
            read_frame(pipe)


def test_a_record_travels_by_file(tmp_path):
    record = Record({"format": 1, "kind": "mesh", "name": "a"}, {"mesh/position": np.zeros((3, 3), np.float32)})
    write_record(tmp_path / "r.safetensors", record)
    back = read_record(tmp_path / "r.safetensors")
    assert back.data == record.data
    assert np.array_equal(back.arrays["mesh/position"], record.arrays["mesh/position"])


def test_it_says_hello_streams_polygons_and_delivers_a_valid_record(client, model, tmp_path):
    client.send(request(model, tmp_path, variants=2))
    events = events_until(client, "done", "failed")
    kinds = [e["event"] for e in events]
    assert kinds[0] == "hello" and kinds[-1] == "done", events[-1]
    assert kinds.index("polygons") < kinds.index("result")
    results = [e for e in events if e["event"] == "result"]
    faces = 0
    for result in results:
        record = read_record(Path(result["record"]))
        validate(record)
        faces += len(record.arrays["mesh/loop_start"])
    shown = sum(len(e["corners"]) for e in events if e["event"] == "polygons")
    shown -= sum(e["polygons"] for e in events if e["event"] == "taken_back")
    assert shown == faces == events[-1]["polygons"]


def test_the_same_seed_gives_the_same_mesh(client, model, tmp_path):
    meshes = []
    for number in ("1", "2"):
        client.send(request(model, tmp_path, id=number))
        result = [e for e in events_until(client, "done", "failed") if e["event"] == "result"]
        meshes.append(read_record(Path(result[0]["record"])).arrays["mesh/position"])
    assert np.array_equal(*meshes)


def test_candidates_share_several_ideas_of_what_is_usual(model, tmp_path, monkeypatch):
    chosen = []
    models = {"geometry": str(model)}
    best = meshes.choosing.best

    def watched(records, **said):
        chosen.append(said["wishes"])
        return best(records, **said)

    monkeypatch.setattr(meshes.choosing, "best", watched)
    Service().make(GenerateRequest("barrel", models=models, faces=12, best_of=6, seed=1), Quiet())
    (wishes,) = chosen
    assert len({id(wish) for wish in wishes}) == meshes.REFERENCES
    assert {wish.faces for wish in wishes} == {12}, "what the person says counts for all of them"
    assert len({wish.size for wish in wishes}) > 1


def test_how_many_candidates_are_made_follows_all_ideas_of_how_many_faces_it_takes(model, tmp_path, monkeypatch):
    made = []
    monkeypatch.setattr(meshes.choosing, "best", lambda records, **said: made.append(len(said["wishes"])) or [0])
    monkeypatch.setattr(meshes.choosing, "FACES", 60)
    monkeypatch.setattr(meshes, "usual", lambda request, wish, number=0: {"faces": [4, 4, 22][number]})
    Service().make(GenerateRequest("barrel", models={"geometry": str(model)}, seed=3, best_of=12), Quiet())
    assert made == [6], "60 faces in all, ten for each"


def test_cancel_ends_a_generation_soon_and_the_next_one_works(client, model, tmp_path):
    client.send(request(model, tmp_path, faces=3000))
    events_until(client, "polygons")
    client.send({"do": "cancel", "id": "1"})
    began = time.monotonic()
    assert events_until(client, "cancelled", "done", "failed")[-1]["event"] == "cancelled"
    assert time.monotonic() - began < 2.0
    client.send(request(model, tmp_path, id="2"))
    assert events_until(client, "done", "failed")[-1]["event"] == "done"


def test_a_bad_request_costs_one_sentence(client, model, tmp_path):
    client.send(request(tmp_path / "nothing.safetensors", tmp_path))
    failed = events_until(client, "failed", "done")[-1]
    assert failed["event"] == "failed" and "nothing.safetensors" in failed["sentence"]
    client.send({"do": "dance", "id": "2"})
    assert "dance" in events_until(client, "failed")[-1]["sentence"]
    client.send(request(model, tmp_path, id="3", style="rococo"))
    assert "rococo" in events_until(client, "failed")[-1]["sentence"]
    assert client.alive
    client.send(request(model, tmp_path, id="4", style="kenney"))  # one that there is
    assert events_until(client, "done", "failed")[-1]["event"] == "done"


def test_a_killed_worker_is_told_of_in_a_sentence(client, model, tmp_path):
    client.send(request(model, tmp_path, faces=3000))
    events_until(client, "polygons")
    client.kill()
    began = time.monotonic()
    gone = events_until(client, "gone")[-1]
    assert time.monotonic() - began < 2.0
    assert "killed" in gone["sentence"] and gone["sentence"].endswith((".", "model."))
    assert not client.send({"do": "quit"})


def test_the_end_of_its_input_ends_it(client, model, tmp_path):
    client.send(request(model, tmp_path, faces=3000))
    events_until(client, "polygons")
    pid = client.pid
    began = time.monotonic()
    client.close(patience=3.0)
    assert time.monotonic() - began < 3.0
    assert not is_alive(pid)


def test_it_ends_with_whoever_started_it(model, tmp_path):
    """Blender may die without a word; nothing of ours may stay."""
    code = (
        "import sys, os, time; from pathlib import Path; from meshkiln.trainer.generate.client import *;"
        f"c = Client(own_python(), Path({str(tmp_path / 'log')!r})); c.wait_event(20);"
        "print(c.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    pid = int(parent.stdout.readline())
    assert is_alive(pid)
    parent.kill()
    parent.wait()
    end = time.monotonic() + 5
    while is_alive(pid) and time.monotonic() < end:
        time.sleep(0.05)
    assert not is_alive(pid)
    parent.stdout.close()


def test_nobody_asking_ends_it(tmp_path):
    client = Client(own_python(), tmp_path / "log", words=("--idle-minutes", "0.005"))
    events = events_until(client, "gone", seconds=20)
    assert [e["event"] for e in events if e["event"] != "alive"] == ["hello", "bye", "gone"]
    assert events[-1]["code"] == 0
    client.close()


def test_it_measures_itself(client):
    client.send({"do": "test", "id": "1"})
    assert "GFLOP/s" in events_until(client, "tested", "failed")[-1]["sentence"]


def test_an_exit_code_becomes_a_sentence():
    assert "memory" in exit_sentence(-9)
    assert "log" in exit_sentence(-11)


def test_the_verb_generates_json_and_continues_it(model, tmp_path):
    words = ["barrel", "--model", str(model), "--crafts", "geometry", "--faces", "12", "--engine", "numpy", "--json"]
    environment = {**os.environ, "MESHKILN_MODELS": ""}
    answers = []
    for out, more in (("a.json", []), ("b.json", ["--complete", str(tmp_path / "a.json")])):
        argv = meshkiln_command("generate", *words, "--out", str(tmp_path / out), *more)
        done = subprocess.run(argv, capture_output=True, text=True, env=environment, check=False)
        assert done.returncode == 0, done.stderr
        answers.append(json.loads(done.stdout.splitlines()[-1]))
    assert answers[0]["engine"] == "numpy" and answers[0]["objects"][0]["faces"] > 0
    assert answers[1]["objects"][0]["faces"] >= answers[0]["objects"][0]["faces"]
    assert json.loads((tmp_path / "a.json").read_text())["objects"][0]["name"] == "barrel"


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["--out", "no/a.json"], "does not exist"),
        (["--out", "a.json", "--crafts", "music"], "music"),
        (["--out", "a.json", "--crafts", "materials"], "geometry"),
        (["--out", "a.png"], ".png is not a format"),
        (["--out", "a"], "no ending"),
        (["--out", "there.json"], "--force"),
        (["--out", "a.json", "--render", "a.gif"], ".gif is not a format"),
        (["--out", "a.json", "--temperature", "nan"], "temperature"),
        (["--out", "a.json", "--guidance", "nan"], "guidance"),
        (["--out", "a.json", "--faces", "-1"], "faces"),
        (["--out", "a.json", "--variants", "-3"], "variants"),
        (["--out", "a.json", "--seed", "-1"], "seed"),
        (["--out", "a.json", "--size", "inf"], "size"),
        (["--out", "a.json", "--style", "rococo"], "rococo"),
        (["--out", "a.json", "--complete", "none.obj"], "does not exist"),
        (["--out", "a.json", "--blender", "none"], "--blender"),
        (["--out", "a.json", "--model", "none.safetensors"], "none.safetensors"),
        (["--out", "a.json", "--model", "there.json"], "there.json"),
    ],
)
def test_the_verb_says_what_is_wrong_before_any_work(tmp_path, monkeypatch, capsys, words, wanted):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Service, "make", lambda *_: pytest.fail("it began to work"))
    Path("there.json").write_text("{}")
    assert main(["generate", "barrel", *words]) == 2
    said = capsys.readouterr()
    assert wanted in said.err and said.err.count("\n") == 1 and not said.out


def test_an_empty_prompt_is_refused(tmp_path, capsys):
    assert main(["generate", " ", "--out", str(tmp_path / "a.json")]) == 2
    assert "prompt: is empty" in capsys.readouterr().err


def test_what_generate_may_write_is_what_inject_writes():
    assert command.ENDINGS == (".json", *inject.ENDINGS)


@pytest.mark.parametrize("verb", VERBS)
def test_ctrl_c_in_any_verb_is_one_sentence(monkeypatch, capsys, verb):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(importlib.import_module("meshkiln" + VERBS[verb][0]), "add_arguments", interrupted)
    assert main([verb]) == 130
    assert capsys.readouterr().err == f"\nmeshkiln {verb}: was interrupted\n"


@pytest.mark.skipif(sys.platform == "win32", reason="a signal that Windows does not have")
def test_ctrl_c_is_one_sentence(tmp_path):
    """A generation of minutes, interrupted as a terminal does it."""
    words = ("castle", "--out", str(tmp_path / "a.json"), "--variants", "16", "--best-of", "64", "--engine", "numpy")
    process = subprocess.Popen(
        meshkiln_command("generate", *words),
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background jobs ignore it
    )
    for line in process.stderr:
        if "Thinking" in line:
            break
    process.send_signal(signal.SIGINT)
    rest = process.stderr.read()
    assert process.wait(10) == 130
    assert rest.strip().endswith("meshkiln generate: was interrupted") and "Traceback" not in rest
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("error", "wanted"), [(OSError(28, "No space left on device", "/x/a.json"), "/x/a.json: No s"),
                                               (MemoryError(), "not enough memory")])  # fmt: skip
def test_what_no_verb_foresees_is_one_sentence(tmp_path, monkeypatch, capsys, error, wanted):
    def fail(*_):
        raise error

    monkeypatch.setattr(Service, "make", fail)
    words = ["generate", "barrel", "--out", str(tmp_path / "a.json")]
    assert main(words) == 1
    said = capsys.readouterr().err
    assert wanted in said and "Traceback" not in said
    monkeypatch.setenv("MESHKILN_DEBUG", "1")
    assert main(words) == 1
    assert "Traceback" in capsys.readouterr().err
    monkeypatch.setenv("MESHKILN_JOB", str(tmp_path / "job"))
    assert main(words) == 1
    assert wanted in json.loads((tmp_path / "job" / "state.json").read_text())["error"]


@pytest.mark.skipif(sys.platform == "win32", reason="the worker that it starts is a shell script")
def test_a_worker_of_another_version_is_told_of_in_a_sentence(tmp_path):
    """As when an update replaced the files of a Blender that still runs the old code."""
    body = json.dumps({"event": "hello", "protocol": PROTOCOL + 1}).encode()
    (tmp_path / "hello").write_bytes(len(body).to_bytes(4, "little") + body)
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\ncat '{tmp_path / 'hello'}'\nexec sleep 60\n")
    python.chmod(0o755)
    client = Client(str(python), tmp_path / "log")
    events = events_until(client, "gone")
    client.close()
    assert len(events) == 1 and "another version" in events[0]["sentence"]
