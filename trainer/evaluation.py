"""Measures a geometry model on held-out assets: bits, set distances, prompt agreement, novelty, build quality.

Knows a loaded model, a training set and metrics; draws one sample for each held-out asset, asked for as that asset is
labelled and measured. Everything is a function of the checkpoint, the set and the seed.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..records import Record
from . import metrics, text
from .generation import Model, generate
from .metrics import Clouds

NEAR = 24  # candidates that a coarse look leaves for the Chamfer distance
COARSE = 12  # cells a side of the coarse look
Say = Callable[[float, str], None]


@dataclass
class Asked:
    """One held-out asset: what it is, and the condition that asks for one like it."""

    record: Record
    label: str
    words: np.ndarray
    attributes: np.ndarray


def from_set(
    samples: Any, count: int, seed: int = 0, most_known: int = 600
) -> tuple[list[Asked], list[tuple[Record, str]]]:
    """(held-out assets to ask for, real assets it learned from), both drawn evenly from a TrainSet."""
    rng = np.random.default_rng(seed)
    chosen = np.asarray(samples.heldout)
    chosen = chosen[np.sort(rng.permutation(len(chosen))[:count])]
    asked = []
    for index in chosen.tolist():
        record = samples.record(index)
        _, words, attributes = samples.sample(index, 0)
        asked.append(Asked(record, str(record.data.get("label", record.name)), words, attributes))
    learned = np.setdiff1d(np.flatnonzero(samples.weights[: samples.real] > 0), samples.heldout)
    learned = learned[np.sort(rng.permutation(len(learned))[:most_known])]
    records = [samples.record(index) for index in learned.tolist()]
    return asked, [(record, str(record.data.get("label", record.name))) for record in records]


@dataclass
class Findings:
    """`numbers` by metric name; `intervals` are 80 % Bayesian ones for the shares among them."""

    numbers: dict[str, float] = field(default_factory=dict)
    intervals: dict[str, tuple[float, float]] = field(default_factory=dict)
    samples: list[Record] = field(default_factory=list)

    def share(self, name: str, hits: Sequence[bool]) -> None:
        count = sum(bool(hit) for hit in hits)
        self.numbers[name] = count / max(len(hits), 1)
        self.intervals[name] = metrics.interval(count, len(hits))


def draw(model: Model, asked: Sequence[Asked], seed: int, sampling: dict[str, Any], say: Say) -> list[Record]:
    """A sample for each of `asked`, with what it took."""
    made = []
    for number, one in enumerate(asked):
        result = generate(model, one.words, one.attributes, seed=seed + number, result={"name": one.label}, **sampling)
        made.append(result.records[0])
        say((number + 1) / len(asked), f"sampled {number + 1} of {len(asked)}: {one.label}")
    return made


def judge(
    asked: Sequence[Asked], samples: Sequence[Record], known: Sequence[tuple[Record, str]], seed: int = 0
) -> Findings:
    """All that can be said without the model: `asked` are held-out, `known` the real assets it learned from."""
    found = Findings(samples=list(samples))
    real = [one.record for one in asked]
    a = Clouds([metrics.surface(r, seed) for r in samples])
    b = Clouds([metrics.surface(r, seed + 1) for r in real])
    c = Clouds([metrics.surface(r, seed + 2) for r, _ in known])
    between = metrics.chamfer(a, b)
    found.numbers["cov"] = metrics.coverage(between)
    found.numbers["mmd"] = metrics.minimum_matching_distance(between)
    found.numbers["1-nna"] = metrics.one_nna(metrics.chamfer(a, a), between, metrics.chamfer(b, b))
    found.numbers["jsd"] = metrics.jensen_shannon(metrics.occupied(a.clouds), metrics.occupied(b.clouds))

    nearest, distance = nearest_in(a, c)
    nearest_real, distance_real = nearest_in(b, c)
    labels = [label for _, label in known]
    found.share("agreement", [alike(one.label, labels[n]) for one, n in zip(asked, nearest)])
    found.share("agreement of real", [alike(one.label, labels[n]) for one, n in zip(asked, nearest_real)])
    found.numbers["agreement of what real scores"] = found.numbers["agreement"] / max(
        found.numbers["agreement of real"], 1e-9
    )
    _, apart = nearest_in(c, c, without_self=True)
    typical = float(np.median(apart))
    found.share("closer than real to each other", list(distance < typical))
    found.share("held-out closer than real to each other", list(distance_real < typical))

    builds, real_builds = [metrics.build(r) for r in samples], [metrics.build(r) for r in real]
    found.share("sound", [not one.broken and one.polygons > 0 for one in builds])
    found.numbers["quad share"] = _share_of_quads(builds)
    found.numbers["quad share of real"] = _share_of_quads(real_builds)
    found.numbers["open edges"] = float(np.mean([one.open_edges for one in builds]))
    found.numbers["open edges of real"] = float(np.mean([one.open_edges for one in real_builds]))
    found.share("repeated faces", [one.repeated > 0 for one in builds])
    found.numbers["faces"] = float(np.median([one.polygons for one in builds]))
    found.numbers["faces of real"] = float(np.median([one.polygons for one in real_builds]))
    return found


def _share_of_quads(builds: Sequence[metrics.Build]) -> float:
    return sum(one.quads * one.polygons for one in builds) / max(sum(one.polygons for one in builds), 1)


def nearest_in(clouds: Clouds, among: Clouds, without_self: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """For each cloud, index and Chamfer distance of the nearest one in `among`. A coarse look at which cells are
    occupied leaves NEAR candidates, so that thousands can be searched."""
    rough, rough_among = _coarse(clouds), _coarse(among)
    likeness = rough @ rough_among.T
    if without_self:
        np.fill_diagonal(likeness, -1.0)
    count = min(NEAR, likeness.shape[1] - without_self)
    index, distance = np.zeros(len(clouds), int), np.zeros(len(clouds))
    for i in range(len(clouds)):
        candidates = np.argpartition(-likeness[i], count - 1)[:count]
        chosen = Clouds([])
        chosen.clouds, chosen.trees = [among.clouds[j] for j in candidates], [among.trees[j] for j in candidates]
        one = Clouds([])
        one.clouds, one.trees = [clouds.clouds[i]], [clouds.trees[i]]
        row = metrics.chamfer(one, chosen)[0]
        index[i], distance[i] = candidates[row.argmin()], row.min()
    return index, distance


def _coarse(clouds: Clouds) -> np.ndarray:
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


def alike(a: str, b: str) -> bool:
    """Whether two labels name the same kind of thing: a shared noun, or nouns that mean nearly the same."""
    said, other = text.content_words(a), text.content_words(b)
    if not said or not other:
        return False
    if said[-1] in other or other[-1] in said:
        return True
    return text.similarity(said[-1], other[-1]) > 0.75


def bits_per_mesh(
    model_path: str, samples: Any, limit: int = 256, row: int = 2048, device: str = "cpu"
) -> dict[str, float]:
    """Mean bits that the model needs for a held-out asset, its condition given. Needs torch."""
    import torch

    from . import checkpoint
    from .attention import keep_apart
    from .model import Transformer
    from .packing import collate, pack_all
    from .packing import draw as draw_sample

    info, arrays = checkpoint.load(model_path)
    network = Transformer(info.config)
    network.load_state_dict({name: torch.from_numpy(np.array(array)) for name, array in arrays.items()})
    network.eval()
    chosen = np.asarray(samples.heldout)[:limit]
    rows, left_out = pack_all((draw_sample(samples, int(i), 0) for i in chosen), row, info.config.prefix)
    nats, tokens = 0.0, 0
    with torch.no_grad():
        for packed in rows:
            part = {k: torch.from_numpy(v) for k, v in collate(info.config, [packed], row).items()}
            attend = keep_apart(part["document"].numpy(), torch.device("cpu"))
            read = {k: v for k, v in part.items() if k not in ("document", "owner")}
            nats += float(network(read, attend).double().sum())
            tokens += int((part["targets"] >= 0).sum())
    meshes = len(chosen) - len(left_out)
    bits = nats / math.log(2)
    return {"bits per mesh": bits / max(meshes, 1), "bits per token": bits / max(tokens, 1), "scored": float(meshes)}
