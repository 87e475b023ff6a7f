"""The wall in a real browser: what editors and visitors see."""

import json
from dataclasses import replace

import pytest

from newsroom.post import PostKind
from newsroom.target import Network
from tests.browser.chromium import Tab
from tests.browser.newsroom import ACCOUNT, CHANNEL, NINE, WallServer, a_post, sent
from tests.browser.sample import FIRST, HEADLINE, LINK, SCROLLS_SIDEWAYS, SENT, both_there, show


async def test_a_post_appears_in_both_columns_without_a_reload(page: Tab, server: WallServer) -> None:
    """The page that was opened empty is the page that shows it."""
    await page.ask("window.sameAsBefore = true")
    assert await page.ask("[...document.querySelectorAll('.empty')].every(empty => empty.offsetHeight > 100)")
    show(server.wall)
    await both_there(page)
    assert await page.ask("window.sameAsBefore")
    assert await page.ask("[...document.querySelectorAll('.empty')].every(empty => empty.offsetHeight === 0)")


async def test_text_bold_link_and_tags_are_drawn_as_the_spans_say(page: Tab, server: WallServer) -> None:
    """Offsets in UTF-16 units fall where they should, past the emoji too."""
    show(server.wall)
    await both_there(page)
    first = FIRST.format("telegram")
    assert await page.ask(f"{first}.querySelector('.text').textContent") == SENT[CHANNEL].text
    bold = f"{first}.querySelector('.bold')"
    assert await page.ask(f"{bold}.textContent") == f"عاجل | {HEADLINE}"
    assert int(await page.ask(f"getComputedStyle({bold}).fontWeight")) >= 600
    link = f"{first}.querySelector('.text a')"
    assert await page.ask(f"[{link}.textContent, {link}.href]") == ["التفاصيل على الوسط العربي", LINK]
    assert set((await page.ask(f"{link}.rel")).split()) == {"noopener", "noreferrer", "nofollow"}
    tags = f"[...{first}.querySelectorAll('.tag')]"
    assert await page.ask(f"{tags}.map(tag => tag.textContent)") == ["#الشرق_قادم", "#كوريا_الشمالية"]
    colour = "(node => getComputedStyle(node).color)"
    assert await page.ask(f"{colour}({tags}[0]) === {colour}({link})")
    assert await page.ask(f"{colour}({tags}[0]) !== {colour}({bold})")


async def test_the_column_of_x_links_the_address_and_counts_in_its_own_measure(page: Tab, server: WallServer) -> None:
    """The address in the text is one link, the tags are marked, and the meter says how full the post is."""
    server.wall.show(sent(replace(SENT[ACCOUNT], length=125, limit=280)))
    await page.until("document.querySelector('#x-posts .post')")
    first = FIRST.format("x")
    assert await page.ask(f"{first}.querySelector('.text').textContent") == SENT[ACCOUNT].text
    assert await page.ask(f"[...{first}.querySelectorAll('.text a')].map(link => link.textContent)") == [LINK]
    assert await page.ask(f"{first}.querySelector('.meter').textContent.trim()") == "125 / 280"
    assert await page.ask(f"{first}.querySelector('.done').getAttribute('stroke-dasharray')") == "44 100"
    handles = f"[...{first}.querySelectorAll('.handle')].map(handle => handle.textContent)"
    assert "@alwasat_alarabi" in await page.ask(handles)


async def test_the_picture_stands_above_the_caption_on_telegram_and_below_the_text_on_x(
    page: Tab, server: WallServer
) -> None:
    """As each network shows it; it comes from our own server, with its words for those who do not see."""
    show(server.wall)
    await both_there(page)
    await page.until("document.querySelectorAll('.picture.there').length === 2")
    for network, above in (("telegram", True), ("x", False)):
        picture, text = (f"{FIRST.format(network)}.querySelector('.{name}')" for name in ("picture", "text"))
        assert await page.ask(f"[{picture}.naturalWidth, {picture}.alt]") == [1200, HEADLINE]
        tops = await page.ask(f"[{picture}, {text}].map(node => node.getBoundingClientRect().top)")
        assert (tops[0] < tops[1]) is above, network


async def test_a_post_whose_picture_cannot_be_had_shows_no_hole(page: Tab, server: WallServer) -> None:
    """It went out as its text."""
    for post in SENT.values():
        server.wall.show(sent(replace(post, pictures=())))
    await both_there(page)
    await page.until("document.querySelectorAll('#telegram-posts .picture, #x-posts .picture').length === 0")


async def test_a_text_post_has_the_networks_block_for_its_link(page: Tab, server: WallServer) -> None:
    """With the paper's name or address, the headline and the lead; a photo post has none."""
    for post in SENT.values():
        text = replace(post, kind=PostKind.TEXT, pictures=(), headline=HEADLINE, lead="استقبل زعيم كوريا الشمالية.")
        server.wall.show(sent(text))
    await both_there(page)
    for network in Network:
        block = f"{FIRST.format(network)}.querySelector('.preview')"
        assert await page.ask(f"{block}.href") == LINK
        assert await page.ask(f"{block}.querySelector('.preview-title').textContent") == HEADLINE
        assert "alwasat.example.com" in await page.ask(f"{block}.innerText")
    show(server.wall, number=2, at=NINE + 60)
    await both_there(page, 2)
    assert await page.ask("document.querySelectorAll('.post:first-child .preview').length") == 0


@pytest.mark.parametrize("silent", [True, False])
async def test_a_bell_says_whether_phones_rang(page: Tab, server: WallServer, *, silent: bool) -> None:
    """In words too, for those who do not see the sign."""
    server.wall.show(sent(replace(SENT[CHANNEL], silent=silent)))
    await page.until("document.querySelector('#telegram-posts .post')")
    labels = (
        f"[...{FIRST.format('telegram')}.querySelectorAll('[role=img]')].map(sign => sign.getAttribute('aria-label'))"
    )
    assert await page.ask(labels) == ["بلا صوت" if silent else "بتنبيه"]


async def test_the_newest_post_stands_on_top_and_an_edited_one_stays_where_it_is(page: Tab, server: WallServer) -> None:
    """With its new words and the mark of an edit."""
    for number in range(3):
        show(server.wall, number, NINE + number)
    await both_there(page, 3)
    words = "[...document.querySelectorAll('#x-posts .post')].map(post => post.dataset.id.split('>')[0])"
    assert await page.ask(words) == ["story2", "story1", "story0"]
    server.wall.show(sent(a_post(ACCOUNT, "بعد التعديل"), 1, NINE + 9))
    await page.until("document.querySelectorAll('#x-posts .post')[1].innerText.includes('بعد التعديل')")
    assert await page.ask(words) == ["story2", "story1", "story0"]
    assert "عُدّل" in await page.ask("document.querySelectorAll('#x-posts .post')[1].innerText")


async def test_the_page_runs_from_right_to_left_with_telegram_first(page: Tab, server: WallServer) -> None:
    """The first column is the right one; times and handles keep their own direction."""
    show(server.wall)
    await both_there(page)
    assert await page.ask("[document.documentElement.lang, document.documentElement.dir]") == ["ar", "rtl"]
    assert await page.ask("getComputedStyle(document.querySelector('.column')).direction") == "rtl"
    lefts = await page.ask(
        "[...document.querySelectorAll('.column')].map(column => column.getBoundingClientRect().left)"
    )
    assert lefts[0] > lefts[1]
    kicker = f"{FIRST.format('telegram')}.querySelector('.text')"
    edge = f"(range => (range.selectNodeContents({kicker}.firstChild), range.getBoundingClientRect().right))(document.createRange())"
    assert await page.ask(f"{kicker}.getBoundingClientRect().right - {edge}") < 3


async def test_a_phone_shows_one_column_with_a_switch_at_hand(page: Tab, server: WallServer) -> None:
    """No sideways scrolling at 390 or 320 pixels; the switch shows the other network and stays while reading."""
    for number in range(4):
        show(server.wall, number, NINE + number)
    await both_there(page, 4)
    heights = "[...document.querySelectorAll('.column')].map(column => column.offsetHeight > 0)"
    for width in (390, 320):
        await page.size(width, 844)
        assert not await page.ask(SCROLLS_SIDEWAYS)
    assert await page.ask(heights) == [True, False]
    await page.ask("document.getElementById('show-x').click()")
    assert await page.ask(heights) == [False, True]
    assert not await page.ask(SCROLLS_SIDEWAYS)
    await page.ask("window.scrollTo(0, 600)")
    await page.until("Math.abs(document.querySelector('.switch').getBoundingClientRect().top) < 2")


async def test_the_page_can_be_read_without_its_script(tab: Tab, server: WallServer) -> None:
    """The server draws the newest posts itself, the same as the script would."""
    show(server.wall)
    whole = "[...document.querySelectorAll('.post .text')].map(text => text.outerHTML)"
    await tab.goto(server.url)
    by_server = await tab.ask(whole)
    await tab.call("Emulation.setScriptExecutionDisabled", value=True)
    await tab.goto(server.url)
    html = (await tab.call("DOM.getOuterHTML", nodeId=(await tab.call("DOM.getDocument"))["root"]["nodeId"]))[
        "outerHTML"
    ]
    assert all(json.loads(json.dumps(text)) in html for text in by_server)
    assert 'http-equiv="refresh"' in html
    await tab.call("Emulation.setScriptExecutionDisabled", value=False)


SHAPE = """
(function shape(node) {
  if (node.nodeType === Node.TEXT_NODE) {
    return node.parentElement.closest('.text') ? node.data : node.data.trim();
  }
  const attributes = [...node.attributes].map(({name, value}) => [name, name === 'data-at' ? Number(value) : value]);
  return [node.nodeName, attributes.sort(), [...node.childNodes].map(shape).filter(part => part !== '')];
})
"""


async def test_server_and_script_draw_the_same(page: Tab, server: WallServer) -> None:
    """One model for both: what came live looks the same after a reload."""
    show(server.wall)
    text = replace(SENT[CHANNEL], kind=PostKind.TEXT, silent=True, headline=HEADLINE, length=1020)
    server.wall.show(sent(text, 2, NINE + 1))
    server.wall.show(sent(replace(SENT[ACCOUNT], kind=PostKind.PLAIN, length=300), 2, NINE + 1))
    await both_there(page, 2)
    await page.until("document.querySelectorAll('.picture.there').length === 2")
    live = await page.ask(f"[...document.querySelectorAll('.post')].map({SHAPE})")
    await page.goto(server.url)
    await page.until("document.querySelectorAll('.picture.there').length === 2")
    assert await page.ask(f"[...document.querySelectorAll('.post')].map({SHAPE})") == live


@pytest.mark.parametrize("still", [True, False])
async def test_a_new_post_slides_in_unless_the_reader_wants_no_movement(
    page: Tab, server: WallServer, *, still: bool
) -> None:
    """prefers-reduced-motion is kept by the script and by the style sheet."""
    await page.size(1280, 900, still=still)
    await page.ask(
        "window.moved = 0; new MutationObserver(() => setTimeout(() => { window.moved ="
        " document.getElementById('x-posts').getAnimations().length; window.looked = true; }))"
        ".observe(document.getElementById('x-posts'), {childList: true})"
    )
    show(server.wall)
    await page.until("window.looked")
    assert await page.ask("window.moved") == (0 if still else 1)
    pulse = "getComputedStyle(document.querySelector('.live i')).animationName"
    assert await page.ask(pulse) == ("none" if still else "beat")


CONTRAST = """
(selector => {
  const rgb = colour => {
    const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => {
    const part = value => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const node = document.querySelector(selector);
  let ground = node;
  while (rgb(getComputedStyle(ground).backgroundColor)[3] < 255) ground = ground.parentElement;
  const pair = [getComputedStyle(node).color, getComputedStyle(ground).backgroundColor].map(rgb).map(light).sort();
  return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
})
"""


@pytest.mark.parametrize("dark", [False, True])
async def test_words_can_be_read_in_light_and_in_dark(page: Tab, server: WallServer, *, dark: bool) -> None:
    """At least 4.5 to 1, as WCAG 2.2 asks for text (success criterion 1.4.3)."""
    show(server.wall)
    server.wall.show(sent(replace(SENT[CHANNEL], kind=PostKind.TEXT, headline=HEADLINE), 2, NINE + 1))
    await page.until("document.querySelectorAll('#telegram-posts .post').length === 2")
    await page.size(1280, 900, dark=dark)
    for selector in (
        ".telegram .text",
        ".telegram .tag",
        ".telegram .author",
        ".telegram .preview-site .domain",
        ".telegram footer .handle",
        ".telegram footer time",
        ".telegram .meter",
        ".x .text",
        ".x .tag",
        ".x .handle",
        ".x .meter",
        ".live b",
        ".pill",
        "h1 small",
    ):
        assert await page.ask(f"{CONTRAST}({json.dumps(selector)})") >= 4.5, selector
    assert (await page.ask("getComputedStyle(document.body).backgroundColor") == "rgb(11, 13, 16)") is dark


async def test_the_letters_are_our_own(page: Tab, server: WallServer) -> None:
    """IBM Plex Sans Arabic comes from our server, so that the wall looks the same everywhere."""
    show(server.wall)
    await both_there(page)
    await page.until("document.fonts.status === 'loaded'")
    loaded = "[...document.fonts].filter(font => font.status === 'loaded').map(font => font.weight)"
    assert sorted(await page.ask(loaded)) == ["400 500", "600 700"]
