"""A document as a row of cells and back: paths of keys as column names.

`title.en` is a text, `workload.ects` a number, `runs.1.start` the start of the first run; lists of codes share a
cell, separated by `|`. What a cell means is read from the schema, never guessed from its text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from marshmallow import Schema, fields

from catalogue.documents import Problem
from catalogue.exchange.problems import Sentence
from catalogue.fields import Amount, Day, Flag, Moment, MultilingualText
from catalogue.i18n import N_

SEPARATOR: Final = "|"
MOST_ITEMS: Final = 200
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
UNKNOWN: Final = N_("No element has this name.")
NUMBERED: Final = N_("A number from 1 to %(most)s is expected where “%(step)s” stands.")
PARTS: Final = N_("The column leads to an element with parts; name the part.")
LIST: Final = N_("The column leads to a list; number its items from 1.")
TWICE: Final = N_("Stated twice: as a whole and in parts.")
NO_FLAG: Final = N_("Neither true nor false.")
NO_NUMBER: Final = N_("Not a number such as 2.5.")
DAY_AS_NUMBER: Final = N_("A number stands where a date is expected; format the cell as a date.")
FLAGS: Final = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,400}(?:[.,][0-9]{1,30})?(?:[eE][+-]?[0-9]{1,3})?")
_SERIAL: Final = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")

Cells = Mapping[str, str]


class ColumnError(Exception):
    """A column that no element has, or a cell that its element cannot take; the argument says why."""


def unflatten(
    cells: Cells, schema: Schema, known: Callable[[Schema, str], fields.Field[Any] | None] | None = None
) -> tuple[dict[str, Any], list[Problem]]:
    """The document in a row. Empty cells are left out; unusable ones are reported at their column.

    known: `leaf`, or something that remembers what it said.
    """
    known = known or leaf
    document: dict[str, Any] = {}
    problems = []
    for column, cell in cells.items():
        if not cell.strip():
            continue
        try:
            _put(document, column.split("."), _value(unguarded(cell.strip()), known(schema, column)))
        except ColumnError as error:
            problems.append(Problem(column, error.args[0]))
    return _compact(document), problems


def unguarded(cell: str) -> str:
    """Take off the apostrophe that an export put before what a spreadsheet would take for a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:2] in {*FORMULA, "'"} else cell


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in {*FORMULA, "'"} else cell


def leaf(schema: Schema, column: str) -> fields.Field[Any] | None:
    """The field a column leads to; None for a part of a text. Raises ColumnError."""
    field: fields.Field[Any] | Schema = schema
    for step in column.split("."):
        if isinstance(field, fields.Nested):
            field = field.schema
        if isinstance(field, Schema):
            if step not in field.fields:
                raise ColumnError(Sentence(UNKNOWN))
            field = field.fields[step]
        elif isinstance(field, fields.List) and isinstance(field.inner, fields.Nested):
            if not step.isdigit() or not 1 <= int(step) <= MOST_ITEMS:
                raise ColumnError(Sentence(NUMBERED, most=MOST_ITEMS, step=step))
            field = field.inner
        elif isinstance(field, MultilingualText):
            return None
        else:
            raise ColumnError(Sentence(UNKNOWN))
    if isinstance(field, fields.Nested | MultilingualText | Schema):
        raise ColumnError(Sentence(PARTS))
    if isinstance(field, fields.List) and isinstance(field.inner, fields.Nested):
        raise ColumnError(Sentence(LIST))
    return field


def _value(cell: str, field: fields.Field[Any] | None) -> Any:
    if isinstance(field, Amount):
        return _number(cell)
    if isinstance(field, Flag):
        if cell.lower() not in FLAGS:
            raise ColumnError(Sentence(NO_FLAG))
        return FLAGS[cell.lower()]
    if isinstance(field, Day | Moment) and _SERIAL.fullmatch(cell):
        raise ColumnError(Sentence(DAY_AS_NUMBER))
    if isinstance(field, fields.List):
        return [part.strip() for part in cell.split(SEPARATOR) if part.strip()]
    return cell


def _number(cell: str) -> float:
    if not _NUMBER.fullmatch(cell):
        raise ColumnError(Sentence(NO_NUMBER))
    number = float(cell.replace(",", "."))
    return int(number) if number.is_integer() else number


def _put(document: dict[str, Any], path: list[str], value: Any) -> None:
    here = document
    for step in path[:-1]:
        inner = here.setdefault(step, {})
        if not isinstance(inner, dict):
            raise ColumnError(Sentence(TWICE))
        here = inner
    if path[-1] in here:
        raise ColumnError(Sentence(TWICE))
    here[path[-1]] = value


def _compact(value: Any) -> Any:
    """Numbered keys become lists, in the order of their numbers; gaps close."""
    if not isinstance(value, dict):
        return value
    if value and all(key.isdigit() for key in value):
        return [_compact(value[key]) for key in sorted(value, key=int)]
    return {key: _compact(entry) for key, entry in value.items()}


def flatten(document: Mapping[str, Any]) -> dict[str, str]:
    """The cells of a canonical document; `unflatten` and loading give the same document again."""
    return dict(_cells(document, "", document.get("default_language")))


def _cells(value: Any, path: str, language: str | None) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        if set(value) == {"text", "origin"} and value["origin"] == _implied(path, language):
            yield path, value["text"]
            return
        for key, entry in value.items():
            yield from _cells(entry, f"{path}.{key}" if path else key, language)
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        for number, entry in enumerate(value, start=1):
            yield from _cells(entry, f"{path}.{number}", language)
    elif isinstance(value, list):
        yield path, SEPARATOR.join(value)
    elif isinstance(value, bool):
        yield path, "true" if value else "false"
    else:
        yield path, str(value)


def _implied(path: str, language: str | None) -> str:
    return "original" if path.rpartition(".")[2] == language else "translated"


def column_of(place: str) -> str:
    """The column of a place in a document: `runs[0].start` stands in `runs.1.start`."""
    steps = place.replace("]", "").replace("[", ".#").split(".")
    return ".".join(str(int(step[1:]) + 1) if step.startswith("#") else step for step in steps)
