"""Attention within a packed row: each asset sees its own past and nothing of its neighbours.

Three ways to compute it: document by document (CPU: no work is wasted; `cpu_attention.py` in training), a block mask
for flex_attention (CUDA: one fused kernel that skips empty blocks), a dense mask (any other device).
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from .cpu_attention import LONG, GroupedAttention, Groups

Attend = Callable[[Tensor, Tensor, Tensor], Tensor]


def by_document(lengths: list[int]) -> Attend:
    """`lengths` cut the flattened positions (B * L) into documents, free positions counting as one."""
    short = [i for i, length in enumerate(lengths) if length <= LONG]
    groups = Groups([lengths[i] for i in short]) if short else None

    def attend(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        parts = [x.flatten(0, 1).split(lengths) for x in (q, k, v)]
        out: dict[int, Tensor] = {}
        if groups and q.dtype == torch.bfloat16 and torch.is_grad_enabled():
            mixed: Tensor = GroupedAttention.apply(  # type: ignore[no-untyped-call]
                *(torch.cat([part[i] for i in short]) for part in parts), groups
            )
            out.update(zip(short, mixed.split([lengths[i] for i in short])))
        for i in range(len(lengths)):
            if i not in out:
                a, b, c = (part[i].transpose(0, 1)[None] for part in parts)
                out[i] = F.scaled_dot_product_attention(a, b, c, is_causal=True)[0].transpose(0, 1)
        return torch.cat([out[i] for i in range(len(lengths))]).view_as(q)

    return attend


def by_mask(document: Tensor) -> Attend:
    """`document` (B, L): a dense mask, for devices without a better way."""
    places = torch.arange(document.shape[1], device=document.device)
    mask = (document[:, None, :] == document[:, :, None]) & (places[:, None] >= places)
    mask = mask[:, None]

    def attend(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        q, k, v = (x.transpose(1, 2) for x in (q, k, v))
        return F.scaled_dot_product_attention(q, k, v, attn_mask=mask).transpose(1, 2)

    return attend


def by_block_mask(mask: Any) -> Attend:
    from torch.nn.attention.flex_attention import flex_attention

    def attend(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        q, k, v = (x.transpose(1, 2) for x in (q, k, v))
        return flex_attention(q, k, v, block_mask=mask).transpose(1, 2)

    return attend


def block_mask(document: Tensor, block: int = 128) -> Any:
    """A BlockMask for `document` (B, L), on its device. Documents are contiguous in a row, so the relevant blocks form
    a band below the diagonal: they are found from each block's lowest document, without an L x L mask."""
    from torch.nn.attention.flex_attention import BlockMask

    rows, length = document.shape
    if length % block:
        raise ValueError(f"packed rows of {length} positions do not divide into blocks of {block}")
    count = length // block
    # Free positions are at a row's end and marked -1: give them their own number above all others.
    numbered = torch.where(document < 0, torch.iinfo(document.dtype).max, document)
    tiles = numbered.view(rows, count, block)
    low, high = tiles.amin(-1), tiles.amax(-1)
    q, k = torch.arange(count, device=document.device)[:, None], torch.arange(count, device=document.device)
    seen = (k <= q) & (high[:, None, :] >= low[:, :, None])  # (B, q block, k block)
    full = (k < q) & (low[:, None, :] == high[:, :, None]) & (low[:, :, None] == high[:, :, None])
    full = full & (high[:, None, :] == low[:, None, :])

    def ordered(blocks: Tensor) -> tuple[Tensor, Tensor]:
        blocks = blocks.to(torch.int32)
        indices = torch.argsort(blocks, dim=-1, descending=True, stable=True).to(torch.int32)
        return blocks.sum(-1, dtype=torch.int32)[:, None], indices[:, None].contiguous()

    def allowed(b: Tensor, h: Tensor, q_at: Tensor, k_at: Tensor) -> Tensor:
        return (q_at >= k_at) & (numbered[b, q_at] == numbered[b, k_at])

    return BlockMask.from_kv_blocks(*ordered(seen & ~full), *ordered(full), BLOCK_SIZE=block, mask_mod=allowed)


def document_lengths(document: np.ndarray) -> list[int]:
    """Lengths of the runs of equal numbers in the flattened (B, L) array, never across a row's end."""
    change = np.ones(document.shape, bool)
    change[:, 1:] = document[:, 1:] != document[:, :-1]
    starts = np.flatnonzero(change)
    result: list[int] = np.diff(np.append(starts, document.size)).tolist()
    return result


def keep_apart(document: np.ndarray, device: torch.device, way: str | None = None) -> Attend:
    """The implementation for the device, for a batch's `document` array (B, L) int32."""
    way = way or {"cpu": "documents", "cuda": "blocks"}.get(device.type, "mask")
    if way == "documents":
        return by_document(document_lengths(document))
    on_device = torch.from_numpy(document).to(device, non_blocking=True)
    return by_block_mask(block_mask(on_device)) if way == "blocks" else by_mask(on_device)
