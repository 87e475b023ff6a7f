"""A proof: the wall's page as one file, with the posts of a source and all that it needs inside."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.proof import PICTURE_PX, proof_of
from bot.simulate import Outcome, Simulation
from bot.sources import Body, entries_of
from newsroom.desk import House
from newsroom.entry import Entry
from newsroom.ports import Jpeg
from newsroom.post import Post
from newsroom.rules import Rules
from newsroom.site import Site
from publishing.card import WIDE, CardMaker
from publishing.render import TemplateRenderer
from publishing.style import HouseStyle

DATA = Path(__file__).parents[1] / "data" / "alwasat"
NAME = "الوسط العربي"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOSTILE = Entry(
    "عاجل | <script>alert(1)</script></style><img src=x onerror=alert(2)> زلزال",
    guid="1",
    link='https://a.com/"onmouseover="alert(3)',
    lead="</template><iframe src='https://evil.example.com'></iframe> ضرب زلزال جزيرة كريت صباح اليوم الاثنين.",
)


class Drawn:
    """Implements `newsroom.ports.Pictures`: a card for every post, or no picture at all."""

    def __init__(self, *, draws: bool) -> None:
        self._cards = CardMaker(HouseStyle(site_name=NAME)) if draws else None

    async def jpeg_of(self, post: Post) -> Jpeg | None:
        """The headline as a card."""
        return self._cards.card(post.headline, post.kicker, WIDE) if self._cards else None


def _outcomes(entries: tuple[Entry, ...]) -> list[Outcome]:
    house = House(Site(name=NAME, sections=("الشرق قادم",)), Rules(), ())
    simulation = Simulation(house, TemplateRenderer(HouseStyle(site_name=NAME)), NOW, now=None, baseline=False)
    return list(simulation.poll(entries))


async def _page(*entries: Entry, draws: bool = True) -> str:
    return await proof_of(_outcomes(entries), Drawn(draws=draws), NAME, NOW)


@pytest.fixture
def feed() -> tuple[Entry, ...]:
    """The sample feed's entries."""
    return entries_of(Body("feed.xml", (DATA / "feed.xml").read_bytes()), Site(name=NAME))


async def test_a_proof_shows_every_post_of_the_source_on_both_networks(feed: tuple[Entry, ...]) -> None:
    """The newest on top; what only an editor would send says so."""
    page = await _page(*feed)
    outcomes = _outcomes(feed)
    posts = [post for outcome in outcomes for post in outcome.posts or outcome.if_pushed]
    assert page.count('<li class="post"') == len(posts) >= 16
    assert [int(number) for number in re.findall(r'data-number="(\d+)"', page)[:3]] == [7, 6, 5]
    assert page.count('class="note"') == sum(len(outcome.if_pushed) for outcome in outcomes if not outcome.posts) > 0
    assert "زعيم كوريا الشمالية يبحث مع وفد عسكري روسي" in page


async def test_a_proof_needs_no_server_no_network_and_no_script(feed: tuple[Entry, ...]) -> None:
    """Letters, style and pictures are inside; its own policy forbids everything else."""
    page = await _page(*feed)
    assert "<script" not in page
    assert "/wall/" not in page
    assert "default-src 'none'" in page
    for address in re.findall(r"""(?:src=|url\()"?([^")]+)""", page):
        assert address.startswith("data:"), address[:80]
    assert page.count("data:font/ttf;base64,") == 2


@pytest.mark.parametrize("draws", [True, False])
async def test_nothing_of_a_feed_becomes_markup_in_a_proof(*, draws: bool) -> None:
    """Its title, lead and link are texts and attributes, with a picture and without."""
    page = await _page(HOSTILE, draws=draws)
    assert "alert(1)" in page
    for broken in ("<script", "<iframe", "onerror=alert(2)>", '"onmouseover="', "</style><img"):
        assert broken not in page.replace("&lt;", "").replace("&gt;", "")


async def test_a_post_whose_picture_cannot_be_had_stands_as_its_text(feed: tuple[Entry, ...]) -> None:
    """As it would on the networks: the words, with the link's own preview below."""
    page = await _page(*feed, draws=False)
    assert "data:image/jpeg" not in page
    assert 'class="preview"' in page


async def test_a_large_picture_is_laid_down_no_larger_than_it_is_shown() -> None:
    """A feed of thirty entries stays a file that can be sent around."""
    entry = replace(HOSTILE, title="عاجل | زلزال يضرب كريت")
    page = await _page(entry)
    assert len(page) < 1_000_000
    assert WIDE[0] > PICTURE_PX


async def test_a_source_without_posts_says_so_for_each_network() -> None:
    """An empty column would look like a fault."""
    page = await _page()
    assert "لا شيء لقناة تيليجرام" in page
    assert "لا شيء لحساب إكس" in page
