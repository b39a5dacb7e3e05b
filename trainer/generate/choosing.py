"""Which of several samples to keep: built well, complete, and matching the prompt. numpy only.

A sample matches the prompt if the labels of the reference shapes nearest to it are similar to the prompt. Knows
records; knows nothing of models or sampling.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...records import Record
from ..mesh import faces, shape_descriptor
from ..mesh.symmetry_faults import adrift, crooked, lopsided, torn
from ..text import conditions
from ..text.conditions import REGULAR, Condition
from .reference_shapes import Unevenness, shipped_table

FACES = 1500  # of all candidates for one result together, so that choosing takes seconds ...
FEWEST = 4  # ... and it remains a choice
STRETCH = 12  # steps
EXPECTED_NATS = 2.5  # per step: if the best sample has more, all samples are unlikely and the comparison says little
ASTRAY_COST = 4.0  # per doubling of a sample's worst stretch relative to the best sample's
TOLERANCE = 0.4  # doublings that cost nothing
FAULT_COST = 2.0  # times the root of the share of torn, missing or detached parts, in the regular style
LOOSE_COST = 2.5  # for floating parts, in addition to their share
AGREEMENT_WORTH = 6.0  # for matching the prompt


def candidates(best_of: int, faces: int | None) -> int:
    """How many of `best_of` samples to make: fewer for meshes with many faces."""
    return max(1, min(best_of, max(FEWEST, FACES // faces))) if faces else max(1, best_of)


def soundness(record: Record, ended: bool = True) -> float:
    """0 for a mesh that a modeller would keep, lower for faults: holes, flat or crowded faces, cut off before the
    end."""
    positions, starts, corners = faces.bare(record)
    if len(starts) < 3:
        return -4.0
    _, users = np.unique(faces.edges(starts, corners), axis=0, return_counts=True)
    twice_area = 2 * np.linalg.norm(faces.face_normals(positions, starts, corners), axis=1)
    scale = max(float(np.ptp(positions, axis=0).max()), 1e-12)
    flat = float((twice_area < 1e-6 * scale * scale).mean())
    crowded, open_ = float((users > 2).mean()), float((users == 1).mean())
    return -(2.0 * flat + 2.0 * crowded + 0.5 * open_ + (0.0 if ended else 1.0))


def worst_stretch(nats: Sequence[float]) -> float:
    """Nats per step in the worst stretch of STRETCH steps: after a stray face, nothing that follows is likely."""
    return float(stretches(nats).max())


def stretches(nats: Sequence[float]) -> NDArray[Any]:
    """Nats per step of every stretch of STRETCH steps, or of all steps if there are fewer."""
    if len(nats) < STRETCH:
        return np.array([sum(nats) / max(len(nats), 1)])
    return np.convolve(nats, np.full(STRETCH, 1 / STRETCH), "valid")


def burst(nats: Sequence[float]) -> float:
    """Doublings from the median stretch to the worst: rich detail is unlikely throughout, stray faces all at once."""
    return math.log2((1 + worst_stretch(nats)) / (1 + float(np.median(stretches(nats)))))


def score(
    record: Record, wish: Condition | None = None, ended: bool = True, points: NDArray[Any] | None = None
) -> float:
    """Higher is better. `wish`: the condition, of which words, faces and proportions count; `points`: on the record's
    surface, if the caller has them. Lopsided results rank last, unless such objects usually are, or a library's style
    is set. Stray faces that stick out change the proportions."""
    total, wish = soundness(record, ended), wish or Condition()
    table = shipped_table()
    if wish.text and table is not None:
        points = shape_descriptor.points(record) if points is None else points
        total += AGREEMENT_WORTH * table.agreement(points, wish.text)
    if wish.style == REGULAR:
        usual, (sideways, frontwards) = usual_unevenness(wish), lopsided(record)
        faults = (
            max(torn(record), crooked(record) - usual.crooked),
            max(0.0, sideways - usual.sideways, frontwards - usual.frontwards),
            adrift(record),
        )
        total -= FAULT_COST * sum(map(math.sqrt, faults))
    if wish.faces:
        total -= 0.2 * abs(float(np.log2(max(len(record.arrays["mesh/loop_start"]), 1) / wish.faces)))
    asked = {name: wish.summary[name] for name in conditions.PROPORTIONS if wish.summary.get(name)}
    if asked:
        positions, _, corners = faces.bare(record)
        made = conditions.proportions(positions[corners])
        total -= 0.2 * sum(abs(made.get(name, 0) - value) for name, value in asked.items())
    return total


def scores(
    records: Sequence[Record],
    wishes: Sequence[Condition] = (),
    ended: Sequence[bool] = (),
    nats: Sequence[Sequence[float]] = (),
) -> list[float]:
    """Scores of samples of one object; `wishes` has one for each. `nats`: for each sample, how unlikely each step was.

    Some faults show only in comparison: if one sample of a wish is likely throughout, one with a very unlikely stretch
    has gone astray (some objects are unlikely throughout), and if one sample is connected, one with floating parts is
    unfinished."""
    points = [shape_descriptor.points(record) for record in records]
    worst = [worst_stretch(each) for each in nats] or [0.0] * len(records)
    bursts = [burst(each) for each in nats] or [0.0] * len(records)
    loose = [shape_descriptor.loose(each) for each in points]
    least_worst, least_loose = min(worst, default=0.0), min(loose, default=0.0)
    totals = []
    for i, record in enumerate(records):
        total = score(record, wishes[i] if wishes else None, ended[i] if ended else True, points[i])
        regular = bool(wishes) and wishes[i].style == REGULAR
        own = min(worst[k] for k in range(len(worst)) if not wishes or wishes[k] is wishes[i])
        # A wish whose samples all went astray is compared with the others, since all are in the regular style.
        usual = own if own < EXPECTED_NATS and not regular else least_worst
        if usual < EXPECTED_NATS:
            astray = math.log2((1 + worst[i]) / (1 + usual))
            if not regular:  # rich detail is unlikely throughout
                astray = min(astray, bursts[i] - min(bursts))
            total -= ASTRAY_COST * max(0.0, astray - TOLERANCE)
        allowed = max(least_loose, usual_unevenness(wishes[i]).loose) if wishes else least_loose
        if loose[i] > allowed:
            total -= LOOSE_COST + loose[i] - allowed
        totals.append(total)
    return totals


def usual_unevenness(wish: Condition) -> Unevenness:
    """How uneven an object like this may be; anything is allowed in a library's style."""
    table = shipped_table()
    return table.usual_unevenness(wish.text) if table is not None and wish.style == REGULAR else Unevenness()


def best(records: Sequence[Record], **evidence: Any) -> list[int]:
    """Indices of the records by their `scores`, best first; `evidence` is passed to `scores`."""
    totals = scores(records, **evidence)
    return sorted(range(len(records)), key=lambda i: -totals[i])
