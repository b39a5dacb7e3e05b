"""Kinds from a folder of the user's own Python files, written as the kinds of this package are (docs/kinds.md).

The files are trusted code: they are run as they are, with all the rights of whoever starts the program. Load only what
you wrote or have read.
"""

import importlib.util
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from ...records import RecordError, validate
from .base import KINDS, Kind, KindsError, generate

TRIALS = 5  # draws of each new kind before it is accepted


def load_folder(path: Path) -> list[str]:
    """Run each Python file in `path` (not below it; names that start with "_" are left out), in the order of their
    names, and add the kinds they register to KINDS. Gives the keys of those kinds.

    This is trusted code: it runs with the user's rights. Each kind is drawn a few times at once, so that a mistake
    shows here and not hours into a training. On any fault KINDS stays as it was and KindsError holds a sentence, a line
    each, for every file that failed: its name, the line, what is wrong. A process that is sent a Kind of the folder
    loads the folder, too.
    """
    if not path.is_dir():
        raise KindsError(f"{path}: not a folder, so there are no kinds in it")
    files = [file for file in sorted(path.glob("*.py")) if not file.name.startswith("_")]
    if not files:
        raise KindsError(f"{path}: holds no Python file (*.py), so there are no kinds in it")
    before = dict(KINDS)
    faults = [fault for file in files if (fault := _load(file))]
    added = [key for key in KINDS if key not in before]
    if not faults and not added:
        faults = [f'{path}: none of its files registers a kind with "@kind"']
    if faults:
        for key in added:
            del KINDS[key]
        raise KindsError("\n".join(faults))
    for key in added:
        KINDS[key].sent = (_kind_of, (path, key))
    return added


def _kind_of(path: Path, key: str) -> Kind:
    """A kind that was sent to this process, which may not have loaded the folder yet."""
    if key not in KINDS:
        load_folder(path)
    return KINDS[key]


def _load(file: Path) -> str | None:
    """Run the file and try its kinds; a sentence when something is wrong with it."""
    spec = importlib.util.spec_from_file_location(f"meshkiln_kinds.{file.stem}", file)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    known = set(KINDS)
    try:
        with _package_as_meshkiln():
            sys.modules[spec.name] = module
            spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:  # whatever the user's code raises
        return _sentence(file, error)
    for key in [key for key in KINDS if key not in known]:
        try:
            for seed in range(TRIALS):
                validate(generate(key, seed))
        except RecordError as error:
            return f'{file.name}: the kind "{key}" draws a mesh that is not valid: {error}'
        except (Exception, SystemExit) as error:
            return _sentence(file, error, f'drawing the kind "{key}": ')
    return None


@contextmanager
def _package_as_meshkiln() -> Iterator[None]:
    """Inside Blender this package has a longer name than the `meshkiln` that the files import from, and under that name
    they would get a second copy of it, with KINDS of its own."""
    root = __name__.rpartition(".trainer.")[0]
    before = _modules_of("meshkiln")
    sys.modules.update({"meshkiln" + name[len(root) :]: module for name, module in _modules_of(root).items()})
    try:
        yield
    finally:
        if root != "meshkiln":
            for name in _modules_of("meshkiln"):
                del sys.modules[name]
            sys.modules.update(before)


def _modules_of(package: str) -> dict[str, ModuleType]:
    return {name: module for name, module in sys.modules.items() if f"{name}.".startswith(f"{package}.")}


def _sentence(file: Path, error: BaseException, doing: str = "") -> str:
    """`lamps.py, line 7: drawing the kind "lamp": NameError: name 'bx' is not defined`"""
    if isinstance(error, SyntaxError):
        line = error.lineno
    else:
        lines = [at.lineno for at in traceback.extract_tb(error.__traceback__) if Path(at.filename) == file]
        line = lines[-1] if lines else None
    what = f"{error}" if isinstance(error, KindsError) else f"{type(error).__name__}: {error}"
    return f"{file.name}{f', line {line}' if line else ''}: {doing}{what}"
