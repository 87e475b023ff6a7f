"""What a process has taken so far, by the kernel's own account (proc(5)). Linux only. Megabytes are millions of bytes."""

import os
from pathlib import Path

SELF = "self"
"""The process that asks, as /proc names it."""
_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """Processor time of a process, its threads included, its children not."""
    after_name = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / _TICKS


def resident(pid: int | str = SELF) -> float:
    """Megabytes in use, with those of files that other processes share counted in full."""
    return _megabytes(pid, "VmRSS")


def own(pid: int | str = SELF) -> float:
    """Megabytes that it has for itself, and that no host takes from it while it sleeps: no pages of files."""
    return _megabytes(pid, "RssAnon")


def peak_anew() -> float:
    """The megabytes that this process holds now; from here on `peak` counts."""
    Path("/proc/self/clear_refs").write_text("5", "ascii")
    return peak()


def peak() -> float:
    """The most megabytes that this process held since `peak_anew`."""
    return _megabytes(SELF, "VmHWM")


def _megabytes(pid: int | str, name: str) -> float:
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return int(status.partition(f"{name}:")[2].split()[0]) * 1024 / 1e6
