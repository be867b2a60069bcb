"""An XLSX file as an archive of XML parts, opened and parsed within limits.

Sizes are checked before anything is unpacked; documents types, and with them entities, are refused; depth, number
of elements, size of a tag and time are limited while a part is parsed.
"""

from __future__ import annotations

import posixpath
import struct
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final
from xml.parsers import expat

from catalogue.exchange.problems import unreadable
from catalogue.i18n import N_

FILE_BYTES: Final = 50_000_000
UNPACKED_BYTES: Final = 250_000_000
RATIO: Final = 200
RATIO_FROM: Final = 5_000_000
MOST_PARTS: Final = 2_000
DIRECTORY_BYTES: Final = 500_000
CHUNK: Final = 65_536
TAG_BYTES: Final = 1_000_000
DEPTH: Final = 64
MOST_ELEMENTS: Final = 20_000_000
SECONDS: Final = 60.0

_END, _LOCATOR_64 = b"PK\x05\x06", b"PK\x06\x07"
_END_SIZE: Final = 22
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = 0x1
NOT_A_WORKBOOK: Final = N_("This is not an XLSX workbook, or it is damaged.")
TOO_LARGE: Final = N_("The workbook is too large: at most %(most)s MB, and %(unpacked)s MB unpacked.")
BOMB: Final = N_(
    "A part of the workbook (%(part)s) is packed more than %(ratio)s times; that is not believed."
)
SLOW: Final = N_("The workbook takes longer than %(seconds)s seconds to read.")
TOO_MUCH: Final = N_(
    "A part of the workbook (%(part)s) has too many, too large or too deeply nested elements."
)
ENTITIES: Final = N_("A part of the workbook (%(part)s) declares a document type, which no workbook needs.")
OLD: Final = N_("This is an old Excel file or one with a password; save it as XLSX without a password.")

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


class Clock:
    """How long a file has been read; only reading counts, not what is done with the rows."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.spent = seconds, 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.spent += time.monotonic() - began
        if self.spent > self.seconds:
            raise unreadable(SLOW, seconds=f"{self.seconds:g}")


class Archive:
    """The parts of a workbook by name. Raises UnreadableError."""

    def __init__(self, file: BinaryIO) -> None:
        self.clock = Clock(SECONDS)
        _look_at_end(file)
        try:
            self.zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, struct.error) as error:
            raise unreadable(NOT_A_WORKBOOK) from error
        self.sizes = _sizes(self.zip)

    def __contains__(self, part: str) -> bool:
        return part in self.sizes

    def parse(self, part: str, start: Start, end: End | None = None, text: Text | None = None) -> None:
        """Parse a whole part."""
        for _ in self.parsing(part, start, end, text):
            pass

    def parsing(
        self, part: str, start: Start, end: End | None = None, text: Text | None = None
    ) -> Iterator[int]:
        """Parse a part in steps, giving how many bytes of it were handled."""
        if part not in self.sizes:
            raise unreadable(NOT_A_WORKBOOK)
        parser = _Parser(part, start, end, text)
        try:
            with self.zip.open(part) as source:
                while True:
                    with self.clock.running():
                        more = parser.feed(source.read(CHUNK))
                    yield parser.fed
                    if not more:
                        return
        except (expat.ExpatError, zipfile.BadZipFile, zlib.error, EOFError, LookupError) as error:
            raise unreadable(NOT_A_WORKBOOK) from error
        except (ValueError, NotImplementedError, RuntimeError, OSError) as error:
            # An unknown encoding, a packing that is not there, a header that contradicts the directory.
            raise unreadable(NOT_A_WORKBOOK) from error


class _Parser:
    """Expat without document types, with counters. Names come without prefixes."""

    def __init__(self, part: str, start: Start, end: End | None, text: Text | None) -> None:
        self.part, self.start, self.end = part, start, end
        self.depth = self.elements = self.fed = 0
        self.expat = expat.ParserCreate()
        self.expat.buffer_text = True
        self.expat.StartDoctypeDeclHandler = self._doctype
        self.expat.StartElementHandler = self._start
        self.expat.EndElementHandler = self._end
        if text is not None:
            self.expat.CharacterDataHandler = text

    def feed(self, chunk: bytes) -> bool:
        self.expat.Parse(chunk, not chunk)
        self.fed += len(chunk)
        # Expat looks at an unfinished tag again with every chunk: a tag of many megabytes would take hours.
        if self.fed - self.expat.CurrentByteIndex > TAG_BYTES + CHUNK or self.elements > MOST_ELEMENTS:
            raise unreadable(TOO_MUCH, part=self.part)
        return bool(chunk)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.elements += 1
        if self.depth > DEPTH:
            raise unreadable(TOO_MUCH, part=self.part)
        self.start(name.rpartition(":")[2] if ":" in name else name, attributes)

    def _end(self, name: str) -> None:
        self.depth -= 1
        if self.end is not None:
            self.end(name.rpartition(":")[2] if ":" in name else name)

    def _doctype(self, *_: object) -> None:
        raise unreadable(ENTITIES, part=self.part)


def _look_at_end(file: BinaryIO) -> None:
    """The directory of the archive is read as a whole, so its size is looked at first."""
    if file.read(len(_OLE)) == _OLE:
        raise unreadable(OLD)
    size = file.seek(0, 2)
    if size > FILE_BYTES:
        raise _too_large()
    file.seek(max(0, size - 70_000))
    tail = file.read()
    at = tail.find(_END)
    if at < 0:
        raise unreadable(NOT_A_WORKBOOK)
    while at >= 0:
        record = tail[at : at + _END_SIZE]
        if len(record) == _END_SIZE and struct.unpack("<L", record[12:16])[0] > DIRECTORY_BYTES:
            raise _too_large()
        at = tail.find(_END, at + 1)
    if _LOCATOR_64 in tail:
        raise _too_large()
    file.seek(0)


def _sizes(archive: zipfile.ZipFile) -> dict[str, int]:
    """Unpacked sizes by name, when they are believable; the library never unpacks more than they say."""
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > UNPACKED_BYTES:
        raise _too_large()
    for part in parts:
        if part.flag_bits & _ENCRYPTED:
            raise unreadable(OLD)
        if part.file_size > max(RATIO_FROM, RATIO * part.compress_size):
            raise unreadable(BOMB, part=_shown(part.filename), ratio=RATIO)
    return {part.filename: part.file_size for part in parts}


def _too_large() -> Exception:
    return unreadable(TOO_LARGE, most=FILE_BYTES // 1_000_000, unpacked=UNPACKED_BYTES // 1_000_000)


def _shown(name: str) -> str:
    """A name from the file, fit for a message."""
    return "".join(sign if sign.isprintable() else "?" for sign in name[-80:])


def part_named(target: str, base: str) -> str:
    """The name of a part that another one in `base` refers to."""
    joined = target if target.startswith("/") else posixpath.join("/", base, target)
    return posixpath.normpath(joined).lstrip("/")
