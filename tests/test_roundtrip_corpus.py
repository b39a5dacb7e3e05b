"""The first law on real files by real artists: the command itself, over a corpus."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("bpy")

ROOT = Path(__file__).resolve().parent.parent
CORPUS = Path(os.environ.get("MESHKILN_CORPUS") or ROOT.parent / "shared" / "corpus") / "blend"


def roundtrip(*paths: Path, timeout: float) -> dict:
    keep = str(ROOT / "out" / "failed-roundtrips")  # CI keeps them as artifacts
    argv = [sys.executable, "-m", "meshkiln", "roundtrip", *map(str, paths), "--json", "--keep", keep]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=timeout)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.strip().splitlines()[-1])


def test_the_bundled_file_comes_back_whole():
    result = roundtrip(ROOT / "scripts" / "demo.blend", timeout=120)
    assert result["files"][0]["geometry_equal"]
    assert result["files"][0]["differences"] == []
    assert result["values"] == result["equal"] > 100


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here (MESHKILN_CORPUS)")
def test_the_corpus_comes_back():
    result = roundtrip(CORPUS, timeout=3600)
    failed = {file["path"]: file["error"] for file in result["files"] if "error" in file}
    assert not failed
    bent = [file["path"] for file in result["files"] if not file["geometry_equal"]]
    assert not bent
    assert result["equal"] / result["values"] >= 0.995
