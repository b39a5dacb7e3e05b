"""A style: an artist's things remembered, measured, varied, and a folder that is there whole or not at all."""

import json
import os
import subprocess
import sys
import time
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from meshkiln.records import mesh_record, plain_material
from meshkiln.records.dataset import Dataset, SourceFile
from meshkiln.trainer.generate.command import find_models
from meshkiln.trainer.generate.listener import Quiet
from meshkiln.trainer.generate.request import GenerateRequest, RequestError
from meshkiln.trainer.generate.service import Service
from meshkiln.trainer.generators import KINDS, generate
from meshkiln.trainer.mesh import faces
from meshkiln.trainer.mesh.bevel import beveled
from meshkiln.trainer.mesh.subdivide import subdivided
from meshkiln.trainer.style import folder as styles
from meshkiln.trainer.style.asked import asked
from meshkiln.trainer.style.fingerprint import Fingerprint, distance, fingerprint
from meshkiln.trainer.style.folder import StyleError
from meshkiln.trainer.style.manner import in_manner, material_pool, sharp_edges, with_polygons
from meshkiln.trainer.style.memory import Memory, MemoryDamaged, Own
from meshkiln.trainer.style.remake import Change, near_copy, recounted, remade
from meshkiln.trainer.style.shape import Shape, of_record
from meshkiln.trainer.style.traits import colors, traits

SOME = ("barrel", "chair", "bottle", "bookshelf", "car", "tree", "crate", "lamp", "table", "ladder")
KNOWN = {key: kind for key, kind in KINDS.items() if set(kind.nouns) & set(SOME)}


def drawn(noun, seed):
    kind = next(key for key, kind in KNOWN.items() if noun in kind.nouns)
    return generate(kind, seed)


def own(noun, seed=0):
    record = drawn(noun, seed)
    return Own(of_record(record), np.zeros(len(record.arrays["mesh/loop_start"]), int), {"label": noun, "name": noun})


def closed_edges(positions, starts, corners):
    return np.unique(faces.edges(starts, corners), axis=0, return_counts=True)[1]


def library_of(path, nouns=("barrel", "chair", "bottle"), each=3, triangles=False):
    """A dataset of generated things under an artist's names; with `triangles` all of their faces are cut."""
    records = []
    for noun in nouns:
        for seed in range(each):
            shape = of_record(drawn(noun, seed + 50))
            if triangles:
                print_ = Fingerprint({"triangles": (1.0, 1.0, 1.0)}, np.zeros((0, 4)))
                shape = with_polygons(shape, print_, np.random.default_rng(0))
            count = range(len(shape.materials))
            materials = [plain_material(f"My Stuff {i}", (0.7, 0.2 + 0.1 * i, 0.1), 0.9) for i in count]
            name = f"SM_{noun.title()}_{seed:02}"
            source = {"file": f"/art/{name}.blend", "author": "Me", "license": "CC0-1.0"}
            arrays = (shape.positions, shape.starts, shape.corners, shape.slots, materials)
            records.append(mesh_record(name, *arrays, source=source))
    for record in records:
        with Dataset(path) as dataset:
            dataset.append([record], SourceFile(f"/art/{record.name}.blend", author="Me", license="CC0-1.0"))
    return path


def memory_of(path):
    from meshkiln.trainer.style.gather import gather

    return Memory.of_assets(gather([path]).assets)


# Remaking


@given(st.sampled_from(SOME), st.integers(0, 10_000), st.floats(0.2, 3.0))
@settings(max_examples=40, deadline=None)
def test_a_remade_thing_is_as_whole_as_what_it_was_made_from(noun, seed, amount):
    thing = own(noun, seed % 7)
    shape = remade(thing, [own(noun, seed % 5 + 8)], Change(np.random.default_rng(seed), amount))
    before = closed_edges(thing.shape.positions, thing.shape.starts, thing.shape.corners)
    after = closed_edges(shape.positions, shape.starts, shape.corners)
    assert np.isfinite(shape.positions).all()
    assert (after > 2).mean() <= (before > 2).mean() + 1e-9 and (after == 1).mean() <= (before == 1).mean() + 1e-9
    assert abs(shape.positions[:, 2].min() - thing.shape.positions[:, 2].min()) < 1e-6, "it stands where that stood"


def test_nothing_changes_at_amount_zero_but_what_is_asked_for():
    thing = own("bottle")
    same = remade(thing, [], Change(np.random.default_rng(0), 0.0))
    assert np.allclose(same.positions, thing.shape.positions) and near_copy(same, thing.shape) == 1.0
    taller = remade(thing, [], Change(np.random.default_rng(0), 0.0, (1.0, 1.0, 1.5)))
    assert np.ptp(taller.positions[:, 2]) == pytest.approx(1.5 * np.ptp(thing.shape.positions[:, 2]))
    assert np.ptp(taller.positions[:, 0]) == pytest.approx(np.ptp(thing.shape.positions[:, 0]))


def shelf(boards):
    """A frame with so many boards at even distances."""
    box = np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], float) / 2
    quads = np.array([(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)])
    places = [(box * (0.1, 1, 3) + (side, 0, 1.5)) for side in (-0.55, 0.55)]
    places += [box * (1, 1, 0.05) + (0, 0, 0.2 + 2.6 * i / (boards - 1)) for i in range(boards)]
    corners = np.concatenate([quads.ravel() + 8 * i for i in range(len(places))])
    count = 6 * len(places)
    return Shape(np.concatenate(places), np.arange(count) * 4, corners, np.zeros(count, int), [{"name": "Wood"}])


def test_what_repeats_is_counted_anew_between_the_same_ends():
    counts = set()
    for seed in range(12):
        shape = recounted(shelf(5), Change(np.random.default_rng(seed)))
        counts.add(len(shape.starts) // 6 - 2)
        heights = shape.positions[:, 2]
        assert heights.min() == pytest.approx(0.0) and heights.max() == pytest.approx(3.0)
        assert (closed_edges(shape.positions, shape.starts, shape.corners) == 2).all()
    assert counts == {4, 5, 6}


def test_a_wheel_stays_round_and_on_the_ground():
    cart = shelf(2)
    turn = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    rings = [np.stack([np.full(16, x), 0.8 * np.cos(turn), 0.8 * np.sin(turn)], 1) for x in (0.7, 0.9)]
    around = np.array([(i, (i + 1) % 16, 16 + (i + 1) % 16, 16 + i) for i in range(16)])
    first = len(cart.positions)
    shape = replace(
        cart,
        positions=np.concatenate([cart.positions + (0, 0, 0.8), rings[0] + (0, 0, 0.8), rings[1] + (0, 0, 0.8)]),
        starts=np.arange(len(cart.starts) + 16) * 4,
        corners=np.concatenate([cart.corners, around.ravel() + first]),
        slots=np.zeros(len(cart.starts) + 16, int),
    )
    thing = Own(shape, np.zeros(len(shape.starts), int), {"label": "cart", "name": "cart"})
    for seed in range(8):
        made = remade(thing, [], Change(np.random.default_rng(seed), 1.5))
        wheel = made.positions[first:]
        assert np.ptp(wheel[:, 1]) == pytest.approx(np.ptp(wheel[:, 2]), rel=1e-6)
        assert wheel[:, 2].min() == pytest.approx(0.0, abs=1e-9)


def test_a_copy_is_known_whatever_its_size_and_place():
    shape = own("chair").shape
    assert near_copy(replace(shape, positions=shape.positions * 3 + 7), shape) == 1.0
    assert near_copy(replace(shape, positions=shape.positions * (1, 1, 1.4)), shape) < 0.8


# Detail


def test_subdivision_and_bevels_keep_a_closed_mesh_closed_and_turned_outwards():
    box = shelf(3)
    one = np.arange(6)
    positions, starts, corners = box.positions[:8], box.starts[one], box.corners[: 4 * 6]
    middle = (positions.min(0) + positions.max(0)) / 2
    for made in (subdivided(positions, starts, corners), beveled(positions, starts, corners, 0.02)):
        assert made is not None
        new, begin, around, old = made
        assert (closed_edges(new, begin, around) == 2).all() and len(old) == len(begin) and old.max() < 6
        normals = faces.face_normals(new, begin, around)
        assert (((new[around[begin]] - middle) * normals).sum(1) > 0).all()
        assert new.min() >= positions.min() - 1e-9 and new.max() <= positions.max() + 1e-9
    assert beveled(positions, starts, corners, 0.5) is None, "too wide"
    assert beveled(positions, starts[:5], corners[:20], 0.01) is None, "not closed"


def test_sharp_edges_are_those_that_bend():
    edges, sharp = sharp_edges(shelf(3))
    assert len(edges) == len(sharp) == 12 * 5 and sharp.all()


# Measuring and memory


def test_halves_of_one_library_are_nearer_to_each_other_than_to_another(tmp_path):
    first = memory_of(library_of(tmp_path / "quads", SOME[:8], 4))
    other = memory_of(library_of(tmp_path / "triangles", SOME[:8], 4, triangles=True))

    def print_of(memory, numbers):
        return fingerprint([(traits(s), colors(s)) for s in (memory.thing(i).shape for i in numbers)])

    everyone = range(len(first))
    halves = [print_of(first, everyone[::2]), print_of(first, everyone[1::2])]
    away = print_of(other, range(len(other)))
    assert distance(halves[0], halves[0]) == 0.0
    assert distance(*halves) < 0.6 * min(distance(half, away) for half in halves)
    back = Fingerprint.from_dict(json.loads(json.dumps(away.to_dict())))
    assert distance(back, away) < 1e-3 and any("triangles: 100 %" in line for line in back.sentences())


def test_memory_gives_things_again_and_refuses_what_is_damaged(tmp_path):
    memory = memory_of(library_of(tmp_path / "set"))
    path = tmp_path / "memory.safetensors"
    memory.write(path)
    again = Memory.read(path)
    assert again.kinds() == memory.kinds() == {"barrel": 3, "bottle": 3, "chair": 3}
    for i in range(len(memory)):
        one, other = memory.thing(i), again.thing(i)
        assert (
            np.array_equal(one.shape.corners, other.shape.corners)
            and {**one.about, "origin": list(one.about["origin"])} == other.about
        )
    whole = path.read_bytes()
    rng = np.random.default_rng(0)
    bad = tmp_path / "bad.safetensors"
    for _ in range(200):
        data = bytearray(whole[: rng.integers(len(whole)) + 1] if rng.random() < 0.3 else whole)
        for place in rng.integers(0, len(data), 3):
            data[place] ^= int(rng.integers(1, 256))
        bad.write_bytes(data)
        try:
            read = Memory.read(bad)
        except MemoryDamaged as error:
            assert str(bad) in str(error)
            continue
        for i in range(len(read)):
            read.thing(i)


def test_a_thing_of_the_very_name_comes_before_one_that_means_the_same(tmp_path):
    memory = memory_of(library_of(tmp_path / "set"))

    def names(prompt):
        return [memory.about[i]["label"].split()[0] for i in memory.called(prompt)]

    assert (
        names("barrel")
        == names("barrels")
        == names("old wooden barrel")
        == names("a barrel with gold hoops")
        == ["barrel"] * 3
    )
    assert names("armchair") in (["chair"] * 3, []) and names("spaceship") == []


def test_what_a_prompt_asks_of_a_thing_is_read():
    assert asked("tall red barrel without a lid").stretch[2] == pytest.approx(1.3)
    assert asked("tall red barrel without a lid").color == "red"
    assert asked("barrel with no handles").without == ("handle",)
    assert asked("tall lamp", "tall lamp").stretch == (1.0, 1.0, 1.0)
    assert asked("chair with red legs").color == ""


# The manner


def test_in_a_librarys_manner_a_thing_has_its_polygons_slots_and_materials(tmp_path):
    memory = memory_of(library_of(tmp_path / "set", triangles=True))
    shapes = [memory.thing(i).shape for i in range(len(memory))]
    print_ = fingerprint([(traits(s), colors(s)) for s in shapes])
    pool = material_pool(shapes)
    for seed, noun in enumerate(("table", "ladder", "crate", "car")):
        before = of_record(drawn(noun, seed))
        after = in_manner(before, print_, pool, np.random.default_rng(seed))
        own_, made = traits(before), traits(after)
        assert made["triangles"] > 0.9 > own_["triangles"]
        assert {m["name"] for m in after.materials} <= {m["name"] for m in pool}
        low, high = print_.traits["slots"][1:]
        assert made["slots"] <= max(own_["slots"], high + 0.5)
        assert (after.slots >= 0).all() and after.slots.max() < len(after.materials)


# The folder


def style_in(place, name="Mine", **about):
    making = styles.begin(place, name)
    (making / styles.MEMORY).write_bytes(b"things")
    return styles.publish(making, {"name": name, "assets": 1, "kinds": {"barrel": 1}, "trained": {}, **about})


def test_styles_are_found_renamed_and_removed_without_touching_what_others_put_there(tmp_path):
    style = style_in(tmp_path)
    assert styles.find_style("mine", [tmp_path]).folder == style.folder
    style = styles.rename(style, "Other Name")
    assert [s.name for s in styles.styles_in([tmp_path])] == ["Other Name"]
    (style.folder / "notes.txt").write_text("somebody's own")
    styles.remove(style)
    assert (style.folder / "notes.txt").read_text() == "somebody's own" and not (style.folder / styles.MEMORY).exists()
    with pytest.raises(StyleError, match="there is no style 'Other Name'"):
        styles.find_style("Other Name", [tmp_path])


@pytest.mark.parametrize("name", ["", "../up", "a/b", "NUL", "x" * 80, ".hidden", "trailing."])
def test_names_that_no_folder_can_have_are_refused(name, tmp_path):
    with pytest.raises(StyleError):
        styles.check_name(name)


def test_a_style_goes_to_another_machine_as_one_file(tmp_path):
    style = style_in(tmp_path / "here")
    file = styles.export(style, tmp_path / "mine.meshkiln-style")
    there = styles.import_style(file, tmp_path / "there")
    assert there.name == "Mine" and there.memory.read_bytes() == b"things"
    with pytest.raises(StyleError, match="already"):
        styles.import_style(file, tmp_path / "there")
    assert styles.import_style(file, tmp_path / "there", "Second").name == "Second"


def packed(path, entries):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def test_a_strangers_file_leads_nowhere(tmp_path):
    about = json.dumps({"format": styles.FORMAT, "name": "Evil", "files": {}})
    link = zipfile.ZipInfo(styles.MEMORY)
    link.external_attr = 0o120777 << 16
    for number, entries in enumerate(
        (
            {styles.ABOUT: about, "../escaped.txt": "x"},
            {styles.ABOUT: about, "/tmp/escaped.txt": "x"},
            {styles.ABOUT: about, "run.py": "x"},
            {styles.ABOUT: about, link: "/etc/passwd"},
            {styles.ABOUT: "{"},
            {styles.ABOUT: "[" * 100_000},
            {styles.ABOUT: json.dumps({"name": "../up"})},
            {
                styles.ABOUT: json.dumps({"format": styles.FORMAT, "name": "Evil", "files": {styles.MEMORY: [3, 1]}}),
                styles.MEMORY: "abc",
            },
            {"something": "else"},
        )
    ):
        file = packed(tmp_path / f"{number}.meshkiln-style", entries)
        with pytest.raises(StyleError):
            styles.import_style(file, tmp_path / "styles")
    (tmp_path / "none.meshkiln-style").write_bytes(b"no zip")
    with pytest.raises(StyleError):
        styles.import_style(tmp_path / "none.meshkiln-style", tmp_path / "styles")
    assert not list(tmp_path.rglob("escaped.txt")) and not styles.styles_in([tmp_path / "styles"])


def test_a_kill_while_a_style_is_put_in_place_loses_neither(tmp_path):
    code = (
        "import os, sys; sys.path.insert(0, {tests!r}); import conftest\n"
        "from pathlib import Path\nfrom meshkiln.trainer.style import folder as styles\n"
        "place = Path({place!r})\nmaking = styles.begin(place, 'Mine')\n(making / styles.MEMORY).write_bytes(b'new')\n"
        "real = os.rename\ncount = [0]\n"
        "def rename(a, b):\n    real(a, b)\n    count[0] += 1\n    if count[0] == {at}: os.kill(os.getpid(), 9)\n"
        "styles.os.rename = rename\n"
        "styles.publish(making, {{'name': 'Mine', 'assets': 2, 'kinds': {{}}, 'trained': {{}}}})\n"
    )
    for at in (1, 2):
        place = tmp_path / str(at)
        style_in(place)
        script = code.format(tests=os.path.dirname(__file__), place=str(place), at=at)
        assert subprocess.run([sys.executable, "-c", script], check=False).returncode == -9
        found = styles.styles_in([place])
        assert [s.name for s in found] == ["Mine"] and found[0].memory.read_bytes() in (b"things", b"new")
        styles.check(found[0])


# From a library to a thing


@pytest.fixture(scope="module")
def learned(tmp_path_factory):
    """A style that the command learned from a dataset, with nothing but numpy."""
    place = tmp_path_factory.mktemp("learned")
    dataset = library_of(place / "dataset")
    words = ["learn", dataset, "--name", "Mine", "--minutes", "0", "--styles", place / "styles", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "meshkiln", *map(str, words)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return place / "styles", json.loads(done.stdout.strip().splitlines()[-1])


def request(prompt, style, **options):
    models = {craft: str(path) for craft, path in find_models([]).items()}
    return GenerateRequest(prompt=prompt, crafts=("geometry", "materials"), models=models, style=str(style), **options)


def test_learning_says_what_it_took_and_left_out(learned):
    place, result = learned
    assert result["style"] == "Mine" and result["assets"] == 9 and result["kinds"] == 3 and result["trained"] == {}
    style = styles.find_style("Mine", [place])
    assert style.picture is not None and style.about["learned_from"]["licenses"] == {"CC0-1.0": 9}
    assert style.about["fingerprint"]["habits"]["names"] == {"join": "_", "case": "title", "prefix": "SM"}


def test_asked_for_its_own_nouns_a_style_gives_new_things_of_the_library(learned):
    style = styles.find_style("Mine", [learned[0]])
    memory = Memory.read(style.memory)
    sources = set()
    for seed in range(6):
        records, engine = Service().make(request("barrel", style.folder, seed=seed), Quiet())
        made = records[0].data["made"]
        sources.add(made["from"])
        assert made["style"] == "Mine" and made["name"] == "SM_Barrel" and engine == "numpy"
        assert {m["name"] for m in records[0].data["materials"]} <= {f"My Stuff {i}" for i in range(9)}
        shape = of_record(records[0])
        assert all(near_copy(shape, memory.thing(i).shape) < 0.8 for i in memory.called("barrel"))
    assert len(sources) == 3, "all of its barrels serve"
    copies, _ = Service().make(request("barrel", style.folder, closeness=1.0), Quiet())
    shape = of_record(copies[0])
    assert max(near_copy(shape, memory.thing(i).shape) for i in memory.called("barrel")) > 0.8, "unless they are wanted"
    red, _ = Service().make(request("blue barrel", style.folder), Quiet())
    assert any(m["name"] == "blue" for m in red[0].data["materials"])


def test_the_artists_own_materials_and_stacks_come_back_whole(tmp_path, monkeypatch):
    tree = {"nodes": [{"type": "ShaderNodeBsdfDiffuse", "name": "Worn"}], "links": []}
    records = []
    for number in range(3):
        shape = of_record(drawn("barrel", number))
        plain = plain_material("Oak", (0.4, 0.2, 0.1))
        record = mesh_record(
            f"Barrel_{number}", shape.positions, shape.starts, shape.corners, None, [{**plain, "tree": tree}]
        )
        record.data["modifiers"] = [
            {"type": "BEVEL", "name": "Soft Edges", "properties": {"width": 0.02}},
            {"type": "MIRROR", "name": "Mirror", "properties": {"mirror_object": {"id": "OBJECT", "name": "Empty"}}},
        ]
        records.append(record)
    with Dataset(tmp_path / "dataset") as dataset:
        dataset.append(records)
    words = ["learn", tmp_path / "dataset", "--name", "Oak", "--minutes", "0", "--styles", tmp_path / "styles"]
    subprocess.run([sys.executable, "-m", "meshkiln", *map(str, words)], check=True, capture_output=True)
    style = styles.find_style("Oak", [tmp_path / "styles"])
    made, _ = Service().make(request("barrel", style.folder), Quiet())
    assert made[0].data["materials"][0]["tree"] == tree
    from meshkiln.trainer.generate.client import write_record

    write_record(tmp_path / "mesh.safetensors", drawn("barrel", 9))
    for craft in ("materials", "modifiers"):
        models = {craft: str(find_models([])[craft])}
        ask = GenerateRequest(
            "barrel", (craft,), models, record=str(tmp_path / "mesh.safetensors"), style=str(style.folder)
        )
        record = Service().make(ask, Quiet())[0][0]
        if craft == "modifiers":
            assert [m["name"] for m in record.data["modifiers"]] == ["Soft Edges"], (
                "one that needs an object stays away"
            )
        else:
            assert all(m["tree"] == tree for m in record.data["materials"])


@pytest.mark.slow
def test_anything_else_comes_in_the_librarys_materials(learned):
    style = styles.find_style("Mine", [learned[0]])
    records, _ = Service().make(request("sword", style.folder, best_of=2), Quiet())
    assert {m["name"] for m in records[0].data["materials"]} <= {f"My Stuff {i}" for i in range(9)}
    assert records[0].data["made"]["name"] == "SM_Sword"


def test_a_style_that_is_not_there_is_named_with_those_that_are(learned, monkeypatch):
    monkeypatch.setenv("MESHKILN_STYLES", str(learned[0]))
    with pytest.raises(RequestError, match="there is no style 'Yours'; there are: Mine"):
        Service().make(request("barrel", "Yours"), Quiet())


@pytest.mark.parametrize("words", [["--minutes", "nan", "x"], [], ["/nowhere"], ["--name", "../x", "."]])
def test_what_cannot_be_learned_is_said_in_a_sentence(words, tmp_path):
    command = [sys.executable, "-m", "meshkiln", "learn", "--styles", str(tmp_path / "styles"), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode in (1, 2) and "Traceback" not in done.stderr and done.stderr.strip()
    assert not styles.styles_in([tmp_path / "styles"])


CUBE = "\n".join(
    [f"v {x} {y} {z}" for x in (0, 1) for y in (0, 1) for z in (0, 1)]
    + ["f 1 2 4 3", "f 5 7 8 6", "f 1 5 6 2", "f 3 4 8 7", "f 1 3 7 5", "f 2 6 8 4"]
)


def test_files_that_cannot_be_read_are_told_and_a_stop_is_no_failure(tmp_path):
    art = tmp_path / "art"
    art.mkdir()
    (art / "crate.obj").write_text(CUBE)
    (art / "broken.blend").write_bytes(b"no Blender file")
    command = [
        sys.executable,
        "-m",
        "meshkiln",
        "learn",
        str(art),
        "--minutes",
        "0",
        "--styles",
        str(tmp_path / "styles"),
    ]
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, check=True)
    result = json.loads(done.stdout.strip().splitlines()[-1])
    assert result["assets"] == 1 and result["left_out"] == {"files that could not be read": 1}
    job = tmp_path / "job"
    job.mkdir()
    (job / "cancel").touch()
    environment = {**os.environ, "MESHKILN_JOB": str(job)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 130 and "was stopped" in done.stderr
    assert json.loads((job / "state.json").read_text())["status"] == "cancelled"


@pytest.mark.slow
def test_a_killed_learning_leaves_the_old_style_and_goes_on_next_time(learned, tmp_path):
    dataset = library_of(tmp_path / "dataset")
    words = ["learn", dataset, "--name", "Mine", "--minutes", "0", "--styles", tmp_path / "styles", "--json"]
    command = [sys.executable, "-m", "meshkiln", *map(str, words)]
    subprocess.run(command, check=True, capture_output=True)
    rng = np.random.default_rng(0)
    for _ in range(8):
        job = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(float(rng.uniform(0.2, 2.0)))
        job.kill()
        job.wait()
        style = styles.find_style("Mine", [tmp_path / "styles"])
        styles.check(style)
        assert len(Memory.read(style.memory)) == 9
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert json.loads(done.stdout.strip().splitlines()[-1])["assets"] == 9
    assert sorted(p.name for p in (tmp_path / "styles").iterdir()) == [".Mine.work", "Mine"]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_with_torch_the_weights_learn_and_what_is_no_better_is_not_kept(tmp_path):
    pytest.importorskip("torch")
    dataset = library_of(tmp_path / "dataset", SOME[:6], 3, triangles=True)
    words = ["learn", dataset, "--name", "Cut", "--minutes", "2.5", "--styles", tmp_path / "styles", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "meshkiln", *map(str, words)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout.strip().splitlines()[-1])
    style = styles.find_style("Cut", [tmp_path / "styles"])
    numbers = result["trained"].get("geometry")
    assert numbers and numbers["bits"] < 0.99 and style.model("geometry") is not None, result
    records, _ = Service().make(request("sofa", style.folder, best_of=2), Quiet())
    assert traits(of_record(records[0]))["triangles"] > 0.8
