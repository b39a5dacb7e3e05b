"""One verb of the command line, run so that every end is an exit code and a sentence."""

import argparse
import io
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Any

from .progress import JOB_VARIABLE, Reporter


def run_verb(verb: str, load: Callable[[], Any], argv: Sequence[str], what: str = "") -> int:
    """Run the `run` of the module that `load` gives, with arguments that its `add_arguments` names. Exit codes: 1 it
    failed, 2 it can't be asked so, 130 interrupted. Tracebacks are for the log of a job, and for who sets
    MESHKILN_DEBUG."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a file's name need not be Unicode
            stream.reconfigure(errors="backslashreplace")
    try:
        module = load()
        parser = argparse.ArgumentParser(prog=f"meshkiln {verb}", description=what)
        module.add_arguments(parser)
        return int(module.run(parser.parse_args(argv)) or 0)
    except KeyboardInterrupt:
        _show_traceback()
        return _failed(verb, "was interrupted", 130)
    except BrokenPipeError:  # whoever read the output has gone, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains at exit
        return 1
    except OSError as error:
        _show_traceback()
        where = f"{os.fsdecode(error.filename)}: " if isinstance(error.filename, str | bytes) else ""
        return _failed(verb, f"{where}{error.strerror or error}", 1)
    except MemoryError:
        _show_traceback()
        return _failed(verb, "there is not enough memory", 1)


def _show_traceback() -> None:
    if os.environ.get("MESHKILN_DEBUG") or os.environ.get(JOB_VARIABLE):
        traceback.print_exc()


def _failed(verb: str, sentence: str, code: int) -> int:
    """Say it on stderr, and in the job's state where this runs as a job."""
    if os.environ.get(JOB_VARIABLE):
        try:
            Reporter().failed(sentence)
        except OSError:
            traceback.print_exc()  # the disk that is full may be the job's own
    print(f"\nmeshkiln {verb}: {sentence}" if code == 130 else f"meshkiln {verb}: {sentence}", file=sys.stderr)
    return code
