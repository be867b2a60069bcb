"""Lists kept as files: ISCED-F, NACE, NUTS, and the countries and languages whose names Babel knows.

`data/SOURCES.md` says where each file comes from.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from catalogue.i18n import country_name, language_name, locale
from catalogue.vocabularies.model import Label, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from catalogue.vocabularies.model import Namer

DATA: Final = Path(__file__).resolve().parent / "data"

Rows = dict[str, dict[str, str]]


@cache
def read(name: str) -> Rows:
    """Rows of a file by their code, each a mapping of column to cell."""
    head, *lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    columns = head.split("\t")
    rows = [dict(zip(columns, line.split("\t"), strict=True)) for line in lines]
    return {row["code"]: row for row in rows}


def _column_namer(rows: Rows) -> Namer:
    def label(code: str, language: str) -> Label:
        translated = rows[code].get(language) if language != "code" else None
        return Label(translated, language) if translated else Label(rows[code]["en"], "en")

    return label


def _nested(codes: Mapping[str, object]) -> dict[str, str]:
    """Parents in lists where a narrower code is a broader one with a character added."""
    return {code: code[:-1] for code in codes if code[:-1] in codes}


def isced() -> Vocabulary:
    rows = read("isced-f.tsv")
    return Vocabulary("isced", tuple(rows), _column_namer(rows), _nested(rows))


def nace() -> Vocabulary:
    rows = read("nace.tsv")
    return Vocabulary("nace", tuple(rows), _column_namer(rows))


def nace_rev2() -> Vocabulary:
    rows = read("nace-rev2.tsv")
    return Vocabulary("nace-rev2", tuple(rows), _column_namer(rows))


# The districts of Northern Ireland ran past UKN09 and on to UKN16, without becoming a UKN1.
_NUTS_MISNUMBERED: Final = {f"UKN1{digit}": "UKN0" for digit in range(7)}


def nuts() -> Vocabulary:
    """Regions carry their own name only, whatever language is asked for."""
    rows = read("nuts.tsv")

    def label(code: str, language: str) -> Label:  # noqa: ARG001 (a Namer is asked in a language)
        return Label(rows[code]["label"], rows[code]["language"])

    return Vocabulary("nuts", tuple(rows), label, _nested(rows) | _NUTS_MISNUMBERED)


def _cldr_namer(name: Callable[[str, str], str], names: Callable[[str], Mapping[str, str]]) -> Namer:
    def label(code: str, language: str) -> Label:
        text = name(code, language)
        # A label stands alone: it begins with a capital also where the word does not (français).
        return Label(text[:1].upper() + text[1:], language if code in names(language) else "en")

    return label


def country() -> Vocabulary:
    namer = _cldr_namer(country_name, lambda language: locale(language).territories)
    return Vocabulary("country", tuple(read("country.tsv")), namer)


def language() -> Vocabulary:
    namer = _cldr_namer(language_name, lambda language: locale(language).languages)
    return Vocabulary("language", tuple(read("language.tsv")), namer)
