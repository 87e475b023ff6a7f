"""How things stand, in words for editors: pure, from what the ledger says."""

from collections.abc import Iterable, Mapping

from bot.commands.replies import Replies
from newsroom.delivery import Delivery, State
from newsroom.ports import Life
from newsroom.purse import Spent, dollars
from newsroom.target import TargetId


def place_of(target: TargetId) -> str:
    """A target as editors call it: `@channel`, `X`."""
    network, _, address = target.partition(":")
    return address if network == "telegram" else "X"


def lines_of(deliveries: Iterable[Delivery], replies: Replies) -> str:
    """One line a target: where, how it stands, the post's link or the reason."""
    lines = []
    for delivery in deliveries:
        is_there = delivery.state is State.SENT
        # A post that stands may say why it stays as it is; of a change the post itself has the link.
        changed = replies("changes", count=delivery.changes) if delivery.changes else ""
        said = (delivery.url if is_there and not delivery.of else "", changed, delivery.why)
        tail = "  ".join(part for part in said if part)
        how = replies.change(delivery.errand, delivery.state) if delivery.of else replies.state(delivery.state)
        lines.append(f"{place_of(delivery.target)}: {how}{f'  {tail}' if tail else ''}")
    return "\n".join(lines)


def life_of(life: Life, replies: Replies) -> str:
    """A story's way, stage by stage."""
    return replies(
        "why",
        headline=life.story.headline,
        met=f"{life.story.met:%Y-%m-%d %H:%M:%S} UTC",
        verdict=replies.verdict(life.verdict),
        reason=replies.reason(life.reason),
        lines=lines_of(life.deliveries, replies) or replies("why_none"),
    )


def spent_of(spent: Spent, replies: Replies) -> str:
    """What X has cost; empty while it has cost nothing this month."""
    if spent == Spent():
        return ""
    return replies("spent", day=dollars(spent.day), month=dollars(spent.month))


def targets_of(counts: Mapping[TargetId, Mapping[State, int]], replies: Replies) -> str:
    """One line a target: how many wait, are sent now, are uncertain."""
    lines = [
        replies("status_target", target=place_of(target), **{state.value: count for state, count in states.items()})
        for target, states in counts.items()
    ]
    return "\n".join(lines) or replies("status_nothing")
