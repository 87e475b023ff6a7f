"""The ground on which all parts are built: settings, house, store, fetcher, pictures, clock."""

from dataclasses import dataclass

from bot.machine import Machine
from bot.settings import Settings
from feeds.fetch import FeedFetcher
from newsroom.desk import House
from newsroom.ports import Alarm, Clock, Pictures
from store.opening import OpenStore
from store.store import Store


@dataclass(frozen=True, slots=True)
class Ground:
    """What everything else is built on."""

    settings: Settings
    house: House
    opened: OpenStore
    fetcher: FeedFetcher
    pictures: Pictures
    clock: Clock
    alarm: Alarm
    machine: Machine
    worker: str
    is_demo: bool

    @property
    def store(self) -> Store:
        """All memories."""
        return self.opened.store
