"""A feed that was moved or renumbered, and an outage, end to end: nothing goes out by itself, and the desk is asked once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.e2e.conftest import EDITOR, ONE, TWO, Stage
from tests.support.telegram_posts import StoredPost
from tests.support.worker import Worker, a_worker

DESK = -1009000000001
TITLES = (
    "انهيار جسر قديم وسط العاصمة بعد أمطار غزيرة",
    "البنك المركزي يثبت أسعار الفائدة للمرة الثالثة",
    "افتتاح معرض الكتاب بمشاركة أربعين دار نشر",
    "منتخب الشباب يتأهل إلى نصف نهائي البطولة",
    "حريق يلتهم مستودعًا للأخشاب في المنطقة الصناعية",
    "إضراب عمال السكك الحديدية يدخل يومه الثاني",
    "اكتشاف مقبرة أثرية في صعيد مصر",
    "وزارة الصحة تعلن حملة تطعيم ضد الحصبة",
)


@pytest.fixture
def desk(stage: Stage) -> dict[str, str]:
    """Settings with a desk chat; the site has a full feed of breaking stories, two hours old."""
    stage.telegram.add_group(DESK, "غرفة التحرير", members=[EDITOR])
    stage.site.articles.clear()
    for number, title in enumerate(TITLES):
        stage.site.publish(title, ago=timedelta(hours=2, minutes=number), category="عاجل")
    return {**stage.settings, "TELEGRAM_DESK": str(DESK)}


def questions(stage: Stage) -> list[StoredPost]:
    """Messages at the desk that have buttons, or had."""
    return [post for post in stage.telegram.posts(DESK) if "🌊" in post.text or "🕘" in post.text]


def posts(stage: Stage) -> int:
    """Of both channels and X."""
    return len(stage.channel(ONE)) + len(stage.channel(TWO)) + len(stage.tweets())


def press(stage: Stage, post: StoredPost, label: str) -> None:
    """The button with this on it."""
    [button] = [button for button in post.buttons if label in button["text"]]
    stage.telegram.press(EDITOR, post, button["callback_data"])


def rewrite(stage: Stage, guid: str) -> None:
    """Every guid of the feed, anew."""
    site = stage.site
    site.articles = {
        number: replace(article, guid=guid.format(number=number, home=site.home.replace("http://", "")))
        for number, article in site.articles.items()
    }
    site.touch()


async def polled(worker: Worker, stage: Stage, times: int = 3) -> None:
    """The site is asked a few times more."""
    asked = len(stage.site.asked) + times
    await worker.until(lambda: len(stage.site.asked) >= asked, 60.0)


@pytest.mark.parametrize(
    "guid",
    [
        "https://{home}/?p={number}",
        "http://www.wasat-news.example.com/?p={number}",
        "http://{home}/2026/11/23/another-slug-{number}/",
    ],
    ids=["scheme", "host", "slug"],
)
async def test_a_feed_whose_guids_are_rewritten_is_no_post_and_one_question(
    stage: Stage, desk: dict[str, str], guid: str
) -> None:
    """Though it is asked again and again, and the worker starts anew; «none» leaves it at that."""
    async with a_worker(stage.folder, desk) as worker:
        await polled(worker, stage, 2)
        rewrite(stage, guid)
        await worker.until(lambda: bool(questions(stage)))
        await polled(worker, stage)
        assert await worker.stop() == 0
    async with a_worker(stage.folder, desk) as worker:
        await worker.until_said(
            "listening for the editors", 60.0
        )  # The lease of the one that was killed runs out first.
        await polled(worker, stage)
        [question] = questions(stage)
        press(stage, question, "لا شيء")
        await worker.until(lambda: "لن تُنشر" in "\n".join(post.text for post in stage.telegram.posts(DESK)))
        await polled(worker, stage)
        assert await worker.stop() == 0
    assert (posts(stage), len(questions(stage))) == (0, 1)
    stage.assert_clean()


async def test_the_newest_three_of_a_flood_go_out_when_the_desk_says_so(stage: Stage, desk: dict[str, str]) -> None:
    """Once, however often the button is pressed; a fresh story meanwhile goes its own way."""
    async with a_worker(stage.folder, desk) as worker:
        await polled(worker, stage, 2)
        rewrite(stage, "http://moved.example.com/?p={number}")
        await worker.until(lambda: bool(questions(stage)))
        stage.site.publish("الحكومة تعلن استقالتها بعد جلسة طارئة", category="عاجل")
        await worker.until(lambda: posts(stage) == 3)
        await worker.until_said("listening for the editors")
        [question] = questions(stage)
        for _ in range(2):
            press(stage, question, "أحدث 3")
        await worker.until(lambda: posts(stage) == 12)
        await polled(worker, stage)
        assert await worker.stop() == 0
    assert posts(stage) == 12
    for title in TITLES[:3]:
        assert sum(title in post.text for post in stage.channel()) == 1
    stage.assert_clean()


async def test_a_question_outlives_the_worker_that_asked_it(stage: Stage, desk: dict[str, str]) -> None:
    """Killed before the answer: the next one carries the answer out, and asks nothing again."""
    async with a_worker(stage.folder, desk) as worker:
        await polled(worker, stage, 2)
        rewrite(stage, "http://moved.example.com/?p={number}")
        await worker.until(lambda: bool(questions(stage)))
        await worker.kill()
    press(stage, questions(stage)[0], "أحدث 3")
    async with a_worker(stage.folder, desk) as worker:
        # The leases of the one that was killed run out first.
        await worker.until(lambda: posts(stage) == 9, 60.0)
        await polled(worker, stage)
        assert await worker.stop() == 0
    assert (posts(stage), len(questions(stage))) == (9, 1)
    stage.assert_clean()


async def test_after_an_outage_what_is_urgent_goes_out_and_the_rest_is_one_digest(
    stage: Stage, desk: dict[str, str]
) -> None:
    """The worker was down for an hour."""
    async with a_worker(stage.folder, desk) as worker:
        await polled(worker, stage, 2)
        assert await worker.stop() == 0
    for minutes, title in ((50, "هزة أرضية تضرب الساحل الشرقي"), (40, "إجلاء سكان ثلاث قرى"), (2, "وصول فرق الإنقاذ")):
        stage.site.publish(title, ago=timedelta(minutes=minutes), category="عاجل")
    async with a_worker(stage.folder, desk) as worker:
        await worker.until(lambda: posts(stage) == 3)
        await worker.until(lambda: bool(questions(stage)), 60.0)
        await worker.until_said("listening for the editors")
        press(stage, questions(stage)[0], "الكل")
        await worker.until(lambda: posts(stage) == 9)
        assert await worker.stop() == 0
    assert len(questions(stage)) == 1
    assert "عاجل" in stage.channel()[0].text
    assert not any("عاجل |" in post.text for post in stage.channel()[1:])
    stage.assert_clean()


async def test_without_a_desk_a_flood_is_held_and_shown(stage: Stage, desk: dict[str, str]) -> None:
    """Nobody can be asked, so nothing is sent; the log and the report tell."""
    alone = {name: value for name, value in desk.items() if name != "TELEGRAM_DESK"}
    async with a_worker(stage.folder, alone) as worker:
        await polled(worker, stage, 2)
        rewrite(stage, "http://moved.example.com/?p={number}")
        await worker.until_said("stories wait for the desk")
        await polled(worker, stage)
        assert await worker.stop() == 0
    async with a_worker(stage.folder, alone, "report") as told:
        assert await told.process.wait() == 0
        assert "دفعة مريبة" in told.said()
    assert posts(stage) == 0
