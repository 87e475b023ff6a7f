"""The pictures that come with an entry: their full-size address, their order, and what is refused by its name."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

from newsroom.arabic import display
from newsroom.entry import Picture, PictureSource
from newsroom.halves import without_halves
from newsroom.link import host_of

_SCHEME = re.compile(r"[a-zA-Z][\w+.-]*:")
_AT_MOST = 10
"""Pictures kept of one entry; a gallery may have hundreds, and only the first that can be had is posted."""

# WordPress names its smaller copies so (image_make_intermediate_size); the file without it is the upload itself.
_SIZE_SUFFIX = re.compile(r"-(\d{2,4})x(\d{2,4})(?=\.(?:jpe?g|png|webp|gif|avif)$)", re.IGNORECASE)
_THUMBNAIL_PIXELS = 300
"""A copy no larger than this each way is a crop for lists, of use only through its full-size form."""
_ICON_PIXELS = 100
_PHOTON = re.compile(r"i\d\.wp\.com", re.IGNORECASE)
"""Jetpack's picture servers: the query asks for a size, without it they give the upload."""

_PICTURE_NAME = re.compile(r"\.(?:jpe?g|png|webp|gif|avif|bmp)(?:$|[?#])", re.IGNORECASE)
_NOT_A_PHOTO = re.compile(
    r"""\.(?:svgz?|ico)$                                                   # drawings and icons
    |/wp-content/(?:plugins|themes)/|/wp-includes/                         # the site's furniture
    |/(?:emoji|smilies|smileys|avatars?|icons?|flags|sprites?)/
    |/(?:[^/]*[_.-])?(?:logos?|avatars?|favicon|sprites?|emoji|placeholder|watermark)(?:[_.-][^/]*)?$
    |/(?:cropped|icon|default|no-?image|og-default|apple-touch)-[^/]*$     # cropped-…: WordPress's site icon
    |/(?:spacer|blank|pixel|clear|transparent|dot|empty|loading|loader|lazy|no-?image|default|1x1)\.(?:gif|png|jpe?g|webp)$
    |/(?:0|b|t|p)\.gif$                                                    # counters
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ESCAPED_ASCII = re.compile("%[2-7]")
_NOT_A_HOST_OF_PHOTOS = re.compile(
    r"(?:^|\.)(?:gravatar\.com|s\.w\.org|pixel\.wp\.com|stats\.wp\.com|doubleclick\.net|googlesyndication\.com|google-analytics\.com"
    r"|scorecardresearch\.com|feedburner\.com|feedsportal\.com|pheedo\.com|facebook\.com|sb\.scorecardresearch\.com)$"
)


_ADDRESSES = ("data-orig-file", "data-large-file", "data-lazy-src", "data-src", "data-original", "data-lazy", "src")
_SRCSETS = ("data-lazy-srcset", "data-srcset", "srcset")
_SRCSET_ENTRY = re.compile(r"([^\s,]\S*[^\s,])(?:\s+(\d+(?:\.\d+)?)w)?(?:\s+[\d.]+[xh])?\s*(?:,|$)")
_WIDER_THAN_ANY = 100_000
_NO_PHOTO_CLASS = re.compile(r"\b(?:avatar|emoji|wp-smiley|site-logo|custom-logo|tracking|pixel)\b", re.IGNORECASE)


def offered(
    url: str, source: PictureSource, *, base: str = "", width: int = 0, height: int = 0, alt: str = ""
) -> tuple[Picture, ...]:
    """What one address offers: the full-size form first, then the form as it was given; nothing when refused.

    Args:
        url: as it stands in the feed or page; may be relative, raw Arabic, a thumbnail or a tracking pixel.
        source: where it stood.
        base: address of the feed or page.
        width: pixels claimed, 0 for none.
        height: pixels claimed, 0 for none.
        alt: description, raw.
    """
    given = web_address(url, base)
    if not given or is_refused(given):
        return ()
    full = _full_size(given)
    if full == given:
        too_small = 0 < width < _ICON_PIXELS and 0 < height < _ICON_PIXELS
        return () if too_small else (Picture(given, source, width, height, display(alt)),)
    pictures = (Picture(full, source, alt=display(alt)),)
    # The suffix may be the author's own name for the file: then only the form as given can be had.
    return pictures if _is_thumbnail(given) else (*pictures, Picture(given, source, width, height, display(alt)))


def pictures_of_tag(
    attributes: Mapping[str, str | None], base: str = "", *, link: str = "", srcsets: Sequence[str] = ()
) -> tuple[Picture, ...]:
    """What an `<img>` offers at its largest, wherever a lazy loader has put the address.

    Args:
        attributes: of the tag.
        base: address of the page.
        link: where a click on the picture leads; WordPress links to the upload itself.
        srcsets: of the `<source>` tags beside it.
    """
    if _NO_PHOTO_CLASS.search(attributes.get("class") or ""):
        return ()
    width, height = (pixels(attributes.get(side)) for side in ("width", "height"))
    claims = [(width, height, attributes.get(name) or "") for name in _ADDRESSES]
    for srcset in (*(attributes.get(name) or "" for name in _SRCSETS), *srcsets):
        claims += [(int(float(claim[1] or 0)), 0, claim[0]) for claim in _SRCSET_ENTRY.findall(srcset)]
    if is_picture_name(link):
        claims.append((_WIDER_THAN_ANY, 0, link))
    for width, height, address in sorted(claims, key=lambda claim: -claim[0]):
        if web_address(address, base):
            claimed = 0 if width == _WIDER_THAN_ANY else width
            alt = attributes.get("alt") or ""
            return offered(address, PictureSource.BODY, base=base, width=claimed, height=height, alt=alt)
    return ()


def pixels(claim: str | None) -> int:
    """A number of pixels as HTML writes it («780», «780px»); 0 for none and for a share («100%»)."""
    number = re.fullmatch(r"\s*(\d{1,5})(?:\.\d+)?(?:px)?\s*", claim or "", re.ASCII)
    return int(number[1]) if number else 0


def ranked(pictures: Iterable[Picture]) -> tuple[Picture, ...]:
    """Each picture once, best first: by where it was named, then in the order of naming.

    A picture named in several places keeps its best place, its largest claim and its first description.
    """
    order = list(PictureSource)
    once: dict[str, Picture] = {}
    for picture in sorted(pictures, key=lambda picture: order.index(picture.source)):
        known = once.setdefault(picture.url, picture)
        width, height = max((known.width, known.height), (picture.width, picture.height))
        once[picture.url] = replace(known, width=width, height=height, alt=known.alt or picture.alt)
    return tuple(once.values())[:_AT_MOST]


def web_address(url: str, base: str = "") -> str:
    """The absolute address, percent-encoded; empty when it is none of the web's."""
    given = without_halves(url.strip())
    try:
        # What names a scheme is absolute: «https:///a» must not become an address of the page's own host.
        parts = urlsplit(urljoin(base, given) if base and given and not _SCHEME.match(given) else given)
        if parts.scheme.lower() not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
            return ""
    except ValueError:
        return ""
    path, query = (quote(part, safe="%/:@!$&'()*+,;=~-._?") for part in (parts.path, parts.query))
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), path, query, ""))


def is_refused(address: str) -> bool:
    """Whether the name alone says that it is no photo: a logo, an avatar, an emoji, a pixel, a drawing."""
    path = urlsplit(address).path
    # The names that are looked for are ASCII; Arabic ones are all escapes, and reading those costs the most here.
    path = unquote(path) if _ESCAPED_ASCII.search(path) else path
    return bool(_NOT_A_HOST_OF_PHOTOS.search(host_of(address)) or _NOT_A_PHOTO.search(path))


def is_picture_name(url: str) -> bool:
    """Whether an address ends as pictures' addresses do."""
    return bool(_PICTURE_NAME.search(url))


def _full_size(address: str) -> str:
    parts = urlsplit(address)
    query = "" if _PHOTON.fullmatch(parts.netloc) else parts.query
    return urlunsplit((parts.scheme, parts.netloc, _SIZE_SUFFIX.sub("", parts.path), query, ""))


def _is_thumbnail(address: str) -> bool:
    size = _SIZE_SUFFIX.search(urlsplit(address).path)
    return size is not None and max(int(side) for side in size.groups()) <= _THUMBNAIL_PIXELS
