"""Whether words read back are the words that were sent."""

import pytest

from publishing.sameness import same_words

SENT = "🔴 عاجل | زعيم كوريا الشمالية يبحث مع وفد عسكري روسي تعزيز التعاون\n\nhttps://alwasat.example.com/?p=48207\n\n#روسيا"


@pytest.mark.parametrize(
    "read",
    [
        SENT,
        SENT.replace("https://alwasat.example.com/?p=48207", "https://t.co/AbC123") + " https://t.co/photo1",
        SENT.replace("\n\n", "\n"),
        "\u061c" + SENT.replace(" ", "\u00a0", 2),
        SENT.replace("عاجل", "\u200cعاجل\u200f"),
    ],
)
def test_what_networks_do_to_words_makes_no_difference(read: str) -> None:
    """Shortened links, folded spaces, marks that nobody sees."""
    assert same_words(SENT, read)


def test_escaped_characters_are_the_same() -> None:
    """X gives back three characters escaped."""
    assert same_words("النفط & الذهب < 5%", "النفط &amp; الذهب &lt; 5%")


@pytest.mark.parametrize("read", ["", "https://t.co/x", SENT.replace("روسي", "صيني"), SENT.replace("#روسيا", "#الصين")])
def test_other_words_are_other_words(read: str) -> None:
    """A digit or a name changes all."""
    assert not same_words(SENT, read)


def test_links_alone_are_never_the_same() -> None:
    """There are no words to know them by."""
    assert not same_words("https://a.example.com/", "https://t.co/x")
