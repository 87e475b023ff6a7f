"""A flash and its article: merged when the article tells it, and never when it tells something else."""

from dataclasses import replace
from datetime import timedelta

import pytest

from newsroom.entry import Entry
from newsroom.flash import OPEN_FOR, is_flash, relate_to_flash
from newsroom.relation import Ground, Lookalike, New, Relation, Update
from newsroom.story import Story, story_of
from newsroom.window import Window
from tests.support.newsroom import MET, SITE, a_story

FLASH = "انهيار جسر وسط العاصمة"


def flash(text: str = FLASH) -> Story:
    """An editor's."""
    return story_of(Entry(title=text, is_flash=True), SITE, MET)


def article(title: str, lead: str = "", after: timedelta = timedelta(minutes=5)) -> Story:
    """The site's."""
    return replace(a_story(7, title, MET + after), lead=lead)


def related(story: Story, *known: Story) -> Relation:
    """To what the newsroom met before."""
    window = Window()
    for one in known:
        window.add(one)
    return relate_to_flash(story, window)


@pytest.mark.parametrize(
    "title",
    [
        FLASH,
        "انهيار جسر قديم وسط العاصمة بعد أمطار غزيرة وفرق الإنقاذ في المكان",
        "عاجل: انهيار جسر وسط العاصمة دون إصابات",
    ],
)
def test_an_article_that_tells_the_flash_is_an_edit_of_it(title: str) -> None:
    """However much more its headline says."""
    assert related(article(title), flash()) == Update(flash().id, Ground.ARTICLE_OF_FLASH, same_article=True)


def test_an_article_that_tells_the_flash_in_its_first_paragraph_is_an_edit_of_it() -> None:
    """Its headline may begin elsewhere."""
    told = article("أمطار غزيرة توقع انهيارا في قلب العاصمة", "قالت البلدية إن انهيار جسر وسط العاصمة وقع فجرا.")
    assert related(told, flash()) == Update(flash().id, Ground.ARTICLE_OF_FLASH, same_article=True)


@pytest.mark.parametrize(
    "title",
    [
        "وزير المالية يعلن موازنة العام الجديد",
        "انهيار مبنى وسط المدينة القديمة بعد حريق كبير",
        "نفي انهيار جسر وسط العاصمة",
        "لا صحة لانهيار جسر وسط العاصمة",
    ],
)
def test_an_article_that_tells_something_else_is_not_merged(title: str) -> None:
    """A denial least of all: it would stand in the place of what it denies, without a word."""
    relation = related(article(title), flash())
    assert not (isinstance(relation, Update) and relation.same_article)


def test_an_article_of_the_next_day_is_no_article_of_the_flash() -> None:
    """It is compared like any other story."""
    relation = related(article(f"{FLASH} بعد أمطار", after=OPEN_FOR + timedelta(hours=1)), flash())
    assert not (isinstance(relation, Update) and relation.same_article)


def test_a_flash_waits_for_one_article_only() -> None:
    """Once merged it has a link, and what comes later stands by itself."""
    merged = replace(article(FLASH), id=flash().id)
    assert is_flash(flash())
    assert not is_flash(merged)
    later = replace(a_story(8, "انهيار جسر وسط العاصمة يعطل حركة السير في الأحياء القريبة", MET), lead="")
    assert isinstance(related(later, merged), New | Lookalike)


def test_a_flash_is_never_merged_into_another() -> None:
    """An editor who sends two means two."""
    relation = related(flash("انهيار جسر وسط العاصمة وإغلاق الطرق"), flash())
    assert not (isinstance(relation, Update) and relation.same_article)
