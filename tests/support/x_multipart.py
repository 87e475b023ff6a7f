"""A multipart body taken apart from its bytes (RFC 7578); what is malformed is refused, never guessed at."""

from collections.abc import Mapping
from email.message import Message
from email.parser import BytesHeaderParser


def parts_of(content_type: str, body: bytes) -> Mapping[str, bytes]:
    """The parts by name.

    Args:
        content_type: The request's header, which names the boundary.
        body: All of it.

    Raises:
        ValueError: The body is not multipart/form-data, or gives one name twice.
    """
    header = Message()
    header["Content-Type"] = content_type
    boundary = header.get_boundary()
    if not boundary:
        raise ValueError("the header names no boundary")
    _, *pieces = (b"\r\n" + body).split(b"\r\n--" + boundary.encode())
    if not pieces or pieces[-1].strip() != b"--":
        raise ValueError("the closing boundary is missing")
    parts: dict[str, bytes] = {}
    for piece in pieces[:-1]:
        name, content = _part(piece)
        if name in parts:
            raise ValueError(f"the part {name!r} is given twice")
        parts[name] = content
    return parts


def _part(piece: bytes) -> tuple[str, bytes]:
    head, blank, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    disposition = BytesHeaderParser().parsebytes(head)
    name = disposition.get_param("name", header="Content-Disposition")
    if not blank or disposition.get_content_disposition() != "form-data" or not isinstance(name, str):
        raise ValueError("a part does not say which field it is")
    return name, content
