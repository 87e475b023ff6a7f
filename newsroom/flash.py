"""A flash: an editor's headline before there is an article, and the article that it ran ahead of. Pure.

The article is merged into the flash: the posts that stand are edited and none is added. A flash says little, so the ladder
of newsroom/relation.py, which was made for two articles, may see nothing: here most of what the flash says must stand in
the article, and nothing may contradict it.
"""

from datetime import timedelta

from newsroom.arabic import key_text, words
from newsroom.conflict import OTHER_EVENT, Conflict, conflicts_of
from newsroom.gist import gist_of
from newsroom.relation import Duplicate, Ground, New, Relation, Update, relate
from newsroom.stem import stem
from newsroom.story import Signal, Story
from newsroom.window import Recalled, Window

OPEN_FOR = timedelta(hours=6)
"""An article that comes later tells something else."""
SAID = 0.7
"""Share of the flash's telling words that the article's headline and first paragraph must hold,"""
SAID_LEAST = 3
"""and how many that must be: two words alone are no evidence."""
_CONTRADICTS = OTHER_EVENT | {Conflict.WAY, Conflict.MOOD, Conflict.SCORE}


def is_flash(story: Story) -> bool:
    """Whether it is a flash whose article has not come."""
    return Signal.EDITOR in story.signals and not story.link


def relate_to_flash(story: Story, window: Window) -> Relation:
    """What a story is to those of the window, where a flash waits for it too."""
    relation = relate(story, window)
    is_same = isinstance(relation, Duplicate | Update) and relation.why not in _OTHERS
    if is_flash(story) or not story.headline:
        return relation
    known = None if isinstance(relation, New) else window.story(relation.of)
    if known is not None and is_flash(known):
        return relation if relation.why == Ground.CONTRADICTS or not _is_open(known, story) else _merged(known)
    if is_same:
        return relation
    found = max(
        ((share, recalled.place, recalled.story) for recalled, share in _waiting(story, window)),
        key=lambda one: one[:2],
        default=None,
    )
    return relation if found is None else _merged(found[2])


_OTHERS = frozenset({Ground.OTHER_COUNT, Ground.SAID_TO_BE_AN_UPDATE})


def _merged(known: Story) -> Update:
    return Update(known.id, Ground.ARTICLE_OF_FLASH, same_article=True)


def _is_open(flash: Story, story: Story) -> bool:
    return abs(story.met - flash.met) <= OPEN_FOR


def _waiting(story: Story, window: Window) -> list[tuple[Recalled, float]]:
    """Open flashes that this article tells of, with how much of each it says."""
    gist = gist_of(story)
    said = {stem(word) for word in words(key_text(f"{story.headline} {story.lead}"))}
    found = []
    for recalled in window.alike(gist):
        if not is_flash(recalled.story) or not _is_open(recalled.story, story):
            continue
        stems = recalled.gist.stems
        common = stems & said
        conflicts = conflicts_of(gist, recalled.gist)
        contradicts = not conflicts.isdisjoint(_CONTRADICTS)
        if not contradicts and len(common) >= SAID_LEAST and len(common) >= SAID * len(stems):
            found.append((recalled, len(common) / len(stems)))
    return found
