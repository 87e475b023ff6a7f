"""A post of unknown outcome is looked for on the account's own timeline, page by page."""

from collections.abc import AsyncIterator

import pytest

from newsroom.delivery import Delivery, DeliveryId, Lane, State
from newsroom.receipt import AGAIN_SECONDS, Absent, Blind, Found, Sent
from newsroom.story import StoryId
from publishing.x_readback import LOOKED_AT, PAGES
from tests.support.faults import Fault
from tests.support.platform_stage import ACCOUNT, WORDS, post_for, stranger
from tests.support.x_endpoint import Endpoint
from tests.support.x_posts import Draft
from tests.support.x_rig import Rig, open_rig


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    """A rig with an account that nothing stands on yet."""
    async with open_rig() as opened:
        yield opened


def doubted(rig: Rig) -> Delivery:
    """Nobody knows whether it stands there."""
    now = rig.clock.now().timestamp()
    return Delivery(
        id=DeliveryId(f"s>{ACCOUNT.id}"),
        story=StoryId("s"),
        post=post_for(ACCOUNT),
        lane=Lane.BREAKING,
        admitted=now,
        due=now,
        expires=now + 3600,
        state=State.UNCERTAIN,
    )


def others(rig: Rig, count: int) -> None:
    """So many posts of the same account came after it."""
    for number in range(count):
        draft = Draft(f"خبر رقم {number}", (), None, None, None, "everyone", made_with_ai=False, paid_partnership=False)
        rig.x.api.book.publish(rig.x.account, draft, None, rig.clock.now(), 0.0)


@pytest.mark.parametrize("later", [0, LOOKED_AT - 1, LOOKED_AT, PAGES * LOOKED_AT - 1])
async def test_a_post_is_found_however_many_came_after_it(rig: Rig, later: int) -> None:
    """In as many requests as it takes."""
    sent = await rig.publish(post_for(ACCOUNT))
    assert isinstance(sent, Sent)
    others(rig, later)
    assert await rig.account.find(doubted(rig)) == Found(sent.ids, sent.url)
    assert rig.calls(Endpoint.TIMELINE) == later // LOOKED_AT + 1


@pytest.mark.parametrize("others_since", [0, LOOKED_AT - 1, LOOKED_AT, 2 * LOOKED_AT + 1])
async def test_a_post_that_stands_nowhere_since_is_absent(rig: Rig, others_since: int) -> None:
    """Everything since was seen."""
    others(rig, others_since)
    assert await rig.account.find(doubted(rig)) == Absent()


async def test_beyond_five_pages_nobody_knows(rig: Rig) -> None:
    """And it is never taken for absent."""
    await rig.publish(post_for(ACCOUNT))
    others(rig, PAGES * LOOKED_AT)
    assert await rig.account.find(doubted(rig)) == Blind(
        f"the account posted {PAGES * LOOKED_AT} times since; not found among those"
    )


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"errors":[{"title":"Service Unavailable"}]}',
        b'{"data":null,"errors":[{}]}',
        b'{"data":{"id":"42"}}',
        b'{"data":[]}',
        b'{"meta":{}}',
        b'{"meta":{"result_count":3}}',
        b'{"meta":{"result_count":0},"errors":[{}]}',
        b'{"data":[{"id":"1","text":"?","created_at":"2020-01-01T00:00:00.000Z"}]}',
    ],
)
async def test_an_answer_that_shows_no_posts_and_does_not_say_that_there_are_none_is_asked_for_again(
    body: bytes,
) -> None:
    """Status 200 alone is no word of X's that the post is not there."""
    async with stranger(body) as somebody, open_rig(somebody.url) as rig:
        found = await rig.account.find(doubted(rig))
        assert isinstance(found, Blind)
        assert found.again == AGAIN_SECONDS


async def test_an_account_that_posted_nothing_says_so(rig: Rig) -> None:
    """No list then, but a count of none."""
    await rig.client.create_tweet(text="خبر قديم")
    rig.clock.advance(3600)
    asked = {"start_time": f"{rig.clock.now():%Y-%m-%dT%H:%M:%SZ}"}
    answer = await rig.client.request("GET", f"/2/users/{rig.x.account.id}/tweets", params=asked)
    assert answer.document == {"meta": {"result_count": 0}}
    assert await rig.account.find(doubted(rig)) == Absent()


async def test_a_page_that_does_not_come_leaves_it_unknown(rig: Rig) -> None:
    """What the first page did not show may stand on the second."""
    await rig.publish(post_for(ACCOUNT))
    others(rig, LOOKED_AT)
    rig.x.faults.add(Endpoint.TIMELINE, Fault.HTML_503, skip=1)
    assert isinstance(await rig.account.find(doubted(rig)), Blind)
    assert WORDS in {post.text for post in rig.x.posts()}
