"""Candidates: which of the pictures offered with a story are worth fetching, and in which order.

A wrong picture is worse than none: nothing is taken from another story, and what is plainly a logo, an avatar, a
thumbnail or a tracking pixel is not asked for at all.
"""

import re
from urllib.parse import unquote, urlsplit

from newsroom.entry import Picture, PictureSource

MOST = 4
"""More would spend the time that a post may wait for its picture."""

SMALLEST = 300
"""Pixels of the shorter side: below it a picture is a thumbnail and looks torn on a phone."""
WIDEST = 3.0
"""Longer side to shorter: beyond it a picture is a banner. Telegram itself refuses 20."""

_ORDER = tuple(PictureSource)
_THUMBNAIL = re.compile(r"-(\d{2,4})x(\d{2,4})\.\w+$")
_ORNAMENT = re.compile(
    r"(?:^|[/._-])(?:cropped-)?(?:logo|favicon|avatar|gravatar|icon|icons|emoji|spinner|pixel|blank|placeholder|spacer"
    r"|default-image|no-?image|loading|1x1)(?:[/._-]|$)"
)


def ranked(pictures: tuple[Picture, ...]) -> tuple[Picture, ...]:
    """The candidates, best first: by source, and within a source as they were given. Each address once."""
    best: dict[str, Picture] = {}
    for picture in sorted(pictures, key=lambda one: _ORDER.index(one.source)):
        if _may_be_fit(picture):
            best.setdefault(picture.url, picture)
    return tuple(best.values())[:MOST]


def _may_be_fit(picture: Picture) -> bool:
    try:
        parts = urlsplit(picture.url)
    except ValueError:
        return False
    path = unquote(parts.path).lower()
    if parts.scheme not in {"http", "https"} or not parts.hostname or path.endswith((".svg", ".svgz", ".ico")):
        return False
    thumbnail = _THUMBNAIL.search(path)
    claimed = [(picture.width, picture.height), (int(thumbnail[1]), int(thumbnail[2])) if thumbnail else (0, 0)]
    if any(0 < side < SMALLEST for size in claimed for side in size):
        return False
    if picture.width and picture.height and is_banner(picture.width, picture.height):
        return False
    return not _ORNAMENT.search(path) and "gravatar.com" not in parts.hostname


def is_banner(width: int, height: int) -> bool:
    """Whether the picture is too long in one direction to be one of a story."""
    return max(width, height) > WIDEST * min(width, height)
