"""From a button's press to its answer on the wire, while 100 feeds are polled and cards are drawn. Prints one line.

    python -m bench.desk

A worker as a host runs it, a real Valkey that writes every step to its disk, and both networks as strict fakes in this
process. Each press is a true one: an undo of a story that was pushed, planned in the store before it is answered.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path
from statistics import quantiles

from bot.clock import MachineClock
from tests.support.fake_telegram import TOKEN, FakeTelegram
from tests.support.feed_server import FeedServer
from tests.support.store_server import valkey_server
from tests.support.telegram_posts import StoredPost
from tests.support.worker import Worker, a_worker

FEEDS, PRESSES, BAR_MS = 100, 60, 100.0
CHANNEL, DESK, CHIEF = -1001000000001, -1009999999999, 12
PUSH = "/push {headline}\n\nقال مسؤول محلي إن الجسر انهار فجر اليوم دون وقوع ضحايا بين المارة في الحي رقم {number}."
WORDS = ("الميناء", "المطار", "الجامعة", "المستشفى", "السوق", "المحكمة", "البرلمان", "المصنع", "الملعب", "المتحف")


async def main() -> None:
    """Presses, one after the other, each measured by itself."""
    with tempfile.TemporaryDirectory(prefix="ajil-d") as name, valkey_server(Path(name)) as store:
        async with FakeTelegram() as telegram, FeedServer(MachineClock()) as server:
            sites = [server.site(f"s{number}") for number in range(FEEDS)]
            for site in sites:
                site.publish("خبر قديم عن المدينة")
            telegram.add_channel(CHANNEL, "الوسط العربي")
            telegram.add_user(CHIEF, "منى")
            telegram.add_group(DESK, "التحرير", members=[CHIEF])
            settings = {
                "REDIS_URL": store.url,
                "TELEGRAM_BOT_TOKEN": TOKEN,
                "TELEGRAM_API_URL": telegram.url,
                "TELEGRAM_CHANNELS": str(CHANNEL),
                "TELEGRAM_DESK": str(DESK),
                "EDITORS": f"{CHIEF}:chief",
                "FEEDS": ",".join(site.url for site in sites),
                "POLL_SECONDS": "1",
                "SITE_NAME": "الوسط العربي",
                "FETCH_ALLOW": "127.0.0.0/8",
            }
            async with a_worker(Path(name), settings) as worker:
                await worker.until_said("listening for the editors")
                await worker.until(lambda: all(site.asked for site in sites), 60)
                took = [await press(number, telegram, worker) for number in range(PRESSES)]
                polls = sum(len(site.asked) for site in sites)
                drawn = sum(post.photo is not None for post in telegram.posts(CHANNEL))
    assert drawn, "no card was drawn meanwhile: the figure would say nothing"
    cuts = quantiles(took, n=20)
    print(
        f"press to answer, {PRESSES} presses, {FEEDS} feeds ({polls} polls meanwhile), {drawn} cards posted: "
        f"p50 {cuts[9]:.0f} ms, p95 {cuts[18]:.0f} ms, most {max(took):.0f} ms (bar: p95 {BAR_MS:.0f} ms)"
    )
    sys.exit(0 if cuts[18] <= BAR_MS else 1)


async def press(number: int, telegram: FakeTelegram, worker: Worker) -> float:
    """Push one story, press its undo while the next one's card is being drawn; gives milliseconds."""
    receipt = await receipt_of(f"افتتاح {WORDS[number % 10]} الجديد في المدينة {number}", number, telegram, worker)
    # Its card is drawn in the moment of the press.
    telegram.say(
        CHIEF, PUSH.format(headline=f"إغلاق {WORDS[number % 10]} القديم في القرية {number}", number=number + 500)
    )
    begun = time.perf_counter()
    pressed = telegram.press(CHIEF, receipt, receipt.buttons[0]["callback_data"])
    await telegram.wait_for(lambda: pressed.answers, 10)
    return (time.perf_counter() - begun) * 1000


async def receipt_of(headline: str, number: int, telegram: FakeTelegram, worker: Worker) -> StoredPost:
    """The receipt of a story that is on its way: a channel takes one post a second at most, a press need not wait for it."""
    telegram.say(CHIEF, PUSH.format(headline=headline, number=number))

    def found() -> StoredPost | None:
        return next((post for post in telegram.posts(CHIEF) if headline in post.text and post.buttons), None)

    await worker.until(lambda: found() is not None, 30)
    post = found()
    assert post is not None
    return post


if __name__ == "__main__":
    asyncio.run(main())
