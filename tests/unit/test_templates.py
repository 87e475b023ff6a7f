"""Templates: an editor may change them, and whatever is wrong with one is said at start, with file and line."""

from pathlib import Path

import pytest

from newsroom.delivery import Lane
from newsroom.errors import TemplateBroken
from newsroom.story import Kicker, Story, StoryId
from newsroom.target import Network, Target
from publishing.grammar import FILTERS, WORDS
from publishing.render import TemplateRenderer
from publishing.style import HouseStyle
from tests.support.clock import START

STYLE = HouseStyle(site_name="الوسط العربي")
STORY = Story(
    StoryId("1"), (), "زلزال يضرب كريت", START, link="https://alwasat.example.com/?p=1", lead="ضرب زلزال كريت."
)
GOOD = "<b>{{ kicker }} {{ headline }}</b>\n{% if link %}<a href='{{ link }}'>هنا</a>{% endif %}\n"
BREAKING = "breaking.telegram.html.j2"


def _wrong(folder: Path, source: str, name: str = BREAKING) -> str:
    """What is said of a template, without the folder it lies in."""
    (folder / name).write_text(source, "utf-8")
    with pytest.raises(TemplateBroken) as broken:
        TemplateRenderer(STYLE, folder)
    return str(broken.value).replace(f"{folder}/", "")


def test_a_template_in_the_given_folder_takes_the_place_of_the_houses(tmp_path: Path) -> None:
    """Only the one that is there; the others stay."""
    (tmp_path / BREAKING).write_text(GOOD, "utf-8")
    renderer = TemplateRenderer(STYLE, tmp_path)
    channel = Target(Network.TELEGRAM, "@a")
    assert renderer.render(STORY, Kicker.BREAKING, Lane.BREAKING, channel).text == "عاجل زلزال يضرب كريت\nهنا"
    assert "التفاصيل على الوسط العربي" in renderer.render(STORY, None, Lane.ORDINARY, channel).text


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("\n{{ headlin }}", ":2: there is no word «headlin»; the words are kicker, headline"),
        ("{{ headline }}\n\n{% if kicker %}", ":3: Unexpected end of template"),
        ("{{ headline | upcase }}", ":1: there is no filter «upcase»"),
        ("{{ headline | upper }}", ":1: there is no filter «upper»"),
        ("\n\n{{ headline | safe }}", ":3: there is no filter «safe»"),
        ("{{ headline.split()[3] }}", ":1: «Getitem» is not for a template"),
        ("\n{{ headline.upper() }}", ":2: «Call» is not for a template"),
        ("{{ 1 / tags | length }}", ":1: «Div» is not for a template"),
        ("{% include 'x' %}", ":1: «Include» is not for a template"),
        ("{{ headline }}\n{{ 'x' if kicker }}", ":2: «… if …» needs an else"),
        ("{{ kicker }} {{ headline }}\n<b>{{ lead }}", ":2: <b> is never closed"),
        ("{{ kicker }} {{ headline }}\n\n<p>{{ lead }}</p>", ":3: <p> is none of the tags Telegram shows"),
        ("{{ kicker }} {{ headline }}\n<a href='{{ link }}'>x</a>", ":2: <a> needs href"),
        ("{{ kicker }} {{ headline }}\n{% for t in tags %}{% endfor %}{{ t }}", ":2: 't' is undefined"),
        (
            "{{ kicker }} {{ headline }}\n\n{% if kicker in 5 %}{% endif %}",
            ":3: argument of type 'int' is not iterable",
        ),
        ("{{ headline }} <a href='{{ link or \"https://a.com\" }}'>x</a>", ":1: the post does not say «عاجل»"),
        ("{% if kicker %}{{ kicker }}{% endif %}", ":1: the post does not say «زعيم"),
        ("{{ kicker }} {{ headline }}", ":1: the post leaves out the link"),
        (GOOD + "س" * 600, ":1: the template's own words take"),
    ],
)
def test_what_is_wrong_with_a_template_is_said_at_start(tmp_path: Path, source: str, said: str) -> None:
    """Misspelt words, forbidden turns, bad HTML and missing parts all name file, line and reason."""
    assert _wrong(tmp_path, source).startswith(BREAKING + said)


def test_an_error_that_only_one_combination_of_parts_shows_is_found(tmp_path: Path) -> None:
    """A tag closed only where there is a byline would have broken the first story without one."""
    source = GOOD + "<i>{{ lead }}{% if byline %}{{ byline }}</i>{% endif %}"
    assert "<i> is never closed" in _wrong(tmp_path, source)


def test_a_template_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    """An old editor's windows-1256 is named as such."""
    (tmp_path / BREAKING).write_bytes("{{ headline }} عاجل".encode("windows-1256"))
    with pytest.raises(TemplateBroken, match="not UTF-8"):
        TemplateRenderer(STYLE, tmp_path)


@pytest.mark.parametrize(
    "name",
    ["breaking.telegram.j2", "breaking.telegram.txt.j2", "urgent.x.txt.j2", "breaking.telegram.our news.html.j2"],
)
def test_a_misnamed_template_is_not_passed_over(tmp_path: Path, name: str) -> None:
    """It would lie there, and nobody would know why nothing changed."""
    assert _wrong(tmp_path, GOOD, name).startswith(f"{name}:1: no post asks for this name")


@pytest.mark.parametrize(
    ("name", "target", "lane"),
    [
        ("breaking.telegram.@sport.html.j2", Target(Network.TELEGRAM, "@Sport"), Lane.BREAKING),
        ("ordinary.telegram.-1001234567890.html.j2", Target(Network.TELEGRAM, "-1001234567890"), Lane.ORDINARY),
        ("ordinary.x.main.txt.j2", Target(Network.X, "main"), Lane.ORDINARY),
    ],
)
def test_a_template_that_names_a_target_is_for_that_alone(
    tmp_path: Path, name: str, target: Target, lane: Lane
) -> None:
    """By the target's own address; other targets, and the target's other class, keep the template they had."""
    (tmp_path / name).write_text("خاص: {{ kicker }} {{ headline }} {{ link }}", "utf-8")
    (tmp_path / "ordinary.telegram.html.j2").write_text("عام: {{ kicker }} {{ headline }} {{ link }}", "utf-8")
    renderer = TemplateRenderer(STYLE, tmp_path)
    own = {
        (to.address, of)
        for to in (target, Target(target.network, "other"), Target(Network.X, "@sport"))
        for of in Lane
        if renderer.render(STORY, None, of, to).text.startswith("خاص:")
    }
    assert own == {(target.address, lane)}
    assert renderer.render(STORY, None, Lane.ORDINARY, Target(Network.TELEGRAM, "@a")).text.startswith("عام:")


def test_a_target_has_one_template_of_a_class(tmp_path: Path) -> None:
    """Telegram does not tell capitals from small letters in a name, so neither do templates."""
    for name in ("breaking.telegram.@SPORT.html.j2", "breaking.telegram.@sport.html.j2"):
        (tmp_path / name).write_text(GOOD, "utf-8")
    with pytest.raises(
        TemplateBroken, match=r"@sport\.html\.j2:1: breaking\.telegram\.@SPORT\.html\.j2 is for the same"
    ):
        TemplateRenderer(STYLE, tmp_path)


def test_a_mistake_in_one_targets_template_is_said_at_start(tmp_path: Path) -> None:
    """Every template is tried, whether its target is set or not."""
    name = "ordinary.x.main.txt.j2"
    assert _wrong(tmp_path, "{{ headline }}\n{{ lnik }}", name).startswith(f"{name}:2: there is no word «lnik»")


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """A misspelt setting is said, and not taken for an empty folder."""
    with pytest.raises(TemplateBroken, match="no such folder"):
        TemplateRenderer(STYLE, tmp_path / "nowhere")


@pytest.mark.parametrize("part", [*WORDS, *FILTERS])
def test_the_editors_guide_names_every_word_and_filter(part: str) -> None:
    """What a template may say stands in templates/README.md."""
    guide = (Path(__file__).parents[2] / "templates" / "README.md").read_text("utf-8")
    assert f"`{part}`" in guide
