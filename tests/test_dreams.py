"""Whatever random logits say under a grammar is a record, goes into Blender whole, and leaves it nothing to mend.

All four crafts, a few samples each; `-m slow` takes two thousand each, or as many as MESHKILN_DREAMS says. They go into
a collection that no scene shows: what a random stack leaves of a mesh may be more than any machine can work out.
"""

import os

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from meshkiln.addon.inject import inject  # noqa: E402
from meshkiln.records import Record, mesh_record, validate  # noqa: E402
from meshkiln.trainer.codecs import codec  # noqa: E402

CRAFTS = ("geometry", "materials", "modifiers", "animation")
# What these offer depends on the other modifiers' and the mesh's data, which no schema says.
DEPENDS = ("modifier Data Transfer",)
TOO_MUCH = "elements to evaluate: it is off in"  # injected whole, but muted
BETWEEN = 200  # samples after which the scene is emptied


def dream(craft: str, seed: int) -> Record:
    """A sample from random logits under the grammar, on a mesh that can carry it."""
    rng = np.random.default_rng([seed, 7])
    language = codec(craft)
    if craft == "geometry":
        decoder = language.decoder(max_faces=int(rng.choice([1, 2, 3, 8, 30])), slots=int(rng.choice([1, 3, 32])))
    else:
        decoder = language.decoder(max_items=10)
    while not decoder.finished:
        decoder.features()
        allowed = np.flatnonzero(decoder.allowed())
        assert len(allowed), "the grammar left no way on"
        decoder.push(int(rng.choice(allowed)))
    record = decoder.result("dream")
    if craft == "geometry":
        return record
    corners = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 1]], np.float32)
    starts, faces = np.array([0, 4, 7]), np.array([3, 2, 1, 0, 0, 1, 4, 2, 3, 4])
    carrier = mesh_record("dream", corners, starts, faces, np.zeros(3, np.int32))
    carrier.data |= {k: v for k, v in record.data.items() if k not in ("format", "kind", "name")}
    carrier.arrays |= record.arrays
    return carrier


def injected(craft: str, seeds: range) -> None:
    aside = None
    for seed in seeds:
        if seed % BETWEEN == 0:
            bpy.ops.wm.read_factory_settings(use_empty=True)
            aside = bpy.data.collections.new("aside")
        record = dream(craft, seed)
        validate(record)
        made = inject([record], collection=aside, keep_collections=False)
        lost = [said for said in made.not_expressed if not any(name in said for name in (*DEPENDS, TOO_MUCH))]
        assert not lost, f"seed {seed}: {lost[0]}"
        mesh = made.objects[0].data
        assert len(mesh.polygons) == len(record.arrays["mesh/loop_start"])
        assert not mesh.validate(verbose=True), f"seed {seed}: Blender mended the mesh"


@pytest.mark.parametrize("craft", CRAFTS)
def test_what_is_dreamt_is_injected(craft):
    injected(craft, range(25))


@pytest.mark.slow
@pytest.mark.parametrize("craft", CRAFTS)
def test_thousands_of_dreams(craft):
    injected(craft, range(int(os.environ.get("MESHKILN_DREAMS", 2000))))
