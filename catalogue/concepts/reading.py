"""The official CSV files of ESCO: which is what, and what their rows say.

What a file holds is told by its header, since names and order of columns changed between releases. Cells with
several labels part them by line breaks in most files, by bars in the collections of ESCO 1.1.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, NamedTuple, TextIO

from catalogue.concepts.model import LONGEST_LABEL
from catalogue.i18n import CONTENT_LANGUAGES

Content = Literal["skills", "occupations", "groups", "collection", "occupation skills", "broader", "other"]
LABELLED: Final[tuple[Content, ...]] = ("skills", "occupations", "groups", "collection")
# The 24 official languages of the EU, and the four others that ESCO has.
LANGUAGES: Final = frozenset({*CONTENT_LANGUAGES, "ar", "is", "no", "uk"})

Progress = Callable[[int], None]  # bytes read so far of this file


class UnreadableError(Exception):
    """A file or folder that cannot be read at all; the message says why."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that was refused."""

    file: str
    line: int
    column: str
    message: str

    def __str__(self) -> str:
        return f"{self.file} line {self.line}: {self.column}: {self.message}"


@dataclass(frozen=True, slots=True)
class EscoFile:
    """A file and what its header says it holds; `language` is empty where a file has no labels."""

    path: Path
    name: str
    content: Content
    language: str
    delimiter: str
    modern: bool  # ESCO 1.1 or later


class Labelled(NamedTuple):
    """A concept and its labels in the file's language, the preferred one first."""

    uri: str
    kind: str
    labels: tuple[str, ...]


class Relation(NamedTuple):
    """occupation and skill it needs (`essential` or not), or concept and broader concept, as URIs."""

    one: str
    other: str
    essential: bool = True


def files(directory: Path) -> list[EscoFile]:
    """The files of a folder that hold what is wanted, in the order to read them. Raises UnreadableError.

    Collections come after skills: they repeat some of them.
    """
    if not directory.is_dir():
        raise UnreadableError(f"{directory} is not a folder.")
    order = ("skills", "occupations", "groups", "collection", "occupation skills", "broader")
    found = [_file(path, directory) for path in sorted(directory.rglob("*.csv"))]
    wanted = [file for file in found if file.content != "other"]
    if not wanted:
        raise UnreadableError(f"{directory} holds no CSV files of ESCO.")
    return sorted(wanted, key=lambda file: (order.index(file.content), file.language, file.name))


def _file(path: Path, directory: Path) -> EscoFile:
    name = str(path.relative_to(directory))
    with _open(path, name) as text:
        first = text.readline()
    delimiter = max(",;\t", key=first.count)
    header = {cell.strip().casefold() for cell in next(csv.reader([first], delimiter=delimiter), [])}
    content = _content(header)
    language = _language(path) if content in LABELLED else ""
    if content in LABELLED and language not in LANGUAGES:
        raise UnreadableError(
            f"{name}: neither the file's name (skills_de.csv) nor its folder names a language of ESCO."
        )
    return EscoFile(path, name, content, language, delimiter, modern="status" in header)


def _content(header: set[str]) -> Content:
    signs: tuple[tuple[set[str], Content], ...] = (
        ({"occupationuri", "relationtype", "skilluri"}, "occupation skills"),
        ({"concepturi", "broaderuri"}, "broader"),
        ({"concepturi", "preferredlabel", "broaderconcepturi"}, "collection"),
        ({"concepturi", "preferredlabel", "iscogroup"}, "occupations"),
        ({"concepturi", "preferredlabel", "skilltype"}, "skills"),
        ({"concepturi", "preferredlabel", "code"}, "groups"),
    )
    return next((content for columns, content in signs if columns <= header), "other")


_CODE: Final = re.compile(r"([a-z]{2})(?:[-_][a-z]{2})?", re.IGNORECASE)


def _language(path: Path) -> str:
    """By the end of the file's name (`skills_en-us.csv`), else by the folder it is in."""
    _, underscore, ending = path.stem.rpartition("_")
    code = _CODE.fullmatch(ending if underscore else path.parent.name) or _CODE.fullmatch(path.parent.name)
    return code[1].lower() if code else ""


_LONGEST_CELL: Final = 131_072
_VERSION: Final = re.compile(r"(?<![\d.])v?(\d{1,2}\.\d{1,2}(?:\.\d{1,2})?)(?![\d])", re.IGNORECASE)


def version_of(directory: Path, found: list[EscoFile]) -> str:
    """The release, as the names of folder or files say, else as old or new as the headers look."""
    resolved = directory.resolve()
    for name in (resolved.name, resolved.parent.name, *(file.name for file in found)):
        if match := _VERSION.search(name):
            return match[1]
    return "1.1" if any(file.modern for file in found) else "1.0"


@contextmanager
def _open(path: Path, name: str) -> Iterator[TextIO]:
    # The limit is the process's own: imports of offers set theirs.
    csv.field_size_limit(_LONGEST_CELL)
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            yield text
    except UnicodeDecodeError as error:
        raise UnreadableError(f"{name} is not UTF-8: {error.reason} at byte {error.start}.") from error
    except csv.Error as error:
        raise UnreadableError(f"{name} is not CSV: {error}.") from error
    except OSError as error:
        raise UnreadableError(f"{name} could not be read: {error.strerror}.") from error


class Row(NamedTuple):
    """Cells by column (case-folded), and the line the row begins on."""

    line: int
    cells: Mapping[str, str]


class Reader:
    """Reads one file; what it refuses is gathered in `problems`."""

    def __init__(self, file: EscoFile, progress: Progress = lambda _bytes: None) -> None:
        self.file = file
        self.progress = progress
        self.problems: list[Problem] = []

    def labelled(self) -> Iterator[Labelled]:
        """The concepts of a file with labels. Groups of skills and of occupations are passed over."""
        for row in self._rows():
            uri = row.cells["concepturi"].strip()
            known = _URI.fullmatch(uri)
            if known is None:
                self._refuse(row, "conceptUri", f"no concept of ESCO: '{uri[:80]}'.")
                continue
            kind = _KINDS.get(known["kind"], "")
            if not kind or _is_group(row, kind):
                continue
            if labels := self._labels(row):
                yield Labelled(short(uri), kind, with_genders(labels) if kind == "occupation" else labels)

    def occupation_skills(self) -> Iterator[Relation]:
        for row in self._rows():
            relation = row.cells["relationtype"].strip()
            if relation not in {"essential", "optional"}:
                self._refuse(row, "relationType", f"neither essential nor optional: '{relation[:80]}'.")
                continue
            occupation, skill = self._uri(row, "occupationUri"), self._uri(row, "skillUri")
            if occupation and skill:
                yield Relation(occupation, skill, relation == "essential")

    def broader(self) -> Iterator[Relation]:
        for row in self._rows():
            concept, broader = self._uri(row, "conceptUri"), self._uri(row, "broaderUri")
            if concept and broader:
                yield Relation(concept, broader)

    def _uri(self, row: Row, column: str) -> str | None:
        """The concept a cell names, of the kind its column is for."""
        uri = row.cells[column.casefold()].strip()
        known = _URI.fullmatch(uri)
        wanted = {"occupationUri": "occupation", "skillUri": "skill"}.get(column)
        if known is None or wanted not in {None, known["kind"]}:
            self._refuse(row, column, f"no {wanted or 'concept'} of ESCO: '{uri[:80]}'.")
            return None
        return short(uri)

    def _labels(self, row: Row) -> tuple[str, ...]:
        preferred = " ".join(row.cells["preferredlabel"].split())
        if not preferred:
            self._refuse(row, "preferredLabel", "missing.")
            return ()
        others = re.split(r"[\n\r|]", row.cells.get("altlabels", ""))
        labels = tuple(dict.fromkeys([preferred, *(label for o in others if (label := " ".join(o.split())))]))
        for position, label in enumerate(labels):
            column = "altLabels" if position else "preferredLabel"
            if len(label) > LONGEST_LABEL:
                self._refuse(row, column, f"longer than {LONGEST_LABEL} characters: '{label[:40]}...'.")
                return ()
            if _CONTROL.search(label):
                self._refuse(row, column, "control characters.")
                return ()
        return labels

    def _rows(self) -> Iterator[Row]:
        with _open(self.file.path, self.file.name) as text:
            reader = csv.reader(text, delimiter=self.file.delimiter)
            columns = [cell.strip().casefold() for cell in next(reader)]
            line = reader.line_num + 1
            for cells in reader:
                if len(cells) == len(columns):
                    yield Row(line, dict(zip(columns, cells, strict=True)))
                elif cells:
                    self.problems.append(
                        Problem(self.file.name, line, "row", f"{len(cells)} cells instead of {len(columns)}.")
                    )
                line = reader.line_num + 1
                self.progress(text.buffer.tell())

    def _refuse(self, row: Row, column: str, message: str) -> None:
        self.problems.append(Problem(self.file.name, row.line, column, message))


_BASE: Final = "http://data.europa.eu/esco/"
_URI: Final = re.compile(rf"{re.escape(_BASE)}(?P<kind>[a-z-]+)/[\w./-]{{1,100}}")
_KINDS: Final = {"skill": "skill", "occupation": "occupation", "isced-f": "isced"}
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


def _is_group(row: Row, kind: str) -> bool:
    return kind != "isced" and row.cells.get("concepttype", "") in {"SkillGroup", "ISCOGroup"}


def short(uri: str) -> str:
    """The address of a concept as it is known here: ISCED-F by its code."""
    return f"isced:{uri.rpartition('/')[2]}" if uri.startswith(f"{_BASE}isced-f/") else uri


def with_genders(labels: tuple[str, ...]) -> tuple[str, ...]:
    """Labels, and of "technicien/technicienne" each side, where both have as many words."""
    sides = []
    for label in labels:
        halves = [half.strip() for half in label.split("/")]
        if len({len(half.split()) for half in halves}) == 1 and all(halves):
            sides += halves
    return tuple(dict.fromkeys([*labels, *sides]))
