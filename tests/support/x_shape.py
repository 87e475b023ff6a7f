"""Is this request of the form that X takes? Asked of three witnesses, and each must be content.

    xdk         X's own Python SDK: its pydantic models, strictly, with every unknown field refused
    this page   the few numbers the models leave out, and what this fake does not play
    X's OpenAPI the specification, where a copy lies beside the project (`../shared/specs/x`); else two witnesses do

The specification at hand (2.159) is older than the SDK: it lacks `made_with_ai`. So the SDK alone says which fields exist.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

from openapi_schema_validator import OAS30Validator
from pydantic import BaseModel, ValidationError
from xdk import schemas

from tests.support.x_endpoint import Endpoint

SPEC = Path(__file__).parents[3] / "shared" / "specs" / "x" / "openapi-2.159.xdk.json"

_MODELS: Mapping[Endpoint, type[BaseModel]] = {
    Endpoint.CREATE: schemas.CreatePostsRequest,
    Endpoint.UPLOAD: schemas.MediaUploadRequest,
    Endpoint.INITIALIZE: schemas.InitializeMediaUploadRequest,
    Endpoint.APPEND: schemas.AppendMediaUploadRequest,
    Endpoint.METADATA: schemas.CreateMediaMetadataRequest,
}

_PLAYED: Mapping[str, frozenset[str]] = {
    "POST /2/tweets $": frozenset(
        {
            "text",
            "media",
            "edit_options",
            "reply",
            "quote_tweet_id",
            "reply_settings",
            "made_with_ai",
            "paid_partnership",
        }
    ),
    "POST /2/tweets $.media": frozenset({"media_ids"}),
    "POST /2/media/upload $": frozenset({"media", "media_category"}),
    "POST /2/media/upload/initialize $": frozenset({"media_type", "media_category", "total_bytes"}),
    "POST /2/media/metadata $.metadata": frozenset({"alt_text"}),
}
"""Fields X knows and this fake carries out; asking for another is a breach, so that no test believes it was done."""

TWEET_FIELDS = frozenset(
    {
        "attachments",
        "author_id",
        "created_at",
        "edit_controls",
        "edit_history_tweet_ids",
        "entities",
        "id",
        "note_tweet",
        "text",
    }
)
USER_FIELDS = frozenset({"created_at", "id", "name", "subscription_type", "username"})

_ID = re.compile(r"[0-9]{1,19}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Breach:
    """One way in which a request is not what X takes.

    Attributes:
        where: JSON path, or the parameter's name.
        message: In X's words where they are on record.
        value: What stood there.
    """

    where: str
    message: str
    value: str = ""


def _is_id(name: str, value: str) -> str | None:
    return (
        None if _ID.fullmatch(value) else f"The `{name}` query parameter value [{value}] does not match ^[0-9]{{1,19}}$"
    )


def _is_within(low: int, high: int, name: str, value: str) -> str | None:
    within = value.isascii() and value.isdecimal() and low <= int(value) <= high
    return None if within else f"The `{name}` query parameter value [{value}] is not between {low} and {high}"


def _is_among(known: frozenset[str], name: str, value: str) -> str | None:
    unknown = [each for each in value.split(",") if each not in known]
    return f"The `{name}` query parameter value [{unknown[0]}] is not one of {sorted(known)}" if unknown else None


def _is_moment(name: str, value: str) -> str | None:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        well = False
    else:
        well = bool(_MOMENT.fullmatch(value))
    return None if well else f"The `{name}` query parameter value [{value}] is not a valid time"


def _is_given(name: str, value: str) -> str | None:
    return None if value else f"The `{name}` query parameter can not be empty"


_Check = Callable[[str, str], str | None]

_TWEETS: dict[str, _Check] = {"tweet.fields": partial(_is_among, TWEET_FIELDS)}
_QUERIES: Mapping[Endpoint, Mapping[str, _Check]] = {
    Endpoint.LOOKUP: _TWEETS,
    Endpoint.ME: {"user.fields": partial(_is_among, USER_FIELDS)},
    Endpoint.TIMELINE: {
        **_TWEETS,
        "max_results": partial(_is_within, 5, 100),
        "since_id": _is_id,
        "until_id": _is_id,
        "start_time": _is_moment,
        "end_time": _is_moment,
        "pagination_token": _is_given,
        "exclude": partial(_is_among, frozenset({"replies", "retweets"})),
    },
    Endpoint.STATUS: {"media_id": _is_id, "command": partial(_is_among, frozenset({"STATUS"}))},
}
_REQUIRED: Mapping[Endpoint, frozenset[str]] = {Endpoint.STATUS: frozenset({"media_id", "command"})}
"""`command` is optional in the specification and in every example of the docs given."""


class Shape:
    """The three witnesses.

    Args:
        spec: Where X's OpenAPI document may lie; absent is allowed, and `has_spec` tells.
    """

    def __init__(self, spec: Path = SPEC) -> None:
        self._document = _read(spec) if spec.exists() else {}

    @property
    def has_spec(self) -> bool:
        """Whether X's own document was there to ask."""
        return bool(self._document)

    def body_breaches(self, endpoint: Endpoint, body: object) -> list[Breach]:
        """Everything wrong with a JSON body, or with the fields of a multipart one."""
        if not isinstance(body, dict):
            return [Breach("$", "Request body must be a JSON object.", repr(body)[:80])]
        return [
            *_model_breaches(_MODELS[endpoint], body),
            *_unplayed(endpoint, "$", body),
            *_own_breaches(endpoint, body),
            *self._schema_breaches(endpoint, body),
        ]

    def query_breaches(self, endpoint: Endpoint, path: Mapping[str, str], query: list[tuple[str, str]]) -> list[Breach]:
        """Everything wrong with the ids in the path and the parameters of the query."""
        checks = _QUERIES.get(endpoint, {})
        given = [name for name, _ in query]
        found = [Breach(name, f"The `{name}` query parameter is required") for name in _REQUIRED.get(endpoint, ())]
        breaches = [breach for breach in found if breach.where not in given]
        breaches += [Breach(name, "is given twice") for name in set(given) if given.count(name) > 1]
        for name, value in path.items():
            message = _is_id(name, value)
            breaches += [Breach(name, message, value)] if message else []
        for name, value in query:
            known = f"The query parameter [{name}] is not one of [{','.join(checks)}]"
            message = checks[name](name, value) if name in checks else known
            breaches += [Breach(name, message, value)] if message else []
        return breaches + list(self._parameter_breaches(endpoint, {**path, **dict(query)}))

    def _operation(self, endpoint: Endpoint) -> dict[str, Any]:
        operation: dict[str, Any] = self._document["paths"][endpoint.path][endpoint.method.lower()]
        return operation

    def _schema_breaches(self, endpoint: Endpoint, body: dict[str, Any]) -> Iterator[Breach]:
        if not self._document:
            return
        schema = self._operation(endpoint)["requestBody"]["content"]["application/json"]["schema"]
        for error in self._validator(schema).iter_errors(body):
            if error.validator != "additionalProperties":  # The SDK, being newer, says which fields exist.
                yield Breach(error.json_path, f"{error.json_path}: {error.message[:300]}", repr(error.instance)[:80])

    def _parameter_breaches(self, endpoint: Endpoint, given: Mapping[str, str]) -> Iterator[Breach]:
        if not self._document:
            return
        for described in self._operation(endpoint).get("parameters", []):
            parameter = self._resolved(described)
            name = parameter["name"]
            if name in given:
                schema = self._resolved(parameter["schema"])
                for error in self._validator(schema).iter_errors(_typed(schema, given[name])):
                    yield Breach(name, f"{name}: {error.message[:300]}", given[name])
            elif parameter.get("required"):
                yield Breach(name, f"The `{name}` parameter is required")

    def _resolved(self, node: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in node:
            target: Any = self._document
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            node = target
        return node

    def _validator(self, schema: dict[str, Any]) -> OAS30Validator:
        return OAS30Validator({**schema, "components": self._document["components"]})


@cache
def _read(spec: Path) -> dict[str, Any]:
    """X's document, read once for all fakes (750 kB, 9 ms each time); nobody writes into it."""
    document: dict[str, Any] = json.loads(spec.read_bytes())
    return document


def _typed(schema: Mapping[str, Any], value: str) -> object:
    """A parameter as its schema types it: the specification writes lists with commas (`explode: false`)."""
    match schema.get("type"):
        case "integer" if value.isdecimal():
            return int(value)
        case "array":
            return value.split(",")
        case _:
            return value


def _model_breaches(model: type[BaseModel], body: dict[str, Any]) -> Iterator[Breach]:
    try:
        read = model.model_validate(body, strict=True)
    except ValidationError as failed:
        for error in failed.errors():
            where = ".".join(["$", *map(str, error["loc"])])
            yield Breach(where, f"{where}: {error['msg']}", repr(error["input"])[:80])
    else:
        yield from _unknown(read, "$")


def _unknown(read: object, where: str) -> Iterator[Breach]:
    """Every field that the models let pass (`extra="allow"`) and do not know, at any depth."""
    if isinstance(read, list):
        for index, each in enumerate(read):
            yield from _unknown(each, f"{where}[{index}]")
    if not isinstance(read, BaseModel):
        return
    for name, value in (read.model_extra or {}).items():
        at = f"{where}.{name}"
        unknown = "is not defined in the schema and the schema does not allow additional properties"
        yield Breach(at, f"{at}: {unknown}", repr(value)[:80])
    for name in read.model_fields_set & set(type(read).model_fields):
        yield from _unknown(getattr(read, name), f"{where}.{name}")


def _unplayed(endpoint: Endpoint, where: str, body: Mapping[str, Any]) -> Iterator[Breach]:
    played = _PLAYED.get(f"{endpoint} {where}")
    for name, value in body.items():
        if played is not None and name not in played:
            yield Breach(f"{where}.{name}", f"{where}.{name}: this fake does not play it", repr(value)[:80])
        if isinstance(value, dict):
            yield from _unplayed(endpoint, f"{where}.{name}", value)


def _own_breaches(endpoint: Endpoint, body: Mapping[str, Any]) -> Iterator[Breach]:
    """Numbers that the specification states and the SDK's models leave out."""
    for where, value in _ids_in(body):
        if not _ID.fullmatch(str(value)):
            yield Breach(where, f"{where}: does not match the regex pattern ^[0-9]{{1,19}}$", repr(value)[:80])
    numbers = _NUMBERS.get(endpoint)
    if numbers is not None:
        yield from numbers(body)


def _attached(body: Mapping[str, Any]) -> Iterator[Breach]:
    ids = _at(body, "media", "media_ids")
    if isinstance(ids, list) and not 1 <= len(ids) <= 4:
        yield Breach("$.media.media_ids", "$.media.media_ids: takes 1 to 4 ids", repr(ids)[:80])


def _announced(body: Mapping[str, Any]) -> Iterator[Breach]:
    for name in sorted({"media_type", "media_category", "total_bytes"} - set(body)):
        yield Breach(f"$.{name}", f"$.{name}: is missing but it is required")


def _counted(body: Mapping[str, Any]) -> Iterator[Breach]:
    index = body.get("segment_index")
    if isinstance(index, int) and not 0 <= index <= 999:
        yield Breach("$.segment_index", "$.segment_index: must be within 0 to 999", str(index))


def _described(body: Mapping[str, Any]) -> Iterator[Breach]:
    alt = _at(body, "metadata", "alt_text", "text")
    if isinstance(alt, str) and len(alt) > 1000:
        yield Breach("$.metadata.alt_text.text", "$.metadata.alt_text.text: may only be 1000 characters long")


_NUMBERS: Mapping[Endpoint, Callable[[Mapping[str, Any]], Iterable[Breach]]] = {
    Endpoint.CREATE: _attached,
    Endpoint.INITIALIZE: _announced,
    Endpoint.APPEND: _counted,
    Endpoint.METADATA: _described,
}


def _ids_in(body: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    media_ids = _at(body, "media", "media_ids")
    for index, each in enumerate(media_ids if isinstance(media_ids, list) else ()):
        yield f"$.media.media_ids[{index}]", each
    for path in (("id",), ("quote_tweet_id",), ("edit_options", "previous_post_id"), ("reply", "in_reply_to_tweet_id")):
        value = _at(body, *path)
        if value is not None:
            yield ".".join(("$", *path)), value


def _at(body: object, *path: str) -> object:
    for step in path:
        body = body.get(step) if isinstance(body, dict) else None
    return body
