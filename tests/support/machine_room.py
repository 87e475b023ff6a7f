"""A machine of one's own for one process, made of a mount namespace: its disk, and the names that it knows (Linux)."""

import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

_BECOME = 'exec "$@"'


def _inside(mounts: str, *words: str) -> tuple[str, ...]:
    """A command that mounts, and then becomes the one that follows it; `words` are $1, $2 in `mounts`."""
    drop = f"shift {len(words)}"
    return ("unshare", "--mount", "sh", "-euc", f"{mounts}; {drop}; {_BECOME}", "sh", *words)


def _tried(command: tuple[str, ...]) -> tuple[str, ...]:
    """The same, where this machine lets us."""
    try:
        subprocess.run([*command, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as fault:
        pytest.skip(f"SKIPPED ALOUD: no mount namespace can be had here ({fault})")
    return command


def fill(disk: Path) -> Path:
    """Write until nothing more goes on it; gives the file that is in the way."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as full, suppress(OSError):
        while True:
            full.write(bytes(4096))
    return filler


def with_small_disk(folder: Path, megabytes: int) -> tuple[str, ...]:
    """`folder` is a disk of this size."""
    folder.mkdir(exist_ok=True)
    return _tried(_inside(f'mount -t tmpfs -o size={megabytes}m tmpfs "$1"', str(folder)))


@dataclass(frozen=True, slots=True)
class Names:
    """Names that one process knows, all of this machine; no name server answers it.

    Attributes:
        hosts: what it takes for /etc/hosts.
        nowhere: what it takes for /etc/resolv.conf.
    """

    hosts: Path
    nowhere: Path

    @property
    def inside(self) -> tuple[str, ...]:
        """The command before the worker's."""
        self.nowhere.write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n", "ascii")
        mounts = 'mount --bind "$1" /etc/hosts; mount --bind "$2" /etc/resolv.conf'
        return _tried(_inside(mounts, str(self.hosts), str(self.nowhere)))

    def known(self, *names: str) -> None:
        """From now on these, and no others. Written in place: the mount is of the file, not of its name."""
        self.hosts.write_text(f"127.0.0.1 localhost {' '.join(names)}\n", "ascii")
