"""A request taken apart: what it asks for, and what of it is not of the form X takes."""

import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.support.x_endpoint import Endpoint
from tests.support.x_multipart import parts_of
from tests.support.x_posts import XAccount
from tests.support.x_shape import Breach, Shape

_BODIED = frozenset({Endpoint.CREATE, Endpoint.UPLOAD, Endpoint.INITIALIZE, Endpoint.APPEND, Endpoint.METADATA})
_BINARY = frozenset({Endpoint.UPLOAD, Endpoint.APPEND})
"""Take multipart beside JSON."""


@dataclass(frozen=True, slots=True)
class Body:
    """A body that could be read.

    Attributes:
        fields: What it says; of a picture only how long it is.
        media: The picture's bytes.
    """

    fields: object
    media: bytes = b""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request whose signature, limits and form are good.

    Attributes:
        endpoint: Which.
        account: Who asks.
        path: Ids in the path.
        query: Parameters.
        body: Fields of the body.
        media: Bytes of a picture or of a piece of one.
        now: By X's clock.
        arrived: `time.monotonic()`.
    """

    endpoint: Endpoint
    account: XAccount
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Mapping[str, Any]
    media: bytes
    now: datetime
    arrived: float


def read_body(endpoint: Endpoint, content_type: str, content: bytes) -> Body:
    """Read a body.

    Raises:
        ValueError: It cannot be read; the text is X's complaint where that is on record.
    """
    if endpoint not in _BODIED:
        if content not in {b"", b"{}"}:
            raise ValueError("this endpoint takes no body")
        return Body({})
    kind = content_type.partition(";")[0].strip()
    if kind == "multipart/form-data" and endpoint in _BINARY:
        return _multipart(content_type, content)
    if kind != "application/json":
        raise ValueError("Requests with bodies must have content-type of application/json.")
    try:
        fields = json.loads(content)
        json.dumps(fields, ensure_ascii=False).encode()  # Fails for half an emoji, which Python's reader lets pass.
    except (ValueError, RecursionError) as error:
        raise ValueError("Request body is not valid JSON.") from error
    return _without_media(fields) if endpoint in _BINARY and isinstance(fields, dict) else Body(fields)


def breaches_of(shape: Shape, endpoint: Endpoint, body: Body) -> list[Breach]:
    """What is wrong with the form of a body."""
    return shape.body_breaches(endpoint, body.fields) if endpoint in _BODIED else []


def _without_media(fields: dict[str, Any]) -> Body:
    encoded = fields.get("media")
    if not isinstance(encoded, str):
        return Body(fields)
    try:
        media = b64decode(encoded, validate=True)
    except ValueError as error:
        raise ValueError(f"$.media: {error}") from error
    return Body({**fields, "media": f"{len(media)} bytes"}, media)


def _multipart(content_type: str, content: bytes) -> Body:
    parts = parts_of(content_type, content)
    fields: dict[str, object] = {name: part.decode() for name, part in parts.items() if name != "media"}
    index = fields.get("segment_index")
    if isinstance(index, str) and index.isdecimal():
        fields["segment_index"] = int(index)  # The specification takes digits too; a form has nothing else.
    if "media" in parts:
        fields["media"] = f"{len(parts['media'])} bytes"
    return Body(fields, parts.get("media", b""))
