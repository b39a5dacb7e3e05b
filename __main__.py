"""The command line: `meshkiln VERB ...` is the same as `python -m meshkiln VERB ...`.

Each verb lives in the room that does the work, in a module with `add_arguments(parser)` and
`run(args) -> int`; it is imported only when asked for, so no verb waits for another's imports.

Exit codes: 0 done, 1 failed, 2 wrong arguments, 130 interrupted. Unforeseen failures (a full disk, an unreadable
folder, Ctrl-C) become one sentence here; MESHKILN_DEBUG=1 shows the traceback, and a job's log has it always.
"""

import importlib
import sys

from .jobs.command_line import run_verb

# verb: (module inside the package, what it does)
VERBS = {
    "extract": (".extractor.files.command", "read .blend and model files into a dataset"),
    "inject": (".addon.commands.inject", "write records into a .blend, .glb or .obj"),
    "roundtrip": (".addon.commands.roundtrip", "extract, inject, extract again and compare"),
    "tokens": (".trainer.data.tokens_command", "count the steps and tokens a codec needs"),
    "dataset": (".trainer.data.command", "build and show training sets"),
    "presets": (".trainer.train.presets_command", "list model sizes with their memory and speed"),
    "train": (".trainer.train.command", "train a specialist"),
    "learn": (".trainer.learn.command", "learn a style from an artist's own files"),
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
    return run_verb(verb, lambda: importlib.import_module(module_name, __package__), argv[1:], what)


if __name__ == "__main__":
    sys.exit(main())
