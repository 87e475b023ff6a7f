"""The sample story as both networks show it, and how tests wait for it."""

from newsroom.entry import Picture, PictureSource
from newsroom.post import PostKind, SpanKind
from newsroom.target import Network
from publishing.wall import Wall
from tests.browser.chromium import Tab
from tests.browser.newsroom import ACCOUNT, CHANNEL, NINE, a_post, sent

HEADLINE = "زعيم كوريا الشمالية يبحث مع وفد عسكري روسي تعزيز التعاون بين البلدين"
LINK = "https://alwasat.example.com/?p=48207"
DRAWN = (Picture("الشرق قادم/48207", PictureSource.MEDIA),)
SENT = {
    CHANNEL: a_post(
        CHANNEL,
        "🔴 ",
        (f"عاجل | {HEADLINE}", SpanKind.BOLD),
        "\n\nاستقبل زعيم كوريا الشمالية كيم يونج أون، وفدًا عسكريًا من الاتحاد الروسي.\n\n",
        ("التفاصيل على الوسط العربي", SpanKind.TEXT_LINK, LINK),
        "\n\n#الشرق_قادم #كوريا_الشمالية",
        kind=PostKind.PHOTO,
        pictures=DRAWN,
        alt=HEADLINE,
    ),
    ACCOUNT: a_post(
        ACCOUNT, f"#عاجل | {HEADLINE}\n\n{LINK}\n\n#كوريا_الشمالية", kind=PostKind.PHOTO, pictures=DRAWN, alt=HEADLINE
    ),
}
FIRST = "document.querySelector('#{}-posts .post')"
SCROLLS_SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def show(wall: Wall, number: int = 1, at: float = NINE) -> None:
    """Put the sample story on both networks."""
    for post in SENT.values():
        wall.show(sent(post, number, at))


async def both_there(tab: Tab, count: int = 1) -> None:
    """Wait until each column shows so many posts."""
    for network in Network:
        await tab.until(f"document.querySelectorAll('#{network}-posts .post').length === {count}")
