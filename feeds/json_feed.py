"""JSON Feed (jsonfeed.org, versions 1 and 1.1): its entries under the names by which feedparser gives others."""

from typing import Any

from feeds.json_text import read_json
from feeds.wordpress import Fields
from newsroom.errors import FetchFailed

_MEMBERS = {
    "id": "id",
    "title": "title",
    "summary": "summary",
    "date_published": "published",
    "date_modified": "updated",
}


def fields_of(text: str, feed: str) -> tuple[Fields, ...]:
    """The fields of each entry, in the order of the document.

    Args:
        text: of the body.
        feed: its address, for the sentence of a refusal.

    Raises:
        FetchFailed: it is no JSON, or no JSON Feed.
    """
    try:
        document = read_json(text)
    # RecursionError: 100,000 brackets are enough.
    except (ValueError, RecursionError) as error:
        raise FetchFailed(
            f"{feed} is no feed: it answered with JSON that cannot be read ({type(error).__name__})."
        ) from error
    if (
        not isinstance(document, dict)
        or "jsonfeed.org/version" not in str(document.get("version"))
        or not isinstance(document.get("items"), list)
    ):
        raise FetchFailed(f"{feed} is no feed: it answered with JSON that is no JSON Feed.")
    return tuple(_fields(row) for row in document["items"] if isinstance(row, dict))


def _fields(row: dict[str, Any]) -> Fields:
    fields: dict[str, Any] = {
        ours: str(row[theirs]) for theirs, ours in _MEMBERS.items() if isinstance(row.get(theirs), str | int)
    }
    fields["link"] = row.get("url") or row.get("external_url")
    fields["content"] = [{"value": text} for text in (row.get("content_html"), row.get("content_text")) if text]
    fields["authors"] = row["authors"] if isinstance(row.get("authors"), list) else [row.get("author")]
    fields["tags"] = [{"term": tag} for tag in row["tags"]] if isinstance(row.get("tags"), list) else []
    fields["media_content"] = [
        {"url": row.get(name), "medium": "image"} for name in ("image", "banner_image") if row.get(name)
    ]
    attachments = row["attachments"] if isinstance(row.get("attachments"), list) else []
    fields["links"] = [
        {"rel": "enclosure", "href": attachment.get("url"), "type": attachment.get("mime_type")}
        for attachment in attachments
        if isinstance(attachment, dict)
    ]
    return fields
