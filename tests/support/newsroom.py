"""Stories, posts and admissions for tests, made of the few words that a test cares about."""

from datetime import UTC, datetime, timedelta

from newsroom.admission import Admission
from newsroom.delivery import Lane
from newsroom.entry import Entry
from newsroom.post import Post, PostKind
from newsroom.site import Site
from newsroom.story import Story, story_of
from newsroom.target import Network, Target

MET = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SITE = Site(name="الوسط العربي", sections=("الشرق قادم", "أخبار"))
CHANNEL = Target(Network.TELEGRAM, "@wasat")
ACCOUNT = Target(Network.X, "main")


def a_story(number: int = 1, title: str = "", met: datetime = MET) -> Story:
    """The story of article `number`."""
    headline = title or f"الخبر رقم {number} من المدينة"
    link = f"https://alwasat.example.com/?p={number}"
    entry = Entry(title=headline, site="alwasat.example.com", post_id=number, guid=link, link=link, published=met)
    return story_of(entry, SITE, met)


def a_post(story: Story, target: Target = CHANNEL, kind: PostKind = PostKind.TEXT) -> Post:
    """A post of that story."""
    return Post(target=target.id, kind=kind, text=story.headline, headline=story.headline, link=story.link)


def an_admission(
    story: Story,
    *targets: Target,
    lane: Lane = Lane.BREAKING,
    by: str = "",
    fresh_for: timedelta = timedelta(minutes=30),
    verdict: str = "breaking",
) -> Admission:
    """That story with a post for each target; pushed when `by` names an editor."""
    return Admission(
        story=story,
        posts=tuple(a_post(story, target) for target in targets),
        lane=lane,
        verdict=verdict,
        reason="site_category",
        expires=(story.met + fresh_for).timestamp(),
        by=by,
        completes=bool(by),
    )
