"""Edits and deletions on real sockets: what stands is changed in its form, once, and nothing new appears."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest

from newsroom.delivery import Delivery, DeliveryId, Lane, State
from newsroom.entry import Picture, PictureSource
from newsroom.errand import Errand, Standing
from newsroom.ports import Jpeg, Platform
from newsroom.post import Post, PostKind
from newsroom.receipt import Later, NextMove, Receipt, Refused, Sent, Unknown
from newsroom.story import StoryId
from publishing.telegram_channel import TelegramChannel
from publishing.x_account import XAccount
from publishing.x_client import XClient
from tests.support import telegram_rig, x_rig
from tests.support.clock import ManualClock
from tests.support.fake_x import FakeX
from tests.support.faults import Fault
from tests.support.platform_stage import (
    ACCOUNT,
    CHANNEL,
    CHANNEL_ID,
    X_KEYS,
    OnePicture,
    jpeg_of_shade,
    post_for,
)
from tests.support.x_clients import KEYS
from tests.support.x_endpoint import Endpoint

NEW_WORDS = "عاجل | وصول أول قافلة مساعدات إلى المدينة"
WORDS_AT_LAST = "عاجل | تفريغ القافلة كلها في المدينة"
PICTURED = (PostKind.PHOTO, PostKind.CARD)


@dataclass(slots=True)
class PictureOfEach:
    """Implements `newsroom.ports.Pictures`: another picture for each candidate."""

    async def jpeg_of(self, post: Post) -> Jpeg | None:
        """The picture of the first candidate."""
        [candidate, *_] = post.pictures
        return jpeg_of_shade(sum(candidate.url.encode()) % 200)


def change(stands: Standing, post: Post, errand: Errand = Errand.EDIT) -> Delivery:
    """A change of what stands, as it is taken."""
    name = DeliveryId(f"s>{post.target}#1")
    return Delivery(
        id=name,
        story=StoryId("s"),
        post=post,
        lane=Lane.BREAKING,
        admitted=0.0,
        due=0.0,
        expires=0.0,
        state=State.SENDING,
        errand=errand,
        of=f"s>{post.target}",
        stands=stands,
    )


async def posted(platform: Platform, post: Post) -> Standing:
    """A post that stands."""
    receipt = await platform.send(post, await platform.prepare(post), 1e9)
    assert isinstance(receipt, Sent), receipt
    return Standing(receipt.ids, post)


async def edited(platform: Platform, stands: Standing, post: Post) -> Receipt:
    """What an edit came to."""
    return await platform.edit(change(stands, post), await platform.prepare(post), 1e9)


async def removed(platform: Platform, stands: Standing) -> Receipt:
    """What a deletion came to."""
    return await platform.remove(change(stands, stands.post, Errand.DELETE), 1e9)


def with_picture(post: Post, name: str) -> Post:
    """The post with another candidate."""
    return replace(post, pictures=(Picture(f"https://alwasat.example.com/{name}.jpg", PictureSource.MEDIA),))


@asynccontextmanager
async def telegram() -> AsyncIterator[telegram_rig.Rig]:
    """A channel; nothing may be asked of it that the Bot API does not know."""
    async with telegram_rig.open_rig() as rig:
        yield rig
        rig.telegram.assert_clean()


@asynccontextmanager
async def x_account(*, premium: bool = True) -> AsyncIterator[x_rig.Rig]:
    """An account that may edit, or not."""
    clock, pictures = ManualClock(), OnePicture()
    async with FakeX(keys=KEYS, clock=clock.now, premium=premium) as x, XClient(X_KEYS, x.url) as client:
        yield x_rig.Rig(x, client, XAccount(ACCOUNT, client, pictures, clock), clock, pictures)
        x.assert_clean()


# --- Telegram ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", PostKind)
async def test_a_post_of_every_kind_is_edited_in_place_and_keeps_its_form(kind: PostKind) -> None:
    """A caption stays a caption with its picture, a text a text; nothing is added to the channel."""
    async with telegram() as rig:
        channel, post = rig.channel(), post_for(CHANNEL, kind)
        stands = await posted(channel, post)
        [before] = [replace(each) for each in rig.telegram.posts(CHANNEL_ID)]
        assert await edited(channel, stands, replace(post, text=NEW_WORDS)) == Sent(stands.ids)
        [after] = rig.telegram.posts(CHANNEL_ID)
        assert (after.text, after.kind, after.photo) == (NEW_WORDS, before.kind, before.photo)
        assert rig.calls("editMessageMedia") == 0


@pytest.mark.parametrize("kind", PICTURED)
async def test_another_picture_takes_the_place_of_the_old_one_with_the_words(kind: PostKind) -> None:
    """In one request."""
    async with telegram() as rig:
        channel, post = picture_of_each(rig), with_picture(post_for(CHANNEL, kind), "old")
        stands = await posted(channel, post)
        newer = with_picture(replace(post, text=NEW_WORDS), "new")
        assert await edited(channel, stands, newer) == Sent(stands.ids)
        [after] = rig.telegram.posts(CHANNEL_ID)
        expected = await PictureOfEach().jpeg_of(newer)
        assert expected is not None
        assert (after.text, after.photo) == (NEW_WORDS, expected.content)
        assert (rig.calls("editMessageMedia"), rig.calls("editMessageCaption")) == (1, 0)


def picture_of_each(rig: telegram_rig.Rig) -> Platform:
    """The rig's channel with a picture for each candidate."""
    return TelegramChannel(CHANNEL, rig.bot, PictureOfEach(), rig.uploads, rig.clock)


async def test_a_picture_that_telegram_no_longer_knows_travels_again() -> None:
    """The file_id was refused; the bytes are taken."""
    async with telegram() as rig:
        channel = picture_of_each(rig)
        first, second = (with_picture(post_for(CHANNEL, PostKind.PHOTO), name) for name in ("old", "new"))
        stands = await posted(channel, first)
        await posted(channel, second)
        rig.telegram.forget_files()
        assert await edited(channel, stands, replace(second, text=NEW_WORDS)) == Sent(stands.ids)
        assert rig.calls("editMessageMedia") == 2


async def test_a_photo_post_that_went_out_as_its_words_is_edited_as_a_text() -> None:
    """Its picture could not be had; Telegram's own answer tells the form."""
    async with telegram() as rig:
        post = post_for(CHANNEL, PostKind.PHOTO)
        rig.pictures.jpeg = None
        stands = await posted(rig.channel(), post)
        assert await edited(rig.channel(), stands, replace(post, text=NEW_WORDS)) == Sent(stands.ids)
        [after] = rig.telegram.posts(CHANNEL_ID)
        assert after.text == NEW_WORDS


async def test_the_same_words_again_are_an_edit_that_was_made() -> None:
    """«message is not modified» is what a repetition after a lost answer hears."""
    async with telegram() as rig:
        stands = await posted(rig.channel(), post_for(CHANNEL))
        assert isinstance(await edited(rig.channel(), stands, stands.post), Sent)


async def test_an_edit_of_a_post_that_is_gone_is_refused_and_nothing_is_posted_in_its_place() -> None:
    """Whoever deleted it in the channel meant it."""
    async with telegram() as rig:
        channel = rig.channel()
        stands = await posted(channel, post_for(CHANNEL))
        assert await removed(channel, stands) == Sent(stands.ids)
        receipt = await edited(channel, stands, replace(stands.post, text=NEW_WORDS))
        assert isinstance(receipt, Refused)
        assert (receipt.move, "gone" in receipt.why) == (NextMove.DROP, True)
        assert [post.deleted for post in rig.telegram.posts(CHANNEL_ID, everyone=True)] == [True]


async def test_a_post_that_is_gone_already_counts_as_deleted() -> None:
    """The second deletion is no failure."""
    async with telegram() as rig:
        stands = await posted(rig.channel(), post_for(CHANNEL))
        for _ in range(2):
            assert await removed(rig.channel(), stands) == Sent(stands.ids)


async def test_a_post_that_may_not_be_deleted_is_a_refusal() -> None:
    """The desk is told why it still stands."""
    async with telegram() as rig:
        stands = await posted(rig.channel(), post_for(CHANNEL))
        rig.telegram.demote(CHANNEL_ID, "can_post_messages", "can_delete_messages")
        assert isinstance(await removed(rig.channel(), stands), Refused)


async def test_nothing_is_changed_after_the_deadline() -> None:
    """Another worker may hold it by then, with newer words."""
    async with telegram() as rig:
        channel = rig.channel()
        stands = await posted(channel, post_for(CHANNEL))
        late, newer = rig.clock.monotonic() - 1, replace(stands.post, text=NEW_WORDS)
        assert isinstance(await channel.edit(change(stands, newer), await channel.prepare(newer), late), Later)
        assert isinstance(await channel.remove(change(stands, newer, Errand.DELETE), late), Later)
        assert [post.text for post in rig.telegram.posts(CHANNEL_ID)] == [stands.post.text]


async def test_a_post_whose_number_nobody_knows_cannot_be_changed() -> None:
    """Said, not tried."""
    async with telegram() as rig, x_account() as other:
        for platform in (rig.channel(), other.account):
            nameless = Standing((), post_for(platform.target))
            assert isinstance(await edited(platform, nameless, nameless.post), Refused)
            assert isinstance(await removed(platform, nameless), Refused)


# --- X ----------------------------------------------------------------------------------------------------------------


async def test_an_account_that_may_edit_gives_the_post_new_words_under_a_new_number() -> None:
    """One post stands there; its picture stays with it."""
    async with x_account() as rig:
        post = post_for(ACCOUNT, PostKind.PHOTO)
        stands = await posted(rig.account, post)
        receipt = await edited(rig.account, stands, replace(post, text=NEW_WORDS))
        [standing] = rig.x.posts()
        assert receipt == Sent((standing.id,), f"https://x.com/i/status/{standing.id}")
        assert (standing.text, len(standing.media), len(standing.history)) == (NEW_WORDS, 1, 2)


async def test_an_account_that_may_not_edit_keeps_its_post_and_says_why() -> None:
    """Only Premium accounts may."""
    async with x_account(premium=False) as rig:
        stands = await posted(rig.account, post_for(ACCOUNT))
        receipt = await edited(rig.account, stands, replace(stands.post, text=NEW_WORDS))
        assert isinstance(receipt, Refused)
        assert receipt.why
        assert [post.text for post in rig.x.posts()] == [stands.post.text]


async def test_a_repeated_edit_adds_no_post_and_learns_the_number_that_the_first_gave() -> None:
    """The answer to the first was lost; X refuses the second on the old number, and its history tells the new one."""
    async with x_account() as rig:
        stands = await posted(rig.account, post_for(ACCOUNT))
        newer = replace(stands.post, text=NEW_WORDS)
        rig.x.faults.add("POST /2/tweets", Fault.DROP_AFTER_ACCEPT)
        assert isinstance(await edited(rig.account, stands, newer), Unknown)
        receipt = await edited(rig.account, stands, newer)
        [post] = rig.x.posts()
        assert receipt == Sent((post.id,), f"https://x.com/i/status/{post.id}")
        assert (post.text, len(post.history)) == (NEW_WORDS, 2)


async def test_later_words_reach_a_post_whose_earlier_edit_was_never_answered() -> None:
    """The record knows the first number alone; two versions stand behind it."""
    async with x_account() as rig:
        stands = await posted(rig.account, post_for(ACCOUNT))
        for words in (NEW_WORDS, f"{NEW_WORDS} أيضًا"):
            rig.x.faults.add("POST /2/tweets", Fault.DROP_AFTER_ACCEPT)
            await edited(rig.account, stands, replace(stands.post, text=words))
            await edited(rig.account, stands, replace(stands.post, text=words))
        receipt = await edited(rig.account, stands, replace(stands.post, text=WORDS_AT_LAST))
        [post] = rig.x.posts()
        assert receipt == Sent((post.id,), f"https://x.com/i/status/{post.id}")
        assert (post.text, len(post.history)) == (WORDS_AT_LAST, 4)


async def test_a_history_that_x_does_not_tell_leaves_the_refusal() -> None:
    """Nothing is guessed."""
    async with x_account() as rig:
        stands = await posted(rig.account, post_for(ACCOUNT))
        newer = replace(stands.post, text=NEW_WORDS)
        rig.x.faults.add("POST /2/tweets", Fault.DROP_AFTER_ACCEPT)
        await edited(rig.account, stands, newer)
        rig.x.faults.add("GET /2/tweets/{id}", Fault.HTML_503)
        assert isinstance(await edited(rig.account, stands, newer), Refused)
        assert rig.calls(Endpoint.CREATE) == 3


async def test_a_post_on_x_is_deleted_and_one_that_is_gone_counts_as_deleted() -> None:
    """404 names the post that is not found."""
    async with x_account() as rig:
        stands = await posted(rig.account, post_for(ACCOUNT))
        for _ in range(2):
            assert await removed(rig.account, stands) == Sent(stands.ids)
        assert [post.deleted for post in rig.x.posts()] == [True]
