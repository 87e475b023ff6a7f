"""What `preview` and `simulate` say at a terminal."""

from typing import Any

from bot.plain import as_text

LINE: dict[str, Any] = {
    "title": "عاجل | زلزال يضرب كريت",
    "relation": "new",
    "of": None,
    "verdict": "breaking",
    "reason": "site_category",
    "section": "العالم",
    "byline": "",
    "link": "https://alwasat.example.com/" + "%D8%B2" * 40,
    "stages": [],
    "posts": [],
}
POST = {
    "target": "telegram",
    "kind": "photo",
    "text": "\u061c4% قفزة\n\n#كريت",
    "length": 17,
    "limit": 1024,
    "image": "https://a.com/1.jpg",
    "silent": True,
}


def test_a_posts_lines_stand_as_they_go_out() -> None:
    """Nothing before them: a terminal that turns Arabic round would carry it to the other side of the line."""
    lines = as_text(LINE | {"posts": [POST]}).splitlines()
    assert lines[-4:-1] == ["\u061c4% قفزة", "", "#كريت"]
    assert lines[-1] == "  picture: https://a.com/1.jpg"
    assert lines[-5].startswith("┄┄ telegram · photo · 17/1024 · silent ┄")


def test_a_long_address_takes_one_line() -> None:
    """Percent-encoded Arabic tells nobody anything; `--json` has it whole."""
    assert max(map(len, as_text(LINE).splitlines())) <= 72


def test_what_goes_out_by_nobody_but_an_editor_says_so() -> None:
    """And what goes out by nobody at all."""
    assert "nothing goes out" in as_text(LINE)
    assert "an editor's push would post:" in as_text(LINE | {"if_pushed": [POST]})
