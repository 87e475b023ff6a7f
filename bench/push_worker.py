"""The worker of bench.push: the real one but for the networks' rates. It imports nothing that the real one does not."""

import asyncio

from bot import wiring
from bot.house import house_of
from bot.live import keep_what_stands
from bot.settings import Settings, read_settings
from bot.terminal import open_logs
from bot.worker import run_parts, stop_on_signals
from store.terms import Terms


async def work() -> None:
    """Until a signal."""

    def without_rates(settings: Settings) -> Terms:
        del settings
        return Terms()

    wiring.terms_of = without_rates  # type: ignore[attr-defined] # the one thing that is not as it is
    settings, stop = read_settings(), asyncio.Event()
    open_logs(settings)
    with stop_on_signals(stop):
        async with wiring.open_newsroom(settings, house_of(settings)) as newsroom:
            keep_what_stands()
            await run_parts(newsroom.parts, stop)


if __name__ == "__main__":
    asyncio.run(work())
