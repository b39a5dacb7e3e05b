"""A trained model as files: safetensors whose header has everything needed before allocating memory for it.

Knows names, shapes and number formats; knows nothing of torch, of codecs' insides or of training. The header's entry
"meshkiln" is JSON: format, craft, spec (the codec's language), language (its hash), config (sizes), preset, parameters,
card (what it learned from, under which licences), metrics, version, store, files, sums (a checksum of each tensor's
bytes, compared when weights are read; files of older versions have none). Above 1 GB a model lies in several
files side by side, named in `files`; the first is the one to open. Nothing is ever unpickled.

Weights are stored as float16 (`store="f16"`), float32 ("f32"), or int8 with a float16 scale a row ("int8"); they are
always handed out as float32.
"""

import json
import os
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ... import __version__
from ...records.tensors import TensorError, TensorFile, TensorInfo, open_tensors, read_header, write_tensors
from .config import ConfigError, ModelConfig, parameter_count, shapes

FORMAT = 1
SHARD = 1 << 30
STORES = ("f32", "f16", "int8")
SCALE = ".scale"
# Our headers are 13 KB; these limits bound the cost of others.
LARGEST_HEADER = 4 << 20
MOST_TENSORS = 10_000
MOST_FILES = 256


class CheckpointError(ValueError):
    """An unusable checkpoint; the message names the file and the reason."""


@dataclass(frozen=True)
class Info:
    """The header's content. `kind` is "model" or "adapter" (LoRA: `config` is the base model's)."""

    path: Path
    kind: str
    craft: str
    spec: dict[str, Any]
    language: str
    config: ModelConfig
    preset: str
    card: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, Any] = field(default_factory=dict)
    version: str = ""
    store: str = "f16"
    files: tuple[str, ...] = ()
    sums: dict[str, int] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def parameters(self) -> int:
        return parameter_count(self.config)


def save(
    path: str | os.PathLike[str],
    arrays: Mapping[str, np.ndarray],
    config: ModelConfig,
    spec: Any,
    *,
    craft: str = "",
    preset: str = "",
    card: dict[str, Any] | None = None,
    metrics: dict[str, Any] | None = None,
    store: str = "f16",
    kind: str = "model",
    extra: dict[str, Any] | None = None,
    shard: int = SHARD,
) -> Path:
    """Write a checkpoint; afterwards the file (or each of its files) is complete, or as it was before.

    `arrays` are the model's tensors by name; `spec` is a codec's Spec or its dict. Weights that are not finite numbers
    are refused: such a file could replace a good one.
    """
    if store not in STORES:
        raise CheckpointError(f"{path}: weights can be stored as {', '.join(STORES)}, not {store!r}")
    path = Path(path)
    spec_dict = spec if isinstance(spec, dict) else spec.to_dict()
    stored: dict[str, np.ndarray] = {}
    for name, array in arrays.items():
        if not finite(array):
            raise CheckpointError(f"{path}: not saved, since {name} holds values that are not finite numbers")
        stored.update(_narrow(name, np.asarray(array, np.float32), store))
    groups = _groups(stored, shard)
    names = [path.name] + [f"{path.stem}-{i + 1:05}{path.suffix}" for i in range(1, len(groups))]
    header = {
        "format": FORMAT,
        "kind": kind,
        "craft": craft or spec_dict.get("name", ""),
        "spec": spec_dict,
        "language": language_hash(spec_dict),
        "config": config.to_dict(),
        "preset": preset,
        "parameters": parameter_count(config),
        "card": card or {},
        "metrics": metrics or {},
        "version": __version__,
        "store": store,
        "files": names,
        "sums": {name: checksum(array) for name, array in stored.items()},
        "extra": extra or {},
    }
    for name, group in list(zip(names, groups))[1:]:
        write_tensors(path.with_name(name), group, {"meshkiln": json.dumps({"format": FORMAT, "part_of": path.name})})
    write_tensors(path, groups[0], {"meshkiln": json.dumps(header)})
    return path


def finite(array: np.ndarray) -> bool:
    """Whether all values are finite numbers. Infinities of both signs also give a non-finite sum."""
    return bool(np.isfinite(np.asarray(array).sum(dtype=np.float64)))


def checksum(array: np.ndarray) -> int:
    """CRC-32 of an array's bytes as they are stored."""
    return zlib.crc32(np.ascontiguousarray(array).view(np.uint8).data if array.size else b"")


def language_hash(spec: Any) -> str:
    """The language of a codec's Spec or its dict. The attributes (`condition`) are not part of it."""
    from ..codecs.base import Spec

    return Spec.from_dict({**(spec if isinstance(spec, dict) else spec.to_dict()), "condition": ()}).hash


def _narrow(name: str, array: np.ndarray, store: str) -> dict[str, np.ndarray]:
    if store == "f32":
        return {name: array}
    if store == "f16" or array.ndim < 2:
        return {name: np.clip(array, -65504, 65504).astype(np.float16)}
    scale = (np.abs(array).max(axis=-1) / 127.0).astype(np.float16)
    wide = np.maximum(scale.astype(np.float32), 1e-8)[..., None]
    return {name: np.clip(np.rint(array / wide), -127, 127).astype(np.int8), name + SCALE: scale}


def _groups(stored: dict[str, np.ndarray], shard: int) -> list[dict[str, np.ndarray]]:
    groups: list[dict[str, np.ndarray]] = [{}]
    size = 0
    for name, array in stored.items():
        if groups[-1] and size + array.nbytes > shard:
            groups.append({})
            size = 0
        groups[-1][name] = array
        size += array.nbytes
    return groups


def read_info(path: str | os.PathLike[str]) -> Info:
    """The header of a checkpoint, checked against itself and its files; no weights are read."""
    return _examine(path)[0]


def _examine(path: str | os.PathLike[str]) -> tuple[Info, dict[str, tuple[Path, TensorInfo]]]:
    path = Path(path)
    try:
        metadata, tensors = read_header(path, LARGEST_HEADER, MOST_TENSORS)
    except TensorError as error:
        raise CheckpointError(str(error)) from error
    text = metadata.get("meshkiln", "")
    if not text or len(text) > LARGEST_HEADER:
        raise CheckpointError(f"{path}: a safetensors file, but not a Meshkiln model (its header does not say so)")
    try:
        header = json.loads(text)
        if "part_of" in header:
            raise CheckpointError(f"{path}: is a part of the model {header['part_of']}; open that one")
        if header["format"] != FORMAT:
            raise CheckpointError(
                f"{path}: was written in format {header['format']}, this version reads {FORMAT}; update Meshkiln"
            )
        info = Info(
            path=path,
            kind=str(header["kind"]),
            craft=str(header["craft"]),
            spec=dict(header["spec"]),
            language=str(header["language"]),
            config=ModelConfig.from_dict(header["config"]),
            preset=str(header["preset"]),
            card=dict(header["card"]),
            metrics=dict(header["metrics"]),
            version=str(header["version"]),
            store=str(header["store"]),
            files=tuple(str(name) for name in header["files"]),
            sums={str(name): int(value) for name, value in dict(header.get("sums") or {}).items()},
            extra=dict(header["extra"]),
        )
    except ConfigError as error:
        raise CheckpointError(f"{path}: {error}") from error
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        if isinstance(error, CheckpointError):
            raise
        raise CheckpointError(f"{path}: its header is incomplete or garbled ({error})") from error
    if len(info.files) > MOST_FILES or len(set(info.files)) < len(info.files):
        raise CheckpointError(f"{path}: names {len(info.files)} files as its parts: too many, or one twice")
    _agree(info)
    places = {name: (path, tensor) for name, tensor in tensors.items()}
    for name in info.files[1:]:
        if Path(name).name != name:
            raise CheckpointError(f"{path}: names a part outside its folder ({name!r})")
        try:
            part = read_header(path.with_name(name), LARGEST_HEADER, MOST_TENSORS)[1]
            places.update({n: (path.with_name(name), t) for n, t in part.items()})
        except TensorError as error:
            raise CheckpointError(f"{path}: its part cannot be read: {error}") from error
    if info.kind == "model":
        _check_tensors(info, places)
    return info, places


def _agree(info: Info) -> None:
    """The codec's language and the sizes of the model must match."""
    for name in ("vocab", "micro", "features", "condition"):
        declared, is_ = info.spec.get(name), getattr(info.config, name)
        if (tuple(declared) if isinstance(declared, list) else declared) != is_:
            raise CheckpointError(f"{info.path}: its codec says {name} {declared}, its model is built for {is_}")
    if language_hash(info.spec) != info.language:
        raise CheckpointError(f"{info.path}: the hash of its codec's language does not match what the header says")
    if info.kind not in ("model", "adapter") or info.store not in STORES:
        raise CheckpointError(f"{info.path}: is of an unknown kind ({info.kind}, {info.store})")


def _check_tensors(info: Info, places: dict[str, tuple[Path, TensorInfo]]) -> None:
    wanted = shapes(info.config)
    for name, shape in wanted.items():
        if name not in places:
            raise CheckpointError(f"{info.path}: the tensor {name} is missing")
        tensor = places[name][1]
        if tuple(tensor.shape) != shape:
            raise CheckpointError(f"{info.path}: the tensor {name} has the shape {tensor.shape}, not {shape}")
        if tensor.code == "I8":
            scale = places.get(name + SCALE)
            if scale is None or tuple(scale[1].shape) != shape[:-1]:
                raise CheckpointError(f"{info.path}: the tensor {name} is int8 without a scale for each row")
        elif tensor.code not in ("F16", "F32", "BF16"):
            raise CheckpointError(f"{info.path}: the tensor {name} holds {tensor.code}, not weights")
    strange = [n for n in places if n not in wanted and not (n.endswith(SCALE) and n[: -len(SCALE)] in wanted)]
    if strange:
        raise CheckpointError(f"{info.path}: holds tensors that its model does not have ({', '.join(strange[:3])})")


def load(path: str | os.PathLike[str]) -> tuple[Info, dict[str, np.ndarray]]:
    """(Info, float32 arrays by name), each array a copy of its own. Raises CheckpointError with a sentence."""
    info, places = _examine(path)
    arrays: dict[str, np.ndarray] = {}
    files: dict[Path, TensorFile] = {}
    try:
        files = {file: open_tensors(file) for file in {file for file, _ in places.values()}}
        for name, (file, tensor) in places.items():
            if name.endswith(SCALE) and name[: -len(SCALE)] in places:
                continue
            _check_sum(info, name, files[file])
            array = files[file][name].astype(np.float32)
            if tensor.code == "I8":
                beside = files[places[name + SCALE][0]]
                _check_sum(info, name + SCALE, beside)
                array *= np.maximum(beside[name + SCALE].astype(np.float32), 1e-8)[..., None]
            if not finite(array):
                raise CheckpointError(f"{info.path}: the tensor {name} holds values that are not numbers")
            arrays[name] = array
    except TensorError as error:
        raise CheckpointError(str(error)) from error
    finally:
        for held in files.values():
            held.close()
    return info, arrays


def _check_sum(info: Info, name: str, file: TensorFile) -> None:
    if name in info.sums and zlib.crc32(file.stored_bytes(name)) != info.sums[name]:
        raise CheckpointError(
            f"{info.path}: the tensor {name} is damaged (its checksum does not match); copy or download the file again"
        )
