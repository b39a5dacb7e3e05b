"""Hostile plain JSON: whatever is wrong with it, the answer is records or a sentence that names the field."""

import copy
import json
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest
from meshkiln.jobs.processes import meshkiln_command
from meshkiln.records import RecordError, from_plain, to_plain, validate
from meshkiln.records.plainform import PlainFileError, read_plain

CUBE = {
    "objects": [
        {
            "name": "Chair",
            "label": "wooden chair",
            "mesh": {
                "vertices": [[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [0.5, 0.5, 2.5]],
                "faces": [[0, 1, 2, 3], [0, 1, 4]],
                "edges": [[2, 4]],
                "normals": [[0, 0, 1]] * 5,
                "material_indices": [0, 1],
                "smooth": [1, 0],
                "uv_maps": {"UVMap": [[0.0, 0.5]] * 7},
            },
            "modifiers": [
                {"type": "MIRROR", "name": "Mirror", "use_axis": [True, False, False]},
                {"type": "ARRAY", "count": 3, "relative_offset_displace": [1.0, 0, 0]},
            ],
            "materials": [
                {"name": "Wood", "type": "PBR", "base_color": [0.4, 0.2, 0.1, 0.5], "roughness": 0.7, "metallic": 0},
                {"name": "Glass", "transmission": 1.0, "alpha": 0.5, "emission": [1, 1, 1]},
                None,
            ],
            "transforms": {"location": [0, 1, 2], "rotation": [0, 0, 3.14], "scale": [1, 1, 1]},
        },
        {"name": "Empty", "parent": "Chair", "transforms": {"rotation": [1, 0, 0, 0]}},
    ]
}
HOSTILE: list[Any] = [
    None, True, False, 0, -1, 3, 2**31, 2**63, -(2**63) - 1, 10**400, -(10**400), 1e308, -1e39, 1e-320,
    float("nan"), float("inf"), -0.0, 0.5, "", "x", "\ud800", "\0", "a" * 5000, "Größe 樽", [], [[]], [1], [1, 2, 3],
    [None], ["x"], [[0, 1, 2]], [float("nan")] * 3, [10**400] * 3, [True, True, True], {}, {"": 0}, {"\ud800": []},
    {"type": "MIRROR"}, {"a/b": [[0, 0]]}, {"name": None}, [0, 1, 2, 99], [[0, 1, 2], [2, 1, 0]],
]  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all values in a JSON value."""
    inside: list[Any] = []
    if isinstance(value, dict):
        inside = [(key, child) for key, child in value.items()]
    elif isinstance(value, list):
        inside = list(enumerate(value))
    return [path] + [found for key, child in inside for found in places(child, (*path, key))]


def mutated(rng: random.Random) -> Any:
    """The chair with one to four of its values replaced, removed, repeated or renamed."""
    root = {"root": copy.deepcopy(CUBE)}
    for _ in range(rng.randint(1, 4)):
        path = rng.choice(places(root)[1:])
        parent: Any = root
        for key in path[:-1]:
            parent = parent[key]
        way = rng.random()
        if way < 0.7:
            parent[path[-1]] = copy.deepcopy(rng.choice(HOSTILE))
        elif way < 0.8 and len(path) > 1:
            del parent[path[-1]]
        elif way < 0.9 and isinstance(parent, list):
            parent.append(copy.deepcopy(parent[path[-1]]))
        elif isinstance(parent, dict) and len(path) > 1:
            parent[rng.choice(["", "type", "name", "x", "\ud800", "rotation", "scale"])] = parent.pop(path[-1])
        if "root" not in root:
            root["root"] = None
    return root["root"]


def check(value: Any) -> bool:
    """Whether it was refused; anything but records and a RecordError fails the test."""
    try:
        records = from_plain(value)
    except RecordError as error:
        assert error.field and error.reason and str(error).encode()
        assert "Traceback" not in str(error) and len(str(error)) < 700, str(error)[:1000]
        return True
    for record in records:
        validate(record)
    json.dumps(to_plain(records), allow_nan=False).encode()
    return False


def test_mutated_records_become_records_or_a_sentence() -> None:
    refused = sum(check(mutated(random.Random(seed))) for seed in range(600))
    assert 150 < refused < 600


@pytest.mark.slow
def test_many_more_mutated_records_become_records_or_a_sentence() -> None:
    for seed in range(600, 20_000):
        check(mutated(random.Random(seed)))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"transforms": {"location": [10**400, 0, 0]}}, "objects[0].transforms.location"),
        ({"transforms": {"scale": [float("nan"), 1, 1]}}, "objects[0].transforms.scale"),
        ({"materials": [{"roughness": 10**400}]}, "objects[0].materials[0].roughness"),
        ({"mesh": {"vertices": [[10**400, 0, 0]]}}, "objects[0].mesh.vertices[0]"),
        (
            {"mesh": {"vertices": [[0, 0, 0]] * 3, "faces": [[0, 1, 2]], "material_indices": [2**40]}},
            "material_indices",
        ),
        ({"mesh": {"uv_maps": [1]}}, "objects[0].mesh.uv_maps"),
        ({"modifiers": [{"type": "ARRAY", "name": 3}]}, "objects[0].modifiers[0].name"),
        ({"name": "\ud800"}, "objects[0].name"),
        ({"parent": 3}, "objects[0].parent"),
    ],
)
def test_the_sentence_names_the_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(RecordError) as caught:
        from_plain({"objects": [{"name": "a", **change}]})
    assert field in caught.value.field


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe{", b"[" * 100_000, b'{"objects": [' + b"9" * 5000 + b"]}", b"{}", b"NaN", b"\0", b'"\\ud800"'],
)
def test_a_file_that_holds_no_records_is_told_of_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(PlainFileError, match="a.json: "):
        read_plain(path)


def test_the_verbs_answer_hostile_files_without_a_traceback(tmp_path: Path) -> None:
    rng = random.Random(5)
    for number in range(40):
        text = json.dumps(mutated(rng), ensure_ascii=True)
        (tmp_path / f"{number}.json").write_text(text, encoding="utf-8")
    words = [str(path) for path in sorted(tmp_path.glob("*.json"))]
    for craft in ("geometry", "materials", "modifiers"):
        argv = meshkiln_command("tokens", *words, "--craft", craft, "--json")
        done = subprocess.run(argv, capture_output=True, text=True, encoding="utf-8", check=False)
        assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        assert any("error" in line for line in lines)
