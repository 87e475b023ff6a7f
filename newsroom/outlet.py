"""An outlet: the names of newspapers, channels and agencies, known by the words that such names are made of.

Not every outlet need be here: what is not known is kept as a part of the headline, and costs a repeat at most.
"""

from collections.abc import Sequence

from newsroom.arabic import fold


def _lexicon(*lines: str) -> frozenset[str]:
    return frozenset(fold(word) for line in lines for word in line.split())


# Alone a name; none of them is a common word, and where one is a place as well («الجزيرة») a headline that ends in it
# has said where before.
_NAMES = _lexicon(
    "الجزيرة العربية الحدث الميادين المنار الأناضول رويترز سانا وام كونا واس بترا وفا قنا شينخوا سبوتنيك تاس بلومبرغ أسوشيتد",
    "أكسيوس يورونيوز الحرة السومرية هسبريس مصراوي العربي عكاظ الأهرام الشروق النهار رصيف22 معا صفا شفق شهاب bbc cnn rt",
)
# Names only together with another word of the trade: «اليوم السابع»، «الشرق الأوسط»، «سكاي نيوز عربية»، «أ ف ب».
_PARTS = _lexicon(
    "نت نيوز عربي عربية العربي العربية اليوم السابع الآن أونلاين بوست تايمز برس تي في بي سي سكاي آر ار الشرق الأوسط الجديد الجديدة",
    "المصري الوطن القدس الخليج البيان الاتحاد الرأي الغد سبق الرياض اللواء الجمهورية المملكة المشهد فرانس دويتشه فيله 24 الإخبارية",
    "العين القاهرة الفضائية مباشر قناة صحيفة جريدة موقع بوابة شبكة وكالة مجلة راديو إذاعة أنباء الأنباء news online tv arabic arabia dw france24",
    "أ ف ب د ش ق ن",
)


def is_outlet(words: Sequence[str]) -> bool:
    """Whether folded words are the name of an outlet."""
    if any(word not in _NAMES and word not in _PARTS for word in words):
        return False
    return len(words) > 1 or any(word in _NAMES for word in words)
