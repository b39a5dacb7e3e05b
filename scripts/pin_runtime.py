"""Pin what **Install PyTorch** installs: versions and hashes of every wheel, from an index's own listing.

    python scripts/pin_runtime.py [--torch 2.13.0] [--index https://pypi.org/simple] [--out FILE]

Writes addon/runtime_pins.json. For each package, the newest release with wheels for every supported Python and platform
is used, and its requirements are followed. Needs `packaging` (which pytest brings) and the network.
"""

import argparse
import io
import json
import urllib.error
import urllib.request
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

from packaging.metadata import Metadata
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import Version

OUT = Path(__file__).resolve().parent.parent / "addon" / "runtime_pins.json"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
ROOTS = ("torch", "numpy", "safetensors")
# platform: (tags of its wheels, best first, and what its markers say)
LINUX = {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux"}
PLATFORMS: dict[str, tuple[list[str], dict[str, str]]] = {
    "linux-x86_64": (
        [f"manylinux_2_{n}_x86_64" for n in range(28, 4, -1)] + ["manylinux2014_x86_64", "manylinux1_x86_64"],
        {**LINUX, "platform_machine": "x86_64"},
    ),
    "linux-aarch64": (
        [f"manylinux_2_{n}_aarch64" for n in range(28, 16, -1)] + ["manylinux2014_aarch64"],
        {**LINUX, "platform_machine": "aarch64"},
    ),
    "macos-arm64": (
        [f"macosx_{n}_0_{kind}" for n in range(14, 10, -1) for kind in ("arm64", "universal2")],
        {"os_name": "posix", "sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "arm64"},
    ),
    "windows-amd64": (
        ["win_amd64"],
        {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64"},
    ),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--torch", default="2.13.0")
    parser.add_argument("--index", default="https://pypi.org/simple")
    parser.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args()
    platforms = {}
    for platform in PLATFORMS:
        index = Index(args.index, platform)
        roots = {name: SpecifierSet(f"=={args.torch}" if name == "torch" else "") for name in ROOTS}
        whole = index.closure(roots)
        # A torch from an index of its own includes its GPU libraries; the rest it needs on every platform.
        base = index.closure({name: SpecifierSet(f"=={whole[name]['version']}") for name in ROOTS}, everywhere=True)
        platforms[platform] = {
            "torch": [whole[name] for name in sorted(whole) if name == "torch" or name not in base],
            "libraries": [whole[name] for name in sorted(base) if name != "torch"],
        }
        print(platform, f"{len(whole)} packages")
    pip = Index(args.index, "linux-x86_64").closure({"pip": SpecifierSet()})["pip"]
    pins = {"pythons": PYTHONS, "pip": pip, "platforms": platforms}
    args.out.write_text(json.dumps(pins, indent=1) + "\n", encoding="utf-8")
    return 0


class Index:
    """What an index offers to one platform."""

    def __init__(self, url: str, platform: str) -> None:
        self.url = url
        self.tags, self.markers = PLATFORMS[platform]

    def closure(self, wanted: dict[str, SpecifierSet], everywhere: bool = False) -> dict[str, Any]:
        """{name: {"name", "version", "hashes"}} of these packages and all that they require; with `everywhere` only
        what they require on every platform."""
        held: dict[str, SpecifierSet] = {}  # extra requirements of a package that was already chosen without them
        while True:
            packages, conflict = self._closure(wanted, everywhere, held)
            if not conflict:
                return packages
            name, specifier = conflict
            held[name] = held.get(name, SpecifierSet()) & specifier

    def _closure(
        self, wanted: dict[str, SpecifierSet], everywhere: bool, held: dict[str, SpecifierSet]
    ) -> tuple[dict[str, Any], tuple[str, SpecifierSet] | None]:
        packages: dict[str, Any] = {}
        waiting = list(wanted.items())
        while waiting:
            name, specifier = waiting.pop()
            if name in packages:
                if not specifier.contains(packages[name]["version"], prereleases=True):
                    return packages, (name, specifier)
                continue
            version, files = self.newest(name, specifier & held.get(name, SpecifierSet()))
            hashes = sorted({f["hashes"]["sha256"] for f in files})
            packages[name] = {"name": name, "version": version, "hashes": hashes}
            waiting += [(n, s) for n, s, plain in self.requirements(files) if plain or not everywhere]
        return packages, None

    def newest(self, name: str, specifier: SpecifierSet) -> tuple[str, list[dict[str, Any]]]:
        """The newest release with a wheel for every Python, and those wheels."""
        by_version: dict[Version, list[dict[str, Any]]] = {}
        for file in listing(self.url, name):
            if file["filename"].endswith(".whl") and not file.get("yanked"):
                by_version.setdefault(parse_wheel_filename(file["filename"])[1], []).append(file)
        for version in sorted(by_version, reverse=True):
            if version.local or version.is_prerelease or not specifier.contains(version):
                continue
            chosen = [self.wheel(by_version[version], python) for python in PYTHONS]
            if all(chosen):
                return str(version), [file for file in chosen if file]
        raise SystemExit(f"{name}{specifier}: no release has wheels for {', '.join(PYTHONS)} on {self.tags[0]}")

    def wheel(self, files: list[dict[str, Any]], python: str) -> dict[str, Any] | None:
        numbers = tuple(map(int, python.split(".")))
        interpreter = f"cp{numbers[0]}{numbers[1]}"
        order: dict[Tag, int] = {}
        for tag in (
            *cpython_tags(numbers, [interpreter], self.tags),
            *compatible_tags(numbers, interpreter, self.tags),
        ):
            order.setdefault(tag, len(order))
        ranked = []
        for file in files:
            if not SpecifierSet(file.get("requires-python") or "").contains(python):
                continue
            places = [order[tag] for tag in parse_wheel_filename(file["filename"])[3] if tag in order]
            if places:
                ranked.append((min(places), file["filename"], file))
        return min(ranked, key=lambda r: r[:2])[2] if ranked else None

    def requirements(self, files: list[dict[str, Any]]) -> list[tuple[str, SpecifierSet, bool]]:
        """(name, specifier, whether the requirement names no platform) of what these wheels require."""
        out = []
        for python, file in zip(PYTHONS, files):
            for line in metadata_of(file["url"]).requires_dist or ():
                requirement = Requirement(str(line))
                here = {**self.markers, "python_version": python, "python_full_version": f"{python}.0", "extra": ""}
                here |= {"implementation_name": "cpython", "platform_python_implementation": "CPython"}
                if requirement.marker is not None and not requirement.marker.evaluate(here):
                    continue
                plain = "platform_" not in str(requirement.marker or "")
                out += [(canonicalize_name(requirement.name), requirement.specifier, plain)]
                for extra in requirement.extras:
                    out += self.extra_of(requirement, extra, here, plain)
        return out

    def extra_of(
        self, requirement: Requirement, extra: str, here: dict[str, str], plain: bool
    ) -> list[tuple[str, SpecifierSet, bool]]:
        """What `package[extra]` requires beside the package."""
        _, files = self.newest(canonicalize_name(requirement.name), requirement.specifier)
        out = []
        for line in metadata_of(files[0]["url"]).requires_dist or ():
            inner = Requirement(str(line))
            marker = str(inner.marker or "")
            if "extra" in marker and inner.marker is not None and inner.marker.evaluate({**here, "extra": extra}):
                out.append((canonicalize_name(inner.name), inner.specifier, plain and "platform_" not in marker))
        return out


@cache
def listing(url: str, name: str) -> list[dict[str, Any]]:
    request = urllib.request.Request(
        f"{url}/{name}/", headers={"Accept": "application/vnd.pypi.simple.v1+json", "User-Agent": "meshkiln"}
    )
    with urllib.request.urlopen(request, timeout=120) as answer:
        return list(json.load(answer)["files"])


@cache
def metadata_of(url: str) -> Metadata:
    """A wheel's metadata, which most indexes offer as a separate file; else the (small) wheel is read."""
    try:
        with urllib.request.urlopen(url + ".metadata", timeout=120) as answer:
            return Metadata.from_email(answer.read(), validate=False)
    except urllib.error.HTTPError as error:
        if error.code != 404:
            raise
    with urllib.request.urlopen(url, timeout=600) as answer, zipfile.ZipFile(io.BytesIO(answer.read())) as wheel:
        name = next(n for n in wheel.namelist() if n.endswith(".dist-info/METADATA"))
        return Metadata.from_email(wheel.read(name), validate=False)


if __name__ == "__main__":
    raise SystemExit(main())
