"""The geometry codec: a mesh as an edge walk, a step per polygon, and back.

Owns the codec's options and its Spec; the grid is `quantize.py`'s, the order `walk.py`'s, the way back
`mesh_decoder.py`'s. docs/codecs.md describes the language and how it compares with others.

    geometry = GeometryCodec(levels=128)
    sequence = geometry.encode(positions, loop_starts, corner_verts, material_index)
    decoder = geometry.decoder(strict=True, max_faces=800)
"""

from typing import Any

import numpy as np

from . import words as w
from .base import CodecError, Sequence, Spec
from .quantize import Quantized, check_levels, quantize
from .walk import walk

VERSION = 1
MAX_SIDES = 262_143


class GeometryCodec:
    """`order`: which gate comes next, "fifo" (the oldest), "lifo" (the newest) or "lowest" (by z, then y, x)."""

    def __init__(self, levels: int = 128, order: str = "lowest") -> None:
        if order not in w.ORDERS:
            raise CodecError(f"order: {order!r} is none of {', '.join(w.ORDERS)}")
        check_levels(levels)
        self.levels, self.order = levels, order
        self.spec = Spec(
            "geometry",
            VERSION,
            w.vocabulary(levels),
            w.MICRO,
            w.cardinalities(levels),
            options={"levels": levels, "order": order},
        )

    def encode(
        self,
        positions: np.ndarray,
        loop_starts: np.ndarray,
        corner_verts: np.ndarray,
        material_index: np.ndarray | None = None,
        *,
        size: float | None = None,
        stitch: bool = True,
        frame: tuple[Any, Any] | None = None,
    ) -> Sequence:
        """Steps of positions (V, 3), loop_starts (F,), corner_verts (L,), material_index (F,).

        `size`: the longest side in metres, if positions are in another unit. `stitch`, `frame`: see `quantize`. Raises
        CodecError if this is not a mesh at all; `notes` counts what was dropped.
        """
        q = quantize(
            positions,
            loop_starts,
            corner_verts,
            material_index,
            levels=self.levels,
            size=size,
            stitch=stitch,
            frame=frame,
        )
        return self.encode_quantized(q)

    def encode_quantized(self, q: Quantized) -> Sequence:
        if q.levels != self.levels:
            raise CodecError(f"levels: the mesh has a grid of {q.levels}, the codec of {self.levels}")
        if int(np.diff(q.starts).max()) > MAX_SIDES:
            raise CodecError(f"mesh: a face has more than {MAX_SIDES:,} sides")
        tokens, features = walk(
            q.cells,
            q.starts,
            q.corners,
            q.slots,
            q.parts,
            q.levels,
            w.ORDERS[self.order],
            w.size_bin(q.size),
            w.OPEN_BUCKETS,
        )
        return Sequence(tokens, features, q.notes)

    def encode_record(
        self, record: Any, *, size: float | None = None, frame: tuple[Any, Any] | None = None
    ) -> Sequence:
        return self.encode_quantized(self.quantize_record(record, size=size, frame=frame))

    def quantize_record(
        self, record: Any, *, size: float | None = None, frame: tuple[Any, Any] | None = None
    ) -> Quantized:
        """The canonical mesh of a mesh record; CodecError names it if it has none."""
        if record.kind != "mesh" or "mesh/position" not in record.arrays:
            raise CodecError(f"{record.name}: it is a {record.kind}, not a mesh")
        arrays = record.arrays
        return quantize(
            np.asarray(arrays["mesh/position"]),
            np.asarray(arrays["mesh/loop_start"]),
            np.asarray(arrays["mesh/corner_vert"]),
            np.asarray(arrays["mesh/material_index"]) if "mesh/material_index" in arrays else None,
            levels=self.levels,
            size=size,
            frame=frame,
        )

    def decoder(self, **options: Any) -> Any:
        """A MeshDecoder of this language; `mesh_decoder.py` has its options. With `given`, one that completes
        that canonical mesh (`complete.py`)."""
        if "given" in options:
            from .complete import CompletingDecoder

            return CompletingDecoder(self.levels, self.order, **options)
        from .mesh_decoder import MeshDecoder

        return MeshDecoder(self.levels, self.order, **options)
