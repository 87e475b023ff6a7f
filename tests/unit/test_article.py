"""A page becomes the entry that the feed would have given, or a sentence that says why it is no article."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feeds.article import entry_of_page
from newsroom.entry import Entry, PictureSource
from newsroom.errors import EntryRefused
from newsroom.site import Site

DATA = Path(__file__).parents[1] / "data"
SITE = Site(name="الوسط العربي")
LEAD = "استقبل زعيم كوريا الشمالية كيم يونج أون، وفدًا عسكريًا من الاتحاد الروسي، برئاسة نائب وزير الدفاع أليكسي كريفوروتشكو."
TITLE = "زعيم كوريا الشمالية يبحث مع وفد عسكري روسي تعزيز التعاون بين البلدين"
ADDRESS = "https://alwasat.example.com/kim/"


def page(name: str) -> str:
    """A page of the test data."""
    return (DATA / name).read_text(encoding="utf-8")


def entry_of(html: str, url: str = ADDRESS, content_type: str = "text/html; charset=UTF-8", site: Site = SITE) -> Entry:
    """The entry of some HTML."""
    return entry_of_page(html.encode(), url, content_type, site)


def refusal(html: str, url: str = ADDRESS, content_type: str = "text/html") -> str:
    """The sentence with which a page is refused."""
    with pytest.raises(EntryRefused) as raised:
        entry_of(html, url, content_type)
    return str(raised.value)


SAMPLE = page("alwasat/page.html")
WITHOUT_DATA = re.sub(r"<script.*?</script>", "", SAMPLE, flags=re.DOTALL)
WITHOUT_HEAD = re.sub(r"<meta[^>]*>", "", WITHOUT_DATA)
WITHOUT_BODY = re.sub(r"<body.*</body>", "<body></body>", SAMPLE, flags=re.DOTALL)


@pytest.mark.parametrize(
    "html", [SAMPLE, WITHOUT_DATA, WITHOUT_HEAD, WITHOUT_BODY], ids=["whole", "no JSON-LD", "no meta", "no body"]
)
def test_each_witness_alone_tells_the_same_story(html: str) -> None:
    """Data, tags of the head and markup stand in for one another."""
    entry = entry_of(html)
    assert (entry.title, entry.byline, entry.lead, entry.post_id) == (TITLE, "محمد الحكيم", LEAD, 48207)
    assert entry.pictures[0].url.endswith("/%D9%83%D9%8A%D9%85-%D9%8A%D9%88%D9%86%D8%AC-%D8%A3%D9%88%D9%86.jpg")


def test_sections_and_tags_come_from_the_data_or_else_from_the_links() -> None:
    """Sections before tags, as WordPress writes them into its feed."""
    assert entry_of(SAMPLE).categories == (
        "أخبار",
        "الشرق قادم",
        "عاجل",
        "بوتين",
        "روسيا",
        "كوريا الشمالية",
        "كيم يونج أون",
    )
    assert entry_of(WITHOUT_HEAD).categories == ("أخبار", "الشرق قادم", "عاجل")


def test_a_rank_math_page_is_read_through_its_graph() -> None:
    """Texts with commas, nodes behind @id, line breaks inside texts, and a second article beside the page's own."""
    entry = entry_of(
        page("pages/rank_math.html"), "https://almadar.example.com/economy/cbe-rates/", site=Site(name="المدار")
    )
    assert entry.title == "البنك المركزي يثبت سعر الفائدة عند 27.25%"
    assert entry.byline == "منى سعيد"
    assert entry.categories == ("اقتصاد", "عاجل", "البنك المركزي", "سعر الفائدة")
    assert entry.lead == "قررت لجنة السياسة النقدية بالبنك المركزي المصري، تثبيت سعري عائد الإيداع والإقراض."
    assert entry.body.endswith("والمحلي.")
    assert "الدولار" not in entry.body
    assert (entry.post_id, entry.shortlink, entry.link) == (9120, "", "https://almadar.example.com/economy/cbe-rates/")
    assert entry.published == datetime(2024, 7, 18, 14, 3, 11, tzinfo=UTC)
    assert [
        (picture.url.rsplit("/", 1)[1], picture.source, picture.width, picture.height, picture.alt)
        for picture in entry.pictures
    ] == [
        ("cbe.jpg", PictureSource.MEDIA, 1200, 675, "مقر البنك المركزي"),
        ("meeting.jpg", PictureSource.BODY, 0, 0, "اجتماع اللجنة"),
        ("share-default.jpg", PictureSource.PAGE, 0, 0, ""),
    ]


def test_the_article_of_the_pages_own_address_is_meant() -> None:
    """Encoded in either case, and whichever stands first."""
    other = '{"@type":"Article","headline":"خبر آخر","url":"https://alwasat.example.com/%d8%a3/"}'
    own = '{"@type":"Article","headline":"الخبر","mainEntityOfPage":"https://alwasat.example.com/%d8%b2/#webpage"}'
    html = f'<script type="application/ld+json">[{other},{own}]</script>'
    assert entry_of(html, "https://alwasat.example.com/%D8%B2/").title == "الخبر"


def test_a_page_that_is_only_markup_in_an_old_charset_is_read() -> None:
    """No data, no tags, a layout of tables, windows-1256."""
    body = page("pages/markup_only.html").encode("cp1256")
    entry = entry_of_page(body, "http://www.alofoq.example.com/news/12", "text/html", Site(name="جريدة الأفق"))
    assert entry.title == "الوزير: لا زيادة في أسعار الوقود هذا العام"
    assert entry.lead == "قال وزير البترول إن الحكومة لا تنوي زيادة أسعار الوقود خلال العام المالي الحالي."
    assert (entry.site, entry.link, entry.post_id) == (
        "alofoq.example.com",
        "http://www.alofoq.example.com/news/12",
        None,
    )
    assert [picture.url for picture in entry.pictures] == [
        "http://www.alofoq.example.com/photos/%D9%88%D8%B2%D9%8A%D8%B1%20%D8%A7%D9%84%D8%A8%D8%AA%D8%B1%D9%88%D9%84.jpg"
    ]


def test_a_page_drawn_by_scripts_is_read_through_its_data() -> None:
    """A list instead of a graph, texts for images, several writers, the article's body."""
    entry = entry_of(page("pages/news_system.html"), "https://akhbar.example.com/77", site=Site())
    assert entry.title == "انطلاق القمة العربية في بغداد بحضور 15 زعيمًا"
    assert entry.byline == "أحمد علي، سارة محمود"
    assert entry.categories == ("عربي", "بغداد", "القمة العربية")
    assert entry.lead == "انطلقت اليوم في العاصمة العراقية أعمال القمة العربية بحضور 15 زعيمًا."
    assert [picture.url[-12:] for picture in entry.pictures] == ["m/summit.jpg", "summit-2.jpg"]
    assert entry.published == datetime(2024, 5, 17, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("عنوان الخبر - الوسط العربي", "عنوان الخبر"),
        ("عنوان الخبر | الوسط العربي", "عنوان الخبر"),
        ("عنوان الخبر &raquo; الوسط العربي", "عنوان الخبر"),
        ("عنوان – فرعي – الوسط العربي", "عنوان – فرعي"),
        ("عنوان الخبر عن الوسط العربي", "عنوان الخبر عن الوسط العربي"),
        ("2 &amp;#8211; 1 &#8211; الوسط العربي", "2 – 1"),
    ],
)
def test_the_sites_name_is_cut_off_the_headline(title: str, headline: str) -> None:
    """Only where a delimiter parts it."""
    assert (
        entry_of(f"<meta property='og:type' content='article'><meta property='og:title' content='{title}'>").title
        == headline
    )


def test_a_headline_that_the_data_cut_short_is_taken_from_a_longer_witness() -> None:
    """Some systems cut at the 110 letters that search engines show."""
    html = '<script type="application/ld+json">{"@type":"Article","headline":"زعيم كوريا الشمالية يبحث مع…"}</script><h1>زعيم كوريا الشمالية يبحث مع وفد</h1>'
    assert entry_of(html).title == "زعيم كوريا الشمالية يبحث مع وفد"


@pytest.mark.parametrize(
    ("head", "number", "shortlink"),
    [
        (
            "<link rel='shortlink' href='https://alwasat.example.com/?p=7'><body class='single postid-9'>",
            7,
            "https://alwasat.example.com/?p=7",
        ),
        ("<link rel='shortlink' href='/?p=7'><body class='single'>", 7, "https://alwasat.example.com/?p=7"),
        ("<link rel='shortlink' href='https://wp.me/p1-2'><body class='single postid-9'>", 9, ""),
        ("<link rel='shortlink' href='https://alwasat.example.com/ar/?p=7'><body class='single postid-7'>", None, ""),
        (
            "<link rel='alternate' type='application/json' href='https://alwasat.example.com/wp-json/wp/v2/posts/8'><body class='single'>",
            8,
            "",
        ),
        ("<body class='single'><article id='post-6'>", 6, ""),
        ("<body class='single'>", None, ""),
    ],
)
def test_wordpress_says_which_post_it_is(head: str, number: int | None, shortlink: str) -> None:
    """In the short link, the API's link, the class of the body or the name of the element; a blog in a folder counts its own."""
    entry = entry_of(f"{head}<h1>عنوان</h1>")
    assert (entry.post_id, entry.shortlink) == (number, shortlink)


def test_the_number_in_the_address_names_the_post() -> None:
    """An editor may push the short form."""
    assert entry_of("<body class='single'><h1>عنوان</h1>", "https://alwasat.example.com/?p=7").post_id == 7


@pytest.mark.parametrize(
    ("canonical", "link"),
    [
        ("https://alwasat.example.com/real/?utm_source=x#top", "https://alwasat.example.com/real/"),
        ("/real/", "https://alwasat.example.com/real/"),
        ("https://m.alwasat.example.com/real/", "https://m.alwasat.example.com/real/"),
        ("https://evil.example.org/phish/", ADDRESS),
        ("javascript:alert(1)", ADDRESS),
        ("", ADDRESS),
    ],
)
def test_a_page_may_name_its_own_address_on_its_own_site_only(canonical: str, link: str) -> None:
    """Followers are sent to the site that the editor chose."""
    assert entry_of(f"<link rel='canonical' href='{canonical}'><body class='single'><h1>عنوان</h1>").link == link


def test_a_page_from_a_file_has_the_address_that_it_names() -> None:
    """There is no other."""
    assert entry_of(SAMPLE, "").link.startswith("https://alwasat.example.com/%D8%B2%D8%B9%D9%8A%D9%85")


def test_the_site_and_its_admin_are_no_writers() -> None:
    """Organisations on the page, the site's own name, and accounts."""
    html = '<script type="application/ld+json">{"@type":"Article","headline":"عنوان","author":[{"name":"الوسط العربي"},{"name":"admin"}]}</script><meta name="author" content="admin">'
    assert entry_of(html).byline == ""


@pytest.mark.parametrize(
    ("html", "url", "content_type", "why"),
    [
        ("%PDF-1.7", ADDRESS, "application/pdf", "is application/pdf, not a page"),
        ("<rss version='2.0'><channel/></rss>", ADDRESS, "text/html", "is a feed, not an article"),
        (
            "<?xml version='1.0'?>\n<feed xmlns='http://www.w3.org/2005/Atom'/>",
            ADDRESS,
            "",
            "is a feed, not an article",
        ),
        ("", ADDRESS, "text/html", "is no article"),
        ("just some text", ADDRESS, "text/html", "is no article"),
        (
            "<body class='error404'><h1>الصفحة غير موجودة</h1><article><p>عذرًا، الصفحة التي تبحث عنها غير موجودة على الموقع.</p></article>",
            ADDRESS,
            "text/html",
            "is no article",
        ),
        ("<body class='home blog'><h1>الوسط</h1>", ADDRESS, "text/html", "is no article"),
        (
            "<meta property='og:type' content='article'><h1>الوسط</h1>",
            "https://alwasat.example.com/",
            "text/html",
            "is no article",
        ),
        ("<body class='single'><p>نص بلا عنوان</p>", ADDRESS, "text/html", "has no headline"),
        ("<title>الوسط العربي</title><body class='single'>", ADDRESS, "text/html", "has no headline"),
        ("<body class='single'><h1>\ufffd\ufffd عاجل</h1>", ADDRESS, "text/html", "cannot be read"),
        ("<div>" * 300_000 + "<h1>عنوان</h1>", ADDRESS, "text/html", "is no article"),
    ],
)
def test_what_is_no_article_is_refused_with_the_reason(html: str, url: str, content_type: str, why: str) -> None:
    """Documents, feeds, front pages, lists, errors, pages without a headline, towers of elements."""
    sentence = refusal(html, url, content_type)
    assert why in sentence
    assert url in sentence


def test_a_list_of_a_sections_stories_is_refused() -> None:
    """Whatever its tags call it, WordPress's classes say what it is."""
    assert "is no article" in refusal(page("pages/section.html"))


@pytest.mark.parametrize(
    "data",
    [
        "[" * 100_000,
        '{"@type":"Article","headline":' + '{"a":' * 5_000 + "1" + "}" * 5_000 + "}",
        "[" + '{"@type":"Article","headline":"x"},' * 20_000 + "{}]",
        '{"@type":"Article","headline":7,"author":7,"image":7,"keywords":7,"publisher":"x"}',
        '{"@type":["Article",7,null],"headline":["x",{}],"author":[null,[["y"]]],"image":[{"url":{"a":1}}],"articleSection":{"a":[]},"datePublished":{}}',
        '{"@type":"Article","headline":"x","@id":"#a","author":{"@id":"#a"},"image":{"@id":"#a"}}',
        '"x"',
        "null",
    ],
)
def test_hostile_data_spoils_no_page(data: str) -> None:
    """Depth, size, circles and wrong types are passed over; the markup still tells."""
    entry = entry_of(f'<script type="application/ld+json">{data}</script><body class="single"><h1>x</h1>')
    assert entry.title == "x"


@pytest.mark.parametrize("member", ["url", "image", "headline", "articleSection"])
def test_half_a_character_in_a_pages_data_costs_no_article(member: str) -> None:
    """JSON can write one; nothing that is read of the page has it."""
    told = {"url": ADDRESS, "image": "https://alwasat.example.com/a.jpg", "headline": TITLE, "articleSection": "سياسة"}
    data = json.dumps({"@type": "NewsArticle", **told, member: told[member] + "\ud83d"})
    entry = entry_of(
        f'<script type="application/ld+json">{data}</script><h1>{TITLE}</h1><article><p>{LEAD}</p></article>'
    )
    assert (entry.title, entry.categories) == (TITLE, ("سياسة",))
    "".join((entry.link, *(picture.url for picture in entry.pictures))).encode()
