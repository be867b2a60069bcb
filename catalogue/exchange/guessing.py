"""Guess what the columns of a foreign spreadsheet mean, and say how sure each guess is.

A guess is a mapping to look at and to edit; nothing is imported by a guess that nobody has seen.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

from catalogue.exchange.columns import header_of
from catalogue.exchange.flat import ColumnError, leaf
from catalogue.exchange.headings import Meaning, meanings
from catalogue.exchange.mapping import REFERENCE, Column, Mapping, document_of
from catalogue.exchange.meanings import read_values
from catalogue.exchange.problems import Sentence, unreadable
from catalogue.exchange.reading import UNMAPPABLE, UNOPENED, format_of, read_table
from catalogue.exchange.tables import Line, Table
from catalogue.i18n import CONTENT_LANGUAGES, N_
from catalogue.offers.schema import OfferSchema

SAMPLE: Final = 300
HEADER_WITHIN: Final = 20
UNKNOWN: Final = N_("nothing is known by this name")
TAKEN: Final = N_("“%(other)s” is surer to be this")
VALUES: Final = N_("values not understood: %(values)s")
_SCHEMA: Final = OfferSchema()


@dataclass(frozen=True, slots=True)
class Guess:
    """A column with what it seems to hold (None: nothing known), how sure that is (0 to 1), and why.

    unknown: values of the column that no code is known for.
    """

    header: str
    column: Column | None
    confidence: float
    why: str
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Guessed:
    """Guesses for all columns; `mapping` is what they come to."""

    guesses: tuple[Guess, ...]
    mapping: Mapping

    def as_text(self) -> str:
        """The mapping as YAML to edit, with the reasons as comments."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        yield "# A guess: look at every line. `ignore` leaves a column out."
        document = document_of(self.mapping)
        for key in ("sheet", "header", "encoding", "separator"):
            if key in document:
                yield f"{key}: {_json(document[key])}"
        yield "columns:"
        for guess in self.guesses:
            yield f"  # {guess.confidence:.2f} {guess.why}"
            if guess.unknown:
                yield "  # " + Sentence(VALUES, values=_json(guess.unknown[:12]))
            yield f"  {_json(guess.header)}: {_json(document['columns'][guess.header])}"
        yield f"constants: {_json(document.get('constants', {}))}"


def _json(value: Any) -> str:
    """JSON is YAML, and quotes whatever needs it."""
    return json.dumps(value, ensure_ascii=False)


def guess_file(path: Path, file_format: str | None, language: str | None = None) -> Guessed:
    """Guess from the headings and first rows of a CSV or XLSX file. Raises UnreadableError."""
    file_format = format_of(path, file_format)
    if file_format == "jsonl":
        raise unreadable(UNMAPPABLE)
    frame = Mapping({})
    try:
        if file_format == "csv":
            frame = replace(frame, encoding=_encoding(path))
        with path.open("rb") as file:
            table = read_table(file, path.stat().st_size, file_format, frame)
            lines = list(islice(table.lines, SAMPLE))
    except OSError as error:
        raise unreadable(UNOPENED, file=path, error=error.strerror or error) from error
    at = _header_at(lines)
    header = header_of(Table(iter(lines[at:])))
    frame = replace(frame, header=lines[at].number, sheet=table.sheet if table.others else None)
    return guess(header, lines[at + 1 :], language, frame)


def _encoding(path: Path) -> str:
    """UTF-8, or Windows-1252 where the first megabyte is not UTF-8: what spreadsheets write in western Europe."""
    with path.open("rb") as file:
        start = file.read(1_000_000)
    with suppress(UnicodeDecodeError):
        start[: start.rfind(b"\n") + 1 or None].decode()
        return "utf-8"
    return "windows-1252"


def _header_at(lines: Sequence[Line]) -> int:
    """The line whose cells are best known as headings: above it there may be a title or a logo."""
    if not lines:
        return 0
    known = [
        sum(next((found.confidence for found in meanings(cell)), 0.0) for cell in line.cells[:200] if cell)
        for line in lines[:HEADER_WITHIN]
    ]
    return known.index(max(known))


def guess(
    header: Sequence[str], lines: Sequence[Line], language: str | None = None, frame: Mapping | None = None
) -> Guessed:
    """Guess from headings and some lines below them. language: of texts whose heading names none."""
    spoken = _spoken(header)
    written = language or (spoken if spoken in CONTENT_LANGUAGES else "en")
    chosen = _chosen(header, spoken, written)
    guesses = []
    for at, name in enumerate(header):
        if name:
            cells = list(
                dict.fromkeys(
                    line.cells[at] for line in lines if at < len(line.cells) and line.cells[at].strip()
                )
            )
            guesses.append(_guess(name, chosen[name], cells, chosen))
    columns = {each.header: each.column for each in guesses}
    elements = {column.element for column in columns.values() if column is not None}
    constants = {} if "default_language" in elements else {"default_language": written}
    mapping = replace(frame or Mapping({}), columns=columns, constants=constants)
    return Guessed(tuple(guesses), mapping)


def _spoken(header: Sequence[str]) -> str:
    """The language that most headings are in; short words that several languages share count for each of them."""
    votes: Counter[str] = Counter()
    for name in header:
        found = [meaning for meaning in meanings(name) if meaning.language]
        best = max((meaning.confidence for meaning in found), default=0)
        votes.update({meaning.language for meaning in found if meaning.confidence == best})
    return votes.most_common(1)[0][0] if votes else ""


def _chosen(header: Sequence[str], spoken: str, written: str) -> dict[str, tuple[Meaning, str] | None]:
    """For each heading its meaning and element; an element goes to the heading that is surest to mean it."""
    offers = [
        (meaning.confidence, -at, name, meaning, _element(meaning, written))
        for at, name in enumerate(header)
        if name
        for meaning in meanings(name, spoken)
    ]
    chosen: dict[str, tuple[Meaning, str] | None] = {name: None for name in header if name}
    taken: set[str] = set()
    for _, _, name, meaning, element in sorted(offers, key=lambda offer: offer[:2], reverse=True):
        if chosen[name] is None and element not in taken:
            chosen[name] = (meaning, element)
            taken.add(element)
    return chosen


def _element(meaning: Meaning, written: str) -> str:
    """The element, with the language where it is a text."""
    if meaning.element == REFERENCE:
        return REFERENCE
    try:
        leaf(_SCHEMA, meaning.element)
    except ColumnError:
        return f"{meaning.element}.{meaning.said or written}"
    return meaning.element


def _guess(
    name: str,
    chosen: tuple[Meaning, str] | None,
    cells: Sequence[str],
    all_chosen: dict[str, tuple[Meaning, str] | None],
) -> Guess:
    if chosen is None:
        other = _rival(name, all_chosen)
        return Guess(name, None, 0.0, Sentence(TAKEN, other=other) if other else Sentence(UNKNOWN))
    meaning, element = chosen
    column, unknown = read_values(element, cells)
    confidence = meaning.confidence * (0.7 if unknown else 1)
    values = {"heading": meaning.known, "language": meaning.language} if meaning.known else {}
    return Guess(name, column, round(confidence, 2), Sentence(meaning.message, **values), unknown[:50])


def _rival(name: str, chosen: dict[str, tuple[Meaning, str] | None]) -> str:
    elements = {meaning.element for meaning in meanings(name)}
    return next((other for other, held in chosen.items() if held and held[0].element in elements), "")
