"""The wall in a real browser when the words come from somebody who means harm, or from a broken feed."""

import pytest

from newsroom.post import PostKind, SpanKind
from newsroom.target import Network, Target
from tests.browser.chromium import Tab
from tests.browser.newsroom import ACCOUNT, CHANNEL, NINE, WallServer, a_post, sent
from tests.browser.sample import DRAWN, SCROLLS_SIDEWAYS, show

HOSTILE = (
    "<script>window.pwned = 1</script>",
    "<img src=x onerror='window.pwned = 2'><svg onload='window.pwned = 3'>",
    "</div></li></ol></main><style>body{display:none}</style>",
    "\u202e\u202d\u2067\u2066مقلوب\u202e",
    "\u200f\u061c\ufeff\u0000\u2028\u2029",
    "a\u0301\u0302\u0303" * 300,
    "ﷺ" * 500,
    # As long as Telegram lets a post be.
    "W" * 4096,
    "ا" * 4096,
)
LAID_OUT_SECONDS = 45.0
"""Chromium breaks a word of thousands of wide letters anew for each of its lines: 6 s on two free cores, 28 s on busy ones."""


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_words_are_harmless_and_break_no_layout(page: Tab, server: WallServer, words: str) -> None:
    """Text, bold, link, headline, lead and the picture's words alike, on a desk and on a phone."""
    for target in (CHANNEL, ACCOUNT, Target(Network.TELEGRAM, f"@{words[:200]}")):
        some = words[:300]
        parts = (words, (some, SpanKind.BOLD), (some, SpanKind.TEXT_LINK, "javascript:window.pwned=4"))
        fields = {"headline": words, "lead": words, "alt": words, "link": f"https://a.example.com/{words[:500]}"}
        for number, kind in enumerate((PostKind.TEXT, PostKind.PHOTO)):
            post = a_post(target, *parts, kind=kind, pictures=DRAWN, **fields)
            server.wall.show(sent(post, number))
    show(server.wall, 9, NINE + 9)
    await page.until("document.querySelectorAll('#telegram-posts .post').length === 5", LAID_OUT_SECONDS)
    assert await page.ask("window.pwned") is None
    drawn = await page.ask("document.querySelector('#x-posts .post:nth-child(2) .text').textContent")
    assert drawn == words + 2 * words[:300]
    assert (
        await page.ask("document.querySelectorAll('main script, main style, main [onerror], main [onload]').length")
        == 0
    )
    assert await page.ask("document.querySelectorAll('a[href^=javascript]').length") == 0
    # Nothing reaches out of its post: neither over the column's edge nor over its neighbour.
    outside = (
        "[...document.querySelectorAll('.bubble, .tweet')].filter(box => { const own = box.getBoundingClientRect();"
        " const column = box.closest('.column').getBoundingClientRect();"
        " return own.width > 0 && (own.left < column.left - 1 || own.right > column.right + 1); }).length"
    )
    for width in (1280, 390):
        await page.size(width, 900)
        assert not await page.ask(SCROLLS_SIDEWAYS), width
        assert await page.ask(outside) == 0, width


async def test_the_browser_itself_forbids_markup_from_words(page: Tab) -> None:
    """Trusted Types: even a mistake in our script could not turn a feed's words into markup."""
    attempt = "try { document.createElement('p').innerHTML = '<b>x</b>'; 'done' } catch (error) { error.name }"
    assert await page.ask(attempt) == "TypeError"
    page.complaints.clear()  # The refusal itself is in the console, as it should be.
