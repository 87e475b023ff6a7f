"""Relations: never a different story swallowed, never a repeat of the same one, an update always told."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsroom.entry import Entry, Picture, PictureSource
from newsroom.relation import Duplicate, Ground, Lookalike, New, Relation, Update, relate
from newsroom.site import Site
from newsroom.story import Kicker, Story, story_of
from newsroom.window import Window
from tests.support.judged import ours, samples

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
KIM = "زعيم كوريا الشمالية يبحث مع وفد عسكري روسي تعزيز التعاون بين البلدين"
KIM_TEXT = """استقبل زعيم كوريا الشمالية كيم يونج أون، وفدًا عسكريًا من الاتحاد الروسي، برئاسة نائب وزير الدفاع أليكسي كريفوروتشكو.
أجرى أون محادثات مع نائب وزير الدفاع الروسي، الذي نقل تحيات الرئيس فلاديمير بوتين. أكد الجانبان ضرورة التعاون العسكري بين البلدين للدفاع
عن المصالح الأمنية المشتركة، حسبما أوردت وكالة الأنباء الكورية الرسمية."""
FALL = """لقي {dead} أشخاص مصرعهم وأصيب 9 آخرون في انهيار عقار مكوّن من 6 طوابق بحي محرم بك وسط الإسكندرية، بحسب مصدر طبي.
وانتقلت قوات الحماية المدنية إلى مكان الحادث لرفع الأنقاض والبحث عن ناجين، وأمرت النيابة بتشكيل لجنة هندسية لفحص العقارات المجاورة."""
# What says nothing of the event, word for word under every headline: the worst text a site can give as evidence.
FORM = """قال مراسلنا إن مصادر مطلعة أكدت هذه المعلومات في تصريحات خاصة وأضافت أن الجهات المعنية تتابع التطورات أولا بأول وستصدر بيانا
مفصلا في وقت لاحق وأوضح المصدر أن الأمور تسير بصورة طبيعية وأن المواطنين مدعوون إلى استقاء الأخبار من مصادرها الرسمية فقط وعدم الانسياق
وراء الشائعات المتداولة على مواقع التواصل الاجتماعي."""


def _story(number: int, title: str, body: str = "", minutes: float = 0, lead: str = "") -> Story:
    at = NOON + timedelta(minutes=minutes)
    entry = Entry(
        title=title,
        feed="https://paper.example.com/feed/",
        site="paper.example.com",
        guid=f"https://paper.example.com/?p={number}",
        post_id=number,
        link=f"https://paper.example.com/{number}/",
        lead=lead or body.partition("\n")[0],
        body=body,
        published=at,
    )
    return story_of(entry, Site(), at)


def _window(*stories: Story) -> Window:
    window = Window()
    for story in stories:
        window.add(story)
    return window


def _relation(first: str, second: str, first_body: str = "", second_body: str = "", minutes: float = 30) -> Relation:
    return relate(_story(2, second, second_body, minutes), _window(_story(1, first, first_body)))


# --- the sample pairs, and ours -------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", FORM], ids=["titles alone", "one form letter under all"])
def test_the_sample_pairs_are_told_apart(text: str) -> None:
    """No different pair and no update is called a duplicate; each typographic variant is."""
    found: Counter[tuple[str, str, str]] = Counter()
    for row in samples("dups-dev.tsv"):
        for first, second in ((row["a"], row["b"]), (row["b"], row["a"])):
            relation = _relation(first, second, text, text)
            found[row["label"], row["kind"], type(relation).__name__] += 1
    swallowed = {key: count for key, count in found.items() if key[0] != "dup" and key[2] == "Duplicate"}
    assert swallowed == {}
    variants = {name: count for (_, kind, name), count in found.items() if kind == "typographic"}
    assert variants["Duplicate"] / sum(variants.values()) >= 0.97


@pytest.mark.parametrize("text", ["", FORM], ids=["titles alone", "one form letter under all"])
@pytest.mark.parametrize(
    "row", [row for row in ours("pairs.tsv") if row["label"] == "different"], ids=lambda row: row["kind"]
)
def test_two_events_are_never_one_story(row: dict[str, str], text: str) -> None:
    """One number, score, place, day, month, name, opposite, denial, intention, ordinal or order apart."""
    assert not isinstance(_relation(row["a"], row["b"], text, text), Duplicate)
    assert not isinstance(_relation(row["b"], row["a"], text, text), Duplicate)


@pytest.mark.parametrize("text", ["", KIM_TEXT], ids=["titles alone", "with the text"])
@pytest.mark.parametrize(
    "row", [row for row in ours("pairs.tsv") if row["label"] == "same"], ids=lambda row: row["kind"]
)
def test_one_headline_spelt_two_ways_is_one_story(row: dict[str, str], text: str) -> None:
    """Hamza, vowels, Persian letters, digits, signs, spaces, labels, «صور», hashtags, number words."""
    assert isinstance(_relation(row["a"], row["b"], text, text), Duplicate)
    assert isinstance(_relation(row["b"], row["a"], text, text), Duplicate)


@pytest.mark.parametrize(
    "text", ["", FORM, "{}. " + FORM], ids=["titles alone", "one form letter", "told again above it"]
)
def test_pairs_written_after_the_rules_are_told_apart(text: str) -> None:
    """498: none that differ is one story in either order, 97 % of the typographic variants are, no update is silenced."""
    found: Counter[tuple[str, str, str]] = Counter()
    for row in ours("later-pairs.tsv"):
        first, second = row["a"], row["b"]
        kind = type(_relation(first, second, text.format(first), text.format(second))).__name__
        found[row["label"], kind, "there"] += 1
        back = type(_relation(second, first, text.format(second), text.format(first))).__name__
        found[row["label"], back, "back"] += 1
    swallowed = {key: count for key, count in found.items() if key[1] == "Duplicate" and key[0] == "different"}
    assert swallowed == {}
    assert found["update", "Duplicate", "there"] == 0
    variants = {key: count for key, count in found.items() if key[0] == "same"}
    assert sum(count for key, count in variants.items() if key[1] == "Duplicate") >= 0.97 * sum(variants.values())


def test_a_headline_full_of_unseen_characters_is_the_same_headline() -> None:
    """Marks of direction, joiners and hard spaces come from word processors."""
    littered = "\u200f" + KIM.replace(" ", "\u00a0\u200c ").replace("ك", "ك\u2060")
    assert isinstance(_relation(KIM, littered), Duplicate)


@pytest.mark.parametrize(
    "row", [row for row in ours("pairs.tsv") if row["label"] == "update"], ids=lambda row: row["kind"]
)
def test_another_count_of_one_event_is_an_update(row: dict[str, str]) -> None:
    """A toll, a magnitude, a price, or what calls itself an update or a correction."""
    relation = _relation(row["a"], row["b"])
    assert isinstance(relation, Update)
    assert not relation.same_article


_WORDS = "وزير الخارجية المصري يلتقي نظيره السعودي في القاهرة مقتل إصابة 5 7 أشخاص حادث انهيار مبنى الأهلي يفوز على الزمالك اليوم غدا"


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.sampled_from(_WORDS.split()), min_size=3, max_size=8),
    st.lists(st.sampled_from(_WORDS.split()), min_size=3, max_size=8),
    st.sampled_from(["", FORM, KIM_TEXT]),
)
def test_being_the_same_story_is_mutual(first: list[str], second: list[str], text: str) -> None:
    """Whichever of the two comes first, at one time."""
    there = _relation(" ".join(first), " ".join(second), text, text, minutes=0)
    back = _relation(" ".join(second), " ".join(first), text, text, minutes=0)
    assert type(there) is type(back)


# --- the same article -----------------------------------------------------------------------------------


def test_an_unchanged_entry_is_a_duplicate() -> None:
    """A feed repeats it at every poll, a category's feed once more."""
    known = _story(1, KIM, KIM_TEXT)
    assert relate(replace(known, feed="https://paper.example.com/category/x/feed/"), _window(known)) == Duplicate(
        known.id, Ground.NOTHING_CHANGED
    )


@pytest.mark.parametrize(
    ("changes", "ground"),
    [
        ({"headline": "كيم جونغ أون يبحث مع وفد عسكري روسي"}, Ground.HEADLINE_CHANGED),
        ({"lead": "استقبل كيم وفدًا روسيًا."}, Ground.LEAD_CHANGED),
        ({"kicker": Kicker.CORRECTION}, Ground.KIND_CHANGED),
        ({"pictures": (Picture("https://paper.example.com/new.jpg", PictureSource.MEDIA),)}, Ground.PICTURE_CHANGED),
    ],
)
def test_an_edit_that_readers_see_is_an_update_of_the_article(changes: dict[str, object], ground: Ground) -> None:
    """Headline, lead, kind or picture; the reason says which."""
    known = _story(1, KIM, KIM_TEXT)
    edited = replace(known, **changes)  # type: ignore[arg-type] # each row names fields of Story
    assert relate(edited, _window(known)) == Update(known.id, ground, same_article=True)


@pytest.mark.parametrize(
    "changes",
    [
        {"tags": ("روسيا",)},
        {"kicker": Kicker.BREAKING},
        {"body": "أطول"},
        {"keys": ("post:paper.example.com:1", "link:another")},
        {"pictures": (Picture("https://paper.example.com/a-300x180.jpg?ver=2", PictureSource.BODY),)},
    ],
)
def test_what_readers_do_not_see_is_no_edit(changes: dict[str, object]) -> None:
    """Tags, a label that expires, further text, a new slug, another size of the picture."""
    known = replace(
        _story(1, KIM, KIM_TEXT), pictures=(Picture("https://paper.example.com/a.jpg", PictureSource.MEDIA),)
    )
    again = replace(known, **changes)  # type: ignore[arg-type] # each row names fields of Story
    assert relate(again, _window(known)) == Duplicate(known.id, Ground.NOTHING_CHANGED)


def test_two_feeds_that_cut_a_lead_differently_do_not_edit_each_other() -> None:
    """One gives full texts, the other excerpts: each poll would undo the last."""
    known = _story(1, KIM, lead="استقبل زعيم كوريا الشمالية وفدًا عسكريًا من الاتحاد الروسي برئاسة نائب الوزير.")
    short = replace(
        known, feed="https://paper.example.com/category/x/feed/", lead="استقبل زعيم كوريا الشمالية وفدًا عسكريًا […]"
    )
    assert isinstance(relate(short, _window(known)), Duplicate)
    assert isinstance(relate(replace(short, feed=known.feed), _window(known)), Update)


def test_the_sample_feeds_second_poll_brings_one_edit_and_no_post() -> None:
    """The headline was edited under its guid, and a second editor posted the old one anew."""
    window = _window(_story(48207, KIM, KIM_TEXT))
    edited = _story(48207, "كيم جونغ أون يبحث مع وفد عسكري روسي تعزيز التعاون بين البلدين", KIM_TEXT)
    again = _story(48260, f"#عاجل.. {KIM}", KIM_TEXT, minutes=694)
    assert relate(edited, window) == Update(edited.id, Ground.HEADLINE_CHANGED, same_article=True)
    assert isinstance(relate(again, window), Duplicate)
    window.add(edited)
    assert isinstance(relate(again, window), Duplicate)


def test_a_key_in_common_outranks_a_like_headline() -> None:
    """The guid says which article it is, whatever another one is called."""
    window = _window(_story(1, "إصابة 12 في تصادم قطارين"), _story(2, KIM))
    assert relate(_story(1, KIM), window) == Update(_story(1, "").id, Ground.HEADLINE_CHANGED, same_article=True)


# --- two articles ---------------------------------------------------------------------------------------


def test_the_same_headline_the_next_day_is_another_days_story() -> None:
    """«أسعار الذهب في مصر» is written each morning."""
    title = "أسعار الذهب في محلات الصاغة"
    assert isinstance(_relation(title, title, minutes=23 * 60), Duplicate)
    assert _relation(title, title, minutes=25 * 60) == Lookalike(_story(1, title).id, Ground.SAME_TITLE_OTHER_DAY)


def test_the_same_text_the_next_day_is_the_same_story() -> None:
    """An old post that was published anew."""
    assert isinstance(_relation(KIM, KIM, KIM_TEXT, KIM_TEXT, minutes=30 * 60), Duplicate)


def test_the_same_headline_over_another_text_goes_out_and_is_shown_to_the_desk() -> None:
    """A generic headline says little."""
    relation = _relation("بيان من وزارة الداخلية", "بيان من وزارة الداخلية", KIM_TEXT, FALL.format(dead="خمسة"))
    assert relation == Lookalike(_story(1, "").id, Ground.SAME_TITLE_OTHER_TEXT)


def test_two_words_alone_are_no_evidence() -> None:
    """«كاريكاتير اليوم», «وفاة فنان»."""
    assert _relation("وفاة فنان", "وفاة فنان") == Lookalike(_story(1, "").id, Ground.SAME_SHORT_TITLE)


def test_the_same_headline_with_another_toll_in_the_lead_is_an_update() -> None:
    """The desk published a new article under the old headline."""
    title = "انهيار عقار بالإسكندرية يوقع قتلى"
    five, seven = FALL.format(dead="خمسة"), FALL.format(dead="سبعة")
    assert _relation(title, title, five, seven) == Update(_story(1, "").id, Ground.OTHER_COUNT)
    assert isinstance(_relation(title, title, five, FALL.format(dead="5")), Duplicate)


def test_an_older_count_is_no_news_but_not_lost() -> None:
    """A slower feed brings the toll of an hour ago: it would read as an update downwards."""
    relation = _relation("مقتل 7 في انهيار مبنى بالإسكندرية", "مقتل 5 في انهيار مبنى بالإسكندرية", minutes=-60)
    assert relation == Lookalike(_story(1, "").id, Ground.OLDER_COUNT)


@pytest.mark.parametrize(
    ("first", "second", "text"),
    [
        (KIM, "الزعيم الكوري يستقبل وفدًا عسكريًا روسيًا برئاسة نائب وزير الدفاع", KIM_TEXT),
        (
            "مقتل 5 أشخاص في انهيار مبنى بالإسكندرية",
            "مصرع خمسة أشخاص في انهيار عقار بحي محرم بك",
            FALL.format(dead="خمسة"),
        ),
        (
            "انهيار عقار من 6 طوابق بالإسكندرية",
            "انهيار عقار من 6 طوابق بحي محرم بك بالإسكندرية",
            FALL.format(dead="خمسة"),
        ),
    ],
)
def test_a_rewritten_headline_over_the_same_text_is_the_same_story(first: str, second: str, text: str) -> None:
    """What one headline adds stands in the text that both share."""
    assert isinstance(_relation(first, second, text, "علمت الصحيفة أن " + text), Duplicate)


def test_a_form_letter_with_other_names_is_another_story() -> None:
    """A ministry's announcement is the same but for who and where."""
    form = """أصدرت وزارة الداخلية بيانا حول تنفيذ حكم القتل قصاصا في أحد الجناة فيما يلي نصه: أقدم {who} على قتل {whom} وذلك بإطلاق النار
    عليه إثر خلاف حدث بينهما، وبفضل من الله تمكنت سلطات الأمن من القبض على الجاني وأسفر التحقيق معه عن توجيه الاتهام إليه، وبإحالته إلى
    المحكمة صدر بحقه صك يقضي بثبوت ما نسب إليه والحكم عليه بالقتل قصاصا."""
    relation = _relation(
        "تنفيذ حكم القتل قصاصا في الدوسري",
        "تنفيذ حكم القتل قصاصا في العنزي",
        form.format(who="فهد بن سالم الدوسري", whom="ناصر المري"),
        form.format(who="خالد بن محمد العنزي", whom="سعد الحربي"),
    )
    assert isinstance(relation, Lookalike)


def test_a_daily_column_of_another_day_is_another_story() -> None:
    """The headlines say «غدا» alike; the texts name Tuesday and Wednesday."""
    text = "تتوقع الهيئة أن يسود غدا {} طقس مائل للحرارة نهارا على القاهرة والوجه البحري معتدل على السواحل الشمالية حار على جنوب البلاد"
    relation = _relation(
        "حالة الطقس غدا في مصر", "حالة الطقس غدا في مصر", text.format("الثلاثاء"), text.format("الأربعاء"), minutes=1400
    )
    assert relation == Lookalike(_story(1, "").id, Ground.SAME_TITLE_OTHER_DAY)


def test_a_text_that_only_says_its_headline_again_is_no_evidence() -> None:
    """Many sites give the title as the excerpt."""
    first, second = "حريق في مصنع بويات بشبرا الخيمة", "حريق في مصنع بويات بشبرا الخيمة والدفاع المدني يتحرك"
    assert isinstance(_relation(first, second, first, second), Lookalike)


def test_close_headlines_without_a_text_go_out_and_are_shown_to_the_desk() -> None:
    """A false silence costs more than a repeat."""
    relation = _relation(
        "الخدمة المدنية تدعو 4878 متقدمة للمطابقة", "الخدمة المدنية تدعو 4878 متقدمة للمطابقة النهائية"
    )
    assert relation == Lookalike(_story(1, "").id, Ground.CLOSE_TITLE)


def test_nothing_in_common_is_new() -> None:
    """Nor does an empty window resemble anything."""
    assert _relation(KIM, "افتتاح معرض القاهرة الدولي للكتاب") == New()
    assert relate(_story(1, KIM), Window()) == New()


def test_an_empty_headline_is_like_nothing() -> None:
    """Two bare labels are two stories; both are held anyway."""
    assert _relation("عاجل", "عاجل |") == New()


def test_the_nearest_of_several_is_named() -> None:
    """An update goes under the story it updates, not under its neighbour."""
    window = _window(
        _story(1, "مقتل 4 في انهيار جسر بالموصل"),
        _story(2, "مقتل 4 في انهيار سد بدرنة"),
        _story(3, "مقتل 4 في حريق مصنع بالمحلة"),
    )
    relation = relate(_story(9, "ارتفاع عدد قتلى انهيار سد درنة إلى 11", minutes=5), window)
    assert relation == Update(_story(2, "").id, Ground.OTHER_COUNT)


def test_one_name_for_another_over_a_little_text_in_common_goes_out() -> None:
    """Two signings of one evening: each text mentions the other's."""
    text = "وقع النادي مساء اليوم عقدا لمدة ثلاثة مواسم مع {} بعد اجتيازه الفحص الطبي وكان النادي قد ضم {} قبل ساعات"
    more = " وقال المدرب إن اللاعب سيشارك في المران الأول يوم الأحد وإن الفريق يعسكر في النمسا حتى نهاية الشهر"
    other = " وذكرت الصحف المحلية أن قيمة الصفقة بلغت رقما لم يعلن وأن الجماهير استقبلته في المطار بالأعلام والهتافات"
    relation = _relation(
        "الهلال يضم البرازيلي مالكوم",
        "الهلال يضم البرازيلي نيمار",
        text.format("مالكوم", "نيمار") + more,
        text.format("نيمار", "مالكوم") + other,
    )
    assert isinstance(relation, Lookalike)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("غرق طفل في ترعة المريوطية", "غرق طفلة في ترعة المريوطية"),
        ("الهند تسقط طائرة باكستانية", "باكستان تسقط طائرة هندية"),
        ("زوجة تقتل زوجها في الإسماعيلية", "زوج يقتل زوجته في الإسماعيلية"),
        ("مقتل فتاة في قصف على تعز", "مقتل فتاتين في قصف على تعز"),
        ("الحلقة 170 من المسلسل التركي", "الحلقة 171 من المسلسل التركي"),
    ],
)
def test_one_set_of_words_in_other_forms_is_another_story(first: str, second: str) -> None:
    """Who did it to whom, a boy or a girl, one or two: the stems are one, and the text of each tells its own headline."""
    assert not isinstance(_relation(first, second, f"{first}. {FORM}", f"{second}. {FORM}"), Duplicate)
