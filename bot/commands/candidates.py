"""Candidates: what an editor decides about a story while it waits to go out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from bot.commands.choices import waiting_of
from bot.commands.editors import Editor
from bot.commands.life import headline_of
from bot.commands.outcome import Asked, Outcome
from bot.commands.photos import address_of
from bot.commands.prompts import Prompts
from bot.commands.questions import Choice
from bot.commands.receipts import Receipts
from bot.commands.replies import Replies
from bot.commands.undoing import Undoing
from newsroom.delivery import Delivery
from newsroom.entry import Picture, PictureSource
from newsroom.errand import AT_ONCE, FOR_EVER, Errand, Revision
from newsroom.order import Order
from newsroom.ports import Clock, Ledger, Life, Outbox
from newsroom.post import Post, PostKind
from newsroom.target import Network, TargetId, network_of

HEADLINE, PICTURE = "candidate_headline", "candidate_picture"
DELAY_SECONDS = 600.0


class Candidates:
    """Carries out the buttons under a candidate. Done twice, each comes to the same.

    Args:
        outbox: where the posts wait.
        ledger: which wait.
        undoing: sets a new headline.
        receipts: show it.
        prompts: ask for a headline or a picture.
        clock: for now and later.
        replies: the words.
        wake: is told in which lanes something is due.
    """

    def __init__(
        self,
        outbox: Outbox,
        ledger: Ledger,
        undoing: Undoing,
        receipts: Receipts,
        prompts: Prompts,
        *,
        clock: Clock,
        replies: Replies,
        wake: Callable[[Iterable[TargetId]], None],
    ) -> None:
        self._outbox = outbox
        self._ledger = ledger
        self._undoing = undoing
        self._receipts = receipts
        self._prompts = prompts
        self._clock = clock
        self._replies = replies
        self._wake = wake

    async def pressed(self, choice: Choice, order: Order, editor: Editor) -> Outcome:
        """A button under a candidate."""
        life = await self._ledger.life(choice.about)
        waiting = waiting_of(life.deliveries) if life else ()
        if life is None or not waiting:
            return self._settled(choice, life, editor)
        outcome = await self._decide(choice.answer, life, waiting, order, editor)
        await self._receipts.freshen(life.story.id)
        return outcome

    def _settled(self, choice: Choice, life: Life | None, editor: Editor) -> Outcome:
        """Nothing waits. Who let it go is told so: a crash may have cut the order off before its answer."""
        is_own = life is not None and any(one.by == editor.by and not one.of for one in life.deliveries)
        if life is None or choice.answer != "now" or not is_own:
            return Outcome(self._replies("press_stale"), choice.about, what="stale", closes=False)
        return self._done(life, editor, choice.answer)

    async def _decide(
        self, answer: str, life: Life, waiting: Sequence[Delivery], order: Order, editor: Editor
    ) -> Outcome:
        now = self._clock.now().timestamp()
        match answer:
            case "now":
                return await self._revise(life, [_as(one, editor, due=AT_ONCE) for one in waiting], editor, answer)
            case "delay":
                later = [
                    _as(one, editor, due=min(max(one.due, now) + DELAY_SECONDS, one.expires - 1))
                    for one in waiting
                    if one.due <= one.expires
                ]
                return await self._revise(life, later, editor, answer)
            case "silent":
                quiet = [_as(one, editor, post=replace(one.post, silent=True)) for one in waiting]
                return await self._revise(life, quiet, editor, answer)
            case "telegram":
                on_x = [one for one in waiting if network_of(one.target) is Network.X]
                return await self._revise(
                    life, [_as(one, editor, errand=Errand.DELETE) for one in on_x], editor, answer
                )
            case "cancel":
                return await self._revise(
                    life, [_as(one, editor, errand=Errand.DELETE) for one in waiting], editor, answer
                )
            case _:
                kind = HEADLINE if answer == "headline" else PICTURE
                words = self._replies(f"{kind}_ask", headline=headline_of(life))
                await self._prompts.put(kind, life.story.id, words, order)
                return Outcome(story=life.story.id, closes=False)

    async def headline(self, story: str, asked: Asked) -> Outcome:
        """The new headline came."""
        headline = " ".join(asked.rest.split())
        if not headline:
            return Outcome(self._replies("correct_how"))
        outcome = await self._undoing.correct(story, headline, asked.editor)
        await self._receipts.freshen(story)
        return outcome

    async def picture(self, story: str, asked: Asked) -> Outcome:
        """The new picture came."""
        life = await self._ledger.life(story)
        waiting = waiting_of(life.deliveries) if life else ()
        if life is None or not waiting:
            return Outcome(self._replies("press_stale"), story, what="stale")
        if not asked.order.photo:
            return Outcome(self._replies("candidate_picture_how"))
        pictured = [_as(one, asked.editor, post=_pictured(one.post, asked.order.photo)) for one in waiting]
        outcome = await self._revise(life, pictured, asked.editor, "picture")
        await self._receipts.freshen(story)
        return outcome

    async def _revise(self, life: Life, revisions: Sequence[Revision], editor: Editor, answer: str) -> Outcome:
        await self._outbox.revise(life.story.id, revisions)
        self._wake(revision.target for revision in revisions)
        return self._done(life, editor, answer)

    def _done(self, life: Life, editor: Editor, answer: str) -> Outcome:
        told = f"{self._replies(f'candidate_{answer}_done')} ({editor.name})"
        return Outcome(told, life.story.id, headline_of(life), answer, f"candidate {answer}", closes=False)


def _as(
    waiting: Delivery,
    editor: Editor,
    *,
    post: Post | None = None,
    errand: Errand = Errand.EDIT,
    due: float | None = None,
) -> Revision:
    """The waiting post as this editor wants it."""
    words = post or waiting.post
    return Revision(waiting.target, errand, words, words, within=FOR_EVER, by=editor.by, due=due)


def _pictured(post: Post, file_id: str) -> Post:
    """The same words under this picture; a text too long for a caption stays a text."""
    shown = replace(post, pictures=(Picture(address_of(file_id), PictureSource.MEDIA),))
    if network_of(post.target) is Network.TELEGRAM:
        return post.pictured_by(shown)
    return replace(shown, kind=PostKind.PHOTO)
