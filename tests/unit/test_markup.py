"""HTML of articles, as WordPress, its themes and its plugins write it, read into blocks and pictures."""

import time

import pytest

from feeds.markup import Block, Kind, plain, read

LONG = "استقبل زعيم كوريا الشمالية كيم يونج أون، وفدًا عسكريًا من الاتحاد الروسي."


def texts(html: str) -> list[tuple[Kind, str]]:
    """Kinds and texts of the blocks of some HTML."""
    return [(block.kind, block.text) for block in read(html).blocks]


def test_each_block_knows_what_it_is() -> None:
    """Paragraphs, subheadings, captions, quotes, lists and tables are told apart."""
    html = (
        f"<p>{LONG}</p><h3>التعاون</h3><figure><img src='a.jpg'><figcaption>الوفد</figcaption></figure>"
        "<blockquote><p>قال</p></blockquote><ul><li>أول</li></ul><table><tr><td>1</td></tr></table>"
    )
    assert texts(html) == [
        (Kind.PARAGRAPH, LONG),
        (Kind.HEADING, "التعاون"),
        (Kind.CAPTION, "الوفد"),
        (Kind.QUOTE, "قال"),
        (Kind.LIST, "أول"),
        (Kind.TABLE, "1"),
    ]


def test_inline_markup_parts_no_word_and_a_line_break_parts_paragraphs() -> None:
    """WordPress writes one new line of an author as a break, and it means a new line."""
    assert texts("<p>ال<b>رئي</b>س <a href='/'>هنا</a><br />ثم<br>هناك</p>") == [
        (Kind.PARAGRAPH, "الرئيس هنا"),
        (Kind.PARAGRAPH, "ثم"),
        (Kind.PARAGRAPH, "هناك"),
    ]


def test_a_bold_byline_typed_into_the_first_paragraph_is_a_paragraph_of_its_own() -> None:
    """Bold words that are no byline stay in their sentence."""
    assert texts(f"<p><strong>تقرير: محمد الحكيم</strong> {LONG}</p>") == [
        (Kind.PARAGRAPH, "تقرير: محمد الحكيم"),
        (Kind.PARAGRAPH, LONG),
    ]
    assert texts("<p><strong>بيونغ يانغ</strong> تستقبل وفدًا</p>") == [(Kind.PARAGRAPH, "بيونغ يانغ تستقبل وفدًا")]


@pytest.mark.parametrize(
    "html",
    [
        "<script>x</script>",
        "<style>p{}</style>",
        "<nav>قائمة</nav>",
        "<div class='sharedaddy sd-sharing'>شارك</div>",
        "<div id='ez-toc-container'>المحتويات</div>",
        "<div class='related-posts'><p>خبر آخر</p></div>",
        "<span class='screen-reader-text'>زر الذهاب إلى الأعلى</span>",
        "<blockquote class='twitter-tweet'><p>تغريدة</p></blockquote>",
        "<p style='display: none'>مخفي</p>",
        "<p hidden>مخفي</p>",
        "<noscript>شغّل جافاسكربت</noscript>",
        "<template><p>قالب</p></template>",
        "<!-- تعليق -->",
        "[gallery ids='1,2']",
        "[/vc_column][vc_row el_class='x']",
    ],
)
def test_what_is_not_for_readers_is_not_read(html: str) -> None:
    """Scripts, buttons, tables of contents, other stories, embeds, shortcodes and what is hidden."""
    assert texts(f"<p>قبل</p>{html}<p>بعد</p>") == [(Kind.PARAGRAPH, "قبل"), (Kind.PARAGRAPH, "بعد")]


def test_words_of_page_builders_classes_hide_no_text() -> None:
    """Elementor calls every block of text a widget."""
    html = f"<div class='elementor-widget elementor-widget-text-editor sidebar-right'><p>{LONG}</p></div>"
    assert read(html).paragraphs == (LONG,)


def test_a_paragraph_that_repeats_a_pictures_description_is_its_caption() -> None:
    """Old editors type the caption below the picture."""
    html = f"<p><img src='https://x.example.com/a.jpg' alt='زيارة بوتين'></p><p>زيارة بوتين</p><p>{LONG}</p>"
    assert read(html).paragraphs == (LONG,)
    assert (Kind.CAPTION, "زيارة بوتين") in texts(html)


def test_the_words_inside_a_caption_shortcode_are_a_caption() -> None:
    """Feeds of sites without the plugin that would have drawn it."""
    assert texts('[caption id="attachment_1" width="300"]<img src="a.jpg"> الوفد لدى وصوله[/caption]') == [
        (Kind.CAPTION, "الوفد لدى وصوله")
    ]


def test_the_emoji_that_wordpress_made_pictures_are_text() -> None:
    """Its feeds carry emoji as pictures with the sign as description."""
    found = read(
        "<p><img src='https://s.w.org/images/core/emoji/15/72x72/1f534.png' alt='🔴' class='wp-smiley'> عاجل</p>"
    )
    assert found.blocks == (Block(Kind.PARAGRAPH, "🔴 عاجل"),)
    assert found.pictures == ()


def test_text_escaped_once_too_often_is_read_as_the_markup_it_was() -> None:
    """Some feeds have escaped HTML inside CDATA."""
    assert read(f"&lt;p&gt;{LONG}&lt;/p&gt;&lt;p&gt;بعد&lt;/p&gt;").paragraphs == (LONG, "بعد")


def test_text_without_markup_has_a_paragraph_on_each_line() -> None:
    """Plain text of Atom and JSON Feed; a sign that is no tag is kept."""
    assert read(f"{LONG}\n\nقفز 4 &amp; 5").paragraphs == (LONG, "قفز 4 & 5")


def test_quotes_lists_and_tables_stand_in_where_there_is_no_running_text() -> None:
    """Old sites lay a whole article out in a table."""
    assert read(f"<table><tr><td>{LONG}</td></tr></table>").paragraphs == (LONG,)
    assert read(f"<ul><li>نقطة طويلة بما يكفي لتكون فقرة كاملة وحدها</li></ul><p>{LONG}</p>").paragraphs == (LONG,)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("&#8220;أوبك+&#8221; &amp; النفط", "“أوبك+” & النفط"),
        ("2 &amp;#8211; 1", "2 – 1"),
        ("<b>عاجل</b> | <em>خبر</em>", "عاجل | خبر"),
        ("&lt;b&gt;عاجل&lt;/b&gt;", "عاجل"),
        ("خبر<script>alert(1)</script>", "خبر"),
        ("5 < 6 و 7 > 3", "5 < 6 و 7 > 3"),
        ("AT&T", "AT&T"),
        ("\u202eمقلوب\u202c \u200bخفي", "مقلوب خفي"),
        ("", ""),
    ],
)
def test_a_title_is_freed_of_escapes_and_markup(html: str, text: str) -> None:
    """Titles come escaped once, twice or not at all; what is no tag is a sign."""
    assert plain(html) == text


@pytest.mark.parametrize("tag", ["<div>", "<b>", "<a>", "<table><tr><td>", "<ul><li>", "<span><p>"])
def test_a_tower_of_elements_is_refused_at_once(tag: str) -> None:
    """Nesting 200,000 deep took the parser 70 s; no article nests a hundredth of it."""
    started = time.process_time()
    read(tag * 200_000 + "نص")
    assert time.process_time() - started < 2


def test_an_article_that_nests_as_deep_as_themes_do_is_read() -> None:
    """Page builders put a paragraph below dozens of containers; the depth here would overflow a recursive reader."""
    assert read("<div>" * 1_500 + f"<p>{LONG}</p>" + "</div>" * 1_500).paragraphs == (LONG,)
