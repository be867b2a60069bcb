"""Which element a heading of a foreign spreadsheet means, in eight languages, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from anyascii import anyascii
from rapidfuzz import fuzz, process, utils

from catalogue import plain_yaml
from catalogue.exchange.flat import ColumnError, leaf
from catalogue.exchange.mapping import REFERENCE
from catalogue.i18n import CONTENT_LANGUAGES, N_, language_name
from catalogue.offers.schema import OfferSchema

FILE: Final = Path(__file__).with_name("headings.yaml")
LANGUAGES: Final = ("en", "de", "fr", "es", "it", "pt", "lt", "el")
LIKE: Final = 84.0
AS_IS: Final = N_("the name of the element itself")
MEANS: Final = N_("“%(heading)s” is known, in the language “%(language)s”")
RESEMBLES: Final = N_("resembles “%(heading)s”, in the language “%(language)s”")
_NUMBER: Final = re.compile(r"(?<!\w)([1-9]\d?)(?!\w)|(?<=[^\W\d_])([1-9]\d?)$")
_SCHEMA: Final = OfferSchema()


@dataclass(frozen=True, slots=True)
class Meaning:
    """element: without the language of a text. language: that of the heading; said: one that the heading names.

    confidence: 0 to 1. message and known: why, and the known heading that was found.
    """

    element: str
    confidence: float
    message: str
    known: str = ""
    language: str = ""
    said: str = ""


def folded(text: str) -> str:
    """Lower case, without marks and signs: Modalità d’esame -> modalita d esame."""
    return utils.default_process(anyascii(text)).strip()


def _spaced(text: str) -> str:
    return " ".join(folded(text).split())


@cache
def known() -> dict[str, list[tuple[str, str, str]]]:
    """Elements with language and spelling, by folded heading."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for element, by_language in plain_yaml.read(FILE.read_bytes()).items():
        for language, headings in by_language.items():
            for heading in headings.split(", "):
                found.setdefault(_spaced(heading), []).append((element, language, heading))
    return found


@cache
def _language_words() -> dict[str, str]:
    """Codes and names of content languages in the languages of headings, and adjectives as people write them."""
    words = {code: code for code in CONTENT_LANGUAGES}
    for code in CONTENT_LANGUAGES:
        for language in (*LANGUAGES, code):
            words.setdefault(_spaced(language_name(code, language)), code)
    return words


def _without_language(words: list[str]) -> tuple[list[str], str]:
    """The words of a heading without the language it ends with: `title (EN)`, `Titolo inglese`, `title_en`."""
    languages = _language_words()
    if len(words) > 1 and words[-1] in languages:
        rest = words[:-1]
        return (rest[:-1] if len(rest) > 1 and rest[-1] in {"in", "en", "em"} else rest), languages[words[-1]]
    return words, ""


def meanings(heading: str, prefer: str = "") -> Iterator[Meaning]:
    """What a heading may mean, the surest first; `prefer`: the language that other headings are in."""
    if _is_element(heading):
        yield Meaning(heading, 1.0, AS_IS)
        return
    number = next((int(match[1] or match[2]) for match in _NUMBER.finditer(folded(heading))), 1)
    plain = _NUMBER.sub(" ", _spaced(heading.replace("_", " ")))
    words, said = _without_language(plain.split())
    text = " ".join(words)
    seen: set[str] = set()
    for spelling, score in _candidates(text):
        for element, language, original in sorted(known()[spelling], key=lambda entry: entry[1] != prefer):
            if element in seen:
                continue
            seen.add(element)
            exact = spelling == text
            yield Meaning(
                element.replace("*", str(number)),
                round(0.95 if exact else score / 100 * 0.85, 2),
                MEANS if exact else RESEMBLES,
                original,
                language,
                said,
            )


def _candidates(text: str) -> list[tuple[str, float]]:
    if not text:
        return []
    if text in known():
        return [(text, 100.0)]
    near = process.extract(text, known().keys(), scorer=fuzz.token_sort_ratio, score_cutoff=LIKE, limit=5)
    return [(spelling, score) for spelling, score, _ in near]


def _is_element(heading: str) -> bool:
    if heading == REFERENCE:
        return True
    try:
        leaf(_SCHEMA, heading)
    except ColumnError:
        return False
    return True
