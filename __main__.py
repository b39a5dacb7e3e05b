"""The command line: `meshkiln VERB ...` is the same as `python -m meshkiln VERB ...`.

Each verb lives in the room that does the work, in a module with `add_arguments(parser)` and
`run(args) -> int`; it is imported only when asked for, so no verb pays for another's imports.

Exit codes: 0 done, 1 failed, 2 wrong arguments, 130 interrupted. What a verb could not foresee (a full disk, a folder
that may not be read, Ctrl-C) is one sentence here; MESHKILN_DEBUG=1 shows the traceback, and a job's log has it always.
"""

import argparse
import importlib
import os
import sys
import traceback

# verb: (module inside the package, what it does)
VERBS = {
    "extract": (".extractor.files.command", "read .blend and model files into a dataset"),
    "inject": (".addon.commands.inject", "write records into a .blend, .glb or .obj"),
    "roundtrip": (".addon.commands.roundtrip", "extract, inject, extract again and compare"),
    "tokens": (".trainer.data.tokens_command", "count the steps and tokens a codec needs"),
    "dataset": (".trainer.data.command", "build and show training sets"),
    "presets": (".trainer.model.presets_command", "list model sizes with their memory and speed"),
    "train": (".trainer.train.command", "train a specialist"),
    "generate": (".trainer.generate.command", "make an asset from words"),
    "evaluate": (".trainer.evaluate.command", "measure a model on held-out assets"),
    "worker": (".trainer.generate.worker", "serve generation over pipes (started by the extension)"),
}


def main(argv: list[str] | None = None) -> int:
    """Run a verb; its exit code. argparse ends the process with 2 for arguments that it cannot read."""
    argv = list(sys.argv[1:] if argv is None else argv)
    if not argv or argv[0] in ("-h", "--help"):
        print("usage: meshkiln VERB ...\n")
        for verb, (_, what) in VERBS.items():
            print(f"  {verb:10} {what}")
        print("\n`meshkiln VERB --help` tells more about one of them.")
        return 0 if argv else 2
    verb = argv[0]
    if verb not in VERBS:
        print(f"meshkiln: no verb named {verb!r}; there are: {', '.join(VERBS)}", file=sys.stderr)
        return 2
    module_name, what = VERBS[verb]
    try:
        module = importlib.import_module(module_name, __package__)
        parser = argparse.ArgumentParser(prog=f"meshkiln {verb}", description=what)
        module.add_arguments(parser)
        return module.run(parser.parse_args(argv[1:])) or 0
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
    if os.environ.get("MESHKILN_DEBUG") or os.environ.get("MESHKILN_JOB"):
        traceback.print_exc()


def _failed(verb: str, sentence: str, code: int) -> int:
    """Say it on stderr, and in the job's state where this runs as a job."""
    if os.environ.get("MESHKILN_JOB"):
        from .jobs.progress import Reporter

        try:
            Reporter().failed(sentence)
        except OSError:
            traceback.print_exc()  # the disk that is full may be the job's own
    print(f"\nmeshkiln {verb}: {sentence}" if code == 130 else f"meshkiln {verb}: {sentence}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
