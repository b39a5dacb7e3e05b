"""Generated stacks stay within what a machine can work out, and modest ones stay as they are."""

import pytest
from meshkiln.records.modifier_budget import MOST, affordable, estimate


def one(kind: str, **properties: object) -> dict:
    return {"type": kind, "name": kind.title(), "properties": properties}


@pytest.mark.parametrize(
    "stack",
    [
        [one("SUBSURF", levels=11, render_levels=11)],
        [one("ARRAY", count=1_000_000)],
        [one("ARRAY", fit_type="FIT_LENGTH", fit_length=1e9)],
        [one("SCREW", steps=10_000, iterations=10_000)],
        [one("BEVEL", segments=1000), one("SUBSURF", levels=5), one("ARRAY", count=50), one("MIRROR")],
        [one("SKIN")] * 9,
        [one("REMESH", voxel_size=1e-6, octree_depth=24)],
        [one("VOLUME_TO_MESH", voxel_size=1e-6, voxel_amount=100_000)],
        [one("DISPLACE", strength=1e6), one("REMESH", voxel_size=0.01)],
    ],
)
def test_what_would_fill_the_memory_is_lowered(stack):
    lowered = affordable(stack, 500, 1.0)
    assert estimate(lowered, 500) <= MOST
    for modifier in lowered:
        p = modifier["properties"]
        assert p.get("voxel_size", 1) > 0.01 or p.get("mode") == "SHARP"
        assert (
            modifier["type"] != "VOLUME_TO_MESH" and p.get("octree_depth", 4) <= 6 and p.get("fit_type") != "FIT_LENGTH"
        )


def test_a_modest_stack_stays_as_it_is():
    stack = [
        one("MIRROR", use_axis=[True, False, False]),
        one("BEVEL", segments=2, width=0.01),
        one("SUBSURF", levels=2),
    ]
    assert affordable(stack, 200, 1.0) == stack


def test_smoothing_for_ever_ends():
    assert affordable([one("SMOOTH", iterations=30_000)], 10, 1.0)[0]["properties"]["iterations"] <= 20


def test_a_subdivision_of_a_large_mesh_goes_before_the_memory_does():
    assert affordable([one("SUBSURF", levels=1, render_levels=2)], 90_000, 1.0)[0]["properties"]["render_levels"] == 0
