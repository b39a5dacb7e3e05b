"""The two engines and the loop around them: the same numbers, the same choices, the grammar always."""

import numpy as np
import pytest
from craft import SPEC, CountingCodec, CountingSet
from meshkiln.trainer.generate import decoding
from meshkiln.trainer.model import presets
from meshkiln.trainer.model.checkpoint import Info
from meshkiln.trainer.model.config import WORD_WIDTH, WORDS, ModelConfig, asked_more, parameter_count, shapes
from meshkiln.trainer.model.engines import make_engine
from meshkiln.trainer.model.engines.numpy_engine import NumpyEngine
from meshkiln.trainer.model.engines.sampling import choose, surprise

try:
    import torch
    from meshkiln.trainer.model.engines.torch_engine import TorchEngine

    torch.set_num_threads(1)
except ImportError:  # the numpy engine is tested without
    torch = None

needs_torch = pytest.mark.skipif(torch is None, reason="PyTorch is not installed")
SMALL = ModelConfig(
    SPEC.vocab, SPEC.micro, SPEC.features, SPEC.condition,
    width=32, layers=2, heads=2, hidden=48, head_width=24, head_hidden=32,
)  # fmt: skip


def weights(config: ModelConfig, seed: int = 0) -> dict[str, np.ndarray]:
    random = np.random.default_rng(seed)
    made = {}
    for name, shape in shapes(config).items():
        spread = 0.2 if name == "logits.weight" else 0.8
        made[name] = random.standard_normal(shape, np.float32) * np.float32(spread * shape[-1] ** -0.5)
    for name in ("inputs.weight", "head_inputs.weight"):
        made[name] = random.standard_normal(made[name].shape).astype(np.float32)
        made[name][-1] = 0  # "nothing"
    return made


def model(engine=None, config: ModelConfig = SMALL) -> decoding.Model:
    engine = engine or NumpyEngine(config, weights(config))
    info = Info("here", "model", "counting", SPEC.to_dict(), "", config, "tiny")
    return decoding.Model(info, CountingCodec(), engine)


def walk(engine, guidance: float, steps: int, seed: int = 0):
    """Logits of a random walk: three samples, one leaves on the way, micro-steps end early for some."""
    c = engine.config
    random = np.random.default_rng(seed)
    words = random.standard_normal((3, c.words, c.word_width)).astype(np.float32)
    attributes = np.stack([random.integers(0, n, 3) for n in c.condition], 1) if c.condition else np.zeros((3, 0), int)
    session = engine.start(words, attributes, guidance)
    live, out, previous = 3, [], None
    for step in range(steps):
        features = np.stack([random.integers(0, n, live) for n in c.features], 1)
        session.advance(features, previous)
        previous = np.full((live, c.micro), -1)
        active = np.arange(live)
        for j in range(c.micro):
            out.append(session.logits(active).copy())
            tokens = random.integers(0, c.vocab, len(active))
            session.say(tokens, active)
            previous[active, j] = tokens
            active = active[1:] if len(active) > 1 and j % 2 else active
        if step == steps // 2:
            session.keep(np.array([0, 2]))
            live, previous = 2, previous[[0, 2]]
    return np.concatenate(out)


@needs_torch
def test_on_a_processor_the_torch_engine_takes_the_shorter_way_over_the_same_memory():
    arrays = weights(SMALL)
    engine = TorchEngine(SMALL, arrays, "cpu")
    assert np.array_equal(walk(engine, 1.0, 20), walk(NumpyEngine(SMALL, arrays), 1.0, 20))
    assert engine.numpy.out.ctypes.data == engine.model.logits.weight.data_ptr()


def test_a_model_from_before_a_wish_goes_on_with_it():
    arrays = weights(SMALL)
    config, more = asked_more(SMALL, arrays, (*SMALL.condition, 5))
    assert {name: array.shape for name, array in more.items()} == shapes(config)
    words, attributes = np.ones((WORDS, WORD_WIDTH), np.float32), np.array([1, 0, 3])
    old = decoding.generate(model(), words, attributes, seed=1).tokens[0]  # it hears what it knows
    new = model(NumpyEngine(config, more), config)
    assert np.array_equal(decoding.generate(new, words, attributes, seed=1).tokens[0], old)  # means nothing yet
    assert asked_more(config, more, config.condition) == (config, more)
    assert asked_more(SMALL, arrays, (7, 7, 7)) == (SMALL, arrays)  # another language: what is asked stays as it was


SLOW = [pytest.param(name, marks=pytest.mark.slow) for name in ("small", "base")]


@needs_torch
def test_the_numpy_engine_gives_the_models_own_probabilities():
    from meshkiln.trainer.data import packing
    from meshkiln.trainer.model.attention import keep_apart
    from meshkiln.trainer.model.transformer import Transformer

    arrays = weights(SMALL)
    network = Transformer(SMALL)
    network.load_state_dict({name: torch.from_numpy(array) for name, array in arrays.items()})
    document = packing.draw(CountingSet(), 6, 1)
    batch = packing.collate(SMALL, [packing.Row(0, [document])], 64)
    with torch.no_grad():
        nats = network(
            {k: torch.from_numpy(v) for k, v in batch.items()}, keep_apart(batch["document"], torch.device("cpu"))
        )
    session = NumpyEngine(SMALL, arrays).start(document.words[None], document.attributes[None])
    costs, previous = [], None
    for features, tokens in zip(document.features, document.tokens):
        session.advance(features[None], previous)
        for token in tokens[tokens >= 0]:
            logits = session.logits()[0].astype(np.float64)
            costs.append(np.log(np.exp(logits - logits.max()).sum()) + logits.max() - logits[token])
            session.say(np.array([token]))
        previous = tokens[None]
    assert np.allclose(costs, nats.numpy(), atol=1e-4)


@needs_torch
@pytest.mark.parametrize("guidance", [1.0, 2.5])
def test_both_engines_agree(guidance):
    arrays = weights(SMALL)
    told = [
        walk(engine, guidance, 260)
        for engine in (NumpyEngine(SMALL, arrays), TorchEngine(SMALL, arrays, "cpu", own=True))
    ]
    assert np.abs(told[0] - told[1]).max() < 1e-3 * np.abs(told[0]).max()


@needs_torch
@pytest.mark.parametrize("name", ["tiny", "starter", *SLOW])
def test_both_engines_agree_and_choose_alike_for_every_preset_that_fits(name):
    from meshkiln.trainer.codecs import codec

    config = presets.preset(name).config(codec("geometry").spec)
    if parameter_count(config) * 14 > _free_memory():
        pytest.skip(f"{name} needs more memory than there is")
    arrays = weights(config)
    told = [
        walk(engine, 1.0, 4) for engine in (NumpyEngine(config, arrays), TorchEngine(config, arrays, "cpu", own=True))
    ]
    assert np.abs(told[0] - told[1]).max() < 1e-3 * np.abs(told[0]).max()
    assert np.array_equal(told[0].argmax(-1), told[1].argmax(-1))


def _free_memory() -> int:
    try:
        with open("/proc/meminfo", encoding="ascii") as file:
            return next(int(line.split()[1]) << 10 for line in file if line.startswith("MemAvailable"))
    except OSError:
        return 4 << 30


@needs_torch
def test_greedy_generation_is_the_same_on_both_engines():
    arrays = weights(SMALL)
    words, attributes = np.ones((WORDS, WORD_WIDTH), np.float32), np.array([1, 0])
    made = [
        decoding.generate(model(engine), words, attributes, temperature=0.0, guidance=2.0, variants=2)
        for engine in (NumpyEngine(SMALL, arrays), TorchEngine(SMALL, arrays, "cpu", own=True))
    ]
    assert made[0].records == made[1].records
    assert all(np.array_equal(a, b) for a, b in zip(made[0].tokens, made[1].tokens))


def test_random_weights_always_speak_the_grammar_and_stream():
    events = []
    words, attributes = np.ones((WORDS, WORD_WIDTH), np.float32), np.array([1, 0])
    made = decoding.generate(
        model(), words, attributes, variants=5, seed=3, temperature=1.0, top_p=1.0, on_event=events.append
    )
    assert all(made.ended) and made.stats["polygons"] == sum(map(len, made.records))
    for variant, record in enumerate(made.records):  # the decoder itself asserts the grammar
        told = [n for e in events if e["event"] == "polygons" and e["variant"] == variant for n in e["polygons"]]
        assert told == record
    assert sorted(e["variant"] for e in events if e["event"] == "finished") == [0, 1, 2, 3, 4]


def test_the_same_seed_gives_the_same_and_another_another():
    words, attributes = np.ones((WORDS, WORD_WIDTH), np.float32), np.array([1, 0])

    def make(seed, variants=12):
        return decoding.generate(model(), words, attributes, variants=variants, seed=seed, temperature=1.0).records

    assert make(1) == make(1)
    assert make(1) != make(2)
    assert len({str(record) for record in make(1)}) > 1


def test_a_generation_that_nobody_wants_any_more_stops():
    words, attributes = np.ones((WORDS, WORD_WIDTH), np.float32), np.array([1, 0])
    with pytest.raises(decoding.Cancelled):
        decoding.generate(model(), words, attributes, should_cancel=lambda: True)
    cut = decoding.generate(model(), words, attributes, max_steps=1, seed=5, variants=8, temperature=1.0)
    assert not all(cut.ended) and all(len(t) == 1 for t in cut.tokens)


def test_a_given_beginning_is_kept():
    from craft import encode

    words, attributes = np.ones((WORDS, WORD_WIDTH), np.float32), np.array([1, 0])
    first = encode([4, 5, 6]).tokens[:3]
    made = decoding.generate(model(), words, attributes, first=first, variants=2, temperature=1.0)
    assert all(record[:3] == [4, 5, 6] for record in made.records)


def test_sampling_obeys_the_mask_the_temperature_and_the_cut():
    random = np.random.default_rng(0)
    logits = random.standard_normal((500, 9)).astype(np.float32) * 3
    allowed = random.random((500, 9)) < 0.5
    allowed[:, 4] = True
    chance = random.random(500)
    rows = np.arange(500)
    for options in ((1.0, 1.0, 0.0), (0.7, 0.9, 0.0), (1.5, 0.5, 0.1), (0.0, 1.0, 0.0)):
        assert allowed[rows, choose(logits, allowed, chance, *options)].all()
    best = np.where(allowed, logits, -np.inf).argmax(-1)
    assert np.array_equal(choose(logits, allowed, chance, 0.0), best)
    assert np.array_equal(choose(logits, allowed, chance, 1.0, 1e-9), best)
    assert np.array_equal(choose(logits, allowed, chance, 1.0, 1.0, 1.0), best)
    edge = choose(logits, allowed, np.full(500, 1 - 1e-12), 1.0)
    assert allowed[rows, edge].all()


def test_sampling_follows_the_probabilities():
    chance = (np.arange(20000) + 0.5) / 20000
    wanted = np.array([0.5, 0.3, 0.15, 0.05])
    logits = np.tile(np.log(wanted).astype(np.float32), (20000, 1))
    allowed = np.ones((20000, 4), bool)
    assert np.allclose(np.bincount(choose(logits, allowed, chance), minlength=4) / 20000, wanted, atol=1e-3)
    cut = np.bincount(choose(logits, allowed, chance, 1.0, 0.75), minlength=4) / 20000
    assert np.allclose(cut, [0.625, 0.375, 0, 0], atol=1e-3)


def test_surprise_is_what_the_allowed_tokens_leave_unsaid():
    logits = np.log(np.array([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8]], np.float32))
    allowed = np.array([[True, True, True], [True, True, False]])
    assert surprise(logits, allowed, np.array([1, 0])) == pytest.approx([np.log(4), np.log(2)], abs=1e-6)


def test_every_step_says_what_it_surprised_the_model_by():
    words, attributes = np.zeros((6, 96), np.float32), np.zeros(len(SMALL.condition), np.int64)
    made = decoding.generate(model(), words, attributes, variants=2, seed=1, max_steps=20)
    assert [len(nats) for nats in made.nats] == [len(tokens) for tokens in made.tokens]
    assert all(nat >= 0 for nats in made.nats for nat in nats) and sum(map(sum, made.nats)) > 0


def test_an_unknown_engine_is_refused():
    with pytest.raises(ValueError, match="no engine named 'jax'"):
        make_engine("jax", SMALL, weights(SMALL))


def detour(engine, guidance: float, forgetting: bool):
    """Logits of sample 1 of three, which goes astray for a while; those of the others, who do not."""
    c = engine.config
    session = engine.start(
        np.ones((3, c.words, c.word_width), np.float32), np.ones((3, len(c.condition)), int), guidance
    )
    random = np.random.default_rng(4)
    features = [np.array([random.integers(0, n) for n in c.features]) for _ in range(270)]
    at, previous = np.array([0, 0, 0]), None
    alone, others = [], []
    for step in range(262):
        session.advance(np.stack([features[i] for i in at]), previous)
        told = session.logits()
        others.append(told[[0, 2]].copy())
        alone.append(told[1].copy())
        session.say(at % c.vocab)
        previous = np.full((3, c.micro), -1)
        previous[:, 0] = at % c.vocab
        at = at + 1
        if forgetting and step in (5, 9, 250):
            session.forget(1, 4)
            at[1] -= 4
            del alone[-4:]
            previous[1, 0] = (at[1] - 1) % c.vocab
    return np.array(alone), np.array(others)


@pytest.mark.parametrize("guidance", [1.0, 2.5])
@pytest.mark.parametrize("kind", ["numpy", pytest.param("torch", marks=needs_torch)])
def test_steps_that_are_taken_back_leave_no_trace(kind, guidance):
    arrays = weights(SMALL)
    engine = NumpyEngine(SMALL, arrays) if kind == "numpy" else TorchEngine(SMALL, arrays, "cpu", own=True)
    straight, beside = detour(engine, guidance, False)
    alone, others = detour(engine, guidance, True)
    assert len(alone) == len(straight) - 12
    assert np.abs(alone - straight[: len(alone)]).max() < 1e-4 * np.abs(straight).max()
    assert np.abs(others - beside).max() < 1e-4 * np.abs(beside).max()
