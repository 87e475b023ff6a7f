"""What a sender sees of each fault between it and X, and whether the post went out: upstream tweepy, measured."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from tweepy.asynchronous import AsyncClient
from tweepy.errors import TwitterServerError, Unauthorized

from tests.support.faults import Fault
from tests.support.x_clients import KEYS, Rig, open_rig, upstream_tweepy
from tests.support.x_endpoint import Endpoint


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    """A fake of which every request must be of the form X takes."""
    async with open_rig() as rig:
        yield rig
        rig.x.assert_clean()


def tweepy_of(rig: Rig) -> AsyncClient:
    """Tweepy's own code, pointed at the fake by its socket only."""
    return upstream_tweepy(rig.session, rig.x.url, KEYS)


@pytest.mark.parametrize(
    ("fault", "commits", "raised", "posted"),
    [
        (Fault.DROP_BEFORE_READ, None, aiohttp.ServerDisconnectedError, False),
        (Fault.HTML_502, False, aiohttp.ContentTypeError, False),
        (Fault.HTML_502, True, aiohttp.ContentTypeError, True),
        (Fault.HTML_503, False, aiohttp.ContentTypeError, False),
        (Fault.HTML_503, True, aiohttp.ContentTypeError, True),
        (Fault.JSON_500, False, TwitterServerError, False),
        (Fault.JSON_500, True, TwitterServerError, True),
        (Fault.DROP_AFTER_ACCEPT, None, aiohttp.ServerDisconnectedError, True),
        (Fault.RST_AFTER_ACCEPT, None, aiohttp.ClientOSError, True),
        (Fault.HALF_BODY, None, aiohttp.ClientPayloadError, True),
        (Fault.OK_BUT_NOT_JSON, None, aiohttp.ContentTypeError, True),
    ],
)
async def test_a_fault_raises_what_it_raises_and_posts_or_not(
    rig: Rig, fault: Fault, *, commits: bool | None, raised: type[Exception], posted: bool
) -> None:
    """The same exception may mean that the post is out or that it is not: only the timeline tells."""
    rig.x.faults.add(Endpoint.CREATE, fault, commits=commits)
    with pytest.raises(raised) as caught:
        await tweepy_of(rig).create_tweet(text="خبر")

    assert type(caught.value) is raised
    assert len(rig.x.posts()) == posted
    (call,) = rig.x.calls_to(Endpoint.CREATE)
    assert (call.fault, call.status) == (fault, 201 if posted else None)


@pytest.mark.parametrize(
    ("fault", "posted"),
    [(Fault.HANG_BEFORE_ACCEPT, False), (Fault.HANG_AFTER_ACCEPT, True)],
)
async def test_a_request_that_hangs_is_given_up_by_the_sender(rig: Rig, fault: Fault, *, posted: bool) -> None:
    """A TimeoutError says nothing of what became of the post."""
    rig.x.faults.add(Endpoint.CREATE, fault)
    sending = asyncio.create_task(tweepy_of(rig).create_tweet(text="خبر"))
    await rig.x.wait_for(lambda: bool(rig.x.calls) and (not posted or bool(rig.x.posts())))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(sending, 0.05)

    assert len(rig.x.posts()) == posted


async def test_a_post_may_be_committed_after_the_sender_gave_up(rig: Rig) -> None:
    """A timeline read too early shows nothing, and the post appears all the same."""
    rig.x.faults.add(Endpoint.CREATE, Fault.LATE_COMMIT, seconds=0.3)
    sending = asyncio.create_task(tweepy_of(rig).create_tweet(text="خبر"))
    await rig.x.wait_for(lambda: bool(rig.x.calls))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(sending, 0.01)
    early = await rig.tweepy.get_users_tweets(rig.x.account.id, user_auth=True)
    await rig.x.wait_for(lambda: len(rig.x.posts()) == 1)
    late = await rig.tweepy.get_users_tweets(rig.x.account.id, user_auth=True)

    assert early.data is None
    assert [read.text for read in late.data] == ["خبر"]


async def test_a_slow_answer_is_right_in_the_end(rig: Rig) -> None:
    """The post is out long before its sender knows."""
    rig.x.faults.add(Endpoint.CREATE, Fault.SLOW, seconds=0.1)
    sending = asyncio.create_task(tweepy_of(rig).create_tweet(text="خبر"))
    await rig.x.wait_for(lambda: len(rig.x.posts()) == 1)

    assert not sending.done()
    assert (await sending).data["id"] == rig.x.posts()[0].id


async def test_the_identical_body_again_tells_whether_it_was_there(rig: Rig) -> None:
    """After a lost answer the same text is refused as a duplicate, and one post is out."""
    rig.x.faults.add(Endpoint.CREATE, Fault.DROP_AFTER_ACCEPT)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await tweepy_of(rig).create_tweet(text="خبر")

    assert (await rig.post(text="خبر")).status == 403
    assert [post.text for post in rig.x.posts()] == ["خبر"]


async def test_a_fault_that_meets_a_refusal_commits_nothing(rig: Rig) -> None:
    """What X refuses is refused, whether the answer arrives or not."""
    rig.x.empty_credits()
    rig.x.faults.add(Endpoint.CREATE, Fault.HANG_AFTER_ACCEPT, seconds=0.01)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await tweepy_of(rig).create_tweet(text="خبر")

    assert rig.x.posts() == ()
    assert rig.x.calls[0].status == 402


async def test_a_lost_deletion_is_sent_again_by_aiohttp_and_looks_unauthorized(rig: Rig) -> None:
    """The HTTP client repeats GET and DELETE once, nonce and all: the 401 is no sign of revoked keys, the post is gone."""
    rig.x.faults.add(Endpoint.DELETE, Fault.RST_AFTER_ACCEPT)
    post_id = (await rig.post(text="خبر")).body["data"]["id"]
    with pytest.raises(Unauthorized):
        await tweepy_of(rig).delete_tweet(post_id)

    assert [post.deleted for post in rig.x.posts()] == [True]
    first, again = rig.x.calls_to(Endpoint.DELETE)
    assert (first.status, again.status, again.refusal) == (200, 401, "the nonce was used before")
    assert (await rig.bare.send("DELETE", f"/2/tweets/{post_id}")).status == 404


async def test_faults_meet_only_the_endpoint_they_were_scripted_for(rig: Rig) -> None:
    """A script for reads leaves posts alone; one for every endpoint meets whichever comes first."""
    rig.x.faults.add(Endpoint.TIMELINE, Fault.JSON_500)
    assert (await rig.post(text="خبر")).status == 201
    with pytest.raises(TwitterServerError):
        await rig.tweepy.get_users_tweets(rig.x.account.id, user_auth=True)

    rig.x.faults.add("*", Fault.JSON_500)
    assert (await rig.bare.send("GET", "/2/users/me")).status == 500
    assert (await rig.post(text="خبر آخر")).status == 201


async def test_a_refused_connection_is_told_from_all_these(rig: Rig) -> None:
    """Nothing listens: the one failure after which it is certain that nothing was posted."""
    async with open_rig() as gone:
        client = upstream_tweepy(rig.session, gone.x.url, KEYS)
    with pytest.raises(aiohttp.ClientConnectorError):
        await client.create_tweet(text="خبر")

    assert gone.x.posts() == ()
