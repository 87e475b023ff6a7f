"""The second reading of a request's shape: the Bot API as the specification file by PaulSonOfLars has it."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Self

Json = dict[str, Any]

_ARRAY = "Array of "
_PRIMITIVES: dict[str, tuple[type, ...]] = {
    "Integer": (int,),
    "Boolean": (bool,),
    "String": (str,),
    "Float": (int, float),
    # A file part stands in the parameters as its attach:// reference.
    "InputFile": (str,),
}


class SpecBook:
    """Checks parameters recursively: names, required ones, types.

    Args:
        book: The parsed specification file.
    """

    def __init__(self, book: Json) -> None:
        self.version: str = book["version"]
        """As the file says it, such as "Bot API 10.1"."""
        self._methods: Json = book["methods"]
        self._types: Json = book["types"]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read the file (once in a process: it has a megabyte)."""
        return cls(_parsed(path))

    def oddities(self, method: str, parameters: Json) -> list[str]:
        """Say what is wrong with a call's parameters, a sentence each."""
        known = self._methods.get(method)
        if known is None:
            return [f"{method}: not in {self.version}"]
        return self._object(known.get("fields", []), parameters, method)

    def _object(self, fields: list[Json], value: Json, path: str) -> list[str]:
        known = {field["name"]: field for field in fields}
        oddities = [f"{path}.{name}: not in {self.version}" for name in value if name not in known]
        for name, field in known.items():
            if name in value:
                oddities += self._any_of(field["types"], value[name], f"{path}.{name}")
            elif field["required"]:
                oddities.append(f"{path}.{name}: required")
        return oddities

    def _any_of(self, types: list[str], value: object, path: str) -> list[str]:
        """Give the complaints of the type that has the fewest."""
        return min((self._one(kind, value, path) for kind in types), key=len)

    def _one(self, kind: str, value: object, path: str) -> list[str]:
        if kind.startswith(_ARRAY):
            if not isinstance(value, list):
                return [f"{path}: expected {kind}"]
            inner = kind.removeprefix(_ARRAY)
            return [
                oddity for number, each in enumerate(value) for oddity in self._one(inner, each, f"{path}[{number}]")
            ]
        if kind in _PRIMITIVES:
            # In Python a bool is an int; in the Bot API it is not.
            fits = isinstance(value, _PRIMITIVES[kind]) and (kind == "Boolean" or not isinstance(value, bool))
            return [] if fits else [f"{path}: expected {kind}"]
        if not isinstance(value, dict):
            return [f"{path}: expected {kind}"]
        described = self._types[kind]
        if "subtypes" in described:
            return self._any_of(self._candidates(described["subtypes"], value), value, path)
        return self._object(described.get("fields", []), value, path)

    def _candidates(self, kinds: list[str], value: Json) -> list[str]:
        """Narrow a family down by its `type` field: "Type of the media, must be photo"."""
        wanted = f"must be {value.get('type')}"
        named = [kind for kind in kinds if wanted in self._description_of_type(kind)]
        return named or kinds

    def _description_of_type(self, kind: str) -> str:
        fields = self._types[kind].get("fields", [])
        return next((str(field["description"]) for field in fields if field["name"] == "type"), "")


@cache
def _parsed(path: Path) -> Json:
    book: Json = json.loads(path.read_text(encoding="utf-8"))
    return book
