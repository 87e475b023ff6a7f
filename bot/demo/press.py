"""The demo paper's press: which articles stand in the paper at a moment, remembered over restarts in one small file.

Nothing runs in the background: whoever asks for the paper brings it up to date first, so that what is in the feed
depends on the time alone, and a stopped clock stops the paper.
"""

import json
import logging
import os
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from pydantic import TypeAdapter, ValidationError

from bot.demo.stories import FIRST_INVENTED, Article, invented_article, standing, step, written

FIRST_SECONDS = 2.0
"""From the start to the first new article."""

FEED_LENGTH = 10
"""WordPress's default, `posts_per_rss`."""

KEPT = 60
"""Articles whose pages can still be read."""

_SPACING_SECONDS = 23 * 60.0
"""Between the articles that stand there from the start; the newest is this old."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Issue:
    """An article as it stands in the paper."""

    article: Article
    slug: str
    """Percent-encoded; made from the first headline, and kept when that is edited, as WordPress does."""
    published: float
    """Unix seconds."""
    modified: float


@dataclass(frozen=True, slots=True)
class _Position:
    """What the file holds."""

    done: int
    """Steps published so far."""
    due: float
    """Unix seconds of the next step."""
    times: dict[int, tuple[float, float]]
    """By article number: published, modified."""
    port: int = 0
    """Where the paper was served, so that its addresses stay true after a restart."""


_FORM = TypeAdapter(_Position)


class Press:
    """The paper over time.

    Args:
        file: where the position is kept; a file that cannot be read starts the paper anew.
        every_seconds: from one article to the next.
        now: unix seconds of the start.
    """

    def __init__(self, file: Path, every_seconds: float, now: float) -> None:
        self._file = file
        self._every = every_seconds
        read = _read(file)
        if read is None:
            self._issues = {issue.article.number: issue for issue in _from_the_start(now)}
            self._at = _Position(0, now + FIRST_SECONDS, {})
        else:
            self._issues = {issue.article.number: issue for issue in _replayed(read)}
            # Nothing was published while nobody was there; a clock that was set back must not stop the paper.
            due = min(max(read.due, now + FIRST_SECONDS), now + max(every_seconds, FIRST_SECONDS))
            self._at = replace(read, due=due)

    @property
    def port(self) -> int:
        """Where the paper was served last; 0 before the first time."""
        return self._at.port

    def served_at(self, port: int) -> None:
        """Remember where the paper is served."""
        self._at = replace(self._at, port=port)
        self._write()

    def issues(self) -> tuple[Issue, ...]:
        """All articles that can be read, newest first."""
        return tuple(
            sorted(self._issues.values(), key=lambda issue: (issue.published, issue.article.number), reverse=True)
        )

    def wait(self, now: float) -> None:
        """Nothing new comes before readers who open the paper now have seen what stands in it."""
        self._at = replace(self._at, due=max(self._at.due, now + FIRST_SECONDS))

    def catch_up(self, now: float) -> None:
        """Publish what has fallen due, and write the position down before anybody sees it.

        At most a feed's length at once: a machine that slept must not wake to a year of news.
        """
        due, done = max(self._at.due, now - (FEED_LENGTH - 1) * self._every), self._at.done
        while due <= now:
            self._publish(step(done), due)
            due, done = due + self._every, done + 1
        if done != self._at.done:
            self._at = replace(self._at, due=due, done=done)
            self._write()

    def _publish(self, article: Article, moment: float) -> None:
        known = self._issues.get(article.number)
        if known is None:
            self._issues[article.number] = Issue(article, slug_of(article), moment, moment)
        else:
            self._issues[article.number] = replace(known, article=article, modified=moment)
        for issue in self.issues()[KEPT:]:
            del self._issues[issue.article.number]

    def _write(self) -> None:
        """Replace the file in one step, so that a kill leaves the old one or the new one."""
        times = {issue.article.number: (issue.published, issue.modified) for issue in self._issues.values()}
        self._at = replace(self._at, times=times)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        draft = self._file.with_suffix(".new")
        with draft.open("wb") as out:
            out.write(_FORM.dump_json(self._at))
            out.flush()
            os.fsync(out.fileno())
        draft.replace(self._file)


def slug_of(article: Article) -> str:
    """The last part of an article's address, as WordPress makes it: the title's letters and digits, percent-encoded.

    Invented titles come again after hours; their numbers keep the addresses apart, as WordPress's own `-2` would.
    """
    bare = "".join(char for char in unicodedata.normalize("NFC", article.title) if not unicodedata.combining(char))
    kept = "".join(char if char.isalnum() else " " if char in " -–_" else "" for char in bare)
    words = [*kept.lower().split(), *([str(article.number)] if article.number >= FIRST_INVENTED else [])]
    return quote("-".join(words)).lower()


def _read(file: Path) -> _Position | None:
    try:
        return _FORM.validate_json(file.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError, json.JSONDecodeError) as error:
        _log.warning("The demo's position in %s cannot be read, so it starts anew: %s", file.name, error)
        return None


def _from_the_start(now: float) -> Iterator[Issue]:
    for age, article in enumerate(reversed(standing()), start=1):
        moment = now - age * _SPACING_SECONDS
        yield Issue(article, slug_of(article), moment, moment)


def _replayed(position: _Position) -> Iterator[Issue]:
    """The issues at a position: the last state of each article that is still kept, under its first slug."""
    first: dict[int, Article] = {}
    last: dict[int, Article] = {}
    for article in (*standing(), *written()[: position.done]):
        first.setdefault(article.number, article)
        last[article.number] = article
    for number, (published, modified) in position.times.items():
        now = invented_article(number) if number >= FIRST_INVENTED else last.get(number)
        # None for an article of an older release of the demo: it is gone from the paper.
        if now is not None:
            yield Issue(now, slug_of(first.get(number, now)), published, modified)
