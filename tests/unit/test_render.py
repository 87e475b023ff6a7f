"""Render: the posts that followers read, for every template and label."""

import os
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from newsroom.delivery import Lane
from newsroom.entry import Picture, PictureSource
from newsroom.ports import Renderer
from newsroom.post import Post, PostKind, SpanKind
from newsroom.story import Kicker, Story, StoryId
from newsroom.target import Network, Target
from publishing.render import TemplateRenderer
from publishing.style import CardPolicy, HouseStyle, LinkPolicy
from tests.support.clock import START

GOLDEN = Path(__file__).parents[1] / "data" / "golden"
CHANNEL = Target(Network.TELEGRAM, "@alwasat")
ACCOUNT = Target(Network.X, "main")
STYLE = HouseStyle(site_name="الوسط العربي")
PICTURE = Picture("https://alwasat.example.com/wp-content/uploads/2024/07/kim.jpg", PictureSource.MEDIA, 780, 470)
STORY = Story(
    id=StoryId("48207"),
    keys=(),
    headline="زعيم كوريا الشمالية يبحث مع وفد عسكري روسي تعزيز التعاون بين البلدين",
    met=START,
    section="الشرق قادم",
    tags=("بوتين", "روسيا", "كوريا الشمالية", "كيم يونج أون"),
    byline="محمد الحكيم",
    lead=(
        "استقبل زعيم كوريا الشمالية كيم يونج أون، وفدًا عسكريًا من الاتحاد الروسي، برئاسة نائب وزير الدفاع أليكسي "
        "كريفوروتشكو."
    ),
    link="https://alwasat.example.com/%d8%b2%d8%b9%d9%8a%d9%85/",
    shortlink="https://alwasat.example.com/?p=48207",
    pictures=(PICTURE,),
)
TELEGRAM_SAMPLE = """\
🔴 عاجل | زعيم كوريا الشمالية يبحث مع وفد عسكري روسي تعزيز التعاون بين البلدين

استقبل زعيم كوريا الشمالية كيم يونج أون، وفدًا عسكريًا من الاتحاد الروسي، برئاسة نائب وزير الدفاع أليكسي كريفوروتشكو.

✍\ufe0f محمد الحكيم
التفاصيل على الوسط العربي

#الشرق_قادم #كوريا_الشمالية #روسيا"""
X_SAMPLE = """\
#عاجل | زعيم كوريا الشمالية يبحث مع وفد عسكري روسي تعزيز التعاون بين البلدين

https://alwasat.example.com/?p=48207

#كوريا_الشمالية #روسيا"""


@cache
def _house() -> Renderer:
    return TemplateRenderer(STYLE)


def _post(
    story: Story = STORY,
    target: Target = CHANNEL,
    kicker: Kicker | None = Kicker.BREAKING,
    lane: Lane = Lane.BREAKING,
    style: HouseStyle = STYLE,
) -> Post:
    renderer = _house() if style is STYLE else TemplateRenderer(style)
    return renderer.render(story, kicker, lane, target)


def _marked_up(post: Post) -> str:
    """The text with its spans written back in, cut where Telegram cuts: at UTF-16 units."""
    units = post.text.encode("utf-16-le")
    marks: list[tuple[int, str]] = []
    for span in post.spans:
        tag = {SpanKind.BOLD: "<b>", SpanKind.TEXT_LINK: f"<a {span.url}>"}[span.kind]
        marks += [(span.offset + span.length, f"</{tag[1]}>"), (span.offset, tag)]
    for offset, mark in sorted(marks, reverse=True):
        units = units[: 2 * offset] + mark.encode("utf-16-le") + units[2 * offset :]
    return units.decode("utf-16-le").replace("\u061c", "[ALM]")


def _sheet(target: Target, lane: Lane) -> str:
    """Posts of one template: every label, then stories with nothing but a headline, in Latin letters, and too long."""
    bare = replace(STORY, section="", tags=(), byline="", lead="", link="", shortlink="", pictures=())
    latin = replace(
        STORY, headline='Brent يقفز 4% & "أوبك+" <تخفض> الإنتاج', byline="John Smith", tags=("NATO", "F-16")
    )
    posts = [(str(kicker or "بلا وسم"), _post(STORY, target, kicker, lane)) for kicker in (None, *Kicker)]
    long = replace(STORY, headline=f"{STORY.headline} " * 3 + "قبل القمة", lead=f"{STORY.lead} " * 12)
    posts += [("العنوان وحده", _post(bare, target, None, lane)), ("حروف لاتينية", _post(latin, target, None, lane))]
    posts += [("أطول من الحد", _post(long, target, Kicker.BREAKING, lane))]
    return "\n".join(
        f"=== {name} · {post.kind} · {post.length}/{post.limit} · {'silent' if post.silent else 'loud'}\n{_marked_up(post)}\n"
        for name, post in posts
    )


@pytest.mark.parametrize("target", [CHANNEL, ACCOUNT], ids=lambda target: str(target.network))
@pytest.mark.parametrize("lane", Lane)
def test_each_template_gives_its_golden_posts(target: Target, lane: Lane) -> None:
    """What an editor looked at and approved is what goes out, to the letter. AJIL_GOLDEN=write writes them anew."""
    file = GOLDEN / f"{lane}.{target.network}.txt"
    sheet = _sheet(target, lane)
    if os.environ.get("AJIL_GOLDEN") == "write":
        file.write_text(sheet, "utf-8")
    assert sheet == file.read_text("utf-8")


def test_the_sample_article_reads_as_the_editors_expect_on_telegram() -> None:
    """Label and headline in bold, the lead to the letter, byline, a hidden link, three tags."""
    post = _post()
    assert post.text == TELEGRAM_SAMPLE
    bold, link = post.spans
    assert bold.kind is SpanKind.BOLD
    assert (link.kind, link.url) == (SpanKind.TEXT_LINK, "https://alwasat.example.com/?p=48207")
    assert _marked_up(post).splitlines()[0].startswith("🔴 <b>عاجل | زعيم")
    assert (post.kind, post.pictures, post.silent, post.limit) == (PostKind.PHOTO, (PICTURE,), False, 1024)


def test_the_sample_article_reads_as_the_editors_expect_on_x() -> None:
    """Label as a hashtag, link alone on its line, two tags; 125 of 280."""
    post = _post(target=ACCOUNT)
    assert post.text == X_SAMPLE
    assert (post.length, post.limit, post.spans) == (125, 280, ())


def test_a_post_says_what_it_is_made_of() -> None:
    """Label, headline, lead and tags as they stand in the text; alternative text is the headline; X shows no lead."""
    on_telegram, on_x = _post(), _post(target=ACCOUNT)
    assert (on_telegram.kicker, on_telegram.headline, on_telegram.lead) == ("عاجل", STORY.headline, STORY.lead)
    assert on_telegram.tags == ("#الشرق_قادم", "#كوريا_الشمالية", "#روسيا")
    assert on_telegram.alt == on_x.alt == STORY.headline
    assert on_x.lead == ""


def test_ordinary_posts_arrive_without_a_sound_on_telegram() -> None:
    """Unless the house wants sound for all; X knows no sound."""
    quiet = _post(kicker=None, lane=Lane.ORDINARY)
    loud = _post(kicker=None, lane=Lane.ORDINARY, style=replace(STYLE, silent_ordinary=False))
    on_x = _post(target=ACCOUNT, kicker=None, lane=Lane.ORDINARY)
    assert (quiet.silent, loud.silent, on_x.silent) == (True, False, False)


# --- kind ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cards", "pictures", "lane", "x_link", "kinds"),
    [
        ("off", (PICTURE,), Lane.BREAKING, "always", ("photo", "photo")),
        ("off", (), Lane.BREAKING, "always", ("text", "text")),
        ("off", (), Lane.BREAKING, "never", ("text", "text")),
        ("fallback", (PICTURE,), Lane.BREAKING, "always", ("photo", "photo")),
        ("fallback", (), Lane.ORDINARY, "always", ("card", "card")),
        ("fallback", (PICTURE,), Lane.BREAKING, "never", ("photo", "card")),
        ("fallback", (PICTURE,), Lane.ORDINARY, "breaking", ("photo", "card")),
        ("fallback", (PICTURE,), Lane.BREAKING, "breaking", ("photo", "photo")),
        ("breaking", (PICTURE,), Lane.BREAKING, "always", ("card", "card")),
        ("breaking", (PICTURE,), Lane.ORDINARY, "always", ("photo", "photo")),
        ("always", (PICTURE,), Lane.ORDINARY, "always", ("card", "card")),
    ],
)
def test_the_house_decides_between_photo_card_and_text(
    cards: CardPolicy, pictures: tuple[Picture, ...], lane: Lane, x_link: LinkPolicy, kinds: tuple[str, str]
) -> None:
    """Cards where there is no picture, by class, or where X goes without its link; Telegram first, then X."""
    renderer = TemplateRenderer(replace(STYLE, cards=cards, x_link=x_link))
    story = replace(STORY, pictures=pictures)
    assert tuple(renderer.render(story, None, lane, target).kind for target in (CHANNEL, ACCOUNT)) == kinds


def test_a_logo_is_no_picture_of_the_story() -> None:
    """A story that offers only ornaments is one without pictures."""
    logo = Picture("https://alwasat.example.com/wp-content/uploads/cropped-logo-512x512.png", PictureSource.PAGE)
    assert _post(replace(STORY, pictures=(logo,))).kind is PostKind.CARD


# --- limits ----------------------------------------------------------------------------------------------


def test_a_long_lead_gives_way_to_the_caption_limit() -> None:
    """One message, never two: the lead loses words at its end, and everything else stands."""
    post = _post(replace(STORY, lead=STORY.lead + " وقال إن التعاون مستمر" * 100))
    assert (post.kind, post.limit) == (PostKind.PHOTO, 1024)
    assert 900 < post.length <= 1024
    assert post.lead.endswith("…")
    assert post.tags == _post().tags


def test_a_headline_longer_than_a_caption_goes_out_as_text() -> None:
    """No headline is cut for a picture."""
    headline = "زعيم كوريا الشمالية يبحث مع وفد عسكري روسي " * 30
    post = _post(replace(STORY, headline=headline))
    assert (post.kind, post.limit, post.pictures) == (PostKind.TEXT, 4096, ())
    assert post.headline == headline.strip()
    assert post.headline in post.text


def test_x_gives_up_tags_label_and_link_before_a_word_of_the_headline() -> None:
    """At 275 of 280 the headline stands whole and alone."""
    headline = ("زعيم كوريا الشمالية يبحث " * 11).strip()
    post = _post(replace(STORY, headline=headline), target=ACCOUNT)
    assert (post.text, post.tags, post.link, post.kicker) == (headline, (), "", "")


# --- link ------------------------------------------------------------------------------------------------


def test_links_carry_our_own_parameters_by_setting() -> None:
    """Network and lane are filled in; on Telegram the link is hidden, on X it costs 23 however long."""
    style = replace(STYLE, utm={"utm_source": "{network}", "utm_medium": "{lane}"})
    link = "https://alwasat.example.com/?p=48207&utm_source=telegram&utm_medium=breaking"
    assert _post(style=style).spans[1].url == _post(style=style).link == link
    assert _post(target=ACCOUNT, style=style).length == 125


def test_without_a_shortlink_the_full_address_goes_out_encoded() -> None:
    """X finds all of it, so that it counts 23 and works."""
    post = _post(replace(STORY, link="https://alwasat.example.com/زعيم-كوريا/?fbclid=x", shortlink=""), target=ACCOUNT)
    assert post.link in post.text.split("\n")
    assert post.link.isascii()
    assert post.length == 125


def test_pasted_text_has_no_link_and_no_empty_line_for_it() -> None:
    """The details line goes with the link."""
    story = replace(STORY, link="", shortlink="")
    assert "التفاصيل" not in _post(story).text
    assert _post(story, ACCOUNT).text == X_SAMPLE.replace("\n\nhttps://alwasat.example.com/?p=48207", "")


def test_x_goes_without_its_link_by_policy() -> None:
    """A link costs thirteen times the post; a house may keep it for breaking news or do without."""
    breaking_only = replace(STYLE, x_link="breaking")
    assert _post(target=ACCOUNT, style=breaking_only).link
    assert not _post(target=ACCOUNT, lane=Lane.ORDINARY, style=breaking_only).link
    assert not _post(target=ACCOUNT, style=replace(STYLE, x_link="never")).link


def test_an_address_in_a_headline_is_reported_as_the_link_that_x_bills() -> None:
    """Even a bare host is a link there."""
    story = replace(STORY, headline="موقع alwasat.com يعود إلى العمل")
    assert _post(story, ACCOUNT, style=replace(STYLE, x_link="never")).link == "alwasat.com"


# --- words -----------------------------------------------------------------------------------------------


def test_a_lead_that_only_repeats_the_headline_is_left_out() -> None:
    """Nothing is said twice."""
    assert _post(replace(STORY, lead=STORY.headline + ".")).lead == ""


def test_what_a_title_brings_along_cannot_become_markup() -> None:
    """Signs of HTML in a headline are its own signs; only the template's tags mark."""
    post = _post(replace(STORY, headline="قال <b>نعم</b> & <a href='x'>لا</a>"))
    assert post.headline == "قال <b>نعم</b> & <a href='x'>لا</a>"
    assert post.headline in post.text
    assert [span.kind for span in post.spans] == [SpanKind.BOLD, SpanKind.TEXT_LINK]


def test_a_house_without_a_name_says_only_that_there_are_details() -> None:
    """No sentence ends in the air."""
    assert "\nالتفاصيل\n" in _post(style=HouseStyle()).text
