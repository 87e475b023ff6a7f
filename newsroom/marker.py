"""A marker: what an editor writes before or after a headline to say what kind of story it is.

The word «عاجل» in a title says nothing: of 41,124 real headlines 39 have it and one is marked (facts: Arabic newsroom
§2). What counts is the form: it stands at the title's head or end and apart from the sentence, or as a hashtag.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from newsroom import urgency
from newsroom.arabic import display, key_text
from newsroom.outlet import is_outlet
from newsroom.place import places_of
from newsroom.title import Sort, Token, tokens_of


class Kicker(StrEnum):
    """The label before a headline; the house puts exactly one, whatever the title carried."""

    BREAKING = "عاجل"
    UPDATE = "تحديث"
    FOLLOW_UP = "متابعة"
    CORRECTION = "تصحيح"
    CLARIFICATION = "توضيح"
    EXCLUSIVE = "حصري"


class Place(StrEnum):
    """Where in the title a marker stood; the first is the strongest."""

    START = "start"
    HASHTAG = "hashtag"
    """A hashtag elsewhere than at the head, and no word of the sentence."""
    SUFFIX = "suffix"
    """After the headline and parted from it: «… .. عاجل», «… (عاجل)»."""


@dataclass(frozen=True, slots=True)
class Marker:
    """What a title's own markers said, taken together."""

    kicker: Kicker
    place: Place
    urgent: bool = False
    """It said «عاجل», whatever else it said: «عاجل | تحديث:» is an urgent update."""


_KINDS = {
    Kicker.UPDATE: ("تحديث", "محدث", "خبر محدث", "تحديث جديد", "تحديث مباشر"),
    Kicker.FOLLOW_UP: ("متابعة", "متابعات", "متابعة إخبارية"),
    Kicker.CORRECTION: ("تصحيح", "تصحيح خبر", "تصويب", "استدراك"),
    Kicker.CLARIFICATION: ("توضيح", "توضيح هام", "توضيح مهم", "إيضاح"),
    Kicker.EXCLUSIVE: ("حصري", "حصريا", "خاص", "خاص وحصري", "حصري وخاص", "انفراد"),
}
_KIND_OF = {key_text(name): kicker for kicker, names in _KINDS.items() for name in names}
# The kind that says most comes first: a correction before an update before a bare «عاجل».
_WEIGHT = (
    Kicker.CORRECTION,
    Kicker.CLARIFICATION,
    Kicker.UPDATE,
    Kicker.FOLLOW_UP,
    Kicker.BREAKING,
    Kicker.EXCLUSIVE,
)
# Words that name no event; a title of these and of places alone says nothing: «عاجل | اليمن الآن».
_EVENTLESS = urgency.lexicon(
    "الآن اليوم مباشر يتبع تفاصيل التفاصيل بعد قليل قريبا لاحقا تابعونا تابع انتظرونا في من على عن و شمال جنوب شرق غرب",
    "وسط شمالي جنوبي شرقي غربي خبر أخبار أهم آخر المزيد للمزيد صور بالصور فيديو بالفيديو شاهد لحظة بلحظة هام عاجل",
)
_SPOKEN = frozenset({Sort.WORD, Sort.TAG})
_MOST_MARKERS = 4
_LONGEST_TITLE = 1000
"""Characters; what is longer is no title, and is not searched for the markers of one."""
_LONGEST_NAME = 4
"""Words of a name before a marker: «قناة الحدث اليوم | عاجل: …»."""


def marker_of(title: str, names: tuple[str, ...] = ()) -> tuple[str, Marker | None]:
    """The headline without its markers, and what they said together; None when there was none.

    Args:
        title: display text, or what may become it.
        names: the site's own names, dropped where they stand before a marker: «الوسط العربي | عاجل: …».

    Returns:
        The headline is empty when nothing of an event is left without the marker: «عاجل | اليمن #عاجل».
    """
    text = whole = display(title)
    if len(whole) > _LONGEST_TITLE:
        return whole, None
    own = frozenset(key_text(name) for name in names)
    found: list[Marker] = []
    for _ in range(_MOST_MARKERS):
        cut = _at_head(text, own) or _at_end(text) or _in_a_tag(text)
        if cut is None:
            break
        text, marker = cut
        found.append(marker)
    if not found:
        return whole, None
    return ("" if _tells_nothing(text) else text), _together(found)


def _together(found: Sequence[Marker]) -> Marker:
    urgent = [marker for marker in found if marker.urgent]
    return Marker(
        kicker=min((marker.kicker for marker in found), key=_WEIGHT.index),
        place=min((marker.place for marker in urgent or found), key=[*Place].index),
        urgent=bool(urgent),
    )


def _at_head(text: str, own: frozenset[str]) -> tuple[str, Marker] | None:
    tokens = tokens_of(text)
    first = next((at for at, token in enumerate(tokens) if token.sort in _SPOKEN), len(tokens))
    end, kicker = _kind_until(tokens, first)
    if end:
        return _rest(text, tokens, end), Marker(kicker, Place.START)
    if not urgency.is_named(tokens):
        return None
    end = urgency.label_until(tokens, first)
    if end:
        return _rest(text, tokens, end), _urgent(tokens[first:end], Place.START)
    end = urgency.tag_until(tokens, first)
    if end:
        return _with_left_of_tag(text, tokens, first, end), _urgent(tokens[first:end], Place.START)
    return _after_a_name(text, tokens, first, own)


def _after_a_name(text: str, tokens: Sequence[Token], first: int, own: frozenset[str]) -> tuple[str, Marker] | None:
    """«الوسط العربي | عاجل: …»، «بالفيديو.. عاجل | …»، «الجزيرة عاجل: …»: a few words, then a label parted itself."""
    for label in range(first + 1, min(first + _LONGEST_NAME + 2, len(tokens))):
        end = urgency.label_until(tokens, label) or urgency.tag_until(tokens, label)
        goes_on = any(token.sort is Sort.WORD for token in tokens[end:])
        if end and goes_on and urgency.parted(tokens, end) and _is_name(text, tokens[first : end + 1], label - first):
            sign = tokens[label - 1].sort is not Sort.WORD
            name = text[tokens[first].start : tokens[label - 1 - sign].end]
            rest = _rest(text, tokens, end) if sign or key_text(name) in own else text[tokens[end - 1].end :]
            kept = "" if key_text(name) in own else text[: tokens[label - 1].end] + " " * sign
            return kept + rest, _urgent(tokens[label:end], Place.START)
    return None


def _is_name(text: str, tokens: Sequence[Token], label: int) -> bool:
    """Words and a sign before the label; or, with no sign, a name that «عاجل» cannot qualify.

    An Arabic adjective agrees in definiteness and gender: after «الجزيرة» it would be «العاجلة», after «سكاي نيوز عربية»
    «عاجلة». «الموضوع عاجل..» is a sentence: after a masculine that is no outlet and no place only a bar makes a label.
    """
    *words, last = tokens[:label]
    if any(token.sort is not Sort.WORD for token in words):
        return False
    if last.sort in urgency.STRONG:
        return bool(words)
    if last.sort not in _SPOKEN or urgency.may_be_qualified(last):
        return False
    is_known = (
        last.sort is Sort.TAG or bool(places_of([last.text])) or is_outlet([token.text for token in tokens[:label]])
    )
    is_feminine = text[last.start : last.end].endswith("ة") and not tokens[label].text.endswith("ه")
    is_barred = last.text.startswith("ال") and tokens[-1].sort is Sort.PARTING and tokens[-1].text[0] not in ".…"
    return label <= (_LONGEST_NAME if is_feminine or is_known else 2) and (is_known or is_feminine or is_barred)


def _at_end(text: str) -> tuple[str, Marker] | None:
    tokens = tokens_of(text)
    first, end = urgency.suffix_of(tokens) if urgency.is_named(tokens) else (0, 0)
    if first:
        return _without(text, tokens, first, end), _urgent(tokens[first:end], Place.SUFFIX)
    last = len(tokens)
    while last and tokens[last - 1].sort not in _SPOKEN:
        last -= 1
    for length in (2, 1):
        first = last - length
        kicker = _KIND_OF.get(" ".join(token.text for token in tokens[max(first, 0) : last]))
        if kicker and first > 1 and tokens[first - 1].text in {"(", "[", "|"}:
            return _without(text, tokens, first - 1, len(tokens)), Marker(kicker, Place.SUFFIX)
    return None


def _in_a_tag(text: str) -> tuple[str, Marker] | None:
    tokens = tokens_of(text)
    at = urgency.loose_tag_of(tokens)
    if not at:
        return None
    left = urgency.left_of_tag(text[tokens[at].start : tokens[at].end])
    trails = all(token.sort is not Sort.WORD for token in tokens[at:])
    first = at - 1 if trails and tokens[at - 1].sort is Sort.PARTING else at
    head, tail = text[: tokens[first].start].rstrip(), text[tokens[at].end :].lstrip()
    kept = " ".join(part for part in (head, f"#{left}" if left else "", tail) if part)
    return kept, _urgent([tokens[at]], Place.HASHTAG)


def _kind_until(tokens: Sequence[Token], at: int) -> tuple[int, Kicker]:
    """Where a kind's label ends. Only a strong sign makes one: «تصحيح أوضاع 400 ألف يمني» is none."""
    for length in (2, 1):
        kicker = _KIND_OF.get(" ".join(token.text for token in tokens[at : at + length]))
        end = at + length
        if kicker and end < len(tokens) and tokens[end].sort is Sort.CLOSING:
            end += 1
        if kicker and end < len(tokens) and tokens[end].sort in urgency.STRONG:
            return end, kicker
    return 0, Kicker.BREAKING


def _urgent(label: Sequence[Token], place: Place) -> Marker:
    said = [part.removeprefix("و") for token in label for part in token.text.split("_")]
    kickers = [Kicker.BREAKING, *(_KIND_OF[word] for word in said if word in _KIND_OF)]
    return Marker(min(kickers, key=_WEIGHT.index), place, urgent=True)


def _rest(text: str, tokens: Sequence[Token], at: int) -> str:
    """The text from the first token after `at` that is no leftover of the label; a closing mark left alone goes too."""
    while at < len(tokens) and tokens[at].sort in {Sort.PARTING, Sort.COLON, Sort.COMMA, Sort.CLOSING}:
        at += 1
    if at >= len(tokens):
        return ""
    if tokens[-1].sort is Sort.CLOSING and not any(token.sort is Sort.OPENING for token in tokens[at:]):
        return text[tokens[at].start : tokens[-1].start].rstrip()
    return text[tokens[at].start :]


def _with_left_of_tag(text: str, tokens: Sequence[Token], at: int, end: int) -> str:
    left = urgency.left_of_tag(text[tokens[at].start : tokens[at].end])
    if not left:
        return _rest(text, tokens, end)
    if end < len(tokens) and tokens[end].sort in urgency.STRONG:
        return left.replace("_", " ") + text[tokens[end - 1].end :]
    return f"#{left} {_rest(text, tokens, end)}"


def _without(text: str, tokens: Sequence[Token], first: int, end: int) -> str:
    head = text[: tokens[first].start].rstrip()
    tail = text[tokens[end].start :] if end < len(tokens) else ""
    return f"{head} {tail}".strip()


def _tells_nothing(headline: str) -> bool:
    left = [token.text for token in tokens_of(headline) if token.sort is Sort.WORD and token.text not in _EVENTLESS]
    return not left or (len(left) <= _LONGEST_NAME and _is_all_places(left))


def _is_all_places(words: Sequence[str]) -> bool:
    return len(words) <= sum(len(place.name.split()) for place in places_of(words))
