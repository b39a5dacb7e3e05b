"""Finds a fitting Python, makes or reuses `.venv`, and installs what the two commands need. Standard library only.

It knows which Blender module goes with which Python, and nothing of what is done with them.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Python version: the Blender module that was built for it, and what goes with that. bpy up to 5.0 wants numpy 1.
BLENDERS = {
    "3.11": ["bpy==5.0.1", "numpy<2"],
    "3.13": ["bpy==5.2.*", "numpy"],
}
# The CPU build where the platform has one under this number; a GPU build is the artist's choice, in the preferences.
TORCH = ["torch==2.13.0"]
# Other Blenders as modules, for the tests that must pass in all of them.
OTHER_BLENDERS = {
    "4.2": ("3.11", ["bpy==4.2.23", "numpy<2"]),
    "4.5": ("3.11", ["bpy==4.5.15", "numpy<2"]),
    "5.2": ("3.13", ["bpy==5.2.*", "numpy"]),
}


# Exact versions of all else, so that a checkout of today can be built again in a year.
LOCK = ROOT / "constraints.txt"


class Missing(SystemExit):
    """A sentence for the person, and exit code 2."""

    def __init__(self, sentence: str) -> None:
        print(f"\n{sentence}", file=sys.stderr)
        super().__init__(2)


def say(text: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {text}", flush=True)


def version_of(python: str) -> str:
    """'3.11' for a Python that starts, '' for anything else."""
    code = "import sys, venv; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run([python, "-c", code], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def candidates(version: str) -> list[str]:
    """Where a Python of this version may be: this one, the PATH, pyenv, uv, the launcher on Windows."""
    programs = [sys.executable, shutil.which(f"python{version}") or ""]
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    if pyenv.is_dir():
        for folder in sorted(pyenv.glob(f"{version}.*"), reverse=True):
            programs += [str(folder / "bin" / "python3"), str(folder / "python.exe")]
    for tool, arguments in (
        ("uv", ["python", "find", version]),
        ("py", [f"-{version}", "-c", "import sys; print(sys.executable)"]),
    ):
        if shutil.which(tool):
            done = subprocess.run([tool, *arguments], capture_output=True, text=True)
            programs.append(done.stdout.strip() if done.returncode == 0 else "")
    return [path for path in programs if path]


def find_python(*versions: str) -> tuple[str, str]:
    """(path, version) of the first Python that fits, in the order asked for."""
    for version in versions:
        for path in candidates(version):
            if version_of(path) == version:
                return path, version
    wanted = " or ".join(versions)
    raise Missing(
        f"Meshkiln needs Python {wanted}, because the Blender module exists for these only; this is Python "
        f"{sys.version_info[0]}.{sys.version_info[1]}. Install one (for instance `uv python install {versions[0]}` "
        f"or `pyenv install {versions[0]}`) and run this again."
    )


def venv_python(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def run(command: list[str], what: str, **more) -> None:
    done = subprocess.run(command, **more)
    if done.returncode:
        raise Missing(f"{what} failed (exit code {done.returncode}); the lines above say why.")


def make_venv(folder: Path, python: str, packages: list[str], editable: str = "", blender: bool = True) -> Path:
    """A virtual environment with `packages`; made once, and again when the list changes. Returns its Python."""
    inside = venv_python(folder)
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8") if editable else ""
    stamp = folder / "meshkiln-stamp"
    lock = LOCK.read_text(encoding="utf-8")
    wanted = hashlib.sha256("\n".join([*packages, editable, pyproject, lock, str(ROOT)]).encode()).hexdigest()
    if inside.exists() and stamp.exists() and stamp.read_text() == wanted:
        return inside
    if not version_of(str(inside)):
        say(f"making {folder.name} with {python}")
        run([python, "-m", "venv", "--clear", str(folder)], f"Making {folder}")
    pip = [str(inside), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-c", str(LOCK)]
    say(f"installing into {folder.name}: {', '.join(packages)}{' and meshkiln' if editable else ''}")
    run([*pip, *packages], "Installing packages")
    if editable:
        run([*pip, "--no-warn-script-location", "-e", editable], "Installing meshkiln", stderr=subprocess.DEVNULL)
    if blender:
        check_bpy(inside)
    stamp.write_text(wanted)
    return inside


def check_bpy(python: Path) -> None:
    """Blender's module needs some system libraries; say which, before anything else stumbles over it."""
    done = subprocess.run([str(python), "-c", "import bpy"], capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise Missing(
            f"Blender's Python module does not start: {last}\nOn Debian or Ubuntu this helps: sudo apt-get install "
            "libgl1 libsm6 libxi6 libxkbcommon0 libxxf86vm1 libxfixes3 libxrender1 libgomp1"
        )


def workshop() -> Path:
    """The Python of `.venv`, with Blender, torch, meshkiln and the tools that check it."""
    python, version = find_python(*BLENDERS)
    # Blender's module and torch first and pinned, so that nothing later picks another build of them.
    packages = [*BLENDERS[version], *TORCH]
    return make_venv(ROOT / ".venv", python, packages, editable=f"{ROOT}[train,dev]")


def other_blender(name: str) -> Path:
    """The Python of a bare environment with another Blender: `4.2`, `4.5` or `5.2`."""
    version, packages = OTHER_BLENDERS[name]
    python, _ = find_python(version)
    return make_venv(
        ROOT / ".venvs" / f"bpy-{name}", python, [*packages, "pytest", "pytest-timeout", "hypothesis", "safetensors"]
    )
