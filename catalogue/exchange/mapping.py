"""How the columns of a foreign spreadsheet become elements: a small document that people can edit.

A mapping names a column by its header and the element it holds by the column of the flat form (`flat.py`). A file
whose headers are those of the flat form needs none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from typing import Any, Final

import yaml
from marshmallow import ValidationError, fields, validate, validates_schema

from catalogue import plain_yaml
from catalogue.documents import InvalidContentError, Problem
from catalogue.exchange.delimited import ENCODINGS, SEPARATORS
from catalogue.exchange.flat import SEPARATOR, ColumnError, leaf
from catalogue.exchange.problems import Sentence
from catalogue.fields import Day, Moment
from catalogue.i18n import N_
from catalogue.offers.schema import OfferSchema, Strict, load

MOST_BYTES: Final = 500_000
REFERENCE: Final = "reference"
IGNORE: Final = "ignore"
DATES: Final = (
    "YYYY-MM-DD",
    "DD.MM.YYYY",
    "DD/MM/YYYY",
    "MM/DD/YYYY",
    "DD-MM-YYYY",
    "YYYY/MM/DD",
    "YYYY.MM.DD",
)

NO_MAPPING: Final = N_("This is no mapping: %(error)s.")
NO_REFERENCE: Final = N_("No column is mapped to `reference`, the provider's own name for an offer.")
TWO: Final = N_("Both “%(first)s” and “%(second)s” are mapped to %(element)s.")
CONSTANT: Final = N_("The element is a constant already.")
NO_DATES: Final = N_("Only elements that are dates have `dates`.")
_SCHEMA: Final = OfferSchema()
_PARTS: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Column:
    """Where the cells of a column go. values: what they say -> what is meant; an empty meaning leaves a value out.

    separator: between the values of a list, where it is not `|`. dates: how days are written, such as DD/MM/YYYY.
    """

    element: str
    values: AnyMapping[str, str] = field(default_factory=dict)
    separator: str = ""
    dates: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """columns: by header, None for one that is left out. constants: cells that every row has.

    header: the line that names the columns. sheet, encoding, separator: where and how the table is written.
    """

    columns: AnyMapping[str, Column | None]
    constants: AnyMapping[str, str] = field(default_factory=dict)
    sheet: str | None = None
    header: int = 1
    encoding: str = "utf-8"
    separator: str | None = None

    def header_of(self, element: str) -> str:
        """The header of the column that holds an element or a part of it; the element itself if there is none."""
        names = {column.element: name for name, column in self.columns.items() if column is not None}
        if element in names:
            return names[element]
        below = (name for path, name in names.items() if path.startswith(f"{element}."))
        above = (name for path, name in names.items() if element.startswith(f"{path}."))
        return next(above, None) or next(below, None) or element


class _ColumnSchema(Strict):
    element = fields.String(required=True, validate=validate.Length(1, 200))
    values = fields.Dict(fields.String(validate=validate.Length(1, 300)), fields.String(allow_none=True))
    separator = fields.String(validate=validate.Length(1, 5))
    dates = fields.String(validate=validate.OneOf(DATES))


class _Columns(fields.Field[Any]):
    """By header: an element, `ignore`, or an element with how its cells are to be read."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Any:  # noqa: ARG002
        if not isinstance(value, AnyMapping) or not 1 <= len(value) <= 2000:  # noqa: PLR2004 (columns)
            raise ValidationError("Columns by their headers are expected.")
        errors, found = {}, {}
        for name, said in value.items():
            try:
                found[str(name)] = self._column(said)
            except ValidationError as error:
                errors[str(name)] = error.messages
        if errors:
            raise ValidationError(errors)
        return found

    def _column(self, said: Any) -> Column | None:
        if said is None or said == IGNORE:
            return None
        loaded = _COLUMN.load(said if isinstance(said, AnyMapping) else {"element": said})
        values = {_key(key): text or "" for key, text in loaded.pop("values", {}).items()}
        column = Column(**loaded, values=values)
        _check_element(column)
        return column


def _check_element(column: Column) -> None:
    if column.element == REFERENCE:
        return
    try:
        field = leaf(_SCHEMA, column.element)
    except ColumnError as error:
        raise ValidationError(error.args[0]) from error
    if column.dates and not isinstance(field, Day | Moment):
        raise ValidationError(Sentence(NO_DATES))


class MappingSchema(Strict):
    columns = _Columns(required=True)
    constants = fields.Dict(fields.String(), fields.String())
    sheet = fields.String(validate=validate.Length(1, 100))
    header = fields.Integer(strict=True, validate=validate.Range(1, 1000))
    encoding = fields.String(validate=validate.OneOf(ENCODINGS))
    separator = fields.String(validate=validate.OneOf(list(SEPARATORS)))

    @validates_schema
    def _whole(self, data: dict[str, Any], **_: Any) -> None:
        held: dict[str, str] = {}
        for name, column in data.get("columns", {}).items():
            if column is not None:
                other = held.setdefault(column.element, name)
                if other != name:
                    values = {"first": other, "second": name, "element": column.element}
                    raise ValidationError(Sentence(TWO, **values), "columns")
        if REFERENCE not in held:
            raise ValidationError(Sentence(NO_REFERENCE), "columns")
        for element in data.get("constants", {}):
            if element in held:
                raise ValidationError(Sentence(CONSTANT), f"constants.{element}")
            _check_element(Column(element))


_COLUMN: Final = _ColumnSchema()
_MAPPING: Final = MappingSchema()


def load_mapping(document: object) -> Mapping:
    """The mapping in a document. Raises InvalidContentError with located problems."""
    return Mapping(**load(_MAPPING, document))


def read_mapping(text: bytes) -> Mapping:
    """The mapping in a YAML or JSON file. Raises InvalidContentError."""
    if len(text) > MOST_BYTES:
        raise _no_mapping(f"more than {MOST_BYTES} bytes")
    try:
        # Aliases are refused: a few lines of them can stand for gigabytes.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.CSafeLoader)):
            raise _no_mapping("it uses aliases (*)")
        document = plain_yaml.read(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _no_mapping(" ".join(str(error).split())[:300]) from error
    return load_mapping(document)


def _no_mapping(error: str) -> InvalidContentError:
    return InvalidContentError((Problem("", Sentence(NO_MAPPING, error=error)),))


def document_of(mapping: Mapping) -> dict[str, Any]:
    """The document of a mapping; `load_mapping` gives the same mapping again."""
    columns = {name: _said(column) for name, column in mapping.columns.items()}
    rest = {
        "constants": dict(mapping.constants),
        "sheet": mapping.sheet,
        "header": mapping.header if mapping.header != 1 else None,
        "encoding": mapping.encoding if mapping.encoding != "utf-8" else None,
        "separator": mapping.separator,
    }
    return {"columns": columns, **{key: value for key, value in rest.items() if value}}


def _said(column: Column | None) -> Any:
    if column is None:
        return IGNORE
    rest = {"values": dict(column.values), "separator": column.separator, "dates": column.dates}
    said = {key: value for key, value in rest.items() if value}
    return {"element": column.element, **said} if said else column.element


# What a cell says in terms of the flat form


def _key(text: str) -> str:
    return " ".join(text.casefold().split())


def translated(cell: str, column: Column) -> str:
    """The cell of the flat form that a cell of a mapped column stands for."""
    if column.dates:
        return _day(cell.strip(), column.dates)
    if not column.values and not column.separator:
        return cell
    if column.values and _key(cell) in column.values:
        return column.values[_key(cell)]
    if not column.separator:
        return cell
    parts = [part.strip() for part in cell.split(column.separator) if part.strip()]
    meant = [column.values.get(_key(part), part) for part in parts]
    return SEPARATOR.join(dict.fromkeys(part for part in meant if part))


def _day(cell: str, pattern: str) -> str:
    """An ISO date where the cell follows the pattern; else the cell as it is, for the schema to refuse."""
    numbers = _PARTS.findall(cell)
    sign = next(sign for sign in pattern if not sign.isalpha())
    if re.fullmatch(rf"\d+\{sign}\d+\{sign}\d+", cell) is None:
        return cell
    said = dict(zip(pattern.split(sign), numbers, strict=True))
    return f"{said['YYYY']:0>4}-{said['MM']:0>2}-{said['DD']:0>2}"
