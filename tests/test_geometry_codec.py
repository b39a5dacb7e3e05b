"""The geometry codec loses nothing that lies on its grid, and whatever its grammar lets through is a sound mesh."""

import json
import os
import subprocess
import sys
from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from meshkiln import records
from meshkiln.__main__ import main
from meshkiln.research.codecs import codec as compared_codec
from meshkiln.trainer.codecs import codec
from meshkiln.trainer.codecs.base import CodecError, Spec, replay
from meshkiln.trainer.codecs.geometry import GeometryCodec
from meshkiln.trainer.codecs.quantize import quantize

ORDERS = ("fifo", "lifo", "lowest")


def mesh(points, faces, slots=None):
    starts = np.cumsum([0] + [len(f) for f in faces])[:-1]
    return np.array(points, np.float32), starts, np.concatenate(faces), slots


def cube(at=(0, 0, 0), first=0):
    points = [(x + at[0], y + at[1], z + at[2]) for z in (0, 1) for y in (0, 1) for x in (0, 1)]
    faces = [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]]
    return points, [[v + first for v in f] for f in faces]


def cylinder(sides):
    ring = [(np.cos(a), np.sin(a)) for a in np.arange(sides) * 2 * np.pi / sides]
    points = [(x, y, z) for z in (0, 2) for x, y in ring]
    walls = [[i, (i + 1) % sides, (i + 1) % sides + sides, i + sides] for i in range(sides)]
    return mesh(points, [*walls, list(range(sides))[::-1], list(range(sides, 2 * sides))])


def torus(n=8, m=5):
    points, faces = [], []
    for i in range(n):
        for j in range(m):
            a, b = 2 * np.pi * i / n, 2 * np.pi * j / m
            points.append(((3 + np.cos(b)) * np.cos(a), (3 + np.cos(b)) * np.sin(a), np.sin(b)))
            ring = (i + 1) % n * m
            faces.append([i * m + j, ring + j, ring + (j + 1) % m, i * m + (j + 1) % m])
    return mesh(points, faces)


def grid(n):
    points = [(x, y, (x * 7 + y * 3) % 4) for y in range(n + 1) for x in range(n + 1)]
    corners = [y * (n + 1) + x for y in range(n) for x in range(n)]
    return mesh(points, [[i, i + 1, i + n + 2, i + n + 1] for i in corners])


def triangulated(positions, starts, corners, slots=None):
    faces = np.split(corners, starts[1:])
    return mesh(positions, [[f[0], f[i], f[i + 1]] for f in faces for i in range(1, len(f) - 1)])


two_points, two_faces = cube()
more_points, more_faces = cube((0, 0, 1), 8)
SHAPES = {
    "cube": mesh(*cube()),
    "cube of triangles": triangulated(*mesh(*cube())),
    "cylinder": cylinder(12),
    "cylinder with caps of 100 sides": cylinder(100),
    "cylinder of triangles": triangulated(*cylinder(20)),
    "torus": torus(),
    "torus of triangles": triangulated(*torus()),
    "open grid": grid(9),
    "large open grid": grid(40),
    "touching cubes": mesh(two_points + more_points, two_faces + more_faces),
    "slots": mesh(*cube(), [0, 1, 1, 3, 0, 2]),
    "three faces on an edge": mesh(
        [(0, 0, 0), (0, 0, 1), (1, 0, 0), (0, 1, 0), (-1, 0, 0)], [[0, 1, 2], [1, 0, 3], [0, 1, 4]]
    ),
    "winding at odds": mesh([(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)], [[0, 1, 2], [0, 3, 2]]),
    "hourglass": mesh([(0, 0, 0), (1, 0, 0), (0, 1, 0), (-1, 0, 0), (-1, -1, 1)], [[0, 1, 2], [0, 3, 4]]),
    "a polygon of 400 sides": mesh(
        [(np.cos(a), np.sin(a), 0) for a in np.arange(400) * 2 * np.pi / 400], [list(range(400))]
    ),
}


def check(coder, q):
    """Everything that must hold of a mesh and its telling; returns the sequence."""
    sequence = coder.encode_quantized(q)
    decoder = coder.decoder(strict=False)
    for step, features in zip(sequence.tokens.tolist(), sequence.features):
        assert decoder.features().tolist() == features.tolist()
        used = [token for token in step if token >= 0]
        for token in used:
            assert decoder.allowed()[token]
            done = decoder.push(token)
        assert done
    assert decoder.finished
    assert decoder.signature() == q.signature()
    records.validate(decoder.result())
    assert (sequence.features >= 0).all()
    assert (sequence.features.max(0) < np.array(coder.spec.features)).all()
    assert sequence.tokens.max() < coder.spec.vocab
    return sequence


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_comes_back_as_it_went(shape, order):
    levels = 1024 if "400" in shape or "large" in shape else 128
    q = quantize(*SHAPES[shape], levels=levels)
    assert q.faces == len(SHAPES[shape][1])
    check(GeometryCodec(levels, order), q)


@pytest.mark.parametrize("name", ["flat", "polygons"])
@pytest.mark.parametrize("shape", SHAPES)
def test_the_plainer_codecs_lose_nothing_either(shape, name):
    coder = compared_codec(name, levels=1024)
    q = quantize(*SHAPES[shape], levels=1024)
    decoder = replay(coder.decoder(strict=False), coder.encode_quantized(q).tokens)
    assert decoder.finished and decoder.signature() == q.signature()
    records.validate(decoder.result())


POLYGONS = st.lists(st.lists(st.integers(0, 8), min_size=3, max_size=7, unique=True), min_size=1, max_size=14)
PLACES = st.lists(st.tuples(*[st.integers(0, 3)] * 3), min_size=9, max_size=9)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(POLYGONS, PLACES, st.sampled_from(ORDERS), st.lists(st.integers(0, 2), min_size=14, max_size=14))
def test_any_soup_comes_back_as_it_lies_on_the_grid(faces, places, order, slots):
    try:
        q = quantize(*mesh(places, faces, slots[: len(faces)]), levels=16)
    except CodecError:
        return
    check(GeometryCodec(16, order), q)


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_vertices_and_polygons_does_not_matter(random):
    positions, starts, corners, _ = torus()
    faces = [list(f) for f in np.split(corners, starts[1:])]
    new = list(range(len(positions)))
    random.shuffle(new)
    moved = np.empty_like(positions)
    moved[new] = positions
    faces = [[new[v] for v in f] for f in faces]
    random.shuffle(faces)
    faces = [f[k:] + f[:k] for f in faces for k in [random.randrange(len(f))]]
    coder = GeometryCodec()
    assert np.array_equal(coder.encode(*mesh(moved, faces)).tokens, coder.encode(*torus()).tokens)


def test_closed_parts_are_told_in_few_steps():
    sequence = GeometryCodec().encode(*SHAPES["cube"])
    assert sequence.steps == 9 and sequence.micro_tokens == 39
    for name in ("torus of triangles", "large open grid", "cylinder"):
        q = quantize(*SHAPES[name], levels=1024)
        assert GeometryCodec(1024).encode_quantized(q).steps < 0.7 * q.triangles


def test_what_a_grid_cannot_hold_is_dropped_and_counted():
    points = [(0, 0, 0), (9, 0, 0), (9, 9, 0), (0, 9, 0), (0.001, 0, 0), (5, 5, 5)]
    faces = [[0, 1, 2, 3], [0, 4, 3], [3, 2, 1, 0], [0, 1, 2, 4, 3]]
    sequence = GeometryCodec().encode(*mesh(points, faces))
    # the corner at 0.001 falls into the cell of vertex 0, which the last polygon then meets twice
    assert sequence.notes == {
        "loose vertices": 1,
        "degenerate polygons": 1,
        "duplicate polygons": 1,
        "polygons that repeat a vertex": 1,
    }


@pytest.mark.parametrize("points", [[(0, 0, 0)] * 3, [(0, 0, 0), (np.nan, 0, 0), (1, 1, 0)]])
def test_what_is_no_mesh_is_refused_in_a_sentence(points):
    with pytest.raises(CodecError, match="mesh: "):
        GeometryCodec().encode(*mesh(points, [[0, 1, 2]]))
    with pytest.raises(CodecError, match="no faces"):
        GeometryCodec().encode(np.zeros((3, 3)), [], [])


def test_seams_are_stitched_and_touching_parts_stay_apart():
    positions, starts, corners, _ = mesh(*cube())
    split = mesh(positions[corners], np.arange(24).reshape(6, 4))
    assert quantize(*split).signature() == quantize(*mesh(*cube())).signature()
    assert quantize(*SHAPES["touching cubes"]).parts.max() == 1


def test_what_is_mirrored_in_the_world_is_mirrored_on_the_grid():
    rng = np.random.default_rng(0)
    half = rng.uniform(0, 1, (50, 3))
    points = np.concatenate([half, half * [-1, 1, 1], [[0, 0, 0], [0, 1, 0], [0, 0, 1]]])
    faces = rng.integers(0, 50, (40, 3))
    q = quantize(*mesh(points, [*faces, *(faces + 50), [100, 101, 102]]))
    cells = {tuple(c) for c in q.cells.tolist()}
    assert cells == {(z, y, 128 - x) for z, y, x in cells}


def test_size_and_place_come_back():
    positions, starts, corners, _ = mesh(*cube())
    coder = GeometryCodec()
    for size in (0.01, 1.0, 35.0):
        decoder = replay(coder.decoder(), coder.encode(positions * size + 5, starts, corners).tokens)
        out = decoder.result("box").arrays["mesh/position"]
        assert np.allclose(out.max(0) - out.min(0), size, rtol=0.05)
        assert np.allclose(out.min(0) + out.max(0), [0, 0, out[:, 2].max()], atol=1e-6) and out[:, 2].min() == 0


def random_sample(coder, rng, **options):
    decoder = coder.decoder(**options)
    while not decoder.finished:
        decoder.features()
        choices = np.flatnonzero(decoder.allowed())
        assert len(choices)
        decoder.push(int(choices[rng.integers(len(choices))]))
    return decoder


def sound(decoder):
    """No polygon with a vertex twice, none twice, no edge twice in one direction, no polygon without area."""
    polygons = decoder.books.polygons
    cells = np.array(decoder.books.cells)
    assert all(len(set(p)) == len(p) >= 3 for p in polygons)
    assert len({frozenset(p) for p in polygons}) == len(polygons)
    edges = Counter((p[i - 1], p[i]) for p in polygons for i in range(len(p)))
    assert max(edges.values()) == 1
    return edges, cells


def validated(bpy, decoder):
    """Would Blender mend anything?"""
    positions, starts, corners, _ = decoder.mesh()
    made = bpy.data.meshes.new("sample")
    made.from_pydata(positions.tolist(), [], [f.tolist() for f in np.split(corners, starts[1:])])
    try:
        assert len(made.polygons) == decoder.faces
        assert not made.validate(verbose=True)
    finally:
        bpy.data.meshes.remove(made)


def random_samples(count, seed):
    bpy = pytest.importorskip("bpy")
    rng = np.random.default_rng(seed)
    for i in range(count):
        coder = GeometryCodec(int(rng.choice([8, 16, 128])), ORDERS[i % 3])
        most = int(rng.choice([1, 2, 3, 8, 30]))
        slots = int(rng.choice([1, 3, 32]))
        decoder = random_sample(coder, rng, max_faces=most, slots=slots, max_sides=int(rng.choice([5, 8])))
        sound(decoder)
        records.validate(decoder.result())
        validated(bpy, decoder)


def test_whatever_the_grammar_lets_through_is_a_sound_mesh():
    random_samples(120, 0)


@pytest.mark.slow
def test_ten_thousand_times():
    random_samples(10_000, 1)


def test_a_closed_part_never_lacks_a_face():
    rng = np.random.default_rng(3)
    coder = GeometryCodec()
    from meshkiln.trainer.codecs import words as w

    for most in (1, 2, 5, 20):
        for _ in range(10):
            decoder = coder.decoder(max_faces=most, max_sides=6)
            start = [coder.levels + 64 + w.PART_CLOSED]
            while not decoder.finished:
                choices = np.flatnonzero(decoder.allowed())
                if start and start[0] in choices:
                    choices = [start.pop()]
                decoder.push(int(rng.choice(choices)))
                if decoder.books.part == 0 and decoder.books.gate >= 0:
                    assert not decoder.allowed()[coder.levels + 64 + w.END]
            books = decoder.books
            edges = {
                (p[i - 1], p[i]) for p, part in zip(books.polygons, books.parts) if part == 0 for i in range(len(p))
            }
            assert edges and all((v, u) in edges for u, v in edges)


def test_strict_lets_clean_meshes_through():
    for name in ("cube", "cylinder", "torus", "torus of triangles", "large open grid", "slots"):
        coder = GeometryCodec(1024)
        decoder = coder.decoder()
        for step in coder.encode(*SHAPES[name]).tokens.tolist():
            for token in step:
                if token >= 0:
                    assert decoder.allowed()[token]
                    decoder.push(token)
        assert decoder.finished


def test_polygons_stream_as_they_are_told():
    coder = GeometryCodec()
    decoder = coder.decoder()
    positions, polygons, slots = [], [], []
    for step in coder.encode(*SHAPES["cylinder"]).tokens:
        replay(decoder, step[None])
        new, faces, said = decoder.new_polygons()
        positions += new.tolist()
        polygons += faces
        slots += said
        assert all(v < len(positions) for face in faces for v in face)
    whole, starts, corners, all_slots = decoder.mesh()
    assert np.array_equal(np.array(positions, np.float32), whole)
    assert np.concatenate(polygons).tolist() == corners.tolist() and slots == all_slots.tolist()


def test_a_given_mesh_is_gone_on_with():
    coder = GeometryCodec()
    positions, starts, corners, _ = mesh(*cube())
    frame = ((-1, -1, 0), (2, 2, 3))
    beginning = coder.encode(positions, starts[:5], corners[:20], frame=frame)
    decoder = coder.decoder(max_faces=12)
    replay(decoder, beginning.tokens[:-1])
    assert decoder.faces == 5 and not decoder.finished and decoder.books.gate >= 0
    rng = np.random.default_rng(0)
    while not decoder.finished:
        decoder.push(int(rng.choice(np.flatnonzero(decoder.allowed()))))
    assert decoder.faces >= 5
    sound(decoder)
    with pytest.raises(CodecError, match="fit"):
        coder.encode(positions, starts, corners, frame=((0, 0, 0), (0.5, 0.5, 0.5)))


def test_the_spec_survives_json():
    spec = GeometryCodec(256, "lowest").spec
    again = Spec.from_dict(json.loads(json.dumps(spec.to_dict())))
    assert again == spec and again.hash == spec.hash != GeometryCodec().spec.hash
    assert codec(spec.name, **spec.options).spec == spec


CHILD = """
import sys, numpy as np
from meshkiln.trainer.codecs import codec
g = codec("geometry")
n = np.arange(4)
s = g.encode([(0,0,0),(1,0,0),(1,1,0),(0,1,0),(0,0,1)], [0,4,7,10,13], [3,2,1,0, 0,1,4, 1,2,4, 2,3,4, 3,0,4])
g.decoder()
assert "torch" not in sys.modules and "bpy" not in sys.modules
print(s.tokens.tolist(), s.features.tolist())
"""


def test_without_numba_the_same_is_said_and_neither_torch_nor_blender_is_wanted():
    said = []
    for blocked in ("numba", "nothing"):
        code = f"import sys; sys.modules[{blocked!r}] = None\n" + CHILD
        env = dict(os.environ)
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env)
        assert done.returncode == 0, done.stderr
        said.append(done.stdout)
    assert said[0] == said[1]


def test_the_tokens_verb_tells_what_an_asset_needs(tmp_path, capsys):
    points, faces = cube()
    plain = {"objects": [{"name": "box", "mesh": {"vertices": points, "faces": faces}}]}
    path = tmp_path / "box.json"
    path.write_text(json.dumps(plain), encoding="utf-8")
    broken = tmp_path / "broken.json"
    broken.write_text("no", encoding="utf-8")
    assert main(["tokens", str(path), str(broken), "--craft", "geometry", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == {"name": "box", "faces": 6, "triangles": 12, "steps": 9, "micro_tokens": 39, "lossless": True}
    assert lines[1]["name"] == "broken.json" and "error" in lines[1]
