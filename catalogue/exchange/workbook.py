"""Read a sheet of an XLSX workbook as lines of text cells, as a stream and in two passes.

The first pass looks whether the sheet can be read to its end, how large it is and which cells are merged, so that
nothing is stored of a file that breaks off. The second gives the lines. Formulas are never taken for their last
value: a cell with one is a problem. Dates come as ISO 8601, numbers as they are, `true` and `false` as words.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from catalogue.exchange.archive import NOT_A_WORKBOOK, TOO_MUCH, Archive, part_named
from catalogue.exchange.problems import Sentence, unreadable
from catalogue.exchange.tables import CELL_CHARACTERS, MOST_COLUMNS, MOST_ROWS, Line, Table
from catalogue.i18n import N_

STRINGS_BYTES: Final = 64_000_000
MOST_STRINGS: Final = 2_000_000
MOST_MERGES: Final = 10_000
MOST_SHEETS: Final = 250

NO_SHEET: Final = N_("The workbook has no sheet “%(sheet)s”.")
EMPTY: Final = N_("The workbook has no sheet with cells.")
ROWS: Final = N_("The sheet has more than %(most)s rows.")
MERGED: Final = N_("The cells %(range)s are merged; take the merge apart, so that each row says it itself.")
FORMULA: Final = N_("The cell holds a formula; paste its value instead.")
FAULTY: Final = N_("The cell holds the error %(error)s.")
LONG: Final = N_("The cell holds more than %(most)s characters.")
BROKEN: Final = N_("The cell is damaged.")
NO_DATE: Final = N_("The cell is formatted as a date, but its number is none.")
FAR: Final = N_("The row has cells beyond column %(most)s.")

_CELL: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_RANGE: Final = re.compile(r"[A-Z]{1,3}([1-9][0-9]{0,6}):[A-Z]{1,3}([1-9][0-9]{0,6})")
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")
_NO_DATE_PART: Final = re.compile(r'"[^"]*"|\\.|_.|\[[^\]]*\]')
# Formats that Excel knows by number alone (ECMA-376, 18.8.30) and that show dates or times.
_DATES: Final = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_EXACT: Final = 1e15
_LAST_DAY: Final = 2_958_466
_LEAP_THAT_NEVER_WAS: Final = 60
_FILLED: Final = frozenset({"v", "is", "f"})


def read_workbook(file: BinaryIO, size: int, sheet: str | None = None) -> Table:
    """The sheet of that name, or the first that is shown. Raises UnreadableError, also while lines are read."""
    archive = Archive(file)
    book = _Book(archive)
    name, part = book.sheet(sheet)
    merges = _Survey(archive, part).merges
    # What a first look could read in time is read again to its end: nothing breaks off between rows.
    archive.clock.seconds = math.inf
    others = tuple(other for other, _ in book.sheets if other != name)
    return Table(_lines(archive, part, book.cells, merges, size), name, others)


# What a workbook consists of


class _Book:
    """Names of the visible sheets with their parts, and what the values of cells mean."""

    def __init__(self, archive: Archive) -> None:
        self.archive, self.epoch_1904 = archive, False
        self.found: list[tuple[str, str]] = []
        part = self._main_part()
        archive.parse(part, self._element)
        base = part.rpartition("/")[0]
        links = _relations(archive, part)
        targets = {key: part_named(target, base) for key, (_, target) in links.items()}
        self.sheets = [(name, targets[key]) for name, key in self.found if targets.get(key) in archive.sizes]
        by_kind = {kind.rpartition("/")[2]: part_named(target, base) for kind, target in links.values()}
        self.cells = _Values(
            _strings(archive, by_kind.get("sharedStrings", "")),
            _formats(archive, by_kind.get("styles", "")),
            epoch_1904=self.epoch_1904,
        )

    def _main_part(self) -> str:
        links = _relations(self.archive, "")
        return next(
            (part_named(to, "") for kind, to in links.values() if kind.endswith("/officeDocument")), ""
        )

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet" and attributes.get("state", "visible") == "visible":
            key = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
            self.found.append((attributes.get("name", "")[:100], key))
            if len(self.found) > MOST_SHEETS:
                raise unreadable(TOO_MUCH, part="workbook")
        elif name == "workbookPr":
            self.epoch_1904 = attributes.get("date1904") in {"1", "true"}

    def sheet(self, name: str | None) -> tuple[str, str]:
        for found in self.sheets:
            if name in {None, found[0]}:
                return found
        raise unreadable(NO_SHEET, sheet=name) if name else unreadable(EMPTY)


def _relations(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """Kinds and targets of what a part refers to within the archive, by id."""
    base, _, name = part.rpartition("/")
    found: dict[str, tuple[str, str]] = {}

    def element(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            found[attributes.get("Id", "")] = (attributes.get("Type", ""), attributes.get("Target", ""))

    links = f"{base}/_rels/{name}.rels".lstrip("/")
    if links not in archive:
        raise unreadable(NOT_A_WORKBOOK)
    archive.parse(links, element)
    return found


class _Strings:
    """The texts that cells refer to by number; what is said of their pronunciation is left out."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.parts: list[str] = []
        self.reading = self.aside = False

    def start(self, name: str, _: dict[str, str]) -> None:
        if name == "si":
            self.parts = []
        elif name == "rPh":
            self.aside = True
        self.reading = name == "t" and not self.aside

    def end(self, name: str) -> None:
        self.reading = False
        if name == "rPh":
            self.aside = False
        elif name == "si":
            self.texts.append("".join(self.parts))
            if len(self.texts) > MOST_STRINGS:
                raise unreadable(TOO_MUCH, part="sharedStrings")

    def text(self, data: str) -> None:
        if self.reading:
            self.parts.append(data)


def _strings(archive: Archive, part: str) -> list[str]:
    if part not in archive:
        return []
    if archive.sizes[part] > STRINGS_BYTES:
        raise unreadable(TOO_MUCH, part="sharedStrings")
    found = _Strings()
    archive.parse(part, found.start, found.end, found.text)
    return found.texts


class _Formats:
    """What formats say of numbers: `codes` of custom formats, `styles` the format of each style of a cell."""

    def __init__(self) -> None:
        self.codes: dict[str, str] = {}
        self.styles: list[str] = []
        self.within = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            self.codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")[:255]
        elif name == "cellXfs":
            self.within = True
        elif name == "xf" and self.within:
            self.styles.append(attributes.get("numFmtId", "0"))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self.within = False


def _formats(archive: Archive, part: str) -> list[str]:
    """For each style of cells `date`, a row of noughts for numbers shown with leading ones, or nothing."""
    if part not in archive:
        return []
    found = _Formats()
    archive.parse(part, found.start, found.end)
    known = {number: _format(number, found.codes.get(number, "")) for number in set(found.styles)}
    return [known[number] for number in found.styles]


def _format(number: str, code: str) -> str:
    if number.isdecimal() and len(number) < 4 and int(number) in _DATES:  # noqa: PLR2004 (three digits)
        return "date"
    first = _NO_DATE_PART.sub("", code.partition(";")[0]).lower()
    if first.strip("0") == "" and len(first) > 1:
        return first
    return "date" if first != "general" and re.search(r"[dmyhs]", first) else ""


# Values of cells


@dataclass(slots=True)
class _Cell:
    """A cell as it stands in the file: kind, style and the text of its value."""

    kind: str = "n"
    style: str = ""
    value: list[str] = field(default_factory=list)
    length: int = 0
    formula: bool = False


@dataclass(slots=True)
class _Values:
    strings: list[str]
    formats: list[str]
    epoch_1904: bool

    def text(self, cell: _Cell) -> tuple[str, Sentence | None]:
        """The text of a cell, or what is wrong with it."""
        if cell.formula:
            return "", Sentence(FORMULA)
        if cell.length > CELL_CHARACTERS:
            return "", Sentence(LONG, most=CELL_CHARACTERS)
        try:
            return self._text(cell.kind, "".join(cell.value), cell.style)
        except (ValueError, IndexError, OverflowError):
            return "", Sentence(BROKEN)

    def _text(self, kind: str, value: str, style: str) -> tuple[str, Sentence | None]:
        if kind in {"inlineStr", "str"}:
            return _unescaped(value), None
        value = value.strip()
        if kind == "s" and value:
            return self._shared(value)
        if kind == "e":
            return "", Sentence(FAULTY, error=value[:20])
        if kind == "n" and value:
            return self._number(value, self.formats[int(style)] if style and self.formats else "")
        if kind == "d" and value:
            return _moment(dt.datetime.fromisoformat(value)), None
        return {"1": "true", "0": "false"}.get(value, value) if kind == "b" else "", None

    def _shared(self, value: str) -> tuple[str, Sentence | None]:
        text = self.strings[int(value)] if int(value) >= 0 else self.strings[len(self.strings)]
        if len(text) > CELL_CHARACTERS:
            return "", Sentence(LONG, most=CELL_CHARACTERS)
        return _unescaped(text), None

    def _number(self, value: str, shown: str) -> tuple[str, Sentence | None]:
        if len(value) > 40 or not _NUMBER.fullmatch(value):  # noqa: PLR2004 (no double is longer)
            return "", Sentence(BROKEN)
        number = float(value)
        if shown == "date":
            return self._date(number)
        whole = number.is_integer() and abs(number) < _EXACT
        text = str(int(number)) if whole else repr(number)
        return (text.zfill(len(shown)) if shown and whole else text), None

    def _date(self, number: float) -> tuple[str, Sentence | None]:
        """Days since the end of 1899, counting a 29 February 1900 that never was, or since 1904."""
        if not 1 <= number < _LAST_DAY:
            return "", Sentence(NO_DATE)
        if self.epoch_1904:
            first = dt.datetime(1904, 1, 1)  # noqa: DTZ001 (cells have no time zone)
        else:
            first = dt.datetime(1899, 12, 31 if number < _LEAP_THAT_NEVER_WAS else 30)  # noqa: DTZ001
        return _moment(first + dt.timedelta(seconds=round(number * 86_400))), None


def _moment(moment: dt.datetime) -> str:
    """A day as a date; with a time of day, a moment whose offset nobody knows."""
    whole = moment.time() == dt.time() and moment.tzinfo is None
    return moment.date().isoformat() if whole else moment.isoformat(timespec="seconds")


def _unescaped(text: str) -> str:
    """Signs that XML cannot hold are written `_x000D_`, and what looks like that begins with `_x005F_`."""
    if "_x" not in text:
        return text
    plain = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


# The two passes over a sheet


class _Survey:
    """The first pass: the sheet is whole, not too long, and these rows are merged."""

    def __init__(self, archive: Archive, part: str) -> None:
        self.rows, self.filled = 0, False
        self.merges: list[tuple[int, int, str]] = []
        archive.parse(part, self._start)
        self.merges.sort()

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "row":
            self.filled = False
        elif name in _FILLED and not self.filled:
            self._count()
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def _count(self) -> None:
        self.filled = True
        self.rows += 1
        # One more: the header.
        if self.rows > MOST_ROWS + 1:
            raise unreadable(ROWS, most=MOST_ROWS)

    def _merge(self, ref: str) -> None:
        match = _RANGE.fullmatch(ref)
        if match:
            self.merges.append((int(match[1]), int(match[2]), ref))
        if len(self.merges) > MOST_MERGES:
            raise unreadable(TOO_MUCH, part="mergeCells")


class _Rows:
    """The second pass: collects finished rows until they are taken."""

    def __init__(self, values: _Values) -> None:
        self.values = values
        self.number = self.column = 0
        self.done: list[Line] = []
        self.cell: _Cell | None = None
        self.reading = self.aside = False
        self.line = Line(0, [])
        self.numbers: set[int] = set()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._place(attributes.get("r", ""))
            self.cell = _Cell(attributes.get("t", "n"), attributes.get("s", ""))
        elif name == "row":
            self._begin(attributes.get("r", ""))
        elif name == "f" and self.cell is not None:
            self.cell.formula = True
        elif name == "rPh":
            self.aside = True
        self.reading = name in {"v", "t"} and not self.aside

    def _begin(self, number: str) -> None:
        # Rows that go backwards would make the lines of messages wrong; their own numbers are not believed.
        stated = int(number) if number.isdecimal() and len(number) < 8 else 0  # noqa: PLR2004 (a row number)
        self.number = max(self.number + 1, stated)
        self.column, self.line, self.numbers = 0, Line(self.number, []), set()

    def _place(self, ref: str) -> None:
        match = _CELL.fullmatch(ref)
        self.column = _column(match[1]) if match else self.column + 1

    def text(self, data: str) -> None:
        if self.reading and self.cell is not None:
            self.cell.length += len(data)
            if self.cell.length <= CELL_CHARACTERS:
                self.cell.value.append(data)

    def end(self, name: str) -> None:
        self.reading = False
        if name == "rPh":
            self.aside = False
        elif name == "c" and self.cell is not None:
            self._put(self.cell)
            self.cell = None
        elif name == "row":
            self.line.numbers = frozenset(self.numbers)
            self.done.append(self.line)

    def _put(self, cell: _Cell) -> None:
        text, problem = self.values.text(cell)
        if not text and problem is None:
            return
        if self.column > MOST_COLUMNS:
            self.line.wrong = Sentence(FAR, most=MOST_COLUMNS)
            return
        at, cells = self.column - 1, self.line.cells
        cells += [""] * (self.column - len(cells))
        cells[at] = text
        if problem is not None:
            self.line.problems[at] = problem
        elif cell.kind == "n":
            self.numbers.add(at)


def _column(letters: str) -> int:
    """A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _lines(
    archive: Archive, part: str, values: _Values, merges: list[tuple[int, int, str]], size: int
) -> Iterator[Line]:
    rows, mark = _Rows(values), _Merges(merges)
    for fed in archive.parsing(part, rows.start, rows.end, rows.text):
        done, rows.done = rows.done, []
        for line in done:
            if line.is_empty:
                continue
            line.position = size * fed // max(1, archive.sizes[part])
            line.wrong = line.wrong or mark(line.number)
            yield line


class _Merges:
    """Which rows lie in a merged range, asked in the order of rows."""

    def __init__(self, ranges: list[tuple[int, int, str]]) -> None:
        self.ranges, self.next = ranges, 0
        self.last, self.ref = 0, ""

    def __call__(self, row: int) -> str:
        while self.next < len(self.ranges) and self.ranges[self.next][0] <= row:
            _, last, ref = self.ranges[self.next]
            if last > self.last:
                self.last, self.ref = last, ref
            self.next += 1
        return Sentence(MERGED, range=self.ref) if row <= self.last else ""
