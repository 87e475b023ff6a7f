"""Candidates: which pictures are worth fetching, and in which order."""

import pytest

from newsroom.entry import Picture, PictureSource
from publishing.candidates import MOST, ranked

ROOT = "https://alwasat.example.com/wp-content/uploads/2024/07"


def _picture(name: str, source: PictureSource = PictureSource.BODY, width: int = 0, height: int = 0) -> Picture:
    return Picture(name if "://" in name else f"{ROOT}/{name}", source, width, height)


def test_the_editors_choice_comes_before_what_merely_stands_on_the_page() -> None:
    """media:content, enclosure, body, og:image; within one source as they were given."""
    offered = tuple(
        _picture(f"{source}-{number}.jpg", source) for source in reversed(PictureSource) for number in (1, 2)
    )
    assert [picture.url.rsplit("/", 1)[1] for picture in ranked(offered)] == [
        "media-1.jpg",
        "media-2.jpg",
        "enclosure-1.jpg",
        "enclosure-2.jpg",
    ]


def test_an_address_named_twice_is_fetched_once() -> None:
    """Under its most trusted source."""
    body, media = _picture("kim.jpg"), _picture("kim.jpg", PictureSource.MEDIA)
    assert ranked((body, media)) == (media,)


def test_no_post_waits_for_a_gallery() -> None:
    """A handful of candidates is enough."""
    assert len(ranked(tuple(_picture(f"{number}.jpg") for number in range(20)))) == MOST


@pytest.mark.parametrize(
    "picture",
    [
        _picture("kim-150x150.jpg"),
        _picture("kim-300x180.jpg"),
        _picture("cropped-logo-512x512.png"),
        _picture("site-logo.png"),
        _picture("logo.jpg"),
        _picture("default-image.jpg"),
        _picture("diagram.svg"),
        _picture("kim.jpg", width=150, height=150),
        _picture("wide.jpg", width=1200, height=300),
        _picture("https://secure.gravatar.com/avatar/00?s=96"),
        _picture("https://a.com/images/1x1.gif"),
        _picture("data:image/png;base64,xx://"),
        _picture("https://[broken/kim.jpg"),
    ],
    ids=lambda picture: picture.url.rsplit("/", 1)[1],
)
def test_thumbnails_logos_and_pixels_are_not_asked_for(picture: Picture) -> None:
    """By name, by claimed size, or because the address is none."""
    assert ranked((picture,)) == ()


@pytest.mark.parametrize(
    "name",
    [
        "kim.jpg",
        "kim-1024x576.jpg",
        "kim-scaled.webp",
        "catalogue.jpg",
        "%d8%b2%d8%b9.jpg",
        "silicon-valley.avif",
        "زعيم.jpg",
    ],
)
def test_names_that_only_resemble_an_ornament_pass(name: str) -> None:
    """A word within a word is not the word."""
    assert len(ranked((_picture(name),))) == 1
