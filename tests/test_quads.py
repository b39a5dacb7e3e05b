"""Triangles become the quads and n-gons they once were."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from meshkiln.trainer.mesh.double_faces import one_side
from meshkiln.trainer.mesh.quads import to_quads


def polygons(starts, corners):
    return [part.tolist() for part in np.split(corners, starts[1:])]


def fan(polygon, turn=0):
    p = polygon[turn:] + polygon[:turn]
    return [[p[0], p[i], p[i + 1]] for i in range(1, len(p) - 1)]


def run(positions, triangles, material=None, split=None):
    triangles = np.array(triangles)
    starts = np.arange(len(triangles)) * 3
    corner_split = None if split is None else np.array(split).ravel()
    starts, corners, index = to_quads(np.array(positions, float), starts, triangles.ravel(), material, corner_split)
    return polygons(starts, corners), index


def grid(n, m, height=None):
    positions = [(x, y, 0.0 if height is None else height(x, y)) for y in range(m + 1) for x in range(n + 1)]
    row = n + 1
    quads = [
        [y * row + x, y * row + x + 1, (y + 1) * row + x + 1, (y + 1) * row + x] for y in range(m) for x in range(n)
    ]
    return positions, quads


CUBE = [(x, y, z) for z in (0, 1) for y in (0, 1) for x in (0, 1)]
CUBE_FACES = [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]]


def canonical(polygon):
    low = polygon.index(min(polygon))
    return tuple(polygon[low:] + polygon[:low])


@given(st.integers(0, 2**31))
@settings(max_examples=30, deadline=None)
def test_a_cube_comes_back_however_it_was_cut(seed):
    rng = random.Random(seed)
    triangles = [t for f in CUBE_FACES for t in fan(f, rng.randrange(4))]
    rng.shuffle(triangles)
    faces, _ = run(CUBE, triangles)
    assert sorted(map(canonical, faces)) == sorted(map(canonical, CUBE_FACES)), "same faces, same winding"


@given(st.integers(0, 2**31), st.integers(1, 6), st.integers(1, 6))
@settings(max_examples=30, deadline=None)
def test_a_bumpy_grid_comes_back(seed, n, m):
    rng = random.Random(seed)
    heights = {}
    positions, quads = grid(n, m, lambda x, y: heights.setdefault((x, y), rng.random() * 0.1))
    triangles = [t for f in quads for t in fan(f)]
    faces, _ = run(positions, triangles)
    assert sorted(map(canonical, faces)) == sorted(map(canonical, quads))


@given(st.integers(0, 2**31))
@settings(max_examples=40, deadline=None)
def test_area_edges_and_slots_survive_on_any_triangle_soup(seed):
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 40))
    positions = rng.random((12, 3))
    triangles = np.array([rng.choice(12, 3, replace=False) for _ in range(count)])
    material = rng.integers(0, 3, count)
    faces, index = run(positions, triangles, material)
    assert sum(len(f) - 2 for f in faces) == count, "every triangle is in exactly one face"
    assert sorted(np.repeat(index, [len(f) - 2 for f in faces])) == sorted(material)
    for slot in range(3):  # the directed border of each slot is what it was
        assert border([f for f, i in zip(faces, index) if i == slot]) == border(triangles[material == slot].tolist())


def border(faces):
    """Directed edges minus their opposites: what merging must not change."""
    count = {}
    for f in faces:
        for u, v in zip(f, f[1:] + f[:1]):
            key, sign = ((u, v), 1) if u < v else ((v, u), -1)
            count[key] = count.get(key, 0) + sign
    return {k: v for k, v in count.items() if v}


def test_slots_are_borders():
    positions, quads = grid(1, 1)
    assert len(run(positions, fan(quads[0]), np.array([0, 1]))[0]) == 2
    assert len(run(positions, fan(quads[0]), np.array([1, 1]))[0]) == 1


def test_a_flat_cap_becomes_one_ngon_and_a_spoked_one_stays_a_fan():
    ring = [(np.cos(a), np.sin(a), 0) for a in np.linspace(0, 2 * np.pi, 8, endpoint=False)]
    faces, _ = run(ring, fan(list(range(8)), 3))
    assert [canonical(f) for f in faces] == [tuple(range(8))]
    spoked, _ = run([*ring, (0, 0, 0)], [[i, (i + 1) % 8, 8] for i in range(8)])
    assert sorted(map(len, spoked)) == [3] * 8


def test_a_bent_or_dented_pair_stays_two_triangles():
    bent = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 0.5, 1)]
    assert len(run(bent, [[0, 1, 2], [0, 2, 3]])[0]) == 2
    dented = [(0, 0, 0), (1, 0, 0), (0.2, 0.2, 0), (0, 1, 0)]
    assert len(run(dented, [[0, 1, 2], [0, 2, 3]])[0]) == 2


def test_three_faces_on_one_edge_are_left_alone():
    positions = [(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1)]
    faces, _ = run(positions, [[0, 1, 2], [1, 0, 3], [0, 1, 4]])
    assert sorted(map(len, faces)) == [3, 3, 3]


def test_where_the_file_split_vertices_there_is_an_edge():
    positions, quads = grid(2, 1)  # 3 x 2 vertices, cut so that two ways of pairing exist
    triangles = [[0, 1, 3], [1, 4, 3], [1, 5, 4], [1, 2, 5]]
    split = [[0, 1, 3], [1, 4, 3], [11, 15, 14], [11, 12, 15]]
    faces, _ = run(positions, triangles, split=split)
    assert sorted(map(canonical, faces)) == sorted(map(canonical, quads))


def test_quads_that_exist_stay_and_nothing_gives_nothing():
    positions, quads = grid(2, 2)
    starts, corners, index = to_quads(np.array(positions), np.arange(4) * 4, np.array(quads).ravel(), None)
    assert polygons(starts, corners) == quads
    assert all(len(part) == 0 for part in to_quads(np.zeros((0, 3)), np.zeros(0, int), np.zeros(0, int)))


@pytest.mark.parametrize("bad", [np.zeros((4, 3)), np.full((4, 3), np.nan)])
def test_faces_without_an_area_are_survived(bad):
    faces, _ = run(bad, [[0, 1, 2], [0, 2, 3]])
    assert sum(len(f) - 2 for f in faces) == 2


def doubled(faces):
    return [f for face in faces for f in (face, face[::-1])]


@given(st.integers(0, 2**31))
@settings(max_examples=30, deadline=None)
def test_a_box_written_from_both_sides_keeps_its_outside(seed):
    rng = random.Random(seed)
    faces = doubled([f if rng.random() < 0.5 else f[::-1] for f in CUBE_FACES])
    rng.shuffle(faces)
    keep = one_side(np.array(CUBE, float), np.arange(len(faces)) * 4, np.array(faces).ravel())
    kept = [f for f, k in zip(faces, keep) if k]
    assert sorted(map(canonical, kept)) == sorted(map(canonical, CUBE_FACES))


def test_single_faces_decide_how_doubled_neighbours_wind():
    positions, quads = grid(3, 1)
    faces = [quads[0][::-1], *doubled(quads[1:])]
    keep = one_side(np.array(positions), np.arange(len(faces)) * 4, np.array(faces).ravel())
    assert [f for f, k in zip(faces, keep) if k] == [q[::-1] for q in quads]
    assert one_side(np.array(positions), np.arange(3) * 4, np.array(quads).ravel()).all()
