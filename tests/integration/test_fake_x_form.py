"""The fake X takes only requests of X's own form, signed as X wants them; its answers satisfy X's own SDK."""

import asyncio
import base64
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from PIL import Image
from xdk import Client, schemas
from xdk.oauth1_auth import OAuth1

from tests.support.x_clients import KEYS, UPSTREAM, Rig, open_rig, upstream_tweepy
from tests.support.x_endpoint import Endpoint
from tests.support.x_oauth import XKeys, system_now
from tests.support.x_problems import NEW_PROBLEMS
from tests.support.x_shape import SPEC, Shape


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    """A fake whose violations the tests look at."""
    async with open_rig() as rig:
        yield rig


def jpeg_base64() -> str:
    """A small picture."""
    out = BytesIO()
    Image.new("RGB", (64, 32), "red").save(out, "JPEG")
    return base64.b64encode(out.getvalue()).decode()


MALFORMED: list[tuple[object, str]] = [
    ({"text": "خبر", "status": "خبر"}, "$.status: is not defined in the schema"),
    ({"text": "خبر", "media": {"media_ids": ["1"], "alt": "صورة"}}, "$.media.alt: is not defined in the schema"),
    ({"text": 7}, "$.text: Input should be a valid string"),
    ({"text": "خبر", "made_with_ai": "true"}, "$.made_with_ai: Input should be a valid boolean"),
    ({"text": "خبر", "media": {"media_ids": "1"}}, "$.media.media_ids: Input should be a valid list"),
    ({"text": "خبر", "media": {"media_ids": []}}, "$.media.media_ids: takes 1 to 4 ids"),
    ({"text": "خبر", "media": {"media_ids": ["1", "2", "3", "4", "5"]}}, "$.media.media_ids: takes 1 to 4 ids"),
    ({"text": "خبر", "media": {"media_ids": ["3_1"]}}, "$.media.media_ids[0]: does not match the regex pattern"),
    ({"text": "خبر", "media": {}}, "$.media.media_ids: Field required"),
    ({"text": "خبر", "reply_settings": "everyone"}, "$.reply_settings: Input should be 'following'"),
    ({"text": "خبر", "edit_options": {"previous_post_id": "x"}}, "$.edit_options.previous_post_id: does not match"),
    ({"text": "خبر", "poll": {"options": ["أ", "ب"], "duration_minutes": 60}}, "$.poll: this fake does not play it"),
    (["خبر"], "Request body must be a JSON object."),
]


@pytest.mark.parametrize(("body", "words"), MALFORMED)
async def test_a_body_of_another_form_is_refused_and_kept_as_a_violation(rig: Rig, body: object, words: str) -> None:
    """X refuses with 400; the fake remembers, so that a client that swallows the refusal is found out."""
    reply = await rig.bare.send("POST", "/2/tweets", json=body)

    assert (reply.status, reply.body["title"]) == (400, "Invalid Request")
    assert reply.body["type"] == "https://api.twitter.com/2/problems/invalid-request"
    assert any(error["message"].startswith(words) for error in reply.body["errors"])
    assert rig.x.posts() == ()
    with pytest.raises(AssertionError, match="POST /2/tweets"):
        rig.x.assert_clean()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ([("max_results", "4")], "The `max_results` query parameter value [4] is not between 5 and 100"),
        ([("max_results", "101")], "The `max_results` query parameter value [101] is not between 5 and 100"),
        ([("max_results", "ten")], "The `max_results` query parameter value [ten] is not between 5 and 100"),
        ([("max_results", "٥")], "The `max_results` query parameter value [٥] is not between 5 and 100"),
        ([("start_time", "2026-11-23 09:00")], "The `start_time` query parameter value [2026-11-23 09:00] is not a"),
        ([("end_time", "2026-13-23T09:00:00Z")], "The `end_time` query parameter value [2026-13-23T09:00:00Z] is not"),
        ([("count", "5")], "The query parameter [count] is not one of [tweet.fields,max_results,"),
        ([("since_id", "latest")], "The `since_id` query parameter value [latest] does not match"),
        ([("tweet.fields", "text,full_text")], "The `tweet.fields` query parameter value [full_text] is not one of"),
        ([("max_results", "5"), ("max_results", "6")], "is given twice"),
    ],
)
async def test_a_query_of_another_form_is_refused(rig: Rig, query: list[tuple[str, str]], words: str) -> None:
    """Unknown, repeated and impossible parameters are named in the refusal."""
    reply = await rig.bare.send("GET", f"/2/users/{rig.x.account.id}/tweets", query=query)

    assert reply.status == 400
    assert any(error["message"].startswith(words) for error in reply.body["errors"])
    assert {each.endpoint for each in rig.x.violations} == {Endpoint.TIMELINE}


async def test_a_token_that_leads_nowhere_is_refused(rig: Rig) -> None:
    """A token is X's to make; one that was made up is no violation of form and still no page."""
    query = [("pagination_token", "؟")]
    reply = await rig.bare.send("GET", f"/2/users/{rig.x.account.id}/tweets", query=query)

    assert (reply.status, reply.body["errors"][0]["parameters"]) == (400, {"pagination_token": ["؟"]})


@pytest.mark.parametrize(
    ("content_type", "words"),
    [
        ("text/plain", "Requests with bodies must have content-type of application/json."),
        ("multipart/form-data; boundary=b", "Requests with bodies must have content-type of application/json."),
        ("application/json", "Request body is not valid JSON."),
    ],
)
async def test_a_body_that_is_not_json_is_refused(rig: Rig, content_type: str, words: str) -> None:
    """The two complaints are X's own."""
    rig.session.headers["Content-Type"] = content_type
    reply = await rig.bare.send("POST", "/2/tweets", data=b"{text")

    assert (reply.status, reply.body["errors"][0]["message"]) == (400, words)


async def test_half_an_emoji_is_refused(rig: Rig) -> None:
    """Text that was cut between two halves of a character is no text (RFC 8259, 8.2)."""
    reply = await rig.post(text="خبر \ud83d")

    assert (reply.status, reply.body["errors"][0]["message"]) == (400, "Request body is not valid JSON.")
    assert rig.x.posts() == ()


async def test_a_body_where_none_belongs_is_refused(rig: Rig) -> None:
    """A client that sends one has mistaken the endpoint."""
    reply = await rig.bare.send("GET", "/2/users/me", json={"user.fields": "id"})

    assert (reply.status, reply.body["errors"][0]["message"]) == (400, "this endpoint takes no body")
    assert rig.x.violations


async def test_an_unknown_address_is_an_empty_404_and_a_violation(rig: Rig) -> None:
    """X tells nothing of addresses it does not have; the old API's are among them."""
    reply = await rig.bare.send("POST", "/1.1/statuses/update.json")

    assert (reply.status, reply.body) == (404, None)
    assert [each.endpoint for each in rig.x.violations] == ["POST /1.1/statuses/update.json"]


async def test_a_field_newer_than_the_specification_is_taken(rig: Rig) -> None:
    """The SDK knows `made_with_ai`, the older specification does not: the SDK is believed."""
    reply = await rig.post(text="خبر", made_with_ai=True, paid_partnership=False, reply_settings="verified")

    (post,) = rig.x.posts()
    assert reply.status == 201
    assert (post.made_with_ai, post.paid_partnership, post.reply_settings) == (True, False, "verified")
    rig.x.assert_clean()


def test_the_specification_is_asked_where_it_lies_beside_the_project() -> None:
    """Without it two witnesses remain; with it, what only the specification forbids is found."""
    if not SPEC.exists():
        pytest.skip("X's specification is not beside the project: only the SDK and the fake's own rules were asked")
    body = {"media": "9 bytes", "media_category": "tweet_video"}

    assert Shape(Path("absent.json")).body_breaches(Endpoint.UPLOAD, body) == []
    (breach,) = Shape().body_breaches(Endpoint.UPLOAD, body)
    assert breach.where == "$.media_category"


@pytest.mark.parametrize(("body", "words"), MALFORMED)
def test_without_the_specification_nothing_malformed_passes_either(body: object, words: str) -> None:
    """A checkout without the specification is as strict about posts."""
    breaches = Shape(Path("absent.json")).body_breaches(Endpoint.CREATE, body)

    assert any(breach.message.startswith(words) for breach in breaches)


@pytest.mark.parametrize(
    ("endpoint", "body", "where"),
    [
        (Endpoint.APPEND, {"media": "9 bytes", "segment_index": 1000}, "$.segment_index"),
        (Endpoint.METADATA, {"id": "1", "metadata": {"alt_text": {"text": "ا" * 1001}}}, "$.metadata.alt_text.text"),
        (Endpoint.METADATA, {"id": "3_1"}, "$.id"),
        (Endpoint.INITIALIZE, {"media_type": "image/jpeg", "media_category": "tweet_image"}, "$.total_bytes"),
    ],
)
def test_numbers_the_sdk_leaves_out_are_held_without_the_specification(
    endpoint: Endpoint, body: dict[str, object], where: str
) -> None:
    """Lengths, ranges and ids are checked by the fake itself."""
    (breach,) = Shape(Path("absent.json")).body_breaches(endpoint, body)

    assert breach.where == where


async def test_the_state_of_an_upload_is_asked_with_its_command(rig: Rig) -> None:
    """Both parameters are needed."""
    reply = await rig.bare.send("GET", "/2/media/upload", query=[("media_id", "1")])

    assert (reply.status, reply.body["errors"][0]["message"]) == (400, "The `command` query parameter is required")


@pytest.mark.parametrize(
    "wrong",
    [
        replace(KEYS, api_key="another"),
        replace(KEYS, api_secret="another"),
        replace(KEYS, access_token="another"),
        replace(KEYS, access_token_secret="another"),
    ],
)
async def test_a_request_signed_with_a_wrong_string_is_unauthorized(rig: Rig, wrong: XKeys) -> None:
    """Each of the four strings counts, and X does not say which was wrong."""
    reply = await rig.bare_for(wrong).send("POST", "/2/tweets", json={"text": "خبر"})

    assert reply.body == {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"}
    assert rig.x.posts() == ()


async def test_an_unsigned_request_is_unauthorized_and_a_bearer_token_unsupported(rig: Rig) -> None:
    """Only a user may post."""
    unsigned = await rig.bare.send("POST", "/2/tweets", headers={}, json={"text": "خبر"})
    bearer = await rig.bare.send("POST", "/2/tweets", headers={"Authorization": "Bearer AAAA"}, json={"text": "خبر"})

    assert unsigned.status == 401
    assert (bearer.status, bearer.body["title"]) == (403, "Unsupported Authentication")


async def test_only_hmac_sha1_signs(rig: Rig) -> None:
    """A signature that shows the secrets in the clear is refused, though they are the right ones."""
    fields = {
        "oauth_consumer_key": KEYS.api_key,
        "oauth_token": KEYS.access_token,
        "oauth_signature_method": "PLAINTEXT",
        "oauth_timestamp": str(int(system_now().timestamp())),
        "oauth_nonce": "nonce",
        "oauth_signature": f"{quote(KEYS.api_secret)}&{quote(KEYS.access_token_secret)}",
    }
    authorization = "OAuth " + ", ".join(f'{name}="{quote(value, safe="")}"' for name, value in fields.items())

    assert (await rig.bare.send("GET", "/2/users/me", headers={"Authorization": authorization})).status == 401


async def test_a_signature_is_good_once(rig: Rig) -> None:
    """A replayed nonce is refused; the same nonce at another time is another."""
    stamp = str(int(system_now().timestamp()))
    earlier = str(int(system_now().timestamp()) - 1)
    first = await rig.bare.send("GET", "/2/users/me", timestamp=stamp, nonce="nonce")
    again = await rig.bare.send("GET", "/2/users/me", timestamp=stamp, nonce="nonce")
    other = await rig.bare.send("GET", "/2/users/me", timestamp=earlier, nonce="nonce")

    assert (first.status, again.status, other.status) == (200, 401, 200)
    assert rig.x.calls[1].refusal == "the nonce was used before"


@pytest.mark.parametrize(("skew_minutes", "status"), [(-6, 401), (-4, 200), (4, 200), (6, 401)])
async def test_a_clock_far_from_xs_is_unauthorized(rig: Rig, skew_minutes: int, status: int) -> None:
    """The answer's Date header tells a worker by how much its clock is wrong."""
    rig.x.signatures.clock = lambda: system_now() + timedelta(minutes=skew_minutes)
    reply = await rig.bare.send("GET", "/2/users/me")

    assert reply.status == status
    told = rig.x.signatures.clock().strftime("%a, %d %b %Y %H:%M")
    before = (rig.x.signatures.clock() - timedelta(minutes=1)).strftime("%a, %d %b %Y %H:%M")
    assert reply.headers["Date"].startswith((told, before))


async def test_a_query_is_part_of_what_is_signed(rig: Rig) -> None:
    """Who changes a parameter on the way breaks the signature."""
    path = f"/2/users/{rig.x.account.id}/tweets"
    query = [("start_time", "2026-11-23T08:00:00Z"), ("tweet.fields", "id,text")]
    honest = await rig.bare.send("GET", path, query=query)
    forged = await rig.bare.send("GET", path, query=query, signed_url=f"{rig.x.url}/elsewhere")

    assert (honest.status, forged.status) == (200, 401)


async def test_a_signature_may_cover_another_host_only_when_the_fake_was_told(rig: Rig) -> None:
    """Upstream tweepy signs api.twitter.com wherever its socket leads."""
    upstream = upstream_tweepy(rig.session, rig.x.url, KEYS)
    allowed = await upstream.create_tweet(text="خبر")
    refused = await rig.bare.send("GET", "/2/users/me", signed_url="https://api.example.org")

    assert UPSTREAM == "https://api.twitter.com"
    assert allowed.data["id"] == rig.x.posts()[0].id
    assert refused.status == 401


def sdk_for(rig: Rig) -> Any:
    """X's own Python SDK, with OAuth 1.0a code of its own, pointed at the fake."""
    auth = OAuth1(KEYS.api_key, KEYS.api_secret, "", KEYS.access_token, KEYS.access_token_secret)
    return Client(base_url=rig.x.url, auth=auth)


async def test_xs_own_sdk_posts_pictures_and_reads_them_back(rig: Rig) -> None:
    """A second client, which signs by code of its own, gets through every endpoint without a violation."""
    sdk = sdk_for(rig)

    def story() -> str:
        picture = sdk.media.upload(schemas.MediaUploadRequest(media=jpeg_base64(), media_category="tweet_image")).data
        alt = {"id": picture.id, "metadata": {"alt_text": {"text": "صورة"}}}
        sdk.media.create_metadata(schemas.CreateMediaMetadataRequest.model_validate(alt))
        body = {"text": "خبر", "media": {"media_ids": [picture.id]}}
        post = sdk.posts.create(schemas.CreatePostsRequest.model_validate(body)).data
        assert sdk.posts.get_by_id(post.id).data.text == post.text
        assert sdk.users.get_me().data.username == "ajil_news"
        assert sdk.posts.delete(post.id).data.deleted
        sdk.session.close()
        return str(post.id)

    post_id = await asyncio.to_thread(story)

    (post,) = rig.x.posts()
    assert (post.id, post.media[0].alt_text, post.deleted) == (post_id, "صورة", True)
    rig.x.assert_clean()


async def test_every_answer_satisfies_xs_own_models(rig: Rig) -> None:
    """The SDK's models read the fake's answers strictly, and know every field but the one it has renamed."""
    rig.x.problems = NEW_PROBLEMS
    upload = {"media": jpeg_base64(), "media_category": "tweet_image"}
    picture = await rig.bare.send("POST", "/2/media/upload", json=upload)
    media_id = picture.body["data"]["id"]
    alt = {"id": media_id, "metadata": {"alt_text": {"text": "صورة"}}}
    described = await rig.bare.send("POST", "/2/media/metadata", json=alt)
    body = {"text": "عاجل: https://alwasat.com.kw/ #عاجل $KWD", "media": {"media_ids": [media_id]}}
    created = await rig.post(**body)
    fields = "attachments,author_id,created_at,edit_controls,edit_history_tweet_ids,entities,id,text"
    post_id = created.body["data"]["id"]
    read = await rig.bare.send("GET", f"/2/tweets/{post_id}", query=[("tweet.fields", fields)])
    page = await rig.bare.send("GET", f"/2/users/{rig.x.account.id}/tweets", query=[("tweet.fields", fields)])
    me = await rig.bare.send("GET", "/2/users/me", query=[("user.fields", "created_at,subscription_type")])
    gone = await rig.bare.send("DELETE", f"/2/tweets/{post_id}")
    missing = await rig.bare.send("GET", f"/2/tweets/{post_id}")

    unknown = [
        *unknown_in(schemas.MediaUploadResponse, picture.body),
        *unknown_in(schemas.CreateMediaMetadataResponse, described.body),
        *unknown_in(schemas.CreatePostsResponse, created.body),
        *unknown_in(schemas.GetPostsByIdResponse, read.body),
        *unknown_in(schemas.GetUsersPostsResponse, page.body),
        *unknown_in(schemas.GetUsersMeResponse, me.body),
        *unknown_in(schemas.DeletePostsResponse, gone.body),
        *unknown_in(schemas.GetPostsByIdResponse, missing.body),
    ]
    assert set(unknown) == {"edit_history_tweet_ids"}  # `edit_history_post_ids` in the SDK, not yet on the wire.
    assert set(read.body["data"]) == set(fields.split(","))


def unknown_in(model: Any, answer: object) -> list[str]:
    """Names in an answer that the SDK does not know; the answer must otherwise satisfy its model strictly."""
    unknown: list[str] = []

    def walk(read: Any) -> None:
        if isinstance(read, list):
            for each in read:
                walk(each)
        elif hasattr(read, "model_extra"):
            unknown.extend(read.model_extra or {})
            for name in type(read).model_fields:
                walk(getattr(read, name))

    walk(model.model_validate(answer, strict=True))
    return unknown
