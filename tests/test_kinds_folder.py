"""A folder of the user's own kinds: the example of docs/kinds.md works, and what is wrong is told in a sentence."""

import pickle
import re
import subprocess
import sys
from pathlib import Path

import pytest
from meshkiln.__main__ import main
from meshkiln.records import validate
from meshkiln.records.dataset import Dataset
from meshkiln.trainer.data.set_folder import Assets
from meshkiln.trainer.generators import KINDS, KindsError, generate, load_folder
from meshkiln.trainer.learn import prepare_and_train

DOC = Path(__file__).parent.parent / "docs" / "kinds.md"
GOOD = """
from meshkiln.trainer.generators import Maker, kind
from meshkiln.trainer.generators.parts import box


@kind("my_slab", "slab of mine:1")
def my_slab(m: Maker) -> None:
    m.add(m.slot("stone", main=True), box(m.u(1, 2), 1, 0.1))
"""


@pytest.fixture(autouse=True)
def kinds_as_they_were():
    before = dict(KINDS)
    yield
    for key in [key for key in KINDS if key not in before]:
        del KINDS[key]


def folder(path: Path, **files: str) -> Path:
    for name, text in files.items():
        (path / f"{name}.py").write_text(text, encoding="utf-8")
    return path


def refusal(path: Path) -> str:
    before = list(KINDS)
    with pytest.raises(KindsError) as raised:
        load_folder(path)
    assert list(KINDS) == before, "a refused folder leaves the kinds as they were"
    return str(raised.value)


def test_the_example_in_the_documents_works(tmp_path: Path) -> None:
    example = re.search(r"```python\n(.*?)```", DOC.read_text(encoding="utf-8"), re.S)
    assert example
    assert load_folder(folder(tmp_path, lamps=example[1])) == ["bollard_light"]
    nouns = set()
    for seed in range(20):
        record = generate("bollard_light", seed)
        validate(record)
        assert record.data["generated"]["closed"] and record.data["generated"]["group"] == "lamps"
        nouns.add(record.data["generated"]["noun"])
    assert nouns == {"bollard light", "garden light", "path light"}


def test_files_are_loaded_by_name_and_those_with_a_leading_underscore_are_not(tmp_path: Path) -> None:
    second = GOOD.replace("my_slab", "another_slab")
    folder(tmp_path, b=GOOD, a=second, _draft="this is no Python")
    assert load_folder(tmp_path) == ["another_slab", "my_slab"]


def test_a_key_that_is_taken_is_refused_with_the_line(tmp_path: Path) -> None:
    said = refusal(folder(tmp_path, chairs=GOOD.replace("my_slab", "chair", 1)))
    assert said == 'chairs.py, line 6: there is already a kind "chair" (in furniture); give this one another key'


def test_a_folder_cannot_be_loaded_twice(tmp_path: Path) -> None:
    folder(tmp_path, mine=GOOD)
    load_folder(tmp_path)
    assert 'there is already a kind "my_slab" (in mine)' in refusal(tmp_path)


@pytest.mark.parametrize(
    "text, said",
    [
        ("x = (\n", "bad.py, line 1: SyntaxError:"),
        ("import numpy\n\nnumpy.no_such()\n", "bad.py, line 3: AttributeError:"),
        ("import no_such_module\n", "bad.py, line 1: ModuleNotFoundError:"),
        (
            GOOD.replace("box(m.u", "bx(m.u"),
            "bad.py, line 8: drawing the kind \"my_slab\": NameError: name 'bx' is not defined",
        ),
        (
            GOOD.replace(":1", ":"),
            'bad.py, line 6: the names "slab of mine:" of "my_slab" are not written as "noun:weight, noun:weight"',
        ),
        (
            GOOD + "\n\n@my_slab.noun('plank')\ndef plank(m: Maker) -> None: ...\n",
            'bad.py, line 11: the kind "my_slab"',
        ),
        (GOOD.replace("m.add(", "print("), 'bad.py: drawing the kind "my_slab": it places no parts'),
    ],
)
def test_a_file_that_fails_is_told_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    assert refusal(folder(tmp_path, bad=text)).startswith(said)


def test_every_file_that_fails_is_told_and_none_is_added(tmp_path: Path) -> None:
    lines = refusal(folder(tmp_path, a="1 / 0\n", b=GOOD, c="raise SystemError('no')\n")).split("\n")
    assert [line.split(",")[0] for line in lines] == ["a.py", "c.py"]


def test_a_folder_without_kinds_is_refused(tmp_path: Path) -> None:
    assert "not a folder" in refusal(tmp_path / "nowhere")
    assert "holds no Python file" in refusal(tmp_path)
    assert "registers a kind" in refusal(folder(tmp_path, empty=""))


def test_files_find_the_package_where_it_has_another_name(tmp_path: Path) -> None:
    """Blender calls the package bl_ext.user_default.meshkiln; the files say `meshkiln` all the same."""
    folder(tmp_path, mine=GOOD)
    program = f"""
import importlib.util, sys
from pathlib import Path
root = {str(DOC.parent.parent)!r}
spec = importlib.util.spec_from_file_location("other", root + "/__init__.py", submodule_search_locations=[root])
sys.modules["other"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sys.modules["other"])
from other.trainer.generators import KINDS, load_folder
assert load_folder(Path({str(tmp_path)!r})) == ["my_slab"] == list(KINDS)[-1:]
assert not [name for name in sys.modules if name.split(".")[0] == "meshkiln"]
"""
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_kind_goes_to_another_process_with_its_folder(tmp_path: Path) -> None:
    assert pickle.loads(pickle.dumps(KINDS["chair"])) is KINDS["chair"]
    load_folder(folder(tmp_path, mine=GOOD))
    sent = pickle.dumps(KINDS["my_slab"])
    del KINDS["my_slab"]  # as in a process that has just begun
    assert pickle.loads(sent).nouns == ["slab of mine"] and generate("my_slab", 1)


def make_dataset(path: Path) -> Path:
    """A dataset with one asset, which is called as the user's kind is, and one that no kind is called like."""
    records = [generate("chair", 1), generate("crate", 1)]
    for record, label in zip(records, ("zorblat mossy", "quuxling mossy")):
        del record.data["generated"]
        record.data["name"] = record.data["label"] = label
    with Dataset(path) as dataset:
        dataset.append(records, file="pack.blend")
    return path


MINE = GOOD.replace("slab of mine", "zorblat")


def test_what_a_set_is_made_of_is_named_after_the_kinds_of_the_folder(tmp_path: Path, capsys) -> None:
    """`noun_of` takes the last word that a kind is called by: without the folder that would be "mossy"."""
    dataset, kinds = make_dataset(tmp_path / "data"), folder(tmp_path, mine=MINE)
    nouns = {}
    for name, more in (("without", []), ("with", ["--kinds", str(kinds)])):
        out = tmp_path / name
        assert main(["dataset", "build", str(dataset), "--out", str(out), "--json", *more]) == 0
        nouns[name] = [about["noun"] for about in Assets(out).about]
    assert nouns == {"without": ["mossy", "mossy"], "with": ["zorblat", "mossy"]}
    capsys.readouterr()


def test_the_objects_that_are_shown_are_of_the_folder_too(tmp_path: Path, capsys, monkeypatch) -> None:
    built = tmp_path / "set"
    assert main(["dataset", "build", str(make_dataset(tmp_path / "data")), "--out", str(built), "--json"]) == 0
    drawn = []
    monkeypatch.setattr(
        "meshkiln.trainer.mesh.picture.draw_sheet", lambda records, *more, **options: drawn.extend(records)
    )
    kinds = folder(tmp_path, mine=GOOD)
    assert main(["dataset", "show", str(built), "--generated", "--count", "2000", "--json", "--kinds", str(kinds)]) == 0
    assert "my_slab" in {record.data["generated"]["kind"] for record in drawn}
    capsys.readouterr()


@pytest.mark.parametrize("verb", [["build", "{data}", "--out", "{out}"], ["show", "{data}"]])
def test_a_command_refuses_a_folder_that_fails_in_a_sentence_and_before_any_work(tmp_path: Path, capsys, verb) -> None:
    data, out = make_dataset(tmp_path / "data"), tmp_path / "set"
    words = [word.format(data=data, out=out) for word in verb]
    assert main(["dataset", *words, "--kinds", str(folder(tmp_path, bad="1 / 0\n"))]) == 1
    assert capsys.readouterr().err == "meshkiln dataset: bad.py, line 1: ZeroDivisionError: division by zero\n"
    assert not out.exists()


def test_a_training_of_the_panel_prepares_its_set_with_the_same_kinds(tmp_path: Path) -> None:
    kinds, run = folder(tmp_path, mine=MINE), tmp_path / "run"
    words = ["materials", "--dataset", str(make_dataset(tmp_path / "data")), "--out", str(run), "--kinds", str(kinds)]
    with pytest.raises(SystemExit):  # the set is made first, then `train` refuses the word that it does not know
        prepare_and_train.main([*words, "--no-such-option"])
    assert [about["noun"] for about in Assets(run / "data").about] == ["zorblat", "mossy"]
