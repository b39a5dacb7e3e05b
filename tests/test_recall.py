"""A tiny model learns twenty assets by heart in three minutes of processor time, and tells them by their names."""

import time
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("torch")

from meshkiln.trainer.codecs import codec
from meshkiln.trainer.generate import decoding
from meshkiln.trainer.generators import KINDS, generate
from meshkiln.trainer.text import conditions
from meshkiln.trainer.train.loop import Settings, train

ASSETS, FACES, SECONDS = 20, (12, 120), 180.0


class Twenty:
    """One object of each of twenty kinds, told by nothing but its name, and always the same."""

    def __init__(self) -> None:
        self.codec = codec("geometry")
        self.spec = replace(self.codec.spec, condition=conditions.cardinalities("geometry"))
        self.meshes: dict[str, object] = {}
        for key in KINDS:
            record = generate(key, 1)
            if FACES[0] <= len(record.arrays["mesh/loop_start"]) <= FACES[1] and len(self.meshes) < ASSETS:
                self.meshes[record.data["generated"]["noun"]] = self.codec.quantize_record(record)
        self.told = [self.codec.encode_quantized(q) for q in self.meshes.values()]
        self.weights, self.heldout = np.ones(len(self.told)), np.zeros(0, np.int64)

    def condition(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        return conditions.Condition(text=name).arrays()

    def sample(self, index: int, seed: int):
        return (self.told[index], *self.condition(list(self.meshes)[index]))


@pytest.mark.slow
def test_twenty_assets_come_back_from_their_names(tmp_path):
    twenty = Twenty()
    assert len(twenty.meshes) == ASSETS
    began = time.process_time()
    settings = Settings(str(tmp_path), preset="tiny", device="cpu", steps=230, workers=0, save_seconds=1e9)
    result = train(settings, twenty)
    spent = time.process_time() - began
    model = decoding.load_model(result["last"], "numpy")
    back = 0
    for name, mesh in twenty.meshes.items():
        generation_run = decoding.Run(model, *twenty.condition(name), 1, 0, 1.0, {"strict": False}, 400)
        generation_run.sampling = (0.0, 1.0, 0.0)
        for _ in generation_run.events():
            pass
        decoder = generation_run.decoders[0]
        back += decoder.finished and decoder.signature() == mesh.signature()
    print(f"{back} of {ASSETS} came back, after {spent:.0f} s of processor time")
    assert back >= 18 and spent < SECONDS
