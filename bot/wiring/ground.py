"""The ground on which all parts are built: settings, house, store, fetcher, pictures, clock."""

from dataclasses import dataclass

from bot.machine import Machine
from bot.rounds import Look, Rounds
from bot.settings import Settings
from bot.traces import Traces
from bot.wiring.table import Table
from feeds.fetch import FeedFetcher
from newsroom.desk import House
from newsroom.ports import Alarm, Clock
from publishing.picture import PictureDesk
from store.opening import OpenStore
from store.store import Store


@dataclass(frozen=True, slots=True)
class Ground:
    """What everything else is built on."""

    settings: Settings
    house: House
    opened: OpenStore
    fetcher: FeedFetcher
    pictures: PictureDesk
    clock: Clock
    alarm: Alarm
    machine: Machine
    worker: str
    is_demo: bool
    table: Table | None = None
    """None without a bot, and in the demo."""
    traces: Traces | None = None
    """None unless OpenTelemetry is asked for."""

    @property
    def store(self) -> Store:
        """All memories."""
        return self.opened.store

    def rounds(self, name: str, look: Look, rest_seconds: float, *, leave: Look | None = None) -> Rounds:
        """A part that makes these rounds; the name is the one that the alarm has words for."""
        return Rounds(name, look, self.clock, self.alarm, rest_seconds=rest_seconds, leave=leave)
