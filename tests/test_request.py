"""Requests for generation: valid ones travel unchanged, wrong ones cost a sentence that names the field."""

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from meshkiln.trainer.generate.request import (
    CRAFTS,
    LIMITS,
    LONGEST_PROMPT,
    REQUESTS,
    Completion,
    GenerateRequest,
    PresetsRequest,
    RequestError,
)

MODELS = {"geometry": "geometry.safetensors"}


def whole(name: str) -> st.SearchStrategy[int]:
    return st.integers(int(LIMITS[name].least), int(LIMITS[name].most))


def real(name: str) -> st.SearchStrategy[float]:
    return st.floats(LIMITS[name].least, LIMITS[name].most)


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40)
point = st.tuples(*[st.floats(-1e9, 1e9)] * 3)
completions = st.builds(Completion, metres=real("metres"), frame=st.none() | st.tuples(point, point))


@st.composite
def requests(draw: st.DrawFn) -> GenerateRequest:
    crafts = tuple(craft for craft in CRAFTS if draw(st.booleans())) or ("geometry",)
    geometry = "geometry" in crafts
    record = draw(words) if not geometry or draw(st.booleans()) else None
    beginning: dict[str, Any] = {}
    if geometry and record is not None:
        beginning = draw(
            st.fixed_dictionaries({"keep": real("keep")}) | st.fixed_dictionaries({"complete": completions})
        )
    return GenerateRequest(
        prompt=draw(words.filter(str.strip)),
        crafts=crafts,
        models={craft: draw(words) for craft in crafts},
        **{name: draw(whole(name)) for name in ("variants", "best_of", "seed")},
        **{name: draw(st.none() | whole(name)) for name in ("faces", "frames")},
        **{name: draw(real(name)) for name in ("temperature", "guidance")},
        size=draw(st.none() | real("size")),
        style=draw(st.none() | words),
        target=draw(st.none() | point),
        engine=draw(st.sampled_from(["auto", "numpy", "torch"])),
        record=record,
        out=draw(st.none() | words),
        **beginning,
    )


@given(requests())
def test_a_request_survives_its_way_through_json(request: GenerateRequest) -> None:
    travelled = json.loads(json.dumps(request.to_dict(), allow_nan=False))
    assert GenerateRequest.from_dict(travelled) == request


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("temperature", math.nan),
        ("temperature", -0.1),
        ("temperature", "warm"),
        ("guidance", math.inf),
        ("guidance", 10**400),
        ("faces", -1),
        ("faces", 0),
        ("faces", 12.5),
        ("variants", -3),
        ("variants", True),
        ("variants", 10**400),
        ("seed", -1),
        ("seed", None),
        ("best_of", 0),
        ("size", 0),
        ("size", math.nan),
        ("frames", 10**9),
        ("prompt", "a" * (LONGEST_PROMPT + 1)),
        ("prompt", "\ud800"),
        ("prompt", "  "),
        ("prompt", 3),
        ("style", "\0"),
        ("engine", "abacus"),
        ("crafts", ["music"]),
        ("crafts", []),
        ("crafts", "geometry"),
        ("models", {"geometry": 3}),
        ("models", {}),
        ("models", None),
        ("target", [1, 2]),
        ("target", [1, 2, math.nan]),
        ("keep", 0.3),  # without a record
        ("complete", {"metres": 0}),
        ("record", "given.safetensors"),  # to do what with it?
        ("folders", ["/models"]),
    ],
)
def test_a_wrong_value_is_refused_in_a_sentence_that_names_it(field: str, value: Any) -> None:
    with pytest.raises(RequestError) as caught:
        GenerateRequest.from_dict({"prompt": "barrel", "models": MODELS} | {field: value})
    sentence = str(caught.value)
    assert field in sentence or (field, value) == ("complete", {"metres": 0}) and "metres" in sentence
    assert len(sentence) < 500 and sentence.encode()


@pytest.mark.parametrize("value", [None, [], "generate", 3, {"frame": [[0, 0, 0]]}, {"frame": 3}, {"metres": None}])
def test_a_wrong_completion_is_refused(value: Any) -> None:
    with pytest.raises(RequestError):
        GenerateRequest(prompt="barrel", models=MODELS, record="a", complete=value)


def test_a_suggestion_needs_a_mesh_and_not_a_beginning() -> None:
    models = {"materials": "materials.safetensors"}
    assert GenerateRequest(crafts=("materials",), models=models, record="given.safetensors").prompt == ""
    with pytest.raises(RequestError, match="record"):
        GenerateRequest(prompt="barrel", crafts=("materials",), models=models)
    with pytest.raises(RequestError, match="keep"):
        GenerateRequest(prompt="barrel", crafts=("materials",), models=models, record="a", keep=0.3)


def test_other_requests_are_checked_too() -> None:
    assert PresetsRequest.from_dict({"craft": "materials", "speed": 1e9}).speed == 1e9
    for wrong in ({"craft": "music"}, {"speed": math.nan}, {"dataset": 3}, {"what": 1}, [], None):
        with pytest.raises(RequestError):
            PresetsRequest.from_dict(wrong)
    with pytest.raises(RequestError, match="auto, numpy, torch"):
        REQUESTS["load"].from_dict({"engine": "abacus"})


def test_blender_can_import_it_without_numpy() -> None:
    root = Path(__file__).resolve().parent.parent
    code = (
        "import importlib.util as u, sys; sys.modules['numpy'] = None;"
        f"s = u.spec_from_file_location('meshkiln', r'{root / '__init__.py'}', submodule_search_locations=[r'{root}']);"
        "m = u.module_from_spec(s); sys.modules['meshkiln'] = m;"
        "import meshkiln.trainer.generate.request"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
