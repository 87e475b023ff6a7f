"""What becomes of a post to X when somebody else answers, and how our client uses the wire."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from pydantic import SecretStr
from tweepy.errors import HTTPException, TooManyRequests

from newsroom.ports import Ready
from newsroom.receipt import Later, NextMove, Refused, Sent, Unknown
from publishing.x_account import XAccount
from publishing.x_client import XClient, XKeys
from tests.support.clock import ManualClock
from tests.support.fake_x import FakeX
from tests.support.faults import Fault
from tests.support.log_capture import logged
from tests.support.platform_stage import ACCOUNT, WORDS, X_KEYS, OnePicture, StoppedProcess, post_for, stranger
from tests.support.x_clients import KEYS
from tests.support.x_endpoint import Endpoint
from tests.support.x_oauth import XKeys as FakeKeys
from tests.support.x_problems import Standing
from tests.support.x_rig import MINUTE, Rig, open_rig


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    """A rig that was used as X wants to be used."""
    async with open_rig() as opened:
        yield opened
        opened.x.assert_clean()


# --- answers from somebody else --------------------------------------------------------------------------


@pytest.mark.parametrize("body", [b'{"errors":[{"message":"?"}]}', b"{}", b'{"data":[]}', b'{"data":{"id":5}}', b"[]"])
@pytest.mark.parametrize("status", [200, 201])
async def test_a_success_that_names_no_post_is_unknown(body: bytes, status: int) -> None:
    """Whoever said it may have posted."""
    async with stranger(body, status) as somebody, open_rig(somebody.url) as rig:
        assert isinstance(await rig.publish(post_for(ACCOUNT)), Unknown)


@pytest.mark.parametrize("status", [400, 403, 429, 500, 503])
@pytest.mark.parametrize(("body", "kind"), [(b"<html>No</html>", "text/html"), (b"", "application/json")])
async def test_a_refusal_that_is_no_json_is_an_error_of_tweepy_with_status_and_headers(
    status: int, body: bytes, kind: str
) -> None:
    """As it ships, tweepy lets aiohttp's ContentTypeError through, which says neither."""
    async with stranger(body, status, kind) as somebody, open_rig(somebody.url) as rig:
        with pytest.raises(HTTPException) as raised:
            await rig.client.create_tweet(text="x")
        assert raised.value.response.status == status
        assert raised.value.response.headers["Content-Type"].startswith(kind)
        assert raised.value.api_messages == []


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_an_address_that_leads_elsewhere_is_not_followed(status: int) -> None:
    """A post and its signature go to nobody who was not named."""
    async with (
        stranger(b'{"data":{"id":"1"}}') as other,
        stranger(b"gone", status, "text/html", headers={"Location": other.url}) as somebody,
        open_rig(somebody.url) as rig,
    ):
        receipt = await rig.publish(post_for(ACCOUNT))
        assert isinstance(receipt, Refused)
        assert receipt.move is NextMove.PARK
        assert (len(somebody.asked), len(other.asked)) == (1, 0)


async def test_nothing_at_all_reaches_x_after_the_deadline() -> None:
    """Head and body leave in one piece, so not even a head is seen."""
    clock = StoppedProcess(2)
    async with FakeX(keys=KEYS) as x, XClient(X_KEYS, x.url) as client:
        account = XAccount(ACCOUNT, client, OnePicture(), clock)
        assert isinstance(await account.send(post_for(ACCOUNT), Ready(), 1000.0 + MINUTE), Later)
        assert x.calls == []


# --- the client ------------------------------------------------------------------------------------------


async def test_tweepys_own_methods_travel_over_our_wire_and_are_signed_for_its_address(rig: Rig) -> None:
    """A timeline, with a time and a list in its query: whatever stands there is part of what is signed."""
    await rig.publish(post_for(ACCOUNT))
    me = await rig.client.get_me(user_auth=True)
    assert me.id == rig.x.account.id
    read = await rig.client.get_users_tweets(
        me.id, max_results=5, start_time="2026-11-23T00:00:00Z", tweet_fields=["created_at", "text"], user_auth=True
    )
    assert [each["text"] for each in read.document["data"]] == [WORDS]


async def test_a_post_under_a_deadline_tells_its_length_and_comes_in_one_piece() -> None:
    """A body that is handed out piece by piece would else travel in chunks, which not every proxy takes."""
    async with stranger(b'{"data":{"id":"1"}}', 201) as somebody, open_rig(somebody.url) as rig:
        assert isinstance(await rig.publish(post_for(ACCOUNT)), Sent)
        [asked] = somebody.asked
        assert int(asked.headers["Content-Length"]) == len(await asked.read())
        assert "Transfer-Encoding" not in asked.headers


async def test_a_cookie_of_xs_is_not_brought_back() -> None:
    """They name a visitor; a name instead of a number, since aiohttp keeps no cookie of a number anyway."""
    async with stranger(b'{"data":{"id":"1"}}', 201, headers={"Set-Cookie": "guest_id=5; Path=/"}) as somebody:
        async with open_rig(somebody.url.replace("127.0.0.1", "localhost")) as rig:
            for _ in range(2):
                assert isinstance(await rig.publish(post_for(ACCOUNT)), Sent)
        assert ["Cookie" in asked.headers for asked in somebody.asked] == [False, False]


async def test_a_limit_is_met_once_and_neither_slept_through_nor_repeated(rig: Rig) -> None:
    """As it ships, tweepy would ask again by itself where it is told to wait."""
    rig.x.limit(Endpoint.CREATE, 0, 300)
    with pytest.raises(TooManyRequests):
        await rig.client.create_tweet(text="x")
    assert rig.calls(Endpoint.CREATE) == 1


async def test_an_address_may_end_in_a_slash(rig: Rig) -> None:
    """People copy it so."""
    async with XClient(X_KEYS, f"{rig.x.url}/") as client:
        assert (await client.create_tweet(text=WORDS)).id == rig.x.posts()[0].id


async def test_a_client_keeps_one_connection_and_closes_it(rig: Rig) -> None:
    """As it ships, tweepy opens a session for each request and leaves it open when the request fails."""
    async with XClient(X_KEYS, rig.x.url) as client:
        session = client.session
        rig.x.faults.add(Endpoint.CREATE, Fault.HTML_502)
        with pytest.raises(HTTPException):
            await client.create_tweet(text="x")
        assert client.session is session
    assert isinstance(session, aiohttp.ClientSession)
    assert session.closed


# --- secrets ---------------------------------------------------------------------------------------------


REAL_LOOKING = FakeKeys(
    "aB3dEfGh1jKlMn0pQrStUvWxY", "s3cretOfTheApp" * 3, "1893-t0kenOfTheAccount", "s3cretOfTheAccount" * 2
)


@pytest.mark.parametrize("redacted", [True, False])
async def test_the_keys_stand_in_no_receipt_no_repr_and_no_log(*, redacted: bool) -> None:
    """Every logger at DEBUG. Without the house's redaction oauthlib names the public half of the keys, no more."""
    halves = [REAL_LOOKING.api_secret, REAL_LOOKING.access_token_secret]
    all_four = [*halves, REAL_LOOKING.api_key, REAL_LOOKING.access_token]
    keys = XKeys(*(SecretStr(getattr(REAL_LOOKING, name)) for name in REAL_LOOKING.__slots__))
    with logged(all_four if redacted else ()) as log:
        async with FakeX(keys=REAL_LOOKING) as x, XClient(keys, x.url) as client:
            clock = ManualClock()
            account = XAccount(ACCOUNT, client, OnePicture(), clock)
            seen = [repr(account), repr(client), repr(keys), str(keys)]
            x.faults.add(Endpoint.CREATE, Fault.HTML_502)
            x.faults.add(Endpoint.CREATE, Fault.RST_AFTER_ACCEPT)
            for number in range(3):
                post, deadline = post_for(ACCOUNT, words=f"{number}"), clock.monotonic() + MINUTE
                seen.append(repr(await account.send(post, Ready(), deadline)))
            x.stand(Standing.REVOKED)
            seen.append(repr(await account.send(post_for(ACCOUNT), Ready(), clock.monotonic() + MINUTE)))
    assert log.getvalue()
    assert not [each for each in seen for value in all_four if value in each]
    assert not [value for value in (all_four if redacted else halves) if value in log.getvalue()]
    assert "Authorization" not in log.getvalue()
