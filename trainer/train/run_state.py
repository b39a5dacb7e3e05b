"""The state that a training run saves to continue later: complete or as it was before, never in between.

Knows files and messages; `loop.py` gives tensors and counters their meaning.
"""

import contextlib
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ... import __version__
from ...records.tensors import TensorError, open_tensors, write_tensors
from ..model.checkpoint import CheckpointError, checksum, finite
from ..model.config import ModelConfig

STATE = "state.safetensors"
FORMAT = 1


class TrainingError(ValueError):
    """Why a run cannot start or continue, in a sentence."""


def make_room(folder: Path) -> None:
    """Fail now rather than after an hour."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".write-probe"
        probe.write_bytes(b"x")
        probe.unlink()
    except OSError as error:
        reason = error.strerror or str(error)
        raise TrainingError(f"{folder}: cannot be written to ({reason}); choose another folder") from error


@contextlib.contextmanager
def saving(path: Path) -> Iterator[None]:
    """Turns disk errors into a sentence."""
    try:
        yield
    except (OSError, TensorError, CheckpointError) as error:
        raise TrainingError(
            f"{path}: could not be saved ({error}); what was saved before is untouched. Free some space and try again."
        ) from error


def write_state(
    folder: Path,
    tensors: dict[str, np.ndarray],
    identity: dict[str, Any],
    config: ModelConfig,
    kept: dict[str, Any],
) -> None:
    head = {"format": FORMAT, "version": __version__, "identity": identity, "config": config.to_dict(), **kept}
    head["sums"] = {name: checksum(array) for name, array in tensors.items()}
    strange = next((name for name, array in tensors.items() if not finite(array)), None)
    if strange is not None:
        raise TrainingError(
            f"{folder}: {strange} holds values that are not finite numbers; what was saved before is untouched"
        )
    with saving(folder / STATE):
        write_tensors(folder / STATE, tensors, {"training": json.dumps(head)})


def read_state(
    folder: Path, identity: dict[str, Any], config: ModelConfig
) -> tuple[dict[str, Any], dict[str, np.ndarray]] | None:
    """(counters, tensors) of an earlier run in `folder`; None if there is none. Refuses the state of a different
    run."""
    path = folder / STATE
    if not path.exists():
        return None
    try:
        with open_tensors(path) as file:
            head = json.loads(file.metadata["training"])
            sums = dict(head.get("sums") or {})  # states of older versions have none
            damaged = [name for name in file if name in sums and zlib.crc32(file.stored_bytes(name)) != sums[name]]
            if damaged or (sums and set(sums) != set(file)):
                raise ValueError(f"{', '.join(damaged[:1]) or 'it'} is damaged: its checksum does not match")
            tensors = {name: np.array(file[name]) for name in file}
        before = head["identity"], head["config"]
    except (TensorError, KeyError, TypeError, ValueError) as error:
        raise TrainingError(
            f"{path}: cannot continue from it ({error}). Start a new run with `--from {folder / 'best.safetensors'}`, "
            "which is untouched"
        ) from error
    if before != (identity, config.to_dict()):
        changed = [name for name, value in identity.items() if before[0].get(name) != value]
        what = ", ".join(changed) or "sizes"
        raise TrainingError(f"{folder}: contains a run with another {what}; repeat its command or use another folder")
    return head, tensors


def trim_metrics(folder: Path, step: int) -> None:
    """Remove lines that a killed run wrote after its last save: they will be written again."""
    path = folder / "metrics.jsonl"
    if not path.exists():
        return
    kept = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            if step and json.loads(line).get("step", 0) <= step:
                kept.append(line + "\n")
        except ValueError:  # cut off in the middle by the kill
            continue
    path.write_text("".join(kept), encoding="utf-8")
