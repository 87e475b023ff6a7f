"""`ajil check --reconcile`, as a host runs it: after posts were deleted and doubled behind our back."""

import json

import aiohttp

from tests.e2e.conftest import ONE, TWO, Stage
from tests.support.fake_telegram import TOKEN
from tests.support.worker import a_worker

DESK = -1002000000009
NEWS = ("انهيار جسر قديم وسط العاصمة بعد أمطار غزيرة", "إخلاء مبنى الوزارة إثر إنذار بوجود حريق")


async def looked(stage: Stage, settings: dict[str, str]) -> dict[str, dict[str, str]]:
    """What the command says, by its subject."""
    folder = stage.folder / f"look-{len(list(stage.folder.iterdir()))}"
    folder.mkdir()
    async with a_worker(folder, settings, "check", "--reconcile", "--json") as command:
        assert await command.process.wait() == 0, command.said()
        lines = [json.loads(line) for line in command.said().splitlines()]
    return {line["what"].removeprefix("reconcile "): line for line in lines}


async def asked(stage: Stage, method: str, **parameters: object) -> None:
    """A call of the Bot API that our worker knows nothing of."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{stage.telegram.url}/bot{TOKEN}/{method}", json=parameters) as answer,
    ):
        assert answer.status == 200, await answer.text()


async def test_the_ledger_is_held_against_what_stands_in_the_channels_and_on_x(stage: Stage) -> None:
    """First all is well; then a post is deleted in one channel, and one stands twice in the other."""
    stage.telegram.add_group(DESK, "مكتب التحرير")
    settings = {**stage.settings, "TELEGRAM_DESK": str(DESK)}
    async with a_worker(stage.folder, settings) as worker:
        await worker.until(lambda: len(stage.site.asked) >= 2)
        for news in NEWS:
            stage.site.publish(news, category="عاجل")
        await worker.until(lambda: worker.said().count('"action": "sent"') == 6)
        await worker.stop()
    found = await looked(stage, settings)
    assert {line["said"] for line in found.values()} == {"2 stand, 0 missing, 0 doubled"}, found
    gone, again = stage.channel(ONE)[0], stage.channel(TWO)[0]
    await asked(stage, "deleteMessage", chat_id=ONE, message_id=gone.message_id)
    await asked(stage, "sendMessage", chat_id=TWO, text=again.text)
    before = [len(stage.channel(ONE)), len(stage.channel(TWO))]
    found = await looked(stage, settings)
    assert found[f"telegram:{ONE}"]["said"].startswith("1 stand, 1 missing, 0 doubled: https://t.me/")
    assert found[f"telegram:{TWO}"]["said"].startswith("2 stand, 0 missing, 1 doubled: https://t.me/")
    assert found["x:main"]["level"] == "ok"
    assert [len(stage.channel(ONE)), len(stage.channel(TWO))] == before, "followers saw the look"
