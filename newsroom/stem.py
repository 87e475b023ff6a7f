"""A stem: a key word without what Arabic hangs before and after it; and the looser root, blind to its vowels too.

A light stemmer in the manner of light10 (Larkey, Ballesteros and Connell, 2002), applied the same way to every word:
what matters is that two forms of one word meet, not that the stem is a word. A stem is never shown.
"""

from functools import lru_cache

from newsroom.arabic import fold

_ARTICLES = ("وبال", "ولل", "وال", "بال", "فال", "كال", "لل", "ال")
_PROCLITICS = "وبل"
_ENDINGS = ("تين", "يين", "اء", "ها", "هم", "نا", "ات", "ون", "ين", "ان", "يه", "وا", "ه", "ي", "ا")
_VERBAL = "يتنام"
_LONG_VOWELS = str.maketrans("", "", "اويء")
_SHORTEST = 3
"""Letters that must be left: an Arabic root has three."""

_REMEMBERED = 4096
"""Words; headlines and texts say the same few thousand over and over."""

_STOPWORDS = """
في من على إلى عن مع بعد قبل خلال حول بين ضد لدى عند حتى منذ ثم أو أم و أن إن هذا هذه ذلك تلك التي الذي الذين كان كانت قد كل
بسبب جراء إثر عقب أمام بشأن بخصوص دون هو هي هم ما لا لم لن ليس كما أي أيضا إذا حيث وسط عبر ضمن نحو تحت فوق داخل خارج غير
لها له لهم به بها فيها فيه عليه عليها منها منه وفق بحسب حسب عام ل ب ك أكثر نتيجة بفعل رغم
"""
STOPWORDS = frozenset(fold(word) for word in _STOPWORDS.split())
"""Words that tell nothing of which event it is."""


@lru_cache(maxsize=_REMEMBERED)
def form(word: str) -> str:
    """The word without article, «و»، «ب»، «ل» before it and the alef of the accusative; its ending stays.

    «طفلة» is not «طفل», which the stem makes of both; «وفدًا» is «وفد».
    """
    return _without_head(word.removesuffix("ا") if len(word) > _SHORTEST else word)


@lru_cache(maxsize=_REMEMBERED)
def stem(word: str) -> str:
    """The word without article, «و»، «ب»، «ل» before it and the endings of number, gender and person.

    «والمصريين» and «مصرية» give «مصر»; a word with a digit stays as it is.
    """
    if not word.isalpha():
        return word
    word = _without_head(word)
    for _ in range(2):
        if not word.endswith(_ENDINGS):
            break
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
                word = word[: -len(ending)]
                break
    return word


@lru_cache(maxsize=_REMEMBERED)
def root(word: str) -> str:
    """What is left of the stem without the letters of verb forms and long vowels: «ارتفاع» and «ترتفع» give «رتفع»."""
    word = stem(word)
    while len(word) > _SHORTEST and word[0] in _VERBAL:
        word = word[1:]
    consonants = word.translate(_LONG_VOWELS)
    return consonants if len(consonants) >= _SHORTEST else word


def _without_head(word: str) -> str:
    if not word.isalpha():
        return word
    for article in _ARTICLES if word.startswith(_ARTICLES) else ():
        if word.startswith(article) and len(word) - len(article) >= _SHORTEST:
            word = word[len(article) :]
            break
    while word[0] in _PROCLITICS and len(word) > _SHORTEST:
        word = word[1:]
    return word
