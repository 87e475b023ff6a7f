"""Changes of posts that stand: what becomes of one after each answer, and the words of a withdrawn story."""

from dataclasses import replace

import pytest

from newsroom.correction import Corrections
from newsroom.delivery import Delivery, DeliveryId, Lane, State, change_id, next_step, target_of
from newsroom.errand import Errand, Standing
from newsroom.post import Post, PostKind, Span, SpanKind
from newsroom.receipt import Later, NextMove, Refused, Sent, Unknown
from newsroom.target import TargetId
from newsroom.withdrawal import deletions, markings, with_line
from tests.support.newsroom import ACCOUNT, CHANNEL, a_post, a_story

LINE = "سُحب هذا الخبر"


def a_change(errand: Errand = Errand.EDIT) -> Delivery:
    """A change under way."""
    post = a_post(a_story())
    return Delivery(
        id=DeliveryId("s>telegram:@wasat#1"),
        story=a_story().id,
        post=post,
        lane=Lane.BREAKING,
        admitted=0.0,
        due=0.0,
        expires=1000.0,
        state=State.SENDING,
        attempts=1,
        errand=errand,
        of="s>telegram:@wasat",
        stands=Standing(("55",), post),
    )


def a_standing_post(target: TargetId = CHANNEL.id, state: State = State.SENT) -> Delivery:
    """A post of the story."""
    post = replace(a_post(a_story()), target=target)
    return replace(a_change(), id=DeliveryId(f"s>{target}"), post=post, errand=Errand.POST, of="", state=state)


@pytest.mark.parametrize("errand", [Errand.EDIT, Errand.DELETE])
def test_a_change_that_was_made_keeps_the_number_that_stands_where_the_network_tells_no_new_one(errand: Errand) -> None:
    """X tells a new one, Telegram does not."""
    assert next_step(a_change(errand), Sent(()), 10.0).message_ids == ("55",)
    assert next_step(a_change(errand), Sent(("56",)), 10.0).message_ids == ("56",)


@pytest.mark.parametrize("errand", [Errand.EDIT, Errand.REPOST, Errand.DELETE])
def test_a_change_of_unknown_outcome_is_tried_again_and_never_uncertain(errand: Errand) -> None:
    """Made twice it comes to the same."""
    moved = next_step(a_change(errand), Unknown("no answer"), 10.0)
    assert (moved.state, moved.due, moved.doubted) == (State.PLANNED, 11.0, False)


@pytest.mark.parametrize(
    ("errand", "receipt", "cools"),
    [
        (Errand.EDIT, Later(30.0, "flood"), True),
        (Errand.EDIT, Later(0.0, "no connection"), False),
        (Errand.EDIT, Unknown("no answer"), False),
        (Errand.POST, Later(30.0, "flood"), True),
        (Errand.POST, Later(0.0, "no connection"), True),
    ],
)
def test_a_channel_waits_for_a_change_only_where_the_network_asked_it_to(
    errand: Errand, receipt: Later | Unknown, *, cools: bool
) -> None:
    """A change that came too late, or whose outcome nobody knows, waits by itself; posts wait in their order."""
    assert next_step(a_change(errand), receipt, 10.0).cools is cools


def test_a_change_that_the_network_puts_off_beyond_its_time_expires() -> None:
    """A flood wait of half an hour, and the half hour of X is over."""
    assert next_step(a_change(), Later(2000.0, "flood"), 10.0).state is State.EXPIRED


@pytest.mark.parametrize("move", [NextMove.DROP, NextMove.STEP_DOWN, NextMove.ALREADY_THERE])
def test_a_refused_change_is_refused_and_takes_no_other_form(move: NextMove) -> None:
    """The post stays as it stands; nothing new is posted."""
    moved = next_step(a_change(), Refused("gone", move), 10.0)
    assert (moved.state, moved.why, moved.post) == (State.REFUSED, "gone", a_change().post)


def test_a_target_that_refuses_us_parks_its_lane_with_the_change_in_it() -> None:
    """As with a post."""
    moved = next_step(a_change(), Refused("kicked", NextMove.PARK), 10.0)
    assert (moved.state, moved.parks) == (State.PLANNED, "kicked")


def test_a_repost_is_a_post_once_the_old_one_is_deleted() -> None:
    """With intent as any other: from then on an unknown outcome is uncertain."""
    post = next_step(a_change(Errand.REPOST), Sent(()), 10.0)
    assert (post.errand, post.state, post.stands) == (Errand.POST, State.PLANNED, None)
    assert next_step(replace(post, state=State.SENDING), Unknown("no answer"), 11.0).state is State.UNCERTAIN


def test_the_name_of_a_change_tells_its_target() -> None:
    """As the name of its post does."""
    name = change_id(DeliveryId("ab12>telegram:@wasat"), 3)
    assert name == "ab12>telegram:@wasat#3"
    assert target_of(name) == target_of("ab12>telegram:@wasat") == "telegram:@wasat"


@pytest.mark.parametrize(
    ("standing", "form"),
    [
        (PostKind.PHOTO, PostKind.CARD),
        (PostKind.CARD, PostKind.CARD),
        (PostKind.TEXT, PostKind.TEXT),
        (PostKind.PLAIN, PostKind.PLAIN),
    ],
)
def test_new_words_take_the_form_of_what_stands(standing: PostKind, form: PostKind) -> None:
    """A card is a picture to the network, as a photo is."""
    assert a_post(a_story(), CHANNEL, PostKind.CARD).in_form_of(standing).kind is form


def test_the_line_of_a_withdrawn_story_stands_above_its_words_and_moves_their_marks() -> None:
    """Marks are counted in UTF-16 units from the text's start."""
    post = Post(CHANNEL.id, PostKind.TEXT, "🔴 عاجل", spans=(Span(SpanKind.BOLD, 3, 4),), length=7, limit=4096)
    marked = with_line(post, LINE)
    assert marked.text == f"{LINE}\n\n🔴 عاجل"
    [span] = marked.spans
    head = len(f"{LINE}\n\n")
    assert (span.offset, span.length, marked.length) == (head + 3, 4, head + 7)


def test_where_there_is_no_room_for_the_line_the_headline_alone_stands_under_it() -> None:
    """A caption has 1,024 units."""
    post = Post(CHANNEL.id, PostKind.PHOTO, "ك" * 1020, length=1020, limit=1024, headline="عنوان")
    assert with_line(post, LINE).text == f"{LINE}\n\nعنوان"


def test_everything_that_stands_or_may_come_to_stand_is_taken_back() -> None:
    """What was refused or is deleted stands nowhere; a change is no post."""
    states = (State.PLANNED, State.SENDING, State.SENT, State.UNCERTAIN)
    for state in State:
        asked = deletions([a_standing_post(state=state), a_change()], "11 Ali")
        assert [revision.errand for revision in asked] == ([Errand.DELETE] if state in states else [])


def test_a_mark_is_put_on_x_only_where_the_house_edits_there() -> None:
    """Elsewhere the post on X can be deleted or kept."""
    posts = [a_standing_post(), a_standing_post(ACCOUNT.id)]
    assert [each.target for each in markings(posts, LINE, Corrections("repost"), "11 Ali")] == [CHANNEL.id]
    assert len(markings(posts, LINE, Corrections("edit"), "11 Ali")) == 2
