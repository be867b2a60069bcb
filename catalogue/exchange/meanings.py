"""What the cells of a foreign column mean: codes behind labels, the sign between values, how days are written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from marshmallow import fields

from catalogue.exchange.flat import FLAGS, SEPARATOR, ColumnError, leaf
from catalogue.exchange.headings import folded
from catalogue.exchange.mapping import DATES, REFERENCE, Column
from catalogue.fields import Code, Day, Flag, Moment
from catalogue.i18n import INTERFACE_LANGUAGES
from catalogue.offers.schema import OfferSchema
from catalogue.vocabularies import vocabulary

LANGUAGES: Final = tuple(dict.fromkeys((*INTERFACE_LANGUAGES, "it", "pt")))
MOST_VALUES: Final = 300
SIGNS: Final = ("|", ";", ",", "/", "\n", "+")
_SCHEMA: Final = OfferSchema()
_YES: Final = "ja oui si sì sí sim taip ναι x wahr vrai vero verdadeiro y"
_NO: Final = "nein non não ne όχι oxi falsch faux falso n -"
_OTHER_FLAGS: Final = {**dict.fromkeys(_YES.split(), "true"), **dict.fromkeys(_NO.split(), "false")}


def read_values(element: str, cells: Sequence[str]) -> tuple[Column, tuple[str, ...]]:
    """How the cells of a column for an element are to be read, and those that remain unknown."""
    field = None if element == REFERENCE else _field(element)
    if isinstance(field, Day | Moment):
        return Column(element, dates=_dates(cells)), ()
    if isinstance(field, Flag):
        found = {cell: _OTHER_FLAGS[cell.casefold()] for cell in cells if cell.casefold() in _OTHER_FLAGS}
        unknown = (cell for cell in cells if cell not in found and cell.casefold() not in FLAGS)
        return Column(element, {key.casefold(): code for key, code in found.items()}), tuple(unknown)
    name = _vocabulary(element, field)
    if name is None:
        return Column(element), ()
    signs = SIGNS if isinstance(field, fields.List) else ()
    return _codes(element, name, cells, signs)


def _field(element: str) -> fields.Field[Any] | None:
    try:
        return leaf(_SCHEMA, element)
    except ColumnError:
        return None


def _vocabulary(element: str, field: fields.Field[Any] | None) -> str | None:
    inner = field.inner if isinstance(field, fields.List) else field
    if element == "default_language":
        return "language"
    return inner.name_of_vocabulary if isinstance(inner, Code) else None


def _codes(
    element: str, name: str, cells: Sequence[str], signs: Sequence[str]
) -> tuple[Column, tuple[str, ...]]:
    """The reading that leaves the fewest values unknown: cells as a whole, or divided by one of the signs."""
    readings = [_reading(element, name, cells, sign) for sign in ("", *signs)]
    return min(readings, key=lambda reading: len(reading[1]))


def _reading(element: str, name: str, cells: Sequence[str], sign: str) -> tuple[Column, tuple[str, ...]]:
    parts = [part.strip() for cell in cells for part in (cell.split(sign) if sign else [cell])]
    values, unknown = {}, []
    for part in dict.fromkeys(part for part in parts if part):
        if vocabulary(name).known(part):
            continue
        code = _labels(name).get(folded(part))
        if code is None:
            unknown.append(part)
        else:
            values[" ".join(part.casefold().split())] = code
    separator = "" if sign == SEPARATOR and not values else sign
    return Column(element, values, separator), tuple(unknown)


@cache
def _labels(name: str) -> dict[str, str]:
    """Codes by folded label in every language; a label of two codes means neither."""
    found: dict[str, str] = {}
    for code in vocabulary(name).codes:
        for label in {folded(code), *(folded(vocabulary(name).label(code, each).text) for each in LANGUAGES)}:
            found[label] = code if found.get(label, code) == code else ""
    return {label: code for label, code in found.items() if code and label}


def _dates(cells: Sequence[str]) -> str:
    """The first way to write days that fits all cells; days come before months, as in most of Europe."""
    fitting = (pattern for pattern in DATES if cells and all(_is_day(cell, pattern) for cell in cells))
    found = next(fitting, DATES[0])
    return "" if found == DATES[0] else found


def _is_day(cell: str, pattern: str) -> bool:
    sign = next(sign for sign in pattern if not sign.isalpha())
    numbers = cell.strip().split(sign)
    if len(numbers) != 3 or not all(re.fullmatch(r"\d{1,4}", number) for number in numbers):  # noqa: PLR2004
        return False
    said = {key: int(number) for key, number in zip(pattern.split(sign), numbers, strict=True)}
    return said["YYYY"] >= 1000 and 1 <= said["MM"] <= 12 and 1 <= said["DD"] <= 31  # noqa: PLR2004
