"""What a stranger's records may ask of this machine.

    records, sentences = within_limits(records)

Too many things to make at all are refused before anything is made (InjectError). What can be made but would take too
long to evaluate (a remesh into billions of faces, groups in groups in groups) is made and switched off: modifiers and
objects hidden, group nodes empty, each with a sentence. The limits are far above what artists make, and nothing below
them is touched. It is an estimate: numbers that a node tree computes itself are not followed, only those typed in.
"""

from collections.abc import Sequence

from ....records import Record
from .counts import check_counts
from .instances import hide_instances
from .stacks import mute_stacks
from .trees import empty_groups

__all__ = ["within_limits"]


def within_limits(records: Sequence[Record]) -> tuple[list[Record], list[str]]:
    """The records with what would be too much switched off, and a sentence for each such thing. The input stays as
    it is."""
    check_counts(records)
    sentences: list[str] = []
    bounded = [empty_groups(record, sentences) for record in records]
    bounded = mute_stacks(bounded, sentences)
    return hide_instances(bounded, sentences), sentences
