"""A text with its twin: Arabic first, then English; where a number stands in it, one text for each plural form."""

from collections.abc import Mapping
from typing import Literal

Language = Literal["ar", "en"]
Form = Literal["zero", "one", "two", "few", "many", "other"]
"""CLDR's plural forms: Arabic has all six, English `one` and `other`."""

Twin = Mapping[Language, str]
Plural = Mapping[Form, str]
"""The form is chosen by the part `count`."""
Texts = Mapping[str, Mapping[Language, str | Plural]]
