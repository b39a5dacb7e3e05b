"""Take the docs' pictures of the extension in real Blender windows: docs/images/ui-*.png.

    python scripts/screenshots.py [--shot ../shared/real-blender/shot] [--version 5.2] [--prompt barrel]

Builds the extension and installs it into a fresh profile; the mouse then does what a newcomer would do.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from build_extension import ROOT, build

SHOT = ROOT.parent / "shared" / "real-blender" / "shot"
SCENARIOS = [Path(__file__).resolve().parent / "scenarios" / name for name in ("pictures.py", "assets.py")]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shot", type=Path, default=SHOT, help="the program that drives real Blender windows")
    parser.add_argument("--version", default="5.2")
    parser.add_argument("--prompt", default="barrel")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        archive = build(Path(scratch))
        pictures = Path(scratch) / "pictures"
        pictures.mkdir()
        words = [args.shot, args.version, "--size", "1400x900", "--timeout", "600", "--out", pictures]
        codes = [
            subprocess.run(
                [str(w) for w in [*words, "--install", archive, scenario, "--", args.prompt]], check=False
            ).returncode
            for scenario in SCENARIOS
        ]
        for picture in sorted(pictures.glob("*.png")):
            target = args.out / f"ui-{picture.name}"
            target.write_bytes(picture.read_bytes())
            print(target)
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
