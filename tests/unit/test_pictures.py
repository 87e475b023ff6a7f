"""Which picture of an article may be posted: at full size, from the best place, and never a logo or a pixel."""

import pytest

from feeds.markup import read
from feeds.pictures import offered, pictures_of_tag, pixels, ranked, web_address
from newsroom.entry import Picture, PictureSource

UPLOADS = "https://site.example.com/wp-content/uploads/2024/07"


def urls(html: str) -> list[str]:
    """Addresses of the pictures of some HTML."""
    return [picture.url.removeprefix(f"{UPLOADS}/") for picture in read(html, "https://site.example.com/a/").pictures]


@pytest.mark.parametrize(
    "url",
    [
        "data:image/gif;base64,R0lGODlhAQABAAAAACw=",
        "javascript:alert(1)",
        "file:///etc/passwd.jpg",
        "https:///x.jpg",
        "https://user:secret@site.example.com/a.jpg",
        "http://[::1.jpg",
        "",
        "https://secure.gravatar.com/avatar/1?s=96",
        "https://s.w.org/images/core/emoji/15/72x72/1f534.png",
        "https://pixel.wp.com/b.gif?v=noscript",
        "https://www.facebook.com/tr?id=1&ev=PageView",
        f"{UPLOADS}/logo.png",
        f"{UPLOADS}/site-logo-2024.png",
        f"{UPLOADS}/cropped-icon-32x32.png",
        f"{UPLOADS}/placeholder.jpg",
        f"{UPLOADS}/1x1.gif",
        f"{UPLOADS}/map.svg",
        "https://site.example.com/favicon.ico",
        "https://site.example.com/wp-content/themes/jannah/photo.jpg",
        "https://site.example.com/wp-content/plugins/lazy/blank.png",
        "https://site.example.com/icons/whatsapp.png",
    ],
)
def test_what_is_no_photo_is_refused_by_its_name(url: str) -> None:
    """Logos, avatars, emoji, pixels, drawings, furniture, and addresses that are none of the web's."""
    assert offered(url, PictureSource.BODY, base="") == ()


@pytest.mark.parametrize(
    "name",
    ["prologue.jpg", "catalogos.jpg", "google-pixel-9.jpg", "dotcom.jpg", "iconic-tower.jpg", "transparent-talks.jpg"],
)
def test_a_photo_whose_name_has_such_a_word_inside_is_taken(name: str) -> None:
    """Names are read by whole words."""
    assert [picture.url for picture in offered(f"{UPLOADS}/{name}", PictureSource.BODY)] == [f"{UPLOADS}/{name}"]


def test_a_smaller_copy_is_offered_at_full_size_and_then_as_it_was_given() -> None:
    """An author may have named the upload itself like a copy."""
    pictures = offered(f"{UPLOADS}/kim-780x470.jpg", PictureSource.BODY, width=780, height=470)
    assert pictures == (
        Picture(f"{UPLOADS}/kim.jpg", PictureSource.BODY),
        Picture(f"{UPLOADS}/kim-780x470.jpg", PictureSource.BODY, 780, 470),
    )


def test_a_thumbnail_is_never_offered_as_it_is() -> None:
    """150 by 150 pixels are a crop for lists."""
    assert [picture.url for picture in offered(f"{UPLOADS}/kim-150x150.jpg", PictureSource.MEDIA)] == [
        f"{UPLOADS}/kim.jpg"
    ]


def test_a_picture_server_that_shrinks_is_asked_for_the_upload() -> None:
    """Jetpack's servers take the size in the query."""
    shrunk = "https://i0.wp.com/site.example.com/wp-content/uploads/a.jpg?resize=300%2C180&ssl=1"
    assert offered(shrunk, PictureSource.BODY)[0].url == "https://i0.wp.com/site.example.com/wp-content/uploads/a.jpg"


def test_an_address_in_arabic_is_percent_encoded_once() -> None:
    """Networks fail on raw names, and an encoded one must not be encoded again."""
    assert (
        offered(f"{UPLOADS}/كيم أون.jpg", PictureSource.BODY)[0].url
        == f"{UPLOADS}/%D9%83%D9%8A%D9%85%20%D8%A3%D9%88%D9%86.jpg"
    )
    assert offered(f"{UPLOADS}/%D9%83.jpg", PictureSource.BODY)[0].url == f"{UPLOADS}/%D9%83.jpg"


@pytest.mark.parametrize(
    "place", ["https://paper.example.com/{}a.jpg", "https://paper.example{}.com/a.jpg", "{}/a.jpg"]
)
def test_half_a_character_stands_in_no_address(place: str) -> None:
    """JSON can write one, and so can a byte beyond UTF-8 in a header."""
    assert web_address(place.format("\udce9"), "https://paper.example.com/") == web_address(
        place.format(""), "https://paper.example.com/"
    )


def test_the_largest_candidate_of_a_tag_is_taken() -> None:
    """`srcset` may hold more than `src`, and commas inside addresses part nothing."""
    html = f"<img src='{UPLOADS}/a.jpg' width='300' srcset='{UPLOADS}/s,1.jpg 600w, {UPLOADS}/b.jpg 1536w,{UPLOADS}/c.jpg 900w'>"
    assert urls(html) == ["b.jpg"]


@pytest.mark.parametrize(
    "html",
    [
        f"<img src='data:image/gif;base64,AA' data-src='{UPLOADS}/real.jpg'>",
        f"<img src='data:image/svg+xml,%3Csvg' data-lazy-src='{UPLOADS}/real-300x180.jpg' data-lazy-srcset='{UPLOADS}/real.jpg 780w'>",
        f"<img src='/wp-content/plugins/l/blank.gif' data-original='{UPLOADS}/real.jpg' width='780'><noscript><img src='{UPLOADS}/real.jpg'></noscript>",
        f"<a href='{UPLOADS}/real.jpg'><img src='{UPLOADS}/real-300x180.jpg' width='300' height='180'></a>",
        f"<picture><source srcset='{UPLOADS}/real.jpg 1200w'><img src='{UPLOADS}/small.jpg' width='300'></picture>",
        f"<amp-img src='{UPLOADS}/real.jpg' width='780' height='470'></amp-img>",
        "<img src='/wp-content/uploads/2024/07/real.jpg'>",
        f"<img src='{UPLOADS}/shown.jpg' data-orig-file='{UPLOADS}/real.jpg'>".replace("shown", "avatar"),
    ],
)
def test_the_real_picture_is_found_behind_a_lazy_loader(html: str) -> None:
    """Loaders put a drawing into `src` and the address into an attribute of their own, or beside the tag."""
    assert urls(html)[0] == "real.jpg"


def test_a_small_icon_is_refused_by_its_size() -> None:
    """Both sides are claimed to be under a hundred pixels."""
    assert urls(
        f"<img src='{UPLOADS}/a.jpg' width='48' height='48'><img src='{UPLOADS}/b.jpg' width='780' height='60'>"
    ) == ["b.jpg"]


def test_the_alternative_text_is_kept() -> None:
    """X shows it to those who do not see the picture."""
    assert pictures_of_tag({"src": f"{UPLOADS}/a.jpg", "alt": "كيم &amp; بوتين\u202e"})[0].alt == "كيم &amp; بوتين"


def test_a_picture_named_twice_stands_once_at_its_best_place() -> None:
    """With the largest claim and the first description of all its namings."""
    named = (
        Picture("u", PictureSource.PAGE, 1200, 630),
        Picture("v", PictureSource.BODY, alt="ثان"),
        Picture("u", PictureSource.MEDIA),
        Picture("u", PictureSource.BODY, alt="أول"),
    )
    assert ranked(named) == (
        Picture("u", PictureSource.MEDIA, 1200, 630, "أول"),
        Picture("v", PictureSource.BODY, alt="ثان"),
    )


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("780", 780),
        (" 780px ", 780),
        ("780.5", 780),
        ("100%", 0),
        ("auto", 0),
        ("-5", 0),
        (None, 0),
        ("٧٨٠", 0),
        ("9" * 9, 0),
    ],
)
def test_a_claim_of_pixels_is_a_number_or_nothing(claim: str | None, expected: int) -> None:
    """Shares, words and absurd numbers claim nothing."""
    assert pixels(claim) == expected
