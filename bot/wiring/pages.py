"""The web pages and the wall: what they are told, and where they are served."""

from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.machine import Machine
from bot.money import budget_of
from bot.traces import Traces
from bot.wiring.ground import Ground
from feeds.intake import Intake
from newsroom.delivery import Delivery, DeliveryId, State
from newsroom.errand import Errand
from newsroom.link import shown_address
from publishing.wall import Wall
from store.opening import OpenStore

if TYPE_CHECKING:
    from bot.web_hooks import HookPages

DEMO_PORT = 8080
"""Where the demo's wall stands unless PORT is set or another program has it."""


async def open_web(
    stack: AsyncExitStack, ground: Ground, wall: Wall, intake: Intake, hooks: "HookPages | None"
) -> int | None:
    """Serve them; gives the port, None when they are off."""
    settings = ground.settings
    port = settings.port
    if port is None and not ground.is_demo:
        return None
    from bot.web import serve, web_app  # noqa: PLC0415 - see bot.machine: a worker without a PORT never pays for it

    app = web_app(
        wall,
        ground.pictures,
        ground.clock,
        token=settings.wall_token if settings.wall_token.get_secret_value() else None,
        demo=ground.is_demo,
        health=_health_of(ground.opened, intake),
        machine=ground.machine.pages(intake.health, budget_of(settings), ground.worker),
        hooks=hooks,
        site_name=ground.house.site.name,
    )
    host = "127.0.0.1" if ground.is_demo else "0.0.0.0"  # noqa: S104 - a hosted worker is reached from outside
    at = serve(app, host=host, port=DEMO_PORT if port is None else port, or_any=port is None)
    return await stack.enter_async_context(at)


def tell_of(wall: Wall, machine: Machine, traces: Traces | None = None) -> Callable[[Delivery], None]:
    """Who is told of each delivery whose state was written."""

    def settled(delivery: Delivery) -> None:
        if not delivery.of:
            # A change of a post is no post, and says nothing of how fast news goes out.
            machine.pulse.settled(delivery)
        if traces is not None:
            traces.settled(delivery)
        _show(wall, delivery)

    return settled


def _show(wall: Wall, delivery: Delivery) -> None:
    """Put on the wall what stands now; a change of a post is shown in the place of that."""
    if delivery.state is not State.SENT:
        return
    post = DeliveryId(delivery.of or delivery.id)
    if delivery.errand is Errand.DELETE:
        wall.take_down(post)
    else:
        wall.show(replace(delivery, id=post))


def _health_of(opened: OpenStore, intake: Intake) -> Callable[[], Any]:
    async def health() -> Mapping[str, Any]:
        await opened.store.switch.paused()
        feeds = {shown_address(line.url): line.why or "ok" for line in intake.health()}
        return {"ok": True, "store": opened.where, "feeds": feeds}

    return health
