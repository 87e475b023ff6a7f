"""How things stand, in words for editors, from what the ledger says."""

from collections.abc import Iterable, Mapping

from bot.commands.replies import Replies
from bot.commands.stages import stages_of
from newsroom.batch import Waiting
from newsroom.delivery import Delivery, State
from newsroom.ports import Ledger, Life
from newsroom.purse import Spent, dollars
from newsroom.story import keys_of_link
from newsroom.target import TargetId


def place_of(target: TargetId) -> str:
    """A target as editors call it: `@channel`, `X`."""
    network, _, address = target.partition(":")
    return address if network == "telegram" else "X"


def headline_of(life: Life) -> str:
    """As its posts read now: an editor's correction is the desk's word, whatever the site says."""
    posts = (one.post.headline for one in life.deliveries if not one.of and one.state in {State.SENT, State.PLANNED})
    return next((headline for headline in posts if headline), life.story.headline)


def lines_of(deliveries: Iterable[Delivery], replies: Replies) -> str:
    """One line a target: where, how it stands, the post's link or the reason."""
    lines = []
    for delivery in deliveries:
        is_there = delivery.state is State.SENT
        # A post that stands may say why it stays as it is; of a change the post itself has the link.
        changed = replies("changes", count=delivery.changes) if delivery.changes else ""
        said = (delivery.url if is_there and not delivery.of else "", changed, replies.why(delivery.why))
        tail = "  ".join(part for part in said if part)
        how = replies.change(delivery.errand, delivery.state) if delivery.of else replies.state(delivery.state)
        lines.append(replies("place_line", place=place_of(delivery.target), said=f"{how}{f'  {tail}' if tail else ''}"))
    return "\n".join(lines)


async def why_of(named: str, ledger: Ledger, replies: Replies) -> str:
    """The way of the story with this link or id, stage by stage.

    Raises:
        StoreUnavailable: the ledger cannot be read.
    """
    for name in (*keys_of_link(named), named):
        life = await ledger.life(name)
        if life is not None:
            first = await ledger.life(life.of) if life.of else None
            return life_of(life, replies, first.story.headline if first else "")
    return replies("why_unknown")


def life_of(life: Life, replies: Replies, of: str = "") -> str:
    """A story's way, stage by stage; `of` is the headline of the story that it relates to."""
    return replies(
        "why",
        headline=life.story.headline,
        met=replies.day(life.story.met),
        stages="\n".join(_stages(life, replies, of)),
        lines=lines_of(life.deliveries, replies) or replies("why_none"),
    )


def _stages(life: Life, replies: Replies, of: str) -> Iterable[str]:
    known = replies("why_of", headline=of) if of else ""
    for stage in stages_of((life.relation, life.ground), (life.verdict, life.reason), life.policies, life.batch):
        if stage.name == "verdict":
            yield replies("why_verdict", verdict=replies.verdict(life.verdict), reason=replies.reason(life.reason))
        else:
            yield replies(f"why_{stage.name}", words=replies.said(stage.words), of=known)


def batches_of(waiting: Iterable[Waiting], replies: Replies) -> str:
    """What waits for the desk, a line each."""
    lines = (
        replies("batch_waiting", cause=replies(f"cause_{one.batch.cause}"), count=len(one.stories))
        for one in waiting
        if one.holds
    )
    return "\n".join(lines)


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
