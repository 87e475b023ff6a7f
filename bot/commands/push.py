"""`/push`: an address, a text or a photo with words, made an entry and handed to the newsroom's desk."""

import re
from dataclasses import replace

from bot.commands.outcome import Asked, Outcome
from bot.commands.photos import address_of
from bot.commands.receipts import Receipts
from bot.commands.replies import Replies
from bot.commands.times import Times
from feeds.article import entry_of_page
from feeds.pasted import entry_of_text
from newsroom.admission import Admitted
from newsroom.daybook import Brakes
from newsroom.delivery import State
from newsroom.desk import Desk
from newsroom.entry import Entry, Picture, PictureSource
from newsroom.errand import FOR_EVER, Errand, Revision
from newsroom.errors import EntryRefused, FetchFailed
from newsroom.ports import Fetcher, Ledger, Life, Outbox
from newsroom.site import Site

_ADDRESS = re.compile(r"https?://\S+")


async def pushed_entry(text: str, fetcher: Fetcher, site: Site, photo: str = "") -> Entry:
    """The entry of a pushed address or text; a photo that came with it goes before every other picture.

    Raises:
        FetchFailed: the page cannot be had.
        EntryRefused: there is no headline in it.
    """
    if _ADDRESS.fullmatch(text):
        url, body, content_type = await fetcher.page(text)
        entry = entry_of_page(body, url, content_type, site)
    else:
        entry = entry_of_text(text, site)
    if photo:
        entry = replace(entry, pictures=(Picture(address_of(photo), PictureSource.MEDIA), *entry.pictures))
    return entry


class Pushing:
    """Carries out `/push`.

    Args:
        desk: the newsroom's own.
        outbox: where a post that waits is made the editor's.
        ledger: how its posts stand.
        fetcher: for the page.
        receipts: show what becomes of it.
        brakes: whether the desk holds what feeds bring.
        site: the names of the site's sections.
        replies: the words.
        times: reads when.
    """

    def __init__(
        self,
        desk: Desk,
        outbox: Outbox,
        ledger: Ledger,
        fetcher: Fetcher,
        receipts: Receipts,
        *,
        brakes: Brakes,
        site: Site,
        replies: Replies,
        times: Times,
    ) -> None:
        self._desk = desk
        self._outbox = outbox
        self._ledger = ledger
        self._fetcher = fetcher
        self._receipts = receipts
        self._brakes = brakes
        self._site = site
        self._replies = replies
        self._times = times

    async def flash(self, asked: Asked) -> Outcome:
        """A breaking headline before there is an article; its article is merged by edit when it comes."""
        headline, _line, rest = asked.rest.partition("\n")
        if not headline.strip() or _ADDRESS.search(headline):
            return Outcome(self._replies("flash_empty"))
        lead = " ".join(rest.split())
        entry = Entry(title=headline, lead=lead, body=lead, is_flash=True)
        return await self._publish(entry, asked, "flash")

    async def schedule(self, asked: Asked) -> Outcome:
        """`/schedule 18:30 …`: as a push, at its time; until then it is a candidate and may be changed or cancelled."""
        read = self._times.read(asked.rest)
        if read is None:
            return Outcome(self._replies("schedule_how"))
        at, rest = read
        return await self._push(replace(asked, rest=rest), "schedule", at.timestamp())

    async def push(self, asked: Asked) -> Outcome:
        """Publish now, everywhere; the answer becomes the receipt. Done twice, it comes to the same."""
        return await self._push(asked, "push")

    async def _push(self, asked: Asked, what: str, due: float = 0.0) -> Outcome:
        if not asked.rest:
            return Outcome(self._replies("push_empty"))
        try:
            entry = await pushed_entry(asked.rest, self._fetcher, self._site, asked.order.photo)
            return await self._publish(entry, asked, what, due)
        except (FetchFailed, EntryRefused) as why:
            return Outcome(self._replies("push_refused", why=self._replies.why(str(why))))

    async def _publish(self, entry: Entry, asked: Asked, what: str, due: float = 0.0) -> Outcome:
        try:
            pushed = await self._desk.push(entry, asked.editor.by, due)
        except EntryRefused as why:
            return Outcome(self._replies("push_refused", why=self._replies.why(str(why))))
        life = await self._ledger.life(pushed.outcome.story)
        if life is None:
            return Outcome(self._replies("command_failed"), pushed.outcome.story, what="failed")
        if await self._brakes.held():
            await self._make_own(life, asked.editor.by)
        # After a crash the same order finds its own story known.
        is_own = isinstance(pushed.outcome, Admitted) or life.by == asked.editor.by
        await self._receipts.open(asked.order, life, is_own=is_own)
        return Outcome("", life.story.id, after=life.story.headline, what=what if is_own else "push known")

    async def _make_own(self, life: Life, by: str) -> None:
        """What a feed brought waits in a hold; what an editor wants does not."""
        waiting = [one for one in life.deliveries if one.state is State.PLANNED and not one.of and not one.by]
        revisions = [Revision(one.target, Errand.EDIT, one.post, one.post, FOR_EVER, by) for one in waiting]
        await self._outbox.revise(life.story.id, revisions)
