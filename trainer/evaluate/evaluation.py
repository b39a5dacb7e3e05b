"""Measures a geometry model on held-out assets: bits, set distances, prompt agreement, novelty, build quality.

Knows a loaded model, a training set and metrics; draws one sample for each held-out asset, conditioned on that asset's
label and measures. Everything is a function of the checkpoint, the set and the seed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...records import Record
from ..generate import choosing
from ..generate.decoding import Model, generate
from ..mesh.coplanar import lifted
from ..text import conditions, word_table
from . import metrics
from .metrics import Clouds

NEAR = 24  # candidates that the coarse search leaves for the Chamfer distance
COARSE = 12  # cells per side of the coarse search's grid
TYPICAL = 400  # number of learned assets whose mutual distances are measured
AT_ONCE = 8  # number of assets sampled for at the same time
Say = Callable[[float, str], None]


@dataclass
class HeldOutAsset:
    """A held-out asset and its condition, `words` and `attributes` as the model reads them."""

    record: Record
    label: str
    words: NDArray[Any]
    attributes: NDArray[Any]


def from_set(
    samples: Any, count: int, seed: int = 0, most_faces: int | None = None
) -> tuple[list[HeldOutAsset], list[tuple[Record, str]]]:
    """From a training set: `count` held-out assets, spread evenly, and (record, label) of each real training asset."""
    rng = np.random.default_rng(seed)
    chosen = np.asarray(samples.heldout)
    if most_faces:
        faces = [len(samples.record(int(i)).arrays["mesh/loop_start"]) for i in chosen]
        chosen = chosen[np.array(faces) <= most_faces]
    chosen = chosen[np.sort(rng.permutation(len(chosen))[:count])]
    heldout = []
    for index in chosen.tolist():
        record = samples.record(index)
        _, words, attributes = samples.sample(index, 0)
        heldout.append(HeldOutAsset(record, str(record.data.get("label", record.name)), words, attributes))
    learned = np.setdiff1d(np.flatnonzero(samples.weights[: samples.real] > 0), samples.heldout)
    records = [samples.record(index) for index in learned.tolist()]
    return heldout, [(record, str(record.data.get("label", record.name))) for record in records]


@dataclass
class Results:
    """`numbers` by metric name; `intervals` are 80 % Bayesian ones for the shares among them."""

    numbers: dict[str, float] = field(default_factory=dict)
    intervals: dict[str, tuple[float, float]] = field(default_factory=dict)
    samples: list[Record] = field(default_factory=list)

    def share(self, name: str, hits: Sequence[bool]) -> None:
        count = sum(bool(hit) for hit in hits)
        self.numbers[name] = count / max(len(hits), 1)
        self.intervals[name] = metrics.interval(count, len(hits))


def draw(
    model: Model, heldout: Sequence[HeldOutAsset], seed: int, sampling: dict[str, Any], say: Say, best_of: int = 1
) -> list[Record]:
    """A sample for the condition of each held-out asset: the best of `best_of`, as the extension chooses it."""
    made = []
    for at in range(0, len(heldout), AT_ONCE):
        some = heldout[at : at + AT_ONCE]
        faces = [len(one.record.arrays["mesh/loop_start"]) for one in some]
        each = [choosing.candidates(best_of, n) for n in faces]
        words = np.repeat([one.words for one in some], each, axis=0)
        attributes = np.repeat([one.attributes for one in some], each, axis=0)
        limits = [{"max_faces": int(n * 1.25) + 8} for n in np.repeat(faces, each).tolist()]
        result = generate(
            model, words, attributes, variants=len(words), seed=seed + at, decoder=limits,
            max_steps=(4 if model.info.config.micro > 1 else 24) * max(faces) + 64, **sampling,
        )  # fmt: skip
        for one, count, end in zip(some, each, np.cumsum(each).tolist()):
            own = slice(end - count, end)
            records, ended, nats = result.records[own], result.ended[own], result.nats[own]
            values = dict(zip(conditions.CRAFTS["geometry"], one.attributes.tolist()))
            wish = conditions.Condition(one.label, summary={name: values[name] for name in conditions.PROPORTIONS})
            chosen = lifted(records[choosing.best(records, wishes=[wish] * count, ended=ended, nats=nats)[0]])
            chosen.data["name"] = chosen.data["label"] = one.label
            made.append(chosen)
        say(len(made) / len(heldout), f"sampled {len(made)} of {len(heldout)}: {some[-1].label}")
    return made


def judge(
    heldout: Sequence[HeldOutAsset], samples: Sequence[Record], learned: Sequence[tuple[Record, str]], seed: int = 0
) -> Results:
    """All metrics that need no model. `learned`: (record, label) of the real assets that it learned from."""
    results = Results(samples=list(samples))
    real = [one.record for one in heldout]
    a = Clouds([metrics.surface(r, seed) for r in samples])
    b = Clouds([metrics.surface(r, seed + 1) for r in real])
    c = Clouds([metrics.surface(r, seed + 2) for r, _ in learned])
    between = metrics.chamfer(a, b)
    results.numbers["cov"] = metrics.coverage(between)
    results.numbers["mmd"] = metrics.minimum_matching_distance(between)
    results.numbers["1-nna"] = metrics.one_nna(metrics.chamfer(a, a), between, metrics.chamfer(b, b))
    results.numbers["jsd"] = metrics.jensen_shannon(metrics.occupied(a.clouds), metrics.occupied(b.clouds))

    nearest, distance = nearest_in(a, c)
    nearest_real, distance_real = nearest_in(b, c)
    labels = [label for _, label in learned]
    # The nearest learned asset can only have a label that some learned asset has.
    fair = [i for i, one in enumerate(heldout) if any(word_table.alike(one.label, label) for label in set(labels))]
    results.share("agreement", [word_table.alike(heldout[i].label, labels[nearest[i]]) for i in fair])
    results.share("agreement of real", [word_table.alike(heldout[i].label, labels[nearest_real[i]]) for i in fair])
    results.numbers["agreement of what real scores"] = results.numbers["agreement"] / max(
        results.numbers["agreement of real"], 1e-9
    )
    some = np.random.default_rng(seed).permutation(len(c))[:TYPICAL]
    _, apart = nearest_in(c, c, some)
    typical = float(np.median(apart))
    results.share("closer than real to each other", list(distance < typical))
    results.share("held-out closer than real to each other", list(distance_real < typical))

    builds, real_builds = [metrics.build(r) for r in samples], [metrics.build(r) for r in real]
    results.share("sound", [not one.broken and one.polygons > 0 for one in builds])
    results.numbers["quad share"] = _share_of_quads(builds)
    results.numbers["quad share of real"] = _share_of_quads(real_builds)
    results.numbers["open edges"] = float(np.mean([one.open_edges for one in builds]))
    results.numbers["open edges of real"] = float(np.mean([one.open_edges for one in real_builds]))
    results.share("repeated faces", [one.repeated > 0 for one in builds])
    results.numbers["faces"] = float(np.median([one.polygons for one in builds]))
    results.numbers["faces of real"] = float(np.median([one.polygons for one in real_builds]))
    return results


def _share_of_quads(builds: Sequence[metrics.Build]) -> float:
    return sum(one.quads * one.polygons for one in builds) / max(sum(one.polygons for one in builds), 1)


def nearest_in(clouds: Clouds, among: Clouds, own: NDArray[Any] | None = None) -> tuple[NDArray[Any], NDArray[Any]]:
    """For each cloud, index and Chamfer distance of the nearest one in `among`. A coarse search by occupied cells
    leaves NEAR candidates, so that thousands can be searched. `own`: only for these of `clouds`, which must be
    `among`, and never themselves."""
    rough_among = _coarse(among)
    likeness = (rough_among[own] if own is not None else _coarse(clouds)) @ rough_among.T
    asking = range(len(clouds)) if own is None else own.tolist()
    if own is not None:
        likeness[np.arange(len(own)), own] = -1.0
    count = min(NEAR, likeness.shape[1] - (own is not None))
    index, distance = np.zeros(len(likeness), int), np.zeros(len(likeness))
    for row, asks in enumerate(asking):
        candidates = np.argpartition(-likeness[row], count - 1)[:count]
        distances = metrics.chamfer(clouds.some([asks]), among.some(candidates.tolist()))[0]
        index[row], distance[row] = candidates[distances.argmin()], distances.min()
    return index, distance


def _coarse(clouds: Clouds) -> NDArray[Any]:
    """(n, COARSE³) unit vectors of softened occupancy."""
    from scipy.ndimage import gaussian_filter

    rows = []
    for cloud in clouds.clouds:
        cell = np.clip(((cloud + 1) * (COARSE / 2)).astype(int), 0, COARSE - 1)
        grid = np.zeros((COARSE, COARSE, COARSE))
        np.add.at(grid, tuple(cell.T), 1.0)
        soft = gaussian_filter(np.sqrt(grid), 0.8).ravel()
        rows.append(soft / max(np.linalg.norm(soft), 1e-9))
    return np.array(rows).reshape(len(clouds), -1)


def bits_by_asset(model_path: str, samples: Any, limit: int = 256, row: int = 4096) -> dict[int, float]:
    """Bits that the model needs for each held-out asset of at most `row` steps, given its condition. Needs torch."""
    import torch

    from ..model import lora
    from ..model.attention import keep_apart
    from ..model.transformer import Transformer
    from ..train.heldout_score import HeldOut

    info, arrays = lora.load_whole(model_path)
    network = Transformer(info.config)
    network.load_state_dict({name: torch.from_numpy(np.array(array)) for name, array in arrays.items()})
    network.eval()

    def nats(pack: dict[str, Any]) -> Any:
        attend = keep_apart(pack["document"].numpy(), torch.device("cpu"))
        return network({k: v for k, v in pack.items() if k not in ("document", "owner")}, attend)

    heldout = HeldOut(samples, info.config, np.asarray(samples.heldout)[:limit].tolist(), row)
    return dict(zip(heldout.scored, heldout.bits(nats).tolist()))
