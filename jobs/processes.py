"""Child processes on Linux, macOS and Windows: whether they run, how much memory they use, how to end them, what an
exit code means.

Knows operating systems and nothing of jobs or of Blender. Standard library only. Differences between platforms are
handled here and nowhere else.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

# Loads this package by its path under the name `meshkiln`, whatever its folder is called and wherever it lies.
_LOAD = (
    "import importlib.util as u,sys;r={root!r};"
    "s=u.spec_from_file_location('meshkiln',r+'/__init__.py',submodule_search_locations=[r]);"
    "m=u.module_from_spec(s);sys.modules['meshkiln']=m;s.loader.exec_module(m);"
    "import importlib;sys.exit(importlib.import_module('meshkiln.{module}').main(sys.argv[1:]))"
)

SENTENCES = {
    1: "ended with an error",
    2: "did not understand its arguments, or could read nothing",
    126: "could not be started: the file is not executable",
    127: "could not be started: no such program",
    130: "was interrupted",
    137: "was killed from outside, most often because memory ran out",
    139: "crashed (segmentation fault)",
    0xC0000005: "crashed (access violation)",
    0xC0000135: "could not be started: a DLL is missing",
    0xC000013A: "was interrupted",
    0xC0000409: "crashed (stack buffer overrun)",
}
SIGNALS = {
    "SIGKILL": SENTENCES[137],
    "SIGSEGV": SENTENCES[139],
    "SIGABRT": "gave up on an internal error (abort)",
    "SIGBUS": "crashed (a file it had mapped became shorter, or the disk is full)",
    "SIGFPE": "crashed (arithmetic error)",
    "SIGILL": "crashed (it was built for an instruction that this processor lacks)",
    "SIGINT": "was interrupted",
    "SIGTERM": "was asked to end",
    "SIGXCPU": "used up its processor time",
}


# How every Python of ours starts. Isolated: neither the current folder, where a stranger's argparse.py may lie beside a
# downloaded .blend, nor the environment or the user's own packages say what is imported. Text is UTF-8 everywhere, and
# what is printed arrives at once.
ISOLATED = ("-I", "-X", "utf8", "-u")


def python_module(module: str, *arguments: str, python: str | None = None) -> list[str]:
    """The command line that runs `main(arguments)` of one of this package's modules, installed or not."""
    code = _LOAD.format(root=str(ROOT), module=module)
    return [python or sys.executable, *ISOLATED, "-c", code, *map(str, arguments)]


def meshkiln_command(verb: str, *arguments: str, python: str | None = None) -> list[str]:
    """The command line of `meshkiln VERB ARGUMENTS...` for a child process."""
    return python_module("__main__", verb, *arguments, python=python)


def explain_exit(code: int) -> str:
    """What an exit code means, as the second half of a sentence: 'Blender ' + explain_exit(-11)."""
    if code < 0:
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = f"signal {-code}"
        return SIGNALS.get(name, f"was ended by {name}")
    if code == 0:
        return "ended well"
    return SENTENCES.get(code, f"ended with code {code}" if code < 0x10000 else f"ended with code {code:#x}")


def start_detached(argv: Sequence[str], *, cwd: str | None, env: Mapping[str, str], output: Any) -> int:
    """Start a process that outlives this one and its terminal; its pid."""
    options: dict[str, Any] = {"cwd": cwd, "env": dict(env), "stdin": subprocess.DEVNULL}
    options |= {"stdout": output, "stderr": subprocess.STDOUT, "close_fds": True}
    if os.name == "nt":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW  # type: ignore[attr-defined]
        breakaway = 0x01000000  # leave the job object of a terminal that kills its children
        try:
            return subprocess.Popen(argv, creationflags=flags | breakaway, **options).pid
        except PermissionError:
            return subprocess.Popen(argv, creationflags=flags, **options).pid
    return subprocess.Popen(argv, start_new_session=True, **options).pid


def new_group() -> dict[str, Any]:
    """Popen arguments for a child that `end_tree` can end with everything it started, and Ctrl-C does not reach."""
    if os.name == "nt":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}  # type: ignore[attr-defined]
    return {"start_new_session": True}


def end_tree(pid: int, *, gently: bool = False) -> None:
    """End a process started with `new_group` or `start_detached`, and what it started."""
    if os.name == "nt":
        argv = ["taskkill", "/T", "/PID", str(pid)] + ([] if gently else ["/F"])
        subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        return
    try:
        os.killpg(pid, signal.SIGTERM if gently else signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return  # already gone, or its pid belongs to another process by now


def die_with_parent() -> None:
    """Called in a child: the kernel ends it when its parent dies, even in the middle of a C call (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGKILL, 0, 0, 0)  # 1 = PR_SET_PDEATHSIG


def start_token(pid: int) -> str | None:
    """A token that tells this process from a later one with the same pid; None when there is no such process."""
    if pid <= 0:
        return None
    if sys.platform == "linux":
        try:
            fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[0] in "ZX" else fields[19]  # a zombie is dead
    if os.name == "nt":
        return _windows_start(pid)
    shown = subprocess.run(["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    words = shown.stdout.split()
    return None if not words or words[0].startswith("Z") else " ".join(words[1:])


def is_alive(pid: int | None, token: str | None = None) -> bool:
    """Whether process `pid` runs, and is the one that had `token`."""
    current = start_token(pid or 0)
    return current is not None and (token is None or token == current)


def resident_bytes(pid: int) -> int:
    """Memory in use by a process and all it started, in bytes; 0 when it is gone."""
    if sys.platform == "linux":
        page = os.sysconf("SC_PAGE_SIZE")
        total = 0
        for member in _linux_tree(pid):
            try:
                total += int(Path(f"/proc/{member}/statm").read_text().split()[1]) * page
            except (OSError, IndexError):
                continue  # it ended meanwhile
        return total
    if os.name == "nt":
        return _windows_memory(pid)
    shown = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return int(shown.stdout.strip() or 0) * 1024


def _linux_tree(pid: int) -> list[int]:
    members = [pid]
    for member in members:
        try:
            members += [int(n) for n in Path(f"/proc/{member}/task/{member}/children").read_text().split()]
        except OSError:
            continue
    return members


def _windows_start(pid: int) -> str | None:
    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined]
    kernel.OpenProcess.restype = ctypes.c_void_p
    handle = ctypes.c_void_p(kernel.OpenProcess(0x1000, False, pid))  # PROCESS_QUERY_LIMITED_INFORMATION
    if not handle.value:
        return None
    try:
        code = ctypes.c_ulong()
        times = [ctypes.c_uint64() for _ in range(4)]
        if kernel.GetExitCodeProcess(handle, ctypes.byref(code)) and code.value != 259:  # STILL_ACTIVE
            return None
        if not kernel.GetProcessTimes(handle, *map(ctypes.byref, times)):
            return None
        return str(times[0].value)
    finally:
        kernel.CloseHandle(handle)


def _windows_memory(pid: int) -> int:
    class Counters(ctypes.Structure):
        _fields_ = [("cb", ctypes.c_ulong), ("faults", ctypes.c_ulong)] + [(f"n{i}", ctypes.c_size_t) for i in range(8)]

    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined]
    kernel.OpenProcess.restype = ctypes.c_void_p
    handle = ctypes.c_void_p(kernel.OpenProcess(0x1000, False, pid))
    if not handle.value:
        return 0
    try:
        counters = Counters(cb=ctypes.sizeof(Counters))
        succeeded = kernel.K32GetProcessMemoryInfo(handle, ctypes.byref(counters), counters.cb)
        return counters.n1 if succeeded else 0  # WorkingSetSize
    finally:
        kernel.CloseHandle(handle)


def wait_gone(pid: int, token: str | None, seconds: float) -> bool:
    """Wait until a process that is not our child has ended; False when it still runs after `seconds`."""
    end = time.monotonic() + seconds
    while is_alive(pid, token):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
