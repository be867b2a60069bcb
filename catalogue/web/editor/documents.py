"""From what a form holds to a part of a document and back, along the schema.

Nothing is judged here: what was typed goes to the schema as it is, except that numbers, yes and no, moments and
durations become what they mean where that is possible.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.core import get_global
from marshmallow import Schema, fields

from catalogue.fields import Amount, Code, Duration, Flag, Moment, MultilingualText
from catalogue.i18n import CONTENT_LANGUAGES
from catalogue.offers.schema import OfferSchema, SectorSchema
from catalogue.web.editor.names import Names
from catalogue.web.editor.values import Values

ORIGIN: Final = ".origin"
UNIT: Final = ".unit"
ZONE: Final = ".zone"
UNITS: Final = ("W", "D", "M", "Y", "TH")
FLAGS: Final = {"yes": True, "no": False}
SECTORS: Final = "sectors"
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,12}(?:[.,][0-9]{1,6})?")
_SIMPLE: Final = re.compile(r"P(T?)(\d+)([YMWDH])")
_MISSING: Final = object()

SCHEMA: Final = OfferSchema()


@cache
def zone_of(country: str) -> ZoneInfo:
    """The time zone of a country, of its capital where it has several; UTC for a country without one."""
    zones = get_global("territory_zones").get(country) or ["UTC"]
    return ZoneInfo(zones[0])


def holds_texts(kind: fields.Field[Any]) -> bool:
    """Whether a field is a text by language, or has one somewhere below."""
    if isinstance(kind, fields.List):
        return holds_texts(kind.inner)
    if isinstance(kind, fields.Nested):
        return any(holds_texts(inner) for inner in kind.schema.fields.values())
    return isinstance(kind, MultilingualText)


def is_list(name: str) -> bool:
    """Whether a name is that of a list of items, such as `runs` or `quality_assurance.external`."""
    kind: Any = fields.Nested(SCHEMA)
    for step in name.split("."):
        if isinstance(kind, fields.List) and step.isdigit():
            kind = kind.inner
            continue
        if not isinstance(kind, fields.Nested) or step not in kind.schema.fields:
            return False
        kind = kind.schema.fields[step]
    return isinstance(kind, fields.List) and isinstance(kind.inner, fields.Nested)


# a form -> a document


@dataclass
class Reading:
    """Reads values; remembers the field that each place of the document came from.

    names: what organisations and regions are called, for those who type names instead of codes. original: the
    language of the original, where the form does not say it.
    """

    values: Values
    names: Names
    zone: ZoneInfo
    original: str
    fields_of: dict[str, str] = field(default_factory=dict)

    def part(self, keys: Iterable[str]) -> dict[str, Any]:
        """What the form says of some top-level keys."""
        return self._document(SCHEMA, keys, "", "")

    def _document(self, schema: Schema, keys: Iterable[str], name: str, place: str) -> dict[str, Any]:
        said = {}
        for key in keys:
            inner, where = f"{name}.{key}" if name else key, f"{place}.{key}" if place else key
            self.fields_of[where] = inner
            value = self._value(schema.fields[key], inner, where)
            if value is not _MISSING:
                said[key] = value
        return said

    def _value(self, kind: fields.Field[Any], name: str, place: str) -> Any:
        if isinstance(kind, MultilingualText):
            return self._text(name)
        if isinstance(kind, fields.Nested):
            return self._document(kind.schema, kind.schema.fields, name, place) or _MISSING
        if isinstance(kind, fields.List) and isinstance(kind.inner, fields.Nested):
            return self._list(kind.inner.schema, name, place)
        if isinstance(kind, fields.List):
            return self.values.all(name) or _MISSING
        typed = self.values.one(name).strip()
        return self._single(kind, name, typed) if typed else _MISSING

    def _text(self, name: str) -> Any:
        typed = {language: self.values.one(f"{name}.{language}") for language in CONTENT_LANGUAGES}
        own = self.values.one("default_language") or self.original
        said = {
            language: {
                "text": text,
                "origin": self.values.one(f"{name}.{language}{ORIGIN}")
                or ("original" if language == own else "translated"),
            }
            for language, text in typed.items()
            if text.strip()
        }
        return said or _MISSING

    def _list(self, schema: Schema, name: str, place: str) -> Any:
        if isinstance(schema, SectorSchema):
            pairs = (value.partition(":") for value in self.values.all(name))
            return [{"revision": revision, "code": code} for revision, _, code in pairs] or _MISSING
        said: list[dict[str, Any]] = []
        for position in self.values.items(name):
            where = f"{place}[{len(said)}]"
            item = self._document(schema, schema.fields, f"{name}.{position}", where)
            if item:
                self.fields_of[where] = f"{name}.{position}"
                said.append(item)
        return said or _MISSING

    def _single(self, kind: fields.Field[Any], name: str, typed: str) -> Any:
        last = name.rpartition(".")[2]
        if isinstance(kind, Amount):
            return _number(typed)
        if isinstance(kind, Flag):
            return FLAGS.get(typed, typed)
        if isinstance(kind, Moment):
            return _moment(typed, self.values.one(name + ZONE), self.zone, end_of_day=kind.end_of_day)
        if isinstance(kind, Duration):
            unit = self.values.one(name + UNIT)
            return _duration(typed, unit) if unit in UNITS else typed
        if isinstance(kind, Code) and kind.name_of_vocabulary == "nuts":
            return self.names.region(typed)
        return self.names.organisation(typed) if last == "organisation" else typed


def _number(typed: str) -> float | str:
    if not _NUMBER.fullmatch(typed):
        return typed
    number = float(typed.replace(",", "."))
    return int(number) if number.is_integer() else number


def _duration(typed: str, unit: str) -> str:
    if not typed.isascii() or not typed.isdigit():
        return typed
    return f"PT{typed}{unit[1:]}" if unit.startswith("T") else f"P{typed}{unit}"


def _moment(typed: str, offset: str, zone: ZoneInfo, *, end_of_day: bool) -> str:
    """A local date, with or without a time, as a moment; whatever else was typed stays as it is."""
    try:
        moment = dt.datetime.fromisoformat(typed)
        if len(typed) == len("2027-03-01") and end_of_day:
            moment = moment.replace(hour=23, minute=59)
        if moment.tzinfo is None:
            chosen = dt.datetime.fromisoformat(f"2000-01-01T00:00{offset}").tzinfo if offset else zone
            moment = moment.replace(tzinfo=chosen or zone)
        return moment.isoformat(timespec="seconds")
    except (ValueError, OverflowError):
        return typed


# a document -> a form


def values_of(document: Mapping[str, Any], keys: Collection[str], zone: ZoneInfo) -> Values:
    """The values of a form that shows some top-level keys of a canonical document."""
    values = Values()
    for key in keys:
        if key in document:
            _put(values, SCHEMA.fields[key], key, document[key], zone)
    return values


def _put(values: Values, kind: fields.Field[Any], name: str, said: Any, zone: ZoneInfo) -> None:
    if isinstance(kind, MultilingualText):
        for language, entry in said.items():
            values.put(f"{name}.{language}", entry["text"])
            values.put(f"{name}.{language}{ORIGIN}", entry["origin"])
    elif isinstance(kind, fields.Nested):
        _put_all(values, kind.schema, name, said, zone)
    elif name == SECTORS:
        values.put(name, *(f"{sector['revision']}:{sector['code']}" for sector in said))
    elif isinstance(kind, fields.List) and isinstance(kind.inner, fields.Nested):
        for position, item in enumerate(said, start=1):
            _put_all(values, kind.inner.schema, f"{name}.{position}", item, zone)
    elif isinstance(kind, fields.List):
        values.put(name, *said)
    else:
        _put_single(values, kind, name, said, zone)


def _put_all(values: Values, schema: Schema, name: str, said: Mapping[str, Any], zone: ZoneInfo) -> None:
    for key, inner in said.items():
        _put(values, schema.fields[key], f"{name}.{key}", inner, zone)


def _put_single(values: Values, kind: fields.Field[Any], name: str, said: Any, zone: ZoneInfo) -> None:
    if isinstance(kind, Flag):
        values.put(name, "yes" if said else "no")
    elif isinstance(kind, Moment):
        moment = dt.datetime.fromisoformat(said)
        local = moment.replace(tzinfo=None)
        shown = local.isoformat(timespec="seconds" if local.second else "minutes")
        values.put(name, shown)
        own = local.replace(tzinfo=zone).utcoffset() == moment.utcoffset()
        values.put(name + ZONE, "" if own else said[-6:])
    elif isinstance(kind, Duration) and (simple := _SIMPLE.fullmatch(said)):
        values.put(name, simple[2])
        values.put(name + UNIT, simple[1] + simple[3])
    else:
        values.put(name, str(said))
