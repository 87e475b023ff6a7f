"""The fake X takes pictures as X takes them: decoded, within limits, owned, described in time, and gone after a day."""

import base64
from collections.abc import AsyncIterator
from decimal import Decimal
from io import BytesIO
from typing import Any

import aiohttp
import pytest
from PIL import Image

from tests.support.x_clients import OTHER_KEYS, Reply, Rig, open_rig
from tests.support.x_problems import MEDIA_IDS

IMAGE_LIMIT_BYTES = 5_242_880


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    """A fake and its clients."""
    async with open_rig() as rig:
        yield rig


def picture(image_format: str = "JPEG", width: int = 64, height: int = 32, **options: Any) -> bytes:
    """The bytes of a picture."""
    out = BytesIO()
    Image.new("RGB", (width, height), "red").save(out, image_format, **options)
    return out.getvalue()


async def upload(rig: Rig, content: bytes, category: str = "tweet_image") -> Reply:
    """One-shot upload as JSON."""
    body = {"media": base64.b64encode(content).decode(), "media_category": category}
    return await rig.bare.send("POST", "/2/media/upload", json=body)


async def uploaded(rig: Rig, content: bytes | None = None) -> str:
    """The id of a picture that X took."""
    reply = await upload(rig, content or picture())
    assert reply.status == 200, reply.body
    return str(reply.body["data"]["id"])


async def describe(rig: Rig, media_id: str, words: str) -> Reply:
    """Set an alt text."""
    body = {"id": media_id, "metadata": {"alt_text": {"text": words}}}
    return await rig.bare.send("POST", "/2/media/metadata", json=body)


def complaint(reply: Reply) -> str:
    """The first complaint of a 400."""
    assert reply.status == 400
    return str(reply.body["errors"][0]["message"])


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "GIF"])
async def test_a_picture_is_decoded_and_attached(rig: Rig, image_format: str) -> None:
    """The post carries the picture's true size, type and bytes; the text ends in a link to it."""
    content = picture(image_format)
    reply = await upload(rig, content)
    media_id = reply.body["data"]["id"]
    post = await rig.post(text="خبر", media={"media_ids": [media_id]})

    media_type = f"image/{image_format.lower()}"
    assert reply.body["data"] == {
        "id": media_id,
        "media_key": f"3_{media_id}",
        "expires_after_secs": 86400,
        "size": len(content),
        "image": {"image_type": media_type, "w": 64, "h": 32},
    }
    (attached,) = rig.x.posts()[0].media
    assert (attached.width, attached.height, attached.media_type) == (64, 32, media_type)
    assert attached.content == content
    assert post.body["data"]["text"].startswith("خبر https://t.co/")
    assert rig.x.spent == Decimal("0.015")
    rig.x.assert_clean()


async def test_a_picture_may_come_in_a_form(rig: Rig) -> None:
    """Multipart is the other way of the specification; bytes that look like a boundary do no harm."""
    form = aiohttp.FormData()
    content = picture("PNG") + b"\r\n--no-boundary\r\n"
    form.add_field("media", content, filename="photo.png", content_type="image/png")
    form.add_field("media_category", "tweet_image")
    reply = await rig.bare.send("POST", "/2/media/upload", data=form)

    assert (reply.status, reply.body["data"]["size"]) == (200, len(content))
    rig.x.assert_clean()


async def test_a_form_with_an_unknown_part_is_a_violation(rig: Rig) -> None:
    """A part X does not know is refused like an unknown field."""
    form = aiohttp.FormData()
    form.add_field("media", picture(), filename="photo.jpg")
    form.add_field("media_category", "tweet_image")
    form.add_field("alt_text", "صورة")
    reply = await rig.bare.send("POST", "/2/media/upload", data=form)

    assert complaint(reply).startswith("$.alt_text: is not defined in the schema")
    assert rig.x.violations


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'--b\r\n{}; name="media_category"\r\n\r\ntweet_image\r\n', "the closing boundary is missing"),
        (b'--b\r\n{}; name="media"\r\n\r\na\r\n--b\r\n{}; name="media"\r\n\r\na\r\n--b--', "'media' is given twice"),
        (b"--b\r\n{}\r\n\r\na\r\n--b--", "a part does not say which field it is"),
        (b'--b\r\n{}; name="media"\r\n--b--', "a part does not say which field it is"),
    ],
    ids=["cut off", "twice", "nameless", "headless"],
)
async def test_a_malformed_form_is_a_violation(rig: Rig, body: bytes, words: str) -> None:
    """A body without its closing boundary, or with a part twice, nameless or without content, is not guessed at."""
    rig.session.headers["Content-Type"] = "multipart/form-data; boundary=b"
    content = body.replace(b"{}", b"Content-Disposition: form-data")
    reply = await rig.bare.send("POST", "/2/media/upload", data=content)

    assert complaint(reply).endswith(words)
    assert rig.x.violations


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "media type unrecognized."),
        (picture("BMP"), "media type unrecognized."),
        (picture("JPEG", 640, 480)[:-200], "media type unrecognized."),
        (picture("PNG", 64, 3), "Image dimensions must be >= 4x4 and <= 8192x8192"),
        (picture("PNG", 8193, 4), "Image dimensions must be >= 4x4 and <= 8192x8192"),
        (picture("JPEG") + bytes(IMAGE_LIMIT_BYTES), f"File size exceeds {IMAGE_LIMIT_BYTES} bytes."),
        (b"", "media type unrecognized."),
    ],
    ids=["svg", "bmp", "cut off", "too low", "too wide", "too heavy", "empty"],
)
async def test_bytes_that_are_no_picture_for_x_are_refused(rig: Rig, content: bytes, words: str) -> None:
    """A head alone does not make a picture: every pixel is decoded."""
    assert complaint(await upload(rig, content)) == words
    assert rig.x.api.media.pictures == ()


async def test_five_megabytes_are_not_too_many(rig: Rig) -> None:
    """The limit itself is allowed."""
    small = picture()

    assert (await upload(rig, small + bytes(IMAGE_LIMIT_BYTES - len(small)))).status == 200


@pytest.mark.parametrize("words", ["صورة", base64.encodebytes(picture()).decode(), "AAA"])
async def test_text_that_is_not_base64_is_a_violation(rig: Rig, words: str) -> None:
    """JSON carries bytes in base64, padded and without line breaks."""
    body = {"media": words, "media_category": "tweet_image"}

    assert complaint(await rig.bare.send("POST", "/2/media/upload", json=body)).startswith("$.media: ")
    assert rig.x.violations


@pytest.mark.parametrize("missing", ["media", "media_category"])
async def test_both_fields_of_an_upload_are_required(rig: Rig, missing: str) -> None:
    """The specification requires both."""
    body = {"media": base64.b64encode(picture()).decode(), "media_category": "tweet_image"}
    del body[missing]

    assert complaint(await rig.bare.send("POST", "/2/media/upload", json=body)) == f"$.{missing}: Field required"


async def test_an_alt_text_counts_when_it_is_set_before_the_post(rig: Rig) -> None:
    """A description that comes after the post is paid for and reaches nobody."""
    before, after = await uploaded(rig), await uploaded(rig, picture("PNG"))
    assert (await describe(rig, before, "وزير الدفاع")).body == {
        "data": {"id": before, "associated_metadata": {"alt_text": {"text": "وزير الدفاع"}}}
    }
    await rig.post(text="خبر", media={"media_ids": [before, after]})
    await describe(rig, after, "متأخر")

    assert [each.alt_text for each in rig.x.posts()[0].media] == ["وزير الدفاع", ""]
    assert rig.x.spent == Decimal("0.025")


@pytest.mark.parametrize(("length", "status"), [(1000, 200), (1001, 400)])
async def test_an_alt_text_has_a_thousand_characters_at_most(rig: Rig, length: int, status: int) -> None:
    """The limit is the specification's, and counts Arabic letters as one each."""
    assert (await describe(rig, await uploaded(rig), "ا" * length)).status == status


async def test_a_media_id_lives_for_a_day_and_for_its_owner(rig: Rig) -> None:
    """X refuses unknown, foreign and expired ids alike, and names them."""
    rig.x.open_account(OTHER_KEYS, username="ajil_sport")
    media_id = await uploaded(rig)
    foreign = await rig.bare_for(OTHER_KEYS).send(
        "POST", "/2/tweets", json={"text": "خبر", "media": {"media_ids": [media_id]}}
    )
    unknown = await rig.post(text="خبر", media={"media_ids": [media_id, "123"]})
    rig.clock.advance(24 * 3600 - 1)
    in_time = await rig.post(text="خبر 1", media={"media_ids": [media_id]})
    rig.clock.advance(1)
    late = await rig.post(text="خبر 2", media={"media_ids": [media_id]})

    assert {complaint(foreign), complaint(unknown), complaint(late)} == {MEDIA_IDS}
    assert unknown.body["errors"][0]["parameters"] == {"media.media_ids": ["123"]}
    assert in_time.status == 201
    assert complaint(await describe(rig, media_id, "صورة")) == MEDIA_IDS
    assert [post.text for post in rig.x.posts()] == ["خبر 1"]
    rig.x.assert_clean()


async def test_a_post_takes_four_pictures(rig: Rig) -> None:
    """Four is the most, in the order given; no text is needed beside them."""
    ids = [await uploaded(rig, picture(width=64 + number)) for number in range(4)]
    reply = await rig.post(media={"media_ids": ids[::-1]})

    assert reply.status == 201
    assert [each.width for each in rig.x.posts()[0].media] == [67, 66, 65, 64]


async def begin(rig: Rig, total_bytes: int, media_type: str = "image/jpeg", category: str = "tweet_image") -> Reply:
    """Begin an upload in pieces."""
    body = {"media_type": media_type, "media_category": category, "total_bytes": total_bytes}
    return await rig.bare.send("POST", "/2/media/upload/initialize", json=body)


async def append(rig: Rig, media_id: str, index: int, piece: bytes) -> Reply:
    """Send one piece."""
    form = aiohttp.FormData({"segment_index": str(index)})
    form.add_field("media", piece, filename="piece")
    return await rig.bare.send("POST", f"/2/media/upload/{media_id}/append", data=form)


async def finish(rig: Rig, media_id: str) -> Reply:
    """Ask for the pieces to be put together."""
    return await rig.bare.send("POST", f"/2/media/upload/{media_id}/finalize")


async def test_a_picture_may_come_in_pieces_in_any_order(rig: Rig) -> None:
    """The pieces are joined by their numbers, and only then is there a picture to attach."""
    content = picture("JPEG", 640, 480)
    begun = await begin(rig, len(content))
    media_id = begun.body["data"]["id"]
    early = await rig.post(text="خبر", media={"media_ids": [media_id]})
    await append(rig, media_id, 1, content[1000:])
    body = {"media": base64.b64encode(content[:1000]).decode(), "segment_index": 0}
    await rig.bare.send("POST", f"/2/media/upload/{media_id}/append", json=body)
    whole = await finish(rig, media_id)

    assert complaint(early) == MEDIA_IDS
    assert whole.body["data"]["image"] == {"image_type": "image/jpeg", "w": 640, "h": 480}
    assert (await rig.post(text="خبر", media={"media_ids": [media_id]})).status == 201
    assert rig.x.posts()[0].media[0].content == content
    assert (await append(rig, media_id, 2, b"more")).status == 400
    rig.x.assert_clean()


async def test_pieces_must_be_complete_and_what_was_announced(rig: Rig) -> None:
    """A missing piece, a wrong total and a wrong type are refused."""
    content = picture()
    holed = (await begin(rig, len(content))).body["data"]["id"]
    await append(rig, holed, 1, content)
    short = (await begin(rig, len(content) + 1)).body["data"]["id"]
    await append(rig, short, 0, content)
    other = (await begin(rig, len(content), "image/png")).body["data"]["id"]
    await append(rig, other, 0, content)
    refusals = [complaint(await finish(rig, each)) for each in (holed, short, other)]

    assert refusals == [
        f"{len(content)} of {len(content)} bytes have come.",
        f"{len(content)} of {len(content) + 1} bytes have come.",
        "media type unrecognized.",
    ]
    assert (await begin(rig, IMAGE_LIMIT_BYTES + 1)).status == 400
    rig.x.assert_clean()


async def test_an_animated_picture_stands_alone(rig: Rig) -> None:
    """A GIF of its own category cannot be attached beside photos."""
    content = picture("GIF")
    moving = (await begin(rig, len(content), "image/gif", "tweet_gif")).body["data"]["id"]
    await append(rig, moving, 0, content)
    await finish(rig, moving)

    assert complaint(await rig.post(media={"media_ids": [moving, await uploaded(rig)]})) == MEDIA_IDS
    assert (await rig.post(media={"media_ids": [moving]})).status == 201


async def test_a_photo_is_no_animated_picture(rig: Rig) -> None:
    """The category must fit the bytes, whatever type was announced with it."""
    content = picture("JPEG")
    media_id = (await begin(rig, len(content), "image/jpeg", "tweet_gif")).body["data"]["id"]
    await append(rig, media_id, 0, content)

    assert complaint(await finish(rig, media_id)) == "media type unrecognized."


async def test_pictures_without_words_are_no_duplicates(rig: Rig) -> None:
    """Two posts of pictures alone have the same text, none."""
    first = await rig.post(media={"media_ids": [await uploaded(rig)]})
    second = await rig.post(media={"media_ids": [await uploaded(rig, picture("PNG"))]})

    assert (first.status, second.status) == (201, 201)


async def test_a_picture_in_the_works_cannot_be_attached_yet(rig: Rig) -> None:
    """The state is asked until it is done; then the picture can be attached."""
    rig.x.api.media.polls = 2
    reply = await upload(rig, picture())
    media_id = reply.body["data"]["id"]
    early = await rig.post(text="خبر", media={"media_ids": [media_id]})
    query = [("command", "STATUS"), ("media_id", media_id)]
    states = [(await rig.bare.send("GET", "/2/media/upload", query=query)).body["data"] for _ in range(2)]

    assert reply.body["data"]["processing_info"] == {
        "state": "in_progress",
        "check_after_secs": 1,
        "progress_percent": 50,
    }
    assert complaint(early) == MEDIA_IDS
    assert [state["processing_info"]["state"] for state in states] == ["in_progress", "succeeded"]
    assert (await rig.post(text="خبر", media={"media_ids": [media_id]})).status == 201
    rig.x.assert_clean()


async def test_a_picture_whose_work_fails_cannot_be_attached(rig: Rig) -> None:
    """A failed state stays failed."""
    rig.x.api.media.fails = True
    reply = await upload(rig, picture())

    assert reply.body["data"]["processing_info"]["state"] == "failed"
    assert complaint(await rig.post(text="خبر", media={"media_ids": [reply.body["data"]["id"]]})) == MEDIA_IDS
