"""What every platform keeps, whether it is a channel, an account or the wall of the dry run.

Above all, a receipt says the truth: what is `Sent` stands there once, what is `Later` or `Refused` stands nowhere, and
what is not known is `Unknown`.
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

import pytest

from newsroom.post import PostKind
from newsroom.receipt import Later, Sent, Unknown
from publishing.departure import AGAIN_SECONDS
from publishing.wall import WallPlatform
from tests.support.clock import ManualClock
from tests.support.faults import Fault, Faults
from tests.support.platform_stage import (
    ANSWER_SECONDS,
    CHANNEL,
    SOON,
    WORDS,
    OnePicture,
    Stage,
    SteadyClock,
    StoppedProcess,
    telegram_stage,
    x_stage,
)

PICTURED = (PostKind.PHOTO, PostKind.CARD)
NEVER = 10**9
"""A reading of the clock that no test comes to."""
NOWHERE = "http://127.0.0.1:9"
"""The port of discard (RFC 863), which nobody serves any more."""


class StageOf(Protocol):
    """Sets a platform up."""

    def __call__(
        self,
        clock: SteadyClock | None = None,
        pictures: OnePicture | None = None,
        *,
        url: str = "",
        answer_seconds: float = ANSWER_SECONDS,
    ) -> AbstractAsyncContextManager[Stage]:
        """With that clock, those pictures and that patience, at the fake's address or another."""
        ...


@asynccontextmanager
async def wall_stage(
    clock: SteadyClock | None = None,
    pictures: OnePicture | None = None,
    *,
    url: str = "",
    answer_seconds: float = ANSWER_SECONDS,
) -> AsyncIterator[Stage]:
    """The dry run. It has no network, so there is nothing to see behind it and nothing that could fail."""
    del url, answer_seconds
    clock, pictures = clock or ManualClock(), pictures or OnePicture()
    yield Stage(WallPlatform(CHANNEL, pictures, clock), pictures, clock, list, lambda: None, Faults({}), "")


NETWORKS = [pytest.param(telegram_stage, id="telegram"), pytest.param(x_stage, id="x")]
PLATFORMS = [*NETWORKS, pytest.param(wall_stage, id="wall")]

every_platform = pytest.mark.parametrize("stage_of", PLATFORMS)
every_network = pytest.mark.parametrize("stage_of", NETWORKS)


@every_platform
@pytest.mark.parametrize("kind", PostKind)
async def test_a_post_of_every_kind_is_sent(stage_of: StageOf, kind: PostKind) -> None:
    """The receipt names the post by a number of the network's own."""
    async with stage_of() as stage:
        post = stage.post(kind)
        receipt = await stage.platform.send(post, await stage.platform.prepare(post), stage.deadline)
        assert isinstance(receipt, Sent)
        assert receipt.ids
        stage.assert_clean()


@every_platform
async def test_two_posts_have_two_numbers(stage_of: StageOf) -> None:
    """A read-back counts on from the last number."""
    async with stage_of() as stage:
        ids: list[str] = []
        for words in ("الأول", "الثاني"):
            post = stage.post(words=words)
            receipt = await stage.platform.send(post, await stage.platform.prepare(post), stage.deadline)
            assert isinstance(receipt, Sent)
            ids += receipt.ids
        assert int(ids[0]) < int(ids[1])


@every_platform
async def test_nothing_is_begun_after_the_deadline(stage_of: StageOf) -> None:
    """Another worker may hold the delivery by then; this one tries again when it is its own."""
    async with stage_of() as stage:
        post = stage.post()
        ready = await stage.platform.prepare(post)
        receipt = await stage.platform.send(post, ready, stage.clock.monotonic() - 0.001)
        assert isinstance(receipt, Later)
        assert receipt.seconds == AGAIN_SECONDS
        assert list(stage.standing()) == []


@every_platform
@pytest.mark.parametrize("kind", PostKind)
async def test_preparing_may_be_repeated_and_shows_followers_nothing(stage_of: StageOf, kind: PostKind) -> None:
    """A delivery is made ready before it is taken, and another worker may take it."""
    async with stage_of() as stage:
        post = stage.post(kind)
        first, second = await stage.platform.prepare(post), await stage.platform.prepare(post)
        assert first == second
        assert (first.picture is not None) == (kind in PICTURED)
        assert list(stage.standing()) == []
        stage.assert_clean()


@every_platform
@pytest.mark.parametrize("kind", PICTURED)
async def test_the_words_go_out_when_no_picture_could_be_had(stage_of: StageOf, kind: PostKind) -> None:
    """A broken picture never costs the story."""
    async with stage_of(pictures=OnePicture(jpeg=None)) as stage:
        post = stage.post(kind)
        receipt = await stage.platform.send(post, await stage.platform.prepare(post), stage.deadline)
        assert isinstance(receipt, Sent)
        stage.assert_clean()


@every_network
@pytest.mark.parametrize("kind", PostKind)
async def test_what_is_sent_stands_there_once_with_its_words(stage_of: StageOf, kind: PostKind) -> None:
    """Nothing is added, nothing is sent twice."""
    async with stage_of() as stage:
        post = stage.post(kind)
        receipt = await stage.platform.send(post, await stage.platform.prepare(post), stage.deadline)
        assert isinstance(receipt, Sent)
        assert receipt.url.startswith("https://")
        assert list(stage.standing()) == [WORDS]


@every_network
@pytest.mark.parametrize("fault", Fault)
async def test_a_receipt_is_true_whatever_befalls_the_request(stage_of: StageOf, fault: Fault) -> None:
    """Faults before, inside and after the commit: never `Later` or `Refused` for what may stand there."""
    async with stage_of() as stage:
        post = stage.post()
        ready = await stage.platform.prepare(post)
        stage.faults.add(stage.endpoint, fault, seconds=0.05)
        receipt = await stage.platform.send(post, ready, stage.deadline)
        answered = fault in {Fault.SLOW, Fault.LATE_COMMIT}
        assert isinstance(receipt, Sent if answered else Unknown)
        [(_, planned)] = stage.faults.played
        assert len(stage.standing()) == planned.commits
        stage.assert_clean()


@every_network
@pytest.mark.parametrize("fault", [Fault.HTML_502, Fault.HTML_503, Fault.JSON_500])
async def test_a_failure_of_the_platform_after_its_commit_is_unknown(stage_of: StageOf, fault: Fault) -> None:
    """The same page comes whether the post stands there or not."""
    async with stage_of() as stage:
        post = stage.post()
        ready = await stage.platform.prepare(post)
        stage.faults.add(stage.endpoint, fault, commits=True)
        assert isinstance(await stage.platform.send(post, ready, stage.deadline), Unknown)
        assert list(stage.standing()) == [WORDS]


@every_network
async def test_a_platform_that_never_answers_is_left_in_time_and_unknown(stage_of: StageOf) -> None:
    """It may have committed all the same."""
    async with stage_of(answer_seconds=SOON) as stage:
        post = stage.post()
        ready = await stage.platform.prepare(post)
        stage.faults.add(stage.endpoint, Fault.HANG_AFTER_ACCEPT)
        assert isinstance(await stage.platform.send(post, ready, stage.deadline), Unknown)
        assert list(stage.standing()) == [WORDS]


@every_network
async def test_a_platform_that_cannot_be_reached_is_tried_again(stage_of: StageOf) -> None:
    """No byte has left; how long to wait is left to the state machine."""
    async with stage_of(url=NOWHERE) as stage:
        post = stage.post(PostKind.PHOTO)
        receipt = await stage.platform.send(post, await stage.platform.prepare(post), stage.deadline)
        assert isinstance(receipt, Later)
        assert receipt.seconds == 0.0


@every_network
@pytest.mark.parametrize("kind", [PostKind.PHOTO, PostKind.TEXT])
async def test_wherever_a_process_is_stopped_past_its_deadline_nothing_leaves_after_it(
    stage_of: StageOf, kind: PostKind
) -> None:
    """Stopped at one reading of the clock after another, until it is stopped only after the last byte.

    One stop is before the request, the further ones inside it: a check before the request alone would let those
    through.
    """
    stopped_at, receipt = 0, None
    while not isinstance(receipt, Sent):
        clock, stopped_at = StoppedProcess(NEVER), stopped_at + 1
        async with stage_of(clock=clock) as stage:
            post = stage.post(kind)
            ready = await stage.platform.prepare(post)
            deadline = stage.deadline
            clock.at = clock.readings + stopped_at
            receipt = await stage.platform.send(post, ready, deadline)
            assert isinstance(receipt, Sent | Later)
            assert len(stage.standing()) == isinstance(receipt, Sent)
            stage.assert_clean()
    assert stopped_at > 2


@every_network
async def test_a_platform_goes_on_after_a_request_that_was_broken_off(stage_of: StageOf) -> None:
    """The half-written connection is given up and the next post takes another."""
    clock = StoppedProcess(NEVER)
    async with stage_of(clock=clock) as stage:
        post = stage.post()
        ready = await stage.platform.prepare(post)
        deadline = stage.deadline
        clock.at = clock.readings + 2
        assert isinstance(await stage.platform.send(post, ready, deadline), Later)
        assert isinstance(await stage.platform.send(post, ready, stage.deadline), Sent)
        assert list(stage.standing()) == [WORDS]
