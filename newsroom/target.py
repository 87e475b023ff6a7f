"""A target: one place where followers read."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

TargetId = NewType("TargetId", str)
"""`telegram:@channel`, `telegram:-100…`, `x:main`: stands in keys, logs and metrics."""


class Network(StrEnum):
    """The two networks."""

    TELEGRAM = "telegram"
    X = "x"


@dataclass(frozen=True, slots=True)
class Target:
    """A Telegram channel or an X account."""

    network: Network
    address: str
    """Chat id or @name of a channel; the name we give an account on X."""

    @property
    def id(self) -> TargetId:
        """The name under which the store, the log and the metrics know this target."""
        return TargetId(f"{self.network}:{self.address}")


def network_of(target: TargetId) -> Network:
    """Where a target's followers are."""
    return Network(target.partition(":")[0])
