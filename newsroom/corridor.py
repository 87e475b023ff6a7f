"""The corridor: all decisions about one entry, in their order, and about those that come with it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeGuard

from newsroom.admission import Admission
from newsroom.batch import Batch, Cause, batch_of_lookalikes, batch_of_one
from newsroom.correction import Corrections, revisions_of
from newsroom.delivery import Lane
from newsroom.entry import Entry
from newsroom.errand import Errand, Revision
from newsroom.errors import EntryRefused
from newsroom.flash import OPEN_FOR, is_flash, relate_to_flash
from newsroom.policy import Policy, Ruling, Then, ruling_of
from newsroom.ports import Renderer
from newsroom.post import Post, PostKind
from newsroom.relation import Duplicate, Ground, Lookalike, New, Relation, Update
from newsroom.rules import Rules
from newsroom.site import Site
from newsroom.story import Story, StoryId, learnt, story_of
from newsroom.target import Network, Target, TargetId, network_of
from newsroom.verdict import Breaking, Held, Ignored, Ordinary, Verdict, Why, judge, kicker_for
from newsroom.window import Window

WAITS_FOR_WORD = timedelta(days=30)
"""A post that waits for an editor's word is due when nothing is news any more."""


@dataclass(frozen=True, slots=True)
class House:
    """What this newsroom is: its paper, its rules, its followers' places."""

    site: Site
    rules: Rules
    targets: tuple[Target, ...]
    corrections: Corrections = field(default_factory=Corrections)
    policies: tuple[Policy, ...] = ()
    """Rules by section, keyword, hour, …: the first that matches speaks."""


@dataclass(frozen=True, slots=True)
class Considered:
    """A story with all that was decided about it."""

    story: Story
    relation: Relation
    verdict: Verdict
    by: str = ""
    before: Story | None = None
    """Where the very article was edited: how it read until now."""
    rulings: tuple[Ruling, ...] = ()
    """What the house's policies say of it, one a target."""
    batch: Batch | None = None
    """With what it waits for the desk; it goes out only when the desk says so."""
    due: float = 0.0
    """Unix seconds at which its editor wants it out; 0 is at once."""
    was_breaking: bool = False
    """It was known, and breaking already under the rules of today. Only a story whose class changed is completed: a rule
    or a channel that is new brings no old story out."""

    @property
    def waits(self) -> bool:
        """Whether it goes nowhere before the desk said so; what a policy holds at one target goes to the others."""
        return self.batch is not None and self.batch.cause is not Cause.LOOKALIKE and self.batch.why != Why.POLICY

    @property
    def lane(self) -> Lane:
        """Breaking goes before ordinary."""
        return Lane.BREAKING if isinstance(self.verdict, Breaking) else Lane.ORDINARY

    @property
    def of(self) -> StoryId | None:
        """The earlier story it relates to."""
        return None if isinstance(self.relation, New) else self.relation.of

    @property
    def same_as(self) -> StoryId | None:
        """The earlier story that it is, told again or edited."""
        return self.of if isinstance(self.relation, Duplicate) or is_edit(self.relation) else None


def consider(entry: Entry, house: House, window: Window, now: datetime, *, by: str = "") -> Considered:
    """All decisions about one entry, in the corridor's order. Pure.

    `by` names the editor who pushes it: a push is judged like a feed's entry, but never held or ignored.

    Raises:
        EntryRefused: it cannot become a story.
    """
    story = story_of(entry, house.site, now)
    relation = relate_to_flash(story, window)
    verdict = judge(story, house.rules, now)
    if by and not story.headline:
        raise EntryRefused("there is no headline in it")
    if by and isinstance(verdict, Held | Ignored):
        verdict = Ordinary(Why.EDITOR)
    known = None if isinstance(relation, New) else window.story(relation.of)
    before = known if is_edit(relation) else None
    if known and _continues(relation):
        story = replace(story, thread=known.thread or known.id)
    considered = Considered(learnt(before, story) if before else story, relation, verdict, by, before)
    return replace(
        considered,
        rulings=() if by else rulings_of(considered, house, now),
        was_breaking=bool(known and considered.same_as and _is_urgent(known, house.rules)),
    )


def _continues(relation: Relation) -> bool:
    """Whether it hangs under the other's post: news of it, or the details under another headline with half its text."""
    if isinstance(relation, Update):
        return not relation.same_article
    return isinstance(relation, Lookalike) and relation.why == Ground.SHARED_TEXT


def _is_urgent(story: Story, rules: Rules) -> bool:
    """Whether it was breaking in its own hour."""
    return isinstance(judge(story, rules, story.dated), Breaking)


def released(story: Story, house: House, now: datetime, by: str) -> Considered:
    """A story that waited and that an editor lets go now. It keeps its class while it is still that.

    What a policy keeps from a target stays kept from it.
    """
    verdict = judge(story, house.rules, now)
    verdict = verdict if isinstance(verdict, Breaking) else Ordinary(Why.EDITOR)
    considered = Considered(replace(story, met=now), Duplicate(story.id, Ground.NOTHING_CHANGED), verdict, by)
    kept_from = (ruling for ruling in rulings_of(considered, house, now) if ruling.by and ruling.then is Then.SKIP)
    return replace(considered, rulings=tuple(kept_from))


def rulings_of(considered: Considered, house: House, now: datetime) -> tuple[Ruling, ...]:
    """What the policies, or the house's own word, say of a story at each target."""
    is_breaking = isinstance(considered.verdict, Breaking)
    otherwise = Then.POST if is_breaking or house.rules.post_ordinary else Then.SKIP
    return tuple(
        ruling_of(considered.story, considered.lane, target, house.policies, now, otherwise=otherwise)
        for target in house.targets
    )


def take_note(considered: Considered, window: Window) -> None:
    """Let those that are judged after it know it.

    A story told again elsewhere teaches the window nothing: under the first one's name its own headline would look like
    an edit, and the post would change to and fro between two editors' words. The store knows its keys all the same.
    """
    if not isinstance(considered.relation, Duplicate):
        window.add(considered.story)


def targets_of(considered: Considered, house: House) -> tuple[tuple[Target, Ruling | None], ...]:
    """Where it is to be posted, where it is not posted yet, and by which ruling."""
    ruled = {ruling.target.id: ruling for ruling in considered.rulings}
    if considered.by:
        return tuple((target, None) for target in house.targets if target.id not in ruled)
    is_breaking = isinstance(considered.verdict, Breaking)
    if considered.waits or not isinstance(considered.verdict, Breaking | Ordinary):
        return ()
    if considered.same_as and (considered.was_breaking or not is_breaking):
        return ()
    return tuple((target, ruled[target.id]) for target in house.targets if ruled[target.id].sends)


def goes_out(considered: Considered, house: House) -> bool:
    """Whether it is to be posted anywhere."""
    return bool(targets_of(considered, house))


def is_edit(relation: Relation) -> TypeGuard[Update]:
    """Whether the very article that is known was changed."""
    return isinstance(relation, Update) and relation.same_article


# --- what waits for the desk ----------------------------------------------------------------------------


def held_in_flood(considered: Considered, batch: Batch) -> Considered:
    """One of a flood: its keys are learnt, nothing is posted, and nothing that stands is edited."""
    relation = considered.relation
    if considered.same_as:
        relation = Duplicate(considered.same_as, relation.why)
    return replace(considered, relation=relation, verdict=Held(Why.FLOOD), before=None, batch=batch)


def waits_for_desk(asked: Sequence[Considered], house: House, backlog: Batch) -> tuple[Considered, ...]:
    """Those that came together, each with the batch in which it waits, if it must.

    A backlog: breaking stories whose urgency expired before we met them, several ordinary ones that are late, or more
    at once than followers can read. What is still urgent is none. Held stories wait one by one.
    """
    late = _backlog(asked, house)
    held = [replace(one, batch=backlog) if id(one) in late else _held_alone(one) for one in asked]
    return _told_of_likeness(held, house)


def _told_of_likeness(asked: Sequence[Considered], house: House) -> tuple[Considered, ...]:
    """Perhaps the same as an earlier one: it goes out, and the desk is told, in one message for all that came together."""
    alike = [one for one in asked if one.batch is None and isinstance(one.relation, Lookalike) and goes_out(one, house)]
    if not alike:
        return tuple(asked)
    first = alike[0]
    batch = batch_of_lookalikes([one.story.id for one in alike], first.relation.why, first.story.feed)
    ids = {id(one) for one in alike}
    return tuple(replace(one, batch=batch) if id(one) in ids else one for one in asked)


def _backlog(asked: Sequence[Considered], house: House) -> frozenset[int]:
    """By `id`, since two stories may be alike."""
    rules = house.rules
    ordinary = [
        one
        for one in asked
        if not (one.by or one.batch or one.same_as) and isinstance(one.verdict, Ordinary) and one.story.headline
    ]
    going = [one for one in ordinary if goes_out(one, house)]
    expired = [one for one in ordinary if one.verdict.why is Why.URGENCY_EXPIRED and not goes_out(one, house)]
    if len(going) <= rules.burst_count:
        going = [one for one in going if one.story.met - one.story.dated > rules.breaking_for]
        going = going if len(going) >= rules.backlog_least else []
    return frozenset(id(one) for one in (*going, *expired))


def _held_alone(considered: Considered) -> Considered:
    """Held by itself: by its verdict, or by a policy at one of its targets. One without a headline cannot go out."""
    if considered.by or considered.batch or considered.same_as or not considered.story.headline:
        return considered
    story, verdict = considered.story, considered.verdict
    if isinstance(verdict, Held):
        return replace(considered, batch=batch_of_one(story.id, verdict.why, story.feed))
    ruled = [ruling for ruling in considered.rulings if ruling.then is Then.HOLD]
    if not ruled or isinstance(verdict, Ignored):
        return considered
    return replace(considered, batch=batch_of_one(story.id, Why.POLICY, story.feed))


# --- what goes to the outbox ----------------------------------------------------------------------------


def posts_of(considered: Considered, house: House, renderer: Renderer) -> tuple[Post, ...]:
    """The posts that would go out, one a target. Pure, as rendering is."""
    kicker = kicker_for(considered.story, considered.verdict)
    posts = []
    for target, ruling in targets_of(considered, house):
        post = renderer.render(considered.story, kicker, considered.lane, target)
        if is_flash(considered.story):
            # Seconds count, and its picture comes with the article.
            post = post.without_picture()
        if ruling and ruling.then is Then.SILENT:
            post = replace(post, silent=True)
        # A reply on X is hidden from most who follow the account, so there every post stands by itself.
        posts.append(replace(post, thread=considered.story.thread) if target.network is Network.TELEGRAM else post)
    return tuple(posts)


def edits_of(considered: Considered, house: House, renderer: Renderer) -> tuple[Revision, ...]:
    """What readers would see of an edit of the article, one a target. Pure, as rendering is."""
    if considered.before is None:
        return ()
    edits = revisions_of(considered.before, considered.story, house.targets, renderer, house.corrections)
    if not is_flash(considered.before):
        return edits
    within = OPEN_FOR.total_seconds()
    pictures = [
        replace(edit, errand=Errand.PICTURE, within=within)
        for edit in edits
        if network_of(edit.target) is Network.TELEGRAM and edit.breaking.kind is PostKind.PHOTO
    ]
    return (*edits, *pictures)


def dues_of(considered: Considered, rules: Rules) -> Mapping[TargetId, float]:
    """Unix seconds before which a post does not go: an ordinary story settles, and a policy's hours are waited out.

    What is breaking waits for neither, but for hours that a policy names for breaking stories. Where the desk is asked
    first, both wait for it.
    """
    if considered.by:
        return {}
    met = considered.story.met
    is_breaking = isinstance(considered.verdict, Breaking)
    settled = met if is_breaking else met + rules.settle_for
    match rules.ask_breaking if is_breaking else rules.ask_ordinary:
        case "countdown":
            settled = max(settled, met + rules.countdown)
        case "approve":
            # Later than it is news: without an editor's word it expires.
            settled = met + WAITS_FOR_WORD
        case "report":
            pass
    dues = {ruling.target.id: max(settled, ruling.until or settled) for ruling in considered.rulings}
    return {target: due.timestamp() for target, due in dues.items() if due > met}


def admission_of(
    considered: Considered, posts: tuple[Post, ...], rules: Rules, revisions: tuple[Revision, ...] = ()
) -> Admission:
    """What the outbox is asked for. Pure."""
    story, verdict, relation = considered.story, considered.verdict, considered.relation
    born = story.met if considered.by or story.published is None else min(story.published, story.met)
    fresh_for = rules.breaking_for if isinstance(verdict, Breaking) and not considered.by else rules.news_for
    expires = (born + fresh_for).timestamp()
    return Admission(
        story=story,
        posts=posts,
        lane=considered.lane,
        verdict=name_of(verdict),
        reason=verdict.why,
        expires=max(expires, considered.due + rules.news_for.total_seconds()) if considered.due else expires,
        by=considered.by,
        completes=bool(posts),
        same_as=considered.same_as,
        rewrite=is_edit(relation),
        revisions=revisions,
        dues={post.target: considered.due for post in posts} if considered.due else dues_of(considered, rules),
        batch=considered.batch,
        relation=name_of(relation),
        ground=relation.why,
        of=considered.of,
        policies={ruling.target.id: f"{ruling.then} {ruling.by}" for ruling in considered.rulings if ruling.by},
    )


def name_of(decided: Verdict | Relation) -> str:
    """`breaking`, `duplicate`, …: as logs, the store and `simulate` call it."""
    return type(decided).__name__.lower()
