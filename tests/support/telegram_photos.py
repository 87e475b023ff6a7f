"""The photos that the fake Bot API holds: taken in with the server's rules, known by ids that belong to one bot."""

import hashlib
import io
import warnings
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Any

from PIL import Image

from tests.support.telegram_errors import Known, RefusedError, RuleError, photo_too_big

Json = dict[str, Any]

PHOTO_BYTES = 10 * 1024 * 1024
PHOTO_SIDES = 10_000
"""Width and height together, in pixels (Bot API, sendPhoto)."""
PHOTO_RATIO = 20
DOWNLOAD_BYTES = 20 * 1024 * 1024

_BOUNDS = (90, 320, 800, 1280, 2560)
"""Longest sides of the copies that Telegram makes (core.telegram.org/api/files, thumbnail types s, m, x, y, w)."""
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")


@dataclass(frozen=True, slots=True)
class PhotoSize:
    """One copy of a photo; sides in pixels."""

    file_id: str
    unique_id: str
    width: int
    height: int
    file_size: int

    def shown(self) -> Json:
        """As the Bot API's PhotoSize."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "width": self.width,
            "height": self.height,
            "file_size": self.file_size,
        }


@dataclass(frozen=True, slots=True)
class StoredPhoto:
    """A photo as it was uploaded. The real server keeps JPEG copies; this one hands out the upload for every copy."""

    content: bytes
    sizes: tuple[PhotoSize, ...]

    @property
    def largest(self) -> PhotoSize:
        """The copy whose id a client keeps."""
        return self.sizes[-1]


class PhotoTable:
    """All photos of one bot.

    Args:
        token: The bot's token: its ids are its own, another bot's are unknown here.
    """

    def __init__(self, token: str) -> None:
        self._token = token
        self._by_id: dict[str, StoredPhoto] = {}
        self._gone: set[str] = set()

    def take_in(self, content: bytes) -> StoredPhoto:
        """Keep an upload; the same bytes are the same photo.

        Raises:
            RuleError: The server would not take these bytes for a photo.
        """
        width, height = _sides(content)
        digest = hashlib.sha256(self._token.encode() + content).digest()
        photo = StoredPhoto(content, tuple(_copies(digest, width, height, len(content))))
        for size in photo.sizes:
            self._by_id[size.file_id] = photo
            self._gone.discard(size.file_id)
        return photo

    def by_id(self, file_id: str) -> StoredPhoto:
        """Find a photo to send again.

        Raises:
            RefusedError: This bot has no such file, or it has been forgotten.
        """
        if file_id in self._gone:
            raise RefusedError(Known.FILE_UNAVAILABLE)
        if file_id not in self._by_id:
            raise RefusedError(Known.WRONG_FILE)
        return self._by_id[file_id]

    def file_of(self, file_id: str) -> Json:
        """Give the Bot API's File for getFile.

        Raises:
            RefusedError: As `by_id`, in the words of getFile; or it has more than 20 MB.
        """
        if file_id in self._gone:
            raise RefusedError(Known.FILE_UNAVAILABLE)
        photo = self._by_id.get(file_id)
        if photo is None:
            raise RefusedError(Known.FILE_ID_INVALID)
        if len(photo.content) > DOWNLOAD_BYTES:
            raise RefusedError(Known.FILE_TOO_BIG)
        size = next(each for each in photo.sizes if each.file_id == file_id)
        return {
            "file_id": size.file_id,
            "file_unique_id": size.unique_id,
            "file_size": len(photo.content),
            "file_path": f"photos/{size.file_id}.jpg",
        }

    def at(self, path: str) -> bytes | None:
        """Give the bytes under a `file_path`; None when there is no such file."""
        photo = self._by_id.get(path.removeprefix("photos/").removesuffix(".jpg"))
        return photo.content if photo else None

    def forget(self) -> None:
        """Make every file id known so far a thing of the past, as the real server may."""
        self._gone |= self._by_id.keys()


def _sides(content: bytes) -> tuple[int, int]:
    if not content:
        raise RuleError(Known.FILE_EMPTY, "an empty file is no photo")
    if len(content) > PHOTO_BYTES:
        raise RuleError(photo_too_big(len(content)), f"a photo of {len(content)} bytes, at most {PHOTO_BYTES}")
    try:
        with warnings.catch_warnings():
            # The sides are judged below; Pillow's own alarm about them comes too early.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
                width, height = image.size
                _fitting(width, height)
                image.load()
    except Image.DecompressionBombError as error:
        raise RuleError(Known.PHOTO_DIMENSIONS, str(error)) from None
    # What Pillow raises on broken bytes: measured over 1,193 hostile images.
    except (OSError, SyntaxError, ValueError) as error:
        raise RuleError(Known.IMAGE_PROCESS_FAILED, f"these bytes are no picture: {error}") from None
    return width, height


def _fitting(width: int, height: int) -> None:
    if width + height > PHOTO_SIDES or max(width, height) > PHOTO_RATIO * min(width, height):
        raise RuleError(
            Known.PHOTO_DIMENSIONS,
            f"{width} x {height} pixels; together at most {PHOTO_SIDES}, one at most {PHOTO_RATIO} times the other",
        )


def _copies(digest: bytes, width: int, height: int, size: int) -> list[PhotoSize]:
    longest = max(width, height)
    bounds = [bound for bound in _BOUNDS if bound < longest]
    if longest <= _BOUNDS[-1]:
        bounds.append(longest)
    copies = []
    for bound in bounds:
        shrink = bound / longest
        name = urlsafe_b64encode(hashlib.blake2b(digest, salt=str(bound).encode(), digest_size=36).digest()).decode()
        copies.append(
            PhotoSize(
                file_id=f"AgACAgQAAx{name}",
                unique_id=f"AQAD{name[:12]}",
                width=max(1, round(width * shrink)),
                height=max(1, round(height * shrink)),
                file_size=max(1, round(size * shrink**2)),
            )
        )
    return copies
