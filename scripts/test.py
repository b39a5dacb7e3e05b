"""Runs all checks of Meshkiln: `python3 scripts/test.py`. Standard library only.

Without arguments: lint, types and the fast tests. `--slow` adds the tests that take minutes, `--blenders` runs the
Blender tests again in the other supported Blenders (each in an environment of its own), `--only` gives pytest a
selection (everything after it goes to pytest).
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from workshop import OTHER_BLENDERS, ROOT, other_blender, say, workshop

# Tests for every Blender; the rest is plain Python and runs once.
BLENDER_TESTS = [
    "tests/test_rna_nodes.py",
    "tests/test_rna_modifiers.py",
    "tests/test_rna_constraints.py",
    "tests/test_rna_trees.py",
    "tests/test_mesh_roundtrip.py",
    "tests/test_animation.py",
    "tests/test_compat.py",
    "tests/test_addon.py",
]


ROOMS = ["records", "jobs", "extractor", "trainer", "addon", "research", "__main__"]


def step(what: str, command: list[str], **more: str) -> bool:
    say(what)
    began = time.monotonic()
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **more}
    code = subprocess.run(command, cwd=ROOT, env=environment).returncode
    say(f"{what}: {'ok' if code == 0 else f'FAILED with exit code {code}'} ({time.monotonic() - began:.0f} s)")
    return code == 0


# The types of numpy 2, where `np.ndarray` alone says "of any shape and dtype"; Blender's module wants numpy 1.
NUMPY_TYPES = "numpy==2.3.5"


def check_types(python: str) -> bool:
    """mypy over the package, strictly. The repository's root has to be called `meshkiln` for that."""
    folder = ROOT / ".venv" / "types"
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / "meshkiln"
    if not link.exists():
        link.symlink_to(ROOT, target_is_directory=True)
    if not (folder / NUMPY_TYPES).exists():
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--upgrade"]
        if not step("types of numpy", [*pip, "--target", str(folder), NUMPY_TYPES]):
            return False
        (folder / NUMPY_TYPES).touch()
    rooms = [word for room in ROOMS for word in ("-p", f"meshkiln.{room}")]
    return step("types", [python, "-m", "mypy", *rooms], MYPYPATH=str(folder))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--slow", action="store_true", help="also the tests that take minutes")
    parser.add_argument("--blenders", action="store_true", help="also in Blender 4.2, 4.5 and 5.2")
    parser.add_argument("--types", action="store_true", help="the type checker alone")
    parser.add_argument("--only", nargs=argparse.REMAINDER, help="pass the rest to pytest and run nothing else")
    args = parser.parse_args()
    python = str(workshop())
    pytest = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    if args.only:
        return 0 if step("the tests you chose", [*pytest, *args.only]) else 1
    if args.types:
        return 0 if check_types(python) else 1
    results = [
        step("lint", [python, "-m", "ruff", "check", "."]),
        step("format", [python, "-m", "ruff", "format", "--check", "."]),
        step("imports", [str(Path(python).with_name("lint-imports")), "--no-cache"]),
        check_types(python),
    ]
    if args.blenders:
        for name in OTHER_BLENDERS:
            tests = [test for test in BLENDER_TESTS if (ROOT / test).exists()]
            command = [str(other_blender(name)), *pytest[1:], *tests]
            results.append(step(f"the Blender tests in {name}", command))
    if args.slow:
        results.append(step("the slow tests", [*pytest, "-m", "slow"]))
    results.append(step("the fast tests", pytest))
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
