"""Marshmallow fields shared by the schemas: multilingual text, codes, links; strict in, canonical out.

`load` turns a document in any accepted spelling into the canonical one (plain JSON values); it refuses HTML,
control characters, unknown codes and languages, each with a message at its place.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any
from urllib.parse import urlsplit

from marshmallow import Schema, ValidationError, fields, validate

from catalogue.i18n import CONTENT_LANGUAGES
from catalogue.vocabularies import vocabulary

# The default language of the document being loaded: nested schemas cannot see their root.
default_language: ContextVar[str | None] = ContextVar("default_language", default=None)

ORIGINS = ("original", "translated", "machine")
TITLE_LENGTH, TEXT_LENGTH, NAME_LENGTH = 300, 20_000, 300

_TAG = re.compile(r"<\s*/?\s*[a-zA-Z][^<>]*>|<!--|<!\[")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffd\ufeff]")
_EMAIL = re.compile(r"[^@\s<>\"']{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}")
_DURATION = re.compile(r"P(?!$)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?)?")


def clean_text(value: object, limit: int) -> str:
    """Plain text in NFC, outer space off. Raises ValidationError for markup, unseen characters, length."""
    if not isinstance(value, str):
        raise ValidationError("Not a text.")
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not text:
        raise ValidationError("Empty text: leave the key out when it is not stated.")
    if len(text) > limit:
        raise ValidationError(f"Longer than {limit} characters.")
    if _TAG.search(text):
        raise ValidationError("Holds markup; texts are plain text.")
    if _UNSEEN.search(text):
        raise ValidationError("Holds control or unreadable characters.")
    return text


class PlainText(fields.Field[str]):
    """One line or more of plain text, without a language (names, identifiers)."""

    def __init__(self, limit: int = NAME_LENGTH, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.limit = limit

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        return clean_text(value, self.limit)


class MultilingualText(fields.Field[dict[str, Any]]):
    """A text per language with its origin; `{de: "..."}` is short for the canonical form.

    In the short form the text in the document's default language is the original, others are translations by
    the provider. Errors name the language.
    """

    def __init__(self, limit: int = TEXT_LENGTH, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.limit = limit

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping) or not value:
            raise ValidationError('Not a text by language, such as {"en": "..."}.')
        errors: dict[str, list[str]] = {}
        texts = {}
        for language, entry in value.items():
            try:
                texts[language] = self._entry(language, entry)
            except ValidationError as error:
                errors[str(language)[:20]] = [str(message) for message in error.messages]
        if errors:
            raise ValidationError(errors)
        return {language: texts[language] for language in sorted(texts)}

    def _entry(self, language: object, entry: object) -> dict[str, str]:
        if language not in CONTENT_LANGUAGES:
            raise ValidationError("Unknown language; texts are in the 24 official languages of the EU.")
        if not isinstance(entry, Mapping):
            origin = "original" if default_language.get() in {None, language} else "translated"
            return {"text": clean_text(entry, self.limit), "origin": origin}
        if set(entry) - {"text", "origin"}:
            raise ValidationError("Unknown key; a text has `text` and `origin`.")
        origin = entry.get("origin", "original")
        if origin not in ORIGINS:
            raise ValidationError(f"Unknown origin; one of {', '.join(ORIGINS)}.")
        return {"text": clean_text(entry.get("text"), self.limit), "origin": str(origin)}


class Code(fields.Field[str]):
    """A code of a vocabulary."""

    def __init__(self, name: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.name_of_vocabulary = name

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        if not isinstance(value, str) or not vocabulary(self.name_of_vocabulary).known(value):
            raise ValidationError(f"Unknown code {str(value)[:40]!r} of {self.name_of_vocabulary}.")
        return value


class Codes(fields.List[str]):
    """Codes of a vocabulary, at least one, each once."""

    def __init__(self, name: str, most: int = 60, **kwargs: Any) -> None:
        super().__init__(Code(name), validate=[validate.Length(1, most), _each_once], **kwargs)


def _each_once(values: list[Any]) -> None:
    if len(set(values)) != len(values):
        raise ValidationError("A value stands twice.")


class WebLink(fields.Field[str]):
    """An http or https address without credentials."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        text = clean_text(value, 2000)
        try:
            parts = urlsplit(text)
        except ValueError as error:
            raise ValidationError("Not a web address.") from error
        well = parts.scheme in {"http", "https"} and parts.hostname and not parts.username
        if not well or re.search(r"[\s<>\"\\]", text):
            raise ValidationError("Not a web address: it starts with http:// or https://.")
        return text


class Email(fields.Field[str]):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        text = clean_text(value, 255)
        if not _EMAIL.fullmatch(text):
            raise ValidationError("Not an e-mail address.")
        return text


class Amount(fields.Field[float]):
    """A number with at most two decimals within bounds; booleans and texts are refused."""

    def __init__(self, low: float, high: float, *, whole: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.low, self.high, self.whole = low, high, whole

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value:  # noqa: PLR0124
            raise ValidationError("Not a number.")
        if not self.low <= value <= self.high:
            raise ValidationError(f"Not between {self.low:g} and {self.high:g}.")
        if round(value, 0 if self.whole else 2) != value:
            raise ValidationError("Not a whole number." if self.whole else "More than two decimals.")
        return int(value) if float(value).is_integer() else value


class Day(fields.Field[str]):
    """A calendar date, ISO 8601, between 1950 and 2150."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        try:
            if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
                raise ValueError
            day = dt.date.fromisoformat(value)
        except ValueError as error:
            raise ValidationError("Not a date such as 2027-03-01.") from error
        if not 1950 <= day.year <= 2150:  # noqa: PLR2004
            raise ValidationError("Not a plausible year.")
        return value


class Moment(fields.Field[str]):
    """A moment with its offset from UTC. A bare date is the last minute of that day in UTC or its first."""

    def __init__(self, *, end_of_day: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.end_of_day = end_of_day

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            value += "T23:59:00+00:00" if self.end_of_day else "T00:00:00+00:00"
        try:
            moment = dt.datetime.fromisoformat(value if isinstance(value, str) else "")
        except ValueError as error:
            raise ValidationError("Not a date, nor a moment such as 2027-03-01T18:00:00+01:00.") from error
        if moment.tzinfo is None:
            raise ValidationError("The moment lacks its offset from UTC, such as +01:00.")
        if not 1950 <= moment.year <= 2150:  # noqa: PLR2004
            raise ValidationError("Not a plausible year.")
        return moment.isoformat(timespec="seconds")


class Duration(fields.Field[str]):
    """An ISO 8601 duration such as P8W or PT20H."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        if not isinstance(value, str) or not _DURATION.fullmatch(value) or len(value) > 20:  # noqa: PLR2004
            raise ValidationError("Not a duration such as P8W or PT20H (ISO 8601).")
        return value


class Flag(fields.Field[bool]):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("Neither true nor false.")
        return value


def many(schema: type[Schema], most: int = 60, **kwargs: Any) -> fields.List[Any]:
    """One or more documents of a schema."""
    return fields.List(fields.Nested(schema), validate=validate.Length(1, most), **kwargs)


def one(schema: type[Schema], **kwargs: Any) -> fields.Nested:
    return fields.Nested(schema, **kwargs)
