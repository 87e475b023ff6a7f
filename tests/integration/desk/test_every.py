"""Every command and every button, each in a conversation of its own: a new one without a line here fails."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field, replace

import pytest
from typing_extensions import override

from bot.commands.editors import Right
from bot.commands.held import GATHERING_SECONDS
from bot.commands.reception import CHANGES_NOTHING
from bot.commands.replies import DEEDS, Language, Replies
from newsroom.admission import Admission, Admitted
from newsroom.batch import Batch, Cause
from newsroom.delivery import Delivery, next_step
from newsroom.ports import Life
from newsroom.receipt import Unknown
from newsroom.story import Story
from newsroom.target import Network, Target
from store.memory_daybook import MemoryTokens
from tests.support.desk_rig import ADMIN, CHANNEL, CHIEF, DESK, EDITOR, SECOND_CHANNEL, DeskRig, World, open_desk
from tests.support.newsroom import a_story, an_admission
from tests.support.telegram_posts import StoredPost

FEED = "https://alwasat.example.com/feed/"
NOWHERE = Target(Network.TELEGRAM, "-1001000000009")
"""No lane of the worker leads there: nothing is taken behind a test's back."""
UNDO_IS_OVER = 121.0
WORDS = ("انهيار جسر قديم", "إغلاق مطار دولي", "افتتاح سوق كبيرة", "حريق في مصنع", "فوز منتخب اليد", "تعيين وزير جديد")

TALKS: Mapping[str, tuple[str, Callable[[Replies], str]]] = {
    "push": ("", lambda words: words("push_empty")),
    "flash": ("", lambda words: words("flash_empty")),
    "schedule": ("", lambda words: words("schedule_how")),
    "status": ("", lambda words: words("status_running")),
    "why": ("https://alwasat.example.com/?p=1", lambda words: words("why_unknown")),
    "queue": ("", lambda words: words("queue", count=0)),
    "pause": ("", lambda words: words("paused")),
    "resume": ("", lambda words: words("resumed")),
    "hold": ("", lambda words: words("held")),
    "release": ("", lambda words: words("released")),
    "feeds": ("", lambda words: words("feed_new", feed=FEED)),
    "latency": ("", lambda words: words("status_nothing")),
    "budget": ("", lambda words: words("no_limit")),
    "rules": ("", lambda words: words("rules_breaking")),
    "sections": ("", lambda words: words("sections", sections="الشرق قادم، أخبار", breaking="عاجل")),
    "roles": ("", lambda words: words("roles_line", id=ADMIN, role=words("role_admin"))),
    "audit": ("", lambda words: words.deed("release")),
    "report": ("", lambda words: words("report")),
    "help": ("", lambda words: words("help_push")),
    "start": ("", lambda words: words("help", role=words("role_admin"))),
}
"""By command: what follows it, and what the answer says."""


async def test_every_command_is_answered(desk: DeskRig, words: Replies) -> None:
    """More of what each does stands in the files beside this one."""
    listener = desk.parts.listener
    assert listener is not None
    assert set(TALKS) == set(listener._ear.reception._commands)
    for name, (rest, told) in TALKS.items():
        before = len(desk.said(ADMIN))
        desk.say(ADMIN, f"/{name} {rest}".strip())
        await desk.until(lambda before=before: len(desk.said(ADMIN)) > before)  # type: ignore[misc] # the loop's own
        assert told(words) in desk.said(ADMIN)[-1], name
    await desk.did("pause", "resume", "hold", "release")


class NotedTokens(MemoryTokens):
    """Tells what every button means."""

    def __init__(self) -> None:
        super().__init__()
        self.given: dict[str, dict[str, str]] = {}

    @override
    async def give(self, token: str, meaning: str) -> None:
        self.given[token] = json.loads(meaning)
        await super().give(token, meaning)


@dataclass(slots=True)
class Table:
    """A desk whose buttons are pressed by what they mean."""

    rig: DeskRig
    tokens: NotedTokens
    words: Replies
    pressed: set[tuple[str, str]] = field(default_factory=set)
    spent: set[str] = field(default_factory=set)

    def _button(self, kind: str, answer: str, about: str) -> tuple[StoredPost, str] | None:
        for post in reversed([*self.rig.telegram.posts(EDITOR), *self.rig.telegram.posts(DESK)]):
            for button in post.buttons if about in post.text else ():
                meaning = self.tokens.given[button["callback_data"]]
                is_it = (meaning["kind"], meaning["answer"]) == (kind, answer)
                if is_it and button["callback_data"] not in self.spent:
                    return post, button["callback_data"]
        return None

    async def press(self, user: int, kind: str, answer: str, about: str = "") -> None:
        """The newest button that means this, under words about that; what it was to do is done, and is answered and noted in words."""
        await self.rig.until(lambda: self._button(kind, answer, about))
        found = self._button(kind, answer, about)
        assert found is not None
        post, token = found
        assert self.words(self.tokens.given[token]["label"]) in [button["text"] for button in post.buttons]
        press = self.rig.telegram.press(user, post, token)
        await self.rig.until(lambda: press.answers)
        await self.rig.crossed_out()
        deeds = [note.what for note in await self.rig.notes()]
        assert not CHANGES_NOTHING & {*deeds}, (kind, answer, press.answers)
        assert {*deeds} <= DEEDS.keys()
        self.pressed.add((kind, answer))
        self.spent.add(token)

    async def push(self, number: int, *, age: float = UNDO_IS_OVER) -> None:
        """A story stands, for so long."""
        headline = WORDS[number]
        self.rig.say(EDITOR, f"/push {headline}\n\nقال مسؤول محلي إن ما حدث اليوم في الحي رقم {number} لم يتوقعه أحد.")
        places = (CHANNEL, SECOND_CHANNEL)
        await self.rig.until(
            lambda: all(any(headline in post.text for post in self.rig.standing(place)) for place in places)
        )
        await self.rig.until(lambda: any(headline in post.text for post in self.rig.tweets()))
        await self.rig.answered(EDITOR, headline)
        await self._settled(headline)
        self.rig.world.clock.leap(age)

    async def _settled(self, headline: str) -> None:
        """Wait until its receipts are in the store: time that leaps before would leave them to be read back."""
        story = await self._story(headline)
        async with asyncio.timeout(10):
            while not all(it.is_final for it in (await self._life(story)).deliveries):  # noqa: ASYNC110 - a store tells nobody of its changes
                await asyncio.sleep(0.01)

    async def _story(self, headline: str) -> str:
        stories: list[Story] = list((await self.rig.world.store.outbox.recent(0)).stories)
        return next(story.id for story in stories if story.headline == headline)

    async def _life(self, story: str) -> Life:
        life = await self.rig.world.store.ledger.life(story)
        assert life is not None
        return life

    async def _admit(self, asked: Admission) -> None:
        outbox = self.rig.world.store.outbox
        [told] = await outbox.admit([asked], (await outbox.recent(0)).version)
        assert isinstance(told, Admitted)

    async def waits(self, number: int, seconds: float) -> None:
        """A feed's story goes out in so many seconds, or with a word alone where that is too late."""
        targets = [Target(Network.TELEGRAM, str(CHANNEL)), Target(Network.X, "main")]
        asked = an_admission(a_story(number, _headline(number), self.rig.world.clock.now()), *targets)
        due = self.rig.world.clock.now().timestamp() + seconds
        await self._admit(replace(asked, dues={it.id: due for it in targets}))

    async def held(self, number: int, cause: Cause, stories: int = 1) -> None:
        """Stories wait for the desk, which is asked."""
        met = self.rig.world.clock.now()
        batch = Batch(f"b{number}", cause, "new_scheme" if cause is Cause.FLOOD else "backlog", FEED)
        for one in range(stories):
            asked = an_admission(a_story(number + one, _headline(number + one), met), verdict="held")
            told = replace(asked, reason="flood", batch=batch, relation="new", ground="nothing_like_it")
            await self._admit(told)
        self.rig.world.clock.leap(GATHERING_SECONDS)
        assert self.rig.parts.held is not None
        await self.rig.parts.held.look()

    async def doubts(self, number: int) -> None:
        """Nobody knows whether a post stands."""
        store, now = self.rig.world.store, self.rig.world.clock.now()
        await self._admit(an_admission(a_story(number, _headline(number), now), NOWHERE))
        taken = await store.outbox.take(NOWHERE.id, "w2", 60.0)
        assert isinstance(taken, Delivery), taken
        await store.outbox.settle(next_step(taken, Unknown("nobody knows"), now.timestamp()))
        [delivery] = await store.outbox.uncertain()
        await self.rig.parts.reconciler._ask(delivery)

    async def taken_back(self, headline: str) -> None:
        """The site took a posted story back."""
        assert self.rig.parts.vigil is not None
        await self.rig.parts.vigil._ask(await self._life(await self._story(headline)))


def _headline(number: int) -> str:
    return f"{WORDS[number % 6]} في المدينة رقم {number}"


@pytest.fixture
async def table(world: World, language: Language) -> AsyncIterator[Table]:
    """Where two chiefs and an editor sit."""
    tokens = NotedTokens()
    there = replace(world, store=replace(world.store, tokens=tokens))
    async with open_desk(there, given={"language": language}) as rig:
        yield Table(rig, tokens, Replies(language))


async def receipts(table: Table) -> None:
    """Undo; correct; and the ways to retract, with one key and with two."""
    await table.push(0, age=0.0)
    await table.press(EDITOR, "receipt", "undo", WORDS[0])
    for number, (how, key) in enumerate((("mark", ""), ("keep", ""), ("delete", "refuse"), ("delete", "agree")), 1):
        await table.push(number)
        if number == 1:
            await table.press(EDITOR, "receipt", "correct", WORDS[number])
        await table.press(CHIEF, "receipt", "retract", WORDS[number])
        await table.press(CHIEF, "retract", how, WORDS[number])
        if key:
            await table.press(ADMIN, "second", key, WORDS[number])


async def candidates(table: Table) -> None:
    """One that counts down, changed in every way and let go; one that is stopped."""
    await table.waits(101, 600.0)
    for answer in ("headline", "picture", "silent", "delay", "telegram", "now"):
        await table.press(CHIEF, "candidate", answer, _headline(101))
    await table.waits(102, 10**6)
    await table.press(CHIEF, "candidate", "cancel", _headline(102))


async def waiting(table: Table) -> None:
    """Floods, a backlog, one that a rule holds, a lookalike."""
    for number, (cause, answer) in enumerate(
        [
            (Cause.FLOOD, "newest"),
            (Cause.FLOOD, "all"),
            (Cause.FLOOD, "none"),
            (Cause.STORY, "publish"),
            (Cause.LOOKALIKE, "seen"),
        ]
    ):
        await table.held(200 + number, cause)
        await table.press(EDITOR, "batch", answer, _headline(200 + number))
    await table.held(210, Cause.BACKLOG, stories=2)
    await table.press(EDITOR, "batch", "pick")
    await table.press(EDITOR, "pick", "publish", _headline(210))
    await table.press(EDITOR, "pick", "none", _headline(211))


async def doubts(table: Table) -> None:
    """It stands; it is sent again; it is dropped."""
    for number, answer in enumerate(("there", "drop", "again")):
        await table.doubts(300 + number)
        await table.press(EDITOR, "doubt", answer, _headline(300 + number))


async def retractions(table: Table) -> None:
    """What the site took back of what still stands."""
    for number, answer in ((2, "keep"), (3, "mark"), (1, "delete")):
        await table.taken_back(WORDS[number])
        await table.press(CHIEF, "retraction", answer, WORDS[number])


@pytest.mark.timeout(120)
async def test_every_button_that_is_offered_is_pressed_and_does_its_work(table: Table) -> None:
    """By what the tokens mean: a new kind, or a new answer of a kind, has no press here and fails."""
    for scene in (receipts, candidates, waiting, doubts, retractions):
        await scene(table)
    offered = {(meaning["kind"], meaning["answer"]) for meaning in table.tokens.given.values()}
    listener = table.rig.parts.listener
    assert listener is not None
    assert {kind for kind, _ in offered} == set(listener._ear.reception._kinds)
    assert table.pressed == offered
    assert {meaning["right"] for meaning in table.tokens.given.values()} <= {str(right) for right in Right}
