"""pip as the installer uses it: pinned versions, known hashes, wheels only, one index for each package.

What pip is set to on this machine (other indexes, folders of wheels, constraints) is ignored, except the index it uses
as PyPI and its network settings. Standard library only.
"""

import ast
import hashlib
import os
import re
import subprocess
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ..jobs.progress import Reporter

PYPI = "https://pypi.org/simple"
# Those of pip's settings that only say how to reach the network.
KEPT = ("proxy", "cert", "client-cert", "trusted-host", "timeout", "retries")
Package = dict[str, Any]  # {"name", "version", "hashes": [sha256, ...]}


class InstallError(RuntimeError):
    """Why it cannot be installed, in a sentence."""


class Stopped(Exception):
    """The job was asked to stop."""


class Pip:
    """The pip of one environment."""

    def __init__(self, python: Path, report: Reporter, index: str = "") -> None:
        self.python = python
        self.report = report
        settings = self._settings()
        self.index = index or settings.get("index-url", PYPI)
        self.options = [option for key in KEPT if key in settings for option in (f"--{key}", settings[key])]
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
        # No file of settings is read, so nobody's extra index, constraint or folder of wheels is asked.
        self.environment = {**kept, "PIP_CONFIG_FILE": os.devnull, "PYTHONUNBUFFERED": "1", "PYTHONNOUSERSITE": "1"}

    def _settings(self) -> dict[str, str]:
        """pip's settings from its files and from the environment, which wins."""
        command = [str(self.python), "-m", "pip", "config", "list", "--disable-pip-version-check"]
        shown = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        settings: dict[str, str] = {}
        for line in sorted(shown.splitlines(), key=lambda line: line.startswith(":env:")):
            key, _, value = line.partition("=")
            section, _, name = key.rpartition(".")
            if section in ("global", "download", ":env:") and value.startswith(("'", '"')):
                settings[name] = str(ast.literal_eval(value))
        return settings

    def install_pip(self, pin: Package, wheels: Path) -> None:
        """Update the environment's pip to the pinned version, which can report progress as numbers."""
        wanted = f"import pip, sys; sys.exit(pip.__version__ != {pin['version']!r})"
        if not runs(str(self.python), wanted):
            self.download([pin], wheels)
            self.install([pin], wheels)

    def download(self, packages: Iterable[Package], wheels: Path) -> None:
        """Fetch wheels of exactly these versions, from the usual index; InstallError if a hash differs."""
        arguments = ["download", *self._only(self.index), "--require-hashes", "--dest", str(wheels)]
        self._run([*arguments, "--requirement", str(_requirements(packages, wheels))])

    def download_one(self, name: str, version: str, index: str, wheels: Path) -> Package:
        """Fetch one wheel whose hash is not known, from `index` alone; the package with the hash and "file"."""
        before = set(wheels.glob("*.whl"))
        self._run(["download", *self._only(index), "--dest", str(wheels), f"{name}=={version}"])
        files = set(wheels.glob("*.whl")) - before
        if len(files) != 1:
            raise InstallError(f"{name} {version} did not come as one wheel from {index}.")
        file = files.pop()
        return {"name": name, "version": version, "hashes": [sha256(file)], "file": str(file)}

    def install(self, packages: Iterable[Package], wheels: Path) -> None:
        """Install what was downloaded; hashes are checked once more, and no index is used."""
        arguments = ["install", "--no-index", "--find-links", str(wheels), "--no-deps", "--only-binary", ":all:"]
        self._run([*arguments, "--require-hashes", "--requirement", str(_requirements(packages, wheels))])

    def check(self) -> None:
        """InstallError if an installed package lacks a dependency."""
        done = subprocess.run(
            [str(self.python), "-m", "pip", "check"], capture_output=True, text=True, check=False, env=self.environment
        )
        if done.returncode:
            raise InstallError(f"PyTorch is incomplete: {(done.stdout or done.stderr).strip().splitlines()[0]}.")

    def _only(self, index: str) -> list[str]:
        return ["--index-url", index, "--no-deps", "--only-binary", ":all:", *self.options]

    def _run(self, arguments: list[str]) -> None:
        """Run pip and report its progress; InstallError or Stopped if it does not finish."""
        command = [str(self.python), "-m", "pip", *arguments, "--disable-pip-version-check", "--no-input"]
        if arguments[0] == "download" and runs(str(self.python), _COUNTS):
            command += ["--progress-bar", "raw"]
        last = ""
        for line in self._lines(command):
            fraction, text = understand(line)
            if text:
                print(text, flush=True)
                last = text.rpartition("/")[2]
            self.report.progress(fraction, last[:80])

    def _lines(self, command: list[str]) -> Iterator[str]:
        """pip's output, line by line; ends pip when the job is cancelled."""
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=self.environment,
        )
        ended, stopped = threading.Event(), threading.Event()

        def watch() -> None:
            while not ended.wait(0.3):
                if self.report.cancelled:
                    stopped.set()
                    process.terminate()
                    return

        threading.Thread(target=watch, daemon=True).start()
        printed: list[str] = []
        assert process.stdout is not None
        for line in process.stdout:
            printed.append(line.rstrip("\n"))
            yield printed[-1]
        code = process.wait()
        ended.set()
        if stopped.is_set():
            raise Stopped
        if code:
            raise InstallError(why(printed))


_COUNTS = "import pip, sys; sys.exit(tuple(map(int, pip.__version__.split('.')[:2])) < (24, 1))"


def understand(line: str) -> tuple[float | None, str]:
    """(fraction of the current download, text for a person) of one line of pip's output."""
    counted = re.match(r"Progress (\d+) of (\d+)", line)
    if counted:
        return int(counted[1]) / max(1, int(counted[2])), ""
    return None, line.strip()


def why(printed: list[str]) -> str:
    """Why pip gave up, in a sentence."""
    text = "\n".join(printed)
    error = next((line[6:].strip() for line in reversed(printed) if line.startswith("ERROR:")), "")
    if "DO NOT MATCH THE HASHES" in text:
        named = re.search(r"^\s+(\S+)==\S+.*\n\s+Expected sha256", text, re.MULTILINE)
        name = named[1] if named else "A package"
        return f"{name} is not the expected file (its hash differs): nothing was installed. Try again later."
    if "No space left" in text:
        return "The disk is full. Free some space and press Retry; the downloads so far are kept."
    if "Could not find a version" in text or "No matching distribution" in text:
        return f"PyTorch could not be found. Check that this computer is online and the right build is chosen. {error}"
    return error or "pip could not install PyTorch; see the log. Retry continues where it stopped."


def runs(python: str, code: str) -> bool:
    """Whether this Python runs this code without an error."""
    try:
        return subprocess.run([python, "-c", code], capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _requirements(packages: Iterable[Package], folder: Path) -> Path:
    """A requirements file with versions and hashes, beside the wheels."""
    path = folder / "requirements.txt"
    lines = [
        " ".join([f"{p['name']}=={p['version']}", *(f"--hash=sha256:{digest}" for digest in p["hashes"])])
        for p in packages
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
