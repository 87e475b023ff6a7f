"""`ajil check`, from the command line: one line each, and an exit code that tells."""

import json
from datetime import UTC, datetime

from newsroom.delivery import Delivery, next_step
from newsroom.feed_change import FeedChange
from newsroom.link import shown_address
from newsroom.receipt import NextMove, Receipt, Refused, Unknown
from newsroom.target import Target
from store.server import connect
from store.store import redis_store
from tests.e2e.conftest import ONE, TWO, Stage
from tests.support.newsroom import ACCOUNT, CHANNEL, a_story, an_admission
from tests.support.worker import a_worker

REFUSED = "654321:another-bots-token-which-is-refused"


async def lines_of(stage: Stage, code: int, **settings: str) -> list[dict[str, str]]:
    """What it says with `--json`, and that it ends with this code."""
    (stage.folder / "worker.log").unlink(missing_ok=True)
    async with a_worker(stage.folder, {**stage.settings, **settings}, "check", "--json") as worker:
        ended = await worker.process.wait()
        assert ended == code, worker.said()
        return [json.loads(line) for line in worker.said().splitlines()]


async def test_a_house_in_order_has_no_failing_line(stage: Stage) -> None:
    """Every room is looked at: settings, words, cards, store, money, feeds, clock, channels, account."""
    lines = await lines_of(stage, 0)
    assert not [line for line in lines if line["level"] == "fail"]
    looked_at = {line["what"] for line in lines}
    wanted = {"settings", "templates", "cards", "store", "purse", "cost", "clock", stage.site.url}
    assert wanted | {"telegram", f"telegram:{ONE}", f"telegram:{TWO}", "x:main"} <= looked_at
    assert stage.channel() == []
    assert stage.tweets() == ()


async def test_what_wants_a_person_is_told_before_the_worker_starts(stage: Stage) -> None:
    """A post of unknown outcome, a target that refuses us, a newsroom that is paused."""
    async with connect(stage.store.url) as server:
        store, now = redis_store(server), datetime.now(UTC)  # noqa: TID251 - a real server has a real clock
        await store.outbox.admit([an_admission(a_story(met=now), CHANNEL, ACCOUNT)], 0)
        receipts: dict[Target, Receipt] = {
            CHANNEL: Unknown("no answer"),
            ACCOUNT: Refused("credits are gone", NextMove.PARK),
        }
        for target, receipt in receipts.items():
            taken = await store.outbox.take(target.id, "w1", 60.0)
            assert isinstance(taken, Delivery)
            await store.outbox.settle(next_step(taken, receipt, now.timestamp()))
        await store.switch.pause("11")
    lines = {line["what"]: line for line in await lines_of(stage, 1)}
    assert lines[CHANNEL.id]["level"] == "warn"
    assert lines["paused"]["level"] == "warn"
    assert "1 posts may or may not stand there" in lines[CHANNEL.id]["said"]


async def test_a_store_that_is_away_is_told_once_and_the_rest_is_still_looked_at(stage: Stage) -> None:
    """One cause, one line."""
    lines = await lines_of(stage, 1, REDIS_URL="redis://127.0.0.1:1/0")
    assert [line["level"] for line in lines if line["what"] == "store"] == ["fail"]
    assert any(line["what"] == stage.site.url for line in lines)


async def test_feeds_that_editors_added_and_removed_are_told_with_who_and_when(stage: Stage) -> None:
    """The added one is looked at, the removed one is not; the key in an address is not shown."""
    other = stage.server.site("other")
    other.publish("خبر عن الميناء")
    added = f"{other.url}?key=top-secret"
    async with connect(stage.store.url) as server:
        changes = redis_store(server).feed_changes
        await changes.note(added, FeedChange(is_added=True, by="13 عمر", order="1", at=1_800_000_000.0))
        await changes.note(stage.site.url, FeedChange(is_added=False, by="12 منى", order="2", at=1_800_000_060.0))
    lines = [(line["what"], line["said"]) for line in await lines_of(stage, 0)]
    assert [said for what, said in lines if what == shown_address(added)] == [
        "1 entries",
        "added to FEEDS in the chat by 13 عمر, 2027-01-15 08:00+00:00",
    ]
    assert [said for what, said in lines if what == stage.site.url] == [
        "taken from FEEDS, and not read, in the chat by 12 منى, 2027-01-15 08:01+00:00"
    ]
    assert "top-secret" not in json.dumps(lines)


async def test_the_worker_warns_at_its_start_of_a_file_of_secrets_that_others_can_read(stage: Stage) -> None:
    """And works all the same."""
    file = stage.folder / ".env"
    file.write_text("LANGUAGE=en\n", "utf-8")
    file.chmod(0o644)
    async with a_worker(stage.folder, stage.settings) as worker:
        await worker.until_said("chmod 600 .env")
        await worker.until(lambda: len(stage.site.asked) >= 1)
        assert await worker.stop() == 0


async def test_settings_that_cannot_be_read_are_findings_too(stage: Stage) -> None:
    """A machine that asks for JSON gets a line for each mistake, and the exit code of a wrong setting."""
    lines = await lines_of(stage, 2, POLL_SECONDS="soon", TELEGRAM_DESK="the desk")
    assert [(line["level"], line["what"]) for line in lines] == [("fail", "settings")] * 2
    assert {line["said"].partition(" ")[0] for line in lines} == {"POLL_SECONDS", "TELEGRAM_DESK"}


async def test_a_worker_whose_only_network_refuses_the_token_ends_as_with_a_wrong_setting(stage: Stage) -> None:
    """Its host need not start it again: 2 is what the unit in deploy/ does not try once more."""
    settings = {name: value for name, value in stage.settings.items() if not name.startswith("X_")}
    async with a_worker(stage.folder, {**settings, "TELEGRAM_BOT_TOKEN": REFUSED}) as worker:
        assert await worker.process.wait() == 2
        assert "Telegram refuses TELEGRAM_BOT_TOKEN" in worker.said().splitlines()[-1]
        assert REFUSED not in worker.said()


async def test_a_worker_with_another_network_goes_on_without_the_one_that_refuses_it(stage: Stage) -> None:
    """X takes what Telegram does not."""
    async with a_worker(stage.folder, {**stage.settings, "TELEGRAM_BOT_TOKEN": REFUSED}) as worker:
        await worker.until_said("Telegram refuses TELEGRAM_BOT_TOKEN; copy it again")
        await worker.until(lambda: len(stage.site.asked) >= 2)
        stage.site.publish("انهيار جسر قديم وسط العاصمة بعد أمطار غزيرة", category="عاجل")
        await worker.until(lambda: bool(stage.tweets()))
        assert await worker.stop() == 0


async def test_a_worker_warns_at_its_start_of_a_right_that_is_missing(stage: Stage) -> None:
    """Before the first post is refused for it."""
    stage.telegram.demote(ONE, "can_post_messages")
    async with a_worker(stage.folder, stage.settings) as worker:
        await worker.until_said("lacks the right to post messages")
        assert await worker.stop() == 0
