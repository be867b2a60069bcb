"""Read CSV as lines of cells: any of three separators, UTF-8 or an encoding that a mapping names."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from catalogue.exchange.problems import Sentence, unreadable
from catalogue.exchange.tables import MOST_COLUMNS, Line, Table
from catalogue.i18n import N_

LINE_BYTES: Final = 5_000_000
SEPARATORS: Final = ",;\t"
ENCODINGS: Final = ("utf-8", "windows-1252", "windows-1250", "windows-1257", "windows-1253", "iso-8859-15")

NOT_CSV: Final = N_("The row is not CSV: %(error)s.")
LONG: Final = N_("The line is longer than %(most)s bytes.")
FIRST_LONG: Final = N_("The first line is longer than %(most)s bytes.")
NOT_UTF8: Final = N_(
    "The cell is not UTF-8. Save the file as “CSV UTF-8”, or name its encoding in a mapping (encoding: windows-1252)."
)
FIRST_NOT_UTF8: Final = N_(
    "The first line is not UTF-8. Save the file as “CSV UTF-8”, or name its encoding in a mapping "
    "(encoding: windows-1252)."
)
FIRST_NOT_CSV: Final = N_("The first line is not CSV: %(error)s.")
MIXED: Final = N_("The row is separated by “%(found)s”, the first line by “%(expected)s”.")
NOTHING: Final = N_("The file is empty.")


def numbered_lines(file: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Line numbers with lines; None stands for a line beyond the limit, which is skipped unread."""
    number = 0
    while chunk := file.readline(LINE_BYTES + 1):
        number += 1
        if len(chunk) <= LINE_BYTES:
            yield number, chunk
            continue
        while chunk and not chunk.endswith(b"\n"):
            chunk = file.readline(LINE_BYTES)
        yield number, None


class _Texts:
    """Decoded lines for the csv module, which remember what was too long and where the last one stood."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self.source, self.line, self.too_long = numbered_lines(file), 0, False
        self.encoding = encoding

    def __iter__(self) -> Iterator[str]:
        for number, line in self.source:
            self.line = number
            self.too_long = self.too_long or line is None
            text = (line or b"\n").decode(self.encoding, errors="surrogateescape")
            yield text.removeprefix("\ufeff") if number == 1 else text


def read_delimited(
    file: BinaryIO, encoding: str = "utf-8", separator: str | None = None, header: int = 1
) -> Table:
    """The lines of a CSV file from its header on. Raises UnreadableError."""
    texts = _Texts(file, encoding)
    stream = iter(texts)
    head = ""
    for _ in range(header):
        head = next(stream, "")
    if texts.too_long:
        raise unreadable(FIRST_LONG, most=LINE_BYTES)
    if not head.strip():
        raise unreadable(NOTHING)
    if _undecoded(head):
        raise unreadable(FIRST_NOT_UTF8)
    dialect: dict[str, Any] = {"delimiter": separator or max(SEPARATORS, key=head.count), "strict": True}
    names = _names(head, dialect)
    return Table(_lines(file, texts, stream, dialect, Line(header, names)))


def _names(head: str, dialect: dict[str, Any]) -> list[str]:
    csv.field_size_limit(LINE_BYTES)
    try:
        return next(csv.reader([head], **dialect), [])
    except csv.Error as error:
        raise unreadable(FIRST_NOT_CSV, error=error) from error


def _lines(
    file: BinaryIO, texts: _Texts, stream: Iterator[str], dialect: dict[str, Any], head: Line
) -> Iterator[Line]:
    yield head
    reader, start = csv.reader(stream, **dialect), head.number + 1
    while True:
        line = Line(start, [], position=file.tell())
        try:
            line.cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            line.wrong = Sentence(NOT_CSV, error=error)
        else:
            _judge(line, dialect["delimiter"], len(head.cells), too_long=texts.too_long)
        if not line.is_empty:
            line.position = file.tell()
            yield line
        texts.too_long, start = False, texts.line + 1


def _judge(line: Line, separator: str, width: int, *, too_long: bool) -> None:
    if too_long:
        line.wrong = Sentence(LONG, most=LINE_BYTES)
        return
    line.cells = line.cells[: MOST_COLUMNS + 1] if len(line.cells) > MOST_COLUMNS else line.cells
    for at, cell in enumerate(line.cells):
        if _undecoded(cell):
            line.problems[at] = Sentence(NOT_UTF8)
    if len(line.cells) == 1 < width:
        found = max(SEPARATORS, key=line.cells[0].count)
        if found != separator and line.cells[0].count(found) >= width - 1:
            line.wrong = Sentence(MIXED, found=_named(found), expected=_named(separator))


def _named(separator: str) -> str:
    return "TAB" if separator == "\t" else separator


def _undecoded(text: str) -> bool:
    """Whether some bytes of the text did not fit the encoding."""
    return any("\udc80" <= character <= "\udcff" for character in text)
