"""What belongs to the site and not to the story, and which paragraph is the lead."""

import pytest

from feeds.boilerplate import Prose, cut_short, is_boilerplate, is_footer, prose_of

LEAD = "استقبل زعيم كوريا الشمالية كيم يونج أون، وفدًا عسكريًا من الاتحاد الروسي."
SECOND = "أجرى الزعيم محادثات مع نائب وزير الدفاع الروسي، الذي نقل تحيات الرئيس."


@pytest.mark.parametrize(
    "text",
    [
        "ظهرت المقالة زعيم كوريا الشمالية يبحث أولاً على الوسط العربي.",
        "ظهر المقال عنوان أولًا على الوسط العربي",
        "ظهرت هذه التدوينة عنوان أولا على الوسط العربي.",
        "The post Some headline appeared first on Site.",
        "لمزيد من الأخبار زوروا موقعنا: الوسط العربي وللتواصل الاجتماعي تابعنا على فيسبوك الوسط العربي",
        "إقرأ أيضًا: بوتين يصل إلى بيونغ يانغ",
        "اقرأ المزيد",
        "شاهد أيضاً | لحظة وصول الوفد",
        "تابعونا على تليجرام",
        "قد يهمك: أسعار الذهب اليوم",
        "زر الذهاب إلى الأعلى",
        "جميع الحقوق محفوظة 2024",
        "المصدر: رويترز",
        "تصوير: أحمد علي",
        "الوفد لدى وصوله (أرشيفية)",
        "https://www.youtube.com/watch?v=1",
        "Read more: Kim meets delegation",
        "المصدر - سكاي نيوز عربية - أبوظبي",
        "للاشتراك في قناتنا على تلغرام اضغط هنا",
        "لمتابعة أخبارنا أولا بأول تابعونا على Google News",
        "مشاركة عبر: فيسبوك تويتر واتساب",
        "لمشاهدة الفيديو اضغط هنا",
        "نسخ الرابط تم نسخ الرابط حجم الخط",
        "آخر تحديث: الأحد 29 نوفمبر 2026 - 8:00 مساءً بتوقيت القاهرة",
        "كانت هذه تفاصيل خبر ارتفاع أسعار الذهب لهذا اليوم نرجو بأن نكون قد وفقنا",
    ],
)
def test_what_the_site_adds_is_boilerplate(text: str) -> None:
    """Footers, links to other stories, credits of pictures and addresses, in the spellings they come in."""
    assert is_boilerplate(text)


@pytest.mark.parametrize(
    "text",
    [
        LEAD,
        "تابع الرئيس عبد الفتاح السيسي أعمال التطوير في العاصمة الإدارية.",
        "شارك الرئيس في القمة العربية المنعقدة في بغداد اليوم.",
        "اشترك في المناورات عشرون طائرة من أربع دول عربية.",
        "انضم إلى الحلف ثلاث دول جديدة خلال العام الحالي.",
        "شاهد الآلاف المباراة النهائية في ملعب القاهرة الدولي.",
        "أقراص مخدرة بقيمة مليون دولار ضبطتها الشرطة في الميناء.",
        "ظهرت نتائج الثانوية العامة اليوم على موقع الوزارة.",
        "حمل المتظاهرون صور الضحايا في شوارع العاصمة.",
        "شارك عبر تقنية الفيديو رئيس الوزراء في قمة المناخ المنعقدة اليوم.",
        "شارك على هامش القمة وزراء ثلاث دول في اجتماع طارئ.",
        "مصادر - إسرائيلية وأمريكية - تؤكد قرب التوصل إلى اتفاق.",
        "إعلان حالة الطوارئ في ثلاث ولايات أمريكية بعد الإعصار.",
    ],
)
def test_sentences_that_begin_alike_are_of_the_story(text: str) -> None:
    """An imperative of the site and a verb of the news are spelt alike; the words after them decide."""
    assert not is_boilerplate(text)


def test_the_lead_is_the_first_paragraph_that_tells() -> None:
    """Byline, dateline, repeated headline, labels and links to other stories stand before it."""
    title = "عنوان الخبر يتكرر في أول المقال وهو طويل بما يكفي"
    link = "اقرأ أيضًا: خبر آخر طويل بما يكفي ليكون فقرة كاملة"
    paragraphs = ("تقرير: محمد الحكيم", "القاهرة – رويترز", title, "خاص", link, LEAD, SECOND)
    assert prose_of(paragraphs, title) == Prose("محمد الحكيم", LEAD, f"{LEAD}\n{SECOND}")


def test_a_short_paragraph_is_no_lead() -> None:
    """Under forty characters it is a label or a slogan."""
    assert prose_of(("رأي.", "التفاصيل في السطور التالية")).lead == ""


def test_the_byline_in_the_text_goes_before_the_account_that_uploaded_it() -> None:
    """The author signed; the account belongs to the desk."""
    assert prose_of(("كتب: أحمد علي", LEAD), writer="قسم الأخبار").byline == "أحمد علي"
    assert prose_of((LEAD,), writer="قسم الأخبار").byline == "قسم الأخبار"
    assert prose_of((LEAD,), writer="admin").byline == ""


def test_a_footer_typed_into_the_last_sentence_is_cut_off() -> None:
    """Editors paste it behind the text without a paragraph of its own."""
    glued = f"{LEAD} لمزيد من الأخبار زوروا موقعنا: الوسط العربي"
    assert prose_of((glued,)).lead == LEAD
    assert prose_of((f"{LEAD} زر الذهاب إلى الأعلى",)).lead == LEAD


def test_a_dateline_is_kept_out_of_the_lead() -> None:
    """Its agency is not the sentence's attribution."""
    assert prose_of((f"القاهرة – رويترز – {LEAD}",)).lead == LEAD


def test_an_excerpt_gives_its_first_whole_sentence() -> None:
    """WordPress glues the paragraphs of an excerpt together and breaks it off after 55 words."""
    excerpt = f"تقرير: محمد الحكيم {LEAD} {SECOND} التعاون العسكري أكد الجانبان، ضرورة […]"
    assert prose_of((excerpt,), writer="محمد الحكيم").lead == LEAD


def test_an_excerpt_without_a_whole_sentence_says_that_it_goes_on() -> None:
    """The mark of the site is replaced by the mark of the language."""
    assert (
        prose_of(("استقبل زعيم كوريا الشمالية كيم يونج أون وفدًا عسكريًا من [&hellip;]",)).lead
        == "استقبل زعيم كوريا الشمالية كيم يونج أون وفدًا عسكريًا من…"
    )


def test_an_excerpt_that_begins_with_an_unknown_byline_gives_no_lead() -> None:
    """Where the name ends cannot be known, and half a name must not be posted."""
    assert prose_of((f"تقرير: محمد الحكيم {LEAD} أكد […]",), writer="admin") == Prose()


def test_a_text_is_marked_as_an_excerpt_once() -> None:
    """Descriptions in a page's head are cut, and only some say so."""
    assert cut_short("نص مقطوع") == "نص مقطوع […]"
    assert cut_short("نص مقطوع […]") == "نص مقطوع […]"


@pytest.mark.parametrize(
    "line", ["لمزيد من الأخبار", "زر الذهاب إلى الأعلى", "مقالات ذات صلة", "جميع الحقوق محفوظة © 2024"]
)
def test_a_footer_ends_an_article(line: str) -> None:
    """In text without markup nothing else says where it is over."""
    assert is_footer(line)


def test_a_link_to_another_story_does_not_end_an_article() -> None:
    """It stands between two paragraphs."""
    assert not is_footer("اقرأ أيضًا: بوتين يصل إلى بيونغ يانغ")
