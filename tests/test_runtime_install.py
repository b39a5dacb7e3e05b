"""PyTorch is installed as it was pinned: versions and hashes, wheels only, one index for each package, all or nothing.

The indexes are small ones of this machine with wheels made here; pip, the environment and the downloads are real.
"""

import ensurepip
import hashlib
import http.server
import json
import shutil
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest
from meshkiln.addon import runtime_install

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
TORCH = """
__version__ = "{version}"
class cuda:
    is_available = staticmethod(lambda: False)
class backends: pass
"""


class Index:
    """A package index on a port of this machine; it remembers what it was asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[str] = []
        index = self

        class Handler(http.server.SimpleHTTPRequestHandler):
            def __init__(self, *args):
                super().__init__(*args, directory=str(folder))

            def log_message(self, *args):
                index.asked.append(self.path.strip("/").split("/")[0])

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def put(self, name, version, code="", requires=()):
        """Offer a wheel; its pin."""
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}-{version}-py3-none-any.whl"
        info = f"{name}-{version}.dist-info"
        lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
        lines += [f"Requires-Dist: {line}" for line in requires]
        files = {
            f"{name}.py": code,
            f"{info}/METADATA": "\n".join(lines) + "\n",
            f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        files[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in files) + f"{info}/RECORD,,\n"
        with zipfile.ZipFile(path, "w") as wheel:
            for inner, text in files.items():
                wheel.writestr(inner, text)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        (folder / "index.html").write_text(f'<a href="{path.name.replace("+", "%2B")}">{path.name}</a>')
        return {"name": name, "version": version, "hashes": [digest]}


@pytest.fixture
def index(tmp_path):
    made = Index(tmp_path / "pypi")
    yield made
    made.server.shutdown()


@pytest.fixture
def other(tmp_path):
    made = Index(tmp_path / "other")
    yield made
    made.server.shutdown()


def offered(index):
    """Offers torch and numpy on `index`; pins of them."""
    torch = index.put("torch", "2.0", TORCH.format(version="2.0"), ["numpy"])
    return {
        "pythons": [PYTHON],
        "pip": {"name": "pip", "version": ensurepip.version(), "hashes": []},
        "platforms": {
            runtime_install.this_platform(): {"torch": [torch], "libraries": [index.put("numpy", "1.0", "ones = 1")]}
        },
    }


def install(folder, pins, index, *words):
    """The installer's exit code; what it installs comes to `folder`/runtime."""
    file = folder / "pins.json"
    file.write_text(json.dumps(pins))
    where = ("--folder", folder / "runtime", "--base", sys.executable, "--pins", file, "--index", index.url)
    return runtime_install.main([str(word) for word in (*where, *words)])


@pytest.fixture(scope="module")
def from_nothing(tmp_path_factory):
    """(folder, index, exit code) of an installation that began without an environment: that takes longest, so it is
    done once."""
    folder = tmp_path_factory.mktemp("installed")
    made = Index(folder / "pypi")
    code = install(folder, offered(made), made)
    made.server.shutdown()
    return folder, made, code


@pytest.fixture(scope="module")
def environment(from_nothing, tmp_path_factory):
    """An environment as the installer made it, without what it put there."""
    folder = tmp_path_factory.mktemp("environment") / "venv"
    shutil.copytree(from_nothing[0] / "runtime" / "venv", folder, symlinks=True)
    packages = folder / "lib" / f"python{PYTHON}" / "site-packages"
    assert (packages / "torch.py").is_file()
    for path in [*packages.glob("torch*"), *packages.glob("numpy*")]:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return folder


@pytest.fixture
def job(index, environment, tmp_path, capsys):
    """Offers torch and numpy on `index`, pinned; a function that runs the installer: (exit code, its sentence)."""
    shutil.copytree(environment, tmp_path / "runtime" / "venv", symlinks=True)
    pins = offered(index)

    def run(*words):
        code = install(tmp_path, pins, index, *words)
        return code, capsys.readouterr().err.strip().rpartition("\n")[2]

    run.pins = pins
    return run


def importable(tmp_path, name):
    python = tmp_path / "runtime" / "venv" / "bin" / "python"
    return subprocess.run([python, "-c", f"import {name}"], capture_output=True, check=False).returncode == 0


def test_what_is_pinned_is_installed_and_tried(from_nothing):
    folder, index, code = from_nothing
    assert code == 0
    assert json.loads((folder / "runtime" / "ready.json").read_text())["torch"] == "2.0"
    assert set(index.asked) == {"torch", "numpy"}
    assert not (folder / "runtime" / "wheels").exists()


@pytest.mark.parametrize("name", ["torch", "numpy"])
def test_a_wheel_with_another_hash_is_refused_and_nothing_is_installed(job, index, tmp_path, name):
    version = {"torch": "2.0", "numpy": "1.0"}[name]
    index.put(name, version, "print('I was swapped')")
    code, sentence = job()
    assert (
        code == 1 and sentence.startswith(name) and "hash differs" in sentence and "nothing was installed" in sentence
    )
    assert not importable(tmp_path, "torch") and not importable(tmp_path, "numpy")
    assert not (tmp_path / "runtime" / "ready.json").exists()


def test_another_version_is_not_taken_for_it(job, index):
    index.put("numpy", "9.0")
    code, sentence = job()
    assert code == 1 and "could not be found" in sentence


def test_no_other_index_is_asked_whatever_pip_is_set_to(job, other, tmp_path, monkeypatch):
    other.put("numpy", "99.0", "evil = 1")
    settings = tmp_path / "pip.conf"
    settings.write_text(f"[global]\nextra-index-url = {other.url}\n[install]\nextra-index-url = {other.url}\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(settings))
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", other.url)
    monkeypatch.setenv("PIP_FIND_LINKS", str(other.folder / "numpy"))
    assert job()[0] == 0 and other.asked == []


def own(other, tmp_path, **more):
    other.put("torch", "2.5+gpu", TORCH.format(version="2.5+gpu"), ["numpy", "gpu-runtime==3.1"], **more)
    other.put("gpu_runtime", "3.1")
    (other.folder / "gpu-runtime").symlink_to(other.folder / "gpu_runtime")
    return ("--torch", "2.5+gpu", "--torch-index", other.url, "--trusted", tmp_path / "trusted.json")


def test_a_torch_of_another_index_comes_from_there_all_else_does_not_and_it_stays_the_same_file(
    job, index, other, tmp_path
):
    words = own(other, tmp_path)
    assert job(*words)[0] == 0
    assert set(index.asked) == {"numpy"} and set(other.asked) == {"torch", "gpu-runtime"}
    assert importable(tmp_path, "gpu_runtime")
    trusted = json.loads((tmp_path / "trusted.json").read_text())[other.url]
    assert sorted(trusted) == ["gpu_runtime-3.1-py3-none-any.whl", "torch-2.5+gpu-py3-none-any.whl"]
    assert job(*words)[0] == 0  # Repair
    other.put("torch", "2.5+gpu", TORCH.format(version="2.5+gpu") + "print('swapped')")
    (tmp_path / "runtime" / "ready.json").write_text("{}")
    code, sentence = job(*words)
    assert code == 1 and "torch-2.5+gpu" in sentence and "nothing was installed" in sentence
    done = subprocess.run(
        [tmp_path / "runtime/venv/bin/python", "-c", "import torch"], capture_output=True, text=True, check=True
    )
    assert "swapped" not in done.stdout
    assert not (tmp_path / "runtime" / "ready.json").exists()


def test_a_torch_that_says_it_is_another_is_not_taken_for_ready(job, index, tmp_path):
    pin = index.put("torch", "2.0", TORCH.format(version="1.7"), ["numpy"])
    job.pins["platforms"][runtime_install.this_platform()]["torch"] = [pin]
    code, sentence = job()
    assert code == 1 and "PyTorch 2.0 was requested, but 1.7 is installed" in sentence
    assert not (tmp_path / "runtime" / "ready.json").exists()


def test_what_lacks_something_is_not_taken_for_ready(job, index):
    pin = index.put("torch", "2.0", TORCH.format(version="2.0"), ["numpy", "forgotten"])
    job.pins["platforms"][runtime_install.this_platform()]["torch"] = [pin]
    code, sentence = job()
    assert code == 1 and "forgotten" in sentence


def test_a_platform_without_pins_is_told(job):
    job.pins["platforms"] = {}
    code, sentence = job()
    assert code == 1 and sentence.startswith("There is no PyTorch for")


def test_the_pins_are_whole():
    pins = json.loads(runtime_install.PINS.read_text())
    for platform, lists in pins["platforms"].items():
        packages = [*lists["torch"], *lists["libraries"], pins["pip"]]
        names = [package["name"] for package in packages]
        assert {"torch", "numpy", "safetensors"} <= set(names) and len(names) == len(set(names)), platform
        for package in packages:
            assert package["hashes"] and all(len(digest) == 64 for digest in package["hashes"]), package["name"]
