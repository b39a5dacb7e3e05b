"""`blender -b --command meshkiln VERB ...`: the same command line, started through Blender.

The work happens in a process of its own, so that no library of ours is loaded into Blender's Python.
"""

import os
import subprocess
from typing import Any

import bpy

from ...jobs.processes import meshkiln_command
from .. import paths, runtime

_handles: list[Any] = []


def _command(argv: list[str]) -> int:
    environment = {**os.environ, "MESHKILN_MODELS": os.pathsep.join(map(str, paths.model_folders()))}
    if bpy.app.binary_path:
        environment["MESHKILN_BLENDER"] = bpy.app.binary_path
    return subprocess.call(meshkiln_command(*(argv or ["--help"]), python=runtime.worker_python()), env=environment)


def attach() -> None:
    _handles.append(bpy.utils.register_cli_command("meshkiln", _command))


def detach() -> None:
    while _handles:
        bpy.utils.unregister_cli_command(_handles.pop())
