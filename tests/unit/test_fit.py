"""Fit: what gives way when the limit is near, and where a text may be cut."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twitter_text import parse_tweet
from twitter_text.config import config

from publishing.cut import cut_points, graphemes, shortened
from publishing.fit import WORTH_READING_WORDS, Words, fit
from publishing.x_length import weighted_length

HEADLINE = "زعيم كوريا الشمالية يبحث مع وفد عسكري روسي تعزيز التعاون"
LEAD = (
    "استقبل زعيم كوريا الشمالية كيم يونج أون، وفدًا عسكريًا من الاتحاد الروسي، برئاسة نائب وزير الدفاع، وقال «إن البلدين "
    "يقفان معًا»، وأضاف أن التبادل بلغ 1 200 مليون دولار في عام 2024 وحده"
)
FULL = Words(HEADLINE, "عاجل", "https://alwasat.example.com/?p=1", LEAD, "محمد الحكيم", ("#كوريا", "#روسيا", "#مصر"))


def _length(words: Words) -> int:
    parts = (words.kicker, words.headline, words.lead, words.byline, words.link, " ".join(words.tags))
    return len("\n".join(part for part in parts if part))


def _parts(words: Words) -> str:
    """One letter for each part that is there whole, a small one for a lead that was cut."""
    lead = "L" if words.lead == LEAD else "l" if words.lead else ""
    headline = "H" if words.headline == HEADLINE else "h"
    return (
        headline
        + "U" * bool(words.link)
        + "K" * bool(words.kicker)
        + lead
        + "B" * bool(words.byline)
        + "#" * len(words.tags)
    )


def test_what_fits_is_left_alone() -> None:
    """Nothing is cut where there is room for all."""
    assert fit(FULL, _length(FULL), _length) == FULL


def test_the_parts_give_way_in_the_houses_order() -> None:
    """With less and less room: lead cut, more tags, byline, lead, the last tag, kicker, link; the headline at the end."""
    seen: list[str] = []
    for limit in range(_length(FULL), 8, -1):
        fitted = fit(FULL, limit, _length)
        assert _length(fitted) <= limit
        if not seen or seen[-1] != _parts(fitted):
            seen.append(_parts(fitted))
    assert seen == ["HUKLB###", "HUKlB###", "HUKlB##", "HUKlB#", "HUKl#", "HUK#", "HUK", "HU", "H", "h"]


def test_a_lead_is_cut_only_while_it_is_worth_reading() -> None:
    """Rather than three words of it, more tags and the byline make room; then it goes altogether."""
    for limit in range(_length(FULL), 40, -1):
        lead = fit(FULL, limit, _length).lead
        assert lead == LEAD or not lead or len(lead.split()) >= WORTH_READING_WORDS - 1


TWO = "ضرب زلزال قوي جزيرة كريت صباح اليوم الاثنين وأوقع قتلى. ولم تُعرف بعد حصيلة الضحايا النهائية."


@pytest.mark.parametrize(
    ("lead", "room", "shown"),
    [
        (TWO, 66, "ضرب زلزال قوي جزيرة كريت صباح اليوم الاثنين وأوقع قتلى."),
        (TWO, 56, "ضرب زلزال قوي جزيرة كريت صباح اليوم الاثنين وأوقع قتلى."),
        (TWO, 90, "ضرب زلزال قوي جزيرة كريت صباح اليوم الاثنين وأوقع قتلى. ولم تُعرف بعد حصيلة الضحايا…"),
        (TWO, 50, "ضرب زلزال قوي جزيرة كريت صباح اليوم الاثنين وأوقع…"),
        (f"قال «{TWO}»", 80, "قال «ضرب زلزال قوي جزيرة كريت صباح اليوم الاثنين وأوقع قتلى. ولم تُعرف…»"),
        (
            "التقى الرئيس المصري في القصر الجمهوري د. محمد مصطفى مدبولي ظهرًا",
            46,
            "التقى الرئيس المصري في القصر الجمهوري د. محمد…",
        ),
    ],
    ids=["a word over", "to the letter", "two thirds", "no stop yet", "in a quotation", "an initial"],
)
def test_a_cut_lead_goes_back_to_its_last_full_stop_where_that_costs_little(lead: str, room: int, shown: str) -> None:
    """Two words of the next sentence and an ellipsis read worse; in a quotation, or for half of it, they stay."""
    assert fit(Words("خبر", lead=lead), room + 4, _length).lead == shown


def test_a_word_too_long_for_the_network_is_cut_at_a_grapheme() -> None:
    """A vowel sign stays on its letter even then."""
    fitted = fit(Words(headline="بَ" * 50), 10, _length)
    assert fitted.headline == "بَ" * 4 + "…"


CUTS = [
    ("ارتفعت الحصيلة إلى 1 200 قتيل", ["ارتفعت…", "ارتفعت الحصيلة…", "ارتفعت الحصيلة…"]),
    (
        "بقيمة 3 مليارات دولار لدعم مصر",
        ["بقيمة…", "بقيمة 3 مليارات…", "بقيمة 3 مليارات دولار…", "بقيمة 3 مليارات دولار لدعم…"],
    ),
    ("فاز الأهلي 2 - 1 على الزمالك", ["فاز…", "فاز الأهلي…", "فاز الأهلي 2 - 1…"]),
    ("قفز 4% ثم هبط", ["قفز…", "قفز 4%…", "قفز 4%…"]),
    ("قال «إن الوضع صعب» ثم غادر", ["قال…", "قال…", "قال «إن الوضع…»", "قال «إن الوضع صعب»…", "قال «إن الوضع صعب»…"]),
    ("وفاة، وإصابة", ["وفاة…"]),
    ("مئة ألف متظاهر", ["مئة ألف…"]),
    ("مِنْ بَيْرُوتَ", [""]),
]


@pytest.mark.parametrize(("text", "cuts"), CUTS)
def test_a_cut_parts_no_number_and_leaves_nothing_hanging(text: str, cuts: list[str]) -> None:
    """Numbers keep their thousands, scores and units; quotations are closed; prepositions and commas go."""
    assert [shortened(text, point) for point in cut_points(text)] == cuts


WORDS_OF_NEWS = st.sampled_from(
    [
        "قتل",
        "15",
        "في",
        "«انفجار»",
        "«قرب",
        "بيروت»",
        "و",
        "1.2",
        "مليون",
        "#غزة",
        "(رويترز)",
        "،",
        "4%",
        "https://a.com/1",
        "كَتَبَ",
    ]
)


@given(st.lists(WORDS_OF_NEWS, min_size=2, max_size=25).map(" ".join))
@settings(max_examples=100)
def test_every_cut_is_a_beginning_with_an_ellipsis_and_balanced_quotes(text: str) -> None:
    """What stays is the author's own beginning, whole words only; each quotation it opened is closed."""
    for point in cut_points(text):
        cut = shortened(text, point)
        if not cut:
            continue
        body, ellipsis, closers = cut.rpartition("…")
        assert ellipsis
        assert text.startswith(body)
        assert text[len(body)] in " ،"
        assert not re.search(r"(^|\s)([وفي]|في|\d[\d.]*)$", body)
        assert set(closers) <= set("»)")
        assert cut.count("«") <= cut.count("»")


@pytest.mark.parametrize(
    ("text", "clusters"),
    [
        ("عاجل", ["ع", "ا", "ج", "ل"]),
        ("بَّر", ["بَّ", "ر"]),
        ("👨\u200d👩\u200d👧\u200d👦🔴", ["👨\u200d👩\u200d👧\u200d👦", "🔴"]),
        ("🇱🇧🇪🇬", ["🇱🇧", "🇪🇬"]),
        ("🙋🏽☺\ufe0f1\ufe0f⃣", ["🙋🏽", "☺\ufe0f", "1\ufe0f⃣"]),
        ("", []),
    ],
)
def test_graphemes_are_characters_as_readers_count_them(text: str, clusters: list[str]) -> None:
    """Vowel signs, families, flags and skin tones stay whole."""
    ends = list(graphemes(text))
    assert [text[start:end] for start, end in zip([0, *ends], ends, strict=False)] == clusters


# --- twitter-text's own cases ----------------------------------------------------------------------------

_CASE = re.compile(
    r'text: "(?P<text>(?:[^"\\]|\\.)*)"\s+expected:\s+weightedLength: (?P<length>\d+)\s+valid: (?P<valid>\w+)'
)
_ESCAPE = re.compile(r"\\(?:U([0-9a-fA-F]{8})|u([0-9a-fA-F]{4})|(.))")


def _cases(shared: Path, section: str) -> list[tuple[str, int, bool]]:
    """(text, weighted length, valid) of one group of validate.yml, read without a YAML library."""
    source = (shared / "data" / "twitter-text" / "validate.yml").read_text("utf-8")
    body = re.split(r"^  \w+:$", source.partition(f"  {section}:\n")[2], maxsplit=1, flags=re.MULTILINE)[0]

    def unescaped(escape: re.Match[str]) -> str:
        return chr(int(escape[1] or escape[2], 16)) if escape[1] or escape[2] else {"n": "\n"}.get(escape[3], escape[3])

    return [
        (_ESCAPE.sub(unescaped, case["text"]), int(case["length"]), case["valid"] == "true")
        for case in _CASE.finditer(body)
    ]


def _weight_of_version_2(text: str) -> int:
    return int(parse_tweet(text, options={**config["version2"], "emoji_parsing_enabled": False}).weightedLength)


@pytest.mark.parametrize(
    ("section", "weight", "count"),
    [
        # This group was written for version 2, which counted each part of an emoji.
        ("WeightedTweetsCounterTest", _weight_of_version_2, 20),
        ("WeightedTweetsWithDiscountedEmojiCounterTest", weighted_length, 22),
        ("UnicodeDirectionalMarkerCounterTest", weighted_length, 2),
    ],
)
def test_every_length_case_of_twitter_text_passes_through_fit(
    shared: Path, section: str, weight: Callable[[str], int], count: int
) -> None:
    """The length is theirs; what they call within the limit stays whole, and what is over it is cut below it."""
    cases = _cases(shared, section)
    assert len(cases) == count
    for text, length, valid in cases:
        assert weight(text) == length
        fitted = fit(Words(headline=text), 280, lambda words: weight(words.headline)).headline
        assert weight(fitted) <= 280
        assert (fitted == text) is (length <= 280)
        assert fitted == text or not valid
