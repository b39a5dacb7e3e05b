"""What training is foretold to take: counted off a dataset, in proportion to a speed."""

import numpy as np
import pytest
from meshkiln.records import mesh_record
from meshkiln.records.dataset import Dataset
from meshkiln.trainer.generate.request import PresetsRequest
from meshkiln.trainer.generate.service import Service
from meshkiln.trainer.train import training_speed


class Heard:
    def __init__(self):
        self.events = []

    def emit(self, event, **body):
        self.events.append((event, body))


def strip(count):
    """A mesh of so many quads in a row."""
    x = np.arange(count + 1, dtype=np.float32)
    points = np.stack([np.repeat(x, 2), np.tile([0, 1], count + 1), np.zeros(2 * count + 2)], 1)
    corners = np.array([[2 * i, 2 * i + 2, 2 * i + 3, 2 * i + 1] for i in range(count)], np.int32)
    materials = [{"name": "oak", "tree": {"type": "ShaderNodeTree", "nodes": [{}, {}], "links": []}}]
    return mesh_record("strip", points, np.arange(count) * 4, corners.ravel(), materials=materials)


@pytest.fixture
def dataset(tmp_path):
    Dataset(tmp_path / "Library").append([strip(10), strip(30), strip(training_speed.MOST_FACES + 1)])
    return tmp_path / "Library"


def test_steps_are_counted_and_what_is_too_large_is_not(dataset):
    assert training_speed.size_of(dataset, "geometry") == training_speed.Size(2, 40)
    assert training_speed.size_of(dataset, "materials") == training_speed.Size(3, 9)
    assert training_speed.size_of(dataset, "modifiers") == training_speed.Size(0, 0)


def test_a_pass_takes_longer_for_more_and_larger_and_shorter_when_faster():
    small, large = training_speed.Size(2, 40), training_speed.Size(4, 80)
    assert training_speed.pass_seconds(large, "tiny", 1e9) == pytest.approx(
        2 * training_speed.pass_seconds(small, "tiny", 1e9)
    )
    assert training_speed.pass_seconds(small, "base", 1e9) > 50 * training_speed.pass_seconds(small, "tiny", 1e9)
    assert training_speed.pass_seconds(small, "tiny", 2e9) == pytest.approx(
        training_speed.pass_seconds(small, "tiny", 1e9) / 2
    )


def test_the_worker_tells_time_only_where_it_knows_a_speed_and_a_dataset(dataset):
    heard = Heard()
    for speed, folder in ((0, dataset), (1e9, ""), (1e9, dataset)):
        Service().answer(PresetsRequest("geometry", str(folder) if folder else None, speed), "1", heard)
    without, nowhere, known = (body for _, body in heard.events)
    assert without["examples"] == known["examples"] == 2 and nowhere["examples"] == 0
    assert without["presets"]["tiny"]["seconds"] is None and nowhere["presets"]["tiny"]["seconds"] is None
    assert 0 < known["presets"]["tiny"]["seconds"] < known["presets"]["starter"]["seconds"]
    assert "GB of GPU memory" in known["presets"]["starter"]["memory"]
