"""Boilerplate: what stands in an article without telling its story, and the prose that is left without it.

Pure functions on display text. Feeds, pages and pasted text share them, so that an article gives one byline and one
lead whichever way it came. Phrases are compared by key text: one spelling here stands for all («إقرأ أيضًا»).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from feeds.credit import byline_of, has_byline_label, is_dateline, keys_of, without_credits, writer_of
from newsroom.arabic import key_text

LEAD_AT_LEAST = 40
"""Characters; a shorter paragraph is a label or a slogan more often than a lead."""
_FRONT_AT_MOST = 4
"""Paragraphs in which bylines and datelines stand."""
_BODY_AT_MOST = 20_000
"""Characters of body kept; `relate` reads the first eighty words, and a feed may hold a book."""
_OPENING_AT_MOST = 60
"""Characters looked at for an opening; making the key of a whole paragraph costs forty times as much."""
_BOILERPLATE_AT_MOST = 300
"""Characters; what begins like boilerplate and goes on for longer is a paragraph."""

_OPENINGS_IN_WORDS = """
لمزيد من الأخبار، للمزيد من الأخبار، لمزيد من التفاصيل، للمزيد من التفاصيل، لمزيد من المعلومات، للمزيد اقرأ، للمزيد تابع،
لقراءة المزيد، متابعة القراءة، إكمال القراءة، استكمال القراءة، أكمل القراءة، اقرأ، اقرئي، نرشح لك، نرشح لكم،
شاهد أيضا، شاهد المزيد، شاهد الفيديو، شاهدوا الفيديو، طالع أيضا، طالع المزيد، انظر أيضا، تابع أيضا، تابع المزيد، تابع آخر،
تابع أحدث، تابع أهم، تابع قناة، تابع قناتنا، تابع صفحة، تابع صفحتنا، تابع حساب، تابعنا، تابعونا، تابعوا آخر، تابعوا أخبار،
تابعوا صفحة، تابعوا صفحتنا، تابعوا قناة، تابعوا قناتنا، تابعوا كل، تابعوا حساب، تابعوا حسابنا، لمتابعة آخر، لمتابعة أحدث، لمتابعة أهم، لمتابعة المزيد، لا تنس متابعة، لا تنسوا متابعة،
قد يهمك، قد تهمك، قد يعجبك، ربما يهمك، ربما يعجبك، مقالات ذات صلة، موضوعات ذات صلة، مواضيع ذات صلة، أخبار ذات صلة،
روابط ذات صلة، قصص ذات صلة، موضوعات متعلقة، مواضيع متعلقة، أخبار متعلقة، مقالات مشابهة،
اشترك الآن، اشترك معنا، اشترك في قناة، اشترك في قناتنا، اشترك في نشرتنا، اشترك في النشرة، اشترك في خدمة، اشتركوا في قناتنا،
اشتركوا الآن، انضم إلينا، انضموا إلينا، انضم الآن، انضم إلى قناة، انضم إلى قناتنا، انضم لقناة، انضم لقناتنا، انضموا إلى قناتنا،
 حمل تطبيق، حملوا تطبيق، حمل الآن،
للاشتراك في قناة، للاشتراك في قناتنا، للاشتراك في نشرتنا، للاشتراك في خدمة، للانضمام إلى قناة، للانضمام إلى قناتنا،
لمتابعة أخبارنا، لمتابعة قناتنا، لمتابعة حسابنا، لمشاهدة الفيديو، يمكنكم متابعة المزيد، يمكنكم متابعة آخر، يمكنك متابعة المزيد،
يمكنك متابعة آخر، مواضيع قد تهمك، موضوعات قد تهمك، مقالات قد تهمك، نشكر لكم متابعتكم، شكرا لمتابعتكم، كانت هذه تفاصيل،
ملحوظة مضمون، تنويه الخبر، تنويه الموقع، مشاركة عبر فيسبوك، مشاركة عبر البريد، مشاركة على فيسبوك، شارك على فيسبوك، شارك على تويتر، شارك على واتساب، شارك عبر فيسبوك،
شارك عبر واتساب، شارك عبر البريد، نسخ الرابط، لينك مختصر، حجم الخط،
وقت القراءة، مدة القراءة، استمع للخبر، استمع للمقال، استمع إلى المقال، استمع إلى الخبر،
شارك هذا، شارك المقال، شارك الخبر، شارك الموضوع، شارك رأيك، شاركنا رأيك، شاركها، انشر الخبر،
جميع الحقوق محفوظة، كل الحقوق محفوظة، الحقوق محفوظة، حقوق النشر، حقوق الطبع، زر الذهاب، العودة إلى الأعلى،
الوسوم، الكلمات المفتاحية، كلمات مفتاحية، الكلمات الدلالية، كلمات دلالية، رابط مختصر، رابط المقال، رابط الخبر،
read more، read also، see also، continue reading، follow us، subscribe to، related posts، related articles، related news،
all rights reserved، share this
"""
_FOOTERS_IN_WORDS = """
لمزيد من الأخبار، للمزيد من الأخبار، زر الذهاب، مقالات ذات صلة، موضوعات ذات صلة، مواضيع ذات صلة، أخبار ذات صلة،
جميع الحقوق محفوظة، كل الحقوق محفوظة، الحقوق محفوظة، حقوق النشر، الوسوم، اترك تعليقا، اترك ردا
"""
# With a space after each, because «أقراص» is no «اقرأ».
_OPENINGS, _FOOTERS = (tuple(f"{key} " for key in keys_of(words)) for words in (_OPENINGS_IN_WORDS, _FOOTERS_IN_WORDS))
_ALONE = keys_of("المزيد، إعلان، advertisement، فيديو، صور، شاهد، شارك، نسخ الرابط، tags، related")
# Yoast's last line of every feed entry (wordpress-seo, option rssafter), in both languages and in the variants of its translations.
_YOAST = re.compile(
    r"(?:the post\b|ظهرت? (?:هذا |هذه )?(?:المقاله|المقال|الموضوع|التدوينه|الخبر|المشاركه)\b).*(?:\bاولا (?:علي|في)\b|\bappeared first on\b)",
    re.DOTALL,
)
_YOAST_BEGINS = ("The post ", "ظهر")
_CAPTION = re.compile(
    r"\A\W{0,5}(?:(?:ال)?مصدر|(?:ال)?مصادر|مصدر (?:ال)?(?:خبر|صورة)|(?:ال)?صورة|تصوير|عدسة|source|photo|via|tags?|related)\s*[:|\uff1a]|\A\W{0,5}المصدر\s+[-–—]\s|\A\W{0,5}(?:آخر تحديث|تاريخ النشر|نُ?شرت? في)\s*[:|\uff1a]|\A\W{0,5}صورة? (?:[أا]رشيفية|تعبيرية)|\([أا]رشيفية?\)\W*$",
    re.IGNORECASE,
)
_ADDRESSES_ONLY = re.compile(r"(?:(?:https?://|www\.)\S+(?:\s+|$))+")
_TAIL = re.compile(
    r"(?:لل?مزيد من الأخبار (?:زورو|زر|تابع|يرجى|يمكن)|زر الذهاب إلى|ظهرت? (?:هذا |هذه )?(?:المقالة|المقال|الموضوع|التدوينة|الخبر)\b.{0,600}?[أا]ول[اًٌ]{1,3} (?:على|في)"
    r"|The post .{0,600}? appeared first on).*$",
    re.DOTALL,
)
_CUT_SHORT = re.compile(
    r"\s*[\[(](?:…|\.{3}|&hellip;)[\])]\s*$|\s*(?:…|\.{3})?\s*(?:اقرأ المزيد|متابعة القراءة|read more)\s*(?:»|→|\.{3}|…)?\s*$",
    re.IGNORECASE,
)
_CUT_MARK_AT_MOST = 40
"""Characters; only the end of a text is searched for the mark."""
_BROKEN_WORD = re.compile(r"[\s،؛:,]+[^\s.…]+(?:\.\.+|…)\Z")
"""A description is cut after so many letters, in the middle of a word as well: dots that touch it do not tell."""
_SENTENCE = re.compile(r".+?(?<!\.)[.!؟?][\"”»)]*(?=\s|$)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Prose:
    """What is left of an article's paragraphs when only the telling ones are kept."""

    byline: str = ""
    lead: str = ""
    body: str = ""


def prose_of(paragraphs: Iterable[str], title: str = "", writer: str = "") -> Prose:
    """Byline, lead and body of an article's paragraphs.

    Args:
        paragraphs: display texts in their order, without headings and captions.
        title: the article's own; a paragraph that repeats it tells nothing.
        writer: whom feed or page names. The byline in the text is the author's own word and goes before it.
    """
    texts = [text for paragraph in paragraphs if (text := _without_tail(paragraph))]
    byline = next(
        (name for text in (*texts[:_FRONT_AT_MOST], *texts[-3:]) if (name := byline_of(text))), ""
    ) or writer_of(writer)
    telling: list[str] = []
    for number, text in enumerate(texts):
        # Only the front of an article has credits glued to it; further down they would be words of the story.
        front = without_credits(text, byline) if number < _FRONT_AT_MOST else text
        if not _tells_nothing(text, title) and (told := _told(front)):
            telling.append(told)
    lead = next((text for text in telling if len(text) >= LEAD_AT_LEAST), "")
    return Prose(byline, lead, "\n".join(telling)[:_BODY_AT_MOST])


def is_boilerplate(text: str) -> bool:
    """Whether a paragraph belongs to the site and not to the story: footers, links to other stories, captions."""
    if text.startswith(_YOAST_BEGINS) and _YOAST.match(key_text(text)):
        return True
    if len(text) > _BOILERPLATE_AT_MOST:
        return False
    key = key_text(text[:_OPENING_AT_MOST])
    return (
        f"{key} ".startswith(_OPENINGS)
        or key in _ALONE
        or bool(_CAPTION.search(text) or _ADDRESSES_ONLY.fullmatch(text))
    )


def is_footer(text: str) -> bool:
    """Whether an article is over here, in text that lost its markup: what follows is the site's."""
    return _TAIL.match(text) is not None or f"{key_text(text[:_OPENING_AT_MOST])} ".startswith(_FOOTERS)


def cut_short(text: str) -> str:
    """The text marked as an excerpt, as WordPress marks its own: it may break off in the middle of a sentence."""
    return text if _cut_mark(text) else f"{text} […]"


def _cut_mark(text: str) -> re.Match[str] | None:
    return _CUT_SHORT.search(text, max(0, len(text) - _CUT_MARK_AT_MOST))


def _without_tail(text: str) -> str:
    tail = _TAIL.search(text)
    return text[: tail.start()].rstrip() if tail else text


def _tells_nothing(text: str, title: str) -> bool:
    if len(text) <= 2 * len(title) and key_text(text) == key_text(title):
        return True
    return bool(byline_of(text)) or is_boilerplate(text) or is_dateline(text)


def _told(text: str) -> str:
    """The paragraph without the mark of an excerpt, and without the half sentence before that."""
    mark = _cut_mark(text)
    if mark is None:
        return text
    told = text[: mark.start()]
    if has_byline_label(told):
        # The excerpt lost the paragraph's end after a name that nobody else gives: where it ends cannot be known.
        return ""
    return _whole_sentences(told)


def _whole_sentences(text: str) -> str:
    """The first sentence of an excerpt, or more until they are a lead: its paragraphs were glued together."""
    sentences = ""
    for sentence in _SENTENCE.finditer(text):
        sentences += sentence[0]
        if len(sentences.strip()) >= LEAD_AT_LEAST:
            return sentences.strip()
    if broken := _BROKEN_WORD.search(text):
        return f"{text[: broken.start()]}…"
    return text if text.endswith("…") or not text else f"{text}…"
