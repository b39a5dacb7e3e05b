"""Complete: given faces stay exactly as they are, are told first, and what is open is carried on from."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from meshkiln.records import mesh_record, validate
from meshkiln.trainer.codecs import codec
from meshkiln.trainer.generate.complete import CompletedMesh
from meshkiln.trainer.text.conditions import Condition


def wall(sides: int, kept: int, rings: int = 2, shift: float = 0.0, slots: int = 1):
    """`kept` of the `sides` columns of a tube without ends, as (positions, faces)."""
    angle = 2 * np.pi * np.arange(sides) / sides
    points = [[np.cos(a) + shift, np.sin(a), k / rings] for k in range(rings + 1) for a in angle]
    faces = []
    for k in range(rings):
        for i in range(kept):
            a, b = k * sides + i, k * sides + (i + 1) % sides
            faces.append([a, b, b + sides, a + sides])
    return points, faces


def record(*pieces, slots=1):
    points, faces = [], []
    for piece_points, piece_faces in pieces:
        faces += [[v + len(points) for v in face] for face in piece_faces]
        points += piece_points
    used = np.unique(np.concatenate(faces))
    number = {v: i for i, v in enumerate(used.tolist())}
    lengths = np.array([len(f) for f in faces])
    return mesh_record(
        "barrel",
        np.array(points, np.float32)[used],
        np.cumsum(lengths) - lengths,
        [number[v] for face in faces for v in face],
        np.arange(len(faces)) % slots,
    )


def grown(mesh, seed=0, more=12, frame=None, usual=None):
    """Drive the decoder by chance; (the growth, the decoder, its record, how many polygons were handed out)."""
    geometry = codec("geometry")
    growth = CompletedMesh(mesh, usual or {}, frame)
    decoder = geometry.decoder(given=growth.start(geometry), max_faces=len(mesh.arrays["mesh/loop_start"]) + more)
    chance = np.random.default_rng(seed)
    handed = 0
    while not decoder.finished:
        decoder.features()
        while not decoder.push(int(chance.choice(np.flatnonzero(decoder.allowed())))):
            pass
        handed += len(decoder.new_polygons()[1])
    return growth, decoder, growth.record(decoder, "grown"), handed


STRIPS = (
    [[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [2, 1, 0], [2, 2, 0], [1, 2, 0]],
    [[0, 1, 2, 3], [2, 4, 5, 6]],
)
PIECES = {
    "half a tube": [wall(10, 5)],
    "a tube": [wall(7, 7)],
    "two halves": [wall(10, 4), wall(6, 3, shift=4.0)],
    "a tube beside a quad": [wall(5, 5), wall(4, 1, rings=1, shift=4.0)],
    "two strips that touch in a corner": [STRIPS],
    "a polygon of thirty sides": [([[np.cos(a), np.sin(a), 0] for a in np.linspace(0, 6.1, 30)], [list(range(30))])],
    "one of a hundred": [([[np.cos(a), np.sin(a), 0] for a in np.linspace(0, 6.2, 100)], [list(range(100))])],
    "three faces at an edge": [([[0, 0, 0], [0, 0, 1], [1, 0, 0], [0, 1, 0], [-1, -1, 0]],
                                [[0, 1, 2], [0, 1, 3], [0, 1, 4]])],
}  # fmt: skip


@pytest.mark.parametrize("name", PIECES)
def test_the_given_faces_are_kept_exactly_and_more_is_added(name):
    mesh = record(*PIECES[name], slots=2)
    count = len(mesh.arrays["mesh/loop_start"])
    _, decoder, made, handed = grown(mesh)
    validate(made)
    for key in ("mesh/position", "mesh/loop_start", "mesh/corner_vert", "mesh/material_index"):
        before = mesh.arrays[key]
        assert np.array_equal(made.arrays[key][: len(before)], before), key
    assert len(decoder.given) == count
    assert len(made.arrays["mesh/loop_start"]) == count + handed > count


@settings(max_examples=25, deadline=None)
@given(sides=st.integers(4, 12), kept=st.integers(1, 11), rings=st.integers(1, 3), seed=st.integers(0, 99))
def test_every_open_edge_of_a_sound_piece_gets_its_neighbour(sides, kept, rings, seed):
    _, _, made, _ = grown(record(wall(sides, min(kept, sides - 1), rings)), seed)
    corners = made.arrays["mesh/corner_vert"]
    bounds = [*made.arrays["mesh/loop_start"], len(corners)]
    faces = [corners[s:e].tolist() for s, e in zip(bounds, bounds[1:])]
    edges = [(u, v) for face in faces for u, v in zip(face, face[1:] + face[:1])]
    first_part = {v for face in faces[: min(kept, sides - 1) * rings] for v in face}
    assert len(edges) == len(set(edges)), "no edge is used twice in one direction"
    assert all((v, u) in set(edges) for u, v in edges if u in first_part and v in first_part)


def test_it_may_grow_beyond_the_box_of_what_is_given():
    piece = record(wall(8, 4))  # 2 wide, 1 high, half of it: y from 0 to 1
    alone = CompletedMesh(piece, {})
    assert alone.longest == pytest.approx(3.0) and alone.low[2] == 0.0
    assert CompletedMesh(piece, {"size": 4.0}).longest == pytest.approx(4.0)
    assert CompletedMesh(piece, {"size": 100.0}).longest == pytest.approx(6.0)
    assert CompletedMesh(piece, {"size": 4.0}, metres=2.0).longest == pytest.approx(3.0)
    framed = CompletedMesh(piece, {"size": 4.0}, [[-1, -1, 0], [1, 1, 1]])
    assert framed.longest == pytest.approx(2.0) and framed.foot.tolist() == [0.0, 0.0, 0.0]
    wish = CompletedMesh(piece, {"size": 4.0, "faces": 60}, metres=0.5).condition(Condition(text="barrel"))
    assert wish.size == pytest.approx(3.0) and wish.faces == 60  # not more than three times as large


def test_what_is_told_while_it_grows_is_what_the_record_has():
    mesh = record(wall(8, 4))
    geometry = codec("geometry")
    growth = CompletedMesh(mesh, {})
    decoder = geometry.decoder(given=growth.start(geometry), max_faces=30)
    chance = np.random.default_rng(3)
    vertices, told = [], []
    while not decoder.finished:
        while not decoder.push(int(chance.choice(np.flatnonzero(decoder.allowed())))):
            pass
        points, polygons, _ = decoder.new_polygons()
        if polygons:  # who listens is told of vertices together with polygons only
            vertices += (points * (growth.longest / decoder.size) + growth.foot).round(2).tolist()
            told += [[vertices[v] for v in polygon] for polygon in polygons]
    made = growth.record(decoder, "grown")
    corners = made.arrays["mesh/position"][made.arrays["mesh/corner_vert"]]
    bounds = [*made.arrays["mesh/loop_start"], len(corners)]
    added = [corners[s:e] for s, e in zip(bounds, bounds[1:])][len(mesh.arrays["mesh/loop_start"]) :]
    assert len(told) == len(added)
    cell = growth.longest / (decoder.levels - 2)
    assert all(np.allclose(one, other, atol=cell) for one, other in zip(told, added))
