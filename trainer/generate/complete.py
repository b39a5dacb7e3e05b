"""Completing a mesh: the box it may fill, the condition for the model, and the resulting record: the given faces
exactly as they were, then the added ones.

Knows records and the geometry codec's grid; neither models nor pipes.
"""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...records import Record, mesh_record
from ..text.conditions import Condition

LEAST_ROOM, MOST_ROOM = 1.5, 3.0  # longest side of the whole, relative to that of the given faces
LEAST_MORE = 1.3  # the condition asks for at least this multiple of the given faces
SHARP = "mesh/attribute/sharp_face"


class CompletedMesh:
    """`given` is a mesh record, `metres` the length of a unit of its coordinates, `usual` the measures of a reference
    shape. `frame`: lowest and highest corner of the box of the whole thing, or None for the usual size of such an
    object."""

    def __init__(self, given: Record, usual: dict[str, Any], frame: Any = None, metres: float = 1.0) -> None:
        self.given, self.metres = given, metres
        points = given.arrays["mesh/position"][given.arrays["mesh/corner_vert"]]
        low, high = points.min(axis=0).astype(np.float64), points.max(axis=0).astype(np.float64)
        longest = max(float((high - low).max()), 1e-9)
        if frame is not None:
            box = np.asarray(frame, np.float64)
            low, high = np.minimum(low, box[0]), np.maximum(high, box[1])
        else:
            side = float(usual.get("size") or 0.0) / metres
            side = min(max(side, LEAST_ROOM * longest), MOST_ROOM * longest)
            middle = (low + high) / 2
            low = np.array([middle[0] - side / 2, middle[1] - side / 2, low[2]])  # objects stand on their lowest point
            high = low + side
        self.low, self.high = low, high
        self.longest = float((high - low).max())
        self.usual_faces = int(usual.get("faces") or 0)
        self.proportions = {} if frame is not None else usual.get("summary") or {}  # not those of the given part

    def condition(self, wish: Condition) -> Condition:
        """The condition for a whole object of that size, with more faces than given."""
        faces = max(self.usual_faces, int(LEAST_MORE * len(self.given.arrays["mesh/loop_start"])) + 1)
        return replace(wish, faces=faces, size=self.longest * self.metres, summary=self.proportions)

    def start(self, codec: Any) -> Any:
        """The canonical mesh that the decoder starts with."""
        return codec.quantize_record(self.given, size=self.longest * self.metres, frame=(self.low, self.high))

    @property
    def foot(self) -> NDArray[Any]:
        """The decoder's origin in the given record's coordinates."""
        return np.array([(self.low[0] + self.high[0]) / 2, (self.low[1] + self.high[1]) / 2, self.low[2]])

    def record(self, decoder: Any, name: str) -> Record:
        """The given vertices and faces first, unchanged, then the added ones, which share the given vertices."""
        arrays = self.given.arrays
        books = decoder.books
        old = arrays["mesh/position"].astype(np.float32)
        lengths = np.diff([*arrays["mesh/loop_start"], len(arrays["mesh/corner_vert"])])
        slots = arrays.get("mesh/material_index", np.zeros(len(lengths), np.int32))
        added = [i for i in range(len(books.polygons)) if i not in decoder.given]
        given = {v for i in decoder.given for v in books.polygons[i]}
        at_cell = self._vertices_by_cell(decoder.levels)
        number: dict[int, int] = {}
        fresh: list[int] = []
        corners: list[int] = []
        for i in added:
            for v in books.polygons[i]:
                if v not in number:
                    same = at_cell.get(books.keys[v]) if v in given else None
                    number[v] = len(old) + len(fresh) if same is None else same
                    if same is None:
                        fresh.append(v)
                corners.append(number[v])
        positions = np.concatenate([old, self._positions([books.cells[v] for v in fresh], decoder.levels)])
        counts = np.concatenate([lengths, [len(books.polygons[i]) for i in added]]).astype(np.int32)
        record = mesh_record(
            name,
            positions,
            (np.cumsum(counts) - counts).astype(np.int32),
            np.concatenate([arrays["mesh/corner_vert"], corners]).astype(np.int32),
            np.concatenate([slots, [books.slots[i] for i in added]]).astype(np.int32),
            size=[float(s) for s in np.ptp(positions, axis=0)],
        )
        if SHARP in arrays:
            mostly = bool(np.mean(arrays[SHARP]) >= 0.5)
            shade(record, np.concatenate([arrays[SHARP], np.full(len(added), mostly)]))
        return record

    def _vertices_by_cell(self, levels: int) -> dict[int, int]:
        """The given vertex in each cell of the grid, by the cell's key; rounded like `quantize`."""
        grid = (self.given.arrays["mesh/position"].astype(np.float64) - self.foot) * ((levels - 2) / self.longest)
        cells = (np.sign(grid) * np.floor(np.abs(grid) + 0.5)).astype(np.int64)
        cells[:, :2] += levels // 2
        keys = (cells[:, 2] * levels + cells[:, 1]) * levels + cells[:, 0]
        return {key: vertex for vertex, key in reversed(list(enumerate(keys.tolist())))}

    def _positions(self, cells: list[tuple[int, int, int]], levels: int) -> NDArray[Any]:
        from ..codecs.quantize import to_metres

        placed = to_metres(np.array(cells, np.int32).reshape(-1, 3), levels, self.longest)
        return np.asarray(placed + self.foot, np.float32)


def shade(record: Record, sharp: NDArray[Any]) -> None:
    """Store for each face whether it is flat: `sharp` (F,) bool."""
    record.arrays[SHARP] = sharp
    entry = {"name": "sharp_face", "domain": "FACE", "type": "BOOLEAN", "key": SHARP}
    record.data["mesh"].setdefault("attributes", []).append(entry)
