"""A relation: what a story is to those the newsroom has met lately.

A ladder, from the surest rung down. A desk does not forgive a story that was swallowed, so «the same» is said only on
evidence, and closeness of headlines alone never silences (facts: Arabic newsroom §3 has the measurements).

    1  a key in common                          the same article: Update of it, or Duplicate
    2  the same headline but for typography     Duplicate within a day, unless the texts differ
    3  close headlines, shared text, nothing that contradicts, no word that the other does not know    Duplicate
    4  the same event with another count        Update: goes out, under the first
    5  close headlines, or shared text          Lookalike: goes out, and the desk is told
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from newsroom import figure, toll
from newsroom.arabic import key_text, words
from newsroom.conflict import OTHER_EVENT, Conflict, conflicts_of
from newsroom.entry import HOOK
from newsroom.gist import Gist, gist_of
from newsroom.likeness import beyond, closeness, cover, is_about, is_same_text, is_told_by, telling_of
from newsroom.marker import Kicker
from newsroom.stem import root
from newsroom.story import Story, StoryId
from newsroom.window import Recalled, Window


class Ground(StrEnum):
    """What a relation rests on; the words for it, Arabic and English, stand in bot/commands/replies/."""

    NOTHING_LIKE_IT = "nothing_like_it"
    ARTICLE_OF_FLASH = "article_of_flash"
    """It is the article that an editor's flash ran ahead of."""
    NOTHING_CHANGED = "nothing_changed"
    """The same article, and a reader would see no difference."""
    HEADLINE_CHANGED = "headline_changed"
    KIND_CHANGED = "kind_changed"
    LEAD_CHANGED = "lead_changed"
    PICTURE_CHANGED = "picture_changed"
    SAME_TITLE = "same_title"
    SAME_TEXT = "same_text"
    CLOSE_TITLE_AND_TEXT = "close_title_and_text"
    SAID_TO_BE_AN_UPDATE = "said_to_be_an_update"
    """Its own marker says تحديث, تصحيح or توضيح."""
    OTHER_COUNT = "other_count"
    OLDER_COUNT = "older_count"
    """It counts otherwise, but is older than what we have."""
    SAME_TITLE_OTHER_TEXT = "same_title_other_text"
    SAME_TITLE_OTHER_DAY = "same_title_other_day"
    SAME_SHORT_TITLE = "same_short_title"
    """Two words alone are no evidence."""
    CLOSE_TITLE = "close_title"
    SHARED_TEXT = "shared_text"
    CONTRADICTS = "contradicts"
    """Close, but it says otherwise."""


@dataclass(frozen=True, slots=True)
class New:
    """Nothing like it."""

    why: str = Ground.NOTHING_LIKE_IT


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The same story: nothing goes out."""

    of: StoryId
    why: str


@dataclass(frozen=True, slots=True)
class Update:
    """The same event, with news: never dropped."""

    of: StoryId
    why: str
    same_article: bool = False
    """True when the very article was edited (same guid or link): the post is edited, none is added."""


@dataclass(frozen=True, slots=True)
class Lookalike:
    """Perhaps the same: it goes out, and the editors are told."""

    of: StoryId
    why: str


Relation = New | Duplicate | Update | Lookalike

SAME_TITLE_WITHIN = timedelta(hours=24)
CLOSE = 66.0
"""`likeness.closeness` from which two headlines may be one story: 61 % are at 66 to 75, without other evidence."""
CLOSER = 75.0
"""85 % and more are, and with a fifth of the text in common all that were read."""
CLOSEST = 85.0
SOME_TEXT, MUCH_TEXT, MOST_TEXT = 0.2, 0.5, 0.85
"""`likeness.cover` is bimodal: of 537 close pairs 18 share less than .15 and 455 more than .6."""
NO_TEXT = 0.1
_NEWS_KINDS = frozenset({Kicker.UPDATE, Kicker.FOLLOW_UP, Kicker.CORRECTION, Kicker.CLARIFICATION})
_RANK: tuple[type[Relation], ...] = (New, Lookalike, Update, Duplicate)
_PEOPLE = frozenset({"شخص", "شخصا", "اشخاص", "اخرون", "اخرين"})
_PICTURE_SIZE = re.compile(r"(?:-\d+x\d+)?(\.\w+)(?:\?.*)?$")


def relate(story: Story, window: Window) -> Relation:
    """What a story is to those of the window. Pure; the window is only read."""
    for key in story.keys:
        known = window.story(key)
        if known:
            return _told_again(story, known)
    if not story.headline:
        return New()
    gist = gist_of(story)
    shingles = frozenset(gist.shingles)
    best: Relation = New()
    standing = (0, 0.0, 0)
    for recalled in window.alike(gist):
        pair = _pair_of(story, gist, shingles, recalled)
        relation = _compare(pair) if pair else New()
        rank = (_RANK.index(type(relation)), pair.closeness if pair else 0.0, recalled.place)
        if rank > standing:
            best, standing = relation, rank
    return best


# --- the first rung: the same article -------------------------------------------------------------------


def _told_again(story: Story, known: Story) -> Relation:
    changes = {
        Ground.HEADLINE_CHANGED: story.headline != known.headline,
        Ground.KIND_CHANGED: story.kicker != known.kicker and story.kicker in _NEWS_KINDS,
        Ground.LEAD_CHANGED: not _is_same_lead(story, known),
        Ground.PICTURE_CHANGED: not _is_same_picture(story, known),
    }
    changed = next((ground for ground, is_so in changes.items() if is_so), None)
    if changed is None:
        return Duplicate(known.id, Ground.NOTHING_CHANGED)
    return Update(known.id, changed, same_article=True)


def _is_same_lead(story: Story, known: Story) -> bool:
    """Two feeds of one site may cut a lead at different lengths: that is no edit, and would be undone at every poll."""
    if story.feed == known.feed or not (story.lead and known.lead):
        return story.lead == known.lead
    shorter, longer = sorted((story.lead.rstrip(" .…[]"), known.lead), key=len)
    return longer.startswith(shorter.rstrip(" .…[]"))


def _is_same_picture(story: Story, known: Story) -> bool:
    """WordPress's feed names no featured picture, its hook does: what the one shows is no edit of the other's."""
    one_is_hook = (story.feed == HOOK) != (known.feed == HOOK)
    return one_is_hook or _picture_of(story) == _picture_of(known)


def _picture_of(story: Story) -> str:
    """The first picture, whichever of WordPress's sizes is named."""
    return _PICTURE_SIZE.sub(r"\1", story.pictures[0].url) if story.pictures else ""


# --- the rungs below: two articles ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Pair:
    """A story and one it may be, with what was measured between them."""

    story: Story
    known: Story
    gist: Gist
    other: Gist
    closeness: float
    cover: float | None
    """None where one of them has no text of its own."""
    conflicts: frozenset[Conflict]

    @property
    def shared(self) -> float:
        """Share of text in common; without a text there is none."""
        return self.cover or 0.0


def _pair_of(story: Story, gist: Gist, shingles: frozenset[int], recalled: Recalled) -> _Pair | None:
    """None where too little is common to look closer, or where it happened elsewhere or at another time."""
    other = recalled.gist
    is_one_title = gist.title == other.title
    share = cover(shingles, other)
    if len(gist.roots & other.roots) < 2 and not is_one_title and (share or 0.0) < SOME_TEXT:
        return None
    conflicts = conflicts_of(gist, other)
    if not is_one_title and not conflicts.isdisjoint(OTHER_EVENT):
        return None
    return _Pair(story, recalled.story, gist, other, closeness(gist, other), share, conflicts)


def _compare(pair: _Pair) -> Relation:
    if pair.gist.title == pair.other.title:
        return _same_title(pair)
    if _is_news_of(pair):
        return _update(pair)
    if _is_retold(pair):
        return _update(pair) if _leads_count_otherwise(pair) else Duplicate(pair.known.id, Ground.CLOSE_TITLE_AND_TEXT)
    if pair.shared >= MOST_TEXT and not pair.conflicts - {Conflict.ORDER} and _is_reprinted(pair):
        return Duplicate(pair.known.id, Ground.SAME_TEXT)
    return _lookalike(pair)


def _same_title(pair: _Pair) -> Relation:
    of = pair.known.id
    if pair.story.kicker in _NEWS_KINDS and pair.story.kicker != pair.known.kicker:
        return Update(of, Ground.SAID_TO_BE_AN_UPDATE)
    if _leads_count_otherwise(pair):
        return _update(pair)
    if Conflict.DAY_IN_TEXT in pair.conflicts:
        return Lookalike(of, Ground.SAME_TITLE_OTHER_DAY)
    if abs(pair.story.dated - pair.known.dated) > SAME_TITLE_WITHIN:
        return (
            Duplicate(of, Ground.SAME_TEXT)
            if is_same_text(pair.story, pair.known)
            else Lookalike(of, Ground.SAME_TITLE_OTHER_DAY)
        )
    if pair.cover is None:
        is_telling = len(pair.gist.words) > 2
        return Duplicate(of, Ground.SAME_TITLE) if is_telling else Lookalike(of, Ground.SAME_SHORT_TITLE)
    if pair.cover >= SOME_TEXT:
        return Duplicate(of, Ground.SAME_TITLE)
    return Lookalike(of, Ground.SAME_TITLE_OTHER_TEXT)


def _is_retold(pair: _Pair) -> bool:
    """The third rung. What one headline says and the other does not must stand in the other's text.

    A name that the other never mentions is another event, however alike the rest is.
    """
    close_enough = (
        (pair.closeness >= CLOSER and pair.shared >= SOME_TEXT)
        or (pair.closeness >= CLOSE and pair.shared >= MUCH_TEXT)
        or pair.shared >= MOST_TEXT
    )
    if not close_enough or pair.conflicts:
        return False
    if pair.shared < MUCH_TEXT and beyond(pair.gist, pair.other) and beyond(pair.other, pair.gist):
        # One name for another, as two signings of one evening are told: each text may well mention the other's.
        return False
    ours, theirs = telling_of(pair.story), telling_of(pair.known)
    are_told = is_told_by(pair.gist, pair.other, theirs) and is_told_by(pair.other, pair.gist, ours)
    return are_told and is_about(ours, pair.gist) and is_about(theirs, pair.other)


def _is_reprinted(pair: _Pair) -> bool:
    """The text word for word, under another headline: one of the two headlines must then be drawn from the text.

    Where both say what stands nowhere in it, the text is a form: a ministry's announcement, an agency's notice. And where
    the texts differ in the very words in which the headlines do, they tell two events in one form.
    """
    if pair.gist.roots == pair.other.roots or not is_same_text(pair.story, pair.known):
        # The same words in another order, or in another form, say another thing: who accused whom, what rose as what fell.
        return False
    ours, theirs = telling_of(pair.story), telling_of(pair.known)
    if not (is_about(ours, pair.gist) or is_about(theirs, pair.other)):
        return False
    differing = beyond(pair.gist, pair.other) | beyond(pair.other, pair.gist)
    if any(ours.tells(word) != theirs.tells(word) for word in differing):
        return False
    is_ours_drawn = is_about(ours, pair.gist) and is_told_by(pair.gist, pair.other, theirs)
    is_theirs_drawn = is_about(theirs, pair.other) and is_told_by(pair.other, pair.gist, ours)
    has_more = pair.gist.roots - pair.other.roots, pair.other.roots - pair.gist.roots
    return bool((is_ours_drawn and has_more[0]) or (is_theirs_drawn and has_more[1]))


def _is_news_of(pair: _Pair) -> bool:
    """The fourth rung: it says so itself, or it counts otherwise what both count; and it is the same event."""
    if pair.story.kicker in _NEWS_KINDS and pair.story.kicker != pair.known.kicker:
        return _is_same_event(pair)
    counts_otherwise = pair.conflicts & {Conflict.NUMBER, Conflict.SCORE}
    if not counts_otherwise or Conflict.WAY in pair.conflicts:
        return False
    both_count = toll.is_counted(pair.gist.words) and toll.is_counted(pair.other.words)
    return (both_count or Conflict.SCORE in pair.conflicts) and _is_same_event(pair)


def _is_same_event(pair: _Pair) -> bool:
    """Beside the counts, most of what the shorter headline tells is told by both, and not each has its own name."""
    ours, theirs = _event(pair.gist), _event(pair.other)
    common = ours & theirs
    if common and ours == theirs and pair.closeness >= CLOSEST:
        return True
    if len(common) < 2 or len(common) < 0.6 * min(len(ours), len(theirs)):
        return pair.shared >= MUCH_TEXT
    both_have_more = bool(ours - theirs and theirs - ours)
    is_corrected = toll.is_recounted(pair.gist.words) or pair.story.kicker in _NEWS_KINDS
    is_there = not pair.gist.places.isdisjoint(pair.other.places)
    return not both_have_more or pair.shared >= SOME_TEXT or (is_corrected and is_there)


def _event(gist: Gist) -> frozenset[str]:
    counted = {one.counts for one in gist.figures}
    return gist.roots - {root(word) for word in gist.words if word in counted or toll.is_about_counts(word)}


def _leads_count_otherwise(pair: _Pair) -> bool:
    return figure.disagree(_toll_of(pair.story), _toll_of(pair.known))


def _toll_of(story: Story) -> list[figure.Figure]:
    """The people whom the lead counts: a later count under the same headline is news."""
    counted = figure.figures_of(words(key_text(story.lead)))
    return [one for one in counted if one.counts in _PEOPLE or toll.is_about_counts(one.counts)]


def _update(pair: _Pair) -> Relation:
    if pair.story.dated < pair.known.dated:
        return Lookalike(pair.known.id, Ground.OLDER_COUNT)
    said_so = pair.story.kicker in _NEWS_KINDS and pair.story.kicker != pair.known.kicker
    return Update(pair.known.id, Ground.SAID_TO_BE_AN_UPDATE if said_so else Ground.OTHER_COUNT)


def _lookalike(pair: _Pair) -> Relation:
    texts_differ = pair.cover is not None and pair.cover < NO_TEXT
    if pair.closeness >= (CLOSEST if texts_differ else CLOSE):
        return Lookalike(pair.known.id, Ground.CONTRADICTS if pair.conflicts else Ground.CLOSE_TITLE)
    if pair.shared >= MUCH_TEXT and len(pair.gist.roots & pair.other.roots) > 1:
        return Lookalike(pair.known.id, Ground.CONTRADICTS if pair.conflicts else Ground.SHARED_TEXT)
    return New()
