"""The transformer and what surrounds it: packing, who sees whom, sizes, checkpoints."""

import json
import struct

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from craft import SPEC, CountingSet  # noqa: E402
from meshkiln.records.tensors import open_tensors, write_tensors  # noqa: E402
from meshkiln.trainer.data import packing  # noqa: E402
from meshkiln.trainer.model import checkpoint, presets  # noqa: E402
from meshkiln.trainer.model.attention import block_mask, keep_apart  # noqa: E402
from meshkiln.trainer.model.config import ConfigError, ModelConfig, parameter_count, shapes  # noqa: E402
from meshkiln.trainer.model.transformer import Transformer  # noqa: E402

CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def small(**changes) -> ModelConfig:
    sizes = {"width": 32, "layers": 2, "heads": 2, "hidden": 48, "head_width": 24, "head_hidden": 32} | changes
    return ModelConfig(SPEC.vocab, SPEC.micro, SPEC.features, SPEC.condition, **sizes)


def awake(config: ModelConfig, seed: int = 0) -> Transformer:
    """A model whose every part matters (a fresh one begins as the identity)."""
    torch.manual_seed(seed)
    model = Transformer(config)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.dim() > 1 and "inputs" not in name:
                parameter.normal_(0, 0.7 * parameter.shape[1] ** -0.5)
    return model


def nats(model: Transformer, batch: dict[str, np.ndarray], way: str | None = None) -> np.ndarray:
    tensors = {name: torch.from_numpy(array) for name, array in batch.items()}
    with torch.no_grad():
        return model(tensors, keep_apart(batch["document"], CPU, way)).numpy()


def documents(indices) -> list[packing.Document]:
    samples = CountingSet()
    return [packing.draw(samples, i, 0) for i in indices]


def test_a_model_has_the_tensors_that_its_sizes_promise():
    config = small()
    state = {name: tuple(tensor.shape) for name, tensor in Transformer(config).state_dict().items()}
    assert state == shapes(config)
    assert sum(p.numel() for p in Transformer(config).parameters()) == parameter_count(config)


def test_presets_are_as_large_as_they_say():
    from meshkiln.trainer.codecs import codec

    spec = codec("geometry").spec
    sizes = {name: parameter_count(p.config(spec)) / 1e6 for name, p in presets.PRESETS.items()}
    assert sizes["tiny"] < 1 and 8 < sizes["starter"] < 15
    assert 50 < sizes["small"] < 70 and 300 < sizes["base"] < 400 and 1100 < sizes["large"] < 1400
    with pytest.raises(ValueError, match="there are: tiny, compact, starter"):
        presets.preset("huge")


def test_neighbours_in_a_row_do_not_change_what_an_asset_costs():
    config = small()
    model = awake(config)
    alone = [packing.collate(config, [packing.Row(0, [d])], 40) for d in documents([0, 5, 7])]
    together = packing.collate(config, [packing.Row(0, documents([0, 5, 7]))], 80)
    expected = np.concatenate([nats(model, batch) for batch in alone])
    for way in ("documents", "mask"):
        assert np.allclose(nats(model, together, way), expected, atol=1e-4), way


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_grouped_attention_is_attention_and_so_is_its_gradient(dtype):
    from meshkiln.trainer.model.attention import by_document
    from meshkiln.trainer.model.cpu_attention import GroupedAttention, Groups

    lengths = [7, 40, 33, 250, 1, 90, 38, 15]  # by_document leaves the long one to flash attention
    torch.manual_seed(0)
    inputs = [torch.randn(sum(lengths), 2, 16).to(dtype).requires_grad_() for _ in range(3)]
    direction = torch.randn(sum(lengths), 2, 16).to(dtype)
    expected = by_document(lengths)(*(x.float()[None] for x in inputs))[0]
    wanted = torch.autograd.grad(expected, inputs, direction.float())
    exact = dtype == torch.float32
    for out in (GroupedAttention.apply(*inputs, Groups(lengths)), by_document(lengths)(*(x[None] for x in inputs))[0]):
        found = torch.autograd.grad(out, inputs, direction)
        for a, b in zip([expected, *wanted], [out, *found]):
            assert torch.allclose(a.float(), b.float(), atol=1e-5 if exact else 0.06)


def test_the_block_mask_allows_exactly_an_assets_own_past():
    document = torch.tensor([[0] * 100 + [1] * 30 + [2] * 200 + [-1] * 54, [3] * 384], dtype=torch.int32)
    mask = block_mask(document, 128)
    places = torch.arange(384)
    dense = (document[:, :, None] == document[:, None, :]) & (places[:, None] >= places)
    for b in range(2):
        for q in range(3):
            partial = set(mask.kv_indices[b, 0, q, : mask.kv_num_blocks[b, 0, q]].tolist())
            full = set(mask.full_kv_indices[b, 0, q, : mask.full_kv_num_blocks[b, 0, q]].tolist())
            for k in range(3):
                block = dense[b, q * 128 : q * 128 + 128, k * 128 : k * 128 + 128]
                assert (k in full) == bool(block.all()) and not partial & full
                assert (k in partial | full) or not block.any()
    row, column = torch.meshgrid(places, places, indexing="ij")
    for b in range(2):
        told = mask.mask_mod(torch.full_like(row, b), torch.zeros_like(row), row, column)
        assert torch.equal(told, dense[b])


def test_a_later_step_cannot_change_an_earlier_one():
    config = small()
    model = awake(config)
    first, second = documents([0, 0])
    second.tokens = second.tokens.copy()
    second.tokens[-2, 1] = 5
    costs = [nats(model, packing.collate(config, [packing.Row(0, [d])], 40)) for d in (first, second)]
    assert np.allclose(costs[0][:-3], costs[1][:-3], atol=1e-6) and not np.allclose(costs[0], costs[1])


def test_every_used_micro_token_is_a_target_and_no_other():
    config = small()
    rows = [packing.Row(0, documents([3, 4])), packing.Row(0, documents([9]))]
    batch = packing.collate(config, rows, 64)
    tokens = np.concatenate([d.tokens for row in rows for d in row.documents])
    assert np.array_equal(batch["targets"], tokens[tokens >= 0])
    assert set(batch["owner"]) == {0, 1, 2}
    fixed = packing.collate(config, rows, 64, targets=100, documents=8)
    assert fixed["targets"].shape == (100,) and fixed["words"].shape[0] == 8
    used = int((fixed["targets"] >= 0).sum())
    model = awake(config)
    assert np.isclose(nats(model, fixed).sum(), nats(model, batch).sum(), rtol=1e-5) and used == len(batch["targets"])


def test_packing_wastes_little_and_repeats_itself():
    config = small()
    packer = packing.Packer(CountingSet(), config, seed=3, rows=8, length=256, micro_rows=4)
    again = packing.Packer(CountingSet(), config, seed=3, rows=8, length=256, micro_rows=2)
    assert len(packer[5]) == 2 and len(again[5]) == 4
    free = np.mean([(part["document"] < 0).mean() for part in packer[5]])
    assert free < 0.05
    both = [np.concatenate([part["inputs"] for part in p[5]]) for p in (packer, again)]
    assert np.array_equal(*both)
    assert not np.array_equal(packer[5][0]["inputs"], packer[6][0]["inputs"])


def test_held_out_assets_are_never_drawn():
    packer = packing.Packer(CountingSet(heldout=(0, 1, 2, 3)), small(), 0, 4, 256, 4)
    strides = np.concatenate([part["attributes"][:, 0] for part in packer[0]])
    assert len(strides) > 10 and 1 not in strides


def test_a_checkpoint_gives_back_what_it_was_given(tmp_path):
    config = small()
    arrays = {name: tensor.numpy() for name, tensor in awake(config).state_dict().items()}
    card = {"licenses": ["CC0-1.0"], "assets": 12}
    for store, error in (("f32", 0.0), ("f16", 1e-3), ("int8", 2e-2)):
        path = checkpoint.save(tmp_path / f"{store}.safetensors", arrays, config, SPEC, card=card, store=store)
        info, back = checkpoint.load(path)
        assert info.config == config and info.card == card and info.spec["name"] == "counting"
        assert set(back) == set(arrays)
        for name, array in arrays.items():
            assert np.abs(back[name] - array).max() <= error * np.abs(array).max() + 1e-7, (store, name)


def test_a_large_checkpoint_lies_in_several_files(tmp_path):
    config = small()
    arrays = {name: tensor.numpy() for name, tensor in awake(config).state_dict().items()}
    path = checkpoint.save(tmp_path / "m.safetensors", arrays, config, SPEC, shard=8000)
    info, back = checkpoint.load(path)
    assert len(info.files) > 2 and set(back) == set(arrays)
    with pytest.raises(checkpoint.CheckpointError, match="is a part of the model m.safetensors"):
        checkpoint.load(path.with_name(info.files[1]))
    path.with_name(info.files[1]).unlink()
    with pytest.raises(checkpoint.CheckpointError, match="its part cannot be read"):
        checkpoint.read_info(path)


def refuse(path, tensors, header, match):
    write_tensors(path, tensors, {"meshkiln": json.dumps(header)} if header is not None else {})
    with pytest.raises(checkpoint.CheckpointError, match=match):
        checkpoint.load(path)


def test_what_does_not_fit_is_refused_with_a_sentence(tmp_path):
    config = small()
    arrays = {name: tensor.numpy() for name, tensor in awake(config).state_dict().items()}
    good = checkpoint.save(tmp_path / "good.safetensors", arrays, config, SPEC, store="f32")
    with open_tensors(good) as file:
        header = json.loads(file.metadata["meshkiln"])
    bad = tmp_path / "bad.safetensors"
    refuse(bad, arrays, None, "not a Meshkiln model")
    refuse(bad, arrays, header | {"format": 9}, "format 9")
    refuse(bad, arrays, {k: v for k, v in header.items() if k != "config"}, "incomplete or garbled")
    refuse(bad, arrays, header | {"config": header["config"] | {"layers": 3}}, "blocks.2.qkv.weight is missing")
    refuse(bad, arrays, header | {"config": header["config"] | {"width": 10**9}}, "whole number")
    refuse(bad, arrays, header | {"config": header["config"] | {"depth": 3}}, "unknown entries depth")
    refuse(bad, arrays, header | {"spec": header["spec"] | {"vocab": 21}}, "its codec says vocab 21")
    refuse(bad, arrays, header | {"spec": header["spec"] | {"version": 2}}, "hash of its codec's language")
    refuse(bad, arrays | {"extra": np.ones(3, np.float32)}, header, "does not have")
    refuse(bad, arrays | {"prefix": np.full_like(arrays["prefix"], np.nan)}, header, "prefix is damaged")
    refuse(bad, arrays | {"prefix": np.full_like(arrays["prefix"], np.nan)}, header | {"sums": {}}, "not numbers")
    refuse(bad, arrays, header | {"config": header["config"] | {"layers": 10**6}}, "too many layers")
    refuse(bad, arrays, header | {"files": ["bad.safetensors"] * 100_000}, "100000 files")
    refuse(bad, arrays | {"prefix": arrays["prefix"][:2]}, header, r"the tensor prefix has the shape \(2, 32\)")
    bad.write_bytes(struct.pack("<Q", 1 << 40) + b"{}")
    with pytest.raises(checkpoint.CheckpointError, match="bad.safetensors"):
        checkpoint.load(bad)


def test_impossible_sizes_are_refused():
    for wrong in ({"width": 33}, {"layers": 0}, {"heads": 3}, {"head_blocks": 1000}):
        with pytest.raises(ConfigError):
            small(**wrong)
