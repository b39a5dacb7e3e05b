"""The job that installs PyTorch into an environment of its own, never into Blender's Python.

Runs outside Blender (standard library only; knows neither bpy nor torch):

    main(["--folder", FOLDER, "--base", PYTHON])                             torch as it is on PyPI
    main([..., "--torch", "2.9.1+cu128", "--torch-index", URL, "--trusted", FILE])   torch from an index of its own

FOLDER/venv is made and FOLDER/ready.json is written when torch has been imported there. Running it again repairs an
incomplete installation. Nothing outside FOLDER changes, except FILE.

Everything is downloaded and checked before anything is installed. Versions and hashes are in runtime_pins.json (made by
scripts/pin_runtime.py), and each package is requested from one index only, whatever pip is set to. The hash of a torch
from its own index is not known in advance: the first one is written into FILE, and the same version must be the same
file from then on.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from ..jobs.progress import Reporter, replace_json
from .runtime_pip import InstallError, Pip, Stopped, runs
from .runtime_trust import check_trusted

PINS = Path(__file__).with_name("runtime_pins.json")
CANDIDATES = ("python3.13", "python3.12", "python3.11", "python3", "python")
LOOK = (
    "import json, torch; cuda = torch.cuda.is_available(); "
    "mps = hasattr(torch.backends, 'mps') and torch.backends.mps.is_available(); "
    "print(json.dumps({'torch': torch.__version__, 'device': torch.cuda.get_device_name(0) if cuda else "
    "'Apple GPU' if mps else 'processor', 'gpus': torch.cuda.device_count() if cuda else int(mps)}))"
)
# What a wheel requires in exactly one version: (name, version) lines. Run by the environment's Python, for its pip.
REQUIRED = (
    "import sys, zipfile, email; from pip._vendor.packaging.requirements import Requirement as R\n"
    "z = zipfile.ZipFile(sys.argv[1]); n = next(n for n in z.namelist() if n.endswith('.dist-info/METADATA'))\n"
    "for r in map(R, email.message_from_bytes(z.read(n)).get_all('Requires-Dist') or []):\n"
    "    exact = [s.version for s in r.specifier if s.operator == '==']\n"
    "    if exact and (r.marker is None or r.marker.evaluate({'extra': ''})): print(r.name.lower(), exact[0])\n"
)


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="install-runtime")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--base", default="", help="Python that makes the environment")
    parser.add_argument("--torch", default="", help="version of a torch that is not PyPI's")
    parser.add_argument("--torch-index", default="", help="the index that has it")
    parser.add_argument("--trusted", type=Path, help="file that keeps hashes seen for the first time")
    parser.add_argument("--index", default="", help="the index of everything else (default: pip's own)")
    parser.add_argument("--pins", type=Path, default=PINS)
    args = parser.parse_args(argv)
    report = Reporter()
    try:
        torch_info = install(args, report)
    except InstallError as error:
        report.failed(str(error))
        print(error, file=sys.stderr)
        return 1
    except Stopped:
        report.stopped()
        return 130
    report.done(**torch_info)
    return 0


def install(args: argparse.Namespace, report: Reporter) -> dict[str, object]:
    """Make or repair the environment; returns what torch reports there."""
    folder: Path = args.folder
    pins = json.loads(args.pins.read_text(encoding="utf-8"))
    pinned = pins["platforms"].get(this_platform())
    if pinned is None:
        raise InstallError(f"There is no PyTorch for {this_platform()}: choose a Python of your own that has it.")
    folder.mkdir(parents=True, exist_ok=True)
    ready, wheels = folder / "ready.json", folder / "wheels"
    ready.unlink(missing_ok=True)
    python = folder / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not (python.is_file() and runs(str(python), "import pip")):
        report.phase("Making the environment")
        shutil.rmtree(folder / "venv", ignore_errors=True)
        make_environment(folder / "venv", args.base, pins["pythons"])
    shutil.rmtree(wheels, ignore_errors=True)
    wheels.mkdir()
    pip = Pip(python, report, args.index)
    try:
        report.phase("Downloading PyTorch")
        pip.install_pip(pins["pip"], wheels)
        packages = [*pinned["libraries"], *(() if args.torch_index else pinned["torch"])]
        pip.download(packages, wheels)
        if args.torch_index:
            packages += own_torch(args, pip, packages, wheels)
        report.phase("Installing PyTorch")
        report.progress(None, "a few minutes")
        pip.install(packages, wheels)
    finally:
        shutil.rmtree(wheels, ignore_errors=True)
    report.phase("Trying it")
    torch_info = try_it(python, args.torch or next(p["version"] for p in pinned["torch"] if p["name"] == "torch"))
    pip.check()
    replace_json(ready, torch_info)
    return torch_info


def own_torch(args: argparse.Namespace, pip: Pip, known: list[dict[str, Any]], wheels: Path) -> list[dict[str, Any]]:
    """A torch from its own index, and the packages that it pins itself, with their hashes."""
    taken = [pip.download_one("torch", args.torch, args.torch_index, wheels)]
    names = {package["name"] for package in known}
    asked = subprocess.run([pip.python, "-c", REQUIRED, taken[0]["file"]], capture_output=True, text=True, check=False)
    for line in asked.stdout.splitlines():
        name, version = line.split()
        if name not in names:
            taken.append(pip.download_one(name, version, args.torch_index, wheels))
    check_trusted(args.trusted, args.torch_index, taken)
    return taken


def try_it(python: Path, wanted: str) -> dict[str, object]:
    """What torch reports; InstallError if it does not start or is not the wanted version."""
    done = subprocess.run([python, "-c", LOOK], capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr, file=sys.stderr)
        raise InstallError("PyTorch was installed but does not start on this machine; see the log. Try another build.")
    torch_info: dict[str, object] = json.loads(done.stdout.strip().splitlines()[-1])
    version = str(torch_info["torch"])
    if version != wanted and version.partition("+")[0] != wanted:
        raise InstallError(f"PyTorch {wanted} was requested, but {version} is installed; press Repair.")
    return torch_info


def this_platform() -> str:
    """The key of this machine in runtime_pins.json, as in "linux-x86_64"."""
    system = {"linux": "linux", "darwin": "macos", "win32": "windows"}.get(sys.platform, sys.platform)
    machine = platform.machine().lower()
    return f"{system}-{machine}"


def make_environment(folder: Path, base: str, versions: list[str]) -> None:
    """An environment made by the first suitable Python on this machine of one of these `versions`."""
    numbers = [tuple(map(int, version.split("."))) for version in versions]
    test = f"import sys, venv, ensurepip; sys.exit(sys.version_info[:2] not in {numbers})"
    tried = []
    for python in dict.fromkeys(filter(None, [base, sys.executable, *(shutil.which(c) for c in CANDIDATES)])):
        if not runs(python, test):
            tried.append(python)
            continue
        done = subprocess.run([python, "-m", "venv", str(folder)], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return
        tried.append(python)
        print(done.stdout, done.stderr, file=sys.stderr)
    raise InstallError(
        f"There is no Python here that can make an environment. Install Python {versions[0]} to {versions[-1]} from "
        f"python.org (on Debian and Ubuntu also python3-venv) and try again. Tried: {', '.join(tried) or 'none'}."
    )
