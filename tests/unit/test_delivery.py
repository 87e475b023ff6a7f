"""The state machine of a delivery: what becomes of it after each receipt."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.delivery import (
    BACKOFF_SECONDS,
    BLIND_SECONDS,
    QUIET_SECONDS,
    Delivery,
    DeliveryId,
    Lane,
    State,
    next_step,
    read_back,
    wants_desk,
)
from newsroom.post import Post, PostKind
from newsroom.receipt import (
    AGAIN_SECONDS,
    Absent,
    Blind,
    Found,
    Later,
    NextMove,
    ReadBack,
    Receipt,
    Refused,
    Sent,
    Unknown,
    blind,
)
from newsroom.story import StoryId
from newsroom.target import TargetId

NOW = 1_000.0


def sending(kind: PostKind = PostKind.PHOTO, attempts: int = 1, expires: float = 10_000.0) -> Delivery:
    """A delivery that was taken and sent."""
    post = Post(TargetId("telegram:@wasat"), kind, "نص")
    return Delivery(
        id=DeliveryId("s>telegram:@wasat"),
        story=StoryId("s"),
        post=post,
        lane=Lane.BREAKING,
        admitted=990.0,
        due=990.0,
        expires=expires,
        state=State.SENDING,
        attempts=attempts,
        fence=3,
    )


def test_what_was_sent_keeps_its_message_ids() -> None:
    """They are needed to edit, to reply and to read back."""
    done = next_step(sending(), Sent(("7",), "https://t.me/w/7"), NOW)
    assert (done.state, done.message_ids, done.url, done.settled) == (State.SENT, ("7",), "https://t.me/w/7", NOW)


def test_a_flood_wait_is_obeyed_exactly() -> None:
    """Thirty-seven seconds are thirty-seven seconds."""
    waiting = next_step(sending(), Later(37, "flood"), NOW)
    assert (waiting.state, waiting.due) == (State.PLANNED, NOW + 37)


@pytest.mark.parametrize(("attempts", "wait"), [(1, 1.0), (2, 2.0), (3, 4.0), (50, BACKOFF_SECONDS[-1])])
def test_failures_to_connect_back_off(attempts: int, wait: float) -> None:
    """Where the platform names no time, the wait grows to a minute and no further."""
    assert next_step(sending(attempts=attempts), Later(0, "no connection"), NOW).due == NOW + wait


def test_what_would_be_too_late_expires_instead_of_waiting() -> None:
    """A breaking story is not sent an hour late."""
    assert next_step(sending(expires=NOW + 30), Later(37, "flood"), NOW).state is State.EXPIRED


def test_a_refused_picture_steps_down_to_text_then_plain_then_gives_up() -> None:
    """The same words in plainer form; the last refusal is final."""
    refusal = Refused("no", NextMove.STEP_DOWN)
    text = next_step(sending(), refusal, NOW)
    plain = next_step(replace(text, state=State.SENDING), refusal, NOW)
    gone = next_step(replace(plain, state=State.SENDING), refusal, NOW)
    assert [text.post.kind, plain.post.kind, gone.state] == [PostKind.TEXT, PostKind.PLAIN, State.REFUSED]
    assert text.post.text == plain.post.text == "نص"


def test_a_final_refusal_ends_the_delivery() -> None:
    """It is told, not repeated."""
    assert next_step(sending(), Refused("no", NextMove.DROP), NOW).state is State.REFUSED


def test_a_target_that_refuses_us_is_parked_and_the_delivery_is_kept() -> None:
    """It goes out when the target takes us back, if it is still news."""
    kept = next_step(sending(), Refused("kicked", NextMove.PARK), NOW)
    assert (kept.state, kept.parks, kept.due) == (State.PLANNED, "kicked", NOW)


def test_words_that_stand_already_answer_a_doubted_attempt_and_refuse_a_first_one() -> None:
    """X refuses identical text: after an attempt of unknown outcome that is the proof that it arrived."""
    there = Refused("duplicate content", NextMove.ALREADY_THERE)
    assert next_step(replace(sending(), doubted=True), there, NOW).state is State.SENT
    assert next_step(sending(), there, NOW).state is State.REFUSED


def test_an_unknown_outcome_may_be_read_back_only_after_the_platforms_own_tail() -> None:
    """A request may be carried out after its sender gave up."""
    uncertain = next_step(sending(), Unknown("no answer"), NOW)
    assert (uncertain.readable, uncertain.doubted) == (NOW + QUIET_SECONDS, True)


def test_a_read_back_that_finds_it_ends_the_delivery_as_sent() -> None:
    """With the ids that it found."""
    found = read_back(next_step(sending(), Unknown("?"), NOW), Found(("8",), "https://t.me/w/8"), NOW + 20)
    assert (found.state, found.message_ids, found.url) == (State.SENT, ("8",), "https://t.me/w/8")


def test_a_read_back_that_does_not_find_it_sends_it_again_while_it_is_news() -> None:
    """And expires it after."""
    uncertain = next_step(sending(expires=NOW + 30), Unknown("?"), NOW)
    assert read_back(uncertain, Absent(), NOW + 20).state is State.PLANNED
    assert read_back(uncertain, Absent(), NOW + 31).state is State.EXPIRED


def test_a_read_back_that_cannot_look_leaves_it_uncertain_and_tries_later() -> None:
    """Never sent again blindly."""
    still = read_back(next_step(sending(), Unknown("?"), NOW), Blind("no desk chat"), NOW + 20)
    assert (still.state, still.why, still.readable) == (State.UNCERTAIN, "no desk chat", NOW + 20 + BLIND_SECONDS)


def test_a_look_that_a_flood_wait_put_off_is_taken_when_the_wait_is_over() -> None:
    """To the second."""
    waits = blind(Later(37.0, "Flood control exceeded"), "the channel cannot be read back")
    assert read_back(next_step(sending(), Unknown("?"), NOW), waits, NOW + 20).readable == NOW + 57


@pytest.mark.parametrize("failed", [Later(0.0, "no connection"), Unknown("no answer in time")])
def test_a_look_that_the_network_left_unanswered_is_taken_again_soon(failed: Receipt) -> None:
    """It changes nothing, so it may be repeated."""
    unanswered = blind(failed, "the account cannot be read back")
    again = read_back(next_step(sending(), Unknown("?"), NOW), unanswered, NOW + 20)
    assert again.readable == NOW + 20 + AGAIN_SECONDS


@pytest.mark.parametrize(
    ("seen", "since_lease", "is_asked"),
    [
        (Blind("no desk chat"), 0, True),
        (Blind("Timed out", 3.0), 0, False),
        (Blind("Timed out", 3.0), BLIND_SECONDS - 4, False),
        (Blind("Timed out", 3.0), BLIND_SECONDS, True),
        (Blind("credits", 3600.0), 0, True),
        (Found(("8",)), 90, False),
        (Absent(), 90, False),
    ],
)
def test_the_desk_is_asked_where_no_look_will_tell_soon(seen: ReadBack, since_lease: float, *, is_asked: bool) -> None:
    """A network that is slow for a moment troubles nobody."""
    uncertain = replace(next_step(sending(), Unknown("?"), NOW), lease_until=NOW, readable=NOW + since_lease)
    assert wants_desk(uncertain, seen) is is_asked


receipts = st.one_of(
    st.builds(Sent, st.tuples(st.text())),
    st.builds(Later, st.floats(0, 5_000), st.text()),
    st.builds(Refused, st.text(), st.sampled_from(NextMove)),
    st.builds(Unknown, st.text()),
)


@given(receipts, st.sampled_from(PostKind), st.integers(1, 100))
def test_only_what_certainly_was_not_executed_may_be_sent_again(
    receipt: Receipt,
    kind: PostKind,
    attempts: int,
) -> None:
    """Sent and unknown never lead back to planned; no receipt leaves a delivery in flight."""
    done = next_step(sending(kind, attempts), receipt, NOW)
    assert done.state is not State.SENDING
    if isinstance(receipt, Sent | Unknown):
        assert done.state in {State.SENT, State.UNCERTAIN}


@given(receipts)
def test_the_fence_and_the_words_survive_every_step(receipt: Receipt) -> None:
    """The store compares the fence; followers read the words."""
    done = next_step(sending(), receipt, NOW)
    assert (done.fence, done.post.text, done.id) == (3, "نص", "s>telegram:@wasat")
