"""Urgency: the forms in which Arabic newsrooms write «عاجل» as a label, and the sentences in which it is a mere word.

Every function reads the tokens of a title and answers where a label ends; 0 where there is none. The forms were seen in
the traffic of Egyptian, Lebanese, Palestinian, Yemeni and Gulf channels (facts: Arabic newsroom §2).
"""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from newsroom.arabic import fold
from newsroom.title import Sort, Token

STRONG = frozenset({Sort.PARTING, Sort.COLON})
"""Signs that part a label from its headline."""
_PARTED = STRONG | {Sort.COMMA}


def lexicon(*lines: str) -> frozenset[str]:
    """Words written as people write them, folded as titles are."""
    return frozenset(fold(word) for line in lines for word in line.split())


_LABEL = re.compile("(?:خبر)?ع+ا+ج+ل+")
"""As drawn out as it is shouted, and as hastily typed."""
_NAMED = re.compile(_LABEL.pattern + "|breaking|urgent")
_FEMININE = fold("عاجلة")
"""A label only after the noun that it agrees with: «أخبار عاجلة:», but «عاجلة.. قرارات الحكومة» is a sentence turned round."""
_SPELT = ("ع", "ا", "ج", "ل")
_ENGLISH = (("breaking", "news"), ("breaking",), ("urgent",))
_NEWS = lexicon("الخبر الأخبار")
_DEFINITE = lexicon("العاجل العاجلة")
"""«الخبر العاجل |»; after a colon it would be what is spoken of."""
_BEFORE = lexicon(
    "خاص خبر نبأ أخبار أنباء هام مهم جدا خطير رسمي رسميا حصري فلاش الآن طارئ جديد تحديث متابعة شاهد بالفيديو بالصور",
    "وردنا تغطية",
)
_MOST_BEFORE = 3
"""«خبر هام وعاجل»."""
_AFTER = lexicon(
    "جدا للغاية الآن هام مهم خطير رسمي رسميا حصري حصريا خاص بالفيديو بالصور بالصورة فيديو صور مباشر للتو اليوم جديد تحديث",
    "متابعة شاهد قبل منذ قليل الصور الفيديو",
)
_FROM = fold("من")
_LONGEST_SENDER = 4
"""Words of a place or office after «عاجل من»: «عاجل من مطار بيروت: …»."""
# Right after the bare word these make it a letter to somebody, an idiom, a name, or the newspaper «عاجل» at its work.
_NO_NEWS = lexicon("إلى أم أو ولا وآجل غير بن ابن بنت أبو أبي آل ترصد تنفرد تنشر تحاور تستطلع تلتقي مطلوب ومطلوب")
# After the word in quotation marks these speak of the word itself: «عاجل» على الشاشات.
_SPOKEN_OF = lexicon("على في من عن مع بين ليست ليس كلمة التي الذي هو هي بلا")
_ADVERTISED = lexicon("للبيع للإيجار للتقبيل للتنازل")
# A word in «ل» after it addresses somebody («عاجل لمعالي الوزير») unless the letter is the word's own.
_OWN_LAM = tuple(
    lexicon(
        "لبنان ليبيا لافروف لندن لوكاشينكو ليفربول لقاء لجنة لجان لاعب لحظة لحظات لواء لاهاي لاهور لابيد لولا ليلة ليل لاجئ",
        "لأول لثاني لثالث لليوم لليلة للمرة للأسبوع للشهر للعام",
        "لقاح لغم لغز لصوص لص لائحة لاغارد لوبان لوس لوزان لوفتهانزا ليستر ليون لشبونة لكمة لهب لهيب لدغ لجوء لوحة",
    )
)
# Nouns that «عاجل» qualifies or that name what is called so: «تدخل #عاجل» and «خدمة #عاجل» carry no label.
_QUALIFIED = lexicon(
    "تدخل نداء قرار بيان اجتماع تحرك علاج رد إجراء تحقيق تصريح تنبيه تحذير إعلان توجيه طلب وقف حل حلول دعم تمويل قرض بشكل نحو",
    "تحويل لقاء اتصال مطلب مناشدة استغاثة توضيح حسم تعليق شحن بريد البريد صحيفة موقع جريدة منصة خدمة تطبيق حملة مصادر",
    "لصحيفة لموقع ل وسم هاشتاغ هاشتاج كلمة الشفاء شفاء موت إغاثة تفسير استدعاء إخلاء نقل سفر وضع أمر موقف مطلوب تنفيذ",
)


def is_named(tokens: Sequence[Token]) -> bool:
    """A piece holds the word, in whichever form, or its first letter alone: without one there is no label to look for."""
    return any(_NAMED.search(token.text) or token.text == _SPELT[0] for token in tokens)


def label_until(tokens: Sequence[Token], at: int) -> int:
    """Where a label that begins at `at` ends: «خبر عاجل:»، «هام وعاجل |»، «عاجل جدًا..»، «عاجل من غزة:»."""
    for name in _ENGLISH:
        if tuple(token.text for token in tokens[at : at + len(name)]) == name and parted(tokens, at + len(name)):
            return at + len(name)
    if _is_definite(tokens, at):
        return at + 2
    word = at
    while word < min(at + _MOST_BEFORE, len(tokens)) and tokens[word].text in _BEFORE:
        word += 1
    said = _said_at(tokens, word, after_noun=word > at)
    if not said:
        return 0
    end = _past(tokens, word + said, _AFTER)
    opened = at > 0 and tokens[at - 1].sort is Sort.OPENING
    closed = opened and end < len(tokens) and tokens[end].sort is Sort.CLOSING
    while closed and end < len(tokens) and tokens[end].sort is Sort.CLOSING:
        end += 1
    if _is_advertised(tokens, end):
        return 0
    if parted(tokens, end) or (closed and tokens[end - 1].text in {")", "]", "}"}):
        return end
    sender = _sender_from(tokens, end)
    if sender:
        return sender
    return end if word == at and _goes_on_as_news(tokens[end], quoted=closed) else 0


def tag_until(tokens: Sequence[Token], at: int) -> int:
    """Where a hashtag label at the head ends: «#عاجل»، «#عاجل_لبنان»، «#أخبار_عاجلة»."""
    if at >= len(tokens) or not is_urgent_tag(tokens[at]):
        return 0
    end = _past(tokens, at + 1, _AFTER)
    if end == len(tokens) or parted(tokens, end):
        return end
    return end if not _is_advertised(tokens, end) and _goes_on_as_news(tokens[end], quoted=False) else 0


def suffix_of(tokens: Sequence[Token]) -> tuple[int, int]:
    """Where a label after the headline begins, with the sign before it, and ends; (0, 0) where there is none."""
    last = max(
        (at for at in range(1, len(tokens)) if _said_at(tokens, at, after_noun=tokens[at - 1].text in _BEFORE) == 1),
        default=0,
    )
    rest = _past(tokens, last + 1, _AFTER)
    if not last or any(token.sort is Sort.WORD for token in tokens[rest:]):
        return 0, 0
    first = last - 1 if tokens[last - 1].text in _BEFORE else last
    sign = first - 1
    if sign > 0 and tokens[sign].sort is Sort.OPENING:
        bracket = tokens[sign].text in {"(", "["}
        sign = sign if bracket else sign - 1
    if sign < 1 or not _parts_a_suffix(tokens, sign):
        return 0, 0
    end = rest
    while end < len(tokens) and tokens[end].sort is not Sort.TAG:
        end += 1
    belongs_to_headline = tokens[sign].sort is Sort.QUESTION or tokens[sign].text == "!"
    return sign + belongs_to_headline, end


def loose_tag_of(tokens: Sequence[Token]) -> int:
    """Index of a hashtag label elsewhere than at the head; 0 where there is none or it is a word of the sentence."""
    for at, token in enumerate(tokens[1:], 1):
        before, after = tokens[at - 1], tokens[at + 1 :]
        if not is_urgent_tag(token) or may_be_qualified(before):
            continue
        trails = all(other.sort is not Sort.WORD for other in after)
        if trails or before.sort in STRONG or parted(tokens, at + 1):
            return at
    return 0


def is_urgent_tag(token: Token) -> bool:
    """A hashtag one part of which is «عاجل», and no part a noun that it qualifies: «#نداء_عاجل»."""
    if token.sort is not Sort.TAG:
        return False
    parts = frozenset(token.text.split("_"))
    if parts & _DEFINITE:
        return bool(parts & _NEWS)
    if _FEMININE in parts:
        return parts - {_FEMININE, ""} <= _BEFORE and len(parts) > 1
    return any(map(_LABEL.fullmatch, parts)) and not any(map(_is_qualified, parts))


def may_be_qualified(token: Token) -> bool:
    """The noun takes «عاجل» as its adjective, or as what is said of it: «تدخل عاجل»، «الوضع عاجل»."""
    return token.sort in {Sort.WORD, Sort.TAG} and _is_qualified(token.text)


def left_of_tag(written: str) -> str:
    """What a hashtag label says besides: «لبنان» of «#عاجل_لبنان»، nothing of «#خبر_عاجل»."""
    parts = written.lstrip("# ").split("_")
    return "_".join(part for part in parts if part and not _is_of_label(fold(part)))


def parted(tokens: Sequence[Token], at: int) -> bool:
    """The title ends here, or a sign or another hashtag follows."""
    return at >= len(tokens) or tokens[at].sort in _PARTED or tokens[at].sort is Sort.TAG


def _said_at(tokens: Sequence[Token], at: int, *, after_noun: bool) -> int:
    """How many tokens say «عاجل» at `at`: one, four where it is spelt «ع ا ج ل», none."""
    if at < len(tokens) and tokens[at].sort is Sort.WORD:
        word = tokens[at].text
        if _LABEL.fullmatch(word.removeprefix("و")) or (after_noun and word.removeprefix("و") == _FEMININE):
            return 1
    return len(_SPELT) if tuple(token.text for token in tokens[at : at + len(_SPELT)]) == _SPELT else 0


def _is_definite(tokens: Sequence[Token], at: int) -> bool:
    row = [token.text for token in tokens[at : at + 2]]
    is_named = len(row) == 2 and row[0] in _NEWS and row[1] in _DEFINITE
    return is_named and at + 2 < len(tokens) and tokens[at + 2].sort is Sort.PARTING


def _is_qualified(word: str) -> bool:
    return word in _QUALIFIED or word.removeprefix("ال") in _QUALIFIED


def _is_of_label(part: str) -> bool:
    return bool(_LABEL.fullmatch(part)) or part in _BEFORE | _AFTER | _NEWS | _DEFINITE | {_FEMININE}


def _past(tokens: Sequence[Token], at: int, some: AbstractSet[str]) -> int:
    while at < len(tokens) and tokens[at].sort is Sort.WORD and _without_and(tokens[at].text, some) in some:
        at += 1
    return at


def _without_and(word: str, some: AbstractSet[str]) -> str:
    return word if word in some else word.removeprefix("و")


def _sender_from(tokens: Sequence[Token], at: int) -> int:
    """«عاجل من غزة: …»: the label ends before the place."""
    if at >= len(tokens) or tokens[at].text != _FROM:
        return 0
    for end in range(at + 2, at + 2 + _LONGEST_SENDER):
        if end < len(tokens) and tokens[end].sort in STRONG:
            return at + 1
    return 0


def _is_advertised(tokens: Sequence[Token], at: int) -> bool:
    return any(token.text in _ADVERTISED for token in tokens[at : at + 2])


def _goes_on_as_news(token: Token, *, quoted: bool) -> bool:
    """Whether «عاجل» with no sign after it labels what follows; asked of the next token."""
    word = token.text
    if token.sort is Sort.QUESTION or (token.sort is Sort.WORD and word in _NO_NEWS):
        return False
    if word.startswith("ل") and not word.startswith(_OWN_LAM):
        return False
    if word.startswith("ال") and word[2:] in _QUALIFIED:
        # «عاجل التمويل» is the pressing part of it, as «عاجل الشفاء» is a wish.
        return False
    return not (quoted and (word in _SPOKEN_OF or _is_of_the_newspaper(word)))


def _is_of_the_newspaper(word: str) -> bool:
    """«عاجل» in quotation marks is the Saudi paper when a verb in the feminine follows: «عاجل» ترصد.

    A noun of the shape تفعيل («تفجير»، «تعيين») is no verb.
    """
    is_noun = len(word) == 5 and word[0] == "ت" and word[3] == "ي"
    return len(word) >= 4 and word[0] in "تي" and not is_noun


def _parts_a_suffix(tokens: Sequence[Token], at: int) -> bool:
    sign = tokens[at]
    if sign.text == "-":
        return tokens[at - 1].end < sign.start or sign.end < tokens[at + 1].start
    return sign.sort in {Sort.PARTING, Sort.QUESTION} or sign.text in {"(", "["}
