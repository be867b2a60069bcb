"""The fields of a page of the editor as its template shows them, made along the schema."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Final

from marshmallow import Schema, fields, validate

from catalogue.fields import (
    Amount,
    Code,
    Codes,
    Day,
    Duration,
    Email,
    Flag,
    Moment,
    MultilingualText,
    WebLink,
)
from catalogue.i18n import CONTENT_LANGUAGES, N_, country_name, endonym, language_name
from catalogue.offers.schema import SectorSchema
from catalogue.vocabularies import vocabulary
from catalogue.web.editor import layout
from catalogue.web.editor.documents import ORIGIN, SCHEMA, UNIT, ZONE
from catalogue.web.editor.names import Names
from catalogue.web.editor.pickers import Pickers
from catalogue.web.editor.values import Values
from catalogue.web.say import Say

View = SimpleNamespace
# Lists that show an empty item to begin with, and how many lines a text has.
_READY: Final = {"learning_outcomes", "awarding_bodies", "runs"}
_ROWS: Final = {"title": 2, "summary": 3, "description": 9, "label": 1, "note": 2, "rule": 2}
_WIDE: Final = {"name", "scheme", "agency", "instrument", "assessor_name", "decided_by", "offer", "framework"}
# Set by those whom it is about, never by whoever describes the offer.
HIDDEN: Final = {"awarding_bodies.status"}
RADIOS: Final = {
    "leads_to",
    "level.eqf",
    "level.basis",
    "route",
    "setting",
    "supervision",
    "stackability.kind",
}
_UNIT_NAMES: Final = {
    "W": N_("weeks"),
    "D": N_("days"),
    "M": N_("months"),
    "Y": N_("years"),
    "TH": N_("hours"),
}
_ITEMS: Final = {
    "learning_outcomes": N_("Learning outcome %(number)s"),
    "runs": N_("Run %(number)s"),
    "awarding_bodies": N_("Awarding body %(number)s"),
}
_ADD: Final = {
    "learning_outcomes": N_("Add a learning outcome"),
    "runs": N_("Add a run"),
    "awarding_bodies": N_("Add an awarding body"),
}


def path_of(name: str) -> str:
    """The name of a field without positions: `runs.2.start` is `runs.start`."""
    return re.sub(r"\.\d+(?=\.|$)", "", name)


@dataclass
class Controls:
    """values: what the fields hold. errors: by name of field. shown: languages beside the original."""

    say: Say
    values: Values
    errors: Mapping[str, str]
    original: str
    shown: tuple[str, ...]
    names: Names
    pickers: Pickers
    country: str
    focus: str | None = None
    countries: set[str] = field(default_factory=set)

    def section(self, key: str) -> View:
        """A top-level key with everything in it."""
        return self._control(SCHEMA.fields[key], key)

    def _control(self, kind: fields.Field[Any], name: str) -> View:
        path = path_of(name)
        view = View(
            name=name,
            label=self.say.gettext(layout.label_of(path)),
            hint=self._hint(path),
            fault=self.errors.get(name),
            focus=name == self.focus,
            nested="." in name,
        )
        self._fill(view, kind, path)
        return view

    def _hint(self, path: str) -> str | None:
        hint = layout.hint_of(path)
        return self.say.gettext(hint) if hint else None

    def _fill(self, view: View, kind: fields.Field[Any], path: str) -> None:
        name = view.name
        if path in HIDDEN:
            view.kind, view.value = "hidden", self.values.one(name)
        elif isinstance(kind, MultilingualText):
            view.kind, view.entries = "texts", list(self._entries(name))
            view.rows = _ROWS.get(path.rpartition(".")[2], 3)
        elif isinstance(kind, fields.Nested):
            view.kind, view.controls = "group", self._all(kind.schema, name)
        elif isinstance(kind, fields.List) and isinstance(kind.inner, fields.Nested):
            self._fill_list(view, kind.inner.schema)
        elif isinstance(kind, fields.List):
            self._fill_codes(view, kind)
        else:
            self._fill_single(view, kind, path)

    def _all(self, schema: Schema, name: str) -> list[View]:
        return [self._control(kind, f"{name}.{key}") for key, kind in schema.fields.items()]

    def _entries(self, name: str) -> Iterator[View]:
        """A text in the original language, in those shown, and hidden in those that are there besides."""
        others = [language for language in CONTENT_LANGUAGES if language != self.original]
        for language in (self.original, *self.shown, *(code for code in others if code not in self.shown)):
            here = f"{name}.{language}"
            value, visible = self.values.one(here), language in {self.original, *self.shown}
            if visible or value.strip():
                own = language == self.original
                yield View(
                    name=here,
                    language=language,
                    endonym=endonym(language),
                    value=value,
                    origin=self.values.one(here + ORIGIN) or ("original" if own else "translated"),
                    visible=visible,
                    is_original=own,
                    fault=self.errors.get(here),
                    focus=here == self.focus or (own and name == self.focus),
                )

    def _fill_list(self, view: View, schema: Schema) -> None:
        if isinstance(schema, SectorSchema):
            self.pickers.fill_sectors(view, self.values)
            return
        positions = self.values.items(view.name)
        if not positions and view.name in _READY:
            positions = [1]
        path = path_of(view.name)
        view.kind, view.items = "items", []
        label = self.say.gettext(_ITEMS.get(path, N_("Item %(number)s")))
        view.add = self.say.gettext(_ADD.get(path, N_("Add an item")))
        for number, position in enumerate(positions, start=1):
            name = f"{view.name}.{position}"
            view.items.append(
                View(
                    name=name,
                    label=label % {"number": number},
                    fault=self.errors.get(name),
                    first=number == 1,
                    focus=name == self.focus,
                    controls=self._all(schema, name),
                )
            )

    def _fill_codes(self, view: View, kind: fields.List[Any]) -> None:
        chosen = self.values.all(view.name)
        if not isinstance(kind, Codes):
            self.pickers.fill_skills(view, self.values)
            return
        name = kind.inner.name_of_vocabulary if isinstance(kind.inner, Code) else ""
        if name in {"isced", "language"}:
            self.pickers.fill(view, name, self.values)
            return
        terms = vocabulary(name)
        codes = (*terms.codes, *(code for code in chosen if not terms.known(code)))
        view.kind = "ticks"
        view.options = [
            View(code=c, label=terms.label(c, self.say.language), chosen=c in chosen) for c in codes
        ]

    def _fill_single(self, view: View, kind: fields.Field[Any], path: str) -> None:
        view.value, last = self.values.one(view.name), path.rpartition(".")[2]
        view.size = "long" if last in _WIDE else None
        options = self._options(kind, path)
        if options is not None:
            view.kind = "radios" if path in RADIOS else "select"
            view.options = [
                View(code=code, label=label, meaning=meaning, chosen=code == view.value)
                for code, label, meaning in options
            ]
            if view.value and view.value not in {option.code for option in view.options}:
                view.options.append(View(code=view.value, label=view.value, meaning=None, chosen=True))
        elif isinstance(kind, Duration):
            view.kind, view.unit = "duration", self.values.one(view.name + UNIT)
            view.units = [(code, self.say.gettext(unit)) for code, unit in _UNIT_NAMES.items()]
        elif isinstance(kind, Moment):
            self._fill_moment(view)
        elif isinstance(kind, Code):
            view.kind, view.list = "line", "regions"
        else:
            view.kind, view.type, view.keyboard = "line", *_input_of(kind)
            view.list = {"organisation": "organisations"}.get(last)
            if last == "licence" and path == "licence":
                view.list = "licences"

    def _fill_moment(self, view: View) -> None:
        view.kind, view.zone = "moment", self.values.one(view.name + ZONE)
        place = country_name(self.country, self.say.language)
        local = self.say.sentence(N_("Local time: %(place)s"), place=place)
        offsets = [f"{hours:+03d}:00" for hours in range(-4, 5)]
        if view.zone and view.zone not in offsets:
            offsets.append(view.zone)
        view.zones = [("", local), *((offset, f"UTC{offset}") for offset in offsets)]

    def _options(self, kind: fields.Field[Any], path: str) -> list[tuple[str, str, str | None]] | None:
        """Code, label and meaning of the values that a field can have, if they are few."""
        say = self.say
        if isinstance(kind, Flag):
            yes_no = vocabulary("yes-no")
            return [(code, yes_no.label(code, say.language).text, None) for code in yes_no.codes]
        if isinstance(kind, Amount) and path.rpartition(".")[2] in {"eqf", "minimum_eqf"}:
            meanings = layout.EQF_MEANINGS if path == "level.eqf" else (None,) * 8
            labels = (vocabulary("eqf").label(str(n), say.language).text for n in range(1, 9))
            return [
                (str(n), label, say.gettext(meaning) if meaning else None)
                for n, (label, meaning) in enumerate(zip(labels, meanings, strict=True), start=1)
            ]
        if isinstance(kind, Code) and kind.name_of_vocabulary != "nuts":
            return self._coded(kind.name_of_vocabulary)
        if path == "default_language":
            return [(code, language_name(code, say.language), None) for code in CONTENT_LANGUAGES]
        ends = (path, ".".join(path.split(".")[-2:]), path.rpartition(".")[2])
        named = next((layout.OPTIONS[end] for end in ends if end in layout.OPTIONS), None)
        if named is None and any(isinstance(v, validate.OneOf) for v in kind.validators):
            raise LookupError(f"The values of {path} have no labels.")
        return None if named is None else [(c, say.gettext(label), None) for c, label in named.items()]

    def _coded(self, name: str) -> list[tuple[str, str, str | None]]:
        terms = vocabulary(name)
        found = [(code, terms.label(code, self.say.language).text, None) for code in terms.codes]
        return sorted(found, key=lambda entry: entry[1]) if name in {"country", "language"} else [*found]


def _input_of(kind: fields.Field[Any]) -> tuple[str, str | None]:
    """Type and keyboard of an input. Numbers are texts: browsers change and lose what they cannot read."""
    if isinstance(kind, Day):
        return "date", None
    if isinstance(kind, Amount):
        return "text", "numeric" if kind.whole else "decimal"
    if isinstance(kind, WebLink):
        return "text", "url"
    return ("text", "email") if isinstance(kind, Email) else ("text", None)
