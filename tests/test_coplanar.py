"""What lies in the plane of what it is on: it would flicker, and is lifted a little."""

import numpy as np
from meshkiln.records import mesh_record
from meshkiln.trainer.mesh import coplanar, faces

CORNERS = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], float)
SIDES = np.array([[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]])


def boxes(*spans):
    """Boxes from one corner to the other, each a part of its own."""
    corners = np.concatenate([low + CORNERS * np.subtract(high, low) for low, high in spans])
    faces = np.concatenate([SIDES + 8 * i for i in range(len(spans))])
    return mesh_record("boxes", corners, np.arange(len(faces)) * 4, faces.ravel())


WALL = ((0, 0, 0), (1, 0.2, 1))


def test_a_window_in_the_plane_of_its_wall_is_lifted_out_of_it():
    house = boxes(WALL, ((0.3, 0, 0.4), (0.6, 0.1, 0.7)))  # its front is the wall's
    assert coplanar.flickering(*faces.bare(house)) == [8]
    lifted = coplanar.lifted(house)
    front = lifted.arrays["mesh/position"][lifted.arrays["mesh/corner_vert"][32:36]]
    assert np.allclose(front[:, 1], -0.25 / 126, atol=1e-5)
    assert np.array_equal(lifted.arrays["mesh/position"][:8], house.arrays["mesh/position"][:8])
    assert not coplanar.flickering(*faces.bare(lifted))


def test_sails_that_cross_in_one_plane_come_to_lie_on_each_other():
    cross = boxes(*[((0.4, 0, 0), (0.6, 0.1, 1)), ((0, 0, 0.4), (1, 0.1, 0.6)), ((0.3, 0, 0.3), (0.7, 0.1, 0.7))])
    assert len(coplanar.flickering(*faces.bare(cross))) == 4
    assert not coplanar.flickering(*faces.bare(coplanar.lifted(cross)))


def test_what_touches_stands_or_lies_beside_stays():
    for other in (
        ((0.3, -0.1, 0.4), (0.6, 0, 0.7)),  # on the wall
        ((0.3, -0.3, 0), (0.6, 0.5, 0.1)),  # on the same ground
        ((1, 0, 0), (2, 0.2, 1)),  # beside it, in the same plane
        ((0.3, 0.05, 0.4), (0.6, 0.1, 0.7)),  # within it
    ):
        record = boxes(WALL, other)
        assert coplanar.lifted(record) is record


def test_a_mesh_of_one_face_or_none_stays():
    for n in (0, 1):
        record = mesh_record("flat", CORNERS[: 4 * n], np.arange(n) * 4, SIDES[0][: 4 * n])
        assert coplanar.lifted(record) is record
