"""A document as a row of cells and back: paths of keys as column names.

`title.en` is a text, `workload.ects` a number, `runs.1.start` the start of the first run; lists of codes share a
cell, separated by `|`. What a cell means is read from the schema, never guessed from its text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from marshmallow import Schema, fields

from catalogue.documents import Problem
from catalogue.fields import Amount, Flag, MultilingualText

SEPARATOR: Final = "|"
MOST_ITEMS: Final = 200
FORMULA: Final = ("=", "+", "-", "@", "\t")

Cells = Mapping[str, str]


class ColumnError(Exception):
    """A column name that no element has."""


def unflatten(cells: Cells, schema: Schema) -> tuple[dict[str, Any], list[Problem]]:
    """The document in a row. Empty cells are left out; unusable ones are reported at their column."""
    document: dict[str, Any] = {}
    problems = []
    for column, cell in cells.items():
        if not cell.strip():
            continue
        try:
            _put(document, column.split("."), _value(unguarded(cell.strip()), leaf(schema, column)))
        except (ValueError, ColumnError) as error:
            problems.append(Problem(column, str(error)))
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
                raise ColumnError("No element has this name.")
            field = field.fields[step]
        elif isinstance(field, fields.List) and isinstance(field.inner, fields.Nested):
            if not step.isdigit() or not 1 <= int(step) <= MOST_ITEMS:
                raise ColumnError(f"A number from 1 to {MOST_ITEMS} is expected where {step!r} stands.")
            field = field.inner
        elif isinstance(field, MultilingualText):
            return None
        else:
            raise ColumnError("No element has this name.")
    if isinstance(field, fields.Nested | MultilingualText | Schema):
        raise ColumnError("The column leads to an element with parts; name the part.")
    if isinstance(field, fields.List) and isinstance(field.inner, fields.Nested):
        raise ColumnError("The column leads to a list; number its items from 1.")
    return field


def _value(cell: str, field: fields.Field[Any] | None) -> Any:
    if isinstance(field, Amount):
        return _number(cell)
    if isinstance(field, Flag):
        words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
        if cell.lower() not in words:
            raise ValueError("Neither true nor false.")
        return words[cell.lower()]
    if isinstance(field, fields.List):
        return [part.strip() for part in cell.split(SEPARATOR) if part.strip()]
    return cell


def _number(cell: str) -> float:
    number = float(cell.replace(",", ".") if cell.count(",") == 1 and "." not in cell else cell)
    return int(number) if number.is_integer() else number


def _put(document: dict[str, Any], path: list[str], value: Any) -> None:
    here = document
    for step in path[:-1]:
        inner = here.setdefault(step, {})
        if not isinstance(inner, dict):
            raise ColumnError("Stated twice: as a whole and in parts.")
        here = inner
    if path[-1] in here:
        raise ColumnError("Stated twice: as a whole and in parts.")
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
