"""The fake X keeps X's rules: what may be posted, edited, deleted and read."""

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from tests.support.x_clients import OTHER_KEYS, Rig, open_rig
from tests.support.x_endpoint import Endpoint
from tests.support.x_problems import (
    CASHTAGS,
    DUPLICATE,
    EMPTY,
    NOT_PERMITTED,
    QUOTE,
    REPLY,
    TOO_LONG,
)


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    """A fake of which every request must be of the form X takes."""
    async with open_rig() as rig:
        yield rig
        rig.x.assert_clean()


@pytest.fixture
async def premium() -> AsyncIterator[Rig]:
    """The same, for a Premium account."""
    async with open_rig(premium=True) as rig:
        yield rig
        rig.x.assert_clean()


async def test_a_post_comes_back_with_links_shortened_and_markup_escaped(rig: Rig) -> None:
    """What X shows is not what was sent: t.co links, HTML entities, and the true address beside it."""
    answer = await rig.tweepy.create_tweet(text="عاجل: أ & ب https://alwasat.com.kw/?p=7 #عاجل <و> ج")

    shown = answer.data["text"]
    assert shown.startswith("عاجل: أ &amp; ب https://t.co/")
    assert shown.endswith(" #عاجل &lt;و&gt; ج")
    assert answer.data["edit_history_tweet_ids"] == [answer.data["id"]]
    page = await rig.tweepy.get_users_tweets(rig.x.account.id, tweet_fields=["created_at", "entities"], user_auth=True)
    (read,) = page.data
    (url,) = read.entities["urls"]
    assert (url["expanded_url"], url["url"]) == ("https://alwasat.com.kw/?p=7", read.text[url["start"] : url["end"]])
    assert [tag["tag"] for tag in read.entities["hashtags"]] == ["عاجل"]
    assert read.created_at == rig.clock.now()
    assert rig.x.posts()[0].text == "عاجل: أ & ب https://alwasat.com.kw/?p=7 #عاجل <و> ج"


async def test_text_is_kept_composed_and_trimmed(rig: Rig) -> None:
    """X normalises to NFC, so a post must not be looked for by the bytes that were sent."""
    await rig.post(text="  \u0627\u0653\u062e\u0631 خبر\r\nسطر ")

    assert [post.text for post in rig.x.posts()] == ["\u0622\u062e\u0631 خبر\nسطر"]


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("ا" * 280, True),
        ("ا" * 281, False),
        ("ا" * 256 + " https://alwasat.com.kw/" + "x" * 200, True),
        ("ا" * 257 + " https://alwasat.com.kw/" + "x" * 200, False),
        ("ا" * 256 + " alwasat.com", True),
        ("ا" * 257 + " alwasat.com", False),
        ("ا" * 278 + "\u200f", True),
        ("ا" * 279 + "\u200f", False),
        ("ا" * 278 + "🔴", True),
        ("ا" * 279 + "🔴", False),
    ],
)
async def test_length_is_weighed_as_twitter_text_weighs(rig: Rig, *, text: str, fits: bool) -> None:
    """280 Arabic letters fit; a link weighs 23 whatever its length; marks of direction and emoji weigh 2."""
    reply = await rig.post(text=text)

    assert reply.status == (201 if fits else 400)
    assert fits or reply.body["errors"][0]["message"] == TOO_LONG
    assert len(rig.x.posts()) == fits


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"text": ""}, 400, EMPTY),
        ({"text": " \n"}, 400, EMPTY),
        ({}, 400, EMPTY),
        ({"text": "خبر \ufeff"}, 400, "$.text: holds characters that no post may hold"),
        ({"text": "$KWD و $SAR"}, 403, CASHTAGS),
        ({"text": "$KWD ثم $KWD"}, 403, CASHTAGS),
        ({"text": "رد", "reply": {"in_reply_to_tweet_id": "1"}}, 403, REPLY),
        ({"text": "اقتباس", "quote_tweet_id": "1"}, 403, QUOTE),
    ],
)
async def test_what_x_does_not_publish_is_refused_in_its_words(
    rig: Rig, body: dict[str, object], status: int, words: str
) -> None:
    """Empty posts, forbidden characters, two cashtags, replies and quotes leave nothing behind and cost nothing."""
    reply = await rig.post(**body)

    told = reply.body["errors"][0]["message"] if status == 400 else reply.body["detail"]
    assert (reply.status, told) == (status, words)
    assert rig.x.posts() == ()
    assert rig.x.spent == 0


async def test_one_cashtag_and_a_price_in_dollars_pass(rig: Rig) -> None:
    """A dollar sign before digits is no cashtag."""
    assert (await rig.post(text="$KWD بسعر $3.25")).status == 201


async def test_the_same_text_twice_is_refused_until_the_first_is_gone(rig: Rig) -> None:
    """The body of the refusal is the one on record, and composed and decomposed letters are the same text."""
    first = await rig.post(text="\u0622خر خبر")
    again = await rig.post(text="\u0627\u0653خر خبر ")

    assert (again.status, again.body) == (
        403,
        {"detail": DUPLICATE, "type": "about:blank", "title": "Forbidden", "status": 403},
    )
    await rig.tweepy.delete_tweet(first.body["data"]["id"])
    assert (await rig.post(text="\u0622خر خبر")).status == 201
    assert [post.deleted for post in rig.x.posts()] == [True, False]


async def test_an_edit_is_what_the_next_post_is_compared_with(premium: Rig) -> None:
    """The words shown now count, not those they replaced."""
    first = (await premium.post(text="خبر")).body["data"]["id"]
    await premium.post(text="تصحيح", edit_options={"previous_post_id": first})

    assert (await premium.post(text="تصحيح")).status == 403
    assert (await premium.post(text="خبر")).status == 201


async def test_a_test_may_take_the_undocumented_rule_away(rig: Rig) -> None:
    """A sender that leans on the refusal of duplicates is shown up when X does not refuse."""
    rig.x.api.book.refuses_duplicates = False
    await rig.post(text="خبر")
    await rig.post(text="خبر")

    assert [post.text for post in rig.x.posts()] == ["خبر", "خبر"]


async def test_accounts_are_apart_and_share_one_purse(rig: Rig) -> None:
    """Each account posts in its own name, may say what another said, and cannot delete what is another's."""
    other = rig.x.open_account(OTHER_KEYS, username="ajil_sport")
    mine = await rig.post(text="خبر")
    theirs = await rig.bare_for(OTHER_KEYS).send("POST", "/2/tweets", json={"text": "خبر"})

    assert (mine.status, theirs.status) == (201, 201)
    assert [post.account.username for post in rig.x.posts()] == ["ajil_news", "ajil_sport"]
    assert [post.id for post in rig.x.posts(other)] == [theirs.body["data"]["id"]]
    gone = await rig.bare.send("DELETE", f"/2/tweets/{theirs.body['data']['id']}")
    assert (gone.status, gone.body["detail"]) == (403, NOT_PERMITTED)
    assert rig.x.spent == Decimal("0.030")


async def test_ids_ascend_while_the_clock_stands_still(rig: Rig) -> None:
    """An id is a number that grows with every post, even within one millisecond."""
    ids = [(await rig.post(text=f"خبر {number}")).body["data"]["id"] for number in range(3)]

    assert ids == sorted(set(ids), key=int)
    assert all(len(each) == 19 for each in ids)


async def test_an_edit_makes_a_new_id_and_keeps_the_old_version(premium: Rig) -> None:
    """The timeline shows the last version; the first can still be asked for by its id."""
    first = (await premium.post(text="قتيلان في حادث")).body["data"]["id"]
    reply = await premium.post(text="ثلاثة قتلى في حادث", edit_options={"previous_post_id": first})

    second = reply.body["data"]["id"]
    assert reply.body["data"]["edit_history_tweet_ids"] == [first, second]
    (post,) = premium.x.posts()
    assert [version.text for version in post.history] == ["قتيلان في حادث", "ثلاثة قتلى في حادث"]
    page = await premium.tweepy.get_users_tweets(premium.x.account.id, user_auth=True)
    assert [(str(read.id), read.text) for read in page.data] == [(second, "ثلاثة قتلى في حادث")]
    old = await premium.tweepy.get_tweet(first, user_auth=True)
    assert (old.data.text, old.data.edit_history_tweet_ids) == ("قتيلان في حادث", [int(first), int(second)])


async def test_edits_end_after_thirty_minutes(premium: Rig) -> None:
    """One second past the window the post stays as it is."""
    post_id = (await premium.post(text="خبر")).body["data"]["id"]
    premium.clock.advance(30 * 60)
    within = await premium.post(text="خبر 1", edit_options={"previous_post_id": post_id})
    premium.clock.advance(1)
    beyond = await premium.post(text="خبر 2", edit_options={"previous_post_id": within.body["data"]["id"]})

    assert (within.status, beyond.status, beyond.body["detail"]) == (201, 403, NOT_PERMITTED)
    assert premium.x.calls[-1].refusal == "the 30 minutes for edits are over"


async def test_a_post_is_edited_five_times_at_most(premium: Rig) -> None:
    """The sixth edit is refused."""
    ids = [(await premium.post(text="خبر")).body["data"]["id"]]
    for number in range(5):
        reply = await premium.post(text=f"خبر {number}", edit_options={"previous_post_id": ids[-1]})
        ids.append(reply.body["data"]["id"])

    sixth = await premium.post(text="خبر 6", edit_options={"previous_post_id": ids[-1]})
    assert (sixth.status, sixth.body["detail"]) == (403, NOT_PERMITTED)
    assert [post.text for post in premium.x.posts()] == ["خبر 4"]


async def test_only_the_last_version_is_edited(premium: Rig) -> None:
    """An edit that was lost on its way back is not made a second time by the old id."""
    first = (await premium.post(text="خبر")).body["data"]["id"]
    await premium.post(text="خبر 1", edit_options={"previous_post_id": first})
    stale = await premium.post(text="خبر 2", edit_options={"previous_post_id": first})

    assert (stale.status, stale.body["detail"]) == (403, NOT_PERMITTED)
    assert [post.text for post in premium.x.posts()] == ["خبر 1"]


async def test_only_premium_accounts_edit(rig: Rig) -> None:
    """An account that does not pay for Premium is refused."""
    post_id = (await rig.post(text="خبر")).body["data"]["id"]

    assert (await rig.post(text="تصحيح", edit_options={"previous_post_id": post_id})).status == 403
    assert [post.text for post in rig.x.posts()] == ["خبر"]


async def test_deleting_any_version_deletes_the_post(premium: Rig) -> None:
    """A second deletion finds nothing."""
    first = (await premium.post(text="خبر")).body["data"]["id"]
    await premium.post(text="تصحيح", edit_options={"previous_post_id": first})

    gone = await premium.bare.send("DELETE", f"/2/tweets/{first}")
    again = await premium.bare.send("DELETE", f"/2/tweets/{first}")
    assert (gone.status, gone.body, again.status) == (200, {"data": {"deleted": True}}, 404)
    assert [post.deleted for post in premium.x.posts()] == [True]
    assert (await premium.tweepy.get_users_tweets(premium.x.account.id, user_auth=True)).data is None


async def test_a_long_post_is_cut_in_text_and_whole_in_its_note(premium: Rig) -> None:
    """Premium accounts write up to 25,000; who reads back by `text` alone sees the beginning only."""
    words = "كلمة " * 200
    post_id = (await premium.post(text=words)).body["data"]["id"]
    read = await premium.bare.send("GET", f"/2/tweets/{post_id}", query=[("tweet.fields", "note_tweet")])

    assert read.body["data"]["note_tweet"]["text"] == words.strip()
    assert words.startswith(read.body["data"]["text"].partition("…")[0])
    assert len(read.body["data"]["text"]) < 330
    assert (await premium.post(text="ا" * 25_001)).status == 400


async def test_a_post_that_does_not_exist_is_an_error_inside_a_success(rig: Rig) -> None:
    """No exception is raised: there is no data, and the errors must be looked at."""
    answer = await rig.tweepy.get_tweet("1234567890123456789", user_auth=True)

    assert answer.data is None
    assert answer.errors[0]["detail"] == "Could not find tweet with id: [1234567890123456789]."
    assert rig.x.spent == 0


async def test_the_timeline_comes_in_pages_newest_first(rig: Rig) -> None:
    """Tokens lead from page to page, and `since_id` leaves out what is known."""
    ids = [(await rig.post(text=f"خبر {number}")).body["data"]["id"] for number in range(7)]
    path = f"/2/users/{rig.x.account.id}/tweets"
    first = await rig.bare.send("GET", path, query=[("max_results", "5")])
    token = first.body["meta"]["next_token"]
    second = await rig.bare.send("GET", path, query=[("max_results", "5"), ("pagination_token", token)])
    newer = await rig.bare.send("GET", path, query=[("since_id", ids[4])])
    none = await rig.bare.send("GET", path, query=[("since_id", ids[-1])])

    assert [post["id"] for post in first.body["data"] + second.body["data"]] == ids[::-1]
    assert second.body["meta"] == {"result_count": 2, "newest_id": ids[1], "oldest_id": ids[0]}
    assert [post["id"] for post in newer.body["data"]] == [ids[6], ids[5]]
    assert none.body == {"meta": {"result_count": 0}}


async def test_the_timeline_is_cut_out_by_id_and_by_time(rig: Rig) -> None:
    """`until_id` and `end_time` leave out what they name, `start_time` takes it in, and an id outdoes a time."""
    ids = []
    for number in range(4):
        ids.append((await rig.post(text=f"خبر {number}")).body["data"]["id"])
        rig.clock.advance(60)
    path = f"/2/users/{rig.x.account.id}/tweets"

    async def read(*query: tuple[str, str]) -> list[str]:
        page = await rig.bare.send("GET", path, query=query)
        return [post["id"] for post in page.body.get("data", [])][::-1]

    assert await read(("until_id", ids[2])) == ids[:2]
    assert await read(("start_time", "2026-11-23T09:01:00Z"), ("end_time", "2026-11-23T09:03:00Z")) == ids[1:3]
    assert await read(("start_time", "2026-11-23T09:03:00Z"), ("since_id", ids[0])) == ids[1:]


async def test_another_accounts_posts_can_be_read_and_cost_more(rig: Rig) -> None:
    """Reading what is not one's own costs five times as much, and an unknown account is an error in a success."""
    other = rig.x.open_account(OTHER_KEYS, username="ajil_sport")
    stranger = rig.bare_for(OTHER_KEYS)
    post_id = (await rig.post(text="خبر")).body["data"]["id"]
    paid = rig.x.spent
    page = await stranger.send("GET", f"/2/users/{rig.x.account.id}/tweets")
    await stranger.send("GET", f"/2/tweets/{post_id}")
    nobody = await stranger.send("GET", "/2/users/12/tweets")

    assert [post["id"] for post in page.body["data"]] == [post_id]
    assert rig.x.spent - paid == Decimal("0.010")
    assert nobody.body["errors"][0]["detail"] == "Could not find user with id: [12]."
    assert rig.x.posts(other) == ()


async def test_waiting_ends_with_the_request_that_makes_it_true(rig: Rig) -> None:
    """A test waits for what it wants to see, never for a time; what never comes is a TimeoutError."""
    async with rig.session.post(rig.x.url + "/2/tweets", json={"text": "خبر"}):
        await rig.x.wait_for(lambda: len(rig.x.calls_to(Endpoint.CREATE)) == 1)
    await rig.post(text="خبر")
    await rig.x.wait_for(lambda: len(rig.x.posts()) == 1)

    with pytest.raises(TimeoutError):
        await rig.x.wait_for(lambda: len(rig.x.posts()) == 2, timeout=0.01)


async def test_every_call_is_kept_with_what_became_of_it(rig: Rig) -> None:
    """A test can see who asked what, in which order, and why it was refused."""
    await rig.post(text="خبر")
    await rig.post(text="خبر")

    first, second = rig.x.calls_to(Endpoint.CREATE)
    assert (first.status, second.status, second.refusal) == (201, 403, DUPLICATE)
    assert (first.account, first.body) == (rig.x.account, {"text": "خبر"})
    assert first.arrived <= second.arrived
    assert rig.x.posts()[0].arrived == first.arrived
