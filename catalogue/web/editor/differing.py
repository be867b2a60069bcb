"""What differs between two documents, field by field, as people read it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from types import SimpleNamespace
from typing import Any

from marshmallow import fields

from catalogue.exchange.difference import differences
from catalogue.exchange.flat import SEPARATOR, ColumnError, leaf
from catalogue.fields import Code, Flag
from catalogue.i18n import CONTENT_LANGUAGES, N_, endonym
from catalogue.vocabularies import vocabulary
from catalogue.web.editor import layout
from catalogue.web.editor.documents import SCHEMA
from catalogue.web.say import Say

View = SimpleNamespace


def lines(say: Say, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[View]:
    """One line for each field that differs; before and after are None where nothing is said."""
    for found in differences(before, after):
        yield View(
            key=found.column.partition(".")[0],
            label=label(say, found.column),
            before=_value(say, found.column, found.before),
            after=_value(say, found.column, found.after),
        )


def of_keys(document: Mapping[str, Any], keys: Collection[str]) -> dict[str, Any]:
    return {key: document[key] for key in keys if key in document}


def label(say: Say, column: str) -> str:
    """`runs.2.start`: "Runs 2, Begins on"; `title.de`: "Title, Deutsch"."""
    steps = column.split(".")
    words = [say.gettext(layout.SECTIONS[steps[0]])]
    path = steps[0]
    for step in steps[1:]:
        if step.isdigit():
            words[-1] += f" {step}"
        elif step in CONTENT_LANGUAGES and _is_text(path):
            words.append(endonym(step))
            path += f".{step}"
        elif step == "origin":
            words.append(say.gettext(N_("Origin of the text")))
        elif not (step == "text" and path.rpartition(".")[2] in CONTENT_LANGUAGES):
            path += f".{step}"
            words.append(say.gettext(layout.label_of(path)))
    return ", ".join(words)


def _is_text(path: str) -> bool:
    return path.rpartition(".")[2] not in CONTENT_LANGUAGES


def _value(say: Say, column: str, said: str | None) -> str | None:
    if said is None:
        return None
    if column.endswith(".origin") and said in vocabulary("origin").codes:
        return vocabulary("origin").label(said, say.language).text
    kind = _field(column)
    if isinstance(kind, fields.List) and isinstance(kind.inner, Code):
        terms = vocabulary(kind.inner.name_of_vocabulary)
        return ", ".join(terms.label(code, say.language).text for code in said.split(SEPARATOR))
    if isinstance(kind, Code):
        return vocabulary(kind.name_of_vocabulary).label(said, say.language).text
    if isinstance(kind, Flag):
        return vocabulary("yes-no").label("yes" if said == "true" else "no", say.language).text
    return said


def _field(column: str) -> fields.Field[Any] | None:
    """The field of a column; None for texts, and for columns of an older schema."""
    try:
        return leaf(SCHEMA, column)
    except ColumnError:
        return None
