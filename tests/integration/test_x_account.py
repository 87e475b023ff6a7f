"""An account on X against the strict fake, over sockets: what followers see, what X refuses, what it costs."""

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from newsroom.ports import Ready
from newsroom.post import PostKind
from newsroom.receipt import Later, NextMove, Refused, Sent, Unknown
from publishing.x_account import KEPT_SECONDS, XAccount
from publishing.x_client import XClient
from publishing.x_receipts import DUPLICATE_TEXT
from tests.support.clock import ManualClock
from tests.support.fake_x import FakeX
from tests.support.faults import Fault
from tests.support.platform_stage import ACCOUNT, SOON, WORDS, X_KEYS, OnePicture, jpeg_of_shade, post_for
from tests.support.x_clients import KEYS
from tests.support.x_endpoint import Endpoint
from tests.support.x_problems import Standing
from tests.support.x_rig import MINUTE, Rig, open_rig


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    """A rig that was used as X wants to be used."""
    async with open_rig() as opened:
        yield opened
        opened.x.assert_clean()


# --- how a post looks ------------------------------------------------------------------------------------


async def test_a_text_is_one_request_that_says_nothing_but_the_words(rig: Rig) -> None:
    """Whatever else stands in a request may be refused, or paid for."""
    receipt = await rig.publish(post_for(ACCOUNT))
    [call] = rig.x.calls
    [post] = rig.x.posts()
    assert receipt == Sent((post.id,), f"https://x.com/i/status/{post.id}")
    assert (call.endpoint, call.body) == (Endpoint.CREATE, {"text": WORDS})
    assert rig.x.spent == Decimal("0.015")


@pytest.mark.parametrize("kind", [PostKind.PHOTO, PostKind.CARD])
async def test_a_picture_is_uploaded_and_described_before_the_post(rig: Rig, kind: PostKind) -> None:
    """Followers who cannot see are told what is on it."""
    assert rig.pictures.jpeg is not None
    assert isinstance(await rig.publish(post_for(ACCOUNT, kind, alt="شاحنات على جسر")), Sent)
    [post] = rig.x.posts()
    [shown] = post.media
    assert (shown.content, shown.alt_text) == (rig.pictures.jpeg.content, "شاحنات على جسر")
    assert [call.endpoint for call in rig.x.calls] == [Endpoint.UPLOAD, Endpoint.METADATA, Endpoint.CREATE]


async def test_a_long_description_is_cut_to_what_x_takes(rig: Rig) -> None:
    """1,000 characters."""
    await rig.publish(post_for(ACCOUNT, PostKind.PHOTO, alt="و" * 1500))
    [post] = rig.x.posts()
    assert post.media[0].alt_text == "و" * 1000


async def test_a_picture_without_a_description_costs_no_request_for_one(rig: Rig) -> None:
    """Each is paid for."""
    await rig.publish(post_for(ACCOUNT, PostKind.PHOTO))
    assert rig.calls(Endpoint.METADATA) == 0


@pytest.mark.parametrize("fault", [Fault.HTML_503, Fault.RST_AFTER_ACCEPT, Fault.OK_BUT_NOT_JSON])
async def test_a_description_that_fails_never_holds_a_post_back(rig: Rig, fault: Fault) -> None:
    """The picture goes out without it."""
    rig.x.faults.add(Endpoint.METADATA, fault)
    assert isinstance(await rig.publish(post_for(ACCOUNT, PostKind.PHOTO, alt="شاحنات")), Sent)
    [post] = rig.x.posts()
    assert len(post.media) == 1


# --- pictures travel once --------------------------------------------------------------------------------


async def test_a_picture_that_x_holds_is_not_uploaded_again_for_half_a_day(rig: Rig) -> None:
    """A second attempt, or a follow-up with the same picture; X keeps it for a whole day."""
    await rig.publish(post_for(ACCOUNT, PostKind.PHOTO, "الأول"))
    rig.clock.advance(KEPT_SECONDS - 1)
    await rig.publish(post_for(ACCOUNT, PostKind.PHOTO, "الثاني"))
    assert rig.calls(Endpoint.UPLOAD) == 1
    rig.clock.advance(2)
    await rig.publish(post_for(ACCOUNT, PostKind.PHOTO, "الثالث"))
    assert rig.calls(Endpoint.UPLOAD) == 2
    assert [len(post.media) for post in rig.x.posts()] == [1, 1, 1]


async def test_another_picture_is_another_upload(rig: Rig) -> None:
    """They are known by their bytes."""
    await rig.publish(post_for(ACCOUNT, PostKind.PHOTO, "الأول"))
    rig.pictures.jpeg = jpeg_of_shade(10)
    await rig.publish(post_for(ACCOUNT, PostKind.PHOTO, "الثاني"))
    assert rig.calls(Endpoint.UPLOAD) == 2


@pytest.mark.parametrize("fault", [Fault.HTML_502, Fault.RST_AFTER_ACCEPT, Fault.HALF_BODY, Fault.DROP_BEFORE_READ])
async def test_an_upload_that_broke_off_is_repeated_once(rig: Rig, fault: Fault) -> None:
    """Nobody sees an upload, so a second one harms nobody."""
    rig.x.faults.add(Endpoint.UPLOAD, fault)
    assert isinstance(await rig.publish(post_for(ACCOUNT, PostKind.PHOTO)), Sent)
    [post] = rig.x.posts()
    assert len(post.media) == 1


async def test_the_words_go_out_when_a_picture_cannot_be_uploaded(rig: Rig) -> None:
    """Two attempts are enough: the news does not wait for its picture."""
    rig.x.faults.add(Endpoint.UPLOAD, Fault.HTML_502, times=9)
    assert isinstance(await rig.publish(post_for(ACCOUNT, PostKind.PHOTO)), Sent)
    [post] = rig.x.posts()
    assert (post.text, post.media) == (WORDS, ())
    assert rig.calls(Endpoint.UPLOAD) == 2


async def test_an_upload_that_x_limits_is_not_repeated(rig: Rig) -> None:
    """The second would only be refused as well."""
    rig.x.limit(Endpoint.UPLOAD, 0, 300)
    assert isinstance(await rig.publish(post_for(ACCOUNT, PostKind.PHOTO)), Sent)
    assert rig.calls(Endpoint.UPLOAD) == 1


async def test_a_picture_that_x_no_longer_holds_steps_down_and_is_uploaded_anew_next_time(rig: Rig) -> None:
    """Its media id ran out, or was never X's; the words go out now."""
    post = post_for(ACCOUNT, PostKind.PHOTO)
    ready = await rig.account.prepare(post)
    receipt = await rig.account.send(post, Ready(ready.picture, "1234567890"), rig.clock.monotonic() + MINUTE)
    assert isinstance(receipt, Refused)
    assert receipt.move is NextMove.STEP_DOWN
    await rig.account.prepare(post)
    assert rig.calls(Endpoint.UPLOAD) == 2
    plainer = post.step_down()
    assert plainer is not None
    assert isinstance(await rig.publish(plainer), Sent)


async def test_a_post_that_stepped_down_takes_no_picture_along(rig: Rig) -> None:
    """Even where one was made ready for its better form."""
    ready = await rig.account.prepare(post_for(ACCOUNT, PostKind.PHOTO))
    await rig.account.send(post_for(ACCOUNT), ready, rig.clock.monotonic() + MINUTE)
    [post] = rig.x.posts()
    assert post.media == ()


# --- what X answers --------------------------------------------------------------------------------------


async def test_the_same_words_again_are_a_duplicate_and_stand_there_once(rig: Rig) -> None:
    """A move of its own: after an uncertain attempt it means success."""
    await rig.publish(post_for(ACCOUNT))
    assert await rig.publish(post_for(ACCOUNT)) == Refused(DUPLICATE_TEXT, NextMove.ALREADY_THERE)
    assert len(rig.x.posts()) == 1


async def test_an_uncertain_post_that_is_asked_for_again_turns_out_to_stand_there(rig: Rig) -> None:
    """What a read-back rests on when the timeline cannot be read."""
    rig.x.faults.add(Endpoint.CREATE, Fault.RST_AFTER_ACCEPT)
    assert isinstance(await rig.publish(post_for(ACCOUNT)), Unknown)
    assert await rig.publish(post_for(ACCOUNT)) == Refused(DUPLICATE_TEXT, NextMove.ALREADY_THERE)
    assert len(rig.x.posts()) == 1


async def test_words_that_are_too_long_are_dropped(rig: Rig) -> None:
    """Every plainer form has the same words."""
    receipt = await rig.publish(post_for(ACCOUNT, words="كلمة " * 100))
    assert isinstance(receipt, Refused)
    assert receipt.move is NextMove.DROP
    assert rig.x.posts() == ()


async def test_an_empty_purse_holds_the_account_for_an_hour(rig: Rig) -> None:
    """X bills in advance; Telegram goes on meanwhile."""
    rig.x.empty_credits()
    receipt = await rig.publish(post_for(ACCOUNT))
    assert isinstance(receipt, Later)
    assert receipt.seconds == 3600.0
    assert rig.x.posts() == ()


async def test_a_rate_limit_holds_the_account_until_its_reset(rig: Rig) -> None:
    """Read from the headers of X's answer."""
    rig.x.limit(Endpoint.CREATE, 0, 300)
    receipt = await rig.publish(post_for(ACCOUNT))
    assert isinstance(receipt, Later)
    assert 300.0 <= receipt.seconds <= 302.0


async def test_a_days_limit_holds_the_account_until_the_day_is_over(rig: Rig) -> None:
    """Some plans count by the day as well."""
    rig.x.limit_day(0, 7000)
    receipt = await rig.publish(post_for(ACCOUNT))
    assert isinstance(receipt, Later)
    assert 7000.0 <= receipt.seconds <= 7002.0


@pytest.mark.parametrize("standing", [each for each in Standing if each is not Standing.GOOD])
async def test_an_account_or_app_out_of_favour_posts_nothing(rig: Rig, standing: Standing) -> None:
    """Parked until a person puts it right, or held until the plan's next period."""
    rig.x.stand(standing)
    receipt = await rig.publish(post_for(ACCOUNT))
    waits = standing in {Standing.CAPPED_DAILY, Standing.CAPPED_MONTHLY}
    assert isinstance(receipt, Later if waits else Refused)
    assert waits or (isinstance(receipt, Refused) and receipt.move is NextMove.PARK)
    assert rig.x.posts() == ()


async def test_a_machine_whose_clock_is_wrong_parks_the_account() -> None:
    """X refuses signatures that are minutes off."""
    clock = ManualClock()
    async with FakeX(keys=KEYS, clock=clock.now, signing_clock=clock.now) as x, XClient(X_KEYS, x.url) as client:
        clock.jump(86_400 * 365)
        receipt = await XAccount(ACCOUNT, client, OnePicture(), clock).send(
            post_for(ACCOUNT), Ready(), clock.monotonic() + MINUTE
        )
        assert isinstance(receipt, Refused)
        assert (receipt.move, "clock" in receipt.why) == (NextMove.PARK, True)


async def test_a_post_that_x_commits_after_we_gave_up_is_unknown() -> None:
    """It comes to stand there later: the reason why a read-back waits."""
    async with open_rig(answer_seconds=SOON) as rig:
        rig.x.faults.add(Endpoint.CREATE, Fault.LATE_COMMIT, seconds=SOON + 0.2)
        assert isinstance(await rig.publish(post_for(ACCOUNT)), Unknown)
        assert rig.x.posts() == ()
        await rig.x.wait_for(lambda: len(rig.x.posts()) == 1)
