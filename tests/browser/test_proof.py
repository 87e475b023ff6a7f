"""A proof in a real browser: it opens as a file, looks like the wall, and becomes a picture."""

import asyncio
import io
import json
from pathlib import Path

import pytest
from PIL import Image

from bot.browser import SHARPNESS, TALLEST_PX, photographed
from tests.browser.chromium import Tab
from tests.browser.sample import SCROLLS_SIDEWAYS
from tests.support.worker import a_worker

DATA = Path(__file__).parents[1] / "data" / "alwasat"


async def _proof(folder: Path, *options: str, name: str = "feed.xml") -> Path:
    """Run `ajil preview` with nothing set; gives the folder in which it wrote."""
    async with a_worker(folder, {}, "preview", str(DATA / name), *options) as worker:
        assert await worker.process.wait() == 0, worker.said()
    return folder


@pytest.mark.parametrize("width", [390, 1280])
async def test_a_proof_opens_as_a_file_and_fits_the_screen(tab: Tab, tmp_path: Path, width: int) -> None:
    """Right to left, in our own letters, nothing asked of anybody, and nothing to scroll sideways."""
    file = await _proof(tmp_path, "--html", "look.html") / "look.html"
    await tab.size(width, 844)
    await tab.goto(file.as_uri())
    await tab.until("document.fonts.status === 'loaded'")
    assert await tab.ask("[...document.fonts].map(font => font.status).join()") == "loaded,loaded"
    assert await tab.ask("getComputedStyle(document.body).direction") == "rtl"
    assert not await tab.ask(SCROLLS_SIDEWAYS)
    await tab.ask("Promise.all([...document.images].map(image => image.decode()))")
    assert await tab.ask("document.images.length") >= 16
    assert tab.complaints == []
    assert [url for url in tab.requests if not url.startswith(("data:", file.as_uri()))] == []


async def test_a_phone_can_switch_between_the_networks_without_a_script(tab: Tab, tmp_path: Path) -> None:
    """As on the wall."""
    file = await _proof(tmp_path, "--html", "look.html", name="page.html") / "look.html"
    await tab.size(390, 844)
    await tab.goto(file.as_uri())
    seen = "['telegram', 'x'].map(name => document.querySelector(`.column.${name}`).checkVisibility())"
    assert await tab.ask(seen) == [True, False]
    await tab.ask("document.getElementById('show-x').click()")
    assert await tab.ask(seen) == [False, True]


@pytest.mark.usefixtures("chromium")
@pytest.mark.parametrize("width", [390, 1120])
async def test_a_proof_becomes_a_picture_of_the_whole_page(tmp_path: Path, width: int) -> None:
    """Twice as sharp as the page; on a phone's width both networks stand one below the other."""
    await _proof(tmp_path, "--png", "look.png", "--width", str(width), name="page.html")
    image = await asyncio.to_thread(lambda: Image.open(io.BytesIO((tmp_path / "look.png").read_bytes())).convert("RGB"))
    assert image.width == width * SHARPNESS
    assert image.height > 1.4 * width * (SHARPNESS if width == 390 else 0.5)
    # The card's ground: once on each network.
    dark = [
        image.getpixel((column, row))
        for column in (image.width // 4, image.width * 3 // 4)
        for row in range(0, image.height, 8)
    ]
    assert sum(isinstance(pixel, tuple) and max(pixel) < 50 for pixel in dark) > 20


@pytest.mark.usefixtures("chromium")
def test_a_page_too_tall_for_a_picture_loses_its_foot_and_says_so(tmp_path: Path) -> None:
    """First its sharpness gives way, then what is below; the browser draws no taller picture."""
    file = tmp_path / "tall.html"
    for height, drawn, left_out in ((5_000, 10_000, 0), (12_000, 12_000, 0), (20_000, TALLEST_PX, 4_000)):
        file.write_text(f"<!doctype html><body style='margin:0;height:{height}px;background:#c8102e'>", "utf-8")
        photograph = photographed(file, 320)
        image = Image.open(io.BytesIO(photograph.content))
        assert (image.height, photograph.left_out_px) == (drawn, left_out)
        assert image.convert("RGB").getpixel((5, drawn - 5)) == (200, 16, 46)


@pytest.mark.usefixtures("chromium")
async def test_json_stands_beside_the_picture(tmp_path: Path) -> None:
    """One run gives both: the lines at the terminal, the picture in its file."""
    options = ("--json", "--png", "look.png")
    async with a_worker(tmp_path, {}, "preview", str(DATA / "page.html"), *options) as worker:
        assert await worker.process.wait() == 0
        (line,) = worker.said().splitlines()
    assert json.loads(line)["verdict"] == "breaking"
    assert (tmp_path / "look.png").stat().st_size > 10_000
