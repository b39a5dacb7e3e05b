"""Which of several samples is the one to show: built well, whole, and like what was asked for. numpy alone.

Likeness is looked up (`known.py`): a sample whose nearest known shapes carry words near the prompt's is what was asked
for. Knows records; knows nothing of models or sampling.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...records import Record
from ..mesh import faces, shape_descriptor
from ..mesh.symmetry_faults import adrift, crooked, lopsided, torn
from ..text import conditions
from ..text.conditions import REGULAR, Condition
from .reference_shapes import Uneven, known

FACES = 1500  # of all candidates for one thing together, so that a choice takes seconds ...
FEWEST = 4  # ... and it remains a choice
STRETCH = 12  # steps
CALM = 2.5  # nats a step: where the calmest sample has more, every sample is a surprise
LOST = 4.0  # what every doubling of its worst stretch, beyond the calmest sample's, costs
SPREAD = 0.4  # doublings that say nothing
TORN = 2.0  # what torn and missing parts and parts adrift cost, times the root of their share, in the regular style
IN_PIECES = 2.5  # what parts in the air cost, beside how much of it they are
AGREEMENT = 6.0  # what it is worth to look like what was asked for


def candidates(best_of: int, faces: int | None) -> int:
    """How many of `best_of` samples are worth their time: fewer of what has many faces."""
    return max(1, min(best_of, max(FEWEST, FACES // faces))) if faces else max(1, best_of)


def soundness(record: Record, ended: bool = True) -> float:
    """0 for a mesh that a modeller would keep, less for what is wrong: holes, flat or crowded faces, no end."""
    positions, starts, corners = faces.bare(record)
    if len(starts) < 3:
        return -4.0
    _, users = np.unique(faces.edges(starts, corners), axis=0, return_counts=True)
    twice_area = 2 * np.linalg.norm(faces.face_normals(positions, starts, corners), axis=1)
    scale = max(float(np.ptp(positions, axis=0).max()), 1e-12)
    flat = float((twice_area < 1e-6 * scale * scale).mean())
    crowded, open_ = float((users > 2).mean()), float((users == 1).mean())
    return -(2.0 * flat + 2.0 * crowded + 0.5 * open_ + (0.0 if ended else 1.0))


def lost(nats: Sequence[float]) -> float:
    """Nats a step in the worst stretch of STRETCH steps: where a model has lost its way, among stray faces, nothing
    that follows is likely any more."""
    return float(stretches(nats).max())


def stretches(nats: Sequence[float]) -> np.ndarray:
    """Nats a step of every stretch of STRETCH steps; of all of them where there are no more."""
    if len(nats) < STRETCH:
        return np.array([sum(nats) / max(len(nats), 1)])
    return np.convolve(nats, np.full(STRETCH, 1 / STRETCH), "valid")


def burst(nats: Sequence[float]) -> float:
    """Doublings from the median stretch to the worst: rich detail surprises throughout, stray faces all at once."""
    return math.log2((1 + lost(nats)) / (1 + float(np.median(stretches(nats)))))


def score(record: Record, wish: Condition | None = None, ended: bool = True, seen: np.ndarray | None = None) -> float:
    """Higher is better. `wish`: what was asked for, of which words, faces and proportions count; `seen`: points on it,
    where they are known already. Stray faces that stick out of a thing show in its proportions."""
    total, wish = soundness(record, ended), wish or Condition()
    table = known()
    if wish.text and table is not None:
        total += AGREEMENT * table.agreement(shape_descriptor.points(record) if seen is None else seen, wish.text)
    if wish.style == REGULAR:
        meant, (sideways, frontwards) = meant_so(wish), lopsided(record)
        faults = (
            max(torn(record), crooked(record) - meant.crooked),
            max(0.0, sideways - meant.sideways, frontwards - meant.frontwards),
            adrift(record),
        )
        total -= TORN * sum(map(math.sqrt, faults))
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
    """Of samples of one thing; `wishes` has one for each. `nats`: what each step of each surprised the model by.

    Some faults are told by the others: where one sample of a wish is calm, one that is not has gone astray (some things
    are surprising throughout), and where one sample holds together, one with parts in the air is unfinished."""
    seen = [shape_descriptor.points(record) for record in records]
    far = [lost(one) for one in nats] or [0.0] * len(records)
    bursts = [burst(one) for one in nats] or [0.0] * len(records)
    loose = [shape_descriptor.loose(points) for points in seen]
    calmest, firmest = min(far, default=0.0), min(loose, default=0.0)
    found = []
    for i, record in enumerate(records):
        total = score(record, wishes[i] if wishes else None, ended[i] if ended else True, seen[i])
        regular = bool(wishes) and wishes[i].style == REGULAR
        own = min(far[k] for k in range(len(far)) if not wishes or wishes[k] is wishes[i])
        # A wish that nothing calm came of is judged by the others, as all are in the regular style.
        usual = own if own < CALM and not regular else calmest
        if usual < CALM:
            astray = math.log2((1 + far[i]) / (1 + usual))
            if not regular:  # rich detail surprises throughout
                astray = min(astray, bursts[i] - min(bursts))
            total -= LOST * max(0.0, astray - SPREAD)
        whole = max(firmest, meant_so(wishes[i]).loose) if wishes else firmest
        if loose[i] > whole:
            total -= IN_PIECES + loose[i] - whole
        found.append(total)
    return found


def meant_so(wish: Condition) -> Uneven:
    """How uneven a thing may be that is asked for; of a library's style nothing is known."""
    table = known()
    return table.meant_so(wish.text) if table is not None and wish.style == REGULAR else Uneven()


def best(records: Sequence[Record], **said: Any) -> list[int]:
    """Indices of the records by their `scores`, the best first; the rest is as there."""
    found = scores(records, **said)
    return sorted(range(len(records)), key=lambda i: -found[i])
