"""Where the extension keeps what it writes: under its own user folder, as the extensions platform requires, and nowhere
else.

Knows folders, not what lies in them.
"""

import os
from pathlib import Path

import bpy

# `bl_ext.user_default.meshkiln` in Blender, `meshkiln` where the package was loaded otherwise (tests, scripts).
PACKAGE = __package__.rpartition(".")[0]
SHIPPED_MODELS = Path(__file__).resolve().parent.parent / "trainer" / "models"


def user_folder(name: str = "") -> Path:
    """A folder of ours that survives updates of the extension; created if missing."""
    home = os.environ.get("MESHKILN_HOME")
    if home:
        folder = Path(home) / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder
    try:
        return Path(bpy.utils.extension_path_user(PACKAGE, path=name, create=True))
    except ValueError:  # not installed as an extension
        folder = Path(bpy.utils.user_resource("SCRIPTS")) / "meshkiln" / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def models_folder() -> Path:
    return user_folder("models")


def model_folders() -> list[Path]:
    """Where models are looked for; the artist's own come before the shipped ones."""
    return [models_folder(), SHIPPED_MODELS]


def runs_folder() -> Path:
    return user_folder("runs")


def datasets_folder() -> Path:
    return user_folder("datasets")


def runtime_folder() -> Path:
    return user_folder("runtime")


def worker_log() -> Path:
    return user_folder("logs") / "worker.log"


def results_folder() -> Path:
    """Records on their way from the worker into the scene; a file lives for seconds."""
    folder = Path(bpy.app.tempdir) / "meshkiln"  # Blender removes it when it ends
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
