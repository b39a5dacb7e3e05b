"""The numbers of an evaluation, on sets where the right answer is known."""

import numpy as np
import pytest

pytest.importorskip("scipy")
pytest.importorskip("trimesh")

from meshkiln.records import mesh_record
from meshkiln.trainer.evaluate import metrics

CORNERS = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], float)
SIDES = [[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]]


def box(scale=(1, 1, 1), sides=SIDES):
    return mesh_record("box", CORNERS * scale, np.arange(len(sides)) * 4, np.concatenate(sides))


def clouds(seeds, scale=(1, 1, 1)):
    return metrics.Clouds([metrics.surface(box(scale), seed, 256) for seed in seeds])


def test_the_same_assets_are_not_told_apart():
    rng = np.random.default_rng(0)
    shapes = [metrics.surface(box(1 + rng.random(3)), i, 256) for i in range(24)]
    a, b = metrics.Clouds(shapes[:12]), metrics.Clouds(shapes[12:])
    accuracy = metrics.one_nna(metrics.chamfer(a, a), metrics.chamfer(a, b), metrics.chamfer(b, b))
    assert 0.2 < accuracy < 0.8


def test_different_assets_are_told_apart():
    a, b = clouds(range(8)), clouds(range(8, 16), scale=(1, 0.1, 0.1))
    assert metrics.one_nna(metrics.chamfer(a, a), metrics.chamfer(a, b), metrics.chamfer(b, b)) == 1.0
    assert metrics.jensen_shannon(metrics.occupied(a.clouds), metrics.occupied(b.clouds)) > 0.5


def test_coverage_counts_each_real_asset_once():
    between = np.array([[0.1, 0.5], [0.2, 0.9]])
    assert metrics.coverage(between) == 0.5
    assert metrics.minimum_matching_distance(between) == pytest.approx(0.3)


def test_chamfer_of_a_cloud_with_itself_is_zero():
    a = clouds([1, 2])
    d = metrics.chamfer(a, a)
    assert d[0, 0] == 0 and d[0, 1] > 0 and d[0, 1] == d[1, 0]


def test_divergence_is_between_zero_and_one():
    p, q = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    assert metrics.jensen_shannon(p, p) == 0 and metrics.jensen_shannon(p, q) == 1


def test_a_good_box_is_not_broken():
    b = metrics.build(box())
    assert (b.polygons, b.quads, b.open_edges, b.crowded_edges, b.repeated, b.parts) == (6, 1, 0, 0, 0, 1)
    assert not b.broken


def test_a_face_told_twice_is_broken():
    assert metrics.build(box(sides=[*SIDES, SIDES[0][::-1]])).broken


def test_a_missing_side_shows_as_open_edges():
    assert metrics.build(box(sides=SIDES[:5])).open_edges == pytest.approx(4 / 12)


def test_interval_narrows_with_trials():
    low, high = metrics.interval(5, 10)
    low2, high2 = metrics.interval(500, 1000)
    assert low < 0.5 < high and high2 - low2 < high - low


def test_an_empty_mesh_has_a_build_and_a_surface():
    empty = mesh_record("nothing", np.zeros((0, 3)), np.zeros(0, int), np.zeros(0, int))
    assert metrics.build(empty).polygons == 0
