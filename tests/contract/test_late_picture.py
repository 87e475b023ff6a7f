"""A picture that was late for its post, in the outbox: one suite over the memory twin, Valkey and Debian's Redis."""

from dataclasses import replace

from newsroom.admission import Wait
from newsroom.delivery import Delivery, Lane, State
from newsroom.entry import Picture, PictureSource
from newsroom.errand import EDITS_AT_MOST, FOR_EVER, LATE_PICTURE_SECONDS, Errand, Revision
from newsroom.post import CAPTION_LIMIT_UTF16, Post, PostKind
from newsroom.receipt import Sent, Unknown
from newsroom.story import Story
from store.terms import Terms
from tests.support.newsroom import CHANNEL, a_post, a_story
from tests.support.pacing_rig import Opener, Rig

PICTURES = (Picture("https://alwasat.example.com/7.jpg", PictureSource.MEDIA),)
NEWER = "عنوان جديد"


def a_photo_post(story: Story) -> Post:
    """With a candidate."""
    return replace(a_post(story), kind=PostKind.PHOTO, pictures=PICTURES, alt="صورة")


async def posted_bare(rig: Rig) -> Story:
    """A story whose post stands without its picture, as message 55."""
    story = a_story(1, met=rig.now())
    await rig.admit_posts(story, a_photo_post(story), lane=Lane.BREAKING)
    await rig.post(CHANNEL, Sent(("55",), is_bare=True))
    return story


async def picture_for(rig: Rig, story: Story, within: float = LATE_PICTURE_SECONDS) -> None:
    """The picture is there now."""
    post = a_photo_post(story)
    await rig.store.outbox.revise(story.id, [Revision(CHANNEL.id, Errand.PICTURE, post, post, within)])


async def edited(rig: Rig, story: Story, words: str) -> None:
    """The article has other words now."""
    post = replace(a_post(story), text=words)
    await rig.store.outbox.revise(story.id, [Revision(CHANNEL.id, Errand.EDIT, post, post)])


async def all_of(rig: Rig, story: Story) -> list[Delivery]:
    """The post and what became of it."""
    life = await rig.store.ledger.life(story.id)
    assert life is not None
    return list(life.deliveries)


async def test_a_post_that_went_out_as_its_words_is_known_as_a_text(opened: Opener) -> None:
    """What is recorded is what stands."""
    rig = opened(Terms())
    [post] = await all_of(rig, await posted_bare(rig))
    assert (post.state, post.post.kind, post.post.pictures) == (State.SENT, PostKind.TEXT, ())


async def test_a_late_picture_is_one_change_that_finds_the_post_as_it_stands(opened: Opener) -> None:
    """Planned twice it is one; made, the record says that a photo stands there."""
    rig = opened(Terms())
    story = await posted_bare(rig)
    for _ in range(2):
        await picture_for(rig, story)
    taken = await rig.next(CHANNEL)
    assert isinstance(taken, Delivery)
    assert (taken.errand, taken.post.kind, taken.post.pictures) == (Errand.PICTURE, PostKind.PHOTO, PICTURES)
    assert taken.stands is not None
    assert (taken.stands.ids, taken.stands.post.kind) == (("55",), PostKind.TEXT)
    await rig.settle(taken, Sent(("55",)))
    assert isinstance(await rig.next(CHANNEL), Wait)
    post, picture = await all_of(rig, story)
    assert (post.post.kind, post.changes, picture.state) == (PostKind.PHOTO, 0, State.SENT)


async def test_a_late_picture_comes_behind_all_news(opened: Opener) -> None:
    """An ordinary story that was admitted after it goes before it."""
    rig = opened(Terms())
    story = await posted_bare(rig)
    await picture_for(rig, story)
    await rig.admit([2], CHANNEL)
    first, second = await rig.post(CHANNEL), await rig.post(CHANNEL)
    assert (first.errand, second.errand) == (Errand.POST, Errand.PICTURE)


async def test_a_late_picture_neither_waits_for_corrections_nor_counts_as_one(opened: Opener) -> None:
    """As many edits as ever may follow it, and the one that waits is not given up for it."""
    rig = opened(Terms())
    story = await posted_bare(rig)
    await edited(rig, story, NEWER)
    await rig.post(CHANNEL)
    await edited(rig, story, f"{NEWER} ثان")
    await picture_for(rig, story)
    taken = await rig.post(CHANNEL)
    assert (taken.errand, taken.post.text, taken.post.kind) == (Errand.PICTURE, NEWER, PostKind.PHOTO)
    waiting = [one for one in await all_of(rig, story) if one.state is State.PLANNED]
    assert [(one.errand, one.post.text) for one in waiting] == [(Errand.EDIT, f"{NEWER} ثان")]
    [post] = [one for one in await all_of(rig, story) if not one.of]
    assert post.changes < EDITS_AT_MOST


async def test_an_edit_that_is_made_first_lends_the_picture_its_words(opened: Opener) -> None:
    """Old words under a new picture would undo the correction."""
    rig = opened(Terms())
    story = await posted_bare(rig)
    await picture_for(rig, story)
    await edited(rig, story, NEWER)
    first, second = await rig.post(CHANNEL), await rig.post(CHANNEL)
    assert (first.errand, second.errand, second.post.text) == (Errand.EDIT, Errand.PICTURE, NEWER)


async def test_words_too_long_for_a_caption_stay_a_text(opened: Opener) -> None:
    """Telegram takes 1,024 under a picture and 4,096 without."""
    rig = opened(Terms())
    story = await posted_bare(rig)
    await edited(rig, story, "ع" * (CAPTION_LIMIT_UTF16 + 1))
    await rig.post(CHANNEL)
    await picture_for(rig, story)
    assert (await rig.post(CHANNEL)).post.kind is PostKind.TEXT


async def test_a_late_picture_of_unknown_outcome_is_made_again_and_never_uncertain(opened: Opener) -> None:
    """Made twice it comes to the same."""
    rig = opened(Terms())
    story = await posted_bare(rig)
    await picture_for(rig, story)
    await rig.post(CHANNEL, Unknown("no answer"))
    states = [one.state for one in await all_of(rig, story)]
    assert states == [State.SENT, State.PLANNED]


async def test_a_picture_that_comes_after_its_time_or_to_no_post_is_not_planned(opened: Opener) -> None:
    """A post that an editor took back gets none either."""
    rig = opened(Terms())
    story = await posted_bare(rig)
    await picture_for(rig, story, within=-1.0)
    unsent = a_story(2, met=rig.now())
    await rig.admit_posts(unsent, a_photo_post(unsent))
    await picture_for(rig, unsent)
    post = a_post(story)
    await rig.store.outbox.revise(story.id, [Revision(CHANNEL.id, Errand.DELETE, post, post, FOR_EVER, by="11 Ali")])
    await rig.post(CHANNEL)
    await picture_for(rig, story)
    assert [one.errand for one in await all_of(rig, story)] == [Errand.POST, Errand.DELETE]
    assert [one.errand for one in await all_of(rig, unsent)] == [Errand.POST]
