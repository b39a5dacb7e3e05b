"""Build the extension: dist/meshkiln-VERSION.zip, holding only what Blender needs.

    python scripts/build_extension.py [--out FOLDER] [--validate BLENDER ...]

Needs only Python: it packs the files that git tracks minus the manifest's paths_exclude_pattern, the same rules that
`blender --command extension build` follows. `--validate` has each given Blender check the zip.
"""

import argparse
import fnmatch
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODELS = "trainer/models/"


def excluded(path: str, patterns: list[str]) -> bool:
    """The subset of gitignore's rules that the manifest uses: /anchored, folders/, and names with *."""
    parts = path.split("/")
    for pattern in patterns:
        anchored = pattern.startswith("/")
        folder = pattern.endswith("/")
        name = pattern.strip("/")
        candidates = parts[:-1] if folder else parts
        if anchored:
            candidates = candidates[:1]
        if any(fnmatch.fnmatchcase(part, name) for part in candidates):
            return True
    return False


def files(patterns: list[str]) -> list[str]:
    """Tracked files, and the models even if untracked: they are build products that the extension needs."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            check=True,
            text=True,
        ).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):  # a source archive without a git folder
        listed = [str(p.relative_to(ROOT)).replace("\\", "/") for p in ROOT.rglob("*") if p.is_file()]
    listed += [f"{MODELS}{p.name}" for p in (ROOT / MODELS).glob("*.safetensors")]
    return sorted({path for path in listed if path and (ROOT / path).is_file() and not excluded(path, patterns)})


def build(out: Path) -> Path:
    manifest = tomllib.loads((ROOT / "blender_manifest.toml").read_text(encoding="utf-8"))
    patterns = manifest["build"]["paths_exclude_pattern"]
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{manifest['id']}-{manifest['version']}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in files(patterns):
            archive.write(ROOT / name, name)
    return path


def main() -> int:
    parser = argparse.ArgumentParser(description="Build the Blender extension.")
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    parser.add_argument("--validate", nargs="*", default=[], metavar="BLENDER", help="Blenders that check the zip")
    args = parser.parse_args()
    path = build(args.out)
    print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")
    for blender in args.validate:
        done = subprocess.run([blender, "--command", "extension", "validate", str(path)], check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
