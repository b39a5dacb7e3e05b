"""What a command is told to write, and wrong numbers: told of before any work, and no file is lost without --force."""

import json
from pathlib import Path

import pytest
from meshkiln.__main__ import main
from meshkiln.jobs.outputs import OutputError, check_output

SHIPPED = Path(__file__).resolve().parent.parent / "trainer" / "models"
TRIANGLE = {"objects": [{"name": "a", "mesh": {"vertices": [[0, 0, 0], [1, 0, 0], [0, 1, 0]], "faces": [[0, 1, 2]]}}]}


def test_a_file_that_is_there_is_kept_unless_forced(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    check_output(path, force=False)
    path.write_text("mine")
    with pytest.raises(OutputError, match="--force"):
        check_output(path, force=False)
    check_output(path, force=True)
    assert path.read_text() == "mine"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("no/a.json", "does not exist"), (".", "is a folder"), ("a.png", ".png is not a format"), ("a", "no ending"),
     ("a" * 300 + ".json", "too long"), ("a.json/b.json", "does not exist")],
)  # fmt: skip
def test_a_path_that_cannot_be_written_is_refused(tmp_path: Path, name: str, wanted: str) -> None:
    (tmp_path / "a.json").write_text("")
    with pytest.raises(OutputError, match=wanted):
        check_output(tmp_path / name, force=True, endings=() if name == "." else (".json",))


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["inject", "a.json", "--out", "there.obj"], "--force"),
        (["inject", "a.json", "--out", "b.obj", "--timeout", "nan"], "--timeout"),
        (["evaluate", "MODEL", "--data", "set", "--temperature", "nan"], "--temperature"),
        (["evaluate", "MODEL", "--data", "set", "--top-p", "2"], "--top-p"),
        (["evaluate", "MODEL", "--data", "set", "--samples", "-3"], "--samples"),
        (["evaluate", "MODEL", "--data", "set", "--best-of", "0"], "--best-of"),
        (["evaluate", "MODEL", "--data", "set", "--out", "report"], "--force"),
        (["evaluate", "none.safetensors", "--data", "set"], "none.safetensors"),
        (["dataset", "build", "meshes", "--out", "set"], "--force"),
        (["dataset", "build", "meshes", "--out", "other", "--heldout", "nan"], "--heldout"),
        (["dataset", "build", "meshes", "--out", "other", "--max-faces", "-1"], "--max-faces"),
        (["dataset", "show", "set", "--sheet", "there.png"], "--force"),
        (["dataset", "show", "set", "--count", "-1"], "--count"),
        (["tokens", "a.json", "--levels", "-4"], "levels"),
        (["tokens", "a.json", "--levels", "99999"], "levels"),
        (["worker", "--idle-minutes", "nan"], "--idle-minutes"),
    ],
)
def test_wrong_arguments_cost_one_sentence_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], wanted: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.json").write_text(json.dumps(TRIANGLE))
    for there in ("there.obj", "there.png", "report/report.html", "set/set.json"):
        Path(there).parent.mkdir(exist_ok=True)
        Path(there).write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    model = str(SHIPPED / "geometry.safetensors")
    assert main([model if word == "MODEL" else word for word in words]) == 2
    captured = capsys.readouterr()
    assert wanted in captured.err and captured.err.count("\n") == 1 and not captured.out
    assert sorted(tmp_path.rglob("*")) == before
