"""What one judgement costs: story_of, relate and judge against a full window.

Run `python -m bench.judgement`. The stories are made up from news vocabulary with a Zipf-like spread of words, a third
of them told again in other words, so that the window's index meets what it meets in a newsroom: common words, close
headlines, shared text. CPU time of this process, no I/O.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from statistics import linear_regression, median, quantiles
from time import process_time

from newsroom.entry import Entry
from newsroom.relation import relate
from newsroom.rules import Rules
from newsroom.site import Site
from newsroom.story import story_of
from newsroom.verdict import judge
from newsroom.window import Window

JUDGEMENTS = 1000
WINDOW = 2000
SIZES = (250, 500, 1000, 2000, 4000)
ALLOWED_MS = 3.0
BODY_WORDS = 300
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SITE = Site(name="الوسط العربي", sections=("مصر", "العالم", "رياضة"))

_COMMON_WORDS = """
وزير الخارجية رئيس الحكومة يبحث مع تعزيز التعاون بين البلدين مقتل إصابة حادث سير على طريق ارتفاع أسعار النفط اليوم مجلس الأمن يعقد جلسة
طارئة بشأن الوضع في غزة سوريا لبنان العراق مصر السعودية قوات الجيش تعلن السيطرة منطقة غارة جوية تستهدف مبنى سكنيا الدولار يسجل مستوى
جديدا أمام الجنيه الأهلي يفوز الزمالك مباراة الدوري الممتاز محكمة تقضي بحبس المتهم قضية فساد وفاة الفنان الكبير بعد صراع المرض الأرصاد
تحذر أمطار غزيرة غدا رياح نشطة المدارس الجامعات نتيجة الثانوية العامة وزارة التعليم الصحة تسجيل حالة الأمم المتحدة تدعو وقف إطلاق النار
"""
_COMMON = tuple(_COMMON_WORDS.split())
_LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
_VOCABULARY = 20_000


def main() -> None:
    """Print the cost at the full window, then how it grows."""
    print(f"{JUDGEMENTS} judgements, texts of {BODY_WORDS} words, CPU ms each")
    print(f"{'window':>8} {'median':>8} {'p99':>8} {'worst':>8}")
    medians: dict[int, float] = {}
    for size in SIZES:
        spent = judge_many(size)
        medians[size] = median(spent)
        print(f"{size:>8} {medians[size]:>8.3f} {quantiles(spent, n=100)[98]:>8.3f} {max(spent):>8.3f}")
    growth = linear_regression(list(medians), list(medians.values()))
    print(f"median = {growth.intercept:.3f} ms + {growth.slope * 1000:.3f} ms for each 1,000 stories of the window")
    print(f"at {WINDOW}: {medians[WINDOW]:.3f} ms, allowed {ALLOWED_MS:.1f} ms")
    assert medians[WINDOW] <= ALLOWED_MS, "a judgement costs more than the house allows"


def judge_many(size: int) -> list[float]:
    """CPU milliseconds of each of the judgements against a window of `size` stories."""
    window, rules = Window(most=size), Rules()
    for number in range(size):
        window.add(story_of(_entry(number), SITE, NOON))
    assert len(window) == size
    spent: list[float] = []
    for number in range(size, size + JUDGEMENTS):
        # One in three tells a story of the window again in other words.
        entry = _entry(number, retells=number - size if number % 3 == 0 else None)
        begun = process_time()
        story = story_of(entry, SITE, NOON)
        relate(story, window)
        judge(story, rules, NOON)
        spent.append((process_time() - begun) * 1000)
    return spent


def _entry(number: int, retells: int | None = None) -> Entry:
    told = number if retells is None else retells
    title = list(_words(f"title {told}", 11))
    if retells is not None:
        title[number % 11] = _word(number)
    body = " ".join(_words(f"body {told}", BODY_WORDS))
    return Entry(
        title=("عاجل | " if number % 7 == 0 else "") + " ".join(title),
        feed="https://paper.example.com/feed/",
        site="paper.example.com",
        guid=f"https://paper.example.com/?p={number}",
        post_id=number,
        link=f"https://paper.example.com/{number}/?utm_source=rss",
        categories=("أخبار", "مصر", "عاجل"),
        lead=body[:200],
        body=body,
        published=NOON - timedelta(seconds=number % 3600),
    )


def _words(seed: str, count: int) -> Iterator[str]:
    """Words whose frequency falls with their rank, as Zipf found of all texts."""
    for place in range(count):
        chance = int.from_bytes(blake2b(f"{seed} {place}".encode(), digest_size=6).digest()) / 2**48
        yield _word(int(_VOCABULARY**chance) - 1)


def _word(rank: int) -> str:
    if rank < len(_COMMON):
        return _COMMON[rank]
    digest = blake2b(str(rank).encode(), digest_size=5).digest()
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest)


if __name__ == "__main__":
    main()
