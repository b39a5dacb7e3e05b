"""Training as the preferences page starts it: prepare the data, then train, as one job.

    main(["geometry", "--dataset", LIBRARY, "--out", RUN, "--preset", "starter", "--minutes", "30"])

Knows which commands to run and in which order: `meshkiln dataset build`, then `meshkiln train`. Run again in the same
folder, it goes on: the prepared set is kept, and training resumes from its last checkpoint. With more than one GPU the
same training runs under torchrun.
"""

import argparse
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

JOB_VARIABLE = "MESHKILN_JOB"  # as in jobs/progress.py; this file is also a script and imports late
SAMPLES_EVERY = 120.0  # seconds between two pictures of samples


def main(argv: list[str]) -> int:
    from ...jobs.progress import Reporter
    from ..data.kinds_option import add_kinds_option

    parser = argparse.ArgumentParser(prog="learn")
    parser.add_argument("craft")
    parser.add_argument("--dataset", nargs="+", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    add_kinds_option(parser)
    args, options = parser.parse_known_args(argv)  # the rest is for `meshkiln train`
    kinds = ["--kinds", str(args.kinds.absolute())] if args.kinds else []
    report = Reporter()
    data = args.out / "data"
    if not (data / "ready").exists():
        report.phase("Preparing the data")
        done = prepare(args.dataset, data, kinds)
        if done:
            report.failed("The dataset could not be prepared; the log says why.")
            return done
        (data / "ready").touch()
    if args.craft == "geometry":
        threading.Thread(target=draw_samples, args=(args.out,), name="samples", daemon=True).start()
    words = ["train", args.craft, "--data", str(data), "--out", str(args.out), *kinds, *options]
    gpus = gpu_count()
    if gpus > 1:
        return subprocess.call(torchrun(gpus, words))
    from ...jobs.command_line import run_verb
    from ..train import command

    return run_verb("train", lambda: command, words[1:])


def draw_samples(run: Path) -> None:
    """While training runs: a picture of samples of each new checkpoint, at most every SAMPLES_EVERY seconds."""
    from ...jobs.processes import python_module

    environment = {k: v for k, v in os.environ.items() if k != JOB_VARIABLE}
    drawn = 0.0
    while True:
        time.sleep(10.0)
        saved = [run / name for name in ("best.safetensors", "last.safetensors")]
        checkpoint = next((path for path in saved if path.is_file()), None)  # the one that is drawn
        changed = checkpoint.stat().st_mtime if checkpoint is not None else 0.0
        if changed <= drawn:
            continue
        drawn = changed
        subprocess.call(
            python_module("trainer.evaluate.sample_sheet", str(run)), env=environment, stdin=subprocess.DEVNULL
        )
        time.sleep(SAMPLES_EVERY)


def prepare(datasets: list[Path], out: Path, options: list[str]) -> int:
    """`meshkiln dataset build`, in a process of its own: what it reports is not this job's end."""
    from ...jobs.processes import meshkiln_command

    out.parent.mkdir(parents=True, exist_ok=True)
    environment = {k: v for k, v in os.environ.items() if k != JOB_VARIABLE}
    words = meshkiln_command("dataset", "build", *map(str, datasets), "--out", str(out), "--force", *options)
    return subprocess.call(words, env=environment)


def gpu_count() -> int:
    import torch

    return torch.cuda.device_count() if torch.cuda.is_available() else 0


def torchrun(gpus: int, words: list[str]) -> list[str]:
    """torchrun starts a script by its path, so this file is also one."""
    from ...jobs.processes import ISOLATED

    flags = ["--standalone", f"--nproc-per-node={gpus}"]
    return [sys.executable, *ISOLATED, "-m", "torch.distributed.run", *flags, os.path.abspath(__file__), *words]


def _as_script() -> int:
    import importlib.util

    root = Path(__file__).resolve().parents[2]
    spec = importlib.util.spec_from_file_location(
        "meshkiln", root / "__init__.py", submodule_search_locations=[str(root)]
    )
    assert spec is not None and spec.loader is not None
    package = importlib.util.module_from_spec(spec)
    sys.modules["meshkiln"] = package
    spec.loader.exec_module(package)
    from meshkiln.jobs.command_line import run_verb
    from meshkiln.trainer.train import command

    return run_verb("train", lambda: command, sys.argv[2:])


if __name__ == "__main__":
    sys.exit(_as_script())
