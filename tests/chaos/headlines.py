"""Headlines that no two stories share: words made of letters, as real ones would make the judgement part of the test."""

from hashlib import blake2b

_LETTERS = "بتجحدرزسشصضطعغفقكلمن"
"""Letters that have one form alone, so that no normalisation makes two words one."""


def headline(house: str, number: int) -> str:
    """The headline of a house's n-th story."""
    lots = blake2b(f"{house} {number}".encode(), digest_size=24).digest()
    words = ["".join(_LETTERS[lot % len(_LETTERS)] for lot in lots[at : at + 6]) for at in range(0, 24, 6)]
    return f"{words[0]} {words[1]} في {words[2]} بعد {words[3]}"
