"""Editors command the bot, end to end; strangers are refused."""

import json
from functools import partial

from tests.e2e.conftest import EDITOR, ONE, STRANGER, TWO, Stage
from tests.support.page_server import PAGE, page_server
from tests.support.worker import Worker, a_worker

NEWS = "انهيار جسر قديم وسط العاصمة بعد أمطار غزيرة"
LISTENING = "listening for the editors"


async def answered(worker: Worker, stage: Stage, words: str, user: int = EDITOR) -> None:
    """Wait until the bot's newest words to a person hold these."""
    await worker.until(lambda: words in "\n".join(stage.answers(user)))


async def test_a_push_by_address_goes_out_and_the_answer_becomes_the_receipt(stage: Stage) -> None:
    """An ordinary article is pushed to all targets; the editor sees where it stands."""
    page = PAGE.format(title=NEWS, canonical="https://alwasat.example.com/x/", shortlink="", number=900)
    async with page_server({"/x/": page}) as pages, a_worker(stage.folder, stage.settings) as worker:
        await worker.until_said(LISTENING)
        stage.telegram.say(EDITOR, f"/push {pages}/x/")
        await worker.until(lambda: all((stage.channel(ONE), stage.channel(TWO), stage.tweets())))
        await worker.until(lambda: "\n".join(stage.answers()).count("✅") == 3)
    assert NEWS in stage.channel()[0].text
    assert "https://x.com/i/status/" in stage.answers()[-1]
    stage.assert_clean()


async def test_a_push_of_a_story_that_the_feed_also_carries_ends_in_one_post(stage: Stage) -> None:
    """Pushed first, met in the feed a moment later."""
    number, home = 77, stage.site.home
    page = PAGE.format(
        title=NEWS, canonical=f"{home}/2026/11/23/{number}/", shortlink=f"{home}/?p={number}", number=number
    )
    async with page_server({"/a/": page}) as pages, a_worker(stage.folder, stage.settings) as worker:
        await worker.until_said(LISTENING)
        await worker.until(lambda: len(stage.site.asked) >= 2)
        stage.telegram.say(EDITOR, f"/push {pages}/a/")
        await worker.until(lambda: all((stage.channel(ONE), stage.channel(TWO), stage.tweets())))
        stage.site.publish(NEWS, category="عاجل", number=number)
        polls = len(stage.site.asked)
        await worker.until(lambda: len(stage.site.asked) >= polls + 3)
    assert [len(stage.channel(ONE)), len(stage.channel(TWO)), len(stage.tweets())] == [1, 1, 1]


async def test_a_pasted_text_is_pushed(stage: Stage) -> None:
    """No address needed."""
    async with a_worker(stage.folder, stage.settings) as worker:
        await worker.until_said(LISTENING)
        stage.telegram.say(
            EDITOR, f"/push {NEWS}\n\nقال مسؤول محلي إن الجسر انهار فجر اليوم دون وقوع ضحايا بين المارة."
        )
        await worker.until(lambda: all((stage.channel(ONE), stage.channel(TWO), stage.tweets())))
    assert NEWS in stage.channel()[0].text


async def test_a_push_that_cannot_be_read_says_why_and_harms_nothing(stage: Stage) -> None:
    """No page, no headline, nothing at all: a clear line each."""
    empty = {"/empty/": "<html><body></body></html>"}
    async with page_server(empty) as pages, a_worker(stage.folder, stage.settings) as worker:
        await worker.until_said(LISTENING)
        for order in ("/push", f"/push {pages}/none/", f"/push {pages}/empty/", "/push http://169.254.169.254/"):
            before = len(stage.answers())
            stage.telegram.say(EDITOR, order)
            await worker.until(partial(lambda count: len(stage.answers()) > count, before))
        assert await worker.stop() == 0
        assert "Traceback" not in worker.said()
    assert stage.channel() == []
    assert "لم يُنشر" in stage.answers()[1]


async def test_pause_keeps_what_arrives_and_resume_sends_it(stage: Stage) -> None:
    """Nothing is lost meanwhile."""
    async with a_worker(stage.folder, stage.settings) as worker:
        await worker.until_said(LISTENING)
        await worker.until(lambda: len(stage.site.asked) >= 2)
        stage.telegram.say(EDITOR, "/pause")
        await answered(worker, stage, "توقّف النشر")
        stage.site.publish(NEWS, category="عاجل")
        await worker.until_said(NEWS)
        stage.telegram.say(EDITOR, "/status")
        await answered(worker, stage, "ينتظر 1")
        assert stage.channel() == []
        stage.telegram.say(EDITOR, "/resume")
        await worker.until(lambda: all((stage.channel(ONE), stage.channel(TWO), stage.tweets())))


async def test_a_stranger_is_refused_politely_and_it_is_logged(stage: Stage) -> None:
    """With their number, so that an admin can add them; and nothing is posted."""
    async with a_worker(stage.folder, stage.settings) as worker:
        await worker.until_said(LISTENING)
        stage.telegram.say(STRANGER, f"/push {NEWS}")
        await worker.until(lambda: bool(stage.answers(STRANGER)))
        await worker.until_said('"action": "stranger"')
    assert str(STRANGER) in stage.answers(STRANGER)[0]
    assert stage.channel() == []


async def test_a_forwarded_or_edited_or_anonymous_command_is_no_command(stage: Stage) -> None:
    """Only a person's own fresh words give orders."""
    async with a_worker(stage.folder, stage.settings) as worker:
        await worker.until_said(LISTENING)
        stage.telegram.say(EDITOR, f"/push {NEWS}", edited=True)
        stage.telegram.say(EDITOR, f"/push {NEWS}", forwarded=True)
        stage.telegram.say(EDITOR, "/help")
        await answered(worker, stage, "/push")
    assert stage.channel() == []


async def test_a_command_that_comes_twice_is_applied_once(stage: Stage) -> None:
    """Telegram may bring an update again."""
    async with a_worker(stage.folder, stage.settings) as worker:
        await worker.until_said(LISTENING)
        said = stage.telegram.say(EDITOR, f"/push {NEWS}\n\nقال مسؤول محلي إن الجسر انهار فجر اليوم دون وقوع ضحايا.")
        await worker.until(lambda: bool(stage.channel()))
        assert said.update_id is not None
        stage.telegram.redeliver(said.update_id)
        stage.telegram.say(EDITOR, "/help")
        await answered(worker, stage, "/help")
    assert len(stage.channel()) == 1


async def test_the_audit_trail_is_exported_as_lines_of_json(stage: Stage) -> None:
    """Who, what, before, after and when; oldest first."""
    async with a_worker(stage.folder, stage.settings) as worker:
        await worker.until_said(LISTENING)
        for order, answer in (("/pause", "توقّف النشر"), ("/resume", "استؤنف النشر")):
            stage.telegram.say(EDITOR, order)
            await answered(worker, stage, answer)
        assert await worker.stop() == 0
    async with a_worker(stage.folder, stage.settings, "report", "--audit") as told:
        assert await told.process.wait() == 0
    lines = [json.loads(line) for line in told.said().splitlines() if '"before"' in line]
    assert [line["what"] for line in lines] == ["pause", "resume"]
    assert {line["by"] for line in lines} == {f"{EDITOR} Ali"}
    assert lines[0]["after"] == lines[1]["before"] == f"{EDITOR} Ali"
