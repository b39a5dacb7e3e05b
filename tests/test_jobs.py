"""Long work: it outlives whoever started it, can be watched, cancelled and resumed, and says how it ended."""

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from meshkiln import jobs
from meshkiln.jobs import processes, scratch
from meshkiln.jobs.progress import Bar, format_seconds, read_json, replace_json

WORK = """
import sys, time
sys.path.insert(0, {parent!r})
from meshkiln.jobs import Reporter
report = Reporter()
report.phase("counting")
for i in range({steps}):
    if report.cancelled:
        report.stopped(reached=i)
        sys.exit(0)
    report.progress(i / {steps}, f"step {{i}}")
    report.metric(step=i, loss=1 / (i + 1))
    time.sleep({pause})
print("counted to", {steps})
{end}
"""


def work(steps=3, pause=0.01, end="report.done(total=3)"):
    return [sys.executable, "-c", WORK.format(parent="", steps=steps, pause=pause, end=end)]


def wait(folder, *statuses, seconds=20):
    end = time.monotonic() + seconds
    while (state := jobs.read(folder))["status"] not in statuses:
        assert time.monotonic() < end, state
        time.sleep(0.05)
    return state


def test_a_job_runs_and_leaves_its_result(tmp_path):
    state = jobs.start(tmp_path / "a", work(), name="count")
    assert state["status"] in ("queued", "running", "done") and state["name"] == "count"
    state = wait(tmp_path / "a", "done", "failed")
    assert state["status"] == "done" and state["result"] == {"total": 3} and state["progress"] == 1.0
    assert [m["step"] for m in jobs.read_metrics(tmp_path / "a")] == [0, 1, 2]
    assert "counted to 3" in jobs.read_log(tmp_path / "a")
    assert [s["name"] for s in jobs.list_jobs(tmp_path)] == ["count"]


@pytest.mark.skipif(os.name != "posix", reason="kill -9 of a process group")
def test_it_outlives_the_process_that_started_it(tmp_path):
    start = f"jobs.start({str(tmp_path / 'a')!r}, {work(20, 0.05)!r})"
    code = f"from meshkiln import jobs; import time; {start}; time.sleep(60)"
    parent = subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
    while not (tmp_path / "a" / "process.json").exists():
        time.sleep(0.02)
    os.killpg(parent.pid, signal.SIGKILL)
    parent.wait()
    assert wait(tmp_path / "a", "done", "failed", "lost")["status"] == "done"


def test_cancel_lets_it_save_and_resume_runs_it_again(tmp_path):
    jobs.start(tmp_path / "a", work(100, 0.02))
    wait(tmp_path / "a", "running")
    with pytest.raises(jobs.JobError, match="already running"):
        jobs.start(tmp_path / "a", work())
    jobs.cancel(tmp_path / "a")
    state = wait(tmp_path / "a", "cancelled", "done", "failed")
    assert state["status"] == "cancelled" and "reached" in state["result"]
    jobs.resume(tmp_path / "a")
    assert wait(tmp_path / "a", "done", "failed")["attempt"] == 2


def test_a_deaf_command_is_ended_after_its_grace(tmp_path):
    jobs.start(tmp_path / "a", [sys.executable, "-c", "import time; time.sleep(60)"], grace=0.1)
    wait(tmp_path / "a", "running")
    jobs.cancel(tmp_path / "a")
    assert wait(tmp_path / "a", "cancelled", "failed")["status"] == "cancelled"


@pytest.mark.parametrize(
    "code, sentence",
    [
        ("raise SystemExit('the cup is empty')", "ended with an error: the cup is empty"),
        ("import os; os.kill(os.getpid(), 9)", "was killed from outside"),
        ("import os; os.kill(os.getpid(), 11)", "crashed (segmentation fault)"),
        ("import sys; sys.exit(7)", "ended with code 7"),
    ],
)
@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_failed_command_is_explained(tmp_path, code, sentence):
    jobs.start(tmp_path / "a", [sys.executable, "-c", code])
    state = wait(tmp_path / "a", "failed", "done")
    assert state["status"] == "failed" and sentence in state["error"]


def test_a_missing_program_is_a_sentence(tmp_path):
    jobs.start(tmp_path / "a", [str(tmp_path / "no-such-program")])
    assert "could not start" in wait(tmp_path / "a", "failed")["error"]


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
def test_a_job_whose_processes_vanished_is_lost(tmp_path):
    jobs.start(tmp_path / "a", work(500, 0.05))
    wait(tmp_path / "a", "running")
    while "child" not in (process := read_json(tmp_path / "a" / "process.json") or {}):
        time.sleep(0.02)
    os.kill(process["pid"], signal.SIGKILL)
    os.kill(process["child"], signal.SIGKILL)
    state = wait(tmp_path / "a", "lost", "failed")
    assert state["status"] == "lost" and "resume" in state["error"]


def test_a_reused_process_number_is_not_the_job():
    assert processes.is_alive(os.getpid(), processes.start_token(os.getpid()))
    assert not processes.is_alive(os.getpid(), "another start")
    assert not processes.is_alive(None)
    assert processes.resident_bytes(os.getpid()) > 1_000_000


def test_queued_jobs_run_one_after_another(tmp_path):
    for name in "abc":
        jobs.start(tmp_path / name, work(5, 0.05), queue=tmp_path / "queue")
    states = [wait(tmp_path / name, "done", "failed") for name in "abc"]
    spans = sorted((state["started"], state["ended"]) for state in states)
    assert all(first[1] <= second[0] + 0.6 and first[0] < second[0] for first, second in zip(spans, spans[1:]))
    end = time.monotonic() + 10
    while list((tmp_path / "queue").iterdir()):  # the last word is the command's; its process ends a moment later
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_queued_job_can_be_cancelled(tmp_path):
    jobs.start(tmp_path / "a", work(200, 0.02), queue=tmp_path / "queue")
    wait(tmp_path / "a", "running")
    jobs.start(tmp_path / "b", work(), queue=tmp_path / "queue")
    jobs.cancel(tmp_path / "b")
    assert wait(tmp_path / "b", "cancelled", "done")["status"] == "cancelled"
    jobs.cancel(tmp_path / "a")
    wait(tmp_path / "a", "cancelled")


def test_the_bar_shows_share_and_time_left():
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    terminal = Terminal()
    bar = Bar(terminal)
    bar.show("reading", 0.5, "chair.blend", 75)
    bar.close("all read")
    assert "############............" in terminal.getvalue() and " 50%" in terminal.getvalue()
    assert "1:15 left" in terminal.getvalue() and terminal.getvalue().endswith("all read\n")
    assert [format_seconds(s) for s in (7, 65, 7400)] == ["7 s", "1:05", "2:03:20"]


def test_without_a_terminal_there_are_lines_not_bars(capsys, monkeypatch):
    monkeypatch.delenv("MESHKILN_JOB", raising=False)
    report = jobs.Reporter()
    report.phase("reading")
    for i in range(100):
        report.progress(i / 100, "x")
    report.done()
    shown = capsys.readouterr()
    assert shown.out == "" and 1 <= len(shown.err.splitlines()) <= 3 and "\r" not in shown.err


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
def test_what_a_killed_process_leaves_is_removed_at_the_next_start_and_nothing_else(tmp_path, monkeypatch):
    code = (
        "from meshkiln.jobs import scratch; import sys, time;"
        "print(scratch.make('test'), flush=True); time.sleep(60)"
    )  # fmt: skip
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment)
    left = Path(child.stdout.readline().strip())
    assert left.parent == tmp_path and left.stat().st_mode & 0o077 == 0
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert scratch.sweep() == 0 and left.exists(), "its process lives"
    child.kill()
    child.wait()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / scratch.OWNER).write_text('{"pid": 1, "token": "dead"}')
    (tmp_path / "meshkiln-link").symlink_to(elsewhere, target_is_directory=True)
    (tmp_path / "meshkiln-notes").mkdir()
    assert scratch.sweep() == 1
    assert not left.exists() and elsewhere.exists() and (tmp_path / "meshkiln-notes").exists()


def test_a_link_that_waits_under_a_temporary_name_leads_nowhere(tmp_path):
    victim = tmp_path / "victim.txt"
    victim.write_text("precious")
    for name in (f".state.json.{os.getpid()}.tmp", ".state.json.tmp"):
        (tmp_path / name).symlink_to(victim)
    replace_json(tmp_path / "state.json", {"status": "done"})
    assert victim.read_text() == "precious" and read_json(tmp_path / "state.json") == {"status": "done"}
