"""The shape of a Bot API request: its encoding, its parameters and their types, checked by two independent readings.

Always on: aiogram's models of the Bot API's methods, in strict mode, with every unknown or outdated field refused.
On when the file is there: the machine-readable specification by PaulSonOfLars, a reading of the documentation page by
other hands. What aiogram knows and the specification does not (or the other way round) is refused.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import aiogram
from aiogram import methods
from aiogram.methods.base import TelegramMethod
from aiogram.types import InputFile
from aiohttp import BodyPartReader, web
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from tests.support.telegram_spec import SpecBook

Json = dict[str, Any]

SPEC_PATH = Path(__file__).parents[2].parent / "shared/specs/telegram/bot-api-10.1.PaulSonOfLars.json"
"""Beside the repository, never in it; the layer is off where it is absent."""

_ATTACH = "attach://"
_FILE_KEYS = frozenset({"media", "photo", "thumbnail", "cover", "document", "certificate"})
_INTEGER = re.compile(r"-?\d{1,19}")


@dataclass(frozen=True, slots=True)
class Upload:
    """One file part of a multipart body."""

    name: str
    filename: str
    content: bytes


@dataclass(slots=True)
class Call:
    """One request as it was understood.

    Attributes:
        method: The method's name in its official spelling (or as it was asked for, when there is no such method).
        parameters: Parameter values by name; JSON-serialized ones are parsed.
        uploads: File parts by their name.
        at: Monotonic seconds of its arrival.
        status: HTTP status of the answer; None while there is none, and when a fault took its place.
        oddities: What is wrong with its shape, a sentence each.
    """

    method: str
    parameters: Json
    uploads: dict[str, Upload]
    at: float
    status: int | None = None
    oddities: list[str] = field(default_factory=list)


class Shape:
    """Reads requests and judges their shape.

    Args:
        spec: The specification file; its layer is off when the file does not exist.
    """

    def __init__(self, spec: Path = SPEC_PATH) -> None:
        self._spec = SpecBook.read(spec) if spec.exists() else None

    @property
    def layers(self) -> tuple[str, ...]:
        """Say which readings are on."""
        first = f"aiogram {aiogram.__version__} (Bot API {aiogram.__api_version__})"
        return (first,) if self._spec is None else (first, f"PaulSonOfLars ({self._spec.version})")

    async def read(self, name: str, request: web.Request, at: float) -> Call:
        """Read a request from the wire; what is wrong with it stands in `oddities`."""
        fields, uploads = await _read(request)
        model = _models().get(name.lower())
        if model is None:
            return Call(name, fields, uploads, at)
        method = str(model.__api_method__)
        call = Call(method, {}, uploads, at)
        for key, raw in fields.items():
            try:
                call.parameters[key] = _decoded(raw, model.model_fields.get(key))
            except ValueError as error:
                call.parameters[key] = raw
                call.oddities.append(f"{method}.{key}: {error}")
        call.oddities += _attached(call, model.model_fields)
        call.oddities += [f"{method}.{oddity}" for oddity in _aiogram(model, call.parameters)]
        if self._spec is not None:
            call.oddities += self._spec.oddities(method, call.parameters)
        return call

    def official(self, name: str) -> str:
        """Give a method's name in its official spelling; a name that is none stays as it is."""
        model = _models().get(name.lower())
        return str(model.__api_method__) if model else name

    def exists(self, name: str) -> bool:
        """Tell whether the Bot API has a method of this name, in any spelling."""
        return name.lower() in _models()


async def _read(request: web.Request) -> tuple[Json, dict[str, Upload]]:
    """Read the query and the body in any of the four encodings of the Bot API (core.telegram.org/bots/api, "Making requests")."""
    fields: Json = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.content_type == "multipart/form-data":
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader) and part.name:
                content = bytes(await part.read())
                if part.filename is None:
                    fields[part.name] = content.decode()
                else:
                    uploads[part.name] = Upload(part.name, part.filename, content)
    elif request.content_type == "application/json":
        fields |= json.loads(await request.read() or b"{}")
    else:
        fields |= {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
    return fields, uploads


def _decoded(raw: object, info: FieldInfo | None) -> object:
    """Give the value that a form field stands for.

    Raises:
        ValueError: It is no value of the parameter's type.
    """
    if info is None or not isinstance(raw, str):
        return raw
    leaves = set(_leaves(info.annotation))
    if any(leaf is list or (isinstance(leaf, type) and issubclass(leaf, BaseModel)) for leaf in leaves):
        return json.loads(raw)
    if bool in leaves:
        if raw not in {"true", "false"}:
            raise ValueError(f"expected true or false, not {raw!r}")
        return raw == "true"
    if int in leaves:
        if _INTEGER.fullmatch(raw):
            return int(raw)
        if str not in leaves:
            raise ValueError(f"expected an integer, not {raw!r}")
    return float(raw) if float in leaves else raw


def _leaves(annotation: object) -> Iterator[object]:
    origin = get_origin(annotation)
    if origin in {Union, UnionType}:
        for argument in get_args(annotation):
            yield from _leaves(argument)
    elif origin is Annotated:
        yield from _leaves(get_args(annotation)[0])
    elif origin is Literal:
        yield str
    else:
        yield origin or annotation


def _attached(call: Call, fields: Mapping[str, FieldInfo]) -> list[str]:
    """Put each upload in its place; every part must have a place, every place its part."""
    oddities = []
    for name in call.uploads:
        if name in fields and InputFile in set(_leaves(fields[name].annotation)):
            if name in call.parameters:
                oddities.append(f"{call.method}.{name}: given both as a file and as text")
            call.parameters[name] = f"{_ATTACH}{name}"
    wanted = {value.removeprefix(_ATTACH) for value in _references(call.parameters)}
    oddities += [f"{call.method}: nothing refers to the uploaded part {name}" for name in call.uploads.keys() - wanted]
    oddities += [f"{call.method}: no uploaded part is named {name}" for name in wanted - call.uploads.keys()]
    return oddities


def _references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in _FILE_KEYS and isinstance(inner, str) and inner.startswith(_ATTACH):
                yield inner
            else:
                yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


@cache
def _models() -> dict[str, type[TelegramMethod[Any]]]:
    """Map aiogram's method models by their lower-case names: the server takes a name in any spelling."""
    found = (getattr(methods, name) for name in methods.__all__)
    return {
        model.__api_method__.lower(): model
        for model in found
        if isinstance(model, type) and issubclass(model, TelegramMethod) and isinstance(model.__api_method__, str)
    }


def _aiogram(model: type[TelegramMethod[Any]], parameters: Json) -> Iterator[str]:
    try:
        understood = model.model_validate(parameters, strict=True)
    except ValidationError as error:
        for problem in error.errors():
            yield f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}"
    else:
        yield from strangers(understood)


def strangers(value: object, path: str = "") -> Iterator[str]:
    """Find fields that the models do not know (they let them pass) or keep only for the sake of old bots."""
    if isinstance(value, BaseModel):
        for name in value.model_extra or {}:
            yield f"{path}{name}: unknown field"
        for name, info in type(value).model_fields.items():
            if name in value.model_fields_set:
                if isinstance(info.json_schema_extra, dict) and info.json_schema_extra.get("deprecated"):
                    yield f"{path}{name}: outdated field"
                yield from strangers(getattr(value, name), f"{path}{name}.")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from strangers(inner, f"{path}{number}.")
