"""Build the docs as a site: `python3 scripts/build_docs.py [--check]` writes dist/site. Standard library only.

MkDocs is installed into its own environment. It fails on missing pages and broken links or anchors; `--check` only
reports these and leaves no site.
"""

import argparse
import subprocess
import sys
import tempfile

from workshop import ROOT, find_python, make_venv

PACKAGES = ["mkdocs==1.6.1"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only check whether it can be built")
    args = parser.parse_args()
    python, _ = find_python("3.11", "3.12", "3.13")
    inside = make_venv(ROOT / ".venvs" / "docs", python, PACKAGES, blender=False)
    with tempfile.TemporaryDirectory() as scratch:
        site = scratch if args.check else str(ROOT / "dist" / "site")
        command = [str(inside), "-m", "mkdocs", "build", "--strict", "--clean", "--site-dir", site]
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
    if code == 0 and not args.check:
        print(f"{site}/index.html")
    return code


if __name__ == "__main__":
    sys.exit(main())
