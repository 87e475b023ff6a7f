"""What a Telegram channel shows and what Telegram refuses, against the strict fake and over sockets."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from newsroom.ports import Ready
from newsroom.post import PostKind, Span, SpanKind
from newsroom.receipt import Later, NextMove, Refused, Sent, Unknown
from newsroom.target import Network, Target
from tests.support.platform_stage import CHANNEL, CHANNEL_ID, LINK, WORDS, StoppedProcess, post_for
from tests.support.telegram_errors import Known, flood, flood_without_parameters
from tests.support.telegram_rig import MINUTE, SECOND, ForgetfulStore, Rig, open_rig


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    """A rig that was used as Telegram's servers want to be used."""
    async with open_rig() as opened:
        yield opened
        opened.telegram.assert_clean()


# --- how a post looks ------------------------------------------------------------------------------------


async def test_a_text_goes_out_with_its_marks_and_a_large_preview_above_it(rig: Rig) -> None:
    """Marks are entities in UTF-16 units, never markup: no headline can break them."""
    bold = Span(SpanKind.BOLD, 0, 4)
    linked = Span(SpanKind.TEXT_LINK, 7, 4, "https://alwasat.example.com/more")
    await rig.publish(replace(post_for(CHANNEL, words="عاجل 🔴 هنا <b>&"), spans=(bold, linked)))
    [post] = rig.telegram.posts(CHANNEL_ID)
    assert post.text == "عاجل 🔴 هنا <b>&"
    assert list(post.entities) == [
        {"type": "bold", "offset": 0, "length": 4},
        {"type": "text_link", "offset": 7, "length": 4, "url": "https://alwasat.example.com/more"},
    ]
    assert post.content.preview == {"url": LINK, "prefer_large_media": True, "show_above_text": True}


async def test_a_plain_post_has_neither_marks_nor_preview(rig: Rig) -> None:
    """The last step before the desk is asked; nothing in it can be refused but its words."""
    await rig.publish(replace(post_for(CHANNEL, PostKind.PLAIN), spans=(Span(SpanKind.BOLD, 0, 4),)))
    [post] = rig.telegram.posts(CHANNEL_ID)
    assert (post.entities, post.content.preview) == ((), {"is_disabled": True})


async def test_a_text_without_a_link_shows_no_preview(rig: Rig) -> None:
    """Telegram would preview whatever address it finds in the words."""
    await rig.publish(replace(post_for(CHANNEL), link=""))
    [post] = rig.telegram.posts(CHANNEL_ID)
    assert post.content.preview == {"is_disabled": True}


@pytest.mark.parametrize("silent", [True, False])
@pytest.mark.parametrize("kind", [PostKind.TEXT, PostKind.PHOTO])
async def test_only_what_is_urgent_makes_a_sound(rig: Rig, kind: PostKind, *, silent: bool) -> None:
    """The post says whether."""
    await rig.publish(replace(post_for(CHANNEL, kind), silent=silent))
    [post] = rig.telegram.posts(CHANNEL_ID)
    assert post.silent == silent


@pytest.mark.parametrize("kind", [PostKind.PHOTO, PostKind.CARD])
async def test_a_photo_goes_out_as_bytes_with_its_caption(rig: Rig, kind: PostKind) -> None:
    """Telegram fetches nothing itself: its failures to fetch are remembered for days."""
    assert rig.pictures.jpeg is not None
    await rig.publish(replace(post_for(CHANNEL, kind), spans=(Span(SpanKind.BOLD, 0, 4),)))
    [post] = rig.telegram.posts(CHANNEL_ID)
    assert (post.photo, post.text) == (rig.pictures.jpeg.content, WORDS)
    assert list(post.entities) == [{"type": "bold", "offset": 0, "length": 4}]


async def test_a_photo_without_a_picture_goes_out_as_its_text_with_the_large_preview(rig: Rig) -> None:
    """The article's own picture then stands there in most cases."""
    rig.pictures.jpeg = None
    await rig.publish(post_for(CHANNEL, PostKind.PHOTO))
    [post] = rig.telegram.posts(CHANNEL_ID)
    assert (post.photo, post.text) == (None, WORDS)
    assert post.content.preview == {"url": LINK, "prefer_large_media": True, "show_above_text": True}


async def test_a_receipt_links_to_a_public_and_to_a_private_channel(rig: Rig) -> None:
    """By name where there is one, else by the number that Telegram's apps know."""
    assert await rig.publish(post_for(CHANNEL)) == Sent(("1",), "https://t.me/wasat/1")
    assert await rig.publish(post_for(SECOND), SECOND) == Sent(("1",), "https://t.me/c/2222222222/1")


async def test_a_post_in_a_plain_group_has_no_link(rig: Rig) -> None:
    """Telegram gives it no address."""
    rig.telegram.add_group(-4003, "غرفة التحرير", supergroup=False)
    group = Target(Network.TELEGRAM, "-4003")
    assert await rig.publish(post_for(group), group) == Sent(("1",), "")


# --- pictures travel once --------------------------------------------------------------------------------


async def test_the_bytes_of_a_picture_travel_once_for_all_channels(rig: Rig) -> None:
    """The second channel is told the file_id that Telegram gave at the first."""
    await rig.publish(post_for(CHANNEL, PostKind.PHOTO))
    await rig.publish(post_for(SECOND, PostKind.PHOTO), SECOND)
    first, second = rig.telegram.posts(CHANNEL_ID) + rig.telegram.posts(int(SECOND.address))
    assert first.photo == second.photo
    assert [len(call.uploads) for call in rig.telegram.calls if call.method == "sendPhoto"] == [1, 0]


async def test_a_file_id_is_kept_for_its_bot_without_naming_its_token(rig: Rig) -> None:
    """Another bot cannot use it, and the store learns no secret."""
    assert rig.pictures.jpeg is not None
    await rig.publish(post_for(CHANNEL, PostKind.PHOTO))
    [post] = rig.telegram.posts(CHANNEL_ID)
    owner = rig.channel()._owner
    assert await rig.uploads.recall(owner, rig.pictures.jpeg.digest) == post.file_id
    assert owner.startswith("tg:")
    assert rig.telegram.token.partition(":")[2] not in owner


async def test_a_file_id_that_telegram_forgot_is_followed_by_the_bytes_and_posted_once(rig: Rig) -> None:
    """The refusal is certain, so this is no second post; the new file_id takes the place of the old."""
    assert rig.pictures.jpeg is not None
    await rig.publish(post_for(CHANNEL, PostKind.PHOTO))
    rig.telegram.forget_files()
    assert isinstance(await rig.publish(post_for(SECOND, PostKind.PHOTO), SECOND), Sent)
    [post] = rig.telegram.posts(int(SECOND.address))
    assert await rig.uploads.recall(rig.channel()._owner, rig.pictures.jpeg.digest) == post.file_id


async def test_a_file_id_that_telegram_forgot_is_forgotten_even_when_the_bytes_must_wait(rig: Rig) -> None:
    """The next attempt begins with the bytes, instead of being refused once more."""
    await rig.publish(post_for(CHANNEL, PostKind.PHOTO))
    rig.telegram.forget_files()
    rig.telegram.refuse("sendPhoto", flood(3), when=lambda call: bool(call.uploads))
    assert isinstance(await rig.publish(post_for(SECOND, PostKind.PHOTO), SECOND), Later)
    assert not (await rig.channel(SECOND).prepare(post_for(SECOND, PostKind.PHOTO))).uploaded


async def test_a_file_id_that_was_refused_is_followed_by_no_bytes_after_the_deadline() -> None:
    """The second request of one attempt has the deadline of the first."""
    clock = StoppedProcess(10**9)
    async with open_rig(clock=clock) as rig:
        await rig.publish(post_for(CHANNEL, PostKind.PHOTO))
        rig.telegram.forget_files()
        post = post_for(SECOND, PostKind.PHOTO)
        channel = rig.channel(SECOND)
        ready = await channel.prepare(post)
        assert ready.uploaded
        deadline = clock.monotonic() + MINUTE
        clock.at = clock.readings + 4  # Before, for the time limit, the first request's body; then the second's.
        assert isinstance(await channel.send(post, ready, deadline), Later)
        assert rig.telegram.posts(int(SECOND.address)) == []


async def test_a_file_id_that_was_refused_without_bytes_at_hand_steps_down(rig: Rig) -> None:
    """The words go out next."""
    ready = Ready(uploaded="AgACAgQAAx0-no-such-file")
    receipt = await rig.channel().send(post_for(CHANNEL, PostKind.PHOTO), ready, rig.clock.monotonic() + MINUTE)
    assert isinstance(receipt, Refused)
    assert receipt.move is NextMove.STEP_DOWN


async def test_a_store_that_is_away_costs_an_upload_and_never_a_receipt() -> None:
    """The post stands already when its file_id is to be kept."""
    async with open_rig(uploads=ForgetfulStore()) as rig:
        assert isinstance(await rig.publish(post_for(CHANNEL, PostKind.PHOTO)), Sent)
        assert len(rig.telegram.posts(CHANNEL_ID)) == 1


# --- what Telegram answers -------------------------------------------------------------------------------


@pytest.mark.parametrize("known", [known for known in Known if known is not Known.NOT_MODIFIED])
async def test_nothing_stands_after_a_refusal_and_no_refusal_is_taken_for_an_accident(rig: Rig, known: Known) -> None:
    """Every refusal the Bot API knows, over the wire."""
    rig.telegram.refuse("sendMessage", known)
    receipt = await rig.publish(post_for(CHANNEL))
    assert isinstance(receipt, Unknown if known is Known.INTERNAL else Refused | Later)
    assert rig.telegram.posts(CHANNEL_ID) == []
    assert rig.calls("sendMessage") == 1


async def test_a_flood_wait_holds_the_lane_for_its_seconds(rig: Rig) -> None:
    """To the second, whether it stands in the parameters or in the words alone."""
    rig.telegram.refuse("sendMessage", flood(23))
    rig.telegram.refuse("sendMessage", flood_without_parameters(24))
    first, second = await rig.publish(post_for(CHANNEL)), await rig.publish(post_for(CHANNEL))
    assert isinstance(first, Later)
    assert isinstance(second, Later)
    assert (first.seconds, second.seconds) == (23.0, 24.0)


async def test_a_group_that_became_a_supergroup_is_told_and_reached_at_the_next_attempt(rig: Rig) -> None:
    """The lane goes on; the settings are for a person to change."""
    rig.telegram.add_group(-4003, "غرفة التحرير", supergroup=False)
    rig.telegram.migrate(-4003, -1004444444444)
    group = Target(Network.TELEGRAM, "-4003")
    channel, post = rig.channel(group), post_for(group)
    deadline = rig.clock.monotonic() + MINUTE
    moved = await channel.send(post, Ready(), deadline)
    assert isinstance(moved, Later)
    assert "-1004444444444" in moved.why
    assert isinstance(await channel.send(post, Ready(), deadline), Sent)
    assert [sent.text for sent in rig.telegram.posts(-1004444444444)] == [WORDS]


async def test_a_bot_that_was_thrown_out_parks_the_channel_and_no_other(rig: Rig) -> None:
    """The other channel goes on."""
    rig.telegram.kick(CHANNEL_ID)
    receipt = await rig.publish(post_for(CHANNEL))
    assert isinstance(receipt, Refused)
    assert receipt.move is NextMove.PARK
    assert isinstance(await rig.publish(post_for(SECOND), SECOND), Sent)


async def test_a_photo_that_may_not_be_posted_steps_down_to_words(rig: Rig) -> None:
    """Only the right to post photos is missing in that group."""
    rig.telegram.refuse("sendPhoto", Known.NO_RIGHT_TO_SEND_PHOTOS)
    post = post_for(CHANNEL, PostKind.PHOTO)
    receipt = await rig.publish(post)
    assert isinstance(receipt, Refused)
    assert receipt.move is NextMove.STEP_DOWN
    plainer = post.step_down()
    assert plainer is not None
    assert isinstance(await rig.publish(plainer), Sent)
