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
    """Run the `run` of the module that `load` gives, with the arguments that its `add_arguments` defines. Exit codes: 1
    failed, 2 wrong arguments, 130 interrupted. Tracebacks go to a job's log, and to the terminal if MESHKILN_DEBUG is
    set."""
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
    except BrokenPipeError:  # the reader of the output is gone, as with `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python complains at exit
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
    """Print it on stderr, and note it in the job's state if this runs as a job."""
    if os.environ.get(JOB_VARIABLE):
        try:
            Reporter().failed(sentence)
        except OSError:
            traceback.print_exc()  # the full disk may be the job's own
    print(f"\nmeshkiln {verb}: {sentence}" if code == 130 else f"meshkiln {verb}: {sentence}", file=sys.stderr)
    return code
