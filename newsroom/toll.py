"""A toll: the counts that grow as a story goes on, and the words with which a desk says that they did."""

from collections.abc import Iterable

from newsroom.arabic import fold


def _lexicon(lines: str) -> frozenset[str]:
    return frozenset(fold(word) for word in lines.split())


_COUNTED = _lexicon(
    """قتيل قتيلا قتيلين قتيلان قتلى مقتل قتل يقتل تقتل شهيد شهيدا شهداء شهيدين شهيدان استشهاد ضحية ضحايا وفاة وفيات وفاته مصرع
    جريح جريحا جرحى إصابة إصابات أصيب مصاب مصابا مصابين مصابون مفقود مفقودا مفقودين مفقودون مفقودي جثة جثمان جثث جثامين
    ناجين ناجون نازح نازحا نازحين عالق عالقا عالقين محتجز محتجزين أسير أسرى حصيلة عدد درجة درجات
    دولار دولارا جنيه جنيها ريال ريالا درهم درهما دينار دينارا يورو ليرة نقطة نقاط برميل أونصة غرام جرام سعر أسعار"""
)
_CHANGED = _lexicon(
    """ارتفاع ارتفعت ارتفع يرتفع ترتفع حصيلة تحديث محدثة محدث تعديل يعدل تعدل عدل عدلت تصحيح يصحح تصحح ليرتفع لترتفع
    الحصيلة ارتفاعا تجاوز يتجاوز تتجاوز بلغ يبلغ تبلغ"""
)


def is_counted(words: Iterable[str]) -> bool:
    """The headline counts what later headlines count again: the dead, the hurt, a magnitude, a price."""
    return any(_bare(word) in _COUNTED for word in words)


def is_recounted(words: Iterable[str]) -> bool:
    """The headline says that a count changed: «ارتفاع حصيلة الضحايا إلى 12»."""
    return any(_bare(word) in _CHANGED for word in words)


def is_about_counts(word: str) -> bool:
    """The word belongs to the count, not to the event."""
    bare = _bare(word)
    return bare in _COUNTED or bare in _CHANGED


def _bare(word: str) -> str:
    return word if word in _COUNTED | _CHANGED else word.removeprefix("و").removeprefix("ب").removeprefix("ال")
