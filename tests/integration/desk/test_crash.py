"""A worker that dies at any step of an order: after the restart the effect is there once."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.clock import MachineClock
from bot.commands.replies import Replies
from newsroom.target import Network, Target
from tests.support.crashing import Reaper, mortal
from tests.support.desk_rig import (
    ADMIN,
    CHANNEL,
    CHIEF,
    DESK,
    EDITOR,
    HEADLINE,
    SECOND_CHANNEL,
    STRANGER,
    TEXT,
    DeskRig,
    World,
    open_desk,
    open_world,
)
from tests.support.feed_server import FeedServer
from tests.support.newsroom import a_story, an_admission
from tests.support.telegram_posts import StoredPost

WORDS = Replies("ar")
Scene = Callable[[DeskRig], Awaitable[None]]
STEPS_AT_MOST = 80
TOGETHER = 6
"""Worlds that live side by side."""


def task_name() -> str:
    """Of the task that runs."""
    task = asyncio.current_task()
    return task.get_name() if task else ""


async def died_at(world: World, at: int, act: Callable[[DeskRig], Awaitable[object]]) -> Reaper:
    """A worker carries out one order and dies at this half-step; gives how far it came."""
    reaper = Reaper(at, "order ", task_name)
    async with open_desk(world, store=mortal(world.store, reaper)) as rig:
        await act(rig)
        await rig.until(lambda: reaper.steps and not _open_orders(rig))
    return reaper


def _open_orders(rig: DeskRig) -> bool:
    listener = rig.parts.listener
    return listener is not None and bool(listener._carrying)


async def each_step(act: Callable[[DeskRig], Awaitable[object]], prepare: Scene, check: Scene) -> int:
    """Die at each half-step in turn, in a new world each time; gives how many deaths there were."""

    async def one(at: int) -> bool:
        async with open_world() as world:
            async with open_desk(world) as rig:
                await prepare(rig)
            reaper = await died_at(world, at, act)
            async with open_desk(world) as rig:
                await rig.crossed_out()
                await check(rig)
            return reaper.is_done

    for first in range(0, STEPS_AT_MOST, TOGETHER):
        died = await asyncio.gather(*(one(at) for at in range(first, first + TOGETHER)))
        if not all(died):
            return first + sum(died)
    raise AssertionError(f"an order takes more than {STEPS_AT_MOST} half-steps")


async def nothing(_: DeskRig) -> None:
    """Nothing stands yet."""


async def push(rig: DeskRig) -> None:
    """An editor pushes a text."""
    rig.say(EDITOR, f"/push {TEXT}")


async def stands_once(rig: DeskRig) -> None:
    """Each place has one post, and the editor has the receipt."""
    await rig.until(lambda: rig.standing() and rig.standing(SECOND_CHANNEL) and rig.tweets())
    receipt = await rig.answered(EDITOR, "🕑")
    assert HEADLINE in receipt.text
    assert [len(rig.standing(channel)) for channel in (CHANNEL, SECOND_CHANNEL)] == [1, 1]
    assert len(rig.tweets()) == 1
    await rig.did("push")
    assert await rig.world.store.journal.unfinished() == ()


async def test_a_push_that_dies_at_any_step_is_there_once() -> None:
    """Begun, admitted, answered, crossed out: each half-step of each."""
    assert await each_step(push, nothing, stands_once) > 10


async def pushed(rig: DeskRig) -> None:
    """A story stands."""
    await push(rig)
    await rig.until(lambda: rig.standing() and rig.standing(SECOND_CHANNEL) and rig.tweets())
    await rig.answered(EDITOR, "🕑")


def receipt_of(rig: DeskRig) -> StoredPost:
    """The receipt with its buttons."""
    return next(post for post in rig.telegram.posts(EDITOR) if post.buttons)


async def undo(rig: DeskRig) -> None:
    """The editor takes it back."""
    rig.press(EDITOR, receipt_of(rig), WORDS("receipt_undo"))


async def gone(rig: DeskRig) -> None:
    """It stands nowhere."""
    await rig.until(lambda: not rig.standing() and not rig.standing(SECOND_CHANNEL) and not rig.tweets())
    await rig.crossed_out()
    last, first = await rig.notes()
    assert first.what == "push"
    # Carried out again after the posts were gone, it finds nothing left to do.
    assert last.what in {"undo", "stale"}


async def test_an_undo_that_dies_at_any_step_takes_the_story_back() -> None:
    """The press is its own claim: carried out again, it is not told that somebody else was first."""
    assert await each_step(undo, pushed, gone) > 8


async def flash(rig: DeskRig) -> None:
    """An editor sends a headline."""
    rig.say(EDITOR, f"/flash {HEADLINE}")


async def flashed_once(rig: DeskRig) -> None:
    """Each place has one post."""
    await rig.until(lambda: rig.standing() and rig.standing(SECOND_CHANNEL) and rig.tweets())
    await rig.answered(EDITOR, "🕑")
    assert [len(rig.standing(channel)) for channel in (CHANNEL, SECOND_CHANNEL)] == [1, 1]
    assert len(rig.tweets()) == 1
    await rig.did("flash")


async def test_a_flash_that_dies_at_any_step_is_there_once() -> None:
    """As a push."""
    assert await each_step(flash, nothing, flashed_once) > 10


async def test_a_feed_whose_addition_dies_at_any_step_is_on_the_list_once() -> None:
    """Tried, written down, answered, crossed out; the trail has one line, and the editor is told that it was added."""
    async with FeedServer(MachineClock()) as server:
        site = server.site("added")
        site.publish("خبر قديم")

        async def add(rig: DeskRig) -> None:
            rig.say(ADMIN, f"/feeds add {site.url}")

        async def added_once(rig: DeskRig) -> None:
            await rig.answered(ADMIN, WORDS("feed_added"))
            await rig.did("feeds add")
            assert [*await rig.world.store.feed_changes.all()] == [site.url]

        assert await each_step(add, nothing, added_once) > 8


async def enlisted(rig: DeskRig) -> None:
    """A chief by the chat's word."""
    await rig.world.store.roster.enlist(STRANGER, "chief")


async def strike(rig: DeskRig) -> None:
    """The admin takes the role."""
    rig.say(ADMIN, f"/roles remove {STRANGER}")


async def struck_once(rig: DeskRig) -> None:
    """It is gone, the admin is told so, and the trail knows which it was."""
    await rig.answered(ADMIN, WORDS("roles_removed", id=STRANGER))
    assert await rig.world.store.roster.roles() == {}
    await rig.did("roles remove")
    assert [note.before for note in await rig.notes()] == [f"{STRANGER} chief"]


async def test_a_role_whose_removal_dies_at_any_step_is_gone_and_noted_as_it_was() -> None:
    """Carried out again it finds its own work done."""
    assert await each_step(strike, enlisted, struck_once) > 6


async def held(rig: DeskRig) -> None:
    """A chief holds."""
    await rig.world.store.brakes.hold("12 منى")


async def release(rig: DeskRig) -> None:
    """An editor lets go."""
    rig.say(EDITOR, "/release")


async def released_once(rig: DeskRig) -> None:
    """Nobody holds; the trail knows who did."""
    await rig.answered(EDITOR, WORDS("released"))
    assert await rig.world.store.brakes.held() == ""
    await rig.did("release")
    assert [note.before for note in await rig.notes()] == ["12 منى"]


async def test_a_release_that_dies_at_any_step_is_noted_with_who_held() -> None:
    """As every brake."""
    assert await each_step(release, held, released_once) > 6


async def candidate(rig: DeskRig) -> None:
    """A feed's story waits for a chief."""
    story = a_story(met=rig.world.clock.now())
    targets = [Target(Network.TELEGRAM, str(channel)) for channel in (CHANNEL, SECOND_CHANNEL)]
    asked = an_admission(story, *targets, Target(Network.X, "main"))
    far = {target.id: asked.expires + 1 for target in (*targets, Target(Network.X, "main"))}
    await rig.world.store.outbox.admit([replace(asked, dues=far)], 0)
    await rig.until(lambda: any(post.buttons for post in rig.telegram.posts(DESK)))


async def approve(rig: DeskRig) -> None:
    """The chief says yes."""
    card = next(post for post in rig.telegram.posts(DESK) if post.buttons)
    rig.press(CHIEF, card, WORDS("candidate_now"))


async def approved_once(rig: DeskRig) -> None:
    """Each place has one post."""
    await rig.until(lambda: rig.standing() and rig.standing(SECOND_CHANNEL) and rig.tweets())
    assert [len(rig.standing(channel)) for channel in (CHANNEL, SECOND_CHANNEL)] == [1, 1]
    assert len(rig.tweets()) == 1
    await rig.crossed_out()
    [note] = await rig.notes()
    # Carried out again after it was sent, it finds nothing left to decide.
    assert note.what in {"candidate now", "stale"}


async def test_an_approval_that_dies_at_any_step_publishes_the_story_once() -> None:
    """The press is its own claim."""
    assert await each_step(approve, candidate, approved_once) > 8
