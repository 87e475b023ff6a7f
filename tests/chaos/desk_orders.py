"""Orders of editors, each struck at each named step of its way: heard, written down, carried out, answered, confirmed.

A worker is killed at the step, the next one goes on, and what stands then is held against what was ordered. The next one
also makes ready what the following order needs, so a step costs two lives.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis

from bot.commands.replies import Replies
from store.keys import key
from tests.chaos.errands import BODY
from tests.chaos.headlines import headline
from tests.chaos.house import ACCOUNT, CHANNELS, DESK, EDITOR, TARGETS, House, StillOpenError
from tests.chaos.nursery import Victim
from tests.chaos.points import Blow, Moment, Point
from tests.chaos.strikes import PATIENCE_SECONDS
from tests.support.telegram_board import Press
from tests.support.telegram_posts import StoredPost

WORDS = Replies("ar")
SETTINGS = {"EDITORS": f"{EDITOR}:admin", "POST": "all", "ASK_ORDINARY": "approve"}
"""Ordinary stories wait for a word; breaking ones, such as the first that every house posts, do not."""
UNDO_IS_OVER = 130.0
"""Seconds by which a post is made older."""


@dataclass(frozen=True, slots=True)
class Given:
    """An order that is ready to be given.

    Attributes:
        give: gives it.
        is_done: whether what was ordered stands, once.
        is_told: whether the editor who gave it has an answer.
        deeds: one of these, and nothing besides, is to stand in the audit trail.
    """

    give: Callable[[], object]
    is_done: Callable[[], bool]
    is_told: Callable[[], bool]
    deeds: frozenset[str]


@dataclass(slots=True)
class Room:
    """A house whose editors give orders.

    Attributes:
        house: the stage.
        look: into its store.
        told: how many stories were made for it.
    """

    house: House
    look: Redis
    told: int = 0

    async def hire(self, blow: Blow | None = None) -> Victim:
        """A worker that listens at once: the half minute of a dead listener's lease is over."""
        await self.look.delete(key("lease", "listener"))
        return await self.house.hire(blow)

    def words(self) -> str:
        """A headline like no other."""
        self.told += 1
        return headline(f"{self.house.name} order", self.told)

    def say(self, text: str, reply_to: StoredPost | None = None) -> object:
        """The editor writes to the bot."""
        return self.house.telegram.say(EDITOR, text, reply_to=reply_to)

    def press(self, post: StoredPost, label: str) -> Press:
        """The editor presses the button with this name."""
        return self.house.telegram.press(EDITOR, post, _data_of(post, WORDS(label)))

    def stands(self, words: str, times: int = 1) -> bool:
        """Whether a story stands so often at each place."""
        return all(self.house.posts(target, words) == times for target in TARGETS)

    def shown(self, words: str, label: str, chat: int = EDITOR) -> StoredPost | None:
        """The newest message of the bot's that holds these words and this button."""
        posts = reversed(self.house.telegram.posts(chat))
        return next((one for one in posts if words in one.text and WORDS(label) in _labels(one)), None)

    def said(self, words: str, *more: str) -> bool:
        """Whether the bot said this to the editor, or in the group."""
        posts = [*self.house.telegram.posts(EDITOR), *self.house.telegram.posts(DESK)]
        return any(all(part in post.text for part in (words, *more)) for post in posts)

    async def until(self, worker: Victim, is_so: Callable[[], object]) -> None:
        """Wait while a healthy worker lives; rates pass at once."""

        async def looked() -> bool:
            await self.house._pass_minutes(self.look)
            return bool(is_so())

        await self.house.until(worker, looked)

    async def trail(self) -> list[str]:
        """What was done, newest first."""
        return [json.loads(line)["what"] for line in await self.look.lrange(key("audit"), 0, -1)]

    async def age(self, words: str) -> None:
        """Two minutes pass for the posts of a story: its receipt offers to correct and to retract."""
        async for name in self.look.scan_iter(key("delivery", "*")):
            fields = await self.look.hgetall(name)
            if words in json.dumps(fields, ensure_ascii=False) and float(fields.get("settled", 0)):
                await self.look.hset(name, "settled", float(fields["settled"]) - UNDO_IS_OVER)


Prepare = Callable[[Room, Victim], Awaitable[Given]]


async def push(room: Room, _: Victim) -> Given:
    """/push: a story stands everywhere, and its receipt says when."""
    words = room.words()
    return Given(
        lambda: room.say(f"/push {words}\n\n{BODY}"),
        lambda: room.stands(words),
        lambda: room.said(words, "🕑"),
        frozenset({"push"}),
    )


async def flash(room: Room, _: Victim) -> Given:
    """/flash: a headline alone."""
    words = room.words()
    return Given(
        lambda: room.say(f"/flash {words}"),
        lambda: room.stands(words),
        lambda: room.said(words, "🕑"),
        frozenset({"flash"}),
    )


async def _pushed(room: Room, worker: Victim, label: str) -> tuple[str, StoredPost]:
    """A story that stands everywhere, and its receipt with this button."""
    words = room.words()
    room.say(f"/push {words}\n\n{BODY}")
    await room.until(worker, lambda: room.stands(words) and room.said(words, "🕑"))
    if label != "receipt_undo":
        await room.age(words)
    await room.until(worker, lambda: room.shown(words, label))
    receipt = room.shown(words, label)
    assert receipt is not None
    return words, receipt


async def undo(room: Room, worker: Victim) -> Given:
    """The button that takes a story back everywhere."""
    words, receipt = await _pushed(room, worker, "receipt_undo")
    presses: list[Press] = []
    return Given(
        lambda: presses.append(room.press(receipt, "receipt_undo")),
        lambda: room.stands(words, 0),
        lambda: _was_told(room, presses, "retraction_delete_done"),
        frozenset({"undo"}),
    )


async def approve(room: Room, worker: Victim) -> Given:
    """The button of a candidate that waits for a word."""
    words = room.words()
    room.house.site.publish(words)
    await room.until(worker, lambda: room.shown(words, "candidate_now", DESK))
    card = room.shown(words, "candidate_now", DESK)
    assert card is not None
    presses: list[Press] = []
    return Given(
        lambda: presses.append(room.press(card, "candidate_now")),
        lambda: room.stands(words),
        lambda: _was_told(room, presses, "candidate_now_done"),
        frozenset({"candidate now"}),
    )


async def correct(room: Room, worker: Victim) -> Given:
    """The answer to the question for the right headline: each channel's post says it, and the editor is told of X."""
    words, receipt = await _pushed(room, worker, "receipt_correct")
    room.press(receipt, "receipt_correct")
    await room.until(worker, lambda: room.said(WORDS("correct_ask", headline=words)))
    asked = next(
        post for post in room.house.telegram.posts(EDITOR) if post.text == WORDS("correct_ask", headline=words)
    )
    right = room.words()
    channels = [target for target in TARGETS if target != ACCOUNT]
    return Given(
        lambda: room.say(right, reply_to=asked),
        lambda: all(room.house.posts(one, right) == 1 and not room.house.posts(one, words) for one in channels),
        lambda: room.said(WORDS("corrected"), "X"),
        frozenset({"correct"}),
    )


async def retract(room: Room, worker: Victim) -> Given:
    """The button that has every post say that its story was withdrawn."""
    words, receipt = await _pushed(room, worker, "receipt_retract")
    room.press(receipt, "receipt_retract")
    await room.until(worker, lambda: room.shown(words, "retraction_mark"))
    asked = room.shown(words, "retraction_mark")
    assert asked is not None
    presses: list[Press] = []
    return Given(
        lambda: presses.append(room.press(asked, "retraction_mark")),
        lambda: all(_marked(room, chat, words) for chat in CHANNELS),
        lambda: _was_told(room, presses, "retraction_mark_done"),
        frozenset({"mark"}),
    )


def _marked(room: Room, chat: int, words: str) -> bool:
    posts = [post for post in room.house.telegram.posts(chat) if words in post.text and not post.deleted]
    return len(posts) == 1 and posts[0].text.count(WORDS("retraction_line")) == 1


def _was_told(room: Room, presses: Sequence[Press], *names: str) -> bool:
    """Over the chat, or under the message."""
    over = [answer for press in presses for answer in press.answers]
    return any(WORDS(name) in answer for name in names for answer in over) or any(
        room.said(WORDS(name)) for name in names
    )


HEARD = (Blow(Point(Moment.ANSWERED, "getUpdates")),)
WRITTEN = tuple(Blow(Point(moment, "begin")) for moment in (Moment.BEFORE, Moment.SENT, Moment.ANSWERED))
CROSSED_OUT = tuple(Blow(Point(moment, "done")) for moment in (Moment.BEFORE, Moment.ANSWERED))
CONFIRMED = tuple(Blow(Point(moment, "getUpdates"), passage=2) for moment in (Moment.BEFORE, Moment.SENT))


def steps(effect: str, answer: str) -> tuple[Blow, ...]:
    """Every step of an order whose effect is written by this script, and whose answer is this call.

    Args:
        effect: `admit` or `revise`.
        answer: `sendMessage`, or `answerCallbackQuery` for a press.
    """
    done = tuple(Blow(Point(moment, effect)) for moment in (Moment.BEFORE, Moment.SENT, Moment.ANSWERED))
    told = tuple(Blow(Point(moment, answer)) for moment in (Moment.BEFORE, Moment.SENT, Moment.ANSWERED))
    return (*HEARD, *WRITTEN, *done, *told, *CROSSED_OUT, *CONFIRMED)


PRESSED = "answerCallbackQuery"
ORDERS: Mapping[str, tuple[Prepare, tuple[Blow, ...]]] = {
    "push": (push, steps("admit", "sendMessage")),
    "flash": (flash, steps("admit", "sendMessage")),
    "undo": (undo, steps("revise", PRESSED)),
    "approve": (approve, steps("revise", PRESSED)),
    "correct": (correct, (*WRITTEN[-1:], Blow(Point(Moment.ANSWERED, "revise")), *CROSSED_OUT)),
    "retract": (retract, (*WRITTEN[-1:], Blow(Point(Moment.ANSWERED, "revise")), *CROSSED_OUT)),
}


async def strike(room: Room, name: str, blow: Blow) -> None:
    """One order, one death, and what stands after the next worker.

    Raises:
        AssertionError: the step was not reached, or something is amiss; tells what the workers wrote.
    """
    prepare, _ = ORDERS[name]
    worker = await room.hire()
    given = await prepare(room, worker)
    await room.until(worker, lambda: room.house.telegram.is_heard)
    await _at_rest(room, worker)
    await room.house.dismiss()
    trail = await room.trail()
    given.give()
    await _struck(room, name, blow)
    worker = await room.hire()
    try:
        await room.until(worker, lambda: given.is_done() and given.is_told() and room.house.telegram.is_heard)
        await _at_rest(room, worker)
    except StillOpenError as fault:
        done, told = given.is_done(), given.is_told()
        raise AssertionError(f"{name}, killed {blow.point}: done {done}, told {told}\n{fault}") from None
    await room.house.dismiss()
    # Once, and not a moment later twice.
    assert given.is_done(), f"{name}, killed {blow.point}: it stands otherwise a moment later"
    noted = await room.trail()
    new = noted[: len(noted) - len(trail)]
    assert len(new) == 1, f"{name}, killed {blow.point}: {new} stand in the trail"
    assert set(new) <= given.deeds, f"{name}, killed {blow.point}: {new} stand in the trail"


async def _struck(room: Room, name: str, blow: Blow) -> None:
    victim = await room.hire(blow)
    await asyncio.wait([victim.ended], timeout=PATIENCE_SECONDS)
    assert not victim.is_alive, f"{name}: the worker never came to {blow.point}:\n{victim.said()}"
    assert victim.ended.result() == -blow.number, f"{name}: the worker died otherwise:\n{victim.said()}"


async def _at_rest(room: Room, worker: Victim) -> None:
    """Until no order is left undone and nothing waits to be sent."""

    async def is_so() -> bool:
        await room.house._pass_minutes(room.look)
        lanes = [await room.look.zcard(key("lane", target)) for target in TARGETS]
        return not any((await room.look.hlen(key("orders")), await room.look.exists(key("uncertain")), *lanes))

    await room.house.until(worker, is_so)


def _labels(post: StoredPost) -> str:
    return "\n".join(button["text"] for button in post.buttons)


def _data_of(post: StoredPost, label: str) -> str:
    found: Any = next(button["callback_data"] for button in post.buttons if label in button["text"])
    return str(found)
