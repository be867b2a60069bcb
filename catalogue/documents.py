"""Canonical documents: located problems, checksums, and the step from JSON values to frozen types."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
import rfc8785


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong and where: `learning_outcomes[2].text.de`; an empty place means the whole document."""

    place: str
    message: str


class InvalidContentError(Exception):
    """A document breaks the schema or the rules; nothing was stored."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f"{p.place or 'document'}: {p.message}" for p in problems[:5]))
        self.problems = problems


def located(messages: Any, place: str = "") -> Iterator[Problem]:
    """Flatten marshmallow's nested messages into places with one message each."""
    if isinstance(messages, Mapping):
        for key, value in messages.items():
            yield from located(value, _step(place, key))
    elif isinstance(messages, list | tuple):
        for value in messages:
            yield from located(value, place)
    else:
        # A text as it is: it may know how to be said in other languages.
        yield Problem(place, messages if isinstance(messages, str) else str(messages))


def _step(place: str, key: object) -> str:
    if key == "_schema":
        return place
    if isinstance(key, int):
        return f"{place}[{key}]"
    return f"{place}.{key}" if place else str(key)


def canonical_bytes(document: Mapping[str, Any]) -> bytes:
    """Canonical JSON (RFC 8785): the same content always gives the same bytes."""
    return rfc8785.dumps(document)


def checksum(document: Mapping[str, Any]) -> str:
    """SHA-256 over canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical_bytes(document)).hexdigest()


T = TypeVar("T")


def typed(document: Mapping[str, Any], kind: type[T]) -> T:
    """A canonical document as a frozen dataclass: dates, moments and decimals become what they mean."""
    return msgspec.convert(document, kind)
