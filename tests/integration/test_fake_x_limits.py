"""The fake X counts: dollars by the price list, requests by the window and the day, and who may ask at all."""

from collections.abc import AsyncIterator
from decimal import Decimal
from math import ceil

import pytest
from tweepy.errors import Forbidden, HTTPException, TooManyRequests, Unauthorized

from tests.support.x_clients import OTHER_KEYS, Rig, open_rig
from tests.support.x_endpoint import Endpoint
from tests.support.x_problems import Standing


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    """A fake of which every request must be of the form X takes."""
    async with open_rig() as rig:
        yield rig
        rig.x.assert_clean()


async def test_prices_are_those_of_the_list(rig: Rig) -> None:
    """A link makes a post thirteen times dearer, even a bare domain; reads are paid for each post."""
    plain = (await rig.post(text="خبر")).body["data"]["id"]
    paid = [rig.x.spent]
    await rig.post(text="خبر https://alwasat.com.kw/")
    paid.append(rig.x.spent)
    await rig.post(text="قال موقع alwasat.com اليوم")
    paid.append(rig.x.spent)
    await rig.tweepy.get_users_tweets(rig.x.account.id, user_auth=True)
    paid.append(rig.x.spent)
    await rig.tweepy.delete_tweet(plain)
    paid.append(rig.x.spent)
    await rig.tweepy.get_me()
    paid.append(rig.x.spent)

    assert paid == [Decimal(each) for each in ("0.015", "0.215", "0.415", "0.418", "0.428", "0.428")]
    assert rig.x.credits == 10 - rig.x.spent


async def test_an_empty_purse_refuses_with_the_body_on_record(rig: Rig) -> None:
    """402 has 185 bytes as logged; who the account is may still be asked, and tweepy has no class for it."""
    rig.x.empty_credits()
    with pytest.raises(HTTPException) as caught:
        await rig.tweepy.create_tweet(text="خبر")

    assert type(caught.value) is HTTPException
    assert caught.value.response.status == 402
    assert caught.value.response.headers["Content-Length"] == "185"
    assert (await caught.value.response.json())["title"] == "CreditsDepleted"
    assert (await rig.tweepy.get_me()).data.username == "ajil_news"
    assert (await rig.bare.send("GET", f"/2/users/{rig.x.account.id}/tweets")).status == 402
    assert rig.x.posts() == ()


async def test_a_purse_may_hold_enough_for_words_and_not_for_a_link(rig: Rig) -> None:
    """The dearer post is refused without a charge, the cheaper one goes out."""
    rig.x.purse.credit = Decimal("0.02")

    assert (await rig.post(text="خبر https://alwasat.com.kw/")).status == 402
    assert (await rig.post(text="خبر")).status == 201
    assert rig.x.credits == Decimal("0.005")


async def test_headers_count_down_and_the_last_request_too_many_is_refused(rig: Rig) -> None:
    """A refusal says when the window ends; then a new one begins."""
    rig.x.limit("POST /2/tweets", remaining=1, reset=60.5)
    last = await rig.post(text="خبر")
    with pytest.raises(TooManyRequests) as caught:
        await rig.tweepy.create_tweet(text="خبر 2")

    assert (last.headers["x-rate-limit-limit"], last.headers["x-rate-limit-remaining"]) == ("100", "0")
    assert caught.value.reset_time == ceil(rig.clock.now().timestamp() + 60.5)
    assert (await rig.tweepy.get_me()).data.username == "ajil_news"
    rig.clock.advance(61)
    fresh = await rig.post(text="خبر 2")
    assert (fresh.status, fresh.headers["x-rate-limit-remaining"]) == (201, "99")


async def test_limits_are_counted_for_each_account(rig: Rig) -> None:
    """What one account used up is not missing in another's window, and refusals count as requests do."""
    rig.x.open_account(OTHER_KEYS, username="ajil_sport")
    await rig.post(text="")
    mine = await rig.post(text="خبر")
    theirs = await rig.bare_for(OTHER_KEYS).send("POST", "/2/tweets", json={"text": "خبر"})

    assert (mine.headers["x-rate-limit-remaining"], theirs.headers["x-rate-limit-remaining"]) == ("98", "99")


async def test_a_daily_limit_shows_in_headers_of_its_own(rig: Rig) -> None:
    """The window of 15 minutes is wide open while the day is used up."""
    before = await rig.post(text="خبر 0")
    rig.x.limit_day(remaining=1, reset=3600)
    last = await rig.post(text="خبر 1")
    refused = await rig.post(text="خبر 2")

    assert "x-app-limit-24hour-remaining" not in before.headers
    assert (last.status, refused.status) == (201, 429)
    assert refused.headers["x-app-limit-24hour-remaining"] == "0"
    assert int(refused.headers["x-rate-limit-remaining"]) == 98
    assert int(refused.headers["x-app-limit-24hour-reset"]) == rig.clock.now().timestamp() + 3600
    assert "x-app-limit-24hour-reset" not in (await rig.bare.send("GET", "/2/users/me")).headers


async def test_the_day_begins_anew(rig: Rig) -> None:
    """After its end the full number is back, for 24 hours."""
    rig.x.limit_day(remaining=0, reset=60, whose="user")
    assert (await rig.post(text="خبر")).status == 429
    rig.clock.advance(60)
    fresh = await rig.post(text="خبر")

    assert (fresh.status, fresh.headers["x-user-limit-24hour-remaining"]) == (201, "9999")
    assert int(fresh.headers["x-user-limit-24hour-reset"]) == rig.clock.now().timestamp() + 24 * 3600


async def test_a_limit_may_be_set_above_the_usual_one(rig: Rig) -> None:
    """Plans differ: the headers then name the higher limit."""
    rig.x.limit(Endpoint.CREATE, remaining=300, reset=60)
    reply = await rig.post(text="خبر")

    assert (reply.headers["x-rate-limit-limit"], reply.headers["x-rate-limit-remaining"]) == ("300", "299")


@pytest.mark.parametrize(
    ("standing", "status", "raised", "reads", "telling"),
    [
        (Standing.LOCKED, 403, Forbidden, False, "temporarily locked"),
        (Standing.SUSPENDED, 403, Forbidden, False, "is suspended"),
        (Standing.REVOKED, 401, Unauthorized, False, "Unauthorized"),
        (Standing.CLIENT_FORBIDDEN, 403, Forbidden, False, "client-not-enrolled"),
        (Standing.READ_ONLY, 403, Forbidden, True, "oauth1-permissions"),
        (Standing.CAPPED_DAILY, 429, TooManyRequests, False, "Usage cap exceeded: Daily product cap"),
        (Standing.CAPPED_MONTHLY, 429, TooManyRequests, False, "Usage cap exceeded: Monthly product cap"),
    ],
)
async def test_an_account_in_bad_standing_is_refused_until_it_is_good_again(
    rig: Rig, standing: Standing, status: int, raised: type[HTTPException], *, reads: bool, telling: str
) -> None:
    """Each reason has a body of its own, by which it can be told from a limit or a duplicate."""
    rig.x.stand(standing)
    with pytest.raises(raised) as caught:
        await rig.tweepy.create_tweet(text="خبر")

    assert caught.value.response.status == status
    assert telling in await caught.value.response.text()
    assert (await rig.bare.send("GET", "/2/users/me")).status == (200 if reads else status)
    rig.x.stand(Standing.GOOD)
    assert (await rig.post(text="خبر")).status == 201


async def test_locking_one_account_leaves_the_others_alone(rig: Rig) -> None:
    """A lock concerns one account."""
    other = rig.x.open_account(OTHER_KEYS, username="ajil_sport")
    rig.x.lock(other)

    assert (await rig.bare_for(OTHER_KEYS).send("POST", "/2/tweets", json={"text": "خبر"})).status == 403
    assert (await rig.post(text="خبر")).status == 201
