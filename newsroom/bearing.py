"""A bearing: what a headline says of when, in what turn and which way things went.

Two headlines alike in every other word are two events when one says Tuesday and the other Wednesday, raises and lowers,
first and second (facts: Arabic newsroom §3: such pairs score higher in every measure of likeness than true rewrites).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeVar

from newsroom.arabic import fold

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Bearing:
    """Each set holds the canonical values that the headline names; empty where it names none."""

    weekdays: frozenset[str] = frozenset()
    days: frozenset[str] = frozenset()
    """Today, yesterday, tomorrow."""
    hours: frozenset[str] = frozenset()
    """Parts of the day."""
    months: frozenset[int] = frozenset()
    dates: frozenset[tuple[int, int]] = frozenset()
    """Day and month: «22 نوفمبر»، «22/11/2026»."""
    turns: frozenset[int] = frozenset()
    """Ordinals: first is 1."""
    quarters: frozenset[str] = frozenset()
    """Points of the compass."""
    ways: frozenset[tuple[str, int]] = frozenset()
    """Axis and side of it: («level», 0) is up, («level», 1) is down."""
    moods: frozenset[str] = frozenset()
    """Denied, only intended, or come to nothing."""


def _groups(lines: str) -> dict[str, int]:
    return {fold(word): number for number, line in enumerate(lines.strip().splitlines(), 1) for word in line.split()}


_MONTHS = _groups(
    """يناير جانفي كانون_الثاني
    فبراير فيفري شباط
    مارس آذار
    أبريل إبريل أفريل نيسان
    مايو ماي أيار
    يونيو جوان حزيران
    يوليو جويلية تموز
    أغسطس أوت آب
    سبتمبر أيلول
    أكتوبر تشرين_الأول
    نوفمبر تشرين_الثاني
    ديسمبر كانون_الأول
    محرم
    ربيع_الأول
    ربيع_الآخر ربيع_الثاني
    جمادى_الأولى
    جمادى_الآخرة جمادى_الثانية
    شعبان
    رمضان
    شوال
    ذي_القعدة ذو_القعدة
    ذي_الحجة ذو_الحجة"""
)
_ORDINALS = _groups(
    """أول أولى الأول الأولى
    ثاني ثانية الثاني الثانية
    ثالث ثالثة الثالث الثالثة
    رابع رابعة الرابع الرابعة
    خامس خامسة الخامس الخامسة
    سادس سادسة السادس السادسة
    سابع سابعة السابع السابعة
    ثامن ثامنة الثامن الثامنة
    تاسع تاسعة التاسع التاسعة
    عاشر عاشرة العاشر العاشرة"""
)
_WEEKDAYS = {
    fold(form): day
    for day, forms in {
        "saturday": "السبت",
        "sunday": "الأحد",
        "monday": "الاثنين الإثنين",
        "tuesday": "الثلاثاء",
        "wednesday": "الأربعاء",
        "thursday": "الخميس",
        "friday": "الجمعة",
    }.items()
    for form in forms.split()
}
_DAYS = {
    fold(form): day
    for day, forms in {
        "today": "اليوم الليلة",
        "yesterday": "أمس البارحة",
        "tomorrow": "غدا غد الغد",
    }.items()
    for form in forms.split()
}
_HOURS = {
    fold(form): hour
    for hour, forms in {
        "morning": "صباح صباحا الصباح صباحية الصباحية صباحي",
        "noon": "ظهر ظهرا الظهر",
        "evening": "مساء المساء مسائية المسائية مسائي ليلا",
        "dawn": "فجر فجرا الفجر",
    }.items()
    for form in forms.split()
}
_QUARTERS = {
    fold(form): quarter
    for quarter, forms in {
        "north": "شمال شمالي الشمال الشمالي الشمالية",
        "south": "جنوب جنوبي الجنوب الجنوبي الجنوبية",
        "east": "شرق شرقي الشرق الشرقي الشرقية",
        "west": "غرب غربي الغرب الغربي الغربية",
    }.items()
    for form in forms.split()
}
# One line an axis, its sides parted by bars; verbs in the masculine, the other forms are made from them.
_AXES = """
level: ارتفع يرتفع ارتفاع مرتفعا صعد يصعد صعود قفز يقفز قفزة زاد يزيد زيادة رفع يرفع مكاسب ربح أرباح انتعش ينتعش انتعاش نمو تحسن
     | انخفض ينخفض انخفاض منخفضا خفض يخفض تخفيض هبط يهبط هبوط تراجع يتراجع نزل ينزل نزول هوى يهوي تدهور خسائر تقلص انكماش قلص يقلص
door: فتح يفتح افتتح يفتتح افتتاح | إغلاق أغلق يغلق غلق إقفال
answer: وافق يوافق موافقة قبول رحب يرحب ترحيب أيد يؤيد تأييد أقر يقر إقرار صادق يصادق مصادقة | رفض يرفض عارض يعارض معارضة اعتراض
result: فاز يفوز فوز انتصر ينتصر انتصار تغلب يتغلب هزم يهزم تأهل يتأهل توج يتوج تتويج | خسر يخسر خسارة هزيمة إقصاء | تعادل يتعادل
office: تعيين عين يعين كلف يكلف تكليف تنصيب انتخب ينتخب تولى يتولى | إقالة أقال يقيل استقالة استقال يستقيل إعفاء يعفي عزل يعزل
claim: أكد يؤكد تأكيد اعترف يعترف اعتراف تبنى يتبنى | نفى نفي ينفي نفت كذب يكذب تكذيب أنكر ينكر إنكار
run: بدأ بدء يبدأ بداية انطلق ينطلق انطلاق افتتاح | انتهى انتهاء ينتهي نهاية اختتم يختتم اختتام ختام
move: وصل وصول يصل دخل يدخل دخول عاد يعود عودة | غادر يغادر مغادرة خرج يخرج خروج رحل يرحل رحيل انسحب ينسحب انسحاب
custody: اعتقل يعتقل اعتقال قبض القبض توقيف إيقاف يوقف حبس يحبس سجن يسجن احتجز يحتجز احتجاز خطف يخطف اختطف اختطاف
     | إفراج أفرج يفرج سراح براءة تبرئة يبرئ
trade: اشترى شراء يشتري | باع بيع يبيع
pace: استمر يستمر استمرار واصل يواصل مواصلة استأنف يستأنف استئناف | توقف يتوقف علق يعلق تعليق تأجيل أجل يؤجل ألغى إلغاء يلغي
leave: سمح يسمح سماح أجاز يجيز | حظر يحظر منع يمنع حرم يحرم
fate: نجا نجاة ينجو أنقذ ينقذ إنقاذ | مقتل قتل يقتل وفاة مصرع اغتيال استشهاد
peace: تهدئة هدنة مصالحة | تصعيد توتر مواجهة
size: أعلى أكبر أقصى | أدنى أصغر
leg: ذهاب | إياب
flow: صادرات | واردات
stance: مع | ضد
moment: قبل | بعد
bound: داخل | خارج
guilt: أدان يدين إدانة دان | برأ يبرئ براءة تبرئة
sanction: فرض يفرض | رفع يرفع
vow: زواج تزوج يتزوج زفاف خطوبة | طلاق انفصال ينفصل
sample: إيجابية إيجابي | سلبية سلبي
term: تمديد مدد يمدد تجديد جدد يجدد | إنهاء أنهى ينهي فسخ يفسخ
supply: انقطاع انقطع ينقطع قطع | عودة عاد يعود إعادة أعاد يعيد
works: بناء تشييد يشيد | هدم يهدم
"""


def _inflected(word: str) -> tuple[str, ...]:
    """A verb in the masculine present in its other persons and its future; anything else with the endings of the past."""
    form = fold(word)
    if form.startswith("ي"):
        return (form, "ت" + form[1:], "س" + form, "ست" + form[1:], form + "ون")
    return (form, form + "ت", form + "وا", form + "ا")


_MOODS = {
    word: mood
    for mood, words in {
        "denied": "لا لم لن ليس ليست عدم بدون غير نفى نفي ينفي نفت كذب يكذب",
        "intended": """يتجه يستعد استعداد استعدادا يعتزم ينوي مرتقب مرتقبة متوقع متوقعة يتوقع توقعات يخطط محتمل محتملة قريبا
            يدرس يقترب تمهيدا ربما سوف نحو يقترح يطالب يدعو يهدد يوشك يلوح يتوعد يسعى قد شائعة شائعات إشاعة مخاوف
            دعوات تحذير تحذيرات ذكرى احتمال""",
        "failed": """إلغاء ألغى يلغي تأجيل يؤجل إحباط أحبط يحبط فشل يفشل محاولة محاولات حاول يحاول رفض يرفض نجاة ينجو وقف
            تعليق كاد إرجاء يرجئ""",
    }.items()
    for form in words.split()
    for word in _inflected(form)
}


def bearing_of(words: Sequence[str]) -> Bearing:
    """The bearing of a headline's key words."""
    joined = _with_months_joined(words)
    plain = [_plain(word) for word in joined]
    named = _NAMED.intersection(plain)
    forms = {form for word in joined for form in _without_clitics(word)}
    return Bearing(
        weekdays=_values(_WEEKDAYS, named),
        days=_values(_DAYS, named),
        hours=_values(_HOURS, named),
        months=_values(_MONTHS, named),
        dates=frozenset(_dates(plain)),
        turns=frozenset(_turns(plain)),
        quarters=_values(_QUARTERS, named),
        ways=frozenset().union(*_values(_WAYS, forms)),
        moods=_values(_MOODS, forms),
    )


def calendar_of(words: Sequence[str]) -> Bearing:
    """Only the days of the week and the dates that a longer text names."""
    plain = [_plain(word) for word in _with_months_joined(words)]
    return Bearing(weekdays=_values(_WEEKDAYS, _NAMED.intersection(plain)), dates=frozenset(_dates(plain)))


def _values(names: Mapping[str, Value], said: AbstractSet[str]) -> frozenset[Value]:
    return frozenset([names[word] for word in said if word in names])


def _with_months_joined(words: Sequence[str]) -> Sequence[str]:
    """«كانون الثاني» is one month and no ordinal; «وقف إطلاق النار» is a thing, and nothing in it was stopped."""
    if _SECOND_PARTS.isdisjoint(words):
        return words
    row: list[str] = []
    at = 0
    while at < len(words):
        joined = "_".join(words[at : at + 2])
        is_one = joined in _MONTHS or joined.endswith(_TRUCE)
        row.append(joined if is_one else words[at])
        at += 2 if is_one else 1
    return row


def _plain(word: str) -> str:
    """A word of time or place freed of what hangs before it: «والثلاثاء»، «بالأربعاء»، «للأحد»."""
    rest = word[1:]
    if rest not in _RESTS or word in _NAMED:
        return word
    if rest in _NAMED:
        return rest
    return "ا" + rest if "ا" + rest in _NAMED else word


def _without_clitics(word: str) -> tuple[str, ...]:
    """The word, and without «و»، «ب»، «ل» and the article, and without a pronoun after it."""
    head = _HEAD_CLITICS.sub("", word) if word.startswith(_HEADS) else word
    return (word, head, _TAIL_CLITICS.sub("", head) if head.endswith(_TAILS) else head)


def _dates(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    for day, month, year in zip(words, [*words[1:], ""], [*words[2:], "", ""], strict=False):
        if not (day.isdigit() and _DAY_OF_MONTH.fullmatch(day)):
            continue
        if month in _MONTHS:
            yield int(day), _MONTHS[month]
        elif _DAY_OF_MONTH.fullmatch(month) and _YEAR.fullmatch(year):
            yield int(day), int(month)


def _turns(words: Sequence[str]) -> Iterator[int]:
    for word, after in zip(words, [*words[1:], ""], strict=False):
        if word in _ORDINALS:
            yield _ORDINALS[word] + (10 if after in _TEEN else 0)
    for count, part in _ROUND.findall(" ".join(words)):
        yield _OF_ROUND + (_ROUNDS[part] if part else _ROUNDS.get(count) or int(count))


def _read_axes(lines: str) -> dict[str, frozenset[tuple[str, int]]]:
    ways: dict[str, frozenset[tuple[str, int]]] = {}
    for line in lines.replace("\n     |", " |").strip().splitlines():
        axis, _, sides = line.partition(":")
        for number, side in enumerate(sides.split("|")):
            for word in side.split():
                for form in _inflected(word):
                    ways[form] = ways.get(form, frozenset()) | {(axis, number)}
    # Thirteen hundred forms go sixty ways: words that go the same share one set, which is a quarter of a megabyte less.
    shared: dict[frozenset[tuple[str, int]], frozenset[tuple[str, int]]] = {}
    return {form: shared.setdefault(way, way) for form, way in ways.items()}


_WAYS = _read_axes(_AXES)
_NAMED = _WEEKDAYS.keys() | _DAYS.keys() | _HOURS.keys() | _MONTHS.keys() | _ORDINALS.keys() | _QUARTERS.keys()
_RESTS = _NAMED | {name[1:] for name in _NAMED}
_ROUNDS = {"ثمانيه": 8, "اربعه": 4, "ثمن": 16, "ربع": 8, "نصف": 4}
_ROUND = re.compile(r"دور ال ?([0-9]{1,3}|ثمانيه|اربعه)(?= |$)|(?:^|[ لبو])(ثمن|ربع|نصف) (?:ال)?نهايي")
"""«دور الـ16»، «دور الثمانية» and «ربع النهائي» are the same round."""
_OF_ROUND = 1000
_TRUCE = fold("وقف") + "_" + fold("إطلاق")
_SECOND_PARTS = frozenset(name.partition("_")[2] for name in (*_MONTHS, _TRUCE) if "_" in name)
_DAY_OF_MONTH = re.compile("[0-9]{1,2}")
_YEAR = re.compile("20[0-9]{2}")
_HEAD_CLITICS = re.compile("^[وف]?(?:بال|لل|ال|[بل])?(?=...)")
_TAIL_CLITICS = re.compile("(?<=...)(?:ها|هم|ه)$")
# Asked before the patterns, which few words meet and which cost five times as much.
_HEADS = ("و", "ف", "ب", "ل", "ال")
_TAILS = ("ها", "هم", "ه")
_TEEN = frozenset({fold("عشر"), fold("عشرة")})
