"""docs/ajil-push.php itself, run by PHP over as much of WordPress as it uses, against the worker's own hook."""

import asyncio
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.turnstile import Turnstile
from newsroom.rate import Spacing
from tests.support.clock import ManualClock
from tests.support.hook_rig import entries, hook_rig, posts
from tests.support.site_hook import SECRET

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "docs" / "ajil-push.php"
WORDPRESS = ROOT / "tests" / "support" / "wordpress.php"
URGENT = 48250
ARTICLE = {**posts()[URGENT], "author": "admin"}
PUBLISHED: list[dict[str, Any]] = [{"do": "transition", "id": URGENT, "from": "draft", "to": "publish"}]
UPDATED: dict[str, Any] = {"do": "transition", "id": URGENT, "from": "publish", "to": "publish"}
END: list[dict[str, Any]] = [{"do": "after", "id": URGENT}, {"do": "shutdown"}]


@pytest.fixture(autouse=True)
def _php() -> None:
    if shutil.which("php") is None:
        pytest.skip("SKIPPED ALOUD: no php on this machine")


def a_clock() -> ManualClock:
    """Now: the plugin signs with the machine's own time."""
    return ManualClock(datetime.now(UTC))  # noqa: TID251 - PHP asks the machine


async def php(*arguments: str, given: str = "") -> tuple[int, str]:
    """Run PHP; gives its exit code and what it wrote."""
    child = await asyncio.create_subprocess_exec(
        "php",
        "-d",
        "display_errors=stderr",
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    written, _ = await child.communicate(given.encode())
    return child.returncode or 0, written.decode()


async def play(url: str, *steps: dict[str, Any], **scene: Any) -> dict[str, Any]:
    """What became of these steps on a site with the article of the sample, published just now."""
    now = a_clock().now().isoformat()
    post = {**ARTICLE, "published": now, **scene.pop("post", {})}
    hook = f"{url}/hooks/wordpress" if url else ""
    told = {"url": hook, "secret": SECRET, "posts": {URGENT: post}, "steps": steps, **scene}
    code, written = await php(str(WORDPRESS), str(PLUGIN), given=json.dumps(told))
    assert code == 0, written
    outcome: dict[str, Any] = json.loads(written)
    return outcome


async def test_the_plugin_is_proper_php() -> None:
    """As PHP itself reads it."""
    for file in (PLUGIN, WORDPRESS):
        code, said = await php("-l", str(file))
        assert code == 0, said


async def test_a_published_article_reaches_the_outbox_as_the_feeds_own_story() -> None:
    """Told once, when the request is over and sections and picture are set; the feed then brings nothing new."""
    picture = {
        "url": "https://alwasat.example.com/wp-content/uploads/2024/07/featured.jpg",
        "width": 1280,
        "height": 720,
    }
    async with hook_rig(a_clock()) as rig:
        outcome = await play(rig.url, *PUBLISHED, *END, post={"image": picture})
        assert outcome["requests"] == [{"event": "publish", "id": URGENT, "status": 202}]
        assert outcome["scheduled"] == []
        [delivery] = await rig.planned()
        assert delivery.post.pictures[0].url == picture["url"]
        [entry] = [entry for entry in entries() if entry.post_id == URGENT]
        await rig.desk.take_in([entry], first_sight=False)
        assert len(await rig.planned()) == 1


async def test_the_block_editor_is_told_of_after_it_has_set_the_sections() -> None:
    """It publishes first and files under عاجل afterwards, in the same request."""
    async with hook_rig(a_clock()) as rig:
        outcome = await play(rig.url, *PUBLISHED)
        assert outcome["requests"] == []
        outcome = await play(rig.url, *PUBLISHED, UPDATED, *END)
        assert [request["event"] for request in outcome["requests"]] == ["publish"]


async def test_a_scheduled_article_is_told_of_while_the_cron_goes_on() -> None:
    """Its other work may take minutes."""
    async with hook_rig(a_clock()) as rig:
        outcome = await play(rig.url, *PUBLISHED, END[0], cron=True)
        assert [request["status"] for request in outcome["requests"]] == [202]


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ([UPDATED], ["update"]),
        ([{"do": "transition", "id": URGENT, "from": "publish", "to": "trash"}], ["trash"]),
        ([{"do": "transition", "id": URGENT, "from": "publish", "to": "draft"}], ["trash"]),
        ([{"do": "delete", "id": URGENT}], ["trash"]),
        ([{"do": "transition", "id": URGENT, "from": "draft", "to": "draft"}], []),
        ([{"do": "transition", "id": URGENT, "from": "trash", "to": "draft"}], []),
        ([*PUBLISHED, {"do": "transition", "id": URGENT, "from": "publish", "to": "trash"}], ["trash"]),
    ],
)
async def test_each_change_that_readers_see_is_told_and_no_other(steps: list[dict[str, Any]], told: list[str]) -> None:
    """Published, changed, taken back in whatever way; drafts are nobody's business."""
    async with hook_rig(a_clock()) as rig:
        outcome = await play(rig.url, *steps, {"do": "shutdown"})
        assert [(request["event"], request["status"]) for request in outcome["requests"]] == [(it, 202) for it in told]


@pytest.mark.parametrize("post", [{"password": "secret"}, {"type": "page"}, {"type": "revision"}])
async def test_what_stands_in_no_feed_is_not_told(post: dict[str, Any]) -> None:
    """Behind a password, a page, a revision."""
    async with hook_rig(a_clock()) as rig:
        assert (await play(rig.url, *PUBLISHED, *END, post=post))["requests"] == []


async def test_a_site_that_set_nothing_up_is_left_alone() -> None:
    """The file alone does nothing."""
    assert (await play("", *PUBLISHED, *END))["requests"] == []


async def test_a_worker_that_is_away_is_told_again_later() -> None:
    """In a minute, then in five, then in a quarter of an hour; the administrators are told meanwhile."""
    async with hook_rig(a_clock(), is_store_down=True) as rig:
        again = {"do": "retry"}
        outcome = await play(rig.url, *PUBLISHED, *END, {"do": "notices"})
        [retry] = outcome["scheduled"]
        assert (retry["name"], retry["in"], retry["args"][:3]) == ("ajil_push_retry", 60, [URGENT, "publish", 1])
        assert "<code>503</code>" in outcome["shown"]
        outcome = await play(rig.url, *PUBLISHED, *END, again, again, again)
        assert [request["status"] for request in outcome["requests"]] == [503] * 4
        assert outcome["scheduled"] == []
    outcome = await play("http://127.0.0.1:9", *PUBLISHED, *END)
    assert [(event["in"], outcome["fault"]) for event in outcome["scheduled"]] == [(60, "http_request_failed")]


async def test_a_retry_tells_how_things_stand_then() -> None:
    """An article that was taken back in the meantime is not published by a retry."""
    steps = [*PUBLISHED, *END, {"do": "status", "id": URGENT, "status": "trash"}, {"do": "retry"}]
    async with hook_rig(a_clock(), is_store_down=True) as rig:
        outcome = await play(rig.url, *steps)
        assert len(outcome["requests"]) == 1
        assert outcome["scheduled"] == []


async def test_what_no_retry_can_mend_is_not_tried_again() -> None:
    """A wrong secret, a closed hook; one who knocks too often comes again."""
    async with hook_rig(a_clock()) as rig:
        outcome = await play(rig.url, *PUBLISHED, *END, secret="another")
        assert (outcome["fault"], outcome["scheduled"]) == ("401", [])
    clock = a_clock()
    async with hook_rig(clock, turnstile=Turnstile(clock, whole=Spacing(every=60.0, burst=1))) as rig:
        outcome = await play(rig.url, *PUBLISHED, *END, UPDATED, *END)
        assert [request["status"] for request in outcome["requests"]] == [202, 429]
        assert len(outcome["scheduled"]) == 1
