"""Direction: every line of a post runs from right to left, whatever its title begins with."""

import unicodedata

import pytest

from newsroom.arabic import ALM
from newsroom.delivery import Lane
from newsroom.story import Kicker, Story, StoryId
from newsroom.target import Network, Target
from publishing.render import TemplateRenderer
from publishing.style import HouseStyle
from tests.support.clock import START

TITLES = [
    "Brent يقفز 4% بعد قرار «أوبك+»",
    "iPhone 17 يصل إلى الأسواق العربية",
    "F-16 تسقط فوق بولندا",
    "BBC: مقتل صحفي في غزة",
    "CNN عن مصدر: اتفاق وشيك",
    "US وإيران تستأنفان المحادثات",
    "Goldman Sachs يرفع توقعاته للنفط",
    "COVID-19 يعود إلى شنغهاي",
    "AFP: الجيش ينسحب",
    "e& الإماراتية تستحوذ على حصة",
    "4% قفزة في أسعار النفط",
    "15 قتيلًا في انفجار بيروت",
    "2-1 للأهلي في القمة",
    "2 – 1 نتيجة القمة",
    "100 يوم على الحرب",
    "1.2 مليون نازح في السودان",
    "7 أكتوبر: عام على الحرب",
    "23/11/2026 موعد الانتخابات",
    "3 سيناريوهات لمستقبل غزة",
    "$86 سعر برميل النفط",
    "+50 دولة تطالب بوقف النار",
    "-10 درجات في موسكو",
    "#NATO يجتمع في أنقرة",
    "#COP31 ينطلق في أنطاليا",
    "#غزة تحت القصف",
    "#عاجل_الآن مصادر: هدنة",
    "@elonmusk يغادر المنصة",
    "«F-16» تصل إلى أوكرانيا",
    "«OPEC+» تخفض الإنتاج",
    '"Brent" يقفز',
    "“The Guardian”: فضيحة جديدة",
    "(AP) مقتل 20 في كابول",
    "[Live] تغطية مباشرة",
    "🔴 Brent يقفز",
    "🇺🇸 US تنسحب",
    "… Brent يقفز",
    "٤٪ قفزة في أسعار النفط",
    "\u202aBrent\u202c يقفز 4%",
    "\u2067Brent\u2069 يقفز \u202e%4\u202c",
    "\u200eBrent\u200f يقفز\u2066!\u2069",
]
STRONG = {"L", "R", "AL"}
EMBEDDINGS = {
    "\u202a",
    "\u202b",
    "\u202c",
    "\u202d",
    "\u202e",
    "\u2066",
    "\u2067",
    "\u2068",
    "\u2069",
    "\u200e",
    "\u200f",
}


@pytest.fixture(scope="module")
def house() -> TemplateRenderer:
    """The house's own templates."""
    return TemplateRenderer(HouseStyle(site_name="Al-Wasat"))


def _post_lines(house: TemplateRenderer, title: str, kicker: Kicker | None, network: Network) -> list[str]:
    story = Story(
        StoryId("1"),
        (),
        title,
        START,
        tags=("NATO", "F-16", "روسيا"),
        byline="John Smith",
        lead=f"{title} 2026",
        link="https://alwasat.example.com/?p=1",
    )
    return house.render(story, kicker, Lane.BREAKING, Target(network, "a")).text.split("\n")


def test_the_table_has_forty_titles() -> None:
    """Latin, digits, hashtags, quotes, signs and the marks that spoof."""
    assert len(set(TITLES)) == 40


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("network", Network)
@pytest.mark.parametrize("kicker", [None, Kicker.BREAKING])
def test_each_line_begins_with_an_arabic_letter_or_its_mark(
    house: TemplateRenderer, title: str, network: Network, kicker: Kicker | None
) -> None:
    """By Unicode's own classes; only an address alone on its line is left to run as addresses do."""
    for line in _post_lines(house, title, kicker, network):
        directions = [unicodedata.bidirectional(char) for char in line]
        first = next((direction for direction in directions if direction in STRONG), None)
        assert first in {"AL", "R", None} or line.startswith("https://")
        if "EN" in directions and not line.startswith("https://"):
            # A digit before any Arabic letter would keep its sign on the wrong side.
            assert directions.index("EN") > min(
                directions.index(strong) for strong in ("AL", "R") if strong in directions
            )


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("network", Network)
def test_no_embedding_override_or_isolate_goes_out(house: TemplateRenderer, title: str, network: Network) -> None:
    """Those of the title are stripped, and the house adds none but ARABIC LETTER MARK at the start of a line."""
    for line in _post_lines(house, title, None, network):
        assert not EMBEDDINGS & set(line)
        assert ALM not in line[1:]


def test_the_arabic_letter_mark_is_of_an_arabic_letters_class() -> None:
    """Unicode gives it AL: that is why it turns both the line and its digits."""
    assert unicodedata.bidirectional(ALM) == "AL"


def test_a_house_that_writes_from_left_to_right_gets_no_marks() -> None:
    """Direction belongs to the language."""
    english = TemplateRenderer(HouseStyle(site_name="Al-Wasat", language="en"))
    assert ALM not in "".join(_post_lines(english, "Brent jumps 4%", None, Network.X))
