"""What of an edited article its readers would see, and what becomes of the posts."""

from dataclasses import dataclass, replace

import pytest

from newsroom.correction import Corrections, XCorrections, revisions_of
from newsroom.delivery import Lane
from newsroom.entry import Picture, PictureSource
from newsroom.errand import EDITABLE_SECONDS, X_EDITABLE_SECONDS, Errand, Revision
from newsroom.ports import Renderer
from newsroom.post import Post, PostKind
from newsroom.story import Kicker, Story
from newsroom.target import Target
from publishing.render import TemplateRenderer
from publishing.style import HouseStyle
from tests.support.newsroom import ACCOUNT, CHANNEL, a_story

HEADLINE = "وزير الخارجية يصل إلى العاصمة في زيارة رسمية"
OTHER = "عنوان آخر للخبر نفسه من المدينة"
LEAD = "وصل وزير الخارجية صباح اليوم إلى العاصمة على رأس وفد كبير."
PICTURE = Picture("https://alwasat.example.com/wp-content/uploads/7.jpg", PictureSource.MEDIA)


def the_story() -> Story:
    """As it was posted."""
    return replace(a_story(7, HEADLINE), lead=LEAD, pictures=(PICTURE,))


@dataclass(frozen=True, slots=True)
class ChangedTemplates:
    """Renders with templates that were changed since the posts went out."""

    renderer: Renderer

    def render(self, story: Story, kicker: Kicker | None, lane: Lane, target: Target) -> Post:
        """The usual post with a new line below."""
        post = self.renderer.render(story, kicker, lane, target)
        return replace(post, text=f"{post.text}\nتابعونا")


def a_renderer() -> TemplateRenderer:
    """The house's own templates."""
    return TemplateRenderer(HouseStyle(site_name="الوسط العربي"))


def revised(after: Story, renderer: Renderer | None = None, on_x: XCorrections = "ignore") -> list[Revision]:
    """The revisions by which that story becomes this one."""
    return list(revisions_of(the_story(), after, (CHANNEL, ACCOUNT), renderer or a_renderer(), Corrections(on_x)))


@pytest.mark.parametrize(
    "after",
    [
        replace(the_story(), headline="وزير الخارجية يصل إلى العاصمة في زيارة عاجلة"),
        replace(the_story(), headline=HEADLINE.replace("إلى", "الى")),
        replace(the_story(), lead="وصل وزير الخارجية مساء اليوم إلى العاصمة على رأس وفد كبير."),
        replace(the_story(), pictures=(replace(PICTURE, url="https://alwasat.example.com/wp-content/uploads/8.jpg"),)),
        replace(the_story(), kicker=Kicker.CORRECTION),
    ],
    ids=["headline", "one letter", "lead", "picture", "kicker"],
)
def test_what_a_reader_would_see_is_a_revision(after: Story) -> None:
    """One for the channel; on X posts stay as they are unless the house says otherwise."""
    [revision] = revised(after)
    assert (revision.target, revision.errand, revision.within) == (CHANNEL.id, Errand.EDIT, EDITABLE_SECONDS)


@pytest.mark.parametrize(
    "after",
    [
        replace(the_story(), headline=HEADLINE.replace("وزير", "وَزيرُ")),
        replace(the_story(), headline=HEADLINE.replace("يصل", "يصـــل")),
        replace(the_story(), headline=HEADLINE.replace(" في ", "  في\u00a0")),
        replace(the_story(), headline=f"\u200f{HEADLINE}"),
        replace(the_story(), lead=LEAD.replace("صباح", "صباحَ")),
        replace(
            the_story(),
            pictures=(replace(PICTURE, url="https://alwasat.example.com/wp-content/uploads/7-1200x800.jpg"),),
        ),
        replace(the_story(), body="نص أطول من ذي قبل لا يظهر في المنشور."),
    ],
    ids=["vowel signs", "tatweel", "spaces", "direction mark", "lead", "picture size", "body"],
)
def test_what_no_reader_would_see_is_none(after: Story) -> None:
    """No post is edited for it, on any network."""
    assert revised(after, on_x="repost") == []


def test_a_changed_template_is_no_edit_and_an_edit_is_set_by_the_template_of_today() -> None:
    """Both tellings are rendered anew: what the template adds is in both."""
    changed = ChangedTemplates(a_renderer())
    assert revised(replace(the_story(), headline=HEADLINE.replace("وزير", "وَزيرُ")), changed) == []
    [revision] = revised(replace(the_story(), headline=OTHER), changed)
    assert revision.breaking.text.endswith("تابعونا")


def test_a_revision_carries_the_words_for_both_lanes() -> None:
    """The kicker stays where the post went out as breaking, and comes to no other."""
    [revision] = revised(replace(the_story(), headline=OTHER))
    assert (revision.breaking.kicker, revision.ordinary.kicker) == ("عاجل", "")
    assert {revision.breaking.kind, revision.ordinary.kind} == {PostKind.PHOTO}


@pytest.mark.parametrize(
    ("on_x", "errand", "within"),
    [("repost", Errand.REPOST, EDITABLE_SECONDS), ("edit", Errand.EDIT, X_EDITABLE_SECONDS)],
)
def test_on_x_the_house_chooses(on_x: XCorrections, errand: Errand, within: float) -> None:
    """Deleted and posted anew, or edited for half an hour."""
    revisions = {revision.target: revision for revision in revised(replace(the_story(), headline=OTHER), on_x=on_x)}
    assert (revisions[ACCOUNT.id].errand, revisions[ACCOUNT.id].within) == (errand, within)
    assert revisions[CHANNEL.id].errand is Errand.EDIT
