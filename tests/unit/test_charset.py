"""Arabic comes out intact whatever the labels say, or is known to be garbled."""

import pytest

from feeds.charset import is_garbled, text_of

TEXT = "عاجل | مقتل 5 أشخاص في انهيار مبنى سكني بالإسكندرية، والرئيس يعزي – “الأهرام”"
LABELS = (
    "",
    "text/xml; charset=utf-8",
    "text/html; charset=ISO-8859-1",
    "text/xml; charset=windows-1256",
    "text/xml; charset=windows-1251",
    "application/rss+xml; charset=nonsense",
)


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "cp1256"])
def test_arabic_is_read_in_its_own_charset_under_every_label(charset: str, label: str) -> None:
    """With or without byte order mark, labelled rightly, wrongly or not at all."""
    assert text_of(f"<rss>{TEXT}</rss>".encode(charset), label) == f"<rss>{TEXT}</rss>"


@pytest.mark.parametrize("declared", ["utf-8", "windows-1252", "windows-1256", "iso-8859-1", "zip", "unicode_escape"])
def test_a_wrong_declaration_in_the_document_changes_nothing(declared: str) -> None:
    """Templates are copied from site to site together with their first line; some of Python's codecs are no charset."""
    document = f"<?xml version='1.0' encoding='{declared}'?><rss>{TEXT}</rss>"
    assert text_of(document.encode("cp1256")) == document
    assert text_of(document.encode()) == document


def test_arabic_in_iso_8859_6_is_not_taken_for_windows_1256() -> None:
    """Both have a letter for every byte, and only one of them gives words."""
    text = "قال الرئيس في المؤتمر إن الحدود مفتوحة من الجانبين"
    assert text_of(text.encode("iso8859-6")) == text


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("windows-1251", "Президент заявил в среду на пресс-конференции, что переговоры продолжатся."),
        ("koi8-r", "Президент заявил в среду на пресс-конференции, что переговоры продолжатся."),
        ("windows-1253", "Πρόεδρος δήλωσε την Τετάρτη ότι θα συνεχιστούν την επόμενη εβδομάδα."),
        ("windows-1255", "נשיא רוסיה אמר ביום רביעי כי השיחות יימשכו גם בשבוע הבא"),
        ("windows-1252", "Le président a déclaré mercredi que les négociations se poursuivraient à l’été."),
        ("shift_jis", "ロシア大統領は水曜日の記者会見で、交渉は来週も続くと述べた。"),
        ("gb2312", "俄罗斯总统周三在新闻发布会上表示谈判将在下周继续进行"),
        ("euc-kr", "러시아 대통령은 수요일 기자회견에서 협상이 계속될 것이라고 밝혔다"),
    ],
)
def test_another_language_is_read_by_its_label(charset: str, text: str) -> None:
    """Only what reads as Arabic is taken for Arabic."""
    assert text_of(text.encode(charset), f"text/xml; charset={charset}") == text


@pytest.mark.parametrize("western", ["cp1252", "latin-1"])
def test_utf_8_that_was_encoded_twice_is_decoded_twice(western: str) -> None:
    """A database took the bytes for Western letters and encoded them once more."""
    letters = "".join(bytes([byte]).decode(western, "ignore") or chr(byte) for byte in TEXT.encode())
    assert text_of(letters.encode()) == TEXT


def test_a_letter_cut_in_two_spoils_no_other() -> None:
    """The transfer broke off inside a letter: the rest is UTF-8 still."""
    assert text_of(TEXT.encode() + "ع".encode()[:1]) == TEXT + "\ufffd"


@pytest.mark.parametrize(
    "text",
    ["عاجل \ufffd\ufffd", "ÚÇÌá ãÞÊá 5 ÃÔÎÇÕ", "Ø¹Ø§Ø¬Ù„ Ù…Ù‡ØªÙ„", "Ïðèâåò ìèð"],
)
def test_a_text_in_a_wrong_charset_is_garbled(text: str) -> None:
    """Windows-1256 and UTF-8 read as Western, and letters that could not be read."""
    assert is_garbled(text)


@pytest.mark.parametrize(
    "text", [TEXT, "élève à l’école", "Þórður Guðjónsson skoraði", "Öğretmen öldü", "2–1", "", "🔴"]
)
def test_a_text_in_its_own_letters_is_not_garbled(text: str) -> None:
    """No language writes every second letter with an accent."""
    assert not is_garbled(text)
