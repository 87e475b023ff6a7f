"""What the ears understand: without them a point would never be met, and a kill would prove nothing."""

from collections.abc import Sequence
from hashlib import sha1

import pytest

from store.scripts import script
from tests.chaos.calls import Line, name_of_command, name_of_request
from tests.chaos.points import Blow, Moment, Point


def command(*words: str) -> bytes:
    """A command as redis-py writes it."""
    parts = [f"*{len(words)}\r\n", *(f"${len(word.encode())}\r\n{word}\r\n" for word in words)]
    return "".join(parts).encode()


def sha(name: str) -> str:
    """How EVALSHA names a script."""
    return sha1(script(name).encode(), usedforsecurity=False).hexdigest()


def test_a_take_of_some_kinds_only_is_a_look() -> None:
    """Both are one script."""
    for kinds in ("", "text "):
        assert name_of_command(command("EVALSHA", sha("take"), "1", "{ajil}", "x:main", "w1", kinds, "9")) == "look"
    assert name_of_command(command("EVALSHA", sha("take"), "1", "{ajil}", "x:main", "w1", "*", "9")) == "take"


def test_a_plain_command_is_named_with_the_kind_of_its_key() -> None:
    """So that the feed's memory and a lease are told apart."""
    assert name_of_command(command("SET", "{ajil}:feed:ab12", "…")) == "set feed"
    assert name_of_command(command("PING")) == "ping"


@pytest.mark.parametrize(
    ("method", "target", "name"),
    [
        ("POST", "/bot123:ab/sendPhoto", "sendPhoto"),
        ("POST", "/2/tweets", "POST /2/tweets"),
        ("GET", "/2/users/1893360500000000000/tweets?max_results=20", "GET /2/users/{}/tweets"),
    ],
)
def test_a_request_is_named_without_tokens_and_numbers(method: str, target: str, name: str) -> None:
    """A point has one name on every machine."""
    assert name_of_request(method, target) == name


def test_a_body_in_pieces_reaches_each_moment_once_and_in_order() -> None:
    """Head, half, whole; then the first bytes of the answer."""
    line = Line()
    first = line.said(b"POST /2/tweets HTTP/1.1\r\nContent-Length: 10\r\n\r\n")
    assert first.cuts == {Moment.BEFORE: 0, Moment.HEAD: 47}
    assert line.answered(b"") == ""
    assert line.said(b"12345678").cuts == {Moment.HALF: 5}
    assert line.said(b"90").cuts == {Moment.SENT: 2}
    assert [line.answered(b"HTTP/1.1 201"), line.answered(b"")] == ["POST /2/tweets", ""]


@pytest.mark.parametrize(("state", "more"), [("sending", " and take"), ("planned", "")])
@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("settle", ("EVALSHA", sha("settle"), "1", "{ajil}", "ab12>x:main", "1")),
        ("look", ("EVALSHA", sha("take"), "1", "{ajil}", "x:main", "w1", "text ", "48")),
    ],
)
def test_a_step_that_claimed_what_it_found_is_told_by_its_answer(
    call: str, words: Sequence[str], state: str, more: str
) -> None:
    """The request is the same: what stands next is known to the store alone."""
    line = Line()
    assert line.said(command(*words)).call == call
    answer = f"*2\r\n$2\r\nok\r\n*3\r\n$5\r\nstate\r\n$7\r\n{state}\r\n"
    assert line.answered(answer.encode()) == call + more


def test_head_and_body_in_one_piece_reach_every_moment_there() -> None:
    """As aiohttp writes them."""
    piece = Line().said(b"POST /2/tweets HTTP/1.1\r\ncontent-length: 4\r\n\r\nabcd")
    assert piece.cuts == {Moment.BEFORE: 0, Moment.HEAD: 46, Moment.HALF: 48, Moment.SENT: 50}


def test_a_blow_is_told_to_a_worker_by_its_environment() -> None:
    """And is the same there."""
    blow = Blow(Point(Moment.SENT, "POST /2/tweets"), 3)
    told = blow.environment()
    assert Point.named(told["CHAOS_POINT"]) == blow.point
    assert told["CHAOS_PASSAGE"] == "3"
