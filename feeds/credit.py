"""A credit: the words that say who wrote a story or sent it, from where and when; bylines, datelines and dates.

Pure functions on display text. Words are compared by key text, so that one spelling here stands for all («إعداد»,
«اعداد»). A byline is published: what merely might be a name is none.
"""

import re
from collections.abc import Iterator

from newsroom.arabic import display, key_text


def keys_of(phrases: str) -> frozenset[str]:
    """Key texts of phrases parted by «،»."""
    return frozenset(filter(None, map(key_text, phrases.split("،"))))


# After these a name follows; after the others a headline may: «تقرير: إيران تستعد للرد».
_WRITTEN_BY = keys_of(
    "كتب، كتبت، كتبه، كتبها، كتبوا، بقلم، إعداد، أعد، أعدت، أعده، أعدها، تحرير، ترجمه، ترجمها، حاوره، حاورها، حاورته،"
    "أجرى، أجرت، مراسل، مراسلنا، مراسلتنا، مراسلة، موفد، موفدنا، بواسطة، by"
)
_KIND_OF_TEXT = keys_of(
    "تقرير، تحقيق، حوار، ترجمة، متابعة، متابعات، تغطية، رصد، تحليل، تصوير، تقديم، report, written, reported"
)
_BESIDE_A_LABEL = keys_of("خاص، التقرير، الحوار، الملف، الخبر، للنشر، من، في، ت، written، reported")
_ALONE_BEFORE_A_NAME = keys_of("كتب، كتبت، بقلم، بواسطة، by")

_PART_OF_A_NAME = keys_of(
    "عبد، أبو، أبي، ابن، بن، بنت، آل، أم، ذو، الدكتور، الدكتورة، دكتور، د، أ، م، الشيخ، السيد، السيدة، القس، الأب، اللواء،"
    "العميد، المهندس، مهندس، الأستاذ، أستاذ"
)
_NEVER_IN_A_NAME = keys_of(
    "في، من، إلى، عن، بعد، قبل، مع، أن، لا، ما، هل، هذا، هذه، بين، ضد، حول، خلال، عبر، كل، بسبب، منذ، حتى، لن، لم، قد،"
    "كيف، لماذا، متى، أين"
)
_WITH_PREPOSITION = re.compile(r"(?:لل|بال|وال|كال|فال)\w{2}")
_LETTERS_OF_A_NAME = re.compile(r"(?:[^\W\d_]|[\u064b-\u0652\u0670'’.ـ-])+")
_NOT_A_WRITER = re.compile(
    r"(?:(?:wp|super|site|web) ?)?admin\w*|administrator|webmaster|root|user\d*|test\w*|wordpress|editor\d*|author\d*"
    r"|guest|unknown|anonymous|null|none|undefined|(?:ال)?(?:مدير|مشرف|ادمن|محرر|ناشر)(?: الموقع| عام)?|غير معروف|مجهول"
)

_PLACES = keys_of(
    "القاهرة، الإسكندرية، الجيزة، العريش، الخرطوم، بورتسودان، أم درمان، طرابلس، بنغازي، مصراتة، تونس، صفاقس، الجزائر، وهران،"
    "الرباط، الدار البيضاء، نواكشوط، مقديشو، جيبوتي، الرياض، جدة، مكة، مكة المكرمة، المدينة المنورة، الدمام، أبوظبي،"
    "أبو ظبي، دبي، الشارقة، الدوحة، الكويت، المنامة، مسقط، صنعاء، عدن، المكلا، تعز، الحديدة، بغداد، أربيل، البصرة، الموصل،"
    "كركوك، دمشق، حلب، حمص، إدلب، اللاذقية، بيروت، صيدا، عمان، عمّان، القدس، القدس المحتلة، رام الله، غزة، نابلس، الخليل، جنين،"
    "الضفة الغربية، تل أبيب، واشنطن، نيويورك، لندن، باريس، برلين، روما، مدريد، بروكسل، جنيف، فيينا، موسكو، كييف، أنقرة،"
    "إسطنبول، اسطنبول، طهران، كابول، إسلام آباد، نيودلهي، بكين، طوكيو، سيول، بيونغ يانغ، أديس أبابا، نيروبي، عواصم"
)
_COUNTRIES = keys_of(
    "مصر، السودان، ليبيا، المغرب، موريتانيا، الصومال، السعودية، الإمارات، قطر، البحرين، اليمن، العراق، سوريا، لبنان، الأردن،"
    "فلسطين، إسرائيل، إيران، تركيا، روسيا، أوكرانيا، أمريكا، الصين، فرنسا، بريطانيا، ألمانيا، إيطاليا، إسبانيا، الهند،"
    "باكستان، أفغانستان، اليابان، كوريا، إثيوبيا، حماس، حزب، الناتو"
)
_AGENCIES = keys_of(
    "رويترز، وكالات، الوكالات، متابعات، خاص، الأناضول، فرانس برس، أ ف ب، أف ب، أفب، د ب أ، د ب ا، أ ش أ، أ ب، أسوشيتد برس،"
    "أسوشييتد برس، شينخوا، تاس، سبوتنيك، نوفوستي، ريا نوفوستي، بلومبرغ، بلومبرج، واس، وام، قنا، كونا، بنا، سانا، وفا، بترا،"
    "واع، سونا، واج، وات، سبأ، سبأنت، معا، العمانية، و م ع، يو بي آي، يونهاب، reuters، afp، ap، dpa، xinhua، tass، anadolu"
)
_TIMES = keys_of(
    "يناير، فبراير، مارس، أبريل، إبريل، مايو، يونيو، يونيه، يوليو، يوليه، أغسطس، سبتمبر، أكتوبر، نوفمبر، ديسمبر، كانون، شباط،"
    "آذار، نيسان، أيار، حزيران، تموز، آب، أيلول، تشرين، جانفي، فيفري، أفريل، ماي، جوان، جويلية، أوت، غشت، شتنبر، نونبر،"
    "دجنبر، محرم، صفر، ربيع، جمادى، رجب، شعبان، رمضان، شوال، السبت، الأحد، الاثنين، الإثنين، الثلاثاء، الأربعاء، الخميس،"
    "الجمعة، ساعة، ساعتين، ساعات، دقيقة، دقيقتان، دقيقتين، دقائق، يوم، يومين، أيام، أسبوع، أسابيع، صباحا، مساء"
)
_BESIDE_A_TIME = keys_of(
    "الأول، الآخر، الآخرة، الثاني، ذو، ذي، الحجة، القعدة، الموافق، في، بتاريخ، تاريخ، النشر، نشر، تم، آخر، تحديث، التحديث،"
    "الساعة، منذ، قبل، ص، م، هـ، للقراءة، قراءة، مدة، وقت، تعليق، تعليقات، مشاهدة، gmt، am، pm، بتوقيت، غرينتش، جرينتش"
)

_PARTING = re.compile(r"\s*[:\uff1a|/()\[\]،,]\s*|\s+[-–—ـ]+\s*|[-–—]+\s+")
_PARTING_OF_NAMES = re.compile(r"\s*[:\uff1a|/()\[\]]\s*|\s+[-–—ـ]+\s*|[-–—]+\s+")
_BETWEEN_NAMES = re.compile(r"\s*[،,&]\s*|\s+و(?=\w{3})")
_FRONT = 120
"""Characters; no credit is longer, and paragraphs are."""
_ORIGIN_AT_MOST = 80
"""Characters of one place or agency; no name of either is longer, and a key of a whole line costs as much as a word's ten."""
_LONGEST_BYLINE_WORDS = 8


def byline_of(text: str) -> str:
    """The writers' names where the whole text is a byline («تقرير: محمد الحكيم» -> «محمد الحكيم»); else empty."""
    if len(text) > _FRONT or len(text.split()) > _LONGEST_BYLINE_WORDS:
        return ""
    pieces = [piece for piece, _, _ in _pieces(text, _PARTING_OF_NAMES) if piece]
    label = key_text(pieces[0]).split() if pieces else []
    if len(pieces) > 1 and _is_label(label):
        return _writers(pieces[1:], 4 if any(_bare(word) in _WRITTEN_BY for word in label) else 3)
    first, _, name = pieces[0].partition(" ") if pieces else ("", "", "")
    if key_text(first) in _ALONE_BEFORE_A_NAME:
        # «بواسطة علي حسن - 29 نوفمبر»: what stands after the name must be no more of a sentence.
        return _full_name([name]) if all(map(is_dateline, pieces[1:])) else ""
    return _full_name(pieces[1:]) if len(pieces) > 1 and " ".join(label) in _PLACES else ""


def has_byline_label(text: str) -> bool:
    """Whether a text begins as a byline does, with a label and a delimiter."""
    piece, delimiter, _ = next(_pieces(text[:_FRONT], _PARTING_OF_NAMES))
    return delimiter != "" and _is_label(key_text(piece).split())


def writer_of(name: str) -> str:
    """The name as it may be published; empty for an account (admin), an address or a sentence."""
    shown = display(name).strip(" :،,.|-–—")
    if "@" in shown or "://" in shown or len(shown) > 60 or _NOT_A_WRITER.fullmatch(key_text(shown)):
        return ""
    return shown if any(letter.isalpha() for letter in shown) else ""


def without_credits(text: str, writer: str = "") -> str:
    """The text without the byline of this writer and without the dateline that stand glued to its front."""
    piece, delimiter, end = next(_pieces(text[:_FRONT], _PARTING_OF_NAMES))
    if writer and delimiter and text.startswith(writer, end) and _is_label(key_text(piece).split()):
        rest = text[end + len(writer) :]
        text = text if rest[:1].isalpha() else rest.lstrip(" :،,.|-–—")
    return text[_dateline_end(text) :]


def is_dateline(text: str) -> bool:
    """Whether the text is nothing but a place, an agency, a date or a time: «القاهرة – رويترز», «20 يوليو، 2024»."""
    if len(text) > _FRONT:
        return False
    keys = [key for piece, _, _ in _pieces(text, _PARTING) if (key := key_text(piece))]
    return bool(keys) and (all(_is_origin(key) for key in keys) or _is_time(" ".join(keys)))


def _pieces(text: str, parting: re.Pattern[str]) -> Iterator[tuple[str, str, int]]:
    """Each piece of the text, the delimiter after it, and where the next piece begins."""
    start = 0
    for delimiter in parting.finditer(text):
        yield text[start : delimiter.start()].strip(), delimiter.group().strip(), delimiter.end()
        start = delimiter.end()
    yield text[start:].strip(), "", len(text)


def _is_label(words: list[str]) -> bool:
    """«تقرير», «تقرير وتصوير», «كتب / ت», «أجرى الحوار», «مراسلنا من غزة»; but not the photographer's alone."""
    labels = [word for word in words if _bare(word) in _WRITTEN_BY | _KIND_OF_TEXT]
    others = [word for word in words if _bare(word) not in _WRITTEN_BY | _KIND_OF_TEXT | _BESIDE_A_LABEL]
    is_writers = any(_bare(label) not in {"تصوير", "مونتاج"} for label in labels)
    return is_writers and words[0] in labels and (not others or " ".join(others) in _PLACES)


def _bare(word: str) -> str:
    """The word without «and»: «وتصوير»."""
    return word.removeprefix("و") if word.startswith("و") and len(word) > 4 else word


def _writers(pieces: list[str], longest: int) -> str:
    """The names before place, agency and date; empty unless each looks like a name of at most so many words."""
    for piece in pieces:
        shown = writer_of(piece)
        if shown and not is_dateline(shown) and key_text(shown) not in _BESIDE_A_LABEL:
            return shown if all(_is_name(name, longest) for name in _BETWEEN_NAMES.split(shown)) else ""
    return ""


def _full_name(pieces: list[str]) -> str:
    """A name that no label vouches for: two or three words, and not «كتب التاريخ من جديد», which is a subheading."""
    name = pieces[0] if pieces else ""
    if name.endswith(".") or name.startswith("ال") or len(name.split()) < 2:
        return ""
    return _writers(pieces[:1], 3)


def _is_name(text: str, longest: int) -> bool:
    keys = [key_text(word) for word in text.split()]
    counted = [key for key in keys if key not in _PART_OF_A_NAME]
    return (
        0 < len(counted) <= longest
        and all(_LETTERS_OF_A_NAME.fullmatch(word) for word in text.split())
        and not any(key in _NEVER_IN_A_NAME or _WITH_PREPOSITION.match(key) for key in keys)
        and keys[0] not in _COUNTRIES | _PLACES
    )


def _dateline_end(text: str) -> int:
    """Where the text begins behind its dateline («القاهرة – رويترز – قال…»); 0 when it has none."""
    origins: list[str] = []
    end, last = 0, ""
    for piece, delimiter, after in _pieces(text[:_FRONT], _PARTING):
        if len(piece) > _ORIGIN_AT_MOST:
            break
        key = key_text(piece)
        if key and not (_is_origin(key) or (origins and _is_time(key))):
            break
        if key:
            origins.append(key)
        # A bracket before the first word ends nothing.
        if origins:
            end, last = after, delimiter
    if end == len(text):
        return end
    if any(map(_is_agency, origins)):
        # «رويترز: قتل…» attributes what follows, and that stays with the words.
        return end if any(map(_is_place, origins)) or last not in {":", "،", ","} else 0
    # «القاهرة: لا تفاوض» and «موسكو – كييف: …» are of the sentence; one place and a dash are not.
    return end if len(origins) == 1 and last[:1] in {"-", "–", "—"} else 0


def _is_origin(key: str) -> bool:
    return _is_place(key) or _is_agency(key)


def _is_place(key: str) -> bool:
    """A place, with a date behind it or without: «بيروت في 20 يوليو»."""
    words = key.split()
    return any(
        " ".join(words[:count]) in _PLACES and (len(words) == count or _is_time(" ".join(words[count:])))
        for count in (1, 2)
    )


def _is_agency(key: str) -> bool:
    if key in _AGENCIES or (key.startswith("وكاله ") and len(key.split()) <= 4):
        return True
    return " و" in key and all(part in _AGENCIES for part in key.split(" و"))


def _is_time(key: str) -> bool:
    words = key.split()
    is_told = any(word in _TIMES or word[0].isdecimal() for word in words)
    return is_told and all(
        word in _TIMES or word in _BESIDE_A_TIME or word.replace(".", "").isdecimal() for word in words
    )
