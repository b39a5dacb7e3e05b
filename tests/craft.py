"""A craft of two kinds of step, small enough to test the whole mind on: a codec with a grammar, and a set in memory.

A step is either COUNT n (two micro-tokens) or END (one); a sequence counts up by its asset's stride until 12.
"""

from dataclasses import replace

import numpy as np
from meshkiln.trainer.codecs.base import Sequence, Spec

VOCAB, MICRO, TOP = 20, 3, 12
COUNT, END, FIRST = 0, 1, 2
SPEC = Spec("counting", 1, VOCAB, MICRO, (TOP + 2, 3), (4, 2))


class CountingCodec:
    spec = replace(SPEC, condition=())

    def decoder(self, longest: int = 40):
        return CountingDecoder(longest)


class CountingDecoder:
    def __init__(self, longest: int) -> None:
        self.longest, self.finished = longest, False
        self.said, self.now = [], []
        self.fresh = []

    def features(self):
        return np.array([self.said[-1] + 1 if self.said else 0, len(self.said) % 3], np.int16)

    def allowed(self):
        mask = np.zeros(VOCAB, bool)
        if not self.now:
            mask[END] = True
            mask[COUNT] = len(self.said) < self.longest
        else:
            mask[FIRST : FIRST + TOP + 1] = True
        return mask

    def push(self, token):
        assert self.allowed()[token], "the loop pushed a token that the grammar forbids"
        self.now.append(token)
        if token == END and len(self.now) == 1:
            self.finished = True
            return True
        if len(self.now) == 2:
            self.said.append(token - FIRST)
            self.fresh.append(token - FIRST)
            self.now = []
            return True
        return False

    def new_polygons(self):
        fresh, self.fresh = self.fresh, []
        return fresh

    def result(self):
        return list(self.said)


def encode(numbers):
    decoder, tokens, features = CountingDecoder(99), [], []
    for number in [*numbers, None]:
        features.append(decoder.features())
        step = [COUNT, FIRST + number] if number is not None else [END]
        for token in step:
            decoder.push(token)
        tokens.append(step + [-1] * (MICRO - len(step)))
    return Sequence(np.array(tokens, np.int16), np.array(features, np.int16))


class CountingSet:
    """Twelve assets: index i counts from i % 4 by 1 + i // 4. Words say where from, an attribute the stride."""

    def __init__(self, heldout=(11,)) -> None:
        self.spec = SPEC
        self.heldout = np.array(heldout, np.int64)
        self.weights = np.ones(12)
        self.weights[self.heldout] = 0

    def numbers(self, index):
        return list(range(index % 4, TOP + 1, 1 + index // 4))

    def sample(self, index, seed):
        words = np.zeros((6, 96), np.float32)
        words[0, index % 4] = 3.0
        return encode(self.numbers(index)), words, np.array([1 + index // 4, seed % 2])
