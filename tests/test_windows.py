"""Real Blender windows, driven by the mouse, where this machine has such Blenders: what no window-less test can see."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
REAL = ROOT.parent / "shared" / "real-blender"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(not (REAL / "shot").is_file(), reason="no driver of real Blender windows beside the checkout"),
]
long = pytest.mark.skipif(
    not os.environ.get("MESHKILN_WINDOWS"), reason="half an hour of windows: set MESHKILN_WINDOWS=1"
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, ROOT / "scripts" / "build_extension.py", "--out", out], check=True)
    return next(out.glob("meshkiln-*.zip"))


def inside(version: str, *words: object) -> str:
    """Run a command where that Blender is; what it said. All of its processes end with it."""
    command = [REAL / "in-blender", version, *words]
    done = subprocess.run([str(w) for w in command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    return done.stdout


@long
@pytest.mark.parametrize("version", ["4.3", "5.2"])
def test_many_cycles_in_a_window_leave_nothing(version, archive, tmp_path):
    script = ROOT / "tests" / "blender" / "window_stress.py"
    assert "all is well" in inside(version, REAL / "shot", version, "--out", tmp_path, "--install", archive, script)


@long
@pytest.mark.parametrize("version", ["4.3", "5.2"])
def test_training_outlives_a_killed_blender(version, archive, tmp_path):
    pytest.importorskip("torch")
    script = ROOT / "scripts" / "scenarios" / "training.py"
    # One shell for both: what a Blender leaves running ends with the sandbox that it runs in.
    shot = f"'{REAL}/shot' {version} --user-dir '{tmp_path}/user' --out '{tmp_path}' --size 1400x1240 --timeout 900"
    said = inside(
        version,
        "bash",
        "-c",
        f"{shot} --install '{archive}' '{script}' -- start '{sys.executable}'; echo first ended with $?; "
        f"{shot} '{script}' -- again",
    )
    assert "first ended with 70" in said  # the driver's word for a Blender that ended before its script did
    assert "all is well" in said


@long
@pytest.mark.parametrize("version", ["4.3", "5.2"])
def test_a_newcomers_wrong_turns_cost_a_sentence_each(version, archive, tmp_path):
    script = ROOT / "scripts" / "scenarios" / "walk.py"
    words = ("--out", tmp_path, "--timeout", "900", "--install", archive, script, "--", tmp_path)
    assert "all is well" in inside(version, REAL / "shot", version, *words)


@pytest.mark.parametrize("version", ["4.3", "5.2"])
def test_a_result_waits_for_a_grab_and_touches_nothing_that_is_edited(version, archive, tmp_path):
    script = ROOT / "scripts" / "scenarios" / "grab.py"
    words = ("--out", tmp_path, "--timeout", "300", "--install", archive, script)
    assert "grab: well" in inside(version, REAL / "shot", version, *words)


@pytest.mark.parametrize("version", ["4.3", "5.2"])
def test_what_will_be_learned_is_corrected_with_the_mouse(version, archive, tmp_path):
    script = ROOT / "scripts" / "scenarios" / "assets.py"
    words = ("--out", tmp_path, "--timeout", "300", "--size", "1400x900", "--install", archive, script)
    assert "assets: well" in inside(version, REAL / "shot", version, *words)


@pytest.mark.parametrize("version", ["4.3", "5.2"])
def test_one_click_learns_the_open_scene_and_generate_builds_in_its_style(version, archive, tmp_path):
    script = ROOT / "scripts" / "scenarios" / "learn.py"
    words = ("--size", "1400x1000", "--out", tmp_path, "--timeout", "300", "--install", archive, script)
    assert "learn: well" in inside(version, REAL / "shot", version, *words)
