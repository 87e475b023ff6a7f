"""Limits: no post is ever over one, by a counter that shares no line with ours.

The counter follows twitter-text's published configuration (version 3) for X and Python's own UTF-16 codec for Telegram.
AJIL_EXAMPLES=20000 runs the long search.
"""

import os
import re
import unicodedata
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from newsroom.delivery import Lane
from newsroom.entry import Picture, PictureSource
from newsroom.post import Post
from newsroom.story import Kicker, Story, StoryId
from newsroom.target import Network, Target
from publishing.render import TemplateRenderer
from publishing.style import HouseStyle
from tests.support.clock import START
from tests.support.x_wording import cashtags_in

EXAMPLES = int(os.environ.get("AJIL_EXAMPLES", "60"))

EMOJI = [
    "🔴",
    "🚨",
    "👨\u200d👩\u200d👧\u200d👦",
    "🇱🇧",
    "🙋🏽",
    "☺\ufe0f",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
]
ADDRESSES = ["https://a.com/1", "https://alwasat.example.com/%D8%B2/?p=1&q=2", "http://b.org", "alwasat.com", "c.net/x"]
WORDS = [
    *(
        "قال",
        "إن",
        "الرئيس",
        "في",
        "و",
        "كوريا",
        "الشمالية،",
        "«نعم»",
        "«إن",
        "الوضع",
        "صعب»",
        '"لا"',
        "عَاجِلٌ",
        "وَقَّعَ",
        "أٔ",
    ),
    *(
        "15",
        "1.2",
        "مليون",
        "٢٠٢٦",
        "4%",
        "2-1",
        "Brent",
        "F-16",
        "OPEC+",
        "$AAPL",
        "$TSLA,",
        "$86",
        "#غزة",
        "#NATO_2026",
        "@user",
        "..",
        "...",
        "&",
        "<b>",
    ),
    *(
        "ﷺ",
        "\ufefb",
        "\u202bx\u202c",
        "\u2067ب\u2069",
        "\u200f",
        "می\u200cخواهم",
        "故人西辞黄鹤楼",
        "é",
        "e\u0301",
        "…",
        "•",
        "\u00a0",
    ),
    "ب" * 300,
    "1" * 300,
    "#" + "ج" * 300,
    "ب" + "\u064e" * 300,
]

text = st.lists(st.sampled_from([*WORDS, *EMOJI, *ADDRESSES]), max_size=90).map(" ".join)
headline = st.one_of(
    st.lists(st.sampled_from([*WORDS, *EMOJI, *ADDRESSES]), min_size=1, max_size=20).map(" ".join), text
)

_ADDRESS = re.compile(r"(?:https?://[!-~]*[\w/]|\b[a-z]+\.(?:com|org|net)(?:/[!-~]*[\w/])?)", re.ASCII)
_EMOJI = re.compile("|".join(map(re.escape, sorted(EMOJI, key=len, reverse=True))))
_LIGHT = [(0, 4351), (8192, 8205), (8208, 8223), (8242, 8247)]


def weight_on_x(of: str) -> int:
    """An address 23, an emoji 2, a code point of the light ranges 1, any other 2; after NFC."""
    rest, addresses = _ADDRESS.subn("", unicodedata.normalize("NFC", of))
    rest, emoji = _EMOJI.subn("", rest)
    light = sum(any(first <= ord(char) <= last for first, last in _LIGHT) for char in rest)
    return 23 * addresses + 2 * emoji + 2 * len(rest) - light


@cache
def _house() -> TemplateRenderer:
    return TemplateRenderer(HouseStyle(site_name="الوسط العربي"))


@st.composite
def posts(draw: st.DrawFn) -> Post:
    """A story of anything, rendered for either network with any label."""
    story = Story(
        StoryId("1"),
        (),
        draw(headline),
        START,
        section=draw(st.sampled_from(["", "الشرق قادم"])),
        tags=tuple(draw(st.lists(st.sampled_from(["غزة", "NATO", "كوريا الشمالية", "15"]), max_size=4))),
        byline=draw(st.sampled_from(["", "محمد الحكيم", "ب" * 900])),
        lead=draw(text),
        link=draw(st.sampled_from(["", "https://alwasat.example.com/زعيم-كوريا/", "https://a.com/?p=1"])),
        pictures=draw(st.sampled_from([(), (Picture("https://a.com/1.jpg", PictureSource.MEDIA),)])),
    )
    target = Target(draw(st.sampled_from(Network)), "a")
    return _house().render(story, draw(st.sampled_from([None, *Kicker])), draw(st.sampled_from(Lane)), target)


@given(posts())
@settings(max_examples=EXAMPLES, deadline=None)
def test_no_post_is_over_its_networks_limit(post: Post) -> None:
    """280 weighted on X; 1024 UTF-16 units under a picture and 4096 without one on Telegram."""
    if post.target.startswith("x:"):
        assert (post.limit, post.length) == (280, weight_on_x(post.text))
    else:
        assert post.limit == (4096 if post.kind == "text" else 1024)
        assert post.length == len(post.text.encode("utf-16-le")) // 2
    assert post.length <= post.limit
    assert post.alt or not post.headline, "alternative text stands in every post that says anything"


@given(posts())
@settings(max_examples=EXAMPLES, deadline=None)
def test_no_post_on_x_carries_two_cashtags(post: Post) -> None:
    """By the counter of the strict fake; X refuses such a post whole."""
    if post.target.startswith("x:"):
        assert len(cashtags_in(post.text)) <= 1


@given(posts())
@settings(max_examples=EXAMPLES, deadline=None)
def test_every_span_lies_on_whole_characters_of_the_text(post: Post) -> None:
    """No offset is outside the text or inside a surrogate pair."""
    units = post.text.encode("utf-16-le")
    for span in post.spans:
        assert 0 < span.length <= post.length - span.offset
        units[2 * span.offset : 2 * (span.offset + span.length)].decode("utf-16-le")


@given(posts())
@settings(max_examples=EXAMPLES, deadline=None)
def test_a_headline_is_cut_only_when_it_stands_alone(post: Post) -> None:
    """As long as a label, a link, a lead or a tag stands in the post, the headline stands whole."""
    if post.headline.endswith("…") and post.headline != post.alt:
        assert (post.kicker, post.lead, post.tags) == ("", "", ())
        assert post.link in post.headline  # Only one that the headline itself brought along.
