"""A picture that comes too late for its post, through the whole corridor and the strict fake of Telegram."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from pydantic import SecretStr

from newsroom.admission import Admission
from newsroom.delivery import Delivery, Lane, State, delivery_id
from newsroom.errand import Errand, Revision
from newsroom.errors import FetchFailed
from newsroom.ports import Platform
from newsroom.post import Post, PostKind
from newsroom.target import TargetId
from publishing.card import CardMaker
from publishing.dispatch import Dispatcher
from publishing.jpeg import check_and_convert
from publishing.late_picture import PAUSES, LatePictures, may_follow
from publishing.picture import CARD_SECONDS, PictureDesk
from publishing.style import HouseStyle
from publishing.telegram_bot import open_bot
from publishing.telegram_channel import TelegramChannel
from store.store import Store, memory_store
from tests.support.clock import ManualClock
from tests.support.fake_telegram import FakeTelegram
from tests.support.newsroom import a_story, an_admission
from tests.support.platform_stage import ACCOUNT, CHANNEL, CHANNEL_ID, SOON, WORDS, post_for
from tests.support.telegram_client import picture
from tests.support.telegram_posts import StoredKind, StoredPost

LIMIT = 8.0
PHOTO = picture(900, 600, image_format="PNG")
SHOWN = check_and_convert(PHOTO).content


@dataclass
class SlowWeb:
    """Implements `newsroom.ports.Fetcher`: one picture, which comes when the test opens the gate, or fails."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    failures: int = 0
    asked: int = 0

    async def page(self, url: str) -> tuple[str, bytes, str]:
        """There is none."""
        raise FetchFailed(url)

    async def picture(self, url: str) -> bytes:
        """When the gate is open."""
        self.asked += 1
        self.begun.set()
        await self.gate.wait()
        if self.failures:
            self.failures -= 1
            raise FetchFailed(url)
        return PHOTO


@dataclass
class Rig:
    """A channel with its lane, pictures and late pictures, all running."""

    telegram: FakeTelegram
    store: Store
    clock: ManualClock
    web: SlowWeb
    dispatcher: Dispatcher
    settled: list[Delivery]
    changed: asyncio.Event

    async def admit(self, post: Post, number: int = 1) -> None:
        """A breaking story with this post."""
        story = a_story(number, met=self.clock.now())
        version = (await self.store.outbox.recent(0)).version
        admission: Admission = replace(an_admission(story), posts=(post,))
        await self.store.outbox.admit([admission], version)
        self.dispatcher.wake_all()

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until deliveries were settled so."""
        async with asyncio.timeout(15):
            while not is_so():
                self.changed.clear()
                await self.changed.wait()

    async def post_late(self, seconds: float = LIMIT) -> StoredPost:
        """So much of the limit passes; gives what stands there then."""
        async with asyncio.timeout(15):
            await self.web.begun.wait()
            await self.clock.until_asleep()
        self.clock.advance(seconds)
        await self.until(lambda: bool(self.settled))
        [post] = self.telegram.posts(CHANNEL_ID)
        return post

    async def settle(self, count: int) -> None:
        """The picture may come; wait until so many deliveries were settled. The lane looks once a second."""
        self.web.gate.set()
        async with asyncio.timeout(15):
            while len(self.settled) < count:
                await self.clock.walk(1.0)
                await asyncio.sleep(0.005)

    def done(self) -> list[tuple[Errand, State]]:
        """What was carried out."""
        return [(delivery.errand, delivery.state) for delivery in self.settled]


@asynccontextmanager
async def opened(cards: CardMaker | None = None) -> AsyncIterator[Rig]:
    """Without cards unless a test wants them."""
    clock, web = ManualClock(), SlowWeb()
    store, settled, changed = memory_store(clock), list[Delivery](), asyncio.Event()

    def note(delivery: Delivery) -> None:
        settled.append(delivery)
        changed.set()

    async with FakeTelegram() as telegram:
        telegram.add_channel(CHANNEL_ID, "الوسط العربي", "wasat")
        async with open_bot(SecretStr(telegram.token), telegram.url, read_seconds=SOON) as bot:
            pictures = PictureDesk(web, clock, cards, limit_seconds=LIMIT)
            channel = TelegramChannel(CHANNEL, bot, pictures, store.uploads, clock)
            platforms: dict[TargetId, Platform] = {CHANNEL.id: channel}
            late = LatePictures(pictures, store.outbox, clock)
            dispatcher = Dispatcher(store.outbox, platforms, clock, worker="w1", settled=note, posted=late.note)
            stop = asyncio.Event()
            running = [asyncio.create_task(part.run(stop)) for part in (dispatcher, late)]
            try:
                yield Rig(telegram, store, clock, web, dispatcher, settled, changed)
            finally:
                stop.set()
                await asyncio.gather(*running)
                await pictures.close()
        telegram.assert_clean()


async def test_the_text_goes_out_at_the_limit_and_the_photo_follows_by_edit() -> None:
    """One post, first with its large preview, then with its picture; the words stay."""
    async with opened() as rig:
        await rig.admit(post_for(CHANNEL, PostKind.PHOTO))
        post = await rig.post_late()
        assert (post.kind, post.text) == (StoredKind.TEXT, WORDS)
        assert post.content.preview is not None
        assert post.content.preview["prefer_large_media"]
        await rig.settle(2)
        assert rig.done() == [(Errand.POST, State.SENT), (Errand.PICTURE, State.SENT)]
        [post] = rig.telegram.posts(CHANNEL_ID)
        assert (post.kind, post.text, post.photo) == (StoredKind.PHOTO, WORDS, SHOWN)


async def test_a_card_that_stood_in_for_the_photo_gives_way_to_it() -> None:
    """What the reader sees first is a card, then the photo."""
    async with opened(CardMaker(HouseStyle(site_name="الوسط العربي"))) as rig:
        await rig.admit(replace(post_for(CHANNEL, PostKind.PHOTO), headline="زلزال يضرب كريت", kicker="عاجل"))
        post = await rig.post_late(LIMIT - CARD_SECONDS)
        assert post.kind is StoredKind.PHOTO
        assert post.photo != SHOWN
        await rig.settle(2)
        [post] = rig.telegram.posts(CHANNEL_ID)
        assert (post.text, post.photo) == (WORDS, SHOWN)


async def test_a_photo_that_came_in_time_is_followed_by_nothing() -> None:
    """Neither an edit nor another fetch."""
    async with opened() as rig:
        rig.web.gate.set()
        await rig.admit(post_for(CHANNEL, PostKind.PHOTO))
        await rig.until(lambda: bool(rig.settled))
        await rig.clock.walk(sum(PAUSES))
        [post] = rig.telegram.posts(CHANNEL_ID)
        assert (post.photo, post.history, rig.web.asked, len(rig.settled)) == (SHOWN, [], 1, 1)


async def test_a_source_that_failed_is_asked_again() -> None:
    """The post stands meanwhile."""
    async with opened() as rig:
        rig.web.failures = 1
        await rig.admit(post_for(CHANNEL, PostKind.PHOTO))
        await rig.post_late()
        await rig.settle(2)
        [post] = rig.telegram.posts(CHANNEL_ID)
        assert (post.kind, rig.web.asked) == (StoredKind.PHOTO, 2)


async def test_a_source_that_stays_away_leaves_the_text_and_is_not_asked_for_ever() -> None:
    """It is asked a few times, and nothing is edited."""
    async with opened() as rig:
        rig.web.failures = 99
        await rig.admit(post_for(CHANNEL, PostKind.PHOTO))
        post = await rig.post_late()
        rig.web.gate.set()
        await rig.clock.walk(3600)
        assert (post.kind, post.history) == (StoredKind.TEXT, [])
        assert rig.web.asked <= 1 + len(PAUSES)


async def test_words_that_were_corrected_meanwhile_stand_under_the_picture() -> None:
    """The picture brings no old words back."""
    async with opened() as rig:
        await rig.admit(post_for(CHANNEL, PostKind.PHOTO))
        await rig.post_late()
        newer = post_for(CHANNEL, PostKind.PHOTO, "عاجل | كلمات مصححة")
        await rig.store.outbox.revise(a_story(1).id, [Revision(CHANNEL.id, Errand.EDIT, newer, newer)])
        rig.dispatcher.wake_all()
        await rig.until(lambda: len(rig.settled) == 2)
        await rig.settle(3)
        [post] = rig.telegram.posts(CHANNEL_ID)
        assert (post.kind, post.text) == (StoredKind.PHOTO, "عاجل | كلمات مصححة")


async def test_a_planned_picture_whose_worker_died_is_added_by_the_next() -> None:
    """It stands in the store; the next worker fetches the picture itself."""
    async with opened() as rig:
        await rig.admit(post_for(CHANNEL, PostKind.PHOTO))
        await rig.post_late()
        rig.web.gate.set()
        post = post_for(CHANNEL, PostKind.PHOTO)
        await rig.store.outbox.revise(a_story(1).id, [Revision(CHANNEL.id, Errand.PICTURE, post, post)])
        rig.dispatcher.wake_all()
        await rig.until(lambda: len(rig.settled) == 2)
        await rig.clock.walk(sum(PAUSES))
        [standing] = rig.telegram.posts(CHANNEL_ID)
        assert (standing.kind, len(standing.history)) == (StoredKind.PHOTO, 1)


async def test_a_planned_picture_that_cannot_be_had_any_more_changes_nothing() -> None:
    """No request is made, and the record still says that a text stands there."""
    async with opened() as rig:
        rig.web.failures = 99
        await rig.admit(post_for(CHANNEL, PostKind.PHOTO))
        await rig.post_late()
        rig.web.gate.set()
        post = post_for(CHANNEL, PostKind.PHOTO)
        await rig.store.outbox.revise(a_story(1).id, [Revision(CHANNEL.id, Errand.PICTURE, post, post)])
        rig.dispatcher.wake_all()
        await rig.until(lambda: len(rig.settled) == 2)
        assert not [call for call in rig.telegram.calls if call.method.startswith("edit")]
        life = await rig.store.ledger.life(a_story(1).id)
        assert life is not None
        assert {delivery.post.kind for delivery in life.deliveries if not delivery.of} == {PostKind.TEXT}


async def test_only_photo_posts_on_telegram_are_followed_by_a_picture() -> None:
    """X asks money for an edit, and a card is drawn in time."""

    def delivery(post: Post, errand: Errand = Errand.POST) -> Delivery:
        story = a_story(1)
        return Delivery(
            id=delivery_id(story.id, post.target),
            story=story.id,
            post=post,
            lane=Lane.BREAKING,
            admitted=0.0,
            due=0.0,
            expires=0.0,
            errand=errand,
        )

    photo = post_for(CHANNEL, PostKind.PHOTO)
    assert may_follow(delivery(photo))
    assert not may_follow(delivery(photo, Errand.EDIT))
    assert not may_follow(delivery(replace(photo, pictures=())))
    assert not may_follow(delivery(post_for(ACCOUNT, PostKind.PHOTO)))
    assert not any(may_follow(delivery(post_for(CHANNEL, kind))) for kind in PostKind if kind is not PostKind.PHOTO)
