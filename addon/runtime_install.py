"""The job that installs PyTorch into an environment of its own, never into Blender's Python.

Runs outside Blender (standard library only; knows neither bpy nor torch):

    main(["--folder", FOLDER, "--index", URL, "--base", PYTHON])

FOLDER/venv is made, pip in it fetches torch, numpy and safetensors, and FOLDER/ready.json is written when torch has
been imported there. Run again, it mends what is half there. Nothing outside FOLDER changes.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from ..jobs.progress import Reporter, replace_json

PACKAGES = ("torch", "numpy", "safetensors")
CANDIDATES = ("python3.13", "python3.12", "python3.11", "python3", "python")
LOOK = (
    "import json, torch; cuda = torch.cuda.is_available(); "
    "mps = hasattr(torch.backends, 'mps') and torch.backends.mps.is_available(); "
    "print(json.dumps({'torch': torch.__version__, 'device': torch.cuda.get_device_name(0) if cuda else "
    "'Apple GPU' if mps else 'processor', 'gpus': torch.cuda.device_count() if cuda else int(mps)}))"
)


class InstallError(RuntimeError):
    """Why it cannot be installed, in a sentence."""


class Stopped(Exception):
    """Somebody asked the job to stop."""


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="install-runtime")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--index", default="")
    parser.add_argument("--base", default="")
    args = parser.parse_args(argv)
    report = Reporter()
    try:
        found = install(args.folder, args.index, args.base, report)
    except InstallError as error:
        report.failed(str(error))
        print(error, file=sys.stderr)
        return 1
    except Stopped:
        report.stopped()
        return 130
    report.done(**found)
    return 0


def install(folder: Path, index: str, base: str, report: Reporter) -> dict[str, object]:
    """Make or mend the environment; what torch says of itself there."""
    folder.mkdir(parents=True, exist_ok=True)
    ready = folder / "ready.json"
    ready.unlink(missing_ok=True)
    python = folder / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not (python.is_file() and _runs(str(python), "import pip")):
        report.phase("Making the environment")
        shutil.rmtree(folder / "venv", ignore_errors=True)
        make_environment(folder / "venv", base)
    report.phase("Downloading PyTorch")
    progress = "raw" if newest_pip(python) else "off"
    command = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    command += ["--progress-bar", progress]
    if index:
        # Beside the usual index: of the same version, the build made for this device sorts higher ("2.9.0+cu130").
        command += ["--extra-index-url", index]
    last = ""
    for line in _lines([*command, *PACKAGES], report):
        fraction, text = understand(line)
        if text:
            print(line, flush=True)
            last = text.rpartition("/")[2]
        if text.startswith("Installing collected packages"):
            report.phase("Installing PyTorch")
            text, last = "a few minutes", ""
        report.progress(fraction, (text or last)[:80])
    report.phase("Trying it")
    done = subprocess.run([str(python), "-c", LOOK], capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr, file=sys.stderr)
        raise InstallError("PyTorch was installed but does not start here; the log says why. Try another build.")
    found = json.loads(done.stdout.strip().splitlines()[-1])
    replace_json(ready, found)
    return found


def newest_pip(python: Path) -> bool:
    """Bring the environment's own pip up to date; whether it can then tell its progress in numbers."""
    command = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--upgrade", "pip"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    print(done.stdout, done.stderr, flush=True)
    return _runs(str(python), "import pip, sys; sys.exit(tuple(map(int, pip.__version__.split('.')[:2])) < (24, 1))")


def make_environment(folder: Path, base: str) -> None:
    tried = []
    for python in dict.fromkeys(filter(None, [base, sys.executable, *(shutil.which(c) for c in CANDIDATES)])):
        if not _runs(python, "import sys, venv, ensurepip; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 14))"):
            tried.append(python)
            continue
        done = subprocess.run([python, "-m", "venv", str(folder)], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return
        tried.append(python)
        print(done.stdout, done.stderr, file=sys.stderr)
    raise InstallError(
        "There is no Python here that can make an environment. Install Python 3.11 to 3.13 from python.org (on Debian "
        f"and Ubuntu also python3-venv) and try again. Tried: {', '.join(tried) or 'none'}."
    )


def understand(line: str) -> tuple[float | None, str]:
    """(fraction of the present download, what a person may read) of one line of pip's output."""
    counted = re.match(r"Progress (\d+) of (\d+)", line)
    if counted:
        return int(counted[1]) / max(1, int(counted[2])), ""
    return None, line.strip()


def _lines(command: list[str], report: Reporter) -> Iterator[str]:
    """What pip prints, line by line; ends it when the job is cancelled."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONNOUSERSITE": "1"}
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", env=environment
    )
    ended = threading.Event()
    stopped = threading.Event()

    def watch() -> None:
        while not ended.wait(0.3):
            if report.cancelled:
                stopped.set()
                process.terminate()
                return

    threading.Thread(target=watch, daemon=True).start()
    error = ""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("ERROR:"):
            error = line[6:].strip()
        yield line.rstrip("\n")
    code = process.wait()
    ended.set()
    if stopped.is_set():
        raise Stopped
    if code:
        raise InstallError(_why(error))


def _why(error: str) -> str:
    if "No space left" in error:
        return "The disk is full. Free some space and press Retry; what is there is used again."
    if "Could not find a version" in error or "No matching distribution" in error:
        return "PyTorch could not be found. Is this machine online? Is the right build chosen? " + error
    return error or "pip could not install PyTorch; the log says why. Retry goes on where it stopped."


def _runs(python: str, code: str) -> bool:
    try:
        return subprocess.run([python, "-c", code], capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
