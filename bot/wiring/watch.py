"""Who watches what was sent: the witness of Telegram's own word, the lookout, and what waits for its picture."""

from bot.wiring.ground import Ground
from publishing.dispatch import Dispatcher
from publishing.late_picture import LatePictures
from publishing.lookout import Lookout
from publishing.telegram_witness import TelegramWitness


def witness_of(ground: Ground, dispatcher: Dispatcher) -> TelegramWitness:
    """Hears what Telegram says of the house's channels."""
    store = ground.store
    return TelegramWitness(ground.house.targets, store.sightings, store.switch, wake=dispatcher.wake)


def lookout_of(ground: Ground) -> Lookout:
    """Tells the desk what wants a person."""
    targets = [target.id for target in ground.house.targets]
    return Lookout(ground.store, ground.alarm, ground.clock, targets=targets, worker=ground.worker)


def late_pictures_of(ground: Ground) -> LatePictures:
    """Adds pictures that came too late for their posts."""
    return LatePictures(ground.pictures, ground.store.outbox, ground.clock)
