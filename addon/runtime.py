"""Which Python runs the models: Blender's own, the managed one with PyTorch, or one of the artist's.

Also which PyTorch build suits this machine, found without loading anything, and how large it is.
"""

import platform
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from ..jobs.progress import read_json, replace_json
from ..trainer.generate.client import own_python
from . import paths, preferences


@dataclass(frozen=True)
class Build:
    """A build of PyTorch: its size, and if it is not on PyPI, its version and the index that has it."""

    name: str
    title: str
    download: str
    disk: str
    torch: str = ""
    index: str = ""


_OWN = "https://download.pytorch.org/whl/"
IS_LINUX = sys.platform.startswith("linux")
# PyPI has the CUDA build for Linux, the Metal build for Apple silicon and the processor build for Windows.
BUILDS = {
    build.name: build
    for build in (
        Build("CUDA", "NVIDIA (CUDA)", "3 GB", "7 GB")
        if IS_LINUX
        else Build("CUDA", "NVIDIA (CUDA)", "3 GB", "7 GB", "2.9.1+cu128", _OWN + "cu128"),
        Build("ROCM", "AMD (ROCm)", "4 GB", "15 GB", "2.9.1+rocm6.4", _OWN + "rocm6.4"),
        Build("MPS", "Apple (Metal)", "80 MB", "400 MB"),
        Build("CPU", "Processor only", "200 MB", "900 MB", "2.13.0+cpu", _OWN + "cpu")
        if IS_LINUX
        else Build("CPU", "Processor only", "200 MB", "900 MB"),
        Build("PIP", "PyPI's own", "up to 3 GB", "up to 7 GB"),
    )
}


def detected() -> Build:
    """The build that fits this machine, judged by the installed drivers."""
    if sys.platform == "darwin":
        return BUILDS["MPS" if platform.machine() == "arm64" else "CPU"]
    windows_driver = Path(sys.prefix[:2] + "/Windows/System32/nvcuda.dll")
    if shutil.which("nvidia-smi") or (sys.platform == "win32" and windows_driver.is_file()):
        return BUILDS["CUDA"]
    if sys.platform.startswith("linux") and (shutil.which("rocminfo") or Path("/opt/rocm").is_dir()):
        return BUILDS["ROCM"]
    return BUILDS["CPU"]


def managed_python() -> Path:
    """Where the managed environment's Python is, whether it exists or not."""
    folder = paths.runtime_folder() / "venv"
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def managed_is_ready() -> bool:
    """The installer writes this file last, after PyTorch was imported once."""
    return managed_python().is_file() and (paths.runtime_folder() / "ready.json").is_file()


def worker_python() -> str:
    """The Python for the worker, as the preferences say; falls back to Blender's own."""
    return training_python() or own_python()


def training_python() -> str | None:
    """The Python that has PyTorch, as the preferences say; None if there is none to train with."""
    chosen = preferences.get()
    if chosen is not None and chosen.runtime == "MANAGED" and managed_is_ready():
        return str(managed_python())
    if chosen is not None and chosen.runtime == "OWN" and Path(chosen.own_python).is_file():
        return str(chosen.own_python)
    return None


def training_speed() -> float:
    """Operations a second of training as **Test** measured them with the chosen Python; 0 if it has not run."""
    known = read_json(_speeds()) or {}
    return float(known.get(training_python() or "", 0.0))


def remember_speed(python: str, speed: float) -> None:
    replace_json(_speeds(), {**(read_json(_speeds()) or {}), python: speed})


def _speeds() -> Path:
    return paths.runtime_folder().parent / "speeds.json"
