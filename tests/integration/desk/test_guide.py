"""The editor's guide: what it says happens, and every picture it shows is made of it."""

import re

from tests.browser.desk_guide import FOLDER, ROOT, walked


async def test_the_guide_is_walked_from_help_to_a_withdrawn_story() -> None:
    """Each step waits for what the page says; the pictures are those of the page."""
    shots = [shot.name async for shot in walked()]
    page = (ROOT / "docs" / "editors.ar.md").read_text("utf-8")
    assert re.findall(r"\]\(desk/([\w-]+)\.png\)", page) == shots
    assert {picture.stem for picture in FOLDER.glob("*.png")} == set(shots)
