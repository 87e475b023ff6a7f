"""What the demo's paper publishes, and in which order: first the written stories, then an endless supply."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from pydantic import TypeAdapter

from bot.demo.endless import invented
from bot.demo.motifs import MOTIFS

_FILE = files("bot.demo").joinpath("data/stories.toml")

GENERAL = "أخبار"
"""The section of an article that is filed under none of its own; also what the paper calls all its news."""

FIRST_INVENTED = 49_001
"""WordPress's number of the first article after the written ones."""


class Place(StrEnum):
    """Where an article names its picture; WordPress itself names none, so each paper has its own habit."""

    MEDIA = "media"
    ENCLOSURE = "enclosure"
    BODY = "body"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Article:
    """One state of an article. The same number again is an edit."""

    number: int
    title: str
    byline: str
    categories: tuple[str, ...]
    """Sections and tags, mixed, as WordPress gives them."""
    place: Place
    content: str
    """HTML, without the paper's own footer."""

    @property
    def section(self) -> str:
        """The first category that is a section with pictures of its own."""
        own = (name for name in self.categories if name in MOTIFS and name != GENERAL)
        return next(own, GENERAL)


def standing() -> tuple[Article, ...]:
    """What stands in the feed before the demo begins, oldest first; a newsroom that starts posts none of it."""
    return _articles("standing")


def written() -> tuple[Article, ...]:
    """What is published then, in order."""
    return _articles("story")


def step(number: int) -> Article:
    """The article that is published as step `number`, from 0 on; there is no last one."""
    stories = written()
    return stories[number] if number < len(stories) else invented_article(FIRST_INVENTED + number - len(stories))


def invented_article(number: int) -> Article:
    """The article with this number, from `FIRST_INVENTED` on."""
    count = number - FIRST_INVENTED
    draft = invented(count)
    return Article(
        number=number,
        title=draft.title,
        byline=draft.byline,
        categories=draft.categories,
        place=(Place.MEDIA, Place.BODY, Place.ENCLOSURE)[count % 3],
        content="".join(f"<p>{paragraph}</p>\n" for paragraph in draft.paragraphs),
    )


@cache
def _articles(kind: str) -> tuple[Article, ...]:
    return TypeAdapter(tuple[Article, ...]).validate_python(tomllib.loads(_FILE.read_text("utf-8"))[kind])
