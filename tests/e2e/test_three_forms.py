"""`ajil simulate` over the sample article as entry, page and pasted text: one and the same post."""

import json
from pathlib import Path
from typing import Any

from tests.support.worker import a_worker

DATA = Path(__file__).parents[1] / "data" / "alwasat"
HEADLINE = "زعيم كوريا الشمالية يبحث مع وفد عسكري روسي تعزيز التعاون بين البلدين"
LEAD = (
    "استقبل زعيم كوريا الشمالية كيم يونج أون، وفدًا عسكريًا من الاتحاد الروسي، "
    "برئاسة نائب وزير الدفاع أليكسي كريفوروتشكو."
)
TELEGRAM = f"""🔴 عاجل | {HEADLINE}

{LEAD}

✍️ محمد الحكيم
التفاصيل على الوسط العربي

#الشرق_قادم #كوريا_الشمالية #روسيا"""
X = f"""#عاجل | {HEADLINE}

https://alwasat.example.com/?p=48207

#كوريا_الشمالية #روسيا"""
NEVER = (
    "تقرير: محمد الحكيم",
    "أخبارالشرق قادمعاجل",
    "زيارة بوتين كوريا الشمالية يونيو 2024",
    "لمزيد من الأخبار زوروا موقعنا",
    "زر الذهاب إلى الأعلى",
    "ظهرت المقالة",
    "[…]",
    "[&#8230;]",
)


async def simulated(folder: Path, name: str, of: Path = DATA, **settings: str) -> list[dict[str, Any]]:
    """What the command prints for one source, with nothing set but these."""
    place = folder / name.replace(".", "-")
    place.mkdir()
    async with a_worker(place, settings, "simulate", "--json", str(of / name)) as worker:
        assert await worker.process.wait() == 0
        return [json.loads(line) for line in worker.said().splitlines()]


async def test_the_three_forms_of_the_sample_article_give_the_same_fields_and_the_expected_posts(
    tmp_path: Path,
) -> None:
    """Also with no settings at all: the sources say whose paper it is."""
    forms = [
        next(line for line in await simulated(tmp_path, name) if line["headline"] == HEADLINE)
        for name in ("feed.xml", "page.html", "pasted.txt")
    ]
    for form in forms:
        fields = {name: form[name] for name in ("headline", "kicker", "section", "byline", "lead")}
        assert fields == {
            "headline": HEADLINE,
            "kicker": "عاجل",
            "section": "الشرق قادم",
            "byline": "محمد الحكيم",
            "lead": LEAD,
        }
    for form in forms[:2]:
        assert {post["target"]: post["text"] for post in form["posts"]} == {"telegram": TELEGRAM, "x": X}


async def test_pasted_text_with_its_link_and_tags_gives_the_same_post_to_the_letter(tmp_path: Path) -> None:
    """What a text does not say (link, tags) the editor adds as lines of their own; without them the rest is the same."""
    pasted = (DATA / "pasted.txt").read_text("utf-8")
    added = "\nhttps://alwasat.example.com/?p=48207\n#كوريا_الشمالية #روسيا #بوتين #كيم_يونج_أون\n"
    (tmp_path / "whole.txt").write_text(pasted + added, "utf-8")
    # A text alone does not say whose paper it is.
    (whole,) = await simulated(tmp_path, "whole.txt", tmp_path, SITE_NAME="الوسط العربي")
    (bare,) = await simulated(tmp_path, "pasted.txt")
    assert {post["target"]: post["text"] for post in whole["posts"]} == {"telegram": TELEGRAM, "x": X}
    assert {post["target"]: post["text"] for post in bare["posts"]} == {
        "telegram": TELEGRAM.replace("\nالتفاصيل على الوسط العربي", "").replace(" #كوريا_الشمالية #روسيا", ""),
        "x": X.partition("\n")[0],
    }


async def test_nothing_that_must_never_appear_stands_in_any_post(tmp_path: Path) -> None:
    """Packaging of the site, of every entry and form."""
    for name in ("feed.xml", "feed-2.xml", "feed-breaking.xml", "page.html", "pasted.txt"):
        for line in await simulated(tmp_path, name):
            shown = [line["headline"], line["lead"], line["byline"], *(post["text"] for post in line["posts"])]
            for words in NEVER:
                assert not any(words in text for text in shown), (name, words, shown)
