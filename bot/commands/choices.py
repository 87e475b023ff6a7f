"""What may still be done about a story, and the buttons for it. Pure."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from bot.commands.editors import Right
from bot.commands.questions import Choice
from newsroom.delivery import Delivery, State
from newsroom.target import Network, network_of
from newsroom.withdrawal import posts_standing

UNDO_SECONDS = 120.0
"""After a post was sent; who read it by then has read it."""
WAITS_SECONDS = 1.0
"""A post that is due sooner is on its way."""
RECEIPT, CANDIDATE = "receipt", "candidate"


class Stage(StrEnum):
    """Where a story stands for the desk."""

    COUNTDOWN = "countdown"
    """It goes out when its time comes, unless somebody stops it."""
    APPROVE = "approve"
    """It goes out when somebody says so."""
    UNDO = "undo"
    AFTER = "after"
    NONE = "none"
    """Nothing stands any more."""


def waiting_of(deliveries: Iterable[Delivery]) -> tuple[Delivery, ...]:
    """Posts that were not sent yet."""
    return tuple(one for one in deliveries if one.state is State.PLANNED and not one.of)


def stage_of(deliveries: Sequence[Delivery], now: float) -> Stage:
    """Where it stands at `now`, in Unix seconds."""
    standing = posts_standing(deliveries)
    if not standing:
        return Stage.NONE
    sent = [post.settled for post in standing if post.state is State.SENT]
    if not sent and all(one.due > now + WAITS_SECONDS for one in standing if one.state is State.PLANNED):
        waiting = waiting_of(standing)
        if len(waiting) == len(standing):
            return Stage.APPROVE if any(one.due > one.expires for one in waiting) else Stage.COUNTDOWN
    return Stage.UNDO if not sent or now - min(sent) < UNDO_SECONDS else Stage.AFTER


def choices_of(stage: Stage, deliveries: Iterable[Delivery], story: str, once: str, owner: int) -> list[list[Choice]]:
    """The buttons, row by row.

    Args:
        stage: where the story stands.
        deliveries: of the story.
        story: its id.
        once: of the message's version; of all buttons that decide, one press counts.
        owner: whose push it was; 0 for a feed's own.
    """
    match stage:
        case Stage.NONE:
            return []
        case Stage.UNDO:
            return [[Choice(RECEIPT, "undo", story, Right.APPROVE, once, "receipt_undo", owner=owner)]]
        case Stage.AFTER:
            return [
                [
                    Choice(RECEIPT, "correct", story, Right.PUBLISH, f"{once}:correct", "receipt_correct"),
                    Choice(RECEIPT, "retract", story, Right.RETRACT, f"{once}:retract", "receipt_retract"),
                ]
            ]
        case Stage.COUNTDOWN | Stage.APPROVE:
            on_x = any(network_of(one.target) is Network.X for one in waiting_of(deliveries))
            return _candidate(story, once, approves=stage is Stage.APPROVE, on_x=on_x)


def _candidate(story: str, once: str, *, approves: bool, on_x: bool) -> list[list[Choice]]:
    def choice(answer: str, right: Right = Right.PUBLISH, apart: str = "") -> Choice:
        return Choice(CANDIDATE, answer, story, right, f"{once}{apart}", f"candidate_{answer}")

    more = [choice("silent", apart=":silent")]
    if on_x:
        more.append(choice("telegram", apart=":telegram"))
    if not approves:
        more.append(choice("delay", apart=":delay"))
    return [
        [choice("now", Right.APPROVE if approves else Right.PUBLISH), choice("cancel")],
        [choice("headline", apart=":headline"), choice("picture", apart=":picture")],
        more,
    ]
