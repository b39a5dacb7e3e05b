"""Sets: what is left out and why, families kept together, samples that are the same for the same numbers."""

import json
import subprocess
import sys

import numpy as np
import pytest
from meshkiln.records import mesh_record, plain_material
from meshkiln.trainer.data import curate
from meshkiln.trainer.data.geometry_set import mirrored
from meshkiln.trainer.data.set_folder import SetError
from meshkiln.trainer.data.training_set import training_set
from meshkiln.trainer.generate import reference_shapes
from meshkiln.trainer.generators import generate
from meshkiln.trainer.text import conditions, labels


@pytest.fixture(scope="module")
def small_set(tmp_path_factory):
    """A set made from generated objects that pretend to be somebody's work, with doubles and junk among them."""
    from meshkiln.records.dataset import Dataset

    folder = tmp_path_factory.mktemp("set")
    records = []
    for kind in ("chair", "barrel", "tree", "house", "sword", "crate", "sofa", "car"):
        for n in range(6):
            record = generate(kind, n)
            del record.data["generated"]
            record.data["name"] = record.data["label"] = f"{kind}_{'ABCDEF'[n]}"
            records.append(record)
    double = generate("chair", 0)
    double.arrays["mesh/position"] = double.arrays["mesh/position"] * 3
    double.data["label"] = "big chair"
    del double.data["generated"]
    triangle = mesh_record("shard", [[0, 0, 0], [1, 0, 0], [0, 1, 0]], [0], [0, 1, 2])
    with Dataset(folder / "data") as dataset:
        dataset.append([*records, double, triangle], file="pack.blend")
    head = curate.build([folder / "data"], folder / "set", heldout=25, say=lambda text: None)
    return folder / "set", head


def test_doubles_and_fragments_are_left_out_with_a_reason(small_set) -> None:
    folder, head = small_set
    assert head["read"] == 50 and head["assets"] == 48
    assert head["left_out"] == {"a double": 1, "fewer than four faces": 1}
    reasons = [json.loads(line)["reason"] for line in (folder / "left_out.jsonl").read_text().splitlines()]
    assert any("same shape" in r for r in reasons)


def test_variants_of_one_name_never_straddle_the_split(small_set) -> None:
    set_ = training_set(small_set[0])
    sides: dict[str, set[str]] = {}
    for about in set_.assets.about:
        sides.setdefault(about["noun"], set()).add(about["split"])
    assert all(len(s) == 1 for s in sides.values())
    assert 0 < len(set_.heldout) < 48
    assert not set_.weights[set_.heldout].any()


def test_a_sample_is_a_function_of_index_and_seed(small_set) -> None:
    set_, again = training_set(small_set[0]), training_set(small_set[0])
    for index in (0, int(set_.heldout[0]), len(set_) - 1):
        for seed in (0, 1, 2**61):
            (a, w, x), (b, v, y) = set_.sample(index, seed), again.sample(index, seed)
            assert np.array_equal(a.tokens, b.tokens) and np.array_equal(w, v) and np.array_equal(x, y)
            assert w.shape == (6, 96) and len(x) == len(set_.spec.condition)
            assert (x >= 0).all() and (x < np.array(set_.spec.condition)).all()
            assert a.features.shape[1] == len(set_.spec.features)


def test_heldout_assets_come_as_they_are(small_set) -> None:
    set_ = training_set(small_set[0])
    index = int(set_.heldout[0])
    a, b = set_.sample(index, 1), set_.sample(index, 2)
    assert np.array_equal(a[0].tokens, b[0].tokens) and np.array_equal(a[1], b[1])
    exact = set_.codec.encode_record(set_.record(index))
    assert abs(len(a[0].tokens) - len(exact.tokens)) <= 2


def test_real_work_is_at_least_half_of_the_last_third(small_set) -> None:
    set_ = training_set(small_set[0])
    for progress in (0.67, 0.8, 1.0):
        weights = set_.mix(progress)
        assert weights.sum() == pytest.approx(1)
        assert weights[: set_.real].sum() >= 0.5
    assert set_.mix(0.0)[: set_.real].sum() < 0.15


def test_a_model_that_goes_on_learns_mostly_from_real_work(small_set) -> None:
    set_ = training_set(small_set[0], begun=True)
    assert {round(set_.mix(progress)[: set_.real].sum(), 3) for progress in (0.0, 0.5, 1.0)} == {0.58}
    assert training_set(small_set[0], "materials", begun=True).mix(0.0)[-1] == 0.5


def test_generators_alone_are_a_set() -> None:
    set_ = training_set(None)
    sequence, _, attributes = set_.sample(3, 5)
    assert sequence.steps > 4
    assert len(set_.heldout) == 0
    with pytest.raises(SetError, match="nothing to learn"):
        training_set(None, generated=False)


def test_a_missing_set_is_said_in_a_sentence(tmp_path) -> None:
    with pytest.raises(SetError, match="dataset build"):
        training_set(tmp_path)


def test_mirroring_twice_is_nothing() -> None:
    record = generate("car", 3)
    a = record.arrays
    p, s, c = a["mesh/position"], a["mesh/loop_start"].astype(int), a["mesh/corner_vert"].astype(int)
    q, t, d = mirrored(*mirrored(p, s, c))
    assert np.allclose(p, q) and np.array_equal(c, d) and np.array_equal(s, t)


# Labels


@pytest.mark.parametrize(
    "name, label",
    [
        ("building_windmill_blue_02.obj", "building windmill blue"),
        ("Bed_Twin2.glb", "bed twin"),
        ("Tree2-TreePack.obj", "tree"),
        ("chairCushion", "chair cushion"),
        ("Prop_Syringe.glb", "syringe"),
        ("BasicTree_LowPoly.glTF", "basic tree"),
        ("Cube.001", "cube"),
        ("bone_B", "bone"),
        ("kitchentable", "kitchen table"),
    ],
)
def test_names_become_labels(name: str, label: str) -> None:
    assert labels.normalise(name) == label


def test_colours_are_named_as_people_name_them() -> None:
    said = {(0.6, 0.03, 0.02): "red", (0.02, 0.1, 0.5): "blue", (0.07, 0.3, 0.05): "green", (0.9, 0.9, 0.9): "white",
            (0.01, 0.01, 0.012): "black", (0.25, 0.11, 0.04): "brown", (0.9, 0.6, 0.05): "yellow"}  # fmt: skip
    for color, word in said.items():
        assert labels.color_word(color) == word


# Conditions


def test_wishes_become_numbers_within_their_sizes() -> None:
    record = generate("house", 2)
    for craft in conditions.CRAFTS:
        found = conditions.of_record(record, craft, slot=0)
        words, attributes = found.arrays(craft)
        assert words.any() and (attributes > 0).sum() >= 6
        assert (attributes < np.array(conditions.cardinalities(craft))).all()
    extreme = conditions.Condition("x", faces=10**9, quads=2.0, size=1e9, slots=99, symmetric=False, style="mine")
    assert (extreme.attributes() < np.array(conditions.cardinalities("geometry"))).all()


def test_a_mesh_can_be_asked_for_by_its_proportions() -> None:
    tall = conditions.of_record(generate("lamp", 1)).attributes()
    flat = conditions.of_record(generate("bed", 1)).attributes()
    assert tall[-2] < flat[-2] and tall[-1] < flat[-1]
    usual = reference_shapes.shipped_table().usual("bed", 1, "generated")
    assert set(usual["summary"]) == set(conditions.PROPORTIONS)
    asked = conditions.Condition("bed", **usual).attributes()
    assert asked[-1] > 0 and abs(int(asked[-1]) - int(flat[-1])) < 4


def test_a_symmetric_object_is_called_symmetric() -> None:
    def symmetric(record) -> bool:
        return bool(conditions.of_record(record).symmetric)

    assert symmetric(generate("sofa", 1)) and symmetric(generate("bed", 1))
    assert not symmetric(generate("axe", 2))


def test_training_leaves_things_unsaid_but_keeps_the_noun() -> None:
    wish = conditions.Condition("red wooden chair", faces=100, style="kaykit")
    rng = np.random.default_rng(0)
    samples = [conditions.soften(wish, rng) for _ in range(300)]
    empty = sum(not w.any() for w, _ in samples)
    bare = sum(bool(w.any()) and not a.any() for w, a in samples)
    assert 10 < empty < 60 and bare > 60


def test_wishes_refuse_what_they_do_not_know() -> None:
    assert conditions.wishes({"text": "chair", "faces": None}).text == "chair"
    with pytest.raises(ValueError, match="weight"):
        conditions.wishes({"weight": 3})


def test_similar_shades_become_one_slot() -> None:
    record = generate("crate", 1)
    asset = curate.Asset(
        "x", "crate", record.arrays["mesh/position"], record.arrays["mesh/loop_start"].astype(int),
        record.arrays["mesh/corner_vert"].astype(int), np.arange(len(record.arrays["mesh/loop_start"])) % 3,
        [plain_material(n, c)["plain"] | {"name": n} for n, c in
         (("a", (0.5, 0.2, 0.1)), ("b", (0.52, 0.21, 0.1)), ("c", (0.1, 0.1, 0.6)))],
    )  # fmt: skip
    curate.tidy_slots(asset)
    assert len(asset.materials) == 2 and set(asset.slots) == {0, 1}


@pytest.mark.slow
def test_the_command_builds_and_shows(small_set, tmp_path) -> None:
    command = [
        sys.executable,
        "-m",
        "meshkiln",
        "dataset",
        "show",
        str(small_set[0]),
        "--sheet",
        str(tmp_path / "s.png"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "families" in done.stdout and (tmp_path / "s.png").stat().st_size > 1000


# The schema crafts


@pytest.mark.parametrize("craft", ["materials", "modifiers", "animation"])
def test_schema_crafts_learn_from_generated_parameters(craft: str) -> None:
    set_ = training_set(None, craft)
    for seed in range(60):
        sequence, words, attributes = set_.sample(len(set_) - 1, seed)
        assert sequence.steps >= 1 and not sequence.notes
        assert words.shape == (6, 96) and (attributes < np.array(set_.spec.condition)).all()
    again = training_set(None, craft).sample(0, 3)
    assert np.array_equal(again[0].tokens, set_.sample(0, 3)[0].tokens)


def test_curated_meshes_teach_materials_slot_by_slot(small_set) -> None:
    set_ = training_set(small_set[0], "materials")
    assert set_.real > 48 and len(set_.heldout)
    sequence, _, attributes = set_.sample(0, 1)
    assert sequence.steps == 4


def test_words_mean_what_their_materials_are() -> None:
    import random

    from meshkiln.trainer.generators.materials import material

    for seed in range(400):
        made, label = material(random.Random(seed))
        plain, words = made["plain"], label.split()
        if "metal" in words and "rusty" not in words:
            assert plain["metallic"] > 0.8
        if "glass" in words:
            assert plain["transmission"] > 0.8 and plain["roughness"] < 1
        if "polished" in words:
            assert plain["roughness"] < 0.2
        if words[-1:] == ["red"]:
            assert labels.color_word(plain["base_color"]) == "red"
