"""`--kinds FOLDER` of every command that draws generated objects or goes by what they are called."""

import argparse
from pathlib import Path


def add_kinds_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--kinds", type=Path, metavar="FOLDER", help="kinds of your own (docs/kinds.md): Python files "
                        "that are run as they are, with your rights")  # fmt: skip


def load_kinds(folder: Path | None) -> None:
    """Kinds of the user's own beside those that ship; ValueError with a sentence for what can't be loaded."""
    if folder is not None:
        from ..generators import load_folder

        load_folder(folder)
