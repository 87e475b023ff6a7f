"""`ajil preview`: what followers would see, at the terminal, as a page and as a picture; nothing is sent."""

from pathlib import Path

import pytest

from tests.support.worker import a_worker

PAGE = Path(__file__).parents[1] / "data" / "alwasat" / "page.html"
HEADLINE = "زعيم كوريا الشمالية يبحث مع وفد عسكري روسي تعزيز التعاون بين البلدين"


async def _previewed(folder: Path, *options: str, **settings: str) -> tuple[int, str]:
    """Exit code and words of one run."""
    async with a_worker(folder, settings, "preview", str(PAGE), *options) as worker:
        code = await worker.process.wait()
        return code, worker.said()


async def test_the_terminal_shows_each_post_in_its_frame(tmp_path: Path) -> None:
    """Kind, length and limit above the words."""
    code, said = await _previewed(tmp_path)
    assert code == 0
    assert f"🔴 عاجل | {HEADLINE}" in said
    assert f"#عاجل | {HEADLINE}" in said
    assert "275/1024" in said
    assert "125/280" in said


async def test_the_page_goes_to_a_file_or_out(tmp_path: Path) -> None:
    """`--html FILE` writes and is silent; `--html` alone can be piped on."""
    assert await _previewed(tmp_path, "--html", "look.html") == (0, "")
    page = (tmp_path / "look.html").read_text("utf-8")
    (tmp_path / "worker.log").unlink()
    code, said = await _previewed(tmp_path, "--html")
    assert (code, said) == (0, page)
    assert page.startswith("<!doctype html>")
    assert HEADLINE in page


async def test_without_a_browser_a_picture_is_refused_with_what_to_do(tmp_path: Path) -> None:
    """Before anything is fetched."""
    code, said = await _previewed(tmp_path, "--png", "look.png", PATH="")
    assert code == 2
    assert "apt-get install chromium" in said
    assert "--html FILE" in said


async def test_a_browser_that_does_not_come_up_is_told(tmp_path: Path) -> None:
    """And not waited for."""
    code, said = await _previewed(tmp_path, "--png", "look.png", CHROMIUM="/bin/false")
    assert (code, said.partition(":")[0]) == (1, "the browser did not come up")
    code, said = await _previewed(tmp_path, "--png", "look.png", CHROMIUM="/nowhere/chromium")
    assert (code, "/nowhere/chromium cannot be started" in said) == (1, True)


async def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """No traceback for a wrong folder."""
    code, said = await _previewed(tmp_path, "--html", "nowhere/look.html")
    assert (code, said.strip()) == (1, "nowhere/look.html cannot be written: No such file or directory")


@pytest.mark.parametrize("width", ["wide", "12", "90000"])
async def test_a_width_that_is_none_is_refused(tmp_path: Path, width: str) -> None:
    """With its bounds."""
    code, said = await _previewed(tmp_path, "--png", "look.png", "--width", width)
    assert code == 2
    assert "no width from 320 to 4000" in said


async def test_what_the_settings_say_of_looks_is_seen(tmp_path: Path) -> None:
    """Own templates, digits, parameters and number of tags: before anybody else sees them."""
    (tmp_path / "own").mkdir()
    template = "خاص {{ kicker }} {{ headline }}\n{{ link }}\n{{ tags | join(' ') }}"
    (tmp_path / "own" / "breaking.x.txt.j2").write_text(template, "utf-8")
    looks = {"TEMPLATES": "own", "UTM": "utm_source={network}", "X_TAGS": "1", "CARDS": "off"}
    code, said = await _previewed(tmp_path, **looks)
    assert code == 0
    assert f"خاص عاجل {HEADLINE}" in said
    assert "/?p=48207&utm_source=x\n" in said
    assert said.count("#روسيا") == 1, "on Telegram alone"


@pytest.mark.parametrize(("cards", "pictures"), [("off", 0), ("fallback", 2)])
async def test_a_house_without_cards_has_words_where_a_picture_cannot_be_had(
    tmp_path: Path, cards: str, pictures: int
) -> None:
    """The sample's pictures are on no server here."""
    assert await _previewed(tmp_path, "--html", "look.html", CARDS=cards) == (0, "")
    assert (tmp_path / "look.html").read_text("utf-8").count("<img") == pictures


async def test_a_broken_template_is_named_with_file_and_line(tmp_path: Path) -> None:
    """As at the worker's start."""
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "breaking.x.txt.j2").write_text("{{ headline }}\n{{ lnik }}", "utf-8")
    code, said = await _previewed(tmp_path, TEMPLATES="own")
    assert code == 1
    assert said.startswith("own/breaking.x.txt.j2:2: there is no word «lnik»")
