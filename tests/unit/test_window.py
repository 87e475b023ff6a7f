"""The window: bounded, found by key and by likeness, and never forgetting a name."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from newsroom.gist import gist_of
from newsroom.story import Story, StoryId
from newsroom.window import CANDIDATES_AT_MOST, Window

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def _story(number: int, headline: str = "", minutes: float = 0, body: str = "") -> Story:
    return Story(
        StoryId(f"s{number}"),
        (f"post:a:{number}", f"link:{number}"),
        headline or f"خبر عن بلدة رقم{number}",
        NOON + timedelta(minutes=minutes),
        body=body,
    )


def _window(*stories: Story, most: int = 2000) -> Window:
    window = Window(most=most)
    for story in stories:
        window.add(story)
    return window


def test_a_story_is_found_by_its_id_and_each_of_its_keys() -> None:
    """And a stranger by none."""
    story = _story(1)
    window = _window(story)
    assert all(window.story(key) == story for key in (story.id, *story.keys))
    assert window.story("post:a:2") is None


def test_the_window_keeps_two_days() -> None:
    """Counted from the newest story, as the window has no clock."""
    window = _window(_story(1), _story(2, minutes=60))
    window.add(_story(3, minutes=48 * 60 + 30))
    assert [story.id for story in window] == ["s2", "s3"]
    assert window.story("post:a:1") is None


def test_the_window_keeps_no_more_than_its_number() -> None:
    """The oldest goes first, from every index."""
    window = _window(*(_story(number, minutes=number) for number in range(5)), most=3)
    assert [story.id for story in window] == ["s2", "s3", "s4"]
    assert len(window) == 3
    assert window.alike(gist_of(_story(0))) != []
    assert {found.story.id for found in window.alike(gist_of(_story(0)))} <= {"s2", "s3", "s4"}


def test_a_newer_telling_replaces_the_older_and_keeps_its_keys() -> None:
    """An edit changes words and adds a link."""
    window = _window(_story(1), _story(2))
    window.add(replace(_story(1), headline="عنوان آخر تماما", keys=("link:new",)))
    assert len(window) == 2
    assert [window.story(key) for key in ("post:a:1", "link:1", "link:new")] == [window.story("s1")] * 3
    told = window.story("s1")
    assert told is not None
    assert told.headline == "عنوان آخر تماما"


def test_a_replaced_headline_no_longer_finds_the_story() -> None:
    """The index follows the edit."""
    window = _window(_story(1, "انهيار جسر في الصعيد"))
    window.add(replace(_story(1), headline="افتتاح معرض الكتاب بالقاهرة"))
    assert window.alike(gist_of(_story(9, "انهيار جسر في الصعيد"))) == []
    assert [found.story.id for found in window.alike(gist_of(_story(9, "افتتاح معرض الكتاب بالقاهرة")))] == ["s1"]


def test_the_likeliest_stories_come_whole_and_few() -> None:
    """Rare words weigh more than common ones, so the partner is among the few that are compared."""
    crowd = [_story(number, f"وزير الخارجية يبحث مع نظيره تعزيز التعاون بند{number}") for number in range(300)]
    window = _window(*crowd, _story(900, "وزير الخارجية يزور محمية وادي الريان"))
    found = window.alike(gist_of(_story(901, "زيارة وزير الخارجية إلى محمية وادي الريان")))
    assert len(found) <= CANDIDATES_AT_MOST
    assert found[0].story.id == "s900"


def test_the_same_title_is_found_although_hundreds_share_its_words() -> None:
    """Every word of it is common in this window."""
    crowd = [_story(number, f"أسعار الذهب اليوم في مصر بند{number}") for number in range(300)]
    window = _window(_story(900, "أسعار الذهب اليوم في مصر"), *crowd)
    assert "s900" in {found.story.id for found in window.alike(gist_of(_story(901, "أسعار الذهب اليوم فى مصر")))}


@settings(max_examples=10, deadline=None)
@given(st.randoms(use_true_random=True))
def test_the_likeliest_are_those_that_weighing_every_story_finds(chance: Random) -> None:
    """Few stories are weighed in full; none that is left out weighs more. Of equally likely ones the newer come first."""
    # Some words in every other headline, most in one or two, as in any newsroom.
    headlines = [[f"كلمة{int(200 ** chance.random())}" for _ in range(6)] for _ in range(300)]
    *known, asked = [_story(number, " ".join(words)) for number, words in enumerate(headlines)]
    window, gist = _window(*known), gist_of(asked)
    gists = [gist_of(story) for story in known]
    roots = [each.roots for each in gists]
    weights = {
        at: sum(1 / sum(root in others for others in roots) for root in sorted(gist.roots & ours))
        for at, ours in enumerate(roots)
        if gist.roots & ours
    }
    likeliest = sorted(weights, key=lambda at: (weights[at], at), reverse=True)[:CANDIDATES_AT_MOST]
    found = [recalled.place for recalled in window.alike(gist)]
    titled = [at for at, each in enumerate(gists) if each.title == gist.title][-CANDIDATES_AT_MOST:]
    assert found == list(dict.fromkeys((*titled, *likeliest)))


def test_a_text_under_another_headline_is_found_by_its_text() -> None:
    """The headlines have no word in common."""
    text = " ".join(f"كلمة{number}" for number in range(90))
    window = _window(_story(1, "عنوان أول عن الأمر", body=text), *(_story(number) for number in range(2, 50)))
    found = window.alike(gist_of(_story(99, "كلام مختلف كليا هنا", body=text)))
    assert found[0].story.id == "s1"


def test_a_title_that_everybody_has_costs_no_more_than_another() -> None:
    """The newest of those with the very title are compared, not all of them."""
    window = _window(*(_story(number, "كاريكاتير اليوم من ريشة الرسام") for number in range(200)))
    found = window.alike(gist_of(_story(900, "كاريكاتير اليوم من ريشة الرسام")))
    assert len(found) <= 2 * CANDIDATES_AT_MOST
    assert "s199" in {recalled.story.id for recalled in found}


def test_an_empty_headline_is_like_nobody() -> None:
    """Two titles that were only markers are not one story."""
    empty = replace(_story(1), headline="")
    assert _window(empty).alike(gist_of(replace(empty, id=StoryId("s2")))) == []
