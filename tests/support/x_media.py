"""Pictures on their way to X: uploaded whole or in pieces, decoded, described, and attached for a day."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from io import BytesIO

from PIL import Image

from tests.support.x_problems import MEDIA_IDS, RefusedError, invalid
from tests.support.x_wording import Json

LIFETIME = timedelta(hours=24)
"""`expires_after_secs` is 86400 in every example (docs, media; xurl #18)."""
IMAGE_LIMIT_BYTES = 5 * 1024 * 1024
GIF_LIMIT_BYTES = 15 * 1024 * 1024
SIDES = range(4, 8193)
"""Pixels of either side (diffengine #18)."""

_CATEGORIES = {"tweet_image": IMAGE_LIMIT_BYTES, "tweet_gif": GIF_LIMIT_BYTES}
_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture as X has it.

    Attributes:
        id: Media id, alive for 24 hours.
        key: Media key, as posts carry it.
        width: Pixels, after decoding.
        height: Pixels, after decoding.
        media_type: MIME type of what the bytes are.
        content: The bytes as they were uploaded.
        alt_text: As described before it was attached; empty when nobody did.
    """

    id: str
    key: str
    width: int
    height: int
    media_type: str
    content: bytes = field(repr=False)
    alt_text: str = ""

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.content)


@dataclass(slots=True)
class Upload:
    """One media id; `picture` is empty until everything has come and was decoded."""

    id: str
    owner: str
    category: str
    media_type: str
    total_bytes: int
    expires: datetime
    pieces: dict[int, bytes] = field(default_factory=dict)
    picture: Attachment | None = None
    alt_text: str = ""
    polls_left: int = 0
    fails: bool = False

    @property
    def key(self) -> str:
        """Media key. 3 is a photo and 16 an animated GIF, in every key on record."""
        return f"{'16' if self.category == 'tweet_gif' else '3'}_{self.id}"

    @property
    def state(self) -> str:
        """How far X's work on it is: in_progress, succeeded or failed."""
        if self.polls_left:
            return "in_progress"
        return "failed" if self.fails else "succeeded"


class MediaShelf:
    """Every upload of every account.

    Args:
        new_id: Gives the next id.
    """

    def __init__(self, new_id: Callable[[], str]) -> None:
        self.polls = 0
        """How often the state must be asked before a new picture is ready; 0, as for pictures on X, is at once."""
        self.fails = False
        """Whether the work on a new picture ends as "failed"."""
        self._new_id = new_id
        self._uploads: dict[str, Upload] = {}

    @property
    def pictures(self) -> tuple[Attachment, ...]:
        """Every picture that came whole, attached to a post or not, oldest first."""
        return tuple(each.picture for each in self._uploads.values() if each.picture)

    def take_whole(self, owner: str, category: str, content: bytes, now: datetime) -> Json:
        """One-shot upload: `data` of the answer.

        Raises:
            RefusedError: 400, the bytes are no picture X takes.
        """
        upload = Upload(self._new_id(), owner, category, "", len(content), now + LIFETIME)
        self._develop(upload, content)
        self._uploads[upload.id] = upload
        return self._answer(upload, now)

    def begin(self, owner: str, category: str, media_type: str, total_bytes: int, now: datetime) -> Json:
        """Begin an upload in pieces: `data` of the answer.

        Raises:
            RefusedError: 400, more bytes announced than X takes.
        """
        _check_size(category, total_bytes)
        upload = Upload(self._new_id(), owner, category, media_type, total_bytes, now + LIFETIME)
        self._uploads[upload.id] = upload
        return {"id": upload.id, "media_key": upload.key, "expires_after_secs": _seconds(upload.expires - now)}

    def append(self, media_id: str, owner: str, index: int, content: bytes, now: datetime) -> Json:
        """Take one piece: `data` of the answer.

        Raises:
            RefusedError: 400, no such upload, or it is complete.
        """
        upload = self.owned(media_id, owner, now)
        if upload.picture is not None:
            raise invalid("This upload was finalized already.", {"id": [media_id]})
        upload.pieces[index] = content
        return {"expires_at": int(upload.expires.timestamp())}

    def finish(self, media_id: str, owner: str, now: datetime) -> Json:
        """Put the pieces together and decode them: `data` of the answer.

        Raises:
            RefusedError: 400, pieces are missing, or they make no picture of the announced type.
        """
        upload = self.owned(media_id, owner, now)
        content = b"".join(piece for _, piece in sorted(upload.pieces.items()))
        if sorted(upload.pieces) != list(range(len(upload.pieces))) or len(content) != upload.total_bytes:
            raise invalid(f"{len(content)} of {upload.total_bytes} bytes have come.", {"id": [media_id]})
        self._develop(upload, content)
        return self._answer(upload, now)

    def status(self, media_id: str, owner: str, now: datetime) -> Json:
        """How far the work on a picture is: `data` of the answer. Each question brings it one step on."""
        upload = self.owned(media_id, owner, now)
        if upload.picture is None:
            raise invalid("BadRequest: Not found", {"media_id": [media_id]})  # Words: xurl #18.
        upload.polls_left = max(0, upload.polls_left - 1)
        return self._answer(upload, now) | {"processing_info": _work(upload)}

    def describe(self, media_id: str, owner: str, alt_text: str | None, now: datetime) -> Json:
        """Set the alt text that posts made from now on will carry: `data` of the answer."""
        upload = self.owned(media_id, owner, now)
        if alt_text is None:
            return {"id": media_id, "associated_metadata": {}}
        upload.alt_text = alt_text
        return {"id": media_id, "associated_metadata": {"alt_text": {"text": alt_text}}}

    def owned(self, media_id: str, owner: str, now: datetime) -> Upload:
        """The upload of this id.

        Raises:
            RefusedError: 400, it is unknown, of another account, or older than a day.
        """
        upload = self._uploads.get(media_id)
        if upload is None or upload.owner != owner or now >= upload.expires:
            raise invalid(MEDIA_IDS, {"id": [media_id]})
        return upload

    def attached(self, media_ids: list[str], owner: str, now: datetime) -> tuple[Attachment, ...]:
        """The pictures for a post.

        Raises:
            RefusedError: 400, when one is unknown, of another account, older than a day or not ready. X tells none of
                these from another.
        """
        found = [self._ready(media_id, owner, now) for media_id in media_ids]
        bad = [media_id for media_id, picture in zip(media_ids, found, strict=True) if picture is None]
        moving = [picture for picture in found if picture and picture.key.startswith("16_")]
        if bad or (moving and len(found) > 1):
            raise invalid(MEDIA_IDS, {"media.media_ids": bad or media_ids})
        return tuple(picture for picture in found if picture)

    def _ready(self, media_id: str, owner: str, now: datetime) -> Attachment | None:
        upload = self._uploads.get(media_id)
        alive = upload is not None and upload.owner == owner and now < upload.expires and upload.state == "succeeded"
        return replace(upload.picture, alt_text=upload.alt_text) if upload and upload.picture and alive else None

    def _develop(self, upload: Upload, content: bytes) -> None:
        _check_size(upload.category, len(content))
        width, height, media_type = _decoded(content)
        if upload.media_type not in {"", media_type} or (upload.category == "tweet_gif" and media_type != "image/gif"):
            raise _unrecognised(f"announced as {upload.media_type or upload.category}, the bytes are {media_type}")
        upload.picture = Attachment(upload.id, upload.key, width, height, media_type, content)
        upload.polls_left, upload.fails = self.polls, self.fails

    def _answer(self, upload: Upload, now: datetime) -> Json:
        answer: Json = {
            "id": upload.id,
            "media_key": upload.key,
            "expires_after_secs": _seconds(upload.expires - now),
            "size": upload.total_bytes,
        }
        if upload.picture:
            picture = upload.picture
            answer["image"] = {"image_type": picture.media_type, "w": picture.width, "h": picture.height}
        if upload.state != "succeeded":
            answer["processing_info"] = _work(upload)
        return answer


def _seconds(left: timedelta) -> int:
    return int(left.total_seconds())


def _work(upload: Upload) -> Json:
    if upload.state == "in_progress":
        return {"state": "in_progress", "check_after_secs": 1, "progress_percent": 50}
    return {"state": upload.state, "progress_percent": 100}


def _check_size(category: str, size: int) -> None:
    limit = _CATEGORIES.get(category)
    if limit is None:
        raise invalid("$.media_category: this fake does not play it", {"$.media_category": [category]})
    if size > limit:
        raise invalid(f"File size exceeds {limit} bytes.", {"media": [str(size)]})


def _unrecognised(reason: str) -> RefusedError:
    refusal = invalid("media type unrecognized.", {"media": ["..."]})
    return RefusedError(refusal.status, refusal.body, reason)


def _decoded(content: bytes) -> tuple[int, int, str]:
    """Decode every pixel, as X does: a head alone does not make a picture."""
    try:
        with Image.open(BytesIO(content), formats=tuple(_TYPES)) as image:
            image.load()
            width, height, media_type = image.width, image.height, _TYPES[image.format or ""]
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _unrecognised(f"Pillow cannot decode it: {error}") from error
    if width not in SIDES or height not in SIDES:
        raise invalid("Image dimensions must be >= 4x4 and <= 8192x8192", {"media": [f"{width}x{height}"]})
    return width, height, media_type
