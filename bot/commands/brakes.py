"""`/pause`, `/resume`, `/hold`, `/release`: what waits is kept, and goes out afterwards while it is news."""

from collections.abc import Callable, Sequence

from bot.commands.before import Before
from bot.commands.life import place_of
from bot.commands.outcome import Asked, Outcome
from bot.commands.replies import Replies
from newsroom.daybook import Brakes
from newsroom.ports import Switch
from newsroom.target import TargetId


class Braking:
    """Carries them out.

    Args:
        switch: the newsroom's one brake.
        brakes: for one target, and for what feeds bring.
        targets: of the house.
        before: what stood before an order.
        replies: the words.
        resumed: wakes the lanes.
    """

    def __init__(
        self,
        switch: Switch,
        brakes: Brakes,
        *,
        targets: Sequence[TargetId],
        before: Before,
        replies: Replies,
        resumed: Callable[[], None],
    ) -> None:
        self._switch = switch
        self._brakes = brakes
        self._targets = targets
        self._before = before
        self._replies = replies
        self._resumed = resumed

    async def pause(self, asked: Asked) -> Outcome:
        """All, or the target that is named."""
        if not asked.rest:
            before = await self._before.of(asked.order, await self._state())
            await self._switch.pause(asked.editor.by)
            return Outcome(self._replies("paused"), before=before, after=await self._state(), what="pause")
        target = target_named(asked.rest, self._targets)
        if target is None:
            return self._no_target()
        await self._brakes.stop(target, asked.editor.by)
        return Outcome(self._replies("paused_target", place=place_of(target)), after=target, what="pause")

    async def resume(self, asked: Asked) -> Outcome:
        """All, or the target that is named; one that refused us is tried again."""
        target = target_named(asked.rest, self._targets)
        if asked.rest and target is None:
            return self._no_target()
        before = await self._before.of(asked.order, await self._state())
        if target is None:
            await self._switch.resume()
        for one in [target] if target else [*await self._brakes.stopped(), *await self._switch.parked()]:
            await self._brakes.go(one)
            await self._switch.unpark(one)
        self._resumed()
        told = self._replies("resumed_target", place=place_of(target)) if target else self._replies("resumed")
        return Outcome(told, before=before, after=await self._state(), what="resume")

    async def hold(self, asked: Asked) -> Outcome:
        """What feeds bring waits; pushes go out."""
        before = await self._before.of(asked.order, await self._brakes.held())
        await self._brakes.hold(asked.editor.by)
        return Outcome(self._replies("held"), before=before, after=asked.editor.by, what="hold")

    async def release(self, asked: Asked) -> Outcome:
        """Everything goes out again."""
        before = await self._before.of(asked.order, await self._brakes.held())
        await self._brakes.release()
        self._resumed()
        return Outcome(self._replies("released"), before=before, what="release")

    async def _state(self) -> str:
        stopped = ", ".join(await self._brakes.stopped())
        return "; ".join(part for part in (await self._switch.paused(), stopped) if part)

    def _no_target(self) -> Outcome:
        places = "\n".join(place_of(target) for target in self._targets)
        return Outcome(self._replies("no_such_target", places=places))


def target_named(word: str, targets: Sequence[TargetId]) -> TargetId | None:
    """A target by its full name, its channel's name with or without @, or X."""
    wanted = word.strip().casefold().removeprefix("@")
    for target in targets:
        if wanted in {target.casefold(), place_of(target).casefold().removeprefix("@")}:
            return target
    return None
